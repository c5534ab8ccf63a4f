package drill

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/keep/store"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/alerttest"
	"github.com/trucewatch/truce/respond/alert/email"
)

// relay is a mail relay outside of the drill and the channel that talks to it.
func relay(t *testing.T) (*alerttest.Mailbox, alert.Channel) {
	t.Helper()
	box, err := alerttest.NewMailbox(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	var d net.Dialer
	c, err := email.New(email.Config{Relay: box.Address(), From: "Truce <alerts@mission.example>", Security: email.None, Dial: d.DialContext})
	if err != nil {
		t.Fatal(err)
	}
	return box, c
}

const outside = head + `
post bre office duty_officer state BRE email real@ministry.example
at +0m incident E1 indirect_fire -47.91,-21.62 ±150m casualties 2
at +1m wo signs L0
post wl office watch_lead
post an-1 office analyst
post an-2 office analyst
post lead office mechanism_lead
at +2m wl signs L1
at +3m an-1 signs L2
at +4m an-1 verifies E1
at +4m an-2 verifies E1
at +5m lead signs T1
at +5m chair signs T1
expect alert T1 to AVE at +5m02s
`

func TestDrillRefusesARealChannelThatIsNotListed(t *testing.T) {
	box, channel := relay(t)
	o := options(t)
	o.Exits = map[truce.ChannelKind]Exit{truce.ChannelEmail: {Channel: channel}}
	if _, err := Play(t.Context(), parsed(t, "x.drill", outside), o); truce.CodeOf(err) != truce.CodeForbidden || !strings.Contains(err.Error(), "not listed for drills") {
		t.Errorf("a real relay: %v", err)
	}
	if n := len(box.Mails()); n != 0 {
		t.Errorf("%d mails left the drill", n)
	}
}

// Over a relay that is listed, only contacts marked for drills are written to; a contact
// with the mark is, which shows that the way was open.
func TestDrillReachesOnlyContactsMarkedForDrills(t *testing.T) {
	box, channel := relay(t)
	o := options(t)
	o.Exits = map[truce.ChannelKind]Exit{truce.ChannelEmail: {Channel: channel, Drill: true}}
	r := play(t, parsed(t, "x.drill", outside), o)
	if !r.Passed() {
		t.Errorf("%+v", r.Marks)
	}
	to := map[string]int{}
	for _, m := range box.Mails() {
		to[m.To]++
		if !strings.Contains(m.Raw, "EXERCISE") {
			t.Errorf("a mail to %s without the mark", m.To)
		}
	}
	if to["real@ministry.example"] != 0 || to["ave@drill.example"] == 0 || len(to) != 1 {
		t.Errorf("mails to %v", to)
	}
}

// The fence is the second lock: it refuses even what is addressed past the first.
func TestDrillFenceRefusesWhatIsNotOfTheDrill(t *testing.T) {
	sent := 0
	f := fence{"exercise:x", counting{&sent}}
	m := alert.Message{Realm: "exercise:x", Contact: truce.Contact{Channel: truce.ChannelEmail, Address: "a@drill.example", Drill: true}}
	if got := f.Send(t.Context(), m); got.State != truce.DeliverySent || sent != 1 {
		t.Fatalf("the fence lets nothing through: %+v", got)
	}
	unlisted := m
	unlisted.Contact.Drill = false
	for name, realm := range map[string]truce.Realm{"real": truce.RealmReal, "another drill": "exercise:y"} {
		other := m
		other.Realm = realm
		if got := f.Send(t.Context(), other); got.State != truce.DeliveryFailed || !got.Permanent {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := f.Send(t.Context(), unlisted); got.State != truce.DeliveryFailed || !got.Permanent || sent != 1 {
		t.Errorf("a contact without the mark: %+v, %d sent", got, sent)
	}
	if got := (fence{truce.RealmReal, counting{&sent}}).Send(t.Context(), alert.Message{Realm: truce.RealmReal, Contact: m.Contact}); !got.Permanent || sent != 1 {
		t.Error("a fence around the real realm lets something through")
	}
}

type counting struct{ n *int }

func (c counting) Send(context.Context, alert.Message) alert.Result {
	*c.n++
	return alert.Sent("")
}

// A real store beside a drill: nothing of the drill appears in it, nothing of it moves, and
// a record of the drill is refused at its door.
func TestDrillLeavesARealStoreAlone(t *testing.T) {
	now := time.Date(2031, 3, 11, 14, 0, 0, 0, time.UTC)
	real, err := store.Create(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "truce.db"), truce.Inception{Realm: truce.RealmReal, Mission: "m", Store: "real"},
		store.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer real.Close()
	desk := &guarantee.Desk{Store: real, Now: func() time.Time { return now }, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)}
	files, terms := illustrative(t)
	d := example(t, "both-parties")
	post(t, real, truce.RecordAgreement, "agreement/x", "agreement/x/0", truce.AgreementText{ID: terms.ID, Version: terms.Version, Files: files})
	for _, p := range d.Posts {
		post(t, real, truce.RecordPerson, p.Subject(), p.Subject()+"/1", p)
	}
	breach(t, real, terms.ID, terms.Version, truce.InstantOf(now))
	if round, err := desk.Follow(t.Context()); err != nil || round.Opened != 1 {
		t.Fatalf("%v %+v", err, round)
	}
	before, hash, _ := real.Head(t.Context())
	wake, _ := real.NextWake(t.Context())
	o := options(t)
	play(t, d, o)
	if round, err := desk.Follow(t.Context()); err != nil || round.Steps+round.Opened+round.Alerts != 0 {
		t.Errorf("%v: the real cases moved: %+v", err, round)
	}
	after, same, _ := real.Head(t.Context())
	if next, _ := real.NextWake(t.Context()); after != before || same != hash || next != wake {
		t.Errorf("head %d and then %d, next wake %s and then %s", before, after, wake, next)
	}
	foreign(t, o, real)
}

// foreign offers the alerts of a drill to a real store.
func foreign(t *testing.T, o Options, real *store.Store) {
	t.Helper()
	s, err := o.Stores.Open(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	alerts, err := s.Alerts(t.Context(), truce.AlertQuery{})
	if err != nil || len(alerts) == 0 {
		t.Fatalf("%v: no alerts", err)
	}
	for _, a := range alerts {
		draft, err := truce.NewDraft(truce.RecordAlert, truce.AlertSubject(a.ID), truce.AlertSubject(a.ID), a.Alert)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := real.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}}); truce.CodeOf(err) != truce.CodeForbidden {
			t.Fatalf("an alert of a drill at the door of a real store: %v", err)
		}
	}
	draft, err := truce.NewDraft(truce.RecordInception, "", "inception/2", truce.Inception{Realm: "exercise:x", Mission: "m", Store: "s"})
	if err == nil {
		_, err = real.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}})
	}
	if err == nil {
		t.Error("a second inception was taken")
	}
}

func post(t *testing.T, s *store.Store, kind truce.RecordKind, subject, key string, body any) {
	t.Helper()
	draft, err := truce.NewDraft(kind, subject, key, body)
	if err == nil {
		_, err = s.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// breach records an incident with a finding.
func breach(t *testing.T, s *store.Store, agreement, version string, at truce.Instant) {
	t.Helper()
	i := truce.Incident{ID: truce.NewID(at, "incident", "real", []byte("1")), Revision: 1, Occurrence: truce.OccurrenceDetected, P: 0.9, Area: "centre",
		Acts: []truce.ActWeight{{Act: "indirect_fire", P: 0.95}}, Time: truce.Moment(at, 0)}
	post(t, s, truce.RecordIncident, "incident/"+i.ID.String(), "incident/"+i.ID.String()+"/1", i)
	post(t, s, truce.RecordEvaluation, "evaluation/"+i.ID.String(), "evaluation/"+i.ID.String()+"/0", truce.Evaluation{Incident: i.ID, Revision: 1, Agreement: agreement, Version: version,
		Findings: []truce.Finding{{Rule: "R01", Verdict: truce.VerdictHit, P: 0.9, Unit: truce.UnitEngagement, Count: 1, Severity: 3, Trace: []string{"t"}}}})
}
