package app

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/ladder"
)

func (c *cli) caseCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "case",
		Short: "Cases: what findings have come to, and what people do in them",
		Long: "A case carries findings up the agreement's ladder. The machine proposes a tier; each gate is signed by the holder\n" +
			"of its office, and only then is the tier entered. Every step is a record.",
		Example: "  truce case list\n  truce case show C-2026-19\n  truce case sign C-2026-19 T1 --reason \"two verified strikes\"",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.caseListCommand(), c.caseShowCommand(), c.caseFollowCommand())
	for _, d := range deedCommands {
		cmd.AddCommand(c.deedCommand(d))
	}
	return cmd
}

func (c *cli) caseListCommand() *cobra.Command {
	var state string
	cmd := &cobra.Command{Use: "list", Short: "List cases, the highest tier first", Example: "  truce case list --state all", Args: cobra.NoArgs}
	format := c.formatFlag(cmd)
	cmd.Flags().StringVar(&state, "state", string(truce.CaseOpen), "open, closed or all")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		q := truce.CaseQuery{State: truce.CaseState(state)}
		if state == "all" {
			q.State = ""
		} else if q.State != truce.CaseOpen && q.State != truce.CaseClosed {
			return usageError(cmd, "--state %q; write open, closed or all", state)
		}
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		page, err := a.store.Cases(cmd.Context(), q)
		if err != nil {
			return err
		}
		return caseListing(page.Rows).print(c.out, *format)
	}
	return cmd
}

func caseListing(rows []truce.CaseRow) listing {
	l := listing{Columns: []string{"number", "state", "tier", "waits_for", "incidents", "severity", "areas", "t0", "last_activity", "next_clock", "due", "missed"}, Objects: rows}
	for _, r := range rows {
		s := r.Summary
		l.Rows = append(l.Rows, []string{s.Number, string(s.State), string(s.Tier), string(s.Proposed), strconv.Itoa(s.Incidents), strconv.Itoa(s.Severity),
			strings.Join(texts(s.Areas), " "), moment(s.T0), moment(s.Last), s.NextClock, moment(s.NextDue), strconv.Itoa(s.Missed)})
	}
	l.Note = fmt.Sprintf("%d cases", len(rows))
	return l
}

func moment(at truce.Instant) string {
	if at == 0 {
		return ""
	}
	return at.Time().Format("2006-01-02 15:04:05Z")
}

func (c *cli) caseShowCommand() *cobra.Command {
	var lang string
	cmd := &cobra.Command{Use: "show CASE", Short: "Show a case: zero points, clocks, gates, and every step in a sentence", Example: "  truce case show C-2026-19 --lang uk", Args: cobra.ExactArgs(1)}
	cmd.Flags().StringVar(&lang, "lang", "en", "language of the sentences: en or uk")
	c.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		view, err := a.guaranteeDesk().View(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		if c.asJSON {
			return printJSON(c.out, view)
		}
		return c.showCase(view, lang)
	}
	return cmd
}

func (c *cli) showCase(v guarantee.View, lang string) error {
	k, w := v.Case, c.out
	fmt.Fprintf(w, "%s  %s  tier %s\n", v.Number, k.State, orNone(string(k.Tier)))
	for _, basis := range truce.T0Bases() {
		if at := k.T0[basis]; at != 0 {
			mark := ""
			if basis == v.Ladder.T0 {
				mark = "  (the ladder counts from this)"
			}
			fmt.Fprintf(w, "T0 %-10s %s%s\n", basis, moment(at), mark)
		}
	}
	for _, clock := range k.Clocks {
		fmt.Fprintf(w, "clock %-14s %-8s due %s  %s %s\n", clockName(clock), clock.State, moment(clock.Due), clock.Owner, clock.Names.In(lang))
	}
	for _, open := range k.Open {
		fmt.Fprintf(w, "waits: %s\n", waits(open))
	}
	fmt.Fprintln(w)
	for _, s := range v.Steps {
		fmt.Fprintf(w, "%3d  %s\n", s.Number, ladder.Text(s.CaseStep, v.Ladder, lang))
	}
	return nil
}

func orNone(text string) string {
	if text == "" {
		return "none yet"
	}
	return text
}

func clockName(k truce.CaseClock) string {
	name := k.ID
	if k.For != "" {
		name += "/" + k.For
	}
	if k.Round > 1 {
		name += "#" + strconv.Itoa(k.Round)
	}
	return name
}

// waits says which signatures an open passage lacks.
func waits(o truce.OpenPassage) string {
	signed := map[int]bool{}
	for _, s := range o.Signed {
		signed[s.Gate] = true
	}
	var missing []string
	for i, g := range o.Gates {
		if !signed[i+1] {
			missing = append(missing, strings.ReplaceAll(string(g.Office), "_", " "))
		}
	}
	to := string(o.Tier)
	if o.Down {
		to = string(o.Tier) + " down to " + orClosed(string(o.To))
	}
	return fmt.Sprintf("%s for the signature of %s", to, strings.Join(missing, ", "))
}

