package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// what says what the rule asks, by its kind.
func (t *Text) what(r *agreement.Rule) []string {
	switch r.Kind {
	case agreement.KindProhibit:
		return []string{t.say("prohibit", "acts", t.acts(r.Acts))}
	case agreement.KindLimit:
		return t.limit(r)
	case agreement.KindRequire:
		return t.require(r)
	case agreement.KindPermit:
		return t.permit(r)
	case agreement.KindClaim:
		return t.claim(r)
	}
	return nil
}

func (t *Text) limit(r *agreement.Rule) []string {
	l := r.Limit
	what := t.weapon(l.Weapon)
	switch {
	case l.Object != "" && what != "":
		what = t.say("object.class", "object", t.say("object."+l.Object), "class", what)
	case l.Object != "":
		what = t.say("object." + l.Object)
	}
	key := "limit"
	if l.Max == 0 {
		key = "limit.none"
	}
	out := []string{t.say(key, "what", what, "max", l.Max, "whose", t.whose(r), "time", t.say("per."+string(l.Per)), "where", t.limitWhere(l, r)), t.say("limit.acts", "acts", t.acts(r.Acts))}
	for _, b := range l.Bands {
		out = append(out, t.say("limit.band", "class", t.class(b.Class), "m", t.metres(b.ToM)))
	}
	if len(l.Lines) == 2 && l.FromM == 0 {
		out = append(out, t.say("limit.front"))
	}
	return append(out, t.limitMore(r)...)
}

// limitMore says the time over which a number counts where there is none at first, and
// whom a limit without a number binds.
func (t *Text) limitMore(r *agreement.Rule) []string {
	var out []string
	if r.Limit.Max == 0 && r.Limit.Per != agreement.PerDay {
		out = append(out, t.say("limit.time", "time", t.say("per."+string(r.Limit.Per))))
	}
	if r.Limit.Max == 0 && r.Bearer != agreement.BearerEach {
		out = append(out, t.say("limit.whose", "whose", t.whose(r)))
	}
	return out
}

// whose says whose number a limit counts.
func (t *Text) whose(r *agreement.Rule) string {
	switch r.Bearer {
	case agreement.BearerEach:
		return t.say("whose.each")
	case agreement.BearerAll:
		return t.say("whose.all")
	}
	return t.say("whose.party", "party", t.party(truce.PartyID(r.Bearer)))
}

// capped says whether a limit allows a number above none, at least in a phase of it.
func capped(r *agreement.Rule) bool {
	return r.Limit.Max > 0 || slices.ContainsFunc(r.Steps, func(s agreement.Step) bool { return s.Max != nil && *s.Max > 0 })
}

// placesOf counts the places of a rule, each of which a number is allowed in.
func placesOf(r *agreement.Rule) int {
	w, n := &r.Where, 0
	for _, some := range []bool{len(w.SiteKinds)+len(w.Sites) > 0, len(w.AreaOf) > 0, w.Crosses != nil, w.OtherArea, r.Limit.Line != "" || len(r.Limit.Lines) > 0} {
		if some {
			n++
		}
	}
	if r.Limit.Beyond != "" {
		n++
	}
	return n + len(w.Zones) + len(w.Within)
}

// limitWhere says from which line the limit is measured, and how far.
func (t *Text) limitWhere(l *agreement.Limit, r *agreement.Rule) string {
	side := t.say("side.both")
	if l.OwnSide {
		side = t.say("side.own")
	}
	reach := t.say("limit.byclass")
	switch {
	case l.ToM == 0 && l.FromM > 0:
		reach = t.say("limit.byclass.from", "from", t.metres(l.FromM))
	case l.ToM > 0:
		reach = t.say("limit.reach", "from", t.metres(l.FromM), "to", t.metres(l.ToM))
		if l.FromM == 0 {
			reach = t.say("limit.within", "to", t.metres(l.ToM))
		}
	}
	switch {
	case l.Line != "":
		return t.say("limit.line", "reach", reach, "line", t.line(l.Line), "side", side)
	case len(l.Lines) > 0:
		var each []string
		for _, p := range l.Lines {
			each = append(each, t.say("limit.ofparty", "party", t.party(p.Party), "line", t.line(p.Line)))
		}
		return t.say("limit.lines", "reach", reach, "lines", t.list(each, "and"))
	}
	beyond := ""
	if l.Beyond != "" {
		beyond = t.say("limit.beyond", "line", t.line(l.Beyond))
	}
	switch {
	case beyond != "" && len(r.Where.Zones) > 0:
		return t.list([]string{t.say("where.in", "zone", t.list(t.zones(r.Where.Zones), "or")), beyond}, "or")
	case beyond != "":
		return beyond
	case r.Where.Anywhere:
		return t.say("limit.anywhere")
	case len(r.Where.Zones) == 0:
		return t.list(t.places(&r.Where), "or")
	}
	return t.say("where.in", "zone", t.list(t.zones(r.Where.Zones), "or"))
}

