package engage

import (
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// tier ties the events of one field.
type tier struct {
	field      *Field
	opt        Options
	ballistics *Ballistics
	farthest   [classes]float64
	nodes      []node
	edges      []edge // by muzzle, then impact
	sky        *sky
	ears       []map[int]bool // by node: the sensors that heard it

	ways  []way // buffers
	flown []point
	paths []flown // of fast
}

// Tie finds which events are of one shot. The order of the events, arrivals and sensors
// does not matter, nor do sensors that heard nothing. An event is in one engagement at most.
//
// What it gives holds launch areas. Call it only for an agreement's directory, for review,
// with events older than the agreement's delay.
func Tie(f Field, opt Options) (Result, error) {
	if err := check(&f, &opt); err != nil {
		return Result{}, err
	}
	t := &tier{field: &f, opt: opt, ballistics: opt.Ballistics, nodes: nodesOf(&f, &opt), sky: newSky(&f, &opt)}
	if t.ballistics == nil {
		t.ballistics = NewBallistics()
	}
	for c := range t.farthest {
		t.farthest[c] = t.ballistics.farthest(Class(c))
	}
	t.realities()
	t.crowd()
	t.candidates()
	t.back()
	var out Result
	taken := make([]bool, len(t.nodes))
	var tied []int
	for _, i := range t.match() {
		if e := &t.edges[i]; e.p >= leastTied {
			tied = append(tied, i)
			taken[e.muzzle], taken[e.impact] = true, true
		}
	}
	out.Engagements = t.engagements(tied)
	fires := 0
	for i := range out.Engagements {
		fires = max(fires, out.Engagements[i].Fire+1)
	}
	for i, e := range t.sectors(taken, out.Engagements) {
		e.Fire = fires + i
		out.Engagements = append(out.Engagements, e)
	}
	slices.SortFunc(out.Engagements, t.byImpact)
	for i := range t.nodes {
		if !taken[i] {
			out.Undetermined = append(out.Undetermined, t.role(i))
		}
	}
	return out, nil
}

func check(f *Field, opt *Options) error {
	if len(f.Events) > MaxEvents {
		return truce.Errorf(truce.CodeTooLarge, "%d events: at most %d can be tied at once", len(f.Events), MaxEvents)
	}
	if opt.Speed != 0 && !(opt.Speed >= 200 && opt.Speed <= 500) {
		return truce.Errorf(truce.CodeInvalid, "speed of sound %g m/s: write 200 to 500, or 0 if it is not known", opt.Speed)
	}
	for i := range f.Arrivals {
		if s := f.Arrivals[i].Sensor; s < 0 || s >= len(f.Sensors) {
			return truce.Errorf(truce.CodeInvalid, "arrival %.40q: sensor %d of %d", f.Arrivals[i].ID, s, len(f.Sensors))
		}
	}
	for i := range f.Events {
		e := &f.Events[i]
		if !e.At.Valid() || !geo.FromEllipse(e.Ellipse).Valid() || !(e.TimeSigma >= 0) || math.IsInf(e.TimeSigma, 1) {
			return truce.Errorf(truce.CodeInvalid, "event %s: place, ellipse and time must be finite", e.ID)
		}
		if slices.ContainsFunc(e.Used, used(len(f.Arrivals))) {
			return truce.Errorf(truce.CodeInvalid, "event %s rests on an arrival that was not given", e.ID)
		}
	}
	return nil
}
