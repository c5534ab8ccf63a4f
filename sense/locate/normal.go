package locate

import "math"

// information adds up the upper half of the normal equations of a fit over the unknowns x, y,
// t and z, their gradient, and the squares of the residuals in sigmas.
type information struct {
	xx, xy, yy, xt, yt, tt, xz, yz, tz, zz float64
	bx, by, bt, bz                         float64
	chi2                                   float64
}

// add takes in one time: its residual, its variance, how much of it counts, and how it
// changes with the place.
func (n *information) add(residual, variance, share float64, h slope) {
	weight := share / variance
	if z2 := residual * residual / variance; z2 >= 4 {
		weight *= trust(z2)
	}
	x, y, z, r := weight*h.x, weight*h.y, weight*h.z, weight*residual
	n.xx += x * h.x
	n.xy += x * h.y
	n.yy += y * h.y
	n.xt += x
	n.yt += y
	n.tt += weight
	n.xz += x * h.z
	n.yz += y * h.z
	n.tz += z
	n.zz += z * h.z
	n.bx += x * residual
	n.by += y * residual
	n.bt += r
	n.bz += z * residual
	n.chi2 += r * residual
}

// normal adds up the normal equations of a fit: information and gradient. A pick that is
// the event's with a chance of sure only, weighs so much.
func (w *worker) normal(p *place, members []int32, sure []float64, air wind, a *matrix, b *vector) (chi2 float64) {
	var n information
	if len(sure) != len(members) {
		sure = nil
	}
	switch {
	case !w.picks.alike:
		w.normalStated(p, members, sure, air, &n)
	case w.model.medium == InGround:
		w.normalGround(p, members, sure, &n)
	default:
		w.normalAir(p, members, sure, air, &n)
	}
	if w.model.medium == InGround {
		n.zz += 1 / w.model.depthVariance()
	}
	*a = matrix{
		atX: {n.xx, n.xy, n.xt, n.xz},
		atY: {n.xy, n.yy, n.yt, n.yz},
		atT: {n.xt, n.yt, n.tt, n.tz},
		atZ: {n.xz, n.yz, n.tz, n.zz},
	}
	*b = vector{atX: n.bx, atY: n.by, atT: n.bt, atZ: n.bz}
	return n.chi2
}

// normalStated adds up picks with errors or azimuths of their own.
func (w *worker) normalStated(p *place, members []int32, sure []float64, air wind, n *information) {
	share := 1.0
	for i, pick := range members {
		if sure != nil {
			share = sure[i]
		}
		travel, h := w.travel(p, w.picks.channel[pick], air)
		n.add(w.picks.time[pick]-p.t-travel, w.errorOf(pick, travel), share, h)
		if spread := w.picks.turned(pick); spread > 0 {
			n.turn(w, p, pick, spread*spread, share)
		}
	}
}

// normalGround adds up picks of P and S that differ in nothing but time. It is wave, variance and
// add in one, to the bit, since calls took as long as the sums.
func (w *worker) normalGround(p *place, members []int32, sure []float64, n *information) {
	net, at, share := w.net, *p, 1.0
	var xx, xy, yy, xt, yt, tt, xz, yz, tz, zz, bx, by, bt, bz, chi2 float64
	for i, pick := range members {
		c := w.picks.channel[pick]
		s, phase := c>>1, P+Phase(c&1)
		slowness, t := w.model.slowness[phase], &w.model.timing[phase]
		dx, dy, dz := net.x[s]-at.x, net.y[s]-at.y, net.z[s]+at.z
		d := math.Sqrt(dx*dx + dy*dy + dz*dz + 1)
		travel, k := slowness*d, -slowness/d
		residual, variance := w.picks.time[pick]-at.t-travel, t.variance(0, travel)
		if sure != nil {
			share = sure[i]
		}
		weight := share / variance
		if z2 := residual * residual / variance; z2 >= 4 {
			weight *= trust(z2)
		}
		hx, hy, hz := k*dx, k*dy, -k*dz
		x, y, z, r := weight*hx, weight*hy, weight*hz, weight*residual
		xx, xy, yy = xx+x*hx, xy+x*hy, yy+y*hy
		xt, yt, tt = xt+x, yt+y, tt+weight
		xz, yz, tz, zz = xz+x*hz, yz+y*hz, tz+z, zz+z*hz
		bx, by, bt, bz = bx+x*residual, by+y*residual, bt+r, bz+z*residual
		chi2 += r * residual
	}
	*n = information{xx, xy, yy, xt, yt, tt, xz, yz, tz, zz, bx, by, bt, bz, chi2}
}

// normalAir is normalGround for sound.
func (w *worker) normalAir(p *place, members []int32, sure []float64, air wind, n *information) {
	net, t, at, share := w.net, &w.model.timing[Acoustic], *p, 1.0
	var xx, xy, yy, xt, yt, tt, bx, by, bt, chi2 float64
	for i, pick := range members {
		c := w.picks.channel[pick]
		travel, h := air.ray(net.x[c]-at.x, net.y[c]-at.y, net.z[c]+at.z)
		residual, variance := w.picks.time[pick]-at.t-travel, t.variance(0, travel)
		if sure != nil {
			share = sure[i]
		}
		weight := share / variance
		if z2 := residual * residual / variance; z2 >= 4 {
			weight *= trust(z2)
		}
		x, y, r := weight*h.x, weight*h.y, weight*residual
		xx, xy, yy = xx+x*h.x, xy+x*h.y, yy+y*h.y
		xt, yt, tt = xt+x, yt+y, tt+weight
		bx, by, bt = bx+x*residual, by+y*residual, bt+r
		chi2 += r * residual
	}
	*n = information{xx: xx, xy: xy, yy: yy, xt: xt, yt: yt, tt: tt, bx: bx, by: by, bt: bt, chi2: chi2}
}

// turn takes in the azimuth of a pick, which tells nothing of the time and the depth.
func (n *information) turn(w *worker, p *place, pick int32, variance, share float64) {
	residual, h := w.bearing(p, pick)
	z2 := residual * residual / variance
	weight := share * trust(z2) / variance
	n.xx += weight * h[atX] * h[atX]
	n.xy += weight * h[atX] * h[atY]
	n.yy += weight * h[atY] * h[atY]
	n.bx += weight * h[atX] * residual
	n.by += weight * h[atY] * residual
	n.chi2 += z2 * weight * variance
}

// travel is the travel time from a place to a channel and how that changes with the place.
func (w *worker) travel(p *place, channel int32, air wind) (float64, slope) {
	if w.model.medium == InAir {
		return air.ray(w.net.x[channel]-p.x, w.net.y[channel]-p.y, w.net.z[channel]+p.z)
	}
	sensor := channel >> 1
	return wave(w.net.x[sensor]-p.x, w.net.y[sensor]-p.y, w.net.z[sensor]+p.z, w.model.slowness[P+Phase(channel&1)])
}
