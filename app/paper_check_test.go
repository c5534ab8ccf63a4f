package app

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// printed is the code on the form of an alert, with what its square holds.
func (s *roomStage) printed(by truce.PersonID, id truce.AlertID) string {
	s.Helper()
	doc, err := s.served.Paper(s.Context(), s.person(by), id)
	if err != nil {
		s.Fatal(err)
	}
	code := codeShown.FindString(string(doc.Body))
	if code == "" {
		s.Fatalf("no code on the form: %s", doc.Body)
	}
	return code
}

// checks runs the command in a program of its own, as after a restart.
func (s *roomStage) checks(dir string, args ...string) (string, int) {
	s.Helper()
	var out, errs bytes.Buffer
	code := MainAt(s.clock.Now, append([]string{"--dir", dir, "alerts", "check"}, args...), strings.NewReader(""), &out, &errs)
	return out.String() + errs.String(), code
}

// TestAPrintedFormIsKnownAfterARestart: the code once followed from a key that every start
// made anew, and nothing could check it.
func TestAPrintedFormIsKnownAfterARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "room")
	s := newRoomStage(t, dir)
	s.play()
	rows, err := s.app.store.Alerts(t.Context(), truce.AlertQuery{Role: truce.RoleGuarantor, Released: s.served.Now()})
	if err != nil || len(rows) < 2 {
		t.Fatalf("%d alerts, %v", len(rows), err)
	}
	id, other := rows[len(rows)-1].ID, rows[0].ID
	code := s.printed("ave-duty", id)
	if again := s.printed("ave-duty", id); again != code {
		t.Errorf("printed twice: %s and %s", code, again)
	}
	if s.printed("bre-duty", id) == code || s.printed("ave-duty", other) == code {
		t.Error("the code of another person or alert is the same")
	}
	if err := s.app.Close(); err != nil {
		t.Fatal(err)
	}
	square := "https://room.example/paper/" + id.String() + "/" + code
	for _, args := range [][]string{{code}, {strings.ToLower(code), id.String()}, {square}} {
		said, exit := s.checks(dir, args...)
		if exit != 0 || !strings.Contains(said, "genuine: a form of alert "+id.String()+" for ave-duty") || !strings.Contains(said, "state: ") || !strings.Contains(said, "case C-2031-1") {
			t.Errorf("%v: %d %s", args, exit, said)
		}
	}
	early := func() time.Time { return s.clock.Now().AddDate(-5, 0, 0) } // the machine's clock, years before that of the exercise
	var out, errs bytes.Buffer
	if exit := MainAt(early, []string{"--dir", dir, "alerts", "check", code}, strings.NewReader(""), &out, &errs); exit != 0 || !strings.Contains(out.String(), "genuine: ") {
		t.Errorf("on the machine's clock a genuine form is denied: %d %s%s", exit, out.String(), errs.String())
	}
	forged := "0" + code[1:]
	if forged == code {
		forged = "1" + code[1:]
	}
	for _, args := range [][]string{{forged}, {forged, id.String()}, {code, other.String()}, {strings.Replace(square, code, forged, 1)}} {
		if said, exit := s.checks(dir, args...); exit != 1 || !strings.Contains(said, "no form has this code") {
			t.Errorf("%v: %d %s", args, exit, said)
		}
	}
	if said, exit := s.checks(dir, "7H2K"); exit != 1 || !strings.Contains(said, "write the twelve signs") {
		t.Errorf("half a code: %d %s", exit, said)
	}
}
