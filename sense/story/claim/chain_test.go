package claim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// chainText is the chain of the first claim in one line.
func chainText(a truce.Article, t *testing.T) string {
	t.Helper()
	claims := checkRead(t, a, config(t))
	if len(claims) == 0 {
		return "no claim"
	}
	var parts []string
	for _, one := range claims[len(claims)-1].Chain {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s %s%s %s", one.Role, one.Name, one.As, one.Key)))
	}
	return strings.Join(parts, " < ")
}

func TestChainOfTelling(t *testing.T) {
	for _, c := range []struct {
		name     string
		article  truce.Article
		want     string
		headline string
	}{
		{name: "nobody is named", article: truce.Article{Publisher: "Paper", Text: "Drones hit Odesa."}, want: "site Paper"},
		{name: "an agency", article: truce.Article{Publisher: "Paper", Text: "According to Reuters, Germany will send troops."}, want: "site Paper < agency Reuters"},
		{name: "the agency of the article", article: truce.Article{Publisher: "Paper", Agency: "AFP", Text: "Drones hit Odesa."}, want: "site Paper < agency AFP"},
		{name: "the agency publishes itself", article: truce.Article{Publisher: "Reuters", Agency: "Reuters", Text: "Drones hit Odesa."}, want: "site Reuters"},
		{name: "the headline names the agency", article: truce.Article{Publisher: "Paper", Headline: "Reuters: talks go on", Text: "Drones hit Odesa."}, want: "site Paper < agency Reuters"},
		{name: "a speaker", article: truce.Article{Text: "Zelenskiy said drones hit Odesa."}, want: "speaker Zelenskiy person:zelensky"},
		{name: "a speaker behind", article: truce.Article{Text: "Drones hit Odesa, Ukraine's air force said."}, want: "speaker Ukraine's air force state:UA"},
		{name: "unnamed officials", article: truce.Article{Text: "Drones hit Odesa, local officials said."}, want: "speaker local officials"},
		{name: "an unknown name behind an office", article: truce.Article{Text: "Dutch Prime Minister Jan Jansen said drones hit Odesa."}, want: "speaker Dutch Prime Minister Jan Jansen person:ansin"},
		{name: "Ukrainian", article: truce.Article{Text: "Дрони атакували Одесу, повідомив Зеленський, передає Укрінформ."}, want: "agency Ukrinform < speaker Зеленський person:zelensky"},
	} {
		if got := chainText(c.article, t); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDoubtLowersConfidence(t *testing.T) {
	of := func(text string) float64 {
		claims := claim.Read(truce.Article{Text: text}, config(t))
		if len(claims) == 0 {
			t.Fatalf("%s: no claim", text)
		}
		return claims[len(claims)-1].Confidence
	}
	sure := of("Drones hit Odesa.")
	for name, text := range map[string]string{
		"an unnamed speaker": "Drones hit Odesa, local officials said.",
		"a vague number":     "Dozens of drones hit Odesa.",
		"no place":           "Drones hit the fence.",
		"a spliced sentence": "It was proof that the The drones hit Odesa.",
	} {
		if got := of(text); got >= sure {
			t.Errorf("%s: confidence %.3f, want less than %.3f", name, got, sure)
		}
	}
	named, meant := of("France will send troops."), of("France was late. It will send troops.")
	if meant >= named {
		t.Errorf("a pronoun's promise has confidence %.3f, a name's %.3f: want less", meant, named)
	}
}

// TestConfidenceIsCalibrated holds that claims read with a confidence are right as often as
// it says, within what the size of the set allows.
func TestConfidenceIsCalibrated(t *testing.T) {
	cfg := config(t)
	type bin struct {
		n, right int
		sum      float64
	}
	bins := map[bool]*bin{true: {}, false: {}}
	for _, l := range readLabelled(t) {
		got := claim.Read(truce.Article{Text: l.text, Language: l.language, Published: published}, cfg)
		_, met := compare(l.want, got)
		for i, c := range got {
			b := bins[c.Confidence >= 0.9]
			b.n++
			b.sum += c.Confidence
			if met[i] >= 0 {
				b.right++
			}
		}
	}
	for high, b := range bins {
		mean, share := b.sum/float64(b.n), float64(b.right)/float64(b.n)
		t.Logf("confidence at least 0.9 %v: %d claims, mean confidence %.3f, right %.3f", high, b.n, mean, share)
		if b.n < 10 || share < mean-0.05 || share > mean+0.15 {
			t.Errorf("of %d claims with mean confidence %.2f a share of %.2f is right", b.n, mean, share)
		}
	}
}
