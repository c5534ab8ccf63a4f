package truce

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/trucewatch/truce/geo"
)

func TestRowSetKeepsRuns(t *testing.T) {
	var s RowSet
	for _, n := range []int{1, 2, 3, 7, 7, 5, 9, 10, -1, 0} {
		s.Add(n)
	}
	if got := s.String(); got != "1-3,7,9-10" {
		t.Errorf("text %q, want 1-3,7,9-10", got)
	}
	if s.Len() != 6 {
		t.Errorf("length %d, want 6", s.Len())
	}
	if got := slices.Collect(s.All()); !slices.Equal(got, []int{1, 2, 3, 7, 9, 10}) {
		t.Errorf("rows %v", got)
	}
	first := -1
	for n := range s.All() {
		first = n
		break
	}
	if first != 1 {
		t.Errorf("first row %d, want 1", first)
	}
}

func TestRowSetText(t *testing.T) {
	cases := []struct {
		text string
		ok   bool
	}{
		{"", true},
		{"1", true},
		{"1-3,7,9-10", true},
		{"3-1", false},
		{"0", false},
		{"1,1", false},
		{"4,2", false},
		{"a", false},
		{"1-b", false},
		{"1-1000000", true},
		{"1-1000001", false},
	}
	for _, c := range cases {
		var s RowSet
		err := json.Unmarshal([]byte(`"`+c.text+`"`), &s)
		if (err == nil) != c.ok {
			t.Errorf("%q: error %v, want ok %v", c.text, err, c.ok)
		}
		if c.ok && s.String() != c.text {
			t.Errorf("%q came back as %q", c.text, s)
		}
	}
}

func TestNamesFallBack(t *testing.T) {
	n := Names{"uk": "Північ", "en": "North"}
	if n.In("uk") != "Північ" || n.In("fr") != "North" {
		t.Errorf("uk %q, fr %q", n.In("uk"), n.In("fr"))
	}
	if got := (Names{"uk": "б", "pl": "a"}).In("en"); got != "a" {
		t.Errorf("without English: %q, want the first by code", got)
	}
	if Names(nil).In("en") != "" {
		t.Error("no names: want nothing")
	}
}

func TestRowsOfAnExitAreNotCounted(t *testing.T) {
	for o, want := range map[Occurrence]bool{
		OccurrenceReported: true, OccurrenceDetected: true, OccurrenceCorroborated: true, OccurrenceVerified: true,
		OccurrenceRefuted: false, OccurrenceUnverifiable: false, OccurrenceExplained: false, OccurrenceDuplicate: false,
	} {
		if got := (BulletinRow{Occurrence: o}).Counts(); got != want {
			t.Errorf("%s counts: %v, want %v", o, got, want)
		}
	}
}

func TestRowFinding(t *testing.T) {
	r := BulletinRow{Findings: []RowFinding{{Rule: "R01", Verdict: VerdictHit}, {Rule: "R02", Verdict: VerdictExempt}}}
	if f, ok := r.Finding("R02"); !ok || f.Verdict != VerdictExempt {
		t.Errorf("R02: %v %v", f, ok)
	}
	if _, ok := r.Finding("R03"); ok {
		t.Error("R03 was found on a row without it")
	}
}

// What a bulletin may leave out is left out of its bytes, so that one without it has the
// bytes it always had.
func TestWhatABulletinLacksIsNotInItsBytes(t *testing.T) {
	body, err := Canonical(Bulletin{
		Rules: []BulletinRule{{ID: "R01"}}, Tables: []CountTable{{Key: "heat"}},
		Places: []PlaceName{{Key: "Two Wells"}}, Rows: []BulletinRow{{N: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"mission_names", "agreement_names", "boundary_note", "map_version", "\"at\"", "near", "withheld\":\"", "supersedes", "carried"} {
		if bytes.Contains(body, []byte(name)) {
			t.Errorf("%s stands in %s", name, body)
		}
	}
}

func TestABulletinComesBackFromItsBytes(t *testing.T) {
	lat, share := -36.98765, Probability(0.25)
	b := Bulletin{
		Number: "D-2026-04-11", Edition: EditionMission, MissionNames: Names{"uk": "Місія"}, AgreementNames: Names{"en": "Terms"},
		Rules:  []BulletinRule{{ID: "R01", Acts: []Act{ActHeat}, CoverageMin: 0.3}},
		Places: []PlaceName{{Key: "Two Wells", Names: Names{"en": "Two Wells"}, At: &geo.Point{Lat: -37.1, Lon: -12.24}}},
		Tables: []CountTable{{Key: "heat.control", Map: "survey", MapVersion: "7", Total: CountLine{Coverage: &share, Cells: []CountCell{{
			This: Figure{N: 3, Form: FigureAtLeast, Rows: RowSet{{1, 3}}}, Previous: &PreviousFigure{N: 2, Form: FigureExact}}}}}},
		Rows: []BulletinRow{{N: 1, Place: RowPlace{Lat: &lat, Near: &NearName{Name: "Two Wells", DistanceM: 4321, Bearing: 45}}}},
	}
	body, err := Canonical(b)
	if err != nil {
		t.Fatal(err)
	}
	var back Bulletin
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	again, err := Canonical(back)
	if err != nil || !bytes.Equal(body, again) {
		t.Errorf("%s\ncame back as\n%s\n%v", body, again, err)
	}
}

func TestNothingShortOfCertainReadsAsCertain(t *testing.T) {
	for p, want := range map[Probability]string{0: "0.00", 0.001: "< 0.01", 0.005: "0.01", 0.62: "0.62", 0.9949: "0.99", 0.9951: "> 0.99", 0.999: "> 0.99", 1: "1.00"} {
		if got := p.Digits(); got != want {
			t.Errorf("%g reads %q, want %q", float64(p), got, want)
		}
	}
}
