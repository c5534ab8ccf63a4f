package app

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// listing is a table that can be printed in every format a list command offers.
// Objects are what JSON holds; Places are what GeoJSON draws, nil for a row without
// a place (such rows are listed in GeoJSON with a null geometry, as RFC 7946 allows).
type listing struct {
	Columns []string
	Rows    [][]string
	Objects any
	Places  []*geo.Position
	Sources [][]truce.SourceID // of each row, for its rights
	Note    string             // said after the table, e.g. that the list was cut
}

var listFormats = []string{"table", "json", "csv", "geojson"}

// print writes the listing in one of listFormats.
func (l listing) print(w io.Writer, format string) error {
	switch format {
	case "table":
		return l.table(w)
	case "json":
		return printJSON(w, l.Objects)
	case "csv":
		return l.csv(w)
	case "geojson":
		return l.geojson(w)
	default:
		return fmt.Errorf("format %q; choose one of %s", format, strings.Join(listFormats, ", "))
	}
}

func (l listing) table(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, strings.ToUpper(strings.Join(l.Columns, "\t")))
	for _, row := range l.Rows {
		shown := make([]string, len(row))
		for i, cell := range row {
			shown[i] = plainCell(cell)
		}
		fmt.Fprintln(tw, strings.Join(shown, "\t"))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if l.Note != "" {
		fmt.Fprintln(w, l.Note)
	}
	return nil
}

// plainCell keeps outside text from moving the cursor, breaking the table or turning the
// direction of writing.
func plainCell(cell string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, cell)
}

func (l listing) csv(w io.Writer) error {
	cw := csv.NewWriter(w)
	if err := cw.Write(l.Columns); err != nil {
		return err
	}
	for _, row := range l.Rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = neutralCell(cell)
		}
		if err := cw.Write(safe); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

// neutralCell keeps a spreadsheet from running outside text as a formula. Numbers,
// also negative ones, are left alone.
func neutralCell(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return cell
	}
	if cell[0] == '-' && strings.Trim(cell[1:], "0123456789.") == "" {
		return cell
	}
	return "'" + cell
}

// numberColumns are columns that a map program should take as numbers.
var numberColumns = []string{"p", "count", "lat", "lon", "r90_m"}

func property(column, cell string) any {
	switch {
	case !slices.Contains(numberColumns, column):
		return cell
	case cell == "":
		return nil
	default:
		return json.Number(cell)
	}
}

type feature struct {
	Type       string         `json:"type"`
	Geometry   *pointGeometry `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

type pointGeometry struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

func (l listing) geojson(w io.Writer) error {
	features := make([]feature, len(l.Rows))
	for i, row := range l.Rows {
		f := feature{Type: "Feature", Properties: map[string]any{}}
		for j, column := range l.Columns {
			f.Properties[column] = property(column, row[j])
		}
		if p := l.Places[i]; p != nil {
			f.Geometry = &pointGeometry{Type: "Point", Coordinates: [2]float64{float64(p.Lon), float64(p.Lat)}}
		}
		features[i] = f
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}{"FeatureCollection", features})
}
