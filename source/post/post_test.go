package post

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decode(file string) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error {
		return Decode(bytes.NewReader(in), file, Config{}, sink)
	}
}

const (
	head  = "---\ntitle: \"Allies agree - The Times\"\ndate: 2026-01-07\nlink: 'https://t.example/1'\ntags:\n- 'allies'\n- 'truce'\n\ndraft: false\n---\n"
	item1 = `<li><a href="https://t.example/1?a=1&amp;b=2" target="_blank">Allies &amp; ‘friends’ agree</a>&nbsp;&nbsp;<font color="#6f6f6f">The Times</font></li>`
	item2 = `<li><a href="https://news.google.com/rss/articles/CBMi?oc=5">List of events, day 1,413</a>&nbsp;&nbsp;<font>BBC</font></li>`
	plain = "8 January 2026, Thursday, 14:52\nSupport\nthe website\n\nThe talks go on\n\nThe talks go on\n\nThe parties met, it’s said.\n\nWrite your comment\n"
)

// only decodes text that must give n reports and no rejection.
func only(t *testing.T, file, in string, n int) []truce.Observation {
	t.Helper()
	sink := sourcetest.Check(t, decode(file), []byte(in))
	if len(sink.Rejections) > 0 || len(sink.Observations) != n {
		t.Fatalf("%.60q: %d reports, rejected %q", in, len(sink.Observations), sink.Reasons())
	}
	return sink.Observations
}

func TestCluster(t *testing.T) {
	got := only(t, "a.md", "\xef\xbb\xbf"+head+"<ol>"+item1+"\n"+item2+"</ol>\n", 2)
	o := got[0]
	want := truce.Report{Publisher: "The Times", Headline: "Allies & ‘friends’ agree", Links: []string{"https://t.example/1?a=1&b=2"}, Tags: []string{"allies", "truce"}, Language: "en"}
	if !reflect.DeepEqual(*o.Report, want) {
		t.Errorf("report %+v, want %+v", *o.Report, want)
	}
	if o.Phenomenon.From.String() != "2026-01-07T00:00:00.000000Z" || o.Phenomenon.To.Sub(o.Phenomenon.From).String() != "24h0m0s" || o.Phenomenon.Sigma.Duration() != daySigma {
		t.Errorf("time %+v", o.Phenomenon)
	}
	if o.Place != nil || o.Kind != truce.KindReport || o.Source != ID || o.Origin != (truce.Origin{File: "a.md", Line: 11}) || o.Hash != truce.HashOf([]byte(item1)) {
		t.Errorf("%+v", o)
	}
	if r := got[1].Report; r.Publisher != "BBC" || r.Headline != "List of events, day 1,413" || got[1].Origin.Line != 12 {
		t.Errorf("second: %+v on line %d", r, got[1].Origin.Line)
	}
}

func TestPublishersOfLinks(t *testing.T) {
	for item, want := range map[string]truce.Report{
		`<a href="https://www.t.example/1">Talks go on</a>`:                                        {Publisher: "t.example", Headline: "Talks go on"},
		`<a href="https://t.example/1">Talks go on</a> - The Times`:                                {Publisher: "The Times", Headline: "Talks go on"},
		`<a href="https://t.example/1">Talks go on - The Times</a><font>The Times</font>`:          {Publisher: "The Times", Headline: "Talks go on"},
		`<a href="https://news.google.com/articles/1">Talks go on</a>`:                             {Headline: "Talks go on"},
		`<a href="https://t.example/1">Talks go on</a><font>A&amp;amp;B</font> and a remark on it`: {Publisher: "A&B", Headline: "Talks go on", Text: "and a remark on it"},
		`<a href="https://t.example/1">Talks go on</a> with a remark that is no name of anybody`:   {Publisher: "t.example", Headline: "Talks go on", Text: "with a remark that is no name of anybody"},
	} {
		r := only(t, "a.md", head+"<ul><li>"+item+"</li></ul>", 1)[0].Report
		if r.Publisher != want.Publisher || r.Headline != want.Headline || r.Text != want.Text {
			t.Errorf("%s: %+v", item, r)
		}
	}
}

