package agreement

import (
	"fmt"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// maxReachM is half the way round the earth.
const maxReachM = 20_000_000

func (d *decoder) area(m *mapping) Area {
	a := Area{ID: truce.AreaID(d.newID(m, "area"))}
	if a.ID == Elsewhere {
		d.errorf(m.node, m.sub("id"), "%q is every place outside the areas: choose another id", Elsewhere)
	}
	a.Source = d.ref(m, string(a.ID), shapeArea)
	a.Name = d.name(m, a.Source)
	return a
}

// name reads the name of a place, or takes it from the feature's own properties.
func (d *decoder) name(m *mapping, source Ref) truce.Names {
	if n := m.get("name"); n != nil {
		return d.words(n, m.sub("name"))
	}
	return d.featureName(source)
}

func (d *decoder) controlMap(m *mapping) ControlMap {
	c := ControlMap{ID: d.newID(m, "control map")}
	d.define("line or control map", c.ID, m.node, m.path)
	c.Series = d.text(m.need("series"), m.sub("series"))
	c.PartyInside = d.party(m.need("party_inside"), m.sub("party_inside"))
	c.PartyOutside = d.party(m.need("party_outside"), m.sub("party_outside"))
	if c.PartyInside == c.PartyOutside && c.PartyInside != "" {
		d.errorf(m.node, m.sub("party_outside"), "is %s as well as party_inside: a map parts two parties", c.PartyInside)
	}
	c.AccuracyM = d.number(m.need("accuracy_m"), m.sub("accuracy_m"), 0, maxAccuracyM)
	if n := m.get("boundary"); n != nil {
		b := d.mapping(n, m.sub("boundary"))
		c.Boundary = d.ref(b, "", shapeBoundary)
		c.ToleranceM = d.number(b.need("tolerance_m"), b.sub("tolerance_m"), 1, maxAccuracyM)
		b.done()
		if _, err := d.a.boundary(c); err != nil {
			d.errorf(n, m.sub("boundary"), "%v", err)
		}
	}
	c.Extent = d.extent(m)
	return c
}

// maxAccuracyM bounds what may still be called the accuracy of a line.
const maxAccuracyM = 100_000

// extent is where control is spoken of: beyond it nobody's control is known.
func (d *decoder) extent(m *mapping) Ref {
	n := m.get("extent")
	if n == nil {
		return Ref{}
	}
	e := d.mapping(n, m.sub("extent"))
	before := len(d.problems)
	ref := d.ref(e, "", shapeExtent)
	if len(d.problems) == before {
		if _, err := (&Geometry{a: d.a}).extent(ref); err != nil {
			d.errorf(n, m.sub("extent"), "%v", err)
		}
	}
	e.done()
	return ref
}

var lineKinds = []LineKind{LineContact, LineCeasefire, LineWithdrawal, LineMaritime, LineAdmin}

func (d *decoder) line(m *mapping) Line {
	l := Line{ID: truce.LineID(d.newID(m, "line"))}
	l.Kind = LineKind(d.choice(m.need("kind"), m.sub("kind"), options(lineKinds...)))
	l.Name = d.words(m.get("name"), m.sub("name"))
	if n := m.get("derived"); n != nil {
		d.derivedLine(m, n, &l)
		return l
	}
	d.define("line or control map", string(l.ID), m.node, m.path)
	l.Left = d.party(m.need("left"), m.sub("left"))
	l.Right = d.party(m.need("right"), m.sub("right"))
	if l.Left == l.Right && l.Left != "" {
		d.errorf(m.values["right"], m.sub("right"), "is %s as well as left: a line parts two parties", l.Left)
	}
	l.AccuracyM = d.number(m.need("accuracy_m"), m.sub("accuracy_m"), 0, maxAccuracyM)
	l.Extent = d.extent(m)
	l.Versions = each(d, m.need("versions"), m.sub("versions"), func(v *mapping) LineVersion { return d.lineVersion(v, l) })
	d.overlaps(m, l)
	return l
}

// derivedLine is the contact part of a control map: map, parties, accuracy and versions
// are the map's.
func (d *decoder) derivedLine(m *mapping, n *yaml.Node, l *Line) {
	from := d.mapping(n, m.sub("derived"))
	l.Derived = d.use("control map", from.need("control_map"), from.sub("control_map"))
	from.done()
	for _, name := range []string{"left", "right", "accuracy_m", "versions", "extent"} {
		if v := m.get(name); v != nil {
			d.errorf(v, m.sub(name), "belongs to the control map %s when the line is derived: remove it here", l.Derived)
		}
	}
	for _, c := range d.a.ControlMaps {
		if c.ID == l.Derived {
			l.AccuracyM, l.Extent = c.AccuracyM, c.Extent
		}
	}
}

func (d *decoder) lineVersion(m *mapping, l Line) LineVersion {
	v := LineVersion{Source: d.ref(m, string(l.ID), shapeLine), AccuracyM: l.AccuracyM}
	v.Version = d.id(m.need("version"), m.sub("version"))
	v.ValidFrom = d.instant(m.get("valid_from"), m.sub("valid_from"))
	v.ValidTo = d.instant(m.get("valid_to"), m.sub("valid_to"))
	v.KnownFrom = d.instant(m.get("known_from"), m.sub("known_from"))
	if n := m.get("accuracy_m"); n != nil {
		v.AccuracyM = d.number(n, m.sub("accuracy_m"), 0, maxAccuracyM)
	}
	d.ordered(m.node, m.path, v.ValidFrom, v.ValidTo)
	return v
}

// overlaps warns of two versions that hold at once and were known from the same instant:
// nothing says which of them counts.
func (d *decoder) overlaps(m *mapping, l Line) {
	nodes := d.list(m.get("versions"), m.sub("versions"))
	for i, v := range l.Versions {
		for j, w := range l.Versions[:i] {
			if v.Version == w.Version {
				d.errorf(nodes[i], fmt.Sprintf("%s.versions[%d].version", m.path, i), "%s stands twice: each version has its own name", v.Version)
			}
			apart := Span{v.ValidFrom, v.ValidTo}.apart(Span{w.ValidFrom, w.ValidTo})
			if !apart && v.KnownFrom == w.KnownFrom && v.ValidFrom == w.ValidFrom {
				d.errorf(nodes[i], fmt.Sprintf("%s.versions[%d]", m.path, i), "%s and %s begin and became known at the same instant: nothing says which counts; mend valid_from or known_from", w.Version, l.Versions[i].Version)
			} else if !apart && v.KnownFrom == w.KnownFrom && (v.ValidTo != 0 || w.ValidTo != 0) {
				d.warnf(nodes[j], fmt.Sprintf("%s.versions[%d]", m.path, j), "versions %s and %s overlap in time: the later beginning counts", w.Version, v.Version)
			}
		}
	}
}

var zoneKinds = []ZoneKind{ZoneBuffer, ZoneSecurity, ZoneDisengagement, ZoneWithdrawalBand, ZoneNoFly, ZoneNoDrone, ZoneMaritime,
	ZoneProtected, ZoneStorage, ZoneHumanitarian}

func (d *decoder) zone(m *mapping) Zone {
	z := Zone{ID: truce.ZoneID(d.newID(m, "zone"))}
	z.Kind = ZoneKind(d.choice(m.need("kind"), m.sub("kind"), options(zoneKinds...)))
	if n := m.get("altitude_m"); n != nil {
		heights := d.bounds(n, m.sub("altitude_m"), 100_000)
		z.AltitudeM = &heights
	}
	d.spelled(m, map[string]string{
		"caps":     "a rule for each, with limit: {object: ..., zone: " + cut(string(z.ID)) + ", max: ...}",
		"schedule": "in_force or when in the rules that speak of the zone",
	})
	if n := m.get("derived"); n != nil {
		if m.has("file") {
			d.errorf(n, m.sub("derived"), "a zone is drawn or derived, not both: remove file or derived")
		}
		m.get("file")
		z.Band = d.band(d.mapping(n, m.sub("derived")))
		z.Name = d.words(m.get("name"), m.sub("name"))
		return z
	}
	z.Source = d.ref(m, string(z.ID), shapeArea)
	z.Name = d.name(m, z.Source)
	if n := m.get("accuracy_m"); n != nil {
		z.AccuracyM = d.number(n, m.sub("accuracy_m"), 0, maxAccuracyM)
	}
	return z
}

func (d *decoder) band(m *mapping) *Band {
	b := &Band{Line: truce.LineID(d.use("line", m.need("line"), m.sub("line")))}
	if n := m.get("party"); n != nil {
		b.Party = d.party(n, m.sub("party"))
	}
	if n := m.get("side"); n != nil {
		if side := d.choice(n, m.sub("side"), []string{"left", "right", "both"}); side != "both" && side != "" {
			b.Party = d.partyOn(b.Line, side)
			if b.Party == "" {
				d.errorf(n, m.sub("side"), "line %s has no party on its %s: write party instead", cut(string(b.Line)), side)
			}
		}
		if m.has("party") {
			d.errorf(n, m.sub("side"), "give side or party, not both")
		}
	}
	from, to := m.need("from_m"), m.need("to_m")
	b.FromM = d.number(from, m.sub("from_m"), 0, maxReachM)
	b.ToM = d.number(to, m.sub("to_m"), 1, maxReachM)
	if to != nil && b.ToM <= b.FromM {
		d.errorf(to, m.sub("to_m"), "is %g, not beyond from_m %g", b.ToM, b.FromM)
	}
	m.done()
	return b
}

// partyOn is the party on a side of a line defined above.
func (d *decoder) partyOn(id truce.LineID, side string) truce.PartyID {
	for _, l := range d.a.Lines {
		switch {
		case l.ID != id:
		case side == "left":
			return l.Left
		default:
			return l.Right
		}
	}
	return ""
}

func (d *decoder) site(m *mapping) Site {
	s := Site{ID: d.newID(m, "site")}
	s.Kind = SiteKind(d.choice(m.need("kind"), m.sub("kind"), options(siteKinds...)))
	s.Source = d.ref(m, s.ID, shapePlace)
	s.Name = d.name(m, s.Source)
	s.RadiusM = d.number(m.need("radius_m"), m.sub("radius_m"), 0, maxAccuracyM)
	d.checkRadius(m, s)
	for i, item := range d.list(m.get("listed_by"), m.sub("listed_by")) {
		s.ListedBy = append(s.ListedBy, d.party(item, fmt.Sprintf("%s[%d]", m.sub("listed_by"), i)))
	}
	s.ProtectionFrom = d.date(m.get("protection_from"), m.sub("protection_from"))
	d.spelled(m, map[string]string{
		"seals":      "a rule with require: {seal_intact: true}",
		"continuity": "a rule with require: {inspect_every_days: ..., seal_intact: true} and otherwise: [continuity_lost]",
	})
	return s
}

// checkRadius asks for a radius around a point and for none around drawn ground.
func (d *decoder) checkRadius(m *mapping, s Site) {
	for _, f := range d.a.Features(s.Source) {
		switch point := len(f.Geom.Points) == 1; {
		case point && s.RadiusM == 0:
			d.errorf(m.node, m.sub("radius_m"), "is 0 and the site is a point: give the distance that still counts as the site")
		case !point && s.RadiusM > 0:
			d.errorf(m.node, m.sub("radius_m"), "is %g and the site is drawn: widen the drawing and write 0", s.RadiusM)
		}
	}
}
