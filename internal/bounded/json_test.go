package bounded

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// walk reads a document the way a decoder would: objects and arrays member by member to
// the given depth, what lies deeper in one piece.
func walk(j *JSON, doc []byte, depth int) error {
	first := strings.TrimLeft(string(doc), "\xef\xbb\xbf \t\r\n")
	if err := walkValue(j, first, depth); err != nil {
		return err
	}
	return j.End()
}

func walkValue(j *JSON, first string, depth int) error {
	switch {
	case depth > 0 && strings.HasPrefix(first, "{"):
		return j.Object(func(string) error { _, err := j.Value(); return err })
	case depth > 0 && strings.HasPrefix(first, "["):
		return j.Array(func(int) error { _, err := j.Value(); return err })
	default:
		_, err := j.Value()
		return err
	}
}

func TestJSONWalks(t *testing.T) {
	doc := "\xef\xbb\xbf{\"a\": [1, 2.50, \"x\"],\n \"b\": {\"deep\": [[true]]},\n \"c\": null}"
	j := NewJSON(iotest.OneByteReader(strings.NewReader(doc)), JSONLimits{})
	var got []string
	err := j.Object(func(name string) error {
		got = append(got, name)
		if name == "b" {
			got = append(got, "skipped on line "+string(rune('0'+j.Line())))
			return j.Skip()
		}
		if name == "c" {
			raw, err := j.Value()
			got = append(got, string(raw))
			return err
		}
		return j.Array(func(int) error {
			raw, err := j.Value()
			got = append(got, string(raw))
			return err
		})
	})
	if err = errors.Join(err, j.End()); err != nil {
		t.Fatal(err)
	}
	const want = `a|1|2.50|"x"|b|skipped on line 2|c|null`
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

func TestJSONRefuses(t *testing.T) {
	lim := JSONLimits{Depth: 3, Value: 64, Names: 3}
	cases := []struct{ name, doc, want string }{
		{"duplicate name at the top", "{\"a\":1,\n\"a\":2}", `line 2: the name "a" stands twice`},
		{"duplicate name below", `{"a":{"b":1,"b":2}}`, `the name "b" stands twice`},
		{"duplicate name, escaped", `{"a":{"b":1,"\u0062":2}}`, `the name "b" stands twice`},
		{"too deep in one piece", `{"a":[[[1]]]}`, "nesting of arrays and objects is over the bound of 3"},
		{"value too large", `{"a":"` + strings.Repeat("x", 80) + `"}`, "one JSON value, in bytes, is over the bound of 64"},
		{"name too large", `{"` + strings.Repeat("x", 80) + `":1}`, "over the bound of 64"},
		{"white space too long", `{"a":1,` + strings.Repeat(" ", 200) + `"b":2}`, "over the bound of 64"},
		{"names at the top", `{"a":1,"b":2,"c":3,"d":4}`, "the number of names in one object is over the bound of 3"},
		{"names below", `{"a":{"a":1,"b":2,"c":3,"d":4}}`, "the number of names in one object is over the bound of 3"},
		{"cut off", `{"a":[1,2`, "the file ends in the middle"},
		{"empty", "", "the file ends in the middle"},
		{"two documents", `{"a":1} {"b":2}`, "follows the end of the document"},
		{"not JSON", "{\n<html>", "line 2: invalid character '<'"},
		{"NUL byte", "{\"a\x00\":1}", "invalid character"},
		{"NaN", `{"a":NaN}`, "invalid character 'N'"},
	}
	for _, c := range cases {
		err := walk(NewJSON(strings.NewReader(c.doc), lim), []byte("{"), 1)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestJSONTakesWhatIsOnTheBound(t *testing.T) {
	lim := JSONLimits{Depth: 3, Value: 64, Names: 3}
	for _, doc := range []string{
		`{"a":[[1]]}`, `{"a":1,"b":2,"c":3}`, `{"a":{"a":1,"b":2,"c":3}}`, `{"a":"` + strings.Repeat("x", 50) + `"}`,
	} {
		if err := walk(NewJSON(strings.NewReader(doc), lim), []byte("{"), 1); err != nil {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestJSONSaysWhereAValueBegan(t *testing.T) {
	j := NewJSON(strings.NewReader("[\n1,\n\n{\n\"a\":2},[\n]\n]"), JSONLimits{})
	var lines []int
	if err := j.Array(func(int) error { _, err := j.Value(); lines = append(lines, j.ValueLine()); return err }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(lines, []int{2, 4, 5}) {
		t.Errorf("values began on lines %v, want 2 4 5", lines)
	}
}

func TestJSONSkipIsBounded(t *testing.T) {
	deep := NewJSON(strings.NewReader(strings.Repeat("[", 10_000)), JSONLimits{})
	var limit *LimitError
	if err := deep.Skip(); !errors.As(err, &limit) || limit.Limit != MaxDepth {
		t.Errorf("deep: got %v, want the bound on nesting", err)
	}
	long := NewJSON(strings.NewReader("["+strings.Repeat("1,", 500_000)+"1]"), JSONLimits{Value: 64})
	if err := errors.Join(long.Skip(), long.End()); err != nil {
		t.Errorf("a long array of small values is fine to skip: %v", err)
	}
}

// TestJSONHoldsLittle: an endless string, number or white space ends at the bound.
func TestJSONHoldsLittle(t *testing.T) {
	for _, endless := range []string{`["x`, `[1`, `[ `, "[\n"} {
		src := &counter{src: io.MultiReader(strings.NewReader(endless), repeat(endless[1:][len(endless)-2:]))}
		j := NewJSON(src, JSONLimits{Value: 1 << 10})
		err := j.Array(func(int) error { return j.Skip() })
		if err == nil {
			t.Errorf("%q: no error", endless)
		}
		if src.n > 64<<10 {
			t.Errorf("%q: read %d bytes for a bound of 1 KiB", endless, src.n)
		}
	}
}

func TestJSONForgetsLines(t *testing.T) {
	doc := "[" + strings.Repeat("1,\n", 100_000) + "1]"
	j := NewJSON(strings.NewReader(doc), JSONLimits{Value: 1 << 10})
	n := 0
	if err := j.Array(func(int) error { n++; return j.Skip() }); err != nil || n != 100_001 {
		t.Fatalf("%d elements, %v", n, err)
	}
	if len(j.win.ends) > 16<<10 {
		t.Errorf("%d line ends are still remembered", len(j.win.ends))
	}
	if line := j.Line(); line != 100_001 {
		t.Errorf("on line %d, want 100001", line)
	}
}

func TestJSONPassesOnAFailureOfItsSource(t *testing.T) {
	broken := errors.New("link down")
	for _, in := range []string{"", `{"a"`, `{"a":[1,`} {
		j := NewJSON(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken)), JSONLimits{})
		if err := walk(j, []byte("{"), 1); !errors.Is(err, broken) {
			t.Errorf("%q: got %v, want the failure", in, err)
		}
	}
}

func TestCheckJSON(t *testing.T) {
	if err := CheckJSON([]byte(`{"a":[{"b":1},{"b":2}]}`), JSONLimits{}); err != nil {
		t.Error(err)
	}
	for _, doc := range []string{`{"a":1,"a":1}`, `[`, ``, `{} {}`, strings.Repeat("[", 65) + strings.Repeat("]", 65)} {
		if CheckJSON([]byte(doc), JSONLimits{}) == nil {
			t.Errorf("%.20s: accepted", doc)
		}
	}
}

// FuzzJSON: what the walker accepts is JSON to the standard library as well, and what
// the standard library refuses the walker refuses.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,"\"",{"b":null}]}`, `[[],{}]`, `{"a":1,"a":2}`, `"x`, "[1 2]", `{"\u0061":1,"a":2}`, "\xef\xbb\xbf[]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		bare := strings.TrimPrefix(string(doc), "\xef\xbb\xbf")
		err := walk(NewJSON(iotest.HalfReader(strings.NewReader(string(doc))), JSONLimits{Depth: 8}), doc, 1)
		if err == nil && !json.Valid([]byte(bare)) {
			t.Fatalf("accepted %q, which is not JSON", doc)
		}
		if whole := CheckJSON([]byte(bare), JSONLimits{Depth: 8}); (whole == nil) != (err == nil) {
			t.Fatalf("%q: in pieces %v, at once %v", doc, err, whole)
		}
	})
}
