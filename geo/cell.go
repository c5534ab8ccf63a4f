package geo

import (
	"fmt"

	"github.com/golang/geo/r1"
	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"
)

// Cell is a cell of the S2 grid, for looking things up and for counting, never for deciding
// what is inside a zone: S2 takes the earth for a sphere.
type Cell uint64

// inflation is how much larger a sphere may show a distance on the ellipsoid, 0.56 % at
// worst, rounded up.
const inflation = 1.006

// sphereRadius is the radius in metres that S2 lengths are made with.
const sphereRadius = 6371010.0

// MaxCellLevel is the finest level, about a square centimetre; level 13 is about 1.3 km2.
const MaxCellLevel = 30

// CellID is the cell of a level, 0 to MaxCellLevel, that p is in. A level beyond is taken
// as the nearest.
func CellID(p Point, level int) Cell {
	return Cell(s2.CellIDFromLatLng(latLng(p)).Parent(min(max(level, 0), MaxCellLevel)))
}

// latLng is the point for S2, one for each place: the poles have no longitude and the
// antimeridian is 180.
func latLng(p Point) s2.LatLng {
	switch {
	case p.Lat >= 90 || p.Lat <= -90:
		p.Lon = 0
	case p.Lon == -180:
		p.Lon = 180
	}
	return s2.LatLngFromDegrees(float64(p.Lat), float64(p.Lon))
}

// String is the cell's token, the short hexadecimal form that other S2 tools read.
func (c Cell) String() string { return s2.CellID(c).ToToken() }

// ParseCell reads a token.
func ParseCell(token string) (Cell, error) {
	id := s2.CellIDFromToken(token)
	if !id.IsValid() {
		return 0, fmt.Errorf("geo: %.20q is not the token of an S2 cell", token)
	}
	return Cell(id), nil
}

// MarshalText writes the token: a 64-bit number would lose digits in JSON.
func (c Cell) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the token.
func (c *Cell) UnmarshalText(text []byte) error {
	cell, err := ParseCell(string(text))
	*c = cell
	return err
}

// Int64 is the cell as a database keeps it: the same 64 bits, so half of them negative.
// Equal cells have equal numbers; the order of cells is kept only within one face.
func (c Cell) Int64() int64 { return int64(c) }

// CellFromInt64 is the cell of a number that Int64 gave.
func CellFromInt64(n int64) Cell { return Cell(n) }

// Valid says whether this is a cell at all.
func (c Cell) Valid() bool { return s2.CellID(c).IsValid() }

// Level is the cell's level.
func (c Cell) Level() int { return s2.CellID(c).Level() }

// Parent is the cell of a coarser level that holds this one.
func (c Cell) Parent(level int) Cell {
	return Cell(s2.CellID(c).Parent(min(max(level, 0), c.Level())))
}

// Center is the middle of the cell.
func (c Cell) Center() Point {
	ll := s2.CellID(c).LatLng()
	return Point{Degrees(ll.Lat.Degrees()), Degrees(ll.Lng.Degrees())}
}

// CoverBounds lists, in rising order, cells of a level that together hold every point of a
// box, and some around it.
func CoverBounds(b Bounds, level int) ([]Cell, error) {
	if b.Empty() {
		return nil, nil
	}
	high, wide := (b.North-b.South)*(inflation-1)/2+1e-7, (b.East-b.West)*(inflation-1)/2+1e-7
	rect := s2.Rect{
		Lat: r1.Interval{Lo: inRadians(max(b.South-high, -90)), Hi: inRadians(min(b.North+high, 90))},
		Lng: s1.FullInterval(),
	}
	if b.East-b.West+2*wide < 360 { // beyond the antimeridian it goes on from the other side
		rect.Lng.Lo = inRadians(Degrees(normalLongitude(float64(b.West - wide))))
		rect.Lng.Hi = inRadians(Degrees(normalLongitude(float64(b.East + wide))))
	}
	return cover(rect, rect.Area(), level)
}

func inRadians(d Degrees) float64 { return float64(d) * radiansPerDegree }

// CoverCircle lists, in rising order, cells of a level that together hold every point within
// a distance of p, and some around it.
func CoverCircle(p Point, radius Metres, level int) ([]Cell, error) {
	if !(radius >= 0) || !p.Valid() {
		return nil, fmt.Errorf("geo: no cells within %v m of %v", radius, p)
	}
	angle := s1.Angle(float64(radius)*inflation/sphereRadius + 1e-9)
	disc := s2.CapFromCenterAngle(s2.PointFromLatLng(latLng(p)), angle)
	return cover(disc, disc.Area(), level)
}

func cover(region s2.Region, area float64, level int) ([]Cell, error) {
	level = min(max(level, 0), MaxCellLevel)
	if area/s2.AvgAreaMetric.Value(level) > MaxCoverCells {
		return nil, fmt.Errorf("geo: more than %d cells of level %d: take a coarser level or a smaller region", MaxCoverCells, level)
	}
	coverer := s2.RegionCoverer{MinLevel: level, MaxLevel: level, MaxCells: 4 * MaxCoverCells}
	ids := coverer.Covering(region)
	out := make([]Cell, len(ids))
	for i, id := range ids {
		out[i] = Cell(id)
	}
	return out, nil
}
