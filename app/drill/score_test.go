package drill

import (
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

var opened = truce.InstantOf(time.Date(2031, 3, 11, 14, 0, 0, 0, time.UTC))

// judged is a judge over a few moments of a small drill.
func judged(t *testing.T) judge {
	t.Helper()
	d := parsed(t, "x.drill", head+"at +0m incident E1 indirect_fire -47.91,-21.62\nexpect tier T1\n")
	ave, _ := d.post("ave")
	a, _ := d.post("a")
	b, _ := d.post("b")
	e1 := truce.NewID(opened, "incident", "x", []byte("E1"))
	at := func(minutes int) truce.Instant { return opened.Add(time.Duration(minutes) * time.Minute) }
	return judge{drill: &d, incidents: map[string]truce.ID{"E1": e1}, moments: []Moment{
		{At: at(2), Kind: KindTier, What: "entered", ID: "L0", Case: "C-2031-1", of: []truce.ID{e1}},
		{At: at(9), Kind: KindTier, What: "entered", ID: "L0", Case: "C-2031-2"},
		{At: at(3), Kind: KindAlert, What: "alert", ID: "T1", all: []truce.Person{a, b, ave}},
		{At: at(5), Kind: KindAnswer, What: "received_by_authority", ID: "T1", For: "AVE", From: at(3), group: ave},
		{At: at(20), Found: at(60), Kind: KindClock, What: "missed", ID: "receipt", For: "A", From: at(10), New: at(20)},
		{At: at(30), Kind: KindDelivery, What: "failed", ID: "email", group: ave},
		{At: at(40), Kind: KindT0, What: "moved", ID: "event", From: at(0), New: at(-5)},
		{At: at(50), Kind: KindSilence, What: "recorded", For: "AVE", group: ave},
	}}
}

// Each row: an expectation, whether it is met, and what is said instead when it is not.
func TestExpectationsAreHeldAgainstMoments(t *testing.T) {
	j := judged(t)
	for _, c := range []struct{ text, instead string }{
		{"tier L0 at +2m", ""},
		{"tier L0 at +9m", ""},
		{"tier L0 at +9m of E1", "instead at +0h02m00s"},
		{"tier L0 at +2m in C-2031-2", "instead at +0h09m00s"},
		{"tier L0 by +1m", "instead at +0h02m00s and at +0h09m00s"},
		{"tier L0 by +1h", ""},
		{"tier L0 proposed", "never; there was entered at +0h02m00s, entered at +0h09m00s"},
		{"tier T3", "never"},
		{"no tier T3", ""},
		{"no tier L0 until +1m", ""},
		{"no tier L0 until +2m", "it did at +0h02m00s"},
		{"alert T1 to AVE at +3m", ""},
		{"alert L0 to AVE at +3m", "never"},
		{"alert T1 update to A", "never; there was alert at +0h03m00s"},
		{"alert T1 to chair", "never"},
		{"ave answered read by +5m", ""},
		{"AVE answered position_taken by +5m", "never; there was received_by_authority at +0h05m00s"},
		{"AVE silent at +50m", ""},
		{"no silence of AVE", "it did at +0h50m00s"},
		{"clock receipt of A missed at +20m", ""},
		{"clock receipt of A missed at +20m found +1h", ""},
		{"clock receipt of A missed at +20m found +2h", "instead at +0h20m00s, found +1h00m00s"},
		{"clock receipt of B missed", "never"},
		{"clock receipt of A met", "never; there was missed at +0h20m00s, found +1h00m00s"},
		{"clock receipt missed due +20m", ""},
		{"clock receipt missed due +21m", "never; there was missed at +0h20m00s, found +1h00m00s"},
		{"channel email to AVE failed at +30m", ""},
		{"channel webhook to AVE failed", "never"},
		{"T0 event from +0m to -5m at +40m", ""},
		{"T0 event to -6m", "never; there was moved at +0h40m00s"},
		{"no alert to one party alone", ""},
	} {
		d := parsed(t, "x.drill", head+"at +0m incident E1 indirect_fire -47.91,-21.62\nexpect "+c.text+"\n")
		got := j.mark(d.Expect[0])
		if got.Met != (c.instead == "") || got.Got != c.instead {
			t.Errorf("%s: met %v, %q; want %q", c.text, got.Met, got.Got, c.instead)
		}
	}
}

func TestOnePartyAloneIsSeen(t *testing.T) {
	j := judged(t)
	j.moments[2].all = j.moments[2].all[:1]
	if got := j.uneven(); !strings.HasPrefix(got, "one party alone at +0h03m00s") {
		t.Errorf("%q", got)
	}
	j.moments[2].all = nil
	if got := j.uneven(); got != "" {
		t.Errorf("an alert to no party: %q", got)
	}
}

func TestAGuarantorsScore(t *testing.T) {
	j := judged(t)
	j.moments = append(j.moments, Moment{At: opened, Kind: KindClock, What: "met", For: "AVE"}, Moment{At: opened, Kind: KindClock, What: "missed", For: "AVE"})
	got := j.states()
	want := StateScore{State: "AVE", Alerts: 1, After: 2 * time.Minute, Answers: 1, Silent: 1, Met: 1, Missed: 1}
	if len(got) != 1 || got[0] != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	j.moments = nil
	if got := j.states(); got[0].After != -1 {
		t.Errorf("who never answered answered after %s", got[0].After)
	}
	for want, d := range map[string]time.Duration{"2m": 2 * time.Minute, "1h": time.Hour, "1h0m5s": time.Hour + 5*time.Second, "10m": 10 * time.Minute, "0s": 0, "40s": 40 * time.Second} {
		if got := span(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
