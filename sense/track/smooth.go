package track

import (
	"slices"

	"github.com/trucewatch/truce"
)

// log is what became of the tracks that are no more, scan by scan.
type log struct{ records []record }

// record is the history of one track.
type record struct {
	number    int
	confirmed int32 // the scan of its confirmation
	ended     bool
	steps     []historyStep
	held      []Held
	more      *extras
}

// A history is smoothed in blocks of settleSteps, each by what came until the end of the next
// block: what came later still changes nothing that matters.
const settleSteps = 128

// historyStep is a track at one scan, after its plots. What was expected before them follows
// from the step before and the noise.
type historyStep struct {
	after                    gauss
	time                     truce.Instant
	z                        float64 // altitude, m
	noise                    stir    // since the step before
	scan                     int32
	exists, found, manoeuvre float32
	high                     bool // an altitude was told
}

// expect notes the noise up to a scan; note must follow.
func (g *target) expect(scan int32, at truce.Instant, noise stir) {
	g.steps = append(g.steps, historyStep{scan: scan, time: at, noise: noise})
}

// note notes what came out.
func (g *target) note() {
	s := &g.steps[len(g.steps)-1]
	scan, noise := s.scan, s.noise
	*s = g.current(s.time)
	s.scan, s.noise = scan, noise
}

// keep takes over the history of a confirmed track; ended: it is no more.
func (l *log) keep(g *target, ended bool) {
	if g.number > 0 {
		l.records = append(l.records, g.record(ended))
	}
}

func (g *target) record(ended bool) record {
	return record{g.number, g.confirmed, ended, g.steps, g.held, g.more}
}

// matrix is of place and velocity: x, y, u, w.
type matrix [4][4]float64

func (g *gauss) matrix() matrix {
	return matrix{{g.xx, g.xy, g.xu, g.xw}, {g.xy, g.yy, g.yu, g.yw}, {g.xu, g.yu, g.uu, g.uw}, {g.xw, g.yw, g.uw, g.ww}}
}

func (g *gauss) setMatrix(m *matrix) {
	g.xx, g.xy, g.xu, g.xw = m[0][0], m[0][1], m[0][2], m[0][3]
	g.yy, g.yu, g.yw = m[1][1], m[1][2], m[1][3]
	g.uu, g.uw, g.ww = m[2][2], m[2][3], m[3][3]
}

func (m *matrix) times(o *matrix) (out matrix) {
	for i := range out {
		for j := range out {
			out[i][j] = m[i][0]*o[0][j] + m[i][1]*o[1][j] + m[i][2]*o[2][j] + m[i][3]*o[3][j]
		}
	}
	return out
}

func (m *matrix) transposed() (out matrix) {
	for i := range out {
		for j := range out {
			out[i][j] = m[j][i]
		}
	}
	return out
}

// inverse is by Gauss and Jordan; m is positive definite, so no pivot is 0. False: it is
// not, by rounding.
func (m matrix) inverse() (out matrix, ok bool) {
	for i := range out {
		out[i][i] = 1
	}
	for i := range m {
		if !(m[i][i] > 0) {
			return out, false
		}
		scale := 1 / m[i][i]
		for j := range m {
			m[i][j] *= scale
			out[i][j] *= scale
		}
		for k := range m {
			if k == i {
				continue
			}
			factor := m[k][i]
			for j := range m {
				m[k][j] -= factor * m[i][j]
				out[k][j] -= factor * out[i][j]
			}
		}
	}
	return out, true
}

// smooth goes through a history backwards and has each state know what came later (Rauch,
// Tung and Striebel 1965, AIAA Journal 3). All motions move alike and differ in their noise
// only, so the mixture's own moments are smoothed.
func smooth(steps []historyStep) []gauss {
	out := make([]gauss, len(steps))
	for k := len(steps) - 1; k >= 0; k-- {
		out[k] = steps[k].after
		if k+1 < len(steps) {
			dt := steps[k+1].time.Sub(steps[k].time).Seconds()
			expected := steps[k].after
			expected.predict(dt, 0)
			expected.stirred(dt, &steps[k+1].noise)
			out[k].smooth(&expected, &out[k+1], dt)
		}
	}
	return out
}

