package sim

import (
	"bufio"
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

func TestFIRMSStreamHasSoManyDifferentRows(t *testing.T) {
	const rows = 20000
	seen := map[string]bool{}
	scanner := bufio.NewScanner(FIRMSStream(1, rows))
	scanner.Scan()
	if scanner.Text() != firmsHeader {
		t.Fatalf("header %q", scanner.Text())
	}
	for scanner.Scan() {
		if seen[scanner.Text()] {
			t.Fatalf("row twice: %s", scanner.Text())
		}
		seen[scanner.Text()] = true
		if n := strings.Count(scanner.Text(), ","); n != strings.Count(firmsHeader, ",") {
			t.Fatalf("%d commas in %q", n, scanner.Text())
		}
	}
	if len(seen) != rows {
		t.Errorf("%d rows, want %d", len(seen), rows)
	}
}

func TestFIRMSStreamDoesNotDependOnHowItIsRead(t *testing.T) {
	whole, err := io.ReadAll(FIRMSStream(3, 500))
	if err != nil {
		t.Fatal(err)
	}
	crumbs, err := io.ReadAll(iotest.OneByteReader(FIRMSStream(3, 500)))
	if err != nil || !bytes.Equal(whole, crumbs) {
		t.Errorf("byte by byte it reads differently (%v)", err)
	}
	if other, _ := io.ReadAll(FIRMSStream(4, 500)); bytes.Equal(whole, other) {
		t.Error("two seeds gave one stream")
	}
	if empty, _ := io.ReadAll(FIRMSStream(1, 0)); string(empty) != firmsHeader+"\n" {
		t.Errorf("no rows: %q", empty)
	}
}

func TestFIRMSStreamHoldsNothing(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := io.Copy(io.Discard, struct{ io.Reader }{FIRMSStream(1, 300_000)})
	runtime.ReadMemStats(&after)
	if err != nil || n < 20<<20 {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if made := after.TotalAlloc - before.TotalAlloc; made > 4<<20 {
		t.Errorf("%d bytes allocated for %d read: it keeps or makes too much", made, n)
	}
}

func BenchmarkFIRMSStream(b *testing.B) {
	n, err := io.Copy(io.Discard, struct{ io.Reader }{FIRMSStream(1, b.N)})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(n / int64(b.N))
}
