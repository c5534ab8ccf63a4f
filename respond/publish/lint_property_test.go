package publish

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// anyFigure is a place in a bulletin where a number stands.
type anyFigure struct {
	table       *truce.CountTable
	line, split int // line -1: the total
}

func (f anyFigure) cell() *truce.CountCell {
	if f.line < 0 {
		return &f.table.Total.Cells[f.split]
	}
	return &f.table.Lines[f.line].Cells[f.split]
}

func drawFigure(t *rapid.T, b truce.Bulletin) anyFigure {
	table := &b.Tables[rapid.IntRange(0, len(b.Tables)-1).Draw(t, "table")]
	return anyFigure{table, rapid.IntRange(-1, len(table.Lines)-1).Draw(t, "line"), rapid.IntRange(0, len(table.Splits)-1).Draw(t, "split")}
}

// Whatever the day and whichever number is changed afterwards, the linter finds it.
func TestAnyChangedNumberIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, err := Daily(randomDay(t))
		if err != nil {
			t.Fatal(err)
		}
		f := drawFigure(t, b)
		c, change := f.cell(), rapid.SampledFrom([]string{"one more", "one less", "one more unlisted", "preliminary", "previous", "another row"}).Draw(t, "change")
		switch change {
		case "one more":
			c.This.N++
		case "one less":
			c.This.N--
		case "one more unlisted": // hidden where no row can be held against it
			c.This.N++
			c.This.Unlisted++
		case "preliminary":
			c.Preliminary.N++
			c.Preliminary.Unlisted++
		case "previous":
			if c.Previous == nil {
				t.Skip("nothing to compare with")
			}
			c.Previous.N++
		case "another row":
			c.This.Rows.Add(len(b.Rows) + 1)
		}
		if problems := Lint(b, Document{}); len(problems) == 0 {
			t.Fatalf("%s in %s, line %d, column %d was not found", change, f.table.Key, f.line, f.split)
		}
	})
}

// Whatever row of whatever day is changed behind the back of the tables, the linter finds
// it, if the change is one that counts.
func TestAnyChangedRowIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomDay(t)
		b, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Rows) == 0 {
			t.Skip("no row to change")
		}
		r := &b.Rows[rapid.IntRange(0, len(b.Rows)-1).Draw(t, "row")]
		switch rapid.IntRange(0, 3).Draw(t, "change") {
		case 0:
			r.Area = map[truce.AreaID]truce.AreaID{"north": "south", "south": "north", "elsewhere": "", "": "elsewhere"}[r.Area]
		case 1:
			r.Act = map[bool]truce.Act{true: truce.ActCrater, false: truce.ActHeat}[r.Act == truce.ActHeat]
		case 2:
			if r.Counts() {
				r.Occurrence = truce.OccurrenceRefuted
			} else {
				r.Occurrence = truce.OccurrenceVerified
			}
		case 3:
			b.Rows = slices.Delete(b.Rows, r.N-1, r.N)
		}
		if problems := Lint(b, Document{}); len(problems) == 0 {
			t.Fatalf("row %+v was changed and not found", r)
		}
	})
}

// Whatever number of a printed page is changed by hand, the linter finds it.
func TestAnyNumberTypedOverIsFound(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	var docs []Document
	for _, lang := range Languages() {
		docs = append(docs, printed(t, b, lang)...)
	}
	rapid.Check(t, func(t *rapid.T) {
		doc := rapid.SampledFrom(docs).Draw(t, "document")
		body := string(doc.Body)
		// A number that a reader sees: behind a tag or a bar, not in an anchor or address.
		marks := []string{"≥\u00a0", "day ", "день ", "± ", "rows ", "рядки "}
		mark := rapid.SampledFrom(marks).Draw(t, "where")
		n := strings.Count(body, mark)
		if n == 0 {
			t.Skip("not on this page")
		}
		at := 0
		for range rapid.IntRange(1, n).Draw(t, "which") {
			at += strings.Index(body[at:], mark) + len(mark)
		}
		if at >= len(body) || body[at] < '0' || body[at] > '9' {
			t.Skip("no number there")
		}
		other := byte('0' + (body[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "digit")))%10)
		doc.Body = []byte(body[:at] + string(other) + body[at+1:])
		if problems := Lint(b, doc); !hasRule(problems, "Na") {
			t.Fatalf("%s %s: %q became %q and was not found", doc.Lang, doc.Format, body[at-8:at+12], doc.Body[at-8:at+12])
		}
	})
}

// The gate's own check of a public edition finds a position put back anywhere.
func TestAnyPositionPutBackIsFound(t *testing.T) {
	inside := mustDaily(t, fixtureInput())
	pub := mustRelease(t, releaseOf(inside)).Bulletin
	degree := -36.98765
	for name, put := range map[string]func(*truce.Bulletin){
		"latitude":       func(b *truce.Bulletin) { b.Rows[0].Place.Lat = &degree },
		"longitude":      func(b *truce.Bulletin) { b.Rows[0].Place.Lon = &degree },
		"radius":         func(b *truce.Bulletin) { b.Rows[0].Place.RadiusM = 900 },
		"way":            func(b *truce.Bulletin) { b.Rows[0].Place.Near = &truce.NearName{Name: "Nordhavn"} },
		"internal id":    func(b *truce.Bulletin) { b.Rows[0].ID = inside.Rows[0].ID },
		"place":          func(b *truce.Bulletin) { b.Places = inside.Places },
		"ids of numbers": func(b *truce.Bulletin) { b.Tables = inside.Tables },
		"edition":        func(b *truce.Bulletin) { b.Edition = truce.EditionMission },
	} {
		b := pub
		b.Rows = slices.Clone(pub.Rows)
		put(&b)
		if problems := PublicProblems(b); !hasRule(problems, "G") {
			t.Errorf("%s put back: %v", name, problems)
		}
	}
	for name, put := range map[string]func(*truce.Bulletin){
		"row":   func(b *truce.Bulletin) { b.Rows[0].Sources = []truce.SourceID{"agency"} },
		"claim": func(b *truce.Bulletin) { b.Claims = []truce.ClaimRow{{ID: "9", Source: "agency"}} },
	} {
		b := pub
		b.Rows = slices.Clone(pub.Rows)
		put(&b)
		if problems := PublicProblems(b); !hasRule(problems, "R") {
			t.Errorf("a %s of a source that forbids it: %v", name, problems)
		}
	}
}

func TestProblemsSayWhereAndWhat(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	b.Tables[0].Lines[0].Cells[0].This.N = 7
	want := []string{
		"Na, table rule.R01/north/hit: counts 7 of rows [1]; the rows say 2 of rows [1]",
		"Nb, table rule.R01: this period of hit: the lines sum to 7, the total says 2",
	}
	var got []string
	for _, p := range Lint(b, Document{}) {
		got = append(got, p.String())
	}
	slices.Sort(got)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("problems\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
