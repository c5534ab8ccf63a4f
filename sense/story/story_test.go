package story_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/story"
	"pgregory.net/rapid"
)

var april11 = truce.InstantOf(time.Date(2026, 4, 11, 0, 0, 0, 0, time.UTC))

// day is the whole n-th day after 11 April.
func day(n int) truce.PhenomenonTime {
	from := april11.Add(time.Duration(n) * 24 * time.Hour)
	return truce.PhenomenonTime{From: from, To: from.Add(24 * time.Hour)}
}

func town(name string) (*geo.Position, string) {
	return &geo.Position{Point: geo.Point{Lat: 48.2, Lon: 37.1}, Error: geo.Isotropic(1500)}, name
}

func report(key string, n int, r truce.Report) truce.Observation {
	o := truce.Observation{
		ID:         truce.NewID(day(n).From, "report", "posts", []byte(key)),
		Kind:       truce.KindReport,
		Source:     "posts",
		Phenomenon: day(n),
		Report:     &r,
	}
	o.Place, o.PlaceName = town("Torfhaven")
	return o
}

func claims(acts ...truce.Act) []truce.Claim {
	var out []truce.Claim
	for _, a := range acts {
		out = append(out, truce.Claim{Act: a, Count: 3})
	}
	return out
}

func TestOneEventAClaimedAct(t *testing.T) {
	o := report("a", 0, truce.Report{
		Links:  []string{"https://a.example/1", "https://b.example/2"},
		Claims: claims(truce.ActOWAUAV, truce.ActIndirectFire, truce.ActOWAUAV, "made_up"),
	})
	events, skipped := story.Events([]truce.Observation{o}, story.Config{})
	if len(events) != 2 || skipped != (story.Skipped{}) {
		t.Fatalf("%d events, skipped %+v; want two acts, each once", len(events), skipped)
	}
	kinds := []truce.Act{events[0].Kind, events[1].Kind}
	slices.Sort(kinds)
	if !slices.Equal(kinds, []truce.Act{truce.ActIndirectFire, truce.ActOWAUAV}) || events[0].ID == events[1].ID {
		t.Errorf("kinds %v, ids %v %v", kinds, events[0].ID, events[1].ID)
	}
	for _, e := range events {
		if e.Origin != o.Phenomenon || e.Position.Error != o.Place.Error || e.Place != "Torfhaven" {
			t.Errorf("event %+v is more or less precise than the report", e)
		}
		want := truce.Support{Observation: o.ID, Source: "posts", Family: truce.FamilyMedia}
		if e.Support[0] != want || e.Score != story.TrustTold || e.Method != story.Method || e.Revision != 1 {
			t.Errorf("support %+v, score %v", e.Support, e.Score)
		}
		if len(e.Labels) != 0 {
			t.Errorf("labels %v, want none: two publishers", e.Labels)
		}
	}
	events[0].Support[0].Group, events[0].Position.Lat = "changed", 0
	if events[1].Support[0].Group != "" || events[1].Position.Lat == 0 || o.Place.Lat == 0 {
		t.Error("the events of one report share memory")
	}
}

func TestReportsWithoutPlaceOrActAreCounted(t *testing.T) {
	noPlace := report("a", 0, truce.Report{Claims: claims(truce.ActBurst)})
	noPlace.Place = nil
	reports := []truce.Observation{
		noPlace,
		report("b", 0, truce.Report{Headline: "Talks to go on"}),
		report("c", 0, truce.Report{Claims: claims("")}),
		{Kind: truce.KindHealth, Health: &truce.Health{}},
	}
	events, skipped := story.Events(reports, story.Config{})
	if len(events) != 0 || skipped != (story.Skipped{NoPlace: 1, NoAct: 2}) {
		t.Errorf("%d events, skipped %+v; want none, one without place, two without act", len(events), skipped)
	}
}

func TestLabelsAndFamilies(t *testing.T) {
	cfg := story.Config{
		Families:      map[truce.SourceID]truce.Family{"posts": truce.FamilyPatrol},
		CapitalPlaces: []string{"TORFHAVEN "},
	}
	o := report("a", 0, truce.Report{Links: []string{"https://www.a.example/1", "http://a.example/2"}, Claims: claims(truce.ActBurst)})
	events, _ := story.Events([]truce.Observation{o}, cfg)
	if !slices.Equal(events[0].Labels, []truce.Label{truce.LabelCapitalPoint, truce.LabelOneSource}) {
		t.Errorf("labels %v, want the capital and the one publisher", events[0].Labels)
	}
	if events[0].Support[0].Family != truce.FamilyPatrol || events[0].Score != story.TrustPatrol {
		t.Errorf("family %s, score %v", events[0].Support[0].Family, events[0].Score)
	}
}

