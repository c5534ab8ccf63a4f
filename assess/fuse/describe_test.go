package fuse_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

// by gives an event another source and family.
func by(e truce.Event, source truce.SourceID, family truce.Family) truce.Event {
	e.ID = truce.NewID(e.Origin.From, "event", string(source), e.ID[:])
	e.Support = []truce.Support{{Observation: e.ID, Source: source, Family: family}}
	return e
}

// together describes events as one happening, whatever Join thinks of them.
func together(t *testing.T, events ...truce.Event) fuse.Group {
	t.Helper()
	f := fuse.New(events, fuse.Config{})
	var ids []truce.ID
	for _, e := range events {
		ids = append(ids, e.ID)
	}
	g := f.Describe(append(ids, ids...)) // naming an event twice changes nothing
	if g == nil || len(g.Events) != len(events) {
		t.Fatalf("described %+v, want %d events", g, len(events))
	}
	return *g
}

func TestActsOfAHappening(t *testing.T) {
	drone, shell := told("d", truce.ActOWAUAV, 0, 0), by(told("s", truce.ActIndirectFire, 0, 0), "gazette", truce.FamilyMedia)
	patrol := by(told("p", truce.ActIndirectFire, 0, 0), "patrol3", truce.FamilyPatrol)
	patrol.Score = 0.9
	far := heat("far", 60_000, 0, 14) // bears nothing out
	for _, row := range []struct {
		name   string
		events []truce.Event
		want   []truce.ActWeight
	}{
		{"one report", []truce.Event{drone}, []truce.ActWeight{{Act: truce.ActOWAUAV, P: 0.9}}},
		{"two reports that differ", []truce.Event{drone, shell}, []truce.ActWeight{{Act: truce.ActIndirectFire, P: 0.45}, {Act: truce.ActOWAUAV, P: 0.45}}},
		{"a sound", []truce.Event{bang("b", 0, 0, 0)}, []truce.ActWeight{{Act: truce.ActExplosion, P: 1}}},
		{"a report and heat that bears nothing out", []truce.Event{drone, far}, []truce.ActWeight{{Act: truce.ActHeat, P: 0.489795}, {Act: truce.ActOWAUAV, P: 0.459183}}},
	} {
		got := together(t, row.events...).Acts
		if len(got) != len(row.want) {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
			continue
		}
		for i := range got {
			if got[i].Act != row.want[i].Act || math.Abs(float64(got[i].P-row.want[i].P)) > 2e-6 {
				t.Errorf("%s: %v, want %v", row.name, got, row.want)
			}
		}
	}
	if acts := together(t, drone, patrol).Acts; acts[0].Act != truce.ActIndirectFire || acts[0].P <= acts[1].P {
		t.Errorf("a patrol and a paper differ: %v, want the patrol's act first", acts)
	}
}

func TestTimeOfAHappening(t *testing.T) {
	report := told("r", truce.ActOWAUAV, 0, 0)
	for _, row := range []struct {
		name     string
		events   []truce.Event
		from, to time.Duration // after midnight
	}{
		{"a whole day", []truce.Event{report}, 0, 24 * time.Hour},
		{"a day and a bang in it", []truce.Event{report, bang("b", 0, 0, 9*time.Hour)}, 9 * time.Hour, 9 * time.Hour},
		{"a day and heat in the small hours", []truce.Event{report, heat("h", 0, 0, 2)}, 0, 2 * time.Hour},
		{"a day and heat the next morning", []truce.Event{report, heat("h", 0, 0, 28)}, 22 * time.Hour, 24 * time.Hour},
		{"heat alone keeps the hours it was seen", []truce.Event{heat("h", 0, 0, 2), heat("i", 0, 0, 4)}, 2 * time.Hour, 4 * time.Hour},
		{"times that share nothing", []truce.Event{report, bang("b", 0, 0, 30*time.Hour)}, 0, 30 * time.Hour},
	} {
		g := together(t, row.events...)
		if g.Time.From != midnight.Add(row.from) || g.Time.To != midnight.Add(row.to) {
			t.Errorf("%s: %s to %s, want %v to %v after midnight", row.name, g.Time.From, g.Time.To, row.from, row.to)
		}
	}
}

// window is a report of a town for a part of a day, without a sigma.
func window(key string, from, to time.Duration) truce.Event {
	when := truce.PhenomenonTime{From: midnight.Add(from), To: midnight.Add(to)}
	position := geo.Position{Point: at(0, 0), Error: geo.Isotropic(1500)}
	return event(key, truce.ActOWAUAV, truce.SourceID("post "+key), truce.FamilyMedia, position, when)
}

