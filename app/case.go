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
	cmd.AddCommand(c.caseListCommand(), c.caseShowCommand(), c.caseFollowCommand(), c.caseReleaseCommand())
	for _, d := range deedCommands {
		cmd.AddCommand(c.deedCommand(d))
	}
	cmd.AddCommand(c.minuteCommand(), c.remedyCommand(), c.moveCommand())
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
	for _, i := range k.Incidents {
		gone := ""
		if i.Gone {
			gone = ", no longer of this case"
		}
		fmt.Fprintf(w, "incident %s  %s, %s%s\n", incidentName(i), i.Act, i.Occurrence, gone)
	}
	for _, r := range k.Remedies {
		fmt.Fprintf(w, "remedy %s  of %s: %s, %s%s\n", r.ID, r.Party, r.What, r.State, prefixed(", due ", moment(r.Due)))
	}
	for _, m := range k.Consultations {
		c.showMeeting(m, v)
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
