package public

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// digestDays is how many of the newest bulletins are read: as many as a chart shows.
const digestDays = 7

// digest is what lists and charts need of the newest bulletins.
type digest struct {
	of     string // hashes of the bulletins it was made from
	areas  []truce.BulletinArea
	charts []web.Chart
}

// recent is the digest of the newest of days, which are given newest first.
func (s *server) recent(ctx context.Context, days []truce.PublicDay) (digest, error) {
	if len(days) == 0 {
		return digest{}, nil
	}
	days = days[:min(len(days), digestDays)]
	d := digest{}
	for _, day := range days {
		d.of += day.SHA256.String()
	}
	s.mu.Lock()
	defer s.mu.Unlock() // held while bulletins are read: others need the same ones
	if s.digest.of == d.of {
		return s.digest, nil
	}
	var dailies []truce.Bulletin
	for _, day := range slices.Backward(days) {
		b, err := s.bulletin(ctx, day.Day)
		if err != nil {
			return digest{}, err
		}
		dailies, d.areas = append(dailies, b), b.Areas
	}
	d.charts = web.Charts(dailies)
	s.digest = d
	return d, nil
}

// bulletin is the public edition of a day as released.
func (s *server) bulletin(ctx context.Context, day truce.Day) (truce.Bulletin, error) {
	doc, err := s.Reader.Daily(ctx, day, "json", "")
	if err != nil {
		return truce.Bulletin{}, err
	}
	var b truce.Bulletin
	if err := json.Unmarshal(doc.Body, &b); err != nil {
		return b, fmt.Errorf("public: bulletin of %s: %w", day, err)
	}
	return b, nil
}
