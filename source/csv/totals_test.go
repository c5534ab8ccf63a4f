package csv

import (
	"reflect"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/sourcetest"
)

const totalsHead = "time,time_to,family,source,publisher,act,count,unit,accused,place,text\n"

// A party's total is kept as one claim: whose it is, of whom, the number, no act and no
// unit that could be compared.
func TestPartyTotals(t *testing.T) {
	in := totalsHead +
		"2025-04-19 15:00,2025-04-20 21:00,party,,A,,2935,mixed,B,,\"2,935 violations by the other side\"\n" +
		"2025-04-19 15:00,2025-04-20 21:00,party,,B,,4900,mixed,A,,\"4,900 violations by the other side\"\n" +
		"2025-04-19 16:00,2025-04-19 17:00,party,,B,indirect_fire,3,explosion,A,,Three impacts\n"
	sink := sourcetest.Check(t, decode("totals.csv", Config{}), []byte(in))
	if len(sink.Observations) != 3 || len(sink.Rejections) != 0 || len(sink.IDs()) != 3 {
		t.Fatalf("%d read, rejected %q", len(sink.Observations), sink.Reasons())
	}
	for i, want := range []truce.Claim{
		{Count: 2935, Unit: truce.UnitMixed, Accused: "B"}, {Count: 4900, Unit: truce.UnitMixed, Accused: "A"},
		{Act: truce.ActIndirectFire, Count: 3, Unit: truce.UnitExplosion, Accused: "A"},
	} {
		o := sink.Observations[i]
		if o.Source != "csv-party" || o.Place != nil || !reflect.DeepEqual(o.Report.Claims, []truce.Claim{want}) {
			t.Errorf("%d: %s %+v", i, o.Source, o.Report)
		}
	}
	if first := sink.Observations[0]; first.Report.Publisher != "A" || first.Phenomenon.From.String() != "2025-04-19T15:00:00.000000Z" || first.Phenomenon.To.String() != "2025-04-20T21:00:00.000000Z" {
		t.Errorf("%+v of %s", first.Phenomenon, first.Report.Publisher)
	}
}

// Two totals that differ in the number alone are two statements.
func TestTotalsAreTheirNumbersToo(t *testing.T) {
	in := totalsHead + "2025-04-19,,party,,A,,734,mixed,B,,as of noon\n2025-04-19,,party,,A,,735,mixed,B,,as of noon\n"
	if sink := sourcetest.Check(t, decode("totals.csv", Config{}), []byte(in)); len(sink.IDs()) != 2 {
		t.Errorf("%d statements, rejected %q", len(sink.IDs()), sink.Reasons())
	}
}

func TestWhatIsNoTotal(t *testing.T) {
	known := []truce.SourceInfo{{ID: "liaison-a", Family: truce.FamilyParty}, {ID: "patrol-3", Family: truce.FamilyPatrol}}
	for row, reason := range map[string]string{
		"2025-04-19,,patrol,,,,5,mixed,B,,x":         "the row is of the family patrol",
		"2025-04-19,,,,,,5,mixed,B,,x":               "the row is of the family civilian",
		"2025-04-19,,,patrol-3,,,5,mixed,B,,x":       "the row is of the family patrol",
		"2025-04-19,,party,,A,,5,mixed,,,x":          "accused is empty",
		"2025-04-19,,party,,A,,5,mixed,the other,,x": "accused is",
		"2025-04-19,,party,,A,,,mixed,B,,x":          "count is empty",
		"2025-04-19,,party,,A,,-5,mixed,B,,x":        "count",
		"2025-04-19,,party,,A,,1.5,mixed,B,,x":       "want a whole number",
		"2025-04-19,,party,,A,,0,mixed,B,,x":         "",
		"2025-04-19,,party,,A,,5,mixed,B,,":          "text is empty",
		"2025-04-19,,party,,A,,5,mixed,B,Novyi,x":    "no place",
		"2025-04-19,,party,,A,,5,explosion,B,,x":     "without an act",
		"2025-04-19,,,liaison-a,A,,5,mixed,B,,x":     "",
	} {
		sink := sourcetest.Check(t, decode("x.csv", Config{Known: known}), []byte(totalsHead+row+"\n"))
		switch {
		case reason == "" && len(sink.Observations) != 1:
			t.Errorf("%s: rejected %q", row, sink.Reasons())
		case reason != "" && (len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, reason)):
			t.Errorf("%s: rejected %q, want %q", row, sink.Reasons(), reason)
		}
	}
}
