package dataflash

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// ID is the source of flights that ArduPilot logged.
const ID truce.SourceID = "dataflash"

// Errors of places for which the log states none, one sigma, metres.
const (
	// RangeSigma times the dilution of precision is the error of a satellite fix.
	RangeSigma = 5
	// UnknownSigma is the error of a place when not even that is told.
	UnknownSigma geo.Metres = 10
)

// Info declares the source. Nothing of it may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{ID: ID, Title: "Flight logs of drones (ArduPilot dataflash)", Family: truce.FamilyDrone}
}

// Config says how rows become observations.
type Config struct {
	Options
	Sensor  truce.SensorID // the vehicle: its log does not name it; "": not named
	Network string         // whose plots are followed together; "": the mission's
	Bounds  *source.Box    // nil: anywhere
}

// Decode reads a log and gives sink a plot for each position, a change of health when there is
// one, and what is damaged as rejections.
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

// Observer makes observations of rows, in their order.
type Observer struct {
	cfg      Config
	class    string
	filtered uint64 // time since start of the last position of the filter
	gps      Position
	fixed    uint64 // time since start of gps
	quality  [3]source.Value
	graded   uint64       // time since start of quality
	jamming  source.Value // 0 to 255
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

// recentUs is how long a fix speaks for a position of the filter, and such a position for the
// vehicle.
const recentUs = 2_000_000

func recent(now, then uint64) bool { return then != 0 && now >= then && now-then <= recentUs }

// Observe gives out what a row says.
func (o *Observer) Observe(m *Message, out *source.Out) error {
	switch {
	case m.Name == "MSG" && o.class == "":
		o.class = classOf(m.Text("Message"))
	case m.Name == "GPA" && !(m.Number("I").V > 0):
		f := &m.rows.fields
		o.quality = [3]source.Value{m.rows.number(f.hacc, m.raw), m.rows.number(f.vacc, m.raw), m.rows.number(f.sac, m.raw)}
		o.graded = m.BootUs
	case m.Name == "UBX1" && !(m.Number("Instance").V > 0):
		o.jamming = m.Number("jamInd")
	case m.Position == nil || m.Position.Receiver != 0:
		return nil
	case m.Position.Filter:
		o.filtered = m.BootUs
		return o.plot(m, out)
	default:
		o.gps, o.fixed = *m.Position, m.BootUs
		if err := o.health(m, out); err != nil {
			return err
		}
		if m.Position.Fix.V >= 2 && !recent(m.BootUs, o.filtered) {
			return o.plot(m, out)
		}
	}
	return nil
}

func (o *Observer) plot(m *Message, out *source.Out) error {
	p := m.Position
	place := geo.Position{Point: geo.Point{Lat: geo.Degrees(p.Lat.V), Lon: geo.Degrees(p.Lon.V)}, Error: geo.Isotropic(o.sigma(m))}
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
	obs := o.begin(m, out, truce.KindPlot)
	obs.Place = &place
	obs.Plot = &truce.Plot{Network: o.cfg.Network, Means: truce.MeansSelf, Class: o.class}
	if p.Alt.Told && math.Abs(p.Alt.V) <= source.MaxAltitude {
		obs.Plot.Altitude = &truce.Altitude{Metres: geo.Metres(p.Alt.V), Datum: truce.DatumSea}
		if v := o.quality[1]; recent(m.BootUs, o.graded) && v.V > 0 {
			obs.Plot.Altitude.Sigma = geo.Metres(v.V)
		}
	}
	if recent(m.BootUs, o.fixed) {
		obs.Plot.Fix = o.fix()
		obs.Plot.Motion = o.motion(m.BootUs)
	}
	return out.Observe(obs)
}

// sigma is the error that the receiver states, else what its dilution of precision makes of the
// error of a range.
func (o *Observer) sigma(m *Message) geo.Metres {
	switch {
	case recent(m.BootUs, o.graded) && o.quality[0].V > 0 && o.quality[0].V < source.MaxSigma:
		return geo.Metres(o.quality[0].V)
	case recent(m.BootUs, o.fixed) && o.gps.HDOP.V > 0 && o.gps.HDOP.V < noHDOP:
		return geo.Metres(o.gps.HDOP.V) * RangeSigma
	}
	return UnknownSigma
}

func (o *Observer) begin(m *Message, out *source.Out, kind truce.ObservationKind) truce.Observation {
	key := append(append([]byte(o.cfg.Sensor), '|'), m.raw...)
	return truce.Observation{ID: truce.NewID(m.Time, string(kind), string(ID), key), Kind: kind, Source: ID, Sensor: o.cfg.Sensor,
		Phenomenon: truce.Moment(m.Time, 0), Signature: truce.SignatureNone, Origin: out.At(0), Hash: truce.HashOf(m.raw)}
}

// health says when the fix is lost and when it is there again.
func (o *Observer) health(m *Message, out *source.Out) error {
	now := ""
	if m.Position.Fix.OrNaN() < 2 {
		now = "no satellite fix"
	}
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

// motion is the velocity of the last fix.
func (o *Observer) motion(now uint64) *truce.Motion {
	g := &o.gps
	if g.Fix.OrNaN() < 2 || !(g.Speed.OrNaN() >= 0 && g.Speed.V <= maxSpeed) || !g.Course.Told {
		return nil
	}
	m := &truce.Motion{SpeedMps: g.Speed.V, Course: geo.Degrees(math.Mod(math.Mod(g.Course.V, 360)+360, 360))}
	if g.Down.Told && math.Abs(g.Down.V) <= maxSpeed {
		m.ClimbMps = -g.Down.V
	}
	if s := o.quality[2]; recent(now, o.graded) && s.V > 0 && s.V <= maxSpeed {
		m.SigmaMps = s.V
	}
	return m
}

func (o *Observer) fix() *truce.Fix {
	f := &truce.Fix{Kind: truce.FixNone}
	switch g := &o.gps; {
	case g.Fix.V == 2:
		f.Kind = truce.FixTwo
	case g.Fix.V == 3:
		f.Kind = truce.FixThree
	case g.Fix.V > 3:
		f.Kind = truce.FixBetter
	}
	if n := o.gps.Satellites; n.Told && n.V >= 0 && n.V < 255 {
		f.Satellites = int(n.V)
	}
	if h := o.gps.HDOP; h.V >= 0 && h.V < noHDOP {
		f.HDOP = h.V
	}
	if j := o.jamming.V; j >= 0 && j <= 255 {
		f.Jamming = j / 255
	}
	return f
}

// classOf names the vehicle by the program that it says it runs; "": it does not say.
func classOf(text string) string {
	for _, c := range []struct{ program, class string }{{"ArduPlane", "uav"}, {"ArduCopter", "uav"}, {"Blimp", "uav"}, {"ArduRover", "vehicle"}} {
		if strings.HasPrefix(text, c.program+" ") {
			return c.class
		}
	}
	return ""
}
