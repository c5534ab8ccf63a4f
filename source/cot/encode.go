package cot

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Outgoing is an event that is to be sent. Everybody who listens reads it.
type Outgoing struct {
	Message
	// Happened is when the incident that it tells of was; 0: it tells of an asset of the monitors.
	Happened truce.Instant
}

// Sendable refuses what must not be sent: a type that calls somebody hostile, suspect or another's
// friend; an incident that is fresh or precise; an asset that does not say when it lapses.
func (o Outgoing) Sendable() error {
	if err := o.checked(); err != nil { // of this copy
		return truce.Errorf(truce.CodeInvalid, "the event %.80q: %w", o.UID, err)
	}
	m := o.Message
	for _, text := range [...]string{m.UID, m.How, m.Detail.Callsign, m.Detail.Team, m.Detail.Role, m.Detail.Remarks} {
		if text != kept(text) {
			return truce.Errorf(truce.CodeInvalid, "the event %.80q: the text %.40q has signs that are not sent, blanks at its ends, or more than %d bytes", m.UID, text, MaxField)
		}
	}
	if m.Start < m.Time-truce.Instant(MaxStale) || m.Stale <= m.Start || m.Stale-m.Time > truce.Instant(MaxStale) {
		return truce.Errorf(truce.CodeInvalid, "the event %.80q: stands from %s to %s: say when it begins, and an end within %s", m.UID, m.Start, m.Stale, truce.DurationText(MaxStale.Duration()))
	}
	if o.Happened != 0 {
		return o.incident()
	}
	if !under(m.Type, "a-f") && !under(m.Type, "t-x") {
		return truce.Errorf(truce.CodeForbidden, "the event %.80q: the type %s is not sent; an asset of the monitors has one that begins with a-f-", m.UID, m.Type)
	}
	return nil
}

// incident holds the place and time of an incident to what is public of it.
func (o Outgoing) incident() error {
	m := o.Message
	if !under(m.Type, "a-n") && !under(m.Type, "a-u") && !under(m.Type, "b-m-p") {
		return truce.Errorf(truce.CodeForbidden, "the incident %.80q: the type %s is not sent; incidents are neutral (a-n-), unknown (a-u-) or a mark on the map (b-m-p-)", m.UID, m.Type)
	}
	switch d := m.Detail; {
	case m.Time-o.Happened < truce.Instant(MinIncidentDelay):
		return truce.Errorf(truce.CodeForbidden, "the incident %.80q of %s may be sent from %s on", m.UID, o.Happened, o.Happened.Add(MinIncidentDelay.Duration()))
	case !m.RadiusM.Told || m.RadiusM.V < MinIncidentRadius:
		return truce.Errorf(truce.CodeForbidden, "the incident %.80q: its place is sent as the middle of its public cell with a radius (ce) of at least %d m", m.UID, MinIncidentRadius)
	case m.HeightM.Told || d.SpeedMps.Told || d.CourseDeg.Told:
		return truce.Errorf(truce.CodeForbidden, "the incident %.80q: neither a height nor a motion of it is sent", m.UID)
	}
	return nil
}

// under says whether a type is one of a branch.
func under(kind, branch string) bool { return kind == branch || strings.HasPrefix(kind, branch+"-") }

// Append adds an event to dst, after Sendable. Of its detail the callsign, the team, the motion and
// the remarks are written, and nothing else: neither addresses nor what others wrote.
func (o Outgoing) Append(dst []byte, e Encoding) ([]byte, error) {
	if err := o.Sendable(); err != nil {
		return dst, err
	}
	switch e {
	case EncodingXML:
		return o.appendXML(dst), nil
	case EncodingMesh:
		return o.appendTAK(append(dst, takMark, 1, takMark)), nil
	case EncodingStream:
		body := o.appendTAK(nil)
		return append(binary.AppendUvarint(append(dst, takMark), uint64(len(body))), body...), nil
	}
	return dst, truce.Errorf(truce.CodeInvalid, "the encoding %.40q: write %s, %s or %s", e, EncodingXML, EncodingMesh, EncodingStream)
}

// metres is a number as it is written, or what says that it is not known.
func metres(v source.Value, none float64) float64 {
	if !v.Told {
		return none
	}
	return v.V
}

