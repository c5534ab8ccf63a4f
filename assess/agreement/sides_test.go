package agreement

import (
	"slices"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// TestSidesAskNoRule: a place has the side that the finding of a rule that looks at it
// names, with the version valid then, and the side of a place of an act that no rule
// speaks of.
func TestSidesAskNoRule(t *testing.T) {
	g := squareGeometry(t,
		mapOf("v1", "10.5", "2026-04-10T00:00:00Z", "2026-04-10T06:00:00Z"),
		mapOf("v2", "10.3", "2026-04-11T00:00:00Z", "2026-04-11T06:00:00Z"))
	pos := geo.Position{Point: geo.Point{Lat: 50.5, Lon: 10.4}, Error: geo.Isotropic(300)}
	for when, want := range map[string]struct {
		party   truce.PartyID
		version string
	}{
		"2026-04-09T12:00:00Z": {"", ""}, "2026-04-10T12:00:00Z": {"A", "v1"}, "2026-04-11T12:00:00Z": {"B", "v2"},
	} {
		shares, version := g.SidesAt(pos, at(when), 0)
		name, drawn := g.ControlDrawing(at(when), 0)
		best, sum := truce.PartyID(""), 0.0
		for _, s := range shares {
			sum += float64(s.P)
			if s.P > 0.9 {
				best = s.Party
			}
		}
		if best != want.party || version != want.version || drawn != version || (name == "square") != (version != "") || sum > 1+1e-9 {
			t.Errorf("%s: %v by %q %q, drawn by %q, want %v", when, shares, name, version, drawn, want)
		}
		if !slices.Equal(shares, g.SideAt(pos, at(when), 0)) {
			t.Errorf("%s: SideAt says %v", when, g.SideAt(pos, at(when), 0))
		}
	}
	if shares, version := g.SidesAt(pos, at("2026-04-11T12:00:00Z"), at("2026-04-11T03:00:00Z")); version != "v1" || shares == nil {
		t.Errorf("before the second map is known: %v by %q", shares, version)
	}
}

// TestLinesDuring: a period in which a map changes lists both versions, that of its middle
// first, and a period in which none does one.
func TestLinesDuring(t *testing.T) {
	g := squareGeometry(t,
		mapOf("v1", "10.5", "2026-04-10T00:00:00Z", "2026-04-10T06:00:00Z"),
		mapOf("v2", "10.3", "2026-04-11T00:00:00Z", "2026-04-11T06:00:00Z"))
	for _, row := range []struct {
		from, to string
		want     []string
	}{
		{"2026-04-08T00:00:00Z", "2026-04-09T00:00:00Z", nil},
		{"2026-04-10T00:00:00Z", "2026-04-11T00:00:00Z", []string{"v1"}},
		{"2026-04-10T04:00:00Z", "2026-04-11T04:00:00Z", []string{"v1", "v2"}},
		{"2026-04-10T20:00:00Z", "2026-04-11T20:00:00Z", []string{"v2", "v1"}},
		{"2026-04-11T20:00:00Z", "2026-04-12T20:00:00Z", []string{"v2"}},
	} {
		var got []string
		for _, l := range g.LinesDuring(truce.Period{From: at(row.from), To: at(row.to)}, 0) {
			got = append(got, l.Version)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s to %s: versions %v, want %v", row.from, row.to, got, row.want)
		}
	}
}
