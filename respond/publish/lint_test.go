package publish

import (
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func printed(t testing.TB, b truce.Bulletin, lang string) []Document {
	t.Helper()
	opt := PrintOptions{Lang: lang, MethodURL: "/method", ReportURL: "/report", JSONURL: "d.json", CSVURL: "d.csv", RowURL: "/incidents/"}
	page, err := HTML(b, opt)
	if err != nil {
		t.Fatal(err)
	}
	md, err := Markdown(b, opt)
	if err != nil {
		t.Fatal(err)
	}
	return []Document{page, md}
}

func TestAGoodBulletinPasses(t *testing.T) {
	for _, realm := range []truce.Realm{truce.ExerciseRealm("demo"), truce.RealmReal} {
		in := fixtureInput()
		in.Realm = realm
		b := mustDaily(t, in)
		for _, lang := range Languages() {
			for _, doc := range printed(t, b, lang) {
				for _, p := range Lint(b, doc) {
					t.Errorf("%s %s %s: %s", realm, lang, doc.Format, p)
				}
			}
		}
	}
}

// typed puts a sentence into a printed bulletin, as somebody editing the page would.
func typed(doc Document, sentence string) Document {
	body := string(doc.Body)
	if doc.Format == "html" {
		body = strings.Replace(body, "<p>", "<p>"+sentence+"</p><p>", 1)
	} else {
		body += "\n" + sentence + "\n"
	}
	doc.Body = []byte(body)
	return doc
}

func TestTheCaveatAndTheExerciseMarkMayNotBeCut(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	for _, doc := range printed(t, b, "en") {
		cut := doc
		cut.Body = []byte(strings.ReplaceAll(string(doc.Body), "Place of effect, not origin of fire.", ""))
		if !hasRule(Lint(b, cut), "W13") {
			t.Errorf("%s: counts by area of control passed without their caveat", doc.Format)
		}
		cut.Body = []byte(strings.ReplaceAll(string(doc.Body), "EXERCISE EXERCISE EXERCISE", "DAILY"))
		if !hasRule(Lint(b, cut), "G") {
			t.Errorf("%s: an exercise passed without its mark", doc.Format)
		}
	}
	real := fixtureInput()
	real.Realm = truce.RealmReal
	if hasRule(Lint(mustDaily(t, real), printed(t, b, "en")[0]), "G") == false {
		t.Error("a real bulletin printed with the exercise mark passed")
	}
}

func TestAChangedNumberIsFound(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	for _, doc := range printed(t, b, "en") {
		changed := doc
		changed.Body = []byte(strings.Replace(string(doc.Body), "2 engagements", "7 engagements", 1))
		if string(changed.Body) == string(doc.Body) {
			t.Fatalf("%s: the number to change is not there", doc.Format)
		}
		if !hasRule(Lint(b, changed), "Na") {
			t.Errorf("%s: a changed number passed", doc.Format)
		}
	}
}

func hasRule(problems []Problem, rule string) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Rule == rule })
}

