package app

import (
	"context"
	"io"
	"time"
)

// MainAt is Main with a clock of the test's own.
func MainAt(now func() time.Time, args []string, in io.Reader, out, errOut io.Writer) int {
	c := &cli{in: in, out: out, err: errOut, now: now}
	return c.runIn(context.Background(), args)
}

// MainUntil is Main that ends with a context.
func MainUntil(ctx context.Context, args []string, out, errOut io.Writer) int {
	c := &cli{in: eof{}, out: out, err: errOut, now: time.Now}
	return c.runIn(ctx, args)
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }
