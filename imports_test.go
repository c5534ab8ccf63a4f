package truce_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/trucewatch/truce"

// rule is one row of the import law.
type rule struct {
	folder string
	may    []string
	reason string
}

// law is the import law: what a folder of this module may import of this module, and
// why. A trailing "/..." covers the folder and everything below. A package may always
// import its own parent. The first row that matches a folder is the one that counts.
var law = []rule{
	{"geo/...", []string{"geo"}, "geometry is a leaf: it must be usable and testable without ceasefires"},
	{"internal/pgtest", []string{}, "starts a database for tests and knows nothing of what is stored in it"},
	{"internal/polite", []string{"internal/dial", "internal/bounded"}, "asks strangers' servers through the guarded dialer and reads no more than is bounded"},
	{"internal/...", []string{}, "shared leaves know nothing of Truce, or they would not be leaves"},
	{"source/feed/...", []string{".", "geo", "internal/...", "source", "source/feed"}, "lists of feeds are read as feeds are, with what all decoders share"},
	{"source/...", []string{".", "geo", "internal/..."}, "a decoder turns bytes into observations and nothing else"},
	{"intake/...", []string{".", "geo", "internal/..."}, "the door is given an appender; it must not know the store"},
	{"sense/story/...", []string{".", "geo", "internal/num", "internal/article", "sense/story"}, "pure: articles in, stories and claims out; how a text is taken apart is a shared leaf"},
	{"sense/track/movement/...", []string{".", "geo", "internal/num", "sense/track", "sense/track/movement"}, "pure: where flights begin rests on tracks and on what they may be"},
	{"sense/...", []string{".", "geo", "internal/num"}, "pure: observations in, events out, no storage and no siblings"},
	{"assess/fuse", []string{".", "geo", "internal/num"}, "pure: events in, groups out"},
	{"assess/incident", []string{".", "geo"}, "the life of an incident depends on nothing but records"},
	{"assess/agreement", []string{".", "geo/...", "internal/..."}, "terms are held against incidents, not against how those were found; their zones are compiled into an index of geo/fence"},
	{"assess/agreement/...", []string{".", "geo", "assess/agreement"}, "tests and explanations of terms rest on the terms alone"},
	{"assess/coverage", []string{".", "geo"}, "what could have been seen must not depend on what was found"},
	{"assess/grade", []string{".", "internal/num"}, "what became of claims gives a grade; the arithmetic is shared"},
	{"assess/...", []string{"."}, "review and access are tables and state machines over the vocabulary"},
	{"respond/alert/...", []string{".", "internal/dial", "respond/alert"}, "a channel knows its alert and the guarded dialer"},
	{"respond/publish/press", []string{".", "internal/article", "respond/publish"}, "public products of open reporting; slugs share the spelling of names"},
	{"respond/publish/...", []string{".", "geo/...", "respond/publish"}, "the gate sees frozen rows; it must not reach precise stores"},
	{"respond/pledge", []string{".", "internal/bounded"}, "the account is kept in spreadsheets, and those come from strangers"},
	{"respond/...", []string{"."}, "state machines over the vocabulary"},
	{"keep/ledger", []string{".", "internal/durable"}, "anyone must be able to check us with this package alone"},
	{"keep/evidence/...", []string{".", "internal/durable", "keep/evidence"}, "originals are files; nothing else"},
	{"keep/store/storetest", []string{".", "geo", "keep/store"}, "the conformance suite of the store"},
	{"keep/...", []string{"."}, "storage knows records, never what they mean"},
	{"web/...", []string{".", "geo/...", "web"}, "pages are given what they show; they open no store"},
	{"sim", []string{".", "geo", "source/..."}, "the invented world writes files in the sources' formats"},
	{"sim/arrivals", []string{".", "geo"}, "invented arrivals and their truth know nothing of the program that they test"},
	{"sim/...", []string{".", "geo"}, "invented news is made without any list of words that it tests"},
	{"examples", []string{}, "files only"},
	{"app/...", []string{"..."}, "the one place that wires everything"},
	{"cmd/truce", []string{"app"}, "main does nothing but start the app"},
	{"cmd/truce-verify", []string{"keep/ledger"}, "an independent verifier must stay small enough to read"},
	{".", []string{"geo"}, "the vocabulary does no I/O and knows only geometry"},
}

// onlyImportedBy closes a package to everybody but the named folders.
var onlyImportedBy = map[string][]string{
	"sim":             {"app"},
	"sim/arrivals":    {"app", "app/locating"},
	"sim/news":        {"app"},
	"internal/pgtest": {},
}

func TestImportsFollowTheLaw(t *testing.T) {
	for folder, imports := range moduleImports(t) {
		row := slices.IndexFunc(law, func(r rule) bool { return covers(r.folder, folder) })
		if row < 0 {
			t.Errorf("%s: no row in the import law; add one with its reason", folder)
			continue
		}
		for _, imp := range imports {
			if !allowed(law[row].may, folder, imp) {
				t.Errorf("%s imports %s, which the law forbids: %s", folder, imp, law[row].reason)
			}
			if by, closed := onlyImportedBy[imp]; closed && !slices.Contains(by, folder) {
				t.Errorf("%s imports %s, which is open only to %v", folder, imp, by)
			}
		}
	}
}

func TestImportLawRefusesASibling(t *testing.T) {
	if allowed([]string{".", "geo"}, "assess/incident", "assess/fuse") {
		t.Fatal("the law let assess/incident import its sibling assess/fuse")
	}
	if !allowed([]string{"."}, "respond/publish/db", "respond/publish") {
		t.Fatal("the law refused a child its parent")
	}
}

func allowed(may []string, folder, imp string) bool {
	if imp == path.Dir(folder) {
		return true
	}
	return slices.ContainsFunc(may, func(pattern string) bool { return covers(pattern, imp) })
}

func covers(pattern, folder string) bool {
	if base, deep := strings.CutSuffix(pattern, "..."); deep {
		base = strings.TrimSuffix(base, "/")
		return base == "" || folder == base || strings.HasPrefix(folder, base+"/")
	}
	return pattern == folder
}

// moduleImports lists, for each folder with Go files, what it imports of this module,
// tests left out.
func moduleImports(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	eachGoFile(t, func(file string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.ToSlash(filepath.Dir(file))
		out[folder] = append(out[folder], importsOfModule(parsed.Imports)...)
	})
	for folder := range out {
		slices.Sort(out[folder])
		out[folder] = slices.Compact(out[folder])
	}
	return out
}

// eachGoFile visits the module's Go files, relative to its root.
func eachGoFile(t *testing.T, visit func(file string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(file, ".go") {
			visit(file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func importsOfModule(specs []*ast.ImportSpec) []string {
	var out []string
	for _, spec := range specs {
		name, _ := strconv.Unquote(spec.Path.Value)
		switch {
		case name == module:
			out = append(out, ".")
		case strings.HasPrefix(name, module+"/"):
			out = append(out, strings.TrimPrefix(name, module+"/"))
		}
	}
	return out
}
