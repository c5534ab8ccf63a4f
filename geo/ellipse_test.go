package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// somewhere draws a point anywhere but on the poles, where azimuths lose their meaning.
func somewhere(t *rapid.T, label string) Point {
	return Point{
		Degrees(rapid.Float64Range(-89.9, 89.9).Draw(t, label+" lat")),
		Degrees(rapid.Float64Range(-180, 180).Draw(t, label+" lon")),
	}
}

// someEllipse draws axes up to 100 km that differ by at most a thousand times.
func someEllipse(t *rapid.T) Ellipse {
	major := rapid.Float64Range(1, 1e5).Draw(t, "major")
	return Ellipse{
		Major:  Metres(major),
		Minor:  Metres(major * rapid.Float64Range(.001, 1).Draw(t, "ratio")),
		Strike: Degrees(rapid.Float64Range(0, 179.999).Draw(t, "strike")),
	}
}

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

func TestEllipseIsTheCovarianceDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := someEllipse(t)
		got := FromEllipse(e).Ellipse()
		scale := float64(e.Major)
		if !near(float64(got.Major), scale, 1e-9*scale) || !near(float64(got.Minor), float64(e.Minor), 1e-6*scale) {
			t.Fatalf("axes of %+v came back as %+v", e, got)
		}
		round := float64(e.Minor) > .99*scale // then the strike means nothing
		turn := math.Remainder(float64(got.Strike-e.Strike), 180)
		if !round && math.Abs(turn) > 1e-6 {
			t.Fatalf("strike of %+v came back as %v", e, got.Strike)
		}
		if got.Strike < 0 || got.Strike >= 180 {
			t.Fatalf("strike %v outside [0, 180)", got.Strike)
		}
	})
}

func TestEllipseKnown(t *testing.T) {
	for _, row := range []struct {
		name string
		c    Covariance
		want Ellipse
	}{
		{"exact", Covariance{}, Ellipse{}},
		{"round", Isotropic(5), Ellipse{5, 5, 0}},
		{"long to the north", Covariance{EE: 4, NN: 9}, Ellipse{3, 2, 0}},
		{"long to the east", Covariance{EE: 9, NN: 4}, Ellipse{3, 2, 90}},
		{"long to the north-east", Covariance{EE: 5, EN: 4, NN: 5}, Ellipse{3, 1, 45}},
		{"long to the north-west", Covariance{EE: 5, EN: -4, NN: 5}, Ellipse{3, 1, 135}},
		{"known along one direction only", Covariance{EE: 1, EN: 1, NN: 1}, Ellipse{Metres(math.Sqrt2), 0, 45}},
	} {
		got := row.c.Ellipse()
		if !near(float64(got.Major), float64(row.want.Major), 1e-12) || !near(float64(got.Minor), float64(row.want.Minor), 1e-12) ||
			!near(float64(got.Strike), float64(row.want.Strike), 1e-12) {
			t.Errorf("%s: %+v is drawn %+v, want %+v", row.name, row.c, got, row.want)
		}
	}
}

func TestCovarianceValid(t *testing.T) {
	for _, row := range []struct {
		c    Covariance
		want bool
	}{
		{Covariance{}, true},
		{Covariance{EE: 1, EN: 1, NN: 1}, true},
		{Covariance{EE: 1, EN: 1.1, NN: 1}, false},
		{Covariance{EE: -1, NN: 1}, false},
		{Covariance{EE: math.NaN(), NN: 1}, false},
		{Covariance{EE: 1, EN: math.NaN(), NN: 1}, false},
		{Covariance{EE: math.Inf(1), NN: 1}, false},
	} {
		if got := row.c.Valid(); got != row.want {
			t.Errorf("%+v valid: %v, want %v", row.c, got, row.want)
		}
	}
}

func TestNinetyPercent(t *testing.T) {
	// The 90 % ellipse holds 90 % of samples, and its axes are the published 2.1460 sigma.
	if got := R90(1); !near(float64(got), 2.14597, 1e-5) {
		t.Fatalf("R90(1) = %v", got)
	}
	if got := SigmaOfR90(R90(7)); !near(float64(got), 7, 1e-12) {
		t.Fatalf("sigma of R90(7) = %v", got)
	}
	c := FromEllipse(Ellipse{300, 120, 35})
	e := c.Ellipse90()
	random := rand.New(rand.NewPCG(1, 90))
	inside, n := 0, 200_000
	for range n {
		along, across := 300*random.NormFloat64(), 120*random.NormFloat64()
		if along*along/float64(e.Major*e.Major)+across*across/float64(e.Minor*e.Minor) <= 1 {
			inside++
		}
	}
	if share := float64(inside) / float64(n); !near(share, .9, .003) {
		t.Errorf("the 90 %% ellipse holds %.4f", share)
	}
}

func TestAddIsVarianceByVariance(t *testing.T) {
	got := Isotropic(3).Add(Isotropic(4))
	if got != Isotropic(5) {
		t.Errorf("3 m and 4 m make %+v, want 5 m", got)
	}
}

