package app

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/room"
)

// climbedAndClosed are the steps of a case that went up to the tiers and was closed from the
// last by the votes of two offices.
func climbedAndClosed(tiers ...truce.TierID) []truce.CaseStep {
	offices := []truce.Office{truce.OfficeChair, truce.OfficeMechanismLead}
	var out []truce.CaseStep
	pass := func(end truce.StepKind, p truce.Passage) {
		p.Gates = []truce.Gate{{Office: offices[0]}, {Office: offices[1]}}
		out = append(out, truce.CaseStep{Kind: truce.StepProposed, Passage: &p})
		for n, office := range offices {
			d := &truce.Deed{Kind: truce.DeedSign, Person: truce.PersonID(office), Office: office}
			out = append(out, truce.CaseStep{Kind: truce.StepSigned, Deed: d, Passage: &truce.Passage{Tier: p.Tier, Down: p.Down, Gate: n + 1}})
		}
		out = append(out, truce.CaseStep{Kind: end, Passage: &truce.Passage{Tier: p.Tier, Down: p.Down}})
	}
	for _, tier := range tiers {
		rank := map[truce.TierID]int{"L0": 1, "L1": 2, "L2": 3, "T1": 4}[tier]
		pass(truce.StepEntered, truce.Passage{Tier: tier, Rank: rank, Because: []string{"INSIDEREASON"}})
	}
	pass(truce.StepClosed, truce.Passage{Tier: tiers[len(tiers)-1], Down: true, Because: []string{"INSIDEREASON"}})
	return out
}

// TestACaseThatWasShownIsShownWhenItHasEnded: the public and contributors read the highest
// tier, when the case was opened and when it ended, and nothing of one that only the watch
// had looked at.
func TestACaseThatWasShownIsShownWhenItHasEnded(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	known := s.openCase(1, 0, climbedAndClosed("L0", "T1")...)
	inside := s.openCase(2, 0, climbedAndClosed("L0")...)
	now := s.served.Now()
	numbers := map[truce.CaseID]string{}
	for _, id := range []truce.CaseID{known, inside} {
		row, err := s.app.store.Case(t.Context(), id.String())
		if err != nil {
			t.Fatal(err)
		}
		numbers[id] = row.Summary.Number
	}
	h := s.handler(s.served)
	for _, who := range []truce.PersonID{"reader", "ave-planner"} {
		p := s.person(who)
		open, err := s.served.Cases(t.Context(), p, room.CaseFilter{Limit: 10})
		if err != nil || len(open.Rows) != 0 {
			t.Errorf("%s among the open ones: %+v, %v", who, open.Rows, err)
		}
		list, err := s.served.Cases(t.Context(), p, room.CaseFilter{All: true, Limit: 10})
		want := room.CaseLine{Number: numbers[known], State: truce.CaseClosed, Tier: "T1", TierName: "Warning", Entered: now, Opened: now, Closed: now, Public: "whether a warning was given, and the finding"}
		if err != nil || list.Total != 1 || len(list.Rows) != 1 || fmt.Sprint(list.Rows[0]) != fmt.Sprint(want) {
			t.Errorf("%s reads %+v, %v; want %+v", who, list, err, want)
		}
		if _, err := s.served.Case(t.Context(), p, numbers[inside]); truce.CodeOf(err) != truce.CodeNotFound {
			t.Errorf("%s reads of a case of the watch: %v", who, err)
		}
		for _, path := range []string{"/cases?state=all", "/cases/" + numbers[known]} {
			req := httptest.NewRequest("GET", path, nil)
			req.Header.Set("Cookie", "truce_session="+string(s.tokens[who]))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			page := w.Body.String()
			for _, words := range []string{"T1", "whether a warning was given", "highest tier it reached", "opened"} {
				if !strings.Contains(page, words) {
					t.Errorf("%s at %s: %d without %q", who, path, w.Code, words)
				}
			}
			if strings.Contains(page, "INSIDEREASON") || strings.Contains(page, numbers[inside]) || strings.Contains(page, known.String()) {
				t.Errorf("%s at %s reads what is inside", who, path)
			}
		}
	}
	lead, err := s.served.Cases(t.Context(), s.person("lead"), room.CaseFilter{All: true, Limit: 10})
	if err != nil || len(lead.Rows) != 2 || lead.Total != 2 {
		t.Errorf("the lead reads %+v, %v", lead, err)
	}
}

// TestAllCasesThatWereShownAreOnSomePage: open ones first, then closed ones, each once; what
// was never known outside is passed over.
func TestAllCasesThatWereShownAreOnSomePage(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	want := 0
	for n := range 23 {
		switch {
		case n%5 == 0: // open, in L1
			steps := climbedAndClosed("L0", "L1")
			s.openCase(n, 2, steps[:len(steps)-4]...)
		case n%2 == 0:
			s.openCase(n, 0, climbedAndClosed("L0")...)
			continue
		default:
			s.openCase(n, 0, climbedAndClosed("L0", "L1", "L2")...)
		}
		want++
	}
	for _, limit := range []int{1, 2, 3, 5, 7, 50} {
		var got []string
		closed := false
		f := room.CaseFilter{All: true, Limit: limit}
		for page := 0; page < 40; page++ {
			list, err := s.served.Cases(t.Context(), s.person("reader"), f)
			if err != nil || len(list.Rows) > limit || list.Total != 0 && list.Total != want {
				t.Fatalf("%d a page: %d rows of %d, %v", limit, len(list.Rows), list.Total, err)
			}
			for _, line := range list.Rows {
				if closed && line.State == truce.CaseOpen {
					t.Errorf("%d a page: %s stands after closed ones", limit, line.Number)
				}
				closed = closed || line.State == truce.CaseClosed
				got = append(got, line.Number)
			}
			if f.After = list.Next; f.After == "" {
				break
			}
		}
		all := len(got)
		slices.Sort(got)
		if all != want || len(slices.Compact(got)) != want || f.After != "" {
			t.Errorf("%d a page: %d cases, %d of them once, want %d", limit, all, len(slices.Compact(got)), want)
		}
	}
}
