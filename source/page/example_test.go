package page_test

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/page"
)

type printer struct{}

func (printer) Observe(o truce.Observation) error {
	fmt.Printf("%s (%s) %s: %s\n", o.Report.Headline, o.Report.Language, o.Phenomenon.From.Day(), o.Report.Text)
	return nil
}

func (printer) Reject(r truce.Rejection) error {
	fmt.Println(r.Reason)
	return nil
}

// A page is one report: what stands around the article is left aside.
func Example() {
	doc := `<html lang="en"><head><title>Talks go on in Geneva | The Post</title><meta property="og:site_name" content="The Post"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Talks go on in Geneva</h1><time datetime="2026-01-08">8 January</time>
<p>The delegations met again on Thursday, two diplomats said, and agreed to meet once more before the month is over.</p></article></body></html>`
	_, err := page.Decode(strings.NewReader(doc), "talks.html", page.Config{}, printer{})
	fmt.Println(err)
	// Output:
	// Talks go on in Geneva (en) 2026-01-08: The delegations met again on Thursday, two diplomats said, and agreed to meet once more before the month is over.
	// <nil>
}
