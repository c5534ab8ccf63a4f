// Package window reads a stream through a window that slides over it: what is not yet used
// stays in one piece, and offsets count from the beginning of the stream.
//
// It never looks at the bytes, and holds no more than its user leaves unused.
//
// Read Window; that is all.
package window

import "io"

// chunk is what is read at once: 64 KiB.
const chunk = 64 << 10

// maxIdle is how many empty reads in a row are taken before the source counts as stuck.
const maxIdle = 100

// Window is the part of a stream that was read and is not yet used.
type Window struct {
	src io.Reader
	buf []byte
	r   int
	at  int64
	err error
}

// New begins at the beginning of a stream.
func New(src io.Reader) *Window { return &Window{src: src} }

// Bytes are those that were read and are not yet used, valid until More is called.
func (w *Window) Bytes() []byte { return w.buf[w.r:] }

// Offset is where Bytes begin in the stream.
func (w *Window) Offset() int64 { return w.at }

// Skip says that the first n bytes are used.
func (w *Window) Skip(n int) {
	w.r += n
	w.at += int64(n)
}

// More reads at least one byte more; false: there are no more, and Err says why.
func (w *Window) More() bool {
	left := len(w.buf) - w.r
	if left+chunk > cap(w.buf) {
		w.buf = append(make([]byte, 0, left+2*chunk), w.buf[w.r:]...)
	} else {
		w.buf = w.buf[:copy(w.buf, w.buf[w.r:])]
	}
	w.r = 0
	for idle := 0; w.err == nil; idle++ {
		n, err := w.src.Read(w.buf[left : left+chunk])
		w.buf, w.err = w.buf[:left+n], err
		if n > 0 {
			return true
		}
		if idle == maxIdle && err == nil {
			w.err = io.ErrNoProgress
		}
	}
	return false
}

// Err is why More found nothing: io.EOF at the end, or the error of the source.
func (w *Window) Err() error { return w.err }
