package locate

import (
	"math"

	"github.com/trucewatch/truce"
)

// Validate says what is wrong with the configuration, if anything is.
func (c Config) Validate() error {
	speeds := []struct {
		name      string
		v, lo, hi float64
	}{
		{"acoustic speed", c.SpeedAcoustic, 200, 2000}, // cold air to water
		{"P speed", c.SpeedP, 300, 12_000},             // loose sand to the mantle
		{"S speed", c.SpeedS, 100, 8000},
	}
	for _, s := range speeds {
		if s.v != 0 && !(s.v >= s.lo && s.v <= s.hi) {
			return truce.Errorf(truce.CodeInvalid, "%s %g m/s: want %g to %g, or 0 for the default", s.name, s.v, s.lo, s.hi)
		}
	}
	m := c.withDefaults()
	if m.SpeedS >= m.SpeedP {
		return truce.Errorf(truce.CodeInvalid, "S speed %g m/s: it must be below the P speed, %g m/s", m.SpeedS, m.SpeedP)
	}
	if d := float64(c.DepthMax); !(d >= 0 && d <= 700_000) {
		return truce.Errorf(truce.CodeInvalid, "greatest depth %g m: want 0 to 700,000", d)
	}
	if c.MinArrivals < 0 || c.MinArrivals > 0 && c.MinArrivals < 3 {
		return truce.Errorf(truce.CodeInvalid, "%d arrivals at least: three unknowns take 3 or more; 0 means the default", c.MinArrivals)
	}
	if len(c.Decisions) > MaxDecisions {
		return truce.Errorf(truce.CodeTooLarge, "%d decisions: at most %d", len(c.Decisions), MaxDecisions)
	}
	for i, a := range c.Meteo {
		if err := a.validate(); err != nil {
			return truce.Errorf(truce.CodeInvalid, "meteo row %d: %v", i+1, err)
		}
	}
	return nil
}

func (a Air) validate() error {
	if !(a.Speed >= 200 && a.Speed <= 2000) {
		return truce.Errorf(truce.CodeInvalid, "speed of sound %g m/s: want 200 to 2000", a.Speed)
	}
	if !(math.Hypot(a.East, a.North) <= 120) {
		return truce.Errorf(truce.CodeInvalid, "wind %g east, %g north: want at most 120 m/s", a.East, a.North)
	}
	if a.From.OrEarliest() >= a.To.OrLatest() {
		return truce.Errorf(truce.CodeInvalid, "it ends (%v) before it begins (%v)", a.To, a.From)
	}
	return nil
}

// CheckSensor says what is wrong with a sensor, if anything is.
func CheckSensor(s Sensor) error {
	switch lat, lon, elev := float64(s.At.Lat), float64(s.At.Lon), float64(s.Elev); {
	case s.ID == "":
		return truce.Errorf(truce.CodeInvalid, "sensor without an id")
	case !(math.Abs(lat) <= 90):
		return truce.Errorf(truce.CodeInvalid, "sensor %q: latitude %g, want -90 to 90", s.ID, lat)
	case !(math.Abs(lon) <= 180):
		return truce.Errorf(truce.CodeInvalid, "sensor %q: longitude %g, want -180 to 180", s.ID, lon)
	case !(math.Abs(elev) <= maxAbsElev):
		return truce.Errorf(truce.CodeInvalid, "sensor %q: elevation %g m, want at most %d either way", s.ID, elev, maxAbsElev)
	}
	return nil
}

// CheckArrival says what is wrong with an arrival at one of n sensors, if anything is.
func CheckArrival(a Arrival, n int) error {
	sigma, azimuth, spread := a.Sigma, float64(a.Azimuth), float64(a.AzimuthSigma)
	switch {
	case a.ID == "":
		return truce.Errorf(truce.CodeInvalid, "arrival without an id")
	case a.Sensor < 0 || a.Sensor >= n:
		return truce.Errorf(truce.CodeInvalid, "arrival %q: sensor %d of %d", a.ID, a.Sensor, n)
	case a.Time < Earliest || a.Time >= Latest:
		return truce.Errorf(truce.CodeInvalid, "arrival %q: time %v, want %v to %v; was the clock ever set?", a.ID, a.Time, Earliest, Latest)
	case int(a.Phase) >= len(phaseNames):
		return truce.Errorf(truce.CodeInvalid, "arrival %q: %v, want acoustic, P or S", a.ID, a.Phase)
	case !(sigma >= 0 && sigma <= 1000):
		return truce.Errorf(truce.CodeInvalid, "arrival %q: sigma %g s, want 0 (not known) to 1000", a.ID, sigma)
	case !(spread >= 0 && spread <= 180):
		return truce.Errorf(truce.CodeInvalid, "arrival %q: azimuth sigma %g degrees, want 0 (no azimuth) to 180", a.ID, spread)
	case spread > 0 && !(math.Abs(azimuth) <= 360):
		return truce.Errorf(truce.CodeInvalid, "arrival %q: azimuth %g degrees, want 0 to 360", a.ID, azimuth)
	case math.IsNaN(a.Amplitude) || math.IsInf(a.Amplitude, 0):
		return truce.Errorf(truce.CodeInvalid, "arrival %q: amplitude %g", a.ID, a.Amplitude)
	}
	return nil
}
