package claim_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/trucewatch/truce/sense/story/claim"
)

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"two", "The guns fell silent. Nobody moved.", []string{"The guns fell silent.", "Nobody moved."}},
		{"country with stops", "The U.S. Army left. It was late.", []string{"The U.S. Army left.", "It was late."}},
		{"abbreviation", "Gen. Smith met Mr. Jones on 4 Jan. They spoke.", []string{"Gen. Smith met Mr. Jones on 4 Jan. They spoke."}},
		{"initials", "J. D. Smith spoke. V. V. Petrenko did not.", []string{"J. D. Smith spoke.", "V. V. Petrenko did not."}},
		{"Ukrainian abbreviations", "У м. Суми та с. Степне тихо. Обстрілів немає.", []string{"У м. Суми та с. Степне тихо.", "Обстрілів немає."}},
		{"numbers", "It cost 1.5 million. On 12.04.2025 it ended.", []string{"It cost 1.5 million.", "On 12.04.2025 it ended."}},
		{"quote closes behind the stop", `He said "it holds." Then he left.`, []string{`He said "it holds."`, "Then he left."}},
		{"Ukrainian quote", "Він сказав: «Тиша». Усі пішли.", []string{"Він сказав: «Тиша».", "Усі пішли."}},
		{"ellipsis inside", "They are designed ... to deter attacks, and ... if need be more.", []string{"They are designed ... to deter attacks, and ... if need be more."}},
		{"ellipsis at the end", "So it goes... And on.", []string{"So it goes...", "And on."}},
		{"question and cry", "Will it hold? It must! We wait.", []string{"Will it hold?", "It must!", "We wait."}},
		{"bullets", "• One shell fell. • Two drones flew", []string{"One shell fell.", "Two drones flew"}},
		{"lines", "Talks go on\n\nThe guns are silent\n- no shelling", []string{"Talks go on", "The guns are silent", "no shelling"}},
		{"a line that goes on", "The patrol was\nturned back.", []string{"The patrol was\nturned back."}},
		{"no space", "It was a truce.The guns fell silent.", []string{"It was a truce.", "The guns fell silent."}},
		{"small letter after a stop", "The site example.org said so.", []string{"The site example.org said so."}},
		{"nothing", " \n\t•  ...", nil},
	} {
		var got []string
		for _, s := range claim.Sentences(c.text) {
			got = append(got, s.Text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q\n got %q\nwant %q", c.name, c.text, got, c.want)
		}
	}
}

func TestSplicedSentencesAreMarked(t *testing.T) {
	text := "They took it as proof that the The guns would fall silent. All was well."
	got := claim.Sentences(text)
	if len(got) != 3 || got[0].Text != "They took it as proof that the" || !got[0].Spliced || !got[1].Spliced || got[2].Spliced {
		t.Errorf("got %+v: want the first two marked as spliced", got)
	}
	for _, whole := range []string{"He lives in The Hague and reads The Times.", "They met at the White House."} {
		if got := claim.Sentences(whole); len(got) != 1 || got[0].Spliced {
			t.Errorf("%q is taken for spliced: %+v", whole, got)
		}
	}
}

func TestLongSentenceIsCut(t *testing.T) {
	got := claim.Sentences(strings.Repeat("drone ", 3000))
	if len(got) < 4 {
		t.Fatalf("%d sentences of %d bytes, want it cut at %d", len(got), 18000, claim.MaxSentence)
	}
	for _, s := range got {
		if len(s.Text) > claim.MaxSentence+64 {
			t.Errorf("a sentence of %d bytes, the bound is %d", len(s.Text), claim.MaxSentence)
		}
	}
}

// checkSentences holds what is so of every text.
func checkSentences(t *testing.T, text string) {
	t.Helper()
	end := 0
	for _, s := range claim.Sentences(text) {
		if s.Offset < end || text[s.Offset:s.Offset+len(s.Text)] != s.Text {
			t.Fatalf("sentence %q is not at byte %d of %q", s.Text, s.Offset, text)
		}
		if lost := text[end:s.Offset]; strings.ContainsFunc(lost, unicode.IsLetter) {
			t.Fatalf("letters %q are in no sentence of %q", lost, text)
		}
		end = s.Offset + len(s.Text)
	}
	if strings.ContainsFunc(text[end:], unicode.IsLetter) {
		t.Fatalf("letters %q are in no sentence of %q", text[end:], text)
	}
}
