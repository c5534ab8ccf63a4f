package app

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	sim "github.com/trucewatch/truce/sim/tracks"
)

// flightHome is the middle of what is watched.
var flightHome = geo.Point{Lat: -47.5, Lon: -21}

// flightFiles writes plots of three drones that take off at known places 3 km apart and fly
// east, of one that passes at 300 m, and of clutter, and where the radar sees: 20 km down to
// 20 m.
func flightFiles(t *testing.T, p program) (plots, coverage string, starts []geo.Point) {
	t.Helper()
	rng := rand.New(rand.NewPCG(8, 8))
	plane := geo.NewPlane(flightHome)
	var b strings.Builder
	b.WriteString("scan,time,plot,lat,lon,alt_m,sigma_m\n")
	write := func(scan, plot int, x, y, high float64) {
		at := plane.From(geo.Metres(x+15*rng.NormFloat64()), geo.Metres(y+15*rng.NormFloat64()))
		fmt.Fprintf(&b, "%d,%s,%d-%d,%.6f,%.6f,%.0f,15\n", scan, sim.Start.Add(time.Duration(scan)*5*time.Second), scan, plot, float64(at.Lat), float64(at.Lon), high+5*rng.NormFloat64())
	}
	for i := range 3 {
		starts = append(starts, plane.From(-2000, geo.Metres(3000*i)))
	}
	for scan := range 120 {
		for i := range 3 {
			s := float64(scan)*5 - 60
			high := min(150, 3*s)
			if high > 20 && rng.Float64() < .95 {
				write(scan, i, -2000+12*max(0, s-5), 3000*float64(i), high)
			}
		}
		if rng.Float64() < .95 {
			write(scan, 3, -6000+15*5*float64(scan), -5000, 300)
		}
		for i := range 4 {
			write(scan, 4+i, 36_000*(rng.Float64()-.5), 36_000*(rng.Float64()-.5), 400*rng.Float64())
		}
	}
	ring := make([]string, 0, 33)
	for i := range 33 {
		sin, cos := math.Sincos(float64(i%32) * math.Pi / 16)
		at := plane.From(geo.Metres(20_000*sin), geo.Metres(20_000*cos))
		ring = append(ring, fmt.Sprintf("[%.6f,%.6f]", float64(at.Lon), float64(at.Lat)))
	}
	coverage = p.write(t, "radar.geojson", `{"type":"Feature","properties":{"floor_m":20},"geometry":{"type":"Polygon","coordinates":[[`+strings.Join(ring, ",")+`]]}}`)
	return p.write(t, "plots.csv", b.String()), coverage, starts
}

// TestLaunchesForReview: inside a data directory and old enough, each true start lies in an
// area, and what was passing has none, with the reason.
func TestLaunchesForReview(t *testing.T) {
	p := newProgram(t)
	plots, coverage, starts := flightFiles(t, p)
	files := []string{"launches", "--plots", plots, "--coverage", coverage}
	p.now = sim.Start.Time().Add(72 * time.Hour)
	var list launchList
	if err := json.Unmarshal([]byte(p.good(t, append(files, "--json")...)), &list); err != nil {
		t.Fatal(err)
	}
	if list.Notice != forFlightReview || list.Younger != 0 || list.Agreement == "" || list.Until != truce.InstantOf(p.now.Add(-48*time.Hour)) {
		t.Errorf("%+v", list)
	}
	found, none := 0, 0
	for _, e := range list.Ends {
		if e.Area == nil {
			none++
			if e.Why == "" || e.Time != 0 {
				t.Errorf("%+v: no area and no reason", e)
			}
			continue
		}
		for _, start := range starts {
			at := geo.Point{Lat: geo.Degrees(e.Area.Lat), Lon: geo.Degrees(e.Area.Lon)}
			if e.Kind == "launch" && geo.Distance(at, start) < 3*geo.Metres(e.Area.Major) && math.Abs(e.Time.Sub(sim.Start.Add(time.Minute)).Seconds()) < 3*e.Sigma {
				found++
			}
		}
	}
	if found != len(starts) || none == 0 {
		t.Errorf("%d of %d starts lie in an area, %d ends have none: %+v", found, len(starts), none, list.Ends)
	}
	table := p.good(t, files...)
	mustHold(t, table, forFlightReview, "TRACK", "launch", "none: ", "0 younger tracks are not shown", "Shown no sooner than 48 h")
	if strings.Index(table, forFlightReview) != 0 {
		t.Error("the notice is not the first that is read")
	}
}

