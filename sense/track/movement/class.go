package movement

import (
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/track"
)

// Class is a sort of moving object.
type Class string

// The classes. The names of the first five are those that objects give themselves.
const (
	ClassDrone      Class = "uav"
	ClassFixedWing  Class = "fixed_wing"
	ClassHelicopter Class = "helicopter"
	ClassShip       Class = "ship"
	ClassVehicle    Class = "vehicle"
	ClassBird       Class = "bird"
	ClassOther      Class = "other"
)

// Hint is one class with its chance.
type Hint struct {
	Class Class
	P     truce.Probability
}

// Signs are what is known of an object besides its track.
type Signs struct {
	// Said is the class it gives itself, "" none: evidence, never taken for the truth.
	Said string
	// Ground says that it tells of itself that it is on the ground.
	Ground bool
	// Sea says that its path lies at sea; only ships and what flies go there.
	Sea bool
	// GroundLevel is how high the ground is, above what the altitudes are above, metres.
	GroundLevel float64
}

// habit is how a class moves: the ranges it is usually in, with soft edges. The figures are
// from what makers say of such objects (docs/methods/movement.md), not fitted to tracks.
// A class may have two: small drones hover, large ones fly as aircraft do.
type habit struct {
	class          Class
	prior          float64
	slow, fast     float64 // m/s
	turn           float64 // metres a second squared across its path, usual most
	push           float64 // along its path, usual most
	lowest, height float64 // above ground, metres
	hovers         bool    // can stand still
	sea, land      bool    // is found at sea; on or above land
}

// habits in the order of hints of equal chance.
var habits = [...]habit{
	{ClassDrone, .2, 0, 25, 6, 4, 10, 600, true, true, true},
	{ClassDrone, .1, 18, 72, 8, 3, 50, 6_000, false, true, true},
	{ClassFixedWing, .15, 27, 280, 15, 4, 60, 13_000, false, true, true},
	{ClassHelicopter, .1, 0, 80, 8, 4, 20, 4_500, true, true, true},
	{ClassShip, .1, 0, 18, .3, .3, -5, 10, true, true, false},
	{ClassVehicle, .2, 0, 35, 3, 3, -5, 5, true, false, true},
	{ClassBird, .1, 5, 22, 6, 3, 5, 500, false, true, true},
}

// other is how likely a moment of anything else is found, flat over all there is.
const (
	otherPrior  = .1
	otherLike   = .3
	otherSpeeds = 300 // m/s
	// saidWeight is how much likelier an object is what it says than another class: anyone
	// can say anything.
	saidWeight = 8
	// independent is how many states count at most: an object that flies as it flew before
	// says little new.
	independent = 6
	// narrow is how much the width of a class's range of speeds counts, once for the whole
	// track: of two that fit, the narrower is likelier.
	narrow = .5
	// soft is the share of a limit over which it fades.
	soft = .2
)

// Classify gives the chance of every class from how a track moves and what is told of it.
// They sum to 1; the likeliest is first.
func Classify(t track.Track, s Signs) ([]Hint, error) {
	if err := checkTrack(t); err != nil {
		return nil, err
	}
	moments := momentsOf(t)
	weight := min(1, independent/float64(len(moments)))
	logs := make([]float64, len(habits)+1)
	for i := range habits {
		h := &habits[i]
		sum := math.Log(h.prior) + s.weigh(h) - narrow*math.Log(h.fast-h.slow)
		for j := range moments {
			sum += weight * math.Log(h.like(&moments[j], s.GroundLevel))
		}
		logs[i] = sum
	}
	logs[len(habits)] = math.Log(otherPrior) - narrow*math.Log(otherSpeeds) + weight*float64(len(moments))*math.Log(otherLike)
	return hints(logs), nil
}

// hints turns log weights into chances; those of one class add up.
func hints(logs []float64) []Hint {
	top := slices.Max(logs)
	var sum float64
	for i := range logs {
		logs[i] = math.Exp(logs[i] - top)
		sum += logs[i]
	}
	out := make([]Hint, 0, len(logs))
	for i := range logs {
		h := Hint{ClassOther, truce.Probability(logs[i] / sum)}
		if i < len(habits) {
			h.Class = habits[i].class
		}
		if last := len(out) - 1; last >= 0 && out[last].Class == h.Class {
			out[last].P += h.P
			continue
		}
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b Hint) int {
		switch {
		case a.P > b.P:
			return -1
		case a.P < b.P:
			return 1
		}
		return 0
	})
	return out
}

// weigh is what the signs say for or against a class, as the log of a factor.
func (s Signs) weigh(h *habit) float64 {
	var out float64
	if s.Said == string(h.class) {
		out += math.Log(saidWeight)
	}
	if s.Ground && h.class != ClassVehicle && h.class != ClassShip {
		out += math.Log(.25) // aircraft taxi, drones stand
	}
	if s.Sea && !h.sea || !s.Sea && !h.land {
		out += math.Log(.01) // ferries, rivers, the edges of maps
	}
	return out
}

// manner is how an object moved at one state.
type manner struct {
	speed, error float64 // m/s, and one sigma of it
	across       float64 // m/s2, what is surely there beyond the error
	along        float64
	high         float64 // NaN: not told
}

// momentsOf reads a manner from every two states.
func momentsOf(t track.Track) []manner {
	out := make([]manner, 0, len(t.States))
	for i := 1; i < len(t.States); i++ {
		a, b := &t.States[i-1], &t.States[i]
		dt := b.Time.Sub(a.Time).Seconds()
		turn := math.Remainder(float64(b.Course-a.Course), 360) * math.Pi / 180
		// Smoothed velocities are about as wrong as two places are over two gaps.
		sigma := float64(a.Sigma+b.Sigma) / 2 / (2 * dt)
		m := manner{speed: (a.SpeedMps + b.SpeedMps) / 2, error: sigma, high: math.NaN()}
		m.across = max(0, m.speed*math.Abs(turn)/dt-sigma/dt)
		m.along = max(0, math.Abs(b.SpeedMps-a.SpeedMps)/dt-sigma/dt)
		if a.High && b.High {
			m.high = float64(a.Altitude+b.Altitude) / 2
		}
		out = append(out, m)
	}
	return out
}

// like is how well a manner fits a class: 1 where everything is usual.
func (h *habit) like(m *manner, ground float64) float64 {
	edge := math.Hypot(m.error, soft*h.fast)
	fit := below(m.speed, h.fast, edge)
	if !h.hovers {
		fit *= below(-m.speed, -h.slow, math.Hypot(m.error, soft*h.slow))
	}
	fit *= below(m.across, h.turn, soft*h.turn+.1) * below(m.along, h.push, soft*h.push+.1)
	if !math.IsNaN(m.high) {
		high := m.high - ground
		fit *= below(high, h.height, soft*h.height+15) * below(-high, -h.lowest, soft*math.Abs(h.lowest)+15)
	}
	return max(1e-4, fit)
}

// below is 1 well under a limit, one half at it, 0 well above (logistic of width edge / 2).
func below(x, limit, edge float64) float64 {
	return 1 / (1 + math.Exp(2*(x-limit)/edge))
}
