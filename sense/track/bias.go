package track

import (
	"math"
	"slices"

	"github.com/trucewatch/truce"
)

// biases are the constant errors of the sensors, two numbers each: metres east and north of
// one that gives places, metres of range and radians of azimuth of one that gives both, and
// radians of azimuth of one that gives bearings. They are found together, by Kalman's filter,
// from plots of two sensors that are surely of one object: what both share cannot be seen, so
// all are against the reference (Bar-Shalom, Willett and Tian 2011, Tracking and Data Fusion,
// 9).
type biases struct {
	kinds    []sensorKind
	own      []bool // what the objects say of themselves, by satellite navigation
	mean     []float64
	cov      []float64 // len(mean) squared, row by row
	compared []int     // plots that were held against others', by sensor
}

// What is believed of a sensor before anything is compared, one sigma: errorTimes the error
// that it states, or that error itself where that is of a bearing; else the figures below. What
// is further off makes tracks of its own.
const (
	errorTimes   = 2
	firstShift   = 50.0                     // m each axis
	firstOwn     = 3.0                      // m each axis, of satellite navigation
	firstRange   = 30.0                     // m
	firstAzimuth = 1 * math.Pi / 180        // rad, of radars
	firstBearing = 2 * math.Pi / 180        // rad, of arrays and direction finders
	mostApart    = truce.Micros(10_000_000) // two plots of one sensor that others are held against lie apart
	// sharedNoise is by how much a comparison counts less, since a plot may be in several.
	sharedNoise = 4.0
	mostHeld    = 6  // sensors that one is held against at a time
	biasGate    = 16 // squared sigmas
	// sureBias is how many sigmas from nothing a bias is told from, leastCompared after how
	// many comparisons.
	sureBias      = 3
	leastCompared = 20
)

// add takes a sensor in.
func (b *biases) add(r *reading) {
	n := len(b.mean)
	cov := make([]float64, (n+2)*(n+2))
	for i := range n {
		copy(cov[i*(n+2):], b.cov[i*n:(i+1)*n])
	}
	own := r.means == truce.MeansSelf && r.kind == kindPlaces
	first := r.firstBias()
	if own {
		first = [2]float64{firstOwn, firstOwn}
	}
	for i, sigma := range first {
		cov[(n+i)*(n+2)+n+i] = sigma * sigma
	}
	b.kinds, b.own, b.compared = append(b.kinds, r.kind), append(b.own, own), append(b.compared, 0)
	b.mean, b.cov = append(b.mean, 0, 0), cov
}

// firstBias is what is believed of the bias of a sensor by the errors that it states first.
func (r *reading) firstBias() [2]float64 {
	first := [2]float64{firstShift, firstShift}
	switch r.kind {
	case kindPolar:
		first = [2]float64{firstRange, firstAzimuth}
	case kindBearings:
		first = [2]float64{firstBearing, 0}
	}
	if len(r.marks) == 0 || !r.marks[0].stated {
		return first
	}
	m := &r.marks[0]
	switch r.kind {
	case kindPlaces:
		sigma := errorTimes * math.Sqrt(max(m.rxx, m.ryy))
		first = [2]float64{sigma, sigma}
	case kindPolar:
		first = [2]float64{errorTimes * math.Sqrt(m.more.rr), errorTimes * math.Sqrt(m.more.aa)}
	case kindBearings:
		first = [2]float64{math.Sqrt(m.more.aa), 0}
	}
	return first
}

// reference is the sensor that the others are against: the first that objects tell of
// themselves through, or else the first that gives places; -1: none.
func (b *biases) reference() int32 {
	first := int32(-1)
	for i, kind := range b.kinds {
		if b.own[i] {
			return int32(i)
		}
		if kind != kindBearings && first < 0 {
			first = int32(i)
		}
	}
	return first
}

// sparse is a row of at most four numbers that are not 0.
type sparse struct {
	at   [4]int
	with [4]float64
	n    int
}

func (s *sparse) put(at int, with float64) {
	s.at[s.n], s.with[s.n] = at, with
	s.n++
}

