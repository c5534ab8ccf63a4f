// Package geo holds positions with error ellipses, geodesics on WGS84, lines with
// sides, zones, S2 cells and the units they are measured in.
//
// It never reads a clock, a file or the network, and knows nothing of ceasefires.
//
// Read this file for the types, inverse.go and direct.go for the geodesics,
// ellipse.go for uncertainty, then line.go, zone.go and prob.go for the questions an
// agreement asks: how far, on which side, inside or not, and with which probability.
// geojson.go reads maps, control.go finds the line of contact in them, and linesdiff.go
// what changed hands.
package geo

import (
	"fmt"
	"math"
)

// Metres is a length on the ellipsoid or in the local tangent plane.
type Metres float64

// Degrees is an angle. Azimuths are clockwise from north.
type Degrees float64

// SquareMetres is an area on the ellipsoid.
type SquareMetres float64

// Point is a WGS84 position. Latitude comes first in Go; GeoJSON has longitude first.
type Point struct {
	Lat Degrees `json:"lat"`
	Lon Degrees `json:"lon"`
}

// Valid says whether the point is finite and in range (|lat| <= 90, |lon| <= 180).
func (p Point) Valid() bool {
	return math.Abs(float64(p.Lat)) <= 90 && math.Abs(float64(p.Lon)) <= 180
}

// String writes the point as "lat,lon" with five decimals (about a metre).
func (p Point) String() string { return fmt.Sprintf("%.5f,%.5f", p.Lat, p.Lon) }

// InvalidError says which vertex of which feature cannot be used, and why.
// Ring and Vertex are -1 when the whole feature is meant, Feature is empty when the whole
// document is.
type InvalidError struct {
	Feature string // the feature's id, or "#n" by position
	Ring    int
	Vertex  int
	Reason  string // what is wrong and how to mend it
}

// Error names feature, ring and vertex before the reason.
func (e *InvalidError) Error() string {
	switch {
	case e.Feature == "":
		return e.Reason
	case e.Vertex >= 0:
		return fmt.Sprintf("feature %s, ring %d, vertex %d: %s", e.Feature, e.Ring, e.Vertex, e.Reason)
	case e.Ring >= 0:
		return fmt.Sprintf("feature %s, ring %d: %s", e.Feature, e.Ring, e.Reason)
	default:
		return fmt.Sprintf("feature %s: %s", e.Feature, e.Reason)
	}
}

// Covariance is a position's error in local east-north metres, squared.
// The zero value is an exact position.
type Covariance struct {
	EE float64 `json:"ee"`
	EN float64 `json:"en"`
	NN float64 `json:"nn"`
}

// Ellipse is a covariance as people draw it: 1-sigma semi-axes and the azimuth of
// the major one.
type Ellipse struct {
	Major  Metres  `json:"major_m"`
	Minor  Metres  `json:"minor_m"`
	Strike Degrees `json:"strike_deg"`
}

// Footprint is a rectangle on the ground that holds the position with no preference
// inside it: a satellite pixel. Scan and Track are full side lengths; Azimuth is the
// direction of the Track side.
type Footprint struct {
	Scan    Metres  `json:"scan_m"`
	Track   Metres  `json:"track_m"`
	Azimuth Degrees `json:"azimuth_deg"`
}

// Position is a point with its error. A pixel has a Footprint as well, and then Error
// is the footprint's own covariance.
type Position struct {
	Point
	Error     Covariance `json:"error"`
	Footprint *Footprint `json:"footprint,omitempty"`
}

// Side is the side of a directed line a point lies on.
type Side int

// The sides of a line, seen along its direction.
const (
	On Side = iota
	Left
	Right
)

// String is the word used in files: on, left or right.
func (s Side) String() string {
	switch s {
	case On:
		return "on"
	case Left:
		return "left"
	case Right:
		return "right"
	}
	return fmt.Sprintf("side %d", int(s))
}
