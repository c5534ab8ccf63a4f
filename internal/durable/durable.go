// Package durable writes files that are whole or not there at all, also after a loss of
// power, and says so only when they are on the disk.
//
// It never overwrites a file that is there unless asked to, and never answers before the
// disk has: what an error leaves behind is a temporary file without a name anybody looks
// for.
//
// Read Pending for the sequence of system calls and for what it does not cover;
// durabletest has the disk that loses what was not synced.
package durable

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// FS is the file system as far as this package writes to it. Tests put one in its place
// that fails or forgets.
type FS interface {
	// CreateTemp makes a new file in a folder that nobody else has; its name begins with the
	// prefix.
	CreateTemp(folder, prefix string) (File, error)
	Mkdir(folder string, mode fs.FileMode) error
	// Link gives a file a second name and fails with fs.ErrExist where that is taken.
	Link(from, to string) error
	// Rename takes the place of a file that is there.
	Rename(from, to string) error
	Remove(path string) error
	// SyncFolder makes the names in a folder last.
	SyncFolder(folder string) error
}

// File is a file being written.
type File interface {
	io.Writer
	Name() string
	Chmod(fs.FileMode) error
	Sync() error
	Close() error
}

// ErrUnsynced marks a failed sync. Nobody knows then what is on the disk, and asking again
// may be answered well though the data are gone (the kernel drops the dirty pages): the
// file must be written anew.
var ErrUnsynced = errors.New("the disk did not confirm what was written")

// OS is the file system of the machine.
type OS struct{}

// CreateTemp is os.CreateTemp.
func (OS) CreateTemp(folder, prefix string) (File, error) { return os.CreateTemp(folder, prefix+"*") }

// Mkdir is os.Mkdir.
func (OS) Mkdir(folder string, mode fs.FileMode) error { return os.Mkdir(folder, mode) }

// Link is os.Link.
func (OS) Link(from, to string) error { return os.Link(from, to) }

// Rename is os.Rename.
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove is os.Remove.
func (OS) Remove(path string) error { return os.Remove(path) }

// SyncFolder opens the folder and syncs it. Folders cannot be synced on Windows; there the
// journal of the file system has to do.
func (OS) SyncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Prefix begins the names of files that are being written; what has it may be removed when
// nobody writes.
const Prefix = ".pending-"

// Pending is a file being written, on its way to its name. The system calls are
//
//	openat(folder/.pending-N, O_CREAT|O_EXCL)   Begin
//	write ...                                   Write
//	fchmod, fsync, close                        both ends
//	linkat(.pending-N, path), unlink(.pending-N)    Create: refuses a name that is taken
//	rename(.pending-N, path)                        Replace: takes the place of what is there
//	fsync(folder of path)
//
// in this order: a name is given only to what is on the disk already, and it is reported
// only once the name is. Not covered: disks that confirm what they have only in a volatile
// cache; bits that rot later, which only reading finds; file systems without hard links,
// where Create fails; and folders whose own names were never synced, for which there is
// MkdirAll.
type Pending struct {
	fsys FS
	file File
	done bool
	err  error // of the first write that failed
}

// Begin makes the temporary file. It must lie on the file system of the name it will have.
func Begin(fsys FS, folder string) (*Pending, error) {
	file, err := fsys.CreateTemp(folder, Prefix)
	if err != nil {
		return nil, fmt.Errorf("durable: %w", err)
	}
	return &Pending{fsys: fsys, file: file}, nil
}

// Write adds bytes. After one failure nothing more is taken.
func (p *Pending) Write(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.file.Write(b)
	p.err = err
	return n, err
}

// Create gives the file its name; the error is fs.ErrExist when that is taken, and then
// the file there is untouched. When it returns nil, content and name are on the disk.
func (p *Pending) Create(path string, mode fs.FileMode) error {
	return p.finish(path, mode, func() error {
		if err := p.fsys.Link(p.file.Name(), path); err != nil {
			return err
		}
		return p.fsys.Remove(p.file.Name())
	})
}

// Replace gives the file its name, in the place of what is there. When it returns nil,
// content and name are on the disk; after a loss of power before that, the old or the new
// file is there whole.
func (p *Pending) Replace(path string, mode fs.FileMode) error {
	return p.finish(path, mode, func() error { return p.fsys.Rename(p.file.Name(), path) })
}

func (p *Pending) finish(path string, mode fs.FileMode, name func() error) error {
	err := p.settle(mode)
	if err == nil {
		err = name()
	}
	if err != nil {
		p.fsys.Remove(p.file.Name()) // it has no name anybody looks for
		return fmt.Errorf("durable: %s: %w", path, err)
	}
	if err := p.fsys.SyncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("durable: %s: its folder: %w: %w", path, ErrUnsynced, err)
	}
	return nil
}

// settle brings the content to the disk.
func (p *Pending) settle(mode fs.FileMode) error {
	if p.done {
		return errors.New("it was finished before")
	}
	p.done = true
	err := p.err
	if err == nil {
		err = p.file.Chmod(mode)
	}
	if err == nil {
		if err = p.file.Sync(); err != nil {
			err = fmt.Errorf("%w: %w", ErrUnsynced, err)
		}
	}
	return errors.Join(err, p.file.Close())
}

// Discard gives the file up; after Create or Replace it does nothing.
func (p *Pending) Discard() error {
	if p.done {
		return nil
	}
	p.done = true
	return errors.Join(p.file.Close(), p.fsys.Remove(p.file.Name()))
}

// Remove takes a file away; when it returns nil, it stays away after a loss of power.
func Remove(fsys FS, path string) error {
	if err := fsys.Remove(path); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	if err := fsys.SyncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("durable: %s: its folder: %w: %w", path, ErrUnsynced, err)
	}
	return nil
}

// MkdirAll makes a folder below one that is there, with those between them, and syncs the
// name of each, also of those that are there: whoever made them may have been stopped
// before that. base itself is not made.
func MkdirAll(fsys FS, base, folder string, mode fs.FileMode) error {
	rel, err := filepath.Rel(base, folder)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return fmt.Errorf("durable: %s does not lie below %s", folder, base)
	}
	at := base
	for _, part := range strings.Split(rel, string(filepath.Separator)) {
		if part == "." {
			continue
		}
		parent := at
		at = filepath.Join(at, part)
		if err := fsys.Mkdir(at, mode); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("durable: %w", err)
		}
		if err := fsys.SyncFolder(parent); err != nil {
			return fmt.Errorf("durable: %s: %w: %w", at, ErrUnsynced, err)
		}
	}
	return nil
}
