package agreement

import (
	"cmp"
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
)

// MaxChain bounds how many incidents one claim is followed through: nobody reads more,
// and claims that name one another would never end.
const MaxChain = 20

// chains writes, under claims that show it, which incident each claim answers, which one
// that answers, and so on. Who fired first is not decided: the chain ends where a name is
// not known, or nothing more is claimed.
func (g *Geometry) chains(rows []Counted, out []truce.Evaluation) {
	if !slices.ContainsFunc(g.plans, func(p plan) bool { return p.Show.Chain }) {
		return
	}
	byName := map[string]*truce.Incident{}
	for i := range rows {
		in := &rows[i].Incident
		byName[in.ID.String()] = in
		if in.Number != "" {
			byName[in.Number] = in
		}
	}
	for i := range out {
		for k := range out[i].Findings {
			p := g.planOf(&out[i].Findings[k])
			if p == nil || !p.Show.Chain || out[i].Findings[k].Verdict != truce.VerdictIndeterminate {
				continue
			}
			out[i].Findings = slices.Clone(out[i].Findings)
			out[i].Findings[k].Chain = chainOf(&rows[i].Incident, byName)
		}
	}
}

// chainOf follows a claim through the incidents it answers.
func chainOf(in *truce.Incident, byName map[string]*truce.Incident) []string {
	var out []string
	seen := map[*truce.Incident]bool{}
	for len(out) < MaxChain {
		seen[in] = true
		said := detailOf(in).Claim
		if said == nil || said.Incident == "" {
			return out
		}
		name := truce.CleanText(said.Incident)
		next := byName[said.Incident]
		switch {
		case next == nil:
			return append(out, fmt.Sprintf("%s, of which nothing is known", name))
		case seen[next]:
			return append(out, fmt.Sprintf("%s, which stands in this chain already", name))
		}
		out = append(out, fmt.Sprintf("%s at %s (%s)", cmp.Or(next.Number, name), clock(next.Time.From), next.Act()))
		in = next
	}
	return out
}
