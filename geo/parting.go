package geo

import "math"

// This file says where the sides of a line are plain: in a circle that the line parts in
// two. The place of the line that is nearest to any place of the circle is then on the
// border of the part that place is in, so that the whole part has one side.

// parting finds out whether a line parts the circle of a radius about a place in a left and
// a right.
type parting struct {
	x      *chains
	s      *spread
	radius float64 // within which edges are looked at, metres
	rim    rim
	ends   int // how often a line begins or ends in the circle
	end    openEnd
}

// openEnd is where a line begins or ends: an edge, and whether it is the last.
type openEnd struct {
	edge int
	last bool
}

// rayPieces is how many chords a ray has at most. It is cut short only within reach of the
// spread: each halving leaves a quarter of what a chord strays, so some 20 are enough.
const rayPieces = 48

// ray is how a line goes on past its end, straight in longitude and latitude as edges are,
// as far as the spread reaches.
type ray struct {
	pieces [rayPieces]segment
	n      int
}

// some says whether there is a ray at all.
func (r *ray) some() bool { return r.n > 0 }

// partsAtMost bounds the radius of a circle that is looked at, metres: beyond, the earth
// bends away from the plane that the circle is drawn in.
const partsAtMost = 500e3

// sphere is by how much farther edges are looked for than the circle reaches: at
// partsAtMost a chord is longer by 8e-4 than its place in the plane is far.
const sphere = 1.001

// parts says whether the line parts the circle of a radius about the centre in a left and a
// right: no edge in it meets another, the line passes the circle in turns inwards and
// outwards, and does not end there. It may end once, with all of it behind the end: then
// the ray that goes on there parts what is before it, as the places of the ray and beside
// it have the end as the nearest place. Only where the line passes are edges looked at.
func (x *chains) parts(s *spread, radius float64) (on ray, ok bool) {
	if radius > partsAtMost || len(x.tangled) == 0 {
		return on, false
	}
	p := parting{x: x, s: s, radius: radius * sphere, rim: rim{radius2: radius * radius}}
	top := len(x.levels) - 1
	for i := range x.levels[top] {
		if !p.block(top, i) {
			return on, false
		}
	}
	if p.ends > 1 || p.ends == 1 && !p.goOn(&on) {
		return on, false
	}
	return on, p.rim.n > 0 && p.rim.alternate()
}

// goOn adds the ray past the one end, if all of the line in the circle is behind it.
func (p *parting) goOn(on *ray) bool {
	x, i := p.x, p.end.edge
	at, t := x.at[x.from[i]], 0.
	if p.end.last {
		at, t = x.at[x.from[i]+1], 1
	}
	const step = 100 // metres back along the edge, or all of it
	length := math.Sqrt(x.at[x.from[i]].minus(x.at[x.from[i]+1]).norm2())
	before := centred(x.along(i, math.Abs(t-min(step/length, 1))))
	way := at.minus(before)
	way = way.times(1 / math.Sqrt(way.norm2()))
	top := len(x.levels) - 1
	for k := range x.levels[top] {
		if !p.behind(top, k, at, way) {
			return false
		}
	}
	return p.extend(on, i, t)
}

// extend draws the ray on the end of an edge, out of the circle and of the spread. It is
// false where a pole comes before.
func (p *parting) extend(on *ray, edge int, t float64) bool {
	x := p.x
	from, to := x.points[x.from[edge]], x.points[x.from[edge]+1]
	end := x.along(edge, t)
	f := NewPlane(end)
	way := f.way(from, to)
	far := 3*p.radius + 2*p.s.reach
	whole := far / math.Hypot(way[0], way[1]) // in edges
	if t == 0 {
		whole = -whole
	}
	rise, width := Degrees(whole)*(to.Lat-from.Lat), Degrees(whole)*(to.Lon-from.Lon)
	if math.Abs(float64(end.Lat+rise)) > 89.9 || math.Abs(float64(width)) > 180 {
		return false
	}
	r := rayOf{p, on, end, rise, width, t == 0}
	tip := r.at(1)
	return r.draw(0, 1, centred(end), centred(tip), bowOf(end, tip))
}

// rayOf draws a ray from the end of a line over so many degrees.
type rayOf struct {
	p           *parting
	on          *ray
	end         Point
	rise, width Degrees
	towards     bool // it runs towards the line's first end
}

func (r *rayOf) at(share float64) Point {
	return Point{r.end.Lat + Degrees(share)*r.rise, r.end.Lon + Degrees(share)*r.width}
}

