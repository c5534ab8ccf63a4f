package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
)

// given is a value of any type in which nothing is left empty.
func given(t reflect.Type, n *int) reflect.Value {
	v := reflect.New(t).Elem()
	*n++
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n))
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Array:
		v.Index(0).SetUint(uint64(*n % 100))
	case reflect.Slice:
		v.Set(reflect.Append(v, given(t.Elem(), n)))
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(given(t.Elem(), n))
	case reflect.Struct:
		for i := range t.NumField() {
			v.Field(i).Set(given(t.Field(i).Type, n))
		}
	}
	return v
}

// TestBriefFindingsLeaveOutThreeMembers: a member that is added to findings must be read
// in brief too, or a bulletin would be silent about it.
func TestBriefFindingsLeaveOutThreeMembers(t *testing.T) {
	n := 0
	whole := given(reflect.TypeFor[truce.Finding](), &n).Interface().(truce.Finding)
	body, err := truce.Canonical(truce.Evaluation{Findings: []truce.Finding{whole}})
	if err != nil {
		t.Fatal(err)
	}
	brief, err := new(briefEvaluation).read(truce.Record{Body: body})
	if err != nil {
		t.Fatal(err)
	}
	want := whole
	want.Clause, want.ClauseHash, want.Trace = "", truce.Hash{}, nil
	if !reflect.DeepEqual(brief.Findings, []truce.Finding{want}) {
		t.Errorf("in brief %+v, want %+v: read the new member in brief.go", brief.Findings, want)
	}
}

// TestBriefEvaluationsAreReadOneAfterTheOther: nothing of one is left in the next.
func TestBriefEvaluationsAreReadOneAfterTheOther(t *testing.T) {
	reader, n := new(briefEvaluation), 0
	first := truce.Evaluation{Version: "v1", Findings: []truce.Finding{given(reflect.TypeFor[truce.Finding](), &n).Interface().(truce.Finding), {Rule: "R02"}}}
	for _, e := range []truce.Evaluation{first, {Findings: []truce.Finding{{Rule: "R03"}}}, {Findings: []truce.Finding{}}, first} {
		body, err := truce.Canonical(e)
		if err != nil {
			t.Fatal(err)
		}
		got, err := reader.read(truce.Record{Body: body})
		want := e
		want.Findings = slices.Clone(e.Findings)
		for i := range want.Findings {
			f := &want.Findings[i]
			f.Clause, f.ClauseHash, f.Trace = "", truce.Hash{}, nil
		}
		if err != nil || !reflect.DeepEqual(*got, want) {
			t.Errorf("read %+v, %v, want %+v", got, err, want)
		}
	}
	if _, err := reader.read(truce.Record{Body: json.RawMessage(`{"findings":7}`)}); err == nil {
		t.Error("a damaged evaluation was read")
	}
}
