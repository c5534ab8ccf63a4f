package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
)

var (
	tokenShown = regexp.MustCompile(`truce_[a-z2-7]{52}`)
	codeShown  = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)
)

// enrolStage is the room of a real store that has its first founder.
type enrolStage struct {
	testing.TB
	app     *App
	desk    *guarantee.Desk
	handler http.Handler
	lead    guarantee.Token
}

func newEnrolStage(t *testing.T) enrolStage {
	t.Helper()
	files, err := agreementFiles("")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2031, 4, 2, 5, 0, 0, 0, time.UTC)
	a, err := Create(t.Context(), NewDir{Dir: filepath.Join(t.TempDir(), "real"), Mission: "Mission", Realm: truce.RealmReal, Agreement: files, Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	served, err := a.newRoomDesk("https://room.example")
	if err != nil {
		t.Fatal(err)
	}
	h, err := served.roomHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	first := roomOffices[0]
	first.Language = "en"
	added, err := served.desk.Add(t.Context(), "", first)
	if err != nil {
		t.Fatal(err)
	}
	return enrolStage{t, a, served.desk, h, added.Token}
}

// send sends a form of somebody's browser.
func (s enrolStage) send(token, path string, form url.Values) *httptest.ResponseRecorder {
	s.Helper()
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if token != "" {
		req.AddCookie(&http.Cookie{Name: "truce_session", Value: token})
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, req)
	return w
}

// opens presses the button of the link that the lead made for a person.
func (s enrolStage) opens(p truce.Person) (token, code string) {
	s.Helper()
	p.Language = "en"
	added, err := s.desk.Add(s.Context(), s.lead, p)
	if err != nil || !added.Link {
		s.Fatalf("%s: %v", p.ID, err)
	}
	w := s.send("", "/sign-in/"+string(added.Token), nil)
	token, code = tokenShown.FindString(w.Body.String()), codeShown.FindString(w.Body.String())
	if w.Code != http.StatusOK || token == "" || token == string(added.Token) {
		s.Fatalf("%s opens the link: %d %s", p.ID, w.Code, w.Body)
	}
	return token, code
}

// TestTwoPeopleMakeAThirdThroughTheRoom: link, code, confirmation and the first signature,
// each from its own browser.
func TestTwoPeopleMakeAThirdThroughTheRoom(t *testing.T) {
	s := newEnrolStage(t)
	chair, code := s.opens(truce.Person{ID: "chair", Name: "Chair", Role: truce.RoleCommission, Office: truce.OfficeChair, Language: "en"})
	if code != "" {
		t.Errorf("a founder is asked to tell a code: %s", code)
	}
	analyst, code := s.opens(truce.Person{ID: "analyst-1", Name: "First analyst", Role: truce.RoleMechanism, Office: truce.OfficeAnalyst, Language: "uk"})
	reviews := func() truce.Code {
		_, err := s.desk.Review(t.Context(), guarantee.Token(analyst), truce.Review{})
		return truce.CodeOf(err)
	}
	if reviews() != truce.CodeForbidden {
		t.Errorf("who was not confirmed reviews: %s", reviews())
	}
	waiting := httptest.NewRequest(http.MethodGet, "/api/v1/people/waiting", nil)
	waiting.Header.Set("Authorization", "Bearer "+chair)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, waiting)
	if body := w.Body.String(); !strings.Contains(body, `"id":"analyst-1"`) || !strings.Contains(body, `"enrolled_by":"lead"`) || strings.Contains(body, code) {
		t.Errorf("who waits for the chair: %s", body)
	}
	for by, status := range map[string]int{string(s.lead): http.StatusForbidden, analyst: http.StatusForbidden, "": http.StatusSeeOther} {
		if w := s.send(by, "/me/confirm", url.Values{"id": {"analyst-1"}, "code": {code}}); w.Code != status || reviews() != truce.CodeForbidden {
			t.Errorf("confirmed by %.12q: %d", by, w.Code)
		}
	}
	if w := s.send(chair, "/me/confirm", url.Values{"id": {"analyst-1"}, "code": {"0000-0000-0000"}}); w.Code != http.StatusBadRequest || reviews() != truce.CodeForbidden {
		t.Errorf("any code will do: %d %s", w.Code, w.Body)
	}
	if w := s.send(chair, "/me/confirm", url.Values{"id": {"analyst-1"}, "code": {code}}); w.Code != http.StatusSeeOther || reviews() != truce.CodeNotFound { // of the incident
		t.Errorf("confirmed: %d %s, then %s", w.Code, w.Body, reviews())
	}
}
