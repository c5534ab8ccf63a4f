package engage

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// What a sector is looked for with: directions and distances that a shot may have come from,
// first coarsely, then about the best finely.
const (
	coarseDegrees = 3.0
	fineDegrees   = .75
	fineReach     = 6.0 // degrees on either side of each that is swept finely
	fineShare     = .01 // of the weight of the best coarse direction, of those that are
	coarseLoose   = .3  // s, what half a coarse step changes in the time of a shock wave
	fineLoose     = .15
	nearestSector = 1200.0 // m
	farthestSect  = 14_000.0
	sectorSteps   = 7    // distances, evenly in their logarithm
	sectorBefore  = 45.0 // s before the impact in which its shock waves may have come
	leastShocks   = 4    // direction, distance, speed and one to check them by
	maxSectors    = 100  // impacts looked at in one call, those with most arrivals: each takes some 0.2 s
	priorSector   = .002 // that an impact's shot was faster than sound and its muzzle no event
	coarseOdds    = 1.0  // below which finer directions are not tried
	leastSector   = .95  // probability
	widestSector  = 20.0 // degrees, one sigma
	leastShare    = 1e-4 // of the posterior, to be kept
	// sectorTrust is the power to which what the ears say of direction and distance is believed:
	// another shell, another day's air and an impact that is off shift all of them together. Set
	// on duels of seeds 501 to 506 (docs/methods/engagements.md).
	sectorTrust = .6
)

// sectorClasses stand for all that fly faster than sound: howitzers fly alike.
var sectorClasses = [...]Class{Howitzer152, TankGun, Rocket122}

// origin is one place and way that a shot may have come from.
type origin struct {
	class    Class
	azimuth  float64 // degrees, from the impact
	distance float64
	time     float64 // s of flight
	weight   float64
	step     float64 // degrees to the next azimuth
	shocks   []Shock
}

// sectors looks for shots of which only the impact is an event.
func (t *tier) sectors(taken []bool, tied []Engagement) []Engagement {
	claimed := map[int]bool{}
	for i := range tied {
		for _, s := range tied[i].Shocks {
			claimed[s.Arrival] = true
		}
	}
	type candidate struct{ node, heard int }
	var list []candidate
	for i := range t.nodes {
		if taken[i] {
			continue
		}
		if heard := t.sky.unclaimed(&t.nodes[i], claimed); heard >= leastShocks {
			list = append(list, candidate{i, heard})
		}
	}
	slices.SortFunc(list, func(a, b candidate) int { return cmp.Or(cmp.Compare(b.heard, a.heard), cmp.Compare(a.node, b.node)) })
	var out []Engagement
	for _, c := range list[:min(len(list), maxSectors)] {
		e, ok := t.sector(c.node, claimed)
		if !ok || slices.ContainsFunc(e.Shocks, func(s Shock) bool { return claimed[s.Arrival] }) {
			continue
		}
		for _, s := range e.Shocks {
			claimed[s.Arrival] = true
		}
		taken[c.node] = true
		out = append(out, e)
	}
	return out
}

// unclaimed counts the sensors about an impact with an arrival that may be its shock wave.
func (s *sky) unclaimed(n *node, claimed map[int]bool) int {
	count := 0
	for _, sensor := range s.near(n.at, farthestSect) {
		if s.mayBeShock(sensor, n, claimed) {
			count++
		}
	}
	return count
}

// mayBeShock says whether a sensor has an arrival of no event that came before the sound of
// an impact, which every shock wave of its shell does.
func (s *sky) mayBeShock(sensor int, n *node, claimed map[int]bool) bool {
	sound := float64(geo.Distance(n.at, s.sensors[sensor].At)) / s.speed
	middle := n.time + truce.Instant((sound-sectorBefore)/2*1e6)
	return slices.ContainsFunc(s.leftIn(sensor, middle, (sound+sectorBefore)/2), func(a int) bool { return !claimed[a] })
}

// sector is the shot of an impact, from its shock wave alone.
func (t *tier) sector(i int, claimed map[int]bool) (Engagement, bool) {
	n := &t.nodes[i]
	blast := math.Exp(n.real) // a ghost was fired from nowhere
	if blast < leastSector {
		return Engagement{}, false
	}
	s := search{t: t, impact: n}
	for _, sensor := range t.sky.near(n.at, farthestSect) {
		x, y := n.plane.To(t.sky.sensors[sensor].At)
		s.places = append(s.places, placed{sensor, float64(x), float64(y), t.sky.mayBeShock(sensor, n, claimed)})
	}
	s.sweep(round(coarseDegrees), coarseDegrees, coarseLoose)
	if len(s.best().shocks) < leastShocks || priorSector*s.evidence() < coarseOdds {
		return Engagement{}, false
	}
	finely := s.likely()
	s.origins = s.origins[:0]
	s.sweep(finely, fineDegrees, fineLoose)
	best := s.best()
	odds := priorSector / (1 - priorSector) * s.evidence() * float64(len(finely)) * fineDegrees / 360
	p := odds / (1 + odds) * blast
	if len(best.shocks) < leastShocks || p < leastSector {
		return Engagement{}, false
	}
	e := s.engagement(best, math.Log(odds), p)
	e.Impact, e.Target = n.index, n.position()
	e.ID = truce.NewID(n.time, "engagement", Method, n.id[:])
	return e, e.DirectionSigma <= widestSector
}

