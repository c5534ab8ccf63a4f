package ends

import (
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

// Bounds of what is told.
const (
	// maxFloor is where the horizon of a radar lies at some 700 km.
	maxFloor geo.Metres = 30_000
	// maxBetween is an hour: what is seen less often has no beginning that can be found.
	maxBetween = truce.Micros(3_600_000_000)
	// longLooking is for how many looks before the track the sensors are taken to have looked
	// where nobody says since when.
	longLooking = 100
	// climbStates are the states from whose first and last the rate of climb is found.
	climbStates = 3
	// unknownRate is one sigma of a rate of climb of which nothing is known, m/s.
	unknownRate = 100
	// mostLooks bounds the way back to the edge that is walked: after so many looks that saw
	// nothing, even of one in twenty, hardly an object is left.
	mostLooks = 80
)

// habit is how a class takes off; it lands alike. The figures are starting values from what
// such aircraft are built for; they are to be calibrated.
type habit struct {
	class      movement.Class
	slow, fast float64 // rate of climb, m/s
	least      float64 // of its speed at first sight, the mean on its way up is from least to 1
	turn       float64 // one sigma of the change of direction since, radians
	ceiling    float64 // heights at which others of the class fly past, m
}

var habits = [...]habit{
	{movement.ClassDrone, 1, 8, 0, .5, 600},
	{movement.ClassHelicopter, 2, 12, .3, .4, 3_000},
	{movement.ClassFixedWing, 2, 18, .6, .3, 10_000},
}

// between is the median time between states.
func between(states []track.State) truce.Micros {
	var gaps []truce.Micros
	for i := 1; i < len(states); i++ {
		gaps = append(gaps, truce.Micros(states[i].Time-states[i-1].Time))
	}
	slices.Sort(gaps)
	return min(gaps[len(gaps)/2], maxBetween)
}
