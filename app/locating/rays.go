package locating

import (
	"slices"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// Ray is the way from an event to a sensor that heard it.
type Ray struct {
	Distance geo.Metres
	Azimuth  geo.Degrees // at the event, [0, 360)
}

// Rays are the ways to the sensors of the arrivals that an event rests on, in their order.
func Rays(field *Field, e *locate.Event) []Ray {
	out := make([]Ray, len(e.Used))
	for i, u := range e.Used {
		out[i] = RayTo(e.At, field.Sensors[field.Arrivals[u.Arrival].Sensor].At)
	}
	return out
}

// RayTo is the way from an event to a sensor.
func RayTo(event, sensor geo.Point) Ray {
	d, azimuth, _ := geo.Inverse(event, sensor)
	if azimuth < 0 {
		azimuth += 360
	}
	return Ray{d, azimuth}
}

// Gap is the widest angle around an event without a sensor that heard it: from 180 degrees on
// the event lies outside of them and is badly placed.
func Gap(rays []Ray) geo.Degrees {
	if len(rays) == 0 {
		return 360
	}
	azimuths := make([]geo.Degrees, len(rays))
	for i, r := range rays {
		azimuths[i] = r.Azimuth
	}
	slices.Sort(azimuths)
	gap := azimuths[0] + 360 - azimuths[len(azimuths)-1]
	for i := 1; i < len(azimuths); i++ {
		gap = max(gap, azimuths[i]-azimuths[i-1])
	}
	return gap
}
