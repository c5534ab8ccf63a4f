package track

import "math"

// gauss is a Gaussian over place (x east, y north, metres) and velocity (u east, w north,
// metres a second), with its covariance.
type gauss struct {
	x, y, u, w float64

	xx, xy, yy     float64 // of the place
	xu, xw, yu, yw float64 // of place and velocity
	uu, uw, ww     float64 // of the velocity
}

// predict moves the object on for dt seconds at constant velocity, disturbed by white noise
// of acceleration with the spectral density q, m2/s3 (Bar-Shalom, Li and Kirubarajan 2001,
// Estimation with Applications to Tracking and Navigation, 6.2.2).
func (g *gauss) predict(dt, q float64) {
	g.x += dt * g.u
	g.y += dt * g.w
	place, both, speed := q*dt*dt*dt/3, q*dt*dt/2, q*dt
	g.xx += dt*(2*g.xu+dt*g.uu) + place
	g.xy += dt * (g.xw + g.yu + dt*g.uw)
	g.yy += dt*(2*g.yw+dt*g.ww) + place
	g.xu += dt*g.uu + both
	g.xw += dt * g.uw
	g.yu += dt * g.uw
	g.yw += dt*g.ww + both
	g.uu += speed
	g.ww += speed
}

// stir is a spectral density of acceleration that is not the same in all directions: a
// covariance over both axes.
type stir struct{ xx, xy, yy float64 }

// stirred adds such a noise of dt seconds to a state that was moved on without any.
func (g *gauss) stirred(dt float64, q *stir) {
	place, both := dt*dt*dt/3, dt*dt/2
	g.xx += q.xx * place
	g.xy += q.xy * place
	g.yy += q.yy * place
	g.xu += q.xx * both
	g.xw += q.xy * both
	g.yu += q.xy * both
	g.yw += q.yy * both
	g.uu += q.xx * dt
	g.uw += q.xy * dt
	g.ww += q.yy * dt
}

// view is a plot seen from a state: how far off it is, and what it would change.
type view struct {
	dx, dy  float64 // plot less what was expected
	a, b, c float64 // inverse of the innovation's covariance, (a b; b c)
	norm    float64 // of its density
	dist2   float64 // Mahalanobis

	// Covariance of the state with what is measured, a row for each of x, y, u, w.
	cxx, cxy, cyx, cyy, cux, cuy, cwx, cwy float64
}

// see looks at a plot from the state. A plot measured before its scan's time is compared
// with where the object was then.
func (g *gauss) see(m *mark) (v view) {
	t := m.ago
	v.cxx, v.cxy = g.xx-t*g.xu, g.xy-t*g.xw
	v.cyx, v.cyy = g.xy-t*g.yu, g.yy-t*g.yw
	v.cux, v.cuy = g.xu-t*g.uu, g.yu-t*g.uw
	v.cwx, v.cwy = g.xw-t*g.uw, g.yw-t*g.ww
	sxx := v.cxx - t*v.cux + m.rxx
	sxy := v.cxy - t*v.cuy + m.rxy
	syy := v.cyy - t*v.cwy + m.ryy
	det := sxx*syy - sxy*sxy
	one := 1 / det
	v.a, v.b, v.c = syy*one, -sxy*one, sxx*one
	v.dx, v.dy = m.x-g.x+t*g.u, m.y-g.y+t*g.w
	v.dist2 = v.a*v.dx*v.dx + 2*v.b*v.dx*v.dy + v.c*v.dy*v.dy
	v.norm = 1 / (2 * math.Pi * math.Sqrt(det))
	return v
}

// density is of the plot, had it come of the state, per square metre.
func (v *view) density() float64 { return v.norm * math.Exp(-v.dist2/2) }

// density is that of the view, without what it would change.
func (g *gauss) density(m *mark) float64 {
	t := m.ago
	sxx := g.xx - t*(2*g.xu-t*g.uu) + m.rxx
	sxy := g.xy - t*(g.xw+g.yu-t*g.uw) + m.rxy
	syy := g.yy - t*(2*g.yw-t*g.ww) + m.ryy
	dx, dy := m.x-g.x+t*g.u, m.y-g.y+t*g.w
	det := sxx*syy - sxy*sxy
	return math.Exp((2*sxy*dx*dy-syy*dx*dx-sxx*dy*dy)/(2*det)) / (2 * math.Pi * math.Sqrt(det))
}

// change is what plots change in a state: the sum of their shifts and of their covariances,
// each weighted with the chance that the plot is the object's.
type change struct {
	dx, dy, du, dw float64
	less           gauss // covariance to be taken away; its place and velocity are not used
}

