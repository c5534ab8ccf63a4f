package adsb

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/sourcetest"
	"pgregory.net/rapid"
)

var start = truce.InstantOf(time.Date(2031, 3, 3, 23, 59, 58, 0, time.UTC))

// flight is the feed of an aircraft that flies east at 200 m/s, a position each half second,
// as Beast with a 12 MHz counter.
func flight(t testing.TB, from geo.Point, n int, address Address) (feed []byte, at []geo.Point) {
	t.Helper()
	for i := range n {
		p, _ := geo.Direct(from, 90, geo.Metres(100*i))
		f, err := Position{Address: address, At: p, Odd: i%2 == 1, TypeCode: 11, AltitudeFt: 12_000}.Frame()
		if err != nil {
			t.Fatal(err)
		}
		feed = AppendBeast(feed, f, uint64(0x1a1a000001+i*6_000_000), 0x1a)
		at = append(at, p)
	}
	return feed, at
}

// TestEncodedPositionsReadBack: anywhere on earth, in the air and on the ground, what is sent
// is found again to a step of the format.
func TestEncodedPositionsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := geo.Point{Lat: geo.Degrees(rapid.Float64Range(-89.9, 89.9).Draw(t, "lat")), Lon: geo.Degrees(rapid.Float64Range(-180, 180).Draw(t, "lon"))}
		code := uint8(rapid.SampledFrom([]int{5, 8, 9, 11, 18}).Draw(t, "code"))
		feet := float64(rapid.IntRange(-40, 2007).Draw(t, "altitude") * 25)
		var feed string
		for i := range 2 {
			f, err := Position{Address: 0x4b1812, At: at, Odd: i == 1, TypeCode: code, AltitudeFt: feet, SpeedKt: 30, TrackDeg: 270}.Frame()
			if err != nil {
				t.Fatal(err)
			}
			feed += fmt.Sprintf("1930000%03d,%s\n", i, f)
		}
		opt := Options{}
		if code <= 8 {
			opt.Reference = &at
		}
		r := NewReader(strings.NewReader(feed), opt)
		var m Message
		for range 2 {
			if err := r.Next(&m); err != nil {
				t.Fatal(err)
			}
		}
		if m.PositionRefused == RefusalZones {
			return // the step of the format took the halves over a change of zones
		}
		if !m.LatDeg.Told || geo.Distance(m.point(), at) > 10 { // half a step next to 86.5 degrees
			t.Fatalf("%v is read as %v %v, %q", at, m.LatDeg, m.LonDeg, m.PositionRefused)
		}
		if code > 8 && m.AltitudeFt.V != feet || code <= 8 && (m.GroundSpeedKt.V != 30 || m.TrackDeg.V != 270) {
			t.Fatalf("altitude %v, speed %v, track %v", m.AltitudeFt, m.GroundSpeedKt, m.TrackDeg)
		}
	})
}

// TestEncodedWordsReadBack: names, velocities and accuracies as well.
func TestEncodedWordsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		address := Address(rapid.IntRange(1, 0xffffff).Draw(t, "address"))
		name := rapid.StringMatching(`[A-Z0-9]{0,8}`).Draw(t, "name")
		category := Category{byte(rapid.IntRange('A', 'D').Draw(t, "set")), byte(rapid.IntRange('0', '7').Draw(t, "class"))}
		f, err := Identification{address, category, name}.Frame()
		if err != nil {
			t.Fatal(err)
		}
		if m := one(panics{}, f.String()); m.Callsign.String() != name || m.Category != category || m.Address != address {
			t.Fatalf("%q %v is read as %q %v", name, category, m.Callsign, m.Category)
		}
		v := Velocity{address, rapid.Float64Range(0, 1000).Draw(t, "speed"), rapid.Float64Range(0, 359.9).Draw(t, "track"), float64(rapid.IntRange(-510, 510).Draw(t, "climb") * 64), 2}
		if f, err = v.Frame(); err != nil {
			t.Fatal(err)
		}
		m := one(panics{}, f.String())
		sin, cos := math.Sincos((m.TrackDeg.V) * math.Pi / 180)
		wantSin, wantCos := math.Sincos(v.TrackDeg * math.Pi / 180)
		off := math.Hypot(m.GroundSpeedKt.V*sin-v.SpeedKt*wantSin, m.GroundSpeedKt.V*cos-v.SpeedKt*wantCos)
		if off > .72 || m.VerticalRateFpm.V != v.ClimbFpm || m.NACv.V != 2 || m.VerticalRateGNSS {
			t.Fatalf("%+v is read as %v %v %v", v, m.GroundSpeedKt, m.TrackDeg, m.VerticalRateFpm)
		}
		o := Operation{address, uint8(rapid.IntRange(0, 11).Draw(t, "nacp")), uint8(rapid.IntRange(0, 3).Draw(t, "sil"))}
		if f, err = o.Frame(); err != nil {
			t.Fatal(err)
		}
		if m := one(panics{}, f.String()); m.NACp.V != float64(o.NACp) || m.SIL.V != float64(o.SIL) || m.Version.V != 2 {
			t.Fatalf("%+v is read as %v %v", o, m.NACp, m.SIL)
		}
		var back Frame
		text, _ := f.MarshalText()
		if back.UnmarshalText(text) != nil || back != f {
			t.Fatalf("%s is read as %v", text, back)
		}
	})
}

