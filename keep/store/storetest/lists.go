package storetest

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

func event(name string, revision int, start truce.Instant, support ...truce.Observation) truce.Event {
	e := truce.Event{ID: thing(start, name), Revision: revision, Kind: truce.ActHeat, Origin: truce.Moment(start, 0), Method: "suite/1"}
	for _, o := range support {
		e.Support = append(e.Support, truce.Support{Observation: o.ID, Source: o.Source, Family: truce.FamilyThermal})
	}
	return e
}

func eventDraft(t testing.TB, e truce.Event) truce.Draft {
	t.Helper()
	return draft(t, truce.RecordEvent, "event/"+e.ID.String(), fmt.Sprintf("event/%s/%d", e.ID, e.Revision), e)
}

func testEvents(t *testing.T, f *fixture) {
	a, b, c := event("a", 1, at(1)), event("b", 1, at(5)), event("c", 1, at(3))
	f.append(t, eventDraft(t, a), eventDraft(t, b), eventDraft(t, c))
	a.Revision, a.Score = 2, 0.75
	f.append(t, eventDraft(t, a))
	stale := a
	stale.Method = "suite/2"
	_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft(t, truce.RecordEvent, "", "stale", stale)}})
	wantCode(t, "a revision that is there already", err, truce.CodeConflict)
	for _, q := range []struct {
		name string
		q    truce.EventQuery
		want []truce.Event
	}{
		{"all, oldest first", truce.EventQuery{}, []truce.Event{a, c, b}},
		{"by time, half open", truce.EventQuery{From: at(1), To: at(5)}, []truce.Event{a, c}},
		{"by id", truce.EventQuery{IDs: []truce.ID{b.ID, a.ID, {}}}, []truce.Event{a, b}},
		{"by no ids", truce.EventQuery{IDs: []truce.ID{}}, nil},
	} {
		got, err := f.store.Events(t.Context(), q.q)
		same := slices.EqualFunc(got, q.want, func(x, y truce.Event) bool { return x.ID == y.ID && x.Revision == y.Revision && x.Score == y.Score })
		if err != nil || !same {
			t.Errorf("%s: got %v, %v, want %v", q.name, got, err, q.want)
		}
		q.q.Brief = true
		brief, err := f.store.Events(t.Context(), q.q)
		for i := range got {
			got[i] = truce.Event{ID: got[i].ID, Revision: got[i].Revision, Kind: got[i].Kind, Origin: got[i].Origin, Support: got[i].Support}
		}
		if err != nil || len(brief) != len(got) || len(got) > 0 && !reflect.DeepEqual(brief, got) {
			t.Errorf("%s in brief: got %v, %v, want %v", q.name, brief, err, got)
		}
	}
}

func agreement(version string) truce.AgreementText {
	return truce.AgreementText{ID: "suite", Version: version, Files: []truce.AgreementFile{{Name: "agreement.yaml", Data: []byte{0, 0xff, '\n'}}}}
}

func agreementDraft(t testing.TB, version, key string) truce.Draft {
	t.Helper()
	return draft(t, truce.RecordAgreement, "agreement/suite", "agreement/"+key, agreement(version))
}

func testAgreements(t *testing.T, f *fixture) {
	ctx := t.Context()
	_, err := f.store.Agreement(ctx)
	wantCode(t, "an agreement where there is none", err, truce.CodeNotFound)
	first := f.append(t, agreementDraft(t, "v1", "1"))
	f.clock.Move(time.Hour)
	second := f.append(t, agreementDraft(t, "v2", "2"))
	now, err := f.store.Agreement(ctx)
	if err != nil || now.Version != "v2" || string(now.Files[0].Data) != "\x00\xff\n" {
		t.Errorf("agreement in force = %+v, %v, want v2, bytes verbatim", now, err)
	}
	for name, c := range map[string]struct {
		at   truce.RecordedTime
		want string
	}{"just after the first": {first.Recorded, "v1"}, "before the second": {second.Recorded - 1, "v1"}, "at the second": {second.Recorded, "v2"}} {
		if got, err := f.store.AgreementAsOf(ctx, c.at); err != nil || got.Version != c.want {
			t.Errorf("%s: %s, %v, want %s", name, got.Version, err, c.want)
		}
	}
	_, err = f.store.AgreementAsOf(ctx, first.Recorded-1)
	wantCode(t, "the agreement before the first", err, truce.CodeNotFound)
	if got, err := f.store.AgreementVersion(ctx, "v1"); err != nil || got.Version != "v1" {
		t.Errorf("version v1 = %v, %v", got, err)
	}
	all, err := f.store.Agreements(ctx)
	if err != nil || len(all) != 2 || all[0].Version != "v1" || all[1].Seq != second.Seqs[0] || all[1].Recorded != second.Recorded {
		t.Errorf("agreements = %+v, %v", all, err)
	}
}

