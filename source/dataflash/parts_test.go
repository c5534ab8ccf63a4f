package dataflash

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// first is the first row of a log.
func first(t *testing.T, write func(w *Writer) error) Message {
	t.Helper()
	var out bytes.Buffer
	if err := write(NewWriter(&out)); err != nil {
		t.Fatal(err)
	}
	var m Message
	if err := NewReader(&out, Options{}).Next(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestOldLogs: the names that the fields of a fix had before 2013 and before there were
// instances.
func TestOldLogs(t *testing.T) {
	m := first(t, func(w *Writer) error {
		return errors.Join(w.Format(1, "GPS", "BIHBcLLeeEeI", "Status,TimeMS,Week,NSats,HDop,Lat,Lng,RelAlt,Alt,Spd,GCrs,T"),
			w.Row(1, uint8(3), uint32(100_000), uint16(1700), uint8(8), int16(150), int32(480000000), int32(370000000), int32(500), int32(20_500), uint32(1200), int32(9000), uint32(60_000)))
	})
	p := m.Position
	if m.BootUs != 60_000_000 || m.Time.String() != "2012-08-05T00:01:24.000000Z" || p.Lat.V != 48 || p.Alt.V != 205 || p.Speed.V != 12 || p.Course.V != 90 || p.HDOP.V != 1.5 || p.Down.Told {
		t.Errorf("%+v at %s: %+v", m, m.Time, p)
	}
	m = first(t, func(w *Writer) error {
		return errors.Join(w.Format(1, "GPS2", "QBLL", "TimeUS,Status,Lat,Lng"), w.Row(1, uint64(5), uint8(3), int32(1), int32(2)))
	})
	if m.Position.Receiver != 1 || m.Position.Lat.V != 1e-7 {
		t.Errorf("the second receiver: %+v", m.Position)
	}
	m = first(t, func(w *Writer) error {
		return errors.Join(w.Format(1, "ATT", "Ic", "TimeMS,Roll"), w.Row(1, uint32(5), int16(-100)))
	})
	if m.BootUs != 5000 || m.Position != nil || m.Number("Roll").V != -1 || m.Number("Pitch").Told || m.Text("Roll") != "" || m.Text("Name") != "" {
		t.Errorf("%+v", m)
	}
}

// TestNoPlaceIsMadeUp: the zero of both is none, and a place out of range is told.
func TestNoPlaceIsMadeUp(t *testing.T) {
	m := first(t, func(w *Writer) error {
		return errors.Join(w.Format(1, "POS", "QLL", "TimeUS,Lat,Lng"), w.Row(1, uint64(5), int32(0), int32(0)))
	})
	if m.Position.Lat.Told || m.Position.Lon.Told || m.Position.Alt.Told {
		t.Errorf("%+v", m.Position)
	}
	in := logOf(t, func(w *Writer) error {
		return errors.Join(gps(w, 1, 0, 3, 480000000, 370000000), pos(w, 2, 950000000, 370000000))
	})
	var got rejected
	if err := Decode(bytes.NewReader(in), "f", Config{}, &got); err != nil || len(got) != 1 || !strings.Contains(got[0], "out of range") {
		t.Errorf("%v, %v", got, err)
	}
	if err := Decode(bytes.NewReader(in), "f", Config{Bounds: &source.Box{North: 99}}, &got); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("bounds that are none: %v", err)
	}
}

// rejected keeps the reasons of rejections.
type rejected []string

func (r *rejected) Observe(truce.Observation) error { return nil }

func (r *rejected) Reject(x truce.Rejection) error {
	*r = append(*r, x.Reason)
	return nil
}

// TestErrorOfAPlace: what the receiver states, then what its dilution says, then the assumed;
// nothing that is older than two seconds.
func TestErrorOfAPlace(t *testing.T) {
	at := func(us uint64) *Message { return &Message{BootUs: us} }
	o := NewObserver(Config{})
	if got := o.sigma(at(5)); got != UnknownSigma {
		t.Errorf("of nothing: %v", got)
	}
	o.gps, o.fixed = Position{HDOP: source.Told(.8), Fix: source.Told(3)}, 1_000_000
	if got := o.sigma(at(1_500_000)); got != geo.Metres(.8)*RangeSigma {
		t.Errorf("of HDOP: %v", got)
	}
	o.quality, o.graded = [3]source.Value{source.Told(1.5), source.Told(2), source.Told(.1)}, 1_200_000
	if got := o.sigma(at(1_500_000)); got != 1.5 {
		t.Errorf("as stated: %v", got)
	}
	if got := o.sigma(at(4_000_000)); got != UnknownSigma {
		t.Errorf("of what is old: %v", got)
	}
}

// TestFixMotionAndClass: what the last fix and the program say of the vehicle.
func TestFixMotionAndClass(t *testing.T) {
	for _, test := range []struct {
		g      Position
		fix    truce.Fix
		motion string
	}{
		{Position{Fix: source.Told(1), Satellites: source.Told(255), HDOP: source.Told(99.99)}, truce.Fix{Kind: truce.FixNone}, "<nil>"},
		{Position{Fix: source.Told(2), Satellites: source.Told(5), HDOP: source.Told(2), Speed: source.Told(3), Course: source.Told(360)}, truce.Fix{Kind: truce.FixTwo, Satellites: 5, HDOP: 2}, "&{3 0 0 0}"},
		{Position{Fix: source.Told(6), Speed: source.Told(3), Course: source.Told(-90), Down: source.Told(2)}, truce.Fix{Kind: truce.FixBetter}, "&{3 270 -2 0}"},
		{Position{Fix: source.Told(3), Speed: source.Told(1e6), Course: source.Told(1)}, truce.Fix{Kind: truce.FixThree}, "<nil>"},
	} {
		o := NewObserver(Config{})
		o.gps = test.g
		if got := o.fix(); *got != test.fix {
			t.Errorf("%+v: %+v, want %+v", test.g, *got, test.fix)
		}
		if got := fmt.Sprint(o.motion(5)); got != test.motion {
			t.Errorf("%+v: %s, want %s", test.g, got, test.motion)
		}
	}
	for text, want := range map[string]string{"ArduPlane V3.8.2-dev (8178ab40)": "uav", "ArduCopter V4.5": "uav", "ArduRover V4.1": "vehicle", "ArduPlaneX V1": "", "u-blox 1": ""} {
		if got := classOf(text); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}
