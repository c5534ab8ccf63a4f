package app

import (
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/source/arrivals"
)

// EarsConfig says how what one network of sensors heard is located. A zero field means the
// default of sense/locate.
type EarsConfig struct {
	Network       string       `koanf:"network"`        // "": the mission's one
	Family        truce.Family `koanf:"family"`         // of what is heard through the air; "": acoustic
	SpeedAcoustic float64      `koanf:"speed_acoustic"` // m/s; 0: estimated
	SpeedP        float64      `koanf:"speed_p"`        // km/s
	SpeedS        float64      `koanf:"speed_s"`
	DepthMax      float64      `koanf:"depth_max"` // km
	MinArrivals   int          `koanf:"min_arrivals"`
}

// ears are the settings of a network.
func (c Config) ears(network string) EarsConfig {
	for _, e := range c.Ears {
		if e.Network == network {
			return e
		}
	}
	return EarsConfig{Network: network}
}

// locating is what the sense is told.
func (e EarsConfig) locating() locate.Config {
	return locate.Config{
		SpeedAcoustic: e.SpeedAcoustic, SpeedP: 1000 * e.SpeedP, SpeedS: 1000 * e.SpeedS,
		DepthMax: geo.Metres(1000 * e.DepthMax), MinArrivals: e.MinArrivals,
	}
}

// validateEars names the setting that is wrong and says what to write.
func validateEars(list []EarsConfig) error {
	seen := map[string]bool{}
	for i, e := range list {
		if seen[e.Network] {
			return fmt.Errorf("ears[%d]: network %q stands there twice", i, e.Network)
		}
		seen[e.Network] = true
		if err := (arrivals.Known{Network: e.Network, Air: e.Family}).Validate(); err != nil {
			return fmt.Errorf("ears[%d]: %w", i, err)
		}
		if err := e.locating().Validate(); err != nil {
			return fmt.Errorf("ears[%d]: %w", i, err)
		}
	}
	return nil
}
