package pcap

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// six makes an IPv6 packet with the given first header.
func six(next byte, body []byte) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0x60, 0, 0, 0}, uint16(len(body)))
	b = append(b, next, 64)
	b = append(b, make([]byte, 32)...)
	b[23], b[39] = 1, 2
	return append(b, body...)
}

func udpOf(payload string) []byte {
	b := []byte{0, 9, 0, 7}
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload)))
	return append(append(b, 0, 0), payload...)
}

func TestUDP(t *testing.T) {
	frame, err := AppendUDP(nil, radar, centre, []byte("payload"))
	if err != nil {
		t.Fatal(err)
	}
	ip := frame[14:]
	tag := []byte{0x81, 0, 0, 5}
	tagged := append(append(append([]byte{}, frame[:12]...), tag...), frame[12:]...)
	twice := append(append(append([]byte{}, frame[:12]...), 0x88, 0xa8, 0, 7), tagged[12:]...)
	change := func(in []byte, at int, b byte) []byte {
		out := append([]byte{}, in...)
		out[at] = b
		return out
	}
	join := func(parts ...[]byte) (out []byte) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	cooked, cooked2 := make([]byte, 16), make([]byte, 20)
	cooked[14], cooked2[0] = 8, 8
	hop := []byte{17, 0, 0, 0, 0, 0, 0, 0}
	for _, test := range []struct {
		name string
		link LinkType
		data []byte
		want string // the payload, or the reason, or "other"
	}{
		{"Ethernet", LinkEthernet, frame, "payload"},
		{"a trailer", LinkEthernet, append(append([]byte{}, frame...), 1, 2, 3), "payload"},
		{"a VLAN", LinkEthernet, tagged, "payload"},
		{"a VLAN in a VLAN", LinkEthernet, twice, "payload"},
		{"five VLANs", LinkEthernet, join(frame[:12], tag, tag, tag, tag, tag, frame[12:]), "other"},
		{"raw", LinkRaw, ip, "payload"},
		{"loopback", LinkNull, join([]byte{2, 0, 0, 0}, ip), "payload"},
		{"cooked", LinkCooked, join(cooked, ip), "payload"},
		{"cooked, second form", LinkCooked2, join(cooked2, ip), "payload"},
		{"IPv6", LinkIPv6, six(17, udpOf("six")), "six"},
		{"IPv6 with a header", LinkRaw, six(0, join(hop, udpOf("six"))), "six"},
		{"IPv6 fragment", LinkRaw, six(44, join(hop, udpOf("six"))), "other"},
		{"IPv6 with a header beyond", LinkRaw, six(0, []byte{17, 9, 0, 0, 0, 0, 0, 0}), "ends within its headers"},
		{"IPv6 cut", LinkRaw, six(17, nil)[:30], "without a whole header"},
		{"TCP", LinkRaw, change(ip, 9, 6), "other"},
		{"a fragment", LinkRaw, change(ip, 6, 0x20), "other"},
		{"ARP", LinkEthernet, change(frame, 13, 6), "other"},
		{"short Ethernet", LinkEthernet, frame[:13], "other"},
		{"radio", LinkWiFi, frame, "other"},
		{"short IPv4", LinkRaw, ip[:19], "without a whole header"},
		{"wrong header length", LinkRaw, change(ip, 0, 0x44), "wrong length"},
		{"header beyond", LinkRaw, change(ip[:24], 0, 0x4f), "wrong length"},
		{"UDP too short", LinkRaw, change(ip, 25, 7), "wrong length"},
		{"UDP beyond", LinkRaw, change(ip, 25, 200), "wrong length"},
		{"no UDP header", LinkRaw, change(ip, 3, 24), "without a whole header"},
	} {
		p := Packet{Offset: 70, Link: test.link, Data: test.data, Length: len(test.data)}
		var d Datagram
		err := UDP(&p, &d)
		var format *FormatError
		switch {
		case err == nil:
			if string(d.Payload) != test.want {
				t.Errorf("%s: payload %q, want %q", test.name, d.Payload, test.want)
			}
		case errors.Is(err, ErrOther):
			if test.want != "other" {
				t.Errorf("%s: no datagram, want %q", test.name, test.want)
			}
		case !errors.As(err, &format) || format.Offset != 70 || !strings.Contains(format.Reason, test.want):
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// TestCutDatagram: a capture that keeps only the beginning says so.
func TestCutDatagram(t *testing.T) {
	frame, err := AppendUDP(nil, radar, centre, []byte("payload"))
	if err != nil {
		t.Fatal(err)
	}
	p := Packet{Link: LinkEthernet, Data: frame[:len(frame)-3], Length: len(frame)}
	var d Datagram
	if err := UDP(&p, &d); err != nil || !d.Cut || string(d.Payload) != "payl" {
		t.Errorf("%+v, %v", d, err)
	}
}

// TestHeaderChecksum: a header summed over with its checksum in it gives 0.
func TestHeaderChecksum(t *testing.T) {
	frame, err := AppendUDP(nil, radar, centre, []byte("payload"))
	if err != nil {
		t.Fatal(err)
	}
	if sum := checksum(frame[14:34]); sum != 0 {
		t.Errorf("the header's sum is %#x", sum)
	}
}
