package publish

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLinesJoinAndMerge(t *testing.T) {
	a, b := text("one").link("#1"), text("two").link("#1")
	cases := []struct {
		name string
		got  line
		want line
	}{
		{"nothing", join(", "), nil},
		{"empty lines are left out", join(", ", nil, text("a"), line{}, text("b")), line{{Text: "a"}, {Text: ", "}, {Text: "b"}}},
		{"one alone has no separator", join(", ", nil, text("a")), line{{Text: "a"}}},
		{"neighbours with one target become one link", append(slices.Clone(a), b...).merged(), line{{Text: "onetwo", Href: "#1"}}},
		{"plain text between links stays", join(" ", a, b).merged(), line{{Text: "one", Href: "#1"}, {Text: " "}, {Text: "two", Href: "#1"}}},
		{"no target, no link", text("a").link(""), line{{Text: "a"}}},
	}
	for _, c := range cases {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	if got := join(" ", a, b).String(); got != "one two" {
		t.Errorf("a line without its links: %q", got)
	}
}

// Merging changes no word of a line, and no two neighbours have one target afterwards.
func TestMergingKeepsTheWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l line
		for range rapid.IntRange(0, 8).Draw(t, "spans") {
			l = append(l, span{Text: rapid.SampledFrom([]string{"a", "b ", "", "7"}).Draw(t, "text"), Href: rapid.SampledFrom([]string{"", "#1", "#2"}).Draw(t, "href")})
		}
		m := l.merged()
		if m.String() != l.String() {
			t.Fatalf("%v became %v", l, m)
		}
		for i := 1; i < len(m); i++ {
			if m[i].Href == m[i-1].Href {
				t.Fatalf("%v has neighbours with one target", m)
			}
		}
	})
}

func TestAHeadOfTwoRowsBecomesOne(t *testing.T) {
	headed := func(s string, span int) cell { return cell{Line: text(s), Head: true, Span: span} }
	head := [][]cell{{headed("Area", 0), headed("hits", 2), headed("coverage", 1)}, {headed("", 0), headed("now", 0), headed("before", 0), headed("now", 0)}}
	var got []string
	for _, c := range flatHead(head) {
		got = append(got, c.Line.String())
	}
	if want := []string{"Area: ", "hits: now", "hits: before", "coverage: now"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	one := [][]cell{{headed("a", 0), headed("b", 0)}}
	if got := flatHead(one); len(got) != 2 || got[0].Line.String() != "a" {
		t.Errorf("a head of one row: %v", got)
	}
}

// Whatever stands in a text, Markdown shows its letters and nothing of it is markup.
func TestMarkdownShowsWhatIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.StringOfN(rapid.SampledFrom([]rune("ab1 *_`[]()<>&|#\\!-+.\"'")), 1, 30, -1).Draw(t, "text")
		m := markdown{}
		m.paragraph("x" + m.line(text(said)) + "x")
		lines := markdownLines(m.out.String())
		got := ""
		for _, l := range lines {
			got += l.text
		}
		if want := strings.TrimSpace("x" + said + "x"); got != want {
			t.Fatalf("%q is read as %q from %q", said, got, m.out.String())
		}
	})
}

func TestVisibleTextOfAPage(t *testing.T) {
	cases := []struct{ name, page, want string }{
		{"headings stand above", `<h2>Part</h2><p>a <a href="#x">link</a> b</p>`, "Part|Part a link b"},
		{"cells are lines", `<tr><td>1</td><td>2</td></tr>`, " 1| 2"},
		{"the head is not shown", `<head><title>9</title></head><p>x</p>`, " x"},
		{"nor a drawing within a drawing", `<svg><svg><text>9</text></svg><text>8</text></svg><p>x</p>`, " x"},
		{"entities are letters", `<p>a &amp; b &lt; c</p>`, " a & b < c"},
		{"an unclosed drawing hides the rest", `<p>x</p><svg><text>9</text>`, " x"},
		{"an unclosed tag ends the reading", `<p>x</p><p`, " x"},
	}
	for _, c := range cases {
		var got []string
		for _, l := range htmlLines(c.page) {
			if l.heading == l.text {
				got = append(got, l.text)
			} else {
				got = append(got, l.heading+" "+l.text)
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", c.name, strings.Join(got, "|"), c.want)
		}
	}
}
