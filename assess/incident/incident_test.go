package incident_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/incident"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

var midnight = truce.InstantOf(time.Date(2026, 4, 11, 0, 0, 0, 0, time.UTC))

// event number n happens n minutes after midnight, n kilometres or so north.
func event(n int) truce.Event {
	when := truce.Moment(midnight.Add(time.Duration(n)*time.Minute), time.Second)
	return truce.Event{
		ID: truce.NewID(when.From, "event", "test", []byte(fmt.Sprint(n))), Revision: 1,
		Kind: truce.ActIndirectFire, Origin: when, Score: 0.5, Method: "test/1",
		Position: &geo.Position{Point: geo.Point{Lat: 48 + geo.Degrees(n)/100, Lon: 37}},
		Support:  []truce.Support{{Observation: observation(n), Source: "posts", Family: truce.FamilyMedia}},
	}
}

func observation(n int) truce.ID {
	return truce.NewID(midnight, "report", "posts", []byte(fmt.Sprint(n)))
}

func eventID(n int) truce.ID { return event(n).ID }

func incidentID(n int) truce.ID { return incident.IDOf(event(n)) }

// describe is a simple stand-in for fusion.
func describe(events []truce.Event) incident.Candidate {
	c := incident.Candidate{
		Events: events, P: 0.5, Occurrence: truce.OccurrenceReported, Position: events[0].Position,
		Acts: []truce.ActWeight{{Act: events[0].Kind, P: 0.9}}, Time: events[0].Origin,
		Families: []truce.Family{truce.FamilyMedia}, Sources: []truce.SourceID{"posts"},
	}
	c.Time.To = events[len(events)-1].Origin.To
	return c
}

// group is a candidate of numbered events.
func group(numbers ...int) incident.Candidate {
	var events []truce.Event
	for _, n := range numbers {
		events = append(events, event(n))
	}
	return describe(events)
}

func describeIDs(ids []truce.ID) (incident.Candidate, error) {
	var numbers []int
	for n := range 100 {
		if slices.Contains(ids, eventID(n)) {
			numbers = append(numbers, n)
		}
	}
	return group(numbers...), nil
}

// fold keeps the latest revision of each incident, and checks that revisions count on.
func fold(t interface{ Fatalf(string, ...any) }, current, changes []truce.Incident) []truce.Incident {
	out := slices.Clone(current)
	for _, c := range changes {
		at := slices.IndexFunc(out, func(i truce.Incident) bool { return i.ID == c.ID })
		if at < 0 {
			if c.Revision != 1 || c.Supersedes != 0 {
				t.Fatalf("new incident with revision %d superseding %d", c.Revision, c.Supersedes)
			}
			out = append(out, c)
			continue
		}
		if c.Revision != out[at].Revision+1 || c.Supersedes != out[at].Revision {
			t.Fatalf("revision %d supersedes %d, the last was %d", c.Revision, c.Supersedes, out[at].Revision)
		}
		out[at] = c
	}
	return out
}

// world runs updates one after another.
type world struct {
	t       *testing.T
	current []truce.Incident
	known   []truce.Event
	bind    incident.Constraints
}

func (w *world) update(candidates ...incident.Candidate) []truce.Incident {
	w.t.Helper()
	in := incident.Input{Current: w.current, Known: w.known, Candidates: candidates, Constraints: w.bind, Describe: describeIDs}
	changes, err := incident.Update(in)
	if err != nil {
		w.t.Fatal(err)
	}
	w.current = fold(w.t, w.current, changes)
	for _, c := range candidates {
		w.known = append(w.known, c.Events...)
	}
	in.Current, in.Known = w.current, w.known
	if again, err := incident.Update(in); err != nil || len(again) != 0 {
		w.t.Fatalf("the same input again: %v, %d changes, want none", err, len(again))
	}
	return changes
}

func (w *world) get(n int) truce.Incident {
	w.t.Helper()
	for _, i := range w.current {
		if i.ID == incidentID(n) {
			return i
		}
	}
	w.t.Fatalf("no incident opened by event %d", n)
	return truce.Incident{}
}

func (w *world) set(n int, o truce.Occurrence) {
	for k := range w.current {
		if w.current[k].ID == incidentID(n) {
			w.current[k].Occurrence, w.current[k].P = o, 1
			w.current[k].Revision++
		}
	}
}

func ids(numbers ...int) []truce.ID {
	var out []truce.ID
	for _, n := range numbers {
		out = append(out, eventID(n))
	}
	return out
}

