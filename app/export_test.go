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
