// Package dataflash reads the flight logs that ArduPilot vehicles keep on board (.BIN): rows
// of named fields that the log itself defines, with position and the quality of satellite
// navigation read out.
//
// It never guesses a field that the log does not define, and never makes up a time or a place.
//
// Read this file for the types, format.go for definitions and fields, reader.go for the stream,
// position.go for what is read out, writer.go for the way back and observe.go for what becomes
// of it in Truce.
package dataflash

import (
	"encoding/json"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Options says how a log is read. There is nothing to say yet.
type Options struct{}

// Message is one row of the log. What it points to is valid until the next is read.
type Message struct {
	Offset   int64
	Time     truce.Instant // UTC; 0: not told
	BootUs   uint64        // since the vehicle started; 0: not told
	Name     string        // of the kind of row, as in "GPS"
	Position *Position     // of the rows that have one; nil: none

	rows *rows
	raw  []byte
}

// Number is the number in a field of the row, such as "NSats", in the unit of its name: angles
// of place in degrees, and what is sent in hundredths as it is meant.
func (m *Message) Number(field string) source.Value {
	if m.rows == nil {
		return source.Value{}
	}
	at, found := m.rows.index[field]
	if !found {
		return source.Value{}
	}
	return m.rows.number(at, m.raw)
}

// Text is the text in a field of the row, "" when there is none.
func (m *Message) Text(field string) string {
	if m.rows == nil {
		return ""
	}
	at, found := m.rows.index[field]
	if !found {
		return ""
	}
	return m.rows.text(at, m.raw)
}

// MarshalJSON writes the row with its fields by the names that the log gives them; only those
// under position have names of ours.
func (m *Message) MarshalJSON() ([]byte, error) {
	b := append([]byte(`{"offset":`), strconv.FormatInt(m.Offset, 10)...)
	if m.Time != 0 {
		b = append(append(append(b, `,"time":"`...), m.Time.String()...), '"')
	}
	if m.BootUs != 0 {
		b = strconv.AppendUint(append(b, `,"time_boot_us":`...), m.BootUs, 10)
	}
	name, err := json.Marshal(m.Name)
	if err != nil {
		return nil, err
	}
	b = append(append(b, `,"name":`...), name...)
	if m.Position != nil {
		text, err := json.Marshal(m.Position)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"position":`...), text...)
	}
	if m.rows != nil {
		b = m.rows.appendJSON(append(b, `,"fields":`...), m.raw)
	}
	return append(b, '}'), nil
}