// inverse is the precision matrix.
func inverse(c Covariance) Covariance {
	det := c.EE*c.NN - c.EN*c.EN
	return Covariance{c.NN / det, -c.EN / det, c.EE / det}
}

func TestFuseAddsPrecision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Point{48, 38}
		ratio := rapid.Float64Range(.05, 1)
		draw := func(label string) Covariance {
			major := rapid.Float64Range(10, 2000).Draw(t, label)
			return FromEllipse(Ellipse{Metres(major), Metres(major * ratio.Draw(t, label)), Degrees(rapid.Float64Range(0, 180).Draw(t, label))})
		}
		c, d := draw("first"), draw("second")
		plane := NewPlane(p)
		q := plane.From(Metres(rapid.Float64Range(-3000, 3000).Draw(t, "east")), Metres(rapid.Float64Range(-3000, 3000).Draw(t, "north")))
		place, got := Fuse(p, c, q, d)
		a, b, sum := inverse(c), inverse(d), inverse(got)
		tolerance := 2e-3 * (a.EE + a.NN + b.EE + b.NN) // the meridians converge by less than a milliradian
		if !near(sum.EE, a.EE+b.EE, tolerance) || !near(sum.EN, a.EN+b.EN, tolerance) || !near(sum.NN, a.NN+b.NN, tolerance) {
			t.Fatalf("precision %+v, want %+v plus %+v", sum, a, b)
		}
		if other, _ := Fuse(q, d, p, c); Distance(place, other) > .02 {
			t.Fatalf("the order matters: %v and %v, %.2f m apart", place, other, Distance(place, other))
		}
	})
}

func TestFuseWithAnExactPosition(t *testing.T) {
	p, q := Point{48, 38}, Point{48.01, 38.02}
	if got, c := Fuse(p, Covariance{}, q, Isotropic(500)); Distance(got, p) > .01 || !c.Exact() {
		t.Errorf("the exact one is at %v, fused %v with %+v", p, got, c)
	}
	if got, _ := Fuse(p, Isotropic(500), q, Covariance{}); Distance(got, q) > .01 {
		t.Errorf("the exact one is at %v, fused %v", q, got)
	}
	got, _ := Fuse(p, Covariance{}, q, Covariance{})
	if !near(float64(Distance(got, p)), float64(Distance(got, q)), .1) {
		t.Errorf("two exact positions that differ should meet halfway, got %v", got)
	}
}

func TestEllipse90RingIsDrawnAroundTheCentre(t *testing.T) {
	center := Point{48, 38}
	e := FromEllipse(Ellipse{1000, 400, 30}).Ellipse90()
	ring := e.Ring(center, 72)
	if len(ring) != 73 || ring[0] != ring[72] {
		t.Fatalf("%d points, first %v, last %v: want 73, closed", len(ring), ring[0], ring[len(ring)-1])
	}
	if got, want := float64(ring.SquareMetres()), math.Pi*float64(e.Major*e.Minor); !near(got, want, .002*want) {
		t.Errorf("area %.0f m2, want %.0f, counter-clockwise", got, want)
	}
	d, azimuth, _ := Inverse(center, ring[0])
	if !near(float64(d), float64(e.Major), 1e-3) || !near(float64(azimuth), 30, 1e-6) {
		t.Errorf("the first point lies %.3f m off at %.4f, want the end of the major axis", d, azimuth)
	}
	if got := len(e.Ring(center, -5)); got != 9 {
		t.Errorf("a senseless number of points gives %d, want the least, 9", got)
	}
	if got := len(e.Ring(center, 1<<40)); got != MaxRingPoints+1 {
		t.Errorf("a huge number of points gives %d, want %d", got, MaxRingPoints+1)
	}
}

func TestFootprintCovarianceIsThatOfItsRectangle(t *testing.T) {
	f := Footprint{Scan: 600, Track: 375, Azimuth: 20}
	center := Point{47, 35}
	ring, plane := f.Ring(center), NewPlane(center)
	corner := func(i int) (float64, float64) {
		x, y := plane.To(ring[i])
		return float64(x), float64(y)
	}
	x0, y0 := corner(0)
	x1, y1 := corner(1)
	x3, y3 := corner(3)
	const n = 200
	var sum Covariance
	for i := range n {
		for j := range n {
			s, u := (float64(i)+.5)/n, (float64(j)+.5)/n
			x, y := x0+s*(x1-x0)+u*(x3-x0), y0+s*(y1-y0)+u*(y3-y0)
			sum = sum.Add(Covariance{x * x / n / n, x * y / n / n, y * y / n / n})
		}
	}
	got := f.Covariance()
	if !near(got.EE, sum.EE, 1) || !near(got.EN, sum.EN, 1) || !near(got.NN, sum.NN, 1) {
		t.Errorf("covariance %+v, of points spread over the rectangle %+v", got, sum)
	}
	if area := ring.SquareMetres(); !near(float64(area), 600*375, 1) {
		t.Errorf("the rectangle has %.1f m2, want %d counter-clockwise", area, 600*375)
	}
}
