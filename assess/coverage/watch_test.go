package coverage_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
)

// said is a sign of health; to equal to from is a heartbeat.
func said(sensor string, from, to float64, state truce.HealthState, reason string) coverage.Sign {
	return coverage.Sign{Sensor: truce.SensorID(sensor), From: hour(from), To: hour(to), State: state, Reason: reason,
		ID: truce.NewID(hour(from), "health", sensor, []byte(fmt.Sprint(to, state, reason)))}
}

// beats are heartbeats of every step hours from one time to another, both included.
func beats(sensor string, from, to, step float64) []coverage.Sign {
	var out []coverage.Sign
	for h := from; h <= to; h += step {
		out = append(out, said(sensor, h, h, truce.HealthUp, ""))
	}
	return out
}

// post is a watcher of the area north with given sensors.
func post(family truce.Family, sensors ...string) coverage.Watcher {
	w := coverage.Watcher{Family: family, Areas: []truce.AreaID{"north"}, Detect: map[string]truce.Probability{"fire": 0.5}}
	for _, s := range sensors {
		w.Sensors = append(w.Sensors, truce.SensorID(s))
	}
	return w
}

func hourly(w coverage.Watcher) coverage.Watcher {
	w.Heartbeat = time.Hour
	return w
}

func shift(w coverage.Watcher, from, to float64) coverage.Watcher {
	w.Hours = coverage.Shift{From: time.Duration(from * float64(time.Hour)), To: time.Duration(to * float64(time.Hour))}
	return w
}

func watchOf(t *testing.T, w coverage.Watcher, health []coverage.Sign) truce.Coverage {
	t.Helper()
	list := coverage.NewBoard([]coverage.Watcher{w}, health).Over(day(0)).Coverage([]truce.AreaID{"north"})
	if len(list) != 1 {
		t.Fatalf("coverage %+v, want one line", list)
	}
	return list[0]
}

// gapText is "from-to sensor reason" of each gap, hours of the day.
func gapText(c truce.Coverage) string {
	var out []string
	for _, g := range c.Gaps {
		out = append(out, fmt.Sprintf("%g-%g %s %s", g.From.Sub(midnight).Hours(), g.To.Sub(midnight).Hours(), g.Sensor, g.Reason))
	}
	return strings.Join(out, "; ")
}

