package locate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// strewn is a network of sensors at random in a square of 60 km.
func strewn(count int) (*network, []Sensor) {
	r := rand.New(rand.NewPCG(7, 7))
	frame := geo.NewFrame(geo.Point{Lat: -47.9, Lon: -21.6})
	var sensors []Sensor
	active := [2][]bool{make([]bool, count), make([]bool, count)}
	for i := range count {
		at := frame.From(geo.Metres(60e3*r.Float64()), geo.Metres(60e3*r.Float64()))
		sensors = append(sensors, Sensor{ID: "s", At: at})
		active[InAir][i] = true
	}
	return newNetwork(sensors, active, InAir), sensors
}

func TestInverseTimesMatrixIsOne(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for dim := 2; dim <= 4; dim++ {
		var m matrix
		for range 9 { // sums of squares are positive definite
			var v vector
			for i := range dim {
				v[i] = r.NormFloat64()
			}
			for i := range dim {
				for j := range dim {
					m[i][j] += v[i] * v[j]
				}
			}
		}
		inv, det, ok := m.invert(dim)
		if !ok {
			t.Fatalf("%d: not positive definite", dim)
		}
		for i := range dim {
			for j := range dim {
				sum, want := 0.0, 0.0
				for k := range dim {
					sum += m[i][k] * inv[k][j]
				}
				if i == j {
					want = 1
				}
				if math.Abs(sum-want) > 1e-9 {
					t.Errorf("%d: row %d column %d is %g, want %g", dim, i, j, sum, want)
				}
			}
		}
		if _, back, _ := inv.invert(dim); math.Abs(back*det-1) > 1e-9 {
			t.Errorf("%d: determinants %g and %g do not cancel", dim, det, back)
		}
	}
	if _, _, ok := (&matrix{}).invert(3); ok {
		t.Error("nothing was inverted")
	}
}

// slopeOf is the slope of a function of place by differences.
func slopeOf(f func(x, y, z float64) float64) slope {
	const h = 1.0
	return slope{
		x: (f(h, 0, 0) - f(-h, 0, 0)) / (2 * h),
		y: (f(0, h, 0) - f(0, -h, 0)) / (2 * h),
		z: (f(0, 0, h) - f(0, 0, -h)) / (2 * h),
	}
}

func TestSlopesAreThoseOfTheTravelTimes(t *testing.T) {
	air := wind{speed: 340, east: 9, north: -12}
	for _, to := range [][3]float64{{4000, 3000, 100}, {-9000, 200, 0}, {10, -7000, -300}} {
		_, got := air.ray(to[0], to[1], to[2])
		want := slopeOf(func(x, y, _ float64) float64 { // the source moves, the sensor stays
			travel, _ := air.ray(to[0]-x, to[1]-y, to[2])
			return travel
		})
		if math.Hypot(got.x-want.x, got.y-want.y) > 1e-8 {
			t.Errorf("air %v: slope %v, by differences %v", to, got, want)
		}
		_, got = wave(to[0], to[1], to[2]+8000, 1/6300.0)
		want = slopeOf(func(x, y, z float64) float64 {
			travel, _ := wave(to[0]-x, to[1]-y, to[2]+8000+z, 1/6300.0)
			return travel
		})
		if math.Abs(got.x-want.x)+math.Abs(got.y-want.y)+math.Abs(got.z-want.z) > 1e-9 {
			t.Errorf("ground %v: slope %v, by differences %v", to, got, want)
		}
		g := air.slopes(to[0], to[1], to[2])
		for i, shift := range []wind{{speed: .01}, {east: .01}, {north: .01}} {
			more := wind{air.speed + shift.speed, air.east + shift.east, air.north + shift.north}
			after, _ := more.ray(to[0], to[1], to[2])
			before, _ := air.ray(to[0], to[1], to[2])
			if want := (after - before) / .01; math.Abs(g[i]-want) > 1e-4*math.Abs(want)+1e-6 {
				t.Errorf("slope %d in the air to %v: %g, by differences %g", i, to, g[i], want)
			}
		}
	}
}

func TestSoundWithTheWindIsFaster(t *testing.T) {
	air := wind{speed: 340, east: 10}
	with, _ := air.ray(10_000, 0, 0)
	against, _ := air.ray(-10_000, 0, 0)
	if math.Abs(with-10_000/350.0) > 1e-3 || math.Abs(against-10_000/330.0) > 1e-3 {
		t.Errorf("%.4f s with the wind, %.4f s against it", with, against)
	}
}

