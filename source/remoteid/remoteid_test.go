package remoteid

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/pcap"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

// TestEveryCarrierIsRead: the same two messages over each of them.
func TestEveryCarrierIsRead(t *testing.T) {
	pack := packOf(t, named(IDSerial, "1ABC23DEF"), flying())
	head := []byte{37, 0xd7, 0, 0, 0, 0, 0, 0, 0x03, 0}
	for name, c := range map[string]struct {
		link    pcap.LinkType
		packet  []byte
		carrier Carrier
		signal  source.Value
	}{
		"a beacon":              {pcap.LinkWiFi, beacon(pack), CarrierBeacon, source.Value{}},
		"with radiotap":         {pcap.LinkRadiotap, tap(beacon(pack), 0), CarrierBeacon, source.Told(-41)},
		"with a check sequence": {pcap.LinkRadiotap, tap(sequenced(beacon(pack)), 0x10), CarrierBeacon, source.Told(-41)},
		"NAN":                   {pcap.LinkRadiotap, tap(discovery(pack), 0), CarrierNAN, source.Told(-41)},
		"Bluetooth 5":           {pcap.LinkBluetoothLE, advert(advExtended, pack), CarrierLong, source.Value{}},
		"with its radio":        {pcap.LinkBluetoothLERF, append(head, advert(advExtended, pack)...), CarrierLong, source.Told(-41)},
	} {
		file := captured(t, c.link, c.packet)
		got, damaged, err := all(t, file, Options{})
		if err != nil || len(damaged) > 0 || len(got) != 2 {
			t.Errorf("%s: %d messages, %v, %v", name, len(got), damaged, err)
			continue
		}
		for n, m := range got {
			if m.Offset != 24 || m.Time != noon || m.Carrier != c.carrier || m.Transmitter != sender || m.SignalDBm != c.signal || m.Counter != 7 || m.Pack != 2 || m.Version != 2 {
				t.Errorf("%s: message %d: %+v", name, n, m)
			}
		}
		if got[0].BasicID.ID != "1ABC23DEF" || got[1].Location.LatDeg != source.Told(48.1234567) || got[1].Location.Time != noon-250_000 {
			t.Errorf("%s: %+v, %+v", name, got[0].BasicID, got[1].Location)
		}
	}
	for kind := range byte(8) {
		got, damaged, err := all(t, captured(t, pcap.LinkBluetoothLE, advert(kind, one(t, flying()))), Options{})
		want := 1
		if kind == 1 || kind == 3 || kind == 5 { // those carry no data
			want = 0
		}
		if err != nil || len(damaged) > 0 || len(got) != want || want > 0 && (got[0].Pack != 0 || got[0].Transmitter != sender) {
			t.Errorf("advertising of kind %d: %+v, %v, %v", kind, got, damaged, err)
		}
	}
}

// TestOtherFramesArePassedOver: what is no Remote ID is no damage.
func TestOtherFramesArePassedOver(t *testing.T) {
	pack := packOf(t, flying())
	other := beacon(pack)
	copy(other[bytes.Index(other, vendorODID):], "\x00\x50\xf2\x01") // another vendor's element
	sealed := discovery(pack)
	sealed[1] = wifiProtected
	elsewhere := advert(0, pack)
	elsewhere[0]++ // a connection
	for name, file := range map[string][]byte{
		"another vendor":   captured(t, pcap.LinkWiFi, other),
		"data":             captured(t, pcap.LinkWiFi, append(wifiFrame(0x08), pack...)),
		"encrypted":        captured(t, pcap.LinkWiFi, sealed),
		"a short frame":    captured(t, pcap.LinkWiFi, wifiFrame(wifiBeacon)[:20]),
		"a short header":   captured(t, pcap.LinkRadiotap, []byte{0, 0, 200, 0, 0, 0, 0, 0}),
		"a connection":     captured(t, pcap.LinkBluetoothLE, elsewhere),
		"not bytes yet":    captured(t, pcap.LinkBluetoothLERF, append(make([]byte, 10), advert(0, pack)...)),
		"another link":     captured(t, pcap.LinkEthernet, pack),
		"no packet at all": captured(t, pcap.LinkWiFi),
		"nothing":          nil,
	} {
		if got, damaged, err := all(t, file, Options{}); err != nil || len(got)+len(damaged) > 0 {
			t.Errorf("%s: %+v, %v, %v", name, got, damaged, err)
		}
	}
}

