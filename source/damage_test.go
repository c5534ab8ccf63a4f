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

// TestEachGoesOnBehindDamage: damage is quarantined and reading goes on; a stream of another
// format is refused with the file's name, and what observing says ends it.
func TestEachGoesOnBehindDamage(t *testing.T) {
	for _, test := range []struct {
		name     string
		steps    []error
		observed error
		want     string
		seen     int
	}{
		{"to the end", []error{nil, source.Damaged(3, 1, nil, "bent"), nil}, nil, "", 2},
		{"another format", []error{truce.Errorf(truce.CodeInvalid, "no log"), nil}, nil, "a.bin: no log", 0},
		{"a broken disk", []error{nil, io.ErrUnexpectedEOF, nil}, nil, io.ErrUnexpectedEOF.Error(), 1},
		{"a full store", []error{nil, nil}, io.ErrShortWrite, io.ErrShortWrite.Error(), 1},
	} {
		var k kept
		seen, damaged := 0, 0
		steps := append(test.steps, io.EOF)
		err := source.Each(source.NewOut("a.bin", &k), func(*int) error {
			step := steps[0]
			steps = steps[1:]
			if d := new(source.Damage); errors.As(step, &d) {
				damaged++
			}
			return step
		}, func(*int) error { seen++; return test.observed })
		if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != test.want) || seen != test.seen || len(k.rejected) != damaged {
			t.Errorf("%s: %v, %d seen, %d of %d quarantined", test.name, err, seen, len(k.rejected), damaged)
		}
	}
}
