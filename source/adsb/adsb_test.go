package adsb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// messages reads a feed to its end, damage beside what could be read.
func messages(t testing.TB, in string, opt Options) (out []Message, damage []string) {
	t.Helper()
	r := NewReader(strings.NewReader(in), opt)
	for {
		var m Message
		err := r.Next(&m)
		var d *source.Damage
		switch {
		case err == io.EOF:
			return out, damage
		case errors.As(err, &d):
			damage = append(damage, err.Error())
		case err != nil:
			t.Fatal(err)
		default:
			out = append(out, m)
		}
	}
}

// one reads a feed of one message.
func one(t testing.TB, in string) Message {
	t.Helper()
	got, damage := messages(t, in, Options{})
	if len(got) != 1 || len(damage) != 0 {
		t.Fatalf("%s: %d messages, damage %q", in, len(got), damage)
	}
	return got[0]
}

func near(v source.Value, want, within float64) bool {
	return v.Told && math.Abs(v.V-want) <= within
}

// TestWorkedExamples reads the messages that J. Sun's book and its decoder work through.
func TestWorkedExamples(t *testing.T) {
	for _, test := range []struct {
		frame string
		holds func(m Message) bool
	}{
		{"8D4840D6202CC371C32CE0576098", func(m Message) bool {
			return m.Address == 0x4840d6 && m.Callsign.String() == "KLM1023" && m.Category.String() == "A0" && m.Checked
		}},
		{"8D485020994409940838175B284F", func(m Message) bool {
			return near(m.GroundSpeedKt, 159.2, .01) && near(m.TrackDeg, 182.88, .01) && near(m.VerticalRateFpm, -832, 0) &&
				m.VerticalRateGNSS && near(m.HeightDiffFt, 550, 0)
		}},
		{"8DA05F219B06B6AF189400CBC33F", func(m Message) bool {
			return near(m.AirspeedKt, 375, 0) && m.AirspeedTrue && near(m.HeadingDeg, 243.98, .01) && near(m.VerticalRateFpm, -2304, 0) && !m.GroundSpeedKt.Told
		}},
		{"8C4841753A9A153237AEF0F275BE", func(m Message) bool {
			return m.Ground && near(m.GroundSpeedKt, 17, 0) && near(m.TrackDeg, 92.8125, 0) && m.CPR.Surface
		}},
		{"8DA05629EA21485CBF3F8CADAEEB", func(m Message) bool {
			return near(m.SelectedAltitudeFt, 16992, 0) && !m.SelectedByFMS && near(m.SettingHPa, 1012.8, 1e-9) && near(m.SelectedHeadingDeg, 66.8, .05) &&
				m.AutopilotOn && m.VerticalNavOn && !m.AltitudeHoldOn && !m.ApproachOn && m.LateralNavOn && m.CollisionAvoidance
		}},
		{"8DA2C1B6E112B600000000760759", func(m Message) bool { return m.Emergency == 0 && m.Squawk.String() == "6513" }},
		{"5D484FDEA248F5", func(m Message) bool {
			return m.Format == 11 && m.Address == 0x484fde && m.Capability == 5 && m.Interrog == 22 && !m.Checked
		}},
		{"2A00516D492B80", func(m Message) bool { return m.Format == 5 && m.Squawk.String() == "0356" && !m.Checked }},
		{"A02014B400000000000000F9D514", func(m Message) bool { return near(m.AltitudeFt, 32300, 0) && m.Registers == 0 }},
		{"A800292DFFBBA9383FFCEB903D01", func(m Message) bool {
			return m.Squawk.String() == "1346" && m.Registers == Register50 && near(m.GroundSpeedKt, 448, 0)
		}},
	} {
		if m := one(t, test.frame); !test.holds(m) {
			t.Errorf("%s: %+v", test.frame, m)
		}
	}
}

