package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/trucewatch/truce"
)

// sqliteEngine is a database in one file beside its write-ahead log.
type sqliteEngine struct {
	path    string
	scratch bool // thrown away after use: no durability
	frozen  bool // lies where nothing can be written: read as it is, without locks
}

func (e sqliteEngine) where() string { return e.path }

// create makes the file exclusively and syncs the folder, so that a store that was
// announced cannot vanish with the folder's entry.
func (e sqliteEngine) create(context.Context) (func(), error) {
	f, err := os.OpenFile(e.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, truce.Errorf(truce.CodeConflict, "%s is already there; open it, or name another file", e.path)
	}
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "cannot make %s: %w", e.path, err)
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	undo := func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			os.Remove(e.path + suffix)
		}
	}
	return undo, syncFolder(filepath.Dir(e.path))
}

func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there; the file system's journal has to do
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (e sqliteEngine) open(r role) (*sql.DB, error) {
	if _, err := os.Stat(e.path); err != nil {
		return nil, truce.Errorf(truce.CodeNotFound, "no store at %s; make one with truce init", e.path)
	}
	abs, err := filepath.Abs(e.path)
	if err != nil {
		return nil, err
	}
	slashed := filepath.ToSlash(abs)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a Windows drive
	}
	name := "file://" + (&url.URL{Path: slashed}).EscapedPath() + "?" + e.parameters(r).Encode()
	db, err := sql.Open("sqlite", name)
	if err == nil {
		db.SetMaxOpenConns(maxReaders)
		db.SetMaxIdleConns(maxReaders)
	}
	return db, err
}

func (e sqliteEngine) parameters(r role) url.Values {
	q := url.Values{
		"mode":          {"rw"},
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		"_auto_vacuum":  {"INCREMENTAL"}, // counts only before the first table
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_dqs":          {"0"},
		"_txlock":       {"immediate"},
		"_pragma":       {"secure_delete(ON)", "cache_size(-16000)"},
	}
	if e.frozen {
		return url.Values{"mode": {"ro"}, "immutable": {"1"}, "_query_only": {"1"}, "_dqs": {"0"}, "_pragma": {"cache_size(-2000)"}}
	}
	if e.scratch {
		q.Set("_synchronous", "OFF")
		q.Set("_journal_mode", "MEMORY")
	}
	if r == readRole {
		q.Set("_query_only", "1")
		q.Set("_txlock", "deferred")
		q["_pragma"] = []string{"cache_size(-2000)"}
	}
	return q
}

// check wants an SQLite without the WAL-reset bug (3.7.0 to 3.51.2 could lose
// committed writes) and not the withdrawn 3.52.0.
func (e sqliteEngine) check(ctx context.Context, db *sql.DB) error {
	var version, mode string
	var sync int
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return notSQLite(e.path, err)
	}
	if err := checkSQLiteVersion(version); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return notSQLite(e.path, err)
	}
	if err := db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&sync); err != nil {
		return notSQLite(e.path, err)
	}
	if !e.scratch && !e.frozen && (mode != "wal" || sync < 2) {
		return truce.Errorf(truce.CodeUnavailable, "%s: journal mode %s and synchronous %d, need wal and 2: is this a network file system?", e.path, mode, sync)
	}
	return nil
}

// unwritable: reading an SQLite file takes locks in a file beside it, which a read-only
// medium has no room for. There nobody else writes either, so that the file is read as it
// is; but what lies in a write-ahead log alone would then be missing.
func (e sqliteEngine) unwritable(err error) (engine, error) {
	var s *sqlite.Error
	if e.frozen || !errors.As(err, &s) || s.Code()&0xff != sqlite3.SQLITE_CANTOPEN && s.Code()&0xff != sqlite3.SQLITE_READONLY {
		return nil, err
	}
	log := e.path + "-wal"
	if info, statErr := os.Stat(log); statErr == nil && info.Size() > 0 {
		return nil, truce.Errorf(truce.CodeUnavailable, "%s cannot be written and holds records that are not in %s yet; copy the folder to where it can be written and open it there: %w", log, e.path, err)
	}
	e.frozen = true
	return e, nil
}

func notSQLite(path string, err error) error {
	return truce.Errorf(truce.CodeInvalid, "%s cannot be read as a store: %w", path, err)
}

func checkSQLiteVersion(version string) error {
	var major, minor, patch int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return truce.Errorf(truce.CodeInternal, "sqlite version %q: %w", version, err)
	}
	number := major*1_000_000 + minor*1_000 + patch
	if number < 3_051_003 || number == 3_052_000 {
		return truce.Errorf(truce.CodeInternal, "sqlite %s may lose committed writes; need 3.51.3 or later, and not 3.52.0", version)
	}
	return nil
}

// types: a column called INTEGER that is the primary key is the row's own number.
func (e sqliteEngine) types() *strings.Replacer {
	return strings.NewReplacer("{{SEQ}}", "INTEGER", "{{BYTES}}", "BLOB", "{{TEXT}}", "TEXT",
		"{{WORDS article_words}}", e.words(articleWords), "{{WORDS story_words}}", e.words(storyWords))
}

func (e sqliteEngine) dialect() goose.Dialect { return goose.DialectSQLite3 }
func (e sqliteEngine) begin() string          { return "BEGIN IMMEDIATE" }
func (e sqliteEngine) timeout() time.Duration { return 0 }

// failure: after a failed fsync nobody knows what is on disk. A full disk is different:
// the transaction was rolled back and a later one may succeed.
func (e sqliteEngine) failure(err error) failure {
	var s *sqlite.Error
	if !errors.As(err, &s) {
		return failOther
	}
	switch s.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return failDuplicate
	}
	switch s.Code() & 0xff {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return failFatal
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CANTOPEN:
		return failRetry
	}
	return failOther
}

// scrub gives freed pages back to the file system and empties the write-ahead log,
// which may still hold erased bytes; deleted content in the file itself is overwritten
// by secure_delete.
func (e sqliteEngine) scrub(ctx context.Context, w *session) error {
	if err := w.direct(ctx, "PRAGMA incremental_vacuum"); err != nil {
		return err
	}
	return w.direct(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
}

func (e sqliteEngine) integrity(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, "PRAGMA quick_check(100)")
	if err != nil {
		return []string{err.Error()}, nil
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		if line != "ok" {
			out = append(out, line)
		}
	}
	if err := rows.Err(); err != nil {
		out = append(out, err.Error())
	}
	return out, nil
}

// sqliteRowsPerInsert: larger statements gain nothing more in the driver.
const sqliteRowsPerInsert = 40

// insertPayload is the text that inserts n rows into a day table. The placeholders
// have no names: the driver looks each named one up in a list, which took a quarter of
// the time of an import.
func insertPayload(table string, n int) string {
	row := "(?" + strings.Repeat(",?", len(payloadColumns)-1) + ")"
	return "INSERT INTO " + table + " (" + strings.Join(payloadColumns, ", ") + ") VALUES " + row + strings.Repeat(","+row, n-1)
}

func (e sqliteEngine) load(ctx context.Context, w *session, table string, rows []payloadRow) error {
	args := make([]any, 0, sqliteRowsPerInsert*len(payloadColumns))
	for len(rows) > 0 {
		n := min(len(rows), sqliteRowsPerInsert)
		args = args[:0]
		for i := range rows[:n] {
			args = rows[i].appendTo(args)
		}
		if err := w.exec(ctx, insertPayload(table, n), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
