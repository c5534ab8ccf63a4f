package sim

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/sourcetest"
)

// readTables decodes every table of reports with the real source; the map is by file and
// line.
func readTables(t testing.TB, w *World) map[RowRef]truce.Observation {
	t.Helper()
	out := map[RowRef]truce.Observation{}
	for _, f := range w.Files() {
		if f.Format != FormatCSV {
			continue
		}
		sink := &sourcetest.Sink{}
		if err := decoders[FormatCSV](f, sink); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		for _, o := range sink.Observations {
			out[RowRef{File: f.Name, Line: o.Origin.Line}] = o
		}
	}
	return out
}

// Every row that the truth gives a happening says, when it is decoded, what its family
// could know of that happening: an act of its manner, at that time, at that place within
// its own stated error, and by a sensor that worked.
func TestRowsSayWhatTheirFamilyCouldKnow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, Config{Seed: rapid.Uint64().Draw(rt, "seed"), Days: rapid.IntRange(1, 4).Draw(rt, "days"), History: -1, Scale: rapid.Float64Range(0.2, 3).Draw(rt, "scale")})
		rows := readTables(t, w)
		for _, h := range w.Truth().Happenings {
			for _, ref := range h.Rows {
				if !strings.HasPrefix(ref.File, "reports/") {
					continue
				}
				o, read := rows[RowRef{File: ref.File, Line: ref.Line}]
				if !read {
					rt.Fatalf("%s: line %d of %s was not read", h.ID, ref.Line, ref.File)
				}
				checkRow(rt, w, h, ref, o)
			}
		}
	})
}

func checkRow(rt *rapid.T, w *World, h Happening, ref RowRef, o truce.Observation) {
	if o.Source != "csv-"+truce.SourceID(ref.Family) || len(o.Report.Claims) != 1 {
		rt.Fatalf("%s: %s holds a row of %s with %d claims", h.ID, ref.File, o.Source, len(o.Report.Claims))
	}
	claim := o.Report.Claims[0]
	i := slices.IndexFunc(manners, func(m manner) bool { return m.family == ref.Family && m.act == h.Act })
	if i < 0 || !slices.Contains(manners[i].says, claim.Act) || claim.Unit != manners[i].unit {
		rt.Fatalf("%s: %s says %s in %s of %s", h.ID, ref.Family, claim.Act, claim.Unit, h.Act)
	}
	if p := o.Phenomenon; p.To < h.From || p.From > h.To || p.To.Sub(p.From) > 24*time.Hour+h.To.Sub(h.From) {
		rt.Fatalf("%s: happened %s to %s, told %s to %s", h.ID, h.From, h.To, p.From, p.To)
	}
	if (ref.Family == truce.FamilyParty) != (claim.Accused != "") || claim.Accused == h.Side {
		rt.Fatalf("%s: %s accuses %q of what had its effect with %s", h.ID, ref.Family, claim.Accused, h.Side)
	}
	away := plane(o.Place.Point).distance(plane(h.Point))
	if sigma := math.Sqrt(o.Place.Error.EE); ref.Family != truce.FamilyCivilian && away > 6*sigma+2 {
		rt.Fatalf("%s: %s is %.0f m away with a stated error of %.0f m", h.ID, ref.Family, away, sigma)
	}
	silent := slices.ContainsFunc(w.Truth().Outages, func(x Outage) bool { return x.Sensor == o.Sensor && h.From >= x.From && h.From < x.To })
	if silent {
		rt.Fatalf("%s: told by %s, which was out", h.ID, o.Sensor)
	}
}

// The families of a happening are those whose rows are read, each once.
func TestFamiliesAreThoseOfTheRowsRead(t *testing.T) {
	w := newWorld(t, Config{Seed: 9, Scale: 2})
	rows := readTables(t, w)
	for _, h := range w.Truth().Happenings {
		told := map[truce.Family]bool{}
		for _, ref := range h.Rows {
			if o, table := rows[RowRef{File: ref.File, Line: ref.Line}]; table {
				told[truce.Family(strings.TrimPrefix(string(o.Source), "csv-"))] = true
			} else {
				told[ref.Family] = true
			}
		}
		if len(told) != len(h.Families) || slices.ContainsFunc(h.Families, func(f truce.Family) bool { return !told[f] }) {
			t.Errorf("%s: families %v, rows are read of %v", h.ID, h.Families, told)
		}
	}
}

// What looks like an act and is none comes back as what it would be taken for.
func TestNuisancesReadBack(t *testing.T) {
	w := newWorld(t, Config{Seed: 12, Scale: 2})
	rows := readTables(t, w)
	want := map[NuisanceKind]struct {
		source truce.SourceID
		act    truce.Act
	}{
		NuisanceQuarry: {"csv-acoustic", truce.ActExplosion}, NuisanceThunder: {"csv-acoustic", truce.ActExplosion},
		NuisanceFalse: {"csv-civilian", truce.ActIndirectFire}, NuisanceTotal: {"csv-party", ""},
	}
	seen := map[NuisanceKind]int{}
	for _, n := range w.Truth().Nuisances {
		as, table := want[n.Kind]
		for _, ref := range n.Rows {
			o, read := rows[RowRef{File: ref.File, Line: ref.Line}]
			if !table || !strings.HasPrefix(ref.File, "reports/") {
				continue
			}
			if !read || o.Source != as.source || len(o.Report.Claims) != 1 || o.Report.Claims[0].Act != as.act || o.Phenomenon.From > n.To {
				t.Errorf("%s (%s) reads %s %+v", n.ID, n.Kind, o.Source, o.Report)
			}
			seen[n.Kind]++
		}
	}
	for kind := range want {
		if seen[kind] == 0 {
			t.Errorf("no row of %s was read", kind)
		}
	}
}

