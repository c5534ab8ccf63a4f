package pledge

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
)

// Columns of the CSV of contributions, a row a step with its source: the same columns are
// written and read. capable rows may carry hours of a day instead of a quantity.
var Columns = []string{"id", "state", "to", "capability", "unit", "period_from", "period_to", "step", "quantity", "day", "capable_hours",
	"source_kind", "publisher", "title", "url", "source_day", "why", "public"}

// Rejected is a row that could not be used, as it stood, with the reason and the mend.
type Rejected struct {
	Line   int
	Reason string
	Raw    string
}

// row is one line of the file by column.
type row struct {
	line   int
	fields map[string]string
	raw    string
}

// ReadContributions reads a spreadsheet of contributions. Rows of one id together make one
// contribution; an id with a row that cannot be used is not made at all, and all its rows
// are rejected with the reason, so that no half of a history is taken for the whole.
func ReadContributions(src io.Reader) ([]truce.Contribution, []Rejected, error) {
	rows, rejected, err := readRows(src)
	if err != nil {
		return nil, nil, err
	}
	var order []string
	byID := map[string][]row{}
	for _, r := range rows {
		id := r.fields["id"]
		if byID[id] == nil {
			order = append(order, id)
		}
		byID[id] = append(byID[id], r)
	}
	var out []truce.Contribution
	for _, id := range order {
		c, bad := contribution(byID[id])
		if bad == nil {
			out = append(out, c)
			continue
		}
		for _, r := range byID[id] {
			reason := fmt.Sprintf("%s %q was not taken since line %d cannot be used", "contribution", id, bad.line)
			if r.line == bad.line {
				reason = bad.err.Error()
			}
			rejected = append(rejected, Rejected{r.line, reason, r.raw})
		}
	}
	slices.SortFunc(rejected, func(a, b Rejected) int { return cmp.Compare(a.Line, b.Line) })
	return out, rejected, nil
}

func readRows(src io.Reader) ([]row, []Rejected, error) {
	r := bounded.NewCSV(src, bounded.CSVLimits{})
	header, err := readHeader(r)
	if err != nil {
		return nil, nil, err
	}
	var rows []row
	var rejected []Rejected
	for len(rows)+len(rejected) <= MaxRows {
		fields, err := r.Read()
		var bad *bounded.RowError
		switch {
		case errors.Is(err, io.EOF):
			return rows, rejected, nil
		case errors.As(err, &bad):
			rejected = append(rejected, Rejected{bad.Line, bad.Reason, string(r.Raw())})
		case err != nil:
			return nil, nil, err
		case len(fields) != len(header):
			rejected = append(rejected, Rejected{r.Line(), fmt.Sprintf("has %d fields, the header has %d", len(fields), len(header)), string(r.Raw())})
		default:
			rows = append(rows, named(r, header, fields))
		}
	}
	return nil, nil, truce.Errorf(truce.CodeTooLarge, "over %d rows: part the file", MaxRows)
}

func readHeader(r *bounded.CSV) ([]string, error) {
	fields, err := r.Read()
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "line 1: no header: the first line names the columns: %s", strings.Join(Columns, ","))
	}
	header := make([]string, len(fields))
	for i, f := range fields {
		header[i] = string(f)
	}
	return header, checkHeader(header)
}

func checkHeader(header []string) error {
	for i, name := range header {
		header[i] = strings.TrimSpace(strings.ToLower(name))
		if !slices.Contains(Columns, header[i]) {
			return truce.Errorf(truce.CodeInvalid, "line 1: column %.60q is none of %s", name, strings.Join(Columns, ","))
		}
		if slices.Contains(header[:i], header[i]) {
			return truce.Errorf(truce.CodeInvalid, "line 1: column %s stands twice", header[i])
		}
	}
	for _, needed := range []string{"id", "state", "to", "capability", "unit", "step", "quantity", "day", "source_kind", "publisher"} {
		if !slices.Contains(header, needed) {
			return truce.Errorf(truce.CodeInvalid, "line 1: column %s is missing", needed)
		}
	}
	return nil
}

func named(r *bounded.CSV, header []string, fields [][]byte) row {
	out := row{line: r.Line(), fields: make(map[string]string, len(header)), raw: string(r.Raw())}
	for i, name := range header {
		out.fields[name] = plain(strings.TrimSpace(string(fields[i])))
	}
	return out
}

// badRow is the row of a contribution that cannot be used.
type badRow struct {
	line int
	err  error
}

func contribution(rows []row) (truce.Contribution, *badRow) {
	first := rows[0].fields
	c := truce.Contribution{ID: first["id"], State: truce.StateID(first["state"]), To: first["to"], Capability: first["capability"], Unit: Unit(first["unit"])}
	var err error
	if c.Period, err = period(first["period_from"], first["period_to"]); err != nil {
		return c, &badRow{rows[0].line, err}
	}
	for _, r := range rows {
		if err := takeRow(&c, r); err != nil {
			return c, &badRow{r.line, err}
		}
		if len(c.Steps) == 0 {
			return c, &badRow{r.line, truce.Errorf(truce.CodeInvalid, "contribution %.80q: begins with capable hours: its first row is a step", c.ID)}
		}
		if err := ValidateContribution(c); err != nil {
			return c, &badRow{r.line, err}
		}
	}
	for _, s := range c.Steps {
		if s.State == truce.ContributionPledged {
			c.Quantity = s.Quantity
		}
	}
	return c, nil
}

