package publish

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// secondVersion freezes a day again after something about it has changed.
func secondVersion(t testing.TB, bend func(*DailyInput)) (first, second truce.Bulletin) {
	t.Helper()
	first = mustDaily(t, fixtureInput())
	in := fixtureInput()
	in.Version, in.Superseded = 2, &first
	bend(&in)
	return first, mustDaily(t, in)
}

func correctionOf(b truce.Bulletin, subject, field string) (truce.Correction, bool) {
	i := slices.IndexFunc(b.Corrections, func(c truce.Correction) bool { return c.Subject == subject && c.Field == field })
	if i < 0 {
		return truce.Correction{}, false
	}
	return b.Corrections[i], true
}

// What changes between two versions of a day is told, with what it was and why.
func TestCorrectionsBetweenVersions(t *testing.T) {
	row := func(i int) string { return fixtureInput().Rows[i].Incident.ID.String() }
	cases := []struct {
		name           string
		bend           func(*DailyInput)
		subject, field string
		old, new, why  string
	}{
		{"another state", func(in *DailyInput) { in.Rows[0].Incident.Occurrence = truce.OccurrenceVerified },
			row(0), fieldOccurrence, "corroborated", "verified", reasonReviewed},
		{"another act", func(in *DailyInput) { in.Rows[0].Incident.Acts[0].Act = truce.ActDirectFire },
			row(0), fieldAct, "indirect_fire", "direct_fire", reasonDerived},
		{"another area", func(in *DailyInput) { in.Rows[0].Incident.Area = "south" }, row(0), fieldArea, "north", "south", reasonDerived},
		{"another side", func(in *DailyInput) { in.Rows[0].Evaluation.Findings[0].EffectSide[0].Party = "B" },
			row(0), fieldControl, "A", "B", reasonDerived},
		{"another place", func(in *DailyInput) { in.Rows[0].Incident.Place = "" }, row(0), fieldPlace, "Nordhavn G5-1179-2976", "G5-1179-2976", reasonDerived},
		{"another time", func(in *DailyInput) {
			in.Rows[0].Incident.Time = truce.Moment(at("2026-04-10T17:06:10Z"), 30*time.Second)
		},
			row(0), fieldTime, "2026-04-10T17:05:10.000000Z/2026-04-10T17:05:10.000000Z", "2026-04-10T17:06:10.000000Z/2026-04-10T17:06:10.000000Z", reasonDerived},
		{"another number", func(in *DailyInput) { in.Rows[0].Evaluation.Findings[0].Count = 3 },
			row(0), fieldQuantity, "2 engagement", "3 engagement", reasonDerived},
		{"another verdict", func(in *DailyInput) { in.Rows[2].Evaluation.Findings[0].Verdict = truce.VerdictIndeterminate },
			row(2), fieldFindings, "R01 exempt", "R01 indeterminate", reasonDerived},
		{"a row gone", func(in *DailyInput) { in.Rows = in.Rows[1:] }, row(0), fieldRow, rowListed, rowUnlisted, reasonRemoved},
		{"a row come of age", func(in *DailyInput) { in.Published = in.Published.Add(PreliminaryAge) }, row(8), fieldRow, rowUnlisted, rowListed, reasonOfAge},
		{"a row not known then", func(in *DailyInput) {
			late := in.Rows[0]
			late.Incident.ID[15]++
			in.Rows = append(in.Rows, late)
		}, lateID(), fieldRow, rowUnlisted, rowListed, reasonLate},
		{"a number", func(in *DailyInput) { in.Rows[0].Evaluation.Findings[0].Count = 3 }, "rule.R01/north/hit", numberThis, "2", "3", reasonRecounted},
		{"its total", func(in *DailyInput) { in.Rows[0].Evaluation.Findings[0].Count = 3 }, "rule.R01/total/hit", numberThis, ">= 2", ">= 3", reasonRecounted},
		{"a preliminary number", func(in *DailyInput) { in.Rows = in.Rows[:8] }, "fire/north/detected", numberPreliminary, "1", "0", reasonRecounted},
		{"a line that has gone", func(in *DailyInput) { in.Rows[7].Incident.Area = "north" }, "signature/unknown/burst", numberThis, ">= 1", "", reasonRecounted},
		{"a line that has come", func(in *DailyInput) { in.Rows[0].Incident.Area = truce.AreaElsewhere }, "rule.R01/elsewhere/hit", numberThis, "", ">= 2", reasonRecounted},
		{"a table that has gone", func(in *DailyInput) { in.Rows[5].Incident.Occurrence = truce.OccurrenceDetected }, "exits/south/duplicate", numberThis, ">= 1", "", reasonRecounted},
		{"a table that has come", func(in *DailyInput) { in.Rows[7].Incident.Acts[0].Act = truce.ActUAVHeard }, "heard/unknown/uav_heard", numberThis, "", ">= 1", reasonRecounted},
	}
	for _, c := range cases {
		first, second := secondVersion(t, c.bend)
		got, told := correctionOf(second, c.subject, c.field)
		want := truce.Correction{Bulletin: first.Number, Subject: c.subject, Field: c.field, Old: c.old, New: c.new, Reason: c.why}
		if (got.Row > 0) == (got.New == rowUnlisted || strings.Contains(got.Subject, "/")) || (got.OldRow > 0) == (got.Old == rowUnlisted || strings.Contains(got.Subject, "/")) {
			t.Errorf("%s: row %d here and %d there", c.name, got.Row, got.OldRow)
		}
		got.Row, got.OldRow = 0, 0
		if !told || got != want {
			t.Errorf("%s: %+v, want %+v; all: %v", c.name, got, want, second.Corrections)
		}
		if left := UnlistedChanges(first, second); len(left) > 0 {
			t.Errorf("%s: changes without a correction: %v", c.name, left)
		}
	}
}

