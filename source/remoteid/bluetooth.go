package remoteid

import (
	"encoding/binary"

	"github.com/trucewatch/truce/source"
)

// advertising is the access address of all advertising of Bluetooth low energy.
const advertising = 0x8e89bed6

// The kinds of advertising that carry data (Bluetooth Core 5.4, volume 6, part B, 2.3).
const (
	advUndirected     = 0
	advNonconnectable = 2
	advResponse       = 4
	advScannable      = 6
	advExtended       = 7
)

// bluetoothRF passes over the header of the radio (LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR).
func (f *frame) bluetoothRF(b []byte) bool {
	const (
		head       = 10
		dewhitened = 0x0001
		hasSignal  = 0x0002
		crcChecked = 0x0400
		crcValid   = 0x0800
	)
	if len(b) < head {
		return false
	}
	flags := binary.LittleEndian.Uint16(b[8:])
	if flags&dewhitened == 0 {
		return false // not bytes yet
	}
	if flags&hasSignal != 0 {
		f.signal = source.Told(float64(int8(b[1])))
	}
	if !f.bluetooth(b[head:]) {
		return false
	}
	if flags&crcChecked != 0 && flags&crcValid == 0 {
		f.broken = "the receiver says that the check sequence is wrong"
	}
	return true
}

// bluetooth finds messages in a packet of the link layer: access address, head, body, check sequence.
func (f *frame) bluetooth(b []byte) bool {
	if len(b) < 4+2+3 || binary.LittleEndian.Uint32(b) != advertising {
		return false
	}
	kind, n := b[4]&15, int(b[5])
	if len(b) < 4+2+n+3 {
		return false
	}
	packet, crc := b[4:6+n], b[6+n:9+n]
	body := packet[2:]
	f.carrier = CarrierBluetooth
	switch kind {
	case advUndirected, advNonconnectable, advResponse, advScannable:
		if len(body) < 6 {
			return false
		}
		f.transmitter = reversed(body)
		body = body[6:]
	case advExtended:
		var ok bool
		if body, ok = f.extended(body); !ok {
			return false
		}
	default:
		return false
	}
	if !f.structures(body) {
		return false
	}
	if want := checkSequence(packet); f.broken == "" && (crc[0] != byte(want) || crc[1] != byte(want>>8) || crc[2] != byte(want>>16)) {
		f.broken = "the check sequence of the packet is wrong"
	}
	return true
}

// extended passes over the head of extended advertising.
func (f *frame) extended(b []byte) (data []byte, ok bool) {
	const hasAddress = 1
	if len(b) == 0 {
		return nil, false
	}
	head := int(b[0] & 0x3f)
	if b = b[1:]; head > len(b) {
		return nil, false
	}
	f.carrier = CarrierLong
	if head >= 7 && b[0]&hasAddress != 0 {
		f.transmitter = reversed(b[1:])
	}
	return b[head:], true
}

// reversed is an address as it is written: it is sent with the last byte first.
func reversed(b []byte) Address { return Address{b[5], b[4], b[3], b[2], b[1], b[0]} }

// structures looks for the service of ASTM among the parts of what is advertised.
func (f *frame) structures(b []byte) bool {
	const (
		serviceData = 0x16
		application = 0x0d // Open Drone ID, of the service 0xfffa
	)
	for len(b) >= 2 && b[0] > 0 {
		n := int(b[0])
		if n > len(b)-1 {
			return false
		}
		part := b[1 : 1+n]
		if n >= 4 && part[0] == serviceData && part[1] == 0xfa && part[2] == 0xff && part[3] == application {
			return f.counted(part[4:])
		}
		b = b[1+n:]
	}
	return false
}

// checkSequence is the CRC of advertising: x^24+x^10+x^9+x^6+x^4+x^3+x+1 from 0x555555, each
// byte with its lowest bit first (Bluetooth Core 5.4, volume 6, part B, 3.1.1). The register is
// kept mirrored, so that its bytes are sent as they stand, the lowest first.
func checkSequence(b []byte) uint32 {
	const polynomial = 0xda6000
	state := uint32(0xaaaaaa)
	for _, x := range b {
		state ^= uint32(x)
		for range 8 {
			if state&1 != 0 {
				state = state>>1 ^ polynomial
			} else {
				state >>= 1
			}
		}
	}
	return state
}
