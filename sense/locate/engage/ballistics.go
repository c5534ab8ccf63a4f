package engage

import (
	"math"

	"github.com/trucewatch/truce/internal/num"
)

// Ballistics is how long what each class fires flies to a distance: traces of a point with
// drag over charges and elevations. It is not changed once made and may be shared.
type Ballistics struct {
	curves [classes][]curve
}

// curve is one charge over its elevations.
type curve struct {
	speed     float64
	elevation []float64 // radians, rising
	end       []point   // where each comes down
	top       int       // index of the farthest
}

// NewBallistics flies every charge of every class.
func NewBallistics() *Ballistics {
	b := &Ballistics{}
	for c := NotKnown + 1; c < classes; c++ {
		k := &kinds[c]
		for _, speed := range k.speeds {
			b.curves[c] = append(b.curves[c], k.curve(speed))
		}
	}
	return b
}

func (k *kind) curve(speed float64) curve {
	s, out := k.of(speed), curve{speed: speed}
	for i := range elevations {
		// Low elevations lie closer: range grows fast there.
		share := math.Pow(float64(i)/(elevations-1), 1.5)
		at := (k.low + (k.high-k.low)*share) * math.Pi / 180
		out.elevation, out.end = append(out.elevation, at), append(out.end, s.trace(at, stepsPerTrace, nil))
		if out.end[i].x > out.end[out.top].x {
			out.top = i
		}
	}
	return out
}

// way is one way to fire at a distance.
type way struct {
	speed     float64 // m/s
	elevation float64 // radians
	time      float64 // s of flight
	slope     float64 // s per metre of distance
	weight    float64 // of all ways of the class, 1 together
}

// ways are all the ways a class can fire at a distance, each charge that reaches it as
// likely as another.
func (b *Ballistics) ways(c Class, distance float64, into []way) []way {
	into = into[:0]
	if distance < kinds[c].least {
		return into
	}
	for i := range b.curves[c] {
		into = b.curves[c][i].at(distance, kinds[c].steep, into)
	}
	sum := 0.0
	for _, w := range into {
		sum += w.weight
	}
	for i := range into {
		into[i].weight /= sum
	}
	return into
}

// at adds the ways of one charge: on the rising branch of its range and on the falling one.
func (u *curve) at(distance, steep float64, into []way) []way {
	for i := 1; i < len(u.end); i++ {
		near, far := u.end[i-1], u.end[i]
		if (near.x < distance) == (far.x < distance) || near.x == far.x {
			continue
		}
		share := (distance - near.x) / (far.x - near.x)
		w := way{
			speed: u.speed, elevation: u.elevation[i-1] + share*(u.elevation[i]-u.elevation[i-1]),
			time: near.t + share*(far.t-near.t), slope: (far.t - near.t) / (far.x - near.x), weight: 1 - steep,
		}
		if i > u.top {
			w.weight = steep
		}
		if w.weight > 0 {
			into = append(into, w)
		}
	}
	return into
}

// farthest is how far a class fires.
func (b *Ballistics) farthest(c Class) float64 {
	out := 0.0
	for i := range b.curves[c] {
		out = max(out, b.curves[c][i].end[b.curves[c][i].top].x)
	}
	return out
}

// density is that of a time of flight given a class and a distance with its error, per
// second. What a handbook's shell and today's air make wrong is a share of the time.
func density(ways []way, time, timeSigma, distanceSigma float64) float64 {
	sum := 0.0
	for _, w := range ways {
		slope := min(math.Abs(w.slope), mostSlope*w.time/max(distanceSigma, 1))
		sigma := math.Sqrt(square(timeSigma) + square(slope*distanceSigma) + square(shellShare*w.time))
		sum += w.weight * num.NormalPDF((time-w.time)/sigma) / sigma
	}
	return sum
}

func square(x float64) float64 { return x * x }
