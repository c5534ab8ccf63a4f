package klv

import (
	"bytes"
	"testing"

	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

// packets are three of different lengths: one long enough that its length takes two bytes, one
// with a target.
func packets() [][]byte {
	var out [][]byte
	for i, m := range []*Message{
		message(Item{Tag: TagTime, Number: 1.7e15}, Item{Tag: TagSensorLat, Number: 48}, Item{Tag: TagSensorLon, Number: 37}),
		message(Item{Tag: TagTime, Number: 1.7e15 + 1e6}, Item{Tag: TagMissionID, Bytes: bytes.Repeat([]byte("M"), 120)}, Item{Tag: TagSensorAlt, Number: 1500}),
		message(Item{Tag: TagTime, Number: 1.7e15 + 2e6}),
	} {
		if i == 2 {
			m.VMTI = &VMTI{Detected: 1, Targets: []Target{{ID: 7, Lat: source.Told(48.2), Lon: source.Told(37.2), Height: source.Told(130)}}}
		}
		out = append(out, m.Append(nil))
	}
	return out
}

func reading(t testing.TB, o Options) sourcetest.Read {
	return func(in []byte) (messages, damage []string) { return read(t, bytes.NewReader(in), o) }
}

// TestEveryCut: packets, bare, that end behind any byte.
func TestEveryCut(t *testing.T) {
	sourcetest.EveryCut(t, nil, packets(), reading(t, Options{}))
	sourcetest.EveryCut(t, nil, packets(), reading(t, Options{Format: FormatBare}))
}

// TestEveryFlip: a packet that is hurt anywhere is never read, and costs no other. One whose key
// is hurt behind the four bytes that all keys share is of another standard, and counted.
func TestEveryFlip(t *testing.T) {
	sourcetest.EveryFlip(t, packets(), func(in []byte) (messages, damage []string) {
		r := NewReader(bytes.NewReader(in), Options{Format: FormatBare})
		messages, damage = sourcetest.Messages(t, r.Next)
		if r.Passed() == 1 && len(damage) == 0 {
			damage = []string{"of another standard"}
		}
		return messages, damage
	})
}
