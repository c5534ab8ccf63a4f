package truce

import (
	"math"

	"github.com/trucewatch/truce/geo"
)

// Plot is one measurement of a moving object. The observation's place is where it was, with
// its error; a plot without a place has a bearing, from where its sensor stands (Station).
type Plot struct {
	Network string    `json:"network,omitempty"` // the sensors whose plots are followed together; "": the mission's one
	Means   PlotMeans `json:"means"`

	// Identities are what the object says it is: evidence, never taken for the truth.
	Identities []Identity `json:"identities,omitempty"`
	Class      string     `json:"class,omitempty"`  // what it says it is: uav, fixed_wing, helicopter, ship, vehicle, ...
	Ground     bool       `json:"ground,omitempty"` // it says that it stands or moves on the ground

	Altitude *Altitude `json:"altitude,omitempty"` // nil: not told
	Motion   *Motion   `json:"motion,omitempty"`   // nil: not told
	Polar    *Polar    `json:"polar,omitempty"`    // nil: nothing was measured from the sensor
	Fix      *Fix      `json:"fix,omitempty"`      // nil: nothing is known of its GNSS
}

// PlotMeans is how the place of an object was come by.
type PlotMeans string

// The means of plots. What an object says of itself can be wrong on purpose; what was
// measured cannot say who it is.
const (
	MeansSelf      PlotMeans = "self"      // the object's own word: transponder, Remote ID, telemetry, log
	MeansSecondary PlotMeans = "secondary" // radar that asks the transponder
	MeansPrimary   PlotMeans = "primary"   // radar echo
	MeansFused     PlotMeans = "fused"     // another system's track
	MeansCamera    PlotMeans = "camera"
	MeansRadio     PlotMeans = "radio"    // direction of its transmitter
	MeansAcoustic  PlotMeans = "acoustic" // direction of its noise
)

// Identity is one name that an object gives itself.
type Identity struct {
	Scheme string `json:"scheme"` // icao24, callsign, squawk, mmsi, imo, serial, operator, sysid, uid, ...
	Value  string `json:"value"`
}

// AltitudeDatum is what a height is measured from.
type AltitudeDatum string

// The datums of heights.
const (
	DatumEllipsoid AltitudeDatum = "wgs84"    // above the ellipsoid
	DatumSea       AltitudeDatum = "msl"      // above mean sea level
	DatumPressure  AltitudeDatum = "pressure" // in the standard atmosphere
	DatumGround    AltitudeDatum = "ground"   // above the ground or the place of take-off
)

// Altitude is a height with what it is measured from and its error.
type Altitude struct {
	Metres geo.Metres    `json:"m"`
	Datum  AltitudeDatum `json:"datum"`
	Sigma  geo.Metres    `json:"sigma_m,omitempty"` // one sigma; 0: not told
}

// Motion is a velocity that was told or measured.
type Motion struct {
	SpeedMps float64     `json:"speed_mps"`           // over the ground, metres a second
	Course   geo.Degrees `json:"course_deg"`          // over the ground, clockwise from north
	ClimbMps float64     `json:"climb_mps,omitempty"` // upwards, metres a second
	SigmaMps float64     `json:"sigma_mps,omitempty"` // one sigma each horizontal axis; 0: not told
}

// Polar is what a sensor measured from where it stands.
type Polar struct {
	Bearing      geo.Degrees `json:"bearing_deg"`                 // clockwise from north
	BearingSigma geo.Degrees `json:"bearing_sigma_deg,omitempty"` // 0: no bearing was measured
	Range        geo.Metres  `json:"range_m,omitempty"`           // slant range
	RangeSigma   geo.Metres  `json:"range_sigma_m,omitempty"`     // 0: no range was measured
	RadialMps    float64     `json:"radial_mps,omitempty"`        // away from the sensor, metres a second
	RadialSigma  float64     `json:"radial_sigma_mps,omitempty"`  // 0: no Doppler was measured
}

