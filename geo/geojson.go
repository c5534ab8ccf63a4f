package geo

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Collection is what a GeoJSON document holds, in its order.
type Collection struct {
	Features []Feature
}

// Feature is one geometry with its properties.
type Feature struct {
	ID    string          // the file's id as text, empty where it has none
	Index int             // its place in the document, from 0
	Props json.RawMessage // a compact JSON object, nil when empty
	Geom  Geometry
}

// Name is how messages speak of the feature: its id, or "#n" counted from 1.
func (f *Feature) Name() string { return featureName(f.ID, f.Index) }

func featureName(id string, index int) string {
	if id != "" {
		return id
	}
	return "#" + strconv.Itoa(index+1)
}

// Text is a property that is a string, empty where there is none of that name.
func (f *Feature) Text(key string) string {
	var s string
	if json.Unmarshal(f.Property(key), &s) != nil {
		return ""
	}
	return s
}

// Number is a property that is a number.
func (f *Feature) Number(key string) (n float64, ok bool) {
	raw := f.Property(key)
	if raw == nil || json.Unmarshal(raw, &n) != nil || string(raw) == "null" {
		return 0, false
	}
	return n, true
}

// Property is the raw JSON of one property, nil where there is none of that name.
func (f *Feature) Property(key string) json.RawMessage {
	if len(f.Props) == 0 {
		return nil
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(f.Props, &all) != nil {
		return nil
	}
	return all[key]
}

// Area makes a zone of the feature's polygons.
func (f *Feature) Area() (*Area, error) {
	if len(f.Geom.Polygons) == 0 {
		return nil, &InvalidError{f.Name(), -1, -1, "a zone needs a Polygon or MultiPolygon, this is a " + f.Geom.Type()}
	}
	return NewArea(f.Name(), f.Geom.Polygons)
}

// Line makes a line of the feature's lines.
func (f *Feature) Line() (*Line, error) {
	if len(f.Geom.Lines) == 0 {
		return nil, &InvalidError{f.Name(), -1, -1, "a line needs a LineString or MultiLineString, this is a " + f.Geom.Type()}
	}
	return NewLine(f.Name(), f.Geom.Lines...)
}

// Geometry is points, or lines, or polygons: one of the three is not empty. The single and
// the multiple form of GeoJSON are not told apart.
type Geometry struct {
	Points   []Point
	Lines    [][]Point
	Polygons []Polygon
}

// Type is the geometry's name in GeoJSON.
func (g *Geometry) Type() string {
	multi := func(n int, name string) string {
		if n == 1 {
			return name
		}
		return "Multi" + name
	}
	switch {
	case len(g.Points) > 0:
		return multi(len(g.Points), "Point")
	case len(g.Lines) > 0:
		return multi(len(g.Lines), "LineString")
	default:
		return multi(len(g.Polygons), "Polygon")
	}
}

// ReadGeoJSON reads a document of at most MaxGeoJSONBytes. See ParseGeoJSON.
func ReadGeoJSON(r io.Reader) (*Collection, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxGeoJSONBytes+1))
	if err != nil {
		return nil, fmt.Errorf("geo: read GeoJSON: %w", err)
	}
	return ParseGeoJSON(data)
}

// ParseGeoJSON reads a FeatureCollection, a Feature or a bare geometry (RFC 7946).
//
// It refuses with a *PlacedError, which says line and column and holds an *InvalidError,
// which names feature, ring and vertex and says how to mend it: a document, nesting, feature or property beyond the limits of limits.go; a
// position that is not two or three numbers in range (a height is read and dropped);
// rings that are open, enclose nothing, cross themselves or each other, or share a
// stretch; holes outside their polygon; a key given twice; any reference system but
// WGS84; GeometryCollections; empty or missing geometry.
//
// Rings may touch themselves or each other in single points. A geometry across the
// antimeridian is accepted when it is cut there, as RFC 7946 (3.1.9) asks: an edge that
// spans more than 180 degrees of longitude is refused.
//
// What is accepted is brought into canonical form: positions on the grid of
// CoordinateDecimals, without immediate repeats; rings wound with the inside on the left.
// WriteGeoJSON writes that form and reading it again gives the same.
func ParseGeoJSON(data []byte) (*Collection, error) {
	if len(data) > MaxGeoJSONBytes {
		return nil, &PlacedError{&InvalidError{"", -1, -1, fmt.Sprintf(
			"the document is larger than %d MiB: split it or simplify its geometry", MaxGeoJSONBytes>>20)}, 1, 1}
	}
	s := &scanner{data: data}
	c, err := s.document()
	if err != nil {
		return nil, s.placed(err)
	}
	return c, nil
}

// WriteGeoJSON is the collection in canonical form, one feature a line: longitude first,
// at most CoordinateDecimals decimals, outer rings counter-clockwise and holes clockwise.
func WriteGeoJSON(c *Collection) []byte {
	out := []byte(`{"type":"FeatureCollection","features":[`)
	for i := range c.Features {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '\n')
		out = c.Features[i].append(out)
	}
	return append(out, "\n]}\n"...)
}

func (f *Feature) append(out []byte) []byte {
	out = append(out, `{"type":"Feature"`...)
	if f.ID != "" {
		id, _ := json.Marshal(f.ID) // a string always marshals
		out = append(append(out, `,"id":`...), id...)
	}
	props := f.Props
	if len(props) == 0 {
		props = json.RawMessage("{}")
	}
	out = append(append(out, `,"properties":`...), props...)
	out = append(out, `,"geometry":`...)
	out = f.Geom.append(out)
	return append(out, '}')
}

func (g *Geometry) append(out []byte) []byte {
	out = append(append(append(out, `{"type":"`...), g.Type()...), `","coordinates":`...)
	switch {
	case len(g.Points) > 0:
		out = appendList(out, g.Points, appendPoint)
	case len(g.Lines) > 0:
		out = appendList(out, g.Lines, appendChain)
	default:
		out = appendList(out, g.Polygons, appendPolygon)
	}
	return append(out, '}')
}

// appendList writes one item bare and several as an array, as single and multiple
// geometries differ.
func appendList[T any](out []byte, items []T, item func([]byte, T) []byte) []byte {
	if len(items) == 1 {
		return item(out, items[0])
	}
	return appendArray(out, items, item)
}

func appendArray[T any](out []byte, items []T, item func([]byte, T) []byte) []byte {
	out = append(out, '[')
	for i, x := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = item(out, x)
	}
	return append(out, ']')
}

func appendPolygon(out []byte, p Polygon) []byte {
	wound := slices.Clone(p)
	for i, r := range wound {
		wound[i] = r.wound(i == 0)
	}
	return appendArray(out, wound, func(out []byte, r Ring) []byte { return appendChain(out, r) })
}

func appendChain(out []byte, chain []Point) []byte { return appendArray(out, chain, appendPoint) }

func appendPoint(out []byte, p Point) []byte {
	p = onGrid(p) // the shortest text of a number on the grid has at most its decimals
	out = strconv.AppendFloat(append(out, '['), float64(p.Lon), 'f', -1, 64)
	out = strconv.AppendFloat(append(out, ','), float64(p.Lat), 'f', -1, 64)
	return append(out, ']')
}
