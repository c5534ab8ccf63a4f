package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/web/room"
)

// marker is a text that stands in one place of the store only, with who may read it.
type marker struct {
	name string
	text string
	may  func(truce.Person) bool
}

func inside(p truce.Person) bool { return access.See(p.Role, access.ItemLadder) == access.ViewAll }

func ofState(state truce.StateID) func(truce.Person) bool {
	return func(p truce.Person) bool {
		switch access.See(p.Role, access.ItemPledges) {
		case access.ViewAll:
			return true
		case access.ViewOwnTotals:
			return p.State == state
		}
		return false
	}
}

// plant puts markers where each row of the matrix would be broken by showing them.
func (s *roomStage) plant() []marker {
	s.Helper()
	s.play()
	s.do("watch-lead", "C-2031-1", truce.Deed{Kind: truce.DeedNote, Text: "MARKNOTE inside the ladder"})
	s.do("chair", "C-2031-1", truce.Deed{Kind: truce.DeedDetermine, Text: "MARKDETERMINED by the commission"})
	s.do("chair", "C-2031-1", truce.Deed{Kind: truce.DeedRemedy, Remedy: &truce.RemedyStep{ID: "r1", Party: "B", What: "MARKREMEDY of B", State: truce.RemedyAsked}})
	s.do("b-liaison", "C-2031-1", truce.Deed{Kind: truce.DeedState, Text: "MARKSTATEMENT of B"})
	view, err := s.desk.View(s.Context(), "C-2031-1")
	if err != nil || len(view.Case.Views) == 0 {
		s.Fatalf("%v, %d views", err, len(view.Case.Views))
	}
	s.do("b-liaison", "C-2031-1", truce.Deed{Kind: truce.DeedState, Clock: view.Case.Views[0].Clock, Text: "MARKREPLY of B to the view"})
	s.maimed(9)
	lead := s.person("lead")
	var promises []truce.Commitment
	for _, state := range []truce.StateID{"AVE", "BRE"} {
		promises = append(promises, truce.Commitment{ID: "mark-" + strings.ToLower(string(state)), State: state, Kind: truce.CommitMilitary, Instrument: "accord",
			What: truce.Names{"en": "MARKPROMISE" + string(state), "uk": "MARKPROMISE" + string(state)}, Binding: truce.BindingLegal,
			Void:    []truce.VoidCondition{{ID: "v", Names: truce.Names{"en": "MARKVOID" + string(state)}, SeverityMin: 3}},
			History: []truce.CommitmentStep{{State: truce.CommitmentReported, Day: "2031-01-01", Source: truce.Citation{Kind: truce.CitePress, Publisher: "paper"}}}})
	}
	if _, err := s.desk.EnterCommitments(s.Context(), lead, promises); err != nil {
		s.Fatal(err)
	}
	s.after(0)
	for _, by := range []truce.PersonID{"a-liaison", "b-liaison", "bre-duty"} {
		s.answerAll(by, "MARKANSWER"+string(by))
	}
	answered := func(by truce.PersonID) func(truce.Person) bool {
		return func(p truce.Person) bool { return inside(p) || p.Party != "" && p.ID == by }
	}
	attributed := func(p truce.Person) bool {
		see := access.See(p.Role, access.ItemAttribution)
		return see == access.ViewAll || see == access.ViewReply
	}
	return []marker{
		{"a note", "MARKNOTE", inside}, {"a determination", "MARKDETERMINED", inside}, {"a statement of a party", "MARKSTATEMENT", inside},
		{"the reason of a gate", "as proposed", inside}, {"a dissent", "a warning is not enough", inside}, {"the ground of a consultation", "three verified strikes", inside},
		{"an incident", "73119", inside}, {"who signed", "analyst-1", inside},
		{"a remedy of B", "MARKREMEDY", func(p truce.Person) bool { return inside(p) || p.Party == "B" }},
		{"the basis of an attribution", "trajectories of two radars", attributed},
		{"a reply of B to it", "MARKREPLY", attributed},
		{"an answer of A", "MARKANSWERa-liaison", answered("a-liaison")}, {"an answer of B", "MARKANSWERb-liaison", answered("b-liaison")},
		{"an answer of a guarantor", "MARKANSWERbre-duty", inside},
		{"a promise of AVE", "MARKPROMISEAVE", ofState("AVE")}, {"a promise of BRE", "MARKPROMISEBRE", ofState("BRE")},
		{"a condition of BRE", "MARKVOIDBRE", func(p truce.Person) bool { return ofState("BRE")(p) && inside(p) }},
		{"the account", "uav_long_range", func(p truce.Person) bool { return access.SeesTotals(p.Role) }},
	}
}

