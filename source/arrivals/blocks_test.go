package arrivals_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/trucewatch/truce/source/arrivals"
)

// longTable has more rows than a block holds, some that cannot be used among them.
func longTable(rows int, quoteAt int) string {
	var text strings.Builder
	text.WriteString("\xef\xbb\xbf\n" + arrivals.ArrivalsShape + "\r\n")
	for i := range rows {
		switch {
		case i == quoteAt:
			text.WriteString("\"a \"\"quoted\"\"\nid\",south,2031-03-03T00:00:01Z,P,,,,\n")
		case i%977 == 976:
			fmt.Fprintf(&text, "a%d,north,2031-03-03T00:00:01Z,S,0.5,,,\n", i/2) // that was there before
		case i%701 == 700:
			fmt.Fprintf(&text, "a%d,west,2031-03-03T00:00:01Z,S,,,,\n", i)
		case i%7001 == 7000:
			fmt.Fprintf(&text, "a%d,south,2031-03-03T00:00:01Z,P,%s\r\n", i, strings.Repeat(string(" ,"[i/7001%2]), 66_000))
		case i%503 == 502:
			text.WriteString("\r\n")
		default:
			fmt.Fprintf(&text, "a%d,south,2031-03-03T00:%02d:01.25Z,%s\n", i, i/40%60, [...]string{"acoustic,,12.5,,", "P,,,,", "S,,,,\r"}[i%3])
		}
	}
	return text.String()
}

// rowByRow reads a table as a stream is read.
func rowByRow(t *testing.T, src io.Reader, sensors []arrivals.Sensor) (list []arrivals.Arrival, rejects arrivals.Rejects, err error) {
	t.Helper()
	r, err := arrivals.NewReader(src, sensors)
	if err != nil {
		t.Fatal(err)
	}
	for {
		a, err := r.Next()
		var row *arrivals.RowError
		switch {
		case err == nil:
			list = append(list, a)
		case errors.As(err, &row):
			rejects.Add(row)
		case err == io.EOF:
			return list, rejects, nil
		default:
			return list, rejects, err
		}
	}
}

// TestBlocksReadAsRowByRow holds the table read in blocks against the same one read as a stream:
// rows, rejects and their lines, with a quoted line end early, late and nowhere.
func TestBlocksReadAsRowByRow(t *testing.T) {
	sensors, _ := sensorsOf(t, twoSensors)
	for _, quoteAt := range []int{-1, 3, 29_000} {
		text := longTable(30_000, quoteAt)
		for name, cut := range map[string]string{"whole": text, "without the last line end": strings.TrimRight(text, "\r\n"), "header alone": text[:strings.Index(text, "\r")]} {
			want, wantOut, _ := rowByRow(t, strings.NewReader(cut), sensors)
			got, out, err := arrivals.Read(iotest.HalfReader(strings.NewReader(cut)), sensors, 0)
			if err != nil || len(got) != len(want) || fmt.Sprint(out) != fmt.Sprint(wantOut) {
				t.Fatalf("quote at %d, %s: %d rows, %v, %v; want %d, %v", quoteAt, name, len(got), out, err, len(want), wantOut)
			}
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("quote at %d, %s: row %d is %v, want %v", quoteAt, name, i, got[i], want[i])
				}
			}
		}
	}
}

// cutOff ends as gzip does that was cut off.
type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestBlocksEndWithTheirSource(t *testing.T) {
	sensors, _ := sensorsOf(t, twoSensors)
	text := longTable(20_000, -1)
	torn := text[:len(text)-30]
	got, _, err := arrivals.Read(io.MultiReader(strings.NewReader(torn), failing{}), sensors, 0)
	want, _, wantErr := rowByRow(t, io.MultiReader(strings.NewReader(torn), failing{}), sensors)
	if !errors.Is(err, errTorn) || !errors.Is(wantErr, errTorn) || len(got) != len(want) {
		t.Errorf("%d rows and %v, want %d and %v", len(got), err, len(want), wantErr)
	}
	// A file that was cut off while it was copied ends so, and not as a table does.
	if _, _, err := arrivals.Read(io.MultiReader(strings.NewReader(torn), cutOff{}), sensors, 0); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a gzip that ends in its middle: %v", err)
	}
	r, err := arrivals.NewReader(strings.NewReader(text), sensors)
	if err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	n := 0
	if _, err := r.Each(func(*arrivals.Arrival) error {
		if n++; n == 5000 {
			return enough
		}
		return nil
	}); err != enough || n != 5000 {
		t.Errorf("%d rows and %v after enough was said", n, err)
	}
}
