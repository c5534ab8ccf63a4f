package ais_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/nmea"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/ais"
	"github.com/trucewatch/truce/source/sourcetest"
)

// decode reads a stream as plots.
func decode(t testing.TB, in string, cfg ais.Config) *sourcetest.Sink {
	t.Helper()
	return sourcetest.Check(t, func(in []byte, sink truce.Sink) error { return ais.Decode(bytes.NewReader(in), "a.nmea", cfg, sink) }, []byte(in))
}

// at is a message of a ship at a place, received at 10:00:20 of a day.
func at(second int) ais.Message {
	return ais.Message{Type: 1, MMSI: 211_000_001, Time: noon + 20_500_000, Station: ais.NewText("hill"), Position: ais.Position{
		LatDeg: source.Told(54.5), LonDeg: source.Told(10.25), SpeedMps: source.Told(100 * 1852. / 36_000), CourseDeg: source.Told(270.), Second: source.Told(float64(second)), Accurate: true}}
}

var noon = truce.InstantOf(time.Date(2026, 4, 11, 12, 0, 0, 0, time.UTC))

func TestPlotsOfShips(t *testing.T) {
	voyage := ais.Message{Type: 5, MMSI: 211_000_001, Static: ais.Static{Name: ais.NewText("EVER DIADEM"), Callsign: ais.NewText("3FOF8"), IMO: source.Told(9134270)}}
	first, later := at(18), at(19)
	later.Accurate, later.CourseDeg = false, source.Value{}
	got := decode(t, written(t, first)+written(t, voyage)+written(t, later), ais.Config{Network: "coast"})
	if len(got.Observations) != 2 || len(got.Rejections) != 0 {
		t.Fatalf("%d plots, %q", len(got.Observations), got.Reasons())
	}
	o := got.Observations[0]
	if p := o.Plot; o.Sensor != "hill" || o.Origin.Line != 1 || o.Place.Point != (geo.Point{Lat: 54.5, Lon: 10.25}) || o.Place.Error != geo.Isotropic(5) || p.Network != "coast" ||
		p.Means != truce.MeansSelf || p.Class != "ship" || p.Motion.Course != 270 || math.Abs(p.Motion.SpeedMps-10*1852./3600) > 1e-9 ||
		!slices.Equal(p.Identities, []truce.Identity{{Scheme: "mmsi", Value: "211000001"}}) {
		t.Errorf("%+v of %+v", p, o)
	}
	if o.Phenomenon.From != noon+18_000_000 || o.Phenomenon.Sigma == 0 {
		t.Errorf("at %v, want the second 18", o.Phenomenon)
	}
	o = got.Observations[1]
	want := []truce.Identity{{Scheme: "mmsi", Value: "211000001"}, {Scheme: "imo", Value: "9134270"}, {Scheme: "callsign", Value: "3FOF8"}, {Scheme: "name", Value: "EVER DIADEM"}}
	if p := o.Plot; !slices.Equal(p.Identities, want) || p.Motion != nil || o.Place.Error != geo.Isotropic(15) {
		t.Errorf("%+v at %+v, want the names of the voyage", p, o.Place)
	}
	if err := ais.Info().Validate(); err != nil {
		t.Error(err)
	}
}

// TestTheSecondOfAPosition: the second in the message is of the minute of reception or of the
// one before or behind it, unless the clocks are far apart.
func TestTheSecondOfAPosition(t *testing.T) {
	for _, row := range []struct {
		second source.Value
		want   int64 // seconds behind noon
		sigma  time.Duration
	}{
		{source.Told(20), 20, 300 * time.Millisecond}, {source.Told(10), 10, 300 * time.Millisecond}, {source.Told(25), 25, 300 * time.Millisecond},
		{source.Told(45), 20, 15 * time.Second}, {source.Value{}, 20, 5 * time.Second},
	} {
		m := at(0)
		m.Second = row.second
		o := decode(t, written(t, m), ais.Config{}).Observations[0]
		if got := int64(o.Phenomenon.From-noon) / 1e6; got != row.want || o.Phenomenon.Sigma.Duration() != row.sigma {
			t.Errorf("second %+v: at %d s within %v, want %d within %v", row.second, got, o.Phenomenon.Sigma.Duration(), row.want, row.sigma)
		}
	}
	m := at(58)
	m.Time = noon + 2_000_000
	if o := decode(t, written(t, m), ais.Config{}).Observations[0]; o.Phenomenon.From != noon-2_000_000 {
		t.Errorf("received at 12:00:02, second 58: %v", o.Phenomenon.From)
	}
}

