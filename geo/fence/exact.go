package fence

import (
	"math"
	"math/big"
)

// vertex is a corner of a ring, or any place, in degrees: x is longitude, y latitude. The
// numbers are those of the file as doubles, brought to no grid.
type vertex struct{ x, y float64 }

// rounding is half the distance between 1 and the next double.
const rounding = 0x1p-53

// turnBound is how large the determinant of turn must be, as a share of the sizes of its
// two products, for its sign to be certain: (3 + 16 eps) eps (Shewchuk 1997, "Adaptive
// precision floating-point arithmetic and fast robust geometric predicates", section 4.3).
const turnBound = (3 + 16*rounding) * rounding

// turn is +1 when c lies left of the way from a to b, -1 when it lies right of it and 0
// when it lies exactly on its line. It is exact for all doubles that are coordinates.
func turn(a, b, c vertex) int {
	left := float64((a.x - c.x) * (b.y - c.y))
	right := float64((a.y - c.y) * (b.x - c.x))
	det := left - right
	// The strict sign matters: products that vanish by underflow prove nothing.
	if math.Abs(det) > turnBound*(math.Abs(left)+math.Abs(right)) {
		return sign(det)
	}
	return exactTurn(a, b, c)
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// smallest is the size below which a coordinate that is not 0 may lose bits when two are
// multiplied and split: 2^-400 squared is still far above the smallest double.
const smallest = 0x1p-400

// exactTurn is turn without rounding: the determinant written out is six products of
// coordinates, each the exact sum of two doubles, and the sign of a sum of doubles is that
// of the largest part of its expansion (Shewchuk 1997, section 2.4).
func exactTurn(a, b, c vertex) int {
	for _, v := range [6]float64{a.x, a.y, b.x, b.y, c.x, c.y} {
		if v != 0 && math.Abs(v) < smallest {
			return rationalTurn(a, b, c)
		}
	}
	var e expansion
	e.addProduct(a.x, b.y)
	e.addProduct(-a.y, b.x)
	e.addProduct(b.x, c.y)
	e.addProduct(-b.y, c.x)
	e.addProduct(c.x, a.y)
	e.addProduct(-c.y, a.x)
	return e.sign()
}

// expansion is an exact sum of doubles that do not overlap, the smallest first.
type expansion struct {
	parts [12]float64
	n     int
}

// addProduct adds x*y, which is exactly the rounded product and what a fused multiply-add
// says was lost.
func (e *expansion) addProduct(x, y float64) {
	product := float64(x * y)
	e.add(math.FMA(x, y, -product))
	e.add(product)
}

// add grows the expansion by one number (Shewchuk 1997, figure 4).
func (e *expansion) add(x float64) {
	for i := range e.n {
		// The sum of two doubles is exactly a double and a rest (Knuth 1969).
		part := e.parts[i]
		total := x + part
		virtual := total - x
		e.parts[i] = (x - (total - virtual)) + (part - virtual)
		x = total
	}
	e.parts[e.n] = x
	e.n++
}

func (e *expansion) sign() int {
	for i := e.n - 1; i >= 0; i-- {
		if e.parts[i] != 0 {
			return sign(e.parts[i])
		}
	}
	return 0
}

// rationalTurn is turn in rational numbers, for coordinates too small to be multiplied.
func rationalTurn(a, b, c vertex) int {
	minus := func(x, y float64) *big.Rat {
		return new(big.Rat).Sub(new(big.Rat).SetFloat64(x), new(big.Rat).SetFloat64(y))
	}
	left := new(big.Rat).Mul(minus(a.x, c.x), minus(b.y, c.y))
	right := new(big.Rat).Mul(minus(a.y, c.y), minus(b.x, c.x))
	return left.Cmp(right)
}

// onEdge says whether p lies exactly on the edge from a to b, its ends included.
func onEdge(a, b, p vertex) bool {
	return p.x >= min(a.x, b.x) && p.x <= max(a.x, b.x) &&
		p.y >= min(a.y, b.y) && p.y <= max(a.y, b.y) && turn(a, b, p) == 0
}

// eastOf says whether the edge from a to b crosses the ray from p to the east, and whether
// p lies on the edge. Of its ends an edge owns the lower one, so that a ray through a
// vertex counts once.
func eastOf(a, b, p vertex) (crosses, on bool) {
	if max(a.x, b.x) < p.x || max(a.y, b.y) < p.y || min(a.y, b.y) > p.y {
		return false, false
	}
	if min(a.x, b.x) > p.x {
		return (a.y > p.y) != (b.y > p.y), false
	}
	side := turn(a, b, p)
	if side == 0 {
		// The edge's box holds p's latitude and longitude, so p is on the edge itself.
		return false, true
	}
	return (a.y > p.y) != (b.y > p.y) && (side > 0) == (b.y > a.y), false
}
