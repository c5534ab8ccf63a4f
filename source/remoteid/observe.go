package remoteid

import (
	"io"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// ID is the source of every place read here.
const ID truce.SourceID = "remoteid"

// Info declares the source. What drones broadcast tells of people, so it is not passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{
		ID:          ID,
		Title:       "Drone Remote ID as received (ASTM F3411, Open Drone ID)",
		Family:      truce.FamilyTransponder,
		Licence:     "the mission's own reception; broadcasts name operators and are not passed on",
		Attribution: "the mission's receivers",
	}
}

// Config says how a file is read. The zero value reads any.
type Config struct {
	Options
	Network string      // the receivers whose plots are followed together, "" for the mission's only ones
	Bounds  *source.Box // places outside are quarantined; nil: none are
}

// Decode reads messages and gives each place of an aircraft to sink once, with who the same
// transmitter said it was in the minute before; damaged stretches are rejected. The error is for
// a file that cannot be read, or for a failure of r or of sink. Where pilots stand is not among
// the places.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	out := source.NewOut(file, sink)
	if err := cfg.Bounds.Validate(); err != nil {
		return err
	}
	d := decoder{cfg: cfg, out: out, heard: map[Address]*speaker{}}
	reader := NewReader(r, cfg.Options)
	var m Message
	for {
		err := reader.Next(&m)
		if err != nil || m.Offset != d.offset || m.Kind == KindLocation {
			if err := d.flush(); err != nil {
				return err
			}
		}
		switch {
		case err == nil:
			d.take(&m)
		case err == io.EOF:
			return nil
		case truce.CodeOf(err) == truce.CodeInvalid:
			return out.Unusable("%w", err)
		default:
			if err := out.Quarantine(err); err != nil {
				return err
			}
		}
	}
}

// speaker is who a transmitter says it is.
type speaker struct {
	last       truce.Instant
	identities [4]name // serial number, registration, any other, the operator's

	place [Size]byte // the last place, as sent, and when it was taken
	taken truce.Instant
}

// repeats says whether a place is one that was taken already: it is sent over several carriers,
// and again until there is a new one.
func (s *speaker) repeats(m *Message) bool {
	if s.taken != 0 && [Size]byte(m.raw) == s.place && m.Time >= s.taken && m.Time-s.taken < truce.Instant(sameFix) {
		return true
	}
	s.place, s.taken = [Size]byte(m.raw), m.Time
	return false
}

// name is an identity with when it was heard.
type name struct {
	truce.Identity
	at truce.Instant
}

type decoder struct {
	cfg   Config
	out   *source.Out
	heard map[Address]*speaker

	// The place of a pack waits for who else its messages name.
	held     Message
	location Location
	raw      [Size]byte
	offset   int64
	waits    bool
}

// schemes are what the types of names are called among identities, and slots where they are kept.
var (
	schemes = [...]string{"uas_id", "serial", "registration", "uas_id", "uas_id"}
	slots   = [...]int{2, 0, 1, 2, 2}
)

func (d *decoder) take(m *Message) {
	d.offset = m.Offset
	switch m.Kind {
	case KindBasicID:
		if id := m.BasicID; id.ID != "" && int(id.IDType) < len(schemes) {
			d.speaker(m).says(slots[id.IDType], truce.Identity{Scheme: schemes[id.IDType], Value: id.ID}, m.Time)
		}
	case KindOperatorID:
		if m.OperatorID.ID != "" {
			d.speaker(m).says(3, truce.Identity{Scheme: "operator", Value: m.OperatorID.ID}, m.Time)
		}
	case KindLocation:
		d.held, d.location, d.raw, d.waits = *m, *m.Location, [Size]byte(m.raw), true
		d.held.Location, d.held.raw = &d.location, d.raw[:]
	}
}

// flush gives on the place that waits.
func (d *decoder) flush() error {
	if !d.waits {
		return nil
	}
	d.waits = false
	return d.observe(&d.held)
}

func (s *speaker) says(n int, id truce.Identity, at truce.Instant) {
	s.identities[n] = name{id, at}
}

