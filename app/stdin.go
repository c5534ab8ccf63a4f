package app

import (
	"context"
	"io"
)

// stdinChunk is how much of standard input is read at once.
const stdinChunk = 64 << 10

// interruptible is a reader that ends with its context. A read of standard input cannot be
// broken off: one that waits is left behind, and ends with the process.
type interruptible struct {
	ctx    context.Context
	in     io.Reader
	chunks chan chunk // nil until the first Read
	now    chunk
}

type chunk struct {
	data []byte
	err  error
}

func (r *interruptible) Read(p []byte) (int, error) {
	if r.chunks == nil {
		r.chunks = make(chan chunk)
		go r.readAhead()
	}
	for len(r.now.data) == 0 {
		if r.now.err != nil {
			return 0, r.now.err
		}
		select {
		case r.now = <-r.chunks:
		case <-r.ctx.Done():
			r.now.err = r.ctx.Err()
		}
	}
	n := copy(p, r.now.data)
	r.now.data = r.now.data[n:]
	return n, nil
}

// readAhead fills one buffer while the other is used.
func (r *interruptible) readAhead() {
	var buffers [2][stdinChunk]byte
	for i := 0; ; i = 1 - i {
		n, err := r.in.Read(buffers[i][:])
		select {
		case r.chunks <- chunk{buffers[i][:n], err}:
		case <-r.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}
