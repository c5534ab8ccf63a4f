package thermal

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/trucewatch/truce/internal/num"
)

// link says that two pixels may show one fire. a comes before b in time.
type link struct {
	apart    time.Duration
	distance float64
	a, b     int32
}

// join gives the pixels of each fire, ascending, fires in the order of their first pixel.
//
// Two detections link when they come at most Gap apart and their footprints touch. Links
// are taken up from the closest in time, then in place; one that would make a fire longer
// than MaxSpan or wider than MaxExtent is left out. So pixels of one pass come together
// first, then passes of one overpass group, and a chain of touching pixels stops at the
// two bounds whatever its length.
func join(pixels []pixel, cfg Config) [][]int {
	fires := newFires(pixels)
	for _, l := range linksOf(pixels, cfg) {
		fires.unite(int(l.a), int(l.b), cfg)
	}
	return fires.sets.Groups()
}

func linksOf(pixels []pixel, cfg Config) []link {
	lat, lon := make([]float64, len(pixels)), make([]float64, len(pixels))
	reach := 0.0
	for i := range pixels {
		lat[i], lon[i] = pixels[i].lat, pixels[i].lon
		if !pixels[i].unjoinable {
			reach = max(reach, pixels[i].reach)
		}
	}
	grid := num.NewGrid(2*reach+float64(cfg.Tolerance), lat, lon)
	var links []link
	var cells [][]int32
	for i := range pixels {
		if pixels[i].unjoinable {
			continue
		}
		cells = grid.Near(lat[i], lon[i], pixels[i].reach+reach+float64(cfg.Tolerance), cells[:0])
		links = linksBack(links, pixels, int32(i), cells, cfg)
	}
	slices.SortFunc(links, func(x, y link) int {
		return cmp.Or(cmp.Compare(x.apart, y.apart), cmp.Compare(x.distance, y.distance),
			cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	return links
}

// linksBack adds the links of pixel i to earlier pixels in the given cells, latest first.
func linksBack(links []link, pixels []pixel, i int32, cells [][]int32, cfg Config) []link {
	p, start := &pixels[i], len(links)
	for _, cell := range cells {
		before := sort.Search(len(cell), func(k int) bool { return cell[k] >= i })
		stop := max(0, before-maxLooks)
		for k := before - 1; k >= stop && len(links)-start < maxLinks; k-- {
			q := &pixels[cell[k]]
			apart := p.at.Sub(q.at)
			if apart > cfg.Gap {
				break
			}
			if q.unjoinable {
				continue
			}
			if d, yes := p.touches(q, float64(cfg.Tolerance)); yes {
				links = append(links, link{apart, d, cell[k], i})
			}
		}
	}
	return links
}

// fires are sets of pixels with the time and the box each spans. The box may run past
// 180 degrees.
type fires struct {
	sets *num.Sets
	span []bounds
}

type bounds struct {
	first, last              int64 // microseconds
	south, north, west, east float64
}

func newFires(pixels []pixel) *fires {
	f := &fires{num.NewSets(len(pixels)), make([]bounds, len(pixels))}
	for i := range pixels {
		p := &pixels[i]
		f.span[i] = bounds{int64(p.at), int64(p.at), p.lat, p.lat, p.lon, p.lon}
	}
	return f
}

func (f *fires) unite(a, b int, cfg Config) {
	a, b = f.sets.Find(a), f.sets.Find(b)
	if a == b {
		return
	}
	both := f.span[a].with(f.span[b])
	if time.Duration(both.last-both.first)*time.Microsecond > cfg.MaxSpan || both.diagonal() > float64(cfg.MaxExtent) {
		return
	}
	f.sets.Union(a, b)
	f.span[min(a, b)] = both
}

// with is the smallest bounds around two; the second is moved round the globe to lie
// nearest to the first.
func (b bounds) with(c bounds) bounds {
	shift := 360 * math.Round((b.west+b.east-c.west-c.east)/720)
	return bounds{
		min(b.first, c.first), max(b.last, c.last),
		min(b.south, c.south), max(b.north, c.north),
		min(b.west, c.west+shift), max(b.east, c.east+shift),
	}
}

func (b bounds) diagonal() float64 {
	corner := pixel{lat: b.south, lon: b.west}
	return math.Hypot(corner.toward(b.north, b.east))
}
