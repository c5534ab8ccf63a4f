// Package pledge keeps the account of what states have promised and delivered: how far
// each promise has come and by which source, what is at stake in a case, and what is in
// place against what is needed.
//
// It never ranks states, never adds money of two currencies, and never raises a promise
// above what its source can carry: a press report makes it reported and nothing more.
//
// Read commitment.go for promises, void.go for the conditions under which a guarantee
// lapses, stake.go for a case, contribution.go and gap.go for what was delivered, csv.go
// for spreadsheets.
package pledge

import (
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/trucewatch/truce"
)

// Bounds of one account, far above what some forty states can promise.
const (
	// MaxSteps is the longest history of one commitment or contribution.
	MaxSteps = 500
	// MaxRows is the longest CSV file read at once.
	MaxRows = 100_000
	// MaxText is the longest text of a field, in bytes.
	MaxText = 4_000
)

var (
	idForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,79}$`)
	})
	stateForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,10}[A-Z0-9]$`)
	})
)

func checkID(what, id string) error {
	if !idForm().MatchString(id) {
		return truce.Errorf(truce.CodeInvalid, "%s %.80q: the id is written in small letters, digits, dots and dashes, 80 at most", what, id)
	}
	return nil
}

// StateWritten says whether a state is written as one is, e.g. FR, EU27 or FAR-2: it stands in
// the names of clocks, in texts, addresses and exports.
func StateWritten(s truce.StateID) bool { return stateForm().MatchString(string(s)) }

func checkState(what string, s truce.StateID) error {
	if !StateWritten(s) {
		return truce.Errorf(truce.CodeInvalid, "%s: the state is %.40q; write 2 to 12 capital letters, digits and hyphens, as in FR or FAR-2", what, string(s))
	}
	return nil
}

func checkDay(what string, d truce.Day) error {
	if _, err := d.Start(time.UTC); err != nil {
		return truce.Errorf(truce.CodeInvalid, "%s: %w", what, err)
	}
	return nil
}

// citeKinds are the kinds of a source, and how they are listed for people.
var citeKinds = []truce.SourceKind{truce.CitePress, truce.CiteStatement, truce.CiteDraft, truce.CiteInstrument, truce.CiteGazette}

const citeKindsText = "press, statement, draft, instrument or gazette"

// checkSource asks who says it.
func checkSource(what string, c truce.Citation) error {
	if !slices.Contains(citeKinds, c.Kind) {
		return truce.Errorf(truce.CodeInvalid, "%s: the source is of the kind %.40q; write %s", what, string(c.Kind), citeKindsText)
	}
	if c.Publisher == "" {
		return truce.Errorf(truce.CodeInvalid, "%s: the source needs its publisher", what)
	}
	if c.Day != "" {
		return checkDay(what+": source", c.Day)
	}
	return nil
}
