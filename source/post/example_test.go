package post_test

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/post"
)

// printer is a sink that prints what it is given.
type printer struct{}

func (printer) Observe(o truce.Observation) error {
	fmt.Printf("%s, %s: %s\n", o.Phenomenon.From.Day(), o.Report.Publisher, o.Report.Headline)
	return nil
}

func (printer) Reject(r truce.Rejection) error {
	fmt.Printf("%s, line %d: %s\n", r.File, r.Line, r.Reason)
	return nil
}

func ExampleDecode() {
	text := `---
title: Talks go on
date: 2031-03-11
---
<ol><li><a href="https://paper.example/1">Talks &amp; more talks</a>&nbsp;<font>The Paper</font></li>
<li><a href="paper.example/2">Quiet night</a>&nbsp;<font>The Paper</font></li></ol>
`
	if err := post.Decode(strings.NewReader(text), "talks.md", post.Config{}, printer{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 2031-03-11, The Paper: Talks & more talks
	// talks.md, line 6: link "paper.example/2": want http:// or https:// and a host
}
