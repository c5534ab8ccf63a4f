package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/evidence"
)

// takedownBy is who removes bytes from the evidence, in its custody.
const takedownBy = "truce feed takedown"

func (c *cli) feedTakedownCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "takedown ARTICLE|HASH --reason R",
		Short: "Remove a text for good; hash, reason and time stay",
		Long: "Removes the text of an article, in all its versions and wherever else the same text is kept: from the records and\n" +
			"the search index, the reports that carried it, claims and checks that quote it, and the bytes it came in from the\n" +
			"evidence. A HASH of a text or of a page stands for the articles that have it. Headline, link, hashes, reason and\n" +
			"time stay, and the same text or bytes are refused from then on. It says what it reached and what it did not, such\n" +
			"as exports. Cut off, it is finished when the data directory is opened next. Do not repeat in the reason what is removed.",
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

// takeDown removes a text wherever it is kept. All that goes is found and recorded first, in
// one transaction that also removes texts and claims: what is left when it is interrupted is
// removed when the data directory is opened next (finishTakedowns).
func (a *App) takeDown(ctx context.Context, t truce.Takedown) (said []string, err error) {
	if _, err := a.UpdateStories(ctx); err != nil { // a copy that came just now has its article then
		return nil, err
	}
	store, err := a.openEvidence(ctx)
	if err != nil {
		return nil, err
	}
	reach, err := a.takedownReach(ctx, store, t)
	if err != nil {
		return nil, err
	}
	receipt, err := a.store.Takedown(ctx, reach.records(t)...)
	if err != nil {
		return nil, err
	}
	said = append([]string{fmt.Sprintf("taken down, record %d", receipt.Seqs[0])}, reach.lines()...)
	more, err := a.finishTakedown(ctx, reach.records(t)[0], receipt.Seqs[0])
	return append(said, more...), err
}

// finishTakedowns finishes every takedown that was cut off, and once rewrites a public store
// of before what is taken back was overwritten. What is done already costs a look; what fails
// keeps nothing else from being removed, is told and tried again next time.
func (a *App) finishTakedowns(ctx context.Context) (said []string, err error) {
	rows, err := a.store.Takedowns(ctx)
	for _, t := range rows {
		if len(t.Reports)+len(t.Originals) > 0 {
			var failed error
			if said, failed = a.finishOne(ctx, t, said); failed != nil {
				err = errors.Join(err, fmt.Errorf("the takedown of record %d: %w", t.Seq, failed))
			}
		}
	}
	more, failed := a.scrubReleased(ctx)
	return append(said, more...), errors.Join(err, failed)
}

func (a *App) finishOne(ctx context.Context, t truce.TakedownRow, said []string) ([]string, error) {
	left, err := a.leftOf(ctx, t.Takedown)
	if err != nil || !left {
		return said, err
	}
	more, err := a.finishTakedown(ctx, t.Takedown, t.Seq)
	return append(append(said, fmt.Sprintf("the takedown of record %d had been cut off and is finished:", t.Seq)), more...), err
}

// leftOf says whether something of a takedown is still there that can be removed.
func (a *App) leftOf(ctx context.Context, t truce.Takedown) (bool, error) {
	alone, _, err := a.reportRecords(ctx, t.Reports)
	if err != nil || len(alone) > 0 {
		return true, err
	}
	if checks, err := a.checksOf(ctx, t.Reports); err != nil || len(checks) > 0 {
		return true, err
	}
	if info, err := os.Stat(a.cfg.Path(evidenceFolder)); err != nil || !info.IsDir() {
		return false, nil
	}
	store, err := a.openEvidence(ctx)
	for _, hash := range t.Originals {
		if err != nil {
			return false, err
		}
		down, failed := store.TakenDown(ctx, hash)
		if failed != nil {
			return false, failed
		}
		var captures []evidence.Capture
		if captures, err = store.Captures(ctx, hash); err == nil && down == nil && len(captures) > 0 {
			return true, nil
		}
	}
	return false, err
}

// takedownStep is one part of what follows on the record of a takedown; each may be done
// twice.
type takedownStep func(context.Context, truce.Takedown, truce.Seq) ([]string, error)

// takedownSteps are the parts in their order.
func (a *App) takedownSteps() []takedownStep {
	return []takedownStep{a.dropIndexed, a.withdrawReleased, a.eraseReports, a.eraseChecks, a.removeOriginals}
}

// finishTakedown removes what the record of a takedown names and is still there.
func (a *App) finishTakedown(ctx context.Context, t truce.Takedown, seq truce.Seq) (said []string, err error) {
	for _, step := range a.takedownSteps() {
		more, err := step(ctx, t, seq)
		if said = append(said, more...); err != nil {
			return said, err
		}
	}
	return said, nil
}