// draw adds the ray between two shares of it, which strays so far from its chord. It is
// false where more chords would be needed than are kept.
func (r *rayOf) draw(t0, t1 float64, from, to vec3, bow float64) bool {
	p := r.p
	piece := piece{a: from, b: to}
	d2, _ := piece.chord(p.s.centre)
	if near := d2 <= square(p.s.reach*sphere+bow); bow <= p.s.straight() || !near && bow <= p.radius/64 {
		if r.on.n == rayPieces {
			return false
		}
		p.addPiece(r.on, from, to, r.towards)
		return true
	}
	t := (t0 + t1) / 2
	middle := centred(r.at(t))
	return r.draw(t0, t, from, middle, bow/4) && r.draw(t, t1, middle, to, bow/4)
}

// addPiece adds a chord of the ray to it and notes where it passes the circle. The ray runs
// as the line does: towards its first end, away from its last.
func (p *parting) addPiece(on *ray, from, to vec3, towards bool) {
	if towards {
		from, to = to, from
	}
	e := segment{}
	e.u, e.v = p.s.place(from)
	e.nextU, e.nextV = p.s.place(to)
	on.pieces[on.n] = e
	on.n++
	plane, a, b := &p.s.plane, from.minus(p.s.centre), to.minus(p.s.centre)
	p.rim.clip(a.dot(plane.east), a.dot(plane.north), b.dot(plane.east), b.dot(plane.north))
}

// level is how far before its end a line may come and still count as behind it, metres.
const level = .01

// behind says whether all edges below a block that come into the circle lie behind a place,
// as seen along a way.
func (p *parting) behind(height, i int, at, way vec3) bool {
	b := &p.x.levels[height][i]
	if b.distance2(p.s.centre) > p.radius*p.radius {
		return true
	}
	front := vec3{b.lo.x, b.lo.y, b.lo.z}
	if way.x > 0 {
		front.x = b.hi.x
	}
	if way.y > 0 {
		front.y = b.hi.y
	}
	if way.z > 0 {
		front.z = b.hi.z
	}
	if front.minus(at).dot(way) <= 0 {
		return true
	}
	first, last := p.x.children(height, i)
	for k := first; k < last; k++ {
		if height > 0 {
			if !p.behind(height-1, k, at, way) {
				return false
			}
			continue
		}
		piece := p.x.pieceOf(k)
		if d2, _ := piece.chord(p.s.centre); d2 > square(p.radius+piece.bow) {
			continue
		}
		if max(piece.a.minus(at).dot(way), piece.b.minus(at).dot(way)) > level {
			return false
		}
	}
	return true
}

func (p *parting) block(level, i int) bool {
	b := &p.x.levels[level][i]
	if b.distance2(p.s.centre) > p.radius*p.radius {
		return true
	}
	if !b.broken && b.farthest2(p.s.centre) < p.rim.radius2 {
		return true // wholly inside
	}
	first, last := p.x.children(level, i)
	for k := first; k < last; k++ {
		if level > 0 {
			if !p.block(level-1, k) {
				return false
			}
			continue
		}
		if !p.edge(k) {
			return false
		}
	}
	return true
}

// edge notes where an edge passes the circle. It is false for one that may part nothing.
func (p *parting) edge(edge int) bool {
	x, q := p.x, p.s.centre
	piece := x.pieceOf(edge)
	if d2, _ := piece.chord(q); d2 > square(p.radius+piece.bow) {
		return true
	}
	chain := x.chain(edge)
	switch inside := p.radius * p.radius; {
	case x.tangled[edge]:
		return false
	case x.from[edge] == x.starts[chain] && piece.a.minus(q).norm2() <= inside:
		p.ends, p.end = p.ends+1, openEnd{edge, false}
	}
	if x.from[edge]+2 == x.starts[chain+1] && piece.b.minus(q).norm2() <= p.radius*p.radius {
		p.ends, p.end = p.ends+1, openEnd{edge, true}
	}
	p.pass(&piece)
	return true
}

// pass notes where the circle is passed by a piece of an edge, cut as short as the way
// around the circle is long.
func (p *parting) pass(piece *piece) {
	if piece.bow > p.radius/64 {
		one, two := p.x.halves(*piece)
		p.pass(&one)
		p.pass(&two)
		return
	}
	a, b := piece.a.minus(p.s.centre), piece.b.minus(p.s.centre)
	plane := &p.s.plane
	p.rim.clip(a.dot(plane.east), a.dot(plane.north), b.dot(plane.east), b.dot(plane.north))
}
