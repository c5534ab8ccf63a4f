// Package grade learns how far a source can be relied on from what became of what it said,
// and computes the two signs of an Admiralty grade: a letter for the source, a digit for
// the content.
//
// It never grades a party, since a letter would rank them, never counts a copy, and never
// lets a source be borne out by itself. Grades of media are internal.
//
// Read Learn for the letter and Digit for the digit.
package grade

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/num"
)

// Outcome is what became of one thing that a source said.
type Outcome struct {
	Source    truce.SourceID
	Family    truce.Family
	Incident  truce.ID // that it bears on: one thing said twice is said once
	Group     string   // of reports that repeat one report; "": it repeats none
	First     bool     // of a group: the report that others repeat
	Confirmed bool     // by witnesses independent of it and by review; else refuted
}

// Standing is what is known of a source, with the numbers it rests on.
type Standing struct {
	Source    truce.SourceID `json:"source"`
	Letter    string         `json:"letter"` // A to F
	Confirmed int            `json:"confirmed"`
	Refuted   int            `json:"refuted"`
	Mean      float64        `json:"mean"` // of the share that holds
	Low       float64        `json:"low"`  // lower end of its 80 % interval, which gives the letter
	High      float64        `json:"high"`
}

// Text is the grade with its numbers, e.g. "B (19 of 20 held, 80 % interval 0.85 to 0.97)".
func (s Standing) Text() string {
	return fmt.Sprintf("%s (%d of %d held, 80 %% interval %.2f to %.2f)", s.Letter, s.Confirmed, s.Confirmed+s.Refuted, s.Low, s.High)
}

// LeastResolved is how many things said must have been resolved before a source has a
// letter other than F.
const LeastResolved = 10

// Learn gives the standing of every source that is no party, in order of their ids. A
// uniform prior over the share that holds gives Beta(confirmed+1, refuted+1); the letter
// follows from the lower end of its 80 % interval. What a source only repeated teaches
// nothing of it.
func Learn(outcomes []Outcome) []Standing {
	type said struct {
		source   truce.SourceID
		incident truce.ID
	}
	seen := map[said]bool{}
	counts := map[truce.SourceID]*Standing{}
	for _, o := range ordered(outcomes) {
		key := said{o.Source, o.Incident}
		if o.Family == truce.FamilyParty || o.Group != "" && !o.First || seen[key] {
			continue
		}
		seen[key] = true
		s := counts[o.Source]
		if s == nil {
			s = &Standing{Source: o.Source}
			counts[o.Source] = s
		}
		if o.Confirmed {
			s.Confirmed++
		} else {
			s.Refuted++
		}
	}
	var out []Standing
	for _, s := range counts {
		out = append(out, s.graded())
	}
	slices.SortFunc(out, func(a, b Standing) int { return cmp.Compare(a.Source, b.Source) })
	return out
}

// ordered puts a refutation before a confirmation of the same thing, so that what is said
// of both counts against, whatever order they came in.
func ordered(outcomes []Outcome) []Outcome {
	out := slices.Clone(outcomes)
	slices.SortStableFunc(out, func(a, b Outcome) int {
		switch {
		case a.Confirmed == b.Confirmed:
			return 0
		case a.Confirmed:
			return 1
		}
		return -1
	})
	return out
}

// letters and the least lower end of the interval for each.
var letters = [...]struct {
	letter string
	least  float64
}{{"A", 0.95}, {"B", 0.85}, {"C", 0.70}, {"D", 0.50}, {"E", 0}}

func (s Standing) graded() Standing {
	a, b := float64(s.Confirmed)+1, float64(s.Refuted)+1
	s.Mean = num.Quantise(a/(a+b), 1e-6)
	s.Low, s.High = num.Quantise(num.BetaQuantile(0.1, a, b), 1e-6), num.Quantise(num.BetaQuantile(0.9, a, b), 1e-6)
	s.Letter = "F"
	if s.Confirmed+s.Refuted < LeastResolved {
		return s
	}
	for _, l := range letters {
		if s.Low >= l.least {
			s.Letter = l.letter
			break
		}
	}
	return s
}

// Content is what is known of one claim without the source that made it.
type Content struct {
	Without  truce.Probability // that it happened, by everybody else
	Families int               // independent families among them
	Covered  bool              // somebody else could have seen it
}

// Digit is the content's digit, 1 to 6.
func Digit(c Content) int {
	switch {
	case !c.Covered:
		return 6
	case c.Without >= 0.95 && c.Families >= 2:
		return 1
	case c.Without >= 0.80:
		return 2
	case c.Without >= 0.50:
		return 3
	case c.Without >= 0.20:
		return 4
	}
	return 5
}
