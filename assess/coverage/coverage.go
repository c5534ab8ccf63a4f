// Package coverage says, for each reporting area and period, who could have seen
// something and how well, and from that what may be said when nothing was recorded.
//
// It never says that nothing happened, and never takes a missing statement for a clear
// sky, a working sensor or a quiet day.
//
// Read Thermal for satellites (passes.go finds the overpasses), Board for the watch that a
// mission states (health.go holds it against what its sensors said of themselves, spans.go
// reckons with stretches of time), and Absences for what follows. docs/methods/coverage.md
// has the formulae and their limits.
package coverage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Method names this way of working.
const Method = "coverage/2"

// Defaults of Config.
const (
	// DefaultPassGap separates two overpasses of a satellite. It crosses the 6,000 km in
	// which it can see a place in 15 minutes and returns after 100.
	DefaultPassGap = 20 * time.Minute
	// DefaultLongestGap is the longest stretch without a look that is not listed.
	DefaultLongestGap = 6 * time.Hour
	// DefaultPassHours is what one pass counts for: the heat of a strike is taken to last
	// an hour. Assumed.
	DefaultPassHours = 1.0
	// DefaultLeastLook is the clear share of a pass below which it is no look at all.
	DefaultLeastLook = 0.1
)

// Config says what is planned and how looks are weighed; a zero field means its default.
type Config struct {
	// Satellites are those the mission plans on. Nil means those of Nominal that made a
	// detection anywhere in the data.
	Satellites []Satellite
	PassGap    time.Duration
	LongestGap time.Duration
	PassHours  float64 // hours that one planned pass stands for
	LeastLook  float64 // 0 to 1
	// ClearWhenUnknown is the share of sky taken as clear when no cloud cover is given.
	// The default is none: what is not known is not counted.
	ClearWhenUnknown float64
}

func (c Config) withDefaults() Config {
	c.PassGap = cmp.Or(c.PassGap, DefaultPassGap)
	c.LongestGap = cmp.Or(c.LongestGap, DefaultLongestGap)
	c.PassHours = cmp.Or(c.PassHours, DefaultPassHours)
	c.LeastLook = cmp.Or(c.LeastLook, DefaultLeastLook)
	return c
}

// Area is a reporting area as coverage needs it.
type Area struct {
	ID     truce.AreaID
	Centre geo.Point
	Cloud  string // the weather area whose cloud cover stands for it, "" when none does
}

// Data is what is known of the looking: all detections of the files, wherever they lie,
// since each shows that its satellite passed; and the cloud cover.
type Data struct {
	Detections []truce.Observation
	Clouds     []truce.Observation
}

// Thermal gives the coverage by thermal satellites for each area and period, in their
// order. The result does not depend on the order of the data.
func Thermal(areas []Area, periods []truce.Period, data Data, cfg Config) []truce.Coverage {
	cfg = cfg.withDefaults()
	seen := sightings(data.Detections)
	planned, unknown := plannedSatellites(seen, cfg)
	out := make([]truce.Coverage, 0, len(areas)*len(periods))
	for _, area := range areas {
		passes := passesOver(area, seen, planned, cfg)
		clouds := cloudsOf(area.Cloud, data.Clouds)
		for _, period := range periods {
			v := view{area: area, period: period, planned: planned, unknown: unknown, clouds: clouds, cfg: cfg}
			for _, p := range passes {
				if period.Contains(p.at) {
					v.passes = append(v.passes, p)
				}
			}
			out = append(out, v.coverage())
		}
	}
	return out
}

// view is one area in one period.
type view struct {
	area    Area
	period  truce.Period
	planned []Satellite
	unknown []string
	passes  []pass
	clouds  []cloud
	cfg     Config
}

func (v *view) coverage() truce.Coverage {
	c := truce.Coverage{Area: v.area.ID, Family: truce.FamilyThermal, Period: v.period}
	planned := v.plannedPasses()
	looks, blind := 0.0, 0
	for i := range v.passes {
		p := &v.passes[i]
		clear, known := clearAt(v.clouds, p.at)
		if !known {
			clear = v.cfg.ClearWhenUnknown
			blind++
		}
		p.look = p.inSwath * clear
		looks += p.look
		c.Passes = append(c.Passes, truce.Pass{Sensor: p.sensor, At: p.at, Detections: p.detections})
	}
	c.Cloud = meanCloud(v.clouds, v.period)
	share := 0.0
	if planned > 0 {
		share = min(1, looks/planned)
	}
	c.Share = truce.Probability(round(share, 1e6))
	c.PlannedHours = round(planned*v.cfg.PassHours, 1e3)
	c.ObservedHours = round(share*planned*v.cfg.PassHours, 1e3)
	c.Basis = v.basis(planned, blind)
	c.Gaps = v.gaps()
	return c
}

