package arrivals

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
)

func duels(t *testing.T, cfg DuelConfig) *Duels {
	t.Helper()
	d, err := NewDuels(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDuelsAreTheSameForOneSeed(t *testing.T) {
	cfg := DuelConfig{Seed: 3, Fires: 8, Amplitudes: true, Wind: 6}
	a, b := duels(t, cfg), duels(t, cfg)
	if !slices.Equal(a.Arrivals, b.Arrivals) || len(a.Shots) != len(b.Shots) || len(a.Arrivals) < 200 {
		t.Errorf("%d arrivals of %d shots, then %d of %d", len(a.Arrivals), len(a.Shots), len(b.Arrivals), len(b.Shots))
	}
	cfg.Seed = 4
	if slices.Equal(a.Arrivals, duels(t, cfg).Arrivals) {
		t.Error("another seed gives the same")
	}
}

// TestTheTruthOfDuelsHoldsTogether: every shot flies from its side to the other, its blasts
// are where and when it was fired and came down, and its shock waves come between.
func TestTheTruthOfDuelsHoldsTogether(t *testing.T) {
	d := duels(t, DuelConfig{Seed: 1, Fires: 24, Sensors: 400})
	owners := map[int]bool{}
	classes, shocks := map[string]int{}, 0
	for i, s := range d.Shots {
		classes[s.Class]++
		if got := d.Line.SideOf(s.Launch); got != s.Side || s.Side == geo.On {
			t.Fatalf("shot %d is fired from %v, the truth says %v", i, got, s.Side)
		}
		away, _, _ := geo.Inverse(s.Launch, s.Impact)
		if mean := float64(away) / s.Flight; s.Flight < .4 || mean < 10 || mean > 900 {
			t.Errorf("shot %d flies %.0f m in %.1f s", i, float64(away), s.Flight)
		}
		if s.Muzzle >= 0 && (d.Events[s.Muzzle].Time != s.Time || d.Events[s.Muzzle].At != s.Launch) {
			t.Errorf("shot %d: its muzzle blast is %+v", i, d.Events[s.Muzzle])
		}
		if s.Burst >= 0 && math.Abs(d.Events[s.Burst].Time.Sub(s.Time).Seconds()-s.Flight) > 1e-5 {
			t.Errorf("shot %d: its impact is at %v, fired at %v, %g s before", i, d.Events[s.Burst].Time, s.Time, s.Flight)
		}
		for _, a := range s.Shocks {
			shocks++
			at := d.Arrivals[a].Time.Sub(s.Time).Seconds()
			direct, _, _ := geo.Inverse(s.Launch, d.Sensors[d.Arrivals[a].Sensor].At)
			if owners[a] || strings.HasPrefix(s.Class, "mortar") || at > float64(direct)/SpeedAcoustic+.6 {
				t.Errorf("shot %d, %s: shock wave after %.2f s at %.0f m", i, s.Class, at, float64(direct))
			}
			owners[a] = true
		}
	}
	for i, e := range d.Events {
		if len(e.Picks) < leastToLocate {
			t.Errorf("event %d was heard by %d", i, len(e.Picks))
		}
	}
	if len(classes) < 5 || shocks < 8 {
		t.Errorf("%v, %d shock waves", classes, shocks)
	}
}

// TestAimHits: the elevation found brings the shell down at the distance asked for.
func TestAimHits(t *testing.T) {
	for i := range guns {
		f := flight{&guns[i], 1.225, 1}
		speed := guns[i].speeds[len(guns[i].speeds)-1]
		far := 0.0
		for a := guns[i].low; a < guns[i].high; a++ {
			far = max(far, f.fly(speed, a*math.Pi/180, .05, nil).x)
		}
		for _, steep := range []bool{false, true} {
			elevation, ok := f.aim(speed, .8*far, steep)
			if got := f.fly(speed, elevation, .01, nil).x; ok && math.Abs(got-.8*far) > .01*far {
				t.Errorf("%s aimed at %.0f m hits %.0f", f.class, .8*far, got)
			}
			if !ok && !steep && !f.steep {
				t.Errorf("%s does not reach %.0f of %.0f m", f.class, .8*far, far)
			}
		}
		if _, ok := f.aim(speed, 1.2*far, false); ok {
			t.Errorf("%s reaches beyond its range", f.class)
		}
	}
}

// TestThePerfectAnswerScoresPerfectly, and the wrong one does not.
func TestThePerfectAnswerScoresPerfectly(t *testing.T) {
	d := duels(t, DuelConfig{Seed: 2, Fires: 12, Sensors: 500})
	var events []Found
	for _, e := range d.Events {
		f := Found{Time: e.Time, At: e.At, Ellipse: geo.Ellipse{Major: 50, Minor: 50}}
		for _, p := range e.Picks {
			f.Arrivals = append(f.Arrivals, p.Arrival)
		}
		events = append(events, f)
	}
	var shots []FoundShot
	for i, s := range d.Shots {
		if s.Muzzle < 0 || s.Burst < 0 {
			continue
		}
		f := FoundShot{Muzzle: s.Muzzle, Impact: s.Burst, Launch: &geo.Position{Point: s.Launch, Error: geo.Isotropic(50)}, Target: geo.Position{Point: s.Impact, Error: geo.Isotropic(50)}}
		_, f.Direction, _ = geo.Inverse(s.Launch, s.Impact)
		f.DirectionSigma, f.Classes, f.Probability = .1, map[string]float64{s.Class: 1}, 1
		if d.again(i) {
			f.Salvo = 1
		}
		if f.Left = 1; s.Side == geo.Right {
			f.Left, f.Right = 0, 1
		}
		shots = append(shots, f)
	}
	s := d.ScoreShots(events, shots)
	if s.Precision() != 1 || s.Recall() != 1 || s.Launch.Coverage() != 1 || s.DirectionIn != s.Right || s.Class.Mean() != 0 || s.Side.Mean() != 0 || s.SideWrong != 0 || s.Salvo.Mean() != 0 {
		t.Errorf("%v", s)
	}
	for i := range shots {
		shots[i].Left, shots[i].Right = shots[i].Right, shots[i].Left
		shots[i].Impact = (shots[i].Impact + 1) % len(events)
	}
	if s = s.Plus(d.ScoreShots(events, shots)); s.SideWrong < len(shots)/2 || s.Precision() > .8 || s.Pair.Mean() < .2 {
		t.Errorf("with everything wrong once: %v", s)
	}
}

func TestDuelsThatMeanNothingAreRefused(t *testing.T) {
	for _, c := range []struct {
		cfg  DuelConfig
		want string
	}{
		{DuelConfig{Fires: -1}, "-1 fires"}, {DuelConfig{Fires: MaxFires + 1}, "write 1 to"}, {DuelConfig{Others: 1e9}, "other blasts"},
		{DuelConfig{Sensors: 2}, "2 sensors"}, {DuelConfig{Wind: 1000}, "wind"}, {DuelConfig{Noise: 1e6}, "noise"},
	} {
		if _, err := NewDuels(c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.cfg, err, c.want)
		}
	}
}

// TestMuffledGunsAreHeardByNobody: their impacts and shock waves are, and an answer with the right
// sector counts as right, by direction and by distance.
func TestMuffledGunsAreHeardByNobody(t *testing.T) {
	d := duels(t, DuelConfig{Seed: 6, Fires: 12, Sensors: 600, Muffled: true})
	var events []Found
	var shots []FoundShot
	shocks := 0
	for _, s := range d.Shots {
		if shocks += len(s.Shocks); s.Muzzle >= 0 {
			t.Fatalf("a muzzle blast is event %d", s.Muzzle)
		}
		if s.Burst < 0 {
			continue
		}
		f := Found{Time: d.Events[s.Burst].Time, At: s.Impact}
		for _, p := range d.Events[s.Burst].Picks {
			f.Arrivals = append(f.Arrivals, p.Arrival)
		}
		away, _, azimuth := geo.Inverse(s.Launch, s.Impact)
		shots = append(shots, FoundShot{Muzzle: -1, Impact: len(events), Direction: azimuth, DirectionSigma: 1, Near: away - 1, Far: away + 1})
		events = append(events, f)
	}
	n := len(shots)
	if s := d.ScoreShots(events, shots); n < 10 || shocks == 0 || s.SectorsRight != n || s.SectorsIn != n || s.SectorsFar != n {
		t.Errorf("%d shots, %d shock waves: %v", n, shocks, s)
	}
	for i := range shots {
		shots[i].Direction += 2
		shots[i].Near += 2
		shots[i].Far += 2
	}
	if s := d.ScoreShots(events, shots); s.SectorsRight != n || s.SectorsIn != 0 || s.SectorsFar != 0 {
		t.Errorf("all wrong: %v", s)
	}
}
