package article

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func mustRead(t *testing.T, doc string) Page {
	t.Helper()
	page, err := ReadHTML([]byte(doc))
	if err != nil {
		t.Fatalf("%.60q: %v", doc, err)
	}
	return page
}

func TestReadHTMLText(t *testing.T) {
	for in, want := range map[string]string{
		"<p>One <b>bold</b> word.</p><p>Two&nbsp;&amp; three</p>": "One bold word.\n\nTwo & three",
		"<script>alert(1)</script>a<style>b{}</style>c<!-- d -->": "ac",
		"<iframe><p>x</iframe>a<br>b<br/>c":                       "a\nb\nc",
		"<ul><li>one<li>two</ul>":                                 "one\ntwo",
		"plain < text > here":                                     "plain < text > here",
		"&amp;nbsp;twice &amp;quot;encoded&amp;quot;":             "twice \"encoded\"",
		"</script></style>still here":                             "still here",
		"&lt;b&gt;no tag any more&lt;/b&gt;":                      "<b>no tag any more</b>",
		"":                                                        "",
	} {
		if got := mustRead(t, in).Text; got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestReadHTMLCluster(t *testing.T) {
	in := "<ol>\n<li><a href=\"https://a.example/1?x=1&amp;y=2\" target=\"_blank\">One &amp; <i>‘two’</i></a>&nbsp;&nbsp;<font color=\"#6f6f6f\">The Times</font></li>\n" +
		"<li><a name=\"none\">x</a>none</li>\n<li>before <A HREF='http://b.example'>B</A> - a note</li></ol>\n<p>after <a href=\"c\">C</a> <font>Paper</font> tail</p>"
	page := mustRead(t, in)
	want := []Link{
		{URL: "https://a.example/1?x=1&y=2", Text: "One & ‘two’", Publisher: "The Times", InList: true, Line: 2},
		{URL: "http://b.example", Text: "B", Note: "- a note", InList: true, Line: 4},
		{URL: "c", Text: "C", Publisher: "Paper", Line: 5},
	}
	if len(page.Links) != len(want) {
		t.Fatalf("%d links: %+v", len(page.Links), page.Links)
	}
	for i, got := range page.Links {
		if !strings.Contains(in, got.Raw) || got.Raw == "" {
			t.Errorf("link %d: its raw text %q is not in the page", i, got.Raw)
		}
		if got.Raw = ""; got != want[i] {
			t.Errorf("link %d: %+v, want %+v", i, got, want[i])
		}
	}
	if first := page.Links[0].Raw; !strings.HasPrefix(first, "<li>") || !strings.HasSuffix(first, "</li>") {
		t.Errorf("the first item is %q", first)
	}
	if page.Rest != "xnone\n\nbefore\n\nafter tail" {
		t.Errorf("beside the links stands %q", page.Rest)
	}
}

// TestFontOfAnotherParagraph: a publisher stands right behind its link and nowhere else.
func TestFontOfAnotherParagraph(t *testing.T) {
	for _, in := range []string{
		`<a href="a">A</a> says <font>red</font>`, `<p><a href="a">A</a></p><p><font>red</font></p>`, `<font>red</font><a href="a">A</a>`,
		`<ul><li><a href="a">A</a></li></ul><font>red</font>`,
	} {
		page := mustRead(t, in)
		if len(page.Links) != 1 || page.Links[0].Publisher != "" || !strings.Contains(page.Rest, "red") {
			t.Errorf("%s: %+v, rest %q", in, page.Links, page.Rest)
		}
	}
}

func TestReadHTMLRefuses(t *testing.T) {
	for _, c := range []struct {
		name, in, reason string
		line, links      int
	}{
		{"cut in a tag", "<li><a href=x>X</a>\n<a href=\"y", "ends inside a tag", 2, 1},
		{"huge attribute", "<a href=x>X</a>\n<img src=\"" + strings.Repeat("x", MaxToken), "over the bound of 1048576", 2, 1},
		{"huge text", "\n" + strings.Repeat("x", MaxToken+1), "over the bound", 2, 0},
	} {
		page, err := ReadHTML([]byte(c.in))
		var bad *Refusal
		if !errors.As(err, &bad) || bad.Line != c.line || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: %v, want line %d: %s", c.name, err, c.line, c.reason)
		}
		if len(page.Links) != c.links {
			t.Errorf("%s: %d links read before, want %d", c.name, len(page.Links), c.links)
		}
	}
}

func TestReadHTMLCountsLinks(t *testing.T) {
	page := mustRead(t, strings.Repeat("<li><a href=x>X</a>", 100_000))
	if len(page.Links) != MaxLinks || page.More != 100_000-MaxLinks {
		t.Errorf("%d links and %d more", len(page.Links), page.More)
	}
}

// TestBombs: nesting, unclosed tags, and many pieces in one link cost no more than their
// length. A reader that copies what it has for each piece would not come back.
func TestBombs(t *testing.T) {
	for _, part := range []string{"<div>", "<ul><li>", "<a href=x>", "<a ", "<!--", "<script>", "&amp;", "<li><a href=", "</", "<x y=\"", "<![CDATA[", "<font>x", "<svg><title>"} {
		for _, before := range []string{"", "<a href=y>", "<li><a href=y></a>", "<a href=y></a><font>"} {
			in := before + strings.Repeat(part, 100_000)
			page, _ := ReadHTML([]byte(in))
			if len(page.Text) > len(in) || len(page.Rest) > len(page.Text) {
				t.Errorf("%s%s: text of %d bytes, rest of %d, from %d", before, part, len(page.Text), len(page.Rest), len(in))
			}
		}
	}
}

// FuzzReadHTML: text does not grow out of markup, a link's raw text is the page's own,
// and every word is with a link or beside them.
func FuzzReadHTML(f *testing.F) {
	for _, s := range []string{"<p>a&nbsp;b</p>", "<ol><li><a href=x>y</a>z<font>p</font></li></ol>t", "&amp;amp;amp;", "<script>x", "\xff<a href='\xfe'>", "<svg><title>a</svg>", "<a href=x><li>y</a>", "<li><a href=a>1</a><a href=b>2</a>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		page, err := ReadHTML([]byte(in))
		var bad *Refusal
		if err != nil && (!errors.As(err, &bad) || bad.Line < 1) {
			t.Fatalf("%q: %v", in, err)
		}
		if utf8.ValidString(in) && !utf8.ValidString(page.Text) {
			t.Fatalf("%q became %q", in, page.Text)
		}
		letters := len(lettersOf(page.Rest))
		for _, l := range page.Links {
			if !strings.Contains(in, l.Raw) || l.Line < 1 {
				t.Fatalf("%q: link %+v is elsewhere", in, l)
			}
			letters += len(lettersOf(l.Text + l.Publisher + l.Note))
		}
		if page.More == 0 && letters != len(lettersOf(page.Text)) {
			t.Fatalf("%q: %d letters in links and rest, %d in the text %q", in, letters, len(lettersOf(page.Text)), page.Text)
		}
	})
}

func lettersOf(s string) string { return strings.Join(strings.Fields(Line(s)), "") }
