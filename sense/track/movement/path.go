package movement

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// wander is the spectral density of the acceleration that no state tells of, m2/s3: half a
// metre a second squared, kept for a second.
const wander = .25

// path is where an object was between the states of its track.
type path struct {
	cfg    Config
	states []track.State
	legs   []leg
	errors [draws]offset
}

// offset is one sampled error in sigmas: east, north, up.
type offset struct{ e, n, u float64 }

// leg leads from one state to the next, in the plane around its start.
type leg struct {
	plane      geo.Plane
	from, span float64 // s since the first state; length
	x, y       float64 // of the next state
	u, w       float64 // velocity at the start, m/s
	u2, w2     float64 // velocity at the end
	fastest    float64 // no faster anywhere on it
	s, s2      float64 // sigma at both ends
}

func newPath(t track.Track, cfg Config) (*path, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if err := checkTrack(t); err != nil {
		return nil, err
	}
	p := &path{cfg: cfg.filled(), states: straightened(t.States), legs: make([]leg, 0, len(t.States)-1)}
	for i := 1; i < len(p.states); i++ {
		p.legs = append(p.legs, newLeg(&p.states[i-1], &p.states[i], p.states[0].Time))
	}
	p.spread()
	return p, nil
}

// checkTrack refuses what is no path in time.
func checkTrack(t track.Track) error {
	if len(t.States) < 2 || len(t.States) > MaxStates {
		return truce.Errorf(truce.CodeInvalid, "track %d has %d states: a movement needs 2 to %d", t.Number, len(t.States), MaxStates)
	}
	for i := range t.States {
		s := &t.States[i]
		switch {
		case i > 0 && s.Time <= t.States[i-1].Time:
			return truce.Errorf(truce.CodeInvalid, "track %d, state %d: its time is not after that of the one before", t.Number, i)
		case !s.At.Valid() || !(s.Sigma >= 0 && s.Sigma <= track.MaxSigma):
			return truce.Errorf(truce.CodeInvalid, "track %d, state %d: place %v within %g m is out of range", t.Number, i, s.At, float64(s.Sigma))
		case !(s.SpeedMps >= 0 && s.SpeedMps < 12_000) || math.IsNaN(float64(s.Course)) || math.IsInf(float64(s.Course), 0):
			return truce.Errorf(truce.CodeInvalid, "track %d, state %d: speed %g m/s, course %g is out of range", t.Number, i, s.SpeedMps, float64(s.Course))
		}
	}
	return nil
}

// velocity of a state, east and north, m/s.
func velocity(s *track.State) (u, w float64) {
	sin, cos := math.Sincos(float64(s.Course) * math.Pi / 180)
	return s.SpeedMps * sin, s.SpeedMps * cos
}

func newLeg(a, b *track.State, origin truce.Instant) leg {
	l := leg{plane: geo.NewPlane(a.At), from: a.Time.Sub(origin).Seconds(), span: b.Time.Sub(a.Time).Seconds(),
		s: float64(a.Sigma), s2: float64(b.Sigma)}
	east, north := l.plane.To(b.At)
	l.x, l.y = float64(east), float64(north)
	l.u, l.w = velocity(a)
	l.u2, l.w2 = velocity(b)
	chord := math.Hypot(l.x, l.y) / l.span
	// The slope of Hermite's cubic is a mean of 1.5 chord and at most the ends' velocities.
	l.fastest = 1.5*chord + max(a.SpeedMps, b.SpeedMps) + .1
	return l
}

// at is the mean place, metres from the leg's start, by Hermite's cubic through both places
// with both velocities, and its sigma: that of the ends, and what an object disturbed by
// white acceleration can stray between two known states, q T^3 f^3 (1-f)^3 / 3 (the bridge
// of integrated Brownian motion).
func (l *leg) at(f float64) (x, y, sigma float64) {
	g := 1 - f
	h1 := f * f * (3 - 2*f)
	h2, h3 := f*g*g*l.span, -f*f*g*l.span
	x = h1*l.x + h2*l.u + h3*l.u2
	y = h1*l.y + h2*l.w + h3*l.w2
	s := g*l.s + f*l.s2
	bridge := f * g * l.span
	return x, y, math.Sqrt(s*s + wander*bridge*bridge*bridge/3)
}

// widest is no less than sigma anywhere on the leg.
func (l *leg) widest() float64 {
	most := max(l.s, l.s2)
	return math.Sqrt(most*most + wander*l.span*l.span*l.span/192)
}

// spread lays the sampled errors evenly over the Gaussian: a sunflower of the golden angle
// in the plane (Vogel 1979), Halton's sequence in base 3 upwards. No chance is involved.
func (p *path) spread() {
	golden := math.Pi * (3 - math.Sqrt(5))
	for i := range p.errors {
		r := math.Sqrt(-2 * math.Log(1-(float64(i)+.5)/draws))
		sin, cos := math.Sincos(golden * float64(i))
		p.errors[i] = offset{e: r * sin, n: r * cos, u: math.Sqrt2 * math.Erfinv(2*radical(i+1)-1)}
	}
}

// radical is the i-th of Halton's numbers in base 3, between 0 and 1.
func radical(i int) float64 {
	out, part := 0.0, 1.0/3
	for ; i > 0; i /= 3 {
		out += part * float64(i%3)
		part /= 3
	}
	return out
}
