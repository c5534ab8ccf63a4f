package agreement

import (
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
)

// siteSet is one version of a list of protected objects.
type siteSet struct {
	words string // list and version
	on    []bool // by site
}

// addLists compiles the lists of protected objects: each under its ID, over time, and
// under ID@version, whatever the time.
func (g *Geometry) addLists() {
	g.lists = map[string]history[*siteSet]{}
	eras := map[string][]era[*siteSet]{}
	for _, s := range g.a.Lists {
		set := &siteSet{words: fmt.Sprintf("%s version %s", s.ID, s.Version), on: make([]bool, len(g.sites))}
		for i := range g.sites {
			set.on[i] = slices.Contains(s.Sites, g.sites[i].ID) || slices.Contains(s.SiteKinds, g.sites[i].Kind)
		}
		row := era[*siteSet]{s.Version, s.Span.From, s.Span.To, s.KnownFrom, set}
		eras[s.ID] = append(eras[s.ID], row)
		g.lists[s.ID+"@"+s.Version] = history[*siteSet]{row}
	}
	for id, rows := range eras {
		g.lists[id] = newHistory(rows)
	}
}

// sitePlace is a place on one of several listed sites.
type sitePlace struct {
	what string
	on   []bool // by site
}

func (g *Geometry) sitePlace(w *Where) sitePlace {
	out := sitePlace{what: strings.Join(append(options(w.SiteKinds...), w.Sites...), ", "), on: make([]bool, len(g.sites))}
	for i := range g.sites {
		out.on[i] = slices.Contains(w.SiteKinds, g.sites[i].Kind) || slices.Contains(w.Sites, g.sites[i].ID)
	}
	return out
}

func (s sitePlace) factor(l *look, _ *plan) factor {
	f := l.onSites(func(i int) bool { return s.on[i] })
	if f.text == "" && !l.quiet {
		f.text = fmt.Sprintf("on no listed site (%s)", s.what)
	}
	return f
}

// onSites is the probability of an effect on any of the sites that belong. What the
// sources call by a site's name is on that site and no other; else the place decides.
func (l *look) onSites(belongs func(int) bool) factor {
	f := factor{reason: truce.ReasonLocation}
	if l.site >= 0 {
		site := &l.g.sites[l.site]
		if belongs(l.site) {
			if f.span = known(l.protected(site)); l.quiet {
				return f
			}
			return l.saying(f, "at site %s, as the sources name it (p %s)%s", site.ID, number(f.lo), l.protectionText(site))
		}
		return l.saying(f, "at site %s, as the sources name it, which is not listed here", site.ID)
	}
	if !l.pos {
		f.span = span{0, 1}
		return l.saying(f, "the sources name no place that can be put on the map")
	}
	pos := *l.incident.Position
	box := around(pos.Point, l.spread(0))
	best := -1.0
	for _, n := range l.nearSites() {
		i := int(n - l.g.firstSite)
		site := &l.g.sites[i]
		if !overlap(box, site.box) || !belongs(i) {
			continue
		}
		p := quantise(l.areaChance(&site.boxed, 0) * l.protected(site))
		f.span = f.or(known(p))
		if p > best {
			best = p
			if !l.quiet {
				r := drawnRegion{name: site.ID, boxed: site.boxed}
				f.text = fmt.Sprintf("%s the ground of site %s (p %s)%s", r.depth(pos.Point), site.ID, number(p), l.protectionText(site))
			}
		}
	}
	return f
}

// protected is the probability that a site was protected already.
func (l *look) protected(s *site) float64 {
	if s.ProtectionFrom == 0 {
		return 1
	}
	return quantise(l.during(Span{From: s.ProtectionFrom}))
}

func (l *look) protectionText(s *site) string {
	if s.ProtectionFrom == 0 {
		return ""
	}
	return fmt.Sprintf(", protected from %s on", clock(s.ProtectionFrom))
}

// objectPlace asks for an effect on an object of the parties' lists.
type objectPlace struct {
	any   bool                  // on any list; false: on those of every reading
	lists [][]history[*siteSet] // by reading
	ids   [][]string            // beside lists
}

// objectFactor is the probability of an effect on a listed object.
func (l *look) objectFactor(p *plan) factor {
	o := p.objects
	sets := o.at(l)
	if sets == nil {
		return l.saying(factor{reason: truce.ReasonTime}, "object: no version of %s is valid then", strings.Join(slices.Concat(o.ids...), ", "))
	}
	f := l.onSites(func(i int) bool { return o.has(sets, i) })
	if l.quiet {
		return f
	}
	if f.text == "" {
		f.text = "on no listed object"
	}
	f.text = fmt.Sprintf("object: %s; %s", f.text, o.words(sets))
	return f
}

// at are the versions of the lists that hold, one row a reading; nil when a reading that
// is needed has none.
func (o *objectPlace) at(l *look) [][]*siteSet {
	l.sets = slices.Grow(l.sets[:0], len(o.lists))[:len(o.lists)]
	out, some := l.sets, false
	for i, row := range o.lists {
		out[i] = out[i][:0]
		for _, list := range row {
			if e := list.at(l.at, l.known); e != nil {
				out[i] = append(out[i], e.value)
			}
		}
		some = some || len(out[i]) > 0
		if len(out[i]) == 0 && !o.any {
			return nil
		}
	}
	if !some {
		return nil
	}
	return out
}

// has says whether a site is on the lists.
func (o *objectPlace) has(sets [][]*siteSet, site int) bool {
	on := func(row []*siteSet) bool {
		return slices.ContainsFunc(row, func(s *siteSet) bool { return s.on[site] })
	}
	if o.any {
		return slices.ContainsFunc(sets, on)
	}
	return !slices.ContainsFunc(sets, func(row []*siteSet) bool { return !on(row) })
}

func (o *objectPlace) words(sets [][]*siteSet) string {
	var parts []string
	for _, row := range sets {
		for _, s := range row {
			parts = append(parts, s.words)
		}
	}
	join := " and "
	if o.any {
		join = " or "
	}
	return "by " + strings.Join(parts, join)
}
