package app

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/ladder"
)

// deedWords describes one deed as a command.
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
	{"vote CASE MEETING", "Vote for an option; the last vote of a state counts", truce.DeedVote, toMeeting, "a dissent", "vote C-2026-19 K1 --option warn"},
	{"abstain CASE MEETING", "Vote for no option", truce.DeedVote, toMeeting, "a dissent", "abstain C-2026-19 K1"},
	{"decide CASE MEETING", "End a consultation with its public text", truce.DeedDecide, toMeeting, "the public text", "decide C-2026-19 K1 --reason \"a warning was given\""},
	{"close CASE", "Close a case whose way down is open", truce.DeedClose, nil, "why", "close C-2026-19 --reason \"blasting at the quarry\""},
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
		if needsReason(w.kind) {
			must(cmd.MarkFlagRequired("reason"))
		}
	}
	if w.kind == truce.DeedSign || w.kind == truce.DeedRefuse {
		cmd.Flags().BoolVar(&down, "down", false, "the way down from the tier, not into it")
	}
	verb, _, _ := strings.Cut(w.use, " ")
	if verb == "propose" || verb == "vote" {
		cmd.Flags().StringVar(&option, "option", "", "the option")
		must(cmd.MarkFlagRequired("option"))
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if needsReason(w.kind) && strings.TrimSpace(reason) == "" {
			return usageError(cmd, "--reason is empty: write %s", w.reason)
		}
		deed := truce.Deed{Kind: w.kind, Text: truce.CleanText(reason), Down: down, Option: truce.CleanText(option)}
		if w.argument != nil {
			w.argument(&deed, args[1])
		}
		return c.do(cmd, *token, args[0], deed)
	}
	return cmd
}

// needsReason says which deeds are nothing without their text.
func needsReason(kind truce.DeedKind) bool {
	return kind != truce.DeedSign && kind != truce.DeedJoin && kind != truce.DeedPropose && kind != truce.DeedVote
}

// do signs a deed and prints what followed.
func (c *cli) do(cmd *cobra.Command, tokenFile, number string, deed truce.Deed) error {
	return c.signedBy(cmd.Context(), tokenFile, func(_ *App, d *guarantee.Desk, token guarantee.Token) error {
		return c.doOn(cmd, d, token, number, deed)
	})
}

func (c *cli) doOn(cmd *cobra.Command, d *guarantee.Desk, token guarantee.Token, number string, deed truce.Deed) error {
	done, err := d.Do(cmd.Context(), token, number, deed)
	switch truce.CodeOf(err) {
	case truce.CodeNotFound, truce.CodeConflict:
		if _, known := d.View(cmd.Context(), number); known == nil {
			err = fmt.Errorf("%w\nsee: truce case show %s", err, number)
		}
	}
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
}

// minuteCommand files minutes by their hash: the text stays where it is.
func (c *cli) minuteCommand() *cobra.Command {
	var sum, file string
	cmd := &cobra.Command{
		Use:   "minute CASE MEETING",
		Short: "File minutes of a consultation by their hash; the text stays with you",
		Long: "Whoever has the minutes can later show that they are those on record: their SHA-256 stands in the case. With\n" +
			"--file the hash is taken of a file, and nothing else of it is read or kept.",
		Example: "  truce case minute C-2026-19 K1 --file minutes.pdf",
		Args:    cobra.ExactArgs(2),
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&sum, "sha256", "", "hash of the minutes, 64 digits from 0 to f")
	cmd.Flags().StringVar(&file, "file", "", "take the hash of this file")
	cmd.MarkFlagsOneRequired("sha256", "file")
	cmd.MarkFlagsMutuallyExclusive("sha256", "file")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		deed := truce.Deed{Kind: truce.DeedMinute, Meeting: args[1]}
		var err error
		if deed.Product, err = hashOf(sum, file); err != nil {
			return usageError(cmd, "%w", err)
		}
		return c.do(cmd, *token, args[0], deed)
	}
	return cmd
}

// hashOf reads a hash, or takes that of a file.
func hashOf(sum, file string) (truce.Hash, error) {
	var h truce.Hash
	if file == "" {
		if err := h.UnmarshalText([]byte(strings.ToLower(sum))); err != nil {
			return h, fmt.Errorf("--sha256: %w", err)
		}
		return h, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return h, fmt.Errorf("--file: %w", err)
	}
	defer f.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, f); err != nil {
		return h, fmt.Errorf("--file: %w", err)
	}
	copy(h[:], digest.Sum(nil))
	return h, nil
}

// remedyStates are the words of `truce case remedy`.
var remedyStates = []truce.RemedyState{truce.RemedyAsked, truce.RemedyReported, truce.RemedyVerified, truce.RemedyRefused}