// TestIDs: an id is that of the day and the link, however and in which post and order it
// is written; the same link on another day is another report with the same key.
func TestIDs(t *testing.T) {
	a := only(t, "a.md", head+"<ol>"+item1+item2+"</ol>", 2)
	again := strings.Replace(item1, "https://t.example/1?a=1&amp;b=2", "http://www.t.example/1/?b=2&utm_source=x&a=1#c", 1)
	b := only(t, "b.md", head+"<ul>\n"+item2+again+"</ul>", 2)
	if a[0].ID != b[1].ID || a[1].ID != b[0].ID || a[0].ID == a[1].ID {
		t.Error("the ids of one day depend on post or order")
	}
	next := only(t, "c.md", strings.Replace(head, "01-07", "01-08", 1)+"<ol>"+item1+"</ol>", 1)[0]
	if next.ID == a[0].ID || next.ID.Millis() != int64(next.Phenomenon.From)/1000 {
		t.Errorf("id %s does not begin with its day", next.ID)
	}
	if article.LinkKey(next.Report.Links[0]) != article.LinkKey(b[1].Report.Links[0]) {
		t.Error("the key of one article differs between two days")
	}
}

func TestPlainText(t *testing.T) {
	o := only(t, "x.txt", plain, 1)[0]
	if r := o.Report; r.Headline != "The talks go on" || r.Text != "The parties met, it’s said." || r.Links != nil {
		t.Errorf("%+v", r)
	}
	if o.Phenomenon.From.String() != "2026-01-08T00:00:00.000000Z" || o.Hash != truce.HashOf([]byte(plain)) {
		t.Errorf("time %v or hash", o.Phenomenon)
	}
	for name, in := range map[string]string{
		"CRLF": strings.ReplaceAll(plain, "\n", "\r\n"), "old Mac": strings.ReplaceAll(plain, "\n", "\r"), "mark": "\xef\xbb\xbf" + plain,
		"other furniture": plain + "\nShare\n", "plain quotes": strings.Replace(plain, "’", "'", 1),
	} {
		if got := only(t, "y.txt", in, 1)[0]; got.ID != o.ID {
			t.Errorf("%s: another id; text %q", name, got.Report.Text)
		}
	}
	if other := only(t, "x.txt", strings.Replace(plain, "met", "left", 1), 1)[0]; other.ID == o.ID {
		t.Error("another text has the same id")
	}
}

func TestArticleUnderFrontMatter(t *testing.T) {
	body := `<p>The parties met <a href="https://p.example/2">in Paris</a>, <a href="#top">up</a> <a href="mailto:a@b.example">mail</a>.</p><p>Share</p>`
	o := only(t, "a.md", strings.Replace(head, "draft: false", "publisher: The Times", 1)+body, 1)[0]
	want := truce.Report{Publisher: "The Times", Headline: "Allies agree", Links: []string{"https://t.example/1", "https://p.example/2"},
		Tags: []string{"allies", "truce"}, Text: "The parties met in Paris, up mail.", Language: "en"}
	if !reflect.DeepEqual(*o.Report, want) || o.Origin.Line != 11 {
		t.Errorf("%+v", *o.Report)
	}
	long := only(t, "a.md", head+"<p>"+strings.Repeat("Words ", 20_000)+".</p>", 1)[0].Report
	if len(long.Text) > source.MaxText || !slices.Contains(long.Tags, cutTag) || long.Publisher != "t.example" {
		t.Errorf("%d bytes, tags %q, publisher %q", len(long.Text), long.Tags, long.Publisher)
	}
}

func TestDates(t *testing.T) {
	undated := strings.Replace(head, "date: 2026-01-07\n", "", 1)
	for _, c := range []struct{ file, head, want string }{
		{"a.md", head, "2026-01-07"},
		{"2025-05-05-a.md", head, "2026-01-07"},
		{"2025-05-05-a.md", undated, "2025-05-05"},
		{"a.md", strings.Replace(head, "2026-01-07", "2026-01-07T23:30:00-05:00", 1), "2026-01-07"},
		{"a.md", strings.Replace(head, "2026-01-07", "'2026-01-07 23:30'", 1), "2026-01-07"},
		{"a.md", strings.Replace(head, "2026-01-07", "7 January 2026", 1), "2026-01-07"},
	} {
		if o := only(t, c.file, c.head+item1, 1)[0]; string(o.Phenomenon.From.Day()) != c.want {
			t.Errorf("%s %.60q: %v, want %s", c.file, c.head, o.Phenomenon.From, c.want)
		}
	}
	sink := &sourcetest.Sink{}
	if err := Decode(strings.NewReader(undated+item1), "a.md", Config{Day: "2025-04-04"}, sink); err != nil || len(sink.Observations) != 1 {
		t.Errorf("with a day configured: %v, %q", err, sink.Reasons())
	}
}

