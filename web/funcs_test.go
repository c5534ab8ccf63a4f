package web_test

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// printed runs one template expression over a value.
func printed(t *testing.T, expression string, value any) string {
	t.Helper()
	tmpl, err := template.New("x").Funcs(web.Funcs()).Parse("{{" + expression + "}}")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := tmpl.Execute(&out, value); err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return strings.ReplaceAll(out.String(), "&#34;", `"`)
}

func at(text string) truce.Instant {
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return truce.InstantOf(moment)
}

func span(from, to string) truce.PhenomenonTime {
	return truce.PhenomenonTime{From: at(from), To: at(to)}
}

func TestTimesAreWrittenAsPeopleDo(t *testing.T) {
	for _, row := range []struct {
		expression string
		value      any
		want       string
	}{
		{"span .", span("2031-03-11T00:00:00Z", "2031-03-12T00:00:00Z"), "2031-03-11, some time that day (UTC)"},
		{"span .", span("2031-03-11T14:05:00Z", "2031-03-11T14:05:30Z"), "2031-03-11 14:05 UTC"},
		{"span .", span("2031-03-11T14:05:00Z", "2031-03-11T15:00:00Z"), "2031-03-11 14:05 to 15:00 UTC"},
		{"span .", span("2031-03-11T23:05:00Z", "2031-03-12T01:00:00Z"), "2031-03-11 23:05 to 2031-03-12 01:00 UTC"},
		{"span .", span("2030-03-11T23:05:00Z", "2031-03-11T23:05:00Z"), "2030-03-11 23:05 to 2031-03-11 23:05 UTC"},
		{"moment .", span("2031-03-11T14:05:00Z", "2031-03-11T15:00:00Z"), "2031-03-11 14:05 to 15:00"},
		{"moment .", span("2031-03-11T00:00:00Z", "2031-03-12T00:00:00Z"), "2031-03-11, some time that day"},
		{"utc .", at("2031-03-11T14:05:59Z"), "2031-03-11 14:05 UTC"},
		{"recorded .", truce.RecordedTime(at("2031-03-11T14:05:59Z")), "2031-03-11 14:05:59 UTC"},
	} {
		if got := printed(t, row.expression, row.value); got != row.want {
			t.Errorf("%s of %v: %q, want %q", row.expression, row.value, got, row.want)
		}
	}
}

func TestNumbersAreRoundedAsFinelyAsTheyDeserve(t *testing.T) {
	for _, row := range []struct {
		expression string
		value      any
		want       string
	}{
		{"metres .", 3.2, "10 m"},
		{"metres .", 751.0, "760 m"},
		{"metres .", 1_040.0, "1.0 km"},
		{"metres .", 12_600.0, "13 km"},
		{"p .", truce.Probability(.745), "0.74"},
		{"percent .", truce.Probability(.745), "74 %"},
		{"band .", truce.Probability(.99), "almost certain"},
		{"degrees . 21.5", -47.99, "47.9900° S 21.5000° E"},
		{"degrees . -21.5", 47.99, "47.9900° N 21.5000° W"},
		{"short .", truce.HashOf([]byte("x")), "2d711642b726"},
		{"brief .", "pbzzxv2xy37etr8z2stw0jyst", "pbzzxv2xy3…"},
		{"brief .", "p1", "p1"},
	} {
		if got := printed(t, row.expression, row.value); got != row.want {
			t.Errorf("%s of %v: %q, want %q", row.expression, row.value, got, row.want)
		}
	}
}

func TestEveryWordOfTheVocabularyHasItsOwn(t *testing.T) {
	seen := map[string]truce.Act{}
	for _, group := range truce.ActGroups() {
		if word := web.Words(group); strings.Contains(word, "_") || word == string(group) {
			t.Errorf("group %s is printed as %q", group, word)
		}
		for _, act := range group.Acts() {
			word := web.Words(act)
			if strings.ContainsAny(word, "_") || strings.Contains(word, "uav") || strings.Contains(word, "gnss") || word == "" {
				t.Errorf("act %s is printed as %q", act, word)
			}
			if other, taken := seen[word]; taken {
				t.Errorf("acts %s and %s are both printed as %q", act, other, word)
			}
			seen[word] = act
		}
	}
	for _, unit := range truce.Units() {
		if word := web.Words(unit); strings.Contains(word, "_") || word == "" {
			t.Errorf("unit %s is printed as %q", unit, word)
		}
	}
	for _, row := range []struct {
		value any
		want  string
	}{
		{truce.Act(""), "act not known"},
		{truce.ActOWAUAV, "one-way drone"},
		{truce.ActAttackEnergy, "effect on an energy object"},
		{truce.FamilyAcoustic, "microphones"},
		{truce.LabelOneSource, "one source only"},
		{truce.VerdictOutside, "outside scope"},
		{truce.OccurrenceReported, "reported"},
		{"not_assessed", "not assessed"},
		{truce.Family("new_family"), "new family"},
	} {
		if got := web.Words(row.value); got != row.want {
			t.Errorf("%v: %q, want %q", row.value, got, row.want)
		}
	}
}

