package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrongFileIsToldBeforeItIsRead(t *testing.T) {
	const (
		cloudTable = "date,cloud_cover_in_north\n2031-03-11,0.5\n"
		post       = "---\ntitle: x\ndate: 2031-03-11\n---\ntext\n"
		points     = `{"type":"FeatureCollection","features":[]}`
		news       = "\xef\xbb\xbf{\n \"20310311\": []}"
		rss        = "<?xml version='1.0'?><!-- <html> --><rss version='2.0'><channel/></rss>"
		web        = "<!DOCTYPE html><html><head><title>x</title></head></html>"
		jsonFeed   = `{"version":"https://jsonfeed.org/version/1.1","items":[]}`
		table      = "time,lat,lon,family,act,text\n"
	)
	cases := []struct {
		head, format, want string // "" for may be read
	}{
		{firmsHeader, "firms", ""}, {firmsHeader, "csv", "try --format firms"}, {firmsHeader, "post", "try --format firms"},
		{cloudTable, "cloud", ""}, {cloudTable, "post", "try --format cloud"}, {cloudTable, "firms", "try --format cloud"},
		{post, "post", ""}, {post, "csv", "try --format post"}, {strings.ReplaceAll(post, "\n", "\r\n"), "firms", "try --format post"},
		{points, "geojson", ""}, {points, "control-map", ""}, {points, "viina", "try --format geojson or --format control-map"},
		{rss, "feed", ""}, {rss, "page", "try --format feed"}, {web, "page", ""}, {web, "feed", "try --format page"}, {jsonFeed, "feed", ""}, {jsonFeed, "geojson", "try --format feed"},
		{news, "viina", ""}, {news, "geojson", "try --format viina"}, {news, "post", "try --format viina"},
		{table, "csv", ""}, {table, "post", "try --format csv"}, {"Time;Lat;Lon\r\n", "csv", ""},
		{"", "firms", ""}, {"A town woke to silence, the mayor said, after weeks.\n", "post", ""}, {"sensor,day\n", "csv", ""},
		{"PK\x03\x04zip", "csv", "ZIP archive or an Excel workbook"}, {"\xff\xfea\x00", "post", "UTF-16"}, {"%PDF-1.7", "post", "PDF"},
		{"\x89PNG\r\n", "geojson", "a picture"}, {"lat\x00lon", "csv", "a NUL byte"}, {"\x1f\x8b", "firms", "compressed twice"},
		{"SQLite format 3\x00", "csv", "a database"},
	}
	for _, c := range cases {
		got := wrongFile([]byte(c.head), c.format)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%.20q as %s: %q, want %q", c.head, c.format, got, c.want)
		}
	}
}

// TestImportTellsFormatsApart: without --format each file is read as what it begins as.
func TestImportTellsFormatsApart(t *testing.T) {
	p := newProgram(t)
	feed := p.write(t, "feed.xml", `<rss version="2.0"><channel><title>Wire</title><link>https://wire.example/</link><item><title>Talks go on</title><link>https://wire.example/1</link><pubDate>Thu, 08 Jan 2026 10:30:00 +0200</pubDate></item></channel></rss>`)
	page := p.write(t, "page.html", `<html><head><title>Talks end in Geneva</title></head><body><article><h1>Talks end in Geneva</h1><time datetime="2026-01-09">9 January</time>`+
		`<p>The delegations met again on Friday, two diplomats said, and agreed to meet once more before the month is over.</p></article></body></html>`)
	mustHold(t, p.good(t, "import", feed, page), "feed.xml: 1 accepted", "page.html: 1 accepted")
	mustHold(t, p.good(t, "import", "--format", "feed", feed), "feed.xml: 0 accepted, 1 duplicate")
	mustHold(t, p.bad(t, "import", "--format", "feed", page), "try --format page")
	mustHold(t, p.bad(t, "import", p.write(t, "x.json", `{"a":1}`)), "say which with --format")
	mustHold(t, p.bad(t, "import", p.write(t, "x.dat", "hello")), "say it with --format")
}

// TestSharedFilesLookLikeWhatTheyAre: no real file is refused as what it is.
func TestSharedFilesLookLikeWhatTheyAre(t *testing.T) {
	data := sharedFolder(t)
	seen := 0
	for pattern, format := range map[string]string{
		"firms/J*.csv": "firms", "firms/cloud*.csv": "cloud", "viina/viina-events*.json": "viina", "deepstate/*.geojson": "control-map", "news-posts/*": "post", "osce/*.xml": "feed", "feeds/translator/*/*.xml": "feed",
	} {
		files, err := filepath.Glob(filepath.Join(data, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			seen++
			if why := wrongFile(text[:min(len(text), sniffed)], format); why != "" {
				t.Errorf("%s as %s: %s", file, format, why)
			}
		}
	}
	if seen < 10 {
		t.Errorf("%d files looked at", seen)
	}
}

// TestATableIsNoArticle: a file of another format is refused whole; nothing of it is
// recorded, not even in quarantine.
func TestATableIsNoArticle(t *testing.T) {
	p := newProgram(t)
	before := p.head(t)
	file := p.write(t, "cloud_2031-03-11.csv", "date,cloud_cover_in_north\n2031-03-11,0.5\n")
	mustHold(t, p.bad(t, "import", "--format", "post", file), "it does not look like post; try --format cloud", "nothing could be read")
	if after := p.head(t); after != before {
		t.Errorf("refusing it appended %d records", after-before)
	}
}

// sharedFolder is the folder of real public data beside the repository.
func sharedFolder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("TRUCE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "firms")); err != nil {
		t.Skipf("real public data is not at %s: this test needs it (set TRUCE_SHARED)", dir)
	}
	return dir
}