// TestWhatMakesNoPlot: without a place there is none, and what has no time or lies elsewhere is
// quarantined with the mend.
func TestWhatMakesNoPlot(t *testing.T) {
	nowhere, off, untimed, zero, base := at(18), at(18), at(18), at(18), at(18)
	nowhere.LatDeg, nowhere.LonDeg = source.Value{}, source.Value{}
	off.Second, off.Mode = source.Value{}, ais.ModeInoperative
	untimed.Time = 0
	zero.LatDeg, zero.LonDeg = source.Told(0.), source.Told(0.)
	base.Type = 4
	got := decode(t, written(t, nowhere)+written(t, off)+written(t, base)+written(t, untimed)+written(t, zero)+"!AIVDM,1*00\n"+written(t, at(18)), ais.Config{Bounds: &source.Box{West: 20, South: 50, East: 30, North: 60}})
	if len(got.Observations) != 0 {
		t.Errorf("%d plots: %+v", len(got.Observations), got.Observations)
	}
	reasons := strings.Join(got.Reasons(), "\n")
	for _, want := range []string{"4: the message has no time", "5: latitude and longitude are both 0", "0: byte ", "7: outside the mission's bounds"} {
		if !strings.Contains(reasons, want) {
			t.Errorf("no %q in\n%s", want, reasons)
		}
	}
	estimated := at(18)
	estimated.Second, estimated.Mode, estimated.MMSI = source.Value{}, ais.ModeEstimated, 111_232_500
	if o := decode(t, written(t, estimated), ais.Config{}).Observations[0]; o.Place.Error != geo.Isotropic(500) || o.Plot.Class != "" {
		t.Errorf("dead reckoning of an aircraft: %+v", o)
	}
}

// TestTwoReceiversHearOneMessage: its plot has one id.
func TestTwoReceiversHearOneMessage(t *testing.T) {
	a, b := at(18), at(18)
	b.Station, b.Time = ais.NewText("mole"), b.Time+1_000_000
	got := decode(t, written(t, a)+written(t, b), ais.Config{})
	if len(got.Observations) != 2 || len(got.IDs()) != 1 {
		t.Errorf("%d plots of %d ids", len(got.Observations), len(got.IDs()))
	}
}

// TestTimesOfArrival: a link gives its own time to what brings none, when the message is whole,
// and to nothing else; the second of the message stands as ever.
func TestTimesOfArrival(t *testing.T) {
	untimed, long := at(58), ais.Message{Type: 5, MMSI: 211_000_001}
	untimed.Time = 0
	in := written(t, at(18)) + written(t, untimed) + written(t, long)
	clock := noon
	now := func() truce.Instant { clock += 60_000_000; return clock }
	r := ais.NewReader(strings.NewReader(in), ais.Options{Now: now})
	for i, want := range []truce.Instant{noon + 20_500_000, noon + 60_000_000, noon + 120_000_000} {
		var m ais.Message
		if err := r.Next(&m); err != nil || m.Time != want {
			t.Errorf("message %d is of %v, %v, want %v", i, m.Time, err, want)
		}
	}
	got := decode(t, in, ais.Config{Options: ais.Options{Now: func() truce.Instant { return noon + 60_000_000 }}})
	if len(got.Observations) != 2 || len(got.Rejections) != 0 {
		t.Fatalf("%d plots, %q", len(got.Observations), got.Reasons())
	}
	if from := got.Observations[1].Phenomenon.From; from != noon+58_000_000 {
		t.Errorf("received at 12:01:00, second 58: %v", from)
	}
	got = decode(t, line("AIVDM,1,1,,A,>5?Per18=HB1U:1@E=B0m<L,2"), ais.Config{})
	if len(got.Observations)+len(got.Rejections) != 0 {
		t.Errorf("a type that is not read: %+v", got)
	}
}

// FuzzDecode: plots are valid, and the same when read again.
func FuzzDecode(f *testing.F) {
	f.Add(sample)
	f.Add(string(nmea.AppendTag(nil, "x", 1_700_000_000_000_000)) + line("AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0"))
	f.Fuzz(func(t *testing.T, in string) { decode(t, in, ais.Config{}) })
}
