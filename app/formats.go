package app

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/cloud"
	csvsource "github.com/trucewatch/truce/source/csv"
	"github.com/trucewatch/truce/source/firms"
	geojsonsource "github.com/trucewatch/truce/source/geojson"
	"github.com/trucewatch/truce/source/post"
	"github.com/trucewatch/truce/source/viina"
)

// format is one way of reading a file.
type format struct {
	name   string
	about  string
	infos  func(importOptions) []truce.SourceInfo // the sources its rows may be of; the first takes what cannot be read
	decode func(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error
}

// formats lists every format in the order of the help text.
func formats() []format {
	return []format{
		{"firms", "NASA FIRMS fire detections, VIIRS and MODIS (CSV)", one(firms.Info), decodeFIRMS},
		{"csv", "observations as a table with a documented header", func(importOptions) []truce.SourceInfo { return csvsource.Infos() }, decodeCSV},
		{"geojson", "points with a time", one(geojsonsource.Info), decodePoints},
		{"control-map", "area under control, one dated map a file (GeoJSON)", mapInfos, decodeMap},
		{"cloud", "daily cloud cover by area (CSV)", one(cloud.Info), decodeCloud},
		{"viina", "news-derived events (VIINA JSON)", one(viina.Info), decodeVIINA},
		{"post", "news posts with front matter, and plain article texts", one(post.Info), decodePost},
	}
}

func one(info func() truce.SourceInfo) func(importOptions) []truce.SourceInfo {
	return func(importOptions) []truce.SourceInfo { return []truce.SourceInfo{info()} }
}

func mapInfos(opt importOptions) []truce.SourceInfo {
	return []truce.SourceInfo{geojsonsource.MapInfo(opt.Series)}
}

func formatNamed(name string) (format, error) {
	for _, f := range formats() {
		if f.name == name {
			return f, nil
		}
	}
	return format{}, fmt.Errorf("--format %q; choose one of %s", name, strings.Join(formatNames(), ", "))
}

func formatNames() []string {
	var names []string
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

func formatHelp() string {
	var b strings.Builder
	for _, f := range formats() {
		fmt.Fprintf(&b, "  %-12s %s\n", f.name, f.about)
	}
	return b.String()
}

func decodeFIRMS(r io.Reader, file string, _ importOptions, bounds *source.Box, sink truce.Sink) error {
	return firms.Decode(r, file, firms.Config{Bounds: bounds}, sink)
}

func decodeCSV(r io.Reader, file string, _ importOptions, bounds *source.Box, sink truce.Sink) error {
	return csvsource.Decode(r, file, csvsource.Config{Known: csvsource.Infos(), Bounds: bounds}, sink)
}

func decodePoints(r io.Reader, file string, _ importOptions, bounds *source.Box, sink truce.Sink) error {
	return geojsonsource.Decode(r, file, geojsonsource.Config{Bounds: bounds}, sink)
}

func decodeMap(r io.Reader, file string, opt importOptions, _ *source.Box, sink truce.Sink) error {
	return geojsonsource.DecodeMap(r, file, geojsonsource.MapConfig{Series: opt.Series, Version: truce.Day(opt.Version)}, sink)
}

func decodeCloud(r io.Reader, file string, _ importOptions, _ *source.Box, sink truce.Sink) error {
	return cloud.Decode(r, file, cloud.Config{}, sink)
}

func decodePost(r io.Reader, file string, _ importOptions, _ *source.Box, sink truce.Sink) error {
	return post.Decode(r, file, post.Config{}, sink)
}

func decodeVIINA(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	cfg := viina.Config{Bounds: bounds}
	if opt.Gazetteer == "" {
		return viina.Decode(r, file, cfg, sink)
	}
	names, err := os.Open(opt.Gazetteer)
	if err != nil {
		return truce.Errorf(truce.CodeInvalid, "--gazetteer: %w", err)
	}
	defer names.Close()
	if cfg.Gazetteer, err = viina.ReadGazetteer(names, opt.Gazetteer); err != nil {
		return err
	}
	return viina.Decode(r, file, cfg, sink)
}
