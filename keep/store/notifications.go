package store

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce"
)

// foldNotification keeps a step by its number. A number is given once; whether a later
// step has any effect is not the store's to say.
func (tx *writeTx) foldNotification(seq truce.Seq, n *truce.Notification) error {
	if err := n.Validate(); err != nil {
		return truce.Errorf(truce.CodeInvalid, "notification: %w", err)
	}
	var from, to truce.Instant
	switch n.Step {
	case truce.StepGiven:
		if err := tx.refuseGivenTwice(n.Number); err != nil {
			return err
		}
		from, to = n.Activity.From, n.Activity.To
	case truce.StepExtended:
		from, to = n.Until, n.Until
	}
	return tx.exec("INSERT INTO notifications (seq, number, step, t_from, t_to) VALUES ($1, $2, $3, $4, $5)",
		int64(seq), n.Number, string(n.Step), int64(from), int64(to))
}

func (tx *writeTx) refuseGivenTwice(number string) error {
	var before int64
	found, err := tx.row("SELECT seq FROM notifications WHERE number = $1 AND step = $2", []any{number, string(truce.StepGiven)}, &before)
	if err == nil && found {
		err = truce.Errorf(truce.CodeConflict, "notification %s was given in record %d already: a change of its hours is an extension, anything else a new number that supersedes it", number, before)
	}
	return err
}

// Notifications lists the steps of notifications in the order of their records.
func (s *Store) Notifications(ctx context.Context, q truce.NotificationQuery) ([]truce.NotificationRow, error) {
	var c condition
	if q.Number != "" {
		c.addf("n.number = $%d", q.Number)
	}
	if q.AsOf != 0 {
		c.addf("r.recorded <= $%d", int64(q.AsOf))
	}
	// A zero end is open, so each bound stands alone; both hold of one span, because no
	// activity lies between the hours given and those it was extended to.
	hours := "n.number IN (SELECT number FROM notifications WHERE step IN ('given', 'extended') GROUP BY number HAVING %s)"
	if q.To != 0 {
		c.addf(fmt.Sprintf(hours, "min(t_from) < $%d"), int64(q.To))
	}
	if q.From != 0 {
		c.addf(fmt.Sprintf(hours, "max(t_to) > $%d"), int64(q.From))
	}
	var out []truce.NotificationRow
	query := "SELECT " + bodyColumns + " FROM notifications n JOIN records r ON r.seq = n.seq" + c.where() + " ORDER BY n.seq"
	err := bodies(ctx, s.readers, query, c.args, func(r truce.Record, n truce.Notification) error {
		out = append(out, truce.NotificationRow{Seq: r.Seq, Recorded: r.Time, Notification: n})
		return nil
	})
	return out, err
}
