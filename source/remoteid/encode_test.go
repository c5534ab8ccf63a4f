package remoteid

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
	"pgregory.net/rapid"
)

// TestWhatIsReadIsWrittenBack: any 25 bytes that are a message say the same when they are written
// again, though they need not be the same bytes.
func TestWhatIsReadIsWrittenBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), Size, Size).Draw(rt, "bytes")
		b[0] = b[0]&15 | byte(rapid.IntRange(0, 5).Draw(rt, "kind"))<<4
		if rapid.Bool().Draw(rt, "on Earth") {
			for _, n := range []int{5, 8, 9, 12} {
				b[n] = byte(rapid.IntRange(0, 40).Draw(rt, "part"))
			}
			b[22] %= 140
		}
		first, again := Message{Time: noon}, Message{Time: noon}
		if first.decode(b, &parts{}, names{}) != nil {
			return // refused
		}
		written, err := first.Append(nil)
		if err != nil || len(written) != Size {
			rt.Fatalf("% x: %+v cannot be written: %v", b, first, err)
		}
		if err := again.decode(written, &parts{}, names{}); err != nil || !reflect.DeepEqual(first, again) {
			rt.Fatalf("% x\n% x\n%+v\n%+v, %v", b, written, contents(first), contents(again), err)
		}
	})
}

func contents(m Message) any {
	for _, c := range []any{m.BasicID, m.Location, m.Authentication, m.SelfID, m.System, m.OperatorID} {
		if !reflect.ValueOf(c).IsNil() {
			return reflect.ValueOf(c).Elem().Interface()
		}
	}
	return nil
}

// TestALocationIsWrittenToTheNearest: whatever a flight does, what is read differs by half a
// step at most, and an accuracy is never said to be better than it is.
func TestALocationIsWrittenToTheNearest(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		number := func(name string, low, high float64) source.Value {
			if rapid.IntRange(0, 4).Draw(rt, name+" unknown") == 0 {
				return source.Value{}
			}
			return source.Told(rapid.Float64Range(low, high).Draw(rt, name))
		}
		l := Location{
			DirectionDeg: number("direction", 0, 359.4), SpeedMps: number("speed", 0, 254), ClimbMps: number("climb", -62, 62), GeodeticM: number("height", -999, 31_000),
			HorizontalM: number("accuracy", 0.1, 20_000), PastHourS: number("past", 0, 3599.9), LatDeg: source.Told(rapid.Float64Range(-90, -0.1).Draw(rt, "lat")), LonDeg: source.Told(rapid.Float64Range(-180, 180).Draw(rt, "lon")),
		}
		b, err := Message{Kind: KindLocation, Location: &l}.Append(nil)
		var m Message
		if err == nil {
			err = m.decode(b, &parts{}, names{})
		}
		if err != nil {
			rt.Fatal(err)
		}
		for _, c := range []struct {
			name      string
			want, got source.Value
			step      float64
		}{
			{"direction", l.DirectionDeg, m.Location.DirectionDeg, 1}, {"speed", l.SpeedMps, m.Location.SpeedMps, 0.75}, {"climb", l.ClimbMps, m.Location.ClimbMps, 0.5},
			{"height", l.GeodeticM, m.Location.GeodeticM, 0.5}, {"past", l.PastHourS, m.Location.PastHourS, 0.1}, {"lat", l.LatDeg, m.Location.LatDeg, 1e-7}, {"lon", l.LonDeg, m.Location.LonDeg, 1e-7},
		} {
			if c.want.Told != c.got.Told || math.Abs(c.want.V-c.got.V) > c.step/2+1e-9 {
				rt.Fatalf("%s: %+v was read as %+v", c.name, c.want, c.got)
			}
		}
		if a := m.Location.HorizontalM; a.Told && (!l.HorizontalM.Told || a.V < l.HorizontalM.V) {
			rt.Fatalf("an accuracy of %+v was read as %+v", l.HorizontalM, a)
		}
	})
}

// TestUnknownIsNeverANumber: the values that stand for "not known", one by one.
func TestUnknownIsNeverANumber(t *testing.T) {
	b, err := Message{Kind: KindLocation, Location: &Location{}}.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var m Message
	if err := m.decode(b, &parts{}, names{}); err != nil || *m.Location != (Location{}) {
		t.Errorf("% x reads %+v, %v", b, m.Location, err)
	}
	system, err := Message{Kind: KindSystem, Version: 2, System: &System{}}.Append(nil)
	if err == nil {
		err = m.decode(system, &parts{}, names{})
	}
	if err != nil || *m.System != (System{}) {
		t.Errorf("% x reads %+v, %v", system, m.System, err)
	}
}

