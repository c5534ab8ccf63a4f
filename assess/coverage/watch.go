package coverage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// leastGap is the shortest gap that is listed; shorter ones are in the hours only.
const leastGap = 10 * time.Minute

// Marks of one sensor's time, until Degraded says what reduced time counts for.
const (
	levelFull    = 1.0
	levelReduced = 0.5
)

// Watcher is a group of sensors or patrols that watches areas at hours the mission states.
// Each sensor stands for an equal part of it.
type Watcher struct {
	Sensors []truce.SensorID // as rows and heartbeats name them
	Family  truce.Family
	Areas   []truce.AreaID
	Hours   Shift
	Zone    *time.Location // of the hours and days; nil: UTC
	From    truce.Day      // first local day, "" for any
	Until   truce.Day      // last local day, "" for any

	// Detect is the chance that an act in one of the areas is noticed while the whole group
	// works, by act, or by act group for all acts of it. What is missing is not stated.
	Detect map[string]truce.Probability
	// Heartbeat is how often each sensor says that it works; 0 means that none is expected,
	// so that only a stated outage is one.
	Heartbeat time.Duration
	// Degraded is what an hour at reduced quality counts for.
	Degraded truce.Probability
}

// Shift is a stretch of each local day. With To before From it goes over midnight; the
// zero value is day and night.
type Shift struct {
	From, To time.Duration
}

// chance is the stated chance that an act is noticed; false when nobody stated it.
func (w *Watcher) chance(a truce.Act) (truce.Probability, bool) {
	p, stated := w.Detect[string(a)]
	if !stated {
		p, stated = w.Detect[string(a.Group())]
	}
	return p, stated && p.Valid()
}

// planned is when the watcher is to watch during a period.
func (w *Watcher) planned(p truce.Period) []span {
	zone := w.Zone
	if zone == nil {
		zone = time.UTC
	}
	var out []span
	end := p.To.Time().In(zone)
	first := p.From.Time().In(zone)
	// A shift over midnight may have begun on the day before.
	for day := time.Date(first.Year(), first.Month(), first.Day()-1, 0, 0, 0, 0, zone); day.Before(end); day = day.AddDate(0, 0, 1) {
		if name := truce.DayOf(day); w.From != "" && name < w.From || w.Until != "" && name > w.Until {
			continue
		}
		from, to := w.Hours.on(day)
		out = append(out, span{truce.InstantOf(from), truce.InstantOf(to), ""})
	}
	return within(flat(out), []span{{p.From, p.To, ""}})
}

// on is the shift that begins on a local day.
func (s Shift) on(day time.Time) (from, to time.Time) {
	at := func(d time.Duration, later int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day()+later, int(d/time.Hour), int(d%time.Hour/time.Minute), 0, 0, day.Location())
	}
	if s.To <= s.From {
		return at(s.From, 0), at(s.To, 1)
	}
	return at(s.From, 0), at(s.To, 0)
}

// words says when, as a basis prints it.
func (s Shift) words() string {
	if s == (Shift{}) {
		return "Day and night"
	}
	clock := func(d time.Duration) string { return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60) }
	return "From " + clock(s.From) + " to " + clock(s.To) + " local time"
}

// Board is the stated watch of a mission with what was said of its health.
type Board struct {
	watchers []Watcher
	signs    map[truce.SensorID]*signs
}

// NewBoard sorts the signs of health; those of sensors that nobody stated say nothing.
func NewBoard(watchers []Watcher, health []Sign) *Board {
	return &Board{watchers: watchers, signs: signsOf(health)}
}

// duty is what one watcher did in a period.
type duty struct {
	*Watcher
	planned []span
	levels  []step // share of its sensors at work
	gaps    []truce.Gap
}

// Over works out who watched in a period.
func (b *Board) Over(p truce.Period) *Watched {
	v := &Watched{period: p}
	for i := range b.watchers {
		v.duties = append(v.duties, b.duty(&b.watchers[i], p))
	}
	return v
}

