package window

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// TestWindow: whatever is used at a time and however the source reads, the bytes come in
// order with their offsets, and nothing is lost at the end.
func TestWindow(t *testing.T) {
	want := make([]byte, 300_000)
	for i := range want {
		want[i] = byte(i * i >> 3)
	}
	for _, src := range []io.Reader{bytes.NewReader(want), iotest.HalfReader(bytes.NewReader(want)), iotest.DataErrReader(bytes.NewReader(want))} {
		w := New(src)
		var got []byte
		for step := 1; ; step = step*7%50_001 + 1 {
			for len(w.Bytes()) < step && w.More() {
				continue
			}
			n := min(step, len(w.Bytes()))
			if w.Offset() != int64(len(got)) {
				t.Fatalf("offset %d after %d bytes", w.Offset(), len(got))
			}
			if n == 0 {
				break
			}
			got = append(got, w.Bytes()[:n]...)
			w.Skip(n)
		}
		if !bytes.Equal(got, want) || w.Err() != io.EOF || w.More() {
			t.Errorf("%d bytes came, want %d; %v", len(got), len(want), w.Err())
		}
	}
}

func TestWindowEnds(t *testing.T) {
	broken := errors.New("cable")
	for _, test := range []struct {
		src  io.Reader
		want error
	}{{iotest.ErrReader(broken), broken}, {stuck{}, io.ErrNoProgress}} {
		if w := New(test.src); w.More() || !errors.Is(w.Err(), test.want) {
			t.Errorf("%v, want %v", w.Err(), test.want)
		}
	}
}
