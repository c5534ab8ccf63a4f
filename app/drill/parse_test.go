package drill

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// Each row: lines after the head, where the problem stands and a part of what is said.
func TestDrillSaysWhereALineCannotBeRead(t *testing.T) {
	_, terms := illustrative(t)
	lines := strings.Count(head, "\n")
	const e1 = "at +0m incident E1 indirect_fire -47.91,-21.62 ±150m\n"
	for _, c := range []struct {
		text   string
		line   int // after the head
		column int
		want   string
	}{
		{"att +0m wo signs L0", 1, 1, `did you mean "at"?`},
		{"at 90m wo signs L0", 1, 4, "with its sign"},
		{"at +90x wo signs L0", 1, 4, "such as +90m"},
		{"at +400d wo signs L0", 1, 4, "over a year"},
		{"at -1m wo signs L0", 1, 4, "starts later"},
		{"at +1m wa signs L0", 1, 8, `did you mean "wo"?`},
		{"at +1m wo sings L0", 1, 11, `did you mean "signs"?`},
		{"at +1m wo signs L9", 1, 17, "L0"},
		{"at +1m wo signs L0 L1", 1, 20, "not understood"},
		{"at +1m wo refuses L0", 1, 21, "needs a text"},
		{"at +1m wo verifies E7", 1, 20, `no incident "E7"`},
		{e1 + "at +1m wo refutes E1", 2, 21, "needs a reason"},
		{e1 + e1, 2, 17, "stands twice"},
		{"at +0m incident E1 indirect_fir -47.91,-21.62", 1, 20, "indirect_fire"},
		{"at +0m incident E1 indirect_fire -47.91, -21.62", 1, 34, "latitude,longitude"},
		{"at +0m incident E1 indirect_fire -47.91,-21.62 ±150m casualties many", 1, 65, "whole number"},
		{"at +0m incident E1 began +5m indirect_fire -47.91,-21.62", 1, 26, "before it is known"},
		{"at +0m incident E1 indirect_fire -47.91,-21.62 found R99 severity 3", 1, 54, "no rule"},
		{"at +0m incident E1 indirect_fire -47.91,-21.62 found R01 severity 9", 1, 67, "1 to 4"},
		{"at +0m incident E1 indirect_fire -47.91,-21.62 times 1 every 5m", 1, 62, "times 5 every"},
		{"at +0m blind 60% norht", 1, 18, `did you mean "north"?`},
		{"at +0m blind 160% north", 1, 14, "share"},
		{"at +1h to +30m blind 60% north", 1, 31, "end after the beginning"},
		{"at +0m channel emial down", 1, 16, "email"},
		{"at +0m channel email down 4xy until +1h", 1, 27, "4xx"},
		{"at +0m outage", 1, 14, "end after the beginning"},
		{"at +1m ave stays silent\nat +2m ave acknowledges read", 2, 8, "stays silent"},
		{"at +1m outage until +1h\nat +30m wo signs L0", 2, 1, "no program runs"},
		{"expect tier T9 at +1m", 1, 13, "T1"},
		{"expect clock warnin missed", 1, 14, `did you mean "warning"?`},
		{"expect alert T1 to XYZ", 1, 20, "no post, state or party"},
		{"expect alert to one party alone", 1, 32, "expect no alert"},
		{"expect no tier T1 at +1h", 1, 22, "until +24h"},
		{"expect tier T1 until +1h", 1, 22, "write by"},
		{"expect ave answers", 1, 12, "answered or is silent"},
		{"expect tier T1 at +1h sharp", 1, 23, "not understood"},
		{"post wo office chair", 1, 6, "stands twice"},
		{"post x office boss", 1, 15, "not an office"},
		{"post x office chair party A", 1, 6, "a party belongs"},
		{"post x office liaison party C", 1, 29, "not a party"},
		{"post x office chair email nobody", 1, 27, "no address"},
		{"speed warp", 1, 7, "60x"},
		{"replicas 9", 1, 10, "1 to 4"},
		{"agreement illustrative", 1, 1, "stands twice"},
		{`about de "x"`, 1, 7, "not a language"},
		{`at +1m wo signs L0 "no end`, 1, 20, "no end"},
		{"at +1m wo signs L0 \x01", 1, 20, "not text"},
	} {
		_, errs := Parse("x.drill", []byte(head+c.text+"\n"), func(string) (*agreement.Agreement, error) { return terms, nil })
		if len(errs) == 0 {
			t.Errorf("%q was taken", c.text)
			continue
		}
		got := errs[0]
		if got.Line != lines+c.line || got.Column != c.column || !strings.Contains(got.Text, c.want) {
			t.Errorf("%q: %v\nwant %d:%d: %s", c.text, got, lines+c.line, c.column, c.want)
		}
	}
}

