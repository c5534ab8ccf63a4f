package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
)

// Known says which of the ids must not be stored again: those in the store, those
// erased, and every id of a day that retention has dropped.
func (s *Store) Known(ctx context.Context, ids []truce.ID) (map[truce.ID]bool, error) {
	known := map[truce.ID]bool{}
	registered, err := days(ctx, s.readers)
	if err != nil {
		return nil, err
	}
	registry := map[int64]dayEntry{}
	for _, d := range registered {
		registry[d.day] = d
	}
	byDay := map[int64][]truce.ID{}
	for _, id := range ids {
		day := dayNumber(truce.Instant(id.Millis() * 1000))
		entry, found := registry[day]
		switch {
		case found && entry.dropped:
			known[id] = true
		case found:
			byDay[day] = append(byDay[day], id)
		}
	}
	for day, list := range byDay {
		if err := s.mark(ctx, dayTable(day), list, known); err != nil {
			return nil, err
		}
	}
	var erased int64
	if some, err := s.one(ctx, "SELECT batch FROM erased_observations LIMIT 1", nil, &erased); err != nil || !some {
		return known, err
	}
	return known, s.mark(ctx, "erased_observations", ids, known)
}

// FirstSeen says of things that have no time of their own, and whose ids were made with the
// day on which they were met, under which id they were stored first: the one that differs in
// nothing but its day. What was erased is found too; what is not stored at all is left out.
func (s *Store) FirstSeen(ctx context.Context, ids []truce.ID) (map[truce.ID]truce.ID, error) {
	first := map[truce.ID]truce.ID{}
	if len(ids) == 0 {
		return first, nil
	}
	registered, err := days(ctx, s.readers)
	for _, d := range registered {
		if err == nil {
			err = s.seenOn(ctx, d, ids, first)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("store: first seen: %w", err)
	}
	return first, nil
}

// seenOn looks on one day for those that were not seen earlier. Of a day whose rows were
// dropped there are the articles, which have the ids of the reports that opened them.
func (s *Store) seenOn(ctx context.Context, d dayEntry, ids []truce.ID, first map[truce.ID]truce.ID) error {
	const dayMillis = 24 * 60 * 60 * 1000
	if d.day < 0 {
		return nil
	}
	var asked []truce.ID
	of := map[truce.ID]truce.ID{} // by the id on that day
	for _, id := range ids {
		if _, seen := first[id]; seen {
			continue
		}
		var ms [8]byte
		binary.BigEndian.PutUint64(ms[:], uint64(d.day*dayMillis))
		then := id
		copy(then[:6], ms[2:])
		asked, of[then] = append(asked, then), id
	}
	tables := []string{dayTable(d.day), "erased_observations"}
	if d.dropped {
		tables = []string{"kept_observations", "erased_observations", "articles"}
	}
	known := map[truce.ID]bool{}
	for _, table := range tables {
		if err := s.mark(ctx, table, asked, known); err != nil {
			return err
		}
	}
	for id := range known {
		first[of[id]] = id
	}
	return nil
}

// mark looks ids up in a table that has an id column.
func (s *Store) mark(ctx context.Context, table string, ids []truce.ID, known map[truce.ID]bool) error {
	for chunk := range slices.Chunk(ids, maxIDsPerQuery) {
		query := "SELECT id FROM " + table + " WHERE id IN (" + placeholders(1, len(chunk)) + ")"
		err := list(ctx, s.readers, query, idArgs(chunk), func(scan func(...any) error) error {
			var raw []byte
			err := scan(&raw)
			known[truce.ID(raw)] = true
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func idArgs(ids []truce.ID) []any {
	args := make([]any, len(ids))
	for i := range ids {
		args[i] = ids[i][:]
	}
	return args
}

// dayEntry is a day as registered.
type dayEntry struct {
	day     int64
	rows    int
	lastEnd truce.Instant
	dropped bool
}

func days(ctx context.Context, q querier) ([]dayEntry, error) {
	var out []dayEntry
	err := list(ctx, q, "SELECT day, row_count, last_end, dropped FROM observation_days ORDER BY day", nil,
		func(scan func(...any) error) error {
			var d dayEntry
			var dropped int64
			err := scan(&d.day, &d.rows, (*int64)(&d.lastEnd), &dropped)
			d.dropped = dropped != 0
			out = append(out, d)
			return err
		})
	return out, err
}

// ObservationDays counts the stored observations by the UTC day they begin on.
func (s *Store) ObservationDays(ctx context.Context) ([]truce.DayCount, error) {
	registered, err := days(ctx, s.readers)
	var out []truce.DayCount
	for _, d := range registered {
		if !d.dropped {
			out = append(out, truce.DayCount{Day: dayName(d.day), Count: d.rows})
		}
	}
	return out, err
}

// Observations gives every observation that overlaps the query's interval to take,
// ordered by start and id. Rows are read in pages: memory does not grow with their
// number, and no connection is held while take runs, so take may use the store. An
// error of take ends the reading and comes back. Zero From or To is open.
func (s *Store) Observations(ctx context.Context, q truce.ObservationQuery, take func(truce.Observation) error) error {
	registered, err := days(ctx, s.readers)
	if err != nil {
		return err
	}
	for _, d := range registered {
		if d.dropped || !overlapsDay(q, d) {
			continue
		}
		if err := s.observationsOf(ctx, d.day, q, take); err != nil {
			return err
		}
	}
	return nil
}

func overlapsDay(q truce.ObservationQuery, d dayEntry) bool {
	return (q.To == 0 || d.day*microsPerDay < int64(q.To)) && (q.From == 0 || d.lastEnd >= q.From)
}

// observationsOf pages through one day. Ids begin with the millisecond of the start,
// so their order is the order wanted but within a millisecond: the last millisecond of
// a page waits for the next page.
func (s *Store) observationsOf(ctx context.Context, day int64, q truce.ObservationQuery, take func(truce.Observation) error) error {
	var waiting []truce.Observation
	after := []byte{}
	for {
		page, err := s.observationPage(ctx, day, q, after)
		if err != nil {
			return err
		}
		waiting = append(waiting, page...)
		ready := len(waiting)
		if len(page) == observationPage {
			after = slices.Clone(page[len(page)-1].ID[:])
			for ready > 0 && waiting[ready-1].ID.Millis() == page[len(page)-1].ID.Millis() {
				ready--
			}
		}
		slices.SortFunc(waiting[:ready], compareObservations)
		for _, o := range waiting[:ready] {
			if err := take(o); err != nil {
				return err
			}
		}
		waiting = append([]truce.Observation(nil), waiting[ready:]...)
		if len(page) < observationPage {
			return nil
		}
	}
}

// observationPage reads the next rows by id and decodes them on every core.
func (s *Store) observationPage(ctx context.Context, day int64, q truce.ObservationQuery, after []byte) ([]truce.Observation, error) {
	c := observationFilter(q)
	c.addf("id > $%d", after)
	query := fmt.Sprintf("SELECT payload FROM %s%s ORDER BY id LIMIT %d", dayTable(day), c.where(), observationPage)
	payloads := make([][]byte, 0, observationPage)
	err := list(ctx, s.readers, query, c.args, func(scan func(...any) error) error {
		var payload []byte
		err := scan(&payload)
		payloads = append(payloads, payload)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]truce.Observation, len(payloads))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for from := 0; from < len(payloads); from += decodeChunk {
		group.Go(func() error {
			for i := from; i < min(from+decodeChunk, len(payloads)); i++ {
				if err := decodeObservation(payloads[i], &out[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return out, group.Wait()
}

func compareObservations(a, b truce.Observation) int {
	return cmp.Or(cmp.Compare(a.Phenomenon.From, b.Phenomenon.From), bytes.Compare(a.ID[:], b.ID[:]))
}

// observationFilter: an interval overlaps when it begins before To and ends after
// From; a moment when it lies in [From, To).
func observationFilter(q truce.ObservationQuery) *condition {
	var c condition
	if q.To != 0 {
		c.addf("t_from < $%d", int64(q.To))
	}
	if q.From != 0 {
		c.addf("(t_to > $%[1]d OR t_from >= $%[1]d)", int64(q.From))
	}
	if q.Kind != "" {
		c.addf("kind = $%d", string(q.Kind))
	}
	if q.Source != "" {
		c.addf("source = $%d", string(q.Source))
	}
	return &c
}

func decodeObservation(payload []byte, o *truce.Observation) error {
	if err := truce.DecodeCanonical(payload, o); err != nil {
		return truce.Errorf(truce.CodeInternal, "observation: %w", err)
	}
	return nil
}

// ObservationsByID reads observations by id, in the order of the ids; those not in
// the store are left out. Those an event used are found after their day was dropped.
func (s *Store) ObservationsByID(ctx context.Context, ids []truce.ID) ([]truce.Observation, error) {
	read := map[truce.ID]truce.Observation{}
	registered, err := days(ctx, s.readers)
	if err != nil {
		return nil, err
	}
	byTable := map[string][]truce.ID{}
	for _, id := range ids {
		day := dayNumber(truce.Instant(id.Millis() * 1000))
		i, found := slices.BinarySearchFunc(registered, day, func(d dayEntry, day int64) int { return int(d.day - day) })
		switch {
		case found && registered[i].dropped:
			byTable["kept_observations"] = append(byTable["kept_observations"], id)
		case found:
			byTable[dayTable(day)] = append(byTable[dayTable(day)], id)
		}
	}
	for table, list := range byTable {
		if err := s.collect(ctx, table, list, read); err != nil {
			return nil, err
		}
	}
	out := make([]truce.Observation, 0, len(read))
	for _, id := range ids {
		if o, ok := read[id]; ok {
			out = append(out, o)
		}
	}
	return out, nil
}

func (s *Store) collect(ctx context.Context, table string, ids []truce.ID, found map[truce.ID]truce.Observation) error {
	for chunk := range slices.Chunk(ids, maxIDsPerQuery) {
		query := "SELECT payload FROM " + table + " WHERE id IN (" + placeholders(1, len(chunk)) + ")"
		err := list(ctx, s.readers, query, idArgs(chunk), func(scan func(...any) error) error {
			var payload []byte
			var o truce.Observation
			err := scan(&payload)
			if err == nil {
				err = decodeObservation(payload, &o)
			}
			found[o.ID] = o
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
