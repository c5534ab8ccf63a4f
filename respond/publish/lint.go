package publish

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// Problem is one reason why a bulletin may not be published.
type Problem struct {
	Rule  string // of the handbook: W2 to W13 for words, Na to Nj for numbers, R for rights, G for the gate
	Where string // row, table or heading
	What  string // what is wrong, and how to mend it
}

// String is the problem as one line.
func (p Problem) String() string { return p.Rule + ", " + p.Where + ": " + p.What }

// Lint checks a bulletin and, unless its body is nil, one printing of it: the wording
// rules a machine can check and the consistency of every number.
func Lint(b truce.Bulletin, doc Document) []Problem {
	problems := LintRows(b)
	if doc.Body != nil {
		problems = append(problems, LintText(b, doc)...)
	}
	return problems
}

// LintRows checks rows, tables and parts, which every printing of a bulletin shares.
func LintRows(b truce.Bulletin) []Problem {
	l := &linter{b: b}
	l.tables()
	l.rows()
	l.parts()
	l.notified()
	return l.problems
}

// LintText checks the text of one printing alone.
func LintText(b truce.Bulletin, doc Document) []Problem { return lintText(b, doc) }

func lintText(b truce.Bulletin, doc Document) []Problem {
	l := &linter{b: b}
	lines := visibleLines(doc)
	l.words(doc, lines)
	l.numbers(doc, lines)
	return l.problems
}

// Refusal turns problems into an error that lists them; nil when there are none.
func Refusal(number string, problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	var list strings.Builder
	for i, p := range problems {
		if i == maxProblems {
			fmt.Fprintf(&list, "\n- and %d more", len(problems)-i)
			break
		}
		list.WriteString("\n- " + p.String())
	}
	return truce.Errorf(truce.CodeInvalid, "bulletin %s is refused for %d problems:%s", number, len(problems), list.String())
}

type linter struct {
	b        truce.Bulletin
	problems []Problem
}

func (l *linter) report(rule, where, format string, args ...any) {
	l.problems = append(l.problems, Problem{Rule: rule, Where: where, What: fmt.Sprintf(format, args...)})
}

// rows checks what every line of the annex must carry.
func (l *linter) rows() {
	places := map[string]truce.PlaceName{}
	for _, p := range l.b.Places {
		places[p.Key] = p
	}
	last := 0
	for i := range l.b.Rows {
		r := &l.b.Rows[i]
		where := fmt.Sprintf("row %d", r.N)
		if r.N <= last {
			l.report("Na", where, "row numbers do not ascend")
		}
		last = r.N
		l.rowUnits(where, r)
		l.placeNamed(where, r.Place.Name, places)
		if near := r.Place.Near; near != nil {
			l.placeNamed(where, near.Name, places)
		}
	}
	for _, r := range l.b.Restrictions {
		l.placeNamed("restriction "+r.ID, r.Place, places)
	}
	for _, c := range l.b.Claims {
		if c.Count > 0 && c.Unit == "" {
			l.report("W10", "claim "+c.ID, "the number %d has no unit; write mixed when the claim names none", c.Count)
		}
		if n := len([]rune(c.Quote)); n > maxQuote {
			l.report("R", "claim "+c.ID, "quotes %d characters, the bound is %d", n, maxQuote)
		}
	}
	for _, line := range l.b.Lines {
		if line.AccuracyM <= 0 {
			l.report("W10", "line "+string(line.ID), "has no accuracy; a line without error cannot be printed")
		}
	}
}

// ofRegister says whether a row rests on the mission's own register alone: a deadline is
// a time of the terms and no estimate.
func ofRegister(r *truce.BulletinRow) bool {
	return len(r.Means) == 1 && r.Means[0] == truce.FamilyRegister
}

