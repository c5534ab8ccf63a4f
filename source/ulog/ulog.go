// Package ulog reads the flight logs of PX4 drones (ULog, version 1): rows of named fields that
// the log itself defines, with position and the quality of satellite navigation read out.
//
// It never guesses a field that the log does not define, never takes a row whose length
// differs from its definition, and never makes up a time or a place.
//
// Read this file for the types, reader.go for the stream, format.go for definitions and fields,
// position.go for what is read out, writer.go for the way back and observe.go for what becomes
// of it in Truce.
package ulog

import (
	"encoding/json"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Options says how a log is read. There is nothing to say yet.
type Options struct{}

// Kind is what a message of the log is.
type Kind string

// The kinds. Definitions and synchronisation marks are not given out.
const (
	KindInfo      Kind = "info"      // about the vehicle and its software
	KindParameter Kind = "parameter" // a setting, at the start or when it changed
	KindDefault   Kind = "default"   // what a setting would be
	KindData      Kind = "data"      // a row of a topic
	KindText      Kind = "text"      // a line of the vehicle's own log
	KindDropout   Kind = "dropout"   // rows that could not be kept
)

// Message is one entry of the log. What it points to is valid until the next is read.
type Message struct {
	Offset   int64
	Kind     Kind
	Time     truce.Instant // UTC; 0: not told
	BootUs   uint64        // since the vehicle started; 0: not told
	Name     string        // of the topic, the setting or the piece of information
	Instance int           // of the topic
	Level    int           // of a text, as in syslog; -1: none
	Text     string        // of a text, or the value of information that is one
	LostMs   int           // of a dropout
	Position *Position     // of the topics that have one; nil: none

	rows    *rows // of a row, or of a value
	payload []byte
	raw     []byte
}

// Number is the number in a field of a row, such as "fix_type" or "esc[2].rpm". The value of a
// setting or of information is the field "value".
func (m *Message) Number(field string) source.Value {
	if m.rows == nil {
		return source.Value{}
	}
	at, found := m.rows.index[field]
	if !found {
		return source.Value{}
	}
	return m.rows.number(at, m.payload)
}

// MarshalJSON writes the message with the fields of its row by the names that the log gives
// them; only those under position have names of ours.
func (m *Message) MarshalJSON() ([]byte, error) {
	b := append([]byte(`{"offset":`), strconv.FormatInt(m.Offset, 10)...)
	b = append(append(append(b, `,"kind":"`...), m.Kind...), '"')
	if m.Time != 0 {
		b = append(append(append(b, `,"time":"`...), m.Time.String()...), '"')
	}
	if m.BootUs != 0 {
		b = strconv.AppendUint(append(b, `,"time_boot_us":`...), m.BootUs, 10)
	}
	for _, n := range []struct {
		name  string
		value int
		shown bool
	}{{"instance", m.Instance, m.Kind == KindData}, {"level", m.Level, m.Kind == KindText && m.Level >= 0}, {"lost_ms", m.LostMs, m.Kind == KindDropout}} {
		if n.shown {
			b = strconv.AppendInt(append(b, `,"`+n.name+`":`...), int64(n.value), 10)
		}
	}
	for _, t := range []struct{ name, value string }{{"name", m.Name}, {"text", m.Text}} {
		if t.value == "" {
			continue
		}
		text, err := json.Marshal(t.value)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"`+t.name+`":`...), text...)
	}
	if m.Position != nil {
		text, err := json.Marshal(m.Position)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"position":`...), text...)
	}
	if m.rows != nil && m.Text == "" {
		b = m.rows.appendJSON(append(b, `,"fields":`...), m.payload)
	}
	return append(b, '}'), nil
}
