package sim

import (
	"bytes"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/asterix"
	"github.com/trucewatch/truce/source/mavlink"
	"github.com/trucewatch/truce/source/remoteid"
)

// observations counts what a decoder made.
type observations struct {
	plots, lost, refused int
	said                 map[truce.Identity]bool
}

func (o *observations) Observe(x truce.Observation) error {
	if x.Plot == nil || x.Place == nil {
		return nil
	}
	o.plots++
	if x.Plot.Fix != nil && x.Plot.Fix.Kind == truce.FixNone {
		o.lost++
	}
	for _, id := range x.Plot.Identities {
		o.said[id] = true
	}
	return nil
}

func (o *observations) Reject(truce.Rejection) error { o.refused++; return nil }

// TestFlightsAreReadAsWritten: the decoders of real feeds read every plot of the exercise's.
func TestFlightsAreReadAsWritten(t *testing.T) {
	w, err := New(Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	at, height := w.RadarPlace()
	formats := map[Format]int{}
	for _, f := range w.Files() {
		sink := &observations{said: map[truce.Identity]bool{}}
		switch f.Format {
		case FormatASTERIX:
			err = asterix.Decode(bytes.NewReader(f.Data), f.Name, asterix.Config{Options: asterix.Options{Day: f.Start.Day()}, Radars: []asterix.Radar{{SAC: RadarSAC, SIC: RadarSIC, At: at, Height: height}}}, sink)
		case FormatRemoteID:
			err = remoteid.Decode(bytes.NewReader(f.Data), f.Name, remoteid.Config{Options: remoteid.Options{Received: f.Start}}, sink)
		case FormatMAVLink:
			err = mavlink.Decode(bytes.NewReader(f.Data), f.Name, mavlink.Config{}, sink)
		default:
			continue
		}
		formats[f.Format]++
		if want := w.Truth().Files[f.Name]; err != nil || sink.refused > 0 || sink.plots != want || want == 0 {
			t.Errorf("%s: %d plots of %d, %d refused: %v", f.Name, sink.plots, want, sink.refused, err)
		}
	}
	if formats[FormatASTERIX] != 1 || formats[FormatRemoteID] != 2 || formats[FormatMAVLink] != 2 {
		t.Errorf("files %v", formats)
	}
}

// TestFlightsGoWhereTheTruthSays: into the zone, along its edge, and the mission's own inside of
// the windows that were notified for them.
func TestFlightsGoWhereTheTruthSays(t *testing.T) {
	w, err := New(Config{Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	if len(w.truth.Flights) != len(courses) {
		t.Fatalf("%d flights", len(w.truth.Flights))
	}
	windows := w.OwnFlights()
	for _, f := range w.truth.Flights {
		switch depth := float64(f.DepthM); {
		case f.Kind == FlightGraze && (depth < -3 || depth > 3):
			t.Errorf("%s comes %.0f m into the zone", f.ID, depth)
		case f.Kind != FlightGraze && depth < 500:
			t.Errorf("%s (%s) comes %.0f m into the zone", f.ID, f.Kind, depth)
		}
		if f.Kind != FlightMonitor && f.Kind != FlightJammed {
			continue
		}
		covered := false
		for _, win := range windows {
			inside := f.From >= win.From && f.To <= win.To
			for _, p := range f.Path {
				inside = inside && plane(p).distance(plane(win.Point)) < float64(win.RadiusM)
			}
			covered = covered || inside
		}
		if !covered || f.Kind == FlightJammed && (f.Lost <= f.From || f.Back >= f.To) {
			t.Errorf("%+v is in none of %+v", f, windows)
		}
	}
	if one, err := New(Config{Seed: 5, Days: 1}); err != nil || len(one.truth.Flights) != 0 {
		t.Errorf("a quiet day alone has %d flights, %v", len(one.truth.Flights), err)
	}
}
