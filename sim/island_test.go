package sim

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce/geo"
)

func TestIslandLiesInTheOpenSouthAtlantic(t *testing.T) {
	l := NewIsland()
	lat, lon := spanOf(l.Coast)
	if lat[0] < -48.5 || lat[1] > -47.3 || lon[0] < -22.9 || lon[1] > -20.3 {
		t.Errorf("coast spans lat %v, lon %v: outside the box chosen for it", lat, lon)
	}
	if n := len(l.Coast); n < 400 || n > 800 {
		t.Errorf("the coast has %d corners, want 400 to 800", n)
	}
	width := geo.Distance(geo.Point{Lat: -47.9, Lon: geo.Degrees(lon[0])}, geo.Point{Lat: -47.9, Lon: geo.Degrees(lon[1])})
	if width < 160e3 || width > 200e3 {
		t.Errorf("the island is %.0f km long, want about 180", float64(width)/1000)
	}
}

func spanOf(path []geo.Point) (lat, lon [2]float64) {
	lat, lon = [2]float64{90, -90}, [2]float64{180, -180}
	for _, p := range path {
		lat = [2]float64{min(lat[0], float64(p.Lat)), max(lat[1], float64(p.Lat))}
		lon = [2]float64{min(lon[0], float64(p.Lon)), max(lon[1], float64(p.Lon))}
	}
	return lat, lon
}

