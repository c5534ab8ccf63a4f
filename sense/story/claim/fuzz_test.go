package claim_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// checkRead holds what is so of the claims of every article.
func checkRead(t *testing.T, a truce.Article, cfg claim.Config) []truce.Claim {
	t.Helper()
	claims := claim.Read(a, cfg)
	if len(claims) > claim.MaxClaims {
		t.Fatalf("%d claims, the bound is %d", len(claims), claim.MaxClaims)
	}
	for _, c := range claims {
		from := a.Text
		if c.Quote.Headline {
			from = a.Headline
		}
		q := c.Quote
		if q.Sentence == "" || from[q.Offset:q.Offset+len(q.Sentence)] != q.Sentence {
			t.Fatalf("claim %s quotes %q, which is not at byte %d", claimKey(c), q.Sentence, q.Offset)
		}
		if !(c.Confidence > 0 && c.Confidence <= 1) || c.Rule == "" {
			t.Fatalf("claim %s has confidence %v and rule %q", claimKey(c), c.Confidence, c.Rule)
		}
		if (c.Kind == truce.ClaimEvent) != (c.Said == nil) || c.Said != nil && (c.Said.Actor == "" || c.Said.Subject == "") {
			t.Fatalf("claim of kind %q says %+v", c.Kind, c.Said)
		}
		if c.PlaceName != "" && !strings.Contains(q.Sentence, c.PlaceName) || c.Place != nil && c.PlaceName == "" {
			t.Fatalf("claim %s has the place %q, which its sentence does not name", claimKey(c), c.PlaceName)
		}
	}
	if again := claim.Read(a, cfg); !reflect.DeepEqual(claims, again) {
		t.Fatalf("read twice, an article gives other claims:\n%v\n%v", claims, again)
	}
	return claims
}

func FuzzRead(f *testing.F) {
	for _, l := range readLabelled(f) {
		f.Add(l.text, l.text)
	}
	f.Add("U.S.-led\xff", "the The\xf0\x9f a.b.c.")
	f.Add("٣ drones hit", "1,2,3,4.5.6 drones of 7 of 8 of 9 hit twenty-\u0301one -")
	cfg := config(f)
	f.Fuzz(func(t *testing.T, headline, text string) {
		if len(headline)+len(text) > 20_000 {
			t.Skip("long texts only slow the search down")
		}
		checkSentences(t, text)
		a := truce.Article{Headline: headline, Text: text, Publisher: "site", Published: published}
		claim.Promises(claim.Of(a, checkRead(t, a, cfg)))
	})
}

func TestHostileTexts(t *testing.T) {
	cfg := config(t)
	for name, text := range map[string]string{
		"one word":       strings.Repeat("x", 200_000),
		"actors":         strings.Repeat("France and Germany, ", 5000),
		"numbers":        strings.Repeat("1 of 2 of twenty-one thousand ", 5000),
		"promises":       strings.Repeat("France agreed to agree to send to send troops troops ", 3000),
		"stops":          strings.Repeat(". ! ? … ", 20_000),
		"claims":         strings.Repeat("Russia shelled Nikopol. ", 5000),
		"conditions":     strings.Repeat("if France if Germany ", 5000),
		"too long":       strings.Repeat("Two drones hit Odesa. ", claim.MaxText/20),
		"hyphens":        strings.Repeat("A-b-c-D-e", 20_000),
		"stress marks":   strings.Repeat("а\u0301", 100_000),
		"invalid":        strings.Repeat("\xff\xfe ", 50_000),
		"double commas":  strings.Repeat("1,234,567,890,123,456,789 drones ", 3000),
		"one sentence":   strings.Repeat("Russia launched 5 drones and ", 3000),
		"no white space": strings.Repeat("дрон,", 40_000),
	} {
		t.Run(name, func(t *testing.T) {
			checkSentences(t, text)
			checkRead(t, truce.Article{Headline: text, Text: text, Published: published}, cfg)
		})
	}
}

func TestEmptyConfigReads(t *testing.T) {
	got := checkRead(t, truce.Article{Text: "Russian forces shelled Nikopol 12 times on Tuesday."}, claim.Config{})
	if len(got) != 1 || got[0].Accused != "" || got[0].Place != nil || got[0].PlaceName != "Nikopol" || got[0].When != nil {
		t.Errorf("got %+v: want a claim with the name of the place and nothing that the configuration would give", got)
	}
}
