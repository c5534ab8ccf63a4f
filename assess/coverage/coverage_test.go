package coverage_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

var midnight = truce.InstantOf(time.Date(2026, 4, 11, 0, 0, 0, 0, time.UTC))

var north = coverage.Area{ID: "north", Centre: geo.Point{Lat: 48.5, Lon: 37}, Cloud: "east"}

// hour is a moment of 11 April.
func hour(h float64) truce.Instant {
	return midnight.Add(time.Duration(h * float64(time.Hour)))
}

func day(n int) truce.Period {
	return truce.Period{From: hour(24 * float64(n)), To: hour(24 * float64(n+1)), Zone: "UTC"}
}

func seen(satellite string, h float64, lat, lon geo.Degrees) truce.Observation {
	return truce.Observation{
		ID:         truce.NewID(hour(h), "detection", satellite, []byte(fmt.Sprint(lat, lon))),
		Kind:       truce.KindDetection,
		Source:     "firms",
		Sensor:     truce.SensorID("sat-" + satellite),
		Phenomenon: truce.Moment(hour(h), 0),
		Place:      &geo.Position{Point: geo.Point{Lat: lat, Lon: lon}},
		Detection:  &truce.Detection{Satellite: satellite},
	}
}

func sky(area string, n int, cover float64) truce.Observation {
	p := day(n)
	return truce.Observation{
		ID:         truce.NewID(p.From, "weather", area, []byte(fmt.Sprint(cover))),
		Phenomenon: truce.PhenomenonTime{From: p.From, To: p.To},
		Weather:    &truce.Weather{Area: area, CloudCover: cover},
	}
}

func TestPassesPerDay(t *testing.T) {
	viirs := coverage.Nominal()[1]
	for _, row := range []struct {
		latitude geo.Degrees
		want     float64
	}{
		{0, 2.19},    // each orbit's two crossings cover 3,096 of 40,075 km
		{48.5, 3.36}, // the parallel is shorter
		{-48.5, 3.36},
		{80, 14.20}, // every orbit
		{90, 14.20},
	} {
		if got := viirs.PassesPerDay(row.latitude); math.Abs(got-row.want) > 0.01 {
			t.Errorf("at %v degrees %.3f passes a day, want %.2f", row.latitude, got, row.want)
		}
	}
}

func one(t *testing.T, data coverage.Data, cfg coverage.Config) truce.Coverage {
	t.Helper()
	return coverage.Thermal([]coverage.Area{north}, []truce.Period{day(0)}, data, cfg)[0]
}

func TestThermalShare(t *testing.T) {
	four := []truce.Observation{seen("N20", 1, 48.5, 37), seen("N20", 9.6, 48.5, 37), seen("N20", 11.3, 48.5, 37), seen("N20", 23.5, 48.5, 37)}
	planned := coverage.Nominal()[1].PassesPerDay(48.5)
	for _, row := range []struct {
		name   string
		data   coverage.Data
		cfg    coverage.Config
		passes int
		share  float64
		basis  string
	}{
		{"no data at all", coverage.Data{}, coverage.Config{}, 0, 0, "No pass is known and none is planned"},
		{"planned but nothing in the files", coverage.Data{Clouds: []truce.Observation{sky("east", 0, 0.2)}}, coverage.Config{Satellites: coverage.Nominal()[1:2]}, 0, 0, "Whether one looked is not known"},
		{"clear sky, every pass", coverage.Data{four, []truce.Observation{sky("east", 0, 0)}}, coverage.Config{}, 4, 1, "4 of about 3.4 nominal passes of N20"},
		{"half the sky", coverage.Data{four[:2], []truce.Observation{sky("east", 0, 0.5)}}, coverage.Config{}, 2, 1 / planned, "Mean cloud cover 0.50 (east)"},
		{"cloud of another area", coverage.Data{four, []truce.Observation{sky("west", 0, 0)}}, coverage.Config{}, 4, 0, "Cloud cover is not given for 4 of the passes; 0 %"},
		{"cloud of another day", coverage.Data{four, []truce.Observation{sky("east", 1, 0)}}, coverage.Config{}, 4, 0, "not given for 4"},
		{"two statements: the cloudier", coverage.Data{four[:1], []truce.Observation{sky("east", 0, 0.1), sky("east", 0, 0.4)}}, coverage.Config{}, 1, 0.6 / planned, "Mean cloud cover 0.25"},
		{"a climate value instead of cloud", coverage.Data{Detections: four[:1]}, coverage.Config{ClearWhenUnknown: 0.3}, 1, 0.3 / planned, "30 % of their sky"},
		{"cloud that is no share", coverage.Data{four[:1], []truce.Observation{sky("east", 0, 7), sky("east", 0, math.NaN())}}, coverage.Config{}, 1, 0, "not given for 1"},
		{"seen half a swath away", coverage.Data{[]truce.Observation{seen("N20", 1, 48.5, 37+20.73)}, []truce.Observation{sky("east", 0, 0)}}, coverage.Config{}, 1, 0.5028 / planned, "1 of about"},
		{"seen on the other side of the world", coverage.Data{[]truce.Observation{seen("N20", 1, -48.5, -143)}, []truce.Observation{sky("east", 0, 0)}}, coverage.Config{}, 0, 0, "No pass is known of about 3.4"},
		{"a satellite of which nothing is known", coverage.Data{[]truce.Observation{seen("X9", 1, 48.5, 37)}, nil}, coverage.Config{}, 0, 0, "nothing is known of their orbits: X9"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := one(t, row.data, row.cfg)
			if len(c.Passes) != row.passes || math.Abs(float64(c.Share)-row.share) > 2e-4 {
				t.Errorf("%d passes, share %.4f; want %d, %.4f", len(c.Passes), c.Share, row.passes, row.share)
			}
			if !strings.Contains(c.Basis, row.basis) {
				t.Errorf("basis %q, want it to say %q", c.Basis, row.basis)
			}
			if math.Abs(c.ObservedHours-float64(c.Share)*c.PlannedHours) > 1e-3 {
				t.Errorf("%v of %v hours at share %v", c.ObservedHours, c.PlannedHours, c.Share)
			}
		})
	}
}

