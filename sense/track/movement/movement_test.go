package movement

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/track"
)

var home = geo.Point{Lat: 48, Lon: 38}

const begin = truce.Instant(1_776_000_000_000_000)

// spot is a place east and north of home, metres.
func spot(east, north float64) geo.Point {
	plane := geo.NewPlane(home)
	return plane.From(geo.Metres(east), geo.Metres(north))
}

// straight is a track at constant velocity with a state each ten seconds.
func straight(number int, x, y, u, w, sigma float64, n int) track.Track {
	t := track.Track{Number: number}
	for i := range n {
		s := float64(i * 10)
		t.States = append(t.States, track.State{
			Time: begin + truce.Instant(i)*10_000_000, At: spot(x+u*s, y+w*s), Sigma: geo.Metres(sigma),
			SpeedMps: math.Hypot(u, w), Course: geo.Degrees(math.Mod(360+math.Atan2(u, w)*180/math.Pi, 360)),
			Altitude: 120, High: true, Existence: 1, Found: 1,
		})
	}
	return t
}

// box is a zone from corner to corner, metres from home.
func box(t *testing.T, x, y, x2, y2 float64) Zone {
	t.Helper()
	ring := geo.Ring{spot(x, y), spot(x2, y), spot(x2, y2), spot(x, y2), spot(x, y)}
	a, err := geo.NewArea("box", []geo.Polygon{{ring}})
	if err != nil {
		t.Fatal(err)
	}
	return Zone{ID: "box", Area: a}
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %.4f, want %.4f within %g", what, got, want, within)
	}
}

func seconds(at truce.PhenomenonTime) float64 { return at.From.Sub(begin).Seconds() }

