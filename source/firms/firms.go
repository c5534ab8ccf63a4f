// Package firms reads the tables of satellite heat detections that NASA FIRMS gives
// out, VIIRS and MODIS, and builds the address to ask for them.
//
// It never opens a connection and never says what burns: a detection is heat in a
// pixel, and the pixel's footprint is its place.
//
// Read Decode here for the way of a row, then columns.go (which column is which),
// satellite.go (names, first days), footprint.go (the pixel on the ground) and
// request.go (the area API).
package firms

import (
	"io"
	"math"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// ID is the source of every detection read here.
const ID truce.SourceID = "firms"

// Info declares the source. NASA's Earth science data are open and may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{
		ID:     ID,
		Title:  "NASA FIRMS active fire detections (VIIRS 375 m, MODIS 1 km)",
		Family: truce.FamilyThermal,
		Licence: "NASA Earth science data: open, without restriction " +
			"(https://www.earthdata.nasa.gov/engage/open-data-services-software/data-use-policy)",
		Attribution:  "NASA FIRMS, part of NASA's Earth Science Data and Information System (ESDIS)",
		Redistribute: true,
		URL:          "https://firms.modaps.eosdis.nasa.gov",
	}
}

// Config says how a file is read. The zero value reads any file.
type Config struct {
	Bounds *source.Box // rows outside are quarantined; nil: none are
}

// Decode reads one table row by row and gives each row to sink once, as an observation
// or as a rejection. The error is for a file that is no FIRMS table, or for a failure
// of r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	out := source.NewOut(file, sink)
	if err := cfg.Bounds.Validate(); err != nil {
		return err
	}
	r, err := refuseReply(r, out)
	if err != nil {
		return err
	}
	table, err := source.NewTable(r, out, bounded.CSVLimits{Row: MaxRow, Field: MaxField, Columns: MaxColumns})
	if err != nil {
		return err
	}
	cols, err := findColumns(table)
	if err != nil {
		return out.Unusable("%w", err)
	}
	d := decoder{table: table, cols: cols, cfg: cfg}
	for {
		if err := table.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := d.row(out); err != nil {
			return err
		}
	}
}

type decoder struct {
	table   *source.Table
	cols    columns
	cfg     Config
	version string // of the last row: it changes rarely and need not be allocated anew
	key     [96]byte
}

func (d *decoder) row(out *source.Out) error {
	pixel, when, err := d.read()
	if err == nil && !d.cfg.Bounds.Contains(pixel.place.Point) {
		return d.table.Reject(source.OutsideBounds)
	}
	if err != nil {
		return d.table.Reject(err.Error())
	}
	return out.Observe(truce.Observation{
		ID:         truce.NewID(when, string(truce.KindDetection), string(ID), d.nativeKey(pixel, when)),
		Kind:       truce.KindDetection,
		Source:     ID,
		Sensor:     truce.SensorID(pixel.detection.Satellite),
		Phenomenon: truce.PhenomenonTime{From: when, To: when + timeStep, Sigma: timeSigma},
		Place:      &pixel.place,
		Detection:  &pixel.detection,
		Signature:  truce.SignatureNone,
		Origin:     out.At(d.table.Line()),
		Hash:       truce.HashOf(d.table.Raw()),
	})
}

// pixel is what one observation points to, allocated in one piece.
type pixel struct {
	place     geo.Position
	footprint geo.Footprint
	detection truce.Detection
}

func (d *decoder) read() (*pixel, truce.Instant, error) {
	t, c := d.table, &d.cols
	sat, err := satelliteOf(t.Field(c.satellite), t.Field(c.instrument), c.modis)
	if err != nil {
		return nil, 0, err
	}
	when, err := timeOf(t.Field(c.date), t.Field(c.time))
	if err != nil {
		return nil, 0, err
	}
	if when < sat.first {
		return nil, 0, sat.tooEarly(when)
	}
	p := &pixel{}
	if err := d.readDetection(sat, &p.detection); err != nil {
		return nil, 0, err
	}
	if err := d.readPlace(sat, when, p); err != nil {
		return nil, 0, err
	}
	return p, when, nil
}

func (d *decoder) readDetection(sat *satellite, out *truce.Detection) (err error) {
	t, c := d.table, &d.cols
	out.Instrument, out.Satellite = sat.instrument, sat.name
	if out.Confidence, err = confidenceOf(t.Field(c.confidence)); err != nil {
		return err
	}
	if out.BrightnessK, err = source.NumberIn(c.brightName, t.Field(c.bright), minKelvin, maxKelvin); err != nil {
		return err
	}
	out.Saturated = sat.saturated(out.BrightnessK)
	if frp := t.Field(c.frp); len(frp) > 0 { // FIRMS leaves it empty where it was not computed
		if out.FRPMW, err = source.NumberIn("frp", frp, 0, maxFRP); err != nil {
			return err
		}
	}
	if out.Night, err = nightOf(t.Field(c.daynight)); err != nil {
		return err
	}
	if out.Type, err = typeOf(t.Field(c.typ)); err != nil {
		return err
	}
	if version := t.Field(c.version); string(version) != d.version {
		d.version = truce.CleanText(source.Cut(string(version), source.MaxShort))
	}
	out.Version = d.version
	return nil
}

func (d *decoder) readPlace(sat *satellite, when truce.Instant, p *pixel) error {
	t, c := d.table, &d.cols
	center, err := source.Place(t.Field(c.lat), t.Field(c.lon))
	if err != nil {
		return err
	}
	center.Lat, center.Lon = fiveDecimals(center.Lat), fiveDecimals(center.Lon)
	scan, err := source.NumberIn("scan", t.Field(c.scan), minPixel, maxPixel)
	if err != nil {
		return err
	}
	track, err := source.NumberIn("track", t.Field(c.track), minPixel, maxPixel)
	if err != nil {
		return err
	}
	p.footprint = geo.Footprint{
		Scan:    geo.Metres(math.Round(scan * 1000)),
		Track:   geo.Metres(math.Round(track * 1000)),
		Azimuth: sat.trackAzimuth(center, when),
	}
	p.place = geo.Position{Point: center, Error: sat.placeError(p.footprint), Footprint: &p.footprint}
	return nil
}

// fiveDecimals undoes the trace of binary arithmetic in files that went through a
// program: 48.969970000000004 was published as 48.96997.
func fiveDecimals(x geo.Degrees) geo.Degrees {
	return geo.Degrees(math.Round(float64(x)*1e5)/1e5 + 0)
}

// nativeKey names a detection by satellite, time and pixel centre, so that its forms in
// different FIRMS products have one ID.
func (d *decoder) nativeKey(p *pixel, when truce.Instant) []byte {
	key := append(d.key[:0], p.detection.Satellite...)
	key = strconv.AppendInt(append(key, '|'), int64(when)/1e6, 10)
	key = strconv.AppendFloat(append(key, '|'), float64(p.place.Lat), 'f', 5, 64)
	return strconv.AppendFloat(append(key, '|'), float64(p.place.Lon), 'f', 5, 64)
}
