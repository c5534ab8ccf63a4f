package coverage_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
)

// sees gives a watcher other stated chances.
func sees(w coverage.Watcher, chances map[string]truce.Probability) coverage.Watcher {
	w.Detect = chances
	return w
}

func firePost(family truce.Family, p truce.Probability) coverage.Watcher {
	return sees(post(family, string(family)), map[string]truce.Probability{"fire": p})
}

// R is a rule about fire in the north.
func fireRule(minimum truce.Probability) []coverage.RuleArea {
	return []coverage.RuleArea{{Rule: "R1", Area: "north", Acts: []truce.Act{truce.ActIndirectFire, truce.ActSniper}, Minimum: minimum}}
}

// absenceText is "from-to verdict chance" of each absence.
func absenceText(list []truce.Absence) string {
	var out []string
	for _, a := range list {
		out = append(out, fmt.Sprintf("%g-%g %s %.2f", a.Period.From.Sub(midnight).Hours(), a.Period.To.Sub(midnight).Hours(), a.Verdict, float64(a.Coverage.Share)))
	}
	return strings.Join(out, "; ")
}

func TestAbsencesOfAWatch(t *testing.T) {
	down := func(family string, from, to float64) coverage.Sign {
		return said(family, from, to, truce.HealthDown, "no power")
	}
	quarter := post("acoustic", "A", "B", "C", "D")
	for _, row := range []struct {
		name     string
		watchers []coverage.Watcher
		health   []coverage.Sign
		minimum  truce.Probability
		want     string
	}{
		{"nobody watches", nil, nil, 0.3, "0-24 not_observed 0.00"},
		{"nobody watches, and no minimum", nil, nil, 0, "0-24 not_observed 0.00"},
		{"one family", []coverage.Watcher{firePost("patrol", 0.5)}, nil, 0.3, "0-24 none_recorded 0.50"},
		{"exactly the minimum", []coverage.Watcher{firePost("patrol", 0.3)}, nil, 0.3, "0-24 none_recorded 0.30"},
		{"just below it", []coverage.Watcher{firePost("patrol", 0.299)}, nil, 0.3, "0-24 not_observed 0.30"},
		{"two families", []coverage.Watcher{firePost("patrol", 0.5), firePost("acoustic", 0.6)}, nil, 0.7, "0-24 none_recorded 0.80"},
		{"two of one family are no two", []coverage.Watcher{firePost("patrol", 0.5), firePost("patrol", 0.6)}, nil, 0.7, "0-24 not_observed 0.60"},
		{"by day only", []coverage.Watcher{shift(firePost("patrol", 0.5), 6, 18)}, nil, 0.3, "0-6 not_observed 0.00; 6-18 none_recorded 0.50; 18-24 not_observed 0.00"},
		{"one at night, two by day, a minimum between", []coverage.Watcher{shift(firePost("patrol", 0.5), 6, 18), firePost("acoustic", 0.4)}, nil, 0.5,
			"0-6 not_observed 0.40; 6-18 none_recorded 0.70; 18-24 not_observed 0.40"},
		{"an outage that the other bears", []coverage.Watcher{firePost("patrol", 0.5), firePost("acoustic", 0.6)}, []coverage.Sign{down("patrol", 6, 12)}, 0.5, "0-24 none_recorded 0.75"},
		{"half of the sensors, half of the chance", []coverage.Watcher{sees(quarter, map[string]truce.Probability{"fire": 0.8})},
			[]coverage.Sign{down("A", 0, 12), down("B", 0, 12)}, 0.5, "0-12 not_observed 0.40; 12-24 none_recorded 0.80"},
		{"a watch of less than an hour between", []coverage.Watcher{shift(firePost("patrol", 0.5), 6, 6.75)}, nil, 0.3, "0-24 not_observed 0.02"},
		{"hours without a stated chance", []coverage.Watcher{sees(post("patrol", "A"), nil)}, nil, 0, "0-24 not_observed 0.00"},
		{"a chance for other acts", []coverage.Watcher{sees(post("patrol", "A"), map[string]truce.Probability{"ground": 1})}, nil, 0, "0-24 not_observed 0.00"},
		{"one of the acts is seen by nobody", []coverage.Watcher{sees(post("patrol", "A"), map[string]truce.Probability{"indirect_fire": 0.9})}, nil, 0.3, "0-24 not_observed 0.00"},
		{"the act before its group, the worst act counts", []coverage.Watcher{sees(post("patrol", "A"), map[string]truce.Probability{"fire": 0.9, "sniper": 0.4})}, nil, 0.3, "0-24 none_recorded 0.40"},
		{"a chance that is no number", []coverage.Watcher{firePost("patrol", truce.Probability(math.NaN()))}, nil, 0, "0-24 not_observed 0.00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := coverage.NewBoard(row.watchers, row.health).Over(day(0)).Absences(fireRule(row.minimum), nil)
			if text := absenceText(got); text != row.want {
				t.Errorf("got  %s\nwant %s", text, row.want)
			}
		})
	}
}

