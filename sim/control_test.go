package sim

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
)

func TestControlMapsShareEveryCornerWithLineOrCoast(t *testing.T) {
	w := newWorld(t, Config{})
	for day := -1; day < w.cfg.Days; day++ {
		line := w.ContactLine(day)
		for _, p := range heldBy(line, w.island.Coast) {
			if !slices.Contains(line, p) && !slices.Contains(w.island.Coast, p) {
				t.Fatalf("day %d: corner %v is neither of the line nor of the coast", day, p)
			}
		}
	}
}

func TestContactMovesOnTheDayOfBreachesAndBack(t *testing.T) {
	w := newWorld(t, Config{})
	area := func(day int) float64 { return areaOf(planes(heldBy(w.ContactLine(day), w.island.Coast))) / 1e6 }
	if area(-1) != area(0) || area(2) != area(0) {
		t.Errorf("B's land in km2: %v, %v, ., %v; want the same on quiet days", area(-1), area(0), area(2))
	}
	if gained := area(1) - area(0); gained < 1 || gained > 15 {
		t.Errorf("B's land grows by %.2f km2 on the day of breaches, want a few", gained)
	}
	moved := 0
	for i, p := range w.ContactLine(1) {
		off := geo.Distance(p, w.island.Line[i])
		if off > 0 {
			moved++
		}
		if float64(off) > bulgeDepthM+5 {
			t.Errorf("corner %d moved %.0f m", i, float64(off))
		}
	}
	if moved < 3 || moved > 40 {
		t.Errorf("%d corners moved, want a short stretch", moved)
	}
}

func TestControlFilesHaveTheShapeOfPublicMaps(t *testing.T) {
	for _, f := range newWorld(t, Config{}).Files() {
		if f.Format != FormatControl {
			continue
		}
		c, err := geo.ParseGeoJSON(f.Data)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if len(c.Features) != 1 || c.Features[0].Geom.Type() != "MultiPolygon" || len(c.Features[0].Geom.Polygons) != 2 || c.Features[0].Props != nil {
			t.Errorf("%s: want one MultiPolygon of two polygons without properties", f.Name)
		}
		if !bytes.Contains(f.Data, []byte("CRS84")) || !strings.Contains(f.Name, "_2031") {
			t.Errorf("%s: no CRS84 or no date in its name", f.Name)
		}
	}
}

func TestBulgeFallsOffAndKeepsEnds(t *testing.T) {
	line := []vec{{0, 0}, {0, 1000}, {0, 2000}, {0, 3000}, {0, 4000}}
	got := bulge(line, vec{0, 2000}, 500, 2000)
	if got[0] != line[0] || got[4] != line[4] {
		t.Error("an end moved")
	}
	if math.Abs(got[2].e+500) > 1e-9 || math.Abs(got[1].e+250) > 1e-9 {
		t.Errorf("moved to %v, want 500 m west in the middle and 250 m half way", got)
	}
}