// TestFrontMatterOfEveryKind: what Hugo writes as YAML, TOML or JSON is the same post.
func TestFrontMatterOfEveryKind(t *testing.T) {
	want := only(t, "a.md", head+item1, 1)[0]
	for kind, front := range map[string]string{
		"TOML":            "+++\ntitle = \"Allies agree - The Times\"\ndate = \"2026-01-07\"\nlink = 'https://t.example/1'\ntags = ['allies', 'truce']\ndraft = false\n+++\n",
		"TOML with dates": "+++\r\ntitle = 'x'\r\ndate = 2026-01-07T08:00:00+02:00\r\ntags = ['allies', 'truce']\r\n[params]\r\na = 1\r\n+++\r\n",
		"TOML with a day": "+++\ndate = 2026-01-07\ntags = ['allies', 'truce']\n+++\n",
		"JSON":            "{\n  \"title\": \"Allies agree\",\n  \"date\": \"2026-01-07\",\n  \"tags\": [\"allies\", \"truce\"],\n  \"draft\": false\n}\n",
	} {
		sink := sourcetest.Check(t, decode("a.md"), []byte(front+item1))
		if len(sink.Observations) != 1 || len(sink.Rejections) > 0 {
			t.Errorf("%s: %d reports, %q", kind, len(sink.Observations), sink.Reasons())
			continue
		}
		got := sink.Observations[0]
		if !reflect.DeepEqual(got.Report, want.Report) || got.ID != want.ID || got.Origin.Line != 1+strings.Count(front, "\n") {
			t.Errorf("%s: %+v on line %d, want %+v", kind, got.Report, got.Origin.Line, want.Report)
		}
	}
}

func TestRejections(t *testing.T) {
	cases := []struct {
		name, file, in string
		line           int
		reason         string
	}{
		{"empty", "a.md", "", 1, "the file is empty"},
		{"blank", "a.txt", " \n\n", 1, "the file is empty"},
		{"no front matter", "a.md", "# Title\n", 1, "no front matter"},
		{"broken TOML", "a.md", "+++\ntitle = 'x'\ndate 2026\n+++\n" + item1, 3, "write name = 'value'"},
		{"open TOML", "a.md", "+++\ntitle = 'x'\n", 1, "not closed; write +++ on a line of its own"},
		{"TOML without a date", "a.md", "+++\ntitle = 'x'\n+++\n" + item1, 1, "no date is stated"},
		{"broken JSON", "a.markdown", "{\"title\":1\n", 1, "closed with }"},
		{"JSON without a date", "a.markdown", "{\"title\":\"x\"}\n" + item1, 1, "no date is stated"},
		{"open front matter", "a.md", "---\ntitle: x\ndate: 2026-01-07\n", 1, "not closed; write --- on a line of its own"},
		{"broken YAML", "a.md", "---\ntitle: x\ntags:\n\t- a\n---\n" + item1, 4, "front matter: YAML"},
		{"name twice", "a.md", "---\ntitle: x\ntitle: y\n---\n" + item1, 3, "stands also on line 1"},
		{"title is a list", "a.md", "---\ndate: 2026-01-07\ntitle: [a]\n---\n" + item1, 3, "cannot unmarshal"},
		{"alias", "a.md", "---\ntitle: &a x\nsummary: *a\n---\n" + item1, 1, "aliases"},
		{"no date", "a.md", "---\ntitle: x\n---\n" + item1, 1, "no date is stated; write date: YYYY-MM-DD"},
		{"no such day", "a.md", "---\ndate: 2026-02-30\n---\n" + item1, 1, "want a day of the calendar"},
		{"date of old", "a.md", "---\ndate: 1970-01-01\n---\n" + item1, 1, "want a year from 1990"},
		{"date in strokes", "a.md", "---\ndate: 1/8/2026\n---\n" + item1, 1, `date is "1/8/2026", want YYYY-MM-DD`},
		{"draft", "a.md", "---\ndate: 2026-01-07\ndraft: true\n---\n" + item1, 1, "is a draft"},
		{"no body", "a.md", head, 11, "neither a list of links nor a text"},
		{"script link", "a.md", head + `<li><a href="javascript:alert(1)">A headline</a></li>`, 11, "want http:// or https://"},
		{"no headline", "a.md", head + "\n" + `<li><a href="https://a.example"> … </a></li>`, 12, "the link has no headline"},
		{"more coverage", "a.md", head + `<li><a href="https://news.google.com/stories/x">View Full Coverage on Google News</a></li>`, 11, "more coverage"},
		{"text without a date", "a.txt", "The talks go on\n\nThey met again.", 1, "no date is stated; write the day above the headline"},
		{"headline only", "a.txt", "2026-01-08 The talks go on\n", 1, "no text stands under the headline"},
		{"web page", "a.txt", "<!DOCTYPE html><p>x", 1, "web page"},
		{"binary", "2026-01-08.txt", "PK\x03\x04\nx\x00", 2, "a NUL byte"},
		{"UTF-16", "2026-01-08.txt", "\xff\xfeT\x00", 1, "UTF-16"},
		{"Windows-1252", "2026-01-08.txt", "The talks\n\nIt\x92s on.", 3, "byte 0x92 is not UTF-8"},
		{"too large", "2026-01-08.txt", strings.Repeat("x", MaxFile+1), 1, "over the bound of 4194304 bytes"},
	}
	for _, c := range cases {
		sink := sourcetest.Check(t, decode(c.file), []byte(c.in))
		if len(sink.Rejections) != 1 || len(sink.Observations) != 0 {
			t.Errorf("%s: %d reports, rejected %q", c.name, len(sink.Observations), sink.Reasons())
			continue
		}
		if r := sink.Rejections[0]; r.Line != c.line || r.File != c.file || !strings.Contains(r.Reason, c.reason) {
			t.Errorf("%s: line %d: %s; want line %d: %s", c.name, r.Line, r.Reason, c.line, c.reason)
		}
	}
}

