package track

import "math"

// lateness is how long the sound of an object took that is at x, y from the sensor now and
// moves with u, w: the time t for which |place - velocity t| = soundMps t.
func lateness(x, y, u, w float64) float64 {
	if speed := math.Hypot(u, w); speed > .9*soundMps { // what is faster than its sound has no such time
		u, w = u*.9*soundMps/speed, w*.9*soundMps/speed
	}
	along := x*u + y*w
	free := soundMps*soundMps - u*u - w*w
	return (math.Sqrt(along*along+free*(x*x+y*y)) - along) / free
}

// pointing is the direction in which a state is seen, rad clockwise from north, with its
// gradient over place and velocity, and the second derivatives over the place.
type pointing struct {
	angle                      float64
	hx, hy, hu, hw             float64
	secondX, secondY, secondXY float64
}

// point looks from a sensor at where the object was when it sent what was measured.
func (g *gauss) point(m *mark) (p pointing) {
	e, t := m.more, m.ago
	x, y := g.x-t*g.u-e.sx, g.y-t*g.w-e.sy
	lag := 0.0
	if e.sound {
		lag = lateness(x, y, g.u, g.w)
		x, y = x-lag*g.u, y-lag*g.w
	}
	r2 := max(x*x+y*y, 1)
	p.angle = math.Atan2(x, y)
	p.hx, p.hy = y/r2, -x/r2
	p.secondX, p.secondY, p.secondXY = -2*x*y/(r2*r2), 2*x*y/(r2*r2), (x*x-y*y)/(r2*r2)
	if e.sound { // the time changes with the range, and the place with it
		r := math.Sqrt(r2)
		nx, ny := x/r, y/r
		turn := (p.hx*g.u + p.hy*g.w) / (soundMps + nx*g.u + ny*g.w)
		p.hx, p.hy = p.hx-turn*nx, p.hy-turn*ny
	}
	p.hu, p.hw = -(t+lag)*p.hx, -(t+lag)*p.hy
	return p
}

// seeBearing looks at a bearing from the state, as a view of one dimension: the extended
// Kalman filter's to the second order (Bar-Shalom, Li and Kirubarajan 2001, 10.3.2). Its
// density is per radian.
func (g *gauss) seeBearing(m *mark) view {
	p := g.point(m)
	// Half the trace of second derivatives and covariance shifts what is expected; half the
	// trace of its square widens it.
	a := p.secondX*g.xx + p.secondXY*g.xy
	b := p.secondX*g.xy + p.secondXY*g.yy
	c := p.secondXY*g.xx + p.secondY*g.xy
	d := p.secondXY*g.xy + p.secondY*g.yy
	off := math.Remainder(m.more.azimuth-p.angle-(a+d)/2, 2*math.Pi)
	return g.along(p.hx, p.hy, p.hu, p.hw, off, m.more.aa+(a*a+2*b*c+d*d)/2)
}

// along is a view of one dimension: what is measured goes with the gradient, is off by off
// and has the variance r.
func (g *gauss) along(hx, hy, hu, hw, off, r float64) (v view) {
	v.cxx = g.xx*hx + g.xy*hy + g.xu*hu + g.xw*hw
	v.cyx = g.xy*hx + g.yy*hy + g.yu*hu + g.yw*hw
	v.cux = g.xu*hx + g.yu*hy + g.uu*hu + g.uw*hw
	v.cwx = g.xw*hx + g.yw*hy + g.uw*hu + g.ww*hw
	s := hx*v.cxx + hy*v.cyx + hu*v.cux + hw*v.cwx + r
	v.dx, v.a = off, 1/s
	v.dist2 = off * off / s
	v.norm = 1 / math.Sqrt(2*math.Pi*s)
	return v
}

// radial is how fast a state goes away from the sensor, m/s, with its gradient.
func (g *gauss) radial(m *mark) (speed, hx, hy, hu, hw float64) {
	e, t := m.more, m.ago
	x, y := g.x-t*g.u-e.sx, g.y-t*g.w-e.sy
	r := max(math.Hypot(x, y), 1)
	nx, ny := x/r, y/r
	speed = g.u*nx + g.w*ny
	hx, hy = (g.u-nx*speed)/r, (g.w-ny*speed)/r
	return speed, hx, hy, nx - t*hx, ny - t*hy
}

// seeDoppler looks at a Doppler speed from the state. Its density is per metre a second.
func (g *gauss) seeDoppler(m *mark) view {
	speed, hx, hy, hu, hw := g.radial(m)
	return g.along(hx, hy, hu, hw, m.more.radial-speed, m.more.dd)
}

// dopplerOdds is how much likelier the Doppler of a plot is of the state than of nothing in
// particular, which has the speeds that objects have (speeds).
func (g *gauss) dopplerOdds(m *mark) float64 {
	after := *g
	v := after.see(m)
	after.update(&v)
	d := after.seeDoppler(m)
	return d.density() / anyRadial(m.more.radial, m.more.dd)
}

// anyRadial is the density of a Doppler speed of nothing in particular.
func anyRadial(radial, dd float64) (density float64) {
	for _, s := range speeds {
		v := s.sigma*s.sigma + dd
		density += s.share * math.Exp(-radial*radial/(2*v)) / math.Sqrt(2*math.Pi*v)
	}
	return density
}

// measured weighs what a plot tells beyond its place into an edge, and gives the odds of its
// identity.
func (g *target) measured(m *mark, e *edge) (names float64) {
	if m.more.dd > 0 {
		e.density = 0
		for j := range g.motion.is {
			e.like[j] *= g.motion.is[j].dopplerOdds(m)
			e.density += g.motion.chance[j] * e.like[j]
		}
	}
	if g.more == nil || m.more.identity.Value == "" {
		return 1
	}
	return g.more.names.odds(m.more.identity)
}

// addMeasured takes a plot of any kind in with a weight.
func (c *change) addMeasured(g *gauss, m *mark, weight float64) {
	if m.more.bearing {
		v := g.seeBearing(m)
		c.add(&v, weight)
		return
	}
	v := g.see(m)
	if m.more.dd == 0 {
		c.add(&v, weight)
		return
	}
	after := *g
	after.update(&v)
	d := after.seeDoppler(m)
	after.update(&d)
	c.between(g, &after, weight)
}

// between takes the way from one state to another in with a weight.
func (c *change) between(from, to *gauss, weight float64) {
	dx, dy, du, dw := to.x-from.x, to.y-from.y, to.u-from.u, to.w-from.w
	c.dx += weight * dx
	c.dy += weight * dy
	c.du += weight * du
	c.dw += weight * dw
	l := &c.less
	l.xx += weight * (from.xx - to.xx - dx*dx)
	l.xy += weight * (from.xy - to.xy - dx*dy)
	l.yy += weight * (from.yy - to.yy - dy*dy)
	l.xu += weight * (from.xu - to.xu - dx*du)
	l.xw += weight * (from.xw - to.xw - dx*dw)
	l.yu += weight * (from.yu - to.yu - dy*du)
	l.yw += weight * (from.yw - to.yw - dy*dw)
	l.uu += weight * (from.uu - to.uu - du*du)
	l.uw += weight * (from.uw - to.uw - du*dw)
	l.ww += weight * (from.ww - to.ww - dw*dw)
}
