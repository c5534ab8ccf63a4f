package fuse_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/geo"
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
