package app

import (
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/assess/grade"
)

// digits are the Admiralty digits of what each source says of an incident: how probable it
// is by everybody else, and whether anybody else could have seen it. They are for the desk
// alone; a letter stands beside none of them, since parties have none.
func (a *App) digits(ctx context.Context, i truce.Incident, events []truce.Event) (map[truce.SourceID]int, error) {
	watching, err := a.watching(ctx, i)
	if err != nil {
		return nil, err
	}
	out := map[truce.SourceID]int{}
	for _, e := range events {
		for _, s := range e.Support {
			if _, known := out[s.Source]; known {
				continue
			}
			content := grade.Content{Covered: slices.ContainsFunc(watching, func(f truce.Family) bool { return f != s.Family })}
			if rest := without(s.Source, events); len(rest) > 0 {
				g := fuse.New(rest, fuse.Config{}).Describe(i.Events)
				content.Without, content.Covered = g.P, true
				for _, f := range g.Families {
					if f.Witness() {
						content.Families++
					}
				}
			}
			out[s.Source] = grade.Digit(content)
		}
	}
	return out, nil
}

// without are the events as they stand when a source, and what is a copy of what it says or
// of which it is one, is left out.
func without(source truce.SourceID, events []truce.Event) []truce.Event {
	groups := map[string]bool{}
	for _, e := range events {
		for _, s := range e.Support {
			if s.Source == source && s.Group != "" {
				groups[s.Group] = true
			}
		}
	}
	var out []truce.Event
	for _, e := range events {
		e.Support = slices.DeleteFunc(slices.Clone(e.Support), func(s truce.Support) bool { return s.Source == source || groups[s.Group] })
		if len(e.Support) > 0 {
			out = append(out, e)
		}
	}
	return out
}

// watching are the families that could have seen an incident's act in its area at its time.
func (a *App) watching(ctx context.Context, i truce.Incident) ([]truce.Family, error) {
	if i.Area == "" || i.Act() == "" {
		return nil, nil
	}
	terms, err := a.readTerms()
	if err != nil {
		return nil, err
	}
	period := truce.Period{From: i.Time.From, To: max(i.Time.To, i.Time.From+1), Zone: "UTC"}
	var health []coverage.Sign
	err = a.store.Observations(ctx, truce.ObservationQuery{Kind: truce.KindHealth, From: period.From.Add(-maxHeartbeat * 2), To: period.To}, func(o truce.Observation) error {
		if sign, ok := coverage.SignOf(o); ok {
			health = append(health, sign)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	board, err := a.board(terms, health)
	if err != nil {
		return nil, err
	}
	sight := board.Over(period).Sight(i.Area, []truce.Act{i.Act()}, 0)
	if sight.Share <= 0 {
		return nil, nil
	}
	return sight.Families, nil
}
