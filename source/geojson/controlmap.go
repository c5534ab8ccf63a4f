package geojson

import (
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// MapConfig says how a control map is read. The zero value takes series and version
// from the file's name.
type MapConfig struct {
	Series  string         // whose map, e.g. "deepstate"
	Version truce.Day      // the day it is for
	Source  truce.SourceID // default "map-" and the series
}

// MapInfo declares a series of maps: one analyst's opinion, context and no witness, and
// not to be passed on unless its maker is known to allow it.
func MapInfo(series string) truce.SourceInfo {
	return truce.SourceInfo{
		ID: mapSource(series), Title: fmt.Sprintf("Map of control %q", series), Family: truce.FamilyReference,
	}
}

func mapSource(series string) truce.SourceID { return truce.SourceID("map-" + series) }

// DecodeMap reads a file of polygons as one version of a control map, kept verbatim. It
// is one observation or an error: a map with a bad ring would put places on the wrong
// side, so there is no reading the rest.
func DecodeMap(r io.Reader, file string, cfg MapConfig, sink truce.Sink) error {
	out := source.NewOut(file, sink)
	doc, err := io.ReadAll(io.LimitReader(r, MaxMap+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	if len(doc) > MaxMap {
		return out.Unusable("%w", &bounded.LimitError{What: "the control map, in bytes,", Limit: MaxMap})
	}
	m, err := parseMap(doc)
	if err != nil {
		return out.Unusable("%w", err)
	}
	if err := nameMap(&cfg, file, m); err != nil {
		return out.Unusable("%w", err)
	}
	day, err := cfg.Version.Start(time.UTC)
	if err != nil {
		return out.Unusable("version: %w", err)
	}
	hash := truce.HashOf(doc)
	// The bytes are part of the key: a map that was corrected under the same date is
	// another version, not the same one again.
	key := fmt.Sprintf("%s|%s|%s", cfg.Series, cfg.Version, hash)
	return out.Observe(truce.Observation{
		ID:         truce.NewID(day, string(truce.KindControlMap), string(cfg.Source), []byte(key)),
		Kind:       truce.KindControlMap,
		Source:     cfg.Source,
		Phenomenon: truce.PhenomenonTime{From: day, To: day.Add(24 * time.Hour)},
		ControlMap: &truce.ControlMap{Map: cfg.Series, Version: string(cfg.Version), Features: len(m.Features), GeoJSON: doc},
		Signature:  truce.SignatureNone,
		Origin:     out.At(0),
		Hash:       hash,
	})
}

func parseMap(doc []byte) (*geo.Collection, error) {
	m, err := geo.ParseGeoJSON(doc)
	if err != nil {
		return nil, err
	}
	if len(m.Features) == 0 {
		return nil, errors.New("no features: a control map without polygons says that nothing is held")
	}
	for i := range m.Features {
		if f := &m.Features[i]; len(f.Geom.Polygons) == 0 {
			return nil, fmt.Errorf("feature %s: is a %s, want polygons of control only", f.Name(), f.Geom.Type())
		}
	}
	return m, nil
}

var seriesName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
})

// nameMap finds series and version: as configured, else by a property date or version
// that all features share, else by the file's name.
func nameMap(cfg *MapConfig, file string, m *geo.Collection) error {
	if cfg.Version == "" {
		cfg.Version = sharedDay(m)
	}
	if cfg.Version == "" {
		cfg.Version = source.DayInName(file)
	}
	if cfg.Version == "" {
		return errors.New("no date: name the version, or put the day into the file's name as 20260412")
	}
	if _, err := source.Date([]byte(cfg.Version)); err != nil {
		return fmt.Errorf("version %w", err)
	}
	if cfg.Series == "" {
		cfg.Series = seriesInName(file)
	}
	if !seriesName().MatchString(cfg.Series) {
		return fmt.Errorf("series %s: name the map with lower case letters, digits and hyphens, e.g. deepstate", source.Shown([]byte(cfg.Series)))
	}
	if cfg.Source == "" {
		cfg.Source = mapSource(cfg.Series)
	}
	return nil
}

// sharedDay is the day that every feature gives as its date or version.
func sharedDay(m *geo.Collection) truce.Day {
	var day truce.Day
	for i := range m.Features {
		f := &m.Features[i]
		text := f.Text("date")
		if text == "" {
			text = f.Text("version")
		}
		span, err := source.Time(text, time.UTC)
		if err != nil || i > 0 && span.From.Day() != day {
			return ""
		}
		day = span.From.Day()
	}
	return day
}

var notSeries = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(19|20)\d{2}[-_]?\d{2}[-_]?\d{2}|[^a-z0-9]+|\bdata\b`)
})

// seriesInName is the file's name without day and extension: deepstatemap_data_20260412
// is of the series deepstatemap.
func seriesInName(file string) string {
	base := path.Base(strings.ReplaceAll(strings.ToLower(file), "\\", "/"))
	base = strings.ReplaceAll(strings.TrimSuffix(base, path.Ext(base)), "_", " ")
	return strings.Join(strings.Fields(notSeries().ReplaceAllString(base, " ")), "-")
}
