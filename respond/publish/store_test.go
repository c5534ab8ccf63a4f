package publish

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/trucewatch/truce"
)

func openPublic(t *testing.T) (*PublicStore, *Reader, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "public.db")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	store, err := OpenPublicStore(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	return store, NewReader(db), file
}

// secrets are what must not be found in the public store: every position of the mission
// in digits and as stored numbers, every internal id, every name and text that stays
// inside.
func secrets(in DailyInput) [][]byte {
	var out [][]byte
	add := func(s string) { out = append(out, []byte(s)) }
	number := func(v float64) {
		add(strconv.FormatFloat(math.Abs(v), 'f', 5, 64))
		add(strconv.FormatFloat(math.Abs(v), 'f', -1, 64) + ",") // as JSON has it
		bits := math.Float64bits(v)
		out = append(out, binary.BigEndian.AppendUint64(nil, bits), binary.LittleEndian.AppendUint64(nil, bits))
	}
	for _, list := range [][]truce.IncidentRow{in.Rows, in.PreviousRows} {
		for _, r := range list {
			add(r.Incident.ID.String())
			out = append(out, r.Incident.ID[6:])
			for _, e := range r.Incident.Events {
				add(e.String())
			}
			if p := r.Incident.Position; p != nil {
				number(float64(p.Lat))
				number(float64(p.Lon))
			}
		}
	}
	for _, r := range in.Received {
		for _, line := range r.Lines {
			for _, id := range line.IDs {
				add(id.String())
			}
		}
	}
	add("Unlisted Village") // named by the closed agency alone
	add("radius_m")
	return out
}

func found(haystack []byte, needles [][]byte) []string {
	var out []string
	for _, n := range needles {
		if bytes.Contains(haystack, n) {
			out = append(out, strconv.QuoteToASCII(string(n)))
		}
	}
	return out
}

func TestNothingPreciseIsInThePublicStore(t *testing.T) {
	ctx := context.Background()
	in := fixtureInput()
	mission := mustDaily(t, in)
	store, _, file := openPublic(t)
	if err := store.Put(ctx, mustRelease(t, releaseOf(mission)), Proof{Seq: 9}); err != nil {
		t.Fatal(err)
	}
	needles := secrets(in)
	if got := found(allBytes(t, file), needles); len(got) > 0 {
		t.Errorf("the public store holds %s", strings.Join(got, ", "))
	}

	// The same search finds the secrets where they are: in the mission's own edition.
	raw, err := JSON(mission)
	if err != nil {
		t.Fatal(err)
	}
	if got := found(raw, needles); len(got) < len(mission.Rows)*2 {
		t.Errorf("the search finds only %d secrets in the mission's edition; it would find none anywhere", len(got))
	}
	leak := mustRelease(t, releaseOf(mission))
	leak.CSV = raw
	leak.Bulletin.Number += "-leak"
	if err := store.Put(ctx, leak, Proof{}); err != nil {
		t.Fatal(err)
	}
	if len(found(allBytes(t, file), needles)) == 0 {
		t.Error("a leak on purpose is not found in the file's bytes")
	}
}

// allBytes reads the database and what lies beside it.
func allBytes(t *testing.T, file string) []byte {
	t.Helper()
	var out []byte
	files, err := filepath.Glob(file + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b...)
	}
	return out
}

func TestTheStoreTakesOnlyPublicEditions(t *testing.T) {
	store, _, _ := openPublic(t)
	r := mustRelease(t, releaseOf(mustDaily(t, fixtureInput())))
	r.Bulletin = mustDaily(t, fixtureInput())
	if err := store.Put(context.Background(), r, Proof{}); err == nil || !strings.Contains(err.Error(), "not public") {
		t.Errorf("the mission's edition: %v", err)
	}
}

func TestPutAgain(t *testing.T) {
	ctx := context.Background()
	store, reader, _ := openPublic(t)
	r := mustRelease(t, releaseOf(mustDaily(t, fixtureInput())))
	for range 2 {
		if err := store.Put(ctx, r, Proof{}); err != nil {
			t.Fatal(err)
		}
	}
	if days, err := reader.Days(ctx); err != nil || len(days) != 1 {
		t.Errorf("put twice: %d days, %v", len(days), err)
	}
	r.JSON = append(bytes.Clone(r.JSON), ' ')
	if err := store.Put(ctx, r, Proof{}); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("other bytes under the same number: %v", err)
	}
}

