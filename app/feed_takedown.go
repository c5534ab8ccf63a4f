package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/polite"
	"github.com/trucewatch/truce/keep/evidence"
)

// takedownBy is who removes bytes from the evidence, in its custody.
const takedownBy = "truce feed takedown"

func (c *cli) feedTakedownCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "takedown ARTICLE|HASH --reason R",
		Short: "Remove a text for good; hash, reason and time stay",
		Long: "Removes the text of an article: from the records and the search index, from the reports that carried it, and the\n" +
			"bytes it came in from the evidence. By a HASH only the text or the bytes that have it are removed. Headline, link,\n" +
			"hashes, reason and time stay, and the same text or bytes are refused from then on. Copies elsewhere, exports among\n" +
			"them, are not reached: truce evidence show HASH says which were made. Do not repeat in the reason what is removed.",
		Example: "  truce feed takedown 01KDZ3V5QJ8ZJ0M2B7R4T6W9XC --reason \"request of the publisher, 3 May\"", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(reason) == "" {
				return usageError(cmd, "--reason is empty; say why, without repeating what is removed")
			}
			a, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			t, err := takedownOf(args[0], truce.CleanText(reason), truce.InstantOf(a.now()))
			if err != nil {
				return usageError(cmd, "%w", err)
			}
			said, err := a.takeDown(cmd.Context(), t)
			for _, line := range said {
				fmt.Fprintln(c.out, line)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, without repeating what is removed")
	must(cmd.MarkFlagRequired("reason"))
	return cmd
}

// takedownOf reads what is to be removed.
func takedownOf(what, reason string, at truce.Instant) (truce.Takedown, error) {
	t := truce.Takedown{Reason: reason, At: at}
	if err := t.Hash.UnmarshalText([]byte(what)); err == nil {
		return t, nil
	}
	id, err := truce.ParseID(what)
	if err != nil {
		return t, fmt.Errorf("%q is neither an article (26 letters and digits) nor a hash (64 hex digits)", what)
	}
	t.Article = id
	return t, nil
}

// takeDown removes a text wherever it is kept. It records that first: when it is
// interrupted, giving the command again finishes it.
func (a *App) takeDown(ctx context.Context, t truce.Takedown) (said []string, err error) {
	originals := []truce.Hash{t.Hash}
	var reports []truce.Observation
	if !t.Article.IsZero() {
		if reports, originals, err = a.originalsOf(ctx, t.Article); err != nil {
			return nil, err
		}
	}
	receipt, err := a.store.Takedown(ctx, t)
	if err != nil {
		return nil, err
	}
	if err := a.dropStoryIndex(); err != nil {
		return nil, err
	}
	said = append(said, fmt.Sprintf("taken down, record %d", receipt.Seqs[0]))
	more, err := a.eraseReports(ctx, reports, receipt.Seqs[0])
	said = append(said, more...)
	if err != nil {
		return said, err
	}
	store, err := a.openEvidence(ctx)
	if err != nil {
		return said, err
	}
	holding, err := a.feedsHolding(ctx, store, reports)
	if err != nil {
		return said, err
	}
	removed := 0
	for _, hash := range uniqueHashes(append(originals, holding...)) {
		_, err := store.Takedown(ctx, hash, takedownBy, t.Reason)
		switch code := truce.CodeOf(err); {
		case err == nil:
			removed++
		case code != truce.CodeNotFound && code != truce.CodeConflict: // of a text alone there are no bytes; what is gone is gone
			return said, err
		}
	}
	return append(said, fmt.Sprintf("%d originals removed from the evidence", removed)), nil
}

// originalsOf are the reports that carried an article, and the bytes its texts came in.
func (a *App) originalsOf(ctx context.Context, id truce.ID) ([]truce.Observation, []truce.Hash, error) {
	row, err := a.store.Article(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	reports, err := a.store.ObservationsByID(ctx, row.Article.Reports)
	if err != nil {
		return nil, nil, err
	}
	versions, err := a.store.ArticleVersions(ctx, id)
	var hashes []truce.Hash
	for _, o := range reports {
		if o.Report != nil {
			hashes = append(hashes, o.Report.Original)
		}
	}
	for _, v := range versions {
		hashes = append(hashes, v.Original)
	}
	return reports, hashes, err
}

// eraseReports removes the reports that carried a text. One that came in a batch with
// others stays, since they would go with it, and that is said.
func (a *App) eraseReports(ctx context.Context, reports []truce.Observation, takedown truce.Seq) (said []string, err error) {
	var ids []truce.ID
	for _, o := range reports {
		if o.Report != nil && o.Report.Text != "" {
			ids = append(ids, o.ID)
		}
	}
	batches, err := a.store.BatchesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	erased := 0
	for _, id := range ids {
		seq, found := batches[id]
		if !found {
			continue
		}
		record, err := a.store.Record(ctx, seq)
		if err != nil {
			return said, err
		}
		var m truce.BatchManifest
		if err := truce.DecodeCanonical(record.Body, &m); err != nil {
			return said, err
		}
		if m.Count > 1 {
			said = append(said, fmt.Sprintf("report %s came with %d others in record %d and stays, for internal use; it was imported from %s", id, m.Count-1, seq, m.File))
			continue
		}
		if _, err := a.store.Erase(ctx, seq, fmt.Sprintf("taken down by record %d", takedown)); err != nil {
			return said, err
		}
		erased++
	}
	return append(said, fmt.Sprintf("%d reports erased", erased)), nil
}

// feedsHolding are the originals of feeds in which the text of a report stands: a feed that
// carries whole texts has them in every answer.
func (a *App) feedsHolding(ctx context.Context, store *evidence.Store, reports []truce.Observation) ([]truce.Hash, error) {
	wanted := map[truce.ID]truce.Feed{}
	addresses := map[string]bool{}
	for _, o := range reports {
		if o.Report != nil && o.Report.Text != "" && o.Report.Via != "" {
			wanted[o.ID] = truce.Feed{URL: o.Report.Via, Source: o.Source}
			addresses[o.Report.Via] = true
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	var out []truce.Hash
	err := store.EachCapture(ctx, func(_ truce.Hash, e evidence.Capture) error {
		if !addresses[e.URL] || slices.Contains(out, e.Content) {
			return nil
		}
		body, err := store.Bytes(ctx, e.Content, maxReadOriginal)
		if code := truce.CodeOf(err); code == truce.CodeNotFound || code == truce.CodeForbidden {
			return nil // taken down already
		}
		if err != nil {
			return err
		}
		if holdsText(e, body, wanted) {
			out = append(out, e.Content)
		}
		return nil
	})
	return out, err
}

// maxReadOriginal is the longest feed that was ever read.
const maxReadOriginal = polite.DefaultUnpacked

// holdsText says whether a feed as it was fetched gives one of the reports with a text.
func holdsText(e evidence.Capture, body []byte, wanted map[truce.ID]truce.Feed) bool {
	for _, f := range wanted {
		if f.URL != e.URL {
			continue
		}
		answer := polite.Response{URL: e.URL, Body: bytes.Clone(body), Header: map[string][]string{"Content-Type": {e.MediaType}}}
		if e.FinalURL != "" {
			answer.URL = e.FinalURL
		}
		read, _ := readFeed(f, answer, e.Fetched) // what was read before a fault is what was recorded
		return slices.ContainsFunc(read.reports, func(o truce.Observation) bool {
			_, is := wanted[o.ID]
			return is && o.Report.Text != ""
		})
	}
	return false
}

func uniqueHashes(list []truce.Hash) []truce.Hash {
	var out []truce.Hash
	for _, h := range list {
		if !h.IsZero() && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}
