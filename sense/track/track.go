// Package track follows what moves: plots of many sensors in, tracks with place, speed and
// course out, each with its error and the chance that there is an object at all.
//
// It never says what an object is or whose, reads no clock, disk or network, and gives the
// same tracks for the same plots in any order within a scan and on any number of processors.
//
// Read this file for what goes in and comes out, tracker.go for the work of one scan,
// gauss.go and modes.go for the motion, associate.go for which plot is of which track,
// start.go for how tracks begin, density.go for clutter, smooth.go for the record and live.go
// for plots that come late; of many sensors measure.go and bearing.go for what they measure,
// sensors.go and bearings.go for what is known of each, crossing.go for tracks of bearings alone, bias.go for their errors, identity.go
// for what objects say of themselves and report.go for what is told.
package track

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Plot is one measured place.
type Plot struct {
	ID       string        // as its sender calls it
	Time     truce.Instant // when it was measured, not after its scan
	At       geo.Point
	Sigma    geo.Metres // one sigma each horizontal axis; 0: not told, found from the data
	Altitude geo.Metres
	High     bool     // the altitude was told
	More     *Measure // nil: a place with a round error is all
}

// Scan is one look of the sensors at their area.
type Scan struct {
	ID    string
	Time  truce.Instant
	Plots []Plot // of bearings alone, or none of them

	// Sensor is which of many sensors looked, and Means how it came by its plots; empty: not
	// told. What is found from the data is then found for each.
	Sensor string
	Means  truce.PlotMeans
}

// Config says what is known beforehand. The zero value works: all is found from the data.
type Config struct {
	// Sigma is the error of plots that state none, one sigma each axis; 0: found.
	Sigma geo.Metres
	// Detection is the chance that a scan has a plot of an object; 0: found.
	Detection float64
	// Late is how much later than newer ones a scan may come in; 0: DefaultLate.
	Late truce.Micros
	// Record has tracks say which plots they rest on, and not what was known at each scan.
	Record bool
}

// DefaultLate is how late a scan of Live may come: a minute, the longest that radio links
// and polled feeds usually hold plots back.
const DefaultLate = truce.Micros(60_000_000)

// Validate refuses a senseless configuration.
func (c Config) Validate() error {
	switch {
	case !(c.Sigma >= 0 && c.Sigma <= MaxSigma):
		return truce.Errorf(truce.CodeInvalid, "an error of %g m: write 0 (found from the plots) to %d", float64(c.Sigma), int(MaxSigma))
	case !(c.Detection >= 0 && c.Detection < 1):
		return truce.Errorf(truce.CodeInvalid, "a detection probability of %g: write 0 (found from the plots) or less than 1", c.Detection)
	case c.Late < 0 || c.Late > maxLate:
		return truce.Errorf(truce.CodeInvalid, "scans may be %g s late: write 0 to %g", float64(c.Late)/1e6, float64(maxLate)/1e6)
	}
	return nil
}

// late is how late scans may come.
func (c Config) late() truce.Micros {
	if c.Late == 0 {
		return DefaultLate
	}
	return c.Late
}

// Track is the path of one object: a state for each scan from its first plot on, smoothed by
// what came later, until its last.
type Track struct {
	Number int // from 1, in the order tracks were confirmed
	States []State
	// Known are the states as they were known at their scans, from confirmation on;
	// none with Config.Record.
	Known []State

	Said  []Said  // identities that came with plots which may be its
	Names []Named // the same by identity, the heaviest first

	Held []Held // plots that are likelier its than not, with Config.Record; by scan
}

// Held is a plot that is likely a track's, as it was dealt when its scan came. Of one plot two
// tracks may say so, where one of them began with it.
type Held struct {
	Plot   string // its ID
	Chance float64
}

// Result is what a run gives.
type Result struct {
	Tracks    []Track // by number
	Scans     int
	Plots     int
	Detection float64    // the chance of a plot, as used at the end
	Sigma     geo.Metres // of plots that state no error, as used at the end
	Sensors   []Sensor   // in the order they came; none where no plot said of which it is
}

