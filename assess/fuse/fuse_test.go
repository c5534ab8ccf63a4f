package fuse_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

var (
	midnight = truce.InstantOf(time.Date(2026, 4, 11, 0, 0, 0, 0, time.UTC))
	mill     = geo.Point{Lat: 48.5, Lon: 36.5}
)

// at is a place in metres east and north of the mill.
func at(east, north geo.Metres) geo.Point {
	plane := geo.NewPlane(mill)
	return plane.From(east, north)
}

func event(key string, kind truce.Act, source truce.SourceID, family truce.Family, p geo.Position, when truce.PhenomenonTime) truce.Event {
	id := truce.NewID(when.From, "event", string(source), []byte(key))
	return truce.Event{
		ID: id, Revision: 1, Kind: kind, Origin: when, Position: &p, Score: 0.5,
		Support: []truce.Support{{Observation: id, Source: source, Family: family}},
	}
}

// told is a report of a town for a whole day: 1.5 km at one sigma.
func told(key string, kind truce.Act, east, north geo.Metres) truce.Event {
	when := truce.PhenomenonTime{From: midnight, To: midnight.Add(24 * time.Hour)}
	e := event(key, kind, "posts", truce.FamilyMedia, geo.Position{Point: at(east, north), Error: geo.Isotropic(1500)}, when)
	e.Place = "Torfhaven"
	e.Labels = []truce.Label{truce.LabelOneSource}
	return e
}

// heat is a pixel seen at an hour of the day.
func heat(key string, east, north geo.Metres, hour int) truce.Event {
	f := geo.Footprint{Scan: 400, Track: 400}
	when := truce.Moment(midnight.Add(time.Duration(hour)*time.Hour), 30*time.Second)
	e := event(key, truce.ActHeat, "firms", truce.FamilyThermal, geo.Position{Point: at(east, north), Error: f.Covariance(), Footprint: &f}, when)
	e.Score = 0.98
	return e
}

// bang is an explosion located by sound, to the second and 60 m.
func bang(key string, east, north geo.Metres, after time.Duration) truce.Event {
	e := event(key, truce.ActExplosion, "array", truce.FamilyAcoustic, geo.Position{Point: at(east, north), Error: geo.Isotropic(60)}, truce.Moment(midnight.Add(after), 300*time.Millisecond))
	e.Score = 0.9
	return e
}

func labelled(e truce.Event, labels ...truce.Label) truce.Event {
	e.Labels = append(slices.Clone(e.Labels), labels...)
	return e
}

func inGroup(e truce.Event, group string) truce.Event {
	e.Support = slices.Clone(e.Support)
	e.Support[0].Group = group
	return e
}

// crowd is heat all around, every 3 km: harvest time.
func crowd() []truce.Event {
	var out []truce.Event
	for i := range 400 {
		out = append(out, heat(fmt.Sprint("crowd", i), geo.Metres(3000*(i%20)-30_000+1500), geo.Metres(3000*(i/20)-30_000+1500), i%24))
	}
	return out
}

func groupOf(t *testing.T, groups []fuse.Group, e truce.Event) fuse.Group {
	t.Helper()
	for _, g := range groups {
		if slices.ContainsFunc(g.Events, func(x truce.Event) bool { return x.ID == e.ID }) {
			return g
		}
	}
	t.Fatalf("event %s is in no group", e.ID)
	return fuse.Group{}
}

func TestWhichEventsAreOneHappening(t *testing.T) {
	const strike = truce.ActOWAUAV
	report := told("report", strike, 0, 0)
	for _, row := range []struct {
		name   string
		other  truce.Event
		around []truce.Event
		joined bool
		want   truce.Occurrence // of the report's group
	}{
		{"heat in the town that day", heat("h", 500, 0, 14), nil, true, truce.OccurrenceCorroborated},
		{"heat at the edge of the town", heat("h", 3000, 0, 14), nil, true, truce.OccurrenceDetected},
		{"heat 10 km away that day", heat("h", 10_000, 0, 14), nil, false, truce.OccurrenceReported},
		{"heat in the town two days later", heat("h", 500, 0, 62), nil, false, truce.OccurrenceReported},
		{"heat in the town at harvest time", heat("h", 500, 0, 14), crowd(), false, truce.OccurrenceReported},
		{"heat where heat recurs", labelled(heat("h", 500, 0, 14), truce.LabelRecurringHeat), nil, true, truce.OccurrenceReported},
		{"an explosion heard in the town", bang("b", 500, 0, 9*time.Hour), nil, true, truce.OccurrenceCorroborated},
		{"another paper of the same town and act", event("p", strike, "gazette", truce.FamilyMedia, *report.Position, report.Origin), nil, true, truce.OccurrenceReported},
		{"a civilian who tells the same", event("c", strike, "phone", truce.FamilyCivilian, *report.Position, report.Origin), nil, true, truce.OccurrenceReported},
		{"a patrol that saw the same", event("p", strike, "patrol3", truce.FamilyPatrol, *report.Position, report.Origin), nil, true, truce.OccurrenceCorroborated},
		{"a map is no witness", event("m", strike, "map", truce.FamilyReference, *report.Position, report.Origin), nil, true, truce.OccurrenceReported},
		{"a closed road in the same town", event("p", truce.ActDenyAccess, "patrol3", truce.FamilyPatrol, *report.Position, report.Origin), nil, false, truce.OccurrenceReported},
	} {
		t.Run(row.name, func(t *testing.T) {
			events := append([]truce.Event{report, row.other}, row.around...)
			g := groupOf(t, fuse.Join(events, fuse.Config{}), report)
			joined := slices.ContainsFunc(g.Events, func(e truce.Event) bool { return e.ID == row.other.ID })
			if joined != row.joined || g.Occurrence != row.want {
				t.Errorf("joined %v, occurrence %s, link %+v; want %v, %s", joined, g.Occurrence, g.Link, row.joined, row.want)
			}
		})
	}
}

