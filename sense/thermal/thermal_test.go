package thermal_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/thermal"
	"pgregory.net/rapid"
)

var noon = truce.InstantOf(time.Date(2026, 4, 11, 12, 0, 0, 0, time.UTC))

// field is a place on invented land, from which tests count metres.
var field = geo.Point{Lat: 48.5, Lon: 36.5}

type hot struct {
	east, north geo.Metres
	after       time.Duration
	satellite   string
	scan, track geo.Metres
	turn        geo.Degrees // from the usual azimuth of 12
	confidence  truce.Confidence
}

func (h hot) observation() truce.Observation {
	plane := geo.NewPlane(field)
	return detection(plane.From(h.east, h.north), noon.Add(h.after), h)
}

func detection(at geo.Point, when truce.Instant, h hot) truce.Observation {
	if h.scan == 0 {
		h.scan, h.track = 400, 400
	}
	f := geo.Footprint{Scan: h.scan, Track: h.track, Azimuth: 12 - h.turn}
	if h.satellite == "" {
		h.satellite = "N20"
	}
	if h.confidence == "" {
		h.confidence = truce.ConfidenceNominal
	}
	key := fmt.Sprint(at, when, h.satellite, h.scan)
	return truce.Observation{
		ID:         truce.NewID(when, "detection", "firms", []byte(key)),
		Kind:       truce.KindDetection,
		Source:     "firms",
		Sensor:     truce.SensorID(h.satellite),
		Phenomenon: truce.Moment(when, 30*time.Second),
		Place:      &geo.Position{Point: at, Error: f.Covariance(), Footprint: &f},
		Detection:  &truce.Detection{Instrument: "VIIRS", Satellite: h.satellite, Confidence: h.confidence},
	}
}

func observe(hots ...hot) []truce.Observation {
	out := make([]truce.Observation, len(hots))
	for i, h := range hots {
		out[i] = h.observation()
	}
	return out
}

func sizes(events []truce.Event) []int {
	var out []int
	for _, e := range events {
		out = append(out, len(e.Support))
	}
	return out
}

func TestWhichDetectionsAreOneFire(t *testing.T) {
	minute := time.Minute
	for _, row := range []struct {
		name string
		hots []hot
		want []int // detections of each event, in order
	}{
		{"one detection", []hot{{}}, []int{1}},
		{"neighbouring pixels of one pass", []hot{{}, {east: 400}}, []int{2}},
		{"corner to corner", []hot{{}, {east: 390, north: 390}}, []int{2}},
		{"a pixel between them left out", []hot{{}, {east: 1200}}, []int{1, 1}},
		{"three satellites, 50 minutes", []hot{{satellite: "N21"}, {east: 150, after: 25 * minute, satellite: "N"}, {north: 200, after: 50 * minute}}, []int{3}},
		{"two orbits of three satellites", []hot{{}, {after: 50 * minute}, {after: 101 * minute}, {after: 151 * minute}}, []int{4}},
		{"next night", []hot{{}, {after: 13 * time.Hour}}, []int{1, 1}},
		{"later than the gap", []hot{{}, {after: 91 * minute}}, []int{1, 1}},
		{"burning all day, seen every hour", []hot{{}, {after: 60 * minute}, {after: 120 * minute}, {after: 180 * minute}, {after: 240 * minute}, {after: 300 * minute}}, []int{4, 2}},
		{"wide pixel holds narrow one", []hot{{scan: 4800, track: 2000}, {east: 2000, after: 20 * minute, satellite: "N"}}, []int{2}},
		{"wider than any pixel joins nothing", []hot{{scan: 30000, track: 30000}, {east: 10}}, []int{1, 1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			events := thermal.Events(observe(row.hots...), thermal.History{}, thermal.Config{})
			got := sizes(events)
			slices.Sort(got)
			want := slices.Clone(row.want)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("detections per event %v, want %v", got, want)
			}
		})
	}
}

func TestLongFrontIsCut(t *testing.T) {
	var front []hot
	for i := range 100 {
		front = append(front, hot{east: geo.Metres(400 * i)})
	}
	events := thermal.Events(observe(front...), thermal.History{}, thermal.Config{})
	if len(events) < 7 || len(events) > 20 {
		t.Fatalf("a front of 40 km became %d events, want about one for each 6 km", len(events))
	}
	for _, e := range events {
		if f := e.Position.Footprint; max(f.Scan, f.Track) > 6800 {
			t.Errorf("event is %v by %v m, want at most the extent and a pixel", f.Scan, f.Track)
		}
	}
}

