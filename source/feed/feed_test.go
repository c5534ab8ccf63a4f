package feed

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/sourcetest"
)

// decode binds a configuration.
func decode(file string, cfg Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error {
		_, err := Decode(bytes.NewReader(in), file, cfg, sink)
		return err
	}
}

// read decodes what must be a feed.
func read(t *testing.T, doc string, cfg Config) (Channel, *sourcetest.Sink) {
	t.Helper()
	sink := sourcetest.Check(t, decode("feed.xml", cfg), []byte(doc))
	channel, err := Decode(strings.NewReader(doc), "feed.xml", cfg, &sourcetest.Sink{})
	if err != nil {
		t.Fatal(err)
	}
	return channel, sink
}

const rssHead = `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Example Wire</title><link>https://example.org/</link><language>en</language>`

func rssOf(items ...string) string {
	return rssHead + strings.Join(items, "\n") + "</channel></rss>"
}

const dated = `<pubDate>Thu, 08 Jan 2026 10:30:00 +0200</pubDate>`

func TestAnItemBecomesAReport(t *testing.T) {
	doc := rssOf(`<item><title>Talks &amp;amp; truce: &quot;we&#8217;re ready&quot; - Example Wire</title><link>/a?x=1&amp;y=2</link><guid isPermaLink="false">77</guid>`+dated+
		`<dc:creator>Jane Roe</dc:creator><category>Peace</category><category>Peace</category><description>&lt;p&gt;Both sides met on Thursday in Geneva.&lt;/p&gt;</description>
		<enclosure url="https://example.org/a.mp3" type="audio/mpeg" length="9"/></item>`, `<item><title>Второе заявление: мы готовы</title>`+dated+`</item>`)
	channel, sink := read(t, doc, Config{Address: "https://example.org/feed.xml", Original: truce.HashOf([]byte("x"))})
	if len(sink.Observations) != 2 || len(sink.Rejections) != 0 {
		t.Fatalf("%d reports, rejected %q", len(sink.Observations), sink.Reasons())
	}
	o := sink.Observations[0]
	r := o.Report
	if r.Headline != `Talks & truce: "we’re ready"` || r.Publisher != "Example Wire" || r.Links[0] != "https://example.org/a?x=1&y=2" || r.Author != "Jane Roe" ||
		r.Text != "Both sides met on Thursday in Geneva." || r.Via != "https://example.org/feed.xml" || r.Language != "en" || !slices.Equal(r.Tags, []string{"Peace"}) || r.Original.IsZero() {
		t.Errorf("%+v", r)
	}
	if o.Phenomenon.From.String() != "2026-01-08T08:30:00.000000Z" || o.Phenomenon.To != o.Phenomenon.From || o.Phenomenon.Sigma != truce.MicrosOf(time.Minute) || o.Origin.Line != 1 {
		t.Errorf("%v, line %d", o.Phenomenon, o.Origin.Line)
	}
	if sink.Observations[1].Report.Language != "ru" || sink.Observations[1].Origin.Line != 3 {
		t.Errorf("%+v", sink.Observations[1])
	}
	if channel.Format != "rss 2.0" || channel.Items != 2 || len(channel.Enclosures) != 1 || channel.Enclosures[0].Item != o.ID || channel.Enclosures[0].URL != "https://example.org/a.mp3" {
		t.Errorf("%+v", channel)
	}
}

// TestWhosePublisherItIs: a stroke in a title splits it only with evidence.
func TestWhosePublisherItIs(t *testing.T) {
	for _, row := range []struct{ name, item, headline, publisher string }{
		{"a source element", `<title>Talks go on - The Post</title><link>https://news.google.com/rss/articles/CBM1</link><source url="https://post.example">The Post</source>`, "Talks go on", "The Post"},
		{"an aggregator's title", `<title>Talks go on - and on - The Post</title><link>https://news.google.com/rss/articles/CBM2</link>`, "Talks go on - and on", "The Post"},
		{"no evidence", `<title>Talks go on - hopes fade</title><link>https://other.example/1</link>`, "Talks go on - hopes fade", "other.example"},
		{"the channel's own", `<title>Talks go on | Example Wire</title><link>https://www.example.org/1</link>`, "Talks go on", "Example Wire"},
		{"another's suffix", `<title>Talks go on – Daily</title><link>https://example.org/1</link>`, "Talks go on – Daily", "Example Wire"},
		{"no title", `<link>https://example.org/2</link><description>Both sides met on Thursday.</description>`, "Both sides met on Thursday.", "Example Wire"},
		{"markup in a title", `<title>&lt;b&gt;Talks&lt;/b&gt; go on at 3 &lt; 4</title>`, "Talks go on at 3 < 4", "Example Wire"},
	} {
		_, sink := read(t, rssOf("<item>"+row.item+dated+"</item>"), Config{})
		if len(sink.Observations) != 1 || sink.Observations[0].Report.Headline != row.headline || sink.Observations[0].Report.Publisher != row.publisher {
			t.Errorf("%s: %+v %q", row.name, sink.Observations, sink.Reasons())
		}
	}
}

