package moving

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

var home = geo.Point{Lat: -47.5, Lon: -21}

const noon truce.Instant = 1_930_000_000_000_000

func spotAt(x, y float64) geo.Point {
	plane := geo.NewPlane(home)
	return plane.From(geo.Metres(x), geo.Metres(y))
}

// straight is a track with a state each ten seconds, metres and m/s from home.
func straight(number int, x, y, u, v float64, n int) track.Track {
	t := track.Track{Number: number}
	for i := range n {
		s := float64(i) * 10
		t.States = append(t.States, track.State{Time: noon + truce.Instant(s*1e6), At: spotAt(x+u*s, y+v*s), Sigma: 25, SpeedMps: math.Hypot(u, v),
			Course: geo.Degrees(math.Mod(360+math.Atan2(u, v)*180/math.Pi, 360)), Altitude: 120, High: true, Existence: .99})
	}
	return t
}

// square is a zone around a place, metres from home.
func square(t *testing.T, name string, x, y, half float64) movement.Zone {
	t.Helper()
	ring := geo.Ring{spotAt(x-half, y-half), spotAt(x+half, y-half), spotAt(x+half, y+half), spotAt(x-half, y+half), spotAt(x-half, y-half)}
	area, err := geo.NewArea(name, []geo.Polygon{{ring}})
	if err != nil {
		t.Fatal(err)
	}
	return movement.Zone{ID: name, Area: area}
}

func find(t *testing.T, tracks []track.Track, shapes Shapes) *Findings {
	t.Helper()
	f, err := Find(t.Context(), tracks, shapes)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestNothingIsPassedOver: what is not looked at, since boxes do not meet, has nothing: the
// findings of random tracks, zones, lines and pairs are those of looking at all of them.
func TestNothingIsPassedOver(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	around := func(r float64) float64 { return r * (2*rng.Float64() - 1) }
	var tracks []track.Track
	for i := range 40 {
		tr := straight(i+1, around(4000), around(4000), around(25), around(25), 12+rng.IntN(20))
		late := truce.Instant(rng.IntN(100)) * 1_000_000
		for j := range tr.States {
			tr.States[j].Time += late
		}
		tracks = append(tracks, tr)
		if i%5 == 0 {
			beside := straight(100+i, 0, 0, 0, 0, 0)
			for _, s := range tr.States {
				s.At.Lat += .001
				beside.States = append(beside.States, s)
			}
			tracks = append(tracks, beside)
		}
	}
	var shapes Shapes
	for i := range 12 {
		shapes.Zones = append(shapes.Zones, square(t, "zone "+string(rune('a'+i)), around(5000), around(5000), 400+around(300)))
	}
	line, err := geo.NewLine("line", []geo.Point{spotAt(-300, -6000), spotAt(100, 0), spotAt(-200, 6000)})
	if err != nil {
		t.Fatal(err)
	}
	shapes.Lines = []Line{{"line", line}}
	f := find(t, tracks, shapes)
	var visits, crossings, pairs int
	for i, tr := range tracks {
		for _, z := range shapes.Zones {
			got, err := movement.Visits(tr, z, movement.Config{})
			if err != nil {
				t.Fatal(err)
			}
			visits += len(got)
		}
		got, err := movement.Crossings(tr, line, "line", movement.Config{})
		if err != nil {
			t.Fatal(err)
		}
		crossings += len(got)
		for _, other := range tracks[i+1:] {
			got, err := movement.Together(tr, other, togetherRule, movement.Config{})
			if err != nil {
				t.Fatal(err)
			}
			pairs += len(got)
		}
	}
	if visits < 10 || crossings < 5 || pairs < 5 {
		t.Fatalf("%d visits, %d crossings, %d pairs: too few to say anything", visits, crossings, pairs)
	}
	if len(f.Visits) != visits || len(f.Crossings) != crossings || len(f.Together) != pairs {
		t.Errorf("%d visits, %d crossings, %d pairs; looking at all gives %d, %d, %d", len(f.Visits), len(f.Crossings), len(f.Together), visits, crossings, pairs)
	}
}

// TestPairsAreBounded, and the bound is told.
func TestPairsAreBounded(t *testing.T) {
	var tracks []track.Track
	for i := range 102 { // 5151 pairs, all beside each other for a moment
		tracks = append(tracks, straight(i+1, float64(i), 0, 10, 0, 2))
	}
	if f := find(t, tracks, Shapes{}); !f.Cut || len(f.Together) != 0 {
		t.Errorf("cut %t, %d pairs of ten seconds", f.Cut, len(f.Together))
	}
	if f := find(t, tracks[:100], Shapes{}); f.Cut { // 4950
		t.Error("cut below the bound")
	}
}

func TestFindStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Find(ctx, []track.Track{straight(1, 0, 0, 1, 1, 5)}, Shapes{}); err != context.Canceled {
		t.Error(err)
	}
}

