package app

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/webhook"
)

// brought keeps what every channel would bring to each person: the mail and its subject, the
// signed message as JSON and as CAP. Pages, feed and paper are walked elsewhere.
type brought struct {
	stage *roomStage
	mu    sync.Mutex
	to    map[truce.PersonID]map[string]string // guarded by mu
}

func (b *brought) Send(_ context.Context, m alert.Message) alert.Result {
	event, _, err := webhook.JSON(m)
	if err != nil {
		return alert.Refused(err.Error())
	}
	document, err := b.stage.app.alertAsCAP(context.Background(), m.Alert)
	if err != nil {
		return alert.Refused(err.Error())
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.to[m.Person] == nil {
		b.to[m.Person] = map[string]string{}
	}
	for name, text := range map[string]string{"mail": m.Headline + "\n" + m.Body, "JSON": string(event), "CAP": string(document)} {
		b.to[m.Person][name+" of "+m.Alert.String()] = text
	}
	return alert.Sent("")
}

// forgetful takes every record and keeps none.
type forgetful struct{}

func (forgetful) Append(context.Context, alert.Entry) (bool, error) { return true, nil }

func (s *roomStage) bringAll(inside func(truce.Role) bool) *brought {
	s.Helper()
	out := &brought{stage: s, to: map[truce.PersonID]map[string]string{}}
	courier, err := alert.New(alert.Config{Recorder: forgetful{}, Clock: realClock{s.clock.Now}, Channels: map[truce.ChannelKind]alert.Channel{truce.ChannelConsole: out}, Inside: inside})
	if err != nil {
		s.Fatal(err)
	}
	rows, err := s.app.store.Alerts(s.Context(), truce.AlertQuery{Released: s.served.Now()})
	if err != nil {
		s.Fatal(err)
	}
	for _, row := range rows {
		if row.Kind == truce.AlertHeld {
			continue
		}
		if _, err := courier.Serve(s.Context(), alert.Box{Alert: row.Alert}); err != nil {
			s.Fatal(err)
		}
	}
	return out
}

// TestNoChannelBringsWhatTheMatrixDenies holds what goes out to the same markers as the
// pages: a party reads nothing of the inside of a case in its mail, and both read the same.
func TestNoChannelBringsWhatTheMatrixDenies(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	markers := s.plant()
	out := s.bringAll(access.Inside)
	for id, messages := range out.to {
		for _, leak := range leaks(s.person(id), messages, markers) {
			t.Error(leak)
		}
	}
	a, b := out.to["a-liaison"], out.to["b-liaison"]
	if len(a) < 6 || len(a) != len(b) {
		t.Fatalf("the parties were brought %d and %d messages", len(a), len(b))
	}
	for name, text := range a {
		if b[name] != text {
			t.Errorf("%s: A reads\n%s\nand B\n%s", name, text, b[name])
		}
		for _, never := range []string{"(A)", "(B)", "Because:", "with a hit", "Clocks running"} {
			if strings.Contains(text, never) {
				t.Errorf("%s: the parties read %q:\n%s", name, never, text)
			}
		}
	}
	reasons := slices.ContainsFunc(values(out.to["ave-duty"]), func(text string) bool { return strings.Contains(text, "Because:") })
	if !reasons {
		t.Error("a guarantor reads no reasons")
	}
	// The control: with the words of the inside for everybody the same test finds leaks.
	all := s.bringAll(func(truce.Role) bool { return true })
	if len(leaks(s.person("a-liaison"), all.to["a-liaison"], markers)) == 0 {
		t.Error("the markers are found in no message with the words of the inside")
	}
}

func values(m map[string]string) []string {
	var out []string
	for _, v := range m {
		out = append(out, v)
	}
	return out
}
