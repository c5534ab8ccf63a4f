package agreement

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	truce "github.com/trucewatch/truce"
)

// hostile are documents made to cost more than they weigh. The memory is what reading one
// may take in all, freed or not.
var hostile = []struct {
	name, want string
	memory     uint64
	text       func() string
}{
	{"10,000 lists in each other", "nested over 16 deep", 64 << 20, func() string { return "a: " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) }},
	{"10,000 fields in each other", "nested over 16 deep", 64 << 20, func() string { return strings.Repeat("{a: ", 9_999) + "1" + strings.Repeat("}", 9_999) }},
	{"lists never closed", "not YAML", 64 << 20, func() string { return strings.Repeat("[", 200_000) }},
	{"indented 700 deep", "nested over 16 deep", 64 << 20, func() string {
		var b strings.Builder
		for i := range 700 {
			fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
		}
		return b.String()
	}},
	{"alias bomb", "anchors and aliases are refused", 16 << 20, func() string {
		text := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
		for i := 1; i < 30; i++ {
			text += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
		}
		return text
	}},
	{"alias of itself", "anchors and aliases are refused", 16 << 20, func() string { return "a: &a [*a]" }},
	{"merge keys", "anchors and aliases are refused", 16 << 20, func() string { return "a: &a {b: 1}\nc: {<<: *a}" }},
	{"a million keys", "the bound is 524288", 1 << 20, func() string { return manyKeys(1_000_000) }},
	{"as many keys as fit", "over 100000 values", 256 << 20, func() string { return manyKeys(50_000) }},
	{"the same key 50,000 times", "over 100000 values", 256 << 20, func() string { return strings.Repeat("a: 1\n", 60_000) }},
	{"a value of a megabyte", "the bound is 524288", 1 << 20, func() string { return "id: " + strings.Repeat("x", 1<<20) }},
	{"a value as long as the file may be", "want letters, digits", 64 << 20, func() string { return "id: " + strings.Repeat("x", 500_000) }},
	{"a key as long as the file may be", "unknown field", 64 << 20, func() string { return "? " + strings.Repeat("x", 500_000) + "\n: 1" }},
	{"nothing but line ends", "the file is empty", 64 << 20, func() string { return strings.Repeat("\n", MaxYAMLBytes) }},
	{"a number without end", "want a number", 64 << 20, func() string { return "truce: " + strings.Repeat("9", 400_000) }},
	{"documents without end", "a second document", 64 << 20, func() string { return strings.Repeat("--- 1\n", 80_000) }},
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	return b.String()
}

func TestHostileDocumentsAreRefusedCheaply(t *testing.T) {
	for _, row := range hostile {
		t.Run(row.name, func(t *testing.T) {
			files := slices.DeleteFunc(plainFiles(t), func(f truce.AgreementFile) bool { return f.Name == MainFile })
			files = append(files, truce.AgreementFile{Name: MainFile, Data: []byte(row.text())})
			var err error
			taken := allocated(func() { _, err = Parse(files) })
			var r *Refusal
			if !errors.As(err, &r) || truce.CodeOf(err) != truce.CodeInvalid {
				t.Fatalf("error is %v, want a coded refusal", err)
			}
			if len(r.Problems) > MaxProblems || len(err.Error()) > 64<<10 {
				t.Errorf("answered with %d problems in %d bytes", len(r.Problems), len(err.Error()))
			}
			if !slices.ContainsFunc(r.Problems, func(p Problem) bool { return strings.Contains(p.String(), row.want) }) {
				t.Errorf("no problem holds %q in %.500v", row.want, r.Problems)
			}
			for _, p := range r.Problems {
				placed(t, p)
			}
			if taken > row.memory {
				t.Errorf("reading took %d bytes in all, the bound is %d", taken, row.memory)
			}
		})
	}
}

// allocated is how much memory something takes in all, freed or not: the same on every
// machine, unlike its time.
func allocated(work func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// endless is a file of 100 MB that is written while it is read, and says how much of it
// was.
type endless struct {
	fstest.MapFS
	name string
	size int64
	read int64
}

type endlessFile struct {
	fs.File
	of *endless
}

func (e *endless) Open(name string) (fs.File, error) {
	f, err := e.MapFS.Open(name)
	if name != e.name || err != nil {
		return f, err
	}
	return &endlessFile{f, e}, nil
}

func (f *endlessFile) Read(p []byte) (int, error) {
	if f.of.read >= f.of.size {
		return 0, io.EOF
	}
	n := copy(p, bytes.Repeat([]byte{'#'}, len(p)))
	f.of.read += int64(n)
	return n, nil
}

func TestAHugeFileIsRefusedBeforeItIsRead(t *testing.T) {
	for _, name := range []string{MainFile, "zones/zones.geojson", "clauses/en/1.1.md", "tests/a.test"} {
		dir := &endless{MapFS: fstest.MapFS{name: {Data: []byte("#")}}, name: name, size: 100 << 20}
		var err error
		taken := allocated(func() {
			if _, err = ReadDir(dir); err == nil {
				_, err = ReadTests(dir)
			}
		})
		if truce.CodeOf(err) != truce.CodeTooLarge || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "bytes") {
			t.Errorf("%s: %v, want that it is too large", name, err)
		}
		// io.ReadAll asks for a little more than it takes
		if dir.read > MaxTotalBytes+1<<20 {
			t.Errorf("%s: %d bytes of it were read, the bound is %d", name, dir.read, MaxTotalBytes)
		}
		if taken > 16*MaxTotalBytes {
			t.Errorf("%s: reading took %d bytes in all", name, taken)
		}
	}
}

func TestHostileAmendmentsAreRefused(t *testing.T) {
	for _, row := range hostile {
		if strings.HasPrefix(row.want, "want ") || row.want == "unknown field" {
			continue // what the amendment says is judged with the agreement
		}
		_, err := Amend(plainFiles(t), "over.yaml", []byte(row.text()))
		if truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %.300v, want %q", row.name, err, row.want)
		}
	}
}

func TestManyHostileFilesAreRefused(t *testing.T) {
	dir := fstest.MapFS{MainFile: {Data: []byte("truce: 1")}}
	for i := range MaxFiles + 1 {
		dir[fmt.Sprintf("clauses/en/%d.md", i)] = &fstest.MapFile{Data: []byte("x")}
		dir[fmt.Sprintf("tests/%d.test", i)] = &fstest.MapFile{Data: []byte("x")}
	}
	if _, err := ReadDir(dir); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("too many files: %v", err)
	}
	if _, err := ReadTests(dir); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("too many files of tests: %v", err)
	}
}
