package ulog

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Writer writes a log: enough to make tests and to cut a flight out of another log.
type Writer struct {
	w   io.Writer
	buf []byte
}

// NewWriter writes the header of a log that begins so many microseconds after the start of the
// vehicle.
func NewWriter(w io.Writer, bootUs uint64) (*Writer, error) {
	head := append([]byte(magic), 1)
	if _, err := w.Write(binary.LittleEndian.AppendUint64(head, bootUs)); err != nil {
		return nil, err
	}
	out := &Writer{w: w}
	return out, out.message('B', make([]byte, 40))
}

func (w *Writer) message(kind byte, b []byte) error {
	if len(b) > math.MaxUint16 {
		return fmt.Errorf("ulog: a message of %d bytes is too long", len(b))
	}
	w.buf = append(binary.LittleEndian.AppendUint16(w.buf[:0], uint16(len(b))), kind)
	w.buf = append(w.buf, b...)
	_, err := w.w.Write(w.buf)
	return err
}

// Format defines the rows of a topic, as in "uint64_t timestamp;float[3] xyz;". The first field
// must be the timestamp.
func (w *Writer) Format(name, fields string) error {
	if _, _, err := readFormat(name + ":" + fields); err != nil {
		return fmt.Errorf("ulog: %w", err)
	}
	return w.message('F', []byte(name+":"+fields))
}

// Topic gives an instance of a defined topic the number that its rows bear.
func (w *Writer) Topic(number uint16, instance uint8, name string) error {
	b := binary.LittleEndian.AppendUint16([]byte{instance}, number)
	return w.message('A', append(b, name...))
}

// Row writes a row: the values of its fields in order, of the types that the definition has.
func (w *Writer) Row(number uint16, bootUs uint64, values ...any) error {
	b := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint16(nil, number), bootUs)
	for _, v := range values {
		var err error
		if b, err = binary.Append(b, binary.LittleEndian, v); err != nil {
			return fmt.Errorf("ulog: %w", err)
		}
	}
	return w.message('D', b)
}

// Info writes a piece of information or, as a parameter, a setting.
func (w *Writer) Info(kind Kind, field string, value any) error {
	code := byte('I')
	if kind == KindParameter {
		code = 'P'
	}
	if len(field) > math.MaxUint8 {
		return fmt.Errorf("ulog: the name of %d bytes is too long", len(field))
	}
	b, err := binary.Append(append([]byte{byte(len(field))}, field...), binary.LittleEndian, value)
	if err != nil {
		return fmt.Errorf("ulog: %w", err)
	}
	return w.message(code, b)
}

// Text writes a line of the vehicle's own log.
func (w *Writer) Text(level int, bootUs uint64, text string) error {
	b := binary.LittleEndian.AppendUint64([]byte{'0' + byte(level&7)}, bootUs)
	return w.message('L', append(b, text...))
}

// Dropout writes that rows of so many milliseconds could not be kept.
func (w *Writer) Dropout(ms uint16) error {
	return w.message('O', binary.LittleEndian.AppendUint16(nil, ms))
}

// Sync writes a mark by which readers find their way behind damage.
func (w *Writer) Sync() error { return w.message('S', []byte(syncMark)) }
