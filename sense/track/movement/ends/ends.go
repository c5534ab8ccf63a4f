// Package ends says where a flight took off and landed: an area with its time and chance,
// from how its track begins and ends inside of what the sensors see.
//
// It verifies and does not aim: an area names nobody, is a hypothesis for a reviewer, and
// belongs on no page, feed, table or stream (docs/methods/movement.md says who may see it and
// when). It reads no clock, disk or network.
//
// Read this file for what goes in and comes out, habits.go for how flights begin and end, and
// weigh.go for what else a track may begin for.
package ends

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

// Coverage is what the sensors could see. Without it nothing can be said of where a flight
// began: a track begins where something is first seen.
type Coverage struct {
	Area      *geo.Area
	Floor     geo.Metres   // above the ground: what flies lower is hidden
	Looking   truce.Period // when; an end of 0 is that of the track itself
	Between   truce.Micros // two looks; 0: the median of the track's states
	Detection float64      // the chance that a look sees an object in it; 0: DefaultDetection
}

// Config is what is known besides the track.
type Config struct {
	Coverage Coverage
	Signs    movement.Signs // GroundLevel is what heights are above
	// AltitudeSigma is the error of altitudes, one sigma; 0: movement.DefaultAltitudeSigma.
	AltitudeSigma geo.Metres
	// Least is the chance below which no area is told; 0: DefaultLeast.
	Least float64
}

// What a Config of zeros means.
const (
	// DefaultDetection is that of a look of a small radar at a small drone.
	DefaultDetection = .8
	// DefaultLeast is where a launch is about as likely as not to be the reason: below it an
	// area would be read as a place where there was something.
	DefaultLeast = .4
)

// Kind is which end of a flight.
type Kind string

// The kinds.
const (
	Launch  Kind = "launch"
	Landing Kind = "landing"
)

// Why says why an end has no area.
type Why string

// The reasons. "" is an end with an area.
const (
	WhyAltitude  Why = "its altitude is not known there"
	WhyOutside   Why = "it lies outside of what the sensors see"
	WhyEdge      Why = "it is at the edge of what the sensors see"
	WhyRecording Why = "the sensors began or ceased to look just there"
	WhyLow       Why = "it may have flown on below what the sensors see"
	WhyMidst     Why = "it is in the midst of what the sensors see, too high for it"
	WhyNoFlight  Why = "it is hardly anything that takes off"
)

// End is one end of a track.
type End struct {
	Track  int
	Kind   Kind
	Chance float64              // that there was an object and that it took off, or landed, here
	Time   truce.PhenomenonTime // of that, with one sigma
	Area   geo.Position         // where, with the covariance of it
	Why    Why                  // "" or why there is none: then Time and Area are zero
}

// Validate refuses a senseless configuration.
func (c Config) Validate() error {
	v := c.Coverage
	switch {
	case v.Area == nil || v.Area.Empty():
		return truce.Errorf(truce.CodeInvalid, "ends of flights: say in which area the sensors see: without it a track begins anywhere")
	case !(v.Floor >= 0 && v.Floor <= maxFloor):
		return truce.Errorf(truce.CodeInvalid, "ends of flights: a floor of %g m: write 0 to %d", float64(v.Floor), int(maxFloor))
	case v.Between < 0 || v.Between > maxBetween:
		return truce.Errorf(truce.CodeInvalid, "ends of flights: %g s between looks: write 0 (found from the track) to %g", float64(v.Between)/1e6, float64(maxBetween)/1e6)
	case !(v.Detection >= 0 && v.Detection <= 1):
		return truce.Errorf(truce.CodeInvalid, "ends of flights: a detection probability of %g: write 0 (for %g) to 1", v.Detection, DefaultDetection)
	case !(c.Least >= 0 && c.Least <= 1):
		return truce.Errorf(truce.CodeInvalid, "ends of flights: a least chance of %g: write 0 (for %g) to 1", c.Least, DefaultLeast)
	case !(c.AltitudeSigma >= 0 && c.AltitudeSigma <= track.MaxAltitude):
		return truce.Errorf(truce.CodeInvalid, "ends of flights: an altitude error of %g m: write 0 (for %g) to %d", float64(c.AltitudeSigma), float64(movement.DefaultAltitudeSigma), int(track.MaxAltitude))
	}
	return nil
}

// Of says of both ends of a track where and when they were, or why that cannot be said.
func Of(t track.Track, cfg Config) (launch, landing End, err error) {
	if err := cfg.Validate(); err != nil {
		return launch, landing, err
	}
	classes, err := movement.Classify(t, cfg.Signs)
	if err != nil {
		return launch, landing, err
	}
	cfg = cfg.filled(t)
	return endOf(t, Launch, classes, cfg), endOf(t, Landing, classes, cfg), nil
}