func TestTimesOfItems(t *testing.T) {
	fetched := at("2026-01-10T12:00:00Z")
	for _, row := range []struct {
		name, item string
		cfg        Config
		from, tag  string // the day or moment, "" for rejected
	}{
		{"with a zone", dated, Config{}, "2026-01-08T08:30:00.000000Z", ""},
		{"a named zone", `<pubDate>Thu, 08 Jan 2026 10:30:00 EET</pubDate>`, Config{}, "2026-01-08T08:30:00.000000Z", ""},
		{"a day", `<pubDate>2026-01-08</pubDate>`, Config{}, "2026-01-08T00:00:00.000000Z", ""},
		{"in words", `<pubDate>Четвер, 8 січня 2026</pubDate>`, Config{}, "2026-01-08T00:00:00.000000Z", ""},
		{"dc:date", `<dc:date>2026-01-08T08:30:00Z</dc:date>`, Config{}, "2026-01-08T08:30:00.000000Z", ""},
		{"to come", `<pubDate>Thu, 08 Jan 2036 10:30:00 +0200</pubDate>`, Config{Fetched: fetched}, "2026-01-10T00:00:00.000000Z", tagBadDate},
		{"a little ahead", `<pubDate>Sun, 11 Jan 2026 02:00:00 +0000</pubDate>`, Config{Fetched: fetched}, "2026-01-11T02:00:00.000000Z", ""},
		{"a clock that lost the time", `<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate><dc:date>2026-01-08T08:30:00Z</dc:date>`, Config{}, "2026-01-08T08:30:00.000000Z", tagBadDate},
		{"none, fetched", ``, Config{Fetched: fetched}, "2026-01-10T00:00:00.000000Z", tagNoDate},
		{"none at all", ``, Config{}, "", ""},
		{"no date", `<pubDate>soon</pubDate>`, Config{}, "", ""},
	} {
		_, sink := read(t, rssOf("<item><title>Talks go on</title>"+row.item+"</item>"), row.cfg)
		if row.from == "" {
			if len(sink.Observations) != 0 || len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, "date") {
				t.Errorf("%s: %+v %q", row.name, sink.Observations, sink.Reasons())
			}
			continue
		}
		if len(sink.Observations) != 1 {
			t.Errorf("%s: %q", row.name, sink.Reasons())
			continue
		}
		o := sink.Observations[0]
		if o.Phenomenon.From.String() != row.from || row.tag != "" != slices.Contains(o.Report.Tags, row.tag) {
			t.Errorf("%s: %v, tags %q", row.name, o.Phenomenon, o.Report.Tags)
		}
	}
}

