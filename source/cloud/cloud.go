// Package cloud reads tables of daily cloud cover by area.
//
// It never judges what a satellite could see: it only tells how much of the sky was
// covered, as somebody else worked out.
//
// Read Decode; the form of the table is in docs/sources/cloud.md.
package cloud

import (
	"fmt"
	"io"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// ID is the source when the configuration names no other.
const ID truce.SourceID = "cloud"

// prefix of the columns that hold a share of the sky; the area's name follows.
const prefix = "cloud_cover_in_"

// MaxColumns bounds a table: a country has some tens of areas.
const MaxColumns = 512

// Info declares the table that The Economist keeps beside its model of war fires.
func Info() truce.SourceInfo {
	return truce.SourceInfo{
		ID:           ID,
		Title:        "Daily cloud cover by area",
		Family:       truce.FamilyReference,
		Licence:      "CC BY 4.0",
		Attribution:  "The Economist, war-fire model",
		Redistribute: true,
		URL:          "https://github.com/TheEconomist/the-economist-war-fire-model",
	}
}

// Config says how a file is read.
type Config struct {
	Source truce.SourceID // whose table it is, default ID; another needs its own declaration
}

// Decode reads one table: a column date (YYYY-MM-DD, a UTC day) and any number of
// columns cloud_cover_in_AREA with the share of the sky from 0 to 1. Each value becomes
// one observation; a value that cannot be read is quarantined alone, a row without a
// good date as a whole. Other columns are passed over.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	out := source.NewOut(file, sink)
	if cfg.Source == "" {
		cfg.Source = ID
	}
	table, err := source.NewTable(r, out, bounded.CSVLimits{Row: 64 << 10, Field: 1 << 10, Columns: MaxColumns})
	if err != nil {
		return err
	}
	date := table.Column("date")
	areas := areaColumns(table.Header())
	if date < 0 || len(areas) == 0 {
		return out.Unusable("the first line names no column date or no column %sAREA; write e.g. date,%scountry", prefix, prefix)
	}
	d := decoder{cfg: cfg, out: out, table: table, date: date, areas: areas}
	for {
		if err := table.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := d.row(); err != nil {
			return err
		}
	}
}

type area struct {
	column int
	name   string
}

func areaColumns(header []string) []area {
	var areas []area
	for i, name := range header {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" {
			areas = append(areas, area{i, source.Cut(rest, source.MaxShort)})
		}
	}
	return areas
}

type decoder struct {
	cfg   Config
	out   *source.Out
	table *source.Table
	date  int
	areas []area
}

func (d *decoder) row() error {
	day, err := source.Date(d.table.Field(d.date))
	if err != nil {
		return d.table.Reject(fmt.Sprintf("date %v", err))
	}
	for _, a := range d.areas {
		name := prefix + a.name
		cover, err := source.NumberIn(name, d.table.Field(a.column), 0, 1)
		if err != nil {
			err = d.table.Reject(err.Error() + " (a share of the sky, not percent)")
		} else {
			err = d.out.Observe(d.observation(day, a.name, cover))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) observation(day truce.Instant, area string, cover float64) truce.Observation {
	next := day + truce.Instant(24*3600*1e6)
	key := string(day.Day()) + "|" + area
	return truce.Observation{
		ID:         truce.NewID(day, string(truce.KindWeather), string(d.cfg.Source), []byte(key)),
		Kind:       truce.KindWeather,
		Source:     d.cfg.Source,
		Phenomenon: truce.PhenomenonTime{From: day, To: next},
		Weather:    &truce.Weather{Area: area, CloudCover: cover},
		Signature:  truce.SignatureNone,
		Origin:     d.out.At(d.table.Line()),
		Hash:       truce.HashOf(d.table.Raw()),
	}
}
