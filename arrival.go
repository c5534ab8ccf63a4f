package truce

import "github.com/trucewatch/truce/geo"

// ArrivalPhase is how a signal travelled.
type ArrivalPhase string

// The phases: sound in the air, and the compressional and shear waves of the ground.
const (
	PhaseAcoustic ArrivalPhase = "acoustic"
	PhaseP        ArrivalPhase = "P"
	PhaseS        ArrivalPhase = "S"
)

// Arrival is a timed signal at one sensor: when it came is the phenomenon time. Where the
// sensor stands is said by its Station, so that a place set right later holds for what was
// heard before.
type Arrival struct {
	Network   string       `json:"network,omitempty"` // the sensors that are heard together; "": the mission's one
	Phase     ArrivalPhase `json:"phase"`
	SigmaS    float64      `json:"sigma_s,omitempty"`     // stated error of the time, seconds, one sigma; 0: not stated
	Azimuth   geo.Degrees  `json:"azimuth_deg,omitempty"` // from the sensor to the source, clockwise from north
	Amplitude float64      `json:"amplitude,omitempty"`   // in the sensor's own unit; 0: none

	// AzimuthSigma is the error of Azimuth, one sigma; 0: there is no azimuth.
	AzimuthSigma geo.Degrees `json:"azimuth_sigma_deg,omitempty"`
}

// Station says where a sensor stands from the phenomenon time on: the place is the
// observation's.
type Station struct {
	Network   string     `json:"network,omitempty"` // as in Arrival
	Elevation geo.Metres `json:"elev_m"`            // above the sea
}

// validateEar refuses an arrival or a station that no sense could use.
func (o Observation) validateEar() error {
	if o.Sensor == "" {
		return Errorf(CodeInvalid, "observation %s: %s needs the sensor it is of", o.ID, o.Kind)
	}
	if o.Kind == KindStation {
		if o.Place == nil {
			return Errorf(CodeInvalid, "observation %s: a station needs the place where it stands", o.ID)
		}
		return nil
	}
	a := o.Arrival
	switch {
	case a.Phase != PhaseAcoustic && a.Phase != PhaseP && a.Phase != PhaseS:
		return Errorf(CodeInvalid, "observation %s: phase %q is none of acoustic, P and S", o.ID, a.Phase)
	case !(a.SigmaS >= 0 && a.SigmaS <= MaxArrivalSigma):
		return Errorf(CodeInvalid, "observation %s: sigma_s %g, want 0 to %d", o.ID, a.SigmaS, MaxArrivalSigma)
	case !(a.AzimuthSigma >= 0 && a.AzimuthSigma <= 180) || !(a.Azimuth >= 0 && a.Azimuth < 360):
		return Errorf(CodeInvalid, "observation %s: azimuth %g within %g degrees, want 0 to 360 within 180", o.ID, float64(a.Azimuth), float64(a.AzimuthSigma))
	}
	return nil
}
