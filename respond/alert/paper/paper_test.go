package paper_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert/paper"
)

var release = truce.InstantOf(time.Date(2026, 4, 12, 12, 0, 4, 0, time.UTC))

const key = "a key of the store"

func form(lang string) paper.Form {
	a := truce.Alert{
		ID: truce.NewID(release, "alert", "x", nil), Case: truce.NewID(release, "case", "x", nil), Tier: "T1", Release: release, Realm: truce.ExerciseRealm("spring"),
		Headline: truce.Names{"en": "EXERCISE: Case C-2026-19: tier T1 (warning) entered", "uk": "НАВЧАННЯ: Справа C-2026-19: введено рівень T1 (попередження)"},
		Text: truce.Names{
			"en": "Tier T1 has been entered. Every gate was signed by a person.\n\nBecause:\n- 3 hits within 6 h\n- severity 3 <of 4>\n\nCase C-2026-19: Fire near the bridge.",
			"uk": "Введено рівень T1. Кожен дозвіл підписала людина.\n\nПідстави:\n- 3 збіги за 6 год\n\nСправа C-2026-19: Обстріл біля мосту.",
		},
		Answer: &truce.AnswerTerm{Role: truce.RoleGuarantor, Least: truce.AckReceived, Within: truce.MicrosOf(time.Hour)},
	}
	return paper.Form{
		Alert: a, To: truce.AlertRecipient{Person: "fa-duty", Role: truce.RoleGuarantor, Language: lang}, Name: "Duty officer, Farland", Case: "C-2026-19",
		Code: paper.Code([]byte(key), a.ID, "fa-duty"), Base: "https://desk.example.org",
	}
}

func write(t *testing.T, f paper.Form) string {
	t.Helper()
	page, err := paper.Write(f)
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PAPER_OUT"); dir != "" { // to look at
		if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+"-"+f.To.Language+".html"), page, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return string(page)
}

func TestTheFormSaysEverythingInItsLanguage(t *testing.T) {
	for lang, wants := range map[string][]string{
		"en": {`lang="en"`, `class="mark">EXERCISE<`, "Duty officer, Farland", "C-2026-19: tier T1", "2026-04-12 12:00:04 UTC", "2026-04-12 13:00:04 UTC; at least that an authority", "severity 3 &lt;of 4&gt;", "position taken:", "https://desk.example.org/alert/"},
		"uk": {`lang="uk"`, `class="mark">НАВЧАННЯ<`, "введено рівень T1", "12.04.2026 12:00:04 UTC", "позиція:", "заперечення"},
	} {
		page := write(t, form(lang))
		for _, want := range append(wants, form(lang).Code, form(lang).Alert.ID.String(), "<svg") {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the form lacks %q", lang, want)
			}
		}
		if strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "<script") || strings.Contains(page, "src=") {
			t.Errorf("%s: the form fetches or runs something", lang)
		}
		for _, colour := range regexp.MustCompile(`#[0-9a-fA-F]{3,6}\b`).FindAllString(page, -1) {
			if colour != "#000" && colour != "#fff" {
				t.Errorf("%s: the colour %s does not print in black and white", lang, colour)
			}
		}
	}
	if page := write(t, form("de")); !strings.Contains(page, `lang="en"`) {
		t.Error("another language does not fall back to English")
	}
	if _, err := paper.Write(paper.Form{}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("an empty form: %v", err)
	}
}

func TestALongTextIsCutAndSaysSo(t *testing.T) {
	f := form("uk")
	line := strings.Repeat("довгий рядок ", 8)
	f.Alert.Text["uk"] = strings.Repeat(line+"\n"+line+"\n\n", 40)
	page := write(t, f)
	if got := strings.Count(page, strings.TrimSpace(line)); got == 0 || got > 22 {
		t.Errorf("%d lines of text on the page", got)
	}
	if !strings.Contains(page, "Текст довший за цю сторінку") {
		t.Error("the form does not say that its text is cut")
	}
	if strings.Contains(write(t, form("en")), "longer than this page") {
		t.Error("a short text is said to be cut")
	}
}

// TestTheSquareIsTheTextOfTheScan draws the square of the page again from what it should
// hold and compares every module.
func TestTheSquareIsTheTextOfTheScan(t *testing.T) {
	f := form("uk")
	for _, base := range []string{"", f.Base} {
		f.Base = base
		sameSquare(t, f)
	}
}

