package agreement

import (
	"errors"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func whenRule(text string) Rule {
	return Rule{ID: "X", Kind: KindProhibit, Acts: []truce.Act{fire, truce.ActSniper}, Families: 1, Where: Where{Anywhere: true}, When: text}
}

func TestConditionsInCEL(t *testing.T) {
	full := truce.Detail{
		Weapons: []truce.Weapon{weapon("tube_ge100", "howitzer", 152, 0.7), weapon("tube_ge100", "howitzer", 122, 0.3)}, Quantity: 3,
		Altitude: &truce.Span{Low: 100, High: 200}, Site: "S-POWER", State: "moving", Evidence: []string{"geolocated_video"}, Damage: true, Casualties: 2,
		OriginSide: []truce.SideShare{{Party: "A", P: 0.8}},
		Flight: &truce.Flight{Identity: truce.FlightOther, Crossings: []truce.LineCrossing{{Line: "L1", P: 0.4}, {Line: "L1", P: 0.9}},
			Stays: []truce.FlightStay{{Time: truce.PhenomenonTime{From: 0, To: 600e6}}}, Together: []truce.FlownTogether{{Event: truce.ID{1}}, {Event: truce.ID{1}}, {Event: truce.ID{2}}}},
	}
	empty := truce.Detail{}
	for _, row := range []struct {
		text   string
		detail truce.Detail
		want   truce.Verdict
		reason truce.Reason
	}{
		{`act == "indirect_fire" && acts["indirect_fire"] > 0.9 && p > 0.5`, empty, hit, ""},
		{`occurrence == "corroborated" && families.exists(f, f == "media")`, empty, hit, ""},
		{`evidence.size() == 0`, empty, hit, ""},
		{`"geolocated_video" in evidence`, full, hit, ""},
		{`hour == 10 && weekday == 6 && day == "2026-04-11" && day_number == 10`, empty, hit, ""},
		{`at >= timestamp("2026-04-11T10:00:00Z") && at < timestamp("2026-04-11T10:00:01Z")`, empty, hit, ""},
		{`at.getHours("Europe/Kyiv") == 13`, empty, hit, ""},
		{`hour < 8 || hour >= 20`, empty, outside, truce.ReasonEvidence},
		{`"tube_ge100" in weapon_classes && weapon_type == "howitzer"`, full, hit, ""},
		{`calibre_mm > 100.0`, full, indeterminate, truce.ReasonEvidence}, // 152 or 122 mm: not one calibre
		{`weapon_type == "howitzer"`, empty, indeterminate, truce.ReasonEvidence},
		{`quantity >= 3 && altitude_low >= 100.0 && altitude_high < 300.0`, full, hit, ""},
		{`quantity > 3`, full, outside, truce.ReasonEvidence},
		{`quantity > 3`, empty, indeterminate, truce.ReasonEvidence},
		{`quantity > 3 || hour == 10`, empty, hit, ""},                       // the answer is the same either way
		{`quantity > 3 && hour == 11`, empty, outside, truce.ReasonEvidence}, // and here
		{`site == "S-POWER" && site_kind == "energy" && state == "moving"`, full, hit, ""},
		{`effect_side["B"] > 0.9`, empty, hit, ""},
		{`origin_side["A"] > 0.5`, full, hit, ""},
		{`origin_side["A"] > 0.5`, empty, indeterminate, truce.ReasonEvidence},
		{`effect_side["Q"] > 0.5`, empty, indeterminate, truce.ReasonEvidence}, // no such party: open, not wrong
		{`identity == "other" && crossed["L1"] > 0.8 && stayed_min >= 10.0 && flown_with == 2`, full, hit, ""},
		{`"L2" in crossed`, full, outside, truce.ReasonEvidence},
		{`identity == "own" || stayed_min > 5.0`, empty, indeterminate, truce.ReasonEvidence}, // nobody followed it
		{`damage && casualties > 1`, full, hit, ""},
		{`damage`, empty, indeterminate, truce.ReasonEvidence},
		{`1 / (hour - 10) > 0`, empty, indeterminate, truce.ReasonEvidence},
	} {
		t.Run(row.text, func(t *testing.T) {
			g := ruled(t, nil, whenRule(row.text))
			in := seen(fire, row.detail)
			f := findingOf(t, g.Evaluate(in), "X")
			want{row.want, row.reason, 0, 1, nil}.check(t, g, in, "X")
			if !strings.Contains(strings.Join(f.Trace, "\n"), "condition: "+row.text) {
				t.Errorf("the trace does not show the condition:\n%s", strings.Join(f.Trace, "\n"))
			}
		})
	}
}

func TestConditionsThatAreRefused(t *testing.T) {
	for _, row := range []struct {
		text         string
		line, column int
		says         string
	}{
		{`quantity`, 1, 1, "gives a int: write a question of yes or no"},
		{`quantity > `, 1, 12, "Syntax error"},
		{"quantity > 3 &&\n  weight > 2", 2, 3, "undeclared reference to 'weight'"},
		{`quantity > "three"`, 1, 10, "no matching overload"},
		{`families.all(a, families.all(b, families.all(c, families.all(d, a != b || c != d))))`, 1, 1, "may take more than 80000 steps"},
		{strings.Repeat("!", 3000) + "damage", 1, 1, "3006 bytes, the bound is 2000"},
		{strings.Repeat("(", 200) + "damage" + strings.Repeat(")", 200), 0, 0, "recursion"},
		{``, 1, 1, "Syntax error"},
		{"damage &&\n  !", 2, 4, "Syntax error"},
	} {
		_, err := CompileCondition(row.text)
		var refused *ConditionError
		if !errors.As(err, &refused) {
			t.Errorf("%.40q: %v, want a *ConditionError", row.text, err)
			continue
		}
		if row.line != 0 && refused.Line != row.line || row.column != 0 && refused.Column != row.column || !strings.Contains(refused.Error(), row.says) {
			t.Errorf("%.40q: %v, want line %d, column %d and %q", row.text, err, row.line, row.column, row.says)
		}
	}
	a := mustParse(t, plainFiles(t))
	broken := *a
	broken.Rules = []Rule{whenRule("weight > 2")}
	broken.Rules[0].Evaluated = true
	if _, err := broken.Geometry(nil); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "rule X: when: line 1, column 1") {
		t.Errorf("a geometry of it: %v", err)
	}
}