// TestDamageIsSaidAndReadingGoesOn: each damaged frame stands between two that are whole.
func TestDamageIsSaidAndReadingGoesOn(t *testing.T) {
	pack := packOf(t, flying(), flying())
	with := func(at int, b byte) []byte { out := bytes.Clone(pack); out[at] = b; return out }
	wrong := sequenced(beacon(pack))
	wrong[len(wrong)-5] ^= 1
	flipped := advert(advExtended, pack)
	flipped[60] ^= 4
	polar := flying()
	polar.Location.LatDeg = source.Told(90)
	beyond := one(t, polar)
	binary.LittleEndian.PutUint32(beyond[5:], uint32(int32(900000001)))
	late := one(t, flying())
	binary.LittleEndian.PutUint16(late[21:], 36_001)
	whole := map[pcap.LinkType][]byte{pcap.LinkWiFi: beacon(pack), pcap.LinkRadiotap: tap(beacon(pack), 0), pcap.LinkBluetoothLE: advert(advExtended, pack)}
	for name, c := range map[string]struct {
		link   pcap.LinkType
		bad    []byte
		left   int // messages of it that are read
		reason string
	}{
		"messages of 26 bytes":        {pcap.LinkWiFi, beacon(with(1, 26)), 0, "a pack of messages of 26 bytes"},
		"a pack of none":              {pcap.LinkWiFi, beacon(with(2, 0)), 0, "a pack of 0 messages"},
		"a pack of ten":               {pcap.LinkWiFi, beacon(with(2, 10)), 0, "a pack of 10 messages"},
		"fewer than it says":          {pcap.LinkWiFi, beacon(with(2, 3)), 0, "3 messages in 53 bytes"},
		"a message cut":               {pcap.LinkWiFi, beacon(one(t, flying())[:24]), 0, "a message of 24 bytes"},
		"no message":                  {pcap.LinkWiFi, beacon(nil), 0, "a message of 0 bytes"},
		"a frame cut":                 {pcap.LinkWiFi, beacon(pack)[:80], 0, "ends within its messages"},
		"NAN cut":                     {pcap.LinkWiFi, discovery(pack)[:80], 0, "ends within its messages"},
		"zeros":                       {pcap.LinkWiFi, beacon(make([]byte, Size)), 0, "25 bytes of zero"},
		"a type of nobody":            {pcap.LinkWiFi, beacon(with(3, 0x92)), 1, "type 9"},
		"nowhere on Earth":            {pcap.LinkWiFi, beacon(beyond), 0, "nowhere on Earth"},
		"past the end of the hour":    {pcap.LinkWiFi, beacon(late), 0, "36001 tenths"},
		"a wrong check sequence":      {pcap.LinkRadiotap, tap(wrong, 0x10), 0, "check sequence of the frame is wrong"},
		"the receiver says that":      {pcap.LinkRadiotap, tap(beacon(pack), 0x40), 0, "the receiver says"},
		"Bluetooth with a wrong one":  {pcap.LinkBluetoothLE, flipped, 0, "check sequence of the packet is wrong"},
		"Bluetooth without a message": {pcap.LinkBluetoothLE, advert(0, nil), 0, "a message of 0 bytes"},
	} {
		got, damaged, err := all(t, captured(t, c.link, whole[c.link], c.bad, whole[c.link]), Options{})
		if err != nil || len(damaged) != 1 || len(got) != 4+c.left || !strings.Contains(damaged[0].Reason, c.reason) {
			t.Errorf("%s: %d messages, %v, %v; want %q", name, len(got), damaged, err, c.reason)
			continue
		}
		if want := int64(24 + 16 + len(whole[c.link])); damaged[0].Offset != want || len(damaged[0].Raw) == 0 {
			t.Errorf("%s: at %d, want %d", name, damaged[0].Offset, want)
		}
	}
}

// TestACaptureThatEndsEarly: what was whole is read, and the rest is one stretch.
func TestACaptureThatEndsEarly(t *testing.T) {
	file := captured(t, pcap.LinkWiFi, beacon(packOf(t, flying())), beacon(packOf(t, flying())))
	got, damaged, err := all(t, file[:len(file)-3], Options{})
	if err != nil || len(got) != 1 || len(damaged) != 1 || damaged[0].Offset+damaged[0].Length != int64(len(file)-3) {
		t.Errorf("%d messages, %v, %v", len(got), damaged, err)
	}
	if _, _, err := all(t, []byte("no capture"), Options{Format: FormatCapture}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("no capture: %v", err)
	}
}

