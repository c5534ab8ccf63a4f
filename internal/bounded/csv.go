package bounded

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// CSVLimits bounds one CSV reader. A zero field means the default of that name.
type CSVLimits struct {
	Row     int // bytes of one row, MaxRow
	Field   int // bytes of one field, MaxField
	Columns int // MaxColumns
	Lines   int // lines of one row, MaxQuotedLines
}

// A RowError says why one row cannot be used. Reading goes on with the next line.
type RowError struct {
	Line   int // 1-based, where the row begins
	Reason string
}

// Error names the line before the reason.
func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// CSV reads RFC 4180 rows in memory bounded by twice the longest row: commas, fields in
// double quotes, LF or CRLF, an optional byte order mark. A quote inside an unquoted
// field is taken as a letter. Empty lines are skipped.
type CSV struct {
	src        io.Reader
	lim        CSVLimits
	buf        []byte // buf[start:end] is read and not yet used
	start, end int
	ended      error // why src gives no more, nil while it does
	begun      bool  // the byte order mark was looked for
	next       int   // line number at buf[start]

	line   int
	raw    []byte
	fields [][]byte
	text   []byte // unquoted fields of the current row
	ends   []int  // where each of them ends in text
}

// NewCSV reads rows from src.
func NewCSV(src io.Reader, lim CSVLimits) *CSV {
	lim = CSVLimits{
		Row:     fallback(lim.Row, MaxRow),
		Field:   fallback(lim.Field, MaxField),
		Columns: fallback(lim.Columns, MaxColumns),
		Lines:   fallback(lim.Lines, MaxQuotedLines),
	}
	return &CSV{src: src, lim: lim, buf: make([]byte, min(2*lim.Row, 64<<10)), next: 1}
}

// Line is the 1-based line on which the last row began.
func (c *CSV) Line() int { return c.line }

// Raw is the last row as it stood in the file, without its line end; of a row over the
// limit its beginning. It is valid until the next call of Read.
func (c *CSV) Raw() []byte { return c.raw }

// Read gives the fields of the next row, valid until the next call. A *RowError
// concerns one row only; io.EOF is the end; any other error is of the source.
func (c *CSV) Read() ([][]byte, error) {
	for {
		end, err := c.lineEnd(0)
		if err != nil {
			return nil, err
		}
		if !c.begun {
			c.begun = true
			if bytes.HasPrefix(c.buf[c.start:c.end], []byte("\xef\xbb\xbf")) {
				c.start += 3
				continue
			}
		}
		c.line = c.next
		if end < 0 {
			return nil, c.skipLongRow()
		}
		row := c.buf[c.start : c.start+end]
		if len(trimEnd(row)) == 0 {
			c.use(end, 1)
			continue
		}
		if bytes.IndexByte(row, '"') < 0 {
			c.use(end, 1)
			return c.plain(trimEnd(row))
		}
		return c.quoted(end)
	}
}

// use takes n bytes and the line ends among them out of the window.
func (c *CSV) use(n, lines int) {
	c.start += n
	c.next += lines
}

// lineEnd is the length of the window up to and with the first line feed at or after
// from, reading as needed; without a final line feed the end of input ends the line. It
// is -1 when the row is over the limit.
func (c *CSV) lineEnd(from int) (int, error) {
	for seen := from; ; {
		window := c.buf[c.start:c.end]
		if i := bytes.IndexByte(window[seen:], '\n'); i >= 0 {
			if seen+i > c.lim.Row {
				return -1, nil
			}
			return seen + i + 1, nil
		}
		if len(window) > c.lim.Row {
			return -1, nil
		}
		if c.ended == nil {
			seen = len(window)
			c.fill()
			continue
		}
		if len(window) > from && c.ended == io.EOF { // a line cut by a failure is no row
			return len(window), nil
		}
		return 0, c.ended
	}
}

// fill reads once, making room first.
func (c *CSV) fill() {
	if c.start > 0 {
		c.end = copy(c.buf, c.buf[c.start:c.end])
		c.start = 0
	}
	if c.end == len(c.buf) {
		c.buf = append(c.buf, make([]byte, len(c.buf))...)
	}
	for range 100 { // a reader may give nothing and no error, but not for ever
		n, err := c.src.Read(c.buf[c.end:])
		c.end += n
		c.ended = err
		if n > 0 || err != nil {
			return
		}
	}
	c.ended = io.ErrNoProgress
}

func trimEnd(row []byte) []byte {
	row = bytes.TrimSuffix(row, []byte("\n"))
	return bytes.TrimSuffix(row, []byte("\r"))
}

