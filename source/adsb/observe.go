package adsb

import (
	"io"
	"math"
	"regexp"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// ID is the source of every plot read here.
const ID truce.SourceID = "adsb"

// Info declares the source. What a mission's own receiver hears may not be passed on: a live
// picture of the air serves whoever aims.
func Info() truce.SourceInfo {
	return truce.SourceInfo{ID: ID, Title: "Aircraft transponders (ADS-B, 1090 MHz)", Family: truce.FamilyTransponder}
}

// Config says how a feed becomes observations. The zero value reads any feed with times.
type Config struct {
	Options
	Sensor  truce.SensorID // the receiver; "": not named
	Network string         // whose plots are followed together; "": the mission's
	Bounds  *source.Box    // positions outside are left out without a word: the sky is larger than any mission
}

var sensorName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$`)
})

// Validate refuses what no observation could carry.
func (c Config) Validate() error {
	if c.Sensor != "" && !sensorName().MatchString(string(c.Sensor)) {
		return truce.Errorf(truce.CodeInvalid, "sensor %q: write up to 60 letters, digits, dots, hyphens and underscores", source.Cut(string(c.Sensor), 60))
	}
	if err := c.Bounds.Validate(); err != nil {
		return err
	}
	return c.Options.Validate()
}

// Decode reads a feed and gives sink a plot for every position, and a rejection for every
// stretch that is damaged. The error is for a feed whose positions have no time, or for a
// failure of r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	out := source.NewOut(file, sink)
	reader := NewReader(r, cfg.Options)
	untimed, timed := 0, false
	err := source.Each(out, reader.Next, func(m *Message) error {
		if m.CPR.told && m.Time == 0 {
			untimed++
		}
		timed = timed || m.CPR.told && m.Time != 0
		return reader.observe(m, cfg, out)
	})
	if err == nil && untimed > 0 && !timed {
		err = out.Unusable("%d positions came without a time, and cannot be paired; read a feed whose messages carry one (Beast, @ lines, BaseStation), and say when it starts", untimed)
	}
	return err
}

// observe passes a position on.
func (r *Reader) observe(m *Message, cfg Config, out *source.Out) error {
	if !m.LatDeg.Told || !cfg.Bounds.Contains(m.point()) {
		return nil
	}
	if m.Time == 0 {
		return out.Unusable("byte %d: the messages bring no time; say when the feed starts, as in 2026-04-11T16:00:00Z", m.Offset)
	}
	if m.Time < earliest || m.Time >= latest {
		return out.Reject(m.Line, r.raw, "a time before 1990 or after 2099: set the clock of the receiver")
	}
	o := r.Plot(m)
	o.Sensor, o.Plot.Network = cfg.Sensor, cfg.Network
	o.Origin = out.At(m.Line)
	o.Hash = truce.HashOf(r.raw)
	return out.Observe(o)
}

func (m *Message) point() geo.Point {
	return geo.Point{Lat: geo.Degrees(m.LatDeg.V), Lon: geo.Degrees(m.LonDeg.V)}
}

// Plot makes the observation of a position that Next gave last, with what the aircraft said
// of itself before: callsign, squawk, velocity. The message must have a position and a time.
func (r *Reader) Plot(m *Message) truce.Observation {
	p := &truce.Plot{Means: truce.MeansSelf, Ground: m.Ground, Class: m.Category.Class()}
	if a := r.current; a != nil {
		p.Class = a.category.Class()
		r.told(p, a, m)
	}
	p.Identities = append([]truce.Identity{m.identity()}, p.Identities...)
	p.Altitude = m.altitude()
	if m.NIC.Told || m.NUCp.Told {
		p.Fix = &truce.Fix{Kind: truce.FixThree}
		if m.NIC.V+m.NUCp.V == 0 {
			p.Fix.Kind = truce.FixNone // integrity unknown: GNSS is lost or jammed, or was never there
		}
	}
	place := geo.Position{Point: m.point(), Error: geo.Isotropic(geo.Metres(m.PositionSigmaM.V))}
	return truce.Observation{
		ID:         truce.NewID(m.Time, string(truce.KindPlot), string(ID), m.nativeKey()),
		Kind:       truce.KindPlot,
		Source:     ID,
		Phenomenon: truce.Moment(m.Time, frameTime),
		Place:      &place,
		Plot:       p,
		Signature:  truce.SignatureNone,
	}
}

// nativeKey names a position by what was sent, so that two receivers that heard it within
// one millisecond give one observation.
func (m *Message) nativeKey() []byte {
	if !m.Frame.IsZero() {
		return m.Frame.Bytes()
	}
	key := []byte(m.Address.String())
	for _, v := range [...]float64{m.LatDeg.V, m.LonDeg.V} {
		n := int64(math.Round(v * 1e7))
		for shift := range 8 {
			key = append(key, byte(n>>(8*shift)))
		}
	}
	return key
}

// identity is the address. One that is none of ICAO does not name an aircraft of the world.
func (m *Message) identity() truce.Identity {
	scheme := "icao24"
	if m.Foreign {
		scheme = "local24"
	}
	return truce.Identity{Scheme: scheme, Value: m.Address.String()}
}

// told adds what the aircraft said in other messages, as long as it holds.
func (r *Reader) told(p *truce.Plot, a *aircraft, m *Message) {
	if name := truce.CleanText(a.callsign.String()); name != "" {
		p.Identities = append(p.Identities, truce.Identity{Scheme: "callsign", Value: name})
	}
	if !a.squawk.IsZero() && r.timed && r.now-a.squawkAt <= saidHolds {
		p.Identities = append(p.Identities, truce.Identity{Scheme: "squawk", Value: a.squawk.String()})
	}
	speed, track, climb, nacv := m.GroundSpeedKt, m.TrackDeg, m.VerticalRateFpm, a.nacv
	if !speed.Told || !track.Told {
		if !a.speed.Told || !r.timed || r.now-a.motionAt > motionHolds {
			return
		}
		speed, track, climb = a.speed, a.track, a.climb
	}
	p.Motion = &truce.Motion{
		SpeedMps: speed.V * knot,
		Course:   geo.Degrees(modulo(track.V, 360)),
		ClimbMps: climb.V * foot / 60,
		SigmaMps: speedSigma(nacv),
	}
}

const (
	knot = 1852. / 3600 // metres a second
	foot = .3048        // metres
)

// speedSigma is the error of each axis of a velocity by NACv, whose steps bound it with 95 %
// at 10, 3, 1 and 0.3 m/s (DO-260B, table 2-24); 0 where it is not told.
func speedSigma(nacv source.Value) float64 {
	bounds := [5]float64{0, 10, 3, 1, .3}
	if n := int(nacv.V); nacv.Told && n < len(bounds) {
		return bounds[n] / sigmaOf95
	}
	return 0
}

// altitude is the height with what it is measured from. Steps of 25 feet, and the 125 feet
// with 99.7 % that encoders are allowed (ICAO Annex 10, volume IV, 3.1.2.10.3).
func (m *Message) altitude() *truce.Altitude {
	if !m.AltitudeFt.Told {
		return nil
	}
	a := &truce.Altitude{Metres: geo.Metres(m.AltitudeFt.V * foot), Datum: truce.DatumPressure, Sigma: geo.Metres(125 * foot / 3)}
	if m.AltitudeGNSS {
		a.Datum, a.Sigma = truce.DatumEllipsoid, 0
	}
	return a
}