func TestOpenReviseAndKeep(t *testing.T) {
	w := &world{t: t}
	opened := w.update(group(1, 2), group(5))
	if len(opened) != 2 || opened[0].ID != incidentID(1) || !slices.Equal(opened[0].Events, ids(1, 2)) {
		t.Fatalf("opened %+v", opened)
	}
	before := w.get(1)
	late := w.update(group(1, 2, 3), group(5))
	if len(late) != 1 || late[0].ID != incidentID(1) || late[0].Revision != 2 || late[0].Supersedes != 1 {
		t.Fatalf("a late event gave %+v, want revision 2 of the first incident", late)
	}
	if !slices.Equal(before.Events, ids(1, 2)) {
		t.Error("the old revision changed under the new one")
	}
	if gone := w.update(group(1, 2, 3)); len(gone) != 0 {
		t.Errorf("an incident that no candidate touches was changed: %+v", gone)
	}
}

func TestMergeKeepsBothHistories(t *testing.T) {
	w := &world{t: t}
	w.update(group(1), group(4), group(6))
	changes := w.update(group(1, 4, 6))
	if len(changes) != 3 {
		t.Fatalf("%d changes, want the one that stays and two merged", len(changes))
	}
	stays := w.get(1)
	if !slices.Equal(stays.Lineage.MergedFrom, []truce.ID{incidentID(4), incidentID(6)}) && !slices.Equal(stays.Lineage.MergedFrom, []truce.ID{incidentID(6), incidentID(4)}) {
		t.Errorf("merged from %v", stays.Lineage.MergedFrom)
	}
	for _, n := range []int{4, 6} {
		if m := w.get(n); m.ReplacedBy != stays.ID || !slices.Equal(m.Events, ids(n)) || m.Revision != 2 {
			t.Errorf("merged incident %+v", m)
		}
	}
}

func TestSplitFollowsTheOpeningEvent(t *testing.T) {
	w := &world{t: t}
	w.update(group(1, 2, 3))
	w.update(group(1), group(2, 3))
	if got := w.get(1); !slices.Equal(got.Events, ids(1)) || got.Revision != 2 {
		t.Errorf("the incident opened by event 1 is %+v", got)
	}
	if got := w.get(2); got.Lineage.SplitFrom != incidentID(1) || got.Revision != 1 {
		t.Errorf("the part split off is %+v", got)
	}
}

func TestMergedIncidentComesBackWithItsHistory(t *testing.T) {
	w := &world{t: t}
	w.update(group(1), group(4))
	w.update(group(1, 4))
	w.update(group(1), group(4))
	back := w.get(4)
	if !back.ReplacedBy.IsZero() || back.Revision != 3 || back.Lineage.SplitFrom != incidentID(1) {
		t.Errorf("incident 4 after merge and split: %+v", back)
	}
	if one := w.get(1); !slices.Equal(one.Lineage.MergedFrom, []truce.ID{incidentID(4)}) {
		t.Errorf("incident 1 forgot that it was merged: %+v", one.Lineage)
	}
}

func TestEventWithANewIDIsKnownByItsObservations(t *testing.T) {
	w := &world{t: t}
	w.update(group(5))
	earlier := event(3) // an earlier observation opens the same happening
	earlier.Support = append(earlier.Support, truce.Support{Observation: observation(5), Source: "posts", Family: truce.FamilyMedia})
	changes := w.update(describe([]truce.Event{earlier}))
	if len(changes) != 1 || changes[0].ID != incidentID(5) || changes[0].Revision != 2 {
		t.Errorf("changes %+v, want a revision of the same incident", changes)
	}
	other := event(4) // the same report read as another act is another event
	other.Kind = truce.ActAttackEnergy
	other.Support[0].Observation = observation(5)
	if changes := w.update(describe([]truce.Event{earlier}), describe([]truce.Event{other})); len(changes) != 1 || changes[0].ID != incident.IDOf(other) {
		t.Errorf("changes %+v, want a new incident", changes)
	}
}