func TestACluster(t *testing.T) {
	list := `&lt;ol&gt;&lt;li&gt;&lt;a href="https://news.google.com/rss/articles/CBMiA?oc=5"&gt;Leaders meet in Paris&lt;/a&gt;&amp;nbsp;&amp;nbsp;&lt;font color="#6f6f6f"&gt;The Post&lt;/font&gt;&lt;/li&gt;` +
		`&lt;li&gt;&lt;a href="https://daily.example/1"&gt;Paris meeting ends - The Daily&lt;/a&gt;&amp;nbsp;&amp;nbsp;&lt;font color="#6f6f6f"&gt;The Daily&lt;/font&gt;&lt;/li&gt;` +
		`&lt;li&gt;&lt;a href="javascript:x"&gt;A link that runs&lt;/a&gt;&lt;/li&gt;&lt;li&gt;&lt;strong&gt;&lt;a href="https://news.google.com/stories/1"&gt;View Full Coverage on Google News&lt;/a&gt;&lt;/strong&gt;&lt;/li&gt;&lt;/ol&gt;`
	item := func(title, link string) string {
		return `<item><title>` + title + `</title><link>` + link + `</link>` + dated + `<description>` + list + `</description></item>`
	}
	_, sink := read(t, rssOf(item("Leaders meet in Paris - The Post", "https://news.google.com/rss/articles/CBMiA?oc=5")), Config{})
	if len(sink.Observations) != 2 || len(sink.Rejections) != 2 {
		t.Fatalf("%d reports, rejected %q", len(sink.Observations), sink.Reasons())
	}
	for i, want := range []truce.Report{{Headline: "Leaders meet in Paris", Publisher: "The Post"}, {Headline: "Paris meeting ends", Publisher: "The Daily"}} {
		if r := sink.Observations[i].Report; r.Headline != want.Headline || r.Publisher != want.Publisher || r.Text != "" || len(r.Links) != 1 {
			t.Errorf("%+v", r)
		}
	}
	if _, sink := read(t, rssOf(item("Another headline altogether - The Third", "https://news.google.com/rss/articles/CBMiZ")), Config{}); len(sink.Observations) != 3 {
		t.Errorf("the item's own article is lost: %d reports", len(sink.Observations))
	}
}

// TestABrokenItemCostsOnlyItself: the items around it are read.
func TestABrokenItemCostsOnlyItself(t *testing.T) {
	good := func(n int) string { return fmt.Sprintf("<item><title>Report number %d</title>%s</item>", n, dated) }
	for name, bad := range map[string]string{
		"never closed":        "<item><title>Broken item here</title>" + dated,
		"open comment":        "<item><title>Broken item here</title><!-- " + dated + "</item>",
		"open CDATA":          "<item><description><![CDATA[ never ends" + dated + "</description></item>",
		"open quote":          `<item><enclosure url="https://x.example/ />` + dated + "</item>",
		"DOCTYPE inside":      "<item><!DOCTYPE x><title>Broken item here</title>" + dated + "</item>",
		"nothing in it":       "<item></item>",
		"neither":             "<item/>",
		"nested without end":  "<item>" + strings.Repeat("<b>", 200) + dated + "</item>",
		"too long":            "<item><title>" + strings.Repeat("x", MaxItem) + "</title>" + dated + "</item>",
		"a link to a program": "<item><link>javascript:alert(1)</link>" + dated + "</item>",
	} {
		_, sink := read(t, rssOf(good(1), bad, good(2), good(3)), Config{})
		if len(sink.Observations) != 3 || len(sink.Rejections) != 1 {
			t.Errorf("%s: %d reports, rejected %q", name, len(sink.Observations), sink.Reasons())
		}
	}
}

// TestMendableItems: what publishers get wrong every day is read all the same.
func TestMendableItems(t *testing.T) {
	for name, item := range map[string]string{
		"HTML entities":      "<title>Talks&nbsp;go on</title>",
		"bare ampersand":     "<title>Talks go on</title><category>Law & order</category>",
		"unbound prefix":     "<title>Talks go on</title><media:content url='https://x.example/p.jpg'/>",
		"unclosed br":        "<title>Talks go on</title><description>One<br>two</description>",
		"control characters": "<title>Talks\x01 go on</title>",
		"quotes with >":      `<title>Talks go on</title><enclosure url="https://x.example/?a>b" type="x"/>`,
	} {
		_, sink := read(t, rssOf("<item>"+item+dated+"</item>"), Config{})
		if len(sink.Observations) != 1 || sink.Observations[0].Report.Headline != "Talks go on" {
			t.Errorf("%s: %+v %q", name, sink.Observations, sink.Reasons())
		}
	}
}

