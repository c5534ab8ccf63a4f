package adsb

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// pair is a feed of both halves of a position, a second apart.
func pair(t testing.TB, at geo.Point, typeCode uint8, oddFirst bool) string {
	t.Helper()
	var feed string
	for i := range 2 {
		f, err := Position{Address: 0x4b1812, At: at, Odd: (i == 1) != oddFirst, TypeCode: typeCode, AltitudeFt: 5000}.Frame()
		if err != nil {
			t.Fatal(err)
		}
		feed += fmt.Sprintf("193000000%d,%s\n", i, f)
	}
	return feed
}

// TestPlacesAtTheSeams: at the equator, the antimeridian, next to the poles and on both sides of
// every change of zones, in the air and on the ground, whichever half comes last, the place is
// found again, to half a step: 10 m where one zone of longitude goes round the earth at 86.5 degrees.
func TestPlacesAtTheSeams(t *testing.T) {
	places := []geo.Point{
		{}, {Lat: .0001, Lon: .0001}, {Lat: -.0001, Lon: -.0001}, {Lat: -.0001, Lon: 179.9999}, {Lat: .0001, Lon: -179.9999}, {Lat: 10, Lon: -180},
		{Lat: 89.9, Lon: 12}, {Lat: -89.9, Lon: -168}, {Lat: 88, Lon: 179.999}, {Lat: -88, Lon: -179.999}, {Lat: 45, Lon: 90}, {Lat: 45, Lon: -90}, {Lat: -45, Lon: 90.0001}, {Lat: -33.9, Lon: 151.2},
	}
	for _, edge := range zones {
		for _, side := range []float64{-.01, .01} {
			places = append(places, geo.Point{Lat: geo.Degrees(edge + side), Lon: 37.5}, geo.Point{Lat: geo.Degrees(-edge - side), Lon: -179.99})
		}
	}
	for _, at := range places {
		for _, typeCode := range []uint8{7, 11} {
			for _, oddFirst := range []bool{false, true} {
				reference := geo.Point{Lat: geo.Degrees(math.Max(-90, math.Min(90, float64(at.Lat)+.1))), Lon: geo.Degrees(around(float64(at.Lon) - .1))}
				got, damage := messages(t, pair(t, at, typeCode, oddFirst), Options{Reference: &reference})
				if len(got) != 2 || len(damage) != 0 {
					t.Fatal(damage)
				}
				if m := got[1]; !m.LatDeg.Told || m.PositionFrom != MeansGlobal || geo.Distance(m.point(), at) > 10 || m.LonDeg.V < -180 || m.LonDeg.V >= 180 {
					t.Errorf("%v, type code %d: %v %v, %q %q", at, typeCode, m.LatDeg, m.LonDeg, m.PositionFrom, m.PositionRefused)
				}
			}
		}
	}
}

// TestZonesChangeAtTheirEdges: the number falls by one at each edge, north and south alike.
func TestZonesChangeAtTheirEdges(t *testing.T) {
	for i, edge := range zones {
		for _, sign := range []float64{1, -1} {
			if below, above := longitudeZones(sign*(edge-1e-9)), longitudeZones(sign*edge); below != 59-i || above != 58-i {
				t.Errorf("edge %d at %.7f: %d zones below and %d from it on", i, sign*edge, below, above)
			}
		}
		if i > 0 && edge <= zones[i-1] {
			t.Errorf("edge %d at %.7f lies before %.7f", i, edge, zones[i-1])
		}
	}
}

// TestHalvesAcrossAnEdge: an even half of one side and an odd half of the other make no place.
func TestHalvesAcrossAnEdge(t *testing.T) {
	for _, edge := range []float64{zones[0], zones[20], zones[56]} {
		even := encodeCPR(geo.Point{Lat: geo.Degrees(edge - .001), Lon: 37}, false, false)
		odd := encodeCPR(geo.Point{Lat: geo.Degrees(edge + .001), Lon: 37}, true, false)
		if at, ok := global(even, odd, true, nil); ok {
			t.Errorf("across %.4f: %v", edge, at)
		}
	}
	if at, ok := global(CPR{Surface: true}, CPR{Surface: true, Odd: true}, true, nil); ok {
		t.Errorf("on the ground without a reference: %v", at)
	}
}

// TestQuartersOfTheEarth: on the ground the reference picks one of eight places, also where the
// nearest lies over the equator or the antimeridian.
func TestQuartersOfTheEarth(t *testing.T) {
	for _, row := range []struct{ at, near geo.Point }{
		{geo.Point{Lat: .2, Lon: 10}, geo.Point{Lat: -.2, Lon: 10}}, {geo.Point{Lat: -.2, Lon: 10}, geo.Point{Lat: .2, Lon: 10}},
		{geo.Point{Lat: -77.8, Lon: 166.7}, geo.Point{Lat: -60, Lon: 150}}, {geo.Point{Lat: -17, Lon: -179.9}, geo.Point{Lat: -17, Lon: 179.9}},
		{geo.Point{Lat: -17, Lon: 179.9}, geo.Point{Lat: -17, Lon: -179.9}}, {geo.Point{Lat: 64, Lon: -21.9}, geo.Point{Lat: 50, Lon: 10}},
	} {
		even, odd := encodeCPR(row.at, false, true), encodeCPR(row.at, true, true)
		at, ok := global(even, odd, true, &row.near)
		if !ok || geo.Distance(at, row.at) > 2 {
			t.Errorf("%v next to %v: %v %v", row.at, row.near, at, ok)
		}
	}
}

