package store

import (
	"context"

	"github.com/trucewatch/truce"
)

// AgreementEntry is one version of an agreement and when it was recorded.
type AgreementEntry struct {
	ID       string
	Version  string
	Seq      truce.Seq
	Recorded truce.RecordedTime
}

// Agreements lists the recorded versions, oldest first.
func (s *Store) Agreements(ctx context.Context) ([]AgreementEntry, error) {
	var out []AgreementEntry
	query := "SELECT a.agreement, a.version, a.seq, r.recorded FROM agreements a JOIN records r ON r.seq = a.seq ORDER BY a.seq"
	err := list(ctx, s.readers, query, nil, func(scan func(...any) error) error {
		var e AgreementEntry
		err := scan(&e.ID, &e.Version, (*int64)(&e.Seq), (*int64)(&e.Recorded))
		out = append(out, e)
		return err
	})
	return out, err
}

// Agreement is the agreement in force: the version recorded last.
func (s *Store) Agreement(ctx context.Context) (truce.AgreementText, error) {
	return s.agreementWhere(ctx, "", nil)
}

// AgreementAsOf is the agreement as it was known at a recorded time.
func (s *Store) AgreementAsOf(ctx context.Context, at truce.RecordedTime) (truce.AgreementText, error) {
	return s.agreementWhere(ctx, " WHERE r.recorded <= $1", []any{int64(at)})
}

// AgreementVersion is one version by its hash.
func (s *Store) AgreementVersion(ctx context.Context, version string) (truce.AgreementText, error) {
	return s.agreementWhere(ctx, " WHERE a.version = $1", []any{version})
}

func (s *Store) agreementWhere(ctx context.Context, where string, args []any) (truce.AgreementText, error) {
	text, found := truce.AgreementText{}, false
	query := "SELECT " + bodyColumns + " FROM agreements a JOIN records r ON r.seq = a.seq" + where + " ORDER BY a.seq DESC LIMIT 1"
	err := bodies(ctx, s.readers, query, args, func(_ truce.Record, a truce.AgreementText) error {
		text, found = a, true
		return nil
	})
	if err == nil && !found {
		err = truce.Errorf(truce.CodeNotFound, "store: no such agreement is recorded")
	}
	return text, err
}

// Sources lists what each source last declared about itself, by id.
func (s *Store) Sources(ctx context.Context) ([]truce.SourceInfo, error) {
	var out []truce.SourceInfo
	query := "SELECT " + bodyColumns + ` FROM sources s JOIN records r ON r.seq = s.seq
		WHERE s.seq IN (SELECT max(seq) FROM sources GROUP BY source) ORDER BY s.source`
	err := bodies(ctx, s.readers, query, nil, func(_ truce.Record, info truce.SourceInfo) error {
		out = append(out, info)
		return nil
	})
	return out, err
}

// ImportCounts sums what each source brought in, by source.
func (s *Store) ImportCounts(ctx context.Context) ([]truce.ImportCount, error) {
	var out []truce.ImportCount
	query := "SELECT source, CAST(sum(accepted) AS BIGINT), CAST(sum(quarantined) AS BIGINT) FROM imports GROUP BY source ORDER BY source"
	err := list(ctx, s.readers, query, nil, func(scan func(...any) error) error {
		var c truce.ImportCount
		err := scan((*string)(&c.Source), &c.Accepted, &c.Quarantined)
		out = append(out, c)
		return err
	})
	return out, err
}

