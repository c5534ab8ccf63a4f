package publish

import (
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Why a row that goes out has no cell.
const (
	withheldAge = "age"           // not old enough yet
	withheldFew = "few_reporters" // a cell would show who reported
)

// passage is one bulletin going through the gate.
type passage struct {
	gate     *Gate
	in       ReleaseInput
	free     map[truce.SourceID]bool
	listed   map[int]bool // row numbers that go out
	withheld []truce.BulletinRow
	hidden   map[int]*truce.BulletinRow // withheld by number
}

func (p *passage) edition() truce.Bulletin {
	b := p.in.Bulletin
	b.Edition = truce.EditionPublic
	b.Rows = p.rows(b.Rows)
	p.hidden = make(map[int]*truce.BulletinRow, len(p.withheld))
	for i := range p.withheld {
		p.hidden[p.withheld[i].N] = &p.withheld[i]
	}
	p.coarsen(b.Rows)
	b.Tables = p.tables(b.Tables)
	b.Parts = p.parts(b.Parts)
	b.Claims, b.ClaimsWithheld = p.claims(b.Claims)
	b.Clouds = p.clouds(b.Clouds)
	b.Coverage = listedGaps(publicCoverage(b.Coverage), p.listed)
	b.Windows = p.windowRows(b.Windows)
	b.Restrictions = append(p.restrictions(b.Restrictions), restrictionsOf(b.Rows)...)
	b.Sources = p.sources(b)
	b.Corrections = p.corrections(b)
	b.Places = namesOnly(usedPlaces(b.Places, b))
	return b
}

// namesOnly leaves out where the places are: a distance from one would be finer than a cell.
func namesOnly(places []truce.PlaceName) []truce.PlaceName {
	for i := range places {
		places[i].At = nil
	}
	return places
}

// rows keeps those whose every source may be passed on: a place or act made of several
// sources cannot be printed without the part that is forbidden.
func (p *passage) rows(list []truce.BulletinRow) []truce.BulletinRow {
	out := make([]truce.BulletinRow, 0, len(list))
	for _, r := range list {
		if !p.mayPass(r) {
			p.withheld = append(p.withheld, r)
			continue
		}
		p.listed[r.N] = true
		out = append(out, p.row(r))
	}
	return out
}

func (p *passage) mayPass(r truce.BulletinRow) bool {
	return len(r.Sources) > 0 && !slices.ContainsFunc(r.Sources, func(s truce.SourceID) bool { return !p.free[s] })
}

func (p *passage) row(r truce.BulletinRow) truce.BulletinRow {
	r.ID, r.Number = p.gate.PublicID(r.ID), ""
	r.P, r.ControlP = roundP(r.P), roundP(r.ControlP)
	r.Time = coarseTime(r.Time)
	findings := slices.Clone(r.Findings)
	for i := range findings {
		findings[i].P = roundP(findings[i].P)
		findings[i].Chain = nil // it names incidents and their times
		findings[i].Bearer = slices.Clone(findings[i].Bearer)
		for k := range findings[i].Bearer {
			findings[i].Bearer[k].P = roundP(findings[i].Bearer[k].P)
		}
		findings[i].Readings = slices.Clone(findings[i].Readings)
		for k := range findings[i].Readings {
			findings[i].Readings[k].P = roundP(findings[i].Readings[k].P)
		}
	}
	r.Findings = findings
	r.Place = p.place(r)
	return r
}

// coarseTime keeps whole minutes and never less error than that.
func coarseTime(t truce.PhenomenonTime) truce.PhenomenonTime {
	minute := truce.Instant(truce.MicrosOf(time.Minute))
	from := t.From - mod(t.From, minute)
	to := t.To
	if rest := mod(to, minute); rest > 0 {
		to += minute - rest
	}
	if t.To == t.From {
		to = from
	}
	sigma := max(t.Sigma, truce.Micros(minute))
	if rest := sigma % truce.Micros(minute); rest > 0 {
		sigma += truce.Micros(minute) - rest
	}
	return truce.PhenomenonTime{From: from, To: to, Sigma: sigma}
}

func mod(t, n truce.Instant) truce.Instant { return (t%n + n) % n }

// place is the public cell, once the row is old enough. A name stays only where it says
// no more than the cell.
func (p *passage) place(r truce.BulletinRow) truce.RowPlace {
	if r.Place.Lat == nil || r.Place.Lon == nil {
		return truce.RowPlace{}
	}
	if p.in.Now.Sub(r.Time.To) < p.gate.policy.age(r.Act.Group()) {
		return truce.RowPlace{Withheld: withheldAge}
	}
	cell := p.gate.grid.Cell(geo.Point{Lat: geo.Degrees(*r.Place.Lat), Lon: geo.Degrees(*r.Place.Lon)})
	out := truce.RowPlace{Cell: &cell, WithinKm: withinKm(r.Place.RadiusM, p.gate.policy.CellKm)}
	if out.WithinKm > 0 {
		out.Name = r.Place.Name
	}
	return out
}

// coarsen merges the cells of rows that protected people reported until each holds enough
// of them; where even the merged cell does not, no cell is printed. A row that was
// coarser in the superseded edition stays so, and is set back before anything is counted:
// the difference would show the reporter, and those left in the cell would be too few.
func (p *passage) coarsen(rows []truce.BulletinRow) {
	protected := p.protected(rows)
	p.setBack(protected)
	p.merge(protected, func(c truce.GridCell) *truce.GridCell {
		merged := p.gate.grid.Merged(c)
		return &merged
	})
	p.merge(protected, func(truce.GridCell) *truce.GridCell { return nil })
}

func (p *passage) setBack(rows []*truce.BulletinRow) {
	if p.in.Superseded == nil {
		return
	}
	before := map[string]truce.RowPlace{}
	for _, r := range p.in.Superseded.Rows {
		before[r.ID] = r.Place
	}
	for _, r := range rows {
		if was, there := before[r.ID]; there && coarser(was, *r.Place.Cell) {
			r.Place = was
		}
	}
}

func (p *passage) protected(rows []truce.BulletinRow) []*truce.BulletinRow {
	var out []*truce.BulletinRow
	for i := range rows {
		shows := slices.ContainsFunc(rows[i].Means, func(f truce.Family) bool { return slices.Contains(p.gate.policy.Protected, f) })
		if shows && rows[i].Place.Cell != nil {
			out = append(out, &rows[i])
		}
	}
	return out
}

func (p *passage) merge(rows []*truce.BulletinRow, larger func(truce.GridCell) *truce.GridCell) {
	n := map[string]int{}
	for _, r := range rows {
		if r.Place.Cell != nil {
			n[r.Place.Cell.ID]++
		}
	}
	for _, r := range rows {
		if r.Place.Cell == nil || n[r.Place.Cell.ID] >= p.gate.policy.KeepTogether {
			continue
		}
		r.Place = truce.RowPlace{Cell: larger(*r.Place.Cell), WithinKm: r.Place.WithinKm}
		if r.Place.Cell == nil {
			r.Place = truce.RowPlace{Withheld: withheldFew}
		}
	}
}

// coarser says whether a place that went out before was larger than the cell, or none for
// the reporters' sake.
func coarser(was truce.RowPlace, cell truce.GridCell) bool {
	if was.Cell == nil {
		return was.Withheld == withheldFew
	}
	return was.Cell.North-was.Cell.South > 1.5*(cell.North-cell.South)
}

// tables moves what rows that stay inside weigh from the listed to the unlisted, so that
// no number changes, and drops the ids.
func (p *passage) tables(list []truce.CountTable) []truce.CountTable {
	out := make([]truce.CountTable, len(list))
	for i, t := range list {
		weigh := weigherOf(&t)
		t.Lines = slices.Clone(t.Lines)
		for j := range t.Lines {
			t.Lines[j] = p.line(t.Lines[j], weigh)
		}
		t.Total = p.line(t.Total, weigh)
		out[i] = t
	}
	return out
}

func (p *passage) line(l truce.CountLine, weigh weigher) truce.CountLine {
	l.Cells = slices.Clone(l.Cells)
	for i := range l.Cells {
		c := &l.Cells[i]
		c.Preliminary.Refs = nil
		c.This = p.hide(c.This, func(r *truce.BulletinRow) int {
			_, weight := weigh(r)
			return weight
		})
	}
	return l
}

func (p *passage) parts(list []truce.Part) []truce.Part {
	out := slices.Clone(list)
	for i := range out {
		var rows truce.RowSet
		for n := range out[i].Rows.All() {
			if p.listed[n] {
				rows.Add(n)
			}
		}
		out[i].Unlisted += out[i].Rows.Len() - rows.Len()
		out[i].Rows = rows
	}
	return out
}

func (p *passage) clouds(list []truce.CloudDay) []truce.CloudDay {
	return slices.DeleteFunc(slices.Clone(list), func(c truce.CloudDay) bool { return !p.free[c.Source] })
}

// restrictions keep their area and whole minutes; a place would show where monitors go.
// Those made from rows are made again from the rows that go out.
func (p *passage) restrictions(list []truce.Restriction) []truce.Restriction {
	out := slices.DeleteFunc(slices.Clone(list), func(r truce.Restriction) bool { return r.Row > 0 })
	for i := range out {
		r := &out[i]
		t := coarseTime(truce.PhenomenonTime{From: r.Period.From, To: r.Period.To})
		r.Place, r.Period.From, r.Period.To = "", t.From, t.To
	}
	return out
}

// sources says of each how many rows are listed and how many only counted.
func (p *passage) sources(b truce.Bulletin) []truce.BulletinSource {
	out := slices.Clone(b.Sources)
	for i := range out {
		rests := func(r truce.BulletinRow) bool { return slices.Contains(r.Sources, out[i].ID) }
		out[i].Listed, out[i].Withheld = countRows(b.Rows, rests), countRows(p.withheld, rests)
	}
	return out
}

func countRows(rows []truce.BulletinRow, wanted func(truce.BulletinRow) bool) int {
	n := 0
	for _, r := range rows {
		if wanted(r) {
			n++
		}
	}
	return n
}

// corrections of numbers go out as they are; those of rows are made again from the two
// public editions, so that no inside value is told.
func (p *passage) corrections(b truce.Bulletin) []truce.Correction {
	numbers := slices.DeleteFunc(slices.Clone(b.Corrections), func(c truce.Correction) bool { return !isFigure(c) })
	if p.in.Superseded == nil {
		return numbers
	}
	return append(rowCorrections(*p.in.Superseded, b), numbers...)
}
