package store

import (
	"fmt"

	"github.com/trucewatch/truce"
)

// foldGuarantee folds the kinds of the guarantee: people and promises, reviews, cases,
// alerts and the answers to them.
func (tx *writeTx) foldGuarantee(r truce.Record, value any) error {
	switch body := value.(type) {
	case *truce.Person:
		if err := body.Validate(); err != nil {
			return err
		}
		return tx.foldVersion(r, version{subject: body.Subject(), token: tokenText(body.Token)})
	case *truce.Commitment:
		return tx.foldVersion(r, version{subject: body.Subject(), unnamed: body.ID == "", state: body.State})
	case *truce.Contribution:
		return tx.foldVersion(r, version{subject: body.Subject(), unnamed: body.ID == "", state: body.State})
	case *truce.Requirement:
		v := version{subject: body.Subject(), unnamed: body.To == "" || body.Capability == ""}
		if old := body.TimelessSubject(); r.Subject == old {
			v.subject = old
		}
		return tx.foldVersion(r, v)
	case *truce.Review:
		return tx.foldReview(r.Seq, body)
	case *truce.Attribution:
		return tx.foldAttribution(r.Seq, body)
	case *truce.CaseStep:
		return tx.foldCaseStep(r, body)
	case *truce.Alert:
		return tx.foldAlert(r, body)
	case *truce.Delivery:
		return tx.foldDelivery(r, body)
	case *truce.Acknowledgement:
		return tx.foldAcknowledgement(r, body)
	case *truce.ArrivalDecision: // read by its subject
		return foldArrivalDecision(r, body)
	case *truce.OriginView: // read by its subject
		return foldOriginView(r, body)
	}
	return tx.foldReporting(r, value)
}

// admit refuses what does not fit the records before it. It is asked of appends alone: a
// rebuild folds what was admitted, though what it spoke of may have been erased since.
func (tx *writeTx) admit(d preparedDraft) error {
	switch body := d.value.(type) {
	case *truce.Person:
		return tx.admitToken(d.Subject, body.Token)
	case *truce.Review:
		return tx.admitIncident("review", body.Incident, body.Revision)
	case *truce.Attribution:
		return tx.admitIncident("attribution", body.Incident, body.Revision)
	case *truce.OriginView:
		return tx.admitIncident("view of origin", body.Incident, body.Revision)
	case *truce.Alert:
		return tx.admitAlert(body)
	case *truce.Delivery:
		return tx.admitDelivery(body)
	case *truce.Acknowledgement:
		return tx.admitAcknowledgement(body)
	case *truce.ArticleText:
		return tx.admitText(body.Article, body.Hash)
	case *truce.ArticleClaims:
		return tx.admitText(body.Article, body.Text)
	case *truce.ClaimCheck:
		return tx.admitCheck(body)
	}
	return nil
}

// version is what versions are looked up by.
type version struct {
	subject string // the one the body asks for
	unnamed bool   // the body lacks a part of its name
	state   truce.StateID
	token   string
}

// foldVersion makes the record the newest of its subject.
func (tx *writeTx) foldVersion(r truce.Record, v version) error {
	if v.unnamed {
		return truce.Errorf(truce.CodeInvalid, "%s: it has no name: give its id, or of a requirement to and capability", r.Kind)
	}
	if r.Subject != v.subject {
		return truce.Errorf(truce.CodeInvalid, "%s: the record's subject is %q, want %q", r.Kind, r.Subject, v.subject)
	}
	err := tx.exec("UPDATE versions SET newest = 0 WHERE kind = $1 AND subject = $2 AND newest = 1", string(r.Kind), r.Subject)
	if err != nil {
		return err
	}
	return tx.exec("INSERT INTO versions (seq, kind, subject, state, token, newest) VALUES ($1, $2, $3, $4, $5, 1)",
		int64(r.Seq), string(r.Kind), r.Subject, string(v.state), v.token)
}

// takeVersion removes an erased record; when it was the newest, the one before stands
// again.
func (tx *writeTx) takeVersion(seq truce.Seq) error {
	var kind, subject string
	var newest int64
	found, err := tx.row("DELETE FROM versions WHERE seq = $1 RETURNING kind, subject, newest", []any{int64(seq)}, &kind, &subject, &newest)
	if err != nil || !found || newest == 0 {
		return err
	}
	return tx.exec("UPDATE versions SET newest = 1 WHERE seq = (SELECT max(seq) FROM versions WHERE kind = $1 AND subject = $2)", kind, subject)
}

func tokenText(token truce.Hash) string {
	if token.IsZero() {
		return ""
	}
	return token.String()
}

// admitToken refuses a token that lets somebody else in.
func (tx *writeTx) admitToken(subject string, token truce.Hash) error {
	var other string
	found, err := tx.row("SELECT subject FROM versions WHERE newest = 1 AND token <> '' AND token = $1 AND subject <> $2 LIMIT 1", []any{tokenText(token), subject}, &other)
	if err == nil && found {
		err = truce.Errorf(truce.CodeConflict, "%s: its token is that of %s; make a new one", subject, other)
	}
	return err
}

func (tx *writeTx) admitIncident(what string, id truce.ID, revision int) error {
	newest, _, err := tx.newestRevision(truce.RecordIncident, id)
	if err == nil && newest == 0 {
		err = truce.Errorf(truce.CodeNotFound, "%s: there is no incident %s", what, id)
	}
	if err == nil && (revision < 1 || revision > newest) {
		err = truce.Errorf(truce.CodeInvalid, "%s: incident %s has revisions 1 to %d, not %d", what, id, newest, revision)
	}
	return err
}

func (tx *writeTx) foldReview(seq truce.Seq, body *truce.Review) error {
	if body.Incident.IsZero() || body.Person == "" || body.Outcome == "" {
		return truce.Errorf(truce.CodeInvalid, "review: needs an incident, a person and an outcome")
	}
	return tx.exec("INSERT INTO reviews (seq, incident, rule, person, outcome, withdraws) VALUES ($1, $2, $3, $4, $5, $6)",
		int64(seq), body.Incident[:], string(body.Rule), string(body.Person), string(body.Outcome), flag(body.Withdraws))
}

func (tx *writeTx) foldAttribution(seq truce.Seq, body *truce.Attribution) error {
	if body.Incident.IsZero() || body.Level == "" || len(body.People) == 0 {
		return truce.Errorf(truce.CodeInvalid, "attribution: needs an incident, a level and the people who made it")
	}
	return tx.exec("INSERT INTO attributions (seq, incident) VALUES ($1, $2)", int64(seq), body.Incident[:])
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// foldWakes sets and removes the wakes that a record names under its subject.
func (tx *writeTx) foldWakes(r truce.Record, wakes []truce.Wake) error {
	for _, w := range wakes {
		if r.Subject == "" || w.Name == "" || !w.Done && w.Due == 0 {
			return truce.Errorf(truce.CodeInvalid, "wake %q of %q: needs a name, a time unless it is done, and a record with a subject", w.Name, r.Subject)
		}
		err := tx.foldWake(r, w)
		if err != nil {
			return fmt.Errorf("wake %q: %w", w.Name, err)
		}
	}
	return nil
}

func (tx *writeTx) foldWake(r truce.Record, w truce.Wake) error {
	if w.Done {
		return tx.exec("DELETE FROM wakes WHERE subject = $1 AND name = $2", r.Subject, w.Name)
	}
	return tx.exec(`INSERT INTO wakes (subject, name, due, seq) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject, name) DO UPDATE SET due = excluded.due, seq = excluded.seq`, r.Subject, w.Name, int64(w.Due), int64(r.Seq))
}