func TestPeoplesDecisionsBind(t *testing.T) {
	pair := func(a, b int) [][2]truce.ID { return [][2]truce.ID{{eventID(a), eventID(b)}} }
	for _, row := range []struct {
		name       string
		before     []incident.Candidate
		bind       incident.Constraints
		candidates []incident.Candidate
		want       [][]int
	}{
		{"kept apart", nil, incident.Constraints{KeepApart: pair(1, 3)}, []incident.Candidate{group(1, 2, 3)}, [][]int{{1, 2}, {3}}},
		{"kept apart, given the other way round", nil, incident.Constraints{KeepApart: pair(3, 1)}, []incident.Candidate{group(1, 3)}, [][]int{{1}, {3}}},
		{"kept together", nil, incident.Constraints{KeepTogether: pair(1, 3)}, []incident.Candidate{group(1), group(2), group(3)}, [][]int{{1, 3}, {2}}},
		{"together through a third", nil, incident.Constraints{KeepTogether: append(pair(1, 2), pair(2, 3)...)}, []incident.Candidate{group(1), group(2), group(3)}, [][]int{{1, 2, 3}}},
		{"apart wins over together", nil, incident.Constraints{KeepApart: pair(1, 2), KeepTogether: pair(1, 2)}, []incident.Candidate{group(1, 2)}, [][]int{{1}, {2}}},
		{"the rest stays where it was", []incident.Candidate{group(1), group(2, 3)}, incident.Constraints{KeepApart: pair(1, 3)}, []incident.Candidate{group(1, 2, 3)}, [][]int{{1}, {2, 3}}},
		{"pairs of unknown events", nil, incident.Constraints{KeepApart: pair(1, 90), KeepTogether: pair(91, 92)}, []incident.Candidate{group(1, 2)}, [][]int{{1, 2}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := &world{t: t}
			w.update(row.before...)
			w.bind = row.bind
			w.update(row.candidates...)
			var got [][]truce.ID
			for _, i := range w.current {
				if i.ReplacedBy.IsZero() {
					got = append(got, i.Events)
				}
			}
			var want [][]truce.ID
			for _, numbers := range row.want {
				want = append(want, ids(numbers...))
			}
			byFirst := func(a, b []truce.ID) int { return slices.Compare(a[0][:], b[0][:]) }
			slices.SortFunc(got, byFirst)
			slices.SortFunc(want, byFirst)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("incidents hold %v, want %v", got, want)
			}
		})
	}
}

func TestNumberAndAreaThroughALife(t *testing.T) {
	w := &world{t: t}
	w.update(group(1, 2))
	w.current[0].Number = "2026-143"
	w.update(group(1, 2, 3))
	if got := w.get(1); got.Number != "2026-143" {
		t.Errorf("number %q after a revision, want it kept", got.Number)
	}
	w.update(group(1), group(2, 3))
	if got := w.get(2); got.Number != "" {
		t.Errorf("the part split off has the number %q of another", got.Number)
	}
	in := incident.Input{Current: w.current, Known: w.known, Candidates: []incident.Candidate{group(1), group(2, 3)}, Describe: describeIDs,
		Area: func(geo.Position) truce.AreaID { return "north" }}
	changes, err := incident.Update(in)
	if err != nil || len(changes) != 2 || changes[0].Area != "north" {
		t.Errorf("areas drawn anew gave %+v, %v; want a revision of both", changes, err)
	}
}

func TestEarlierEventJoinsWithoutTakingOver(t *testing.T) {
	w := &world{t: t}
	w.update(group(5, 6))
	w.update(group(2, 5, 6))
	if got := w.get(5); !slices.Equal(got.Events, ids(2, 5, 6)) || len(w.current) != 1 {
		t.Errorf("incidents %+v, want the one that was there", w.current)
	}
	w.update(group(2), group(5, 6)) // the earlier one turns out to be another happening
	if got := w.get(2); got.Lineage.SplitFrom != incidentID(5) {
		t.Errorf("the earlier event's incident is %+v", got)
	}
}

func TestMajorityDecidesWhenTheOpenerIsGone(t *testing.T) {
	w := &world{t: t}
	w.update(group(1, 2, 3, 4))
	w.update(group(2), group(3, 4)) // event 1 is derived no more
	if got := w.get(1); !slices.Equal(got.Events, ids(3, 4)) {
		t.Errorf("the incident goes on with %v, want the larger part", got.Events)
	}
	if got := w.get(2); got.Lineage.SplitFrom != incidentID(1) {
		t.Errorf("the smaller part is %+v", got)
	}
}

func TestWhatPeopleSetStays(t *testing.T) {
	w := &world{t: t}
	w.update(group(1), group(4), group(7))
	w.set(4, truce.OccurrenceVerified)
	w.set(7, truce.OccurrenceRefuted)
	w.update(group(1, 4, 7))
	if got := w.get(4); got.Occurrence != truce.OccurrenceVerified || got.P != 1 || !slices.Equal(got.Events, ids(1, 4)) {
		t.Errorf("the verified incident is %+v; want it to take in event 1 and stay verified", got)
	}
	if got := w.get(7); got.Occurrence != truce.OccurrenceRefuted || !slices.Equal(got.Events, ids(7)) || !got.ReplacedBy.IsZero() {
		t.Errorf("the refuted incident is %+v; want it alone", got)
	}
	if got := w.get(1); got.ReplacedBy != incidentID(4) {
		t.Errorf("the machine's incident is %+v; want it merged into the verified one", got)
	}
	w.update(group(4), group(1), group(7))
	if got := w.get(4); !slices.Equal(got.Events, ids(1, 4)) {
		t.Errorf("the machine took events from a verified incident: %v", got.Events)
	}
}