func TestNearestSensorsAreTheNearest(t *testing.T) {
	net, _ := strewn(300)
	r := rand.New(rand.NewPCG(3, 3))
	for range 50 {
		x, y := 70e3*(r.Float64()-.5), 70e3*(r.Float64()-.5)
		var all []ranked
		for i := range net.x {
			all = append(all, ranked{hypot(net.x[i]-x, net.y[i]-y), int32(i)})
		}
		slices.SortFunc(all, byDistance)
		got := net.nearest(x, y, 10, nil)
		if !slices.Equal(got, all[:10]) {
			t.Fatalf("at %.0f, %.0f: %v, want %v", x, y, got, all[:10])
		}
		around := net.around(x, y, 9000, nil)
		want := 0
		for want < len(all) && all[want].distance <= 9000 {
			want++
		}
		if len(around) != want {
			t.Fatalf("%d sensors within 9 km, want %d", len(around), want)
		}
	}
}

func TestPicksAreFoundByTime(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var arrivals []Arrival
	var times []truce.Instant
	for i := range 2000 {
		a := Arrival{ID: string(rune('a' + i%26)), Sensor: r.IntN(5), Time: Earliest + truce.Instant(r.Int64N(3600e6))}
		arrivals, times = append(arrivals, a), append(times, a.Time)
	}
	p := newPicks(arrivals, times, inOrder(arrivals, times, InAir, nil), InAir, 5)
	for range 1000 {
		c, at := int32(r.IntN(5)), 3700*r.Float64()-50
		want := p.start[c]
		for want < p.start[c+1] && p.time[want] < at {
			want++
		}
		if got := p.from(c, at); got != want {
			t.Fatalf("channel %d from %.3f s: pick %d, want %d", c, at, got, want)
		}
	}
	if !slices.IsSortedFunc(p.byTime, func(a, b int32) int { return int(math.Copysign(1, p.time[a]-p.time[b])) }) {
		t.Error("the order by time is none")
	}
}

func TestThreeArrivalsTellAPlace(t *testing.T) {
	net, sensors := strewn(40)
	truth := place{x: 2000, y: -3000, t: 100}
	var arrivals []Arrival
	near := net.nearest(truth.x, truth.y, 3, nil)
	for _, s := range near {
		at := Earliest + truce.Instant((truth.t+s.distance/DefaultSpeedAcoustic)*1e6)
		arrivals = append(arrivals, Arrival{ID: "a", Sensor: int(s.sensor), Time: at})
	}
	s := newSolver(net, arrivals, InAir, Config{})
	if s == nil || len(sensors) != 40 {
		t.Fatal("no solver")
	}
	w := s.newWorker()
	var roots [2]place
	n := w.solve([3]int32(w.picks.byTime), &roots)
	base := float64(w.picks.base-Earliest) / 1e6
	for _, got := range roots[:n] {
		if math.Hypot(got.x-truth.x, got.y-truth.y) < 1 && math.Abs(got.t+base-truth.t) < .01 {
			return
		}
	}
	t.Errorf("%v, want %v", roots[:n], truth)
}

func TestHearingFallsWithDistance(t *testing.T) {
	for _, medium := range []Medium{InAir, InGround} {
		h := firstHearing(medium)
		before := 1.0
		for d := 0.0; d < 200e3; d += 5e3 {
			p := h.chance(d, 40e3)
			if p > before || p < 0 {
				t.Fatalf("medium %d: %g at %.0f m after %g", medium, p, d, before)
			}
			before = p
		}
		if half := h.chance(40e3, 40e3); math.Abs(half-h.height/2) > 1e-9 {
			t.Errorf("%g at the range, want half of %g", half, h.height)
		}
	}
}

func TestTheRangeIsWhereHearingEnds(t *testing.T) {
	h := firstHearing(InAir)
	var all []heard
	for d := 500.0; d < 40e3; d += 500 {
		one := heard{distance: d, pick: [2]int32{-1, -1}, gain: [2]float64{nothingHeard, nothingHeard}}
		if d < 12e3 {
			one.gain[0] = 5
		}
		all = append(all, one)
	}
	if r, _ := h.profile(all, 0, InAir); r < 10e3 || r > 15e3 {
		t.Errorf("range %.0f m, all within 12 km heard it and nobody beyond", r)
	}
}

