package pledge

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// year is a calendar year as a need writes it.
func year(t *testing.T, y string) truce.Period {
	t.Helper()
	p, err := period(y+"-01-01", y+"-12-31")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func placed(id, unit string, n float64, p truce.Period) truce.Contribution {
	return truce.Contribution{ID: id, State: "FA", To: ToMechanism, Capability: "cash", Unit: unit, Period: p, Steps: []truce.ContributionStep{
		{State: truce.ContributionPledged, Quantity: n, Day: "2026-01-04"}, {State: truce.ContributionApproved, Quantity: n, Day: "2026-01-05"}, {State: truce.ContributionInPlace, Quantity: n, Day: "2026-01-06"}}}
}

func needed(unit string, n float64, p truce.Period) truce.Requirement {
	return truce.Requirement{Capability: "cash", To: ToMechanism, Names: truce.Names{"en": "Budget " + string(p.From.Day())}, Quantity: n, Unit: unit, Period: p}
}

// TestWhatIsThereInOnePeriodClosesNoGapOfAnother: lines are by period, things count in each
// they are there in, money once.
func TestWhatIsThereInOnePeriodClosesNoGapOfAnother(t *testing.T) {
	y26, y27, y31 := year(t, "2026"), year(t, "2027"), year(t, "2031")
	both := truce.Period{From: y26.To - 86400e6, To: y27.To, Zone: "UTC"}
	for _, c := range []struct {
		name, unit string
		needs      []truce.Requirement
		came       truce.Contribution
		gaps       []float64 // of each line, by period
		periods    []truce.Period
	}{
		{"another year", "EUR", []truce.Requirement{needed("EUR", 100, y26)}, placed("c", "EUR", 100, y31), []float64{100, 0}, []truce.Period{y26, y31}},
		{"the same year", "EUR", []truce.Requirement{needed("EUR", 100, y26)}, placed("c", "EUR", 100, y26), []float64{0}, []truce.Period{y26}},
		{"no period of the money", "EUR", []truce.Requirement{needed("EUR", 100, y26)}, placed("c", "EUR", 60, truce.Period{}), []float64{40}, []truce.Period{y26}},
		{"no period of the need", "EUR", []truce.Requirement{needed("EUR", 100, truce.Period{})}, placed("c", "EUR", 60, y31), []float64{40}, []truce.Period{{}}},
		{"money of two years goes where it lies most", "EUR", []truce.Requirement{needed("EUR", 100, y26), needed("EUR", 40, y27)}, placed("c", "EUR", 100, both), []float64{100, 0}, []truce.Period{y26, y27}},
		{"money of no year goes to the earliest", "EUR", []truce.Requirement{needed("EUR", 40, y27), needed("EUR", 100, y26)}, placed("c", "EUR", 100, truce.Period{}), []float64{0, 40}, []truce.Period{y26, y27}},
		{"things of two years serve both", "pieces", []truce.Requirement{needed("pieces", 100, y26), needed("pieces", 40, y27)}, placed("c", "pieces", 30, both), []float64{70, 10}, []truce.Period{y26, y27}},
	} {
		lines := Account([]truce.Contribution{c.came}, c.needs, Days{"2026-03-01", "2026-03-02"})
		if len(lines) != len(c.gaps) {
			t.Errorf("%s: %+v", c.name, lines)
			continue
		}
		for i, l := range lines {
			if l.Gap != c.gaps[i] || l.Period != c.periods[i] {
				t.Errorf("%s: line %d has the gap %v over %v, want %v over %v", c.name, i, l.Gap, l.Period, c.gaps[i], c.periods[i])
			}
		}
	}
	lines := Account([]truce.Contribution{placed("c", "EUR", 100, y31), placed("d", "USD", 5, y26)}, []truce.Requirement{needed("EUR", 100, y26)}, Days{"2026-03-01", "2026-03-02"})
	if NamesOf(lines, lines[0]) == nil || NamesOf(lines, lines[1]) != nil || NamesOf(lines, lines[2]) == nil {
		t.Errorf("a line has the name of a need of another time: %+v", lines)
	}
}

// TestOneThingMayBeNeededInTwoPeriods: both are read and both stand, beside an older record.
func TestOneThingMayBeNeededInTwoPeriods(t *testing.T) {
	const entry = `- {capability: cash, to: mechanism, names: {en: Budget}, quantity: 100, unit: EUR, period: {from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"}}` + "\n"
	text := entry + strings.NewReplacer("2027-", "2028-", "2026-", "2027-", "100", "40").Replace(entry)
	list, rejected, err := ReadRequirements(strings.NewReader(text))
	if err != nil || len(rejected) > 0 || len(list) != 2 || list[0].Subject() == list[1].Subject() {
		t.Fatal(list, rejected, err)
	}
	if _, rejected, _ = ReadRequirements(strings.NewReader(text + entry)); len(rejected) != 1 || !strings.Contains(rejected[0].Reason, "from 2026-01-01 to 2027-01-01 stands in line 1 already") {
		t.Errorf("%+v", rejected)
	}
	if _, rejected, _ = ReadRequirements(strings.NewReader(strings.Replace(entry, "to: \"2027", "to: \"2025", 1))); len(rejected) != 1 || !strings.Contains(rejected[0].Reason, "the end after the beginning") {
		t.Errorf("%+v", rejected)
	}
	older := list[0]
	older.Quantity = 7
	stand := Standing([]truce.RequirementRow{{Seq: 3, Requirement: older}, {Seq: 9, Requirement: list[0]}, {Seq: 10, Requirement: list[1]}})
	if len(stand) != 2 || stand[0].Quantity != 100 || stand[1].Quantity != 40 {
		t.Errorf("%+v", stand)
	}
}
