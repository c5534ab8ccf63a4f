package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/keep/store"
)

// The load of BenchmarkGuarantee.
const (
	benchCases    = 10_000
	benchSteps    = 20 // of each case
	benchTimers   = 10 // of each case, set by its first step
	benchStates   = 35
	benchPersons  = 300
	benchAlerts   = 1_000
	benchPromises = 8 // of each state
)

// BenchmarkGuarantee asks a store of 10,000 open cases with 20 steps each, 100,000 timers,
// 35 states, 300 persons and 1,000 alerts what a guarantor's page asks it, what the timers
// ask it, and to be opened. p50 is the median of single calls.
func BenchmarkGuarantee(b *testing.B) {
	for _, engine := range []struct {
		name string
		dsn  func(testing.TB) string
	}{{"sqlite", newSQLite}, {"postgres", cluster.Database}} {
		b.Run(engine.name, func(b *testing.B) { askGuarantee(b, engine.dsn(b)) })
	}
}

func askGuarantee(b *testing.B, dsn string) {
	s := guarantee(b, dsn)
	for _, c := range []struct {
		name string
		ask  func() error
	}{
		{"page of a guarantor", func() error { return guarantorPage(b, s) }},
		{"due wakes", func() error { return wants(500)(s.DueWakes(b.Context(), benchStart.Add(24*time.Hour*400), 500)) }},
		{"next wake", func() error { _, err := s.NextWake(b.Context()); return err }},
		{"cases near an incident", func() error {
			q := truce.CaseQuery{State: truce.CaseOpen, Areas: []truce.AreaID{"area 7"}, ActiveSince: benchStart.Add(9_000 * time.Hour)}
			page, err := s.Cases(b.Context(), q)
			return wants(25)(page.Rows, err)
		}},
		{"steps of a case", func() error { return wants(benchSteps)(s.CaseSteps(b.Context(), "C-2026-77")) }},
		{"person by token", func() error { _, err := s.PersonByToken(b.Context(), truce.HashOf([]byte("person-200"))); return err }},
		{"outbox", func() error {
			return wants(100)(s.Outbox(b.Context(), truce.OutboxQuery{DueBy: benchStart.Add(24 * time.Hour * 400), Limit: 100}))
		}},
		{"open", func() error {
			again, err := store.Open(b.Context(), dsn, store.Options{})
			if err != nil {
				return err
			}
			return again.Close()
		}},
	} {
		b.Run(c.name, func(b *testing.B) { median(b, c.ask) })
	}
}

// median runs the call and reports the median of what single calls take.
func median(b *testing.B, call func() error) {
	var took []time.Duration
	for b.Loop() {
		started := time.Now()
		if err := call(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(started))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}

// wants makes an error of a list of another length.
func wants(want int) func(rows any, err error) error {
	return func(rows any, err error) error {
		if got := reflect.ValueOf(rows).Len(); err == nil && got != want {
			err = fmt.Errorf("%d rows of %T, want %d", got, rows, want)
		}
		return err
	}
}

// guarantorPage asks what the page of one guarantor shows: who is asking, the open cases,
// those that changed since the last look, the alerts it has not answered and its
// commitments.
func guarantorPage(b *testing.B, s *store.Store) error {
	if _, err := s.PersonByToken(b.Context(), truce.HashOf([]byte("person-7"))); err != nil {
		return err
	}
	page, err := s.Cases(b.Context(), truce.CaseQuery{State: truce.CaseOpen, Limit: 50})
	if err := wants(50)(page.Rows, err); err != nil {
		return err
	}
	head, _, err := s.Head(b.Context())
	if err != nil {
		return err
	}
	if _, err := s.Cases(b.Context(), truce.CaseQuery{State: truce.CaseOpen, ChangedAfter: head - 60_000, Limit: 50}); err != nil {
		return err
	}
	unanswered, err := s.Alerts(b.Context(), truce.AlertQuery{State: "S07", Unanswered: true, Brief: true, Limit: 50})
	if err := wants(29)(unanswered, err); err != nil {
		return err
	}
	return wants(benchPromises)(s.Commitments(b.Context(), "S07"))
}

var benchStart = truce.InstantOf(time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC))

// filler appends drafts in batches.
type filler struct {
	b      *testing.B
	s      *store.Store
	drafts []truce.Draft
	n      int
}

func (f *filler) add(kind truce.RecordKind, subject string, body any) {
	f.n++
	d, err := truce.NewDraft(kind, subject, fmt.Sprintf("bench/%d", f.n), body)
	if err != nil {
		f.b.Fatal(err)
	}
	if f.drafts = append(f.drafts, d); len(f.drafts) == 2000 {
		f.flush()
	}
}

func (f *filler) flush() {
	if _, err := f.s.Append(f.b.Context(), truce.Batch{Drafts: f.drafts}); err != nil {
		f.b.Fatal(err)
	}
	f.drafts = f.drafts[:0]
}

