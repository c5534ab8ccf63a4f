package truce

import "github.com/trucewatch/truce/geo"

// Flight is what sensors showed of something that flew while they followed it. Only what
// follows tracks says so; a report never does. Nothing in it says whose the thing was.
type Flight struct {
	Identity  FlightIdentity   `json:"identity"`
	Crossings []LineCrossing   `json:"crossings,omitempty"` // by time
	Stays     []FlightStay     `json:"stays,omitempty"`     // by time
	Together  []FlownTogether  `json:"together,omitempty"`  // by time
	Remarks   []IdentityRemark `json:"identity_remarks,omitempty"`
}

// FlightIdentity says how what a flight says of itself stands to the mission's own aircraft.
type FlightIdentity string

// The standings, from the most to the least that speaks for the mission's own.
const (
	FlightOwn     FlightIdentity = "own"      // the mission's own, by identity, place and time of its plan
	FlightUnnamed FlightIdentity = "none"     // it gives no identity that could be held against the mission's
	FlightInDoubt FlightIdentity = "in_doubt" // it gives one of the mission's, and something speaks against it
	FlightOther   FlightIdentity = "other"    // it gives another of the sort that the mission's aircraft give
)

var flightIdentities = []FlightIdentity{FlightOwn, FlightUnnamed, FlightInDoubt, FlightOther}

// FlightIdentities lists the standings in order.
func FlightIdentities() []FlightIdentity { return append([]FlightIdentity(nil), flightIdentities...) }

// LineCrossing is a passage over a line of the agreement, there and perhaps back.
type LineCrossing struct {
	Line LineID         `json:"line"`
	From PartyID        `json:"from,omitempty"` // whose side of the line it came from; "": the line tells no sides
	To   PartyID        `json:"to,omitempty"`
	Over PhenomenonTime `json:"over"`
	Back PhenomenonTime `json:"back,omitzero"` // zero: it was not seen to come back
	At   *geo.Position  `json:"at,omitempty"`  // of the passage there
	P    Probability    `json:"p"`             // from the error of the track and of the line
}

// FlightStay is a time that it spent around one place.
type FlightStay struct {
	Time    PhenomenonTime `json:"time"`
	At      geo.Point      `json:"at"`
	RadiusM geo.Metres     `json:"radius_m"`
	P       Probability    `json:"p"` // that it was within all the time
}

// FlownTogether is another flight that went with it for a while.
type FlownTogether struct {
	Event ID             `json:"event"` // the other's
	Time  PhenomenonTime `json:"time"`
	P     Probability    `json:"p"`
}

// IdentityRemark is something odd about what a flight says it is.
type IdentityRemark struct {
	Kind  IdentityRemarkKind `json:"kind"`
	Said  Identity           `json:"said"`
	Other Identity           `json:"other,omitzero"` // of a change: what it said then
	Event ID                 `json:"event,omitzero"` // of one identity on two flights: the other's, if that is an event
	Time  PhenomenonTime     `json:"time"`
	P     Probability        `json:"p"`
}

// IdentityRemarkKind is what is odd.
type IdentityRemarkKind string

// The kinds.
const (
	IdentityChanged IdentityRemarkKind = "changed" // one identity gave way to another of its sort
	IdentityBoth    IdentityRemarkKind = "both"    // two of one sort took turns
	IdentityTwice   IdentityRemarkKind = "twice"   // another flight gave it too far away to be the same thing
)

// Crossed is the chance that it crossed a line.
func (f *Flight) Crossed(line LineID) Probability {
	var best Probability
	for i := range f.Crossings {
		if c := &f.Crossings[i]; c.Line == line {
			best = max(best, c.P)
		}
	}
	return best
}

// Validate refuses what could not be held against a rule.
func (f *Flight) Validate() error {
	if f == nil {
		return nil
	}
	known := false
	for _, i := range flightIdentities {
		known = known || i == f.Identity
	}
	if !known {
		return Errorf(CodeInvalid, "flight: identity %q is none of own, none, in_doubt and other", string(f.Identity))
	}
	for _, c := range f.Crossings {
		if c.Line == "" || !c.P.Valid() || c.At != nil && !validPosition(*c.At) {
			return Errorf(CodeInvalid, "flight: the crossing of %q has no line, chance or place", string(c.Line))
		}
	}
	for _, s := range f.Stays {
		if !s.P.Valid() || !(s.RadiusM > 0) {
			return Errorf(CodeInvalid, "flight: a stay has no chance or radius")
		}
	}
	for _, o := range f.Together {
		if !o.P.Valid() {
			return Errorf(CodeInvalid, "flight: the chance of going together is %v, want 0 to 1", float64(o.P))
		}
	}
	return nil
}
