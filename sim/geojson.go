package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/trucewatch/truce/geo"
)

// feature is one GeoJSON feature; properties keep their order so that a file has one form.
type feature struct {
	id         string
	properties []property
	geometry   geometry
}

type property struct {
	name  string
	value any
}

// geometry is a kind and its parts: one path for a LineString, one point for a
// Point, the outer ring for a Polygon, one outer ring each for a MultiPolygon.
// Rings are closed on writing.
type geometry struct {
	kind  string
	parts [][]geo.Point
}

// writeCollection prints one feature a line, longitude first (RFC 7946).
func writeCollection(features []feature) []byte {
	var b bytes.Buffer
	b.WriteString("{\"type\":\"FeatureCollection\",\"features\":[\n")
	for i, f := range features {
		if i > 0 {
			b.WriteString(",\n")
		}
		writeFeature(&b, f)
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}

func writeFeature(b *bytes.Buffer, f feature) {
	b.WriteString(`{"type":"Feature",`)
	if f.id != "" {
		fmt.Fprintf(b, `"id":%s,`, quoted(f.id))
	}
	b.WriteString(`"properties":{`)
	for i, p := range f.properties {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, "%s:%s", quoted(p.name), quoted(p.value))
	}
	fmt.Fprintf(b, `},"geometry":{"type":%s,"coordinates":`, quoted(f.geometry.kind))
	writeCoordinates(b, f.geometry)
	b.WriteString("}}")
}

// quoted is a value as JSON. The values written here always have one.
func quoted(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		return []byte("null")
	}
	return out
}

func writeCoordinates(b *bytes.Buffer, g geometry) {
	switch g.kind {
	case "Point":
		writePosition(b, g.parts[0][0])
	case "LineString":
		writePath(b, g.parts[0])
	case "Polygon":
		b.WriteByte('[')
		writePath(b, closed(g.parts[0]))
		b.WriteByte(']')
	default: // MultiPolygon
		b.WriteByte('[')
		for i, ring := range g.parts {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteByte('[')
			writePath(b, closed(ring))
			b.WriteByte(']')
		}
		b.WriteByte(']')
	}
}

func writePath(b *bytes.Buffer, path []geo.Point) {
	b.WriteByte('[')
	for i, p := range path {
		if i > 0 {
			b.WriteByte(',')
		}
		writePosition(b, p)
	}
	b.WriteByte(']')
}

func writePosition(b *bytes.Buffer, p geo.Point) {
	fmt.Fprintf(b, "[%s,%s]", number(float64(p.Lon)), number(float64(p.Lat)))
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func closed(ring []geo.Point) []geo.Point {
	return append(append([]geo.Point(nil), ring...), ring[0])
}

func line(path []geo.Point) geometry    { return geometry{"LineString", [][]geo.Point{path}} }
func polygon(ring []geo.Point) geometry { return geometry{"Polygon", [][]geo.Point{ring}} }
func dot(p geo.Point) geometry          { return geometry{"Point", [][]geo.Point{{p}}} }