func TestNoFeedIsSaidWithTheMend(t *testing.T) {
	for name, row := range map[string]struct{ doc, want string }{
		"empty":           {"  \n", "is empty"},
		"a page":          {"<!doctype html><html><head><title>x</title></head></html>", "--format page"},
		"an OPML list":    {"<opml version='2.0'><body/></opml>", "OPML"},
		"other XML":       {"<note>x</note>", "<note>, which is no feed"},
		"text":            {"hello", "is no feed"},
		"JSON":            {`{"a":1}`, "no JSON Feed"},
		"half a JSON":     {`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1"`, "not whole JSON"},
		"entities":        {`<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel/></rss>`, "DTD"},
		"deep":            {strings.Repeat("<rss>", 200), "nest more than"},
		"a long root":     {"<rss " + strings.Repeat("a='b' ", 1000) + ">", "the bound is"},
		"UTF-16 half":     {"\xff\xfe<\x00r\x00", "no element"},
		"not UTF-8":       {"<rss><channel><title>\xd3\xea\xf0\xe0\xbf\xed\xe0</title></channel></rss>", "is not UTF-8"},
		"unknown charset": {"<?xml version='1.0' encoding='x-evil'?><rss>\xff</rss>", "is not known"},
		"utf-7":           {"<?xml version='1.0' encoding='utf-7'?><rss>\xff</rss>", "is not known"},
	} {
		_, err := Decode(strings.NewReader(row.doc), "f.xml", Config{}, &sourcetest.Sink{})
		if err == nil || !strings.Contains(err.Error(), row.want) || !strings.HasPrefix(err.Error(), "f.xml: ") || truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %v, want %q", name, err, row.want)
		}
	}
}

