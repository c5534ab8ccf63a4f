package pledge

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func TestACurrencyIsOneHoweverItIsWritten(t *testing.T) {
	for text, want := range map[string]string{"EUR": "EUR", "eur": "EUR", "Eur": "EUR", " uah ": "UAH", "pieces": "pieces", "MW": "MW", "uav": "uav", "": ""} {
		if got := Unit(text); got != want || Money(text) != (len(want) == 3 && want != "uav") {
			t.Errorf("%q is %q, money %v; want %q", text, got, Money(text), want)
		}
	}
	const sheet = `id,state,to,capability,unit,step,quantity,day,source_kind,publisher
fa-money,FA,force,equipment,eur,pledged,100,2026-01-10,press,A paper
fa-money,FA,force,equipment,EUR,approved,100,2026-01-11,press,A paper
fb-money,FB,force,equipment,EUR,pledged,50,2026-01-10,press,A paper
`
	list := read(t, sheet)
	if len(list) != 2 || list[0].Unit != "EUR" || len(list[0].Steps) != 2 {
		t.Fatalf("read %+v", list)
	}
	needs, rejected, err := ReadRequirements(strings.NewReader("- {capability: equipment, to: force, names: {en: Equipment}, quantity: 400, unit: eur}\n" +
		"- {capability: equipment, to: force, names: {en: Equipment}, quantity: 400, unit: EUR}\n"))
	if err != nil || len(needs) != 1 || needs[0].Unit != "EUR" || len(rejected) != 1 || rejected[0].Line != 2 || !strings.Contains(rejected[0].Reason, "stands in line 1") {
		t.Fatalf("%v: needs %+v, rejected %+v; want the second taken for the same need", err, needs, rejected)
	}
	// Records that are older than the rule are one line, too.
	list[0].Unit, needs[0].Unit = "eur", "Eur"
	lines := Account(list, needs, Days{"2026-02-01", "2026-02-01"})
	if len(lines) != 1 || lines[0].Unit != "EUR" || lines[0].Amounts.Pledged != 150 || lines[0].Need != 400 {
		t.Errorf("account %+v", lines)
	}
	if list[0].Unit != "eur" {
		t.Error("the account changed what it was given")
	}
}

func TestMoneyThatIsNoCurrencyIsRefusedByItsRow(t *testing.T) {
	const head = "id,state,to,capability,unit,step,quantity,day,source_kind,publisher\n" +
		"fb-uav,FB,force,uav,pieces,pledged,5,2026-01-10,press,A paper\n"
	for _, unit := range []string{"EURO", "euro", "Euros", "€", "k€", "mln EUR", "EUR m", "XXZ", "UAV", "US dollars", "гривень", "USD/year"} {
		list, rejected, err := ReadContributions(strings.NewReader(head + "fa-money,FA,force,fund," + unit + ",pledged,100,2026-01-10,press,A paper\n"))
		if err != nil || len(list) != 1 || len(rejected) != 1 || rejected[0].Line != 3 ||
			!strings.Contains(rejected[0].Reason, "contribution fa-money") || !strings.Contains(rejected[0].Reason, "ISO 4217") {
			t.Errorf("%q: %v %d taken, rejected %+v", unit, err, len(list), rejected)
		}
		_, rejected, err = ReadRequirements(strings.NewReader("- {capability: a, to: force, names: {en: A}, quantity: 1, unit: pieces}\n- {capability: fund, to: force, names: {en: Fund}, quantity: 1, unit: \"" + unit + "\"}\n"))
		if err != nil || len(rejected) != 1 || rejected[0].Line != 2 || !strings.Contains(rejected[0].Reason, "ISO 4217") {
			t.Errorf("need in %q: %v, rejected %+v", unit, err, rejected)
		}
	}
	for _, unit := range []string{"pieces", "all-terrain vehicles", "MW", "cups of rice", "km", "XTS"} {
		r := truce.Requirement{Capability: "a", To: ToForce, Names: truce.Names{"en": "A"}, Quantity: 1, Unit: unit}
		if err := ValidateRequirement(r); err != nil {
			t.Errorf("%q: %v", unit, err)
		}
	}
}
