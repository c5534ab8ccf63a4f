package ais_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/nmea"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/ais"
)

// read reads a stream: messages, and damage as text.
func read(t testing.TB, src io.Reader) (out []ais.Message, damage []string) {
	t.Helper()
	r := ais.NewReader(src, ais.Options{})
	for {
		var m ais.Message
		err := r.Next(&m)
		var bad *source.Damage
		switch {
		case err == io.EOF:
			return out, damage
		case errors.As(err, &bad):
			damage = append(damage, bad.Error())
		case err != nil:
			t.Fatal(err)
		default:
			out = append(out, m)
		}
	}
}

// TestPublishedSentences: sentences that are printed with their decode in E. S. Raymond's
// "AIVDM/AIVDO protocol decoding" and in the tests of public decoders. Facts only: knots are
// turned into metres a second, and places are compared to 0.000003, since some print float32.
func TestPublishedSentences(t *testing.T) {
	for _, row := range []struct {
		name, in string
		want     map[string]any
	}{
		{"1", "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\n", map[string]any{"mmsi": "477553000", "nav_status": 5., "turn_deg_per_min": 0., "speed_mps": 0.,
			"lon_deg": -122.345833, "lat_deg": 47.582833, "course_deg": 51., "heading_deg": 181., "utc_second": 15., "communication_state": 149208., "channel": "B"}},
		{"4", "!AIVDM,1,1,,A,403OviQuMGCqWrRO9>E6fE700@GO,0*4D\n", map[string]any{"mmsi": "003669702", "utc": "2007-05-14T19:57:39.000000Z",
			"lon_deg": -76.352362, "lat_deg": 36.883767, "accuracy_under_10m": true, "position_device": 7.}},
		{"5", "!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C\n!AIVDM,2,2,1,A,88888888880,2*25\n", map[string]any{
			"mmsi": "351759000", "imo": 9134270., "callsign": "3FOF8", "name": "EVER DIADEM", "ship_type": 70., "to_bow_m": 225., "to_stern_m": 70., "to_port_m": 1.,
			"to_starboard_m": 31., "position_device": 1., "draught_m": 12.2, "destination": "NEW YORK", "eta": map[string]any{"month": 5., "day": 15., "hour": 14., "minute": 0.}}},
		{"18", "!AIVDM,1,1,,A,B5NJ;PP005l4ot5Isbl03wsUkP06,0*76\n", map[string]any{"mmsi": "367430530", "speed_mps": 0., "lon_deg": -122.267320, "lat_deg": 37.785035,
			"course_deg": 0., "heading_deg": nil, "carrier_sense": true}},
		{"19", "!AIVDM,1,1,,B,C5N3SRgPEnJGEBT>NhWAwwo862PaLELTBJ:V00000000S0D:R220,0*0B\n", map[string]any{"mmsi": "367059850", "speed_mps": 8.7 * 1852 / 3600,
			"lon_deg": -88.810394, "lat_deg": 29.543695, "course_deg": 335.9, "heading_deg": nil, "utc_second": 46., "name": "CAPT.J.RIMES", "ship_type": 70.,
			"to_bow_m": 5., "to_stern_m": 21., "to_port_m": 4., "to_starboard_m": 4.}},
		{"24", "!AIVDM,1,1,,A,H42O55i18tMET00000000000000,2*6D\n", map[string]any{"mmsi": "271041815", "name": "PROGUY", "part": "A"}},
		{"24", "!AIVDM,1,1,,A,H42O55lti4hhhilD3nink000?050,0*40\n", map[string]any{"mmsi": "271041815", "part": "B", "ship_type": 60., "callsign": "TC6163",
			"to_bow_m": 0., "to_stern_m": 15., "to_port_m": 0., "to_starboard_m": 5.}},
	} {
		out, damage := read(t, iotest.HalfReader(strings.NewReader(row.in)))
		if len(out) != 1 || len(damage) != 0 {
			t.Errorf("type %s: %d messages, %q", row.name, len(out), damage)
			continue
		}
		raw, err := json.Marshal(out[0])
		var got map[string]any
		if err = errors.Join(err, json.Unmarshal(raw, &got)); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got["type"]) != row.name {
			t.Errorf("type %v, want %s", got["type"], row.name)
		}
		for name, want := range row.want {
			number, numeric := want.(float64)
			value, _ := got[name].(float64)
			if numeric && !(math.Abs(value-number) < 3e-6) || !numeric && !reflect.DeepEqual(got[name], want) {
				t.Errorf("type %s: %s is %v, want %v", row.name, name, got[name], want)
			}
		}
	}
}

