package geo

import "math"

// This file gives the chance to lie left of a line that parts the ground about a position
// in two. The share of a round Gaussian in a region is the sum, over the edges that go
// round it counter-clockwise, of the integral of (1 - exp(-r^2/2)) dtheta / 2 pi: Green's
// theorem for the field whose divergence is the density. The integral is smooth
// everywhere, also where the line passes through the middle. Beyond the rim, where
// exp(-r^2/2) is nothing, only the angle counts, and so how the line goes on there does
// not matter.

// rimTails is the radius of the rim in sigmas: 3e-7 of a Gaussian lies beyond.
const rimTails = 5.5

// rim is a circle about the centre of a spread, with the places where edges pass it.
type rim struct {
	radius2 float64
	n       int
	at      [maxPassages]passage
}

// maxPassages bounds the places where a line may pass the rim for the short way; a winding
// line passes it some ten times.
const maxPassages = 48

// passage is where an edge passes the rim, and whether inwards.
type passage struct {
	angle float64
	in    bool
}

// clip is the stretch of an edge inside the rim, in shares of the edge. It notes where the
// edge passes the rim.
func (r *rim) clip(au, av, bu, bv float64) (t0, t1 float64, inside bool) {
	a2, b2 := au*au+av*av, bu*bu+bv*bv
	if a2 <= r.radius2 && b2 <= r.radius2 {
		return 0, 1, true
	}
	du, dv := bu-au, bv-av
	length2 := du*du + dv*dv
	middle, cross := -(au*du+av*dv)/length2, au*bv-av*bu
	half := math.Sqrt(max(r.radius2-cross*cross/length2, 0) / length2)
	t0, t1 = 0, 1
	if a2 > r.radius2 && b2 > r.radius2 {
		if !(half > 0 && middle-half > 0 && middle+half < 1) {
			return 0, 0, false
		}
	}
	if a2 > r.radius2 {
		t0 = min(max(middle-half, 0), 1)
		r.note(au+t0*du, av+t0*dv, true)
	}
	if b2 > r.radius2 {
		t1 = min(max(middle+half, 0), 1)
		r.note(au+t1*du, av+t1*dv, false)
	}
	return t0, t1, true
}

// note puts a passage where it belongs in the order of the angles.
func (r *rim) note(u, v float64, in bool) {
	if r.n >= maxPassages {
		r.n = maxPassages + 1
		return
	}
	p := passage{math.Atan2(v, u), in}
	i := r.n
	for ; i > 0 && r.at[i-1].angle > p.angle; i-- {
		r.at[i] = r.at[i-1]
	}
	r.at[i] = p
	r.n++
}

// alternate says whether the line passes the rim in turns inwards and outwards, so that
// what lies between has one side all over.
func (r *rim) alternate() bool {
	if r.n > maxPassages || r.n%2 != 0 {
		return false
	}
	for i := 1; i < r.n; i++ {
		if r.at[i].in == r.at[i-1].in {
			return false
		}
	}
	return true
}

// arcs is the angle of the rim that is left of the line: from each way out
// counter-clockwise to the next way in.
func (r *rim) arcs() (sum float64) {
	for i := range r.n {
		if p := r.at[i]; !p.in {
			next := r.at[(i+1)%r.n].angle - p.angle
			if next < 0 {
				next += 2 * math.Pi
			}
			sum += next
		}
	}
	return sum
}

// leftOf is the chance that a place is left of the line that parts its surroundings. It is
// not ok when the line meets the spread in more places than are kept.
func (s *spread) leftOf(edges []segment, strays float64) (left float64, ok bool) {
	if s.u.half > 0 || s.v.half > 0 {
		return s.leftOfFootprint(edges, strays), true
	}
	r := rim{radius2: rimTails * rimTails}
	perU, perV := 1/s.u.sigma, 1/s.v.sigma
	sum := 0.
	for i := range edges {
		e := &edges[i]
		au, av, bu, bv := e.u*perU, e.v*perV, e.nextU*perU, e.nextV*perV
		if au > rimTails && bu > rimTails || au < -rimTails && bu < -rimTails || av > rimTails && bv > rimTails || av < -rimTails && bv < -rimTails {
			continue
		}
		t0, t1, inside := r.clip(au, av, bu, bv)
		if inside {
			du, dv := bu-au, bv-av
			sum += swept(au+t0*du, av+t0*dv, au+t1*du, av+t1*dv)
		}
	}
	if r.n == 0 {
		if look(edges, 0, 0).aside > 0 {
			return 1, true
		}
		return 0, true
	}
	if !r.alternate() {
		return 0, false
	}
	return min(max((sum+r.arcs())/(2*math.Pi), 0), 1), true
}

// swept is the integral of (1 - exp(-r^2/2)) dtheta from a to b, which lie inside the rim:
// dtheta is (a x b) dt / r^2, and the rest varies over lengths of a sigma.
func swept(au, av, bu, bv float64) float64 {
	du, dv := bu-au, bv-av
	cross, length2 := au*bv-av*bu, du*du+dv*dv
	if length2 < square(.05) {
		return cross * faded(square(au+du/2)+square(av+dv/2))
	}
	nodes, weights, panels := gauss2[:], gauss2Weight[:], 1.
	if length2 > square(.4) {
		nodes, weights, panels = gauss5[:], gauss5Weight[:], math.Ceil(math.Sqrt(length2)/2)
	}
	sum := 0.
	for p := range int(panels) {
		for k, node := range nodes {
			t := (float64(p) + node) / panels
			sum += weights[k] * faded(square(au+t*du)+square(av+t*dv))
		}
	}
	return cross * sum / panels
}

// faded is (1 - exp(-x/2)) / x.
func faded(x float64) float64 {
	if x < 1e-3 {
		return .5 - x*(1./8-x/48)
	}
	return (1 - math.Exp(-x/2)) / x
}

// leftOfFootprint is leftOf by the integral that serves areas.
func (s *spread) leftOfFootprint(edges []segment, strays float64) float64 {
	u, v := s.clearing(edges, strays)
	inside := 0.
	if look(edges, u, v).aside > 0 {
		inside = 1
	}
	return min(max(inside+s.crossed(edges, u, v), 0), 1)
}
