package article

import (
	"strings"
	"testing"
)

func TestUnescape(t *testing.T) {
	for in, want := range map[string]string{
		"a&nbsp;&nbsp;b":                        "a\u00a0\u00a0b",
		"Kyiv&#8217;s &amp; &quot;allies&quot;": "Kyiv’s & \"allies\"",
		"twice &amp;nbsp;":                      "twice \u00a0",
		"thrice &amp;amp;#39;":                  "thrice '",
		"four times &amp;amp;amp;lt;":           "four times &lt;",
		"no &entity; & none":                    "no &entity; & none",
		"":                                      "",
	} {
		if got := Unescape(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		" a\u00a0b\t\n\u2009c ":            "a b c",
		"Provisions&nbsp;&nbsp;The Times":  "Provisions The Times",
		"‘cusp’ – “kept”":                  "‘cusp’ – “kept”",
		"co\u00adop\u200beration\ufeff":    "cooperation",
		"seen \u202egnp.exe\u202c \u2066x": "seen gnp.exe x",
		"bell\a, null&#0;":                 "bell, null\ufffd",
	} {
		if got := Line(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, pair := range [][2]string{
		{"NATO: ‘We could be on the cusp’", "nato: 'we could be on the cusp'"},
		{"“Coalition”  of\u00a0the willing", "\"coalition\" of the WILLING"},
		{"day 1,413 — list", "day 1,413 - list"},
		{"wait…", "wait..."},
		{"«Київ» п’ять", "\"київ\" п'ять"},
		{"co\u00adoperation", "cooperation"},
		{"ﬁre", "FIRE"},
		{"cafe\u0301", "caf\u00e9"},
	} {
		if a, b := Fold(pair[0]), Fold(pair[1]); a != b {
			t.Errorf("%q folds to %q, %q to %q", pair[0], a, pair[1], b)
		}
	}
	if Fold("ceasefire") == Fold("cease fire") || Fold("US backs") == Fold("US lacks") {
		t.Error("different words became alike")
	}
}

func TestHeadlineKey(t *testing.T) {
	for _, same := range [][]string{
		{"UK’s ‘cusp’ of a deal - The Hill", "UK's \"cusp\" of a deal", "UK&#8217;s cusp of a deal | The Hill", "uk's cusp, of a deal — the hill"},
		{"Talks - no deal yet - The Hill", "Talks – no deal yet"},
	} {
		for _, h := range same {
			if got, want := HeadlineKey(h, "The Hill"), HeadlineKey(same[0], "The Hill"); got != want {
				t.Errorf("%q has the key %q, want %q", h, got, want)
			}
		}
	}
	if got := HeadlineKey("UK’s ‘cusp’: day 1,413", ""); got != "uks cusp day 1 413" {
		t.Errorf("key %q", got)
	}
	if HeadlineKey("Talks go on - BBC", "CNN") == HeadlineKey("Talks go on", "CNN") {
		t.Error("another publisher's name was taken off")
	}
}

func TestTrimPublisher(t *testing.T) {
	for _, c := range [][3]string{
		{"Talks go on - The New York Times", "The New York Times", "Talks go on"},
		{"Talks go on | le Monde – Paris", "Le Monde - Paris", "Talks go on"},
		{"Talks–go on", "go on", "Talks–go on"},
		{"The Hill", "The Hill", "The Hill"},
		{"- The Hill", "The Hill", "- The Hill"},
		{"A - B", "", "A - B"},
		{strings.Repeat("- ", 5000) + "x", "y", strings.Repeat("- ", 5000) + "x"},
	} {
		if got := TrimPublisher(c[0], c[1]); got != c[2] {
			t.Errorf("%.40q without %q is %.40q, want %.40q", c[0], c[1], got, c[2])
		}
	}
}

func TestSplitPublisher(t *testing.T) {
	for in, want := range map[string][2]string{
		"Allies agree &amp; sign - The New York Times": {"Allies agree & sign", "The New York Times"},
		"Talks - no deal | BBC":                        {"Talks - no deal", "BBC"},
		"No stroke":                                    {"No stroke", ""},
		"Part-time":                                    {"Part-time", ""},
	} {
		if h, p := SplitPublisher(in); h != want[0] || p != want[1] {
			t.Errorf("%q is %q by %q, want %q", in, h, p, want)
		}
	}
}

func TestLinkKey(t *testing.T) {
	for _, same := range [][]string{
		{"https://www.a.example/x/?utm_source=feed&b=2&a=1#top", "http://a.example:80/x?a=1&b=2", "https://A.example/x?b=2&fbclid=z&a=1"},
		{"https://news.google.com/rss/articles/CBMi_x?oc=5", "https://news.google.com/articles/CBMi_x?hl=en-US&gl=US", "https://news.google.com/read/CBMi_x"},
		{"https://a.example", "http://www.a.example/"},
	} {
		for _, link := range same {
			if got, want := LinkKey(link), LinkKey(same[0]); got != want {
				t.Errorf("%s has the key %q, want %q", link, got, want)
			}
		}
	}
	seen := map[string]string{}
	for _, link := range []string{
		"https://a.example/x", "https://a.example/X", "https://a.example/x?p=1", "https://a.example/x?p=2", "https://a.example:8443/x",
		"https://b.example/x", "https://a.example/x?a=1;b=2", "https://news.google.com/rss/articles/A", "https://news.google.com/rss/articles/B", "no link", "",
	} {
		key := LinkKey(link)
		if other, twice := seen[key]; twice {
			t.Errorf("%s and %s have one key %q", other, link, key)
		}
		seen[key] = link
	}
}

// FuzzFold: folding twice changes nothing, and headlines that fold alike have one key.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"‘A’ — b", "İstanbul ΑΣ", "ﬁ\u0301…", "a\u00ad\u0301b", "&amp;amp;lt;", "\xff - x", "ʼʹ`", "x - y | z", "K\u0345"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		if again := Fold(folded); again != folded {
			t.Fatalf("%q folds to %q and then to %q", s, folded, again)
		}
		if !strings.Contains(s, "&") && HeadlineKey(folded, "") != HeadlineKey(s, "") {
			t.Fatalf("%q has the key %q, folded %q", s, HeadlineKey(s, ""), HeadlineKey(folded, ""))
		}
		if line := Line(s); strings.ContainsAny(line, "\n\t\r") || strings.TrimSpace(line) != line {
			t.Fatalf("%q became the line %q", s, line)
		}
		headline, publisher := SplitPublisher(s)
		if len(headline)+len(publisher) > len(Line(s)) {
			t.Fatalf("%q grew to %q by %q", s, headline, publisher)
		}
		LinkKey(s)
	})
}
