package agreement

import (
	"math"
	"slices"
	"sync"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func insideOf(list []Inside, id string) *Inside {
	i := slices.IndexFunc(list, func(in Inside) bool { return in.ID == id })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// Where an incident lies is what the rules about those places say of it.
func TestAtSaysWhatTheRulesSay(t *testing.T) {
	in := func(zone truce.ZoneID) Rule {
		return Rule{ID: truce.RuleID(zone), Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Zones: []truce.ZoneID{zone}}}
	}
	site := in("S-POWER")
	site.Where = Where{Sites: []string{"S-POWER"}}
	g := ruled(t, nil, in("Z-BUFFER"), in("Z-BOX"), site)
	valid := at("2026-04-11T10:00:00Z")
	power := g.a.Features(g.sites[0].Source)[0].Geom.Points[0]
	for _, pos := range []*geo.Position{
		spot(3000, 200), spot(-4900, 500), spot(5100, 300), spot(0, 50), spot(20_000, 3000), spot(-1000, 0),
		{Point: power, Error: geo.Isotropic(300)}, {Point: geo.NewFrame(power).From(450, 0), Error: geo.Isotropic(80)},
	} {
		w := g.At(*pos, valid, 0)
		for _, f := range g.Evaluate(seen(fire, truce.Detail{}, move(pos), when("2026-04-11T10:00:00Z"))).Findings {
			list := w.Zones
			if f.Rule == "S-POWER" {
				list = w.Sites
			}
			got := truce.Probability(0)
			if found := insideOf(list, string(f.Rule)); found != nil {
				got = found.P
			}
			if got != f.P {
				t.Errorf("%v: %s with p %v, the rule says %v", pos, f.Rule, got, f.P)
			}
		}
		sides, version := g.SidesAt(*pos, valid, 0)
		if !slices.Equal(sides, w.Control) || version != w.Version || w.ControlBy != "L1" {
			t.Errorf("%v: control %v by %s %s, want %v %s", pos, w.Control, w.ControlBy, w.Version, sides, version)
		}
	}
}

func TestAtMeasuresTheWayToALine(t *testing.T) {
	g := ruled(t, nil, fireRule())
	valid := at("2026-04-11T10:00:00Z")
	long := spot(3000, 0)
	long.Error = geo.FromEllipse(geo.Ellipse{Major: 400, Minor: 30, Strike: 0}) // along the line
	wide := spot(-3000, 0)
	wide.Error = geo.FromEllipse(geo.Ellipse{Major: 400, Minor: 30, Strike: 90})
	for _, row := range []struct {
		name        string
		pos         *geo.Position
		side        string
		party       truce.PartyID
		metres      float64
		sigma       float64 // with the 100 m of the line
		left, right truce.Probability
	}{
		{"an exact point", spot(3000, 0), "right", "B", 3000, 100, 0, 1},
		{"known to 200 m", spot(-3000, 200), "left", "A", 3000, math.Hypot(200, 100), 1, 0},
		{"an ellipse along the line", long, "right", "B", 3000, math.Hypot(30, 100), 0, 1},
		{"an ellipse towards the line", wide, "left", "A", 3000, math.Hypot(400, 100), 1, 0},
		{"on the line", spot(0, 50), "on", "", 0, math.Hypot(50, 100), .5, .5},
		{"one sigma beside it", spot(100, 0), "right", "B", 100, 100, .1587, .8413},
	} {
		w := g.At(*row.pos, valid, 0)
		if len(w.Lines) != 1 || w.Unknown != nil {
			t.Fatalf("%s: lines %v, unknown %v", row.name, w.Lines, w.Unknown)
		}
		b := w.Lines[0]
		if b.ID != "L1" || b.Side != row.side || b.Party != row.party || math.Abs(b.DistanceM-row.metres) > .6 || math.Abs(b.SigmaM-row.sigma) > .6 || b.AccuracyM != 100 {
			t.Errorf("%s: %+v", row.name, b)
		}
		if b.Left.Party != "A" || b.Right.Party != "B" || math.Abs(float64(b.Left.P-row.left)) > .003 || math.Abs(float64(b.Right.P-row.right)) > .003 {
			t.Errorf("%s: left %v, right %v", row.name, b.Left, b.Right)
		}
	}
	if before := g.At(*spot(0, 50), at("1999-01-01T00:00:00Z"), 0); len(before.Lines) != 0 || !slices.Equal(before.Unknown, []truce.LineID{"L1"}) || insideOf(before.Zones, "Z-BUFFER") != nil {
		t.Errorf("before the line's first version: %+v", before)
	}
}

func TestAtIsExactForPoints(t *testing.T) {
	g := ruled(t, crowded(200, 24), fireRule())
	valid := at("2026-04-11T10:00:00Z")
	for _, zone := range g.drawnZones {
		if zone.name == "Z-BOX" {
			continue
		}
		ring := zone.Polygons()[0][0]
		corner, opposite := ring[3], ring[15]
		in := insideOf(g.At(geo.Position{Point: corner}, valid, 0).Zones, zone.name)
		switch {
		case zone.accuracy > 0: // only as exact as the zone is
			if in == nil || in.P < .05 || in.P > .95 || !in.PointInside {
				t.Errorf("%s ± %v m at its corner: %+v", zone.name, zone.accuracy, in)
			}
			continue
		case in == nil || in.P != 1 || !in.PointInside || in.EdgeM != 0:
			t.Errorf("%s at its corner: %+v", zone.name, in)
		}
		outward := geo.Point{Lat: corner.Lat + 1e-7*(corner.Lat-opposite.Lat), Lon: corner.Lon + 1e-7*(corner.Lon-opposite.Lon)}
		if in := insideOf(g.At(geo.Position{Point: outward}, valid, 0).Zones, zone.name); in != nil {
			t.Errorf("%s some millimetres beyond its corner: %+v", zone.name, in)
		}
	}
}

func TestAtNowhere(t *testing.T) {
	g := ruled(t, nil, fireRule())
	for _, pos := range []geo.Position{
		{Point: geo.Point{Lat: 95}}, {Point: geo.Point{Lat: geo.Degrees(math.NaN())}}, {Point: spot(0, 0).Point, Error: geo.Covariance{EE: -1}},
	} {
		if w := g.At(pos, at("2026-04-11T10:00:00Z"), 0); w.Zones != nil || w.Lines != nil || w.Control != nil {
			t.Errorf("%v: %+v", pos, w)
		}
	}
	far := g.At(geo.Position{Point: geo.Point{Lat: 48, Lon: 30}, Error: geo.Isotropic(100)}, at("2026-04-11T10:00:00Z"), 0)
	if len(far.Zones)+len(far.Sites)+len(far.Areas) > 0 || len(far.Lines) != 1 || far.Lines[0].DistanceM < 5e6 {
		t.Errorf("on the other half of the world: %+v", far)
	}
}

// TestHolderSwaps asks while versions change: each answer is that of one version, whole.
// Run it with -race.
func TestHolderSwaps(t *testing.T) {
	var h Holder
	if h.Current() != nil {
		t.Fatal("a holder holds an agreement before the first")
	}
	narrow := Rule{ID: "F", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Within: []Within{{"L1", 1000}}}}
	versions := map[string]*Geometry{"narrow": ruled(t, crowded(40, 12), narrow), "wide": ruled(t, crowded(80, 12), fireRule())}
	in := seen(fire, truce.Detail{}, move(spot(3000, 50)))
	h.Swap("narrow", versions["narrow"])
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 400 {
				held := h.Current()
				verdict, areas := outside, 10
				if held.Version == "wide" {
					verdict, areas = hit, 20
				}
				if got := held.Evaluate(in).Findings[0].Verdict; got != verdict {
					t.Errorf("version %s: %s, want %s", held.Version, got, verdict)
					return
				}
				w := held.At(*in.Incident.Position, at("2026-04-11T10:00:00Z"), 0)
				if len(held.Agreement().Areas)-2 != areas || insideOf(w.Zones, "Z-BUFFER") == nil {
					t.Errorf("version %s: %d areas, zones %v", held.Version, len(held.Agreement().Areas), w.Zones)
					return
				}
			}
		})
	}
	for i := range 300 {
		version := []string{"wide", "narrow"}[i%2]
		h.Swap(version, versions[version])
	}
	wait.Wait()
}

