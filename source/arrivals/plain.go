package arrivals

import (
	"bytes"
	"fmt"
	"io"

	"github.com/trucewatch/truce/internal/bounded"
)

// plainText is whole lines without a quote in them. It reads them as bounded.CSV does, where they
// stand and in half the time.
type plainText struct {
	left   []byte
	passed int // lines
	line   int // of the latest row
	fields [][]byte
}

// read is the fields of the next row, valid until the text changes; io.EOF is the end.
func (p *plainText) read() ([][]byte, error) {
	for len(p.left) > 0 {
		row := p.left
		if i := bytes.IndexByte(p.left, '\n'); i >= 0 {
			row, p.left = p.left[:i], p.left[i+1:]
		} else {
			p.left = nil
		}
		p.passed++
		if n := len(row); n > 0 && row[n-1] == '\r' && len(row) <= maxRow {
			row = row[:n-1]
		}
		if len(row) == 0 {
			continue
		}
		p.line = p.passed
		if len(row) > maxRow {
			return nil, p.refuse("the row is over the bound of %d bytes", maxRow)
		}
		return p.split(row)
	}
	return nil, io.EOF
}

func (p *plainText) split(row []byte) ([][]byte, error) {
	p.fields = p.fields[:0]
	for {
		i := 0 // an empty field, as most are behind the phase
		if len(row) == 0 || row[0] != ',' {
			i = bytes.IndexByte(row, ',')
		}
		if len(p.fields) == bounded.MaxColumns {
			return nil, p.refuse("more than %d columns", bounded.MaxColumns)
		}
		if i < 0 {
			p.fields = append(p.fields, row)
			return p.fields, nil
		}
		p.fields = append(p.fields, row[:i])
		row = row[i+1:]
	}
}

func (p *plainText) refuse(format string, args ...any) error {
	return &bounded.RowError{Line: p.line, Reason: fmt.Sprintf(format, args...)}
}
