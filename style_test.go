package truce_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The gates of the style page, measured over the whole module, tests left out.
const (
	maxFileLines    = 600
	maxLongFunction = 80  // lines
	maxLongShare    = .01 // of all functions
	maxFunctionP90  = 45  // lines
	minDocShare     = .90 // of exported names
)

func TestStyleGates(t *testing.T) {
	m := measure(t)
	if len(m.functions) == 0 {
		t.Fatal("no functions found: the test looks in the wrong place")
	}
	for _, f := range m.longFiles {
		t.Errorf("%s: over %d lines", f, maxFileLines)
	}
	for _, p := range m.undocumentedPackages() {
		t.Errorf("package %s: no package comment", p)
	}
	slices.Sort(m.functions)
	if p90 := m.functions[len(m.functions)*9/10]; p90 > maxFunctionP90 {
		t.Errorf("p90 of function length is %d lines, the gate is %d", p90, maxFunctionP90)
	}
	if share := float64(len(m.longFunctions)) / float64(len(m.functions)); share > maxLongShare {
		t.Errorf("%.1f%% of functions are over %d lines: %v", 100*share, maxLongFunction, m.longFunctions)
	}
	if share := 1 - float64(len(m.undocumented))/float64(m.exported); share < minDocShare {
		t.Errorf("%.0f%% of exported names have a comment, the gate is %.0f%%: %v", 100*share, 100*minDocShare, m.undocumented)
	}
}

type measures struct {
	longFiles     []string
	functions     []int // lines of each
	longFunctions []string
	exported      int
	undocumented  []string
	packages      map[string]bool // folder: has a package comment
}

func (m measures) undocumentedPackages() []string {
	var out []string
	for folder, documented := range m.packages {
		if !documented {
			out = append(out, folder)
		}
	}
	slices.Sort(out)
	return out
}

func measure(t *testing.T) measures {
	t.Helper()
	m := measures{packages: map[string]bool{}}
	eachGoFile(t, func(file string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		m.add(fset, file, parsed)
	})
	return m
}

func (m *measures) add(fset *token.FileSet, file string, parsed *ast.File) {
	if lines := fset.Position(parsed.End()).Line; lines > maxFileLines {
		m.longFiles = append(m.longFiles, file)
	}
	folder := filepath.Dir(file)
	m.packages[folder] = m.packages[folder] || parsed.Doc != nil
	for _, decl := range parsed.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			m.addFunction(fset, file, d)
		case *ast.GenDecl:
			m.addNames(file, d)
		}
	}
}

func (m *measures) addFunction(fset *token.FileSet, file string, d *ast.FuncDecl) {
	lines := fset.Position(d.End()).Line - fset.Position(d.Pos()).Line + 1
	m.functions = append(m.functions, lines)
	if lines > maxLongFunction {
		m.longFunctions = append(m.longFunctions, file+":"+d.Name.Name)
	}
	if d.Name.IsExported() && receiverExported(d) {
		m.count(file, d.Name.Name, d.Doc != nil)
	}
}

func receiverExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	expr := d.Recv.List[0].Type
	for {
		switch x := expr.(type) {
		case *ast.StarExpr:
			expr = x.X
		case *ast.IndexExpr:
			expr = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

// addNames counts types, constants and variables; a comment on the group covers it.
func (m *measures) addNames(file string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() {
				m.count(file, s.Name.Name, d.Doc != nil || s.Doc != nil)
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				if name.IsExported() {
					m.count(file, name.Name, d.Doc != nil || s.Doc != nil || s.Comment != nil)
				}
			}
		}
	}
}

func (m *measures) count(file, name string, documented bool) {
	m.exported++
	if !documented {
		m.undocumented = append(m.undocumented, file+":"+name)
	}
}