func TestHeatAloneStaysHeat(t *testing.T) {
	g := fuse.Join([]truce.Event{heat("h", 0, 0, 12)}, fuse.Config{})[0]
	if want := []truce.ActWeight{{Act: truce.ActHeat, P: 1}}; !slices.Equal(g.Acts, want) || g.Occurrence != truce.OccurrenceDetected {
		t.Errorf("acts %v, occurrence %s; want heat only, detected", g.Acts, g.Occurrence)
	}
	if g.P != 0.98 || g.Link != nil || g.Position.Footprint == nil {
		t.Errorf("p %v, link %v, position %v", g.P, g.Link, g.Position)
	}
}

func TestWhatAGroupSays(t *testing.T) {
	report, pixel := told("report", truce.ActOWAUAV, 0, 0), heat("h", 500, 0, 14)
	g := fuse.Join([]truce.Event{report, pixel}, fuse.Config{})[0]
	if *g.Position != *pixel.Position {
		t.Errorf("position %v, want the pixel, the better known of the two", g.Position)
	}
	if g.Time.From != midnight.Add(8*time.Hour) || g.Time.To != midnight.Add(14*time.Hour) {
		t.Errorf("time %s to %s, want the six hours before the pass", g.Time.From, g.Time.To)
	}
	if !slices.Equal(g.Families, []truce.Family{truce.FamilyMedia, truce.FamilyThermal}) || !slices.Equal(g.Sources, []truce.SourceID{"firms", "posts"}) {
		t.Errorf("families %v, sources %v", g.Families, g.Sources)
	}
	if len(g.Labels) != 0 {
		t.Errorf("labels %v; two voices are not one source", g.Labels)
	}
	if g.Acts[0].Act != truce.ActOWAUAV || g.Acts[0].P > 0.9 || g.P < 0.98 {
		t.Errorf("acts %v, p %v; want the named act below one less confusion", g.Acts, g.P)
	}
	if g.Link == nil || g.Link.Same < 0.95 || g.Link.Chance > 0.05 {
		t.Errorf("link %+v", g.Link)
	}
}

// Twenty days of heat at a plant and one story, printed twice, of a strike there on the
// last: the plant burns whether or not the story is true.
func TestPlantHeatBearsNoStoryOut(t *testing.T) {
	const strike = truce.ActOWAUAV
	var plant []truce.Event
	for day := range 20 {
		e := heat(fmt.Sprint("plant", day), 300, 0, 14-24*(19-day))
		if day >= 2 {
			e = labelled(e, truce.LabelRecurringHeat)
		}
		plant = append(plant, e)
	}
	story := inGroup(told("story", strike, 0, 0), "wire")
	reprint := inGroup(event("reprint", strike, "gazette", truce.FamilyMedia, *story.Position, story.Origin), "wire")
	alone := groupOf(t, fuse.Join([]truce.Event{story, reprint}, fuse.Config{}), story)
	g := groupOf(t, fuse.Join(append(plant, story, reprint), fuse.Config{}), story)
	if g.P != alone.P || g.Occurrence != truce.OccurrenceReported || g.Link != nil {
		t.Errorf("p %v, %s, link %+v; want p %v of the story alone, reported", g.P, g.Occurrence, g.Link, alone.P)
	}
	if !slices.Equal(g.Acts, alone.Acts) || *g.Position != *alone.Position || g.Time != alone.Time {
		t.Errorf("acts %v at %v, %v; want those of the story alone", g.Acts, g.Position, g.Time)
	}
	both := together(t, story, plant[19])
	if both.P != alone.P || both.Occurrence != truce.OccurrenceReported || !slices.Equal(both.Labels, []truce.Label{truce.LabelRecurringHeat}) {
		t.Errorf("joined by hand: p %v, %s, labels %v; want p %v, reported, recurring heat", both.P, both.Occurrence, both.Labels, alone.P)
	}
	if got := together(t, plant[19]); got.Occurrence != truce.OccurrenceDetected || got.P != 0.98 {
		t.Errorf("the plant alone: %s with p %v, want detected as ever", got.Occurrence, got.P)
	}
	patrol := by(told("patrol", strike, 0, 0), "patrol3", truce.FamilyPatrol)
	if got := together(t, story, patrol, plant[19]); got.Occurrence != truce.OccurrenceCorroborated || got.P <= alone.P {
		t.Errorf("with a patrol: %s with p %v, want corroborated and more than %v", got.Occurrence, got.P, alone.P)
	}
}

