package publish

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
)

// JSON writes a bulletin canonically (RFC 8785). Rows and tables are written one by one,
// so that a day of any size passes the bound of a single record's body.
func JSON(b truce.Bulletin) ([]byte, error) {
	rows, tables := b.Rows, b.Tables
	b.Rows, b.Tables = []truce.BulletinRow{}, []truce.CountTable{}
	head, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("bulletin %s: %w", b.Number, err)
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(head, &fields); err != nil {
		return nil, fmt.Errorf("bulletin %s: %w", b.Number, err)
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []byte
	for i, name := range names {
		out = append(out, "{,"[min(i, 1)])
		out = append(out, strconv.Quote(name)+":"...)
		switch name {
		case "rows":
			out, err = appendRows(out, rows)
		case "tables":
			out, err = appendList(out, tables)
		default:
			var body []byte
			body, err = truce.CanonicalJSON(fields[name])
			out = append(out, body...)
		}
		if err != nil {
			return nil, fmt.Errorf("bulletin %s: %s: %w", b.Number, name, err)
		}
	}
	return append(out, '}'), nil
}

func appendList[T any](out []byte, list []T) ([]byte, error) {
	out = append(out, '[')
	var err error
	for i := range list {
		if i > 0 {
			out = append(out, ',')
		}
		if out, err = truce.AppendCanonical(out, &list[i]); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}

// rowsPerPart is how many rows one core writes at a time; about a megabyte.
const rowsPerPart = 1000

// appendRows writes the rows on every core, some at a time. The room for all is made when
// the length of the first ones is known: memory that is copied when it grows costs more
// than writing into it.
func appendRows(out []byte, rows []truce.BulletinRow) ([]byte, error) {
	out = append(out, '[')
	parts := make([][]byte, runtime.GOMAXPROCS(0))
	start := len(out)
	for from := 0; from < len(rows); from += len(parts) * rowsPerPart {
		var group errgroup.Group
		for i := range parts {
			part := rows[min(from+i*rowsPerPart, len(rows)):min(from+(i+1)*rowsPerPart, len(rows))]
			group.Go(func() (err error) {
				parts[i], err = appendList(parts[i][:0], part)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
		for _, part := range parts {
			if len(part) > len("[]") {
				out = append(append(out, part[1:len(part)-1]...), ',')
			}
		}
		if from == 0 {
			done := min(len(rows), len(parts)*rowsPerPart)
			out = slices.Grow(out, (len(rows)-done)*(len(out)-start)/done*11/10)
		}
	}
	if last := len(out) - 1; last >= start {
		out = out[:last] // the comma behind the last row
	}
	return append(out, ']'), nil
}

// csvHeader names the columns of the annex as a table.
var csvHeader = []string{
	"realm", "row", "id", "revision", "part", "carried", "from", "to", "sigma_s", "act", "unit", "quantity", "observations", "means",
	"area", "control", "place", "cell", "cell_south", "cell_west", "cell_north", "cell_east", "within_km",
	"occurrence", "p", "attribution", "direction", "weapon_class", "findings", "window", "labels", "sources",
	"source_licences", "source_attributions",
}

// CSV writes the whole annex, one line per incident. Positions are the row's grid cell
// in both editions.
func CSV(b truce.Bulletin) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.Write(csvHeader); err != nil {
		return nil, err
	}
	sources := make(map[truce.SourceID]truce.BulletinSource, len(b.Sources))
	for _, s := range b.Sources {
		sources[s.ID] = s
	}
	for _, r := range b.Rows {
		record := append([]string{string(b.Realm)}, csvRecord(r)...)
		if err := w.Write(append(record, csvRights(r, sources)...)); err != nil {
			return nil, fmt.Errorf("bulletin %s: row %d: %w", b.Number, r.N, err)
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// csvRights are the licences and attributions of a row's sources, in their order: a line
// that is cut out of the file must still say whose it is.
func csvRights(r truce.BulletinRow, sources map[truce.SourceID]truce.BulletinSource) []string {
	licences, attributions := make([]string, len(r.Sources)), make([]string, len(r.Sources))
	for i, id := range r.Sources {
		licences[i], attributions[i] = sources[id].Licence, sources[id].Attribution
	}
	return []string{safeCell(strings.Join(licences, ";")), safeCell(strings.Join(attributions, ";"))}
}

func csvRecord(r truce.BulletinRow) []string {
	cell := make([]string, 5)
	if c := r.Place.Cell; c != nil {
		cell = []string{c.ID, decimal(c.South, 5), decimal(c.West, 5), decimal(c.North, 5), decimal(c.East, 5)}
	}
	carried := ""
	if r.Carried {
		carried = "yes" // counted in the period before
	}
	rec := []string{
		strconv.Itoa(r.N), r.ID, strconv.Itoa(r.Revision), r.Part, carried, r.Time.From.String(), r.Time.To.String(),
		decimal(r.Time.Sigma.Duration().Seconds(), 1), string(r.Act), string(r.Unit), strconv.Itoa(r.Quantity),
		strconv.Itoa(r.Observations), joined(r.Means), safeCell(string(r.Area)), safeCell(string(r.Control)), safeCell(r.Place.Name),
	}
	rec = append(rec, cell...)
	within := ""
	if r.Place.WithinKm > 0 {
		within = strconv.Itoa(r.Place.WithinKm)
	}
	return append(rec, within, string(r.Occurrence), decimal(float64(r.P), 2), r.Attribution, r.Direction,
		safeCell(r.Class), safeCell(findingsText(r.Findings)), safeCell(r.Window), joined(r.Labels), safeCell(joined(r.Sources)))
}

// safeCell keeps a spreadsheet from taking outside text for a formula.
func safeCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

func joined[T ~string](list []T) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = string(v)
	}
	return strings.Join(parts, ";")
}

// decimal writes v with a fixed number of decimals and never as -0.
func decimal(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Trim(s, "-0.") == "" {
		return strings.TrimPrefix(s, "-")
	}
	return s
}
