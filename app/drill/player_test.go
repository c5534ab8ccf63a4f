package drill

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/alert/capxml"
)

var update = flag.Bool("update", false, "write the timelines of the example drills anew")

// The example drills, each with its whole timeline to the second in testdata.
func TestDrillsHaveTheirTimelineToTheSecond(t *testing.T) {
	for _, name := range []string{"guarantor-silent", "outage-24h", "channels-fail", "both-parties", "false-alarm"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := play(t, example(t, name), options(t))
			for _, m := range r.Marks {
				if !m.Met {
					t.Errorf("%s:%d: %s: %s", name, m.Line, m.Text, m.Got)
				}
			}
			golden, got := filepath.Join("testdata", name+".timeline"), plainLines(r)
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			sameLines(t, got, string(want))
		})
	}
}

// plainLines is every moment without its sentence, whose words may change.
func plainLines(r Result) string {
	var out strings.Builder
	for _, m := range r.Moments {
		fmt.Fprintf(&out, "%s %s %s", Offset(r.Start, m.At), m.Kind, m.What)
		for _, part := range []string{m.Case, m.ID, m.For, strings.Join(texts(m.To), " ")} {
			if part != "" {
				fmt.Fprintf(&out, " | %s", part)
			}
		}
		if m.Found != 0 {
			fmt.Fprintf(&out, " | found %s", Offset(r.Start, m.Found))
		}
		if m.New != 0 {
			fmt.Fprintf(&out, " | due or zero %s", Offset(r.Start, m.New))
		}
		out.WriteString("\n")
	}
	return out.String()
}

// sameLines shows the first lines that differ.
func sameLines(t *testing.T, got, want string) {
	t.Helper()
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		a, b := "", ""
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("line %d of %d:\n got %s\nwant %s", i+1, len(w), a, b)
			return
		}
	}
}

// A drill with the letters of the parties exchanged is the same drill.
func TestDrillIsTheSameForBothParties(t *testing.T) {
	letter := regexp.MustCompile(`(\bparty |\bside |\bto |\bof |\bfor |\()([AB])\b`)
	silent := regexp.MustCompile(`\b([AB])( silent)`)
	other := map[string]string{"A": "B", "B": "A"}
	swap := func(s string) string {
		s = letter.ReplaceAllStringFunc(s, func(m string) string { return m[:len(m)-1] + other[m[len(m)-1:]] })
		return silent.ReplaceAllStringFunc(s, func(m string) string { return other[m[:1]] + m[1:] })
	}
	d := example(t, "both-parties")
	exchanged := parsed(t, "both-parties.drill", swap(exampleText(t, "both-parties")))
	if post, _ := exchanged.post("liaison-one"); post.Party != "B" {
		t.Fatalf("the letters were not exchanged: %+v", post)
	}
	one, two := play(t, d, options(t)), play(t, exchanged, options(t))
	if !one.Passed() || !two.Passed() {
		t.Errorf("%d of %d and %d of %d expectations met", one.Met(), len(one.Marks), two.Met(), len(two.Marks))
	}
	a, b := map[string]int{}, map[string]int{}
	for _, l := range strings.Split(one.Timeline(), "\n") {
		a[l]++
	}
	for _, l := range strings.Split(swap(two.Timeline()), "\n") {
		b[l]++
	}
	for l := range a {
		if a[l] != b[l] {
			t.Errorf("%d times, %d with the letters exchanged: %s", a[l], b[l], l)
		}
	}
	if len(a) < 30 || len(a) != len(b) {
		t.Errorf("%d lines, %d with the letters exchanged", len(a), len(b))
	}
}

