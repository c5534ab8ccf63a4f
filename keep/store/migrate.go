package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/trucewatch/truce"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

const migrationTable = "truce_migrations"

// migrate brings the database to this program's schema.
func migrate(ctx context.Context, eng engine) error {
	db, err := eng.open(migrateRole)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := eng.check(ctx, db); err != nil {
		return err
	}
	steps, err := migrationSteps(eng)
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{
		goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true), goose.WithTableName(migrationTable),
	}
	if eng.dialect() == goose.DialectPostgres {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(eng.dialect(), db, nil, options...)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// migrationSteps turns each file into one step; its number is the file's place, and
// {{TYPES}} become the engine's.
func migrationSteps(eng engine) ([]*goose.Migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var steps []*goose.Migration
	// What a new table folds from records that are there already.
	fills := map[string]func(context.Context, *sql.Tx) error{
		"migrations/0005_duties.sql": fill(dutyChanges), "migrations/0007_case_terms.sql": fill(termsChanges),
		"migrations/0011_stems.sql": reindex(eng),
	}
	for i, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		statements := statementsOf(eng.types().Replace(string(text)))
		up := &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			if err := execAll(ctx, tx, statements); err != nil || fills[name] == nil {
				return err
			}
			return fills[name](ctx, tx)
		}}
		steps = append(steps, goose.NewGoMigration(int64(i+1), up, nil))
	}
	return steps, nil
}

// statementsOf splits at a semicolon that ends a line.
func statementsOf(text string) []string {
	var out []string
	for _, part := range strings.Split(text, ";\n") {
		if strings.TrimSpace(part) != "" {
			out = append(out, part)
		}
	}
	return out
}

func execAll(ctx context.Context, tx *sql.Tx, statements []string) error {
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%w in %.60s", err, statement)
		}
	}
	return nil
}

// knownSchema is the newest schema this program can read and write.
func knownSchema() (int64, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	return int64(len(names)), err
}

func schemaVersion(ctx context.Context, db *sql.DB) (int64, error) {
	var version int64
	err := db.QueryRowContext(ctx, "SELECT max(version_id) FROM "+migrationTable).Scan(&version)
	return version, err
}

// upgrade refuses what is not a store and what a newer program wrote, and migrates
// what an older one wrote. It creates nothing where there is no store.
func upgrade(ctx context.Context, eng engine, readOnly bool) error {
	found, err := foundSchema(ctx, eng)
	if err != nil {
		return err
	}
	known, err := knownSchema()
	switch {
	case err != nil:
		return err
	case found > known:
		return truce.Errorf(truce.CodeInvalid, "%s has schema %d and this program knows %d: it was written by a newer truce, update this one (nothing was changed)", eng.where(), found, known)
	case found < known && readOnly:
		return truce.Errorf(truce.CodeInvalid, "%s has schema %d and this program reads %d: bring it up to date once with truce rebuild, which changes no record", eng.where(), found, known)
	case found < known:
		return migrate(ctx, eng)
	}
	return nil
}

func foundSchema(ctx context.Context, eng engine) (int64, error) {
	db, err := eng.open(readRole)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	if err := eng.check(ctx, db); err != nil {
		return 0, err
	}
	found, err := schemaVersion(ctx, db)
	if err != nil || found < 1 {
		return 0, errors.Join(truce.Errorf(truce.CodeNotFound, "%s holds no store; make one with truce init", eng.where()), err)
	}
	return found, nil
}
