package ends

import (
	"math"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
)

// A track begins where something is first seen. It may have taken off there, have come over
// the edge of what the sensors see, have flown before they looked, have come up from below
// what they see, or be a piece of another track. Each of these is given the density with which
// it would have made the beginning that there is: by place, height, time and rate of climb.
// Chances follow by Bayes' rule from even odds of taking off and flying in.

// draws is how many ways to take off are tried a class: spread evenly, no chance is involved.
const draws = 256

// torn is how often a track begins anew in the midst of a flight, of all beginnings: trackers
// lose what turns.
const torn = .15

// roughness is one sigma of the ground and what stands on it, over which a floor fades, m.
const roughness = 5

// hides is the floor, m, at which half as many come up hidden as take off; the higher, the more.
const hides = 100

// present is the share of flights that were there when the sensors began to look.
const present = .2

// causes are the chances of why a track begins here.
type causes struct {
	launch, edge, recording, low, midst float64
}

// cloud sums the ways to take off that fit.
type cloud struct {
	n, x, y, xx, xy, yy, t, tt float64
}

// add takes a way in: the place, metres from the state; s before it; and how well it fits.
func (c *cloud) add(x, y, t, weight float64) {
	c.n += weight
	c.x, c.y, c.t = c.x+weight*x, c.y+weight*y, c.t+weight*t
	c.xx, c.xy, c.yy, c.tt = c.xx+weight*x*x, c.xy+weight*x*y, c.yy+weight*y*y, c.tt+weight*t*t
}

// area is the mean and the covariance of the places.
func (c *cloud) area(plane geo.Plane) geo.Position {
	x, y := c.x/c.n, c.y/c.n
	return geo.Position{Point: plane.From(geo.Metres(x), geo.Metres(y)),
		Error: geo.Covariance{EE: max(0, c.xx/c.n-x*x), EN: c.xy/c.n - x*y, NN: max(0, c.yy/c.n-y*y)}}
}

func (c *cloud) time() (mean, sigma float64) {
	mean = c.t / c.n
	return mean, math.Sqrt(max(0, c.tt/c.n-mean*mean))
}

// weigh gives the chances of the causes, and where it took off if it did.
func (s *side) weigh() (causes, *cloud) {
	area := float64(s.cfg.Coverage.Area.SquareMetres())
	// The perimeter of a compact area, a fifth more than a circle's.
	rim := 1.2 * 2 * math.Sqrt(math.Pi*area)
	sum := &cloud{}
	var d causes
	entered, seen := s.entered()
	floor := float64(s.cfg.Coverage.Floor)
	for i := range habits {
		h, share := &habits[i], s.habitShare[i]/s.flies
		// At even odds of taking off and flying past; what flies past may do so hidden.
		fit := s.takeOffs(h, share, sum)
		past := share / h.ceiling * normal(s.rate, 1, s.rateSigma)
		d.launch += fit / area
		d.low += fit / area * floor / (floor + hides)
		d.edge += past * entered / rim
		d.recording += past * present * s.already() / area
		d.midst += past * torn / area
	}
	d.edge *= seen
	return d.normal(), sum
}

// normal makes densities sum to 1.
func (c causes) normal() causes {
	sum := c.launch + c.edge + c.recording + c.low + c.midst
	if !(sum > 0) {
		return causes{midst: 1}
	}
	return causes{c.launch / sum, c.edge / sum, c.recording / sum, c.low / sum, c.midst / sum}
}

// reason is the likeliest of what else it was.
func (s *side) reason(c causes) Why {
	most, why := c.midst, WhyMidst
	for _, x := range [...]struct {
		p   float64
		why Why
	}{{c.edge, WhyEdge}, {c.recording, WhyRecording}, {c.low, WhyLow}} {
		if x.p > most {
			most, why = x.p, x.why
		}
	}
	if s.flies < .5 && 1-s.flies > most {
		return WhyNoFlight
	}
	return why
}

