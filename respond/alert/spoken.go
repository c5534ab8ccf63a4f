package alert

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Reply is an answer that a rule of the agreement asks of every other party after a complaint.
type Reply struct {
	Rule   truce.RuleID
	Names  truce.Names
	Within time.Duration
}

// wordsPrefix names the step in which a party spoke.
const wordsPrefix = "words/"

// ofWords finds the alerts that say that a party has spoken.
func ofWords(a truce.Alert) bool {
	return slices.ContainsFunc(a.About, func(about string) bool { return strings.HasPrefix(about, wordsPrefix) })
}

// spoke says whether the step is a complaint or a statement of a party.
func (in Input) spoke() bool {
	d := in.Step.Deed
	return d != nil && (d.Kind == truce.DeedComplain || d.Kind == truce.DeedState)
}

// spoken tells of it those of the mechanism who keep watch and the owners of the clocks that
// a first complaint starts, with the words and whose they are; and both parties that there is
// one, in the same words, which hold neither. Who speaks again within the minute fills no
// mailbox: what waits already gives way to one that says how many there were.
func (in Input) spoken() []draft {
	d := draft{sort: "statement", kind: truce.AlertNew, tier: in.Case.Tier, quick: ofWords, route: route{roles: []truce.Role{truce.RoleMechanism, truce.RoleParty}}}
	complaint := in.Step.Deed.Kind == truce.DeedComplain
	if complaint {
		d.sort = "complaint"
	}
	release := Release(in.Now, in.Margin)
	for _, b := range in.standing() {
		if ofWords(b.Alert) && b.Alert.Release >= release && !slices.ContainsFunc(b.Alert.About, isBegins) {
			d.refers, d.about = append(d.refers, b.Alert.ID), append(d.about, b.Alert.About...)
		}
	}
	more := len(d.about)
	d.about = append(d.about, wordsPrefix+strconv.Itoa(in.Step.Number))
	d.fill = func(words) map[string]string {
		return map[string]string{"party": string(in.partyOf(in.Step.Deed.Person))}
	}
	beside := func(w words) []string {
		var out []string
		if more > 0 {
			out = append(out, w.fill("spoken_more", map[string]string{"n": intText(more)}))
		}
		if complaint {
			out = append(out, in.repliesDue(w)...)
		}
		return out
	}
	d.lines = func(w words) []string { return append(quoted(w, in.Step.Text), beside(w)...) }
	d.outer = &telling{sort: d.sort + "_outer", fill: func(words) map[string]string { return nil }, lines: beside}
	if complaint && in.Step.T0 != nil { // the first
		if begin := in.countingFrom(truce.T0Complaint); len(begin) > 0 {
			d.quick = nil // who has a clock hears of it at once
			in.announces(&d, begin)
		}
	}
	return []draft{d}
}

// partyOf is the party of somebody on record, "" of nobody's.
func (in Input) partyOf(id truce.PersonID) truce.PartyID {
	for _, p := range in.People {
		if p.ID == id {
			return p.Party
		}
	}
	return ""
}

// repliesDue are the answers that rules ask of every other party, by the time they are due.
func (in Input) repliesDue(w words) []string {
	var out []string
	for _, r := range in.Replies {
		out = append(out, w.fill("reply_line", map[string]string{
			"rule": nameOr(r.Names, w, string(r.Rule)), "id": string(r.Rule), "due": w.time(in.Step.At.Add(r.Within))}))
	}
	return listed(w, out)
}
