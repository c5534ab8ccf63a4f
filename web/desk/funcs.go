package desk

import (
	"html/template"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

var utc = time.UTC

// dayLength is a UTC day.
const dayLength = 24 * time.Hour

func funcs() template.FuncMap {
	return template.FuncMap{
		"r90": func(p *geo.Position) float64 { return float64(p.Error.Ellipse90().Major) },
		"lat": func(p *geo.Position) float64 { return float64(p.Lat) },
		"lon": func(p *geo.Position) float64 { return float64(p.Lon) },
		"hits": func(row truce.IncidentRow) []truce.Finding {
			return withVerdict(row, truce.VerdictHit)
		},
		"verdict":  strongest,
		"findings": sortedFindings,
		"side":     func(m geo.Metres) float64 { return float64(m) },
	}
}

func withVerdict(row truce.IncidentRow, v truce.Verdict) []truce.Finding {
	var out []truce.Finding
	if row.Evaluation == nil {
		return nil
	}
	for _, f := range row.Evaluation.Findings {
		if f.Verdict == v {
			out = append(out, f)
		}
	}
	return out
}

// verdictOrder is the order in which a list shows verdicts: what needs eyes first.
var verdictOrder = []truce.Verdict{truce.VerdictHit, truce.VerdictIndeterminate, truce.VerdictExempt, truce.VerdictOutside}

// strongest is the verdict shown in a list, "" before any evaluation.
func strongest(row truce.IncidentRow) truce.Verdict {
	for _, v := range verdictOrder {
		if len(withVerdict(row, v)) > 0 {
			return v
		}
	}
	return ""
}

// sortedFindings puts hits first and keeps the agreement's order within a verdict.
func sortedFindings(row truce.IncidentRow) []truce.Finding {
	if row.Evaluation == nil {
		return nil
	}
	out := slices.Clone(row.Evaluation.Findings)
	slices.SortStableFunc(out, func(a, b truce.Finding) int {
		return slices.Index(verdictOrder, a.Verdict) - slices.Index(verdictOrder, b.Verdict)
	})
	return out
}
