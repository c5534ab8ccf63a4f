package remoteid

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/pcap"
	"github.com/trucewatch/truce/source"
)

// noon is when the frames of the tests come.
var noon = truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 5, 250e6, time.UTC))

var sender = Address{0x84, 0xcc, 0xa8, 1, 2, 3}

// flying is a location with everything told.
func flying() Message {
	return Message{Kind: KindLocation, Version: 2, Location: &Location{
		Status: StatusAirborne, DirectionDeg: source.Told(288), SpeedMps: source.Told(20.5), ClimbMps: source.Told(-1.5), LatDeg: source.Told(48.1234567), LonDeg: source.Told(37.7654321),
		PressureM: source.Told(230.5), GeodeticM: source.Told(237), HeightM: source.Told(100), OverGround: true, HorizontalM: source.Told(3), VerticalM: source.Told(10), PressureAccM: source.Told(25),
		SpeedAccMps: source.Told(1), PastHourS: source.Told(5), ClockAccS: source.Told(0.2),
	}}
}

func named(kind IDType, id string) Message {
	return Message{Kind: KindBasicID, Version: 2, BasicID: &BasicID{IDType: kind, Craft: 2, ID: id}}
}

func operated(id string) Message {
	return Message{Kind: KindOperatorID, Version: 2, OperatorID: &OperatorID{ID: id}}
}

func one(t testing.TB, m Message) []byte {
	t.Helper()
	b, err := m.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func packOf(t testing.TB, messages ...Message) []byte {
	t.Helper()
	b, err := AppendPack(nil, 2, messages...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// beacon is a Wi-Fi beacon with a network's name and a vendor's element.
func beacon(load []byte) []byte {
	b := append(wifiFrame(wifiBeacon), make([]byte, 12)...)
	b = append(b, 0, 3, 'G', 'B', 'R', 221, byte(len(vendorODID)+1+len(load)))
	return append(append(append(b, vendorODID...), 7), load...)
}

// discovery is a service discovery frame of NAN.
func discovery(load []byte) []byte {
	b := append(append(wifiFrame(wifiAction), 4, 9), vendorNAN...)
	b = append(b, 0x0e, 4, 0, 1, 2, 3, 4, 3) // another attribute first
	b = binary.LittleEndian.AppendUint16(b, uint16(len(serviceODID)+3+2+2+1+1+len(load)))
	b = append(append(b, serviceODID...), 1, 0, 0x10|0x40|0x04, 0xaa, 0xbb, 1, 0xcc) // with a bitmap and a filter
	return append(append(b, byte(1+len(load)), 7), load...)
}

func wifiFrame(kind byte) []byte {
	b := []byte{kind, 0, 0, 0, 255, 255, 255, 255, 255, 255}
	b = append(append(b, sender[:]...), sender[:]...)
	return append(b, 0, 0)
}

// tap puts the header of the radio before a frame: with a clock, flags, a rate, a channel and a
// signal of -41 dBm.
func tap(frame []byte, flags byte) []byte {
	b := []byte{0, 0, 8 + 8 + 1 + 1 + 4 + 1, 0, 0x2f, 0, 0, 0}
	b = append(append(b, make([]byte, 8)...), flags, 2, 0x85, 9, 0xa0, 0, 0xd7)
	return append(b, frame...)
}

func sequenced(frame []byte) []byte {
	return binary.LittleEndian.AppendUint32(frame, crc32.ChecksumIEEE(frame))
}

// advert is a packet of Bluetooth low energy that advertises a service's data.
func advert(kind byte, load []byte) []byte {
	service := append([]byte{byte(5 + len(load)), 0x16, 0xfa, 0xff, 0x0d, 7}, load...)
	address := []byte{3, 2, 1, 0xa8, 0xcc, 0x84}
	body := append(address, append([]byte{2, 1, 6}, service...)...)
	if kind == advExtended {
		body = append(append([]byte{9, 1 | 8}, address...), append([]byte{0, 0}, service...)...)
	}
	packet := append([]byte{kind, byte(len(body))}, body...)
	crc := forwardCRC(packet)
	return append(append(binary.LittleEndian.AppendUint32(nil, advertising), packet...), crc[:]...)
}

// forwardCRC is the register of the standard's figure, bit by bit: position 0 to 23, the
// highest position goes out first.
func forwardCRC(b []byte) [3]byte {
	var register [24]bool
	for n := range register {
		register[n] = 0x555555>>n&1 == 1
	}
	for _, x := range b {
		for bit := range 8 {
			in := register[23] != (x>>bit&1 == 1)
			copy(register[1:], register[:23])
			register[0] = in
			for _, tap := range []int{1, 3, 4, 6, 9, 10} {
				register[tap] = register[tap] != in
			}
		}
	}
	var out [3]byte
	for n := range 24 {
		if register[23-n] {
			out[n/8] |= 1 << (n % 8)
		}
	}
	return out
}

// captured is a capture of packets, half a second apart from noon on.
func captured(t testing.TB, link pcap.LinkType, packets ...[]byte) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := pcap.NewWriter(&file, link)
	for n, p := range packets {
		if err == nil {
			err = w.Write(int64(noon)*1000+int64(n)*5e8, p)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// all reads a stream to its end.
func all(t testing.TB, stream []byte, o Options) (out []Message, damaged []*source.Damage, end error) {
	t.Helper()
	r := NewReader(bytes.NewReader(stream), o)
	for range len(stream) + 2 {
		var m Message
		err := r.Next(&m)
		d, broken := err.(*source.Damage)
		switch {
		case broken:
			damaged = append(damaged, d)
		case err == io.EOF:
			return out, damaged, nil
		case err != nil:
			return out, damaged, err
		default:
			out = append(out, own(m))
		}
	}
	t.Fatal("it does not end")
	return nil, nil, nil
}

// own gives a message contents that outlast the next one.
func own(m Message) Message {
	m.raw = bytes.Clone(m.raw)
	for _, c := range []func(){
		func() { m.BasicID = fresh(m.BasicID) }, func() { m.Location = fresh(m.Location) }, func() { m.Authentication = fresh(m.Authentication) },
		func() { m.SelfID = fresh(m.SelfID) }, func() { m.System = fresh(m.System) }, func() { m.OperatorID = fresh(m.OperatorID) },
	} {
		c()
	}
	return m
}

func fresh[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