func TestWhatIsACopy(t *testing.T) {
	const headline = "Two drones fell near the old mill on Sunday"
	link := func(s string) truce.Report { return truce.Report{Links: []string{s}} }
	head := func(s, publisher string) truce.Report { return truce.Report{Headline: s, Publisher: publisher} }
	for _, row := range []struct {
		name string
		a, b truce.Report
		days int
		want bool
	}{
		{"the same link", link("https://a.example/x"), link("https://a.example/x"), 0, true},
		{"the same page linked in other words", link("https://www.A.example/x/?utm_source=feed&id=7"), link("http://m.a.example/x?id=7&fbclid=z#top"), 0, true},
		{"another page of the same site", link("https://a.example/x?id=7"), link("https://a.example/x?id=8"), 0, false},
		{"the same front page", link("https://a.example/"), link("https://a.example"), 0, false},
		{"not links", link("mill"), link("mill"), 0, false},
		{"the same headline", head(headline, ""), head("TWO DRONES fell near the “old mill” on Sunday!", ""), 0, true},
		{"with the publisher at the end", head(headline+" - The Daily Gull", "The Daily Gull"), head(headline, ""), 0, true},
		{"in Ukrainian, in other quotes", head("Два дрони впали біля «старого млина»", ""), head("ДВА ДРОНИ ВПАЛИ БІЛЯ \"СТАРОГО МЛИНА\".", ""), 0, true},
		{"the same letters composed otherwise", head("Café shelled near the old mill today", ""), head("Cafe\u0301 shelled near the old mill today", ""), 0, true},
		{"the publisher alone is no headline", head("The Daily Gull", "The Daily Gull"), head("The Daily Gull", "The Daily Gull"), 0, false},
		{"links with a port and a path in capitals", link("https://a.example:8443/X"), link("https://a.example/X"), 0, true},
		{"paths differ in case", link("https://a.example/X"), link("https://a.example/x"), 0, false},
		{"broken links", link("https://a.example/%zz"), link("https://a.example/%zz"), 0, false},
		{"links that carry data", link("https://a.example/" + strings.Repeat("x", 3000)), link("https://a.example/" + strings.Repeat("x", 3000)), 0, false},
		{"query in another order", link("https://a.example/x?a=1&b=2"), link("https://a.example/x?b=2&a=1"), 0, true},
		{"another headline", head(headline, ""), head("Two drones fell near the new mill on Sunday", ""), 0, false},
		{"a standing phrase", head("Air raid alert", ""), head("Air raid alert", ""), 0, false},
		{"within the window", link("https://a.example/x"), link("https://a.example/x"), 7, true},
		{"after the window", link("https://a.example/x"), link("https://a.example/x"), 8, false},
	} {
		a, b := row.a, row.b
		a.Claims, b.Claims = claims(truce.ActOWAUAV), claims(truce.ActOWAUAV)
		events, _ := story.Events([]truce.Observation{report("b", row.days, b), report("a", 0, a)}, story.Config{})
		x, y := events[0].Support[0].Group, events[1].Support[0].Group
		if got := x != "" && x == y; got != row.want {
			t.Errorf("%s: groups %q and %q, want a copy: %v", row.name, x, y, row.want)
		}
	}
}

func TestHundredCopiesAreOneGroup(t *testing.T) {
	var reports []truce.Observation
	for i := range 100 {
		reports = append(reports, report(fmt.Sprint(i), 0, truce.Report{
			Links:    []string{fmt.Sprintf("https://site%d.example/a", i)},
			Headline: "Two drones fell near the old mill on Sunday",
			Claims:   claims(truce.ActOWAUAV),
		}))
	}
	events, _ := story.Events(reports, story.Config{})
	groups := map[string]bool{}
	for _, e := range events {
		groups[e.Support[0].Group] = true
	}
	if len(events) != 100 || len(groups) != 1 || groups[""] {
		t.Errorf("%d events in groups %v, want a hundred in one", len(events), groups)
	}
}

