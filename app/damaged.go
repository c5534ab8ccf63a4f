package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
)

// damagedFile is the mark that a verification leaves in the data directory when it finds
// damage, and takes away when it finds none. It stands outside the records: a damaged
// store is not written to.
const damagedFile = "damaged"

// refuseDamaged keeps every command that records something out of a directory whose store
// was found damaged.
func refuseDamaged(cfg Config) error {
	path := filepath.Join(cfg.dir, damagedFile)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return truce.Errorf(truce.CodeUnavailable, "the store was found damaged (see %s) and nothing is recorded in it; restore a good copy, or mend read tables with truce rebuild, then run truce verify-store", path)
}

// markDamaged keeps what a verification found for the commands that come after it. Where
// nothing can be written they are refused anyway; that is told, not failed on.
func (c *cli) markDamaged(cfg Config, report store.Report) {
	path := filepath.Join(cfg.dir, damagedFile)
	var err error
	if report.OK() {
		if err = os.Remove(path); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	} else {
		err = os.WriteFile(path, []byte(report.String()), 0o640)
	}
	if err != nil {
		fmt.Fprintf(c.err, "note: the mark of a damaged store could not be set or taken away: %v\n", err)
	}
}

// openMending is open for the command that mends read tables: it is let past the mark,
// which stays until a verification finds nothing.
func (c *cli) openMending(cmd *cobra.Command) (*App, error) {
	cfg, err := LoadConfig(c.dir)
	if err != nil {
		return nil, err
	}
	return openMarked(cmd.Context(), cfg, c.now)
}
