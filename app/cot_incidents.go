package app

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/respond/publish"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/cot"
)

// released is what the public store says.
type released struct {
	*publish.Reader
	attributions map[truce.Day]map[truce.SourceID]string
}

func newReleased(db *sql.DB) *released {
	return &released{publish.NewReader(db), map[truce.Day]map[truce.SourceID]string{}}
}

// attribution names whom the sources of a row are to be credited to, as its bulletin does.
func (r *released) attribution(ctx context.Context, i *truce.PublicIncident) (string, error) {
	if r.attributions[i.Day] == nil {
		b, err := r.Header(ctx, i.Day)
		if err != nil {
			return "", err
		}
		r.attributions[i.Day] = map[truce.SourceID]string{}
		for _, source := range b.Sources {
			r.attributions[i.Day][source.ID] = source.Attribution
		}
	}
	var out []string
	for _, id := range i.Row.Sources {
		if name := r.attributions[i.Day][id]; name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return strings.Join(out, "; "), nil
}

// addRows adds the released rows from a day on that have a cell and are counted.
func (s *cotSender) addRows(ctx context.Context, r *released, from truce.Day) error {
	for q := (truce.PublicQuery{From: from}); ; {
		page, err := r.Incidents(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			row := &page.Rows[i]
			if row.Row.Place.Cell == nil || !row.Row.Counts() {
				s.withheld++
				continue
			}
			credit, err := r.attribution(ctx, row)
			if err != nil {
				return err
			}
			if err := s.add(s.incident(row, credit)); err != nil {
				return err
			}
		}
		q.Offset += len(page.Rows)
		if len(page.Rows) == 0 || q.Offset >= page.Total {
			return nil
		}
	}
}

// incident is a released row as a mark on the map. All of it is in the release: the middle of
// its cell, an error that holds the cell and what the release says it may lie beyond it, and
// its times as text. The event's own times are when it was sent and when it lapses.
func (s *cotSender) incident(i *truce.PublicIncident, credit string) cot.Outgoing {
	r, cell := &i.Row, i.Row.Place.Cell
	middle := geo.Point{Lat: geo.Degrees((cell.South + cell.North) / 2), Lon: geo.Degrees((cell.West + cell.East) / 2)}
	reach := 0.0 // to the farthest corner: the side nearer to the equator is longer
	for _, lat := range []float64{cell.South, cell.North} {
		reach = max(reach, float64(geo.Distance(middle, geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(cell.West)})))
	}
	o := cot.Outgoing{Happened: max(r.Time.From, r.Time.To)}
	o.UID, o.Type = "truce-incident-"+r.ID, "b-m-p-s-m"
	o.Time, o.Start, o.Stale = s.now, s.now, s.now.Add(cotStale)
	o.LatDeg, o.LonDeg = source.Told(float64(middle.Lat)), source.Told(float64(middle.Lon))
	o.RadiusM = source.Told(reach + 1000*float64(r.Place.WithinKm))
	o.Detail.Callsign = strings.ReplaceAll(string(r.Act), "_", " ")
	o.Detail.Remarks = strings.TrimSuffix(fmt.Sprintf("%s, %s to %s; cell %s; %s row %d. %s", r.Occurrence, r.Time.From, r.Time.To, cell.ID, i.Bulletin, r.N, credit), " ")
	return o
}