func TestMachineMayTakeBackWhatItSaid(t *testing.T) {
	w := &world{t: t}
	strong := group(1)
	strong.Occurrence, strong.P = truce.OccurrenceCorroborated, 0.99
	w.update(strong)
	w.update(group(1))
	if got := w.get(1); got.Occurrence != truce.OccurrenceReported || got.Revision != 2 {
		t.Errorf("incident %+v, want it back at reported", got)
	}
}

func TestAreaAndContradictions(t *testing.T) {
	in := incident.Input{Candidates: []incident.Candidate{group(1)}, Describe: describeIDs,
		Area: func(p geo.Position) truce.AreaID { return truce.AreaID(fmt.Sprintf("N%.2f", p.Lat)) }}
	changes, err := incident.Update(in)
	if err != nil || changes[0].Area != "N48.01" {
		t.Errorf("area %v, %v", changes, err)
	}
	in.Candidates[0].Position = nil
	if changes, _ := incident.Update(in); changes[0].Area != "" {
		t.Errorf("no place, but area %q", changes[0].Area)
	}
	in.Describe = nil
	if _, err := incident.Update(in); truce.CodeOf(err) != truce.CodeInternal || err == nil {
		t.Errorf("no Describe: %v, want an error", err)
	}
	chain := incident.Constraints{
		KeepTogether: [][2]truce.ID{{eventID(1), eventID(2)}, {eventID(3), eventID(2)}},
		KeepApart:    [][2]truce.ID{{eventID(1), eventID(3)}},
	}
	if err := chain.Validate(); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("contradiction: %v, want a conflict", err)
	}
	chain.KeepApart[0][1] = eventID(4)
	if err := chain.Validate(); err != nil {
		t.Errorf("no contradiction, but %v", err)
	}
}

func TestDescribeErrorsComeThrough(t *testing.T) {
	in := incident.Input{
		Candidates:  []incident.Candidate{group(1, 2)},
		Constraints: incident.Constraints{KeepApart: [][2]truce.ID{{eventID(1), eventID(2)}}},
		Describe: func([]truce.ID) (incident.Candidate, error) {
			return incident.Candidate{}, truce.Errorf(truce.CodeNotFound, "gone")
		},
	}
	if _, err := incident.Update(in); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("error %v, want that of Describe", err)
	}
}

// partition draws a grouping of the first n events.
func partition(t *rapid.T, n int) []incident.Candidate {
	groups := map[int][]int{}
	for e := range n {
		g := rapid.IntRange(0, 4).Draw(t, "group")
		groups[g] = append(groups[g], e)
	}
	var out []incident.Candidate
	for g := range 5 {
		if groups[g] != nil {
			out = append(out, group(groups[g]...))
		}
	}
	return out
}

func drawPairs(t *rapid.T, name string) [][2]truce.ID {
	pair := rapid.Custom(func(t *rapid.T) [2]truce.ID {
		return [2]truce.ID{eventID(rapid.IntRange(0, 6).Draw(t, "a")), eventID(rapid.IntRange(7, 11).Draw(t, "b"))}
	})
	return rapid.SliceOfN(pair, 0, 3).Draw(t, name)
}

func TestLivesOfIncidents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var current []truce.Incident
		var known []truce.Event
		bind := incident.Constraints{KeepApart: drawPairs(t, "apart"), KeepTogether: drawPairs(t, "together")}
		n := 4
		for range rapid.IntRange(1, 5).Draw(t, "rounds") {
			n = min(n+rapid.IntRange(0, 4).Draw(t, "late"), 12)
			in := incident.Input{Current: current, Known: known, Candidates: partition(t, n), Constraints: bind, Describe: describeIDs}
			changes, err := incident.Update(in)
			if err != nil {
				t.Fatal(err)
			}
			in.Candidates = rapid.Permutation(in.Candidates).Draw(t, "order")
			if other, _ := incident.Update(in); !reflect.DeepEqual(changes, other) {
				t.Fatal("another order of candidates gave other incidents")
			}
			checkDecided(t, current, changes)
			current = fold(t, current, changes)
			known = nil
			for e := range n {
				known = append(known, event(e))
			}
			in.Current, in.Known = current, known
			if again, _ := incident.Update(in); len(again) != 0 {
				t.Fatalf("a second run changed %+v", again)
			}
			checkWorld(t, current, n, bind)
			decide(t, current)
		}
	})
}

