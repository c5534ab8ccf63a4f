// Package plots reads plots.csv: what radars, cameras and receivers saw of moving objects,
// scan by scan, one measured place a row.
//
// It never follows anything: which plots are of one object is not its business. It opens no
// file.
//
// Read Shape and many.go for the columns, Reader for how a table is read and limits.go for its bounds.
package plots

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
)

// Shape is the header of plots.csv. Columns may stand in any order, others are passed over,
// and plot, alt_m and sigma_m may be left out.
const Shape = "scan,time,plot,lat,lon,alt_m,sigma_m"

// Plot is a row.
type Plot struct {
	Scan     string // the look of the sensors that it belongs to
	Time     truce.Instant
	ID       string // "": it has none
	At       geo.Point
	Altitude geo.Metres
	High     bool       // the altitude was told
	Sigma    geo.Metres // one sigma each horizontal axis; 0: not told

	Sensor string          // which of many it is of; "": not told
	Means  truce.PlotMeans // "": not told
	More   *Measure        // nil: a place with a round error is all
}

// RowError says why a row cannot be used.
type RowError struct {
	Line   int    // 1-based, where the row begins
	Kind   string // the same for all rows with this fault
	Reason string // what is wrong and how to mend it
}

// Error names the line before the reason.
func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// column is where a column stands, -1: nowhere.
type column struct {
	name     string
	optional bool
	at       int
}

// The columns of the table, by their places in Reader.columns.
const (
	colScan = iota
	colTime
	colPlot
	colLat
	colLon
	colAltitude
	colSigma
)

// Reader reads a table row by row, as it comes.
type Reader struct {
	csv     *bounded.CSV
	columns []column
	width   int
	fields  [][]byte
	rows    int

	scan   string // of the last row
	sensor string // the same
	ids    map[string]bool
	many   bool // the table has columns of many sensors
}

// NewReader reads the header.
func NewReader(src io.Reader) (*Reader, error) {
	r := &Reader{csv: bounded.NewCSV(src, bounded.CSVLimits{Row: maxRow, Field: maxRow}), ids: map[string]bool{}}
	header, err := r.csv.Header()
	if err == io.EOF {
		return nil, truce.Errorf(truce.CodeInvalid, "the file is empty: begin it with the line %s", Shape)
	}
	if err != nil {
		return nil, unreadable(err)
	}
	r.width = len(header)
	r.columns = []column{{"scan", false, -1}, {"time", false, -1}, {"plot", true, -1}, {"lat", false, -1}, {"lon", false, -1}, {"alt_m", true, -1}, {"sigma_m", true, -1}}
	for name := range strings.SplitSeq(ManyShape, ",") {
		r.columns = append(r.columns, column{name, true, -1})
	}
	for i := range r.columns {
		if err := r.columns[i].find(header); err != nil {
			return nil, err
		}
	}
	r.many = r.hasMany()
	return r, nil
}

// find looks for a column in the header.
func (c *column) find(header [][]byte) error {
	for i, name := range header {
		if string(bytes.TrimSpace(name)) != c.name {
			continue
		}
		if c.at >= 0 {
			return truce.Errorf(truce.CodeInvalid, "line 1: the header has two columns %s: rename one", c.name)
		}
		c.at = i
	}
	if c.at < 0 && !c.optional {
		return truce.Errorf(truce.CodeInvalid, "line 1: the header has no column %s: write %s", c.name, Shape)
	}
	return nil
}

// Next reads a plot. A *RowError concerns one row; io.EOF is the end; any other error is of
// the source.
func (r *Reader) Next() (p Plot, err error) {
	fields, err := r.csv.Read()
	var row *bounded.RowError
	switch {
	case errors.As(err, &row):
		return p, &RowError{row.Line, "not a row of a table", row.Reason}
	case err != nil:
		return p, err
	}
	if r.rows++; r.rows > MaxPlots {
		return p, truce.Errorf(truce.CodeTooLarge, "line %d: more than %d rows: cut the table by time", r.csv.Line(), MaxPlots)
	}
	if len(fields) != r.width {
		return p, r.refuse("wrong number of columns", "%d columns, the header has %d", len(fields), r.width)
	}
	r.fields = fields
	if err := r.row(&p); err != nil {
		return p, err
	}
	return p, r.name(&p)
}

