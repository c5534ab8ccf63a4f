package app

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
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

// TestTheDeskShowsTheAttributionThatStands: nothing until two have signed, then the view with
// its record, and after the incident was refuted that none stands any more.
func TestTheDeskShowsTheAttributionThatStands(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	i := s.breach(1, "centre", "indirect_fire", time.Hour, 3)
	s.after(0)
	h, err := s.app.deskHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	says := func(want string) {
		t.Helper()
		req := httptest.NewRequest("GET", "/incidents/"+i.ID.String(), nil)
		req.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		_, after, found := strings.Cut(w.Body.String(), "<dt>Attribution</dt><dd>")
		got, _, _ := strings.Cut(after, "</dd>")
		if !found || !strings.HasPrefix(got, want) {
			t.Errorf("%d: the page says %q, want %q", w.Code, got, want)
		}
	}
	says("not assessed")
	s.verify(i, 3)
	says("not assessed")
	view := truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance, Party: "B", P: 0.7, Basis: []string{"craters"}, Alternatives: []string{"accident"}}
	sign := func(by truce.PersonID) {
		t.Helper()
		row, err := s.app.store.Incident(t.Context(), i.ID.String())
		if err == nil {
			view.Revision = row.Incident.Revision
			_, err = s.desk.Attribute(t.Context(), s.tokens[by], view)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	sign("analyst-1")
	says("none stands")
	sign("analyst-2")
	says("balance of probabilities: party B, 0.70<br><span class=\"soft\">signed by analyst-1, analyst-2; <a href=\"/records/")
	for _, by := range []truce.PersonID{"analyst-1", "analyst-2"} {
		row, err := s.app.store.Incident(t.Context(), i.ID.String())
		if err == nil {
			_, err = s.desk.Review(t.Context(), s.tokens[by], truce.Review{Incident: i.ID, Revision: row.Incident.Revision, Outcome: truce.OccurrenceRefuted, Reason: "quarry"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	says("none stands")
}