// TestOneHalfNextToAPlace: one half is read next to a reference on either side of the equator,
// the antimeridian and a change of zones, and gives nothing beyond the pole.
func TestOneHalfNextToAPlace(t *testing.T) {
	for _, at := range []geo.Point{{Lat: .01, Lon: 179.99}, {Lat: -.01, Lon: -179.99}, {Lat: geo.Degrees(zones[10] + .001), Lon: 5}, {Lat: 86.9, Lon: 40}} {
		for _, odd := range []bool{false, true} {
			for _, surface := range []bool{false, true} {
				half := encodeCPR(at, odd, surface)
				reference := geo.Point{Lat: at.Lat - .02, Lon: geo.Degrees(around(float64(at.Lon) + .02))}
				if got, ok := half.local(reference); !ok || geo.Distance(got, at) > 10 {
					t.Errorf("%v odd %v surface %v: %v %v", at, odd, surface, got, ok)
				}
			}
		}
	}
	if at, ok := (CPR{Lat: cprSteps / 2}).local(geo.Point{Lat: 90}); ok {
		t.Errorf("half a zone beyond the pole is %v", at)
	}
	if (CPR{Surface: true}).reach() != surfaceRange || (CPR{}).reach() != LocalRange {
		t.Errorf("reach %v on the ground, %v in the air", (CPR{Surface: true}).reach(), (CPR{}).reach())
	}
}

// TestSquawksOfAllCodes: every code without the bit that none uses is its own four octal digits,
// and a bit is the 1, 2 or 4 of the digit that its name says.
func TestSquawksOfAllCodes(t *testing.T) {
	seen := map[Squawk]bool{}
	for code := uint32(0); code < 1<<13; code++ {
		if code&bitM != 0 {
			continue
		}
		s := squawkOf(code)
		if seen[s] || strings.Trim(s.String(), "01234567") != "" || len(s.String()) != 4 {
			t.Fatalf("%013b is %q", code, s)
		}
		seen[s] = true
	}
	for code, want := range map[uint32]string{0: "0000", bitA4: "4000", bitA1: "1000", bitB2: "0200", bitC1: "0010", bitC4: "0040", bitD1: "0001", bitD4 | bitD2: "0006", 0x1fff &^ bitM: "7777"} {
		if got := squawkOf(code).String(); len(seen) != 4096 || got != want {
			t.Errorf("%013b is %s, want %s; %d squawks", code, got, want, len(seen))
		}
	}
	if text, err := (Squawk{'0', '0', '7', '1'}).MarshalText(); string(text) != "0071" || err != nil {
		t.Errorf("%s, %v", text, err)
	}
	if got := (Squawk{}).String(); got != "" {
		t.Errorf("no squawk is written as %q", got)
	}
}

// TestGillhamRefuses: of the codes of the five steps, three stand for nothing.
func TestGillhamRefuses(t *testing.T) {
	for fifth, told := range map[uint32]bool{
		0: false, bitC1 | bitC2 | bitC4: false, bitC1 | bitC4: false,
		bitC4: true, bitC2 | bitC4: true, bitC2: true, bitC1 | bitC2: true, bitC1: true,
	} {
		for _, rest := range []uint32{0, bitB4, bitA1 | bitB2, bitD4 | bitA4} {
			if got := gillham(fifth | rest); got.Told != told {
				t.Errorf("code %013b: %v", fifth|rest, got)
			}
		}
	}
}

// TestAddressesAsText: six hexadecimal digits and nothing else.
func TestAddressesAsText(t *testing.T) {
	var a Address
	if err := json.Unmarshal([]byte(`"4b1812"`), &a); err != nil || a != 0x4b1812 {
		t.Errorf("%s, %v", a, err)
	}
	for _, text := range []string{"", "4b181", "4b18123", "4b181g", "0x4b18"} {
		if err := a.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), "six hexadecimal digits") {
			t.Errorf("%q: %v", text, err)
		}
	}
	f, err := Identification{Address: 0x4b1812, Category: Category{'B', '2'}, Callsign: "A B"}.Frame()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(one(t, f.String()))
	for _, want := range []string{`"callsign":"A B"`, `"category":"B2"`, `"icao24":"4b1812"`} {
		if err != nil || !strings.Contains(string(raw), want) {
			t.Errorf("no %s in %s, %v", want, raw, err)
		}
	}
	if got := (Register40 | Register60).String(); got != "4,0 or 6,0" {
		t.Errorf("registers %q", got)
	}
	if text, err := Register50.MarshalText(); string(text) != "5,0" || err != nil {
		t.Errorf("%s, %v", text, err)
	}
}

