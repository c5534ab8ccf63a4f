package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

// session is the one writing connection of a process with its prepared statements.
// It is owned by the goroutine of the committer.
type session struct {
	eng        engine
	conn       *sql.Conn
	on         preparer // conn, or the transaction of a migration
	statements map[string]*sql.Stmt
}

type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func openSession(ctx context.Context, eng engine, db *sql.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{eng: eng, conn: conn, on: conn, statements: map[string]*sql.Stmt{}}, nil
}

func (w *session) close() {
	w.forgetStatements()
	w.conn.Close()
}

// discard closes the connection instead of giving it back to the pool.
func (w *session) discard() {
	w.forgetStatements()
	w.conn.Raw(func(any) error { return driver.ErrBadConn })
	w.conn.Close()
}

func (w *session) forgetStatements() {
	for _, s := range w.statements {
		s.Close()
	}
	clear(w.statements)
}

// prepared gives the statement of a query, prepared once.
func (w *session) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := w.statements[query]; ok {
		return s, nil
	}
	if len(w.statements) >= maxStatements {
		w.forgetStatements()
	}
	s, err := w.on.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("%w in %.80s", err, query)
	}
	w.statements[query] = s
	return s, nil
}

// exec runs a statement that returns no rows.
func (w *session) exec(ctx context.Context, query string, args ...any) error {
	if err := refuseNUL(args); err != nil {
		return err
	}
	s, err := w.prepared(ctx, query)
	if err != nil {
		return err
	}
	if _, err = s.ExecContext(ctx, args...); err != nil {
		return fmt.Errorf("%w in %.80s", err, query)
	}
	return nil
}

// direct runs a statement that is not worth keeping: transaction control and tables.
func (w *session) direct(ctx context.Context, query string) error {
	if _, err := w.on.ExecContext(ctx, query); err != nil {
		return fmt.Errorf("%w in %.80s", err, query)
	}
	return nil
}

// row reads one row into dest; found is false when there is none.
func (w *session) row(ctx context.Context, query string, args []any, dest ...any) (found bool, err error) {
	s, err := w.prepared(ctx, query)
	if err != nil {
		return false, err
	}
	switch err := s.QueryRowContext(ctx, args...).Scan(dest...); err {
	case nil:
		return true, nil
	case sql.ErrNoRows:
		return false, nil
	default:
		return false, fmt.Errorf("%w in %.80s", err, query)
	}
}

// rows reads every row. The result is held in memory, so that each may lead to
// further statements on the same connection.
func (w *session) rows(ctx context.Context, query string, args []any, read func(scan func(...any) error) error) error {
	s, err := w.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("%w in %.80s", err, query)
	}
	return eachRow(rows, read)
}

func eachRow(rows *sql.Rows, read func(scan func(...any) error) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := read(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// refuseNUL: PostgreSQL text cannot hold the NUL character, so neither engine takes it.
func refuseNUL(args []any) error {
	for _, a := range args {
		if s, ok := a.(string); ok && strings.IndexByte(s, 0) >= 0 {
			return truce.Errorf(truce.CodeInvalid, "text %.40q holds a NUL character; remove it or keep it as bytes", s)
		}
	}
	return nil
}
