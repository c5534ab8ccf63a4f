package locate_test

import (
	"fmt"
	"io"
	"runtime"
	"slices"
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
	l, err := locate.NewLive(h.sensors, cfg, nil)
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
	result, all, err := l.Close()
	if err != nil || !slices.Equal(all, h.arrivals) {
		t.Fatalf("%d arrivals are kept of %d, %v", len(all), len(h.arrivals), err)
	}
	return result
}

// told feeds a world to a listener, holds what it ends with against a batch, and gives the events
// that stood before it was closed.
func told(t *testing.T, workload string, h heard) (events []locate.Event) {
	t.Helper()
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
	for _, e := range declared {
		events = append(events, e)
	}
	return events
}

func TestLiveEndsAsBatch(t *testing.T) {
	for _, workload := range []string{"A60/1.0+clocks", "S25/0.3"} {
		h := invent(t, workload, 9, arrivals.StatedNone)
		if s := h.score(told(t, workload, h)); s.F1() < .9 {
			t.Errorf("%s: what was declared on the way is poor: %v", workload, s)
		}
	}
}

// TestAClockFarAheadStopsNothing: of the first twenty arrivals two, of different sensors, are dated
// six and seven hours ahead; events are told of all the same, and the end is that of a batch.
func TestAClockFarAheadStopsNothing(t *testing.T) {
	const workload = "A60/1.0"
	h := invent(t, workload, 9, arrivals.StatedNone)
	for i, hours := range map[int]int{0: 6, 19: 7} {
		h.arrivals[i].Time = h.arrivals[i].Time.Add(time.Duration(hours) * time.Hour)
	}
	if h.arrivals[0].Sensor == h.arrivals[19].Sensor {
		t.Fatal("both are of one sensor")
	}
	if s := h.score(told(t, workload, h)); s.F1() < .9 {
		t.Errorf("with two clocks ahead what was declared on the way is poor: %v", s)
	}
}

// TestAfterAQuietNightShotsAreTold: time jumps by nine hours, and three sensors together make it so.
func TestAfterAQuietNightShotsAreTold(t *testing.T) {
	sensors := grid(6, 3000)
	evening := shot(sensors, sensors[14].At, noon, 9000)
	morning := shot(sensors, sensors[21].At, noon.Add(9*time.Hour), 9000)
	sortByTime(evening)
	sortByTime(morning)
	for i := range morning {
		morning[i].ID = "m" + morning[i].ID
	}
	var at []truce.Instant
	live(t, heard{sensors: sensors, arrivals: slices.Concat(evening, morning)}, locate.Config{}, func(now truce.Instant, r locate.Revision) {
		if r.Kind == locate.Declared {
			at = append(at, now)
		}
	})
	if len(at) != 2 || at[1] > morning[5].Time.Add(time.Second) {
		t.Errorf("declared at %v; the sixth arrival of the second came at %v", at, morning[5].Time)
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
	l, err := locate.NewLive(grid(2, 1000), locate.Config{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Add(locate.Arrival{ID: "a", Sensor: 4, Time: noon}); err == nil {
		t.Error("an arrival of no sensor was taken")
	}
	if _, err := locate.NewLive(nil, locate.Config{SpeedP: -1}, nil); err == nil {
		t.Error("a negative speed was taken")
	}
	if result, _, err := l.Close(); err != nil || len(result.Events) != 0 {
		t.Errorf("%v, %v", result, err)
	}
}

func TestTimeThatGoesOnDeclaresWhatWaits(t *testing.T) {
	h := invent(t, "A1000/3.0", 2, arrivals.StatedNone)
	h.arrivals = h.arrivals[:600]
	l, err := locate.NewLive(h.sensors, locate.Config{}, nil)
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

// forgetful is a log that keeps nothing: what is left in memory is the listener's own.
type forgetful struct{}

func (forgetful) Append(locate.Arrival) error         { return nil }
func (forgetful) Arrivals() ([]locate.Arrival, error) { return nil, nil }

// full is a log that takes so many arrivals.
type full struct{ left int }

func (f *full) Append(locate.Arrival) error {
	if f.left--; f.left < 0 {
		return io.ErrShortWrite
	}
	return nil
}

func (f *full) Arrivals() ([]locate.Arrival, error) { return nil, io.ErrUnexpectedEOF }

// heap is what is live after a collection, bytes.
func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestAListenersMemoryIsThatOfItsWindow: over eight times as many arrivals as it learns from,
// shot after shot, what it holds does not grow; with a log in memory it does.
func TestAListenersMemoryIsThatOfItsWindow(t *testing.T) {
	const learnFrom, slack = 20_000, 256 << 10
	sensors := grid(5, 3000)
	pattern := shot(sensors, sensors[12].At, noon, 9000)
	sortByTime(pattern)
	held := func(log locate.Log, arrivals ...int) []int {
		l, err := locate.NewLive(sensors, locate.Config{}, log)
		if err != nil {
			t.Fatal(err)
		}
		n, out := 0, []int(nil)
		for _, until := range arrivals {
			for n < until {
				a := pattern[n%len(pattern)]
				a.ID, a.Time = fmt.Sprint("a", n), a.Time+truce.Instant(n/len(pattern)*150_000_000)
				if _, err := l.Add(a); err != nil {
					t.Fatal(err)
				}
				n++
			}
			out = append(out, heap())
		}
		runtime.KeepAlive(l)
		return out
	}
	flat := held(forgetful{}, learnFrom, 2*learnFrom, 4*learnFrom, 8*learnFrom)
	for i, bytes := range flat[1:] {
		if grown := bytes - flat[0]; grown > slack {
			t.Errorf("after %d windows it holds %d bytes more than after one", 2<<i, grown)
		}
	}
	if kept := held(nil, learnFrom, 2*learnFrom); kept[1]-kept[0] < 16*learnFrom {
		t.Errorf("a log in memory grows by %d bytes only: this test sees nothing", kept[1]-kept[0])
	}
}

func TestALogThatFailsIsNamed(t *testing.T) {
	sensors := grid(3, 1000)
	l, err := locate.NewLive(sensors, locate.Config{}, &full{left: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []error{nil, io.ErrShortWrite} {
		if _, err := l.Add(locate.Arrival{ID: fmt.Sprint(i), Time: noon}); err != want {
			t.Errorf("arrival %d: %v, want %v", i, err, want)
		}
	}
	if _, _, err := l.Close(); err != io.ErrUnexpectedEOF {
		t.Errorf("closed with %v", err)
	}
}

// TestRevisionsNameTheirArrivals as the indices do, the withdrawn ones too.
func TestRevisionsNameTheirArrivals(t *testing.T) {
	h := invent(t, "A200/1.0", 4, arrivals.StatedNone)
	h.arrivals = h.arrivals[:1200]
	news := 0
	live(t, h, locate.Config{}, func(_ truce.Instant, r locate.Revision) {
		news++
		if len(r.Arrivals) != len(r.Event.Used) || len(r.Arrivals) == 0 {
			t.Fatalf("%d ids of %d arrivals", len(r.Arrivals), len(r.Event.Used))
		}
		for i, u := range r.Event.Used {
			if h.arrivals[u.Arrival].ID != r.Arrivals[i] {
				t.Errorf("arrival %d is %s, named %s", u.Arrival, h.arrivals[u.Arrival].ID, r.Arrivals[i])
			}
		}
	})
	if news < 20 {
		t.Errorf("only %d revisions", news)
	}
}
