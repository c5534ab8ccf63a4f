package bounded

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// rowsOf reads everything: rows as text, refusals as "line: reason".
func rowsOf(t *testing.T, src io.Reader, lim CSVLimits) (rows [][]string, refused []string) {
	t.Helper()
	c := NewCSV(src, lim)
	for {
		fields, err := c.Read()
		var bad *RowError
		switch {
		case errors.Is(err, io.EOF):
			return rows, refused
		case errors.As(err, &bad):
			refused = append(refused, bad.Error())
		case err != nil:
			t.Fatal(err)
		default:
			row := make([]string, len(fields))
			for i, f := range fields {
				row[i] = string(f)
			}
			rows = append(rows, row)
		}
	}
}

func TestCSVReadsRows(t *testing.T) {
	cases := []struct {
		name, in string
		want     [][]string
	}{
		{"plain", "a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}},
		{"no final line feed", "a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}},
		{"CRLF and byte order mark", "\xef\xbb\xbfa,b\r\n1,2\r\n", [][]string{{"a", "b"}, {"1", "2"}}},
		{"empty fields", ",\n,,\n", [][]string{{"", ""}, {"", "", ""}}},
		{"empty lines skipped", "\na\n\r\n\nb\n", [][]string{{"a"}, {"b"}}},
		{"quotes", "\"a,b\",\"say \"\"no\"\"\",\"\"\n", [][]string{{"a,b", `say "no"`, ""}}},
		{"line feed in quotes", "\"one\ntwo\",x\ny\n", [][]string{{"one\ntwo", "x"}, {"y"}}},
		{"CRLF behind a quote", "\"a\",\"b\"\r\n\"c\"\r\n", [][]string{{"a", "b"}, {"c"}}},
		{"CRLF behind a plain field of a quoted row", "\"a\",b\r\n", [][]string{{"a", "b"}}},
		{"quote inside a plain field is a letter", "5\" gun,x\n", [][]string{{`5" gun`, "x"}}},
		{"mark alone", "\xef\xbb\xbf", nil},
		{"nothing", "", nil},
	}
	for _, c := range cases {
		for _, src := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in))} {
			rows, refused := rowsOf(t, src, CSVLimits{})
			if !reflect.DeepEqual(rows, c.want) || refused != nil {
				t.Errorf("%s: got %q refused %q, want %q", c.name, rows, refused, c.want)
			}
		}
	}
}

func TestCSVGivesUpOneRowAndGoesOn(t *testing.T) {
	small := CSVLimits{Row: 40, Field: 20, Columns: 3, Lines: 3}
	cases := []struct {
		name, in, reason string
		rows             int
	}{
		{"quote never closed", "a,\"b\nc,d\ne,f\n", "line 1: a quote is opened", 2},
		{"quote over too many lines", "\"1\n2\n3\n4\"\nz\n", "line 1: a quote is opened", 4},
		{"text behind a quote", "\"a\"b,c\nd\n", "line 1: field 1 goes on behind its closing quote", 1},
		{"row over the bound", strings.Repeat("x", 41) + "\nok\n", "line 1: the row is over the bound of 40 bytes", 1},
		{"last row over the bound", "ok\n" + strings.Repeat("x,", 50), "line 2: the row is over the bound of 40 bytes", 1},
		{"field over the bound", strings.Repeat("x", 21) + "\nok\n", "line 1: field 1 has 21 bytes, the bound is 20", 1},
		{"quoted field over the bound", "a,\"" + strings.Repeat("x", 21) + "\"\nok\n", "line 1: field 2 is over the bound of 20 bytes", 1},
		{"columns over the bound", "1,2,3,4\nok\n", "line 1: more than 3 columns", 1},
		{"quoted columns over the bound", "\"1\",2,3,4\nok\n", "line 1: more than 3 columns", 1},
		{"quoted row over the bound", "\"" + strings.Repeat("x\n", 30) + "\"", "line 1: a quote is opened", 29},
	}
	for _, c := range cases {
		rows, refused := rowsOf(t, strings.NewReader(c.in), small)
		if len(refused) == 0 || !strings.HasPrefix(refused[0], c.reason) {
			t.Errorf("%s: refused %q, want %q first", c.name, refused, c.reason)
		}
		if len(rows) != c.rows {
			t.Errorf("%s: %d rows %q, want %d", c.name, len(rows), rows, c.rows)
		}
	}
}

func TestCSVTakesWhatIsOnTheBound(t *testing.T) {
	lim := CSVLimits{Row: 40, Field: 20, Columns: 3, Lines: 3}
	for _, in := range []string{
		strings.Repeat("x", 20), strings.Repeat("x", 20) + "," + strings.Repeat("y", 19),
		"1,2,3", "\"1\n2\n3\"", "\"" + strings.Repeat("x", 20) + "\"",
	} {
		rows, refused := rowsOf(t, strings.NewReader(in+"\n"), lim)
		if len(rows) != 1 || refused != nil {
			t.Errorf("%q: got %q, refused %q", in, rows, refused)
		}
	}
}

