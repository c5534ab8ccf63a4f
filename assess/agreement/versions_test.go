package agreement

import (
	"testing"

	truce "github.com/trucewatch/truce"
)

func TestEachRuleStandsOnceInTheVersionOfItsTime(t *testing.T) {
	first, second := truce.Instant(100), truce.Instant(200)
	a := &Agreement{Rules: []Rule{
		{ID: "R01", Version: "1", InForce: Span{From: first, To: second}}, {ID: "R02", Version: "1"},
		{ID: "R01", Version: "2", InForce: Span{From: second}}, {ID: "R02", Version: "2", KnownFrom: second},
	}}
	for at, want := range map[truce.Instant]string{50: "R01@1 R02@1 ", 150: "R01@1 R02@1 ", 200: "R01@2 R02@2 ", 900: "R01@2 R02@2 "} {
		got := ""
		for _, r := range a.RulesAt(at) {
			got += string(r.ID) + "@" + r.Version + " "
		}
		if got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}
