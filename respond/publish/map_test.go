package publish

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
)

// testGround has land that may be passed on and a line that may not.
func testGround(lang string) []GroundLayer {
	view := geo.Bounds{South: -37.3, West: -12.6, North: -36.8, East: -12.0}
	land := []geo.Point{{Lat: -37.25, Lon: -12.5}, {Lat: -37.25, Lon: -12.1}, {Lat: -36.85, Lon: -12.1}, {Lat: -36.85, Lon: -12.5}}
	return []GroundLayer{{
		Source: truce.SourceInfo{ID: "agreement", Title: "The terms", Licence: "CC0", Attribution: "Invented", Redistribute: true},
		View:   view, Shapes: []draw.Shape{{Kind: draw.Land, Ring: land}},
		Marks: []draw.Mark{{At: geo.Point{Lat: -37, Lon: -12.3}, Text: "Open Town in " + lang}}, Notes: []string{"Line OPEN, version 3."},
	}, {
		Source: truce.SourceInfo{ID: "survey", Title: "Closed survey", Licence: "CC0", Attribution: "Survey"},
		View:   geo.Bounds{South: -60, West: -60, North: 60, East: 60},
		Lines:  []draw.Line{{Points: land, Title: "Closed line", Accuracy: 20_000}}, Marks: []draw.Mark{{At: geo.Point{Lat: -37.1, Lon: -12.3}, Text: "Closed Town"}},
		Notes: []string{"Line CLOSED, version 4."},
	}}
}

func mustMap(t testing.TB, b truce.Bulletin, ground Ground, lang string) (string, string) {
	t.Helper()
	svg, notes, err := drawMap(b, ground, PrintOptions{Lang: lang})
	if err != nil {
		t.Fatal(err)
	}
	if err := checkMap(svg); err != nil {
		t.Fatal(err)
	}
	return string(svg), strings.Join(notes, "\n")
}

func TestEveryPageGoesOutWithItsMap(t *testing.T) {
	in := releaseOf(mustDaily(t, fixtureInput()))
	in.Ground = testGround
	r := mustRelease(t, in)
	for _, doc := range r.Documents {
		drawn := bytes.Contains(doc.Body, []byte(`<svg class="locator"`))
		if drawn != (doc.Format == FormatHTML) {
			t.Errorf("%s %s: drawn is %v", doc.Lang, doc.Format, drawn)
		}
		if drawn && (!bytes.Contains(doc.Body, []byte("Open Town in "+doc.Lang)) || !bytes.Contains(doc.Body, []byte("Line OPEN, version 3."))) {
			t.Errorf("%s: the map lacks its ground or says not whose it is", doc.Lang)
		}
		if bytes.Contains(doc.Body, []byte("Closed Town")) || bytes.Contains(doc.Body, []byte("Line CLOSED")) || bytes.Contains(doc.Body, []byte(`class="m-line"`)) {
			t.Errorf("%s %s: what may not be passed on is drawn", doc.Lang, doc.Format)
		}
	}
}

func TestTheMapSaysWhatItShows(t *testing.T) {
	pub := mustRelease(t, releaseOf(mustDaily(t, fixtureInput()))).Bulletin
	pub.Realm = truce.RealmReal
	cells := map[string]bool{}
	for _, r := range pub.Rows {
		if r.Place.Cell != nil {
			cells[r.Place.Cell.ID] = true
		}
	}
	svg, notes := mustMap(t, pub, testGround, "en")
	if n := strings.Count(svg, "m-tally m-shade-"); n == 0 || n > len(cells) {
		t.Errorf("%d squares for %d cells", n, len(cells))
	}
	for _, want := range []string{"listed rows are on the map", "Not drawn, because it may not be passed on: Closed survey.", "Ground drawn by: The terms (Invented; CC0)."} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes lack %q: %s", want, notes)
		}
	}
	if !strings.Contains(svg, `href="#row-`) || strings.Contains(svg, "EXERCISE") {
		t.Error("the squares lead nowhere, or a real day is stamped")
	}
	pub.Realm = truce.ExerciseRealm("x")
	for lang, word := range map[string]string{"en": ">EXERCISE<", "uk": ">НАВЧАННЯ<"} {
		if svg, _ := mustMap(t, pub, testGround, lang); strings.Count(svg, word) != 2 {
			t.Errorf("%s: the map of an exercise is not stamped", lang)
		}
	}
}

// Whatever moves inside its cell, the map stays the same to the byte: it is drawn from
// cells alone.
func TestTheMapTellsNoMoreThanTheCells(t *testing.T) {
	gate := mustGate(t, Policy{})
	rapid.Check(t, func(rt *rapid.T) {
		b := mustDaily(t, fixtureInput())
		before, err := gate.Edition(releaseOf(b))
		if err != nil {
			rt.Fatal(err)
		}
		for i := range b.Rows {
			p := &b.Rows[i].Place
			if p.Lat == nil {
				continue
			}
			c := gate.grid.Cell(geo.Point{Lat: geo.Degrees(*p.Lat), Lon: geo.Degrees(*p.Lon)})
			lat := c.South + rapid.Float64Range(.01, .99).Draw(rt, "up")*(c.North-c.South)
			lon := c.West + rapid.Float64Range(.01, .99).Draw(rt, "right")*(c.East-c.West)
			p.Lat, p.Lon = &lat, &lon
		}
		after, err := gate.Edition(releaseOf(b))
		if err != nil {
			rt.Fatal(err)
		}
		for _, ground := range []Ground{nil, testGround} {
			one, _ := mustMap(t, before, ground, "en")
			if other, _ := mustMap(t, after, ground, "en"); one != other {
				rt.Fatal("the map shows where in its cell a row lies")
			}
		}
	})
}

