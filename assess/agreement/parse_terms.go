package agreement

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

func (d *decoder) weapon(m *mapping) WeaponNode {
	w := WeaponNode{ID: truce.WeaponClass(d.newID(m, "weapon class")), Name: d.words(m.get("name"), m.sub("name"))}
	if n := m.get("parent"); n != nil {
		w.Parent = truce.WeaponClass(d.use("weapon class", n, m.sub("parent")))
	}
	w.Types = d.choices(m.get("type"), m.sub("type"), truce.WeaponTypes())
	w.CalibreMM = d.bounds(m.get("calibre_mm"), m.sub("calibre_mm"), 10_000)
	w.RangeKM = d.bounds(m.get("range_km"), m.sub("range_km"), 20_000)
	return w
}

// choices reads a list of which each entry is one of a closed set.
func (d *decoder) choices(n *yaml.Node, path string, options []string) []string {
	var out []string
	for i, item := range d.list(n, path) {
		at := fmt.Sprintf("%s[%d]", path, i)
		word := d.choice(item, at, options)
		if word != "" && slices.Contains(out, word) {
			d.errorf(item, at, "%s stands twice", word)
			continue
		}
		out = append(out, word)
	}
	return out
}

// bounds reads {min, max}; one of the two may be left out.
func (d *decoder) bounds(n *yaml.Node, path string, most float64) Range {
	if n == nil {
		return Range{}
	}
	m := d.mapping(n, path)
	r := Range{d.number(m.get("min"), m.sub("min"), 0, most), d.number(m.get("max"), m.sub("max"), 0, most)}
	if r.Max != 0 && r.Max < r.Min {
		d.errorf(n, path, "max %g is below min %g: swap or mend them", r.Max, r.Min)
	}
	if r == (Range{}) && n.Kind == yaml.MappingNode {
		d.errorf(n, path, "bounds nothing: give min or max")
	}
	m.done()
	return r
}

// rights are what an authority may do for its party.
var rights = []string{"notify", "acknowledge", "sign", "order"}

func (d *decoder) authority(m *mapping) Authority {
	a := Authority{ID: d.newID(m, "authority"), Party: d.party(m.need("party"), m.sub("party"))}
	a.Name = d.words(m.get("name"), m.sub("name"))
	a.May = d.choices(m.need("may"), m.sub("may"), rights)
	return a
}

func (d *decoder) phase(m *mapping) Phase {
	p := Phase{ID: d.newID(m, "phase"), Name: d.words(m.get("name"), m.sub("name"))}
	p.Span = Span{d.date(m.need("from"), m.sub("from")), d.date(m.get("to"), m.sub("to"))}
	d.ordered(m.node, m.path, p.Span.From, p.Span.To)
	return p
}

func (d *decoder) siteList(m *mapping) SiteList {
	idNode := m.need("id")
	l := SiteList{ID: d.id(idNode, m.sub("id")), Version: "1"}
	if n := m.get("version"); n != nil {
		l.Version = d.id(n, m.sub("version"))
	}
	d.defineVersion("list", l.ID, l.Version, idNode, m.sub("id"))
	l.Party = d.party(m.need("party"), m.sub("party"))
	l.Name = d.words(m.get("name"), m.sub("name"))
	for i, item := range d.list(m.get("sites"), m.sub("sites")) {
		l.Sites = append(l.Sites, d.use("site", item, fmt.Sprintf("%s[%d]", m.sub("sites"), i)))
	}
	for _, kind := range d.choices(m.get("site_kinds"), m.sub("site_kinds"), options(siteKinds...)) {
		l.SiteKinds = append(l.SiteKinds, SiteKind(kind))
	}
	if len(l.Sites)+len(l.SiteKinds) == 0 && m.node != nil {
		d.errorf(m.node, m.path, "lists nothing: give sites or site_kinds")
	}
	l.Span = Span{d.date(m.get("valid_from"), m.sub("valid_from")), d.date(m.get("valid_to"), m.sub("valid_to"))}
	l.KnownFrom = d.date(m.get("known_from"), m.sub("known_from"))
	d.ordered(m.node, m.path, l.Span.From, l.Span.To)
	return l
}

