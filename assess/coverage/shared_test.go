package coverage_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/geo"
)

// readShared reads the rows of shared files without their headers, or skips the test.
func readShared(t *testing.T, pattern string) [][]string {
	t.Helper()
	root := os.Getenv("TRUCE_SHARED")
	for dir := "."; root == "" && len(dir) < 40; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(dir, "..", "shared", "data")
		}
	}
	files, _ := filepath.Glob(filepath.Join(root, "firms", pattern))
	if len(files) == 0 {
		t.Skipf("no shared data: %s is not in %s (set TRUCE_SHARED)", pattern, root)
	}
	var out [][]string
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, rows[1:]...)
	}
	return out
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSharedEaster holds the coverage of 9 to 13 April 2026 against the data note: one
// satellite's files of three days, cloud of five.
func TestSharedEaster(t *testing.T) {
	var data coverage.Data
	for _, row := range readShared(t, "J1*202610[0-2].txt.csv") {
		when, err := time.Parse("2006-01-02 15:04:05", row[5]+" "+row[6])
		if err != nil {
			t.Fatal(err)
		}
		h := truce.InstantOf(when).Sub(midnight).Hours()
		data.Detections = append(data.Detections, seen(row[7], h, geo.Degrees(number(t, row[0])), geo.Degrees(number(t, row[1]))))
	}
	for _, row := range readShared(t, "cloud_cover_*.csv") {
		when, err := time.Parse("2006-01-02", row[0])
		if err != nil {
			t.Fatal(err)
		}
		n := int(truce.InstantOf(when).Sub(midnight).Hours() / 24)
		data.Clouds = append(data.Clouds, sky("east", n, number(t, row[2])))
	}
	var periods []truce.Period
	for n := -2; n <= 2; n++ {
		periods = append(periods, day(n))
	}
	wantCloud := []float64{0.825, 0.855, 0.762, 0.697, 0.554} // 9 to 13 April, east
	wantPasses := []int{0, 3, 4, 4, 0}                        // 10 to 12 April have files
	watch := coverage.Thermal([]coverage.Area{north}, periods, data, coverage.Config{})
	for i, c := range watch {
		if c.Cloud == nil || *c.Cloud < wantCloud[i]-6e-4 || *c.Cloud > wantCloud[i]+6e-4 {
			t.Errorf("%s: cloud %v, want %.3f", c.Period.From.Day(), c.Cloud, wantCloud[i])
		}
		if len(c.Passes) != wantPasses[i] {
			t.Errorf("%s: passes %+v, want %d", c.Period.From.Day(), c.Passes, wantPasses[i])
		}
		if wantPasses[i] == 0 && c.Share != 0 {
			t.Errorf("%s: share %v without a file", c.Period.From.Day(), c.Share)
		}
		t.Logf("%s: %d passes, cloud %.3f, share %.3f", c.Period.From.Day(), len(c.Passes), *c.Cloud, float64(c.Share))
	}
	for _, c := range watch {
		if c.Share >= 0.5 {
			t.Errorf("%s: share %v under mostly covered sky and one satellite", c.Period.From.Day(), c.Share)
		}
	}
}
