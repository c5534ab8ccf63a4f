package adsb

import (
	"bytes"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/sourcetest"
)

// beastFrames are messages of a flight in Beast frames, some with escaped bytes.
func beastFrames(t testing.TB) (out [][]byte) {
	t.Helper()
	for i := range 4 {
		f, err := Position{Address: 0x1a1a1a, At: geo.Point{Lat: 48.5, Lon: 37.5 + geo.Degrees(i)/1000}, Odd: i%2 == 1, TypeCode: 11, AltitudeFt: 12_000}.Frame()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, AppendBeast(nil, f, uint64(0x1a1a000001+i*6_000_000), 0x1a))
	}
	return out
}

// TestEveryCut: Beast streams that end behind any byte.
func TestEveryCut(t *testing.T) {
	sourcetest.EveryCut(t, nil, beastFrames(t), func(in []byte) (texts, damage []string) {
		return sourcetest.Messages(t, NewReader(bytes.NewReader(in), Options{Start: start}).Next)
	})
}
