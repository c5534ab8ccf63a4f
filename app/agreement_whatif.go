package app

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

func (c *cli) agreementWhatIfCommand() *cobra.Command {
	var opt whatIfOptions
	cmd := &cobra.Command{
		Use: "whatif DIR --amend FILE", Short: "Replay recorded incidents under an amendment", Args: cobra.ExactArgs(1),
		Long: "Holds the incidents recorded in the data directory (--dir) against the agreement as it stands and against the same with\n" +
			"the amendment laid over it, and lists the verdicts that change. Nothing is recorded. An amendment has the form of\n" +
			"agreement.yaml: an entry with an id changes that entry field by field, one with a version that the agreement has not\n" +
			"adds that version to those of its id; remove: {rules: [R02]} drops one.",
		Example: "  truce agreement whatif mission/agreement --dir mission --amend amendment.yaml --from 2026-04-01 --to 2026-05-01",
		RunE:    func(cmd *cobra.Command, args []string) error { return c.runWhatIf(cmd, args[0], opt) },
	}
	cmd.Flags().StringVar(&opt.amend, "amend", "", "file of the amendment (needed)")
	cmd.Flags().StringVar(&opt.from, "from", "", "only incidents from this time (RFC 3339) or day on")
	cmd.Flags().StringVar(&opt.to, "to", "", "only incidents before this time or day")
	c.jsonFlag(cmd)
	must(cmd.MarkFlagRequired("amend"))
	return cmd
}

type whatIfOptions struct{ amend, from, to string }

// whatIf is the comparison: the verdicts that change, and the totals before and after.
type whatIf struct {
	Agreement string         `json:"agreement"`
	Version   string         `json:"version"`
	Amended   string         `json:"amended_version"`
	Incidents int            `json:"incidents"`
	Changes   []whatIfChange `json:"changes"`
	Totals    []whatIfTotal  `json:"totals"`
}

// whatIfChange is one finding that the amendment changes. A verdict is "" where the rule
// does not stand.
type whatIfChange struct {
	Incident string        `json:"incident"`
	Time     truce.Instant `json:"time"`
	Rule     truce.RuleID  `json:"rule"`
	Before   truce.Verdict `json:"before"`
	After    truce.Verdict `json:"after"`
	PBefore  float64       `json:"p_before"`
	PAfter   float64       `json:"p_after"`
	Side     truce.PartyID `json:"side"` // the likeliest of the place of effect; "" when not known
}

// whatIfTotal is what counts in a unit on a side of the place of effect.
type whatIfTotal struct {
	Unit   truce.Unit    `json:"unit"`
	Side   truce.PartyID `json:"side"`
	Before int           `json:"before"`
	After  int           `json:"after"`
}

func (c *cli) runWhatIf(cmd *cobra.Command, dir string, opt whatIfOptions) error {
	before, err := readAgreement(dir)
	if err != nil {
		return err
	}
	after, err := before.amended(opt.amend)
	if err != nil {
		return err
	}
	period, err := before.between(opt.from, opt.to)
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	a, err := c.openReading(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	out, err := a.whatIf(cmd.Context(), before.Agreement, after.Agreement, period)
	if err != nil {
		return err
	}
	if c.asJSON {
		return printJSON(c.out, out)
	}
	return c.printWhatIf(out)
}

// amended is the agreement with an amendment file laid over it.
func (t terms) amended(file string) (terms, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return terms{}, truce.Errorf(truce.CodeNotFound, "%s: the amendment cannot be read: %w", file, err)
	}
	files, err := agreement.Amend(t.files, file, text)
	if err != nil {
		return terms{}, err
	}
	out, err := parseTerms(t.dir, files)
	if err != nil {
		return out, fmt.Errorf("with %s laid over it the agreement is refused; lines count in the amended text:\n%w", file, err)
	}
	return out, nil
}

// between reads two bounds, each a time or a local day; an empty one is open.
func (t terms) between(from, to string) (truce.Period, error) {
	period := always
	for _, bound := range []struct {
		text string
		into *truce.Instant
	}{{from, &period.From}, {to, &period.To}} {
		if bound.text == "" {
			continue
		}
		if start, err := truce.Day(bound.text).Start(t.Calendar.Location()); err == nil {
			*bound.into = start
		} else if err := bound.into.UnmarshalText([]byte(bound.text)); err != nil {
			return period, fmt.Errorf("%q: write a day (2026-04-11) or a time (2026-04-11T16:00:00Z)", bound.text)
		}
	}
	if period.To <= period.From {
		return period, fmt.Errorf("--to %s is not after --from %s", to, from)
	}
	return period, nil
}

func (a *App) whatIf(ctx context.Context, before, after *agreement.Agreement, period truce.Period) (whatIf, error) {
	out := whatIf{Agreement: before.ID, Version: before.Version, Amended: after.Version, Changes: []whatIfChange{}}
	page, err := a.store.Incidents(ctx, truce.IncidentQuery{From: period.From, To: period.To, OldestFirst: true})
	if err != nil {
		return out, err
	}
	events, err := a.eventsByID(ctx)
	if err != nil {
		return out, err
	}
	maps, err := a.controlMaps(ctx)
	if err != nil {
		return out, err
	}
	var incidents []truce.Incident
	for _, row := range page.Rows {
		if row.Incident.ReplacedBy.IsZero() {
			incidents = append(incidents, row.Incident)
		}
	}
	out.Incidents = len(incidents)
	old, err := a.judge(ctx, before, maps, incidents, events)
	if err != nil {
		return out, err
	}
	fresh, err := a.judge(ctx, after, maps, incidents, events)
	if err != nil {
		return out, err
	}
	for i, in := range incidents {
		out.Changes = append(out.Changes, changesOf(in, old[i], fresh[i])...)
	}
	out.Totals = totalsOf(old, fresh)
	return out, nil
}

