package sim

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func newsFiles(t *testing.T, w *World, format Format) []File {
	t.Helper()
	var out []File
	for _, f := range w.Files() {
		if f.Format == format {
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		t.Fatalf("no file of format %s", format)
	}
	return out
}

func TestEventListHasTheShapeOfTheRealOne(t *testing.T) {
	w := newWorld(t, Config{Seed: 40})
	towns := map[string]Town{"": w.island.Towns[1]}
	for _, town := range w.island.Towns {
		towns[town.Name] = town
	}
	for _, f := range newsFiles(t, w, FormatVIINA) {
		var days map[string][][]json.RawMessage
		if err := json.Unmarshal(f.Data, &days); err != nil {
			t.Fatal(err)
		}
		items := 0
		for day, events := range days {
			for _, e := range events {
				items++
				checkEvent(t, day, e, towns)
			}
		}
		if len(days) != w.cfg.Days || items != w.Truth().Files[f.Name] {
			t.Errorf("%d days, %d items; the truth counts %d", len(days), items, w.Truth().Files[f.Name])
		}
	}
}

func checkEvent(t *testing.T, day string, e []json.RawMessage, towns map[string]Town) {
	t.Helper()
	var lon, lat float64
	var place, kind string
	var n int
	var links []string
	for i, into := range []any{&lon, &lat, &place, &kind, &n, &links} {
		if err := json.Unmarshal(e[i], into); err != nil {
			t.Fatalf("%s: %s: %v", day, e, err)
		}
	}
	if n != len(links) || n == 0 || len(e) != 6 {
		t.Errorf("%s %s: n is %d, %d links, %d members", day, place, n, len(links), len(e))
	}
	if town, ok := towns[place]; !ok || pointOf(lat, lon) != town.Point {
		t.Errorf("%s: %q at %v,%v is not the town's own point", day, place, lat, lon)
	}
	if !strings.Contains("SDAFCVMLO", kind) || len(kind) != 1 {
		t.Errorf("%s: type %q", day, kind)
	}
	for _, link := range links {
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "https" || !strings.HasSuffix(u.Host, ".example") {
			t.Errorf("%s: link %q leads somewhere", day, link)
		}
	}
}

func TestPostsAreClustersOfInventedNews(t *testing.T) {
	w := newWorld(t, Config{Seed: 41})
	again := map[string]int{}
	for _, f := range newsFiles(t, w, FormatPost) {
		text := string(f.Data)
		if !strings.Contains(strings.ToLower(text), "exercise") {
			t.Errorf("%s does not say that it is an exercise", f.Name)
		}
		for _, word := range strings.FieldsFunc(text, func(c rune) bool { return c == '"' || c == '\'' || c == ' ' }) {
			if host, ok := strings.CutPrefix(word, "https://"); ok && !strings.Contains(host, ".example/") {
				t.Errorf("%s links to %s", f.Name, word)
			}
		}
		if !strings.HasSuffix(f.Name, ".md") {
			continue
		}
		links := strings.Count(text, "<a href=")
		if !strings.HasPrefix(text, "---\ntitle: ") || links < 1 || links > maxLinks || links != strings.Count(text, "</li>") {
			t.Errorf("%s: front matter or list is not as Hugo posts have it (%d links)", f.Name, links)
		}
		for _, part := range strings.Split(text, "<a href=\"")[1:] {
			again[part[:strings.Index(part, "\"")]]++
		}
	}
	if len(again) < 10 {
		t.Errorf("the posts link to %d articles", len(again))
	}
}

func TestAgencyStoriesAreCopied(t *testing.T) {
	w := newWorld(t, Config{})
	copied := 0
	for _, n := range w.Truth().Nuisances {
		if n.Kind != NuisanceCopied {
			continue
		}
		copied++
		if n.Of == "" || len(n.Rows) == 0 || n.Rows[0].Family != truce.FamilyMedia {
			t.Errorf("%s: of %q, rows %v", n.ID, n.Of, n.Rows)
		}
	}
	if copied == 0 {
		t.Error("no story is copied")
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"Shells land near Yarlomea":     "shells-land-near-yarlomea",
		"Power station hit, lights out": "power-station-hit-lights-out",
		"“Quoted” & odd – 12 times":     "quoted--odd--12-times",
		"":                              "",
		"- at both ends -":              "at-both-ends",
	} {
		if got := slug(in); got != want {
			t.Errorf("slug(%q) = %q, want %q", in, got, want)
		}
	}
}