func TestRingsAreSimpleAndAnticlockwise(t *testing.T) {
	l := NewIsland()
	w := newWorld(t, Config{})
	rings := map[string][]geo.Point{"coast": l.Coast, "islet 1": l.Islets[0], "islet 2": l.Islets[1],
		"B's land": heldBy(l.Line, l.Coast), "B's land on the day of the bulge": heldBy(w.ContactLine(breachDay), l.Coast)}
	for _, a := range l.Areas {
		rings["area "+string(a.ID)] = a.Ring
	}
	for _, z := range l.Zones {
		rings["zone "+string(z.ID)] = z.Ring
	}
	for name, ring := range rings {
		if i, j, crossed := firstCrossing(planes(ring)); crossed {
			t.Errorf("%s crosses itself: edges %d and %d", name, i, j)
		}
		if areaOf(planes(ring)) <= 0 {
			t.Errorf("%s runs clockwise", name)
		}
		if _, err := geo.NewArea(name, []geo.Polygon{{geo.Ring(closed(ring))}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// firstCrossing compares every edge with every other that is not its neighbour.
func firstCrossing(ring []vec) (int, int, bool) {
	n := len(ring)
	for i := range n {
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			if segmentsCross(ring[i], ring[i+1], ring[j], ring[(j+1)%n]) {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

func segmentsCross(a, b, c, d vec) bool {
	side := func(p, q, r vec) bool { return q.sub(p).cross(r.sub(p)) > 0 }
	return side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

func areaOf(ring []vec) float64 {
	sum := 0.0
	for i, p := range ring {
		sum += p.cross(ring[(i+1)%len(ring)])
	}
	return sum / 2
}

func TestContactLineSplitsTheIsland(t *testing.T) {
	l := NewIsland()
	if n := len(l.Line); n < 120 || n > 200 {
		t.Errorf("the line has %d corners, want about 150", n)
	}
	if !slices.Contains(l.Coast, l.Line[0]) || !slices.Contains(l.Coast, l.Line[len(l.Line)-1]) {
		t.Fatal("an end of the line is no corner of the coast")
	}
	for i, p := range l.Line[1 : len(l.Line)-1] {
		if !l.OnLand(p) {
			t.Errorf("corner %d of the line lies in the sea at %v", i+1, p)
		}
	}
	whole, right := areaOf(l.shore), areaOf(planes(heldBy(l.Line, l.Coast)))
	back := slices.Clone(l.Line)
	slices.Reverse(back)
	left := areaOf(planes(heldBy(back, l.Coast)))
	if math.Abs(left+right-whole) > 1e-6*whole {
		t.Errorf("left %.1f and right %.1f km2 do not make %.1f", left/1e6, right/1e6, whole/1e6)
	}
	if share := right / whole; share < 0.35 || share > 0.65 {
		t.Errorf("B holds %.0f %% of the land; the exercise wants neither side small", 100*share)
	}
}

func TestSidesOfTheLine(t *testing.T) {
	l := NewIsland()
	line, err := geo.NewLine("LINE-CONTACT", l.Line)
	if err != nil {
		t.Fatal(err)
	}
	agreed := geo.Point{Lat: -47.91, Lon: -21.62} // used in the guide's examples
	if l.Holder(agreed) != PartyB {
		t.Errorf("%v is held by %s, the examples say B", agreed, l.Holder(agreed))
	}
	if d := line.DistanceTo(agreed); d < 2000 || d > 6000 {
		t.Errorf("%v lies %.0f m from the line, the examples say 2 to 6 km", agreed, float64(d))
	}
	for _, town := range l.Towns {
		foot := line.Nearest(town.Point)
		if (foot.Side == geo.Left) != (l.Holder(town.Point) == PartyA) {
			t.Errorf("%s: geo puts it on the %v, the world gives it to %s", town.Name, foot.Side, l.Holder(town.Point))
		}
		if gap := math.Abs(float64(foot.Distance - l.FromLine(town.Point))); gap > 0.01*float64(foot.Distance) {
			t.Errorf("%s: the plane is %.0f m wrong about its distance of %.0f m", town.Name, gap, float64(foot.Distance))
		}
	}
}

func TestIsletsFollowTheNearerSide(t *testing.T) {
	l := NewIsland()
	if l.Holder(l.Islets[0][0]) != PartyB || l.Holder(l.Islets[1][0]) != PartyA {
		t.Error("the control maps give the first islet to B and the second to A; the line says otherwise")
	}
	for i, islet := range l.Islets {
		for _, p := range islet {
			if inside(l.shore, plane(p)) {
				t.Fatalf("islet %d touches the main island at %v", i+1, p)
			}
		}
	}
}

func TestTownsAndSitesStandOnLand(t *testing.T) {
	l := NewIsland()
	for _, town := range l.Towns {
		if !l.OnLand(town.Point) {
			t.Errorf("%s stands in the sea", town.Name)
		}
		if l.FromLine(town.Point) < town.Radius {
			t.Errorf("the contact line runs through %s", town.Name)
		}
	}
	for _, s := range l.Sites {
		if !l.OnLand(s.Point) || l.AreaOf(s.Point) == "" {
			t.Errorf("%s stands in the sea or outside the reporting areas", s.ID)
		}
	}
	for _, road := range l.Roads {
		for _, p := range road.Path {
			if !l.OnLand(p) {
				t.Errorf("the road %s-%s runs into the sea at %v", road.From, road.To, p)
			}
		}
	}
}

func TestTownNamesAreOneOfEachAndInBothAlphabets(t *testing.T) {
	seen := map[string]bool{}
	for _, town := range NewIsland().Towns {
		if seen[town.Name] || seen[town.NameUK] {
			t.Errorf("%s stands twice in the gazetteer", town.Name)
		}
		seen[town.Name], seen[town.NameUK] = true, true
		if strings.ContainsFunc(town.NameUK, func(c rune) bool { return unicode.Is(unicode.Latin, c) }) {
			t.Errorf("%s: %q has Latin letters", town.Name, town.NameUK)
		}
		if !unicode.IsUpper([]rune(town.Name)[0]) || strings.ContainsFunc(town.Name, func(c rune) bool { return c > unicode.MaxASCII }) {
			t.Errorf("%q is not a plain English spelling", town.Name)
		}
	}
	if _, known := NewIsland().Town("Atlantis"); known {
		t.Error("a town that is not there was found")
	}
}

func TestAreasCoverIslandAndSeaMarginOnce(t *testing.T) {
	l := NewIsland()
	for _, ring := range append([][]geo.Point{l.Coast}, l.Islets...) {
		for _, p := range ring {
			for azimuth := 0.0; azimuth < 360; azimuth += 45 {
				off, _ := geo.Direct(p, geo.Degrees(azimuth), 18000)
				if n := areasAt(l, off); n != 1 {
					t.Fatalf("%v, 18 km off the coast at %v, lies in %d areas, want 1", off, p, n)
				}
			}
		}
	}
}

func areasAt(l Island, p geo.Point) int {
	n := 0
	for _, a := range l.Areas {
		if inside(planes(a.Ring), plane(p)) {
			n++
		}
	}
	return n
}

func TestSeaLaneLiesAtSea(t *testing.T) {
	l := NewIsland()
	for _, z := range l.Zones {
		for _, p := range z.Ring {
			if sea := !l.OnLand(p); sea != (z.ID == ZoneCorridor) {
				t.Errorf("%s: corner %v at sea: %v", z.ID, p, sea)
			}
		}
	}
}

func TestPlaneIsUndoneByPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := km(rapid.Float64Range(-120, 120).Draw(t, "east"), rapid.Float64Range(-80, 80).Draw(t, "north"))
		if d := plane(v.point()).distance(v); d > 1 { // five decimals are 1.1 m of latitude
			t.Fatalf("%v comes back %.2f m away", v, d)
		}
		u := km(rapid.Float64Range(-120, 120).Draw(t, "east2"), rapid.Float64Range(-80, 80).Draw(t, "north2"))
		flat, round := v.distance(u), float64(geo.Distance(v.point(), u.point()))
		if math.Abs(flat-round) > 5+0.02*round {
			t.Fatalf("from %v to %v: %.0f m in the plane, %.0f m on the ellipsoid", v, u, flat, round)
		}
	})
}

func TestResampleKeepsEndsAndStepsEvenly(t *testing.T) {
	path := []vec{{0, 0}, {1000, 0}, {1000, 3000}}
	got := resample(path, 8)
	if len(got) != 9 || got[0] != path[0] || got[8] != path[2] {
		t.Fatalf("resample gave %v", got)
	}
	for i, p := range got[1:] {
		if d := got[i].distance(p); d > 500.001 {
			t.Errorf("step %d is %.1f m, want at most 500", i, d)
		}
	}
}
