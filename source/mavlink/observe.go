package mavlink

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// The sources of what is read here. What a vehicle says of itself and what it heard from other
// aircraft fail apart.
const (
	ID       truce.SourceID = "mavlink"
	ADSBID   truce.SourceID = "mavlink-adsb"
	RemoteID truce.SourceID = "mavlink-remoteid"
)

// Errors of places for which a message states none, one sigma, metres.
const (
	// RangeSigma times the dilution of precision is the error of a satellite fix.
	RangeSigma = 5
	// FilterSigma is the error of a filter's place while no fix says more.
	FilterSigma geo.Metres = 10
	// ADSBSigma is the error of another aircraft's place.
	ADSBSigma geo.Metres = 50
)

// Infos declares the sources. Nothing of any may be passed on.
func Infos() []truce.SourceInfo {
	return []truce.SourceInfo{
		{ID: ID, Title: "Telemetry of drones (MAVLink)", Family: truce.FamilyDrone},
		{ID: ADSBID, Title: "Aircraft heard by drones (MAVLink ADSB_VEHICLE)", Family: truce.FamilyTransponder},
		{ID: RemoteID, Title: "Drones heard by drones (Open Drone ID over MAVLink)", Family: truce.FamilyTransponder},
	}
}

// Config says how messages become observations.
type Config struct {
	Options
	Network string      // whose plots are followed together; "": the mission's
	Bounds  *source.Box // nil: anywhere
}

// Decode reads a stream and gives sink a plot for each position, a change of health when there
// is one, and what is damaged as rejections.
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
	cfg     Config
	systems [256]system
	untimed int
}

// system is what was last heard of one.
type system struct {
	class    string
	ground   bool
	filtered truce.Instant // time of the last position of the filter
	gps      GPSRaw
	fixed    truce.Instant    // time of gps
	troubles [3]string        // of the parts, of the fix, of trust in it
	names    map[string]heard // whom it heard by Remote ID, by transmitter
	told     string
	telling  bool
}

// NewObserver makes one for a stream.
func NewObserver(cfg Config) *Observer { return &Observer{cfg: cfg} }

// Close says how many positions were left out since nobody knows when they were.
func (o *Observer) Close(out *source.Out) error {
	if o.untimed == 0 {
		return nil
	}
	n := o.untimed
	o.untimed = 0
	return out.Reject(0, nil, fmt.Sprintf("%d positions have no time: the stream has no SYSTEM_TIME with UTC; read its tlog instead", n))
}

// Observe gives out what a message says.
func (o *Observer) Observe(m *Message, out *source.Out) error {
	s := &o.systems[m.System]
	switch {
	case m.Heartbeat != nil:
		if class := classOf(m.Heartbeat.Type); class != "" {
			s.class = class
		}
	case m.Landed != nil:
		s.ground = m.Landed.State == 1
	case m.GPSRaw != nil && m.GPSRaw.Receiver == 1:
		s.gps, s.fixed = *m.GPSRaw, m.Time
		s.troubles[1] = ""
		if m.GPSRaw.Fix < 2 {
			s.troubles[1] = "no satellite fix"
		}
		if err := o.health(m, s, out); err != nil {
			return err
		}
		return o.raw(m, s, out)
	case m.SysStatus != nil:
		s.troubles[0] = unhealthy(m.SysStatus)
		return o.health(m, s, out)
	case m.GlobalPosition != nil:
		return o.filter(m, s, out)
	case m.Integrity != nil:
		s.troubles[2] = m.Integrity.trouble()
		return o.health(m, s, out)
	case m.HighLatency != nil:
		return o.far(m, s, out)
	case m.ADSB != nil:
		return o.aircraft(m, out)
	case m.RemoteBasic != nil:
		s.hear(m)
	case m.RemoteLocation != nil:
		return o.remote(m, s, out)
	}
	return nil
}

// recent is how long a fix speaks for a position of the filter, and such a position for the
// vehicle: both come at least once a second.
const recent = 2_000_000

// filter is a position of the vehicle's own filter, with the fix behind it.
func (o *Observer) filter(m *Message, s *system, out *source.Out) error {
	g := m.GlobalPosition
	if g.Lat.V == 0 && g.Lon.V == 0 {
		return nil // the filter has none yet, and says so in this way
	}
	s.filtered = m.Time
	plot := &truce.Plot{Altitude: height(g.Alt, truce.DatumSea)}
	plot.Motion = &truce.Motion{SpeedMps: math.Hypot(g.North.V, g.East.V), ClimbMps: -g.Down.V,
		Course: compass(math.Atan2(g.East.V, g.North.V) * 180 / math.Pi)}
	sigma := FilterSigma
	if s.fixed != 0 && m.Time != 0 && m.Time-s.fixed <= recent {
		plot.Fix = s.gps.fix()
		if x, told := s.gps.sigma(); told {
			sigma = x
		}
	}
	return o.plot(m, s, out, g.Lat, g.Lon, sigma, plot)
}