func TestCopiesNeverRaiseConfidence(t *testing.T) {
	one := told("0", truce.ActOWAUAV, 0, 0)
	alone := fuse.Join([]truce.Event{one}, fuse.Config{})[0]
	var hundred []truce.Event
	for i := range 100 {
		hundred = append(hundred, inGroup(told(fmt.Sprint(i), truce.ActOWAUAV, 0, 0), "copies"))
	}
	groups := fuse.Join(hundred, fuse.Config{})
	if len(groups) != 1 {
		t.Fatalf("%d groups, want the copies in one", len(groups))
	}
	g := groups[0]
	if g.P != alone.P || g.Occurrence != truce.OccurrenceReported || !slices.Equal(g.Acts, alone.Acts) {
		t.Errorf("p %v, %s, acts %v; a single report has %v, %s, %v", g.P, g.Occurrence, g.Acts, alone.P, alone.Occurrence, alone.Acts)
	}
	if !slices.Contains(g.Labels, truce.LabelOneSource) {
		t.Errorf("labels %v, want one_source: a hundred copies are one voice", g.Labels)
	}
	withHeat := fuse.Join([]truce.Event{one, heat("h", 500, 0, 14)}, fuse.Config{})[0]
	all := groupOf(t, fuse.Join(append(hundred, heat("h", 500, 0, 14)), fuse.Config{}), one)
	if all.P > withHeat.P || all.Link.Odds > withHeat.Link.Odds*1.0001 {
		t.Errorf("a hundred copies beside heat: p %v, odds %v; one report: %v, %v", all.P, all.Link.Odds, withHeat.P, withHeat.Link.Odds)
	}
}

func TestCampaignOfRewordedReportsStaysReported(t *testing.T) {
	var events []truce.Event
	for i := range 3000 {
		e := told(fmt.Sprint(i), truce.ActOWAUAV, 0, 0)
		e.Support[0].Source = truce.SourceID(fmt.Sprint("account", i%200))
		events = append(events, e)
	}
	groups := fuse.Join(events, fuse.Config{})
	for _, g := range groups {
		if g.Occurrence != truce.OccurrenceReported || g.P > 0.5 {
			t.Errorf("occurrence %s, p %v: accounts were counted as witnesses", g.Occurrence, g.P)
		}
	}
	t.Logf("3,000 reports of 200 accounts: %d groups", len(groups))
}

func TestEventsWithoutAPlaceStayAlone(t *testing.T) {
	a, b := told("a", truce.ActBurst, 0, 0), told("b", truce.ActBurst, 0, 0)
	a.Position, b.Position = nil, nil
	wide := told("c", truce.ActBurst, 0, 0)
	wide.Position.Error = geo.Isotropic(300_000)
	groups := fuse.Join([]truce.Event{a, b, wide}, fuse.Config{})
	if len(groups) != 3 {
		t.Fatalf("%d groups, want 3: nothing to join on", len(groups))
	}
	if groupOf(t, groups, a).Position != nil || groupOf(t, groups, wide).Position == nil {
		t.Error("a group's place is not its event's")
	}
}

func TestChainsAreCutByTheGates(t *testing.T) {
	var events []truce.Event
	for i := range 30 { // a strip of towns, each within reach of the next
		e := told(fmt.Sprint(i), truce.ActIndirectFire, geo.Metres(3000*i), 0)
		e.Support[0].Source = truce.SourceID(fmt.Sprint("paper", i))
		events = append(events, e)
	}
	for _, g := range fuse.Join(events, fuse.Config{}) {
		first, last := g.Events[0].Position.Point, g.Events[0].Position.Point
		for _, e := range g.Events {
			if d := geo.Distance(e.Position.Point, first); d > geo.Distance(last, first) {
				last = e.Position.Point
			}
		}
		if d := geo.Distance(first, last); d > 9200 {
			t.Errorf("a group reaches %.0f m, beyond 4.3 sigma of two towns", d)
		}
	}
}

