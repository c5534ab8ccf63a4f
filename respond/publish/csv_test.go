package publish

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// readCSV reads an annex back by the names of its columns.
func readCSV(t interface{ Fatal(...any) }, body []byte) []map[string]string {
	records, err := csv.NewReader(strings.NewReader(string(body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		out = append(out, row)
	}
	return out
}

// rowOf makes of a line of the table what a row of the annex says.
func rowOf(t interface{ Fatal(...any) }, rec map[string]string) truce.BulletinRow {
	number := func(name string) int {
		n, err := strconv.Atoi(rec[name])
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", name, err))
		}
		return n
	}
	float := func(name string) float64 {
		v, err := strconv.ParseFloat(rec[name], 64)
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", name, err))
		}
		return v
	}
	r := truce.BulletinRow{
		N: number("row"), ID: rec["id"], Revision: number("revision"), Part: rec["part"], Carried: rec["carried"] == "yes",
		Act: truce.Act(rec["act"]), Unit: truce.Unit(rec["unit"]), Quantity: number("quantity"), Observations: number("observations"),
		Area: truce.AreaID(rec["area"]), Control: truce.PartyID(rec["control"]), Occurrence: truce.Occurrence(rec["occurrence"]),
		Attribution: rec["attribution"], Direction: rec["direction"], Class: rec["weapon_class"], Window: rec["window"],
		P: truce.Probability(float("p")), Place: truce.RowPlace{Name: rec["place"]},
	}
	if err := r.Time.From.UnmarshalText([]byte(rec["from"])); err != nil {
		t.Fatal(err)
	}
	if err := r.Time.To.UnmarshalText([]byte(rec["to"])); err != nil {
		t.Fatal(err)
	}
	if rec["cell"] != "" {
		r.Place.Cell = &truce.GridCell{ID: rec["cell"], South: float("cell_south"), West: float("cell_west"), North: float("cell_north"), East: float("cell_east")}
	}
	if rec["within_km"] != "" {
		r.Place.WithinKm = number("within_km")
	}
	for _, f := range strings.Split(rec["means"], ";") {
		r.Means = append(r.Means, truce.Family(f))
	}
	for _, s := range strings.Split(rec["sources"], ";") {
		r.Sources = append(r.Sources, truce.SourceID(s))
	}
	return r
}

// Whatever a day holds, the table read back says what the rows say, and counting its
// lines gives the numbers the bulletin prints.
func TestTheCSVComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomDay(t)
		first, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Daily(dayAfterOf(in, first)) // carries rows
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []truce.Bulletin{first, b} {
			body, err := CSV(b)
			if err != nil {
				t.Fatal(err)
			}
			lines := readCSV(t, body)
			if len(lines) != len(b.Rows) {
				t.Fatalf("%d lines of %d rows", len(lines), len(b.Rows))
			}
			count := 0
			for i, line := range lines {
				got, want := rowOf(t, line), b.Rows[i]
				if plainRow(got) != plainRow(want) {
					t.Fatalf("row %d came back as\n%s\nwant\n%s", want.N, plainRow(got), plainRow(want))
				}
				if line["findings"] != findingsText(want.Findings) {
					t.Fatalf("row %d: findings %q", want.N, line["findings"])
				}
				if got.Act == truce.ActHeat && got.Counts() && !got.Carried {
					count++
				}
			}
			if heat := tableNamed(t, b, "heat").Total.Cells[0].This.N; count != heat {
				t.Fatalf("the table holds %d heat events, the bulletin prints %d", count, heat)
			}
		}
	})
}

// plainRow leaves out what a table does not carry: the precise place and the findings'
// numbers; the cell is compared by value.
func plainRow(r truce.BulletinRow) string {
	cell := truce.GridCell{}
	if r.Place.Cell != nil {
		cell = *r.Place.Cell
	}
	return fmt.Sprint(r.N, r.ID, r.Revision, r.Part, r.Carried, r.Act, r.Unit, r.Quantity, r.Observations, r.Means, r.Area, r.Control, r.Time.From, r.Time.To,
		r.Occurrence, fmt.Sprintf("%.2f", float64(r.P)), r.Attribution, r.Direction, r.Class, r.Window, r.Sources, r.Place.Name, cell, r.Place.WithinKm)
}

func TestTheCSVsColumns(t *testing.T) {
	body, err := CSV(mustDaily(t, fixtureInput()))
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(body), "\n")
	if got := strings.Split(head, ","); !slices.Equal(got, csvHeader) {
		t.Errorf("columns %q", got)
	}
	lines := readCSV(t, body)
	first := lines[0]
	for column, want := range map[string]string{
		"row": "1", "part": "fire", "carried": "", "act": "indirect_fire", "unit": "engagement", "quantity": "2", "area": "north", "control": "A",
		"cell": "G5-1179-2976", "occurrence": "corroborated", "p": "0.84", "findings": "R01 hit", "sources": "array", "sigma_s": "30.0",
	} {
		if first[column] != want {
			t.Errorf("%s of the first row is %q, want %q", column, first[column], want)
		}
	}
	if nowhere := lines[7]; nowhere["cell"] != "" || nowhere["cell_south"] != "" || nowhere["place"] != "" {
		t.Errorf("a row without a place has %v", nowhere)
	}
}

func TestDecimalsNeverSayMinusZero(t *testing.T) {
	for v, want := range map[float64]string{-0.001: "0.00", 0.004: "0.00", -1.25: "-1.25", 12: "12.00", -0.006: "-0.01"} {
		if got := decimal(v, 2); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
}

func TestCellsOfASpreadsheetRunNothing(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\ttab", "\rreturn"} {
		if got := safeCell(s); got != "'"+s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
	for _, s := range []string{"", "north", "1-1", "a=b"} {
		if got := safeCell(s); got != s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
}

// A line cut out of the file still says that it is an exercise and whose data it is.
func TestEveryLineOfTheCSVSaysRealmAndRights(t *testing.T) {
	b := mustRelease(t, releaseOf(mustDaily(t, fixtureInput()))).Bulletin
	for _, realm := range []truce.Realm{truce.RealmReal, "exercise:spring"} {
		b.Realm = realm
		b.Sources[0].Attribution = "=HYPERLINK(\"x\")"
		body, err := CSV(b)
		if err != nil {
			t.Fatal(err)
		}
		lines := readCSV(t, body)
		if len(lines) != len(b.Rows) {
			t.Fatalf("%d lines for %d rows", len(lines), len(b.Rows))
		}
		for i, line := range lines {
			if line["realm"] != string(realm) {
				t.Errorf("line %d is of the realm %q", i, line["realm"])
			}
			if line["source_licences"] == "" || line["source_attributions"] == "" {
				t.Errorf("line %d names no licence or attribution: %v", i, line)
			}
			for name, cell := range line {
				if strings.HasPrefix(cell, "=") {
					t.Errorf("%s of line %d begins as a formula does: %s", name, i, cell)
				}
			}
		}
	}
}