// over is the mean of a sum of biases with its variance.
func (b *biases) over(h *sparse) (mean, variance float64) {
	n := len(b.mean)
	for i := range h.n {
		mean += h.with[i] * b.mean[h.at[i]]
		for j := range h.n {
			variance += h.with[i] * h.with[j] * b.cov[h.at[i]*n+h.at[j]]
		}
	}
	return mean, variance
}

// both is the covariance of two sums.
func (b *biases) both(g, h *sparse) (sum float64) {
	n := len(b.mean)
	for i := range g.n {
		for j := range h.n {
			sum += g.with[i] * h.with[j] * b.cov[g.at[i]*n+h.at[j]]
		}
	}
	return sum
}

// learn is Kalman's update: z was measured of the sum, with the variance r.
func (b *biases) learn(h *sparse, z, r float64) {
	n := len(b.mean)
	gain := make([]float64, n)
	mean, variance := b.over(h)
	for i := range n {
		for j := range h.n {
			gain[i] += b.cov[i*n+h.at[j]] * h.with[j]
		}
	}
	s := variance + r
	for i := range n {
		b.mean[i] += gain[i] / s * (z - mean)
		for j := range n {
			b.cov[i*n+j] -= gain[i] * gain[j] / s
		}
	}
}

// shifted adds by how much a sensor's bias moves a place, along (ex, ey).
func (h *sparse) shifted(i int32, kind sensorKind, e *lever, ex, ey, sign float64) {
	if kind == kindPlaces {
		h.put(2*int(i), sign*ex)
		h.put(2*int(i)+1, sign*ey)
		return
	}
	h.put(2*int(i), sign*(ex*e.nx+ey*e.ny))
	h.put(2*int(i)+1, sign*(ex*e.ny-ey*e.nx)*e.away)
}

// lever is where a place lies from its sensor: direction and range.
type lever struct{ nx, ny, away float64 }

func leverOf(e *extra) lever {
	sin, cos := math.Sincos(e.azimuth)
	return lever{sin, cos, e.away}
}

// correct takes the bias of a sensor from a plot, and adds what is not known of it to the
// plot's error.
func (n *network) correct(m *mark, i int32) {
	b := &n.bias
	ref := b.reference()
	if m.more == nil || i == ref || ref < 0 || len(n.list) < 2 {
		return
	}
	e := m.more
	if e.bearing {
		e.azimuth -= b.mean[2*i]
		e.aa += b.cov[2*int(i)*(len(b.mean)+1)]
		return
	}
	if !m.stated {
		return // its error is found from how far off it is, bias and all
	}
	own, other := leverOf(e), lever{}
	if b.kinds[ref] == kindPolar {
		x, y := m.x-n.list[ref].x, m.y-n.list[ref].y
		other.away = math.Hypot(x, y)
		other.nx, other.ny = x/max(other.away, 1), y/max(other.away, 1)
	}
	var east, north sparse
	east.shifted(i, b.kinds[i], &own, 1, 0, 1)
	north.shifted(i, b.kinds[i], &own, 0, 1, 1)
	east.shifted(ref, b.kinds[ref], &other, 1, 0, -1)
	north.shifted(ref, b.kinds[ref], &other, 0, 1, -1)
	x, xx := b.over(&east)
	y, yy := b.over(&north)
	m.x, m.y = m.x-x, m.y-y
	m.rxx, m.ryy, m.rxy = m.rxx+xx, m.ryy+yy, m.rxy+b.both(&east, &north)
}

// sure is the last plot of a sensor that is surely of an object, as it was measured.
type sure struct {
	at   truce.Instant
	more *extra // nil: none yet
}

// compare holds the plots of other sensors that came between two sure plots of one against
// the straight way from the first of the two to the second. What the track believes is not
// asked: it has the biases in it.
func (n *network) compare(g *target, x *extras, m *mark, now truce.Instant) {
	if m.more == nil || len(n.list) < 2 {
		return
	}
	to, from := sure{now - truce.Instant(m.ago*1e6), m.more}, x.sure[n.now]
	x.sure[n.now] = to
	if m.more.bearing || !m.stated || from.more == nil || to.at <= from.at || to.at-from.at > truce.Instant(mostApart) {
		return
	}
	for k, held := 1, 0; k < len(x.sure) && held < mostHeld; k++ {
		i := (int(n.now) + k) % len(x.sure)
		o := &x.sure[i]
		if o.more == nil || o.at < from.at || o.at > to.at {
			continue
		}
		held++
		way := from.to(&to, o.at, g.motion.noise())
		if o.more.bearing {
			n.compareBearing(int32(i), o, &way)
		} else {
			n.comparePlace(int32(i), o, &way)
		}
	}
}

