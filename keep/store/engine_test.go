package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

func TestDataSourceNames(t *testing.T) {
	for dsn, want := range map[string]string{
		"sqlite:/a/b.db":                 "/a/b.db",
		"sqlite:b.db":                    "b.db",
		"postgres://u:secret@h/d":        "postgres database d on h",
		"postgresql://u:secret@h:1/d":    "postgres database d on h",
		"postgres:///d?host=/tmp&user=u": "postgres database d on /tmp",
	} {
		eng, err := engineOf(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		if got := eng.where(); got != want {
			t.Errorf("%s is called %q, want %q without the secret", dsn, got, want)
		}
	}
	for _, dsn := range []string{"", "sqlite:", "mysql://h/d", "truce.db", "postgres://u:secret@[::1/d"} {
		_, err := engineOf(dsn)
		if truce.CodeOf(err) != truce.CodeInvalid || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q gave %v, want an invalid error without the secret", dsn, err)
		}
	}
}

func TestSQLiteVersionsThatLoseWritesAreRefused(t *testing.T) {
	for version, good := range map[string]bool{
		"3.7.0": false, "3.51.2": false, "3.51.3": true, "3.52.0": false, "3.53.4": true, "4.0.0": true, "nonsense": false,
	} {
		if err := checkSQLiteVersion(version); (err == nil) != good {
			t.Errorf("version %s: %v", version, err)
		}
	}
}

func TestOpenNeverCreates(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "truce.db")
	_, err := Open(t.Context(), "sqlite:"+missing, Options{})
	if truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("opening nothing: %v, want not found", err)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("opening nothing made a file")
	}
	other := filepath.Join(t.TempDir(), "notes.txt")
	text := []byte(strings.Repeat("these are notes, not a database\n", 100))
	if err := os.WriteFile(other, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), "sqlite:"+other, Options{}); err == nil || s != nil {
		t.Error("a text file was opened as a store")
	}
	if got, err := os.ReadFile(other); err != nil || !slices.Equal(got, text) {
		t.Errorf("opening changed the text file: %v", err)
	}
}

func TestCreateRefuses(t *testing.T) {
	good := truce.Inception{Realm: truce.RealmReal, Store: "s"}
	for name, c := range map[string]struct {
		dsn       string
		inception truce.Inception
	}{
		"a wrong realm":    {"sqlite:" + filepath.Join(t.TempDir(), "a.db"), truce.Inception{Realm: "Real", Store: "s"}},
		"no name":          {"sqlite:" + filepath.Join(t.TempDir(), "a.db"), truce.Inception{Realm: truce.RealmReal}},
		"no folder":        {"sqlite:" + filepath.Join(t.TempDir(), "none", "a.db"), good},
		"an unknown place": {"ftp://x", good},
	} {
		if s, err := Create(t.Context(), c.dsn, c.inception, Options{}); truce.CodeOf(err) != truce.CodeInvalid || s != nil {
			t.Errorf("%s: %v, want an invalid error", name, err)
		}
	}
	// A creation that fails half way leaves nothing behind.
	path := filepath.Join(t.TempDir(), "a.db")
	if _, err := Create(t.Context(), "sqlite:"+path, good, Options{Random: strings.NewReader("short")}); err == nil {
		t.Fatal("a store was created without randomness")
	}
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestNewerSchemaIsRefusedPolitely(t *testing.T) {
	d := newDamaged(t)
	d.exec(t, "INSERT INTO truce_migrations (version_id, is_applied) VALUES (99, 1)")
	_, err := Open(t.Context(), "sqlite:"+d.eng.where(), Options{})
	if truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "newer truce") {
		t.Errorf("opening a newer schema: %v", err)
	}
}

// TestOlderSchemaIsMigrated takes away every step but the first and opens again.
func TestOlderSchemaIsMigrated(t *testing.T) {
	d := newDamaged(t)
	want, err := d.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dsn := "sqlite:" + d.eng.where()
	for _, table := range readTables {
		d.exec(t, "DROP TABLE "+table.name)
	}
	for _, table := range append([]string{articleWords, storyWords}, workTables...) {
		d.exec(t, "DROP TABLE "+table)
	}
	d.exec(t, "DELETE FROM truce_migrations WHERE version_id >= 2")
	if _, err := Open(t.Context(), dsn, Options{ReadOnly: true}); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "truce rebuild") {
		t.Errorf("reading an older schema: %v, want to be told of the command that mends it", err)
	}
	s, err := Open(t.Context(), dsn, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Digest(t.Context()); err != nil || got != want {
		t.Errorf("digest after migration and rebuild = %s, %v, want %s", got, err, want)
	}
}

