package locating

import (
	"encoding/hex"
	"encoding/xml"
	"math"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// The names of QuakeML 1.2 and of its basic event description (Euchner and Schorlemmer 2013,
// QuakeML: An XML Representation of Seismological Data, version 1.2). Files were held against
// the schemas QuakeML-1.2 and QuakeML-BED-1.2, both XSD and RELAX NG; a test keeps what these
// ask of the elements that are written.
const (
	quakemlSpace = "http://quakeml.org/xmlns/quakeml/1.2"
	bedSpace     = "http://quakeml.org/xmlns/bed/1.2"
)

// ninety is the radius in sigmas that holds a Gaussian in two dimensions with 90 %.
const ninety = 2.1459660262893472

// degreeLength is a degree along a great circle of a sphere of 6371 km, metres.
const degreeLength = 6371e3 * math.Pi / 180

// stationCodeLength is the most letters that QuakeML takes for a network or station.
const stationCodeLength = 8

type (
	quakeml struct {
		XMLName    xml.Name   `xml:"q:quakeml"`
		Q          string     `xml:"xmlns:q,attr"`
		BED        string     `xml:"xmlns,attr"`
		Parameters parameters `xml:"eventParameters"`
	}
	parameters struct {
		PublicID string         `xml:"publicID,attr"`
		Events   []quakemlEvent `xml:"event"`
	}
	quakemlEvent struct {
		PublicID  string        `xml:"publicID,attr"`
		Preferred string        `xml:"preferredOriginID"`
		Picks     []quakemlPick `xml:"pick"`
		Origin    quakemlOrigin `xml:"origin"`
	}
	quakemlPick struct {
		PublicID string    `xml:"publicID,attr"`
		Time     measuredT `xml:"time"`
		Waveform waveform  `xml:"waveformID"`
		Azimuth  *measured `xml:"backazimuth"`
		Hint     string    `xml:"phaseHint"`
		Mode     string    `xml:"evaluationMode"`
	}
	waveform struct {
		Network string `xml:"networkCode,attr"`
		Station string `xml:"stationCode,attr"`
		URI     string `xml:",chardata"`
	}
	quakemlOrigin struct {
		PublicID    string           `xml:"publicID,attr"`
		Time        measuredT        `xml:"time"`
		Latitude    measured         `xml:"latitude"`
		Longitude   measured         `xml:"longitude"`
		Depth       *measured        `xml:"depth"`
		Method      string           `xml:"methodID"`
		Quality     quality          `xml:"quality"`
		Uncertainty uncertainty      `xml:"originUncertainty"`
		Arrivals    []quakemlArrival `xml:"arrival"`
		Mode        string           `xml:"evaluationMode"`
		Status      string           `xml:"evaluationStatus"`
	}
	measured struct {
		Value       float64  `xml:"value"`
		Uncertainty *float64 `xml:"uncertainty"`
	}
	measuredT struct {
		Value       string   `xml:"value"`
		Uncertainty *float64 `xml:"uncertainty"`
	}
	quality struct {
		Phases   int     `xml:"usedPhaseCount"`
		Stations int     `xml:"usedStationCount"`
		Error    float64 `xml:"standardError"`
		Gap      float64 `xml:"azimuthalGap"`
	}
	uncertainty struct {
		Min        float64 `xml:"minHorizontalUncertainty"`
		Max        float64 `xml:"maxHorizontalUncertainty"`
		Azimuth    float64 `xml:"azimuthMaxHorizontalUncertainty"`
		Described  string  `xml:"preferredDescription"`
		Confidence float64 `xml:"confidenceLevel"`
	}
	quakemlArrival struct {
		PublicID string  `xml:"publicID,attr"`
		Pick     string  `xml:"pickID"`
		Phase    string  `xml:"phase"`
		Azimuth  float64 `xml:"azimuth"`
		Distance float64 `xml:"distance"`
		Residual float64 `xml:"timeResidual"`
	}
)

// QuakeML is the result as seismologists exchange it: an origin with its 90 % ellipse, the
// picks it rests on and their residuals. No event has a type: what it was is not said here.
func QuakeML(field *Field, result *locate.Result) ([]byte, error) {
	doc := quakeml{Q: quakemlSpace, BED: bedSpace, Parameters: parameters{PublicID: resource("catalogue", locate.Method)}}
	for i := range result.Events {
		doc.Parameters.Events = append(doc.Parameters.Events, quakemlOf(field, &result.Events[i]))
	}
	text, err := xml.MarshalIndent(doc, "", " ")
	return append([]byte(xml.Header), append(text, '\n')...), err
}

func quakemlOf(field *Field, e *locate.Event) quakemlEvent {
	id := e.ID.String()
	out := quakemlEvent{PublicID: resource("event", id), Preferred: resource("origin", id), Origin: originOf(e)}
	rays := Rays(field, e)
	stations := map[int]bool{}
	for i, u := range e.Used {
		a := &field.Arrivals[u.Arrival]
		stations[a.Sensor] = true
		out.Picks = append(out.Picks, pickOf(field, a))
		out.Origin.Arrivals = append(out.Origin.Arrivals, quakemlArrival{
			PublicID: resource("arrival", a.ID), Pick: resource("pick", a.ID), Phase: a.Phase.String(),
			Azimuth: to(float64(rays[i].Azimuth), 3), Distance: to(float64(rays[i].Distance)/degreeLength, 6), Residual: to(u.Residual, 6),
		})
	}
	out.Origin.Quality = quality{Phases: len(e.Used), Stations: len(stations), Error: to(e.RMS, 6), Gap: to(float64(Gap(rays)), 1)}
	return out
}

func originOf(e *locate.Event) quakemlOrigin {
	c := geo.FromEllipse(e.Ellipse)
	cos := max(.01, math.Cos(float64(e.At.Lat)*math.Pi/180))
	o := quakemlOrigin{
		PublicID: resource("origin", e.ID.String()), Time: timeOf(e.Time, e.TimeSigma),
		Latitude: measuredOf(float64(e.At.Lat), math.Sqrt(c.NN)/degreeLength), Longitude: measuredOf(float64(e.At.Lon), math.Sqrt(c.EE)/degreeLength/cos),
		Method: resource("method", locate.Method), Mode: "automatic", Status: "preliminary",
		Uncertainty: uncertainty{
			Min: to(ninety*float64(e.Ellipse.Minor), 1), Max: to(ninety*float64(e.Ellipse.Major), 1), Azimuth: strike(e.Ellipse),
			Described: "uncertainty ellipse", Confidence: 90,
		},
	}
	if e.Phases == locate.InGround {
		depth := measuredOf(to(float64(e.Depth), 1), to(float64(e.DepthSigma), 1)) // in metres, as QuakeML has it
		o.Depth = &depth
	}
	return o
}

func pickOf(field *Field, a *locate.Arrival) quakemlPick {
	sensor := field.Sensors[a.Sensor].ID
	p := quakemlPick{PublicID: resource("pick", a.ID), Time: timeOf(a.Time, a.Sigma), Waveform: waveformOf(sensor), Hint: a.Phase.String(), Mode: "automatic"}
	if a.AzimuthSigma > 0 {
		azimuth := measuredOf(float64(a.Azimuth), float64(a.AzimuthSigma))
		p.Azimuth = &azimuth
	}
	return p
}

// waveformOf splits NET.STA at the point; a sensor without one is of network XX, which is
// nobody's. The whole id stands behind as a resource.
func waveformOf(sensor string) waveform {
	network, station, ok := strings.Cut(sensor, ".")
	if !ok || network == "" || station == "" {
		network, station = "XX", sensor
	}
	return waveform{Network: code(network), Station: code(station), URI: resource("sensor", sensor)}
}

// code is the beginning of a name that QuakeML takes.
func code(name string) string {
	letters := []rune(name)
	return string(letters[:min(len(letters), stationCodeLength)])
}

func measuredOf(x, sigma float64) measured {
	out := measured{Value: to(x, 7)}
	if told(sigma) {
		sigma = to(sigma, 7)
		out.Uncertainty = &sigma
	}
	return out
}

func timeOf(at truce.Instant, sigma float64) measuredT {
	out := measuredT{Value: at.String()}
	if told(sigma) {
		sigma = to(sigma, 6)
		out.Uncertainty = &sigma
	}
	return out
}

// told says whether an error is one that can be written: the schema's numbers know an
// infinite one by another name, and it says nothing.
func told(sigma float64) bool { return sigma > 0 && !math.IsInf(sigma, 1) }

// resource is an identifier in the form QuakeML asks for. Letters, digits, points and hyphens
// stand for themselves, every other byte is a tilde and two hexadecimal digits.
func resource(kind, id string) string {
	var b strings.Builder
	b.WriteString("smi:local/" + kind + "/")
	for i := range len(id) {
		switch c := id[i]; {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_':
			b.WriteByte(c)
		default:
			b.WriteString("~" + hex.EncodeToString([]byte{c}))
		}
	}
	return b.String()
}

// to rounds to so many decimals.
func to(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}
