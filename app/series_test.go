package app

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// receivedTable is a table of what came in, with a number that is read in one form.
func receivedTable(key string, n int, form truce.FigureForm) truce.CountTable {
	return truce.CountTable{
		Key: "received." + key, Subject: "received",
		Total: truce.CountLine{Cells: []truce.CountCell{{This: truce.Figure{N: n, Form: form}}}},
	}
}

func thermalPass(share truce.Probability) truce.Coverage {
	return truce.Coverage{Area: "north", Family: truce.FamilyThermal, Share: share, Passes: []truce.Pass{{Sensor: "N20"}}}
}

func seriesOf(t *testing.T, b truce.Bulletin) (table string, asJSON string) {
	t.Helper()
	var out bytes.Buffer
	days := []seriesDay{newSeriesDay(b)}
	if err := printSeries(&out, days); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(days)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), string(text)
}

// A zero of a day on which nobody is known to have looked is no number.
func TestASeriesPrintsNoZeroWhereNobodyLooked(t *testing.T) {
	for name, c := range map[string]struct {
		bulletin       truce.Bulletin
		want, wantJSON []string
	}{
		"nothing was read": {
			truce.Bulletin{Day: "2026-05-01", DayNumber: 4, Tables: []truce.CountTable{
				receivedTable("detections", 0, truce.FigureNotObserved), receivedTable("reports", 0, truce.FigureNotObserved),
				receivedTable("reports_of_fire", 0, truce.FigureNotObserved),
			}},
			[]string{"| 2026-05-01 | 4 | not observed | no file read |  |", "carried no report of fire, and nobody states that they looked for any", "read for 0 of 1 days"},
			[]string{`"reports_of_fire":null`, `"reports":null`, `"detections":null`},
		},
		"satellites saw too little": {
			truce.Bulletin{Day: "2026-05-01", DayNumber: 4, Coverage: []truce.Coverage{thermalPass(.01)}, Tables: []truce.CountTable{
				receivedTable("detections", 0, truce.FigureNotObserved), receivedTable("reports_of_fire", 3, truce.FigureAtLeast),
			}},
			[]string{"| 2026-05-01 | 4 | 3 | not observed (N20) |  |", "carried 3 reports", "read for 1 of 1 days"},
			[]string{`"reports_of_fire":3`, `"detections":null`},
		},
		"satellites saw enough and nothing": {
			truce.Bulletin{Day: "2026-05-01", DayNumber: 4, Coverage: []truce.Coverage{thermalPass(.9)}, Tables: []truce.CountTable{
				receivedTable("detections", 0, truce.FigureExact), receivedTable("reports_of_fire", 0, truce.FigureExact),
			}},
			[]string{"| 2026-05-01 | 4 | 0 | 0 (N20) |"},
			[]string{`"reports_of_fire":0`, `"detections":0`},
		},
	} {
		table, asJSON := seriesOf(t, c.bulletin)
		for _, want := range c.want {
			if !strings.Contains(table, want) {
				t.Errorf("%s: want %q in\n%s", name, want, table)
			}
		}
		for _, want := range c.wantJSON {
			if !strings.Contains(asJSON, want) {
				t.Errorf("%s: want %q in %s", name, want, asJSON)
			}
		}
	}
}

// Detections without a control map say so; with one they name it.
func TestASeriesNamesTheControlMapOrSaysThatThereIsNone(t *testing.T) {
	b := truce.Bulletin{Day: "2026-05-01", Coverage: []truce.Coverage{thermalPass(.9)}, Tables: []truce.CountTable{receivedTable("detections", 7, truce.FigureExact)}}
	table, _ := seriesOf(t, b)
	if !strings.Contains(table, "| 7 (N20) | no control map |") || strings.Contains(table, "(map )") {
		t.Errorf("without a map:\n%s", table)
	}
	control := receivedTable("detections_by_control", 7, truce.FigureExact)
	control.Map, control.MapVersion = "survey", "2026-05-01"
	control.Lines = append(control.Lines, truce.CountLine{Key: "B", Cells: []truce.CountCell{{This: truce.Figure{N: 5}}}},
		truce.CountLine{Cells: []truce.CountCell{{This: truce.Figure{N: 2}}}})
	b.Tables = append(b.Tables, control)
	if table, _ = seriesOf(t, b); !strings.Contains(table, "| elsewhere 2, B 5 (map survey 2026-05-01) |") {
		t.Errorf("with a map:\n%s", table)
	}
}

// The series of an empty store says what its Daily says.
func TestASeriesOfAnEmptyStoreSaysNotObserved(t *testing.T) {
	p := newProgram(t)
	table := p.good(t, "bulletin", "series", "--from", "2031-03-10", "--to", "2031-03-11")
	if strings.Count(table, "| not observed | no file read |") != 2 || strings.Contains(table, "(map") {
		t.Errorf("printed\n%s", table)
	}
	mustHold(t, p.good(t, "bulletin", "daily", "--date", "2031-03-10"), "not observed")
}
