package movement

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// InBand finds the stays of a track in a band of altitude, wherever it was, in the order of
// time. Where its altitude is not known it is not in it: AltitudeUnknown then says that Chance
// and the times may miss something. A track of which no altitude is known has no stays.
func InBand(t track.Track, name string, band Band, cfg Config) ([]Visit, error) {
	p, err := newPath(t, cfg)
	if err != nil {
		return nil, err
	}
	if !(band.Floor < band.Ceiling) {
		return nil, truce.Errorf(truce.CodeInvalid, "band %s: its floor of %g m is not below its ceiling of %g m", name, float64(band.Floor), float64(band.Ceiling))
	}
	r := &bandRegion{band: band}
	var out []Visit
	for _, g := range p.passages(r) {
		out = append(out, Visit{Track: t.Number, Zone: name, Chance: g.chance, Entry: g.entry, Exit: g.exit,
			Already: g.already, Still: g.still, AltitudeUnknown: r.unknown})
	}
	return out, nil
}

// bandRegion is inside a band of altitude.
type bandRegion struct {
	band    Band
	unknown bool
}

func (r *bandRegion) edge(geo.Point) float64 { return 0 }

func (r *bandRegion) in(_ geo.Point, high float64, _ *moved, _ bool) bool {
	if math.IsNaN(high) {
		r.unknown = true
		return false
	}
	return high >= float64(r.band.Floor) && high <= float64(r.band.Ceiling)
}

// stride is a quarter of a sigma of altitude.
func (r *bandRegion) stride(p *path, i int, _ float64) float64 {
	a, b := &p.states[i], &p.states[i+1]
	rise := math.Abs(float64(b.Altitude - a.Altitude))
	if !a.High || !b.High || rise == 0 {
		return 1
	}
	return max(1.0/maxSteps, float64(p.cfg.AltitudeSigma)/4/rise)
}