func (l *linter) rowUnits(where string, r *truce.BulletinRow) {
	if !slices.Contains(truce.Units(), r.Unit) {
		l.report("W10", where, "the number %d has the unit %q, which is none of the handbook", r.Quantity, r.Unit)
	}
	if r.Time.Sigma <= 0 && r.Time.To == r.Time.From && !ofRegister(r) {
		l.report("W10", where, "the time has no error; every estimate carries its error")
	}
	if r.Place.Lat != nil && r.Place.RadiusM <= 0 {
		l.report("W10", where, "the position has no error; every estimate carries its error")
	}
	if !r.P.Valid() {
		l.report("W10", where, "probability %v is not between 0 and 1", float64(r.P))
	}
	if r.Act == truce.ActHeat && r.Unit != truce.UnitHeatEvent {
		l.report("Nc", where, "heat is counted as %s; heat is never an act of fire", r.Unit)
	}
}

// placeNamed holds rule 9: a name from the agreed list, in every language, and both
// forms of a disputed one.
func (l *linter) placeNamed(where, key string, places map[string]truce.PlaceName) {
	if key == "" {
		return
	}
	p, agreed := places[key]
	if !agreed {
		l.report("W9", where, "the place %q is not on the agreed list of names", key)
		return
	}
	for _, lang := range languages {
		if p.Names[lang] == "" || len(p.Other) > 0 && p.Other[lang] == "" {
			l.report("W9", where, "the place %q has no agreed name in %s", key, lang)
		}
	}
}

// absences: nothing recorded may only be said where somebody looked who can see it. A
// thermal satellite sees heat, so its passes say nothing of acts.
func (l *linter) absences() {
	acts := map[truce.RuleID][]truce.Act{}
	for _, r := range l.b.Rules {
		acts[r.ID] = r.Acts
	}
	for i, a := range l.b.Absences {
		if a.Verdict != truce.AbsenceNoneRecorded {
			continue
		}
		where := fmt.Sprintf("absence %d, %s in %s", i+1, a.Rule, a.Area)
		if a.Coverage.Share <= 0 {
			l.report("W5", where, "says none recorded without any coverage; print not observed")
		}
		seesActs := slices.ContainsFunc(acts[a.Rule], func(act truce.Act) bool { return act.Group() != truce.GroupSignature })
		if a.Coverage.Family == truce.FamilyThermal && seesActs {
			l.report("W5", where, "rests on satellites that see heat and no acts; print not observed")
		}
		if l.foundIn(a) {
			l.report("W5", where, "says none recorded, and the rule's table counts something there")
		}
	}
}

// foundIn says whether the rule's table counts a hit or something not decided where and
// when an absence says that none was recorded.
func (l *linter) foundIn(a truce.Absence) bool {
	for i := range l.b.Tables {
		t := &l.b.Tables[i]
		line := lineOf(t, string(a.Area))
		if t.Subject != subjectRule || t.Rule != a.Rule || line == nil || a.Period != l.b.Period || len(line.Cells) != len(t.Splits) {
			continue
		}
		for split, s := range t.Splits {
			key, _ := isHeat(s)
			if c := line.Cells[split]; key != string(truce.VerdictExempt) && c.This.N+c.Preliminary.N > 0 {
				return true
			}
		}
	}
	return false
}

// parts checks that no part was left out and none is empty without saying so.
func (l *linter) parts() {
	have := map[string]bool{}
	tables := map[string]bool{}
	for _, t := range l.b.Tables {
		tables[t.Key] = true
	}
	for _, p := range l.b.Parts {
		have[p.Key] = true
		for _, key := range p.Tables {
			if !tables[key] {
				l.report("Nd", "part "+p.Key, "prints the table %s, which is not in the bulletin", key)
			}
			delete(tables, key)
		}
		for _, i := range p.Absences {
			if i < 0 || i >= len(l.b.Absences) {
				l.report("W5", "part "+p.Key, "prints an absence that is not in the bulletin")
			}
		}
		if silent(p) && needsAbsence(p.Key, l.b.Restrictions) {
			l.report("W5", "part "+p.Key, "is empty and does not say whether anybody looked; an empty part prints its absence")
		}
	}
	l.absences()
	for _, key := range partOrder {
		if !have[key] && !slices.Contains(extraParts[:], key) {
			l.report("W5", "part "+key, "is left out; a part without rows prints its absence")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(tables)) {
		l.report("Nd", "table "+key, "stands in no part, so that its numbers are not printed")
	}
}