func lateID() string {
	id := fixtureInput().Rows[0].Incident.ID
	id[15]++
	return id.String()
}

func TestNothingChangedIsNoCorrection(t *testing.T) {
	_, second := secondVersion(t, func(*DailyInput) {})
	if len(second.Corrections) > 0 {
		t.Errorf("the same day again, yet %v", second.Corrections)
	}
}

// A row of the day before that is judged again changes the previous period, also where
// its line or table has gone since.
func TestCorrectionsOfTheDayBefore(t *testing.T) {
	previous := fixturePrevious(t, fixtureInput())
	cases := []struct {
		name, subject, old, new string
		bend                    func([]truce.IncidentRow) []truce.IncidentRow
	}{
		{"moved to another area", "rule.R01/south/hit", ">= 1", "not_observed", func(rows []truce.IncidentRow) []truce.IncidentRow {
			rows[1].Incident.Area = "north"
			return rows
		}},
		{"moved outside the areas", "rule.R01/elsewhere/hit", "", ">= 1", func(rows []truce.IncidentRow) []truce.IncidentRow {
			rows[1].Incident.Area = truce.AreaElsewhere
			return rows
		}},
		{"one gone", "fire/total/detected", ">= 1", ">= 0", func(rows []truce.IncidentRow) []truce.IncidentRow { return rows[1:] }},
		{"refuted since", "exits/north/refuted", "", "1", func(rows []truce.IncidentRow) []truce.IncidentRow {
			rows[0].Incident.Occurrence = truce.OccurrenceRefuted
			return rows
		}},
	}
	for _, c := range cases {
		in := fixtureInput()
		in.PreviousRows, in.PreviousBulletin = c.bend(in.PreviousRows), &previous
		b := mustDaily(t, in)
		got, told := correctionOf(b, c.subject, numberPrevious)
		if !told || got.Old != c.old || got.New != c.new || got.Bulletin != previous.Number {
			t.Errorf("%s: %+v, want %s: %s → %s", c.name, got, c.subject, c.old, c.new)
		}
	}
}

