package geo

import (
	"fmt"
	"math"
	"slices"
)

// PartKind says what a stretch of the edge of an area of control is.
type PartKind string

// The kinds of stretch. Only contact is ever used for distances, sides and bands.
const (
	Contact PartKind = "contact" // towards the other party
	Border  PartKind = "border"  // along a state border
	Coast   PartKind = "coast"   // along the sea
)

// inside is a stretch that is no edge of the area, because the area goes on beyond the
// antimeridian. It never becomes a part.
const inside PartKind = ""

// Part is a stretch of the edge of an area of control, directed so that the area lies on
// its left.
type Part struct {
	Kind   PartKind
	Line   []Point
	Length Metres
}

// Reference is where coasts and state borders run.
type Reference struct {
	coast, border *chains // nil for none
}

// NewReference makes a reference of lines and polygons whose property "kind" is "coast" or
// "border"; without one they count as border. An edge that two polygons of one kind share
// is inside what they make up together, a province boundary, and is left out.
func NewReference(c *Collection) (*Reference, error) {
	lines := map[PartKind][][]Point{}
	polygons := map[PartKind][]Polygon{}
	for i := range c.Features {
		f := &c.Features[i]
		kind := Border
		switch text := f.Text("kind"); text {
		case "", string(Border):
		case string(Coast):
			kind = Coast
		default:
			return nil, &InvalidError{f.Name(), -1, -1, fmt.Sprintf(`property "kind" is %.40q: use "coast" or "border"`, text)}
		}
		if len(f.Geom.Points) > 0 {
			return nil, &InvalidError{f.Name(), -1, -1, "points cannot say where a coast or border runs: give lines or polygons"}
		}
		lines[kind] = append(lines[kind], f.Geom.Lines...)
		polygons[kind] = append(polygons[kind], f.Geom.Polygons...)
	}
	of := func(kind PartKind) *chains {
		parts := append(lines[kind], OuterEdges(polygons[kind])...)
		if len(parts) == 0 {
			return nil
		}
		return newChains(parts)
	}
	return &Reference{of(Coast), of(Border)}, nil
}

// OuterEdges are the edges that only one of the polygons has, in stretches as long as they
// go: the edge of what neighbours make up together, if they share their vertices. At the
// antimeridian an edge is left out whose whole length is shared with the other side.
func OuterEdges(polygons []Polygon) [][]Point {
	type edge struct{ a, b grid }
	key := func(p, q Point) edge {
		a, b := gridOf(p), gridOf(q)
		if b.before(a) {
			a, b = b, a
		}
		return edge{a, b}
	}
	count := map[edge]int{}
	var rings []Ring
	for _, p := range polygons {
		for _, r := range p {
			rings = append(rings, r)
			for i := 1; i < len(r); i++ {
				count[key(r[i-1], r[i])]++
			}
		}
	}
	over := seamOf(ringsOf(polygons))
	var out [][]Point
	for _, r := range rings {
		out = append(out, without(r, func(a, b Point) bool { return count[key(a, b)] > 1 || over.covers(a, b) })...)
	}
	return out
}

// kindAt says what an edge at p is by the reference that is nearest within a tolerance.
func (r *Reference) kindAt(p Point, tolerance Metres) PartKind {
	q := centred(p)
	coast, border := Metres(math.Inf(1)), Metres(math.Inf(1))
	if r.coast != nil && !r.coast.clear(q, float64(tolerance)) {
		coast = r.coast.foot(p).Distance
	}
	if r.border != nil && !r.border.clear(q, float64(tolerance)) {
		border = r.border.foot(p).Distance
	}
	switch {
	case coast > tolerance && border > tolerance:
		return Contact
	case coast < border:
		return Coast
	}
	return Border
}

// ControlConfig says how the edge of an area of control is told apart.
type ControlConfig struct {
	// Tolerance is how near to the reference the edge counts as coast or border: what the
	// two maps may differ by. 0 means DefaultControlTolerance.
	Tolerance Metres
	// MinLength is the length below which a stretch is joined to its neighbours. 0 means
	// twice the tolerance; negative keeps every stretch. What ends at the antimeridian only
	// because the area is cut there is always kept.
	MinLength Metres
}

// DefaultControlTolerance fits maps drawn at about 1:1,000,000.
const DefaultControlTolerance Metres = 3000

