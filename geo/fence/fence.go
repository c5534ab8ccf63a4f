// Package fence answers, for millions of points a second, which zones hold a point, with
// which probability an uncertain position lies in each, and how far and on which side of a
// line a point is.
//
// It never decides what a zone means, and never rounds a coordinate: an edge is straight in
// longitude and latitude (RFC 7946), a point exactly on it is inside, and every answer for
// a point is that of exact arithmetic on the doubles given.
//
// Read this file for the questions, exact.go for the one predicate all rests on, compile.go
// for how the map is cut into cells, lookup.go for the fast way through them, chance.go for
// probabilities and line.go for sides.
package fence

import (
	"fmt"
	"sync"

	"github.com/trucewatch/truce/geo"
)

// Zone is one fence: polygons with holes, under a name.
type Zone struct {
	ID       string
	Polygons []geo.Polygon // longitude and latitude as given, at full precision

	checked bool // by ParseZones, or as a geo.Area
}

// ZoneOf is a zone of an area that has been checked already.
func ZoneOf(id string, a *geo.Area) Zone {
	return Zone{ID: id, Polygons: a.Polygons(), checked: true}
}

// Index answers questions about a fixed set of zones. It is never changed once compiled, so
// any number of goroutines may ask it. A zone is known by its number: its place in the list
// that was compiled.
//
// Memory is 40 to 200 bytes for each corner of zones that people draw, 125 for workload F of
// 10,000 zones, and never more than 900 MiB: see limits.go.
type Index struct {
	zones  []Zone
	areas  []lazyArea
	shapes shapes
	boxes  boxTree
	cells
	fading *fading
}

// lazyArea is a zone as package geo has it, made when first asked for.
type lazyArea struct {
	once sync.Once
	area *geo.Area
}

// Compile makes an index of zones, whose rings it checks as geo.NewArea does: what is
// refused is named in a *geo.InvalidError with zone, ring and vertex. The zones must not be
// changed afterwards.
func Compile(zones []Zone) (*Index, error) {
	if len(zones) > MaxZones {
		return nil, &geo.InvalidError{Ring: -1, Vertex: -1, Reason: fmt.Sprintf("more than %d zones: split the index", MaxZones)}
	}
	if err := check(zones); err != nil {
		return nil, err
	}
	x := &Index{zones: zones, areas: make([]lazyArea, len(zones))}
	for i := range zones {
		x.shapes.add(ringsOf(zones[i].Polygons))
		if len(x.shapes.corners) > MaxCorners {
			return nil, &geo.InvalidError{Feature: zones[i].ID, Ring: -1, Vertex: -1,
				Reason: fmt.Sprintf("with this zone the index has more than %d corners: simplify the zones or split the index", MaxCorners)}
		}
	}
	x.boxes = newBoxTree(x.shapes.of)
	x.shapes = x.shapes.inOrder(x.boxes.shapes)
	x.cells = compile(&x.shapes)
	x.fading = newFading()
	return x, nil
}

// check refuses zones without a name of their own, and geometry that package geo refuses.
func check(zones []Zone) error {
	seen := make(map[string]int, len(zones))
	for i := range zones {
		z := &zones[i]
		if z.ID == "" {
			return &geo.InvalidError{Feature: fmt.Sprintf("#%d", i+1), Ring: -1, Vertex: -1,
				Reason: `the zone has no name: give its feature an "id" beside "type"`}
		}
		if first, twice := seen[z.ID]; twice {
			return &geo.InvalidError{Feature: z.ID, Ring: -1, Vertex: -1,
				Reason: fmt.Sprintf("zones %d and %d have this same id: give each its own, or join them in a MultiPolygon", first+1, i+1)}
		}
		seen[z.ID] = i
	}
	return checkGeometry(zones)
}

// checkGeometry holds every zone against the rules of package geo; of several that break
// them the first is named.
func checkGeometry(zones []Zone) error {
	const workers = 2
	var wait sync.WaitGroup
	errs := make([]error, len(zones))
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(zones); i += workers {
				if !zones[i].checked {
					_, errs[i] = geo.NewArea(zones[i].ID, zones[i].Polygons)
				}
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// ringsOf are the rings of polygons without repeated corners, the inside on their left.
func ringsOf(polygons []geo.Polygon) [][]vertex {
	var out [][]vertex
	for _, p := range polygons {
		for i, r := range p {
			ring := withoutRepeats(r)
			if (doubleArea(ring) > 0) != (i == 0) {
				for a, b := 0, len(ring)-1; a < b; a, b = a+1, b-1 {
					ring[a], ring[b] = ring[b], ring[a]
				}
			}
			out = append(out, ring)
		}
	}
	return out
}

// doubleArea is twice the area in square degrees, positive when it runs counter-clockwise.
func doubleArea(ring []vertex) (sum float64) {
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		sum += (a.x-ring[0].x)*(b.y-ring[0].y) - (b.x-ring[0].x)*(a.y-ring[0].y)
	}
	return sum
}

func vertexOf(p geo.Point) vertex { return vertex{float64(p.Lon), float64(p.Lat)} }

// Len is the number of zones.
func (x *Index) Len() int { return len(x.zones) }

// ID is the name of a zone.
func (x *Index) ID(zone int32) string { return x.zones[zone].ID }

// Area is a zone as package geo has it, on its grid of 1e-7 degrees, for questions that
// this package does not answer. It is nil where the zone vanishes on that grid.
func (x *Index) Area(zone int32) *geo.Area {
	lazy := &x.areas[zone]
	lazy.once.Do(func() {
		if area, err := geo.NewArea(x.zones[zone].ID, x.zones[zone].Polygons); err == nil {
			lazy.area = area
		}
	})
	return lazy.area
}

// Bytes is the memory of the index but for the zones as given.
func (x *Index) Bytes() int {
	return 16*len(x.shapes.corners) + 40*len(x.shapes.blocks) + 32*len(x.shapes.groups) + 48*len(x.shapes.of) +
		4*(len(x.words)+len(x.lists)+len(x.records))
}
