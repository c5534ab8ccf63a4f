package app

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/room"
)

// warned plays one breach up to T1 and gives its incident.
func (s *roomStage) warned() truce.Incident {
	s.Helper()
	s.pledges()
	i := s.breach(1, "centre", truce.ActIndirectFire, 25*time.Minute, 3)
	s.after(time.Minute)
	s.sign("watch-officer", "C-2031-1", "L0")
	s.after(2 * time.Minute)
	s.sign("watch-lead", "C-2031-1", "L1")
	s.sign("analyst-1", "C-2031-1", "L2")
	s.after(50 * time.Minute)
	s.verify(i, 3)
	s.after(10 * time.Minute)
	s.sign("lead", "C-2031-1", "T1")
	s.sign("chair", "C-2031-1", "T1")
	s.after(time.Minute)
	return i
}

// refute lets two analysts sign that it was something else.
func (s *roomStage) refute(i truce.Incident) {
	s.Helper()
	for _, by := range []truce.PersonID{"analyst-1", "analyst-2"} {
		row, err := s.app.store.Incident(s.Context(), i.ID.String())
		if err == nil {
			_, err = s.desk.Review(s.Context(), s.tokens[by], truce.Review{Incident: i.ID, Revision: row.Incident.Revision, Outcome: truce.OccurrenceRefuted, Reason: "quarry"})
		}
		if err != nil {
			s.Fatal(err)
		}
	}
	s.after(time.Minute)
}

// TestARefutedCaseIsAtStakeNowhere: the first page, the page of what is at stake and the
// command ask one query, which leaves a case of which nothing stands out, with the reason.
func TestARefutedCaseIsAtStakeNowhere(t *testing.T) {
	s := newRoomStage(t, filepath.Join(t.TempDir(), "room"))
	i := s.warned()
	ave := s.person("ave-duty")
	seen := func() (brief []room.StakeLine, due, apart int, page string) {
		t.Helper()
		b, err := s.served.Brief(t.Context(), ave, 0)
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.served.Stake(t.Context(), ave, "C-2031-1")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range f.Stakes {
			if line.Due {
				due++
			}
			if line.Apart != "" {
				apart++
			}
		}
		return b.Stakes, due, apart, s.walk(s.handler(s.served), ave)["/cases/C-2031-1/stake"]
	}
	brief, due, apart, page := seen()
	if len(brief) == 0 || due != len(brief) || apart != 0 || strings.Contains(page, "not at stake") {
		t.Fatalf("in T1: %d on the first page, %d on the page, %d apart", len(brief), due, apart)
	}
	s.refute(i)
	row, err := s.app.store.Case(t.Context(), "C-2031-1")
	if err != nil || row.Summary.State != truce.CaseOpen || row.Summary.Tier != "T1" {
		t.Fatalf("%v: the case is %+v, and should stay in its tier until people sign", err, row.Summary)
	}
	brief, after, apart, page := seen()
	if len(brief) != 0 || after != 0 || apart != due || !strings.Contains(page, "not at stake") || !strings.Contains(page, "none of the incidents of the case stands") {
		t.Errorf("refuted: %d on the first page, %d on the page, %d apart of %d", len(brief), after, apart, due)
	}
	p := program{dir: s.app.cfg.dir, now: s.clock.Now()}
	out := p.good(t, "pledge", "stake", "C-2031-1", "--state", "AVE", "--format", "csv", "--lang", "uk")
	if !strings.Contains(out, "state,commitment,stage,due,apart,") || strings.Contains(out, ",yes,жоден") || !strings.Contains(out, ",no,жоден з інцидентів справи не підтримується,") {
		t.Errorf("the command says\n%s", out)
	}
}

// TestMoneyEnteredIsOneCurrency enters euros as programs write them: they stand as one money.
func TestMoneyEnteredIsOneCurrency(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	h := s.handler(s.served)
	supply := func(id, unit string) []map[string]any {
		source := map[string]any{"kind": "press", "publisher": "A paper"}
		return []map[string]any{{"id": id, "state": "AVE", "to": "force", "capability": "fund", "unit": unit, "quantity": 100, "public": false,
			"steps": []map[string]any{{"state": "pledged", "quantity": 100, "day": "2031-01-10", "source": source}}}}
	}
	for id, unit := range map[string]string{"ave-1": "eur", "ave-2": "EUR", "ave-3": "Eur"} {
		if code, body := s.post(h, "lead", "/api/v1/contributions", supply(id, unit)); code != http.StatusOK {
			t.Fatalf("%s: %d %s", unit, code, body)
		}
	}
	if code, body := s.post(h, "lead", "/api/v1/contributions", supply("ave-4", "euro")); code != http.StatusBadRequest || !strings.Contains(body, "ave-4") || !strings.Contains(body, "ISO 4217") {
		t.Errorf("a unit that is no currency: %d %s", code, body)
	}
	account, err := s.served.Pledges(t.Context(), s.person("lead"), "")
	if err != nil || len(account.Account) != 1 || account.Account[0].Unit != "EUR" || account.Account[0].Pledged != 300 {
		t.Errorf("%v: %+v, want one line of 300 EUR", err, account.Account)
	}
	rows, err := s.app.store.Contributions(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.Unit != "EUR" {
			t.Errorf("%s is on record in %q", row.ID, row.Unit)
		}
	}
}
