// Package durabletest has a disk that fails on demand and that forgets, at a loss of
// power, whatever was not synced.
//
// It is for tests and never keeps anything: below it lies a folder of the machine, which a
// loss of power brings to what a disk may then hold.
//
// Read Disk, then PowerLoss.
package durabletest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/trucewatch/truce/internal/durable"
)

// ErrPower is what every call gives after the power is gone.
var ErrPower = errors.New("the power is gone")

// Disk is a durable.FS over a folder. Each call is a step, counted from 1.
type Disk struct {
	// Fail, when set, is asked before each step; the step is not done when it gives an error.
	Fail func(step int, call string) error
	// Off is the step at which the power goes; 0: never.
	Off int
	// IgnoreSync says that a sync of files is answered well and does nothing.
	IgnoreSync bool
	// IgnoreFolderSync says the same of folders.
	IgnoreFolderSync bool

	root string
	os   durable.OS

	mu     sync.Mutex // guards the fields below
	step   int
	calls  []string
	now    map[string]*node // what the file system shows, by path below root
	synced map[string]*node // the names that are on the disk
}

// node is a file or a folder.
type node struct {
	folder  bool
	mode    fs.FileMode
	content []byte // of a file: what is on the disk
}

// New gives a disk over an empty folder.
func New(root string) *Disk {
	return &Disk{root: root, now: map[string]*node{}, synced: map[string]*node{}}
}

// Steps is how many calls were made.
func (d *Disk) Steps() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.step
}

// Calls are the names of the calls made, in order.
func (d *Disk) Calls() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.calls)
}

// begin counts a step and holds the lock when it may go on.
func (d *Disk) begin(call string) error {
	d.mu.Lock()
	d.step++
	d.calls = append(d.calls, call)
	var err error
	if d.Off > 0 && d.step >= d.Off {
		err = ErrPower
	} else if d.Fail != nil {
		err = d.Fail(d.step, call)
	}
	if err != nil {
		d.mu.Unlock()
	}
	return err
}

// CreateTemp makes a file.
func (d *Disk) CreateTemp(folder, prefix string) (durable.File, error) {
	if err := d.begin("create"); err != nil {
		return nil, err
	}
	defer d.mu.Unlock()
	f, err := d.os.CreateTemp(folder, prefix)
	if err != nil {
		return nil, err
	}
	n := &node{mode: 0o600}
	d.now[f.Name()] = n
	return &file{File: f, disk: d, node: n}, nil
}

// Mkdir makes a folder.
func (d *Disk) Mkdir(folder string, mode fs.FileMode) error {
	if err := d.begin("mkdir"); err != nil {
		return err
	}
	defer d.mu.Unlock()
	err := d.os.Mkdir(folder, mode)
	if err == nil {
		d.now[folder] = &node{folder: true, mode: mode}
	}
	return err
}

// Link gives a second name.
func (d *Disk) Link(from, to string) error {
	if err := d.begin("link"); err != nil {
		return err
	}
	defer d.mu.Unlock()
	err := d.os.Link(from, to)
	if err == nil {
		d.now[to] = d.now[from]
	}
	return err
}

// Rename gives another name.
func (d *Disk) Rename(from, to string) error {
	if err := d.begin("rename"); err != nil {
		return err
	}
	defer d.mu.Unlock()
	err := d.os.Rename(from, to)
	if err == nil {
		d.now[to] = d.now[from]
		delete(d.now, from)
	}
	return err
}

// Remove takes a name away.
func (d *Disk) Remove(path string) error {
	if err := d.begin("remove"); err != nil {
		return err
	}
	defer d.mu.Unlock()
	err := d.os.Remove(path)
	if err == nil {
		delete(d.now, path)
	}
	return err
}

// SyncFolder brings the names in a folder to the disk.
func (d *Disk) SyncFolder(folder string) error {
	if err := d.begin("fsync folder"); err != nil {
		return err
	}
	defer d.mu.Unlock()
	if d.IgnoreFolderSync {
		return nil
	}
	d.syncNames(folder)
	return nil
}

func (d *Disk) syncNames(folder string) {
	for path := range d.synced {
		if filepath.Dir(path) == folder && d.now[path] == nil {
			delete(d.synced, path)
		}
	}
	for path, n := range d.now {
		if filepath.Dir(path) == folder {
			d.synced[path] = n
		}
	}
}

type file struct {
	durable.File
	disk *Disk
	node *node
}

// Write writes; when the step fails, half of the bytes are written.
func (f *file) Write(b []byte) (int, error) {
	if err := f.disk.begin("write"); err != nil {
		n, _ := f.File.Write(b[:len(b)/2])
		return n, err
	}
	defer f.disk.mu.Unlock()
	return f.File.Write(b)
}

// Chmod sets the rights.
func (f *file) Chmod(mode fs.FileMode) error {
	if err := f.disk.begin("chmod"); err != nil {
		return err
	}
	defer f.disk.mu.Unlock()
	f.node.mode = mode
	return f.File.Chmod(mode)
}

// Sync brings the content to the disk.
func (f *file) Sync() error {
	if err := f.disk.begin("fsync"); err != nil {
		return err
	}
	defer f.disk.mu.Unlock()
	if f.disk.IgnoreSync {
		return nil
	}
	content, err := os.ReadFile(f.Name())
	f.node.content = content
	return err
}

// Close closes; it is no step, since nothing depends on it.
func (f *file) Close() error { return f.File.Close() }

// PowerLoss brings the folder to what may be on the disk when the power goes: of files what
// was synced; of names those that were synced, or with eager also all others, which a disk
// may have written by itself.
func (d *Disk) PowerLoss(eager bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	left := d.synced
	if eager {
		left = d.now
	}
	entries, err := os.ReadDir(d.root)
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(d.root, e.Name())))
	}
	if err != nil {
		return err
	}
	paths := make([]string, 0, len(left))
	for path := range left {
		paths = append(paths, path)
	}
	slices.SortFunc(paths, func(a, b string) int { return strings.Compare(a, b) }) // a folder comes before what is in it
	for _, path := range paths {
		if err := left[path].restore(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // without its folder a name is lost
			return err
		}
	}
	return nil
}

func (n *node) restore(path string) error {
	if n.folder {
		return os.Mkdir(path, n.mode)
	}
	return os.WriteFile(path, n.content, n.mode)
}
