package article

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const para = "The parties met on Monday and will meet again."

func TestSplit(t *testing.T) {
	cases := []struct {
		name, in string
		headline string
		date     string
		text     string
		aside    []string
	}{
		{"date before the headline", " date 2025-08-19 Guarantees for the truce\n\n" + para + "\n\nA heading\n\nMore,\nbroken.\n",
			"Guarantees for the truce", "2025-08-19", para + "\n\nA heading\n\nMore,\nbroken.", []string{"1 date 2025-08-19"}},
		{"a page around it", "8 January 2026, Thursday, 14:52\nSupport\nthe website\nPaper,\nOurs 97!\nCategories\n\nAgency: Allies Back It\n\nAgency: Allies Back It\n\nIt has shifted.\n\nAdvertisement\n\nMore on it.\n\nWrite your comment\n\nFollow Paper.org social media accounts",
			"Agency: Allies Back It", "2026-01-08", "It has shifted.\n\nMore on it.",
			[]string{"1 8 January 2026, Thursday, 14:52", "2 Support", "3 the website", "4 Paper,", "5 Ours 97!", "6 Categories", "10 Agency: Allies Back It", "14 Advertisement", "18 Write your comment", "20 Follow Paper.org social media accounts"}},
		{"no furniture", "The talks go on\n\n" + para, "The talks go on", "", para, nil},
		{"date under the headline", "The talks go on\nJanuary 8th, 2026 at 10:05 am GMT\n\n" + para, "The talks go on", "2026-01-08", para, []string{"2 January 8th, 2026 at 10:05 am GMT"}},
		{"a date in a sentence is none of the page", "The talks go on\n\nThey met on 8 January 2026 in Paris.", "The talks go on", "", "They met on 8 January 2026 in Paris.", nil},
		{"menu of long entries", "Home\nWorld\nAll about sport\nWill the truce hold this winter?\nBy A. Writer\n" + para, "Will the truce hold this winter?", "", "By A. Writer\n" + para, []string{"1 Home", "2 World", "3 All about sport"}},
		{"furniture inside", "The talks go on\n" + para + "\nRead also: Another story\nShare\n" + para + "\nShare\nComments (3)\n© 2026 The Paper", "The talks go on", "",
			para + "\nShare\n" + para, []string{"3 Read also: Another story", "6 Share", "7 Comments (3)", "8 © 2026 The Paper"}},
		{"no headline", para + "\n\n" + para, "", "", para + "\n\n" + para, nil},
		{"a list without a sentence", "Shells fired on Monday\nMines found\nDrones seen over the far town", "Shells fired on Monday", "", "Mines found\nDrones seen over the far town", nil},
		{"Ukrainian", "8 січня 2026, четвер, 14:52\nПереговори тривають у Парижі\nСторони зустрілися вчора.\nЧитайте також: Інше\nПоділитися", "Переговори тривають у Парижі", "2026-01-08", "Сторони зустрілися вчора.", []string{"1 8 січня 2026, четвер, 14:52", "4 Читайте також: Інше", "5 Поділитися"}},
		{"CRLF and entities", "The talks&nbsp;go on\r\n\r\nThey met &amp; left.\r\n", "The talks go on", "", "They met & left.", nil},
		{"nothing", "\n \n", "", "", "", nil},
	}
	for _, c := range cases {
		a := Split(c.in, "")
		date := ""
		if !a.Published.IsZero() {
			date = a.Published.String()
		}
		if a.Headline != c.headline || date != c.date || a.Text != c.text || !slices.Equal(pieces(a), c.aside) {
			t.Errorf("%s:\nheadline %q, date %q\ntext %q\naside %q", c.name, a.Headline, date, a.Text, pieces(a))
		}
	}
}

func pieces(a Article) []string {
	var out []string
	for _, p := range a.Furniture {
		out = append(out, fmt.Sprintf("%d %s", p.Number, p.Text))
	}
	return out
}

func TestSplitWithAKnownHeadline(t *testing.T) {
	a := Split("Menu entry one two\n“The talks go on”\nA standfirst of some words\n"+para, "The talks go on")
	if a.Headline != "The talks go on" || a.Text != "A standfirst of some words\n"+para || len(a.Furniture) != 2 {
		t.Errorf("%+v", a)
	}
	a = Split("A first line without the title\n"+para, "The talks go on")
	if a.Text != "A first line without the title\n"+para || a.Furniture != nil {
		t.Errorf("a page that does not repeat its title lost text: %+v", a)
	}
}

func TestStatedPublisher(t *testing.T) {
	for tail, want := range map[string]string{
		"Source: The Paper":                        "The Paper",
		"© 2026 The Paper. All rights reserved.":   "The Paper",
		"Copyright 2024-2026, The Paper":           "The Paper",
		"Follow Paper97.org social media accounts": "Paper97.org",
		"Follow us on Telegram":                    "",
		"The Paper":                                "",
	} {
		if got := Split("The talks go on\n"+para+"\n"+tail, "").Publisher; got != want {
			t.Errorf("%q: publisher %q, want %q", tail, got, want)
		}
	}
}

func TestFindDate(t *testing.T) {
	for in, want := range map[string]string{
		"2026-01-08T14:52:00Z": "2026-01-08", "8 January 2026": "2026-01-08", "Thu, 8th Jan. 2026": "2026-01-08", "January 8, 2026": "2026-01-08",
		"08.01.2026 14:52": "2026-01-08", "8 січня 2026 р.": "2026-01-08", "8 января 2026 года": "2026-01-08", "31 грудня 2025": "2025-12-31",
		"1/8/2026": "", "8 Smarch 2026": "", "2026-13-01": "", "32.01.2026": "", "12345-01-08": "", "": "",
	} {
		d, before, after, ok := FindDate(in)
		if ok != (want != "") || ok && d.String() != want {
			t.Errorf("%q is %v %v, want %q", in, d, ok, want)
		}
		if ok && (!strings.HasPrefix(in, before) || !strings.HasSuffix(in, after)) {
			t.Errorf("%q: %q before, %q after", in, before, after)
		}
	}
}

// FuzzSplit: no word of a page is lost or doubled, whichever place it is put, and the
// furniture's lines are the page's.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"date 2026-01-01 head line here\n\nbody.", "Support\nthe website\nA b c\nA b c\nText is here.\nShare", "8 January 2026\n\nx", "\u00ad\n&nbsp;\n\xff", "© 2026 X", "a b c\n\nd e f"} {
		f.Add(s, "")
		f.Add(s, "a b c")
	}
	f.Fuzz(func(t *testing.T, in, title string) {
		title = Line(title)
		a := Split(in, title)
		kept := a.Text
		for _, p := range a.Furniture {
			kept += "\n" + p.Text
			if p.Number < 1 || p.Number > 1+strings.Count(in, "\n") {
				t.Fatalf("%q: a piece of line %d", in, p.Number)
			}
		}
		if title == "" {
			kept += "\n" + a.Headline
		} else if a.Headline != title {
			t.Fatalf("the title %q became %q", title, a.Headline)
		}
		var whole strings.Builder
		for line := range strings.Lines(in) {
			whole.WriteString(Line(line) + "\n")
		}
		if got, want := sortedRunes(kept), sortedRunes(whole.String()); got != want {
			t.Fatalf("%q: the parts %+v hold %q, the page %q", in, a, got, want)
		}
	})
}

func sortedRunes(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), ""))
	slices.Sort(runes)
	return string(runes)
}
