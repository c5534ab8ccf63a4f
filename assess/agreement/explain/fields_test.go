package explain

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// unsaid are the fields that the comparison leaves out, each with the reason.
var unsaid = map[string]string{
	"Agreement.Version":  "the hash of the files, which a comment changes",
	"Agreement.Warnings": "what the check remarks of the rest",
	"Line.AccuracyM":     "each version has its own, and a derived line that of its map",
	"Clause.Hash":        "of the text, which is compared",
	"Rule.Evaluated":     "true of every rule that is read",
	"Requirement.Acts":   "the same list as Rule.Acts, which is said",
	"Calendar.location":  "of Calendar.Zone",
	"Agreement.layers":   "the drawings, which every reference compares",
	"Window.Notified":    "of notifications; the files have none",
	"PlaceName.Other":    "the files have none",
	"PlaceName.At":       "the files have none; Place.At is said",
}

// beside says why a field that is said elsewhere is not said of this rule.
func beside(r *agreement.Rule, field string) string {
	quiet := r.Kind == agreement.KindPermit || r.Kind == agreement.KindClaim
	switch {
	case field == "Rule.Acts" && r.Kind == agreement.KindPermit:
		return "a permission says its own acts, which are the same"
	case field == "Where.Anywhere" && r.Kind != agreement.KindProhibit:
		return "duties, permissions and claims that name no place hold everywhere"
	case field == "Limit.OwnSide" && len(r.Limit.Lines) > 0:
		return "a line of each party is always for its own side"
	case field == "Rule.Gap" && r.Unit == truce.UnitObjectDay:
		return "an object_day is joined over its day, and check says that a gap is not used"
	case field == "Severity.MassFrom" && r.Severity.MassCasualties == 0:
		return "so many are many only where many weigh more"
	case quiet && slices.Contains([]string{"Rule.Gap", "Rule.RadiusM", "Rule.CoverageMin"}, field):
		return "permissions and claims count nothing"
	}
	return ""
}

// twice is an agreement that uses every field, read twice.
func twice(t *testing.T) (before, after *agreement.Agreement) {
	t.Helper()
	list := files(t)
	hash := ""
	for _, f := range list {
		if f.Name == "clauses/en/2.1.md" {
			hash = truce.HashOf(f.Data).String()
		}
	}
	over, err := os.ReadFile("../testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	more := []byte("rules:\n" +
		"  - {id: X10, limit: {weapon: {class: [tube, tube_ge100]}, lines: {A: L1, B: L1}, from_m: 500, bands_m: {tube: 15000, tube_ge100: 25000}, max: 0}}\n" +
		"  - {id: X1, coverage_min: 0.4, weapon: {type: [gun], calibre_mm: {min: 100, max: 200}}}\n  - {id: R02, clause_sha256: " + hash + "}\n" +
		"  - {id: Y1, clause: \"1.1\", title: {en: Y, uk: Й}, prohibit: [deny_access], where: {sites: [S-POWER], zone: Z-BOX}, in_force: {positions: {A: {from: 2026-04-08}, B: {from: 2026-04-01}, M: {from: 2026-04-02}}, applied: mechanism}, known_from: 2026-04-09, count: {unit: denial, gap: 20m, radius_m: 300}}\n" +
		"zones:\n  - {id: Z-A, kind: buffer, name: {en: Z, uk: З}, altitude_m: {min: 10, max: 90}, derived: {line: L1, party: A, from_m: 100, to_m: 5000}}\n  - {id: Z-BOX, accuracy_m: 10}\n" +
		"control_maps: [{id: MAP, series: s, party_inside: A, party_outside: B, accuracy_m: 50, boundary: {file: lines/coast.geojson, tolerance_m: 500}, extent: {file: lines/coast.geojson}}]\n" +
		"lines:\n  - {id: L2, kind: contact, name: {en: L, uk: Л}, derived: {control_map: MAP}}\n" +
		"  - {id: L1, versions: [{version: v1, file: lines/contact.geojson, valid_from: \"2026-04-01T00:00:00Z\", valid_to: \"2026-05-01T00:00:00Z\"}, {version: v2, file: lines/contact.geojson, feature: L1-moved, known_from: \"2026-05-03T00:00:00Z\", valid_from: \"2026-05-01T00:00:00Z\"}]}\n" +
		"day_epoch: {date: 2026-04-01, first: 1}\nwindows:\n  - {id: W-LATE, objected_at: \"2026-04-12T10:00:00Z\"}\n" +
		"ladder: {attribution: {reply: 36h}}\n")
	for _, part := range [][]byte{over, more} {
		if list, err = agreement.Amend(list, "more.yaml", part); err != nil {
			t.Fatal(err)
		}
	}
	return parse(t, list), parse(t, list)
}

// walker changes every value of an agreement that is not zero, one after the other, and
// asks each time whether the comparison sees it.
type walker struct {
	see  func() bool
	said map[string]bool // by Type.Field: every change was seen
	miss []string
	rule *agreement.Rule // in which the walk is
}