// TestTheRestGoesOn: what cannot be read costs itself only.
func TestTheRestGoesOn(t *testing.T) {
	bad := `<li><a href="ftp://a.example/x">A headline</a></li>`
	for _, c := range []struct {
		name, body string
		reports    int
		reasons    []string
	}{
		{"bad link", "<ol>" + item1 + "\n" + bad + "\n" + item2 + "</ol>", 2, []string{"12: link \"ftp://a.example/x\": want http:// or https:// and a host"}},
		{"cut in a tag", "<ol>" + item1 + "\n<li><a href=\"https:", 1, []string{"12: the text ends inside a tag; what follows was not read: check that the file is whole"}},
		{"text beside the list", "<ol>" + item1 + "</ol>\n<p>A remark.</p>", 1, []string{"11: text beside the list of links, kept here; an article needs a post of its own"}},
	} {
		sink := sourcetest.Check(t, decode("a.md"), []byte(head+c.body))
		if len(sink.Observations) != c.reports || !slices.Equal(sink.Reasons(), c.reasons) {
			t.Errorf("%s: %d reports, rejected %q", c.name, len(sink.Observations), sink.Reasons())
		}
	}
}

func TestTooManyLinks(t *testing.T) {
	var body strings.Builder
	const n = 100_000
	for i := range n {
		fmt.Fprintf(&body, "<li><a href=http://a.b/%d>x</a>", i)
	}
	sink := &sourcetest.Sink{}
	if err := decode("a.md")([]byte(head+body.String()), sink); err != nil {
		t.Fatal(err)
	}
	if len(sink.IDs()) != article.MaxLinks || len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, fmt.Sprintf("%d links beyond the first %d", n-article.MaxLinks, article.MaxLinks)) {
		t.Errorf("%d reports, rejected %q", len(sink.IDs()), sink.Reasons())
	}
}

