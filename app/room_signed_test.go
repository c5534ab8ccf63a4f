package app

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// signedDeed is a deed signed away from the server.
func (s *roomStage) signedDeed(by truce.PersonID, d truce.Deed) truce.Deed {
	s.Helper()
	p := s.person(by)
	row, err := s.app.store.Case(s.Context(), "C-2031-1")
	if err != nil {
		s.Fatal(err)
	}
	d.Case, d.Person, d.Office = row.ID, p.ID, p.Office
	if d.After == 0 {
		d.After = row.Steps
	}
	if d.At == 0 {
		d.At = s.served.Now()
	}
	key, err := s.tokens[by].Key()
	if err != nil {
		s.Fatal(err)
	}
	signing, err := truce.Sign(by, key, truce.DeedTag, d.Unsigned())
	if err != nil {
		s.Fatal(err)
	}
	d.Signature = &signing
	return d
}

// TestDeedsSignedElsewhere: the signature is the permission; what it does not stand under,
// what is old, what was done already and what the office may not do is refused.
func TestDeedsSignedElsewhere(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.play()
	h := s.handler(s.served)
	good := s.signedDeed("watch-lead", truce.Deed{Kind: truce.DeedNote, Text: "signed at home"})
	other := good
	other.Text = "something else"
	stolen := good
	stolen.Person = "duty-head"
	office := s.signedDeed("a-liaison", truce.Deed{Kind: truce.DeedNote, Text: "not mine to write"})
	old := s.signedDeed("watch-lead", truce.Deed{Kind: truce.DeedNote, Text: "old", At: s.served.Now().Add(-25 * time.Hour)})
	ahead := s.signedDeed("watch-lead", truce.Deed{Kind: truce.DeedNote, Text: "ahead", At: s.served.Now().Add(time.Hour)})
	bare := good
	bare.Signature = nil
	for _, c := range []struct {
		name string
		deed truce.Deed
		code int
	}{
		{"changed", other, http.StatusUnauthorized}, {"in another's name", stolen, http.StatusUnauthorized}, {"without signature", bare, http.StatusUnauthorized},
		{"of another office", office, http.StatusForbidden}, {"old", old, http.StatusBadRequest}, {"ahead", ahead, http.StatusBadRequest},
		{"good", good, http.StatusOK}, {"twice", good, http.StatusConflict},
	} {
		if code, body := s.post(h, "", "/api/v1/deeds", c.deed); code != c.code {
			t.Errorf("%s: %d, want %d: %s", c.name, code, c.code, body)
		}
	}
	steps := s.steps("C-2031-1", truce.StepNoted)
	if len(steps) != 1 || steps[0].Deed.Signature.Sig != good.Signature.Sig || steps[0].Text != "signed at home" {
		t.Fatalf("%d notes: %+v", len(steps), steps)
	}
}

// TestAnswersSignedElsewhere is the same for acknowledgements.
func TestAnswersSignedElsewhere(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.play()
	h := s.handler(s.served)
	p := s.person("bre-duty")
	rows, err := s.app.store.Alerts(t.Context(), truce.AlertQuery{Role: p.Role, State: p.State, Unanswered: true, Released: s.served.Now()})
	if err != nil || len(rows) == 0 {
		t.Fatalf("%v: nothing waits for %s", err, p.ID)
	}
	ack := truce.Acknowledgement{Alert: rows[0].ID, Case: rows[0].Case, Kind: truce.AckReceived, Person: p.ID, Office: p.Office, Role: p.Role, State: p.State, At: s.served.Now(), Text: "by hand"}
	sign := func(a truce.Acknowledgement) truce.Acknowledgement {
		key, err := s.tokens[p.ID].Key()
		if err != nil {
			t.Fatal(err)
		}
		signing, err := truce.Sign(p.ID, key, truce.AckTag, a.Unsigned())
		if err != nil {
			t.Fatal(err)
		}
		a.Signature = &signing
		return a
	}
	good := sign(ack)
	changed := good
	changed.Kind = truce.AckPosition
	foreign := ack
	foreign.State = "AVE"
	early := ack
	early.At = rows[0].Release - 1
	for _, c := range []struct {
		name string
		ack  truce.Acknowledgement
		code int
	}{
		{"changed", changed, http.StatusUnauthorized}, {"for another state", sign(foreign), http.StatusBadRequest}, {"before the release", sign(early), http.StatusBadRequest},
		{"good", good, http.StatusOK}, {"twice", good, http.StatusConflict},
	} {
		code, body := s.post(h, "", "/api/v1/acknowledgements", c.ack)
		if code != c.code {
			t.Errorf("%s: %d, want %d: %s", c.name, code, c.code, body)
		}
		if code != http.StatusOK && !strings.Contains(body, "urn:truce:error:") {
			t.Errorf("%s: no problem of ours: %s", c.name, body)
		}
	}
	file, err := s.served.Alert(t.Context(), p, rows[0].ID)
	if err != nil || file.Line.Answered == nil || file.Line.Answered.Kind != truce.AckReceived || file.Line.Waits {
		text, _ := json.Marshal(file.Line)
		t.Errorf("%v: the answer is not shown: %s", err, text)
	}
}

// TestFeedKeysReadAndNothingElse: a feed's key opens the feed, ends with the token and is
// no token.
func TestFeedKeysReadAndNothingElse(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	p := s.person("ave-duty")
	key := s.served.FeedKey(p)
	if got, err := s.served.FeedOf(t.Context(), key); err != nil || got.ID != p.ID {
		t.Fatalf("%v %s", err, got.ID)
	}
	if _, err := s.served.Who(t.Context(), key); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("the key of a feed signs in: %v", err)
	}
	for _, bad := range []string{"", "ave-duty", "ave-duty.", key[:len(key)-1], "bre-duty" + key[len("ave-duty"):], "nobody" + key[len("ave-duty"):]} {
		if _, err := s.served.FeedOf(t.Context(), bad); truce.CodeOf(err) != truce.CodeUnauthenticated {
			t.Errorf("%q opens a feed: %v", bad, err)
		}
	}
	s.tokens[p.ID] = s.enrol(p)
	if _, err := s.served.FeedOf(t.Context(), key); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("the key outlives the token: %v", err)
	}
	if _, err := s.desk.Withdraw(t.Context(), s.tokens["lead"], p.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.served.FeedOf(t.Context(), s.served.FeedKey(s.person(p.ID))); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("a withdrawn person's feed opens: %v", err)
	}
}
