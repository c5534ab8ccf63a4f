package publish

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func randomPoint(t *rapid.T, name string) geo.Point {
	return geo.Point{Lat: geo.Degrees(rapid.Float64Range(-89, 89).Draw(t, name+" lat")), Lon: geo.Degrees(rapid.Float64Range(-180, 180).Draw(t, name+" lon"))}
}

// The nearest place is the one with the least distance measured on the ellipsoid. Chords
// on a sphere order points as distances do, up to the flattening: a place may win that is
// at most 0.6 % further away.
func TestTheNearestPlaceIsTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var places []truce.PlaceName
		for i := range rapid.IntRange(1, 12).Draw(t, "places") {
			p := randomPoint(t, fmt.Sprint("place ", i))
			places = append(places, truce.PlaceName{Key: fmt.Sprint("P", i), At: &p})
		}
		from := randomPoint(t, "from")
		got := newGazetteer(places).nearest(from)
		least := math.Inf(1)
		for _, p := range places {
			distance, azimuth, _ := geo.Inverse(*p.At, from)
			least = min(least, float64(distance))
			if p.Key != got.Name {
				continue
			}
			if math.Abs(float64(distance)-got.DistanceM) > 0.5 {
				t.Fatalf("%s is %v m away, said %v", p.Key, distance, got.DistanceM)
			}
			if turn := math.Abs(math.Remainder(float64(azimuth)-got.Bearing, 360)); turn > 0.5001 || got.Bearing < 0 || got.Bearing >= 360 {
				t.Fatalf("%s: bearing %v, said %v", p.Key, azimuth, got.Bearing)
			}
		}
		if got.DistanceM > least*1.006+1 {
			t.Fatalf("%s at %v m, the nearest is at %v m", got.Name, got.DistanceM, least)
		}
	})
}

func TestPlacesWithoutAPositionAreNoneToMeasureFrom(t *testing.T) {
	far := geo.Point{Lat: 95}
	g := newGazetteer([]truce.PlaceName{{Key: "A"}, {Key: "B", At: &far}})
	if got := g.nearest(geo.Point{}); got != nil {
		t.Errorf("nearest of no positions: %+v", got)
	}
}

func TestTheWayFromANamedPlace(t *testing.T) {
	town := geo.Point{Lat: -37, Lon: -12}
	north, _ := geo.Direct(town, 0, 4321)
	cases := []struct {
		name   string
		place  truce.RowPlace
		en, uk string
	}{
		{"as its source named it", truce.RowPlace{Name: "Nordhavn", Near: &truce.NearName{Name: "Two Wells", DistanceM: 9000}}, "near Nordhavn", "біля н. п. Нордгавн"},
		{"far enough to have a direction", truce.RowPlace{Near: newGazetteer([]truce.PlaceName{{Key: "Nordhavn", At: &town}}).nearest(north), RadiusM: 900},
			"4.3 km north of Nordhavn", "4,3 км на північ від н. п. Нордгавн"},
		{"nearer than its own error", truce.RowPlace{Near: &truce.NearName{Name: "Nordhavn", DistanceM: 800, Bearing: 90}, RadiusM: 900}, "near Nordhavn", "біля н. п. Нордгавн"},
		{"a disputed name", truce.RowPlace{Near: &truce.NearName{Name: "Two Wells", DistanceM: 12_499, Bearing: 225}}, "12 km south-west of Two Wells / Dvabrunn",
			"12 км на південний захід від н. п. Два Колодязі / Двабрунн"},
		{"a whole number of kilometres", truce.RowPlace{Near: &truce.NearName{Name: "Nordhavn", DistanceM: 2_040, Bearing: 46}}, "2 km north-east of Nordhavn", "2 км на північний схід від н. п. Нордгавн"},
		{"a few metres", truce.RowPlace{Near: &truce.NearName{Name: "Nordhavn", DistanceM: 20, Bearing: 270}}, "0.1 km west of Nordhavn", "0,1 км на захід від н. п. Нордгавн"},
		{"no place", truce.RowPlace{}, "", ""},
	}
	b := mustDaily(t, fixtureInput())
	for _, c := range cases {
		for lang, want := range map[string]string{"en": c.en, "uk": c.uk} {
			p, err := newPrinter(lang, time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			if got := newWriter(p, b, PrintOptions{}).nearName(c.place).String(); strings.ReplaceAll(got, "\u00a0", " ") != want {
				t.Errorf("%s, %s: %q, want %q", c.name, lang, got, want)
			}
		}
	}
}

func TestCompassPoints(t *testing.T) {
	for deg, want := range map[float64]string{0: "n", 22: "n", 23: "ne", 45: "ne", 90: "e", 112: "e", 113: "se", 180: "s", 224: "sw", 270: "w", 315: "nw", 337: "nw", 338: "n", 359: "n"} {
		if got := compassPoint(deg); got != want {
			t.Errorf("%.0f° is %s, want %s", deg, got, want)
		}
	}
	for deg, want := range map[float64]float64{-0.4: 0, 359.6: 0, -90: 270, 12.5: 13, 180: 180, -179.7: 180} {
		if got := wholeDegrees(deg); got != want {
			t.Errorf("%v° is %v, want %v", deg, got, want)
		}
	}
}

// A position is printed with about a tenth of its error, and never with so few digits
// that it would lie outside of it.
func TestDegreesSayNoMoreThanIsKnown(t *testing.T) {
	for radius, want := range map[float64]int{0: 5, 1: 5, 37: 5, 111: 4, 276: 4, 900: 4, 1110: 3, 9391: 3, 14_000: 2, 500_000: 2} {
		if got := degreeDigits(radius); got != want {
			t.Errorf("an error of %v m: %d decimals, want %d", radius, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		radius := rapid.Float64Range(50, 1e6).Draw(t, "radius")
		if rounding := 111_000 * 0.5 * math.Pow(10, -float64(degreeDigits(radius))); rounding > radius {
			t.Fatalf("an error of %v m is printed with a rounding of %v m", radius, rounding)
		}
	})
}

// Distance and direction stay with the mission.
func TestTheWayFromAPlaceStaysInside(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	if near := b.Rows[2].Place.Near; near == nil || near.Name != "Nordhavn" || near.DistanceM < 4000 || near.DistanceM > 5000 {
		t.Fatalf("row 3 lies %+v of a named place, want about 4.3 km from Nordhavn", near)
	}
	pub := mustRelease(t, releaseOf(b)).Bulletin
	for _, r := range pub.Rows {
		if r.Place.Near != nil {
			t.Errorf("row %d goes out with the way from %s", r.N, r.Place.Near.Name)
		}
	}
	for _, p := range pub.Places {
		if p.At != nil {
			t.Errorf("the place %s goes out with its position", p.Key)
		}
	}
	for _, p := range b.Places {
		if p.At == nil {
			t.Errorf("the mission's own place %s lost its position", p.Key)
		}
	}
	leak := pub
	leak.Places = b.Places
	leak.Rows = append([]truce.BulletinRow{}, pub.Rows...)
	leak.Rows[0].Place.Near = b.Rows[2].Place.Near
	if problems := PublicProblems(leak); len(problems) < 2 {
		t.Errorf("positions of places and ways from them pass the gate: %v", problems)
	}
}
