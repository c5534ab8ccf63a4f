package cot

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/xml"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// How a field of protobuf is written (protobuf.dev/programming-guides/encoding).
const (
	wireVarint = 0
	wireFixed  = 1 // eight bytes
	wireBytes  = 2
	wireFour   = 5
)

// isField says whether a byte begins a field of the outer message: about the protocol, the event,
// and the two times of newer servers.
func isField(b byte) bool {
	return b == 1<<3|wireBytes || b == 2<<3|wireBytes || b == 3<<3|wireVarint || b == 4<<3|wireVarint
}

// field is one field of a message.
type field struct {
	number uint64
	wire   uint64
	whole  uint64 // of varints and fixed ones
	bytes  []byte
}

// eachField gives the fields of a message. It stops at the first error.
func eachField(b []byte, take func(field) error) error {
	for n := 0; len(b) > 0; n++ {
		if n == MaxFields {
			return wrong("more than %d fields of a message", MaxFields)
		}
		f, rest, ok := nextField(b)
		if !ok {
			return wrong("a field of a message that is none of protobuf, or is cut")
		}
		if err := take(f); err != nil {
			return err
		}
		b = rest
	}
	return nil
}

func nextField(b []byte) (f field, rest []byte, ok bool) {
	key, n := binary.Uvarint(b)
	if n <= 0 || key>>3 == 0 {
		return f, nil, false
	}
	f.number, f.wire, b = key>>3, key&7, b[n:]
	switch f.wire {
	case wireVarint:
		f.whole, n = binary.Uvarint(b)
		return f, b[max(n, 0):], n > 0
	case wireFixed:
		if len(b) < 8 {
			return f, nil, false
		}
		f.whole = binary.LittleEndian.Uint64(b)
		return f, b[8:], true
	case wireFour:
		if len(b) < 4 {
			return f, nil, false
		}
		return f, b[4:], true
	case wireBytes:
		length, n := binary.Uvarint(b)
		if n <= 0 || length > uint64(len(b)-n) {
			return f, nil, false
		}
		b = b[n:]
		f.bytes = b[:length]
		return f, b[length:], true
	}
	return f, nil, false
}

// text is a field as text.
func (f field) text() (string, error) {
	if f.wire != wireBytes || !utf8.Valid(f.bytes) {
		return "", wrong("field %d is no text", f.number)
	}
	return kept(string(f.bytes)), nil
}

// float is a field as a number with a fraction.
func (f field) float() (float64, error) {
	x := math.Float64frombits(f.whole)
	if f.wire != wireFixed || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, wrong("field %d is no number", f.number)
	}
	return x + 0, nil
}

// time is a field as milliseconds since 1970.
func (f field) time() (truce.Instant, error) {
	at := time.UnixMilli(int64(min(f.whole, math.MaxInt64/1_000_000))).UTC()
	if f.wire != wireVarint || at.Year() < source.MinYear || at.Year() > source.MaxYear {
		return 0, wrong("field %d is no time of %d to %d", f.number, source.MinYear, source.MaxYear)
	}
	return truce.InstantOf(at), nil
}

// message reads the outer message. False: it tells of the protocol alone.
func (m *Message) message(b []byte) (event bool, err error) {
	err = eachField(b, func(f field) error {
		if f.number != 2 || f.wire != wireBytes {
			return nil
		}
		if event {
			return wrong("two events in one message")
		}
		event = true
		return m.cotEvent(f.bytes)
	})
	return event, err
}