func TestReader(t *testing.T) {
	ctx := context.Background()
	store, reader, _ := openPublic(t)
	mission := mustDaily(t, fixtureInput())
	first := mustRelease(t, releaseOf(mission))
	proof := Proof{Seq: 12, Header: []byte("{}"), Salt: []byte("salt"), Prev: truce.HashOf([]byte("p"))}
	if err := store.Put(ctx, first, proof); err != nil {
		t.Fatal(err)
	}
	again := fixtureInput()
	again.Version, again.Superseded = 2, &mission
	again.Rows = again.Rows[1:]
	in := releaseOf(mustDaily(t, again))
	in.Superseded = &first.Bulletin
	second := mustRelease(t, in)
	if err := store.Put(ctx, second, Proof{Seq: 20}); err != nil {
		t.Fatal(err)
	}

	days, err := reader.Days(ctx)
	if err != nil || len(days) != 1 || days[0].Version != 2 || days[0].SHA256 != truce.HashOf(second.JSON) || days[0].Realm != "exercise:demo" {
		t.Errorf("days %+v, %v", days, err)
	}
	if versions, err := reader.Versions(ctx, "2026-04-11"); err != nil || len(versions) != 2 {
		t.Errorf("versions %+v, %v", versions, err)
	}
	if got, err := reader.Daily(ctx, "2026-04-11", "uk", FormatJSON); err != nil || !bytes.Equal(got, second.JSON) {
		t.Errorf("json of the day: %v", err)
	}
	if got, err := reader.Bulletin(ctx, first.Bulletin.Number, "en", FormatHTML); err != nil || !bytes.Equal(got, first.Documents[0].Body) {
		t.Errorf("page of the first version: %v", err)
	}
	if got, err := reader.Proof(ctx, first.Bulletin.Number); err != nil || got.Seq != 12 || got.Prev != proof.Prev || string(got.Salt) != "salt" {
		t.Errorf("proof %+v, %v", got, err)
	}
	head, err := reader.Header(ctx, "2026-04-11")
	if err != nil || head.Number != second.Bulletin.Number || head.Mission != "Demonstration mission" || head.ReportError != "errors@mission.example" || len(head.Rows) > 0 {
		t.Errorf("header %+v, %v", head, err)
	}
	checkIncidents(t, reader, first, second)
	if sources, err := reader.Sources(ctx); err != nil || len(sources) != len(fixtureSources()) {
		t.Errorf("sources %v, %v", sources, err)
	}
	for _, err := range []error{
		errorOf(reader.Daily(ctx, "2020-01-01", "en", FormatHTML)),
		errorOf(reader.Bulletin(ctx, "D-1", "en", FormatHTML)),
		errorOf(reader.Incident(ctx, "p0")),
		errorOf(reader.Proof(ctx, "D-1")),
		errorOf(reader.Header(ctx, "2020-01-01")),
	} {
		if truce.CodeOf(err) != truce.CodeNotFound {
			t.Errorf("what is not there: %v", err)
		}
	}
}

func errorOf[T any](_ T, err error) error { return err }

func checkIncidents(t *testing.T, reader *Reader, first, second Release) {
	t.Helper()
	ctx := context.Background()
	all, err := reader.Incidents(ctx, truce.PublicQuery{})
	if err != nil || all.Total != len(second.Bulletin.Rows) || len(all.Rows) != all.Total {
		t.Errorf("incidents %d of %d, want the %d of the second version; %v", len(all.Rows), all.Total, len(second.Bulletin.Rows), err)
	}
	for i := 1; i < len(all.Rows); i++ {
		if all.Rows[i].Row.Time.From > all.Rows[i-1].Row.Time.From {
			t.Error("incidents are not newest first")
		}
	}
	cases := []struct {
		name string
		q    truce.PublicQuery
		want int
	}{
		{"heat", truce.PublicQuery{Act: truce.ActHeat}, 1},
		{"north", truce.PublicQuery{Area: "north"}, 2},
		{"verified in the south", truce.PublicQuery{Area: "south", Occurrence: truce.OccurrenceVerified}, 1},
		{"a day later", truce.PublicQuery{From: "2026-04-12"}, 0},
		{"up to the day", truce.PublicQuery{To: "2026-04-11"}, len(second.Bulletin.Rows)},
		{"a quote in the filter", truce.PublicQuery{Area: "north' OR '1'='1"}, 0},
	}
	for _, c := range cases {
		if got, err := reader.Incidents(ctx, c.q); err != nil || got.Total != c.want {
			t.Errorf("%s: %d, want %d; %v", c.name, got.Total, c.want, err)
		}
	}
	page, err := reader.Incidents(ctx, truce.PublicQuery{Offset: 1, Limit: 2})
	if err != nil || len(page.Rows) != 2 || page.Total != all.Total || page.Rows[0].Row.ID != all.Rows[1].Row.ID {
		t.Errorf("second page: %+v, %v", page, err)
	}
	one, err := reader.Incident(ctx, all.Rows[0].Row.ID)
	want, _ := json.Marshal(all.Rows[0])
	if got, _ := json.Marshal(one); err != nil || !bytes.Equal(got, want) {
		t.Errorf("one incident %s, want %s; %v", got, want, err)
	}
	if _, err := reader.Incident(ctx, first.Bulletin.Rows[0].ID); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("a row that the second version dropped is still served: %v", err)
	}
}

