package truce_test

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func releasedCheck() truce.PublicCheck {
	c := truce.Probability(0.62)
	return truce.PublicCheck{ID: "pabc", Version: 1, Released: 5, Known: 4, Verdict: truce.CheckContradicted, Reasons: []truce.CheckReason{truce.CheckTooMany},
		Words: truce.Names{"en": "words"}, Method: "claims/1", Own: []truce.PublicOwn{{Rule: "R01", Unit: truce.UnitEngagement, Count: 3, Coverage: &c, Least: 0.5, Matches: true}},
		Total: truce.PublicTotal{Claimant: "Party A", Count: 400, Said: 3, Quote: strings.Repeat("ї", truce.MaxPublicQuote)}}
}

// A version that says too much, or says it on too little, is none.
func TestPublicCheckValidate(t *testing.T) {
	whole := releasedCheck()
	if err := whole.Validate(); err != nil {
		t.Fatal(err)
	}
	if whole.Address() != "/claims/pabc/1" || whole.Subject() != "public_check/pabc" {
		t.Error(whole.Address(), whole.Subject())
	}
	for name, spoil := range map[string]func(*truce.PublicCheck){
		"a long quotation":     func(c *truce.PublicCheck) { c.Total.Quote += "ї" },
		"a rival's quotation":  func(c *truce.PublicCheck) { c.Beside = []truce.PublicRival{{Total: truce.PublicTotal{Quote: "x"}}} },
		"an internal id":       func(c *truce.PublicCheck) { c.ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV" },
		"no version":           func(c *truce.PublicCheck) { c.Version = 0 },
		"no reason":            func(c *truce.PublicCheck) { c.Reasons = nil },
		"no words":             func(c *truce.PublicCheck) { c.Words = nil },
		"coverage not met":     func(c *truce.PublicCheck) { c.Own[0].Least = 0.63 },
		"coverage not stated":  func(c *truce.PublicCheck) { c.Own[0].Coverage = nil },
		"another unit counted": func(c *truce.PublicCheck) { c.Own[0].Matches = false },
	} {
		c := releasedCheck()
		if spoil(&c); c.Validate() == nil {
			t.Errorf("%s is let pass", name)
		}
	}
}
