package coverage

import (
	"slices"
	"time"

	"github.com/trucewatch/truce"
)

// Opening is a stretch in which somebody kept the mission from observing: a gap that a
// finding opened.
type Opening struct {
	Incident truce.ID
	Area     truce.AreaID // "" when it is not known: then it may have been any
	Families []truce.Family
	From, To truce.Instant
	Reason   string // the act
}

// Opened takes what was kept from the watch out of it. An opening is widened to whole
// minutes, so that no hour of coverage tells a time better than that; one without a length
// takes nothing out. Satellites see over every checkpoint. One without families takes out
// all that the mission states a watch of: nobody said who was kept out.
func (v *Watched) Opened(list []Opening) *Watched {
	const minute = truce.Instant(time.Minute / time.Microsecond)
	for _, o := range list {
		if o.To <= o.From {
			continue
		}
		o.From, o.To = floorTo(o.From, minute), -floorTo(-o.To, minute)
		o.From, o.To = max(o.From, v.period.From), min(o.To, v.period.To)
		if o.From < o.To {
			v.openings = append(v.openings, o)
		}
	}
	return v
}

// floorTo is the last multiple of a length that is not later.
func floorTo(at, length truce.Instant) truce.Instant { return at - ((at%length)+length)%length }

// of says whether an opening took a family out in an area.
func (o *Opening) of(area truce.AreaID, family truce.Family) bool {
	switch family {
	case truce.FamilyThermal, truce.FamilyOptical, truce.FamilySAR:
		return false
	}
	return (o.Area == "" || o.Area == area) && (len(o.Families) == 0 || slices.Contains(o.Families, family))
}

// levelsIn are a watcher's levels in an area, with what openings took out.
func (v *Watched) levelsIn(d *duty, area truce.AreaID) []step {
	var out []span
	for i := range v.openings {
		if o := &v.openings[i]; o.of(area, d.Family) {
			out = append(out, span{o.From, o.To, ""})
		}
	}
	if out == nil {
		return d.levels
	}
	shut := stepsOf(v.period, map[float64][]span{1: flat(out)})
	return combine(v.period, [][]step{d.levels, shut}, func(levels []float64) float64 { return levels[0] * (1 - levels[1]) })
}

// openedGaps are the gaps that openings made in a family's watch of an area, as far as it
// was to watch then.
func (v *Watched) openedGaps(area truce.AreaID, family truce.Family, planned []span) []truce.Gap {
	var out []truce.Gap
	for i := range v.openings {
		o := &v.openings[i]
		if !o.of(area, family) {
			continue
		}
		for _, s := range within([]span{{o.From, o.To, o.Reason}}, planned) {
			out = append(out, truce.Gap{From: s.from, To: s.to, Reason: o.Reason, Incident: o.Incident})
		}
	}
	return out
}
