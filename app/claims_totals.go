package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// stated is a total with what is not part of it but decides how it is held.
type stated struct {
	total  truce.ClaimTotal
	noArea bool // it names an area that is none of the agreement's
}

// repeatWindow is how long after it was stated first a total is taken for a repetition: a
// party's number is quoted for days.
const repeatWindow = 7 * 24 * time.Hour

// totals are the numbers stated in reports that were not taken down, oldest first, each once
// however often it was repeated. What was taken down is no first statement: who repeated it
// is checked in its place.
func (s *study) totals(cfg claim.Config, down map[truce.ID]bool) []stated {
	var all []stated
	for i := range s.in.reports {
		o := &s.in.reports[i]
		if down[o.ID] {
			continue
		}
		if isText(o, s.in.families) {
			all = append(all, s.totalsRead(o, cfg)...)
		} else if tells(s.in.families[o.Source]) {
			all = append(all, s.totalsGiven(o)...)
		}
	}
	slices.SortStableFunc(all, func(a, b stated) int {
		return cmp.Or(cmp.Compare(a.total.Said, b.total.Said), slices.Compare(a.total.Report[:], b.total.Report[:]), cmp.Compare(a.total.Index, b.total.Index))
	})
	return once(all)
}

// tells says whether a family makes statements rather than observes.
func tells(f truce.Family) bool {
	return f == "" || f == truce.FamilyMedia || f == truce.FamilyCivilian || f == truce.FamilyParty
}

// once keeps the first of what repeats one total.
func once(all []stated) []stated {
	type key struct {
		claimant string
		party    truce.PartyID
		accused  truce.PartyID
		act      truce.Act
		unit     truce.Unit
		count    int
		area     string
	}
	first := map[key]truce.Instant{}
	var out []stated
	for _, one := range all {
		t := one.total
		k := key{t.Claimant, t.Party, t.Accused, t.Act, t.Unit, t.Count, t.AreaNamed}
		if t.Party != "" {
			k.claimant = "" // whoever quotes it
		}
		if at, seen := first[k]; seen && t.Said.Sub(at) <= repeatWindow {
			continue
		}
		first[k] = t.Said
		out = append(out, one)
	}
	return out
}

// totalsGiven are the totals a report states as fields: numbers without a place.
func (s *study) totalsGiven(o *truce.Observation) []stated {
	var out []stated
	for i, c := range o.Report.Claims {
		area, named := s.areaNamed(o.PlaceName)
		if c.Count <= 0 || c.Place != nil || o.Place != nil || c.Act != "" && named && area == "" {
			continue
		}
		one := s.stated(o, i, c, s.speaker(o))
		one.total.Area, one.total.AreaNamed, one.noArea = area, o.PlaceName, named && area == ""
		if p := o.Phenomenon; p.To > p.From {
			one.total.Period = &truce.Period{From: p.From, To: p.To, Zone: s.terms.Calendar.Zone}
		}
		one.total.Quote = quoteOf(o.Report)
		out = append(out, one)
	}
	return out
}

// totalsRead are the totals that a text states. A number at a place of its own is of one
// happening there, unless it counts violations, which are many.
func (s *study) totalsRead(o *truce.Observation, cfg claim.Config) []stated {
	var out []stated
	for i, c := range claim.Read(articleOf(o), cfg) {
		area, named := s.areaNamed(c.PlaceName)
		if c.Kind != truce.ClaimEvent || c.Count <= 0 || c.Act != "" && named && area == "" {
			continue
		}
		party := s.speaker(o)
		for _, t := range c.Chain {
			if p := cfg.Parties[t.Key]; t.Role == truce.TellerSpeaker && p != "" {
				party = p
			}
		}
		one := s.stated(o, i, c, party)
		one.total.Area, one.total.AreaNamed, one.noArea = area, c.PlaceName, named && area == ""
		if c.When != nil && c.When.To > c.When.From {
			one.total.Period = &truce.Period{From: c.When.From, To: c.When.To, Zone: s.terms.Calendar.Zone}
		}
		if c.Quote != nil {
			one.total.Quote = quoteSentence(c.Quote.Sentence)
			one.total.AtLeast = atLeast(c.Quote.Sentence, c.Count)
		}
		out = append(out, one)
	}
	return out
}

// stated is what the totals of both kinds share.
func (s *study) stated(o *truce.Observation, index int, c truce.Claim, party truce.PartyID) stated {
	t := truce.ClaimTotal{
		Report: o.ID, Index: index, Claimant: s.speakerName(o, party), Party: party, Accused: c.Accused, Act: c.Act, Unit: c.Unit, Count: c.Count,
		Said: saidAt(o), Source: o.Source,
	}
	if party == "" && o.Report.Publisher != "" {
		t.Claimant = o.Report.Publisher
	}
	if len(o.Report.Links) > 0 {
		t.Link = o.Report.Links[0]
	}
	return stated{total: t}
}

// saidAt is when a report was made: at its latest, and where it has a day only, within that
// day and not at the first moment of the next.
func saidAt(o *truce.Observation) truce.Instant {
	if p := o.Phenomenon; p.To.Sub(p.From) >= time.Hour {
		return p.To.Add(-time.Second)
	}
	return o.Phenomenon.To
}

// quoteSentence is a sentence as it may be public, whole: its own quotes are made single, and
// a stop within it ("6 p.m. on Friday") does not end it.
func quoteSentence(sentence string) string {
	return truce.PublicQuote(strings.NewReplacer("“", "‘", "”", "’", "«", "‹", "»", "›", "\"", "'").Replace(sentence))
}

// areaNamed is the reporting area of a name, "" for a name that is none's.
func (s *study) areaNamed(name string) (area truce.AreaID, named bool) {
	folded := foldName(name)
	if folded == "" {
		return "", false
	}
	for _, a := range s.terms.Areas {
		if foldName(string(a.ID)) == folded {
			return a.ID, true
		}
		for _, own := range a.Name {
			if foldName(own) == folded {
				return a.ID, true
			}
		}
	}
	return "", true
}

// leastWords come before a number that is a lower bound.
var leastWords = []string{"more than", "over", "at least", "no fewer than", "понад", "більше", "більш як", "щонайменше", "не менше", "более", "свыше", "не менее"}

// atLeast says whether a sentence gives a number as a lower bound.
func atLeast(sentence string, count int) bool {
	sentence = strings.Join(strings.Fields(strings.ToLower(sentence)), " ")
	plain := fmt.Sprint(count)
	forms := []string{plain}
	if len(plain) > 3 && len(plain) <= 6 {
		cut := len(plain) - 3
		forms = append(forms, plain[:cut]+","+plain[cut:], plain[:cut]+" "+plain[cut:])
	}
	for _, word := range leastWords {
		for _, form := range forms {
			if strings.Contains(sentence, word+" "+form) {
				return true
			}
		}
	}
	return false
}
