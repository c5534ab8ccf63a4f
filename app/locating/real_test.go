package locating

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	sim "github.com/trucewatch/truce/sim/arrivals"
)

// sharedFile opens one of the files for tests, which lie beside the repository.
func sharedFile(t *testing.T, name string) *os.File {
	t.Helper()
	root := os.Getenv("TRUCE_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	file, err := os.Open(filepath.Join(root, "data", filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("real data are not here: %v", err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// infrasound reads detections of arrays: bearings of some degrees and times of the peak, good
// to some seconds of a signal that goes on for half a minute.
func infrasound(t *testing.T, name string, bearing, timing float64) *Field {
	t.Helper()
	var list []struct {
		Time      string      `json:"Peak F-Stat Time (UTC)"`
		Azimuth   geo.Degrees `json:"Back Azimuth"`
		Latitude  geo.Degrees
		Longitude geo.Degrees
	}
	if err := json.NewDecoder(sharedFile(t, "infrapy/"+name)).Decode(&list); err != nil {
		t.Fatal(err)
	}
	f := &Field{}
	for i, d := range list {
		var at truce.Instant
		if err := at.UnmarshalText([]byte(d.Time + "Z")); err != nil {
			t.Fatal(err)
		}
		f.Sensors = append(f.Sensors, locate.Sensor{ID: fmt.Sprint("array", i), At: geo.Point{Lat: d.Latitude, Lon: d.Longitude}})
		f.Arrivals = append(f.Arrivals, locate.Arrival{
			ID: fmt.Sprint("d", i), Sensor: i, Time: at, Sigma: timing,
			Azimuth: geo.Degrees(math.Mod(float64(d.Azimuth)+360, 360)), AzimuthSigma: geo.Degrees(bearing),
		})
	}
	return f
}

// TestInfrasoundOfAKnownExplosion: HRR-5, a surface explosion heard by five arrays 234 to 471 km
// away. A plain least-squares fit misses it by 20.1 km. The speed is one between those of the
// troposphere and the stratosphere; sound of that distance has no single one.
func TestInfrasoundOfAKnownExplosion(t *testing.T) {
	f := infrasound(t, "HRR-5.dets.json", 3, 10)
	result, err := locate.Batch(f.Sensors, f.Arrivals, locate.Config{SpeedAcoustic: 320, MinArrivals: 3})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Events) != 1 {
		t.Fatalf("%d events", len(result.Events))
	}
	e := result.Events[0]
	miss, _, _ := geo.Inverse(e.At, geo.Point{Lat: 33.5377, Lon: -106.333961})
	t.Logf("%.1f km off with %d of %d, 90 %% ellipse %.1f by %.1f km", miss/1000, len(e.Used), len(f.Arrivals), ninety*e.Ellipse.Major/1000, ninety*e.Ellipse.Minor/1000)
	if miss >= 20_100 {
		t.Errorf("%.1f km off, a plain fit 20.1 km", miss/1000)
	}
}

// TestCatalogueOfRealEarthquakes: arrivals made for 101 real earthquakes through a layered
// earth, found with two straight speeds.
func TestCatalogueOfRealEarthquakes(t *testing.T) {
	w, err := sim.NewCatalogue(sim.Catalogue{
		Events: sharedFile(t, "assoc/real/catalog_syn.txt"), Stations: sharedFile(t, "assoc/real/station.dat"), Times: sharedFile(t, "assoc/real/tt_db/ttdb.txt"), Seed: 2, Noise: .5,
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := OfWorld(w)
	if err != nil {
		t.Fatal(err)
	}
	result, err := locate.Batch(f.Sensors, f.Arrivals, locate.Config{SpeedP: 6000, SpeedS: 3200})
	if err != nil {
		t.Fatal(err)
	}
	score := w.Score(Found(&result))
	t.Log(score)
	if score.F1() < .97 || score.Error(.5) > 3000 {
		t.Errorf("%s", score)
	}
}

// TestDayOfRealPicks: 85,289 picks of one day by a program, most of them of nothing. There is
// no truth to them: the test holds what any answer must hold.
func TestDayOfRealPicks(t *testing.T) {
	f := realPicks(t)
	if len(f.Arrivals) != 85_289 || len(f.Sensors) != 60 {
		t.Fatalf("%d picks, %d stations", len(f.Arrivals), len(f.Sensors))
	}
	result, err := locate.Batch(f.Sensors, f.Arrivals, locate.Config{SpeedP: 6000, SpeedS: 3200})
	if err != nil {
		t.Fatal(err)
	}
	used := map[int]bool{}
	for _, e := range result.Events {
		for _, u := range e.Used {
			if used[u.Arrival] {
				t.Fatalf("arrival %d is in two events", u.Arrival)
			}
			used[u.Arrival] = true
		}
		if !e.At.Valid() || !(e.RMS >= 0 && e.RMS < 5) || !(e.Ellipse.Major > 0) || len(e.Used) < locate.DefaultMinArrivalsSeismic {
			t.Errorf("%+v", e)
		}
	}
	known := catalogued(t, &result)
	t.Logf("%d events of %d picks; of 101 catalogued earthquakes %d are among them", len(result.Events), len(used), known)
	if known < 80 {
		t.Errorf("%d of 101 catalogued earthquakes were found", known)
	}
}

// realPicks reads station.dat and every NET.STA.PHASE.txt.
func realPicks(t *testing.T) *Field {
	t.Helper()
	f := &Field{}
	stations := sharedFile(t, "assoc/real/station.dat")
	number := map[string]int{}
	for _, row := range words(t, stations) {
		lon, lat, elev := float(t, row[0]), float(t, row[1]), float(t, row[5])
		number[row[2]+"."+row[3]] = len(f.Sensors)
		f.Sensors = append(f.Sensors, locate.Sensor{ID: row[2] + "." + row[3], At: geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)}, Elev: geo.Metres(1000 * elev)})
	}
	var midnight truce.Instant
	if err := midnight.UnmarshalText([]byte("2016-10-14T00:00:00Z")); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(stations.Name()), "picks_20161014", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(filepath.Base(name), ".")
		phase, err := locate.ParsePhase(parts[2])
		if err != nil {
			t.Fatal(err)
		}
		sensor, ok := number[parts[0]+"."+parts[1]]
		if !ok {
			t.Fatalf("%s: no such station", name)
		}
		for _, row := range words(t, file) {
			f.Arrivals = append(f.Arrivals, locate.Arrival{
				ID: fmt.Sprint("p", len(f.Arrivals)), Sensor: sensor, Phase: phase, Time: midnight + truce.Instant(math.Round(1e6*float(t, row[0]))), Amplitude: float(t, row[2]),
			})
		}
		file.Close()
	}
	return f
}

// catalogued counts the earthquakes of the catalogue with an event within 3 s and 10 km.
func catalogued(t *testing.T, result *locate.Result) int {
	t.Helper()
	n := 0
	for _, row := range words(t, sharedFile(t, "assoc/real/catalog_syn.txt")) {
		var at truce.Instant
		if err := at.UnmarshalText([]byte(row[0])); err != nil {
			t.Fatal(err)
		}
		place := geo.Point{Lat: geo.Degrees(float(t, row[2])), Lon: geo.Degrees(float(t, row[1]))}
		for _, e := range result.Events {
			d, _, _ := geo.Inverse(e.At, place)
			if math.Abs(e.Time.Sub(at).Seconds()) < 3 && d < 10_000 {
				n++
				break
			}
		}
	}
	return n
}

func words(t *testing.T, file *os.File) [][]string {
	t.Helper()
	text, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(text)) {
		if row := strings.Fields(line); len(row) > 0 {
			out = append(out, row)
		}
	}
	return out
}

func float(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
