package claim_test

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// BenchmarkRead reads articles of the labelled sentences, 20 in each: some 1,500 bytes of
// English or 2,500 of Ukrainian.
func BenchmarkRead(b *testing.B) {
	var articles []truce.Article
	var text strings.Builder
	bytes := 0
	for i, l := range readLabelled(b) {
		text.WriteString(l.text + " ")
		if i%20 == 19 {
			articles = append(articles, truce.Article{Headline: l.text, Text: text.String(), Published: published})
			bytes += text.Len()
			text.Reset()
		}
	}
	cfg := config(b)
	b.SetBytes(int64(bytes / len(articles)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		claim.Read(articles[i%len(articles)], cfg)
	}
}
