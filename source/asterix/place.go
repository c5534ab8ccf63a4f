package asterix

import (
	"math"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// place is where a target was with its error, nil where the report does not tell.
func (d *decoder) place(m *Message) *geo.Position {
	if m.LatDeg.Told && m.LonDeg.Told {
		at, err := source.Point(m.LatDeg.V, m.LonDeg.V)
		if err != nil {
			return nil // 0, 0 is how some systems leave it out
		}
		return &geo.Position{Point: at, Error: m.sent()}
	}
	radar, known := d.radars[uint16(m.SAC)<<8|uint16(m.SIC)]
	if !known || !m.RangeM.Told || !m.BearingDeg.Told {
		return nil
	}
	at := radar.place(m)
	return &at
}

// sent is the error of a position that came as such.
func (m *Message) sent() geo.Covariance {
	switch {
	case m.SigmaEastM.V > 0 && m.SigmaNorth.V > 0:
		return geo.Covariance{EE: m.SigmaEastM.V * m.SigmaEastM.V, NN: m.SigmaNorth.V * m.SigmaNorth.V}
	case m.Category == 21:
		return geo.Isotropic(geo.Metres(m.selfSigma()))
	}
	return geo.Isotropic(trackSigma)
}

// The radius, in metres, that holds the true position with 95 %, by NACp (DO-260B, table 2-71)
// and by NUCp (DO-260, table 2-11). 0, not known, is taken as 10 nautical miles.
var (
	within95 = [12]float64{
		10 * nauticalMile, 10 * nauticalMile, 4 * nauticalMile, 2 * nauticalMile, nauticalMile, .5 * nauticalMile,
		.3 * nauticalMile, .1 * nauticalMile, .05 * nauticalMile, 30, 10, 3,
	}
	within95Old = [10]float64{
		10 * nauticalMile, 10 * nauticalMile, 5 * nauticalMile, nauticalMile, .5 * nauticalMile,
		.25 * nauticalMile, .1 * nauticalMile, .05 * nauticalMile, 10, 3,
	}
)

// selfSigma is the error of each axis of a position that an aircraft gave. The same bits are NUCp
// of the first version and NIC of the later ones, which does not bound the error with 95 %: of
// those without NACp nothing is known.
func (m *Message) selfSigma() float64 {
	const sigmaOf95 = 2.447746830680816 // sqrt(-2 ln 0.05)
	radius := within95[0]
	switch n := int(m.NACp.V); {
	case m.NACp.Told && n < len(within95):
		radius = within95[n]
	case m.NUCp.Told && m.version.V == 0 && int(m.NUCp.V) < len(within95Old):
		radius = within95Old[int(m.NUCp.V)]
	}
	return radius / sigmaOf95
}

// sigmas are the errors of range and bearing.
func (m *Message) sigmas() (metres, degrees float64) {
	if m.Seen == SeenPrimary {
		return rangeSigmaPSR, bearingSigmaPSR
	}
	return rangeSigmaSSR, bearingSigmaSSR
}

// place projects range and bearing to the ground. Without a height the target may be anywhere
// from the ground up to unknownHeight: the middle of what that leaves is taken, and its width
// goes into the error.
func (r Radar) place(m *Message) geo.Position {
	rangeSigma, bearingSigma := m.sigmas()
	ground, height := 0., m.LevelM
	if !height.Told {
		height = m.HeightM
	}
	if height.Told {
		ground = r.ground(m.RangeM.V, height.V)
		// ground^2 + up^2 = range^2, so both errors grow where the target is steep
		up := height.V - float64(r.Height)
		rangeSigma = math.Hypot(m.RangeM.V*rangeSigma, up*heightSigma) / math.Max(ground, math.Max(rangeSigma, heightSigma))
	} else {
		far, near := r.ground(m.RangeM.V, float64(r.Height)), r.ground(m.RangeM.V, unknownHeight)
		ground = (far + near) / 2
		rangeSigma = math.Hypot(rangeSigma, (far-near)/math.Sqrt(12))
	}
	at, _ := geo.Direct(r.At, geo.Degrees(m.BearingDeg.V), geo.Metres(ground))
	across := math.Max(ground*bearingSigma*math.Pi/180, 1)
	return geo.Position{Point: at, Error: geo.FromEllipse(geo.Ellipse{Major: geo.Metres(rangeSigma), Minor: geo.Metres(across), Strike: geo.Degrees(m.BearingDeg.V)})}
}

// ground is the distance along the earth to a target at a slant range and a height above the
// sea: the side and two radii of a triangle give the angle at the earth's centre. A target
// steeper than its range allows is overhead.
func (r Radar) ground(slant, height float64) float64 {
	const earth = 6_371_008.8
	a, b := earth+float64(r.Height), earth+height
	half := (slant*slant - (b-a)*(b-a)) / (4 * a * b) // sin^2 of half the angle
	if half <= 0 {
		return 0
	}
	return 2 * earth * math.Asin(math.Min(1, math.Sqrt(half)))
}