// TestPassages: the table of a zone and a line, by time, with a stranger's name as it is told
// to be written.
func TestPassages(t *testing.T) {
	line, err := geo.NewLine("border", []geo.Point{spotAt(2000, -5000), spotAt(2000, 5000)})
	if err != nil {
		t.Fatal(err)
	}
	band := square(t, "b", 3000, 0, 500)
	band.Band = &movement.Band{Floor: 0, Ceiling: 9000}
	tr := straight(7, 0, 0, 20, 0, 30)
	for i := 10; i < 20; i++ {
		tr.States[i].High = false
	}
	f := find(t, []track.Track{tr}, Shapes{Zones: []movement.Zone{band, square(t, "=a", 0, 0, 500)}, Lines: []Line{{"border", line}}})
	got := string(f.Passages(func(out, text []byte) []byte { return append(append(append(out, '<'), text...), '>') }))
	lines := strings.Split(got, "\n")
	if len(lines) != 5 || lines[0] != PassagesShape {
		t.Fatalf("%q", got)
	}
	for i, want := range []string{"T0007,zone,<=a>,0.9900,,,2031-02-27T23:07:0", "T0007,line,<border>,0.9900,2031-02-27T23:08:", "T0007,zone,<b>,0.9900,2031-02-27T23:08:4"} {
		if !strings.HasPrefix(lines[i+1], want) {
			t.Errorf("%q, want %q…", lines[i+1], want)
		}
	}
	for i, want := range []string{",1.0000,0.0000,,", ",0.0000,1.0000,right,", ",0.0000,0.0000,,unknown"} {
		if !strings.HasSuffix(lines[i+1], want) {
			t.Errorf("%q, want …%q", lines[i+1], want)
		}
	}
	if n := strings.Count(lines[0], ","); slices.ContainsFunc(lines[1:4], func(l string) bool { return strings.Count(l, ",") != n }) {
		t.Errorf("rows of other lengths than the header: %q", got)
	}
}

// TestShapesAreRead, and what cannot be is refused with its place.
func TestShapesAreRead(t *testing.T) {
	polygon := `"geometry":{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}`
	line := `"geometry":{"type":"LineString","coordinates":[[1,1],[2,1]]}`
	feature := func(head, geometry string) string { return `{"type":"Feature",` + head + geometry + `}` }
	many := strings.TrimSuffix(strings.Repeat(feature(`"properties":{},`, line)+",", MaxShapes+1), ",")
	for _, c := range []struct{ name, text, want string }{
		{"a zone and a line", feature(`"id":"a","properties":{"floor_m":10},`, polygon) + "," + feature(`"properties":{"name":"road"},`, line), ""},
		{"null is no limit", feature(`"properties":{"floor_m":null},`, polygon), ""},
		{"two of a name", feature(`"id":"a","properties":{},`, polygon) + "," + feature(`"id":"a","properties":{},`, line), `features 1 and 2 are both called "a"`},
		{"a floor of words", feature(`"id":"a","properties":{"floor_m":"low"},`, polygon), `feature 1 ("a"): floor_m is no number of metres`},
		{"floor over ceiling", feature(`"id":"a","properties":{"floor_m":9,"ceiling_m":8},`, polygon), "its floor_m of 9 is not below its ceiling_m of 8"},
		{"a point", feature(`"properties":{},`, `"geometry":{"type":"Point","coordinates":[1,1]}`), "a point is neither a zone nor a line"},
		{"nothing", "", "there is neither a zone nor a line in it"},
		{"too many", many, "1001 zones and lines: write 1000 at most"},
	} {
		got, err := ReadShapes(strings.NewReader(`{"type":"FeatureCollection","features":[` + c.text + `]}`))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if c.name == "a zone and a line" && (len(got.Zones) != 1 || got.Zones[0].Band == nil || got.Zones[0].Band.Floor != 10 || got.Lines[0].Name != "road") {
			t.Errorf("%+v", got)
		}
		if c.name == "null is no limit" && (got.Zones[0].Band != nil || got.Zones[0].ID != "#1") {
			t.Errorf("%+v", got.Zones[0])
		}
	}
	long, err := ReadShapes(strings.NewReader(feature(`"id":"`+strings.Repeat("ж", 100)+"\\u202e"+`","properties":{},`, polygon)))
	if err != nil {
		t.Fatal(err)
	}
	if got := []rune(long.Zones[0].ID); len(got) != maxName || got[maxName-1] != '…' {
		t.Errorf("a long name is %q", string(got))
	}
}

// TestThinnedPathsStayNear: no place that was left out is farther from the path than said, the
// ends stay, and a path that wiggles less than that is its ends.
func TestThinnedPathsStayNear(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for _, within := range []float64{.3, 2, 10} {
		var path []spot
		at := spot{100, 100}
		for range 2000 {
			at = spot{at.x + rng.NormFloat64(), at.y + rng.NormFloat64()}
			path = append(path, at)
		}
		got := thin(path, within)
		if got[0] != path[0] || got[len(got)-1] != path[len(path)-1] || len(got) >= len(path) {
			t.Fatalf("%d of %d places", len(got), len(path))
		}
		for _, p := range path {
			nearest := math.Inf(1)
			for i := 1; i < len(got); i++ {
				nearest = min(nearest, off(p, got[i-1], got[i]))
			}
			if nearest > within+1e-9 {
				t.Fatalf("within %g: a place is %g off", within, nearest)
			}
		}
	}
	if got := thin([]spot{{0, 0}, {1, .1}, {2, -.1}, {9, 0}}, .5); len(got) != 2 {
		t.Errorf("%v", got)
	}
	standing := make([]spot, 500_000)
	if got := thin(standing, .5); len(got) != 2 {
		t.Errorf("%d places of one that stands", len(got))
	}
}
