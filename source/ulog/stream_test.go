package ulog

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

// TestEveryCut: logs that end behind any byte. A log that ends inside its header is none.
func TestEveryCut(t *testing.T) {
	var log pieces
	w, err := NewWriter(&log, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		w.Format("vehicle_gps_position", "uint64_t timestamp;int32_t lat;int32_t lon;int32_t alt;uint8_t fix_type;"),
		w.Topic(3, 0, "vehicle_gps_position"),
		w.Row(3, 2_000_000, int32(481000000), int32(371000000), int32(150_000), uint8(3)),
		w.Text(4, 2_500_000, "a line"),
		w.Row(3, 3_000_000, int32(481000100), int32(371000000), int32(150_000), uint8(3)),
		w.Dropout(40),
		w.Info(KindParameter, "float RTL_ALT", float32(30)),
		w.Row(3, 4_000_000, int32(481000200), int32(371000000), int32(150_000), uint8(3)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	sourcetest.EveryCut(t, log[0], log[1:], func(in []byte) (messages, damage []string) { return read(t, bytes.NewReader(in)) })
}
