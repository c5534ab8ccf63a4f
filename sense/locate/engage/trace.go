package engage

import "math"

// shell is what flies, as a point with drag.
type shell struct {
	mass    float64 // kg, of a rocket after its motor burnt out
	calibre float64 // m
	form    float64 // coefficient of drag well below the speed of sound
	speed   float64 // m/s, at the muzzle, of a rocket at the end of burning
	start   float64 // m/s, with which a rocket leaves its rail; 0: no rocket
	burn    float64 // s, how long its motor burns
}

// The standard atmosphere (ISO 2533) up to 11 km: temperature falls evenly with height.
const (
	gravity       = 9.80665
	densityAtSea  = 1.225      // kg/m3
	soundAtSea    = 340.294    // m/s
	lapseShare    = 2.25577e-5 // of the temperature, per metre
	tropopause    = 11_000.0   // m
	muzzleHeight  = 1.5        // m above the ground
	stepsPerTrace = 48
	leastStep     = .01 // s
)

// waveDrag is the coefficient of drag as a multiple of that well below the speed of sound:
// the shape that the published curves of shells share (McCoy 1999, Modern Exterior
// Ballistics, chapter 4): a steep rise about Mach 1, then a fall to some two thirds.
func waveDrag(mach float64) float64 {
	switch {
	case mach <= .85:
		return 1
	case mach < 1.1:
		return 1 + 1.6*(mach-.85)/.25
	}
	fall := math.Sqrt(1.1 / mach)
	return 2.6 * fall * math.Sqrt(math.Sqrt(fall)) // to the power 5/8
}

// point of a trace: along the ground, up, and the velocity, in SI units.
type point struct{ t, x, z, vx, vz float64 }

func (p point) speed() float64 { return math.Hypot(p.vx, p.vz) }

// supersonic says whether it flies faster than the sound around it.
func (p *point) supersonic() bool {
	return square(p.vx)+square(p.vz) > square(soundAtSea)*(1-lapseShare*min(max(p.z, 0), tropopause))
}

// pull is the acceleration of a shell: gravity, drag and, as long as it burns, its motor,
// whose thrust is taken as even and along the path.
func (s *shell) pull(p point, burning bool) (ax, az float64) {
	v := p.speed()
	if v == 0 {
		return 0, -gravity
	}
	warmth := 1 - lapseShare*min(max(p.z, 0), tropopause)
	root := math.Sqrt(warmth)
	density := densityAtSea * square(warmth*warmth) * math.Sqrt(root) // to the power 4.25, of 4.256
	mach := v / (soundAtSea * root)
	area := math.Pi / 4 * s.calibre * s.calibre
	along := -.5 * density * v * v * area * s.form * waveDrag(mach) / s.mass
	if burning {
		along = (s.speed - s.start) / s.burn
	}
	return along * p.vx / v, along*p.vz/v - gravity
}

// step goes on by h seconds (the fourth-order method of Runge and Kutta), in all of which a
// motor burns or does not.
func (s *shell) step(p point, h float64) point {
	burning := p.t < s.burn-1e-9
	move := func(p point, vx, vz, ax, az, h float64) point {
		return point{p.t + h, p.x + h*vx, p.z + h*vz, p.vx + h*ax, p.vz + h*az}
	}
	ax1, az1 := s.pull(p, burning)
	b := move(p, p.vx, p.vz, ax1, az1, h/2)
	ax2, az2 := s.pull(b, burning)
	c := move(p, b.vx, b.vz, ax2, az2, h/2)
	ax3, az3 := s.pull(c, burning)
	d := move(p, c.vx, c.vz, ax3, az3, h)
	ax4, az4 := s.pull(d, burning)
	return move(p, (p.vx+2*b.vx+2*c.vx+d.vx)/6, (p.vz+2*b.vz+2*c.vz+d.vz)/6, (ax1+2*ax2+2*ax3+ax4)/6, (az1+2*az2+2*az3+az4)/6, h)
}

// trace flies a shell fired at an elevation in radians until it is back on the ground and
// gives where that is; path, if it is not nil, gets every step.
func (s *shell) trace(elevation float64, steps int, path *[]point) point {
	sin, cos := math.Sincos(elevation)
	v := s.speed
	if s.start > 0 {
		v = s.start
	}
	p := point{z: muzzleHeight, vx: v * cos, vz: v * sin}
	h := max(leastStep, 1.7*s.speed*sin/gravity/float64(steps))
	keep := func(p point) {
		if path != nil {
			*path = append(*path, p)
		}
	}
	keep(p)
	for range maxSteps {
		next := h
		if left := s.burn - p.t; left > 1e-9 {
			next = min(h, s.burn/24, left)
		}
		q := s.step(p, next)
		if q.z <= 0 {
			end := s.land(p, q, next)
			keep(end)
			return end
		}
		p = q
		keep(p)
	}
	return p
}

// land is where the path between two points meets the ground: the last step shortened
// until it does (Newton's method, the path being a parabola but for the drag).
func (s *shell) land(above, below point, h float64) point {
	at := h * above.z / (above.z - below.z)
	p := s.step(above, at)
	for range 3 {
		if p.vz == 0 {
			break
		}
		at = min(max(at-p.z/p.vz, 0), h)
		p = s.step(above, at)
	}
	return p
}
