package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/pledge"
)

func (c *cli) pledgeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pledge",
		Short: "What states have promised and delivered, and what is at stake",
		Long: "Promises go from reported to in force, each step with its source; a press report makes one reported and nothing\n" +
			"more. Contributions are held against what is needed, by capability and unit. States are never ranked.",
		Example: "  truce pledge import examples/pledges/exercise\n  truce pledge account",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.pledgeCheckCommand(), c.pledgeImportCommand(), c.pledgeListCommand(), c.pledgeShowCommand(), c.pledgeStakeCommand(), c.pledgeInvokeCommand(), c.pledgeAccountCommand(), c.pledgeExportCommand())
	return cmd
}

// The files of an account.
const (
	commitmentsFile   = "commitments.yaml"
	requirementsFile  = "requirements.yaml"
	contributionsFile = "contributions.csv"
)

func (c *cli) pledgeImportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import DIR",
		Short: "Record an account: " + commitmentsFile + ", " + requirementsFile + ", " + contributionsFile,
		Long: "Reads those of the three files that are there. Entries that cannot be used are listed with line, reason and mend\n" +
			"and nothing of such an entry is recorded; the others are. What stands so already is left alone.",
		Example: "  truce pledge import examples/pledges/reported-2026",
		Args:    cobra.ExactArgs(1),
	}
	token := tokenFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.signedBy(cmd.Context(), *token, func(_ *App, d *guarantee.Desk, token guarantee.Token) error {
			p, err := d.Who(cmd.Context(), token)
			if err != nil {
				return err
			}
			return c.importPledges(cmd.Context(), d, p, args[0])
		})
	}
	return cmd
}

func (c *cli) importPledges(ctx context.Context, d *guarantee.Desk, p truce.Person, dir string) error {
	needs, err := importPart(c, dir, requirementsFile, pledge.ReadRequirements, func(l []truce.Requirement) (int, error) { return d.EnterRequirements(ctx, p, l) })
	if err != nil {
		return err
	}
	promises, err := importPart(c, dir, commitmentsFile, pledge.ReadCommitments, func(l []truce.Commitment) (int, error) {
		n, err := d.EnterCommitments(ctx, p, l)
		if err != nil {
			return n, err
		}
		if ladder, err := ladderFor(ctx, d); err == nil { // terms that cannot be read are for truce agreement check to say
			c.warnTriggers(dir, l, ladder)
		}
		return n, nil
	})
	if err != nil {
		return err
	}
	supplies, err := importPart(c, dir, contributionsFile, pledge.ReadContributions, func(l []truce.Contribution) (int, error) { return d.EnterContributions(ctx, p, l) })
	if err != nil {
		return err
	}
	return accountOutcome(dir, needs, promises, supplies)
}

// warnTriggers names the promises whose tier a ladder does not have, and says how many
// there are. They are recorded as they were given: a later ladder may have it.
func (c *cli) warnTriggers(dir string, list []truce.Commitment, ladder *truce.Ladder) int {
	if ladder == nil {
		return 0 // no ladder: no tier to hold a trigger against
	}
	untriggered := pledge.Untriggered(list, *ladder)
	for _, said := range untriggered {
		fmt.Fprintf(c.err, "%s: warning: %s\n", filepath.Join(dir, commitmentsFile), said)
	}
	return len(untriggered)
}

// accountFile is one file of an account: whether it is there, and how many of its entries
// cannot be used.
type accountFile struct {
	name  string
	found bool
	bad   int
}

// accountOutcome is what reading the files of an account came to.
func accountOutcome(dir string, parts ...accountFile) error {
	found, bad := false, 0
	for _, p := range parts {
		found, bad = found || p.found, bad+p.bad
	}
	if !found {
		return truce.Errorf(truce.CodeNotFound, "%s holds none of %s, %s and %s", dir, commitmentsFile, requirementsFile, contributionsFile)
	}
	if bad > 0 {
		return errQuiet
	}
	return nil
}

// partRead is one file of an account, read.
type partRead[T any] struct {
	accountFile
	list []T
}

