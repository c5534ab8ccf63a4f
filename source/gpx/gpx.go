// Package gpx reads and writes the tracks of GPX files, versions 1.0 and 1.1: where a receiver
// was, and when.
//
// It never reads routes and waypoints, which say where somebody means to go, and makes up no
// time: a point without one stays without.
//
// Read Message for what is read, Reader for the way of a point, write.go and observe.go
// (plots).
package gpx

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// Message is one point of a track. What its file does not say is nil or zero.
type Message struct {
	Offset  int64  `json:"offset"` // behind the point's first tag
	Line    int    `json:"line"`
	Track   int    `json:"track"` // tracks, their segments and the points of these from 1
	Segment int    `json:"segment"`
	Point   int    `json:"point"`
	Name    string `json:"name,omitempty"` // of the track

	Time       truce.Instant `json:"time,omitzero"`
	LatDeg     float64       `json:"lat_deg"`
	LonDeg     float64       `json:"lon_deg"`
	EleM       *float64      `json:"ele_m,omitempty"` // above mean sea level
	SpeedMps   *float64      `json:"speed_mps,omitempty"`
	CourseDeg  *float64      `json:"course_deg,omitempty"`
	Fix        string        `json:"fix,omitempty"` // none, 2d, 3d, dgps or pps
	Satellites *int          `json:"satellites,omitempty"`
	HDOP       *float64      `json:"hdop,omitempty"`
}

// Options say how a file is read. There are none yet; the zero value reads any.
type Options struct{}

// Reader reads points one by one, and holds one.
type Reader struct {
	x                     *bounded.XML
	track, segment, point int
	name                  string
	begun                 bool
	open                  []string // names of the open elements
	done                  error
}

// NewReader reads from r.
func NewReader(r io.Reader, _ Options) *Reader {
	return &Reader{x: bounded.NewXML(r, bounded.XMLLimits{Depth: maxDepth, Token: maxToken})}
}

// Next reads the next point into m. io.EOF is the end; *source.Damage is a point that cannot be
// used, behind which reading goes on; any other error ends the file, which is broken there.
func (r *Reader) Next(m *Message) error {
	for r.done == nil {
		t, err := r.x.Token()
		if err != nil {
			if r.done = ending(err); err == io.EOF && !r.begun {
				r.done = truce.Errorf(truce.CodeInvalid, "GPX: the file holds no <gpx>")
			}
			break
		}
		switch t := t.(type) {
		case xml.EndElement:
			r.open = r.open[:len(r.open)-1]
		case xml.StartElement:
			found, err := r.element(t, m)
			var bad *source.Damage
			if err != nil && !errors.As(err, &bad) {
				r.done = ending(err)
			} else if found || err != nil {
				return err
			}
		}
	}
	return r.done
}

// ending is the error that ends a file: what is wrong with the file is said with its line; a
// failure of the source is given as it is.
func ending(err error) error {
	var syntax *bounded.SyntaxError
	var limit *bounded.LimitError
	if errors.As(err, &syntax) || errors.As(err, &limit) || errors.Is(err, io.ErrUnexpectedEOF) || truce.CodeOf(err) == truce.CodeInvalid {
		return truce.Errorf(truce.CodeInvalid, "GPX: %w; what stands before it was read", err)
	}
	return err
}

// element takes the element that was begun: a point is read whole.
func (r *Reader) element(t xml.StartElement, m *Message) (found bool, err error) {
	name := t.Name.Local
	if !r.begun {
		if r.begun = true; name != "gpx" {
			return false, truce.Errorf(truce.CodeInvalid, "line %d: the root is <%.40s>, want <gpx>", r.x.Line(), truce.CleanText(name))
		}
	}
	switch parent := r.parent(); {
	case name == "trk":
		r.track, r.segment, r.point, r.name = r.track+1, 0, 0, ""
	case name == "trkseg" && parent == "trk":
		r.segment, r.point = r.segment+1, 0
	case name == "name" && parent == "trk":
		text, err := r.x.Text()
		r.name = source.Cut(truce.CleanText(text), maxName)
		return false, err
	case name == "trkpt" && parent == "trkseg":
		r.point++
		return true, r.read(t, m)
	case name == "trkseg" || name == "wpt" || name == "rte" || name == "extensions" || name == "metadata":
		return false, r.x.Skip()
	}
	r.open = append(r.open, name)
	return false, nil
}

func (r *Reader) parent() string {
	if len(r.open) == 0 {
		return ""
	}
	return r.open[len(r.open)-1]
}

// read reads a point to its end.
func (r *Reader) read(t xml.StartElement, m *Message) error {
	*m = Message{Offset: r.x.Offset(), Line: r.x.Line(), Track: r.track, Segment: r.segment, Point: r.point, Name: r.name}
	bad := m.place(t)
	depth := r.x.Depth()
	for r.x.Depth() >= depth {
		t, err := r.x.Token()
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		start, ok := t.(xml.StartElement)
		if !ok || !read[start.Name.Local] {
			continue
		}
		text, err := r.x.Text()
		if err != nil {
			return err
		}
		if err := m.field(start.Name.Local, text); err != nil && bad == nil {
			bad = err
		}
	}
	if bad != nil {
		raw := fmt.Appendf(nil, "line %d, track %d, segment %d, point %d", m.Line, m.Track, m.Segment, m.Point)
		return source.Damaged(m.Offset, r.x.Offset()-m.Offset, raw, "line %d: point %d of track %d: %v", m.Line, m.Point, m.Track, bad)
	}
	return nil
}

// place reads the attributes lat and lon.
func (m *Message) place(t xml.StartElement) error {
	var lat, lon []byte
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "lat":
			lat = []byte(strings.TrimSpace(a.Value))
		case "lon":
			lon = []byte(strings.TrimSpace(a.Value))
		}
	}
	at, err := source.Place(lat, lon)
	m.LatDeg, m.LonDeg = float64(at.Lat), float64(at.Lon)
	return err
}

// read are the elements of a point that are read, those of extensions among them.
var read = map[string]bool{"time": true, "ele": true, "speed": true, "course": true, "fix": true, "sat": true, "hdop": true}

// field reads one element of a point.
func (m *Message) field(name, text string) (err error) {
	switch name {
	case "time":
		var span source.Span
		if span, err = source.Time(text, nil); err == nil && span.To != span.From {
			err = fmt.Errorf("is %.40q, which is no moment", text)
		}
		m.Time = span.From
	case "ele":
		m.EleM, err = number(text, -source.MaxTrackAltitude, source.MaxTrackAltitude)
	case "speed":
		m.SpeedMps, err = number(text, 0, maxSpeed)
	case "course":
		m.CourseDeg, err = number(text, 0, 360)
	case "hdop":
		m.HDOP, err = number(text, 0, maxHDOP)
	case "sat":
		var n *float64
		if n, err = number(text, 0, maxSatellites); err == nil {
			whole := int(*n)
			m.Satellites = &whole
		}
	case "fix":
		switch text {
		case "none", "2d", "3d", "dgps", "pps":
			m.Fix = text
		default:
			err = fmt.Errorf("is %.40q, want none, 2d, 3d, dgps or pps", text)
		}
	}
	if err != nil {
		return fmt.Errorf("%s %w", name, err)
	}
	return nil
}

func number(text string, low, high float64) (*float64, error) {
	v, err := source.Number([]byte(text))
	if err == nil && (v < low || v > high) {
		err = fmt.Errorf("is %.40q, want %v to %v", text, low, high)
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}
