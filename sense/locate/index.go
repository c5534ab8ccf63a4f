package locate

import (
	"cmp"
	"slices"
	"sort"

	"github.com/trucewatch/truce"
)

// picks are the arrivals of one medium, sorted by channel and then by time. A channel is
// one phase at one sensor: the sensor itself in air, 2 sensor and 2 sensor + 1 (S) in
// the ground. A pick is known by its place in these slices.
type picks struct {
	medium Medium
	base   truce.Instant // that times are counted from
	span   float64       // seconds from the first to the last

	time     []float64 // seconds from base
	sigma    []float64 // as stated, 0: not known; nil: none is
	azimuth  []float32 // radians, of those with a spread; nil: none has one
	spread   []float32 // one sigma of the azimuth, radians; 0: none
	unsure   []float32 // variance of what was taken from a clock, s^2; nil: nothing was
	alike    bool      // none has a stated error or an azimuth, and no clock was set right
	original []int32   // index into the arrivals as given
	channel  []int32
	byTime   []int32 // picks in the order of time
	seen     int     // channels with a pick
	rate     float64 // of those, arrivals a second

	start   []int32 // first pick of a channel, and one more for the end
	buckets int     // of time, a channel
	pace    float64 // buckets a second
	bucket  []int32 // first pick of a bucket or behind it, and one more for the end
}

// channels is how many channels a sensor has.
func (m Medium) channels() int {
	if m == InGround {
		return 2
	}
	return 1
}

func (m Medium) channel(a *Arrival) int32 {
	if m == InGround {
		return int32(2*a.Sensor) + int32(a.Phase-P)
	}
	return int32(a.Sensor)
}

func (p Phase) medium() Medium {
	if p == Acoustic {
		return InAir
	}
	return InGround
}

// inOrder is the arrivals of a medium in the order of time, and of id where times are equal,
// so that the order in which they are given does not matter.
func inOrder(arrivals []Arrival, times []truce.Instant, medium Medium, skip map[string]bool) []int32 {
	earlier := func(i, j int32) int {
		return cmp.Or(cmp.Compare(times[i], times[j]), cmp.Compare(arrivals[i].ID, arrivals[j].ID), cmp.Compare(i, j))
	}
	order := make([]int32, 0, len(arrivals))
	sorted := true
	for i := range arrivals {
		a := &arrivals[i]
		if a.Phase.medium() != medium || len(skip) > 0 && skip[a.ID] {
			continue
		}
		if len(order) > 0 && earlier(order[len(order)-1], int32(i)) > 0 {
			sorted = false
		}
		order = append(order, int32(i))
	}
	if !sorted {
		slices.SortFunc(order, earlier)
	}
	return order
}

// thin leaves out what lone sensors heard and counts it, and of one phase at one sensor what came at
// the same instant as another or thicker than MaxPerSecond, the later first: but nothing that
// people decided of.
func (s *solver) thin(order []int32, medium Medium) []int32 {
	channels := len(s.net.x) * medium.channels()
	named := s.namedByPeople()
	last, count := make([]truce.Instant, channels), make([]uint8, channels)
	out := order[:0]
	s.surplus, s.lone = map[int]int{}, map[int]int{}
	for _, i := range order {
		a := &s.arrivals[i]
		if !s.net.kept[a.Sensor] {
			s.lone[a.Sensor]++
			continue
		}
		c := medium.channel(a)
		at, before := s.times[i], last[c]
		if at/1e6 != before/1e6 {
			count[c] = 0
		}
		last[c] = at
		switch {
		case at != before && count[c] < MaxPerSecond:
			count[c]++
		case !named[a.ID]:
			s.surplus[a.Sensor]++
			continue
		}
		out = append(out, i)
	}
	return out
}

// namedByPeople is the arrivals that decisions speak of.
func (s *solver) namedByPeople() map[string]bool {
	out := map[string]bool{}
	for _, d := range s.decisions {
		for _, id := range d.Arrivals {
			out[id] = true
		}
		for _, id := range d.Others {
			out[id] = true
		}
	}
	return out
}

func newPicks(arrivals []Arrival, times []truce.Instant, order []int32, medium Medium, sensors int) *picks {
	n := len(order)
	p := &picks{
		medium: medium, time: make([]float64, n), original: make([]int32, n), alike: true,
		channel: make([]int32, n), byTime: make([]int32, n), start: make([]int32, sensors*medium.channels()+1),
	}
	if n == 0 {
		return p
	}
	p.base = times[order[0]]
	p.span = max(1, float64(times[order[n-1]]-p.base)/1e6)
	for _, i := range order {
		a := &arrivals[i]
		p.start[medium.channel(a)+1]++
		p.alike = p.alike && a.Sigma == 0 && a.AzimuthSigma == 0
	}
	if !p.alike {
		p.sigma, p.azimuth, p.spread = make([]float64, n), make([]float32, n), make([]float32, n)
	}
	for c := range len(p.start) - 1 {
		if p.start[c+1] > 0 {
			p.seen++
		}
		p.start[c+1] += p.start[c]
	}
	next := slices.Clone(p.start)
	for rank, i := range order {
		a := &arrivals[i]
		c := medium.channel(a)
		at := next[c]
		next[c]++
		p.byTime[rank] = at
		p.time[at], p.original[at], p.channel[at] = float64(times[i]-p.base)/1e6, i, c
		if !p.alike {
			p.sigma[at], p.azimuth[at], p.spread[at] = a.Sigma, radians32(a.Azimuth), radians32(a.AzimuthSigma)
		}
	}
	p.rate = float64(n) / float64(p.seen) / p.span
	p.cut()
	return p
}

// cut divides the span into buckets, so that a look-up costs no search.
func (p *picks) cut() {
	channels := len(p.start) - 1
	p.buckets = max(1, min(len(p.time)/max(1, p.seen), 1<<28/channels))
	p.pace = float64(p.buckets) / p.span
	p.bucket = make([]int32, channels*(p.buckets+1))
	for c := range channels {
		row := p.bucket[c*(p.buckets+1) : (c+1)*(p.buckets+1)]
		next := 0
		for at := p.start[c]; at < p.start[c+1]; at++ {
			for b := p.bucketAt(p.time[at]); next <= b; next++ {
				row[next] = at
			}
		}
		for ; next <= p.buckets; next++ {
			row[next] = p.start[c+1]
		}
	}
}

// bucketAt is the bucket that a time falls into, of any channel.
func (p *picks) bucketAt(t float64) int {
	return max(0, min(int(t*p.pace), p.buckets-1))
}

// from is the first pick of a channel at or after a time.
func (p *picks) from(channel int32, t float64) int32 {
	b := int(channel)*(p.buckets+1) + p.bucketAt(t)
	ends := p.bucket[b : b+2 : b+2]
	at := ends[0]
	times := p.time[at:ends[1]]
	if len(times) > fewPicks {
		return at + int32(sort.SearchFloat64s(times, t))
	}
	for i := range times {
		if times[i] >= t {
			return at + int32(i)
		}
	}
	return ends[1]
}

// fewPicks are gone through one by one.
const fewPicks = 16

// stated is the error that a pick came with, s; 0: none.
func (p *picks) stated(pick int32) float64 {
	if p.sigma == nil {
		return 0
	}
	return p.sigma[pick]
}

// turned is the error of a pick's azimuth, radians; 0: it has none.
func (p *picks) turned(pick int32) float64 {
	if p.spread == nil {
		return 0
	}
	return float64(p.spread[pick])
}

func (p *picks) sensor(pick int32) int32 {
	if p.medium == InGround {
		return p.channel[pick] >> 1
	}
	return p.channel[pick]
}
