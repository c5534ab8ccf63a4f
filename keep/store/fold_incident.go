package store

import (
	"github.com/trucewatch/truce"
)

func (tx *writeTx) foldIncident(seq truce.Seq, i *truce.Incident) error {
	if i.ID.IsZero() || i.Revision < 1 || i.Number == "" {
		return truce.Errorf(truce.CodeInvalid, "incident: needs an id, a revision from 1 and a number")
	}
	if err := tx.raiseNumbers(i.Number); err != nil {
		return err
	}
	first, err := tx.addRevision(truce.RecordIncident, i.ID, i.Revision, seq)
	if err == nil && !first {
		err = tx.hideIncident(i.ID)
	}
	if err != nil {
		return err
	}
	return tx.showIncident(seq, i)
}

// hideIncident takes an incident out of the read tables.
func (tx *writeTx) hideIncident(id truce.ID) error {
	for _, query := range []string{
		"DELETE FROM incidents WHERE id = $1", "DELETE FROM incident_labels WHERE incident = $1", "DELETE FROM findings WHERE incident = $1",
	} {
		if err := tx.exec(query, id[:]); err != nil {
			return err
		}
	}
	return nil
}

// showIncident makes a revision of a hidden incident the current one and finds the
// evaluation that stands for it.
func (tx *writeTx) showIncident(seq truce.Seq, i *truce.Incident) error {
	replaced := int64(0)
	if !i.ReplacedBy.IsZero() {
		replaced = 1
	}
	err := tx.exec(`INSERT INTO incidents (id, seq, revision, number, t_from, t_to, area, occurrence, act, replaced, evaluation)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`,
		i.ID[:], int64(seq), int64(i.Revision), i.Number, int64(i.Time.From), int64(i.Time.To), string(i.Area),
		string(i.Occurrence), string(i.Act()), replaced)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, label := range i.Labels {
		rows = append(rows, []any{i.ID[:], string(label)})
	}
	if err := tx.insert("incident_labels (incident, label)", rows, " ON CONFLICT (incident, label) DO NOTHING"); err != nil {
		return err
	}
	return tx.restand(i.ID)
}

// reshowIncident shows an earlier revision after a later one was erased; 0 for none.
func (tx *writeTx) reshowIncident(id truce.ID, seq truce.Seq) error {
	if err := tx.hideIncident(id); err != nil || seq == 0 {
		return err
	}
	i, err := bodyOf[truce.Incident](tx, seq)
	if err != nil {
		return err
	}
	return tx.showIncident(seq, &i)
}

func (tx *writeTx) foldEvaluation(seq truce.Seq, e *truce.Evaluation) error {
	if e.Incident.IsZero() || e.Revision < 1 || e.Version == "" {
		return truce.Errorf(truce.CodeInvalid, "evaluation: needs an incident, its revision and the agreement's version")
	}
	err := tx.exec("INSERT INTO evaluations (seq, incident, revision, agreement, version) VALUES ($1, $2, $3, $4, $5)",
		int64(seq), e.Incident[:], int64(e.Revision), e.Agreement, e.Version)
	if err != nil {
		return err
	}
	return tx.restandWith(e.Incident, seq, e)
}

func (tx *writeTx) takeEvaluation(seq truce.Seq) error {
	var raw []byte
	found, err := tx.row("DELETE FROM evaluations WHERE seq = $1 RETURNING incident", []any{int64(seq)}, &raw)
	if err != nil || !found {
		return err
	}
	return tx.restand(truce.ID(raw))
}

// standing is the rule which evaluation stands for an incident now: one of its current
// revision, before all of the agreement version in force, the latest of those.
const standing = `COALESCE((SELECT e.seq FROM evaluations e
	WHERE e.incident = i.id AND e.revision = i.revision
	ORDER BY CASE WHEN e.version = (SELECT a.version FROM agreements a ORDER BY a.seq DESC LIMIT 1) THEN 0 ELSE 1 END, e.seq DESC
	LIMIT 1), 0)`

// restandAll applies the rule to every incident, after another agreement came into
// force. It usually changes none: new evaluations have yet to come.
func (tx *writeTx) restandAll() error {
	var ids []truce.ID
	query := "SELECT id FROM (SELECT i.id, i.evaluation AS was, " + standing + " AS now FROM incidents i) x WHERE was <> now ORDER BY id"
	err := tx.rows(query, nil, func(scan func(...any) error) error {
		var raw []byte
		err := scan(&raw)
		if err == nil {
			ids = append(ids, truce.ID(raw))
		}
		return err
	})
	for _, id := range ids {
		if err == nil {
			err = tx.restand(id)
		}
	}
	return err
}

func (tx *writeTx) restand(id truce.ID) error { return tx.restandWith(id, 0, nil) }

// restandWith applies the rule to one incident. When record seq is the answer, its
// body is at hand.
func (tx *writeTx) restandWith(id truce.ID, seq truce.Seq, body *truce.Evaluation) error {
	var was, now int64
	found, err := tx.row("SELECT i.evaluation, "+standing+" FROM incidents i WHERE i.id = $1", []any{id[:]}, &was, &now)
	if err != nil || !found || now == was {
		return err
	}
	if err := tx.exec("UPDATE incidents SET evaluation = $1 WHERE id = $2", now, id[:]); err != nil {
		return err
	}
	if was != 0 {
		if err := tx.exec("DELETE FROM findings WHERE incident = $1", id[:]); err != nil {
			return err
		}
	}
	if now == 0 {
		return nil
	}
	if body == nil || now != int64(seq) {
		stored, err := bodyOf[truce.Evaluation](tx, truce.Seq(now))
		if err != nil {
			return err
		}
		body = &stored
	}
	return tx.showFindings(id, body)
}

func (tx *writeTx) showFindings(id truce.ID, e *truce.Evaluation) error {
	var rows [][]any
	for _, f := range e.Findings {
		rows = append(rows, []any{id[:], string(f.Rule), string(f.Verdict), string(f.Reason), float64(f.P), string(f.Unit), int64(f.Count)})
	}
	return tx.insert("findings (incident, rule, verdict, reason, p, unit, counted)", rows, "")
}
