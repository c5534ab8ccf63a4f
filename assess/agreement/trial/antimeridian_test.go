package trial

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// TestNoVerdictHangsOnWhereTheMapIsCut lays every example agreement so that the antimeridian
// runs through its ground, and holds its tests' events against both: verdicts are the same,
// and so are probabilities but for what an edge that is cut elsewhere costs.
func TestNoVerdictHangsOnWhereTheMapIsCut(t *testing.T) {
	root := filepath.Join("..", "..", "..", "examples", "agreements")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	findings := 0
	for _, entry := range entries {
		t.Run(entry.Name(), func(t *testing.T) {
			dir := os.DirFS(filepath.Join(root, entry.Name()))
			files, err := agreement.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			by := degreesTo180(t, files)
			plain, err := agreement.Parse(files)
			if err != nil {
				t.Fatal(err)
			}
			over, err := agreement.Parse(movedFiles(t, files, by))
			if err != nil {
				t.Fatal(err)
			}
			here, there := Runner{Terms: plain}, Runner{Terms: over}
			tests, err := agreement.ReadTests(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range tests {
				list, errs := Parse(f.Name, f.Data, plain)
				if len(errs) > 0 {
					t.Fatal(errs[0])
				}
				for _, test := range list {
					a, err := here.Run(test)
					if err != nil {
						t.Fatal(err)
					}
					b, err := there.Run(movedTest(test, by))
					if err != nil {
						t.Fatal(err)
					}
					findings += sameFindings(t, test.Name, a.evaluations, b.evaluations)
				}
			}
		})
	}
	if findings < 1000 {
		t.Errorf("%d findings compared", findings)
	}
}

func sameFindings(t *testing.T, test string, a, b []truce.Evaluation) (n int) {
	const alike = 1e-3 // a third of what package geo promises
	for i := range a {
		for k, f := range a[i].Findings {
			g := b[i].Findings[k]
			n++
			if f.Rule != g.Rule || f.Verdict != g.Verdict || f.Reason != g.Reason || f.Window != g.Window || f.ClaimsExempt != g.ClaimsExempt ||
				math.Abs(float64(f.P-g.P)) > alike {
				t.Errorf("%s, event %d, %s: %s %v %s %q, over 180: %s %v %s %q", test, i, f.Rule, f.Verdict, f.P, f.Reason, f.Window, g.Verdict, g.P, g.Reason, g.Window)
			}
		}
	}
	return n
}

// degreesTo180 brings the middle of an agreement's lines, or of its sites, to the antimeridian, by
// whole thousandths of a degree.
func degreesTo180(t *testing.T, files []truce.AgreementFile) geo.Degrees {
	var lons, sites []float64
	for _, f := range files {
		if !strings.HasSuffix(f.Name, ".geojson") {
			continue
		}
		c, err := geo.ParseGeoJSON(f.Data)
		if err != nil {
			t.Fatal(err)
		}
		for _, feature := range c.Features {
			for _, p := range feature.Geom.Points {
				sites = append(sites, float64(p.Lon))
			}
			for _, part := range feature.Geom.Lines {
				for _, p := range part {
					lons = append(lons, float64(p.Lon))
				}
			}
		}
	}
	if len(lons) == 0 {
		lons = sites
	}
	slices.Sort(lons)
	return geo.Degrees(180.0005 - math.Round(lons[len(lons)/2]*1000)/1000)
}

func movedFiles(t *testing.T, files []truce.AgreementFile, by geo.Degrees) []truce.AgreementFile {
	out := slices.Clone(files)
	for i, f := range out {
		if !strings.HasSuffix(f.Name, ".geojson") {
			continue
		}
		c, err := geo.ParseGeoJSON(f.Data)
		if err != nil {
			t.Fatal(err)
		}
		for k := range c.Features {
			c.Features[k].Geom = movedGeometry(c.Features[k].Geom, by)
		}
		out[i].Data = geo.WriteGeoJSON(c)
	}
	return out
}

func movedGeometry(g geo.Geometry, by geo.Degrees) (out geo.Geometry) {
	for _, p := range g.Points {
		out.Points = append(out.Points, shifted(p, by))
	}
	for _, part := range g.Lines {
		parts := geo.CutChain(ahead(part, by))
		if closed := part[0] == part[len(part)-1]; closed && len(parts) > 1 {
			g.Polygons = append(g.Polygons, geo.Polygon{geo.Ring(part)}) // what it is closed for: the land inside
			continue
		}
		out.Lines = append(out.Lines, parts...)
	}
	for _, polygon := range g.Polygons {
		for _, k := range []geo.Degrees{-1, 0, 1} {
			var cut geo.Polygon
			for _, ring := range polygon {
				part := side(side(ahead(ring, by), 360*k-180, 1), 360*k+180, -1)
				for i := range part {
					part[i].Lon -= 360 * k
				}
				if len(part) > 3 {
					cut = append(cut, part)
				}
			}
			if len(cut) > 0 {
				out.Polygons = append(out.Polygons, cut)
			}
		}
	}
	return out
}

// ahead is a chain moved by degrees, its longitudes going on past 180.
func ahead(chain []geo.Point, by geo.Degrees) []geo.Point {
	out := make([]geo.Point, len(chain))
	for i, p := range chain {
		out[i] = geo.Point{Lat: p.Lat, Lon: geo.Degrees(math.Round(float64(p.Lon+by)*1e7) / 1e7)}
	}
	return out
}

// side is the part of a ring on one side of a meridian.
func side(ring []geo.Point, meridian, which geo.Degrees) (out geo.Ring) {
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		in, stays := which*(a.Lon-meridian) >= 0, which*(b.Lon-meridian) >= 0
		if in {
			out = append(out, a)
		}
		if in != stays {
			out = append(out, geo.Point{Lat: a.Lat + (b.Lat-a.Lat)*(meridian-a.Lon)/(b.Lon-a.Lon), Lon: meridian})
		}
	}
	if len(out) > 0 {
		out = append(out, out[0])
	}
	return out
}