// A release that cannot be stored whole is not stored at all.
func TestPutIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	for _, table := range []string{"documents", "incidents", "sources"} {
		store, reader, _ := openPublic(t)
		if _, err := store.db.Exec(`DROP TABLE ` + table); err != nil {
			t.Fatal(err)
		}
		r := mustRelease(t, releaseOf(mustDaily(t, fixtureInput())))
		if err := store.Put(ctx, r, Proof{}); err == nil {
			t.Errorf("without the table %s a release was stored", table)
		}
		if days, err := reader.Days(ctx); err != nil || len(days) != 0 {
			t.Errorf("without the table %s a part of the release is there: %v, %v", table, days, err)
		}
		if _, err := store.db.Exec(publicSchema[2] + `;` + publicSchema[3] + `;` + publicSchema[5]); err != nil {
			t.Fatal(err)
		}
		if err := store.Put(ctx, r, Proof{}); err != nil {
			t.Errorf("again with the table %s: %v", table, err)
		}
	}
}

// Two openings of one store are one store; other bytes under a number that is out are
// refused and change nothing.
func TestANumberThatIsOutStays(t *testing.T) {
	ctx := context.Background()
	store, reader, _ := openPublic(t)
	again, err := OpenPublicStore(ctx, store.db)
	if err != nil {
		t.Fatal(err)
	}
	r := mustRelease(t, releaseOf(mustDaily(t, fixtureInput())))
	if err := store.Put(ctx, r, Proof{Seq: 3}); err != nil {
		t.Fatal(err)
	}
	other := mustRelease(t, releaseOf(mustDaily(t, civilians(0, 4))))
	if err := again.Put(ctx, other, Proof{Seq: 4}); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("other bytes under %s: %v", other.Bulletin.Number, err)
	}
	if got, err := reader.Daily(ctx, r.Bulletin.Day, "", FormatJSON); err != nil || !bytes.Equal(got, r.JSON) {
		t.Errorf("the first release is no longer what is served: %v", err)
	}
}

// A row carried into the next day is served once, with the newest bulletin that lists it.
func TestACarriedRowIsServedOnce(t *testing.T) {
	ctx := context.Background()
	store, reader, _ := openPublic(t)
	in := fixtureInput()
	first := mustDaily(t, in)
	if err := store.Put(ctx, mustRelease(t, releaseOf(first)), Proof{Seq: 1}); err != nil {
		t.Fatal(err)
	}
	second := mustDaily(t, dayAfterOf(in, first))
	r := mustRelease(t, releaseOf(second))
	if err := store.Put(ctx, r, Proof{Seq: 2}); err != nil {
		t.Fatal(err)
	}
	id := r.Bulletin.Rows[0].ID
	got, err := reader.Incident(ctx, id)
	if err != nil || got.Bulletin != second.Number || !got.Row.Carried {
		t.Errorf("the carried row: %+v, %v", got, err)
	}
	// The first day again, later: now it lists the row itself.
	again := in
	again.Version, again.Superseded, again.Published = 2, &first, in.Published.Add(PreliminaryAge)
	late := releaseOf(mustDaily(t, again))
	pub := mustRelease(t, releaseOf(first)).Bulletin
	late.Superseded = &pub
	if err := store.Put(ctx, mustRelease(t, late), Proof{Seq: 3}); err != nil {
		t.Fatal(err)
	}
	all, err := reader.Incidents(ctx, truce.PublicQuery{})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, i := range all.Rows {
		seen[i.Row.ID]++
	}
	if seen[id] != 1 || all.Total != len(seen) {
		t.Errorf("the carried row is served %d times; %d rows of %d", seen[id], all.Total, len(seen))
	}
}
