package agreement

import (
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// limitActs are the acts in which something limited is seen.
var limitActs = map[string][]truce.Act{
	"":          {"weapon_inside_distance", truce.ActPresenceInZone, "weapon_outside_store"},
	"personnel": {truce.ActPresenceInZone, "offensive_movement"},
	"vehicles":  {truce.ActPresenceInZone, "convoy_unnotified", "rotation_unnotified"},
	"vessels":   {"naval_beyond_limit", "military_use_of_merchant"},
	"aircraft":  {"military_aircraft", "armed_uav", "recon_uav", "overflight_other"},
}

// limitObjects are what may be limited beside weapons. Troops are the same as personnel;
// units are counted whole.
var limitObjects = []string{"personnel", "troops", "vehicles", "vessels", "aircraft", "battalions", "companies", "brigades"}

// actsOfLimit are the acts in which an object is seen: units of troops as people are.
func actsOfLimit(object string) []truce.Act {
	switch object {
	case "troops", "battalions", "companies", "brigades":
		object = "personnel"
	}
	return slices.Clone(limitActs[object])
}

// carriers are the objects that weapons of a type are, where they have acts of their own.
var carriers = map[string]string{"naval": "vessels", "aircraft": "aircraft", "helicopter": "aircraft", "uav": "aircraft"}

func (d *decoder) limitation(m *mapping, r *Rule) {
	n := m.get("limit")
	l := d.mapping(n, m.sub("limit"))
	r.Limit = &Limit{}
	d.limited(l, r.Limit)
	r.Limit.Max = d.integer(l.need("max"), l.sub("max"), 0, 1_000_000)
	if v := l.get("per"); v != nil {
		r.Limit.Per = Per(d.choice(v, l.sub("per"), []string{"day", string(PerMoment), string(PerMonth), string(PerAgreement)}))
		if r.Limit.Per == "day" {
			r.Limit.Per = PerDay
		}
	}
	d.limitBearer(l, r)
	d.limitPlace(l, r)
	d.spelled(l, map[string]string{
		"max_total": "max, with per: agreement", "max_per_day": "max, with per: day", "max_per_month": "max, with per: month", "max_at_once": "max, with per: moment",
		"holder": "bearer", "distance_m": "to_m", "units": "object: battalions", "troops": "object: troops, with max",
	})
	l.done()
	switch {
	case m.has("prohibit"):
		r.Acts = d.actsForbidden(m, r)
	case m.get("acts") != nil:
		r.Acts = d.acts(m.get("acts"), m.sub("acts"))
	default:
		r.Acts = actsOfLimit(r.Limit.Object)
	}
	if v := m.get("where"); v != nil {
		zones := r.Where.Zones
		r.Where = d.where(v, m.sub("where"))
		r.Where.Zones = append(zones, r.Where.Zones...)
	}
	d.reports(m, r)
	if r.Limit.Line == "" && r.Limit.Beyond == "" && len(r.Limit.Lines)+len(r.Where.Zones) == 0 && !m.has("where") {
		d.errorf(n, m.sub("limit"), "names no place: give zone, line or lines, or where beside it")
	}
}

// limited reads what is limited: weapons, or an object. An object may be a class of the
// agreement's own tree; a vessel or aircraft is then seen in the acts of those.
func (d *decoder) limited(l *mapping, out *Limit) {
	if v := l.get("object"); v != nil {
		name := d.text(v, l.sub("object"))
		i := slices.IndexFunc(d.a.Weapons, func(w WeaponNode) bool { return string(w.ID) == name })
		switch {
		case slices.Contains(limitObjects, name):
			out.Object = name
		case i >= 0:
			out.Object = d.carrier(d.a.Weapons[i])
			out.Weapon.Classes = []truce.WeaponClass{truce.WeaponClass(d.use("weapon class", v, l.sub("object")))}
		default:
			d.errorf(v, l.sub("object"), "%q is not known%s; or define a weapon class of that name under weapon_classes", cut(name), didYouMean(name, append(slices.Clone(limitObjects), d.names["weapon class"]...)))
		}
	}
	if v := l.get("weapon"); v != nil {
		out.Weapon = d.weapons(v, l.sub("weapon"))
	}
	if l.has("weapon") == l.has("object") && l.node != nil {
		d.errorf(l.node, l.path, "limits one thing: give either weapon or object")
	}
}

// carrier is what a weapon of a class is seen as, "" for a weapon; the class above it says
// so where it has no types of its own.
func (d *decoder) carrier(w WeaponNode) string {
	for range len(d.a.Weapons) + 1 {
		if len(w.Types) > 0 {
			return carriers[w.Types[0]]
		}
		i := slices.IndexFunc(d.a.Weapons, func(o WeaponNode) bool { return o.ID == w.Parent })
		if i < 0 {
			return ""
		}
		w = d.a.Weapons[i]
	}
	return ""
}

// weapons reads {class, type, calibre_mm}, or classes alone.
func (d *decoder) weapons(n *yaml.Node, path string) WeaponMatch {
	if n.Kind == yaml.MappingNode {
		return d.weaponMatch(d.mapping(n, path))
	}
	w := WeaponMatch{}
	for i, item := range d.list(n, path) {
		w.Classes = append(w.Classes, truce.WeaponClass(d.use("weapon class", item, fmt.Sprintf("%s[%d]", path, i))))
	}
	return w
}

// limitBearer reads whose number is limited: each party's by itself, that of all together,
// or that of one.
func (d *decoder) limitBearer(l *mapping, r *Rule) {
	n := l.get("bearer")
	if n == nil {
		return
	}
	r.Bearer = Bearer(d.choice(n, l.sub("bearer"), append([]string{"each", string(BearerAll)}, d.ownParties()...)))
	if r.Bearer == "each" {
		r.Bearer = BearerEach
	}
}

// ownParties are the parties that have areas and forces of their own.
func (d *decoder) ownParties() []string {
	var out []string
	for _, p := range d.a.Parties {
		if p.Role == RoleParty {
			out = append(out, string(p.ID))
		}
	}
	return out
}

// limitPlace reads the zone, the distance from one line or from a line of each party, or
// the line that nothing may be beyond. A zone may be written as the band that it is.
func (d *decoder) limitPlace(m *mapping, r *Rule) {
	band := m
	for _, name := range []string{"zone", "zones"} {
		n := m.get(name)
		if n != nil && n.Kind == yaml.MappingNode && name == "zone" {
			band = d.mapping(n, m.sub(name))
			for _, field := range []string{"line", "lines", "side", "from_m", "to_m", "bands_m"} {
				if m.get(field) != nil {
					d.errorf(m.values[field], m.sub(field), "stands beside zone: {%s}, which says where: keep one", field)
				}
			}
			continue
		}
		for i, item := range d.list(n, m.sub(name)) {
			r.Where.Zones = append(r.Where.Zones, truce.ZoneID(d.use("zone", item, fmt.Sprintf("%s[%d]", m.sub(name), i))))
		}
	}
	d.limitBand(band, r.Limit)
	if band != m {
		band.done()
	}
	if n := m.get("beyond"); n != nil {
		r.Limit.Beyond = truce.LineID(d.use("line", n, m.sub("beyond")))
	}
}

// limitBand reads a band along a line.
func (d *decoder) limitBand(m *mapping, l *Limit) {
	if n := m.get("line"); n != nil {
		l.Line = truce.LineID(d.use("line", n, m.sub("line")))
	}
	if n := m.get("lines"); n != nil {
		of := d.mapping(n, m.sub("lines"))
		for _, p := range d.a.Parties {
			if v := of.get(string(p.ID)); v != nil {
				l.Lines = append(l.Lines, PartyLine{p.ID, truce.LineID(d.use("line", v, of.sub(string(p.ID))))})
			}
		}
		of.done()
		if l.Line != "" {
			d.errorf(n, m.sub("lines"), "give line or lines, not both")
		}
	}
	side := d.choice(orDefault(m.get("side"), "both"), m.sub("side"), []string{"own", "both"})
	l.OwnSide = side == "own" || len(l.Lines) > 0
	if n := m.get("from_m"); n != nil {
		l.FromM = d.number(n, m.sub("from_m"), 0, maxReachM)
	}
	d.limitReach(m, l)
}

// limitReach reads how far from the line the limit goes: one distance, or one a class.
func (d *decoder) limitReach(m *mapping, l *Limit) {
	measured := l.Line != "" || len(l.Lines) > 0
	bands := m.get("bands_m")
	switch to := m.get("to_m"); {
	case to != nil && bands != nil:
		d.errorf(bands, m.sub("bands_m"), "give to_m or bands_m, not both")
	case to != nil:
		l.ToM = d.number(to, m.sub("to_m"), 1, maxReachM)
		if l.ToM <= l.FromM {
			d.errorf(to, m.sub("to_m"), "is %g, not beyond from_m %g", l.ToM, l.FromM)
		}
	case bands == nil && measured:
		d.errorf(m.node, m.sub("to_m"), "is missing: say how far from the line, by to_m or by bands_m for each class")
	}
	if bands == nil {
		return
	}
	b := d.mapping(bands, m.sub("bands_m"))
	for _, key := range b.keys {
		class := truce.WeaponClass(d.use("weapon class", key, b.sub(cut(key.Value))))
		l.Bands = append(l.Bands, ClassBand{class, d.number(b.get(key.Value), b.sub(key.Value), 1, maxReachM)})
	}
	b.done()
}
