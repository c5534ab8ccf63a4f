package geo

import (
	"math"
	"strings"
	"testing"
)

// reference makes a reference of lines by kind.
func reference(t testing.TB, lines map[string]string) *Reference {
	t.Helper()
	var features []string
	for _, kind := range []string{"coast", "border", ""} {
		if lines[kind] == "" {
			continue
		}
		props := "{}"
		if kind != "" {
			props = `{"kind":"` + kind + `"}`
		}
		features = append(features, `{"type":"Feature","properties":`+props+`,"geometry":`+lines[kind]+`}`)
	}
	c, err := ParseGeoJSON([]byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReference(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestControlOfASquare(t *testing.T) {
	// Sea to the south, a border to the east drawn a kilometre off, contact elsewhere.
	r := reference(t, map[string]string{
		"coast":  `{"type":"LineString","coordinates":[[37,48],[40,48]]}`,
		"border": `{"type":"LineString","coordinates":[[39.01,47],[39.01,50]]}`,
	})
	area := mustArea(t, Polygon{box(48, 38, 49, 39), box(48.4, 38.4, 48.5, 38.5)})
	c, err := NewControl(area, r, ControlConfig{Tolerance: 2000})
	if err != nil {
		t.Fatal(err)
	}
	want := map[PartKind]float64{
		Coast:   float64(Distance(Point{48, 38}, Point{48, 39})),
		Border:  float64(Distance(Point{48, 39}, Point{49, 39})),
		Contact: float64(Distance(Point{48, 38}, Point{49, 38}) + Distance(Point{49, 38}, Point{49, 39})),
	}
	want[Contact] += float64(lengthOf(box(48.4, 38.4, 48.5, 38.5))) // the hole's edge is contact too
	for kind, length := range want {
		// The tolerance reaches around the corners.
		if got := float64(c.Length(kind)); !near(got, length, 4000) {
			t.Errorf("%s: %.0f m, want about %.0f", kind, got, length)
		}
	}
	for _, part := range c.Parts {
		// A little to the left of its middle the area holds, a little to the right not,
		// except across the border, where the area ends as well.
		i := len(part.Line) / 2
		d, azimuth, _ := Inverse(part.Line[i-1], part.Line[i])
		m, _ := Direct(part.Line[i-1], azimuth, d/2)
		left, _ := Direct(m, azimuth-90, 500)
		right, _ := Direct(m, azimuth+90, 500)
		if !c.Holds(left) || c.Holds(right) {
			t.Errorf("%s from %v to %v does not have the area on its left alone", part.Kind, part.Line[0], part.Line[len(part.Line)-1])
		}
	}
	p, _ := Direct(Point{48.5, 38}, -90, 7000)
	if got := c.DistanceToContact(p); !near(float64(got), 7000, 20) || c.Contact().SideOf(p) != Right {
		t.Errorf("7 km west of the line: %.1f m, %v", got, c.Contact().SideOf(p))
	}
	sea, _ := Direct(Point{48, 38.5}, 180, 500)
	if got := c.DistanceToContact(sea); got < 30e3 {
		t.Errorf("500 m off the coast the line of contact is %.0f m away", got)
	}
}

func TestControlSmoothsShortStretches(t *testing.T) {
	// The border swings 5 km away for a moment and 11 km away for 40 km.
	r := reference(t, map[string]string{"": `{"type":"LineString","coordinates":[[38,48],[38.3,48],[38.34,47.95],[38.38,48],[38.6,48],[38.7,47.9],[39,47.9],[39.2,48],[40,48]]}`})
	area := mustArea(t, Polygon{box(48, 38, 48.4, 40)})
	count := func(least Metres) (border, contact int) {
		c, err := NewControl(area, r, ControlConfig{Tolerance: 2000, MinLength: least})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range c.Parts {
			if p.Kind == Border {
				border++
			} else {
				contact++
			}
		}
		return border, contact
	}
	if border, contact := count(-1); border != 3 || contact != 3 {
		t.Errorf("all stretches kept: %d border, %d contact, want 3 and 3", border, contact)
	}
	if border, contact := count(0); border != 2 || contact != 2 {
		t.Errorf("short ones joined: %d border, %d contact, want 2 and 2", border, contact)
	}
}

func TestControlAlone(t *testing.T) {
	area := mustArea(t, Polygon{box(48, 38, 49, 39)})
	c, err := NewControl(area, &Reference{}, ControlConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Parts) != 1 || c.Parts[0].Kind != Contact || !near(float64(c.Length(Contact)), float64(c.Contact().Length()), .001) {
		t.Errorf("without a reference all is contact, got %+v", c.Parts)
	}
	r := reference(t, map[string]string{"coast": `{"type":"Polygon","coordinates":[[[38,48],[39,48],[39,49],[38,49],[38,48]]]}`})
	c, err = NewControl(area, r, ControlConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Contact() != nil || !math.IsInf(float64(c.DistanceToContact(Point{48.5, 38.5})), 1) || len(c.Parts) != 1 || c.Parts[0].Kind != Coast {
		t.Errorf("an island has no contact: %+v", c.Parts)
	}
	if _, err := NewControl(area, r, ControlConfig{Tolerance: -5}); err == nil || !strings.Contains(err.Error(), "tolerance") {
		t.Errorf("a negative tolerance: %v", err)
	}
}

func TestReferenceRefuses(t *testing.T) {
	for _, row := range []struct{ feature, want string }{
		{`{"type":"Feature","id":"r","properties":{"kind":"river"},"geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]}}`, "river"},
		{`{"type":"Feature","id":"r","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}`, "points"},
	} {
		c, err := ParseGeoJSON([]byte(row.feature))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := NewReference(c); err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), "feature r") {
			t.Errorf("got %v, want a refusal of r that says %q", err, row.want)
		}
	}
}

func TestOuterEdgesOfNeighbours(t *testing.T) {
	provinces := []Polygon{{box(0, 0, 1, 1)}, {box(0, 1, 1, 2)}, {box(1, 0, 2, 1)}, {box(1, 1, 2, 2)}}
	edges := OuterEdges(provinces)
	var length Degrees
	for _, e := range edges {
		for i := 1; i < len(e); i++ {
			length += max(e[i].Lat-e[i-1].Lat, e[i-1].Lat-e[i].Lat) + max(e[i].Lon-e[i-1].Lon, e[i-1].Lon-e[i].Lon)
			if e[i].Lat == 1 && e[i-1].Lat == 1 || e[i].Lon == 1 && e[i-1].Lon == 1 {
				t.Errorf("an inner edge is left: %v to %v", e[i-1], e[i])
			}
		}
	}
	if length != 8 {
		t.Errorf("the outer edge of four squares has %v degrees, want 8", length)
	}
}

func TestContactOfARealMap(t *testing.T) {
	r, err := NewReference(load(t, "viina", "ukraine-oblasts.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	area := mustArea(t, load(t, "deepstate", "deepstatemap_data_20260412.geojson").Features[0].Geom.Polygons...)
	// Lengths found by this method; the press speaks of a front of some 1,200 km.
	for _, row := range []struct{ tolerance, contact float64 }{{2, 1290}, {3, 1246}, {5, 1188}} {
		c, err := NewControl(area, r, ControlConfig{Tolerance: Metres(row.tolerance * 1000)})
		if err != nil {
			t.Fatal(err)
		}
		if got := float64(c.Length(Contact)) / 1000; !near(got, row.contact, 3) {
			t.Errorf("tolerance %.0f km: %.1f km of contact, want %.0f", row.tolerance, got, row.contact)
		}
		var all Metres
		for _, ring := range ringsOf(area.Polygons()) {
			all += lengthOf(ring)
		}
		if sum := c.Length(Contact) + c.Length(Border) + c.Length(Coast); !near(float64(sum), float64(all), 10) {
			t.Errorf("tolerance %.0f km: the parts are %.1f m together, the edge is %.1f m", row.tolerance, sum, all)
		}
	}
}
