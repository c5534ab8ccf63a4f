package agreement

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

const manyFile = "zones/many.geojson"

// crowded is the test agreement with many more zones, sites and areas: stars of so many
// corners, as large as a village or a district, strewn over two degrees.
func crowded(n, corners int) func(*Agreement) {
	return func(a *Agreement) {
		random := rand.New(rand.NewPCG(9, uint64(n)))
		layer := &geo.Collection{}
		for i := range n {
			id := fmt.Sprintf("M%d", i)
			centre := geo.Point{Lat: geo.Degrees(-49 + 2*random.Float64()), Lon: geo.Degrees(-22.6 + 2*random.Float64())}
			layer.Features = append(layer.Features, geo.Feature{ID: id, Geom: geo.Geometry{Polygons: []geo.Polygon{{star(random, centre, corners)}}}})
			ref := Ref{File: manyFile, Feature: id}
			switch i % 4 {
			case 0:
				a.Sites = append(a.Sites, Site{ID: id, Kind: "energy", Source: ref})
			case 1:
				a.Areas = append(a.Areas, Area{ID: truce.AreaID(id), Source: ref})
			default:
				a.Zones = append(a.Zones, Zone{ID: truce.ZoneID(id), Kind: "buffer", Source: ref, AccuracyM: float64(i % 3 * 150)})
			}
		}
		a.layers[manyFile] = layer
	}
}

func star(random *rand.Rand, centre geo.Point, corners int) geo.Ring {
	size := .008 * math.Pow(10, random.Float64())
	ring := make(geo.Ring, 0, corners+1)
	for k := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(corners))
		radius := size * (.6 + .4*random.Float64())
		ring = append(ring, geo.Point{Lat: centre.Lat + geo.Degrees(radius*sin), Lon: centre.Lon + geo.Degrees(1.5*radius*cos)})
	}
	return append(ring, ring[0])
}

// everywhere are positions over the stars: exact ones, ellipses and pixels, with errors
// from 10 m to the largest, evenly in their logarithm.
func everywhere(n int, largest float64) []geo.Position {
	random := rand.New(rand.NewPCG(12, 12))
	out := make([]geo.Position, n)
	for i := range out {
		p := &out[i]
		p.Point = geo.Point{Lat: geo.Degrees(-49 + 2*random.Float64()), Lon: geo.Degrees(-22.6 + 2*random.Float64())}
		major := geo.Metres(10 * math.Pow(largest/10, random.Float64()))
		switch i % 5 {
		case 0:
		case 1:
			p.Footprint = &geo.Footprint{Scan: major, Track: major / 2, Azimuth: geo.Degrees(90 * random.Float64())}
			p.Error = geo.Isotropic(major / 3)
		default:
			p.Error = geo.FromEllipse(geo.Ellipse{Major: major, Minor: major * geo.Metres(.2+.8*random.Float64()), Strike: geo.Degrees(180 * random.Float64())})
		}
	}
	return out
}

func looking(g *Geometry, pos *geo.Position) *look {
	l := &look{g: g}
	l.begin(&Input{Incident: truce.Incident{ID: truce.ID{1}, P: 1, Position: pos, Time: truce.Moment(at("2026-04-11T10:00:00Z"), 0)}})
	return l
}

// TestTheIndexSaysWhatTheAreasSay holds every probability that comes by way of the index
// against that of the area asked by itself.
func TestTheIndexSaysWhatTheAreasSay(t *testing.T) {
	g := ruled(t, crowded(400, 24), fireRule())
	inside, partly := 0, 0
	for _, pos := range everywhere(1500, 10_000) {
		l := looking(g, &pos)
		check := func(name string, a *boxed, accuracy geo.Metres) {
			want := quantise(a.Probability(pos, accuracy))
			if got := l.areaChance(a, accuracy); got != want {
				t.Fatalf("%s at %v: %v by the index, %v by itself", name, pos, got, want)
			}
			switch {
			case want == 1:
				inside++
			case want > 0:
				partly++
			}
		}
		for id, zone := range g.zones {
			if drawn, some := zone.(*drawnRegion); some {
				check(string(id), &drawn.boxed, drawn.accuracy)
			}
		}
		for i := range g.sites {
			check(g.sites[i].ID, &g.sites[i].boxed, 0)
		}
		if got, want := g.AreaOf(pos), areaByItself(g, pos); got != want {
			t.Fatalf("%v is in area %s by the index, %s by themselves", pos, got, want)
		}
	}
	if inside < 100 || partly < 500 {
		t.Errorf("%d inside, %d partly: the test shows nothing", inside, partly)
	}
}