// way is where an object was at a time, by two plots of one sensor.
type way struct {
	is    gauss
	lever lever
}

// to interpolates between two plots; the object wanders with the density q of acceleration
// between them.
func (s *sure) to(next *sure, at truce.Instant, q float64) way {
	total := next.at.Sub(s.at).Seconds()
	f := at.Sub(s.at).Seconds() / total
	a, b := &s.more.raw, &next.more.raw
	free := q * total * total * total * f * f * (1 - f) * (1 - f) / 3
	near := s.more
	if f > .5 {
		near = next.more
	}
	return way{gauss{
		x: (1-f)*a.x + f*b.x, y: (1-f)*a.y + f*b.y, u: (b.x - a.x) / total, w: (b.y - a.y) / total,
		xx: (1-f)*(1-f)*a.xx + f*f*b.xx + free, xy: (1-f)*(1-f)*a.xy + f*f*b.xy, yy: (1-f)*(1-f)*a.yy + f*f*b.yy + free,
		xu: (f*b.xx - (1-f)*a.xx) / total, xw: (f*b.xy - (1-f)*a.xy) / total, yu: (f*b.xy - (1-f)*a.xy) / total, yw: (f*b.yy - (1-f)*a.yy) / total,
		uu: (a.xx + b.xx) / (total * total), uw: (a.xy + b.xy) / (total * total), ww: (a.yy + b.yy) / (total * total),
	}, leverOf(near)}
}

// comparePlace learns from a place of sensor i on the way of the sensor at work, along the
// axes of their error.
func (n *network) comparePlace(i int32, o *sure, on *way) {
	b, p := &n.bias, &o.more.raw
	xx, xy, yy := p.xx+on.is.xx, p.xy+on.is.xy, p.yy+on.is.yy
	if p.xx == 0 {
		return // it states no error
	}
	dx, dy := p.x-on.is.x, p.y-on.is.y
	own := leverOf(o.more)
	sin, cos := math.Sincos(math.Atan2(2*xy, xx-yy) / 2)
	var rows [2]sparse
	var z, r [2]float64
	for k, axis := range [2][2]float64{{cos, sin}, {-sin, cos}} {
		ex, ey := axis[0], axis[1]
		rows[k].shifted(i, b.kinds[i], &own, ex, ey, 1)
		rows[k].shifted(n.now, b.kinds[n.now], &on.lever, ex, ey, -1)
		z[k], r[k] = ex*dx+ey*dy, ex*ex*xx+2*ex*ey*xy+ey*ey*yy
		mean, variance := b.over(&rows[k])
		if (z[k]-mean)*(z[k]-mean) > biasGate*(variance+r[k]) {
			return
		}
	}
	b.learn(&rows[0], z[0], sharedNoise*r[0])
	b.learn(&rows[1], z[1], sharedNoise*r[1])
	b.compared[n.now]++
	b.compared[i]++
}

// compareBearing learns from a bearing of sensor i and the way of the sensor at work.
func (n *network) compareBearing(i int32, o *sure, on *way) {
	raw := *o.more
	raw.azimuth, raw.aa = raw.raw.x, raw.raw.xx
	m := mark{more: &raw}
	p, v := on.is.point(&m), on.is.seeBearing(&m)
	b := &n.bias
	var h sparse
	h.put(2*int(i), 1)
	h.shifted(n.now, b.kinds[n.now], &on.lever, p.hx, p.hy, -1)
	mean, variance := b.over(&h)
	r := 1 / v.a
	if (v.dx-mean)*(v.dx-mean) > biasGate*(variance+r) {
		return
	}
	b.learn(&h, v.dx, sharedNoise*r)
	b.compared[n.now]++
	b.compared[i]++
}

// clone is a copy that goes its own way.
func (b *biases) clone() biases {
	return biases{slices.Clone(b.kinds), slices.Clone(b.own), slices.Clone(b.mean), slices.Clone(b.cov), slices.Clone(b.compared)}
}