// takeOffs tries the ways of a class to take off, adds those inside of what the sensors see to
// sum and gives the density of its height and rate of climb, if it took off.
func (s *side) takeOffs(h *habit, share float64, sum *cloud) float64 {
	if share < .01 {
		return 0
	}
	sigma, sigmaUp := float64(s.at.Sigma), float64(s.cfg.AltitudeSigma)
	course := math.Atan2(s.u, s.w)
	total := 0.0
	for i := 1; i <= draws; i++ {
		rate := h.slow * math.Pow(h.fast/h.slow, radical(i, 2))
		high := max(0, s.high+sigmaUp*gauss(radical(i, 3)))
		ago := high / rate
		away := (h.least + (1-h.least)*radical(i, 5)) * s.speed * ago
		sin, cos := math.Sincos(course + h.turn*gauss(radical(i, 7)))
		// The golden angle spreads what is independent of the others (Vogel 1979).
		r, turn := sigma*math.Sqrt(-2*math.Log(1-radical(i, 11))), float64(i)*2.399963
		x, y := r*math.Sin(turn)-away*sin, r*math.Cos(turn)-away*cos
		if !s.cfg.Coverage.Area.Contains(s.plane.From(geo.Metres(x), geo.Metres(y))) {
			continue
		}
		// It climbs on, or has levelled off since.
		like := (normal(s.rate-rate, 1, s.rateSigma) + normal(s.rate, 1, s.rateSigma)) / 2
		// The first look that saw it came so many looks after it rose above the floor.
		looks := max(0, high-float64(s.cfg.Coverage.Floor)) / rate / s.between
		like *= math.Pow(s.miss, looks) / math.Hypot(rate*s.between, 2.5*sigmaUp)
		// What is lower than they see is not seen, give or take the roughness of the ground.
		like *= num.NormalCDF((high - float64(s.cfg.Coverage.Floor)) / roughness)
		// Nor did it fly before the sensors looked.
		if ago > s.looks*s.between {
			like *= s.miss
		}
		sum.add(x, y, ago, share*like)
		total += share * like / draws
	}
	return total
}

// entered is the chance that none of the looks since it came over the edge saw it, if it flew
// straight in, and seen the share of its way that one look sees, a metre.
func (s *side) entered() (missed, seen float64) {
	step := max(s.speed*s.between, 1)
	const ways = 16
	course := math.Atan2(s.u, s.w)
	for i := 1; i <= ways; i++ {
		sin, cos := math.Sincos(course + .5*gauss(radical(i, 2)))
		for looks := 1; looks <= mostLooks; looks++ {
			back := float64(looks) * step
			if !s.cfg.Coverage.Area.Contains(s.plane.From(geo.Metres(-back*sin), geo.Metres(-back*cos))) {
				missed += math.Pow(s.miss, float64(looks-1)) / ways
				break
			}
		}
	}
	return missed, (1 - s.miss) / step
}

// already is how much denser in time the beginnings of flights are that were there when the
// sensors began to look, so many looks ago.
func (s *side) already() float64 {
	all := s.cfg.Coverage.Looking.To.Sub(s.cfg.Coverage.Looking.From).Seconds() / s.between
	return (1 - s.miss) * math.Pow(s.miss, math.Floor(s.looks)) * max(1, all)
}

// normal is the density of a rate of climb: that of its error and one m/s that differs anyway.
func normal(x, own, sigma float64) float64 {
	sigma = math.Hypot(own, sigma)
	return num.NormalPDF(x/sigma) / sigma
}

// gauss is the quantile of the normal distribution.
func gauss(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// radical is the i-th of Halton's numbers in a base, between 0 and 1.
func radical(i, base int) float64 {
	out, part := 0.0, 1/float64(base)
	for ; i > 0; i /= base {
		out += part * float64(i%base)
		part /= float64(base)
	}
	return out
}
