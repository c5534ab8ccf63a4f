package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/trucewatch/truce"
)

// sensor is somebody or something that watches a circle of ground.
type sensor struct {
	id     truce.SensorID
	family truce.Family
	at     vec
	rangeM float64
	hours  [2]float64 // UTC; both 0: day and night
}

// network is the mission's own means. Their number does not grow with the scale.
func (w *World) network() []sensor {
	var out []sensor
	out = append(out, w.alongLine("AC", truce.FamilyAcoustic, 11, 4000, 15000)...)
	out = append(out, w.alongLine("CAM", truce.FamilyCamera, 16, 1000, 6500)...)
	out = append(out, w.alongLine("IM", truce.FamilyInterference, 4, 3000, 26000)...)
	for i, site := range []string{"S-STATION-NORTH", "S-STATION-CENTRE", "S-STATION-SOUTH"} {
		if s, ok := w.island.Site(site); ok {
			at := plane(s.Point)
			out = append(out,
				sensor{truce.SensorID(fmt.Sprintf("PATROL-%d", i+1)), truce.FamilyPatrol, at, 24000, [2]float64{8, 19.5}},
				sensor{truce.SensorID(fmt.Sprintf("UAV-%d", i+1)), truce.FamilyDrone, at, 40000, [2]float64{8.5, 18.5}})
		}
	}
	return append(out, sensor{"OPTICAL-1", truce.FamilyOptical, vec{}, 150000, [2]float64{}})
}

// alongLine sets n sensors at equal steps along the contact line, the sides taking turns.
func (w *World) alongLine(prefix string, family truce.Family, n int, off, rangeM float64) []sensor {
	steps := resample(w.island.line, 2*n)
	out := make([]sensor, n)
	for i := range n {
		at := 2*i + 1
		aside := steps[at+1].sub(steps[at-1]).left()
		if i%2 == 1 {
			aside = aside.scale(-1)
		}
		out[i] = sensor{truce.SensorID(fmt.Sprintf("%s-%02d", prefix, i+1)), family, steps[at].add(aside.scale(off / aside.length())), rangeM, [2]float64{}}
	}
	return out
}

// outages silence some sensors on every day of breaches: two arrays lose power in the
// evening and only one of them is asked why, the drones cannot fly in the worst jamming,
// a camera is found turned, and the radar falls silent for an evening.
func (w *World) outages() []Outage {
	r := stream(w.cfg.Seed, "outages")
	var out []Outage
	for day := breachDay; day < w.cfg.Days; day += roles {
		array := 1 + r.IntN(10)
		for i, n := range []int{array, array + 1} {
			out = append(out, Outage{Sensor: truce.SensorID(fmt.Sprintf("AC-%02d", n)), Family: truce.FamilyAcoustic,
				From: w.at(day, 20.5), To: w.at(day+1, 4.25), Reason: "no power", Stated: i == 0})
		}
		out = append(out,
			Outage{Sensor: truce.SensorID(fmt.Sprintf("UAV-%d", 1+r.IntN(3))), Family: truce.FamilyDrone,
				From: w.at(day, 9.5), To: w.at(day, 15), Reason: "GNSS interference, flights stopped", Stated: true},
			Outage{Sensor: truce.SensorID(fmt.Sprintf("CAM-%02d", 1+r.IntN(16))), Family: truce.FamilyCamera,
				From: w.at(day, 6), To: w.at(day+1, 9), Reason: "camera found turned away", Stated: true, Blind: true},
			Outage{Sensor: RadarSensor, Family: truce.FamilyRadar, From: w.at(day, 18.5), To: w.at(day, 22.5), Reason: "no power"})
	}
	return out
}

// sees says whether a sensor could record something at a place and time at all.
func (w *World) sees(s sensor, p vec, t truce.Instant) bool {
	if s.at.distance(p) > s.rangeM {
		return false
	}
	hour := float64(t.Sub(w.at(w.dayOf(t), 0))) / float64(time.Hour)
	if s.hours[1] > 0 && (hour < s.hours[0] || hour > s.hours[1]) {
		return false
	}
	return w.working(s, t)
}

// working says whether no outage silences the sensor.
func (w *World) working(s sensor, t truce.Instant) bool {
	return !slices.ContainsFunc(w.truth.Outages, func(o Outage) bool { return o.Sensor == s.id && t >= o.From && t < o.To })
}

// visitor is whoever of a family can go to a site afterwards, from wherever.
func (w *World) visitor(all []sensor, family truce.Family, t truce.Instant) (sensor, bool) {
	i := slices.IndexFunc(all, func(s sensor) bool { return s.family == family && w.working(s, t) })
	if i < 0 {
		return sensor{}, false
	}
	return all[i], true
}

// nearestSensor is the nearest of a family that could record it.
func (w *World) nearestSensor(all []sensor, family truce.Family, p vec, t truce.Instant) (sensor, bool) {
	var best sensor
	found := false
	for _, s := range all {
		if s.family == family && w.sees(s, p, t) && (!found || s.at.distance(p) < best.at.distance(p)) {
			best, found = s, true
		}
	}
	return best, found
}

// scatter moves a place by a normal error.
func scatter(r *rand.Rand, p vec, sigma float64) vec {
	return p.add(vec{r.NormFloat64(), r.NormFloat64()}.scale(sigma))
}
