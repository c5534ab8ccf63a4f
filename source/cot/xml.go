package cot

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// parse reads one event of XML. Elements and attributes that are not known are passed over.
func (m *Message) parse(raw []byte) error {
	p := parser{m: m, in: xml.NewDecoder(bytes.NewReader(raw)), raw: raw}
	if err := p.run(); err != nil {
		return err
	}
	if !p.point {
		return wrong("an event without point")
	}
	return nil
}

// parser is the way through an event.
type parser struct {
	m        *Message
	in       *xml.Decoder
	raw      []byte
	path     []string
	elements int
	detail   int64 // where the inside of the detail begins; 0: not yet
	point    bool
	remarks  strings.Builder
}

func (p *parser) run() error {
	for {
		at := p.in.InputOffset()
		token, err := p.in.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return wrong("is not well formed: %s", strings.TrimPrefix(err.Error(), "XML syntax error on "))
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := p.start(t); err != nil {
				return err
			}
		case xml.EndElement:
			p.end(at)
		case xml.CharData:
			if p.within("event", "detail", "remarks") && p.remarks.Len() < MaxField {
				p.remarks.Write(t)
			}
		case xml.Directive:
			return wrong("a document type or another directive within an event")
		}
	}
}

// within says whether the way from the root is this.
func (p *parser) within(path ...string) bool {
	if len(p.path) != len(path) {
		return false
	}
	for n, name := range path {
		if p.path[n] != name {
			return false
		}
	}
	return true
}

func (p *parser) start(t xml.StartElement) error {
	if p.elements++; p.elements > MaxElements {
		return wrong("more than %d elements", MaxElements)
	}
	if len(p.path) == MaxDepth {
		return wrong("elements nested deeper than %d", MaxDepth)
	}
	if len(t.Attr) > MaxAttributes {
		return wrong("more than %d attributes of <%.40s>", MaxAttributes, t.Name.Local)
	}
	for n, a := range t.Attr {
		for _, b := range t.Attr[:n] {
			if a.Name == b.Name {
				return wrong("two attributes %.40q of <%.40s>", a.Name.Local, t.Name.Local)
			}
		}
	}
	p.path = append(p.path, t.Name.Local)
	switch {
	case p.within("event"):
		return p.m.event(t.Attr)
	case p.within("event", "point"):
		if p.point {
			return wrong("two points")
		}
		p.point = true
		return p.m.point(t.Attr)
	case p.within("event", "detail"):
		p.detail = p.in.InputOffset()
	case len(p.path) == 3 && p.path[1] == "detail":
		p.m.Detail.element(t)
	}
	return nil
}

func (p *parser) end(at int64) {
	switch {
	case p.within("event", "detail") && at >= p.detail:
		p.m.Detail.XML = strings.TrimSpace(string(p.raw[p.detail:at]))
	case p.within("event", "detail", "remarks"):
		p.m.Detail.Remarks = kept(p.remarks.String())
	}
	p.path = p.path[:len(p.path)-1]
}

func (m *Message) event(attributes []xml.Attr) (err error) {
	for _, a := range attributes {
		switch a.Name.Local {
		case "uid":
			m.UID = kept(a.Value)
		case "type":
			m.Type = a.Value
		case "how":
			m.How = kept(a.Value)
		case "access":
			m.Access = kept(a.Value)
		case "time":
			m.Time, err = instant(a.Value)
		case "start":
			m.Start, err = instant(a.Value)
		case "stale":
			m.Stale, err = instant(a.Value)
		}
		if err != nil {
			return wrong("%s %w", a.Name.Local, err)
		}
	}
	return nil
}

// instant reads a time with its zone.
func instant(text string) (truce.Instant, error) {
	at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(text))
	if err != nil || at.Year() < source.MinYear || at.Year() > source.MaxYear {
		return 0, fmt.Errorf("is %s, want a time such as 2026-04-11T16:00:00Z, of %d to %d", source.Shown([]byte(text)), source.MinYear, source.MaxYear)
	}
	return truce.InstantOf(at), nil
}

func (m *Message) point(attributes []xml.Attr) error {
	for _, a := range attributes {
		into := map[string]*source.Value{"lat": &m.LatDeg, "lon": &m.LonDeg, "hae": &m.HeightM, "ce": &m.RadiusM, "le": &m.SpreadM}[a.Name.Local]
		if into == nil {
			continue
		}
		x, err := source.Number([]byte(strings.TrimSpace(a.Value)))
		if err == nil {
			*into = source.Told(x)
		} else if a.Name.Local == "lat" || a.Name.Local == "lon" {
			return wrong("%s %w", a.Name.Local, err)
		}
	}
	if !m.LatDeg.Told || !m.LonDeg.Told {
		return wrong("a point without latitude or longitude")
	}
	return nil
}

// element reads what stands directly in the detail.
func (d *Detail) element(t xml.StartElement) {
	get := func(name string) string {
		for _, a := range t.Attr {
			if a.Name.Local == name {
				return kept(a.Value)
			}
		}
		return ""
	}
	number := func(name string) source.Value {
		x, err := source.Number([]byte(get(name)))
		if err != nil {
			return source.Value{}
		}
		return source.Told(x)
	}
	switch t.Name.Local {
	case "contact":
		d.Callsign, d.Endpoint = get("callsign"), get("endpoint")
	case "__group":
		d.Team, d.Role = get("name"), get("role")
	case "track":
		d.SpeedMps, d.CourseDeg = number("speed"), number("course")
	case "status":
		d.Battery = number("battery")
	case "precisionlocation":
		d.PlaceSource, d.HeightSource = get("geopointsrc"), get("altsrc")
	case "takv":
		d.Device, d.Platform, d.OS, d.Version = get("device"), get("platform"), get("os"), get("version")
	case "link":
		if len(d.Links) < MaxLinks {
			d.Links = append(d.Links, Link{UID: get("uid"), Type: get("type"), Relation: get("relation"), Callsign: get("callsign"), Point: get("point")})
		}
	}
}
