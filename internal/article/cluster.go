package article

import "strings"

// maxPublisherWords is the longest publisher's name behind a link without a <font>; more
// is a remark, kept as text.
const maxPublisherWords = 6

// Listed is what one item of a list of headlines says.
type Listed struct {
	Headline  string
	Publisher string // "" when the item names none
	Note      string // what else stands beside the link
}

// IsList says whether a page is a list of headlines: links in a list or with a publisher
// behind them, and not more text beside them than they have themselves.
func (p Page) IsList() bool {
	items, words := 0, 0
	for _, l := range p.Links {
		words += Words(l.Text)
		if l.InList || l.Publisher != "" {
			items++
		}
	}
	return items > 0 && Words(p.Rest) <= words
}

// Listed takes a list item apart. Without a <font> a few words behind the link are its
// publisher; a longer remark is a note. The publisher's name is taken off the headline.
func (l Link) Listed() Listed {
	out := Listed{Publisher: l.Publisher, Note: strings.TrimLeft(l.Note, " -–—|·•,")}
	if out.Publisher == "" && Words(out.Note) <= maxPublisherWords {
		out.Publisher, out.Note = out.Note, ""
	}
	out.Headline = TrimPublisher(l.Text, out.Publisher)
	return out
}

// IsMore says whether a headline is the aggregator's own, at the end of its clusters.
func IsMore(headline string) bool {
	return strings.HasPrefix(HeadlineKey(headline, ""), "view full coverage")
}
