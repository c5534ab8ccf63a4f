package source

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

// said is a statement of an act with columns set by name.
func said(columns ...string) Statement {
	s := Statement{Time: "2026-04-11 16:00", Lat: "48.5", Lon: "37.5", Act: "weapon_inside_distance"}
	for i := 0; i+1 < len(columns); i += 2 {
		s.Details.Set(columns[i], columns[i+1])
	}
	return s
}

func detailOf(s Statement, rules Rules) (*truce.Detail, error) {
	rules.Source = "s"
	o, err := s.Observation(rules, truce.Origin{}, nil)
	if err != nil {
		return nil, err
	}
	return o.Report.Claims[0].Detail, o.Validate()
}

func TestDetailsOfAStatement(t *testing.T) {
	at := func(text string) truce.Instant {
		span, err := Time(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		return span.From
	}
	cases := []struct {
		columns []string
		want    *truce.Detail
	}{
		{nil, nil},
		{[]string{"damage", "no", "casualties", "0"}, nil},
		{[]string{"quantity", "12", "state", "in_sealed_store", "site", "S-1", "damage", "Yes", "casualties", "3"},
			&truce.Detail{Quantity: 12, State: "in_sealed_store", Site: "S-1", Damage: true, Casualties: 3}},
		{[]string{"evidence", "site_visit; geolocated_video|site_visit"}, &truce.Detail{Evidence: []string{"geolocated_video", "site_visit"}}},
		{[]string{"origin_lat", "48.4", "origin_lon", "37.9", "origin_sigma_m", "300", "origin_side", "B"},
			&truce.Detail{Origin: &geo.Position{Point: geo.Point{Lat: 48.4, Lon: 37.9}, Error: geo.Isotropic(300)}, OriginSide: []truce.SideShare{{Party: "B", P: 1}}}},
		{[]string{"origin_side", "A 0.2 or B 0.7"}, &truce.Detail{OriginSide: []truce.SideShare{{Party: "A", P: 0.2}, {Party: "B", P: 0.7}}}},
		{[]string{"altitude_low_m", "500", "altitude_high_m", "1500"}, &truce.Detail{Altitude: &truce.Span{Low: 500, High: 1500}}},
		{[]string{"declared", "12", "observed", "10", "not_verified", "1", "holding_class", "tube_ge100"},
			&truce.Detail{Holding: &truce.Holding{Class: "tube_ge100", Declared: 12, Observed: 10, NotVerified: 1}}},
		{[]string{"since", "2026-04-11 09:00", "met", "2026-04-11T09:50:10Z"}, &truce.Detail{Duty: &truce.Duty{Since: at("2026-04-11 09:00"), MetAt: at("2026-04-11T09:50:10Z")}}},
		{[]string{"numbers", "600 troops; 40 vehicles"}, &truce.Detail{Numbers: []truce.Number{{Object: "troops", N: 600}, {Object: "vehicles", N: 40}}}},
		{[]string{"image_before", "2026-03-20 09:00", "image_after", "2026-04-11 09:00", "image_gsd_m", "0.4"},
			&truce.Detail{Imagery: &truce.ImagePair{Before: at("2026-03-20 09:00"), After: at("2026-04-11 09:00"), GSDM: 0.4}}},
		{[]string{"names_incident", "2026-12", "coordinated", "2026-04-11 09:00", "ordered_by", "HQ-A"},
			&truce.Detail{Claim: &truce.SelfDefence{Incident: "2026-12", CoordinationAt: at("2026-04-11 09:00"), OrderedBy: "HQ-A"}}},
	}
	for _, c := range cases {
		if got, err := detailOf(said(c.columns...), Rules{}); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %+v, %v; want %+v", c.columns, got, err, c.want)
		}
	}
}

func TestWeaponsAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string][]truce.Weapon{
		"howitzer 152mm":                 {{Type: "howitzer", CalibreMM: 152, P: 1}},
		"152mm":                          {{CalibreMM: 152, P: 1}},
		"152 mm Howitzer 0.8":            {{Type: "howitzer", CalibreMM: 152, P: 0.8}},
		"mortar":                         {{Type: "mortar", P: 1}},
		"tube_ge100":                     {{Class: "tube_ge100", P: 1}},
		"2S3 152.4mm":                    {{Class: "2S3", CalibreMM: 152.4, P: 1}},
		"howitzer 152mm 0.7 or mlrs 0.3": {{Type: "howitzer", CalibreMM: 152, P: 0.7}, {Type: "mlrs", P: 0.3}},
		"gun 122mm 0.5 OR gun 152mm .25": {{Type: "gun", CalibreMM: 122, P: 0.5}, {Type: "gun", CalibreMM: 152, P: 0.25}},
	} {
		got, err := detailOf(said("weapon", text), Rules{})
		if err != nil || got == nil || !slices.Equal(got.Weapons, want) {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestBadDetailsAreNamedWithTheMend(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("gun 0.01 or ", MaxAlternatives+1), " or ")
	for _, c := range []struct{ column, text, want string }{
		{"weapon", "howizter 152mm", `weapon has "howizter", did you mean howitzer?`},
		{"weapon", "tanks", "did you mean tank?"},
		{"weapon", "artillery", "did you mean gun, howitzer"},
		{"weapon", "knows?", "want a type (small_arms, gun"},
		{"weapon", "mortar 120", `ends in "120", want a probability above 0 and at most 1 such as 0.7, or a calibre such as 152mm`},
		{"weapon", "mortar 0,7", `ends in "0,7"`},
		{"weapon", "mortar 70%", `ends in "70%"`},
		{"weapon", "mortar 0", `ends in "0"`},
		{"weapon", "mortar or mlrs 0.3", `and "mortar" without a probability, want e.g. howitzer 152mm 0.7 or mlrs 0.3`},
		{"weapon", "mortar 0.8 or mlrs 0.3", "sum to 1.10"},
		{"weapon", "mortar 0.4 or mortar 0.3", "twice"},
		{"weapon", "mortar mlrs tube_a tube_b", "put or between"},
		{"weapon", "120mm 82mm", "put or between"},
		{"weapon", "0mm", "want more than 0"},
		{"weapon", "or", "names nothing"},
		{"weapon", "0.7", "names nothing"},
		{"weapon", many, "21 alternatives"},
		{"quantity", "0", "quantity is \"0\", want 1"},
		{"numbers", "600", "want a number and what was counted"},
		{"numbers", "many troops", "leave it empty where it is not known"},
		{"numbers", "6 troops; 7 troops", "counts \"troops\" twice"},
		{"image_gsd_m", "0.4", "is given without image_before"},
		{"image_before", "2026-03-20 09:00", "a difference needs both"},
		{"quantity", "a dozen", "leave it empty where it is not known"},
		{"quantity", "2.5", "want a whole number"},
		{"origin_lat", "48.5", "origin_lat, origin_lon: longitude is empty"},
		{"origin_sigma_m", "5", "without origin_lat"},
		{"origin_side", "the other side", "mark of a party"},
		{"origin_side", "A 0.5 or A 0.5", `names "A" twice`},
		{"origin_side", "A 0.6 or B 0.6", "sum to 1.20"},
		{"origin_side", "A or B", "without a probability, want e.g. A, or A 0.2 or B 0.7"},
		{"altitude_low_m", "300", "write a single height twice"},
		{"state", "in a sealed store", "one word as the agreement writes it"},
		{"site", "S 1", "site is"},
		{"evidence", "video of it", "evidence is"},
		{"evidence", strings.Repeat("x;", 21), "21 kinds"},
		{"damage", "roof", "want yes or no; put other words into the text"},
		{"casualties", "-1", "casualties is"},
		{"declared", "12", "gives both"},
		{"holding_class", "tube", "gives both"},
		{"since", "2026-04-11", "want the time of day too"},
		{"since", "nine", "since is"},
		{"met", "2026-04-11 09:00", "without since"},
		{"coordinated", "2026-04-11", "coordinated is"},
	} {
		if got, err := detailOf(said(c.column, c.text), Rules{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %.40q: %+v, %v; want %q", c.column, c.text, got, err, c.want)
		}
	}
	for want, columns := range map[string][]string{
		"give its error in metres":  {"origin_lat", "48.5", "origin_lon", "37.5"},
		"exchange them":             {"altitude_low_m", "300", "altitude_high_m", "200"},
		"want -1000 to 100000":      {"altitude_low_m", "300", "altitude_high_m", "200000"},
		"before since":              {"since", "2026-04-11 09:00", "met", "2026-04-11 08:00"},
		"not_verified is":           {"declared", "1", "observed", "1", "not_verified", "some"},
		"latitude and longitude ar": {"origin_lat", "0", "origin_lon", "0", "origin_sigma_m", "9"},
	} {
		if got, err := detailOf(said(columns...), Rules{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v; want %q", columns, got, err, want)
		}
	}
	bare := said("weapon", "mortar")
	bare.Act = ""
	if _, err := detailOf(bare, Rules{}); err == nil || !strings.Contains(err.Error(), "weapon is given without an act") {
		t.Errorf("no act: %v", err)
	}
}

func TestClassesOfTheAgreement(t *testing.T) {
	rules := Rules{Classes: []truce.WeaponClass{"tube_ge100", "tanks"}}
	for text, class := range map[string]truce.WeaponClass{"tube_ge100 152mm": "tube_ge100", "tanks": "tanks", "mortar": ""} {
		if got, err := detailOf(said("weapon", text), rules); err != nil || got.Weapons[0].Class != class {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if _, err := detailOf(said("weapon", "tube_ge10"), rules); err == nil || !strings.Contains(err.Error(), "weapon class of the agreement") {
		t.Errorf("a class that the agreement lacks: %v", err)
	}
}

// What is said more makes another statement; how it is written does not.
func TestDetailsMakeTheID(t *testing.T) {
	id := func(columns ...string) truce.ID {
		o, err := said(columns...).Observation(Rules{Source: "s"}, truce.Origin{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return o.ID
	}
	if id("weapon", "152 mm  howitzer") != id("weapon", "HOWITZER 152mm 1") || id() != id("damage", "no") {
		t.Error("one statement written in two ways is two")
	}
	if id("weapon", "howitzer 122mm") == id("weapon", "howitzer 152mm") || id() == id("quantity", "2") {
		t.Error("two statements are one")
	}
}

// Whatever stands in the columns, a claim that is taken can be recorded and evaluated.
func TestNoTextMakesABadDetail(t *testing.T) {
	columns := DetailColumns()
	word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"howitzer 152mm 0.7 or mlrs 0.3", "A 0.5 or B 0.5", "12", "-5", "48.5", "1e999", "NaN", "yes",
		"2026-04-11 09:00", "2026-04-11", "or or", "0.00000001", "99999999999999999999", "site_visit;x"}))
	rapid.Check(t, func(t *rapid.T) {
		s := said()
		for _, column := range rapid.SliceOfN(rapid.SampledFrom(columns), 1, 6).Draw(t, "columns") {
			s.Details.Set(column, word.Draw(t, column))
		}
		o, err := s.Observation(Rules{Source: "s"}, truce.Origin{}, nil)
		if err != nil {
			return
		}
		if err := o.Validate(); err != nil {
			t.Fatal(err)
		}
		if _, err := truce.Canonical(o); err != nil {
			t.Fatal(err)
		}
	})
}
