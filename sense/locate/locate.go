// Package locate turns arrivals at sparse sensors into located events: which arrivals
// belong to one happening, where and when it was, and how sure that is.
//
// It never says who or what caused an event, reads no clock, disk or randomness, and
// never puts one arrival into two events.
//
// Read this file for what goes in, result.go for what comes out and batch.go for the order
// of the work: network.go (the plane and the sensors' neighbours), index.go (arrivals by
// channel and time), travel.go (how sound goes), grow.go (an event grown from a seed),
// seed_acoustic.go and seed_seismic.go (where seeds come from), fit.go and evidence.go
// (the place, and the odds against chance), resolve.go (who gets a shared arrival).
package locate

import (
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Method names this way of working in every event it makes.
const Method = "locate/1"

// Phase is the kind of wave that an arrival is taken for.
type Phase uint8

// The phases: sound in the air, and the compressional and shear waves of the ground.
const (
	Acoustic Phase = iota
	P
	S
)

var phaseNames = [...]string{Acoustic: "acoustic", P: "P", S: "S"}

// String is the phase as files write it.
func (p Phase) String() string {
	if int(p) < len(phaseNames) {
		return phaseNames[p]
	}
	return fmt.Sprintf("phase %d", uint8(p))
}

// ParsePhase reads what String wrote.
func ParsePhase(s string) (Phase, error) {
	for p, name := range phaseNames {
		if s == name {
			return Phase(p), nil
		}
	}
	return 0, truce.Errorf(truce.CodeInvalid, "phase %.20q: write acoustic, P or S", s)
}

// Sensor is an instrument at a fixed place.
type Sensor struct {
	ID   string
	At   geo.Point
	Elev geo.Metres // above the sea
}

// Arrival is a timed signal at one sensor.
type Arrival struct {
	ID        string
	Sensor    int // index into the sensors
	Time      truce.Instant
	Phase     Phase
	Sigma     float64     // one-sigma timing error, seconds; 0: not known
	Azimuth   geo.Degrees // from the sensor to the source, clockwise from north
	Amplitude float64     // in the sensor's own unit; 0: none

	// AzimuthSigma is the one-sigma error of Azimuth; 0: there is no azimuth.
	AzimuthSigma geo.Degrees
}

// Defaults of Config.
const (
	DefaultSpeedAcoustic            = 340.0  // m/s, air at about 14 degrees C
	DefaultSpeedP                   = 6300.0 // m/s, upper crust
	DefaultSpeedS                   = 3700.0 // m/s
	DefaultDepthMax      geo.Metres = 30_000
	// DefaultMinArrivals is the fewest arrivals that leave one to check the others by:
	// place and time take three.
	DefaultMinArrivals = 4
	// DefaultMinArrivalsSeismic counts depth too.
	DefaultMinArrivalsSeismic = 5
)

// Config says how waves travel and what people decided. Its zero value is right for
// arrivals of which nothing else is known.
type Config struct {
	// SpeedAcoustic, SpeedP and SpeedS are in m/s; 0 means the default. SpeedAcoustic 0
	// also lets the speed of sound be estimated from the arrivals.
	SpeedAcoustic, SpeedP, SpeedS float64
	// DepthMax is the greatest depth of a seismic event; 0 means DefaultDepthMax.
	DepthMax geo.Metres
	// MinArrivals is the fewest arrivals of an event; 0 means DefaultMinArrivals for
	// sound and DefaultMinArrivalsSeismic for the ground. The odds may ask for more.
	MinArrivals int
	// Meteo is the air as it was measured. Where it says nothing, the air is estimated.
	Meteo []Air
	// Decisions are people's, and bind.
	Decisions []Decision
	// Regions says of which events Batch works out the region that holds their place; it
	// changes nothing else.
	Regions Regions
}

// Air is the effective speed of sound near the ground over a stretch of time: a ray towards
// azimuth a goes at Speed + East sin a + North cos a.
type Air struct {
	From, To    truce.Instant // half open; 0: unbounded
	Area        geo.Bounds    // the zero value: everywhere
	Speed       float64       // m/s without wind
	East, North float64       // where the wind blows to, m/s

	SpeedSigma, WindSigma float64 // one sigma, m/s; of the wind: per component
	Events                int     // it was estimated from; 0: given
}

// DecisionKind is what a person decided about arrivals.
type DecisionKind uint8

// The decisions.
const (
	// Excluded: the Arrivals belong to no event.
	Excluded DecisionKind = iota
	// Apart: none of the Arrivals is of the same event as any of the Others.
	Apart
	// Together: all of the Arrivals are of one event.
	Together
)

// Decision is a person's, by arrival id, so that it outlives every hypothesis. Ids that do
// not occur are no error: the arrival may come later.
type Decision struct {
	Kind             DecisionKind
	Arrivals, Others []string
}
