package app

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// flown is a flight of a test: legs between places, kilometres east and north of the middle of
// the invented land, at a speed.
type flown struct {
	at    truce.Instant
	legs  [][2]float64
	speed float64 // m/s
	hover time.Duration
	said  []truce.Identity
	own   bool // its own telemetry comes in, once a second
	lost  [2]time.Duration
	gone  [2]time.Duration
	class string
}

var middle = geo.Point{Lat: -47.9, Lon: -21.6}

// place is where it is after a time, false after its end.
func (f flown) place(after time.Duration) (geo.Point, bool) {
	left := after.Seconds()
	at := func(v [2]float64) geo.Point {
		p, _ := geo.Direct(middle, geo.Degrees(math.Mod(math.Atan2(v[0], v[1])*180/math.Pi+360, 360)), geo.Metres(1000*math.Hypot(v[0], v[1])))
		return p
	}
	for i := 0; i+1 < len(f.legs); i++ {
		a, b := f.legs[i], f.legs[i+1]
		lasts := 1000 * math.Hypot(b[0]-a[0], b[1]-a[1]) / f.speed
		if left <= lasts {
			s := left / lasts
			return at([2]float64{a[0] + s*(b[0]-a[0]), a[1] + s*(b[1]-a[1])}), true
		}
		if left -= lasts; left <= f.hover.Seconds() {
			return at(b), true
		}
		left -= f.hover.Seconds()
	}
	return geo.Point{}, false
}

