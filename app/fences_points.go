package app

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

const (
	// fenceChunk is how much of a table of points one worker reads at a time.
	fenceChunk = 256 << 10

	// fenceRow bounds a row: longer than any of points, and short enough to see that a
	// quotation mark lacks its pair.
	fenceRow = 64 << 10

	// fenceNamed bounds the rows that are named when they cannot be read; the others are
	// counted.
	fenceNamed = 100

	// fenceSigma bounds an uncertainty, metres: half the way around the earth.
	fenceSigma = 20_000_000
)

// fencePoint is a row of the table. The id lives as long as the chunk.
type fencePoint struct {
	id    []byte
	at    geo.Point
	sigma geo.Metres
}

// fenceColumns are the places of the columns in a row.
type fenceColumns struct {
	all                 int
	id, lat, lon, sigma int
}

// fenceHeader finds the columns by name.
func fenceHeader(fields [][]byte) (fenceColumns, error) {
	var names []string
	for _, field := range fields {
		names = append(names, strings.TrimSpace(string(field)))
	}
	c := fenceColumns{all: len(names)}
	for _, want := range []struct {
		name string
		at   *int
	}{{"id", &c.id}, {"lat", &c.lat}, {"lon", &c.lon}, {"sigma_m", &c.sigma}} {
		*want.at = slices.Index(names, want.name)
		if *want.at < 0 && want.name != "sigma_m" {
			return c, truce.Errorf(truce.CodeInvalid, "line 1: the header has no column %s; write id,time,lat,lon,sigma_m, of which time and sigma_m may be left out", want.name)
		}
		if *want.at >= 0 && slices.Contains(names[*want.at+1:], want.name) {
			return c, truce.Errorf(truce.CodeInvalid, "line 1: the header has two columns %s: rename one", want.name)
		}
	}
	return c, nil
}

// point reads a row.
func (c *fenceColumns) point(fields [][]byte) (p fencePoint, reason string) {
	if len(fields) != c.all {
		return p, fmt.Sprintf("%d columns, the header has %d", len(fields), c.all)
	}
	if p.id = fields[c.id]; len(p.id) == 0 {
		return p, "id is empty"
	}
	lat, lon := number(fields[c.lat]), number(fields[c.lon])
	if !(math.Abs(lat) <= 90) {
		return p, fmt.Sprintf("lat %.40q is not a latitude in degrees, -90 to 90", fields[c.lat])
	}
	if !(math.Abs(lon) <= 180) {
		return p, fmt.Sprintf("lon %.40q is not a longitude in degrees, -180 to 180", fields[c.lon])
	}
	p.at = geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)}
	if c.sigma < 0 || len(bytes.TrimSpace(fields[c.sigma])) == 0 {
		return p, ""
	}
	sigma := number(fields[c.sigma])
	if !(sigma >= 0 && sigma <= fenceSigma) {
		return p, fmt.Sprintf("sigma_m %.40q is not a length in metres, 0 to %d", fields[c.sigma], fenceSigma)
	}
	p.sigma = geo.Metres(sigma)
	return p, ""
}