func sameSquare(t *testing.T, f paper.Form) {
	t.Helper()
	code, err := qr.Encode(paper.Scan{Alert: f.Alert.ID, Code: f.Code, Short: f.Alert.Headline["uk"], Base: f.Base}.Text(), qr.M)
	if err != nil {
		t.Fatal(err)
	}
	black := modules(t, write(t, f))
	for y := range code.Size {
		for x := range code.Size {
			if black[[2]int{x + 4, y + 4}] != code.Black(x, y) {
				t.Fatalf("module %d,%d differs", x, y)
			}
		}
	}
	if len(black) == 0 {
		t.Error("an empty square")
	}
}

// modules are the black squares of the code on a page.
func modules(t *testing.T, page string) map[[2]int]bool {
	t.Helper()
	path := regexp.MustCompile(`fill="#000" d="([^"]*)"`).FindStringSubmatch(page)[1]
	black := map[[2]int]bool{}
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(path, -1) {
		for i := range number(t, run[3]) {
			black[[2]int{number(t, run[1]) + i, number(t, run[2])}] = true
		}
	}
	return black
}

// TestAnotherProgramReadsTheSquare has the square of the page read by zbar, which shares no
// code with what drew it.
func TestAnotherProgramReadsTheSquare(t *testing.T) {
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		missing := t.Skip
		if os.Getenv("CI") == "true" {
			missing = t.Fatal
		}
		missing("zbarimg is not there: install zbar-tools to have the square read by another program")
	}
	f := form("uk")
	f.Base = ""
	black := modules(t, write(t, f))
	const scale, side = 4, 100
	picture := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for y := range side * scale {
		for x := range side * scale {
			if !black[[2]int{x / scale, y / scale}] {
				picture.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "square.png")
	if err := os.WriteFile(name, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), zbar, "-q", "--raw", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	got, err := paper.ReadScan(strings.TrimSpace(string(text)))
	if want := (paper.Scan{Alert: f.Alert.ID, Code: f.Code, Short: f.Alert.Headline["uk"]}); err != nil || got != want {
		t.Errorf("read %+v, %v, want %+v", got, err, want)
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

func TestScanIsReadAgain(t *testing.T) {
	f := form("en")
	in := paper.Scan{Alert: f.Alert.ID, Code: f.Code, Short: "short"}
	for _, text := range []string{in.Text(), strings.ReplaceAll(in.Text(), "\n", "\r\n")} {
		if out, err := paper.ReadScan(text); err != nil || out != in {
			t.Errorf("%+v, %v", out, err)
		}
	}
	page := paper.Scan{Alert: f.Alert.ID, Code: f.Code, Base: f.Base}
	if out, err := paper.ReadScan(page.Text() + "\n"); err != nil || out != page || page.Text() != f.Base+"/paper/"+f.Alert.ID.String()+"/"+f.Code {
		t.Errorf("%s: %+v, %v", page.Text(), out, err)
	}
	long := paper.Scan{Alert: f.Alert.ID, Code: f.Code, Short: strings.Repeat("ї", 500)}
	if out, err := paper.ReadScan(long.Text()); err != nil || len([]rune(out.Short)) != 90 {
		t.Errorf("%d characters, %v", len([]rune(out.Short)), err)
	}
	for _, bad := range []string{"", "https://example.org", "https://example.org/paper/x/y", "x/paper/" + f.Alert.ID.String() + "/c", "TRUCE1\nx\ny\nz", "TRUCE2\n" + f.Alert.ID.String() + "\na\nb", "TRUCE1\n" + f.Alert.ID.String()} {
		if _, err := paper.ReadScan(bad); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestACodeIsOfOnePersonAndOneAlert(t *testing.T) {
	a, b := truce.NewID(release, "alert", "x", nil), truce.NewID(release, "alert", "y", nil)
	code := paper.Code([]byte(key), a, "p")
	if len(code) != 14 {
		t.Errorf("code %q", code)
	}
	for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", " "), strings.NewReplacer("0", "o", "1", "l").Replace(code)} {
		if !paper.Check([]byte(key), a, "p", typed) {
			t.Errorf("%q is refused", typed)
		}
	}
	if paper.Check([]byte(key), b, "p", code) || paper.Check([]byte(key), a, "q", code) || paper.Check([]byte("other"), a, "p", code) || paper.Check([]byte(key), a, "p", "") {
		t.Error("a code holds for what it was not made for")
	}
}
