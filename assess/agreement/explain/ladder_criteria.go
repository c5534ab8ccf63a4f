package explain

import (
	"fmt"
	"strings"

	truce "github.com/trucewatch/truce"
)

// criteria says conditions in one line: all of them, and of those in brackets one.
func (t *Text) criteria(c *truce.Criteria) string {
	parts := append(t.lookedAt(c), t.counted(c)...)
	parts = append(parts, t.otherwise(c)...)
	if len(c.Any) > 0 {
		ways := make([]string, len(c.Any))
		for i := range c.Any {
			ways[i] = "(" + t.criteria(&c.Any[i]) + ")"
		}
		parts = append(parts, t.say("enter.any", "list", t.list(ways, "or")))
	}
	return strings.Join(parts, "; ")
}

// lookedAt says which incidents the conditions look at.
func (t *Text) lookedAt(c *truce.Criteria) []string {
	var out []string
	if len(c.Rules) > 0 {
		out = append(out, t.say("enter.rules", "list", t.list(wordsOf(c.Rules), "or")))
	}
	if len(c.Acts) > 0 {
		out = append(out, t.say("enter.acts", "list", t.acts(c.Acts)))
	}
	if c.SeverityMin > 0 {
		out = append(out, t.say("enter.severity", "n", c.SeverityMin))
	}
	if c.Occurrence != "" {
		out = append(out, t.say("enter.occurrence", "state", t.label("occurrence", string(c.Occurrence))))
	}
	if c.Attribution != "" {
		out = append(out, t.say("enter.attribution", "level", t.label("standard", string(c.Attribution))))
	}
	if c.Within > 0 {
		out = append(out, t.say("enter.within", "d", t.micros(c.Within)))
	}
	return out
}

// counted says how many there must be, where and over which time.
func (t *Text) counted(c *truce.Criteria) []string {
	var out []string
	switch {
	case c.Hits > 0 && c.Unit != "":
		out = append(out, t.say("enter.hits.unit", "n", c.Hits, "unit", t.label("unit", string(c.Unit))))
	case c.Hits > 0:
		out = append(out, t.say("enter.hits", "n", c.Hits))
	case c.Unit != "":
		out = append(out, t.say("enter.unit", "unit", t.label("unit", string(c.Unit))))
	}
	if c.Areas > 0 {
		out = append(out, t.say("enter.areas", "n", c.Areas))
	}
	if c.Lasting > 0 {
		out = append(out, t.say("enter.lasting", "d", t.micros(c.Lasting)))
	}
	return out
}

// otherwise says what is asked beside the incidents themselves.
func (t *Text) otherwise(c *truce.Criteria) []string {
	var out []string
	if c.After > 0 {
		out = append(out, t.say("enter.after", "d", t.micros(c.After)))
	}
	if c.Unexplained > 0 {
		out = append(out, t.say("enter.unexplained", "d", t.micros(c.Unexplained)))
	}
	if c.AdvanceM > 0 {
		out = append(out, t.say("enter.advance", "m", t.metres(c.AdvanceM)))
	}
	if c.BlindShare > 0 {
		out = append(out, t.say("enter.blind", "p", t.percent(c.BlindShare)))
	}
	if c.BlindFor > 0 {
		out = append(out, t.say("enter.blind.for", "d", t.micros(c.BlindFor)))
	}
	return out
}

// gatesIn says who signs before a tier is entered.
func (t *Text) gatesIn(gates []truce.Gate) string {
	key := "ladder.gates"
	if len(gates) == 1 {
		key = "ladder.gate"
	}
	return t.say(key, "gates", t.gates(gates))
}

func (t *Text) gates(gates []truce.Gate) string {
	out := make([]string, len(gates))
	for i, g := range gates {
		out[i] = t.office(g.Office)
		if g.Attribution != "" {
			out[i] = t.say("ladder.gate.level", "office", out[i], "level", t.label("standard", string(g.Attribution)))
		}
	}
	return t.list(out, "and")
}

// clock says a clock: what it waits for, from when to when, and for whom.
func (t *Text) clock(c *truce.ClockTerm) string {
	var more strings.Builder
	add := func(key string, pairs ...any) { fmt.Fprint(&more, t.say(key, pairs...)) }
	if c.Each {
		add("ladder.clock.each")
	}
	if c.Every > 0 {
		add("ladder.clock.every", "d", t.micros(c.Every))
	}
	if c.Warns > 0 {
		add("ladder.clock.warns", "d", t.micros(c.Warns))
	}
	return t.say("ladder.clock", "id", c.ID, "name", c.Names.In(t.lang), "due", t.micros(c.Due), "basis", t.label("basis", string(c.Basis)),
		"owner", t.office(c.Owner), "more", more.String())
}