func (r *Reader) refuse(kind, format string, args ...any) error {
	return &RowError{r.csv.Line(), kind, fmt.Sprintf(format, args...)}
}

// field is a column's text, nothing where there is no such column.
func (r *Reader) field(column int) []byte {
	if r.columns[column].at < 0 {
		return nil
	}
	return bytes.TrimSpace(r.fields[r.columns[column].at])
}

// row reads all but the names.
func (r *Reader) row(p *Plot) (err error) {
	text := r.field(colTime)
	if p.Time, err = parseTime(text); err != nil {
		return r.refuse("bad time", "time %.40q is not RFC 3339: write it as 2026-04-11T16:00:00.000Z", text)
	}
	if p.Time < earliest || p.Time >= latest {
		return r.refuse("time out of range", "time %.40s is before %d or after %d: set the clock", text, earliest.Time().Year(), latest.Time().Year()-1)
	}
	lat, there, err := r.number(colLat, "degrees", -90, 90)
	if err != nil {
		return err
	}
	lon, also, err := r.number(colLon, "degrees", -180, 180)
	if err != nil {
		return err
	}
	switch {
	case !there && !also && r.many: // it may have a bearing
	case !there || !also:
		return r.refuse("no place", "lat or lon is empty: a plot has a place")
	}
	p.At = geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)}
	altitude, high, err := r.number(colAltitude, "metres", -MaxAltitude, MaxAltitude)
	if err != nil {
		return err
	}
	p.Altitude, p.High = geo.Metres(altitude), high
	sigma, _, err := r.number(colSigma, "metres", 0, MaxSigma)
	p.Sigma = geo.Metres(sigma)
	if err != nil || !r.many {
		return err
	}
	return r.readMany(p, there)
}

// number reads a column within bounds; an empty one is 0 and not there.
func (r *Reader) number(column int, unit string, low, high float64) (x float64, there bool, err error) {
	text := r.field(column)
	if len(text) == 0 {
		return 0, false, nil
	}
	name := r.columns[column].name
	if !bytes.ContainsAny(text, "xX_pP") { // forms that Go reads and no table means
		x, err = strconv.ParseFloat(string(text), 64)
		if err == nil && !math.IsNaN(x) && x >= low && x <= high {
			return x, true, nil
		}
	}
	return 0, false, r.refuse("bad "+name, "%s %.40q is no number of %s from %g to %g", name, text, unit, low, high)
}

// name reads scan and plot. The ids of a scan's plots differ, where its rows stand together.
func (r *Reader) name(p *Plot) error {
	scan, id := r.field(colScan), r.field(colPlot)
	switch {
	case len(scan) == 0:
		return r.refuse("no scan", "scan is empty: rows of one look have one number")
	case len(scan) > MaxIDBytes || len(id) > MaxIDBytes:
		return r.refuse("id too long", "scan or plot has more than %d bytes", MaxIDBytes)
	}
	if string(scan) != r.scan {
		r.scan = string(scan)
		clear(r.ids)
	}
	p.Scan = r.scan
	if len(id) == 0 {
		return nil
	}
	p.ID = string(id)
	if r.ids[p.ID] {
		return r.refuse("duplicate plot", "plot %.40q stands twice in scan %.40s: the first row counts, rename the other", id, scan)
	}
	r.ids[p.ID] = true
	return nil
}

// parseTime reads RFC 3339.
func parseTime(text []byte) (t truce.Instant, err error) {
	if len(text) > maxTime {
		return 0, truce.Errorf(truce.CodeInvalid, "too long for a time")
	}
	err = t.UnmarshalText(text)
	return t, err
}

// unreadable gives a header that is none the code of what cannot be read.
func unreadable(err error) error {
	var row *bounded.RowError
	if errors.As(err, &row) {
		return truce.Errorf(truce.CodeInvalid, "%w", err)
	}
	return err
}
