package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/claims"
	"github.com/trucewatch/truce/respond/publish"
	webpress "github.com/trucewatch/truce/web/press"
)

// checkRelease is what a release of checks came to.
type checkRelease struct {
	Released  []truce.PublicCheck `json:"released"`
	Held      []heldCheck         `json:"held,omitempty"`
	Unchanged int                 `json:"unchanged"`
}

// heldCheck is a check that stays inside, and why in words.
type heldCheck struct {
	ID  truce.ID          `json:"id"`
	Why publish.CheckHold `json:"why"`
	Say string            `json:"say"`
}

func (c *cli) claimsReleaseCommand() *cobra.Command {
	dry := false
	cmd := &cobra.Command{
		Use:   "release [ID...]",
		Short: "Let checks of totals out through the gate, under addresses that never change",
		Long: "Makes a public version of each check that says something new, and of no other: verdict with reasons, the mission's own\n" +
			"counts with their coverage, one quoted sentence of at most 200 characters, and the other party's total of the same hours\n" +
			"beside it. A version stands under /claims/ID/VERSION for good; what becomes known later is another version that names\n" +
			"it. Nothing leaves within 24 hours of the end of its hours, of what two parties say of each other both checks leave or\n" +
			"none, and whose acts they were is not told: attributions have a release of their own. Without an ID every check is\n" +
			"looked at.",
		Example: "  truce claims release --dry-run\n  truce claims release\n  truce claims release 01J2ZK6F1M4V2QK8YB0C3W7E9T",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			ids := make([]truce.ID, len(args))
			for i, arg := range args {
				var err error
				if ids[i], err = truce.ParseID(arg); err != nil {
					return usageError(cmd, "%w", err)
				}
			}
			a, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			out, err := a.releaseChecks(cmd.Context(), ids, dry)
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, out)
			}
			_, err = fmt.Fprint(c.out, out.text(a.cfg, dry))
			return err
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would leave and what would not, and let nothing out")
	c.jsonFlag(cmd)
	return cmd
}

func (r checkRelease) text(cfg Config, dry bool) string {
	var b strings.Builder
	for _, c := range r.Released {
		fmt.Fprintf(&b, "%s: %s, %d, %s\n", cfg.site()+c.Address(), c.Total.Claimant, c.Total.Count, strings.ReplaceAll(string(c.Verdict), "_", " "))
	}
	for _, h := range r.Held {
		fmt.Fprintf(&b, "held: %s: %s\n", h.ID, h.Say)
	}
	did := "released to " + cfg.Public
	if dry {
		did = "would be released"
	}
	fmt.Fprintf(&b, "%d versions of checks %s, %d held back, %d say nothing new\n", len(r.Released), did, len(r.Held), r.Unchanged)
	return b.String()
}

// outside is a check with what is out of it.
type outside struct {
	public   string // its id outside
	standing []releasedVersion
	last     int // number of the newest version there ever was
}

// releasedVersion is a version that was not withdrawn, with its record.
type releasedVersion struct {
	check  truce.PublicCheck
	record truce.Record
}

// releaseChecks lets out the next versions of the checks named, with their rivals; of none
// named all. The versions are recorded in one step, so that both parties' leave at once;
// what was recorded and did not reach the public store does now.
func (a *App) releaseChecks(ctx context.Context, ids []truce.ID, dry bool) (checkRelease, error) {
	out := checkRelease{Released: []truce.PublicCheck{}}
	all, err := a.ClaimChecks(ctx)
	if err != nil {
		return out, err
	}
	chosen, err := withRivals(all, ids)
	if err != nil {
		return out, err
	}
	gate, err := a.gate()
	if err != nil {
		return out, err
	}
	in, err := a.checksInput(ctx, gate, chosen)
	if err != nil {
		return out, err
	}
	next, held, err := gate.Checks(in)
	if err != nil {
		return out, err
	}
	out.Released, out.Unchanged = append(out.Released, next...), len(chosen)-len(next)-len(held)
	for _, h := range held {
		out.Held = append(out.Held, heldCheck{h.ID, h.Why, holdWords(h)})
	}
	if dry {
		return out, nil
	}
	if err := a.recordChecks(ctx, next); err != nil {
		return out, err
	}
	return out, a.putChecks(ctx, gate, all)
}

// holdWords say why a check stays inside.
func holdWords(h publish.HeldCheck) string {
	switch h.Why {
	case publish.HoldEarly:
		return fmt.Sprintf("may leave at %s", h.Until)
	case publish.HoldPerson:
		return "it would show who reported it"
	case publish.HoldRights:
		return "its source does not allow its data to be passed on (sources: in truce.yaml, before it is imported)"
	case publish.HoldRival:
		return "what the other party says of the same hours is held back"
	}
	return string(h.Why)
}

// withRivals are the checks named and those beside them; of none named all.
func withRivals(all []truce.ClaimCheck, ids []truce.ID) ([]truce.ClaimCheck, error) {
	if len(ids) == 0 {
		return all, nil
	}
	var out []truce.ClaimCheck
	for queue := slices.Clone(ids); len(queue) > 0; queue = queue[1:] {
		i := slices.IndexFunc(all, func(c truce.ClaimCheck) bool { return c.ID == queue[0] })
		if i < 0 {
			return nil, truce.Errorf(truce.CodeNotFound, "there is no claim check %s; list them with: truce claims list", queue[0])
		}
		if !slices.ContainsFunc(out, func(c truce.ClaimCheck) bool { return c.ID == queue[0] }) {
			out, queue = append(out, all[i]), append(queue, all[i].Rivals...)
		}
	}
	return out, nil
}

