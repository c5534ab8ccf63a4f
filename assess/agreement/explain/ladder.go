package explain

import (
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
)

// Part is a part of the response ladder in sentences: the whole, a tier or a path.
type Part struct {
	ID      string // of the tier or path, "" for the whole
	Heading string
	Lines   []string
}

// Ladder explains the response ladder: what holds for the whole of it, each tier from the
// lowest up, and each path. It is nil when the agreement has none.
func (t *Text) Ladder() []Part {
	l := t.terms.Ladder
	if l == nil {
		return nil
	}
	out := []Part{{"", l.Names.In(t.lang), t.ladder(l)}}
	for i := range l.Tiers {
		tier := &l.Tiers[i]
		out = append(out, Part{string(tier.ID), t.say("ladder.tier", "id", tier.ID, "name", tier.Names.In(t.lang)), t.tier(tier)})
	}
	for i := range l.Paths {
		p := &l.Paths[i]
		out = append(out, Part{p.ID, t.say("ladder.path", "id", p.ID, "name", p.Names.In(t.lang)), t.path(p)})
	}
	return out
}

// ladderSections are the parts of the ladder as a comparison holds them against each
// other: the same sentences, and every name in each of its languages.
func (t *Text) ladderSections() []section {
	l := t.terms.Ladder
	if l == nil {
		return []section{{name: "ladder"}, {name: "ladder tier"}, {name: "ladder path"}}
	}
	return []section{
		{name: "ladder", entries: []entry{{t.terms.ID, append(append(t.nameOf(l.Names), t.ladder(l)...), t.inAll(t.say("word.source"), l.Source)...)}}},
		{name: "ladder tier", entries: entries(l.Tiers, t.aboutTier)},
		{name: "ladder path", entries: entries(l.Paths, t.aboutPath)},
	}
}

func (t *Text) aboutTier(tier *truce.Tier) entry {
	out := append(t.nameOf(tier.Names), t.tier(tier)...)
	out = append(out, t.clockNames(tier.Clocks)...)
	out = append(out, t.inAll(t.say("word.public"), tier.Public)...)
	for _, duty := range tier.Duties {
		out = append(out, t.inAll(t.say("word.duty", "office", t.office(duty.Office)), duty.Names)...)
	}
	return entry{string(tier.ID), out}
}

func (t *Text) aboutPath(p *truce.Path) entry {
	return entry{p.ID, append(append(t.nameOf(p.Names), t.path(p)...), t.clockNames(p.Clocks)...)}
}

func (t *Text) clockNames(clocks []truce.ClockTerm) []string {
	var out []string
	for _, c := range clocks {
		out = append(out, t.inAll(t.say("word.clock", "id", c.ID), c.Names)...)
	}
	return out
}

// ladder says what holds for the whole: how firm it is, from what time counts, what makes
// one case, the ways down, and who decides in a consultation.
func (t *Text) ladder(l *truce.Ladder) []string {
	out := []string{t.say("ladder.standing." + string(l.Standing))}
	if source := l.Source.In(t.lang); source != "" {
		out = append(out, t.say("ladder.source", "source", source))
	}
	out = append(out, t.say("ladder.t0", "basis", t.label("basis", string(l.T0))))
	if l.Gather.RadiusM > 0 {
		out = append(out, t.say("ladder.gather.near", "within", t.micros(l.Gather.Within), "m", t.metres(l.Gather.RadiusM)))
	} else {
		out = append(out, t.say("ladder.gather", "within", t.micros(l.Gather.Within)))
	}
	if l.Reply > 0 {
		out = append(out, t.say("ladder.reply", "within", t.micros(l.Reply)))
	} else {
		out = append(out, t.say("ladder.reply.default", "within", t.micros(l.ReplyWithin())))
	}
	for i := range l.Down {
		out = append(out, t.descent(&l.Down[i]))
	}
	return append(out, t.consultation(&l.Consult)...)
}