func TestHighestRevisionCounts(t *testing.T) {
	old, revised := told("a", truce.ActBurst, 0, 0), told("a", truce.ActIndirectFire, 0, 0)
	revised.Revision = 2
	groups := fuse.Join([]truce.Event{revised, old}, fuse.Config{})
	if len(groups) != 1 || len(groups[0].Events) != 1 || groups[0].Events[0].Kind != truce.ActIndirectFire {
		t.Errorf("groups %+v, want the second revision alone", groups)
	}
}

func TestDescribeAsPeopleSay(t *testing.T) {
	report, pixel := told("report", truce.ActOWAUAV, 0, 0), heat("h", 500, 0, 14)
	f := fuse.New([]truce.Event{report, pixel}, fuse.Config{})
	g := f.Describe([]truce.ID{report.ID})
	if g == nil || g.Occurrence != truce.OccurrenceReported || len(g.Events) != 1 {
		t.Errorf("the report alone: %+v, want reported", g)
	}
	if !reflect.DeepEqual(*f.Describe([]truce.ID{pixel.ID, report.ID}), f.Join()[0]) {
		t.Error("the two together are described otherwise than Join does")
	}
	if f.Describe([]truce.ID{{}}) != nil {
		t.Error("an unknown event was described")
	}
}

func anyEvent(t *rapid.T) truce.Event {
	key := fmt.Sprint(rapid.IntRange(0, 10_000).Draw(t, "key"))
	east := geo.Metres(rapid.IntRange(-20_000, 20_000).Draw(t, "east"))
	north := geo.Metres(rapid.IntRange(-5000, 5000).Draw(t, "north"))
	hour := rapid.IntRange(0, 47).Draw(t, "hour")
	switch rapid.IntRange(0, 3).Draw(t, "who") {
	case 0:
		return heat(key, east, north, hour)
	case 1:
		return bang(key, east, north, time.Duration(hour)*time.Hour)
	case 2:
		return inGroup(told(key, truce.ActOWAUAV, east, north), rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "copies"))
	default:
		return told(key, rapid.SampledFrom(eightActs).Draw(t, "act"), east, north)
	}
}

func TestJoinKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfNDistinct(rapid.Custom(anyEvent), 0, 30, func(e truce.Event) truce.ID { return e.ID }).Draw(t, "events")
		groups := fuse.Join(events, fuse.Config{})
		if !reflect.DeepEqual(groups, fuse.Join(rapid.Permutation(events).Draw(t, "order"), fuse.Config{})) {
			t.Fatal("another order of the same events gave other groups")
		}
		seen := map[truce.ID]bool{}
		for _, g := range groups {
			checkGroup(t, g)
			for _, e := range g.Events {
				if seen[e.ID] {
					t.Fatalf("event %s is in two groups", e.ID)
				}
				seen[e.ID] = true
			}
		}
		if len(seen) != len(events) {
			t.Fatalf("%d of %d events are in a group", len(seen), len(events))
		}
	})
}

func checkGroup(t *rapid.T, g fuse.Group) {
	sum, onlyHeat := 0.0, true
	for _, w := range g.Acts {
		sum += float64(w.P)
	}
	for _, e := range g.Events {
		onlyHeat = onlyHeat && e.Kind == truce.ActHeat
	}
	if sum > 1 || !g.P.Valid() || len(g.Acts) == 0 {
		t.Fatalf("acts %v, p %v", g.Acts, g.P)
	}
	if onlyHeat && (len(g.Acts) != 1 || g.Acts[0].Act != truce.ActHeat) {
		t.Fatalf("heat alone became %v", g.Acts)
	}
	if g.Occurrence == truce.OccurrenceCorroborated && len(g.Families) < 2 {
		t.Fatalf("corroborated by %v alone", g.Families)
	}
	if g.Time.Validate() != nil {
		t.Fatalf("time %+v", g.Time)
	}
}

func ExampleJoin() {
	report := told("report", truce.ActOWAUAV, 0, 0)
	near, far := heat("near", 500, 0, 14), heat("far", 40_000, 0, 14)
	for _, g := range fuse.Join([]truce.Event{report, near, far}, fuse.Config{}) {
		fmt.Println(g.Occurrence, g.Families, g.Acts[0].Act, g.P)
	}
	// Output:
	// corroborated [media thermal] owa_uav almost certain (> 0.99)
	// detected [thermal] heat_undetermined almost certain (0.98)
}
