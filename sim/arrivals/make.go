package arrivals

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// The recipe of workload S, after the generator published with PyOcto (Muenchmeyer 2024,
// Seismica 3(1)): a square grid of stations, and events of the magnitudes of nature.
const (
	seismicSensors    = 100
	seismicEast       = 210e3 // m
	seismicNorth      = 222e3
	deepest           = 30e3
	leastMagnitude    = -.5
	mostMagnitude     = 9
	rangeAtZero       = 80  // km, how far magnitude 0 is heard
	rangeOfMagnitude  = 120 // km more per magnitude
	edgeOfRange       = .1  // how softly hearing ends, of the range
	leastEdge         = 30  // km
	togetherness      = .5  // correlation of hearing P and S
	floorSeismic      = .4  // s, least error of a time
	bothPhases        = 4   // stations that must have P and S
	leastSeismicPicks = 10
)

// The recipe of workload A: ears strewn over a strip along a line, and shots that are heard
// for some ten kilometres.
const (
	acousticSensors    = 200
	acousticEast       = 100e3 // m
	acousticNorth      = 40e3
	middleRange        = 10 // km
	rangeSpread        = .4 // of its logarithm
	leastRange         = 3  // km
	mostRange          = 25
	softRange          = .15 // how softly hearing ends, of the range
	floorAcoustic      = .1  // s
	leastAcousticPicks = 5
)

// What both share: the chance of being heard nearby, and an error of 1 % of the travel time.
const (
	heardNearby = .8
	shareOfTime = .01
)

// A salvo: shots from one place, and the seconds between two.
const (
	minSalvo, maxSalvo = 3, 6
	minGap, maxGap     = 1.0, 5.0
)

// An array tells where a sound came from within arraySigma; an amplitude is 1 at the range
// of the shot, falls with distance to the power amplitudeFall, and scatters by
// amplitudeSpread of its logarithm. What is no shot has the amplitude of one heard at a
// random distance within its range.
const (
	arraySigma      = 3.0 // degrees
	amplitudeFall   = 1.5
	amplitudeSpread = .5
)

// maker draws a world. Each matter has its own chance, so that a variant of a workload
// changes nothing but what it names.
type maker struct {
	cfg     Config
	world   *World
	drawn   []Arrival // in the order they were drawn
	sigmas  []float64 // of the true ones among them
	truths  int       // how many true ones
	tries   int
	plane   geo.Plane
	places  [][2]float64 // of the sensors, m in the plane
	arrays  []bool
	silence []truce.Instant // from when a sensor is dead; 0: it is not

	events, hearing, clutter, troubles, deal *rand.Rand
}

func newMaker(cfg Config) *maker {
	chance := func(matter uint64) *rand.Rand { return rand.New(rand.NewPCG(cfg.Seed, 0x6172720000+matter)) }
	m := &maker{
		cfg: cfg, world: &World{}, plane: geo.NewPlane(origin),
		events: chance(1), hearing: chance(2), clutter: chance(3), troubles: chance(4), deal: chance(5),
	}
	m.field(chance(6))
	m.arrays = m.some(chance(7), cfg.Arrays)
	return m
}

// field sets the sensors out: on a grid for S, strewn for A.
func (m *maker) field(chance *rand.Rand) {
	side := int(math.Round(math.Sqrt(float64(m.cfg.Sensors))))
	for i := range m.cfg.Sensors {
		e, n := acousticEast*(chance.Float64()-.5), acousticNorth*(chance.Float64()-.5)
		if m.cfg.Kind == KindSeismic {
			e = seismicEast * (float64(i%side)/float64(side-1) - .5)
			n = seismicNorth * (float64(i/side)/float64(side-1) - .5)
		}
		at := place(m.plane.From(geo.Metres(e), geo.Metres(n)))
		m.world.Sensors = append(m.world.Sensors, Sensor{ID: number("s", i+1, 4), At: at})
		m.places = append(m.places, [2]float64{e, n})
	}
	m.silence = make([]truce.Instant, m.cfg.Sensors)
}

// some chooses a share of the sensors, to the nearest whole number.
func (m *maker) some(chance *rand.Rand, share float64) []bool {
	out := make([]bool, m.cfg.Sensors)
	for _, i := range chance.Perm(len(out))[:int(math.Round(share*float64(len(out))))] {
		out[i] = true
	}
	return out
}

// source is something that may be heard.
type source struct {
	time  truce.Instant
	at    geo.Point
	e, n  float64 // m in the plane
	depth float64 // m
	reach float64 // km
	edge  float64 // km
}

// shot is a source with what was heard of it.
type shot struct {
	source
	salvo int
	picks []pick
}

type pick struct {
	Arrival
	sigma float64
}

// source draws where, when and how loud.
func (m *maker) source() source {
	m.tries++
	u := m.events.Float64
	s := source{time: m.moment(m.events)}
	if m.cfg.Kind == KindSeismic {
		s.e, s.n, s.depth = seismicEast*(u()-.5), seismicNorth*(u()-.5), deepest*u()
		s.reach = rangeOfMagnitude*magnitude(u()) + rangeAtZero
		s.edge = max(edgeOfRange*s.reach, leastEdge)
	} else {
		s.e, s.n = acousticEast*(u()-.5), acousticNorth*(u()-.5)
		s.reach = min(mostRange, max(leastRange, middleRange*math.Exp(rangeSpread*m.events.NormFloat64())))
		s.edge = softRange * s.reach
	}
	s.at = place(m.plane.From(geo.Metres(s.e), geo.Metres(s.n)))
	return s
}

