package track_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// flight is an object on a straight way: where it is at the start, and its velocity.
type flight struct{ x, y, u, w float64 }

// array is a sensor of bearings alone.
type array struct {
	name  string
	at    [2]float64
	means truce.PlotMeans
}

// listen adds a scan of an array, each bearing off by two degrees; sound is as late as it is.
func (s *scene) listen(a array, seconds float64, strays int, flights ...flight) {
	const sigma = 2.0
	scan := track.Scan{ID: fmt.Sprintf("%s %g", a.name, seconds), Sensor: a.name, Means: a.means, Time: s.start + truce.Instant(seconds*1e6)}
	from := s.plane.From(geo.Metres(a.at[0]), geo.Metres(a.at[1]))
	add := func(degrees float64) {
		bearing := geo.Degrees(math.Mod(degrees+720, 360))
		scan.Plots = append(scan.Plots, track.Plot{Time: scan.Time, More: &track.Measure{Station: from, Unplaced: true, Polar: truce.Polar{Bearing: bearing, BearingSigma: sigma}}})
	}
	for _, f := range flights {
		sent := seconds
		for range 30 {
			if a.means == truce.MeansAcoustic {
				sent = seconds - math.Hypot(f.x+sent*f.u-a.at[0], f.y+sent*f.w-a.at[1])/340
			}
		}
		_, azimuth, _ := geo.Inverse(from, s.plane.From(geo.Metres(f.x+sent*f.u), geo.Metres(f.y+sent*f.w)))
		add(float64(azimuth) + sigma*s.chance.NormFloat64())
	}
	for range strays {
		add(360 * s.chance.Float64())
	}
	s.scans = append(s.scans, scan)
}

// off is how far a state lies from a flight, m.
func (s *scene) off(state *track.State, f flight) float64 {
	at := state.Time.Sub(s.start).Seconds()
	d, _, _ := geo.Inverse(state.At, s.plane.From(geo.Metres(f.x+at*f.u), geo.Metres(f.y+at*f.w)))
	return float64(d)
}

func last(tr *track.Track) *track.State { return &tr.Known[len(tr.Known)-1] }

// TestCrossingBearingsBeginTracks where the objects are: the figures of docs/methods/tracking.md,
// with room for other seeds.
func TestCrossingBearingsBeginTracks(t *testing.T) {
	for _, test := range []struct {
		name                string
		gospa, missed, none float64
	}{{"B3", 160, 1, .4}, {"B5", 240, 1.8, .7}} {
		var gospa, missed, none float64
		const runs = 6
		for seed := uint64(21); seed < 21+runs; seed++ {
			w := world(t, test.name, seed)
			r := follow(t, rowsOf(w), track.Config{})
			s := score(w, &r, false)
			gospa, missed, none = gospa+s.GOSPA/runs, missed+s.Missed/runs, none+s.False/runs
		}
		t.Logf("%s: GOSPA %.0f m, %.2f missed and %.2f of nothing a scan", test.name, gospa, missed, none)
		if gospa > test.gospa || missed > test.missed || none > test.none {
			t.Errorf("%s: GOSPA %.0f m, %.2f missed and %.2f of nothing a scan", test.name, gospa, missed, none)
		}
	}
}

// TestNoiseAloneBeginsLittle: five arrays that hear four times a second something that is
// nothing.
func TestNoiseAloneBeginsLittle(t *testing.T) {
	tracks := 0
	for seed := range uint64(10) {
		s := newScene()
		s.chance = rand.New(rand.NewPCG(seed, 35))
		for i := range 120 {
			for k, at := range [][2]float64{{0, 0}, {-3000, -3000}, {3000, -3000}, {3000, 3000}, {-3000, 3000}} {
				s.listen(array{fmt.Sprint("array", k), at, truce.MeansAcoustic}, float64(i)+.2*float64(k), 4)
			}
		}
		tracks += len(follow(t, s.scans, track.Config{}).Tracks)
	}
	t.Log(tracks, "tracks")
	if tracks > 3 {
		t.Errorf("%d tracks of nothing in twenty minutes of noise", tracks)
	}
}