// cotEvent reads an event (message atakmap.commoncommo.protobuf.v1.CotEvent). Fields that are not
// written have the value 0, so a place at 0, 0 is none.
func (m *Message) cotEvent(b []byte) error {
	zero := source.Told(0)
	m.LatDeg, m.LonDeg, m.HeightM, m.RadiusM, m.SpreadM = zero, zero, zero, zero, zero
	texts := map[uint64]*string{1: &m.Type, 2: &m.Access, 5: &m.UID, 9: &m.How}
	times := map[uint64]*truce.Instant{6: &m.Time, 7: &m.Start, 8: &m.Stale}
	numbers := map[uint64]*source.Value{10: &m.LatDeg, 11: &m.LonDeg, 12: &m.HeightM, 13: &m.RadiusM, 14: &m.SpreadM}
	return eachField(b, func(f field) (err error) {
		if into := texts[f.number]; into != nil {
			*into, err = f.text()
		} else if into := times[f.number]; into != nil {
			*into, err = f.time()
		} else if into := numbers[f.number]; into != nil {
			var x float64
			x, err = f.float()
			*into = source.Told(x)
		} else if f.number == 15 && f.wire == wireBytes {
			err = m.Detail.message(f.bytes)
		}
		return err
	})
}

// message reads the detail: some of it in messages, the rest as XML.
func (d *Detail) message(b []byte) error {
	var rest []byte
	parts := map[uint64]map[uint64]*string{
		2: {1: &d.Endpoint, 2: &d.Callsign}, 3: {1: &d.Team, 2: &d.Role}, 4: {1: &d.PlaceSource, 2: &d.HeightSource},
		6: {1: &d.Device, 2: &d.Platform, 3: &d.OS, 4: &d.Version},
	}
	err := eachField(b, func(f field) error {
		switch {
		case f.wire != wireBytes:
			return nil
		case f.number == 1:
			rest = f.bytes
			return nil
		case f.number == 5:
			return d.status(f.bytes)
		case f.number == 7:
			return d.track(f.bytes)
		case parts[f.number] == nil:
			return nil
		}
		return eachField(f.bytes, func(in field) (err error) {
			if into := parts[f.number][in.number]; into != nil {
				*into, err = in.text()
			}
			return err
		})
	})
	if err != nil || len(rest) == 0 {
		return err
	}
	return d.inner(rest)
}

func (d *Detail) status(b []byte) error {
	return eachField(b, func(f field) error {
		if f.number == 1 && f.wire == wireVarint && f.whole <= 100 {
			d.Battery = source.Told(float64(f.whole))
		}
		return nil
	})
}

func (d *Detail) track(b []byte) error {
	d.SpeedMps, d.CourseDeg = source.Told(0), source.Told(0)
	return eachField(b, func(f field) error {
		into := map[uint64]*source.Value{1: &d.SpeedMps, 2: &d.CourseDeg}[f.number]
		if into == nil {
			return nil
		}
		x, err := f.float()
		*into = source.Told(x)
		return err
	})
}

// inner reads the part of a detail that is XML. What the fields say stands before what it says.
func (d *Detail) inner(text []byte) error {
	if !utf8.Valid(text) {
		return wrong("the detail is no text")
	}
	var m Message
	raw := append(append([]byte("<event><detail>"), text...), "</detail></event>"...)
	p := parser{m: &m, in: xml.NewDecoder(bytes.NewReader(raw)), raw: raw}
	if err := p.run(); err != nil {
		return wrong("the detail %w", err)
	}
	x := m.Detail
	for _, of := range [...]struct {
		into *string
		text string
	}{
		{&d.Callsign, x.Callsign}, {&d.Endpoint, x.Endpoint}, {&d.Team, x.Team}, {&d.Role, x.Role}, {&d.PlaceSource, x.PlaceSource}, {&d.HeightSource, x.HeightSource},
		{&d.Device, x.Device}, {&d.Platform, x.Platform}, {&d.OS, x.OS}, {&d.Version, x.Version},
	} {
		*of.into = cmp.Or(*of.into, of.text)
	}
	for _, of := range [...]struct{ into, value *source.Value }{{&d.SpeedMps, &x.SpeedMps}, {&d.CourseDeg, &x.CourseDeg}, {&d.Battery, &x.Battery}} {
		*of.into = cmp.Or(*of.into, *of.value)
	}
	d.Remarks, d.Links, d.XML = x.Remarks, x.Links, strings.TrimSpace(string(text))
	return nil
}