// blurred gives an event's ends an error of six hours, as a day of the press has.
func blurred(e truce.Event) truce.Event {
	e.Origin.Sigma = truce.MicrosOf(6 * time.Hour)
	return e
}

// Windows that share next to nothing share what their tellers rounded away.
func TestTimeOfNarrowlySharedWindows(t *testing.T) {
	const half, quarter = 30 * time.Minute, 15 * time.Minute
	at := func(h, m int) time.Duration { return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute }
	for _, row := range []struct {
		name     string
		events   []truce.Event
		from, to time.Duration
	}{
		{"three half hours that meet in one instant", []truce.Event{window("a", at(6, 30), at(7, 0)), window("b", at(6, 45), at(7, 15)), window("c", at(7, 0), at(7, 30))}, at(6, 45), at(7, 15)},
		{"two half hours side by side", []truce.Event{window("a", at(6, 30), at(7, 0)), window("b", at(7, 0), at(7, 30))}, at(6, 45), at(7, 15)},
		{"five minutes of half an hour", []truce.Event{window("a", at(6, 30), at(7, 0)), window("b", at(6, 55), at(7, 25))}, at(6, 40), at(7, 15)},
		{"a quarter of the shorter stands", []truce.Event{window("a", at(6, 30), at(7, 30)), window("b", at(7, 15), at(8, 15))}, at(7, 15), at(7, 30)},
		{"a half hour at the edge of a long one", []truce.Event{window("a", at(6, 30), at(7, 0)), window("b", at(7, 0), at(13, 0))}, at(6, 15), at(7, 15)},
		{"a short window that two long ones bound", []truce.Event{window("a", at(6, 40), at(6, 50)), window("b", at(6, 44), at(16, 44)), window("c", 0, at(6, 45))}, at(6, 35), at(6, 55)},
		{"an instant on the edge of a window is an instant", []truce.Event{window("a", at(6, 30), at(7, 0)), window("b", at(7, 0), at(7, 0))}, at(7, 0), at(7, 0)},
		{"heat soon after midnight: nothing burns after it was seen", []truce.Event{window("a", 0, at(24, 0)), heat("h", 0, 0, 1)}, at(-8, 0), at(1, 0)},
		{"heat seen twice, a lag apart", []truce.Event{window("a", 0, at(24, 0)), heat("h", 0, 0, 12), heat("i", 0, 0, 18)}, at(9, 0), at(12, 0)},
		{"days whose ends are given with six hours say so by sigma", []truce.Event{blurred(window("a", 0, at(24, 0))), heat("h", 0, 0, 1)}, 0, at(1, 0)},
		{"windows with nothing in common", []truce.Event{window("a", at(6, 30), at(6, 30)+half), window("b", at(7, 15), at(7, 15)+quarter)}, at(6, 30), at(7, 30)},
	} {
		g := together(t, row.events...)
		if g.Time.From != midnight.Add(row.from) || g.Time.To != midnight.Add(row.to) {
			t.Errorf("%s: %s to %s, want %v to %v after midnight", row.name, g.Time.From, g.Time.To, row.from, row.to)
		}
	}
}

// The time of a happening touches what every one of its events says, is exact only when
// one of them is, and does not depend on their order.
func TestTimeOfAHappeningKeepsItsPromises(t *testing.T) {
	minutes := rapid.IntRange(-600, 600)
	statement := rapid.Custom(func(t *rapid.T) truce.Event {
		key := fmt.Sprint(rapid.IntRange(0, 1<<30).Draw(t, "key"))
		from := time.Duration(minutes.Draw(t, "from")) * time.Minute
		if rapid.IntRange(0, 3).Draw(t, "heat") == 0 {
			return heat(key, 0, 0, int(from.Hours()))
		}
		length := rapid.SampledFrom([]int{0, 1, 15, 30, 60, 360, 1440}).Draw(t, "length")
		e := window(key, from, from+time.Duration(length)*time.Minute)
		e.Origin.Sigma = truce.MicrosOf(time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 30}).Draw(t, "sigma")) * time.Minute)
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfNDistinct(statement, 1, 6, func(e truce.Event) truce.ID { return e.ID }).Draw(t, "events")
		g := describeAll(events)
		if other := describeAll(rapid.Permutation(events).Draw(t, "order")); other.Time != g.Time {
			t.Fatalf("%+v, in another order %+v", g.Time, other.Time)
		}
		least := math.Inf(1)
		exact := !slices.ContainsFunc(events, func(e truce.Event) bool { return e.Kind != truce.ActHeat }) // heat alone keeps the instants at which it was seen
		for _, e := range events {
			said := e.Origin
			if e.Kind == truce.ActHeat {
				said.From = said.From.Add(-fuse.DefaultHeatLag)
			}
			blur := g.Time.Sigma.Duration() * 2
			if g.Time.From.Add(-blur) > said.To || g.Time.To.Add(blur) < said.From {
				t.Fatalf("%+v does not touch %+v", g.Time, said)
			}
			least = min(least, float64(said.To-said.From)+2*float64(said.Sigma))
			exact = exact || said.From == said.To
		}
		if g.Time.From == g.Time.To && g.Time.Sigma == 0 && !exact {
			t.Fatalf("%+v is an exact instant, and no event is", g.Time)
		}
		if got := float64(g.Time.To-g.Time.From) + 2*float64(g.Time.Sigma); got < least/4 && !exact {
			t.Fatalf("%+v is shorter than a quarter of its shortest statement, %v us", g.Time, least)
		}
		if g.Time.Validate() != nil {
			t.Fatalf("time %+v", g.Time)
		}
	})
}

