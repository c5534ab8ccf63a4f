package agreement

import (
	"io/fs"
	"maps"
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// TestSuffix ends the names of the files with an agreement's tests, which lie in TestDir.
const (
	TestDir    = "tests/"
	TestSuffix = ".test"
)

// ReadTests reads the tests of an agreement directory in name order; none is no error. The
// tests are no part of the text, so that another test is no other version.
func ReadTests(dir fs.FS) ([]truce.AgreementFile, error) {
	names, err := fs.Glob(dir, TestDir+"*"+TestSuffix)
	if err != nil {
		return nil, explainRead(err)
	}
	if len(names) > MaxFiles {
		return nil, truce.Errorf(truce.CodeTooLarge, "agreement: over %d files of tests", MaxFiles)
	}
	var out []truce.AgreementFile
	total := 0
	for _, name := range names {
		data, err := readBounded(dir, name, MaxTotalBytes-total)
		if err != nil {
			return nil, explainRead(err)
		}
		total += len(data)
		out = append(out, truce.AgreementFile{Name: name, Data: data})
	}
	sortFiles(out)
	return out, nil
}

// WindowKinds lists the kinds of windows.
func WindowKinds() []string { return options(windowKinds...) }

// DidYouMean ends a sentence about an unknown word with the nearest option or, failing
// that, with all of a short list.
func DidYouMean(word string, options []string) string { return didYouMean(word, options) }

// WithLine is the agreement with one line drawn anew, valid at every time; each of its
// edges takes the shorter way round the earth. The agreement
// itself stays as it is.
func (a *Agreement) WithLine(id truce.LineID, points []geo.Point, accuracyM float64) (*Agreement, error) {
	out := *a
	out.Lines = slices.Clone(a.Lines)
	out.layers = maps.Clone(a.layers)
	for i := range out.Lines {
		l := &out.Lines[i]
		if l.ID != id || l.Derived != "" {
			continue
		}
		parts := geo.Route(points)
		if _, err := geo.NewLine(string(id), parts...); err != nil {
			return nil, truce.Errorf(truce.CodeInvalid, "agreement: line %s: %w", id, err)
		}
		file := "drawn/" + string(id)
		drawn := geo.Feature{ID: string(id), Geom: geo.Geometry{Lines: parts}}
		out.layers[file] = &geo.Collection{Features: []geo.Feature{drawn}}
		l.Versions = []LineVersion{{Version: "drawn", Source: Ref{File: file, Feature: string(id)}, AccuracyM: accuracyM}}
		return &out, nil
	}
	return nil, truce.Errorf(truce.CodeInvalid, "agreement: draws no line %q", cut(string(id)))
}
