package trial

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// earlier moves every date of a text back by as many years as bring the same calendar
// again, weekdays and leap days alike, so that nothing but the sign of the time changes.
const earlier = 84

var dated = regexp.MustCompile(`\b((?:19|20)\d\d)(-\d\d-\d\d)`)

func moved(text string) string {
	return dated.ReplaceAllStringFunc(text, func(date string) string {
		year, _ := strconv.Atoi(date[:4])
		return fmt.Sprintf("%04d%s", year-earlier, date[4:])
	})
}

var zoneLine = regexp.MustCompile(`(?m)^zone: .*$`)

// TestNothingButTheDatesChangesBefore1970 runs the tests of every example agreement twice:
// as they are, and the whole 84 years earlier. Every verdict, probability, count and
// sentence is the same but for the year. Days are counted in UTC, since the clocks of a
// place did not keep their rules.
func TestNothingButTheDatesChangesBefore1970(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("..", "..", "..", "examples", "agreements", "*"))
	if err != nil || len(dirs) < 7 {
		t.Fatalf("%d examples, %v", len(dirs), err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			want := moved(everything(t, dir, func(text string) string { return text }))
			got := everything(t, dir, moved)
			compareLines(t, got, want)
			if !regexp.MustCompile(`\b1[89]\d\d-\d\d-\d\d`).MatchString(got) {
				t.Error("nothing lies before 1970: the test shows nothing")
			}
		})
	}
}

// everything is all that the check and the tests of an agreement say.
func everything(t *testing.T, dir string, change func(string) string) string {
	t.Helper()
	files, err := agreement.ReadDir(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		if files[i].Name == agreement.MainFile {
			files[i].Data = []byte(change(zoneLine.ReplaceAllString(string(files[i].Data), "zone: UTC")))
		}
	}
	terms, err := agreement.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	tests, err := agreement.ReadTests(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, w := range terms.Warnings {
		out = append(out, w.String())
	}
	runner := Runner{Terms: terms}
	for _, f := range tests {
		list, errs := Parse(f.Name, []byte(change(string(f.Data))), terms)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		for _, test := range list {
			out = append(out, said(t, &runner, test)...)
		}
	}
	return strings.Join(out, "\n")
}

// said is what the rules say of the events of one test, and which expectations fail. Which
// of two events of the same instant counts for both goes by their ids, and these are made
// of the time: so totals are compared, and no counts.
func said(t *testing.T, runner *Runner, test Test) []string {
	t.Helper()
	result, err := runner.Run(test)
	if err != nil {
		t.Fatal(err)
	}
	out, totals := []string{test.Name}, map[truce.RuleID]int{}
	for _, e := range result.evaluations {
		for _, f := range e.Findings {
			totals[f.Rule] += f.Count
			f.Count = 0
			f.Trace = slices.DeleteFunc(slices.Clone(f.Trace), func(s string) bool { return strings.HasPrefix(s, "counted ") })
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, string(text))
		}
	}
	out = append(out, fmt.Sprint(totals))
	for _, f := range result.Failures {
		out = append(out, f.String())
	}
	return out
}

func compareLines(t *testing.T, got, want string) {
	t.Helper()
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("line %d:\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	if len(g) != len(w) {
		t.Fatalf("%d lines, want %d", len(g), len(w))
	}
}

// What cannot be meant is refused, and 1969 can.
func TestTimesOfTests(t *testing.T) {
	for text, want := range map[string]string{
		"1969-12-31T23:59:59Z":      "",
		"1953-07-27T22:00+09:00":    "",
		"1970-01-01T00:00Z":         "is kept for what is left open: write a second before or after it",
		"1970-01-01T02:00:00+02:00": "is kept for what is left open",
		"0195-07-27T10:00Z":         "lies outside the years 1800 to 2200: mend the year",
		"2953-07-27T10:00Z":         "lies outside the years 1800 to 2200: mend the year",
		"27.07.1953":                "want a time such as 2026-04-11T16:20Z, or D+3 14:00",
	} {
		in, err := ParseEvent(plain(t), "a.csv", 7, text+" indirect_fire -48.0,-21.62 ±150m")
		switch {
		case want == "" && (err != nil || in.Time.From >= 0):
			t.Errorf("%s: %v at %s", text, err, in.Time.From)
		case want != "" && (err == nil || !strings.Contains(err.Text, want)):
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
