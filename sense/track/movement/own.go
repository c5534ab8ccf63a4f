package movement

import (
	"fmt"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/track"
)

// Flight is a flight that the monitors planned or that was notified.
type Flight struct {
	ID         string
	Identities []truce.Identity // any of them is its own
	Window     truce.Period     // when it may fly; an end of 0 is open
	Corridor   *geo.Area        // where
	Band       *Band            // how high; nil: not told
}

// Match is how well a track is a flight, with the reasons.
type Match struct {
	Track   int
	Flight  string
	Chance  truce.Probability
	Reasons []string
}

// How a flight is recognised. The figures are starting values, to be calibrated.
const (
	ownPrior = .05 // before anything is known
	// An identity can be copied, so that it is never proof; another's speaks against.
	sameIdentity, otherIdentity = 50, .2
	// What flies on the plan all the time: few others are there just then.
	onPlan = 40
	// What does not fly on the plan at all.
	offPlan = .002
)

// Recognise gives the chance that a track is a flight, from the identities that it gives
// itself and from how much of its path is in the flight's corridor, band and window.
func Recognise(t track.Track, said []truce.Identity, f Flight, cfg Config) (Match, error) {
	p, err := newPath(t, cfg)
	if err != nil {
		return Match{}, err
	}
	if err := (Zone{ID: f.ID, Area: f.Corridor, Band: f.Band}).validate(); err != nil {
		return Match{}, err
	}
	m := Match{Track: t.Number, Flight: f.ID}
	odds := ownPrior / (1 - ownPrior)
	switch {
	case len(said) == 0:
		m.Reasons = append(m.Reasons, "it gives no identity")
	case slices.ContainsFunc(said, func(i truce.Identity) bool { return slices.Contains(f.Identities, i) }):
		odds *= sameIdentity
		m.Reasons = append(m.Reasons, "it gives an identity of the flight")
	default:
		odds *= otherIdentity
		m.Reasons = append(m.Reasons, "it gives another identity")
	}
	share := p.onPlan(f)
	odds *= math.Exp(share*math.Log(onPlan) + (1-share)*math.Log(offPlan))
	m.Reasons = append(m.Reasons, fmt.Sprintf("%.0f %% of its path is in the flight's corridor, altitudes and window", 100*share))
	m.Chance = truce.Probability(odds / (1 + odds))
	return m, nil
}

// onPlan is the mean chance that a state lies in corridor, band and window.
func (p *path) onPlan(f Flight) float64 {
	var sum float64
	for i := range p.states {
		s := &p.states[i]
		if s.Time < f.Window.From.OrEarliest() || s.Time >= f.Window.To.OrLatest() {
			continue
		}
		in := f.Corridor.Probability(geo.Position{Point: s.At, Error: geo.Isotropic(s.Sigma)}, 0)
		if b := f.Band; b != nil && s.High {
			sigma := float64(p.cfg.AltitudeSigma)
			in *= num.NormalCDF(float64(b.Ceiling-s.Altitude)/sigma) - num.NormalCDF(float64(b.Floor-s.Altitude)/sigma)
		}
		sum += in
	}
	return sum / float64(len(p.states))
}

// Sighting is where something gave itself an identity.
type Sighting struct {
	Time  truce.Instant
	At    geo.Point
	Sigma geo.Metres
}

// Cloned says whether two sightings of one identity cannot be of one object that goes no
// faster than fastest, m/s, with three sigmas of error granted; needs is the speed that the
// way would take, +Inf where no time passed.
func Cloned(a, b Sighting, fastest float64) (cloned bool, needs float64) {
	way := max(0, float64(geo.Distance(a.At, b.At))-3*math.Hypot(float64(a.Sigma), float64(b.Sigma)))
	if way == 0 {
		return false, 0
	}
	needs = way / math.Abs(b.Time.Sub(a.Time).Seconds())
	return needs > fastest, needs
}
