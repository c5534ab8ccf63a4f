package arrivals

import (
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// blow draws who hears a blast and keeps it.
func (d *duelist) blow(s source, b blast, l loud) {
	s.reach = min(mostRange, max(leastRange, s.reach))
	s.edge = softRange * s.reach
	s.at = d.spot([2]float64{s.e, s.n})
	kept := shot{source: s, salvo: len(d.blasts)}
	for sensor := range d.world.Sensors {
		u := d.hearing.Float64()
		if u >= s.chanceOf(math.Hypot(s.e-d.places[sensor][0], s.n-d.places[sensor][1])*.999/1000) {
			continue
		}
		away, azimuth, _ := geo.Inverse(s.at, d.world.Sensors[sensor].At)
		if u >= s.chanceOf(float64(away)/1000) {
			continue
		}
		a := Arrival{Sensor: sensor, Phase: Acoustic, Amplitude: d.amplitude(l, float64(away), azimuth)}
		kept.picks = d.hear(kept.picks, s, a, float64(away)/d.speedTo(azimuth), floorAcoustic)
	}
	d.blasts = append(d.blasts, b)
	d.keep(kept)
}

// speedTo is that of sound towards an azimuth.
func (d *duelist) speedTo(azimuth geo.Degrees) float64 {
	return SpeedAcoustic + d.cfg.Wind*math.Cos(float64(azimuth-d.cfg.WindTo)*math.Pi/180)
}

// amplitude is the peak overpressure at a distance, Pa; 0 where there are none.
func (d *duelist) amplitude(l loud, away float64, azimuth geo.Degrees) float64 {
	if !d.cfg.Amplitudes {
		return 0
	}
	level := l.base - l.fall*math.Log(max(away, 50)/1000) + l.directed*math.Cos(float64(azimuth-l.ahead)*math.Pi/180)
	return round(math.Exp(level+amplitudeSpread*d.hearing.NormFloat64()), 4)
}

// loudNoise gives the false arrivals amplitudes in pascals, as those of true ones are.
func (d *duelist) loudNoise() {
	if !d.cfg.Amplitudes {
		return
	}
	for i := d.truths; i < len(d.drawn); i++ {
		d.drawn[i].Amplitude = round(math.Exp(1.5+1.2*d.clutter.NormFloat64()), 4)
	}
}

// shock draws who hears the shock wave of a shell: the earliest sound that it sends out on
// its way, if that is neither of its first nor of its last moment and it flies faster than
// sound at that moment.
func (d *duelist) shock(number int, when truce.Instant, from [2]float64, sin, cos float64, path []body) {
	kept := shot{source: source{time: when, e: from[0], n: from[1], at: d.spot(from)}, salvo: len(d.blasts)}
	fast := slices.ContainsFunc(path, func(b body) bool { return math.Hypot(b.vx, b.vz) > SpeedAcoustic })
	end := path[len(path)-1]
	for sensor, p := range d.places {
		e, n := p[0]-from[0], p[1]-from[1]
		ahead, beside := e*sin+n*cos, e*cos-n*sin
		if !fast || math.Abs(beside) > 2*shockRange || ahead < 0 || ahead > end.x+2*shockRange {
			continue
		}
		speed := d.speedTo(geo.Degrees(math.Atan2(sin, cos) * 180 / math.Pi))
		time, away, ok := earliest(path, ahead, beside, speed)
		if !ok || d.hearing.Float64() >= heardNearby/(1+math.Exp((away-shockRange)/shockSoft)) {
			continue
		}
		a := Arrival{Sensor: sensor, Phase: Acoustic, Time: after(when, time+shockSigma*d.hearing.NormFloat64()), Sigma: d.stated(shockSigma, floorAcoustic)}
		if d.cfg.Amplitudes {
			a.Amplitude = round(math.Exp(3.5-.75*math.Log(max(away, 50)/1000)+amplitudeSpread*d.hearing.NormFloat64()), 4)
		}
		kept.picks = append(kept.picks, pick{a, shockSigma})
	}
	d.blasts = append(d.blasts, blast{shot: number, shock: true})
	d.keep(kept)
}

// earliest is the first sound of a path at a place, and how far it came.
func earliest(path []body, ahead, beside, speed float64) (time, away float64, ok bool) {
	time, best := math.Inf(1), -1
	for i := range path {
		b := &path[i]
		if math.Hypot(b.vx, b.vz) <= SpeedAcoustic {
			continue
		}
		r := math.Sqrt((ahead-b.x)*(ahead-b.x) + beside*beside + b.z*b.z)
		if t := b.t + r/speed; t < time {
			time, away, best = t, r, i
		}
	}
	if best <= 0 || best == len(path)-1 {
		return 0, 0, false
	}
	before, later := &path[best-1], &path[best+1]
	fast := func(b *body) bool { return math.Hypot(b.vx, b.vz) > SpeedAcoustic }
	return time, away, fast(before) && fast(later)
}