// maimed adds an incident with a number of casualties that stands nowhere else.
func (s *roomStage) maimed(n byte) {
	s.Helper()
	at := s.served.Now().Add(-time.Minute)
	i := truce.Incident{ID: truce.NewID(at, "incident", "room", []byte{n}), Revision: 1, Occurrence: truce.OccurrenceDetected, P: 0.9, Area: "centre",
		Acts: []truce.ActWeight{{Act: truce.ActIndirectFire, P: 0.95}}, Time: truce.Moment(at, 0), Detail: &truce.Detail{Casualties: 73119}}
	s.record(truce.RecordIncident, "incident/"+i.ID.String(), "incident/"+i.ID.String()+"/1", i)
	s.evaluate(i, 2)
}

func (s *roomStage) person(id truce.PersonID) truce.Person {
	s.Helper()
	row, err := s.app.store.Person(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	return row.Person
}

// answerAll answers every alert that a person's side was told of.
func (s *roomStage) answerAll(by truce.PersonID, text string) {
	s.Helper()
	p := s.person(by)
	rows, err := s.app.store.Alerts(s.Context(), truce.AlertQuery{Role: p.Role, State: p.State, Party: p.Party, Released: s.served.Now()})
	if err != nil || len(rows) == 0 {
		s.Fatalf("%v: %d alerts to %s", err, len(rows), by)
	}
	for _, a := range rows {
		if _, _, err := s.desk.Acknowledge(s.Context(), s.tokens[by], a.ID, truce.AckRead, "", text); err != nil {
			s.Fatal(err)
		}
	}
}

func (s *roomStage) handler(r room.Reader) http.Handler {
	s.Helper()
	h, err := room.Handler(room.Config{Reader: r, Actor: s.served, Log: slog.New(slog.DiscardHandler), Clock: s.clock.Now})
	if err != nil {
		s.Fatal(err)
	}
	return h
}

var href = regexp.MustCompile(`href="(/[^"#]*)`)

// walk asks for every page and operation as a person, and everything their pages link to.
func (s *roomStage) walk(h http.Handler, p truce.Person) map[string]string {
	s.Helper()
	token := string(s.tokens[p.ID])
	queue := []string{"/", "/cases", "/cases?state=all", "/alerts", "/alerts?open=1", "/pledges", "/me", "/feed.atom?key=" + url.QueryEscape(s.served.FeedKey(p))}
	for _, number := range []string{"C-2031-1", "C-2031-2", "C-2031-3"} {
		queue = append(queue, "/cases/"+number, "/cases/"+number+"/stake", "/api/v1/cases/"+number, "/api/v1/cases/"+number+"/stake")
	}
	for _, state := range []string{"AVE", "BRE", "COR"} {
		queue = append(queue, "/pledges/"+state, "/api/v1/pledges/"+state)
	}
	rows, err := s.app.store.Alerts(s.Context(), truce.AlertQuery{})
	if err != nil {
		s.Fatal(err)
	}
	for _, a := range rows {
		id := a.ID.String()
		queue = append(queue, "/alerts/"+id, "/alert/"+id, "/alerts/"+id+"/paper", "/api/v1/alerts/"+id)
	}
	queue = append(queue, "/api/v1/me", "/api/v1/brief", "/api/v1/cases", "/api/v1/cases?state=all", "/api/v1/alerts", "/api/v1/alerts?open=true", "/api/v1/pledges")
	out := map[string]string{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if _, had := out[path]; had || strings.HasPrefix(path, "/assets/") {
			continue
		}
		req := httptest.NewRequest(http.MethodGet, path, nil)
		if strings.HasPrefix(path, "/api/") {
			req.Header.Set("Authorization", "Bearer "+token)
		} else {
			req.AddCookie(&http.Cookie{Name: "truce_session", Value: token})
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code >= http.StatusInternalServerError || w.Code == http.StatusUnauthorized {
			s.Errorf("%s asks for %s: %d %.200s", p.ID, path, w.Code, w.Body)
		}
		out[path] = w.Body.String()
		for _, link := range href.FindAllStringSubmatch(w.Body.String(), -1) {
			queue = append(queue, strings.ReplaceAll(link[1], "&amp;", "&"))
		}
	}
	return out
}

// leaks lists the markers a person reads and may not.
func leaks(p truce.Person, pages map[string]string, markers []marker) []string {
	var out []string
	for _, m := range markers {
		if m.may(p) {
			continue
		}
		for path, body := range pages {
			if strings.Contains(body, m.text) {
				out = append(out, fmt.Sprintf("%s (%s) reads %s at %s", p.ID, p.Role, m.name, path))
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestNobodySeesWhatTheMatrixDenies walks every page and every operation as every person
// and holds what they read to the table of assess/access.
func TestNobodySeesWhatTheMatrixDenies(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	markers := s.plant()
	h := s.handler(s.served)
	for _, office := range roomOffices {
		p := s.person(office.ID)
		pages := s.walk(h, p)
		for _, leak := range leaks(p, pages, markers) {
			t.Error(leak)
		}
		for _, m := range markers { // what one may read must be somewhere, or its absence says nothing
			if !m.may(p) {
				continue
			}
			found := false
			for _, body := range pages {
				found = found || strings.Contains(body, m.text)
			}
			if !found {
				t.Errorf("%s (%s) may read %s and finds it nowhere on %d pages", p.ID, p.Role, m.name, len(pages))
			}
		}
	}
}

// TestAReplyIsReadByBothPartiesAlike: one party replied to a view and one was silent. Both
// read the same of it, word for word: the view, the reply and the time; neither reads who
// signed or spoke, nor that the other was silent. Those inside read all of it, others nothing.
func TestAReplyIsReadByBothPartiesAlike(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.plant()
	s.after(50 * time.Hour)
	h := s.handler(s.served)
	read := func(by truce.PersonID) (room.CaseFile, string) {
		t.Helper()
		f := s.caseOf(h, by, "C-2031-1")
		body, err := json.Marshal(f.Attributions)
		if err != nil {
			t.Fatal(err)
		}
		return f, string(body)
	}
	a, ofA := read("a-liaison")
	_, ofB := read("b-liaison")
	if ofA != ofB || len(a.Attributions) == 0 {
		t.Fatalf("A reads\n%s\nand B\n%s", ofA, ofB)
	}
	said := a.Attributions[0]
	if len(said.Replies) != 1 || said.Replies[0].Party != "B" || said.Replies[0].By != "" || said.ReplyBy == 0 || len(said.Silent) != 0 || len(said.People) != 0 {
		t.Errorf("a party reads %+v", said)
	}
	clock := said.Clock
	for by, own := range map[truce.PersonID]string{"a-liaison": "A", "b-liaison": "B"} {
		f, _ := read(by)
		for _, k := range f.Clocks {
			if k.For != own {
				t.Errorf("%s reads the clock %s of %q", by, k.ID, k.For)
			}
		}
		if !slices.ContainsFunc(f.Clocks, func(k room.ClockLine) bool { return k.ID == clock && k.View != "" && !k.Meets() }) {
			t.Errorf("%s has no clock %s, or one that a word meets", by, clock)
		}
	}
	for _, by := range []truce.PersonID{"lead", "chair", "bre-duty"} {
		f, body := read(by)
		if inside := f.Attributions[0]; len(inside.Silent) != 1 || inside.Silent[0].Party != "A" || inside.Replies[0].By != "b-liaison" || len(inside.People) != 2 {
			t.Errorf("%s reads %s", by, body)
		}
	}
	for _, by := range []truce.PersonID{"ave-planner", "reader"} {
		if f, body := read(by); len(f.Attributions) != 0 {
			t.Errorf("%s reads %s", by, body)
		}
	}
}

// TestTheLettersOfAViewAreTheSameForBothParties: what is sent of a view, of its end and of a
// time that is over names no party and says the same to both.
func TestTheLettersOfAViewAreTheSameForBothParties(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.plant()
	s.after(50 * time.Hour)
	rows, err := s.app.store.Alerts(t.Context(), truce.AlertQuery{})
	if err != nil {
		t.Fatal(err)
	}
	views := 0
	for _, a := range rows {
		ofParty := map[truce.PartyID]int{}
		for _, r := range a.To {
			ofParty[r.Party]++
		}
		if delete(ofParty, ""); len(ofParty) == 1 {
			t.Errorf("%q goes to one party", a.Headline["en"])
		}
		if len(ofParty) == 0 || !strings.Contains(a.Headline["en"], "view on responsibility") {
			continue
		}
		words := a.Read(false)
		if views++; len(ofParty) != 2 || strings.Contains(words.Text["en"], "party A") || strings.Contains(words.Text["en"], "party B") || strings.Contains(words.Text["en"], "analyst") {
			t.Errorf("to %v:\n%s", ofParty, words.Text["en"])
		}
	}
	if views == 0 {
		t.Error("nobody was told of a view")
	}
}

// openReader shows everybody what the mechanism lead sees: what the walk must find.
type openReader struct {
	*roomDesk
	as truce.Person
}

func (o openReader) Brief(ctx context.Context, _ truce.Person, since truce.Seq) (room.Brief, error) {
	return o.roomDesk.Brief(ctx, o.as, since)
}

func (o openReader) Case(ctx context.Context, _ truce.Person, number string) (room.CaseFile, error) {
	return o.roomDesk.Case(ctx, o.as, number)
}

func (o openReader) Pledges(ctx context.Context, _ truce.Person, of truce.StateID) (room.Pledges, error) {
	return o.roomDesk.Pledges(ctx, o.as, of)
}

func (o openReader) Alert(ctx context.Context, _ truce.Person, id truce.AlertID) (room.AlertFile, error) {
	return o.roomDesk.Alert(ctx, o.as, id)
}

// TestTheWalkFindsLeaks is the negative control: a room that cuts nothing is found out.
func TestTheWalkFindsLeaks(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	markers := s.plant()
	h := s.handler(openReader{s.served, s.person("lead")})
	for _, id := range []truce.PersonID{"a-liaison", "bre-duty", "chair", "ave-planner", "reader"} {
		p := s.person(id)
		found := leaks(p, s.walk(h, p), markers)
		for _, m := range markers {
			told := slices.ContainsFunc(found, func(leak string) bool { return strings.Contains(leak, " reads "+m.name+" at ") })
			if !m.may(p) && !told && m.name != "a condition of BRE" { // that one stands on the page of what is at stake only
				t.Errorf("the walk of %s over a room that cuts nothing does not find %s", id, m.name)
			}
		}
	}
}

// TestDeedsAreForTheirOffices tries every deed as every person through the API: whom the
// table denies it is refused, and nothing is recorded.
func TestDeedsAreForTheirOffices(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.play()
	h := s.handler(s.served)
	for _, office := range roomOffices {
		p := s.person(office.ID)
		for _, kind := range truce.DeedKinds() {
			if access.May(p, access.Verb(kind)) == nil {
				continue
			}
			before, _, err := s.app.store.Head(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			code, body := s.post(h, p.ID, "/api/v1/cases/C-2031-1/deeds", map[string]any{"kind": kind, "text": "x", "tier": "T1", "clock": "situation"})
			if code != http.StatusForbidden && (code != http.StatusNotFound || access.SeesCase(p)) { // who sees no cases is told of none
				t.Errorf("%s (%s) does %s: %d %s", p.ID, p.Office, kind, code, body)
			}
			if after, _, err := s.app.store.Head(t.Context()); err != nil || after != before {
				t.Errorf("%s (%s) does %s: something was recorded", p.ID, p.Office, kind)
			}
		}
	}
}

// TestDeedsByTokenReachTheirCase: the negative control of the test above.
func TestDeedsByTokenReachTheirCase(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.play()
	h := s.handler(s.served)
	if code, body := s.post(h, "chair", "/api/v1/cases/C-2031-1/deeds", map[string]any{"kind": "note", "text": "read"}); code != http.StatusOK {
		t.Errorf("a note of the chair: %d %s", code, body)
	}
	if code, body := s.post(h, "chair", "/api/v1/cases/C-2031-99/deeds", map[string]any{"kind": "note", "text": "read"}); code != http.StatusNotFound || !strings.Contains(body, "C-2031-99") {
		t.Errorf("a note in no case: %d %s", code, body)
	}
	alerts, err := s.app.store.Alerts(t.Context(), truce.AlertQuery{Role: truce.RoleCommission})
	if err != nil || len(alerts) == 0 {
		t.Fatal(err, len(alerts))
	}
	path := "/api/v1/alerts/" + alerts[0].ID.String() + "/acknowledgements"
	if code, body := s.post(h, "chair", path, map[string]any{"kind": "read"}); code != http.StatusOK {
		t.Errorf("an answer of the chair: %d %s", code, body)
	}
}

// post sends JSON as a person; without one, as a stranger.
func (s *roomStage) post(h http.Handler, by truce.PersonID, path string, body any) (int, string) {
	s.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(text))
	req.Header.Set("Content-Type", "application/json")
	if by != "" {
		req.Header.Set("Authorization", "Bearer "+string(s.tokens[by]))
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	said, err := io.ReadAll(w.Body)
	if err != nil {
		s.Fatal(err)
	}
	return w.Code, string(said)
}