// Everything a drill leaves behind says that it was one.
func TestDrillMarksEveryRecordAndAlert(t *testing.T) {
	o := options(t)
	d := example(t, "both-parties")
	r := play(t, d, o)
	s, err := o.Stores.Open(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Realm() != "exercise:both-parties" || r.Realm != s.Realm() {
		t.Fatalf("realm %s", s.Realm())
	}
	alerts, err := s.Alerts(t.Context(), truce.AlertQuery{})
	if err != nil || len(alerts) < 10 {
		t.Fatalf("%v: %d alerts", err, len(alerts))
	}
	sent := map[truce.AlertID]truce.Instant{}
	for _, a := range alerts {
		sent[a.ID] = a.Release
	}
	for _, a := range alerts {
		if a.Realm != d.Realm() || !strings.HasPrefix(a.Headline.In("en"), "EXERCISE") || a.Headline.In("uk") == "" || strings.HasPrefix(a.Headline.In("uk"), "EXERCISE") {
			t.Errorf("%s: realm %s, headlines %v", a.ID, a.Realm, a.Headline)
		}
		cap, err := capxml.From(a.Alert, capxml.Config{Sender: "drill@drill.example", Sent: func(id truce.AlertID) (truce.Instant, bool) { at, ok := sent[id]; return at, ok }})
		if err != nil || cap.Status != capxml.StatusExercise {
			t.Errorf("%s as CAP: %v, status %s", a.ID, err, cap.Status)
		}
	}
	for _, m := range r.Sent {
		if !strings.Contains(m.Text, "EXERCISE") {
			t.Errorf("a message to %s does not say EXERCISE", m.To)
		}
	}
	if len(r.Sent) == 0 {
		t.Error("nothing was sent")
	}
}

// Two programs over one store do everything once.
func TestDrillWithReplicasIsTheSameAsWithOne(t *testing.T) {
	d := example(t, "guarantor-silent")
	one := play(t, d, options(t))
	d.Replicas = 2
	two := play(t, d, options(t))
	sameLines(t, two.Timeline(), one.Timeline())
	if one.Head != two.Head {
		t.Errorf("%d records, %d with two replicas", one.Head, two.Head)
	}
}

// What a post may not do is refused by the rules and shown, and fails unless it was expected.
func TestDrillShowsWhatTheRulesRefuse(t *testing.T) {
	text := head + `
at +0m incident E1 indirect_fire -47.91,-21.62 ±150m
at +1m chair signs L0
at +2m wo signs L0 refused
expect tier L0 at +2m
`
	r := play(t, parsed(t, "x.drill", text), options(t))
	if len(r.Marks) != 3 || r.Met() != 1 {
		t.Fatalf("%+v", r.Marks)
	}
	if m := r.Marks[0]; m.Met || !strings.Contains(m.Got, "refused: ") {
		t.Errorf("%+v", m)
	}
	if m := r.Marks[1]; m.Met || m.Got != "it was not refused" {
		t.Errorf("%+v", m)
	}
}

// head begins small drills.
const head = `drill "A test"
agreement illustrative
start 2031-03-11T14:00:00Z
post wo office watch_officer
post chair office chair
post a office liaison party A
post b office liaison party B
post ave office duty_officer state AVE email ave@drill.example drill
`

// A drill at the pace of a clock keeps it and comes to the same end.
func TestDrillKeepsThePaceOfAClock(t *testing.T) {
	text := head + `
speed 60x
at +0m incident E1 indirect_fire -47.91,-21.62 ±150m
at +2m wo signs L0
expect tier L0 at +2m
until +3m
`
	wall := &jumping{at: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	o := options(t)
	o.Wall = wall
	said := 0
	o.Log = func(string) { said++ }
	r := play(t, parsed(t, "x.drill", text), o)
	if gone := wall.at.Sub(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); gone != 3*time.Second {
		t.Errorf("three minutes at 60x took %s", gone)
	}
	if !r.Passed() || said != 2 {
		t.Errorf("%+v, %d lines told", r.Marks, said)
	}
}

// Other programs over the store run on the clock of a drill that keeps a pace: what they
// append at every time that they are shown is refused by no clock, theirs or the drill's.
func TestOthersAppendByTheClockOfTheDrill(t *testing.T) {
	d := parsed(t, "x.drill", head+"speed 600x\nat +0m incident E1 indirect_fire -47.91,-21.62 ±150m\nat +2m wo signs L0\nexpect tier L0 at +2m\nuntil +1h\n")
	o := options(t)
	o.Wall = &jumping{at: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	shown, hidden := []truce.Instant{}, false
	o.Show = func(at truce.Instant) error {
		if hidden || len(shown) > 0 && at < shown[len(shown)-1] {
			t.Errorf("shown %s after %v", at, shown)
		}
		shown = append(shown, at)
		other, err := o.Stores.Open(t.Context(), at.Time)
		if err != nil {
			return err
		}
		clerk := guarantee.Desk{Store: other, Now: at.Time}
		need := truce.Requirement{Capability: "uav", Names: truce.Names{"en": "drones"}, To: "mechanism", Unit: "pieces", Quantity: float64(len(shown))}
		if n, err := clerk.EnterRequirements(t.Context(), truce.Person{ID: "clerk", Role: truce.RoleMechanism, Office: truce.OfficeMechanismLead}, []truce.Requirement{need}); err != nil || n != 1 {
			t.Errorf("at %s another program records %d: %v", at, n, err)
		}
		return other.Close()
	}
	o.Hide = func() error { hidden = true; return nil }
	if r := play(t, d, o); !r.Passed() {
		t.Errorf("%+v", r.Marks)
	}
	if len(shown) < 7 || shown[0] != d.Start || shown[len(shown)-1] != d.Until || !hidden {
		t.Errorf("hidden %v, shown %v", hidden, shown)
	}
}

// jumping is a wall clock on which every timer fires at once, at its time.
type jumping struct{ at time.Time }

func (j *jumping) Now() time.Time { return j.at }

func (j *jumping) NewTimer(d time.Duration) truce.Timer {
	j.at = j.at.Add(d)
	c := make(chan time.Time, 1)
	c <- j.at
	return rung(c)
}

type rung chan time.Time

func (r rung) C() <-chan time.Time { return r }
func (rung) Stop() bool            { return false }

// The score is JSON that programs can read.
func TestDrillScoreAsJSON(t *testing.T) {
	r := play(t, parsed(t, "x.drill", head+"at +0m incident E1 indirect_fire -47.91,-21.62\nexpect tier L0 proposed at +0m\nexpect tier T1 by +1m\n"), options(t))
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Result
	if err := json.Unmarshal(data, &back); err != nil || back.Met() != 1 || len(back.Marks) != 2 || back.Realm != "exercise:x" {
		t.Errorf("%v %+v", err, back)
	}
	if got := back.Marks[1].Got; !strings.HasPrefix(got, "never") {
		t.Errorf("a tier that was never entered: %q", got)
	}
	var table strings.Builder
	if err := r.Write(&table); err != nil || !strings.Contains(table.String(), "1 of 2 expectations met") || !strings.Contains(table.String(), "MISSED") {
		t.Errorf("%v\n%s", err, table.String())
	}
	if fmt.Sprint(r.States) == "[]" {
		t.Error("no guarantors")
	}
}
