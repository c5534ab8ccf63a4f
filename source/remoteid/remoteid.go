// Package remoteid reads what drones broadcast of themselves: the messages of ASTM F3411-22a
// (Open Drone ID), from captures of Wi-Fi beacons, Wi-Fi NAN and Bluetooth, or alone.
//
// It never makes up a position: what a message says it does not know stays unknown. It checks
// no signature, puts no pages or fragments together, and never passes on where a pilot stands
// as an observation.
//
// Read limits.go for the bounds, Reader here for the way of a message, message.go for what one
// holds, decode.go and encode.go for its 25 bytes, wifi.go and bluetooth.go for the frames it
// comes in, and observe.go for places as observations.
package remoteid

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/pcap"
	"github.com/trucewatch/truce/source"
)

// Format is what messages are read from.
type Format string

// The formats.
const (
	FormatAny     Format = ""     // a capture where the file begins as one, else messages alone
	FormatCapture Format = "pcap" // pcap or pcapng
	FormatRaw     Format = "raw"  // messages and packs one after the other
)

// Options says how a stream is read. The zero value reads any.
type Options struct {
	Format Format
	// Received is when messages came that stand alone and without a time; 0: not known.
	Received truce.Instant
}

// Carrier is how a message was broadcast.
type Carrier string

// The carriers.
const (
	CarrierBeacon    Carrier = "wifi_beacon"
	CarrierNAN       Carrier = "wifi_nan"
	CarrierBluetooth Carrier = "bluetooth"
	CarrierLong      Carrier = "bluetooth_extended" // extended advertising, also of long range
	CarrierRaw       Carrier = "raw"
)

// Message is one message of 25 bytes and the frame it came in. Exactly the contents of its kind
// are set; they are good until the next message is read into it.
type Message struct {
	Offset      int64         `json:"offset"`        // of the packet in the file; of a message alone, of itself
	Time        truce.Instant `json:"time,omitzero"` // when it was received
	Carrier     Carrier       `json:"carrier"`
	Transmitter Address       `json:"transmitter,omitzero"`
	SignalDBm   source.Value  `json:"signal_dbm,omitzero"`
	Counter     uint8         `json:"counter"`           // of the transmitter's messages of this kind, or packs
	Pack        int           `json:"in_pack,omitempty"` // how many messages its pack holds; 0: it came alone
	Version     uint8         `json:"version"`           // of the protocol: 0 of 2019, 1 and 2 of 2022
	Kind        Kind          `json:"type"`

	BasicID        *BasicID        `json:"basic_id,omitempty"`
	Location       *Location       `json:"location,omitempty"`
	Authentication *Authentication `json:"authentication,omitempty"`
	SelfID         *SelfID         `json:"self_id,omitempty"`
	System         *System         `json:"system,omitempty"`
	OperatorID     *OperatorID     `json:"operator_id,omitempty"`

	raw []byte
}

// Raw is the 25 bytes of the message, good until the next is read.
func (m *Message) Raw() []byte { return m.raw }

// frame is a frame with what of messages it carries.
type frame struct {
	offset      int64
	time        truce.Instant
	carrier     Carrier
	transmitter Address
	signal      source.Value
	counter     uint8
	load        []byte // a message or a pack
	broken      string // what is wrong with the frame, if anything
}

// Reader reads messages.
type Reader struct {
	src     *bufio.Reader
	opts    Options
	counted *counter
	capture *pcap.Reader // nil: messages alone
	packet  pcap.Packet
	offset  int64 // of messages alone: of what is read next
	room    []byte
	begun   bool
	over    bool

	frame frame
	left  []byte // messages of the frame that were not given yet
	pack  int
	parts parts
	names names
}

// NewReader reads the messages of src.
func NewReader(src io.Reader, o Options) *Reader {
	in := &counter{src: src}
	return &Reader{src: bufio.NewReaderSize(in, 64<<10), counted: in, opts: o, names: names{}}
}

// Next reads the next message into m. io.EOF is the end; *source.Damage concerns one stretch,
// behind which reading goes on; any other error ends it.
func (r *Reader) Next(m *Message) error {
	if !r.begun {
		if err := r.begin(); err != nil {
			return err
		}
	}
	for len(r.left) == 0 {
		if r.over {
			return io.EOF
		}
		if err := r.fill(); err != nil {
			return err
		}
	}
	b := r.left[:Size]
	r.left = r.left[Size:]
	f := &r.frame
	m.Offset, m.Time, m.Carrier, m.Transmitter, m.SignalDBm, m.Counter, m.Pack, m.raw = f.offset, f.time, f.carrier, f.transmitter, f.signal, f.counter, r.pack, b
	if err := m.decode(b, &r.parts, r.names); err != nil {
		return source.Damaged(f.offset, Size, b, "%v", err)
	}
	return nil
}

