package asterix

import (
	"fmt"
	"io"
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// The sources of what is read here: they fail apart.
const (
	ID     truce.SourceID = "asterix"      // radars, and systems that join them
	IDADSB truce.SourceID = "asterix-adsb" // ground stations that hear transponders (category 021)
)

// Infos declares the sources. A live picture of the air may not be passed on.
func Infos() []truce.SourceInfo {
	return []truce.SourceInfo{
		{ID: ID, Title: "Surveillance radars (ASTERIX 001, 048, 062)", Family: truce.FamilyRadar},
		{ID: IDADSB, Title: "ADS-B ground stations (ASTERIX 021)", Family: truce.FamilyTransponder},
	}
}

// Radar is where a radar stands.
type Radar struct {
	SAC, SIC uint8
	At       geo.Point
	Height   geo.Metres // of its antenna above the sea
}

// SensorID is how the plots of a radar name it.
func SensorID(sac, sic uint8) truce.SensorID { return truce.SensorID(fmt.Sprintf("%d-%d", sac, sic)) }

// Config says how a feed becomes observations. The zero value reads any feed with dates.
type Config struct {
	Options
	// Radars are those whose ranges and bearings become positions; of others the bearing and
	// the range are kept as they are.
	Radars  []Radar
	Network string      // whose plots are followed together; "": the mission's
	Bounds  *source.Box // positions outside are left out without a word
}

// Validate refuses places that are none.
func (c Config) Validate() error {
	if len(c.Radars) > MaxRadars {
		return truce.Errorf(truce.CodeTooLarge, "%d radars, the bound is %d", len(c.Radars), MaxRadars)
	}
	seen := map[uint16]bool{}
	for _, r := range c.Radars {
		if !r.At.Valid() || !(math.Abs(float64(r.Height)) <= 10_000) {
			return truce.Errorf(truce.CodeInvalid, "radar %d/%d: at %v, %g m: want latitude, longitude and metres above the sea", r.SAC, r.SIC, r.At, float64(r.Height))
		}
		if seen[r.key()] {
			return truce.Errorf(truce.CodeInvalid, "radar %d/%d stands there twice: leave one out", r.SAC, r.SIC)
		}
		seen[r.key()] = true
	}
	return c.Bounds.Validate()
}

func (r Radar) key() uint16 { return uint16(r.SAC)<<8 | uint16(r.SIC) }

// decoder makes observations of target reports.
type decoder struct {
	cfg    Config
	radars map[uint16]Radar
	out    *source.Out
}

// Decode reads a feed and gives sink a plot for every target report with a place or a bearing,
// and a rejection for every stretch that is damaged. Reports of test targets and simulated ones,
// and tracks that were only carried on, are left out. The error is for a feed whose reports have
// no date, or for a failure of r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	d := decoder{cfg: cfg, radars: map[uint16]Radar{}, out: source.NewOut(file, sink)}
	for _, radar := range cfg.Radars {
		d.radars[radar.key()] = radar
	}
	return source.Each(d.out, NewReader(r, cfg.Options).Next, d.observe)
}

// observe passes a target report on.
func (d *decoder) observe(m *Message) error {
	if m.Simulated || m.Test || m.Seen == SeenNot {
		return nil
	}
	place := d.place(m)
	bearing := m.BearingDeg.Told && m.RangeM.Told
	if place == nil && !bearing || place != nil && !d.cfg.Bounds.Contains(place.Point) {
		return nil
	}
	if m.Time == 0 {
		return d.out.Unusable("byte %d: the reports bring no date; say the day, as in 2026-04-11", m.Offset)
	}
	if m.Time < earliest || m.Time >= latest {
		return d.out.Reject(0, m.Raw, "a time before 1990 or after 2099: set the clock of the radar, or the day")
	}
	id := ID
	if m.Category == 21 {
		id = IDADSB
	}
	return d.out.Observe(truce.Observation{
		ID:         truce.NewID(m.Time, string(truce.KindPlot), string(id), m.Raw),
		Kind:       truce.KindPlot,
		Source:     id,
		Sensor:     SensorID(m.SAC, m.SIC),
		Phenomenon: truce.Moment(m.Time, blockTime),
		Place:      place,
		Plot:       d.plot(m, bearing),
		Signature:  truce.SignatureNone,
		Origin:     d.out.At(0),
		Hash:       truce.HashOf(m.Raw),
	})
}

