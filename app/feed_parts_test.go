package app

import (
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/diff"
)

func TestShownDiff(t *testing.T) {
	cases := []struct {
		before, after, shown string
		same, removed, added int
	}{
		{"a b c", "a b c", "a b c", 3, 0, 0},
		{"a b c", "a x c", "a [-b-] {+x+} c", 2, 1, 1},
		{"", "a b", "{+a b+}", 0, 0, 2},
		{"a b", "", "[-a b-]", 0, 2, 0},
		{"the gun fired two shots", "two shots", "[-the gun fired-] two shots", 2, 3, 0},
		{"a b a b", "b a", "[-a-] b a [-b-]", 2, 2, 0},
		{"1 2 3 4 5 6 7 8 9 x", "1 2 3 4 5 6 7 8 9 y", "… 4 5 6 7 8 9 [-x-] {+y+}", 9, 1, 1},
		{"x 1 2 3 4 5 6 7 8", "y 1 2 3 4 5 6 7 8", "[-x-] {+y+} 1 2 3 4 5 6 …", 8, 1, 1},
	}
	for _, c := range cases {
		d := diff.Texts(c.before, c.after)
		if got := shownDiff(d); got != c.shown || d.Same != c.same || d.Removed != c.removed || d.Added != c.added {
			t.Errorf("%q to %q: %q, %d %d %d, want %q, %d %d %d", c.before, c.after, got, d.Same, d.Removed, d.Added, c.shown, c.same, c.removed, c.added)
		}
	}
}

func TestReservationsOfSites(t *testing.T) {
	cases := []struct {
		location, path string
		want           bool
	}{
		{"/", "/a/b", true}, {"/", "", true}, {"/news/", "/news/1", true}, {"/news/", "/sport/1", false}, {"", "/a", false},
		{"/*.html", "/a/b.html", true}, {"/*.html", "/a/b.php", false}, {"/*.html$", "/a.html", true}, {"/*.html$", "/a.html5", false},
		{"/a$", "/a", true}, {"/a$", "/ab", false}, {"/a/*/c", "/a/b/c/d", true}, {"/a/*$", "/a/b", true},
	}
	for _, c := range cases {
		if got := tdmMatches(c.location, c.path); got != c.want {
			t.Errorf("%q on %q: %v, want %v", c.location, c.path, got, c.want)
		}
	}
	if rules := parseTDM([]byte("<html>")); len(rules) != 0 {
		t.Errorf("a page is read as rules: %v", rules)
	}
}

func TestArticlesAreDueAtASlowingPace(t *testing.T) {
	published := truce.InstantOf(storyTime)
	cases := []struct {
		since, now time.Duration
		due        bool
		at         time.Duration
	}{
		{0, 30 * time.Minute, false, 0}, {0, time.Hour, true, time.Hour}, {time.Hour, 5 * time.Hour, false, 0},
		{time.Hour, 25 * time.Hour, true, 24 * time.Hour}, {0, 30 * 24 * time.Hour, true, 7 * 24 * time.Hour}, {7 * 24 * time.Hour, 30 * 24 * time.Hour, false, 0},
	}
	for _, c := range cases {
		at, due := dueSince(published, published.Add(c.since), published.Add(c.now), 7*24*time.Hour)
		if due != c.due || due && at != published.Add(c.at) {
			t.Errorf("looked at after %s, now %s: due %v since %s", c.since, c.now, due, at.Sub(published))
		}
	}
	if at, due := dueSince(published, published, published.Add(48*time.Hour), 3*time.Hour); !due || at != published.Add(time.Hour) {
		t.Errorf("with a bound of three hours it is due %v, since %s, want since an hour", due, at.Sub(published))
	}
}

func TestFeedNames(t *testing.T) {
	rows := []truce.FeedRow{{Feed: truce.Feed{ID: "news-example"}}, {Feed: truce.Feed{ID: "news-example-rss-world-xml"}}}
	for address, want := range map[string]truce.FeedID{
		"https://www.other.example/rss": "other-example", "https://news.example/rss/uk.xml": "news-example-rss-uk-xml",
		"https://news.example/": "news-example-2", "https://news.example/rss/world.xml": "news-example-rss-world-xml-2",
		"https://xn--80aswg.example/": "xn-80aswg-example",
	} {
		if got := freeFeedID(address, rows); got != want {
			t.Errorf("%s is named %s, want %s", address, got, want)
		}
	}
	for _, bad := range []string{"news.example", "ftp://news.example/x", "https://me:secret@news.example/", "http://"} {
		if _, err := feedAddress(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if got, err := feedAddress(" https://news.example#top "); err != nil || got != "https://news.example/" {
		t.Errorf("an address is asked for as %q, %v", got, err)
	}
}

// TestItemsThatListAreOneStory: headlines of one item are listed together, those of a feed
// are not.
func TestItemsThatListAreOneStory(t *testing.T) {
	report := func(n byte, item string) truce.Observation {
		return truce.Observation{ID: truce.ID{n}, Hash: truce.HashOf([]byte(item)), Origin: truce.Origin{File: "https://news.example/rss"}}
	}
	read := &feedReading{reports: []truce.Observation{report(1, "a"), report(2, "list"), report(3, "list")}}
	read.nameLists("https://news.example/rss")
	if got := read.reports[0].Origin.File; got != "https://news.example/rss" {
		t.Errorf("a single item is listed by %s", got)
	}
	if a, b := read.reports[1].Origin.File, read.reports[2].Origin.File; a != b || a != "https://news.example/rss#"+read.reports[1].ID.String() {
		t.Errorf("headlines of one item are listed by %s and %s", a, b)
	}
}

func TestSettingsOfFeedsAreRefusedByName(t *testing.T) {
	for text, want := range map[string]string{
		"feeds: {contact: \"a\\nb\"}":              "feeds.contact",
		"feeds: {every: 2h}":                       "feeds.every: 2 h; write 0 to 1 h",
		"feeds: {timeout: 1h}":                     "feeds.timeout: 1 h; write up to 10 min",
		"feeds: {pages: 1000}":                     "feeds.pages: 1000; write 0 to 200",
		"feeds: {again: 30}":                       "feeds.again: 30 days; write 0 to 7",
		"feeds: {proxy: \"socks5://me:secret@x\"}": "feeds.proxy: write its address",
		"feeds: {allow: [\"10.0.0.0/99\"]}":        "feeds.allow:",
	} {
		if _, err := parseConfig([]byte(text)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	cfg, err := parseConfig([]byte("feeds: {pages: 0, again: 3, every: 5s}"))
	if err != nil || cfg.Feeds.pages() != 0 || cfg.Feeds.again() != 72*time.Hour || cfg.Feeds.Every != 5*time.Second {
		t.Errorf("read as %+v, %v", cfg.Feeds, err)
	}
	if cfg, _ := parseConfig(nil); cfg.Feeds.pages() != defaultPages || cfg.Feeds.again() != 7*24*time.Hour {
		t.Errorf("left out, they are %d pages and %s", cfg.Feeds.pages(), cfg.Feeds.again())
	}
}
