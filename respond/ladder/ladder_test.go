package ladder

import (
	"reflect"
	"testing"

	"github.com/trucewatch/truce"
)

// climb brings a case of one grave verified incident to T1.
func climb(t *testing.T) (*story, truce.CaseIncident) {
	s := tell(t, machine(t))
	i := incident(1, t0, 3)
	s.incidents(after(5*minute), i)
	s.sign(after(6*minute), "L0", watch)
	s.sign(after(10*minute), "L1", lead)
	s.sign(after(20*minute), "L2", analyst, second)
	i = revised(i, truce.OccurrenceVerified, after(3*hour))
	s.incidents(after(3*hour), i)
	s.sign(after(4*hour), "T1", chair, chief)
	return s, i
}

func TestACaseClimbsTierByTierThroughItsGates(t *testing.T) {
	s, _ := climb(t)
	c := s.one()
	if c.Tier != "T1" || c.Summary.Rank != 4 || len(c.Tiers) != 4 {
		t.Fatalf("tier %s, rank %d, %d visits", c.Tier, c.Summary.Rank, len(c.Tiers))
	}
	if k := s.clock("warning", ""); k.Due != after(24*hour) || k.State != truce.ClockRunning {
		t.Errorf("warning: %+v", k)
	}
	if k := s.clock("receipt", "A"); k.State != truce.ClockMissed || k.Ended != after(25*minute) {
		t.Errorf("receipt: %+v", k)
	}
	folded, err := Fold(s.steps)
	if err != nil || !reflect.DeepEqual(folded, c) {
		t.Errorf("the steps fold to another case: %v", err)
	}
}
