package arrivals

import (
	"math"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Kind is the family of a workload.
type Kind string

// The kinds.
const (
	KindSeismic  Kind = "S"
	KindAcoustic Kind = "A"
)

// Stated is what the sensors say of the error of their own times.
type Stated string

// What may be stated.
const (
	StatedNone  Stated = ""      // nothing: the column is empty
	StatedFloor Stated = "floor" // the least error of the kind, 0.4 or 0.1 s
	StatedTrue  Stated = "true"  // the error each was drawn with; false arrivals state that of a true one
)

// Config says which world is made; a zero field means its default.
type Config struct {
	Seed    uint64
	Kind    Kind    // default KindAcoustic
	Events  int     // default 500, at most MaxEvents
	Noise   float64 // false arrivals per true one, at most MaxNoise
	Sensors int     // default 100 for S (a square number), 200 for A; at most MaxSensors
	Stated  Stated  //

	Wind   float64     // m/s, acoustic only, at most MaxWind
	WindTo geo.Degrees // where it blows to

	Salvos     bool    // shots come in salvos
	BadClocks  float64 // share of the sensors with a wrong clock
	Dead       float64 // share that is silent, half of them all day
	Chattering float64 // share that reports what nobody else hears
	Arrays     float64 // share that are arrays, which tell where a sound came from
	Amplitudes bool    // every arrival has one
}

// Variants of a workload and what each sets. Recipes stand beside the constants.
var variants = []struct {
	name string
	set  func(*Config)
}{
	{"wind", func(c *Config) { c.Wind = 15 }},
	{"salvos", func(c *Config) { c.Salvos = true }},
	{"clocks", func(c *Config) { c.BadClocks = .1 }},
	{"broken", func(c *Config) { c.Dead, c.Chattering = .1, .02 }},
	{"arrays", func(c *Config) { c.Arrays, c.Amplitudes = .3, true }},
	{"dense", func(c *Config) { c.Sensors = 1000 }},
}

// Variants are the names that may follow a workload's, each after a plus sign.
func Variants() []string {
	out := make([]string, len(variants))
	for i, v := range variants {
		out[i] = v.name
	}
	return out
}

// ParseWorkload reads the name of a workload: kind, events a day, a stroke and false arrivals
// per true one, then variants: S500/0.3, A2000/1.0, A10000/3.0+dense, A500/0.3+wind+clocks.
func ParseWorkload(name string, seed uint64) (Config, error) {
	parts := strings.Split(name, "+")
	head, noise, ok := strings.Cut(parts[0], "/")
	if !ok || len(head) < 2 {
		return Config{}, badWorkload(name)
	}
	cfg := Config{Seed: seed, Kind: Kind(head[:1])}
	var err, err2 error
	cfg.Events, err = strconv.Atoi(head[1:])
	cfg.Noise, err2 = strconv.ParseFloat(noise, 64)
	if err != nil || err2 != nil || cfg.Events <= 0 {
		return Config{}, badWorkload(name)
	}
	for _, part := range parts[1:] {
		if !cfg.vary(part) {
			return Config{}, truce.Errorf(truce.CodeInvalid, "workload %q: no variant %q; there are %s", name, part, strings.Join(Variants(), ", "))
		}
	}
	return cfg, cfg.complete()
}

func badWorkload(name string) error {
	return truce.Errorf(truce.CodeInvalid, "workload %q: write S or A, events a day, / and false arrivals per true one, e.g. S500/0.3 or A500/0.3+wind", name)
}

func (c *Config) vary(name string) bool {
	for _, v := range variants {
		if v.name == name {
			v.set(c)
			return true
		}
	}
	return false
}

// complete fills in defaults and refuses what means nothing.
func (c *Config) complete() error {
	if c.Kind == "" {
		c.Kind = KindAcoustic
	}
	if c.Events == 0 {
		c.Events = 500
	}
	if c.Sensors == 0 {
		c.Sensors = map[Kind]int{KindSeismic: seismicSensors, KindAcoustic: acousticSensors}[c.Kind]
	}
	root := int(math.Round(math.Sqrt(float64(c.Sensors))))
	switch {
	case c.Kind != KindSeismic && c.Kind != KindAcoustic:
		return truce.Errorf(truce.CodeInvalid, "kind %q: write S or A", c.Kind)
	case c.Events < 0 || c.Events > MaxEvents:
		return truce.Errorf(truce.CodeInvalid, "%d events: write 1 to %d", c.Events, MaxEvents)
	case c.Sensors < 5 || c.Sensors > MaxSensors:
		return truce.Errorf(truce.CodeInvalid, "%d sensors: write 5 to %d", c.Sensors, MaxSensors)
	case c.Kind == KindSeismic && root*root != c.Sensors:
		return truce.Errorf(truce.CodeInvalid, "%d sensors make no square grid: write a square number such as 100", c.Sensors)
	case !(c.Noise >= 0 && c.Noise <= MaxNoise):
		return truce.Errorf(truce.CodeInvalid, "noise %g: write 0 to %d", c.Noise, MaxNoise)
	case !(c.Wind >= 0 && c.Wind <= MaxWind):
		return truce.Errorf(truce.CodeInvalid, "wind %g m/s: write 0 to %d", c.Wind, MaxWind)
	case c.Stated != StatedNone && c.Stated != StatedFloor && c.Stated != StatedTrue:
		return truce.Errorf(truce.CodeInvalid, "stated error %q: write floor, true or nothing", c.Stated)
	case c.Kind == KindSeismic && (c.Wind != 0 || c.Salvos || c.Arrays != 0 || c.Amplitudes):
		return truce.Errorf(truce.CodeInvalid, "wind, salvos and arrays are of acoustic workloads: write A instead of S")
	}
	return c.checkShares()
}

func (c *Config) checkShares() error {
	for _, share := range []struct {
		name string
		is   float64
	}{{"bad clocks", c.BadClocks}, {"dead sensors", c.Dead}, {"chattering sensors", c.Chattering}, {"arrays", c.Arrays}} {
		if !(share.is >= 0 && share.is <= 1) {
			return truce.Errorf(truce.CodeInvalid, "a share of %g %s: write 0 to 1", share.is, share.name)
		}
	}
	return nil
}
