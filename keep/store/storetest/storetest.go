// Package storetest is the conformance suite of the store: what every engine must do,
// as one exported test.
//
// It never looks behind the store's own methods, so that whatever passes it may be
// used in the place of any other.
//
// Read Test for the list of promises, each of which is one function beside it.
package storetest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
)

// Factory gives the data source name of an empty place for one test's store.
type Factory func(t testing.TB) string

// Test runs the suite.
func Test(t *testing.T, dsn Factory) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, f *fixture)
	}{
		{"a store is created once and opened again", testLifeCycle},
		{"numbers have no gap and equal the order of commits", testSequence},
		{"two processes share a store", testTwoProcesses},
		{"a known key changes nothing", testDuplicate},
		{"a known key with something else behind it is a conflict", testKeyTaken},
		{"an expectation that is not met is a conflict", testExpect},
		{"a batch is all or nothing and fails alone", testAllOrNothing},
		{"what could not be read back is refused", testRefusals},
		{"a fence keeps out an earlier holder", testFence},
		{"a cursor moves with its batch", testCursor},
		{"recorded time never decreases", testClock},
		{"incidents get numbers for people", testNumbers},
		{"observations come back in order", testObservationOrder},
		{"observations come in pages", testObservationPages},
		{"observations are found by interval, kind and source", testObservationQuery},
		{"no observation is stored twice", testObservationKnown},
		{"what has no time of its own is found on the day it was first seen", testFirstSeen},
		{"a batch that its manifest does not describe is refused", testManifest},
		{"observations are found by id", testObservationsByID},
		{"events show their current revision", testEvents},
		{"agreements are kept by recorded time", testAgreements},
		{"sources, imports and quarantine add up", testSources},
		{"bulletins are found by number and day", testBulletins},
		{"notifications are found by number, hours and recorded time", testNotifications},
		{"a notification is given once", testNotificationRefusals},
		{"a case is its steps, one after the other", testCaseSteps},
		{"of those who make the same step one succeeds", testCaseRace},
		{"cases are filtered and paged", testCaseList},
		{"a case holds its incidents until they are gone", testCaseIncidents},
		{"a gate waits for its office until the passage ends", testGates},
		{"a clock waits for its owner until it ends", testClocks},
		{"a case says under which terms it was opened", testCaseTerms},
		{"a wake stands until it is replaced or done", testWakes},
		{"alerts are found by case, recipient, time and want of an answer", testAlerts},
		{"the outbox holds what is to be sent and no more", testOutbox},
		{"no acknowledgement is forgotten, and one speaks for a state", testAcknowledgements},
		{"an alert is erased when it is over", testEraseAlert},
		{"a person is what the last record says", testPeople},
		{"promises and needs are what the last records say", testPromises},
		{"reviews and attributions of an incident are all kept", testReviews},
		{"the steps on the origin of an incident are all kept", testOrigins},
		{"incidents are filtered and paged", testIncidentFilters},
		{"one evaluation stands for each incident", testStanding},
		{"nothing of an incident is forgotten", testIncidentHistory},
		{"a list as of a time is the list of that time", testIncidentsAsOf},
		{"a dropped day leaves what events used", testDropDay},
		{"what is left of a partly dropped batch is still checked", testPartialDrop},
		{"an erased record still verifies", testErase},
		{"a rebuild gives the same rows", testRebuild},
		{"the digest does not depend on the engine", testDigest},
		{"articles are found by words, time, language and publisher", testArticles},
		{"an article is what was recorded last", testArticleChanges},
		{"articles of one time have places of their own", testSameTimes},
		{"a text that was taken down is gone and stays away", testTakedown},
		{"stories grow, split and merge", testStories},
		{"claims stand with their article's text", testClaims},
		{"stories are found by what tells them", testToldBy},
		{"a check of a total is its newest revision", testChecks},
		{"a feed is what the last record says, its state is none", testFeeds},
		{"any sequence of appends keeps the chain whole", testRandomAppends},
		{"any history of cases, alerts and people is what a rebuild makes of it", testRandomGuarantee},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, newFixture(t, dsn(t))) })
	}
}

// fixture is one store with a clock and randomness of its own.
type fixture struct {
	dsn   string
	clock *Clock
	store *store.Store
}

// Clock is a clock that tests set. The zero value stands at 1970.
type Clock struct {
	mu  sync.Mutex // guards now
	now time.Time
}

// Now is the time as set; each look moves it on by a microsecond.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Microsecond)
	return c.now
}

// Move moves the clock, back too.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Easter is the day most fixtures lie on.
var easter = time.Date(2026, 4, 12, 0, 0, 0, 0, time.UTC)

