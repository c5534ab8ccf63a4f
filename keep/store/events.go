package store

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/trucewatch/truce"
)

// Events lists the current revision of events by origin time and id. An event belongs
// to [From, To) when its origin begins in it.
func (s *Store) Events(ctx context.Context, q truce.EventQuery) ([]truce.Event, error) {
	if q.IDs == nil {
		return s.eventsWhere(ctx, timeRange("e.t_from", q.From, q.To, nil))
	}
	var out []truce.Event
	for chunk := range slices.Chunk(q.IDs, maxIDsPerQuery) {
		c := condition{}
		c.add("e.id IN ("+placeholders(1, len(chunk))+")", idArgs(chunk)...)
		events, err := s.eventsWhere(ctx, timeRange("e.t_from", q.From, q.To, &c))
		if err != nil {
			return nil, err
		}
		out = append(out, events...)
	}
	slices.SortFunc(out, func(a, b truce.Event) int {
		return cmp.Or(cmp.Compare(a.Origin.From, b.Origin.From), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return out, nil
}

func (s *Store) eventsWhere(ctx context.Context, c *condition) ([]truce.Event, error) {
	var out []truce.Event
	query := "SELECT " + bodyColumns + " FROM events e JOIN records r ON r.seq = e.seq" + c.where() + " ORDER BY e.t_from, e.id"
	err := bodies(ctx, s.readers, query, c.args, func(_ truce.Record, e truce.Event) error {
		out = append(out, e)
		return nil
	})
	return out, err
}

// timeRange adds "column in [from, to)"; a zero end is open.
func timeRange(column string, from, to truce.Instant, c *condition) *condition {
	if c == nil {
		c = &condition{}
	}
	if from != 0 {
		c.addf(column+" >= $%d", int64(from))
	}
	if to != 0 {
		c.addf(column+" < $%d", int64(to))
	}
	return c
}
