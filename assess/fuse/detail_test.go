package fuse_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

// says is what a source of a family tells of a gun at the mill, minutes after midnight.
func says(source string, family truce.Family, after int, d truce.Detail) truce.Event {
	when := truce.Moment(midnight.Add(time.Duration(after)*time.Minute), time.Minute)
	e := event(fmt.Sprint(source, after), "weapon_inside_distance", truce.SourceID(source), family, geo.Position{Point: at(0, 0), Error: geo.Isotropic(200)}, when)
	if family != truce.FamilyMedia && family != truce.FamilyParty && family != truce.FamilyCivilian {
		e.Score = 0.9
	}
	e.Detail = &d
	return e
}

const (
	patrol = truce.FamilyPatrol
	drone  = truce.FamilyDrone
	camera = truce.FamilyCamera
	media  = truce.FamilyMedia
	party  = truce.FamilyParty
)

// several are statements of one field by the families given, each of a source of its own.
func several(families []truce.Family, details ...truce.Detail) []truce.Event {
	var out []truce.Event
	for i, d := range details {
		out = append(out, says(fmt.Sprint("s", i), families[i], i, d))
	}
	return out
}

func weapon(kind string, calibre float64, p truce.Probability) truce.Weapon {
	return truce.Weapon{Type: kind, CalibreMM: calibre, P: p}
}