// What stays within the estimate and still runs long on one incident ends at the bound.
func TestAConditionThatCostsTooMuchIsOpen(t *testing.T) {
	g := ruled(t, nil, whenRule(`evidence.all(a, evidence.all(b, a + b != "xy"))`))
	d := truce.Detail{}
	for range 2000 {
		d.Evidence = append(d.Evidence, "e")
	}
	want{indeterminate, truce.ReasonCost, 0, 0, []string{"not answered within 80000 steps"}}.check(t, g, seen(fire, d), "X")
	d.Evidence = d.Evidence[:20]
	want{hit, "", 1, 1, nil}.check(t, g, seen(fire, d), "X")
}

func TestConditionVariablesAreAllFilled(t *testing.T) {
	g := ruled(t, nil, whenRule("hour == 10"))
	in := seen(fire, truce.Detail{
		Weapons: []truce.Weapon{weapon("tank", "tank", 125, 1)}, Quantity: 1, Altitude: &truce.Span{}, Site: "S-POWER", State: "s", Evidence: []string{"e"},
		Damage: true, Casualties: 1, Origin: &geo.Position{Point: geo.Point{Lat: -48, Lon: -22}, Error: geo.Isotropic(10)}, Flight: &truce.Flight{},
	})
	e := g.Evaluator()
	e.look.begin(&in)
	for _, row := range ConditionVariables() {
		if _, some := e.look.facts.ResolveName(row.Name); !some {
			t.Errorf("%s is never known", row.Name)
		}
		if row.Type == "" || row.Text == "" {
			t.Errorf("%s is not described", row.Name)
		}
	}
}

