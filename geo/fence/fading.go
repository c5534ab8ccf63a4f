package fence

import (
	"math"
	"sync"
)

// fading is a table of (1 - exp(-s/2)) / s, with s the square of a distance: what the sweep
// along an edge is an integral of. It is made of straight pieces, 64 to each doubling of
// s + 1, so that the upper bits of that number are the place in the table. A piece is off by
// 2e-5 at most.
type fading struct {
	pieces [fadingPieces]fadingPiece
}

// fadingPiece is the line on a piece, and the second derivative in its middle over 24.
type fadingPiece struct{ at0, slope, bend float64 }

const (
	fadingBits   = 6
	fadingShift  = 52 - fadingBits
	fadingPieces = 16 << fadingBits // up to s = 65535; see farOff
)

// piece is where s lies. A little is added to s + 1 so that what rounding puts below 0
// counts as 0.
func (f *fading) piece(s float64) *fadingPiece {
	return &f.pieces[math.Float64bits(s+(1+1e-9))>>fadingShift&(fadingPieces-1)]
}

func (f *fading) at(s float64) float64 {
	p := f.piece(s)
	return p.at0 + p.slope*s
}

var newFading = sync.OnceValue(func() *fading {
	f := &fading{}
	first := math.Float64bits(1) >> fadingShift
	for i := first; i < first+fadingPieces; i++ {
		from, to := math.Float64frombits(i<<fadingShift)-1, math.Float64frombits((i+1)<<fadingShift)-1
		p := &f.pieces[i&(fadingPieces-1)]
		p.slope = (faded(to) - faded(from)) / (to - from)
		p.at0 = faded(from) - p.slope*from
		p.bend = fadedBend((from+to)/2) / 24
	}
	return f
})

// faded is (1 - exp(-s/2)) / s.
func faded(s float64) float64 {
	if s == 0 {
		return .5
	}
	return -math.Expm1(-s/2) / s
}

// fadedBend is its second derivative, near 0 by the first terms of its series.
func fadedBend(s float64) float64 {
	if s < .1 {
		return 1./24 - s/64 + s*s/320
	}
	e := math.Exp(-s / 2)
	slope := (e/2 - faded(s)) / s
	return (-e/4 - 2*slope) / s
}

// farOff is the square of a distance beyond which no edge up to five sigmas long comes near.
// The table reaches farther than such an edge that begins within it.
const farOff = 4096

// short integrates along an edge up to 1.2 sigmas long, to 1e-4: from the value and the
// second derivative in its middle. Along an edge the square of the distance is a polynomial
// of second degree; middle is its value there, and step what it grows by from end to end.
func (f *fading) short(middle, step, length2 float64) float64 {
	p := f.piece(middle)
	return p.at0 + (middle+length2/12)*p.slope + step*step*p.bend
}

// gauss3 is where, in shares of an edge from its middle, the rule of Gauss and Legendre with
// three places has the outer ones. It serves edges up to 3 sigmas long, to 2e-4.
const gauss3 = .3872983346207417

// three is that rule.
func (f *fading) three(middle, step, length2 float64) float64 {
	step, outer := gauss3*step, middle+gauss3*gauss3*length2
	return 5./18*(f.at(outer-step)+f.at(outer+step)) + 8./18*f.at(middle)
}

// five is the rule with five places, for edges up to 5 sigmas long, to 1e-4.
func (f *fading) five(middle, step, length2 float64) float64 {
	const at1, at2 = .2692346550528416, .4530899229693320
	inner, outer := middle+at1*at1*length2, middle+at2*at2*length2
	return .2844444444444444*f.at(middle) +
		.2393143352496832*(f.at(inner-at1*step)+f.at(inner+at1*step)) +
		.1184634425280945*(f.at(outer-at2*step)+f.at(outer+at2*step))
}

// along is the sweep from a to b, of any length: beyond the tails it is an angle.
func (f *fading) along(au, av, bu, bv float64) (sum float64) {
	du, dv := bu-au, bv-av
	cross, length2 := au*dv-av*du, du*du+dv*dv
	half := math.Sqrt(max(tails*tails-cross*cross/length2, 0) / length2)
	foot := -(au*du + av*dv) / length2
	from, to := max(foot-half, 0), min(foot+half, 1)
	if !(from < to) {
		return opened(au, av, bu, bv)
	}
	if from > 0 {
		u, v := au+from*du, av+from*dv
		sum += opened(au, av, u, v)
		au, av = u, v
	}
	if to < 1 {
		u, v := bu-(1-to)*du, bv-(1-to)*dv
		sum += opened(u, v, bu, bv)
		bu, bv = u, v
	}
	// What is left is at most twice the tails long.
	const parts = 3
	du, dv = (bu-au)/parts, (bv-av)/parts
	length2 = du*du + dv*dv
	a2 := au*au + av*av
	for i := 1.; i <= parts; i++ {
		u, v := au+i*du, av+i*dv
		b2 := u*u + v*v
		sum += cross * (to - from) / parts * f.three((a2+b2)/2-length2/4, b2-a2, length2)
		a2 = b2
	}
	return sum
}

// opened is the angle from a to b as the centre sees it, -pi to pi.
func opened(au, av, bu, bv float64) float64 {
	cross := au*bv - av*bu
	return math.Copysign(angle(math.Abs(cross), au*bu+av*bv), cross)
}

// bearing is the angle of a place from the east counter-clockwise, 0 to 2 pi.
func bearing(u, v float64) float64 {
	if v < 0 {
		return 2*math.Pi - angle(-v, u)
	}
	return angle(v, u)
}

// angle is the angle of (x, y) for y >= 0, right to 1e-5 (Abramowitz and Stegun 1964,
// 4.4.49).
func angle(y, x float64) float64 {
	w := math.Abs(x)
	low, high := min(y, w), max(y, w)
	if high == 0 {
		return 0
	}
	q := low / high
	s := q * q
	a := q * (.9998660 + s*(-.3302995+s*(.1801410+s*(-.0851330+s*.0208351))))
	if y > w {
		a = math.Pi/2 - a
	}
	if x < 0 {
		a = math.Pi - a
	}
	return a
}