func newFixture(t testing.TB, dsn string) *fixture {
	t.Helper()
	f := &fixture{dsn: dsn, clock: &Clock{now: easter.Add(48 * time.Hour)}}
	s, err := store.Create(t.Context(), dsn, truce.Inception{Realm: truce.ExerciseRealm("suite"), Mission: "Suite", Store: "suite"}, f.options())
	if err != nil {
		t.Fatal(err)
	}
	f.store = s
	t.Cleanup(func() {
		if err := f.store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return f
}

// options are those of every store of the suite: set clock, seeded salts.
func (f *fixture) options() store.Options {
	return store.Options{Clock: f.clock.Now, Random: rand.NewChaCha8([32]byte{1})}
}

// reopen closes the store and opens it again.
func (f *fixture) reopen(t testing.TB) {
	t.Helper()
	if err := f.store.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), f.dsn, f.options())
	if err != nil {
		t.Fatal(err)
	}
	f.store = s
}

func (f *fixture) append(t testing.TB, drafts ...truce.Draft) truce.Receipt {
	t.Helper()
	receipt, err := f.store.Append(t.Context(), truce.Batch{Drafts: drafts})
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

// sound verifies the whole store.
func (f *fixture) sound(t testing.TB) {
	t.Helper()
	report, err := f.store.VerifyStore(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range report.Damage {
		t.Errorf("verification: %s", d)
	}
}

func draft(t testing.TB, kind truce.RecordKind, subject, key string, body any) truce.Draft {
	t.Helper()
	d, err := truce.NewDraft(kind, subject, key, body)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// mark is the smallest record there is.
func mark(t testing.TB, key string) truce.Draft {
	t.Helper()
	return draft(t, truce.RecordWatermark, "watermark/"+key, "watermark/"+key, truce.Watermark{Name: key, At: 1})
}

func at(hours float64) truce.Instant {
	return truce.InstantOf(easter.Add(time.Duration(hours * float64(time.Hour))))
}

// heartbeat is an observation without a place.
func heartbeat(source truce.SourceID, start truce.Instant, length time.Duration, key string) truce.Observation {
	return truce.Observation{
		ID: truce.NewID(start, string(truce.KindHealth), string(source), []byte(key)), Kind: truce.KindHealth, Source: source,
		Phenomenon: truce.PhenomenonTime{From: start, To: start.Add(length)}, Signature: truce.SignatureNone,
		Origin: truce.Origin{File: "suite"}, Health: &truce.Health{Working: true, Reason: key},
	}
}

func batch(t testing.TB, source truce.SourceID, rows ...truce.Observation) truce.Draft {
	t.Helper()
	d, err := truce.NewObservationBatch(source, "suite.csv", truce.ReceivedTime(at(30)), rows)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func thing(start truce.Instant, name string) truce.ID {
	return truce.NewID(start, "thing", "suite", []byte(name))
}

func incident(name string, revision int, start truce.Instant) truce.Incident {
	return truce.Incident{
		ID: thing(start, name), Revision: revision, Occurrence: truce.OccurrenceDetected, P: 0.5,
		Acts: []truce.ActWeight{{Act: truce.ActExplosion, P: 0.5}}, Time: truce.Moment(start, 0), Area: "north",
	}
}

func incidentDraft(t testing.TB, i truce.Incident) truce.Draft {
	t.Helper()
	return draft(t, truce.RecordIncident, "incident/"+i.ID.String(), fmt.Sprintf("incident/%s/%d", i.ID, i.Revision), i)
}

func evaluation(i truce.Incident, version string, verdicts map[truce.RuleID]truce.Verdict) truce.Evaluation {
	e := truce.Evaluation{Incident: i.ID, Revision: i.Revision, Agreement: "suite", Version: version}
	for _, rule := range []truce.RuleID{"R01", "R02", "R03"} {
		if v, ok := verdicts[rule]; ok {
			e.Findings = append(e.Findings, truce.Finding{Rule: rule, Verdict: v, P: 0.25, Unit: truce.UnitExplosion, Trace: []string{"because"}})
		}
	}
	return e
}

func evaluationDraft(t testing.TB, e truce.Evaluation) truce.Draft {
	t.Helper()
	return draft(t, truce.RecordEvaluation, "evaluation/"+e.Incident.String(), fmt.Sprintf("evaluation/%s/%d/%s", e.Incident, e.Revision, e.Version), e)
}

func wantCode(t testing.TB, what string, err error, want truce.Code) {
	t.Helper()
	if err == nil || truce.CodeOf(err) != want {
		t.Errorf("%s: got %v, want an error with code %s", what, err, want)
	}
}
