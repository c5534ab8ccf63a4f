package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// listOptions are the flags that incidents and findings share.
type listOptions struct {
	format     string
	from, to   string
	act        string
	area       string
	occurrence string
	rule       string
	verdict    string
	known      string
	limit      int
	realm      truce.Realm // of the store, in every row of a list
}

func (c *cli) incidentsCommand() *cobra.Command {
	return c.listCommand("incidents", "List incidents: what happened, where, when and how sure",
		"  truce incidents --act indirect_fire\n  truce incidents --act fire --from 2026-04-11T00:00:00Z\n  truce incidents --format geojson > incidents.geojson", incidentListing)
}

func (c *cli) findingsCommand() *cobra.Command {
	return c.listCommand("findings", "List findings: each incident held against each rule",
		"  truce findings --verdict hit\n  truce findings --rule R01 --format csv > r01.csv\n  truce findings --known-at 2026-05-03T10:00:00Z", findingListing)
}

func (c *cli) listCommand(use, short, example string, list func([]truce.IncidentRow, listOptions) listing) *cobra.Command {
	var opt listOptions
	cmd := &cobra.Command{
		Use: use, Short: short, Example: example, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.asJSON {
				opt.format = "json"
			}
			return c.runList(cmd, opt, list)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.format, "format", "table", "table, json, csv or geojson")
	flags.StringVar(&opt.from, "from", "", "only from this time (RFC 3339)")
	flags.StringVar(&opt.to, "to", "", "only before this time (RFC 3339)")
	flags.StringVar(&opt.act, "act", "", "only this act, or every act of a group: "+strings.Join(groupNames(), ", "))
	flags.StringVar(&opt.area, "area", "", "only this reporting area")
	flags.StringVar(&opt.occurrence, "occurrence", "", "only this state: "+strings.Join(texts(occurrences), ", "))
	flags.StringVar(&opt.rule, "rule", "", "only incidents held against this rule")
	flags.StringVar(&opt.verdict, "verdict", "", "only this verdict: hit, exempt, outside_scope, indeterminate")
	flags.StringVar(&opt.known, "known-at", "", "as recorded by this time (RFC 3339): incidents and findings as they stood then")
	flags.IntVar(&opt.limit, "limit", 0, "at most this many incidents (0: all)")
	c.jsonFlag(cmd)
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(listFormats, cobra.ShellCompDirectiveNoFileComp)))
	for flag, choices := range map[string][]string{"act": append(groupNames(), actNames()...), "occurrence": texts(occurrences), "verdict": texts(verdicts)} {
		must(cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(choices, cobra.ShellCompDirectiveNoFileComp)))
	}
	return cmd
}

