package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/story/claim"
)

// textReport is words of one source.
func textReport(source truce.SourceID, text string) truce.Observation {
	at := truce.InstantOf(time.Date(2031, 3, 11, 9, 0, 0, 0, time.UTC))
	return truce.Observation{
		ID: truce.NewID(at, "report", string(source), []byte(text)), Source: source, Kind: truce.KindReport,
		Phenomenon: truce.Moment(at, 0), Report: &truce.Report{Text: text},
	}
}

// TestTextsAreReadOnce: what states claims, opted out or is no teller's stays as it is, and the
// reports given are not touched.
func TestTextsAreReadOnce(t *testing.T) {
	gazetteer, err := claim.NewGazetteer([]claim.Place{{Name: "Kelvost", At: geo.Point{Lat: -47.67, Lon: -21.28}}})
	if err != nil {
		t.Fatal(err)
	}
	cfg := claim.Config{Gazetteer: gazetteer, Parties: map[string]truce.PartyID{"state:RU": "B"}}
	const text = "Russian forces shelled Kelvost with artillery overnight."
	given, shut := textReport("paper", text), textReport("shut", text)
	given.Report.Claims = []truce.Claim{{Act: truce.ActDamage}}
	shut.Report.Rights.NoMining = true
	families := map[truce.SourceID]truce.Family{"post": truce.FamilyPatrol, "liaison": truce.FamilyParty}
	in := []truce.Observation{textReport("paper", text), given, shut, textReport("post", text), textReport("liaison", "Artillery shelled Kelvost."), textReport("paper", "Artillery shelled Kelvost.")}
	out := readTexts(in, families, cfg)
	for i, want := range []int{1, 1, 0, 0, 1, 1} {
		if got := len(out[i].Report.Claims); got != want {
			t.Errorf("report %d has %d claims, want %d: %+v", i, got, want, out[i].Report.Claims)
		}
	}
	if len(in[0].Report.Claims) != 0 || out[1].Report.Claims[0].Act != truce.ActDamage {
		t.Error("a report that was given was changed")
	}
	c := out[0].Report.Claims[0]
	if c.Act != truce.ActIndirectFire || c.Accused != "B" || c.Place == nil || c.When == nil || c.When.To.Sub(c.When.From) != 12*time.Hour {
		t.Errorf("read %+v", c)
	}
	if c := out[4].Report.Claims[0]; c.When != nil {
		t.Errorf("a party's message is of its own time, got %+v", c.When)
	}
	if c := out[5].Report.Claims[0]; c.When == nil || c.When.To.Sub(c.When.From) != untold {
		t.Errorf("a text that names no time is of the day before, got %+v", c.When)
	}
}

// TestGazetteerIsReadWithTheAgreement: a place of the agreement goes before the same place of
// the table, and a namesake far away stays.
func TestGazetteerIsReadWithTheAgreement(t *testing.T) {
	name := filepath.Join(t.TempDir(), "places.csv")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(gazetteerColumns + "\nKelvost,Келвост|Kelwost,North,-47.671,-21.281,900,town\nKelvost,,,10,10,,\nLowmere,,,-47.5,-21.5,,\n")
	listed, err := readGazetteer(name)
	if err != nil || len(listed) != 3 || len(listed[0].Names) != 2 || listed[0].RadiusM != 900 {
		t.Fatalf("read %+v, %v", listed, err)
	}
	agreed := []agreement.Place{{PlaceName: truce.PlaceName{Key: "Kelvost"}, At: geo.Point{Lat: -47.67, Lon: -21.28}, Radius: 1850}}
	all := withAgreed(listed, agreed)
	if len(all) != 3 || all[0].At.Lat != 10 || all[2].RadiusM != 1850 {
		t.Errorf("together %+v", all)
	}
	for _, bad := range []string{"name,lat\n", gazetteerColumns + "\nX,,,91,0,,\n", gazetteerColumns + "\nX,,,1,0,many,\n", gazetteerColumns + "\nX,1,2\n", gazetteerColumns + "\n,,,1,1,,\n"} {
		write(bad)
		if _, err := readGazetteer(name); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := readGazetteer(name + ".gone"); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("no file: %v", err)
	}
}

// TestTheEnemyOfTwoStatesIsTheOther unless the settings say otherwise.
func TestTheEnemyOfTwoStatesIsTheOther(t *testing.T) {
	c := ReportingConfig{Parties: map[string]truce.PartyID{"state:UA": "A", "state:RU": "B", "group:x": "B"}}
	got := c.enemies()
	if len(got) != 4 || got["state:UA"] != "state:RU" || got["lang:uk"] != "state:RU" || got["lang:ru"] != "state:UA" {
		t.Errorf("enemies %v", got)
	}
	c.Parties["state:UA"] = "B"
	if got := c.enemies(); got != nil {
		t.Errorf("states of one party are enemies: %v", got)
	}
	for _, bad := range []ReportingConfig{{Parties: map[string]truce.PartyID{"UA": "A"}}, {Parties: map[string]truce.PartyID{"state:UA": ""}}, {Enemies: map[string]string{"lang:uk": "RU"}}} {
		if bad.validate() == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