// A line of unknown places that the day before had, and nobody has any longer.
func TestALineThatWentIsCorrectedInThePreviousPeriod(t *testing.T) {
	in := fixtureInput()
	in.PreviousRows[0].Incident.Area = ""
	early := in
	early.Rows, early.Received, early.Absences = in.PreviousRows, nil, nil
	early.Period, early.Previous = in.Previous, truce.Period{From: in.Previous.From.Add(-PreliminaryAge), To: in.Previous.From, Zone: zone}
	early.Published = early.Period.To.Add(PreliminaryDelay)
	previous := mustDaily(t, early)
	next := fixtureInput()
	next.PreviousBulletin = &previous
	b := mustDaily(t, next)
	if got, told := correctionOf(b, "fire/unknown/detected", numberPrevious); !told || got.Old != ">= 1" || got.New != "" {
		t.Errorf("the line of unknown places went from 1 to nothing: %+v in %v", got, b.Corrections)
	}
}

// bendDay changes incidents of a day as later evidence would.
func bendDay(t *rapid.T, rows []truce.IncidentRow) []truce.IncidentRow {
	var out []truce.IncidentRow
	for i, r := range rows {
		switch rapid.IntRange(0, 5).Draw(t, fmt.Sprintf("fate %d", i)) {
		case 0: // gone
			continue
		case 1:
			r.Incident.Occurrence = rapid.SampledFrom([]truce.Occurrence{truce.OccurrenceVerified, truce.OccurrenceRefuted}).Draw(t, "state")
		case 2:
			r.Incident.Area = rapid.SampledFrom([]truce.AreaID{"north", "south", "", truce.AreaElsewhere}).Draw(t, "area")
		case 3:
			r.Incident.Acts = []truce.ActWeight{{Act: rapid.SampledFrom([]truce.Act{truce.ActUAVHeard, truce.ActBurst, truce.ActHeat}).Draw(t, "act"), P: 0.9}}
		}
		out = append(out, r)
	}
	return out
}

// Whatever changes between two versions, applying the corrections to the first one's
// numbers gives the second one's, and each row's fate is told.
func TestCorrectionsExplainEveryDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomDay(t)
		first, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		in.Version, in.Superseded = 2, &first
		in.Rows, in.Absences = bendDay(t, in.Rows), nil
		second, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		numbers := printedNumbers(first)
		for _, c := range second.Corrections {
			if key := c.Subject + " " + c.Field; strings.Contains(c.Subject, "/") {
				if got := numbers[key]; got != c.Old {
					t.Fatalf("%+v: the first version printed %q", c, got)
				}
				numbers[key] = c.New
			}
		}
		after := printedNumbers(second)
		for key := range after {
			if numbers[key] != after[key] && (counts(numbers[key]) || counts(after[key])) {
				t.Fatalf("%s: corrected to %q, the second version prints %q", key, numbers[key], after[key])
			}
		}
		for key, n := range numbers {
			if n != after[key] && counts(n) {
				t.Fatalf("%s: left at %q, the second version prints %q", key, n, after[key])
			}
		}
		checkRowFates(t, first, second)
	})
}

// printedNumbers are the numbers of this period as they are printed.
func printedNumbers(b truce.Bulletin) map[string]string {
	out := map[string]string{}
	for i := range b.Tables {
		eachCell(&b.Tables[i], func(line truce.CountLine, name string, split int) {
			key, cell := figureKey(&b.Tables[i], name, split), line.Cells[split]
			out[key+" "+numberThis] = figureOf(cell.This).text()
			out[key+" "+numberPreliminary] = figureOf(cell.Preliminary).text()
		})
	}
	return out
}

// counts says whether a printed number counts anything.
func counts(printed string) bool { return strings.ContainsAny(printed, "123456789") }

func checkRowFates(t *rapid.T, first, second truce.Bulletin) {
	was, is := map[string]bool{}, map[string]bool{}
	for _, r := range first.Rows {
		was[r.ID] = true
	}
	for _, r := range second.Rows {
		is[r.ID] = true
	}
	for id := range was {
		if _, told := correctionOf(second, id, fieldRow); told == is[id] {
			t.Fatalf("row %s: listed before, now %v, told %v", id, is[id], told)
		}
	}
	for id := range is {
		if _, told := correctionOf(second, id, fieldRow); told == was[id] {
			t.Fatalf("row %s: listed now, before %v, told %v", id, was[id], told)
		}
	}
}

