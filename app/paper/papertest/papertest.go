// Package papertest holds self-contained pages to what all of them promise: nothing from the
// network, no script, pictures that can be read, and the same words in every language.
//
// It is for tests only, and says nothing of what a page tells.
//
// Read HoldPage and HoldWords.
package papertest

import (
	"bytes"
	"encoding/xml"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce/app/paper"
)

// HoldPage refuses what a page of its own must not hold.
func HoldPage(t *testing.T, lang string, page []byte) {
	t.Helper()
	for _, never := range []string{"<script", "<img", "http:", "https:", "src=", "@import", "url(", "NaN", "Inf", "%!", "ZgotmplZ", "javascript:"} {
		if bytes.Contains(page, []byte(never)) {
			t.Errorf("%s: the page holds %q", lang, never)
		}
	}
	for _, svg := range regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(string(page), -1) {
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: a picture is not well formed: %v", lang, err)
			}
		}
	}
}

// HoldWords refuses words that one language lacks or whose {places} differ, and places of the
// template (.W.word) that have none.
func HoldWords(t *testing.T, words map[string]paper.Words, template string) {
	t.Helper()
	places := func(text string) []string {
		found := regexp.MustCompile(`\{\w+\}`).FindAllString(text, -1)
		slices.Sort(found)
		return found
	}
	en := words["en"]
	for lang, said := range words {
		if !slices.Equal(slices.Sorted(maps.Keys(said)), slices.Sorted(maps.Keys(en))) {
			t.Errorf("%s has other keys", lang)
		}
		for key, text := range said {
			if !slices.Equal(places(text), places(en[key])) || text == "" {
				t.Errorf("%s: %s is %q", lang, key, text)
			}
		}
	}
	for _, m := range regexp.MustCompile(`\.W\.(\w+)`).FindAllStringSubmatch(template, -1) {
		if en[m[1]] == "" {
			t.Errorf("the page asks for %s, which has no text", m[1])
		}
	}
}
