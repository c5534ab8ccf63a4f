package ais_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/nmea"
	"github.com/trucewatch/truce/source/ais"
)

// field is a number of a width, as the tables of ITU-R M.1371-5 give them.
type field struct {
	bits  int
	value int64
}

// packed is a sentence with a message of fields, made without the encoder under test.
func packed(fields ...field) string {
	var bits strings.Builder
	for _, f := range fields {
		for i := f.bits - 1; i >= 0; i-- {
			bits.WriteByte('0' + byte(f.value>>i&1))
		}
	}
	fill := (6 - bits.Len()%6) % 6
	text := bits.String() + strings.Repeat("0", fill)
	var payload strings.Builder
	for ; text != ""; text = text[6:] {
		v := byte(0)
		for _, c := range text[:6] {
			v = v<<1 | byte(c-'0')
		}
		if v += 48; v > 87 {
			v += 8
		}
		payload.WriteByte(v)
	}
	return line(fmt.Sprintf("AIVDM,1,1,,A,%s,%d", payload.String(), fill))
}

// classA is a position report of type 1 in the order of table 45.
func classA(status, turn, speed, lon, lat, course, heading, second, manoeuvre int64) string {
	return packed(field{6, 1}, field{2, 0}, field{30, 211_000_001}, field{4, status}, field{8, turn}, field{10, speed}, field{1, 0},
		field{28, lon}, field{27, lat}, field{12, course}, field{9, heading}, field{6, second}, field{2, manoeuvre}, field{3, 0}, field{1, 0}, field{19, 0})
}

// station is a report of a base station, type 4, in the order of table 48.
func station(year, month, day, hour, minute, second int64) string {
	return packed(field{6, 4}, field{2, 0}, field{30, 2_110_001}, field{14, year}, field{4, month}, field{5, day}, field{5, hour}, field{6, minute}, field{6, second},
		field{1, 0}, field{28, 181 * 600_000}, field{27, 91 * 600_000}, field{4, 0}, field{1, 0}, field{9, 0}, field{1, 0}, field{19, 0})
}

// voyage is a message of type 5 with texts of one character each way, in the order of table 50.
func voyage(month, day, hour, minute, draught int64) string {
	fields := []field{{6, 5}, {2, 0}, {30, 211_000_001}, {2, 0}, {30, 0}}
	for range 27 {
		fields = append(fields, field{6, 0})
	}
	fields = append(fields, field{8, 0}, field{30, 0}, field{4, 0}, field{4, month}, field{5, day}, field{5, hour}, field{6, minute}, field{8, draught})
	for range 20 {
		fields = append(fields, field{6, 32})
	}
	return packed(append(fields, field{1, 0}, field{1, 0})...)
}

// said is the JSON of the only message of a stream, without what every message has.
func said(t *testing.T, in string) string {
	t.Helper()
	got, damage := read(t, strings.NewReader(in))
	if len(got) != 1 || len(damage) != 0 {
		t.Fatalf("%d messages, %q of %q", len(got), damage, in)
	}
	raw, err := json.Marshal(got[0])
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), `"mmsi":`)
	_, rest, _ = strings.Cut(strings.TrimSuffix(rest, "}"), `,`)
	return rest
}

