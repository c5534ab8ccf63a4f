package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
)

func sampleListing() listing {
	return listing{
		Columns: []string{"number", "place", "p", "r90_m"},
		Rows: [][]string{
			{"2031-1", "Kelvost", "0.90", "236"},
			{"2031-2", "=cmd|' /C calc'!A0", "0.50", ""},
		},
		Objects: []string{"a", "b"},
		Places:  []*geo.Position{{Point: geo.Point{Lat: -47.9, Lon: -21.6}}, nil},
		Note:    "2 incidents",
	}
}

func printed(t *testing.T, l listing, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := l.print(&out, format); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestListingInEveryForm(t *testing.T) {
	want := map[string]string{
		"table": "NUMBER  PLACE               P     R90_M\n" +
			"2031-1  Kelvost             0.90  236\n" +
			"2031-2  =cmd|' /C calc'!A0  0.50  \n2 incidents\n",
		"json": "[\n  \"a\",\n  \"b\"\n]\n",
		"csv":  "number,place,p,r90_m\n2031-1,Kelvost,0.90,236\n2031-2,'=cmd|' /C calc'!A0,0.50,\n",
		"geojson": `{"type":"FeatureCollection","features":[` +
			`{"type":"Feature","geometry":{"type":"Point","coordinates":[-21.6,-47.9]},"properties":{"number":"2031-1","p":0.90,"place":"Kelvost","r90_m":236}},` +
			`{"type":"Feature","geometry":null,"properties":{"number":"2031-2","p":0.50,"place":"=cmd|' /C calc'!A0","r90_m":null}}]}` + "\n",
	}
	for _, format := range listFormats {
		if got := printed(t, sampleListing(), format); got != want[format] {
			t.Errorf("%s:\n%s\nwant:\n%s", format, got, want[format])
		}
	}
	if err := sampleListing().print(&bytes.Buffer{}, "xml"); err == nil {
		t.Error("an unknown form was printed")
	}
}

// TestCellsForSpreadsheets: no cell begins as a formula does, and every cell can be had
// back; numbers stay numbers.
func TestCellsForSpreadsheets(t *testing.T) {
	cases := map[string]string{
		"":                     "",
		"Kelvost":              "Kelvost",
		"-47.90400":            "-47.90400",
		"-":                    "-",
		"=1+1":                 "'=1+1",
		"+1":                   "'+1",
		"@SUM(A1)":             "'@SUM(A1)",
		"-1+cmd|' /C calc'!A0": "'-1+cmd|' /C calc'!A0",
		"\t=1":                 "'\t=1",
		"\r=1":                 "'\r=1",
		"\n=1":                 "'\n=1",
		"Привіт":               "Привіт",
	}
	for cell, want := range cases {
		if got := neutralCell(cell); got != want {
			t.Errorf("%q became %q, want %q", cell, got, want)
		}
	}
}

func TestCSVHoldsWhatOutsideTextHolds(t *testing.T) {
	awkward := "a \"quoted\" text, with\na line and ; and ,"
	l := listing{Columns: []string{"text"}, Rows: [][]string{{awkward}}}
	rows, err := csv.NewReader(strings.NewReader(printed(t, l, "csv"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != awkward {
		t.Errorf("read back as %q: %v", rows, err)
	}
}

// TestTableKeepsOutsideTextInItsCell: no control character moves the cursor, no tab and
// no line end breaks the table, no mark turns the direction of writing.
func TestTableKeepsOutsideTextInItsCell(t *testing.T) {
	l := listing{Columns: []string{"place"}, Rows: [][]string{{"a\x1b[2J\tb\nc\u009b31m\u202edrow"}}}
	got := printed(t, l, "table")
	if strings.ContainsAny(got, "\x1b\t\u009b\u202e\r") || strings.Count(got, "\n") != 2 {
		t.Errorf("printed %q", got)
	}
	mustHold(t, got, "a [2J b c 31m drow")
}

func TestGeoJSONOfNothingIsACollection(t *testing.T) {
	var parsed struct {
		Type     string
		Features []any
	}
	text := printed(t, listing{Columns: []string{"number"}}, "geojson")
	if err := json.Unmarshal([]byte(text), &parsed); err != nil || parsed.Type != "FeatureCollection" || parsed.Features == nil {
		t.Errorf("%s: %v", text, err)
	}
}

// fullDisk refuses every byte.
type fullDisk struct{}

var errFull = errors.New("no space left")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestListingTellsThatItWasNotWritten(t *testing.T) {
	for _, format := range listFormats {
		if err := sampleListing().print(fullDisk{}, format); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", format, err)
		}
	}
}