// What a correction says was printed is what stands on the page of that bulletin: a zero
// that was "not observed" is no 0, and a lower bound keeps its sign.
func TestCorrectionsSayWhatWasPrinted(t *testing.T) {
	for _, c := range []struct {
		was, is        truce.Figure
		old, new       string
		inEnglish      string
		inUkrainian    string
		nothingChanged bool
	}{
		{was: truce.Figure{Form: truce.FigureNotObserved}, is: truce.Figure{N: 1, Form: truce.FigureAtLeast}, old: "not_observed", new: ">= 1",
			inEnglish: "not observed → ≥ 1,", inUkrainian: "не спостерігалося → ≥ 1,"},
		{was: truce.Figure{Form: truce.FigureAtLeast}, is: truce.Figure{N: 2, Form: truce.FigureAtLeast}, old: ">= 0", new: ">= 2",
			inEnglish: "none where observed → ≥ 2,", inUkrainian: "немає там, де спостерігали → ≥ 2,"},
		{was: truce.Figure{Form: truce.FigureExact}, is: truce.Figure{N: 1200, Form: truce.FigureExact}, old: "0", new: "1200",
			inEnglish: "0 → 1,200,", inUkrainian: "0 → 1 200,"},
		{was: truce.Figure{N: 3, Form: truce.FigureAtLeast}, is: truce.Figure{N: 3, Form: truce.FigureExact}, old: ">= 3", new: "3",
			inEnglish: "≥ 3 → 3,", inUkrainian: "≥ 3 → 3,"},
		{was: truce.Figure{Form: truce.FigureNotObserved}, is: truce.Figure{Form: truce.FigureExact}, nothingChanged: true},
		{was: truce.Figure{N: 3, Form: truce.FigureExact}, is: truce.Figure{N: 3, Form: truce.FigureExact}, nothingChanged: true},
	} {
		was, is := figureOf(c.was), figureOf(c.is)
		if was.differs(is) == c.nothingChanged {
			t.Errorf("%+v → %+v: differs is %v", c.was, c.is, was.differs(is))
		}
		if c.nothingChanged {
			continue
		}
		if was.text() != c.old || is.text() != c.new {
			t.Errorf("%+v → %+v: %q → %q, want %q → %q", c.was, c.is, was.text(), is.text(), c.old, c.new)
		}
		b := mustDaily(t, fixtureInput())
		b.Corrections = []truce.Correction{{Bulletin: "D-2026-04-10", Subject: "rule.R01/north/hit", Field: numberPreliminary, Old: c.old, New: c.new, Reason: reasonLate}}
		for lang, want := range map[string]string{"en": c.inEnglish, "uk": c.inUkrainian} {
			doc := printed(t, b, lang)[1]
			if !strings.Contains(plainSpaces(string(doc.Body)), want) {
				t.Errorf("%s: no correction says %q", lang, want)
			}
			for _, p := range Lint(b, doc) {
				t.Errorf("%s: %s", lang, p)
			}
		}
	}
}

// plainSpaces makes the spaces that do not break plain ones.
func plainSpaces(s string) string {
	return strings.NewReplacer(narrowSpace, " ", "\u00a0", " ").Replace(s)
}

