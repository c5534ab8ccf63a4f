package ais

import (
	"io"
	"strconv"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// ID is the source of every plot read here.
const ID truce.SourceID = "ais"

// Info declares the source. Whose receivers they are decides what may be passed on, which
// nobody has said: nothing may.
func Info() truce.SourceInfo {
	return truce.SourceInfo{ID: ID, Title: "AIS: what ships say of themselves", Family: truce.FamilyTransponder}
}

// The errors of a place, one sigma on each axis. The sender says only whether it holds its fix
// for good to 10 m (M.1371-5, table 47); what the others reach, and dead reckoning, is assumed.
const (
	sigmaAccurate  geo.Metres = 5
	sigmaPlain     geo.Metres = 15
	sigmaEstimated geo.Metres = 500
)

// maxShips is how many ships' names are remembered for the plots behind them; a day of a
// busy sea has a tenth. It takes some 10 MB.
const maxShips = 50_000

// Config says how a stream becomes plots. The zero value takes all.
type Config struct {
	Options
	Bounds  *source.Box // plots outside are quarantined; nil: none are
	Network string      // the sensors whose plots are followed together
}

// Decode reads sentences and gives the place of each position message to sink as a plot. A
// position that the sender marks as not available makes none. One without the time of its
// reception, a damaged line and a message that is not whole are quarantined. The error is of
// r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	if err := cfg.Bounds.Validate(); err != nil {
		return err
	}
	cfg.Skip = true // what is not read makes no plot
	d := decoder{out: source.NewOut(file, sink), in: NewReader(r, cfg.Options), cfg: cfg, ships: map[MMSI]Static{}}
	return source.Each(d.out, d.in.Next, d.message)
}

type decoder struct {
	out   *source.Out
	in    *Reader
	cfg   Config
	ships map[MMSI]Static
}

func (d *decoder) message(m *Message) error {
	if m.Type == 5 || m.Type == 19 || m.Type == 24 {
		d.remember(m)
	}
	if !m.LatDeg.Told || m.Mode == ModeInoperative || m.Type == 4 {
		return nil
	}
	raw, line := d.in.last.text(), d.in.last.line
	if m.Time == 0 {
		return d.out.Reject(line, raw, "the message has no time: AIS carries only the second within a minute; let the receiver write tag blocks (\\c:...) or a time before each line")
	}
	at, err := source.Point(m.LatDeg.V, m.LonDeg.V)
	if err != nil {
		return d.out.Reject(line, raw, err.Error())
	}
	if !d.cfg.Bounds.Contains(at) {
		return d.out.Reject(line, raw, source.OutsideBounds)
	}
	o := m.plot(at, d.cfg.Network, d.ships[m.MMSI])
	o.ID = truce.NewID(o.Phenomenon.From, string(truce.KindPlot), string(ID), raw)
	o.Origin, o.Hash = d.out.At(line), truce.HashOf(raw)
	return d.out.Observe(o)
}

// remember keeps what a ship said of itself, part by part.
func (d *decoder) remember(m *Message) {
	known, seen := d.ships[m.MMSI]
	if !seen && len(d.ships) == maxShips {
		clear(d.ships)
	}
	if m.Name != (Text{}) {
		known.Name = m.Name
	}
	if m.Callsign != (Text{}) {
		known.Callsign = m.Callsign
	}
	if m.IMO.Told {
		known.IMO = m.IMO
	}
	d.ships[m.MMSI] = known
}

// plot is the observation of a position; said is what the ship told of itself before.
func (m *Message) plot(at geo.Point, network string, said Static) truce.Observation {
	p := &truce.Plot{Network: network, Means: truce.MeansSelf, Class: m.MMSI.kind(), Identities: m.identities(said)}
	if m.SpeedMps.Told && m.CourseDeg.Told {
		p.Motion = &truce.Motion{SpeedMps: m.SpeedMps.V, Course: geo.Degrees(m.CourseDeg.V)}
	}
	sigma := sigmaPlain
	switch {
	case m.Mode != "":
		sigma = sigmaEstimated
	case m.Accurate:
		sigma = sigmaAccurate
	}
	return truce.Observation{
		Kind: truce.KindPlot, Source: ID, Sensor: truce.SensorID(m.Station.clean()), Phenomenon: m.when(),
		Place: &geo.Position{Point: at, Error: geo.Isotropic(sigma)}, Plot: p, Signature: truce.SignatureNone,
	}
}

// identities are the names that a ship gives itself.
func (m *Message) identities(said Static) []truce.Identity {
	out := []truce.Identity{{Scheme: "mmsi", Value: m.MMSI.String()}}
	if said.IMO.Told {
		out = append(out, truce.Identity{Scheme: "imo", Value: strconv.Itoa(int(said.IMO.V))})
	}
	for _, one := range []struct {
		scheme string
		text   Text
	}{{"callsign", said.Callsign}, {"name", said.Name}} {
		if text := one.text.clean(); text != "" {
			out = append(out, truce.Identity{Scheme: one.scheme, Value: text})
		}
	}
	return out
}

// when is when the place was taken: the second that the message carries, of the minute in
// which it was received. Where the two clocks are further apart than maxSkew the reception
// stands, within a quarter of a minute.
func (m *Message) when() truce.PhenomenonTime {
	if !m.Second.Told {
		return truce.Moment(m.Time, 5*time.Second)
	}
	whole := m.Time - m.Time%1_000_000
	behind := (int(whole/1_000_000%60) - int(m.Second.V) + 60) % 60
	switch {
	case behind <= maxSkew:
	case behind >= 60-maxSkew:
		behind -= 60
	default:
		return truce.Moment(m.Time, 15*time.Second)
	}
	return truce.Moment(whole.Add(-time.Duration(behind)*time.Second), 300*time.Millisecond)
}