// plot is what the report says besides the place.
func (d *decoder) plot(m *Message, bearing bool) *truce.Plot {
	p := &truce.Plot{Network: d.cfg.Network, Means: m.means(), Ground: m.Ground, Identities: m.identities(), Altitude: m.altitude(), Motion: m.motion()}
	if bearing {
		rangeSigma, bearingSigma := m.sigmas()
		p.Polar = &truce.Polar{
			Bearing: geo.Degrees(m.BearingDeg.V), BearingSigma: geo.Degrees(bearingSigma),
			Range: geo.Metres(m.RangeM.V), RangeSigma: geo.Metres(rangeSigma),
		}
		if m.RadialMps.Told {
			p.Polar.RadialMps, p.Polar.RadialSigma = m.RadialMps.V, dopplerSigma
		}
	}
	if m.Category == 21 && (m.NACp.Told || m.NUCp.Told) {
		p.Fix = &truce.Fix{Kind: truce.FixThree}
		if m.NUCp.V == 0 {
			p.Fix.Kind = truce.FixNone
		}
	}
	return p
}

func (m *Message) means() truce.PlotMeans {
	switch {
	case m.Category == 62:
		return truce.MeansFused
	case m.Category == 21:
		return truce.MeansSelf
	case m.Seen == SeenPrimary:
		return truce.MeansPrimary
	}
	return truce.MeansSecondary
}

func (m *Message) identities() (out []truce.Identity) {
	if !m.Address.IsZero() {
		scheme := "icao24"
		if m.Local {
			scheme = "local24"
		}
		out = append(out, truce.Identity{Scheme: scheme, Value: m.Address.String()})
	}
	if !m.Callsign.IsZero() {
		out = append(out, truce.Identity{Scheme: "callsign", Value: m.Callsign.String()})
	}
	if !m.Squawk.IsZero() {
		out = append(out, truce.Identity{Scheme: "squawk", Value: m.Squawk.String()})
	}
	return out
}

// altitude is the pressure altitude where it is told, else the height. Errors are a third of
// what altimeters are allowed with 99.7 % (ICAO Annex 10, volume IV, 3.1.2.10.3: 125 ft).
func (m *Message) altitude() *truce.Altitude {
	switch {
	case m.LevelM.Told:
		return &truce.Altitude{Metres: geo.Metres(m.LevelM.V), Datum: truce.DatumPressure, Sigma: geo.Metres(125 * foot / 3)}
	case m.HeightM.Told && m.Category == 48:
		return &truce.Altitude{Metres: geo.Metres(m.HeightM.V), Datum: truce.DatumSea}
	case m.HeightM.Told:
		return &truce.Altitude{Metres: geo.Metres(m.HeightM.V), Datum: truce.DatumEllipsoid}
	}
	return nil
}

func (m *Message) motion() *truce.Motion {
	speed, course := m.SpeedMps, m.CourseDeg
	if m.VxMps.Told && m.VyMps.Told {
		speed = source.Told(math.Hypot(m.VxMps.V, m.VyMps.V))
		course = source.Told(math.Atan2(m.VxMps.V, m.VyMps.V) * 180 / math.Pi)
	}
	if !speed.Told || !course.Told {
		return nil
	}
	if course.V < 0 {
		course.V += 360
	}
	return &truce.Motion{SpeedMps: speed.V, Course: geo.Degrees(math.Mod(course.V, 360)), ClimbMps: m.ClimbMps.V}
}