// areaByItself asks every area.
func areaByItself(g *Geometry, pos geo.Position) truce.AreaID {
	best, most, rest := Elsewhere, 0.0, 1.0
	for i, area := range g.a.Areas {
		p := quantise(g.ground.areas[int(g.firstArea)+i].Probability(pos, 0))
		if rest -= p; p > most {
			best, most = area.ID, p
		}
	}
	if quantise(rest) > most {
		return Elsewhere
	}
	return best
}

// fireRule prohibits fire within 5 km of the line.
func fireRule() Rule {
	return Rule{ID: "F", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Within: []Within{{"L1", 5000}}}}
}

// A site 200 m beyond the antimeridian is as near as one on this side of it.
func TestASiteBeyondTheAntimeridian(t *testing.T) {
	const file = "sites/islets.geojson"
	rule := Rule{ID: "S", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Sites: []string{"WEST", "EAST"}}}
	g := ruled(t, func(a *Agreement) {
		a.layers[file] = &geo.Collection{}
		for id, lon := range map[string]geo.Degrees{"WEST": 179.99, "EAST": -179.99} {
			a.layers[file].Features = append(a.layers[file].Features, geo.Feature{ID: id, Geom: geo.Geometry{Points: []geo.Point{{Lat: -48, Lon: lon}}}})
			a.Sites = append(a.Sites, Site{ID: id, Kind: "energy", Source: Ref{File: file, Feature: id}, RadiusM: 500})
		}
	}, rule)
	for _, lon := range []geo.Degrees{180, -180, 179.9999, -179.9999} {
		in := seen(fire, truce.Detail{}, move(&geo.Position{Point: geo.Point{Lat: -48, Lon: lon}, Error: geo.Isotropic(700)}))
		l := looking(g, in.Incident.Position)
		for i := range g.sites {
			s := &g.sites[i]
			if s.ID != "WEST" && s.ID != "EAST" {
				continue
			}
			want := s.Probability(*in.Incident.Position, 0)
			if got := l.areaChance(&s.boxed, 0); math.Abs(got-want) > 1e-4 || got < .05 {
				t.Errorf("at longitude %v site %s has p %v, want %v", lon, s.ID, got, want)
			}
		}
		want{indeterminate, truce.ReasonLocation, .05, .4, []string{"m outside the ground of site"}}.check(t, g, in, "S")
	}
}

// BenchmarkCrowdedTerms holds fire anywhere against 40 rules, each about twelve zones or all
// sites, over an agreement of 1,000 zones, sites and areas of 32 corners, and asks in which
// area it lies. Errors are of 10 m to 1 km, a fifth of the places are exact.
func BenchmarkCrowdedTerms(b *testing.B) {
	var rules []Rule
	for i := range 40 {
		r := fireRule()
		r.ID = truce.RuleID(fmt.Sprintf("F%d", i))
		r.Where = Where{}
		for k := range 12 {
			r.Where.Zones = append(r.Where.Zones, truce.ZoneID(fmt.Sprintf("M%d", (i*24+2*k)/4*4+2+k%2)))
		}
		if i%2 == 0 {
			r.Where = Where{SiteKinds: []SiteKind{"energy"}}
		}
		rules = append(rules, r)
	}
	g := ruled(b, crowded(1000, 32), rules...)
	positions := everywhere(1<<12, 1000)
	b.Run("verdicts", func(b *testing.B) {
		b.ReportAllocs()
		e := g.Evaluator()
		in := seen(fire, truce.Detail{})
		for i := 0; b.Loop(); i++ {
			in.Incident.Position = &positions[i&(1<<12-1)]
			e.Verdicts(&in)
		}
	})
	b.Run("area", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			g.AreaOf(positions[i&(1<<12-1)])
		}
	})
}