func TestWeaponsOfAHappening(t *testing.T) {
	of := func(w ...truce.Weapon) truce.Detail { return truce.Detail{Weapons: w} }
	two, three := []truce.Family{patrol, drone}, []truce.Family{patrol, drone, camera}
	howitzer := weapon("howitzer", 152, 1)
	for _, row := range []struct {
		name   string
		events []truce.Event
		want   []truce.Weapon
	}{
		{"one statement stays as it is", several(two, of(weapon("howitzer", 152, 0.9), weapon("tank", 125, 0.1))), []truce.Weapon{weapon("howitzer", 152, 0.9), weapon("tank", 125, 0.1)}},
		{"what is left open stays open", several(two, of(weapon("mortar", 120, 0.6))), []truce.Weapon{weapon("mortar", 120, 0.6)}},
		{"two that agree", several(two, of(howitzer), of(howitzer)), []truce.Weapon{howitzer}},
		{"two that differ", several(two, of(howitzer), of(weapon("mlrs", 122, 1))), []truce.Weapon{weapon("howitzer", 152, 0.5), weapon("mlrs", 122, 0.5)}},
		{"a patrol and a paper differ", several([]truce.Family{patrol, media}, of(howitzer), of(weapon("mlrs", 122, 1))), []truce.Weapon{weapon("howitzer", 152, 0.642857), weapon("mlrs", 122, 0.357143)}},
		{"a calibre alone speaks for what fits it", several(two, of(howitzer), of(weapon("", 152, 1))), []truce.Weapon{howitzer}},
		{"and for each in proportion", several(three, of(weapon("howitzer", 152, 0.6), weapon("gun", 152, 0.3)), of(weapon("", 152, 1)), of(weapon("mlrs", 122, 1))),
			[]truce.Weapon{weapon("howitzer", 152, 0.422222), weapon("mlrs", 122, 0.333333), weapon("gun", 152, 0.211111)}},
		{"but not against its own words", several(two, of(weapon("howitzer", 152, 0.5), weapon("", 152, 0.5)), of(howitzer)), []truce.Weapon{weapon("howitzer", 152, 0.75), weapon("", 152, 0.25)}},
		{"who says nothing counts nothing", several(two, of(howitzer), truce.Detail{Quantity: 1}), []truce.Weapon{howitzer}},
		{"more than everything is everything", several(two, of(weapon("gun", 0, 0.9), weapon("mlrs", 0, 0.9))), []truce.Weapon{weapon("gun", 0, 0.5), weapon("mlrs", 0, 0.5)}},
		{"anything", several(two, of(truce.Weapon{P: 0.5}, weapon("gun", 100, 0.5)), of(weapon("gun", 100, 0.5))), []truce.Weapon{weapon("gun", 100, 0.5)}},
	} {
		got := together(t, row.events...).Detail
		ok := got != nil && len(got.Weapons) == len(row.want)
		for i := 0; ok && i < len(row.want); i++ {
			p := got.Weapons[i].P
			got.Weapons[i].P = row.want[i].P
			ok = got.Weapons[i] == row.want[i] && math.Abs(float64(p-row.want[i].P)) < 2e-6
			got.Weapons[i].P = p
		}
		if !ok {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}

func TestNumbersOfAHappening(t *testing.T) {
	saw := []truce.Family{patrol, drone, camera, truce.FamilyAcoustic}
	for _, row := range []struct {
		name     string
		families []truce.Family
		said     []int
		quantity int
		hurt     int // the same numbers as casualties
	}{
		{"one", saw, []int{12}, 12, 12},
		{"two that agree: the larger", saw, []int{11, 12}, 12, 11},
		{"two that do not: the smaller", saw, []int{12, 3}, 3, 3},
		{"two of three agree", saw, []int{12, 3, 11}, 12, 11},
		{"an exaggeration", saw, []int{3, 500, 3}, 3, 3},
		{"a part was seen", saw, []int{10, 10, 2, 11}, 11, 10},
		{"no chain", saw, []int{10, 12, 14}, 12, 12},
		{"small numbers are one apart", saw, []int{1, 2}, 2, 1},
		{"a patrol counted, papers told", []truce.Family{media, media, patrol}, []int{40, 40, 12}, 12, 40},
		{"parties alone", []truce.Family{party, party}, []int{5, 50}, 5, 5},
	} {
		var counted, hurt []truce.Detail
		for _, n := range row.said {
			counted, hurt = append(counted, truce.Detail{Quantity: n}), append(hurt, truce.Detail{Casualties: n})
		}
		if got := together(t, several(row.families, counted...)...).Detail.Quantity; got != row.quantity {
			t.Errorf("%s: quantity %d, want %d", row.name, got, row.quantity)
		}
		if got := together(t, several(row.families, hurt...)...).Detail.Casualties; got != row.hurt {
			t.Errorf("%s: casualties %d, want %d", row.name, got, row.hurt)
		}
	}
}

func launch(east, sigma geo.Metres) truce.Detail {
	return truce.Detail{Origin: &geo.Position{Point: at(east, 0), Error: geo.Isotropic(sigma)}}
}

func TestOriginOfAHappening(t *testing.T) {
	two := []truce.Family{patrol, drone}
	for _, row := range []struct {
		name        string
		families    []truce.Family
		said        []truce.Detail
		east, sigma float64 // sigma 0: no origin
	}{
		{"one", two, []truce.Detail{launch(5000, 300)}, 5000, 300},
		{"two as good", two, []truce.Detail{launch(5000, 300), launch(5400, 300)}, 5200, 300 / math.Sqrt2},
		{"the better counts more", two, []truce.Detail{launch(5000, 100), launch(5400, 300)}, 5040, math.Sqrt(9000)},
		{"two that cannot be one: the wider", two, []truce.Detail{launch(5000, 100), launch(9000, 300)}, 9000, 300},
		{"who only tells is not asked", []truce.Family{party, media}, []truce.Detail{launch(5000, 100), launch(5000, 100)}, 0, 0},
		{"nor beside who saw", []truce.Family{party, drone}, []truce.Detail{launch(1000, 100), launch(5000, 100)}, 5000, 100},
	} {
		d := together(t, several(row.families, row.said...)...).Detail
		if row.sigma == 0 {
			if d != nil {
				t.Errorf("%s: %+v, want nothing", row.name, d)
			}
			continue
		}
		plane := geo.NewPlane(mill)
		east, north := plane.To(d.Origin.Point)
		if math.Abs(float64(east)-row.east) > 1 || math.Abs(float64(north)) > 1 || math.Abs(math.Sqrt(d.Origin.Error.EE)-row.sigma) > 1 {
			t.Errorf("%s: %v m east, %v m north, sigma %v; want %v, 0, %v", row.name, east, north, math.Sqrt(d.Origin.Error.EE), row.east, row.sigma)
		}
	}
}

func TestSidesOfTheOrigin(t *testing.T) {
	from := func(shares ...truce.SideShare) truce.Detail { return truce.Detail{OriginSide: shares} }
	share := func(party truce.PartyID, p truce.Probability) truce.SideShare {
		return truce.SideShare{Party: party, P: p}
	}
	for _, row := range []struct {
		name     string
		families []truce.Family
		said     []truce.Detail
		want     []truce.SideShare
	}{
		{"one", []truce.Family{drone}, []truce.Detail{from(share("B", 0.8))}, []truce.SideShare{share("B", 0.8)}},
		{"the mean", []truce.Family{drone, patrol}, []truce.Detail{from(share("B", 1)), from(share("B", 0.4), share("A", 0.4))}, []truce.SideShare{share("A", 0.2), share("B", 0.7)}},
		{"an accusation is no origin", []truce.Family{party, party}, []truce.Detail{from(share("B", 1)), from(share("A", 1))}, nil},
	} {
		d := together(t, several(row.families, row.said...)...).Detail
		if d == nil && row.want == nil {
			continue
		}
		if d == nil || !slices.Equal(d.OriginSide, row.want) {
			t.Errorf("%s: %+v, want %v", row.name, d, row.want)
		}
	}
}

func TestOtherDetailsOfAHappening(t *testing.T) {
	t0, t1, t2 := midnight, midnight.Add(50*time.Minute), midnight.Add(70*time.Minute)
	height := func(lo, hi float64) truce.Detail { return truce.Detail{Altitude: &truce.Span{Low: lo, High: hi}} }
	store := func(declared, observed int) truce.Detail {
		return truce.Detail{Holding: &truce.Holding{Class: "tube", Declared: declared, Observed: observed}}
	}
	owed := func(since, met truce.Instant) truce.Detail {
		return truce.Detail{Duty: &truce.Duty{Since: since, MetAt: met}}
	}
	answer := func(incident string) truce.Detail {
		return truce.Detail{Claim: &truce.SelfDefence{Incident: incident}}
	}
	sealed, inSite := truce.Detail{State: "in_sealed_store"}, truce.Detail{Site: "S-1"}
	for _, row := range []struct {
		name     string
		families []truce.Family
		said     []truce.Detail
		want     *truce.Detail
	}{
		{"nothing", []truce.Family{patrol}, []truce.Detail{{}}, nil},
		{"heights that share some", []truce.Family{patrol, drone}, []truce.Detail{height(200, 600), height(500, 900)}, &truce.Detail{Altitude: &truce.Span{Low: 500, High: 600}}},
		{"heights that share none", []truce.Family{patrol, drone}, []truce.Detail{height(200, 300), height(500, 900)}, &truce.Detail{Altitude: &truce.Span{Low: 200, High: 900}}},
		{"evidence of anybody", []truce.Family{patrol, media}, []truce.Detail{{Evidence: []string{"video", "photo"}}, {Evidence: []string{"photo", "crater"}, Damage: true}},
			&truce.Detail{Evidence: []string{"crater", "photo", "video"}, Damage: true}},
		{"the last count", []truce.Family{patrol, drone}, []truce.Detail{store(12, 12), store(12, 11)}, &truce.Detail{Holding: &truce.Holding{Class: "tube", Declared: 12, Observed: 11}}},
		{"a party's count does not replace an inspection", []truce.Family{patrol, party}, []truce.Detail{store(12, 11), store(12, 12)}, &truce.Detail{Holding: &truce.Holding{Class: "tube", Declared: 12, Observed: 11}}},
		{"a party's count alone", []truce.Family{party}, []truce.Detail{store(12, 12)}, &truce.Detail{Holding: &truce.Holding{Class: "tube", Declared: 12, Observed: 12}}},
		{"met by the newest", []truce.Family{patrol, drone}, []truce.Detail{owed(t0, 0), owed(t0, t1)}, &truce.Detail{Duty: &truce.Duty{Since: t0, MetAt: t1}}},
		{"met by an older one, earliest", []truce.Family{camera, patrol, drone}, []truce.Detail{owed(t0, t2), owed(t0, t1), owed(t0, 0)}, &truce.Detail{Duty: &truce.Duty{Since: t0, MetAt: t1}}},
		{"met, but something else", []truce.Family{patrol, drone}, []truce.Detail{owed(t0, t1), owed(t1, 0)}, &truce.Detail{Duty: &truce.Duty{Since: t1}}},
		{"the last claim", []truce.Family{party, media}, []truce.Detail{answer("2026-1"), answer("2026-2")}, &truce.Detail{Claim: &truce.SelfDefence{Incident: "2026-2"}}},
		{"a state that all give", []truce.Family{patrol, drone}, []truce.Detail{sealed, sealed}, &truce.Detail{State: "in_sealed_store"}},
		{"a state that they dispute", []truce.Family{patrol, drone}, []truce.Detail{sealed, {State: "in_the_open"}}, nil},
		{"a party's word beside who saw", []truce.Family{party, patrol}, []truce.Detail{sealed, {Quantity: 1}}, &truce.Detail{Quantity: 1}},
		{"a party's word alone", []truce.Family{party}, []truce.Detail{sealed}, &truce.Detail{State: "in_sealed_store"}},
		{"a site", []truce.Family{patrol, media}, []truce.Detail{inSite, {Site: "S-2"}}, &truce.Detail{Site: "S-1"}},
		{"sites that differ", []truce.Family{media, media}, []truce.Detail{inSite, {Site: "S-2"}}, nil},
	} {
		if got := together(t, several(row.families, row.said...)...).Detail; !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}

// Two counts of the same minute: the one that misses fewer, whichever has the smaller id.
func TestHoldingsOfOneMinute(t *testing.T) {
	for _, names := range [][2]string{{"p", "d"}, {"d", "p"}, {"x", "a"}} {
		a := says(names[0], patrol, 5, truce.Detail{Holding: &truce.Holding{Declared: 12, Observed: 9}})
		b := says(names[1], drone, 5, truce.Detail{Holding: &truce.Holding{Declared: 12, Observed: 11}})
		if got := together(t, a, b).Detail.Holding.Observed; got != 11 {
			t.Errorf("%v: %d observed, want 11", names, got)
		}
	}
}

// A source that speaks twice speaks last, and no louder.
func TestOneSourceIsOneVoice(t *testing.T) {
	early, late := says("p", patrol, 0, truce.Detail{Quantity: 9, Weapons: []truce.Weapon{weapon("mlrs", 0, 1)}}), says("p", patrol, 9, truce.Detail{Quantity: 4, Weapons: []truce.Weapon{weapon("gun", 0, 1)}})
	other := says("d", drone, 5, truce.Detail{Quantity: 4, Weapons: []truce.Weapon{weapon("mlrs", 0, 1)}})
	d := together(t, early, late, other).Detail
	if want := []truce.Weapon{weapon("gun", 0, 0.5), weapon("mlrs", 0, 0.5)}; d.Quantity != 4 || !slices.Equal(d.Weapons, want) {
		t.Errorf("%+v, want 4 and %v", d, want)
	}
}

var (
	anyWeapon = rapid.Custom(func(t *rapid.T) truce.Weapon {
		return truce.Weapon{
			Class: rapid.SampledFrom([]truce.WeaponClass{"", "tube"}).Draw(t, "class"), Type: rapid.SampledFrom([]string{"", "gun", "howitzer"}).Draw(t, "type"),
			CalibreMM: rapid.SampledFrom([]float64{0, 122, 152}).Draw(t, "calibre"), P: truce.Probability(rapid.Float64Range(0, 1).Draw(t, "p")),
		}
	})
	anyStatement = rapid.Custom(func(t *rapid.T) truce.Event {
		d := truce.Detail{
			Weapons: rapid.SliceOfN(anyWeapon, 0, 4).Draw(t, "weapons"), Quantity: rapid.IntRange(0, 20).Draw(t, "n"), Casualties: rapid.IntRange(0, 9).Draw(t, "hurt"),
			State: rapid.SampledFrom([]string{"", "stored", "open"}).Draw(t, "state"), Damage: rapid.Bool().Draw(t, "damage"),
		}
		if rapid.Bool().Draw(t, "origin") {
			d.Origin = launch(geo.Metres(rapid.IntRange(0, 2000).Draw(t, "east")), geo.Metres(rapid.IntRange(1, 900).Draw(t, "sigma"))).Origin
			d.OriginSide = []truce.SideShare{{Party: "A", P: truce.Probability(rapid.Float64Range(0, 1).Draw(t, "A"))}, {Party: "B", P: truce.Probability(rapid.Float64Range(0, 1).Draw(t, "B"))}}
			d.Altitude = &truce.Span{Low: 1, High: rapid.Float64Range(1, 9).Draw(t, "height")}
			d.Duty = &truce.Duty{Since: midnight, MetAt: truce.Instant(rapid.IntRange(0, 2).Draw(t, "met"))}
			d.Holding = &truce.Holding{Declared: 9, Observed: rapid.IntRange(0, 9).Draw(t, "seen")}
		}
		source := rapid.SampledFrom([]string{"p", "q", "r", "s"}).Draw(t, "source")
		families := map[string]truce.Family{"p": patrol, "q": drone, "r": media, "s": party}
		return says(source, families[source], rapid.IntRange(0, 30).Draw(t, "after"), d)
	})
)

// Whatever is said, in whatever order: the same detail, which can be evaluated and
// recorded; and a copy of a statement changes nothing.
func TestDetailKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfNDistinct(anyStatement, 1, 8, func(e truce.Event) truce.ID { return e.ID }).Draw(t, "events")
		got := describeAll(events).Detail
		if other := describeAll(rapid.Permutation(events).Draw(t, "order")).Detail; !reflect.DeepEqual(got, other) {
			t.Fatalf("%+v, in another order %+v", got, other)
		}
		if err := got.Validate(); err != nil {
			t.Fatal(err)
		}
		if _, err := truce.Canonical(got); err != nil {
			t.Fatal(err)
		}
		if got != nil {
			total := 0.0
			for _, w := range got.Weapons {
				total += float64(w.P)
			}
			if total > 1+1e-12 {
				t.Fatalf("the weapons sum to %v", total)
			}
		}
		i := rapid.IntRange(0, len(events)-1).Draw(t, "copied")
		copied := slices.Clone(events)
		copied[i] = inGroup(events[i], "copies")
		twin := by(copied[i], "elsewhere", copied[i].Support[0].Family)
		twin.Support[0].Group = "copies"
		twin.Origin.From, twin.Origin.To = twin.Origin.From.Add(time.Hour), twin.Origin.To.Add(time.Hour)
		if again := describeAll(append(copied, twin)).Detail; !reflect.DeepEqual(got, again) {
			t.Fatalf("%+v, with a copy %+v", got, again)
		}
	})
}