func (t *Text) weapon(w agreement.WeaponMatch) string {
	var parts []string
	var classes, types []string
	for _, c := range w.Classes {
		classes = append(classes, t.class(c))
	}
	for _, kind := range w.Types {
		types = append(types, t.say("type."+kind))
	}
	if len(classes) > 0 {
		parts = append(parts, t.list(classes, "or"))
	}
	if len(types) > 0 {
		parts = append(parts, t.say("weapon.types", "types", t.list(types, "or")))
	}
	if text := t.bounds(w.CalibreMM, "mm"); text != "" {
		parts = append(parts, t.say("weapon.calibre", "bounds", text))
	}
	return strings.Join(parts, ", ")
}

// bounds prints a stretch of a quantity.
func (t *Text) bounds(r agreement.Range, unit string) string {
	switch {
	case r == (agreement.Range{}):
		return ""
	case r.Max == 0:
		return t.say("bounds.min", "min", t.number(r.Min), "unit", t.say(unit))
	case r.Min == 0:
		return t.say("bounds.max", "max", t.number(r.Max), "unit", t.say(unit))
	}
	return t.say("bounds.both", "min", t.number(r.Min), "max", t.number(r.Max), "unit", t.say(unit))
}

func (t *Text) class(id truce.WeaponClass) string {
	for _, node := range t.terms.Weapons {
		if node.ID == id && len(node.Name) > 0 {
			return node.Name.In(t.lang)
		}
	}
	return strings.ReplaceAll(string(id), "_", " ")
}

func (t *Text) require(r *agreement.Rule) []string {
	q := r.Require
	var out []string
	switch {
	case q.Notify != nil:
		size := ""
		if q.Notify.Threshold > 0 {
			size = t.say("require.size", "n", q.Notify.Threshold, "object", t.say("object."+q.Notify.Object))
		}
		out = append(out, t.say("require.notify", "kind", t.label("window", string(q.Notify.Window)), "size", size, "notice", t.length(q.Notify.Notice)))
		if q.Notify.Route {
			out = append(out, t.say("require.route"))
		}
		if len(q.Notify.Outside) > 0 {
			out = append(out, t.say("require.outside", "zones", t.list(t.zones(q.Notify.Outside), "or")))
		}
	case q.Access > 0:
		out = append(out, t.say("require.access", "within", t.length(q.Access)))
	case q.Reply != nil:
		out = append(out, t.say("require.reply", "after", t.say("after."+q.Reply.After), "within", t.length(q.Reply.Within)))
	case q.Holdings != nil:
		if q.Holdings.Equal {
			out = append(out, t.say("require.equal"))
		}
		if q.Holdings.SealIntact {
			out = append(out, t.say("require.seal"))
		}
		if q.Holdings.InspectEvery > 0 {
			out = append(out, t.say("require.inspect", "every", t.length(q.Holdings.InspectEvery)))
		}
	}
	if q.WithinLine != nil {
		out = append(out, t.say("require.within", "m", t.metres(q.WithinLine.Metres), "line", t.line(q.WithinLine.Line)))
	}
	return append(out, t.say("require.seen", "acts", t.acts(r.Acts)))
}

