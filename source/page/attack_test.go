package page

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

const dayMeta = `<meta name="date" content="2026-01-08">`

// kyivPage is a page in Ukrainian with more in its head.
func kyivPage(head string) string {
	text := strings.Repeat("<p>Сторони зустрілися знову у четвер, кажуть дипломати, і домовилися про нову зустріч.</p>", 3)
	return strings.ReplaceAll(pageOf(dayMeta+head, text), "Talks go on in Geneva", "Переговори в Женеві")
}

func encodedAs(t *testing.T, c *charmap.Charmap, doc string) string {
	t.Helper()
	out, err := c.NewEncoder().String(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestWrongCharsets: what a page says of its encoding is often wrong; its words are either
// right or it is refused, never others.
func TestWrongCharsets(t *testing.T) {
	windows := func(head string) string { return encodedAs(t, charmap.Windows1251, kyivPage(head)) }
	const meta = `<meta charset="windows-1251">`
	for name, row := range map[string]struct{ doc, header string }{
		"a header that says UTF-8":  {windows(meta), "text/html; charset=utf-8"},
		"a header of no meaning":    {windows(meta), "text/html; charset=x-none"},
		"behind a long comment":     {windows("<!--" + strings.Repeat("x", 3000) + "-->" + meta), ""},
		"the older way":             {windows(`<meta http-equiv=content-type content="text/html; charset=windows-1251">`), "text/html"},
		"declared as XML":           {`<?xml version="1.0" encoding="windows-1251"?>` + windows(""), ""},
		"koi8-u":                    {encodedAs(t, charmap.KOI8U, kyivPage(`<meta charset='koi8-u'>`)), ""},
		"half a letter":             {strings.Replace(kyivPage(""), "Женеві", "Жен\xd0еві", 1), ""},
		"half a letter in windows":  {strings.Replace(kyivPage(`<meta charset="utf-8">`), "Женеві", "Жен\xd0еві", 1), "text/html; charset=utf-8"},
		"UTF-8 that says windows":   {kyivPage(meta), "text/html; charset=windows-1251"},
		"UTF-16 that is UTF-8":      {strings.Replace(kyivPage(`<meta charset="utf-16">`), "Женеві", "Жен\xd0еві", 1), ""},
		"a replacement and a meta":  {windows(meta), "text/html; charset=iso-2022-kr"},
		"an English page in Latin1": {encodedAs(t, charmap.ISO8859_1, strings.ReplaceAll(kyivLess, "Geneva", "Genève")), "text/html; charset=iso-8859-1"},
	} {
		want := "Переговори в Женеві"
		if strings.Contains(name, "Latin1") {
			want = "Talks go on in Genève"
		}
		if o := one(t, "a.html", row.doc, Config{Charset: row.header}); o.Report.Headline != want {
			t.Errorf("%s: %q", name, o.Report.Headline)
		}
	}
	for name, doc := range map[string]string{
		"nothing declared":  windows(""),
		"UTF-8 declared":    windows(`<meta charset="utf-8">`),
		"UTF-16 declared":   windows(`<meta charset="utf-16">`),
		"nothing of koi8-u": encodedAs(t, charmap.KOI8U, kyivPage("")),
	} {
		sink := sourcetest.Check(t, decode("a.html", Config{}), []byte(doc))
		if len(sink.Observations) != 0 || len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, "no other encoding that is known is declared") {
			t.Errorf("%s: %d reports, %q", name, len(sink.Observations), sink.Reasons())
		}
	}
}

var kyivLess = pageOf(dayMeta, text20)

// TestHostilePagesGiveTheirTextOrAReason: the text that a reader of the page sees and no
// other, or a reason.
func TestHostilePagesGiveTheirTextOrAReason(t *testing.T) {
	want := one(t, "a.html", kyivLess, Config{}).Report.Text
	sign := strings.NewReplacer("delegations", "dele\u200bgat\u00adions\ufeff", "Thursday", "\u202eThursday\u2069\u200f", "month", "&#x202e;month&#8238;&#0;")
	for name, doc := range map[string]string{
		"directions and zero widths": sign.Replace(kyivLess),
		"400 boxes in each other":    pageOf(dayMeta, strings.Repeat("<div>", 400)+text20+strings.Repeat("</div>", 400)),
		"attributes twice":           pageOf(`<meta name="date" content="2026-01-08" content="2020-01-01">`, strings.ReplaceAll(text20, "<p>", `<p class=a class=hidden id=x id=y>`)),
		"half a million attributes":  pageOf(dayMeta+"<meta "+strings.Repeat("a=b ", 500_000)+">", text20),
		"a long script":              pageOf(dayMeta, text20+"<script>"+strings.Repeat("x", 3_000_000)+"</script>"),
		"cut in a tag":               strings.Replace(kyivLess, "</article></body></html>", `<p class="ab`, 1),
		"cut in a comment":           strings.Replace(kyivLess, "</article></body></html>", "<!-- nev", 1),
		"not shown":                  pageOf(dayMeta, text20+`<p style="color:red; DISPLAY : none">Words that nobody who reads the page can see at all, whoever they are.</p><div style="visibility:hidden"><p>Other words that nobody who reads the page can see at all.</p></div><p hidden>More of it.</p>`),
		"a form":                     pageOf(dayMeta, text20+`<textarea>Write your comment here and be kind to each other please.</textarea><select><option>Choose a region of the country</select>`),
		"selects in each other":      pageOf(dayMeta, strings.Repeat("<select><option>", 50_000)+text20),
	} {
		o := one(t, "a.html", doc, Config{})
		if o.Report.Text != want || o.Phenomenon.From != at("2026-01-08T00:00:00Z") {
			t.Errorf("%s: %v %.300q", name, o.Phenomenon.From, o.Report.Text)
		}
	}
	for name, doc := range map[string]string{
		"100,000 boxes":   pageOf(dayMeta, strings.Repeat("<div>", 100_000)+text20),
		"10 MB in a line": pageOf(dayMeta, "<p>"+strings.Repeat("word ", 2<<20)),
		"half a gzip":     "\x1f\x8b\x08\x00\x00\x00" + kyivLess[:100],
	} {
		sink := sourcetest.Check(t, decode("a.html", Config{}), []byte(doc))
		if len(sink.Observations) != 0 || len(sink.Rejections) != 1 || sink.Rejections[0].Reason == "" {
			t.Errorf("%s: %d reports, %q", name, len(sink.Observations), sink.Reasons())
		}
	}
	long := one(t, "a.html", pageOf(dayMeta, "<p>"+strings.Repeat("word ", 500_000)), Config{})
	if len(long.Report.Text) > source.MaxText || !slices.Contains(long.Report.Tags, tagCut) {
		t.Errorf("a line of 2.5 MB: %d bytes, tags %q", len(long.Report.Text), long.Report.Tags)
	}
}
