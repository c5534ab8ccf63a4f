package cot

import (
	"io"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// ID is the source of every place read here.
const ID truce.SourceID = "cot"

// Info declares the source. Who shares a picture of a situation shares it with somebody, so it
// is not passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{
		ID:          ID,
		Title:       "Cursor on Target events of aircraft and ships",
		Family:      truce.FamilyTransponder,
		Licence:     "shared with the mission by those who send it; not passed on",
		Attribution: "senders of Cursor on Target",
	}
}

// Config says how a stream is read. The zero value reads any.
type Config struct {
	Options
	Network string      // whose plots are followed together, "" for the mission's only ones
	Bounds  *source.Box // places outside are quarantined; nil: none are
}

// Decode reads events and gives the place of each aircraft, ship and vehicle of the monitors to
// sink; damaged stretches are rejected. People, units and drawings make no observation: Truce
// follows none. The error is for a failure of r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	out := source.NewOut(file, sink)
	if err := cfg.Bounds.Validate(); err != nil {
		return err
	}
	return source.Each(out, NewReader(r, cfg.Options).Next, func(m *Message) error { return observe(m, cfg, out) })
}

// observe makes the observation of an event that tells of something that moves.
func observe(m *Message, cfg Config, out *source.Out) error {
	class, follows := classOf(m.Type)
	if !follows || !m.LatDeg.Told {
		return nil
	}
	at, err := source.Point(m.LatDeg.V, m.LonDeg.V)
	if err != nil {
		return out.Reject(0, m.raw, err.Error())
	}
	if !cfg.Bounds.Contains(at) {
		return out.Reject(0, m.raw, source.OutsideBounds)
	}
	place := &geo.Position{Point: at, Error: geo.Isotropic(plainSigma)}
	if m.RadiusM.V > 0 && m.RadiusM.V <= source.MaxSigma {
		place.Error = geo.Isotropic(geo.Metres(m.RadiusM.V))
	}
	return out.Observe(truce.Observation{
		ID:         truce.NewID(m.Time, string(truce.KindPlot), string(ID), m.raw),
		Kind:       truce.KindPlot,
		Source:     ID,
		Phenomenon: truce.PhenomenonTime{From: m.Time, To: m.Time, Sigma: clockSigma},
		Place:      place,
		Plot:       m.plot(class, cfg.Network),
		Signature:  truce.SignatureNone,
		Origin:     out.At(0),
		Hash:       truce.HashOf(m.raw),
	})
}

func (m *Message) plot(class, network string) *truce.Plot {
	p := &truce.Plot{Network: network, Means: truce.MeansFused, Class: class, Identities: []truce.Identity{{Scheme: "uid", Value: m.UID}}}
	if strings.HasPrefix(m.How, "m-g") { // by its own satellite navigation
		p.Means = truce.MeansSelf
	}
	if m.Detail.Callsign != "" {
		p.Identities = append(p.Identities, truce.Identity{Scheme: "callsign", Value: m.Detail.Callsign})
	}
	if m.HeightM.Told {
		p.Altitude = &truce.Altitude{Metres: geo.Metres(m.HeightM.V), Datum: truce.DatumEllipsoid, Sigma: geo.Metres(m.SpreadM.V)}
	}
	if m.Detail.SpeedMps.Told && m.Detail.CourseDeg.Told {
		course := m.Detail.CourseDeg.V
		if course >= 360 {
			course = 0
		}
		p.Motion = &truce.Motion{SpeedMps: m.Detail.SpeedMps.V, Course: geo.Degrees(course)}
	}
	return p
}

// classOf is what sort of thing moves by the type of an event (MIL-STD-2525: a, whose, where, what).
// Whose it is said to be is left out. False: it is none that Truce follows.
func classOf(kind string) (class string, follows bool) {
	parts := strings.Split(kind, "-")
	if len(parts) < 3 || parts[0] != "a" {
		return "", false
	}
	what := strings.Join(parts[3:], "-")
	switch parts[2] {
	case "A":
		switch {
		case under(what, "M-F-Q"), under(what, "M-H-Q"), under(what, "C-F-q"), under(what, "C-H-q"):
			return "uav", true
		case under(what, "M-H"), under(what, "C-H"):
			return "helicopter", true
		case under(what, "M-F"), under(what, "C-F"):
			return "fixed_wing", true
		}
		return "", true
	case "S":
		return "ship", true
	case "G":
		return "vehicle", parts[1] == "f" && under(what, "E-V")
	}
	return "", false
}
