package fence

import "math"

// sweep goes around zones as seen from the centre of a Gaussian. What it looks at is in
// sigmas, so that the Gaussian is round.
//
// The share of a round Gaussian in a region is the sum, over the edges that go round it with
// the inside on their left, of the integral of (1 - exp(-r^2/2)) dtheta / 2 pi: Green's
// theorem for the field whose divergence is the density. That is smooth everywhere, also
// where an edge passes through the centre. (DiDonato and Hageman 1982 sum the rest, exp(-r^2/2)
// dtheta, which is not.) Far away only the angle counts, so all edges that are far take the
// angle that the near ones leave open: by the bearings, from the east counter-clockwise, of
// the ends of each run of near edges, and a whole turn for each far edge that crosses the
// ray to the east, where bearings begin again.
type sweep struct {
	x            *Index
	g            gauss
	at           vertex // the centre as the map has it at this turn around the earth
	area         box    // about it: what is near
	into         []Chance
	sum          float64 // of what near edges sweep and of far angles, radians
	turns        int     // crossings of the ray, those northward less those southward
	open         bool    // there is a run of near edges
	fromU, fromV float64 // where it begins
	u, v         float64 // where it has come to
	corner       uint32  // the number of that corner
}

func newSweep(x *Index, g *gauss, turns float64, into []Chance) sweep {
	s := sweep{x: x, g: *g, at: g.centre, area: g.area, into: into}
	s.at.x += turns
	s.area.west, s.area.east = s.area.west+turns, s.area.east+turns
	return s
}

// all appends what lies in zones with more than LeastChance, which it finds by the tree of
// their boxes.
func (s *sweep) all() []Chance {
	top := len(s.x.boxes.levels) - 1
	s.search(top, 0, len(s.x.boxes.levels[top]))
	return s.into
}

func (s *sweep) search(level, from, to int) {
	boxes := s.x.boxes.levels[level]
	for i := from; i < to; i++ {
		if s.least(&boxes[i]) {
			continue
		}
		if level > 0 {
			s.search(level-1, i*boxFan, min((i+1)*boxFan, len(s.x.boxes.levels[level-1])))
			continue
		}
		zone := s.x.boxes.shapes[i]
		if p := s.share(&s.x.shapes.of[zone]); p > LeastChance {
			s.into = append(s.into, Chance{int32(zone), p})
		}
	}
}

// least says whether surely no more than LeastChance lies in a box: it is small, or begins
// 3.0903 sigmas aside, where that much is left, or does so partly along one axis and partly
// along the other. There u^2 + v^2 + .394 uv = 8.285 lies a little beyond the curve on which
// the product of what is left along each is LeastChance.
func (s *sweep) least(b *box) bool {
	u := max(b.west-s.at.x, s.at.x-b.east) * s.g.perLon
	v := max(b.south-s.at.y, s.at.y-b.north) * s.g.perLat
	if u > 3.0903 || v > 3.0903 || u > 0 && v > 0 && s.g.uy == 0 && u*u+v*v+.394*u*v > 8.285 {
		return true
	}
	return (b.east-b.west)*s.g.ux*(b.north-b.south)*s.g.vy < 2*math.Pi*LeastChance
}

// share is the part of the Gaussian that lies in a zone.
func (s *sweep) share(sh *shape) float64 {
	s.sum, s.turns, s.open = 0, 0, false
	shapes := &s.x.shapes
	for i, group := range shapes.groupsOf(sh) {
		near := group.meets(&s.area)
		if !near && !s.onRay(&group) {
			continue
		}
		blocks := shapes.inGroup(sh, uint32(i))
		for k := range blocks {
			if b := &blocks[k]; near && b.box.meets(&s.area) {
				s.run(b)
			} else if s.onRay(&b.box) {
				if below := shapes.corners[b.first].y < s.at.y; below != (shapes.corners[b.last].y < s.at.y) {
					s.cross(below)
				}
			}
		}
	}
	s.close()
	return min(max(s.sum/(2*math.Pi)+float64(s.turns), 0), 1)
}

// onRay says whether a box that is not near may meet the ray to the east.
func (s *sweep) onRay(b *box) bool {
	return b.south <= s.at.y && s.at.y <= b.north && b.west > s.at.x
}

// cross counts that a far way crosses the ray.
func (s *sweep) cross(north bool) {
	if north {
		s.turns++
	} else {
		s.turns--
	}
}

// run goes along a block of edges of which some may be near.
func (s *sweep) run(b *block) {
	if s.open && s.corner != b.first {
		s.close()
	}
	s.edges(s.x.shapes.corners[b.first : b.last+1])
	s.corner = b.last
}

// close ends the run of near edges. One that ends where it began leaves nothing open.
func (s *sweep) close() {
	if s.open && (s.fromU != s.u || s.fromV != s.v) {
		s.sum += bearing(s.fromU, s.fromV) - bearing(s.u, s.v)
	}
	s.open = false
}

// edges goes along neighbouring edges.
func (s *sweep) edges(corners []vertex) {
	ux, uy, vy, table := s.g.ux, s.g.uy, s.g.vy, s.x.fading
	x, y := s.at.x, s.at.y
	dx, dy := corners[0].x-x, corners[0].y-y
	au, av := ux*dx+uy*dy, vy*dy
	a2, sum := au*au+av*av, 0.
	for _, c := range corners[1:] {
		dx, dy = c.x-x, c.y-y
		bu, bv := ux*dx+uy*dy, vy*dy
		b2 := bu*bu + bv*bv
		cross, dot := au*bv-av*bu, au*bu+av*bv
		length2 := a2 + b2 - 2*dot
		if length2 <= 25 && a2 >= farOff || length2 > 9 && farAway(cross, dot, length2, a2, b2) {
			if s.open {
				s.u, s.v = au, av
				s.close()
			}
			if below := av < 0; below != (bv < 0) && below == (cross > 0) {
				s.cross(below) // it crosses the line of the ray, to the east
			}
			au, av, a2 = bu, bv, b2
			continue
		}
		if !s.open {
			s.open, s.fromU, s.fromV = true, au, av
		}
		middle, step := (a2+b2)/2-length2/4, b2-a2
		switch {
		case length2 <= 1.5:
			sum += cross * table.short(middle, step, length2)
		case length2 <= 9:
			step, outer := gauss3*step, middle+gauss3*gauss3*length2
			sum += cross * (5./18*(table.at(outer-step)+table.at(outer+step)) + 8./18*table.at(middle))
		case length2 <= 25:
			sum += cross * table.five(middle, step, length2)
		default:
			sum += table.along(au, av, bu, bv)
		}
		au, av, a2 = bu, bv, b2
	}
	s.u, s.v = au, av
	s.sum += sum
}

// farAway says whether an edge keeps out of the tails: its line does, or it lies on one side
// of the foot and begins or ends outside.
func farAway(cross, dot, length2, a2, b2 float64) bool {
	return cross*cross > tails*tails*length2 || dot > a2 && a2 > tails*tails || dot > b2 && b2 > tails*tails
}
