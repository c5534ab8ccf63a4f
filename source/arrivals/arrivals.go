// Package arrivals reads the tables of a field of ears: sensors.csv with its places and
// arrivals.csv with what each of them heard and when.
//
// It never associates or locates anything, opens no file, and never fails for a row: one
// that cannot be used is named with its line and how to mend it, and left out.
//
// Read limits.go for the bounds, ReadSensors and Reader for the two tables, weather.go for the
// weather between them, decisions.go for what people decided of arrivals, when.go for the times, observe.go for the same tables as observations.
package arrivals

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
)

// Phase is how an arrival travelled.
type Phase uint8

// The phases.
const (
	Acoustic Phase = iota + 1
	P
	S
)

// Sensor is a row of sensors.csv.
type Sensor struct {
	ID   string
	At   geo.Point
	Elev geo.Metres
}

// Arrival is a row of arrivals.csv.
type Arrival struct {
	ID           string
	Sensor       int32 // index of the sensors
	Phase        Phase
	Time         truce.Instant
	Sigma        float64     // s; 0: not stated
	Azimuth      geo.Degrees // from the sensor to the source, in [0, 360)
	AzimuthSigma geo.Degrees // 0: no azimuth
	Amplitude    float64     // 0: none
}

// RowError says why one row is left out. Reading goes on with the next.
type RowError struct {
	Line   int
	Kind   string // a few words that many rows have in common
	Reason string // with what stood there and how to mend it
}

// Error names the line before the reason; a row that was found out later has none.
func (e *RowError) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
}

// Rejects are the rows that were left out.
type Rejects struct {
	Rows  int
	Kinds map[string]int // how many of each kind
	Named []RowError     // the first maxNamed
}

// maxNamed is how many rows are kept in words; the others are counted.
const maxNamed = 10

// Add counts a row that was left out.
func (r *Rejects) Add(e *RowError) {
	r.Rows++
	if r.Kinds == nil {
		r.Kinds = map[string]int{}
	}
	r.Kinds[e.Kind]++
	if len(r.Named) < maxNamed {
		r.Named = append(r.Named, *e)
	}
}

// table is a CSV whose columns are found by name.
type table struct {
	csv     *bounded.CSV
	plain   *plainText // read in the place of csv, if there is one
	base    int        // lines before those that csv counts
	columns int
	fields  [][]byte
	minute  minute
}

// column is one that a table may have.
type column struct {
	name     string
	at       *int // where it stands, -1: nowhere
	optional bool
}

// csvLimits bound a row.
var csvLimits = bounded.CSVLimits{Row: maxRow, Field: maxRow}

// open reads the header.
func open(src io.Reader, shape string, columns []column) (*table, error) {
	t := &table{csv: bounded.NewCSV(src, csvLimits)}
	header, err := t.csv.Header()
	if err == io.EOF {
		return nil, truce.Errorf(truce.CodeInvalid, "the file is empty: begin it with the line %s", shape)
	}
	if err != nil {
		return nil, unreadable(err)
	}
	t.columns = len(header)
	for _, c := range columns {
		*c.at = -1
		for i, name := range header {
			if string(bytes.TrimSpace(name)) != c.name {
				continue
			}
			if *c.at >= 0 {
				return nil, truce.Errorf(truce.CodeInvalid, "line 1: the header has two columns %s: rename one", c.name)
			}
			*c.at = i
		}
		if *c.at < 0 && !c.optional {
			return nil, truce.Errorf(truce.CodeInvalid, "line 1: the header has no column %s: write %s", c.name, shape)
		}
	}
	return t, nil
}

// rows reads a table to its end: what can be used of it, at most so many, and the rest counted.
func rows[T any](t *table, most int, what string, read func() (T, error)) ([]T, Rejects, error) {
	var out []T
	var rejects Rejects
	for {
		row, err := read()
		var bad *RowError
		switch {
		case errors.As(err, &bad):
			rejects.Add(bad)
		case err == io.EOF:
			return out, rejects, nil
		case err != nil:
			return nil, rejects, err
		case len(out) == most:
			return nil, rejects, truce.Errorf(truce.CodeTooLarge, "line %d: more than %d %s", t.line(), most, what)
		default:
			out = append(out, row)
		}
	}
}

// next reads a row; a *RowError concerns only that one.
func (t *table) next() error {
	fields, err := t.read()
	if err != nil {
		var row *bounded.RowError
		if errors.As(err, &row) {
			return &RowError{Line: t.base + row.Line, Kind: "not a row of a table", Reason: row.Reason}
		}
		return err
	}
	if len(fields) != t.columns {
		return t.refuse("wrong number of columns", "%d columns, the header has %d", len(fields), t.columns)
	}
	t.fields = fields
	return nil
}

func (t *table) read() ([][]byte, error) {
	if t.plain != nil {
		return t.plain.read()
	}
	return t.csv.Read()
}

// line is that of the latest row.
func (t *table) line() int {
	if t.plain != nil {
		return t.base + t.plain.line
	}
	return t.base + t.csv.Line()
}

func (t *table) refuse(kind, format string, args ...any) error {
	return &RowError{Line: t.line(), Kind: kind, Reason: fmt.Sprintf(format, args...)}
}

// field is a column's text, nothing where there is no such column.
func (t *table) field(at int) []byte {
	if at < 0 {
		return nil
	}
	return trim(t.fields[at])
}

// trim cuts blanks off, quickly where there are none.
func trim(field []byte) []byte {
	if n := len(field); n == 0 || field[0] > ' ' && field[n-1] > ' ' && field[n-1] < 0x80 && field[0] < 0x80 {
		return field
	}
	return bytes.TrimSpace(field)
}

// id reads an id column.
func (t *table) id(at int, name string) ([]byte, error) {
	id := t.field(at)
	switch {
	case len(id) == 0:
		return nil, t.refuse("no id", "%s is empty: give every row an id of its own", name)
	case len(id) > MaxIDBytes:
		return nil, t.refuse("id too long", "%s %.20q… has %d bytes, the bound is %d", name, id, len(id), MaxIDBytes)
	}
	return id, nil
}

// number reads a column within bounds; an empty one is 0 and not there.
func (t *table) number(at int, name, unit string, low, high float64) (x float64, there bool, err error) {
	text := t.field(at)
	if len(text) == 0 {
		return 0, false, nil
	}
	if x, ok := decimal(text); ok && x >= low && x <= high {
		return x, true, nil
	}
	return 0, false, t.refuse("bad "+name, "%s %.40q is no number of %s from %g to %g", name, text, unit, low, high)
}

// decimal reads a finite decimal number, no other of the forms that Go knows.
func decimal(text []byte) (float64, bool) {
	if bytes.ContainsAny(text, "xX_pP") {
		return 0, false
	}
	x, err := strconv.ParseFloat(string(text), 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// unreadable gives a header that is none the code of what cannot be read.
func unreadable(err error) error {
	var row *bounded.RowError
	if errors.As(err, &row) {
		return truce.Errorf(truce.CodeInvalid, "%w", err)
	}
	return err
}