// TestDutiesOfAnOlderStoreAreFilled: a store of a program that did not know what waits for
// an office knows it after it was opened once, without a rebuild.
func TestDutiesOfAnOlderStoreAreFilled(t *testing.T) {
	d := newDamaged(t)
	id := truce.NewID(7, "case", "older", []byte("a"))
	for n, step := range []truce.CaseStep{
		{Kind: truce.StepProposed, Open: &truce.CaseOpening{Version: "3"}, Passage: &truce.Passage{Tier: "T1", Rank: 1, Gates: []truce.Gate{{Office: truce.OfficeChair}, {Office: truce.OfficeAnalyst}}}},
		{Kind: truce.StepSigned, Deed: &truce.Deed{Person: "chair"}, Passage: &truce.Passage{Tier: "T1", Gate: 1}},
		{Kind: truce.StepClockStarted, Clock: &truce.ClockChange{Clock: "warning", Round: 1, Due: 99, Owner: truce.OfficeChair}},
	} {
		step.Case, step.Number, step.At, step.Summary.State = id, n+1, 7, truce.CaseOpen
		draft, err := truce.NewDraft(truce.RecordCase, truce.CaseSubject(id), fmt.Sprint("older/", n), step)
		if err == nil {
			_, err = d.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	want, err := d.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	newer := []string{"case_gates", "case_clocks", "case_terms", "articles", "article_texts", "article_versions", "stories", "story_articles", "story_steps", "takedowns", "article_readings", "article_claims", "claim_checks", articleWords, storyWords}
	for _, table := range append(newer, workTables...) {
		d.exec(t, "DROP TABLE "+table)
	}
	d.exec(t, "DELETE FROM truce_migrations WHERE version_id >= 5")
	s, err := Open(t.Context(), "sqlite:"+d.eng.where(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Digest(t.Context()); err != nil || got != want {
		t.Errorf("digest after the migration = %s, %v, want %s", got, err, want)
	}
}

// TestWordsOfAnOlderStoreAreFoundByTheirStems: the words of an older store were kept as they
// stood, and are found in all their forms after it was opened once.
func TestWordsOfAnOlderStoreAreFoundByTheirStems(t *testing.T) {
	d := newDamaged(t)
	at := truce.InstantOf(time.Date(2026, 4, 20, 0, 0, 0, 0, time.UTC))
	a := truce.Article{ID: truce.NewID(at, "article", "s", nil), Headline: "Headline", Published: truce.Moment(at, 0), Reports: []truce.ID{}, Text: "Обстрілів було два."}
	story := truce.Story{ID: truce.NewID(at, "story", "s", nil), Title: "Prisoners exchanged", First: at, Last: at, Method: "test"}
	drafts, err := truce.NewStoryDrafts("k", truce.StoryBatch{Articles: []truce.Article{a}, Stories: []truce.Story{story}})
	if err == nil {
		_, err = d.Append(t.Context(), truce.Batch{Drafts: drafts})
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{articleWords, storyWords} {
		d.exec(t, "INSERT INTO "+table+" ("+table+") VALUES ('delete-all')")
	}
	find := func(s *Store) (articles, stories int) {
		found, err := s.Articles(t.Context(), truce.ArticleQuery{Words: "обстріли"})
		told, err2 := s.Stories(t.Context(), truce.StoryQuery{Words: "prisoner"})
		if err = errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		return found.Total, told.Total
	}
	if articles, stories := find(d.Store); articles+stories != 0 {
		t.Fatalf("%d and %d found without words", articles, stories)
	}
	d.exec(t, "DELETE FROM truce_migrations WHERE version_id >= 11")
	s, err := Open(t.Context(), "sqlite:"+d.eng.where(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if articles, stories := find(s); articles != 1 || stories != 1 {
		t.Errorf("%d articles and %d stories found after the migration, want 1 and 1", articles, stories)
	}
}

// TestADamagedTextIsNoBarToMigration: an older store with a damaged record still becomes one
// that can be read and verified, and what is whole in it is found.
func TestADamagedTextIsNoBarToMigration(t *testing.T) {
	d := newDamaged(t)
	at := truce.InstantOf(time.Date(2026, 4, 20, 0, 0, 0, 0, time.UTC))
	a := truce.Article{ID: truce.NewID(at, "article", "s", nil), Headline: "Bridges", Published: truce.Moment(at, 0), Reports: []truce.ID{}, Text: "Text of the first."}
	b := a
	b.ID, b.Headline, b.Text = truce.NewID(at, "article", "s", []byte("b")), "Harbours", "Words of the second."
	drafts, err := truce.NewStoryDrafts("k", truce.StoryBatch{Articles: []truce.Article{a, b}})
	if err == nil {
		_, err = d.Append(t.Context(), truce.Batch{Drafts: drafts})
	}
	if err != nil {
		t.Fatal(err)
	}
	d.exec(t, "UPDATE records SET body = replace(body, 'first', 'third') WHERE seq = (SELECT text_seq FROM articles WHERE id = $1)", a.ID[:])
	d.exec(t, "DELETE FROM truce_migrations WHERE version_id >= 11")
	dsn := "sqlite:" + d.eng.where()
	if s, err := Open(t.Context(), dsn, Options{}); err == nil {
		s.Close()
		t.Error("a damaged store is opened for writing: the test proves nothing")
	}
	s, err := Open(t.Context(), dsn, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for words, want := range map[string]int{"bridge": 1, "first": 0, "harbour": 1, "second": 1} {
		if page, err := s.Articles(t.Context(), truce.ArticleQuery{Words: words}); err != nil || page.Total != want {
			t.Errorf("%q is found %d times, %v, want %d", words, page.Total, err, want)
		}
	}
}

// Every table of a migration but the first is a read table, and none has a default.
func TestReadTablesAreAllKnown(t *testing.T) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	for _, name := range names[1:] {
		more, err := migrationFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, more...)
	}
	var made, known []string
	for _, m := range regexp.MustCompile(`CREATE TABLE (\w+)`).FindAllSubmatch(text, -1) {
		made = append(made, string(m[1]))
	}
	for _, table := range readTables {
		known = append(known, table.name)
	}
	made = slices.DeleteFunc(made, func(table string) bool { return slices.Contains(workTables, table) })
	if !slices.Equal(made, known) {
		t.Errorf("the migrations make %v, a rebuild and the digest know %v", made, known)
	}
	if found := regexp.MustCompile(`DEFAULT|AUTOINCREMENT|SERIAL|NOW\(|CURRENT_`).Find(text); found != nil {
		t.Errorf("a read table has %q: a rebuild must give the same rows", found)
	}
}

func TestPathsLeadToTheRoot(t *testing.T) {
	var payloads [][]byte
	var leaves []truce.Hash
	for n := range 70 {
		payloads = append(payloads, []byte{byte(n)})
		leaves = append(leaves, leafHash(payloads[n]))
		root := truce.MerkleRoot(payloads)
		if rootOf(leaves) != root {
			t.Fatalf("root of %d leaf hashes differs from the root of the leaves", n+1)
		}
		for i := range leaves {
			path := pathOf(leaves, i)
			if got, ok := rootFrom(leaves[i], i, len(leaves), path); !ok || got != root {
				t.Fatalf("the path of leaf %d of %d does not lead to the root", i, len(leaves))
			}
			if got, ok := rootFrom(leaves[i], (i+1)%len(leaves), len(leaves), path); ok && got == root && len(leaves) > 1 {
				t.Fatalf("the path of leaf %d of %d serves another place too", i, len(leaves))
			}
		}
	}
	if rootOf(nil) != truce.MerkleRoot(nil) {
		t.Error("the empty tree differs")
	}
	if _, err := unpackHashes(make([]byte, 33)); err == nil {
		t.Error("33 bytes were read as hashes")
	}
}

// TestErasedBytesAreGone looks for an erased text in the database's files.
func TestErasedBytesAreGone(t *testing.T) {
	d := newDamaged(t)
	const secret = "a name that must be forgotten"
	at := truce.InstantOf(time.Date(2026, 4, 20, 0, 0, 0, 0, time.UTC))
	report := truce.Observation{
		ID: truce.NewID(at, "report", "s", nil), Kind: truce.KindReport, Source: "s", Phenomenon: truce.Moment(at, 0),
		Signature: truce.SignatureNone, Report: &truce.Report{Text: secret},
	}
	batch, err := truce.NewObservationBatch("s", "f", 0, []truce.Observation{report})
	if err != nil {
		t.Fatal(err)
	}
	quarantine, err := truce.NewDraft(truce.RecordQuarantine, "", "q", truce.Quarantine{Source: "s", Rows: []truce.Rejection{{File: "f", Reason: secret}}})
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := d.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{batch, quarantine}})
	if err != nil {
		t.Fatal(err)
	}
	if !inFiles(t, d.eng.where(), secret) {
		t.Fatal("the text is not in the files before it is erased: the test proves nothing")
	}
	for _, seq := range receipt.Seqs {
		if _, err := d.Erase(t.Context(), seq, "a person asked"); err != nil {
			t.Fatal(err)
		}
	}
	if inFiles(t, d.eng.where(), secret) {
		t.Error("the erased text is still in the files")
	}
}

func inFiles(t *testing.T, path, text string) bool {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), text) {
			return true
		}
	}
	return false
}

// TestDroppedDayFreesSpace: the file is smaller after a day is dropped.
func TestDroppedDayFreesSpace(t *testing.T) {
	d := newDamaged(t)
	at := truce.InstantOf(time.Date(2026, 4, 20, 0, 0, 0, 0, time.UTC))
	var rows []truce.Observation
	for n := range 2000 {
		rows = append(rows, truce.Observation{
			ID: truce.NewID(at, "health", "s", []byte(strconv.Itoa(n))), Kind: truce.KindHealth, Source: "s", Phenomenon: truce.Moment(at, 0),
			Signature: truce.SignatureNone, Health: &truce.Health{Reason: strings.Repeat("x", 500)},
		})
	}
	batch, err := truce.NewObservationBatch("s", "f", 0, rows)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{batch}}); err != nil {
		t.Fatal(err)
	}
	before := size(t, d.eng.where())
	if _, err := d.DropDay(t.Context(), "2026-04-20", "test"); err != nil {
		t.Fatal(err)
	}
	if after := size(t, d.eng.where()); after > before-1_000_000 {
		t.Errorf("the files take %d bytes after dropping a megabyte, before it %d", after, before)
	}
}