// TestPairOfPositions finds the book's position in the air, with the time that pairs it.
func TestPairOfPositions(t *testing.T) {
	in := "1457996402,8D40621D58C386435CC412692AD6\n1457996405,8D40621D58C382D690C8AC2863A7\n"
	got, _ := messages(t, in, Options{})
	if got[0].LatDeg.Told || got[0].PositionRefused != RefusalPair {
		t.Errorf("half a position gave %+v", got[0])
	}
	m := got[1]
	if !near(m.LatDeg, 52.2572, 1e-5) || !near(m.LonDeg, 3.91937, 1e-5) || m.PositionFrom != MeansGlobal || !near(m.AltitudeFt, 38000, 0) {
		t.Errorf("the pair gave %v %v %q", m.LatDeg, m.LonDeg, m.PositionFrom)
	}
	late := strings.Replace(in, "1457996405", "1457996413", 1)
	if got, _ := messages(t, late, Options{}); got[1].LatDeg.Told || got[1].PositionRefused != RefusalPair {
		t.Errorf("halves 11 s apart gave %+v", got[1])
	}
	if got, _ := messages(t, "*8D40621D58C386435CC412692AD6;\n*8D40621D58C382D690C8AC2863A7;\n", Options{}); got[1].LatDeg.Told || got[1].PositionRefused != RefusalNoTime {
		t.Errorf("halves without a time gave %+v", got[1])
	}
}

// TestReferences: one half gives the position next to a receiver that hears no farther, and
// the ground needs one to tell the quarters of the earth apart.
func TestReferences(t *testing.T) {
	ref := &geo.Point{Lat: 52.3, Lon: 4.1}
	got, _ := messages(t, "8D40621D58C382D690C8AC2863A7", Options{Reference: ref, Range: LocalRange})
	if m := got[0]; !near(m.LatDeg, 52.2572, 1e-5) || !near(m.LonDeg, 3.91937, 1e-5) || m.PositionFrom != MeansReceiver {
		t.Errorf("next to the receiver: %+v", m)
	}
	got, _ = messages(t, "8D40621D58C382D690C8AC2863A7", Options{Reference: ref, Range: LocalRange + 1})
	if got[0].LatDeg.Told {
		t.Errorf("a receiver that hears farther than a zone gave %+v", got[0])
	}
	ground := "1457996410,8C4841753AAB238733C8CD4020B1\n1457996412,8C4841753A8A35323FAEBDAC702D\n"
	got, _ = messages(t, ground, Options{})
	if got[1].LatDeg.Told {
		t.Errorf("without a reference the ground gave %+v", got[1])
	}
	got, _ = messages(t, ground, Options{Reference: &geo.Point{Lat: 51.99, Lon: 4.375}})
	if m := got[1]; !near(m.LatDeg, 52.32061, 1e-5) || !near(m.LonDeg, 4.73473, 2e-5) || m.PositionFrom != MeansGlobal {
		t.Errorf("on the ground: %v %v %q %q", m.LatDeg, m.LonDeg, m.PositionFrom, m.PositionRefused)
	}
}

// TestGillham: of all codes, those of neighbouring heights differ in one bit. It is what the
// code is for, and no table could be wrong and keep it.
func TestGillham(t *testing.T) {
	codes := map[float64]uint32{}
	for code := uint32(0); code < 1<<13; code++ {
		if code&(bitM|bitQ) != 0 {
			continue
		}
		if h := gillham(code); h.Told {
			if _, twice := codes[h.V]; twice {
				t.Fatalf("two codes for %g ft", h.V)
			}
			codes[h.V] = code
		}
	}
	if len(codes) != 1280 {
		t.Fatalf("%d heights, want 1280", len(codes))
	}
	for h := -1200.; h < 126700; h += 100 {
		a, low := codes[h]
		b, high := codes[h+100]
		if x := a ^ b; !low || !high || x == 0 || x&(x-1) != 0 {
			t.Fatalf("%g ft is %013b and the next %013b", h, a, b)
		}
	}
	if codes[-1200] != bitC4 || codes[-800] != bitC1 || codes[-700] != bitC1|bitB4 {
		t.Errorf("-1,200, -800, -700 ft are %013b, %013b, %013b, want C4; C1; B4 and C1", codes[-1200], codes[-800], codes[-700])
	}
}

