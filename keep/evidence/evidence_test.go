package evidence

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/trucewatch/truce"
)

var noon = time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC)

func newStore(t testing.TB) (*Store, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "evidence")
	return openStore(t, root), root
}

func openStore(t testing.TB, root string) *Store {
	t.Helper()
	disk, err := OpenDisk(root)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(t.Context(), disk, Options{Clock: func() time.Time { return noon }, MaxObject: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func capture(url string) Capture {
	return Capture{URL: url, Fetched: truce.InstantOf(noon), Status: 200, MediaType: "text/html", By: "feed suite",
		Header: []Field{NewField("Content-Type", "text/html"), NewField("X-Place", "Kyiv \xff")}}
}

func put(t testing.TB, s *Store, url, body string) Receipt {
	t.Helper()
	receipt, err := s.Put(t.Context(), Item{Capture: capture(url), Body: strings.NewReader(body)})
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

func wantCode(t testing.TB, what string, err error, want truce.Code) {
	t.Helper()
	if err == nil || truce.CodeOf(err) != want {
		t.Errorf("%s: got %v, want an error with code %s", what, err, want)
	}
}

func sound(t testing.TB, s *Store) Report {
	t.Helper()
	report, err := s.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range report.Damage {
		t.Errorf("verification: %s", d)
	}
	return report
}

func TestTheSameBytesAreKeptOnce(t *testing.T) {
	s, root := newStore(t)
	first := put(t, s, "https://a.example/1", "the text")
	again := put(t, s, "https://b.example/1", "the text")
	same := put(t, s, "https://b.example/1", "the text")
	if first.Known || !again.Known || first.Content != again.Content || first.Capture == again.Capture || same.Capture != again.Capture {
		t.Errorf("receipts %+v, %+v, %+v", first, again, same)
	}
	if first.Content != truce.HashOf([]byte("the text")) || first.Size != 8 {
		t.Errorf("receipt %+v", first)
	}
	captures, err := s.Captures(t.Context(), first.Content)
	if err != nil || len(captures) != 2 || captures[0].URL != "https://a.example/1" || captures[1].Header[1].Text() != "Kyiv \xff" || captures[0].Size != 8 {
		t.Errorf("captures %+v, %v", captures, err)
	}
	got, err := s.Bytes(t.Context(), first.Content, 8)
	if err != nil || string(got) != "the text" {
		t.Errorf("bytes %q, %v", got, err)
	}
	_, err = s.Bytes(t.Context(), first.Content, 7)
	wantCode(t, "more than asked for", err, truce.CodeTooLarge)
	_, _, err = s.Open(t.Context(), truce.HashOf([]byte("other")))
	wantCode(t, "what is not there", err, truce.CodeNotFound)
	info, err := os.Stat(filepath.Join(root, filepath.FromSlash(objectName(first.Content))))
	if err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("rights %v, %v, want read only", info.Mode(), err)
	}
	if left, err := os.ReadDir(filepath.Join(root, workFolder)); err != nil || len(left) > 0 {
		t.Errorf("left in the work folder: %v, %v", left, err)
	}
	report := sound(t, s)
	if report.Objects != 1 || report.Bytes != 8 || report.Captures != 2 {
		t.Errorf("report %+v", report)
	}
}

func TestListIsInTheOrderOfHashes(t *testing.T) {
	s, _ := newStore(t)
	var want []string
	for _, body := range []string{"", "a", "b", "c", "d"} {
		want = append(want, put(t, s, "https://a.example/"+body, body).Content.String())
	}
	slices.Sort(want)
	var got []string
	if err := s.List(t.Context(), func(e Entry) error { got = append(got, e.Content.String()); return nil }); err != nil || !slices.Equal(got, want) {
		t.Errorf("list %v, %v, want %v", got, err, want)
	}
	captures := 0
	err := s.EachCapture(t.Context(), func(h truce.Hash, c Capture) error {
		captures++
		body, err := truce.Canonical(c)
		if h != truce.HashOf(body) {
			t.Errorf("capture of %s under %s", c.Content, h)
		}
		return err
	})
	if err != nil || captures != 5 {
		t.Errorf("%d captures, %v", captures, err)
	}
}

func TestPutRefuses(t *testing.T) {
	s, root := newStore(t)
	edit := func(change func(*Capture)) Capture {
		c := capture("https://a.example/")
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		capture Capture
		body    io.Reader
		want    truce.Code
	}{
		"nobody":         {edit(func(c *Capture) { c.By = "" }), strings.NewReader("x"), truce.CodeInvalid},
		"no time":        {edit(func(c *Capture) { c.Fetched = 0 }), strings.NewReader("x"), truce.CodeInvalid},
		"no address":     {edit(func(c *Capture) { c.URL = "" }), strings.NewReader("x"), truce.CodeInvalid},
		"bad address":    {edit(func(c *Capture) { c.URL = "http://a\x7f/" }), strings.NewReader("x"), truce.CodeInvalid},
		"bad status":     {edit(func(c *Capture) { c.Status = 20 }), strings.NewReader("x"), truce.CodeInvalid},
		"split header":   {edit(func(c *Capture) { c.Header = []Field{NewField("A", "b\r\nC: d")} }), strings.NewReader("x"), truce.CodeInvalid},
		"many headers":   {edit(func(c *Capture) { c.Header = slices.Repeat(c.Header, maxHeaderFields) }), strings.NewReader("x"), truce.CodeTooLarge},
		"long headers":   {edit(func(c *Capture) { c.Header = []Field{NewField("A", strings.Repeat("b", maxHeaders))} }), strings.NewReader("x"), truce.CodeTooLarge},
		"too long":       {capture("https://a.example/"), strings.NewReader(strings.Repeat("x", 1001)), truce.CodeTooLarge},
		"broken off":     {capture("https://a.example/"), iotest.ErrReader(io.ErrUnexpectedEOF), truce.CodeInternal},
		"without an end": {capture("https://a.example/"), endless{}, truce.CodeTooLarge},
	} {
		_, err := s.Put(t.Context(), Item{Capture: c.capture, Body: c.body})
		wantCode(t, name, err, c.want)
	}
	if _, err := s.Put(t.Context(), Item{Capture: capture("https://a.example/"), Body: strings.NewReader(strings.Repeat("x", 1000))}); err != nil {
		t.Errorf("at the bound: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ended, Item{Capture: capture("https://a.example/"), Body: strings.NewReader("y")}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
	if left, err := os.ReadDir(filepath.Join(root, workFolder)); err != nil || len(left) > 0 {
		t.Errorf("left in the work folder: %v, %v", left, err)
	}
	if report := sound(t, s); report.Objects != 1 {
		t.Errorf("%d originals, want the one at the bound", report.Objects)
	}
	if _, err := New(t.Context(), nil, Options{MaxObject: MaxObject + 1}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("a bound beyond the bound: %v", err)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

func TestTakedown(t *testing.T) {
	s, root := newStore(t)
	kept := put(t, s, "https://a.example/kept", "kept")
	gone := put(t, s, "https://a.example/gone", "a name that must go")
	if _, err := s.Note(t.Context(), gone.Content, StepExported, "desk", "review"); err != nil {
		t.Fatal(err)
	}
	for what, take := range map[string]func() error{
		"no reason": func() error { _, err := s.Takedown(t.Context(), gone.Content, "desk", ""); return err },
		"nobody":    func() error { _, err := s.Takedown(t.Context(), gone.Content, "", "asked"); return err },
	} {
		wantCode(t, what, take(), truce.CodeInvalid)
	}
	_, err := s.Takedown(t.Context(), truce.HashOf([]byte("?")), "desk", "asked")
	wantCode(t, "what never came", err, truce.CodeNotFound)
	if _, err := s.Takedown(t.Context(), gone.Content, "desk", "the publisher asked"); err != nil {
		t.Fatal(err)
	}
	_, err = s.Takedown(t.Context(), gone.Content, "desk", "again")
	wantCode(t, "twice", err, truce.CodeConflict)
	if inFiles(t, root, "a name that must go") || !inFiles(t, root, "kept") {
		t.Error("the bytes are still there, or others are not")
	}
	_, _, err = s.Open(t.Context(), gone.Content)
	wantCode(t, "opening", err, truce.CodeNotFound)
	if !strings.Contains(err.Error(), "the publisher asked") {
		t.Errorf("%v does not say why", err)
	}
	s = openStore(t, root)
	again := Item{Capture: capture("https://b.example/gone"), Body: strings.NewReader("a name that must go")}
	_, err = s.Put(t.Context(), again)
	wantCode(t, "the same bytes", err, truce.CodeForbidden)
	if !strings.Contains(err.Error(), "the publisher asked") || inFiles(t, root, "a name that must go") {
		t.Errorf("%v does not say why, or the bytes were kept", err)
	}
	if report := sound(t, s); report.TakenDown != 1 || report.Objects != 1 || report.Captures != 2 {
		t.Errorf("report %+v", report)
	}
	if down, err := s.TakenDown(t.Context(), kept.Content); err != nil || down != nil {
		t.Errorf("what was kept: %v, %v", down, err)
	}
	testForced(t, root, again, gone.Content)
}

func testForced(t *testing.T, root string, again Item, content truce.Hash) {
	s := openStore(t, root)
	again.Body, again.Force, again.By = strings.NewReader("a name that must go"), "a court asked for it", "lead"
	if _, err := s.Put(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, root) // which removes only what is down
	if got, err := s.Bytes(t.Context(), content, 100); err != nil || string(got) != "a name that must go" {
		t.Errorf("kept again: %q, %v", got, err)
	}
	steps, err := s.Custody(t.Context(), content)
	var kinds []StepKind
	for _, step := range steps {
		kinds = append(kinds, step.Kind)
	}
	if want := []StepKind{StepCaptured, StepCaptured, StepTakenDown, StepRestored, StepExported}; err != nil || !slices.Equal(kinds, want) {
		t.Errorf("custody %v, %v, want %v", kinds, err, want)
	}
	sound(t, s)
}

func inFiles(t *testing.T, root, text string) (found bool) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found = found || bytes.Contains(content, []byte(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestCustodyIsAChain(t *testing.T) {
	s, root := newStore(t)
	content := put(t, s, "https://a.example/1", "x").Content
	for _, who := range []string{"first", "second", "third"} {
		if _, err := s.Note(t.Context(), content, StepRead, who, "review"); err != nil {
			t.Fatal(err)
		}
	}
	for what, kind := range map[string]StepKind{"a takedown by hand": StepTakenDown, "no kind": ""} {
		_, err := s.Note(t.Context(), content, kind, "x", "")
		wantCode(t, what, err, truce.CodeInvalid)
	}
	_, err := s.Note(t.Context(), truce.HashOf([]byte("?")), StepRead, "x", "")
	wantCode(t, "what never came", err, truce.CodeNotFound)
	_, err = s.Custody(t.Context(), truce.HashOf([]byte("?")))
	wantCode(t, "the custody of what never came", err, truce.CodeNotFound)
	sound(t, s)
	if err := os.Remove(filepath.Join(root, filepath.FromSlash(stepName(custodyFolder, content, 2)))); err != nil {
		t.Fatal(err)
	}
	if report, err := s.Verify(t.Context(), nil); err != nil || report.OK() {
		t.Errorf("a step was removed and nothing is wrong: %v", err)
	}
	_, err = s.Custody(t.Context(), content)
	wantCode(t, "custody with a step removed", err, truce.CodeInternal)
}

// TestVerifyNamesEachDamagedFile does one kind of damage after the other to a sound
// collection.
func TestVerifyNamesEachDamagedFile(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, root string, r Receipt) string{
		"a bit of the bytes": func(t *testing.T, root string, r Receipt) string {
			return alter(t, root, objectName(r.Content), "thX text")
		},
		"bytes cut off": func(t *testing.T, root string, r Receipt) string { return alter(t, root, objectName(r.Content), "the") },
		"no bytes":      func(t *testing.T, root string, r Receipt) string { return move(t, root, objectName(r.Content), "") },
		"another capture": func(t *testing.T, root string, r Receipt) string {
			return alter(t, root, captureName(r.Content, r.Capture), "{}")
		},
		"a step changed": func(t *testing.T, root string, r Receipt) string {
			return alter(t, root, stepName(custodyFolder, r.Content, 1), "{}")
		},
		"the wrong folder": func(t *testing.T, root string, r Receipt) string {
			move(t, root, objectName(r.Content), "objects/x")
			return "objects/x"
		},
		"a stranger": func(t *testing.T, root string, _ Receipt) string {
			return alter(t, root, "notes.txt", "x")
		},
		"the right to write": func(t *testing.T, root string, r Receipt) string {
			if err := os.Chmod(filepath.Join(root, filepath.FromSlash(objectName(r.Content))), 0o600); err != nil {
				t.Fatal(err)
			}
			return objectName(r.Content)
		},
	} {
		s, root := newStore(t)
		receipt := put(t, s, "https://a.example/1", "the text")
		if _, err := s.Note(t.Context(), receipt.Content, StepRead, "desk", ""); err != nil {
			t.Fatal(err)
		}
		put(t, s, "https://a.example/2", "another")
		sound(t, s)
		damaged := damage(t, root, receipt)
		files := 0
		report, err := s.Verify(t.Context(), func(n int) { files = n })
		if err != nil || !slices.ContainsFunc(report.Damage, func(d Damage) bool { return d.Name == damaged && d.Problem != "" }) || files < 3 {
			t.Errorf("%s: found %v in %d files, %v, want %s named", name, report.Damage, files, err, damaged)
		}
	}
}

func alter(t *testing.T, root, name, content string) string {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(name))
	os.Chmod(path, 0o600)
	if err := os.WriteFile(path, []byte(content), 0o400); err != nil {
		t.Fatal(err)
	}
	os.Chmod(path, 0o400)
	return name
}

func move(t *testing.T, root, name, to string) string {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(name))
	if to == "" {
		to = "../elsewhere"
	}
	if err := os.Rename(path, filepath.Join(root, filepath.FromSlash(to))); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestDamagedBytesAreNotHandedOut(t *testing.T) {
	s, root := newStore(t)
	receipt := put(t, s, "https://a.example/1", "the text")
	alter(t, root, objectName(receipt.Content), "thX text")
	_, err := s.Bytes(t.Context(), receipt.Content, 100)
	wantCode(t, "damaged bytes", err, truce.CodeInternal)
	_, err = s.Put(t.Context(), Item{Capture: capture("https://a.example/2"), Body: strings.NewReader("the text")})
	wantCode(t, "the same bytes over damaged ones", err, truce.CodeInternal)
	if got, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(objectName(receipt.Content)))); err != nil || string(got) != "thX text" {
		t.Errorf("the damaged file was overwritten: %q, %v", got, err)
	}
}

func TestStaleFilesAreSwept(t *testing.T) {
	_, root := newStore(t)
	old, young := filepath.Join(root, workFolder, ".pending-1"), filepath.Join(root, workFolder, ".pending-2")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-2*staleAfter)); err != nil {
		t.Fatal(err)
	}
	openStore(t, root)
	_, oldErr := os.Stat(old)
	_, youngErr := os.Stat(young)
	if oldErr == nil || youngErr != nil {
		t.Errorf("after opening: the old one %v, the young one %v", oldErr, youngErr)
	}
}