func (w *walker) fields(v reflect.Value, place string) {
	if r, ok := v.Addr().Interface().(*agreement.Rule); ok {
		w.rule = r
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := baseName(v.Type()) + "." + f.Name
		if _, left := unsaid[name]; left || !f.IsExported() || v.Field(i).IsZero() || w.rule != nil && beside(w.rule, name) != "" {
			continue
		}
		if f.Anonymous {
			w.fields(v.Field(i), place)
			continue
		}
		w.walk(v.Field(i), name, place+"."+f.Name)
	}
	if _, ok := v.Addr().Interface().(*agreement.Rule); ok {
		w.rule = nil
	}
}

// baseName is the name of a type without its parameters.
func baseName(t reflect.Type) string {
	name := t.Name()
	for i, c := range name {
		if c == '[' {
			return name[:i]
		}
	}
	return name
}

func (w *walker) walk(v reflect.Value, field, place string) {
	switch v.Kind() {
	case reflect.Struct:
		w.fields(v, place)
	case reflect.Pointer:
		w.walk(v.Elem(), field, place)
		if w.said[field] = true; !slices.Contains([]string{"Rule.Limit", "Rule.Require", "Rule.Permit", "Rule.Claim"}, field) {
			w.try(v, reflect.Zero(v.Type()), field, place) // a kind of rule has its own terms, always
		}
	case reflect.Slice:
		for i := range v.Len() {
			if v.Type().Elem().Kind() != reflect.Uint8 {
				w.walk(v.Index(i), field, fmt.Sprintf("%s[%d]", place, i))
			}
		}
		w.try(v, v.Slice(0, v.Len()-1), field, place)
	case reflect.Map:
		for _, key := range v.MapKeys() {
			less := reflect.MakeMap(v.Type())
			for _, k := range v.MapKeys() {
				if k.Interface() != key.Interface() {
					less.SetMapIndex(k, v.MapIndex(k))
				}
			}
			w.try(v, less, field, fmt.Sprintf("%s[%v]", place, key))
		}
	default:
		w.try(v, changed(v), field, place)
	}
}

// changed is another value of the same sort.
func changed(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		return reflect.ValueOf(v.String() + "x").Convert(v.Type())
	case reflect.Bool:
		return reflect.ValueOf(!v.Bool()).Convert(v.Type())
	case reflect.Int64: // times and lengths of time
		return reflect.ValueOf(v.Int() + 3_600_000_000_000).Convert(v.Type())
	case reflect.Int:
		return reflect.ValueOf(v.Int() + 1).Convert(v.Type())
	case reflect.Float64:
		return reflect.ValueOf(v.Float() * 1.5).Convert(v.Type())
	}
	return reflect.Zero(v.Type()) // a hash
}

func (w *walker) try(v, other reflect.Value, field, place string) {
	old := reflect.New(v.Type()).Elem()
	old.Set(v)
	v.Set(other)
	if !w.see() {
		w.miss = append(w.miss, place)
	}
	v.Set(old)
	w.said[field] = true
}

// TestEveryFieldIsCompared changes every value of an agreement that uses the whole
// language: each change is said, and no field is missing from the sample.
func TestEveryFieldIsCompared(t *testing.T) {
	w := &walker{said: map[string]bool{}}
	before, after := twice(t)
	w.see = func() bool {
		changes, err := Diff(before, after, "en", nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(changes) > 0
	}
	if w.see() {
		t.Fatal("two readings of the same files differ")
	}
	w.fields(reflect.ValueOf(after).Elem(), "")
	if w.see() {
		t.Fatal("the walk left a change behind")
	}
	for _, place := range w.miss {
		t.Errorf("%s: a change says nothing", place)
	}
	walked := 0
	missing := fieldsOf(reflect.TypeFor[agreement.Agreement](), map[reflect.Type]bool{})
	for _, field := range missing {
		if w.said[field] {
			walked++
		} else if unsaid[field] == "" {
			t.Errorf("%s: no agreement of the sample has it", field)
		}
	}
	if walked < 120 {
		t.Errorf("%d fields were walked", walked)
	}
}

// fieldsOf lists the fields of a type and of all it holds that have a value of their own.
func fieldsOf(typ reflect.Type, seen map[reflect.Type]bool) []string {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return fieldsOf(typ.Elem(), seen)
	case reflect.Struct:
	default:
		return nil
	}
	if seen[typ] {
		return nil
	}
	seen[typ] = true
	var out []string
	for i := range typ.NumField() {
		f := typ.Field(i)
		name := baseName(typ) + "." + f.Name
		if _, left := unsaid[name]; left || !f.IsExported() {
			continue
		}
		if f.Type.Kind() != reflect.Struct { // a struct is its fields
			out = append(out, name)
		}
		out = append(out, fieldsOf(f.Type, seen)...)
	}
	return out
}
