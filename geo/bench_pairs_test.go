package geo

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"testing"
)

var pairsFile = flag.String("write-pairs", "", "file to write the pairs of BenchmarkInverse and BenchmarkDirect to, for scripts/bench-geodesic")

// TestWritePairs hands the pairs of the benchmarks to another program: class, both
// points, and the distance found here, a line each. Read back they are the same doubles.
func TestWritePairs(t *testing.T) {
	if *pairsFile == "" {
		t.Skip("writes only when asked: -write-pairs FILE")
	}
	f, err := os.Create(*pairsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	for _, class := range []string{"random", "local", "nearly-opposite"} {
		for _, p := range benchmarkPairs(class) {
			fmt.Fprintf(out, "%s %.17g %.17g %.17g %.17g %.17g\n", class, p[0].Lat, p[0].Lon, p[1].Lat, p[1].Lon, Distance(p[0], p[1]))
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
}
