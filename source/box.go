package source

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// OutsideBounds is the reason given for a point outside the mission's box.
const OutsideBounds = "outside the mission's bounds"

// Box is the area a mission works in, in degrees. West may be greater than East: the
// box then crosses the 180th meridian. A nil box admits every point.
type Box struct {
	West, South, East, North geo.Degrees
}

// ParseBox reads "W,S,E,N" in degrees, the order of the FIRMS area API.
func ParseBox(text string) (*Box, error) {
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return nil, truce.Errorf(truce.CodeInvalid, "bounds %q: write west,south,east,north in degrees, e.g. 22,44,41,53", Cut(text, shown))
	}
	var v [4]geo.Degrees
	for i, name := range []string{"west", "south", "east", "north"} {
		n, err := Number([]byte(strings.TrimSpace(parts[i])))
		if err != nil {
			return nil, truce.Errorf(truce.CodeInvalid, "bounds: %s %w", name, err)
		}
		v[i] = geo.Degrees(n)
	}
	b := &Box{West: v[0], South: v[1], East: v[2], North: v[3]}
	return b, b.Validate()
}

// Validate refuses a box out of range or upside down.
func (b *Box) Validate() error {
	if b == nil {
		return nil
	}
	corners := []geo.Point{{Lat: b.South, Lon: b.West}, {Lat: b.North, Lon: b.East}}
	if !corners[0].Valid() || !corners[1].Valid() {
		return truce.Errorf(truce.CodeInvalid, "bounds %v: latitude goes from -90 to 90, longitude from -180 to 180", b)
	}
	if b.South >= b.North || b.West == b.East {
		return truce.Errorf(truce.CodeInvalid, "bounds %v: south must lie below north, and west and east apart", b)
	}
	return nil
}

// Contains says whether the point lies in the box or on its edge.
func (b *Box) Contains(p geo.Point) bool {
	if b == nil {
		return true
	}
	if p.Lat < b.South || p.Lat > b.North {
		return false
	}
	if b.West <= b.East {
		return p.Lon >= b.West && p.Lon <= b.East
	}
	return p.Lon >= b.West || p.Lon <= b.East
}

// String is the box as ParseBox reads it.
func (b *Box) String() string {
	if b == nil {
		return "-180,-90,180,90"
	}
	return fmt.Sprintf("%v,%v,%v,%v", float64(b.West), float64(b.South), float64(b.East), float64(b.North))
}
