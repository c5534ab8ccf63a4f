// Package tracks invents what a radar sees of objects in clutter, scan by scan: the workloads
// T that trackers are compared on, a hard one of few detections in dense clutter and one of
// crossings and manoeuvres, with the truth beside them, and the score of an answer.
//
// It never tracks anything itself, touches no disk, clock or network, and gives the same
// plots for the same seed on one processor architecture. Its ground is sea where nobody lives.
//
// Read ParseWorkload for the names of workloads, New for how one is made and score.go for the
// metric.
package tracks

import (
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Plot is one measured place.
type Plot struct {
	ID     string
	At     geo.Point
	Target int // index of the object it is of, -1: clutter
}

// Scan is one look.
type Scan struct {
	ID    string
	Time  truce.Instant
	Plots []Plot // in an order that says nothing
	Truth []geo.Point
	// Alive says of each object whether it is there.
	Alive []bool
}

// World is a run of scans with its truth.
type World struct {
	Targets int
	Sigma   geo.Metres // of the plots, as they state it; 0: they do not
	Scans   []Scan
	Rows    []Row // of many sensors; Scans then hold no plots
}

// Start is the time of the first scan.
var Start = truce.InstantOf(time.Date(2031, 3, 3, 6, 0, 0, 0, time.UTC))

// origin is the middle of the ground: open South Atlantic.
var origin = geo.Point{Lat: -47.9, Lon: -21.6}

// body is an object on its way, m and m/s in the plane.
type body struct {
	x, y, u, w float64
	turn       float64 // rad/s
	push       float64 // m/s2 along the course
	until      int     // scan when the manoeuvre ends
}

// maker makes a world. Each matter has its own chance, so that more clutter does not move
// the objects.
type maker struct {
	cfg    Config
	plane  geo.Plane
	bodies []body
	world  *World

	motion, seeing, clutter, deal *rand.Rand
}

// New makes the world of a workload.
func New(cfg Config) (*World, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	chance := func(matter uint64) *rand.Rand { return rand.New(rand.NewPCG(cfg.Seed, 0x74726b0000+matter)) }
	m := &maker{
		cfg: cfg, plane: geo.NewPlane(origin), world: &World{Targets: cfg.Targets, Sigma: cfg.stated()},
		motion: chance(1), seeing: chance(2), clutter: chance(3), deal: chance(4),
	}
	m.place()
	if cfg.Kind == KindMany || cfg.Kind == KindBearings {
		return newMany(m), nil
	}
	for scan := range cfg.Scans {
		if scan > 0 {
			m.move(scan)
		}
		m.look(scan)
	}
	return m.world, nil
}

// place puts the objects where they start.
func (m *maker) place() {
	half, speed := float64(m.cfg.Width)/2, float64(spreadOfSpeed)
	if m.cfg.Kind == KindBearings {
		speed = heardSpeed
	}
	for i := range m.cfg.Targets {
		b := body{
			x: half * (2*m.motion.Float64() - 1), y: half * (2*m.motion.Float64() - 1),
			u: speed * m.motion.NormFloat64(), w: speed * m.motion.NormFloat64(),
		}
		if m.cfg.Kind == KindCrossing && i%4 == 1 { // it crosses the one before
			b = m.crossing(&m.bodies[i-1])
		}
		m.bodies = append(m.bodies, b)
	}
}

// crossing is an object that meets another after some time, at a small angle and nearly its
// speed.
func (m *maker) crossing(o *body) body {
	after := float64(m.cfg.Scans) * m.cfg.Step.Seconds() * (.15 + .25*m.motion.Float64())
	angle := (10 + 40*m.motion.Float64()) * math.Pi / 180
	if m.motion.IntN(2) == 0 {
		angle = -angle
	}
	faster := 1 + .1*m.motion.NormFloat64()
	sin, cos := math.Sincos(angle)
	u, w := faster*(o.u*cos-o.w*sin), faster*(o.u*sin+o.w*cos)
	return body{x: o.x + after*(o.u-u), y: o.y + after*(o.w-w), u: u, w: w}
}

// move takes all objects one step on.
func (m *maker) move(scan int) {
	dt := m.cfg.Step.Seconds()
	for i := range m.bodies {
		b := &m.bodies[i]
		b.x += dt * b.u
		b.y += dt * b.w
		b.u += m.cfg.Wander * m.motion.NormFloat64()
		b.w += m.cfg.Wander * m.motion.NormFloat64()
		if m.cfg.Kind == KindCrossing && i%4 >= 2 {
			m.manoeuvre(b, scan)
		}
	}
}

// manoeuvre turns or brakes now and then, for 5 to 15 scans, with up to half of gravity.
func (m *maker) manoeuvre(b *body, scan int) {
	dt := m.cfg.Step.Seconds()
	if scan >= b.until {
		b.turn, b.push = 0, 0
		if m.motion.Float64() < .04 {
			b.until = scan + 5 + m.motion.IntN(11)
			speed := max(10, math.Hypot(b.u, b.w))
			b.turn = (2*m.motion.Float64() - 1) * mostPush / speed
			if m.motion.IntN(3) == 0 {
				b.turn, b.push = 0, (m.motion.Float64()-.5)*mostPush/2
			}
		}
	}
	sin, cos := math.Sincos(b.turn * dt)
	b.u, b.w = b.u*cos-b.w*sin, b.u*sin+b.w*cos
	if speed := math.Hypot(b.u, b.w); speed > 5 || b.push > 0 {
		b.u += b.push * dt * b.u / speed
		b.w += b.push * dt * b.w / speed
	}
}

// look makes a scan.
func (m *maker) look(scan int) {
	s := Scan{ID: strconv.Itoa(scan + 1), Time: Start.Add(time.Duration(scan) * m.cfg.Step)}
	for i := range m.bodies {
		b := &m.bodies[i]
		s.Truth = append(s.Truth, m.point(b.x, b.y))
		s.Alive = append(s.Alive, true)
		seen := m.seeing.Float64() < m.cfg.Detection
		east, north := float64(m.cfg.Sigma)*m.seeing.NormFloat64(), float64(m.cfg.Sigma)*m.seeing.NormFloat64()
		if seen {
			s.Plots = append(s.Plots, Plot{At: m.point(b.x+east, b.y+north), Target: i})
		}
	}
	half := float64(m.cfg.Width) / 2
	for range poisson(m.clutter, m.cfg.Clutter) {
		at := m.point(half*(2*m.clutter.Float64()-1), half*(2*m.clutter.Float64()-1))
		s.Plots = append(s.Plots, Plot{At: at, Target: -1})
	}
	m.deal.Shuffle(len(s.Plots), func(i, j int) { s.Plots[i], s.Plots[j] = s.Plots[j], s.Plots[i] })
	for i := range s.Plots {
		s.Plots[i].ID = s.ID + "." + strconv.Itoa(i+1)
	}
	m.world.Scans = append(m.world.Scans, s)
}

// point is a place on the ground, rounded as it is written.
func (m *maker) point(x, y float64) geo.Point {
	p := m.plane.From(geo.Metres(x), geo.Metres(y))
	return geo.Point{Lat: rounded(p.Lat), Lon: rounded(p.Lon)}
}

func rounded(d geo.Degrees) geo.Degrees {
	scale := math.Pow10(coordinateDecimals)
	return geo.Degrees(math.Round(float64(d)*scale) / scale)
}

// poisson draws a number with the given mean: in parts of 30, each by multiplying chances
// (Knuth 1969, The Art of Computer Programming 2, 3.4.1).
func poisson(chance *rand.Rand, mean float64) (n int) {
	for mean > 0 {
		part := min(mean, 30)
		mean -= part
		for limit, product := math.Exp(-part), chance.Float64(); product > limit; product *= chance.Float64() {
			n++
		}
	}
	return n
}