func TestHoursOfAWatcher(t *testing.T) {
	all := beats("A", 0, 24, 1)
	gone := slices.Concat(beats("A", 0, 8, 1), beats("A", 12, 24, 1))
	reduced := post("camera", "A")
	reduced.Degraded = 0.25
	for _, row := range []struct {
		name              string
		watcher           coverage.Watcher
		health            []coverage.Sign
		planned, observed float64
		gaps              string
	}{
		{"no heartbeat expected, nothing said", post("patrol", "A"), nil, 24, 24, ""},
		{"heartbeats expected, none came", hourly(post("acoustic", "A")), nil, 24, 0, "0-24 A no heartbeat"},
		{"one beat vouches for nothing", hourly(post("acoustic", "A")), beats("A", 12, 12, 1), 24, 0, "0-24 A no heartbeat"},
		{"every beat came", hourly(post("acoustic", "A")), all, 24, 24, ""},
		{"beats of another sensor", hourly(post("acoustic", "A")), beats("B", 0, 24, 1), 24, 0, "0-24 A no heartbeat"},
		{"four hours of silence", hourly(post("acoustic", "A")), gone, 24, 20, "8-12 A no heartbeat"},
		{"a late beat is not a lost one", hourly(post("acoustic", "A")), slices.Concat(beats("A", 0, 8, 1), beats("A", 9.5, 24.5, 1)), 24, 24, ""},
		{"the beats end before the day", hourly(post("acoustic", "A")), beats("A", 0, 23, 1), 24, 23, "23-24 A no heartbeat"},
		{"a stated outage", post("camera", "A"), []coverage.Sign{said("A", 6, 9, truce.HealthDown, "no power")}, 24, 21, "6-9 A no power"},
		{"an outage without a reason", post("camera", "A"), []coverage.Sign{said("A", 6, 9, truce.HealthDown, "")}, 24, 21, "6-9 A down"},
		{"beats during a stated outage", hourly(post("camera", "A")), append(beats("A", 0, 24, 1), said("A", 6, 9, truce.HealthDown, "turned away")), 24, 21, "6-9 A turned away"},
		{"a stretch said to be up", hourly(post("patrol", "A")), []coverage.Sign{said("A", 6, 18, truce.HealthUp, "")}, 24, 12, "0-6 A no heartbeat; 18-24 A no heartbeat"},
		{"down until it is up again", post("camera", "A"), []coverage.Sign{said("A", 6, 6, truce.HealthDown, "fog"), said("A", 10, 10, truce.HealthUp, "")}, 24, 20, "6-10 A fog"},
		{"down and nothing after", post("camera", "A"), []coverage.Sign{said("A", 20, 20, truce.HealthDown, "fog")}, 24, 20, "20-24 A fog"},
		{"down since the day before", post("camera", "A"), []coverage.Sign{said("A", -5, -5, truce.HealthDown, "fog")}, 24, 0, "0-24 A fog"},
		{"nobody can say", post("camera", "A"), []coverage.Sign{said("A", 6, 9, truce.HealthUnknown, "")}, 24, 21, "6-9 A state not known"},
		{"down goes before unknown", post("camera", "A"), []coverage.Sign{said("A", 6, 9, truce.HealthUnknown, ""), said("A", 7, 8, truce.HealthDown, "x")}, 24, 21, "6-7 A state not known; 7-8 A x; 8-9 A state not known"},
		{"degraded counts for nothing unless stated", post("camera", "A"), []coverage.Sign{said("A", 6, 10, truce.HealthDegraded, "fog")}, 24, 20, "6-10 A fog"},
		{"degraded as the mission states it", reduced, []coverage.Sign{said("A", 6, 10, truce.HealthDegraded, "fog")}, 24, 21, ""},
		{"two moments at one time: the worse", post("camera", "A"), []coverage.Sign{said("A", 6, 6, truce.HealthDown, "fog"), said("A", 6, 6, truce.HealthUp, ""), said("A", 7, 7, truce.HealthUp, "")}, 24, 23, "6-7 A fog"},
		{"by day only", shift(post("patrol", "A"), 6, 18), nil, 12, 12, ""},
		{"over midnight", shift(post("patrol", "A"), 22, 4), nil, 6, 6, ""},
		{"an outage outside the hours is no gap", shift(post("patrol", "A"), 6, 18), []coverage.Sign{said("A", 0, 7, truce.HealthDown, "rain")}, 12, 11, "6-7 A rain"},
		{"one of four is down", post("acoustic", "A", "B", "C", "D"), []coverage.Sign{said("A", 0, 12, truce.HealthDown, "no power")}, 24, 21, "0-12 A no power"},
		{"a short gap is counted and not listed", post("camera", "A"), []coverage.Sign{said("A", 6, 6.1, truce.HealthDown, "x")}, 24, 23.9, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := watchOf(t, row.watcher, row.health)
			if math.Abs(c.PlannedHours-row.planned) > 1e-3 || math.Abs(c.ObservedHours-row.observed) > 1e-3 {
				t.Errorf("%v of %v hours, want %v of %v", c.ObservedHours, c.PlannedHours, row.observed, row.planned)
			}
			if got := gapText(c); got != row.gaps {
				t.Errorf("gaps %q, want %q", got, row.gaps)
			}
			if math.Abs(float64(c.Share)-row.observed/row.planned) > 1e-5 {
				t.Errorf("share %v", float64(c.Share))
			}
		})
	}
}

// A family's hours are those in which its best watcher worked, not a sum; a watcher counts
// on its days and in its areas only.
func TestWatchersOfAFamily(t *testing.T) {
	later := post("patrol", "C")
	later.From = "2026-04-12"
	gone := post("drone", "D")
	gone.Until = "2026-04-10"
	south := post("patrol", "E")
	south.Areas = []truce.AreaID{"south"}
	board := coverage.NewBoard([]coverage.Watcher{shift(post("patrol", "A"), 6, 12), shift(post("patrol", "B"), 10, 18), later, gone, south}, nil)
	list := board.Over(day(0)).Coverage([]truce.AreaID{"north", "south"})
	var got []string
	for _, c := range list {
		got = append(got, fmt.Sprintf("%s %s %g/%g", c.Area, c.Family, c.ObservedHours, c.PlannedHours))
	}
	if want := []string{"north patrol 12/12", "south patrol 24/24"}; !slices.Equal(got, want) {
		t.Errorf("coverage %q, want %q", got, want)
	}
	next := board.Over(day(1)).Coverage([]truce.AreaID{"north"})
	if len(next) != 1 || next[0].PlannedHours != 24 {
		t.Errorf("the day after: %+v, want the third patrol's 24 hours", next)
	}
	if b := list[0].Basis; !strings.Contains(b, "From 06:00 to 12:00 local time, as the mission states") || !strings.Contains(b, "no sign of life is expected") {
		t.Errorf("basis %q", b)
	}
}

