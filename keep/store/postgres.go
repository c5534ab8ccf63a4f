package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/trucewatch/truce"
)

// postgresEngine is a database on a server; the store uses the connection's schema.
type postgresEngine struct{ config *pgx.ConnConfig }

func newPostgres(dsn string) (engine, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "store: cannot read the postgres:// address; write postgres://user@host/database")
	}
	config.RuntimeParams["application_name"] = "truce"
	config.RuntimeParams["client_encoding"] = "UTF8"
	return postgresEngine{config: config}, nil
}

func (e postgresEngine) where() string {
	return fmt.Sprintf("postgres database %s on %s", e.config.Database, e.config.Host)
}

// create makes nothing: the database is the administrator's. Tables come with the
// migrations, and a store already there is found by them.
func (e postgresEngine) create(ctx context.Context) (func(), error) {
	db, err := e.open(migrateRole)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if err := e.check(ctx, db); err != nil {
		return nil, err
	}
	if version, err := schemaVersion(ctx, db); err == nil && version > 0 {
		return nil, truce.Errorf(truce.CodeConflict, "%s already holds a store; open it, or name another database", e.where())
	}
	return func() {}, nil
}

// unwritable: a server decides by itself what it can write.
func (e postgresEngine) unwritable(err error) (engine, error) { return nil, err }

func (e postgresEngine) open(r role) (*sql.DB, error) {
	config := e.config.Copy()
	if r == writeRole {
		config.RuntimeParams["synchronous_commit"] = "on"
	}
	if r == readRole {
		config.RuntimeParams["default_transaction_read_only"] = "on"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(maxReaders)
	db.SetMaxIdleConns(maxReaders)
	return db, nil
}

func (e postgresEngine) check(ctx context.Context, db *sql.DB) error {
	var encoding, fsync string
	if err := db.QueryRowContext(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return truce.Errorf(truce.CodeUnavailable, "%s does not answer: %w", e.where(), err)
	}
	if encoding != "UTF8" {
		return truce.Errorf(truce.CodeInvalid, "%s has encoding %s; create it with ENCODING 'UTF8'", e.where(), encoding)
	}
	if err := db.QueryRowContext(ctx, "SHOW fsync").Scan(&fsync); err != nil {
		return truce.Errorf(truce.CodeUnavailable, "%s does not answer: %w", e.where(), err)
	}
	if fsync != "on" {
		return truce.Errorf(truce.CodeInvalid, "%s runs with fsync off: a receipt would promise nothing", e.where())
	}
	return nil
}

// types: text is compared by its bytes, as SQLite does.
func (e postgresEngine) types() *strings.Replacer {
	return strings.NewReplacer("{{SEQ}}", "BIGINT", "{{BYTES}}", "BYTEA", "{{TEXT}}", `TEXT COLLATE "C"`,
		"{{WORDS article_words}}", e.words(articleWords), "{{WORDS story_words}}", e.words(storyWords))
}

func (e postgresEngine) dialect() goose.Dialect { return goose.DialectPostgres }
func (e postgresEngine) begin() string          { return "BEGIN" }
func (e postgresEngine) timeout() time.Duration { return commitTimeout }

// failure: nothing is fatal here. The server stops itself when its disk fails (it
// panics on a failed fsync), and a lost connection leaves the outcome to the
// idempotency key.
func (e postgresEngine) failure(err error) failure {
	var p *pgconn.PgError
	if !errors.As(err, &p) {
		return failRetry // no answer from the server
	}
	switch {
	case p.Code == "23505":
		return failDuplicate
	case p.Code[:2] == "08", p.Code[:2] == "40", p.Code[:2] == "53", p.Code[:2] == "57", p.Code[:2] == "55":
		return failRetry // connection, rollback, resources, operator, lock
	}
	return failOther
}

// scrub leaves old row versions to the server's own vacuum.
func (e postgresEngine) scrub(context.Context, *session) error { return nil }

func (e postgresEngine) integrity(context.Context, *sql.DB) ([]string, error) { return nil, nil }

// load copies the rows in, inside the session's transaction.
func (e postgresEngine) load(ctx context.Context, w *session, table string, rows []payloadRow) error {
	source := pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) { return rows[i].appendTo(nil), nil })
	return w.conn.Raw(func(driverConn any) error {
		conn := driverConn.(*stdlib.Conn).Conn()
		_, err := conn.CopyFrom(ctx, pgx.Identifier{table}, payloadColumns, source)
		return err
	})
}