func TestMapsWithoutGroundOrRows(t *testing.T) {
	pub := mustRelease(t, releaseOf(mustDaily(t, fixtureInput()))).Bulletin
	if svg, _ := mustMap(t, pub, nil, "uk"); !strings.Contains(svg, "m-tally") || strings.Contains(svg, "m-land") {
		t.Error("without ground the cells alone are drawn")
	}
	pub.Rows = nil
	if svg, _ := mustMap(t, pub, nil, "uk"); svg != "" {
		t.Errorf("a map of nothing: %.80s", svg)
	}
	if svg, notes := mustMap(t, pub, testGround, "en"); !strings.Contains(svg, "m-land") || !strings.Contains(notes, "0 of 0") {
		t.Errorf("a day without rows has its ground: %s", notes)
	}
}

// On a wide map cells would be specks; they are gathered, and no row is lost.
func TestWideMapsGatherCells(t *testing.T) {
	wide := func(string) []GroundLayer {
		l := testGround("en")[:1]
		l[0].View = geo.Bounds{South: -44, West: -22, North: -32, East: 2}
		return l
	}
	grid := gridOf(DefaultCellKm)
	b := truce.Bulletin{Number: "D-1", Period: truce.Period{Zone: zone}}
	for i := range 30 {
		cell := grid.Cell(geo.Point{Lat: -37 - geo.Degrees(i)*.03, Lon: -12})
		b.Rows = append(b.Rows, truce.BulletinRow{N: i + 1, Place: truce.RowPlace{Cell: &cell}, Means: []truce.Family{truce.FamilyThermal}, Occurrence: truce.OccurrenceDetected})
	}
	svg, notes := mustMap(t, b, wide, "en")
	if n := strings.Count(svg, "m-tally "); n < 1 || n > 3 {
		t.Errorf("30 rows over 100 km are drawn as %d squares", n)
	}
	if !strings.Contains(notes, "30 of 30 listed rows") || !strings.Contains(notes, "about 80\u00a0km a side") {
		t.Errorf("the notes do not say how cells are gathered: %s", notes)
	}
	if !strings.Contains(svg, "m-shade-3") {
		t.Error("many rows are drawn as few")
	}
}

func TestSymbolsTellKindsAndStates(t *testing.T) {
	for _, row := range []struct {
		means []truce.Family
		state truce.Occurrence
		kind  draw.Symbol
		fill  draw.Fill
	}{
		{[]truce.Family{truce.FamilyThermal, truce.FamilySAR}, truce.OccurrenceDetected, draw.Circle, draw.Half},
		{[]truce.Family{truce.FamilyMedia, truce.FamilyCivilian}, truce.OccurrenceReported, draw.Wedge, draw.Hollow},
		{[]truce.Family{truce.FamilyPatrol}, truce.OccurrenceVerified, draw.Diamond, draw.Solid},
		{[]truce.Family{truce.FamilyDrone}, truce.OccurrenceCorroborated, draw.Triangle, draw.Solid},
		{[]truce.Family{truce.FamilyAcoustic, truce.FamilyRadar}, truce.OccurrenceDetected, draw.Square, draw.Half},
		{[]truce.Family{truce.FamilyAcoustic, truce.FamilyMedia}, truce.OccurrenceRefuted, draw.Cross, draw.Hollow},
		{nil, truce.OccurrenceReported, draw.Circle, draw.Hollow},
	} {
		r := truce.BulletinRow{Means: row.means, Occurrence: row.state}
		if kindOf(&r) != row.kind || fillOf(&r) != row.fill {
			t.Errorf("%v %s: symbol %d filled %d, want %d and %d", row.means, row.state, kindOf(&r), fillOf(&r), row.kind, row.fill)
		}
	}
}

// A square leads to its first row where the page has it, and names a bounded number.
func TestSquaresLeadToRowsOnThePage(t *testing.T) {
	grid := gridOf(DefaultCellKm)
	cell := grid.Cell(geo.Point{Lat: -37, Lon: -12})
	far := grid.Cell(geo.Point{Lat: -37.2, Lon: -12})
	b := truce.Bulletin{Number: "D-1", Period: truce.Period{Zone: zone}}
	for n := range 20 {
		c := &cell
		if n >= 15 {
			c = &far
		}
		b.Rows = append(b.Rows, truce.BulletinRow{N: n + 1, Place: truce.RowPlace{Cell: c}, Occurrence: truce.OccurrenceReported})
	}
	svg, _, err := drawMap(b, nil, PrintOptions{Lang: "en", AnnexRows: 10})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(svg, []byte(`href="#row-1"`)) || bytes.Contains(svg, []byte(`href="#row-16"`)) {
		t.Error("squares must lead to the first ten rows and no further")
	}
	if !bytes.Contains(svg, []byte(fmt.Sprintf("Grid cell %s, 15 rows: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, …", cell.ID))) {
		t.Errorf("the first square does not name its rows: %s", svg)
	}
}

func TestMapsHaveABound(t *testing.T) {
	if p := mapProblems("en", make([]byte, maxMapBytes)); p != nil {
		t.Errorf("a map at the bound: %v", p)
	}
	if p := mapProblems("en", make([]byte, maxMapBytes+1)); len(p) != 1 || !strings.Contains(p[0].String(), "at most") {
		t.Errorf("a map over the bound: %v", p)
	}
}