// TestAltitudeSteps: every height that the encoder makes is read again.
func TestAltitudeSteps(t *testing.T) {
	for feet := -1000.; feet <= 50175; feet += 25 {
		if got := altitude12(altitudeCode12(feet)); !got.Told || got.V != feet {
			t.Fatalf("%g ft is read as %v", feet, got)
		}
	}
	if altitudeCode12(-1013) != 0 || altitudeCode12(50200) != 0 || altitude13(0).Told || altitude13(bitM|bitC4).Told {
		t.Error("a height that there is no code for was made or read")
	}
}

// TestMovement: speeds on the ground rise with their number.
func TestMovement(t *testing.T) {
	last := -1.
	for n := uint32(1); n <= 124; n++ {
		v := movement(n)
		if !v.Told || v.V <= last {
			t.Fatalf("%d is %v, after %g", n, v, last)
		}
		last = v.V
	}
	if movement(0).Told || movement(125).Told || last != 175 || movement(13).V != 2 || movement(39).V != 15 {
		t.Errorf("0 %v, 13 %v, 39 %v, 125 %v", movement(0), movement(13), movement(39), movement(125))
	}
}

// TestLongitudeZones holds the zones against the table in Doc 9871.
func TestLongitudeZones(t *testing.T) {
	for lat, want := range map[float64]int{0: 59, 10.47: 59, 10.4705: 58, -14.8: 58, 52.2572: 36, 59.95: 30, 59.96: 29, 86.53: 3, 86.54: 2, 87.01: 1, 90: 1} {
		if got := longitudeZones(lat); got != want {
			t.Errorf("%g degrees: %d zones, want %d", lat, got, want)
		}
	}
}

// TestIntegrity walks through the type codes of all versions.
func TestIntegrity(t *testing.T) {
	for _, test := range []struct {
		code    uint8
		version int
		s       supplements
		want    int
	}{
		{9, 2, supplements{}, 11}, {20, 2, supplements{}, 11}, {10, 1, supplements{}, 10}, {11, 2, supplements{a: true, b: true}, 9},
		{11, 2, supplements{a: true}, 8}, {11, 1, supplements{a: true}, 9}, {12, 2, supplements{}, 7}, {13, 2, supplements{}, 6},
		{14, 2, supplements{}, 5}, {15, 2, supplements{}, 4}, {16, 2, supplements{a: true, b: true}, 3}, {16, 1, supplements{}, 2},
		{17, 2, supplements{}, 1}, {18, 2, supplements{}, 0}, {22, 2, supplements{}, 0}, {5, 2, supplements{}, 11}, {7, 2, supplements{a: true}, 9},
		{7, 2, supplements{}, 8}, {8, 2, supplements{a: true, c: true}, 7}, {8, 2, supplements{c: true}, 6}, {8, 2, supplements{}, 0}, {8, 1, supplements{a: true}, 0},
	} {
		if got := nic(test.code, test.version, test.s); got != test.want {
			t.Errorf("type code %d, version %d, %+v: NIC %d, want %d", test.code, test.version, test.s, got, test.want)
		}
	}
	for code, want := range map[uint8]int{9: 9, 18: 0, 5: 9, 8: 6, 20: 9, 21: 8, 22: 0} {
		if got := nucp(code); got != want {
			t.Errorf("type code %d: NUCp %d, want %d", code, got, want)
		}
	}
}

