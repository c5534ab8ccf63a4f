package source_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

type kept struct{ rejected []truce.Rejection }

func (k *kept) Observe(truce.Observation) error { return nil }
func (k *kept) Reject(r truce.Rejection) error  { k.rejected = append(k.rejected, r); return nil }

// TestDamageIsQuarantined: a damaged stretch goes to the quarantine with its offset, and any
// other error is the caller's.
func TestDamageIsQuarantined(t *testing.T) {
	var k kept
	out := source.NewOut("a.bin", &k)
	raw := []byte(strings.Repeat("x", truce.MaxRejectedRow+9))
	if err := out.Quarantine(source.Damaged(70, 12, raw, "checksum %#x, want %#x", 1, 2)); err != nil {
		t.Fatal(err)
	}
	if len(k.rejected) != 1 || k.rejected[0].Reason != "byte 70: checksum 0x1, want 0x2 (12 bytes passed over)" || len(k.rejected[0].Raw) != truce.MaxRejectedRow {
		t.Errorf("quarantined %+v", k.rejected)
	}
	if err := out.Quarantine(io.ErrUnexpectedEOF); !errors.Is(err, io.ErrUnexpectedEOF) || len(k.rejected) != 1 {
		t.Errorf("another error: %v, %d quarantined", err, len(k.rejected))
	}
}