// TestLaunchesAreShownLate: on the day after none is, and no flag helps.
func TestLaunchesAreShownLate(t *testing.T) {
	p := newProgram(t)
	plots, coverage, _ := flightFiles(t, p)
	files := []string{"launches", "--plots", plots, "--coverage", coverage}
	p.now = sim.Start.Time().Add(47 * time.Hour)
	mustHold(t, p.good(t, files...), "0 areas of 0 ends; ", "4 younger tracks are not shown")
	// Where the agreement asks for longer, it is longer.
	p.now = sim.Start.Time().Add(72 * time.Hour)
	p.heldBack(t, "120h")
	mustHold(t, p.good(t, files...), "Shown no sooner than 5 days: clause 8.1", "0 areas of 0 ends; 4 younger tracks are not shown")
	mustHold(t, p.bad(t, append(files, "--live")...), "there is no --live here", "48 h after the flight at the earliest")
	mustHold(t, p.bad(t, "launches", "--plots", "-", "--coverage", "-"), "only one file can be standard input")
	bare := p.write(t, "bare.geojson", `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[-21,-47],[-20,-47],[-20,-46],[-21,-47]]]}}`)
	mustHold(t, p.bad(t, "launches", "--plots", plots, "--coverage", bare), "the property floor_m is missing")
	r := p.runAlone(append(files, "--dir", t.TempDir())...)
	if r.code != 1 || r.out != "" {
		t.Errorf("outside of a data directory: exit code %d, %q", r.code, r.out)
	}
	mustHold(t, r.err, "launch areas are shown inside a data directory with an agreement only")
	p.terms(t, "not: an agreement")
	if r := p.run(files...); r.code != 1 || r.out != "" || !strings.Contains(r.err, "launch areas are shown under an agreement only") {
		t.Errorf("without an agreement: exit code %d, %q, %q", r.code, r.out, r.err)
	}
}

// betrayingFlights are words of where flights began. None may stand in what `truce track`
// writes.
var betrayingFlights = []string{"launch", "landing", "landed", "took off", "take-off", "takeoff", "origin", "pilot", "operator", "зліт", "зльот", "запуск", "посадк", "приземл"}

// trackOutputs are the flags of everything that `truce track` writes.
func trackOutputs(zones string, name func(string) string) [][]string {
	return [][]string{
		{"--tracks", name("t.csv"), "--geojson", name("t.json"), "--kml", name("t.kml"), "--gpx", name("t.gpx"), "--zones", zones, "--passages", name("p.csv"), "--report", name("en.html")},
		{"--tracks", name("k.csv"), "--known", "--zones", zones, "--report", name("uk.html"), "--lang", "uk"},
		{"--tracks", name("l.csv"), "--live", "--geojson", name("l.json"), "--zones", zones, "--passages", name("lp.csv"), "--report", name("l.html")},
	}
}

// TestTrackWritesNoBeginnings: of plots of drones that took off, neither the tables nor
// the maps, the page in both languages, the stream or what is said.
func TestTrackWritesNoBeginnings(t *testing.T) {
	p := newProgram(t)
	plots, coverage, _ := flightFiles(t, p)
	out := t.TempDir()
	runs := trackOutputs(coverage, func(file string) string { return filepath.Join(out, file) })
	for _, run := range runs {
		r := p.runAlone(append([]string{"track", "--plots", plots}, run...)...)
		if r.code != 0 {
			t.Fatal(r.err)
		}
		holdsNone(t, betrayingFlights, "what is printed", r.out+r.err)
	}
	filesHoldNone(t, betrayingFlights, out, 12)
}

// TestOnlyTheReviewFindsLaunches: no other file of the program may reach what finds them.
func TestOnlyTheReviewFindsLaunches(t *testing.T) {
	reachedOnlyBy(t, "sense/track/movement/ends", "app/track_ends")
}
