package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
)

// maxNotifyRows bounds one file of notifications: a year of thirty a day.
const maxNotifyRows = 10_000

// maxNotifyRow is the longest row: two texts of the greatest length, and the rest.
const maxNotifyRow = 3 * truce.MaxNotificationWords

// writtenRow is a row of a file: its fields, or why it has none.
type writtenRow struct {
	line   int
	fields notifyRow
	raw    []byte
	bad    error
}

// readNotifications reads a table or a JSON list. A row that cannot be read stands in the
// answer with its reason; an error is of the file.
func readNotifications(name string, src io.Reader) ([]writtenRow, error) {
	data, err := bounded.Unpack(src, bounded.UnpackLimits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	looked := bufio.NewReader(data)
	head, _ := looked.Peek(512) // what cannot be read is told by the reading
	first := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(first) == 0:
		return nil, truce.Errorf(truce.CodeInvalid, "%s is empty: write a table with the columns %s, or a JSON list of objects with the same names", name, strings.Join(notifyFields, ","))
	case first[0] == '[':
		return jsonNotifications(name, looked)
	case first[0] == '{':
		return nil, truce.Errorf(truce.CodeInvalid, "%s holds one JSON object: put it in a list, [ ... ]", name)
	}
	return csvNotifications(name, looked)
}

func csvNotifications(name string, src io.Reader) ([]writtenRow, error) {
	table := bounded.NewCSV(src, bounded.CSVLimits{Row: maxNotifyRow, Field: truce.MaxNotificationWords + 1})
	head, err := table.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: the row of column names: %w", name, err)
	}
	columns, err := notifyColumns(name, head)
	if err != nil {
		return nil, err
	}
	var out []writtenRow
	for {
		cells, err := table.Read()
		var bad *bounded.RowError
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil && !errors.As(err, &bad):
			return out, fmt.Errorf("%s: %w", name, err)
		case len(out) >= maxNotifyRows:
			return out, tooManyRows(name)
		}
		row := writtenRow{line: table.Line(), raw: bytes.Clone(table.Raw()), fields: notifyRow{}}
		switch {
		case bad != nil:
			row.bad = errors.New(bad.Reason)
		case len(cells) > len(columns):
			row.bad = fmt.Errorf("has %d fields and the table %d columns: put texts with commas in quotes", len(cells), len(columns))
		default:
			for i, cell := range cells {
				row.fields[columns[i]] = strings.TrimSpace(string(cell))
			}
		}
		out = append(out, row)
	}
}

func tooManyRows(name string) error {
	return truce.Errorf(truce.CodeTooLarge, "%s has more than %d rows: cut it in parts", name, maxNotifyRows)
}

// notifyColumns finds the columns; an unknown one is refused, since what it says would be lost.
func notifyColumns(name string, head [][]byte) ([]string, error) {
	var out []string
	for _, cell := range head {
		column := strings.TrimSpace(string(cell))
		switch {
		case !slices.Contains(notifyFields, column):
			return nil, truce.Errorf(truce.CodeInvalid, "%s:1: column %q is not known; the columns are %s%s", name, cut(column), strings.Join(notifyFields, ","), didYouMean(column, notifyFields))
		case slices.Contains(out, column):
			return nil, truce.Errorf(truce.CodeInvalid, "%s:1: column %q stands there twice", name, column)
		}
		out = append(out, column)
	}
	for _, needed := range []string{"number", "step", "by"} {
		if !slices.Contains(out, needed) {
			return nil, truce.Errorf(truce.CodeInvalid, "%s:1: the column %s is missing; the columns are %s", name, needed, strings.Join(notifyFields, ","))
		}
	}
	return out, nil
}

func jsonNotifications(name string, src io.Reader) ([]writtenRow, error) {
	doc := bounded.NewJSON(src, bounded.JSONLimits{Value: maxNotifyRow})
	var out []writtenRow
	err := doc.Array(func(int) error {
		if len(out) >= maxNotifyRows {
			return tooManyRows(name)
		}
		value, err := doc.Value()
		if err != nil {
			return err
		}
		row := writtenRow{line: doc.ValueLine(), raw: bytes.Clone(value)}
		row.fields, row.bad = jsonRow(value)
		out = append(out, row)
		return nil
	})
	if err == nil {
		err = doc.End()
	}
	if err != nil && truce.CodeOf(err) == truce.CodeInternal {
		err = truce.Errorf(truce.CodeInvalid, "%s: %w", name, err)
	}
	return out, err
}

// jsonRow reads an object of texts, numbers and true or false.
func jsonRow(value json.RawMessage) (notifyRow, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(value, &members); err != nil || members == nil {
		return nil, errors.New("is no object: write {\"number\": ..., \"step\": ..., ...}")
	}
	row := notifyRow{}
	for _, name := range notifyFields {
		raw, some := members[name]
		delete(members, name)
		switch {
		case !some || string(raw) == "null":
		case raw[0] == '"':
			var text string
			if err := json.Unmarshal(raw, &text); err != nil {
				return nil, wrong(name, "%w", err)
			}
			row[name] = strings.TrimSpace(text)
		case raw[0] == '[' || raw[0] == '{':
			return nil, wrong(name, "is a list or an object; write a text or a number")
		default:
			row[name] = string(raw)
		}
	}
	for name := range members {
		if left := len(members); left > 1 {
			return nil, fmt.Errorf("%d members are not known; the names are %s", left, strings.Join(notifyFields, ","))
		}
		return nil, wrong(cut(name), "is not known%s; the names are %s", didYouMean(name, notifyFields), strings.Join(notifyFields, ","))
	}
	return row, nil
}
