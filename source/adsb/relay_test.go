package adsb

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// relayed makes a DF18 of the payload of another message, with a control field.
func relayed(t testing.TB, f Frame, control byte, me payload) Frame {
	t.Helper()
	f.b[0] = 18<<3 | control
	for i := range 7 {
		f.b[4+i] = byte(me >> (48 - 8*i))
	}
	c := parity(f.b[:11])
	f.b[11], f.b[12], f.b[13] = byte(c>>16), byte(c>>8), byte(c)
	return f
}

// TestRelayedMessages: who sends a DF18 and whose the address is, by its control field and by
// the bit that each type has for it.
func TestRelayedMessages(t *testing.T) {
	air, err := Position{Address: 0x4b1812, At: geo.Point{Lat: 48.5, Lon: 37.5}, TypeCode: 11, AltitudeFt: 9000}.Frame()
	if err != nil {
		t.Fatal(err)
	}
	velocity, err := Velocity{Address: 0x4b1812, SpeedKt: 90, TrackDeg: 45}.Frame()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name             string
		frame            Frame
		control          byte
		mark             uint // the bit that is set; 0: none
		foreign, relayed bool
		code             uint8
	}{
		{"an aircraft without a transponder", air, 0, 0, false, false, 11},
		{"a vehicle", air, 1, 0, true, false, 11},
		{"a station's track", air, 2, 0, false, true, 11},
		{"a station's track of its own number", air, 2, 8, true, true, 11},
		{"the same, its velocity", velocity, 2, 9, true, true, 19},
		{"another link, repeated", air, 6, 0, false, true, 11},
		{"a coarse track", air, 3, 0, false, false, 0},
		{"management", air, 4, 0, false, false, 0},
		{"a station's own number", air, 5, 0, true, true, 11},
	} {
		me := test.frame.payload()
		if test.mark > 0 {
			me = me.flag(test.mark, true)
		}
		m := one(t, relayed(t, test.frame, test.control, me).String())
		if m.Format != 18 || m.Foreign != test.foreign || m.Relayed != test.relayed || m.TypeCode != test.code || m.Address != 0x4b1812 {
			t.Errorf("%s: foreign %v, relayed %v, type code %d of %s", test.name, m.Foreign, m.Relayed, m.TypeCode, m.Address)
		}
	}
	for code, bit := range map[uint32]uint{5: 21, 22: 8, 28: 56, 29: 51, 31: 56} {
		me := payload(0).put(1, 5, code)
		if foreign(me) || !foreign(me.flag(bit, true)) {
			t.Errorf("type code %d is not marked by bit %d", code, bit)
		}
	}
}

// TestForeignAddressesAreOthers: a vehicle with an aircraft's number is not that aircraft.
func TestForeignAddressesAreOthers(t *testing.T) {
	var feed string
	for i := range 2 {
		f, err := Position{Address: 0x4b1812, At: geo.Point{Lat: 48.5, Lon: 37.5}, Odd: i == 1, TypeCode: 11, AltitudeFt: 9000}.Frame()
		if err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			f = relayed(t, f, 1, f.payload())
		}
		feed += fmt.Sprintf("193000000%d,%s\n", i, f)
	}
	if got, _ := messages(t, feed, Options{}); got[1].LatDeg.Told || got[1].PositionRefused != RefusalPair {
		t.Errorf("halves of two paired: %+v", got[1])
	}
}

// TestCalibratedSpeed holds the speeds that tell registers apart against the standard
// atmosphere: the speed of sound at sea level, and a cruise that every table has.
func TestCalibratedSpeed(t *testing.T) {
	for _, test := range []struct{ mach, feet, knots float64 }{{1, 0, 661.48}, {.3, 0, 198.44}, {.8, 35_000, 271.9}, {.78, 39_000, 240.4}} {
		if got := calibrated(test.mach, test.feet); math.Abs(got-test.knots) > 1 {
			t.Errorf("Mach %g at %g ft is %.1f knots, want %g", test.mach, test.feet, got, test.knots)
		}
	}
}

