package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/grade"
)

// gradedSource is a source with what it brought in and how far it can be relied on. It never
// leaves the mission.
type gradedSource struct {
	truce.SourceInfo
	Accepted    int             `json:"accepted"`
	Quarantined int             `json:"quarantined"`
	Grade       *grade.Standing `json:"grade,omitempty"` // nil: a party, or nothing it said was resolved
	GradeText   string          `json:"grade_text,omitempty"`
}

func (c *cli) sourcesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sources",
		Short: "List the sources with what they brought in and their grades",
		Long: "A grade is learnt from what became of what a source said: borne out by independent witnesses or by review, or refuted.\n" +
			"Parties have none. Grades are for the mission alone and stand in no product.",
		Example: "  truce sources\n  truce sources --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.openReading(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			list, err := a.gradedSources(cmd.Context())
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, list)
			}
			l := listing{Columns: []string{"source", "family", "accepted", "quarantined", "grade"}, Note: fmt.Sprintf("%d sources", len(list))}
			for _, s := range list {
				l.Rows = append(l.Rows, []string{string(s.ID), string(s.Family), fmt.Sprint(s.Accepted), fmt.Sprint(s.Quarantined), s.GradeText})
			}
			return l.print(c.out, "table")
		},
	}
	c.jsonFlag(cmd)
	return cmd
}

// gradedSources lists the sources in the order of the store.
func (a *App) gradedSources(ctx context.Context) ([]gradedSource, error) {
	sources, err := a.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := a.store.ImportCounts(ctx)
	if err != nil {
		return nil, err
	}
	grades, err := a.grades(ctx)
	if err != nil {
		return nil, err
	}
	out := []gradedSource{}
	for _, info := range sources {
		s := gradedSource{SourceInfo: info}
		for _, c := range counts {
			if c.Source == info.ID {
				s.Accepted, s.Quarantined = c.Accepted, c.Quarantined
			}
		}
		if i := slices.IndexFunc(grades, func(g grade.Standing) bool { return g.Source == info.ID }); i >= 0 && info.Family != truce.FamilyParty {
			s.Grade, s.GradeText = &grades[i], grades[i].Text()
		}
		out = append(out, s)
	}
	return out, nil
}

// grades learns from every incident that was resolved.
func (a *App) grades(ctx context.Context) ([]grade.Standing, error) {
	events, err := a.store.Events(ctx, truce.EventQuery{})
	if err != nil {
		return nil, err
	}
	page, err := a.store.Incidents(ctx, truce.IncidentQuery{OldestFirst: true})
	if err != nil {
		return nil, err
	}
	return grade.Learn(becameOf(page.Rows, byID(events))), nil
}

// becameOf is what became of what sources said: that of each source on each incident that
// was corroborated, verified, refuted or explained. A source's word is borne out only where a
// family that can witness and is not its own told the same, in no copy of it.
func becameOf(rows []truce.IncidentRow, events map[truce.ID]truce.Event) []grade.Outcome {
	var out []grade.Outcome
	for i := range rows {
		in := &rows[i].Incident
		var told []truce.Support
		for _, id := range in.Events {
			told = append(told, events[id].Support...)
		}
		for _, s := range told {
			if s.Family == truce.FamilyParty {
				continue
			}
			held, resolved := false, true
			switch in.Occurrence {
			case truce.OccurrenceCorroborated, truce.OccurrenceVerified:
				held = true
				resolved = slices.ContainsFunc(told, func(o truce.Support) bool { return bearsOut(o, s) })
			case truce.OccurrenceRefuted, truce.OccurrenceExplained:
			default:
				resolved = false
			}
			if resolved {
				out = append(out, grade.Outcome{Source: s.Source, Family: s.Family, Incident: in.ID, Group: s.Group, First: isFirst(s), Confirmed: held})
			}
		}
	}
	return out
}

// bearsOut says whether one voice bears out another: of a family that witnesses, not the
// other's own, and no copy.
func bearsOut(o, s truce.Support) bool {
	return o.Family.Witness() && o.Family != s.Family && o.Source != s.Source && (s.Group == "" || o.Group != s.Group)
}

// isFirst says whether a report is the one that its copies repeat: a group is named for it.
func isFirst(s truce.Support) bool {
	return s.Group == "copies-of-"+s.Observation.String()
}