// What was found speaks for itself, where and when it may lie.
func TestAbsencesBesideFindings(t *testing.T) {
	watch := coverage.NewBoard([]coverage.Watcher{firePost("acoustic", 0.6), shift(firePost("patrol", 0.9), 6, 18)}, nil).Over(day(0))
	at := func(h float64, area truce.AreaID, v truce.Verdict) []coverage.Present {
		return []coverage.Present{{Rule: "R1", Area: area, Time: truce.Moment(hour(h), time.Minute), Verdict: v}}
	}
	const all, split = "0-24 none_recorded 0.78", "0-6 not_observed 0.60; 6-18 none_recorded 0.96; 18-24 not_observed 0.60"
	for _, row := range []struct {
		name    string
		minimum truce.Probability
		present []coverage.Present
		want    string
	}{
		{"nothing found", 0.5, nil, all},
		{"a hit", 0.5, at(5, "north", truce.VerdictHit), ""},
		{"not decided", 0.5, at(5, "north", truce.VerdictIndeterminate), ""},
		{"an exempt one", 0.5, at(5, "north", truce.VerdictExempt), all},
		{"a hit elsewhere", 0.5, at(5, "south", truce.VerdictHit), all},
		{"a hit nobody can place", 0.5, at(5, "", truce.VerdictHit), ""},
		{"a hit the day after", 0.5, at(24.1, "north", truce.VerdictHit), all},
		{"a hit that may be before midnight", 0.5, at(24.02, "north", truce.VerdictHit), ""},
		{"split, nothing found", 0.7, nil, split},
		{"a hit by day", 0.7, at(12, "north", truce.VerdictHit), "0-6 not_observed 0.60; 18-24 not_observed 0.60"},
		{"a hit at night, though too few watched", 0.7, at(20, "north", truce.VerdictHit), split},
	} {
		t.Run(row.name, func(t *testing.T) {
			if text := absenceText(watch.Absences(fireRule(row.minimum), row.present)); text != row.want {
				t.Errorf("got  %s\nwant %s", text, row.want)
			}
		})
	}
}

// A watch that has not begun, or has ended, is none: what it could have seen is not stated.
func TestAWatchOutsideItsDaysIsNone(t *testing.T) {
	later := firePost("patrol", 0.9)
	later.From = "2026-04-12"
	board := coverage.NewBoard([]coverage.Watcher{later}, nil)
	if s := board.Over(day(0)).Sight("north", fireRule(0)[0].Acts, 0.3); s.Stated() || s.Share != 0 {
		t.Errorf("the day before it begins: %+v", s)
	}
	if s := board.Over(day(1)).Sight("north", fireRule(0)[0].Acts, 0.3); !s.Stated() || s.Share != 0.9 || s.Partly {
		t.Errorf("the day it begins: %+v", s)
	}
}

