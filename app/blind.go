package app

import (
	"context"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/respond/ladder"
)

// Of what was lost to sight the last two days are told to cases; what is shorter than ten
// minutes is no spell: a lost heartbeat makes it.
const (
	blindLooksBack = 48 * time.Hour
	leastBlind     = 10 * time.Minute
)

// follow brings cases up to date: what was lost to sight first, then what became known and
// what is due.
func (a *App) follow(ctx context.Context, d *guarantee.Desk) (guarantee.Round, error) {
	sum, err := a.tellBlind(ctx, d)
	if err != nil {
		return sum, err
	}
	r, err := d.Follow(ctx)
	sum.Add(r)
	return sum, err
}

// tellBlind tells cases which areas were not seen well enough, by the watch the mission
// states and the health that was recorded. Silence is itself a ground.
func (a *App) tellBlind(ctx context.Context, d *guarantee.Desk) (sum guarantee.Round, err error) {
	if len(a.cfg.Watch.Watchers) == 0 {
		return sum, nil
	}
	terms, err := d.Ladder(ctx)
	if err != nil {
		return sum, err
	}
	least, asked := leastBlindShare(terms)
	if !asked {
		return sum, nil
	}
	spells, err := a.blindSpells(ctx, least)
	if err != nil {
		return sum, err
	}
	for _, s := range spells {
		r, err := d.Tell(ctx, ladder.Fact{Blind: &s})
		sum.Add(r)
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// leastBlindShare is the smallest share of a line out of sight that the ladder speaks of.
func leastBlindShare(l truce.Ladder) (least truce.Probability, asked bool) {
	note := func(c truce.Criteria) {
		if c.BlindShare > 0 && (!asked || c.BlindShare < least) {
			least, asked = c.BlindShare, true
		}
	}
	for _, t := range l.Tiers {
		note(t.Enter)
	}
	for _, p := range l.Paths {
		note(p.Enter)
	}
	return least, asked
}

func (a *App) blindSpells(ctx context.Context, least truce.Probability) ([]truce.BlindSpell, error) {
	text, err := a.store.Agreement(ctx)
	if err != nil {
		return nil, err
	}
	terms, err := agreement.Parse(text.Files)
	if err != nil {
		return nil, err
	}
	now := truce.InstantOf(a.now())
	period := truce.Period{From: now.Add(-blindLooksBack), To: now, Zone: "UTC"}
	var health []coverage.Sign
	q := truce.ObservationQuery{Kind: truce.KindHealth, From: period.From.Add(-maxHeartbeat * 2), To: period.To}
	err = a.store.Observations(ctx, q, func(o truce.Observation) error {
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
	var areas []truce.AreaID
	for _, area := range terms.Areas {
		areas = append(areas, area.ID)
	}
	var out []truce.BlindSpell
	for _, s := range board.Over(period).Blind(areas, least) {
		if to := max(s.To, 0); to == 0 && now.Sub(s.From) >= leastBlind || to.Sub(s.From) >= leastBlind {
			out = append(out, s)
		}
	}
	return out, nil
}
