package csv

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

func TestDecodeDetails(t *testing.T) {
	in := "time,lat,lon,sigma_m,family,act,Weapon,Quantity,State,Evidence,Declared,Observed,Not_Verified,Holding_Class,Origin_Lat,Origin_Lon,Origin_Sigma_M\n" +
		"2026-04-11 10:00,48.5,37.5,50,drone,weapon_inside_distance,howitzer 152mm 0.9 or tank 0.1,2,in_sealed_store,,,,,,,,\n" +
		"2026-04-11 11:00,48.5,37.5,50,patrol,holding_mismatch,,,,site_visit;photo,12,11,0,tube_ge100,,,\n" +
		"2026-04-11 12:00,48.5,37.5,50,acoustic,indirect_fire,,,,,,,,,48.4,37.6,200\n" +
		"2026-04-11 13:00,48.5,37.5,50,patrol,indirect_fire,,,,,,,,,,,\n"
	sink := sourcetest.Check(t, decode("x.csv", Config{}), []byte(in))
	if len(sink.Observations) != 4 {
		t.Fatalf("rejected %q", sink.Reasons())
	}
	for i, want := range []*truce.Detail{
		{Weapons: []truce.Weapon{{Type: "howitzer", CalibreMM: 152, P: 0.9}, {Type: "tank", P: 0.1}}, Quantity: 2, State: "in_sealed_store"},
		{Evidence: []string{"photo", "site_visit"}, Holding: &truce.Holding{Class: "tube_ge100", Declared: 12, Observed: 11}},
		{Origin: &geo.Position{Point: geo.Point{Lat: 48.4, Lon: 37.6}, Error: geo.Isotropic(200)}},
		nil,
	} {
		if got := sink.Observations[i].Report.Claims[0].Detail; !reflect.DeepEqual(got, want) {
			t.Errorf("row %d: %+v, want %+v", i+1, got, want)
		}
	}
}

// A value that cannot be read costs its row, with the column and the mend; the state of a
// sensor is none of a weapon.
func TestBadDetailsAreQuarantined(t *testing.T) {
	in := "kind,time,lat,lon,sensor,act,weapon,state,quantity\n" +
		"report,2026-04-11 10:00,48.5,37.5,,indirect_fire,howizter,,\n" +
		"report,2026-04-11 10:00,48.5,37.5,,,mortar,,\n" +
		"health,2026-04-11 10:00,,,AC-03,,,degraded,\n" +
		"health,2026-04-11 10:00,,,AC-03,,,up,3\n" +
		"report,2026-04-11 10:00,48.5,37.5,,indirect_fire,120mm,,3\n" +
		"report,2026-04-11 10:00,48.5,37.5,,indirect_fire,tube_x,,\n"
	sink := sourcetest.Check(t, decode("x.csv", Config{Classes: []truce.WeaponClass{"tube"}}), []byte(in))
	want := []string{`2: weapon has "howizter", did you mean howitzer?`, "3: weapon is given without an act", "5: says of the health of a sensor and has columns that speak of an act", `7: weapon has "tube_x", want a type`}
	if got := sink.Reasons(); len(got) != len(want) || !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("rejected %q, want %q", got, want)
	}
	if len(sink.Observations) != 2 || sink.Observations[0].Health.State != truce.HealthDegraded || sink.Observations[1].Report.Claims[0].Detail.Quantity != 3 {
		t.Errorf("read %+v", sink.Observations)
	}
}

// The page names every column there is, and none that there is not.
func TestThePageNamesEveryDetail(t *testing.T) {
	page, err := os.ReadFile("../../docs/sources/csv.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "\n## What was seen in detail\n")
	section, _, ended := strings.Cut(section, "\n## ")
	if !found || !ended {
		t.Fatal("docs/sources/csv.md has no section on details")
	}
	var named []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]*`) \\|").FindAllStringSubmatch(section, -1) {
		for _, name := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(row[1], -1) {
			named = append(named, name[1])
		}
	}
	if want := source.DetailColumns(); !slices.Equal(named, want) {
		t.Errorf("the page names %q, the columns are %q", named, want)
	}
	var sample strings.Builder
	for line := range strings.Lines(section) {
		if row, indented := strings.CutPrefix(line, "    "); indented {
			sample.WriteString(row)
		}
	}
	sink := sourcetest.Check(t, decode("sample.csv", Config{}), []byte(sample.String()))
	if len(sink.Observations) != 3 || len(sink.Rejections) != 0 {
		t.Errorf("the page's sample: %d read, rejected %q, want 3 and none", len(sink.Observations), sink.Reasons())
	}
}
