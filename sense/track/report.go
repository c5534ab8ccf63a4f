package track

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Sensor is what was found of one of many sensors.
type Sensor struct {
	Name      string
	Means     truce.PlotMeans
	Bearings  bool       // it gives bearings alone
	Detection float64    // the chance of a plot of an object that it can see
	Sigma     geo.Metres // usual error of its places

	// Against is the sensor that its bias is measured from, itself for that one; "" where
	// nothing could be compared: the bias of one sensor alone cannot be seen.
	Against  string
	Compared int // plots that were held against other sensors'
	Bias     Bias
}

// Bias is the constant error of a sensor, with one sigma of each number. It was taken from
// its plots as far as it was known. East and north are of those that give places, range and
// azimuth of those that give both from where they stand; azimuth alone of bearings.
type Bias struct {
	East, North, Placed   geo.Metres  // Placed is the larger sigma of the two
	Range, Ranged         geo.Metres  // and its sigma
	Azimuth, AzimuthSigma geo.Degrees // clockwise
	Sure                  bool        // it differs from nothing by three sigmas
}

// sensors are what was found of the sensors.
func (t *tracker) sensors() (out []Sensor) {
	if t.net == nil {
		return nil
	}
	n := t.net
	ref := n.bias.reference()
	for i := range n.list {
		s := &n.list[i]
		l := &s.learnt
		if int32(i) == n.now {
			l = &t.learnt
		}
		told := Sensor{Name: s.name, Means: s.means, Bearings: s.kind == kindBearings, Detection: l.detection, Compared: n.bias.compared[i]}
		if !told.Bearings {
			told.Sigma = geo.Metres(l.usual())
		}
		if ref >= 0 && told.Compared > 0 {
			told.Against, told.Bias = n.list[ref].name, n.bias.of(int32(i), ref)
			told.Bias.Sure = told.Bias.Sure && told.Compared >= leastCompared
		}
		out = append(out, told)
	}
	return out
}

// of is the bias of a sensor, of places against the reference where that gives places too.
func (b *biases) of(i, ref int32) (out Bias) {
	if i == ref {
		return out
	}
	var one, two sparse
	one.put(2*int(i), 1)
	two.put(2*int(i)+1, 1)
	if b.kinds[i] == kindPlaces && b.kinds[ref] == kindPlaces {
		one.put(2*int(ref), -1)
		two.put(2*int(ref)+1, -1)
	}
	first, firstV := b.over(&one)
	second, secondV := b.over(&two)
	const degree = math.Pi / 180
	switch b.kinds[i] {
	case kindPlaces:
		out.East, out.North, out.Placed = geo.Metres(first), geo.Metres(second), geo.Metres(math.Sqrt(max(firstV, secondV)))
	case kindPolar:
		out.Range, out.Ranged = geo.Metres(first), geo.Metres(math.Sqrt(firstV))
		out.Azimuth, out.AzimuthSigma = geo.Degrees(second/degree), geo.Degrees(math.Sqrt(secondV)/degree)
	case kindBearings:
		out.Azimuth, out.AzimuthSigma = geo.Degrees(first/degree), geo.Degrees(math.Sqrt(firstV)/degree)
	}
	out.Sure = first*first > sureBias*sureBias*firstV || b.kinds[i] != kindBearings && second*second > sureBias*sureBias*secondV
	return out
}