func describeAll(events []truce.Event) *fuse.Group {
	var ids []truce.ID
	for _, e := range events {
		ids = append(ids, e.ID)
	}
	return fuse.New(events, fuse.Config{}).Describe(ids)
}

func TestPlaceOfAHappening(t *testing.T) {
	town := told("town", truce.ActOWAUAV, 0, 0)
	capital := labelled(told("capital", truce.ActOWAUAV, 400, 0), truce.LabelCapitalPoint)
	capital.Position.Error, capital.Place = geo.Isotropic(100), "Capital"
	nowhere := told("nowhere", truce.ActOWAUAV, 0, 0)
	nowhere.Position, nowhere.Place = nil, "somewhere"
	sound := bang("b", 800, 0, 9*time.Hour)
	for _, row := range []struct {
		name   string
		events []truce.Event
		want   truce.Event
	}{
		{"the smaller error", []truce.Event{town, sound}, sound},
		{"a town rather than a capital, however exact", []truce.Event{capital, town}, town},
		{"a capital when nothing else is known", []truce.Event{capital, nowhere}, capital},
	} {
		g := together(t, row.events...)
		if g.Position == nil || *g.Position != *row.want.Position || g.Place != row.want.Place {
			t.Errorf("%s: %v %q, want %v %q", row.name, g.Position, g.Place, row.want.Position, row.want.Place)
		}
	}
	if g := together(t, nowhere); g.Position != nil || g.Place != "somewhere" {
		t.Errorf("no place: %v %q, want none but the name", g.Position, g.Place)
	}
}

func TestLabelsOfAHappening(t *testing.T) {
	one := told("a", truce.ActOWAUAV, 0, 0)
	other := by(told("b", truce.ActOWAUAV, 0, 0), "gazette", truce.FamilyMedia)
	low := labelled(heat("l", 0, 0, 12), truce.LabelLowConfidence)
	plant := labelled(heat("p", 0, 0, 12), truce.LabelRecurringHeat)
	for _, row := range []struct {
		name   string
		events []truce.Event
		want   []truce.Label
	}{
		{"one voice", []truce.Event{one}, []truce.Label{truce.LabelOneSource}},
		{"two voices", []truce.Event{one, other}, nil},
		{"copies are one voice", []truce.Event{inGroup(one, "x"), inGroup(other, "x")}, []truce.Label{truce.LabelOneSource}},
		{"low heat alone", []truce.Event{low}, []truce.Label{truce.LabelLowConfidence}},
		{"low heat and good heat", []truce.Event{low, heat("h", 0, 0, 12)}, nil},
		{"a plant among other heat", []truce.Event{plant, heat("h", 0, 0, 12)}, []truce.Label{truce.LabelRecurringHeat}},
		{"a plant and a report", []truce.Event{plant, one}, []truce.Label{truce.LabelRecurringHeat}},
	} {
		if got := together(t, row.events...).Labels; !slices.Equal(got, row.want) {
			t.Errorf("%s: labels %v, want %v", row.name, got, row.want)
		}
	}
}