func TestEventIsDescribedByItsPixels(t *testing.T) {
	dets := observe(
		hot{satellite: "N21", scan: 800, track: 780, confidence: truce.ConfidenceLow},
		hot{east: 100, after: 25 * time.Minute, satellite: "N", confidence: truce.ConfidenceHigh},
	)
	events := thermal.Events(dets, thermal.History{}, thermal.Config{})
	if len(events) != 1 {
		t.Fatalf("%d events, want 1", len(events))
	}
	e := events[0]
	if e.Kind != truce.ActHeat || e.Method != thermal.Method || e.Score != 0.99 || len(e.Labels) != 0 {
		t.Errorf("kind %s, method %s, score %v, labels %v", e.Kind, e.Method, e.Score, e.Labels)
	}
	if want := truce.NewID(noon, "event", thermal.Method, dets[0].ID[:]); e.ID != want {
		t.Errorf("id %s, want %s from the opening detection", e.ID, want)
	}
	if e.Origin.From != noon || e.Origin.To != noon.Add(25*time.Minute) {
		t.Errorf("origin %v", e.Origin)
	}
	if f := e.Position.Footprint; f == nil || f.Scan != 400 || f.Track != 400 {
		t.Errorf("footprint %v, want the small pixel that lies in the large one", f)
	}
	if d := geo.Distance(e.Position.Point, dets[1].Place.Point); d > 0.1 {
		t.Errorf("the event lies %v m from the small pixel", d)
	}
	if c := e.Position.Footprint.Covariance(); math.Abs(c.EE-e.Position.Error.EE) > 1e-6 || math.Abs(c.NN-e.Position.Error.NN) > 1e-6 {
		t.Errorf("error %v is not the footprint's own", e.Position.Error)
	}
	if r := e.Support[0].ResidualM; r < 99.9 || r > 100.1 || e.Support[0].Family != truce.FamilyThermal {
		t.Errorf("support %+v, want a residual of 100 m", e.Support[0])
	}
}

func TestPositionOfSeveralPixels(t *testing.T) {
	for _, row := range []struct {
		name        string
		hots        []hot
		scan, track geo.Metres
	}{
		{"one pass: around its pixels", []hot{{}, {scan: 400, track: 400, east: geo.Metres(400 * 0.9781476), north: geo.Metres(-400 * 0.2079117)}}, 800, 400},
		{"two passes: never smaller than the smaller pixel", []hot{{}, {after: time.Hour, satellite: "N", east: geo.Metres(300 * 0.9781476), north: geo.Metres(-300 * 0.2079117)}}, 400, 400},
		{"two passes just missed: the middle", []hot{{}, {after: time.Hour, satellite: "N", east: geo.Metres(500 * 0.9781476), north: geo.Metres(-500 * 0.2079117)}}, 400, 400},
	} {
		e := thermal.Events(observe(row.hots...), thermal.History{}, thermal.Config{})[0]
		f := e.Position.Footprint
		if f.Scan < row.scan-1 || f.Scan > row.scan+1 || f.Track < row.track-1 || f.Track > row.track+1 {
			t.Errorf("%s: %v by %v m, want %v by %v", row.name, f.Scan, f.Track, row.scan, row.track)
		}
	}
}

func TestFrontThatMovedIsOutlinedWhole(t *testing.T) {
	moved := []hot{{}, {north: 390}, {north: 780, after: time.Hour, satellite: "N"}, {north: 1170, after: time.Hour, satellite: "N"}, {north: 1560, after: 80 * time.Minute, satellite: "N21"}}
	events := thermal.Events(observe(moved...), thermal.History{}, thermal.Config{})
	if len(events) != 1 {
		t.Fatalf("%d events, want 1", len(events))
	}
	if f := events[0].Position.Footprint; f.Track < 1900 {
		t.Errorf("footprint %v, want all of the 1,960 m that burnt", *f)
	}
}

func TestDetectionWithoutFootprintIsItsEllipse(t *testing.T) {
	o := hot{}.observation()
	o.Place.Footprint, o.Place.Error = nil, geo.Isotropic(100)
	e := thermal.Events([]truce.Observation{o}, thermal.History{}, thermal.Config{})[0]
	if f := e.Position.Footprint; f == nil || f.Scan < 346 || f.Scan > 347 {
		t.Errorf("footprint %v, want 346.4 m: 100 m times the root of 12", f)
	}
}

func TestOtherObservationsArePassedOver(t *testing.T) {
	noPlace := hot{}.observation()
	noPlace.Place = nil
	dets := append(observe(hot{}, hot{}), noPlace, truce.Observation{Kind: truce.KindReport, Report: &truce.Report{}})
	if got := sizes(thermal.Events(dets, thermal.History{}, thermal.Config{})); !slices.Equal(got, []int{1}) {
		t.Errorf("events %v, want one of one detection: the second is the first again", got)
	}
}

