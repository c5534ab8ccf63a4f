package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestStandardInputIsReadWhole(t *testing.T) {
	want := make([]byte, 3*stdinChunk+17)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(want)
	in := &interruptible{ctx: t.Context(), in: iotest.HalfReader(bytes.NewReader(want))}
	if got, err := io.ReadAll(iotest.OneByteReader(in)); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes read of %d, or others: %v", len(got), len(want), err)
	}
	broken := errors.New("broken")
	in = &interruptible{ctx: t.Context(), in: io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken))}
	if got, err := io.ReadAll(in); string(got) != "abc" || !errors.Is(err, broken) {
		t.Errorf("%q, %v; want abc and what broke", got, err)
	}
}

// TestAReadThatWaitsEndsWithItsContext: nobody ever writes to the pipe.
func TestAReadThatWaitsEndsWithItsContext(t *testing.T) {
	waits, feed := io.Pipe()
	defer feed.Close()
	ctx, stop := context.WithCancel(t.Context())
	in := &interruptible{ctx: ctx, in: waits}
	go func() {
		_, _ = feed.Write([]byte("abc"))
		stop()
	}()
	if got, err := io.ReadAll(in); !strings.HasPrefix("abc", string(got)) || !errors.Is(err, context.Canceled) {
		t.Errorf("%q, %v; want the interruption", got, err)
	}
}

// TestCommandsThatWaitForInputAreInterrupted: each has read what there was and waits for more.
func TestCommandsThatWaitForInputAreInterrupted(t *testing.T) {
	folder := t.TempDir()
	for line, says := range map[string]string{
		"decode --format adsb -":                             "interrupted",
		"decode --format ais -":                              "interrupted",
		"track --plots - --tracks " + folder + "/tracks.csv": "interrupted",
		"import --dir " + newProgram(t).dir + " -":           "nothing could be read",
	} {
		t.Run(line, func(t *testing.T) {
			waits, feed := io.Pipe()
			defer feed.Close()
			ctx, stop := context.WithCancel(t.Context())
			go func() {
				_, _ = feed.Write([]byte("\n")) // it reads
				stop()
			}()
			var said bytes.Buffer
			c := &cli{in: waits, out: io.Discard, err: &said, now: func() time.Time { return storyTime }}
			if code := c.runIn(ctx, strings.Fields(line)); code != 1 || !strings.Contains(said.String(), says) {
				t.Errorf("code %d, %q; want 1 and %q", code, said.String(), says)
			}
		})
	}
}