func TestAJumpingClockIsFollowed(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var list []sighting
	for i := range 40 {
		offset := 1.2
		if i >= 25 {
			offset = -2.1
		}
		list = append(list, sighting{at: float64(100 * i), late: []float64{offset + .1*r.NormFloat64()}, spread: []float64{.1}})
	}
	if !doubtful(list) {
		t.Fatal("nobody doubts the clock")
	}
	found := offsets(3, list, strayDensity, offsetPenalty)
	if len(found) != 2 {
		t.Fatalf("%d stretches, want 2: %v", len(found), found)
	}
	if math.Abs(found[0].offset-1.2) > .1 || math.Abs(found[1].offset+2.1) > .1 || found[0].to < 2400 || found[0].to > 2500 {
		t.Errorf("%+v", found)
	}
	for i := range list {
		list[i].late[0], list[i].onTime = 0, true
	}
	if doubtful(list) {
		t.Error("a clock that is right is doubted")
	}
}

func TestErrorsAreLearntFromResiduals(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	var list []residual
	for range 4000 {
		travel := 60 * r.Float64()
		sigma := max(.2, .02*travel)
		e := sigma * r.NormFloat64()
		list = append(list, residual{travel: travel, square: e * e})
	}
	two := [2]timing{{floor: .1, share: .01, scale: 1}, {floor: .1, share: .01, scale: 1, sharp: true}}
	if sum, larger := two[0].climb(list), two[1].climb(list); sum > larger {
		t.Errorf("errors of which the larger counts are less likely (%g) than a sum of squares (%g)", larger, sum)
	}
	for _, travel := range []float64{2, 10, 30, 50} {
		got, want := math.Sqrt(two[1].variance(0, travel)), max(.2, .02*travel)
		if math.Abs(got/want-1) > .12 {
			t.Errorf("error after %g s: %.3f s, want %.3f", travel, got, want)
		}
	}
}

func TestStrayResidualsAreNotTrusted(t *testing.T) {
	if trust(1) != 1 || trust(9) > .95 || trust(36) > .2 {
		t.Errorf("trust of 1, 3 and 6 sigmas: %g, %g, %g", trust(1), trust(9), trust(36))
	}
	for z := 0.0; z < 8; z += .5 {
		if logResidual(z*z) < logResidual((z+.5)*(z+.5)) {
			t.Errorf("%g sigmas are less likely than %g", z, z+.5)
		}
	}
}

// TestAPlaceNeedsBackers: of the sensors nearest to a place one must have something at the right
// time, besides the three that gave the place; where chance does that easily, two.
func TestAPlaceNeedsBackers(t *testing.T) {
	net, _ := strewn(60)
	near := net.nearest(0, 0, 12, nil)
	order := make([]int32, len(near))
	var heard []Arrival
	for i, s := range near {
		order[i] = s.sensor
		heard = append(heard, Arrival{ID: fmt.Sprint(i), Sensor: int(s.sensor), Time: Earliest + truce.Instant((100+s.distance/DefaultSpeedAcoustic)*1e6)})
	}
	for _, c := range []struct {
		name string
		of   []int
		rate float64
		want bool
	}{
		{"three alone", []int{0, 1, 2}, 1e-4, false},
		{"one more", []int{0, 1, 2, 4}, 1e-4, true},
		{"one more, too far", []int{0, 1, 2, 11}, 1e-4, false},
		{"one more, in a crowd", []int{0, 1, 2, 4}, .1, false},
		{"two more, in a crowd", []int{0, 1, 2, 4, 6}, .1, true},
	} {
		var list []Arrival
		for _, i := range c.of {
			list = append(list, heard[i])
		}
		s := newSolver(net, list, InAir, Config{})
		s.picks.rate = c.rate
		var three [3]int32
		for k := range three {
			three[k] = s.picks.start[heard[k].Sensor]
		}
		at := place{t: float64(Earliest-s.picks.base)/1e6 + 100}
		if got := s.newWorker().backed(&at, order, three); got != c.want {
			t.Errorf("%s: backed is %v", c.name, got)
		}
	}
}