func TestRecurringHeatIsLabelledAndKept(t *testing.T) {
	day := 24 * time.Hour
	plant := []hot{{after: -3 * day}, {after: -3*day + 5*time.Hour}, {after: -1 * day, north: 100}, {}}
	field := hot{east: 5000}
	past := hot{east: 390, after: 20 * time.Minute, satellite: "N"}
	for _, row := range []struct {
		name string
		hist []hot
		now  []hot
		cfg  thermal.Config
		want bool
	}{
		{"no history", nil, []hot{{}}, thermal.Config{}, false},
		{"two days before and today", plant, []hot{{}}, thermal.Config{}, true},
		{"a day counts once", plant[:2], []hot{{}}, thermal.Config{}, false},
		{"asked for four days", plant, []hot{{}}, thermal.Config{RecurringDays: 4}, false},
		{"older than the lookback", plant, []hot{{}}, thermal.Config{LookbackDays: 2}, false},
		{"elsewhere", plant, []hot{field}, thermal.Config{}, false},
		{"what comes later is not known yet", plant, []hot{{after: -3 * day}}, thermal.Config{}, false},
		{"most of the fire is elsewhere", plant, []hot{{}, past, {east: 1000, after: 20 * time.Minute, satellite: "N"}, {east: 1400, after: 20 * time.Minute, satellite: "N"}}, thermal.Config{}, true},
		{"field fire past the plant", plant, []hot{{}, {east: 390}, {east: 780}, {east: 1170}, {east: 1560}, {east: 1950}}, thermal.Config{}, false},
	} {
		events := thermal.Events(observe(row.now...), thermal.NewHistory(observe(row.hist...)), row.cfg)
		if len(events) != 1 {
			t.Fatalf("%s: %d events, want the event kept", row.name, len(events))
		}
		if got := slices.Contains(events[0].Labels, truce.LabelRecurringHeat); got != row.want {
			t.Errorf("%s: recurring %v, want %v", row.name, got, row.want)
		}
	}
}

// TestHeatThatFIRMSCallsStatic is labelled without any history, and a fire of which the
// smaller part is static is not.
func TestHeatThatFIRMSCallsStatic(t *testing.T) {
	far := func(n int) hot { return hot{east: geo.Metres(n) * 390} }
	for _, row := range []struct {
		name  string
		types []truce.HeatType
		want  bool
	}{
		{"not said", []truce.HeatType{""}, false},
		{"vegetation", []truce.HeatType{truce.HeatVegetation}, false},
		{"volcano", []truce.HeatType{truce.HeatVolcano}, true},
		{"static", []truce.HeatType{truce.HeatStatic}, true},
		{"offshore", []truce.HeatType{truce.HeatOffshore}, true},
		{"half of it", []truce.HeatType{truce.HeatStatic, truce.HeatVegetation}, true},
		{"a field fire past a plant", []truce.HeatType{truce.HeatStatic, truce.HeatVegetation, truce.HeatVegetation}, false},
	} {
		var fire []truce.Observation
		for i, heat := range row.types {
			o := far(i).observation()
			o.Detection.Type = heat
			fire = append(fire, o)
		}
		events := thermal.Events(fire, thermal.History{}, thermal.Config{})
		if len(events) != 1 || slices.Contains(events[0].Labels, truce.LabelRecurringHeat) != row.want {
			t.Errorf("%s: %d events, labels %v, want recurring heat %v", row.name, len(events), events[0].Labels, row.want)
		}
	}
}

func TestLowConfidenceIsALabel(t *testing.T) {
	e := thermal.Events(observe(hot{confidence: truce.ConfidenceLow}), thermal.History{}, thermal.Config{})[0]
	if !slices.Equal(e.Labels, []truce.Label{truce.LabelLowConfidence}) || e.Score != 0.6 {
		t.Errorf("labels %v, score %v", e.Labels, e.Score)
	}
}

func anyHot(t *rapid.T) hot {
	return hot{
		east:      geo.Metres(rapid.IntRange(-3000, 3000).Draw(t, "east")),
		north:     geo.Metres(rapid.IntRange(-3000, 3000).Draw(t, "north")),
		after:     time.Duration(rapid.IntRange(0, 400).Draw(t, "minute")) * time.Minute,
		satellite: rapid.SampledFrom([]string{"N", "N20", "N21"}).Draw(t, "satellite"),
		scan:      geo.Metres(rapid.IntRange(320, 800).Draw(t, "scan")),
		track:     400,
		turn:      geo.Degrees(rapid.SampledFrom([]int{0, 12, 102, -168}).Draw(t, "turn")),
	}
}

func TestEventsKeepTheirPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dets := observe(rapid.SliceOfN(rapid.Custom(anyHot), 0, 40).Draw(t, "hots")...)
		hist := thermal.NewHistory(dets)
		events := thermal.Events(dets, hist, thermal.Config{})
		again := thermal.Events(rapid.Permutation(dets).Draw(t, "order"), hist, thermal.Config{})
		if !reflect.DeepEqual(events, again) {
			t.Fatalf("another order of the same detections gave other events")
		}
		place := map[truce.ID]*geo.Position{}
		for _, d := range dets {
			place[d.ID] = d.Place
		}
		used := map[truce.ID]int{}
		for _, e := range events {
			if _, err := truce.Canonical(e); err != nil {
				t.Fatalf("event cannot be recorded: %v", err)
			}
			if e.Origin.To.Sub(e.Origin.From) > thermal.DefaultMaxSpan {
				t.Fatalf("event spans %v", e.Origin.To.Sub(e.Origin.From))
			}
			for _, s := range e.Support {
				used[s.Observation]++
				if s.ResidualM > float64(thermal.DefaultMaxExtent)+800 {
					t.Fatalf("a detection lies %v m from its event", s.ResidualM)
				}
			}
		}
		for id := range place {
			if used[id] != 1 {
				t.Fatalf("detection %s is in %d events, want exactly one", id, used[id])
			}
		}
	})
}

func TestFireAcrossTheDateLine(t *testing.T) {
	west := detection(geo.Point{Lat: 65, Lon: 179.998}, noon, hot{})
	east := detection(geo.Point{Lat: 65, Lon: -179.998}, noon, hot{})
	events := thermal.Events([]truce.Observation{west, east}, thermal.NewHistory([]truce.Observation{west}), thermal.Config{})
	if len(events) != 1 {
		t.Fatalf("%d events, want 1", len(events))
	}
	if f := events[0].Position.Footprint; f.Scan > 700 {
		t.Errorf("footprint %v, want some 590 m across", *f)
	}
}

func TestHostilePileIsBounded(t *testing.T) {
	var dets []truce.Observation
	for i := range 20_000 {
		o := hot{}.observation()
		o.ID = truce.NewID(noon, "detection", "firms", []byte(fmt.Sprint(i)))
		dets = append(dets, o)
	}
	events := thermal.Events(dets, thermal.NewHistory(dets), thermal.Config{})
	if len(events) != 1 || len(events[0].Support) != len(dets) {
		t.Errorf("%d events, want all of the pile in one", len(events))
	}
}

// season is n detections scattered over a theatre of 8 by 16 degrees and 60 days.
func season(n int) []truce.Observation {
	r := rand.New(rand.NewPCG(7, 11))
	dets := make([]truce.Observation, n)
	for i := range dets {
		at := geo.Point{Lat: geo.Degrees(44 + 8*r.Float64()), Lon: geo.Degrees(24 + 16*r.Float64())}
		if i > 0 && r.Float64() < 0.6 { // a neighbour of the one before
			at = geo.Point{Lat: dets[i-1].Place.Lat + 0.003, Lon: dets[i-1].Place.Lon + 0.002}
		}
		when := noon.Add(time.Duration(r.IntN(60*24*12)) * 5 * time.Minute)
		if i > 0 && r.Float64() < 0.8 {
			when = dets[i-1].Phenomenon.From
		}
		dets[i] = detection(at, when, hot{satellite: []string{"N", "N20", "N21"}[r.IntN(3)]})
	}
	return dets
}

func BenchmarkEvents100k(b *testing.B) {
	dets := season(100_000)
	hist := thermal.NewHistory(dets)
	b.ReportAllocs()
	for b.Loop() {
		thermal.Events(dets, hist, thermal.Config{})
	}
	b.ReportMetric(float64(len(dets))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkNewHistory100k(b *testing.B) {
	dets := season(100_000)
	b.ReportAllocs()
	for b.Loop() {
		thermal.NewHistory(dets)
	}
}

func ExampleEvents() {
	dets := observe(
		hot{satellite: "N21"},
		hot{satellite: "N", east: 120, after: 25 * time.Minute},
		hot{satellite: "N20", east: 9000, after: 50 * time.Minute},
	)
	for _, e := range thermal.Events(dets, thermal.History{}, thermal.Config{}) {
		fmt.Printf("%s: %d detections in a pixel of %.0f x %.0f m\n", e.Kind, len(e.Support), e.Position.Footprint.Scan, e.Position.Footprint.Track)
	}
	// Output:
	// heat_undetermined: 2 detections in a pixel of 400 x 400 m
	// heat_undetermined: 1 detections in a pixel of 400 x 400 m
}