// Quarantined pages through the rows of a source ("" for all) that could not be read,
// in the order they came, and counts them.
func (s *Store) Quarantined(ctx context.Context, source truce.SourceID, offset, limit int) ([]truce.Rejection, int, error) {
	if offset < 0 || limit <= 0 || limit > maxPage {
		return nil, 0, truce.Errorf(truce.CodeInvalid, "store: quarantined: offset %d, limit %d, want 0 or more and 1 to %d", offset, limit, maxPage)
	}
	var c condition
	if source != "" {
		c.addf("source = $%d", string(source))
	}
	var total int
	if _, err := s.one(ctx, "SELECT count(*) FROM quarantined"+c.where(), c.args, &total); err != nil {
		return nil, 0, err
	}
	query := "SELECT file, line, reason, raw FROM quarantined" + c.where() + " ORDER BY seq, idx"
	n := len(c.args)
	args := append(c.args, int64(limit), int64(offset))
	var out []truce.Rejection
	query += " LIMIT " + placeholders(n+1, 1) + " OFFSET " + placeholders(n+2, 1)
	err := list(ctx, s.readers, query, args, func(scan func(...any) error) error {
		var r truce.Rejection
		var file, reason []byte
		err := scan(&file, &r.Line, &reason, &r.Raw)
		r.File, r.Reason = string(file), string(reason)
		out = append(out, r)
		return err
	})
	return out, total, err
}

// Bulletin is a bulletin by its number, in one of its editions.
func (s *Store) Bulletin(ctx context.Context, number string, edition truce.Edition) (truce.Bulletin, error) {
	return s.bulletinWhere(ctx, "b.number = $1 AND b.edition = $2", []any{number, string(edition)})
}

// BulletinForDay is the latest version of a day's bulletin, in one of its editions.
func (s *Store) BulletinForDay(ctx context.Context, kind truce.BulletinKind, day truce.Day, edition truce.Edition) (truce.Bulletin, error) {
	return s.bulletinWhere(ctx, "b.day = $1 AND b.edition = $2 AND b.kind = $3", []any{string(day), string(edition), string(kind)})
}

func (s *Store) bulletinWhere(ctx context.Context, where string, args []any) (truce.Bulletin, error) {
	out, found := truce.Bulletin{}, false
	query := "SELECT " + bodyColumns + " FROM bulletins b JOIN records r ON r.seq = b.seq WHERE " + where + " ORDER BY b.version DESC, b.seq DESC LIMIT 1"
	err := bodies(ctx, s.readers, query, args, func(_ truce.Record, b truce.Bulletin) error {
		out, found = b, true
		return nil
	})
	if err == nil && !found {
		err = truce.Errorf(truce.CodeNotFound, "there is no bulletin %v", args[0])
	}
	return out, err
}

// BulletinEntry is a line in the list of bulletins; the bulletin itself may be large.
type BulletinEntry struct {
	Number   string
	Kind     truce.BulletinKind
	Edition  truce.Edition
	Day      truce.Day
	Version  int
	Seq      truce.Seq
	Recorded truce.RecordedTime
}

// Bulletins lists all bulletins in the order they were recorded.
func (s *Store) Bulletins(ctx context.Context) ([]BulletinEntry, error) {
	var out []BulletinEntry
	query := "SELECT b.number, b.kind, b.edition, b.day, b.version, b.seq, r.recorded FROM bulletins b JOIN records r ON r.seq = b.seq ORDER BY b.seq"
	err := list(ctx, s.readers, query, nil, func(scan func(...any) error) error {
		var e BulletinEntry
		err := scan(&e.Number, (*string)(&e.Kind), (*string)(&e.Edition), (*string)(&e.Day), &e.Version, (*int64)(&e.Seq), (*int64)(&e.Recorded))
		out = append(out, e)
		return err
	})
	return out, err
}

// Watermark is the last recorded mark of a name; not found when there is none.
func (s *Store) Watermark(ctx context.Context, name string) (truce.Watermark, error) {
	w := truce.Watermark{Name: name}
	found, err := s.one(ctx, "SELECT mark FROM watermarks WHERE name = $1", []any{name}, (*int64)(&w.At))
	if err == nil && !found {
		err = truce.Errorf(truce.CodeNotFound, "store: no watermark %q", name)
	}
	return w, err
}