func TestDecodePassesOnAFailure(t *testing.T) {
	broken := errors.New("link down")
	if err := Decode(iotest.ErrReader(broken), "x.md", Config{}, &sourcetest.Sink{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestInfoMayNotBePassedOn(t *testing.T) {
	if err := Info().Validate(); err != nil || Info().Redistribute || Info().Family != truce.FamilyMedia {
		t.Errorf("%+v: %v", Info(), err)
	}
}

// hostile is what the fuzzer begins with, beside good files.
func hostile() []string {
	deep := strings.Repeat("[", 5000)
	laughs := "a: &a [l,l,l,l,l,l,l,l,l]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
	return []string{
		"+++\ndate = 2026-01-07\ntags = " + deep + "\n+++\n" + item1, "{\"date\": " + deep + "}\n" + item1, "+++\n" + strings.Repeat("a.", 5000) + "b = 1\n+++\n",
		"", "\x00", "---", "---\n---\n", "---\n---\n<ol>" + item1, head + deep, "---\ndate: " + deep + "\n---\n",
		"---\n" + laughs + "date: 2026-01-07\n---\n" + item1, "---\ndate: 2026-01-07\ntags: {a: [b, {c: d}]}\n---\n" + item1,
		"---\ndate: 2026-01-07\ntags: [1, 2.5, null, x, [y]]\n---\n" + item1, "---\ndate: !!binary x\n---\n" + item1,
		"---\ndate: 2026-01-07\ntags: \"\\u202e\\0\\ud800\"\n---\n" + item1, "---\r\ndate: 2026-01-07\r\n---\r\n" + item1,
		head + strings.Repeat("<div>", 5000) + item1, head + strings.Repeat("<li>", 2000) + item1, head + strings.Repeat("<a href=x>", 2000),
		head + "<!--" + item1, head + "<script>" + item1, head + "<li><a href=\"https://a.example/\xff\">\xfe</a>",
		head + "<li><a href=\"https://a.example/" + strings.Repeat("x", 3000) + "\">Long</a></li>" + item2,
		head + "<li><a href=https://a.example/1>&#0;&#xD800;a&#8238;b&amp;amp;amp;amp;lt;</a><font>\u0301</font>",
		head + item1 + item1, head + "<p>Text only, of one line.</p>", head + "&lt;li&gt;&lt;a href=x&gt;", strings.ReplaceAll(head, "\n", "\r") + item1,
		plain, "2026-01-08 The talks go on\n\nThey met.\xe2\x80", "2026-01-08\n" + strings.Repeat("a b c\n", 300), "31 February 2026\nThe talks go on\nThey met again.",
	}
}

// FuzzDecode: every file gives reports or rejections and nothing else; reports are of
// the media, without place or claim, as Windows writes them too.
func FuzzDecode(f *testing.F) {
	for _, in := range append(hostile(), head+"<ol>"+item1+item2+"</ol>") {
		f.Add([]byte(in), true)
		f.Add([]byte(in), false)
	}
	f.Fuzz(func(t *testing.T, in []byte, markdown bool) {
		file := "2026-01-09-a.txt"
		if markdown {
			file = "a.md"
		}
		sink := sourcetest.Check(t, decode(file), in)
		if err := decode(file)(in, &sourcetest.Sink{}); err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		if len(sink.Observations)+len(sink.Rejections) == 0 {
			t.Fatalf("%q gave nothing", in)
		}
		for _, o := range sink.Observations {
			checkReport(t, in, o)
		}
		if bytes.ContainsRune(in, '\r') || !bytes.ContainsRune(in, '\n') {
			return
		}
		windows := sourcetest.Check(t, decode(file), bytes.ReplaceAll(in, []byte("\n"), []byte("\r\n")))
		if len(in) < MaxFile/2 && !reflect.DeepEqual(windows.IDs(), sink.IDs()) {
			t.Fatalf("%q: other ids with CR LF: %q and %q", in, windows.Reasons(), sink.Reasons())
		}
	})
}

func checkReport(t *testing.T, in []byte, o truce.Observation) {
	t.Helper()
	r := o.Report
	if o.Place != nil || r.Claims != nil || o.ID.Millis() != int64(o.Phenomenon.From)/1000 || o.Origin.Line < 1 {
		t.Fatalf("%q: %+v", in, o)
	}
	if r.Text == "" && len(r.Links) == 0 || len(r.Text) > source.MaxText || len(r.Headline) > source.MaxShort || len(r.Publisher) > source.MaxShort {
		t.Fatalf("%q: %+v", in, r)
	}
	for _, link := range r.Links {
		if _, err := source.Link(link); err != nil {
			t.Fatalf("%q: %v", in, err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	in := []byte(head + "<ol>" + strings.Repeat(item1+item2, 100) + "</ol>")
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		sink := &sourcetest.Sink{}
		if err := decode("a.md")(in, sink); err != nil || len(sink.Observations) != 200 {
			b.Fatal(len(sink.Observations), err)
		}
	}
	b.ReportMetric(200*float64(b.N)/b.Elapsed().Seconds(), "links/s")
}