// add takes a plot in with a weight.
func (c *change) add(v *view, weight float64) {
	kxx, kxy := v.cxx*v.a+v.cxy*v.b, v.cxx*v.b+v.cxy*v.c
	kyx, kyy := v.cyx*v.a+v.cyy*v.b, v.cyx*v.b+v.cyy*v.c
	kux, kuy := v.cux*v.a+v.cuy*v.b, v.cux*v.b+v.cuy*v.c
	kwx, kwy := v.cwx*v.a+v.cwy*v.b, v.cwx*v.b+v.cwy*v.c
	dx, dy := kxx*v.dx+kxy*v.dy, kyx*v.dx+kyy*v.dy
	du, dw := kux*v.dx+kuy*v.dy, kwx*v.dx+kwy*v.dy
	c.dx += weight * dx
	c.dy += weight * dy
	c.du += weight * du
	c.dw += weight * dw
	l := &c.less
	l.xx += weight * (kxx*v.cxx + kxy*v.cxy - dx*dx)
	l.xy += weight * (kxx*v.cyx + kxy*v.cyy - dx*dy)
	l.yy += weight * (kyx*v.cyx + kyy*v.cyy - dy*dy)
	l.xu += weight * (kxx*v.cux + kxy*v.cuy - dx*du)
	l.xw += weight * (kxx*v.cwx + kxy*v.cwy - dx*dw)
	l.yu += weight * (kyx*v.cux + kyy*v.cuy - dy*du)
	l.yw += weight * (kyx*v.cwx + kyy*v.cwy - dy*dw)
	l.uu += weight * (kux*v.cux + kuy*v.cuy - du*du)
	l.uw += weight * (kux*v.cwx + kuy*v.cwy - du*dw)
	l.ww += weight * (kwx*v.cwx + kwy*v.cwy - dw*dw)
}

// scale multiplies all weights.
func (c *change) scale(by float64) {
	c.dx *= by
	c.dy *= by
	c.du *= by
	c.dw *= by
	l := &c.less
	l.xx, l.xy, l.yy = l.xx*by, l.xy*by, l.yy*by
	l.xu, l.xw, l.yu, l.yw = l.xu*by, l.xw*by, l.yu*by, l.yw*by
	l.uu, l.uw, l.ww = l.uu*by, l.uw*by, l.ww*by
}

// apply gives the state the mean and covariance of the mixture (probabilistic data
// association: Bar-Shalom and Tse 1975, Automatica 11). With one plot of weight 1 it is
// Kalman's update.
func (g *gauss) apply(c *change) {
	l := &c.less
	g.x += c.dx
	g.y += c.dy
	g.u += c.du
	g.w += c.dw
	g.xx -= l.xx + c.dx*c.dx
	g.xy -= l.xy + c.dx*c.dy
	g.yy -= l.yy + c.dy*c.dy
	g.xu -= l.xu + c.dx*c.du
	g.xw -= l.xw + c.dx*c.dw
	g.yu -= l.yu + c.dy*c.du
	g.yw -= l.yw + c.dy*c.dw
	g.uu -= l.uu + c.du*c.du
	g.uw -= l.uw + c.du*c.dw
	g.ww -= l.ww + c.dw*c.dw
}

// round is the density for a state and a plot without direction, both measured at one time.
// Beyond seven sigmas it is nothing.
func (g *gauss) round(m *mark) float64 {
	dx, dy, s := m.x-g.x, m.y-g.y, g.xx+m.rxx
	d2 := dx*dx + dy*dy
	if d2 > 49*s {
		return 0
	}
	return math.Exp(-d2/(2*s)) / (2 * math.Pi * s)
}

// update is Kalman's.
func (g *gauss) update(v *view) {
	var c change
	c.add(v, 1)
	g.apply(&c)
}

// plus adds a part of a mixture, weight first; mean is of the whole mixture.
func (g *gauss) plus(weight float64, part, mean *gauss) {
	dx, dy, du, dw := part.x-mean.x, part.y-mean.y, part.u-mean.u, part.w-mean.w
	g.xx += weight * (part.xx + dx*dx)
	g.xy += weight * (part.xy + dx*dy)
	g.yy += weight * (part.yy + dy*dy)
	g.xu += weight * (part.xu + dx*du)
	g.xw += weight * (part.xw + dx*dw)
	g.yu += weight * (part.yu + dy*du)
	g.yw += weight * (part.yw + dy*dw)
	g.uu += weight * (part.uu + du*du)
	g.uw += weight * (part.uw + du*dw)
	g.ww += weight * (part.ww + dw*dw)
}

// sigma is one sigma of the place, the mean over both axes.
func (g *gauss) sigma() float64 { return math.Sqrt(max(0, g.xx+g.yy) / 2) }
