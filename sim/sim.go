// Package sim is a seeded world on invented land: it writes files in the real
// sources' formats, with the truth beside them.
//
// It never touches a disk, a clock or the network, and its island exists nowhere.
//
// Read island.go and gazetteer.go for the land, plan.go for what happens on it,
// orbit.go and thermal.go for what satellites make of that, observe.go, ears.go,
// flights.go and media.go for what people and instruments on the ground make of it, and truth.go for the key.
package sim

import (
	"time"

	"github.com/trucewatch/truce"
)

// Format says which decoder reads a file.
type Format string

// The formats the world writes.
const (
	FormatFIRMS    Format = "firms"
	FormatVIINA    Format = "viina"
	FormatPost     Format = "post"
	FormatCSV      Format = "csv"
	FormatSensors  Format = "sensors"    // where the field's ears stand
	FormatArrivals Format = "arrivals"   // what they heard
	FormatHealth   Format = "csv-health" // rows of the health of sensors, in the format csv
	FormatCloud    Format = "cloud"
	FormatControl  Format = "geojson-control"
	FormatGeoJSON  Format = "geojson" // the agreement's own lines, zones, areas and sites
)

// File is one file of the world. Sim writes nothing itself.
type File struct {
	Name   string // with a folder, slashes
	Format Format
	Data   []byte

	Start truce.Instant // what the feed leaves out of its times; 0: nothing
}

// The defaults of a Config.
const (
	DefaultStart   truce.Day = "2031-03-10" // far enough ahead that it cannot pass for news
	DefaultDays              = 3
	DefaultHistory           = 4
	DefaultScale             = 1.0
)

// Config says which world to make. The zero value is the default exercise.
type Config struct {
	// Seed decides everything but the land.
	Seed uint64
	// Start is the first day, UTC; empty means DefaultStart.
	Start truce.Day
	// Days is how many days have happenings: quiet, breaches, easing, and so on in
	// turn; 0 means DefaultDays, MaxDays is the bound.
	Days int
	// History is how many earlier days have satellite and cloud files only, so that
	// recurring heat can be known; 0 means DefaultHistory, negative means none.
	History int
	// Scale multiplies the number of happenings, not of days; 0 means DefaultScale,
	// MaxScale is the bound.
	Scale float64
}

func (c Config) withDefaults() Config {
	if c.Start == "" {
		c.Start = DefaultStart
	}
	if c.Days == 0 {
		c.Days = DefaultDays
	}
	if c.History == 0 {
		c.History = DefaultHistory
	}
	c.History = max(0, c.History)
	if c.Scale == 0 {
		c.Scale = DefaultScale
	}
	return c
}

func (c Config) validate() error {
	if _, err := c.Start.Start(time.UTC); err != nil {
		return truce.Errorf(truce.CodeInvalid, "sim: start: %w", err)
	}
	if c.Days < 0 || c.Days > MaxDays || c.History > MaxDays {
		return truce.Errorf(truce.CodeInvalid, "sim: %d days after %d days of history: want at most %d of each", c.Days, c.History, MaxDays)
	}
	if !(c.Scale > 0 && c.Scale <= MaxScale) {
		return truce.Errorf(truce.CodeInvalid, "sim: scale %v: want more than 0 and at most %v", c.Scale, float64(MaxScale))
	}
	return nil
}

// World is one exercise: land, happenings, and the files observers made of them.
type World struct {
	cfg     Config
	island  Island
	start   truce.Instant // first instant of the first day
	passes  []Pass        // by time
	clouds  clouds
	fires   []fire
	files   []File
	truth   Truth
	contact [][]vec // the contact line of each day, from the day before the start
	moments map[slot][]moment
}

// New makes the world of a configuration: the same bytes for the same Config.
func New(cfg Config) (*World, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	start, err := cfg.Start.Start(time.UTC)
	if err != nil {
		return nil, err
	}
	w := &World{cfg: cfg, island: NewIsland(), start: start, moments: map[slot][]moment{}}
	w.drawContactLines()
	w.passes = w.overflights()
	w.clouds = w.weather()
	w.truth = w.newTruth()
	w.plan()
	w.observe()
	return w, nil
}

// Island is the land.
func (w *World) Island() Island { return w.island }

// Files are what a mission would have received, by name.
func (w *World) Files() []File { return w.files }

// Truth is what really happened, and which rows of which file came of it.
func (w *World) Truth() Truth { return w.truth }

// at is an instant some hours after the beginning of a day; day 0 is the start.
func (w *World) at(day int, hours float64) truce.Instant {
	return w.start.Add(time.Duration(day)*24*time.Hour + time.Duration(hours*float64(time.Hour)))
}

// day is the calendar day so many days after the start.
func (w *World) day(n int) truce.Day { return w.cfg.Start.AddDays(n) }

// dayOf is the number of the day an instant lies in.
func (w *World) dayOf(t truce.Instant) int {
	n := int(t.Sub(w.start) / (24 * time.Hour))
	if t < w.start.Add(time.Duration(n)*24*time.Hour) {
		n--
	}
	return n
}