// TestMessagesAloneAreRead: one after the other, with packs between; a damaged one costs the rest.
func TestMessagesAloneAreRead(t *testing.T) {
	stream := append(append(one(t, named(IDState, "UA-1")), packOf(t, flying(), operated("OP-1"))...), one(t, flying())...)
	got, damaged, err := all(t, stream, Options{Received: noon})
	if err != nil || len(damaged) > 0 || len(got) != 4 {
		t.Fatalf("%d messages, %v, %v", len(got), damaged, err)
	}
	for n, want := range []int64{0, 25, 25, 78} {
		if m := got[n]; m.Offset != want || m.Carrier != CarrierRaw || m.Time != noon || !m.Transmitter.IsZero() {
			t.Errorf("message %d: %+v, want it at %d", n, m, want)
		}
	}
	for name, stream := range map[string][]byte{
		"cut":            stream[:90],
		"a pack of none": append(one(t, flying()), 0xf2, 25, 0),
	} {
		got, damaged, err := all(t, append(bytes.Clone(stream), "rest"...)[:len(stream)], Options{Format: FormatRaw})
		if err != nil || len(damaged) != 1 || damaged[0].Offset+damaged[0].Length != int64(len(stream)) || len(got) == 0 {
			t.Errorf("%s: %d messages, %v, %v", name, len(got), damaged, err)
		}
	}
}

// TestCapturesOfAFlight: both captures of Open Drone ID. The numbers were worked out from the
// bytes by hand (the first of each kind) and counted in the files.
func TestCapturesOfAFlight(t *testing.T) {
	for _, c := range []struct {
		file     string
		kinds    map[Kind]int
		lat, lon float64
		carriers map[Carrier]int
	}{
		{"odid_wifi_sample.pcap", map[Kind]int{KindOperatorID: 3, KindLocation: 31, KindSelfID: 4, KindSystem: 4}, 45.5450519, -122.9722906, map[Carrier]int{CarrierNAN: 21, CarrierBeacon: 21}},
		{"odid_wifi_bcn_sample.pcap", map[Kind]int{KindBasicID: 21, KindLocation: 21, KindSelfID: 21, KindSystem: 21, KindOperatorID: 21}, 45.5457468, -122.9681496, map[Carrier]int{CarrierBeacon: 105}},
	} {
		got, damaged, err := all(t, sourcetest.Open(t, "remoteid/"+c.file), Options{})
		if err != nil || len(damaged) > 0 {
			t.Fatalf("%s: %v, %v", c.file, damaged, err)
		}
		kinds, carriers := map[Kind]int{}, map[Carrier]int{}
		var before *Message
		for n, m := range got {
			kinds[m.Kind]++
			carriers[m.Carrier]++
			if m.OperatorID != nil && m.OperatorID.ID != "GBR-OP-123ABCD" || m.SelfID != nil && m.SelfID.Text != "Recreational" || m.BasicID != nil && m.BasicID.ID != "MFG1A0123456789" {
				t.Errorf("%s: %+v %+v %+v", c.file, m.OperatorID, m.SelfID, m.BasicID)
			}
			if l := m.Location; l != nil {
				if l.SpeedMps != source.Told(20.5) || l.GeodeticM != source.Told(237) || l.HeightM != source.Told(100) || l.PressureM.Told || l.ClimbMps.Told || l.HorizontalM != source.Told(30) || l.Time != 0 {
					t.Errorf("%s: message %d: %+v", c.file, n, l)
				}
				if before == nil && (l.LatDeg != source.Told(c.lat) || l.LonDeg != source.Told(c.lon)) {
					t.Errorf("%s begins at %v, %v", c.file, l.LatDeg, l.LonDeg)
				}
				if before != nil && leap(before, &m) > 40 { // twice the speed that it tells
					t.Errorf("%s: message %d leaps at %.0f m/s", c.file, n, leap(before, &m))
				}
				if before == nil || m.Time-before.Time > 200_000 {
					before = &m
				}
			}
		}
		if len(kinds) != len(c.kinds) {
			t.Errorf("%s: %v, want %v", c.file, kinds, c.kinds)
		}
		for k, n := range c.kinds {
			if kinds[k] != n {
				t.Errorf("%s: %d of %s, want %d", c.file, kinds[k], k, n)
			}
		}
		for k, n := range c.carriers {
			if carriers[k] != n {
				t.Errorf("%s: %d over %s, want %d", c.file, carriers[k], k, n)
			}
		}
	}
}

// leap is how fast one would have to be from one place to the next, m/s; a second is allowed
// for what lies between a fix and its frame.
func leap(a, b *Message) float64 {
	const degree = 111_195.0
	north := (b.Location.LatDeg.V - a.Location.LatDeg.V) * degree
	east := (b.Location.LonDeg.V - a.Location.LonDeg.V) * degree * math.Cos(a.Location.LatDeg.V*math.Pi/180)
	return math.Hypot(north, east) / ((b.Time - a.Time + 1_000_000).Time().Sub(truce.Instant(0).Time()).Seconds())
}

