package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/pledge"
	"github.com/trucewatch/truce/respond/publish"
)

// Bounds of what is released of the guarantee.
const (
	publicCases = 200  // listed; a page of them stays under 100 kB
	publicFolds = 2000 // cases folded for it, a millisecond or two each
)

// publicReaderOf stands for everybody: what is released is cut as the room cuts it for the
// public.
func publicReaderOf() truce.Person { return truce.Person{ID: "public", Role: truce.RolePublic} }

// caseReleaseCommand lets out what the public may read of cases and promises.
func (c *cli) caseReleaseCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "release",
		Short: "Let the tier and time of cases, and the totals of PLEDGES, out through the gate",
		Long: "Writes what truce serve --public shows at /cases and /pledges: of each case that anybody outside the mechanism was\n" +
			"told of its tier, when that was entered, the ladder's words for the public and when the case was closed; of promises\n" +
			"and contributions that were made public the sums, never by state. truce bulletin release does the same with each\n" +
			"Daily; give this command when a tier is entered between two of them.",
		Example: "  truce case release",
		Args:    cobra.NoArgs,
	}
	c.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a, err := c.open(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		g, err := a.releaseGuarantee(cmd.Context())
		if err != nil {
			return err
		}
		if c.asJSON {
			return printJSON(c.out, g)
		}
		_, err = fmt.Fprintf(c.out, "%d cases, %d lines of contributions and %d counts of promises released to %s as of %s\n", len(g.Cases), len(g.Supply), len(g.Promises), a.cfg.Public, g.At)
		return err
	}
	return cmd
}

// releaseGuarantee puts what the public may read of the guarantee now into the public store.
func (a *App) releaseGuarantee(ctx context.Context) (truce.PublicGuarantee, error) {
	g, err := a.publicGuarantee(ctx)
	if err != nil {
		return g, fmt.Errorf("release cases and pledges: %w", err)
	}
	db, err := openPublic(a.cfg.Path(a.cfg.Public), "rwc")
	if err != nil {
		return g, err
	}
	defer db.Close()
	s, err := publish.OpenPublicStore(ctx, db)
	if err != nil {
		return g, err
	}
	return g, s.PutGuarantee(ctx, g)
}

// publicGuarantee cuts the guarantee to what the public may read of it.
func (a *App) publicGuarantee(ctx context.Context) (truce.PublicGuarantee, error) {
	first, err := a.store.Record(ctx, 1)
	if err != nil {
		return truce.PublicGuarantee{}, err
	}
	inception, err := truce.DecodeBody[truce.Inception](first)
	if err != nil {
		return truce.PublicGuarantee{}, err
	}
	g := truce.PublicGuarantee{Mission: inception.Mission, Realm: a.store.Realm(), At: truce.InstantOf(a.now()), Cases: []truce.PublicCase{}}
	if err := a.publicCases(ctx, &g); err != nil {
		return g, err
	}
	return g, a.publicPledges(ctx, &g)
}

// publicCases lists the cases whose tier was told outside the mechanism.
func (a *App) publicCases(ctx context.Context, g *truce.PublicGuarantee) error {
	page, err := a.store.Cases(ctx, truce.CaseQuery{})
	if err != nil {
		return err
	}
	d, folds := a.guaranteeDesk(), 0
	for _, row := range page.Rows {
		if row.Summary.State == truce.CaseOpen && row.Summary.Rank == 0 {
			continue
		}
		if folds++; folds > publicFolds {
			g.Left++
			continue
		}
		v, err := d.View(ctx, row.ID.String())
		if err != nil {
			return err
		}
		if line, told := publicCase(v); told {
			g.Cases = append(g.Cases, line)
		}
	}
	slices.SortStableFunc(g.Cases, func(a, b truce.PublicCase) int {
		return cmp.Or(-cmp.Compare(a.State, b.State), -cmp.Compare(a.Entered, b.Entered), cmp.Compare(a.Number, b.Number)) // open after closed by letter
	})
	if more := len(g.Cases) - publicCases; more > 0 {
		g.Cases, g.Left = g.Cases[:publicCases], g.Left+more
	}
	return nil
}

// publicCase is tier and time of a case, of a closed one the highest it was known in, as the
// room shows it; false when nobody outside was told of it.
func publicCase(v guarantee.View) (truce.PublicCase, bool) {
	line := truce.PublicCase{Number: v.Number, State: v.Case.State, Closed: v.Case.Closed}
	visits := v.Case.Tiers
	if v.Case.State != truce.CaseClosed {
		visits = slices.DeleteFunc(slices.Clone(visits), func(k truce.TierVisit) bool { return k.Tier != v.Case.Tier || k.Left != 0 })
	}
	top, _ := highest(v.Ladder, visits)
	line.Tier, line.Entered = top.Tier, top.Entered
	t, known := v.Ladder.Tier(line.Tier)
	line.TierName, line.Words = t.Names, t.Public
	return line, known
}

// publicPledges sums promises and contributions, by no state.
func (a *App) publicPledges(ctx context.Context, g *truce.PublicGuarantee) error {
	lines, err := a.guaranteeDesk().Account(ctx, publicReaderOf(), pledge.Days{From: g.At.Day(), To: g.At.Day()})
	if err != nil {
		return err
	}
	g.Supply = []truce.PublicSupply{}
	for _, l := range lines {
		g.Supply = append(g.Supply, truce.PublicSupply{To: l.To, Capability: l.Capability, Names: pledge.NamesOf(lines, l), Period: l.Period, Unit: l.Unit, Need: l.Need,
			Pledged: l.Amounts.Pledged, InPlace: l.Amounts.InPlace, Gap: l.Gap})
	}
	rows, err := a.store.Commitments(ctx, "")
	if err != nil {
		return err
	}
	g.Promises = publicCounts(rows)
	return nil
}

// publicCounts counts the promises that were made public, by kind and stage.
func publicCounts(rows []truce.CommitmentRow) []truce.PublicCount {
	counts := map[truce.PublicCount]int{}
	for _, row := range rows {
		if row.Public {
			counts[truce.PublicCount{Kind: row.Kind, Stage: pledge.State(row.Commitment)}]++
		}
	}
	out := []truce.PublicCount{}
	for _, kind := range truce.CommitmentKinds() {
		for _, stage := range truce.CommitmentStates() {
			key := truce.PublicCount{Kind: kind, Stage: stage}
			if n := counts[key]; n > 0 {
				key.Count = n
				out = append(out, key)
			}
		}
	}
	return out
}
