package article

import (
	"slices"
	"strings"
	"testing"
)

const newsPage = `<!doctype html><html lang="en-GB"><head><title>Talks go on in Geneva as both sides wait | The Post</title>
<meta property="og:site_name" content="The Post"><meta property="og:title" content="Talks go on in Geneva as both sides wait"><meta property="og:type" content="article">
<link rel="canonical" href="/2026/01/talks"><link rel="alternate" type="application/rss+xml" href="/feed.xml"><meta name="robots" content="index, noai">
<meta property="article:published_time" content="2026-01-08T08:30:00+02:00"><meta name="author" content="Jane Roe">
<script>var x = "<p>not a text, just a script that says many things, truly</p>"</script></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav></header>
<div class="cookie-consent">We use cookies to show you what you never asked for, and more of it.</div>
<main><article><h1>Talks go on in Geneva as both sides wait</h1><time datetime="2026-01-08">8 January 2026</time>
<div class="share-buttons"><a href="#">Share</a> <a href="#">Tweet</a></div>
<div itemprop="articleBody"><p>The delegations met again on Thursday, two diplomats said, and agreed to meet once more.</p>
<p>&ldquo;We are closer&rdquo;, one of them told reporters, &amp; refused to say more about the text of the agreement.</p>
<aside class="related">Read also: <a href="/x">Other talks that went nowhere, and why they did not go anywhere</a></aside>
<p>Observers counted fewer violations than in the week before, but the line was not quiet.</p></div></article></main>
<section class="comments"><h2>Comments</h2><p>I think that this is all wrong, and so does everybody whom I know.</p></section>
<footer><p>Copyright 2026 The Post. All rights reserved.</p></footer></body></html>`

func TestReadPage(t *testing.T) {
	r, err := ReadPage([]byte(newsPage))
	if err != nil {
		t.Fatal(err)
	}
	if r.Headline != "Talks go on in Geneva as both sides wait" || r.Publisher != "The Post" || r.Author != "Jane Roe" || r.Language != "en" || r.Dated != "2026-01-08T08:30:00+02:00" ||
		r.Canonical != "/2026/01/talks" || !slices.Equal(r.Feeds, []string{"/feed.xml"}) || !r.Rights.NoMining || r.Listing || r.Published.String() != "2026-01-08" {
		t.Errorf("%+v", r)
	}
	want := "The delegations met again on Thursday, two diplomats said, and agreed to meet once more.\n\n“We are closer”, one of them told reporters, & refused to say more about the text of the agreement.\n\n" +
		"Observers counted fewer violations than in the week before, but the line was not quiet."
	if r.Text != want {
		t.Errorf("%s", r.Text)
	}
	for _, said := range []string{"Home", "We use cookies to show you what you never asked for, and more of it.", "Share Tweet", "8 January 2026", "I think that this is all wrong, and so does everybody whom I know.", "Copyright 2026 The Post. All rights reserved."} {
		if !slices.ContainsFunc(r.Furniture, func(p Piece) bool { return p.Text == said }) {
			t.Errorf("%q is lost: %+v", said, r.Furniture)
		}
	}
	for i := 1; i < len(r.Furniture); i++ {
		if r.Furniture[i].Number < r.Furniture[i-1].Number {
			t.Errorf("furniture is not in the page's order: %+v", r.Furniture)
		}
	}
}

