package plots

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

const header = Shape + "\n"

func TestRows(t *testing.T) {
	r, err := NewReader(strings.NewReader("\ufefflon, lat ,time,note,scan,plot,sigma_m,alt_m\r\n" +
		"-21.6,-47.9,2031-03-03T06:00:00.25Z,\"a, b\",1,p1,20,120.5\n" +
		"-21.5,-47.8,2031-03-03T08:00:01+02:00,,2,p1,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	var at truce.Instant
	if err := at.UnmarshalText([]byte("2031-03-03T06:00:00.25Z")); err != nil {
		t.Fatal(err)
	}
	for i, want := range []Plot{
		{Scan: "1", Time: at, ID: "p1", At: geo.Point{Lat: -47.9, Lon: -21.6}, Altitude: 120.5, High: true, Sigma: 20},
		{Scan: "2", Time: at + 750_000, ID: "p1", At: geo.Point{Lat: -47.8, Lon: -21.5}},
	} {
		if got, err := r.Next(); err != nil || got != want {
			t.Errorf("row %d: %+v, %v; want %+v", i, got, err, want)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("behind the end: %v", err)
	}
}

// TestBadRows are named with line and column, and reading goes on.
func TestBadRows(t *testing.T) {
	good := "1,2031-03-03T06:00:00Z,p9,1,2,,\n"
	for _, test := range []struct{ row, kind, want string }{
		{"1,2031-03-03T06:00:00Z,p1,1,2,", "wrong number of columns", "6 columns, the header has 7"},
		{"1,06:00,p1,1,2,,", "bad time", `time "06:00" is not RFC 3339`},
		{"1,,p1,1,2,,", "bad time", `time ""`},
		{"1,1970-01-01T00:00:00Z,p1,1,2,,", "time out of range", "set the clock"},
		{"1,2031-03-03T06:00:00Z,p1,90.1,2,,", "bad lat", `lat "90.1" is no number of degrees from -90 to 90`},
		{"1,2031-03-03T06:00:00Z,p1,1,NaN,,", "bad lon", `lon "NaN"`},
		{"1,2031-03-03T06:00:00Z,p1,1,0x10p1,,", "bad lon", `lon "0x10p1"`},
		{"1,2031-03-03T06:00:00Z,p1,,2,,", "no place", "lat or lon is empty"},
		{"1,2031-03-03T06:00:00Z,p1,1,2,1e9,", "bad alt_m", `alt_m "1e9"`},
		{"1,2031-03-03T06:00:00Z,p1,1,2,,-1", "bad sigma_m", `sigma_m "-1"`},
		{"1,2031-03-03T06:00:00Z,p1,1,2,,Inf", "bad sigma_m", `sigma_m "Inf"`},
		{",2031-03-03T06:00:00Z,p1,1,2,,", "no scan", "scan is empty"},
		{"1,2031-03-03T06:00:00Z,p9,1,2,,", "duplicate plot", `plot "p9" stands twice in scan 1`},
		{strings.Repeat("1", 65) + ",2031-03-03T06:00:00Z,p1,1,2,,", "id too long", "more than 64 bytes"},
		{`1,2031-03-03T06:00:00Z,"p1"x,1,2,,`, "not a row of a table", "quote"},
	} {
		r, err := NewReader(strings.NewReader(header + good + test.row + "\n2" + good[1:]))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		_, err = r.Next()
		var row *RowError
		if !errors.As(err, &row) || row.Line != 3 || row.Kind != test.kind || !strings.Contains(row.Reason, test.want) {
			t.Errorf("%.60s: %v, want %s, %q", test.row, err, test.kind, test.want)
		}
		if p, err := r.Next(); err != nil || p.Scan != "2" {
			t.Errorf("behind %.60s: %+v, %v", test.row, p, err)
		}
	}
}

func TestBadHeaders(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "the file is empty",
		"scan,time,plot,lat\n":       "no column lon: write " + Shape,
		"scan,time,lat,lon,lat\n":    "two columns lat",
		"{\"type\":\"Feature\"}\n":   "no column scan",
		"scan;time;plot;lat;lon\n1;": "parted by semicolons",
	} {
		if _, err := NewReader(strings.NewReader(text)); err == nil || truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

// TestAFailingSource is no end.
func TestAFailingSource(t *testing.T) {
	broken := errors.New("the line was cut")
	r, err := NewReader(io.MultiReader(strings.NewReader(header+"1,2031-03-03T06:00:00Z,p,1,2,,\n"), failing{broken}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// FuzzReader: whatever comes, what is read is within its bounds, every row is a plot or a
// reason with its line, and lines only go forward.
func FuzzReader(f *testing.F) {
	f.Add(header + "1,2031-03-03T06:00:00Z,p1,-47.9,-21.6,100,20\n")
	f.Add(header + "1,2031-03-03T06:00:00Z,\"p\n1\",-47.9,-21.6,,\n,,,,,,\n")
	f.Add("scan,time,lat,lon\n1,2031-03-03T06:00:60Z,1e400,-0\n")
	f.Add("\ufeff" + Shape + "\r\n" + strings.Repeat("\"", 99))
	f.Add(manyHeader + "1,2031-03-03T06:00:00Z,,,,,,radar,primary,-47.9,-21.6,5000,25,41.5,.3,-12.5,2,,,\n1,2031-03-03T06:00:00Z,,1,2,,20,r,self,,,,,,,,,5,30,icao24:4ca1b2\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := NewReader(strings.NewReader(text))
		if err != nil {
			return
		}
		line := 1
		for {
			p, err := r.Next()
			var row *RowError
			switch {
			case err == io.EOF:
				return
			case errors.As(err, &row):
				if row.Line < line || row.Kind == "" || row.Reason == "" {
					t.Fatalf("after line %d: %+v", line, row)
				}
				line = row.Line
				continue
			case err != nil:
				t.Fatal(err)
			}
			bad := p.Scan == "" || !p.At.Valid() || p.Time < earliest || p.Time >= latest || !(p.Sigma >= 0 && p.Sigma <= MaxSigma) || !(math.Abs(float64(p.Altitude)) <= MaxAltitude)
			if m := p.More; m != nil {
				bad = bad || !m.Station.Valid() || m.Unplaced && m.Polar.BearingSigma == 0 || m.Minor > p.Sigma || (m.Identity.Scheme == "") != (m.Identity.Value == "")
			}
			if bad {
				t.Fatalf("read %+v", p)
			}
		}
	})
}

func BenchmarkReader(b *testing.B) {
	var text strings.Builder
	text.WriteString(header)
	for i := range 10_000 {
		fmt.Fprintf(&text, "%d,2031-03-03T06:00:%02d.000000Z,%d.%d,-47.9123456,-21.6543210,,20\n", i/200, i/200%60, i/200, i%200)
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		r, err := NewReader(strings.NewReader(text.String()))
		if err != nil {
			b.Fatal(err)
		}
		for err != io.EOF {
			if _, err = r.Next(); err != nil && err != io.EOF {
				b.Fatal(err)
			}
		}
	}
}
