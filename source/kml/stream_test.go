package kml_test

import (
	"encoding/json"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/kml"
)

// TestEveryCut: a file that ends behind any byte gives the points that are whole, as they are in
// the whole file, and then says that it breaks off.
func TestEveryCut(t *testing.T) {
	whole, _, _ := read([]byte(sample))
	all := jsonOf(t, whole)
	end := strings.Index(sample, "</kml>") + len("</kml>")
	for n := range end {
		points, damage, err := read([]byte(sample[:n]))
		if err == nil || err == io.EOF || truce.CodeOf(err) != truce.CodeInvalid || len(damage) > 6 {
			t.Fatalf("cut at %d: %v, damage %q", n, err, damage)
		}
		for i, text := range jsonOf(t, points) {
			if text != all[i] {
				t.Fatalf("cut at %d: point %d is %s, want %s", n, i, text, all[i])
			}
		}
		if closed := strings.Count(sample[:n], "</gx:coord>") + strings.Count(sample[:n], "<gx:coord/>") + 7*strings.Count(sample[:n], "</coordinates>"); len(points) > closed {
			t.Fatalf("cut at %d: %d points, %d can be whole", n, len(points), closed)
		}
	}
	if points, _, err := read([]byte(sample[:end])); err != io.EOF || len(points) != len(all) {
		t.Errorf("to its end: %d points, %v", len(points), err)
	}
}

// TestEveryByteTurned: whatever one byte becomes, no point leaves the globe, nothing that is no
// number becomes one, and texts stay texts.
func TestEveryByteTurned(t *testing.T) {
	in := []byte(sample)
	for at := range in {
		for _, bits := range []byte{0x01, 0x10, 0xff} {
			in[at] ^= bits
			points, _, err := read(in)
			in[at] ^= bits
			if err != io.EOF && truce.CodeOf(err) != truce.CodeInvalid {
				t.Fatalf("byte %d turned by %#x: %v", at, bits, err)
			}
			for _, p := range points {
				if !(math.Abs(p.LatDeg) <= 90 && math.Abs(p.LonDeg) <= 180) || !utf8.ValidString(p.Name) || len(points) > 14 {
					t.Fatalf("byte %d turned by %#x: %+v", at, bits, p)
				}
			}
		}
	}
}

// line is where a track ended: elsewhere when the file breaks off in it.
var line = regexp.MustCompile(`"line":\d+,`)

func jsonOf(t testing.TB, points []kml.Message) (out []string) {
	t.Helper()
	for i := range points {
		text, err := json.Marshal(&points[i])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, line.ReplaceAllString(string(text), ""))
	}
	return out
}