func (o Outgoing) appendXML(dst []byte) []byte {
	m, d := o.Message, o.Detail
	b := bytes.NewBuffer(dst)
	attribute := func(name, value string) {
		b.WriteString(" " + name + `="`)
		_ = xml.EscapeText(b, []byte(value)) // a buffer takes all
		b.WriteByte('"')
	}
	number := func(name string, x float64) { attribute(name, strconv.FormatFloat(x, 'f', -1, 64)) }
	b.WriteString(`<event version="2.0"`)
	attribute("uid", m.UID)
	attribute("type", m.Type)
	attribute("how", o.how())
	attribute("time", stamp(m.Time))
	attribute("start", stamp(m.Start))
	attribute("stale", stamp(m.Stale))
	b.WriteString("><point")
	number("lat", m.LatDeg.V)
	number("lon", m.LonDeg.V)
	number("hae", metres(m.HeightM, 9_999_999))
	number("ce", metres(m.RadiusM, 9_999_999))
	number("le", metres(m.SpreadM, 9_999_999))
	b.WriteString("/><detail>")
	if d.Callsign != "" {
		b.WriteString("<contact")
		attribute("callsign", d.Callsign)
		b.WriteString("/>")
	}
	if d.Team != "" || d.Role != "" {
		b.WriteString("<__group")
		attribute("name", d.Team)
		attribute("role", d.Role)
		b.WriteString("/>")
	}
	if d.SpeedMps.Told && d.CourseDeg.Told {
		b.WriteString("<track")
		number("speed", d.SpeedMps.V)
		number("course", d.CourseDeg.V)
		b.WriteString("/>")
	}
	b.Write(remarks(d))
	b.WriteString("</detail></event>")
	return b.Bytes()
}

func remarks(d Detail) []byte {
	if d.Remarks == "" {
		return nil
	}
	var b bytes.Buffer
	b.WriteString("<remarks>")
	_ = xml.EscapeText(&b, []byte(d.Remarks)) // a buffer takes all
	b.WriteString("</remarks>")
	return b.Bytes()
}

// how is how the place was come by; where that is not said by satellite navigation, of an
// incident by people.
func (o Outgoing) how() string {
	switch {
	case o.How != "":
		return o.How
	case o.Happened != 0:
		return "h-e"
	}
	return "m-g"
}

// stamp is a time as events have it, with milliseconds.
func stamp(t truce.Instant) string { return t.Time().Format("2006-01-02T15:04:05.000Z") }

func (o Outgoing) appendTAK(dst []byte) []byte {
	m, d := o.Message, o.Detail
	var e []byte
	e = appendText(e, 1, m.Type)
	e = appendText(e, 5, m.UID)
	for n, at := range []truce.Instant{m.Time, m.Start, m.Stale} {
		e = binary.AppendUvarint(append(e, byte(6+n)<<3|wireVarint), uint64(at.Time().UnixMilli()))
	}
	e = appendText(e, 9, o.how())
	for n, x := range []float64{m.LatDeg.V, m.LonDeg.V, metres(m.HeightM, unknown), metres(m.RadiusM, unknown), metres(m.SpreadM, unknown)} {
		e = appendFloat(e, 10+n, x)
	}
	var detail []byte
	detail = appendText(detail, 1, string(remarks(d)))
	detail = appendText(detail, 2, string(appendText(nil, 2, d.Callsign)))
	detail = appendText(detail, 3, string(appendText(appendText(nil, 1, d.Team), 2, d.Role)))
	if d.SpeedMps.Told && d.CourseDeg.Told {
		detail = appendText(detail, 7, string(appendFloat(appendFloat(nil, 1, d.SpeedMps.V), 2, d.CourseDeg.V)))
	}
	return appendText(dst, 2, string(appendText(e, 15, string(detail))))
}

// appendText adds a field of bytes; nothing of an empty one.
func appendText(dst []byte, number int, text string) []byte {
	if text == "" {
		return dst
	}
	dst = binary.AppendUvarint(append(dst, byte(number<<3|wireBytes)), uint64(len(text)))
	return append(dst, text...)
}

func appendFloat(dst []byte, number int, x float64) []byte {
	return binary.LittleEndian.AppendUint64(append(dst, byte(number<<3|wireFixed)), math.Float64bits(x))
}

// Asset is an event of an asset of the monitors at a time, good for as long as it is said to be.
func Asset(uid, kind, callsign string, at truce.Instant, good time.Duration) Outgoing {
	return Outgoing{Message: Message{UID: uid, Type: kind, Time: at, Start: at, Stale: at.Add(good), Detail: Detail{Callsign: callsign}}}
}
