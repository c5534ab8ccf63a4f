package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/room"
)

// openCase appends a case of these steps, folded from its opening on. n makes its id.
func (s *roomStage) openCase(n int, rank int, steps ...truce.CaseStep) truce.CaseID {
	s.Helper()
	drafts, id := s.caseDrafts(n, rank, steps...)
	if _, err := s.app.store.Append(s.Context(), truce.Batch{Drafts: drafts}); err != nil {
		s.Fatal(err)
	}
	return id
}

func (s *roomStage) caseDrafts(n int, rank int, steps ...truce.CaseStep) ([]truce.Draft, truce.CaseID) {
	s.Helper()
	if s.version.Version == "" {
		text, err := s.app.store.Agreement(s.Context())
		if err != nil {
			s.Fatal(err)
		}
		s.version = truce.CaseOpening{Agreement: text.ID, Version: text.Version, Title: truce.Names{"en": "A case of many"}}
	}
	now := s.served.Now()
	id := truce.NewID(now, "case", "many", fmt.Append(nil, n))
	opened := truce.CaseStep{Kind: truce.StepOpened, Open: &s.version}
	var drafts []truce.Draft
	for i, step := range append([]truce.CaseStep{opened}, steps...) {
		step.Case, step.Number, step.At = id, i+1, now
		step.Summary = truce.CaseSummary{State: truce.CaseOpen, Tier: "L1", Rank: rank, Title: s.version.Title, Opened: now, First: now, Last: now, T0: now}
		if step.Kind == truce.StepClosed {
			step.Summary.State, step.Summary.Tier, step.Summary.Rank = truce.CaseClosed, "", 0
		}
		draft, err := truce.NewDraft(truce.RecordCase, truce.CaseSubject(id), fmt.Sprintf("%s/%d", truce.CaseSubject(id), i+1), step)
		if err != nil {
			s.Fatal(err)
		}
		drafts = append(drafts, draft)
	}
	return drafts, id
}

func clockStarted(id, whose string, owner truce.Office, due truce.Instant) truce.CaseStep {
	return truce.CaseStep{Kind: truce.StepClockStarted, Clock: &truce.ClockChange{Clock: id, For: whose, Round: 1, Tier: "T2", Basis: truce.T0Event, T0: due - 1, Due: due, State: truce.ClockRunning,
		Names: truce.Names{"en": id}, Owner: owner}}
}

func passageProposed(tier truce.TierID, rank int, offices ...truce.Office) truce.CaseStep {
	p := &truce.Passage{Tier: tier, Rank: rank, Because: []string{"it holds"}}
	for _, o := range offices {
		p.Gates = append(p.Gates, truce.Gate{Office: o})
	}
	return truce.CaseStep{Kind: truce.StepProposed, Passage: p}
}

// TestNothingThatWaitsIsMissed: among many cases of higher tiers in which others must act,
// the one whose clock is the duty officer's is on the first page, those that do not fit are
// counted, and the list of what waits has them all.
func TestNothingThatWaitsIsMissed(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	now := s.served.Now()
	for n := range 260 {
		s.openCase(n, 5, clockStarted("warning", "", truce.OfficeChair, now.Add(time.Hour)), passageProposed("T1", 4, truce.OfficeChair, truce.OfficeMechanismLead))
	}
	for n := range 40 { // they wait for head and lead of the other end of the list
		s.openCase(1000+n, 1, clockStarted("decision", "BRE", truce.OfficeDutyOfficer, now.Add(time.Duration(40-n)*time.Hour)), passageProposed("T3", 6, truce.OfficeHead, truce.OfficeHead))
	}
	s.openCase(2000, 1, clockStarted("decision", "AVE", truce.OfficeDutyOfficer, now.Add(time.Minute)))
	soonest, err := s.app.store.Case(t.Context(), s.openCase(3000, 0, clockStarted("receipt", "", truce.OfficeDutyOfficer, now.Add(2*time.Minute))).String())
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.served.Brief(t.Context(), s.person("bre-duty"), 0)
	if err != nil || b.ClocksTotal != 41 || len(b.Clocks) != briefDuties || b.Clocks[0].Case != soonest.Summary.Number || !b.More() || b.Due != 41 {
		t.Fatalf("%v: %d clocks of %d, the first %+v", err, len(b.Clocks), b.ClocksTotal, b.Clocks)
	}
	if !slices.IsSortedFunc(b.Clocks, func(a, b room.ClockLine) int { return int(a.Due - b.Due) }) || slices.ContainsFunc(b.Clocks, func(k room.ClockLine) bool { return !k.Mine }) {
		t.Errorf("the clocks are not the person's own, those due soonest first: %+v", b.Clocks)
	}
	chair, err := s.served.Brief(t.Context(), s.person("chair"), 0)
	if err != nil || chair.GatesTotal != 260 || chair.ClocksTotal != 260 || len(chair.Gates) != briefDuties || chair.Due != 520 {
		t.Errorf("%v: the chair has %d gates of %d, %d clocks", err, len(chair.Gates), chair.GatesTotal, chair.ClocksTotal)
	}
	s.holdsAllMine("bre-duty", 41)
	s.holdsAllMine("chair", 260)
	h := s.handler(s.served)
	for id, want := range map[truce.PersonID][]string{"bre-duty": {"clocks: 16 of 41", soonest.Summary.Number}, "chair": {"Signatures: 16 of 260 are shown here"}} {
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.AddCookie(&http.Cookie{Name: "truce_session", Value: string(s.tokens[id])})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		for _, text := range append(want, `href="/cases?state=mine"`) {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("the first page of %s does not say %q", id, text)
			}
		}
	}
}

