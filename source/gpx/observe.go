package gpx

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// ID is the source of every plot read here.
const ID truce.SourceID = "gpx"

// Info declares the source. Whose receiver it was nobody says: nothing may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{ID: ID, Title: "Tracks of navigation receivers (GPX)", Family: truce.FamilyTransponder}
}

// The error of a place, one sigma on each axis: the receiver's range error of some 5 m times
// its HDOP (Kaplan and Hegarty, Understanding GPS, 2006, 7.3), shared by two axes, or 10 m
// where no HDOP is told. Both are assumed of a receiver without corrections.
const (
	rangeError            = 5.
	plainSigma geo.Metres = 10
	leastSigma            = 1.
)

// Config says how a file becomes plots. The zero value takes all.
type Config struct {
	Bounds  *source.Box // plots outside are quarantined; nil: none are
	Network string      // the sensors whose plots are followed together
	Class   string      // what moved, where the user knows it: vehicle, uav, ...
}

// Decode reads a file and gives each point of its tracks to sink as a plot. A point without a
// time, or whose receiver had no fix, is quarantined. The error is for a file that is no GPX or
// breaks off, or for a failure of r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	if err := cfg.Bounds.Validate(); err != nil {
		return err
	}
	out, in := source.NewOut(file, sink), NewReader(r, Options{})
	return source.Each(out, in.Next, func(m *Message) error { return m.observe(out, cfg) })
}

func (m *Message) observe(out *source.Out, cfg Config) error {
	at := geo.Point{Lat: geo.Degrees(m.LatDeg), Lon: geo.Degrees(m.LonDeg)}
	raw := fmt.Appendf(nil, "track %d %q, segment %d, point %d: %s %.7f,%.7f", m.Track, m.Name, m.Segment, m.Point, m.Time, m.LatDeg, m.LonDeg)
	switch {
	case m.Time == 0:
		return out.Reject(m.Line, raw, "the point has no time: without one it is a drawn line and no track")
	case m.Fix == "none":
		return out.Reject(m.Line, raw, "the receiver had no fix: the place is none that was measured")
	case !cfg.Bounds.Contains(at):
		return out.Reject(m.Line, raw, source.OutsideBounds)
	}
	p := &truce.Plot{Network: cfg.Network, Means: truce.MeansSelf, Class: cfg.Class, Fix: m.fix(), Identities: []truce.Identity{{Scheme: "track", Value: m.trackName()}}}
	if m.EleM != nil {
		p.Altitude = &truce.Altitude{Metres: geo.Metres(*m.EleM), Datum: truce.DatumSea}
	}
	if m.SpeedMps != nil && m.CourseDeg != nil {
		p.Motion = &truce.Motion{SpeedMps: *m.SpeedMps, Course: geo.Degrees(math.Mod(*m.CourseDeg, 360))}
	}
	return out.Observe(truce.Observation{
		ID: truce.NewID(m.Time, string(truce.KindPlot), string(ID), raw), Kind: truce.KindPlot, Source: ID, Phenomenon: truce.Moment(m.Time, 500*time.Millisecond),
		Place: &geo.Position{Point: at, Error: geo.Isotropic(m.sigma())}, Plot: p, Signature: truce.SignatureNone, Origin: out.At(m.Line), Hash: truce.HashOf(raw),
	})
}

// trackName is the name of the track, or its number in the file.
func (m *Message) trackName() string {
	if m.Name != "" {
		return m.Name
	}
	return fmt.Sprintf("#%d", m.Track)
}

func (m *Message) sigma() geo.Metres {
	if m.HDOP == nil || *m.HDOP == 0 {
		return plainSigma
	}
	return geo.Metres(max(*m.HDOP*rangeError/math.Sqrt2, leastSigma))
}

// fix is what the receiver says of its fix, nil where it says nothing.
func (m *Message) fix() *truce.Fix {
	kinds := map[string]truce.FixKind{"2d": truce.FixTwo, "3d": truce.FixThree, "dgps": truce.FixBetter, "pps": truce.FixThree}
	if m.Fix == "" {
		return nil
	}
	f := &truce.Fix{Kind: kinds[m.Fix]}
	if m.Satellites != nil {
		f.Satellites = *m.Satellites
	}
	if m.HDOP != nil {
		f.HDOP = *m.HDOP
	}
	return f
}