func shifted(p geo.Point, by geo.Degrees) geo.Point {
	p = ahead([]geo.Point{p}, by)[0]
	for p.Lon > 180 {
		p.Lon -= 360
	}
	for p.Lon < -180 {
		p.Lon += 360
	}
	return p
}

// movedTest is a test with every place in it moved.
func movedTest(test Test, by geo.Degrees) Test {
	position := func(p *geo.Position) *geo.Position {
		if p == nil {
			return nil
		}
		out := *p
		out.Point = shifted(p.Point, by)
		return &out
	}
	test.Given.Lines = slices.Clone(test.Given.Lines)
	for i := range test.Given.Lines {
		l := &test.Given.Lines[i]
		l.Points = slices.Clone(l.Points)
		for k := range l.Points {
			l.Points[k] = shifted(l.Points[k], by)
		}
	}
	test.Given.Windows = slices.Clone(test.Given.Windows)
	for i := range test.Given.Windows {
		w := &test.Given.Windows[i]
		if c := w.Circle; c != nil {
			at := shifted(geo.Point{Lat: geo.Degrees(c.Lat), Lon: geo.Degrees(c.Lon)}, by)
			w.Circle = &agreement.Circle{Lat: float64(at.Lat), Lon: float64(at.Lon), RadiusM: c.RadiusM}
		}
		if c := w.Corridor; c != nil {
			route := slices.Clone(c.Route)
			for k := range route {
				route[k] = shifted(route[k], by)
			}
			w.Corridor = &agreement.Corridor{Route: route, WithinM: c.WithinM}
		}
	}
	test.Events = slices.Clone(test.Events)
	for i := range test.Events {
		in := &test.Events[i].Incident
		in.Position = position(in.Position)
		in.Detail.Origin = position(in.Detail.Origin)
	}
	return test
}
