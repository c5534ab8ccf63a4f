package app

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// seenBy are plots of objects that each are seen at their own moment of every turn of a sensor;
// the class tells which object it is.
func seenBy(r *rand.Rand, source truce.SourceID, turn float64, objects, turns int, named bool) []sighted {
	var out []sighted
	for i := range objects {
		at := turn * float64(i) / float64(objects)
		for range turns {
			at += turn * (1 + .004*r.NormFloat64())
			if r.Float64() > .85 {
				continue
			}
			p, _ := geo.Direct(middle, geo.Degrees(360*float64(i)/float64(objects)), geo.Metres(8000+10*at+20*r.NormFloat64()))
			s := sighted{at: noonOn(11) + truce.Instant(at*1e6), source: source, place: geo.Position{Point: p, Error: geo.Isotropic(20)}, means: truce.MeansPrimary, class: string(rune('a' + i))}
			if named {
				s.said = []truce.Identity{{Scheme: "squawk", Value: "7000"}, {Scheme: "serial", Value: s.class}}
			}
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b sighted) int { return int(a.at - b.at) })
	return out
}

// TestLooksAreTheSensorsOwn: how fast a sensor turns is found from what it saw, and hardly a look
// has two plots of one object.
func TestLooksAreTheSensorsOwn(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, row := range []struct {
		turn  float64
		named bool
	}{{1, true}, {2.5, false}, {4, false}, {4, true}, {12, false}, {10, true}} {
		plots := seenBy(r, "s", row.turn, 6, 60, row.named)
		of := make([]int, len(plots))
		for i := range of {
			of[i] = i
		}
		found := float64(turnOf(plots, of)) / 1e6
		if row.turn > 1 && math.Abs(found/row.turn-lookShare) > .02 || row.turn == 1 && found != 1 {
			t.Errorf("a turn of %g s is found to be %g s (named: %t)", row.turn, found, row.named)
		}
		l := looksOf(plots)
		twice, all := 0, 0
		for _, s := range l.scans {
			seen := map[string]bool{}
			for _, p := range s.Plots {
				i := slices.IndexFunc(plots, func(q sighted) bool { return q.at == p.Time && q.place.Point == p.At })
				if seen[plots[i].class] {
					twice++
				}
				seen[plots[i].class] = true
				all++
			}
		}
		behind := 0
		for _, list := range l.behind {
			behind += len(list)
		}
		if twice > all/200 || all+behind != len(plots) || behind > len(plots)/40 && row.turn > 1 {
			t.Errorf("turns of %g s: %d of %d plots are second ones in a look, %d stand behind others of %d", row.turn, twice, all, behind, len(plots))
		}
	}
}

// TestWhatTooFewPlotsTell: the usual look, and one for all that speak for themselves where there
// are more sensors than can be told apart.
func TestWhatTooFewPlotsTell(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	few := seenBy(r, "s", 9, 1, 4, false)
	if got := turnOf(few, []int{0, 1}); got != scanLength {
		t.Errorf("a turn of %d µs of two plots", got)
	}
	many := seenBy(r, "s", 2, track.MaxSensors+1, 9, true)
	for i := range many {
		many[i].sensor, many[i].means = truce.SensorID(many[i].class), truce.MeansSelf
	}
	if l := looksOf(many); len(l.keys) != 1 {
		t.Errorf("%d sensors", len(l.keys))
	}
	for i := range many {
		many[i].means = truce.MeansPrimary
	}
	if l := looksOf(many); len(l.keys) != track.MaxSensors+1 {
		t.Errorf("%d radars", len(l.keys))
	}
}

