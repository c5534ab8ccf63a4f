package capxml

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
)

// Decode reads a document whose root is an alert of CAP 1.2 or 1.1, and holds it against the
// standard. Elements that are unknown, out of order or too many are refused by name.
func Decode(document []byte) (Alert, error) {
	root, err := tree(document)
	if err != nil {
		return Alert{}, err
	}
	if root.name != "alert" || root.space != Namespace && root.space != Namespace11 {
		return Alert{}, truce.Errorf(truce.CodeInvalid, "cap: line %d: the root is %.40q of %.80q, want alert of %s", root.line, root.name, root.space, Namespace)
	}
	return readAlert(root)
}

// DecodeWithin reads every alert in a document of another kind, e.g. an EDXL envelope or a
// feed. One that does not hold against the standard fails the whole.
func DecodeWithin(document []byte) ([]Alert, error) {
	root, err := tree(document)
	if err != nil {
		return nil, err
	}
	var out []Alert
	for todo := []*node{root}; len(todo) > 0; {
		n := todo[0]
		todo = todo[1:]
		if n.name != "alert" || n.space != Namespace && n.space != Namespace11 {
			todo = append(slices.Clone(n.children), todo...)
			continue
		}
		a, err := readAlert(n)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// reader takes the children of an element in the order of the standard.
type reader struct {
	of    *node
	rest  []*node
	old   bool // CAP 1.1
	space string
	err   error
}

func read(n *node, space string) *reader {
	return &reader{of: n, rest: n.children, space: space, old: space == Namespace11}
}

func (r *reader) fail(n *node, format string, args ...any) {
	if r.err == nil {
		r.err = truce.Errorf(truce.CodeInvalid, "cap: line %d: %s: "+format, append([]any{n.line, n.name}, args...)...)
	}
}

// next takes the next child if it has the name.
func (r *reader) next(name string) *node {
	if r.err != nil || len(r.rest) == 0 || r.rest[0].name != name || r.rest[0].space != r.space {
		return nil
	}
	n := r.rest[0]
	r.rest = r.rest[1:]
	return n
}

// leaf is the trimmed text of an element that may hold nothing else.
func (r *reader) leaf(n *node) string {
	if len(n.children) > 0 {
		r.fail(n, "holds %.40q, want text", n.children[0].name)
	}
	return strings.TrimSpace(n.text.String())
}

func (r *reader) must(name string) string {
	n := r.next(name)
	if n == nil {
		r.fail(r.of, "%s is missing or out of place", name)
		return ""
	}
	text := r.leaf(n)
	if text == "" {
		r.fail(n, "is empty")
	}
	return text
}

func (r *reader) may(name string) string {
	if n := r.next(name); n != nil {
		return r.leaf(n)
	}
	return ""
}

func (r *reader) many(name string) []string {
	var out []string
	for n := r.next(name); n != nil; n = r.next(name) {
		out = append(out, r.leaf(n))
	}
	return out
}

// end refuses what is left.
func (r *reader) end() error {
	if len(r.rest) > 0 {
		r.fail(r.rest[0], "is unknown, out of place or once too many in %s", r.of.name)
	}
	return r.err
}

var timePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$`)
})

func (r *reader) instant(text, of string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || !r.old && !timePattern().MatchString(text) {
		r.fail(r.of, "%s %.60q: write e.g. 2026-04-12T12:00:04-00:00", of, text)
		return time.Time{}
	}
	return t.UTC()
}

func (r *reader) mayInstant(name string) time.Time {
	if text := r.may(name); text != "" {
		return r.instant(text, name)
	}
	return time.Time{}
}

func readAlert(n *node) (Alert, error) {
	r := read(n, n.space)
	a := Alert{Identifier: r.must("identifier"), Sender: r.must("sender")}
	a.Sent = r.instant(r.must("sent"), "sent")
	a.Status, a.MsgType = Status(r.must("status")), MsgType(r.must("msgType"))
	a.Source, a.Scope, a.Restriction = r.may("source"), Scope(r.must("scope")), r.may("restriction")
	a.Addresses, a.Codes, a.Note = splitQuoted(r.may("addresses")), r.many("code"), r.may("note")
	if refs := r.next("references"); refs != nil {
		a.References = r.references(refs)
	}
	a.Incidents = splitQuoted(r.may("incidents"))
	for info := r.next("info"); info != nil; info = r.next("info") {
		i, err := readInfo(info)
		if err != nil {
			return Alert{}, err
		}
		a.Infos = append(a.Infos, i)
	}
	for len(r.rest) > 0 && r.rest[0].name == "Signature" && r.rest[0].space == "http://www.w3.org/2000/09/xmldsig#" {
		a.Signed, r.rest = true, r.rest[1:]
	}
	if err := r.end(); err != nil {
		return Alert{}, err
	}
	return a, a.Validate()
}

func (r *reader) references(n *node) []Reference {
	var out []Reference
	for _, word := range strings.Fields(r.leaf(n)) {
		parts := strings.Split(word, ",")
		if len(parts) != 3 {
			r.fail(n, "%.80q is not sender,identifier,sent", word)
			return nil
		}
		out = append(out, Reference{parts[0], parts[1], r.instant(parts[2], "references")})
	}
	if len(out) == 0 {
		r.fail(n, "is empty: name an earlier message or leave it out")
	}
	return out
}

func readInfo(n *node) (Info, error) {
	r := read(n, n.space)
	i := Info{Language: r.may("language"), Categories: r.many("category"), Event: r.must("event"), Responses: r.many("responseType")}
	i.Urgency, i.Severity, i.Certainty = r.must("urgency"), r.must("severity"), r.must("certainty")
	i.Audience, i.EventCodes = r.may("audience"), r.values("eventCode")
	i.Effective, i.Onset, i.Expires = r.mayInstant("effective"), r.mayInstant("onset"), r.mayInstant("expires")
	i.SenderName, i.Headline, i.Description = r.may("senderName"), r.may("headline"), r.may("description")
	i.Instruction, i.Web, i.Contact, i.Parameters = r.may("instruction"), r.may("web"), r.may("contact"), r.values("parameter")
	for n := r.next("resource"); n != nil; n = r.next("resource") {
		i.Resources = append(i.Resources, r.resource(n))
	}
	for n := r.next("area"); n != nil; n = r.next("area") {
		i.Areas = append(i.Areas, r.area(n))
	}
	return i, r.end()
}

func (r *reader) values(name string) []Value {
	var out []Value
	for n := r.next(name); n != nil; n = r.next(name) {
		in := read(n, r.space)
		v := Value{Name: in.must("valueName")}
		if value := in.next("value"); value != nil {
			v.Value = in.leaf(value)
		} else {
			in.fail(n, "value is missing")
		}
		r.take(in)
		out = append(out, v)
	}
	return out
}

// take passes on what went wrong in a part.
func (r *reader) take(part *reader) {
	if err := part.end(); r.err == nil {
		r.err = err
	}
}

func (r *reader) resource(n *node) Resource {
	in := read(n, r.space)
	out := Resource{Description: in.must("resourceDesc")}
	if r.old {
		out.MediaType = in.may("mimeType")
	} else {
		out.MediaType = in.must("mimeType")
	}
	if size := in.may("size"); size != "" {
		bytes, err := strconv.ParseInt(size, 10, 64)
		if err != nil || bytes < 0 {
			in.fail(n, "size %.40q: write a number of bytes", size)
		}
		out.Size = bytes
	}
	out.URI, out.Data, out.Digest = in.may("uri"), in.may("derefUri"), in.may("digest")
	r.take(in)
	return out
}

func (r *reader) area(n *node) Area {
	in := read(n, r.space)
	a := Area{Description: in.must("areaDesc")}
	for p := in.next("polygon"); p != nil; p = in.next("polygon") {
		var points []Point
		for _, pair := range strings.Fields(in.leaf(p)) {
			if len(points) == maxPoints {
				in.fail(p, "more than %d points", maxPoints)
				break
			}
			points = append(points, in.point(p, pair))
		}
		a.Polygons = append(a.Polygons, points)
	}
	for c := in.next("circle"); c != nil; c = in.next("circle") {
		words := strings.Fields(in.leaf(c))
		if len(words) != 2 {
			in.fail(c, "%.60q is not latitude,longitude radius", in.leaf(c))
			break
		}
		a.Circles = append(a.Circles, Circle{in.point(c, words[0]), in.number(c, words[1])})
	}
	a.Geocodes, a.Altitude, a.Ceiling = in.values("geocode"), in.may("altitude"), in.may("ceiling")
	r.take(in)
	return a
}

func (r *reader) point(n *node, text string) Point {
	lat, lon, ok := strings.Cut(text, ",")
	if !ok {
		r.fail(n, "%.60q is not latitude,longitude", text)
		return Point{}
	}
	return Point{r.number(n, lat), r.number(n, lon)}
}

var decimalPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[-+]?(\d+\.?\d*|\.\d+)$`)
})

func (r *reader) number(n *node, text string) float64 {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !decimalPattern().MatchString(text) {
		r.fail(n, "%.60q is not a decimal number", text)
	}
	return x
}

// splitQuoted reads values with spaces between, of which some stand in quotes.
func splitQuoted(text string) []string {
	var out []string
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		var word string
		if rest, quoted := strings.CutPrefix(text, `"`); quoted {
			word, text, _ = strings.Cut(rest, `"`)
		} else if end := strings.IndexAny(text, " \t\r\n"); end >= 0 {
			word, text = text[:end], text[end:]
		} else {
			word, text = text, ""
		}
		if word != "" {
			out = append(out, word)
		}
	}
	return out
}
