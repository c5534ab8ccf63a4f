package agreement

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func illustrative(t testing.TB) *Geometry {
	t.Helper()
	files, err := ReadDir(os.DirFS("../../examples/agreements/illustrative"))
	if err != nil {
		t.Fatal(err)
	}
	g, err := mustParse(t, files).Geometry(nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestIllustrativeAgreementIsClean(t *testing.T) {
	a := illustrative(t).Agreement()
	if len(a.Warnings) > 0 {
		t.Errorf("warnings: %v", a.Warnings)
	}
	if !strings.Contains(a.Notice.In("en"), "Not a real agreement") || a.Notice.In("uk") == "" {
		t.Errorf("the notice is %v: it must say in both languages that the text is no real one", a.Notice)
	}
	for _, names := range []truce.Names{a.Title, a.Mission, a.BoundaryNote, a.Lines[0].Name, a.Sites[0].Name, a.Areas[0].Name, a.Zones[1].Name, a.Rules[0].Title} {
		if names.In("en") == "" || names["uk"] == "" {
			t.Errorf("%v: a name without one of the languages", names)
		}
	}
	if len(a.Places) < 20 {
		t.Errorf("%d agreed place names, want the towns of the island", len(a.Places))
	}
	for _, r := range a.Rules {
		counts := r.Kind != KindPermit && r.Kind != KindClaim
		if !r.Evaluated || counts && r.CoverageMin == 0 {
			t.Errorf("%s: evaluated %v, coverage_min %g", r.ID, r.Evaluated, r.CoverageMin)
		}
	}
}

func TestIllustrativeVerdicts(t *testing.T) {
	g := illustrative(t)
	place := func(lat, lon, sigma float64) *geo.Position {
		return &geo.Position{Point: geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)}, Error: geo.Isotropic(geo.Metres(sigma))}
	}
	nearLine := place(-47.91, -21.62, 150)
	field := place(-47.72013, -21.88656, 120)
	station := place(-47.98994, -21.19137, 150)
	heat := []truce.Family{truce.FamilyThermal}
	rows := []struct {
		name     string
		act      truce.Act
		pos      *geo.Position
		time     string
		families []truce.Family
		rule     truce.RuleID
		want     truce.Verdict
		side     truce.PartyID
	}{
		{"fire near the line", fire, nearLine, "2026-04-11T16:20:00Z", nil, "R01", hit, "B"},
		{"drone in the buffer", "recon_uav", place(-47.91, -21.66, 150), "2026-04-11T16:20:00Z", nil, "R02", hit, "B"},
		{"strike on the power station", truce.ActMissileStrike, station, "2026-04-11T16:20:00Z", nil, "R03", hit, "B"},
		{"heat on the power station", truce.ActHeat, station, "2026-04-11T16:20:00Z", heat, "R03", indeterminate, "B"},
		{"trench in the buffer", truce.ActNewTrench, place(-47.91, -21.66, 50), "2026-04-11T16:20:00Z", nil, "R04", hit, "B"},
		{"patrol held up", "delay_access", place(-47.8, -22.2, 500), "2026-04-11T16:20:00Z", nil, "R05", hit, "A"},
		{"ship attacked in the lane", "attack_merchant", place(-47.4, -21.25, 500), "2026-04-11T16:20:00Z", nil, "R06", hit, ""},
		{"demining in its window", explosion, field, "2031-03-11T11:20:00Z", nil, "R01", exempt, "A"},
		{"demining overrun", explosion, field, "2031-03-12T14:50:00Z", nil, "R01", indeterminate, "A"},
		{"before it came into force", fire, nearLine, "2026-03-31T16:20:00Z", nil, "R01", outside, ""},
		{"far from the line", fire, place(-47.9, -20.5, 300), "2026-04-11T16:20:00Z", nil, "R01", outside, ""},
		{"between reach and distance", fire, place(-47.9, -21.1, 300), "2026-04-11T16:20:00Z", nil, "R01", indeterminate, "B"},
	}
	for _, row := range rows {
		in := happening(row.act, 0.97)
		in.P, in.Position, in.Time = 0.97, row.pos, truce.Moment(at(row.time), time.Minute)
		if row.families != nil {
			in.Families = row.families
		}
		f := findingOf(t, g.Evaluate(Input{Incident: in}), row.rule)
		i := slices.IndexFunc(f.EffectSide, func(s truce.SideShare) bool { return s.P > 0.9 })
		side := truce.PartyID("")
		if i >= 0 {
			side = f.EffectSide[i].Party
		}
		if f.Verdict != row.want || side != row.side {
			t.Errorf("%s: %s on side %q, want %s on %q\n%s", row.name, f.Verdict, side, row.want, row.side, strings.Join(f.Trace, "\n"))
		}
	}
	theirs := happening(explosion, 0.97)
	theirs.Position, theirs.Time, theirs.Detail = field, truce.Moment(at("2031-03-11T11:20:00Z"), time.Minute), &truce.Detail{OriginSide: []truce.SideShare{{Party: "B", P: 1}}}
	for _, rule := range []truce.RuleID{"R01", "R08"} {
		if f := findingOf(t, g.Evaluate(Input{Incident: theirs}), rule); f.Verdict == exempt {
			t.Errorf("%s: an explosion from the side of B is exempt by the window of A\n%s", rule, strings.Join(f.Trace, "\n"))
		}
	}
	if area := g.AreaOf(*nearLine); area != "centre" {
		t.Errorf("the place near the line lies in %s, want centre", area)
	}
}

// The sample in the method page is read, so that it cannot rot.
func TestMethodPageSampleIsRead(t *testing.T) {
	page, err := os.ReadFile("../../docs/methods/agreement.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(page), "```yaml\n")
	sample, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatal("no yaml block in docs/methods/agreement.md")
	}
	square := `{"type":"Feature","id":"X","properties":{},"geometry":{"type":"Polygon","coordinates":[[[30,45],[40,45],[40,52],[30,52],[30,45]]]}}`
	a := mustParse(t, []truce.AgreementFile{
		{Name: MainFile, Data: []byte(sample)},
		{Name: "lines/border.geojson", Data: []byte(square)}, {Name: "areas/country.geojson", Data: []byte(square)},
		{Name: "clauses/en/1.1.md", Data: []byte("x")}, {Name: "clauses/uk/1.1.md", Data: []byte("x")},
	})
	if a.ControlBy != "MAP" || len(a.Rules) != 1 {
		t.Errorf("control by %q with %d rules, want MAP and 1", a.ControlBy, len(a.Rules))
	}
}
