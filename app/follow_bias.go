package app

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/tracking"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/track"
)

// SensorBias is a constant error of a sensor that was found on a day by holding its plots against
// another's, and taken off. The sensor saw all that it was to see: nothing is off its hours.
type SensorBias struct {
	Network  string         `json:"network,omitempty"`
	Source   truce.SourceID `json:"source"`
	Sensor   truce.SensorID `json:"sensor,omitempty"`
	Against  string         `json:"against"` // source and sensor that it is measured from
	From     truce.Instant  `json:"from"`    // from the first to the last plot of the sensor on that day
	To       truce.Instant  `json:"to"`
	Compared int            `json:"compared"` // plots
	Bearings bool           `json:"bearings_alone,omitempty"`

	EastM        geo.Metres  `json:"east_m,omitempty"`
	NorthM       geo.Metres  `json:"north_m,omitempty"`
	PlacedM      geo.Metres  `json:"placed_sigma_m,omitempty"` // one sigma of both
	RangeM       geo.Metres  `json:"range_m,omitempty"`
	RangedM      geo.Metres  `json:"range_sigma_m,omitempty"`
	Azimuth      geo.Degrees `json:"azimuth_deg,omitempty"` // clockwise
	AzimuthSigma geo.Degrees `json:"azimuth_sigma_deg,omitempty"`

	parts []track.Sensor // by stretch
}

// sureBias and leastCompared are what it takes to be told of, as in sense/track: sigmas from
// nothing, and plots.
const (
	sureBias      = 3
	leastCompared = 20
)

// biasLog gathers what the stretches of a day tell of the sensors.
type biasLog struct{ list []SensorBias }

// add takes in what a stretch told.
func (b *biasLog) add(network string, l *looks, plots []sighted, sensors []track.Sensor) {
	for _, s := range sensors {
		k := slices.IndexFunc(l.keys, func(k sensorKey) bool { return k.String() == s.Name })
		if k < 0 || s.Against == "" || s.Against == s.Name {
			continue
		}
		key := l.keys[k]
		i := slices.IndexFunc(b.list, func(o SensorBias) bool {
			return o.Source == key.source && o.Sensor == key.sensor && o.Against == s.Against && o.Bearings == s.Bearings
		})
		if i < 0 {
			i = len(b.list)
			b.list = append(b.list, SensorBias{Network: network, Source: key.source, Sensor: key.sensor, Against: s.Against, Bearings: s.Bearings, From: always.To})
		}
		o := &b.list[i]
		o.Compared += s.Compared
		o.parts = append(o.parts, s)
		for p := range plots {
			if plots[p].key() == key {
				o.From, o.To = min(o.From, plots[p].at), max(o.To, plots[p].at)
			}
		}
	}
}

// sure are the biases that differ from nothing, each the mean over stretches by their errors.
func (b *biasLog) sure() []SensorBias {
	var out []SensorBias
	for _, o := range b.list {
		differs := false
		mean := func(x, sigma func(*track.Bias) float64) (float64, float64) {
			sum, weight := 0.0, 0.0
			for i := range o.parts {
				if s := sigma(&o.parts[i].Bias); s > 0 {
					sum, weight = sum+x(&o.parts[i].Bias)/(s*s), weight+1/(s*s)
				}
			}
			if weight == 0 {
				return 0, 0
			}
			differs = differs || math.Abs(sum) > sureBias*math.Sqrt(weight)
			return sum / weight, 1 / math.Sqrt(weight)
		}
		east, placed := mean(func(b *track.Bias) float64 { return float64(b.East) }, func(b *track.Bias) float64 { return float64(b.Placed) })
		north, _ := mean(func(b *track.Bias) float64 { return float64(b.North) }, func(b *track.Bias) float64 { return float64(b.Placed) })
		away, ranged := mean(func(b *track.Bias) float64 { return float64(b.Range) }, func(b *track.Bias) float64 { return float64(b.Ranged) })
		azimuth, turned := mean(func(b *track.Bias) float64 { return float64(b.Azimuth) }, func(b *track.Bias) float64 { return float64(b.AzimuthSigma) })
		if !differs || o.Compared < leastCompared {
			continue
		}
		metres := func(x float64) geo.Metres { return geo.Metres(num.Quantise(x, .1)) }
		o.EastM, o.NorthM, o.PlacedM, o.RangeM, o.RangedM = metres(east), metres(north), metres(placed), metres(away), metres(ranged)
		o.Azimuth, o.AzimuthSigma = geo.Degrees(num.Quantise(azimuth, 1e-3)), geo.Degrees(num.Quantise(turned, 1e-3))
		o.parts = nil
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b SensorBias) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Sensor, b.Sensor))
	})
	return out
}

// String says it in a sentence.
func (b SensorBias) String() string {
	s := track.Sensor{Name: sensorKey{b.Source, b.Sensor}.String(), Bearings: b.Bearings, Against: b.Against, Bias: track.Bias{
		East: b.EastM, North: b.NorthM, Placed: b.PlacedM, Range: b.RangeM, Ranged: b.RangedM, Azimuth: b.Azimuth, AzimuthSigma: b.AzimuthSigma,
	}}
	return fmt.Sprintf("%s to %s, %d plots: %s", b.From, b.To, b.Compared, tracking.Bias(&s))
}

// latestBiases are of each sensor the last.
func latestBiases(list []SensorBias) []SensorBias {
	var out []SensorBias
	for _, b := range list {
		i := slices.IndexFunc(out, func(o SensorBias) bool {
			return o.Network == b.Network && o.Source == b.Source && o.Sensor == b.Sensor && o.Bearings == b.Bearings
		})
		if i < 0 {
			out = append(out, b)
		} else if b.From >= out[i].From {
			out[i] = b
		}
	}
	return out
}
