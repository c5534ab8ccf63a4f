package truce

import (
	"strings"
	"testing"
)

// Each bound of a deed has a test on each side of it. Letters of two bytes show that
// characters are counted.
func TestADeedIsHeldToItsBounds(t *testing.T) {
	of := func(n int) string { return strings.Repeat("ї", n) }
	for _, c := range []struct {
		name string
		most int
		deed func(n int) Deed
	}{
		{"tier", MaxName, func(n int) Deed { return Deed{Tier: TierID(of(n))} }},
		{"clock", MaxName, func(n int) Deed { return Deed{Clock: of(n)} }},
		{"whose clock", MaxName, func(n int) Deed { return Deed{For: of(n)} }},
		{"meeting", MaxName, func(n int) Deed { return Deed{Meeting: of(n)} }},
		{"option", MaxLine, func(n int) Deed { return Deed{Option: of(n)} }},
		{"text", MaxWords, func(n int) Deed { return Deed{Text: of(n)} }},
		{"remedy", MaxName, func(n int) Deed { return Deed{Remedy: &RemedyStep{ID: of(n)}} }},
		{"party of a remedy", MaxName, func(n int) Deed { return Deed{Remedy: &RemedyStep{Party: PartyID(of(n))}} }},
		{"what a remedy asks", MaxLine, func(n int) Deed { return Deed{Remedy: &RemedyStep{What: of(n)}} }},
		{"ground of a remedy", MaxWords, func(n int) Deed { return Deed{Remedy: &RemedyStep{Ground: of(n)}} }},
		{"incidents moved", MaxMoved, func(n int) Deed { return Deed{Moved: make([]ID, n)} }},
	} {
		if err := c.deed(c.most).Validate(); err != nil {
			t.Errorf("%s at its bound: %v", c.name, err)
		}
		err := c.deed(c.most + 1).Validate()
		if CodeOf(err) != CodeTooLarge || !strings.Contains(err.Error(), "the most is") {
			t.Errorf("%s over its bound: %v", c.name, err)
		}
	}
}

func TestAnOptionStandsOnOneLine(t *testing.T) {
	if err := (Deed{Option: "warn\nboth"}).Validate(); CodeOf(err) != CodeInvalid {
		t.Errorf("an option of two lines: %v", err)
	}
	if err := (Deed{Text: "two\nlines"}).Validate(); err != nil {
		t.Errorf("a text of two lines: %v", err)
	}
}
