package app

import (
	"regexp"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// twoTotals are the two numbers of Easter 2025, moved into the days of the exercise: what
// each party says the other did, for thirty hours, and what the mission itself received.
const twoTotals = `time,time_to,lat,lon,sigma_m,family,sensor,publisher,act,count,unit,accused,text
2031-03-10T15:00:00Z,2031-03-11T21:00:00Z,,,,party,,A,,2935,mixed,B,"2,935 violations by the other side"
2031-03-10T15:00:00Z,2031-03-11T21:00:00Z,,,,party,,B,,4900,mixed,A,"4,900 violations by the other side"
2031-03-11T09:00:00Z,,-47.910,-21.620,200,party,,A,indirect_fire,3,explosion,B,Three impacts at the mill
2031-03-11T09:00:00Z,,-47.910,-21.620,200,patrol,team-north,,indirect_fire,,,,Impacts at the mill
2031-03-11T09:00:30Z,,-47.910,-21.620,200,drone,drone-1,,indirect_fire,,,,Impacts at the mill from above
`

// TestTwoTotalsAreNeverCompared is the worked example 4.6 of the handbook from the file to
// the page: two claims beside each other, what the mission counted in its own units with
// its coverage, the sentence that neither can be confirmed as a total, and nowhere a sum, a
// difference, a ratio or a mean of the two.
func TestTwoTotalsAreNeverCompared(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "csv", p.write(t, "totals.csv", twoTotals))
	p.good(t, "assess")
	mustHold(t, p.good(t, "incidents"), "1 incidents") // a total is no incident
	b := p.daily(t, "2031-03-11")
	holdTotals(t, b)
	var pages []string
	for _, lang := range []string{"en", "uk"} {
		for _, format := range []string{"md", "html"} {
			pages = append(pages, p.good(t, "bulletin", "daily", "--date", "2031-03-11", "--format", format, "--lang", lang))
		}
	}
	pages = append(pages, p.good(t, "bulletin", "daily", "--date", "2031-03-11", "--format", "csv"))
	mustHold(t, strings.ReplaceAll(pages[0], "\u00a0", " "),
		"cannot be confirmed or refuted as a total, and is neither added to nor compared with another number.",
		"Of the items this party listed: corroborated: 1", "This party listed no items that could be checked one by one.",
		"What the mission counted in its own units", "not to be compared with a total")
	compared := regexp.MustCompile(`\b(7[,.  ]?835|1[,.  ]?965|3[,.  ]?91[78]|1[.,]67|0[.,]599|0[.,]60\d*:|167 ?%|59[.,]9)\b`)
	for i, page := range pages {
		for _, number := range []string{"2935", "4900"} {
			isTable := i == len(pages)-1 // of what the mission counted: no claim stands in it
			if isTable && strings.Contains(page, ","+number+",") || !isTable && !strings.Contains(onlyDigits.Replace(page), number) {
				t.Errorf("page %d: the claim of %s is missing, or a row of the table", i, number)
			}
		}
		if found := compared.FindString(page); found != "" {
			t.Errorf("page %d holds %q, which nobody stated", i, found)
		}
	}
	if !compared.MatchString("a sum of 7,835, a ratio of 1.67") {
		t.Error("the pattern finds no comparison")
	}
}

var onlyDigits = strings.NewReplacer(",", "", "\u00a0", "", "\u202f", "", " ", "")

// holdTotals holds the two claims and what stands beside them.
func holdTotals(t *testing.T, b truce.Bulletin) {
	t.Helper()
	want := map[truce.PartyID]int{"A": 2935, "B": 4900}
	for _, c := range b.Claims {
		if !c.Total() {
			continue
		}
		if c.Count != want[c.Party] || c.Unit != truce.UnitMixed || c.Accused == c.Party || c.Accused == "" {
			t.Errorf("claim %+v", c)
		}
		delete(want, c.Party)
		if c.Period == nil || c.Period.To.Sub(c.Period.From).Hours() != 30 {
			t.Errorf("claim of %s: period %+v", c.Party, c.Period)
		}
		units := map[truce.Unit]bool{}
		fired := 0
		for _, o := range c.Own {
			units[o.Unit] = true
			if o.Rule == "R01" {
				fired = o.N
			}
			if o.Coverage == nil && o.Form == truce.FigureExact {
				t.Errorf("claim of %s: %s is exact without coverage", c.Party, o.Rule)
			}
		}
		if len(units) < 3 || units[truce.UnitMixed] || fired != 1 {
			t.Errorf("beside the claim of %s: units %v, %d engagements, want the mission's own units and 1", c.Party, units, fired)
		}
	}
	if len(want) > 0 {
		t.Errorf("no claim of %v", want)
	}
}
