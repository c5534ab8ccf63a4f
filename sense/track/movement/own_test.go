package movement

import (
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/track"
)

func TestOwnFlightIsRecognised(t *testing.T) {
	ours := truce.Identity{Scheme: "serial", Value: "MON-1"}
	theirs := truce.Identity{Scheme: "serial", Value: "X-9"}
	f := Flight{ID: "patrol 7", Identities: []truce.Identity{ours}, Window: truce.Period{From: begin, To: begin + 600_000_000},
		Corridor: box(t, -500, -500, 6000, 500).Area, Band: &Band{Floor: 60, Ceiling: 180}}
	on, off := straight(1, 0, 0, 20, 0, 30, 20), straight(1, 0, 3000, 20, 0, 30, 20)
	late := straight(1, 0, 0, 20, 0, 30, 20)
	for i := range late.States {
		late.States[i].Time += 3_600_000_000
	}
	high := flown(20, 900)
	chance := map[string]float64{}
	for _, c := range []struct {
		name string
		said []truce.Identity
		from int
	}{{"ours on plan", []truce.Identity{ours}, 0}, {"silent on plan", nil, 0}, {"other on plan", []truce.Identity{theirs}, 0},
		{"ours off plan", []truce.Identity{ours}, 1}, {"ours late", []truce.Identity{ours}, 2}, {"ours high", []truce.Identity{ours}, 3}} {
		m, err := Recognise([...]track.Track{on, off, late, high}[c.from], c.said, f, Config{})
		if err != nil || len(m.Reasons) != 2 {
			t.Fatalf("%s: %v, %+v, want a match with two reasons", c.name, err, m)
		}
		chance[c.name] = float64(m.Chance)
	}
	if c := chance["ours on plan"]; c < .97 {
		t.Errorf("its own identity on its plan: %g, want nearly 1", c)
	}
	if !(chance["ours on plan"] > chance["silent on plan"] && chance["silent on plan"] > chance["other on plan"]) {
		t.Errorf("%v: want identity to weigh", chance)
	}
	for _, name := range []string{"ours off plan", "ours late", "ours high"} {
		if chance[name] > .05 {
			t.Errorf("%s: %g: an identity alone is no proof, want under 0.05", name, chance[name])
		}
	}
	if _, err := Recognise(on, nil, Flight{ID: "no corridor"}, Config{}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("no corridor: error %v, want one that says what is invalid", err)
	}
}

func TestClonedIdentity(t *testing.T) {
	a := Sighting{Time: begin, At: spot(0, 0), Sigma: 30}
	for _, c := range []struct {
		name   string
		b      Sighting
		cloned bool
	}{
		{"reached at 50 m/s", Sighting{begin + 100_000_000, spot(5000, 0), 30}, false},
		{"500 m/s", Sighting{begin + 10_000_000, spot(5000, 0), 30}, true},
		{"at once elsewhere", Sighting{begin, spot(5000, 0), 30}, true},
		{"at once within the error", Sighting{begin, spot(90, 0), 30}, false},
		{"earlier", Sighting{begin - 10_000_000, spot(5000, 0), 30}, true},
	} {
		if got, needs := Cloned(a, c.b, 100); got != c.cloned || math.IsNaN(needs) {
			t.Errorf("%s: %t at %g m/s, want %t", c.name, got, needs, c.cloned)
		}
	}
}