// random is a message of a type with values that its steps can hold, each known or not.
func random(rng *rand.Rand, kind int) ais.Message {
	number := func(n int) source.Value { return source.Told(float64(rng.IntN(n))) }
	text := func(n int) ais.Text {
		b := make([]byte, rng.IntN(n+1))
		for i := range b {
			b[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[rng.IntN(36)]
		}
		return ais.NewText(string(b))
	}
	m := ais.Message{Type: kind, Repeat: rng.IntN(4), MMSI: ais.MMSI(200_000_000 + rng.IntN(500_000_000)), Channel: ais.NewText("A"), Own: rng.IntN(2) == 0}
	if rng.IntN(2) == 0 {
		m.Time, m.Station = truce.Instant(1_700_000_000_000_000+rng.Int64N(1e9)*1000), ais.NewText("hill")
	}
	place := kind != 5 && kind != 24
	if place && rng.IntN(4) > 0 {
		m.LatDeg = source.Told(float64(rng.IntN(2*90*600_000+1)-90*600_000) / 600_000)
		m.LonDeg = source.Told(float64(rng.IntN(2*180*600_000+1)-180*600_000) / 600_000)
	}
	if m.Accurate = place && rng.IntN(2) == 0; place && kind != 19 {
		m.Radio = rng.IntN(1 << 19)
	}
	if place && kind != 4 {
		if rng.IntN(4) > 0 {
			m.SpeedMps = source.Told(float64(rng.IntN(1022)) * (1852. / 36_000))
			m.CourseDeg = source.Told(float64(rng.IntN(3600)) / 10)
			m.HeadingDeg, m.Second = number(360), number(60)
		} else {
			m.Mode = []ais.Mode{"", ais.ModeManual, ais.ModeEstimated, ais.ModeInoperative}[rng.IntN(4)]
		}
		m.RAIM = rng.IntN(2) == 0
	}
	ship := func() {
		m.ShipType = source.Told(float64(1 + rng.IntN(255)))
		m.ToBowM, m.ToSternM, m.ToPortM, m.ToStarM = source.Told(float64(1+rng.IntN(511))), number(512), number(64), number(64)
	}
	switch kind {
	case 1, 2, 3:
		m.Status = number(15)
		if turn := rng.IntN(256) - 128; turn == 127 || turn == -127 {
			m.TurnSide = turn / 127
		} else if turn > -127 {
			root := float64(turn) / 4.733
			m.TurnDegMin = source.Told(root * math.Abs(root))
		}
		m.Manoeuvre = ais.Manoeuvre(1 + rng.IntN(2))
	case 4:
		m.UTC, m.LongRange = truce.Instant((1_000_000_000+rng.Int64N(1e9))*1e6), rng.IntN(2) == 0
	case 5:
		m.IMO, m.Callsign, m.Name, m.Destination, m.NoTerminal = source.Told(float64(1+rng.IntN(1e7))), text(7), text(20), text(20), rng.IntN(2) == 0
		m.ETA = ais.ETA{Month: rng.IntN(13), Day: rng.IntN(32), Hour: number(24), Minute: number(60)}
		m.DraughtM, m.Version = source.Told(float64(1+rng.IntN(255))/10), rng.IntN(4)
		ship()
	case 18:
		m.CarrierB, m.Features, m.Assigned = rng.IntN(2) == 0, rng.IntN(16), rng.IntN(2) == 0
	case 19:
		m.Name, m.NoTerminal, m.Assigned, m.Fixing = text(20), rng.IntN(2) == 0, rng.IntN(2) == 0, source.Told(float64(1+rng.IntN(15)))
		ship()
	case 24:
		if m.Part = ais.NewText("A"); rng.IntN(2) == 0 {
			m.Name = text(20)
			break
		}
		m.Part, m.Vendor, m.Model, m.Serial, m.Callsign = ais.NewText("B"), text(3), rng.IntN(16), rng.IntN(1<<20), text(7)
		if ship(); rng.IntN(4) == 0 {
			m.MMSI, m.Mother = 980_000_000+m.MMSI%10_000_000, m.MMSI
			m.ToBowM, m.ToSternM, m.ToPortM, m.ToStarM = source.Value{}, source.Value{}, source.Value{}, source.Value{}
		}
	}
	return m
}

// TestWhatIsWrittenIsReadAgain: every message of every type, whatever of it is known.
func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 7))
	var file bytes.Buffer
	w := ais.NewWriter(&file)
	var want []ais.Message
	for _, kind := range []int{1, 2, 3, 4, 5, 18, 19, 24} {
		for range 300 {
			m := random(rng, kind)
			m.Offset = int64(file.Len())
			if err := w.Write(&m); err != nil {
				t.Fatalf("%+v: %v", m, err)
			}
			want = append(want, m)
		}
	}
	for line := range strings.Lines(file.String()) {
		if _, sentence, _ := strings.Cut(line, "!"); len(sentence) > 81 {
			t.Fatalf("%q is longer than the 82 characters of NMEA 0183", line)
		}
	}
	got, damage := read(t, &file)
	if len(damage) != 0 || len(got) != len(want) {
		t.Fatalf("%d messages and %q, want %d", len(got), damage, len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("message %d is\n%+v, want\n%+v", i, got[i], want[i])
		}
		raw, err := json.Marshal(got[i])
		var back ais.Message
		if err = errors.Join(err, json.Unmarshal(raw, &back)); err != nil || back != got[i] {
			t.Fatalf("%s is read as\n%+v, %v, want\n%+v", raw, back, err, got[i])
		}
	}
}

