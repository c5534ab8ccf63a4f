package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang/geo/s2"

	"github.com/trucewatch/truce"
)

// cellLevel is the S2 level of the cell column: cells of about 1.2 km, so that a box
// of half a degree is some thousand cells and a town a few.
const cellLevel = 13

// payloadColumns are the columns of a day table in the order of payloadRow.appendTo.
var payloadColumns = []string{"id", "batch", "idx", "source", "kind", "t_from", "t_to", "lat", "lon", "cell", "payload"}

// payloadRow is one observation as it lies in its day table.
type payloadRow struct {
	id           truce.ID
	batch        truce.Seq
	idx          int
	source, kind string
	from, to     truce.Instant
	lat, lon     *float64
	cell         *int64
	payload      []byte
}

// dayRows are the rows of a batch that fall on one UTC day.
type dayRows struct {
	day  int64
	rows []payloadRow
}

func (r *payloadRow) appendTo(args []any) []any {
	return append(args, r.id[:], int64(r.batch), int64(r.idx), r.source, r.kind, int64(r.from), int64(r.to),
		nullable(r.lat), nullable(r.lon), nullable(r.cell), string(r.payload))
}

func nullable[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

const microsPerDay = int64(24 * time.Hour / time.Microsecond)

// dayNumber counts UTC days from 1970-01-01.
func dayNumber(t truce.Instant) int64 {
	day := int64(t) / microsPerDay
	if int64(t)%microsPerDay < 0 {
		day--
	}
	return day
}

func dayName(day int64) truce.Day { return truce.Instant(day * microsPerDay).Day() }

// dayTable is the table of a day: digits only, so it may stand in SQL text.
func dayTable(day int64) string {
	return "obs_" + strings.ReplaceAll(string(dayName(day)), "-", "")
}

// splitPayloads checks the rows of a batch against its manifest and sorts them by day.
func splitPayloads(draft truce.Draft, manifest *truce.BatchManifest) ([]dayRows, error) {
	if len(draft.Rows) == 0 || len(draft.Rows) != manifest.Count {
		return nil, truce.Errorf(truce.CodeInvalid, "the manifest counts %d observations, the batch has %d", manifest.Count, len(draft.Rows))
	}
	if len(draft.Rows) > maxBatchRows {
		return nil, truce.Errorf(truce.CodeTooLarge, "%d observations in one batch, the bound is %d", len(draft.Rows), maxBatchRows)
	}
	bodies, err := draft.RowBodies()
	if err != nil {
		return nil, err
	}
	if root := truce.MerkleRoot(bodies); root != manifest.Merkle {
		return nil, truce.Errorf(truce.CodeInvalid, "the manifest's merkle_root is %s, the rows have %s", manifest.Merkle, root)
	}
	byDay := map[int64][]payloadRow{}
	for i := range draft.Rows {
		row, err := newPayloadRow(&draft.Rows[i], i, bodies[i])
		if err != nil {
			return nil, err
		}
		day := dayNumber(row.from)
		byDay[day] = append(byDay[day], row)
	}
	return sortedDays(byDay, manifest)
}

func sortedDays(byDay map[int64][]payloadRow, manifest *truce.BatchManifest) ([]dayRows, error) {
	if len(byDay) > maxBatchDays {
		return nil, truce.Errorf(truce.CodeTooLarge, "a batch of %d days, the bound is %d", len(byDay), maxBatchDays)
	}
	days := make([]dayRows, 0, len(byDay))
	for day, rows := range byDay {
		days = append(days, dayRows{day: day, rows: rows})
	}
	slices.SortFunc(days, func(a, b dayRows) int { return int(a.day - b.day) })
	names := make([]truce.Day, len(days))
	for i, d := range days {
		names[i] = dayName(d.day)
	}
	if !slices.Equal(names, manifest.Days) {
		return nil, truce.Errorf(truce.CodeInvalid, "the manifest names days %v, the rows fall on %v", manifest.Days, names)
	}
	return days, nil
}

func newPayloadRow(o *truce.Observation, idx int, payload []byte) (payloadRow, error) {
	if err := o.Validate(); err != nil {
		return payloadRow{}, err
	}
	from := o.Phenomenon.From
	if day := dayNumber(from); day < firstDay || day > lastDay {
		return payloadRow{}, truce.Errorf(truce.CodeInvalid, "observation %s: %s lies outside %s to %s", o.ID, from, dayName(firstDay), dayName(lastDay))
	}
	if o.ID.Millis() != int64(from)/1000 {
		return payloadRow{}, truce.Errorf(truce.CodeInvalid, "observation %s: its id does not begin with its start time %s; make it with truce.NewID", o.ID, from)
	}
	row := payloadRow{id: o.ID, idx: idx, source: string(o.Source), kind: string(o.Kind), from: from, to: o.Phenomenon.To, payload: payload}
	if o.Place != nil {
		lat, lon := float64(o.Place.Lat), float64(o.Place.Lon)
		cell := int64(s2.CellIDFromLatLng(s2.LatLngFromDegrees(lat, lon)).Parent(cellLevel))
		row.lat, row.lon, row.cell = &lat, &lon, &cell
	}
	return row, nil
}

// insertPayloads writes the rows of a batch into their day tables.
func (tx *writeTx) insertPayloads(batch truce.Seq, days []dayRows) error {
	for _, d := range days {
		if err := tx.openDay(d); err != nil {
			return err
		}
		for i := range d.rows {
			d.rows[i].batch = batch
		}
		err := tx.store.eng.load(tx.ctx, tx.w, dayTable(d.day), d.rows)
		if err != nil && tx.store.eng.failure(err) == failDuplicate {
			return truce.Errorf(truce.CodeConflict, "an observation of %s is already stored; ask Known again and leave it out: %w", dayName(d.day), err)
		}
		if err != nil {
			return err
		}
	}
	return tx.refuseErased(days)
}

// openDay registers the rows of a day and makes its table when it is the first.
func (tx *writeTx) openDay(d dayRows) error {
	var count, lastEnd, dropped int64
	end := int64(d.rows[0].to)
	for _, r := range d.rows {
		end = max(end, int64(r.to))
	}
	found, err := tx.row("SELECT row_count, last_end, dropped FROM observation_days WHERE day = $1", []any{d.day}, &count, &lastEnd, &dropped)
	switch {
	case err != nil:
		return err
	case dropped != 0:
		return truce.Errorf(truce.CodeConflict, "the observations of %s were dropped by record %d and are not taken again", dayName(d.day), dropped)
	case found:
		return tx.exec("UPDATE observation_days SET row_count = $1, last_end = $2 WHERE day = $3", count+int64(len(d.rows)), max(lastEnd, end), d.day)
	}
	if err := tx.createDay(d.day); err != nil {
		return err
	}
	return tx.exec("INSERT INTO observation_days (day, row_count, last_end, dropped) VALUES ($1, $2, $3, 0)", d.day, int64(len(d.rows)), end)
}

func (tx *writeTx) createDay(day int64) error {
	table := dayTable(day)
	for _, text := range []string{
		`CREATE TABLE %[1]s (id {{BYTES}} NOT NULL, batch BIGINT NOT NULL, idx BIGINT NOT NULL,
			source {{TEXT}} NOT NULL, kind {{TEXT}} NOT NULL, t_from BIGINT NOT NULL, t_to BIGINT NOT NULL,
			lat DOUBLE PRECISION, lon DOUBLE PRECISION, cell BIGINT, payload {{TEXT}} NOT NULL)`,
		`CREATE UNIQUE INDEX %[1]s_id ON %[1]s (id)`,
		`CREATE INDEX %[1]s_batch ON %[1]s (batch, idx)`,
	} {
		if err := tx.w.direct(tx.ctx, tx.store.eng.types().Replace(fmt.Sprintf(text, table))); err != nil {
			return err
		}
	}
	return nil
}

// refuseErased keeps out what was erased before.
func (tx *writeTx) refuseErased(days []dayRows) error {
	var any int64
	if found, err := tx.row("SELECT batch FROM erased_observations LIMIT 1", nil, &any); err != nil || !found {
		return err
	}
	for _, d := range days {
		var batch int64
		query := "SELECT e.batch FROM erased_observations e JOIN " + dayTable(d.day) + " o ON o.id = e.id LIMIT 1"
		found, err := tx.row(query, nil, &batch)
		if err != nil {
			return err
		}
		if found {
			return truce.Errorf(truce.CodeConflict, "an observation of %s was erased with record %d and is not taken again", dayName(d.day), batch)
		}
	}
	return nil
}