// More passes than the orbits allow are no better coverage: the basis says to look at the
// satellites. One pass more than the average is usual.
func TestMorePassesThanTheOrbitsAllow(t *testing.T) {
	sighted := func(n int) coverage.Data {
		data := coverage.Data{Clouds: []truce.Observation{sky("east", 0, 0)}}
		for i := range n {
			data.Detections = append(data.Detections, seen("N20", float64(i)*23/float64(n), 48.5, 37))
		}
		return data
	}
	const note = "More passes than expected: check the satellites"
	for n, want := range map[int]bool{3: false, 5: false, 7: false, 8: true, 20: true} {
		c := one(t, sighted(n), coverage.Config{})
		if len(c.Passes) != n || strings.Contains(c.Basis, note) != want || c.Share > 1 || c.ObservedHours > c.PlannedHours {
			t.Errorf("%d passes (%d wanted), share %v, note wanted: %v; basis %q", len(c.Passes), n, c.Share, want, c.Basis)
		}
	}
}

func TestPassesAreCutByTime(t *testing.T) {
	dets := []truce.Observation{
		seen("N20", 1.00, 47, 36), seen("N20", 1.05, 48.4, 37), seen("N20", 1.10, 50, 38), // one pass of six minutes
		seen("N20", 2.70, 48, 25), // the next orbit
		seen("N", 1.05, 48.5, 37), // another satellite at the same time
		seen("N", 1.05, 48.5, 37), // a row given twice
	}
	c := one(t, coverage.Data{Detections: dets}, coverage.Config{})
	if len(c.Passes) != 3 {
		t.Fatalf("passes %+v, want 3", c.Passes)
	}
	want := []truce.Pass{{Sensor: "sat-N", At: hour(1.05), Detections: 1}, {Sensor: "sat-N20", At: hour(1.05), Detections: 3}, {Sensor: "sat-N20", At: hour(2.70), Detections: 1}}
	if !reflect.DeepEqual(c.Passes, want) {
		t.Errorf("passes %+v, want %+v: the time is that of the nearest detection", c.Passes, want)
	}
}

