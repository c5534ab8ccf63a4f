package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/fence"
)

// squares are two zones side by side that share the edge at longitude 31.
const squares = `{"type":"FeatureCollection","features":[
{"type":"Feature","id":"A, west","properties":{},"geometry":{"type":"Polygon","coordinates":[[[30,48],[31,48],[31,49],[30,49],[30,48]]]}},
{"type":"Feature","id":"B","properties":{},"geometry":{"type":"Polygon","coordinates":[[[31,48],[32,48],[32,49],[31,49],[31,48]]]}}]}`

// echo answers each point with its id and sigma.
type echo struct{}

func (echo) answer(out []byte, p *fencePoint) ([]byte, int) {
	return fmt.Appendf(out, "%s|%v|%v|%v\n", p.id, p.at.Lat, p.at.Lon, p.sigma), 1
}

func answered(t *testing.T, table string) (string, fencesDone, error) {
	t.Helper()
	var out bytes.Buffer
	done, err := answerPoints(t.Context(), iotest.HalfReader(strings.NewReader(table)), &out, func() asking { return echo{} })
	return out.String(), done, err
}

func TestPointTables(t *testing.T) {
	for _, row := range []struct{ name, table, want, bad string }{
		{"plain", "id,time,lat,lon,sigma_m\na,,1,2,3\nb,,4,5,\n", "a|1|2|3\nb|4|5|0\n", ""},
		{"no end of the last line", "id,lat,lon\na,1,2", "a|1|2|0\n", ""},
		{"returns, a mark of order, an empty line", "\ufeffid,lat,lon\r\na,1,2\r\n\r\nb,3,4\r\n", "a|1|2|0\nb|3|4|0\n", ""},
		{"columns in another order", "sigma_m, lon ,note,lat,id\n7,2,x,1,a\n", "a|1|2|7\n", ""},
		{"quoted", "id,lat,lon\n\"a,\"\"b\"\"\nc\",\"1\",2\nd,3,4\n", "a,\"b\"\nc|1|2|0\nd|3|4|0\n", ""},
		{"a mark within a field", "id,lat,lon\n5\"gun,1,2\na\"\"b,3,4\nc,5,6\n", "5\"gun|1|2|0\na\"\"b|3|4|0\nc|5|6|0\n", ""},
		{"spaces around numbers", "id,lat,lon\na, 1 ,2\t\n", "a|1|2|0\n", ""},
		{"only a header", "id,lat,lon", "", ""},
		{"bad numbers", "id,lat,lon\na,x,2\nb,1,2\nc,1,181\nd,NaN,2\ne,0x1p3,2\nf,,2\n", "b|1|2|0\n",
			`2: lat "x" is not a latitude in degrees, -90 to 90;4: lon "181" is not a longitude in degrees, -180 to 180;5: lat "NaN" is not;6: lat "0x1p3" is not;7: lat "" is not`},
		{"bad uncertainty", "id,lat,lon,sigma_m\na,1,2,-1\nb,1,2,inf\nc,1,2,1e9\n", "", `2: sigma_m "-1" is not a length in metres;3: sigma_m "inf";4: sigma_m "1e9"`},
		{"bad rows", "id,lat,lon\na,1\n,1,2\n\"a\"b,1,2\nc,1,2,3\n", "", "2: 2 columns, the header has 3;3: id is empty;4: a quoted field does not end;5: 4 columns"},
		{"lines are counted within quotes", "id,lat,lon\n\"a\n\n\",1,2\nb,x,2\n", "a\n\n|1|2|0\n", "5: lat"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, done, err := answered(t, row.table)
			if err != nil || out != row.want {
				t.Errorf("got %q, %v, want %q", out, err, row.want)
			}
			var bad []string
			for _, b := range done.named {
				bad = append(bad, fmt.Sprintf("%d: %s", b.line, b.reason))
			}
			wanted := strings.Split(row.bad, ";")
			if row.bad == "" {
				wanted = nil
			}
			if len(bad) != len(wanted) || done.bad != len(bad) || done.points != strings.Count(row.want, "|0\n")+strings.Count(row.want, "|3\n")+strings.Count(row.want, "|7\n") {
				t.Fatalf("done %+v, want %q", done, wanted)
			}
			for i := range bad {
				if !strings.HasPrefix(bad[i], wanted[i]) {
					t.Errorf("bad row %q, want %q", bad[i], wanted[i])
				}
			}
		})
	}
}