// checksInput is what the gate is asked to let out.
func (a *App) checksInput(ctx context.Context, gate *publish.Gate, list []truce.ClaimCheck) (publish.ChecksInput, error) {
	in := publish.ChecksInput{Realm: a.store.Realm(), Now: truce.InstantOf(a.now())}
	var err error
	if in.Mission, err = a.missionName(ctx); err != nil {
		return in, err
	}
	terms, err := a.readTerms()
	if err != nil {
		return in, err
	}
	for _, p := range terms.Parties {
		in.Parties = append(in.Parties, truce.BulletinParty{ID: p.ID, Names: p.Name})
	}
	sources, err := a.store.Sources(ctx)
	if err != nil {
		return in, err
	}
	for _, check := range list {
		one := publish.CheckInput{Check: claims.Unattributed(check), Words: truce.Names{}}
		if i := slices.IndexFunc(sources, func(s truce.SourceInfo) bool { return s.ID == check.Total.Source }); i >= 0 {
			one.Source = sources[i]
		}
		for _, lang := range checkLanguages {
			one.Words[lang] = claims.PublicWords(one.Check, lang, webpress.UnitWord(lang, check.Total.Unit))
		}
		there, err := a.store.ObservationsByID(ctx, []truce.ID{check.Total.Report})
		if err != nil {
			return in, err
		}
		one.Silent = len(there) == 0 // nobody could look it up any more
		o, err := a.outsideOf(ctx, gate, check.ID)
		if err != nil {
			return in, err
		}
		if n := len(o.standing); n > 0 && o.standing[n-1].check.Version == o.last {
			one.Before = &o.standing[n-1].check
		}
		one.Last = o.last
		in.Checks = append(in.Checks, one)
	}
	return in, nil
}

// missionName is the mission's name as it was founded.
func (a *App) missionName(ctx context.Context) (string, error) {
	first, err := a.store.Record(ctx, 1)
	if err != nil {
		return "", err
	}
	inception, err := truce.DecodeBody[truce.Inception](first)
	return inception.Mission, err
}

// outsideOf is what was ever released of a check.
func (a *App) outsideOf(ctx context.Context, gate *publish.Gate, id truce.ID) (outside, error) {
	out := outside{public: gate.PublicID(id.String())}
	records, err := a.store.RecordsOf(ctx, truce.PublicCheckSubject(out.public))
	if err != nil {
		return out, err
	}
	out.last = len(records)
	for _, r := range records {
		if r.Erased() {
			continue
		}
		c, err := truce.DecodeBody[truce.PublicCheck](r)
		if err != nil {
			return out, err
		}
		out.standing = append(out.standing, releasedVersion{c, r})
	}
	return out, nil
}

// recordChecks appends the versions in one step.
func (a *App) recordChecks(ctx context.Context, list []truce.PublicCheck) error {
	var drafts []truce.Draft
	for _, c := range list {
		draft, err := truce.NewDraft(truce.RecordPublicCheck, c.Subject(), fmt.Sprintf("%s/%d", c.Subject(), c.Version), c)
		if err != nil {
			return err
		}
		drafts = append(drafts, draft)
	}
	if len(drafts) == 0 {
		return nil
	}
	_, err := a.store.Append(ctx, truce.Batch{Drafts: drafts})
	return err
}

// putChecks brings every version that stands to the public store, in one transaction.
func (a *App) putChecks(ctx context.Context, gate *publish.Gate, all []truce.ClaimCheck) error {
	var list []publish.ReleasedCheck
	for _, check := range all {
		o, err := a.outsideOf(ctx, gate, check.ID)
		if err != nil {
			return err
		}
		for _, v := range o.standing {
			header, err := v.record.Header()
			if err != nil {
				return err
			}
			list = append(list, publish.ReleasedCheck{Check: v.check, JSON: v.record.Body,
				Proof: publish.Proof{Seq: v.record.Seq, Header: header, Salt: v.record.Salt, Prev: v.record.Prev}})
		}
	}
	if len(list) == 0 {
		return nil
	}
	return a.withPublicStore(ctx, func(s *publish.PublicStore) error { return s.PutChecks(ctx, list) })
}

// withPublicStore opens the public store for a write.
func (a *App) withPublicStore(ctx context.Context, write func(*publish.PublicStore) error) error {
	db, err := openPublic(a.cfg.Path(a.cfg.Public), "rwc")
	if err != nil {
		return err
	}
	defer db.Close()
	s, err := publish.OpenPublicStore(ctx, db)
	if err != nil {
		return err
	}
	return write(s)
}

// withdrawChecks withdraws the versions of checks that cite a text which is taken down by a
// record: first outside, then the body of their own records. Each may be done twice.
func (a *App) withdrawChecks(ctx context.Context, gate *publish.Gate, checks []truce.ClaimCheck, takedown truce.Seq) (addresses []string, err error) {
	why := fmt.Sprintf("taken down by record %d", takedown)
	for _, check := range checks {
		o, err := a.outsideOf(ctx, gate, check.ID)
		if err != nil {
			return addresses, err
		}
		for _, v := range o.standing {
			if v.check.Total.Quote == "" {
				continue
			}
			if err := a.withPublicStore(ctx, func(s *publish.PublicStore) error { return s.WithdrawCheck(ctx, v.check.ID, v.check.Version, why) }); err != nil {
				return addresses, err
			}
			if _, err := a.store.Erase(ctx, v.record.Seq, why); err != nil {
				return addresses, err
			}
			addresses = append(addresses, v.check.Address())
		}
	}
	return addresses, nil
}
