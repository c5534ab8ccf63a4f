package truce_test

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestAViewOfOriginSaysWhatOf: each thing that is missing or wrong is refused with its words.
func TestAViewOfOriginSaysWhatOf(t *testing.T) {
	side := func(party truce.PartyID, p truce.Probability) truce.SideShare {
		return truce.SideShare{Party: party, P: p}
	}
	good := truce.OriginView{Incident: truce.ID{1}, Revision: 1, Engagement: truce.ID{2}, End: truce.ShotImpact, Sides: []truce.SideShare{side("A", .25), side("B", .75)}, Person: "an-1", At: 1}
	back := truce.OriginView{Incident: truce.ID{1}, Revision: 1, Person: "an-1", At: 1, Withdraws: true}
	for name, row := range map[string]struct {
		from truce.OriginView
		bend func(*truce.OriginView)
		want string
	}{
		"as it should be":          {good, func(*truce.OriginView) {}, ""},
		"the muzzle":               {good, func(v *truce.OriginView) { v.End = truce.ShotMuzzle }, ""},
		"a side alone":             {good, func(v *truce.OriginView) { v.Sides = v.Sides[1:] }, ""},
		"a withdrawal":             {back, func(*truce.OriginView) {}, ""},
		"no incident":              {good, func(v *truce.OriginView) { v.Incident = truce.ID{} }, "needs an incident"},
		"no revision":              {good, func(v *truce.OriginView) { v.Revision = 0 }, "its revision"},
		"nobody":                   {back, func(v *truce.OriginView) { v.Person = "" }, "a person"},
		"never":                    {good, func(v *truce.OriginView) { v.At = 0 }, "a time"},
		"no engagement":            {good, func(v *truce.OriginView) { v.Engagement = truce.ID{} }, "names an engagement"},
		"no end":                   {good, func(v *truce.OriginView) { v.End = "middle" }, "muzzle or impact"},
		"no side":                  {good, func(v *truce.OriginView) { v.Sides = nil }, "one side or more"},
		"more than certain":        {good, func(v *truce.OriginView) { v.Sides = []truce.SideShare{side("A", .5), side("B", .6)} }, "sum to more than 1"},
		"a chance below 0":         {good, func(v *truce.OriginView) { v.Sides = []truce.SideShare{side("A", -.5)} }, "a chance that is none"},
		"a side of nobody":         {good, func(v *truce.OriginView) { v.Sides = []truce.SideShare{side("", .5)} }, "a chance that is none"},
		"a side twice":             {good, func(v *truce.OriginView) { v.Sides = []truce.SideShare{side("A", .2), side("A", .3)} }, "in the order of the parties"},
		"a withdrawal with a side": {back, func(v *truce.OriginView) { v.Sides = good.Sides }, "names no engagement"},
		"a long note":              {good, func(v *truce.OriginView) { v.Note = strings.Repeat("x", truce.MaxWords+1) }, "shorten it"},
	} {
		v := row.from
		row.bend(&v)
		err := v.Validate()
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%s: %v, want %q", name, err, row.want)
		}
	}
	if good.Signature.By = "an-1"; good.Unsigned().Signature.By != "" || good.Subject() != "origin/"+good.Incident.String() {
		t.Error("the signature is signed, or the subject is another")
	}
}
