package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheRoomInABrowser looks at the room over the scripted exercise as a guarantor, as one
// who reads Ukrainian, as a party, as the mechanism lead and as a stranger.
func TestTheRoomInABrowser(t *testing.T) {
	chromium := browser(t)
	program := build(t)
	dir := filepath.Join(t.TempDir(), "room")
	demo := exec.Command("go", "test", "-count", "1", "-run", "^TestRoomDemo$", "github.com/trucewatch/truce/app")
	demo.Env = append(os.Environ(), "TRUCE_ROOM_DEMO="+dir)
	run(t, demo)
	base := serve(t, program, "--room", "--dir", dir)
	in := look{Chromium: chromium, Pages: roomPages(t, base, dir)}
	found := browse(t, in)
	for _, p := range found.Problems {
		t.Errorf("%s: %s: %s", p.Page, p.Check, p.Detail)
	}
	if found.Pages != len(in.Pages) || found.Requests < 3*len(in.Pages) || found.Focused < 5*len(in.Pages) || found.Rules < 15 {
		t.Errorf("the browser looked at %d of %d pages, made %d requests, focused %d elements and ran %d rules: too little to mean anything",
			found.Pages, len(in.Pages), found.Requests, found.Focused, found.Rules)
	}
}

var roomAlert = regexp.MustCompile(`href="(/alerts/[0-9A-Z]{26})"`)

func roomPages(t *testing.T, base, dir string) []page {
	t.Helper()
	session := func(person string) string {
		token, err := os.ReadFile(filepath.Join(dir, "token-"+person))
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(token))
	}
	pages := inFrame("room", base, "/sign-in", "/sign-in?lang=uk", "/sign-in/truce_x")
	for person, paths := range map[string][]string{
		"bre-duty":    {"/", "/cases", "/cases/C-2031-1", "/cases/C-2031-1/stake", "/pledges", "/pledges/BRE", "/alerts", "/me"},
		"bre-uk":      {"/", "/cases/C-2031-1", "/cases/C-2031-1/stake", "/pledges", "/cases", "/alerts", "/alerts?open=1", "/me"},
		"a-liaison":   {"/", "/cases/C-2031-1", "/cases/C-2031-2", "/alerts"},
		"lead":        {"/", "/cases/C-2031-1", "/cases/C-2031-3", "/alerts", "/pledges"},
		"ave-planner": {"/", "/cases", "/pledges"},
		"chair":       {"/cases/C-2031-1/stake"},
	} {
		of := inFrame("room "+person, base, paths...)
		for i := range of {
			of[i].Session = session(person)
			of[i].Fits = strings.Contains(of[i].URL, "/pledges") || strings.HasSuffix(of[i].URL, "/stake") || strings.Contains(of[i].URL, "/alerts")
		}
		pages = append(pages, of...)
	}
	return append(pages,
		page{Name: "room alert", URL: base + firstAs(t, base+"/alerts", session("bre-duty"), roomAlert), Status: 200, Skip: true, Session: session("bre-duty")},
		page{Name: "room alert in Ukrainian", URL: base + firstAs(t, base+"/alerts", session("bre-uk"), roomAlert), Status: 200, Skip: true, Session: session("bre-uk")},
		page{Name: "room not yours", URL: base + "/pledges", Status: 403, Skip: true, Session: session("a-liaison")},
		page{Name: "room no page", URL: base + "/nothing", Status: 404, Skip: true})
}
