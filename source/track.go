package source

import (
	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Track is the path of one object as files of navigation hold it; their writers take it.
type Track struct {
	Name   string
	Points []TrackPoint
}

// TrackPoint is where an object was. A time of 0 is not known.
type TrackPoint struct {
	Time truce.Instant
	At   geo.Point
	Alt  *geo.Metres // above mean sea level; nil: not known
}

// Valid says whether the point is one of the globe, and its height a number.
func (p TrackPoint) Valid() bool {
	return p.At.Valid() && (p.Alt == nil || *p.Alt >= -MaxTrackAltitude && *p.Alt <= MaxTrackAltitude)
}
