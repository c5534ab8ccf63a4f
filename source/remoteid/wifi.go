package remoteid

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"

	"github.com/trucewatch/truce/internal/pcap"
	"github.com/trucewatch/truce/source"
)

// What a radiotap header says in its first fields (radiotap.org).
const (
	tapFlags    = 1
	tapSignal   = 5
	tapHasFCS   = 0x10
	tapWrongFCS = 0x40
)

// tapFields are the lengths and alignments of the fields up to the signal, in order.
var tapFields = [...]struct{ size, align int }{{8, 8}, {1, 1}, {1, 1}, {4, 2}, {2, 2}, {1, 1}}

// radiotap passes over the header of the radio.
func (f *frame) radiotap(p *pcap.Packet) bool {
	b := p.Data
	if len(b) < 8 || b[0] != 0 {
		return false
	}
	length := int(binary.LittleEndian.Uint16(b[2:]))
	if length < 8 || length > len(b) {
		return false
	}
	present := binary.LittleEndian.Uint32(b[4:])
	at := 8
	for more := present; more&(1<<31) != 0; at += 4 { // further words of bits follow
		if at+4 > length {
			return false
		}
		more = binary.LittleEndian.Uint32(b[at:])
	}
	fcs, wrong := 0, false
	for n, field := range tapFields {
		if present&(1<<n) == 0 {
			continue
		}
		at = (at + field.align - 1) / field.align * field.align
		if at+field.size > length {
			return false
		}
		switch n {
		case tapFlags:
			wrong = b[at]&tapWrongFCS != 0
			if b[at]&tapHasFCS != 0 {
				fcs = 4
			}
		case tapSignal:
			f.signal = source.Told(float64(int8(b[at])))
		}
		at += field.size
	}
	if p.Length > len(p.Data) {
		fcs = 0 // it was cut off
	}
	if !f.wifi(b[length:], fcs) {
		return false
	}
	if wrong {
		f.broken = "the receiver says that the check sequence is wrong"
	}
	return true
}

// The frames of IEEE 802.11 that carry messages, by the first byte of their control field.
const (
	wifiBeacon = 0x80
	wifiAction = 0xd0
	wifiHead   = 24
	// Bits of the second byte.
	wifiProtected = 0x40
	wifiOrder     = 0x80 // a field of four bytes more
)

// The elements and names that Open Drone ID and NAN go by.
var (
	vendorODID  = []byte{0xfa, 0x0b, 0xbc, 0x0d}             // ASD-STAN, Remote ID
	vendorNAN   = []byte{0x50, 0x6f, 0x9a, 0x13}             // Wi-Fi Alliance, NAN
	serviceODID = []byte{0x88, 0x69, 0x19, 0x9d, 0x92, 0x09} // the beginning of SHA-256 of "org.opendroneid.remoteid"
)

// wifi finds messages in a frame of IEEE 802.11 that ends with fcs bytes of check sequence.
func (f *frame) wifi(b []byte, fcs int) bool {
	if len(b) < wifiHead+fcs {
		return false
	}
	whole := b
	b = b[:len(b)-fcs]
	head, flags := wifiHead, b[1]
	if flags&wifiOrder != 0 {
		head += 4
	}
	if flags&wifiProtected != 0 || len(b) < head {
		return false
	}
	copy(f.transmitter[:], b[10:16])
	found := false
	switch b[0] {
	case wifiBeacon:
		found = len(b) >= head+12 && f.elements(b[head+12:])
	case wifiAction:
		found = f.action(b[head:])
	}
	if found && fcs == 4 && f.broken == "" && crc32.ChecksumIEEE(b) != binary.LittleEndian.Uint32(whole[len(b):]) {
		f.broken = "the check sequence of the frame is wrong"
	}
	return found
}

// elements looks for that of a vendor among the elements of a beacon.
func (f *frame) elements(b []byte) bool {
	const vendor = 221
	for len(b) >= 2 {
		id, n := b[0], int(b[1])
		if b = b[2:]; n > len(b) {
			if id == vendor && bytes.HasPrefix(b, vendorODID) {
				f.carrier, f.broken = CarrierBeacon, "the frame ends within its messages"
				return true
			}
			return false
		}
		switch body := b[:n]; {
		case id == vendor && bytes.HasPrefix(body, vendorODID):
			f.carrier = CarrierBeacon
			return f.counted(body[len(vendorODID):])
		case id == vendor && bytes.HasPrefix(body, vendorNAN):
			if f.nan(body[len(vendorNAN):]) {
				return true
			}
		}
		b = b[n:]
	}
	return false
}

// action looks into a public action frame of NAN, a service discovery frame.
func (f *frame) action(b []byte) bool {
	const public, vendor = 4, 9
	if len(b) < 6 || b[0] != public || b[1] != vendor || !bytes.HasPrefix(b[2:], vendorNAN) {
		return false
	}
	return f.nan(b[6:])
}

// nan looks for the service of Remote ID among the attributes of NAN (Wi-Fi Aware 4.0, 9.5).
func (f *frame) nan(b []byte) bool {
	const service = 3
	for len(b) >= 3 {
		id, n := b[0], int(binary.LittleEndian.Uint16(b[1:]))
		if b = b[3:]; n > len(b) {
			if id == service && bytes.HasPrefix(b, serviceODID) {
				f.carrier, f.broken = CarrierNAN, "the frame ends within its messages"
				return true
			}
			return false
		}
		if body := b[:n]; id == service && bytes.HasPrefix(body, serviceODID) {
			f.carrier = CarrierNAN
			return f.service(body[len(serviceODID):])
		}
		b = b[n:]
	}
	return false
}

// service passes over what stands before the information of a service: two instances, a field
// of control that says which parts there are, and those.
func (f *frame) service(b []byte) bool {
	const (
		matching = 0x04
		response = 0x08
		info     = 0x10
		binding  = 0x40
	)
	if len(b) < 3 {
		return false
	}
	control := b[2]
	if b = b[3:]; control&info == 0 {
		return false // it only says that there is such a service
	}
	if control&binding != 0 {
		b = b[min(2, len(b)):]
	}
	for _, part := range [...]byte{matching, response} {
		if control&part != 0 && len(b) > 0 {
			b = b[min(1+int(b[0]), len(b)):]
		}
	}
	if len(b) == 0 || int(b[0]) > len(b)-1 {
		f.broken = "information of the service that is longer than its frame"
		return true
	}
	return f.counted(b[1 : 1+int(b[0])])
}

// counted takes the counter that stands before messages.
func (f *frame) counted(b []byte) bool {
	if len(b) == 0 {
		f.broken = "a frame of Remote ID without any message"
		return true
	}
	f.counter, f.load = b[0], b[1:]
	return true
}