// raw is a position of the satellite receiver, while the filter gives none.
func (o *Observer) raw(m *Message, s *system, out *source.Out) error {
	g := m.GPSRaw
	if g.Fix < 2 || g.Lat.V == 0 && g.Lon.V == 0 || s.filtered != 0 && m.Time-s.filtered <= recent {
		return nil
	}
	plot := &truce.Plot{Fix: g.fix()}
	if g.Fix > 2 {
		plot.Altitude = height(g.Alt, truce.DatumSea)
		if plot.Altitude != nil && g.VertSigma.V <= source.MaxSigma {
			plot.Altitude.Sigma = geo.Metres(g.VertSigma.V)
		}
	}
	if g.Speed.Told && g.Course.Told {
		plot.Motion = &truce.Motion{SpeedMps: g.Speed.V, Course: compass(g.Course.V)}
		if g.SpeedSigma.V <= maxSpeed {
			plot.Motion.SigmaMps = g.SpeedSigma.V
		}
	}
	sigma, _ := g.sigma()
	return o.plot(m, s, out, g.Lat, g.Lon, sigma, plot)
}

func (o *Observer) plot(m *Message, s *system, out *source.Out, lat, lon source.Value, sigma geo.Metres, plot *truce.Plot) error {
	name := "sys-" + strconv.Itoa(int(m.System))
	plot.Network, plot.Means, plot.Class, plot.Ground = o.cfg.Network, truce.MeansSelf, s.class, s.ground
	plot.Identities = []truce.Identity{{Scheme: "sysid", Value: strconv.Itoa(int(m.System))}}
	return o.give(m, out, ID, truce.SensorID(name), m.Time, geo.Position{Point: geo.Point{Lat: geo.Degrees(lat.V), Lon: geo.Degrees(lon.V)}, Error: geo.Isotropic(sigma)}, plot)
}

func (o *Observer) give(m *Message, out *source.Out, id truce.SourceID, sensor truce.SensorID, at truce.Instant, place geo.Position, plot *truce.Plot) error {
	if !place.Valid() {
		return out.Reject(0, m.raw, fmt.Sprintf("byte %d: the place %s of %s is out of range", m.Offset, place.Point, sensor))
	}
	if at == 0 {
		o.untimed++
		return nil
	}
	if !o.cfg.Bounds.Contains(place.Point) {
		return out.Reject(0, m.raw, fmt.Sprintf("byte %d: the place %s of %s is %s", m.Offset, place.Point, sensor, source.OutsideBounds))
	}
	obs := o.begin(m, out, truce.KindPlot, id, at)
	obs.Sensor, obs.Place, obs.Plot = sensor, &place, plot
	return out.Observe(obs)
}

func (o *Observer) begin(m *Message, out *source.Out, kind truce.ObservationKind, id truce.SourceID, at truce.Instant) truce.Observation {
	obs := truce.Observation{ID: truce.NewID(at, string(kind), string(id), m.frame), Kind: kind, Source: id,
		Phenomenon: truce.Moment(at, 0), Signature: truce.SignatureNone, Origin: out.At(0), Hash: truce.HashOf(m.raw)}
	if m.Signature == SignedValid {
		obs.Signature = truce.SignatureValid
	}
	return obs
}

// health gives out what is wrong with a system when that changes.
func (o *Observer) health(m *Message, s *system, out *source.Out) error {
	var wrong []string
	for _, t := range s.troubles {
		if t != "" {
			wrong = append(wrong, t)
		}
	}
	now := strings.Join(wrong, "; ")
	if m.Time == 0 || s.telling && now == s.told {
		return nil
	}
	s.telling, s.told = true, now
	h := &truce.Health{Working: true, State: truce.HealthUp, Reason: now}
	if now != "" {
		h.State = truce.HealthDegraded
	}
	obs := o.begin(m, out, truce.KindHealth, ID, m.Time)
	obs.Sensor, obs.Health = truce.SensorID("sys-"+strconv.Itoa(int(m.System))), h
	return out.Observe(obs)
}

// parts of a vehicle by their bits in MAV_SYS_STATUS_SENSOR; only those that bear on where it
// is and what it sees.
var parts = []struct {
	bit  int
	name string
}{{0x01, "gyroscope"}, {0x02, "accelerometer"}, {0x04, "compass"}, {0x08, "barometer"}, {0x20, "satellite receiver"}, {0x200000, "position filter"}, {0x2000000, "battery"}}

