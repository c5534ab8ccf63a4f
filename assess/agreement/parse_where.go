package agreement

import (
	"fmt"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

func (d *decoder) where(n *yaml.Node, path string) Where {
	m := d.mapping(n, path)
	w := Where{}
	if v := m.get("anywhere"); v != nil {
		w.Anywhere = d.choice(v, m.sub("anywhere"), []string{"true"}) == "true"
	}
	for _, name := range []string{"zone", "zones"} {
		for i, item := range d.list(m.get(name), m.sub(name)) {
			w.Zones = append(w.Zones, truce.ZoneID(d.use("zone", item, fmt.Sprintf("%s[%d]", m.sub(name), i))))
		}
	}
	for _, name := range []string{"within_m", "or_impact_within_m"} {
		w.Within = append(w.Within, each(d, m.get(name), m.sub(name), d.within)...)
	}
	w.Crosses = d.crosses(m.get("crosses"), m.sub("crosses"))
	for i, item := range d.list(m.get("area_of"), m.sub("area_of")) {
		w.AreaOf = append(w.AreaOf, d.party(item, fmt.Sprintf("%s[%d]", m.sub("area_of"), i)))
	}
	for i, item := range d.list(m.get("site_kinds"), m.sub("site_kinds")) {
		w.SiteKinds = append(w.SiteKinds, SiteKind(d.choice(item, fmt.Sprintf("%s[%d]", m.sub("site_kinds"), i), options(siteKinds...))))
	}
	for i, item := range d.list(m.get("sites"), m.sub("sites")) {
		w.Sites = append(w.Sites, d.use("site", item, fmt.Sprintf("%s[%d]", m.sub("sites"), i)))
	}
	if v := m.get("or_impact_in"); v != nil {
		w.OtherArea = d.choice(v, m.sub("or_impact_in"), []string{"area_of_other_party"}) != ""
	}
	if v := m.get("other_area"); v != nil {
		w.OtherArea = d.choice(v, m.sub("other_area"), []string{"true"}) != ""
	}
	m.get("alt_m") // the rule reads it: heights
	m.done()
	d.checkWhere(n, path, w)
	return w
}

func (d *decoder) within(m *mapping) Within {
	return Within{truce.LineID(d.use("line", m.need("line"), m.sub("line"))), d.number(m.need("m"), m.sub("m"), 1, maxReachM)}
}

func (d *decoder) checkWhere(n *yaml.Node, path string, w Where) {
	placed := len(w.Zones)+len(w.Within)+len(w.AreaOf)+len(w.SiteKinds)+len(w.Sites) > 0 || w.Crosses != nil || w.OtherArea
	switch {
	case n == nil:
	case !w.Anywhere && !placed:
		d.errorf(n, path, "names no place: write {anywhere: true} if the rule holds everywhere")
	case w.Anywhere && placed:
		d.errorf(n, path, "says anywhere and names a place as well: keep one")
	}
}

// crosses is a line's name, or {line, reach_m}.
func (d *decoder) crosses(n *yaml.Node, path string) *Crosses {
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.MappingNode:
		return &Crosses{Line: truce.LineID(d.use("line", n, path))}
	}
	m := d.mapping(n, path)
	c := &Crosses{Line: truce.LineID(d.use("line", m.need("line"), m.sub("line")))}
	c.ReachM = d.number(m.need("reach_m"), m.sub("reach_m"), 1, maxReachM)
	m.done()
	return c
}
