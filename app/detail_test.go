package app

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// originTable has one shelling with two families, a launch area and every other detail
// that must stay on the desk. The digits of the launch area stand nowhere else.
const originTable = `time,lat,lon,sigma_m,family,sensor,act,weapon,origin_lat,origin_lon,origin_sigma_m,origin_side,text
2031-03-11T14:20:05Z,-47.9040,-21.6225,150,acoustic,AC-03,indirect_fire,howitzer 152mm,-47.61873,-21.33719,417,A,six blasts
2031-03-11T14:20:00Z,-47.9050,-21.6235,250,patrol,P-3,indirect_fire,howitzer 152mm,,,,,six impacts
`

// originWords are how the launch area would show itself: its coordinates to 100 m and
// the names of the fields.
var originWords = []string{"47.618", "47.619", "21.337", "47,618", "21,337", "origin_lat", "origin_side", `"origin":`, "howitzer"}

// withOrigin is a released day with a recorded origin.
func withOrigin(t *testing.T) program {
	t.Helper()
	p := newProgram(t)
	rights := "licence: CC-BY-4.0, attribution: Us, redistribute: true"
	p.settings(t, "sources:\n  - {id: csv-acoustic, "+rights+"}\n  - {id: csv-patrol, "+rights+"}\n")
	p.good(t, "import", "--format", "csv", p.write(t, "seen.csv", originTable))
	p.good(t, "assess")
	p.good(t, "bulletin", "daily", "--date", "2031-03-11")
	p.good(t, "bulletin", "release", "--date", "2031-03-11")
	return p
}

// A recorded origin reaches the incident and its findings, which the desk keeps, and
// nothing that leaves the house.
func TestARecordedOriginStaysOnTheDesk(t *testing.T) {
	p := withOrigin(t)
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	checkDeskHasOrigin(t, a)
	leaves := whatLeaves(t, a)
	b, err := a.bulletinOf(t.Context(), "2031-03-11", truce.EditionPublic)
	if err != nil || b == nil || len(b.Rows) != 1 || b.Rows[0].Act != truce.ActIndirectFire {
		t.Fatalf("no public edition with the shelling as its one row: %v", err)
	}
	text, err := truce.Canonical(*b)
	if err != nil {
		t.Fatal(err)
	}
	leaves["the recorded public edition"] = string(text)
	if len(leaves) < 12 {
		t.Fatalf("only %d things leave the house; the test looks in the wrong place", len(leaves))
	}
	for name, text := range leaves {
		for _, word := range originWords {
			if strings.Contains(withoutHashes(text), word) {
				t.Errorf("%s tells %s", name, word)
			}
		}
	}
}

// checkDeskHasOrigin is the control: what must not leave is there, and the search finds it.
func checkDeskHasOrigin(t *testing.T, a *App) {
	t.Helper()
	page, err := a.store.Incidents(t.Context(), truce.IncidentQuery{})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("%d incidents, %v", len(page.Rows), err)
	}
	row := page.Rows[0]
	if d := row.Incident.Detail; d == nil || d.Origin == nil || d.Origin.Lat != -47.61873 || len(d.OriginSide) != 1 || len(d.Weapons) != 1 {
		t.Fatalf("the desk's incident has %+v", d)
	}
	at := slices.IndexFunc(row.Evaluation.Findings, func(f truce.Finding) bool { return len(f.OriginSide) > 0 })
	if at < 0 {
		t.Fatalf("no finding says on whose side the origin lies: %+v", row.Evaluation.Findings)
	}
	text, err := truce.Canonical(row)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"47.618", "21.337", `"origin":`, "origin_side", "howitzer"} {
		if !strings.Contains(withoutHashes(string(text)), word) {
			t.Errorf("the search would not find %s on the desk", word)
		}
	}
}

// whatLeaves is what leaves the house: the pages of the public site and every cell of its store.
func whatLeaves(t *testing.T, a *App) map[string]string {
	t.Helper()
	site, err := openPublicSite(t.Context(), a.cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	leaves := publicCells(t, site.db)
	for path, answer := range crawl(site.handler) {
		if !strings.HasPrefix(path, "/assets/") { // the same for every mission
			leaves["page "+path] = answer.body
		}
	}
	return leaves
}

// publicCells is every cell of every table of the public store, unpacked.
func publicCells(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, table := range []string{"bulletins", "documents", "incidents", "sources"} {
		rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		names, _ := rows.Columns()
		for n := 0; rows.Next(); n++ {
			cells, into := make([]sql.RawBytes, len(names)), make([]any, len(names))
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			for i, cell := range cells {
				out[fmt.Sprintf("public.db %s %d %s", table, n, names[i])] = unpacked(cell)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if len(out) == 0 {
			t.Fatalf("the public store has nothing in %s", table)
		}
		rows.Close()
	}
	return out
}

func unpacked(cell []byte) string {
	if z, err := gzip.NewReader(bytes.NewReader(cell)); err == nil {
		if text, err := io.ReadAll(z); err == nil {
			return string(text)
		}
	}
	return string(cell)
}

// longRun is a hash, a salt or a picture in the page, which hold any three digits by chance.
var longRun = regexp.MustCompile(`[A-Za-z0-9+/=_-]{26,}`)

func withoutHashes(text string) string { return longRun.ReplaceAllString(text, "...") }

// No field of a bulletin can hold an origin: the gate has nothing to leave out.
func TestBulletinsHaveNoPlaceForAnOrigin(t *testing.T) {
	seen := map[reflect.Type]bool{}
	found := originsIn(reflect.TypeFor[truce.Bulletin](), seen)
	if !seen[reflect.TypeFor[truce.BulletinRow]()] {
		t.Fatal("the walk did not come to the rows")
	}
	if len(found) > 0 {
		t.Errorf("a bulletin can hold %v", found)
	}
	if control := originsIn(reflect.TypeFor[truce.Incident](), map[reflect.Type]bool{}); len(control) == 0 {
		t.Error("the walk would not find the origin of an incident")
	}
}

// originsIn lists the fields named for an origin and the details within a type.
func originsIn(t reflect.Type, seen map[reflect.Type]bool) []string {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return originsIn(t.Elem(), seen)
	case reflect.Map:
		return append(originsIn(t.Key(), seen), originsIn(t.Elem(), seen)...)
	case reflect.Struct:
	default:
		return nil
	}
	if seen[t] {
		return nil
	}
	seen[t] = true
	var out []string
	if t == reflect.TypeFor[truce.Detail]() || t == reflect.TypeFor[truce.Finding]() {
		out = append(out, t.String())
	}
	for i := range t.NumField() {
		if f := t.Field(i); strings.Contains(strings.ToLower(f.Name), "origin") {
			out = append(out, t.String()+"."+f.Name)
		} else {
			out = append(out, originsIn(f.Type, seen)...)
		}
	}
	return out
}

// Records written before claims had details are assessed as they were: nothing is new.
func TestReportsWithoutDetailsGainNone(t *testing.T) {
	p := withReports(t)
	p.good(t, "assess")
	var rows []truce.Incident
	if err := json.Unmarshal([]byte(p.good(t, "incidents", "--format", "json")), &rows); err != nil || len(rows) == 0 {
		t.Fatalf("%d incidents, %v", len(rows), err)
	}
	for _, i := range rows {
		if i.Detail != nil {
			t.Errorf("%s has %+v", i.Number, i.Detail)
		}
	}
}
