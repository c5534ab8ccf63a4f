package fuse_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/geo"
)

// theatre is n reports a day of towns, each known to 1.5 km and a day, and m heat events
// a day, over days, on 300 by 300 km; a share linked of the reports left heat in the
// town that day. It gives the ids of the linked reports.
func theatre(n, m, days int, linked float64, seed uint64) (events []truce.Event, left map[truce.ID]bool) {
	r := rand.New(rand.NewPCG(seed, 9))
	left = map[truce.ID]bool{}
	where := func() (east, north geo.Metres) {
		return geo.Metres(300_000 * (r.Float64() - 0.5)), geo.Metres(300_000 * (r.Float64() - 0.5))
	}
	shift := func(e truce.Event, day int) truce.Event {
		by := time.Duration(day) * 24 * time.Hour
		e.Origin.From, e.Origin.To = e.Origin.From.Add(by), e.Origin.To.Add(by)
		e.ID = truce.NewID(e.Origin.From, "event", "theatre", e.ID[:])
		return e
	}
	for day := range days {
		for i := range n {
			east, north := where()
			report := shift(told(fmt.Sprint("r", day, i), truce.ActOWAUAV, east, north), day)
			events = append(events, report)
			if r.Float64() < linked {
				left[report.ID] = true
				pixel := heat(fmt.Sprint("l", day, i), east+geo.Metres(1500*r.NormFloat64()), north+geo.Metres(1500*r.NormFloat64()), r.IntN(24))
				events = append(events, shift(pixel, day))
			}
		}
		for i := range m {
			east, north := where()
			events = append(events, shift(heat(fmt.Sprint("h", day, i), east, north, r.IntN(24)), day))
		}
	}
	return events, left
}

// What chance alone corroborates must stay below the level asked for.
func TestChanceCorroboratesSeldom(t *testing.T) {
	for _, row := range []struct{ reports, heat int }{{20, 5}, {20, 40}, {20, 400}} {
		wrong, reports := 0, 0
		for seed := uint64(1); seed <= 3; seed++ {
			events, _ := theatre(row.reports, row.heat, 30, 0, seed)
			reports += row.reports * 30
			for _, g := range fuse.Join(events, fuse.Config{}) {
				if g.Occurrence == truce.OccurrenceCorroborated {
					wrong++
				}
			}
		}
		if share := float64(wrong) / float64(reports); share > 0.005 {
			t.Errorf("%d heat events a day: %.2f %% of unrelated reports corroborated by chance", row.heat, 100*share)
		}
		t.Logf("%d reports, %d heat events a day: %d of %d reports corroborated by chance", row.reports, row.heat, wrong, reports)
	}
}

// Where a tenth of the reports left heat, as Link says, most of what is called
// corroborated must be so.
func TestCorroborationMeansIt(t *testing.T) {
	right, all := 0, 0
	for seed := uint64(1); seed <= 3; seed++ {
		events, linked := theatre(20, 20, 30, 0.1, seed)
		for _, g := range fuse.Join(events, fuse.Config{}) {
			if g.Occurrence != truce.OccurrenceCorroborated {
				continue
			}
			all++
			for _, e := range g.Events {
				if linked[e.ID] {
					right++
				}
			}
		}
	}
	if all < 20 || float64(right)/float64(all) < 0.9 {
		t.Errorf("%d of %d corroborated reports had left heat, want nine in ten of twenty or more", right, all)
	}
	t.Logf("%d of %d corroborated reports had left heat", right, all)
}
