package evidence

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"

	"github.com/trucewatch/truce"
)

type hasher struct{ hash.Hash }

func newHasher() hasher { return hasher{sha256.New()} }

func (h hasher) sum() truce.Hash { return truce.Hash(h.Sum(nil)) }

// checkedReader holds what is read against the hash it should have.
type checkedReader struct {
	from io.ReadCloser
	want truce.Hash
	sum  hasher
	done error // once the end was seen
}

// Read gives an error in the place of the end when the bytes are not those of the hash.
func (r *checkedReader) Read(b []byte) (int, error) {
	if r.done != nil {
		return 0, r.done
	}
	n, err := r.from.Read(b)
	r.sum.Write(b[:n])
	if err == io.EOF {
		if got := r.sum.sum(); got != r.want {
			err = truce.Errorf(truce.CodeInternal, "evidence: the bytes of %s are damaged: their hash is %s", r.want, got)
		}
	}
	r.done = err
	return n, err
}

// Close closes what is read.
func (r *checkedReader) Close() error { return r.from.Close() }

// onlyWriter and onlyReader hide methods by which a copy would pass the buffer by.
type onlyWriter struct{ io.Writer }
type onlyReader struct{ io.Reader }

type contextReader struct {
	ctx  context.Context
	from io.Reader
}

func withContext(ctx context.Context, r io.Reader) io.Reader { return contextReader{ctx, r} }

// Read stops when the context has ended.
func (r contextReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(b)
}
