package app

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
)

// showMeeting prints a consultation: who called on which ground, who is present, and the
// tally beside the agreement's rule.
func (c *cli) showMeeting(m truce.Consultation, v guarantee.View) {
	w, rule := c.out, v.Ladder.Consult
	state := "called, waits for more callers"
	switch {
	case m.Ended != 0:
		state = "ended " + moment(m.Ended)
	case m.Convened:
		state = "convened"
	}
	fmt.Fprintf(w, "consultation %s  %s; ground: %s\n", m.ID, state, m.Ground)
	for _, call := range m.Calls {
		fmt.Fprintf(w, "  called by %s%s at %s\n", call.By, prefixed(" for ", call.For), moment(call.At))
	}
	quorum := "no quorum"
	if m.Quorum {
		quorum = "quorum"
	}
	fmt.Fprintf(w, "  present: %s; %s (asked: %d %% of the guarantors)\n", orNobody(strings.Join(texts(m.Present), " ")), quorum, percent(rule.Quorum))
	for _, o := range m.Options {
		fmt.Fprintf(w, "  option %q%s\n", o, tallied(o, m.Tally, rule))
	}
	for _, vote := range m.Votes {
		fmt.Fprintf(w, "  %s: %s, signed by %s at %s%s\n", vote.State, orAbstains(vote.Option), vote.By, moment(vote.At), prefixed("; dissent: ", vote.Dissent))
	}
	if len(m.Options) > 0 {
		fmt.Fprintf(w, "  rule: %s\n", ruleWords(rule))
	}
	for _, h := range m.Minutes {
		fmt.Fprintf(w, "  minutes sha256 %s\n", h)
	}
	if m.Ended != 0 {
		fmt.Fprintf(w, "  outcome: %s\n  public text: %s\n", m.Outcome, m.Public)
	}
}

func percent(p truce.Probability) int { return int(100*float64(p) + 0.5) }

func tallied(option string, tally []truce.Tally, rule truce.Consult) string {
	for _, t := range tally {
		switch {
		case t.Option != option:
		case t.Carried:
			return fmt.Sprintf(": %d votes, carried", t.Votes)
		case rule.EachOwn:
			return fmt.Sprintf(": %d votes", t.Votes)
		default:
			return fmt.Sprintf(": %d votes, not carried", t.Votes)
		}
	}
	return ": no votes"
}

// ruleWords is what the agreement asks of an option that is to carry.
func ruleWords(rule truce.Consult) string {
	switch {
	case rule.EachOwn:
		return "each state decides for itself; nothing is carried"
	case rule.Majority >= 1:
		return "carried when all who vote agree"
	}
	return fmt.Sprintf("carried by %d %% of the votes, with a quorum", percent(rule.Majority))
}

func orNobody(text string) string {
	if text == "" {
		return "nobody"
	}
	return text
}

func orAbstains(option string) string {
	if option == "" {
		return "abstains"
	}
	return option
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}