// panics lets a property use a function of tests: it fails by panicking, which rapid reports.
type panics struct{ testing.TB }

func (panics) Helper()                      {}
func (panics) Fatal(args ...any)            { panic(fmt.Sprint(args...)) }
func (panics) Fatalf(f string, args ...any) { panic(fmt.Sprintf(f, args...)) }

func TestEncodersRefuse(t *testing.T) {
	here := geo.Point{Lat: 50, Lon: 10}
	for name, f := range map[string]interface{ Frame() (Frame, error) }{
		"no address":       Identification{0, Category{'A', '1'}, "X"},
		"a wide address":   Operation{Address: 1 << 24},
		"a small letter":   Identification{1, Category{'A', '1'}, "x"},
		"a long name":      Identification{1, Category{'A', '1'}, "ABCDEFGHI"},
		"no category":      Identification{1, Category{'E', '1'}, "X"},
		"off the earth":    Position{Address: 1, At: geo.Point{Lat: 91}, TypeCode: 11},
		"too high":         Position{Address: 1, At: here, TypeCode: 11, AltitudeFt: 60_000},
		"another type":     Position{Address: 1, At: here, TypeCode: 19},
		"fast on ground":   Position{Address: 1, At: here, TypeCode: 5, SpeedKt: 175},
		"faster than told": Velocity{Address: 1, SpeedKt: 2000, TrackDeg: 90},
		"NACp beyond":      Operation{Address: 1, NACp: 12},
	} {
		if _, err := f.Frame(); err == nil {
			t.Errorf("%s: made", name)
		}
	}
	if _, err := NewFrame(make([]byte, 8)); err == nil {
		t.Error("eight bytes became a message")
	}
}

// TestBeast reads a flight with stamps of both kinds, over midnight, with escapes doubled.
func TestBeast(t *testing.T) {
	feed, at := flight(t, geo.Point{Lat: 48.5, Lon: 37.5}, 20, 0x1a1a1a)
	got, damage := messages(t, string(feed), Options{Start: start})
	if len(got) != 20 || len(damage) != 0 {
		t.Fatalf("%d messages, damage %q", len(got), damage)
	}
	for i, m := range got[1:] {
		want := start + truce.Instant((i+1)*500_000)
		if m.Time != want || geo.Distance(m.point(), at[i+1]) > 6 || m.Signal != 0x1a || m.Address != 0x1a1a1a || m.Ticks == 0 {
			t.Fatalf("message %d: %s %v %v %q, want %s %v", i+1, m.Time, m.LatDeg, m.LonDeg, m.PositionRefused, want, at[i+1])
		}
	}
	var gnss []byte
	for i, m := range got {
		gnss = AppendBeast(gnss, m.Frame, GNSSStamp(start+truce.Instant(i)*400_000), 7)
	}
	got, _ = messages(t, string(gnss), Options{Start: start - 3600e6, GNSS: true})
	for i, m := range got {
		if want := start + truce.Instant(i)*400_000; m.Time != want {
			t.Fatalf("message %d at %s, want %s", i, m.Time, want)
		}
	}
	if got, _ = messages(t, string(gnss), Options{GNSS: true}); got[3].Time != 0 || !got[3].LatDeg.Told {
		t.Errorf("without a day: %s, %v", got[3].Time, got[3].LatDeg)
	}
}

