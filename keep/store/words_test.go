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

// TestStem: each line is one word in forms that share a stem, and no line shares it with another.
func TestStem(t *testing.T) {
	seen := map[string]string{}
	for _, line := range []string{
		"нікополь нікополі нікополя нікополем", "полонених полонені полонений полоненим полоненого", "обстріл обстріли обстрілами обстрілів обстрілу",
		"обстрел обстрелы обстрелов обстрелами", "переговоры переговоров переговорам переговори переговорів переговорами", "росія росії росію росією", "россия россии россию россией",
		"україна україни україну україною", "український української українська українською українського", "станція станції станцій станціями станцію",
		"харків харкова харкові", "одеса одеси одесі одесу", "донецьк донецьку донецька", "бої", "ракета ракет ракети ракетами", "дім", "київ",
		"prisoners prisoner", "shelling shelled shells shell", "cities city", "parties party partys", "part parts", "houses house housing", "deny denied denies", "agree agreed agrees",
		"zelensky zelenskyy zelenskii", "exchange exchanged exchanging", "class classes", "2026", "s300s", "covid", "mariupol mariupols", "łódź", "北京",
	} {
		forms := strings.Fields(line)
		want := stem(forms[0])
		for _, word := range forms {
			if got := stem(word); got != want {
				t.Errorf("%q has the stem %q, want %q as %q", word, got, want, forms[0])
			}
		}
		if other, taken := seen[want]; taken {
			t.Errorf("%q and %q have the stem %q", line, other, want)
		}
		seen[want] = line
	}
}

func TestParseWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"  ":                      "",
		"two words":               "[two] [word]",
		`a "two words" b`:         "[a] [two word] [b]",
		`open "two words`:         "[open] [two word]",
		"COVID-19 offi*":          "[covid 19] [offi|offi*]",
		"officials*":              "[official|officials*]",
		`"the crossings*"`:        "[the cros|the crossings*]",
		`' " "" & | ! : ( ) drop`: "[drop]",
	} {
		got, err := parseWords(text)
		var parts []string
		for _, w := range got {
			whole, begun := w.phrases()
			part := strings.Join(whole, " ")
			if begun != nil {
				part += "|" + strings.Join(begun, " ") + "*"
			}
			parts = append(parts, "["+part+"]")
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
