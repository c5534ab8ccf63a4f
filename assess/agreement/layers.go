package agreement

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	yaml "go.yaml.in/yaml/v3"
)

// shape is what geometry a reference may lead to.
type shape string

const (
	shapeArea     shape = "polygons"
	shapeLine     shape = "one line, of parts where it is cut"
	shapeBoundary shape = "lines or polygons"
	shapePlace    shape = "one point or polygons"
	shapeExtent   shape = "polygons or closed lines"
	shapeAny      shape = "any geometry"
)

// fits says whether a feature's geometry is of the shape.
func (s shape) fits(g *geo.Geometry) bool {
	switch s {
	case shapeArea:
		return len(g.Polygons) > 0
	case shapeLine:
		return len(g.Lines) > 0
	case shapeBoundary:
		return len(g.Lines)+len(g.Polygons) > 0
	case shapePlace:
		return len(g.Points) == 1 || len(g.Polygons) > 0
	case shapeExtent:
		return len(g.Polygons) > 0 || len(g.Lines) > 0 && !slices.ContainsFunc(g.Lines, open)
	}
	return true
}

func open(line []geo.Point) bool { return len(line) < 4 || line[0] != line[len(line)-1] }

// Features are what a reference names, in the order of the file.
func (a *Agreement) Features(ref Ref) []geo.Feature {
	if ref.File == "" || a.layers[ref.File] == nil {
		return nil
	}
	all := a.layers[ref.File].Features
	if ref.Feature == "" {
		return all
	}
	i := slices.IndexFunc(all, func(f geo.Feature) bool { return f.ID == ref.Feature })
	if i < 0 {
		return nil
	}
	return all[i : i+1]
}

// ref reads file and feature and checks that they lead to geometry of the shape. Without
// a feature field the feature named like the thing itself is meant, or all for "".
func (d *decoder) ref(m *mapping, feature string, want shape) Ref {
	file := m.need("file")
	ref := Ref{File: d.text(file, m.sub("file")), Feature: feature}
	at, path := file, m.sub("file")
	if n := m.get("feature"); n != nil {
		ref.Feature, at, path = d.text(n, m.sub("feature")), n, m.sub("feature")
	}
	if file == nil || !d.layer(ref.File, file, m.sub("file")) {
		return ref
	}
	found := d.a.Features(ref)
	if len(found) == 0 {
		d.errorf(at, path, "%s has no feature with the id %q%s", ref.File, cut(ref.Feature), didYouMean(ref.Feature, d.featureIDs(ref.File)))
	}
	for i := range found {
		if !want.fits(&found[i].Geom) {
			d.errorf(at, path, "%s: feature %s is a %s: want %s", ref.File, cut(found[i].Name()), found[i].Geom.Type(), want)
		}
	}
	return ref
}

func (d *decoder) featureIDs(file string) []string {
	var out []string
	for _, f := range d.a.layers[file].Features {
		out = append(out, f.ID)
	}
	return out
}

// layer parses a GeoJSON file once; false means that it cannot be used.
func (d *decoder) layer(name string, n *yaml.Node, path string) bool {
	if parsed, seen := d.a.layers[name]; seen {
		return parsed != nil
	}
	data, ok := d.files[name]
	if !ok {
		d.errorf(n, path, "the directory has no file %q%s", cut(name), didYouMean(name, d.geoFiles()))
		return false
	}
	parsed, err := geo.ParseGeoJSON(data)
	if err != nil {
		d.misdrawn(name, err, n, path)
	}
	d.a.layers[name] = parsed
	if err == nil {
		d.drawnTwice(name, data, parsed.Features)
	}
	return err == nil
}

// misdrawn refuses a drawing, at the place in its own file where the fault lies.
func (d *decoder) misdrawn(name string, err error, n *yaml.Node, path string) {
	var at *geo.PlacedError
	if !errors.As(err, &at) {
		d.errorf(n, path, "%s: %v", name, err)
		return
	}
	d.problems = append(d.problems, Problem{LevelError, name, at.Line, at.Column, path, at.Error()})
}

