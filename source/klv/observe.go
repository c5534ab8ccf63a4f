package klv

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// ID is the source of what drones say with their video.
const ID truce.SourceID = "klv"

// Errors of places for which a packet states none, one sigma.
const (
	// PlatformSigma is that of satellite and inertial navigation on board, m.
	PlatformSigma geo.Metres = 20
	// PointingSigma is that of a camera's direction, degrees: a place on the ground is off by
	// it times the slant range.
	PointingSigma geo.Degrees = 0.5
	// GroundSigma is that of a place on the ground when no slant range is told, m.
	GroundSigma geo.Metres = 100
)

// Flags of tag 47.
const (
	flagAutoTrack    = 1 << 1
	flagImageInvalid = 1 << 5
)

// satelliteMethods are the bits of tag 124 that are satellite navigation: GPS, Galileo, QZSS,
// NAVIC, GLONASS and both BeiDou. The first bit is inertial navigation.
const satelliteMethods = 0xfe

// Config says how packets become observations.
type Config struct {
	Options
	Network string      // whose plots are followed together; "": the mission's
	Bounds  *source.Box // nil: anywhere
}

// Info declares the source. Nothing of it may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{ID: ID, Title: "Metadata of drone video (MISB ST 0601)", Family: truce.FamilyDrone}
}

// Decode reads a stream and gives sink a plot for each place of a drone and of each target that
// its camera tracks, and what is damaged as rejections.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	if err := cfg.Bounds.Validate(); err != nil {
		return err
	}
	out := source.NewOut(file, sink)
	in, o := NewReader(r, cfg.Options), NewObserver(cfg)
	return source.Each(out, in.Next, func(m *Message) error { return o.Observe(m, out) })
}

// Observer makes observations of messages, in their order.
type Observer struct {
	cfg     Config
	invalid map[string]bool // platforms whose picture was invalid when it was last told
}

// NewObserver makes one for a stream.
func NewObserver(cfg Config) *Observer {
	return &Observer{cfg: cfg, invalid: map[string]bool{}}
}

// maxPlatforms bounds the platforms of one stream whose health is followed.
const maxPlatforms = 1000

// Observe gives out what a message says.
func (o *Observer) Observe(m *Message, out *source.Out) error {
	if m.Time == 0 {
		return out.Reject(0, m.raw, fmt.Sprintf("byte %d: the packet has no time stamp", m.Offset))
	}
	if y := m.Time.Time().Year(); y < source.MinYear || y > source.MaxYear {
		return out.Reject(0, m.raw, fmt.Sprintf("byte %d: the time %s is that of a clock that was never set", m.Offset, m.Time))
	}
	if m.flaws > 0 {
		if err := out.Reject(0, m.raw, fmt.Sprintf("byte %d: a nested set lies of a length and was left out", m.Offset)); err != nil {
			return err
		}
	}
	sensor := m.sensor()
	if p, told := m.Platform(); told {
		plot := &truce.Plot{Network: o.cfg.Network, Means: truce.MeansSelf, Identities: m.identities(), Class: "uav",
			Altitude: m.altitude(), Motion: m.motion(), Fix: m.fix()}
		if err := o.plot(m, out, "platform", geo.Position{Point: p, Error: geo.Isotropic(PlatformSigma)}, plot); err != nil {
			return err
		}
	}
	if err := o.targets(m, out, sensor); err != nil {
		return err
	}
	return o.health(m, out, sensor)
}

// targets gives out the target of the tracker and those of the moving target indicator. A
// place that the crew only points at is none of a moving object.
func (o *Observer) targets(m *Message, out *source.Out, sensor string) error {
	flags := m.Number(TagFlags)
	if p, told := m.Target(); told && flags.Told && int(flags.V)&flagAutoTrack != 0 {
		plot := &truce.Plot{Network: o.cfg.Network, Means: truce.MeansCamera, Identities: []truce.Identity{{Scheme: "gate", Value: sensor}}}
		if h := m.Number(TagTargetAlt); h.Told {
			plot.Altitude = &truce.Altitude{Metres: geo.Metres(h.V), Datum: truce.DatumSea}
		}
		sigma := m.groundSigma()
		if ce := m.Number(TagTargetCE90); ce.V > 0 {
			sigma = geo.SigmaOfR90(geo.Metres(ce.V))
		}
		if err := o.plot(m, out, "gate", geo.Position{Point: p, Error: geo.Isotropic(sigma)}, plot); err != nil {
			return err
		}
	}
	if m.VMTI == nil {
		return nil
	}
	for i := range m.VMTI.Targets {
		t := &m.VMTI.Targets[i]
		p, told := t.Point()
		if !told {
			continue
		}
		name := sensor + "/" + strconv.Itoa(t.ID)
		plot := &truce.Plot{Network: o.cfg.Network, Means: truce.MeansCamera, Identities: []truce.Identity{{Scheme: "vmti", Value: name}}}
		if t.Height.Told {
			plot.Altitude = &truce.Altitude{Metres: geo.Metres(t.Height.V), Datum: truce.DatumEllipsoid}
			if t.SigmaUp.Told {
				plot.Altitude.Sigma = geo.Metres(t.SigmaUp.V)
			}
		}
		if err := o.plot(m, out, "vmti/"+name, geo.Position{Point: p, Error: t.covariance(m)}, plot); err != nil {
			return err
		}
	}
	return nil
}

