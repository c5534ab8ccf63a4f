package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
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
	limit      int
}

func (c *cli) incidentsCommand() *cobra.Command {
	return c.listCommand("incidents", "List incidents: what happened, where, when and how sure",
		"  truce incidents --act indirect_fire\n  truce incidents --format geojson > incidents.geojson", incidentListing)
}

func (c *cli) findingsCommand() *cobra.Command {
	return c.listCommand("findings", "List findings: each incident held against each rule",
		"  truce findings --verdict hit\n  truce findings --rule R01 --format csv > r01.csv", findingListing)
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
	flags.StringVar(&opt.act, "act", "", "only this act")
	flags.StringVar(&opt.area, "area", "", "only this reporting area")
	flags.StringVar(&opt.occurrence, "occurrence", "", "only this state: reported, detected, corroborated, ...")
	flags.StringVar(&opt.rule, "rule", "", "only incidents held against this rule")
	flags.StringVar(&opt.verdict, "verdict", "", "only this verdict: hit, exempt, outside_scope, indeterminate")
	flags.IntVar(&opt.limit, "limit", 0, "at most this many (0: all)")
	c.jsonFlag(cmd)
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(listFormats, cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("act", cobra.FixedCompletions(actNames(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func (c *cli) runList(cmd *cobra.Command, opt listOptions, list func([]truce.IncidentRow, listOptions) listing) error {
	q, err := opt.query()
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	a, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	page, err := a.incidents(cmd.Context(), q)
	if err != nil {
		return err
	}
	l := list(page.Rows, opt)
	l.Note = fmt.Sprintf("%d of %d incidents", len(page.Rows), page.Total)
	return l.print(c.out, opt.format)
}

func (a *App) incidents(ctx context.Context, q truce.IncidentQuery) (truce.IncidentPage, error) {
	return a.store.Incidents(ctx, q)
}

func (opt listOptions) query() (truce.IncidentQuery, error) {
	q := truce.IncidentQuery{
		Act: truce.Act(opt.act), Area: truce.AreaID(opt.area), Occurrence: truce.Occurrence(opt.occurrence),
		Rule: truce.RuleID(opt.rule), Verdict: truce.Verdict(opt.verdict), Limit: opt.limit, OldestFirst: true,
	}
	if opt.act != "" && !q.Act.Known() {
		return q, fmt.Errorf("--act %q is not in the tree of acts; press TAB after --act for the list", opt.act)
	}
	for _, bound := range []struct {
		flag, text string
		at         *truce.Instant
	}{{"--from", opt.from, &q.From}, {"--to", opt.to, &q.To}} {
		if bound.text == "" {
			continue
		}
		if err := bound.at.UnmarshalText([]byte(bound.text)); err != nil {
			return q, fmt.Errorf("%s: %w", bound.flag, err)
		}
	}
	return q, nil
}

func incidentListing(rows []truce.IncidentRow, _ listOptions) listing {
	l := listing{Columns: []string{"number", "from", "to", "act", "p", "occurrence", "place", "area", "lat", "lon", "r90_m", "families", "labels"}, Objects: rows}
	for _, row := range rows {
		inc := row.Incident
		lat, lon, r90 := placeCells(inc.Position)
		l.Rows = append(l.Rows, []string{
			inc.Number, inc.Time.From.String(), inc.Time.To.String(), string(inc.Act()), fmt.Sprintf("%.2f", inc.P),
			string(inc.Occurrence), inc.Place, string(inc.Area), lat, lon, r90, joined(inc.Families), joined(inc.Labels),
		})
		l.Places = append(l.Places, inc.Position)
	}
	return l
}

func findingListing(rows []truce.IncidentRow, opt listOptions) listing {
	l := listing{Columns: []string{"incident", "from", "act", "rule", "clause", "verdict", "reason", "p", "unit", "count", "effect_side", "map", "lat", "lon"}}
	objects := []findingObject{}
	for _, row := range rows {
		for _, f := range findingsOf(row, opt) {
			inc := row.Incident
			lat, lon, _ := placeCells(inc.Position)
			l.Rows = append(l.Rows, []string{
				inc.Number, inc.Time.From.String(), string(inc.Act()), string(f.Rule), f.Clause, string(f.Verdict), string(f.Reason),
				fmt.Sprintf("%.2f", f.P), string(f.Unit), fmt.Sprint(f.Count), shares(f.EffectSide), f.MapVersion, lat, lon,
			})
			l.Places = append(l.Places, inc.Position)
			objects = append(objects, findingObject{Incident: inc.Number, ID: inc.ID, Finding: f})
		}
	}
	l.Objects = objects
	return l
}

type findingObject struct {
	Incident string   `json:"incident"`
	ID       truce.ID `json:"incident_id"`
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

func joined[T ~string](list []T) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = string(v)
	}
	return strings.Join(parts, " ")
}
