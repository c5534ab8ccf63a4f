package store

import (
	"context"

	"github.com/trucewatch/truce"
)

// newest reads the records that stand of a kind, by subject.
func newest[T any](ctx context.Context, s *Store, kind truce.RecordKind, c condition, take func(truce.Record, T)) error {
	c.add("v.newest = 1")
	c.addf("v.kind = $%d", string(kind))
	query := "SELECT " + bodyColumns + " FROM versions v JOIN records r ON r.seq = v.seq" + c.where() + " ORDER BY v.subject"
	return bodies(ctx, s.readers, query, c.args, func(r truce.Record, v T) error {
		take(r, v)
		return nil
	})
}

// People lists everybody on record, those withdrawn too, by id.
func (s *Store) People(ctx context.Context) ([]truce.PersonRow, error) {
	return s.people(ctx, condition{})
}

func (s *Store) people(ctx context.Context, c condition) (out []truce.PersonRow, err error) {
	err = newest(ctx, s, truce.RecordPerson, c, func(r truce.Record, p truce.Person) {
		out = append(out, truce.PersonRow{Seq: r.Seq, Recorded: r.Time, Person: p})
	})
	return out, err
}

// PeopleMark changes with every change of a person, and costs less than reading them all.
func (s *Store) PeopleMark(ctx context.Context) (truce.PeopleMark, error) {
	var m truce.PeopleMark
	query := "SELECT COALESCE(max(seq), 0), count(*) FROM versions WHERE kind = $1"
	_, err := s.one(ctx, query, []any{string(truce.RecordPerson)}, (*int64)(&m.Newest), &m.Records)
	return m, err
}

// Person is a person as last recorded, withdrawn or not.
func (s *Store) Person(ctx context.Context, id truce.PersonID) (truce.PersonRow, error) {
	var c condition
	c.addf("v.subject = $%d", truce.Person{ID: id}.Subject())
	return s.onePerson(ctx, c, "there is no person %.80q", string(id))
}

// PersonByToken is the person whose token has this hash. Whether the person may still sign
// in (withdrawn, expired) is for the caller to see.
func (s *Store) PersonByToken(ctx context.Context, token truce.Hash) (truce.PersonRow, error) {
	var c condition
	c.add("v.token <> ''")
	c.addf("v.token = $%d", tokenText(token))
	return s.onePerson(ctx, c, "nobody has this %s", "token")
}

func (s *Store) onePerson(ctx context.Context, c condition, refusal, of string) (truce.PersonRow, error) {
	rows, err := s.people(ctx, c)
	if err == nil && len(rows) == 0 {
		err = truce.Errorf(truce.CodeNotFound, refusal, of)
	}
	if err != nil {
		return truce.PersonRow{}, err
	}
	return rows[0], nil
}

// ofState asks for what a state bears; "" for all.
func ofState(state truce.StateID) condition {
	var c condition
	c.addGiven("v.state = $%d", string(state))
	return c
}

// Commitments lists the commitments of a state ("" for all) as last recorded, by id.
func (s *Store) Commitments(ctx context.Context, state truce.StateID) (out []truce.CommitmentRow, err error) {
	err = newest(ctx, s, truce.RecordCommitment, ofState(state), func(r truce.Record, c truce.Commitment) {
		out = append(out, truce.CommitmentRow{Seq: r.Seq, Recorded: r.Time, Commitment: c})
	})
	return out, err
}

// Contributions lists the contributions of a state ("" for all) as last recorded, by id.
func (s *Store) Contributions(ctx context.Context, state truce.StateID) (out []truce.ContributionRow, err error) {
	err = newest(ctx, s, truce.RecordContribution, ofState(state), func(r truce.Record, c truce.Contribution) {
		out = append(out, truce.ContributionRow{Seq: r.Seq, Recorded: r.Time, Contribution: c})
	})
	return out, err
}

// Requirements lists the requirements as last recorded, by whom they serve and capability.
func (s *Store) Requirements(ctx context.Context) (out []truce.RequirementRow, err error) {
	err = newest(ctx, s, truce.RecordRequirement, condition{}, func(r truce.Record, q truce.Requirement) {
		out = append(out, truce.RequirementRow{Seq: r.Seq, Recorded: r.Time, Requirement: q})
	})
	return out, err
}

// Reviews lists every step of review of an incident, those withdrawn and the withdrawals
// too, oldest first.
func (s *Store) Reviews(ctx context.Context, incident truce.ID) ([]truce.ReviewRow, error) {
	var out []truce.ReviewRow
	query := "SELECT " + bodyColumns + " FROM reviews v JOIN records r ON r.seq = v.seq WHERE v.incident = $1 ORDER BY v.seq"
	err := bodies(ctx, s.readers, query, []any{incident[:]}, func(r truce.Record, v truce.Review) error {
		out = append(out, truce.ReviewRow{Seq: r.Seq, Recorded: r.Time, Review: v})
		return nil
	})
	return out, err
}

// Attributions lists every attribution made of an incident, oldest first.
func (s *Store) Attributions(ctx context.Context, incident truce.ID) ([]truce.AttributionRow, error) {
	var out []truce.AttributionRow
	query := "SELECT " + bodyColumns + " FROM attributions v JOIN records r ON r.seq = v.seq WHERE v.incident = $1 ORDER BY v.seq"
	err := bodies(ctx, s.readers, query, []any{incident[:]}, func(r truce.Record, a truce.Attribution) error {
		out = append(out, truce.AttributionRow{Seq: r.Seq, Recorded: r.Time, Attribution: a})
		return nil
	})
	return out, err
}

// RecordsOf lists the records about a subject, of whatever kind and those erased too,
// oldest first. Of one with more records than a page holds it refuses to show a part.
func (s *Store) RecordsOf(ctx context.Context, subject string) ([]truce.Record, error) {
	var out []truce.Record
	query := "SELECT " + recordColumns + " FROM records WHERE subject = $1 AND subject <> '' ORDER BY seq LIMIT $2"
	err := list(ctx, s.readers, query, []any{subject, int64(maxPage) + 1}, func(scan func(...any) error) error {
		r, err := scanRecord(scan)
		out = append(out, r)
		return err
	})
	if err == nil && len(out) > maxPage {
		return nil, truce.Errorf(truce.CodeTooLarge, "store: more than %d records speak of %q: read them with Records", maxPage, subject)
	}
	return out, err
}
