package geo

import (
	"encoding/json"
	"fmt"
	"slices"
)

// object is a GeoJSON object of any kind while it is read: what it is, only its "type"
// says, and that may come last.
type object struct {
	kind     string
	id       string
	props    json.RawMessage
	geometry *object
	coords   *coordinates
	features []Feature
	listed   bool // has "features"
	nothing  bool // "geometry" is null
}

// place is where an object stands.
type place int

const (
	asDocument place = iota
	asFeature
	asGeometry
)

// document reads the whole text. It is the one way in.
func (s *scanner) document() (*Collection, error) {
	s.byteOrderMark()
	o, err := s.object(asDocument, 1)
	if err != nil {
		return nil, err
	}
	if s.space(); s.at != len(s.data) {
		return nil, s.syntax("text after the end of the document")
	}
	if o.kind == "" {
		return nil, s.invalid(`not GeoJSON: the document has no "type"`)
	}
	if o.kind == "FeatureCollection" {
		if !o.listed {
			return nil, s.invalid(`the FeatureCollection has no "features" array`)
		}
		return &Collection{o.features}, nil
	}
	if o.listed {
		return nil, s.invalid(fmt.Sprintf(`"features" in an object of type %.40q: set "type" to "FeatureCollection"`, o.kind))
	}
	s.inFeature = true
	whole := &o
	if o.kind != "Feature" {
		whole = &object{kind: "Feature", geometry: &o}
	}
	f, err := s.feature(whole)
	if err != nil {
		return nil, err
	}
	return &Collection{[]Feature{f}}, nil
}

// object reads an object's members one after another; depth counts the open brackets.
func (s *scanner) object(in place, depth int) (object, error) {
	var o object
	err := s.members(MaxMembers, func(key string) error {
		var err error
		switch {
		case key == "type":
			o.kind, err = s.text(MaxIDBytes)
		case key == "coordinates":
			o.coords, err = s.coordinates(in)
		case key == "geometries":
			err = s.invalid("GeometryCollection is not accepted: give each geometry as a feature of its own")
		case key == "features":
			o.listed = true
			o.features, err = s.features(in, depth+1)
		case key == "geometry" && in != asGeometry:
			err = s.geometry(&o, in, depth+1)
		case key == "id" && in != asGeometry:
			o.id, err = s.identifier()
		case key == "properties" && in != asGeometry:
			o.props, err = s.properties(depth)
		case key == "crs":
			err = s.referenceSystem(depth)
		default:
			_, err = s.skip("member "+shownKey(key), depth)
		}
		return err
	})
	return o, err
}

func (s *scanner) features(in place, depth int) ([]Feature, error) {
	if in != asDocument {
		return nil, s.invalid(`"features" inside a feature: collections do not nest, list the features side by side`)
	}
	var out []Feature
	err := s.array(func(i int) error {
		if i >= MaxFeatures {
			return s.invalid(fmt.Sprintf("more than %d features: split the document", MaxFeatures))
		}
		s.begin(i)
		o, err := s.object(asFeature, depth+1)
		if err != nil {
			return err
		}
		f, err := s.feature(&o)
		if err != nil {
			return err
		}
		s.inFeature, s.whole, s.coordinatesAt = false, false, 0
		out = append(out, f)
		return nil
	})
	return out, err
}

func (s *scanner) geometry(o *object, in place, depth int) error {
	if in == asDocument {
		s.inFeature = true
	}
	if s.literal("null") {
		o.nothing = true
		return nil
	}
	g, err := s.object(asGeometry, depth)
	o.geometry = &g
	return err
}

// identifier reads an id: a string, or a number kept as its text.
func (s *scanner) identifier() (string, error) {
	var id string
	var err error
	switch c := s.peek(); {
	case s.literal("null"):
		return "", nil
	case c == '"':
		id, err = s.text(MaxIDBytes)
	case c == '-' || c >= '0' && c <= '9':
		var number []byte
		number, err = s.numeral()
		id = string(number)
	default:
		err = s.invalid(`"id" must be a string or a number`)
	}
	s.id = id
	return id, err
}

