package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/durable"
)

// The rights of files and folders: nobody writes a second time, nobody else reads.
const (
	fileMode   fs.FileMode = 0o400
	folderMode fs.FileMode = 0o700
)

// Disk keeps the files of a collection in a folder.
type Disk struct {
	root string
	fsys durable.FS

	mu    sync.Mutex // guards known
	known map[string]bool
}

const workFolder = "work" // files being written

// OpenDisk opens a collection in a folder, which it makes when there is none. What was
// being written when an earlier process ended is removed once it is a day old.
func OpenDisk(root string) (*Disk, error) { return openDisk(root, durable.OS{}) }

func openDisk(root string, fsys durable.FS) (*Disk, error) {
	if err := os.MkdirAll(root, folderMode); err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "evidence: cannot make %s: %w", root, err)
	}
	d := &Disk{root: root, fsys: fsys, known: map[string]bool{}}
	if err := d.folder(filepath.Join(root, workFolder)); err != nil {
		return nil, truce.Errorf(truce.CodeUnavailable, "evidence: %s cannot be written: %w", root, err)
	}
	return d, d.sweep()
}

// staleAfter is when a file being written is given up: no fetch takes a day.
const staleAfter = 24 * time.Hour

func (d *Disk) sweep() error {
	work := filepath.Join(d.root, workFolder)
	entries, err := os.ReadDir(work)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !strings.HasPrefix(e.Name(), durable.Prefix) || time.Since(info.ModTime()) < staleAfter {
			continue
		}
		if err := d.fsys.Remove(filepath.Join(work, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("evidence: %w", err)
		}
	}
	return nil
}

// folder makes a folder and remembers that its name was synced.
func (d *Disk) folder(path string) error {
	d.mu.Lock()
	known := d.known[path]
	d.mu.Unlock()
	if known {
		return nil
	}
	if err := durable.MkdirAll(d.fsys, d.root, path, folderMode); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.known) >= knownFolders {
		clear(d.known)
	}
	d.known[path] = true
	return nil
}

func (d *Disk) path(name string) string { return filepath.Join(d.root, filepath.FromSlash(name)) }

// Begin starts a file.
func (d *Disk) Begin(context.Context) (Writer, error) {
	p, err := durable.Begin(d.fsys, filepath.Join(d.root, workFolder))
	if err != nil {
		return nil, err
	}
	return &diskWriter{Pending: p, disk: d}, nil
}

type diskWriter struct {
	*durable.Pending
	disk *Disk
}

// Create gives the file its name. A name that is taken is seen before anything is synced.
func (w *diskWriter) Create(name string) error {
	path := w.disk.path(name)
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s: %w", name, fs.ErrExist)
	}
	if err := w.disk.folder(filepath.Dir(path)); err != nil {
		return err
	}
	return w.Pending.Create(path, fileMode)
}

// Open opens a file.
func (d *Disk) Open(_ context.Context, name string) (io.ReadCloser, int64, error) {
	f, err := os.Open(d.path(name))
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = truce.Errorf(truce.CodeInternal, "%s is no plain file", name)
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// List walks the files in order; one folder's names at a time are in memory.
func (d *Disk) List(ctx context.Context, prefix string, visit func(string, int64) error) error {
	err := filepath.WalkDir(d.path(prefix), func(path string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // taken down meanwhile
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(d.root, path)
		if err != nil {
			return err
		}
		return visit(filepath.ToSlash(rel), info.Size())
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Remove removes a file for good.
func (d *Disk) Remove(_ context.Context, name string) error {
	return durable.Remove(d.fsys, d.path(name))
}

// Check looks at the rights: what can be written is not kept for good.
func (d *Disk) Check(name string) string {
	info, err := os.Lstat(d.path(name))
	switch {
	case err != nil:
		return err.Error()
	case !info.Mode().IsRegular():
		return "no plain file"
	case info.Mode().Perm()&0o222 != 0:
		return fmt.Sprintf("can be written (%v); take the right away: chmod a-w", info.Mode().Perm())
	}
	return ""
}
