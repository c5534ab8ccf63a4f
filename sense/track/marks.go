package track

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce"
)

// mark is a plot in the plane.
type mark struct {
	x, y     float64
	rxx, ryy float64 // its error, metres squared
	rxy      float64
	ago      float64 // how long before its scan it was measured, s
	z, rz    float64 // altitude and its error squared; rz 0: none
	density  float64 // of plots that are of nothing, per square metre and scan
	free     float64 // the chance that it is of no track
	index    int32   // in the scan as it was given
	id       string
	stated   bool   // its error was told
	more     *extra // nil: nothing but a place was told, by no sensor that has a name
}

// reading is a scan in the plane.
type reading struct {
	time   truce.Instant
	marks  []mark
	sensor string
	means  truce.PlotMeans
	kind   sensorKind
}

// sortKey is what plots are sorted by first.
type sortKey struct {
	time     truce.Instant
	lat, lon float64
	at       int32
}

// inOrder is the order of plots that depends on nothing but themselves.
func inOrder(plots []Plot) []sortKey {
	keys := make([]sortKey, len(plots))
	for i := range plots {
		p := &plots[i]
		at := p.where()
		keys[i] = sortKey{p.Time, float64(at.Lat), float64(at.Lon), int32(i)}
	}
	slices.SortFunc(keys, func(a, b sortKey) int {
		switch {
		case a.time != b.time:
			return cmp.Compare(a.time, b.time)
		case a.lat != b.lat:
			return cmp.Compare(a.lat, b.lat)
		case a.lon != b.lon:
			return cmp.Compare(a.lon, b.lon)
		}
		p, q := &plots[a.at], &plots[b.at]
		return cmp.Or(cmp.Compare(p.Sigma, q.Sigma), cmp.Compare(p.Altitude, q.Altitude), compareMeasures(p, q), cmp.Compare(p.ID, q.ID))
	})
	return keys
}

// read turns the plots of a scan into marks. The error of those that state none is put in
// when the scan is worked.
func (c *chart) read(s *Scan) reading {
	out := reading{time: s.Time, marks: make([]mark, len(s.Plots)), sensor: s.Sensor, means: s.Means, kind: s.kind()} // the past keeps the marks
	for i, key := range inOrder(s.Plots) {
		p, m := &s.Plots[key.at], &out.marks[i]
		m.index, m.free, m.id = key.at, 1, p.ID
		m.x, m.y = c.to(p.where())
		m.stated = p.Sigma > 0
		m.rxx = float64(p.Sigma) * float64(p.Sigma)
		m.ryy = m.rxx
		m.ago = s.Time.Sub(p.Time).Seconds()
		if p.High {
			m.z, m.rz = float64(p.Altitude), leastHeightSigma*leastHeightSigma
		}
		if p.More != nil || s.Sensor != "" {
			c.measure(m, p, s.Means)
		}
	}
	return out
}

// settle puts in what was not told.
func (m *mark) settle(sigma float64) {
	if !m.stated {
		m.rxx, m.ryy = sigma*sigma, sigma*sigma
	}
	if m.rz > 0 {
		m.rz = max(m.rz, m.rxx)
	}
}
