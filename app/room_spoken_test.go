package app

import (
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/room"
)

// newest is the newest alert as a person reads it.
func (s *roomStage) newest(id truce.PersonID) (string, room.AlertFile) {
	s.Helper()
	p := s.person(id)
	list, err := s.served.Alerts(s.Context(), p, room.AlertFilter{Limit: 1})
	if err != nil || len(list.Rows) != 1 {
		s.Fatalf("%s: %v, %d alerts", id, err, len(list.Rows))
	}
	f, err := s.served.Alert(s.Context(), p, list.Rows[0].ID)
	if err != nil {
		s.Fatal(err)
	}
	return f.Line.Headline + "\n" + f.Text, f
}

// A complaint and a statement of a party are told to the mechanism, who must act, and to both
// parties in one second and the same words, which hold neither what was said nor by whom.
func TestPartiesWordsAreToldAtOnce(t *testing.T) {
	s := newRoomStage(t, t.TempDir())
	s.breach(1, "centre", truce.ActIndirectFire, 25*time.Minute, 3)
	s.after(time.Minute)
	s.sign("watch-officer", "C-2031-1", "L0")
	s.after(2 * time.Minute)
	s.sign("watch-lead", "C-2031-1", "L1")
	s.after(2 * time.Minute)
	for _, row := range []struct {
		kind truce.DeedKind
		by   truce.PersonID
		text string
		head string
	}{
		{truce.DeedComplain, "a-liaison", "MARKCOMPLAINT of A: ask for the log of gun 7", "a complaint is on record"},
		{truce.DeedState, "b-liaison", "MARKSTATEMENT of B: we know nothing of it", "a statement is on record"},
		{truce.DeedComplain, "b-liaison", "MARKSECOND of B: fire from the mill", "a complaint is on record"},
	} {
		s.do(row.by, "C-2031-1", truce.Deed{Kind: row.kind, Text: row.text})
		s.after(5 * time.Second)
		ofA, a := s.newest("a-liaison")
		ofB, b := s.newest("b-liaison")
		if ofA != ofB || a.Line.Release != b.Line.Release || !strings.Contains(ofA, row.head) {
			t.Errorf("%s by %s: A reads at %s\n%s\nB at %s\n%s", row.kind, row.by, a.Line.Release, ofA, b.Line.Release, ofB)
		}
		for _, private := range []string{"MARK", string(row.by), "party A", "party B"} {
			if strings.Contains(ofA, private) {
				t.Errorf("%s by %s: both parties read %q:\n%s", row.kind, row.by, private, ofA)
			}
		}
		for _, who := range []truce.PersonID{"watch-officer", "watch-lead", "duty-head", "lead"} {
			text, f := s.newest(who)
			if !strings.Contains(text, row.text) || f.Line.ID != a.Line.ID || !f.Line.Mine {
				t.Errorf("%s by %s: %s reads\n%s", row.kind, row.by, who, text)
			}
		}
		s.after(2 * time.Minute)
	}
}