// line is a sentence with its checksum.
func line(body string) string { return string(nmea.Append(nil, '!', []byte(body))) }

// written is a message as sentences.
func written(t testing.TB, m ais.Message) string {
	t.Helper()
	var b bytes.Buffer
	if err := ais.NewWriter(&b).Write(&m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWhatIsNotAvailableStaysUnknown: no value stands for one that is marked as not available,
// or that lies beyond its range.
func TestWhatIsNotAvailableStaysUnknown(t *testing.T) {
	got, damage := read(t, strings.NewReader(written(t, ais.Message{Type: 1, MMSI: 211_000_000})))
	if len(damage) != 0 || len(got) != 1 {
		t.Fatal(got, damage)
	}
	raw, err := json.Marshal(got[0])
	if want := `{"offset":0,"type":1,"mmsi":"211000000"}`; err != nil || string(raw) != want {
		t.Errorf("%s, %v, want %s", raw, err, want)
	}
	for name, m := range map[string]ais.Message{
		"a latitude alone": {Type: 1, Position: ais.Position{LatDeg: source.Told(1)}},
		"no place":         {Type: 1, Position: ais.Position{LatDeg: source.Told(91), LonDeg: source.Told(1)}},
		"ten digits":       {Type: 1, MMSI: 1_000_000_000},
		"type 9":           {Type: 9},
		"course":           {Type: 1, Position: ais.Position{CourseDeg: source.Told(-1)}},
	} {
		if err := ais.NewWriter(io.Discard).Write(&m); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

// TestPartsAreAssembled: in any order, twice, between others, of two receivers; what does not
// become whole is told of once.
func TestPartsAreAssembled(t *testing.T) {
	a, b := "AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0", "AIVDM,2,2,1,A,88888888880,2"
	one := line("AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0")
	other := line("AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp0,0")
	tag := func(second int, s string) string {
		return string(nmea.AppendTag(nil, "", int64(1_700_000_000+second)*1e6)) + s
	}
	for name, row := range map[string]struct {
		in       string
		messages int
		damage   string
	}{
		"last first":         {line(b) + line(a), 1, ""},
		"others between":     {line(a) + strings.Repeat(one, 200) + line(b), 201, ""},
		"twice":              {line(a) + line(a) + line(b), 1, ""},
		"another channel":    {line(a) + line(strings.Replace(b, ",A,", ",B,", 1)), 0, "the stream ended"},
		"another message":    {other + line(a) + line(b), 1, "another message of the same number"},
		"never":              {line(a) + strings.Repeat(one, 300), 300, "the others did not follow"},
		"much later":         {tag(0, line(a)) + tag(11, one) + tag(12, line(b)), 1, "the others did not follow"},
		"in time":            {tag(0, line(a)) + tag(9, line(b)), 1, ""},
		"cut off":            {line(a), 0, "1 of 2 sentences of a message came: the stream ended"},
		"fill in the middle": {line(strings.Replace(a, "8,0", "8,2", 1)), 0, "fill bits"},
		"too many at a time": {many(40), 0, "more messages than can wait"},
		"ten parts":          {line("AIVDM,10,1,1,A,0,0"), 0, "none of one to nine"},
		"no number":          {line("AIVDM,2,1,,A,0,0"), 0, "no number from 0 to 9"},
		"no fields":          {line("AIVDM,1,1,,A,0"), 0, "six fields"},
		"six fill bits":      {line("AIVDM,1,1,,A,177KQJ5000G?tO`K>RA1wUbN0TKH,6"), 0, "fill bits"},
		"an empty payload":   {line("AIVDM,1,1,,A,,0"), 0, "payload is empty"},
		"no such character":  {line("AIVDM,1,1,,A,177KQJ5000G?tO`K>RA1wUbN0T{H,0"), 0, "no character of a payload"},
		"too short":          {line("AIVDM,1,1,,A,177KQJ5000G?tO`K>RA1wUbN0TK,0"), 0, "has 168 bits, and this one has 162"},
		"too long":           {line("AIVDM,1,1,,A,177KQJ5000G?tO`K>RA1wUbN0TKHHH,0"), 0, "and this one has 180"},
		"a head alone":       {line("AIVDM,1,1,,A,177K,0"), 0, "its head alone has 38"},
		"MMSI of ten digits": {line("AIVDM,1,1,,A,1wwwwwwwwwwwwwwwwwwwwwwwwwww,0"), 0, "more than nine digits"},
		"another sentence":   {string(nmea.Append(nil, '$', []byte("GPGGA,1"))), 0, ""},
		"a type not read":    {line("AIVDM,1,1,,A,>5?Per18=HB1U:1@E=B0m<L,2"), 1, ""},
		"a damaged line":     {"!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5D\n" + one, 1, "checksum"},
	} {
		got, damage := read(t, strings.NewReader(row.in))
		if len(got) != row.messages || (row.damage == "") != (len(damage) == 0) || !strings.Contains(strings.Join(damage, "\n"), row.damage) {
			t.Errorf("%s: %d messages, %q; want %d, %q", name, len(got), damage, row.messages, row.damage)
		}
	}
}

// many are first parts of messages that never come whole.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		tag := nmea.AppendTag(nil, fmt.Sprintf("s%d", i), 0)
		b.WriteString(string(tag) + line("AIVDM,2,1,1,A,0,0"))
	}
	return b.String()
}

// TestReadingAllocatesNothing for a message of one sentence or of two.
func TestReadingAllocatesNothing(t *testing.T) {
	in := strings.NewReader(strings.Repeat(sample, 3000))
	r := ais.NewReader(in, ais.Options{})
	var m ais.Message
	if n := testing.AllocsPerRun(5000, func() {
		if err := r.Next(&m); err != nil {
			t.Fatal(err)
		}
	}); n > 0.01 {
		t.Errorf("%v allocations a message", n)
	}
}

const sample = "\\s:hill,c:1700000000*3B\\!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\r\n" +
	"!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C\r\n!AIVDM,2,2,1,A,88888888880,2*25\r\n"

// FuzzReader: reading ends, what it gives is in range, and what is written of it is read as
// the same.
func FuzzReader(f *testing.F) {
	f.Add(sample)
	f.Add(many(3))
	f.Add("H42O55lti4hhhilD3nink000?050")
	f.Add("C5N3SRgPEnJGEBT>NhWAwwo862PaLELTBJ:V00000000S0D:R220")
	f.Add(line("AIVDM,1,1,,A,1wwwwwwwwwwwwwwwwwwwwwwwwwww,0"))
	f.Fuzz(func(t *testing.T, in string) {
		got, _ := read(t, strings.NewReader(in+"\n"+line("AIVDM,1,1,,A,"+in+",0")))
		for _, m := range got {
			if m.LatDeg.Told != m.LonDeg.Told || math.Abs(m.LatDeg.V) > 90 || math.Abs(m.LonDeg.V) > 180 || m.CourseDeg.V >= 360 || m.SpeedMps.V > 53 {
				t.Fatalf("%+v", m)
			}
			m.Time, m.Station, m.Channel, m.Offset = 0, ais.Text{}, ais.Text{}, 0
			if m.Unread {
				continue
			}
			again, damage := read(t, strings.NewReader(written(t, m)))
			if len(damage) != 0 || len(again) != 1 {
				t.Fatalf("%+v is written and read as %v, %q", m, again, damage)
			}
			if again[0] != m {
				t.Fatalf("%+v is written and read as\n%+v", m, again[0])
			}
		}
	})
}

func BenchmarkReader(b *testing.B) {
	for _, row := range []struct{ name, in string }{
		{"positions", "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\r\n"}, {"tagged and static", sample},
	} {
		b.Run(row.name, func(b *testing.B) {
			whole := strings.Repeat(row.in, 100_000)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				r := ais.NewReader(strings.NewReader(whole), ais.Options{})
				var m ais.Message
				var err error
				for ; err == nil; n++ {
					err = r.Next(&m)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
