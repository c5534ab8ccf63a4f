package remoteid

import (
	"bytes"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/pcap"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decoded(t testing.TB, cfg Config, in []byte) *sourcetest.Sink {
	t.Helper()
	return sourcetest.Check(t, func(in []byte, sink truce.Sink) error {
		return Decode(bytes.NewReader(in), "flight.pcap", cfg, sink)
	}, in)
}

// shared is a quotient as the program works it out, not as constants are.
func shared(a, b float64) float64 { return a / b }

// TestAPlaceBecomesAPlot with all that is told, and with who was said before.
func TestAPlaceBecomesAPlot(t *testing.T) {
	s := decoded(t, Config{Network: "north"}, captured(t, pcap.LinkRadiotap,
		tap(beacon(packOf(t, named(IDSerial, "1ABC23DEF"), operated("OP-1"))), 0), tap(beacon(packOf(t, flying())), 0)))
	if len(s.Observations) != 1 || len(s.Rejections) != 0 {
		t.Fatalf("%d observations, %v", len(s.Observations), s.Reasons())
	}
	o := s.Observations[0]
	p := o.Plot
	if o.Kind != truce.KindPlot || o.Source != ID || o.Phenomenon.From != noon-250_000 || o.Phenomenon.Sigma != 200_000 || o.Place.Lat != 48.1234567 || o.Place.Lon != 37.7654321 {
		t.Errorf("%+v", o)
	}
	if o.Place.Error != geo.Isotropic(geo.Metres(shared(3, within95))) {
		t.Errorf("within %+v", o.Place.Error)
	}
	want := []truce.Identity{{Scheme: "serial", Value: "1ABC23DEF"}, {Scheme: "operator", Value: "OP-1"}, {Scheme: "transmitter", Value: "84:cc:a8:01:02:03"}}
	if len(p.Identities) != len(want) || p.Network != "north" || p.Means != truce.MeansSelf || p.Class != "uav" || p.Ground {
		t.Fatalf("%+v", p)
	}
	for n, id := range want {
		if p.Identities[n] != id {
			t.Errorf("identity %d: %+v, want %+v", n, p.Identities[n], id)
		}
	}
	if a := p.Altitude; a == nil || a.Metres != 237 || a.Datum != truce.DatumEllipsoid || a.Sigma != geo.Metres(shared(10, side95)) {
		t.Errorf("%+v", a)
	}
	if m := p.Motion; m == nil || m.SpeedMps != 20.5 || m.Course != 288 || m.ClimbMps != -1.5 || m.SigmaMps != shared(1, within95) {
		t.Errorf("%+v", m)
	}
}

// TestWhatIsNotToldIsNotMadeUp: neither place nor height, motion, accuracy or time.
func TestWhatIsNotToldIsNotMadeUp(t *testing.T) {
	plain := Message{Kind: KindLocation, Location: &Location{Status: StatusGround, LatDeg: source.Told(48), LonDeg: source.Told(37), PastHourS: source.Told(1800)}}
	s := decoded(t, Config{}, captured(t, pcap.LinkWiFi, beacon(one(t, plain)), beacon(one(t, Message{Kind: KindLocation, Location: &Location{SpeedMps: source.Told(3)}}))))
	if len(s.Observations) != 1 || len(s.Rejections) != 0 {
		t.Fatalf("%d observations, %v", len(s.Observations), s.Reasons())
	}
	o := s.Observations[0]
	if p := o.Plot; p.Altitude != nil || p.Motion != nil || p.Fix != nil || !p.Ground || len(p.Identities) != 1 {
		t.Errorf("%+v", p)
	}
	if o.Phenomenon.From != noon || o.Phenomenon.Sigma != clockSigma || o.Place.Error != geo.Isotropic(plainSigma) {
		t.Errorf("%+v within %+v: its own clock is half an hour off", o.Phenomenon, o.Place.Error)
	}
	for _, c := range []struct {
		l    Location
		want truce.Altitude
	}{
		{Location{PressureM: source.Told(9), PressureAccM: source.Told(25), HeightM: source.Told(4)}, truce.Altitude{Metres: 9, Datum: truce.DatumPressure, Sigma: geo.Metres(shared(25, side95))}},
		{Location{HeightM: source.Told(4)}, truce.Altitude{Metres: 4, Datum: truce.DatumGround}},
	} {
		if a := c.l.altitude(); *a != c.want {
			t.Errorf("%+v, want %+v", a, c.want)
		}
	}
}