func (t *Text) permit(r *agreement.Rule) []string {
	p := r.Permit
	out := []string{t.say("permit", "acts", t.acts(p.Acts), "windows", t.list(t.windows(p.Windows), "or"))}
	if p.Notice > 0 {
		out = append(out, t.say("permit.notice", "notice", t.length(p.Notice)))
	}
	if p.Ack != agreement.AckNone {
		out = append(out, t.say("permit.ack."+string(p.Ack)))
	}
	if p.AutoAck > 0 {
		out = append(out, t.say("permit.auto", "after", t.length(p.AutoAck)))
	}
	if p.MaxHours > 0 {
		out = append(out, t.say("permit.hours", "h", t.number(p.MaxHours)))
	}
	if p.RadiusM > 0 {
		out = append(out, t.say("permit.radius", "m", t.metres(p.RadiusM)))
	}
	if p.NearM > 0 {
		out = append(out, t.say("permit.near.m", "m", t.metres(p.NearM)))
	}
	if p.Near > 0 {
		out = append(out, t.say("permit.near.time", "time", t.length(p.Near)))
	}
	return append(out, t.say("permit.otherwise"))
}

func (t *Text) windows(kinds []agreement.WindowKind) []string {
	out := make([]string, len(kinds))
	for i, kind := range kinds {
		out[i] = t.label("window", string(kind))
	}
	return out
}

func (t *Text) claim(r *agreement.Rule) []string {
	c := r.Claim
	out := []string{t.say("claim", "acts", t.acts(r.Acts))}
	if c.NamesIncident {
		out = append(out, t.say("claim.names"))
	}
	if c.CoordinationWithin > 0 {
		out = append(out, t.say("claim.coordination", "within", t.length(c.CoordinationWithin)))
	}
	switch c.OrderedBy {
	case "":
	case "authority":
		out = append(out, t.say("claim.ordered"))
	default:
		out = append(out, t.say("claim.ordered.right", "right", t.say("right."+c.OrderedBy)))
	}
	if c.NotifiedWithin > 0 {
		out = append(out, t.say("claim.notified", "within", t.length(c.NotifiedWithin)))
	}
	out = append(out, t.say("claim.decides"))
	if states := r.Show.States; len(states) > 0 && len(states) < 3 {
		names := make([]string, len(states))
		for i, state := range states {
			names[i] = t.say("state." + string(state))
		}
		out = append(out, t.say("claim.shown", "states", t.list(names, "and")))
	}
	if r.Show.Chain {
		out = append(out, t.say("claim.chain"))
	}
	return out
}

// where says the places. Those of a limit that it has not said are further ones: any of
// them is enough.
func (t *Text) where(r *agreement.Rule) []string {
	w := &r.Where
	measured := r.Limit != nil && (r.Limit.Line != "" || len(r.Limit.Lines) > 0)
	if w.Anywhere {
		said := r.Limit != nil && !measured // by the limit itself
		if said || r.Kind == agreement.KindPermit || r.Kind == agreement.KindClaim || r.Kind == agreement.KindRequire {
			return nil
		}
		return []string{t.say("where.anywhere")}
	}
	key, places := "where", t.places(w)
	switch {
	case r.Limit == nil || measured:
		if len(w.Zones) > 0 {
			places = append([]string{t.say("where.in", "zone", t.list(t.zones(w.Zones), "or"))}, places...)
		}
	case len(w.Zones) == 0:
		places = nil // the limit has said them
	}
	if r.Limit != nil {
		key = "where.also"
	}
	if len(places) == 0 {
		return nil
	}
	return []string{t.say(key, "places", t.list(places, "or"))}
}

// places are those a rule names beside zones.
func (t *Text) places(w *agreement.Where) []string {
	var places []string
	for _, within := range w.Within {
		places = append(places, t.say("where.within", "m", t.metres(within.Metres), "line", t.line(within.Line)))
	}
	if len(w.SiteKinds) > 0 {
		kinds := make([]string, len(w.SiteKinds))
		for i, kind := range w.SiteKinds {
			kinds[i] = t.say("site." + string(kind))
		}
		places = append(places, t.say("where.sitekinds", "kinds", t.list(kinds, "or")))
	}
	if len(w.Sites) > 0 {
		places = append(places, t.say("where.sites", "sites", strings.Join(w.Sites, ", ")))
	}
	if len(w.AreaOf) > 0 {
		names := make([]string, len(w.AreaOf))
		for i, p := range w.AreaOf {
			names[i] = t.party(p)
		}
		places = append(places, t.say("where.area", "parties", t.list(names, "or")))
	}
	if w.Crosses != nil {
		reach := ""
		if w.Crosses.ReachM > 0 {
			reach = t.say("where.reach", "m", t.metres(w.Crosses.ReachM))
		}
		places = append(places, t.say("where.crosses", "line", t.line(w.Crosses.Line), "reach", reach))
	}
	if w.OtherArea {
		places = append(places, t.say("where.other"))
	}
	return places
}