// Hours are of the local clock: on the day it goes forward a night watch is an hour short.
func TestHoursFollowTheLocalClock(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	w := shift(post("patrol", "A"), 0, 6)
	w.Zone = kyiv
	at := func(day int) truce.Instant { return truce.InstantOf(time.Date(2026, 3, day, 0, 0, 0, 0, kyiv)) }
	for day, want := range map[int]float64{28: 6, 29: 5, 30: 6} {
		c := coverage.NewBoard([]coverage.Watcher{w}, nil).Over(truce.Period{From: at(day), To: at(day + 1)}).Coverage([]truce.AreaID{"north"})
		if len(c) != 1 || c[0].PlannedHours != want {
			t.Errorf("%d March: %+v, want %v h", day, c, want)
		}
	}
}

func TestSignOfAnObservation(t *testing.T) {
	at := truce.PhenomenonTime{From: hour(1), To: hour(2)}
	o := truce.Observation{Sensor: "A", Phenomenon: at, Health: &truce.Health{State: truce.HealthDegraded, Reason: "fog"}}
	if s, ok := coverage.SignOf(o); !ok || s != (coverage.Sign{Sensor: "A", From: hour(1), To: hour(2), State: truce.HealthDegraded, Reason: "fog"}) {
		t.Errorf("%+v", s)
	}
	o.Health = &truce.Health{Working: true}
	if s, _ := coverage.SignOf(o); s.State != truce.HealthUp {
		t.Errorf("what only says that it works is %s", s.State)
	}
	for _, no := range []truce.Observation{{Sensor: "A", Phenomenon: at}, {Phenomenon: at, Health: &truce.Health{Working: true}}} {
		if _, ok := coverage.SignOf(no); ok {
			t.Errorf("%+v is a sign of a sensor's health", no)
		}
	}
}

// A year of hourly beats of a hundred arrays, and one day's hours and absences out of it.
func BenchmarkYearOfHeartbeats(b *testing.B) {
	var health []coverage.Sign
	var watchers []coverage.Watcher
	for k := range 100 {
		name := fmt.Sprintf("S%d", k)
		health = append(health, beats(name, 0, 24*365, 1)...)
		watchers = append(watchers, hourly(post("acoustic", name)))
	}
	b.Run("board", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			coverage.NewBoard(watchers, health)
		}
	})
	board := coverage.NewBoard(watchers, health)
	b.Run("day", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			watched := board.Over(day(100))
			watched.Coverage([]truce.AreaID{"north"})
			watched.Absences(fireRule(0.3), nil)
		}
	})
}

func TestNotStatedSaysNothing(t *testing.T) {
	list := coverage.NotStated([]truce.Family{"media", "civilian", "media"}, day(0))
	if len(list) != 2 || list[0].Family != "civilian" || list[0].Share != 0 || list[0].PlannedHours != 0 || !strings.Contains(list[1].Basis, "not stated") {
		t.Errorf("coverage %+v", list)
	}
}

