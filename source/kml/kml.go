// Package kml reads and writes paths in KML 2.2 and 2.3: tracks with their times, and points
// and lines of placemarks that have a time, also packed as KMZ.
//
// It never follows a link, draws nothing, and makes up no time: what lies on a line between a
// beginning and an end was passed at some time between them, and that is what is said.
//
// Read Message for what is read, Reader for the way of a placemark, placemark.go, kmz.go,
// write.go and observe.go (plots).
package kml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// Message is one point of a path. What its file does not say is nil or zero.
type Message struct {
	Offset int64  `json:"offset"` // behind the first tag of its placemark
	Line   int    `json:"line"`   // of the placemark's end
	Path   int    `json:"path"`   // paths of the file, and points of the path, from 1
	Point  int    `json:"point"`
	Name   string `json:"name,omitempty"` // of the placemark
	Kind   Kind   `json:"kind"`

	Time   truce.Instant `json:"time,omitzero"` // its own
	From   truce.Instant `json:"from,omitzero"` // of the placemark: between which times; where both
	To     truce.Instant `json:"to,omitzero"`   // are one time, when
	LatDeg float64       `json:"lat_deg"`
	LonDeg float64       `json:"lon_deg"`
	AltM   *float64      `json:"alt_m,omitempty"`
	Datum  Datum         `json:"alt_above,omitempty"`
}

// Kind is what a path is in its file.
type Kind string

// The kinds of paths.
const (
	KindTrack Kind = "track" // gx:Track: each point has its time
	KindLine  Kind = "line"  // LineString
	KindPoint Kind = "point" // Point of a placemark
)

// Datum is what a height is measured from.
type Datum string

// The datums of heights; what is clamped to the ground has none.
const (
	DatumSea    Datum = "sea"
	DatumGround Datum = "ground"
)

// Options say how a file is read. There are none yet; the zero value reads any.
type Options struct{}

// Reader reads points one by one, and holds one placemark.
type Reader struct {
	src   io.Reader
	x     *bounded.XML
	begun bool
	mark  placemark
	paths int
	done  error
}

// NewReader reads from r, KML or KMZ.
func NewReader(r io.Reader, _ Options) *Reader { return &Reader{src: r} }

// Next reads the next point into m. io.EOF is the end; *source.Damage is a point that cannot be
// used, behind which reading goes on; any other error ends the file, which is broken there.
func (r *Reader) Next(m *Message) error {
	for {
		found, err := r.mark.next(m)
		if found || err != nil {
			return err
		}
		if r.done != nil {
			return r.done
		}
		if r.done = r.nextPlacemark(); r.done == io.EOF && !r.begun {
			r.done = truce.Errorf(truce.CodeInvalid, "the file holds no <kml>")
		}
		r.done = ending(r.done)
	}
}

// ending is the error that ends a file: what is wrong with the file is said with its line; a
// failure of the source is given as it is.
func ending(err error) error {
	var syntax *bounded.SyntaxError
	var limit *bounded.LimitError
	if errors.As(err, &syntax) || errors.As(err, &limit) || errors.Is(err, io.ErrUnexpectedEOF) || truce.CodeOf(err) == truce.CodeInvalid {
		return truce.Errorf(truce.CodeInvalid, "KML: %w; what stands before it was read", err)
	}
	return err
}

// nextPlacemark reads on to the end of the next placemark.
func (r *Reader) nextPlacemark() error {
	if r.x == nil {
		doc, err := open(r.src)
		if err != nil {
			return err
		}
		r.x = bounded.NewXML(doc, bounded.XMLLimits{Depth: maxDepth, Token: maxToken})
	}
	for {
		t, err := r.x.Token()
		if err != nil {
			return err
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		name := start.Name.Local
		if !r.begun {
			if r.begun = true; name != "kml" && name != "Document" && name != "Folder" && name != "Placemark" {
				return truce.Errorf(truce.CodeInvalid, "line %d: the root is <%.40s>, want <kml>", r.x.Line(), truce.CleanText(name))
			}
		}
		if name == "Placemark" {
			r.mark = placemark{before: r.paths}
			err := r.mark.read(r.x)
			r.paths += len(r.mark.paths)
			return err
		}
	}
}

// place reads longitude and latitude, and the height where there is one.
func place(fields []string) (p point) {
	if len(fields) < 2 || len(fields) > 3 {
		p.bad = fmt.Errorf("is %d numbers, want longitude, latitude and perhaps altitude", len(fields))
		return p
	}
	at, err := source.Place([]byte(fields[1]), []byte(fields[0]))
	p.lat, p.lon = float64(at.Lat), float64(at.Lon)
	if err == nil && len(fields) == 3 {
		p.alt, err = source.NumberIn("altitude", []byte(fields[2]), -source.MaxTrackAltitude, source.MaxTrackAltitude)
		p.high = err == nil
	}
	p.bad = err
	return p
}
