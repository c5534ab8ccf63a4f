package app

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/track"
)

// What is told of the clock of a table: tracks end and begin at a leap, which would otherwise
// look like what the objects did.
const (
	// longGap is the shortest time without a scan that is told, if it is also many times the
	// usual one: what is followed is lost sooner or later in it.
	longGap = time.Minute
	// longStep is how far back the next scan of a table in order must lie: less is that of
	// sensors beside each other.
	longStep = 10 * time.Second
	// manyUsual is how many times the usual step a gap has.
	manyUsual = 10
	// toldLeaps is how many are named.
	toldLeaps = 3
	// orderly is the share of steps back under which a table is one in order of time.
	orderly = .05
)

// leap is where the clock of a table goes on elsewhere.
type leap struct {
	from, to truce.Instant
	scan     string // behind it
}

func (l leap) tell(w io.Writer, name string) {
	by := l.to.Sub(l.from)
	if by < 0 {
		fmt.Fprintf(w, "truce: %s: scan %.40s at %s stands behind %s, %s back: was a clock set? Scans are followed in the order of their times\n", name, l.scan, l.to, l.from, truce.DurationText(-by))
		return
	}
	fmt.Fprintf(w, "truce: %s: no scan for %s from %s to scan %.40s at %s: tracks may end and begin there; mend the times if a clock was set\n", name, truce.DurationText(by), l.from, l.scan, l.to)
}

// sayLeaps tells where the clock of a table leaps.
func (c *cli) sayLeaps(name string, scans []track.Scan) {
	found := leaps(scans)
	for _, l := range found[:min(len(found), toldLeaps)] {
		l.tell(c.err, name)
	}
	if more := len(found) - toldLeaps; more > 0 {
		fmt.Fprintf(c.err, "truce: %s: and %d more leaps in time\n", name, more)
	}
}

// leaps are the steps back of scans in their table's order, unless that is none of time, and
// the gaps between them in time.
func leaps(scans []track.Scan) []leap {
	var out []leap
	for i := 1; i < len(scans); i++ {
		if scans[i-1].Time.Sub(scans[i].Time) >= longStep {
			out = append(out, leap{scans[i-1].Time, scans[i].Time, scans[i].ID})
		}
	}
	if float64(len(out)) > orderly*float64(len(scans)) {
		out = nil
	}
	sorted := slices.Clone(scans)
	slices.SortStableFunc(sorted, func(a, b track.Scan) int { return int(min(1, max(-1, a.Time-b.Time))) })
	var usual usualStep
	for _, s := range sorted {
		if l, long := usual.next(s); long {
			out = append(out, l)
		}
	}
	return out
}

// usualStep is how long it usually is from one scan to the next, so far.
type usualStep struct {
	last  truce.Instant
	scans int
	step  time.Duration
}

// next takes a scan, and says whether a long gap lies before it.
func (u *usualStep) next(s track.Scan) (leap, bool) {
	l := leap{u.last, s.Time, s.ID}
	by := s.Time.Sub(u.last)
	u.scans++
	if u.scans == 1 {
		u.last = s.Time
		return l, false
	}
	if by < 0 {
		return l, false
	}
	u.last = s.Time
	long := by >= longGap && u.scans > 2 && by > manyUsual*u.step
	if !long {
		u.step = max(by, u.step-u.step/16)
	}
	return l, long
}