func size(t *testing.T, path string) (total int64) {
	t.Helper()
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	return total
}

// TestBounds holds a call on each side of a bound.
func TestBounds(t *testing.T) {
	d := newDamaged(t)
	mark := func(key string) truce.Draft {
		draft, err := truce.NewDraft(truce.RecordWatermark, "", key, truce.Watermark{Name: "x"})
		if err != nil {
			t.Fatal(err)
		}
		return draft
	}
	many := func(n int) (drafts []truce.Draft) {
		for range n {
			drafts = append(drafts, mark("the same")) // one record, the others duplicates
		}
		return drafts
	}
	for name, c := range map[string]struct {
		drafts []truce.Draft
		want   truce.Code
	}{
		"a key at its bound":         {[]truce.Draft{mark(strings.Repeat("k", maxName))}, ""},
		"a key beyond its bound":     {[]truce.Draft{mark(strings.Repeat("k", maxName+1))}, truce.CodeInvalid},
		"records at their bound":     {many(maxBatchDrafts), ""},
		"records beyond their bound": {many(maxBatchDrafts + 1), truce.CodeTooLarge},
	} {
		_, err := d.Append(t.Context(), truce.Batch{Drafts: c.drafts})
		if c.want == "" && err != nil || c.want != "" && truce.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want code %q", name, err, c.want)
		}
	}
	if _, err := d.Records(t.Context(), 1, maxPage); err != nil {
		t.Errorf("a page at its bound: %v", err)
	}
	if _, err := d.Records(t.Context(), 1, maxPage+1); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("a page beyond its bound: %v", err)
	}
	for day, good := range map[truce.Day]bool{"1970-01-01": true, "2199-12-31": true, "2200-01-01": false} {
		start, err := day.Start(time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		o := truce.Observation{ID: truce.NewID(start, "health", "s", nil), Kind: truce.KindHealth, Source: "s", Phenomenon: truce.Moment(start, 0), Health: &truce.Health{}}
		if _, err := newPayloadRow(&o, 0, nil); (err == nil) != good {
			t.Errorf("an observation of %s: %v", day, err)
		}
	}
}