// Fix is how good the object's satellite navigation says that it is.
type Fix struct {
	Kind       FixKind `json:"kind"`
	Satellites int     `json:"satellites,omitempty"`
	HDOP       float64 `json:"hdop,omitempty"`
	Jamming    float64 `json:"jamming,omitempty"`  // 0 to 1 of the receiver's scale; 0 also when not told
	Spoofing   bool    `json:"spoofing,omitempty"` // the receiver says that it is being deceived
}

// FixKind is what sort of position satellite navigation gave.
type FixKind string

// The kinds of fix.
const (
	FixNone   FixKind = "none"
	FixTwo    FixKind = "2d"
	FixThree  FixKind = "3d"
	FixBetter FixKind = "differential" // with corrections, RTK among them
)

// maxPlotSpeed bounds a told speed, metres a second: above it something was misread.
const maxPlotSpeed = 12_000

// validatePlot refuses a plot that no sense could use.
func (o Observation) validatePlot() error {
	p := o.Plot
	switch p.Means {
	case MeansSelf, MeansSecondary, MeansPrimary, MeansFused, MeansCamera, MeansRadio, MeansAcoustic:
	default:
		return Errorf(CodeInvalid, "observation %s: means %q is none that is known", o.ID, p.Means)
	}
	if o.Place == nil && (p.Polar == nil || p.Polar.BearingSigma == 0) {
		return Errorf(CodeInvalid, "observation %s: a plot needs a place, or a bearing with its error", o.ID)
	}
	for _, id := range p.Identities {
		if id.Scheme == "" || id.Value == "" {
			return Errorf(CodeInvalid, "observation %s: an identity needs its scheme and its value", o.ID)
		}
	}
	if m := p.Motion; m != nil && !(m.SpeedMps >= 0 && m.SpeedMps <= maxPlotSpeed && m.SigmaMps >= 0 && compass(m.Course)) {
		return Errorf(CodeInvalid, "observation %s: speed %g m/s, course %g, error %g are out of range", o.ID, m.SpeedMps, float64(m.Course), m.SigmaMps)
	}
	if a := p.Altitude; a != nil && !a.valid() {
		return Errorf(CodeInvalid, "observation %s: altitude %g m above %q within %g is out of range", o.ID, float64(a.Metres), a.Datum, float64(a.Sigma))
	}
	if p.Polar != nil && !p.Polar.valid() {
		return Errorf(CodeInvalid, "observation %s: bearing %g, range %g or its error is out of range", o.ID, float64(p.Polar.Bearing), float64(p.Polar.Range))
	}
	if f := p.Fix; f != nil && !f.valid() {
		return Errorf(CodeInvalid, "observation %s: fix %q of %d satellites, HDOP %g, jamming %g is out of range", o.ID, f.Kind, f.Satellites, f.HDOP, f.Jamming)
	}
	return nil
}

func (a Altitude) valid() bool {
	switch a.Datum {
	case DatumEllipsoid, DatumSea, DatumPressure, DatumGround:
		return math.Abs(float64(a.Metres)) <= 1e8 && a.Sigma >= 0 && a.Sigma <= 1e8
	}
	return false
}

func (p Polar) valid() bool {
	errors := p.BearingSigma >= 0 && p.BearingSigma <= 180 && p.RangeSigma >= 0 && p.RadialSigma >= 0
	return errors && compass(p.Bearing) && p.Range >= 0 && p.Range <= 1e8 && math.Abs(p.RadialMps) <= maxPlotSpeed
}

func (f Fix) valid() bool {
	switch f.Kind {
	case FixNone, FixTwo, FixThree, FixBetter:
		return f.Satellites >= 0 && f.HDOP >= 0 && f.HDOP <= 1e4 && f.Jamming >= 0 && f.Jamming <= 1
	}
	return false
}

func compass(d geo.Degrees) bool { return d >= 0 && d < 360 }
