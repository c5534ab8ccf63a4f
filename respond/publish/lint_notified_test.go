package publish

import (
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// Whatever is changed by hand in what the parties told or what kept the mission from
// observing is found.
func TestNotifiedIsCountedAgain(t *testing.T) {
	cases := []struct {
		name string
		bend func(*truce.Bulletin)
		rule string
	}{
		{"a window counts one more", func(b *truce.Bulletin) { b.Windows[0].Counts[0].N++ }, "Na"},
		{"a window counts one less", func(b *truce.Bulletin) { b.Windows[0].Counts[0].N-- }, "Na"},
		{"a window counts another row", func(b *truce.Bulletin) { b.Windows[0].Counts[0].Rows = truce.RowSet{{First: 1, Last: 1}} }, "Na"},
		{"a count left out", func(b *truce.Bulletin) { b.Windows[0].Counts = b.Windows[0].Counts[1:] }, "Na"},
		{"a window gone", func(b *truce.Bulletin) { b.Windows = b.Windows[1:] }, "Na"},
		{"a window of another day", func(b *truce.Bulletin) { b.Windows[0].Period.To = b.Period.From }, "Na"},
		{"a state that the hours deny", func(b *truce.Bulletin) { b.Windows[0].State = truce.WindowActive }, "Na"},
		{"an exact place", func(b *truce.Bulletin) { lat := 1.0; b.Windows[0].Place.Lat = &lat }, "G"},
		{"a hit that a window covers", func(b *truce.Bulletin) { b.Rows[0].Findings[0].Window = "W-01" }, "Nh"},
		{"windows nobody looked through", func(b *truce.Bulletin) { b.WindowsKnown = false }, "W5"},
		{"an empty part that does not say why", func(b *truce.Bulletin) { b.Windows, b.WindowsKnown = nil, false }, "W5"},
		{"a restriction more", func(b *truce.Bulletin) { b.Restrictions = append(b.Restrictions, b.Restrictions[1]) }, "Na"},
		{"a restriction left out", func(b *truce.Bulletin) { b.Restrictions = b.Restrictions[:1] }, "Na"},
		{"a restriction of another kind", func(b *truce.Bulletin) { b.Restrictions[1].Kind = restrictionInterference }, "Na"},
		{"more engagements beside a total", func(b *truce.Bulletin) { b.Claims[0].Own[0].N++ }, "Na"},
		{"another unit beside a total", func(b *truce.Bulletin) { b.Claims[0].Own[0].Unit = truce.UnitMixed }, "Nc"},
		{"a lower bound printed as exact", func(b *truce.Bulletin) { b.Claims[0].Own[1].Form = truce.FigureNotObserved }, "Ni"},
		{"an item of the other party", func(b *truce.Bulletin) { b.Claims[0].Items[0].Claims[0] = "4" }, "Na"},
		{"an item in another state", func(b *truce.Bulletin) { b.Claims[0].Items[0].State = truce.ClaimContradicted }, "Na"},
	}
	for _, c := range cases {
		b := mustDaily(t, fixtureInput())
		if problems := LintRows(b); len(problems) > 0 {
			t.Fatalf("before: %v", problems)
		}
		c.bend(&b)
		found := slices.ContainsFunc(LintRows(b), func(p Problem) bool { return p.Rule == c.rule })
		if !found {
			t.Errorf("%s: no problem %s in %v", c.name, c.rule, LintRows(b))
		}
	}
}

// A number of a window that is changed in print is found too.
func TestAPrintedWindowCountIsFound(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	for _, doc := range printed(t, b, "en") {
		const told = "Exempt under it: 1 incident"
		if !strings.Contains(string(doc.Body), told) {
			t.Fatalf("%s does not say %q", doc.Format, told)
		}
		doc.Body = []byte(strings.Replace(string(doc.Body), told, "Exempt under it: 7 incident", 1))
		if problems := LintText(b, doc); !slices.ContainsFunc(problems, func(p Problem) bool { return p.Rule == "Na" }) {
			t.Errorf("%s: %v", doc.Format, problems)
		}
	}
}

func TestThePublicEditionNamesNoInternalID(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	pub, err := mustGate(t, Policy{}).Edition(ReleaseInput{Bulletin: b, Now: EarliestRelease(b)})
	if err != nil {
		t.Fatal(err)
	}
	if problems := PublicProblems(pub); len(problems) > 0 {
		t.Fatalf("before: %v", problems)
	}
	for name, bend := range map[string]func(*truce.Bulletin){
		"the incident's number": func(b *truce.Bulletin) { b.Rows[0].Number = "2026-1" },
		"a window's incidents":  func(b *truce.Bulletin) { b.Windows[0].Counts[0].Refs = ids(1, "n") },
		"a claim's id":          func(b *truce.Bulletin) { b.Claims[0].ID = ids(1, "n")[0].String() },
		"a total's incidents":   func(b *truce.Bulletin) { b.Claims[0].Own[0].Refs = ids(1, "n") },
	} {
		bent, err := mustGate(t, Policy{}).Edition(ReleaseInput{Bulletin: b, Now: EarliestRelease(b)})
		if err != nil {
			t.Fatal(err)
		}
		bend(&bent)
		if !slices.ContainsFunc(PublicProblems(bent), func(p Problem) bool { return p.Rule == "G" }) {
			t.Errorf("%s may leave", name)
		}
	}
}
