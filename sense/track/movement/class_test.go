package movement

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// flown is a straight track at a speed and an altitude.
func flown(speed, altitude float64) track.Track {
	t := straight(1, 0, 0, speed, 0, 15, 20)
	for i := range t.States {
		t.States[i].Altitude = geo.Metres(altitude)
	}
	return t
}

func TestLikeliestClass(t *testing.T) {
	for _, c := range []struct {
		name  string
		track track.Track
		signs Signs
		want  Class
	}{
		{"airliner", flown(230, 10_000), Signs{}, ClassFixedWing},
		{"quick and low over land", flown(65, 150), Signs{Said: "helicopter"}, ClassHelicopter},
		{"slow at 120 m", flown(12, 120), Signs{}, ClassDrone},
		{"freighter", flown(7, 0), Signs{Sea: true}, ClassShip},
		{"lorry", flown(20, 0), Signs{Ground: true}, ClassVehicle},
		{"lorry on a plateau", flown(20, 900), Signs{Ground: true, GroundLevel: 900}, ClassVehicle},
		{"nothing that is built", flown(1500, 20_000), Signs{}, ClassOther},
	} {
		got, err := Classify(c.track, c.signs)
		if err != nil {
			t.Fatal(err)
		}
		if got[0].Class != c.want {
			t.Errorf("%s: %v, want %s first", c.name, got, c.want)
		}
	}
}

func TestChancesOfClassesSumToOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	said := []string{"", "uav", "ship", "a kite"}
	for range 200 {
		tr := flown(math.Exp(8*rng.Float64()), 20_000*rng.Float64()-500)
		for i := range tr.States {
			tr.States[i].Course = geo.Degrees(360 * rng.Float64())
			tr.States[i].High = rng.IntN(4) > 0
		}
		got, err := Classify(tr, Signs{Said: said[rng.IntN(len(said))], Ground: rng.IntN(2) > 0, Sea: rng.IntN(2) > 0})
		if err != nil {
			t.Fatal(err)
		}
		var sum truce.Probability
		for i, h := range got {
			sum += h.P
			if !(h.P >= 0 && h.P <= 1) || i > 0 && h.P > got[i-1].P {
				t.Fatalf("%v: out of range or out of order", got)
			}
		}
		near(t, "sum", float64(sum), 1, 1e-9)
	}
}

// TestWordIsEvidenceOnly holds an object that moves as no ship does against its word.
func TestWordIsEvidenceOnly(t *testing.T) {
	chance := func(s Signs) float64 {
		got, err := Classify(flown(230, 10_000), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range got {
			if h.Class == ClassShip {
				return float64(h.P)
			}
		}
		return -1
	}
	without, with := chance(Signs{}), chance(Signs{Said: "ship"})
	if !(with >= without) || with > .01 {
		t.Errorf("a ship at 10 km height: %g, %g when it says so; want a little more, and under 0.01", without, with)
	}
	slow := func(said string) truce.Probability {
		got, err := Classify(flown(12, 120), Signs{Said: said})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range got {
			if h.Class == ClassBird {
				return h.P
			}
		}
		return -1
	}
	if !(slow("bird") > slow("")) {
		t.Errorf("a bird that says so: %g, want more than %g", slow("bird"), slow(""))
	}
}

// TestHintsAreSober: what several classes do, by the figures of their makers, is left to
// several; what one alone does is told.
func TestHintsAreSober(t *testing.T) {
	for _, c := range []struct {
		name            string
		speed, altitude float64
		each            []Class // at least .08 each
		most            truce.Probability
	}{
		{"cruise of a helicopter, dash of a Camcopter, cruise of a light aircraft", 61, 900, []Class{ClassDrone, ClassFixedWing, ClassHelicopter}, .6},
		{"cruise of a TB2 or an Orlan, slow flight of a light aircraft", 36, 600, []Class{ClassDrone, ClassFixedWing, ClassHelicopter}, .7},
		{"drone with wings, aircraft, helicopter", 51, 1500, []Class{ClassDrone, ClassFixedWing, ClassHelicopter}, .6},
		{"multirotor or bird", 12, 80, []Class{ClassDrone, ClassBird}, .85},
	} {
		got, err := Classify(flown(c.speed, c.altitude), Signs{})
		if err != nil {
			t.Fatal(err)
		}
		if got[0].P > c.most {
			t.Errorf("%s: %v, want none above %g", c.name, got, c.most)
		}
		for _, h := range got {
			for _, class := range c.each {
				if h.Class == class && h.P < .08 {
					t.Errorf("%s: %s has %g in %v", c.name, class, h.P, got)
				}
			}
		}
	}
}
