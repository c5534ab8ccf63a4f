package intake_test

import (
	"context"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/intake"
)

func newRouter(t *testing.T, door *intake.Door) *intake.Router {
	t.Helper()
	other := truce.SourceInfo{ID: "other", Title: "another feed", Family: truce.FamilyCamera}
	unused := truce.SourceInfo{ID: "unused", Title: "says nothing", Family: truce.FamilyMedia}
	r, err := door.OpenAll(context.Background(), []truce.SourceInfo{source, other, unused}, "mixed.csv")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRowsOfSeveralSourcesAreCountedTogether(t *testing.T) {
	door, s := newDoor(t, 100)
	r := newRouter(t, door)
	second := beat(2)
	second.Source = "other"
	for _, o := range []truce.Observation{beat(1), second, beat(1)} {
		if err := r.Observe(o); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Reject(truce.Rejection{File: "mixed.csv", Line: 4, Reason: "no time"}); err != nil {
		t.Fatal(err)
	}
	got, err := r.Close()
	if err != nil {
		t.Fatal(err)
	}
	if got.Accepted != 2 || got.Duplicate != 1 || got.Quarantined != 1 || got.Reasons["no time"] != 1 {
		t.Errorf("counts %+v, want 2 accepted, 1 duplicate, 1 quarantined for \"no time\"", got)
	}
	infos, err := s.Sources(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(infos) != 2 {
		t.Errorf("%d sources are registered, want only the two that said something: %v", len(infos), infos)
	}
}

func TestRowOfAnUndeclaredSourceStopsTheFile(t *testing.T) {
	door, _ := newDoor(t, 100)
	r := newRouter(t, door)
	o := beat(1)
	o.Source = "stranger"
	err := r.Observe(o)
	if truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "stranger") {
		t.Errorf("error %v, want an invalid one that names the source", err)
	}
}

func TestFileWithoutAnySourceIsRefused(t *testing.T) {
	door, _ := newDoor(t, 100)
	if _, err := door.OpenAll(context.Background(), nil, "f"); err == nil {
		t.Error("a file of no source was opened")
	}
}
