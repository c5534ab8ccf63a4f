package kml

import (
	"fmt"
	"io"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// ID is the source of every plot read here.
const ID truce.SourceID = "kml"

// Info declares the source. Whose paths they are nobody says: nothing may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{ID: ID, Title: "Tracks in KML", Family: truce.FamilyTransponder}
}

// plainSigma is the error of a place, one sigma on each axis, which KML cannot tell: that of a
// receiver without corrections is assumed.
const plainSigma geo.Metres = 10

// maxStretch is the longest time within which a point of a placemark may have been passed:
// what was somewhere on one day of a year helps nobody to follow it.
const maxStretch = 24 * time.Hour

// Config says how a file becomes plots. The zero value takes all.
type Config struct {
	Bounds  *source.Box // plots outside are quarantined; nil: none are
	Network string      // the sensors whose plots are followed together
	Class   string      // what moved, where the user knows it: vehicle, uav, ...
}

// Decode reads a file and gives each point that has a time to sink as a plot: points of
// tracks, points of placemarks with a time, and points of lines with a time span, each with the
// whole span. Others are quarantined. The error is for a file that is no KML or breaks off, or
// for a failure of r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	if err := cfg.Bounds.Validate(); err != nil {
		return err
	}
	out, in := source.NewOut(file, sink), NewReader(r, Options{})
	return source.Each(out, in.Next, func(m *Message) error { return m.observe(out, cfg) })
}

func (m *Message) observe(out *source.Out, cfg Config) error {
	at := geo.Point{Lat: geo.Degrees(m.LatDeg), Lon: geo.Degrees(m.LonDeg)}
	when, why := m.when()
	if why == "" && !cfg.Bounds.Contains(at) {
		why = source.OutsideBounds
	}
	raw := fmt.Appendf(nil, "%q, path %d, point %d: %s %s %s %.7f,%.7f", m.Name, m.Path, m.Point, m.Time, m.From, m.To, m.LatDeg, m.LonDeg)
	if why != "" {
		return out.Reject(m.Line, raw, why)
	}
	p := &truce.Plot{Network: cfg.Network, Means: truce.MeansSelf, Class: cfg.Class, Identities: []truce.Identity{{Scheme: "track", Value: m.trackName()}}}
	if m.AltM != nil {
		p.Altitude = &truce.Altitude{Metres: geo.Metres(*m.AltM), Datum: truce.DatumSea}
		if m.Datum == DatumGround {
			p.Altitude.Datum = truce.DatumGround
		}
	}
	return out.Observe(truce.Observation{
		ID: truce.NewID(when.From, string(truce.KindPlot), string(ID), raw), Kind: truce.KindPlot, Source: ID, Phenomenon: when,
		Place: &geo.Position{Point: at, Error: geo.Isotropic(plainSigma)}, Plot: p, Signature: truce.SignatureNone, Origin: out.At(m.Line), Hash: truce.HashOf(raw),
	})
}

// trackName is the name of the placemark, or the number of the path in the file.
func (m *Message) trackName() string {
	if m.Name != "" {
		return m.Name
	}
	return fmt.Sprintf("#%d", m.Path)
}

// when is the time of a point, or why it has none.
func (m *Message) when() (p truce.PhenomenonTime, why string) {
	switch {
	case m.Time != 0:
		return truce.Moment(m.Time, 500*time.Millisecond), ""
	case m.Kind == KindTrack || m.From == 0:
		return p, "the point has no time: without one it is a drawn line and no track"
	case m.Kind == KindLine && m.From == m.To:
		return p, "the line has one time for all its points: it does not say when each was passed; write a gx:Track"
	case m.To.Sub(m.From) > maxStretch:
		return p, "the point was passed at some time within more than a day: that is too wide to follow anything by"
	}
	return truce.PhenomenonTime{From: m.From, To: m.To}, ""
}
