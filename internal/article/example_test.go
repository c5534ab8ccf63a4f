package article_test

import (
	"fmt"

	"github.com/trucewatch/truce/internal/article"
)

func ExampleSplit() {
	a := article.Split(`11 March 2031, Tuesday, 14:52
Support
the website

Talks go on in the capital

The parties met on Monday.

Write your comment`, "")
	fmt.Println(a.Headline, "|", a.Published)
	fmt.Println(a.Text)
	for _, f := range a.Furniture {
		fmt.Println("line", f.Number, "aside:", f.Text)
	}
	// Output:
	// Talks go on in the capital | 2031-03-11
	// The parties met on Monday.
	// line 1 aside: 11 March 2031, Tuesday, 14:52
	// line 2 aside: Support
	// line 3 aside: the website
	// line 9 aside: Write your comment
}

func ExampleHeadlineKey() {
	fmt.Println(article.HeadlineKey("UK’s envoy: ‘close’ to a deal - The Hill", "The Hill"))
	fmt.Println(article.HeadlineKey("UK&#39;s envoy: \"close\" to a deal", "BBC"))
	// Output:
	// uks envoy close to a deal
	// uks envoy close to a deal
}

func ExampleReadHTML() {
	page, err := article.ReadHTML([]byte(`<ol><li><a href="https://a.example/1">Talks &amp; more</a>&nbsp;<font>The Paper</font></li></ol>`))
	fmt.Println(page.Links[0].Text, "|", page.Links[0].Publisher, "|", article.LinkKey(page.Links[0].URL), err)
	// Output: Talks & more | The Paper | a.example/1 <nil>
}
