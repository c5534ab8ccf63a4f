package explain

import (
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// shape says how large a drawing is, or where, and tells two apart by a hash of their
// points.
func (t *Text) shape(ref agreement.Ref) string {
	d := t.drawing(ref)
	var text strings.Builder
	for _, f := range t.terms.Features(ref) {
		fmt.Fprint(&text, f.ID, f.Geom.Points, f.Geom.Lines, f.Geom.Polygons)
	}
	hash := fmt.Sprintf("%.12s", truce.HashOf([]byte(text.String())))
	switch {
	case len(d.polygons) > 0:
		return t.say("shape.area", "size", t.squares(sizeOf(d.polygons)), "hash", hash)
	case len(d.lines) > 0:
		return t.say("shape.line", "length", t.metres(whole(lengthOf(d.lines))), "hash", hash)
	case len(d.points) == 1:
		return t.say("shape.point", "at", at(d.points[0]))
	}
	return t.say("shape", "hash", hash)
}

// drawing is what a reference leads to, all features together.
type drawing struct {
	points   []geo.Point
	lines    [][]geo.Point
	polygons []geo.Polygon
}

func (t *Text) drawing(ref agreement.Ref) drawing {
	var d drawing
	for _, f := range t.terms.Features(ref) {
		d.points = append(d.points, f.Geom.Points...)
		d.lines = append(d.lines, f.Geom.Lines...)
		d.polygons = append(d.polygons, f.Geom.Polygons...)
	}
	return d
}

func sizeOf(polygons []geo.Polygon) geo.SquareMetres {
	var sum geo.SquareMetres
	for _, p := range polygons {
		sum += p.SquareMetres()
	}
	return sum
}

func lengthOf(lines [][]geo.Point) geo.Metres {
	l, err := geo.NewLine("", lines...)
	if err != nil {
		return 0
	}
	return l.Length()
}

// whole rounds to a metre.
func whole(m geo.Metres) float64 { return float64(int64(float64(m) + 0.5)) }

// at prints a point with some metres of precision, as maps take it, whatever the language.
func at(p geo.Point) string { return fmt.Sprintf("%.5f, %.5f", float64(p.Lat), float64(p.Lon)) }

// squares prints an area.
func (t *Text) squares(v geo.SquareMetres) string {
	return t.number(float64(v)/1e6) + " " + t.say("km2")
}

// sketch is a drawing of an entry, with the part of the entry that it is, "" for all.
type sketch struct {
	part string
	ref  agreement.Ref
}

// sketches are the drawings of an entry of a section.
func (t *Text) sketches(section, id string) []sketch {
	a := t.terms
	switch section {
	case "zone":
		for _, z := range a.Zones {
			if string(z.ID) == id {
				return []sketch{{"", z.Source}}
			}
		}
	case "site":
		for _, s := range a.Sites {
			if s.ID == id {
				return []sketch{{"", s.Source}}
			}
		}
	case "area":
		for _, area := range a.Areas {
			if string(area.ID) == id {
				return []sketch{{"", area.Source}}
			}
		}
	case "line":
		return t.versions(id)
	}
	return nil
}

func (t *Text) versions(line string) []sketch {
	i := slices.IndexFunc(t.terms.Lines, func(l agreement.Line) bool { return string(l.ID) == line })
	if i < 0 {
		return nil
	}
	out := make([]sketch, len(t.terms.Lines[i].Versions))
	for k, v := range t.terms.Lines[i].Versions {
		out[k] = sketch{v.Version, v.Source}
	}
	return out
}

// moved says by how much the drawings of an entry differ: areas by their size and what
// they have in common, points and lines by a distance.
func moved(before, after *Text, section, id string) []string {
	if section == "place" {
		return movedPlace(before, after, id)
	}
	var out []string
	old := before.sketches(section, id)
	for _, now := range after.sketches(section, id) {
		i := slices.IndexFunc(old, func(s sketch) bool { return s.part == now.part })
		if i < 0 || before.shape(old[i].ref) == after.shape(now.ref) {
			continue
		}
		text := after.apart(before.drawing(old[i].ref), after.drawing(now.ref))
		if text != "" && now.part != "" {
			text = after.say("moved.version", "version", now.part, "how", text)
		}
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

func movedPlace(before, after *Text, key string) []string {
	named := func(p agreement.Place) bool { return p.Key == key }
	i, k := slices.IndexFunc(before.terms.Places, named), slices.IndexFunc(after.terms.Places, named)
	if i < 0 || k < 0 || before.terms.Places[i].At == after.terms.Places[k].At {
		return nil
	}
	return []string{after.say("moved.point", "m", after.metres(whole(geo.Distance(before.terms.Places[i].At, after.terms.Places[k].At))))}
}

// apart says how two drawings of one sort differ, "" for drawings of two sorts.
func (t *Text) apart(old, now drawing) string {
	switch {
	case len(old.polygons) > 0 && len(now.polygons) > 0:
		return t.areasApart(old.polygons, now.polygons)
	case len(old.lines) > 0 && len(now.lines) > 0:
		a, errA := geo.NewLine("", old.lines...)
		b, errB := geo.NewLine("", now.lines...)
		if errA != nil || errB != nil {
			return ""
		}
		return t.say("moved.line", "m", t.metres(whole(max(farthest(a, b), farthest(b, a)))))
	case len(old.points) == 1 && len(now.points) == 1:
		return t.say("moved.point", "m", t.metres(whole(geo.Distance(old.points[0], now.points[0]))))
	}
	return ""
}

// farthest is how far any vertex of a line lies from another line.
func farthest(of, from *geo.Line) geo.Metres {
	var most geo.Metres
	for _, part := range of.Parts() {
		for _, p := range part {
			most = max(most, from.DistanceTo(p))
		}
	}
	return most
}

// areasApart gives both sizes, and what is common to both where the overlay can be made.
func (t *Text) areasApart(old, now []geo.Polygon) string {
	before, after := t.squares(sizeOf(old)), t.squares(sizeOf(now))
	a, errA := geo.NewArea("", old)
	b, errB := geo.NewArea("", now)
	if errA == nil && errB == nil {
		if change, err := geo.DiffAreas(a, b); err == nil {
			common := max(0, a.SquareMetres()-change.LostArea())
			return t.say("moved.area", "before", before, "after", after, "common", t.squares(common))
		}
	}
	return t.say("moved.sizes", "before", before, "after", after)
}