// TestOneLinkOnSeveralDaysIsOneVoice: source/post gives a link listed on two days two ids,
// since an id begins with its time. Three posts of five links, of which the second and the
// third share four, are fifteen reports and eleven voices.
func TestOneLinkOnSeveralDaysIsOneVoice(t *testing.T) {
	posts := [][]string{{"a", "b", "c", "d", "e"}, {"f", "g", "h", "i", "j"}, {"g", "h", "i", "j", "k"}}
	var reports []truce.Observation
	for n, links := range posts {
		for _, link := range links {
			reports = append(reports, report(fmt.Sprint(n, link), n, truce.Report{
				Headline: fmt.Sprintf("What paper %s says on day %d", link, n), // a later headline differs, the link does not
				Links:    []string{"https://www." + link + ".example/1?utm_source=" + fmt.Sprint(n)},
				Claims:   claims(truce.ActIndirectFire),
			}))
		}
	}
	events, _ := story.Events(reports, story.Config{})
	voices := map[string]int{}
	for _, e := range events {
		voice := e.Support[0].Group
		if voice == "" {
			voice = e.Support[0].Observation.String()
		}
		voices[voice]++
	}
	if len(reports) != 15 || len(events) != 15 || len(voices) != 11 {
		t.Errorf("%d reports gave %d events of %d voices, want 15, 15 and 11", len(reports), len(events), len(voices))
	}
	for voice, n := range voices {
		if strings.HasPrefix(voice, "copies-of-") != (n == 2) || n > 2 {
			t.Errorf("voice %s speaks %d times", voice, n)
		}
	}
}

func TestChainOfDigestsIsCut(t *testing.T) {
	var reports []truce.Observation
	for i := range 60 { // each day's digest repeats a link of the day before
		reports = append(reports, report(fmt.Sprint(i), i, truce.Report{
			Links:  []string{fmt.Sprintf("https://a.example/%d", i), fmt.Sprintf("https://a.example/%d", i+1)},
			Claims: claims(truce.ActIndirectFire),
		}))
	}
	events, _ := story.Events(reports, story.Config{})
	size := map[string]int{}
	for _, e := range events {
		size[e.Support[0].Group]++
	}
	for group, n := range size {
		if n > 8 {
			t.Errorf("group %q has %d reports, want at most the eight days of the window", group, n)
		}
	}
}

// What a report says more of an act goes with that act's event and no other, shares
// nothing with the observation, and is left out where the report claims the act twice.
func TestDetailsGoWithTheirAct(t *testing.T) {
	gun := truce.Detail{
		Weapons: []truce.Weapon{{Type: "howitzer", CalibreMM: 152, P: 1}}, Quantity: 2, Evidence: []string{"video"},
		Origin: &geo.Position{Point: geo.Point{Lat: 48.1, Lon: 37}}, Holding: &truce.Holding{Declared: 2},
	}
	other := truce.Detail{Quantity: 9}
	for _, row := range []struct {
		name   string
		claims []truce.Claim
		want   map[truce.Act]*truce.Detail
	}{
		{"one act", []truce.Claim{{Act: truce.ActIndirectFire, Detail: &gun}}, map[truce.Act]*truce.Detail{truce.ActIndirectFire: &gun}},
		{"two acts", []truce.Claim{{Act: truce.ActIndirectFire, Detail: &gun}, {Act: truce.ActDamage}}, map[truce.Act]*truce.Detail{truce.ActIndirectFire: &gun, truce.ActDamage: nil}},
		{"one act twice", []truce.Claim{{Act: truce.ActIndirectFire, Detail: &gun}, {Act: truce.ActIndirectFire, Detail: &other}}, map[truce.Act]*truce.Detail{truce.ActIndirectFire: nil}},
	} {
		events, _ := story.Events([]truce.Observation{report("a", 0, truce.Report{Claims: row.claims})}, story.Config{})
		if len(events) != len(row.want) {
			t.Errorf("%s: %d events, want %d", row.name, len(events), len(row.want))
		}
		for _, e := range events {
			if !reflect.DeepEqual(e.Detail, row.want[e.Kind]) {
				t.Errorf("%s: %s has %+v, want %+v", row.name, e.Kind, e.Detail, row.want[e.Kind])
			}
		}
	}
	events, _ := story.Events([]truce.Observation{report("a", 0, truce.Report{Claims: []truce.Claim{{Act: truce.ActIndirectFire, Detail: &gun}}})}, story.Config{})
	d := events[0].Detail
	d.Weapons[0].P, d.Evidence[0], d.Origin.Lat, d.Holding.Declared = 0, "", 0, 0
	if gun.Weapons[0].P != 1 || gun.Evidence[0] != "video" || gun.Origin.Lat != 48.1 || gun.Holding.Declared != 2 {
		t.Errorf("changing the event changed the observation: %+v", gun)
	}
}

