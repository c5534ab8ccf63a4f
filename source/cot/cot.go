// Package cot reads Cursor on Target: events in XML, as a file, as a stream or between other
// text, and in the protobuf framing of TAK, version 1; and writes the few that may be sent.
//
// It never writes a hostile type, the precise or fresh place of an incident, or anything about
// somebody else's people; it follows no link, and reads no document type.
//
// Read limits.go for the bounds, Message here, reader.go for how events are found in a stream,
// xml.go and tak.go for how one is read, encode.go for what may be sent, and observe.go for
// places as observations.
package cot

import (
	"io"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/window"
	"github.com/trucewatch/truce/source"
)

// Encoding is how an event is written.
type Encoding string

// The encodings.
const (
	EncodingXML    Encoding = "xml"
	EncodingMesh   Encoding = "tak_mesh"   // one event a datagram: bf 01 bf, then protobuf
	EncodingStream Encoding = "tak_stream" // one after the other: bf, length, then protobuf
)

// Options says how a stream is read. The zero value reads any: what each event is written in
// is seen from its first bytes.
type Options struct{}

// Message is one event.
type Message struct {
	Offset   int64         `json:"offset"`
	Encoding Encoding      `json:"encoding"`
	UID      string        `json:"uid"`
	Type     string        `json:"type"` // e.g. a-f-A-M-F-Q; what the first letters say of sides is somebody's opinion
	How      string        `json:"how,omitempty"`
	Access   string        `json:"access,omitempty"`
	Time     truce.Instant `json:"time"` // when the event was made
	Start    truce.Instant `json:"start"`
	Stale    truce.Instant `json:"stale"`

	LatDeg  source.Value `json:"lat_deg,omitzero"`
	LonDeg  source.Value `json:"lon_deg,omitzero"`
	HeightM source.Value `json:"hae_m,omitzero"` // above the WGS 84 ellipsoid
	RadiusM source.Value `json:"ce_m,omitzero"`  // of the error, one sigma, or of an area
	SpreadM source.Value `json:"le_m,omitzero"`  // of the height, one sigma

	Detail Detail `json:"detail,omitzero"`

	raw []byte
}

// Detail is what most events say beside who and where.
type Detail struct {
	Callsign     string       `json:"callsign,omitempty"`
	Endpoint     string       `json:"endpoint,omitempty"`
	Team         string       `json:"team,omitempty"`
	Role         string       `json:"role,omitempty"`
	Remarks      string       `json:"remarks,omitempty"`
	SpeedMps     source.Value `json:"speed_mps,omitzero"`
	CourseDeg    source.Value `json:"course_deg,omitzero"`
	Battery      source.Value `json:"battery_percent,omitzero"`
	PlaceSource  string       `json:"geopointsrc,omitempty"`
	HeightSource string       `json:"altsrc,omitempty"`
	Device       string       `json:"device,omitempty"`
	Platform     string       `json:"platform,omitempty"`
	OS           string       `json:"os,omitempty"`
	Version      string       `json:"version,omitempty"`
	Links        []Link       `json:"links,omitempty"`
	XML          string       `json:"xml,omitempty"` // all of it as it stands; of TAK what its fields do not hold
}

// IsZero says whether there is none.
func (d Detail) IsZero() bool {
	return len(d.Links) == 0 && d.Callsign+d.Endpoint+d.Team+d.Role+d.Remarks+d.PlaceSource+d.HeightSource+d.Device+d.Platform+d.OS+d.Version+d.XML == "" &&
		!d.SpeedMps.Told && !d.CourseDeg.Told && !d.Battery.Told
}

// Link is another event that this one names, or a point of a drawing.
type Link struct {
	UID      string `json:"uid,omitempty"`
	Type     string `json:"type,omitempty"`
	Relation string `json:"relation,omitempty"`
	Callsign string `json:"callsign,omitempty"`
	Point    string `json:"point,omitempty"` // latitude, longitude and perhaps height, as written
}

// Raw is the bytes of the event, good until the next is read.
func (m *Message) Raw() []byte { return m.raw }

// Reader reads events.
type Reader struct {
	in     *window.Window
	within bool // at the end of an event, where one of TAK may begin
	done   int  // bytes of the window that the last event took
}

// NewReader reads the events of src.
func NewReader(src io.Reader, _ Options) *Reader {
	return &Reader{in: window.New(src), within: true}
}

// checked refuses an event that no reader could use.
func (m *Message) checked() error {
	switch {
	case m.UID == "":
		return wrong("an event without uid")
	case !typed(m.Type):
		return wrong("an event of the type %.40q", m.Type)
	case m.Time == 0:
		return wrong("an event without time")
	}
	lat, lon := m.LatDeg, m.LonDeg
	if !(lat.V >= -90 && lat.V <= 90 && lon.V >= -180 && lon.V <= 180) {
		return wrong("latitude %v, longitude %v is nowhere on Earth", lat.V, lon.V)
	}
	if lat.V == 0 && lon.V == 0 { // what is written where no place is known
		m.LatDeg, m.LonDeg = source.Value{}, source.Value{}
	}
	for _, x := range []*source.Value{&m.HeightM, &m.RadiusM, &m.SpreadM} {
		if !(x.V > -unknown && x.V < unknown) {
			*x = source.Value{}
		}
	}
	if m.RadiusM.V < 0 || m.SpreadM.V < 0 {
		return wrong("an error of %v m and %v m: none is negative", m.RadiusM.V, m.SpreadM.V)
	}
	d := &m.Detail
	if !(d.SpeedMps.V >= 0 && d.SpeedMps.V <= maxSpeed) {
		d.SpeedMps = source.Value{}
	}
	if !(d.CourseDeg.V >= 0 && d.CourseDeg.V <= 360) {
		d.CourseDeg = source.Value{}
	}
	return nil
}

// typed says whether a type is words of letters and digits with hyphens between.
func typed(text string) bool {
	if text == "" || len(text) > 200 {
		return false
	}
	for _, b := range []byte(text) {
		if (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && (b < '0' || b > '9') && b != '-' && b != '_' && b != '.' {
			return false
		}
	}
	return text[0] != '-'
}

// kept is a text of a stranger as it is kept.
func kept(text string) string {
	return strings.TrimSpace(truce.CleanText(source.Cut(text, MaxField)))
}