func orClosed(to string) string {
	if to == "" {
		return "closing"
	}
	return to
}

func (c *cli) caseFollowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "follow",
		Short:   "Bring cases up to date once: what became known, and what is due",
		Long:    "truce serve --room does this all the time. Alerts that follow are recorded; truce serve --room sends them.",
		Example: "  truce case follow",
		Args:    cobra.NoArgs,
	}
	c.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.withDesk(cmd.Context(), func(a *App, d *guarantee.Desk) error {
			r, err := a.follow(cmd.Context(), d)
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, r)
			}
			_, err = fmt.Fprintf(c.out, "%d records read, %d cases opened, %d steps, %d alerts\n", r.Records, r.Opened, r.Steps, r.Alerts)
			return err
		})
	}
	return cmd
}

// deedCommand describes one deed as a command.
type deedWords struct {
	use, short string
	kind       truce.DeedKind
	argument   func(*truce.Deed, string) // what stands after the case; nil: nothing
	reason     string                    // what --reason is for; "" for none
	example    string
}

var deedCommands = []deedWords{
	{"sign CASE TIER", "Sign a gate: the tier is entered when every gate has signed", truce.DeedSign, toTier, "why", "sign C-2026-19 T1 --reason \"two verified strikes\""},
	{"refuse CASE TIER", "Refuse a gate, with the reason", truce.DeedRefuse, toTier, "why", "refuse C-2026-19 T1 --reason \"one source only\""},
	{"complain CASE", "Ask for verification, as a party", truce.DeedComplain, nil, "what is complained of", "complain C-2026-19 --reason \"fire from the north since dawn\""},
	{"state CASE", "Reply, as a party", truce.DeedState, nil, "the statement", "state C-2026-19 --reason \"an exercise that was notified\""},
	{"determine CASE", "Record the determination of the political body", truce.DeedDetermine, nil, "the determination", "determine C-2026-19 --reason \"decision 12 of the commission\""},
	{"call CASE", "Call a consultation", truce.DeedCall, nil, "the ground", "call C-2026-19 --reason \"the breach goes on\""},
	{"join CASE MEETING", "Be present at a consultation", truce.DeedJoin, toMeeting, "", "join C-2026-19 K1"},
	{"propose CASE MEETING", "Propose an option at a consultation", truce.DeedPropose, toMeeting, "why", "propose C-2026-19 K1 --option warn"},
	{"vote CASE MEETING", "Vote for an option, or abstain without one", truce.DeedVote, toMeeting, "a dissent", "vote C-2026-19 K1 --option warn"},
	{"decide CASE MEETING", "End a consultation with its public text", truce.DeedDecide, toMeeting, "the public text", "decide C-2026-19 K1 --reason \"a warning was given\""},
	{"close CASE", "Close a case whose way down is open", truce.DeedClose, nil, "why", "close C-2026-19"},
	{"reopen CASE", "Reopen a closed case", truce.DeedReopen, nil, "why", "reopen C-2026-19 --reason \"fire again\""},
	{"note CASE", "Write a note into the case", truce.DeedNote, nil, "the note", "note C-2026-19 --reason \"called both liaison officers\""},
}

func toTier(d *truce.Deed, text string)    { d.Tier = truce.TierID(text) }
func toMeeting(d *truce.Deed, text string) { d.Meeting = text }

func (c *cli) deedCommand(w deedWords) *cobra.Command {
	var reason, option string
	var down bool
	cmd := &cobra.Command{Use: w.use, Short: w.short, Example: "  truce case " + w.example, Args: cobra.ExactArgs(len(strings.Fields(w.use)) - 1)}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	if w.reason != "" {
		cmd.Flags().StringVar(&reason, "reason", "", w.reason+", in words")
	}
	if w.kind == truce.DeedSign || w.kind == truce.DeedRefuse {
		cmd.Flags().BoolVar(&down, "down", false, "the way down from the tier, not into it")
	}
	if w.kind == truce.DeedPropose || w.kind == truce.DeedVote {
		cmd.Flags().StringVar(&option, "option", "", "the option")
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		deed := truce.Deed{Kind: w.kind, Text: truce.CleanText(reason), Down: down, Option: truce.CleanText(option)}
		if w.argument != nil {
			w.argument(&deed, args[1])
		}
		return c.do(cmd, *token, args[0], deed)
	}
	return cmd
}

// do signs a deed and prints what followed.
func (c *cli) do(cmd *cobra.Command, tokenFile, number string, deed truce.Deed) error {
	return c.signedBy(cmd.Context(), tokenFile, func(_ *App, d *guarantee.Desk, token guarantee.Token) error {
		done, err := d.Do(cmd.Context(), token, number, deed)
		if err != nil {
			return err
		}
		if c.asJSON {
			return printJSON(c.out, done)
		}
		terms, err := d.Ladder(cmd.Context())
		if err != nil {
			return err
		}
		for _, s := range done.Steps {
			fmt.Fprintf(c.out, "%3d  %s\n", s.Number, ladder.Text(s, terms, "en"))
		}
		return nil
	})
}