func anyReport(t *rapid.T) truce.Observation {
	r := truce.Report{Claims: claims(rapid.SampledFrom([]truce.Act{truce.ActOWAUAV, truce.ActIndirectFire}).Draw(t, "act"))}
	for _, n := range rapid.SliceOfN(rapid.IntRange(0, 6), 0, 3).Draw(t, "links") {
		r.Links = append(r.Links, fmt.Sprintf("https://a.example/%d", n))
	}
	return report(fmt.Sprint(rapid.IntRange(0, 1000).Draw(t, "key")), rapid.IntRange(0, 20).Draw(t, "day"), r)
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// One observation has one content: keep the first of each id.
		reports := rapid.SliceOfNDistinct(rapid.Custom(anyReport), 0, 25, func(o truce.Observation) truce.ID { return o.ID }).Draw(t, "reports")
		events, skipped := story.Events(reports, story.Config{})
		again, skippedAgain := story.Events(rapid.Permutation(reports).Draw(t, "order"), story.Config{})
		if !reflect.DeepEqual(events, again) || skipped != skippedAgain {
			t.Fatal("another order of the same reports gave other events")
		}
	})
}

func BenchmarkEvents10k(b *testing.B) {
	var reports []truce.Observation
	for i := range 10_000 {
		reports = append(reports, report(fmt.Sprint(i), i%120, truce.Report{
			Links:    []string{fmt.Sprintf("https://www.a.example/news/2026/%d/?utm_source=x", i*7/8)},
			Headline: fmt.Sprintf("Shelling reported near village number %d again", i),
			Claims:   claims(truce.ActIndirectFire),
		}))
	}
	b.ReportAllocs()
	for b.Loop() {
		story.Events(reports, story.Config{})
	}
	b.ReportMetric(float64(len(reports))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func ExampleEvents() {
	reports := []truce.Observation{
		report("first", 0, truce.Report{Links: []string{"https://a.example/mill"}, Claims: claims(truce.ActOWAUAV)}),
		report("copy", 0, truce.Report{Links: []string{"https://a.example/mill?utm_source=feed"}, Claims: claims(truce.ActOWAUAV)}),
		report("talks", 0, truce.Report{Headline: "Talks to go on"}),
	}
	events, skipped := story.Events(reports, story.Config{})
	fmt.Println(len(events), "events,", skipped.NoAct, "without an act")
	fmt.Println("one group:", events[0].Support[0].Group == events[1].Support[0].Group)
	// Output:
	// 2 events, 1 without an act
	// one group: true
}

// TestEventsOfClaimsWithPlacesOfTheirOwn: a claim that was read with a place or a time gives an
// event there; one that names another place than the report's, which nobody knows, gives none.
func TestEventsOfClaimsWithPlacesOfTheirOwn(t *testing.T) {
	there := geo.Position{Point: geo.Point{Lat: 48, Lon: 37}, Error: geo.Isotropic(900)}
	night := truce.PhenomenonTime{From: april11.Add(-6 * time.Hour), To: april11.Add(6 * time.Hour)}
	fire := truce.ActIndirectFire
	o := report("own", 0, truce.Report{Text: "x", Claims: []truce.Claim{
		{Act: fire},
		{Act: fire, Kind: truce.ClaimEvent, Place: &there, PlaceName: "There", When: &night, Confidence: 0.8},
		{Act: fire, Kind: truce.ClaimEvent, Place: &there, PlaceName: "There", When: &night, Confidence: 0.8, Accused: "B"},
		{Act: fire, Kind: truce.ClaimEvent, PlaceName: "Elsewhere"},
		{Act: fire, Kind: truce.ClaimObjection},
		{Kind: truce.ClaimEvent, Unit: truce.UnitMixed, Count: 2935},
	}})
	o.PlaceName = "Here"
	events, _ := story.Events([]truce.Observation{o}, story.Config{})
	if len(events) != 2 || events[0].ID == events[1].ID {
		t.Fatalf("%d events, want that of the report's place and the other: %+v", len(events), events)
	}
	if e := events[0]; e.Place != "There" || e.Position.Point != there.Point || e.Origin != night || e.Score != 0.4 {
		t.Errorf("the claim with a place of its own: %+v", e)
	}
	if e := events[1]; e.Place != "Here" || e.Position.Point != o.Place.Point || e.Origin != o.Phenomenon || e.Score != story.TrustTold {
		t.Errorf("the claim without: %+v", e)
	}
	o.Place, o.PlaceName = nil, ""
	if events, skipped := story.Events([]truce.Observation{o}, story.Config{}); len(events) != 1 || skipped != (story.Skipped{}) {
		t.Errorf("of a report without a place: %d events, %+v", len(events), skipped)
	}
}