// drawnBoard is a random watch with random health.
func drawnBoard(t *rapid.T) ([]coverage.Watcher, []coverage.Sign) {
	sensors := []string{"A", "B", "C"}
	var watchers []coverage.Watcher
	for range rapid.IntRange(1, 3).Draw(t, "watchers") {
		w := post(rapid.SampledFrom([]truce.Family{"patrol", "acoustic"}).Draw(t, "family"), sensors[:rapid.IntRange(1, 3).Draw(t, "sensors")]...)
		w = shift(w, float64(rapid.IntRange(0, 23).Draw(t, "from")), float64(rapid.IntRange(0, 23).Draw(t, "to")))
		w.Heartbeat = time.Duration(rapid.IntRange(0, 3).Draw(t, "heartbeat")) * time.Hour
		w.Degraded = truce.Probability(rapid.IntRange(0, 2).Draw(t, "degraded")) / 2
		w.Detect["fire"] = truce.Probability(rapid.Float64Range(0, 1).Draw(t, "p"))
		watchers = append(watchers, w)
	}
	var health []coverage.Sign
	for range rapid.IntRange(0, 25).Draw(t, "signs") {
		from := float64(rapid.IntRange(-8, 104).Draw(t, "quarter")) / 4
		length := float64(max(0, rapid.IntRange(-8, 16).Draw(t, "length"))) / 4
		state := rapid.SampledFrom([]truce.HealthState{truce.HealthUp, truce.HealthUp, truce.HealthUp, truce.HealthDegraded, truce.HealthUnknown, truce.HealthDown}).Draw(t, "state")
		health = append(health, said(rapid.SampledFrom(sensors).Draw(t, "sensor"), from, from+length, state, ""))
	}
	return watchers, health
}

func TestWatchProperties(t *testing.T) {
	areas := []truce.AreaID{"north"}
	fire := []truce.Act{truce.ActIndirectFire}
	rapid.Check(t, func(t *rapid.T) {
		watchers, health := drawnBoard(t)
		board := coverage.NewBoard(watchers, health)
		whole := board.Over(day(0))
		hours := map[truce.Family]float64{}
		for _, c := range whole.Coverage(areas) {
			if !c.Share.Valid() || c.ObservedHours < 0 || c.ObservedHours > c.PlannedHours+2e-3 || c.PlannedHours > 24 {
				t.Fatalf("%v of %v hours, share %v", c.ObservedHours, c.PlannedHours, float64(c.Share))
			}
			for _, g := range c.Gaps {
				if g.From < day(0).From || g.To > day(0).To || g.To <= g.From || g.Reason == "" || g.Sensor == "" {
					t.Fatalf("gap %+v", g)
				}
			}
			hours[c.Family] = c.ObservedHours
		}
		sight := whole.Sight("north", fire, 0.3)
		if !sight.Share.Valid() {
			t.Fatalf("chance %v", float64(sight.Share))
		}
		again := coverage.NewBoard(watchers, rapid.Permutation(health).Draw(t, "order")).Over(day(0))
		if !reflect.DeepEqual(whole.Coverage(areas), again.Coverage(areas)) {
			t.Fatal("another order of the health gave another coverage")
		}
		cut := hour(float64(rapid.IntRange(1, 95).Draw(t, "cut")) / 4)
		halves := map[truce.Family]float64{}
		for _, p := range []truce.Period{{From: hour(0), To: cut}, {From: cut, To: hour(24)}} {
			for _, c := range board.Over(p).Coverage(areas) {
				halves[c.Family] += c.ObservedHours
			}
		}
		for family, h := range hours {
			if math.Abs(halves[family]-h) > 3e-3 {
				t.Fatalf("%s: %v h in two parts, %v h in one", family, halves[family], h)
			}
		}
	})
}

// Losing a sign that a sensor worked never makes the coverage better.
func TestLosingAHeartbeatNeverRaisesCoverage(t *testing.T) {
	areas := []truce.AreaID{"north"}
	rapid.Check(t, func(t *rapid.T) {
		watchers, health := drawnBoard(t)
		i := slices.IndexFunc(health, func(o coverage.Sign) bool { return o.State == truce.HealthUp })
		if i < 0 {
			t.Skip("no sign of life")
		}
		less := slices.Delete(slices.Clone(health), i, i+1)
		before, after := coverage.NewBoard(watchers, health).Over(day(0)), coverage.NewBoard(watchers, less).Over(day(0))
		b, a := before.Coverage(areas), after.Coverage(areas)
		for k := range b {
			if a[k].ObservedHours > b[k].ObservedHours+1e-3 {
				t.Fatalf("%s: %v h with %+v, %v h without it", b[k].Family, b[k].ObservedHours, health[i], a[k].ObservedHours)
			}
		}
		fire := []truce.Act{truce.ActIndirectFire}
		if after.Sight("north", fire, 0.3).Share > before.Sight("north", fire, 0.3).Share+1e-6 {
			t.Fatal("the chance of seeing grew")
		}
	})
}
