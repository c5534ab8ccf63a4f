package engage

import (
	"fmt"
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// TestStrangeRoundsSumToOne over all places and times that they may come down at.
func TestStrangeRoundsSumToOne(t *testing.T) {
	const steps = 4000
	sum, near, far := 0.0, 100.0, 26_000.0
	for i := range 60 {
		d := near + (far-near)*(float64(i)+.5)/60
		low, high := math.Log(d/2000), math.Log(d/10)
		for k := range steps {
			at := math.Exp(low + (high-low)*(float64(k)+.5)/steps)
			sum += strange(d, at) * 2 * math.Pi * d * (far - near) / 60 * at * (high - low) / steps
		}
	}
	if math.Abs(sum-1) > .02 {
		t.Errorf("it sums to %.4f", sum)
	}
	for _, c := range [][2]float64{{200, 2}, {26_000, 60}, {3000, 2}, {3000, 200}} {
		if p := strange(c[0], c[1]); p != 0 {
			t.Errorf("%g m in %g s has %g", c[0], c[1], p)
		}
	}
}

// TestMeetingIsTheIntegralOfBoth: two Gaussians on the plane, summed over a raster.
func TestMeetingIsTheIntegralOfBoth(t *testing.T) {
	a := &node{error: geo.Covariance{EE: 900, EN: 200, NN: 400}}
	b := &node{error: geo.Covariance{EE: 2500, EN: -300, NN: 1600}}
	const spread, east, north, step = 20.0, 60.0, -45.0, 5.0
	density := func(c geo.Covariance, x, y float64) float64 {
		ee, nn := c.EE+spread*spread, c.NN+spread*spread
		det := ee*nn - c.EN*c.EN
		return math.Exp(-(nn*x*x-2*c.EN*x*y+ee*y*y)/det/2) / (2 * math.Pi * math.Sqrt(det))
	}
	sum := 0.0
	for x := -400.0; x <= 400; x += step {
		for y := -400.0; y <= 400; y += step {
			sum += step * step * density(a.error, x, y) * density(b.error, x-east, y-north)
		}
	}
	if got := meeting(a, b, spread, east, north); math.Abs(got-sum) > 1e-3*sum {
		t.Errorf("%g, summed %g", got, sum)
	}
}

func TestAzimuthsAreTurned(t *testing.T) {
	for degrees, want := range map[float64]geo.Degrees{0: 0, 359.5: 359.5, 360: 0, -90: 270, 725: 5, -1e-15: 0, -720: 0} {
		if got := turned(degrees); math.Abs(float64(got-want)) > 1e-9 || got < 0 || got >= 360 {
			t.Errorf("%g is turned to %g, want %g", degrees, got, want)
		}
	}
}

// TestTheSkyHasWhatNoEventHas: at each sensor by time, counted about an instant.
func TestTheSkyHasWhatNoEventHas(t *testing.T) {
	plane := geo.NewPlane(realPlace)
	f := Field{Sensors: []locate.Sensor{{ID: "a", At: realPlace}, {ID: "b", At: plane.From(60_000, 0)}, {ID: "mute", At: realPlace}}}
	for i, seconds := range []float64{50, 10, 30, 5000, 20} {
		f.Arrivals = append(f.Arrivals, locate.Arrival{ID: fmt.Sprint(i), Time: realNoon + truce.Instant(seconds*1e6)})
	}
	f.Arrivals = append(f.Arrivals, locate.Arrival{ID: "p", Sensor: 1, Phase: locate.P, Time: realNoon}, locate.Arrival{ID: "x", Sensor: 1, Time: realNoon})
	f.Events = []locate.Event{{Used: []locate.Used{{Arrival: 2}}}}
	s := newSky(&f, &Options{})
	if got := fmt.Sprint(s.leftIn(0, realNoon+20_000_000, 15), s.leftIn(0, realNoon, 9), s.leftIn(1, realNoon, 1), s.leftIn(2, realNoon, 1)); got != "[1 4] [] [6] []" {
		t.Errorf("left are %s", got)
	}
	if got, want := s.stray(0, realNoon), 3.5/(2*noiseTime); math.Abs(got-want) > 1e-12 {
		t.Errorf("strays come at %g a second, want %g", got, want)
	}
	if got := fmt.Sprint(s.near(realPlace, 2000), s.near(realPlace, 70_000)); got != "[0] [0 1]" {
		t.Errorf("near are %s: a sensor that never heard anything is not working", got)
	}
}

// gunTier is two muzzles at one place and one 3 km off, half a minute apart, each with an impact.
func gunTier() *tier {
	tr, plane := &tier{}, geo.NewPlane(realPlace)
	for i, p := range [][3]float64{{0, 0, 0}, {30, 4, 3}, {40, 3000, 0}, {50, 900, 5000}, {80, 910, 5000}, {95, 4000, 5000}} {
		at := plane.From(geo.Metres(p[1]), geo.Metres(p[2]))
		tr.nodes = append(tr.nodes, node{index: i, time: realNoon + truce.Instant(1e6*p[0]), at: at, plane: geo.NewPlane(at), error: geo.Isotropic(30), crowd: 1e-12})
	}
	for m := range 3 {
		tr.edges = append(tr.edges, edge{muzzle: m, impact: m + 3, distance: 5000, p: .9})
	}
	return tr
}

// TestASalvoIsOfOneGun: the neighbour's shot is of no salvo with those of the gun.
func TestASalvoIsOfOneGun(t *testing.T) {
	tr := gunTier()
	got := tr.salvos([]int{0, 1, 2}, tr.fired())
	if got[0] < .85 || got[1] < .85 || got[0] > .9 || got[2] > .01 {
		t.Errorf("salvo with %.3f, %.3f and %.3f", got[0], got[1], got[2])
	}
	tr.nodes[0].time -= truce.Instant(2 * salvoTime * 1e6)
	if got := tr.salvos([]int{1}, tr.fired()); got[0] > .01 {
		t.Errorf("two minutes apart it is a salvo with %.3f", got[0])
	}
}

// TestFiresAreOfOneGunAndTarget.
func TestFiresAreOfOneGunAndTarget(t *testing.T) {
	tr := gunTier()
	if got := fmt.Sprint(tr.fires([]int{0, 1, 2})); got != "[[0 1] [2]]" {
		t.Errorf("fires %s", got)
	}
	tr.nodes[0].time -= truce.Instant(2 * fireTime * 1e6)
	if got := fmt.Sprint(tr.fires([]int{0, 1, 2})); got != "[[0] [1] [2]]" {
		t.Errorf("twenty minutes apart: fires %s", got)
	}
}

// TestRhythmSpeaksForThePace: shots a class's own pause apart are likeliest its; one shot, or a
// pause beyond two minutes, says nothing.
func TestRhythmSpeaksForThePace(t *testing.T) {
	for _, c := range []Class{Mortar82, Howitzer155, Rocket122} {
		tr := gunTier()
		tr.nodes[1].time = tr.nodes[0].time + truce.Instant(1e6*kinds[c].pause)
		got := tr.rhythm([]int{0, 1})
		for other := NotKnown + 1; other < classes; other++ {
			if kinds[other].pause != kinds[c].pause && kinds[other].spread == kinds[c].spread && got[other] >= got[c] {
				t.Errorf("%g s apart speak for %v with %.2f, for %v with %.2f", kinds[c].pause, other, got[other], c, got[c])
			}
		}
	}
	tr := gunTier()
	tr.nodes[1].time = tr.nodes[0].time + 130_000_000
	if tr.rhythm([]int{0}) != [classes]float64{} || tr.rhythm([]int{0, 1}) != [classes]float64{} {
		t.Error("nothing to be told speaks for a class")
	}
}

// TestQuantilesAndSpreadsAreWeighted.
func TestQuantilesAndSpreadsAreWeighted(t *testing.T) {
	s := search{origins: []origin{{distance: 3000, weight: 1}, {distance: 1000, weight: 2}, {distance: 2000, weight: 1}}}
	for share, want := range map[float64]float64{.05: 1000, .5: 1000, .51: 2000, .75: 2000, .95: 3000} {
		if got := s.quantile(share); got != want {
			t.Errorf("below %g lie %g, want %g", share, got, want)
		}
	}
	var spread spreadOf
	for _, o := range s.origins {
		spread.add(o.distance, o.weight)
	}
	if math.Abs(spread.mean()-1750) > 1e-9 || math.Abs(spread.sigma()-math.Sqrt(687_500)) > 1e-6 {
		t.Errorf("mean %.2f, spread %.3f", spread.mean(), spread.sigma())
	}
	if best := s.best(); best.distance != 1000 {
		t.Errorf("the best is %+v", best)
	}
	if got := (&search{}).quantile(.5); got != 0 {
		t.Errorf("of nothing the quantile is %g", got)
	}
}

// TestASectorHasASide: the parts of its posterior on either side of a line.
func TestASectorHasASide(t *testing.T) {
	plane := geo.NewPlane(realPlace)
	line, err := geo.NewLine("contact", []geo.Point{plane.From(-9000, 0), plane.From(9000, 0)})
	if err != nil {
		t.Fatal(err)
	}
	e := Engagement{Fired: .9, Sector: &Sector{places: []weighted{
		{geo.Position{Point: plane.From(0, 3000), Error: geo.Isotropic(200)}, .7}, {geo.Position{Point: plane.From(0, -3000), Error: geo.Isotropic(200)}, .3},
	}}}
	left, right, unknown := e.Sides(line, 0)
	if math.Abs(left-.63) > .001 || math.Abs(right-.27) > .001 || math.Abs(unknown-.1) > .001 {
		t.Errorf("left %.3f, right %.3f, unknown %.3f", left, right, unknown)
	}
}

// TestAClassHasItsNameAndSpeeds.
func TestAClassHasItsNameAndSpeeds(t *testing.T) {
	names, share := map[string]bool{}, 0.0
	for c := Class(0); c < classes; c++ {
		names[c.String()] = true
		share += priorOf(c)
		k := &kinds[c]
		if c != NotKnown && (len(k.speeds) < 2 || k.speeds[0] >= k.speeds[len(k.speeds)-1] || k.low >= k.high || k.least >= k.reach) {
			t.Errorf("%v: %+v", c, k)
		}
	}
	if len(names) != classes || math.Abs(share-1) > 1e-9 || Class(200).String() != kindsLast() {
		t.Errorf("%d names, shares of %.4f, %v", len(names), share, Class(200))
	}
	for c, fast := range map[Class]bool{NotKnown: false, Mortar82: false, Mortar120: false, Howitzer152: true, TankGun: true, Rocket122: true} {
		if c.supersonic() != fast {
			t.Errorf("%v flies faster than sound: %v", c, !fast)
		}
	}
	if got := fmt.Sprint(spaced(100, 400, 4)); got != "[100 200 300 400]" {
		t.Errorf("speeds %s", got)
	}
}

func kindsLast() string { return classNames[classes-1] }

// TestLoudnessGrowsWithTheCharge: 41 Pa of one kilogram, and by the power .3667.
func TestLoudnessGrowsWithTheCharge(t *testing.T) {
	if a, b := math.Exp(loudness(1)), math.Exp(loudness(10)); math.Abs(a-41) > 1e-9 || math.Abs(b/a-math.Pow(10, .3667)) > 1e-9 {
		t.Errorf("%.2f Pa, then %.2f", a, b)
	}
}
