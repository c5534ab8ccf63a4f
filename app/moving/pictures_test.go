package moving

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/paper"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

// pathsOf are the places of the paths of a class in a picture.
func pathsOf(t *testing.T, picture, class string) (out [][]spot) {
	t.Helper()
	for _, m := range regexp.MustCompile(`class="`+class+`[^"]*".*? d="([^"]*)"`).FindAllStringSubmatch(picture, -1) {
		for _, part := range strings.Split(m[1], "M")[1:] {
			var path []spot
			for _, pair := range strings.Split(strings.TrimSuffix(part, "z"), "L") {
				var p spot
				if _, err := fmt.Sscanf(pair, "%g %g", &p.x, &p.y); err != nil {
					t.Fatalf("%q: %v", pair, err)
				}
				path = append(path, p)
			}
			out = append(out, path)
		}
	}
	return out
}

func mapOf(t *testing.T, f *Findings) (string, []string, *frame) {
	t.Helper()
	picture, notes := f.writer("en", pageWords["en"]).plot()
	m, ok := f.newFrame()
	if !ok || picture == "" {
		t.Fatal("there is no map")
	}
	return string(picture), notes, &m
}

// nearSpot says whether two places of a picture are one, to what is written of them.
func nearSpot(a, b spot) bool { return math.Hypot(a.x-b.x, a.y-b.y) <= .15 }

// TestTheMapIsToScale: north is up and east is right, a metre is as long everywhere, zones, lines
// and tracks lie where they are, and the corridor is as wide as the error.
func TestTheMapIsToScale(t *testing.T) {
	line, err := geo.NewLine("contact", []geo.Point{spotAt(1000, -1500), spotAt(1000, 1500)})
	if err != nil {
		t.Fatal(err)
	}
	tr := straight(1, 0, 0, 20, 10, 31) // to 6000 m east, 3000 m north
	f := find(t, []track.Track{tr}, Shapes{Zones: []movement.Zone{square(t, "z", 2000, 1000, 500)}, Lines: []Line{{"contact", line}}})
	picture, notes, m := mapOf(t, f)
	place := func(x, y float64) spot { return m.at(spotAt(x, y)) }
	way := pathsOf(t, picture, "way k0")
	if len(way) == 0 {
		t.Fatal("no track is drawn")
	}
	first, last := way[0][0], way[0][len(way[0])-1]
	if !nearSpot(first, place(0, 0)) || !nearSpot(last, place(6000, 3000)) || !(last.x > first.x && last.y < first.y) {
		t.Errorf("the track goes from %v to %v", first, last)
	}
	if got, want := math.Hypot(last.x-first.x, last.y-first.y)/m.scale, math.Hypot(6000, 3000); math.Abs(got-want) > .003*want {
		t.Errorf("the track is %g m long on the map, want %g", got, want)
	}
	if len(way[0]) > 4 {
		t.Errorf("a straight track is drawn with %d places", len(way[0]))
	}
	for _, p := range way[0] {
		if p.x < 0 || p.x > paper.MapWidth || p.y < 0 || p.y > m.height {
			t.Errorf("%v is outside of the picture", p)
		}
	}
	zone := pathsOf(t, picture, "zone")
	if len(zone) != 1 || !nearSpot(zone[0][0], place(1500, 500)) || !nearSpot(zone[0][2], place(2500, 1500)) {
		t.Errorf("the zone is %v", zone)
	}
	border := pathsOf(t, picture, "border")
	if len(border) != 1 || !nearSpot(border[0][0], place(1000, -1500)) {
		t.Errorf("the line is %v", border)
	}
	width := regexp.MustCompile(`<path stroke-width="([0-9.]+)"`).FindStringSubmatch(picture)
	if width == nil || width[1] != strconv.FormatFloat(2*ninety*25*m.scale, 'f', 1, 64) {
		t.Errorf("the corridor is %v wide, want %g", width, 2*ninety*25*m.scale)
	}
	tip := fmt.Sprintf("translate(%.1f %.1f)rotate(63)", last.x, last.y)
	if !strings.Contains(picture, tip) || !strings.Contains(picture, `<title>T0001, 23:06:40 – 23:11:40</title>`) {
		t.Errorf("no %q", tip)
	}
	if len(notes) != 2 || !strings.HasPrefix(notes[1], "Paths are drawn to within") {
		t.Errorf("%q", notes)
	}
}

