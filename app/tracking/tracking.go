// Package tracking stands between files of plots and sense/track: plots in, tables, maps for
// other programs and a page out.
//
// It never decides which plot is of which object: that is sense/track's, and what it says is
// written as it is. It opens no file.
//
// Read this file for what goes in, write.go for the table, shapes.go for GeoJSON, KML and
// GPX, live.go for the stream, report.go for the page and truth.go for the score.
package tracking

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/source/plots"
)

// scanSpan is how far the plots of one scan may lie from its middle in time: half a turn of
// the slowest antenna.
const scanSpan truce.Instant = 30_000_000

// MaxTurn is the longest that NewScans takes: rows of a scan lie within a minute.
const MaxTurn = 2 * truce.Micros(scanSpan)

// Scans gathers rows into scans.
type Scans struct {
	turn truce.Instant // 0: scans are those of the table
	at   map[string]int
	list []track.Scan
}

// NewScans begins without any. With a turn the scans of the table do not count: time is cut in
// looks of that length. So it must be for transponders, of which each reports when it likes.
func NewScans(turn truce.Micros) *Scans {
	return &Scans{turn: truce.Instant(turn), at: map[string]int{}}
}

// Look is the scan of the table, or the turn, that a row belongs to.
func (s *Scans) Look(p *plots.Plot) string {
	if s.turn > 0 {
		return strconv.FormatInt(int64(p.Time/s.turn), 10)
	}
	return p.Scan
}

// Add takes a row in. What several sensors saw at once, or bearings beside places, is a scan
// of each.
func (s *Scans) Add(p plots.Plot) {
	id := s.scanOf(&p)
	i, known := s.at[id]
	if !known {
		i = len(s.list)
		s.at[id] = i
		s.list = append(s.list, track.Scan{ID: id, Sensor: p.Sensor, Means: p.Means})
	}
	scan := &s.list[i]
	plot := track.Plot{ID: p.ID, Time: p.Time, At: p.At, Sigma: p.Sigma, Altitude: p.Altitude, High: p.High, More: (*track.Measure)(p.More)}
	if k := s.spoke(scan, &plot); k >= 0 {
		if plot.Time >= scan.Plots[k].Time {
			scan.Plots[k] = plot
		}
		return
	}
	scan.Plots = append(scan.Plots, plot)
}

// spoke finds the plot of a turn that has the same identity: of the two the later one counts.
func (s *Scans) spoke(scan *track.Scan, p *track.Plot) int {
	if s.turn == 0 || p.More == nil || p.More.Identity.Value == "" {
		return -1
	}
	return slices.IndexFunc(scan.Plots, func(q track.Plot) bool { return q.More != nil && q.More.Identity == p.More.Identity })
}

// scanOf is the name of the scan that a row belongs to.
func (s *Scans) scanOf(p *plots.Plot) string {
	id := s.Look(p)
	if p.Sensor != "" {
		id += "@" + p.Sensor
	}
	if m := p.More; m != nil && m.Unplaced && m.Polar.RangeSigma == 0 {
		id += "/bearings"
	}
	return id
}

// Len is how many scans there are.
func (s *Scans) Len() int { return len(s.list) }

// Left is a plot that does not fit into its scan, and why.
type Left struct{ Kind, Reason string }

// Take gives the scans with their times, and what was left out of them.
func (s *Scans) Take() ([]track.Scan, []Left) {
	var left []Left
	for i := range s.list {
		left = append(left, settle(&s.list[i])...)
	}
	out := s.list
	*s = *NewScans(truce.Micros(s.turn))
	return out, left
}

// settle gives a scan the time of its latest plot, and leaves out what lies half a minute
// from its middle: a clock that is wrong, or a number of a scan that was used again.
func settle(s *track.Scan) (left []Left) {
	left = alike(s)
	times := make([]truce.Instant, len(s.Plots))
	for i := range s.Plots {
		times[i] = s.Plots[i].Time
	}
	slices.Sort(times)
	middle := times[len(times)/2]
	if times[0] < middle-scanSpan || times[len(times)-1] > middle+scanSpan {
		s.Plots = slices.DeleteFunc(s.Plots, func(p track.Plot) bool {
			far := p.Time < middle-scanSpan || p.Time > middle+scanSpan
			if far {
				left = append(left, Left{"time far from its scan's", fmt.Sprintf("scan %.40s, plot %.40s: %s is half a minute or more from its scan's other plots: give every look a number of its own", s.ID, p.ID, p.Time)})
			}
			return far
		})
	}
	for i := range s.Plots {
		s.Time = max(s.Time, s.Plots[i].Time)
	}
	return left
}

// alike leaves out plots that stand in a scan already, by name, time, place and direction, as
// those of a table that was pasted twice do.
func alike(s *track.Scan) (left []Left) {
	type look struct {
		id    string
		at    truce.Instant
		place geo.Point
		polar truce.Polar
	}
	seen := make(map[look]bool, len(s.Plots))
	s.Plots = slices.DeleteFunc(s.Plots, func(p track.Plot) bool {
		l := look{id: p.ID, at: p.Time, place: p.At}
		if p.More != nil {
			l.polar = p.More.Polar
		}
		again := seen[l]
		seen[l] = true
		if again {
			left = append(left, Left{"plot twice", fmt.Sprintf("scan %.40s, plot %.40s of %s stands twice: the first row counts, leave the other out", s.ID, p.ID, p.Time)})
		}
		return again
	})
	return left
}

// Name is a track's, as it stands in files.
func Name(number int) string { return fmt.Sprintf("T%04d", number) }

// Choose gives the states that are written: smoothed, or as they were known at their scans.
func Choose(tracks []track.Track, known bool) []track.Track {
	out := slices.Clone(tracks)
	if !known {
		return out
	}
	for i := range out {
		out[i].States = out[i].Known
	}
	return slices.DeleteFunc(out, func(t track.Track) bool { return len(t.States) == 0 })
}
