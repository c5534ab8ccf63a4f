package tracks

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// The workload of many sensors: a radar that measures range, bearing and Doppler, two arrays
// of microphones that hear where something is, late as sound is, a sensor of places that is
// off to the east, and a receiver of what half of the objects say of themselves, one of them
// under the name of another.
const (
	manyWidth   = 12e3 // m
	manySeconds = 200
	// ManyShift is by how much the sensor of places is off to the east, m.
	ManyShift  = 60
	soundMps   = 340.0
	manyBefore = 30 // s of the past that are kept for sound under way
)

// Row is a plot of one of many sensors.
type Row struct {
	Scan, Sensor string
	Means        truce.PlotMeans
	Time         truce.Instant
	At           geo.Point // not for a row with Polar
	Sigma        geo.Metres
	Station      geo.Point
	Polar        *truce.Polar // what the sensor measured from Station
	Identity     string
	Target       int // index of the object, -1: clutter
}

// gaze is one sensor of the workload.
type gaze struct {
	name          string
	means         truce.PlotMeans
	every, offset float64 // s
	detection     float64
	clutter       float64 // plots of nothing a scan
	reach         float64 // m
	x, y          float64 // where it stands
	sigma         float64 // degrees, of a bearing alone; 0: arrayBearing
	look          func(m *many, g *gaze, at float64, target int) Row
	stray         func(m *many, g *gaze) Row
}

// Errors of the sensors, one sigma.
const (
	radarRange, radarBearing, radarDoppler = 25.0, .3, 2.0 // m, degrees, m/s
	arrayBearing                           = 3.0           // degrees
	cameraSigma, ownSigma                  = 25.0, 8.0     // m
)

func gazes() []gaze {
	return []gaze{
		{name: "radar", means: truce.MeansPrimary, every: 4, detection: .9, clutter: 20, reach: 25e3, x: -1500, y: 1000, look: radarLook, stray: radarStray},
		{name: "array-west", means: truce.MeansAcoustic, every: 1, offset: .25, detection: .7, clutter: 2, reach: 5e3, x: -3500, y: -2500, look: arrayLook, stray: arrayStray},
		{name: "camera", means: truce.MeansCamera, every: 2, offset: .5, detection: .8, clutter: 3, reach: 8e3, look: cameraLook, stray: placeStray},
		{name: "array-east", means: truce.MeansAcoustic, every: 1, offset: .75, detection: .7, clutter: 2, reach: 5e3, x: 3500, y: -2500, look: arrayLook, stray: arrayStray},
		{name: "receiver", means: truce.MeansSelf, every: 1, offset: .9, detection: .95, reach: 40e3, look: ownLook},
	}
}

// many makes the world of many sensors.
type many struct {
	*maker
	first string   // sensor
	paths [][]body // by object, a second each, from manyBefore before the start
}

// newMany makes the world.
func newMany(m *maker) *World {
	list := gazes()
	if m.cfg.Kind == KindBearings {
		list = ears()
	}
	w := &many{maker: m, first: list[0].name}
	for i := range m.bodies {
		b := m.bodies[i]
		b.x, b.y = b.x-manyBefore*b.u, b.y-manyBefore*b.w
		path := []body{b}
		for range manyBefore + m.cfg.Scans {
			b.x += b.u
			b.y += b.w
			if len(path) > manyBefore {
				b.u += m.cfg.Wander * m.motion.NormFloat64()
				b.w += m.cfg.Wander * m.motion.NormFloat64()
			}
			path = append(path, b)
		}
		w.paths = append(w.paths, path)
	}
	for _, g := range list {
		for n := 0; ; n++ {
			at := g.offset + float64(n)*g.every
			if at > float64(m.cfg.Scans-1) {
				break
			}
			w.scan(&g, n, at)
		}
	}
	slices.SortStableFunc(m.world.Rows, func(a, b Row) int { return cmp.Compare(a.Time, b.Time) })
	return m.world
}

// at is an object at a time.
func (m *many) at(target int, seconds float64) body {
	whole := math.Floor(seconds)
	b := m.paths[target][int(whole)+manyBefore]
	b.x += (seconds - whole) * b.u
	b.y += (seconds - whole) * b.w
	return b
}

