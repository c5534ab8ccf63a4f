package opml_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/opml"
)

func read(t *testing.T, doc string) opml.List {
	t.Helper()
	l, err := opml.Read(strings.NewReader(doc), "list.opml")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestFoldersAndTitles(t *testing.T) {
	l := read(t, `<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>My feeds &amp; more</title></head><body>
<outline text="Agencies"><outline text="Ukraine"><outline text="Вісті" type="rss" xmlUrl="https://visti.example/rss" htmlUrl="https://visti.example/" language="uk" category="/War,Peace"/></outline>
<outline title="The Wire" text="wire" type="rss" xmlURL="https://wire.example/feed?a=1&amp;b=2"/></outline>
<outline xmlUrl="https://bare.example/atom"/></body></opml>`)
	want := []opml.Feed{
		{Title: "Вісті", URL: "https://visti.example/rss", Page: "https://visti.example/", Folder: []string{"Agencies", "Ukraine"}, Tags: []string{"/War", "Peace"}, Language: "uk"},
		{Title: "The Wire", URL: "https://wire.example/feed?a=1&b=2", Folder: []string{"Agencies"}},
		{Title: "bare.example", URL: "https://bare.example/atom"},
	}
	if l.Title != "My feeds & more" || !reflect.DeepEqual(l.Feeds, want) || len(l.Faults) != 0 {
		t.Errorf("%+v", l)
	}
}

// TestMends: what is wrong with one entry costs only it, and is said.
func TestMends(t *testing.T) {
	good := `<outline text="Good" type="rss" xmlUrl="https://good.example/"/>`
	for name, row := range map[string]struct {
		entry string
		feeds int
		says  string
	}{
		"no address":       {`<outline text="A" type="rss"/>`, 1, "write xmlUrl"},
		"url for xmlUrl":   {`<outline text="A" type="rss" url="https://a.example/"/>`, 2, "taken as xmlUrl"},
		"a program":        {`<outline text="A" type="rss" xmlUrl="javascript:x"/>`, 1, "want http:// or https://"},
		"a file":           {`<outline text="A" type="rss" xmlUrl="file:///etc/passwd"/>`, 1, "want http:// or https://"},
		"feed: before it":  {`<outline text="A" type="rss" xmlUrl="feed:https://a.example/"/>`, 2, ""},
		"no scheme":        {`<outline text="A" type="rss" xmlUrl="feed://a.example/"/>`, 2, ""},
		"twice":            {`<outline text="A" type="rss" xmlUrl="http://www.good.example"/>`, 1, "twice"},
		"a bare ampersand": {`<outline text="A & B" type="rss" xmlUrl="https://a.example/?x=1&y=2"/>`, 2, ""},
		"a list in it":     {`<outline text="A" type="include" url="https://a.example/list.opml"/>`, 1, "import it by itself"},
		"never closed":     {`<outline text="A" type="rss" xmlUrl="https://a.example/">`, 2, ""},
		"cut off":          {`<outline text="A" type="rss" xmlUrl="https://a.exa`, 1, "broken here"},
	} {
		l := read(t, `<opml version="1.1"><body>`+good+row.entry+`</body></opml>`)
		said := fmt.Sprint(l.Faults)
		if len(l.Feeds) != row.feeds || row.says == "" && len(l.Faults) > 0 || !strings.Contains(said, row.says) {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func TestNoListIsSaid(t *testing.T) {
	for name, row := range map[string]struct{ doc, want string }{
		"empty":    {"", "no OPML"},
		"a feed":   {"<rss/>", "its root is <rss>"},
		"text":     {"hello", "no OPML"},
		"entities": {`<!DOCTYPE opml [<!ENTITY a "b">]><opml/>`, "DTD"},
		"deep":     {"<opml><body>" + strings.Repeat("<outline text='x'>", 50), "nest more than"},
		"long":     {"<opml>" + strings.Repeat(" ", opml.MaxFile), "over the bound"},
		"charset":  {"<?xml version='1.0' encoding='x-none'?><opml/>", "UTF-8"},
	} {
		_, err := opml.Read(strings.NewReader(row.doc), "list.opml")
		if err == nil || !strings.Contains(err.Error(), row.want) || truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := opml.Read(failing{}, "x"); err == nil {
		t.Error("a failing reader is taken")
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error)  { return 0, errors.New("broken") }
func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestTooManyFeeds(t *testing.T) {
	var b strings.Builder
	b.WriteString("<opml><body>")
	for i := range opml.MaxFeeds + 2 {
		fmt.Fprintf(&b, "<outline xmlUrl='https://h%d.example/'/>", i)
	}
	b.WriteString("</body></opml>")
	if l := read(t, b.String()); len(l.Feeds) != opml.MaxFeeds || len(l.Faults) != 1 {
		t.Errorf("%d feeds, %v", len(l.Feeds), l.Faults)
	}
}

// TestRoundTrip: what is written reads back as it was.
func TestRoundTrip(t *testing.T) {
	l := opml.List{Title: `Feeds & "more" <of them>`, Feeds: []opml.Feed{
		{Title: "Вісті", URL: "https://visti.example/rss?a=1&b=2", Page: "https://visti.example/", Folder: []string{"A", "B"}, Tags: []string{"x", "y"}, Language: "uk", Description: "d"},
		{Title: "Two", URL: "https://two.example/", Folder: []string{"A"}},
		{Title: "Three", URL: "https://three.example/"},
		{Title: "Four", URL: "https://four.example/", Folder: []string{"A", "B"}},
	}}
	var b bytes.Buffer
	if err := opml.Write(&b, l); err != nil {
		t.Fatal(err)
	}
	got := read(t, b.String())
	want := []opml.Feed{l.Feeds[0], l.Feeds[3], l.Feeds[1], l.Feeds[2]} // folders gather their feeds
	if got.Title != l.Title || !reflect.DeepEqual(got.Feeds, want) {
		t.Errorf("%s\n%+v", b.String(), got)
	}
	if err := opml.Write(failing{}, l); err == nil {
		t.Error("a full disk is not told")
	}
}

// FuzzRead: a list that is read can be written and read again with the same feeds.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`<opml><head><title>x</title></head><body><outline text="a"><outline xmlUrl="https://a.example/"/></outline></body></opml>`))
	f.Add([]byte(`<opml><outline xmlUrl='feed://x.example' text='&amp;nbsp;'`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		l, err := opml.Read(bytes.NewReader(doc), "x")
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := opml.Write(&b, l); err != nil {
			t.Fatal(err)
		}
		again, err := opml.Read(&b, "x")
		if err != nil || len(again.Feeds) != len(l.Feeds) {
			t.Fatalf("%d feeds became %d: %v", len(l.Feeds), len(again.Feeds), err)
		}
	})
}

func Example() {
	l, err := opml.Read(strings.NewReader(`<opml version="2.0"><body><outline text="Agencies"><outline text="Wire" type="rss" xmlUrl="https://wire.example/feed"/></outline></body></opml>`), "list.opml")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range l.Feeds {
		fmt.Println(f.Folder, f.Title, f.URL)
	}
	// Output: [Agencies] Wire https://wire.example/feed
}
