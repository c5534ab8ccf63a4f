package locate

import (
	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Event is one happening, inferred from arrivals.
type Event struct {
	// ID comes from the event's first arrival and the method: the same arrivals give the
	// same ID wherever and whenever they are read.
	ID         truce.ID
	Phases     Medium
	Time       truce.Instant // of origin
	TimeSigma  float64       // seconds
	At         geo.Point
	Ellipse    geo.Ellipse // one sigma
	Depth      geo.Metres  // 0 for sound
	DepthSigma geo.Metres
	RMS        float64 // of the residuals, seconds
	// Score is the natural logarithm of the odds that this is an event and not a chance
	// meeting of unrelated arrivals.
	Score float64
	Used  []Used // by arrival index, rising
	// Region is where it was if that is not the Ellipse, as far as Config.Regions asks; nil
	// otherwise.
	Region *Region
}

// Medium is what an event was heard through.
type Medium uint8

// The media.
const (
	InAir Medium = iota
	InGround
)

// Used is an arrival that an event rests on.
type Used struct {
	Arrival  int     // index into the arrivals
	Residual float64 // seconds: measured less expected, any known clock offset taken out
}

// HealthKind is what the arrivals say about a sensor.
type HealthKind uint8

// The kinds of health observation.
const (
	// ClockOffset: the clock is ahead of the others (positive) by Value seconds, Sigma.
	ClockOffset HealthKind = iota
	// Dead: nothing arrived where Value arrivals were to be expected.
	Dead
	// Chattering: Value arrivals an hour, far more than at the other sensors.
	Chattering
	// Lone: it heard Value arrivals so far from enough others that none can be of an event.
	Lone
)

var healthNames = [...]string{ClockOffset: "clock offset", Dead: "dead", Chattering: "chattering", Lone: "lone"}

// String names the kind for people.
func (k HealthKind) String() string { return healthNames[min(int(k), len(healthNames)-1)] }

// Health is what the arrivals say about one sensor over a stretch of time.
type Health struct {
	Sensor      int // index into the sensors
	Kind        HealthKind
	Value       float64
	Sigma       float64
	From, To    truce.Instant // the first and the last arrival it rests on, or the whole span
	Corrected   bool          // the offset was taken out of the arrivals' times
	Observed    int           // arrivals it rests on
	Description string        // for people
}

// Result is what a set of arrivals tells.
type Result struct {
	Events []Event  // by time, then ID
	Health []Health // by sensor, then time
	Air    []Air    // that was used, by time
}
