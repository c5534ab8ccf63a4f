package sim

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// The field of ears along the contact line, the sides taking turns, and how it hears: the
// recipe of workload A in sim/arrivals, with weather.
const (
	earCount     = 80
	earNearestM  = 700.0
	earFarthestM = 5200.0
	rearEvery    = 4 // every fourth stands farther back, so that what lands behind is heard from there too
	rearM        = 7000.0
	soundAtZero  = 331.3 // m/s in dry air at 0 degrees Celsius
	heardNearby  = 0.8   // chance of being heard close by
	softRange    = 0.15  // how softly hearing ends, of the range
	timeFloor    = 0.1   // s, least error of a time
	timeShare    = 0.01  // of the travel time
	clutterShare = 0.5   // arrivals of nothing, per arrival of a shot
	clutterLeast = 200   // of them a day
	clockOffset  = 1.35  // s, of the ear whose clock is ahead
	roundGap     = 0.9   // how unevenly rounds follow each other, of the time between two
	deadHour     = 11.0  // UTC on the day of breaches, when one ear falls silent
)

// Files of the field.
const (
	earsFile     = "ears/exercise_sensors.csv"
	arrivalsFile = "ears/exercise_arrivals_%s.csv"
)

// Shot is one bang: what made it, where and when, and which arrivals came of it.
type Shot struct {
	Of       string        `json:"of"` // the happening or nuisance
	At       truce.Instant `json:"at"`
	Point    geo.Point     `json:"point"`
	Arrivals []string      `json:"arrivals"`
}

// EarTrouble is what is wrong with an ear.
type EarTrouble struct {
	Sensor truce.SensorID `json:"sensor"`
	Kind   string         `json:"kind"` // dead or clock
	From   truce.Instant  `json:"from"`
	Offset float64        `json:"offset_s,omitempty"` // of a clock: how far it is ahead
}

// ear is a sensor that hears bangs.
type ear struct {
	id   truce.SensorID
	at   geo.Point
	spot vec
	elev int // m
}

// heardAt is an arrival before it has a number.
type heardAt struct {
	at   truce.Instant
	ear  int
	shot int // index of the truth's shots, -1: none
}

// loud is how far a bang is heard, km, and how far the rounds of one act lie apart, metres.
type loud struct {
	reach, spread float64 // of the logarithm of reach
	apartM        float64
	blurS         float64 // what the source itself adds to the error of a time
}

var (
	loudActs = map[truce.Act]loud{
		truce.ActIndirectFire: {8.5, .25, 120, 0}, truce.ActFPVUAV: {5, .2, 0, 0}, truce.ActMissileStrike: {22, .1, 60, 0},
		truce.ActOWAUAV: {16, .1, 50, 0}, truce.ActControlledExplos: {9, .1, 15, 0},
	}
	loudNuisances = map[NuisanceKind]loud{NuisanceQuarry: {12, .1, 0, 0}, NuisanceThunder: {14, .2, 0, .6}}
)

// ears sets the field out; it is the same for every seed.
func (w *World) ears() []ear {
	r := stream(islandSeed, "ears")
	steps := resample(w.island.line, earCount+2)
	out := make([]ear, earCount)
	for i := range out {
		aside := steps[i+2].sub(steps[i]).left()
		if i%2 == 1 {
			aside = aside.scale(-1)
		}
		at := steps[i+1]
		for try := range placeTries {
			off := earNearestM + (earFarthestM-earNearestM)*r.Float64()
			if i%(2*rearEvery)/2 == rearEvery-1 {
				off += rearM
			}
			at = steps[i+1].add(aside.scale(off / aside.length() * (1 - float64(try)/placeTries)))
			if w.island.OnLand(at.point()) {
				break
			}
		}
		out[i] = ear{truce.SensorID(fmt.Sprintf("EAR-%02d", i+1)), at.point(), plane(at.point()), 5 + r.IntN(140)}
	}
	return out
}

// earFiles let the field hear the exercise, and write its sensors and what they heard, a file
// a day; who heard what stands in the truth.
func (w *World) earFiles() []File {
	field, r := w.ears(), stream(w.cfg.Seed, "ears")
	w.troubleEars(r)
	shots := w.shoot(r)
	air := w.winds(r)
	var all []heardAt
	for n, l := range shots {
		all = append(all, w.listen(r, field, n, l, air)...)
	}
	days := make([][]heardAt, w.cfg.Days)
	for _, h := range all {
		day := min(max(w.dayOf(h.at), 0), w.cfg.Days-1)
		days[day] = append(days[day], h)
	}
	files := []File{w.sensorFile(field)}
	for day := range days {
		for range max(clutterLeast, int(clutterShare*float64(len(days[day])))) {
			h := heardAt{w.at(day, 0) + truce.Instant(r.Int64N(int64(24*time.Hour/time.Microsecond))), r.IntN(len(field)), -1}
			if !w.deaf(field[h.ear].id, h.at) {
				days[day] = append(days[day], h)
			}
		}
		files = append(files, w.arrivalFile(day, field, days[day]))
	}
	return files
}

// troubleEars breaks two ears: one falls silent, one has a clock that is ahead.
func (w *World) troubleEars(r *rand.Rand) {
	dead, wrong := 15+r.IntN(22), 42+r.IntN(22) // in the middle of the line, where much is heard
	name := func(n int) truce.SensorID { return truce.SensorID(fmt.Sprintf("EAR-%02d", n)) }
	w.truth.EarTroubles = []EarTrouble{
		{Sensor: name(dead), Kind: "dead", From: w.at(min(breachDay, w.cfg.Days-1), deadHour)},
		{Sensor: name(wrong), Kind: "clock", From: w.start, Offset: clockOffset},
	}
}

