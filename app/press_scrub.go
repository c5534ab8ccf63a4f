package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// publicScrubbed is the user_version of a public store that holds no bytes of what was taken
// back: new ones, and older ones once they were rewritten.
const publicScrubbed = 1

// scrubPublic rewrites a public store once that was begun when what was taken back left its
// bytes behind, in pages that were free since. It says whether it did. Cut off, it is done
// anew the next time.
func scrubPublic(ctx context.Context, db *sql.DB) (done bool, err error) {
	version := 0
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil || version >= publicScrubbed {
		return false, err
	}
	if _, err := db.ExecContext(ctx, "VACUUM"); err != nil {
		return false, fmt.Errorf("rewrite the public store: %w; it needs as much room again while it is rewritten", err)
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", publicScrubbed))
	return true, err
}

// scrubReleased rewrites the public store of this data directory, if there is one that was not
// rewritten yet: a text that was taken down must not lie in it until the next release.
func (a *App) scrubReleased(ctx context.Context) (said []string, err error) {
	path := a.cfg.Path(a.cfg.Public)
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return nil, err
	}
	db, err := openPublic(path, "rw")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	done, err := scrubPublic(ctx, db)
	if done {
		said = []string{fmt.Sprintf("%s was rewritten once, so that nothing is left in it of what was taken back", a.cfg.Public)}
	}
	return said, err
}
