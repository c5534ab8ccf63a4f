package locating

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// What QuakeML-BED-1.2 asks of the elements that are written here, learnt from its RELAX NG
// grammar and XSD, which agree but for one thing: the XSD lets a child stand there any number of
// times, the grammar as often as it says. Children may come in any order.
const (
	once    = 1 // exactly
	perhaps = 2 // at most once
	many    = 3
)

type child struct {
	times int
	kind  string // of a leaf; "" when it has children of its own
}

var quakemlChildren = map[string]map[string]child{
	"quakeml":         {"eventParameters": {perhaps, ""}},
	"eventParameters": {"event": {many, ""}},
	"event":           {"preferredOriginID": {perhaps, "id"}, "pick": {many, ""}, "origin": {many, ""}},
	"pick": {"time": {once, ""}, "waveformID": {once, "id"}, "backazimuth": {perhaps, ""}, "phaseHint": {perhaps, "phase"},
		"evaluationMode": {perhaps, "mode"}},
	"origin": {"time": {once, ""}, "longitude": {once, ""}, "latitude": {once, ""}, "depth": {perhaps, ""}, "methodID": {perhaps, "id"}, "quality": {perhaps, ""},
		"originUncertainty": {many, ""}, "arrival": {many, ""}, "evaluationMode": {perhaps, "mode"}, "evaluationStatus": {perhaps, "status"}},
	"arrival": {"pickID": {once, "id"}, "phase": {once, "phase"}, "azimuth": {perhaps, "double"}, "distance": {perhaps, "double"}, "timeResidual": {perhaps, "double"}},
	"quality": {"usedPhaseCount": {perhaps, "integer"}, "usedStationCount": {perhaps, "integer"}, "standardError": {perhaps, "double"}, "azimuthalGap": {perhaps, "double"}},
	"originUncertainty": {"minHorizontalUncertainty": {perhaps, "double"}, "maxHorizontalUncertainty": {perhaps, "double"}, "azimuthMaxHorizontalUncertainty": {perhaps, "double"},
		"preferredDescription": {perhaps, "description"}, "confidenceLevel": {perhaps, "double"}},
	"time":        {"value": {once, "dateTime"}, "uncertainty": {perhaps, "double"}},
	"latitude":    {"value": {once, "double"}, "uncertainty": {perhaps, "double"}},
	"longitude":   {"value": {once, "double"}, "uncertainty": {perhaps, "double"}},
	"depth":       {"value": {once, "double"}, "uncertainty": {perhaps, "double"}},
	"backazimuth": {"value": {once, "double"}, "uncertainty": {perhaps, "double"}},
}

// quakemlAttributes are those that an element must have; besides them none is written.
var quakemlAttributes = map[string][]string{
	"eventParameters": {"publicID"}, "event": {"publicID"}, "pick": {"publicID"}, "origin": {"publicID"}, "arrival": {"publicID"},
	"waveformID": {"networkCode", "stationCode"},
}

var double = regexp.MustCompile(`^(-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN)$`)

// leafFault says what is wrong with the text of a leaf; "" when nothing is.
func leafFault(kind, text string) string {
	good := true
	switch kind {
	case "id":
		good = identifier.MatchString(text)
	case "double":
		good = double.MatchString(text)
	case "integer":
		_, err := strconv.Atoi(text)
		good = err == nil
	case "dateTime":
		_, err := time.Parse(time.RFC3339Nano, text)
		good = err == nil
	case "phase":
		good = text != "" && len([]rune(text)) <= 32
	case "mode":
		good = slices.Contains([]string{"manual", "automatic"}, text)
	case "status":
		good = slices.Contains([]string{"preliminary", "confirmed", "reviewed", "final", "rejected"}, text)
	case "description":
		good = slices.Contains([]string{"horizontal uncertainty", "uncertainty ellipse", "confidence ellipsoid"}, text)
	}
	if good {
		return ""
	}
	return fmt.Sprintf("%q is no %s", text, kind)
}

// element is a document read without any type.
type element struct {
	name     xml.Name
	attrs    []xml.Attr
	text     string
	children []*element
}

func readElement(d *xml.Decoder, start xml.StartElement) (*element, error) {
	e := &element{name: start.Name, attrs: start.Attr}
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			c, err := readElement(d, token)
			if err != nil {
				return nil, err
			}
			e.children = append(e.children, c)
		case xml.CharData:
			e.text += string(token)
		case xml.EndElement:
			return e, nil
		}
	}
}

// schemaFaults are what the schema would refuse.
func schemaFaults(text []byte) (faults []string) {
	d := xml.NewDecoder(strings.NewReader(string(text)))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return append(faults, "no root")
		}
		if err != nil {
			return []string{err.Error()}
		}
		if start, ok := token.(xml.StartElement); ok {
			root, err := readElement(d, start)
			if err != nil {
				return []string{err.Error()}
			}
			if root.name != (xml.Name{Space: quakemlSpace, Local: "quakeml"}) {
				faults = append(faults, fmt.Sprintf("the root is %v", root.name))
			}
			return append(faults, root.faults("")...)
		}
	}
}