// Control is an area of control with its edge told apart.
//
// Which side a point is on, containment in the area decides. How far it is from the other
// side, the contact parts alone decide.
type Control struct {
	Area  *Area
	Parts []Part

	contact *Line
}

// NewControl tells the edge of an area apart by a reference. Where the area is narrower
// than the tolerance along a border or coast, its far edge counts as border or coast too.
// Where it is cut at the antimeridian and goes on beyond, the cut is no part of its edge.
func NewControl(area *Area, reference *Reference, cfg ControlConfig) (*Control, error) {
	if cfg.Tolerance == 0 {
		cfg.Tolerance = DefaultControlTolerance
	}
	if cfg.MinLength == 0 {
		cfg.MinLength = 2 * cfg.Tolerance
	}
	if !(cfg.Tolerance > 0) || math.IsNaN(float64(cfg.MinLength)) {
		return nil, &InvalidError{"control", -1, -1, fmt.Sprintf("tolerance %v m, least length %v m: give a tolerance above 0", cfg.Tolerance, cfg.MinLength)}
	}
	c := &Control{Area: area}
	var contact [][]Point
	for _, p := range area.Polygons() {
		for _, r := range p {
			for _, part := range newTracing(r, area.seam, reference, cfg).parts() {
				c.Parts = append(c.Parts, part)
				if part.Kind == Contact {
					contact = append(contact, part.Line)
				}
			}
		}
	}
	if len(contact) > 0 {
		var err error
		if c.contact, err = NewLine("contact", contact...); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Contact is the line of contact, the area on its left, nil when there is none.
func (c *Control) Contact() *Line { return c.contact }

// Length is the length of all parts of a kind.
func (c *Control) Length(kind PartKind) Metres {
	var sum Metres
	for i := range c.Parts {
		if c.Parts[i].Kind == kind {
			sum += c.Parts[i].Length
		}
	}
	return sum
}

// Holds says whether the area contains p.
func (c *Control) Holds(p Point) bool { return c.Area.Contains(p) }

// DistanceToContact is the distance from p to the nearest contact part, infinite when
// there is none.
func (c *Control) DistanceToContact(p Point) Metres {
	if c.contact == nil {
		return Metres(math.Inf(1))
	}
	return c.contact.DistanceTo(p)
}

// tracing goes along one ring. A place on it is the number of an edge plus a share of it.
type tracing struct {
	ring      Ring
	seam      seam
	reference *Reference
	cfg       ControlConfig
	from      []Metres // the length of the ring up to each vertex
}

// run is a stretch of a ring of one kind, up to where the next begins.
type run struct {
	kind   PartKind
	start  float64
	length Metres
}

func newTracing(r Ring, over seam, reference *Reference, cfg ControlConfig) *tracing {
	r = over.cut(r)
	t := &tracing{ring: r, seam: over, reference: reference, cfg: cfg, from: make([]Metres, len(r))}
	if first := t.seamBegins(); first > 0 { // no stretch may go on over the end of the ring unseen
		r = slices.Concat(r[first:len(r)-1], r[:first+1])
		t.ring = r
	}
	for i := 1; i < len(r); i++ {
		t.from[i] = t.from[i-1] + lengthOf(r[i-1:i+1])
	}
	return t
}

// seamBegins is the first edge inside the area after one that is not, 0 for none.
func (t *tracing) seamBegins() int {
	for i := 1; i < len(t.ring)-1; i++ {
		if t.inside(i) && !t.inside(i-1) {
			return i
		}
	}
	return 0
}

// inside says whether an edge is none of the area's.
func (t *tracing) inside(edge int) bool { return t.seam.covers(t.ring[edge], t.ring[edge+1]) }

// parts are the ring's stretches after the short ones have been joined.
func (t *tracing) parts() []Part {
	runs := t.joined(t.runs())
	if len(runs) == 1 && runs[0].kind != inside {
		return []Part{{runs[0].kind, t.ring, t.whole()}}
	}
	out := make([]Part, 0, len(runs))
	for i, r := range runs {
		if r.kind == inside {
			continue
		}
		line := t.between(r.start, runs[(i+1)%len(runs)].start)
		if len(line) > 1 { // nothing is left of a stretch below a centimetre
			out = append(out, Part{r.kind, line, lengthOf(line)})
		}
	}
	return out
}

func (t *tracing) whole() Metres { return t.from[len(t.from)-1] }

// at is the point at a place.
func (t *tracing) at(place float64) Point {
	i := min(int(place), len(t.ring)-2)
	a, b, share := t.ring[i], t.ring[i+1], Degrees(place-float64(i))
	if share == 1 {
		return b
	}
	return Point{a.Lat + share*(b.Lat-a.Lat), a.Lon + share*(b.Lon-a.Lon)}
}

// along is the length of the ring up to a place.
func (t *tracing) along(place float64) Metres {
	i := min(int(place), len(t.ring)-2)
	return t.from[i] + Metres(place-float64(i))*(t.from[i+1]-t.from[i])
}

// runs looks at the ring every quarter of the tolerance and narrows down where the kind
// changes.
func (t *tracing) runs() []run {
	step := max(t.cfg.Tolerance/4, t.whole()/maxTraceSteps)
	kind := func(place float64) PartKind { return t.reference.kindAt(t.at(place), t.cfg.Tolerance) }
	var out []run
	first := kind(0)
	last, before := first, 0.
	for i := range len(t.ring) - 1 {
		if in := t.inside(i); in != (last == inside) { // the seam begins or ends at this vertex
			if last = inside; !in {
				last = kind(float64(i))
			}
			out = append(out, run{kind: last, start: float64(i)})
		}
		if last == inside {
			continue
		}
		before = float64(i)
		n := math.Ceil(float64((t.from[i+1] - t.from[i]) / step))
		for k := 1.; k <= n; k++ {
			place := float64(i) + k/n
			if next := kind(place); next != last {
				out = append(out, run{kind: next, start: narrowed(before, place, func(x float64) bool { return kind(x) == last })})
				last = next
			}
			before = place
		}
	}
	if len(out) == 0 {
		return []run{{kind: first, length: t.whole()}}
	}
	return t.measured(out)
}

// measured fills in the lengths of runs in the order of their starts.
func (t *tracing) measured(runs []run) []run {
	for i := range runs {
		runs[i].length = t.along(runs[(i+1)%len(runs)].start) - t.along(runs[i].start)
		if runs[i].length <= 0 || len(runs) == 1 {
			runs[i].length += t.whole()
		}
	}
	return runs
}

// narrowed is the place between two where a condition stops to hold, to a millionth of the
// way.
func narrowed(lo, hi float64, holds func(float64) bool) float64 {
	for range 20 {
		if mid := (lo + hi) / 2; holds(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

// joined gives every run that is too short to its neighbours, the shortest first: if they
// are of one kind the three become one, else the longer neighbour takes it.
func (t *tracing) joined(runs []run) []run {
	for len(runs) > 1 {
		n, least := len(runs), -1
		for i := range runs {
			cutOff := runs[i].kind == inside || runs[(i+n-1)%n].kind == inside || runs[(i+1)%n].kind == inside
			if !cutOff && (least < 0 || runs[i].length < runs[least].length) {
				least = i
			}
		}
		if least < 0 || runs[least].length >= t.cfg.MinLength {
			break
		}
		before, after := &runs[(least+n-1)%n], &runs[(least+1)%n]
		if before.kind == after.kind || before.length >= after.length {
			runs[least].kind = before.kind
		} else {
			runs[least].kind = after.kind
		}
		runs = t.measured(merged(runs))
	}
	return runs
}

// merged makes one run of neighbours of one kind. The runs go round.
func merged(runs []run) []run {
	out := slices.Clone(runs[:0])
	for i, r := range runs {
		if r.kind != runs[(i+len(runs)-1)%len(runs)].kind {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return runs[:1]
	}
	return out
}

// between are the points of the ring from one place to another, going on over its end.
func (t *tracing) between(from, to float64) []Point {
	line := []Point{onGrid(t.at(from))}
	add := func(p Point) {
		if line[len(line)-1] != p {
			line = append(line, p)
		}
	}
	last := len(t.ring) - 1
	i := int(math.Floor(from)) + 1
	if to <= from {
		for ; i < last; i++ {
			add(t.ring[i])
		}
		i = 0
	}
	for ; float64(i) < to; i++ {
		add(t.ring[i])
	}
	add(onGrid(t.at(to)))
	return line
}
