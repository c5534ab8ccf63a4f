package store

import (
	"context"

	"github.com/trucewatch/truce"
)

// foldOriginView: views of origin are found by their subject.
func foldOriginView(r truce.Record, body *truce.OriginView) error {
	if r.Subject != body.Subject() {
		return truce.Errorf(truce.CodeInvalid, "view of origin: the record's subject is %q, want %q", r.Subject, body.Subject())
	}
	return body.Validate()
}

// OriginViews lists every step of review on whose side incidents began, of all incidents or of
// one (zero: all), those withdrawn and the withdrawals too, oldest first. Erased ones are left
// out.
func (s *Store) OriginViews(ctx context.Context, incident truce.ID) ([]truce.OriginView, error) {
	// The character after / bounds what begins with it; subjects are compared by their bytes.
	from, before := truce.OriginViewsOf, truce.OriginViewsOf[:len(truce.OriginViewsOf)-1]+"0"
	if !incident.IsZero() {
		from = truce.OriginView{Incident: incident}.Subject()
		before = from + "\x01"
	}
	var out []truce.OriginView
	query := "SELECT " + bodyColumns + " FROM records r WHERE r.subject <> '' AND r.subject >= $1 AND r.subject < $2 AND r.kind = $3 AND r.body IS NOT NULL ORDER BY r.seq"
	args := []any{from, before, string(truce.RecordOriginView)}
	err := bodies(ctx, s.readers, query, args, func(_ truce.Record, v truce.OriginView) error {
		out = append(out, v)
		return nil
	})
	return out, err
}
