package ladder

import (
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func TestSpansJoinAndMeet(t *testing.T) {
	a, b := spans{{1, 5}, {10, 20}}, spans{{4, 12}, {30, 40}}
	for _, c := range []struct {
		name      string
		got, want spans
	}{
		{"or joins what overlaps", a.or(b), spans{{1, 20}, {30, 40}}},
		{"or joins what touches", spans{{1, 5}}.or(spans{{5, 7}}), spans{{1, 7}}},
		{"or drops what is empty", spans{{3, 3}}.or(nil), nil},
		{"and keeps what both hold", a.and(b), spans{{4, 5}, {10, 12}}},
		{"and with nothing is nothing", a.and(nil), nil},
		{"and with all time is the same", a.and(allTime()), a},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	if at, ok := a.begins(6); at != 10 || !ok {
		t.Errorf("begins at %d", at)
	}
	if _, ok := a.begins(20); ok {
		t.Error("begins after its end")
	}
	if at, ok := a.ends(12); at != 20 || !ok {
		t.Errorf("ends at %d", at)
	}
	if at, ok := a.ends(7); at != 7 || !ok {
		t.Errorf("does not hold and ends at %d", at)
	}
	if _, ok := allTime().ends(7); ok {
		t.Error("all time ends")
	}
	if later(never, 5) != never || later(never-1, 5) != never || later(always, 5) != always || later(always+1, -5) != always {
		t.Error("a length passes the ends of time")
	}
}

// caseOf is a case of incidents, with zero points as the machine would set them.
func caseOf(incidents ...truce.CaseIncident) truce.Case {
	c := truce.Case{State: truce.CaseOpen, Incidents: incidents, T0: map[truce.T0Basis]truce.Instant{}}
	slices.SortFunc(c.Incidents, func(a, b truce.CaseIncident) int { return slices.Compare(a.ID[:], b.ID[:]) })
	for _, basis := range truce.T0Bases() {
		if at := zero(&c, basis); at != 0 {
			c.T0[basis] = at
		}
	}
	return c
}

func with(i truce.CaseIncident, change func(*truce.CaseIncident)) truce.CaseIncident {
	i.Findings = slices.Clone(i.Findings)
	change(&i)
	return i
}

func TestEachCriterionHoldsWhenItSays(t *testing.T) {
	early, late := incident(1, t0, 1), incident(2, after(5*hour), 3)
	verified := revised(early, truce.OccurrenceVerified, after(hour))
	south := with(late, func(i *truce.CaseIncident) { i.Area = "south" })
	unsure := with(early, func(i *truce.CaseIncident) {
		i.Findings[0].Verdict, i.Findings[0].Severity = truce.VerdictIndeterminate, 2
	})
	other := with(late, func(i *truce.CaseIncident) {
		i.Findings[0].Rule, i.Findings[0].Count, i.Findings[0].Unit, i.Act = "R02", 4, truce.UnitExplosion, truce.ActSniper
	})
	two := caseOf(early, late)
	two.Attributions = []truce.Attribution{{Incident: late.ID, Level: truce.AttributionBalance}}
	withdrawn := caseOf(early)
	withdrawn.Attributions = []truce.Attribution{{Incident: early.ID, Level: truce.AttributionClear, Withdrawn: true}}
	moved := caseOf(early)
	moved.Advances = []truce.Advance{{Line: "L", Metres: 1500}}
	dark := truce.Case{Blind: []truce.BlindSpell{{Share: 0.5, From: t0, To: after(3 * hour)}, {Share: 0.2, From: t0}}}
	type c = truce.Criteria
	for _, row := range []struct {
		name string
		of   truce.Case
		ask  truce.Criteria
		want spans
	}{
		{"nothing asked: something is open", two, c{}, allTime()},
		{"nothing asked, nothing there", caseOf(), c{}, nil},
		{"nothing asked: what is not determinate is open too", caseOf(unsure), c{}, allTime()},
		{"a hit", caseOf(early), c{Hits: 1}, allTime()},
		{"what is not determinate is no hit", caseOf(unsure), c{Hits: 1}, nil},
		{"two hits", two, c{Hits: 2}, allTime()},
		{"three hits of two", two, c{Hits: 3}, nil},
		{"hits in a unit are counted by what they count", caseOf(early, other), c{Hits: 4, Unit: truce.UnitExplosion}, allTime()},
		{"hits in another unit", caseOf(early, other), c{Hits: 2, Unit: truce.UnitEngagement}, nil},
		{"severity", two, c{SeverityMin: 3}, allTime()},
		{"severity not reached", caseOf(early), c{SeverityMin: 2}, nil},
		{"severity of a finding that is not determinate", caseOf(unsure), c{SeverityMin: 2}, nil},
		{"rules", caseOf(early, other), c{Rules: []truce.RuleID{"R02"}}, allTime()},
		{"rules that none hits", two, c{Rules: []truce.RuleID{"R02"}}, nil},
		{"rules and severity on one finding", caseOf(early, other), c{Rules: []truce.RuleID{"R01"}, SeverityMin: 3}, nil},
		{"acts with their children", caseOf(early, other), c{Acts: []truce.Act{truce.ActDirectFire}}, allTime()},
		{"acts that none is", two, c{Acts: []truce.Act{truce.ActDirectFire}}, nil},
		{"occurrence", caseOf(verified), c{Occurrence: truce.OccurrenceVerified}, allTime()},
		{"occurrence not reached", two, c{Occurrence: truce.OccurrenceVerified}, nil},
		{"verified and grave on one incident", caseOf(verified, late), c{Occurrence: truce.OccurrenceVerified, SeverityMin: 3}, nil},
		{"nested criteria look at what those around them look at", caseOf(verified, late), c{Occurrence: truce.OccurrenceVerified, Any: []c{{SeverityMin: 3}, {Hits: 2}}}, nil},
		{"one of several", two, c{Any: []c{{Hits: 9}, {SeverityMin: 3}}}, allTime()},
		{"attribution", two, c{Attribution: truce.AttributionBalance}, allTime()},
		{"attribution not reached", two, c{Attribution: truce.AttributionClear}, nil},
		{"attribution withdrawn", withdrawn, c{Attribution: truce.AttributionReasonable}, nil},
		{"areas", caseOf(early, south), c{Areas: 2}, allTime()},
		{"areas not reached", two, c{Areas: 2}, nil},
		{"lasting", two, c{Lasting: 5 * hour}, allTime()},
		{"not lasting", two, c{Lasting: 6 * hour}, nil},
		{"after the zero point", two, c{After: 24 * hour}, since(after(24 * hour))},
		{"after no zero point", caseOf(unsure), c{After: hour}, nil},
		{"within", two, c{Within: 12 * hour}, spans{{always, after(17 * hour)}}},
		{"two within", two, c{Within: 12 * hour, Hits: 2}, spans{{always, after(12 * hour)}}},
		{"after and within", two, c{After: 15 * hour, Within: 12 * hour}, spans{{after(15 * hour), after(17 * hour)}}},
		{"unexplained", two, c{Unexplained: 2 * hour}, since(after(2 * hour))},
		{"unexplained and grave", two, c{Unexplained: 2 * hour, SeverityMin: 3}, since(after(7 * hour))},
		{"unexplained within", two, c{Unexplained: 2 * hour, Within: 3 * hour}, spans{{after(2 * hour), after(3 * hour)}, {after(7 * hour), after(8 * hour)}}},
		{"unexplained, not determinate", caseOf(unsure), c{Unexplained: hour, Rules: []truce.RuleID{"R01"}}, since(after(hour))},
		{"refuted", caseOf(revised(late, truce.OccurrenceRefuted, 0)), c{Hits: 1}, nil},
		{"merged into another", caseOf(with(late, func(i *truce.CaseIncident) { i.Gone = true })), c{Hits: 1}, nil},
		{"advance", moved, c{AdvanceM: 1500}, allTime()},
		{"advance not reached", moved, c{AdvanceM: 1501}, nil},
		{"blind for so long", dark, c{BlindShare: 0.3, BlindFor: hour}, spans{{after(hour), after(3 * hour)}}},
		{"blind share not reached", dark, c{BlindShare: 0.6}, nil},
		{"blind and an incident", dark, c{BlindShare: 0.3, Hits: 1}, nil},
	} {
		m := machine(t)
		f := m.factsOf(&row.of)
		got := f.when(row.ask)
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
		if len(got) == 0 {
			continue
		}
		at := max(got[0].from, after(0))
		for _, g := range f.grounds(row.ask, at) {
			if words := GroundText(g, "en"); words == "" || strings.ContainsAny(words, "{}") {
				t.Errorf("%s: the ground %+v reads %q", row.name, g, words)
			}
		}
	}
}

// TestSpansAreWhatHoldsAtEachTime holds the spans of random criteria against asking again
// at each time what drops out.
func TestSpansAreWhatHoldsAtEachTime(t *testing.T) {
	m := machine(t)
	for seed := range uint64(300) {
		r := roll(m, seed)
		var all []truce.CaseIncident
		for range 1 + r.IntN(8) {
			r.now += truce.Instant(r.Int64N(int64(4 * hour)))
			all = append(all, r.incident())
		}
		c := caseOf(all...)
		ask := truce.Criteria{Within: truce.Micros(1+r.IntN(12)) * hour, Hits: 1 + r.IntN(3), Areas: r.IntN(3), Lasting: truce.Micros(r.IntN(6)) * hour}
		f := m.factsOf(&c)
		when := f.when(ask)
		for at := t0; at < after(60*hour); at += truce.Instant(13 * minute) {
			var left []item
			for _, it := range f.items {
				if at-it.incident.Time.From < truce.Instant(ask.Within) {
					left = append(left, it)
				}
			}
			if want := enough(ask, left); when.has(at) != want {
				t.Fatalf("history %d, %s: holds is %v, want %v", seed, at, when.has(at), want)
			}
		}
	}
}

func TestTermsThatCannotRunAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, want string
		change     func(*truce.Ladder)
	}{
		{"no tiers", "0 tiers", func(l *truce.Ladder) { l.Tiers = nil }},
		{"no zero point", "t0 is", func(l *truce.Ladder) { l.T0 = "" }},
		{"zero point of clocks only", "t0 is", func(l *truce.Ladder) { l.T0 = truce.T0Entered }},
		{"negative gather", "gather", func(l *truce.Ladder) { l.Gather.Within = -1 }},
		{"tier twice", "name of its own", func(l *truce.Ladder) { l.Tiers[1].ID = "L0" }},
		{"tier without a gate", "has no gate", func(l *truce.Ladder) { l.Tiers[2].Gates = nil }},
		{"gate of no office", "office", func(l *truce.Ladder) { l.Tiers[2].Gates[0].Office = "king" }},
		{"gate of no standard", "attribution", func(l *truce.Ladder) { l.Tiers[2].Gates[0].Attribution = "sure" }},
		{"clock twice", "clock \"receipt\"", func(l *truce.Ladder) { l.Tiers[3].Clocks[0].ID = "receipt" }},
		{"clock of a path that a tier has", "clock \"receipt\"", func(l *truce.Ladder) { l.Paths[2].Clocks[0].ID = "receipt" }},
		{"clock without basis", "basis", func(l *truce.Ladder) { l.Tiers[3].Clocks[0].Basis = "" }},
		{"clock of nobody", "owner", func(l *truce.Ladder) { l.Tiers[3].Clocks[0].Owner = "" }},
		{"clock that begins anew each second", "begins anew", func(l *truce.Ladder) { l.Tiers[4].Clocks[0].Every = 1_000_000 }},
		{"clock due before its zero point", "due", func(l *truce.Ladder) { l.Tiers[3].Clocks[0].Due = -1 }},
		{"clock that each of nobody has", "there is none", func(l *truce.Ladder) { l.Tiers[3].Clocks[0].Each = true }},
		{"criteria of a negative time", "criteria", func(l *truce.Ladder) { l.Tiers[1].Enter.Any = []truce.Criteria{{After: -1}} }},
		{"criteria of a negative number", "criteria", func(l *truce.Ladder) { l.Tiers[1].Enter.Hits = -1 }},
		{"criteria of an exit", "occurrence", func(l *truce.Ladder) { l.Tiers[1].Enter.Occurrence = truce.OccurrenceRefuted }},
		{"criteria of no standard", "attribution", func(l *truce.Ladder) { l.Tiers[1].Enter.Attribution = "sure" }},
		{"criteria too deep", "nested", func(l *truce.Ladder) {
			for range MaxCriteria {
				l.Tiers[1].Enter = truce.Criteria{Any: []truce.Criteria{l.Tiers[1].Enter}}
			}
		}},
		{"path twice", "name of its own", func(l *truce.Ladder) { l.Paths[1].ID = "casualties" }},
		{"path to an unknown tier", "none of the ladder", func(l *truce.Ladder) { l.Paths[1].Tiers[0] = "T9" }},
		{"path to nowhere", "leads to no tier", func(l *truce.Ladder) { l.Paths[1].Tiers = nil }},
		{"way down from nowhere", "none of the ladder", func(l *truce.Ladder) { l.Down[0].From = "T9" }},
		{"way down that goes up", "not below", func(l *truce.Ladder) { l.Down[0].To = "T1" }},
		{"two ways down", "there are two", func(l *truce.Ladder) { l.Down[1].From = "L1" }},
		{"way down without a gate", "has no gate", func(l *truce.Ladder) { l.Down[1].Gates = nil }},
		{"way down of a negative time", "quiet", func(l *truce.Ladder) { l.Down[1].Quiet = -1 }},
		{"quorum of more than all", "quorum", func(l *truce.Ladder) { l.Consult.Quorum = 1.5 }},
		{"callers of no role", "caller", func(l *truce.Ladder) { l.Consult.Callers[0].Role = "king" }},
	} {
		l := handbook()
		c.change(&l)
		_, err := New(l, []truce.PartyID{"A", "B"}, []truce.StateID{"FA"})
		if err == nil || !strings.Contains(err.Error(), c.want) || truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
