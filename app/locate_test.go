package app

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// TestNoteAtANamedPlace: a note that only names a town the agreement knows gives an event
// there, as wide as the town; the name may be written in any language and case.
func TestNoteAtANamedPlace(t *testing.T) {
	for _, name := range []string{"Kelvost", "KELVOST ", "Келвост"} {
		p := newProgram(t)
		r := p.run("note", "smoke over the town", "--at", "2031-03-11T14:05:00Z", "--place", name, "--act", "damage")
		if r.code != 0 {
			t.Fatalf("%s: %s", name, r.err)
		}
		mustHold(t, r.err, "at Kelvost as the agreement knows it, -47.67066 -21.28042 within 1850 m (1 sigma)")
		if again := p.good(t, "note", "smoke over the town", "--at", "2031-03-11T14:05:00Z", "--place", name, "--act", "damage"); !strings.Contains(again, "known already") {
			t.Errorf("the same note twice: %s", again)
		}
		mustHold(t, p.good(t, "assess"), "1 events, 1 new")
		mustHold(t, p.good(t, "incidents"), "Kelvost", "-47.67066", "-21.28042")
	}
}

func TestNoteAtAPlaceNobodyKnows(t *testing.T) {
	p := newProgram(t)
	r := p.run("note", "smoke", "--at", "2031-03-11T14:05:00Z", "--place", "Kelvst", "--act", "damage")
	if r.code != 0 {
		t.Fatalf("the note was refused: %s", r.err)
	}
	mustHold(t, r.out, "recorded")
	mustHold(t, r.err, `the agreement knows no place "Kelvst"; did you mean Kelvost`, "gives no event")
	mustHold(t, p.good(t, "assess"), "1 observations", "0 events", "1 reports name no place that is known")
}

// TestNoteKeptWithoutTerms: what a caller said is kept when the agreement is being edited.
func TestNoteKeptWithoutTerms(t *testing.T) {
	p := newProgram(t)
	p.terms(t, "not: an agreement")
	r := p.run("note", "smoke", "--at", "2031-03-11T14:05:00Z", "--place", "Kelvost", "--act", "damage")
	if r.code != 0 {
		t.Fatalf("the note was refused: %s", r.err)
	}
	mustHold(t, r.out, "recorded")
	mustHold(t, r.err, "the agreement, which knows the places, cannot be read")
}

// TestRowsAtNamedPlaces: rows that only name a place the agreement knows give events
// there as notes do, and stay as they were received; a given position is left alone.
func TestRowsAtNamedPlaces(t *testing.T) {
	p := newProgram(t)
	rows := p.write(t, "rows.csv", `time,lat,lon,sigma_m,family,act,place,text
2031-03-11T10:00:00Z,,,,civilian,damage,КЕЛВОСТ,a broken roof
2031-03-11T12:00:00Z,-47.9,-21.6,300,civilian,damage,Kelvost,a broken wall
2031-03-11T14:00:00Z,,,,civilian,damage,Nowheresville,a broken door
`)
	events := p.write(t, "events.json", `{"20310311":[[null,null,"Kelvost","A",0,["https://news.example/a"]]]}`)
	mustHold(t, p.good(t, "import", "--format", "csv", rows), "3 accepted")
	mustHold(t, p.good(t, "import", "--format", "viina", events), "1 accepted")
	mustHold(t, p.good(t, "assess"), "4 observations\n3 events, 3 new", "2 reports lie where the agreement has the place they name", "1 reports name no place that is known")
	list := p.good(t, "incidents", "--format", "csv")
	mustHold(t, list, "-47.67066,-21.28042", "civilian media", "-47.90000,-21.60000,644")
	mustHold(t, p.good(t, "assess"), "3 events, 0 new")

	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	in, err := a.gather(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	given := 0
	for _, o := range in.reports {
		if o.Place != nil {
			given++
		}
	}
	if given != 1 {
		t.Errorf("%d of the reports kept have a position, one was given", given)
	}
	terms, err := a.readTerms()
	if err != nil {
		t.Fatal(err)
	}
	made, err := a.deriveEvents(in, terms)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range made.events {
		if want := geo.Metres(1850); e.Place == "Kelvost" && e.Position.Point.Lat == -47.67066 && e.Position.Error != geo.Isotropic(want) {
			t.Errorf("an event at the town has the error %+v, want %v m", e.Position.Error, want)
		}
	}
}

// TestRowsAtATwofoldName: where two places bear the name nobody knows which is meant.
func TestRowsAtATwofoldName(t *testing.T) {
	twice := []agreement.Place{
		{PlaceName: truce.PlaceName{Key: "Newfield"}, At: geo.Point{Lat: 1}}, {PlaceName: truce.PlaceName{Key: "New-Field"}, At: geo.Point{Lat: 2}},
		{PlaceName: truce.PlaceName{Key: "New Field"}, At: geo.Point{Lat: 3}},
	}
	for name, want := range map[string]int{"Newfield": 1, "new field": 0, "": 0} {
		reports := []truce.Observation{{PlaceName: name}}
		got, n := placedByName(reports, twice)
		if n != want || (got[0].Place != nil) != (want == 1) || reports[0].Place != nil {
			t.Errorf("%q: %d placed, at %v; the report itself %v", name, n, got[0].Place, reports[0].Place)
		}
	}
}

func TestPlacesOfOneName(t *testing.T) {
	place := func(key string, lat, radius float64) agreement.Place {
		return agreement.Place{PlaceName: truce.PlaceName{Key: key, Names: truce.Names{"en": key, "uk": "Назва-" + key}}, At: geo.Point{Lat: geo.Degrees(lat)}, Radius: geo.Metres(radius)}
	}
	places := []agreement.Place{place("Newfield", 1, 0), place("New-Field", 2, 100), place("Newfield", 3, 9000)}
	for name, want := range map[string]int{"newfield": 2, "new field": 1, "назва newfield": 2, "Newfeld": 0, "": 0} {
		if found := placesNamed(places, name); len(found) != want {
			t.Errorf("%q names %d places, want %d", name, len(found), want)
		}
	}
	for i, want := range []geo.Metres{3000, 1000, 4500} {
		if got := townSigma(places[i]); got != want {
			t.Errorf("radius %.0f m: sigma %.0f, want %.0f", places[i].Radius, got, want)
		}
	}
}

// TestNoteFromTheFuture: refused with the mend, to the second at the bound.
func TestNoteFromTheFuture(t *testing.T) {
	p := newProgram(t) // it is 2031-03-13T12:00:00Z
	text := p.bad(t, "note", "x", "--at", "2131-03-11T14:05:00Z")
	mustHold(t, text, "--at 2131-03-11T14:05:00Z lies in the future, more than 24 h after now (2031-03-13T12:00:00.000000Z)",
		"check the date, the offset and this machine's clock", "see: truce note --help")
	mustHold(t, p.good(t, "note", "x", "--at", "2031-03-14T12:00:00Z"), "recorded")
	p.bad(t, "note", "x", "--at", "2031-03-14T12:00:01Z")
	p.bad(t, "note", "x", "--at", "2031-03-14T14:00:01+02:00")
}
