package app

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/trucewatch/truce"
)

// openFile opens a file that a user named, or says in plain words why it cannot be read; a
// folder is told apart before reading it fails with less clear ones.
func openFile(name string) (io.ReadCloser, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, unopened(name, err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		_ = file.Close() // nothing was written
		return nil, truce.Errorf(truce.CodeInvalid, "%s is a folder; name the files in it, e.g. %s", name, filepath.Join(name, "*"))
	}
	return file, nil
}

// unopened says why a file that a user named cannot be read and what to do.
func unopened(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		folder, absErr := filepath.Abs(filepath.Dir(name))
		if absErr != nil {
			folder = filepath.Dir(name)
		}
		return truce.Errorf(truce.CodeNotFound, "%s: there is no such file in %s: mend the name", cmp.Or(name, `""`), folder)
	case errors.Is(err, fs.ErrPermission):
		return truce.Errorf(truce.CodeInvalid, "%s may not be read by the user that runs truce: change its mode or its owner", name)
	}
	return err
}

// writable refuses outputs that could not take their names, before work is put into what
// would stand in them. An empty name is none, - is standard output.
func (c *cli) writable(names ...string) error {
	for _, name := range names {
		if name == "" || c.streamed(name) {
			continue
		}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			return truce.Errorf(truce.CodeInvalid, "%s is a folder: name a file in it to write", name)
		}
		folder := filepath.Dir(name)
		switch info, err := os.Stat(folder); {
		case errors.Is(err, fs.ErrNotExist):
			return truce.Errorf(truce.CodeNotFound, "%s cannot be written: there is no folder %s; make it first", name, folder)
		case err != nil:
			return truce.Errorf(truce.CodeInvalid, "%s cannot be written: %w", name, err)
		case !info.IsDir():
			return truce.Errorf(truce.CodeInvalid, "%s cannot be written: %s is a file, no folder", name, folder)
		}
	}
	return nil
}