// Current is a confirmed track at a scan.
type Current struct {
	Number int
	State
}

// CheckScan refuses a scan that cannot be followed.
func CheckScan(s Scan) error {
	if len(s.Plots) > MaxScan {
		return truce.Errorf(truce.CodeTooLarge, "scan %s has %d plots, more than %d", s.ID, len(s.Plots), MaxScan)
	}
	bearings := s.kind() == kindBearings
	if bearings && len(s.Plots) > MaxBearings {
		return truce.Errorf(truce.CodeTooLarge, "scan %s has %d bearings, more than %d", s.ID, len(s.Plots), MaxBearings)
	}
	for i := range s.Plots {
		p := &s.Plots[i]
		switch {
		case bearings != (p.More != nil && p.More.bearingOnly()):
			return truce.Errorf(truce.CodeInvalid, "scan %s has places and bearings alone: give each a scan of its own", s.ID)
		case p.More != nil && p.More.check(p) != "":
			return truce.Errorf(truce.CodeInvalid, "scan %s, plot %s: %s", s.ID, p.ID, p.More.check(p))
		case !p.where().Valid():
			return truce.Errorf(truce.CodeInvalid, "scan %s, plot %s: %v is no place", s.ID, p.ID, p.At)
		case !(p.Sigma >= 0 && p.Sigma <= MaxSigma):
			return truce.Errorf(truce.CodeInvalid, "scan %s, plot %s: an error of %g m is out of range", s.ID, p.ID, float64(p.Sigma))
		case p.High && !(math.Abs(float64(p.Altitude)) <= MaxAltitude):
			return truce.Errorf(truce.CodeInvalid, "scan %s, plot %s: an altitude of %g m is out of range", s.ID, p.ID, float64(p.Altitude))
		case p.Time > s.Time || s.Time-p.Time > maxSpan:
			return truce.Errorf(truce.CodeInvalid, "scan %s, plot %s: its time is not within the minute before its scan's", s.ID, p.ID)
		}
	}
	return nil
}

// Batch follows the plots of scans in any order; scans of one id are one.
func Batch(scans []Scan, cfg Config) (Result, error) {
	if err := cfg.Validate(); err != nil {
		return Result{}, err
	}
	ordered, err := joined(scans, cfg.late())
	if err != nil {
		return Result{}, err
	}
	t := tracker{cfg: cfg}
	for len(ordered) > 0 {
		if !t.open(&ordered[0]) {
			ordered = ordered[1:]
			continue
		}
		window := ordered[:min(len(ordered), readAhead)]
		ordered = ordered[len(window):]
		readings := make([]reading, len(window))
		share(len(window), 2, func(_, from, to int) {
			for i := from; i < to; i++ {
				readings[i] = t.chart.read(&window[i])
			}
		})
		for i := range readings {
			t.work(readings[i])
		}
	}
	return t.result(), nil
}

// readAhead is how many scans are read at once.
const readAhead = 32

// joined are the scans by time, each checked. Those of one id that are not further apart than
// scans may be late are one.
func joined(scans []Scan, late truce.Micros) ([]Scan, error) {
	ordered := slices.Clone(scans)
	slices.SortStableFunc(ordered, byTime)
	out := ordered[:0]
	last := map[string]int{}
	for _, s := range ordered {
		if at, there := last[s.ID]; there && s.Time-out[at].Time <= truce.Instant(late) {
			s.Plots = slices.Concat(out[at].Plots, s.Plots)
			out[at].Plots = nil
			out[at].Time = merged
		}
		last[s.ID] = len(out)
		out = append(out, s)
	}
	out = slices.DeleteFunc(out, func(s Scan) bool { return s.Time == merged })
	for i := range out {
		if err := CheckScan(out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// merged is the time of a scan that became part of another.
const merged = truce.Instant(math.MinInt64)

// byTime is the order scans are followed in.
func byTime(a, b Scan) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.ID, b.ID)) }
