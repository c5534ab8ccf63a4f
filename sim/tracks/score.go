package tracks

import (
	"fmt"
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// The metric: GOSPA (Rahmathullah, Garcia-Fernandez and Svensson 2017, International
// Conference on Information Fusion) with the cut-off c, p = 2 and alpha = 2: the root of the
// squared distances of those found plus c squared over 2 for each missed and each false.
const (
	gospaCut = 200 // m
	// FirstScored is the scan that scoring begins with, from 1: those before are for starting.
	FirstScored = 11
)

// Found is where a track of the answer says it is at one scan.
type Found struct {
	Track string
	At    geo.Point
	Sigma geo.Metres // one sigma each axis; 0: not told
}

// Truth is where the objects truly are at one scan.
type Truth struct {
	Time truce.Instant
	At   map[string]geo.Point
	IDs  []string // in a fixed order
}

// Score is how an answer compares with the truth, over the scans scored.
type Score struct {
	Scans    int
	GOSPA    float64 // m, mean over the scans
	Error    float64 // m, root of the mean square over those found
	Missed   float64 // a scan
	False    float64 // a scan
	Switches int     // how often an object's track became another
	Tracks   int     // that were told of at the scans scored
	NEES     float64 // mean of squared error over variance; 2 where sigmas are right
	InBand   float64 // share of the scans whose NEES lies in its 95 % band

	found  int
	square float64
	nees   float64
	stated int
	last   map[string]string // the track of each object
	tracks map[string]bool
}

// NewScore begins one.
func NewScore() *Score { return &Score{last: map[string]string{}, tracks: map[string]bool{}} }

// Add scores one scan.
func (s *Score) Add(truth *Truth, found []Found) {
	s.Scans++
	pairs := assign(truth, found)
	sum, nees, stated := 0.0, 0.0, 0
	for _, p := range pairs {
		sum += p.d2
		s.square += p.d2
		f := &found[p.found]
		if before, known := s.last[p.id]; known && before != f.Track {
			s.Switches++
		}
		s.last[p.id] = f.Track
		if f.Sigma > 0 {
			nees += p.d2 / float64(f.Sigma*f.Sigma)
			stated++
		}
	}
	for i := range found {
		s.tracks[found[i].Track] = true
	}
	missed, spurious := len(truth.IDs)-len(pairs), len(found)-len(pairs)
	s.found += len(pairs)
	s.Missed += float64(missed)
	s.False += float64(spurious)
	s.GOSPA += math.Sqrt(sum + gospaCut*gospaCut/2*float64(missed+spurious))
	if stated > 0 {
		low, high := chi2Band(2 * stated)
		if nees >= low && nees <= high {
			s.InBand++
		}
		s.nees += nees
		s.stated += stated
	}
}

// Close makes means of the sums.
func (s *Score) Close() {
	if s.Scans == 0 {
		return
	}
	n := float64(s.Scans)
	s.GOSPA, s.Missed, s.False, s.InBand = s.GOSPA/n, s.Missed/n, s.False/n, s.InBand/n
	s.Tracks = len(s.tracks)
	if s.found > 0 {
		s.Error = math.Sqrt(s.square / float64(s.found))
	}
	if s.stated > 0 {
		s.NEES = s.nees / float64(s.stated)
	}
}

// chi2Band holds a chi-square variable with 95 % (Wilson and Hilferty 1931, Proceedings of
// the National Academy of Sciences 17; within 1 % from four degrees of freedom on).
func chi2Band(degrees int) (low, high float64) {
	n := float64(degrees)
	at := func(z float64) float64 {
		c := 1 - 2/(9*n) + z*math.Sqrt(2/(9*n))
		return n * c * c * c
	}
	return at(-1.959964), at(1.959964)
}

// String is the score in one line.
func (s *Score) String() string {
	return fmt.Sprintf("%d scans: GOSPA %.1f m, error %.1f m, missed %.2f and false %.2f a scan, %d identity switches, %d tracks; NEES %.2f (2 is right), in its 95%% band %.0f%% of scans",
		s.Scans, s.GOSPA, s.Error, s.Missed, s.False, s.Switches, s.Tracks, s.NEES, 100*s.InBand)
}