// TestRegisters: a register that an aircraft cannot hold is none, and status bits must agree
// with their fields.
func TestRegisters(t *testing.T) {
	high := source.Told(35_000)
	speed := payload(0).flag(13, true).put(14, 23, 272).flag(24, true).put(25, 34, 200) // 272 kt at Mach 0.8
	for _, test := range []struct {
		name string
		mb   payload
		want Registers
	}{
		{"speeds that fit the height", speed, Register60},
		{"speeds that do not", payload(0).flag(13, true).put(14, 23, 172).flag(24, true).put(25, 34, 200), 0},
		{"a value without its status", speed.put(2, 12, 5), 0},
		{"a callsign with a bad character", payload(0x20_2cc371c31de0) | 0x3f, 0},
		{"collision avoidance", payload(0x30) << 48, Register30},
		{"collision avoidance of a kind that is none", payload(0x30)<<48 | payload(3)<<(56-30), 0},
	} {
		if got := possible(test.mb, high) &^ (Register17 | Register44 | Register45); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	if got := (Register40 | Register45).String(); got != "4,0 or 4,5" {
		t.Errorf("both are %q", got)
	}
}

// TestFlightStatus: what a reply says besides its height.
func TestFlightStatus(t *testing.T) {
	for status, want := range []string{"", "ground", "alert", "ground alert", "alert ident", "ident", "", ""} {
		f := Frame{n: shortFrame}
		f.b[0] = 4<<3 | byte(status)
		f.b[2], f.b[3] = 0x17, 0x18
		m := one(t, f.String())
		var got []string
		for _, flag := range []struct {
			on   bool
			name string
		}{{m.Ground, "ground"}, {m.Alert, "alert"}, {m.Ident, "ident"}} {
			if flag.on {
				got = append(got, flag.name)
			}
		}
		if strings.Join(got, " ") != want || !m.AltitudeFt.Told {
			t.Errorf("flight status %d: %q, %v, want %q", status, got, m.AltitudeFt, want)
		}
	}
}

// TestClasses: categories in the words of plots.
func TestClasses(t *testing.T) {
	for category, want := range map[string]string{"A0": "", "A3": "fixed_wing", "A7": "helicopter", "B1": "fixed_wing", "B2": "balloon", "B3": "parachute", "B6": "uav", "B7": "space", "C2": "vehicle", "C5": "", "D1": ""} {
		if got := (Category{category[0], category[1]}).Class(); got != want {
			t.Errorf("%s is %q, want %q", category, got, want)
		}
	}
}

// TestAirspeedAndSupersonic: the other subtypes of velocity messages.
func TestAirspeedAndSupersonic(t *testing.T) {
	base := payload(0).put(1, 5, 19)
	over := base.put(6, 8, 2).put(15, 24, 101).put(26, 35, 1) // 100 steps east
	air := base.put(6, 8, 4).flag(14, true).put(15, 24, 512).put(26, 35, 201)
	for _, test := range []struct {
		me    payload
		holds func(m Message) bool
	}{
		{over, func(m Message) bool { return near(m.GroundSpeedKt, 400, 0) && near(m.TrackDeg, 90, 0) }},
		{air, func(m Message) bool {
			return near(m.AirspeedKt, 800, 0) && near(m.HeadingDeg, 180, 0) && !m.AirspeedTrue
		}},
		{base.put(6, 8, 1), func(m Message) bool { return !m.GroundSpeedKt.Told && !m.VerticalRateFpm.Told && !m.HeightDiffFt.Told }},
		{base.put(6, 8, 1).put(50, 56, 127), func(m Message) bool { return !m.HeightDiffFt.Told }},
		{base.put(6, 8, 7), func(m Message) bool { return !m.NACv.Told }},
	} {
		f, err := squit(1, test.me)
		if err != nil {
			t.Fatal(err)
		}
		if m := one(t, f.String()); !test.holds(m) {
			t.Errorf("%014x: %+v", uint64(test.me), m)
		}
	}
}

// TestOperationOnTheGround: the supplement that only surface messages have makes NIC 7.
func TestOperationOnTheGround(t *testing.T) {
	status := payload(0).put(1, 5, 31).put(6, 8, 1).put(17, 19, 2).flag(20, true).put(41, 43, 2).flag(44, true).put(45, 48, 9).put(51, 52, 3)
	f, err := squit(0x4b1812, status)
	if err != nil {
		t.Fatal(err)
	}
	here := geo.Point{Lat: 48.5, Lon: 37.5}
	feed := fmt.Sprintf("1930000000,%s\n", f)
	for i := range 2 {
		p, err := Position{Address: 0x4b1812, At: here, Odd: i == 1, TypeCode: 8, SpeedKt: 12, TrackDeg: 90}.Frame()
		if err != nil {
			t.Fatal(err)
		}
		feed += fmt.Sprintf("193000000%d,%s\n", i+1, p)
	}
	got, _ := messages(t, feed, Options{Reference: &here})
	if m := got[0]; !m.Ground || m.NACv.V != 2 || m.NACp.V != 9 || m.Version.V != 2 {
		t.Errorf("status: %+v", m)
	}
	if m := got[2]; !m.LatDeg.Told || m.NIC.V != 7 || math.Abs(m.PositionSigmaM.V-12.3) > .1 {
		t.Errorf("position: NIC %v, sigma %v, %v", m.NIC, m.PositionSigmaM, m.PositionRefused)
	}
	old, err := squit(0x4b1812, payload(0).put(1, 5, 31))
	if err != nil {
		t.Fatal(err)
	}
	if m := one(t, old.String()); !m.Version.Told || m.Version.V != 0 || m.NACp.Told {
		t.Errorf("version 0: %+v", m)
	}
}
