package movement

import (
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// circling is a track that flies in, circles for a time and flies on.
func circling(sigma float64) track.Track {
	in := straight(3, -4000, 0, 20, 0, sigma, 20) // ends at -200 m
	for i := range 60 {
		turn := float64(i) * .4
		s := in.States[19]
		s.Time += truce.Instant(i+1) * 10_000_000
		s.At = spot(200*math.Sin(turn), 200*math.Cos(turn))
		in.States = append(in.States, s)
	}
	for i := range 20 {
		s := in.States[19]
		s.Time = in.States[79].Time + truce.Instant(i+1)*10_000_000
		s.At = spot(400+200*float64(i), 0)
		in.States = append(in.States, s)
	}
	return in
}

func TestCirclingIsOneLoitering(t *testing.T) {
	rule := LoiterRule{Radius: 500, Least: 300_000_000}
	got, err := Loiters(circling(30), rule, Config{})
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, %+v, want one stay", err, got)
	}
	l := got[0]
	if d := geo.Distance(l.At, home); d > 350 {
		t.Errorf("its middle is %g m off", float64(d))
	}
	if s := l.To.Sub(l.From).Seconds(); s < 590 || s > 700 {
		t.Errorf("it stayed for %g s, want the 600 s of the circles and what is near", s)
	}
	if l.Chance < .8 {
		t.Errorf("chance %g, want nearly 1", l.Chance)
	}
	vague, err := Loiters(circling(800), rule, Config{})
	if err != nil || len(vague) > 1 || len(vague) == 1 && vague[0].Chance > .3 {
		t.Errorf("%v, %+v: with an error of 800 m nobody can say that it stayed within 500", err, vague)
	}
	through, err := Loiters(straight(1, -4000, 0, 20, 0, 30, 60), rule, Config{})
	if err != nil || len(through) != 0 {
		t.Errorf("%v, %+v: flying through is no loitering", err, through)
	}
	if _, err := Loiters(circling(30), LoiterRule{}, Config{}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("no radius: error %v, want one that says what is invalid", err)
	}
}

// TestAHoverIsSurelyAStay: what flies to a place, hovers and flies home was around that place
// nearly certainly; what of the way belongs to the stay does not make it doubtful.
func TestAHoverIsSurelyAStay(t *testing.T) {
	flight := straight(1, -4000, 0, 14, 0, 12, 60) // every 10 s, ends past the middle
	hover := flight.States[29]
	for i := 30; i < 60; i++ {
		s := hover
		s.Time = flight.States[i].Time
		if i >= 45 { // home again
			s.At = spot(-4000+14*10*29-140*float64(i-44), 0)
		}
		flight.States[i] = s
	}
	got, err := Loiters(flight, LoiterRule{Radius: 300, Least: 120_000_000}, Config{})
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, %+v, want one stay", err, got)
	}
	if s := got[0].To.Sub(got[0].From).Seconds(); got[0].Chance < .85 || s < 140 || s > 240 {
		t.Errorf("%g s with a chance of %g, want the 150 s of the hover and what is near", s, got[0].Chance)
	}
}

// TestStandingStayHasTheChanceOfItsError holds the chance against the closed form: a place
// with error sigma lies within r of its mean with 1 - exp(-r2 / (2 sigma2)).
func TestStandingStayHasTheChanceOfItsError(t *testing.T) {
	for _, sigma := range []float64{100, 250, 400} {
		got, err := Loiters(straight(1, 0, 0, 0, 0, sigma, 60), LoiterRule{Radius: 500, Least: 300_000_000}, Config{})
		if err != nil || len(got) != 1 {
			t.Fatalf("%v, %+v, want one stay", err, got)
		}
		near(t, "chance", got[0].Chance, 1-math.Exp(-500*500/(2*sigma*sigma)), .005)
	}
}
