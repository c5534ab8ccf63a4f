package locating

import (
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/source/arrivals"
)

// Decisions are people's, as the sense takes them.
func Decisions(rows []arrivals.Decision) []locate.Decision {
	kinds := map[arrivals.Verdict]locate.DecisionKind{arrivals.Excluded: locate.Excluded, arrivals.Apart: locate.Apart, arrivals.Together: locate.Together}
	var out []locate.Decision
	for _, r := range rows {
		out = append(out, locate.Decision{Kind: kinds[r.Verdict], Arrivals: r.Arrivals, Others: r.Others})
	}
	return out
}