func (a *App) dropIndexed(context.Context, truce.Takedown, truce.Seq) ([]string, error) {
	return nil, a.dropStoryIndex()
}

// reportRecords are the records of batches that hold one report alone, and words about the
// reports that came with others, which would go with them.
func (a *App) reportRecords(ctx context.Context, ids []truce.ID) (alone []truce.Seq, shared []string, err error) {
	batches, err := a.store.BatchesOf(ctx, ids)
	for _, id := range ids {
		seq, found := batches[id]
		if err != nil || !found {
			continue
		}
		var record truce.Record
		if record, err = a.store.Record(ctx, seq); err != nil {
			break
		}
		m, failed := truce.DecodeBody[truce.BatchManifest](record)
		if err = failed; err == nil && m.Count > 1 {
			shared = append(shared, fmt.Sprintf("report %s came with %d others in record %d and stays, for internal use; it was imported from %s", id, m.Count-1, seq, m.File))
			continue
		}
		alone = append(alone, seq)
	}
	return alone, shared, err
}

// eraseReports removes the reports that carried a text. One that came in a batch with
// others stays, and that is said.
func (a *App) eraseReports(ctx context.Context, t truce.Takedown, takedown truce.Seq) ([]string, error) {
	alone, said, err := a.reportRecords(ctx, t.Reports)
	if err != nil {
		return said, err
	}
	n, err := a.eraseAll(ctx, alone, takedown)
	return append(said, fmt.Sprintf("%d reports erased", n)), err
}

func (a *App) eraseAll(ctx context.Context, seqs []truce.Seq, takedown truce.Seq) (n int, err error) {
	for _, seq := range seqs {
		_, err := a.store.Erase(ctx, seq, fmt.Sprintf("taken down by record %d", takedown))
		switch {
		case err == nil:
			n++
		case truce.CodeOf(err) != truce.CodeConflict: // erased meanwhile
			return n, err
		}
	}
	return n, nil
}

// checksOf are the records of the checks that quote a sentence of the reports, all revisions.
func (a *App) checksOf(ctx context.Context, reports []truce.ID) (out []truce.Seq, err error) {
	rows, err := a.store.ClaimChecks(ctx, 0, 0)
	for _, row := range rows {
		if err != nil || !slices.Contains(reports, row.Check.Total.Report) {
			continue
		}
		var all []truce.ClaimCheckRow
		all, err = a.store.ClaimCheck(ctx, row.Check.ID)
		for _, one := range all {
			out = append(out, one.Seq)
		}
	}
	return out, err
}

// withdrawReleased withdraws what is out of the checks that quote the text. It goes before the
// checks themselves, by which their versions outside are found.
func (a *App) withdrawReleased(ctx context.Context, t truce.Takedown, takedown truce.Seq) ([]string, error) {
	checks, err := a.ClaimChecks(ctx)
	if err != nil {
		return nil, err
	}
	gate, err := a.gate()
	if err != nil {
		return nil, err
	}
	checks = slices.DeleteFunc(checks, func(c truce.ClaimCheck) bool { return !slices.Contains(t.Reports, c.Total.Report) })
	addresses, err := a.withdrawChecks(ctx, gate, checks, takedown)
	var said []string
	for _, address := range addresses {
		said = append(said, "withdrawn: "+address)
	}
	return said, err
}

// eraseChecks removes checks of totals that were stated in the text: each quotes it.
func (a *App) eraseChecks(ctx context.Context, t truce.Takedown, takedown truce.Seq) ([]string, error) {
	checks, err := a.checksOf(ctx, t.Reports)
	if err != nil || len(checks) == 0 {
		return nil, err
	}
	n, err := a.eraseAll(ctx, checks, takedown)
	return []string{fmt.Sprintf("%d checks that quote it erased", n)}, err
}

// removeOriginals removes the bytes and names those to whom copies were given.
func (a *App) removeOriginals(ctx context.Context, t truce.Takedown, _ truce.Seq) (said []string, err error) {
	store, err := a.openEvidence(ctx)
	if err != nil {
		return nil, err
	}
	removed := 0
	for _, hash := range t.Originals {
		_, err := store.Takedown(ctx, hash, takedownBy, t.Reason)
		switch code := truce.CodeOf(err); {
		case code == truce.CodeNotFound, code == truce.CodeConflict: // of a text alone there are no bytes; what is gone is gone
			continue
		case err != nil:
			return said, err
		}
		removed++
		steps, err := store.Custody(ctx, hash)
		if err != nil {
			return said, err
		}
		for _, step := range steps {
			if step.Kind == evidence.StepExported || step.Kind == evidence.StepRead {
				said = append(said, fmt.Sprintf("not reached: %s was %s at %s by %s; ask for that copy", hash, step.Kind, step.At, step.By))
			}
		}
	}
	return append(said, fmt.Sprintf("%d originals removed from the evidence", removed)), nil
}
