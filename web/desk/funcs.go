package desk

import (
	"fmt"
	"html/template"
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
		"verdict": strongest,
		"inScope": func(row truce.IncidentRow) []truce.Finding { return findings(row, false) },
		"outside": func(row truce.IncidentRow) []truce.Finding { return findings(row, true) },
		"sides":   likelySides,
		"side":    func(m geo.Metres) float64 { return float64(m) },
		"km":      func(m geo.Metres) float64 { return float64(m) / metresPerKM },
		"deg":     func(d geo.Degrees) float64 { return float64(d) },
		"raw":     rawRow,
	}
}

// shownRaw is how much of a refused row the list prints, bytes.
const shownRaw = 240

// rawRow prints bytes that may be anything as one readable line.
func rawRow(raw []byte) string {
	if len(raw) <= shownRaw {
		return fmt.Sprintf("%q", raw)
	}
	return fmt.Sprintf("%q… and %d bytes more", raw[:shownRaw], len(raw)-shownRaw)
}

// likelySides leaves out sides whose share would print as 0.00.
func likelySides(shares []truce.SideShare) []truce.SideShare {
	var out []truce.SideShare
	for _, s := range shares {
		if s.P >= .005 {
			out = append(out, s)
		}
	}
	return out
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
func verdictOrder() []truce.Verdict {
	return []truce.Verdict{truce.VerdictHit, truce.VerdictIndeterminate, truce.VerdictExempt, truce.VerdictOutside}
}

// strongest is the verdict shown in a list, "" before any evaluation.
func strongest(row truce.IncidentRow) truce.Verdict {
	for _, v := range verdictOrder() {
		if len(withVerdict(row, v)) > 0 {
			return v
		}
	}
	return ""
}

// findings are those outside a rule's scope, or all others with hits first; within a
// verdict they keep the agreement's order.
func findings(row truce.IncidentRow, outside bool) []truce.Finding {
	var out []truce.Finding
	for _, v := range verdictOrder() {
		if (v == truce.VerdictOutside) == outside {
			out = append(out, withVerdict(row, v)...)
		}
	}
	return out
}
