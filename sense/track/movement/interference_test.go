package movement

import (
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

var usual = InterferenceRule{Gap: 10_000_000, Jamming: .6, Jump: 80}

// patrol is a flight east at 20 m/s with a message each second.
func patrol(n int) []Telemetry {
	var out []Telemetry
	for i := range n {
		out = append(out, Telemetry{Time: begin + truce.Instant(i)*1_000_000, Fix: &truce.Fix{Kind: truce.FixThree, Satellites: 12},
			At: geo.Position{Point: spot(20*float64(i), 0), Error: geo.Isotropic(5)}})
	}
	return out
}

func TestTroublesOfAFlight(t *testing.T) {
	jammed, silent, drawn, told, jumping := patrol(100), patrol(100), patrol(100), patrol(100), patrol(100)
	for i := 30; i < 60; i++ {
		jammed[i].Fix = &truce.Fix{Kind: truce.FixNone}
		drawn[i].Other = &geo.Position{Point: spot(20*float64(i), 10*float64(i-29)), Error: geo.Isotropic(5)}
		told[i].Fix = &truce.Fix{Kind: truce.FixThree, Jamming: .8}
	}
	silent = append(silent[:30], silent[60:]...)
	jumping[50].At.Point = spot(1000, 4000)
	for _, c := range []struct {
		name     string
		flight   []Telemetry
		kind     Trouble
		from, to float64 // s
	}{
		{"no fix", jammed, TroubleJam, 30, 59}, {"silence", silent, TroubleLink, 29, 60},
		{"drawn away", drawn, TroubleSpoof, 31, 59}, {"the receiver says so", told, TroubleJam, 30, 59},
		{"a jump", jumping, TroubleSpoof, 50, 51},
	} {
		got, err := Interferences(c.flight, usual)
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %+v, want one trouble", c.name, err, got)
			continue
		}
		from, to := got[0].From.Sub(begin).Seconds(), got[0].To.Sub(begin).Seconds()
		if got[0].Kind != c.kind || math.Abs(from-c.from) > 1 || to != c.to {
			t.Errorf("%s: %+v from %g to %g s, want %s from %g to %g", c.name, got[0], from, to, c.kind, c.from, c.to)
		}
	}
	if got, err := Interferences(patrol(100), usual); err != nil || len(got) != 0 {
		t.Errorf("a quiet flight: %v, %+v, want nothing", err, got)
	}
}

func TestAreaLiesAlongThePath(t *testing.T) {
	f := patrol(100)
	for i := 30; i < 60; i++ {
		f[i].Fix = &truce.Fix{Kind: truce.FixNone}
	}
	got, err := Interferences(f, usual)
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, %+v, want one trouble", err, got)
	}
	if d := geo.Distance(got[0].Area.Point, spot(890, 0)); d > 1 {
		t.Errorf("its middle is %g m off", float64(d))
	}
	e := got[0].Area.Error.Ellipse()
	near(t, "along", float64(e.Major), math.Sqrt(400*(30*30-1)/12.+25), .5) // evenly spread steps of 20 m
	near(t, "across", float64(e.Minor), 5, .1)
	near(t, "strike", math.Abs(math.Remainder(float64(e.Strike)-90, 180)), 0, 1)
}

func TestSilenceOutsideThePlanIsNone(t *testing.T) {
	f := patrol(100)
	f = append(f[:30], f[60:]...)
	rule := usual
	rule.Window = truce.Period{From: begin, To: begin + 35_000_000}
	if got, err := Interferences(f, rule); err != nil || len(got) != 0 {
		t.Errorf("landed as planned: %v, %+v, want nothing", err, got)
	}
	f[3].Time = f[2].Time
	if _, err := Interferences(f, rule); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("no time passes: error %v, want one that says what is invalid", err)
	}
	if _, err := Interferences(nil, InterferenceRule{}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("no rule: error %v, want one that says what is invalid", err)
	}
}
