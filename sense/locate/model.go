package locate

import "math"

// model is everything that is believed about a medium and its sensors: given, assumed at
// first, and learnt from well-recorded events.
type model struct {
	medium   Medium
	slowness [3]float64 // by phase, s/m, of the ground
	air      *atmosphere
	depthMax float64 // m
	min      int     // fewest arrivals of an event

	timing [3]timing // by phase

	hear    hearing
	ranges  ranges
	rate    []float64 // logarithm of arrivals a second that belong to no event, by channel
	deaf    [][]gap   // by sensor: when it heard nothing of what it should have
	density float64   // logarithm of events a second and square metre
}

// ranges is how the ranges of hearing of events are spread: the mean and the deviation of their
// logarithms.
type ranges struct{ mean, sigma float64 }

// timing is how large the errors of arrivals' times are.
type timing struct {
	floor float64 // least error of an arrival whose own is not stated, s
	share float64 // error that grows with the travel time, of it
	scale float64 // of stated errors
	sharp bool    // the larger of the two counts, not the root of their squares
}

// variance of an arrival's time after a travel time.
func (t *timing) variance(stated, travel float64) float64 {
	own, grown := t.floor, t.share*travel
	if stated > 0 {
		own = stated * t.scale
	}
	if t.sharp {
		return max(own*own, grown*grown)
	}
	return own*own + grown*grown
}

// Errors of arrivals before anything is learnt: picking in noise, and uniform air and
// ground that are not uniform.
const (
	firstFloorAir    = .1
	firstFloorGround = .4
	firstShare       = .01
	// firstQuiet is how long a channel is taken to have been watched for one stray arrival
	// before the first of these, s.
	firstQuiet = 600.0
)

func newModel(medium Medium, cfg Config, p *picks) *model {
	m := &model{
		medium: medium, depthMax: float64(cfg.DepthMax), min: cfg.MinArrivals,
		slowness: [3]float64{P: 1 / cfg.SpeedP, S: 1 / cfg.SpeedS},
		hear:     firstHearing(medium),
	}
	for phase, floor := range [3]float64{firstFloorAir, firstFloorGround, firstFloorGround} {
		m.timing[phase] = timing{floor: floor, share: firstShare, scale: 1}
	}
	m.rate = make([]float64, len(p.start)-1)
	for c := range m.rate {
		m.rate[c] = math.Log((float64(p.start[c+1]-p.start[c])*.5 + 1) / (p.span + firstQuiet))
	}
	return m
}

// phase is that of a channel.
func (m *model) phase(channel int32) Phase {
	if m.medium == InGround {
		return P + Phase(channel&1)
	}
	return Acoustic
}
