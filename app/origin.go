package app

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/review"
	"github.com/trucewatch/truce/web/desk"
)

// signedOrigins are the sides of origin that people signed, of the incidents that have one. An
// engagement gets into a finding by no other way.
func (a *App) signedOrigins(ctx context.Context, incident func(truce.ID) (truce.Incident, bool)) (map[truce.ID]*agreement.SignedOrigin, error) {
	steps, err := a.store.OriginViews(ctx, truce.ID{})
	if err != nil {
		return nil, err
	}
	of := map[truce.ID][]truce.OriginView{}
	for _, v := range steps {
		of[v.Incident] = append(of[v.Incident], v)
	}
	out := map[truce.ID]*agreement.SignedOrigin{}
	for id, list := range of {
		i, known := incident(id)
		if !known {
			continue
		}
		if s := review.SettleOrigin(i, list); s.Stands != nil {
			out[id] = &agreement.SignedOrigin{Sides: s.Stands.Sides, Words: engagementCited(s)}
		}
	}
	return out, nil
}

// engagementCited cites what two persons signed.
func engagementCited(s review.OriginState) string {
	return fmt.Sprintf("engagement %s, whose %s the incident is, as %s and %s signed", s.Stands.Engagement, s.Stands.End, s.By[0], s.By[1])
}

// originsOf is signedOrigins of incidents in a list.
func (a *App) originsOf(ctx context.Context, n int, at func(int) *truce.Incident) (map[truce.ID]*agreement.SignedOrigin, error) {
	places := make(map[truce.ID]int, n)
	for i := range n {
		places[at(i).ID] = i
	}
	return a.signedOrigins(ctx, func(id truce.ID) (truce.Incident, bool) {
		i, known := places[id]
		if !known {
			return truce.Incident{}, false
		}
		return *at(i), true
	})
}

// originSigned is what the desk's page of an incident shows of its origin; nil when nobody ever
// signed anything of it.
func (a *App) originSigned(ctx context.Context, i truce.Incident) (*desk.OriginSigned, error) {
	steps, err := a.store.OriginViews(ctx, i.ID)
	if err != nil || len(steps) == 0 {
		return nil, err
	}
	s := review.SettleOrigin(i, steps)
	return &desk.OriginSigned{Stands: s.Stands, By: s.By, Open: len(s.Open)}, nil
}
