package store

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce"
)

// Feeds lists every feed as last recorded, those removed too, by id.
func (s *Store) Feeds(ctx context.Context) (out []truce.FeedRow, err error) {
	err = newest(ctx, s, truce.RecordFeed, condition{}, func(r truce.Record, f truce.Feed) {
		out = append(out, truce.FeedRow{Seq: r.Seq, Recorded: r.Time, Feed: f})
	})
	return out, err
}

// Feed is one feed as last recorded.
func (s *Store) Feed(ctx context.Context, id truce.FeedID) (row truce.FeedRow, err error) {
	var c condition
	c.addf("v.subject = $%d", truce.Feed{ID: id}.Subject())
	found := false
	err = newest(ctx, s, truce.RecordFeed, c, func(r truce.Record, f truce.Feed) {
		row, found = truce.FeedRow{Seq: r.Seq, Recorded: r.Time, Feed: f}, true
	})
	if err == nil && !found {
		err = truce.Errorf(truce.CodeNotFound, "there is no feed %.80q", string(id))
	}
	return row, err
}

// SaveFeedStates keeps how the last looks at feeds went. It is no record: it is kept for
// working and nothing is derived from it.
func (s *Store) SaveFeedStates(ctx context.Context, states ...truce.FeedState) error {
	if len(states) > maxFeeds {
		return truce.Errorf(truce.CodeTooLarge, "store: %d states of feeds at once, the bound is %d", len(states), maxFeeds)
	}
	err := s.inTransaction(ctx, func(tx *writeTx) error {
		for _, f := range states {
			if err := checkName("feed", string(f.Feed), 1); err != nil {
				return err
			}
			err := tx.exec(`INSERT INTO feed_state (feed, etag, modified, tried, fetched, due, status, failures, problem, url)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
				ON CONFLICT (feed) DO UPDATE SET etag = excluded.etag, modified = excluded.modified, tried = excluded.tried, fetched = excluded.fetched,
					due = excluded.due, status = excluded.status, failures = excluded.failures, problem = excluded.problem, url = excluded.url`,
				string(f.Feed), []byte(f.ETag), []byte(f.Modified), int64(f.Tried), int64(f.Fetched), int64(f.Due), int64(f.Status), int64(f.Failures), []byte(f.Problem), []byte(f.URL))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: states of feeds: %w", err)
	}
	return nil
}

// FeedStates lists how the last look at each feed went, by feed; of a feed that was never
// looked at there is none.
func (s *Store) FeedStates(ctx context.Context) ([]truce.FeedState, error) {
	var out []truce.FeedState
	query := "SELECT feed, etag, modified, tried, fetched, due, status, failures, problem, url FROM feed_state ORDER BY feed"
	err := list(ctx, s.readers, query, nil, func(scan func(...any) error) error {
		var f truce.FeedState
		var etag, modified, problem, address []byte
		err := scan((*string)(&f.Feed), &etag, &modified, (*int64)(&f.Tried), (*int64)(&f.Fetched), (*int64)(&f.Due), &f.Status, &f.Failures, &problem, &address)
		f.ETag, f.Modified, f.Problem, f.URL = string(etag), string(modified), string(problem), string(address)
		out = append(out, f)
		return err
	})
	return out, err
}
