package moving

import (
	"io"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

// Shapes are zones and lines that tracks are held against.
type Shapes struct {
	Zones []movement.Zone
	Lines []Line
}

// Line is a drawn line with its name.
type Line struct {
	Name string
	Line *geo.Line
}

// ReadShapes reads GeoJSON: polygons are zones, with a band of altitude where they have the
// properties floor_m or ceiling_m, lines are lines. Each is named by its feature's id, else by
// its property name, else by its number.
func ReadShapes(r io.Reader) (Shapes, error) {
	var out Shapes
	document, err := geo.ReadGeoJSON(r)
	if err != nil {
		return out, err
	}
	if n := len(document.Features); n > MaxShapes {
		return out, truce.Errorf(truce.CodeTooLarge, "%d zones and lines: write %d at most", n, MaxShapes)
	}
	seen := map[string]int{}
	for i := range document.Features {
		f := &document.Features[i]
		name := nameOf(f)
		if first, twice := seen[name]; twice {
			return out, truce.Errorf(truce.CodeInvalid, "features %d and %d are both called %.60q: give each an id of its own", first+1, i+1, name)
		}
		seen[name] = i
		if err := out.add(f, name); err != nil {
			return out, truce.Errorf(truce.CodeInvalid, "feature %d (%.60q): %w", i+1, name, err)
		}
	}
	if len(seen) == 0 {
		return out, truce.Errorf(truce.CodeInvalid, "there is neither a zone nor a line in it")
	}
	return out, nil
}

// nameOf is what a feature is called, as it may be shown.
func nameOf(f *geo.Feature) string {
	text := f.ID
	if text == "" {
		text = f.Text("name")
	}
	if text = truce.CleanText(text); text == "" {
		return f.Name()
	}
	if letters := []rune(text); len(letters) > maxName {
		return string(letters[:maxName-1]) + "…"
	}
	return text
}

func (s *Shapes) add(f *geo.Feature, name string) error {
	switch {
	case len(f.Geom.Polygons) > 0:
		area, err := f.Area()
		if err != nil {
			return err
		}
		band, err := bandOf(f)
		s.Zones = append(s.Zones, movement.Zone{ID: name, Area: area, Band: band})
		return err
	case len(f.Geom.Lines) > 0:
		line, err := f.Line()
		s.Lines = append(s.Lines, Line{name, line})
		return err
	}
	return truce.Errorf(truce.CodeInvalid, "a point is neither a zone nor a line: draw a polygon around it")
}

// bandOf is the band of altitude of a zone, nil for all.
func bandOf(f *geo.Feature) (*movement.Band, error) {
	band := movement.Band{Floor: -track.MaxAltitude, Ceiling: track.MaxAltitude}
	told := false
	for _, limit := range [...]struct {
		key  string
		into *geo.Metres
	}{{"floor_m", &band.Floor}, {"ceiling_m", &band.Ceiling}} {
		if text := f.Property(limit.key); text == nil || string(text) == "null" {
			continue
		}
		x, ok := f.Number(limit.key)
		if !ok || !(x >= -track.MaxAltitude && x <= track.MaxAltitude) {
			return nil, truce.Errorf(truce.CodeInvalid, "%s is no number of metres from %d to %d", limit.key, -int(track.MaxAltitude), int(track.MaxAltitude))
		}
		*limit.into, told = geo.Metres(x), true
	}
	if !told {
		return nil, nil
	}
	if !(band.Floor < band.Ceiling) {
		return nil, truce.Errorf(truce.CodeInvalid, "its floor_m of %g is not below its ceiling_m of %g", float64(band.Floor), float64(band.Ceiling))
	}
	return &band, nil
}
