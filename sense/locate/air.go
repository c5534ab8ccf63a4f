package locate

import "github.com/trucewatch/truce"

// atmosphere is the air by time and area.
type atmosphere struct {
	still wind // where nothing better is known
	given []Air
	base  truce.Instant
}

func newAtmosphere(cfg Config, base truce.Instant) *atmosphere {
	return &atmosphere{still: wind{speed: cfg.SpeedAcoustic}, given: cfg.Meteo, base: base}
}

// at is the air at a place and time.
func (a *atmosphere) at(*place) wind { return a.still }
