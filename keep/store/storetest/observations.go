package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func (f *fixture) observations(t testing.TB, q truce.ObservationQuery) []truce.Observation {
	t.Helper()
	var out []truce.Observation
	err := f.store.Observations(t.Context(), q, func(o truce.Observation) error {
		out = append(out, o)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func testObservationOrder(t *testing.T, f *fixture) {
	var rows []truce.Observation
	for n := range 60 {
		// Several in one millisecond, over three days, appended in no order.
		start := at(float64(n%3)*20) + truce.Instant(n%7)*300
		rows = append(rows, heartbeat("s", start, 0, fmt.Sprint(n)))
	}
	f.append(t, batch(t, "s", rows[30:]...))
	f.append(t, batch(t, "s", rows[:30]...))
	got := f.observations(t, truce.ObservationQuery{})
	if len(got) != len(rows) {
		t.Fatalf("%d observations come back, want %d", len(got), len(rows))
	}
	sorted := slices.IsSortedFunc(got, func(a, b truce.Observation) int {
		if a.Phenomenon.From != b.Phenomenon.From {
			return int(a.Phenomenon.From - b.Phenomenon.From)
		}
		return slices.Compare(a.ID[:], b.ID[:])
	})
	if !sorted {
		t.Error("observations do not come in order of start and id")
	}
	stop := errors.New("enough")
	seen := 0
	err := f.store.Observations(t.Context(), truce.ObservationQuery{}, func(truce.Observation) error {
		if seen++; seen == 5 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || seen != 5 {
		t.Errorf("an error of the reader ended after %d rows with %v", seen, err)
	}
	days, err := f.store.ObservationDays(t.Context())
	want := []truce.DayCount{{Day: "2026-04-12", Count: 40}, {Day: "2026-04-13", Count: 20}}
	if err != nil || !slices.Equal(days, want) {
		t.Errorf("days = %v, %v, want %v", days, err, want)
	}
}

// testObservationPages has more rows than a page, many of them in one millisecond, and
// reads the store while it reads.
func testObservationPages(t *testing.T, f *fixture) {
	const count = 4500
	var rows []truce.Observation
	for n := range count {
		// A thousand rows in each millisecond, in several microseconds.
		rows = append(rows, heartbeat("s", at(1)+truce.Instant(n/1000*1000+n%7), 0, fmt.Sprint(n)))
	}
	f.append(t, batch(t, "s", rows...))
	seen := map[truce.ID]bool{}
	var last truce.Observation
	err := f.store.Observations(t.Context(), truce.ObservationQuery{Kind: truce.KindHealth}, func(o truce.Observation) error {
		if o.Phenomenon.From < last.Phenomenon.From || o.Phenomenon.From == last.Phenomenon.From && slices.Compare(o.ID[:], last.ID[:]) <= 0 {
			t.Errorf("%s comes after %s", o.ID, last.ID)
		}
		last, seen[o.ID] = o, true
		if len(seen)%1000 != 0 {
			return nil
		}
		_, err := f.store.Record(t.Context(), 1)
		return err
	})
	if err != nil || len(seen) != count {
		t.Errorf("%d observations, %v, want %d", len(seen), err, count)
	}
}

func testObservationQuery(t *testing.T, f *fixture) {
	long := heartbeat("a", at(-30), 40*time.Hour, "long")    // the day before, until 10:00
	moment := heartbeat("a", at(5), 0, "moment")             // 05:00
	short := heartbeat("b", at(6), time.Hour, "short")       // 06:00 to 07:00
	cloud := heartbeat("b", at(8), time.Hour, "cloud cover") // made weather below
	cloud.Kind, cloud.Health, cloud.Weather = truce.KindWeather, nil, &truce.Weather{Area: "north", CloudCover: 0.5}
	placed := heartbeat("b", at(9), 0, "placed")
	placed.Place = &geo.Position{Point: geo.Point{Lat: 48.5, Lon: 37.25}}
	f.append(t, batch(t, "a", long, moment), batch(t, "b", short, cloud, placed))
	for _, c := range []struct {
		name string
		q    truce.ObservationQuery
		want []truce.Observation
	}{
		{"everything", truce.ObservationQuery{}, []truce.Observation{long, moment, short, cloud, placed}},
		{"an interval that begins before still overlaps", truce.ObservationQuery{From: at(4), To: at(5)}, []truce.Observation{long}},
		{"a moment lies in the interval it begins", truce.ObservationQuery{From: at(5), To: at(5.5)}, []truce.Observation{long, moment}},
		{"an interval ends before its end", truce.ObservationQuery{From: at(7), To: at(7.5)}, []truce.Observation{long}},
		{"open to the past", truce.ObservationQuery{To: at(0)}, []truce.Observation{long}},
		{"open to the future", truce.ObservationQuery{From: at(9)}, []truce.Observation{long, placed}},
		{"a kind", truce.ObservationQuery{Kind: truce.KindWeather}, []truce.Observation{cloud}},
		{"a source", truce.ObservationQuery{Source: "a"}, []truce.Observation{long, moment}},
		{"nothing", truce.ObservationQuery{From: at(20), To: at(21)}, nil},
	} {
		var got, want []string
		for _, o := range f.observations(t, c.q) {
			got = append(got, o.ID.String())
		}
		for _, o := range c.want {
			want = append(want, o.ID.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", c.name, got, want)
		}
	}
	f.sound(t)
}

func testObservationKnown(t *testing.T, f *fixture) {
	a, b, c := heartbeat("s", at(1), 0, "a"), heartbeat("s", at(30), 0, "b"), heartbeat("s", at(1), 0, "c")
	f.append(t, batch(t, "s", a, b))
	known, err := f.store.Known(t.Context(), []truce.ID{a.ID, b.ID, c.ID, {}})
	if err != nil || len(known) != 2 || !known[a.ID] || !known[b.ID] {
		t.Errorf("known = %v, %v, want the two stored", known, err)
	}
	_, err = f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{batch(t, "s", b, c)}})
	wantCode(t, "storing an observation again", err, truce.CodeConflict)
	if n := len(f.observations(t, truce.ObservationQuery{})); n != 2 {
		t.Errorf("%d observations after the refusal, want 2", n)
	}
	f.append(t, batch(t, "s", c))
	f.append(t, batch(t, "s", a, b)) // the same batch has the same key
	_, err = f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{batch(t, "s", heartbeat("s", at(2), 0, "d"), heartbeat("s", at(2), 0, "d"))}})
	wantCode(t, "one observation twice in a batch", err, truce.CodeConflict)
	counts, err := f.store.ImportCounts(t.Context())
	if err != nil || !slices.Equal(counts, []truce.ImportCount{{Source: "s", Accepted: 3}}) {
		t.Errorf("import counts = %v, %v, want 3 accepted", counts, err)
	}
	f.sound(t)
}

// testFirstSeen: of a thing without a time of its own the earliest day counts, also once it
// was erased; what differs in more than the day is another thing.
func testFirstSeen(t *testing.T, f *fixture) {
	const day = 24
	midnight := at(0).Day()
	from, err := midnight.Start(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	on := func(n int, name string) truce.Observation {
		return heartbeat("s", from.Add(time.Duration(n)*day*time.Hour), 0, name)
	}
	gone := f.append(t, batch(t, "s", on(1, "erased")))
	f.append(t, batch(t, "s", on(0, "a"), on(2, "b"), on(1, "other")))
	f.append(t, batch(t, "s", on(1, "b")))
	if _, err := f.store.Erase(t.Context(), gone.Seqs[0], "no reason"); err != nil {
		t.Fatal(err)
	}
	asked := []truce.ID{on(3, "a").ID, on(3, "b").ID, on(3, "new").ID, on(3, "erased").ID}
	first, err := f.store.FirstSeen(t.Context(), asked)
	want := map[truce.ID]truce.ID{asked[0]: on(0, "a").ID, asked[1]: on(1, "b").ID, asked[3]: on(1, "erased").ID}
	if err != nil || !maps.Equal(first, want) {
		t.Errorf("first seen %v, %v, want %v", first, err, want)
	}
	if none, err := f.store.FirstSeen(t.Context(), nil); err != nil || len(none) != 0 {
		t.Errorf("of nothing was seen %v, %v", none, err)
	}
}

func testManifest(t *testing.T, f *fixture) {
	rows := []truce.Observation{heartbeat("s", at(1), 0, "a"), heartbeat("s", at(30), 0, "b")}
	good := batch(t, "s", rows...)
	manifest, err := truce.DecodeBody[truce.BatchManifest](truce.Record{Body: good.Body, Schema: truce.SchemaVersion})
	if err != nil {
		t.Fatal(err)
	}
	wrongID := rows[0]
	wrongID.ID = truce.NewID(at(2), "health", "s", []byte("a"))
	ancient := heartbeat("s", -1, 0, "before 1970")
	for name, edit := range map[string]func(*truce.BatchManifest, *truce.Draft){
		"count": func(m *truce.BatchManifest, _ *truce.Draft) { m.Count = 3 },
		"root":  func(m *truce.BatchManifest, _ *truce.Draft) { m.Merkle[0] ^= 1 },
		"days":  func(m *truce.BatchManifest, _ *truce.Draft) { m.Days = m.Days[:1] },
		"rows": func(_ *truce.BatchManifest, d *truce.Draft) {
			*d = truce.Draft{Kind: d.Kind, Key: d.Key, Rows: rows[:1]}
		},
		"other rows": func(_ *truce.BatchManifest, d *truce.Draft) {
			*d = truce.Draft{Kind: d.Kind, Key: d.Key, Rows: []truce.Observation{rows[1], rows[0]}}
		},
		"no rows": func(m *truce.BatchManifest, d *truce.Draft) { m.Count = 0; *d = truce.Draft{Kind: d.Kind, Key: d.Key} },
	} {
		m, d := manifest, good
		m.Days = slices.Clone(manifest.Days)
		edit(&m, &d)
		d.Body = draft(t, truce.RecordBatch, "", "x", m).Body
		_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{d}})
		wantCode(t, "a manifest with other "+name, err, truce.CodeInvalid)
	}
	for name, row := range map[string]truce.Observation{"an id of another time": wrongID, "a time before 1970": ancient} {
		_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{batch(t, "s", row)}})
		wantCode(t, name, err, truce.CodeInvalid)
	}
	if n := len(f.observations(t, truce.ObservationQuery{})); n != 0 {
		t.Errorf("%d observations were stored", n)
	}
}

func testObservationsByID(t *testing.T, f *fixture) {
	a, b, c := heartbeat("s", at(1), 0, "a"), heartbeat("s", at(30), 0, "b"), heartbeat("s", at(1), 0, "c")
	f.append(t, batch(t, "s", a, b))
	got, err := f.store.ObservationsByID(t.Context(), []truce.ID{b.ID, c.ID, a.ID})
	if err != nil || len(got) != 2 || got[0].ID != b.ID || got[1].ID != a.ID {
		t.Fatalf("by id = %v, %v, want b and a", got, err)
	}
	if got[1].Health == nil || *got[1].Health != *a.Health || got[1].Phenomenon != a.Phenomenon {
		t.Errorf("the observation came back changed: %+v", got[1])
	}
	f.append(t, batch(t, "s", c))
	batches, err := f.store.BatchesOf(t.Context(), []truce.ID{a.ID, b.ID, c.ID, {1}})
	if err != nil || len(batches) != 3 || batches[a.ID] == 0 || batches[a.ID] != batches[b.ID] || batches[c.ID] <= batches[a.ID] {
		t.Errorf("brought by %v, %v, want a and b by one record and c by a later one", batches, err)
	}
}
