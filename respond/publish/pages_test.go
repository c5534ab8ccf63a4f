package publish

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

var (
	idAttribute = regexp.MustCompile(` id="([^"]*)"`)
	ownLink     = map[string]*regexp.Regexp{"html": regexp.MustCompile(`href="#([^"]*)"`), "md": regexp.MustCompile(`\]\(#([^)]*)\)`)}
)

// checkLinks: every link inside a page has its target, and no target stands twice.
func checkLinks(t failer, doc Document) int {
	t.Helper()
	ids := map[string]bool{}
	for _, m := range idAttribute.FindAllStringSubmatch(string(doc.Body), -1) {
		id := html.UnescapeString(m[1])
		if ids[id] {
			t.Fatalf("%s %s: two elements have the id %q", doc.Lang, doc.Format, id)
		}
		ids[id] = true
	}
	links := ownLink[doc.Format].FindAllStringSubmatch(string(doc.Body), -1)
	for _, m := range links {
		target, err := url.PathUnescape(html.UnescapeString(m[1]))
		if err != nil || !ids[target] {
			t.Fatalf("%s %s: a link to #%s leads nowhere", doc.Lang, doc.Format, m[1])
		}
	}
	return len(links)
}

// Whatever a day holds, inside and outside, with the annex whole, cut or left out, every
// link of a page leads somewhere.
func TestEveryLinkOfAnyDayLeadsSomewhere(t *testing.T) {
	gate := mustGate(t, Policy{})
	rapid.Check(t, func(t *rapid.T) {
		b, err := Daily(randomDay(t))
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "outside") {
			if b, err = gate.Edition(releaseOf(b)); err != nil {
				t.Fatal(err)
			}
		}
		opt := PrintOptions{Lang: rapid.SampledFrom(Languages()).Draw(t, "lang"), AnnexRows: rapid.IntRange(-1, 6).Draw(t, "annex")}
		for _, print := range []func(truce.Bulletin, PrintOptions) (Document, error){HTML, Markdown} {
			doc, err := print(b, opt)
			if err != nil {
				t.Fatal(err)
			}
			checkLinks(t, doc)
		}
	})
}

// Keys that need escaping in an address still lead to their lines.
func TestLinksToStrangeKeysLeadSomewhere(t *testing.T) {
	in := fixtureInput()
	for i := range in.Terms.Areas {
		in.Terms.Areas[i].ID = truce.AreaID(fmt.Sprintf("район %d/\"<&>", i))
	}
	for i := range in.Rows {
		in.Rows[i].Incident.Area = in.Terms.Areas[i%2].ID
	}
	in.Rows = append(in.Rows, in.Rows[0]) // two of a kind, so that the index is linked
	in.Rows[len(in.Rows)-1].Incident.ID[15]++
	in.Sources[0].ID = "тепло 1"
	in.Absences = nil
	b := mustDaily(t, in)
	for _, doc := range printed(t, b, "uk") {
		if n := checkLinks(t, doc); n < 30 {
			t.Errorf("%s: only %d links", doc.Format, n)
		}
	}
}

// Every number of incidents is linked: to its row when it is one on the page, else to its
// line in the index, which names the rows.
func TestEveryNumberOfIncidentsIsLinked(t *testing.T) {
	b := mustDaily(t, largeDay(60))
	doc, err := HTML(b, PrintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(doc.Body), "<table")[1:] {
		caption, body, _ := strings.Cut(part, "</caption>")
		if !strings.Contains(caption, "by area") || strings.Contains(caption, "Received") {
			continue
		}
		for _, row := range strings.Split(body, "<tr")[1:] {
			for i, cell := range strings.Split(strings.TrimSpace(row), "<td>")[1:] {
				this := i%2 == 0 // this period, previous period, ...; the last two are coverage
				isNumber := regexp.MustCompile(`^(≥ )?[1-9][0-9,]*$`).MatchString(cell)
				if this && isNumber {
					t.Errorf("%s: the number %q is not linked", caption, cell)
				}
			}
		}
	}
	if !strings.Contains(string(doc.Body), `id="numbers"`) {
		t.Error("sixty rows and no index of numbers")
	}
}

