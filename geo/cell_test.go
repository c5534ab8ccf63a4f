package geo

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCellKnown(t *testing.T) {
	p := Point{48.015, 37.802} // Donetsk
	c := CellID(p, 13)
	if c.Level() != 13 || !c.Valid() || c.Parent(6) != CellID(p, 6) {
		t.Errorf("level %d", c.Level())
	}
	// S2 tokens of one place nest by their leading digits.
	if got := CellID(p, 30).String(); got[:6] != c.String()[:6] {
		t.Errorf("%s does not lie in %s", got, c)
	}
	if d := Distance(p, c.Center()); d > 1200 {
		t.Errorf("the middle of its cell of level 13 lies %.0f m away", d)
	}
	if CellID(p, -3) != CellID(p, 0) || CellID(p, 99) != CellID(p, MaxCellLevel) {
		t.Error("a level out of range is not brought into it")
	}
	if CellID(Point{90, 0}, 10) != CellID(Point{90, 77}, 10) || CellID(Point{5, 180}, 10) != CellID(Point{5, -180}, 10) {
		t.Error("one place, two cells")
	}
}

func TestCellThroughTextAndNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := CellID(somewhere(t, "p"), rapid.IntRange(0, MaxCellLevel).Draw(t, "level"))
		if CellFromInt64(c.Int64()) != c {
			t.Fatalf("%v came back from the database as %v", c, CellFromInt64(c.Int64()))
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back Cell
		if err := json.Unmarshal(text, &back); err != nil || back != c {
			t.Fatalf("%s came back as %v, %v", text, back, err)
		}
	})
	for _, token := range []string{"", "X", "zz", "0000000000000000", "40b8x", "40b8a1b2c3d4e5f6a7"} {
		if c, err := ParseCell(token); err == nil {
			t.Errorf("%q is read as %v", token, c)
		}
	}
}

func TestCoversMissNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := rapid.IntRange(3, 12).Draw(t, "level")
		size := 60 / math.Exp2(float64(level-2))
		p := somewhere(t, "p")
		if rapid.Bool().Draw(t, "at the antimeridian") {
			p.Lon = -180
		}
		b := Bounds{p.Lat, p.Lon, min(90, p.Lat+Degrees(size*rapid.Float64Range(0, 1).Draw(t, "high"))), min(180, p.Lon+Degrees(size*rapid.Float64Range(0, 1).Draw(t, "wide")))}
		share := rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 1}))
		q := Point{b.South + Degrees(share.Draw(t, "y"))*(b.North-b.South), b.West + Degrees(share.Draw(t, "x"))*(b.East-b.West)}
		cells, err := CoverBounds(b, level)
		if err != nil {
			t.Skip("too many cells")
		}
		if _, ok := slices.BinarySearch(cells, CellID(q, level)); !ok {
			t.Fatalf("%v of box %+v lies in none of %d cells", q, b, len(cells))
		}
		radius := size * 1e5 / 2
		azimuth := Degrees(rapid.Float64Range(0, 360).Draw(t, "azimuth"))
		q, _ = Direct(p, azimuth, Metres(radius*share.Draw(t, "off")))
		cells, err = CoverCircle(p, Metres(radius), level)
		if err != nil {
			t.Skip("too many cells")
		}
		if _, ok := slices.BinarySearch(cells, CellID(q, level)); !ok {
			t.Fatalf("%v, %.0f m from %v, lies in none of %d cells around %.0f m", q, Distance(p, q), p, len(cells), radius)
		}
	})
}

func TestCoverIsNotWasteful(t *testing.T) {
	b := Bounds{47, 36, 48, 38}
	cells, err := CoverBounds(b, 10)
	if err != nil {
		t.Fatal(err)
	}
	// A cell of level 10 has 81 km2 on average, this box 16,600.
	if len(cells) < 150 || len(cells) > 400 {
		t.Errorf("%d cells of level 10 for a box of a degree by two", len(cells))
	}
	if got, err := CoverBounds(emptyBounds, 10); got != nil || err != nil {
		t.Errorf("nothing is covered by %v, %v", got, err)
	}
}

func TestCoverRefusesTooMany(t *testing.T) {
	if _, err := CoverBounds(Bounds{-90, -180, 90, 180}, 20); err == nil {
		t.Error("the world in cells of level 20 is not refused")
	}
	if cells, err := CoverBounds(Bounds{-90, -180, 90, 180}, 2); err != nil || len(cells) != 6*16 {
		t.Errorf("the world in cells of level 2: %d, %v, want 96", len(cells), err)
	}
	if _, err := CoverCircle(Point{48, 38}, 1e6, 20); err == nil {
		t.Error("a thousand kilometres in cells of level 20 are not refused")
	}
	if _, err := CoverCircle(Point{48, 38}, Metres(math.NaN()), 20); err == nil {
		t.Error("a circle that is not a number is not refused")
	}
}