func (t *Text) zones(ids []truce.ZoneID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = t.say("where.zone", "zone", id)
		for _, z := range t.terms.Zones {
			if z.ID == id {
				out[i] = t.zone(z)
			}
		}
	}
	return out
}

// zone names a zone: how it is derived, and at which heights it lies, where it says so.
func (t *Text) zone(z agreement.Zone) string {
	name := string(z.ID)
	if len(z.Name) > 0 {
		name = fmt.Sprintf("%s (%s)", z.Name.In(t.lang), z.ID)
	}
	text := t.say("where.zone", "zone", name)
	if z.Band != nil {
		side := t.say("side.both")
		if z.Band.Party != "" {
			side = t.say("side.party", "party", t.party(z.Band.Party))
		}
		text += t.say("where.band", "from", t.metres(z.Band.FromM), "to", t.metres(z.Band.ToM), "line", t.line(z.Band.Line), "side", side)
	}
	if z.AltitudeM != nil {
		text += t.say("where.heights", "bounds", t.heights(*z.AltitudeM))
	}
	return text
}

// heights prints the heights of a zone, which are bounded above by nothing where Max is 0.
func (t *Text) heights(r agreement.Range) string {
	if r == (agreement.Range{}) {
		return t.say("bounds.min", "min", "0", "unit", t.say("m"))
	}
	return t.bounds(r, "m")
}

func (t *Text) line(id truce.LineID) string {
	for _, l := range t.terms.Lines {
		if l.ID == id && len(l.Name) > 0 {
			return fmt.Sprintf("%s (%s)", l.Name.In(t.lang), id)
		}
	}
	return string(id)
}

func (t *Text) party(id truce.PartyID) string {
	for _, p := range t.terms.Parties {
		if p.ID == id {
			return p.Name.In(t.lang)
		}
	}
	return string(id)
}

// when says from when to when the rule holds.
func (t *Text) when(r *agreement.Rule) []string {
	var out []string
	if r.Dates == nil { // else the positions say it
		out = []string{t.within(r.InForce)}
	}
	if r.KnownFrom != 0 {
		key := "when.known"
		if !t.amends(r) {
			key = "when.known.first"
		}
		out = append(out, t.say(key, "from", t.moment(r.KnownFrom)))
	}
	return out
}

// amends says whether another version of the rule was known before.
func (t *Text) amends(r *agreement.Rule) bool {
	return slices.ContainsFunc(t.terms.Rules, func(o agreement.Rule) bool {
		return o.ID == r.ID && o.KnownFrom.OrEarliest() < r.KnownFrom.OrEarliest()
	})
}

// within is a span whose open ends are the agreement's.
func (t *Text) within(s agreement.Span) string {
	return t.span(cmp.Or(s.From, t.terms.Effective.At), cmp.Or(s.To, t.terms.Ends.At))
}

func (t *Text) span(from, to truce.Instant) string {
	if to == 0 {
		return t.say("when.open", "from", t.moment(from))
	}
	return t.say("when.span", "from", t.moment(from), "to", t.moment(to))
}

// narrowed says what narrows the rule further: weapon, height, condition.
func (t *Text) narrowed(r *agreement.Rule) []string {
	var out []string
	if r.Weapon != nil {
		out = append(out, t.say("only.weapon", "weapon", t.weapon(*r.Weapon)))
	}
	if r.AltitudeM != nil {
		out = append(out, t.say("only.altitude", "min", t.number(r.AltitudeM.Min), "max", t.number(r.AltitudeM.Max)))
	}
	if r.When != "" {
		out = append(out, t.say("only.when", "when", r.When))
	}
	if r.OneSided {
		out = append(out, t.say("only.one"))
	}
	out = append(out, t.bound(r)...)
	for _, act := range sortedActs(r) {
		out = append(out, t.say("grace", "act", t.act(act), "d", t.length(r.Grace[act])))
	}
	return out
}

