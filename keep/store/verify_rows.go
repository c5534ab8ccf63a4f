package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/trucewatch/truce"
)

const whereRows = "observations"

// observations checks every stored row: its columns against its payload, its payload
// against the root in its batch's manifest, and that there are no others.
func (v *verification) observations() error {
	registered, err := days(v.ctx, v.tx)
	if err != nil {
		return err
	}
	live := map[int64]bool{}
	for _, d := range registered {
		live[d.day] = !d.dropped
	}
	seqs := make([]truce.Seq, 0, len(v.batches))
	for seq := range v.batches {
		seqs = append(seqs, seq)
	}
	slices.Sort(seqs)
	for _, seq := range seqs {
		if err := v.batch(seq, live); err != nil {
			return err
		}
	}
	if err := v.kept(); err != nil {
		return err
	}
	for _, d := range registered {
		if !d.dropped {
			if err := v.strays(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// batch checks the rows of one batch. Leaves of days that were dropped come from what
// the drop kept.
func (v *verification) batch(seq truce.Seq, live map[int64]bool) error {
	manifest := v.batches[seq]
	leaves, whole, err := v.keptLeaves(seq, manifest.Count)
	if err != nil {
		return err
	}
	rows, gone := 0, 0
	for _, name := range manifest.Days {
		if !live[dayOf(name)] {
			gone++
			continue
		}
		n, err := v.batchDay(seq, name, leaves)
		if err != nil {
			return err
		}
		rows += n
	}
	if rows > 0 {
		v.report.Batches++
	}
	v.report.Observations += rows
	switch {
	case gone == len(manifest.Days):
		return nil // nothing is left to check
	case gone == 0 && rows != manifest.Count:
		v.report.add(seq, whereRows, "the manifest counts %d rows, %d are stored", manifest.Count, rows)
	case gone > 0 && !whole:
		v.report.add(seq, whereRows, "the leaf hashes of its dropped days are missing")
	case rootOf(leaves) != manifest.Merkle:
		v.report.add(seq, whereRows, "the rows do not give the manifest's Merkle root")
	}
	return nil
}

func (v *verification) keptLeaves(seq truce.Seq, count int) (leaves []truce.Hash, whole bool, err error) {
	var packed []byte
	err = v.list("SELECT hashes FROM batch_leaves WHERE batch = $1", []any{int64(seq)}, func(scan func(...any) error) error {
		return scan(&packed)
	})
	if kept, bad := unpackHashes(packed); bad == nil && len(kept) == count {
		return kept, true, err
	}
	return make([]truce.Hash, min(count, maxBatchRows)), false, err
}

// batchDay puts the leaf hashes of a batch's rows on one day in their places.
func (v *verification) batchDay(seq truce.Seq, name truce.Day, leaves []truce.Hash) (rows int, err error) {
	query := "SELECT id, idx, source, kind, t_from, t_to, lat, lon, cell, payload FROM " + dayTable(dayOf(name)) + " WHERE batch = $1 ORDER BY idx"
	err = v.list(query, []any{int64(seq)}, func(scan func(...any) error) error {
		var row payloadRow
		var id []byte
		err := scan(&id, &row.idx, &row.source, &row.kind, (*int64)(&row.from), (*int64)(&row.to), &row.lat, &row.lon, &row.cell, &row.payload)
		if err != nil {
			v.report.add(seq, whereRows, "a row of %s cannot be read: %v", name, err)
			return nil
		}
		rows++
		copy(row.id[:], id)
		if err := sameColumns(row); err != nil || len(id) != len(row.id) {
			v.report.add(seq, whereRows, "row %d does not say what its payload says: %v", row.idx, err)
		}
		if row.idx >= 0 && row.idx < len(leaves) {
			leaves[row.idx] = leafHash(row.payload)
		}
		return nil
	})
	return rows, err
}

// sameColumns makes the row again from its payload.
func sameColumns(row payloadRow) error {
	var o truce.Observation
	if err := truce.DecodeCanonical(row.payload, &o); err != nil {
		return fmt.Errorf("its payload cannot be read: %w", err)
	}
	want, err := newPayloadRow(&o, row.idx, row.payload)
	if err != nil {
		return err
	}
	if !bytes.Equal(row.id[:], want.id[:]) || row.source != want.source || row.kind != want.kind || row.from != want.from || row.to != want.to ||
		!same(row.lat, want.lat) || !same(row.lon, want.lon) || !same(row.cell, want.cell) {
		return errors.New("a column differs")
	}
	return nil
}

func same[T comparable](a, b *T) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// kept checks the observations that outlived their day by their path to the root.
func (v *verification) kept() error {
	return v.list("SELECT batch, idx, path, payload FROM kept_observations ORDER BY id", nil, func(scan func(...any) error) error {
		var seq int64
		var idx int
		var packed, payload []byte
		if err := scan(&seq, &idx, &packed, &payload); err != nil {
			v.report.add(0, "kept observation", "cannot be read: %v", err)
			return nil
		}
		manifest, found := v.batches[truce.Seq(seq)]
		path, err := unpackHashes(packed)
		root, ok := rootFrom(leafHash(payload), idx, manifest.Count, path)
		if !found || err != nil || !ok || root != manifest.Merkle {
			v.report.add(truce.Seq(seq), "kept observation", "row %d does not lead to the manifest's Merkle root", idx)
		}
		return nil
	})
}

// strays looks for rows of batches that are not recorded for the day, and holds the
// day's count against its rows.
func (v *verification) strays(d dayEntry) error {
	total := 0
	query := "SELECT batch, count(*) FROM " + dayTable(d.day) + " GROUP BY batch ORDER BY batch"
	err := v.list(query, nil, func(scan func(...any) error) error {
		var seq int64
		var n int
		if err := scan(&seq, &n); err != nil {
			return err
		}
		total += n
		manifest, found := v.batches[truce.Seq(seq)]
		if !found || !slices.Contains(manifest.Days, dayName(d.day)) {
			v.report.add(truce.Seq(seq), whereRows, "%d rows of %s belong to no recorded batch", n, dayName(d.day))
		}
		return nil
	})
	if err == nil && total != d.rows {
		v.report.add(0, whereRows, "%s is registered with %d rows and holds %d", dayName(d.day), d.rows, total)
	}
	return err
}

// readTables folds the records into a scratch database and compares table by table.
// The scratch is SQLite for both engines: their digests are the same.
func (v *verification) readTables() error {
	dir, err := os.MkdirTemp("", "truce-verify-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	eng := sqliteEngine{path: filepath.Join(dir, "scratch.db"), scratch: true}
	if _, err := eng.create(v.ctx); err != nil {
		return err
	}
	if err := migrate(v.ctx, eng); err != nil {
		return err
	}
	db, err := eng.open(writeRole)
	if err != nil {
		return err
	}
	defer db.Close()
	w, err := openSession(v.ctx, eng, db)
	if err != nil {
		return err
	}
	defer w.close()
	return v.foldInto(w)
}

func (v *verification) foldInto(w *session) error {
	tx := &writeTx{store: v.store, w: w, ctx: v.ctx}
	tx.body = func(seq truce.Seq) (truce.Record, error) { return v.store.Record(v.ctx, seq) }
	if err := w.direct(v.ctx, "BEGIN"); err != nil {
		return err
	}
	if err := tx.foldAll(v.page); err != nil {
		var at *foldError
		if errors.As(err, &at) {
			v.report.add(at.seq, "record", "cannot be folded: %v", at.err)
			return nil
		}
		return err
	}
	if err := w.direct(v.ctx, "COMMIT"); err != nil {
		return err
	}
	for _, table := range readTables {
		want, err := tableDigest(v.ctx, w.conn, table.name, table.order)
		if err != nil {
			return err
		}
		got, err := tableDigest(v.ctx, v.tx, table.name, table.order)
		if err != nil {
			v.report.add(0, "read table "+table.name, "cannot be read: %v", err)
			continue
		}
		if got != want {
			v.report.add(0, "read table "+table.name, "does not say what the records say; mend it with truce rebuild")
		}
	}
	return nil
}

func (v *verification) page(from truce.Seq) ([]truce.Record, error) {
	var out []truce.Record
	query := "SELECT " + recordColumns + " FROM records WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT $3"
	err := list(v.ctx, v.tx, query, []any{int64(from), int64(v.head), int64(foldPage)}, func(scan func(...any) error) error {
		r, err := scanRecord(scan)
		out = append(out, r)
		return err
	})
	if v.progress != nil && err == nil {
		v.progress(min(from, v.head), v.head)
	}
	return out, err
}
