package app

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/app/locating"
)

// decider is a mission in which an analyst decides of arrivals.
type decider struct {
	program
	app   *App
	desk  *guarantee.Desk
	token guarantee.Token
}

func newDecider(t testing.TB) decider {
	t.Helper()
	p := program{dir: filepath.Join(t.TempDir(), "mission"), now: storyTime}
	a := emptyMission(t, p.dir, "") // of an exercise, where one person gives out tokens
	d := decider{p, a, a.guaranteeDesk(), ""}
	d.desk.Random = &sameBytes{n: 1 << 32}
	var err error
	d.token, _, err = d.desk.Enrol(t.Context(), truce.Person{ID: "an-1", Role: truce.RoleMechanism, Office: truce.OfficeAnalyst, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d decider) read(t *testing.T, files ...string) {
	t.Helper()
	for i, text := range files {
		name := d.write(t, fmt.Sprintf("part-%d.csv", i), text)
		d.good(t, "import", name)
	}
}

func (d decider) assess(t *testing.T) []truce.Event {
	t.Helper()
	if _, err := d.app.Assess(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d.located(t)
}

// keptTo says what is wrong with events under the decisions in force, "" for nothing.
func keptTo(events []truce.Event, inForce []truce.ArrivalDecision) string {
	has := func(e truce.Event, ids []truce.ID) (n int) {
		for _, s := range e.Support {
			if slices.Contains(ids, s.Observation) {
				n++
			}
		}
		return n
	}
	for _, d := range inForce {
		holders := 0
		for _, e := range events {
			n, others := has(e, d.Arrivals), has(e, d.Others)
			switch {
			case d.Verdict == truce.ArrivalsExcluded && n > 0:
				return fmt.Sprintf("event %s has %d excluded arrivals of %s", e.ID, n, d.ID)
			case d.Verdict == truce.ArrivalsApart && n > 0 && others > 0:
				return fmt.Sprintf("event %s has both sides of %s", e.ID, d.ID)
			case d.Verdict == truce.ArrivalsTogether && n > 0 && n < len(d.Arrivals):
				return fmt.Sprintf("event %s has %d of the %d arrivals of %s", e.ID, n, len(d.Arrivals), d.ID)
			}
			if n > 0 {
				holders++
			}
		}
		if d.Verdict == truce.ArrivalsTogether && holders > 1 {
			return fmt.Sprintf("%d events have arrivals of %s", holders, d.ID)
		}
	}
	return ""
}

// randomDecision is one about the arrivals of located events: some of one excluded, some of one
// apart from the rest, or most of one together with an arrival of another near in time.
func randomDecision(r *rand.Rand, events []truce.Event) truce.ArrivalDecision {
	e := events[r.IntN(len(events))]
	ids := observationsOf(e)
	r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	d := truce.ArrivalDecision{Reason: "by the camera"}
	switch n := 1 + r.IntN(len(ids)/2); r.IntN(3) {
	case 0:
		d.Verdict, d.Arrivals = truce.ArrivalsExcluded, ids[:n]
	case 1:
		d.Verdict, d.Arrivals, d.Others = truce.ArrivalsApart, ids[:n], ids[n:]
	default:
		d.Verdict, d.Arrivals = truce.ArrivalsTogether, ids[:n+1]
	}
	for _, list := range [][]truce.ID{d.Arrivals, d.Others} {
		slices.SortFunc(list, func(a, b truce.ID) int { return slices.Compare(a[:], b[:]) })
	}
	return d
}

// TestADecisionIsNeverUndone by what comes in later, and the same records give the same events
// when all is read and assessed anew.
func TestADecisionIsNeverUndone(t *testing.T) {
	f := newField(t, "A60/0.3")
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 6))
		part := make([]int, len(f.rows))
		for i := range part {
			part[i] = r.IntN(3)
		}
		d := newDecider(t)
		d.read(t, f.sensors)
		for step := range 3 {
			d.read(t, f.table(func(i int) bool { return part[i] == step }))
			events := d.assess(t)
			for range 4 {
				// What does not fit those before is refused, as the command does.
				_, _, err := d.desk.DecideArrivals(t.Context(), d.token, randomDecision(r, events))
				if err != nil && truce.CodeOf(err) != truce.CodeConflict {
					t.Fatal(err)
				}
			}
			all, err := d.desk.ArrivalDecisions(t.Context(), "")
			if err != nil || len(all) == 0 {
				t.Fatalf("%d decisions, %v", len(all), err)
			}
			if wrong := keptTo(d.assess(t), locating.InForce(all)); wrong != "" {
				t.Fatalf("seed %d, step %d: %s", seed, step, wrong)
			}
			if step == 1 { // and one is lifted
				lift := truce.ArrivalDecision{Verdict: truce.ArrivalsLifted, Lifts: locating.InForce(all)[0].ID, Reason: "seen again"}
				if _, _, err := d.desk.DecideArrivals(t.Context(), d.token, lift); err != nil {
					t.Fatal(err)
				}
			}
		}
		last := d.assess(t)
		d.forgetHearing(t)
		if sum, err := d.app.Assess(t.Context()); err != nil || sum.NewEvents != 0 {
			t.Errorf("seed %d: assessed anew from the same records, %d events differ, %v", seed, sum.NewEvents, err)
		}
		if again := d.located(t); len(again) != len(last) {
			t.Errorf("seed %d: %d events, then %d", seed, len(last), len(again))
		}
	}
}