func visits(t *testing.T, tr track.Track, z Zone) []Visit {
	t.Helper()
	out, err := Visits(tr, z, Config{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestStraightThroughAZone(t *testing.T) {
	// 20 m/s east through a box from 1000 to 2000 m: in at 50 s, out at 100 s, each within
	// sigma 40 m / 20 m/s = 2 s.
	got := visits(t, straight(1, 0, 0, 20, 0, 40, 16), box(t, 1000, -2000, 2000, 2000))
	if len(got) != 1 {
		t.Fatalf("%d visits, want 1: %+v", len(got), got)
	}
	v := got[0]
	near(t, "chance", v.Chance, 1, .001)
	near(t, "entry", seconds(v.Entry), 50, .2)
	near(t, "exit", seconds(v.Exit), 100, .2)
	near(t, "sigma of entry", float64(v.Entry.Sigma)/1e6, 2, .1)
	near(t, "sigma of exit", float64(v.Exit.Sigma)/1e6, 2, .1)
}

func TestGrazingIsOneVisitWithItsChance(t *testing.T) {
	for _, off := range []float64{-80, 0, 40} {
		tr := straight(1, 0, -off, 20, 0, 40, 11)
		// A weaving path along the boundary crosses it many times in its mean.
		for i := range tr.States {
			tr.States[i].At = spot(float64(i)*200, -off+5*float64(i%2))
		}
		got := visits(t, tr, box(t, -100, 0, 2100, 4000))
		if len(got) != 1 {
			t.Fatalf("offset %g: %d visits, want 1", off, len(got))
		}
		// The nearest of the weave is 5 m nearer; the bridge between states adds little.
		near(t, "chance", got[0].Chance, num.NormalCDF((5-off)/40), .03)
	}
	if got := visits(t, straight(1, 0, -400, 20, 0, 40, 11), box(t, -100, 0, 2100, 4000)); len(got) != 0 {
		t.Errorf("ten sigmas off: %+v, want no visit", got)
	}
}

func TestTwoPassesAreTwoVisits(t *testing.T) {
	tr := straight(1, -1500, 0, 20, 0, 20, 16)
	back := straight(1, 1500, 0, -20, 0, 20, 16)
	for i := range back.States {
		back.States[i].Time += 160_000_000
	}
	tr.States = append(tr.States, back.States...)
	got := visits(t, tr, box(t, -300, -900, 300, 900))
	if len(got) != 2 {
		t.Fatalf("%d visits, want 2: %+v", len(got), got)
	}
	near(t, "first entry", seconds(got[0].Entry), 60, .3)
	near(t, "second exit", seconds(got[1].Exit), 160+90, .3)
}

func TestBeginningInsideHasNoEntry(t *testing.T) {
	got := visits(t, straight(1, 1500, 0, 20, 0, 40, 16), box(t, 1000, -2000, 2000, 2000))
	if len(got) != 1 || got[0].Already != 1 || got[0].Entry != (truce.PhenomenonTime{}) || got[0].Still != 0 {
		t.Fatalf("%+v, want one visit without an entry", got)
	}
}

func TestAltitudeBand(t *testing.T) {
	z := box(t, 1000, -2000, 2000, 2000)
	z.Band = &Band{Floor: 0, Ceiling: 135}
	tr := straight(1, 0, 0, 20, 0, 40, 16)
	got := visits(t, tr, z)
	if len(got) != 1 || got[0].AltitudeUnknown {
		t.Fatalf("%+v, want one visit of known altitude", got)
	}
	near(t, "chance", got[0].Chance, num.NormalCDF(1), .01) // a ceiling 15 m above, sigma 15
	for i := range tr.States {
		tr.States[i].High = false
	}
	got = visits(t, tr, z)
	if len(got) != 1 || !got[0].AltitudeUnknown {
		t.Fatalf("%+v, want a visit of unknown altitude", got)
	}
	near(t, "upper bound", got[0].Chance, 1, .001)
}

func TestExistenceWeighs(t *testing.T) {
	tr := straight(1, 0, 0, 20, 0, 40, 16)
	for i := range tr.States {
		tr.States[i].Existence = .7
	}
	near(t, "chance", visits(t, tr, box(t, 1000, -2000, 2000, 2000))[0].Chance, .7, .001)
}

// TestChancesAgreeWithSampling draws paths out of the track's covariance at random, walks
// them a quarter of a second at a time and asks the area of each place.
func TestChancesAgreeWithSampling(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	for trial := range 8 {
		x, y := -1500+300*rng.Float64(), -400+800*rng.Float64()
		sigma := 20 + 100*rng.Float64()
		tr := straight(1, x, y, 15+10*rng.Float64(), 4*rng.Float64()-2, sigma, 14)
		z := box(t, -100-200*rng.Float64(), -250*rng.Float64(), 300*rng.Float64(), 60+200*rng.Float64())
		chance, entry, spread := sampled(&tr, z.Area, rng)
		got := visits(t, tr, z)
		if chance < .05 {
			if len(got) > 1 || len(got) == 1 && got[0].Chance > chance+.035 {
				t.Errorf("trial %d: %+v, want hardly any chance", trial, got)
			}
			continue
		}
		if len(got) != 1 {
			t.Fatalf("trial %d: %d visits, want 1 of %.3f", trial, len(got), chance)
		}
		near(t, "chance", got[0].Chance, chance, .035)
		near(t, "entry", seconds(got[0].Entry), entry, .15+.1*spread/math.Sqrt(chance))
		near(t, "sigma of entry", float64(got[0].Entry.Sigma)/1e6, spread, .15+.1*spread/math.Sqrt(chance))
	}
}

// sampled is the share of 2000 drawn paths inside, and mean and sigma of their entries.
func sampled(tr *track.Track, a *geo.Area, rng *rand.Rand) (chance, entry, spread float64) {
	var n, sum, sum2 float64
	u, w := velocity(&tr.States[0])
	plane := geo.NewPlane(tr.States[0].At)
	last := tr.States[len(tr.States)-1].Time.Sub(begin).Seconds()
	sigma := float64(tr.States[0].Sigma)
	for range 1500 {
		e, north := sigma*rng.NormFloat64(), sigma*rng.NormFloat64()
		for s := 0.0; s <= last; s += .25 {
			if a.Contains(plane.From(geo.Metres(e+u*s), geo.Metres(north+w*s))) {
				n, sum, sum2 = n+1, sum+s, sum2+s*s
				break
			}
		}
	}
	return n / 1500, sum / n, math.Sqrt(sum2/n - sum*sum/n/n)
}

func TestCrossingALine(t *testing.T) {
	line, err := geo.NewLine("contact", []geo.Point{spot(0, -3000), spot(0, 3000)})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Crossings(straight(4, -1000, 0, 20, 0, 30, 16), line, "contact", Config{})
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, %+v, want one crossing", err, got)
	}
	c := got[0]
	near(t, "chance", c.Chance, 1, .001)
	near(t, "over", seconds(c.Over), 50, .2)
	near(t, "sigma", float64(c.Over.Sigma)/1e6, 1.5, .1)
	if c.To != line.SideOf(spot(500, 0)) || c.Stayed != 1 || c.Back != (truce.PhenomenonTime{}) {
		t.Errorf("%+v: want to the east and to stay there", c)
	}
	around, err := Crossings(straight(4, -1000, 3500, 20, 0, 30, 16), line, "contact", Config{})
	if err != nil || len(around) != 0 {
		t.Errorf("around the end of the line: %v, %+v, want no crossing", err, around)
	}
	along, err := Crossings(straight(4, -30, -2000, 0, 20, 30, 20), line, "contact", Config{})
	if err != nil || len(along) != 1 {
		t.Fatalf("along the line: %v, %+v, want one crossing", err, along)
	}
	near(t, "along", along[0].Chance, num.NormalCDF(-1), .03)
}

func TestSenselessInputIsRefused(t *testing.T) {
	good, z := straight(1, 0, 0, 20, 0, 40, 4), box(t, 0, 0, 1, 1)
	stuck, lost := straight(1, 0, 0, 20, 0, 40, 4), straight(1, 0, 0, 20, 0, 40, 4)
	stuck.States[2].Time = stuck.States[1].Time
	lost.States[1].Sigma = geo.Metres(math.NaN())
	for _, c := range []struct {
		name string
		tr   track.Track
		z    Zone
		cfg  Config
	}{
		{"one state", track.Track{States: good.States[:1]}, z, Config{}},
		{"no time passes", stuck, z, Config{}},
		{"an error that is no number", lost, z, Config{}},
		{"no area", good, Zone{ID: "none"}, Config{}},
		{"a ceiling below the floor", good, Zone{ID: "low", Area: z.Area, Band: &Band{Floor: 2, Ceiling: 1}}, Config{}},
		{"a chance above 1", good, z, Config{Least: 2}},
		{"a negative time", good, z, Config{Apart: -1}},
		{"a negative error", good, z, Config{AltitudeSigma: -1}},
	} {
		if _, err := Visits(c.tr, c.z, c.cfg); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: error %v, want one that says what is invalid", c.name, err)
		}
	}
}
