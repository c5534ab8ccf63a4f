package trial

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// wordsOfParser are the words that stand in the code which reads a line, and the closed
// sets it reads from.
func wordsOfParser(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	taken := regexp.MustCompile(`w\.(?:accept|expect)\("([^"]+)"\)`)
	var out []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range taken.FindAllStringSubmatch(string(text), -1) {
			out = append(out, m[1])
		}
	}
	return append(out, slices.Concat(keywords, begins, verbNames, verdictWords, ladderWords, clockStates, meetings, conditionStates)...)
}

// closedSets are what may be written in one place each, which the page lists.
func closedSets() map[string][]string {
	sets := map[string][]string{
		"Kinds of windows": agreement.WindowKinds(), "Statuses": statuses, "What may be counted": objects, "Types of weapons": truce.WeaponTypes(),
		"Identities": identities(), "Families": families(), "Occurrences": occurrences, "Reasons": reasons, "Standards": levels,
	}
	for _, ph := range phrases {
		sets["Phrases that stand for an act"] = append(sets["Phrases that stand for an act"], ph.words)
	}
	for _, u := range truce.Units() {
		sets["Units"] = append(sets["Units"], string(u))
	}
	for _, o := range truce.Offices() {
		if o.Role() != truce.RoleContributor {
			sets["Offices"] = append(sets["Offices"], string(o))
		}
	}
	return sets
}

func referencePage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "test-language.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var ticked = regexp.MustCompile("`([^`]+)`")

// TestReferenceNamesEveryWord: no word of the parser is missing on the page, and the page
// names none that the parser does not read.
func TestReferenceNamesEveryWord(t *testing.T) {
	page := referencePage(t)
	known := wordsOfParser(t)
	var written, named []string
	for _, line := range strings.Split(page, "\n") {
		cells := strings.Split(line, " | ")
		for i, cell := range cells {
			for _, m := range ticked.FindAllStringSubmatch(cell, -1) {
				parts := strings.Fields(m[1])
				written = append(written, parts...)
				if len(cells) == 3 && i == 0 { // what a row explains
					named = append(named, parts...)
				}
			}
		}
	}
	for _, word := range known {
		if !slices.Contains(written, word) {
			t.Errorf("the page lacks %q", word)
		}
	}
	phraseParts := []string{"impact", "outgoing", "explosion", "at", "R2"}
	for _, word := range named {
		if !slices.Contains(known, word) && !slices.Contains(phraseParts, word) && verdicts[word] == "" && reviews[word] == "" {
			t.Errorf("the page explains %q, which no line has", word)
		}
	}
}

// TestReferenceListsClosedSets: a list on the page holds what the parser takes, in order.
func TestReferenceListsClosedSets(t *testing.T) {
	page := referencePage(t)
	for name, want := range closedSets() {
		_, rest, found := strings.Cut(page, "\n"+name+": ")
		if list, _, _ := strings.Cut(rest, "."+"\n"); !found || list != "`"+strings.Join(want, "`, `")+"`" {
			t.Errorf("%s: want `%s`", name, strings.Join(want, "`, `"))
		}
	}
}

// TestReferenceExamplesCanBeRead: each example of a row is a line that the parser takes.
func TestReferenceExamplesCanBeRead(t *testing.T) {
	var terms []*agreement.Agreement
	for _, dir := range []string{"../../../examples/agreements/illustrative", "../testdata/handbook"} {
		files, err := agreement.ReadDir(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		a, err := agreement.Parse(files)
		if err != nil {
			t.Fatal(err)
		}
		terms = append(terms, a)
	}
	n := 0
	for _, line := range strings.Split(referencePage(t), "\n") {
		cells := strings.Split(line, " | ")
		if len(cells) != 3 || cells[0] == "| what" {
			continue
		}
		example := strings.Trim(strings.TrimSuffix(cells[2], " |"), "`")
		before := "at 2026-04-11T08:00Z indirect_fire -47.91,-21.62 ±50m\n"
		if terms[0].Ladder != nil && !strings.Contains(example, "S-DEPOT") {
			before += "at +1h remedy asked of B \"guns back\"\nat +2h chair notes \"a\"\n"
		}
		text := "test \"x\"\n" + before + example + "\nexpect no hit\n"
		var first []*SyntaxError
		for i, a := range terms {
			_, errs := Parse("page", []byte(text), a)
			if len(errs) == 0 {
				first = nil
				break
			}
			if i == 0 || strings.Contains(example, "S-DEPOT") {
				first = errs
			}
		}
		for _, e := range first {
			t.Errorf("%s: %s", example, e.Text)
		}
		n++
	}
	if n < 70 {
		t.Errorf("%d examples were read: the rows were not found", n)
	}
}
