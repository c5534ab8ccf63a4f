// Package geojson reads reports given as points, lines or areas with a time, and control
// maps given as polygons with a date.
//
// It never repairs geometry: what package geo refuses is refused here, feature and
// vertex named. The lines and zones of an agreement are read there.
//
// Read Decode for reports, shape.go for what a line or an area says of a place, then
// controlmap.go for maps.
package geojson

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// ID is the source of reports when the configuration names no other.
const ID truce.SourceID = "geojson"

// Info declares points of unnamed origin, which nobody has said may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{ID: ID, Title: "Points with a time, origin not named", Family: truce.FamilyMedia}
}

// Config says how points are read. The zero value reads a file that names its times.
type Config struct {
	Source truce.SourceID // default ID; another needs its own declaration
	Bounds *source.Box    // points outside are quarantined; nil: none are
	Zone   *time.Location // of times without an offset, default UTC
	Day    truce.Day      // of features without a time; default the day in the file's name
	Sigma  geo.Metres     // of points without sigma_m, default source.DefaultSigma
}

// Decode reads a FeatureCollection feature by feature and gives each to sink once, as a
// report or as a rejection. The error is for a file that is no FeatureCollection, up to
// the place where it stops being one, or for a failure of r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	out := source.NewOut(file, sink)
	rules := source.Rules{Source: cfg.Source, Bounds: cfg.Bounds, Zone: cfg.Zone, Day: cfg.Day, Sigma: cfg.Sigma}
	if rules.Source == "" {
		rules.Source = ID
	}
	if rules.Day == "" {
		rules.Day = source.DayInName(file)
	}
	if err := rules.Validate(); err != nil {
		return err
	}
	d := &decoder{out: out, rules: rules, json: bounded.NewJSON(r, bounded.JSONLimits{Value: MaxFeature, Depth: MaxDepth, Names: MaxNames})}
	err := d.json.Object(d.member)
	if err == nil {
		err = d.json.End()
	}
	if err == nil && !d.features {
		err = errNoCollection
	}
	return unusable(out, err)
}

var errNoCollection = errors.New("no list named features at the top: want a GeoJSON FeatureCollection")

// unusable names the file in errors of its content and leaves failures as they are.
func unusable(out *source.Out, err error) error {
	var syntax *bounded.SyntaxError
	var limit *bounded.LimitError
	if errors.As(err, &syntax) || errors.As(err, &limit) || errors.Is(err, errNoCollection) || errors.Is(err, errReference) {
		return out.Unusable("%w", err)
	}
	return err
}

type decoder struct {
	out      *source.Out
	rules    source.Rules
	json     *bounded.JSON
	features bool // the list was there
}

func (d *decoder) member(name string) error {
	switch name {
	case "features":
		d.features = true
		return d.json.Array(d.feature)
	case "crs":
		raw, err := d.json.Value()
		if err != nil {
			return err
		}
		return checkReference(raw)
	case "type":
		raw, err := d.json.Value()
		if err == nil && string(raw) != `"FeatureCollection"` {
			return errNoCollection
		}
		return err
	}
	return d.json.Skip()
}

var errReference = errors.New("the coordinates are not in WGS84 longitude and latitude: convert the file to EPSG:4326, as RFC 7946 asks")

// checkReference takes the old "crs" member where it names what is the rule anyway. Geo
// decides that, so it is given a point with the member beside it.
func checkReference(crs json.RawMessage) error {
	probe := fmt.Appendf(nil, `{"type":"Feature","crs":%s,"properties":null,"geometry":{"type":"Point","coordinates":[1,1]}}`, crs)
	if _, err := geo.ParseGeoJSON(probe); err != nil {
		return fmt.Errorf("%w (%w)", errReference, err)
	}
	return nil
}

func (d *decoder) feature(i int) error {
	raw, err := d.json.Value()
	if err != nil {
		return err
	}
	line := d.json.ValueLine()
	f, err := read(raw, i)
	if err != nil {
		return d.out.Reject(line, raw, err.Error())
	}
	o, err := f.statement.Observation(d.rules, d.out.At(line), raw)
	if err == nil && f.shape != nil {
		err = f.shape.place(&o, f.statement.ID != "")
	}
	if err != nil {
		reason := err.Error()
		if reason != source.OutsideBounds {
			reason = "feature " + f.name + ": " + reason
		}
		return d.out.Reject(line, raw, reason)
	}
	return d.out.Observe(o)
}

// feature is one as read: what it says, and where if it is no point.
type feature struct {
	statement source.Statement
	name      string // its id, or "#n" by position
	shape     *shape
}

func read(raw json.RawMessage, i int) (feature, error) {
	out := feature{name: "#" + strconv.Itoa(i+1)}
	var f struct {
		Type       string          `json:"type"`
		ID         json.RawMessage `json:"id"`
		Geometry   json.RawMessage `json:"geometry"`
		Properties json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(raw, &f); err != nil || f.Type != "Feature" {
		return out, fmt.Errorf("feature %s: want an object of the type Feature", out.name)
	}
	props, err := properties(f.Properties)
	if err != nil {
		return out, fmt.Errorf("feature %s: %w", out.name, err)
	}
	out.statement = props.statement()
	if id := scalar(f.ID); id != "" {
		out.statement.ID, out.name = id, source.Cut(id, 64)
	}
	if len(f.Geometry) == 0 || string(f.Geometry) == "null" {
		return out, nil // unlocated, as RFC 7946 (3.2) admits
	}
	return out, out.locate(f.Geometry)
}

// locate puts the statement at the point, or at the centre of the shape.
func (f *feature) locate(raw json.RawMessage) error {
	g, err := geometry(raw, f.name)
	if err != nil {
		return err
	}
	if f.shape, err = newShape(g); err != nil {
		return fmt.Errorf("feature %s: %w", f.name, err)
	}
	var p geo.Point
	if f.shape != nil {
		p = f.shape.centre
	} else {
		p = g.Points[0]
	}
	f.statement.Lat, f.statement.Lon = decimal(p.Lat), decimal(p.Lon)
	return nil
}

func decimal(x geo.Degrees) string { return strconv.FormatFloat(float64(x), 'f', -1, 64) }

func geometry(raw json.RawMessage, name string) (*geo.Geometry, error) {
	doc, err := geo.ParseGeoJSON(raw)
	if err != nil {
		var bad *geo.InvalidError
		if errors.As(err, &bad) {
			bad.Feature = name
		}
		return nil, err
	}
	return &doc.Features[0].Geom, nil
}