// readPart reads one file of an account and says which entries cannot be used.
func readPart[T any](c *cli, dir, name string, read func(io.Reader) ([]T, []pledge.Rejected, error)) (out partRead[T], err error) {
	out.name = name
	f, err := os.Open(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	defer f.Close()
	list, rejected, err := read(f)
	if err != nil {
		return out, fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
	}
	for _, r := range rejected {
		fmt.Fprintf(c.err, "%s:%d: %s\n", filepath.Join(dir, name), r.Line, r.Reason)
	}
	out.found, out.bad, out.list = true, len(rejected), list
	return out, nil
}

// importPart reads one file of an account and records it.
func importPart[T any](c *cli, dir, name string, read func(io.Reader) ([]T, []pledge.Rejected, error), enter func([]T) (int, error)) (accountFile, error) {
	part, err := readPart(c, dir, name, read)
	if err != nil || !part.found {
		return part.accountFile, err
	}
	n, err := enter(part.list)
	if err != nil {
		return part.accountFile, fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
	}
	_, err = fmt.Fprintf(c.out, "%s: %d read, %d recorded, %d stand already, %d not taken\n", name, len(part.list), n, len(part.list)-n, part.bad)
	return part.accountFile, err
}

// pledgeReader opens the directory for who reads the account. On the mission's own machine
// a command without a token reads as the mechanism does.
func (c *cli) pledgeReader(ctx context.Context, tokenFile string, run func(*guarantee.Desk, truce.Person) error) error {
	a, err := c.openReading(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	d, p := a.guaranteeDesk(), truce.Person{ID: "this-machine", Role: truce.RoleMechanism, Office: truce.OfficeMechanismLead}
	if tokenFile != "" || os.Getenv(tokenVariable) != "" {
		token, err := c.token(tokenFile)
		if err == nil {
			p, err = d.Who(ctx, token)
		}
		if err != nil {
			return err
		}
	}
	return run(d, p)
}

func (c *cli) pledgeListCommand() *cobra.Command {
	var state string
	cmd := &cobra.Command{Use: "list", Short: "List promises, by state", Example: "  truce pledge list --state FR", Args: cobra.NoArgs}
	token, format := tokenFlag(cmd), c.formatFlag(cmd)
	cmd.Flags().StringVar(&state, "state", "", "only of this state")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.pledgeReader(cmd.Context(), *token, func(d *guarantee.Desk, p truce.Person) error {
			list, err := d.Commitments(cmd.Context(), p)
			if err != nil {
				return err
			}
			l := listing{Columns: []string{"id", "bearer", "kind", "state", "since", "trigger", "binding", "ratification", "what"}}
			shown := []truce.Commitment{}
			for _, k := range list {
				if state == "" || string(k.State) == state {
					shown = append(shown, k)
					l.Rows = append(l.Rows, commitmentCells(k))
				}
			}
			l.Objects = shown
			return l.print(c.out, *format)
		})
	}
	return cmd
}

func commitmentCells(k truce.Commitment) []string {
	last := k.History[len(k.History)-1]
	var bodies []string
	for _, r := range k.Ratification {
		bodies = append(bodies, r.Body+" "+r.State)
	}
	return []string{k.ID, bearer(k), string(k.Kind), string(last.State), string(last.Day), string(k.Trigger), string(k.Binding), strings.Join(bodies, "; "), k.What.In("en")}
}

func bearer(k truce.Commitment) string {
	if k.State != "" {
		return string(k.State)
	}
	return k.Body
}

func (c *cli) pledgeShowCommand() *cobra.Command {
	var lang string
	cmd := &cobra.Command{Use: "show ID", Short: "Show one promise with its whole history", Example: "  truce pledge show fr-force --lang uk", Args: cobra.ExactArgs(1)}
	token := tokenFlag(cmd)
	cmd.Flags().StringVar(&lang, "lang", "en", "language of its words: en or uk")
	c.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.pledgeReader(cmd.Context(), *token, func(d *guarantee.Desk, p truce.Person) error {
			list, err := d.Commitments(cmd.Context(), p)
			if err != nil {
				return err
			}
			for _, k := range list {
				if k.ID == args[0] {
					return c.showCommitment(k, lang)
				}
			}
			return truce.Errorf(truce.CodeNotFound, "no commitment %.80q that you may see; truce pledge list names them", args[0])
		})
	}
	return cmd
}

