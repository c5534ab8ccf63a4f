package app

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

const (
	// scanLength is how long a look of a sensor is of which too little came to find it: an
	// antenna turns once in some four seconds.
	scanLength = truce.Instant(4 * time.Second / time.Microsecond)
	// leastLook and mostLook bound what is found: what speaks ten times a second is heard once,
	// and sense/track takes looks of up to a minute.
	leastLook = truce.Instant(time.Second / time.Microsecond)
	mostLook  = truce.Instant(30 * time.Second / time.Microsecond)
	// lookShare is how much of the time between two plots of one object a look lasts, so that it
	// has no two of one.
	lookShare = .97
	// turnPlots are how many plots of a sensor its turn is found from, turnLeast how many it
	// takes; turnOnce is how far apart the echoes of one object in one sweep lie at most.
	turnPlots, turnLeast = 400, 5
	turnOnce             = truce.Instant(300 * time.Millisecond / time.Microsecond)
	// sameGate and sameSpeed say how far two plots may lie apart to be of one object: three
	// sigmas of both, and what a fast drone flies in between, m/s.
	sameGate, sameSpeed = 3.0, 40.0
	// unknownSigma is the error of a place whose source states none, metres, where one is needed
	// before it is found.
	unknownSigma = 50.0
)

// sensorKey is one sensor to the tracker: what a source calls a sensor.
type sensorKey struct {
	source truce.SourceID
	sensor truce.SensorID
}

func (k sensorKey) String() string { return string(k.source) + "|" + string(k.sensor) }

// looks are a stretch as the tracker takes it in.
type looks struct {
	scans []track.Scan // plots are named by their place in the stretch
	// behind are plots that an object gave in a look of which a later one is followed.
	behind map[int][]int
	keys   []sensorKey // by first plot
}

// looksOf cuts what each sensor saw into looks of its own. Where there are more sensors than are
// told apart, what objects say of themselves is of one sensor for each source.
func looksOf(plots []sighted) looks {
	of, out := map[sensorKey][]int{}, looks{behind: map[int][]int{}}
	all := map[sensorKey]bool{}
	for i := range plots {
		all[plots[i].key()] = true
	}
	for i := range plots {
		key := plots[i].key()
		if len(all) > track.MaxSensors && !plots[i].measured() {
			key.sensor = ""
		}
		if of[key] == nil {
			out.keys = append(out.keys, key)
		}
		of[key] = append(of[key], i)
	}
	for _, key := range out.keys {
		out.cut(key, plots, of[key])
	}
	slices.SortStableFunc(out.scans, func(a, b track.Scan) int { return cmp.Compare(a.Time, b.Time) })
	return out
}

// key is the sensor that a plot is of.
func (p *sighted) key() sensorKey { return sensorKey{p.source, p.sensor} }

// cut makes the looks of one sensor, at even times; places and bearings alone are looks apart.
func (l *looks) cut(key sensorKey, plots []sighted, of []int) {
	length := turnOf(plots, of)
	for from := 0; from < len(of); {
		bin, until := plots[of[from]].at/length, from
		for until < len(of) && plots[of[until]].at/length == bin {
			until++
		}
		places, bearings := l.last(plots, of[from:until])
		l.add(fmt.Sprintf("%d@%s", bin, key), key, plots, places, track.MaxScan)
		l.add(fmt.Sprintf("%d@%s/bearings", bin, key), key, plots, bearings, track.MaxBearings)
		from = until
	}
}

// last are the plots of a look, of one that speaks several times the last: the others stand
// behind it.
func (l *looks) last(plots []sighted, look []int) (places, bearings []int) {
	last := map[truce.Identity]int{}
	for _, i := range look {
		if name := plots[i].name(); name.Value != "" {
			last[name] = i
		}
	}
	for _, i := range look {
		p := &plots[i]
		switch at, speaks := last[p.name()]; {
		case speaks && at != i:
			l.behind[at] = append(l.behind[at], i)
		case p.unplaced:
			bearings = append(bearings, i)
		default:
			places = append(places, i)
		}
	}
	return places, bearings
}

// add appends a look, if anything was seen in it.
func (l *looks) add(id string, key sensorKey, plots []sighted, of []int, most int) {
	if len(of) == 0 {
		return
	}
	scan := track.Scan{ID: id, Sensor: key.String(), Means: plots[of[0]].means, Plots: make([]track.Plot, 0, len(of))}
	for _, i := range of[:min(len(of), most)] {
		scan.Plots = append(scan.Plots, plots[i].plot(strconv.Itoa(i)))
		scan.Time = max(scan.Time, plots[i].at)
	}
	l.scans = append(l.scans, scan)
}

// measured says whether a sensor measured it; else it is the object's own word.
func (p *sighted) measured() bool { return p.means != truce.MeansSelf }

