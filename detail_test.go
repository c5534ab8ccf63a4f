package truce_test

import (
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// told is a report with one claim of the given detail.
func told(d *truce.Detail) truce.Observation {
	return truce.Observation{
		ID: truce.NewID(1, "report", "patrol", []byte("1")), Kind: truce.KindReport, Source: "patrol", Signature: truce.SignatureNone,
		Report: &truce.Report{Claims: []truce.Claim{{Act: truce.ActIndirectFire, Unit: truce.UnitReport, Detail: d}}},
	}
}

// A claim of which nothing else is known is written as it was before claims had details.
func TestClaimWithoutDetailKeepsItsBytes(t *testing.T) {
	text, err := truce.Canonical(truce.Claim{Act: truce.ActBurst, Count: 3, Unit: truce.UnitEngagement, Accused: "B"})
	if want := `{"accused":"B","act":"burst","count":3,"unit":"engagement"}`; err != nil || string(text) != want {
		t.Errorf("%s, %v; want %s", text, err, want)
	}
	text, err = truce.Canonical(truce.Claim{Act: truce.ActBurst, Detail: &truce.Detail{Quantity: 2}})
	if want := `{"act":"burst","detail":{"quantity":2}}`; err != nil || string(text) != want {
		t.Errorf("%s, %v; want %s", text, err, want)
	}
}

func TestDetailIsChecked(t *testing.T) {
	full := truce.Detail{
		Weapons:    []truce.Weapon{{Type: "howitzer", CalibreMM: 152, P: 0.7}, {Type: "mlrs", P: 0.3}},
		OriginSide: []truce.SideShare{{Party: "A", P: 0.5}, {Party: "B", P: 0.5}},
		Origin:     &geo.Position{Point: geo.Point{Lat: 48, Lon: 37}, Error: geo.Isotropic(300)},
		Altitude:   &truce.Span{Low: 100, High: 100}, Holding: &truce.Holding{Declared: 12, Observed: 10, NotVerified: 2},
	}
	for _, good := range []*truce.Detail{nil, {}, &full} {
		if err := told(good).Validate(); err != nil {
			t.Errorf("%+v: %v", good, err)
		}
	}
	for want, bad := range map[string]truce.Detail{
		"no valid probability":   {Weapons: []truce.Weapon{{Type: "mortar", P: 1.1}}},
		"or calibre":             {Weapons: []truce.Weapon{{CalibreMM: math.NaN(), P: 1}}},
		"sum to more than 1":     {Weapons: []truce.Weapon{{Type: "gun", P: 0.7}, {Type: "mlrs", P: 0.4}}},
		"the sides of the":       {OriginSide: []truce.SideShare{{Party: "A", P: 0.7}, {Party: "B", P: 0.7}}},
		"share of B":             {OriginSide: []truce.SideShare{{Party: "B", P: -1}}},
		"origin 99.00000":        {Origin: &geo.Position{Point: geo.Point{Lat: 99}}},
		"lower end first":        {Altitude: &truce.Span{Low: 2, High: 1}},
		"height from NaN m":      {Altitude: &truce.Span{Low: math.NaN(), High: 1}},
		"of objects or people":   {Casualties: -1},
		"of nothing or given":    {Numbers: []truce.Number{{Object: "troops", N: 3}, {Object: "troops", N: 4}}},
		"number {Object: N:3}":   {Numbers: []truce.Number{{N: 3}}},
		"earlier comes first":    {Imagery: &truce.ImagePair{Before: 2, After: 1}},
		"size of a pixel":        {Imagery: &truce.ImagePair{GSDM: math.NaN()}},
		"objects or people is b": {Holding: &truce.Holding{Observed: -1}},
	} {
		if err := told(&bad).Validate(); err == nil || truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", bad, err, want)
		}
	}
}

func TestNumbersAreOfASort(t *testing.T) {
	plain := truce.Detail{Quantity: 12}
	sorted := truce.Detail{Quantity: 600, Numbers: []truce.Number{{Object: "troops", N: 600}, {Object: "vehicles", N: 40}}}
	for _, row := range []struct {
		of     truce.Detail
		object string
		want   int
	}{{plain, "vehicles", 12}, {sorted, "vehicles", 40}, {sorted, "troops", 600}, {sorted, "vessels", 0}} {
		if got := row.of.NumberOf(row.object); got != row.want {
			t.Errorf("%+v: %d %s, want %d", row.of, got, row.object, row.want)
		}
	}
}

func TestMissingObjects(t *testing.T) {
	for h, want := range map[truce.Holding]int{
		{Declared: 12, Observed: 11}: 1, {Declared: 12, Observed: 10, NotVerified: 2}: 0, {Declared: 12, Observed: 13}: 0, {}: 0,
	} {
		if got := h.Missing(); got != want {
			t.Errorf("%+v: %d missing, want %d", h, got, want)
		}
	}
	types := truce.WeaponTypes()
	if types[0] = "changed"; truce.WeaponTypes()[0] == "changed" {
		t.Error("the list of types can be changed from outside")
	}
}