// TestNothingOfAPageIsLost: every word of the page's text stands in headline, text or
// furniture.
func TestNothingOfAPageIsLost(t *testing.T) {
	r, err := ReadPage([]byte(newsPage))
	if err != nil {
		t.Fatal(err)
	}
	all := r.Headline + " " + r.Text
	for _, p := range r.Furniture {
		all += " " + p.Text
	}
	body := newsPage[strings.Index(newsPage, "<body>"):]
	page, err := ReadHTML([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range wordsOf(page.Text) {
		if !slices.Contains(wordsOf(all), word) {
			t.Errorf("%q is lost", word)
		}
	}
}

func TestLinkedData(t *testing.T) {
	page := `<html><head><title>x</title><script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"no"},
{"@type":["ReportageNewsArticle"],"headline":"Переговори тривають","datePublished":"2026-01-08T10:00:00Z","dateModified":"2026-01-08T11:00:00Z","author":[{"@type":"Person","name":"Іван"},{"name":"Олена"}],
"publisher":{"@type":"Organization","name":"Вісті"},"inLanguage":"uk","mainEntityOfPage":{"@id":"https://visti.example/1"},"articleBody":"Сторони зустрілися знову у четвер, кажуть дипломати, і домовилися про нову зустріч.\nЇхні слова різняться."}]}</script>
<script type="application/ld+json">{broken</script></head><body><div id="app"></div></body></html>`
	r, err := ReadPage([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	if r.Headline != "Переговори тривають" || r.Author != "Іван, Олена" || r.Publisher != "Вісті" || r.Language != "uk" || r.Canonical != "https://visti.example/1" ||
		r.Modified != "2026-01-08T11:00:00Z" || !strings.HasPrefix(r.Text, "Сторони") || !strings.Contains(r.Text, "\nЇхні") || r.Listing {
		t.Errorf("%+v", r)
	}
}

// TestPlainPages have no marks at all: the text is where the paragraphs are.
func TestPlainPages(t *testing.T) {
	paragraphs := strings.Repeat("<p>The two sides accuse each other, as on every day of this week, of having begun it.</p>", 5)
	for name, page := range map[string]string{
		"divs":              `<title>Talks go on today</title><div><a href=/a>One</a> <a href=/b>Two</a></div><div><div>` + paragraphs + `</div></div><div><ul><li><a href=/c>Another piece of news about all kinds of other things</a></li></ul></div>`,
		"a class that lies": `<title>Talks go on today</title><div class="content-with-sidebar">` + paragraphs + `</div>`,
		"a table":           `<title>Talks go on today</title><table><tr><td><a href=/a>menu</a></td><td>` + paragraphs + `</td></tr></table>`,
		"unclosed":          `<title>Talks go on today</title><body><div>` + strings.ReplaceAll(paragraphs, "</p>", ""),
	} {
		r, err := ReadPage([]byte(page))
		if err != nil || r.Headline != "Talks go on today" || strings.Count(r.Text, "accuse each other") != 5 || r.Listing || strings.Contains(r.Text, "Another piece") {
			t.Errorf("%s: %v %+v", name, err, r)
		}
	}
	front := `<title>Front page of news</title><ul>` + strings.Repeat(`<li><a href=/x>A headline about something that happened</a></li>`, 30) + `</ul>`
	if r, err := ReadPage([]byte(front)); err != nil || !r.Listing {
		t.Errorf("a front page is taken for an article: %v %q", err, r.Text)
	}
}

func TestHostilePages(t *testing.T) {
	for name, row := range map[string]struct {
		page string
		bad  bool
	}{
		"too deep":      {strings.Repeat("<div>", 100_000), true},
		"too long":      {strings.Repeat("x", MaxPage+1), true},
		"many tables":   {strings.Repeat("<table><tr><td>", 100), false},
		"many blocks":   {strings.Repeat("<p>one two", 100_000), false},
		"many meta":     {strings.Repeat(`<meta name=author content=x>`, 50_000), false},
		"deep JSON":     {`<script type="application/ld+json">` + strings.Repeat("[", 100_000) + `</script>`, false},
		"nested graphs": {`<script type="application/ld+json">` + strings.Repeat(`{"@graph":`, 200) + "1" + strings.Repeat("}", 200) + `</script>`, false},
		"empty":         {"", false},
		"no HTML":       {"plain", false},
	} {
		r, err := ReadPage([]byte(row.page))
		if (err != nil) != row.bad || len(r.Furniture) > maxBlocks || len(r.Text) > len(row.page) {
			t.Errorf("%s: %v, %d pieces", name, err, len(r.Furniture))
		}
	}
}

// FuzzReadPage: the text never grows beyond what entities decode to, and no page breaks
// the reader.
func FuzzReadPage(f *testing.F) {
	f.Add([]byte(newsPage))
	f.Add([]byte("<p>a<table><p>b<svg><title>c"))
	f.Add([]byte(`<script type="application/ld+json">{"@type":"Article","headline":["a"],"author":[{}]}</script>`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		r, err := ReadPage(doc)
		if err == nil && len(r.Text) > 4*len(doc)+16 {
			t.Errorf("a text of %d bytes of a page of %d", len(r.Text), len(doc))
		}
	})
}
