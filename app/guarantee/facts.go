package guarantee

import (
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/review"
	"github.com/trucewatch/truce/respond/ladder"
)

// caseIncident is an incident as a case holds it: its newest revision with the findings
// of the newest evaluation there is, and when it was first and when it was verified.
func (d *Desk) caseIncident(ctx context.Context, row truce.IncidentRow) (truce.CaseIncident, error) {
	history, err := d.Store.IncidentHistory(ctx, row.Incident.ID)
	if err != nil {
		return truce.CaseIncident{}, err
	}
	evaluation := row.Evaluation
	if evaluation == nil { // the newest revision waits for its own
		rows, err := d.Store.Evaluations(ctx, row.Incident.ID)
		if err != nil {
			return truce.CaseIncident{}, err
		}
		for i := range rows {
			evaluation = &rows[i].Evaluation
		}
	}
	return CaseIncident(row, history, evaluation), nil
}

// CaseIncident puts together what a case needs to know of an incident.
func CaseIncident(row truce.IncidentRow, history []truce.IncidentRow, evaluation *truce.Evaluation) truce.CaseIncident {
	in := row.Incident
	out := truce.CaseIncident{
		ID: in.ID, Revision: in.Revision, Number: in.Number, Known: truce.Instant(row.Recorded), Detected: truce.Instant(row.Recorded), Time: in.Time,
		Area: in.Area, Act: in.Act(), P: in.P, Occurrence: in.Occurrence, Gone: !in.ReplacedBy.IsZero(),
	}
	if in.Position != nil {
		place := in.Position.Point
		out.Place = &place
	}
	if in.Detail != nil {
		out.Casualties = in.Detail.Casualties
	}
	// An incident that is verified again was verified when it first was: whoever withdraws
	// a signature and gives it anew moves no zero point.
	for _, before := range slices.Backward(history) {
		out.Detected = min(out.Detected, truce.Instant(before.Recorded))
		if out.Occurrence == truce.OccurrenceVerified && before.Incident.Occurrence == truce.OccurrenceVerified {
			out.Verified = truce.Instant(before.Recorded)
		}
	}
	if evaluation != nil {
		out.Findings = caseFindings(evaluation.Findings)
	}
	return out
}

// caseFindings are the findings a case may rest on: hits, and those not determinate.
func caseFindings(list []truce.Finding) []truce.CaseFinding {
	var out []truce.CaseFinding
	for _, f := range list {
		if f.Verdict == truce.VerdictHit || f.Verdict == truce.VerdictIndeterminate {
			out = append(out, truce.CaseFinding{Rule: f.Rule, Version: f.RuleVersion, Verdict: f.Verdict, P: f.P, Severity: f.Severity, Unit: f.Unit, Count: f.Count})
		}
	}
	return out
}

// touched are the incidents and attributed incidents that records speak of, in order of
// their first mention.
type touched struct {
	incidents  []truce.ID
	attributed []truce.ID
}

func touchedBy(records []truce.Record) (touched, error) {
	var t touched
	for _, r := range records {
		if r.Erased() {
			continue
		}
		switch r.Kind {
		case truce.RecordIncident:
			body, err := truce.DecodeBody[truce.Incident](r)
			if err != nil {
				return t, err
			}
			t.incidents = with(t.incidents, body.ID)
		case truce.RecordEvaluation:
			body, err := truce.DecodeBody[truce.Evaluation](r)
			if err != nil {
				return t, err
			}
			t.incidents = with(t.incidents, body.Incident)
		case truce.RecordAttribution:
			body, err := truce.DecodeBody[truce.Attribution](r)
			if err != nil {
				return t, err
			}
			t.attributed = with(t.attributed, body.Incident)
		}
	}
	return t, nil
}

func with(list []truce.ID, id truce.ID) []truce.ID {
	if slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}

// incidentFact is what became known of incidents, whole.
func (d *Desk) incidentFact(ctx context.Context, ids []truce.ID) (ladder.Fact, error) {
	var f ladder.Fact
	for _, id := range ids {
		row, err := d.Store.Incident(ctx, id.String())
		if err != nil {
			return f, err
		}
		i, err := d.caseIncident(ctx, row)
		if err != nil {
			return f, err
		}
		f.Incidents = append(f.Incidents, i)
	}
	return f, nil
}

// attributionFact is the attribution of an incident as it stands, or its end.
func (d *Desk) attributionFact(ctx context.Context, id truce.ID) (ladder.Fact, error) {
	row, err := d.Store.Incident(ctx, id.String())
	if err != nil {
		return ladder.Fact{}, err
	}
	list, err := d.attributions(ctx, id)
	if err != nil || len(list) == 0 {
		return ladder.Fact{}, err
	}
	a, stands := review.Standing(list, row.Incident.Occurrence)
	if !stands {
		a = list[len(list)-1]
		if len(a.People) < 2 && !a.Withdrawn {
			return ladder.Fact{}, nil // a proposal is nobody's view yet
		}
		a.Withdrawn = true
	}
	return ladder.Fact{Attribution: &a}, nil
}