func TestBeliefRisesOnlyWithOtherFamilies(t *testing.T) {
	report := told("r", truce.ActOWAUAV, 0, 0)
	alone := together(t, report).P
	for _, row := range []struct {
		name  string
		other truce.Event
		rises bool
	}{
		{"another paper", by(told("p", truce.ActOWAUAV, 0, 0), "gazette", truce.FamilyMedia), false},
		{"a civilian", by(told("c", truce.ActOWAUAV, 0, 0), "phone", truce.FamilyCivilian), false},
		{"a copy that came through a patrol", inGroup(by(told("k", truce.ActOWAUAV, 0, 0), "patrol3", truce.FamilyPatrol), "x"), false},
		{"a patrol", by(told("k", truce.ActOWAUAV, 0, 0), "patrol3", truce.FamilyPatrol), true},
		{"a patrol far away", by(told("k", truce.ActOWAUAV, 50_000, 0), "patrol3", truce.FamilyPatrol), false},
	} {
		first := report
		if row.other.Support[0].Group != "" {
			first = inGroup(report, row.other.Support[0].Group)
		}
		g := together(t, first, row.other)
		if rises := g.P > alone; rises != row.rises {
			t.Errorf("with %s: %v after %v alone", row.name, g.P, alone)
		}
		if g.P > 0.999 {
			t.Errorf("with %s: %v, no machine is that sure", row.name, g.P)
		}
	}
}

// An event that rests on two families bears itself out, but for two of which one object or one
// teller may be behind both.
func TestOneEventOfTwoFamilies(t *testing.T) {
	for _, row := range []struct {
		families []truce.Family
		want     truce.Occurrence
	}{
		{[]truce.Family{truce.FamilyRadar}, truce.OccurrenceDetected},
		{[]truce.Family{truce.FamilyRadar, truce.FamilyRadar}, truce.OccurrenceDetected},
		{[]truce.Family{truce.FamilyRadar, truce.FamilyTransponder}, truce.OccurrenceCorroborated},
		{[]truce.Family{truce.FamilyDrone, truce.FamilyTransponder}, truce.OccurrenceDetected},
		{[]truce.Family{truce.FamilyMedia, truce.FamilyCivilian}, truce.OccurrenceReported},
		{[]truce.Family{truce.FamilyAcoustic, truce.FamilyReference}, truce.OccurrenceDetected},
	} {
		e := told("e", "recon_uav", 0, 0)
		e.Support = nil
		for i, family := range row.families {
			e.Support = append(e.Support, truce.Support{Observation: truce.NewID(1, "o", "t", []byte{byte(i)}), Source: truce.SourceID("s-" + string(family)), Family: family})
		}
		if g := together(t, e); g.Occurrence != row.want {
			t.Errorf("%v: %s, want %s", row.families, g.Occurrence, row.want)
		}
	}
}

// One family that names an act may take it for another; two that bear each other out and
// name the same leave little room, and two that name different acts leave it open.
func TestTwoFamiliesThatNameOneActLeaveLittleRoom(t *testing.T) {
	at := truce.InstantOf(time.Date(2026, 4, 11, 10, 0, 0, 0, time.UTC))
	told := func(i int, family truce.Family, act truce.Act) truce.Event {
		source := truce.SourceID("s-" + string(family))
		return truce.Event{
			ID: truce.NewID(at, "event", "t", []byte{byte(i)}), Revision: 1, Kind: act, Origin: truce.PhenomenonTime{From: at, To: at, Sigma: truce.MicrosOf(10 * time.Second)},
			Position: &geo.Position{Point: geo.Point{Lat: -48, Lon: -21.6}, Error: geo.Isotropic(100)}, Score: 0.9, Method: "test/1",
			Support: []truce.Support{{Observation: truce.NewID(at, "o", "t", []byte{byte(i)}), Source: source, Family: family}},
		}
	}
	rows := []struct {
		name   string
		events []truce.Event
		low    float64
		high   float64
	}{
		{"one family", []truce.Event{told(1, truce.FamilyAcoustic, truce.ActIndirectFire)}, 0.89, 0.9},
		{"two families", []truce.Event{told(1, truce.FamilyAcoustic, truce.ActIndirectFire), told(2, truce.FamilyPatrol, truce.ActIndirectFire)}, 0.98, 0.99},
		{"two that differ", []truce.Event{told(1, truce.FamilyAcoustic, truce.ActIndirectFire), told(2, truce.FamilyPatrol, truce.ActDirectFire)}, 0.4, 0.6},
	}
	for _, row := range rows {
		f := fuse.New(row.events, fuse.Config{})
		var ids []truce.ID
		for _, e := range row.events {
			ids = append(ids, e.ID)
		}
		g := f.Describe(ids)
		if p := float64(g.Acts[0].P); p < row.low || p > row.high {
			t.Errorf("%s: %s with p %.4f, want %.2f to %.2f", row.name, g.Acts[0].Act, p, row.low, row.high)
		}
	}
}