// TestNextDoesNotAllocate for a message, once its texts are known.
func TestNextDoesNotAllocate(t *testing.T) {
	pack := packOf(t, named(IDSerial, "1ABC23DEF"), flying(), operated("OP-1"), named(IDUTM, "00112233445566778899aabbccddeeff"))
	var packets [][]byte
	for range 400 {
		packets = append(packets, tap(beacon(pack), 0))
	}
	r := NewReader(bytes.NewReader(captured(t, pcap.LinkRadiotap, packets...)), Options{})
	var m Message
	if n := testing.AllocsPerRun(1_500, func() {
		if err := r.Next(&m); err != nil {
			t.Fatal(err)
		}
	}); n > 0.05 {
		t.Errorf("%.3f allocations a message", n)
	}
}

// BenchmarkReader reads packs of four messages in beacons.
func BenchmarkReader(b *testing.B) {
	pack := packOf(b, named(IDSerial, "1ABC23DEF"), flying(), operated("OP-1"), flying())
	var packets [][]byte
	for range 1_000 {
		packets = append(packets, tap(sequenced(beacon(pack)), 0x10))
	}
	file := captured(b, pcap.LinkRadiotap, packets...)
	b.ReportAllocs()
	messages := 0
	for b.Loop() {
		r := NewReader(bytes.NewReader(file), Options{})
		var m Message
		for r.Next(&m) == nil {
			messages++
		}
	}
	b.ReportMetric(float64(messages)/b.Elapsed().Seconds(), "messages/s")
}

// TestMessagesAsJSON: units in the names, words for numbers, and nothing of what is not known.
func TestMessagesAsJSON(t *testing.T) {
	m := flying()
	m.Location = &Location{Status: 9, SpeedMps: source.Told(0), LatDeg: source.Told(48.5)}
	text, err := json.Marshal(m)
	want := `{"offset":0,"carrier":"","counter":0,"version":2,"type":"location","location":{"status":"reserved_9","speed_mps":0,"lat_deg":48.5,"height_over_ground":false}}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v\nwant %s", text, err, want)
	}
	if text, err := json.Marshal(struct{ A, B source.Value }{source.Told(-0.1), source.Value{}}); err != nil || string(text) != `{"A":-0.1,"B":null}` {
		t.Errorf("%s, %v", text, err)
	}
}

// TestTextsAreKeptInBounds: a sender of a new name with each message fills nothing.
func TestTextsAreKeptInBounds(t *testing.T) {
	n := names{}
	for i := range 3 * MaxNames {
		n.text(binary.LittleEndian.AppendUint32(nil, uint32(i)))
	}
	if len(n) > MaxNames {
		t.Errorf("%d texts are kept", len(n))
	}
	if a, b := n.text([]byte("ab")), n.hex([]byte("ab")); a != "ab" || b != "6162" || n.text([]byte("a\x01\xff ")) != "a??" {
		t.Errorf("%q and %q", a, b)
	}
}

// FuzzReader: whatever the bytes, it ends; what is read is in range and can be written again.
func FuzzReader(f *testing.F) {
	pack := packOf(f, named(IDSerial, "1ABC23DEF"), flying())
	f.Add(captured(f, pcap.LinkRadiotap, tap(beacon(pack), 0), tap(sequenced(discovery(pack)), 0x10)))
	f.Add(captured(f, pcap.LinkBluetoothLE, advert(advExtended, pack), advert(0, one(f, flying()))))
	f.Add(pack)
	f.Fuzz(func(t *testing.T, stream []byte) {
		got, damaged, err := all(t, stream, Options{Received: noon})
		if err != nil && truce.CodeOf(err) != truce.CodeInvalid {
			t.Fatal(err)
		}
		for _, m := range got {
			if m.Location != nil && (math.Abs(m.Location.LatDeg.V) > 90 || math.Abs(m.Location.LonDeg.V) > 180) {
				t.Fatalf("%+v", m.Location)
			}
			if _, err := m.Append(nil); err != nil {
				t.Fatalf("%+v cannot be written: %v", m, err)
			}
		}
		for _, d := range damaged {
			var as *source.Damage
			if !errors.As(error(d), &as) || d.Reason == "" || d.Offset < 0 || d.Offset > int64(len(stream)) {
				t.Fatalf("%+v", d)
			}
		}
	})
}