// A correction is printed in words: names instead of keys, numbers with units, links to
// rows that are on the page.
func TestCorrectionsInWords(t *testing.T) {
	_, b := secondVersion(t, func(in *DailyInput) {
		in.Rows[0].Incident.Area, in.Rows[0].Incident.Acts[0].Act = "south", truce.ActDirectFire
		in.Rows[0].Evaluation.Findings[0].EffectSide[0].Party = "B"
		in.Rows[0].Evaluation.Findings[0].Count = 21
		in.Rows[0].Incident.Time = truce.Moment(at("2026-04-10T17:06:10Z"), 30*time.Second)
		in.Rows[0].Incident.Place = "Two Wells"
		in.Rows[2].Evaluation.Findings[0].Verdict = truce.VerdictIndeterminate
		in.Rows[2].Evaluation.Findings[0].Reason = truce.ReasonCoverage
	})
	for lang, wants := range map[string][]string{
		"en": {
			"Row [1](#row-1) of D-2026-04-11, area: North → South, because it was derived again from what is known now.",
			"act: indirect fire → direct fire", "area of control: Party A → Party B", "number: 2 engagements → 21 engagements",
			"time: 2026-04-10 17:05:10 UTC → 2026-04-10 17:06:10 UTC", "findings: R01 exempt → R01 not decided",
			"place: Nordhavn, grid cell G5-1179-2976 → Two Wells / Dvabrunn, grid cell G5-1179-2976",
			"In D-2026-04-11, R01, clause 1.1: no fire across the line, by area, South, meets the conditions, this period: not observed → ≥ 21, because its rows were counted again with what is known now.",
		},
		"uk": {
			"Рядок [1](#row-1) у D-2026-04-11, район: Північ → Південь, бо це виведено знову з того, що відомо тепер.",
			"дія: непрямий вогонь → вогонь прямою наводкою", "район контролю: Сторона А → Сторона Б", "число: 2 вогневі контакти → 21 вогневий контакт",
			"час: 10.04.2026 17:05:10 UTC → 10.04.2026 17:06:10 UTC", "висновки: R01 виняток → R01 не вирішено",
			"місце: Нордгавн, клітинка G5-1179-2976 → Два Колодязі / Двабрунн, клітинка G5-1179-2976",
			"У D-2026-04-11, R01, пункт 1.1: без вогню через лінію, за районами, Південь, відповідає умовам, цей період: не спостерігалося → ≥ 21, бо рядки полічено знову з урахуванням того, що відомо тепер.",
		},
	} {
		doc, err := Markdown(b, PrintOptions{Lang: lang})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(doc.Body), want) {
				t.Errorf("%s: no correction says %q", lang, want)
			}
		}
		for _, p := range Lint(b, doc) {
			t.Errorf("%s: %s", lang, p)
		}
	}
}

// Values that cannot be read, of a bulletin of another program, are printed as they are.
func TestCorrectionsThatCannotBeRead(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	for _, c := range []truce.Correction{
		{Subject: "p123", Field: fieldTime, Old: "yesterday/today", New: ""},
		{Subject: "p123", Field: fieldQuantity, Old: "many", New: "few"},
		{Subject: "gone/north/hit", Field: numberThis, Old: "a dozen", New: "12"},
		{Subject: "p123", Field: fieldArea, Old: "west", New: "north"},
	} {
		c.Bulletin, c.Reason = "D-2026-04-10", reasonReviewed
		b.Corrections = append(b.Corrections, c)
	}
	for _, doc := range printed(t, b, "en") {
		body := string(doc.Body)
		for _, want := range []string{"yesterday/today → –", "many → few", "a dozen → 12", "outside these areas → North"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q", doc.Format, want)
			}
		}
		for _, p := range Lint(b, doc) {
			t.Errorf("%s: %s", doc.Format, p)
		}
	}
}

func TestAFloodOfCorrectionsIsBounded(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	for i := range AnnexRows + 21 {
		b.Corrections = append(b.Corrections, truce.Correction{Bulletin: "D-2026-04-10", Subject: fmt.Sprintf("p%d", i), Field: fieldArea, Old: "north", New: "south", Reason: reasonReviewed})
	}
	for lang, want := range map[string]string{
		"en": "Not printed here, but in the JSON edition: 21 corrections.", "uk": "Не надруковано тут, але є у виданні JSON: 21 виправлення.",
	} {
		for _, doc := range printed(t, b, lang) {
			if n := strings.Count(string(doc.Body), "D-2026-04-10"); n != AnnexRows {
				t.Errorf("%s %s: %d corrections printed, want %d", lang, doc.Format, n, AnnexRows)
			}
			if !strings.Contains(string(doc.Body), want) {
				t.Errorf("%s %s lacks %q", lang, doc.Format, want)
			}
		}
	}
}