// tier says a tier: its place, its way in, its clocks, who hears of it and what is asked.
func (t *Text) tier(tier *truce.Tier) []string {
	out := []string{t.rank(tier.ID), t.say("ladder.enter", "what", t.criteria(&tier.Enter)), t.gatesIn(tier.Gates)}
	for i := range tier.Clocks {
		out = append(out, t.clock(&tier.Clocks[i]))
	}
	if len(tier.Tell) > 0 {
		out = append(out, t.say("ladder.tell", "roles", t.roles(tier.Tell)))
	}
	if slices.Contains(tier.Tell, truce.RoleParty) {
		out = append(out, t.say("ladder.tell.parties"))
	}
	if a := tier.Answer; a != nil {
		out = append(out, t.say("ladder.answer", "role", t.label("role", string(a.Role)), "least", t.label("ack", string(a.Least)), "within", t.micros(a.Within)))
		for _, e := range a.Escalate {
			out = append(out, t.say("ladder.escalate", "office", t.office(e.Office), "after", t.micros(e.After)))
		}
	}
	for _, duty := range tier.Duties {
		out = append(out, t.say("ladder.duty", "office", t.office(duty.Office), "what", duty.Names.In(t.lang)))
	}
	if tier.Consult {
		out = append(out, t.say("ladder.consult"))
	}
	if public := tier.Public.In(t.lang); public != "" {
		out = append(out, t.say("ladder.public", "what", public))
	}
	return out
}

// rank names the tier below, so that a change of their order changes a sentence.
func (t *Text) rank(id truce.TierID) string {
	tiers := t.terms.Ladder.Tiers
	for i := range tiers {
		if tiers[i].ID == id && i > 0 {
			return t.say("ladder.above", "tier", tiers[i-1].ID)
		}
	}
	return t.say("ladder.lowest")
}

func (t *Text) path(p *truce.Path) []string {
	out := []string{t.say("ladder.opens", "what", t.criteria(&p.Enter)), t.say("ladder.path.tiers", "tiers", t.list(wordsOf(p.Tiers), "and"))}
	if p.Own {
		out = append(out, t.say("ladder.path.own"))
	}
	for i := range p.Clocks {
		out = append(out, t.clock(&p.Clocks[i]))
	}
	if p.Civil {
		out = append(out, t.say("ladder.path.civil"))
	}
	return out
}

func (t *Text) descent(d *truce.Descent) string {
	key := "ladder.down"
	if d.To == "" {
		key = "ladder.down.end"
	}
	remedy := ""
	if d.Remedy {
		remedy = t.say("ladder.down.remedy")
	}
	return t.say(key, "from", d.From, "to", d.To, "quiet", t.micros(d.Quiet), "remedy", remedy, "gates", t.gates(d.Gates))
}

// consultation says who may call one and what carries; nothing where nobody may.
func (t *Text) consultation(c *truce.Consult) []string {
	if len(c.Callers) == 0 {
		return nil
	}
	callers := make([]string, len(c.Callers))
	for i, one := range c.Callers {
		callers[i] = t.say("ladder.caller", "n", one.Count, "role", t.label("role", string(one.Role)))
	}
	out := []string{
		t.say("ladder.callers", "list", t.list(callers, "or")),
		t.say("ladder.quorum", "p", t.percent(c.Quorum)),
	}
	key := "ladder.majority"
	if c.Majority == 1 {
		key = "ladder.majority.all"
	}
	out = append(out, t.say(key, "p", t.percent(c.Majority)))
	if c.EachOwn {
		out = append(out, t.say("ladder.each"))
	}
	return out
}

func (t *Text) percent(p truce.Probability) string { return t.number(float64(p) * 100) }

func (t *Text) micros(d truce.Micros) string { return t.length(time.Duration(d) * time.Microsecond) }

func (t *Text) office(o truce.Office) string { return t.label("office", string(o)) }

func (t *Text) roles(list []truce.Role) string {
	out := make([]string, len(list))
	for i, role := range list {
		out[i] = t.label("role", string(role))
	}
	return strings.Join(out, ", ")
}

// wordsOf are identifiers as words of a list.
func wordsOf[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, one := range list {
		out[i] = string(one)
	}
	return out
}