// number is a field's decimal number, or not a number.
func number(field []byte) float64 {
	field = bytes.TrimSpace(field)
	if bytes.ContainsAny(field, "xX_") { // forms of Go, not of tables
		return math.NaN()
	}
	x, err := strconv.ParseFloat(string(field), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// splitRow splits a row, without its line end, as RFC 4180 says. Quoted fields are unquoted
// in place, so the row is used up.
func splitRow(row []byte, into [][]byte) (fields [][]byte, reason string) {
	for {
		if len(row) > 0 && row[0] == '"' {
			field, rest, ok := unquoted(row[1:])
			if !ok || len(rest) > 0 && rest[0] != ',' {
				return into, "a quoted field does not end in a quotation mark and a comma"
			}
			into, row = append(into, field), rest
			if len(row) == 0 {
				return into, ""
			}
			row = row[1:]
			continue
		}
		comma := bytes.IndexByte(row, ',')
		if comma < 0 {
			return append(into, row), ""
		}
		into, row = append(into, row[:comma]), row[comma+1:]
	}
}

// unquoted is a quoted field, after its first mark, and what follows its last.
func unquoted(row []byte) (field, rest []byte, ok bool) {
	n := 0
	for i := 0; i < len(row); i++ {
		if row[i] == '"' {
			if i+1 == len(row) || row[i+1] != '"' {
				return row[:n], row[i+1:], true
			}
			i++
		}
		row[n] = row[i]
		n++
	}
	return nil, nil, false
}

// appendCell writes a field, quoted where RFC 4180 asks for it and with a mark before what
// a spreadsheet would run, as neutralCell has it.
func appendCell(out, cell []byte) []byte {
	if len(cell) > 0 && cell[0] <= '@' && neutralCell(string(cell)) != string(cell) {
		cell = append([]byte{'\''}, cell...)
	}
	if bytes.IndexByte(cell, ',') < 0 && bytes.IndexByte(cell, '"') < 0 && bytes.IndexByte(cell, '\n') < 0 && bytes.IndexByte(cell, '\r') < 0 {
		return append(out, cell...)
	}
	out = append(out, '"')
	for _, b := range cell {
		if b == '"' {
			out = append(out, '"')
		}
		out = append(out, b)
	}
	return append(out, '"')
}

// nextRow is the first row of data with its line end: the first that no quotation marks are
// open at. It is not ok when data does not hold all of it.
func nextRow(data []byte) (row, rest []byte, ok bool) {
	end := bytes.IndexByte(data, '\n')
	if end < 0 {
		return data, nil, false
	}
	if bytes.IndexByte(data[:end], '"') < 0 {
		return data[:end+1], data[end+1:], true
	}
	const (
		start = iota // of a field
		plain
		quoted
		closed // unless another mark follows
	)
	state := start
	for i, b := range data {
		switch {
		case state == quoted:
			if b == '"' {
				state = closed
			}
		case b == '\n':
			return data[:i+1], data[i+1:], true
		case b == ',':
			state = start
		case b == '"' && (state == start || state == closed):
			state = quoted
		default:
			state = plain
		}
	}
	return data, nil, false
}

// fenceChunks cuts a table into chunks of whole rows.
type fenceChunks struct {
	r    io.Reader
	rest []byte // read, and not given out
	line int    // of rest's first row
	end  bool
}

// next fills buffer with whole rows and says the line of the first. At the end there are
// none.
func (c *fenceChunks) next(buffer []byte) (rows []byte, line int, err error) {
	rows, line = append(buffer[:0], c.rest...), c.line
	if !c.end {
		n := len(rows)
		rows = slices.Grow(rows, fenceChunk)[:n+fenceChunk]
		read, err := io.ReadFull(c.r, rows[n:])
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			c.end = true
		default:
			return nil, line, err
		}
		rows = rows[:n+read]
	}
	if c.end {
		c.rest = c.rest[:0]
		return rows, line, nil
	}
	whole := wholeRows(rows)
	c.rest = append(c.rest[:0], rows[whole:]...)
	c.line += bytes.Count(rows[:whole], []byte{'\n'})
	if whole == 0 || len(c.rest) > fenceRow {
		return nil, c.line, truce.Errorf(truce.CodeInvalid, "line %d: a row of more than %d KiB: does a quotation mark lack its pair?", c.line, fenceRow>>10)
	}
	return rows[:whole], line, nil
}

// wholeRows is where the last whole row ends.
func wholeRows(data []byte) int {
	if bytes.IndexByte(data, '"') < 0 {
		return bytes.LastIndexByte(data, '\n') + 1
	}
	rest := data
	for {
		_, next, ok := nextRow(rest)
		if !ok {
			return len(data) - len(rest)
		}
		rest = next
	}
}
