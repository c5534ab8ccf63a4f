package tracks

import (
	"fmt"

	"github.com/trucewatch/truce"
)

// The workload of bearings alone: five arrays of microphones, one in the middle and four
// around it, that hear slow objects, late as sound is, and some that is nothing.
const (
	heardWidth   = 8e3 // m
	heardSeconds = 120
	heardSpeed   = 15.0 // m/s, one sigma each axis
	heardReach   = 5e3  // m
	heardApart   = 3e3  // m, of the outer arrays from the middle, each axis
	heardBearing = 2.5  // degrees, one sigma
)

// ears are its sensors.
func ears() (out []gaze) {
	for i, at := range [][2]float64{{0, 0}, {-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		out = append(out, gaze{
			name: fmt.Sprintf("array-%d", i+1), means: truce.MeansAcoustic, every: 1, offset: .2 * float64(i), detection: .8, clutter: 1,
			reach: heardReach, x: heardApart * at[0], y: heardApart * at[1], sigma: heardBearing, look: arrayLook, stray: arrayStray,
		})
	}
	return out
}

// bearing is the error of a sensor's bearings alone.
func (g *gaze) bearing() float64 {
	if g.sigma > 0 {
		return g.sigma
	}
	return arrayBearing
}