// defineVersion defines a name of which several versions may stand, each once.
func (d *decoder) defineVersion(sort, name, version string, n *yaml.Node, path string) {
	if name == "" || n == nil {
		return
	}
	each := sort + " version"
	if both := name + "@" + version; slices.Contains(d.names[each], both) {
		d.errorf(n, path, "%s %s is defined twice: rename one, or give each its own version", sort, name)
	} else {
		d.names[each] = append(d.names[each], both)
		d.places[sort+" "+both] = n
	}
	if !slices.Contains(d.names[sort], name) {
		d.names[sort] = append(d.names[sort], name)
		d.places[sort+" "+name] = n
	}
}

// actLabels reads the agreement's own words for acts.
func (d *decoder) actLabels(n *yaml.Node) map[truce.Act]truce.Names {
	if n == nil {
		return nil
	}
	out := map[truce.Act]truce.Names{}
	m := d.mapping(n, "acts")
	for _, key := range m.keys {
		if act := truce.Act(d.choice(key, "acts", actNames())); act != "" {
			out[act] = d.words(m.get(key.Value), m.sub(key.Value))
		} else {
			m.get(key.Value)
		}
	}
	m.done()
	return out
}

// dayOfAgreement is a date counted from the day the agreement takes effect.
var dayOfAgreement = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^D(?:\+(\d{1,5}))?$`)
})

// date reads an instant, a local day or a day of the agreement (D+7): the beginning of
// that day in the agreement's zone.
func (d *decoder) date(n *yaml.Node, path string) truce.Instant {
	if n == nil {
		return 0
	}
	s := d.text(n, path)
	zone := d.a.Calendar.Location()
	if m := dayOfAgreement().FindStringSubmatch(s); m != nil {
		days, _ := strconv.Atoi(m[1]) // "" is D itself
		start, err := truce.DayOf(d.a.Effective.At.Time().In(zone)).AddDays(days).Start(zone)
		if err != nil || d.a.Effective.At == 0 {
			d.errorf(n, path, "%q counts from effective_at, which cannot be read: mend that first", cut(s))
			return 0
		}
		return d.spoken(n, path, start)
	}
	if len(s) == len("2006-01-02") && !strings.Contains(s, "T") {
		day := d.day(n, path)
		start, err := day.Start(zone)
		if day == "" || err != nil {
			return 0
		}
		return d.spoken(n, path, start)
	}
	var at truce.Instant
	if err := at.UnmarshalText([]byte(s)); err != nil {
		d.errorf(n, path, "%q: write a day (2026-04-11), a day of the agreement (D+7) or RFC 3339 with an offset (2026-04-11T16:00:00Z)", cut(s))
		return 0
	}
	return d.spoken(n, path, at)
}

// withhold reads how long what shows where forces are is held back. It may be longer than
// the program asks for, and not shorter: nobody bargains away the safety of third people.
func (d *decoder) withhold(n *yaml.Node) Withhold {
	if n == nil {
		return Withhold{}
	}
	m := d.mapping(n, "withhold")
	at, known := m.need("forces"), len(d.problems)
	w := Withhold{Forces: d.duration(at, m.sub("forces")), Clause: d.citedClause(m.need("clause"), m.sub("clause"))}
	if at != nil && len(d.problems) == known && w.Forces < truce.LeastForcesDelay {
		d.errorf(at, m.sub("forces"), "%s is shorter than %s, which the program holds back what shows where forces are whatever is agreed, so that nobody aims by it: write 48h or more, or leave withhold out",
			truce.DurationText(w.Forces), truce.DurationText(truce.LeastForcesDelay))
	}
	m.done()
	return w
}

func (d *decoder) openPoint(m *mapping) OpenPoint {
	p := OpenPoint{ID: d.newID(m, "open point"), Question: d.words(m.need("question"), m.sub("question"))}
	if n := m.get("clause"); n != nil {
		p.Clause = d.citedClause(n, m.sub("clause"))
	}
	p.Decides = d.words(m.need("decides"), m.sub("decides"))
	return p
}