// holdsAllMine pages through the cases that wait for a person.
func (s *roomStage) holdsAllMine(id truce.PersonID, want int) {
	s.Helper()
	seen, f := map[string]bool{}, room.CaseFilter{Mine: true, Limit: 33}
	for {
		list, err := s.served.Cases(s.Context(), s.person(id), f)
		if err != nil || list.Total != want {
			s.Fatalf("%v: %d cases wait for %s, want %d", err, list.Total, id, want)
		}
		for _, row := range list.Rows {
			seen[row.Number] = true
		}
		if f.After = list.Next; f.After == "" {
			break
		}
	}
	if len(seen) != want {
		s.Errorf("%d cases are listed for %s, want %d", len(seen), id, want)
	}
}

// TestWhatWaitsIsWhatTheCasesSay holds the tables of what waits to the cases themselves, for
// everybody, through a whole story with passages signed, refused and lapsed.
func TestWhatWaitsIsWhatTheCasesSay(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.play()
	s.do("lead", "C-2031-1", truce.Deed{Kind: truce.DeedNote, Text: "for the record"})
	page, err := s.app.store.Cases(t.Context(), truce.CaseQuery{State: truce.CaseOpen})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, office := range roomOffices {
		p := s.person(office.ID)
		var gates, clocks []string
		for _, row := range page.Rows {
			v, err := s.desk.View(t.Context(), row.ID.String())
			if err != nil {
				t.Fatal(err)
			}
			w := newCaseWriter(p, v)
			for _, g := range w.gates() {
				if g.Mine {
					gates = append(gates, fmt.Sprint(row.ID, g.Tier, g.Down, g.To))
				}
			}
			for _, k := range v.Case.Clocks {
				if ownsClock(p, k) && (k.State == truce.ClockRunning || k.State == truce.ClockPaused) {
					clocks = append(clocks, fmt.Sprint(row.ID, k.ID, k.For, k.Round, k.Due))
				}
			}
		}
		gateRows, _, err := s.app.store.Gates(t.Context(), *dutiesOf(p, 0))
		if err != nil {
			t.Fatal(err)
		}
		var gotGates, gotClocks []string
		for _, g := range gateRows {
			gotGates = append(gotGates, fmt.Sprint(g.Case, g.Tier, g.Down, g.To))
		}
		clockRows, _, err := s.app.store.Clocks(t.Context(), *dutiesOf(p, 0))
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range clockRows {
			gotClocks = append(gotClocks, fmt.Sprint(k.Case, k.Clock, k.For, k.Round, k.Due))
		}
		slices.Sort(gates)
		slices.Sort(gotGates)
		slices.Sort(clocks)
		slices.Sort(gotClocks)
		if !slices.Equal(gates, gotGates) || !slices.Equal(clocks, gotClocks) {
			t.Errorf("for %s the tables say\n%v %v\nand the cases\n%v %v", p.ID, gotGates, gotClocks, gates, clocks)
		}
		found += len(gates) + len(clocks)
	}
	if found < 5 {
		t.Errorf("only %d things wait: the story shows little", found)
	}
}