// begin finds out what the stream is. Messages alone have nothing by which they are known, and
// the letters of a text would be read as operators and descriptions: a text is refused.
func (r *Reader) begin() error {
	head, _ := r.src.Peek(Size) // an error comes again
	switch {
	case r.opts.Format == FormatCapture || r.opts.Format == FormatAny && pcap.Known(head):
		r.capture = pcap.NewReader(r.src)
	case r.opts.Format == FormatAny && len(head) > 0 && !slices.ContainsFunc(head, unprinted):
		return truce.Errorf(truce.CodeInvalid, "this is text, and neither a capture nor messages of %d bytes: save what was received as pcap", Size)
	}
	r.begun = true
	return nil
}

// unprinted says whether no text has the byte.
func unprinted(b byte) bool { return b < ' ' && b != '\n' && b != '\r' && b != '\t' || b > '~' }

// fill finds the next frame that carries messages.
func (r *Reader) fill() error {
	if r.capture == nil {
		return r.alone()
	}
	for {
		p := &r.packet
		if err := r.capture.Next(p); err != nil {
			return r.ends(err)
		}
		f, found := open(p)
		if !found {
			continue
		}
		r.frame = f
		if f.broken == "" {
			f.broken = r.unpack(f.load)
		}
		if f.broken != "" {
			return source.Damaged(p.Offset, int64(len(p.Data)), p.Data, "%s", f.broken)
		}
		return nil
	}
}

// ends makes of why a capture ends what the reader says of it: all that follows a damaged record
// is one stretch, since nothing says where the next begins.
func (r *Reader) ends(err error) error {
	var broken *pcap.FormatError
	if !errors.As(err, &broken) {
		return err
	}
	if r.over = true; r.packet.Offset == 0 { // no packet was read
		return truce.Errorf(truce.CodeInvalid, "the %w", err)
	}
	if _, err := io.Copy(io.Discard, r.src); err != nil {
		return err
	}
	return source.Damaged(broken.Offset, r.counted.n-broken.Offset, nil, "%s", broken.Reason)
}

// counter counts the bytes that are read through it.
type counter struct {
	src io.Reader
	n   int64
}

// Read reads on.
func (c *counter) Read(b []byte) (int, error) {
	n, err := c.src.Read(b)
	c.n += int64(n)
	return n, err
}

// open finds messages in a packet. False: it carries none.
func open(p *pcap.Packet) (frame, bool) {
	f := frame{offset: p.Offset, time: truce.Instant(p.Micros())}
	found := false
	switch p.Link {
	case pcap.LinkRadiotap:
		found = f.radiotap(p)
	case pcap.LinkWiFi:
		found = f.wifi(p.Data, 0)
	case pcap.LinkBluetoothLE:
		found = f.bluetooth(p.Data)
	case pcap.LinkBluetoothLERF:
		found = f.bluetoothRF(p.Data)
	}
	return f, found
}

// unpack takes the messages of a pack, or the one message that stands alone. It says what is
// wrong, if anything.
func (r *Reader) unpack(b []byte) string {
	r.pack = 0
	if len(b) == 0 || b[0]>>4 != byte(kindPack) {
		if len(b) < Size {
			return fmt.Sprintf("a message of %d bytes, which has %d", len(b), Size)
		}
		r.left = b[:Size]
		return ""
	}
	if len(b) < 3 {
		return "a pack without its head"
	}
	size, count := int(b[1]), int(b[2])
	switch {
	case size != Size:
		return fmt.Sprintf("a pack of messages of %d bytes, which have %d", size, Size)
	case count == 0 || count > MaxPack:
		return fmt.Sprintf("a pack of %d messages, which has 1 to %d", count, MaxPack)
	case len(b) < 3+count*Size:
		return fmt.Sprintf("a pack of %d messages in %d bytes, which takes %d", count, len(b), 3+count*Size)
	}
	r.left, r.pack = b[3:3+count*Size], count
	return ""
}

// alone reads a message or a pack that stands in no frame. Behind one that is damaged nothing
// can be found: no byte says where the next begins.
func (r *Reader) alone() error {
	head, err := r.src.Peek(3)
	if len(head) == 0 {
		return err
	}
	want := Size
	if head[0]>>4 == byte(kindPack) && len(head) == 3 {
		want = 3 + Size*min(MaxPack, int(head[2]))
	}
	if r.room == nil {
		r.room = make([]byte, 3+MaxPack*Size)
	}
	from := r.offset
	got, err := io.ReadFull(r.src, r.room[:want])
	r.offset += int64(got)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return err
	}
	r.frame = frame{offset: from, time: r.opts.Received, carrier: CarrierRaw}
	if broken := r.unpack(r.room[:got]); broken != "" {
		return r.rest(from, got, broken)
	}
	return nil
}

// rest is the damage of all that follows.
func (r *Reader) rest(from int64, got int, broken string) error {
	left, err := io.Copy(io.Discard, r.src)
	r.offset, r.over = r.offset+left, true
	if err != nil {
		return err
	}
	return source.Damaged(from, r.offset-from, r.room[:got], "%s", broken)
}
