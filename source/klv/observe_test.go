package klv

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decode(cfg Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error {
		return Decode(bytes.NewReader(in), "flight.klv", cfg, sink)
	}
}

// seen is a packet of a drone that tracks a target.
func seen(flags float64) *Message {
	m := message(Item{Tag: TagTime, Number: 1.7e15}, Item{Tag: TagTailNumber, Bytes: []byte("AF-101")}, Item{Tag: TagCallSign, Bytes: []byte("EYE 1")},
		Item{Tag: TagSensorLat, Number: 48}, Item{Tag: TagSensorLon, Number: 37}, Item{Tag: TagSensorAlt, Number: 1500},
		Item{Tag: TagNorth, Number: 0}, Item{Tag: TagEast, Number: -30}, Item{Tag: TagPositioning, Number: 3}, Item{Tag: TagSatellites, Number: 11},
		Item{Tag: TagTargetLat, Number: 48.1}, Item{Tag: TagTargetLon, Number: 37.1}, Item{Tag: TagTargetCE90, Number: 50}, Item{Tag: TagFlags, Number: flags})
	m.VMTI = &VMTI{Detected: 2, Targets: []Target{
		{ID: 7, Lat: source.Told(48.2), Lon: source.Told(37.2), Height: source.Told(130), SigmaEast: source.Told(3), SigmaNorth: source.Told(4), SigmaUp: source.Told(9), RhoEN: source.Told(.5)},
		{ID: 8, Confidence: source.Told(40)}}}
	return m
}

// TestObservations: the drone itself, the target of its tracker and the one moving target that
// has a place; each with its means and error.
func TestObservations(t *testing.T) {
	got := sourcetest.Check(t, decode(Config{Network: "north"}), seen(flagAutoTrack).Append(nil))
	if len(got.Observations) != 3 || len(got.Rejections) != 0 {
		t.Fatalf("%d observations, %v", len(got.Observations), got.Reasons())
	}
	self, gate, moving := got.Observations[0], got.Observations[1], got.Observations[2]
	if self.Plot.Means != truce.MeansSelf || self.Sensor != "AF-101" || self.Place.Error != geo.Isotropic(PlatformSigma) || self.Plot.Network != "north" {
		t.Errorf("the drone: %+v, %+v", self, self.Plot)
	}
	if m := self.Plot.Motion; m == nil || math.Abs(m.SpeedMps-30) > .01 || math.Abs(float64(m.Course)-270) > .01 {
		t.Errorf("its motion: %+v", m)
	}
	if f := self.Plot.Fix; f == nil || *f != (truce.Fix{Kind: truce.FixThree, Satellites: 11}) {
		t.Errorf("its fix: %+v", f)
	}
	if fmt.Sprint(self.Plot.Identities) != "[{tail AF-101} {callsign EYE 1}]" || self.Plot.Altitude.Datum != truce.DatumSea {
		t.Errorf("it says it is %v at %v", self.Plot.Identities, self.Plot.Altitude)
	}
	if e := gate.Place.Error.Ellipse(); gate.Plot.Means != truce.MeansCamera || math.Abs(float64(e.Major)-50/2.146) > .1 {
		t.Errorf("the target: %+v, %+v", gate.Plot, e)
	}
	if c := moving.Place.Error; moving.Plot.Means != truce.MeansCamera || math.Abs(c.EE-9) > .2 || math.Abs(c.NN-16) > .2 || math.Abs(c.EN-6) > .2 {
		t.Errorf("the moving target: %+v, %+v", moving.Plot, c)
	}
}

// TestOnlyWhatIsTracked: a place that the crew only looks at is no plot; an invalid picture
// and its return are told once each.
func TestOnlyWhatIsTracked(t *testing.T) {
	var in []byte
	for i, flags := range []float64{0, flagImageInvalid, flagImageInvalid, 0} {
		m := seen(flags)
		m.VMTI = nil
		m.Set(Item{Tag: TagTime, Number: 1.7e15 + float64(i)*1e6})
		in = m.Append(in)
	}
	got := sourcetest.Check(t, decode(Config{}), in)
	var states []string
	for _, o := range got.Observations {
		if o.Health != nil {
			states = append(states, string(o.Health.State))
		} else if o.Plot.Means != truce.MeansSelf {
			t.Errorf("a plot of %s", o.Plot.Means)
		}
	}
	if fmt.Sprint(states) != "[down up]" || len(got.Observations) != 6 {
		t.Errorf("%d observations, health %v", len(got.Observations), states)
	}
}

// TestWhatIsRejected: no time, a clock that was never set, a place out of bounds, damage.
func TestWhatIsRejected(t *testing.T) {
	plain := func(at float64) *Message {
		return message(Item{Tag: TagTime, Number: at}, Item{Tag: TagSensorLat, Number: 48}, Item{Tag: TagSensorLon, Number: 37})
	}
	bent := plain(1.7e15).Append(nil)
	bent[30] ^= 4
	for _, test := range []struct {
		in   []byte
		want string
	}{
		{message(Item{Tag: TagSensorLat, Number: 48}).Append(nil), "no time stamp"},
		{plain(1e12).Append(nil), "never set"},
		{plain(1.7e15).Append(nil), "outside the mission's bounds"},
		{bent, "checksum of the packet is wrong"},
		{seal(nil, keyUAS, appendField(appendField(nil, TagTime, appendBig(nil, 1.7e15, 8)), TagVMTI, []byte{101, 9})), "nested set lies"},
	} {
		got := sourcetest.Check(t, decode(Config{Bounds: &source.Box{West: 0, South: 0, East: 1, North: 1}}), test.in)
		if len(got.Observations) != 0 || !strings.Contains(strings.Join(got.Reasons(), ""), test.want) {
			t.Errorf("want %q: %d observations, %q", test.want, len(got.Observations), got.Reasons())
		}
	}
}

// TestMotionAndHeight: speed and course when there are no velocities, no course from the
// nose alone, and the height that tells most.
func TestMotionAndHeight(t *testing.T) {
	m := message(Item{Tag: TagGroundSpeed, Number: 20}, Item{Tag: TagHeading, Number: 90})
	if got := m.motion(); got != nil {
		t.Errorf("a course was made up: %+v", got)
	}
	m.Set(Item{Tag: TagCourse, Number: 360})
	m.Set(Item{Tag: TagClimb, Number: -2})
	if got := m.motion(); got == nil || *got != (truce.Motion{SpeedMps: 20, Course: 0, ClimbMps: -2}) {
		t.Errorf("motion %+v", got)
	}
	if m.altitude() != nil {
		t.Error("a height was made up")
	}
	m.Set(Item{Tag: TagSensorAlt, Number: 10})
	m.Set(Item{Tag: TagSensorHeight, Number: 40})
	if got := m.altitude(); got.Metres != 40 || got.Datum != truce.DatumEllipsoid {
		t.Errorf("altitude %+v", got)
	}
	m.Set(Item{Tag: TagSlantRange, Number: 10_000})
	if got := m.groundSigma(); math.Abs(float64(got)-89.5) > .1 {
		t.Errorf("error of a place 10 km off is %v m", got)
	}
	m.Set(Item{Tag: TagPositioning, Number: 1})
	if got := m.fix(); got == nil || got.Kind != truce.FixNone {
		t.Errorf("inertial navigation alone: %+v", got)
	}
}
