package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// Change is one thing that two versions of an agreement say differently. Before is empty
// for something new, After for something removed.
type Change struct {
	Section string   `json:"section"` // e.g. rule
	ID      string   `json:"id"`
	Before  []string `json:"before,omitempty"`
	After   []string `json:"after,omitempty"`
	Text    bool     `json:"text_only,omitempty"` // the words changed, and nothing that is evaluated
}

// Diff says what a version says differently from the one before it, in sentences: an
// edit that changes no sentence changes no meaning. The order is that of the agreement.
func Diff(before, after *agreement.Agreement, lang string, labels Labels) ([]Change, error) {
	old, err := New(before, lang, labels)
	if err != nil {
		return nil, err
	}
	fresh, err := New(after, lang, labels)
	if err != nil {
		return nil, err
	}
	var out []Change
	a, b := old.sections(), fresh.sections()
	for i := range a {
		out = append(out, compare(a[i], b[i])...)
	}
	return out, nil
}

// section is a part of an agreement as sentences by the name of the thing they speak of.
type section struct {
	name    string
	text    bool
	entries []entry
}

type entry struct {
	id    string
	lines []string
}

// compare lists what two versions of a section say differently; an entry that is in both
// shows only the sentences that differ.
func compare(before, after section) []Change {
	var out []Change
	find := func(s section, id string) ([]string, bool) {
		i := slices.IndexFunc(s.entries, func(e entry) bool { return e.id == id })
		if i < 0 {
			return nil, false
		}
		return s.entries[i].lines, true
	}
	for _, e := range before.entries {
		now, stays := find(after, e.id)
		c := Change{Section: before.name, ID: e.id, Before: without(e.lines, now), After: without(now, e.lines), Text: before.text}
		if !stays || len(c.Before)+len(c.After) > 0 {
			out = append(out, c)
		}
	}
	for _, e := range after.entries {
		if _, was := find(before, e.id); !was {
			out = append(out, Change{Section: after.name, ID: e.id, After: e.lines, Text: after.text})
		}
	}
	return out
}

func without(list, other []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(other, s) {
			out = append(out, s)
		}
	}
	return out
}

// sections are all parts of an agreement that mean something, as sentences.
func (t *Text) sections() []section {
	return []section{
		{name: "agreement", entries: []entry{{t.terms.ID, t.general()}}},
		{name: "party", entries: entries(t.terms.Parties, t.aboutParty)},
		{name: "authority", entries: entries(t.terms.Authorities, t.aboutAuthority)},
		{name: "line", entries: entries(t.terms.Lines, t.aboutLine)},
		{name: "control map", entries: entries(t.terms.ControlMaps, t.aboutMap)},
		{name: "zone", entries: entries(t.terms.Zones, t.aboutZone)},
		{name: "site", entries: entries(t.terms.Sites, t.aboutSite)},
		{name: "list", entries: entries(t.terms.Lists, t.aboutList)},
		{name: "weapon class", entries: entries(t.terms.Weapons, t.aboutWeapon)},
		{name: "phase", entries: entries(t.terms.Phases, t.aboutPhase)},
		{name: "rule", entries: entries(t.terms.Rules, t.aboutRule)},
		{name: "window", entries: entries(t.terms.Windows, t.aboutWindow)},
		{name: "area", entries: entries(t.terms.Areas, t.aboutArea)},
		{name: "ladder", entries: []entry{{"ladder", []string{string(t.terms.Ladder)}}}},
		{name: "clause", text: true, entries: entries(t.terms.Clauses, t.aboutClause)},
	}
}

func entries[T any](list []T, about func(*T) entry) []entry {
	out := make([]entry, len(list))
	for i := range list {
		out[i] = about(&list[i])
	}
	return out
}

func (t *Text) general() []string {
	a := t.terms
	out := []string{fmt.Sprintf("status: %s", a.Status), fmt.Sprintf("calendar: %s, day %d is %s", a.Calendar, a.Calendar.FirstDay, a.Calendar.Epoch)}
	out = append(out, t.span(a.Effective.At, a.Ends.At))
	out = append(out, "languages: "+strings.Join(a.Languages, ", "), "side by: "+a.ControlBy)
	for act, names := range a.ActNames {
		out = append(out, fmt.Sprintf("%s: %s", act, names.In(t.lang)))
	}
	slices.Sort(out)
	return out
}

func (t *Text) aboutParty(p *agreement.Party) entry {
	return entry{string(p.ID), []string{fmt.Sprintf("%s, %s, mark %s", p.Name.In(t.lang), p.Role, p.Mark)}}
}

func (t *Text) aboutAuthority(a *agreement.Authority) entry {
	return entry{a.ID, []string{fmt.Sprintf("%s: %s", t.party(a.Party), strings.Join(a.May, ", "))}}
}