func TestGapsBetweenLooks(t *testing.T) {
	dets := []truce.Observation{seen("N20", 1, 48.5, 37), seen("N20", 11, 48.5, 37), seen("N20", 12.7, 48.5, 37)}
	clear := one(t, coverage.Data{dets, []truce.Observation{sky("east", 0, 0.2)}}, coverage.Config{})
	want := []truce.Gap{{From: hour(1), To: hour(11), Reason: "no pass known"}, {From: hour(12.7), To: hour(24), Reason: "no pass known"}}
	if !reflect.DeepEqual(clear.Gaps, want) {
		t.Errorf("gaps %v, want %v", clear.Gaps, want)
	}
	overcast := one(t, coverage.Data{dets, []truce.Observation{sky("east", 0, 0.95)}}, coverage.Config{})
	if len(overcast.Gaps) != 1 || overcast.Gaps[0].From != day(0).From || overcast.Gaps[0].To != day(0).To || !strings.Contains(overcast.Gaps[0].Reason, "cloud") {
		t.Errorf("gaps %v under cloud of 0.95, want the whole day", overcast.Gaps)
	}
	if blind := one(t, coverage.Data{}, coverage.Config{}); len(blind.Gaps) != 1 || blind.Gaps[0].To != day(0).To {
		t.Errorf("gaps %v without data, want the whole day", blind.Gaps)
	}
}

// A planned satellite that delivered nothing is a gap by its name, not a thing nobody
// misses; in a period too short for a pass none is missed.
func TestASatelliteThatDeliversNothingIsNamed(t *testing.T) {
	three := coverage.Config{Satellites: coverage.Nominal()[:3]}
	clear := []truce.Observation{sky("east", 0, 0)}
	one20 := []truce.Observation{seen("N20", 1, 48.5, 37), seen("N20", 11, 48.5, 37), seen("N", 12, 48.5, 37)}
	for _, row := range []struct {
		name   string
		data   []truce.Observation
		cfg    coverage.Config
		period truce.Period
		want   string
	}{
		{"one of three is missing", one20, three, day(0), "N21"},
		{"seen far away only", append([]truce.Observation{seen("N21", 5, -48.5, -143)}, one20...), three, day(0), "N21"},
		{"all are missing", nil, three, day(0), "N N20 N21"},
		{"only those in the data are planned", one20, coverage.Config{}, day(0), ""},
		{"seen on another day", one20, coverage.Config{}, day(1), "N N20"},
		{"no pass to be expected", nil, three, truce.Period{From: hour(0), To: hour(3)}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := coverage.Thermal([]coverage.Area{north}, []truce.Period{row.period}, coverage.Data{row.data, clear}, row.cfg)[0]
			var names []string
			for _, g := range c.Gaps {
				if g.Sensor != "" {
					names = append(names, string(g.Sensor))
					if g.Reason != "no data" || g.From != row.period.From || g.To != row.period.To {
						t.Errorf("gap %+v, want no data all the period", g)
					}
				}
			}
			if got := strings.Join(names, " "); got != row.want {
				t.Errorf("named %q, want %q", got, row.want)
			}
		})
	}
}

func TestOrderOfDataDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.Custom(func(t *rapid.T) truce.Observation {
			if rapid.Bool().Draw(t, "weather") {
				return sky("east", rapid.IntRange(-1, 2).Draw(t, "day"), rapid.Float64Range(0, 1).Draw(t, "cover"))
			}
			return seen(rapid.SampledFrom([]string{"N", "N20", "X9"}).Draw(t, "satellite"), float64(rapid.IntRange(0, 96).Draw(t, "half hour"))/2,
				geo.Degrees(rapid.IntRange(40, 55).Draw(t, "lat")), geo.Degrees(rapid.IntRange(10, 60).Draw(t, "lon")))
		})
		list := rapid.SliceOfN(draw, 0, 30).Draw(t, "observations")
		run := func(list []truce.Observation) []truce.Coverage {
			return coverage.Thermal([]coverage.Area{north}, []truce.Period{day(0), day(1)}, coverage.Data{list, list}, coverage.Config{})
		}
		a, b := run(list), run(rapid.Permutation(list).Draw(t, "order"))
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("another order of the data gave another coverage:\n%+v\n%+v", a, b)
		}
	})
}

func BenchmarkThermal(b *testing.B) {
	var data coverage.Data
	for i := range 100_000 {
		data.Detections = append(data.Detections, seen([]string{"N", "N20", "N21"}[i%3], float64(i%1440)/2, geo.Degrees(44+i%97)/12+40, geo.Degrees(24+i%13)))
	}
	var periods []truce.Period
	for n := range 30 {
		periods = append(periods, day(n))
		data.Clouds = append(data.Clouds, sky("east", n, 0.5))
	}
	areas := make([]coverage.Area, 20)
	for i := range areas {
		areas[i] = north
	}
	b.ReportAllocs()
	for b.Loop() {
		coverage.Thermal(areas, periods, data, coverage.Config{})
	}
}