func takeRow(c *truce.Contribution, r row) error {
	for _, same := range []struct{ name, want string }{{"state", string(c.State)}, {"to", c.To}, {"capability", c.Capability}, {"unit", c.Unit}} {
		if got := r.fields[same.name]; got != same.want && (same.name != "unit" || Unit(got) != same.want) {
			return truce.Errorf(truce.CodeInvalid, "%s is %.60q, the rows above of %.80q have %.60q: give another id", same.name, got, c.ID, same.want)
		}
	}
	switch r.fields["public"] {
	case "yes", "true", "1":
		c.Public = true
	case "", "no", "false", "0":
	default:
		return truce.Errorf(truce.CodeInvalid, "public is %.40q; write yes or no", r.fields["public"])
	}
	if text := r.fields["capable_hours"]; text != "" {
		hours, err := number("capable_hours", text)
		c.Hours = append(c.Hours, truce.CapableHours{Day: truce.Day(r.fields["day"]), Hours: hours})
		return err
	}
	if err := checkCells(c.ID, r); err != nil {
		return err
	}
	quantity, err := number("quantity", r.fields["quantity"])
	c.Steps = append(c.Steps, truce.ContributionStep{
		State: truce.ContributionState(r.fields["step"]), Quantity: quantity, Day: truce.Day(r.fields["day"]), Why: r.fields["why"],
		Source: truce.Citation{Kind: truce.SourceKind(r.fields["source_kind"]), Publisher: r.fields["publisher"], Title: r.fields["title"], URL: r.fields["url"], Day: truce.Day(r.fields["source_day"])},
	})
	return err
}

// checkCells asks the row of a step for its source, by the columns in which it stands.
func checkCells(id string, r row) error {
	step := fmt.Sprintf("contribution %.80s: %.40s on %.40s", id, r.fields["step"], r.fields["day"])
	switch kind := r.fields["source_kind"]; {
	case kind == "":
		return truce.Errorf(truce.CodeInvalid, "%s: source_kind is empty: write %s, and who says it under publisher", step, citeKindsText)
	case !slices.Contains(citeKinds, truce.SourceKind(kind)):
		return truce.Errorf(truce.CodeInvalid, "%s: source_kind is %.40q: write %s", step, kind, citeKindsText)
	case r.fields["publisher"] == "":
		return truce.Errorf(truce.CodeInvalid, "%s: publisher is empty: write who says it", step)
	}
	return nil
}

// maxNumber is the greatest number of a cell; a sum of money stays exact to the unit below it.
const maxNumber = 1e15

func number(column, text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err == nil && v > maxNumber {
		return 0, truce.Errorf(truce.CodeInvalid, "%s is %.40q; the bound is %.0f", column, text, maxNumber)
	}
	if err != nil || v < 0 || v != v {
		return 0, truce.Errorf(truce.CodeInvalid, "%s is %.40q; write a number of 0 or more with a decimal point", column, text)
	}
	return v, nil
}

func period(from, to string) (truce.Period, error) {
	if from == "" && to == "" {
		return truce.Period{}, nil
	}
	start, err := truce.Day(from).Start(time.UTC)
	if err != nil {
		return truce.Period{}, fmt.Errorf("period_from: %w", err)
	}
	end, err := truce.Day(to).Start(time.UTC)
	if err != nil {
		return truce.Period{}, fmt.Errorf("period_to: %w", err)
	}
	if end <= start {
		return truce.Period{}, truce.Errorf(truce.CodeInvalid, "period_to %s is not after period_from %s", to, from)
	}
	return truce.Period{From: start, To: end, Zone: "UTC"}, nil
}

// WriteContributions writes what ReadContributions reads, rows in the order of the list.
func WriteContributions(dst io.Writer, list []truce.Contribution) error {
	w := csv.NewWriter(dst)
	if err := w.Write(Columns); err != nil {
		return err
	}
	for _, c := range list {
		public, from, to := "no", "", ""
		if c.Public {
			public = "yes"
		}
		if c.Period.From != 0 || c.Period.To != 0 {
			from, to = string(c.Period.From.Day()), string(c.Period.To.Day())
		}
		lead := []string{c.ID, string(c.State), c.To, c.Capability, Unit(c.Unit), from, to}
		for _, s := range c.Steps {
			cells := append(slices.Clone(lead), string(s.State), text(s.Quantity), string(s.Day), "", string(s.Source.Kind), s.Source.Publisher, s.Source.Title, s.Source.URL, string(s.Source.Day), s.Why, public)
			if err := w.Write(neutral(cells)); err != nil {
				return err
			}
		}
		for _, h := range c.Hours {
			cells := append(slices.Clone(lead), string(truce.ContributionCapable), "", string(h.Day), text(h.Hours), "", "", "", "", "", "", public)
			if err := w.Write(neutral(cells)); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}

// formula says whether a spreadsheet would run a cell, whatever apostrophes stand before it.
func formula(cell string) bool {
	rest := strings.TrimLeft(cell, "'")
	return rest != "" && strings.ContainsRune("=+-@\t\r\n", rune(rest[0]))
}

// neutral puts an apostrophe before every cell that a spreadsheet would run as a formula.
func neutral(cells []string) []string {
	for i, cell := range cells {
		if formula(cell) {
			cells[i] = "'" + cell
		}
	}
	return cells
}

// plain takes the apostrophe of neutral away again, so that what was written is what is read.
func plain(cell string) string {
	if strings.HasPrefix(cell, "'") && formula(cell) {
		return cell[1:]
	}
	return cell
}

func text(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