func TestWhatAnAbsenceSaysOfItsWatch(t *testing.T) {
	board := coverage.NewBoard([]coverage.Watcher{shift(firePost("patrol", 0.5), 6, 18), firePost("acoustic", 0.4), firePost("radar", 0.1)}, nil)
	a := board.Over(day(0)).Absences(fireRule(0.5), nil)[1]
	if !slices.Equal(a.Coverage.Families, []truce.Family{"acoustic", "patrol", "radar"}) || a.Coverage.Family != "" {
		t.Errorf("families %v", a.Coverage.Families)
	}
	if a.Coverage.PlannedHours != 12 || a.Coverage.ObservedHours != 12 || a.Coverage.Period != a.Period {
		t.Errorf("coverage %+v", a.Coverage)
	}
	blind := coverage.NewBoard([]coverage.Watcher{sees(post("patrol", "A"), map[string]truce.Probability{"indirect_fire": 1})}, nil).Over(day(0)).Absences(fireRule(0.5), nil)[0]
	if blind.Coverage.PlannedHours != 0 || !strings.Contains(blind.Coverage.Basis, "seeing sniper") {
		t.Errorf("coverage %+v, want it to name the act nobody watches for", blind.Coverage)
	}
}

// The pieces of an absence cover the period once, and each says what its own chance allows.
func TestAbsencesCoverThePeriodOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		watchers, health := drawnBoard(t)
		minimum := truce.Probability(rapid.Float64Range(0, 1).Draw(t, "minimum"))
		watch := coverage.NewBoard(watchers, health).Over(day(0))
		at := day(0).From
		list := watch.Absences(fireRule(minimum), nil)
		mean := 0.0
		for i, a := range list {
			if a.Period.From != at || a.Period.To <= at {
				t.Fatalf("piece %d is %+v after %s", i, a.Period, at)
			}
			at = a.Period.To
			mean += float64(a.Coverage.Share) * a.Period.To.Sub(a.Period.From).Hours() / 24
			if none := a.Verdict == truce.AbsenceNoneRecorded; none && (a.Coverage.Share < minimum || a.Coverage.Share <= 0 || a.Coverage.ObservedHours < a.Coverage.PlannedHours) {
				t.Fatalf("none recorded with %+v under a minimum of %v", a.Coverage, minimum)
			}
		}
		if at != day(0).To {
			t.Fatalf("the pieces end at %s", at)
		}
		sight := watch.Sight("north", fireRule(0)[0].Acts, minimum)
		if math.Abs(float64(sight.Share)-mean) > 1e-5 {
			t.Fatalf("chance %v of the whole, %v of its pieces", sight.Share, mean)
		}
		if seen := len(list) == 1 && list[0].Verdict == truce.AbsenceNoneRecorded; sight.Partly == seen {
			t.Fatalf("partly %v beside %s", sight.Partly, absenceText(list))
		}
	})
}

// The truth of a drawn day: when each of three arrays really worked, by quarter of an hour.
type arrayDay struct {
	works   [3][96]bool
	health  []coverage.Sign
	minimum float64
}

// drawArrayDay lets arrays fail and come back, sends an hourly beat from those at work, and
// loses beats on the way. No statement of an outage ever arrives.
func drawArrayDay(r *rand.Rand) arrayDay {
	d := arrayDay{minimum: 0.05 + 0.85*r.Float64()}
	lost := r.Float64() * 0.5
	for k := range d.works {
		up, name := r.Float64() < 0.8, fmt.Sprintf("A%d", k)
		for q := range 96 {
			if r.Float64() < 0.04 {
				up = !up
			}
			d.works[k][q] = up
			if q%4 == 0 && up && r.Float64() >= lost {
				d.health = append(d.health, said(name, float64(q)/4, float64(q)/4, truce.HealthUp, ""))
			}
		}
	}
	return d
}

