package feed_test

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/feed"
)

type printer struct{}

func (printer) Observe(o truce.Observation) error {
	fmt.Printf("%s: %s (%s)\n", o.Phenomenon.From.Day(), o.Report.Headline, o.Report.Publisher)
	return nil
}

func (printer) Reject(r truce.Rejection) error {
	fmt.Printf("line %d: %s\n", r.Line, r.Reason)
	return nil
}

// One item is a report; one that states nothing is rejected and costs only itself.
func Example() {
	doc := `<rss version="2.0"><channel><title>Wire</title><link>https://wire.example/</link>
<item><title>Talks go on - Wire</title><link>https://wire.example/1</link><pubDate>Thu, 08 Jan 2026 10:30:00 +0200</pubDate></item>
<item><pubDate>Thu, 08 Jan 2026 10:31:00 +0200</pubDate></item>
</channel></rss>`
	channel, err := feed.Decode(strings.NewReader(doc), "wire.xml", feed.Config{}, printer{})
	fmt.Println(channel.Format, channel.Items, err)
	// Output:
	// 2026-01-08: Talks go on (Wire)
	// line 3: it has neither a title nor a text
	// rss 2.0 2 <nil>
}