// TestBeastDamage: a message broken off, bytes between messages, unknown kinds and the end
// within a message are told, and every whole message is read.
func TestBeastDamage(t *testing.T) {
	feed, _ := flight(t, geo.Point{Lat: 48.5, Lon: 37.5}, 1, 0x4b1812)
	state := append([]byte{escape, '4'}, make([]byte, 21)...)
	ac := append([]byte{escape, '1'}, make([]byte, 9)...)
	for _, test := range []struct {
		name   string
		parts  [][]byte
		whole  int
		damage string
	}{
		{"whole", [][]byte{feed, feed}, 2, "[]"},
		{"other kinds", [][]byte{state, feed, ac, feed}, 2, "[]"},
		{"broken off", [][]byte{feed, feed[:9], feed}, 2, "[byte %[1]d: a message broken off by the next (9 bytes passed over)]"},
		{"bytes between", [][]byte{feed, []byte("noise"), feed}, 2, "[byte %[1]d: 0x6e where a message should begin (5 bytes passed over)]"},
		{"unknown kind", [][]byte{feed, {escape, 'z', 1, 2}, feed}, 2, "[byte %[1]d: a message of the unknown kind 0x7a (4 bytes passed over)]"},
		{"the end", [][]byte{feed, feed[:12]}, 1, "[byte %[1]d: ends within a message (12 bytes passed over)]"},
		{"an escape at the end", [][]byte{feed, {escape}}, 1, "[byte %[1]d: ends within a message (1 bytes passed over)]"},
		{"noise to the end", [][]byte{feed, bytes.Repeat([]byte{escape, escape, 0}, 30_000)}, 1, "[byte %[1]d: a message of the unknown kind 0x1a (90000 bytes passed over)]"},
	} {
		got, damage := messages(t, string(bytes.Join(test.parts, nil)), Options{})
		want := test.damage
		if strings.Contains(want, "%") {
			want = fmt.Sprintf(want, len(feed))
		}
		if len(got) != test.whole || fmt.Sprint(damage) != want {
			t.Errorf("%s: %d messages, damage %q, want %d, %q", test.name, len(got), damage, test.whole, want)
		}
	}
}

// slow gives one byte at a time, as a line does.
type slow struct{ rest []byte }

func (s *slow) Read(b []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	b[0], s.rest = s.rest[0], s.rest[1:]
	return 1, nil
}

// TestLiveFeeds: a message is given when its last byte has come, with the time of arrival
// where the stamp tells none.
func TestLiveFeeds(t *testing.T) {
	feed, _ := flight(t, geo.Point{Lat: 48.5, Lon: 37.5}, 3, 0x4b1812)
	s := &slow{rest: feed}
	r := NewReader(s, Options{})
	var m Message
	for i := range 3 {
		if err := r.Next(&m); err != nil {
			t.Fatal(err)
		}
		if len(s.rest) != len(feed)-int(r.at) {
			t.Errorf("message %d was given with %d bytes left", i, len(s.rest))
		}
	}
	now := start
	opt := Options{Now: func() truce.Instant { now += 300_000; return now }}
	f := m.Frame
	got, _ := messages(t, string(AppendAVR(nil, f, 0)), opt)
	if got[0].Time != start+300_000 {
		t.Errorf("arrived at %s", got[0].Time)
	}
	got, _ = messages(t, string(AppendBeast(nil, f, ticksMLAT, 0)), opt)
	if got[0].Time != start+600_000 || got[0].Ticks != 0 {
		t.Errorf("with a stamp that is no time: %s, %d", got[0].Time, got[0].Ticks)
	}
}

// TestAVRStamps: the counter pairs positions though nobody knows the day.
func TestAVRStamps(t *testing.T) {
	feed, at := flight(t, geo.Point{Lat: -48.5, Lon: -21.5}, 2, 0x4b1812)
	got, _ := messages(t, string(feed), Options{})
	var text []byte
	for i, m := range got {
		text = AppendAVR(text, m.Frame, uint64(1+i*6_000_000))
	}
	text = append(text, bytes.Replace(AppendAVR(nil, got[0].Frame, 12_000_001), []byte("@000000b71b01"), []byte("<000000b71b01c8"), 1)...)
	got, damage := messages(t, string(text), Options{})
	if len(got) != 3 || len(damage) != 0 || geo.Distance(got[1].point(), at[1]) > 6 || got[1].Time != 0 || got[2].Signal != 200 {
		t.Errorf("%d messages, %q: %+v", len(got), damage, got)
	}
}