// Why a row differs is what has changed about it: a signature, observations, the terms or
// the lines, in this order; and with observations, how many there were.
func TestWhyARowDiffers(t *testing.T) {
	first := mustDaily(t, fixtureInput())
	base := first.Rows[0]
	for _, c := range []struct {
		name, field string
		bend        func(b *truce.Bulletin, is *truce.BulletinRow)
		reason      string
		before, now int
	}{
		{"another occurrence, signed", fieldOccurrence, func(_ *truce.Bulletin, is *truce.BulletinRow) {
			is.Occurrence, is.Observations = truce.OccurrenceVerified, 3
		}, reasonReviewed, 1, 3},
		{"another occurrence, by data", fieldOccurrence, func(_ *truce.Bulletin, is *truce.BulletinRow) {
			is.Occurrence, is.Observations = truce.OccurrenceReported, 3
		}, reasonLate, 1, 3},
		{"fewer observations", fieldArea, func(_ *truce.Bulletin, is *truce.BulletinRow) { is.Area, is.Observations = "south", 0 }, reasonRegrouped, 1, 0},
		{"other terms", fieldFindings, func(b *truce.Bulletin, is *truce.BulletinRow) { b.Terms, is.Findings = "other", nil }, reasonTerms, 0, 0},
		{"other terms, another time", fieldTime, func(b *truce.Bulletin, is *truce.BulletinRow) { b.Terms, is.Time.From = "other", 0 }, reasonDerived, 0, 0},
		{"another line", fieldControl, func(b *truce.Bulletin, is *truce.BulletinRow) {
			b.Lines, is.Control = []truce.BulletinLine{{ID: "LINE-CONTACT", Version: "2026-04-11"}}, "B"
		}, reasonLine, 0, 0},
		{"another source", fieldAct, func(_ *truce.Bulletin, is *truce.BulletinRow) {
			is.Act, is.Sources = truce.ActSniper, []truce.SourceID{"patrol"}
		}, reasonLate, 0, 0},
		{"nothing of these", fieldAct, func(_ *truce.Bulletin, is *truce.BulletinRow) { is.Act = truce.ActSniper }, reasonDerived, 0, 0},
	} {
		b, is := first, base
		c.bend(&b, &is)
		list := rowChanges(first, b, &base, &is)
		i := slices.IndexFunc(list, func(x truce.Correction) bool { return x.Field == c.field })
		if i < 0 || list[i].Reason != c.reason || list[i].ObsBefore != c.before || list[i].ObsNow != c.now {
			t.Errorf("%s: %+v", c.name, list)
		}
	}
}

// A correction names rows as people do: by numbers here and there, the incident's number,
// and never by an id that only machines know.
func TestCorrectionsNameRowsByNumber(t *testing.T) {
	first, b := secondVersion(t, func(in *DailyInput) {
		in.Rows[2].Incident.Area, in.Rows[2].Incident.Number = "south", "2026-143"
		early := in.Rows[0]
		early.Incident.ID[15]++
		early.Incident.Time = truce.Moment(at("2026-04-10T17:01:00Z"), 30*time.Second)
		in.Rows = append(in.Rows[:7:7], early)
	})
	gone := first.Rows[7].ID
	for lang, wants := range map[string][]string{
		"en": {"Row [4](#row-4) (row 3 of D-2026-04-11), incident 2026-143, area: North → South", "Row [1](#row-1), not listed in D-2026-04-11, row: not listed → listed, because data came in late.",
			"Row 8 of D-2026-04-11, no longer listed"},
		"uk": {"Рядок [4](#row-4) (рядок 3 у D-2026-04-11), інцидент 2026-143, район: Північ → Південь", "Рядок 8 у D-2026-04-11, більше не наведений"},
	} {
		doc := printed(t, b, lang)[1]
		for _, want := range wants {
			if !strings.Contains(string(doc.Body), want) {
				t.Errorf("%s: no correction says %q", lang, want)
			}
		}
		if strings.Contains(string(doc.Body), gone) {
			t.Errorf("%s: an internal id is printed", lang)
		}
		for _, p := range Lint(b, doc) {
			t.Errorf("%s: %s", lang, p)
		}
	}
}