// A condition on the time is asked throughout an interval and not at its middle alone.
func TestAConditionOnTheTimeOfAnInterval(t *testing.T) {
	rows := []struct {
		text     string
		from, to string
		want     want
	}{
		{"hour >= 8", "2026-04-11T09:10:00Z", "2026-04-11T11:00:00Z", want{hit, "", 1, 1, []string{"hour >= 8: true"}}},
		{"hour < 10", "2026-04-11T08:30:00Z", "2026-04-11T10:00:00Z", want{hit, "", 1, 1, nil}},
		{"hour < 10", "2026-04-11T08:30:00Z", "2026-04-11T10:01:00Z", want{indeterminate, truce.ReasonTime, 0, 0, []string{"hour < 10: open, true at one time from 2026-04-11 08:30:00 UTC to 2026-04-11 10:01:00 UTC"}}},
		{"hour == 9", "2026-04-11T08:30:00Z", "2026-04-11T11:30:00Z", want{indeterminate, truce.ReasonTime, 0, 0, nil}},
		{"hour != 9", "2026-04-11T08:30:00Z", "2026-04-11T14:30:00Z", want{indeterminate, truce.ReasonTime, 0, 0, nil}},
		{"hour == 12", "2026-04-11T08:30:00Z", "2026-04-11T11:30:00Z", want{outside, truce.ReasonEvidence, 0, 0, nil}},
		{"weekday == 7", "2026-04-11T12:00:00Z", "2026-04-13T12:00:00Z", want{indeterminate, truce.ReasonTime, 0, 0, nil}},
		{"weekday == 3", "2026-04-11T12:00:00Z", "2026-04-20T12:00:00Z", want{indeterminate, truce.ReasonTime, 0, 0, nil}},
		{`day == "2026-04-11"`, "2026-04-11T06:00:00Z", "2026-04-11T12:00:00Z", want{hit, "", 1, 1, nil}},
		{`at < timestamp("2026-04-11T09:00:00Z")`, "2026-04-11T08:30:00Z", "2026-04-11T09:30:00Z", want{indeterminate, truce.ReasonTime, 0, 0, nil}},
		{"hour < 10 && quantity > 2", "2026-04-11T08:30:00Z", "2026-04-11T09:30:00Z", want{indeterminate, truce.ReasonEvidence, 0, 0, nil}},
		{"p > 0.5", "2026-04-11T08:30:00Z", "2026-04-11T14:30:00Z", want{hit, "", 1, 1, nil}},
	}
	utc := func(a *Agreement) { a.Calendar.Zone = "UTC" }
	for _, row := range rows {
		t.Run(row.text, func(t *testing.T) {
			in := seen(fire, truce.Detail{})
			in.Incident.Time = truce.PhenomenonTime{From: at(row.from), To: at(row.to)}
			row.want.check(t, ruled(t, utc, whenRule(row.text)), in, "X")
		})
	}
}

func TestTheMomentsOfAnInterval(t *testing.T) {
	india := time.FixedZone("", 5*3600+1800)
	for _, row := range []struct {
		from, to string
		n        int
		first    string
	}{
		{"2026-04-11T08:10:00Z", "2026-04-11T08:20:00Z", 2, ""},
		{"2026-04-11T08:10:00Z", "2026-04-11T11:20:00Z", 5, "2026-04-11T08:30:00Z"},
		{"2026-04-11T08:10:00Z", "2026-05-11T11:20:00Z", 2 + maxMoments, "2026-04-11T08:30:00Z"},
	} {
		got := momentsOf(truce.PhenomenonTime{From: at(row.from), To: at(row.to)}, india)
		if len(got) != row.n || row.first != "" && got[2] != at(row.first) {
			t.Errorf("%s to %s: %d moments, want %d from %s on", row.from, row.to, len(got), row.n, row.first)
		}
		for _, m := range got {
			if m < at(row.from) || m >= at(row.to) {
				t.Errorf("%s lies beside %s to %s", clock(m), row.from, row.to)
			}
		}
	}
}