// TestOtherMessagesAreWrittenAndRead with everything they may say.
func TestOtherMessagesAreWrittenAndRead(t *testing.T) {
	at := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 5, 0, time.UTC))
	for _, m := range []Message{
		named(IDUTM, "00112233445566778899aabbccddeeff"), named(IDSession, "01ff"), operated("UA.OP-1/2"),
		{Kind: KindAuthentication, Authentication: &Authentication{Type: 1, Last: 2, Bytes: 60, Time: at, Data: strings.Repeat("a1", 17)}},
		{Kind: KindAuthentication, Authentication: &Authentication{Type: 1, Page: 2, Data: strings.Repeat("b2", 23)}},
		{Kind: KindSelfID, SelfID: &SelfID{Type: 1, Text: "crop survey"}},
		{Kind: KindSystem, Version: 2, System: &System{From: 1, Region: 1, LatDeg: source.Told(48.1), LonDeg: source.Told(37.2), Count: 3, AreaRadiusM: source.Told(250), AreaCeilingM: source.Told(300), AreaFloorM: source.Told(120.5),
			Category: 1, Class: 3, AltitudeM: source.Told(212), Time: at}},
	} {
		b := one(t, m)
		var back Message
		if err := back.decode(b, &parts{}, names{}); err != nil || !reflect.DeepEqual(contents(back), contents(m)) {
			t.Errorf("%+v reads %+v, %v", contents(m), contents(back), err)
		}
	}
}

func TestWhatCannotBeWrittenIsRefused(t *testing.T) {
	for name, m := range map[string]Message{
		"no contents":        {Kind: KindLocation},
		"another's contents": {Kind: KindSystem, Location: &Location{}},
		"a long id":          named(IDSerial, strings.Repeat("x", 21)),
		"not ASCII":          operated("оператор"),
		"no digits":          named(IDUTM, "xyz"),
		"nowhere":            {Kind: KindLocation, Location: &Location{LatDeg: source.Told(91), LonDeg: source.Told(0)}},
		"a speed below none": {Kind: KindLocation, Location: &Location{SpeedMps: source.Told(-1)}},
		"no number":          {Kind: KindLocation, Location: &Location{SpeedMps: source.Told(math.NaN())}},
		"a height of none":   {Kind: KindLocation, Location: &Location{HeightM: source.Told(math.NaN())}},
		"an endless area":    {Kind: KindSystem, System: &System{AreaRadiusM: source.Told(math.Inf(1))}},
		"page 16":            {Kind: KindAuthentication, Authentication: &Authentication{Page: 16}},
		"too many":           {Kind: KindSystem, System: &System{Count: 1 << 16}},
		"of no kind":         {Kind: 9},
	} {
		if b, err := m.Append(nil); truce.CodeOf(err) != truce.CodeInvalid || len(b) > 0 {
			t.Errorf("%s: % x, %v", name, b, err)
		}
	}
	for _, n := range []int{0, MaxPack + 1} {
		if b, err := AppendPack(nil, 2, make([]Message, n)...); truce.CodeOf(err) != truce.CodeInvalid || len(b) > 0 {
			t.Errorf("a pack of %d: % x, %v", n, b, err)
		}
	}
}

// TestTheHourOfALocation: tenths of a second past the hour become the time nearest to that of
// the receiver, across the hour too; a clock that was not set becomes none.
func TestTheHourOfALocation(t *testing.T) {
	clock := func(text string) truce.Instant {
		at, err := time.Parse(time.RFC3339Nano, "2031-03-03T"+text+"Z")
		if err != nil {
			t.Fatal(err)
		}
		return truce.InstantOf(at)
	}
	for _, c := range []struct {
		received string
		past     float64
		want     string
	}{
		{"12:10:00.4", 599.9, "12:09:59.9"},
		{"12:00:00.2", 3599.9, "11:59:59.9"},
		{"11:59:59.9", 0.3, "12:00:00.3"},
		{"11:59:59.9", 3600, "12:00:00"},
		{"12:10:00", 480, "12:08:00"},
		{"12:10:00", 479.9, ""},
		{"12:40:00", 0, ""},
		{"12:20:00", 3000, ""},
	} {
		want := truce.Instant(0)
		if c.want != "" {
			want = clock(c.want)
		}
		if got := (&Location{PastHourS: source.Told(c.past)}).resolve(clock(c.received)); got != want {
			t.Errorf("%g s past the hour, received %s: %s, want %s", c.past, c.received, got, want)
		}
	}
	if at := (&Location{}).resolve(noon); at != 0 {
		t.Errorf("no clock: %s", at)
	}
	if at := (&Location{PastHourS: source.Told(1)}).resolve(0); at != 0 {
		t.Errorf("nobody knows when it came: %s", at)
	}
}
