package ladder

import (
	"strconv"

	"github.com/trucewatch/truce"
)

// step is the sentence of a step without what is said of lateness.
func (p printer) step(s truce.CaseStep) string {
	at := p.time(s.At)
	switch {
	case s.Passage != nil:
		return p.passage(s, at)
	case s.Consultation != nil:
		return p.consultation(s, at)
	case s.Clock != nil && s.Kind != truce.StepNoted:
		return p.clockStep(s, at)
	}
	pairs := []string{"at", at, "who", p.person(s), "said", p.said(s), "n", strconv.Itoa(len(s.Incidents))}
	switch s.Kind {
	case truce.StepOpened:
		title := ""
		if s.Open != nil {
			title = s.Open.Title.In(p.lang)
		}
		return p.fill("opened", append(pairs, "title", prefixed(": ", title))...)
	case truce.StepT0Moved, truce.StepT0Asked:
		return p.zero(s, pairs)
	case truce.StepBlind:
		return p.blind(*s.Blind, at)
	case truce.StepAdvance:
		return p.fill("advance", append(pairs, "line", string(s.Advance.Line), "m", strconv.FormatInt(int64(s.Advance.Metres), 10),
			"from", s.Advance.From, "to", s.Advance.To)...)
	case truce.StepAttributed:
		return p.attribution(*s.Attribution, s.About, pairs)
	case truce.StepRemedy:
		return p.fill("remedy."+string(s.Remedy.State), append(pairs, "id", s.Remedy.ID, "party", string(s.Remedy.Party),
			"what", s.Remedy.What, "due", p.time(s.Remedy.Due))...)
	case truce.StepNoted:
		if s.Clock != nil {
			return p.fill("done_late", append(pairs, "clock", p.clock(*s.Clock), "due", p.time(s.Clock.Due))...)
		}
	}
	return p.fill(p.plural(string(s.Kind), int64(len(s.Incidents))), pairs...)
}

func prefixed(with, s string) string {
	if s == "" {
		return ""
	}
	return with + s
}

func (p printer) zero(s truce.CaseStep, pairs []string) string {
	key := "t0_moved"
	switch {
	case s.Kind == truce.StepT0Asked:
		key = "t0_asked"
	case s.T0.Evidence != nil:
		key = "t0_agreed"
	case s.T0.Old == 0:
		key = "t0_set"
	}
	chosen := ""
	if s.T0.Chosen && s.Kind == truce.StepT0Moved {
		chosen = p.words["chosen"]
	}
	return p.fill(key, append(pairs, "basis", p.word("basis", string(s.T0.Basis)), "old", p.time(s.T0.Old), "new", p.time(s.T0.New), "chosen", chosen,
		"evidence", p.evidence(s.T0.Evidence))...)
}

func (p printer) evidence(e *truce.T0Evidence) string {
	if e == nil {
		return p.words["none"]
	}
	return p.fill("evidence."+string(e.Kind), "record", e.Record)
}

func (p printer) blind(b truce.BlindSpell, at string) string {
	area := string(b.Area)
	if area == "" {
		area = p.words["the_line"]
	}
	pairs := []string{"at", at, "share", strconv.Itoa(int(b.Share*100 + 0.5)), "area", area, "from", p.time(b.From), "to", p.time(b.To), "why", prefixed(": ", b.Reason)}
	if b.To != 0 {
		return p.fill("blind_over", pairs...)
	}
	return p.fill("blind", pairs...)
}

func (p printer) attribution(a truce.Attribution, number string, pairs []string) string {
	key := "attributed"
	if a.Withdrawn {
		key = "attribution_withdrawn"
	}
	return p.fill(key, append(pairs, "level", p.word("level", string(a.Level)), "incident", either(number, a.Incident.String()))...)
}

// passage is the sentence of a step about a way up or down.
func (p printer) passage(s truce.CaseStep, at string) string {
	key := string(s.Kind)
	if s.Passage.Down {
		key += "_down"
		if s.Passage.To == "" {
			key = string(s.Kind) + "_end"
		}
	}
	if founded := s.Kind == truce.StepUnfounded || s.Kind == truce.StepFounded; founded && s.Passage.Tier == "" {
		key += "_path"
	}
	path := ""
	for _, one := range p.terms.Paths {
		if one.ID == s.Passage.Path {
			path = p.words["quote"] + either(one.Names.In(p.lang), one.ID) + p.words["unquote"]
		}
	}
	if path != "" && s.Passage.Tier != "" {
		path = p.fill("by_path", "path", path)
	}
	from := ""
	if s.Passage.Tier != "" {
		from = p.fill("from_tier", "tier", p.tier(s.Passage.Tier))
	}
	return p.fill(key, "at", at, "from", from, "tier", p.tier(s.Passage.Tier), "to", p.tier(s.Passage.To), "path", path,
		"because", p.because(s.Passage.Grounds, s.Passage.Because), "who", p.person(s), "said", p.said(s),
		"gate", strconv.Itoa(s.Passage.Gate))
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (p printer) clockStep(s truce.CaseStep, at string) string {
	c := *s.Clock
	owner, until := "", ""
	if c.State == truce.ClockWaiting && s.Kind == truce.StepClockStarted {
		owner = p.words["waits"]
	}
	if c.Until != 0 {
		until = p.fill("until", "until", p.time(c.Until))
	}
	said := p.said(s)
	if s.Kind == truce.StepClockWarned && s.Late >= c.Due {
		said = " (" + p.word("words", wordsOver) + ")"
	}
	if c.Owner != "" {
		owner = p.fill("owner", "office", p.word("office", string(c.Owner))) + owner
	}
	key := string(s.Kind)
	if s.Kind == truce.StepClockTold && c.Unheard != 0 {
		if key = "clock_heard"; s.Deed != nil {
			key = "clock_otherwise"
		}
	}
	return p.fill(key, "missing", list(c.Missing), "at", at, "clock", p.clock(c), "due", p.time(c.Due), "old", p.time(c.OldDue), "t0", p.time(c.T0),
		"basis", p.word("basis", string(c.Basis)), "owner", owner, "until", until, "who", p.person(s), "said", said)
}

func (p printer) consultation(s truce.CaseStep, at string) string {
	k := s.Consultation
	state, option, votes := "", "", ""
	if s.Deed != nil {
		option = either(s.Deed.Option, p.words["abstains"])
	}
	if n := len(k.Present); n > 0 {
		state = string(k.Present[n-1])
	}
	for _, v := range k.Votes {
		if s.Deed != nil && v.By == s.Deed.Person {
			state = string(v.State)
		}
	}
	for _, t := range k.Tally {
		votes += prefixed("; ", t.Option+" "+strconv.Itoa(t.Votes))
	}
	quorum := p.words["no_quorum"]
	if k.Quorum {
		quorum = p.words["quorum"]
	}
	return p.fill("consultation."+k.Change, "at", at, "id", k.ID, "who", p.person(s), "said", p.said(s), "state", state,
		"option", option, "outcome", p.word("outcome", k.Outcome), "votes", votes, "present", strconv.Itoa(len(k.Present)), "quorum", quorum)
}
