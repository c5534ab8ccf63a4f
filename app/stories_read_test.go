package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// savedPage is a page as a browser saves it, in an old encoding and with a day of its own.
const savedPage = "<!doctype html><html lang=\"uk\"><head><meta charset=\"windows-1251\"><title>\xcc\xb3\xf1\xf2 \xe2\xb3\xe4\xea\xf0\xe8\xf2\xee \xe7\xed\xee\xe2\xf3 | \xc2\xb3\xf1\xf2\xb3</title>" +
	"<meta name=\"date\" content=\"2026-01-08\"></head><body><nav>Menu</nav><article><h1>\xcc\xb3\xf1\xf2 \xe2\xb3\xe4\xea\xf0\xe8\xf2\xee \xe7\xed\xee\xe2\xf3</h1>" +
	"<p>\xcc\xb3\xf1\xf2 \xf7\xe5\xf0\xe5\xe7 \xf0\xb3\xf7\xea\xf3 \xe2\xb3\xe4\xea\xf0\xe8\xeb\xe8 \xe4\xeb\xff \xf0\xf3\xf5\xf3 \xe2\xf0\xe0\xed\xf6\xb3, \xef\xee\xe2\xb3\xe4\xee\xec\xe8\xeb\xe8 \xe2 \xe3\xf0\xee\xec\xe0\xe4\xb3, \xf0\xee\xe1\xee\xf2\xe8 \xf2\xf0\xe8\xe2\xe0\xeb\xe8 \xe4\xe2\xe0 \xf2\xe8\xe6\xed\xb3. \xd0\xee\xe1\xee\xf2\xe8 \xf2\xf0\xe8\xe2\xe0\xeb\xe8 \xe4\xe2\xe0 \xf2\xe8\xe6\xed\xb3, \xe2\xe0\xed\xf2\xe0\xe6\xb3\xe2\xea\xe8 \xe2\xe5\xf1\xfc \xf6\xe5\xe9 \xf7\xe0\xf1 \xbf\xf5\xe0\xeb\xe8 \xf7\xe5\xf0\xe5\xe7 \xf1\xf3\xf1\xb3\xe4\xed\xba \xf1\xe5\xeb\xee, \xe0 \xe0\xe2\xf2\xee\xe1\xf3\xf1\xe8 \xed\xe5 \xf5\xee\xe4\xe8\xeb\xe8 \xe7\xee\xe2\xf1\xb3\xec.</p></article></body></html>"

// undatedPage states no day.
const undatedPage = `<html lang="en"><head><title>Talks go on in Geneva</title></head><body><article><h1>Talks go on in Geneva</h1>
<p>The delegations met again on Thursday, two diplomats said, and agreed to meet once more before the month is over.</p><p>Nobody else was told of it.</p></article></body></html>`

// TestAFolderHoldsSavedPages: pages in a folder of posts are read like posts, in their own
// encoding, a day stands in for one that is not stated, what is no article is listed under
// rejected, and files of other kinds are told of.
func TestAFolderHoldsSavedPages(t *testing.T) {
	p := newProgram(t)
	folder := t.TempDir()
	for name, text := range map[string]string{
		"bridge.html": savedPage, "talks.HTM": undatedPage, "empty.xhtml": "<html><head><title>Nothing</title></head><body></body></html>",
		"post.md":  "---\ntitle: Rain over the valley\ndate: 2026-01-08\npublisher: Valley News\n---\nIt rained over the valley all day, and the ford was closed to lorries in the evening.\n",
		"list.pdf": "%PDF-1.4",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := p.run("stories", "--posts", folder, "--day", "2026-01-09")
	if r.code != 0 {
		t.Fatal(r.err)
	}
	var out struct {
		Articles []struct{ Headline, Published, Language string }
		Rejected []struct{ File, Reason string }
	}
	if err := json.Unmarshal([]byte(r.out), &out); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, a := range out.Articles {
		got[a.Headline] = a.Published[:10] + " " + a.Language
	}
	for headline, want := range map[string]string{"Міст відкрито знову": "2026-01-08 uk", "Talks go on in Geneva": "2026-01-09 en", "Rain over the valley": "2026-01-08 en"} {
		if got[headline] != want {
			t.Errorf("%s: %q, want %q; read %v", headline, got[headline], want, got)
		}
	}
	if len(out.Articles) != 3 || len(out.Rejected) != 1 || out.Rejected[0].File != "empty.xhtml" || out.Rejected[0].Reason == "" {
		t.Errorf("%d articles, rejected %+v", len(out.Articles), out.Rejected)
	}
	mustHold(t, r.err, "1 text without a day, taken to be of 2026-01-09", "1 file of other kinds passed over, list.pdf first", "empty.xhtml, line 1 was not read")
}

// TestAFolderOfNothingReadable names the endings that are read.
func TestAFolderOfNothingReadable(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.docx"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := newProgram(t).bad(t, "stories", "--posts", folder); !strings.Contains(said, ".html") || !strings.Contains(said, ".md") {
		t.Errorf("said %q", said)
	}
}
