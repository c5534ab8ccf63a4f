package agreement

import (
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	yaml "go.yaml.in/yaml/v3"
)

// Format is the version of the agreement language that this package reads.
const Format = 1

// Parse reads an agreement directory and checks all that can be checked without
// observations: fields, references, geometry, clause texts. When anything is wrong the
// error wraps a *Refusal that lists every problem with file, line, column and field;
// what merely looks odd is in Agreement.Warnings.
func Parse(files []truce.AgreementFile) (*Agreement, error) { return parse(files, nil) }

// parse is Parse that tells of every mapping it reads, for the test of the schema.
func parse(files []truce.AgreementFile, seen func(*mapping)) (*Agreement, error) {
	byName, err := index(files)
	if err != nil {
		return nil, err
	}
	d := &decoder{
		reader: reader{file: MainFile, seen: seen},
		a:      &Agreement{Version: Version(files), layers: map[string]*geo.Collection{}},
		files:  byName,
		names:  map[string][]string{},
		places: map[string]*yaml.Node{},
	}
	if root := d.load(byName[MainFile]); root != nil {
		d.agreement(root)
		d.clauses()
		d.resolve()
		d.lint()
	}
	problems := sortProblems(d.problems)
	if d.failed() {
		errors := slices.DeleteFunc(problems, func(p Problem) bool { return p.Level != LevelError })
		return nil, truce.Errorf(truce.CodeInvalid, "%w", &Refusal{errors[:min(len(errors), MaxProblems)]})
	}
	d.a.Warnings = problems[:min(len(problems), MaxProblems)]
	return d.a, nil
}

// decoder turns nodes into an Agreement. Names may be used before they are defined, so
// references are kept and resolved when all is read.
type decoder struct {
	reader
	a      *Agreement
	files  map[string][]byte
	names  map[string][]string   // defined names by sort of thing
	places map[string]*yaml.Node // where "sort name" is defined
	refs   []reference

	ladderAt  *yaml.Node
	rulesRead []Rule // so far, for fields that say same_as
}

// reference is a name used in one place and defined in another.
type reference struct {
	node *yaml.Node
	path string
	sort string // e.g. "zone"
	name string
}

func (d *decoder) define(sort, name string, n *yaml.Node, path string) {
	if name == "" || n == nil {
		return
	}
	if d.places[sort+" "+name] != nil {
		d.errorf(n, path, "%s %s is defined twice: rename one", sort, name)
		return
	}
	d.names[sort] = append(d.names[sort], name)
	d.places[sort+" "+name] = n
}

// use reads a name and remembers to resolve it.
func (d *decoder) use(sort string, n *yaml.Node, path string) string {
	name := d.id(n, path)
	if n != nil && name != "" {
		d.refs = append(d.refs, reference{n, path, sort, name})
	}
	return name
}

func (d *decoder) party(n *yaml.Node, path string) truce.PartyID {
	return truce.PartyID(d.use("party", n, path))
}

// resolve refuses names that nothing defines. Clauses were read from a table of files, so
// that they are put in order before one of them is suggested.
func (d *decoder) resolve() {
	slices.SortFunc(d.names["clause"], compareNumbers)
	type named struct{ sort, name string }
	known := map[named]bool{}
	for sort, names := range d.names {
		for _, name := range names {
			known[named{sort, name}] = true
		}
	}
	for _, ref := range d.refs {
		if !known[named{ref.sort, ref.name}] {
			d.errorf(ref.node, ref.path, "no %s %q is defined%s", ref.sort, cut(ref.name), didYouMean(ref.name, d.names[ref.sort]))
		}
	}
}

