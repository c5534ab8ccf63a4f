package story

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sim/news"
)

// tagsOf groups headlines and texts, all of one story, and gives its tags.
func tagsOf(t *testing.T, articles ...[2]string) []string {
	t.Helper()
	h := newHeavy()
	x := New(Config{})
	for i, a := range articles {
		d := x.reader.Prepare(truce.Article{ID: truce.ID{byte(i + 1)}, Headline: a[0], Text: a[1]}).doc
		h.add(x.member(d, false))
	}
	return h.tags(x.reader.read.lex)
}

func TestTagsAreTermsAndNames(t *testing.T) {
	got := tagsOf(t,
		[2]string{"Allies praise major peace deal", "Additionally, Kyiv European allies said the security guarantees won't stop. Although the role of the coalition of the willing is clear, the drone factory stays closed."},
		[2]string{"Allies praise major peace deal again", "Kyiv European allies said a peace deal needs security guarantees. Although the role is clear, the coalition of the willing spoke of a drone factory. Marta Quell of Torfhaven met Marta Quell."},
	)
	for _, want := range []string{"peace deal", "security guarantees", "coalition of the willing", "drone factory"} {
		if !slices.Contains(got, want) {
			t.Errorf("tags %q: no %q", got, want)
		}
	}
	for _, tag := range got {
		for _, bad := range []string{"praise", "major", "additionally", "although", "won't", "kyiv european"} {
			if strings.Contains(strings.ToLower(tag), bad) {
				t.Errorf("tag %q holds %q", tag, bad)
			}
		}
	}
}

// TestCyrillicTags: a subject stands in the dictionary's form, whatever its case in the text;
// other pairs are an adjective and what it goes with, in the nominative.
func TestCyrillicTags(t *testing.T) {
	one := [2]string{"Сторони говорили про гарантій безпеки", "Північна рада обговорила чорний дим над містом. Тарас сказав що компаній багато."}
	got := tagsOf(t, one, one)
	for _, want := range []string{"гарантії безпеки", "чорний дим", "північна рада"} {
		if !slices.Contains(got, want) {
			t.Errorf("tags %q: no %q", got, want)
		}
	}
	if slices.ContainsFunc(got, func(tag string) bool {
		return strings.Contains(tag, "компаній") || strings.Contains(tag, "дим над")
	}) {
		t.Errorf("tags %q", got)
	}
}

// TestOneArticleGivesFewTags: what is said once in one article, and a name met once, is no tag.
func TestOneArticleGivesFewTags(t *testing.T) {
	if got := tagsOf(t, [2]string{"Storm closes harbour", "The harbour master of Lowmere sent old ferries to a quiet bay."}); len(got) != 0 {
		t.Errorf("tags %q of one article, want none", got)
	}
}

// TestNoTagHasAnEdgeWord reads the list by itself and holds all tags of a workload against it.
func TestNoTagHasAnEdgeWord(t *testing.T) {
	listed := map[string]string{} // word: place
	for line := range strings.Lines(edgesFile) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[0] == "#" || fields[1] == "adj" {
			continue
		}
		for _, word := range fields[2:] {
			if unicode.IsLetter([]rune(word)[0]) {
				listed[word] = fields[1]
			}
		}
	}
	if len(listed) < 500 {
		t.Fatalf("%d words listed", len(listed))
	}

	w, err := news.New(news.Config{Seed: 9, Articles: 600})
	if err != nil {
		t.Fatal(err)
	}
	x := New(Config{})
	for a := range w.Articles() {
		x.Add(a.Article)
	}
	tags := 0
	for _, id := range x.All() {
		s, _ := x.Story(id)
		if len(s.Tags) > maxTags {
			t.Errorf("%d tags", len(s.Tags))
		}
		for _, tag := range s.Tags {
			words := strings.Fields(strings.ToLower(tag))
			tags++
			if _, subject := x.reader.read.concept(x.reader.read.tokens(tag, 9)); subject != 0 && len(words) > 1 {
				continue // the dictionary of subjects has a say first
			}
			if place := listed[words[0]]; place == "any" || place == "verb" || place == "first" && len(words) > 1 {
				t.Errorf("tag %q begins with %q", tag, words[0])
			}
			if place := listed[words[len(words)-1]]; place == "any" || place == "verb" || place == "last" && len(words) > 1 {
				t.Errorf("tag %q ends with %q", tag, words[len(words)-1])
			}
		}
	}
	if tags < 50 {
		t.Errorf("%d tags in all", tags)
	}
}

func TestEdgeEndings(t *testing.T) {
	e := theEdges()
	for _, row := range []struct {
		place int
		word  string
		want  bool
	}{
		{edgeAny, "accused", true}, {edgeAny, "committing", true}, {edgeAny, "denies", true}, {edgeAny, "deal", false},
		{edgeLast, "deployed", true}, {edgeFirst, "armed", false}, {edgeLast, "family", false}, {edgeLast, "really", true},
		{edgeLast, "зустрілися", true}, {edgeLast, "область", false}, {edgeFirst, "договориться", true},
	} {
		if got := e.bars(row.place, row.word); got != row.want {
			t.Errorf("bars(%d, %q) = %v", row.place, row.word, got)
		}
	}
}
