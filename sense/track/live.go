package track

import (
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Live follows plots while scans come in. A scan that comes after newer ones, or more plots
// of a scan that was taken already, are put in their place, and what came after is worked
// again: what Close gives is what Batch gives for the same plots, as long as none comes more
// than Config.Late behind the newest. It is for one goroutine.
type Live struct {
	now    tracker
	cfg    Config
	scans  []Scan // of the last Late, by time
	before []checkpoint
}

// checkpoint is the tracker before one of the kept scans.
type checkpoint struct {
	state tracker
	scan  Scan // the first that it had not yet
}

// checkpointEvery scans one is kept: that many are worked again at most for one that is late,
// and those behind it.
const checkpointEvery = 8

// NewLive begins to follow.
func NewLive(cfg Config) (*Live, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg.Late = cfg.late()
	return &Live{cfg: cfg, now: tracker{cfg: cfg}}, nil
}

// Add takes a scan in and returns the tracks that are likely there at the newest one. A
// scan that is refused changes nothing.
func (l *Live) Add(s Scan) ([]Current, error) {
	if err := l.take(s); err != nil {
		return nil, err
	}
	return l.now.current(), nil
}

func (l *Live) take(s Scan) error {
	if err := CheckScan(s); err != nil {
		return err
	}
	if len(s.Plots) == 0 && len(l.scans) == 0 {
		return nil
	}
	if i := slices.IndexFunc(l.scans, func(k Scan) bool { return k.ID == s.ID }); i >= 0 {
		whole := l.scans[i]
		whole.Plots = slices.Concat(whole.Plots, s.Plots)
		whole.Time = max(whole.Time, s.Time)
		if err := CheckScan(whole); err != nil {
			return err
		}
		first := l.scans[i]
		l.scans = slices.Delete(l.scans, i, i+1)
		return l.late(whole, first)
	}
	n := len(l.scans)
	if n > 0 && byTime(s, l.scans[n-1]) < 0 {
		if newest := l.scans[n-1].Time; newest-s.Time > truce.Instant(l.cfg.Late) {
			return truce.Errorf(truce.CodeInvalid, "scan %s is %.1f s behind the newest, more than %.1f s: sort the scans by time", s.ID, newest.Sub(s.Time).Seconds(), float64(l.cfg.Late)/1e6)
		}
		return l.late(s, s)
	}
	l.scans = append(l.scans, s)
	l.work(s)
	l.forget()
	return nil
}

// work takes the next scan, and keeps the state before it from time to time.
func (l *Live) work(s Scan) {
	if l.now.scans%checkpointEvery == 0 {
		l.before = append(l.before, checkpoint{l.now.clone(), s})
	}
	l.now.step(&s)
}

// late puts a scan in its place. Everything from the first of the two on is worked again.
func (l *Live) late(s, from Scan) error {
	at, _ := slices.BinarySearchFunc(l.scans, s, byTime)
	l.scans = slices.Insert(l.scans, at, s)
	if byTime(s, from) < 0 {
		from = s
	}
	n := len(l.before) - 1
	for n > 0 && byTime(l.before[n].scan, from) > 0 {
		n--
	}
	back := l.before[n]
	l.before = l.before[:n]
	l.now = back.state
	if n == 0 && byTime(from, back.scan) < 0 {
		back.scan = from
	}
	for i := range l.scans {
		if byTime(l.scans[i], back.scan) >= 0 {
			l.work(l.scans[i])
		}
	}
	l.forget()
	return nil
}

// forget drops scans and checkpoints that no late scan can need.
func (l *Live) forget() {
	newest := l.scans[len(l.scans)-1].Time
	kept := 0
	for kept+1 < len(l.before) && newest-l.before[kept+1].scan.Time > truce.Instant(l.cfg.Late) {
		kept++
	}
	if kept == 0 {
		return
	}
	l.before = slices.Delete(l.before, 0, kept)
	first := slices.IndexFunc(l.scans, func(s Scan) bool { return byTime(s, l.before[0].scan) >= 0 })
	l.scans = slices.Delete(l.scans, 0, first)
}

// Close tells of every track that there was.
func (l *Live) Close() Result { return l.now.result() }

func (t *tracker) result() Result {
	r := Result{Tracks: t.tracks(), Scans: int(t.scans), Plots: t.plots, Detection: t.learnt.detection, Sigma: geo.Metres(t.learnt.sigma)}
	r.Sensors = t.sensors()
	return r
}

// clone is a copy that goes its own way.
func (t *tracker) clone() tracker {
	out := *t
	out.marks, out.near, out.wide, out.broad, out.deal, out.parts = nil, near{}, near{}, nil, association{}, [mostParts]part{}
	out.field = t.field.clone()
	out.targets = slices.Clone(t.targets)
	for i := range out.targets { // the steps until now are shared, and never changed
		steps := out.targets[i].steps
		out.targets[i].steps = steps[:len(steps):len(steps)]
		held := out.targets[i].held
		out.targets[i].held = held[:len(held):len(held)]
	}
	nodes := t.starts.nodes
	out.starts = starts{list: slices.Clone(t.starts.list), nodes: nodes[:len(nodes):len(nodes)], tidied: t.starts.tidied}
	for i := range out.targets {
		out.targets[i].more = out.targets[i].more.clone()
	}
	out.net = t.net.clone()
	out.log.records = t.log.records[:len(t.log.records):len(t.log.records)]
	for i := range out.past.scans {
		out.past.scans[i].claimed = slices.Clone(out.past.scans[i].claimed)
	}
	return out
}
