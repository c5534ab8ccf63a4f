package pledge

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

const sheet = `id,state,to,capability,unit,step,quantity,day,capable_hours,source_kind,publisher,public
fa-uav,FA,mechanism,uav_long_range,pieces,pledged,6,2026-01-10,,statement,Farland,yes
fa-uav,FA,mechanism,uav_long_range,pieces,approved,6,2026-02-01,,gazette,Farland,yes
fa-uav,FA,mechanism,uav_long_range,pieces,in_place,4,2026-03-01,,statement,Farland,yes
fa-uav,FA,mechanism,uav_long_range,pieces,,,2026-03-02,60,,,yes
fb-uav,FB,mechanism,uav_long_range,pieces,pledged,2,2026-01-10,,statement,Bayland,yes
fb-money,FB,force,equipment,EUR,pledged,1000000,2026-01-10,,press,A paper,no
fc-money,FC,force,equipment,USD,pledged,500000,2026-01-10,,press,A paper,no
`

var requirements = []truce.Requirement{
	{Capability: "uav_long_range", To: ToMechanism, Names: truce.Names{"en": "Long-range drones"}, Quantity: 10, Unit: "pieces", HoursADay: 48},
	{Capability: "equipment", To: ToForce, Names: truce.Names{"en": "Equipment"}, Quantity: 2e6, Unit: "EUR"},
}

func read(t *testing.T, text string) []truce.Contribution {
	t.Helper()
	list, rejected, err := ReadContributions(strings.NewReader(text))
	if err != nil || len(rejected) > 0 {
		t.Fatal(err, rejected)
	}
	return list
}

func TestAccountHoldsWhatCameAgainstTheNeed(t *testing.T) {
	lines := Account(read(t, sheet), requirements, Days{"2026-03-01", "2026-03-02"})
	if len(lines) != 3 {
		t.Fatalf("%+v", lines)
	}
	uav := lines[0]
	if uav.Capability != "uav_long_range" || uav.Amounts != (Amounts{Pledged: 8, Approved: 6, InPlace: 4}) || uav.Gap != 6 || uav.HoursADay != 30 || uav.HoursGap != 18 || uav.Covered() != 0.4 {
		t.Errorf("%+v", uav)
	}
	for _, l := range lines[1:] {
		if l.Capability != "equipment" || l.Unit == "USD" && (l.Amounts.Pledged != 5e5 || l.Need != 0) || l.Unit == "EUR" && l.Amounts.Pledged != 1e6 {
			t.Errorf("currencies were mixed: %+v", l)
		}
	}
	early := Account(read(t, sheet), requirements, Days{"2026-01-31", "2026-01-31"})
	if early[0].Amounts != (Amounts{Pledged: 8}) {
		t.Errorf("on 31 January: %+v", early[0].Amounts)
	}
	if Totals(lines)[0].Shares != nil || len(lines[0].Shares) != 2 || len(Seen(lines, "FB")[0].Shares) != 1 || Seen(lines, "FB")[0].Shares[0].State != "FB" {
		t.Error("a state sees another's share")
	}
}

func TestWithdrawalsCountNowhereElse(t *testing.T) {
	list := read(t, strings.Replace(sheet, "fb-uav,FB,mechanism,uav_long_range,pieces,pledged,2,2026-01-10,,statement,Bayland,yes\n",
		"", 1)+"fa-uav,FA,mechanism,uav_long_range,pieces,in_place,4,2026-04-01,,statement,Farland,yes\n")
	list[0].Steps = append(list[0].Steps, truce.ContributionStep{State: truce.ContributionWithdrawn, Quantity: 5, Day: "2026-05-01", Why: "needed at home", Source: truce.Citation{Kind: truce.CiteStatement, Publisher: "Farland"}})
	if err := ValidateContribution(list[0]); err != nil {
		t.Fatal(err)
	}
	if got := AmountsOn(list[0], ""); got != (Amounts{Pledged: 1, Approved: 1, InPlace: 1, Withdrawn: 5}) {
		t.Errorf("%+v", got)
	}
}

