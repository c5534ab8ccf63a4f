package store

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
)

// numberIncident gives an incident its number for people, e.g. 2026-143: the UTC year
// in which it began and the next number of that year. Later revisions keep it.
func (tx *writeTx) numberIncident(d *preparedDraft) error {
	incident, ok := d.value.(*truce.Incident)
	if !ok {
		return nil
	}
	number, err := tx.numberOf(incident)
	if err != nil || number == incident.Number {
		return err
	}
	numbered := *incident
	numbered.Number = number
	d.value = &numbered
	d.Body, err = withNumber(d.Body, number)
	return err
}

func (tx *writeTx) numberOf(incident *truce.Incident) (string, error) {
	if incident.Revision > 1 {
		var number string
		found, err := tx.row("SELECT number FROM incidents WHERE id = $1", []any{incident.ID[:]}, &number)
		if err == nil && found && incident.Number != "" && incident.Number != number {
			err = truce.Errorf(truce.CodeInvalid, "incident %s has number %s, the revision says %s", incident.ID, number, incident.Number)
		}
		if err != nil || found {
			return number, err
		}
	}
	if incident.Number != "" {
		return "", truce.Errorf(truce.CodeInvalid, "incident %s: leave the number empty, it is given at append", incident.ID)
	}
	return tx.nextNumber(incident.Time.From.Time().Year())
}

func (tx *writeTx) nextNumber(year int) (string, error) {
	var last int64
	_, err := tx.row(`INSERT INTO incident_numbers (year, last) VALUES ($1, 1)
		ON CONFLICT (year) DO UPDATE SET last = incident_numbers.last + 1 RETURNING last`, []any{int64(year)}, &last)
	return fmt.Sprintf("%04d-%d", year, last), err
}

// withNumber puts the number into a canonical body that has none, and leaves
// everything else as it stands.
func withNumber(body []byte, number string) ([]byte, error) {
	open, _ := bytes.CutSuffix(body, []byte("}"))
	return truce.CanonicalJSON(fmt.Appendf(slices.Clip(open), `,"number":"%s"}`, number))
}

// raiseNumbers keeps the counter at or above a number that a record already carries.
func (tx *writeTx) raiseNumbers(number string) error {
	var year, n int64
	if _, err := fmt.Sscanf(number, "%d-%d", &year, &n); err != nil {
		return truce.Errorf(truce.CodeInvalid, "incident number %q: want year-number", number)
	}
	return tx.exec(`INSERT INTO incident_numbers (year, last) VALUES ($1, $2)
		ON CONFLICT (year) DO UPDATE SET last = CASE WHEN excluded.last > incident_numbers.last THEN excluded.last ELSE incident_numbers.last END`, year, n)
}