func guarantee(b *testing.B, dsn string) *store.Store {
	b.Helper()
	s, err := store.Create(b.Context(), dsn, truce.Inception{Realm: truce.RealmReal, Store: "bench"}, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	started := time.Now()
	f := &filler{b: b, s: s}
	for n := range benchPersons {
		p := benchPerson(n)
		f.add(truce.RecordPerson, p.Subject(), p)
	}
	for n := range benchStates * benchPromises {
		c := benchCommitment(n)
		f.add(truce.RecordCommitment, c.Subject(), c)
	}
	for number := range benchSteps {
		for n := range benchCases {
			step := benchStep(n, number+1)
			f.add(truce.RecordCase, truce.CaseSubject(step.Case), step)
		}
	}
	for n := range benchAlerts {
		f.alert(n)
	}
	f.flush()
	b.Logf("%d records appended in %s", f.n, time.Since(started).Round(time.Millisecond))
	return s
}

func benchState(n int) truce.StateID { return truce.StateID(fmt.Sprintf("S%02d", n%benchStates)) }

func benchPerson(n int) truce.Person {
	id := truce.PersonID(fmt.Sprintf("person-%d", n))
	return truce.Person{
		ID: id, Name: "Duty officer of a state", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: benchState(n), Language: "en",
		Token: truce.HashOf([]byte(id)), Contacts: []truce.Contact{{Channel: truce.ChannelEmail, Address: string(id) + "@example.org"}, {Channel: truce.ChannelConsole}},
	}
}

func benchCommitment(n int) truce.Commitment {
	c := truce.Commitment{ID: fmt.Sprintf("commitment-%d", n), State: benchState(n), Kind: truce.CommitMilitary, Instrument: "A declaration", Binding: truce.BindingPolitical,
		What: truce.Names{"en": "A brigade within ten days of a decision"}, Condition: truce.Names{"en": "once parliament has agreed"}, Trigger: "T3"}
	for _, state := range truce.CommitmentStates()[:6] {
		c.History = append(c.History, truce.CommitmentStep{State: state, Day: "2026-02-03", Source: truce.Citation{Kind: truce.CiteStatement, Publisher: "A ministry", Title: "Statement of the day", URL: "https://example.org/1"}})
	}
	return c
}

// benchStep is a step of some 1.5 kB; the first sets the timers.
func benchStep(n, number int) truce.CaseStep {
	id := truce.NewID(benchStart, "case", "bench", fmt.Appendf(nil, "%d", n))
	at := benchStart.Add(time.Duration(n)*time.Hour + time.Duration(number)*time.Minute)
	step := truce.CaseStep{
		Case: id, Number: number, Kind: truce.StepGathered, At: at, Text: "An incident that lies within the radius and the time of the case.",
		Summary: truce.CaseSummary{State: truce.CaseOpen, Title: truce.Names{"en": "Strikes at a crossing", "uk": "Удари по переправі"}, Tier: truce.TierID(fmt.Sprintf("T%d", n%5)),
			Rank: n % 5, Areas: []truce.AreaID{truce.AreaID(fmt.Sprintf("area %d", n%40))}, Incidents: number, Hits: number, Severity: 3, Opened: at, First: at, Last: at, T0: at,
			NextClock: "warning", NextDue: at.Add(24 * time.Hour)},
		Incidents: []truce.CaseIncident{{ID: truce.NewID(at, "incident", "bench", fmt.Appendf(nil, "%d/%d", n, number)), Revision: 1, Number: "2026-1", Known: at, Detected: at,
			Time: truce.Moment(at, time.Minute), Area: "area 7", Place: &geo.Point{Lat: 48.25, Lon: 37.5}, Act: truce.ActExplosion, P: 0.75, Occurrence: truce.OccurrenceDetected,
			Findings: []truce.CaseFinding{{Rule: "R01", Version: "1", Verdict: truce.VerdictHit, P: 0.75, Severity: 3, Unit: truce.UnitExplosion, Count: 1}}}},
	}
	if number == 1 {
		for t := range benchTimers {
			step.Wakes = append(step.Wakes, truce.Wake{Name: fmt.Sprintf("clock/warning/%d", t), Due: at.Add(time.Duration(t) * 24 * time.Hour)})
		}
	}
	return step
}

// alert appends an alert to one person of each state and to both parties, answered by all
// states but one and delivered to all; of the last hundred not yet to the parties.
func (f *filler) alert(n int) {
	step := benchStep(n, 1)
	release := benchStart.Add(time.Duration(n) * time.Hour)
	a := truce.Alert{ID: truce.NewID(release, "alert", "bench", fmt.Appendf(nil, "%d", n)), Kind: truce.AlertNew, Case: step.Case, Step: 3, Tier: "T2", Release: release, Realm: truce.RealmReal,
		Severity: 3, Headline: truce.Names{"en": "Serious breach, tier T2", "uk": "Серйозне порушення"}, Text: truce.Names{"en": "The mechanism has placed a case before the guarantors.", "uk": "Механізм передав справу гарантам."},
		Answer: &truce.AnswerTerm{Role: truce.RoleGuarantor, Least: truce.AckReceived, Within: 3_600_000_000}}
	for i := range benchStates {
		p := benchPerson(i)
		a.To = append(a.To, truce.AlertRecipient{Person: p.ID, Role: p.Role, Office: p.Office, State: p.State, Language: "en", Contacts: p.Contacts})
	}
	for _, party := range []truce.PartyID{"A", "B"} {
		a.To = append(a.To, truce.AlertRecipient{Person: truce.PersonID("liaison-" + party), Role: truce.RoleParty, Party: party, Language: "en", Contacts: []truce.Contact{{Channel: truce.ChannelConsole}}})
	}
	subject := truce.AlertSubject(a.ID)
	f.add(truce.RecordAlert, subject, a)
	for i, to := range a.To {
		if n >= benchAlerts-100 && i >= benchStates {
			continue
		}
		for _, state := range []truce.DeliveryState{truce.DeliveryBegun, truce.DeliverySent} {
			f.add(truce.RecordDelivery, subject, truce.Delivery{Alert: a.ID, Person: to.Person, Channel: to.Contacts[0].Channel, Attempt: 1, State: state, At: release})
		}
		if i < benchStates && i != n%benchStates {
			f.add(truce.RecordAcknowledgement, subject, truce.Acknowledgement{Alert: a.ID, Case: a.Case, Kind: truce.AckReceived, Person: to.Person, Role: to.Role, State: to.State, At: release.Add(time.Minute)})
		}
	}
}
