package app

import (
	"io"
	"time"
)

// MainAt is Main with a clock of the test's own.
func MainAt(now func() time.Time, args []string, in io.Reader, out, errOut io.Writer) int {
	c := &cli{in: in, out: out, err: errOut, now: now}
	return c.run(args)
}
