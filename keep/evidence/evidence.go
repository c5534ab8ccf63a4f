// Package evidence keeps original bytes under their SHA-256, with what is known of how each
// came, who had it in hand since, and what was taken down and why.
//
// It never overwrites an original, never hands one out without holding it against its
// hash, and knows nothing of what it says.
//
// Read Store and Put for what is kept and in which order, custody.go for who had it in
// hand, takedown.go for what goes and what stays, verify.go for how all of it is checked;
// disk.go alone knows that it lies in files.
package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/trucewatch/truce"
)

// Backend holds named bytes. A name is written once and its bytes never change. It is what
// another kind of storage would have to offer; Disk is the one there is.
type Backend interface {
	// Begin starts writing bytes whose name is not known yet.
	Begin(ctx context.Context) (Writer, error)
	// Open gives the bytes of a name and their number; fs.ErrNotExist when there are none.
	Open(ctx context.Context, name string) (io.ReadCloser, int64, error)
	// List visits the names that begin with a prefix, in order.
	List(ctx context.Context, prefix string, visit func(name string, size int64) error) error
	// Remove takes a name away for good.
	Remove(ctx context.Context, name string) error
	// Check says what is wrong with how a name is kept beside its bytes, "" for nothing.
	Check(name string) string
}

// Writer is bytes on their way to a name. When Create returns nil they are safe, whole,
// under that name; its error is fs.ErrExist when the name is taken, and then nothing has
// changed. Whatever ends before that leaves no name.
type Writer interface {
	io.Writer
	Create(name string) error
	Discard() error
}

// Options are what a store needs from outside. The zero value is ready for use.
type Options struct {
	Clock     func() time.Time // of custody steps; nil: time.Now
	MaxObject int64            // bytes of one original; 0: MaxObject
}

// Store is one collection of originals. All methods may be called by many goroutines, and
// by several processes on one place.
type Store struct {
	backend Backend
	opt     Options

	// gate is held while an original gets its name or loses it, so that in one process
	// nothing is put between the look at a takedown and the writing.
	gate sync.Mutex
}

// New opens a collection and finishes takedowns that were interrupted.
func New(ctx context.Context, backend Backend, opt Options) (*Store, error) {
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if opt.MaxObject == 0 {
		opt.MaxObject = MaxObject
	}
	if opt.MaxObject < 0 || opt.MaxObject > MaxObject {
		return nil, truce.Errorf(truce.CodeInvalid, "evidence: a bound of %d bytes for one original, want 1 to %d", opt.MaxObject, int64(MaxObject))
	}
	s := &Store{backend: backend, opt: opt}
	return s, s.finishTakedowns(ctx)
}

// Receipt says under which hashes something is kept.
type Receipt struct {
	Content truce.Hash // of the bytes
	Capture truce.Hash // of what is known of how they came
	Size    int64
	Known   bool // the bytes were there before
}

// Item is something to be kept.
type Item struct {
	Capture Capture // Content and Size are set by Put
	Body    io.Reader

	// Force is why bytes that were taken down are kept again, and By who says so; "" refuses
	// them.
	Force string
	By    string
}

// Put keeps bytes and how they came. When it returns without error both are on the disk.
// The same bytes are kept once, however often they come; each coming is a capture of its
// own. Bytes are written before the capture that names them: a crash leaves the whole
// original, with or without its capture, or nothing. Bytes that were taken down are
// forbidden, with the reason, unless forced. An original that is there and damaged is never
// mended by overwriting: that is an error.
func (s *Store) Put(ctx context.Context, item Item) (Receipt, error) {
	if err := item.Capture.validate(); err != nil {
		return Receipt{}, fmt.Errorf("evidence: put: %w", err)
	}
	content, err := s.receive(ctx, item.Body)
	if err != nil {
		return Receipt{}, fmt.Errorf("evidence: put %s: %w", item.Capture.URL, err)
	}
	receipt, err := s.keep(ctx, item, content)
	if err != nil {
		return Receipt{}, errors.Join(fmt.Errorf("evidence: put %s: %w", item.Capture.URL, err), content.w.Discard())
	}
	return receipt, content.w.Discard()
}

// received are bytes without a name yet.
type received struct {
	w    Writer
	hash truce.Hash
	size int64
}