// TestTheMapHoldsEveryTrack wherever on Earth it is: at the equator, the antimeridian, near a
// pole, long and narrow, and standing.
func TestTheMapHoldsEveryTrack(t *testing.T) {
	for _, c := range []struct {
		at   geo.Point
		u, w float64
	}{{geo.Point{}, 20, 5}, {geo.Point{Lat: -17, Lon: 179.999}, 30, 0}, {geo.Point{Lat: 89, Lon: 10}, 20, 20}, {geo.Point{Lat: 70, Lon: -60}, 0, 300}, {geo.Point{Lat: 47, Lon: 8}, 0, 0}, {geo.Point{Lat: 47, Lon: 8}, 280, 0}} {
		plane := geo.NewPlane(c.at)
		tr := straight(1, 0, 0, 0, 0, 200)
		for i := range tr.States {
			s := float64(i) * 10
			tr.States[i].At = plane.From(geo.Metres(c.u*s), geo.Metres(c.w*s))
		}
		picture, _, m := mapOf(t, &Findings{Tracks: []track.Track{tr}, Hints: make([][]movement.Hint, 1)})
		for _, p := range pathsOf(t, picture, "way")[0] {
			if !(p.x >= 0 && p.x <= paper.MapWidth && p.y >= 0 && p.y <= m.height) {
				t.Fatalf("%v, %g and %g m/s: %v is outside of %g x %g", c.at, c.u, c.w, p, paper.MapWidth, m.height)
			}
		}
		if m.height < mapShortest || m.height > mapTallest+1 {
			t.Errorf("%v: the map is %g tall", c.at, m.height)
		}
	}
}

// TestNamesOnTheMapDoNotLieOnEachOther, neither those of tracks nor those of zones.
func TestNamesOnTheMapDoNotLieOnEachOther(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	var tracks []track.Track
	var shapes Shapes
	for i := range 30 {
		tracks = append(tracks, straight(i+1, 3000*rng.Float64(), 3000*rng.Float64(), 3, 3, 40))
		shapes.Zones = append(shapes.Zones, square(t, fmt.Sprintf("zone %d", i), 3000*rng.Float64(), 3000*rng.Float64(), 200))
	}
	picture, _, _ := mapOf(t, find(t, tracks, shapes))
	for class, room := range map[string]spot{"tag": {30, 13}, "name": {1e9, 15}} {
		var seen []spot
		for _, m := range regexp.MustCompile(`<text class="`+class+`[^>]* x="([0-9.]+)" y="([0-9.]+)"`).FindAllStringSubmatch(picture, -1) {
			x, _ := strconv.ParseFloat(m[1], 64)
			y, _ := strconv.ParseFloat(m[2], 64)
			for _, o := range seen {
				if math.Abs(o.x-x) < room.x && math.Abs(o.y-y) < room.y-.2 {
					t.Errorf("%s: names at %v and %v", class, o, spot{x, y})
				}
			}
			seen = append(seen, spot{x, y})
		}
		if len(seen) < 3 || len(seen) > 12 {
			t.Errorf("%s: %d names", class, len(seen))
		}
	}
}

// TestLargeZonesKeepTheirEdges: a zone a hundred times the map is drawn with small numbers, and
// the edge that is on the map stays where it is.
func TestLargeZonesKeepTheirEdges(t *testing.T) {
	f := find(t, []track.Track{straight(1, 0, 0, 20, 0, 30)}, Shapes{Zones: []movement.Zone{square(t, "sea", 600_000, 0, 598_000)}})
	picture, _, m := mapOf(t, f)
	at := m.at(spotAt(2000, 0))
	crossed := false
	for _, path := range pathsOf(t, picture, "zone") {
		for i, p := range path {
			if math.Abs(p.x) > paper.MapWidth+20_000 || math.Abs(p.y) > m.height+20_000 {
				t.Errorf("%v is far outside", p)
			}
			if q := path[(i+1)%len(path)]; (p.y-at.y)*(q.y-at.y) < 0 && math.Abs(p.x+(q.x-p.x)*(at.y-p.y)/(q.y-p.y)-at.x) < 3 {
				crossed = true
			}
		}
	}
	if !crossed {
		t.Errorf("the edge is not at %v", at)
	}
}