// magnitude is that of density 10^-M between the least and the most, by an even chance.
func magnitude(u float64) float64 {
	return leastMagnitude - math.Log10(1-u*(1-math.Pow(10, leastMagnitude-mostMagnitude)))
}

// moment is an even chance over the day.
func (m *maker) moment(chance *rand.Rand) truce.Instant {
	return Start + truce.Instant(chance.Int64N(dayLength.Microseconds()))
}

// chanceOf is the chance that a source is heard at a distance, km.
func (s source) chanceOf(km float64) float64 {
	return heardNearby * (1 - 1/(1+math.Exp(-(km-s.reach)/s.edge)))
}

// shoot draws who hears a source.
func (m *maker) shoot(from source, salvo int) shot {
	out := shot{source: from, salvo: salvo}
	for sensor := range m.world.Sensors {
		if m.cfg.Kind == KindSeismic {
			out.picks = m.seismic(out.picks, from, sensor)
		} else {
			out.picks = m.acoustic(out.picks, from, sensor)
		}
	}
	return out
}

// seismic adds the P and the S of a station: each heard with chance p, together more often
// than by chance.
func (m *maker) seismic(picks []pick, from source, sensor int) []pick {
	d, _, _ := geo.Inverse(from.at, m.world.Sensors[sensor].At)
	slant := math.Hypot(float64(d), from.depth)
	p := from.chanceOf(slant / 1000)
	first := m.hearing.Float64() < p
	given := togetherness * p
	if first {
		given = p + togetherness*(1-p)
	}
	second := m.hearing.Float64() < given
	if first {
		picks = m.hear(picks, from, Arrival{Sensor: sensor, Phase: P}, slant/SpeedP, floorSeismic)
	}
	if second {
		picks = m.hear(picks, from, Arrival{Sensor: sensor, Phase: S}, slant/SpeedS, floorSeismic)
	}
	return picks
}

// acoustic adds the sound at a sensor. The distance in the plane, a little shortened, saves
// the true one where the dice say already that nothing was heard.
func (m *maker) acoustic(picks []pick, from source, sensor int) []pick {
	u := m.hearing.Float64()
	near := math.Hypot(from.e-m.places[sensor][0], from.n-m.places[sensor][1])
	if u >= from.chanceOf(near*.999/1000) {
		return picks
	}
	d, azimuth, back := geo.Inverse(from.at, m.world.Sensors[sensor].At)
	if u >= from.chanceOf(float64(d)/1000) {
		return picks
	}
	downwind := m.cfg.Wind * math.Cos(float64(azimuth-m.cfg.WindTo)*math.Pi/180)
	a := Arrival{Sensor: sensor, Phase: Acoustic}
	if m.arrays[sensor] {
		a.AzimuthSigma = arraySigma
		a.Azimuth = around(float64(back) + 180 + arraySigma*m.hearing.NormFloat64())
	}
	if m.cfg.Amplitudes {
		a.Amplitude = m.loudness(float64(d) / 1000 / from.reach)
	}
	return m.hear(picks, from, a, float64(d)/(SpeedAcoustic+downwind), floorAcoustic)
}

// loudness is the amplitude at a distance, as a share of the range.
func (m *maker) loudness(share float64) float64 {
	return round(math.Pow(max(share, .01), -amplitudeFall)*math.Exp(amplitudeSpread*m.hearing.NormFloat64()), 4)
}

// around is an azimuth in [0, 360) to a hundredth of a degree.
func around(azimuth float64) geo.Degrees {
	azimuth = round(math.Mod(math.Mod(azimuth, 360)+360, 360), 2)
	if azimuth >= 360 {
		azimuth = 0
	}
	return geo.Degrees(azimuth)
}

func round(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}

// hear adds an arrival after a travel time in seconds, unless the sensor is dead by then.
func (m *maker) hear(picks []pick, from source, a Arrival, travel, floor float64) []pick {
	sigma := max(floor, shareOfTime*travel)
	a.Time = after(from.time, travel+sigma*m.hearing.NormFloat64())
	if dead := m.silence[a.Sensor]; dead != 0 && a.Time >= dead {
		return picks
	}
	a.Sigma = m.stated(sigma, floor)
	return append(picks, pick{a, sigma})
}

func (m *maker) stated(sigma, floor float64) float64 {
	switch m.cfg.Stated {
	case StatedFloor:
		return floor
	case StatedTrue:
		return round(sigma, 3)
	}
	return 0
}

// heard says whether enough was heard of a shot for it to be kept.
func (m *maker) heard(s shot) bool {
	if m.cfg.Kind == KindAcoustic {
		return len(s.picks) >= leastAcousticPicks
	}
	both := 0
	for i := 1; i < len(s.picks); i++ { // P and S of a station follow each other
		if s.picks[i].Sensor == s.picks[i-1].Sensor {
			both++
		}
	}
	return both >= bothPhases && len(s.picks) >= leastSeismicPicks
}

// keep makes a shot an event.
func (m *maker) keep(s shot) {
	e := Event{Time: s.time, At: s.at, Depth: geo.Metres(s.depth), Salvo: s.salvo}
	for _, p := range s.picks {
		e.Picks = append(e.Picks, Pick{Arrival: len(m.drawn), Sigma: p.sigma})
		m.drawn = append(m.drawn, p.Arrival)
		m.sigmas = append(m.sigmas, p.sigma)
	}
	m.world.Events = append(m.world.Events, e)
}

// number writes a number with leading zeros after a letter.
func number(letter string, n, digits int) string {
	text := strconv.Itoa(n)
	return letter + strings.Repeat("0", max(0, digits-len(text))) + text
}