func (e *element) faults(kind string) (out []string) {
	say := func(format string, args ...any) {
		out = append(out, e.name.Local+": "+fmt.Sprintf(format, args...))
	}
	out = append(out, e.attributeFaults()...)
	if kind != "" {
		if fault := leafFault(kind, e.text); fault != "" || len(e.children) > 0 {
			say("%s, %d children", fault, len(e.children))
		}
		return out
	}
	if strings.TrimSpace(e.text) != "" {
		say("has text %q", e.text)
	}
	allowed, counts := quakemlChildren[e.name.Local], map[string]int{}
	for _, c := range e.children {
		rule, known := allowed[c.name.Local]
		if !known || c.name.Space != bedSpace {
			say("may not have %v", c.name)
			continue
		}
		counts[c.name.Local]++
		out = append(out, c.faults(rule.kind)...)
	}
	for name, rule := range allowed {
		if n := counts[name]; rule.times == once && n != 1 || rule.times == perhaps && n > 1 {
			say("has %d of %s", n, name)
		}
	}
	return out
}

func (e *element) attributeFaults() (out []string) {
	wanted := quakemlAttributes[e.name.Local]
	for _, name := range wanted {
		if !slices.ContainsFunc(e.attrs, func(a xml.Attr) bool { return a.Name.Local == name }) {
			out = append(out, e.name.Local+": no "+name)
		}
	}
	for _, a := range e.attrs {
		switch {
		case a.Name.Space == "xmlns" || a.Name.Local == "xmlns":
		case a.Name.Space != "" || !slices.Contains(wanted, a.Name.Local):
			out = append(out, fmt.Sprintf("%s: may not have the attribute %v", e.name.Local, a.Name))
		case a.Name.Local == "publicID" && !identifier.MatchString(a.Value):
			out = append(out, e.name.Local+": publicID "+a.Value)
		case strings.HasSuffix(a.Name.Local, "Code") && len([]rune(a.Value)) > 8:
			out = append(out, e.name.Local+": "+a.Name.Local+" is longer than 8 letters")
		}
	}
	return out
}

// TestQuakeMLKeepsToTheSchema: with arrays, depths, odd names, errors that are none, and without
// any event.
func TestQuakeMLKeepsToTheSchema(t *testing.T) {
	result, list := twoEvents()
	list[1].AzimuthSigma, list[1].Azimuth, list[1].Sigma = 3, 271, .4
	result.Events[0].TimeSigma, result.Events[1].DepthSigma = math.Inf(1), geo.Metres(math.Inf(1))
	ears := twoEars()
	for name, field := range map[string]*Field{
		"as it comes": {ears, list},
		"odd names":   {[]locate.Sensor{{ID: "." + strings.Repeat("ї", 90), At: ears[0].At}, {ID: " a\tb.c'()*", At: ears[1].At}}, list},
	} {
		text, err := QuakeML(field, result)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range schemaFaults(text) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	text, err := QuakeML(&Field{Sensors: ears}, &locate.Result{})
	if err != nil || len(schemaFaults(text)) > 0 {
		t.Errorf("without events: %v, %v", err, schemaFaults(text))
	}
}

// TestTheSchemaOfTheTestRefuses: each thing that the schema refuses is seen.
func TestTheSchemaOfTheTestRefuses(t *testing.T) {
	result, list := twoEvents()
	good, err := QuakeML(&Field{twoEars(), list}, result)
	if err != nil || len(schemaFaults(good)) > 0 {
		t.Fatalf("%v, %v", err, schemaFaults(good))
	}
	for old, bent := range map[string]string{
		"uncertainty ellipse":              "an ellipse",
		"<evaluationMode>automatic":        "<evaluationMode>machine",
		"<evaluationStatus>preliminary":    "<evaluationStatus>new",
		"smi:local/pick/a1":                "smi:lo/a1",
		"<phase>acoustic</phase>":          "",
		"<usedPhaseCount>2":                "<usedPhaseCount>2.5",
		"<value>12345.6":                   "<value>+Inf",
		"<value>2031-03-03T00:00":          "<value>2031-03-03 00:00",
		`networkCode="IV"`:                 `networkCode="IVIVIVIVI"`,
		` stationCode="ARRO"`:              ``,
		"<eventParameters publicID=":       "<eventParameters name=",
		"<latitude>":                       "<depth><value>1</value></depth><latitude>",
		"<preferredOriginID>":              "<type>shell</type><preferredOriginID>",
		"http://quakeml.org/xmlns/bed/1.2": "http://quakeml.org/xmlns/bed/1.1",
	} {
		text := strings.Replace(string(good), old, bent, 1)
		if old == "<latitude>" { // the second event has a depth already
			at := strings.LastIndex(string(good), old)
			text = string(good[:at]) + bent + string(good[at+len(old):])
		}
		if text == string(good) {
			t.Errorf("there is no %s", old)
		} else if len(schemaFaults([]byte(text))) == 0 {
			t.Errorf("%s instead of %s is not refused", bent, old)
		}
	}
}
