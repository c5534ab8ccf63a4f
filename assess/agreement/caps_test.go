package agreement

import (
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// units are sightings of units of troops in the buffer zone, the first at ten o'clock, each
// so much later and 300 m further.
func units(object string, apart time.Duration, numbers ...int) []truce.Incident {
	out := convoys(2000, numbers...)
	for i := range out {
		out[i].Time = truce.Moment(out[0].Time.From.Add(time.Duration(i)*apart), time.Second)
		out[i].Detail.Numbers = []truce.Number{{Object: object, N: numbers[i]}, {Object: "vehicles", N: 90}}
	}
	return out
}

// belonging is who the things of incidents belong to, by the sources.
func belonging(list []truce.Incident, parties ...truce.PartyID) []truce.Incident {
	for i := range list {
		list[i].Detail.OriginSide = []truce.SideShare{{Party: parties[i], P: 1}}
	}
	return list
}

// A number counts over the time that the limit says: one moment, one day, one month, or
// all of it, for each party, for one, or for all together.
func TestANumberCountsOverItsTime(t *testing.T) {
	const day = 24 * time.Hour
	limit := func(object string, per Per, bearer Bearer, unit truce.Unit) *Geometry {
		r := capRule()
		r.Limit.Object, r.Limit.Per, r.Bearer, r.Unit = object, per, bearer, unit
		r.Acts = []truce.Act{truce.ActPresenceInZone}
		return ruled(t, nil, r)
	}
	acrossTheLine := func() []truce.Incident {
		list := units("battalions", 0, 3, 4)
		list[1].Position = spot(-2000, 20)
		return list
	}
	object, movement := truce.UnitObjectDay, truce.UnitMovement
	for _, row := range []struct {
		name      string
		g         *Geometry
		incidents []truce.Incident
		want      truce.Verdict
		says      string
	}{
		{"three and four battalions at once", limit("battalions", PerMoment, "", object), units("battalions", 0, 3, 4), hit, "number: 7 seen at one time on 2026-04-11 in one place on the side of B, 5 allowed"},
		{"an hour apart they may be the same", limit("battalions", PerMoment, "", object), units("battalions", time.Hour, 3, 4), indeterminate, "at least 4, at most 7 at one time on 2026-04-11"},
		{"people are not battalions", limit("battalions", PerMoment, "", object), units("troops", 0, 300, 400), outside, "number: 1 seen at once, 5 allowed"},
		{"troops are personnel", limit("personnel", PerMoment, "", object), units("troops", 0, 3, 4), hit, "number: 7 seen at one time"},
		{"vehicles beside them are no troops", limit("troops", PerMoment, "", object), units("troops", 0, 2, 3), outside, "number: 3 seen at once, 5 allowed"},
		{"three flights an hour apart were never at once", limit("vehicles", PerMoment, "", movement), convoyTimes(time.Hour, 3, 3), outside, "number: 3 seen at once"},
		{"on one day they are six", limit("vehicles", PerDay, "", movement), convoyTimes(time.Hour, 3, 3), hit, "number: 6 seen on 2026-04-11"},
		{"on two days three each", limit("vehicles", PerDay, "", movement), convoyTimes(day, 3, 3), outside, "number: 3 seen at once"},
		{"in one month six", limit("vehicles", PerMonth, "", movement), convoyTimes(day, 3, 3), hit, "number: 6 seen in the month from 2026-04-01 in one place"},
		{"in two months three each", limit("vehicles", PerMonth, BearerAll, movement), convoyTimes(25*day, 3, 3), outside, "number: 3 seen at once"},
		{"in all the time six", limit("vehicles", PerAgreement, BearerAll, movement), convoyTimes(25*day, 3, 3), hit, "number: 6 seen since the limit holds"},
		{"objects of other days may be the same", limit("vehicles", PerMonth, "", object), convoyTimes(day, 3, 3), indeterminate, "at least 3, at most 6 in the month from 2026-04-01"},
		{"on either side of the line, each party by itself", limit("battalions", PerMoment, "", object), acrossTheLine(), outside, "number: 4 seen at once"},
		{"all together", limit("battalions", PerMoment, BearerAll, object), acrossTheLine(), hit, "number: 7 seen at one time on 2026-04-11 in one place, 5 allowed"},
		{"one party's own", limit("battalions", PerMoment, "A", object), belonging(units("battalions", 0, 3, 4), "A", "A"), hit, "whose it is: by the sources on the side of A p 1.00; C binds A: p 1.00"},
		{"another's are not counted", limit("battalions", PerMoment, "A", object), belonging(units("battalions", 0, 3, 4), "B", "B"), outside, "C binds A: p 0.00"},
	} {
		got := row.g.CountTogether(evaluated(row.g, row.incidents...))
		f := findingOf(t, got[len(got)-1], "C")
		if trace := strings.Join(f.Trace, "\n"); f.Verdict != row.want || !strings.Contains(trace, row.says) {
			t.Errorf("%s: %s (%s), want %s with %q:\n%s", row.name, f.Verdict, f.Reason, row.want, row.says, trace)
		}
	}
}

// convoyTimes are convoys so long apart.
func convoyTimes(apart time.Duration, numbers ...int) []truce.Incident {
	out := convoys(2000, numbers...)
	for i := range out {
		out[i].Time = truce.Moment(out[0].Time.From.Add(time.Duration(i)*apart), time.Second)
	}
	return out
}

// Where it is not known whose it is, a limit on one party's own goes by the side on which
// it stands, and a prohibition stays open.
func TestWhomARuleBinds(t *testing.T) {
	one := capRule()
	one.Bearer = "B"
	fire := Rule{ID: "F", Kind: KindProhibit, Bearer: "B", Acts: []truce.Act{truce.ActIndirectFire}, Families: 1, Unit: truce.UnitEngagement, Where: Where{Anywhere: true}}
	g := ruled(t, nil, one, fire)
	stands := convoys(2000, 7)[0]
	if f := findingOf(t, g.Evaluate(Input{Incident: stands}), "C"); f.Verdict != hit {
		t.Errorf("on its own side: %s (%s), want hit\n%s", f.Verdict, f.Reason, strings.Join(f.Trace, "\n"))
	}
	fired := stands
	fired.Acts = []truce.ActWeight{{Act: truce.ActIndirectFire, P: 1}}
	for _, row := range []struct {
		sides []truce.SideShare
		want  truce.Verdict
	}{
		{nil, indeterminate},
		{[]truce.SideShare{{Party: "B", P: 1}}, hit},
		{[]truce.SideShare{{Party: "A", P: 1}}, outside},
		{[]truce.SideShare{{Party: "A", P: 0.4}, {Party: "B", P: 0.5}}, indeterminate},
	} {
		fired.Detail = &truce.Detail{OriginSide: row.sides}
		f := findingOf(t, g.Evaluate(Input{Incident: fired}), "F")
		if f.Verdict != row.want || row.want == indeterminate && f.Reason != truce.ReasonControl {
			t.Errorf("from %v: %s (%s), want %s", row.sides, f.Verdict, f.Reason, row.want)
		}
	}
}
