package explain

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// sections are all parts of an agreement that mean something, as sentences.
func (t *Text) sections() []section {
	a := t.terms
	out := []section{
		{name: "agreement", entries: []entry{{a.ID, t.general()}}},
		{name: "party", entries: entries(a.Parties, t.aboutParty)},
		{name: "authority", entries: entries(a.Authorities, t.aboutAuthority)},
		{name: "line", entries: entries(a.Lines, t.aboutLine)},
		{name: "control map", entries: entries(a.ControlMaps, t.aboutMap)},
		{name: "zone", entries: entries(a.Zones, t.aboutZone)},
		{name: "site", entries: entries(a.Sites, t.aboutSite)},
		{name: "list", entries: entries(a.Lists, t.aboutList), versions: entries(a.Lists, t.versionOfList)},
		{name: "weapon class", entries: entries(a.Weapons, t.aboutWeapon)},
		{name: "phase", entries: entries(a.Phases, t.aboutPhase)},
		{name: "rule", entries: entries(a.Rules, t.aboutRule), versions: entries(a.Rules, t.versionOfRule)},
		{name: "window", entries: entries(a.Windows, t.aboutWindow)},
		{name: "area", entries: entries(a.Areas, t.aboutArea)},
		{name: "place", entries: entries(a.Places, t.aboutPlace)},
		{name: "open point", entries: entries(a.OpenPoints, t.aboutPoint)},
	}
	out = append(out, t.ladderSections()...)
	return append(out, section{name: "clause", text: true, entries: entries(a.Clauses, t.aboutClause)})
}

func entries[T, E any](list []T, about func(*T) E) []E {
	out := make([]E, len(list))
	for i := range list {
		out[i] = about(&list[i])
	}
	return out
}

func (t *Text) general() []string {
	a := t.terms
	cutOff := fmt.Sprintf("%02d:%02d", int(a.Calendar.CutOff/time.Hour), int(a.Calendar.CutOff%time.Hour/time.Minute))
	out := []string{
		t.say("diff.status", "status", t.label("status", string(a.Status))),
		t.say("diff.calendar", "at", cutOff, "zone", a.Calendar.Zone, "n", a.Calendar.FirstDay, "day", a.Calendar.Epoch),
		t.span(a.Effective.At, a.Ends.At),
		t.say("diff.civil", "from", a.Effective.Civil, "to", a.Ends.Civil),
		t.say("diff.languages", "list", strings.Join(a.Languages, ", ")),
		t.say("diff.control", "id", a.ControlBy),
		t.say("diff.errors", "where", a.ReportError),
		t.say("diff.parts", "list", joined(a.Parts)),
	}
	out = append(out, t.Withhold()...)
	for _, named := range []struct {
		word  string
		names truce.Names
	}{{"title", a.Title}, {"notice", a.Notice}, {"mission", a.Mission}, {"boundary", a.BoundaryNote}} {
		out = append(out, t.inAll(t.say("word."+named.word), named.names)...)
	}
	for _, act := range slices.Sorted(maps.Keys(a.ActNames)) {
		out = append(out, t.inAll(string(act), a.ActNames[act])...)
	}
	for _, ref := range a.BaseMap {
		out = append(out, t.say("diff.base", "shape", t.shape(ref)))
	}
	return out
}

// Withhold says how long what shows where forces are is held back; nothing where the
// agreement says nothing.
func (t *Text) Withhold() []string {
	w := t.terms.Withhold
	if w == (agreement.Withhold{}) {
		return nil
	}
	return []string{t.say("withhold", "time", t.length(w.Forces), "clause", w.Clause)}
}

// inAll is a text in every language it has: a change in one of them is a change.
func (t *Text) inAll(what string, names truce.Names) []string {
	var out []string
	for _, lang := range slices.Sorted(maps.Keys(names)) {
		out = append(out, t.say("diff.named", "what", what, "lang", lang, "text", names[lang]))
	}
	return out
}

func (t *Text) nameOf(names truce.Names) []string { return t.inAll(t.say("word.name"), names) }

// joined lists identifiers as they are written.
func joined[T ~string](list []T) string {
	return strings.Join(wordsOf(list), ", ")
}

func (t *Text) aboutParty(p *agreement.Party) entry {
	return entry{string(p.ID), append(t.nameOf(p.Name), t.say("diff.party", "role", t.label("role", string(p.Role)), "mark", p.Mark))}
}