// scan is one look of a sensor; the truth is told at the first sensor's.
func (m *many) scan(g *gaze, n int, at float64) {
	id := g.name + "." + strconv.Itoa(n+1)
	when := Start + truce.Instant(math.Round(at*1e6))
	var rows []Row
	truth := Scan{ID: id, Time: when}
	for i := range m.paths {
		b := m.at(i, at)
		truth.Truth, truth.Alive = append(truth.Truth, m.point(b.x, b.y)), append(truth.Alive, true)
		seen := m.seeing.Float64() < g.detection && math.Hypot(b.x-g.x, b.y-g.y) < g.reach
		row := g.look(m, g, at, i)
		if seen && row.Scan == "" {
			row.Target = i
			rows = append(rows, row)
		}
	}
	for range poisson(m.clutter, g.clutter) {
		row := g.stray(m, g)
		row.Target = -1
		rows = append(rows, row)
	}
	m.deal.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	for i := range rows {
		r := &rows[i]
		r.Scan, r.Sensor, r.Means, r.Time = id, g.name, g.means, when
		r.Station = m.point(g.x, g.y)
	}
	m.world.Rows = append(m.world.Rows, rows...)
	if g.name == m.first {
		m.world.Scans = append(m.world.Scans, truth)
	}
}

// polar is what a sensor measures of a place, exactly.
func (m *many) polar(g *gaze, x, y float64) *truce.Polar {
	d, azimuth, _ := geo.Inverse(m.point(g.x, g.y), m.point(x, y))
	return &truce.Polar{Bearing: azimuth, Range: d}
}

// turned is a bearing that is off, in [0, 360).
func turned(d geo.Degrees, by float64) geo.Degrees {
	out := math.Mod(float64(d)+by+720, 360)
	return geo.Degrees(math.Mod(math.Round(out*1e4)/1e4, 360))
}

func radarLook(m *many, g *gaze, at float64, target int) Row {
	b := m.at(target, at)
	p := m.polar(g, b.x, b.y)
	p.Bearing, p.BearingSigma = turned(p.Bearing, radarBearing*m.seeing.NormFloat64()), radarBearing
	p.Range, p.RangeSigma = max(1, p.Range+geo.Metres(radarRange*m.seeing.NormFloat64())), radarRange
	r := math.Hypot(b.x-g.x, b.y-g.y)
	p.RadialMps = ((b.x-g.x)*b.u+(b.y-g.y)*b.w)/r + radarDoppler*m.seeing.NormFloat64()
	p.RadialSigma = radarDoppler
	return Row{Polar: p}
}

func radarStray(m *many, g *gaze) Row {
	x, y := m.anywhere()
	p := m.polar(g, x, y)
	p.Bearing, p.BearingSigma, p.RangeSigma = turned(p.Bearing, 0), radarBearing, radarRange
	p.RadialMps, p.RadialSigma = spreadOfSpeed*m.clutter.NormFloat64(), radarDoppler
	return Row{Polar: p}
}

// anywhere is a place in the square.
func (m *many) anywhere() (x, y float64) {
	half := float64(m.cfg.Width) / 2
	return half * (2*m.clutter.Float64() - 1), half * (2*m.clutter.Float64() - 1)
}

// arrayLook hears an object where it was when it made the sound that arrives now.
func arrayLook(m *many, g *gaze, at float64, target int) Row {
	sent := at
	b := m.at(target, sent)
	for range 20 {
		sent = max(at-math.Hypot(b.x-g.x, b.y-g.y)/soundMps, 1-manyBefore)
		b = m.at(target, sent)
	}
	p := m.polar(g, b.x, b.y)
	p.Range = 0
	p.Bearing, p.BearingSigma = turned(p.Bearing, g.bearing()*m.seeing.NormFloat64()), geo.Degrees(g.bearing())
	return Row{Polar: p}
}

func arrayStray(m *many, g *gaze) Row {
	return Row{Polar: &truce.Polar{Bearing: turned(0, 360*m.clutter.Float64()), BearingSigma: geo.Degrees(g.bearing())}}
}

func cameraLook(m *many, _ *gaze, at float64, target int) Row {
	b := m.at(target, at)
	return Row{Sigma: cameraSigma, At: m.point(b.x+ManyShift+cameraSigma*m.seeing.NormFloat64(), b.y+cameraSigma*m.seeing.NormFloat64())}
}

func placeStray(m *many, _ *gaze) Row {
	x, y := m.anywhere()
	return Row{Sigma: cameraSigma, At: m.point(x, y)}
}

// ownLook is what every other object says of itself. The third says that it is the first.
// A row that has a scan already is not seen.
func ownLook(m *many, _ *gaze, at float64, target int) Row {
	b := m.at(target, at)
	row := Row{Sigma: ownSigma, At: m.point(b.x+ownSigma*m.seeing.NormFloat64(), b.y+ownSigma*m.seeing.NormFloat64())}
	name := target
	if target%2 == 1 {
		row.Scan = "silent"
	}
	if target == 2 {
		name = 0
	}
	row.Identity = "serial:S" + strconv.Itoa(name+1)
	return row
}
