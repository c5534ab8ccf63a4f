package app

import (
	"fmt"
	"testing"

	"github.com/trucewatch/truce/web/desk"
)

// TestAnIncidentOnTheDeskLeadsToItsCase: to its page in the room, or to its last record.
func TestAnIncidentOnTheDeskLeadsToItsCase(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	i := s.breach(1, "centre", "indirect_fire", 0, 3)
	s.after(0)
	d := &deskReader{app: s.app}
	links := func() []desk.CaseLink {
		list, err := d.casesOf(t.Context(), i.ID)
		if err != nil || len(list) != 1 || list[0].Number != "C-2031-1" {
			t.Fatalf("%v: %+v", err, list)
		}
		return list
	}
	row, err := s.app.store.Case(t.Context(), "C-2031-1")
	if err != nil {
		t.Fatal(err)
	}
	if got := links()[0].Href; got != fmt.Sprintf("/records/%d", row.Seq) {
		t.Errorf("without a room: %s", got)
	}
	s.app.cfg.Alerts.Base = "https://room.example/"
	if got := links()[0].Href; got != "https://room.example/cases/C-2031-1" {
		t.Errorf("with a room: %s", got)
	}
}
