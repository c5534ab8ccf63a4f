package engage_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sense/locate/engage"
	"github.com/trucewatch/truce/sim/arrivals"
)

var (
	midnight = truce.InstantOf(time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC))
	gun      = geo.Point{Lat: -47.9, Lon: -21.6}
)

// blast is an event some seconds after midnight, so far east and north of the gun.
func blast(seconds, east, north float64) locate.Event {
	plane := geo.NewPlane(gun)
	at := midnight + truce.Instant(seconds*1e6)
	return locate.Event{
		ID: truce.NewID(at, "event", locate.Method, fmt.Append(nil, seconds, east, north)), Time: at, TimeSigma: .08,
		At: plane.From(geo.Metres(east), geo.Metres(north)), Ellipse: geo.Ellipse{Major: 50, Minor: 30, Strike: 20}, Score: 60,
	}
}

func tie(t *testing.T, f engage.Field) engage.Result {
	t.Helper()
	r, err := engage.Tie(f, engage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestAMortarIsTied: fired north-east, down 3 km off 30 s later; a blast far away and one at
// an impossible time stay alone.
func TestAMortarIsTied(t *testing.T) {
	f := engage.Field{Events: []locate.Event{blast(100, 0, 0), blast(130, 2121, 2121), blast(112, 18_000, 9000), blast(131, 14_000, 0)}}
	r := tie(t, f)
	if len(r.Engagements) != 1 || r.Engagements[0].Muzzle != 0 || r.Engagements[0].Impact != 1 || len(r.Undetermined) != 2 {
		t.Fatalf("%+v", r)
	}
	e := r.Engagements[0]
	if e.Launch == nil || e.Launch.Point != f.Events[0].At || e.Target.Point != f.Events[1].At || e.Sector != nil {
		t.Errorf("from %v to %v", e.Launch, e.Target)
	}
	if math.Abs(float64(e.Direction)-45) > .1 || math.Abs(float64(e.Distance)-3000) > 2 || e.TimeOfFlight != 30 || e.Probability < .5 || e.Probability > 1 {
		t.Errorf("%+v", e)
	}
	// Across the line of fire both ellipses are 33 to 50 m, over 3 km.
	if e.DirectionSigma < .7 || e.DirectionSigma > 1.4 || e.DistanceSigma < 40 || e.DistanceSigma > 75 || math.Abs(e.TimeOfFlightSigma-.113) > .001 {
		t.Errorf("direction within %g, distance within %g, time within %g", e.DirectionSigma, e.DistanceSigma, e.TimeOfFlightSigma)
	}
	sum, mortars := 0.0, 0.0
	for _, w := range e.Classes {
		sum += w.P
		if strings.HasPrefix(w.Class.String(), "mortar") {
			mortars += w.P
		}
	}
	if math.Abs(sum-1) > 1e-9 || mortars < .8 || len(e.Classes) != 9 {
		t.Errorf("classes sum to %g, mortars %g: %v", sum, mortars, e.Classes)
	}
}

// TestShotsOfOneGunBackEachOther: five shots at uneven pauses; the pairs shifted by one would
// be possible for a mortar too, but not with one time of flight.
func TestShotsOfOneGunBackEachOther(t *testing.T) {
	var f engage.Field
	at := []float64{0, 6, 15, 19, 31}
	for _, s := range at {
		f.Events = append(f.Events, blast(1000+s, 10*math.Sin(s), 8*math.Cos(s)))
	}
	for _, s := range at {
		f.Events = append(f.Events, blast(1034+s, 2900+30*math.Sin(3*s), 800+30*math.Cos(5*s)))
	}
	f.Events = append(f.Events, blast(1064.5, 0, 0)) // a sixth shot, whose impact nobody heard
	r := tie(t, f)
	if len(r.Engagements) != 5 {
		t.Fatalf("%d engagements", len(r.Engagements))
	}
	for _, e := range r.Engagements {
		if e.Impact != e.Muzzle+5 || e.Fire != 0 || e.Salvo < .9 || e.Probability < .95 {
			t.Errorf("%d to %d, fire %d, salvo %.2f, p %.2f", e.Muzzle, e.Impact, e.Fire, e.Salvo, e.Probability)
		}
	}
	if len(r.Undetermined) != 1 || r.Undetermined[0].Event != 10 || r.Undetermined[0].Muzzle < .7 {
		t.Errorf("the sixth shot from the gun's own place: %+v", r.Undetermined)
	}
}

// TestATankShotIsToldFromAMortar by its time of flight, and by its shock wave.
func TestATankShotIsToldFromAMortar(t *testing.T) {
	f := engage.Field{Events: []locate.Event{blast(0, 0, 0), blast(3.3, 0, 2500)}}
	plane := geo.NewPlane(gun)
	// Two ears 300 m beside the path, 1200 and 1800 m on. At about 800 m/s the wave comes
	// at x/v + y cos(a)/c.
	for i, north := range []float64{1200, 1800} {
		f.Sensors = append(f.Sensors, locate.Sensor{ID: fmt.Sprint("s", i), At: plane.From(300, geo.Metres(north))})
		f.Arrivals = append(f.Arrivals, locate.Arrival{ID: fmt.Sprint("a", i), Sensor: i, Time: midnight + truce.Instant(1e6*(north/780+300*.9/340))})
	}
	shocked := tie(t, f)
	bare := tie(t, engage.Field{Events: f.Events})
	for name, r := range map[string]engage.Result{"with its shock wave": shocked, "without": bare} {
		if len(r.Engagements) != 1 {
			t.Fatalf("%s: %d engagements", name, len(r.Engagements))
		}
		for _, w := range r.Engagements[0].Classes {
			if mortar := strings.HasPrefix(w.Class.String(), "mortar"); mortar && w.P > .03 || w.Class == engage.TankGun && w.P < .4 {
				t.Errorf("%s: %v has %.3f", name, w.Class, w.P)
			}
		}
	}
	a, b := shocked.Engagements[0], bare.Engagements[0]
	if len(a.Shocks) != 2 || len(b.Shocks) != 0 || a.Score < b.Score+3 {
		t.Errorf("shocks %v, score %.1f; without %v, %.1f", a.Shocks, a.Score, b.Shocks, b.Score)
	}
	for _, s := range a.Shocks {
		if math.Abs(s.Residual) > .3 {
			t.Errorf("residual %g s", s.Residual)
		}
	}
}

// TestLaterEventsStayHidden: a blast after the bound is in no shot and has no role, and its
// arrivals, which come when the shock wave of an older shot is due, are still its own.
func TestLaterEventsStayHidden(t *testing.T) {
	f := engage.Field{Events: []locate.Event{blast(0, 0, 0), blast(3.3, 0, 2500), blast(4, 2300, 1500)}}
	plane := geo.NewPlane(gun)
	for i, north := range []float64{1200, 1800} {
		f.Sensors = append(f.Sensors, locate.Sensor{ID: fmt.Sprint("s", i), At: plane.From(1800, geo.Metres(north))})
		f.Arrivals = append(f.Arrivals, locate.Arrival{ID: fmt.Sprint("a", i), Sensor: i, Time: midnight + truce.Instant(1e6*(north/780+1800*.9/340))})
	}
	all := slices.Clone(f.Events)
	for _, c := range []struct {
		name          string
		used          []locate.Used
		until         float64 // s; 0: no bound
		shocks, roles int
	}{
		{"free arrivals are the shock wave", nil, 3.5, 2, 0},
		{"those of a later event are not", []locate.Used{{Arrival: 0}, {Arrival: 1}}, 3.5, 0, 0},
		{"at its own time an event is looked at", []locate.Used{{Arrival: 0}, {Arrival: 1}}, 4, 0, 1},
		{"without a bound all are", []locate.Used{{Arrival: 0}, {Arrival: 1}}, 0, 0, 1},
	} {
		f.Events = slices.Clone(all)
		f.Events[2].Used = c.used
		opt := engage.Options{}
		if c.until > 0 {
			opt.Until = midnight + truce.Instant(c.until*1e6)
		}
		r, err := engage.Tie(f, opt)
		if err != nil || len(r.Engagements) != 1 || r.Engagements[0].Impact != 1 {
			t.Fatalf("%s: %+v, %v", c.name, r, err)
		}
		if len(r.Engagements[0].Shocks) != c.shocks || len(r.Undetermined) != c.roles {
			t.Errorf("%s: %d shocks and %d roles, want %d and %d", c.name, len(r.Engagements[0].Shocks), len(r.Undetermined), c.shocks, c.roles)
		}
	}
	// Before its own impact a muzzle is alone.
	if r, err := engage.Tie(f, engage.Options{Until: midnight + 1_000_000}); err != nil || len(r.Engagements) != 0 || len(r.Undetermined) != 1 {
		t.Errorf("before the impact: %+v, %v", r, err)
	}
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	bad := blast(0, 0, 0)
	bad.Ellipse.Major = geo.Metres(math.NaN())
	lost := blast(0, 0, 0)
	lost.Used = []locate.Used{{Arrival: 3}}
	for _, c := range []struct {
		field engage.Field
		opt   engage.Options
		want  string
	}{
		{engage.Field{}, engage.Options{Speed: 3}, "speed of sound 3 m/s"},
		{engage.Field{Events: []locate.Event{bad}}, engage.Options{}, "must be finite"},
		{engage.Field{Events: []locate.Event{lost}}, engage.Options{}, "was not given"},
		{engage.Field{Arrivals: []locate.Arrival{{ID: "x", Sensor: 2}}}, engage.Options{}, "sensor 2 of 0"},
		{engage.Field{Events: make([]locate.Event, engage.MaxEvents+1)}, engage.Options{}, "at most 200000"},
	} {
		if _, err := engage.Tie(c.field, c.opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	if r := tie(t, engage.Field{}); len(r.Engagements)+len(r.Undetermined) != 0 {
		t.Errorf("nothing heard gives %+v", r)
	}
}

// told is a result by ids, to be compared whatever the order of events and arrivals.
func told(f engage.Field, r engage.Result) []string {
	var out []string
	for _, e := range r.Engagements {
		line := fmt.Sprint(e.ID, " ", f.Events[e.Impact].ID, " ", e.Target, e.Direction, e.DirectionSigma, e.TimeOfFlight, e.Classes, e.Salvo, e.Score, e.Probability, e.Fire)
		if e.Muzzle >= 0 {
			line += fmt.Sprint(" ", f.Events[e.Muzzle].ID, *e.Launch)
		}
		for _, s := range e.Shocks {
			line += fmt.Sprint(" ", f.Arrivals[s.Arrival].ID, s.Residual)
		}
		out = append(out, line)
	}
	for _, u := range r.Undetermined {
		out = append(out, fmt.Sprint(f.Events[u.Event].ID, u.Muzzle, u.Impact, u.Unknown))
	}
	return out
}

// shuffled is the same field in another order.
func shuffled(f engage.Field, seed uint64) engage.Field {
	dice := rand.New(rand.NewPCG(seed, seed))
	sensors, heard, events := dice.Perm(len(f.Sensors)), dice.Perm(len(f.Arrivals)), dice.Perm(len(f.Events))
	out := engage.Field{Sensors: make([]locate.Sensor, len(sensors)), Arrivals: make([]locate.Arrival, len(heard)), Events: make([]locate.Event, len(events))}
	for i, to := range sensors {
		out.Sensors[to] = f.Sensors[i]
	}
	for i, to := range heard {
		out.Arrivals[to] = f.Arrivals[i]
		out.Arrivals[to].Sensor = sensors[f.Arrivals[i].Sensor]
	}
	for i, to := range events {
		e := f.Events[i]
		e.Used = slices.Clone(e.Used)
		for j := range e.Used {
			e.Used[j].Arrival = heard[e.Used[j].Arrival]
		}
		out.Events[to] = e
	}
	return out
}

func TestOrderAndSilentSensorsChangeNothing(t *testing.T) {
	d := invent(t, arrivals.DuelConfig{Seed: 31, Fires: 14, Sensors: 300, Amplitudes: true})
	want := told(d.field, tie(t, d.field))
	if len(want) < 25 {
		t.Fatalf("%d lines", len(want))
	}
	mixed := shuffled(d.field, 9)
	if got := told(mixed, tie(t, mixed)); !slices.Equal(got, want) {
		t.Error("another order gives another result")
	}
	more := d.field
	more.Sensors = append(slices.Clone(more.Sensors), locate.Sensor{ID: "far", At: geo.Point{Lat: 10, Lon: 10}}, locate.Sensor{ID: "mute", At: gun})
	if got := told(more, tie(t, more)); !slices.Equal(got, want) {
		t.Error("silent sensors change the result")
	}
	// An unrelated event a day later adds itself and no more.
	more = d.field
	more.Events = append(slices.Clone(more.Events), blast(200_000, 0, 0))
	got := told(more, tie(t, more))
	if len(got) != len(want)+1 || !slices.Equal(got[:len(want)], want) {
		t.Error("an unrelated event changes the result")
	}
}

// TestNoEventIsInTwoShots, and every event in the air is in the result once.
func TestNoEventIsInTwoShots(t *testing.T) {
	d := invent(t, arrivals.DuelConfig{Seed: 32, Fires: 15})
	r := tie(t, d.field)
	seen := make([]int, len(d.field.Events))
	for _, e := range r.Engagements {
		for _, i := range []int{e.Muzzle, e.Impact} {
			if i >= 0 {
				seen[i]++
			}
		}
	}
	for _, u := range r.Undetermined {
		seen[u.Event]++
		if sum := u.Muzzle + u.Impact + u.Unknown; math.Abs(sum-1) > 1e-9 || min(u.Muzzle, u.Impact, u.Unknown) < 0 {
			t.Errorf("roles %+v", u)
		}
	}
	for i, n := range seen {
		if n != 1 {
			t.Errorf("event %d is in the result %d times", i, n)
		}
	}
}
