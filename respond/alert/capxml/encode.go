package capxml

import (
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

// Encode writes an alert as a CAP 1.2 document in UTF-8. The same alert is the same bytes.
// An alert that does not hold against the standard is refused.
func Encode(a Alert) ([]byte, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	w := &writer{}
	w.text.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<alert xmlns="` + Namespace + `">` + "\n")
	w.must("identifier", a.Identifier)
	w.must("sender", a.Sender)
	w.must("sent", instant(a.Sent))
	w.must("status", string(a.Status))
	w.must("msgType", string(a.MsgType))
	w.may("source", a.Source)
	w.must("scope", string(a.Scope))
	w.may("restriction", a.Restriction)
	w.may("addresses", joinQuoted(a.Addresses))
	for _, code := range a.Codes {
		w.must("code", code)
	}
	w.may("note", a.Note)
	var refs []string
	for _, r := range a.References {
		refs = append(refs, r.Sender+","+r.Identifier+","+instant(r.Sent))
	}
	w.may("references", strings.Join(refs, " "))
	w.may("incidents", joinQuoted(a.Incidents))
	for _, i := range a.Infos {
		w.within("info", func() { w.info(i) })
	}
	w.text.WriteString("</alert>\n")
	return []byte(w.text.String()), nil
}

// joinQuoted lists values with spaces between; one that holds a space stands in quotes.
func joinQuoted(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		if out[i] = v; strings.ContainsAny(v, " \t\r\n") {
			out[i] = `"` + v + `"`
		}
	}
	return strings.Join(out, " ")
}

type writer struct {
	text   strings.Builder
	indent int
}

func (w *writer) must(name, value string) {
	w.text.WriteString(strings.Repeat("  ", w.indent+1) + "<" + name + ">")
	_ = xml.EscapeText(&w.text, []byte(value)) // a Builder takes everything
	w.text.WriteString("</" + name + ">\n")
}

func (w *writer) may(name, value string) {
	if value != "" {
		w.must(name, value)
	}
}

func (w *writer) at(name string, t time.Time) {
	if !t.IsZero() {
		w.must(name, instant(t))
	}
}

func (w *writer) within(name string, fill func()) {
	pad := strings.Repeat("  ", w.indent+1)
	w.text.WriteString(pad + "<" + name + ">\n")
	w.indent++
	fill()
	w.indent--
	w.text.WriteString(pad + "</" + name + ">\n")
}

func (w *writer) info(i Info) {
	w.may("language", i.Language)
	for _, c := range i.Categories {
		w.must("category", c)
	}
	w.must("event", i.Event)
	for _, r := range i.Responses {
		w.must("responseType", r)
	}
	w.must("urgency", i.Urgency)
	w.must("severity", i.Severity)
	w.must("certainty", i.Certainty)
	w.may("audience", i.Audience)
	w.values("eventCode", i.EventCodes)
	w.at("effective", i.Effective)
	w.at("onset", i.Onset)
	w.at("expires", i.Expires)
	w.may("senderName", i.SenderName)
	w.may("headline", i.Headline)
	w.may("description", i.Description)
	w.may("instruction", i.Instruction)
	w.may("web", i.Web)
	w.may("contact", i.Contact)
	w.values("parameter", i.Parameters)
	for _, r := range i.Resources {
		w.within("resource", func() { w.resource(r) })
	}
	for _, a := range i.Areas {
		w.within("area", func() { w.area(a) })
	}
}

func (w *writer) values(name string, values []Value) {
	for _, v := range values {
		w.within(name, func() {
			w.must("valueName", v.Name)
			w.must("value", v.Value)
		})
	}
}

func (w *writer) resource(r Resource) {
	w.must("resourceDesc", r.Description)
	w.must("mimeType", r.MediaType)
	if r.Size > 0 {
		w.must("size", strconv.FormatInt(r.Size, 10))
	}
	w.may("uri", r.URI)
	w.may("derefUri", r.Data)
	w.may("digest", r.Digest)
}

func (w *writer) area(a Area) {
	w.must("areaDesc", a.Description)
	for _, polygon := range a.Polygons {
		points := make([]string, len(polygon))
		for i, p := range polygon {
			points[i] = p.text()
		}
		w.must("polygon", strings.Join(points, " "))
	}
	for _, c := range a.Circles {
		w.must("circle", c.Centre.text()+" "+decimal(c.RadiusKm))
	}
	w.values("geocode", a.Geocodes)
	w.may("altitude", a.Altitude)
	w.may("ceiling", a.Ceiling)
}

func (p Point) text() string { return decimal(p.Lat) + "," + decimal(p.Lon) }

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