func (c *cli) remedyCommand() *cobra.Command {
	var party, what, due, reason string
	cmd := &cobra.Command{
		Use:   "remedy CASE REMEDY STATE",
		Short: "Ask a party for a remedy, report it done, verify it or refuse it",
		Long: "STATE is asked, reported, verified or refused. The commission asks, after a determination; the party reports\n" +
			"what it has done or refuses; the mechanism verifies it or does not accept it. REMEDY is a name of yours, e.g. M1.",
		Example: "  truce case remedy C-2026-19 M1 asked --party A --what \"repair the seal\" --due 2026-05-01T12:00:00Z\n" +
			"  truce case remedy C-2026-19 M1 reported --reason \"repaired on 28 April\"",
		Args:              cobra.ExactArgs(3),
		ValidArgsFunction: wordsAt(2, texts(remedyStates)),
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&party, "party", "", "of whom it is asked")
	cmd.Flags().StringVar(&what, "what", "", "what is asked, on one line")
	cmd.Flags().StringVar(&due, "due", "", "by when, RFC 3339 (default: no date)")
	cmd.Flags().StringVar(&reason, "reason", "", "why, or what was done, in words")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		r := truce.RemedyStep{ID: args[1], Party: truce.PartyID(party), What: truce.CleanText(what), State: truce.RemedyState(args[2])}
		if !slices.Contains(remedyStates, r.State) {
			return usageError(cmd, "%q is no state of a remedy; write one of %s", args[2], strings.Join(texts(remedyStates), ", "))
		}
		if r.State == truce.RemedyAsked && (party == "" || what == "") {
			return usageError(cmd, "name the party and what is asked of it: --party A --what \"...\"")
		}
		if due != "" {
			if err := r.Due.UnmarshalText([]byte(due)); err != nil {
				return usageError(cmd, "--due: %w", err)
			}
		}
		return c.doIn(cmd, *token, args[0], func(_ *App, v guarantee.View) (truce.Deed, error) {
			for _, known := range v.Case.Remedies {
				if known.ID == r.ID && r.Party == "" {
					r.Party = known.Party
				}
			}
			if r.Party == "" {
				return truce.Deed{}, truce.Errorf(truce.CodeNotFound, "nobody has asked for the remedy %.60q in %s; truce case show lists those that were asked", r.ID, v.Number)
			}
			return truce.Deed{Kind: truce.DeedRemedy, Remedy: &r, Text: truce.CleanText(reason)}, nil
		})
	}
	return cmd
}

func (c *cli) moveCommand() *cobra.Command {
	var to, reason string
	var incidents []string
	cmd := &cobra.Command{
		Use:     "move CASE",
		Short:   "Put incidents into another case, with the reason; both cases say so",
		Example: "  truce case move C-2026-19 --incident 2026-143 --to C-2026-21 --reason \"the same battery\"",
		Args:    cobra.ExactArgs(1),
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringArrayVar(&incidents, "incident", nil, "number or id of an incident of the case; may be given several times")
	cmd.Flags().StringVar(&to, "to", "", "the case it goes to")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in words")
	for _, name := range []string{"incident", "to", "reason"} {
		must(cmd.MarkFlagRequired(name))
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.doIn(cmd, *token, args[0], func(a *App, v guarantee.View) (truce.Deed, error) {
			d := truce.Deed{Kind: truce.DeedMove, Text: truce.CleanText(reason)}
			row, err := a.store.Case(cmd.Context(), to)
			if err != nil {
				return d, fmt.Errorf("--to: %w", err)
			}
			d.To = row.ID
			for _, name := range incidents {
				n := slices.IndexFunc(v.Case.Incidents, func(i truce.CaseIncident) bool { return i.Number == name || i.ID.String() == name })
				if n < 0 {
					return d, truce.Errorf(truce.CodeNotFound, "%s holds no incident %.40q; truce case show lists those it holds", v.Number, name)
				}
				d.Moved = append(d.Moved, v.Case.Incidents[n].ID)
			}
			return d, nil
		})
	}
	return cmd
}

// doIn is do for a deed that is made from the case as it stands.
func (c *cli) doIn(cmd *cobra.Command, tokenFile, number string, deed func(*App, guarantee.View) (truce.Deed, error)) error {
	return c.signedBy(cmd.Context(), tokenFile, func(a *App, d *guarantee.Desk, token guarantee.Token) error {
		v, err := d.View(cmd.Context(), number)
		if err != nil {
			return err
		}
		wish, err := deed(a, v)
		if err != nil {
			return err
		}
		return c.doOn(cmd, d, token, number, wish)
	})
}
