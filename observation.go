package truce

import (
	"math"

	"github.com/trucewatch/truce/geo"
)

// ObservationKind says which payload an observation carries.
type ObservationKind string

// The observation kinds in use.
const (
	KindDetection  ObservationKind = "detection"   // satellite heat, change or imagery object
	KindReport     ObservationKind = "report"      // a human or open-source statement
	KindWeather    ObservationKind = "weather"     // cloud over an area: context for coverage
	KindControlMap ObservationKind = "control_map" // who holds which area, as one analyst draws it
	KindHealth     ObservationKind = "health"      // a sensor or feed worked, or did not
	KindArrival    ObservationKind = "arrival"     // a timed signal at one sensor
	KindStation    ObservationKind = "station"     // where a sensor stands, from a time on
	KindPlot       ObservationKind = "plot"        // where a moving object was, or in which direction
)

// Signature is what is known of the sender's signature.
type Signature string

// The signature states.
const (
	SignatureNone    Signature = "none"
	SignatureValid   Signature = "valid"
	SignatureInvalid Signature = "invalid"
)

// Observation is one reading or report as received, never edited.
// Exactly the payload of its kind is set.
type Observation struct {
	ID         ID              `json:"id"`
	Kind       ObservationKind `json:"kind"`
	Source     SourceID        `json:"source"`
	Sensor     SensorID        `json:"sensor,omitempty"`
	Phenomenon PhenomenonTime  `json:"phenomenon"`
	Result     ResultTime      `json:"result,omitempty"`
	Received   ReceivedTime    `json:"received,omitempty"` // set by intake, not part of the ID
	Place      *geo.Position   `json:"place,omitempty"`    // nil: the source names no place
	PlaceName  string          `json:"place_name,omitempty"`

	Detection  *Detection  `json:"detection,omitempty"`
	Report     *Report     `json:"report,omitempty"`
	Weather    *Weather    `json:"weather,omitempty"`
	ControlMap *ControlMap `json:"control_map,omitempty"`
	Health     *Health     `json:"health,omitempty"`
	Arrival    *Arrival    `json:"arrival,omitempty"`
	Station    *Station    `json:"station,omitempty"`
	Plot       *Plot       `json:"plot,omitempty"`

	Signature Signature `json:"signature"`
	Origin    Origin    `json:"origin"`
	Hash      Hash      `json:"hash"` // SHA-256 of the outside bytes of this row
}

// Origin is where in which file a row stood, for the person who has to look.
type Origin struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
}

// Confidence is a detection's own grade, in FIRMS' words.
type Confidence string

// The confidence grades; MODIS percentages are binned as FIRMS bins them.
const (
	ConfidenceLow     Confidence = "low"
	ConfidenceNominal Confidence = "nominal"
	ConfidenceHigh    Confidence = "high"
)

// HeatType is what FIRMS takes a hot spot for in its standard products, from the land
// beneath and from how often heat was seen there. Near-real-time products do not say.
type HeatType string

// The heat types, in the order of the numbers 0 to 3 that FIRMS writes.
const (
	HeatVegetation HeatType = "vegetation"  // presumed vegetation fire
	HeatVolcano    HeatType = "volcano"     // active volcano
	HeatStatic     HeatType = "static_land" // other static source on land: plants, flares
	HeatOffshore   HeatType = "offshore"    // at sea: platforms, flares
)

// Static says whether the type is that of a source which stays where it is.
func (t HeatType) Static() bool {
	return t == HeatVolcano || t == HeatStatic || t == HeatOffshore
}

// Detection is a satellite's thermal anomaly. The place is the pixel, not a point.
type Detection struct {
	Instrument  string     `json:"instrument"` // VIIRS or MODIS
	Satellite   string     `json:"satellite"`  // N, N20, N21, Terra, Aqua
	Confidence  Confidence `json:"confidence"`
	BrightnessK float64    `json:"brightness_k"`
	Saturated   bool       `json:"saturated"`
	FRPMW       float64    `json:"frp_mw"` // fire radiative power, megawatts
	Night       bool       `json:"night"`
	Version     string     `json:"version"`
	Type        HeatType   `json:"type,omitempty"` // "": the product does not say
}

