package mavlink

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"testing"

	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

// missing is what a message says of those that did not come before it: of a hurt frame too.
var missing = regexp.MustCompile(`"missing_before":\d+,`)

// reading reads streams of one kind, without what was missing.
func reading(t testing.TB, o Options) sourcetest.Read {
	return func(in []byte) (messages, damage []string) {
		messages, damage = read(t, bytes.NewReader(in), o)
		for i := range messages {
			messages[i] = missing.ReplaceAllString(messages[i], "")
		}
		return messages, damage
	}
}

// frames are one of each version and a signed one, of four messages each with its time before
// it where it is of a log.
func frames(t testing.TB, log bool, key []byte) (out [][]byte) {
	t.Helper()
	for i, m := range []*Message{
		{ID: 24, GPSRaw: &GPSRaw{Receiver: 1, Fix: 3, TimeUs: 1_700_000_000_000_000, Lat: source.Told(48.1), Lon: source.Told(37.25), Alt: source.Told(123.5)}},
		{ID: 33, GlobalPosition: &GlobalPosition{BootMs: 5000, Lat: source.Told(48.1), Lon: source.Told(37.25), North: source.Told(-1.2)}},
		{ID: 30, Attitude: &Attitude{BootMs: 5100, Roll: source.Told(12), Yaw: source.Told(-90)}},
		{ID: 253, Text: &Text{Severity: 4, Text: "EKF3 lane switch 1"}},
	} {
		for _, f := range []Frame{{Version: 1}, {Version: 2}, {Version: 2, Key: key, Link: 3, Stamp: uint64(i) + 1}} {
			var b []byte
			if log {
				b = binary.BigEndian.AppendUint64(b, 1_700_000_000_000_000+uint64(len(out))*1_000_000)
			}
			f.System, f.Component, f.Sequence = 7, 1, uint8(len(out))
			b, err := f.Append(b, m)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, b)
		}
	}
	return out
}

// TestEveryCut: streams that end behind any byte, bare, as a log and guessed.
func TestEveryCut(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 32)
	for _, log := range []bool{false, true} {
		for _, o := range []Options{{}, {Format: map[bool]Format{false: FormatRaw, true: FormatTlog}[log]}, {Keys: [][]byte{key}}} {
			sourcetest.EveryCut(t, nil, frames(t, log, key), reading(t, o))
		}
	}
}

// TestEveryFlip: a frame that is hurt anywhere is never read, and costs no other.
func TestEveryFlip(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 32)
	sourcetest.EveryFlip(t, frames(t, false, key)[:5], reading(t, Options{Keys: [][]byte{key}, Format: FormatRaw}))
}