func (d *decoder) geoFiles() []string {
	var out []string
	for name := range d.files {
		if strings.HasSuffix(name, ".geojson") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// featureName is the name in a feature's own properties: name in the first language,
// name_xx in the others.
func (d *decoder) featureName(ref Ref) truce.Names {
	found := d.a.Features(ref)
	if len(found) == 0 {
		return nil
	}
	return d.propertyNames(&found[0])
}

func (d *decoder) propertyNames(f *geo.Feature) truce.Names {
	names := truce.Names{}
	for i, lang := range d.a.Languages {
		text := f.Text("name_" + lang)
		if i == 0 && text == "" {
			text = f.Text("name")
		}
		if text != "" {
			names[lang] = truce.CleanText(text)
		}
	}
	return names
}

// places reads the gazetteer: every point with a name is an agreed place name.
func (d *decoder) gazetteer(n *yaml.Node) []Place {
	if n == nil {
		return nil
	}
	m := d.mapping(n, "places")
	ref := d.ref(m, "", shapeAny)
	m.done()
	var out []Place
	for _, f := range d.a.Features(ref) {
		names := d.propertyNames(&f)
		if len(f.Geom.Points) != 1 || len(names) == 0 {
			continue
		}
		radius, _ := f.Number("radius_m")
		key := names[d.a.Languages[0]]
		if key == "" {
			d.errorf(n, "places", "%s: feature %s has no name in %s: add the property name", ref.File, cut(f.Name()), d.a.Languages[0])
		}
		out = append(out, Place{truce.PlaceName{Key: key, Names: names}, f.Geom.Points[0], geo.Metres(radius)})
	}
	return out
}

// clauses reads clauses/<lang>/<id>.md. The text in the first language is the authentic
// one, and its SHA-256 is what findings cite.
func (d *decoder) clauses() {
	texts := map[string]truce.Names{}
	for name, data := range d.files {
		if !strings.HasPrefix(name, "clauses/") {
			continue
		}
		parts := strings.Split(strings.TrimSuffix(name, ".md"), "/")
		if len(parts) != 3 || !strings.HasSuffix(name, ".md") || !clauseNumber().MatchString(parts[2]) {
			d.fileError(name, "want clauses/<language>/<clause>.md")
			continue
		}
		lang, id := parts[1], parts[2]
		if !slices.Contains(d.a.Languages, lang) {
			d.fileError(name, fmt.Sprintf("%s is not among the languages of %s", cut(lang), MainFile))
			continue
		}
		if len(data) > MaxClauseBytes || !utf8.Valid(data) {
			d.fileError(name, fmt.Sprintf("want UTF-8 text of at most %d bytes", MaxClauseBytes))
			continue
		}
		if texts[id] == nil {
			texts[id] = truce.Names{}
		}
		texts[id][lang] = truce.CleanText(string(data))
	}
	for id, text := range texts {
		d.clause(id, text)
	}
	slices.SortFunc(d.a.Clauses, func(a, b Clause) int { return compareNumbers(a.ID, b.ID) })
}

func (d *decoder) clause(id string, text truce.Names) {
	authentic := fmt.Sprintf("clauses/%s/%s.md", d.a.Languages[0], id)
	data, ok := d.files[authentic]
	for _, lang := range d.a.Languages[1:] {
		if text[lang] == "" && ok {
			d.problems = append(d.problems, Problem{LevelWarning, authentic, 1, 1, "", fmt.Sprintf("has no text in %s: add clauses/%s/%s.md", lang, lang, id)})
		}
	}
	if !ok {
		d.fileError(authentic, "is missing: the clause has a text in another language, but not in the authentic one")
		return
	}
	d.names["clause"] = append(d.names["clause"], id)
	d.a.Clauses = append(d.a.Clauses, Clause{ID: id, Text: text, Hash: ClauseHash(data)})
}

// ClauseHash is what findings and rules cite of a clause file: the SHA-256 of its text with
// every line ended by a line feed, and one at the very end. A checkout that writes lines in
// another way, or an editor that adds an empty line, changes no word and no hash.
func ClauseHash(data []byte) truce.Hash {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	return truce.HashOf(append(bytes.TrimRight(data, "\n"), '\n'))
}

func (d *decoder) fileError(name, text string) {
	d.problems = append(d.problems, Problem{LevelError, name, 1, 1, "", text})
}