// TestSentinelsOfPositions: each value that stands for "not available" leaves its field out, and
// the value next to it is kept.
func TestSentinelsOfPositions(t *testing.T) {
	const none = 181 * 600_000
	const noLat = 91 * 600_000
	for _, row := range []struct {
		name, in, want string
	}{
		{"nothing", classA(15, -128, 1023, none, noLat, 3600, 511, 60, 0), ""},
		{"under way", classA(0, -128, 1023, none, noLat, 3600, 511, 60, 0), `"nav_status":0`},
		{"status 14", classA(14, -128, 1023, none, noLat, 3600, 511, 60, 0), `"nav_status":14`},
		{"turns to starboard", classA(15, 127, 1023, none, noLat, 3600, 511, 60, 0), `"turn_side":1`},
		{"turns to port", classA(15, -127, 1023, none, noLat, 3600, 511, 60, 0), `"turn_side":-1`},
		{"does not turn", classA(15, 0, 1023, none, noLat, 3600, 511, 60, 0), `"turn_deg_per_min":0`},
		{"stands still", classA(15, -128, 0, none, noLat, 3600, 511, 60, 0), `"speed_mps":0`},
		{"102.2 knots or more", classA(15, -128, 1022, none, noLat, 3600, 511, 60, 0), `"speed_mps":52.57622222222222,"speed_is_least":true`},
		{"102.1 knots", classA(15, -128, 1021, none, noLat, 3600, 511, 60, 0), `"speed_mps":52.52477777777778`},
		{"course 359.9", classA(15, -128, 1023, none, noLat, 3599, 511, 60, 0), `"course_deg":359.9`},
		{"course beyond the circle", classA(15, -128, 1023, none, noLat, 3601, 511, 60, 0), ""},
		{"heading 359", classA(15, -128, 1023, none, noLat, 3600, 359, 60, 0), `"heading_deg":359`},
		{"heading 360", classA(15, -128, 1023, none, noLat, 3600, 360, 60, 0), ""},
		{"second 0", classA(15, -128, 1023, none, noLat, 3600, 511, 0, 0), `"utc_second":0`},
		{"second 59", classA(15, -128, 1023, none, noLat, 3600, 511, 59, 0), `"utc_second":59`},
		{"typed in", classA(15, -128, 1023, none, noLat, 3600, 511, 61, 0), `"position_mode":"manual"`},
		{"dead reckoning", classA(15, -128, 1023, none, noLat, 3600, 511, 62, 0), `"position_mode":"estimated"`},
		{"out of order", classA(15, -128, 1023, none, noLat, 3600, 511, 63, 0), `"position_mode":"inoperative"`},
		{"no manoeuvre", classA(15, -128, 1023, none, noLat, 3600, 511, 60, 1), `"special_manoeuvre":false`},
		{"a manoeuvre", classA(15, -128, 1023, none, noLat, 3600, 511, 60, 2), `"special_manoeuvre":true`},
		{"manoeuvre 3 is not in use", classA(15, -128, 1023, none, noLat, 3600, 511, 60, 3), ""},
		{"the corner of the map", classA(15, -128, 1023, -180*600_000, -90*600_000, 3600, 511, 60, 0), `"lat_deg":-90,"lon_deg":-180`},
		{"the other corner", classA(15, -128, 1023, 180*600_000, 90*600_000, 3600, 511, 60, 0), `"lat_deg":90,"lon_deg":180`},
		{"a step east of the map", classA(15, -128, 1023, 180*600_000+1, 0, 3600, 511, 60, 0), ""},
		{"a step west of the map", classA(15, -128, 1023, -180*600_000-1, 0, 3600, 511, 60, 0), ""},
		{"a step north of the pole", classA(15, -128, 1023, 0, 90*600_000+1, 3600, 511, 60, 0), ""},
		{"a step south of the pole", classA(15, -128, 1023, 0, -90*600_000-1, 3600, 511, 60, 0), ""},
		{"a longitude alone", classA(15, -128, 1023, 600_000, noLat, 3600, 511, 60, 0), ""},
		{"the smallest step", classA(15, -128, 1023, -1, 1, 3600, 511, 60, 0), `"lat_deg":0.0000016666666666666667,"lon_deg":-0.0000016666666666666667`},
	} {
		if got := said(t, row.in); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

// TestClocksOfStations: a date that is none, or a part that is not available, is no clock.
func TestClocksOfStations(t *testing.T) {
	for _, row := range []struct {
		in   string
		want truce.Instant
	}{
		{station(2026, 4, 11, 12, 0, 0), noon},
		{station(2024, 2, 29, 0, 0, 0), 1_709_164_800_000_000},
		{station(2026, 2, 29, 0, 0, 0), 0}, {station(2026, 4, 31, 0, 0, 0), 0},
		{station(0, 4, 11, 12, 0, 0), 0}, {station(2026, 0, 11, 12, 0, 0), 0}, {station(2026, 13, 11, 12, 0, 0), 0}, {station(2026, 4, 0, 12, 0, 0), 0},
		{station(2026, 4, 11, 24, 0, 0), 0}, {station(2026, 4, 11, 12, 60, 0), 0}, {station(2026, 4, 11, 12, 0, 60), 0}, {station(9999, 4, 11, 12, 0, 0), 0},
	} {
		got, damage := read(t, strings.NewReader(row.in))
		if len(got) != 1 || len(damage) != 0 || got[0].UTC != row.want {
			t.Errorf("%+v, %q, want %v", got, damage, row.want)
		}
	}
}

// TestArrivals: parts of an ETA are kept one by one; a draught of 0 is not known.
func TestArrivals(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{voyage(0, 0, 24, 60, 0), ""},
		{voyage(12, 31, 23, 59, 255), `"eta":{"month":12,"day":31,"hour":23,"minute":59},"draught_m":25.5`},
		{voyage(13, 31, 24, 61, 0), `"eta":{"day":31}`},
		{voyage(1, 0, 0, 60, 1), `"eta":{"month":1,"hour":0},"draught_m":0.1`},
		{voyage(0, 0, 31, 0, 0), `"eta":{"minute":0}`},
	} {
		if got := said(t, row.in); got != row.want {
			t.Errorf("%s, want %s", got, row.want)
		}
	}
}

// TestPartsOfStatics: part A, B and what is neither; the mother of an auxiliary craft.
func TestPartsOfStatics(t *testing.T) {
	head := func(mmsi, part int64) []field { return []field{{6, 24}, {2, 0}, {30, mmsi}, {2, part}} }
	b := func(mmsi, last int64) string {
		return packed(append(head(mmsi, 1), field{8, 36}, field{18, 0}, field{4, 3}, field{20, 77}, field{42, 0}, field{30, last}, field{6, 0})...)
	}
	for _, row := range []struct{ name, in, want string }{
		{"neither", packed(append(head(211_000_001, 2), field{60, 0}, field{60, 0}, field{8, 0})...), ""},
		{"a mother", b(982_110_001, 211_000_001), `"ship_type":36,"part":"B","model":3,"serial":77,"mother_mmsi":"211000001"`},
		{"a mother of ten digits", b(982_110_001, 1_000_000_000), `"ship_type":36,"part":"B","model":3,"serial":77`},
		{"no size", b(211_000_001, 0), `"ship_type":36,"part":"B","model":3,"serial":77`},
		{"a size", b(211_000_001, 1<<21|2<<12|3<<6|4), `"ship_type":36,"to_bow_m":1,"to_stern_m":2,"to_port_m":3,"to_starboard_m":4,"part":"B","model":3,"serial":77`},
	} {
		if got := said(t, row.in); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

// TestTextsAsWritten: small letters become capitals, what AIS has no character for a question
// mark, and blanks at the end go.
func TestTextsAsWritten(t *testing.T) {
	for in, want := range map[string]string{"Vesel 7": "VESEL 7", "naïve": "NA??VE", "a  ": "A", "[x]_": "[X]_", "{x}": "?X?", "": "", strings.Repeat("y", 25): strings.Repeat("Y", 20)} {
		got, damage := read(t, strings.NewReader(written(t, ais.Message{Type: 5, MMSI: 211_000_001, Static: ais.Static{Name: ais.NewText(in)}})))
		if len(got) != 1 || len(damage) != 0 || got[0].Name.String() != want {
			t.Errorf("%q is read as %q, %q, want %q", in, got[0].Name.String(), damage, want)
		}
	}
}

// TestNumbersAsText: what a number of the maritime service or a value is in JSON, and what is refused.
func TestNumbersAsText(t *testing.T) {
	for in, want := range map[string]ais.MMSI{"003669702": 3669702, "999999999": 999_999_999, "0": 0} {
		var n ais.MMSI
		if err := n.UnmarshalText([]byte(in)); err != nil || n != want {
			t.Errorf("%s is read as %d, %v", in, n, err)
		}
	}
	for _, in := range []string{"", "1000000000", "21100000x", "-1", "99999999999999999999"} {
		var n ais.MMSI
		if err := n.UnmarshalText([]byte(in)); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "nine digits") {
			t.Errorf("MMSI %q: %d, %v", in, n, err)
		}
	}
	for m, want := range map[ais.Manoeuvre]string{ais.ManoeuvreUntold: "null", ais.ManoeuvreNone: "false", ais.ManoeuvreSpecial: "true"} {
		raw, err := json.Marshal(m)
		if err != nil || string(raw) != want {
			t.Errorf("manoeuvre %d is written as %s, %v", m, raw, err)
		}
		back := ais.Manoeuvre(9)
		if err := json.Unmarshal([]byte(want), &back); err != nil || back != m {
			t.Errorf("%s is read as manoeuvre %d, %v", want, back, err)
		}
	}
	var m ais.Manoeuvre
	if err := json.Unmarshal([]byte(`2`), &m); err == nil {
		t.Error("a number was read as a manoeuvre")
	}
}

// TestManyPartsInAnyOrder: nine parts in every rotation make one message; one lost makes none.
func TestManyPartsInAnyOrder(t *testing.T) {
	whole := "55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp888888888880"
	var parts []string
	for i := range 9 {
		from, to, fill := i*8, min((i+1)*8, 71), 0
		if i == 8 {
			fill = 2
		}
		parts = append(parts, line(fmt.Sprintf("AIVDM,9,%d,4,B,%s,%d", i+1, whole[from:to], fill)))
	}
	for first := range 9 {
		turned := append(append([]string{}, parts[first:]...), parts[:first]...)
		got, damage := read(t, strings.NewReader(strings.Join(turned, "")))
		if len(got) != 1 || len(damage) != 0 || got[0].Name.String() != "EVER DIADEM" {
			t.Errorf("from part %d on: %+v, %q", first+1, got, damage)
		}
		got, damage = read(t, strings.NewReader(strings.Join(turned[1:], "")))
		if len(got) != 0 || len(damage) != 1 || !strings.Contains(damage[0], "8 of 9 sentences") {
			t.Errorf("without part %d: %+v, %q", first+1, got, damage)
		}
	}
	other := string(nmea.AppendTag(nil, "mole", 0)) + parts[8]
	if got, damage := read(t, strings.NewReader(strings.Join(parts[:8], "")+other)); len(got) != 0 || len(damage) != 2 {
		t.Errorf("the last part of another receiver: %+v, %q", got, damage)
	}
}
