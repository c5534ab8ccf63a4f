package engage

import (
	"math"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// TestAGhostHasNoSector: the impact of TestAnUnheardGunIsASector, with a score that hardly lets one
// believe that it is a blast.
func TestAGhostHasNoSector(t *testing.T) {
	f, _ := unheardGun(t)
	for score, want := range map[float64]int{80: 1, sureScore: 0, 3: 0} {
		f.Events[0].Score = score
		r, err := Tie(f, Options{})
		if err != nil || len(r.Engagements) != want || len(r.Engagements)+len(r.Undetermined) != 1 {
			t.Errorf("score %g: %d sectors, want %d, %v", score, len(r.Engagements), want, err)
		}
	}
}

// TestASectorTurnsWithTheField: the same shot from eight directions, about north too, where
// azimuths begin anew.
func TestASectorTurnsWithTheField(t *testing.T) {
	f, _ := unheardGun(t)
	impact := f.Events[0].At
	b := NewBallistics()
	var sigmas []float64
	for turn := 0.0; turn < 360; turn += 45 {
		g := f
		g.Sensors = slices.Clone(f.Sensors)
		for i := range g.Sensors {
			away, azimuth, _ := geo.Inverse(impact, f.Sensors[i].At)
			g.Sensors[i].At, _ = geo.Direct(impact, azimuth+geo.Degrees(turn), away)
		}
		r, err := Tie(g, Options{Ballistics: b})
		if err != nil || len(r.Engagements) != 1 {
			t.Fatalf("turned by %g: %+v, %v", turn, r, err)
		}
		s := r.Engagements[0].Sector
		if off := math.Abs(math.Remainder(float64(s.Azimuth)-225-turn, 360)); off > 3*float64(s.AzimuthSigma) || s.Azimuth < 0 || s.Azimuth >= 360 {
			t.Errorf("turned by %g: from %.1f +- %.1f degrees", turn, s.Azimuth, s.AzimuthSigma)
		}
		sigmas = append(sigmas, float64(s.AzimuthSigma))
	}
	if least, most := slices.Min(sigmas), slices.Max(sigmas); most > 1.6*least {
		t.Errorf("how sure it is depends on the direction: %.2f to %.2f degrees", least, most)
	}
}

// TestTwoImpactsShareNoShockWave: of two impacts beside each other one has the sector.
func TestTwoImpactsShareNoShockWave(t *testing.T) {
	f, _ := unheardGun(t)
	twin := f.Events[0]
	plane := geo.NewPlane(twin.At)
	twin.At = plane.From(150, 0)
	twin.ID = truce.NewID(twin.Time, "event", locate.Method, []byte("twin"))
	f.Events = append(f.Events, twin)
	r, err := Tie(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	claimed := map[int]bool{}
	for _, e := range r.Engagements {
		for _, s := range e.Shocks {
			if claimed[s.Arrival] {
				t.Errorf("arrival %d is the shock wave of two shots", s.Arrival)
			}
			claimed[s.Arrival] = true
		}
	}
	if len(r.Engagements) != 1 || len(claimed) < leastShocks || len(r.Undetermined) != 1 {
		t.Errorf("%d sectors of %d arrivals, %d events left", len(r.Engagements), len(claimed), len(r.Undetermined))
	}
}

// TestSectorsAreFireAfterFire: a sector is a fire of its own behind those with a muzzle.
func TestSectorsAreFireAfterFire(t *testing.T) {
	f, _ := unheardGun(t)
	at, plane := f.Events[0].Time.Add(-1000_000_000_000), geo.NewPlane(realPlace)
	for i, seconds := range []float64{0, 30} {
		f.Events = append(f.Events, locate.Event{
			ID: truce.NewID(at, "event", locate.Method, []byte{byte(i)}), Time: at + truce.Instant(seconds*1e6), TimeSigma: .08,
			At: plane.From(geo.Metres(100*seconds), -30_000), Ellipse: geo.Ellipse{Major: 50, Minor: 30}, Score: 60,
		})
	}
	r, err := Tie(f, Options{})
	if err != nil || len(r.Engagements) != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	shot, sector := r.Engagements[0], r.Engagements[1]
	if shot.Sector != nil || shot.Fire != 0 || sector.Sector == nil || sector.Fire != 1 || sector.Muzzle != -1 {
		t.Errorf("%+v", r.Engagements)
	}
}

func TestTheHorizonIsRound(t *testing.T) {
	for step, want := range map[float64]int{coarseDegrees: 120, fineDegrees: 480, 90: 4} {
		got := round(step)
		if len(got) != want || got[0] != 0 || got[len(got)-1] != 360-step {
			t.Errorf("steps of %g: %d from %g to %g", step, len(got), got[0], got[len(got)-1])
		}
	}
}

// TestWhatIsLikelyIsSweptFinely: about each direction of some weight, over north too; not about
// what has less than a hundredth of the best.
func TestWhatIsLikelyIsSweptFinely(t *testing.T) {
	s := search{origins: []origin{{azimuth: 357, weight: 1}, {azimuth: 120, weight: .5}, {azimuth: 240, weight: fineShare / 2}}}
	got := s.likely()
	for _, c := range []struct {
		azimuth float64
		is      bool
	}{{357, true}, {0, true}, {3, true}, {3.75, false}, {351, true}, {349.5, false}, {120, true}, {126, true}, {114, true}, {127.5, false}, {240, false}} {
		if slices.Contains(got, c.azimuth) != c.is {
			t.Errorf("%g degrees is swept finely: %v", c.azimuth, !c.is)
		}
	}
	if want := 2 * int(2*fineReach/fineDegrees+1); len(got) != want {
		t.Errorf("%d directions, want %d", len(got), want)
	}
}

// TestASpreadOverNorthIsNarrow: three origins about north are a few degrees wide and not a half
// circle; two opposite ones are.
func TestASpreadOverNorthIsNarrow(t *testing.T) {
	told := func(azimuths ...float64) Engagement {
		s := search{impact: &node{plane: geo.NewPlane(realPlace)}}
		for _, a := range azimuths {
			s.origins = append(s.origins, origin{class: Howitzer152, azimuth: a, distance: 5000, time: 12, weight: 1, step: fineDegrees})
		}
		return s.engagement(s.best(), 3, .96)
	}
	e := told(359, 0, 1)
	if e.Sector.Azimuth > 1 && e.Sector.Azimuth < 359 || e.DirectionSigma > 2 || math.Abs(float64(e.Direction)-180) > 1 {
		t.Errorf("from %.2f +- %.2f, towards %.2f", e.Sector.Azimuth, e.DirectionSigma, e.Direction)
	}
	if e := told(0, 175); e.DirectionSigma <= widestSector {
		t.Errorf("from two opposite directions: +- %.2f", e.DirectionSigma)
	}
	if e.Distance != 5000 || e.TimeOfFlight != 12 || e.Sector.Near >= 5000 || e.Sector.Far <= 5000 || e.Score != 3 || e.Fired != .96 {
		t.Errorf("%+v", e)
	}
}

// TestTheGroundHoldsThePosterior: one place a direction and distance, where that is, with shares
// that sum to one.
func TestTheGroundHoldsThePosterior(t *testing.T) {
	plane := geo.NewPlane(realPlace)
	s := search{impact: &node{plane: plane, error: geo.Isotropic(20)}, origins: []origin{
		{class: Howitzer152, azimuth: 90, distance: 4000, weight: 1, step: fineDegrees},
		{class: TankGun, azimuth: 90, distance: 4000, weight: 2, step: fineDegrees},
		{class: TankGun, azimuth: 180, distance: 2000, weight: 1, step: fineDegrees},
	}}
	got := s.ground(300)
	if len(got) != 2 || math.Abs(got[0].p-.75) > 1e-9 || math.Abs(got[1].p-.25) > 1e-9 {
		t.Fatalf("%+v", got)
	}
	for i, want := range []geo.Point{plane.From(4000, 0), plane.From(0, -2000)} {
		if away := geo.Distance(got[i].at.Point, want); away > 1 {
			t.Errorf("place %d lies %.0f m off", i, away)
		}
	}
	if c := got[0].at.Error; c.EE < square(300) || c.NN > square(300) {
		t.Errorf("seen from the west it is %.0f m deep and %.0f m wide", math.Sqrt(c.EE), math.Sqrt(c.NN))
	}
}

// TestSectorsSpeakForWhatIsFast: what was heard is likelier of a tank gun, and howitzers share what
// one of them gains; what is slow gains nothing.
func TestSectorsSpeakForWhatIsFast(t *testing.T) {
	var s search
	s.tried[Howitzer152], s.gained[Howitzer152] = 2, 20
	s.tried[TankGun], s.gained[TankGun] = 1, 1000
	sum, p := 0.0, [classes]float64{}
	for _, w := range s.classes() {
		p[w.Class] = w.P
		sum += w.P
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("they sum to %g", sum)
	}
	gain := func(c, than Class) float64 { return p[c] / priorOf(c) / (p[than] / priorOf(than)) }
	for _, c := range []struct {
		class, than Class
		want        float64
	}{{TankGun, Mortar82, math.Pow(1000, classTrust)}, {Howitzer122, Mortar60, math.Pow(10, classTrust)}, {Howitzer155, Howitzer152, 1}, {Rocket122, Mortar120, 1}} {
		if got := gain(c.class, c.than); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("%v gains %g over %v, want %g", c.class, got, c.than, c.want)
		}
	}
	howitzers, tanks := priorOf(Howitzer152), priorOf(TankGun)
	if got, want := s.evidence(), (howitzers*10+tanks*1000)/(howitzers+tanks); math.Abs(got-want) > 1e-9 {
		t.Errorf("evidence %g, want %g", got, want)
	}
}