func testSources(t *testing.T, f *fixture) {
	ctx := t.Context()
	info := truce.SourceInfo{ID: "firms", Title: "old", Family: truce.FamilyThermal}
	other := truce.SourceInfo{ID: "csv", Title: "other", Family: truce.FamilyPatrol}
	renamed := info
	renamed.Title = "new"
	f.append(t, draft(t, truce.RecordSource, "source/firms", "1", info), draft(t, truce.RecordSource, "source/csv", "2", other),
		draft(t, truce.RecordSource, "source/firms", "3", renamed))
	sources, err := f.store.Sources(ctx)
	if err != nil || !slices.Equal(sources, []truce.SourceInfo{other, renamed}) {
		t.Errorf("sources = %+v, %v, want the last word of each, by id", sources, err)
	}
	rejected := func(n int) []truce.Rejection {
		var out []truce.Rejection
		for i := range n {
			out = append(out, truce.Rejection{File: "a.csv", Line: i + 1, Reason: "no time", Raw: []byte{0xff, 0, byte(i)}})
		}
		return out
	}
	f.append(t, draft(t, truce.RecordQuarantine, "", "q1", truce.Quarantine{Source: "firms", Rows: rejected(3)}),
		draft(t, truce.RecordQuarantine, "", "q2", truce.Quarantine{Source: "csv", Rows: rejected(1)}), batch(t, "firms", heartbeat("firms", at(1), 0, "a")))
	counts, err := f.store.ImportCounts(ctx)
	if err != nil || !slices.Equal(counts, []truce.ImportCount{{Source: "csv", Quarantined: 1}, {Source: "firms", Accepted: 1, Quarantined: 3}}) {
		t.Errorf("counts = %v, %v", counts, err)
	}
	rows, total, err := f.store.Quarantined(ctx, "firms", 1, 2)
	if err != nil || total != 3 || len(rows) != 2 || rows[0].Line != 2 || rows[1].Line != 3 || string(rows[1].Raw) != "\xff\x00\x02" {
		t.Errorf("second page = %+v of %d, %v", rows, total, err)
	}
	if _, total, err := f.store.Quarantined(ctx, "", 0, 10); err != nil || total != 4 {
		t.Errorf("all sources: %d rows, %v, want 4", total, err)
	}
	_, _, err = f.store.Quarantined(ctx, "", 0, 0)
	wantCode(t, "a page of no rows", err, truce.CodeInvalid)
}

