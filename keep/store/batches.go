package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
)

// BatchesOf says which record brought each observation; those not in the store, and those
// of days that were dropped, are left out.
func (s *Store) BatchesOf(ctx context.Context, ids []truce.ID) (map[truce.ID]truce.Seq, error) {
	registered, err := days(ctx, s.readers)
	if err != nil {
		return nil, fmt.Errorf("store: batches: %w", err)
	}
	byTable := map[string][]truce.ID{}
	for _, id := range ids {
		day := dayNumber(truce.Instant(id.Millis() * 1000))
		i, found := slices.BinarySearchFunc(registered, day, func(d dayEntry, day int64) int { return int(d.day - day) })
		if found && !registered[i].dropped {
			byTable[dayTable(day)] = append(byTable[dayTable(day)], id)
		}
	}
	out := map[truce.ID]truce.Seq{}
	for table, list := range byTable {
		for chunk := range slices.Chunk(list, maxIDsPerQuery) {
			if err := s.batchesIn(ctx, table, chunk, out); err != nil {
				return nil, fmt.Errorf("store: batches: %w", err)
			}
		}
	}
	return out, nil
}

func (s *Store) batchesIn(ctx context.Context, table string, ids []truce.ID, out map[truce.ID]truce.Seq) error {
	query := "SELECT id, batch FROM " + table + " WHERE id IN (" + placeholders(1, len(ids)) + ")"
	return list(ctx, s.readers, query, idArgs(ids), func(scan func(...any) error) error {
		var raw []byte
		var seq int64
		err := scan(&raw, &seq)
		if err == nil {
			out[truce.ID(raw)] = truce.Seq(seq)
		}
		return err
	})
}