// deaf says whether an ear is silent by then.
func (w *World) deaf(id truce.SensorID, at truce.Instant) bool {
	return slices.ContainsFunc(w.truth.EarTroubles, func(t EarTrouble) bool { return t.Sensor == id && t.Kind == "dead" && at >= t.From })
}

// ahead is by how many seconds an ear's clock is.
func (w *World) ahead(id truce.SensorID) float64 {
	for _, t := range w.truth.EarTroubles {
		if t.Sensor == id {
			return t.Offset
		}
	}
	return 0
}

// shoot enters the rounds of everything loud and gives how loud each was. Of a busy world only every so many are taken,
// so that its files stay readable.
func (w *World) shoot(r *rand.Rand) []loud {
	var out []loud
	total := 0
	for _, h := range w.truth.Happenings {
		if _, is := loudActs[h.Act]; is {
			total += h.Count
		}
	}
	every := 1 + total/maxShots
	round := 0
	for _, h := range w.truth.Happenings {
		l, is := loudActs[h.Act]
		if !is {
			continue
		}
		for n := range h.Count {
			if round++; round%every != 0 {
				continue
			}
			at := h.From + truce.Instant(float64(h.To-h.From)*(float64(n)+roundGap*r.Float64())/float64(h.Count))
			w.bang(h.ID, at, scatter(r, plane(h.Point), l.apartM))
			out = append(out, l)
		}
	}
	for _, n := range w.truth.Nuisances {
		if l, is := loudNuisances[n.Kind]; is && n.Point != nil {
			w.bang(n.ID, n.From, plane(*n.Point))
			out = append(out, l)
		}
	}
	return out
}

func (w *World) bang(of string, at truce.Instant, spot vec) {
	w.truth.Shots = append(w.truth.Shots, Shot{Of: of, At: at, Point: spot.point(), Arrivals: []string{}})
}

// air is the sound of a day: its speed without wind and where the wind blows to, m/s.
type air struct {
	speed       float64
	east, north float64
}

// winds draws the air of each day.
func (w *World) winds(r *rand.Rand) []air {
	out := make([]air, w.cfg.Days)
	for i := range out {
		wind, to := 2+5*r.Float64(), 360*r.Float64()
		out[i] = air{soundAtZero * math.Sqrt(1+(6+8*r.Float64())/273.15), wind * sinDeg(to), wind * cosDeg(to)}
	}
	return out
}

// listen draws who hears a shot, and when.
func (w *World) listen(r *rand.Rand, field []ear, n int, l loud, days []air) []heardAt {
	s := &w.truth.Shots[n]
	spot := plane(s.Point)
	reach := 1000 * l.reach * math.Exp(l.spread*r.NormFloat64())
	a := days[min(max(w.dayOf(s.At), 0), len(days)-1)]
	var out []heardAt
	for i := range field {
		u, e := r.Float64(), r.NormFloat64()
		away := field[i].spot.sub(spot)
		if u >= heardNearby*(1-1/(1+math.Exp(-(away.length()-reach)/(softRange*reach)))) {
			continue
		}
		d, azimuth, _ := geo.Inverse(s.Point, field[i].at)
		travel := float64(d) / (a.speed + a.east*sinDeg(float64(azimuth)) + a.north*cosDeg(float64(azimuth)))
		travel += max(timeFloor, timeShare*travel, l.blurS) * e
		at := s.At + truce.Instant(math.Round(1e6*travel))
		if w.deaf(field[i].id, at) {
			continue
		}
		out = append(out, heardAt{at, i, n})
	}
	return out
}

func (w *World) sensorFile(field []ear) File {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	_ = out.Write([]string{"sensor", "lat", "lon", "elev_m"}) // a buffer cannot fail
	for _, e := range field {
		_ = out.Write([]string{string(e.id), number(float64(e.at.Lat)), number(float64(e.at.Lon)), strconv.Itoa(e.elev)})
	}
	out.Flush()
	w.truth.Files[earsFile] = len(field)
	return File{Name: earsFile, Format: FormatSensors, Data: b.Bytes()}
}

// badArrivals are rows no decoder may accept.
var badArrivals = []struct {
	fields []string
	reason string
}{
	{[]string{"A900001", "EAR-07", "1970-01-01T00:03:11.000000Z", "acoustic"}, "a clock that was never set"},
	{[]string{"A900002", "EAR-07", "2031-03-11T12:00:00.000000Z", "noise"}, "no phase"},
}

// arrivalFile writes what was heard on a day by the sensors' own clocks.
func (w *World) arrivalFile(day int, field []ear, list []heardAt) File {
	name := fmt.Sprintf(arrivalsFile, w.day(day))
	for i := range list {
		list[i].at += truce.Instant(math.Round(1e6 * w.ahead(field[list[i].ear].id)))
	}
	slices.SortStableFunc(list, func(a, b heardAt) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.ear, b.ear)) })
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	_ = out.Write([]string{"arrival", "sensor", "time", "phase"}) // a buffer cannot fail
	for i, h := range list {
		id := fmt.Sprintf("A%d%05d", day+1, i+1)
		_ = out.Write([]string{id, string(field[h.ear].id), h.at.String(), "acoustic"})
		if h.shot >= 0 {
			s := &w.truth.Shots[h.shot]
			s.Arrivals = append(s.Arrivals, id)
		}
	}
	rows := len(list)
	if day == breachDay {
		for _, bad := range badArrivals {
			_ = out.Write(bad.fields)
			rows++
			w.truth.BadRows = append(w.truth.BadRows, BadRow{File: name, Line: rows + 1, Reason: bad.reason})
		}
	}
	out.Flush()
	w.truth.Files[name] = rows
	return File{Name: name, Format: FormatArrivals, Data: b.Bytes()}
}