func TestBulletinsThatAreRefused(t *testing.T) {
	cell := func(b *truce.Bulletin, key string, line, split int) *truce.CountCell {
		for i := range b.Tables {
			if b.Tables[i].Key == key {
				return &b.Tables[i].Lines[line].Cells[split]
			}
		}
		t.Fatalf("no table %s", key)
		return nil
	}
	table := func(b *truce.Bulletin, key string) *truce.CountTable {
		for i := range b.Tables {
			if b.Tables[i].Key == key {
				return &b.Tables[i]
			}
		}
		t.Fatalf("no table %s", key)
		return nil
	}
	cases := []struct {
		name, rule string
		bend       func(*truce.Bulletin)
	}{
		{"a typed number", "Na", func(b *truce.Bulletin) { cell(b, "rule.R01", 0, 0).This.N++ }},
		{"a number without rows", "Na", func(b *truce.Bulletin) { cell(b, "rule.R01", 0, 0).This.Rows = nil }},
		{"a row counted twice", "Na", func(b *truce.Bulletin) { cell(b, "rule.R01", 0, 1).This.Rows = cell(b, "rule.R01", 0, 0).This.Rows }},
		{"a row left uncounted", "Na", func(b *truce.Bulletin) {
			b.Rows[4].Occurrence = truce.OccurrenceDetected
			b.Rows[4].Act = truce.ActBurst
		}},
		{"a total that is not the sum", "Nb", func(b *truce.Bulletin) { table(b, "fire").Total.Cells[1].This.N++ }},
		{"a previous total that is not the sum", "Nb", func(b *truce.Bulletin) { table(b, "fire").Total.Cells[1].Previous.N++ }},
		{"preliminary rows listed", "Nb", func(b *truce.Bulletin) { cell(b, "rule.R01", 0, 0).Preliminary.Rows.Add(1) }},
		{"lines without cells", "Nb", func(b *truce.Bulletin) { table(b, "fire").Lines[0].Cells = nil }},
		{"incidents added to engagements", "Nc", func(b *truce.Bulletin) { table(b, "rule.R01").Splits[0].Unit = truce.UnitIncident }},
		{"heat as an engagement", "Nc", func(b *truce.Bulletin) { b.Rows[3].Unit = truce.UnitEngagement }},
		{"heat as incidents", "Nc", func(b *truce.Bulletin) { table(b, "heat").Splits[0].Unit = truce.UnitIncident }},
		{"a table in no part", "Nd", func(b *truce.Bulletin) { b.Parts[1].Tables = nil }},
		{"half a comparison", "Ne", func(b *truce.Bulletin) { cell(b, "fire", 0, 0).Previous = nil }},
		{"a counted duplicate", "Na", func(b *truce.Bulletin) {
			cell(b, "signature", 1, 0).This.Rows.Add(6)
			cell(b, "signature", 1, 0).This.N++
		}},
		{"hit and exempt merged", "Na", func(b *truce.Bulletin) {
			hits, exempt := cell(b, "rule.R01", 0, 0), cell(b, "rule.R01", 0, 1)
			hits.This.N += exempt.This.N
			hits.This.Rows.Add(3)
			exempt.This = truce.Figure{Form: truce.FigureExact}
		}},
		{"zero without coverage", "Ni", func(b *truce.Bulletin) { cell(b, "rule.R10", 1, 1).This.Form = truce.FigureExact }},
		{"a number without its bound", "Ni", func(b *truce.Bulletin) { cell(b, "rule.R10", 1, 0).This.Form = truce.FigureExact }},
		{"an unknown unit", "W10", func(b *truce.Bulletin) { table(b, "fire").Splits[0].Unit = "thing" }},
		{"a row without unit", "W10", func(b *truce.Bulletin) { b.Rows[0].Unit = "" }},
		{"a time without error", "W10", func(b *truce.Bulletin) { b.Rows[0].Time.Sigma = 0 }},
		{"a position without error", "W10", func(b *truce.Bulletin) { b.Rows[0].Place.RadiusM = 0 }},
		{"a line without accuracy", "W10", func(b *truce.Bulletin) { b.Lines[0].AccuracyM = 0 }},
		{"a claim without unit", "W10", func(b *truce.Bulletin) { b.Claims[0].Unit = "" }},
		{"a place off the list", "W9", func(b *truce.Bulletin) { b.Rows[2].Place.Name = "Anywhere" }},
		{"a place in one language", "W9", func(b *truce.Bulletin) { b.Places[0].Names = truce.Names{"en": "Nordhavn"} }},
		{"half a disputed name", "W9", func(b *truce.Bulletin) { b.Places[1].Other = truce.Names{"en": "Dvabrunn"} }},
		{"control without a map", "W13", func(b *truce.Bulletin) { table(b, "heat.control").Map = "" }},
		{"a part left out", "W5", func(b *truce.Bulletin) { b.Parts = b.Parts[1:] }},
		{"an empty part without absence", "W5", func(b *truce.Bulletin) { b.Parts[2].Absences = nil }},
		{"nothing recorded by satellites of heat", "W5", func(b *truce.Bulletin) { b.Absences[0].Coverage.Family = truce.FamilyThermal }},
		{"nothing recorded by nobody", "W5", func(b *truce.Bulletin) { b.Absences[0].Coverage.Share = 0 }},
		{"nothing recorded beside a hit", "W5", func(b *truce.Bulletin) {
			b.Absences = append(b.Absences, truce.Absence{Rule: "R01", Area: "north", Period: b.Period, Verdict: truce.AbsenceNoneRecorded, Coverage: truce.Coverage{Share: 0.9}})
		}},
		{"nothing recorded beside heat that is not decided", "W5", func(b *truce.Bulletin) {
			hits := table(b, "rule.R01")
			hits.Lines[0].Cells[0].This, hits.Lines[0].Cells[0].Preliminary = truce.Figure{}, truce.Figure{}
			b.Absences = append(b.Absences, truce.Absence{Rule: "R01", Area: "north", Period: b.Period, Verdict: truce.AbsenceNoneRecorded, Coverage: truce.Coverage{Share: 0.9}})
		}},
		{"rows among what was received", "Na", func(b *truce.Bulletin) { cell(b, "received.reports", 0, 0).This.Rows.Add(1) }},
		{"received and not named", "Na", func(b *truce.Bulletin) { cell(b, "received.reports", 0, 0).This.Refs = nil }},
		{"a line the table does not have", "Na", func(b *truce.Bulletin) { b.Rows[0].Area = truce.AreaElsewhere }},
		{"more unlisted than counted", "Na", func(b *truce.Bulletin) { cell(b, "fire", 0, 1).Preliminary.Unlisted = 9 }},
		{"a way from a place off the list", "W9", func(b *truce.Bulletin) { b.Rows[2].Place.Near.Name = "Anywhere" }},
		{"heat that is not decided as incidents", "Nc", func(b *truce.Bulletin) { table(b, "rule.R01").Splits[4].Unit = truce.UnitIncident }},
		{"a table printed that is not there", "Nd", func(b *truce.Bulletin) { b.Parts[1].Tables = append(b.Parts[1].Tables, "ghost") }},
		{"an absence that is not there", "W5", func(b *truce.Bulletin) { b.Parts[2].Absences = []int{99} }},
		{"rows out of order", "Na", func(b *truce.Bulletin) { b.Rows[1].N = 1 }},
		{"a probability over one", "W10", func(b *truce.Bulletin) { b.Rows[0].P = 1.2 }},
		{"a long quotation", "R", func(b *truce.Bulletin) { b.Claims[0].Quote = strings.Repeat("word ", 50) }},
	}
	for _, c := range cases {
		b := mustDaily(t, fixtureInput())
		c.bend(&b)
		if problems := Lint(b, Document{}); !hasRule(problems, c.rule) {
			t.Errorf("%s: want it refused for %s, problems: %v", c.name, c.rule, problems)
		}
	}
}