// agreement reads the document in an order in which later parts may look at earlier ones.
func (d *decoder) agreement(root *yaml.Node) {
	a, m := d.a, d.mapping(root, "")
	d.integer(m.need("truce"), "truce", Format, Format)
	a.ID = d.id(m.need("id"), "id")
	a.Languages = d.languages(m.need("languages"), "languages")
	a.Title = d.words(m.need("title"), "title")
	a.Notice = d.words(m.get("notice"), "notice")
	a.Status = Status(d.choice(m.need("status"), "status", options(StatusDraft, StatusSigned, StatusInForce, StatusSuspended, StatusTerminated)))
	a.Effective = d.moment(m.need("effective_at"), "effective_at")
	if n := m.get("ends_at"); n != nil {
		a.Ends = d.moment(n, "ends_at")
		d.ordered(n, "ends_at", a.Effective.At, a.Ends.At)
	}
	a.Calendar = d.calendar(m)
	a.Mission = d.words(m.need("mission"), "mission")
	a.BoundaryNote = d.words(m.need("boundary_note"), "boundary_note")
	a.ReportError = d.text(m.need("report_error"), "report_error")
	a.Withhold = d.withhold(m.get("withhold"))
	a.Parties = each(d, m.need("parties"), "parties", d.oneParty)
	a.Areas = each(d, m.get("areas"), "areas", d.area)
	a.ControlMaps = each(d, m.get("control_maps"), "control_maps", d.controlMap)
	a.Lines = each(d, m.get("lines"), "lines", d.line)
	a.Zones = each(d, m.get("zones"), "zones", d.zone)
	a.Sites = each(d, m.get("sites"), "sites", d.site)
	a.Weapons = each(d, m.get("weapon_classes"), "weapon_classes", d.weapon)
	a.Authorities = each(d, m.get("authorities"), "authorities", d.authority)
	a.Phases = each(d, m.get("phases"), "phases", d.phase)
	a.Lists = each(d, m.get("lists"), "lists", d.siteList)
	a.ActNames = d.actLabels(m.get("acts"))
	a.Rules = each(d, m.need("rules"), "rules", d.rule)
	a.Windows = each(d, m.get("windows"), "windows", d.window)
	a.Parts = d.parts(m.get("parts"))
	a.ControlBy = d.controlBy(m.get("control_by"))
	a.Places = d.gazetteer(m.get("places"))
	a.BaseMap = each(d, m.get("base_map"), "base_map", func(m *mapping) Ref { return d.ref(m, "", shapeAny) })
	a.OpenPoints = each(d, m.get("open_points"), "open_points", d.openPoint)
	a.Ladder = d.ladder(m.get("ladder"))
	m.done()
}

// each reads a list of mappings.
func each[T any](d *decoder, n *yaml.Node, path string, read func(*mapping) T) []T {
	var out []T
	for i, item := range d.list(n, path) {
		m := d.mapping(item, fmt.Sprintf("%s[%d]", path, i))
		out = append(out, read(m))
		m.done()
	}
	return out
}

// options turns typed constants into the options of a choice.
func options[T ~string](list ...T) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = string(o)
	}
	return out
}

func (d *decoder) ordered(n *yaml.Node, path string, from, to truce.Instant) {
	if from != 0 && to != 0 && to <= from {
		d.errorf(n, path, "ends at %s, not after its start %s: swap or mend the times", to, from)
	}
}

// newID reads the id of an entry and defines it.
func (d *decoder) newID(m *mapping, sort string) string {
	n := m.need("id")
	id := d.id(n, m.sub("id"))
	d.define(sort, id, n, m.sub("id"))
	return id
}

func (d *decoder) oneParty(m *mapping) Party {
	p := Party{ID: truce.PartyID(d.newID(m, "party")), Name: d.words(m.need("name"), m.sub("name"))}
	p.Role = Role(d.choice(m.need("role"), m.sub("role"), options(RoleParty, RoleMechanism, RoleGuarantor)))
	p.Mark = string(p.ID)
	if n := m.get("mark"); n != nil {
		p.Mark = d.text(n, m.sub("mark"))
	}
	return p
}

// parts reads which parts the daily has; all of them when nothing is said.
func (d *decoder) parts(n *yaml.Node) []PartKey {
	if n == nil {
		return Parts()
	}
	var out []PartKey
	for i, item := range d.list(n, "parts") {
		path := fmt.Sprintf("parts[%d]", i)
		part := PartKey(d.choice(item, path, options(Parts()...)))
		if slices.Contains(out, part) {
			d.errorf(item, path, "%s stands twice", part)
		}
		out = append(out, part)
	}
	for _, needed := range []PartKey{PartSummary, PartCoverage, PartSources} {
		if !slices.Contains(out, needed) {
			d.errorf(n, "parts", "%s is missing: every bulletin prints it", needed)
		}
	}
	return out
}

// controlBy is what decides the side of a place: as given, or the only control map, or
// the only line of contact.
func (d *decoder) controlBy(n *yaml.Node) string {
	if n != nil {
		return d.use("line or control map", n, "control_by")
	}
	var candidates []string
	for _, m := range d.a.ControlMaps {
		candidates = append(candidates, m.ID)
	}
	for _, l := range d.a.Lines {
		if l.Kind == LineContact && l.Derived == "" {
			candidates = append(candidates, string(l.ID))
		}
	}
	switch len(candidates) {
	case 0:
		return ""
	case 1:
		return candidates[0]
	}
	d.errorf(nil, "control_by", "is missing: say which of %s decides on whose side a place lies", strings.Join(candidates, ", "))
	return ""
}
