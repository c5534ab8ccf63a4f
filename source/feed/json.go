package feed

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/json"

	"github.com/trucewatch/truce/internal/bounded"
)

// jsonVersion is how a JSON Feed names itself; some write the number alone.
const jsonVersion = "jsonfeed.org/version/"

var jsonNumber = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^"1(\.[01])?"$`)
})

// json reads a JSON Feed: each item alone, so that a broken one costs only itself.
func (d *decoder) json(doc []byte) error {
	head := map[string]stdjson.RawMessage{}
	var items []jsonItem
	more, listed := 0, false
	j := bounded.NewJSON(bytes.NewReader(doc), bounded.JSONLimits{Value: MaxItem, Depth: maxDepth})
	err := j.Object(func(name string) error {
		if name != "items" {
			raw, err := j.Value()
			head[name] = bytes.Clone(raw)
			return err
		}
		listed = true
		return j.Array(func(int) error {
			raw, err := j.Value()
			if len(items) < MaxItems {
				items = append(items, jsonItem{bytes.Clone(raw), j.ValueLine()})
			} else {
				more++
			}
			return err
		})
	})
	version := string(head["version"])
	begun := strings.Contains(version, jsonVersion) || listed && jsonNumber().MatchString(version)
	if err != nil && !begun {
		return d.unusableJSON(err)
	}
	if !begun {
		return d.out.Unusable("it is JSON and no JSON Feed; want \"version\": \"https://%s1.1\" in it", jsonVersion)
	}
	d.channel.Items = len(items)
	if failed := d.jsonItems(head, items); failed != nil {
		return failed
	}
	if err != nil { // what was read before is good
		return d.unusableJSON(err)
	}
	if more > 0 {
		return d.reject(0, nil, "%d items beyond the first %d were not read; ask the publisher for a shorter feed", more, MaxItems)
	}
	return nil
}

func (d *decoder) unusableJSON(err error) error {
	var limit *bounded.LimitError
	if errors.As(err, &limit) {
		return d.out.Unusable("%w; ask the publisher for smaller items", err)
	}
	return d.out.Unusable("it is not whole JSON: %w; fetch it again, or save it as UTF-8 JSON", err)
}

type jsonItem struct {
	raw  []byte
	line int
}

func (d *decoder) jsonItems(head map[string]stdjson.RawMessage, items []jsonItem) error {
	feed, err := parseJSON(head, nil)
	if err != nil {
		d.note("what the feed says of itself cannot be read: %v", err)
		feed = &gofeed.Feed{FeedType: "json"}
		head = map[string]stdjson.RawMessage{"version": head["version"]}
	}
	c := channelOf(feed)
	c.Format = "json " + c.Format[strings.LastIndexAny(c.Format, "/ ")+1:]
	if original, ok := feed.OriginalFeed().(*json.Feed); ok {
		c.Next = original.NextURL
		c.Updated = 0 // the library takes it from the first item
	}
	d.begin(c)
	frame := map[string]stdjson.RawMessage{"version": head["version"]}
	for _, it := range items {
		one, err := parseJSON(frame, it.raw)
		if err != nil || len(one.Items) != 1 {
			if err := d.reject(it.line, it.raw, "the item is not as JSON Feed has it: %v; ask the publisher to mend it", err); err != nil {
				return err
			}
			continue
		}
		if err := d.item(jsonItemOf(one), it.raw, it.line); err != nil {
			return err
		}
	}
	return nil
}

// parseJSON reads a feed of at most one item.
func parseJSON(head map[string]stdjson.RawMessage, item []byte) (*gofeed.Feed, error) {
	whole := map[string]stdjson.RawMessage{"items": stdjson.RawMessage("[" + string(item) + "]")}
	for name, raw := range head {
		whole[name] = raw
	}
	doc, err := stdjson.Marshal(whole)
	if err != nil {
		return nil, fmt.Errorf("written anew: %w", err)
	}
	return parse(doc)
}

// jsonItemOf is the item with what the library's common form leaves out.
func jsonItemOf(f *gofeed.Feed) item {
	it := itemOf(f)
	it.language = ""
	original, ok := f.OriginalFeed().(*json.Feed)
	if !ok || len(original.Items) != 1 {
		return it
	}
	o := original.Items[0]
	it.language = o.Language
	if o.ExternalURL != "" {
		it.links = append(it.links, o.ExternalURL)
	}
	it.published, it.updated = o.DatePublished, o.DateModified
	it.content, it.summary = o.ContentHTML, o.Summary
	if o.ContentHTML == "" {
		it.content, it.plain = o.ContentText, true
	}
	if it.content == "" {
		it.plain = true
	}
	return it
}
