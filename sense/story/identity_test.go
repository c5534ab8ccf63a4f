package story_test

import (
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story"
)

// TestShortHeadlinesAreThemselves: reports that have neither address nor text, and whose
// headlines are too short for a key, are one article only when they say the same.
func TestShortHeadlinesAreThemselves(t *testing.T) {
	report := func(n byte, headline string) truce.Observation {
		return truce.Observation{ID: truce.ID{n}, Kind: truce.KindReport, Report: &truce.Report{Publisher: "Valley News", Headline: headline}}
	}
	articles := story.Articles([]truce.Observation{report(1, "The bridge is shut"), report(2, "The road is mined"), report(3, "The bridge is shut")}, story.Config{})
	if len(articles) != 2 || len(articles[0].Reports) != 2 || articles[1].Headline != "The road is mined" {
		t.Errorf("they became %+v, want two articles, the first of two reports", articles)
	}
}