// TestR13NoneRecordedImpliesTheWatchWorked: over 3,000 days of failing arrays and lost
// heartbeats, the time for which none_recorded is said is time in which the true chance
// reached the minimum, but for failures too short to miss a beat, which no heartbeat shows.
func TestR13NoneRecordedImpliesTheWatchWorked(t *testing.T) {
	watcher := hourly(sees(post("acoustic", "A0", "A1", "A2"), map[string]truce.Probability{"fire": 0.9}))
	careless := watcher
	careless.Heartbeat = 0
	wrong := func(w coverage.Watcher) (wrong, quarters int) {
		for seed := range uint64(3000) {
			d := drawArrayDay(rand.New(rand.NewPCG(13, seed)))
			list := coverage.NewBoard([]coverage.Watcher{w}, d.health).Over(day(0)).Absences(fireRule(truce.Probability(d.minimum)), nil)
			for _, a := range list {
				for q := 0; q < 96 && a.Verdict == truce.AbsenceNoneRecorded; q++ {
					if at := hour(float64(q) / 4); at < a.Period.From || at >= a.Period.To {
						continue
					}
					quarters++
					if d.longBelow(q) {
						wrong++
					}
				}
			}
		}
		return wrong, quarters
	}
	bad, said := wrong(watcher)
	if bad != 0 || said < 10_000 {
		t.Errorf("%d of %d quarters of an hour said to be watched were not", bad, said)
	}
	caught, _ := wrong(careless)
	if caught == 0 {
		t.Error("taking silence for work passed: the test cannot see the fault it is for")
	}
	t.Logf("%d quarters said to be watched, %d falsely; %d when silence is taken for work", said, bad, caught)
}

// longBelow says whether the true chance lay below the minimum at a quarter because of
// arrays that failed for an hour and a half or more around it.
func (d arrayDay) longBelow(q int) bool {
	n := 0
	for k := range d.works {
		from, to := q, q
		for from > 0 && !d.works[k][from-1] {
			from--
		}
		for to < 96 && !d.works[k][to] {
			to++
		}
		if d.works[k][q] || to-from < 6 {
			n++
		}
	}
	return 0.9*float64(n)/3 < d.minimum-1e-6
}

func ExampleWatched_Absences() {
	patrols := coverage.Watcher{
		Family: truce.FamilyPatrol, Sensors: []truce.SensorID{"P1", "P2"}, Areas: []truce.AreaID{"north"},
		Hours: coverage.Shift{From: 6 * time.Hour, To: 18 * time.Hour}, Detect: map[string]truce.Probability{"ground": 0.6},
	}
	refused := coverage.Sign{Sensor: "P2", From: hour(12), To: hour(18), State: truce.HealthDown, Reason: "road closed"}
	watched := coverage.NewBoard([]coverage.Watcher{patrols}, []coverage.Sign{refused}).Over(day(0))
	for _, c := range watched.Coverage([]truce.AreaID{"north"}) {
		fmt.Printf("%s: %g of %g hours, %s: %s\n", c.Family, c.ObservedHours, c.PlannedHours, c.Gaps[0].Sensor, c.Gaps[0].Reason)
	}
	rules := []coverage.RuleArea{{Rule: "R04", Area: "north", Acts: []truce.Act{truce.ActNewTrench}, Minimum: 0.5}}
	for _, a := range watched.Absences(rules, nil) {
		fmt.Printf("%02.0f-%02.0f: %s, chance %.1f\n", a.Period.From.Sub(midnight).Hours(), a.Period.To.Sub(midnight).Hours(), a.Verdict, float64(a.Coverage.Share))
	}
	// Output:
	// patrol: 9 of 12 hours, P2: road closed
	// 00-06: not_observed, chance 0.0
	// 06-12: none_recorded, chance 0.6
	// 12-24: not_observed, chance 0.1
}
