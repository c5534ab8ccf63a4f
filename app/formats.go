package app

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/arrivals"
	"github.com/trucewatch/truce/source/cloud"
	csvsource "github.com/trucewatch/truce/source/csv"
	"github.com/trucewatch/truce/source/feed"
	"github.com/trucewatch/truce/source/firms"
	geojsonsource "github.com/trucewatch/truce/source/geojson"
	pagesource "github.com/trucewatch/truce/source/page"
	"github.com/trucewatch/truce/source/post"
	"github.com/trucewatch/truce/source/viina"
)

// format is one way of reading a file.
type format struct {
	name   string
	about  string
	local  bool                                   // its times may lack an offset: then they are of a zone
	stream bool                                   // its rows come one by one, so that truce serve can take it from a link
	infos  func(importOptions) []truce.SourceInfo // the sources its rows may be of; the first takes what cannot be read
	decode func(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error

	// messages reads what truce decode prints; nil: it prints none. A format with messages is
	// never told by its head: it is no text, or text that begins like others.
	messages func(r io.Reader, opt importOptions) (nextMessage, error)
}

// formats lists every format in the order of the help text.
func formats() []format {
	return append([]format{
		{name: "firms", about: "NASA FIRMS fire detections, VIIRS and MODIS (CSV)", infos: one(firms.Info), decode: decodeFIRMS},
		{name: "csv", about: "observations as a table with a documented header", local: true, infos: tableInfos, decode: decodeCSV},
		{name: "geojson", about: "points, lines and areas with a time", local: true, infos: one(geojsonsource.Info), decode: decodePoints},
		{name: "control-map", about: "area under control, one dated map a file (GeoJSON)", infos: mapInfos, decode: decodeMap},
		{name: "cloud", about: "daily cloud cover by area (CSV)", infos: one(cloud.Info), decode: decodeCloud},
		{name: "viina", about: "news-derived events (VIINA JSON)", infos: one(viina.Info), decode: decodeVIINA},
		{name: "post", about: "news posts with front matter, and plain article texts", infos: one(post.Info), decode: decodePost},
		{name: "feed", about: "news feeds: RSS, Atom, JSON Feed, news sitemaps", infos: one(feed.Info), decode: decodeFeed},
		{name: "page", about: "web pages that hold one article (HTML)", infos: one(pagesource.Info), decode: decodePage},
		{name: "sensors", about: "where a network's sensors stand (CSV)", infos: sensorInfos, decode: decodeSensors},
		{name: "arrivals", about: "what a network's sensors heard, and when (CSV)", infos: arrivalInfos, decode: decodeArrivals},
	}, movingFormats()...)
}

func one(info func() truce.SourceInfo) func(importOptions) []truce.SourceInfo {
	return func(importOptions) []truce.SourceInfo { return []truce.SourceInfo{info()} }
}

// tableInfos are the sources rows of a table may name: those of the format, and those
// the configuration declares.
func tableInfos(opt importOptions) []truce.SourceInfo {
	infos := csvsource.Infos()
	for _, own := range opt.Own {
		if !slices.ContainsFunc(infos, func(known truce.SourceInfo) bool { return known.ID == own.ID }) {
			infos = append(infos, own)
		}
	}
	return infos
}

func mapInfos(opt importOptions) []truce.SourceInfo {
	return []truce.SourceInfo{geojsonsource.MapInfo(opt.Series)}
}

func sensorInfos(opt importOptions) []truce.SourceInfo {
	return []truce.SourceInfo{opt.ears().Register()}
}

func arrivalInfos(opt importOptions) []truce.SourceInfo { return opt.ears().Infos() }

// builtInSources is what Truce itself reads under an id, but for series of maps.
func builtInSources() map[truce.SourceID]truce.SourceInfo {
	out := map[truce.SourceID]truce.SourceInfo{agreement.SourceAgreement: agreementSource(), agreement.SourceRegister: registerSource()}
	for _, f := range formats() {
		for _, info := range f.infos(importOptions{}) {
			out[info.ID] = info
		}
	}
	for _, family := range noteFamilies {
		info := noteSource(family)
		out[info.ID] = info
	}
	return out
}

// reportFamilies are the families a row of a table may speak for.
func reportFamilies() []truce.Family {
	var out []truce.Family
	for _, info := range csvsource.Infos() {
		if !slices.Contains(out, info.Family) {
			out = append(out, info.Family)
		}
	}
	return out
}

func formatNamed(name string) (format, error) { return namedOf(formats(), name) }

// namedOf is the format of a list that has the name.
func namedOf(list []format, name string) (format, error) {
	for _, f := range list {
		if f.name == name {
			return f, nil
		}
	}
	return format{}, fmt.Errorf("--format %q; choose one of %s", name, strings.Join(namesOf(list), ", "))
}

func namesOf(list []format) []string {
	var names []string
	for _, f := range list {
		names = append(names, f.name)
	}
	return names
}

func helpOf(list []format) string {
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, "  %-12s %s\n", f.name, f.about)
	}
	return b.String()
}

func decodeFIRMS(r io.Reader, file string, _ importOptions, bounds *source.Box, sink truce.Sink) error {
	return firms.Decode(r, file, firms.Config{Bounds: bounds}, sink)
}

func decodeCSV(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	zone, err := opt.location()
	if err != nil {
		return err
	}
	return csvsource.Decode(r, file, csvsource.Config{Known: tableInfos(opt), Bounds: bounds, Zone: zone}, sink)
}

func decodePoints(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	zone, err := opt.location()
	if err != nil {
		return err
	}
	return geojsonsource.Decode(r, file, geojsonsource.Config{Bounds: bounds, Zone: zone}, sink)
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

func decodeFeed(r io.Reader, file string, _ importOptions, _ *source.Box, sink truce.Sink) error {
	_, err := feed.Decode(r, file, feed.Config{}, sink)
	return err
}

func decodePage(r io.Reader, file string, _ importOptions, _ *source.Box, sink truce.Sink) error {
	_, err := pagesource.Decode(r, file, pagesource.Config{}, sink)
	return err
}

func decodeSensors(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	known := opt.ears()
	known.Bounds = bounds
	return arrivals.DecodeSensors(r, file, known, sink)
}

func decodeArrivals(r io.Reader, file string, opt importOptions, _ *source.Box, sink truce.Sink) error {
	return arrivals.Decode(r, file, opt.ears(), sink)
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