// TestJumps: a position far from the last is refused until three agree, and one that the
// receiver cannot hear always is.
func TestJumps(t *testing.T) {
	here, far := geo.Point{Lat: 48.5, Lon: 37.5}, geo.Point{Lat: 48.5, Lon: 41.5}
	var feed string
	for i := range 16 {
		at := here
		if i >= 6 {
			at = far
		}
		f, err := Position{Address: 0x4b1812, At: at, Odd: i%2 == 1, TypeCode: 11, AltitudeFt: 12_000}.Frame()
		if err != nil {
			t.Fatal(err)
		}
		feed += fmt.Sprintf("19300000%02d,%s\n", i, f)
	}
	got, _ := messages(t, feed, Options{})
	var line []string
	for _, m := range got {
		switch {
		case m.LatDeg.Told && geo.Distance(m.point(), here) < 10:
			line = append(line, "here")
		case m.LatDeg.Told && geo.Distance(m.point(), far) < 10:
			line = append(line, "far")
		case m.LatDeg.Told:
			line = append(line, m.point().String())
		default:
			line = append(line, "-")
		}
	}
	if text := strings.Join(line, " "); !strings.HasPrefix(text, "- here here here here here - - ") || !strings.HasSuffix(text, "far far far far far far") || strings.Contains(text, ".") {
		t.Errorf("positions: %s", text)
	}
	got, _ = messages(t, feed, Options{Reference: &here, Range: 200_000})
	for i, m := range got[6:] {
		if m.LatDeg.Told {
			t.Errorf("message %d: %v, beyond what is heard", i+6, m.point())
		}
	}
}

// TestManyAircraft: the one silent longest makes room.
func TestManyAircraft(t *testing.T) {
	f := fleet{all: map[key]*aircraft{}}
	for i := range MaxAircraft + 2 {
		f.of(key{address: Address(i + 1)}, int64(i/2), true)
	}
	if len(f.all) != MaxAircraft || f.all[key{address: 1}] != nil || f.all[key{address: 2}] != nil || f.all[key{address: 3}] == nil {
		t.Errorf("%d aircraft, the first %v, the third %v", len(f.all), f.all[key{address: 1}], f.all[key{address: 3}])
	}
}

