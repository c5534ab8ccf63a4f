package app

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/moving"
	"github.com/trucewatch/truce/sense/track"
)

// trackMeaning is what is asked of tracks once they are found.
type trackMeaning struct {
	zones, passages, report, lang string

	shapes moving.Shapes // read from zones
}

func (m *trackMeaning) flags(flags *pflag.FlagSet) {
	flags.StringVar(&m.zones, "zones", "", "GeoJSON of zones (floor_m, ceiling_m: a band of altitude) and lines to hold tracks against")
	flags.StringVar(&m.passages, "passages", "", "CSV to write: stays in zones and crossings of lines, with probability and times")
	flags.StringVar(&m.report, "report", "", "HTML page to write: map, altitude, speed and tables, without network or script")
	flags.StringVar(&m.lang, "lang", "en", "language of the report: en or uk")
}

// check refuses what cannot be meant.
func (m *trackMeaning) check(cmd *cobra.Command) error {
	switch {
	case !slices.Contains(moving.Languages(), m.lang):
		return usageError(cmd, "--lang: %q; the report is written in %s", m.lang, strings.Join(moving.Languages(), " and "))
	case m.passages != "" && m.zones == "":
		return usageError(cmd, "--passages says which zones and lines tracks passed: give those with --zones")
	case m.zones == "-":
		return usageError(cmd, "--zones: give the name of a file")
	}
	for _, name := range []string{m.passages, m.report} {
		if name != "" && m.zones != "" && filepath.Clean(name) == filepath.Clean(m.zones) {
			return usageError(cmd, "%s is read and would be written over: give the output another name", name)
		}
	}
	return nil
}

// readMeaning reads the zones and lines, before the plots: what cannot be read is told at once.
func (c *cli) readMeaning(m *trackMeaning) error {
	if m.zones == "" {
		return nil
	}
	in, _, err := c.fencesInput(m.zones)
	if err != nil {
		return err
	}
	defer in.Close()
	if m.shapes, err = moving.ReadShapes(in); err != nil {
		return truce.Errorf(truce.CodeInvalid, "%s: %w", m.zones, err)
	}
	return nil
}

// meant are the files that say what tracks did.
func (c *cli) meant(ctx context.Context, m *trackMeaning, tracks []track.Track, result *track.Result) ([]wholeFile, error) {
	if m.passages == "" && m.report == "" {
		return nil, nil
	}
	stage := c.stage("looking at %d tracks", len(tracks))
	found, err := moving.Find(ctx, tracks, m.shapes)
	stage.done()
	if err != nil {
		return nil, fmt.Errorf("what the tracks did: %w", err)
	}
	var files []wholeFile
	if m.passages != "" {
		files = append(files, wholeFile{m.passages, found.Passages(appendCell)})
	}
	if m.report != "" {
		page, err := found.Page(moving.Seen{Plots: result.Plots, Scans: result.Scans}, m.lang)
		if err != nil {
			return nil, err
		}
		files = append(files, wholeFile{m.report, page})
	}
	return files, nil
}