// plannedPasses is how many passes the planned satellites make over the area in the
// period, on average.
func (v *view) plannedPasses() float64 {
	sum := 0.0
	for _, s := range v.planned {
		sum += s.PassesPerDay(v.area.Centre.Lat)
	}
	return sum * v.period.To.Sub(v.period.From).Hours() / 24
}

// basis says in words where the numbers come from.
func (v *view) basis(planned float64, blind int) string {
	var names []string
	for _, s := range v.planned {
		names = append(names, s.Name)
	}
	var b strings.Builder
	switch {
	case len(v.planned) == 0:
		b.WriteString("No pass is known and none is planned: the data hold no detection of a known satellite. Whether one looked is not known.")
	case len(v.passes) == 0:
		fmt.Fprintf(&b, "No pass is known of about %.1f nominal passes of %s: a pass is known only by a detection it made somewhere in the data. Whether one looked is not known.", planned, strings.Join(names, ", "))
	default:
		fmt.Fprintf(&b, "%d of about %.1f nominal passes of %s are known, each by a detection it made somewhere in the data; a pass that detected nothing is not known and not counted. One pass counts as %g h.", len(v.passes), planned, strings.Join(names, ", "), v.cfg.PassHours)
	}
	if tooManyPasses(len(v.passes), planned) {
		b.WriteString(" More passes than expected: check the satellites and the times of the detections; the share says no more than that all was seen.")
	}
	if mean := meanCloud(v.clouds, v.period); mean != nil {
		fmt.Fprintf(&b, " Mean cloud cover %.2f (%s).", *mean, v.area.Cloud)
	}
	if blind > 0 {
		fmt.Fprintf(&b, " Cloud cover is not given for %d of the passes; %.0f %% of their sky is taken as clear.", blind, 100*v.cfg.ClearWhenUnknown)
	}
	if len(v.unknown) > 0 {
		fmt.Fprintf(&b, " Not counted, since nothing is known of their orbits: %s.", strings.Join(v.unknown, ", "))
	}
	return b.String()
}

// tooManyPasses says whether more passes are known than the orbits allow. A day has one or
// two more than the average; half as many again are satellites that are taken for another
// or detections with wrong times.
func tooManyPasses(known int, planned float64) bool { return float64(known) > 1.5*planned+2 }

// Reasons of gaps in the passes. Printers translate them.
const (
	reasonNoPass  = "no pass known"
	reasonClouded = "no pass known but through cloud, or cloud cover not given"
	reasonNoData  = "no data"
)

// gaps are the planned satellites of which nothing is known in the period, by name, and
// the stretches longer than LongestGap without a look by any.
func (v *view) gaps() []truce.Gap {
	out := v.silentSatellites()
	if len(v.passes) == 0 && len(out) == len(v.planned) && len(out) > 0 {
		return out // the whole period, with each name: nothing to add
	}
	from, clouded := v.period.From, false
	listTo := func(to truce.Instant) {
		if to.Sub(from) > v.cfg.LongestGap {
			reason := reasonNoPass
			if clouded {
				reason = reasonClouded
			}
			out = append(out, truce.Gap{From: from, To: to, Reason: reason})
		}
		clouded = false
	}
	for _, p := range v.passes {
		if p.look < v.cfg.LeastLook {
			clouded = true
			continue
		}
		listTo(p.at)
		from = p.at
	}
	listTo(v.period.To)
	return out
}

// silentSatellites names the planned satellites that made no known pass in a period in
// which at least one was to be expected.
func (v *view) silentSatellites() []truce.Gap {
	var out []truce.Gap
	days := v.period.To.Sub(v.period.From).Hours() / 24
	for _, s := range v.planned {
		passed := slices.ContainsFunc(v.passes, func(p pass) bool { return p.satellite == s.Name })
		if !passed && s.PassesPerDay(v.area.Centre.Lat)*days >= 1 {
			out = append(out, truce.Gap{From: v.period.From, To: v.period.To, Sensor: truce.SensorID(s.Name), Reason: reasonNoData})
		}
	}
	return out
}

// round keeps x in steps of 1/per, so that it hashes the same everywhere.
func round(x, per float64) float64 { return math.Round(x*per) / per }

// sorted sorts a copy.
func sorted[T cmp.Ordered](list []T) []T {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}