// TestChartsShowTheValues: each line at the height of its value and the time of its state, cut
// where none is told, with floors and ceilings named by what they are.
func TestChartsShowTheValues(t *testing.T) {
	tr := straight(1, 0, 0, 20, 0, 61)
	for i := range tr.States {
		tr.States[i].Altitude = geo.Metres(100 + 10*(i%2)*(i/30))
		tr.States[i].High = i < 20 || i > 25
	}
	zone := square(t, "air", 0, 0, 9000)
	zone.Band = &movement.Band{Floor: 50, Ceiling: 90}
	w := find(t, []track.Track{tr}, Shapes{Zones: []movement.Zone{zone}}).writer("en", pageWords["en"])
	c, ok := w.newChart(heightOf)
	if !ok || c.low != 0 || c.high < 110 {
		t.Fatalf("%+v", c)
	}
	picture := string(w.heights())
	lines := pathsOf(t, picture, "graph")
	if len(lines) != 2 {
		t.Fatalf("%d lines of one with a gap", len(lines))
	}
	if first, last := lines[0][0], lines[0][len(lines[0])-1]; !nearSpot(first, spot{c.x(noon), c.y(100)}) || !nearSpot(last, spot{c.x(noon + 190_000_000), c.y(100)}) {
		t.Errorf("%v to %v", first, last)
	}
	highest := math.Inf(1)
	for _, p := range lines[1] {
		highest = min(highest, p.y)
	}
	if math.Abs(highest-c.y(110)) > .15 {
		t.Errorf("the top is at %g, want %g", highest, c.y(110))
	}
	for _, want := range []string{">air 50</text>", ">air 90</text>", fmt.Sprintf(`y="%.1f">air 90`, c.y(90)-3), `>23:10</text>`} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %q in %s", want, picture)
		}
	}
	if speed := pathsOf(t, string(w.speeds()), "graph"); len(speed) != 1 || math.Abs(speed[0][0].y-speed[0][1].y) > .2 {
		t.Errorf("an even speed is drawn as %v", speed)
	}
}

// TestTimesUnderChartsAreRound and few, whatever the span is.
func TestTimesUnderChartsAreRound(t *testing.T) {
	for span, want := range map[time.Duration]string{2 * time.Second: ":40", time.Minute: "23:07:15", 10 * time.Minute: "23:10", 5 * time.Hour: "00:00", 40 * time.Hour: "00:00", 9 * 24 * time.Hour: ".03", 900 * 24 * time.Hour: "."} {
		tr := straight(1, 0, 0, 20, 0, 2)
		tr.States[1].Time = noon + truce.Instant(span.Microseconds())
		picture := string((&Findings{Tracks: []track.Track{tr}, Hints: make([][]movement.Hint, 1)}).writer("en", pageWords["en"]).speeds())
		if n := strings.Count(picture, `class="tick"`); n < 1 || n > 6 || !strings.Contains(picture, want) {
			t.Errorf("%s: %d marks, want %q in %s", span, n, want, picture)
		}
	}
}

// TestChartsAreBounded: a day of states of a wild speed stays a few thousand places.
func TestChartsAreBounded(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	tr := straight(1, 0, 0, 20, 0, 30_000)
	for i := range tr.States {
		tr.States[i].SpeedMps = 50 * rng.Float64()
	}
	picture := string((&Findings{Tracks: []track.Track{tr}, Hints: make([][]movement.Hint, 1)}).writer("en", pageWords["en"]).speeds())
	if n := strings.Count(picture, "L"); n > maxChartPoints || n < 100 {
		t.Errorf("%d places of 30000", n)
	}
}

// TestNegativeAltitudesAreShown below a line at 0.
func TestNegativeAltitudesAreShown(t *testing.T) {
	tr := straight(1, 0, 0, 20, 0, 10)
	for i := range tr.States {
		tr.States[i].Altitude = -35
	}
	w := (&Findings{Tracks: []track.Track{tr}, Hints: make([][]movement.Hint, 1)}).writer("en", pageWords["en"])
	c, ok := w.newChart(heightOf)
	if y := c.y(-35); !ok || c.low > -35 || c.high <= 0 || y < paper.ChartTop || y > paper.ChartHeight-paper.ChartBottom {
		t.Errorf("%+v, at %g", c, y)
	}
}
