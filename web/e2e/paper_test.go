package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trucewatch/truce/respond/alert/paper"
)

// form is the printed form of an alert as paper.mjs found it.
type form struct {
	Name    string
	Status  int
	Scripts int
	Fetched []string
	Sheets  int
	Sheet   string
	Cut     []string
	Wide    int
	Square  []byte // PNG
}

type formAt struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	Session string `json:"session"`
}

// formsEach is how many forms of one person are printed: a browser takes seconds for each on
// a machine that does something else, too.
const formsEach = 3

// TestPaperFormsInABrowser prints forms of alerts of the scripted exercise as those who were
// told would, in a browser that runs no script: one sheet of A4, nothing cut off, nothing
// fetched, and a square that opens the page that checks the form.
func TestPaperFormsInABrowser(t *testing.T) {
	chromium := browser(t)
	program := build(t)
	dir := filepath.Join(t.TempDir(), "room")
	demo := exec.Command("go", "test", "-count", "1", "-run", "^TestRoomDemo$", "github.com/trucewatch/truce/app")
	demo.Env = append(os.Environ(), "TRUCE_ROOM_DEMO="+dir)
	run(t, demo)
	at := freeAddress(t)
	settings, err := os.OpenFile(filepath.Join(dir, "truce.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(settings, "\nalerts: {base: \"http://%s\"}\n", at); err != nil {
		t.Fatal(err)
	}
	if err := settings.Close(); err != nil {
		t.Fatal(err)
	}
	serve(t, program, "--room", "--dir", dir, "--listen", at)
	base := "http://" + at
	asked := formsOf(t, base, dir, "bre-uk", "a-liaison", "lead", "chair")
	forms := printed(t, chromium, asked)
	if len(forms) != len(asked) || len(forms) < 3*formsEach {
		t.Fatalf("%d forms of %d: too few to mean anything", len(forms), len(asked))
	}
	for _, f := range forms {
		if f.Status != http.StatusOK || f.Scripts != 0 || len(f.Fetched) != 0 {
			t.Errorf("%s: %d, %d scripts, fetched %v", f.Name, f.Status, f.Scripts, f.Fetched)
		}
		if f.Sheets != 1 || !a4(f.Sheet) || len(f.Cut) > 0 {
			t.Errorf("%s: %d sheets of %q, cut off: %v; want one of A4 with everything on it", f.Name, f.Sheets, f.Sheet, f.Cut)
		}
		if f.Wide > 360 {
			t.Errorf("%s: %d px wide on a telephone of 360 px", f.Name, f.Wide)
		}
	}
	t.Run("square", func(t *testing.T) { squares(t, base, forms) })
}

// squares reads the code squares and opens what they hold, as a stranger would.
func squares(t *testing.T, base string, forms []form) {
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		missing := t.Skip
		if os.Getenv("CI") == "true" {
			missing = t.Fatal
		}
		missing("zbarimg is not there: install zbar-tools to have the squares read")
	}
	seen := map[string]bool{}
	for _, f := range forms {
		text := strings.TrimSpace(read(t, zbar, f.Square))
		scan, err := paper.ReadScan(text)
		if err != nil || scan.Base != base || !strings.Contains(f.Name, scan.Alert.String()) || text != base+"/paper/"+scan.Alert.String()+"/"+scan.Code {
			t.Errorf("%s: the square holds %q (%v), want the page of this alert at %s", f.Name, text, err, base)
			continue
		}
		if seen[text] {
			t.Errorf("%s: the square is that of another form: %s", f.Name, text)
		}
		seen[text] = true
	}
	for text := range seen {
		if page := fetchAs(t, text, ""); !strings.Contains(page, "This form was made here") {
			t.Errorf("%s does not say that the form is genuine:\n%.600s", text, page)
		}
		forged := strings.TrimSuffix(text, text[len(text)-1:]) + map[bool]string{true: "0", false: "1"}[text[len(text)-1] != '0']
		if page := fetchAs(t, forged, ""); strings.Contains(page, "This form was made here") {
			t.Errorf("%s is called genuine", forged)
		}
		break // each try of a stranger counts against the address
	}
}

// read is what a program that shares no code with ours reads of a picture.
func read(t *testing.T, zbar string, picture []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "square.png")
	if err := os.WriteFile(name, picture, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(zbar, "-q", "--raw", name).Output()
	if err != nil {
		t.Errorf("the square is not read: %v", err)
	}
	return string(out)
}

// a4 says whether a sheet has the size of A4 in points, 595.28 by 841.89, to a point.
func a4(sheet string) bool {
	var x, y, w, h float64
	_, err := fmt.Sscan(sheet, &x, &y, &w, &h)
	return err == nil && x == 0 && y == 0 && w > 594.2 && w < 596.3 && h > 840.8 && h < 842.9
}

// formsOf are the forms of the alerts that people's lists show.
func formsOf(t *testing.T, base, dir string, people ...string) []formAt {
	t.Helper()
	var out []formAt
	for _, who := range people {
		token, err := os.ReadFile(filepath.Join(dir, "token-"+who))
		if err != nil {
			t.Fatal(err)
		}
		session := strings.TrimSpace(string(token))
		kept := 0
		for _, link := range roomAlert.FindAllStringSubmatch(fetchAs(t, base+"/alerts", session), -1) {
			alert := fetchAs(t, base+link[1], session)
			if kept < formsEach && strings.Contains(alert, `action="`+link[1]+`"`) { // those who were told answer it; the form is for them
				kept++
				out = append(out, formAt{who + " " + link[1], base + link[1] + "/paper", session})
			}
		}
	}
	return out
}

func printed(t *testing.T, chromium string, forms []formAt) []form {
	t.Helper()
	question, err := json.Marshal(map[string]any{"chromium": chromium, "forms": forms})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), browserTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "paper.mjs")
	cmd.Stdin = bytes.NewReader(question)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("the printing failed: %v\n%s", err, errs.String())
	}
	var found []form
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		t.Fatalf("%v: %.500s", err, out.String())
	}
	return found
}

// freeAddress is an address of this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
