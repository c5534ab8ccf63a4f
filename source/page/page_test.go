package page

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decode(file string, cfg Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error {
		_, err := Decode(bytes.NewReader(in), file, cfg, sink)
		return err
	}
}

const text20 = `<p>The delegations met again on Thursday, two diplomats said, and agreed to meet once more before the month is over.</p><p>Nobody else was told of it.</p>`

func pageOf(head, body string) string {
	return `<!doctype html><html lang="en"><head><title>Talks go on in Geneva</title>` + head + `</head><body><article><h1>Talks go on in Geneva</h1>` + body + `</article></body></html>`
}

func at(text string) truce.Instant {
	var i truce.Instant
	if err := i.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return i
}

func one(t *testing.T, file, doc string, cfg Config) truce.Observation {
	t.Helper()
	sink := sourcetest.Check(t, decode(file, cfg), []byte(doc))
	if len(sink.Observations) != 1 || len(sink.Rejections) != 0 {
		t.Fatalf("%d reports, rejected %q", len(sink.Observations), sink.Reasons())
	}
	return sink.Observations[0]
}

func TestAPageBecomesAReport(t *testing.T) {
	doc := pageOf(`<meta property="article:published_time" content="2026-01-08T10:30:00+02:00"><meta property="article:modified_time" content="2026-01-08T12:00:00+02:00">
<link rel="canonical" href="/2026/talks?utm_source=x"><meta name="author" content="Jane Roe"><meta property="og:site_name" content="The Post">`, text20)
	o := one(t, "a.html", doc, Config{Address: "https://m.post.example/2026/talks", Via: "https://post.example/feed", Known: truce.Report{Tags: []string{"Peace"}}})
	r := o.Report
	if r.Headline != "Talks go on in Geneva" || r.Publisher != "The Post" || r.Author != "Jane Roe" || r.Language != "en" || r.Via != "https://post.example/feed" || !slices.Equal(r.Tags, []string{"Peace"}) ||
		r.Links[0] != "https://m.post.example/2026/talks?utm_source=x" || !strings.HasPrefix(r.Text, "The delegations") {
		t.Errorf("%+v", r)
	}
	if o.Phenomenon.From != at("2026-01-08T08:30:00Z") || o.Result != truce.ResultTime(at("2026-01-08T10:00:00Z")) || o.Phenomenon.Sigma != truce.MicrosOf(momentSigma) {
		t.Errorf("%v %v", o.Phenomenon, o.Result)
	}
}

func TestDates(t *testing.T) {
	fetched := at("2026-01-10T12:00:00Z")
	for _, row := range []struct {
		name, head, body, file string
		cfg                    Config
		from, tag              string
	}{
		{"a day", `<meta name="date" content="2026-01-08">`, "", "a.html", Config{}, "2026-01-08T00:00:00Z", ""},
		{"no zone", `<meta name="date" content="2026-01-08 10:00">`, "", "a.html", Config{}, "2026-01-08T10:00:00Z", ""},
		{"a mail date", `<meta name="date" content="Thu, 08 Jan 2026 10:30:00 +0200">`, "", "a.html", Config{}, "2026-01-08T08:30:00Z", ""},
		{"in the text", "", "<p>8 січня 2026</p>", "a.html", Config{}, "2026-01-08T00:00:00Z", ""},
		{"a time element", "", `<time datetime="2026-01-08T08:30:00Z">today</time>`, "a.html", Config{}, "2026-01-08T08:30:00Z", ""},
		{"to come", `<meta name="date" content="2027-01-08">`, "", "a.html", Config{Fetched: fetched}, "2026-01-10T00:00:00Z", tagBadDate},
		{"in the name", "", "", "2026-01-07-a.html", Config{}, "2026-01-07T00:00:00Z", tagNoDate},
		{"of the fetch", "", "", "a.html", Config{Fetched: fetched}, "2026-01-10T00:00:00Z", tagNoDate},
	} {
		o := one(t, row.file, pageOf(row.head, row.body+text20), row.cfg)
		if o.Phenomenon.From != at(row.from) || row.tag != "" != slices.Contains(o.Report.Tags, row.tag) {
			t.Errorf("%s: %v %q", row.name, o.Phenomenon, o.Report.Tags)
		}
	}
}

func TestRejectedWithTheMend(t *testing.T) {
	for name, row := range map[string]struct{ doc, want string }{
		"empty":       {" ", "is empty"},
		"no date":     {pageOf("", text20), "begin the file's name"},
		"a bad date":  {pageOf(`<meta name="date" content="soon">`, text20), `"soon"`},
		"a script":    {pageOf(`<meta name="date" content="2026-01-08">`, "<div id=app></div>"), "a script may draw it"},
		"no headline": {"<p>one</p>", "no headline"},
		"a list":      {`<title>News of the day here</title><link rel=alternate type="application/rss+xml" href=/feed.xml><ul>` + strings.Repeat("<li><a href=/x>A headline of something that was</a>", 20), `its feed "/feed.xml"`},
		"too deep":    {strings.Repeat("<b><div>", 3000), "--format post"},
		"a picture":   {"\x89PNG\x00\x00\xff", "is no text"},
		"too long":    {strings.Repeat("x", MaxFile+1), "over the bound"},
	} {
		sink := sourcetest.Check(t, decode("a.html", Config{}), []byte(row.doc))
		if len(sink.Observations) != 0 || len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, row.want) {
			t.Errorf("%s: %d reports, %q, want %q", name, len(sink.Observations), sink.Reasons(), row.want)
		}
	}
}