// TestGNSSLost: a fall of integrity is told, and a position message without a position too.
func TestGNSSLost(t *testing.T) {
	at := geo.Point{Lat: 48.5, Lon: 37.5}
	var feed string
	add := func(f Frame, err error) {
		if err != nil {
			t.Fatal(err)
		}
		feed += fmt.Sprintf("19300000%02d,%s\n", strings.Count(feed, "\n"), f)
	}
	add(Operation{0x4b1812, 9, 3}.Frame())
	for i, code := range []uint8{9, 9, 13, 18} {
		add(Position{Address: 0x4b1812, At: at, Odd: i%2 == 1, TypeCode: code, AltitudeFt: 12_000}.Frame())
	}
	add(Operation{0x4b1812, 0, 0}.Frame())
	add(Position{Address: 0x4b1812, At: at, TypeCode: 18, AltitudeFt: 12_000}.Frame())
	add(squit(0x4b1812, 0))
	got, _ := messages(t, feed, Options{})
	var lines []string
	for _, m := range got {
		if m.LatDeg.Told || m.NoPosition {
			lines = append(lines, fmt.Sprintf("%.0f -%d %.0f %v", m.NIC.V, m.NICDrop, m.PositionSigmaM.V, m.NoPosition))
		}
	}
	want := "11 -0 12 false, 6 -5 12 false, 0 -6 12 false, 0 -0 7566 false, 0 -0 0 true"
	if text := strings.Join(lines, ", "); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

// TestSharedFlight follows the aircraft of the shared feed: 2,000 messages without damage,
// every position within what its own velocity allows of the one before.
func TestSharedFlight(t *testing.T) {
	got, damage := messages(t, string(sourcetest.Open(t, "adsb/sample_data_adsb.csv")), Options{})
	if len(got) != 2000 || len(damage) != 0 {
		t.Fatalf("%d messages, damage %q", len(got), damage)
	}
	var last Message
	positions := 0
	for _, m := range got {
		if m.Address != 0x406b90 || !m.Checked {
			t.Fatalf("byte %d: address %s", m.Offset, m.Address)
		}
		if !m.LatDeg.Told {
			continue
		}
		positions++
		if last.LatDeg.Told {
			gap := float64(m.Time-last.Time)/1e6 + 2 // the times are cut to seconds
			if d := float64(geo.Distance(last.point(), m.point())); d > 260*gap {
				t.Fatalf("byte %d: %g m in %g s", m.Offset, d, gap)
			}
		}
		last = m
	}
	if positions != 933 {
		t.Errorf("%d positions, want 933", positions)
	}
}

// TestSharedReplies reads both tables of Comm-B replies without damage.
func TestSharedReplies(t *testing.T) {
	for name, format := range map[string]uint8{"adsb/sample_data_commb_df20.csv": 20, "adsb/sample_data_commb_df21.csv": 21} {
		in := sourcetest.Open(t, name)
		got, damage := messages(t, string(in), Options{})
		if len(got) != 5000 || len(damage) != 0 {
			t.Errorf("%s: %d messages, damage %q", name, len(got), damage)
		}
		rows := strings.Split(strings.TrimPrefix(string(in), "\ufeff"), "\r\n")
		others := 0
		for i, m := range got {
			if address := strings.Split(rows[i], ",")[1]; m.Format != format || !strings.EqualFold(m.Address.String(), address) {
				others++
			}
		}
		if want := map[uint8]int{20: 3, 21: 0}[format]; others != want { // a wrong bit gives another address
			t.Errorf("%s: %d rows of another address, want %d", name, others, want)
		}
	}
}

// TestNoAllocation: once an aircraft is known, its messages cost none.
func TestNoAllocation(t *testing.T) {
	feed, _ := flight(t, geo.Point{Lat: 48.5, Lon: 37.5}, 500, 0x4b1812)
	r := NewReader(bytes.NewReader(feed), Options{Start: start})
	var m Message
	if allocations := testing.AllocsPerRun(400, func() {
		if err := r.Next(&m); err != nil {
			t.Fatal(err)
		}
	}); allocations != 0 {
		t.Errorf("%g allocations a message", allocations)
	}
}

// FuzzReader: any feed ends, its messages and damage lie one behind the other, and every
// position given is on the earth.
func FuzzReader(f *testing.F) {
	feed, _ := flight(f, geo.Point{Lat: 48.5, Lon: 37.5}, 4, 0x4b1812)
	f.Add(feed)
	f.Add([]byte("1457996402,8D40621D58C386435CC412692AD6\n1457996405,8D40621D58C382D690C8AC2863A7\n"))
	f.Add([]byte("*8D4840D6202CC371C32CE0576098;\n@000000b71b018D4840D6202CC371C32CE0576098;\n"))
	f.Add([]byte("MSG,3,1,1,4840D6,1,2016/03/14,12:00:00.000,,,KLM1,1000,200,90,48.5,37.5,64,7700,0,0,0,0\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, _ := messages(t, string(in), Options{Start: start, Reference: &geo.Point{Lat: 48, Lon: 37}, Range: 1000})
		last := int64(-1)
		for _, m := range got {
			if m.Offset <= last || m.Offset >= int64(len(in)) {
				t.Fatalf("a message at byte %d after %d of %d", m.Offset, last, len(in))
			}
			last = m.Offset
			if m.LatDeg.Told && (!m.point().Valid() || !m.PositionSigmaM.Told) {
				t.Fatalf("position %v %v within %v", m.LatDeg, m.LonDeg, m.PositionSigmaM)
			}
		}
	})
}

// BenchmarkBeast reads positions of 50 aircraft; one operation is one message.
func BenchmarkBeast(b *testing.B) {
	var feed []byte
	for i := range 100 {
		for a := range 50 {
			p, _ := geo.Direct(geo.Point{Lat: 48 + geo.Degrees(a)/50, Lon: 37}, 90, geo.Metres(100*i))
			f, err := Position{Address: Address(a + 1), At: p, Odd: i%2 == 1, TypeCode: 11, AltitudeFt: 12_000}.Frame()
			if err != nil {
				b.Fatal(err)
			}
			feed = AppendBeast(feed, f, uint64(1+i*6_000_000+a), 9)
		}
	}
	benchmark(b, feed)
}

// BenchmarkReplies reads the lines of the shared Comm-B replies; one operation is one message.
func BenchmarkReplies(b *testing.B) {
	benchmark(b, sourcetest.Open(b, "adsb/sample_data_commb_df20.csv"))
}

func benchmark(b *testing.B, feed []byte) {
	in := bytes.NewReader(feed)
	r := NewReader(in, Options{Start: start})
	var m Message
	b.ReportAllocs()
	for b.Loop() {
		if r.Next(&m) == io.EOF {
			in.Reset(feed)
			r.in.Reset(in)
			r.ended, r.begun, r.at = nil, false, 0
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
