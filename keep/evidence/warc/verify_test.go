package warc

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

func verified(t *testing.T, export []byte) Verdict {
	t.Helper()
	v, err := Verify(bytes.NewReader(export), int64(len(export)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// repacked is a package of files.
func repacked(t *testing.T, inside map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(inside)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(inside[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAnExportIsVerified(t *testing.T) {
	wacz, _, _ := packed(t)
	// Three described files and the description, 8 blocks, the payloads of a response and a resource.
	if v := verified(t, wacz); !v.OK() || v.Files != 3 || v.Records != 8 || v.Digests != 14 || v.Indexed != 3 || v.Unheld != 0 {
		t.Errorf("the package: %+v", v)
	}
	if v := verified(t, files(t, wacz)[warcPath]); !v.OK() || v.Records != 8 || v.Digests != 10 {
		t.Errorf("its archive: %+v", v)
	}
}

// TestWhatDoesNotFitIsNamed changes one thing of a package at a time.
func TestWhatDoesNotFitIsNamed(t *testing.T) {
	wacz, _, _ := packed(t)
	for name, row := range map[string]struct {
		change func(map[string][]byte)
		want   []string
	}{
		"pages": {func(f map[string][]byte) {
			f[pagesPath] = bytes.Replace(f[pagesPath], []byte("Title 0"), []byte("Title 9"), 1)
		}, []string{pagesPath + ": it does not have its hash"}},
		"longer": {func(f map[string][]byte) { f[pagesPath] = append(f[pagesPath], '\n') }, []string{pagesPath + ": it has"}},
		"gone":   {func(f map[string][]byte) { delete(f, pagesPath) }, []string{pagesPath + ": it is described and not there"}},
		"more":   {func(f map[string][]byte) { f["x.txt"] = nil }, []string{"x.txt: it stands in no description"}},
		"title": {func(f map[string][]byte) {
			f[packagePath] = bytes.Replace(f[packagePath], []byte("Suite"), []byte("Other"), 1)
		}, []string{packagePath + ": it does not have the hash"}},
		"no description": {func(f map[string][]byte) { delete(f, packagePath) }, []string{packagePath + ": it cannot be read: it is not there"}},
		"a line less":    {func(f map[string][]byte) { _, f[indexPath], _ = bytes.Cut(f[indexPath], []byte("\n")) }, []string{`"file:///posts/3.txt" stands in no index`, indexPath + ": it has"}},
		"an offset": {func(f map[string][]byte) {
			f[indexPath] = bytes.Replace(f[indexPath], []byte(`"offset":"`), []byte(`"offset":"9`), 1)
		}, []string{indexPath + ", line 1: no record begins at byte \"9"}},
		"a length": {func(f map[string][]byte) {
			f[indexPath] = bytes.Replace(f[indexPath], []byte(`"length":"`), []byte(`"length":"9`), 1)
		}, []string{", line 1: its record has"}},
		"an address": {func(f map[string][]byte) {
			f[indexPath] = bytes.Replace(f[indexPath], []byte("/Same"), []byte("/Else"), 1)
		}, []string{"line 2: it is of"}},
		"a digest": {func(f map[string][]byte) {
			f[indexPath] = bytes.Replace(f[indexPath], []byte("sha256:"), []byte("sha256:0"), 1)
		}, []string{"line 1: its digest is"}},
		"an archive": {func(f map[string][]byte) {
			f[indexPath] = bytes.Replace(f[indexPath], []byte(warcFile), []byte("none.warc"), 1)
		}, []string{`it leads to "none.warc"`}},
		"order":    {func(f map[string][]byte) { f[indexPath] = reversed(f[indexPath]) }, []string{"line 2: it is out of order"}},
		"no index": {func(f map[string][]byte) { delete(f, indexPath) }, []string{"there is no index"}},
		"half":     {func(f map[string][]byte) { f[warcPath] = f[warcPath][:len(f[warcPath])/2] }, []string{warcPath + ": it has", "it cannot be read further"}},
	} {
		inside := files(t, wacz)
		row.change(inside)
		v := verified(t, repacked(t, inside))
		var said strings.Builder
		for _, f := range v.Faults {
			said.WriteString(f.String() + "\n")
		}
		for _, want := range row.want {
			if v.OK() || !strings.Contains(said.String(), want) {
				t.Errorf("%s: %q, want %q", name, said.String(), want)
			}
		}
	}
}

func reversed(index []byte) []byte {
	lines := strings.SplitAfter(string(index), "\n")
	slices.Reverse(lines)
	return []byte(strings.Join(lines, ""))
}

// TestADamagedRecordHidesNoOther: a changed byte is found by block and payload, and what
// stands behind it is read.
func TestADamagedRecordHidesNoOther(t *testing.T) {
	wacz, _, _ := packed(t)
	zip, err := gzip.NewReader(bytes.NewReader(files(t, wacz)[warcPath]))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	if v := verified(t, plain); !v.OK() || v.Records != 8 {
		t.Fatalf("without gzip: %+v", v)
	}
	v := verified(t, bytes.Replace(plain, []byte("перша"), []byte("друга"), 1))
	if v.Records != 8 || v.Digests != 8 || len(v.Faults) != 2 || !strings.Contains(v.Faults[0].What, "payload does not have its digest") || !strings.Contains(v.Faults[1].What, "block does not have its digest") || v.Faults[0].At != v.Faults[1].At {
		t.Errorf("%+v", v)
	}
	for _, other := range []string{"", "hello, world", "PK\x03\x04 no package"} {
		if v, err := Verify(strings.NewReader(other), int64(len(other))); err == nil {
			t.Errorf("%q is taken for an export: %+v", other, v)
		}
	}
}
