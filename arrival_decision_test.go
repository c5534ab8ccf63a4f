package truce_test

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func TestDecisionOfArrivalsSaysWhatWhoAndWhy(t *testing.T) {
	a, b, c := truce.ID{1}, truce.ID{2}, truce.ID{3}
	good := truce.ArrivalDecision{ID: truce.ID{9}, Verdict: truce.ArrivalsExcluded, Arrivals: []truce.ID{a}, Reason: "a door", Person: "an-1", At: 1}
	change := func(f func(*truce.ArrivalDecision)) truce.ArrivalDecision {
		d := good
		f(&d)
		return d
	}
	for _, test := range []struct {
		d    truce.ArrivalDecision
		want string // "": it is good
	}{
		{good, ""},
		{change(func(d *truce.ArrivalDecision) { d.Verdict, d.Others = truce.ArrivalsApart, []truce.ID{b, c} }), ""},
		{change(func(d *truce.ArrivalDecision) { d.Verdict, d.Arrivals = truce.ArrivalsTogether, []truce.ID{a, b} }), ""},
		{change(func(d *truce.ArrivalDecision) { d.Verdict, d.Arrivals, d.Lifts = truce.ArrivalsLifted, nil, c }), ""},
		{change(func(d *truce.ArrivalDecision) { d.Verdict = "maybe" }), "none of excluded, apart"},
		{change(func(d *truce.ArrivalDecision) { d.Reason = "" }), "say why"},
		{change(func(d *truce.ArrivalDecision) { d.Reason = strings.Repeat("x", truce.MaxWords+1) }), "shorten it"},
		{change(func(d *truce.ArrivalDecision) { d.Person = "" }), "a person and a time"},
		{change(func(d *truce.ArrivalDecision) { d.Arrivals = nil }), "takes 1 arrivals or more, and 0"},
		{change(func(d *truce.ArrivalDecision) { d.Verdict = truce.ArrivalsTogether }), "takes 2 arrivals or more, and 1"},
		{change(func(d *truce.ArrivalDecision) { d.Verdict = truce.ArrivalsApart }), "with apart and only with it"},
		{change(func(d *truce.ArrivalDecision) { d.Others = []truce.ID{b} }), "with apart and only with it"},
		{change(func(d *truce.ArrivalDecision) { d.Lifts = c }), "no other verdict does"},
		{change(func(d *truce.ArrivalDecision) { d.Verdict, d.Lifts = truce.ArrivalsLifted, c }), "and no arrivals"},
		{change(func(d *truce.ArrivalDecision) { d.Verdict, d.Arrivals = truce.ArrivalsLifted, nil }), "names the decision"},
		{change(func(d *truce.ArrivalDecision) { d.Arrivals = []truce.ID{b, a} }), "in the order of their ids"},
		{change(func(d *truce.ArrivalDecision) { d.Arrivals = []truce.ID{b, b} }), "once each"},
		{change(func(d *truce.ArrivalDecision) { d.Arrivals = make([]truce.ID, truce.MaxDecidedArrivals+1) }), "the most is"},
	} {
		if err := test.d.Validate(); test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%+v: %v, want %q", test.d, err, test.want)
		}
	}
	signed := good
	signed.Signature.By = "an-1"
	if signed.Unsigned().Signature != (truce.Signing{}) || good.Subject() != "arrivals/" {
		t.Errorf("%+v, of %q", signed.Unsigned(), good.Subject())
	}
}