// name is what an object calls itself first; a code that many share is no name.
func (p *sighted) name() truce.Identity {
	for _, id := range p.said {
		if id.Scheme != "squawk" {
			return id
		}
	}
	return truce.Identity{}
}

// plot is what the tracker is told of it. A place that a sensor measured from where it stands is
// given as range and bearing, since its errors lie along those.
func (p *sighted) plot(id string) track.Plot {
	out := track.Plot{ID: id, Time: p.at, More: &track.Measure{Identity: p.name()}}
	if p.altitude != nil {
		out.Altitude, out.High = p.altitude.Metres, math.Abs(float64(p.altitude.Metres)) <= track.MaxAltitude
	}
	if p.stands != nil && p.polar != nil {
		out.More.Station = *p.stands
		out.More.Polar.RadialMps, out.More.Polar.RadialSigma = p.polar.RadialMps, p.polar.RadialSigma
	}
	switch {
	case p.unplaced:
		out.More.Unplaced, out.More.Polar.Bearing, out.More.Polar.BearingSigma = true, p.polar.Bearing, min(p.polar.BearingSigma, mostBearing)
	case p.stands != nil && p.polar != nil && p.ranged(&out):
	default:
		e := p.place.Error.Ellipse()
		out.At, out.Sigma = p.place.Point, min(e.Major, track.MaxSigma)
		if e.Minor > 0 && e.Minor < out.Sigma {
			out.More.Minor, out.More.Strike = e.Minor, e.Strike
		}
	}
	return out
}

const (
	// mostBearing is the largest error of a bearing that sense/track takes, degrees, and mostNear
	// that from which on a place is not given as range and bearing: it is above the sensor.
	mostBearing, mostNear geo.Degrees = 45, 10
	// mostAway is how far from its sensor a place may lie to be given so, metres: sense/track takes
	// no more, and one farther off is no radar's.
	mostAway geo.Metres = 1_000_000
)

// ranged gives a place as range and bearing from where the sensor stands, with the errors that
// it has along and across; false: it lies too near or too far.
func (p *sighted) ranged(out *track.Plot) bool {
	away, bearing, _ := geo.Inverse(*p.stands, p.place.Point)
	sin, cos := math.Sincos(float64(bearing) * math.Pi / 180)
	c := p.place.Error
	along := math.Sqrt(sin*sin*c.EE + 2*sin*cos*c.EN + cos*cos*c.NN)
	across := math.Sqrt(cos*cos*c.EE - 2*sin*cos*c.EN + sin*sin*c.NN)
	spread := geo.Degrees(across / math.Max(1, float64(away)) * 180 / math.Pi)
	if !(along > 0 && spread > 0 && spread < mostNear) || away > mostAway || along > float64(track.MaxSigma) {
		return false
	}
	m := out.More
	m.Unplaced = true
	m.Polar.Range, m.Polar.RangeSigma = away, geo.Metres(along)
	m.Polar.Bearing, m.Polar.BearingSigma = geo.Degrees(math.Mod(float64(bearing)+360, 360)), spread
	return true
}

// sigma is the error of the place, one sigma each axis, metres.
func (p *sighted) sigma() float64 {
	c := p.place.Error
	if s := math.Sqrt((c.EE + c.NN) / 2); s > 0 {
		return min(s, float64(track.MaxSigma))
	}
	return unknownSigma
}

// turnOf is how long a look of a sensor is: a little less than the usual time between two plots
// of one object.
func turnOf(plots []sighted, of []int) truce.Instant {
	spoken, gaps := map[truce.Identity]truce.Instant{}, []truce.Instant(nil)
	step := len(of)/turnPlots + 1
	for n, i := range of {
		p := &plots[i]
		if name := p.name(); name.Value != "" {
			if before := spoken[name]; before > 0 && p.at > before {
				gaps = append(gaps, p.at-before)
			}
			spoken[name] = p.at
		} else if n%step == 0 {
			if gap := nextSeen(plots, of[n:]); gap > 0 {
				gaps = append(gaps, gap)
			}
		}
	}
	if len(gaps) < turnLeast {
		return scanLength
	}
	slices.Sort(gaps)
	usual := float64(gaps[len(gaps)/2]) * lookShare
	return min(max(truce.Instant(usual), leastLook), mostLook)
}

// nextSeen is how long after the first plot the next came that may be of the same object, 0: none.
func nextSeen(plots []sighted, of []int) truce.Instant {
	p := &plots[of[0]]
	for _, i := range of[1:] {
		q := &plots[i]
		gap := q.at - p.at
		if gap > mostLook {
			break
		}
		if gap < turnOnce || q.name().Value != "" {
			continue
		}
		reach := sameGate*math.Hypot(p.sigma(), q.sigma()) + sameSpeed*float64(gap)/1e6
		if p.unplaced || q.unplaced || float64(geo.Distance(p.place.Point, q.place.Point)) <= reach {
			return gap
		}
	}
	return 0
}