func (t *Text) aboutAuthority(a *agreement.Authority) entry {
	return entry{a.ID, append(t.nameOf(a.Name), t.say("diff.authority", "party", t.party(a.Party), "may", t.named("right", a.May)))}
}

func (t *Text) aboutLine(l *agreement.Line) entry {
	kind := t.label("line", string(l.Kind))
	out := t.nameOf(l.Name)
	if l.Extent.File != "" {
		out = append(out, t.say("diff.extent", "shape", t.shape(l.Extent)))
	}
	if l.Derived != "" {
		return entry{string(l.ID), append(out, t.say("diff.line.derived", "kind", kind, "map", l.Derived))}
	}
	out = append(out, t.say("diff.line", "kind", kind, "left", t.party(l.Left), "right", t.party(l.Right)))
	for _, v := range l.Versions {
		out = append(out, t.say("diff.line.version", "version", v.Version, "accuracy", t.metres(v.AccuracyM), "shape", t.shape(v.Source),
			"from", bound(v.ValidFrom), "to", bound(v.ValidTo), "known", bound(v.KnownFrom)))
	}
	return entry{string(l.ID), out}
}

// bound is a time that may be open.
func bound(at truce.Instant) string {
	if at == 0 {
		return "..."
	}
	return at.String()
}

func (t *Text) aboutMap(m *agreement.ControlMap) entry {
	out := []string{t.say("diff.map", "series", m.Series, "inside", t.party(m.PartyInside), "outside", t.party(m.PartyOutside), "accuracy", t.metres(m.AccuracyM))}
	if m.Boundary.File != "" {
		out = append(out, t.say("diff.boundary", "shape", t.shape(m.Boundary), "m", t.metres(m.ToleranceM)))
	}
	if m.Extent.File != "" {
		out = append(out, t.say("diff.extent", "shape", t.shape(m.Extent)))
	}
	return entry{m.ID, out}
}

func (t *Text) aboutZone(z *agreement.Zone) entry {
	out := append(t.nameOf(z.Name), fmt.Sprintf("%s: %s", t.label("zonekind", string(z.Kind)), t.zone(*z)))
	if z.Band == nil {
		out = append(out, t.say("diff.drawn", "accuracy", t.metres(z.AccuracyM), "shape", t.shape(z.Source)))
	}
	return entry{string(z.ID), out}
}

func (t *Text) aboutSite(s *agreement.Site) entry {
	out := append(t.nameOf(s.Name), t.say("diff.site", "kind", t.say("site."+string(s.Kind)), "m", t.metres(s.RadiusM), "shape", t.shape(s.Source)))
	if len(s.ListedBy) > 0 {
		out = append(out, t.say("diff.site.listed", "parties", joined(s.ListedBy)))
	}
	if s.ProtectionFrom != 0 {
		out = append(out, t.say("diff.site.from", "from", t.moment(s.ProtectionFrom)))
	}
	return entry{s.ID, out}
}

func (t *Text) aboutList(l *agreement.SiteList) entry {
	out := append(t.nameOf(l.Name), t.say("diff.list.version", "version", l.Version), t.say("diff.list", "party", t.party(l.Party), "from", bound(l.Span.From), "to", bound(l.Span.To), "known", bound(l.KnownFrom)))
	if len(l.Sites) > 0 {
		out = append(out, t.say("diff.list.sites", "list", strings.Join(l.Sites, ", ")))
	}
	if len(l.SiteKinds) > 0 {
		kinds := make([]string, len(l.SiteKinds))
		for i, kind := range l.SiteKinds {
			kinds[i] = t.say("site." + string(kind))
		}
		out = append(out, t.say("diff.list.kinds", "list", strings.Join(kinds, ", ")))
	}
	return entry{l.ID + "@" + l.Version, out}
}

// aboutWeapon says of a class what it says: its criteria, and the class it stands under.
func (t *Text) aboutWeapon(w *agreement.WeaponNode) entry {
	out := t.nameOf(w.Name)
	if w.Parent != "" {
		out = append(out, t.say("diff.weapon.parent", "class", w.Parent))
	}
	if len(w.Types) > 0 {
		types := make([]string, len(w.Types))
		for i, kind := range w.Types {
			types[i] = t.say("type." + kind)
		}
		out = append(out, t.say("weapon.types", "types", t.list(types, "or")))
	}
	if text := t.bounds(w.CalibreMM, "mm"); text != "" {
		out = append(out, t.say("weapon.calibre", "bounds", text))
	}
	if text := t.bounds(w.RangeKM, "km"); text != "" {
		out = append(out, t.say("diff.weapon.range", "bounds", text))
	}
	return entry{string(w.ID), out}
}

