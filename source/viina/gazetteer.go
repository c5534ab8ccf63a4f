package viina

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Gazetteer knows the sizes of settlements. A nil Gazetteer knows none.
type Gazetteer struct {
	cells map[cell][]settlement
}

// cell is a square of cellDegrees; the search looks at a cell and its neighbours.
type cell struct{ lat, lon int }

type settlement struct {
	point  geo.Point
	name   string // folded
	people int
}

// A place of an event is taken for a settlement of the same name within sameName, or
// for any settlement within samePoint: spellings differ between sources (Odessa, Odesa)
// and their points lie within a kilometre.
const (
	cellDegrees            = 0.5
	sameName    geo.Metres = 25_000
	samePoint   geo.Metres = 3_000
)

// peoplePerSquareKm turns a population into a built-up area: cities of Ukraine have
// 2,000 (Dnipro) to 6,000 (Odesa).
const peoplePerSquareKm = 2_500

// ReadGazetteer reads settlements from GeoJSON points with the properties name and pop.
func ReadGazetteer(r io.Reader, file string) (*Gazetteer, error) {
	doc, err := geo.ReadGeoJSON(r)
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "%s: gazetteer: %w", file, err)
	}
	g := &Gazetteer{cells: map[cell][]settlement{}}
	for i := range doc.Features {
		f := &doc.Features[i]
		people, ok := f.Number("pop")
		if !ok || people < 0 || people > 1e9 || f.Text("name") == "" || len(f.Geom.Points) != 1 {
			return nil, truce.Errorf(truce.CodeInvalid, "%s: gazetteer: feature %s: want a point with the properties name and pop", file, f.Name())
		}
		p := f.Geom.Points[0]
		c := cellOf(p)
		g.cells[c] = append(g.cells[c], settlement{p, fold(f.Text("name")), int(people)})
	}
	if len(g.cells) == 0 {
		return nil, truce.Errorf(truce.CodeInvalid, "%s: gazetteer: no settlements in it", file)
	}
	return g, nil
}

func cellOf(p geo.Point) cell {
	return cell{int(math.Floor(float64(p.Lat) / cellDegrees)), int(math.Floor(float64(p.Lon) / cellDegrees))}
}

// fold makes names comparable: lower case, without the apostrophes of transliteration.
func fold(name string) string {
	return strings.ToLower(strings.NewReplacer("'", "", "’", "", "ʹ", "", "-", " ").Replace(name))
}

// Population is the number of people of the place an event names at p: of the nearest
// settlement of that name, or else of the nearest one right at the point.
func (g *Gazetteer) Population(name string, p geo.Point) (people int, known bool) {
	if g == nil {
		return 0, false
	}
	name = fold(name)
	namesake, nearest := sameName, samePoint
	byName, byPoint := -1, -1
	for _, s := range g.near(p) {
		reach := nearest
		if s.name == name {
			reach = max(namesake, nearest)
		}
		if farther(p, s.point, reach) {
			continue
		}
		d := geo.Distance(p, s.point)
		if s.name == name && d < namesake {
			namesake, byName = d, s.people
		}
		if d < nearest {
			nearest, byPoint = d, s.people
		}
	}
	if byName >= 0 {
		return byName, true
	}
	return max(byPoint, 0), byPoint >= 0
}

// near is the settlements of the cell of p and of its neighbours.
func (g *Gazetteer) near(p geo.Point) []settlement {
	var out []settlement
	here := cellOf(p)
	for dLat := -1; dLat <= 1; dLat++ {
		for dLon := -1; dLon <= 1; dLon++ {
			out = append(out, g.cells[cell{here.lat + dLat, here.lon + dLon}]...)
		}
	}
	return out
}

// farther says whether q lies farther than reach from p for certain, without a geodesic:
// a degree of latitude has 110.5 to 111.7 km.
func farther(p, q geo.Point, reach geo.Metres) bool {
	return math.Abs(float64(p.Lat-q.Lat))*110_500 > float64(reach)
}

// sigma is the error of a point that stands for a whole settlement: a disc of radius r,
// evenly filled, has r/2 along each axis.
func (g *Gazetteer) sigma(name string, p geo.Point) geo.Metres {
	if name == "" {
		return UnnamedSigma
	}
	people, known := g.Population(name, p)
	if !known {
		return DefaultSigma
	}
	radius := 1000 * math.Sqrt(float64(people)/peoplePerSquareKm/math.Pi)
	return geo.Metres(max(MinSigma, math.Round(radius/2)))
}

// String says how many settlements are known.
func (g *Gazetteer) String() string {
	n := 0
	if g != nil {
		for _, c := range g.cells {
			n += len(c)
		}
	}
	return fmt.Sprintf("%d settlements", n)
}
