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
		return s.eventsWhere(ctx, timeRange("e.t_from", q.From, q.To, nil), q.Brief)
	}
	var out []truce.Event
	for chunk := range slices.Chunk(q.IDs, maxIDsPerQuery) {
		c := condition{}
		c.add("e.id IN ("+placeholders(1, len(chunk))+")", idArgs(chunk)...)
		events, err := s.eventsWhere(ctx, timeRange("e.t_from", q.From, q.To, &c), q.Brief)
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

func (s *Store) eventsWhere(ctx context.Context, c *condition, brief bool) ([]truce.Event, error) {
	read := func(r truce.Record, e *truce.Event) error { return truce.DecodeBodyInto(r, e) }
	if brief {
		read = readBriefEvent
	}
	query := "SELECT " + bodyColumns + " FROM events e JOIN records r ON r.seq = e.seq" + c.where() + " ORDER BY e.t_from, e.id"
	return decodedBeside(ctx, s.readers, query, c.args, scanBody, func(from []truce.Record, events []truce.Event) error {
		for i := range from {
			if err := read(from[i], &events[i]); err != nil {
				return err
			}
		}
		return nil
	})
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