// The row of a table that is written twice is one observation, and nothing else is.
func TestOnlyTheDuplicateIsReadTwice(t *testing.T) {
	for _, cfg := range []Config{{}, {Seed: 3, Days: 6, Scale: 4}} {
		w := newWorld(t, cfg)
		times := map[truce.ID]int{}
		for _, o := range readTables(t, w) {
			times[o.ID]++
		}
		twice := 0
		for id, n := range times {
			if n > 2 {
				t.Errorf("%s was read %d times", id, n)
			}
			twice += n - 1
		}
		duplicates := 0
		for _, n := range w.Truth().Nuisances {
			if n.Kind == NuisanceDuplicate && len(n.Rows) > 0 && strings.HasPrefix(n.Rows[0].File, "reports/") {
				duplicates++
			}
		}
		if twice != duplicates || duplicates == 0 {
			t.Errorf("%d observations are read twice, the truth has %d duplicates", twice, duplicates)
		}
	}
}

// The sky that the cloud file tells is the sky of the truth, to the digits it is written in.
func TestCloudsReadBack(t *testing.T) {
	w := newWorld(t, Config{Seed: 8})
	for _, f := range w.Files() {
		if f.Format != FormatCloud {
			continue
		}
		sink := &sourcetest.Sink{}
		if err := decoders[FormatCloud](f, sink); err != nil {
			t.Fatal(err)
		}
		told := map[truce.Day]map[string]float64{}
		for _, o := range sink.Observations {
			day := o.Phenomenon.From.Day()
			if told[day] == nil {
				told[day] = map[string]float64{}
			}
			told[day][o.Weather.Area] = o.Weather.CloudCover
		}
		if len(told) != w.cfg.Days+w.cfg.History {
			t.Errorf("clouds of %d days", len(told))
		}
		for _, c := range w.Truth().Clouds {
			matched := false
			for area, cover := range told[c.Day] {
				matched = matched || strings.Contains(area, string(c.Area)) && math.Abs(cover-c.Cover) < 0.001
			}
			if !matched {
				t.Errorf("%s over %s: true cover %.4f, told %v", c.Day, c.Area, c.Cover, told[c.Day])
			}
		}
	}
}

// Outages are of sensors that exist, on days of breaches, and none is told before the
// exercise begins.
func TestOutagesAreOfTheNetwork(t *testing.T) {
	w := newWorld(t, Config{Seed: 14, Days: 9})
	names := map[truce.SensorID]truce.Family{}
	for _, s := range append(w.network(), w.radar()) {
		names[s.id] = s.family
	}
	days := map[int]int{}
	for _, o := range w.Truth().Outages {
		if names[o.Sensor] != o.Family || o.To <= o.From || o.Reason == "" {
			t.Errorf("%+v", o)
		}
		days[w.dayOf(o.From)]++
	}
	if len(days) != 3 || days[1] != days[4] || days[4] != days[7] {
		t.Errorf("outages by day %v, want as many on each day of breaches", days)
	}
	for _, h := range readHealth(t, w) {
		if h.Phenomenon.From < w.start {
			t.Errorf("%s says how it is at %s, before the exercise", h.Sensor, h.Phenomenon.From)
		}
	}
}

// The table of manners is sound: known acts and units, chances that are chances, and words
// that count what is counted.
func TestMannersAreSound(t *testing.T) {
	for _, m := range manners {
		known := m.family.Witness() && m.act.Known() && slices.Contains(truce.Units(), m.unit)
		for _, says := range m.says {
			known = known && says.Known()
		}
		if !known || !(m.chance > 0 && m.chance <= 1) || m.sigma[1] < m.sigma[0] || len(m.says) == 0 {
			t.Errorf("%+v", m)
		}
		if strings.Count(m.text, "%d") > 1 || m.text == "" {
			t.Errorf("%s of %s: %q", m.family, m.act, m.text)
		}
	}
}

// Each purpose has its own random numbers, the same for the same seed.
func TestStreamsAreTheirOwn(t *testing.T) {
	draw := func(seed uint64, purpose string) [4]uint64 {
		r := stream(seed, purpose)
		return [4]uint64{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()}
	}
	first, again := draw(1, "a"), draw(1, "a")
	if first != again || first == draw(1, "b") || first == draw(2, "a") {
		t.Error("streams do not follow seed and purpose")
	}
}

// A spline goes through its knots and stays near them.
func TestSplineGoesThroughItsKnots(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var knots []vec
		for range rapid.IntRange(2, 6).Draw(rt, "knots") {
			knots = append(knots, vec{rapid.Float64Range(-1e5, 1e5).Draw(rt, "e"), rapid.Float64Range(-1e5, 1e5).Draw(rt, "n")})
		}
		steps := rapid.IntRange(1, 8).Draw(rt, "steps")
		path := spline(knots, steps)
		if len(path) != (len(knots)-1)*steps+1 {
			rt.Fatalf("%d points of %d knots in %d steps", len(path), len(knots), steps)
		}
		for i, k := range knots {
			if path[i*steps].distance(k) > 1e-6 {
				rt.Fatalf("knot %d is %.3g m off", i, path[i*steps].distance(k))
			}
		}
	})
}
