package publish

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// threeDays fills a store with the fixture's day and the two after it.
func threeDays(t *testing.T) (*Reader, []Release) {
	t.Helper()
	ctx := context.Background()
	store, reader, _ := openPublic(t)
	var out []Release
	in := fixtureInput()
	for day := range 3 {
		if day > 0 {
			in = shifted(in, day)
		}
		r := mustRelease(t, releaseOf(mustDaily(t, in)))
		if err := store.Put(ctx, r, Proof{Seq: truce.Seq(day + 1)}); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return reader, out
}

// shifted is the fixture's day again, some days later, with incidents of their own.
func shifted(in DailyInput, days int) DailyInput {
	length := 24 * time.Hour
	in.Previous = in.Period
	in.Period = truce.Period{From: in.Period.From.Add(length), To: in.Period.To.Add(length), Zone: zone}
	in.Published = in.Published.Add(length)
	in.PreviousRows, in.Received, in.Absences = nil, nil, nil
	in.Rows = slices.Clone(in.Rows)
	for i := range in.Rows {
		inc := &in.Rows[i].Incident
		inc.ID[15] += byte(days)
		inc.Time.From, inc.Time.To = inc.Time.From.Add(length), inc.Time.To.Add(length)
		if i == 0 && days == 2 {
			inc.Area = "south"
		}
	}
	return in
}

// The reader's list is what filtering, sorting and cutting all released rows by hand
// gives, whatever is asked for.
func TestIncidentsAreWhatTheQueryAsksFor(t *testing.T) {
	ctx := context.Background()
	reader, releases := threeDays(t)
	days := []truce.Day{"", "2026-04-10", "2026-04-11", "2026-04-12", "2026-04-13", "2026-04-14"}
	for _, from := range days {
		for _, to := range days {
			for _, act := range []truce.Act{"", truce.ActIndirectFire, truce.ActBurst, "sea_mine"} {
				for _, area := range []truce.AreaID{"", "north", "south", "west"} {
					for _, state := range []truce.Occurrence{"", truce.OccurrenceReported, truce.OccurrenceDuplicate} {
						q := truce.PublicQuery{From: from, To: to, Act: act, Area: area, Occurrence: state}
						got, err := reader.Incidents(ctx, q)
						if err != nil {
							t.Fatal(err)
						}
						want := byHand(releases, q)
						if got.Total != len(want) || !slices.EqualFunc(got.Rows, want, sameIncident) {
							t.Fatalf("%+v: %d rows %v, want %v", q, got.Total, names(got.Rows), names(want))
						}
					}
				}
			}
		}
	}
}

func byHand(releases []Release, q truce.PublicQuery) []truce.PublicIncident {
	var out []truce.PublicIncident
	for _, r := range releases {
		for _, row := range r.Bulletin.Rows {
			fits := (q.From == "" || r.Bulletin.Day >= q.From) && (q.To == "" || r.Bulletin.Day <= q.To) &&
				(q.Act == "" || row.Act == q.Act) && (q.Area == "" || row.Area == q.Area) && (q.Occurrence == "" || row.Occurrence == q.Occurrence)
			if fits {
				out = append(out, truce.PublicIncident{Bulletin: r.Bulletin.Number, Day: r.Bulletin.Day, Row: row})
			}
		}
	}
	slices.SortFunc(out, func(a, b truce.PublicIncident) int {
		if a.Row.Time.From != b.Row.Time.From {
			if a.Row.Time.From > b.Row.Time.From {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Row.ID, b.Row.ID)
	})
	return out
}

func sameIncident(a, b truce.PublicIncident) bool {
	return a.Bulletin == b.Bulletin && a.Day == b.Day && a.Row.ID == b.Row.ID && a.Row.N == b.Row.N
}

func names(list []truce.PublicIncident) []string {
	var out []string
	for _, i := range list {
		out = append(out, fmt.Sprint(i.Bulletin, "/", i.Row.N))
	}
	return out
}

// Pages put together are the whole list, whatever their size, and each knows how many
// there are in all.
func TestPagesPutTogetherAreTheList(t *testing.T) {
	ctx := context.Background()
	reader, _ := threeDays(t)
	all, err := reader.Incidents(ctx, truce.PublicQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, 2, 5, all.Total, all.Total + 7} {
		var together []truce.PublicIncident
		for offset := 0; offset < all.Total; offset += size {
			page, err := reader.Incidents(ctx, truce.PublicQuery{Offset: offset, Limit: size})
			if err != nil {
				t.Fatal(err)
			}
			if page.Total != all.Total || len(page.Rows) > size {
				t.Fatalf("page of %d at %d: %d rows of %d", size, offset, len(page.Rows), page.Total)
			}
			together = append(together, page.Rows...)
		}
		if !slices.EqualFunc(together, all.Rows, sameIncident) {
			t.Errorf("pages of %d: %v, want %v", size, names(together), names(all.Rows))
		}
	}
	for _, q := range []truce.PublicQuery{{Offset: all.Total}, {Offset: -3, Limit: 1}, {Limit: -1}, {Limit: maxPage + 1}} {
		page, err := reader.Incidents(ctx, q)
		if err != nil || page.Total != all.Total {
			t.Errorf("%+v: %d, %v", q, page.Total, err)
		}
	}
}

func TestDaysAndTheirDocuments(t *testing.T) {
	ctx := context.Background()
	reader, releases := threeDays(t)
	days, err := reader.Days(ctx)
	if err != nil || len(days) != 3 || days[0].Day != "2026-04-13" || days[2].Day != "2026-04-11" {
		t.Fatalf("days %+v, %v: want three, the newest first", days, err)
	}
	for i, r := range releases {
		if d := days[2-i]; d.SHA256 != truce.HashOf(r.JSON) || d.Rows != len(r.Bulletin.Rows) || d.Seq != truce.Seq(i+1) || d.Released != r.At {
			t.Errorf("day %s: %+v", r.Bulletin.Day, d)
		}
		for _, doc := range r.Documents {
			for name, read := range map[string]func() ([]byte, error){
				"of the day":    func() ([]byte, error) { return reader.Daily(ctx, r.Bulletin.Day, doc.Lang, doc.Format) },
				"by the number": func() ([]byte, error) { return reader.Bulletin(ctx, r.Bulletin.Number, doc.Lang, doc.Format) },
			} {
				if got, err := read(); err != nil || string(got) != string(doc.Body) {
					t.Errorf("%s %s %s %s: %d bytes, %v; want the %d that were released", r.Bulletin.Number, doc.Lang, doc.Format, name, len(got), err, len(doc.Body))
				}
			}
		}
		for _, lang := range []string{"", "en", "uk", "xx"} { // the same in every language
			if got, err := reader.Daily(ctx, r.Bulletin.Day, lang, FormatCSV); err != nil || string(got) != string(r.CSV) {
				t.Errorf("%s csv %q: %v", r.Bulletin.Number, lang, err)
			}
		}
	}
	if _, err := reader.Daily(ctx, "2026-04-11", "pl", FormatHTML); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("a language that is not printed: %v", err)
	}
	if list, err := reader.Versions(ctx, "2026-04-12"); err != nil || len(list) != 1 {
		t.Errorf("versions of the second day: %+v, %v", list, err)
	}
}

// A store that has no tables says so instead of showing an empty site.
func TestAReaderOfNothingFails(t *testing.T) {
	ctx := context.Background()
	_, reader, _ := openPublic(t)
	if _, err := reader.db.Exec(`DROP TABLE bulletins; DROP TABLE incidents; DROP TABLE documents; DROP TABLE sources`); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"days": errorOf(reader.Days(ctx)), "versions": errorOf(reader.Versions(ctx, "2026-04-11")), "header": errorOf(reader.Header(ctx, "2026-04-11")),
		"document": errorOf(reader.Daily(ctx, "2026-04-11", "en", FormatHTML)), "incidents": errorOf(reader.Incidents(ctx, truce.PublicQuery{})),
		"incident": errorOf(reader.Incident(ctx, "p1")), "proof": errorOf(reader.Proof(ctx, "D-1")), "sources": errorOf(reader.Sources(ctx)),
	} {
		if err == nil || truce.CodeOf(err) == truce.CodeNotFound {
			t.Errorf("%s of a store without tables: %v", name, err)
		}
	}
}
