package explain

import (
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce/assess/agreement"
)

// A party that leaves an end open holds the agreement's, as its reading is evaluated, and
// not the instant that stands for open.
func TestOpenEndsOfPositionsAreTheAgreements(t *testing.T) {
	a := edited(t, `in_force: {from: "2026-04-10T00:00:00Z", to: "2026-06-01T00:00:00Z"}`,
		`in_force: {positions: {A: {to: 2026-06-01}, B: {from: 2026-04-10}}, applied: intersection}`)
	text, err := New(a, "en", nil)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(a.Rules, func(r agreement.Rule) bool { return r.Dates != nil })
	said := strings.Join(text.Rule(&a.Rules[i]), "\n")
	for _, want := range []string{
		"Party A reads: In force from 2026-04-01 00:00 (UTC) to 2026-06-01 00:00 (UTC).",
		"Party B reads: In force from 2026-04-10 00:00 (UTC) to 2026-07-01 00:00 (UTC).",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it lacks %q:\n%s", want, said)
		}
	}
}

// Dates before 1970 are said as any other, by the clocks of the agreement's zone then.
func TestDatesBefore1970(t *testing.T) {
	a := edited(t, `in_force: {from: "2026-04-10T00:00:00Z", to: "2026-06-01T00:00:00Z"}`, `in_force: {from: 1953-07-28, to: 1957-06-21}`)
	i := slices.IndexFunc(a.Rules, func(r agreement.Rule) bool { return r.InForce.From != 0 })
	text, err := New(a, "en", nil)
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.Join(text.Rule(&a.Rules[i]), "\n"); !strings.Contains(said, "In force from 1953-07-28 00:00 (UTC) to 1957-06-21 00:00 (UTC).") {
		t.Errorf("it says\n%s", said)
	}
}
