package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
)

// origin is a person's view of where an incident began; "" withdraws.
func origin(i truce.Incident, by truce.PersonID, engagement string) truce.OriginView {
	v := truce.OriginView{Incident: i.ID, Revision: 1, Person: by, At: at(5), Withdraws: engagement == ""}
	if engagement != "" {
		v.Engagement, v.End, v.Sides = thing(at(1), engagement), truce.ShotImpact, []truce.SideShare{{Party: "A", P: 0.75}}
	}
	return v
}

// testOrigins: the steps on the origin of an incident are all kept, those of others apart.
func testOrigins(t *testing.T, f *fixture) {
	ctx := t.Context()
	i, other := incident("a", 1, at(1)), incident("b", 1, at(2))
	f.append(t, incidentDraft(t, i), incidentDraft(t, other))
	n := 0
	made := func(v truce.OriginView) truce.Draft {
		n++
		return draft(t, truce.RecordOriginView, v.Subject(), fmt.Sprintf("%s/%d", v.Subject(), n), v)
	}
	f.append(t, made(origin(i, "analyst-1", "shot")))
	second := f.append(t, made(origin(i, "analyst-2", "shot")))
	f.append(t, made(origin(other, "analyst-3", "shot")))
	f.append(t, made(origin(i, "analyst-1", "")))
	steps := func(when string, of truce.ID, want ...truce.PersonID) {
		t.Helper()
		views, err := f.store.OriginViews(ctx, of)
		var got []truce.PersonID
		for _, v := range views {
			got = append(got, v.Person)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: views by %v, %v, want %v", when, got, err, want)
		}
	}
	steps("of one", i.ID, "analyst-1", "analyst-2", "analyst-1")
	steps("of the other", other.ID, "analyst-3")
	steps("of nothing", thing(at(9), "nothing"))
	steps("of all", truce.ID{}, "analyst-1", "analyst-2", "analyst-3", "analyst-1")
	f.refuse(t, "another's subject", truce.CodeInvalid, draft(t, truce.RecordOriginView, origin(other, "x", "shot").Subject(), "x", origin(i, "x", "shot")))
	f.refuse(t, "no incident", truce.CodeNotFound, made(origin(incident("nobody", 1, at(1)), "x", "shot")))
	late := origin(i, "x", "shot")
	late.Revision = 2
	f.refuse(t, "a revision to come", truce.CodeInvalid, made(late))
	empty := origin(i, "x", "shot")
	empty.Sides = nil
	f.refuse(t, "no side", truce.CodeInvalid, made(empty))
	if _, err := f.store.Erase(ctx, second.Head, "suite"); err != nil {
		t.Fatal(err)
	}
	steps("after one was erased", truce.ID{}, "analyst-1", "analyst-3", "analyst-1")
	testRebuilt(t, f)
	f.sound(t)
}