func (t *Text) aboutPhase(p *agreement.Phase) entry {
	return entry{p.ID, append(t.nameOf(p.Name), t.span(p.Span.From, p.Span.To))}
}

// aboutRule says the head of the rule in lines of its own, so that one that changes
// stands alone, and of permissions and claims what their sentences leave out.
func (t *Text) aboutRule(r *agreement.Rule) entry {
	id := string(r.ID)
	same := func(o agreement.Rule) bool { return o.ID == r.ID }
	if i := slices.IndexFunc(t.terms.Rules, same); slices.ContainsFunc(t.terms.Rules[i+1:], same) {
		id += "@" + r.Version
	}
	out := append(t.inAll(t.say("word.title"), r.Title), t.say("diff.rule", "version", r.Version, "clause", r.Clause))
	if !r.ClauseHash.IsZero() {
		out = append(out, t.say("diff.rule.cites", "hash", fmt.Sprintf("%.12s", r.ClauseHash)))
	}
	out = append(out, t.Rule(r)[1:]...)
	if r.Kind == agreement.KindPermit || r.Kind == agreement.KindClaim {
		e := append(append(append([]string{}, r.Evidence.Or...), r.Evidence.Any...), r.Evidence.All...)
		out = append(out, t.say("diff.rule.rest", "pmin", t.number(r.PMin), "pout", t.number(r.POut), "n", r.Families, "list", t.named("proof", e),
			"unit", t.label("unit", string(r.Unit)), "precedence", r.Precedence))
	}
	return entry{id, out}
}

func (t *Text) aboutWindow(w *agreement.Window) entry {
	place := string(w.Zone)
	if w.Circle != nil {
		place = fmt.Sprintf("%g,%g, %s", w.Circle.Lat, w.Circle.Lon, t.metres(w.Circle.RadiusM))
	}
	return entry{w.ID, []string{
		t.say("diff.window", "kind", t.label("window", string(w.Kind)), "party", t.party(w.Bearer), "place", place),
		t.say("diff.window.time", "from", t.moment(w.From), "to", t.moment(w.To), "grace", t.length(w.Grace)),
		t.say("diff.window.notice", "party", w.NotifiedBy, "at", bound(w.NotifiedAt), "ahead", t.length(w.Notice), "acks", t.acknowledged(w),
			"objected", bound(w.ObjectedAt)),
	}}
}

// acknowledged lists who acknowledged a window, and when.
func (t *Text) acknowledged(w *agreement.Window) string {
	var out []string
	for _, a := range w.Acknowledgements() {
		out = append(out, t.say("diff.window.ack", "at", a.At, "party", a.By))
	}
	if len(out) == 0 {
		return bound(0)
	}
	return t.list(out, "and")
}

func (t *Text) aboutArea(a *agreement.Area) entry {
	return entry{string(a.ID), append(t.nameOf(a.Name), t.shape(a.Source))}
}

func (t *Text) aboutPlace(p *agreement.Place) entry {
	return entry{p.Key, append(t.nameOf(p.Names), t.say("diff.place", "at", at(p.At), "m", t.metres(float64(p.Radius))))}
}

func (t *Text) aboutPoint(p *agreement.OpenPoint) entry {
	out := append(t.inAll(t.say("word.question"), p.Question), t.inAll(t.say("word.decides"), p.Decides)...)
	if p.Clause != "" {
		out = append(out, t.say("diff.point", "clause", p.Clause))
	}
	return entry{p.ID, out}
}

// aboutClause names the text by its hash in each language: clauses are words, and whether
// their meaning changed is for people.
func (t *Text) aboutClause(c *agreement.Clause) entry {
	var out []string
	for _, lang := range t.terms.Languages {
		out = append(out, t.say("diff.clause", "lang", lang, "hash", fmt.Sprintf("%.12s", truce.HashOf([]byte(c.Text[lang])))))
	}
	return entry{c.ID, out}
}
