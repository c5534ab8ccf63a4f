package geo

import (
	"errors"
	"strings"
	"testing"
)

// A refusal says line and column, and what stands there is what it speaks of.
func TestRefusalsSayWhere(t *testing.T) {
	file := func(geometry string) string {
		return "{\"type\":\"FeatureCollection\",\"features\":[\n" +
			`{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[1,2]}},` + "\n" +
			`  {"type":"Feature","properties":{"name":"Зона"},"geometry":` + geometry + "}]}"
	}
	second := "\n  {" // the second feature's own beginning
	for _, row := range []struct {
		name, text, at string
	}{
		{"out of range", file(`{"type":"Polygon","coordinates":[[[0,0],[4,0],` + "\n" + `[4,94],[0,0]]]}`), "\n[4,94]"},
		{"out of range, in the third polygon's hole", file(`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[2,0],[3,0],[3,1],[2,0]]],[[[4,0],[9,0],[9,5],[4,0]],[[5,1],[6,1],[6,191],[5,1]]]]}`), "[6,191]"},
		{"out of range, of a line", file(`{"type":"LineString","coordinates":[[0,0],[1,1],[190,1]]}`), "[190,1]"},
		{"out of range, of several lines", file(`{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2], [3,3,100] ,[190,1]]]}`), "[190,1]"},
		{"out of range, of a point", file(`{"type":"Point","coordinates":[190,1]}`), "[190,1]"},
		{"out of range, of points", file(`{"type":"MultiPoint","coordinates":[[1,1],[190,1]]}`), "[190,1]"},
		{"open ring", file(`{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4]]]}`), "[0,4]"},
		{"self-crossing", file(`{"type":"Polygon","coordinates":[[[0,0],[4,4],[4,0],[0,4],[0,0]]]}`), "[0,0],[4,4]"},
		{"too few", file(`{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]],[[1,1],[2,1],[1,1]]]}`), "[[1,1]"},
		{"a line of one place", file(`{"type":"MultiLineString","coordinates":[[[1,2],[1,3]], [[5,6],[5,6]]]}`), "[[5,6]"},
		{"no number", file(`{"type":"Polygon","coordinates":[[[0,0],[4,null],[4,4],[0,0]]]}`), "[4,null]"},
		{"four numbers", file(`{"type":"Polygon","coordinates":[[[0,0],[4,0,0,0],[4,4],[0,0]]]}`), "[4,0,0,0]"},
		{"over the antimeridian", file(`{"type":"LineString","coordinates":[[170,0],[-170,0]]}`), "[-170,0]"},
		{"a point among the rings", file(`{"type":"Polygon","coordinates":[[[0,0],[4,0]],7]}`), "7]"},
		{"an unknown type", file(`{"type":"Circle","coordinates":[1,2]}`), second},
		{"a line as a polygon", file(`{"type":"Polygon","coordinates":[[1,2],[3,4]]}`), second},
		{"no geometry", file(`null`), second},
		{"no comma", strings.Replace(file(`{"type":"Point","coordinates":[3,4]}`), "},\n  {", "}\n  {", 1), second},
		{"a hole outside", file(`{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]],[[5,5],[6,6],[6,5],[5,5]]]}`), "[[5,5]"},
		{"a bracket of another kind", file(`{"type":"Point","coordinates":[3,4]`), "]}"},
		{"cut off", `{"type":"Point","coordinates":[3,4]`, ""},
		{"behind a byte order mark", "\ufeff" + `{"type":"Point","coordinates":[190,4]}`, "[190,4]"},
	} {
		_, err := ParseGeoJSON([]byte(row.text))
		var at *PlacedError
		if !errors.As(err, &at) {
			t.Errorf("%s: got %v, want a PlacedError", row.name, err)
			continue
		}
		lines := strings.Split(strings.TrimPrefix(row.text, "\ufeff"), "\n")
		if at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > len([]rune(lines[at.Line-1]))+1 {
			t.Errorf("%s: line %d, column %d of %d lines: %v", row.name, at.Line, at.Column, len(lines), err)
			continue
		}
		stands := string([]rune(lines[at.Line-1])[at.Column-1:])
		if !strings.HasPrefix(stands, strings.TrimLeft(row.at, "\n ")) || row.at == "" && stands != "" {
			t.Errorf("%s: line %d, column %d, where %q stands, want %q: %v", row.name, at.Line, at.Column, stands, row.at, err)
		}
		if row.at == second && at.Line != 3 {
			t.Errorf("%s: line %d, want that of the second feature", row.name, at.Line)
		}
	}
}

// Whatever is cut off or put in, the place lies in the document.
func TestEveryPlaceLiesInTheDocument(t *testing.T) {
	for _, text := range corpus {
		for i := range len(text) + 1 {
			for _, c := range []string{"", "[", "]", "\n", `"`, "x", "9", "{", "}"} {
				data := text[:i] + c + text[min(i+1, len(text)):]
				_, err := ParseGeoJSON([]byte(data))
				if err == nil {
					continue
				}
				var at *PlacedError
				if !errors.As(err, &at) {
					t.Fatalf("%q: %v is no PlacedError", data, err)
				}
				lines := strings.Split(data, "\n")
				if at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > len([]rune(lines[at.Line-1]))+1 {
					t.Fatalf("%q: line %d, column %d: %v", data, at.Line, at.Column, err)
				}
			}
		}
	}
}