func (t *Target) covariance(m *Message) geo.Covariance {
	east, north := t.SigmaEast.V, t.SigmaNorth.V
	if east == 0 || north == 0 {
		return geo.Isotropic(m.groundSigma())
	}
	c := geo.Covariance{EE: east * east, NN: north * north}
	if t.RhoEN.Told && math.Abs(t.RhoEN.V) < 1 {
		c.EN = t.RhoEN.V * east * north
	}
	return c
}

// groundSigma is the error of a place on the ground for which none is stated.
func (m *Message) groundSigma() geo.Metres {
	r := m.Number(TagSlantRange)
	if r.V == 0 {
		return GroundSigma
	}
	return geo.Metres(math.Hypot(float64(PlatformSigma), r.V*math.Tan(float64(PointingSigma)*math.Pi/180)))
}

func (o *Observer) plot(m *Message, out *source.Out, role string, place geo.Position, plot *truce.Plot) error {
	if !o.cfg.Bounds.Contains(place.Point) {
		return out.Reject(0, m.raw, fmt.Sprintf("byte %d: the place of the %s, %s, is %s", m.Offset, role, place.Point, source.OutsideBounds))
	}
	key := fmt.Appendf(nil, "%s|%s|%s|%.7f|%.7f", m.sensor(), role, m.Time, place.Lat, place.Lon)
	return out.Observe(truce.Observation{
		ID: truce.NewID(m.Time, string(truce.KindPlot), string(ID), key), Kind: truce.KindPlot, Source: ID, Sensor: truce.SensorID(m.sensor()),
		Phenomenon: truce.Moment(m.Time, 0), Place: &place, Plot: plot, Signature: truce.SignatureNone, Origin: out.At(0), Hash: truce.HashOf(m.raw),
	})
}

// health says when the picture became invalid and when it came back.
func (o *Observer) health(m *Message, out *source.Out, sensor string) error {
	flags := m.Number(TagFlags)
	if !flags.Told {
		return nil
	}
	invalid := int(flags.V)&flagImageInvalid != 0
	before, followed := o.invalid[sensor]
	if invalid == before || !followed && len(o.invalid) == maxPlatforms {
		return nil
	}
	o.invalid[sensor] = invalid
	h := &truce.Health{Working: true, State: truce.HealthUp, Reason: "the picture is valid again"}
	if invalid {
		h = &truce.Health{State: truce.HealthDown, Reason: "the drone marks its picture as invalid"}
	}
	key := fmt.Appendf(nil, "%s|picture|%s", sensor, m.Time)
	return out.Observe(truce.Observation{
		ID: truce.NewID(m.Time, string(truce.KindHealth), string(ID), key), Kind: truce.KindHealth, Source: ID, Sensor: truce.SensorID(sensor),
		Phenomenon: truce.Moment(m.Time, 0), Health: h, Signature: truce.SignatureNone, Origin: out.At(0), Hash: truce.HashOf(m.raw),
	})
}

// sensor names the platform by the first name that it gives itself.
func (m *Message) sensor() string {
	for _, t := range []uint32{TagTailNumber, TagCallSign, TagDesignation, TagMissionID} {
		if name := m.Text(t); name != "" {
			return name
		}
	}
	if m.PID != 0 {
		return "pid-" + strconv.Itoa(int(m.PID))
	}
	return "unnamed"
}

func (m *Message) identities() (out []truce.Identity) {
	for _, id := range []struct {
		tag    uint32
		scheme string
	}{{TagTailNumber, "tail"}, {TagCallSign, "callsign"}, {TagMissionID, "mission"}} {
		if name := m.Text(id.tag); name != "" {
			out = append(out, truce.Identity{Scheme: id.scheme, Value: name})
		}
	}
	return out
}

// altitude is that above the ellipsoid where it is told, else above the sea.
func (m *Message) altitude() *truce.Altitude {
	for _, a := range []struct {
		tag   uint32
		datum truce.AltitudeDatum
	}{{TagHeightMore, truce.DatumEllipsoid}, {TagSensorHeight, truce.DatumEllipsoid}, {TagSensorAlt, truce.DatumSea}} {
		if h := m.Number(a.tag); h.Told {
			return &truce.Altitude{Metres: geo.Metres(h.V), Datum: a.datum}
		}
	}
	return nil
}

// motion is the velocity over the ground. Where the nose points is no course.
func (m *Message) motion() *truce.Motion {
	north, east := m.Number(TagNorth), m.Number(TagEast)
	speed, course := m.Number(TagGroundSpeed), m.Number(TagCourse)
	var out truce.Motion
	switch {
	case north.Told && east.Told:
		out.SpeedMps, out.Course = math.Hypot(north.V, east.V), compass(math.Atan2(east.V, north.V)*180/math.Pi)
	case speed.Told && course.Told:
		out.SpeedMps, out.Course = speed.V, compass(course.V)
	default:
		return nil
	}
	if climb := m.Number(TagClimb); climb.Told {
		out.ClimbMps = climb.V
	}
	return &out
}

func compass(deg float64) geo.Degrees {
	deg = math.Mod(deg, 360)
	if deg < 0 {
		deg += 360
	}
	if deg >= 360 {
		deg = 0
	}
	return geo.Degrees(deg)
}

// fix is how the platform says that it finds its place; nil: it does not say.
func (m *Message) fix() *truce.Fix {
	method := m.Number(TagPositioning)
	if !method.Told {
		return nil
	}
	f := &truce.Fix{Kind: truce.FixNone}
	if int(method.V)&satelliteMethods != 0 {
		f.Kind = truce.FixThree
	}
	if n := m.Number(TagSatellites); n.Told {
		f.Satellites = int(n.V)
	}
	return f
}
