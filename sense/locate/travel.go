package locate

import (
	"math"

	"github.com/trucewatch/truce/geo"
)

func radians32(d geo.Degrees) float32 { return float32(float64(d) * math.Pi / 180) }

// place is where and when something may have happened, in the plane of the network:
// metres east, north and down, and seconds from the base of the picks.
type place struct{ x, y, z, t float64 }

// wind is the air a sound goes through: its speed without wind, and the wind, m/s.
type wind struct{ speed, east, north float64 }

// slope is how a travel time changes with the place it starts from, s/m.
type slope struct{ x, y, z float64 }

// ray is the travel time of a sound from a place to a sensor at (dx, dy, dz) from it, and its
// slope. A ray goes straight, at the speed of sound plus the wind's part along it:
// t = d^2 / (v d + w.r) with r the way on the ground.
func (w wind) ray(dx, dy, dz float64) (float64, slope) {
	d2 := dx*dx + dy*dy + dz*dz + 1 // a metre off, so that the slope has a direction everywhere
	d := math.Sqrt(d2)
	q := 1 / (w.speed*d + w.east*dx + w.north*dy)
	t := d2 * q
	along := w.speed / d
	return t, slope{
		x: q * (t*(along*dx+w.east) - 2*dx),
		y: q * (t*(along*dy+w.north) - 2*dy),
	}
}

// wave is the travel time of a wave in uniform ground, whose slowness is s/m.
func wave(dx, dy, dz, slowness float64) (float64, slope) {
	d := math.Sqrt(dx*dx + dy*dy + dz*dz + 1)
	k := -slowness / d
	return slowness * d, slope{k * dx, k * dy, -k * dz}
}