func sortedActs(r *agreement.Rule) []truce.Act {
	var out []truce.Act
	for act := range r.Grace {
		out = append(out, act)
	}
	slices.Sort(out)
	return out
}

func (t *Text) steps(r *agreement.Rule) []string {
	var out []string
	for _, s := range r.Steps {
		var parts []string
		if s.ToM > 0 {
			parts = append(parts, t.say("step.to", "m", t.metres(s.ToM)))
		}
		if s.Max != nil {
			key := "step.max"
			if *s.Max == 0 {
				key = "step.none"
			}
			parts = append(parts, t.say(key, "n", *s.Max, "whose", t.whose(r), "time", t.stepTime(r)))
		}
		key := "step"
		if s.Span.To == 0 {
			key = "step.open"
		}
		out = append(out, t.say(key, "from", t.moment(s.Span.From), "to", t.moment(s.Span.To), "what", strings.Join(parts, ", ")))
	}
	return out
}

// positions says where the parties differ, and which position is applied: on the dates,
// and on the objects.
func (t *Text) positions(r *agreement.Rule) []string {
	var out []string
	if p := r.Dates; p != nil {
		for _, held := range p.Of {
			out = append(out, t.say("position.dates", "party", t.party(held.Party), "span", t.within(held.Value)))
		}
		if p.Mechanism != nil {
			out = append(out, t.say("position.mission.dates", "span", t.within(*p.Mechanism)))
		}
		out = append(out, t.say("applied.dates", "how", t.applied(p.Applied, p.DecidedBy)))
	}
	if p := r.Objects; p != nil {
		for _, held := range p.Of {
			out = append(out, t.say("position.list", "party", t.party(held.Party), "list", strings.Join(held.Value, ", ")))
		}
		if p.Mechanism != nil && len(p.Of) == 0 {
			return append(out, t.say("position.one", "list", strings.Join(*p.Mechanism, ", ")))
		}
		if p.Mechanism != nil {
			out = append(out, t.say("position.mission.list", "list", strings.Join(*p.Mechanism, ", ")))
		}
		out = append(out, t.say("applied.list", "how", t.applied(p.Applied, p.DecidedBy)))
	}
	if r.Dates != nil && r.Dates.Report || r.Objects != nil && r.Objects.Report {
		out = append(out, t.say("position.report"))
	}
	return out
}

func (t *Text) applied(a agreement.Applied, by string) string {
	key := "applied." + string(a)
	switch a {
	case agreement.AppliedIntersection, agreement.AppliedUnion, agreement.AppliedMechanism:
	default:
		return t.say("applied.party", "party", t.party(truce.PartyID(a)), "by", by)
	}
	end := "."
	if by != "" {
		end = t.say("applied.by", "by", by)
	}
	return t.say(key) + end
}

func (t *Text) exceptions(r *agreement.Rule) []string {
	var out []string
	if len(r.Unless) > 0 {
		out = append(out, t.say("unless", "windows", t.list(t.windows(r.Unless), "or")))
	}
	if len(r.UnlessState) > 0 {
		out = append(out, t.say("unless.state", "states", t.named("seen", r.UnlessState)))
	}
	if len(r.Claims) > 0 {
		out = append(out, t.say("claims", "acts", t.acts(r.Claims)))
	}
	return out
}

func (t *Text) severity(r *agreement.Rule) []string {
	if r.Severity == (agreement.Severity{}) {
		return nil
	}
	s := r.Severity
	out := t.say("severity", "base", s.Base)
	if s.Damage > 0 {
		out += t.say("severity.damage", "n", s.Damage)
	}
	if s.Casualties > 0 {
		out += t.say("severity.casualties", "n", s.Casualties)
	}
	if s.MassCasualties > 0 {
		out += t.say("severity.mass", "n", s.MassCasualties, "from", s.MassFrom)
	}
	return []string{out + "."}
}
