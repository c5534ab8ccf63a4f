package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
)

// put records a world in a store of its own and lets its people in.
func (s *roomStage) put(w *world) {
	s.Helper()
	var drafts []truce.Draft
	add := func(kind truce.RecordKind, subject string, body any) {
		draft, err := truce.NewDraft(kind, subject, fmt.Sprintf("world/%d", len(drafts)), body)
		if err != nil {
			s.Fatal(err)
		}
		drafts = append(drafts, draft)
	}
	for _, c := range w.cases {
		for _, step := range c.steps {
			add(truce.RecordCase, truce.CaseSubject(step.Case), step)
		}
		for _, a := range c.alerts {
			add(truce.RecordAlert, truce.AlertSubject(a.ID), a.Alert)
			for _, ack := range a.box.Answers {
				add(truce.RecordAcknowledgement, truce.AlertSubject(a.ID), ack)
			}
		}
	}
	for _, c := range w.commitments {
		add(truce.RecordCommitment, c.Subject(), c)
	}
	for _, c := range w.contributions {
		add(truce.RecordContribution, c.Subject(), c)
	}
	for _, r := range w.requirements {
		add(truce.RecordRequirement, r.Subject(), r)
	}
	if _, err := s.app.store.Append(s.Context(), truce.Batch{Drafts: drafts}); err != nil {
		s.Fatal(err)
	}
	for i := range w.people {
		p := &w.people[i]
		p.ID = truce.PersonID(fmt.Sprintf("seen-%d-%d", len(drafts), i))
		p.Withdrawn = false // who was withdrawn cannot sign in, which another test holds
		enrolled := *p
		enrolled.Contacts = []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}
		s.tokens[p.ID] = s.enrol(enrolled)
	}
}

// TestNobodySeesItOnPagesEither puts 50 of the random histories into real stores and lets
// their people walk through every page and operation.
func TestNobodySeesItOnPagesEither(t *testing.T) {
	histories := 24
	if testing.Short() {
		histories = 5
	}
	seen := map[class]int{}
	for n := range histories {
		s := newRoomStage(t, t.TempDir()+"/room")
		terms, err := s.desk.Terms(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld([]guarantee.Terms{terms}, uint64(1_000_000+n))
		s.clock.add(w.now.Time().Sub(s.clock.Now()))
		s.put(w)
		h := s.handler(s.served)
		for _, p := range w.people {
			for path, body := range s.walk(h, s.person(p.ID)) {
				k := &look{w: w, seen: seen}
				if k.search(p, path, []byte(body)); k.fault != nil {
					t.Fatalf("history %d: %.900s", n, k.fault)
				}
			}
		}
	}
	t.Logf("marks read by row: %v", seen)
	for _, c := range []class{rowInside, rowTier, rowAttribution, rowAlert, rowPromise, rowTotals} {
		if seen[c] == 0 {
			t.Errorf("%s was read by nobody who may", c)
		}
	}
}

// TestTheWalkOverPagesFindsLeaks is the negative control: the same pages of a room that
// shows everybody what the mechanism lead sees.
func TestTheWalkOverPagesFindsLeaks(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	terms, err := s.desk.Terms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld([]guarantee.Terms{terms}, 7)
	w.people = []truce.Person{{Role: truce.RolePublic, Name: "x", Language: "en"}, {Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "A", Name: "x", Language: "uk"}}
	s.clock.add(w.now.Time().Sub(s.clock.Now()))
	s.put(w)
	var h http.Handler = s.handler(openReader{s.served, s.person("lead")})
	for _, p := range w.people {
		k := &look{w: w, seen: map[class]int{}}
		for path, body := range s.walk(h, s.person(p.ID)) {
			k.search(p, path, []byte(body))
		}
		if k.fault == nil || !strings.Contains(k.fault.Error(), "reads") {
			t.Errorf("the walk of %s over a room that cuts nothing finds nothing: %v", p.Role, k.fault)
		}
	}
}
