package agreement

import (
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
)

// TestASignedOriginCountsFirst: what two people signed decides the side of origin, before the
// launch area that was measured and what sources say, and nothing of it is left without it.
func TestASignedOriginCountsFirst(t *testing.T) {
	g := ruled(t, nil, crossing(0))
	share := func(party truce.PartyID, p truce.Probability) []truce.SideShare {
		return []truce.SideShare{{Party: party, P: p}}
	}
	for name, c := range map[string]struct {
		detail  truce.Detail
		signed  *SignedOrigin
		verdict truce.Verdict
		p       truce.Probability
		by      string
	}{
		"nothing known":              {truce.Detail{}, nil, indeterminate, 0, ""},
		"signed":                     {truce.Detail{}, &SignedOrigin{share("A", .93), "engagement X"}, hit, .93, "by engagement X: on the side of A p 0.93, not known 0.07"},
		"signed, and not sure":       {truce.Detail{}, &SignedOrigin{share("A", .4), "engagement X"}, indeterminate, .4, "by engagement X"},
		"against what sources say":   {truce.Detail{OriginSide: share("B", 1)}, &SignedOrigin{share("A", 1), "engagement X"}, hit, 1, "by engagement X"},
		"against a launch area":      {truce.Detail{Origin: spot(8000, 300)}, &SignedOrigin{share("A", 1), "engagement X"}, hit, 1, "by engagement X"},
		"of nobody in the agreement": {truce.Detail{OriginSide: share("A", .9)}, &SignedOrigin{share("Q", 1), "engagement X"}, hit, .9, "by the sources"},
	} {
		t.Run(name, func(t *testing.T) {
			in := seen(fire, c.detail, move(spot(10_000, 100)))
			in.Origin = c.signed
			f := g.Evaluate(in).Findings[0]
			if f.Verdict != c.verdict || f.P != c.p {
				t.Errorf("%s with p %v, want %s with %v:\n%s", f.Verdict, f.P, c.verdict, c.p, strings.Join(f.Trace, "\n"))
			}
			if c.by != "" && !slices.ContainsFunc(f.Trace, func(s string) bool { return strings.Contains(s, c.by) }) || c.by == "" && f.OriginSide != nil {
				t.Errorf("no sentence holds %q:\n%s", c.by, strings.Join(f.Trace, "\n"))
			}
		})
	}
}