func unhealthy(s *SysStatus) string {
	var names []string
	for _, p := range parts {
		if s.Enabled&p.bit != 0 && s.Healthy&p.bit == 0 {
			names = append(names, p.name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "not healthy: " + strings.Join(names, ", ")
}

// aircraft is another aircraft that a receiver on board heard.
func (o *Observer) aircraft(m *Message, out *source.Out) error {
	a := m.ADSB
	if a.Flags&adsbPlace == 0 {
		return nil
	}
	if a.Flags&adsbSimulated != 0 {
		return out.Reject(0, m.raw, fmt.Sprintf("byte %d: the aircraft %06x is marked as simulated", m.Offset, a.ICAO))
	}
	plot := &truce.Plot{Network: o.cfg.Network, Means: truce.MeansSelf, Identities: []truce.Identity{{Scheme: "icao24", Value: fmt.Sprintf("%06x", a.ICAO)}}}
	if call := strings.TrimSpace(a.Callsign); a.Flags&adsbCallsign != 0 && call != "" {
		plot.Identities = append(plot.Identities, truce.Identity{Scheme: "callsign", Value: call})
	}
	if a.Flags&adsbSquawk != 0 {
		plot.Identities = append(plot.Identities, truce.Identity{Scheme: "squawk", Value: fmt.Sprintf("%04d", a.Squawk)})
	}
	if a.Flags&adsbAltitude != 0 {
		datum := truce.DatumPressure
		if a.AltType == 1 {
			datum = truce.DatumEllipsoid
		}
		plot.Altitude = height(a.Alt, datum)
	}
	if a.Flags&adsbVelocity != 0 && a.Flags&adsbHeading != 0 && a.Course.Told {
		plot.Motion = &truce.Motion{SpeedMps: a.Speed.V, Course: compass(a.Course.V)}
		if a.Flags&adsbVertical != 0 {
			plot.Motion.ClimbMps = a.Climb.V
		}
	}
	at := m.Time
	if at != 0 {
		at -= truce.Instant(a.Age) * 1e6
	}
	place := geo.Position{Point: geo.Point{Lat: geo.Degrees(a.Lat.V), Lon: geo.Degrees(a.Lon.V)}, Error: geo.Isotropic(ADSBSigma)}
	return o.give(m, out, ADSBID, truce.SensorID("sys-"+strconv.Itoa(int(m.System))), at, place, plot)
}

// maxSpeed bounds the error of a speed, m/s: no drone is faster.
const maxSpeed = 1000

// height is an altitude; nil: it was not told, or lies beyond all that flies.
func height(metres source.Value, datum truce.AltitudeDatum) *truce.Altitude {
	if !metres.Told || math.Abs(metres.V) > source.MaxAltitude {
		return nil
	}
	return &truce.Altitude{Metres: geo.Metres(metres.V), Datum: datum}
}

// sigma is the error of a fix: what the receiver states, else what its dilution of precision
// makes of the error of a range; false: neither is told.
func (g *GPSRaw) sigma() (geo.Metres, bool) {
	switch {
	case g.HorizSigma.V > 0 && g.HorizSigma.V <= source.MaxSigma:
		return geo.Metres(g.HorizSigma.V), true
	case g.HDOP.V > 0:
		return geo.Metres(g.HDOP.V) * RangeSigma, true
	}
	return FilterSigma, false
}

func (g *GPSRaw) fix() *truce.Fix {
	f := &truce.Fix{Kind: truce.FixNone}
	switch {
	case g.Fix == 2:
		f.Kind = truce.FixTwo
	case g.Fix == 3:
		f.Kind = truce.FixThree
	case g.Fix >= 4 && g.Fix <= 6:
		f.Kind = truce.FixBetter
	case g.Fix > 6: // static or precise point: a fix all the same
		f.Kind = truce.FixThree
	}
	if g.Satellites.Told {
		f.Satellites = int(g.Satellites.V)
	}
	if g.HDOP.Told {
		f.HDOP = g.HDOP.V
	}
	return f
}

// classOf names what a vehicle says that it is, by MAV_TYPE; "": a part of one, or unknown.
func classOf(t int) string {
	switch {
	case t >= 1 && t <= 4, t == 7, t == 8, t >= 13 && t <= 16, t >= 19 && t <= 25, t == 28, t == 29, t == 35, t == 43:
		return "uav"
	case t == 10:
		return "vehicle"
	case t == 11:
		return "ship"
	}
	return ""
}

func compass(deg float64) geo.Degrees {
	deg = math.Mod(deg, 360)
	if deg < 0 {
		deg += 360
	}
	if !(deg < 360) {
		deg = 0
	}
	return geo.Degrees(deg)
}