// receive writes the bytes as they come, hashing them, and no more than the bound.
func (s *Store) receive(ctx context.Context, body io.Reader) (received, error) {
	w, err := s.backend.Begin(ctx)
	if err != nil {
		return received{}, err
	}
	sum := newHasher()
	buffer := make([]byte, copyBuffer)
	n, err := io.CopyBuffer(onlyWriter{io.MultiWriter(w, sum)}, onlyReader{io.LimitReader(withContext(ctx, body), s.opt.MaxObject+1)}, buffer)
	if err == nil && n > s.opt.MaxObject {
		err = truce.Errorf(truce.CodeTooLarge, "it is longer than %d bytes, the bound of one original", s.opt.MaxObject)
	}
	if err != nil {
		return received{}, errors.Join(err, w.Discard())
	}
	return received{w: w, hash: sum.sum(), size: n}, nil
}

func (s *Store) keep(ctx context.Context, item Item, content received) (Receipt, error) {
	s.gate.Lock()
	defer s.gate.Unlock()
	down, err := s.standing(ctx, content.hash)
	if err != nil {
		return Receipt{}, err
	}
	if down != nil && item.Force == "" {
		return Receipt{}, truce.Errorf(truce.CodeForbidden, "these bytes (%s) were taken down at %s: %s; they are kept again only when that is forced, with a reason",
			content.hash, down.At, down.Reason)
	}
	receipt := Receipt{Content: content.hash, Size: content.size}
	if receipt.Known, err = s.name(ctx, content); err != nil {
		return receipt, err
	}
	if down != nil {
		if err := s.restore(ctx, content.hash, item); err != nil {
			return receipt, err
		}
	}
	item.Capture.Content, item.Capture.Size = content.hash, content.size
	receipt.Capture, err = s.putCapture(ctx, item.Capture)
	return receipt, err
}

// name gives bytes their name; known when it was taken, by the same bytes.
func (s *Store) name(ctx context.Context, content received) (known bool, err error) {
	err = content.w.Create(objectName(content.hash))
	if !errors.Is(err, fs.ErrExist) {
		return false, err
	}
	if err := s.check(ctx, content.hash); err != nil {
		return true, fmt.Errorf("it is there already and damaged, and is not overwritten: %w", err)
	}
	return true, nil
}

// check reads an original and holds it against its hash.
func (s *Store) check(ctx context.Context, hash truce.Hash) error {
	r, _, err := s.Open(ctx, hash)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return errors.Join(err, r.Close())
}

// Open gives the bytes of an original, and their number. They are held against the hash as
// they are read: where they differ, the last Read gives an error (code internal) in the
// place of io.EOF, so the caller MUST NOT use what it read before it has seen the end.
// Reading again from memory, as Bytes does, is for what fits there.
func (s *Store) Open(ctx context.Context, hash truce.Hash) (io.ReadCloser, int64, error) {
	r, size, err := s.backend.Open(ctx, objectName(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, s.missing(ctx, hash)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("evidence: open %s: %w", hash, err)
	}
	return &checkedReader{from: r, want: hash, sum: newHasher()}, size, nil
}

func (s *Store) missing(ctx context.Context, hash truce.Hash) error {
	down, err := s.standing(ctx, hash)
	switch {
	case err != nil:
		return fmt.Errorf("evidence: open %s: %w", hash, err)
	case down != nil:
		return truce.Errorf(truce.CodeNotFound, "evidence: %s was taken down at %s: %s", hash, down.At, down.Reason)
	}
	return truce.Errorf(truce.CodeNotFound, "evidence: there is no original %s", hash)
}

// Bytes gives a whole original, already held against its hash, when it is no longer than
// most.
func (s *Store) Bytes(ctx context.Context, hash truce.Hash, most int64) ([]byte, error) {
	r, size, err := s.Open(ctx, hash)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size > most {
		return nil, truce.Errorf(truce.CodeTooLarge, "evidence: %s has %d bytes, asked for at most %d", hash, size, most)
	}
	return io.ReadAll(r)
}

// Entry is one original in a list.
type Entry struct {
	Content truce.Hash
	Size    int64
}

// List visits every original that is there, in the order of their hashes.
func (s *Store) List(ctx context.Context, visit func(Entry) error) error {
	return s.backend.List(ctx, objectFolder, func(name string, size int64) error {
		hash, ok := objectHash(name)
		if !ok {
			return nil // Verify speaks of it
		}
		return visit(Entry{Content: hash, Size: size})
	})
}
