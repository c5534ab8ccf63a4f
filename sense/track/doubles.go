package track

// Two tracks that go along for doubleScans scans with a plot or less between them are one.
const (
	doubleScans = 6
	doublePlots = 1.3
	doubleNear  = 1.5 // sigmas of place, and of velocity
	mostRivals  = 64  // of a cluster that are looked at
)

// doubles counts for how long tracks have gone along with older ones.
func (t *tracker) doubles() {
	order := t.deal.order
	for begin := 0; begin < len(order); {
		end := begin + 1
		for end < len(order) && t.deal.root[order[end]] == t.deal.root[order[begin]] {
			end++
		}
		cluster := order[begin:end]
		for _, i := range cluster {
			t.shadow(&t.targets[i], cluster)
		}
		begin = end
	}
}

// shadow counts whether an older track of the cluster is where g is.
func (t *tracker) shadow(g *target, cluster []int32) {
	if t.net != nil && !t.visible(g) {
		return // the sensor tells nothing of it
	}
	along := false
	for _, i := range cluster[:min(len(cluster), mostRivals)] {
		o := &t.targets[i]
		if !o.before(g) || o.found+g.found > doublePlots || g.more.apart(o.more) {
			continue
		}
		dx, dy, du, dw := g.whole.x-o.whole.x, g.whole.y-o.whole.y, g.whole.u-o.whole.u, g.whole.w-o.whole.w
		place, speed := g.whole.xx+g.whole.yy, g.whole.uu+g.whole.ww
		along = along || dx*dx+dy*dy < doubleNear*doubleNear*place && du*du+dw*dw < doubleNear*doubleNear*speed
	}
	if along {
		g.shadows++
	} else {
		g.shadows = 0
	}
}

// before says whether a track goes before another: confirmed ones first, then the older.
func (g *target) before(o *target) bool {
	if (g.number > 0) != (o.number > 0) {
		return g.number > 0
	}
	return g.born < o.born
}
