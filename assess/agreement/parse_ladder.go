package agreement

import (
	"fmt"
	"slices"
	"time"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// ladder reads the response ladder. It is terms: which findings lift a case to which
// tier, through whose hands and under which clocks. respond/ladder runs it.
func (d *decoder) ladder(n *yaml.Node) *truce.Ladder {
	if n == nil {
		return nil
	}
	d.ladderAt = n
	m := d.mapping(n, "ladder")
	l := &truce.Ladder{Names: d.words(m.need("title"), m.sub("title"))}
	l.Standing = truce.Standing(d.choice(m.need("standing"), m.sub("standing"), options(truce.StandingReported, truce.StandingProposed, truce.StandingIllustrative, truce.StandingAgreed)))
	l.Source = d.phrase(m.get("source"), m.sub("source"))
	l.T0 = truce.T0Basis(d.choice(m.need("t0"), m.sub("t0"), options(truce.T0Bases()...)))
	l.Gather = d.gather(m.need("gather"), m.sub("gather"))
	l.Tiers = each(d, m.need("tiers"), m.sub("tiers"), d.tier)
	l.Paths = each(d, m.get("paths"), m.sub("paths"), d.path)
	l.Down = each(d, m.get("down"), m.sub("down"), d.descent)
	l.Consult = d.consultRules(m.get("consult"), m.sub("consult"))
	l.Reply = d.replyTerm(m.get("attribution"), m.sub("attribution"))
	m.done()
	return l
}

func micros(v time.Duration) truce.Micros { return truce.MicrosOf(v) }

// flag reads a field that is yes or absent.
func (d *decoder) flag(m *mapping, name string) bool {
	v := m.get(name)
	return v != nil && d.yes(v, m.sub(name))
}

func (d *decoder) gather(n *yaml.Node, path string) truce.Gather {
	m := d.mapping(n, path)
	g := truce.Gather{Within: micros(d.duration(m.need("within"), m.sub("within"))), RadiusM: d.number(m.get("radius_m"), m.sub("radius_m"), 1, 5e6)}
	m.done()
	return g
}

// replyTerm reads how long each party may take to reply to a view on responsibility.
func (d *decoder) replyTerm(n *yaml.Node, path string) truce.Micros {
	if n == nil {
		return 0
	}
	m := d.mapping(n, path)
	at := m.need("reply")
	out := micros(d.duration(at, m.sub("reply")))
	if at != nil && out == 0 {
		d.errorf(at, m.sub("reply"), "is 0: nobody could reply in time; leave the field out for %s", truce.DurationText(truce.DefaultReply.Duration()))
	}
	m.done()
	return out
}

func (d *decoder) tier(m *mapping) truce.Tier {
	t := truce.Tier{ID: truce.TierID(d.newID(m, "tier")), Names: d.words(m.need("title"), m.sub("title"))}
	t.Enter = d.criteria(m.need("enter"), m.sub("enter"), 0)
	t.Gates = d.gates(m.need("gates"), m.sub("gates"))
	t.Clocks = each(d, m.get("clocks"), m.sub("clocks"), d.clock)
	t.Tell = d.roles(m.get("tell"), m.sub("tell"))
	t.Answer = d.answer(m.get("answer"), m.sub("answer"))
	t.Duties = each(d, m.get("duties"), m.sub("duties"), func(m *mapping) truce.DutyTerm {
		return truce.DutyTerm{Office: d.office(m.need("office"), m.sub("office")), Names: d.words(m.need("title"), m.sub("title"))}
	})
	t.Public = d.phrase(m.get("public"), m.sub("public"))
	t.Consult = d.flag(m, "consult")
	return t
}

// maxCriteriaDepth is how deep any: may hold any: one alternative within another is as
// much as a person can follow.
const maxCriteriaDepth = 2

func (d *decoder) criteria(n *yaml.Node, path string, depth int) truce.Criteria {
	m := d.mapping(n, path)
	c := truce.Criteria{SeverityMin: d.integer(m.get("severity_min"), m.sub("severity_min"), 1, 4)}
	for i, item := range d.list(m.get("rules"), m.sub("rules")) {
		c.Rules = append(c.Rules, truce.RuleID(d.use("rule", item, fmt.Sprintf("%s[%d]", m.sub("rules"), i))))
	}
	if v := m.get("acts"); v != nil {
		c.Acts = d.acts(v, m.sub("acts"))
	}
	c.Occurrence = truce.Occurrence(d.choice(m.get("occurrence"), m.sub("occurrence"),
		options(truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, truce.OccurrenceVerified)))
	c.Attribution = d.level(m.get("attribution"), m.sub("attribution"))
	c.Hits = d.integer(m.get("hits"), m.sub("hits"), 1, 1_000_000)
	c.Unit = truce.Unit(d.choice(m.get("unit"), m.sub("unit"), options(truce.Units()...)))
	c.Areas = d.integer(m.get("areas"), m.sub("areas"), 1, MaxEntries)
	c.Within = micros(d.duration(m.get("within"), m.sub("within")))
	c.Lasting = micros(d.duration(m.get("lasting"), m.sub("lasting")))
	c.After = micros(d.duration(m.get("after"), m.sub("after")))
	c.Unexplained = micros(d.duration(m.get("unexplained"), m.sub("unexplained")))
	c.AdvanceM = d.number(m.get("advance_m"), m.sub("advance_m"), 1, 1e6)
	c.BlindShare = truce.Probability(d.number(m.get("blind_share"), m.sub("blind_share"), 0, 1))
	c.BlindFor = micros(d.duration(m.get("blind_for"), m.sub("blind_for")))
	if v := m.get("any"); v != nil && depth == maxCriteriaDepth {
		d.errorf(v, m.sub("any"), "any within any within any: write it flatter, so that people can follow it")
	} else {
		for i, item := range d.list(v, m.sub("any")) {
			c.Any = append(c.Any, d.criteria(item, fmt.Sprintf("%s[%d]", m.sub("any"), i), depth+1))
		}
	}
	m.done()
	return c
}

func (d *decoder) level(n *yaml.Node, path string) truce.AttributionLevel {
	return truce.AttributionLevel(d.choice(n, path, options(truce.AttributionUndetermined, truce.AttributionReasonable, truce.AttributionBalance, truce.AttributionClear)))
}

func (d *decoder) office(n *yaml.Node, path string) truce.Office {
	return truce.Office(d.choice(n, path, options(truce.Offices()...)))
}

// gates reads the signatures of a passage: an office, or an office with the level below
// which it cannot sign.
func (d *decoder) gates(n *yaml.Node, path string) []truce.Gate {
	var out []truce.Gate
	for i, item := range d.list(n, path) {
		at := fmt.Sprintf("%s[%d]", path, i)
		if item.Kind != yaml.MappingNode {
			out = append(out, truce.Gate{Office: d.office(item, at)})
			continue
		}
		m := d.mapping(item, at)
		out = append(out, truce.Gate{Office: d.office(m.need("office"), m.sub("office")), Attribution: d.level(m.get("attribution"), m.sub("attribution"))})
		m.done()
	}
	if n != nil && len(out) == 0 {
		d.errorf(n, path, "names nobody: no tier is entered or left by the machine, name at least one office")
	}
	return out
}

func (d *decoder) clock(m *mapping) truce.ClockTerm {
	c := truce.ClockTerm{ID: d.newID(m, "clock"), Names: d.words(m.need("title"), m.sub("title"))}
	c.Basis = truce.T0Basis(d.choice(m.need("from"), m.sub("from"), options(append(truce.T0Bases(), truce.T0Entered)...)))
	c.Due = micros(d.duration(m.need("due"), m.sub("due")))
	c.Every = micros(d.duration(m.get("every"), m.sub("every")))
	c.Owner = d.office(m.need("owner"), m.sub("owner"))
	c.Each = d.flag(m, "each")
	c.Warns = micros(d.duration(m.get("warns"), m.sub("warns")))
	return c
}

func (d *decoder) roles(n *yaml.Node, path string) []truce.Role {
	var out []truce.Role
	for i, item := range d.list(n, path) {
		role := truce.Role(d.choice(item, fmt.Sprintf("%s[%d]", path, i), options(truce.RoleParty, truce.RoleMechanism, truce.RoleGuarantor, truce.RoleCommission)))
		if role != "" && slices.Contains(out, role) {
			d.errorf(item, path, "%s stands twice", role)
			continue
		}
		out = append(out, role)
	}
	return out
}

func (d *decoder) answer(n *yaml.Node, path string) *truce.AnswerTerm {
	if n == nil {
		return nil
	}
	m := d.mapping(n, path)
	a := &truce.AnswerTerm{Role: truce.Role(d.choice(m.need("role"), m.sub("role"), options(truce.RoleParty, truce.RoleMechanism, truce.RoleGuarantor, truce.RoleCommission)))}
	a.Least = truce.AcknowledgeKind(d.choice(m.need("least"), m.sub("least"), options(truce.AckDelivered, truce.AckRead, truce.AckReceived, truce.AckPosition)))
	a.Within = micros(d.duration(m.need("within"), m.sub("within")))
	a.Escalate = each(d, m.get("escalate"), m.sub("escalate"), func(m *mapping) truce.EscalationTerm {
		return truce.EscalationTerm{Office: d.office(m.need("office"), m.sub("office")), After: micros(d.duration(m.need("after"), m.sub("after")))}
	})
	m.done()
	return a
}

func (d *decoder) path(m *mapping) truce.Path {
	p := truce.Path{ID: d.newID(m, "path"), Names: d.words(m.need("title"), m.sub("title"))}
	p.Enter = d.criteria(m.need("enter"), m.sub("enter"), 0)
	for i, item := range d.list(m.need("tiers"), m.sub("tiers")) {
		p.Tiers = append(p.Tiers, truce.TierID(d.use("tier", item, fmt.Sprintf("%s[%d]", m.sub("tiers"), i))))
	}
	p.Own = d.flag(m, "own_case")
	p.Clocks = each(d, m.get("clocks"), m.sub("clocks"), d.clock)
	p.Civil = d.flag(m, "civil_protection")
	return p
}

func (d *decoder) descent(m *mapping) truce.Descent {
	out := truce.Descent{From: truce.TierID(d.use("tier", m.need("from"), m.sub("from"))), Quiet: micros(d.duration(m.need("quiet"), m.sub("quiet")))}
	if v := m.get("to"); v != nil {
		out.To = truce.TierID(d.use("tier", v, m.sub("to")))
	}
	out.Remedy = d.flag(m, "remedy")
	out.Gates = d.gates(m.need("gates"), m.sub("gates"))
	return out
}

func (d *decoder) consultRules(n *yaml.Node, path string) truce.Consult {
	if n == nil {
		return truce.Consult{}
	}
	m := d.mapping(n, path)
	c := truce.Consult{Quorum: truce.Probability(d.number(m.need("quorum"), m.sub("quorum"), 0, 1)), Majority: truce.Probability(d.number(m.need("majority"), m.sub("majority"), 0, 1))}
	c.Callers = each(d, m.need("callers"), m.sub("callers"), func(m *mapping) truce.Caller {
		caller := truce.Caller{Role: truce.Role(d.choice(m.need("role"), m.sub("role"), options(truce.RoleParty, truce.RoleMechanism, truce.RoleGuarantor, truce.RoleCommission))), Count: 1}
		if v := m.get("count"); v != nil {
			caller.Count = d.integer(v, m.sub("count"), 1, 1000)
		}
		return caller
	})
	c.EachOwn = d.flag(m, "each_own")
	m.done()
	return c
}