func TestPointTablesThatAreNone(t *testing.T) {
	for table, want := range map[string]string{
		"":                 "the header has no column id",
		"a,1,2\n":          "the header has no column id",
		"id,lat\n":         "the header has no column lon",
		"id,lat,lon,lat\n": "two columns lat",
		"id,lat,lon\na,1,2\n\"b,1,2\n" + strings.Repeat("c,1,2\n", 100_000): "line 3: a row of more than 64 KiB",
		"id,lat,lon\n" + strings.Repeat("x", 400_000):                       "line 2: a row of more than 64 KiB",
	} {
		if _, _, err := answered(t, table); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v, want %q", table, err, want)
		}
	}
}

// TestPointTablesMatchTheLibrary reads tables of many chunks and holds rows, order and line
// numbers to encoding/csv.
func TestPointTablesMatchTheLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	var table bytes.Buffer
	table.WriteString("id,time,lat,lon\n")
	for i := range 40_000 {
		id := fmt.Sprintf("P%d", i)
		switch random.IntN(6) {
		case 0:
			id = fmt.Sprintf("\"P,%d\"\"\n%s\"", i, strings.Repeat("é", random.IntN(40)))
		case 1:
			id = ""
		}
		fmt.Fprintf(&table, "%s,2026-04-11,%v,%v\n", id, 90*random.Float64(), 180*random.Float64())
	}
	out, done, err := answered(t, table.String())
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	var bad []badFenceRow
	r := csv.NewReader(&table)
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		line, _ := r.FieldPos(0)
		switch {
		case first:
		case row[0] == "":
			bad = append(bad, badFenceRow{line, "id is empty"})
		default:
			fmt.Fprintf(&want, "%s|%s|%s|0\n", row[0], row[2], row[3])
		}
	}
	if out != want.String() {
		t.Errorf("%d bytes of answers, want %d", len(out), want.Len())
	}
	if done.bad != len(bad) || fmt.Sprint(done.named) != fmt.Sprint(bad[:fenceNamed]) {
		t.Errorf("%d bad rows, want %d; first %v, want %v", done.bad, len(bad), done.named[:3], bad[:3])
	}
}