func (s *scanner) properties(depth int) (json.RawMessage, error) {
	if s.literal("null") {
		return nil, nil
	}
	if s.peek() != '{' {
		return nil, s.invalid(`"properties" must be an object or null`)
	}
	raw, err := s.skip("properties", depth)
	if string(raw) == "{}" {
		return nil, err
	}
	return raw, err
}

// worldSystems are the names under which files of before RFC 7946 say WGS84.
var worldSystems = []string{
	"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84", "CRS84",
	"http://www.opengis.net/def/crs/OGC/1.3/CRS84", "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
	"EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "http://www.opengis.net/def/crs/EPSG/0/4326",
}

func (s *scanner) referenceSystem(depth int) error {
	if s.literal("null") {
		return nil
	}
	raw, err := s.skip("crs", depth)
	if err != nil {
		return err
	}
	var crs struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	if json.Unmarshal(raw, &crs) == nil && slices.Contains(worldSystems, crs.Properties.Name) {
		return nil
	}
	return s.invalid(fmt.Sprintf("reference system %.80q is not WGS84: convert it (ogr2ogr -t_srs EPSG:4326)", crs.Properties.Name))
}

// feature makes a checked feature of what was read.
func (s *scanner) feature(o *object) (Feature, error) {
	f := Feature{ID: o.id, Index: s.index, Props: o.props}
	s.id, s.whole = o.id, true
	if o.kind != "Feature" {
		return f, s.invalid(fmt.Sprintf(`an object of type %.40q stands where a Feature should`, o.kind))
	}
	if o.coords != nil {
		return f, s.invalid(`"coordinates" beside "geometry": they belong inside it`)
	}
	if o.geometry == nil {
		return f, s.invalid("the feature has no geometry: leave it out or give it one")
	}
	g := o.geometry
	if g.coords == nil {
		return f, s.invalid(fmt.Sprintf(`geometry of type %.40q has no "coordinates"`, g.kind))
	}
	var err error
	f.Geom, err = g.coords.geometry(f.Name(), g.kind)
	return f, err
}

// geometry gives the coordinates the meaning of a type and checks them.
func (c *coordinates) geometry(feature, kind string) (Geometry, error) {
	depths := map[string]int{"Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3, "Polygon": 3, "MultiPolygon": 4}
	depth, known := depths[kind]
	if !known {
		return Geometry{}, &InvalidError{feature, -1, -1, fmt.Sprintf("unknown geometry type %.40q: use Point, LineString, Polygon or their Multi forms", kind)}
	}
	if depth != c.depth {
		return Geometry{}, &InvalidError{feature, -1, -1, fmt.Sprintf(
			"wrong nesting: the positions of a %s lie %d arrays deep, these %d", kind, depth, c.depth)}
	}
	var g Geometry
	var err error
	switch kind {
	case "Point", "MultiPoint":
		g.Points, err = tidyPoints(feature, c.points)
	case "LineString", "MultiLineString":
		g.Lines, err = tidyLines(feature, c.chains())
	default:
		g.Polygons, err = tidyPolygons(feature, c.polygons())
	}
	return g, err
}

func tidyPoints(feature string, points []Point) ([]Point, error) {
	out := make([]Point, len(points))
	for i, p := range points {
		if err := checkPoint(feature, 0, i, p); err != nil {
			return nil, err
		}
		out[i] = onGrid(p)
	}
	return out, nil
}

// tidyLines brings lines to the grid; each needs two different positions.
func tidyLines(feature string, lines [][]Point) ([][]Point, error) {
	out := make([][]Point, len(lines))
	for i, line := range lines {
		tidied, err := tidy(feature, i, line)
		if err != nil {
			return nil, err
		}
		if len(tidied) < 2 {
			return nil, &InvalidError{feature, i, -1, "a line needs at least 2 different positions"}
		}
		out[i] = tidied
	}
	return out, nil
}
