package track

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestTurningGoesAcross: the noise of what turns is a seventh along a course that is known, round
// where none is, and turns with the course.
func TestTurningGoesAcross(t *testing.T) {
	q := noises[modes-1]
	for _, test := range []struct {
		name                 string
		g                    gauss
		xx, xy, yy, tolerant float64
	}{
		{"fast to the east", gauss{u: 500}, alongShare * q, 0, q, .01},
		{"fast to the north", gauss{w: 500}, q, 0, alongShare * q, .01},
		{"fast to the north-east", gauss{u: 500, w: 500}, (1 + alongShare) / 2 * q, -(1 - alongShare) / 2 * q, (1 + alongShare) / 2 * q, .01},
		{"standing", gauss{}, q, 0, q, 0},
		{"of no known course", gauss{u: 1, uu: 1e6, ww: 1e6}, q, 0, q, .01},
	} {
		got := test.g.turning()
		near0(t, test.name+", east", got.xx/q, test.xx/q, test.tolerant)
		near0(t, test.name+", both", got.xy/q, test.xy/q, test.tolerant)
		near0(t, test.name+", north", got.yy/q, test.yy/q, test.tolerant)
	}
}

// TestStirredIsPredicted: a noise alike in all directions is the same either way, and any
// leaves a covariance.
func TestStirredIsPredicted(t *testing.T) {
	chance := rand.New(rand.NewPCG(41, 42))
	for range 200 {
		q, dt := 100*chance.Float64(), 5*chance.Float64()
		g := gauss{x: 3, y: 4, u: 40 * chance.NormFloat64(), w: 40 * chance.NormFloat64(), xx: 50, yy: 60, uu: 9, ww: 4, xu: 2}
		want, got := g, g
		want.predict(dt, q)
		got.predict(dt, 0)
		got.stirred(dt, &stir{q, 0, q})
		for _, c := range [][2]float64{{got.x, want.x}, {got.xx, want.xx}, {got.xy, want.xy}, {got.xu, want.xu}, {got.yw, want.yw}, {got.ww, want.ww}} {
			near0(t, "a moment", c[0], c[1], 1e-9*(1+math.Abs(c[1])))
		}
		turning := g.turning()
		if turning.xx <= 0 || turning.yy <= 0 || turning.xx*turning.yy < turning.xy*turning.xy {
			t.Errorf("%+v is no covariance", turning)
		}
		got.stirred(dt, &turning)
		m := got.matrix()
		if _, ok := m.inverse(); !ok {
			t.Errorf("%+v is no covariance", got)
		}
	}
}

// TestRoundIsTheDensity of states and plots without direction, but where it is next to nothing.
func TestRoundIsTheDensity(t *testing.T) {
	chance := rand.New(rand.NewPCG(43, 44))
	for range 200 {
		v, r := 1000*chance.Float64()+1, 500*chance.Float64()+1
		g, m := gauss{x: 10, y: -5, xx: v, yy: v}, mark{x: 60 * chance.NormFloat64(), y: 60 * chance.NormFloat64(), rxx: r, ryy: r}
		want := g.density(&m)
		near0(t, "density", g.round(&m), want, 1e-9*want+1e-12)
	}
	far := mark{x: 1000, rxx: 100, ryy: 100}
	if g := (gauss{xx: 100, yy: 100}); g.round(&far) != 0 {
		t.Error("something is likely a hundred sigmas off")
	}
}