// TestBearingsThatDoNotCrossBeginNothing: of one array alone, of two that look along one line,
// and of two at one place.
func TestBearingsThatDoNotCrossBeginNothing(t *testing.T) {
	for name, stations := range map[string][][2]float64{"one": {{0, 0}}, "in line": {{-4000, 0}, {-8000, 0}}, "one place": {{0, 0}, {0, 0}}} {
		s := newScene()
		for i := range 100 {
			for k, at := range stations {
				s.listen(array{fmt.Sprint("array", k), at, truce.MeansRadio}, float64(i)+.3*float64(k), 0, flight{1000, 300, 15, 0})
			}
		}
		if r := follow(t, s.scans, track.Config{}); len(r.Tracks) != 0 {
			t.Errorf("%s: %d tracks", name, len(r.Tracks))
		}
	}
}

// TestSoundOfAFastObjectIsLate: heard three kilometres away at 100 m/s, it is where it is, not
// 900 m behind.
func TestSoundOfAFastObjectIsLate(t *testing.T) {
	s, f := newScene(), flight{-4000, 3000, 100, 0}
	for i := range 70 {
		for k, at := range [][2]float64{{-3000, 0}, {0, 0}, {3000, 0}} {
			s.listen(array{fmt.Sprint("array", k), at, truce.MeansAcoustic}, float64(i)+.3*float64(k), 0, f)
		}
	}
	r := follow(t, s.scans, track.Config{})
	if len(r.Tracks) != 1 {
		t.Fatalf("%d tracks of one object", len(r.Tracks))
	}
	sum, n := 0.0, 0.0
	for i := range r.Tracks[0].Known {
		if k := &r.Tracks[0].Known[i]; k.Time.Sub(s.start).Seconds() > 30 {
			sum, n = sum+s.off(k, f), n+1
		}
	}
	t.Logf("%.0f m", sum/n)
	if !(sum/n < 200) || n < 30 {
		t.Errorf("off by %.0f m in %.0f states", sum/n, n)
	}
}

// TestGhostsOfTwoDieWithAThird: two arrays that hear two objects have them cross at four
// places; a third array tells which.
func TestGhostsOfTwoDieWithAThird(t *testing.T) {
	for seed := range uint64(5) {
		s := newScene()
		s.chance = rand.New(rand.NewPCG(seed, 36))
		flights := []flight{{-1200, 3000, 10, 3}, {1500, 2500, -6, 8}}
		for i := range 100 {
			for k, at := range [][2]float64{{-2500, 0}, {2500, 0}, {0, 5500}} {
				s.listen(array{fmt.Sprint("array", k), at, truce.MeansRadio}, float64(i)+.3*float64(k), 0, flights...)
			}
		}
		r := follow(t, s.scans, track.Config{})
		for i := range r.Tracks {
			tr := &r.Tracks[i]
			if l := last(tr); l.Time.Sub(s.start).Seconds() > 95 && min(s.off(l, flights[0]), s.off(l, flights[1])) > 200 {
				t.Errorf("seed %d: track %d is where nothing is", seed, tr.Number)
			}
		}
		for _, f := range flights {
			if !slices.ContainsFunc(r.Tracks, func(tr track.Track) bool {
				return s.off(last(&tr), f) < 200 && last(&tr).Time.Sub(s.start).Seconds() > 95
			}) {
				t.Errorf("seed %d: nothing is where %v is", seed, f)
			}
		}
	}
}

// TestCrossingsLiveAreThoseOfBatch, in any order.
func TestCrossingsLiveAreThoseOfBatch(t *testing.T) {
	scans := rowsOf(world(t, "B5", 10))[:300]
	want := follow(t, scans, track.Config{})
	if len(want.Tracks) == 0 {
		t.Fatal("no track")
	}
	chance := rand.New(rand.NewPCG(37, 38))
	mixed := slices.Clone(scans)
	for i := range mixed {
		j := min(len(mixed)-1, i+chance.IntN(8))
		mixed[i], mixed[j] = mixed[j], mixed[i]
	}
	live, err := track.NewLive(track.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range mixed {
		mixed[i].Plots = slices.Clone(mixed[i].Plots)
		chance.Shuffle(len(mixed[i].Plots), func(a, b int) {
			mixed[i].Plots[a], mixed[i].Plots[b] = mixed[i].Plots[b], mixed[i].Plots[a]
		})
		if _, err := live.Add(mixed[i]); err != nil {
			t.Fatal(err)
		}
	}
	if got := live.Close(); !reflect.DeepEqual(got, want) {
		t.Error("the stream gives other tracks than the file")
	}
}