// forgetHearing lets everything be located anew.
func (d decider) forgetHearing(t testing.TB) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(d.dir, heardFolder)); err != nil {
		t.Fatal(err)
	}
}

// TestTheDeskTellsWhoDecided what of an incident's arrivals and why, also of an arrival that is
// no longer among them.
func TestTheDeskTellsWhoDecided(t *testing.T) {
	f := newField(t, "A60/0.3")
	d := newDecider(t)
	d.read(t, f.sensors, f.table(all))
	events := d.assess(t)
	out := observationsOf(events[3])[:1] // the one that opened it: another event takes its place
	rows := d.incidents(t)
	number := rows[slices.IndexFunc(rows, func(r truce.IncidentRow) bool { return slices.Contains(r.Incident.Events, events[3].ID) })].Incident.Number
	made, _, err := d.desk.DecideArrivals(t.Context(), d.token, truce.ArrivalDecision{Verdict: truce.ArrivalsExcluded, Arrivals: out, Reason: "a door, by the <sound>"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.app.Assess(t.Context()); err != nil {
		t.Fatal(err)
	}
	desk, err := d.app.deskHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	named, err := d.app.store.ObservationsByID(t.Context(), out)
	if err != nil || len(named) != 1 {
		t.Fatalf("%v, %v", named, err)
	}
	pages := 0
	for _, row := range d.incidents(t) {
		body := get(desk, "/incidents/"+row.Incident.Number).body
		if !strings.Contains(body, "What people decided of these arrivals") {
			continue
		}
		pages++
		mustHold(t, body, made.ID.String(), "an-1", "1 arrival of no event", "a door, by the &lt;sound&gt;",
			"<b>"+string(named[0].Sensor)+"</b>", ">"+named[0].Phenomenon.From.Time().Format("15:04:05.000")+"</time>", "arrival "+out[0].String())
		if row.Incident.Number != number || strings.Contains(body, `id">`+out[0].String()) {
			t.Errorf("the page of %s tells of it, want that of %s", row.Incident.Number, number)
		}
	}
	if pages != 1 {
		t.Errorf("%d pages tell of it", pages)
	}
	if _, _, err := d.desk.DecideArrivals(t.Context(), d.token, truce.ArrivalDecision{Verdict: truce.ArrivalsLifted, Lifts: made.ID, Reason: "another door"}); err != nil {
		t.Fatal(err)
	}
	d.assess(t)
	mustHold(t, get(desk, "/incidents/"+number).body, "lifted by an-1: another door", out[0].String())
}

// TestArrivalsAreNamedByTheirSendersNames: a name is enough where it stands for one arrival.
func TestArrivalsAreNamedByTheirSendersNames(t *testing.T) {
	d := newDecider(t)
	const rows = arrivalsHeader + "a,s1,%[1]sT00:00:23Z,acoustic,,,,\n\"b, c\",s2,%[1]sT00:00:24Z,acoustic,,,,\n%[2]s,s3,%[1]sT00:00:25Z,P,,,,\n"
	d.read(t, fmt.Sprintf(rows, "2031-03-03", "x"), fmt.Sprintf(rows, "2031-03-02", "y"))
	named := func(day truce.Day, names ...string) ([]truce.Observation, error) {
		return d.app.namedArrivals(t.Context(), "", day, names)
	}
	got, err := named("2031-03-02", "a", "y", "b, c")
	if err != nil || got[0].Sensor != "s1" || got[1].Arrival.Phase != truce.PhaseP || got[2].Sensor != "s2" || got[2].Phenomenon.From.Day() != "2031-03-02" {
		t.Fatalf("%+v, %v", got, err)
	}
	if same, err := named("", got[2].ID.String(), "x"); err != nil || same[0].ID != got[2].ID || same[1].Phenomenon.From.Day() != "2031-03-03" {
		t.Errorf("%+v, %v", same, err)
	}
	for _, test := range []struct {
		day  truce.Day
		name string
		want string
	}{
		{"", "a", "stands for 2 arrivals: " + got[0].ID.String()}, {"", "z", `no arrival "z"`}, {"2031-03-05", "a", "no arrival"},
		{"yesterday", "a", "--day"}, {"", truce.ID{1}.String(), "no arrival"},
	} {
		if _, err := named(test.day, test.name); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s on %q: %v, want %q", test.name, test.day, err, test.want)
		}
	}
	if _, err := d.app.namedArrivals(t.Context(), "north", "", []string{got[0].ID.String()}); err == nil || !strings.Contains(err.Error(), `no arrival of network "north"`) {
		t.Errorf("of another network: %v", err)
	}
	if err := ofOneEvent(got); err == nil || !strings.Contains(err.Error(), "located apart") {
		t.Errorf("sound and P of one event: %v", err)
	}
	both, err := named("", got[0].ID.String(), got[2].ID.String())
	if err != nil || ofOneEvent(both) != nil {
		t.Errorf("%v, %v", err, ofOneEvent(both))
	}
	far := slices.Clone(both)
	far[1].Phenomenon.From += windowTail
	if err := ofOneEvent(far); err == nil || !strings.Contains(err.Error(), "more than an hour") {
		t.Errorf("an hour apart: %v", err)
	}
}
