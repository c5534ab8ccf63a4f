package source

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
)

// Table reads a CSV table by the names in its first row.
type Table struct {
	out    *Out
	csv    *bounded.CSV
	header []string
	index  map[string]int
	row    [][]byte
}

// NewTable reads the header. The names are taken in lower case without spaces around.
func NewTable(src io.Reader, out *Out, lim bounded.CSVLimits) (*Table, error) {
	t := &Table{out: out, csv: bounded.NewCSV(src, lim), index: map[string]int{}}
	row, err := t.csv.Header()
	if errors.Is(err, io.EOF) {
		return nil, out.Unusable("the file is empty; want a table with a header line")
	}
	if err != nil {
		return nil, t.failed(err)
	}
	for i, field := range row {
		name := strings.ToLower(strings.TrimSpace(truce.CleanText(string(field))))
		if first, twice := t.index[name]; twice && name != "" {
			return nil, out.Unusable("line %d: column %q stands twice in the header, as %d and %d", t.csv.Line(), name, first+1, i+1)
		}
		t.index[name] = i
		t.header = append(t.header, name)
	}
	return t, nil
}

// failed names the file in an error of the source, whatever its kind.
func (t *Table) failed(err error) error {
	var bad *bounded.RowError
	var limit *bounded.LimitError
	if errors.As(err, &bad) || errors.As(err, &limit) {
		return t.out.Unusable("%w", err)
	}
	return fmt.Errorf("read %s: %w", t.out.file, err)
}

// Header is the names of the columns in the order of the file.
func (t *Table) Header() []string { return slices.Clone(t.header) }

// Column is the index of the first of the names that the header has, -1 for none.
func (t *Table) Column(names ...string) int {
	for _, name := range names {
		if i, ok := t.index[name]; ok {
			return i
		}
	}
	return -1
}

// Field is the value in a column of the current row, nil for column -1.
func (t *Table) Field(column int) []byte {
	if column < 0 {
		return nil
	}
	return t.row[column]
}

// Next goes to the next row that has as many fields as the header; others are
// quarantined on the way. It returns io.EOF at the end.
func (t *Table) Next() error {
	for {
		row, err := t.csv.Read()
		var bad *bounded.RowError
		switch {
		case errors.Is(err, io.EOF):
			return io.EOF
		case errors.As(err, &bad):
			err = t.Reject(bad.Reason)
		case err != nil:
			return t.failed(err)
		case len(row) != len(t.header):
			err = t.Reject(fmt.Sprintf("the row has %d fields, the header %d", len(row), len(t.header)))
		default:
			t.row = row
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Line is the line of the current row.
func (t *Table) Line() int { return t.csv.Line() }

// Raw is the current row verbatim, valid until Next.
func (t *Table) Raw() []byte { return t.csv.Raw() }

// Reject quarantines the current row.
func (t *Table) Reject(reason string) error { return t.out.Reject(t.csv.Line(), t.csv.Raw(), reason) }
