// Package engage ties located events to shots: which event is the muzzle blast and which
// the impact of one round, which arrivals are the shock wave of it in flight, and so where
// it was fired from, where it came down and in what direction it flew, each with its error.
//
// It verifies, it does not aim. It never says who fired, gives no weapon as a fact, and
// never puts one event into two shots. Launch areas exist in what Tie gives and nowhere
// else: whoever calls it holds them inside an agreement's directory, for review, after the
// agreement's delay. It reads no clock, disk, network or randomness, and nothing here takes
// events as they come: there is no live form.
//
// Read this file for what goes in and comes out, tie.go for the order of the work, class.go
// for what is believed of weapons, trace.go and ballistics.go for how long shells fly,
// real.go for which events are one blast, pair.go for the odds of a pair, fire.go for shots that back each other, match.go for who
// gets a shared event, shock.go and sector.go for the wave of a shell in flight, side.go for
// the side of a line.
package engage

import (
	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// Method names this way of working in every engagement it makes.
const Method = "engage/1"

// Field is what was heard and what was made of it.
type Field struct {
	Sensors  []locate.Sensor
	Arrivals []locate.Arrival
	Events   []locate.Event // those in the ground are passed over
}

// Options say what is known besides. Its zero value is right where nothing is.
type Options struct {
	// Speed is that of sound near the ground, m/s; 0: locate's default.
	Speed float64
	// Pascals says that amplitudes are peak overpressures in pascals. Without it only
	// their ratios within the field tell anything.
	Pascals bool
	// Until is the latest time of an event that is looked at; 0: all are. Later events are in
	// no engagement and have no role; their arrivals stay theirs and are no shock wave.
	Until truce.Instant
	// Ballistics is made by NewBallistics; nil: it is made anew.
	Ballistics *Ballistics
}

// Weight is the probability of one class.
type Weight struct {
	Class Class
	P     float64
}

// Shock is an arrival that is taken for the shock wave of a shell in flight.
type Shock struct {
	Arrival  int     // index into the arrivals
	Residual float64 // seconds: measured less expected
}

// Sector is where a shot came from when only its impact and its shock wave were heard: a
// spread of directions and distances as seen from the impact.
type Sector struct {
	Azimuth      geo.Degrees // from the impact to where it came from
	AzimuthSigma geo.Degrees
	Near, Far    geo.Metres // hold the distance with 90 %

	places []weighted // the posterior, for the side of a line
}

// weighted is a place with its share of a posterior.
type weighted struct {
	at geo.Position
	p  float64
}

// Engagement is one shot: what was heard of one round. It is a hypothesis for review and
// no finding.
type Engagement struct {
	// ID comes from the events and the method, so the same events give the same ID.
	ID truce.ID
	// Muzzle and Impact are indices into the events. Muzzle is -1 where no event is its
	// muzzle blast.
	Muzzle, Impact int
	// Fire numbers the shots that seem fired from one place into one area without a pause
	// over ten minutes, from 0 in the order of their first shot; those without a muzzle
	// come last, each by itself.
	Fire int

	Launch *geo.Position // the area it was fired from; nil: only a Sector is known
	Sector *Sector       // nil where Launch is known
	Target geo.Position  // where it came down

	// Direction is the azimuth from launch to impact at the launch, or where there is only
	// a sector, of flight at the impact.
	Direction, DirectionSigma       geo.Degrees
	Distance, DistanceSigma         geo.Metres
	TimeOfFlight, TimeOfFlightSigma float64 // seconds

	Classes []Weight // by class, all of them, summing to 1; hints and no fact
	Salvo   float64  // probability that the same gun fired again within a minute
	Shocks  []Shock

	Score       float64 // natural logarithm of the odds of this pair against none
	Probability float64 // that its events are of one shot, the other candidates counted
	// Fired is the probability that the event at the launch is a muzzle blast, with
	// whatever impact: the launch area stands with it, even if the impact is another's.
	Fired float64
}

// Role is what an event without a partner may be; the three sum to 1.
type Role struct {
	Event                   int // index into the events
	Muzzle, Impact, Unknown float64
}

// Result is what a field tells of shots.
type Result struct {
	Engagements  []Engagement // by the time of the impact, then by ID
	Undetermined []Role       // the other events in the air that were looked at, by time, then by ID
}
