package ulog

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// ID is the source of flights that PX4 logged.
const ID truce.SourceID = "ulog"

// UnknownSigma is the error of a place for which the log states none, one sigma, metres.
const UnknownSigma geo.Metres = 10

// Info declares the source. Nothing of it may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{ID: ID, Title: "Flight logs of drones (PX4 ULog)", Family: truce.FamilyDrone}
}

// Config says how rows become observations.
type Config struct {
	Options
	Network string      // whose plots are followed together; "": the mission's
	Bounds  *source.Box // nil: anywhere
}

// Decode reads a log and gives sink a plot for each position, a change of health when there is
// one, and what is damaged as rejections. The error is for a file that is no ULog, or for a
// failure of r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	if err := cfg.Bounds.Validate(); err != nil {
		return err
	}
	out := source.NewOut(file, sink)
	in, o := NewReader(r, cfg.Options), NewObserver(cfg)
	if err := source.Each(out, in.Next, func(m *Message) error { return o.Observe(m, out) }); err != nil {
		return err
	}
	return o.Close(out)
}

// Observer makes observations of messages, in their order.
type Observer struct {
	cfg      Config
	serial   string
	ground   bool
	filtered uint64 // time since start of the last position of the filter
	gps      Position
	fixed    uint64 // time since start of gps
	told     string
	telling  bool
	untimed  int
}

// NewObserver makes one for a log.
func NewObserver(cfg Config) *Observer { return &Observer{cfg: cfg} }

// Close says how many positions were left out since nobody knows when they were.
func (o *Observer) Close(out *source.Out) error {
	if o.untimed == 0 {
		return nil
	}
	n := o.untimed
	o.untimed = 0
	return out.Reject(0, nil, fmt.Sprintf("%d positions have no time: they lie before the first fix that told it", n))
}

// Observe gives out what a message says.
func (o *Observer) Observe(m *Message, out *source.Out) error {
	switch {
	case m.Kind == KindInfo && m.Name == "sys_uuid":
		o.serial = m.Text
	case m.Kind == KindData && m.Name == "vehicle_land_detected":
		o.ground = m.Number("landed").V == 1
	case m.Position == nil || m.Instance != 0 || m.Name == "sensor_gps":
		return nil // the raw rows of each receiver lie behind vehicle_gps_position
	case m.Position.Filter:
		o.filtered = m.BootUs
		return o.plot(m, out)
	default:
		o.gps, o.fixed = *m.Position, m.BootUs
		if err := o.health(m, out); err != nil {
			return err
		}
		if m.Position.Fix.V >= 2 && !(o.filtered != 0 && m.BootUs-o.filtered <= recentUs) {
			return o.plot(m, out)
		}
	}
	return nil
}

// recentUs is how long a fix speaks for a position of the filter, and such a position for the
// vehicle.
const recentUs = 2_000_000

func (o *Observer) plot(m *Message, out *source.Out) error {
	p := m.Position
	place := geo.Position{Point: geo.Point{Lat: geo.Degrees(p.Lat.V), Lon: geo.Degrees(p.Lon.V)}, Error: geo.Isotropic(UnknownSigma)}
	switch {
	case !p.Lat.Told || !p.Lon.Told:
		return nil
	case !place.Valid():
		return out.Reject(0, m.raw, fmt.Sprintf("byte %d: the place %s is out of range", m.Offset, place.Point))
	case m.Time == 0:
		o.untimed++
		return nil
	case !o.cfg.Bounds.Contains(place.Point):
		return out.Reject(0, m.raw, fmt.Sprintf("byte %d: the place %s is %s", m.Offset, place.Point, source.OutsideBounds))
	}
	if p.HorizSigma.V > 0 && p.HorizSigma.V < source.MaxSigma {
		place.Error = geo.Isotropic(geo.Metres(p.HorizSigma.V))
	}
	obs := o.begin(m, out, truce.KindPlot)
	obs.Place = &place
	obs.Plot = &truce.Plot{Network: o.cfg.Network, Means: truce.MeansSelf, Class: "uav", Ground: o.ground, Altitude: p.altitude(), Motion: p.motion()}
	if o.serial != "" {
		obs.Plot.Identities = []truce.Identity{{Scheme: "serial", Value: o.serial}}
	}
	if o.fixed != 0 && m.BootUs >= o.fixed && m.BootUs-o.fixed <= recentUs {
		obs.Plot.Fix = o.gps.fix()
	}
	return out.Observe(obs)
}