func (c *cli) runList(cmd *cobra.Command, opt listOptions, list func([]truce.IncidentRow, listOptions) listing) error {
	q, err := opt.query()
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	a, err := c.openReading(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.checkNames(cmd.Context(), q); err != nil {
		return usageError(cmd, "%w", err)
	}
	page, err := a.incidentsOf(cmd.Context(), q, truce.ActGroup(opt.act))
	if err != nil {
		return err
	}
	opt.realm = a.store.Realm()
	l := list(page.Rows, opt)
	if q.AsOf != 0 {
		l.Note += " as known at " + truce.Instant(q.AsOf).String()
	}
	if err := a.declareRights(cmd.Context(), &l, opt.format); err != nil {
		return err
	}
	switch _, err := a.agreementAsOf(cmd.Context(), q.AsOf); {
	case truce.CodeOf(err) == truce.CodeNotFound && q.AsOf != 0:
		l.Note += ": nothing had been assessed by then"
	case truce.CodeOf(err) == truce.CodeNotFound:
		l.Note += ": nothing has been assessed yet; run: truce assess"
	case len(page.Rows) < page.Total:
		l.Note += fmt.Sprintf(" (--limit %d)", opt.limit)
	}
	return l.print(c.out, opt.format)
}

// agreementAsOf is the agreement that was in force at a recorded time, 0 for now.
func (a *App) agreementAsOf(ctx context.Context, at truce.RecordedTime) (truce.AgreementText, error) {
	if at == 0 {
		return a.store.Agreement(ctx)
	}
	return a.store.AgreementAsOf(ctx, at)
}

// incidentsOf lists the incidents of a query or, when group is the name of one, those
// whose act belongs to that group.
func (a *App) incidentsOf(ctx context.Context, q truce.IncidentQuery, group truce.ActGroup) (truce.IncidentPage, error) {
	if len(group.Acts()) == 0 {
		return a.store.Incidents(ctx, q)
	}
	limit := q.Limit
	q.Act, q.Limit = "", 0
	page, err := a.store.Incidents(ctx, q)
	if err != nil {
		return page, err
	}
	page.Rows = slices.DeleteFunc(page.Rows, func(row truce.IncidentRow) bool { return row.Incident.Act().Group() != group })
	page.Total = len(page.Rows)
	if limit > 0 {
		page.Rows = page.Rows[:min(limit, len(page.Rows))]
	}
	return page, nil
}

var (
	occurrences = []truce.Occurrence{truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, truce.OccurrenceVerified,
		truce.OccurrenceRefuted, truce.OccurrenceUnverifiable, truce.OccurrenceExplained, truce.OccurrenceDuplicate}
	verdicts = []truce.Verdict{truce.VerdictHit, truce.VerdictExempt, truce.VerdictOutside, truce.VerdictIndeterminate}
)

// validate refuses names that stand in no list: an empty answer to a misspelt question
// would read as nothing having happened.
func (opt listOptions) validate() error {
	switch {
	case !slices.Contains(listFormats, opt.format):
		return fmt.Errorf("--format %q; choose one of %s", opt.format, strings.Join(listFormats, ", "))
	case opt.act != "" && !truce.Act(opt.act).Known() && !slices.Contains(groupNames(), opt.act):
		return fmt.Errorf("--act %q is neither in the tree of acts nor one of its groups (%s)%s",
			opt.act, strings.Join(groupNames(), ", "), didYouMean(opt.act, append(groupNames(), actNames()...)))
	case opt.occurrence != "" && !slices.Contains(occurrences, truce.Occurrence(opt.occurrence)):
		return fmt.Errorf("--occurrence %q; choose one of %v", opt.occurrence, occurrences)
	case opt.verdict != "" && !slices.Contains(verdicts, truce.Verdict(opt.verdict)):
		return fmt.Errorf("--verdict %q; choose one of %v", opt.verdict, verdicts)
	case opt.limit < 0:
		return fmt.Errorf("--limit %d: want 0 (all) or more", opt.limit)
	}
	return nil
}

// checkNames refuses areas and rules that the agreement does not name. Before the first
// assessment there is none, and no incident either.
func (a *App) checkNames(ctx context.Context, q truce.IncidentQuery) error {
	if q.Area == "" && q.Rule == "" {
		return nil
	}
	text, err := a.agreementAsOf(ctx, q.AsOf)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	terms, err := agreement.Parse(text.Files)
	if err != nil {
		return err
	}
	areas := []truce.AreaID{agreement.Elsewhere}
	for _, area := range terms.Areas {
		areas = append(areas, area.ID)
	}
	var rules []truce.RuleID
	for _, rule := range terms.Rules {
		rules = append(rules, rule.ID)
	}
	if q.Area != "" && !slices.Contains(areas, q.Area) {
		return fmt.Errorf("--area %q is not in the agreement; choose one of %v%s", q.Area, areas, didYouMean(string(q.Area), texts(areas)))
	}
	if q.Rule != "" && !slices.Contains(rules, q.Rule) {
		return fmt.Errorf("--rule %q is not in the agreement; choose one of %v%s", q.Rule, rules, didYouMean(string(q.Rule), texts(rules)))
	}
	return nil
}

func (opt listOptions) query() (truce.IncidentQuery, error) {
	q := truce.IncidentQuery{
		Act: truce.Act(opt.act), Area: truce.AreaID(opt.area), Occurrence: truce.Occurrence(opt.occurrence),
		Rule: truce.RuleID(opt.rule), Verdict: truce.Verdict(opt.verdict), Limit: opt.limit, OldestFirst: true,
	}
	if err := opt.validate(); err != nil {
		return q, err
	}
	for _, bound := range []struct {
		flag, text string
		at         *truce.Instant
	}{{"--from", opt.from, &q.From}, {"--to", opt.to, &q.To}, {"--known-at", opt.known, (*truce.Instant)(&q.AsOf)}} {
		if bound.text == "" {
			continue
		}
		if err := bound.at.UnmarshalText([]byte(bound.text)); err != nil {
			return q, fmt.Errorf("%s: %w", bound.flag, err)
		}
	}
	if opt.known != "" && q.AsOf == 0 {
		q.AsOf = -1 // 0 asks for now; nothing was recorded in 1970
	}
	if opt.from != "" && opt.to != "" && q.To <= q.From {
		return q, fmt.Errorf("--to %s is not after --from %s: nothing lies between them", opt.to, opt.from)
	}
	return q, nil
}

func incidentListing(rows []truce.IncidentRow, opt listOptions) listing {
	l := listing{Columns: []string{"number", "from", "to", "act", "p", "occurrence", "place", "area", "lat", "lon", "r90_m", "families", "labels"}}
	objects := []incidentObject{} // an empty list is [] in JSON
	l.Note = fmt.Sprintf("%d incidents", len(rows))
	for _, row := range rows {
		inc := row.Incident
		lat, lon, r90 := placeCells(inc.Position)
		l.Rows = append(l.Rows, []string{
			inc.Number, inc.Time.From.String(), inc.Time.To.String(), string(inc.Act()), fmt.Sprintf("%.2f", inc.P),
			string(inc.Occurrence), inc.Place, string(inc.Area), lat, lon, r90, joined(inc.Families), joined(inc.Labels),
		})
		l.Places = append(l.Places, inc.Position)
		l.Sources = append(l.Sources, inc.Sources)
		objects = append(objects, incidentObject{Realm: opt.realm, IncidentRow: row})
	}
	l.Objects = objects
	return l
}

// incidentObject is a row as JSON with the realm it belongs to.
type incidentObject struct {
	Realm truce.Realm `json:"realm,omitempty"`
	truce.IncidentRow
}

func findingListing(rows []truce.IncidentRow, opt listOptions) listing {
	l := listing{Columns: []string{"incident", "from", "act", "rule", "clause", "verdict", "reason", "p", "unit", "count", "effect_side", "map", "lat", "lon", "r90_m"}}
	objects := []findingObject{}
	for _, row := range rows {
		for _, f := range findingsOf(row, opt) {
			inc := row.Incident
			lat, lon, r90 := placeCells(inc.Position)
			l.Rows = append(l.Rows, []string{
				inc.Number, inc.Time.From.String(), string(inc.Act()), string(f.Rule), f.Clause, string(f.Verdict), string(f.Reason),
				fmt.Sprintf("%.2f", f.P), string(f.Unit), fmt.Sprint(f.Count), shares(f.EffectSide), f.MapVersion, lat, lon, r90,
			})
			l.Places = append(l.Places, inc.Position)
			l.Sources = append(l.Sources, inc.Sources)
			objects = append(objects, findingObject{Realm: opt.realm, Incident: inc.Number, ID: inc.ID, Revision: inc.Revision, Version: row.Evaluation.Version, Finding: f})
		}
	}
	l.Objects = objects
	l.Note = fmt.Sprintf("%d findings", len(objects))
	return l
}

type findingObject struct {
	Realm    truce.Realm `json:"realm,omitempty"`
	Incident string      `json:"incident"`
	ID       truce.ID    `json:"incident_id"`
	Revision int         `json:"incident_revision"`
	Version  string      `json:"agreement_version"`
	truce.Finding
}

func findingsOf(row truce.IncidentRow, opt listOptions) []truce.Finding {
	if row.Evaluation == nil {
		return nil
	}
	var out []truce.Finding
	for _, f := range row.Evaluation.Findings {
		if (opt.rule == "" || string(f.Rule) == opt.rule) && (opt.verdict == "" || string(f.Verdict) == opt.verdict) {
			out = append(out, f)
		}
	}
	return out
}

func placeCells(p *geo.Position) (lat, lon, r90 string) {
	if p == nil {
		return "", "", ""
	}
	return fmt.Sprintf("%.5f", p.Lat), fmt.Sprintf("%.5f", p.Lon), fmt.Sprintf("%.0f", p.Error.Ellipse90().Major)
}

func shares(list []truce.SideShare) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = fmt.Sprintf("%s %.2f", s.Party, s.P)
	}
	return strings.Join(parts, " ")
}

func joined[T ~string](list []T) string { return strings.Join(texts(list), " ") }

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// wordsAt completes the argument behind the first n with a list of words.
func wordsAt(n int, words []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) != n {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}
