package sourcetest

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Read gives the messages of a stream, each as a text with its offset in it as JSON writes it,
// and its damage in words.
type Read func(in []byte) (messages, damage []string)

// EveryCut ends a stream behind each of its bytes: of its frames, which follow a head that is
// always there and may be nil. The frames that are whole must be read as they are of the whole
// stream, what is left of the next must be one stretch of damage from its first byte to the end,
// and nothing else may be given.
func EveryCut(t testing.TB, head []byte, frames [][]byte, read Read) {
	t.Helper()
	in := append(bytes.Clone(head), bytes.Join(frames, nil)...)
	all, damage := read(in)
	if len(all) == 0 || len(damage) != 0 {
		t.Fatalf("the whole stream: %d messages, damage %q", len(all), damage)
	}
	begin, given := len(head), 0
	for k, frame := range frames {
		end := begin + len(frame)
		for n := begin; n < end; n++ {
			messages, damage := read(in[:n:n])
			want := fmt.Sprintf("byte %d: ", begin)
			switch {
			case !slices.Equal(messages, all[:given]):
				t.Fatalf("cut at %d, in frame %d that begins at %d: %d messages, want the first %d of the whole", n, k, begin, len(messages), given)
			case n == begin && len(damage) != 0:
				t.Fatalf("cut at %d, behind a whole frame: damage %q", n, damage)
			case n > begin && (len(damage) != 1 || !strings.HasPrefix(damage[0], want) || !strings.Contains(damage[0], fmt.Sprintf("(%d bytes", n-begin))):
				t.Fatalf("cut at %d, in frame %d: damage %q, want one at byte %d of %d bytes", n, k, damage, begin, n-begin)
			}
		}
		for given < len(all) && offsetOf(t, all[given]) < end {
			given++
		}
		begin = end
	}
	if given != len(all) {
		t.Fatalf("%d of %d messages lie in the frames", given, len(all))
	}
}

// EveryFlip turns bits of a stream of frames that have checksums, byte for byte, but for the
// end of a line. Nothing that was not sent may be read, damage must be told, and all frames
// beside the one that is hurt are read.
func EveryFlip(t testing.TB, frames [][]byte, read Read) {
	t.Helper()
	in := bytes.Join(frames, nil)
	all, _ := read(in)
	begin := 0
	for k, frame := range frames {
		var others []string
		for _, m := range all {
			if o := offsetOf(t, m); o < begin || o >= begin+len(frame) {
				others = append(others, m)
			}
		}
		for i := range bytes.TrimRight(frame, "\r\n") {
			at := begin + i
			for _, bits := range []byte{0x01, 0x02, 0x04, 0x10, 0x80, 0xff} {
				in[at] ^= bits
				messages, damage := read(in)
				in[at] ^= bits
				if !slices.Equal(messages, others) || len(damage) == 0 {
					t.Fatalf("byte %d of frame %d turned by %#x: %d messages, damage %q, want the %d of the other frames and damage", i, k, bits, len(messages), damage, len(others))
				}
			}
		}
		begin += len(frame)
	}
}

var offsetField = regexp.MustCompile(`"offset":(\d+)`)

func offsetOf(t testing.TB, message string) (at int) {
	t.Helper()
	found := offsetField.FindStringSubmatch(message)
	if found == nil {
		t.Fatalf("no offset in %s", message)
	}
	if _, err := fmt.Sscan(found[1], &at); err != nil {
		t.Fatal(err)
	}
	return at
}