// judge holds incidents against terms as they would be in an assessment, with the
// notifications weighed as those terms weigh them.
func (a *App) judge(ctx context.Context, terms *agreement.Agreement, maps []truce.Observation, incidents []truce.Incident, events map[truce.ID]truce.Event) ([]truce.Evaluation, error) {
	g, err := terms.Geometry(maps)
	if err != nil {
		return nil, err
	}
	notices, err := a.notices(ctx, terms, 0)
	if err != nil {
		return nil, err
	}
	g, _ = withNotices(g, notices)
	origins, err := a.originsOf(ctx, len(incidents), func(i int) *truce.Incident { return &incidents[i] })
	if err != nil {
		return nil, err
	}
	counted := make([]agreement.Counted, len(incidents))
	for i, in := range incidents {
		counted[i] = agreement.Counted{Incident: in, Evaluation: g.Evaluate(agreement.Input{Incident: in, Events: pick(events, in.Events), Origin: origins[in.ID]})}
	}
	return g.CountTogether(counted), nil
}

// changesOf lists the rules whose verdict on an incident differs.
func changesOf(in truce.Incident, old, fresh truce.Evaluation) []whatIfChange {
	var out []whatIfChange
	add := func(rule truce.RuleID, a, b truce.Finding) {
		silent := func(v truce.Verdict) bool { return v == "" || v == truce.VerdictOutside }
		if a.Verdict == b.Verdict || silent(a.Verdict) && silent(b.Verdict) {
			return
		}
		side := likelySide(b.EffectSide)
		if side == "" {
			side = likelySide(a.EffectSide)
		}
		out = append(out, whatIfChange{in.Number, in.Time.From, rule, a.Verdict, b.Verdict, float64(a.P), float64(b.P), side})
	}
	for _, f := range old.Findings {
		add(f.Rule, f, findingOf(fresh, f.Rule))
	}
	for _, f := range fresh.Findings {
		if findingOf(old, f.Rule).Rule == "" {
			add(f.Rule, truce.Finding{}, f)
		}
	}
	return out
}

func findingOf(e truce.Evaluation, rule truce.RuleID) truce.Finding {
	if i := slices.IndexFunc(e.Findings, func(f truce.Finding) bool { return f.Rule == rule }); i >= 0 {
		return e.Findings[i]
	}
	return truce.Finding{}
}

// likelySide is the side on which the place of effect more likely lies than not.
func likelySide(shares []truce.SideShare) truce.PartyID {
	for _, s := range shares {
		if s.P >= 0.5 {
			return s.Party
		}
	}
	return ""
}

// totalsOf adds what counts by unit and side of the place of effect, never across units.
func totalsOf(old, fresh []truce.Evaluation) []whatIfTotal {
	var out []whatIfTotal
	add := func(list []truce.Evaluation, to func(*whatIfTotal) *int) {
		for _, e := range list {
			for _, f := range e.Findings {
				if f.Count == 0 {
					continue
				}
				side := likelySide(f.EffectSide)
				i := slices.IndexFunc(out, func(t whatIfTotal) bool { return t.Unit == f.Unit && t.Side == side })
				if i < 0 {
					out, i = append(out, whatIfTotal{Unit: f.Unit, Side: side}), len(out)
				}
				*to(&out[i]) += f.Count
			}
		}
	}
	add(old, func(t *whatIfTotal) *int { return &t.Before })
	add(fresh, func(t *whatIfTotal) *int { return &t.After })
	slices.SortFunc(out, func(a, b whatIfTotal) int {
		return slices.Compare([]string{string(a.Unit), string(a.Side)}, []string{string(b.Unit), string(b.Side)})
	})
	return out
}

func (c *cli) printWhatIf(w whatIf) error {
	l := listing{Columns: []string{"incident", "time", "rule", "as it stands", "amended", "p", "p amended", "side of effect"}}
	word := func(v truce.Verdict) string {
		if v == "" {
			return "no such rule"
		}
		return string(v)
	}
	for _, ch := range w.Changes {
		l.Rows = append(l.Rows, []string{ch.Incident, ch.Time.String(), string(ch.Rule), word(ch.Before), word(ch.After),
			fmt.Sprintf("%.4f", ch.PBefore), fmt.Sprintf("%.4f", ch.PAfter), sideWord(ch.Side)})
	}
	if len(w.Changes) > 0 {
		if err := l.table(c.out); err != nil {
			return err
		}
		fmt.Fprintln(c.out)
	}
	totals := listing{Columns: []string{"counted in", "side of effect", "as it stands", "amended"}}
	for _, t := range w.Totals {
		totals.Rows = append(totals.Rows, []string{string(t.Unit), sideWord(t.Side), fmt.Sprint(t.Before), fmt.Sprint(t.After)})
	}
	if err := totals.table(c.out); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.out, "\n%d incidents, %d verdicts differ; units are never added up, a side is the place of effect, and nothing was recorded\n", w.Incidents, len(w.Changes))
	return err
}

func sideWord(p truce.PartyID) string {
	if p == "" {
		return "not known"
	}
	return string(p)
}