// testLongBulletin: a body of some megabytes is held to the same rules, and comes back
// as it was.
func testLongBulletin(t *testing.T, f *fixture) {
	long := truce.Bulletin{Number: "D-2026-04-14", Kind: truce.BulletinDaily, Edition: truce.EditionMission, Version: 1, Day: "2026-04-14", Realm: f.store.Realm()}
	for n := range 10_000 {
		long.Rows = append(long.Rows, truce.BulletinRow{N: n + 1, Direction: "undetermined", Place: truce.RowPlace{Name: "Kraków"}})
	}
	good := draft(t, truce.RecordBulletin, "", "long", long)
	foreign := long
	foreign.Realm = truce.RealmReal
	for name, c := range map[string]struct {
		body []byte
		want truce.Code
	}{
		"a space":       {bytes.Replace(good.Body, []byte(`"n":9000,`), []byte(`"n": 9000,`), 1), truce.CodeInvalid},
		"another type":  {bytes.Replace(good.Body, []byte(`"n":9000,`), []byte(`"n":"x",`), 1), truce.CodeInvalid},
		"cut short":     {good.Body[:len(good.Body)-2], truce.CodeInvalid},
		"another realm": {draft(t, truce.RecordBulletin, "", "long", foreign).Body, truce.CodeForbidden},
	} {
		bad := good
		bad.Body = c.body
		_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{bad}})
		wantCode(t, "a long bulletin with "+name, err, c.want)
	}
	f.append(t, good)
	if b, err := f.store.Bulletin(t.Context(), long.Number, truce.EditionMission); err != nil || !reflect.DeepEqual(b.Rows[9999], long.Rows[9999]) {
		t.Errorf("the long bulletin came back with %d rows, %v", len(b.Rows), err)
	}
}

func testBulletins(t *testing.T, f *fixture) {
	ctx := t.Context()
	bulletin := func(number string, day truce.Day, version int, edition truce.Edition) truce.Draft {
		body := truce.Bulletin{Number: number, Kind: truce.BulletinDaily, Edition: edition, Version: version, Day: day, Realm: f.store.Realm()}
		return draft(t, truce.RecordBulletin, "bulletin/"+number, "bulletin/"+number+string(edition), body)
	}
	f.append(t, bulletin("D-2026-04-11", "2026-04-11", 1, truce.EditionMission), bulletin("D-2026-04-11", "2026-04-11", 1, truce.EditionPublic),
		bulletin("D-2026-04-12", "2026-04-12", 1, truce.EditionMission), bulletin("D-2026-04-11-v2", "2026-04-11", 2, truce.EditionMission))
	for name, want := range map[string]truce.Edition{"D-2026-04-12": truce.EditionMission, "D-2026-04-11": truce.EditionPublic} {
		if b, err := f.store.Bulletin(ctx, name, want); err != nil || b.Number != name || b.Edition != want {
			t.Errorf("%s, %s: got %s, %s, %v", name, want, b.Number, b.Edition, err)
		}
	}
	_, err := f.store.Bulletin(ctx, "D-2026-04-12", truce.EditionPublic)
	wantCode(t, "an edition that was not recorded", err, truce.CodeNotFound)
	for edition, want := range map[truce.Edition]int{truce.EditionMission: 2, truce.EditionPublic: 1} {
		if b, err := f.store.BulletinForDay(ctx, truce.BulletinDaily, "2026-04-11", edition); err != nil || b.Version != want {
			t.Errorf("the day's latest %s edition: version %d, %v, want %d", edition, b.Version, err, want)
		}
	}
	_, err = f.store.BulletinForDay(ctx, truce.BulletinDaily, "2026-04-13", truce.EditionMission)
	wantCode(t, "a day without a bulletin", err, truce.CodeNotFound)
	all, err := f.store.Bulletins(ctx)
	if err != nil || len(all) != 4 || all[0].Number != "D-2026-04-11" || all[3].Version != 2 || all[3].Seq != 5 {
		t.Errorf("bulletins = %+v, %v", all, err)
	}
	again := bulletin("D-2026-04-12", "2026-04-12", 1, truce.EditionMission)
	again.Key = "again"
	_, err = f.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{again}})
	wantCode(t, "a number given twice", err, truce.CodeConflict)
	testLongBulletin(t, f)
	f.append(t, mark(t, "clock"))
	if w, err := f.store.Watermark(ctx, "clock"); err != nil || w.At != 1 {
		t.Errorf("watermark = %+v, %v", w, err)
	}
	_, err = f.store.Watermark(ctx, "none")
	wantCode(t, "a watermark that was never set", err, truce.CodeNotFound)
	_, err = f.store.Record(ctx, 999)
	wantCode(t, "a record that is not there", err, truce.CodeNotFound)
}
