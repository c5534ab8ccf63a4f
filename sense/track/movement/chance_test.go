package movement

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// TestLinesAgreeWithSampling draws paths out of the track's covariance at random and counts
// those that end on the other side of a line that they meet at any angle.
func TestLinesAgreeWithSampling(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 3))
	plane := geo.NewPlane(home)
	for range 10 {
		turn := 2 * math.Pi * rng.Float64()
		sin, cos := math.Sincos(turn)
		off := 120 * (rng.Float64() - .5)
		line, err := geo.NewLine("border", []geo.Point{spot(off*cos-6000*sin, off*sin+6000*cos), spot(off*cos+6000*sin, off*sin-6000*cos)})
		if err != nil {
			t.Fatal(err)
		}
		sigma := 20 + 60*rng.Float64()
		u, w := 12*(rng.Float64()-.2)*cos, 12*(rng.Float64()-.2)*sin
		tr := straight(1, -600*cos, -600*sin, u, w, sigma, 7)
		last := tr.States[6]
		east, north := plane.To(last.At)
		home, n := line.SideOf(tr.States[0].At), 0
		const all = 4000
		for range all {
			at := plane.From(east+geo.Metres(sigma*rng.NormFloat64()), north+geo.Metres(sigma*rng.NormFloat64()))
			if s := line.SideOf(at); s != home && s != geo.On {
				n++
			}
		}
		got, err := Crossings(tr, line, "border", Config{})
		if err != nil {
			t.Fatal(err)
		}
		chance := 0.0
		for _, c := range got {
			chance += c.Chance
		}
		if want := float64(n) / all; want > .03 || chance > .05 {
			near(t, "chance of trial", chance, want, .035)
		}
	}
}

// TestMoreStatesChangeNothing: a straight flight told every ten seconds and every second has
// the same visits.
func TestMoreStatesChangeNothing(t *testing.T) {
	coarse := straight(1, -900, -30, 20, 1, 60, 10)
	var fine track.Track
	for i := range 91 {
		s := coarse.States[0]
		s.Time += truce.Instant(i) * 1_000_000
		s.At = spot(-900+20*float64(i), -30+float64(i))
		fine.States = append(fine.States, s)
	}
	z := box(t, -200, 0, 300, 400)
	a, b := visits(t, coarse, z), visits(t, fine, z)
	if len(a) != 1 || len(b) != 1 {
		t.Fatalf("%d and %d visits", len(a), len(b))
	}
	near(t, "chance", a[0].Chance, b[0].Chance, .01)
	near(t, "entry", seconds(a[0].Entry), seconds(b[0].Entry), .2)
	near(t, "exit", seconds(a[0].Exit), seconds(b[0].Exit), .2)
}

// TestPlaceAndTimeOfDayDoNotMatter: the same flight elsewhere and later has the same visits,
// as far as the shape of the Earth lets it.
func TestPlaceAndTimeOfDayDoNotMatter(t *testing.T) {
	tr, z := straight(1, -900, -20, 20, 0, 50, 10), box(t, -200, 0, 300, 400)
	want := visits(t, tr, z)
	later := track.Track{Number: 1}
	for _, s := range tr.States {
		s.Time += 86_400_000_000
		later.States = append(later.States, s)
	}
	got := visits(t, later, z)
	if len(got) != 1 || len(want) != 1 || got[0].Chance != want[0].Chance || got[0].Entry.From-want[0].Entry.From != 86_400_000_000 {
		t.Errorf("%+v a day later, %+v", got, want)
	}
	if again := visits(t, tr, z); !reflect.DeepEqual(again, want) {
		t.Errorf("%+v the second time, %+v the first", again, want)
	}
}

// TestChancesGrowWithTheZone, and those of a zone that holds another are no smaller.
func TestChancesGrowWithTheZone(t *testing.T) {
	tr := straight(1, -900, -120, 20, 0, 60, 10)
	last := 0.0
	for _, top := range []float64{0, 30, 60, 90, 150, 300} {
		got := visits(t, tr, box(t, -200, -top, 300, 400))
		chance := 0.0
		if len(got) == 1 {
			chance = got[0].Chance
		}
		if chance < last || len(got) > 1 {
			t.Errorf("%d visits of %g after %g", len(got), chance, last)
		}
		last = chance
	}
	if last < .99 {
		t.Errorf("the last zone is entered with %g", last)
	}
}

// TestStaysAgreeWithSampling: the chance that all places lie in the circle that is told,
// against errors drawn at random that last as long as the stay.
func TestStaysAgreeWithSampling(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	rule := LoiterRule{Radius: 400, Least: 200_000_000}
	for range 12 {
		sigma := 40 + 160*rng.Float64()
		tr := straight(1, 0, 0, 0, 0, sigma, 40)
		for i := range tr.States {
			turn := float64(i) * (.2 + .4*rng.Float64())
			tr.States[i].At = spot(220*math.Sin(turn), 220*math.Cos(turn))
		}
		got, err := Loiters(tr, rule, Config{})
		if err != nil || len(got) != 1 {
			t.Fatalf("%v, %+v, want one stay", err, got)
		}
		plane := geo.NewPlane(got[0].At)
		const all = 3000
		n := 0
		for range all {
			e, w := sigma*rng.NormFloat64(), sigma*rng.NormFloat64()
			inside := true
			for _, s := range tr.States {
				if s.Time < got[0].From || s.Time > got[0].To {
					continue
				}
				x, y := plane.To(s.At)
				inside = inside && math.Hypot(float64(x)+e, float64(y)+w) <= 400
			}
			if inside {
				n++
			}
		}
		near(t, "chance", got[0].Chance, float64(n)/all, .035)
	}
}

