package tracks

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Kind is the family of a workload.
type Kind string

// The kinds.
const (
	KindPlain    Kind = "T" // straight on, in thin clutter
	KindHard     Kind = "H" // rarely seen, in thick clutter
	KindCrossing Kind = "C" // crossing each other and manoeuvring
	KindMany     Kind = "M" // straight on, seen by many sensors
	KindBearings Kind = "B" // straight on, heard by arrays of microphones alone
)

// Stated is what the plots say of their own error.
type Stated string

// What may be stated.
const (
	StatedTrue Stated = ""     // the error they were drawn with
	StatedNone Stated = "none" // nothing
)

// Config says which world is made; a zero field means its default.
type Config struct {
	Seed      uint64
	Kind      Kind
	Targets   int
	Clutter   float64 // plots of nothing a scan, on average
	Width     geo.Metres
	Scans     int           // default DefaultScans
	Step      time.Duration // default 1 s
	Detection float64       // default 0.9, hard 0.6
	Sigma     geo.Metres    // default 20 m each axis
	Wander    float64       // m/s each axis and step; default 0.5
	Stated    Stated
}

// What the workloads are made with (the recipe that Stone Soup was measured on).
const (
	DefaultScans  = 100
	spreadOfSpeed = 35  // m/s, one sigma each axis
	mostPush      = 4.9 // m/s2, of manoeuvres: half of gravity
	plotSigma     = 20  // m
	wander        = .5  // m/s
	// hardGate is what "a gate" of the hard workload is, m2: the ellipse that holds 99 % of the
	// plots of a track that is known as well as a plot, pi times 9.21 times 2 sigma squared.
	hardGate  = math.Pi * 9.2103 * 2 * plotSigma * plotSigma
	hardWidth = 3000 // m
)

// widths are those of the published workloads; others have as many objects per area as
// T100+100.
var widths = map[string]geo.Metres{"T20+20": 20e3, "T100+100": 30e3, "T200+500": 50e3}

// ParseWorkload reads the name of a workload: T (plain) or C (crossings and manoeuvres),
// objects, a plus sign and clutter plots a scan, as in T100+100; or H (hard), objects, a
// stroke and clutter plots a gate, as in H20/10; or M (many sensors) or B (bearings alone) and
// objects, as in M20 and B5.
func ParseWorkload(name string, seed uint64) (Config, error) {
	if strings.HasPrefix(name, string(KindMany)) || strings.HasPrefix(name, string(KindBearings)) {
		return parseMany(name, seed)
	}
	if len(name) < 4 {
		return Config{}, badWorkload(name)
	}
	cfg := Config{Seed: seed, Kind: Kind(name[:1])}
	mark := "+"
	if cfg.Kind == KindHard {
		mark = "/"
	}
	targets, clutter, ok := strings.Cut(name[1:], mark)
	var err, err2 error
	cfg.Targets, err = strconv.Atoi(targets)
	cfg.Clutter, err2 = strconv.ParseFloat(clutter, 64)
	if !ok || err != nil || err2 != nil || cfg.Targets <= 0 || !(cfg.Clutter >= 0 && cfg.Clutter <= MaxClutter) {
		return Config{}, badWorkload(name)
	}
	cfg.Width = widths[name]
	if cfg.Kind == KindHard {
		cfg.Width, cfg.Detection = hardWidth, .6
		cfg.Clutter *= hardWidth * hardWidth / hardGate
	}
	return cfg, cfg.complete()
}

// parseMany reads the name of a workload of many sensors.
func parseMany(name string, seed uint64) (Config, error) {
	cfg := Config{Seed: seed, Kind: Kind(name[:1]), Width: manyWidth, Scans: manySeconds}
	least := 3 // of which one goes under the name of another
	if cfg.Kind == KindBearings {
		cfg.Width, cfg.Scans, least = heardWidth, heardSeconds, 1
	}
	targets, err := strconv.Atoi(name[1:])
	if err != nil || targets < least || targets > MaxTargets {
		return Config{}, badWorkload(name)
	}
	cfg.Targets = targets
	return cfg, cfg.complete()
}

func badWorkload(name string) error {
	return truce.Errorf(truce.CodeInvalid, "workload %q: write T or C, objects, + and clutter plots a scan, e.g. T100+100 or C20+20; H, objects, / and clutter plots a gate, e.g. H20/10; or M or B and objects, e.g. M20 or B5", name)
}

// complete fills in defaults and refuses what means nothing.
func (c *Config) complete() error {
	if c.Scans == 0 {
		c.Scans = DefaultScans
	}
	if c.Step == 0 {
		c.Step = time.Second
	}
	if c.Detection == 0 {
		c.Detection = .9
	}
	if c.Sigma == 0 {
		c.Sigma = plotSigma
	}
	if c.Wander == 0 {
		c.Wander = wander
	}
	if c.Width == 0 {
		c.Width = geo.Metres(3000 * math.Sqrt(float64(c.Targets)))
	}
	switch {
	case c.Kind != KindPlain && c.Kind != KindHard && c.Kind != KindCrossing && c.Kind != KindMany && c.Kind != KindBearings:
		return truce.Errorf(truce.CodeInvalid, "kind %q: write T, C, H, M or B", c.Kind)
	case c.Targets < 1 || c.Targets > MaxTargets:
		return truce.Errorf(truce.CodeInvalid, "%d objects: write 1 to %d", c.Targets, MaxTargets)
	case !(c.Clutter >= 0 && c.Clutter <= MaxClutter):
		return truce.Errorf(truce.CodeInvalid, "%g clutter plots a scan: write 0 to %d", c.Clutter, MaxClutter)
	case c.Scans < 1 || c.Scans > MaxScans:
		return truce.Errorf(truce.CodeInvalid, "%d scans: write 1 to %d", c.Scans, MaxScans)
	case !(c.Detection > 0 && c.Detection <= 1):
		return truce.Errorf(truce.CodeInvalid, "a detection probability of %g: write more than 0, at most 1", c.Detection)
	case c.Stated != StatedTrue && c.Stated != StatedNone:
		return truce.Errorf(truce.CodeInvalid, "stated error %q: write true or none", c.Stated)
	}
	return nil
}

// stated is the error that the plots tell.
func (c *Config) stated() geo.Metres {
	if c.Stated == StatedNone {
		return 0
	}
	return c.Sigma
}
