package fence

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/trucewatch/truce/geo"
)

// ParseZones reads zones from GeoJSON: each feature is one, named by its id. The document is
// held against the rules of geo.ParseGeoJSON; then the coordinates are taken as they stand
// in it, not on the grid that package geo keeps maps on.
func ParseZones(data []byte) ([]Zone, error) {
	features, exact, err := parse(data)
	if err != nil {
		return nil, err
	}
	zones := make([]Zone, len(features))
	for i := range features {
		f := &features[i]
		if len(f.Geom.Polygons) == 0 {
			return nil, invalid(f, "a zone needs a Polygon or MultiPolygon, this is a "+f.Geom.Type())
		}
		zones[i] = Zone{ID: f.ID, Polygons: exact[i].polygons(), checked: true}
	}
	return zones, nil
}

// ParseLine reads a line from GeoJSON, all of whose features are parts of it.
func ParseLine(data []byte) (*Line, error) {
	features, exact, err := parse(data)
	if err != nil {
		return nil, err
	}
	var parts [][]geo.Point
	for i := range features {
		f := &features[i]
		if len(f.Geom.Lines) == 0 {
			return nil, invalid(f, "a line needs a LineString or MultiLineString, this is a "+f.Geom.Type())
		}
		parts = append(parts, exact[i].chains()...)
	}
	return NewLine("the line", parts...)
}

func invalid(f *geo.Feature, reason string) error {
	return &geo.InvalidError{Feature: f.Name(), Ring: -1, Vertex: -1, Reason: reason}
}

// parse gives the features of a document, and the coordinates of each at full precision.
func parse(data []byte) ([]geo.Feature, []coordinates, error) {
	collection, err := geo.ParseGeoJSON(data)
	if err != nil {
		return nil, nil, err
	}
	if len(collection.Features) == 0 {
		return nil, nil, &geo.InvalidError{Ring: -1, Vertex: -1, Reason: "the document holds no features: give it at least one"}
	}
	texts, err := coordinateTexts(data)
	if err != nil {
		return nil, nil, err
	}
	if len(texts) != len(collection.Features) {
		return nil, nil, fmt.Errorf("fence: %d geometries for %d features", len(texts), len(collection.Features))
	}
	exact := make([]coordinates, len(texts))
	for i, text := range texts {
		exact[i].read(text)
	}
	return collection.Features, exact, nil
}

// object is a JSON object whose names are told apart by case.
type object map[string]json.RawMessage

// coordinateTexts are the texts of the coordinates of a document's features, or of its one
// geometry. The document is known to be well formed.
func coordinateTexts(data []byte) ([][]byte, error) {
	if len(data) > 2 && string(data[:3]) == "\ufeff" {
		data = data[3:]
	}
	var document object
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	features := []object{document}
	if raw, ok := document["features"]; ok {
		features = nil
		if err := json.Unmarshal(raw, &features); err != nil {
			return nil, err
		}
	}
	texts := make([][]byte, 0, len(features))
	for _, f := range features {
		geometry := f
		if raw, ok := f["geometry"]; ok {
			geometry = nil
			if err := json.Unmarshal(raw, &geometry); err != nil {
				return nil, err
			}
		}
		texts = append(texts, geometry["coordinates"])
	}
	return texts, nil
}

// coordinates are the positions of a geometry, and where its chains and polygons end.
type coordinates struct {
	points        []geo.Point
	ends, outlets []int // of chains among the points, of polygons among the chains
	depth         int   // of the brackets of a position
}

// read takes the numbers from brackets that are known to be in order.
func (c *coordinates) read(text []byte) {
	depth, n := 0, 0
	var numbers [3]float64
	for at := 0; at < len(text); at++ {
		switch b := text[at]; b {
		case '[':
			depth++
		case ']':
			c.close(depth, numbers)
			depth, n = depth-1, 0
		case ' ', '\t', '\n', '\r', ',':
		default:
			from := at
			for at+1 < len(text) && text[at+1] != ',' && text[at+1] != ']' && text[at+1] > ' ' {
				at++
			}
			c.depth = depth
			numbers[n], _ = strconv.ParseFloat(string(text[from:at+1]), 64) // read once already
			n++
		}
	}
}

func (c *coordinates) close(depth int, numbers [3]float64) {
	switch depth {
	case c.depth:
		c.points = append(c.points, geo.Point{Lat: geo.Degrees(numbers[1]), Lon: geo.Degrees(numbers[0])})
	case c.depth - 1:
		c.ends = append(c.ends, len(c.points))
	case c.depth - 2:
		c.outlets = append(c.outlets, len(c.ends))
	}
}

func (c *coordinates) chains() [][]geo.Point {
	out := make([][]geo.Point, 0, len(c.ends))
	from := 0
	for _, to := range c.ends {
		out = append(out, c.points[from:to:to])
		from = to
	}
	return out
}

func (c *coordinates) polygons() []geo.Polygon {
	chains := c.chains()
	out := make([]geo.Polygon, 0, len(c.outlets))
	from := 0
	for _, to := range c.outlets {
		p := make(geo.Polygon, 0, to-from)
		for _, chain := range chains[from:to] {
			p = append(p, chain)
		}
		out = append(out, p)
		from = to
	}
	return out
}