func (b *Board) duty(w *Watcher, p truce.Period) duty {
	d := duty{Watcher: w, planned: w.planned(p)}
	late := time.Duration(beatLate * float64(w.Heartbeat))
	var each [][]step
	for _, sensor := range w.Sensors {
		t := b.signs[sensor].during(p, late).keep(d.planned, w.Heartbeat > 0)
		if w.Degraded == 0 {
			t.gaps = flat(append(t.gaps, t.reduced...))
		}
		each = append(each, stepsOf(p, map[float64][]span{levelFull: t.full, levelReduced: t.reduced}))
		for _, s := range t.gaps {
			if s.to.Sub(s.from) >= leastGap {
				d.gaps = append(d.gaps, truce.Gap{From: s.from, To: s.to, Sensor: sensor, Reason: s.reason})
			}
		}
	}
	// Counted in whole sensors, so that the sum does not depend on the order of changes.
	d.levels = combine(p, each, func(levels []float64) float64 {
		full, reduced := 0, 0
		for _, l := range levels {
			switch l {
			case levelFull:
				full++
			case levelReduced:
				reduced++
			}
		}
		return (float64(full) + float64(reduced)*float64(w.Degraded)) / float64(max(1, len(levels)))
	})
	return d
}

// Watched is the watch of one period.
type Watched struct {
	period   truce.Period
	duties   []duty
	openings []Opening
}

// Coverage gives the hours of each family that a watch is stated for in the areas, by area
// in their order, then by family. Of several watchers of a family the best counts at each
// moment: they may look at the same ground and fail together.
func (v *Watched) Coverage(areas []truce.AreaID) []truce.Coverage {
	var out []truce.Coverage
	for _, area := range areas {
		for _, family := range v.families(area) {
			out = append(out, v.family(area, family))
		}
	}
	return out
}

// families with a watcher of the area who was to watch in the period at all, sorted.
func (v *Watched) families(area truce.AreaID) []truce.Family {
	var out []truce.Family
	for i := range v.duties {
		if d := &v.duties[i]; slices.Contains(d.Areas, area) && len(d.planned) > 0 {
			out = append(out, d.Family)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// family is one row of a family that was to watch.
func (v *Watched) family(area truce.AreaID, family truce.Family) truce.Coverage {
	c := truce.Coverage{Area: area, Family: family, Period: v.period}
	var planned []span
	var levels [][]step
	var basis []string
	for i := range v.duties {
		d := &v.duties[i]
		if d.Family != family || !slices.Contains(d.Areas, area) || len(d.planned) == 0 {
			continue
		}
		planned = append(planned, d.planned...)
		levels = append(levels, v.levelsIn(d, area))
		c.Gaps = append(c.Gaps, d.gaps...)
		basis = append(basis, d.basis())
	}
	hoursPlanned := lengthOf(flat(planned)).Hours()
	c.Gaps = append(c.Gaps, v.openedGaps(area, family, flat(planned))...)
	observed := hours(combine(v.period, levels, slices.Max[[]float64]))
	c.PlannedHours, c.ObservedHours = round(hoursPlanned, 1e3), round(observed, 1e3)
	c.Share = truce.Probability(round(min(1, observed/hoursPlanned), 1e6))
	slices.Sort(basis)
	c.Basis = strings.Join(slices.Compact(basis), " ")
	sortGaps(c.Gaps)
	return c
}

func sortGaps(gaps []truce.Gap) {
	slices.SortFunc(gaps, func(a, b truce.Gap) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Sensor, b.Sensor), cmp.Compare(a.Reason, b.Reason), slices.Compare(a.Incident[:], b.Incident[:]))
	})
}

// basis says in words what the mission stated of the watcher. It names and counts no
// sensor: it is published, and alike watchers read alike.
func (w *Watcher) basis() string {
	beat := "no sign of life is expected, so that these hours count as kept but for known outages."
	if w.Heartbeat > 0 {
		beat = "a sign of life is expected every " + everyWords(w.Heartbeat) + "."
	}
	return fmt.Sprintf("%s, as the mission states; %s", w.Hours.words(), beat)
}

func everyWords(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%g min", math.Round(d.Minutes()*10)/10)
}

// NotStated gives, for families whose reports came in and whose watch nobody stated, a
// line that says so for the whole area: their silence says nothing.
func NotStated(families []truce.Family, p truce.Period) []truce.Coverage {
	families = sorted(families)
	var out []truce.Coverage
	for _, f := range slices.Compact(families) {
		out = append(out, truce.Coverage{Family: f, Period: p,
			Basis: "Reports came in; when and where this family watched is not stated, so its silence says nothing."})
	}
	return out
}