func TestReasonsAndCounts(t *testing.T) {
	for _, row := range []struct {
		expression string
		value      any
		want       string
	}{
		{`why "indeterminate" .`, truce.ReasonLocation, "the place is not exact enough"},
		{`why "outside_scope" .`, truce.ReasonLocation, "not this place"},
		{`why "outside_scope" .`, truce.ReasonEvidence, "the evidence asked for is not there"},
		{`why "" .`, truce.Reason("some_new"), "some new"},
		{`counted 1 .`, truce.UnitEngagement, "1 engagement"},
		{`counted 0 .`, truce.UnitSiteEvent, "0 site events"},
		{`counted 5 .`, truce.UnitSalvo, "5 salvoes"},
		{`counted 2 "incident"`, nil, "2 incidents"},
		{`counted 2 "observation"`, nil, "2 observations"},
		{`plural .`, truce.UnitMixed, "items without a unit"},
		{`plural .`, truce.UnitObjectDay, "object-days"},
	} {
		if got := printed(t, row.expression, row.value); got != row.want {
			t.Errorf("%s of %v: %q, want %q", row.expression, row.value, got, row.want)
		}
	}
}

func TestSentencesNameActsAsPeopleDo(t *testing.T) {
	got := web.Sentence("act: indirect_fire 0.75, direct_fire 0.10, explosion_undetermined 0.16; burst, owa_uav; LINE-CONTACT stays")
	want := "act: indirect fire 0.75, direct fire 0.10, explosion 0.16; burst, one-way drone; LINE-CONTACT stays"
	if got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
	for _, group := range truce.ActGroups() {
		for _, act := range group.Acts() {
			if got := web.Sentence(string(act)); strings.Contains(got, "_") {
				t.Errorf("%s stays %q", act, got)
			}
		}
	}
}

func TestClausesLoseTheirMarks(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"heading and paragraphs", "# 1.1 Cessation\n\nNeither party\nfires any weapon.\n\nA **controlled** `explosion`\nis not fire.\n", []string{"1.1 Cessation", "Neither party fires any weapon.", "A controlled explosion is not fire."}},
		{"heading without an empty line", "## 2 Drones\nNo drone.", []string{"2 Drones", "No drone."}},
		{"windows line ends", "# 3\r\n\r\nOne.\r\nTwo.", []string{"3", "One. Two."}},
		{"only marks", "#\n\n**", nil},
		{"nothing", "", nil},
		{"no heading", "Plain.", []string{"Plain."}},
	} {
		if got := web.Paragraphs(row.text); !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

func TestOffsetsAndNeighbours(t *testing.T) {
	for text, want := range map[string]int{"": 0, "0": 0, "50": 50} {
		if got, err := web.Offset(url.Values{"offset": {text}}); err != nil || got != want {
			t.Errorf("offset %q: %d %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"-1", "x", "1.5", "99999999999999999999", "<b>"} {
		if _, err := web.Offset(url.Values{"offset": {text}}); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("offset %q: %v, want an invalid error", text, err)
		}
	}
	values := url.Values{"act": {`"><script>`}, "offset": {"50"}}
	for _, row := range []struct {
		name       string
		s          web.Stretch
		prev, next string
	}{
		{"first", web.Stretch{Offset: 0, Rows: 50, Total: 120, Size: 50}, "", "/l?act=%22%3E%3Cscript%3E&offset=50"},
		{"middle", web.Stretch{Offset: 50, Rows: 50, Total: 120, Size: 50}, "/l?act=%22%3E%3Cscript%3E&offset=0", "/l?act=%22%3E%3Cscript%3E&offset=100"},
		{"last", web.Stretch{Offset: 100, Rows: 20, Total: 120, Size: 50}, "/l?act=%22%3E%3Cscript%3E&offset=50", ""},
		{"only", web.Stretch{Offset: 0, Rows: 3, Total: 3, Size: 50}, "", ""},
		{"beyond the end", web.Stretch{Offset: 900, Rows: 0, Total: 120, Size: 50}, "/l?act=%22%3E%3Cscript%3E&offset=70", ""},
	} {
		prev, next := web.Neighbours("/l", values, row.s)
		if prev != row.prev || next != row.next {
			t.Errorf("%s: %q and %q, want %q and %q", row.name, prev, next, row.prev, row.next)
		}
	}
	if values.Get("offset") != "50" {
		t.Error("the page's own query was changed")
	}
}

func TestDailyNames(t *testing.T) {
	for name, want := range map[string][2]string{
		"2031-03-11": {"2031-03-11", "html"}, "2031-03-11.json": {"2031-03-11", "json"}, "2031-03-11.a.b": {"2031-03-11", "a.b"}, ".json": {"", "json"},
	} {
		day, form := web.DailyName(name)
		if string(day) != want[0] || form != want[1] {
			t.Errorf("%s: %s as %s, want %v", name, day, form, want)
		}
	}
}
