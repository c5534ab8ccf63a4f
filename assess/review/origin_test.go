package review

import (
	"fmt"
	"testing"

	"github.com/trucewatch/truce"
)

func viewOf(by truce.PersonID, engagement byte, p truce.Probability) truce.OriginView {
	return truce.OriginView{Incident: incident.ID, Revision: incident.Revision, Engagement: truce.ID{engagement}, End: truce.ShotImpact,
		Sides: []truce.SideShare{{Party: "A", P: p}}, Person: by}
}

func takeBack(by truce.PersonID) truce.OriginView {
	return truce.OriginView{Incident: incident.ID, Revision: incident.Revision, Person: by, Withdraws: true}
}

func TestAnOriginTakesTwoPersonsWhoSayTheSame(t *testing.T) {
	verified := incident
	verified.Occurrence = truce.OccurrenceVerified
	muzzle := viewOf("b", 1, .9)
	muzzle.End = truce.ShotMuzzle
	for name, c := range map[string]struct {
		steps  []truce.OriginView
		stands bool
		by     string
		open   int
	}{
		"nobody":               {nil, false, "[]", 0},
		"one":                  {[]truce.OriginView{viewOf("a", 1, .9)}, false, "[]", 1},
		"one, twice":           {[]truce.OriginView{viewOf("a", 1, .9), viewOf("a", 1, .9)}, false, "[]", 1},
		"two":                  {[]truce.OriginView{viewOf("a", 1, .9), viewOf("b", 1, .9)}, true, "[a b]", 0},
		"another engagement":   {[]truce.OriginView{viewOf("a", 1, .9), viewOf("b", 2, .9)}, false, "[]", 2},
		"another chance":       {[]truce.OriginView{viewOf("a", 1, .9), viewOf("b", 1, .8)}, false, "[]", 2},
		"another end":          {[]truce.OriginView{viewOf("a", 1, .9), muzzle}, false, "[]", 2},
		"the third agrees":     {[]truce.OriginView{viewOf("a", 1, .9), viewOf("b", 2, .9), viewOf("c", 2, .9)}, true, "[b c]", 0},
		"one takes it back":    {[]truce.OriginView{viewOf("a", 1, .9), viewOf("b", 1, .9), takeBack("a")}, false, "[]", 1},
		"and signs it again":   {[]truce.OriginView{viewOf("a", 1, .9), viewOf("b", 1, .9), takeBack("a"), viewOf("a", 1, .9)}, true, "[b a]", 0},
		"one turns to another": {[]truce.OriginView{viewOf("a", 1, .9), viewOf("b", 1, .9), viewOf("a", 2, .9)}, false, "[]", 2},
	} {
		got := SettleOrigin(verified, c.steps)
		if (got.Stands != nil) != c.stands || fmt.Sprint(got.By) != c.by || len(got.Open) != c.open {
			t.Errorf("%s: %+v", name, got)
		}
	}
	two := []truce.OriginView{viewOf("a", 1, .9), viewOf("b", 1, .9)}
	merged := verified
	merged.ReplacedBy = truce.ID{9}
	for _, i := range []truce.Incident{incident, merged} {
		if SettleOrigin(i, two).Stands != nil {
			t.Errorf("an origin stands on an incident that is %q, replaced by %s", i.Occurrence, i.ReplacedBy)
		}
	}
}

func TestWhoMaySignAnOrigin(t *testing.T) {
	good := OriginQuestion{View: viewOf("a", 1, .9), Person: analyst("a"), Incident: incident}
	good.Incident.Occurrence = truce.OccurrenceVerified
	if err := CheckOrigin(good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		bend func(*OriginQuestion)
		want truce.Code
	}{
		"for another":         {func(q *OriginQuestion) { q.View.Person = "b" }, truce.CodeForbidden},
		"a party":             {func(q *OriginQuestion) { q.Person.Role = truce.RoleParty }, truce.CodeForbidden},
		"a guarantor":         {func(q *OriginQuestion) { q.Person.Role = truce.RoleGuarantor }, truce.CodeForbidden},
		"who reported it":     {func(q *OriginQuestion) { q.Reporters = []truce.PersonID{"a"} }, truce.CodeForbidden},
		"an old revision":     {func(q *OriginQuestion) { q.View.Revision-- }, truce.CodeConflict},
		"another incident":    {func(q *OriginQuestion) { q.View.Incident = truce.ID{7} }, truce.CodeConflict},
		"not verified":        {func(q *OriginQuestion) { q.Incident.Occurrence = truce.OccurrenceCorroborated }, truce.CodeConflict},
		"refuted":             {func(q *OriginQuestion) { q.Incident.Occurrence = truce.OccurrenceRefuted }, truce.CodeConflict},
		"merged":              {func(q *OriginQuestion) { q.Incident.ReplacedBy = truce.ID{9} }, truce.CodeConflict},
		"nothing to withdraw": {func(q *OriginQuestion) { q.View = takeBack("a") }, truce.CodeConflict},
		"another's to withdraw": {func(q *OriginQuestion) {
			q.View, q.Before = takeBack("a"), []truce.OriginView{viewOf("b", 1, .9)}
		}, truce.CodeConflict},
	} {
		q := good
		c.bend(&q)
		if err := CheckOrigin(q); truce.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	// One's own is taken back even when the incident is verified no longer.
	own := good
	own.View, own.Before, own.Incident.Occurrence = takeBack("a"), []truce.OriginView{viewOf("a", 1, .9)}, truce.OccurrenceDetected
	if err := CheckOrigin(own); err != nil {
		t.Error(err)
	}
}