// TestErrorsAreGivenAsMeasured: along and across the beam where it is known where the radar
// stands, with the axes of the error elsewhere, as a place above the radar.
func TestErrorsAreGivenAsMeasured(t *testing.T) {
	at, _ := geo.Direct(middle, 70, 9000)
	p := sighted{place: geo.Position{Point: at, Error: geo.FromEllipse(geo.Ellipse{Major: 80, Minor: 30, Strike: 70})}, polar: &truce.Polar{RadialMps: -7, RadialSigma: 2, BearingSigma: 1, RangeSigma: 1}}
	if got := p.plot("1"); got.Sigma < 79.9 || got.More.Minor > 30.1 || math.Abs(float64(got.More.Strike)-70) > .1 || got.More.Unplaced || got.More.Polar.RadialSigma != 0 {
		t.Errorf("%+v, %+v", got, got.More)
	}
	p.stands = &middle
	got := p.plot("1")
	polar := got.More.Polar
	if !got.More.Unplaced || math.Abs(float64(polar.RangeSigma)-80) > .1 || math.Abs(float64(polar.BearingSigma)*9000*math.Pi/180-30) > .1 || polar.RadialMps != -7 || polar.RadialSigma != 2 {
		t.Errorf("%+v", polar)
	}
	if back, _ := geo.Direct(middle, polar.Bearing, polar.Range); geo.Distance(back, at) > .1 {
		t.Errorf("%v, want %v", back, at)
	}
	p.place.Point, _ = geo.Direct(middle, 70, 1_500_000)
	if got := p.plot("1"); got.More.Unplaced || track.CheckScan(track.Scan{Time: p.at, Plots: []track.Plot{got}}) != nil {
		t.Errorf("beyond all radars: %+v", got)
	}
	above, _ := geo.Direct(middle, 70, 100)
	p.place.Point = above
	if got := p.plot("1"); got.More.Unplaced || got.Sigma < 79 {
		t.Errorf("above the radar: %+v", got)
	}
}

// TestPlotsBehindAFlightAreItsOwn: of two drones whose ways cross each event rests on its own.
func TestPlotsBehindAFlightAreItsOwn(t *testing.T) {
	flights := []flown{
		{at: noonOn(11), legs: [][2]float64{{-6, -2}, {-2, 2}}, speed: 14},
		{at: noonOn(11), legs: [][2]float64{{-6, 2}, {-2, -2}}, speed: 14},
	}
	of, all := map[truce.ID]int{}, []truce.Observation(nil)
	for i, f := range flights {
		for _, o := range sky(uint64(8+i), f) {
			of[o.ID] = i
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b truce.Observation) int { return int(a.Phenomenon.From - b.Phenomenon.From) })
	out := watchedBy(t, all)
	if len(out.events) != 2 {
		t.Fatalf("%d events of two flights", len(out.events))
	}
	for _, e := range out.events {
		count := [2]int{}
		for _, s := range e.Support {
			count[of[s.Observation]]++
		}
		if min(count[0], count[1]) > 2 {
			t.Errorf("an event rests on %v plots of the two", count)
		}
	}
}

// TestBearingsAreFollowed once it is known where their sensor stands, and counted before.
func TestBearingsAreFollowed(t *testing.T) {
	f := over(11)
	stands, _ := geo.Direct(middle, 225, 6000)
	r := rand.New(rand.NewPCG(6, 6))
	all := sky(7, f)
	bearings := 0
	for step := time.Duration(0); ; step += time.Second {
		at, flies := f.place(step)
		if !flies {
			break
		}
		_, bearing, _ := geo.Inverse(stands, at)
		o := plotOf(r, "finder", "DF-1", f.at.Add(step+300*time.Millisecond), at, 5, truce.Plot{Means: truce.MeansRadio})
		o.Place = nil
		o.Plot.Polar = &truce.Polar{Bearing: geo.Degrees(math.Mod(float64(bearing)+r.NormFloat64()+360, 360)), BearingSigma: 1}
		all = append(all, o)
		bearings++
	}
	slices.SortStableFunc(all, func(a, b truce.Observation) int { return int(a.Phenomenon.From - b.Phenomenon.From) })
	if out := watchedBy(t, all); out.unplaced != bearings || len(out.events) != 1 {
		t.Fatalf("%d of %d bearings have no sensor, %d events", out.unplaced, bearings, len(out.events))
	}
	e := newEyes(map[truce.SourceID]truce.Family{"asterix": truce.FamilyRadar, "finder": truce.FamilyInterference}, nil)
	c := illustrativeChart(t)
	e.chart = func() (*chart, error) { return c, nil }
	e.stand(truce.Observation{Kind: truce.KindStation, Sensor: "DF-1", Phenomenon: truce.Moment(1, 0), Place: &geo.Position{Point: stands}, Station: &truce.Station{}})
	for _, o := range all {
		if err := e.see(o); err != nil {
			t.Fatal(err)
		}
	}
	out, err := e.close()
	if err != nil {
		t.Fatal(err)
	}
	held := 0
	for _, s := range out.events[0].Support {
		if s.Source == "finder" {
			held++
		}
	}
	if out.unplaced != 0 || len(out.events) != 1 || held < 20 {
		t.Errorf("%d unplaced, %d events, %d bearings behind the first", out.unplaced, len(out.events), held)
	}
}