func TestCharsets(t *testing.T) {
	doc := func(label string) string {
		return `<?xml version="1.0" encoding="` + label + `"?><rss version="2.0"><channel><item><title>Київ і Харків</title>` + dated + `</item></channel></rss>`
	}
	cyrillic, err := charmap.Windows1251.NewEncoder().String(doc("windows-1251"))
	if err != nil {
		t.Fatal(err)
	}
	koi, err := charmap.KOI8U.NewEncoder().String(doc("koi8-u"))
	if err != nil {
		t.Fatal(err)
	}
	utf16 := []byte{0xff, 0xfe}
	for _, r := range doc("utf-16") {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	wide := func(text string, order binary.AppendByteOrder) string {
		var out []byte
		for _, r := range text {
			out = order.AppendUint16(out, uint16(r))
		}
		return string(out)
	}
	for name, row := range map[string]struct {
		doc    string
		header string
	}{
		"utf-16 behind a line":      {wide("\r\n "+doc("utf-16"), binary.LittleEndian), ""},
		"the other utf-16 behind 1": {wide("\n"+doc("utf-16"), binary.BigEndian), ""},
		"utf-8":                     {doc("utf-8"), ""},
		"a wrong declaration":       {doc("windows-1251"), "iso-8859-1"},
		"an unknown one":            {doc("x-none"), ""},
		"windows-1251":              {cyrillic, ""},
		"by the header":             {strings.Replace(cyrillic, ` encoding="windows-1251"`, "", 1), "windows-1251"},
		"koi8-u":                    {koi, ""},
		"by the media type":         {strings.Replace(cyrillic, ` encoding="windows-1251"`, "", 1), "text/xml; Charset='windows-1251' ; x"},
		"no charset in it":          {koi, "application/rss+xml"},
		"an empty charset":          {koi, "text/xml; charset="},
		"an unknown charset":        {cyrillic, "text/xml; charset=x-none"},
		"a server's default":        {cyrillic, "text/xml; charset=UTF-8"},
		"utf-16":                    {string(utf16), ""},
		"a mark and spaces":         {"\xef\xbb\xbf \n" + doc("utf-8"), ""},
		"spaces before a mark":      {" \n\xef\xbb\xbf" + doc("utf-8"), ""},
	} {
		_, sink := read(t, row.doc, Config{Charset: row.header})
		if len(sink.Observations) != 1 || sink.Observations[0].Report.Headline != "Київ і Харків" || sink.Observations[0].Report.Language != "uk" {
			t.Errorf("%s: %+v %q", name, sink.Observations, sink.Reasons())
		}
	}
}

// TestFewWrongBytesDoNotCostTheFeed: half a letter is left out and told; a text of
// another encoding is not read as UTF-8.
func TestFewWrongBytesDoNotCostTheFeed(t *testing.T) {
	long := strings.Repeat("<!-- Київ і Харків -->", 300)
	for name, row := range map[string]struct{ doc, header, note string }{
		"declared":         {rssOf(`<item><title>Київ` + "\xd1" + ` і Харків</title>` + dated + `</item>`), "", "a byte in line 1 is not UTF-8 (0xd1) and was left out"},
		"by the header":    {strings.Replace(rssOf("<item><title>Київ\xf0\x9f\x98 і Харків</title>"+dated+"</item>"), ` encoding="utf-8"`, "", 1), "text/xml; charset=utf-8", "3 bytes are not UTF-8 and were left out, the first in line 1 (0xf0)"},
		"found":            {strings.Replace(rssOf("<item><title>Київ\xd1 і Харків</title>"+dated+"</item>"+long), "utf-8", "windows-1251", 1), "", "a byte in line 1"},
		"nothing declared": {"<rss><channel>\n<item><title>Київ\x98 і Харків</title>" + dated + "</item></channel></rss>", "", "a byte in line 2"},
	} {
		channel, sink := read(t, row.doc, Config{Charset: row.header})
		if len(sink.Observations) != 1 || sink.Observations[0].Report.Headline != "Київ і Харків" || len(channel.Notes) != 1 || !strings.Contains(channel.Notes[0], row.note) {
			t.Errorf("%s: %+v %q %q", name, sink.Observations, channel.Notes, sink.Reasons())
		}
	}
	for name, doc := range map[string]string{
		"half a letter in each": rssOf("<item><title>" + strings.Repeat("Київ\xd1 ", 20) + "</title>" + dated + "</item>"),
		"many in a long one":    rssOf("<item><title>a</title>" + dated + "</item>" + long + strings.Repeat("\xff", len(long)/500)),
	} {
		if _, err := Decode(strings.NewReader(doc), "f.xml", Config{}, &sourcetest.Sink{}); err == nil || !strings.Contains(err.Error(), "is not UTF-8") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDatesInWordsOfTheRegion: weekdays and months of dates in Ukrainian and Russian.
func TestDatesInWordsOfTheRegion(t *testing.T) {
	for _, row := range []struct{ text, from, to string }{
		{"Пт, 10 тра 2024 10:00 +0300", "2024-05-10T07:00:00Z", ""},
		{"Пт, 10 тра 2024 10:00:05 +03:00", "2024-05-10T07:00:05Z", ""},
		{"Нд, 01 лис 2020 9:30 EET", "2020-11-01T07:30:00Z", ""},
		{"Сб, 31 мая 2025 01:00 MSK", "2025-05-30T22:00:00Z", ""},
		{"вт, 3 февр. 2026 10:00 GMT", "2026-02-03T10:00:00Z", ""},
		{"10 серпня 2025, 10:00", "2025-08-10T10:00:00Z", ""},
		{"10 мая 2025", "2025-05-10T00:00:00Z", "2025-05-11T00:00:00Z"},
		{"Пт, 10 тра 2024 25:00 +0300", "2024-05-10T00:00:00Z", "2024-05-11T00:00:00Z"},
		{"Пт, 10 тра 2024 10:00 XYZ", "2024-05-10T00:00:00Z", "2024-05-11T00:00:00Z"},
	} {
		_, sink := read(t, rssOf("<item><title>Київ і Харків</title><pubDate>"+row.text+"</pubDate></item>"), Config{})
		if len(sink.Observations) != 1 {
			t.Errorf("%s: %q", row.text, sink.Reasons())
			continue
		}
		got, to := sink.Observations[0].Phenomenon, row.to
		if to == "" {
			to = row.from
		}
		if got.From != at(row.from) || got.To != at(to) || len(sink.Observations[0].Report.Tags) != 0 {
			t.Errorf("%s: %v %q", row.text, got, sink.Observations[0].Report.Tags)
		}
	}
}

func TestAtomAndJSON(t *testing.T) {
	atom := `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/news/" xml:lang="uk"><title>Вісті</title><link href="https://example.org/"/><link rel="next" href="?page=2"/><rights>No text and data mining: all reserved. TDM reserved.</rights>
<entry><id>tag:example.org,2026:1</id><title type="html">Переговори &lt;i&gt;тривають&lt;/i&gt;</title><link href="a.html"/><published>2026-01-08T08:30:00Z</published><updated>2026-01-08T09:00:00Z</updated><author><name>Іван</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><entry>не запис</entry><p>Текст.</p></div></content></entry>
<entry><id>tag:example.org,2026:2</id><title>Другий допис їхній</title><updated>2026-01-08T10:00:00Z</updated><source><title>Інші вісті</title></source></entry></feed>`
	channel, sink := read(t, atom, Config{})
	if len(sink.Observations) != 2 {
		t.Fatalf("%d reports, %q", len(sink.Observations), sink.Reasons())
	}
	o, second := sink.Observations[0], sink.Observations[1]
	if r := o.Report; r.Headline != "Переговори тривають" || r.Links[0] != "https://example.org/news/a.html" || r.Author != "Іван" || r.Language != "uk" || r.Text != "" || !r.Rights.NoMining {
		t.Errorf("%+v", r)
	}
	if o.Result != truce.ResultTime(at("2026-01-08T09:00:00Z")) || second.Phenomenon.From != at("2026-01-08T10:00:00Z") || second.Report.Publisher != "Інші вісті" {
		t.Errorf("%v %v %+v", o.Result, second.Phenomenon, second.Report)
	}
	if channel.Format != "atom 1.0" || channel.Next == "" || channel.Title != "Вісті" {
		t.Errorf("%+v", channel)
	}
	json := `{"version":"https://jsonfeed.org/version/1.1","title":"Wire","home_page_url":"https://example.org/","language":"en","items":[
{"id":7,"url":"/7","title":"Talks go on","content_text":"3 < 4 & so on","date_published":"2026-01-08T08:30:00Z","tags":["a"],"authors":[{"name":"Jo"}],"attachments":[{"url":"https://example.org/7.pdf","mime_type":"application/pdf"}]},
{"id":"8","content_html":"<p>No <b>title</b> here.</p>","date_published":"2026-01-08"},
{"id":"9","title":[1]}, 4]}`
	channel, sink = read(t, json, Config{})
	if len(sink.Observations) != 2 || len(sink.Rejections) != 2 || channel.Format != "json 1.1" || channel.Items != 4 || len(channel.Enclosures) != 1 {
		t.Fatalf("%d reports, %q, %+v", len(sink.Observations), sink.Reasons(), channel)
	}
	if r := sink.Observations[0].Report; r.Text != "3 < 4 & so on" || r.Author != "Jo" || r.Links[0] != "https://example.org/7" || r.Publisher != "Wire" {
		t.Errorf("%+v", r)
	}
	if r := sink.Observations[1].Report; r.Headline != "No title here." || sink.Observations[1].Origin.Line != 3 {
		t.Errorf("%+v line %d", r, sink.Observations[1].Origin.Line)
	}
}

func TestSitemaps(t *testing.T) {
	doc := `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://example.org/1</loc><news:news><news:publication><news:name>Example Wire</news:name><news:language>en</news:language></news:publication><news:publication_date>2026-01-08T08:30:00+02:00</news:publication_date><news:title>Talks go on &amp; on</news:title><news:keywords>peace, talks</news:keywords></news:news></url>
<url><loc>https://example.org/2</loc><lastmod>2026-01-08</lastmod></url>
<url><loc>ftp://example.org/3</loc></url></urlset>`
	channel, sink := read(t, doc, Config{})
	if len(sink.Observations) != 1 || len(sink.Rejections) != 1 || len(channel.Pages) != 1 || channel.Pages[0].Modified != at("2026-01-08T00:00:00Z") || channel.Items != 3 {
		t.Fatalf("%d reports, %q, %+v", len(sink.Observations), sink.Reasons(), channel)
	}
	if r := sink.Observations[0].Report; r.Headline != "Talks go on & on" || r.Publisher != "Example Wire" || !slices.Equal(r.Tags, []string{"peace", "talks"}) || sink.Observations[0].Phenomenon.From != at("2026-01-08T06:30:00Z") {
		t.Errorf("%+v", r)
	}
	index := `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://example.org/s1.xml</loc></sitemap></sitemapindex>`
	if channel, sink := read(t, index, Config{}); channel.Format != "sitemap index" || len(channel.Pages) != 1 || len(sink.Observations) != 0 {
		t.Errorf("%+v", channel)
	}
}

// TestIdentity: the same item fetched again is the same report, wherever it stands in the
// feed and however its link is decorated; a changed headline is another.
func TestIdentity(t *testing.T) {
	item := func(link, title string) string {
		return "<item><title>" + title + "</title><link>" + link + "</link>" + dated + "</item>"
	}
	ids := func(doc string) []truce.ID {
		_, sink := read(t, doc, Config{})
		var out []truce.ID
		for _, o := range sink.Observations {
			out = append(out, o.ID)
		}
		return out
	}
	a := ids(rssOf(item("https://example.org/1?utm_source=rss", "Talks go on"), item("https://example.org/2", "Talks end")))
	b := ids(rssOf(item("https://example.org/2", "Talks end"), item("http://www.example.org/1", "Talks go on")))
	c := ids(rssOf(item("https://example.org/1", "Talks break down")))
	if a[0] != b[1] || a[1] != b[0] || slices.Contains(a, c[0]) {
		t.Errorf("%v %v %v", a, b, c)
	}
}

// TestNoMiningKeepsNoText: what an opted-out publisher allows is headline, link, date and
// name.
func TestNoMiningKeepsNoText(t *testing.T) {
	doc := rssOf("<item><title>Talks go on</title><link>https://example.org/1</link><description>A text.</description>" + dated + "</item>")
	_, sink := read(t, doc, Config{Rights: truce.Rights{NoMining: true, Said: "tdm-reservation: 1"}})
	if r := sink.Observations[0].Report; r.Text != "" || r.Headline == "" || len(r.Links) != 1 || r.Rights.Said != "tdm-reservation: 1" {
		t.Errorf("%+v", r)
	}
}

func TestTooManyItems(t *testing.T) {
	items := strings.Repeat("<item><title>Talks go on</title>"+dated+"</item>", MaxItems+3)
	channel, sink := read(t, rssOf(items), Config{})
	if len(sink.Observations) != MaxItems || len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, "3 items beyond") || channel.Items != MaxItems {
		t.Errorf("%d reports, %q", len(sink.Observations), sink.Reasons())
	}
}

// FuzzDecode: whatever comes, every item is a report, a rejection or a listed page, and
// what is kept is bounded by the feed's own length.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		rssOf("<item><title>Talks go on</title>" + dated + "</item>"), `<feed><entry><title>a b</title></entry><entry>`, `<rdf:RDF><item/></rdf:RDF>`,
		`{"version":"1.1","items":[{"id":1,"title":"x"}]}`, `<urlset><url><loc>https://a.example</loc></url></urlset>`, "<rss><channel><item><!--", "<rss><channel><item a=\"<item>",
		"\xff\xfe<\x00", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>", "<rss><channel><item><link>//x</link><pubDate>2026-01-08</pubDate></item></channel>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		sink := &sourcetest.Sink{}
		channel, err := Decode(bytes.NewReader(doc), "f.xml", Config{Fetched: at("2026-01-10T12:00:00Z")}, sink)
		if err != nil && truce.CodeOf(err) != truce.CodeInvalid {
			t.Fatal(err)
		}
		if got := len(sink.Observations) + len(sink.Rejections) + len(channel.Pages); err == nil && got < channel.Items {
			t.Fatalf("%d items, %d told of", channel.Items, got)
		}
		for _, o := range sink.Observations {
			if err := o.Validate(); err != nil {
				t.Fatal(err)
			}
			if len(o.Report.Text) > 3*len(doc)+100 {
				t.Fatalf("a text of %d bytes of a feed of %d", len(o.Report.Text), len(doc))
			}
		}
	})
}

// TestTitlesWithoutMarkup: an element is no part of a headline, a stroke in words is.
func TestTitlesWithoutMarkup(t *testing.T) {
	for title, want := range map[string]string{
		"&lt;img src=x onerror=go()&gt; The bridge is shut": "The bridge is shut",
		"<IMG\tSRC = x>The bridge is shut":                  "The bridge is shut",
		"The <b>bridge</b> is shut":                         "The bridge is shut",
		"Losses < 5 and gains > 3":                          "Losses < 5 and gains > 3",
		"a <b and c = d":                                    "a <b and c = d",
	} {
		if got := strings.TrimSpace(plainTitle(title)); got != want {
			t.Errorf("%q becomes %q, want %q", title, got, want)
		}
	}
}