func TestRowsThatCannotBeUsedAreGivenBackWhole(t *testing.T) {
	for _, c := range []struct{ name, bad, want string }{
		{"number", "fb-uav,FB,mechanism,uav_long_range,pieces,approved,many,2026-02-01,,statement,Bayland,yes", "quantity is \"many\""},
		{"more than pledged", "fb-uav,FB,mechanism,uav_long_range,pieces,approved,3,2026-02-01,,statement,Bayland,yes", "more is approved than pledged"},
		{"other state", "fb-uav,FC,mechanism,uav_long_range,pieces,approved,2,2026-02-01,,statement,Bayland,yes", "give another id"},
		{"early", "fb-uav,FB,mechanism,uav_long_range,pieces,approved,2,2025-02-01,,statement,Bayland,yes", "in order"},
		{"day", "fb-uav,FB,mechanism,uav_long_range,pieces,approved,2,1.2.2026,,statement,Bayland,yes", "YYYY-MM-DD"},
		{"fields", "fb-uav,FB,mechanism", "has 3 fields"},
		{"step", "fb-uav,FB,mechanism,uav_long_range,pieces,promised,2,2026-02-01,,statement,Bayland,yes", "write one of"},
	} {
		list, rejected, err := ReadContributions(strings.NewReader(sheet + c.bad + "\n"))
		last := len(rejected) - 1
		if err != nil || last < 0 || !strings.Contains(rejected[last].Reason, c.want) || rejected[last].Raw != c.bad || rejected[last].Line != 9 {
			t.Errorf("%s: %v %+v", c.name, err, rejected)
		}
		half := slices.ContainsFunc(list, func(x truce.Contribution) bool { return x.ID == "fb-uav" })
		if half != (c.name == "fields") || len(list)+len(rejected) < 5 {
			t.Errorf("%s: half a history was taken, or a row was lost: %+v", c.name, rejected)
		}
	}
	for _, header := range []string{"", "id,state\n", strings.Replace(sheet, "unit", "units", 1), strings.Replace(sheet, "publisher", "day", 1)} {
		if _, _, err := ReadContributions(strings.NewReader(header)); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%.20q: %v", header, err)
		}
	}
}

func TestCSVComesBackAsItWent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []truce.Contribution
		for i := range rapid.IntRange(1, 4).Draw(t, "n") {
			c := truce.Contribution{ID: "c" + string(rune('a'+i)), State: "FA", To: ToForce, Capability: "training", Unit: "persons", Public: rapid.Bool().Draw(t, "public")}
			left := float64(rapid.IntRange(0, 100).Draw(t, "pledged"))
			c.Quantity = left
			for n, s := range truce.ContributionStates()[:rapid.IntRange(1, 4).Draw(t, "steps")] {
				source := truce.Citation{Kind: rapid.SampledFrom(citeKinds).Draw(t, "kind"), Publisher: "Farland", Title: rapid.SampledFrom([]string{"", "Note, 1"}).Draw(t, "title"),
					Day: rapid.SampledFrom([]truce.Day{"", "2026-01-03"}).Draw(t, "source day")}
				c.Steps = append(c.Steps, truce.ContributionStep{Source: source, State: s, Quantity: left / float64(n+1), Day: truce.Day("2026-01-01").AddDays(n), Why: rapid.SampledFrom([]string{"", "a, b", `"quoted"`, "зміна"}).Draw(t, "why")})
			}
			list = append(list, c)
		}
		var out bytes.Buffer
		if err := WriteContributions(&out, list); err != nil {
			t.Fatal(err)
		}
		back, rejected, err := ReadContributions(bytes.NewReader(out.Bytes()))
		if err != nil || len(rejected) > 0 {
			t.Fatal(err, rejected, out.String())
		}
		var again bytes.Buffer
		if err := WriteContributions(&again, back); err != nil || again.String() != out.String() {
			t.Fatalf("%v\n%s\n%s", err, out.String(), again.String())
		}
		for i := range back {
			if !slices.Equal(back[i].Steps, list[i].Steps) {
				t.Fatalf("%+v came back as %+v", list[i].Steps, back[i].Steps)
			}
		}
	})
}

func TestRequirementsSayWhatTheyCount(t *testing.T) {
	for _, r := range requirements {
		if err := ValidateRequirement(r); err != nil {
			t.Error(err)
		}
	}
	for _, bend := range []func(*truce.Requirement){
		func(r *truce.Requirement) { r.Capability = "Big Ships" }, func(r *truce.Requirement) { r.To = "us" },
		func(r *truce.Requirement) { r.Quantity = -1 }, func(r *truce.Requirement) { r.Unit, r.HoursADay = "EUR", 3 }, func(r *truce.Requirement) { r.Names = nil },
	} {
		r := requirements[0]
		if bend(&r); ValidateRequirement(r) == nil {
			t.Errorf("%+v", r)
		}
	}
}

// FuzzReadContributions: nothing is lost. Every line after the header is in a contribution,
// is rejected, or is empty; what is taken is valid and comes back from its own CSV.
func FuzzReadContributions(f *testing.F) {
	f.Add(sheet)
	f.Add("id,state,to,capability,unit,step,quantity,day\n\"a,FA\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, _, err := ReadContributions(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, c := range list {
			if err := ValidateContribution(c); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		if err := WriteContributions(&out, list); err != nil {
			t.Fatal(err)
		}
		if back, rejected, err := ReadContributions(&out); err != nil || len(rejected) > 0 || len(back) != len(list) {
			t.Fatal(err, rejected, len(back), len(list))
		}
	})
}

func BenchmarkAccount(b *testing.B) {
	var list []truce.Contribution
	for range 500 {
		part, _, err := ReadContributions(strings.NewReader(sheet))
		if err != nil {
			b.Fatal(err)
		}
		list = append(list, part...)
	}
	for b.Loop() {
		Account(list, requirements, Days{"2026-03-01", "2026-03-31"})
	}
}