func TestDrillSaysWhatIsMissing(t *testing.T) {
	_, terms := illustrative(t)
	find := func(name string) (*agreement.Agreement, error) {
		if name != "illustrative" {
			return nil, fmt.Errorf("no agreement %q", name)
		}
		return terms, nil
	}
	for text, want := range map[string]string{
		"":                                      "has no name",
		"drill \"x\"\n":                         "which agreement",
		"drill \"x\"\nagreement illustrative\n": "when it starts",
		head:                                    "nothing happens",
		head + "at +1m wo notes \"x\"\n":        "nothing is expected",
		head + "expect tier T1\n":               "nothing happens",
		"drill \"x\"\nagreement other\n":        `no agreement "other"`,
		"at +1m wo signs L0\n":                  "the start of the drill stands before",
		"drill \"x\"\nat +1m wo\n":              "the start of the drill stands before",
		head + "at +5m wo notes \"x\"\nuntil +1m\nexpect tier T1\n": "ends before the last time",
		strings.Repeat("#", MaxFileBytes+1):                         "bound",
		"#" + strings.Repeat("x", MaxLineBytes):                     "bound",
	} {
		if _, errs := Parse("x.drill", []byte(text), find); len(errs) == 0 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, errs, want)
		}
	}
}

func TestDrillReadsWhatPeopleWrite(t *testing.T) {
	d := parsed(t, "Town & Country.drill", head+`
until +2d
at +1h incident E1 began -5m to +5m indirect_fire -47.91,-21.62 times 3 every 30m
at +1d2h wo notes "later"
expect no tier T3 until +1d
`)
	if d.Realm() != "exercise:town-country" || d.Until != d.Start.Add(48*time.Hour) || len(d.Events) != 4 {
		t.Fatalf("%s, until %s, %d events", d.Realm(), d.Until, len(d.Events))
	}
	third := d.Events[2].Action.(report)
	if third.name != "E1-003" || d.Events[2].At != d.Start.Add(2*time.Hour) || third.incident.Time.From != d.Start.Add(55*time.Minute) {
		t.Errorf("the third of three: %+v at %s", third.name, Offset(d.Start, d.Events[2].At))
	}
	if d.Events[3].At != d.Start.Add(26*time.Hour) {
		t.Errorf("+1d2h is %s", Offset(d.Start, d.Events[3].At))
	}
	for text, want := range map[string]truce.Realm{"../a/B_c.drill": "exercise:b-c", "...": "exercise:drill", strings.Repeat("x", 90): truce.Realm("exercise:" + strings.Repeat("x", 40))} {
		if got := (Drill{ID: idOf(text)}).Realm(); got != want || got.Validate() != nil {
			t.Errorf("%q: realm %s, want %s", text, got, want)
		}
	}
}

func TestDrillIsToldInTwoLanguages(t *testing.T) {
	d := example(t, "channels-fail")
	en, uk := d.Show("en"), d.Show("uk")
	if strings.Count(en, "\n") != strings.Count(uk, "\n") || !strings.Contains(en, "EXERCISE.") || !strings.Contains(uk, "НАВЧАННЯ.") {
		t.Errorf("%s\n%s", en, uk)
	}
	for _, text := range []string{en, uk} {
		if strings.ContainsAny(text, "{}") || strings.Contains(text, "  .\n") {
			t.Errorf("a place was not filled:\n%s", text)
		}
	}
	first, second := english(), ukrainian()
	for key := range first {
		if second[key] == "" {
			t.Errorf("%s has no Ukrainian words", key)
		}
	}
	for _, v := range verbs() {
		if first[v.word] == "" {
			t.Errorf("the verb %s has no sentence", v.word)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"guarantor-silent", "outage-24h", "channels-fail", "both-parties", "false-alarm"} {
		f.Add(exampleText(f, name))
	}
	f.Add(head + "at +0m incident E1 began -1h explosion impact -47.9,-21.6 r90 300m weapon 152mm found R01 severity 2 times 3 every 5m\n")
	f.Add(head + "at +1m chair moves T0 event to -5m on complaint \"x\"\nexpect T0 event from +0m to -5m at +1m\n")
	_, terms := illustrative(f)
	f.Fuzz(func(t *testing.T, text string) {
		d, errs := Parse("x.drill", []byte(text), func(string) (*agreement.Agreement, error) { return terms, nil })
		for _, err := range errs {
			if err.Line < 1 || err.Column < 1 || err.Text == "" || strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("%+v", err)
			}
		}
		if len(errs) > 0 {
			return
		}
		if len(d.Events) > MaxEvents || len(d.Expect) > MaxExpect || len(d.Posts) > MaxPosts || d.Until < d.Start || !d.Realm().Exercise() || d.Realm().Validate() != nil {
			t.Errorf("taken: %+v", d)
		}
		d.Show("uk")
	})
}