func TestCSVSaysWhereARowStood(t *testing.T) {
	c := NewCSV(strings.NewReader("h\n\n\"a\nb\",c\r\nd\n"), CSVLimits{})
	want := []struct {
		line int
		raw  string
	}{{1, "h"}, {3, "\"a\nb\",c"}, {5, "d"}}
	for _, w := range want {
		if _, err := c.Read(); err != nil {
			t.Fatal(err)
		}
		if c.Line() != w.line || string(c.Raw()) != w.raw {
			t.Errorf("line %d raw %q, want %d %q", c.Line(), c.Raw(), w.line, w.raw)
		}
	}
}

func TestCSVPassesOnAFailureOfItsSource(t *testing.T) {
	broken := errors.New("link down")
	for _, in := range []string{"a,b\n1,", "a,b\n\"1", "a,b\n" + strings.Repeat("x", MaxRow+9)} {
		c := NewCSV(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken)), CSVLimits{})
		if _, err := c.Read(); err != nil {
			t.Fatal(err)
		}
		var err error
		for range 3 {
			if _, err = c.Read(); errors.Is(err, broken) {
				break
			}
		}
		if !errors.Is(err, broken) {
			t.Errorf("%.20q: got %v, want the failure and no cut row", in, err)
		}
	}
}

func TestCSVHoldsLittle(t *testing.T) {
	endless := io.LimitReader(repeat("x"), 64<<20)
	c := NewCSV(endless, CSVLimits{Row: 1 << 10})
	var bad *RowError
	if _, err := c.Read(); !errors.As(err, &bad) {
		t.Fatalf("got %v, want a refused row", err)
	}
	if len(c.buf) > 4<<10 {
		t.Errorf("the buffer grew to %d bytes for rows of 1 KiB", len(c.buf))
	}
}

// repeat is an endless text.
type repeat string

func (r repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r[i%len(r)]
	}
	return len(p), nil
}

// TestCSVQuotesCostNoMoreThanTheirLines: lines that each open a quote must not make the
// reader scan the rest of the file for each.
func TestCSVQuotesCostNoMoreThanTheirLines(t *testing.T) {
	const lines = 20_000
	for _, line := range []string{"\"\n", "a,\"b\n", "\"\",\"\n", "x\"\"\"\n"} {
		rows, refused := rowsOf(t, strings.NewReader(strings.Repeat(line, lines)), CSVLimits{})
		if len(rows)+len(refused) == 0 {
			t.Errorf("%q: nothing came out", line)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"b\",c\r\n", "\"open\nx,y\n", "\xef\xbb\xbfa\n", "\x00,\xff\n", "a\"b\n", "\"\n\"\n\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		lim := CSVLimits{Row: 64, Field: 32, Columns: 4, Lines: 3}
		whole, refused := rowsOf(t, bytes.NewReader(in), lim)
		again, refusedAgain := rowsOf(t, iotest.OneByteReader(bytes.NewReader(in)), lim)
		if !reflect.DeepEqual(whole, again) || !reflect.DeepEqual(refused, refusedAgain) {
			t.Fatalf("read at once %q %q, byte by byte %q %q", whole, refused, again, refusedAgain)
		}
		for _, row := range whole {
			checkRow(t, row, lim)
		}
		agreesWithStandard(t, in)
	})
}

func checkRow(t *testing.T, row []string, lim CSVLimits) {
	t.Helper()
	if len(row) == 0 || len(row) > lim.Columns {
		t.Fatalf("row of %d columns", len(row))
	}
	for _, field := range row {
		if len(field) > lim.Field {
			t.Fatalf("field of %d bytes", len(field))
		}
	}
}

// agreesWithStandard: where the standard library reads the text, so do we, alike.
func agreesWithStandard(t *testing.T, in []byte) {
	t.Helper()
	if bytes.Contains(in, []byte("\r")) || bytes.HasPrefix(in, []byte("\xef\xbb\xbf")) {
		return // it folds CR LF inside quotes and keeps the mark
	}
	std := csv.NewReader(bytes.NewReader(in))
	std.FieldsPerRecord = -1
	want, err := std.ReadAll()
	if err != nil {
		return
	}
	got, refused := rowsOf(t, bytes.NewReader(in), CSVLimits{})
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) || refused != nil {
		t.Fatalf("%q: got %q refused %q, encoding/csv reads %q", in, got, refused, want)
	}
}