// plain splits a row without quotes.
func (c *CSV) plain(row []byte) ([][]byte, error) {
	c.raw = row
	c.fields = c.fields[:0]
	for {
		i := bytes.IndexByte(row, ',')
		field := row
		if i >= 0 {
			field = row[:i]
		}
		if len(field) > c.lim.Field {
			return nil, c.refuse("field %d has %d bytes, the bound is %d", len(c.fields)+1, len(field), c.lim.Field)
		}
		if len(c.fields) == c.lim.Columns {
			return nil, c.refuse("more than %d columns", c.lim.Columns)
		}
		c.fields = append(c.fields, field)
		if i < 0 {
			return c.fields, nil
		}
		row = row[i+1:]
	}
}

func (c *CSV) refuse(format string, args ...any) error {
	return &RowError{Line: c.line, Reason: fmt.Sprintf(format, args...)}
}

// skipLongRow drops the rest of a line that is over the limit.
func (c *CSV) skipLongRow() error {
	c.raw = append([]byte(nil), c.buf[c.start:min(c.end, c.start+c.lim.Row)]...)
	for {
		if i := bytes.IndexByte(c.buf[c.start:c.end], '\n'); i >= 0 {
			c.use(i+1, 1)
			break
		}
		c.start = c.end
		if c.ended != nil {
			break
		}
		c.fill()
	}
	return c.refuse("the row is over the bound of %d bytes", c.lim.Row)
}

// quoted reads a row with quotes in it, whose first line is first bytes long. When the
// row cannot be read only that line is given up, so that one stray quote costs one row.
func (c *CSV) quoted(first int) ([][]byte, error) {
	c.text, c.ends = c.text[:0], c.ends[:0]
	var s splitter
	from, end, lines := 0, first, 1
	for {
		reason := s.feed(c, c.buf[c.start+from:c.start+end])
		if reason == "" && !s.open() {
			c.raw = trimEnd(c.buf[c.start : c.start+end])
			c.use(end, lines)
			return c.unquotedFields(), nil
		}
		if reason == "" && lines < c.lim.Lines {
			next, err := c.lineEnd(end)
			if err == nil && next > 0 {
				from, end, lines = end, next, lines+1
				continue
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
		}
		if reason == "" {
			reason = "a quote is opened and not closed: write \"\" for a quote inside a quoted field"
		}
		c.raw = trimEnd(c.buf[c.start : c.start+first])
		c.use(first, 1)
		return nil, c.refuse("%s", reason)
	}
}

func (c *CSV) unquotedFields() [][]byte {
	c.fields = c.fields[:0]
	from := 0
	for _, to := range c.ends {
		c.fields = append(c.fields, c.text[from:to:to])
		from = to
	}
	return c.fields
}

// splitter is the state between two characters of a row with quotes.
type splitter byte

const (
	atFieldStart splitter = iota
	inPlain
	inQuotes
	afterQuote // just behind a quote inside quotes: the end of the field or half of ""
)

func (s splitter) open() bool { return s == inQuotes }

// feed takes one line with its end; it returns a reason when the row is malformed.
func (s *splitter) feed(c *CSV, line []byte) string {
	body := line
	if len(body) > 0 && body[len(body)-1] == '\n' {
		body = body[:len(body)-1]
	}
	for _, b := range body {
		if reason := s.step(c, b); reason != "" {
			return reason
		}
	}
	if *s == inQuotes {
		c.text = append(c.text, '\n')
		return c.checkField()
	}
	if *s != afterQuote && len(c.text) > c.fieldStart() {
		c.text = bytes.TrimSuffix(c.text, []byte("\r"))
	}
	return c.endField()
}

func (s *splitter) step(c *CSV, b byte) string {
	switch {
	case *s == inQuotes && b == '"':
		*s = afterQuote
		return ""
	case *s == inQuotes:
		c.text = append(c.text, b)
		return c.checkField()
	case *s == afterQuote && b == '"':
		*s = inQuotes
		c.text = append(c.text, b)
		return c.checkField()
	case b == ',':
		*s = atFieldStart
		return c.endField()
	case *s == afterQuote && b != '\r':
		return fmt.Sprintf("field %d goes on behind its closing quote", len(c.ends)+1)
	case *s == afterQuote:
		return ""
	case *s == atFieldStart && b == '"':
		*s = inQuotes
		return ""
	}
	*s = inPlain
	c.text = append(c.text, b)
	return c.checkField()
}

func (c *CSV) fieldStart() int {
	if len(c.ends) == 0 {
		return 0
	}
	return c.ends[len(c.ends)-1]
}

func (c *CSV) checkField() string {
	if len(c.text)-c.fieldStart() > c.lim.Field {
		return fmt.Sprintf("field %d is over the bound of %d bytes", len(c.ends)+1, c.lim.Field)
	}
	return ""
}

func (c *CSV) endField() string {
	if len(c.ends) == c.lim.Columns {
		return fmt.Sprintf("more than %d columns", c.lim.Columns)
	}
	c.ends = append(c.ends, len(c.text))
	return ""
}
