package mavlink

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// far is a position out of the one message of a thin link, while the filter gives none.
func (o *Observer) far(m *Message, s *system, out *source.Out) error {
	h := m.HighLatency
	if class := classOf(h.Type); class != "" {
		s.class = class
	}
	if !h.Lat.Told || s.filtered != 0 && m.Time-s.filtered <= recent {
		return nil
	}
	sigma := FilterSigma
	if h.HorizError.Told {
		sigma = geo.Metres(h.HorizError.V)
	}
	return o.plot(m, s, out, h.Lat, h.Lon, sigma, &truce.Plot{Altitude: height(h.Alt, truce.DatumSea)})
}

const (
	// maxHeard bounds the transmitters of Remote ID whose names one system keeps.
	maxHeard = 1000
	// nameLasts is how long a name speaks for its transmitter: it is sent every three seconds.
	nameLasts = 60_000_000
	// clockOff is how far the clock of another drone may be off.
	clockOff = 120_000_000
	// within95 is the radius that holds 95 % of a round normal distribution, in sigmas.
	within95 = 2.4477
)

// heard is the name that a transmitter of Remote ID gave itself.
type heard struct {
	name truce.Identity
	at   truce.Instant
}

// odidSchemes are what the types of names are called among identities (MAV_ODID_ID_TYPE).
var odidSchemes = [...]string{"uas_id", "serial", "registration", "uas_id", "uas_id"}

// hear keeps who a transmitter says it is.
func (s *system) hear(m *Message) {
	b := m.RemoteBasic
	if b.To.From == "" || b.Name == "" || b.Kind >= len(odidSchemes) {
		return
	}
	if s.names == nil || len(s.names) >= maxHeard {
		s.names = map[string]heard{} // each is told again within seconds
	}
	s.names[b.To.From] = heard{truce.Identity{Scheme: odidSchemes[b.Kind], Value: b.Name}, m.Time}
}

// odidRadius is what holds 95 % of the positions by MAV_ODID_HOR_ACC, metres; 0: not known.
var odidRadius = [...]float64{0, 18520, 7408, 3704, 1852, 926, 555.6, 185.2, 92.6, 30, 10, 3, 1}

// remote is where another drone says that it is. The sender's own place comes from its filter.
func (o *Observer) remote(m *Message, s *system, out *source.Out) error {
	l := m.RemoteLocation
	if l.To.From == "" || !l.Lat.Told {
		return nil
	}
	plot := &truce.Plot{Network: o.cfg.Network, Means: truce.MeansSelf, Class: "uav", Ground: l.Status == 1, Altitude: l.altitude()}
	if who, known := s.names[l.To.From]; known && m.Time-who.at <= nameLasts {
		plot.Identities = append(plot.Identities, who.name)
	}
	plot.Identities = append(plot.Identities, truce.Identity{Scheme: "transmitter", Value: colons(l.To.From)})
	if l.Speed.Told && l.Course.Told {
		plot.Motion = &truce.Motion{SpeedMps: l.Speed.V, Course: compass(l.Course.V), ClimbMps: l.Climb.V}
	}
	sigma := ADSBSigma
	if grade := l.Accuracy[0]; grade > 0 && grade < len(odidRadius) {
		sigma = geo.Metres(odidRadius[grade] / within95)
	}
	place := geo.Position{Point: geo.Point{Lat: geo.Degrees(l.Lat.V), Lon: geo.Degrees(l.Lon.V)}, Error: geo.Isotropic(sigma)}
	return o.give(m, out, RemoteID, truce.SensorID("sys-"+strconv.Itoa(int(m.System))), l.at(m.Time), place, plot)
}

// at is when the place was true: the second of the hour that is told, in the hour that lies
// nearest to the time of the message. Of a clock that is more than two minutes off, as in Remote
// ID itself, the message's time stands.
func (l *RemoteLocation) at(message truce.Instant) truce.Instant {
	const hour = 3_600_000_000
	if !l.Second.Told || l.Second.V < 0 || l.Second.V > 3600 || message == 0 {
		return message
	}
	at := message - message%hour + truce.Instant(l.Second.V*1e6)
	switch {
	case at-message > hour/2:
		at -= hour
	case message-at > hour/2:
		at += hour
	}
	if off := at - message; off > clockOff || -off > clockOff {
		return message
	}
	return at
}

// altitude is the height that says most, as in Remote ID; nil: none is told.
func (l *RemoteLocation) altitude() *truce.Altitude {
	switch {
	case l.Height.Told:
		return height(l.Height, truce.DatumEllipsoid)
	case l.Pressure.Told:
		return height(l.Pressure, truce.DatumPressure)
	}
	return height(l.Above, truce.DatumGround)
}

// colons writes an address of six bytes as the receivers of Remote ID do, and others as they are.
func colons(address string) string {
	if len(address) != 12 {
		return address
	}
	var b strings.Builder
	for i := 0; i < len(address); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		fmt.Fprint(&b, address[i:i+2])
	}
	return b.String()
}
