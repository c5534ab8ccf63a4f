package sim

import (
	"hash/fnv"
	"math/rand/v2"
)

// stream is a random stream of its own for each purpose, so that a change in one
// part of the world does not reshuffle the others.
func stream(seed uint64, purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
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
