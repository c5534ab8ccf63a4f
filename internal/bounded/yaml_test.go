package bounded

import (
	"errors"
	"strings"
	"testing"
)

type note struct {
	Title string   `yaml:"title"`
	Tags  []string `yaml:"tags"`
}

func TestYAMLDecodes(t *testing.T) {
	var got note
	doc := "\xef\xbb\xbftitle: 'It''s \"so\"'\ntags: &t\n- a\n- b\n"
	if err := YAML([]byte(doc), YAMLLimits{Strict: true}, &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != `It's "so"` || len(got.Tags) != 2 {
		t.Errorf("got %+v", got)
	}
}

func TestYAMLFollowsAFewAliases(t *testing.T) {
	var got map[string]note
	if err := YAML([]byte("a: &x {title: t, tags: [q]}\nb: *x\nc: {<<: *x, title: u}\n"), YAMLLimits{}, &got); err != nil {
		t.Fatal(err)
	}
	if got["b"].Title != "t" || got["c"].Title != "u" || got["c"].Tags[0] != "q" {
		t.Errorf("got %+v", got)
	}
}

// laughs is the entity bomb in YAML: each line repeats the one before nine times.
func laughs(levels int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [l,l,l,l,l,l,l,l,l]\n")
	for i := 1; i < levels; i++ {
		name, before := string(rune('a'+i)), string(rune('a'+i-1))
		if i == 1 {
			before = "a0"
		}
		b.WriteString(name + ": &" + name + " [" + strings.TrimSuffix(strings.Repeat("*"+before+",", 9), ",") + "]\n")
	}
	return b.String()
}

func TestYAMLRefuses(t *testing.T) {
	cases := []struct{ name, doc, want string }{
		{"bomb of aliases", laughs(12), "the number of aliases in the YAML document is over the bound of 100"},
		{"alias in itself", "a: &a [*a]\n", "contains itself"},
		{"deep flow", strings.Repeat("[", 100_000), "nesting of the YAML document is over the bound of 64"},
		{"deep flow, closed", strings.Repeat("[", 70) + strings.Repeat("]", 70), "nesting of the YAML document is over the bound of 64"},
		{"deep block", strings.Repeat("- ", 70) + "x", "nesting of the YAML document is over the bound of 64"},
		{"repeated name", "title: a\ntags: []\ntitle: b\n", `line 3: the name "title" stands also on line 1`},
		{"repeated name below", "x:\n  y: 1\n  y: 2\n", `line 3: the name "y" stands also on line 2`},
		{"unknown field", "title: a\ntitel: b\n", "line 2: YAML: field titel not found"},
		{"wrong type", "title: a\ntags: 7\n", "line 2: YAML: cannot unmarshal"},
		{"second document", "title: a\n---\ntitle: b\n", "a second document follows"},
		{"tab", "title:\n\t- a\n", "line 2: YAML: found character that cannot start any token"},
		{"too large", strings.Repeat("#", MaxYAML+1), "the YAML document, in bytes, is over the bound of 1048576"},
		{"too many nodes", "tags: [" + strings.Repeat("a,", MaxNodes) + "]", "over the bound of 100000"},
		{"NUL", "title: \x00\n", "control characters are not allowed"},
	}
	for _, c := range cases {
		var got note
		strict := c.name != "repeated name below"
		err := YAML([]byte(c.doc), YAMLLimits{Strict: strict}, &got)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestYAMLTakesWhatIsOnTheBound(t *testing.T) {
	var any any
	lim := YAMLLimits{Bytes: 20, Depth: 3, Nodes: 4, Aliases: 1}
	for _, doc := range []string{"[[x]]", "[a, b]", "#234567890123456789"} {
		if err := YAML([]byte(doc), lim, &any); err != nil {
			t.Errorf("%q: %v", doc, err)
		}
	}
	for _, doc := range []string{"[[[x]]]", "[a, b, c]", "#2345678901234567890#", "[&a x,*a,*a]"} {
		var limit *LimitError
		if err := YAML([]byte(doc), lim, &any); !errors.As(err, &limit) {
			t.Errorf("%q: got %v, want a bound", doc, err)
		}
	}
	if err := YAML([]byte("[&a x, *a]"), YAMLLimits{Aliases: -1}, &any); err == nil {
		t.Error("an alias passed where none is allowed")
	}
}

// FuzzYAML: never a panic, and a refusal always says where or which bound.
func FuzzYAML(f *testing.F) {
	for _, s := range []string{"a: 1\n", "- [x, {y: z}]\n", "a: &a [*a]", "? : :", "!!binary x", "\"\\", "--- |\n x", laughs(3)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		var out any
		err := YAML(doc, YAMLLimits{Depth: 16, Nodes: 1000, Aliases: 10}, &out)
		var syntax *SyntaxError
		var limit *LimitError
		if err != nil && !errors.As(err, &syntax) && !errors.As(err, &limit) {
			t.Fatalf("%q: %T %v", doc, err, err)
		}
		if syntax != nil && syntax.Line < 1 {
			t.Fatalf("%q: no line in %v", doc, err)
		}
	})
}
