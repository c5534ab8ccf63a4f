// Package movement says what tracks mean on the map: which zones and lines they passed and
// when, each with its chance, from the error of the track.
//
// It never says that anybody broke a rule, takes no identity or class that an object gives
// itself for the truth, and reads no clock, disk or network.
//
// Read this file for what goes in and comes out, path.go for where an object was between
// its states, passage.go for how chances and times are found; ends for where flights began.
package movement

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// Config says what is told and how finely. The zero value works.
type Config struct {
	// Least is the chance below which a passage is not told; 0: DefaultLeast.
	Least float64
	// Apart is how long an object must be away for its return to count as another passage;
	// 0: DefaultApart.
	Apart truce.Micros
	// AltitudeSigma is the error of the states' altitudes, one sigma, since tracks state
	// none; 0: DefaultAltitudeSigma.
	AltitudeSigma geo.Metres
}

// What a Config of zeros means.
const (
	// DefaultLeast tells of what is likelier than one in fifty: below it the tails of the
	// error, which no tracker knows well, decide.
	DefaultLeast = .02
	// DefaultApart is a minute: a drone that turns at a boundary is back sooner.
	DefaultApart = truce.Micros(60_000_000)
	// DefaultAltitudeSigma is what barometers and GNSS of small drones reach in height.
	DefaultAltitudeSigma geo.Metres = 15
)

// Validate refuses a senseless configuration.
func (c Config) Validate() error {
	switch {
	case !(c.Least >= 0 && c.Least < 1):
		return truce.Errorf(truce.CodeInvalid, "a least chance of %g: write 0 (for %g) or less than 1", c.Least, DefaultLeast)
	case c.Apart < 0:
		return truce.Errorf(truce.CodeInvalid, "passages %g s apart: write 0 (for %g) or more", float64(c.Apart)/1e6, float64(DefaultApart)/1e6)
	case !(c.AltitudeSigma >= 0 && c.AltitudeSigma <= track.MaxAltitude):
		return truce.Errorf(truce.CodeInvalid, "an altitude error of %g m: write 0 (for %g) to %d", float64(c.AltitudeSigma), float64(DefaultAltitudeSigma), int(track.MaxAltitude))
	}
	return nil
}

func (c Config) filled() Config {
	if c.Least == 0 {
		c.Least = DefaultLeast
	}
	if c.Apart == 0 {
		c.Apart = DefaultApart
	}
	if c.AltitudeSigma == 0 {
		c.AltitudeSigma = DefaultAltitudeSigma
	}
	return c
}

// Zone is an area, with a band of altitude where it has one.
type Zone struct {
	ID   string
	Area *geo.Area
	Band *Band // nil: all altitudes
}

// Band is the altitudes from Floor to Ceiling, above what the track's altitudes are above.
type Band struct{ Floor, Ceiling geo.Metres }

func (z Zone) validate() error {
	if z.Area == nil || z.Area.Empty() {
		return truce.Errorf(truce.CodeInvalid, "zone %s has no area", z.ID)
	}
	if b := z.Band; b != nil && !(b.Floor < b.Ceiling) {
		return truce.Errorf(truce.CodeInvalid, "zone %s: its floor of %g m is not below its ceiling of %g m", z.ID, float64(b.Floor), float64(b.Ceiling))
	}
	return nil
}

// Visit is one stay in a zone. A track that grazes the boundary makes one visit with a
// small chance, never many.
type Visit struct {
	Track  int
	Zone   string
	Chance float64 // that there was an object and that it was inside at all

	// Entry and Exit are when, if it was inside: a moment with one sigma; zero where
	// Already or Still is 1.
	Entry, Exit truce.PhenomenonTime
	Already     float64 // the chance, if it was inside, that it was so when the track began
	Still       float64 // the chance, if it was inside, that it was so when the track ended

	// AltitudeUnknown says that the zone has a band and the track no altitude somewhere:
	// Chance is then of the place alone, an upper bound. InBand says what it means there.
	AltitudeUnknown bool
}

// Crossing is one stay on the other side of a line than where the track began.
type Crossing struct {
	Track  int
	Line   string
	To     geo.Side // the other side
	Chance float64  // that there was an object and that it crossed at all
	Over   truce.PhenomenonTime
	Back   truce.PhenomenonTime // zero where Stayed is 1
	Stayed float64              // the chance, if it crossed, that it had not come back when the track ended
}

// Visits finds the stays of a track in a zone, in the order of time.
func Visits(t track.Track, z Zone, cfg Config) ([]Visit, error) {
	p, err := newPath(t, cfg)
	if err != nil {
		return nil, err
	}
	if err := z.validate(); err != nil {
		return nil, err
	}
	r := &zoneRegion{zone: z, path: p}
	var out []Visit
	for _, g := range p.passages(r) {
		out = append(out, Visit{Track: t.Number, Zone: z.ID, Chance: g.chance, Entry: g.entry, Exit: g.exit,
			Already: g.already, Still: g.still, AltitudeUnknown: r.unknown})
	}
	return out, nil
}

// Crossings finds when a track was on the other side of a line, in the order of time.
// Going around an end of the line is no crossing.
func Crossings(t track.Track, line *geo.Line, name string, cfg Config) ([]Crossing, error) {
	p, err := newPath(t, cfg)
	if err != nil {
		return nil, err
	}
	if line == nil {
		return nil, truce.Errorf(truce.CodeInvalid, "line %s is not drawn", name)
	}
	r := &lineRegion{line: line}
	for i := 0; i < len(t.States) && r.home == geo.On; i++ {
		r.home = line.SideOf(t.States[i].At)
	}
	if r.home == geo.On {
		return nil, nil // all on the line itself: it has no other side to be on
	}
	var out []Crossing
	for _, g := range p.passages(r) {
		out = append(out, Crossing{Track: t.Number, Line: name, To: other(r.home), Chance: g.chance,
			Over: g.entry, Back: g.exit, Stayed: g.still})
	}
	return out, nil
}

// other is the other side.
func other(s geo.Side) geo.Side {
	if s == geo.Left {
		return geo.Right
	}
	return geo.Left
}

// moment is the mean of times with its error; nothing for none. Weights are equal.
func moment(sum, squares float64, n int, origin truce.Instant) truce.PhenomenonTime {
	if n == 0 {
		return truce.PhenomenonTime{}
	}
	mean := sum / float64(n)
	sigma := math.Sqrt(max(0, squares/float64(n)-mean*mean))
	at := origin + truce.Instant(math.Round(mean*1e6))
	return truce.PhenomenonTime{From: at, To: at, Sigma: truce.Micros(math.Round(sigma * 1e6))}
}
