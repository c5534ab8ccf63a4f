package app

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// playDrill plays an example in a directory of the test.
func playDrill(t *testing.T, name string) *App {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "drill")
	var out bytes.Buffer
	if code := MainAt(time.Now, []string{"drill", "run", name, "--dir", dir}, strings.NewReader(""), &out, &out); code != 0 {
		t.Fatalf("drill run %s: exit %d\n%s", name, code, out.String())
	}
	a, err := Open(t.Context(), dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// Every page over the store of a drill says EXERCISE, whoever serves it.
func TestDrillPagesAreMarked(t *testing.T) {
	a := playDrill(t, "both-parties")
	frame, err := (&deskReader{app: a}).Frame(t.Context())
	if err != nil || frame.Realm != "exercise:both-parties" || !frame.Exercise() {
		t.Fatalf("%v, frame %+v", err, frame)
	}
	desk, err := a.deskHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.newRoomDesk("")
	if err != nil {
		t.Fatal(err)
	}
	room, err := r.roomHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for path, h := range map[string]http.Handler{"/": desk, "/incidents": desk, "/terms": desk, "/sign-in": room} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<strong>EXERCISE</strong>") {
			t.Errorf("%s: status %d, no mark of an exercise", path, w.Code)
		}
	}
}

// A program that serves the store of a drill with real channels in its configuration is
// held by the same fence: the first contact is marked for drills, the second is not.
func TestDrillStoreServedWithRealChannelsIsFenced(t *testing.T) {
	a := playDrill(t, "both-parties")
	a.cfg.Alerts = AlertsConfig{Relay: "127.0.0.1:9", From: "Truce <alerts@mission.example>", Security: "none"}
	channels, err := a.alertChannels(realClock{a.now})
	if err != nil || channels[truce.ChannelEmail] == nil {
		t.Fatalf("%v: no mail among %v", err, channels)
	}
	m := alert.Message{Realm: a.store.Realm(), Headline: "EXERCISE", Contact: truce.Contact{Channel: truce.ChannelEmail, Address: "duty@ministry.example", Drill: true}}
	if got := channels[truce.ChannelEmail].Send(t.Context(), m); got.State != truce.DeliveryFailed || got.Permanent {
		t.Errorf("a contact marked for drills does not come as far as the relay: %+v", got)
	}
	m.Contact.Drill = false
	if got := channels[truce.ChannelEmail].Send(t.Context(), m); !got.Permanent || !strings.Contains(got.Note, "not marked for drills") {
		t.Errorf("a contact without the mark: %+v", got)
	}
}
