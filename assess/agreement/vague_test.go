package agreement

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// A position may be too vague to say that it is on a small site, or that it is not.
func TestAPositionTooVagueToTell(t *testing.T) {
	site := Rule{ID: "S", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Sites: []string{"S-POWER"}}}
	band := Rule{ID: "B", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Within: []Within{{"L1", 1000}}}}
	g := ruled(t, nil, site, band)
	middle := g.a.Features(g.sites[0].Source)[0].Geom.Points[0]
	at := func(north float64, sigma geo.Metres) func(*truce.Incident) {
		return move(&geo.Position{Point: geo.NewFrame(middle).From(0, geo.Metres(north)), Error: geo.Isotropic(sigma)})
	}
	pixel := func(in *truce.Incident) {
		in.Position = &geo.Position{Point: middle, Error: geo.Covariance{EE: 3e6, NN: 3e6}, Footprint: &geo.Footprint{Scan: 6000, Track: 6000}}
	}
	const vague = "the position is too vague to tell: known to "
	for _, row := range []struct {
		name   string
		rule   truce.RuleID
		change func(*truce.Incident)
		says   string // "": nothing of the kind
	}{
		{"around the site", "S", at(0, 2000), vague + "4.3 km with 90 %, it would reach p 0.05 only if known to 3.3 km"},
		{"so vague that nothing is left", "S", at(0, 90_000), vague + "193 km with 90 %, it would reach p 0.05 only if known to 3.3 km"},
		{"beside the site", "S", at(1000, 2000), vague + "4.3 km"},
		{"two radii beside it, and well known", "S", at(1500, 300), ""},
		{"far away", "S", at(90_000, 2000), ""},
		{"exact, beside it", "S", at(600, 0), ""},
		{"a pixel", "S", pixel, vague},
		{"in a narrow band", "B", move(spot(0, 30_000)), vague + "64.4 km with 90 %, it would reach p 0.05 only if known to"},
		{"clearly beside the band", "B", move(spot(3000, 1000)), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := findingOf(t, g.Evaluate(seen(fire, truce.Detail{}, row.change)), row.rule)
			trace := strings.Join(f.Trace, "\n")
			if f.Verdict != outside || f.Reason != truce.ReasonLocation || !strings.HasPrefix(f.Trace[len(f.Trace)-1], "outside the scope") {
				t.Errorf("%s (%s)\n%s", f.Verdict, f.Reason, trace)
			}
			if said := strings.Contains(trace, vague); said != (row.says != "") || !strings.Contains(trace, row.says) {
				t.Errorf("want %q in\n%s", row.says, trace)
			}
		})
	}
}

var knownTo = regexp.MustCompile(`only if known to ([\d.]+) km`)

// The radius that the sentence names is the one at which the verdict turns.
func TestTheRadiusAtWhichAVaguePositionTells(t *testing.T) {
	site := Rule{ID: "S", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Sites: []string{"S-POWER"}}}
	g := ruled(t, nil, site)
	middle := g.a.Features(g.sites[0].Source)[0].Geom.Points[0]
	half := func(in *truce.Incident) {
		in.Acts = []truce.ActWeight{{Act: fire, P: 0.5}, {Act: truce.ActDenyAccess, P: 0.5}}
	}
	for _, north := range []geo.Metres{0, 400, 700} {
		verdict := func(r90 float64) truce.Finding {
			pos := &geo.Position{Point: geo.NewFrame(middle).From(0, north), Error: geo.Isotropic(geo.SigmaOfR90(geo.Metres(r90)))}
			return findingOf(t, g.Evaluate(seen(fire, truce.Detail{}, move(pos), half)), "S")
		}
		m := knownTo.FindStringSubmatch(strings.Join(verdict(9000).Trace, "\n"))
		if m == nil {
			t.Fatalf("%v m beside it: no radius in %q", north, verdict(9000).Trace)
		}
		km, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		if f := verdict(970 * km); f.Verdict != indeterminate {
			t.Errorf("%v m beside it, known to %g km: %s", north, 0.97*km, f.Verdict)
		}
		if f := verdict(1070 * km); f.Verdict != outside {
			t.Errorf("%v m beside it, known to %g km: %s", north, 1.07*km, f.Verdict)
		}
	}
}