// Report is what somebody said, with the claims read out of it.
type Report struct {
	Publisher string   `json:"publisher,omitempty"`
	Headline  string   `json:"headline,omitempty"`
	Links     []string `json:"links,omitempty"` // the first is the text's own address
	Tags      []string `json:"tags,omitempty"`
	Text      string   `json:"text,omitempty"` // internal; never published
	Claims    []Claim  `json:"claims,omitempty"`

	Author   string `json:"author,omitempty"`
	Language string `json:"language,omitempty"` // of the text, as in "uk" (BCP 47); "": not known
	Original Hash   `json:"original,omitzero"`  // of the bytes as fetched, which the evidence keeps
	Via      string `json:"via,omitempty"`      // the feed or page that listed it
	Rights   Rights `json:"rights,omitzero"`
}

// Rights is what a publisher says of the use of a text.
type Rights struct {
	NoMining bool   `json:"no_mining,omitempty"` // opted out of text and data mining: kept by headline and link alone
	Said     string `json:"said,omitempty"`      // where it says so, e.g. "tdm-reservation: 1"
}

// Weather is the mean cloud over a named area during the phenomenon time.
type Weather struct {
	Area       string  `json:"area"`
	CloudCover float64 `json:"cloud_cover"` // fraction of sky, 0 to 1
}

// ControlMap is one dated version of an area-of-control map, bytes verbatim.
type ControlMap struct {
	Map      string `json:"map"`     // series, e.g. "deepstate"
	Version  string `json:"version"` // e.g. "2026-04-12"
	Features int    `json:"features"`
	GeoJSON  []byte `json:"geojson"`
}

// Health is a heartbeat, or what is said of a stretch: whether a sensor or feed worked
// during the phenomenon time.
type Health struct {
	Working bool        `json:"working"`
	State   HealthState `json:"state,omitempty"` // finer than Working, which agrees with it
	Reason  string      `json:"reason,omitempty"`
}

// HealthState is how a sensor or feed was.
type HealthState string

// The health states, from best to worst to rely on.
const (
	HealthUp       HealthState = "up"
	HealthDegraded HealthState = "degraded" // working, but seeing less than it should
	HealthUnknown  HealthState = "unknown"  // nobody can say
	HealthDown     HealthState = "down"
)

// Working says whether something can be seen in the state at all.
func (s HealthState) Working() bool { return s == HealthUp || s == HealthDegraded }

// StateOf is the state; what only says that it works is up.
func (h Health) StateOf() HealthState {
	switch {
	case h.State != "":
		return h.State
	case h.Working:
		return HealthUp
	}
	return HealthDown
}

// Validate refuses an observation that could not be evaluated later.
func (o Observation) Validate() error {
	if o.ID.IsZero() || o.Source == "" {
		return Errorf(CodeInvalid, "observation: needs an id and a source")
	}
	if err := o.Phenomenon.Validate(); err != nil {
		return err
	}
	if o.Place != nil && !validPosition(*o.Place) {
		return Errorf(CodeInvalid, "observation %s: place %v is out of range or its error is not a number", o.ID, o.Place.Point)
	}
	if !o.payloadMatches() {
		return Errorf(CodeInvalid, "observation %s: want exactly the payload of kind %q", o.ID, o.Kind)
	}
	if o.Kind == KindArrival || o.Kind == KindStation {
		return o.validateEar()
	}
	if o.Kind == KindPlot {
		return o.validatePlot()
	}
	if o.Report == nil {
		return nil
	}
	for _, c := range o.Report.Claims {
		if err := c.Detail.Validate(); err != nil {
			return Errorf(CodeInvalid, "observation %s: %w", o.ID, err)
		}
		if c.Detail != nil && c.Detail.Flight != nil {
			return Errorf(CodeInvalid, "observation %s: a report says what a followed flight did; only plots are followed", o.ID)
		}
	}
	return nil
}

func validPosition(p geo.Position) bool {
	c := p.Error
	det := c.EE*c.NN - c.EN*c.EN
	return p.Valid() && c.EE >= 0 && c.NN >= 0 && det >= -1e-6*c.EE*c.NN && !math.IsInf(c.EE+c.NN, 0)
}

func (o Observation) payloadMatches() bool {
	payloads := [...]struct {
		kind ObservationKind
		set  bool
	}{
		{KindDetection, o.Detection != nil}, {KindReport, o.Report != nil}, {KindWeather, o.Weather != nil},
		{KindControlMap, o.ControlMap != nil}, {KindHealth, o.Health != nil},
		{KindArrival, o.Arrival != nil}, {KindStation, o.Station != nil}, {KindPlot, o.Plot != nil},
	}
	known := false
	for _, p := range payloads {
		if p.set != (p.kind == o.Kind) {
			return false
		}
		known = known || p.set
	}
	return known
}
