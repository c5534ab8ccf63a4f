package agreement

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// drawnTwice refuses a file with two features of one id at different places: a rule that
// names the id would mean the first, and nobody would see the other. Identical twins are
// harmless and are left alone.
func (d *decoder) drawnTwice(name string, data []byte, features []geo.Feature) {
	first := map[string]int{}
	for i := range features {
		id := features[i].ID
		k, twice := first[id]
		switch {
		case id == "":
		case !twice:
			first[id] = i
		case !reflect.DeepEqual(features[k].Geom, features[i].Geom):
			places := featurePlaces(data)
			at := Problem{Level: LevelError, File: name, Line: 1, Column: 1}
			other := 1
			if i < len(places) {
				at.Line, at.Column, other = places[i][0], places[i][1], places[k][0]
			}
			at.Text = fmt.Sprintf("the id %q stands twice, at different places, in lines %d and %d: give each feature an id of its own", cut(id), other, at.Line)
			d.problems = append(d.problems, at)
		}
	}
}

// featurePlaces are the line and column at which each feature of a collection begins.
func featurePlaces(data []byte) [][2]int {
	dec := json.NewDecoder(bytes.NewReader(data))
	depth, inside := 0, false
	for !inside {
		token, err := dec.Token()
		if err != nil {
			return nil
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		case "features":
			inside = depth == 1
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil
	}
	var out [][2]int
	line, from := 1, 0
	for dec.More() {
		at := int(dec.InputOffset())
		for at < len(data) && data[at] != '{' {
			at++
		}
		var skipped json.RawMessage
		if dec.Decode(&skipped) != nil {
			return out
		}
		line += bytes.Count(data[from:at], []byte{'\n'})
		from = at
		out = append(out, [2]int{line, at - bytes.LastIndexByte(data[:at], '\n')})
	}
	return out
}

// small are the values of what a condition asks about where there are few: all of them are
// tried.
func small(name string) []any {
	var out []any
	switch name {
	case "hour":
		for h := range 24 {
			out = append(out, h)
		}
	case "weekday":
		for w := range 7 {
			out = append(out, w+1)
		}
	case "damage":
		out = []any{true, false}
	}
	return out
}

// always says what a condition answers whatever the incident: yes, no, or some of both.
// Each hour and weekday is tried with everything else unknown.
func (e *Expression) always() (yes, no bool) {
	values := map[string]any{}
	var unknown []*cel.AttributePatternType
	var names []string
	for _, a := range e.asks {
		if small(a.name) == nil {
			unknown = append(unknown, a.unknown)
		} else {
			names = append(names, a.name)
		}
	}
	yes, no = true, true
	var try func(int)
	try = func(i int) {
		if i < len(names) {
			for _, value := range small(names[i]) {
				values[names[i]] = value
				try(i + 1)
			}
			return
		}
		vars, err := cel.PartialVars(values, unknown...)
		if err != nil {
			yes, no = false, false
			return
		}
		answer, _, err := e.program.Eval(vars)
		if err != nil || types.IsUnknown(answer) {
			yes, no = false, false
			return
		}
		answered, _ := answer.Value().(bool)
		yes, no = yes && answered, no && !answered
	}
	try(0)
	return yes, no
}

// lintListed warns of a site that a party is said to list and that none of its lists
// holds, and the other way round.
func (d *decoder) lintListed() {
	for _, s := range d.a.Sites {
		if len(s.ListedBy) == 0 {
			continue
		}
		at, field := d.place("site", s.ID), "sites "+s.ID
		for _, p := range d.a.Parties {
			var own []string
			for _, l := range d.a.Lists {
				if l.Party == p.ID && !slices.Contains(own, l.ID) {
					own = append(own, l.ID)
				}
			}
			said, holds := slices.Contains(s.ListedBy, p.ID), d.a.listed(own, s)
			switch {
			case len(own) == 0 || said == holds:
			case said:
				d.warnf(at, field, "contradiction: listed_by names %s, and no list of %s (%s) holds the site: mend one of them", p.ID, p.ID, strings.Join(own, ", "))
			default:
				d.warnf(at, field, "contradiction: a list of %s (%s) holds the site, and listed_by does not name %s: mend one of them", p.ID, strings.Join(own, ", "), p.ID)
			}
		}
	}
}

// lintBegins warns of a line that is drawn for the first time after a rule that needs it
// has begun: until then nothing can be decided under it.
func (d *decoder) lintBegins() {
	for _, l := range d.a.Lines {
		if l.Derived != "" || len(l.Versions) == 0 {
			continue
		}
		first := l.Versions[0].ValidFrom.OrEarliest()
		for _, v := range l.Versions {
			first = min(first, v.ValidFrom.OrEarliest())
		}
		for i := range d.a.Rules {
			r := &d.a.Rules[i]
			if begins := d.beginsAt(r); r.Evaluated && r.Dates == nil && begins < first && d.a.needs(r, l.ID) {
				d.warnf(d.place("line", string(l.ID)), "lines "+string(l.ID), "is first valid from %s, and %s needs it from %s: until then nothing can be decided under the rule; mend valid_from, or in_force of the rule", first, r.ID, begins)
				break
			}
		}
	}
}

// beginsAt is when a rule first asks something.
func (d *decoder) beginsAt(r *Rule) truce.Instant {
	at := max(d.a.Effective.At, r.InForce.From.OrEarliest())
	if len(r.Steps) > 0 {
		at = max(at, r.Steps[0].Span.From.OrEarliest())
	}
	return at
}

// needs says whether a rule is decided by a line, directly or by a band along it.
func (a *Agreement) needs(r *Rule, id truce.LineID) bool {
	for _, z := range r.Where.Zones {
		if zone := a.zone(z); zone != nil && zone.Band != nil && zone.Band.Line == id {
			return true
		}
	}
	w, l := &r.Where, r.Limit
	switch {
	case w.Crosses != nil && w.Crosses.Line == id, slices.ContainsFunc(w.Within, func(o Within) bool { return o.Line == id }):
		return true
	case (w.OtherArea || len(w.AreaOf) > 0 || r.Bearer == BearerController) && a.ControlBy == string(id):
		return true
	case r.Require != nil && r.Require.WithinLine != nil && r.Require.WithinLine.Line == id:
		return true
	}
	return l != nil && (l.Line == id || l.Beyond == id || slices.ContainsFunc(l.Lines, func(p PartyLine) bool { return p.Line == id }))
}

// farAwayM is how far from every line and area a zone has to lie to be remarked on: no
// theatre that anybody monitors is wider.
const farAwayM = 1_000_000

// lintFar warns of a zone that lies far from all lines and areas and would not if its
// longitude and latitude were swapped. One that is far either way is meant to be.
func (d *decoder) lintFar() {
	var near []geo.Point
	for _, l := range d.a.Lines {
		for _, v := range l.Versions {
			near = append(near, d.a.corners(v.Source)...)
		}
	}
	for _, a := range d.a.Areas {
		near = append(near, d.a.corners(a.Source)...)
	}
	if len(near) == 0 {
		return
	}
	theatre, said := widened(near), 0
	for _, z := range d.a.Zones {
		own := d.a.corners(z.Source)
		if z.Band != nil || len(own) == 0 || slices.ContainsFunc(own, theatre) {
			continue
		}
		if d.farFrom(z, own, near); said == maxFar {
			return
		}
		said++
	}
}

// maxFar bounds the zones whose distance is measured: whoever mends these mends the rest.
const maxFar = 20

// widened says cheaply of most places that they are near: within ten degrees of the box
// around some points.
func widened(near []geo.Point) func(geo.Point) bool {
	const by = 10
	box := extremes(near)
	return func(p geo.Point) bool {
		return p.Lat < box[0].Lat+by && p.Lat > box[1].Lat-by && p.Lon < box[2].Lon+by && p.Lon > box[3].Lon-by
	}
}

func (d *decoder) farFrom(z Zone, own, near []geo.Point) {
	far := leastDistance(own, near)
	if far < farAwayM {
		return
	}
	at, field := d.place("zone", string(z.ID)), "zones "+string(z.ID)
	swapped := make([]geo.Point, len(own))
	for i, p := range own {
		swapped[i] = geo.Point{Lat: p.Lon, Lon: p.Lat}
	}
	away := fmt.Sprintf("lies %.0f km from every line and area of the agreement", math.Round(far/1000))
	off := slices.ContainsFunc(swapped, func(p geo.Point) bool { return math.Abs(float64(p.Lat)) > 90 })
	if would := leastDistance(swapped, near); !off && would < farAwayM {
		d.warnf(at, field, "%s, and would lie %.0f km from the nearest with longitude and latitude swapped: GeoJSON writes longitude first; mend %s", away, math.Round(would/1000), z.Source.File)
	}
}

// leastDistance is the least distance between any of the points and any of the others.
func leastDistance(own, near []geo.Point) float64 {
	least := math.Inf(1)
	for _, p := range own {
		for _, q := range near {
			least = min(least, float64(geo.Distance(p, q)))
		}
	}
	return least
}

// corners are the extreme points of each part of a drawing: how far another lies from it
// needs no more.
func (a *Agreement) corners(source Ref) []geo.Point {
	var out []geo.Point
	for _, f := range a.Features(source) {
		parts := slices.Clone(f.Geom.Lines)
		for _, polygon := range f.Geom.Polygons {
			for _, ring := range polygon {
				parts = append(parts, ring)
			}
		}
		for _, points := range parts {
			if len(points) > 0 {
				out = append(out, extremes(points)...)
			}
		}
	}
	return out
}

func extremes(points []geo.Point) []geo.Point {
	out := []geo.Point{points[0], points[0], points[0], points[0]}
	for _, p := range points {
		for i, further := range []bool{p.Lat > out[0].Lat, p.Lat < out[1].Lat, p.Lon > out[2].Lon, p.Lon < out[3].Lon} {
			if further {
				out[i] = p
			}
		}
	}
	return out
}

// lintClasses notes the weapon classes that no rule speaks of: neither of them, nor of one
// above or below them in the tree. Unspoken tells of those that no test names either.
func (d *decoder) lintClasses() {
	used := func(class truce.WeaponClass) bool {
		for _, ref := range d.refs {
			if ref.sort == "weapon class" && !strings.HasPrefix(ref.path, "weapon_classes") {
				spoken := truce.WeaponClass(ref.name)
				if d.a.within(class, []truce.WeaponClass{spoken}) || d.a.within(spoken, []truce.WeaponClass{class}) {
					return true
				}
			}
		}
		return slices.ContainsFunc(d.a.Rules, func(r Rule) bool {
			return strings.Contains(r.When, `"`+string(class)+`"`) || strings.Contains(r.When, "'"+string(class)+"'")
		})
	}
	for _, w := range d.a.Weapons {
		if at := d.place("weapon class", string(w.ID)); !used(w.ID) && at != nil {
			d.a.unspoken = append(d.a.unspoken, Problem{LevelWarning, MainFile, at.Line, at.Column, "weapon_classes " + string(w.ID),
				"no rule speaks of the class, nor of one above or below it: let a rule speak of it or remove it"})
		}
	}
}

// Unspoken are the remarks on weapon classes that neither a rule nor a test speaks of. They
// are no part of Warnings, since Parse reads no tests, and a class that a test names, to
// show that no rule is met, serves that.
func (a *Agreement) Unspoken(tests []truce.AgreementFile) []Problem {
	return slices.DeleteFunc(slices.Clone(a.unspoken), func(p Problem) bool {
		class := strings.TrimPrefix(p.Field, "weapon_classes ")
		return slices.ContainsFunc(tests, func(f truce.AgreementFile) bool { return slices.Contains(strings.Fields(string(f.Data)), class) })
	})
}