func (c *cli) showCommitment(k truce.Commitment, lang string) error {
	if c.asJSON {
		return printJSON(c.out, k)
	}
	w := c.out
	fmt.Fprintf(w, "%s (%s, %s)\n%s\n", k.ID, bearer(k), k.Kind, k.What.In(lang))
	if text := k.Condition.In(lang); text != "" {
		fmt.Fprintf(w, "condition: %s\n", text)
	}
	fmt.Fprintf(w, "instrument: %s\nbinding: %s\n", k.Instrument, k.Binding)
	for _, caveat := range k.Caveats {
		fmt.Fprintf(w, "caveat: %s\n", caveat.In(lang))
	}
	for _, v := range k.Void {
		fmt.Fprintf(w, "void, for every party alike: %s\n", v.Names.In(lang))
	}
	for _, r := range k.Ratification {
		fmt.Fprintf(w, "ratification: %s %s %s\n", r.Body, r.State, r.Day)
	}
	for _, s := range k.History {
		fmt.Fprintf(w, "  %s  %-10s  %s: %s %s %s\n", s.Day, s.State, s.Source.Kind, s.Source.Publisher, quoted(s.Source.Title), s.Why)
	}
	for _, i := range k.Invoked {
		for _, s := range i.History {
			fmt.Fprintf(w, "  %s  invoked: %s %s %s\n", s.At, s.State, s.Body, s.Text)
			for _, words := range pledge.MarkWords(k, s) {
				fmt.Fprintf(w, "    marked: %s\n", words.In(lang))
			}
		}
	}
	return nil
}

func quoted(title string) string {
	if title == "" {
		return ""
	}
	return strconv.Quote(title)
}

func (c *cli) pledgeAccountCommand() *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:     "account",
		Short:   "What was pledged and is in place against the need, by capability",
		Long:    "Capable hours are the mean of the days from --from to --to; amounts are those at the end of --to. Gaps are the need\nless what is in place. Amounts of two units or currencies are never added, and what is there in one period\ncloses no gap of another. Things count for every need whose period they share; money counts once, for the need with\nwhich its period shares the most time, of several for the earliest. Without a period it speaks against no time.",
		Example: "  truce pledge account --from 2026-04-01 --to 2026-04-30",
		Args:    cobra.NoArgs,
	}
	token, format := tokenFlag(cmd), c.formatFlag(cmd)
	cmd.Flags().StringVar(&from, "from", "", "first day, YYYY-MM-DD (default: 29 days before --to)")
	cmd.Flags().StringVar(&to, "to", "", "last day (default: today)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.pledgeReader(cmd.Context(), *token, func(d *guarantee.Desk, p truce.Person) error {
			days, err := accountDays(from, to, truce.InstantOf(d.Now()))
			if err != nil {
				return usageError(cmd, "%w", err)
			}
			lines, err := d.Account(cmd.Context(), p, days)
			if err != nil {
				return err
			}
			return accountListing(lines).print(c.out, *format)
		})
	}
	return cmd
}

func accountDays(from, to string, now truce.Instant) (pledge.Days, error) {
	days := pledge.Days{From: truce.Day(from), To: truce.Day(to)}
	if to == "" {
		days.To = now.Day()
	}
	if from == "" {
		days.From = days.To.AddDays(-29)
	}
	for _, day := range []truce.Day{days.From, days.To} {
		if _, err := day.Start(time.UTC); err != nil {
			return days, err
		}
	}
	if days.From > days.To {
		return days, truce.Errorf(truce.CodeInvalid, "--from %s is after --to %s", days.From, days.To)
	}
	return days, nil
}

func accountListing(lines []pledge.Line) listing {
	l := listing{Columns: []string{"for", "capability", "unit", "period_from", "period_to", "need", "pledged", "approved", "in_place", "capable", "gap", "hours_needed_a_day", "capable_hours_a_day", "states"}, Objects: lines}
	for _, k := range lines {
		from, to := periodDays(k.Period)
		l.Rows = append(l.Rows, []string{k.To, k.Capability, k.Unit, from, to, amount(k.Need), amount(k.Amounts.Pledged), amount(k.Amounts.Approved),
			amount(k.Amounts.InPlace), amount(k.Amounts.Capable), amount(k.Gap), amount(k.HoursNeed), amount(k.HoursADay), strconv.Itoa(len(k.Shares))})
	}
	return l
}

// periodDays are the ends of a period in columns; both are empty where there is none.
func periodDays(p truce.Period) (from, to string) {
	if p.From == 0 && p.To == 0 {
		return "", ""
	}
	first, last := p.Days()
	return string(first), string(last)
}

func amount(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func (c *cli) pledgeExportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write contributions as CSV, in the columns that import reads", Example: "  truce pledge export > contributions.csv",
		Args: cobra.NoArgs,
	}
	token := tokenFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.pledgeReader(cmd.Context(), *token, func(d *guarantee.Desk, p truce.Person) error {
			list, err := d.Contributions(cmd.Context(), p)
			if err != nil {
				return err
			}
			return pledge.WriteContributions(c.out, list)
		})
	}
	return cmd
}