// search holds directions and distances against what was heard about an impact.
type search struct {
	t       *tier
	impact  *node
	places  []placed
	origins []origin
	tried   [classes]float64 // prior weight of what was tried, by class
	gained  [classes]float64 // the same times how much likelier it makes what was heard
	buffer  []ear
	near    []ear
}

// placed is a sensor as seen from an impact, m east and north, and whether it heard what may
// be the shock wave.
type placed struct {
	sensor      int
	east, north float64
	heard       bool
}

// flown is one way of a class to a distance, with its path.
type flown struct {
	origin
	path []point
}

// fast are the ways of what flies faster than sound to distances that a sector may have.
func (t *tier) fast() []flown {
	if t.paths != nil {
		return t.paths
	}
	for _, c := range sectorClasses {
		for k := range sectorSteps {
			distance := nearestSector * math.Pow(farthestSect/nearestSector, float64(k)/(sectorSteps-1))
			for _, w := range t.ballistics.ways(c, distance, nil) {
				if w.speed > soundAtSea && w.elevation < math.Pi/4 {
					path := slices.Clone(t.path(c, w, &edge{distance: distance, time: w.time}))
					t.paths = append(t.paths, flown{origin{class: c, distance: distance, time: w.time, weight: w.weight}, path})
				}
			}
		}
	}
	return t.paths
}

// round are the azimuths of the whole horizon.
func round(step float64) (out []float64) {
	for i := range int(360 / step) {
		out = append(out, float64(i)*step)
	}
	return out
}

// likely are the azimuths about every one of the last sweep that may have been the way, finely:
// three or four arrivals are often met from two ways.
func (s *search) likely() (out []float64) {
	least := fineShare * s.best().weight
	for _, azimuth := range round(fineDegrees) {
		if slices.ContainsFunc(s.origins, func(o origin) bool {
			return o.weight >= least && math.Abs(math.Remainder(o.azimuth-azimuth, 360)) <= fineReach
		}) {
			out = append(out, azimuth)
		}
	}
	return out
}

// sweep tries every way at some azimuths.
func (s *search) sweep(azimuths []float64, step, loose float64) {
	s.tried, s.gained = [classes]float64{}, [classes]float64{}
	variance := square(loose) + square(s.impact.sigma) + (s.impact.error.EE+s.impact.error.NN)/2/square(s.t.sky.speed)
	for _, azimuth := range azimuths {
		sin, cos := math.Sincos(azimuth / degreesPerRadian)
		heard := 0
		s.buffer = s.buffer[:0]
		for _, p := range s.places {
			e := ear{p.sensor, p.east*sin + p.north*cos, p.east*cos - p.north*sin} // ahead: towards the gun, until its distance is known
			if math.Abs(e.beside) < shockWidest {
				s.buffer = append(s.buffer, e)
				if p.heard {
					heard++
				}
			}
		}
		for i := range s.t.fast() {
			f := &s.t.paths[i]
			s.tried[f.class] += f.weight
			if heard >= leastShocks {
				s.try(f, azimuth, step, variance)
			}
		}
	}
}

// try holds one way to have come against what was heard.
func (s *search) try(f *flown, azimuth, step, variance float64) {
	ears := s.near[:0]
	for _, e := range s.buffer {
		if e.ahead = f.distance - e.ahead; e.ahead > 0 && e.ahead < f.distance+shockWidest {
			ears = append(ears, e)
		}
	}
	s.near = ears
	fired := s.impact.time - truce.Instant(f.time*1e6)
	ratio, list := s.t.sky.hear(f.path, fired, ears, variance)
	s.gained[f.class] += f.weight * ratio
	if o := f.origin; len(list) > 0 && ratio > 0 {
		o.azimuth, o.step, o.shocks = azimuth, step, list
		o.weight *= math.Pow(ratio, sectorTrust) * priorOf(f.class)
		s.origins = append(s.origins, o)
	}
}

// best is the likeliest origin, the first of equals.
func (s *search) best() (out origin) {
	for i := range s.origins {
		if s.origins[i].weight > out.weight {
			out = s.origins[i]
		}
	}
	return out
}

// evidence is how much likelier shots faster than sound make what was heard, on average over
// the directions of the last sweep.
func (s *search) evidence() float64 {
	sum, prior := 0.0, 0.0
	for _, c := range sectorClasses {
		if s.tried[c] > 0 {
			sum += priorOf(c) * s.gained[c] / s.tried[c]
			prior += priorOf(c)
		}
	}
	return sum / max(prior, 1e-12)
}

