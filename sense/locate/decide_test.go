package locate_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/trucewatch/truce/sense/locate"
)

func sortByTime(a []locate.Arrival) {
	slices.SortFunc(a, func(a, b locate.Arrival) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.ID, b.ID)) })
}

// decide solves one shot at a grid under a person's decision and gives, by event, the ids used.
func decide(t *testing.T, d ...locate.Decision) [][]string {
	t.Helper()
	sensors := grid(5, 3000)
	arrivals := shot(sensors, sensors[12].At, noon, 7000)
	result, err := locate.Batch(sensors, arrivals, locate.Config{Decisions: d})
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, e := range result.Events {
		var ids []string
		for _, u := range e.Used {
			ids = append(ids, arrivals[u.Arrival].ID)
		}
		out = append(out, ids)
	}
	return out
}

func TestDecisionsBind(t *testing.T) {
	free := decide(t)
	if len(free) != 1 || len(free[0]) < 12 {
		t.Fatalf("without decisions: %v", free)
	}
	ids := free[0]

	for _, event := range decide(t, locate.Decision{Kind: locate.Excluded, Arrivals: ids[:2]}) {
		if slices.Contains(event, ids[0]) || slices.Contains(event, ids[1]) {
			t.Errorf("an excluded arrival is in %v", event)
		}
	}

	apart := decide(t, locate.Decision{Kind: locate.Apart, Arrivals: ids[:6], Others: ids[6:]})
	if len(apart) == 0 {
		t.Error("apart: no event is left")
	}
	for _, event := range apart {
		one := slices.ContainsFunc(ids[:6], func(id string) bool { return slices.Contains(event, id) })
		other := slices.ContainsFunc(ids[6:], func(id string) bool { return slices.Contains(event, id) })
		if one && other {
			t.Errorf("apart: both sides are in %v", event)
		}
	}
}

func TestWhatIsTogetherStaysTogether(t *testing.T) {
	sensors := grid(5, 3000)
	arrivals := shot(sensors, sensors[12].At, noon, 7000)
	stray := arrivals[3]
	stray.ID, stray.Sensor = "stray", 0 // far too early there
	arrivals = append(arrivals, stray)
	cfg := locate.Config{Decisions: []locate.Decision{{Kind: locate.Together, Arrivals: []string{"stray", arrivals[0].ID, "not come yet"}}}}
	result, err := locate.Batch(sensors, arrivals, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range result.Events {
		has := func(i int) bool {
			return slices.ContainsFunc(e.Used, func(u locate.Used) bool { return u.Arrival == i })
		}
		if has(len(arrivals)-1) != has(0) {
			t.Errorf("of two arrivals that belong together one is in an event of %d", len(e.Used))
		}
		if has(0) {
			return
		}
	}
	t.Error("no event has them")
}