// TestDamage: what is no message is told with its byte and reason, and reading goes on.
func TestDamage(t *testing.T) {
	good := "*8D4840D6202CC371C32CE0576098;\n"
	for _, test := range []struct{ name, in, want string }{
		{"a wrong bit", "*8D4840D6202CC371C32CE0576099;\n", "byte 0: checksum wrong"},
		{"a wrong bit in an all-call", "5D4A4FDEA248F5\n", "checksum wrong"},
		{"a letter", "*8D4840D6202CC371C32CE05760G8;\n", notHex},
		{"no semicolon", "*8D4840D6202CC371C32CE0576098\n", "without its semicolon"},
		{"too short", "*8D4840;\n", "14 or 28"},
		{"a short stamp", "@0102;\n", "too short for its stamp"},
		{"a stamp that is none", "@01020304050x8D4840D6202CC371C32CE0576098;\n", notHex},
		{"the wrong length", "*8D4840D6202CC3;\n", "wrong length for its format"},
		{"no such format", "*384840D6202CC3;\n", "not in use"},
		{"words", "hello\n", "14 or 28"},
		{"a table of words", "time,frame\n", "first column is no time"},
		{"a table without a message", "1457996402,8D48\n", "without a column"},
		{"a long line", strings.Repeat("x", 3000) + "\n", "longer than any message (3001 bytes"},
		{"a very long line", strings.Repeat("x", 200_000) + "\n", "longer than any message (200001 bytes"},
		{"a short row", "MSG,3,,,4840D6\n", "too few columns"},
		{"a row of no address", "MSG,3,1,1,XYZ,1,2016/03/14,12:00:00.000\n", "six hexadecimal digits"},
		{"a row of no time", "MSG,3,1,1,4840D6,1,2016/13/14,12:00:00.000\n", "a time other than"},
		{"a row of no altitude", "MSG,3,1,1,4840D6,1,2016/03/14,12:00:00.000,,,,high\n", "altitude that is no number"},
		{"a row of no squawk", "MSG,6,1,1,4840D6,1,2016/03/14,12:00:00.000,,,,,,,,,,8888\n", "four octal digits"},
		{"a row of a long name", "MSG,1,1,1,4840D6,1,2016/03/14,12:00:00.000,,,KLM1023456\n", "more than eight"},
	} {
		got, damage := messages(t, test.in+good, Options{})
		if len(got) != 1 || len(damage) != 1 || !strings.Contains(damage[0], test.want) || got[0].Callsign.String() != "KLM1023" || got[0].Offset != int64(len(test.in)) {
			t.Errorf("%s: %d messages, damage %.100q, want %q", test.name, len(got), damage, test.want)
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestEndsAndOptions: an error of the feed ends it and stays; senseless options are refused.
func TestEndsAndOptions(t *testing.T) {
	r := NewReader(io.MultiReader(strings.NewReader("*8D4840D6202CC371C32CE0576098;\n"), failing{}), Options{})
	var m Message
	if err := r.Next(&m); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Next(&m); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("got %v", err)
		}
	}
	for _, opt := range []Options{{Range: 5}, {Reference: &geo.Point{Lat: 91}}, {Reference: &geo.Point{}, Range: -1}} {
		if err := NewReader(strings.NewReader("x"), opt).Next(&m); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%+v: %v", opt, err)
		}
	}
	if got, damage := messages(t, "", Options{}); len(got)+len(damage) != 0 {
		t.Errorf("an empty feed gave %v, %v", got, damage)
	}
}

// TestAddresses: a reply is believed when a checksum vouched for its address shortly before.
func TestAddresses(t *testing.T) {
	f, err := Identification{Address: 0xabb3be, Category: Category{'A', '3'}, Callsign: "TRUCE 1"}.Frame()
	if err != nil {
		t.Fatal(err)
	}
	reply := "A000019910010080F500004315B2"
	in := fmt.Sprintf("1457996400,%s\n1457996401,%s\n1457996530,%s\n1457996531,%s\n", reply, f, reply, strings.Replace(reply, "A0", "A8", 1))
	got, _ := messages(t, in, Options{})
	if len(got) != 4 || got[0].Checked || !got[1].Checked || got[2].Checked || got[0].Address != 0xabb3be {
		t.Errorf("before, of itself, 129 s later: %v %v %v", got[0].Checked, got[1].Checked, got[2].Checked)
	}
	in = fmt.Sprintf("1457996400,%s\n1457996401,%s\n", f, reply)
	if got, _ := messages(t, in, Options{}); !got[1].Checked {
		t.Error("a reply 1 s after an identification is not believed")
	}
}

// TestJSON: what is not told is left out, and a zero that was told is not.
func TestJSON(t *testing.T) {
	m := one(t, "8D406B909945DE0FE00405703E31")
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"offset":0`, `"icao24":"406b90"`, `"df":17`, `"typecode":19`, `"vertical_rate_ft_min":0`, `"frame":"8d406b909945de0fe00405703e31"`, `"ground_speed_kt":493.`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	for _, unwanted := range []string{"lat_deg", "squawk", "roll", "null", "callsign", "cpr"} {
		if strings.Contains(string(text), unwanted) {
			t.Errorf("%s stands in %s", unwanted, text)
		}
	}
}
