package app

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/room"
)

// caseOf reads a case over the API as a person.
func (s *roomStage) caseOf(h http.Handler, by truce.PersonID, number string) room.CaseFile {
	s.Helper()
	req := httptest.NewRequest(http.MethodGet, "/api/v1/cases/"+number, nil)
	req.Header.Set("Authorization", "Bearer "+string(s.tokens[by]))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	var f room.CaseFile
	if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || w.Code != http.StatusOK {
		s.Fatalf("%s reads %s: %d %v %.300s", by, number, w.Code, err, w.Body)
	}
	return f
}

// form sends a form of the pages as a person.
func (s *roomStage) form(h http.Handler, by truce.PersonID, path string, values url.Values) (int, string) {
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(&http.Cookie{Name: "truce_session", Value: string(s.tokens[by])})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w.Code, w.Body.String()
}

// TestAConsultationIsHeldOverTheAPI: joined, proposed, voted with a dissent, minuted and
// decided, with every signature and the same bound as everywhere.
func TestAConsultationIsHeldOverTheAPI(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.play()
	h := s.handler(s.served)
	const deeds = "/api/v1/cases/C-2031-1/deeds"
	longest := strings.Repeat("ї", truce.MaxLine)
	minutes := truce.HashOf([]byte("minutes"))
	for _, c := range []struct {
		by   truce.PersonID
		body map[string]any
		code int
	}{
		{"bre-duty", map[string]any{"kind": "join", "meeting": "K1"}, http.StatusOK},
		{"bre-duty", map[string]any{"kind": "propose", "meeting": "K1", "option": longest}, http.StatusOK},
		{"bre-duty", map[string]any{"kind": "propose", "meeting": "K1", "option": longest + "x"}, http.StatusUnprocessableEntity},
		{"bre-duty", map[string]any{"kind": "vote", "meeting": "K1", "option": "sanctions package", "text": "DISSENT"}, http.StatusOK},
		{"lead", map[string]any{"kind": "minute", "meeting": "K1", "product": minutes}, http.StatusOK},
		{"chair", map[string]any{"kind": "decide", "meeting": "K1", "text": "PUBLICTEXT"}, http.StatusOK},
		{"bre-duty", map[string]any{"kind": "vote", "meeting": "K1", "option": "joint warning"}, http.StatusConflict},
	} {
		if code, body := s.post(h, c.by, deeds, c.body); code != c.code {
			t.Errorf("%s does %v: %d, want %d: %.200s", c.by, c.body["kind"], code, c.code, body)
		}
	}
	k := s.caseOf(h, "ave-duty", "C-2031-1").Consultations[0]
	if k.Ended == 0 || k.Public != "PUBLICTEXT" || !slices.Equal(k.Minutes, []truce.Hash{minutes}) || k.Votes[1].Dissent != "DISSENT" || !k.Quorum || len(k.Tally) != 3 || k.Ground == "" {
		t.Errorf("as it ended: %+v", k)
	}
	changes := map[string]int{}
	for _, line := range k.Signed {
		changes[line.Change]++
		if line.By == "" || line.Seq == 0 || line.Key == "" || line.Signature == "" {
			t.Errorf("a change without its signature: %+v", line)
		}
	}
	if changes["joined"] != 3 || changes["proposed"] != 3 || changes["voted"] != 3 || changes["minuted"] != 1 || changes["decided"] != 1 {
		t.Errorf("signatures: %v", changes)
	}
	// The parties are told that there was one, and its public text; nothing more.
	told := s.caseOf(h, "a-liaison", "C-2031-1").Consultations
	if len(told) != 1 || told[0].Public != "PUBLICTEXT" || told[0].Ground != "" || len(told[0].Votes)+len(told[0].Signed)+len(told[0].Consultation.Present) > 0 {
		t.Errorf("a party reads: %+v", told)
	}
	if code, body := s.form(h, "ave-duty", "/cases/C-2031-1/deeds", url.Values{"kind": {"call"}, "after": {"90"}, "text": {strings.Repeat("ї", truce.MaxWords+1)}}); code != http.StatusRequestEntityTooLarge || !strings.Contains(body, "the most is 16000") {
		t.Errorf("a ground over its bound from a page: %d %.300s", code, body)
	}
}

// TestIncidentsAreMovedByIdOverTheAPIAndByThePage: who may read incidents reads their ids.
func TestIncidentsAreMovedByIdOverTheAPIAndByThePage(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.play()
	h := s.handler(s.served)
	from, to := s.caseOf(h, "watch-lead", "C-2031-1"), s.caseOf(h, "watch-lead", "C-2031-2")
	if len(from.Incidents) != 3 || from.Incidents[0].ID.IsZero() || len(from.Others) != 2 {
		t.Fatalf("%d incidents, others %+v", len(from.Incidents), from.Others)
	}
	if f := s.caseOf(h, "ave-duty", "C-2031-1"); f.Others != nil || f.Incidents[0].ID.IsZero() {
		t.Errorf("a guarantor, who moves nothing, is offered %+v", f.Others)
	}
	if f := s.caseOf(h, "a-liaison", "C-2031-1"); len(f.Incidents) != 0 || f.Others != nil {
		t.Errorf("a party reads incidents of a case: %+v", f.Incidents)
	}
	body := map[string]any{"kind": "move", "moved": []truce.ID{from.Incidents[2].ID}, "to": to.Line.ID, "text": "the same gun"}
	if code, said := s.post(h, "watch-lead", "/api/v1/cases/C-2031-1/deeds", body); code != http.StatusOK {
		t.Fatalf("%d %s", code, said)
	}
	back := url.Values{"kind": {"move"}, "after": {"999"}, "moved": {from.Incidents[2].ID.String()}, "to": {from.Line.ID.String()}, "text": {"no: another"}}
	if code, _ := s.form(h, "watch-lead", "/cases/C-2031-2/deeds", back); code != http.StatusBadRequest {
		t.Errorf("after a step that is not there: %d", code)
	}
	held := s.caseOf(h, "watch-lead", "C-2031-2")
	if i := slices.IndexFunc(held.Incidents, func(i room.IncidentLine) bool { return i.ID == from.Incidents[2].ID }); i < 0 || held.Incidents[i].Gone {
		t.Errorf("the other case holds %+v", held.Incidents)
	}
}
