package tracks

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func made(t *testing.T, name string, seed uint64) *World {
	t.Helper()
	cfg, err := ParseWorkload(name, seed)
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestRecipes: counts, errors and speeds are those that the recipe says.
func TestRecipes(t *testing.T) {
	for _, test := range []struct {
		name            string
		targets         int
		clutter, detect float64
		width           float64
	}{
		{"T20+20", 20, 20, .9, 20e3},
		{"T100+100", 100, 100, .9, 30e3},
		{"T200+500", 200, 500, .9, 50e3},
		{"T400+7", 400, 7, .9, 60e3},
		{"C20+20", 20, 20, .9, 3000 * math.Sqrt(20)},
		{"H20/1", 20, hardWidth * hardWidth / hardGate, .6, hardWidth},
	} {
		w := made(t, test.name, 4)
		plane := geo.NewPlane(origin)
		clutter, seen, square, widest := 0.0, 0.0, 0.0, 0.0
		for _, s := range w.Scans {
			for _, p := range s.Plots {
				x, y := plane.To(p.At)
				if p.Target < 0 {
					clutter++
					widest = max(widest, math.Abs(float64(x)), math.Abs(float64(y)))
					continue
				}
				seen++
				tx, ty := plane.To(s.Truth[p.Target])
				square += float64((x-tx)*(x-tx) + (y-ty)*(y-ty))
			}
		}
		n := float64(len(w.Scans))
		if w.Targets != test.targets || n != DefaultScans {
			t.Errorf("%s: %d objects in %.0f scans", test.name, w.Targets, n)
		}
		if d := clutter/n - test.clutter; math.Abs(d) > 4*math.Sqrt(test.clutter/n) {
			t.Errorf("%s: %.2f clutter plots a scan, want %.2f", test.name, clutter/n, test.clutter)
		}
		if share := seen / n / float64(w.Targets); math.Abs(share-test.detect) > .04 {
			t.Errorf("%s: seen with %.3f, want %.2f", test.name, share, test.detect)
		}
		if sigma := math.Sqrt(square / seen / 2); math.Abs(sigma-plotSigma) > 1 {
			t.Errorf("%s: plots are off by %.2f m, want %d", test.name, sigma, plotSigma)
		}
		if widest > test.width/2+.1 || widest < .45*test.width {
			t.Errorf("%s: clutter reaches %.0f m from the middle of %.0f m", test.name, widest, test.width)
		}
	}
}

// TestSeeds: one seed gives one world, another another; more clutter leaves the objects where
// they were.
func TestSeeds(t *testing.T) {
	one, again, other := made(t, "C20+20", 1), made(t, "C20+20", 1), made(t, "C20+20", 2)
	if !reflect.DeepEqual(one, again) || reflect.DeepEqual(one, other) {
		t.Error("a seed does not say what world it is")
	}
	if more := made(t, "C20+90", 1); !reflect.DeepEqual(more.Scans[99].Truth, one.Scans[99].Truth) {
		t.Error("more clutter moved the objects")
	}
}

// TestCrossings: objects of C pass within a plot's error of each other, and some turn hard.
func TestCrossings(t *testing.T) {
	w := made(t, "C40+10", 3)
	met, turned := 0, 0
	for i := range 40 {
		nearest, most := geo.Metres(math.Inf(1)), 0.0
		for k := range w.Scans {
			truth := w.Scans[k].Truth
			if i%4 == 1 {
				d, _, _ := geo.Inverse(truth[i], truth[i-1])
				nearest = min(nearest, d)
			}
			if k >= 2 {
				plane := geo.NewPlane(truth[i])
				ax, ay := plane.To(w.Scans[k-1].Truth[i])
				bx, by := plane.To(w.Scans[k-2].Truth[i])
				most = max(most, math.Hypot(float64(bx-2*ax), float64(by-2*ay)))
			}
		}
		if nearest < 80 {
			met++
		}
		if most > 3 {
			turned++
		}
	}
	if met < 6 || turned < 8 {
		t.Errorf("%d pairs of 10 met, %d objects of 20 turned", met, turned)
	}
}

func TestBadWorkloads(t *testing.T) {
	for _, name := range []string{"", "T", "T20", "T+20", "T20+", "T0+20", "T-1+20", "X20+20", "H20+10", "T20/10", "T20+NaN", "T20+1e9", "T999999+1", "T20+20+20"} {
		if _, err := ParseWorkload(name, 1); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, c := range []Config{{Kind: KindPlain, Targets: 1, Scans: MaxScans + 1}, {Kind: KindPlain, Targets: 1, Detection: 1.1}, {Kind: KindPlain, Targets: 1, Stated: "x"}, {Kind: "Z", Targets: 1}, {Kind: KindPlain}, {Kind: KindPlain, Targets: 1, Clutter: -1}} {
		if _, err := New(c); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

type closer struct{ *bytes.Buffer }

func (closer) Close() error { return nil }

// TestFiles: what is written, and that an error of the disk comes back.
func TestFiles(t *testing.T) {
	w := made(t, "T20+20", 1)
	files := map[string]*bytes.Buffer{}
	err := w.Write(func(name string) (io.WriteCloser, error) {
		files[name] = &bytes.Buffer{}
		return closer{files[name]}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	plots, truth := files[PlotsFile].String(), files[TruthFile].String()
	if !strings.HasPrefix(plots, "scan,time,plot,lat,lon,alt_m,sigma_m\n1,2031-03-03T06:00:00.000000Z,1.1,-4") || !strings.Contains(plots, ",,20\n") {
		t.Errorf("plots begin %.90q", plots)
	}
	if !strings.HasPrefix(truth, "target,scan,time,lat,lon\n1,1,2031-03-03T06:00:00.000000Z,-4") || strings.Count(truth, "\n") != 2001 {
		t.Errorf("truth begins %.90q", truth)
	}
	full := errors.New("the disk is full")
	if err := w.Write(func(string) (io.WriteCloser, error) { return nil, full }); !errors.Is(err, full) {
		t.Errorf("a full disk: %v", err)
	}
}

// TestScore of an answer that is worked out by hand.
func TestScore(t *testing.T) {
	at := func(east, north float64) geo.Point {
		p, _ := geo.Direct(origin, 90, geo.Metres(east))
		q, _ := geo.Direct(p, 0, geo.Metres(north))
		return q
	}
	truth := &Truth{IDs: []string{"a", "b", "c"}, At: map[string]geo.Point{"a": at(0, 0), "b": at(100, 0), "c": at(5000, 0)}}
	s := NewScore()
	// a and b are both nearest to track 1, c is missed, track 3 is false.
	s.Add(truth, []Found{{"1", at(60, 0), 30}, {"2", at(-90, 0), 45}, {"3", at(0, 900), 10}})
	want := math.Sqrt(40*40 + 90*90 + 2*20000)
	s.Add(truth, []Found{{"9", at(3, 4), 5}, {"1", at(100, 0), 5}, {"4", at(5000, 12), 5}})
	s.Close()
	want = (want + 13) / 2
	if math.Abs(s.GOSPA-want) > .01 || s.Missed != .5 || s.False != .5 || s.Switches != 1 || s.Tracks != 5 {
		t.Errorf("%v; want GOSPA %.2f", s, want)
	}
	nees := (40*40/900.0 + 90*90/2025.0 + 1 + 0 + 144/25.0) / 5
	if math.Abs(s.NEES-nees) > 1e-3 || s.InBand != 1 {
		t.Errorf("NEES %.4f, want %.4f; %v", s.NEES, nees, s.InBand)
	}
	empty := NewScore()
	empty.Close()
	empty.Add(&Truth{}, nil)
	if empty.GOSPA != 0 {
		t.Errorf("of nothing: %v", empty)
	}
}

// TestAssignmentAgainstAllOrders.
func TestAssignmentAgainstAllOrders(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := 1 + chance.IntN(6)
		cost := make([][]float64, n)
		for i := range cost {
			for range n {
				cost[i] = append(cost[i], math.Round(-50*chance.Float64()))
			}
		}
		got, best := 0.0, math.Inf(1)
		for r, c := range hungarian(cost) {
			got += cost[r][c]
		}
		var try func(r int, used uint, sum float64)
		try = func(r int, used uint, sum float64) {
			if r == n {
				best = min(best, sum)
			}
			for c := 0; r < n && c < n; c++ {
				if used&(1<<c) == 0 {
					try(r+1, used|1<<c, sum+cost[r][c])
				}
			}
		}
		try(0, 0, 0)
		if got != best {
			t.Fatalf("%v: %g, least is %g", cost, got, best)
		}
	}
}

// TestBandOfChiSquare against tables.
func TestBandOfChiSquare(t *testing.T) {
	for _, row := range []struct {
		degrees   int
		low, high float64
	}{{4, .484, 11.143}, {40, 24.433, 59.342}, {200, 162.728, 241.058}} {
		low, high := chi2Band(row.degrees)
		if math.Abs(low-row.low) > .04 || math.Abs(high-row.high) > .04 {
			t.Errorf("%d degrees: %.3f to %.3f, want %.3f to %.3f", row.degrees, low, high, row.low, row.high)
		}
	}
}