func TestCharsets(t *testing.T) {
	doc := strings.NewReplacer("Talks go on in Geneva", "Переговори в Женеві", text20, strings.Repeat("<p>Сторони зустрілися знову у четвер, кажуть дипломати, і домовилися про нову зустріч.</p>", 3)).Replace(
		pageOf(`<meta name="date" content="2026-01-08">`, text20))
	declared := strings.Replace(doc, "<title>", `<meta charset="windows-1251"><title>`, 1)
	encoded, err := charmap.Windows1251.NewEncoder().String(declared)
	if err != nil {
		t.Fatal(err)
	}
	bare, err := charmap.Windows1251.NewEncoder().String(doc)
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct{ doc, header string }{"utf-8": {doc, ""}, "declared": {encoded, ""}, "header": {bare, "windows-1251"}, "content type": {bare, "text/html; charset=windows-1251"}, "lies": {doc, "windows-1251"}} {
		if o := one(t, "a.html", row.doc, Config{Charset: row.header}); o.Report.Headline != "Переговори в Женеві" || o.Report.Language != "uk" {
			t.Errorf("%s: %+v", name, o.Report)
		}
	}
}

// TestNoPageSpeaksForAnother: a canonical address on another host is not believed.
func TestNoPageSpeaksForAnother(t *testing.T) {
	for _, row := range []struct{ head, address, want string }{
		{`<link rel=canonical href="https://post.example/1">`, "https://copy.example/x", "https://copy.example/x"},
		{`<link rel=canonical href="https://www.post.example/1">`, "https://amp.post.example/x", "https://www.post.example/1"},
		{`<link rel=canonical href="https://post.example/1">`, "", "https://post.example/1"},
		{`<link rel=canonical href="/1">`, "", ""},
		{`<base href="https://post.example/a/"><link rel=canonical href="1">`, "", "https://post.example/a/1"},
		{"", "", ""},
	} {
		o := one(t, "2026-01-08.html", pageOf(row.head, text20), Config{Address: row.address})
		if first(o.Report.Links) != row.want {
			t.Errorf("%s from %s: %q", row.head, row.address, o.Report.Links)
		}
	}
	saved := "<!-- saved from url=(0024)https://post.example/1 -->" + pageOf("", text20)
	if o := one(t, "2026-01-08.html", saved, Config{}); first(o.Report.Links) != "https://post.example/1" {
		t.Errorf("%q", o.Report.Links)
	}
}

func TestNoMining(t *testing.T) {
	for _, head := range []string{`<meta name="robots" content="noai">`, `<meta name="tdm-reservation" content="1">`} {
		o := one(t, "2026-01-08.html", pageOf(head, text20), Config{})
		if o.Report.Text != "" || !o.Report.Rights.NoMining || o.Report.Headline == "" {
			t.Errorf("%s: %+v", head, o.Report)
		}
	}
	o := one(t, "2026-01-08.html", pageOf("", text20), Config{Rights: truce.Rights{NoMining: true, Said: "tdm-reservation: 1"}})
	if o.Report.Text != "" || o.Report.Rights.Said != "tdm-reservation: 1" {
		t.Errorf("%+v", o.Report.Rights)
	}
}

// TestIdentity: other furniture changes nothing, another text is another report.
func TestIdentity(t *testing.T) {
	head := `<link rel=canonical href="https://post.example/1">`
	a := one(t, "2026-01-08.html", pageOf(head, text20), Config{})
	b := one(t, "2026-01-08.html", strings.Replace(pageOf(head, text20), "<article>", "<nav><a href=/>Home</a></nav><article>", 1), Config{})
	c := one(t, "2026-01-08.html", pageOf(head, text20+"<p>One sentence was added to it later in the day, they said.</p>"), Config{})
	if a.ID != b.ID || a.ID == c.ID || a.Hash == b.Hash {
		t.Errorf("%v %v %v", a.ID, b.ID, c.ID)
	}
}

// FuzzDecode: every page is one report or one rejection.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(pageOf(`<meta name="date" content="2026-01-08">`, text20)))
	f.Add([]byte("<title>a b c<p>\xff"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		sink := &sourcetest.Sink{}
		if _, err := Decode(bytes.NewReader(doc), "a.html", Config{Fetched: at("2026-01-10T12:00:00Z")}, sink); err != nil {
			t.Fatal(err)
		}
		if len(sink.Observations)+len(sink.Rejections) != 1 {
			t.Errorf("%d reports, %q", len(sink.Observations), sink.Reasons())
		}
		for _, o := range sink.Observations {
			if err := o.Validate(); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestOutcomeSaysWhetherThereIsText: a page without text is told from one that is refused for
// something else.
func TestOutcomeSaysWhetherThereIsText(t *testing.T) {
	const head = `<html><head><title>The mill burns</title><meta property="og:type" content="article"></head><body><article><h1>The mill burns</h1>`
	links := strings.Repeat(`<li><a href="/x">One more headline of some words</a></li>`, 20)
	for doc, empty := range map[string]bool{
		head + `</article></body></html>`:                                                  true,
		head + `<p>No more.</p></article></body></html>`:                                   true,
		head + `<p>` + strings.Repeat("word ", 60) + `</p></article></body></html>`:        false,
		`<html><head><title>News</title></head><body><ul>` + links + `</ul></body></html>`: false,
		"": false,
	} {
		var sink sourcetest.Sink
		outcome, err := Decode(strings.NewReader(doc), "2026-01-08-a.html", Config{}, &sink)
		if err != nil || outcome.Empty != empty {
			t.Errorf("%.120s: empty %v, %v, want %v", doc, outcome.Empty, err, empty)
		}
	}
}
