package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/trucewatch/truce"
)

// role is what a connection pool is for.
type role int

const (
	readRole    role = iota
	writeRole        // one connection, full durability
	migrateRole      // may create tables
)

// engine is all that differs between the databases. Everything else is one SQL text.
type engine interface {
	// create makes an empty database; undo takes back what it made, and only that.
	create(ctx context.Context) (undo func(), err error)
	// open gives a pool of connections; it never creates a database.
	open(r role) (*sql.DB, error)
	// unwritable gives the engine that reads where err came of nothing being writable, else
	// the error.
	unwritable(err error) (engine, error)
	// check refuses a database server that would lose or mix up what it is given.
	check(ctx context.Context, db *sql.DB) error
	// types replaces the names the migrations use by the engine's column types.
	types() *strings.Replacer
	dialect() goose.Dialect
	// begin is the text that starts a write transaction.
	begin() string
	// timeout bounds one write transaction; 0 for none.
	timeout() time.Duration
	// load inserts many rows into a day table.
	load(ctx context.Context, w *session, table string, rows []payloadRow) error
	// words is the text that makes a table of words; addWords and takeWords put a row in and
	// out, clearWords all, and wordQuery asks one for rows that have all of what is wanted.
	words(table string) string
	addWords(ctx context.Context, w *session, table string, num int64, row wordRow) error
	takeWords(ctx context.Context, w *session, table string, num int64, row wordRow) error
	clearWords(ctx context.Context, w *session, table string) error
	wordQuery(table string, want []wanted, marks []string) wordQuery
	// failure says what a database error means for the transaction it came from.
	failure(err error) failure
	// scrub removes what dropped and erased rows left behind, as far as the engine can.
	scrub(ctx context.Context, w *session) error
	// integrity lists what the engine itself finds wrong with its files.
	integrity(ctx context.Context, db *sql.DB) ([]string, error)
	// where names the store in messages, without secrets.
	where() string
}

// failure is what a database error means.
type failure int

const (
	failOther     failure = iota // a fault of ours or of the database
	failDuplicate                // a unique index was violated
	failRetry                    // not now: full, busy, gone
	failFatal                    // the disk is in doubt
)

// engineOf reads a data source name: sqlite:PATH or postgres://...
func engineOf(dsn string) (engine, error) {
	path, isFile := strings.CutPrefix(dsn, "sqlite:")
	switch {
	case isFile && path != "":
		return sqliteEngine{path: path}, nil
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return newPostgres(dsn)
	}
	return nil, truce.Errorf(truce.CodeInvalid, "store: cannot read the data source name; write sqlite:/path/truce.db or postgres://user@host/database")
}
