package truce_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestLinksResolve follows every link of every page that leads into the repository: to a
// file or folder, and to a heading where it names one.
func TestLinksResolve(t *testing.T) {
	count := 0
	for _, page := range pages(t) {
		text := readPage(t, page)
		for _, l := range linksOf(text) {
			count++
			if problem := followLink(t, page, l.target); problem != "" {
				t.Errorf("%s:%d: link %s %s", page, l.line, l.target, problem)
			}
		}
	}
	if count < 40 {
		t.Errorf("%d links found: the test looks in the wrong place", count)
	}
}

// pages lists the Markdown files of the repository, but for front matter of test data.
func pages(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (path != "." && strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".md") && !strings.Contains(filepath.ToSlash(path), "/clauses/"):
			out = append(out, filepath.ToSlash(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readPage(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

type link struct {
	line   int
	target string
}

var inlineLink = regexp.MustCompile(`\]\(([^()\s]+)(?:\s+"[^"]*")?\)`)

// linksOf finds links and pictures outside blocks of code.
func linksOf(text string) []link {
	var out []link
	eachLine(text, func(n int, line string) {
		for _, m := range inlineLink.FindAllStringSubmatch(withoutCode(line), -1) {
			out = append(out, link{n, m[1]})
		}
	})
	return out
}

// eachLine visits the lines that are no code, counted from 1.
func eachLine(text string, visit func(n int, line string)) {
	fenced := false
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		if !fenced && !strings.HasPrefix(line, "    ") {
			visit(i+1, line)
		}
	}
}

var codeSpan = regexp.MustCompile("`[^`]*`")

func withoutCode(line string) string { return codeSpan.ReplaceAllString(line, "code") }

// followLink says what is wrong with a link, "" for nothing.
func followLink(t *testing.T, page, target string) string {
	t.Helper()
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		return "" // leads out of the repository
	}
	name, anchor, _ := strings.Cut(target, "#")
	file := page
	if name != "" {
		file = filepath.Join(filepath.Dir(page), filepath.FromSlash(name))
	}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return "leads nowhere"
	case strings.HasPrefix(filepath.ToSlash(filepath.Clean(file)), ".."):
		return "leads out of the repository"
	case anchor != "" && (info.IsDir() || !slices.Contains(anchorsOf(readPage(t, file)), anchor)):
		return "names no heading there"
	}
	return ""
}

var namedAnchor = regexp.MustCompile(`<a id="([^"]+)"`)

// anchorsOf are the headings of a page as links name them, and anchors set by hand.
func anchorsOf(text string) []string {
	var out []string
	eachLine(text, func(_ int, line string) {
		if heading := strings.TrimLeft(line, "#"); heading != line && strings.HasPrefix(heading, " ") {
			out = append(out, anchorOf(heading))
		}
		for _, m := range namedAnchor.FindAllStringSubmatch(line, -1) {
			out = append(out, m[1])
		}
	})
	return out
}

// anchorOf writes a heading as web sites do: lower case, spaces as hyphens, no marks.
func anchorOf(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, strings.TrimSpace(heading))
}

// TestLinkCheckerFindsBrokenLinks is the negative control.
func TestLinkCheckerFindsBrokenLinks(t *testing.T) {
	text := "[a](nowhere.md) `[code](none.md)` ![p](README.md \"title\")\n\n```\n[block](none.md)\n```\n    [indented](none.md)\n"
	var targets []string
	for _, l := range linksOf(text) {
		targets = append(targets, l.target)
	}
	if !slices.Equal(targets, []string{"nowhere.md", "README.md"}) {
		t.Errorf("found %q", targets)
	}
	for target, want := range map[string]string{
		"nowhere.md": "leads nowhere", "README.md#no-such-heading": "names no heading there", "docs#x": "names no heading there",
		"../shared": "leads", "README.md#the-name": "", "docs": "", "https://example.org/x": "", "#the-name": "",
	} {
		if got := followLink(t, "README.md", target); (want == "") != (got == "") || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
	if got := anchorOf(" 4.1 What's *new*, today? "); got != "41-whats-new-today" {
		t.Errorf("anchor is %q", got)
	}
}

// TestPackageCommentsTellHowToRead: one sentence on what the package does, one on what it
// never does, and where to begin.
func TestPackageCommentsTellHowToRead(t *testing.T) {
	docs := map[string]string{}
	eachGoFile(t, func(file string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		docs[filepath.ToSlash(filepath.Dir(file))] += parsed.Doc.Text()
	})
	if len(docs) < 20 {
		t.Fatalf("%d packages found", len(docs))
	}
	for folder, doc := range docs {
		if !strings.HasPrefix(doc, "Package ") && !strings.HasPrefix(doc, "Command ") {
			t.Errorf("%s: the package comment begins %.40q", folder, doc)
		}
		if !regexp.MustCompile(`\b(never|no|nothing|only|not)\b`).MatchString(doc) {
			t.Errorf("%s: the package comment does not say what the package never does", folder)
		}
	}
}

// TestGlossaryNamesEveryType keeps docs/glossary.md and the root package the same.
func TestGlossaryNamesEveryType(t *testing.T) {
	types := rootTypes(t)
	glossary := readPage(t, "docs/glossary.md")
	named := map[string]bool{}
	eachLine(glossary, func(n int, line string) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.Contains(cells[2], "`") {
			return
		}
		for _, name := range codeSpan.FindAllString(cells[2], -1) {
			name = strings.Trim(name, "`")
			if !types[name] {
				t.Errorf("docs/glossary.md:%d: %s is no type of package truce", n, name)
			}
			if named[name] {
				t.Errorf("docs/glossary.md:%d: %s stands there twice", n, name)
			}
			named[name] = true
		}
	})
	for name := range types {
		if !named[name] {
			t.Errorf("docs/glossary.md does not name the type %s", name)
		}
	}
}

// rootTypes are the exported types of the root package.
func rootTypes(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.TYPE {
				for _, spec := range d.Specs {
					if name := spec.(*ast.TypeSpec).Name; name.IsExported() {
						out[name.Name] = true
					}
				}
			}
		}
	}
	return out
}

// TestIndexNamesEveryPage: docs/README.md leads to every page of docs, or to its folder.
func TestIndexNamesEveryPage(t *testing.T) {
	reached := map[string]bool{}
	for _, l := range linksOf(readPage(t, "docs/README.md")) {
		reached[filepath.ToSlash(filepath.Join("docs", l.target))] = true
	}
	for _, page := range pages(t) {
		if strings.HasPrefix(page, "docs/") && page != "docs/README.md" && !reached[page] && !reached[filepath.ToSlash(filepath.Dir(page))] {
			t.Errorf("docs/README.md does not lead to %s", page)
		}
	}
}