// smooth corrects a state by the next one: expected is what it made expect for dt seconds
// later, later what is known of then.
func (g *gauss) smooth(expected, later *gauss, dt float64) {
	own := g.matrix()
	forth := own // own times the transposed motion
	for i := range forth {
		forth[i][0] += dt * own[i][2]
		forth[i][1] += dt * own[i][3]
	}
	inverse, ok := expected.matrix().inverse()
	if !ok {
		return
	}
	gain := forth.times(&inverse)
	d := [4]float64{later.x - expected.x, later.y - expected.y, later.u - expected.u, later.w - expected.w}
	to := [4]*float64{&g.x, &g.y, &g.u, &g.w}
	for i := range to {
		*to[i] += gain[i][0]*d[0] + gain[i][1]*d[1] + gain[i][2]*d[2] + gain[i][3]*d[3]
	}
	change, was := later.matrix(), expected.matrix()
	for i := range change {
		for j := range change {
			change[i][j] -= was[i][j]
		}
	}
	back := gain.transposed()
	part := gain.times(&change)
	part = part.times(&back)
	for i := range own {
		for j := range own {
			own[i][j] += part[i][j]
		}
	}
	g.setMatrix(&own)
}

// tracks are all confirmed tracks by number.
func (t *tracker) tracks() []Track {
	all := log{slices.Clone(t.log.records)}
	for i := range t.targets {
		all.keep(&t.targets[i], false)
	}
	slices.SortFunc(all.records, func(a, b record) int { return a.number - b.number })
	out := make([]Track, len(all.records))
	share(len(out), leastRecords, func(_, from, to int) {
		for i := from; i < to; i++ {
			out[i] = t.track(&all.records[i])
		}
	})
	return out
}

// leastRecords is how many histories are worth a processor of their own.
const leastRecords = 4

// settled is how many steps of a history cannot change by what comes.
func settled(steps []historyStep) int { return max(0, len(steps)/settleSteps-1) * settleSteps }

// blocks are all blocks of a record: where each begins, and the end of what it is smoothed
// by. Of a track that ended only what lies before its last plot goes into the last one: what
// was expected after it did not come.
func (r *record) blocks() (out [][2]int) {
	sure, end := settled(r.steps), len(r.steps)
	for r.ended && end > sure && r.steps[end-1].found < .5 {
		end--
	}
	for at := 0; at < sure; at += settleSteps {
		out = append(out, [2]int{at, at + 2*settleSteps})
	}
	return append(out, [2]int{sure, end})
}

// again says whether another scan of the same time came after a step, which knows more.
func (r *record) again(i int) bool {
	return r.more != nil && i+1 < len(r.steps) && r.steps[i+1].time == r.steps[i].time
}

// track is one record told.
func (t *tracker) track(r *record) Track {
	blocks := r.blocks()
	end := blocks[len(blocks)-1][1]
	out := Track{Number: r.number, States: make([]State, 0, end), Held: r.held}
	if r.more != nil {
		out.Said, out.Names = r.more.said, r.more.names.named()
	}
	if !t.cfg.Record {
		out.Known = make([]State, 0, len(r.steps))
	}
	for i := range r.steps {
		if s := &r.steps[i]; !t.cfg.Record && s.scan >= r.confirmed && float64(s.exists) >= leastShown(s.scan-r.confirmed) && !r.again(i) {
			out.Known = append(out.Known, t.state(*s))
		}
	}
	for i, b := range blocks {
		to := end
		if i+1 < len(blocks) {
			to = blocks[i+1][0]
		}
		smoothed := smooth(r.steps[b[0]:b[1]])
		for k := b[0]; k < to; k++ {
			if r.again(k) {
				continue
			}
			s := r.steps[k]
			s.after = smoothed[k-b[0]]
			out.States = append(out.States, t.state(s))
		}
	}
	return out
}
