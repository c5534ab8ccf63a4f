// Package truce is the vocabulary of ceasefire monitoring: what was observed, what
// happened, what the agreement says of it, and the record of all three.
//
// It does no I/O, reads no clock and decides nothing; it only names things and says
// when a thing is badly formed.
//
// Read in the order of the data: Observation (observation.go), Event and Incident
// (event.go), Finding and Absence (finding.go), Bulletin (bulletin.go), and the
// Record that carries each of them (record.go). The words are those of the trade;
// docs/glossary.md explains them.
package truce

import (
	"fmt"
	"regexp"
	"sync"
)

// SourceID names anybody or anything that tells us something, e.g. "firms".
type SourceID string

// SensorID names an instrument of a source, e.g. a satellite.
type SensorID string

// PartyID is a party's neutral mark in the agreement, e.g. "A".
type PartyID string

// RuleID names a rule of an agreement, e.g. "R01".
type RuleID string

// AreaID names a reporting area of an agreement, e.g. "north".
type AreaID string

// LineID names a line of an agreement, e.g. "LINE-CONTACT".
type LineID string

// ZoneID names a zone of an agreement, e.g. "Z-BUFFER".
type ZoneID string

// Probability is a number in [0, 1].
type Probability float64

// Valid says whether the probability is a number in [0, 1].
func (p Probability) Valid() bool { return p >= 0 && p <= 1 }

// bandEdges are the upper ends, in percent, of the verbal bands; the published
// yardstick has holes between its bands, so the edges lie in the middle of each.
var bandEdges = [...]struct {
	below Probability
	word  string
}{
	{0.075, "remote chance"},
	{0.225, "highly unlikely"},
	{0.375, "unlikely"},
	{0.525, "realistic possibility"},
	{0.775, "likely"},
	{0.925, "highly likely"},
}

// Band is the word printed beside the number.
func (p Probability) Band() string {
	for _, e := range bandEdges {
		if p < e.below {
			return e.word
		}
	}
	return "almost certain"
}

// String prints word and number together, e.g. "likely (0.62)".
func (p Probability) String() string { return fmt.Sprintf("%s (%s)", p.Band(), p.Digits()) }

// Digits prints two decimals, and nothing short of certain as certain: > 0.99, < 0.01.
func (p Probability) Digits() string {
	switch {
	case p > 0 && p < 0.005:
		return "< 0.01"
	case p < 1 && p >= 0.995:
		return "> 0.99"
	}
	return fmt.Sprintf("%.2f", float64(p))
}

// Realm keeps exercise data apart from real data: a store has exactly one.
type Realm string

// RealmReal is the realm of a mission's own store.
const RealmReal Realm = "real"

var exerciseRealm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^exercise:[a-z0-9][a-z0-9-]{0,62}$`)
})

// ExerciseRealm is the realm of a drill or demo with the given name.
func ExerciseRealm(name string) Realm { return Realm("exercise:" + name) }

// Exercise says whether everything in the realm must be marked EXERCISE.
func (r Realm) Exercise() bool { return r != RealmReal }

// Validate refuses anything but "real" and "exercise:<name>".
func (r Realm) Validate() error {
	if r == RealmReal || exerciseRealm().MatchString(string(r)) {
		return nil
	}
	return Errorf(CodeInvalid, "realm %q: write \"real\" or \"exercise:name\" (lower case letters, digits, hyphens)", string(r))
}