func TestRefusalListsProblems(t *testing.T) {
	if err := Refusal("D-1", nil); err != nil {
		t.Errorf("no problem, yet %v", err)
	}
	many := make([]Problem, maxProblems+3)
	for i := range many {
		many[i] = Problem{"W3", "row 1", "what"}
	}
	err := Refusal("D-1", many)
	if err == nil || truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "and 3 more") || !strings.Contains(err.Error(), "W3, row 1: what") {
		t.Errorf("refusal says %v", err)
	}
}

func TestCatalogues(t *testing.T) {
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	placeholders := func(s string) []string {
		var out []string
		for _, piece := range strings.Split(s, "{")[1:] {
			name, _, _ := strings.Cut(piece, "}")
			out = append(out, name)
		}
		slices.Sort(out)
		return out
	}
	for lang, words := range all {
		for key, m := range words {
			en, there := all["en"][key]
			if !there {
				t.Errorf("%s has %s, English has not", lang, key)
				continue
			}
			for form, s := range m {
				if numberToken().MatchString(s) {
					t.Errorf("%s %s (%s) holds a number: %q", lang, key, form, s)
				}
				if !slices.Equal(placeholders(s), placeholders(en[otherForm])) {
					t.Errorf("%s %s (%s): placeholders differ from English: %q", lang, key, form, s)
				}
			}
			if strings.HasPrefix(key, "unit.") && lang == "uk" && len(m) != 4 {
				t.Errorf("uk %s: %d plural forms, want one, few, many, other", key, len(m))
			}
		}
		if len(words) != len(all["en"]) {
			t.Errorf("%s has %d texts, English %d", lang, len(words), len(all["en"]))
		}
	}
	for _, g := range truce.ActGroups() {
		for _, a := range g.Acts() {
			if _, ok := all["en"]["act."+string(a)]; !ok {
				t.Errorf("no text for the act %s", a)
			}
		}
	}
	for _, u := range truce.Units() {
		if _, ok := all["en"]["unit."+string(u)]; !ok {
			t.Errorf("no text for the unit %s", u)
		}
	}
}

func TestPluralsAndNumbers(t *testing.T) {
	uk, err := newPrinter("uk", nil)
	if err != nil {
		t.Fatal(err)
	}
	en, _ := newPrinter("en", nil)
	cases := []struct {
		n      int
		en, uk string
	}{
		{0, "0 incidents", "0 інцидентів"},
		{1, "1 incident", "1 інцидент"},
		{2, "2 incidents", "2 інциденти"},
		{5, "5 incidents", "5 інцидентів"},
		{11, "11 incidents", "11 інцидентів"},
		{12, "12 incidents", "12 інцидентів"},
		{21, "21 incidents", "21 інцидент"},
		{22, "22 incidents", "22 інциденти"},
		{111, "111 incidents", "111 інцидентів"},
		{1413, "1,413 incidents", "1\u202f413 інцидентів"},
		{1234567, "1,234,567 incidents", "1\u202f234\u202f567 інцидентів"},
	}
	for _, c := range cases {
		if got := en.quantity(c.n, truce.UnitIncident).String(); got != c.en {
			t.Errorf("en %d: %q, want %q", c.n, got, c.en)
		}
		if got := uk.quantity(c.n, truce.UnitIncident).String(); got != c.uk {
			t.Errorf("uk %d: %q, want %q", c.n, got, c.uk)
		}
	}
	if got := uk.hours(1.5).String(); got != "1,5 години" {
		t.Errorf("uk 1.5 hours: %q", got)
	}
	if got := en.decimal(-0.0001, 2).String(); got != "0.00" {
		t.Errorf("a little below zero: %q", got)
	}
	if got := en.percent(0.004).String(); got != "0.4\u00a0%" {
		t.Errorf("0.004 as a share: %q", got)
	}
	if got := uk.day("2026-11-21").String(); got != "21.11.2026" {
		t.Errorf("uk day: %q", got)
	}
}