func TestCompiledVersionTellsMapsApart(t *testing.T) {
	a := mustParse(t, plainFiles(t))
	mapOf := func(id byte, received truce.ReceivedTime) truce.Observation {
		return truce.Observation{ID: truce.ID{id}, Kind: truce.KindControlMap, Received: received, ControlMap: &truce.ControlMap{Map: "m"}}
	}
	one, two, later := mapOf(1, 5), mapOf(2, 5), mapOf(2, 6)
	if a.CompiledVersion(nil) != a.Version || a.CompiledVersion([]truce.Observation{{Kind: truce.KindReport}}) != a.Version {
		t.Error("without maps the version is not that of the terms")
	}
	if a.CompiledVersion([]truce.Observation{one, two}) != a.CompiledVersion([]truce.Observation{two, one}) {
		t.Error("the order of the maps makes another version")
	}
	names := []string{a.CompiledVersion(nil)}
	for _, maps := range [][]truce.Observation{{one}, {two}, {later}, {one, two}, {one, later}} {
		names = append(names, a.CompiledVersion(maps))
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != 6 {
		t.Errorf("other maps, the same version: %v", names)
	}
}

// BenchmarkWhereabouts asks in which of 1,000 zones, sites and areas a place lies, on which
// side of the line and how far from it: exact places, and errors of 10 m to 1 km.
func BenchmarkWhereabouts(b *testing.B) {
	g := ruled(b, crowded(1000, 32), fireRule())
	valid := at("2026-04-11T10:00:00Z")
	positions := everywhere(1<<12, 1000)
	points := slices.Clone(positions)
	for i := range points {
		points[i] = geo.Position{Point: positions[i].Point}
	}
	for _, row := range []struct {
		name string
		of   []geo.Position
	}{{"points", points}, {"ellipses", positions}} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				g.At(row.of[i&(1<<12-1)], valid, 0)
			}
		})
	}
}
