package store

import (
	"context"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
)

// decodedBeside reads the rows of a query and decodes them. Decoding takes longer than
// reading, so chunks of rows are decoded beside it, on every core; their order is kept.
func decodedBeside[R, T any](ctx context.Context, q querier, query string, args []any,
	read func(scan func(...any) error) (R, error), decode func([]R, []T) error) ([]T, error) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	var chunks [][]T
	raw := make([]R, 0, decodeChunk)
	flush := func() {
		from, rows := raw, make([]T, len(raw))
		chunks, raw = append(chunks, rows), make([]R, 0, decodeChunk)
		group.Go(func() error { return decode(from, rows) })
	}
	err := list(ctx, q, query, args, func(scan func(...any) error) error {
		row, err := read(scan)
		if raw = append(raw, row); len(raw) == decodeChunk {
			flush()
		}
		return err
	})
	flush()
	if decodeErr := group.Wait(); err == nil {
		err = decodeErr
	}
	return slices.Concat(chunks...), err
}

// briefEvaluation is what a list needs of an evaluation: nine tenths of its text only
// explain the findings. One is used for many, one after the other.
type briefEvaluation struct {
	Incident  truce.ID       `json:"incident"`
	Revision  int            `json:"revision"`
	Agreement string         `json:"agreement"`
	Version   string         `json:"version"`
	Findings  []briefFinding `json:"findings"`
}

// briefFinding is truce.Finding without clause, its hash and the trace.
type briefFinding struct {
	Rule         truce.RuleID      `json:"rule"`
	RuleVersion  string            `json:"rule_version"`
	Verdict      truce.Verdict     `json:"verdict"`
	Reason       truce.Reason      `json:"reason"`
	P            truce.Probability `json:"p"`
	Unit         truce.Unit        `json:"unit"`
	Count        int               `json:"count"`
	CountedUnder truce.RuleID      `json:"counted_under"`
	EffectSide   []truce.SideShare `json:"effect_side"`
	OriginSide   []truce.SideShare `json:"origin_side"`
	MapVersion   string            `json:"map_version"`
	ClaimsExempt bool              `json:"exempt_claimed"`
	Window       string            `json:"window"`
	NotCoveredBy []string          `json:"not_covered_by"`
	Severity     int               `json:"severity"`
	Readings     []truce.Reading   `json:"readings"`
	Conditions   []truce.Condition `json:"conditions"`
	Reported     []string          `json:"reported"`
	Bearer       []truce.SideShare `json:"bearer"`
	Number       *truce.Seen       `json:"number"`
	Gap          *truce.Gap        `json:"gap"`
	Chain        []string          `json:"chain"`
}

func (f *briefFinding) finding() truce.Finding {
	return truce.Finding{
		Rule: f.Rule, RuleVersion: f.RuleVersion, Verdict: f.Verdict, Reason: f.Reason, P: f.P, Unit: f.Unit, Count: f.Count,
		CountedUnder: f.CountedUnder, EffectSide: f.EffectSide, OriginSide: f.OriginSide, MapVersion: f.MapVersion,
		ClaimsExempt: f.ClaimsExempt, Window: f.Window, NotCoveredBy: f.NotCoveredBy, Severity: f.Severity,
		Readings: f.Readings, Conditions: f.Conditions, Reported: f.Reported, Bearer: f.Bearer, Number: f.Number, Gap: f.Gap, Chain: f.Chain,
	}
}

func (b *briefEvaluation) read(r truce.Record) (*truce.Evaluation, error) {
	clear(b.Findings)
	*b = briefEvaluation{Findings: b.Findings[:0]}
	if err := truce.DecodeBodyInto(r, b); err != nil {
		return nil, err
	}
	e := &truce.Evaluation{Incident: b.Incident, Revision: b.Revision, Agreement: b.Agreement, Version: b.Version}
	e.Findings = make([]truce.Finding, len(b.Findings))
	for i := range b.Findings {
		e.Findings[i] = b.Findings[i].finding()
	}
	return e, nil
}

// briefEvent is what is counted of an event.
type briefEvent struct {
	ID       truce.ID             `json:"id"`
	Revision int                  `json:"revision"`
	Kind     truce.Act            `json:"kind"`
	Origin   truce.PhenomenonTime `json:"origin"`
	Support  []truce.Support      `json:"support"`
}

func readBriefEvent(r truce.Record, e *truce.Event) error {
	var b briefEvent
	err := truce.DecodeBodyInto(r, &b)
	e.ID, e.Revision, e.Kind, e.Origin, e.Support = b.ID, b.Revision, b.Kind, b.Origin, b.Support
	return err
}