// speaker is what is known of a transmitter. The one heard longest ago gives way to a new one.
func (d *decoder) speaker(m *Message) *speaker {
	s := d.heard[m.Transmitter]
	if s == nil {
		if len(d.heard) >= MaxTransmitters {
			delete(d.heard, d.oldest())
		}
		s = &speaker{}
		d.heard[m.Transmitter] = s
	}
	s.last = max(s.last, m.Time)
	return s
}

// oldest is who was heard longest ago; of several the one with the lowest address.
func (d *decoder) oldest() Address {
	var out Address
	first := true
	for a, s := range d.heard {
		if o := d.heard[out]; first || s.last < o.last || s.last == o.last && string(a[:]) < string(out[:]) {
			out, first = a, false
		}
	}
	return out
}

// observe makes the observation of a place. A message that names none makes none.
func (d *decoder) observe(m *Message) error {
	l := m.Location
	if !l.LatDeg.Told || d.speaker(m).repeats(m) {
		return nil
	}
	at, err := source.Point(l.LatDeg.V, l.LonDeg.V)
	when, sigma := m.Time, clockSigma
	if l.Time != 0 {
		when = l.Time
		if l.ClockAccS.Told {
			sigma = truce.Micros(l.ClockAccS.V * 1e6)
		}
	}
	switch {
	case err != nil:
		return d.out.Reject(0, m.raw, err.Error())
	case !d.cfg.Bounds.Contains(at):
		return d.out.Reject(0, m.raw, source.OutsideBounds)
	case when <= 0:
		return d.out.Reject(0, m.raw, "the file does not say when the message came, and the message tells the minute of no hour: say when it was received")
	}
	place := &geo.Position{Point: at, Error: geo.Isotropic(plainSigma)}
	if l.HorizontalM.Told {
		place.Error = geo.Isotropic(geo.Metres(l.HorizontalM.V / within95))
	}
	return d.out.Observe(truce.Observation{
		ID:         truce.NewID(when, string(truce.KindPlot), string(ID), append(m.Transmitter[:], m.raw...)),
		Kind:       truce.KindPlot,
		Source:     ID,
		Phenomenon: truce.PhenomenonTime{From: when, To: when, Sigma: sigma},
		Place:      place,
		Plot:       d.plot(m),
		Signature:  truce.SignatureNone,
		Origin:     d.out.At(0),
		Hash:       truce.HashOf(m.raw),
	})
}

func (d *decoder) plot(m *Message) *truce.Plot {
	l := m.Location
	p := &truce.Plot{Network: d.cfg.Network, Means: truce.MeansSelf, Class: "uav", Ground: l.Status == StatusGround, Altitude: l.altitude()}
	for _, id := range d.speaker(m).identities {
		if id.Value != "" && m.Time-id.at <= truce.Instant(nameLasts) {
			p.Identities = append(p.Identities, id.Identity)
		}
	}
	if !m.Transmitter.IsZero() {
		p.Identities = append(p.Identities, truce.Identity{Scheme: "transmitter", Value: m.Transmitter.String()})
	}
	if l.SpeedMps.Told && l.DirectionDeg.Told {
		p.Motion = &truce.Motion{SpeedMps: l.SpeedMps.V, Course: geo.Degrees(l.DirectionDeg.V)}
		if l.ClimbMps.Told {
			p.Motion.ClimbMps = l.ClimbMps.V
		}
		if l.SpeedAccMps.Told {
			p.Motion.SigmaMps = l.SpeedAccMps.V / within95
		}
	}
	return p
}

// altitude is the height that says most: above the ellipsoid, else by pressure, else above
// ground or take-off. nil: none is told.
func (l *Location) altitude() *truce.Altitude {
	pick := func(x, accuracy source.Value, datum truce.AltitudeDatum) *truce.Altitude {
		a := &truce.Altitude{Metres: geo.Metres(x.V), Datum: datum}
		if accuracy.Told {
			a.Sigma = geo.Metres(accuracy.V / side95)
		}
		return a
	}
	switch {
	case l.GeodeticM.Told:
		return pick(l.GeodeticM, l.VerticalM, truce.DatumEllipsoid)
	case l.PressureM.Told:
		return pick(l.PressureM, l.PressureAccM, truce.DatumPressure)
	case l.HeightM.Told:
		return pick(l.HeightM, source.Value{}, truce.DatumGround)
	}
	return nil
}
