package gpx_test

import (
	"encoding/json"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/gpx"
)

// TestEveryCut: a file that ends behind any byte gives the points that are whole, as they are in
// the whole file, and then says that it breaks off.
func TestEveryCut(t *testing.T) {
	whole, _, _ := read(sample)
	all := jsonOf(t, whole)
	end := strings.Index(sample, "</gpx>") + len("</gpx>")
	for n := range end {
		points, damage, err := read(sample[:n])
		if err == nil || err == io.EOF || truce.CodeOf(err) != truce.CodeInvalid || len(damage) > 2 {
			t.Fatalf("cut at %d: %v, damage %q", n, err, damage)
		}
		closed := strings.Count(sample[:n], "</trkpt>") + strings.Count(sample[:n], `lon="37.25"/>`)
		for i, text := range jsonOf(t, points) {
			if text != all[i] {
				t.Fatalf("cut at %d: point %d is %s, want %s", n, i, text, all[i])
			}
		}
		if len(points)+len(damage) != closed {
			t.Fatalf("cut at %d: %d points, %d damaged, %d were closed", n, len(points), len(damage), closed)
		}
	}
	if points, _, err := read(sample[:end]); err != io.EOF || len(points) != len(all) {
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
			points, _, err := read(string(in))
			in[at] ^= bits
			if err != io.EOF && truce.CodeOf(err) != truce.CodeInvalid {
				t.Fatalf("byte %d turned by %#x: %v", at, bits, err)
			}
			for _, p := range points {
				if !(math.Abs(p.LatDeg) <= 90 && math.Abs(p.LonDeg) <= 180) || !utf8.ValidString(p.Name) || len(points) > 7 {
					t.Fatalf("byte %d turned by %#x: %+v", at, bits, p)
				}
			}
		}
	}
}

func jsonOf(t testing.TB, points []gpx.Message) (out []string) {
	t.Helper()
	for i := range points {
		text, err := json.Marshal(&points[i])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	return out
}
