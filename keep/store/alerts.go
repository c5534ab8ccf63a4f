package store

import (
	"context"
	"strings"

	"github.com/trucewatch/truce"
)

// Alerts lists alerts, the newest record first. It shows alerts before their release too,
// unless the query names a time.
func (s *Store) Alerts(ctx context.Context, q truce.AlertQuery) ([]truce.AlertRow, error) {
	if q.Limit < 0 {
		return nil, truce.Errorf(truce.CodeInvalid, "store: alerts: limit %d, want 0 or more", q.Limit)
	}
	c := alertCondition(q)
	return s.alerts(ctx, c.where()+" ORDER BY a.seq DESC"+limit(q.Limit), c.args, q.Brief)
}

// CountAlerts counts the alerts of a query; its limit is not looked at.
func (s *Store) CountAlerts(ctx context.Context, q truce.AlertQuery) (int, error) {
	c, n := alertCondition(q), 0
	_, err := s.one(ctx, "SELECT count(*) FROM alerts a"+c.where(), c.args, &n)
	return n, err
}

func (s *Store) alerts(ctx context.Context, end string, args []any, brief bool) ([]truce.AlertRow, error) {
	read := func(r truce.Record, a *truce.Alert) error { return truce.DecodeBodyInto(r, a) }
	if brief {
		read = readBriefAlert
	}
	query := "SELECT " + bodyColumns + " FROM alerts a JOIN records r ON r.seq = a.seq" + end
	return decodedBeside(ctx, s.readers, query, args, scanBody, func(from []truce.Record, rows []truce.AlertRow) error {
		for i, r := range from {
			rows[i].Seq, rows[i].Recorded = r.Seq, r.Time
			if err := read(r, &rows[i].Alert); err != nil {
				return err
			}
		}
		return nil
	})
}

func alertCondition(q truce.AlertQuery) *condition {
	c := &condition{}
	if !q.Case.IsZero() {
		c.addf("a.case_id = $%d", q.Case[:])
	}
	c.addGiven("a.kind = $%d", string(q.Kind))
	if q.Since != 0 {
		c.addf("a.released >= $%d", int64(q.Since))
	}
	if q.Released != 0 {
		c.addf("a.released <= $%d", int64(q.Released))
	}
	if q.Before != 0 {
		c.addf("a.seq < $%d", int64(q.Before))
	}
	recipientCondition(q, c)
	return c
}

// recipientCondition asks for one recipient of whom all holds. Whoever answers speaks for
// everybody of the same role, state and party.
func recipientCondition(q truce.AlertQuery, c *condition) {
	var t condition
	t.args = c.args
	t.addGiven("t.person = $%d", string(q.Person))
	t.addGiven("t.role = $%d", string(q.Role))
	t.addGiven("t.state = $%d", string(q.State))
	t.addGiven("t.party = $%d", string(q.Party))
	if q.Unanswered {
		t.add(`t.role = a.asks AND NOT EXISTS (SELECT 1 FROM acknowledgements k WHERE k.alert = a.id
			AND k.state = t.state AND k.role = t.role AND k.party = t.party AND k.strength >= a.least)`)
	}
	if len(t.parts) == 0 {
		return
	}
	c.args = t.args
	c.add("EXISTS (SELECT 1 FROM alert_recipients t WHERE t.alert = a.id AND " + strings.Join(t.parts, " AND ") + ")")
}

// Alert finds an alert by its id.
func (s *Store) Alert(ctx context.Context, id truce.AlertID) (truce.AlertRow, error) {
	rows, err := s.alerts(ctx, " WHERE a.id = $1", []any{id[:]}, false)
	if err == nil && len(rows) == 0 {
		err = truce.Errorf(truce.CodeNotFound, "there is no alert %s", id)
	}
	if err != nil {
		return truce.AlertRow{}, err
	}
	return rows[0], nil
}

// Deliveries lists every step of bringing an alert to its recipients, oldest first.
func (s *Store) Deliveries(ctx context.Context, alert truce.AlertID) ([]truce.DeliveryRow, error) {
	var out []truce.DeliveryRow
	query := "SELECT " + bodyColumns + " FROM deliveries d JOIN records r ON r.seq = d.seq WHERE d.alert = $1 ORDER BY d.seq"
	err := bodies(ctx, s.readers, query, []any{alert[:]}, func(r truce.Record, d truce.Delivery) error {
		out = append(out, truce.DeliveryRow{Seq: r.Seq, Recorded: r.Time, Delivery: d})
		return nil
	})
	return out, err
}

