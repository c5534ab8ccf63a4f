package dataflash

import (
	"bytes"
	"testing"

	"github.com/trucewatch/truce/source/sourcetest"
)

// pieces keeps what is written piece by piece.
type pieces [][]byte

func (p *pieces) Write(b []byte) (int, error) {
	*p = append(*p, bytes.Clone(b))
	return len(b), nil
}

// TestEveryCut: logs that end behind any byte, also of a definition.
func TestEveryCut(t *testing.T) {
	var log pieces
	w := NewWriter(&log)
	for _, err := range []error{
		w.Format(1, "POS", "QLL", "TimeUS,Lat,Lng"),
		w.Row(1, uint64(5), int32(481000000), int32(371000000)),
		w.Format(2, "ATT", "Qc", "TimeUS,Roll"),
		w.Row(2, uint64(6), int16(-1250)),
		w.Row(1, uint64(7), int32(481000100), int32(371000000)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	sourcetest.EveryCut(t, nil, log, func(in []byte) (messages, damage []string) { return read(t, bytes.NewReader(in)) })
}
