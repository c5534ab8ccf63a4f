// Package thermal joins satellite heat detections of the same fire, from whatever
// satellites and passes, into one heat event whose place is a pixel, never a point.
//
// It never says what burnt or who lit it, and never drops a detection: heat that recurs
// on many days is labelled and kept.
//
// Read Events for the order of the work, link.go for which pixels belong together,
// position.go for where the fire is, history.go for recurring heat.
// docs/methods/thermal.md has the formulae with their sources and limits.
package thermal

import (
	"cmp"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
)

// Method names this way of working in every event it makes.
const Method = "thermal/1"

// Defaults of Config.
const (
	// DefaultGap spans the satellites that follow each other on one orbit track (three
	// VIIRS within 50 minutes) and stays below the 101 minutes of an orbit.
	DefaultGap = 90 * time.Minute
	// DefaultMaxSpan holds one group of overpasses: two orbits of three satellites. A
	// front that burns all day becomes several events, one a group.
	DefaultMaxSpan = 3 * time.Hour
	// DefaultMaxExtent keeps a long front from becoming one place: a town's width.
	DefaultMaxExtent geo.Metres = 6000
	// DefaultTolerance is how far two footprints may lie apart and still touch. VIIRS
	// pixels are placed within 400 m at three sigma at nadir (NOAA, evaluation of NOAA-20
	// against Landsat), so two of them differ by some 190 m at one sigma.
	DefaultTolerance geo.Metres = 200
	// DefaultLookbackDays is how far back recurring heat is looked for.
	DefaultLookbackDays = 60
	// DefaultRecurringDays is on how many different days, the event's own included, heat
	// must have been seen at a place to be called recurring.
	DefaultRecurringDays = 3
)

// Config holds the bounds of an event; a zero field means its default.
type Config struct {
	Gap           time.Duration // longest time between two detections that touch
	MaxSpan       time.Duration // longest time from the first to the last detection
	MaxExtent     geo.Metres    // largest diagonal of the box around the pixel centres
	Tolerance     geo.Metres    // widest gap between footprints that still touch
	LookbackDays  int           // days of history, at most MaxLookbackDays
	RecurringDays int           // different days that make heat recurring
}

func (c Config) withDefaults() Config {
	c.Gap = cmp.Or(c.Gap, DefaultGap)
	c.MaxSpan = cmp.Or(c.MaxSpan, DefaultMaxSpan)
	c.MaxExtent = cmp.Or(c.MaxExtent, DefaultMaxExtent)
	c.Tolerance = cmp.Or(c.Tolerance, DefaultTolerance)
	c.LookbackDays = min(cmp.Or(c.LookbackDays, DefaultLookbackDays), MaxLookbackDays)
	c.RecurringDays = cmp.Or(c.RecurringDays, DefaultRecurringDays)
	return c
}

// Events makes one heat event of the detections of each fire, in the order of their
// opening detections. Every detection that has a place is in exactly one event; other
// observations are passed over. The result does not depend on the order of dets, and a
// detection given twice counts once.
func Events(dets []truce.Observation, hist History, cfg Config) []truce.Event {
	cfg = cfg.withDefaults()
	pixels := pixelsOf(dets)
	fires := join(pixels, cfg)
	out := make([]truce.Event, 0, len(fires))
	for _, members := range fires {
		fire := make([]pixel, len(members))
		for i, m := range members {
			fire[i] = pixels[m]
		}
		out = append(out, event(fire, hist, cfg))
	}
	return out
}

// pixelsOf sorts the usable detections by time, then id.
func pixelsOf(dets []truce.Observation) []pixel {
	pixels := make([]pixel, 0, len(dets))
	for i := range dets {
		if dets[i].Detection != nil && dets[i].Place != nil {
			pixels = append(pixels, pixelOf(&dets[i]))
		}
	}
	slices.SortFunc(pixels, func(a, b pixel) int {
		return cmp.Or(cmp.Compare(a.at, b.at), slices.Compare(a.obs.ID[:], b.obs.ID[:]))
	})
	return slices.CompactFunc(pixels, func(a, b pixel) bool { return a.obs.ID == b.obs.ID })
}

// event describes one fire; its pixels are in order of time, the first opened it.
func event(fire []pixel, hist History, cfg Config) truce.Event {
	opening := fire[0].obs
	position := positionOf(fire, cfg.Tolerance)
	e := truce.Event{
		ID:       truce.NewID(opening.Phenomenon.From, "event", Method, opening.ID[:]),
		Revision: 1,
		Kind:     truce.ActHeat,
		Origin:   originOf(fire),
		Position: &position,
		Place:    opening.PlaceName,
		Score:    score(fire),
		Labels:   labels(fire, hist, cfg),
		Method:   Method,
		Support:  make([]truce.Support, len(fire)),
	}
	plane := geo.NewPlane(position.Point)
	for i := range fire {
		e.Support[i] = truce.Support{
			Observation: fire[i].obs.ID,
			Source:      fire[i].obs.Source,
			Family:      truce.FamilyThermal,
			ResidualM:   num.Quantise(distance(&plane, fire[i].obs.Place.Point), 0.1),
		}
	}
	return e
}

// originOf spans the detections: the fire burnt at each of them, and may have burnt
// before, between and after.
func originOf(fire []pixel) truce.PhenomenonTime {
	span := fire[0].obs.Phenomenon
	for i := range fire {
		p := fire[i].obs.Phenomenon
		span.From, span.To, span.Sigma = min(span.From, p.From), max(span.To, p.To), max(span.Sigma, p.Sigma)
	}
	return span
}

// Trust in one detection by its grade. Nominal: commission below 1.2 % over all biomes
// (Schroeder et al. 2014, abstract). High and low are assumed around it; low holds sun
// glint and faint daytime pixels.
const (
	trustHigh    = 0.99
	trustNominal = 0.98
	trustLow     = 0.6
)

// score is the trust in the best detection. Passes are not multiplied: a hot roof fools
// each of them.
func score(fire []pixel) float64 {
	best := 0.0
	for i := range fire {
		switch fire[i].obs.Detection.Confidence {
		case truce.ConfidenceHigh:
			best = max(best, trustHigh)
		case truce.ConfidenceNominal:
			best = max(best, trustNominal)
		default:
			best = max(best, trustLow)
		}
	}
	return best
}

func labels(fire []pixel, hist History, cfg Config) []truce.Label {
	var out []truce.Label
	low := func(p pixel) bool { return p.obs.Detection.Confidence != truce.ConfidenceLow }
	if !slices.ContainsFunc(fire, low) {
		out = append(out, truce.LabelLowConfidence)
	}
	if recurring(fire, hist, cfg) {
		out = append(out, truce.LabelRecurringHeat)
	}
	return out
}

// recurring asks for at least half of the detections at places where heat recurs, as the
// history says or FIRMS itself by its type, so that a field fire that runs past a plant is
// not taken for the plant.
func recurring(fire []pixel, hist History, cfg Config) bool {
	n := 0
	for i := range fire {
		if fire[i].obs.Detection.Type.Static() || hist.daysBefore(&fire[i], cfg)+1 >= cfg.RecurringDays {
			n++
		}
	}
	return 2*n >= len(fire)
}
