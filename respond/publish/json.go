package publish

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	var out bytes.Buffer
	for i, name := range names {
		out.WriteByte("{,"[min(i, 1)])
		out.WriteString(strconv.Quote(name) + ":")
		switch name {
		case "rows":
			err = writeList(&out, rows)
		case "tables":
			err = writeList(&out, tables)
		default:
			err = writeRaw(&out, fields[name])
		}
		if err != nil {
			return nil, fmt.Errorf("bulletin %s: %s: %w", b.Number, name, err)
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

func writeRaw(out *bytes.Buffer, raw json.RawMessage) error {
	body, err := truce.CanonicalJSON(raw)
	out.Write(body)
	return err
}

func writeList[T any](out *bytes.Buffer, list []T) error {
	out.WriteByte('[')
	for i, v := range list {
		if i > 0 {
			out.WriteByte(',')
		}
		body, err := truce.Canonical(v)
		if err != nil {
			return err
		}
		out.Write(body)
	}
	out.WriteByte(']')
	return nil
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
