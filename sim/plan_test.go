package sim

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

func TestRecipesAreSound(t *testing.T) {
	seen := map[truce.Act]bool{}
	for _, rc := range recipes {
		if !rc.act.Known() || seen[rc.act] {
			t.Errorf("recipe for %q: unknown or twice", rc.act)
		}
		seen[rc.act] = true
		if rc.hours[0] >= rc.hours[1] || rc.metres[0] >= rc.metres[1] || rc.rounds[0] > rc.rounds[1] || rc.minutes[0] > rc.minutes[1] {
			t.Errorf("recipe for %s has a span from high to low", rc.act)
		}
		latest := rc.hours[1] + float64(max(1, rc.duel)-1)*40.0/60
		if latest > 24 {
			t.Errorf("%s may begin at %.1f h, on the next day", rc.act, latest)
		}
		if rc.perDay[quietDay] > rc.perDay[breachDay] {
			t.Errorf("%s: more on the quiet day than on the day of breaches", rc.act)
		}
	}
}

func TestActsLieAsFarFromTheLineAsTheirRecipeSays(t *testing.T) {
	w := newWorld(t, Config{Seed: 12, Scale: 4})
	byAct := map[truce.Act]recipe{}
	for _, rc := range recipes {
		byAct[rc.act] = rc
	}
	outside, n := 0, 0
	for _, h := range w.Truth().Happenings {
		rc, ok := byAct[h.Act]
		if !ok || h.Site != "" || rc.onRoad {
			continue
		}
		n++
		// The line bends, so a place set off at right angles may lie nearer, never farther.
		if d := float64(h.FromLineM); d > rc.metres[1]*1.02 || d < rc.metres[0]*0.6 {
			outside++
			t.Logf("%s %s lies %.0f m from the line, the recipe says %v", h.ID, h.Act, d, rc.metres)
		}
	}
	if n < 100 || float64(outside) > 0.01*float64(n) {
		t.Errorf("%d of %d acts lie outside their recipe's band", outside, n)
	}
}

func TestFireIsNotCrowdedAtScaleOne(t *testing.T) {
	all := newWorld(t, Config{}).Truth().Happenings
	for i, a := range all {
		for _, b := range all[:i] {
			apart := a.From.Sub(b.From)
			if a.Unit == truce.UnitEngagement && b.Unit == truce.UnitEngagement && max(apart, -apart) < 10*time.Minute && plane(a.Point).distance(plane(b.Point)) < 1000 {
				t.Errorf("%s and %s are one engagement by the counting rule (10 minutes, 1 km)", a.ID, b.ID)
			}
		}
	}
}

func TestEveryAreaHasItsShare(t *testing.T) {
	perArea := map[truce.AreaID]int{}
	for _, h := range newWorld(t, Config{}).Truth().Happenings {
		perArea[h.Area]++
	}
	for _, area := range []truce.AreaID{"north", "centre", "south"} {
		if perArea[area] < 8 {
			t.Errorf("%s has %d happenings, want at least 8: %v", area, perArea[area], perArea)
		}
	}
}

func TestStrikesHitTheirSites(t *testing.T) {
	w := newWorld(t, Config{})
	sites := map[string]truce.PartyID{}
	for _, h := range w.Truth().Happenings {
		if h.Site == "" {
			continue
		}
		s, ok := w.Island().Site(h.Site)
		if !ok || s.Point != h.Point || len(h.Also) == 0 || h.Also[0] != truce.ActAttackEnergy {
			t.Errorf("%s: %+v", h.ID, h)
		}
		sites[h.Site] = h.Side
	}
	if sites[SitePower] != PartyB || sites[SiteSubstation] != PartyA {
		t.Errorf("energy sites hit: %v; want one on each side", sites)
	}
}

func TestDescribeNamesTheNearestTown(t *testing.T) {
	w := newWorld(t, Config{})
	rapid.Check(t, func(t *rapid.T) {
		at := km(rapid.Float64Range(-90, 90).Draw(t, "east"), rapid.Float64Range(-55, 55).Draw(t, "north"))
		town, away := w.island.Nearest(at.point())
		text := w.describe(at)
		if !strings.HasSuffix(text, town.Name) {
			t.Fatalf("%v is described as %q, nearest is %s", at, text, town.Name)
		}
		if inTown := away <= town.Radius; inTown != (text == town.Name) {
			t.Fatalf("%.0f m from %s of radius %.0f: %q", float64(away), town.Name, float64(town.Radius), text)
		}
	})
	kelvost, _ := w.island.Town("Kelvost")
	for wind, off := range map[string]vec{"N": {0, 1}, "NE": {1, 1}, "E": {1, 0}, "S": {0, -1}, "W": {-1, 0}, "NW": {-1, 1}} {
		at := plane(kelvost.Point).add(off.scale(6000 / off.length()))
		if got := w.describe(at); got != "6.0 km "+wind+" of Kelvost" {
			t.Errorf("6 km %s of Kelvost is described as %q", wind, got)
		}
	}
}

func TestOriginLiesBehindTheLine(t *testing.T) {
	w := newWorld(t, Config{Seed: 21})
	with := 0
	for _, h := range w.Truth().Happenings {
		if h.Act == truce.ActControlledExplos && h.Origin != nil {
			t.Errorf("%s is permitted and yet has an origin", h.ID)
		}
		if h.Origin == nil {
			continue
		}
		with++
		if d := float64(w.island.FromLine(*h.Origin)); d < 50 || math.IsNaN(d) {
			t.Errorf("%s came from %v, %.0f m from the line", h.ID, *h.Origin, d)
		}
	}
	if with < 30 {
		t.Errorf("only %d happenings have an origin", with)
	}
}