// TestPairsAgreeWithSampling: the chance that two that fly side by side are within the
// distance, against errors of both drawn at random.
func TestPairsAgreeWithSampling(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 9))
	rule := FormationRule{Distance: 300, SpeedMps: 5, Least: 60_000_000}
	for range 12 {
		beside, s1, s2 := 250*rng.Float64(), 30+100*rng.Float64(), 30+100*rng.Float64()
		const all = 4000
		n := 0
		for range all {
			if math.Hypot(beside+s1*rng.NormFloat64()-s2*rng.NormFloat64(), s1*rng.NormFloat64()-s2*rng.NormFloat64()) <= 300 {
				n++
			}
		}
		got, err := Together(straight(1, 0, 0, 20, 0, s1, 20), straight(2, 0, beside, 20, 0, s2, 20), rule, Config{})
		if err != nil {
			t.Fatal(err)
		}
		if want := float64(n) / all; want > .53 || len(got) > 0 {
			if len(got) != 1 {
				t.Fatalf("%g m beside, sigma %g and %g: %+v, want one with %g", beside, s1, s2, got, want)
			}
			near(t, "chance", got[0].Chance, want, .035)
		}
	}
}

// TestHonestSensorsSeldomDisagree: places of GNSS and of others that differ by their errors
// alone are taken for spoofed once in a thousand, as told, and hardly more.
func TestHonestSensorsSeldomDisagree(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 13))
	const all = 20_000
	spoofed := 0
	for range all {
		a := geo.Position{Point: spot(40*rng.NormFloat64(), 15*rng.NormFloat64()), Error: geo.Covariance{EE: 1600, NN: 225}}
		b := geo.Position{Point: spot(30*rng.NormFloat64(), 30*rng.NormFloat64()), Error: geo.Isotropic(30)}
		if disagree(a, b) {
			spoofed++
		}
	}
	if share := float64(spoofed) / all; share > .002 || share < .0003 {
		t.Errorf("%.5f of honest pairs are taken for spoofed, want about 0.001", share)
	}
}

// TestHonestFlightsAreHardlyEverClones: sightings of one object that flies at its greatest
// speed, with errors, are taken for two objects in fewer than one of a hundred.
func TestHonestFlightsAreHardlyEverClones(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 13))
	const all, fastest = 5000, 60.0
	cloned := 0
	for range all {
		s := 1 + 30*rng.Float64()
		a := Sighting{Time: begin, At: spot(25*rng.NormFloat64(), 25*rng.NormFloat64()), Sigma: 25}
		b := Sighting{Time: begin + truce.Instant(s*1e6), At: spot(fastest*s+25*rng.NormFloat64(), 25*rng.NormFloat64()), Sigma: 25}
		if yes, _ := Cloned(a, b, fastest); yes {
			cloned++
		}
	}
	if share := float64(cloned) / all; share > .01 {
		t.Errorf("%.4f of honest flights at their greatest speed are taken for two objects", share)
	}
	far := Sighting{Time: begin + 1_000_000, At: spot(fastest+1000, 0), Sigma: 25}
	if yes, needs := Cloned(Sighting{Time: begin, At: home, Sigma: 25}, far, fastest); !yes || needs < 900 {
		t.Errorf("a kilometre too far: %t, %g m/s", yes, needs)
	}
}

// TestEveryTroubleIsInOneStretch: of random flights each troubled message lies in exactly one
// stretch of its kind, none lies in one that is not, and stretches come in order.
func TestEveryTroubleIsInOneStretch(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 13))
	for range 50 {
		flight := patrol(200)
		want := make([]Trouble, len(flight))
		for i := 0; i < len(flight); i++ {
			length := 1 + rng.IntN(30)
			kind := []Trouble{"", "", TroubleJam, TroubleSpoof}[rng.IntN(4)]
			for j := i; j < min(i+length, len(flight)); j++ {
				want[j] = kind
				switch kind {
				case TroubleJam:
					flight[j].Fix = &truce.Fix{Kind: truce.FixNone}
				case TroubleSpoof:
					flight[j].Fix = &truce.Fix{Kind: truce.FixThree, Spoofing: true}
				}
			}
			i += length
		}
		got, err := Interferences(flight, usual)
		if err != nil {
			t.Fatal(err)
		}
		found := make([]Trouble, len(flight))
		for n, g := range got {
			if n > 0 && g.From <= got[n-1].To {
				t.Fatalf("%+v before %+v", got[n-1], g)
			}
			for i := range flight {
				if flight[i].Time >= g.From && flight[i].Time <= g.To {
					found[i] = g.Kind
				}
			}
		}
		if !reflect.DeepEqual(found, want) {
			t.Fatalf("%v, want %v", found, want)
		}
	}
}

// TestRecognitionFollowsTheShareOnPlan: the more of its path is on the plan, the likelier it
// is the flight, whatever it says.
func TestRecognitionFollowsTheShareOnPlan(t *testing.T) {
	f := Flight{ID: "patrol", Identities: []truce.Identity{{Scheme: "serial", Value: "M"}}, Corridor: box(t, -500, -500, 2000, 500).Area}
	for _, said := range [][]truce.Identity{nil, f.Identities, {{Scheme: "serial", Value: "X"}}} {
		last := 0.0
		for _, from := range []float64{4000, 1900, 1500, 800, 0} {
			m, err := Recognise(straight(1, from, 0, 15, 0, 20, 12), said, f, Config{})
			if err != nil {
				t.Fatal(err)
			}
			if c := float64(m.Chance); c < last || c <= 0 || c >= 1 {
				t.Errorf("said %v, from %g m: %g after %g", said, from, c, last)
			} else {
				last = c
			}
		}
	}
}