func (t *Text) aboutLine(l *agreement.Line) entry {
	if l.Derived != "" {
		return entry{string(l.ID), []string{fmt.Sprintf("%s, contact part of %s", l.Kind, l.Derived)}}
	}
	out := []string{fmt.Sprintf("%s, left %s, right %s", l.Kind, t.party(l.Left), t.party(l.Right))}
	for _, v := range l.Versions {
		out = append(out, fmt.Sprintf("version %s: ± %s, %s, from %s to %s, known from %s; %s", v.Version, t.metres(v.AccuracyM), t.lengthOf(v.Source),
			bound(v.ValidFrom), bound(v.ValidTo), bound(v.KnownFrom), t.shape(v.Source)))
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

func (t *Text) lengthOf(ref agreement.Ref) string {
	total := geo.Metres(0)
	for _, f := range t.terms.Features(ref) {
		if line, err := geo.NewLine(f.Name(), f.Geom.Lines...); err == nil {
			total += line.Length()
		}
	}
	return fmt.Sprintf("%.1f km", float64(total)/1000)
}

// shape tells two drawings apart: a hash of their points.
func (t *Text) shape(ref agreement.Ref) string {
	var text strings.Builder
	for _, f := range t.terms.Features(ref) {
		fmt.Fprint(&text, f.ID, f.Geom.Points, f.Geom.Lines, f.Geom.Polygons)
	}
	return fmt.Sprintf("drawing %.12s", truce.HashOf([]byte(text.String())))
}

func (t *Text) aboutMap(m *agreement.ControlMap) entry {
	return entry{m.ID, []string{fmt.Sprintf("%s: inside %s, outside %s, ± %s", m.Series, t.party(m.PartyInside), t.party(m.PartyOutside), t.metres(m.AccuracyM))}}
}

func (t *Text) aboutZone(z *agreement.Zone) entry {
	out := []string{fmt.Sprintf("%s: %s", z.Kind, t.zone(*z))}
	if z.Band == nil {
		out = append(out, fmt.Sprintf("± %s, %s", t.metres(z.AccuracyM), t.shape(z.Source)))
	}
	return entry{string(z.ID), out}
}

func (t *Text) aboutSite(s *agreement.Site) entry {
	names := make([]string, len(s.ListedBy))
	for i, p := range s.ListedBy {
		names[i] = string(p)
	}
	out := []string{fmt.Sprintf("%s, radius %s, %s", t.say("site."+string(s.Kind)), t.metres(s.RadiusM), t.shape(s.Source))}
	if len(names) > 0 {
		out = append(out, "listed by "+strings.Join(names, ", "))
	}
	if s.ProtectionFrom != 0 {
		out = append(out, "protected from "+t.moment(s.ProtectionFrom))
	}
	return entry{s.ID, out}
}

func (t *Text) aboutList(l *agreement.SiteList) entry {
	kinds := make([]string, len(l.SiteKinds))
	for i, k := range l.SiteKinds {
		kinds[i] = string(k)
	}
	return entry{l.ID + "@" + l.Version, []string{
		fmt.Sprintf("of %s", t.party(l.Party)), "sites: " + strings.Join(l.Sites, ", "), "kinds: " + strings.Join(kinds, ", "),
		fmt.Sprintf("from %s to %s, known from %s", bound(l.Span.From), bound(l.Span.To), bound(l.KnownFrom)),
	}}
}

func (t *Text) aboutWeapon(w *agreement.WeaponNode) entry {
	return entry{string(w.ID), []string{fmt.Sprintf("under %q, types %s, calibre %s, range %s", w.Parent, strings.Join(w.Types, ", "),
		t.bounds(w.CalibreMM, "mm"), t.bounds(w.RangeKM, "km"))}}
}

func (t *Text) aboutPhase(p *agreement.Phase) entry {
	return entry{p.ID, []string{t.span(p.Span.From, p.Span.To)}}
}

// aboutRule leaves out the name and version, which are the entry's own.
func (t *Text) aboutRule(r *agreement.Rule) entry {
	id := string(r.ID)
	versions := 0
	for i := range t.terms.Rules {
		if t.terms.Rules[i].ID == r.ID {
			versions++
		}
	}
	if versions > 1 {
		id += "@" + r.Version
	}
	return entry{id, t.Rule(r)[1:]}
}

func (t *Text) aboutWindow(w *agreement.Window) entry {
	place := string(w.Zone)
	if w.Circle != nil {
		place = fmt.Sprintf("%g,%g, %s", w.Circle.Lat, w.Circle.Lon, t.metres(w.Circle.RadiusM))
	}
	return entry{w.ID, []string{
		fmt.Sprintf("%s of %s at %s", t.label("window", string(w.Kind)), t.party(w.Bearer), place),
		fmt.Sprintf("from %s to %s, grace %s", t.moment(w.From), t.moment(w.To), t.length(w.Grace)),
		fmt.Sprintf("notified by %s at %s, asked for %s ahead; acknowledged %s, objected %s", w.NotifiedBy, bound(w.NotifiedAt),
			t.length(w.Notice), acknowledged(w), bound(w.ObjectedAt)),
	}}
}

// acknowledged lists who acknowledged a window, and when.
func acknowledged(w *agreement.Window) string {
	var out []string
	for _, a := range w.Acknowledgements() {
		out = append(out, fmt.Sprintf("%s by %s", a.At, a.By))
	}
	return cmp.Or(strings.Join(out, " and "), bound(0))
}

func (t *Text) aboutArea(a *agreement.Area) entry {
	return entry{string(a.ID), []string{t.shape(a.Source)}}
}

// aboutClause names the text by its hash in each language: clauses are words, and whether
// their meaning changed is for people.
func (t *Text) aboutClause(c *agreement.Clause) entry {
	var out []string
	for _, lang := range t.terms.Languages {
		out = append(out, fmt.Sprintf("%s: text %.12s", lang, truce.HashOf([]byte(c.Text[lang]))))
	}
	return entry{c.ID, out}
}