// engagement sums the posterior up.
func (s *search) engagement(best origin, score, p float64) Engagement {
	total := 0.0
	for i := range s.origins {
		total += s.origins[i].weight
	}
	s.origins = slices.DeleteFunc(s.origins, func(o origin) bool { return o.weight < leastShare*total })
	var azimuthSpread, distanceSpread, timeSpread spreadOf
	for _, o := range s.origins {
		azimuthSpread.add(best.azimuth+math.Remainder(o.azimuth-best.azimuth, 360), o.weight)
		distanceSpread.add(o.distance, o.weight)
		timeSpread.add(o.time, o.weight)
	}
	azimuthSigma := math.Hypot(azimuthSpread.sigma(), best.step/2)
	grid := distanceSpread.mean() * (math.Pow(farthestSect/nearestSector, 1/(2*float64(sectorSteps-1))) - 1)
	sector := &Sector{
		Azimuth: turned(azimuthSpread.mean()), AzimuthSigma: geo.Degrees(azimuthSigma),
		Near: geo.Metres(max(0, s.quantile(.05)-grid)), Far: geo.Metres(s.quantile(.95) + grid), places: s.ground(grid),
	}
	return Engagement{
		Muzzle: -1, Sector: sector, Direction: turned(azimuthSpread.mean() + 180), DirectionSigma: geo.Degrees(azimuthSigma),
		Distance: geo.Metres(distanceSpread.mean()), DistanceSigma: geo.Metres(math.Hypot(distanceSpread.sigma(), grid)),
		TimeOfFlight: timeSpread.mean(), TimeOfFlightSigma: math.Hypot(timeSpread.sigma(), shellShare*timeSpread.mean()),
		Classes: s.classes(), Shocks: best.shocks, Score: score, Probability: p, Fired: p,
	}
}

// quantile is the distance that so much of the posterior lies below.
func (s *search) quantile(share float64) float64 {
	sorted := slices.Clone(s.origins)
	slices.SortStableFunc(sorted, func(a, b origin) int { return cmp.Compare(a.distance, b.distance) })
	total, below := 0.0, 0.0
	for i := range sorted {
		total += sorted[i].weight
	}
	for i := range sorted {
		if below += sorted[i].weight; below >= share*total {
			return sorted[i].distance
		}
	}
	return 0
}

// ground is the posterior on the ground: one place for each direction and distance, as wide
// as the steps between them.
func (s *search) ground(grid float64) []weighted {
	total, at := 0.0, map[[2]float64]int{}
	var out []weighted
	for _, o := range s.origins {
		total += o.weight
		key := [2]float64{o.azimuth, o.distance}
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			sin, cos := math.Sincos(o.azimuth / degreesPerRadian)
			across := o.step / degreesPerRadian * o.distance / 2
			out = append(out, weighted{at: geo.Position{
				Point: s.impact.plane.From(geo.Metres(o.distance*sin), geo.Metres(o.distance*cos)),
				Error: geo.FromEllipse(geo.Ellipse{Major: geo.Metres(max(grid, across)), Minor: geo.Metres(min(grid, across)), Strike: turned(o.azimuth)}).Add(s.impact.error),
			}})
		}
		out[i].p += o.weight
	}
	for i := range out {
		out[i].p /= total
	}
	return out
}

// classes are the weights of the classes. Howitzers share what one of them gains, and what is
// slower than sound gains nothing.
func (s *search) classes() []Weight {
	out, sum := make([]Weight, classes), 0.0
	for c := range out {
		as := Class(c)
		if as == Howitzer122 || as == Howitzer155 {
			as = Howitzer152
		}
		gain := 1.0
		if s.tried[as] > 0 {
			gain = s.gained[as] / s.tried[as]
		}
		out[c] = Weight{Class(c), priorOf(Class(c)) * math.Pow(gain, classTrust)}
		sum += out[c].P
	}
	for c := range out {
		out[c].P /= sum
	}
	return out
}

// spreadOf is a weighted mean with its spread.
type spreadOf struct{ weight, first, second float64 }

func (s *spreadOf) add(x, weight float64) {
	s.weight, s.first, s.second = s.weight+weight, s.first+weight*x, s.second+weight*x*x
}

func (s *spreadOf) mean() float64 { return s.first / s.weight }

func (s *spreadOf) sigma() float64 {
	return math.Sqrt(max(0, s.second/s.weight-square(s.mean())))
}

// turned is an azimuth in [0, 360).
func turned(degrees float64) geo.Degrees {
	degrees = math.Mod(degrees, 360)
	if degrees < 0 {
		degrees += 360
	}
	if degrees >= 360 {
		degrees = 0
	}
	return geo.Degrees(degrees)
}