// FuzzPointTables holds that no table upsets the reader, that every row is answered or
// counted as bad, and that what an answer quotes is read back the same.
func FuzzPointTables(f *testing.F) {
	for _, table := range []string{"id,lat,lon\na,1,2\n", "id,lat,lon\n\"a\"\"\n,\",1,2\r\n", "id,lat,lon\n\"", "id,lat,lon\n\n\"a\"b,\"\",\n", "\ufeffid,lat,lon\n5\"\"x,1,2"} {
		f.Add(table)
	}
	f.Fuzz(func(t *testing.T, table string) {
		var out bytes.Buffer
		done, err := answerPoints(t.Context(), strings.NewReader(table), &out, func() asking { return lineAsking{fuzzLine} })
		if err != nil {
			return
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(rows) != done.points {
			t.Errorf("%d rows read back of %d, %v", len(rows), done.points, err)
		}
		if len(done.named) != min(done.bad, fenceNamed) {
			t.Errorf("%d bad rows, %d named", done.bad, len(done.named))
		}
	})
}

var fuzzLine, _ = fence.NewLine("L", []geo.Point{{Lat: 48, Lon: 30}, {Lat: 48, Lon: 31}})

func TestChancesAreWritten(t *testing.T) {
	for p, want := range map[float64]string{1: "1", .9999996: "1", .999999: "0.999999", .5: "0.500000", .0010004: "0.001000", .123456789: "0.123457"} {
		if got := string(appendChance([]byte("x"), p)); got != "x"+want {
			t.Errorf("%v is written %s, want %s", p, got[1:], want)
		}
	}
}

// TestFenceIDsAreNeutral: no id begins as a formula does, whatever must be quoted besides.
func TestFenceIDsAreNeutral(t *testing.T) {
	for _, id := range []string{"=cmd", "=1,2", "+x", "-x", "@x", "\tx", "\r\nx", "=\"q\"", "-12.5", "plain", "x=1", "é", "'=x", "0"} {
		row, err := csv.NewReader(bytes.NewReader(append(appendCell(nil, []byte(id)), ",1\n"...))).Read()
		want := strings.ReplaceAll(neutralCell(id), "\r\n", "\n") // as the library reads it
		if err != nil || row[0] != want {
			t.Errorf("%q is read back as %q, %v, want %q", id, row, err, want)
		}
	}
	p := newProgram(t)
	zones := p.write(t, "zones.geojson", strings.Replace(squares, "A, west", "=west", 1))
	p.in = "id,lat,lon\n=cmd,48.5,30.5\n"
	if out := p.good(t, "fences", "--zones", zones, "--points", "-", "--out", "-"); out != "point,zone,probability\n'=cmd,'=west,1\n" {
		t.Errorf("got %q", out)
	}
}

func TestFencesOfStandardInput(t *testing.T) {
	p := newProgram(t)
	zones := p.write(t, "zones.geojson", squares)
	p.in = "id,lat,lon,sigma_m\nedge,48.5,31,\nout,47,31,\nnear,48.5,30.9999,100\n"
	out := p.good(t, "fences", "--zones", zones, "--points", "-", "--out", "-")
	want := "point,zone,probability\nedge,\"A, west\",1\nedge,B,1\nnear,\"A, west\",0.5"
	if !strings.HasPrefix(out, want) {
		t.Errorf("got %q, want %q", out, want)
	}
	if said := p.bad(t, "fences", "--zones", "-", "--points", "-", "--out", "-"); !strings.Contains(said, "only one file can be standard input") {
		t.Errorf("both from standard input: %s", said)
	}
}

// TestFencesLeaveNoHalfFile stops the command in the middle: what was there before stays.
func TestFencesLeaveNoHalfFile(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out.csv")
	if err := os.WriteFile(out, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &cli{in: io.MultiReader(strings.NewReader("id,lat,lon\na,1,2\n"), iotest.ErrReader(errors.New("the line broke"))), out: io.Discard, err: io.Discard}
	zones := filepath.Join(dir, "zones.geojson")
	if err := os.WriteFile(zones, []byte(squares), 0o600); err != nil {
		t.Fatal(err)
	}
	err := c.runFences(t.Context(), fencesOptions{zones: zones, points: "-", out: out})
	if err == nil || !strings.Contains(err.Error(), "the line broke") {
		t.Errorf("a broken line gives %v", err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".*"))
	if data, err := os.ReadFile(out); string(data) != "before" || err != nil || len(left) != 0 {
		t.Errorf("out.csv holds %q, %v; left over: %v", data, err, left)
	}
}

// failing is a disk that is full.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestFencesStopWhenNothingCanBeWritten(t *testing.T) {
	table := "id,lat,lon\n" + strings.Repeat("a,1,2\n", 500_000)
	_, err := answerPoints(context.Background(), strings.NewReader(table), failing{}, func() asking { return echo{} })
	if err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("a full disk gives %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := answerPoints(ctx, strings.NewReader(table), io.Discard, func() asking { return echo{} }); !errors.Is(err, context.Canceled) {
		t.Errorf("an interruption gives %v", err)
	}
}
