package fuse

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// scattered makes n events of three families with errors from 60 m to 60 km and lengths
// from a moment to a month, in a square of some 100 km.
func scattered(n int, seed uint64) []truce.Event {
	r := rand.New(rand.NewPCG(seed, 2))
	start := truce.InstantOf(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	families := []truce.Family{truce.FamilyAcoustic, truce.FamilyMedia, truce.FamilyPatrol}
	acts := []truce.Act{truce.ActExplosion, truce.ActOWAUAV, truce.ActIndirectFire, truce.ActAttackEnergy}
	out := make([]truce.Event, n)
	for i := range out {
		from := start.Add(time.Duration(r.Float64() * 20 * 24 * float64(time.Hour)))
		long := time.Duration(math.Pow(720, r.Float64())*float64(time.Hour)) - time.Hour
		id := truce.NewID(from, "event", "scattered", []byte(fmt.Sprint(i)))
		out[i] = truce.Event{
			ID: id, Kind: acts[r.IntN(4)], Score: 0.5,
			Origin: truce.PhenomenonTime{From: from, To: from.Add(long), Sigma: truce.MicrosOf(time.Minute)},
			Position: &geo.Position{
				Point: geo.Point{Lat: geo.Degrees(48 + r.Float64()), Lon: geo.Degrees(36 + 1.4*r.Float64())},
				Error: geo.Isotropic(geo.Metres(60 * math.Pow(1000, r.Float64()))),
			},
			Support: []truce.Support{{Source: truce.SourceID(fmt.Sprint("s", i%5)), Family: families[i%3]}},
		}
	}
	return out
}

// The shelves must find every pair that a look at all pairs finds.
func TestShelvesMissNoPair(t *testing.T) {
	for seed := uint64(1); seed <= 5; seed++ {
		f := New(scattered(300, seed), Config{Background: 1e-6})
		var want []pair
		for i := range f.items {
			for j := i + 1; j < len(f.items); j++ {
				a, b := &f.items[i], &f.items[j]
				if within(a, b) {
					if odds := f.odds(a, b); odds >= 1 {
						want = append(want, pair{odds, int32(i), int32(j)})
					}
				}
			}
		}
		slices.SortFunc(want, comparePairs)
		got := f.pairs()
		if len(want) < 20 {
			t.Fatalf("seed %d: only %d pairs, the test sees too little", seed, len(want))
		}
		if len(got) != len(want) {
			t.Fatalf("seed %d: %d pairs, a look at all finds %d", seed, len(got), len(want))
		}
		for k := range want {
			// The odds of (a, b) and (b, a) may differ in the last digit.
			if got[k].a != want[k].a || got[k].b != want[k].b || math.Abs(got[k].odds/want[k].odds-1) > 1e-9 {
				t.Fatalf("seed %d: pair %d is %+v, want %+v", seed, k, got[k], want[k])
			}
		}
	}
}

func TestDensityOfAKnownField(t *testing.T) {
	// Ten events a day over 90 days on 135 by 135 km: 5.5e-4 per km2 and day.
	r := rand.New(rand.NewPCG(5, 5))
	base := scattered(900, 1)
	for i := range base {
		base[i].Kind = truce.ActHeat
		base[i].Support[0] = truce.Support{Source: "firms", Family: truce.FamilyThermal}
		base[i].Origin = truce.Moment(base[0].Origin.From.Add(time.Duration(r.Float64()*90*24*float64(time.Hour))), time.Minute)
		base[i].Position = &geo.Position{Point: geo.Point{
			Lat: geo.Degrees(48 + 135/111.2*r.Float64()),
			Lon: geo.Degrees(36 + 135/(111.32*math.Cos(48.6*math.Pi/180))*r.Float64()),
		}, Error: geo.Isotropic(100)}
	}
	f := New(base, Config{})
	sum, n := 0.0, 0
	for i := range f.items {
		it := &f.items[i]
		if math.Abs(it.lat-48.6) < 0.3 && math.Abs(it.lon-36.9) < 0.4 { // not at the edge
			sum += it.crowd * 24
			n++
		}
	}
	want := 900.0 / 90 / (135 * 135)
	if got := sum / float64(n); math.Abs(got/want-1) > 0.12 {
		t.Errorf("mean density %.3g per km2 and day, want %.3g", got, want)
	}
}

func TestDensityBeforeAnythingIsSeen(t *testing.T) {
	f := New(scattered(1, 1), Config{Background: 2e-3})
	// One event alone: (0 + 1) / (45 km squared x 30 days at most + 1/background).
	it := &f.items[0]
	perDay := f.where.around(it) * 24
	if perDay > 2e-3 || perDay < 1/(2025*30+500.0)-1e-9 {
		t.Errorf("density %.3g per km2 and day beside one event, want at most the background", perDay)
	}
}

func TestCopiesDoNotThickenTheCrowd(t *testing.T) {
	events := scattered(60, 3)
	alone := New(events[:1], Config{}).items[0].crowd
	for i := range events {
		events[i].Position, events[i].Origin, events[i].Kind = events[0].Position, events[0].Origin, events[0].Kind
		events[i].Support[0] = truce.Support{Source: "posts", Family: truce.FamilyMedia, Group: "copies"}
	}
	f := New(events, Config{})
	for i := range f.items {
		if math.Abs(f.items[i].crowd/alone-1) > 1e-9 {
			t.Fatalf("crowd %.4g among sixty copies, %.4g for one report", f.items[i].crowd, alone)
		}
	}
}

func TestLikeness(t *testing.T) {
	for _, row := range []struct {
		a, b truce.Act
		want float64
	}{
		{truce.ActOWAUAV, truce.ActOWAUAV, 0.9},
		{truce.ActSniper, truce.ActDirectFire, 0.9},
		{truce.ActOWAUAV, truce.ActMissileStrike, 0.1 / 8},
		{truce.ActHeat, truce.ActOWAUAV, 1},
		{truce.ActHeat, truce.ActSniper, 0},
		{truce.ActHeat, truce.ActDenyAccess, 0},
		{truce.ActHeat, "internet_shutdown", 0},
		{truce.ActHeat, truce.ActControlledExplos, 1},
		{truce.ActHeat, truce.ActExplosion, 1},
		{truce.ActHeat, truce.ActUAVHeard, 0},
		{truce.ActExplosion, truce.ActIndirectFire, 1},
		{truce.ActExplosion, truce.ActCrater, 0.1},
		{truce.ActExplosion, "rotation_unnotified", 0},
		{truce.ActUAVHeard, "recon_uav", 1},
		{truce.ActUAVHeard, truce.ActIndirectFire, 0},
		{truce.ActSingleShot, truce.ActSniper, 1},
		{truce.ActAirStrike, truce.ActAttackEnergy, 0.5},
		{truce.ActAirStrike, "attack_merchant", 0.5},
		{truce.ActAirStrike, "cyber_protected", 0.001},
		{truce.ActJamGNSS, truce.ActNewTrench, 0.001},
		{"unheard_of", "unheard_of", 0.9},
		{"unheard_of", "never_heard", 0.001},
	} {
		got, back := likeness(row.a, row.b, 0.1), likeness(row.b, row.a, 0.1)
		if math.Abs(got-row.want) > 1e-12 || got != back {
			t.Errorf("%s and %s: %v one way, %v the other, want %v", row.a, row.b, got, back, row.want)
		}
	}
}

func TestOddsFallWithDistanceTimeAndCrowd(t *testing.T) {
	events := scattered(2, 1)
	base := func() (*Fuser, *item, *item) {
		f := New(events, Config{})
		a := f.items[0]
		a.cov.XX, a.cov.XY, a.cov.YY = 1, 0, 1
		a.when.From, a.when.To, a.when.Sigma = 0, 24, 1
		a.kind, a.source, a.family, a.tells, a.copies, a.heat = 0, 1, 1, false, -1, false
		b := a
		b.source, b.family = 2, 2
		return f, &a, &b
	}
	steps := map[string]func(b *item, k float64){
		"distance": func(b *item, k float64) { b.lat += k * 0.01 },
		"time":     func(b *item, k float64) { b.when.From += 6 * k; b.when.To += 6 * k },
		"crowd":    func(b *item, k float64) { b.crowd *= 1 + k },
		"trust":    func(b *item, k float64) { b.trust /= 1 + k },
	}
	for name, change := range steps {
		last := math.Inf(1)
		for k := range 4 {
			f, a, b := base()
			change(b, float64(k))
			odds, turned := f.odds(a, b), f.odds(b, a)
			if odds >= last || math.Abs(odds/turned-1) > 1e-9 {
				t.Errorf("%s, step %d: odds %v after %v, turned %v", name, k, odds, last, turned)
			}
			last = odds
		}
	}
}
