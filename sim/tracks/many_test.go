package tracks

import (
	"math"
	"reflect"
	"testing"

	"github.com/trucewatch/truce/geo"
)

// TestManyRecipe: rates, errors and bias are those that the recipe says.
func TestManyRecipe(t *testing.T) {
	w := made(t, "M20", 4)
	plane := geo.NewPlane(origin)
	scans, plots, named := map[string]map[string]bool{}, map[string]float64{}, map[string]map[int]bool{}
	east, north, square, n := 0.0, 0.0, 0.0, 0.0
	for i := range w.Rows {
		r := &w.Rows[i]
		if scans[r.Sensor] == nil {
			scans[r.Sensor] = map[string]bool{}
		}
		scans[r.Sensor][r.Scan] = true
		plots[r.Sensor]++
		if i > 0 && r.Time < w.Rows[i-1].Time {
			t.Fatal("rows are not in the order of time")
		}
		if r.Identity != "" {
			if named[r.Identity] == nil {
				named[r.Identity] = map[int]bool{}
			}
			named[r.Identity][r.Target] = true
		}
		if r.Sensor != "camera" || r.Target < 0 {
			continue
		}
		at, f := int(r.Time-Start)/4_000_000, math.Mod(float64(r.Time-Start)/4e6, 1)
		if at+1 >= len(w.Scans) {
			continue
		}
		x, y := plane.To(r.At)
		ax, ay := plane.To(w.Scans[at].Truth[r.Target])
		bx, by := plane.To(w.Scans[at+1].Truth[r.Target])
		dx, dy := float64(x)-(1-f)*float64(ax)-f*float64(bx), float64(y)-(1-f)*float64(ay)-f*float64(by)
		east, north, square, n = east+dx, north+dy, square+dy*dy, n+1
	}
	for name, want := range map[string]int{"radar": 50, "array-west": 199, "array-east": 199, "camera": 100, "receiver": 199} {
		if n := len(scans[name]); n > want || n < want-6 { // one without plots has no rows
			t.Errorf("%d scans of %s, want %d", len(scans[name]), name, want)
		}
	}
	if math.Abs(east/n-ManyShift) > 3 || math.Abs(north/n) > 3 || math.Abs(math.Sqrt(square/n)-cameraSigma) > 2 {
		t.Errorf("the camera is off by %.1f m east and %.1f m north, with %.1f m", east/n, north/n, math.Sqrt(square/n))
	}
	if len(named) != 9 || len(named["serial:S1"]) != 2 {
		t.Errorf("%d identities, the first said by %d objects; want 9 and 2", len(named), len(named["serial:S1"]))
	}
	if again := made(t, "M20", 4); !reflect.DeepEqual(again, w) {
		t.Error("one seed gives two worlds")
	}
	for _, bad := range []string{"M", "M2", "M20+20", "Mx", "M20000"} {
		if _, err := ParseWorkload(bad, 1); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// TestSoundOfManyIsLate: bearings of the arrays point to where the object was.
func TestSoundOfManyIsLate(t *testing.T) {
	w := made(t, "M20", 5)
	plane := geo.NewPlane(origin)
	late, now, n := 0.0, 0.0, 0.0
	for i := range w.Rows {
		r := &w.Rows[i]
		at := float64(r.Time-Start) / 4e6
		if r.Sensor != "array-west" || r.Target < 0 || int(at)+1 >= len(w.Scans) || at < 10 {
			continue
		}
		place := func(at float64) (x, y float64) {
			k, f := int(at), at-math.Floor(at)
			ax, ay := plane.To(w.Scans[k].Truth[r.Target])
			bx, by := plane.To(w.Scans[k+1].Truth[r.Target])
			return (1-f)*float64(ax) + f*float64(bx), (1-f)*float64(ay) + f*float64(by)
		}
		sx, sy := plane.To(r.Station)
		off := func(x, y float64) float64 {
			d := math.Remainder(float64(r.Polar.Bearing)-math.Atan2(x-float64(sx), y-float64(sy))*180/math.Pi, 360)
			return d * d
		}
		x, y := place(at)
		now += off(x, y)
		x, y = place(at - math.Hypot(x-float64(sx), y-float64(sy))/soundMps/4)
		late += off(x, y)
		n++
	}
	if late, now := math.Sqrt(late/n), math.Sqrt(now/n); math.Abs(late-arrayBearing) > .4 || now < late+.5 {
		t.Errorf("bearings are off by %.2f degrees from where sound left, by %.2f from where the object is", late, now)
	}
}

// TestBearingsRecipe: five arrays, with the errors and noise that the recipe says.
func TestBearingsRecipe(t *testing.T) {
	w := made(t, "B5", 6)
	sensors, strays, heard := map[string]int{}, 0.0, 0.0
	for i := range w.Rows {
		r := &w.Rows[i]
		if r.Polar == nil || r.Polar.RangeSigma != 0 || r.Polar.BearingSigma != heardBearing {
			t.Fatalf("row %d: %+v", i, r.Polar)
		}
		sensors[r.Sensor]++
		if r.Target < 0 {
			strays++
		} else {
			heard++
		}
	}
	if looks := 5.0 * heardSeconds; len(sensors) != 5 || len(w.Scans) != heardSeconds || math.Abs(strays/looks-1) > .15 || heard/looks < 2 {
		t.Errorf("%d sensors, %d scans, %g strays and %g heard", len(sensors), len(w.Scans), strays, heard)
	}
}
