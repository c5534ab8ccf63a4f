package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestThePressInABrowser looks at the pages of open reporting, at the desk and as they were
// released, over an exercise into which invented reports and two rival totals were read.
func TestThePressInABrowser(t *testing.T) {
	chromium := browser(t)
	program := build(t)
	dir := pressRoom(t, program)
	desk := serve(t, program, "--dir", dir)
	public := serve(t, program, "--dir", dir, "--public")
	in := look{Chromium: chromium, Pages: append(pressPages(t, "desk", desk), pressPages(t, "public", public)...)}
	in.Pages = append(in.Pages, inFrame("desk", desk, "/sources")...)
	in.Pages = append(in.Pages, inFrame("public", public, first(t, public+"/claims", check)+"/1")...)
	found := browse(t, in)
	for _, p := range found.Problems {
		t.Errorf("%s: %s: %s", p.Page, p.Check, p.Detail)
	}
	if found.Pages != len(in.Pages) || found.Requests < 3*len(in.Pages) || found.Focused < 5*len(in.Pages) || found.Rules < 15 {
		t.Errorf("the browser looked at %d of %d pages, made %d requests, focused %d elements and ran %d rules: too little to mean anything",
			found.Pages, len(in.Pages), found.Requests, found.Focused, found.Rules)
	}
}

// pressRoom is the exercise with the reports and totals of testdata/press. The script is that
// of scripts/picture.
func pressRoom(t *testing.T, program string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "press")
	cmd := exec.Command("sh", filepath.Join("testdata", "press", "room.sh"), program, dir)
	cmd.Env = os.Environ()
	run(t, cmd)
	return dir
}

var (
	story = regexp.MustCompile(`href="(/stories/[0-9A-Z]{26})"`)
	check = regexp.MustCompile(`href="(/claims/[0-9A-Za-z]+)"`)
)

func pressPages(t *testing.T, site, base string) []page {
	t.Helper()
	one, total := first(t, base+"/press?words=monitors", story), first(t, base+"/claims", check)
	pages := inFrame(site, base, "/press", "/press?lang=uk", "/press?words=monitors", "/press?words=nothing+of+this", "/press/2031-03-10", one, one+"?lang=uk",
		"/promises", "/promises?lang=uk", "/claims", "/claims?lang=uk", total, total+"?lang=uk")
	return append(pages,
		page{Name: site + " no story", URL: base + "/stories/none", Status: 404, Skip: true}, page{Name: site + " no check", URL: base + "/claims/none", Status: 404, Skip: true},
		page{Name: site + " no day", URL: base + "/press/yesterday", Status: 400, Skip: true})
}