// Acknowledgements lists acknowledgements, those that record a silence too, oldest first.
func (s *Store) Acknowledgements(ctx context.Context, q truce.AcknowledgementQuery) ([]truce.AcknowledgementRow, error) {
	if q.Limit < 0 {
		return nil, truce.Errorf(truce.CodeInvalid, "store: acknowledgements: limit %d, want 0 or more", q.Limit)
	}
	c := &condition{}
	if !q.Alert.IsZero() {
		c.addf("a.alert = $%d", q.Alert[:])
	}
	if !q.Case.IsZero() {
		c.addf("a.case_id = $%d", q.Case[:])
	}
	if q.After != 0 {
		c.addf("a.seq > $%d", int64(q.After))
	}
	c.addGiven("a.role = $%d", string(q.Role))
	c.addGiven("a.state = $%d", string(q.State))
	c.addGiven("a.party = $%d", string(q.Party))
	c.addGiven("a.person = $%d", string(q.Person))
	var out []truce.AcknowledgementRow
	query := "SELECT " + bodyColumns + " FROM acknowledgements a JOIN records r ON r.seq = a.seq" + c.where() + " ORDER BY a.seq" + limit(q.Limit)
	err := bodies(ctx, s.readers, query, c.args, func(r truce.Record, a truce.Acknowledgement) error {
		out = append(out, truce.AcknowledgementRow{Seq: r.Seq, Recorded: r.Time, Acknowledgement: a})
		return nil
	})
	return out, err
}

// Outbox lists how alerts stand with their recipients. With a time it is what is to be done
// by then, the longest due first: alerts released and not begun, attempts to be made again,
// contacts given up with another behind them, and attempts that were begun and have no
// outcome. The last may be under way in this very moment: whoever sends knows its own.
func (s *Store) Outbox(ctx context.Context, q truce.OutboxQuery) ([]truce.OutboxRow, error) {
	if q.Limit < 0 {
		return nil, truce.Errorf(truce.CodeInvalid, "store: outbox: limit %d, want 0 or more", q.Limit)
	}
	c := &condition{}
	if !q.Alert.IsZero() {
		c.addf("alert = $%d", q.Alert[:])
	}
	order := " ORDER BY alert, person"
	if q.DueBy != 0 {
		c.addf("over = 0 AND due <= $%d", int64(q.DueBy))
		order = " ORDER BY due, alert, person"
	}
	var out []truce.OutboxRow
	query := "SELECT alert, person, contact, channel, attempt, state, made, due, over FROM outbox" + c.where() + order + limit(q.Limit)
	err := list(ctx, s.readers, query, c.args, func(scan func(...any) error) error {
		var row truce.OutboxRow
		var alert []byte
		var over int64
		err := scan(&alert, (*string)(&row.Person), &row.Contact, (*string)(&row.Channel), &row.Attempt, (*string)(&row.State),
			(*int64)(&row.At), (*int64)(&row.Due), &over)
		copy(row.Alert[:], alert)
		row.Over = over != 0
		out = append(out, row)
		return err
	})
	return out, err
}

// NextDue is when something in the outbox is or was to be done; 0 when nothing is.
func (s *Store) NextDue(ctx context.Context) (truce.Instant, error) {
	var due truce.Instant
	_, err := s.one(ctx, "SELECT due FROM outbox WHERE over = 0 ORDER BY due LIMIT 1", nil, (*int64)(&due))
	return due, err
}

// briefAlert is an alert without recipients and wakes.
type briefAlert struct {
	ID         truce.AlertID     `json:"id"`
	Kind       truce.AlertKind   `json:"kind"`
	Case       truce.CaseID      `json:"case"`
	Step       int               `json:"step"`
	Tier       truce.TierID      `json:"tier"`
	Release    truce.Instant     `json:"release"`
	References []truce.AlertID   `json:"references"`
	About      []string          `json:"about"`
	Realm      truce.Realm       `json:"realm"`
	Severity   int               `json:"severity"`
	Area       truce.AreaID      `json:"area"`
	Civil      bool              `json:"civil_protection"`
	Headline   truce.Names       `json:"headline"`
	Text       truce.Names       `json:"text"`
	Inside     *truce.AlertWords `json:"inside"`
	Held       *truce.HeldBack   `json:"held"`
	Brings     *truce.Brought    `json:"brings"`
	Answer     *truce.AnswerTerm `json:"answer"`
}

func readBriefAlert(r truce.Record, a *truce.Alert) error {
	var b briefAlert
	err := truce.DecodeBodyInto(r, &b)
	*a = truce.Alert{
		ID: b.ID, Kind: b.Kind, Case: b.Case, Step: b.Step, Tier: b.Tier, Release: b.Release, References: b.References, About: b.About, Realm: b.Realm,
		Severity: b.Severity, Area: b.Area, Civil: b.Civil, Headline: b.Headline, Text: b.Text, Inside: b.Inside, Held: b.Held, Brings: b.Brings, Answer: b.Answer,
	}
	return err
}
