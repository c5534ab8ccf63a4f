package locating

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/trucewatch/truce/sense/locate"
	sim "github.com/trucewatch/truce/sim/arrivals"
	"github.com/trucewatch/truce/source/arrivals"
)

type kept struct {
	bytes.Buffer
	done func(string)
}

func (k *kept) Close() error {
	k.done(k.String())
	return nil
}

// workload is a world with its files.
func workload(t *testing.T, name string) (*sim.World, map[string]string) {
	t.Helper()
	cfg, err := sim.ParseWorkload(name, 3)
	if err != nil {
		t.Fatal(err)
	}
	w, err := sim.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	err = w.Write(func(name string) (io.WriteCloser, error) {
		return &kept{done: func(text string) { files[name] = text }}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w, files
}

// read is the field of the files.
func read(t *testing.T, files map[string]string) *Field {
	t.Helper()
	sensors, rejects, err := arrivals.ReadSensors(strings.NewReader(files[sim.SensorsFile]))
	if err != nil || rejects.Rows > 0 {
		t.Fatal(rejects, err)
	}
	f := NewField(sensors)
	rejects, err = f.Read(strings.NewReader(files[sim.ArrivalsFile]), sensors, 0)
	if err != nil || rejects.Rows > 0 {
		t.Fatal(rejects, err)
	}
	return f
}

// TestFilesAreTheWorld: a world written and read is the world that was made, and so is its
// score.
func TestFilesAreTheWorld(t *testing.T) {
	w, files := workload(t, "A60/0.5+arrays")
	f := read(t, files)
	direct, err := OfWorld(w)
	if err != nil {
		t.Fatal(err)
	}
	for i := range direct.Arrivals {
		if f.Arrivals[i] != direct.Arrivals[i] {
			t.Fatalf("arrival %d: %+v, made %+v", i, f.Arrivals[i], direct.Arrivals[i])
		}
	}
	result, err := locate.Batch(f.Sensors, f.Arrivals, locate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	again := f.World()
	if err := ReadTruth(again, strings.NewReader(files[sim.EventsFile]), strings.NewReader(files[sim.PicksFile])); err != nil {
		t.Fatal(err)
	}
	found, err := ReadFound(again, bytes.NewReader(Events(&result)), bytes.NewReader(Assignments(&result, f.Arrivals)))
	if err != nil {
		t.Fatal(err)
	}
	one, two := w.Score(Found(&result)), again.Score(found)
	if one.F1() != two.F1() || one.Purity() != two.Purity() || one.F1() < .9 {
		t.Errorf("in memory %s\nfrom files %s", one, two)
	}
	if a, b := float64(one.Error(.9)), float64(two.Error(.9)); a-b > .2 || b-a > .2 {
		t.Errorf("errors %g and %g m", a, b)
	}
}

func TestTruthWithHolesIsRefused(t *testing.T) {
	w, files := workload(t, "A5/0")
	events, picks := files[sim.EventsFile], files[sim.PicksFile]
	for _, test := range []struct{ events, picks, want string }{
		{"", picks, "truth-events.csv: the file is empty"},
		{"event,time\n", picks, "the header has no column lat"},
		{strings.Replace(events, "2031-", "x", 1), picks, "truth-events.csv: line 2: time"},
		{strings.Replace(events, ",-4", ",-400", 1), picks, "is no place on earth"},
		{strings.Replace(events, ",-4", ",NaN", 1), picks, "lat \"NaN"},
		{events, picks + "e1\n", "1 columns, the header has 3"},
		{events, picks + "e9,a0000001,1\n", `event "e9" is not known`},
		{events, picks + "e00001,b,1\n", `arrival "b" is not known`},
		{events, picks + "e00001,a0000001,0\n", "must be above 0"},
		{events, "x", "truth-assignments.csv: line 1"},
	} {
		empty := &sim.World{Arrivals: w.Arrivals}
		if err := ReadTruth(empty, strings.NewReader(test.events), strings.NewReader(test.picks)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %q", err, test.want)
		}
	}
	for _, test := range []struct{ events, picks, want string }{
		{"event\n", "event,arrival\n", "events: line 1: the header has no column time"},
		{EventsShape + "\n", "event,arrival\nx,a0000001\n", "assignments: line 2: event \"x\" is not known"},
		{EventsShape + "\n", "", "assignments: the file is empty"},
		{EventsShape + "\n1,2\n", "", "events: line 2: 2 columns"},
	} {
		if _, err := ReadFound(w, strings.NewReader(test.events), strings.NewReader(test.picks)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %q", err, test.want)
		}
	}
}
