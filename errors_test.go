package truce_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/trucewatch/truce"
)

func TestCodes(t *testing.T) {
	coded := truce.Errorf(truce.CodeConflict, "read it again: %w", io.ErrUnexpectedEOF)
	for name, c := range map[string]struct {
		err  error
		want truce.Code
	}{
		"coded":          {coded, truce.CodeConflict},
		"wrapped":        {fmt.Errorf("intake: %w", coded), truce.CodeConflict},
		"joined":         {errors.Join(io.EOF, coded), truce.CodeConflict},
		"coded twice":    {truce.Errorf(truce.CodeInvalid, "outer: %w", coded), truce.CodeInvalid},
		"without a code": {io.EOF, truce.CodeInternal},
		"nil":            {nil, truce.CodeInternal},
	} {
		if got := truce.CodeOf(c.err); got != c.want {
			t.Errorf("%s: code %s, want %s", name, got, c.want)
		}
	}
	if !errors.Is(coded, io.ErrUnexpectedEOF) || coded.Error() != "read it again: unexpected EOF" {
		t.Errorf("%v does not lead to its cause", coded)
	}
}

// Two causes may be wrapped; both are found.
func TestCodedErrorWithTwoCauses(t *testing.T) {
	err := truce.Errorf(truce.CodeUnavailable, "%w and %w", io.EOF, io.ErrClosedPipe)
	if !errors.Is(err, io.EOF) || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v hides one of its causes", err)
	}
}