func (o *Observer) begin(m *Message, out *source.Out, kind truce.ObservationKind) truce.Observation {
	key := append(append([]byte(o.serial), '|'), m.raw...)
	return truce.Observation{ID: truce.NewID(m.Time, string(kind), string(ID), key), Kind: kind, Source: ID, Sensor: truce.SensorID(o.serial),
		Phenomenon: truce.Moment(m.Time, 0), Signature: truce.SignatureNone, Origin: out.At(0), Hash: truce.HashOf(m.raw)}
}

// health gives out what is wrong with satellite navigation when that changes.
func (o *Observer) health(m *Message, out *source.Out) error {
	now := m.Position.trouble()
	if m.Time == 0 || o.telling && now == o.told {
		return nil
	}
	o.telling, o.told = true, now
	obs := o.begin(m, out, truce.KindHealth)
	obs.Health = &truce.Health{Working: true, State: truce.HealthUp, Reason: now}
	if now != "" {
		obs.Health.State = truce.HealthDegraded
	}
	return out.Observe(obs)
}

// trouble says what is wrong with satellite navigation; "": nothing that the receiver tells.
func (p *Position) trouble() string {
	var wrong []string
	for _, t := range []struct {
		is   bool
		word string
	}{{p.Fix.OrNaN() < 2, "no satellite fix"}, {p.JamState.V == 2, "jamming suspected"}, {p.JamState.V == 3, "jammed"}, {p.SpoofState.V >= 2, "deceived"}} {
		if t.is {
			wrong = append(wrong, t.word)
		}
	}
	return strings.Join(wrong, "; ")
}

func (p *Position) altitude() *truce.Altitude {
	a := &truce.Altitude{Datum: truce.DatumSea}
	switch {
	case p.Alt.Told:
		a.Metres = geo.Metres(p.Alt.V)
	case p.Height.Told:
		a.Metres, a.Datum = geo.Metres(p.Height.V), truce.DatumEllipsoid
	default:
		return nil
	}
	if p.VertSigma.Told && p.VertSigma.V >= 0 && p.VertSigma.V < source.MaxSigma {
		a.Sigma = geo.Metres(p.VertSigma.V)
	}
	if math.Abs(float64(a.Metres)) > source.MaxAltitude {
		return nil
	}
	return a
}

// maxSpeed bounds a velocity, m/s: no drone is faster.
const maxSpeed = 1000

func (p *Position) motion() *truce.Motion {
	if !p.North.Told || !p.East.Told {
		return nil
	}
	m := &truce.Motion{SpeedMps: math.Hypot(p.North.V, p.East.V)}
	if m.SpeedMps > maxSpeed {
		return nil
	}
	if m.SpeedMps > 0 {
		m.Course = geo.Degrees(math.Mod(math.Atan2(p.East.V, p.North.V)*180/math.Pi+360, 360))
	}
	if p.Down.Told && math.Abs(p.Down.V) <= maxSpeed {
		m.ClimbMps = -p.Down.V
	}
	if p.SpeedSigma.Told && p.SpeedSigma.V >= 0 && p.SpeedSigma.V <= maxSpeed {
		m.SigmaMps = p.SpeedSigma.V
	}
	return m
}

func (p *Position) fix() *truce.Fix {
	f := &truce.Fix{Kind: truce.FixNone, Spoofing: p.SpoofState.V >= 2}
	switch {
	case p.Fix.V == 2:
		f.Kind = truce.FixTwo
	case p.Fix.V == 3:
		f.Kind = truce.FixThree
	case p.Fix.V > 3:
		f.Kind = truce.FixBetter
	}
	if p.Satellites.Told && p.Satellites.V >= 0 {
		f.Satellites = int(p.Satellites.V)
	}
	if p.HDOP.Told && p.HDOP.V >= 0 && p.HDOP.V <= 1e4 {
		f.HDOP = p.HDOP.V
	}
	if p.Jamming.Told && p.Jamming.V >= 0 && p.Jamming.V <= 255 {
		f.Jamming = p.Jamming.V / 255
	}
	return f
}
