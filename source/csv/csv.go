// Package csv reads reports from tables with a documented header: a patrol's log, notes
// taken on the telephone, lists of located incidents.
//
// It never guesses: a column is read by its name, and a row that cannot be read is
// quarantined with the reason.
//
// Read Decode, then columns.go for the names of the columns; docs/sources/csv.md says
// the same for people.
package csv

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// ID is the source of rows that name neither source nor family.
const ID truce.SourceID = "csv"

// Info declares rows that name neither source nor family: hearsay, which nobody has
// said may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{ID: ID, Title: "Tables of reports, origin not named", Family: truce.FamilyCivilian}
}

// families a row may name. Reference is none: it is context and no report.
var families = [...]truce.Family{
	truce.FamilyAcoustic, truce.FamilySeismic, truce.FamilyInfrasound, truce.FamilyRadar, truce.FamilyCamera,
	truce.FamilyDrone, truce.FamilyOptical, truce.FamilySAR, truce.FamilyThermal, truce.FamilyTransponder,
	truce.FamilyInterference, truce.FamilyPatrol, truce.FamilyParty, truce.FamilyCivilian, truce.FamilyMedia,
}

// Infos declares every source that Decode uses of itself: Info, and for rows that name a
// family and no source, "csv-" and the family. None may be passed on.
func Infos() []truce.SourceInfo {
	out := []truce.SourceInfo{Info()}
	for _, family := range families {
		out = append(out, truce.SourceInfo{
			ID: sourceOf(family), Title: fmt.Sprintf("Tables of reports, family %s", family), Family: family,
		})
	}
	return out
}

func sourceOf(f truce.Family) truce.SourceID { return ID + "-" + truce.SourceID(f) }

// Config says how a file is read. The zero value reads a file that names its times.
type Config struct {
	Source truce.SourceID     // of rows that name none; default by family, or ID
	Known  []truce.SourceInfo // what rows may name as their source
	Bounds *source.Box        // points outside are quarantined; nil: none are
	Zone   *time.Location     // of times without an offset, default UTC
	Day    truce.Day          // of rows without a time; default the day in the file's name
	Sigma  geo.Metres         // of places without sigma_m, default source.DefaultSigma

	// Classes are the weapon classes a row may name; nil: any word that is no misspelt type.
	Classes []truce.WeaponClass
}

// Decode reads one table row by row and gives each row to sink once, as a report, as the
// health of a sensor or as a rejection. The error is for a file that is no such table, or
// for a failure of r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	out := source.NewOut(file, sink)
	rules := source.Rules{Source: ID, Bounds: cfg.Bounds, Zone: cfg.Zone, Day: cfg.Day, Sigma: cfg.Sigma, Classes: cfg.Classes}
	if rules.Day == "" {
		rules.Day = source.DayInName(file)
	}
	if err := rules.Validate(); err != nil {
		return err
	}
	table, err := source.NewTable(r, out, bounded.CSVLimits{Row: MaxRow, Field: MaxField, Columns: MaxColumns})
	if err != nil {
		return err
	}
	cols, health := findColumns(table), findHealthColumns(table)
	if err := cols.check(rules.Day, health); err != nil {
		return out.Unusable("%w", err)
	}
	d := decoder{table: table, out: out, cols: cols, health: health, rules: rules, cfg: cfg}
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

type decoder struct {
	table  *source.Table
	out    *source.Out
	cols   columns
	health healthColumns
	rules  source.Rules
	cfg    Config
}

func (d *decoder) row() error {
	rules := d.rules
	var err error
	if rules.Source, err = d.sourceOfRow(); err != nil {
		return d.table.Reject(err.Error())
	}
	if kind, err := d.kindOf(); err != nil || kind == kindHealth {
		return d.healthRow(rules.Source, err)
	}
	s := d.cols.statement(d.table)
	if err := d.checkTotal(s, rules.Source); err != nil {
		return d.table.Reject(err.Error())
	}
	o, err := s.Observation(rules, d.out.At(d.table.Line()), d.table.Raw())
	if err != nil {
		return d.table.Reject(err.Error())
	}
	return d.out.Observe(o)
}

// sourceOfRow is the source the row names, which must be declared; or the configured
// one; or that of the family it names.
func (d *decoder) sourceOfRow() (truce.SourceID, error) {
	id := truce.SourceID(d.cols.value(d.table, d.cols.source))
	family := truce.Family(strings.ToLower(d.cols.value(d.table, d.cols.family)))
	if id == "" {
		id = d.cfg.Source
	}
	if id == "" {
		return bareFamily(family)
	}
	for _, known := range d.cfg.Known {
		if known.ID != id {
			continue
		}
		if family != "" && family != known.Family {
			return "", fmt.Errorf("family is %s, but source %s is declared as %s", source.Shown([]byte(family)), known.ID, known.Family)
		}
		return id, nil
	}
	if id == d.cfg.Source {
		return id, nil
	}
	return "", fmt.Errorf("source is %s, which is not declared; declare it with its family and licence", source.Shown([]byte(id)))
}

func bareFamily(family truce.Family) (truce.SourceID, error) {
	if family == "" {
		return ID, nil
	}
	for _, known := range families {
		if family == known {
			return sourceOf(family), nil
		}
	}
	return "", fmt.Errorf("family is %s, want one of %v", source.Shown([]byte(family)), families)
}
