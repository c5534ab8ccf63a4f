package app

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert/capxml"
)

// capCall sends a CAP document as a person, or asks for one.
func (s *roomStage) capCall(h http.Handler, by truce.PersonID, method, path, body string) (int, string) {
	s.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/cap+xml")
	req.Header.Set("Authorization", "Bearer "+string(s.tokens[by]))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w.Code, w.Body.String()
}

// reply is an Ack to an alert as another program would make it of the alert's own document.
func (s *roomStage) reply(a capxml.Alert, by truce.PersonID, change func(*capxml.Alert)) string {
	s.Helper()
	out := capxml.Alert{
		Identifier: "R-1", Sender: string(by) + "." + a.Sender, Sent: a.Sent, Status: a.Status, MsgType: capxml.TypeAck, Scope: capxml.ScopePrivate,
		Addresses: []string{a.Sender}, Codes: []string{"truce:ack:received_by_authority"}, Note: "the ministry has it",
		References: []capxml.Reference{{Sender: a.Sender, Identifier: a.Identifier, Sent: a.Sent}},
	}
	if change != nil {
		change(&out)
	}
	text, err := capxml.Encode(out)
	if err != nil {
		s.Fatal(err)
	}
	return string(text)
}

func (s *roomStage) head() truce.Seq {
	s.Helper()
	seq, _, err := s.app.store.Head(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	return seq
}

// asked is the last alert of which an answer of a guarantor is asked, as its CAP document.
func (s *roomStage) asked(h http.Handler) capxml.Alert {
	s.Helper()
	rows, err := s.app.store.Alerts(s.Context(), truce.AlertQuery{State: "BRE", Role: truce.RoleGuarantor, Released: s.served.Now()})
	if err != nil || len(rows) == 0 {
		s.Fatal(err, len(rows))
	}
	for _, row := range rows {
		if row.Answer == nil {
			continue
		}
		code, body := s.capCall(h, "bre-duty", http.MethodGet, "/api/v1/alerts/"+row.ID.String()+"/cap", "")
		a, err := capxml.Decode([]byte(body))
		if code != http.StatusOK || err != nil {
			s.Fatal(code, err, body)
		}
		return a
	}
	s.Fatal("no alert asks for an answer")
	return capxml.Alert{}
}

// TestAnswersComeAndGoAsCAP: an Ack in is an answer on record, signed by who is signed in,
// once however often it comes; an answer on record goes out as an Ack that is read as one.
func TestAnswersComeAndGoAsCAP(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.play()
	h := s.handler(s.served)
	a := s.asked(h)
	const in = "/api/v1/acknowledgements/cap"
	code, body := s.capCall(h, "bre-duty", http.MethodPost, in, s.reply(a, "bre-duty", nil))
	if code != http.StatusOK || !strings.Contains(body, `"kind":"received_by_authority"`) || !strings.Contains(body, `"person":"bre-duty"`) || !strings.Contains(body, `"sig":`) {
		t.Fatalf("%d %s", code, body)
	}
	before := s.head()
	code, body = s.capCall(h, "bre-duty", http.MethodPost, in, s.reply(a, "bre-duty", nil))
	if code != http.StatusOK || !strings.Contains(body, `"known":true`) || s.head() != before {
		t.Errorf("the same message again: %d %s, %d new records", code, body, s.head()-before)
	}
	plain := s.reply(a, "bre-duty", nil)
	message := plain[strings.Index(plain, "<alert"):]
	wrapped := func(messages ...string) string {
		return `<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><contentObject><xmlContent><embeddedXMLContent>` +
			strings.Join(messages, "") + `</embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>`
	}
	if code, body = s.capCall(h, "bre-duty", http.MethodPost, in, wrapped(message)); code != http.StatusOK || !strings.Contains(body, `"known":true`) || s.head() != before {
		t.Errorf("the same message in an envelope: %d %s", code, body)
	}
	for says, document := range map[string]string{"holds 2 messages": wrapped(message, message), "the root is": wrapped()} {
		if code, body = s.capCall(h, "bre-duty", http.MethodPost, in, document); code < 400 || code >= 500 || !strings.Contains(body, says) || s.head() != before {
			t.Errorf("an envelope: %d %s, want it refused since it %q", code, body, says)
		}
	}
	path := "/api/v1/alerts/" + a.Identifier + "/acknowledgements/bre-duty/cap"
	code, document := s.capCall(h, "bre-duty", http.MethodGet, path, "")
	out, err := capxml.Decode([]byte(document))
	if code != http.StatusOK || err != nil || out.MsgType != capxml.TypeAck || out.References[0].Identifier != a.Identifier || out.Status != capxml.StatusExercise || out.Note != "the ministry has it" {
		t.Fatalf("%d %v %s", code, err, document)
	}
	code, body = s.capCall(h, "bre-duty", http.MethodPost, in, document)
	if code != http.StatusOK || !strings.Contains(body, `"known":true`) || s.head() != before {
		t.Errorf("our own document again: %d %s", code, body)
	}
	object := s.reply(a, "bre-duty", func(a *capxml.Alert) { a.Identifier, a.Codes, a.MsgType = "R-2", nil, capxml.TypeError })
	if code, body = s.capCall(h, "bre-duty", http.MethodPost, in, object); code != http.StatusOK || !strings.Contains(body, `"position":"object"`) {
		t.Errorf("an objection: %d %s", code, body)
	}
	if _, document = s.capCall(h, "lead", http.MethodGet, path, ""); !strings.Contains(document, "<msgType>Error</msgType>") {
		t.Errorf("the objection as CAP: %s", document)
	}
	for by, path := range map[truce.PersonID]string{"a-liaison": path, "ave-planner": path, "reader": "/api/v1/alerts/" + a.Identifier + "/cap", "chair": strings.Replace(path, "bre-duty", "ave-deputy", 1)} {
		if code, body := s.capCall(h, by, http.MethodGet, path, ""); code != http.StatusNotFound {
			t.Errorf("%s reads %s: %d %s", by, path, code, body)
		}
	}
}

// TestCAPAnswersThatAreNotTaken: nothing is recorded of them, and each says what is wrong.
func TestCAPAnswersThatAreNotTaken(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.play()
	h := s.handler(s.served)
	a := s.asked(h)
	before := s.head()
	refs := func(r ...capxml.Reference) func(*capxml.Alert) { return func(a *capxml.Alert) { a.References = r } }
	right := capxml.Reference{Sender: a.Sender, Identifier: a.Identifier, Sent: a.Sent}
	wrong := func(change func(*capxml.Reference)) capxml.Reference { r := right; change(&r); return r }
	for name, row := range map[string]struct {
		by     truce.PersonID
		change func(*capxml.Alert)
		status int
		want   string
	}{
		"in somebody else's name":       {"ave-duty", func(b *capxml.Alert) { b.Sender = "bre-duty." + a.Sender }, 400, "sender"},
		"of the real world":             {"bre-duty", func(b *capxml.Alert) { b.Status = capxml.StatusActual }, 400, "status Actual"},
		"to another mission":            {"bre-duty", refs(wrong(func(r *capxml.Reference) { r.Sender = "truce.other" })), 400, "references"},
		"to an alert of another second": {"bre-duty", refs(wrong(func(r *capxml.Reference) { r.Sent = r.Sent.Add(1e9) })), 400, "references: alert"},
		"to no alert of ours":           {"bre-duty", refs(wrong(func(r *capxml.Reference) { r.Identifier = "01J5ZK3Q8RM4T0V7W2X9Y6B1CD" })), 404, "references: there is no alert"},
		"to no alert at all":            {"bre-duty", refs(wrong(func(r *capxml.Reference) { r.Identifier = "x" })), 400, "no identifier"},
		"the first of two holds":        {"bre-duty", refs(right, wrong(func(r *capxml.Reference) { r.Identifier = "x" })), 400, "no identifier"},
		"before the alert":              {"bre-duty", func(b *capxml.Alert) { b.Sent = b.Sent.Add(-1e9) }, 400, "sent: lies before"},
		"by who does not see it":        {"ave-planner", nil, 404, "there is no alert"},
	} {
		code, body := s.capCall(h, row.by, http.MethodPost, "/api/v1/acknowledgements/cap", s.reply(a, row.by, row.change))
		if code != row.status || !strings.Contains(body, row.want) || s.head() != before {
			t.Errorf("%s: %d %s", name, code, body)
		}
	}
	if code, body := s.capCall(h, "bre-duty", http.MethodPost, "/api/v1/acknowledgements/cap", strings.Repeat("x", capxml.MaxDocument+1)); code < 400 || code >= 500 {
		t.Errorf("a long document: %d %.100s", code, body)
	}
	shared := os.Getenv("TRUCE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	files, err := filepath.Glob(filepath.Join(shared, "data", "cap", "*"))
	if err != nil || len(files) == 0 {
		t.Skipf("no shared data at %s", shared)
	}
	for _, file := range files { // among them attacks with outside entities
		document, err := os.ReadFile(file)
		if err != nil {
			continue // a folder
		}
		code, body := s.capCall(h, "bre-duty", http.MethodPost, "/api/v1/acknowledgements/cap", string(document))
		if code != http.StatusBadRequest || s.head() != before || strings.Contains(body, "root:") {
			t.Errorf("%s: %d %s", filepath.Base(file), code, body)
		}
	}
}
