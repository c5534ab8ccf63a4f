package publish

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

var testKey = []byte("a key of the tests, thirty-two bytes long")

func mustGate(t testing.TB, p Policy) *Gate {
	t.Helper()
	if p.Key == nil {
		p.Key = testKey
	}
	g, err := NewGate(p)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func releaseOf(b truce.Bulletin) ReleaseInput { return ReleaseInput{Bulletin: b, Now: b.Published} }

func mustRelease(t testing.TB, in ReleaseInput) Release {
	t.Helper()
	r, err := mustGate(t, Policy{}).Release(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReleaseKeepsEveryNumber(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	r := mustRelease(t, releaseOf(b))
	for i, table := range r.Bulletin.Tables {
		for split, c := range table.Total.Cells {
			was := b.Tables[i].Total.Cells[split]
			if c.This.N != was.This.N || c.Preliminary.N != was.Preliminary.N || !reflect.DeepEqual(c.Previous, was.Previous) {
				t.Errorf("%s %s: %+v inside, %+v outside", table.Key, table.Splits[split].Key, was, c)
			}
		}
	}
	golden(t, "public.json.golden", r.JSON)
	golden(t, "public.en.md.golden", r.Documents[1].Body)
}

func TestForbiddenSourcesAreCountedAndNotListed(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	pub := mustRelease(t, releaseOf(b)).Bulletin
	for _, r := range pub.Rows {
		if slices.Contains(r.Sources, "agency") {
			t.Errorf("row %d rests on the closed agency and is listed", r.N)
		}
	}
	if len(pub.Rows) != len(b.Rows)-1 {
		t.Errorf("%d rows outside, %d inside; one is forbidden", len(pub.Rows), len(b.Rows))
	}
	c := tableNamed(t, pub, "signature").Total.Cells[0].This
	if c.N != 1 || c.Unlisted != 1 || c.Rows.Len() != 0 {
		t.Errorf("the forbidden explosion is counted as %+v, want 1, unlisted", c)
	}
	for _, s := range pub.Sources {
		if s.ID == "agency" && (s.Withheld != 1 || s.Listed != 0) {
			t.Errorf("sources say of the agency: %+v", s)
		}
	}
	forced := pub
	forced.Rows = append(slices.Clone(pub.Rows), b.Rows[4])
	if problems := PublicProblems(forced); !hasRule(problems, "R") || !hasRule(problems, "G") {
		t.Errorf("a forbidden row put in by hand passes: %v", problems)
	}
}

func TestAClaimOfAForbiddenSourceStaysInside(t *testing.T) {
	in := fixtureInput()
	in.Claims[0].Source = "agency"
	in.Clouds[0].Source = "agency"
	pub := mustRelease(t, releaseOf(mustDaily(t, in))).Bulletin
	if len(pub.Claims) != 0 || len(pub.Clouds) != 0 {
		t.Errorf("claims %v, clouds %v of a source that forbids it", pub.Claims, pub.Clouds)
	}
}

func TestNothingLeavesEarly(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	in := releaseOf(b)
	in.Now = EarliestRelease(b) - 1
	if _, err := mustGate(t, Policy{}).Release(in); truce.CodeOf(err) != truce.CodeUnavailable {
		t.Errorf("a microsecond early: %v", err)
	}
	in.Now = EarliestRelease(b)
	if _, err := mustGate(t, Policy{}).Release(in); err != nil {
		t.Errorf("in time: %v", err)
	}
}

// A policy that lets places out too early is refused in lengths of time as people say them.
func TestPolicyThatIsTooFast(t *testing.T) {
	_, err := NewGate(Policy{Key: []byte(strings.Repeat("k", minKey)), PlaceAge: map[truce.ActGroup]time.Duration{truce.GroupFire: 90 * time.Minute}})
	if want := "places of fire go out after 1 h 30 min, the least is 24 h"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("told %v, want %q", err, want)
	}
}

func TestPlacesWaitForTheirAge(t *testing.T) {
	in := fixtureInput()
	b := mustDaily(t, in)
	find := func(pub truce.Bulletin, act truce.Act) truce.RowPlace {
		for _, r := range pub.Rows {
			if r.Act == act {
				return r.Place
			}
		}
		t.Fatalf("no row of %s", act)
		return truce.RowPlace{}
	}
	early := mustRelease(t, releaseOf(b)).Bulletin
	if p := find(early, truce.ActDenyAccess); p.Cell != nil || p.Withheld != "age" {
		t.Errorf("access denied 28 h ago: place %+v, want withheld for two days", p)
	}
	if p := find(early, truce.ActHeat); p.Cell == nil {
		t.Errorf("heat 31 h ago: place %+v, want its cell", p)
	}
	late := releaseOf(b)
	late.Now = b.Published.Add(48 * time.Hour)
	if p := find(mustRelease(t, late).Bulletin, truce.ActDenyAccess); p.Cell == nil {
		t.Errorf("access denied 76 h ago: place %+v, want its cell", p)
	}
	slow := mustGate(t, Policy{PlaceAge: map[truce.ActGroup]time.Duration{truce.GroupSignature: 72 * time.Hour}})
	pub, err := slow.Edition(releaseOf(b))
	if err != nil {
		t.Fatal(err)
	}
	if p := find(pub, truce.ActHeat); p.Withheld != "age" {
		t.Errorf("heat under a policy of three days: place %+v", p)
	}
}

// civilians is a day on which people of one small place and of a larger one called.
func civilians(few, many int) DailyInput {
	in := fixtureInput()
	in.Rows = nil
	add := func(key string, lat, lon float64) {
		in.Rows = append(in.Rows, incidentOf{key, "2026-04-10T18:00:00Z", truce.ActBurst, truce.OccurrenceReported, "north", "", lat, lon, 2000,
			truce.FamilyCivilian, "hotline", nil, nil}.row())
	}
	for i := range few {
		add("few"+string(rune('a'+i)), -36.505, -12.505)
	}
	for i := range many {
		add("many"+string(rune('a'+i)), -37.905, -12.905)
	}
	return in
}

func cells(b truce.Bulletin) map[string]int {
	out := map[string]int{}
	for _, r := range b.Rows {
		key := r.Place.Withheld
		if r.Place.Cell != nil {
			key, _, _ = strings.Cut(r.Place.Cell.ID, "-")
		}
		out[key]++
	}
	return out
}

func TestFewReportersAreKeptTogether(t *testing.T) {
	first := mustRelease(t, releaseOf(mustDaily(t, civilians(1, 4)))).Bulletin
	if got := cells(first); got["few_reporters"] != 1 || got["G5"] != 4 {
		t.Errorf("one caller here, four there: %v", got)
	}
	again := civilians(3, 4)
	mission := mustDaily(t, civilians(1, 4))
	again.Version, again.Superseded = 2, &mission
	in := releaseOf(mustDaily(t, again))
	in.Superseded = &first
	second := mustRelease(t, in).Bulletin
	if got := cells(second); got["few_reporters"] != 3 || got["G5"] != 4 {
		t.Errorf("two more callers: %v; the first must stay as coarse as it was, and two are too few for a cell of their own", got)
	}
}

func TestFewReportersShareAMergedCell(t *testing.T) {
	in := civilians(0, 0)
	for i, lat := range []float64{-36.50, -36.55, -36.60} {
		in.Rows = append(in.Rows, incidentOf{"m" + string(rune('a'+i)), "2026-04-10T18:00:00Z", truce.ActBurst, truce.OccurrenceReported, "north", "", lat, -12.505, 2000,
			truce.FamilyCivilian, "hotline", nil, nil}.row())
	}
	got := cells(mustRelease(t, releaseOf(mustDaily(t, in))).Bulletin)
	if got["G20"]+got["few_reporters"] != 3 || got["G5"] != 0 {
		t.Errorf("three callers in three cells: %v, none may keep its own cell", got)
	}
}

func TestBothPartiesGetTheSameBytes(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	one, other := mustRelease(t, releaseOf(b)), mustRelease(t, releaseOf(b))
	if !reflect.DeepEqual(one, other) {
		t.Error("two releases of one bulletin differ")
	}
	// Nothing of a release may be made for one reader: neither its input nor the gate's
	// policy has a place for a party.
	for _, typ := range []reflect.Type{reflect.TypeOf(ReleaseInput{}), reflect.TypeOf(Policy{}), reflect.TypeOf(PrintOptions{})} {
		for i := range typ.NumField() {
			if typ.Field(i).Type == reflect.TypeOf(truce.PartyID("")) {
				t.Errorf("%s.%s names a party", typ, typ.Field(i).Name)
			}
		}
	}
}

func TestPublicIDs(t *testing.T) {
	g, h := mustGate(t, Policy{}), mustGate(t, Policy{Key: bytes.Repeat([]byte{7}, 32)})
	id := truce.NewID(at("2026-04-11T00:00:00Z"), "incident", "x", nil).String()
	if first, again := g.PublicID(id), g.PublicID(id); first != again {
		t.Error("the public id of an incident changes")
	}
	if g.PublicID(id) == h.PublicID(id) {
		t.Error("another key gives the same public id: it could be found by trying")
	}
	if strings.Contains(g.PublicID(id), id[:6]) {
		t.Error("the public id shows the time in the internal one")
	}
}

func TestGateRefusesAPolicyTooFine(t *testing.T) {
	cases := []struct {
		name   string
		policy Policy
		want   string
	}{
		{"short key", Policy{Key: []byte("short")}, "key"},
		{"cells of 6 km", Policy{Key: testKey, CellKm: 6}, "want 1 to 5"},
		{"no anonymity", Policy{Key: testKey, KeepTogether: 1}, "want 2 or more"},
		{"places at once", Policy{Key: testKey, PlaceAge: map[truce.ActGroup]time.Duration{truce.GroupFire: time.Hour}}, "the least is"},
	}
	for _, c := range cases {
		if _, err := NewGate(c.policy); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestGateRefusesTheWrongBulletin(t *testing.T) {
	g := mustGate(t, Policy{})
	b := mustDaily(t, fixtureInput())
	pub := mustRelease(t, releaseOf(b)).Bulletin
	if _, err := g.Edition(ReleaseInput{Bulletin: pub, Now: pub.Published}); err == nil {
		t.Error("a public edition went through the gate again")
	}
	in := releaseOf(b)
	in.Superseded = &pub
	if _, err := g.Edition(in); err == nil {
		t.Error("a first version took another bulletin's place")
	}
	bad := b
	bad.Rows = slices.Clone(b.Rows)
	bad.Rows[0].Place.Name = "Anywhere"
	bad.Rows[0].Place.RadiusM = 50000
	if _, err := g.Release(releaseOf(bad)); err == nil || !strings.Contains(err.Error(), "agreed list") {
		t.Errorf("a place off the list: %v", err)
	}
}

func TestGridCells(t *testing.T) {
	g, err := NewGrid(5)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := geo.Point{Lat: geo.Degrees(rapid.Float64Range(-90, 90).Draw(t, "lat")), Lon: geo.Degrees(rapid.Float64Range(-180, 180).Draw(t, "lon"))}
		c := g.Cell(p)
		const round = 1.1e-5
		if float64(p.Lat) < c.South-round || float64(p.Lat) > c.North+round || float64(p.Lon) < c.West-round || float64(p.Lon) > c.East+round {
			t.Fatalf("%v lies outside its cell %+v", p, c)
		}
		middle := geo.Point{Lat: geo.Degrees((c.South + c.North) / 2), Lon: geo.Degrees((c.West + c.East) / 2)}
		if g.Cell(middle) != c {
			t.Fatalf("the middle of %+v lies in %+v", c, g.Cell(middle))
		}
		m := g.Merged(c)
		if m.South > c.South+round || m.North < c.North-round || m.West > c.West+round || m.East < c.East-round {
			t.Fatalf("merged %+v does not cover %+v", m, c)
		}
		if m != g.cell(p, mergeFactor) {
			t.Fatalf("%v: merged cell %+v, of the point %+v", p, m, g.cell(p, mergeFactor))
		}
	})
}

func TestCellsAreAboutAsLargeAsAsked(t *testing.T) {
	for _, lat := range []geo.Degrees{0, 36.9, -48.5, 60} {
		for km := minCellKm; km <= maxCellKm; km++ {
			g, _ := NewGrid(km)
			c := g.Cell(geo.Point{Lat: lat, Lon: 31})
			high, _, _ := geo.Inverse(geo.Point{Lat: geo.Degrees(c.South), Lon: 31}, geo.Point{Lat: geo.Degrees(c.North), Lon: 31})
			wide, _, _ := geo.Inverse(geo.Point{Lat: lat, Lon: geo.Degrees(c.West)}, geo.Point{Lat: lat, Lon: geo.Degrees(c.East)})
			for _, side := range []geo.Metres{high, wide} {
				if ratio := float64(side) / float64(km) / 1000; ratio < 0.98 || ratio > 1.02 {
					t.Errorf("lat %v, %d km: a side of %.0f m", lat, km, side)
				}
			}
		}
	}
}

func TestPublicTimesAreWholeMinutes(t *testing.T) {
	got := coarseTime(truce.PhenomenonTime{From: at("2026-04-10T17:05:10Z"), To: at("2026-04-10T17:06:20Z"), Sigma: 61e6})
	want := truce.PhenomenonTime{From: at("2026-04-10T17:05:00Z"), To: at("2026-04-10T17:07:00Z"), Sigma: 120e6}
	if got != want {
		t.Errorf("%v, want %v", got, want)
	}
	moment := coarseTime(truce.Moment(at("1969-12-31T23:59:59Z"), 0))
	if moment.From != moment.To || moment.From != at("1969-12-31T23:59:00Z") || moment.Sigma != 60e6 {
		t.Errorf("a moment before 1970: %v", moment)
	}
}

// TestAWindowWaitsLikeAMovement: where the policy holds movements back for longer, the
// windows that show them wait as long.
func TestAWindowWaitsLikeAMovement(t *testing.T) {
	slow := Policy{PlaceAge: map[truce.ActGroup]time.Duration{truce.GroupMovement: 96 * time.Hour}}
	for kind, want := range map[string][2]time.Duration{
		"rotation": {48 * time.Hour, 96 * time.Hour}, "convoy": {48 * time.Hour, 96 * time.Hour}, "demining": {24 * time.Hour, 24 * time.Hour},
	} {
		if got := [2]time.Duration{Policy{}.windowAge(kind), slow.windowAge(kind)}; got != want {
			t.Errorf("%s: %v, want %v", kind, got, want)
		}
	}
}