// Events that tell nothing more cost nothing more, and a group of them has no detail.
func TestNoDetailWithoutOne(t *testing.T) {
	for _, g := range fuse.Join([]truce.Event{told("r", truce.ActOWAUAV, 0, 0), heat("h", 500, 0, 14)}, fuse.Config{}) {
		if g.Detail != nil {
			t.Errorf("%+v", g.Detail)
		}
	}
}

// Each sort that is counted is joined by itself, and the newest pair of images counts.
func TestNumbersOfASortAndImages(t *testing.T) {
	sorts := func(troops, vehicles int) truce.Detail {
		return truce.Detail{Numbers: []truce.Number{{Object: "vehicles", N: vehicles}, {Object: "troops", N: troops}}}
	}
	got := together(t, several([]truce.Family{patrol, drone, party}, sorts(600, 40), sorts(620, 39), sorts(90, 400))...).Detail
	if want := []truce.Number{{Object: "troops", N: 620}, {Object: "vehicles", N: 40}}; !slices.Equal(got.Numbers, want) {
		t.Errorf("numbers %v, want %v", got.Numbers, want)
	}
	pair := func(after truce.Instant, gsd float64) truce.Detail {
		return truce.Detail{Imagery: &truce.ImagePair{Before: 1, After: after, GSDM: gsd}}
	}
	got = together(t, several([]truce.Family{patrol, drone, party}, pair(5, 3), pair(9, 0), pair(7, 0.1))...).Detail
	if got.Imagery == nil || got.Imagery.After != 9 {
		t.Errorf("images %+v, want the newest that was seen", got.Imagery)
	}
	got = together(t, several([]truce.Family{patrol, drone}, pair(9, 0), pair(9, 0.4))...).Detail
	if got.Imagery == nil || got.Imagery.GSDM != 0.4 {
		t.Errorf("images %+v, want the finer of two as new", got.Imagery)
	}
}
