// Package klv reads and writes the metadata that drones send with their video: MISB ST 0601
// local sets with the security (ST 0102) and moving target (ST 0903) sets inside, bare or in
// an MPEG transport stream.
//
// It never reads a packet whose checksum is wrong, never decodes pictures, and never makes up
// a value: what the standard reserves for "not known" is not known.
//
// Read this file for the types, tags.go for what each tag means, value.go for how values are
// written (ST 1201 among them), reader.go for the stream, vmti.go and security.go for the
// nested sets, encode.go for the way back and observe.go for what becomes of it in Truce.
package klv

import (
	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// Options says how a stream is read. The zero value finds out by itself.
type Options struct {
	Format Format
}

// Format is what carries the packets.
type Format string

// The formats.
const (
	FormatAuto Format = ""
	FormatBare Format = "bare"   // packet behind packet
	FormatTS   Format = "mpegts" // MPEG transport stream
)

// Standard is which set a packet holds.
type Standard string

// The sets that are read.
const (
	UASDatalink Standard = "st0601"
	VMTISet     Standard = "st0903" // sent by itself, without the platform's metadata
)

// State is what is known of an item's value.
type State uint8

// The states.
const (
	Told    State = iota // Number or Bytes hold it
	NotTold              // the value that says "not known", "out of range" or "not on earth"
	Unread               // of no known tag, a nested set, or of a length that the tag does not have
)

// Item is one tag with its value.
type Item struct {
	Tag    uint32
	State  State
	Number float64 // of numbers, in the unit of the tag's name
	Bytes  []byte  // of texts, and of what is not read; valid until the next message
}

// Message is one packet. What it points to is valid until the next is read.
type Message struct {
	Offset   int64 // of the packet, or of the transport packet in which its unit begins
	Length   int
	PID      uint16 // of the transport stream, 0: there is none
	Standard Standard
	Time     truce.Instant // precision time stamp in UTC; 0: not told
	Items    []Item        // in their order; of a tag that comes twice the last counts
	Security *Security     // nil: none
	VMTI     *VMTI         // nil: none

	raw   []byte
	index [MaxTag + 1]uint16 // of Items by tag, one more than where it stands
	flaws int                // nested sets that could not be read
}

// Item is the item of a tag.
func (m *Message) Item(tag uint32) (Item, bool) {
	if tag > MaxTag || m.index[tag] == 0 {
		return Item{}, false
	}
	return m.Items[m.index[tag]-1], true
}

// Number is the number of a tag, not known when it is not told.
func (m *Message) Number(tag uint32) source.Value {
	it, there := m.Item(tag)
	if !there || it.State != Told || it.Bytes != nil {
		return source.Value{}
	}
	return source.Finite(it.Number)
}

// Text is the text of a tag, "" when there is none.
func (m *Message) Text(tag uint32) string {
	it, there := m.Item(tag)
	if !there || it.State != Told {
		return ""
	}
	return truce.CleanText(source.Cut(string(it.Bytes), MaxText))
}

// Set puts an item in, in place of another of its tag. Tags beyond MaxTag and items beyond
// MaxItems are left out, and it says so.
func (m *Message) Set(it Item) bool {
	if it.Tag > MaxTag {
		return false
	}
	if at := m.index[it.Tag]; at != 0 {
		m.Items[at-1] = it
		return true
	}
	if len(m.Items) == MaxItems {
		return false
	}
	m.Items = append(m.Items, it)
	m.index[it.Tag] = uint16(len(m.Items))
	return true
}

// reset makes the message ready for the next packet.
func (m *Message) reset() {
	for _, it := range m.Items {
		m.index[it.Tag] = 0
	}
	m.Items = m.Items[:0]
	m.Time, m.Security, m.VMTI, m.PID, m.flaws = 0, nil, nil, 0, 0
}

// Point is a place given by two tags; false: not told.
func (m *Message) point(lat, lon uint32) (geo.Point, bool) {
	a, b := m.Number(lat), m.Number(lon)
	if !a.Told || !b.Told {
		return geo.Point{}, false
	}
	p := geo.Point{Lat: geo.Degrees(a.V), Lon: geo.Degrees(b.V)}
	return p, p.Valid()
}

// Platform is where the camera was; false: not told.
func (m *Message) Platform() (geo.Point, bool) { return m.point(TagSensorLat, TagSensorLon) }

// FrameCentre is where the middle of the picture lies on the ground; false: not told, or
// above the horizon.
func (m *Message) FrameCentre() (geo.Point, bool) { return m.point(TagFrameLat, TagFrameLon) }

// Target is the place on the ground that the crew or the tracker points at; false: not told.
func (m *Message) Target() (geo.Point, bool) { return m.point(TagTargetLat, TagTargetLon) }

// Corners are the four corners of the picture on the ground, from the upper left one
// clockwise as the picture is seen: the full corners, or the offsets from the frame centre.
func (m *Message) Corners() (corners [4]geo.Point, told bool) {
	for i := range corners {
		p, known := m.point(TagCornerLat1+uint32(2*i), TagCornerLat1+uint32(2*i)+1)
		if !known {
			return m.offsetCorners()
		}
		corners[i] = p
	}
	return corners, true
}

func (m *Message) offsetCorners() (corners [4]geo.Point, told bool) {
	centre, known := m.FrameCentre()
	if !known {
		return corners, false
	}
	for i := range corners {
		dLat, dLon := m.Number(TagOffsetLat1+uint32(2*i)), m.Number(TagOffsetLat1+uint32(2*i)+1)
		if !dLat.Told || !dLon.Told {
			return [4]geo.Point{}, false
		}
		corners[i] = around(centre, dLat.V, dLon.V)
		if !corners[i].Valid() {
			return [4]geo.Point{}, false
		}
	}
	return corners, true
}

// around is a point that lies so many degrees off another, over the 180th meridian too.
func around(p geo.Point, dLat, dLon float64) geo.Point {
	p.Lat += geo.Degrees(dLat)
	p.Lon += geo.Degrees(dLon)
	if p.Lon > 180 {
		p.Lon -= 360
	} else if p.Lon < -180 {
		p.Lon += 360
	}
	return p
}
