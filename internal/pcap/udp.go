package pcap

import (
	"encoding/binary"
	"errors"
	"net/netip"
)

// ErrOther is given for a packet that is no UDP datagram, or only a fragment of one.
var ErrOther = errors.New("pcap: no UDP datagram")

// Datagram is a UDP datagram in a packet.
type Datagram struct {
	From, To netip.AddrPort
	Payload  []byte // lies in the packet's data
	Cut      bool   // the capture kept only its beginning
}

const (
	etherIPv4 = 0x0800
	etherIPv6 = 0x86dd
	etherTag  = 0x8100 // IEEE 802.1Q
	etherTag2 = 0x88a8 // IEEE 802.1ad
	etherTag3 = 0x9100 // in use before it

	protocolUDP = 17
)

// UDP finds the datagram in a packet. ErrOther means that there is none, a *FormatError that
// the packet contradicts itself.
func UDP(p *Packet, d *Datagram) error {
	network, ether, ok := networkOf(p)
	if !ok {
		return ErrOther
	}
	switch ether {
	case etherIPv4:
		return ipv4(p, network, d)
	case etherIPv6:
		return ipv6(p, network, d)
	}
	return ErrOther
}

// networkOf is what stands behind the header of the link, and its EtherType.
func networkOf(p *Packet) (data []byte, ether uint16, ok bool) {
	b := p.Data
	switch p.Link {
	case LinkEthernet:
		if len(b) < 14 {
			return nil, 0, false
		}
		return untagged(b[14:], binary.BigEndian.Uint16(b[12:]))
	case LinkCooked:
		if len(b) < 16 {
			return nil, 0, false
		}
		return untagged(b[16:], binary.BigEndian.Uint16(b[14:]))
	case LinkCooked2:
		if len(b) < 20 {
			return nil, 0, false
		}
		return untagged(b[20:], binary.BigEndian.Uint16(b))
	case LinkNull:
		if len(b) < 4 {
			return nil, 0, false
		}
		return bare(b[4:]) // the family before it differs between systems, the version does not
	case LinkRaw, LinkIPv4, LinkIPv6:
		return bare(b)
	}
	return nil, 0, false
}

// untagged steps over VLAN tags.
func untagged(b []byte, ether uint16) ([]byte, uint16, bool) {
	for range maxTags {
		if ether != etherTag && ether != etherTag2 && ether != etherTag3 {
			return b, ether, true
		}
		if len(b) < 4 {
			return nil, 0, false
		}
		b, ether = b[4:], binary.BigEndian.Uint16(b[2:])
	}
	return nil, 0, false
}

// bare tells the two versions of IP apart.
func bare(b []byte) ([]byte, uint16, bool) {
	if len(b) == 0 {
		return nil, 0, false
	}
	switch b[0] >> 4 {
	case 4:
		return b, etherIPv4, true
	case 6:
		return b, etherIPv6, true
	}
	return nil, 0, false
}

func ipv4(p *Packet, b []byte, d *Datagram) error {
	if len(b) < 20 || b[0]>>4 != 4 {
		return damaged(p, "an IPv4 packet without a whole header")
	}
	if b[9] != protocolUDP || binary.BigEndian.Uint16(b[6:])&0x3fff != 0 { // more fragments, or not the first
		return ErrOther
	}
	head, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	if head < 20 || total < head || len(b) < head {
		return damaged(p, "an IPv4 packet with a wrong length in its header")
	}
	from, to := netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	return udp(p, b[head:min(total, len(b))], from, to, d)
}

func ipv6(p *Packet, b []byte, d *Datagram) error {
	if len(b) < 40 || b[0]>>4 != 6 {
		return damaged(p, "an IPv6 packet without a whole header")
	}
	from, to := netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
	next, total := b[6], int(binary.BigEndian.Uint16(b[4:]))
	b = b[40:]
	b = b[:min(total, len(b))]
	for range maxHeaders {
		switch next {
		case protocolUDP:
			return udp(p, b, from, to, d)
		case 0, 43, 60, 135: // hop by hop, routing, destination options, mobility
		default: // among them 44, a fragment
			return ErrOther
		}
		if len(b) < 8 || len(b) < int(b[1])*8+8 {
			return damaged(p, "an IPv6 packet that ends within its headers")
		}
		next, b = b[0], b[int(b[1])*8+8:]
	}
	return ErrOther
}

func udp(p *Packet, b []byte, from, to netip.Addr, d *Datagram) error {
	if len(b) < 8 {
		return damaged(p, "a UDP datagram without a whole header")
	}
	length := int(binary.BigEndian.Uint16(b[4:]))
	cut := length > len(b)
	if length < 8 || cut && p.Length == len(p.Data) {
		return damaged(p, "a UDP datagram with a wrong length in its header")
	}
	*d = Datagram{
		From:    netip.AddrPortFrom(from, binary.BigEndian.Uint16(b)),
		To:      netip.AddrPortFrom(to, binary.BigEndian.Uint16(b[2:])),
		Payload: b[8:min(length, len(b))],
		Cut:     cut,
	}
	return nil
}

func damaged(p *Packet, reason string) error { return &FormatError{Offset: p.Offset, Reason: reason} }
