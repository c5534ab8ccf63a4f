package feed

import (
	stdjson "encoding/json"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/sourcetest"
)

// expected is the published reading of a fixture in the library's common form.
func expected(t *testing.T, file string, doc []byte) *gofeed.Feed {
	t.Helper()
	into, translate := any(&gofeed.Feed{}), gofeed.Translator(nil)
	switch {
	case strings.Contains(string(doc), `"feedType"`): // the common form already
	case strings.Contains(file, "parser/atom/"):
		into, translate = &atom.Feed{}, &gofeed.DefaultAtomTranslator{}
	case strings.Contains(file, "parser/rss/"), strings.Contains(file, "extensions/"):
		into, translate = &rss.Feed{}, &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	case strings.Contains(file, "parser/json/"):
		into, translate = &json.Feed{}, &gofeed.DefaultJSONTranslator{}
	}
	if err := stdjson.Unmarshal(doc, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if translate == nil {
		return into.(*gofeed.Feed)
	}
	feed, err := translate.Translate(into)
	if err != nil {
		t.Fatal(err)
	}
	return feed
}

// used is what we take of a feed and its items, as written there.
type used struct {
	Title, Link, Language, Copyright, Updated string
	Items                                     []usedItem
}

type usedItem struct {
	ID, Title, Link, Summary, Content, Published, Updated, Author string
	Tags, Media                                                   []string
}

func usedOf(f *gofeed.Feed) used {
	u := used{Title: f.Title, Link: f.Link, Language: f.Language, Copyright: f.Copyright, Updated: f.Updated}
	for _, g := range f.Items {
		it := usedItem{ID: g.GUID, Title: g.Title, Link: g.Link, Summary: g.Description, Content: g.Content, Published: g.Published, Updated: g.Updated, Tags: g.Categories}
		if len(g.Authors) > 0 {
			it.Author = g.Authors[0].Name + "|" + g.Authors[0].Email
		}
		for _, e := range g.Enclosures {
			it.Media = append(it.Media, e.URL+" "+e.Type)
		}
		u.Items = append(u.Items, it)
	}
	return u
}

// ours reads a feed as Decode does, up to the library's common form: cut into items, each
// alone in the feed's frame.
func ours(t *testing.T, doc []byte) (*gofeed.Feed, error) {
	t.Helper()
	plain := text(doc, "")
	if plain.why != "" {
		t.Fatal(plain.why)
	}
	clear := plain.doc
	if clear[0] == '{' {
		return parse(clear)
	}
	whole, err := cut(clear, MaxItems)
	if err != nil {
		return nil, err
	}
	head, err := parse(whole.head)
	if err != nil {
		return nil, err
	}
	for _, p := range whole.pieces {
		if p.fault != "" {
			t.Errorf("an item of line %d: %s", p.line, p.fault)
			continue
		}
		one, err := parse(whole.framed(clear[p.from:p.to], p))
		if err != nil {
			return nil, err
		}
		head.Items = append(head.Items, one.Items...)
	}
	return head, nil
}

// TestSharedFixtures: each of the 250 feeds with a published reading is read the same, on
// all fields that are used, though every item is read alone.
func TestSharedFixtures(t *testing.T) {
	root := sourcetest.Data(t)
	compared := 0
	for _, pattern := range []string{"parser/atom", "parser/rss", "parser/json", "translator/atom", "translator/rss", "translator/json",
		"extensions/itunes", "extensions/media", "extensions/dublincore"} {
		for _, file := range sourcetest.Files(t, "feeds/"+pattern+"/*") {
			answer := strings.TrimSuffix(file, ".xml") + ".json"
			if strings.HasSuffix(file, ".json") {
				if strings.HasSuffix(file, "_expected.json") || !strings.Contains(pattern, "json") {
					continue
				}
				answer = strings.TrimSuffix(file, ".json") + "_expected.json"
			}
			if strings.HasSuffix(file, "/invalid") {
				continue // a folder
			}
			doc := sourcetest.Open(t, file)
			got, err := ours(t, doc)
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			compared++
			if want := usedOf(expected(t, file, sourcetest.Open(t, answer))); !reflect.DeepEqual(usedOf(got), want) {
				t.Errorf("%s:\n got %+v\nwant %+v", file, usedOf(got), want)
			}
		}
	}
	if compared != 250 {
		t.Errorf("%d feeds compared, want 250 (data in %s)", compared, root)
	}
}

// TestSharedFixturesAreDecoded: every feed gives its items as reports or rejections, and
// what is no feed gives an error that says what to do.
func TestSharedFixturesAreDecoded(t *testing.T) {
	seen, refused := 0, map[string]string{}
	for _, pattern := range []string{"parser/*/*.xml", "parser/universal/*.json", "parser/json/*.json", "parser/json/invalid/*.json", "translator/*/*.xml", "translator/json/*.json", "extensions/*/*.xml"} {
		for _, file := range sourcetest.Files(t, "feeds/"+pattern) {
			if strings.HasSuffix(file, "_expected.json") {
				continue
			}
			doc := sourcetest.Open(t, file)
			seen++
			var channel Channel
			var failed error
			sink := sourcetest.Check(t, func(in []byte, sink truce.Sink) (err error) {
				channel, err = Decode(strings.NewReader(string(in)), path.Base(file), Config{Fetched: at("2026-11-20T12:00:00Z"), Address: "https://feeds.example.org/all.xml"}, sink)
				failed = err
				return err
			}, doc)
			if failed != nil && !strings.Contains(failed.Error(), "sink is full") {
				refused[strings.TrimPrefix(file, "feeds/")] = failed.Error()
				continue
			}
			if len(sink.Observations)+len(sink.Rejections) != channel.Items {
				t.Errorf("%s: %d items, %d reports, %d rejected %q", file, channel.Items, len(sink.Observations), len(sink.Rejections), sink.Reasons())
			}
		}
	}
	want := []string{"parser/json/invalid/invalid.json", "parser/universal/empty_feed.xml", "parser/universal/invalid.json", "parser/universal/unknown_feed.xml"}
	if got := slices.Sorted(maps.Keys(refused)); seen != 263 || !slices.Equal(got, want) {
		t.Errorf("%d files, refused %q, want %q", seen, got, want)
	}
}

// TestSharedReliefWeb: the feed of 17 items, all dated, each with its author, since
// the <source> element names the collection itself.
func TestSharedReliefWeb(t *testing.T) {
	doc := sourcetest.Open(t, "osce/reliefweb_ukraine_2020-09_rss.xml")
	sink := sourcetest.Check(t, decode("reliefweb.xml", Config{}), doc)
	if len(sink.Observations) != 17 || len(sink.IDs()) != 17 || len(sink.Rejections) != 0 {
		t.Fatalf("%d reports, %d ids, rejected %q", len(sink.Observations), len(sink.IDs()), sink.Reasons())
	}
	publishers, languages := map[string]int{}, map[string]int{}
	for _, o := range sink.Observations {
		publishers[o.Report.Publisher]++
		languages[o.Report.Language]++
		if o.Phenomenon.From.Time().Year() != 2020 || o.Phenomenon.To != o.Phenomenon.From || len(o.Report.Links) == 0 || o.Report.Headline == "" || o.Report.Author == "" || strings.Contains(o.Report.Text, "<p>") {
			t.Errorf("%s: %v, %d links", o.ID, o.Phenomenon, len(o.Report.Links))
		}
	}
	if publishers["ReliefWeb - Updates"] != 17 || languages["en"] != 17 {
		t.Errorf("publishers %v, languages %v", publishers, languages)
	}
}

func at(text string) truce.Instant {
	var i truce.Instant
	if err := i.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return i
}