// decide lets people set the occurrence of an incident now and then.
func decide(t *rapid.T, current []truce.Incident) {
	k := rapid.IntRange(0, 3*len(current)).Draw(t, "decided")
	if k < len(current) && current[k].ReplacedBy.IsZero() {
		current[k].Occurrence = rapid.SampledFrom([]truce.Occurrence{truce.OccurrenceVerified, truce.OccurrenceRefuted}).Draw(t, "as")
	}
}

func checkDecided(t *rapid.T, current, changes []truce.Incident) {
	for _, c := range changes {
		for _, old := range current {
			if old.ID == c.ID && incident.DecidedByPeople(old.Occurrence) && (c.Occurrence != old.Occurrence || !c.ReplacedBy.IsZero()) {
				t.Fatalf("the machine changed what people had set: %+v to %+v", old, c)
			}
		}
	}
}

func checkWorld(t *rapid.T, current []truce.Incident, n int, bind incident.Constraints) {
	home := map[truce.ID]truce.ID{}
	alive := map[truce.ID]bool{}
	for _, i := range current {
		alive[i.ID] = i.ReplacedBy.IsZero()
		if !alive[i.ID] {
			continue
		}
		for _, e := range i.Events {
			if _, twice := home[e]; twice {
				t.Fatalf("event %s is in two incidents", e)
			}
			home[e] = i.ID
		}
	}
	if len(home) != n {
		t.Fatalf("%d of %d events are in an incident", len(home), n)
	}
	for _, i := range current {
		if _, known := alive[i.ReplacedBy]; !i.ReplacedBy.IsZero() && !known {
			t.Fatalf("incident %s was replaced by nobody", i.ID)
		}
	}
	for _, p := range bind.KeepApart {
		if a, ok := home[p[0]]; ok && a == home[p[1]] {
			t.Fatalf("events kept apart are together in %s", a)
		}
	}
	decided := slices.ContainsFunc(current, func(i truce.Incident) bool { return incident.DecidedByPeople(i.Occurrence) })
	if decided || bind.Validate() != nil {
		return // decisions may contradict each other
	}
	for _, p := range bind.KeepTogether {
		a, ok := home[p[0]]
		if b, also := home[p[1]]; ok && also && a != b {
			t.Fatalf("events kept together are in %s and %s", a, b)
		}
	}
}

func BenchmarkUpdate10k(b *testing.B) {
	in := incident.Input{Describe: describeIDs}
	for n := range 10_000 {
		in.Candidates = append(in.Candidates, group(2*n, 2*n+1))
		in.Known = append(in.Known, event(2*n), event(2*n+1))
	}
	in.Current, _ = incident.Update(in)
	b.ReportAllocs()
	for b.Loop() {
		if changes, _ := incident.Update(in); len(changes) != 0 {
			b.Fatal("something changed")
		}
	}
	b.ReportMetric(float64(len(in.Candidates))*float64(b.N)/b.Elapsed().Seconds(), "incidents/s")
}

func ExampleUpdate() {
	in := incident.Input{Candidates: []incident.Candidate{group(1), group(4)}, Describe: describeIDs}
	opened, _ := incident.Update(in)
	in.Current, in.Candidates = opened, []incident.Candidate{group(1, 4)}
	for _, i := range first(incident.Update(in)) {
		fmt.Printf("revision %d with %d events, merged away: %v\n", i.Revision, len(i.Events), !i.ReplacedBy.IsZero())
	}
	// Output:
	// revision 2 with 2 events, merged away: false
	// revision 2 with 1 events, merged away: true
}

func first(list []truce.Incident, _ error) []truce.Incident { return list }

// A detail goes with its incident; another one is a revision, the same one is none.
func TestDetailsAreRevised(t *testing.T) {
	w := world{t: t}
	of := func(quantity int) incident.Candidate {
		c := group(1)
		c.Detail = &truce.Detail{Quantity: quantity, Evidence: []string{"video"}}
		return c
	}
	w.update(group(1))
	for i, c := range []incident.Candidate{of(3), of(4), group(1)} {
		changes := w.update(c) // again without news gives nothing
		if len(changes) != 1 || changes[0].Revision != i+2 || !reflect.DeepEqual(changes[0].Detail, c.Detail) {
			t.Errorf("step %d: %+v, want the detail %+v in revision %d", i+1, changes, c.Detail, i+2)
		}
	}
}
