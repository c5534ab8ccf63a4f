package diff

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func show(d Diff) string {
	var b strings.Builder
	for _, p := range d.Pieces {
		switch p.Kind {
		case Same:
			b.WriteString(p.Text)
		case Removed:
			b.WriteString("[-" + p.Text + "-]")
		case Added:
			b.WriteString("{+" + p.Text + "+}")
		}
	}
	return b.String()
}

func TestTexts(t *testing.T) {
	for name, c := range map[string]struct{ before, after, want string }{
		"nothing":          {"", "", ""},
		"no change":        {"One. Two.", "One. Two.", "One. Two."},
		"all new":          {"", "One. Two.", "{+One. Two.+}"},
		"all gone":         {"One. Two.", "", "[-One. Two.-]"},
		"a number":         {"Two were hurt near the mill. More follows.", "Five were hurt near the mill. More follows.", "[-Two-]{+Five+} were hurt near the mill. More follows."},
		"a sentence added": {"One is here. Three is here.", "One is here. Two came along. Three is here.", "One is here. {+Two came along. +}Three is here."},
		"one left out":     {"Перше речення. Друге речення. Третє.", "Перше речення. Третє.", "Перше речення. [-Друге речення. -]Третє."},
		"another sentence": {"Nobody was hurt at all.\nEnd.", "Talks go on in Geneva today.\nEnd.", "[-Nobody was hurt at all.\n-]{+Talks go on in Geneva today.\n+}End."},
		"moved":            {"Ab is. Cd is. Ef is.", "Cd is. Ef is. Ab is.", "[-Ab is. -]Cd is. Ef is.{+ Ab is.+}"},
		"broken bytes":     {"a \xff b c d.", "a \xfe b c d.", "a [-\xff-]{+\xfe+} b c d."},
	} {
		d := Texts(c.before, c.after)
		if got := show(d); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		check(t, c.before, c.after, d)
	}
}

func TestWordsAreCounted(t *testing.T) {
	d := Texts("Two were hurt near the mill. More follows.", "Five were hurt near the old mill. More follows.")
	if d.Same != 7 || d.Removed != 1 || d.Added != 2 {
		t.Errorf("diff %+v", d)
	}
	if d := Texts("x y", "x y"); d.Same != 2 || d.Removed+d.Added != 0 {
		t.Errorf("diff of equal texts %+v", d)
	}
}

type reporter interface {
	Errorf(format string, args ...any)
	Helper()
}

// check holds a diff against its property: no byte is lost.
func check(t reporter, before, after string, d Diff) {
	t.Helper()
	var old, now strings.Builder
	for i, p := range d.Pieces {
		if p.Kind != Added {
			old.WriteString(p.Text)
		}
		if p.Kind != Removed {
			now.WriteString(p.Text)
		}
		if p.Text == "" || i > 0 && d.Pieces[i-1].Kind == p.Kind {
			t.Errorf("piece %d of %q is empty or of the kind of the one before", i, show(d))
		}
	}
	if old.String() != before || now.String() != after {
		t.Errorf("%q and %q gave %q: bytes were lost", before, after, show(d))
	}
}

func TestNoByteIsLost(t *testing.T) {
	word := rapid.SampledFrom([]string{"mill ", "fire ", "Київ, ", "two ", "end. ", "so! ", "\n", "é", "\xff", " "})
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "words"), "") })
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		check(t, before, after, Texts(before, after))
		check(t, before, before, Texts(before, before))
	})
}

// TestShortestWay holds the number of edits against the textbook table of the longest
// common subsequence.
func TestShortestWay(t *testing.T) {
	letters := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 14)
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		pairs, ok := match(a, b)
		if want := longest(a, b); !ok || len(pairs) != want {
			t.Fatalf("%v and %v share %d, want %d", a, b, len(pairs), want)
		}
		for i, p := range pairs {
			if a[p.a] != b[p.b] || i > 0 && (p.a <= pairs[i-1].a || p.b <= pairs[i-1].b) {
				t.Fatalf("%v and %v: pairs %v are not in order or differ", a, b, pairs)
			}
		}
	})
}

func longest(a, b []string) int {
	row := make([]int, len(b)+1)
	for i := range a {
		last := slices.Clone(row)
		for j := range b {
			if a[i] == b[j] {
				row[j+1] = last[j] + 1
			} else {
				row[j+1] = max(row[j], last[j+1])
			}
		}
	}
	return row[len(b)]
}

func TestBeyondTheBoundsItIsShownWhole(t *testing.T) {
	many := func(n int, word string) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprintf("%s%d", word, i)
		}
		return out
	}
	if _, ok := match(many(maxEdits/2, "a"), many(maxEdits/2, "b")); !ok {
		t.Error("at the bound of edits nothing was found")
	}
	if _, ok := match(many(maxEdits/2+1, "a"), many(maxEdits/2, "b")); ok {
		t.Error("beyond the bound of edits the search went on")
	}
	if _, ok := match(many(maxTokens+1, "a"), nil); ok {
		t.Error("beyond the bound of tokens the search went on")
	}
	before, after := strings.Join(many(3*maxEdits, "a"), ". "), strings.Join(many(3*maxEdits, "b"), ". ")
	d := Texts(before, after)
	check(t, before, after, d)
	if len(d.Pieces) > 2 {
		t.Errorf("two texts with nothing in common in %d pieces", len(d.Pieces))
	}
}

func FuzzTexts(f *testing.F) {
	f.Add("One. Two.", "One. Three.")
	f.Add("\xff\n..", "…!? ")
	f.Fuzz(func(t *testing.T, before, after string) { check(t, before, after, Texts(before, after)) })
}

func BenchmarkTexts(b *testing.B) {
	before := strings.Repeat("A sentence of some eight words stands here. ", 200)
	after := strings.Replace(before, "eight", "nine", 20)
	started := time.Now()
	for b.Loop() {
		Texts(before, after)
	}
	b.ReportMetric(float64(time.Since(started).Microseconds())/float64(b.N), "us/diff")
}
