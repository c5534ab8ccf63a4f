package arrivals

import (
	"fmt"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// leastShared is how much of the longer list of arrivals a found event and a true one must
// share to be the same.
const leastShared = .6

// ninety is the radius in sigmas that holds a Gaussian in two dimensions with 90 %.
const ninety = 2.1459660262893472

// Found is an event of the answer.
type Found struct {
	Time     truce.Instant
	At       geo.Point
	Depth    geo.Metres
	Ellipse  geo.Ellipse // 1-sigma axes
	Arrivals []int       // indices of the world's arrivals
}

// Match is a true event that was found.
type Match struct {
	Event, Found int        // indices
	Shared       int        // arrivals of both
	Error        geo.Metres // horizontal
	Bound        geo.Metres // Cramer-Rao, root mean square
	Late         float64    // s, of the origin time
	Inside       bool       // the truth lies in the stated 90 % ellipse
}

// Score is how an answer compares with the truth. Scores of several worlds can be added.
type Score struct {
	Events, Found int
	Right         int     // arrivals of found events that belong to their true one
	Assigned      int     // arrivals of found events
	Matches       []Match // by true event
}

// Score holds an answer against the truth. A found event takes the true event that most of
// its arrivals come from; the two match when the arrivals they share are at least 0.6 of the
// longer list of the two (PyOcto's metric). A true event is matched once at most.
func (w *World) Score(found []Found) Score {
	out := Score{Events: len(w.Events), Found: len(found)}
	owner := w.owners()
	best := map[int]Match{}
	for i, f := range found {
		event, shared := mostFrequent(f.Arrivals, owner)
		out.Assigned += len(f.Arrivals)
		out.Right += shared
		if event < 0 || float64(shared) < leastShared*float64(max(len(f.Arrivals), len(w.Events[event].Picks))) {
			continue
		}
		if before, ok := best[event]; ok && before.Shared >= shared {
			continue
		}
		best[event] = w.match(event, i, f, shared)
	}
	for event := range w.Events {
		if m, ok := best[event]; ok {
			out.Matches = append(out.Matches, m)
		}
	}
	return out
}

func (w *World) match(event, number int, f Found, shared int) Match {
	e := w.Events[event]
	d, azimuth, _ := geo.Inverse(f.At, e.At)
	return Match{
		Event: event, Found: number, Shared: shared, Error: d, Bound: w.Bound(e), Late: f.Time.Sub(e.Time).Seconds(),
		Inside: inside90(f.Ellipse, d, azimuth),
	}
}

// inside90 says whether a place at a distance and azimuth from the centre lies in the 90 %
// ellipse of 1-sigma axes.
func inside90(e geo.Ellipse, d geo.Metres, azimuth geo.Degrees) bool {
	sin, cos := math.Sincos(float64(azimuth-e.Strike) * math.Pi / 180)
	return math.Hypot(float64(d)*cos/float64(e.Major), float64(d)*sin/float64(e.Minor)) <= ninety
}

// owners are the true events of the arrivals, -1 for none.
func (w *World) owners() []int {
	out := make([]int, len(w.Arrivals))
	for i := range out {
		out[i] = -1
	}
	for event, e := range w.Events {
		for _, p := range e.Picks {
			out[p.Arrival] = event
		}
	}
	return out
}

// mostFrequent is the true event that most arrivals come from, the earliest of equals, and
// how many do; -1 when all are false.
func mostFrequent(arrivals []int, owner []int) (event, shared int) {
	count := map[int]int{}
	for _, a := range arrivals {
		if owner[a] >= 0 {
			count[owner[a]]++
		}
	}
	event = -1
	for e, n := range count {
		if n > shared || n == shared && e < event {
			event, shared = e, n
		}
	}
	return event, shared
}

// Plus is the score over two worlds.
func (s Score) Plus(o Score) Score {
	return Score{
		Events: s.Events + o.Events, Found: s.Found + o.Found, Right: s.Right + o.Right, Assigned: s.Assigned + o.Assigned,
		Matches: append(slices.Clone(s.Matches), o.Matches...),
	}
}

// Precision is the share of the found that are true; 0 when none was found.
func (s Score) Precision() float64 { return share(len(s.Matches), s.Found) }

// Recall is the share of the true that were found.
func (s Score) Recall() float64 { return share(len(s.Matches), s.Events) }

// F1 is the harmonic mean of both.
func (s Score) F1() float64 { return share(2*len(s.Matches), s.Found+s.Events) }

// Purity is the share of assigned arrivals that belong to the event they are assigned to.
func (s Score) Purity() float64 { return share(s.Right, s.Assigned) }

// Coverage is the share of matched events inside their stated 90 % ellipse.
func (s Score) Coverage() float64 {
	n := 0
	for _, m := range s.Matches {
		if m.Inside {
			n++
		}
	}
	return share(n, len(s.Matches))
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// Error is a quantile of the horizontal error of matched events, NaN when there are none.
func (s Score) Error(quantile float64) geo.Metres {
	return geo.Metres(s.quantile(quantile, func(m Match) float64 { return float64(m.Error) }))
}

// OverBound is the median over matched events of error over Cramer-Rao bound. Errors of a
// perfect fit have about 0.8: the error is a median, the bound a root mean square.
func (s Score) OverBound() float64 {
	return s.quantile(.5, func(m Match) float64 { return float64(m.Error / m.Bound) })
}

// quantile takes the value at or below which that share of the matches lies, half way
// between two where it falls between them.
func (s Score) quantile(q float64, of func(Match) float64) float64 {
	values := make([]float64, len(s.Matches))
	for i, m := range s.Matches {
		values[i] = of(m)
	}
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	at := q * float64(len(values)-1)
	low := int(at)
	high := min(low+1, len(values)-1)
	return values[low] + (at-float64(low))*(values[high]-values[low])
}

// String is the score in one line.
func (s Score) String() string {
	return fmt.Sprintf("%d true, %d found, %d matched: precision %.4f, recall %.4f, F1 %.4f; error median %.0f m, p90 %.0f m, %.2f of the bound; 90%% ellipse holds %.1f%%",
		s.Events, s.Found, len(s.Matches), s.Precision(), s.Recall(), s.F1(), float64(s.Error(.5)), float64(s.Error(.9)), s.OverBound(), 100*s.Coverage())
}
