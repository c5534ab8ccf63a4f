package sim

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// stream is a random stream of its own for each purpose, so that a change in one
// part of the world does not reshuffle the others.
func stream(seed uint64, purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// wave is a smooth random curve: a sum of sines whose amplitude falls with the
// frequency as k^-fall. It repeats after a turn of 2 pi when first is a whole number.
type wave struct {
	amplitude, phase []float64
	first            float64
}

func newWave(r *rand.Rand, first float64, terms int, fall float64) wave {
	w := wave{first: first}
	for i := range terms {
		k := first + float64(i)
		w.amplitude = append(w.amplitude, r.NormFloat64()*math.Pow(k/first, -fall))
		w.phase = append(w.phase, r.Float64()*2*math.Pi)
	}
	return w
}

// at is the curve's height at an angle in radians; about 1 in size for fall 1.5.
func (w wave) at(angle float64) float64 {
	sum := 0.0
	for i, a := range w.amplitude {
		sum += a * math.Sin((w.first+float64(i))*angle+w.phase[i])
	}
	return sum
}

// spline is a Catmull-Rom curve through the knots, each span cut into steps.
func spline(knots []vec, steps int) []vec {
	var out []vec
	last := len(knots) - 1
	for i := range last {
		a, b, c, d := knots[max(i-1, 0)], knots[i], knots[i+1], knots[min(i+2, last)]
		for s := range steps {
			out = append(out, catmullRom(a, b, c, d, float64(s)/float64(steps)))
		}
	}
	return append(out, knots[last])
}

func catmullRom(a, b, c, d vec, t float64) vec {
	linear := c.sub(a).scale(t)
	square := a.scale(2).sub(b.scale(5)).add(c.scale(4)).sub(d).scale(t * t)
	cube := b.scale(3).sub(a).sub(c.scale(3)).add(d).scale(t * t * t)
	return b.scale(2).add(linear).add(square).add(cube).scale(0.5)
}
