package kml

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// point is one place of a path. A point that cannot be used says why.
type point struct {
	lat, lon, alt float64
	high          bool // it has a height
	empty         bool // a place that the track leaves out
	bad           error
}

// path is one geometry of a placemark.
type path struct {
	kind   Kind
	times  []truce.Instant // of a track, 0 where one is left out
	broken map[int]error   // times that cannot be read
	points []point
	datum  Datum
}

// placemark is what is read of one, and how far it was given.
type placemark struct {
	name     string
	from, to truce.Instant
	wrong    error // its time cannot be read
	paths    []path
	offset   int64
	length   int64 // bytes to its end
	line     int
	before   int // paths of the file before it
	points   int // of all paths, against the bound
	at, in   int // next path, and point of it
}

// read reads a placemark whose tag was begun, to its end or as far as it can be read.
func (p *placemark) read(x *bounded.XML) error {
	p.offset = x.Offset()
	err := p.elements(x)
	p.line, p.length = x.Line(), x.Offset()-p.offset
	return err
}

func (p *placemark) elements(x *bounded.XML) error {
	depth := x.Depth()
	for x.Depth() >= depth {
		t, err := x.Token()
		if err != nil {
			return within(err)
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch name := start.Name.Local; {
		case name == "name" && x.Depth() == depth+1:
			var text string
			text, err = x.Text()
			p.name = source.Cut(truce.CleanText(text), maxName)
		case name == "TimeStamp", name == "TimeSpan":
			err = p.readTime(x)
		case name == "Track":
			err = p.readTrack(x)
		case name == "LineString":
			err = p.readLine(x, KindLine)
		case name == "Point":
			err = p.readLine(x, KindPoint)
		case name == "description", name == "ExtendedData", name == "Style", name == "LookAt", name == "Camera", name == "Polygon", name == "Model":
			err = x.Skip()
		}
		if err != nil {
			return within(err)
		}
	}
	return nil
}

func within(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readTime reads TimeStamp or TimeSpan. A span that is open at an end is none.
func (p *placemark) readTime(x *bounded.XML) error {
	var begin, end source.Span
	var have int
	return each(x, func(name string) error {
		if name != "when" && name != "begin" && name != "end" {
			return x.Skip()
		}
		text, err := x.Text()
		if err != nil {
			return err
		}
		span, bad := when(text)
		if bad != nil {
			p.wrong = fmt.Errorf("%s %w", name, bad)
			return nil
		}
		switch name {
		case "when":
			p.from, p.to = span.From, span.To
		case "begin":
			begin, have = span, have|1
		case "end":
			end, have = span, have|2
		}
		if have == 3 {
			if end.To < begin.From {
				p.wrong = fmt.Errorf("the time span ends before it begins")
				return nil
			}
			p.from, p.to = begin.From, end.To
		}
		return nil
	})
}

// readTrack reads gx:Track: its times and its places stand in two rows.
func (p *placemark) readTrack(x *bounded.XML) error {
	t := path{kind: KindTrack}
	err := each(x, func(name string) error {
		if name != "when" && name != "coord" && name != "altitudeMode" {
			return x.Skip()
		}
		text, err := x.Text()
		switch {
		case err != nil:
			return err
		case name == "altitudeMode":
			t.datum = datum(text)
		case name == "when":
			return p.addTime(&t, text)
		case text == "":
			return p.add(&t, point{empty: true})
		default:
			return p.add(&t, place(strings.Fields(text)))
		}
		return nil
	})
	p.paths = append(p.paths, t)
	return err
}

func (p *placemark) addTime(t *path, text string) error {
	if len(t.times) >= maxPoints {
		return tooMany()
	}
	var span source.Span
	if text != "" {
		var bad error
		if span, bad = when(text); bad == nil && span.From != span.To {
			bad = fmt.Errorf("is %.40q, which is no moment", text)
		}
		if bad != nil {
			if t.broken == nil {
				t.broken = map[int]error{}
			}
			t.broken[len(t.times)] = fmt.Errorf("when %w", bad)
			span = source.Span{}
		}
	}
	t.times = append(t.times, span.From)
	return nil
}

// readLine reads the coordinates of a line or a point.
func (p *placemark) readLine(x *bounded.XML, kind Kind) error {
	t := path{kind: kind}
	err := each(x, func(name string) error {
		if name != "coordinates" && name != "altitudeMode" {
			return x.Skip()
		}
		text, err := x.Text()
		if err != nil {
			return err
		}
		if name == "altitudeMode" {
			t.datum = datum(text)
			return nil
		}
		for one := range strings.FieldsSeq(text) {
			if err := p.add(&t, place(strings.Split(one, ","))); err != nil {
				return err
			}
		}
		return nil
	})
	p.paths = append(p.paths, t)
	return err
}

func (p *placemark) add(t *path, one point) error {
	if p.points++; p.points > maxPoints {
		return tooMany()
	}
	t.points = append(t.points, one)
	return nil
}

func tooMany() error {
	return truce.Errorf(truce.CodeInvalid, "a placemark has more than %d points", maxPoints)
}

// each calls visit for the elements in the one that was begun, which must take each whole.
func each(x *bounded.XML, visit func(name string) error) error {
	for depth := x.Depth(); x.Depth() >= depth; {
		t, err := x.Token()
		if err != nil {
			return within(err)
		}
		if start, ok := t.(xml.StartElement); ok {
			if err := visit(start.Name.Local); err != nil {
				return err
			}
		}
	}
	return nil
}

// datum is what an altitude mode measures heights from; clamped to the ground means none.
func datum(mode string) Datum {
	switch mode {
	case "absolute":
		return DatumSea
	case "relativeToGround":
		return DatumGround
	}
	return ""
}

// when reads a time of KML: a moment, or a day, a month or a year as a stretch.
func when(text string) (source.Span, error) {
	for _, form := range []struct {
		layout string
		years  int
		months int
	}{{"2006-01", 0, 1}, {"2006", 1, 0}} {
		if t, err := time.Parse(form.layout, text); err == nil && t.Year() >= source.MinYear && t.Year() <= source.MaxYear {
			return source.Span{From: truce.InstantOf(t), To: truce.InstantOf(t.AddDate(form.years, form.months, 0))}, nil
		}
	}
	return source.Time(text, nil)
}

// next gives the next point; found is false when there is none left.
func (p *placemark) next(m *Message) (found bool, err error) {
	for ; p.at < len(p.paths); p.at, p.in = p.at+1, 0 {
		t := &p.paths[p.at]
		for p.in < len(t.points) {
			i := p.in
			if p.in++; !t.points[i].empty {
				return true, p.give(m, t, i)
			}
		}
		if n := len(t.times); t.kind == KindTrack && p.in == len(t.points) && n != len(t.points) {
			p.in++
			return true, p.damage("path %d has %d times and %d places: the last ones of either belong to nothing", p.before+p.at+1, n, len(t.points))
		}
	}
	return false, nil
}

// give gives a point of a path.
func (p *placemark) give(m *Message, t *path, i int) error {
	one := t.points[i]
	*m = Message{
		Offset: p.offset, Line: p.line, Path: p.before + p.at + 1, Point: i + 1, Name: p.name, Kind: t.kind, From: p.from, To: p.to,
		LatDeg: one.lat, LonDeg: one.lon,
	}
	if one.high && t.datum != "" {
		m.AltM, m.Datum = &one.alt, t.datum
	}
	bad := one.bad
	if t.kind == KindTrack {
		m.From, m.To = 0, 0
		if i < len(t.times) {
			m.Time = t.times[i]
		}
		if bad == nil {
			bad = t.broken[i]
		}
	} else if bad == nil {
		bad = p.wrong
	}
	if bad != nil {
		return p.damage("point %d of path %d: %w", i+1, m.Path, bad)
	}
	return nil
}

func (p *placemark) damage(format string, args ...any) error {
	raw := fmt.Appendf(nil, "placemark %q ending in line %d", p.name, p.line)
	return source.Damaged(p.offset, p.length, raw, "%s", fmt.Errorf("line %d: "+format, append([]any{p.line}, args...)...).Error())
}
