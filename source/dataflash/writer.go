package dataflash

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Writer writes a log: enough to make tests and to cut a flight out of another log.
type Writer struct {
	w io.Writer
}

// NewWriter begins a log.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Format defines a kind of rows, as in Format(130, "GPS", "QBLL", "TimeUS,Status,Lat,Lng").
func (w *Writer) Format(kind byte, name, forms, fields string) error {
	size := headSize
	for i := range forms {
		size += sizeOf(forms[i])
	}
	if len(name) > 4 || len(forms) > 16 || len(fields) > 64 || size > 255 {
		return fmt.Errorf("dataflash: the definition of %s is too long", name)
	}
	b := make([]byte, formatSize)
	copy(b, []byte{head1, head2, formatKind, kind, byte(size)})
	copy(b[5:], name)
	copy(b[9:], forms)
	copy(b[25:], fields)
	if _, _, err := readFormat(b); err != nil {
		return fmt.Errorf("dataflash: %w", err)
	}
	_, err := w.w.Write(b)
	return err
}

// Row writes a row: the values of its fields in order, as they are sent (an angle of place in
// 1e-7 degrees, hundredths as whole numbers).
func (w *Writer) Row(kind byte, values ...any) error {
	b := []byte{head1, head2, kind}
	for _, v := range values {
		var err error
		if b, err = binary.Append(b, binary.LittleEndian, v); err != nil {
			return fmt.Errorf("dataflash: %w", err)
		}
	}
	_, err := w.w.Write(b)
	return err
}