// TestOneFixIsOnePlot: what is sent over two carriers and again is taken once, a new fix each
// time; another transmitter's is another's.
func TestOneFixIsOnePlot(t *testing.T) {
	moved := flying()
	moved.Location.LatDeg = source.Told(48.2)
	stranger := beacon(one(t, flying()))
	copy(stranger[10:], "\x02\x03\x04\x05\x06\x07")
	s := decoded(t, Config{}, captured(t, pcap.LinkWiFi, beacon(one(t, flying())), discovery(one(t, flying())), beacon(one(t, moved)), stranger, beacon(one(t, moved))))
	if len(s.Observations) != 4 || len(s.IDs()) != 3 { // the last tells the same time: it is known already
		t.Errorf("%d observations of %d ids", len(s.Observations), len(s.IDs()))
	}
}

// TestANameLastsAMinute: what was said long ago says nothing of who flies now.
func TestANameLastsAMinute(t *testing.T) {
	packets := [][]byte{beacon(one(t, named(IDState, "UA-1")))}
	for range 130 {
		packets = append(packets, beacon(one(t, flying())))
	}
	s := decoded(t, Config{}, captured(t, pcap.LinkWiFi, packets...))
	for _, o := range s.Observations {
		said := len(o.Plot.Identities) == 2
		if age := o.Phenomenon.From - noon; said != (age <= truce.Instant(nameLasts)) && o.Phenomenon.From > noon+1_000_000 {
			t.Errorf("after %s: %+v", age, o.Plot.Identities)
		}
	}
	if n := len(s.Observations); n < 60 {
		t.Errorf("%d observations", n)
	}
}

// TestPlacesThatAreRejected say why.
func TestPlacesThatAreRejected(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  Config
		in   []byte
		want string
	}{
		"outside":         {Config{Bounds: &source.Box{West: 0, South: 0, East: 1, North: 1}}, captured(t, pcap.LinkWiFi, beacon(one(t, flying()))), source.OutsideBounds},
		"no time":         {Config{}, one(t, flying()), "say when it was received"},
		"damaged":         {Config{}, captured(t, pcap.LinkWiFi, beacon([]byte{0x93})), "byte 24: a message of 1 bytes"},
		"of another kind": {Config{}, captured(t, pcap.LinkWiFi, beacon(append([]byte{0x93}, make([]byte, 24)...))), "type 9"},
	} {
		s := decoded(t, c.cfg, c.in)
		if len(s.Observations) != 0 || len(s.Rejections) != 1 || !strings.Contains(s.Rejections[0].Reason, c.want) {
			t.Errorf("%s: %d observations, %v; want %q", name, len(s.Observations), s.Reasons(), c.want)
		}
	}
	if s := decoded(t, Config{Options: Options{Received: noon}}, one(t, flying())); len(s.Observations) != 1 {
		t.Errorf("with its time: %v", s.Reasons())
	}
}

// TestManyTransmittersAreForgotten: the one heard longest ago first, and never more are kept.
func TestManyTransmittersAreForgotten(t *testing.T) {
	d := decoder{heard: map[Address]*speaker{}}
	for n := range 2 * MaxTransmitters {
		d.speaker(&Message{Transmitter: Address{1, byte(n >> 8), byte(n)}, Time: noon + truce.Instant(n)})
		d.speaker(&Message{Transmitter: Address{2}, Time: noon + truce.Instant(n)})
	}
	if _, kept := d.heard[Address{2}]; len(d.heard) != MaxTransmitters || !kept {
		t.Errorf("%d are kept; the one that speaks always: %v", len(d.heard), kept)
	}
}

// TestTheFlightsOfTheCapturesBecomePlots: of the 31 locations of the first, sent in pairs.
func TestTheFlightsOfTheCapturesBecomePlots(t *testing.T) {
	for _, c := range []struct {
		file  string
		least int
		names int
	}{{"odid_wifi_sample.pcap", 15, 1}, {"odid_wifi_bcn_sample.pcap", 16, 3}} {
		s := decoded(t, Config{}, sourcetest.Open(t, "remoteid/"+c.file))
		if n := len(s.Observations); n < c.least || n > 31 || len(s.Rejections) > 0 || len(s.IDs()) != n {
			t.Errorf("%s: %d plots of %d ids, %v", c.file, n, len(s.IDs()), s.Reasons())
		}
		for _, o := range s.Observations {
			if len(o.Plot.Identities) < c.names || o.Plot.Altitude.Metres != 237 {
				t.Errorf("%s: %+v", c.file, o.Plot)
			}
		}
	}
}

func TestTheSourceIsDeclared(t *testing.T) {
	if i := Info(); i.Validate() != nil || i.Redistribute || i.Family != truce.FamilyTransponder {
		t.Errorf("%+v: %v", i, i.Validate())
	}
}