// sky is what a radar and receivers saw of flights: plots in order of time.
func sky(seed uint64, flights ...flown) []truce.Observation {
	r := rand.New(rand.NewPCG(seed, 7))
	var out []truce.Observation
	for n, f := range flights {
		for step := time.Duration(0); ; step += time.Second {
			at, flies := f.place(step)
			if !flies {
				break
			}
			if step%(4*time.Second) == 0 && r.Float64() < .9 {
				out = append(out, plotOf(r, "asterix", "RADAR-1", f.at.Add(step), at, 40, truce.Plot{Means: truce.MeansPrimary}))
			}
			if len(f.said) > 0 && !f.own && step%(2*time.Second) == 0 {
				out = append(out, plotOf(r, "remoteid", "", f.at.Add(step+time.Duration(n)*time.Millisecond), at, 5,
					truce.Plot{Means: truce.MeansSelf, Class: f.class, Identities: f.said, Altitude: &truce.Altitude{Metres: 120, Datum: truce.DatumGround}}))
			}
			if f.own && (step < f.gone[0] || step >= f.gone[1]) {
				fix := &truce.Fix{Kind: truce.FixThree, Satellites: 14}
				if step >= f.lost[0] && step < f.lost[1] {
					fix = &truce.Fix{Kind: truce.FixNone}
				}
				out = append(out, plotOf(r, "mavlink", "sys-2", f.at.Add(step+500*time.Millisecond), at, 4, truce.Plot{Means: truce.MeansSelf, Class: "uav", Identities: f.said, Fix: fix}))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b truce.Observation) int { return int(a.Phenomenon.From - b.Phenomenon.From) })
	return out
}

func plotOf(r *rand.Rand, source truce.SourceID, sensor truce.SensorID, at truce.Instant, place geo.Point, sigma float64, p truce.Plot) truce.Observation {
	off, _ := geo.Direct(place, geo.Degrees(360*r.Float64()), geo.Metres(sigma*math.Sqrt(2)*math.Sqrt(-math.Log(1-r.Float64()))))
	return truce.Observation{
		ID: truce.NewID(at, "plot", string(source), []byte(fmt.Sprint(sensor, at, off))), Kind: truce.KindPlot, Source: source, Sensor: sensor,
		Phenomenon: truce.Moment(at, 0), Place: &geo.Position{Point: off, Error: geo.Isotropic(geo.Metres(sigma))}, Plot: &p,
	}
}

var (
	ownIdentity  = truce.Identity{Scheme: "sysid", Value: "2"}
	flightFamily = map[truce.SourceID]truce.Family{"asterix": truce.FamilyRadar, "remoteid": truce.FamilyTransponder, "mavlink": truce.FamilyDrone}
	ownAircraft  = []aircraft{{sensor: "UAV-2", identities: []truce.Identity{ownIdentity}}}
)

func noonOn(day int) truce.Instant {
	return truce.InstantOf(time.Date(2031, 3, day, 12, 0, 0, 0, time.UTC))
}

// watchedBy gives what plots tell under the illustrative agreement with a monitors' window of
// the buffer zone on the 12th from 11:50 to 12:50.
func watchedBy(t *testing.T, plots []truce.Observation) followed {
	t.Helper()
	return watchedUnder(t, illustrativeChart(t), plots)
}

func watchedUnder(t *testing.T, c *chart, plots []truce.Observation) followed {
	t.Helper()
	e := newEyes(flightFamily, ownAircraft)
	e.chart = func() (*chart, error) { return c, nil }
	for _, o := range plots {
		if err := e.see(o); err != nil {
			t.Fatal(err)
		}
	}
	out, err := e.close()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func illustrativeChart(t testing.TB) *chart {
	t.Helper()
	terms := illustrativeTerms(t)
	terms.Windows = append(terms.Windows, ownWindow())
	c, err := newChart(terms, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// over is a quadcopter that comes to hover over the contact line near the middle and goes home.
func over(day int) flown {
	return flown{at: noonOn(day), legs: [][2]float64{{-2, -2}, {-5, -1}, {-2, -2}}, speed: 14, hover: 3 * time.Minute}
}

// TestFlightsBecomeEvents: one event each, where they were deepest in the buffer zone, with the
// plots that show it; what stays outside of all zones is none.
func TestFlightsBecomeEvents(t *testing.T) {
	far := flown{at: noonOn(11).Add(time.Hour), legs: [][2]float64{{30, 30}, {33, 33}}, speed: 15}
	drone := over(11)
	drone.said, drone.class = []truce.Identity{{Scheme: "serial", Value: "X1"}}, "uav"
	plots := sky(1, drone, far)
	out := watchedBy(t, plots)
	if len(out.events) != 1 {
		t.Fatalf("%d events of one flight over the zone and one far away", len(out.events))
	}
	e := out.events[0]
	if e.Kind != "recon_uav" || e.Score < .6 || len(e.Labels) > 0 || e.Detail == nil || e.Detail.Altitude == nil || e.Detail.Altitude.High < 120 {
		t.Errorf("%+v", e)
	}
	c := illustrativeChart(t).on(noonOn(11))
	if !c.surelyIn("Z-BUFFER", e.Position) {
		t.Errorf("the event at %v is not surely in the zone that the flight was in", e.Position)
	}
	byID := map[truce.ID]truce.Observation{}
	for _, o := range plots {
		byID[o.ID] = o
	}
	families := map[truce.Family]bool{}
	for _, s := range e.Support {
		if o, found := byID[s.Observation]; !found || o.Source != s.Source || o.Phenomenon.From > e.Origin.To+int64ToInstant(20*time.Minute) {
			t.Errorf("support %+v is of no plot of the flight", s)
		}
		families[s.Family] = true
	}
	if e.Support[0].Family != truce.FamilyRadar || !families[truce.FamilyTransponder] || len(e.Support) > maxFlightSupport || len(e.Support) < 40 {
		t.Errorf("%d plots of %v, the first of %s", len(e.Support), families, e.Support[0].Family)
	}
	if again := watchedBy(t, plots); !reflect.DeepEqual(again, out) {
		t.Error("the same plots tell something else the second time")
	}
}

// TestWhatIsToldOftenIsNoSurer: a receiver of satellites errs for minutes, so a place that only
// it tells keeps its whole error however often it is told; a radar beside it takes it off.
func TestWhatIsToldOftenIsNoSurer(t *testing.T) {
	drone := over(11)
	drone.said, drone.class = []truce.Identity{{Scheme: "serial", Value: "X1"}}, "uav"
	plots := sky(1, drone)
	told := slices.DeleteFunc(slices.Clone(plots), func(o truce.Observation) bool { return o.Source == "asterix" })
	for _, c := range []struct {
		what        string
		plots       []truce.Observation
		least, most float64
	}{{"told alone", told, 5, 12}, {"told and measured", plots, .5, 4.9}} {
		out := watchedBy(t, c.plots)
		if len(out.events) != 1 {
			t.Fatalf("%s: %d events of one flight", c.what, len(out.events))
		}
		if minor := float64(out.events[0].Position.Error.Ellipse().Minor); minor < c.least || minor > c.most {
			t.Errorf("%s: the place has an error of %.1f m, want %g to %g", c.what, minor, c.least, c.most)
		}
	}
}

func int64ToInstant(d time.Duration) truce.Instant { return truce.Instant(d / time.Microsecond) }

// TestWhoseAFlightIs: identity, place and time make it the mission's own; an identity that
// anyone can copy does not.
func TestWhoseAFlightIs(t *testing.T) {
	for _, row := range []struct {
		name  string
		day   int
		said  truce.Identity
		label truce.Label
	}{
		{"planned, with its identity", 12, ownIdentity, truce.LabelOwnFlight},
		{"its identity, on a day without a plan", 11, ownIdentity, truce.LabelIdentityInDoubt},
		{"another's identity, where it was planned", 12, truce.Identity{Scheme: "serial", Value: "X"}, ""},
		{"no identity, where it was planned", 12, truce.Identity{}, ""},
	} {
		f := over(row.day)
		f.class = "uav"
		if row.said.Value != "" {
			f.said = []truce.Identity{row.said}
		}
		out := watchedBy(t, sky(2, f))
		if len(out.events) != 1 {
			t.Errorf("%s: %d events", row.name, len(out.events))
			continue
		}
		if got := out.events[0].Labels; row.label == "" && len(got) > 0 || row.label != "" && !slices.Contains(got, row.label) {
			t.Errorf("%s: labels %v, want %q", row.name, got, row.label)
		}
	}
}

// TestJammingOfOwnFlights: an event with an area along the path, and a stretch in which the
// aircraft saw nothing; another's broadcast with the same name tells nothing of its link.
func TestJammingOfOwnFlights(t *testing.T) {
	f := over(12)
	f.said, f.own, f.hover = []truce.Identity{ownIdentity}, true, 15*time.Minute
	f.lost = [2]time.Duration{3 * time.Minute, 11 * time.Minute}
	out := watchedBy(t, sky(3, f))
	i := slices.IndexFunc(out.events, func(e truce.Event) bool { return e.Kind == truce.ActJamGNSS })
	if i < 0 || len(out.signs) != 1 || len(out.events) != 2 {
		t.Fatalf("%+v, %+v", out.events, out.signs)
	}
	e, s := out.events[i], out.signs[0]
	if from := e.Origin.From.Sub(f.at); from < 2*time.Minute || from > 4*time.Minute {
		t.Errorf("jammed from %s on", from)
	}
	if s.Sensor != "UAV-2" || s.State != truce.HealthDown || s.To.Sub(s.From) < 8*time.Minute || s.From%signStep != 0 || s.To%signStep != 0 {
		t.Errorf("%+v", s)
	}
	at, _ := f.place(7 * time.Minute)
	if d := geo.Distance(e.Position.Point, at); d > 1500 || e.Support[0].Family != truce.FamilyDrone {
		t.Errorf("%v is %.0f m from where it was jammed", e.Position, float64(d))
	}
	calm := f
	calm.lost = [2]time.Duration{}
	if out := watchedBy(t, sky(3, calm)); len(out.signs) > 0 || len(out.events) != 1 {
		t.Errorf("an undisturbed flight: %+v", out.signs)
	}
	silent := calm
	silent.gone = [2]time.Duration{4 * time.Minute, 8 * time.Minute}
	if out := watchedBy(t, sky(3, silent)); len(out.signs) != 1 || out.signs[0].Reason != "link lost on its flight" {
		t.Errorf("a lost link: %+v", out.signs)
	}
	if out := watchedBy(t, sky(3, unplanned(silent))); len(out.signs) != 0 {
		t.Errorf("silence without a plan: %+v", out.signs)
	}
	broadcast := f
	broadcast.own = false
	if out := watchedBy(t, sky(3, broadcast)); len(out.signs) != 0 {
		t.Errorf("a broadcast: %+v", out.signs)
	}
}

func unplanned(f flown) flown {
	f.at = noonOn(11)
	return f
}
