package locate_test

import (
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sim/arrivals"
)

// live feeds a world to a listener and gives what it said on the way, with the time of the
// arrival at which it said so.
func live(t *testing.T, h heard, cfg locate.Config, each func(at truce.Instant, r locate.Revision)) locate.Result {
	t.Helper()
	l, err := locate.NewLive(h.sensors, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range h.arrivals {
		news, err := l.Add(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range news {
			each(a.Time, r)
		}
	}
	result, err := l.Close()
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestLiveEndsAsBatch(t *testing.T) {
	for _, workload := range []string{"A60/1.0+clocks", "S25/0.3"} {
		h := invent(t, workload, 9, arrivals.StatedNone)
		declared := map[truce.ID]locate.Event{}
		result := live(t, h, locate.Config{}, func(at truce.Instant, r locate.Revision) {
			if r.Kind != locate.Declared {
				if _, known := declared[r.Before]; !known {
					t.Errorf("%s: a revision of %v, which nobody knows", workload, r.Before)
				}
				delete(declared, r.Before)
			}
			if r.Kind != locate.Withdrawn {
				declared[r.Event.ID] = r.Event
			}
		})
		same(t, workload, text(h, h.batch(t)), text(h, result))
		var events []locate.Event
		for _, e := range declared {
			events = append(events, e)
		}
		if s := h.score(events); s.F1() < .9 {
			t.Errorf("%s: what was declared on the way is poor: %v", workload, s)
		}
	}
}

func TestAnEventIsDeclaredAtOnce(t *testing.T) {
	sensors := grid(6, 3000)
	h := heard{sensors: sensors, arrivals: shot(sensors, sensors[14].At, noon, 9000)}
	sortByTime(h.arrivals)
	first := truce.Instant(0)
	live(t, h, locate.Config{}, func(at truce.Instant, r locate.Revision) {
		if first == 0 {
			first = at
		}
	})
	if certain := h.arrivals[5].Time; first == 0 || first.Sub(certain) > time.Second {
		t.Errorf("first declared at %v, the sixth arrival came at %v", first, certain)
	}
}

func TestLiveRefusesWhatBatchRefuses(t *testing.T) {
	l, err := locate.NewLive(grid(2, 1000), locate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Add(locate.Arrival{ID: "a", Sensor: 4, Time: noon}); err == nil {
		t.Error("an arrival of no sensor was taken")
	}
	if _, err := locate.NewLive(nil, locate.Config{SpeedP: -1}); err == nil {
		t.Error("a negative speed was taken")
	}
	if result, err := l.Close(); err != nil || len(result.Events) != 0 {
		t.Errorf("%v, %v", result, err)
	}
}

func TestTimeThatGoesOnDeclaresWhatWaits(t *testing.T) {
	h := invent(t, "A1000/3.0", 2, arrivals.StatedNone)
	h.arrivals = h.arrivals[:600]
	l, err := locate.NewLive(h.sensors, locate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, a := range h.arrivals {
		news, err := l.Add(a)
		if err != nil {
			t.Fatal(err)
		}
		said += len(news)
	}
	last := h.arrivals[len(h.arrivals)-1].Time
	said += len(l.Advance(last.Add(time.Second)))
	if said == 0 {
		t.Error("nothing was declared of a busy minute")
	}
	if again := l.Advance(last.Add(2 * time.Second)); len(again) != 0 {
		t.Errorf("nothing came and %d events were told of", len(again))
	}
}
