package bounded

import (
	"bytes"
	"errors"
)

// Header reads the first row of a table and refuses what is no table with commas: what would
// otherwise be said of it is that it lacks its columns. A *RowError says what it is; io.EOF
// is an empty table.
func (c *CSV) Header() ([][]byte, error) {
	fields, err := c.Read()
	var row *RowError
	if err != nil && !errors.As(err, &row) {
		return nil, err
	}
	if why := strange(c.raw, len(fields)); why != "" {
		return nil, c.refuse("%s", why)
	}
	return fields, err
}

// strange says what a first row with so many fields is that no table with commas begins with.
func strange(row []byte, fields int) string {
	switch {
	case bytes.HasPrefix(row, []byte("\xff\xfe")), bytes.HasPrefix(row, []byte("\xfe\xff")):
		return "the table is UTF-16: save it as UTF-8"
	case bytes.IndexByte(row, 0) >= 0:
		return "the table is not UTF-8 text: a NUL byte is in its first line; save it as CSV in UTF-8"
	case bytes.IndexByte(trimEnd(row), '\r') >= 0:
		return "lines end in a carriage return alone: save the table with LF or CRLF"
	}
	for _, by := range []struct{ sign, name string }{{";", "semicolons"}, {"\t", "tabs"}, {"|", "bars"}} {
		if bytes.Count(row, []byte(by.sign)) >= max(1, fields) {
			return "columns are parted by " + by.name + ": part them by commas, with a point in decimals"
		}
	}
	return ""
}
