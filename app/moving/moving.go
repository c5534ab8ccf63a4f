// Package moving says what tracks did on the map, in a table and on a page: which zones they
// entered and lines they crossed, where they stayed, which went together and what they may be.
//
// It never says that anybody broke a rule or whose a track is, and holds no place where a
// flight began: those are shown for review alone. It opens no file.
//
// Read this file for what is found, shapes.go for zones and lines, passages.go for the table
// and page.go for the page.
package moving

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

// Rules of what is told. The figures stand on the page.
var (
	stayRule     = movement.LoiterRule{Radius: 300, Least: 300_000_000}
	togetherRule = movement.FormationRule{Distance: 300, SpeedMps: 5, Least: 60_000_000}
)

// Findings are what tracks did.
type Findings struct {
	Tracks    []track.Track // all of them, in their order
	Shapes    Shapes
	Visits    []movement.Visit // track by track, as Crossings
	Crossings []movement.Crossing
	Stays     []movement.Loiter // by time, as Together
	Together  []movement.Formation
	Hints     [][]movement.Hint // by track; nil for one of a single state
	Cut       bool              // more pairs of tracks were near each other than are looked at
}

// Find looks at all tracks. It stops when ctx does.
func Find(ctx context.Context, tracks []track.Track, shapes Shapes) (*Findings, error) {
	f := &Findings{Tracks: tracks, Shapes: shapes, Hints: make([][]movement.Hint, len(tracks))}
	var moved []int // those with a path
	for i := range tracks {
		if len(tracks[i].States) < 2 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		moved = append(moved, i)
		if err := f.look(i); err != nil {
			return nil, err
		}
	}
	if err := f.pairs(ctx, moved); err != nil {
		return nil, err
	}
	f.order()
	return f, nil
}

// look finds what one track did.
func (f *Findings) look(i int) error {
	t := f.Tracks[i]
	hints, err := movement.Classify(t, movement.Signs{})
	if err != nil {
		return err
	}
	f.Hints[i] = hints
	stays, err := movement.Loiters(t, stayRule, movement.Config{})
	if err != nil {
		return err
	}
	f.Stays = append(f.Stays, stays...)
	box := reachOf(&t)
	for _, z := range f.Shapes.Zones {
		if !meet(box, z.Area.Bounds()) {
			continue
		}
		visits, err := movement.Visits(t, z, movement.Config{})
		if err != nil {
			return err
		}
		f.Visits = append(f.Visits, visits...)
	}
	for _, l := range f.Shapes.Lines {
		if !meet(box, l.Line.Bounds()) {
			continue
		}
		crossings, err := movement.Crossings(t, l.Line, l.Name, movement.Config{})
		if err != nil {
			return err
		}
		f.Crossings = append(f.Crossings, crossings...)
	}
	return nil
}

// reachOf is a box around all that a track may have touched: its places, five sigmas, and
// what it may have strayed between them.
func reachOf(t *track.Track) geo.Bounds {
	b := geo.Bounds{South: 90, West: 180, North: -90, East: -180}
	wide := 0.0
	for i := range t.States {
		s := &t.States[i]
		b = geo.Bounds{South: min(b.South, s.At.Lat), West: min(b.West, s.At.Lon), North: max(b.North, s.At.Lat), East: max(b.East, s.At.Lon)}
		wide = max(wide, 5*float64(s.Sigma))
		if i > 0 {
			gap := s.Time.Sub(t.States[i-1].Time).Seconds()
			wide = max(wide, 5*float64(s.Sigma)+gap*(s.SpeedMps+t.States[i-1].SpeedMps)+.2*math.Pow(gap, 1.5))
		}
	}
	dLat := wide / 110_000
	dLon := dLat / max(.01, math.Cos(max(math.Abs(float64(b.South)), math.Abs(float64(b.North)))*math.Pi/180))
	return geo.Bounds{South: b.South - geo.Degrees(dLat), West: b.West - geo.Degrees(dLon), North: b.North + geo.Degrees(dLat), East: b.East + geo.Degrees(dLon)}
}

// meet says whether two boxes share anything. One over the antimeridian meets all of its
// latitudes, since a box of longitudes says little there.
func meet(a, b geo.Bounds) bool {
	if a.South > b.North || b.South > a.North {
		return false
	}
	return a.West <= -180 || a.East >= 180 || a.West <= b.East && b.West <= a.East
}

// pairs finds who went together, among tracks that were near each other at one time.
func (f *Findings) pairs(ctx context.Context, moved []int) error {
	boxes := make([]geo.Bounds, len(f.Tracks))
	for _, i := range moved {
		boxes[i] = reachOf(&f.Tracks[i])
	}
	looked := 0
	for n, i := range moved {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, j := range moved[n+1:] {
			a, b := &f.Tracks[i], &f.Tracks[j]
			if !meet(boxes[i], boxes[j]) || !everNear(a, b) {
				continue
			}
			if looked++; looked > maxPairs {
				f.Cut = true
				return nil
			}
			found, err := movement.Together(*a, *b, togetherRule, movement.Config{})
			if err != nil {
				return err
			}
			f.Together = append(f.Together, found...)
		}
	}
	return nil
}

// everNear says whether two tracks were near each other about the same time, with room for
// their errors; it may say so too often.
func everNear(a, b *track.Track) bool {
	j := 0
	for i := range a.States {
		s := &a.States[i]
		for j+1 < len(b.States) && b.States[j+1].Time <= s.Time {
			j++
		}
		o := &b.States[j]
		apart := math.Abs(s.Time.Sub(o.Time).Seconds())
		room := float64(togetherRule.Distance) + 4*math.Hypot(float64(s.Sigma), float64(o.Sigma)) + apart*(s.SpeedMps+o.SpeedMps)
		dLat := float64(s.At.Lat-o.At.Lat) * 111_000
		dLon := math.Remainder(float64(s.At.Lon-o.At.Lon), 360) * 111_000 * math.Cos(float64(s.At.Lat)*math.Pi/180)
		if math.Hypot(dLat, dLon) <= room*1.02 {
			return true
		}
	}
	return false
}

// order puts stays and pairs in the order of time, then of tracks.
func (f *Findings) order() {
	slices.SortStableFunc(f.Stays, func(a, b movement.Loiter) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Track, b.Track))
	})
	slices.SortStableFunc(f.Together, func(a, b movement.Formation) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.First, b.First), cmp.Compare(a.Second, b.Second))
	})
}