// filled puts what zeros stand for.
func (c Config) filled(t track.Track) Config {
	v := &c.Coverage
	if v.Between == 0 {
		v.Between = between(t.States)
	}
	if v.Detection == 0 {
		v.Detection = DefaultDetection
	}
	// No sensor sees nothing or everything: a chance of 0 or 1 would decide alone.
	v.Detection = min(.98, max(.05, v.Detection))
	if c.AltitudeSigma == 0 {
		c.AltitudeSigma = movement.DefaultAltitudeSigma
	}
	if c.Least == 0 {
		c.Least = DefaultLeast
	}
	if v.Looking.From == 0 {
		v.Looking.From = t.States[0].Time - truce.Instant(longLooking*v.Between)
	}
	if v.Looking.To == 0 {
		v.Looking.To = t.States[len(t.States)-1].Time + truce.Instant(longLooking*v.Between)
	}
	return c
}

// side is one end of a track seen as a beginning: a landing is one in reversed time.
type side struct {
	cfg        Config
	plane      geo.Plane
	at         *track.State
	u, w       float64 // velocity away from the end, m/s
	speed      float64
	high       float64 // above the ground, m
	rate       float64 // climbing away from the end, m/s
	rateSigma  float64
	looks      float64 // from the beginning of the looking to the end; of it
	between    float64 // s
	miss       float64 // the chance that a look misses it
	flies      float64
	habitShare [len(habits)]float64 // of what flies, by class
}

// endOf weighs one end.
func endOf(t track.Track, kind Kind, classes []movement.Hint, cfg Config) End {
	out := End{Track: t.Number, Kind: kind}
	s, why := newSide(t, kind, classes, cfg)
	if why != "" {
		out.Why = why
		return out
	}
	c, sum := s.weigh()
	exists := 0.0
	for i := range t.States {
		exists = max(exists, t.States[i].Existence)
	}
	out.Chance = min(1, exists) * s.flies * c.launch
	if out.Chance < cfg.Least {
		out.Why = s.reason(c)
		return out
	}
	out.Area = sum.area(s.plane)
	mean, sigma := sum.time()
	if kind == Launch {
		mean = -mean
	}
	when := s.at.Time + truce.Instant(math.Round(mean*1e6))
	out.Time = truce.PhenomenonTime{From: when, To: when, Sigma: truce.Micros(math.Round(sigma * 1e6))}
	return out
}

// newSide reads one end of a track.
func newSide(t track.Track, kind Kind, classes []movement.Hint, cfg Config) (*side, Why) {
	list, sign := t.States, 1.0
	n := len(list)
	at := func(i int) *track.State { return &list[i] }
	if kind == Landing {
		sign = -1
		at = func(i int) *track.State { return &list[n-1-i] }
	}
	s := &side{cfg: cfg, at: at(0), speed: at(0).SpeedMps, plane: geo.NewPlane(at(0).At), between: cfg.Coverage.Between.Duration().Seconds(), miss: 1 - cfg.Coverage.Detection}
	sin, cos := math.Sincos(float64(s.at.Course) * math.Pi / 180)
	s.u, s.w = sign*s.speed*sin, sign*s.speed*cos
	for _, c := range classes {
		for i := range habits {
			if habits[i].class == c.Class {
				s.habitShare[i] = float64(c.P)
				s.flies += float64(c.P)
			}
		}
	}
	switch {
	case !s.at.High:
		return nil, WhyAltitude
	case s.flies < .2:
		return nil, WhyNoFlight
	case !cfg.Coverage.Area.Contains(s.at.At):
		return nil, WhyOutside
	}
	s.high = float64(s.at.Altitude - geo.Metres(cfg.Signs.GroundLevel))
	s.climb(at, min(n, climbStates))
	since := s.at.Time.Sub(cfg.Coverage.Looking.From)
	if kind == Landing {
		since = cfg.Coverage.Looking.To.Sub(s.at.Time)
	}
	s.looks = max(0, since.Seconds()) / s.between
	return s, ""
}

// climb finds how fast it climbs away from its end, from its first states.
func (s *side) climb(at func(int) *track.State, n int) {
	s.rateSigma = unknownRate
	last := at(n - 1)
	dt := math.Abs(last.Time.Sub(s.at.Time).Seconds())
	if n < 2 || !last.High || dt == 0 {
		return
	}
	s.rate = float64(last.Altitude-s.at.Altitude) / dt
	s.rateSigma = math.Sqrt2 * float64(s.cfg.AltitudeSigma) / dt
}