// TestRowsRefused: each column of a BaseStation row at its limits and a step beyond.
func TestRowsRefused(t *testing.T) {
	row := func(date, clock string, column int, text string) string {
		col := make([]string, baseColumns)
		col[colType], col[colSubtype], col[colAddress], col[colDate], col[colTime] = "MSG", "3", "4840D6", date, clock
		if column > 0 {
			col[column] = text
		}
		return strings.Join(col, ",") + "\n"
	}
	for _, test := range []struct {
		in, want string // "": read
	}{
		{row("2031/03/03", "12:00:00.000", 0, ""), ""}, {row("2031-03-03", "12:00:00", 0, ""), ""}, {row("2031/12/31", "23:59:60.999999", 0, ""), ""},
		{row("2031/03/0", "12:00:00", 0, ""), "a time other than"}, {row("2031/03/003", "12:00:00", 0, ""), "a time other than"}, {row("2031/00/03", "12:00:00", 0, ""), "a time other than"},
		{row("2031/03/32", "12:00:00", 0, ""), "a time other than"}, {row("2031/03/03", "24:00:00", 0, ""), "a time other than"}, {row("2031/03/03", "12:60:00", 0, ""), "a time other than"},
		{row("2031/03/03", "12:00:61", 0, ""), "a time other than"}, {row("2031/03/03", "12:00", 0, ""), "a time other than"}, {row("2031/03/03", "12:00:00.x", 0, ""), "a time other than"},
		{row("2031/03/03", "12:00:00,5", 0, ""), ""}, {row("1969/03/03", "12:00:00", 0, ""), "a time other than"}, {row("2o31/03/03", "12:00:00", 0, ""), "a time other than"},
		{row("2031/03/03", "12:00:00", colAltitude, "200000"), ""}, {row("2031/03/03", "12:00:00", colAltitude, "200001"), "no number of feet"},
		{row("2031/03/03", "12:00:00", colSpeed, "-1"), "no number of knots"}, {row("2031/03/03", "12:00:00", colSpeed, "NaN"), "no number of knots"},
		{row("2031/03/03", "12:00:00", colTrack, "360"), ""}, {row("2031/03/03", "12:00:00", colTrack, "360.1"), "no number of degrees"},
		{row("2031/03/03", "12:00:00", colLat, "90.1"), "a latitude"}, {row("2031/03/03", "12:00:00", colLon, "-180.1"), "a longitude"},
		{row("2031/03/03", "12:00:00", colClimb, "-65537"), "feet a minute"}, {row("2031/03/03", "12:00:00", colSquawk, "12345"), "four octal digits"},
		{row("2031/03/03", "12:00:00", colSquawk, "7"), ""}, {row("2031/03/03", "12:00:00", colCallsign, "A B"), "other than letters and digits"},
		{row("2031/03/03", "12:00:00", colEmergency, "-1"), ""},
	} {
		got, damage := messages(t, test.in, Options{})
		if test.want == "" && (len(got) != 1 || len(damage) != 0) || test.want != "" && (len(got) != 0 || len(damage) != 1 || !strings.Contains(damage[0], test.want)) {
			t.Errorf("%q: %d messages, %q, want %q", test.in, len(got), damage, test.want)
		}
	}
	got, _ := messages(t, row("2031/03/03", "12:00:00", colEmergency, "-1")+row("2031/03/03", "12:00:00", colSquawk, "7")+row("2031/03/03", "12:00:00", colTrack, "360"), Options{})
	if got[0].Emergency != 1 || got[1].Squawk.String() != "0007" || got[2].TrackDeg.V != 0 || !got[2].TrackDeg.Told {
		t.Errorf("emergency %d, squawk %s, track %v", got[0].Emergency, got[1].Squawk, got[2].TrackDeg)
	}
}

// TestStampsOverMidnight: the clock of a receiver with GNSS begins anew at midnight, and the day
// goes on.
func TestStampsOverMidnight(t *testing.T) {
	f, err := Operation{Address: 0x4b1812, NACp: 9}.Frame()
	if err != nil {
		t.Fatal(err)
	}
	for _, micros := range []truce.Instant{0, 1, 999_999, 86_399_999_999} {
		if got, want := GNSSStamp(start-start%truce.Instant(dayMicros)+micros), GNSSStamp(micros); got != want || got>>30 != uint64(micros/1_000_000) || got&(1<<30-1) != uint64(micros%1_000_000*1000) {
			t.Errorf("%d microseconds of the day: %x, %x", micros, got, want)
		}
	}
	ticks := uint64(12_000_000)
	line := string(AppendAVR(nil, f, ticks))
	if want := "@" + hex.EncodeToString(stampBytes(ticks)) + f.String() + ";\n"; line != want {
		t.Errorf("%q, want %q", line, want)
	}
	if got := string(AppendAVR(nil, f, 0)); got != "*"+f.String()+";\n" {
		t.Errorf("without a stamp %q", got)
	}
}
