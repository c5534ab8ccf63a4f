package store

import (
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

func TestFoldWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		" -- ":                     "",
		"Two hurt, officials say.": "two hurt officials say",
		"Zürich, Élysée — ŁÓDŹ":    "zurich elysee łodz",
		"Їжак у Києві; йод, ёлка":            "їжак у києві йод елка",
		"вироста\u0301є":                     "виростає",
		"и\u0306од":                          "йод", // written as two signs
		"п'ять п’ять пʼять 'пять'":           "пять пять пять пять",
		"10 000 грн, 3,5 % COVID-19":         "10 000 грн 3 5 covid 19",
		"ﬁne Ⅻ":                              "fine xii",
		strings.Repeat("a", maxWord+5) + "b": strings.Repeat("a", maxWord),
		"broken \xff text":                   "broken text",
	} {
		if got := foldWords(text); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
	long := strings.Repeat("слово ", maxIndexed)
	if got := foldWords(long); len(got) > maxIndexed || !strings.HasPrefix(got, "слово слово") {
		t.Errorf("a long text gives %d bytes, the bound is %d", len(got), maxIndexed)
	}
	if m := markOf(markTag, "x"); len(m) <= maxWord || foldWords(m) == m {
		t.Errorf("the mark %q can be typed", m)
	}
}

func TestStem(t *testing.T) {
	for word, want := range map[string]string{
		"нікополь": "нікопол*", "нікополі": "нікопол*", "полонених": "полонен*", "обстріли": "обстріл*", "обстрілами": "обстріл*", "переговоры": "переговор*",
		"prisoners": "prisoner*", "shelling": "shelling*", "дім": "дім", "київ": "київ*", "2026": "2026", "buses": "buse*",
	} {
		got, open := stem(word)
		if open {
			got += "*"
		}
		if got != want {
			t.Errorf("%q begins %q, want %q", word, got, want)
		}
	}
}

func TestParseWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"  ":                      "",
		"two words":               "[two] [word]*",
		`a "two words" b`:         "[a] [two words] [b]",
		`open "two words`:         "[open]* [two words]",
		"COVID-19 offi*":          "[covid 19] [offi]*",
		`"the cros*"`:             "[the cros]*",
		`' " "" & | ! : ( ) drop`: "[drop]",
	} {
		got, err := parseWords(text)
		var parts []string
		for _, w := range got {
			part := "[" + strings.Join(w.words, " ") + "]"
			if w.prefix {
				part += "*"
			}
			parts = append(parts, part)
		}
		if joined := strings.Join(parts, " "); err != nil || joined != want {
			t.Errorf("%q gives %q, %v, want %q", text, joined, err, want)
		}
	}
	if _, err := parseWords(strings.Repeat("a ", maxQueryWords)); err != nil {
		t.Errorf("at the bound of words: %v", err)
	}
}

// TestTakenDownBytesAreGone looks for a word of a text in the database's files, which hold
// it in the record and in the index of words.
func TestTakenDownBytesAreGone(t *testing.T) {
	d := newDamaged(t)
	at := truce.InstantOf(time.Date(2026, 4, 20, 0, 0, 0, 0, time.UTC))
	a := truce.Article{ID: truce.NewID(at, "article", "s", nil), Headline: "Headline", Published: truce.Moment(at, 0), Reports: []truce.ID{}, Text: "a name: zyxwordsecret"}
	b := a
	b.ID, b.Text = truce.NewID(at, "article", "s", []byte("b")), "another text with words"
	drafts, err := truce.NewStoryDrafts("k", truce.StoryBatch{Articles: []truce.Article{a, b}})
	if err == nil {
		_, err = d.Append(t.Context(), truce.Batch{Drafts: drafts})
	}
	if err != nil {
		t.Fatal(err)
	}
	const part = "yxwordsecre" // the index leaves out beginnings that two words share
	if !inFiles(t, d.eng.where(), part) {
		t.Fatal("the word is not in the files before: the test proves nothing")
	}
	if _, err := d.Takedown(t.Context(), truce.Takedown{Article: a.ID, Reason: "asked", At: at}); err != nil {
		t.Fatal(err)
	}
	if inFiles(t, d.eng.where(), part) {
		t.Error("the word is still in the files")
	}
	if page, err := d.Articles(t.Context(), truce.ArticleQuery{Words: "another"}); err != nil || page.Total != 1 {
		t.Errorf("the other text is found %d times, %v", page.Total, err)
	}
}
