// Package trial reads and runs the tests of an agreement: plain lines in which
// negotiators say what happens and which finding they expect.
//
// It never changes an agreement and decides nothing of its own: every verdict comes from
// the package above, as it would for a real incident.
//
// Read this file for what a test is made of, parse.go and the files beside it for the
// language (act.go and people.go for what people do), run.go and ladder.go for the way from
// a test to its result, cover.go for what no test reaches, and docs/agreement-language.md
// for the guide.
package trial

import (
	"fmt"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// Test is one named test: what is given, and what happens and is expected, in order.
type Test struct {
	Name   string
	File   string
	Line   int
	Unread []int // lines of it that cannot be read: it is not run
	Given  Given
	Events []Event
	Expect []Expectation

	// Happens is what else becomes known and what people do, for the response ladder, in
	// the order of the lines. Start is the first time of the test, from which +3h counts.
	Happens []Happening
	Start   truce.Instant
}

// Given is what holds during a test beside the agreement's own text.
type Given struct {
	Windows []agreement.Window
	Lines   []GivenLine
	// Holdings are what sites hold; an inspection in the test takes from them what it does
	// not say itself.
	Holdings []GivenHolding
	KnownAt  truce.Instant // 0: everything is known
	Status   agreement.Status

	// Guarantors are the states of the response ladder; none: those of the agreement, or
	// three invented ones.
	Guarantors []truce.StateID
}

// GivenLine replaces the drawing of a line.
type GivenLine struct {
	ID        truce.LineID
	Points    []geo.Point
	AccuracyM float64
	Line      int // of the file
}

// Event is one happening of a test, as an incident that was already put together.
type Event struct {
	Incident truce.Incident
	Known    truce.Instant // when it was recorded: at its end unless the line says otherwise
	Line     int
	Text     string // the line as it stands, for the report
}

// Expectation is one thing a test asks for. Event is the index of the event it speaks of,
// -1 for the whole test. At is the time at which the ladder is looked at; 0 is what stands
// above the line.
type Expectation struct {
	Event int
	At    truce.Instant
	Line  int
	Text  string
	Want  want
}

// want is a kind of expectation.
type want interface {
	check(*outcome, *Expectation) []Failure
}

// Failure is one expectation that does not hold, with the trace of the finding.
type Failure struct {
	File  string   `json:"file"`
	Line  int      `json:"line"`
	Want  string   `json:"want"`
	Got   string   `json:"got"`
	Trace []string `json:"trace,omitempty"`

	// Found is the finding, and Beside what else of it is not as expected, where Got tells
	// of the verdict: for who says it in another language.
	Found  *truce.Finding `json:"-"`
	Beside []string       `json:"-"`
}

// String is the failure on one line.
func (f Failure) String() string {
	return fmt.Sprintf("%s:%d: want %s, got %s", f.File, f.Line, f.Want, f.Got)
}

// Result is what came of one test.
type Result struct {
	Test     Test          `json:"-"`
	Name     string        `json:"name"`
	File     string        `json:"file"`
	Line     int           `json:"line"`
	Failures []Failure     `json:"failures,omitempty"`
	Unread   []int         `json:"unread,omitempty"`  // lines that cannot be read: the test was not run
	NotRun   []string      `json:"not_run,omitempty"` // expectations that need what the runner was not given
	Took     time.Duration `json:"-"`

	evaluations []truce.Evaluation
	course      *Course // of the ladder, over the whole test; nil when it was not run
}

// Passed says whether the test was run and every expectation holds.
func (r Result) Passed() bool { return len(r.Failures)+len(r.Unread) == 0 }

// Skipped says why a test was not run, "" when it was: the first of its lines in Unread.
func (r Result) Skipped() string {
	if len(r.Unread) == 0 {
		return ""
	}
	return fmt.Sprintf("not run: line %d cannot be read", r.Unread[0])
}