// numbersOf are the numbers of a text in one spelling, sorted: dates in parts, thousands
// together, decimals with a point.
func numbersOf(doc Document) []string {
	date := regexp.MustCompile(`^([0-9]{2})\.([0-9]{2})\.([0-9]{4})$`)
	var out []string
	for token, n := range doc.Numbers {
		var parts []string
		switch m := date.FindStringSubmatch(token); {
		case m != nil:
			parts = m[1:]
		case doc.Lang == "uk":
			parts = []string{strings.ReplaceAll(strings.ReplaceAll(token, narrowSpace, ""), ",", ".")}
		default:
			parts = []string{strings.ReplaceAll(token, ",", "")}
		}
		for _, p := range parts {
			for range n {
				out = append(out, p)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Whatever a day holds, both languages print the same numbers, and so do HTML and
// Markdown.
func TestBothLanguagesPrintTheSameNumbers(t *testing.T) {
	gate := mustGate(t, Policy{})
	check := func(t failer, b truce.Bulletin) {
		t.Helper()
		var first []string
		for _, lang := range Languages() {
			for _, print := range []func(truce.Bulletin, PrintOptions) (Document, error){HTML, Markdown} {
				doc, err := print(b, PrintOptions{Lang: lang})
				if err != nil {
					t.Fatalf("%v", err)
				}
				if got := numbersOf(doc); first == nil {
					first = got
				} else if !slices.Equal(got, first) {
					t.Fatalf("%s %s prints other numbers:\n%v\nwant\n%v", lang, doc.Format, difference(got, first), difference(first, got))
				}
			}
		}
	}
	in := fixtureInput()
	in.Received[0].Lines[0].IDs = ids(12345, "n")
	in.Head = 1234567
	in.Terms.Epoch = "2022-02-24"
	check(t, mustDaily(t, in))
	rapid.Check(t, func(t *rapid.T) {
		b, err := Daily(randomDay(t))
		if err != nil {
			t.Fatal(err)
		}
		check(t, b)
		if b, err = gate.Edition(releaseOf(b)); err != nil {
			t.Fatal(err)
		}
		check(t, b)
	})
}

// difference is what a has more of than b; both are sorted.
func difference(a, b []string) []string {
	n := map[string]int{}
	for _, s := range b {
		n[s]++
	}
	var out []string
	for _, s := range a {
		if n[s]--; n[s] < 0 {
			out = append(out, s)
		}
	}
	return out
}

// The numbers a page says it holds are the numbers a reader finds on it.
func TestTheNumbersOfAPageAreOnIt(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	for _, lang := range Languages() {
		for _, doc := range printed(t, b, lang) {
			seen := map[string]int{}
			for _, line := range visibleLines(doc) {
				for _, token := range numberToken().FindAllString(line.text, -1) {
					seen[token]++
				}
			}
			for token, n := range doc.Numbers {
				if seen[token] != n {
					t.Errorf("%s %s: %s was printed %d times, a reader finds it %d times", lang, doc.Format, token, n, seen[token])
				}
			}
		}
	}
}

// Tables are read by machines that speak: each has a caption, heads with their scope, and
// as many cells in a row as its head has columns.
func TestTablesAreWellFormed(t *testing.T) {
	page := pageOf(t, PrintOptions{})
	tables := regexp.MustCompile(`(?s)<table.*?</table>`).FindAllString(page, -1)
	if len(tables) < 10 {
		t.Fatalf("only %d tables", len(tables))
	}
	span := regexp.MustCompile(`<t[hd][^>]*?(?: colspan="([0-9]+)")?[^>]*>`)
	for _, table := range tables {
		caption := regexp.MustCompile(`(?s)<caption>(.*?)</caption>`).FindStringSubmatch(table)
		if caption == nil || caption[1] == "" {
			t.Errorf("a table without a caption: %.200s", table)
			continue
		}
		widths := map[int]bool{}
		for _, row := range strings.Split(table, "<tr")[1:] {
			width := 0
			for _, m := range span.FindAllStringSubmatch(row, -1) {
				n := 1
				if m[1] != "" {
					fmt.Sscan(m[1], &n)
				}
				width += n
			}
			widths[width] = true
		}
		if len(widths) != 1 {
			t.Errorf("%s: rows have %v columns", caption[1], widths)
		}
		if regexp.MustCompile(`<th>[^<]`).MatchString(table) {
			t.Errorf("%s: a head without a scope", caption[1])
		}
	}
}

// The mission, the agreement and the note under the map are printed in the reader's
// language where they have one.
func TestNamesInTheReadersLanguage(t *testing.T) {
	in := fixtureInput()
	in.MissionNames = truce.Names{"uk": "Демонстраційна місія"}
	in.Terms.AgreementNames = truce.Names{"en": "The reference agreement", "uk": "Еталонна угода"}
	in.Terms.BoundaryNote = truce.Names{"en": "Lines prejudge no claim.", "uk": "Лінії нічого не визначають наперед."}
	b := mustDaily(t, in)
	for lang, wants := range map[string][]string{
		"en": {"Demonstration mission", "The reference agreement", "Lines prejudge no claim."},
		"uk": {"Демонстраційна місія", "Еталонна угода", "Лінії нічого не визначають наперед."},
	} {
		for _, doc := range printed(t, b, lang) {
			for _, want := range wants {
				if !strings.Contains(string(doc.Body), want) {
					t.Errorf("%s %s lacks %q", lang, doc.Format, want)
				}
			}
			if strings.Contains(string(doc.Body), "no opinion on the legal status") {
				t.Errorf("%s %s: our own note stands beside the agreement's", lang, doc.Format)
			}
		}
	}
}

func TestNoEnglishInUkrainian(t *testing.T) {
	in := fixtureInput()
	in.MissionNames, in.Terms.AgreementNames = truce.Names{"uk": "Місія"}, truce.Names{"uk": "Угода"}
	in.Sources, in.Clouds, in.Restrictions, in.Claims = nil, nil, nil, nil
	for i := range in.Coverage {
		in.Coverage[i].Basis = "підстава"
		for j := range in.Coverage[i].Gaps {
			in.Coverage[i].Gaps[j].Reason = "no pass known"
		}
	}
	in.Received[1].Map, in.Received[1].MapVersion = "зйомка", "2026-04-10"
	in.Terms.Lines[0].Map, in.Terms.Lines[0].ID, in.Terms.Lines[0].Source = "зйомка", "Л", sourceAgreement
	in.Rows[4].Incident.Sources, in.Rows[0].Incident.Sources = nil, nil
	for i := range in.Rows {
		in.Rows[i].Incident.Sources = nil
	}
	b := mustDaily(t, in)
	doc, err := Markdown(b, PrintOptions{Lang: "uk"})
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`[A-Za-z]{3,}`)
	known := regexp.MustCompile(`^(UTC|JSON|CSV|FPV|Europe|Kyiv|exercise|demo|mailto|errors|mission|example|subject|[A-Z0-9]{10,})$`)
	for _, line := range visibleLines(doc) {
		text := regexp.MustCompile(`[0-9a-f]{64}|[0-9A-Z]{26}|D-[0-9-]+`).ReplaceAllString(line.text, "")
		for _, w := range word.FindAllString(text, -1) {
			if !known.MatchString(w) {
				t.Errorf("%s: the word %q in %q", line.where(), w, shorten(line.text))
			}
		}
	}
}

// Rows of another part that a rule speaks of are named, so that a part never says that
// nothing was observed beside a hit.
func TestRowsToldInOtherPartsAreNamed(t *testing.T) {
	in := fixtureInput()
	in.Terms.Rules = append(in.Terms.Rules, truce.BulletinRule{ID: "R20", Version: "v1", Clause: "3.1", Unit: truce.UnitSiteEvent,
		Titles: truce.Names{"en": "energy objects", "uk": "об’єкти енергетики"}, Acts: []truce.Act{truce.ActAttackEnergy}})
	in.Rows[0].Evaluation.Findings = append(in.Rows[0].Evaluation.Findings, hit("R20", truce.UnitSiteEvent, 1, "A"))
	in.Covers = nil // exempt by a condition and no window
	b := mustDaily(t, in)
	for lang, wants := range map[string][]string{
		"en": {"Held against R20 (clause 3.1) and described in other parts: [1](#row-1).", "Exempt under a rule and described in other parts: [3](#row-3)."},
		"uk": {"Розглянуто за R20 (пункт 3.1) і описано в інших частинах: [1](#row-1).", "Виняток за певним правилом, описано в інших частинах: [3](#row-3)."},
	} {
		doc, err := Markdown(b, PrintOptions{Lang: lang})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(doc.Body), want) {
				t.Errorf("%s lacks %q", lang, want)
			}
		}
		for _, part := range []string{PartProtected, partWindows} {
			_, after, _ := strings.Cut(string(doc.Body), `<a id="part-`+part+`">`)
			text, _, _ := strings.Cut(after, "## ")
			words, _ := catalogueOf(lang)
			if strings.Contains(text, words["absence.part"].form(otherForm)) {
				t.Errorf("%s: the part %s names rows and says that nobody looks: %s", lang, part, text)
			}
		}
	}
}

// A map and its note stand together: a printing without pictures has neither.
func TestTheNoteUnderTheMapIsWhereTheMapIs(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	const note = "Lines and names on maps express no opinion"
	for _, c := range []struct {
		print func(truce.Bulletin, PrintOptions) (Document, error)
		svg   string
		want  int // under the map and in the part of coverage
	}{{HTML, `<svg></svg>`, 2}, {HTML, "", 1}, {Markdown, `<svg></svg>`, 1}} {
		doc, err := c.print(b, PrintOptions{Map: []byte(c.svg)})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(doc.Body), note); n != c.want {
			t.Errorf("%s with the map %q: the note stands %d times, want %d", doc.Format, c.svg, n, c.want)
		}
	}
}
