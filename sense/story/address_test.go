package story

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

func TestAddressKeys(t *testing.T) {
	for _, row := range []struct{ a, b string }{
		{"https://www.paper.example/news/1?utm_source=x&id=2", "http://m.paper.example/news/1/?id=2#top"},
		{"https://paper.example/news/1/amp", "https://paper.example/news/1"},
		{"https://paper.example/news/1.amp.html", "https://paper.example/news/1.html"},
		{"https://amp.paper.example/amp/news/1", "https://paper.example/news/1"},
		{"https://paper.example/news/1?outputType=amp", "https://paper.example/news/1"},
		{"https://paper.example/news/1/?output=amp", "https://paper.example/news/1"},
		{"https://paper.example/news/1/index.amp.html", "https://paper.example/news/1"},
		{"https://t.co/abc?url=https%3A%2F%2Fpaper.example%2Fnews%2F1%2F", "https://paper.example/news/1"},
		{"https://www.google.com/amp/s/paper.example/news/1", "https://paper.example/news/1"},
		{"https://paper-example.cdn.ampproject.org/c/s/paper.example/news/1", "https://paper.example/news/1"},
		{"https://www.google.com/url?q=https%3A%2F%2Fpaper.example%2Fnews%2F1&sa=U", "https://paper.example/news/1"},
		{"https://l.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Fnews%2F1%3Ffbclid%3Dz", "https://paper.example/news/1"},
		{"https://news.google.com/rss/articles/CBMiAbc?oc=5", "https://news.google.com/articles/CBMiAbc?hl=en"},
	} {
		if addressKey(row.a) != addressKey(row.b) || addressKey(row.a) == "" {
			t.Errorf("%s: %q; %s: %q", row.a, addressKey(row.a), row.b, addressKey(row.b))
		}
	}
	keys := map[string]string{}
	for _, link := range []string{
		"https://paper.example/news/1", "https://paper.example/news/2", "https://paper.example/news/1?page=2", "https://other.example/news/1",
		"https://news.google.com/rss/articles/CBMiAbc", "https://news.google.com/rss/articles/CBMiAbd", "https://paper.example/amplitude", "https://t.co/x",
	} {
		key := addressKey(link)
		if other, twice := keys[key]; twice || key == "" {
			t.Errorf("%s and %s share the key %q", link, other, key)
		}
		keys[key] = link
	}
	loop := "https://paper.example/x"
	for range 9 {
		loop = "https://www.google.com/url?q=" + strings.NewReplacer("%", "%25", ":", "%3A", "/", "%2F", "?", "%3F", "=", "%3D").Replace(loop)
	}
	for _, link := range []string{"", "mill", "https://paper.example/", "https://a.example/%zz", "https://a.example/" + strings.Repeat("x", 3000), loop} {
		if key := addressKey(link); key != "" {
			t.Errorf("%.60s: %q, want no key", link, key)
		}
	}
}

func TestTheOwnAddressIsPrinted(t *testing.T) {
	ranks := []string{
		"https://news.google.com/rss/articles/CBMiAbc",
		"https://l.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Fnews%2F1",
		"https://m.paper.example/news/1?utm_source=x",
		"https://www.paper.example/news/1/",
	}
	for i := 1; i < len(ranks); i++ {
		if linkRank(ranks[i]) <= linkRank(ranks[i-1]) {
			t.Errorf("%s is not before %s", ranks[i], ranks[i-1])
		}
	}
	for _, order := range [][]int{{1, 2, 3}, {3, 1, 2}, {2, 3, 1}} {
		var reports []truce.Observation
		for n, i := range order {
			at := truce.InstantOf(time.Date(2026, 4, 11, n, 0, 0, 0, time.UTC))
			reports = append(reports, truce.Observation{ID: truce.NewID(at, "report", "test", []byte{byte(n)}), Phenomenon: truce.PhenomenonTime{From: at, To: at},
				Report: &truce.Report{Publisher: "Paper", Headline: "The ferry across the strait runs again after a year", Links: []string{ranks[i]}}})
		}
		got := Articles(reports, Config{})
		if len(got) != 1 || got[0].URL != ranks[3] || len(got[0].Links) != 3 {
			t.Errorf("%v: %d articles, %q", order, len(got), got[0].URL)
		}
	}
}

func TestNamedDays(t *testing.T) {
	saturday := dayNumber(truce.InstantOf(time.Date(2026, 4, 11, 15, 0, 0, 0, time.UTC)))
	for text, want := range map[string][]int32{
		"Shells hit the town on Friday":            {-1},
		"Shells hit the town on Saturday":          {0},
		"Shells hit the town today":                {0},
		"у неділю впав снаряд":                     {-6},
		"учора та у п'ятницю":                      {-1},
		"вчера, 10 апреля, в четверг":              {-2, -1},
		"on April 9, the envoys met":               {-2},
		"9 квітня делегації зустрілися":            {-2},
		"8 квітня 7 вантажівок":                    {-3},
		"died on 08.04.2026":                       {-3},
		"they meet next Friday":                    nil,
		"on 24 February 2022 the war began":        nil,
		"killed 12 people in the May Street store": nil,
	} {
		var got []int32
		for _, day := range namedDays(newReader().tokens(text, 50), saturday) {
			got = append(got, day-saturday)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: days %v from publishing, want %v", text, got, want)
		}
	}
}

func TestCredits(t *testing.T) {
	agencies := agencyNames(map[string][]string{"Corvane": {"Корван"}})
	r := newReader()
	for _, row := range []struct{ title, text, want string }{
		{"Reuters: US backs guarantees for the first time", "", "Reuters"},
		{"US backs guarantees", "According to Reuters, the pledge came at a summit.", "Reuters"},
		{"US backs guarantees", "(AP) — The pledge came at a summit.", "AP"},
		{"США підтримали гарантії", "Про це повідомляє Reuters із посиланням на посадовців.", "Reuters"},
		{"США поддержали гарантии", "Как передает ТАСС, заявление сделано на саммите.", "TASS"},
		{"США підтримали гарантії", "Про це повідомляє агенція Корван.", "Corvane"},
		{"Заява", "Про це йдеться у матеріалі Інтерфакс-Україна, пише видання.", "Interfax-Ukraine"},
		{"Monitors turned back", strings.Repeat("The patrol waited at the bridge for two hours. ", 4) + "Then it turned back. (AFP)", "AFP"},
		{"The bank", strings.Repeat("The bank bought the tower in the centre of the city. ", 4) + "It was that of AFP until the spring.", ""},
		{"A building is sold", "The old Reuters building in the city was sold to a bank on Monday morning.", ""},
		{"According to police", "Police said that nobody was hurt.", ""},
	} {
		if got := credited(r.tokens(row.title, 60), r.tokens(row.text, 600), "", agencies); got != row.want {
			t.Errorf("%q, %q: %q, want %q", row.title, row.text, got, row.want)
		}
	}
}

func TestShinglesOfCopiesAndExcerpts(t *testing.T) {
	r := newReader()
	var words []string
	for i := range 900 {
		words = append(words, "word"+string(rune('a'+i%26))+string(rune('a'+i/26%26)))
	}
	of := func(from, to int) shingles { return makeShingles(r.tokens(strings.Join(words[from:to], " "), 2000)) }
	whole, excerpt, other, short := of(0, 900), of(0, 80), of(300, 400), of(0, 5)
	if len(whole.Hashes) > maxShingles || whole.Every < 2 {
		t.Errorf("%d runs kept, one in %d", len(whole.Hashes), whole.Every)
	}
	if c, j, _ := whole.shared(excerpt); c < .99 || j > .3 {
		t.Errorf("an excerpt: contained %.2f, Jaccard %.2f; want 1 and little", c, j)
	}
	if c, _, _ := excerpt.shared(other); c > .1 {
		t.Errorf("two parts that share nothing: contained %.2f", c)
	}
	if c, _, n := short.shared(whole); c != 0 || n != 0 {
		t.Errorf("too short to compare: contained %.2f", c)
	}
	if c, j, _ := whole.shared(whole); c != 1 || j != 1 {
		t.Errorf("a text and itself: %.2f, %.2f", c, j)
	}
}

// TestDictionaries: every line of the word files is read, and says the same in all of its
// languages.
func TestDictionaries(t *testing.T) {
	r := newReader()
	for _, group := range []string{"ceasefire|припинення вогню|перемир'я|прекращение огня|перемирия", "security guarantees|гарантії безпеки|гарантий безопасности", "drones|безпілотниками|беспилотников", "prisoners|полонених|пленными"} {
		var first term
		for i, form := range strings.Split(group, "|") {
			n, concept := r.concept(r.tokens(form, 9))
			if i == 0 {
				first = concept
			}
			if n == 0 || concept != first {
				t.Errorf("%q: concept %x of %d words, want %x", form, concept, n, first)
			}
		}
	}
	for _, group := range []string{"Zelensky|Зеленського|Zelenskyy", "US|США|American|U.S.", "Kyiv|Києві|Kiev", "Trump|Трампа", "Ukraine|український|Украины"} {
		var first term
		for i, form := range strings.Split(group, "|") {
			token := r.tokens(form, 9)[0]
			if i == 0 {
				first = token.name
			}
			if token.name != first || first == 0 {
				t.Errorf("%q: name %x, want %x", form, token.name, first)
			}
		}
	}
	for _, file := range []string{stopFile, conceptsFile, namesFile, agenciesFile} {
		lines := 0
		for line := range entries(file) {
			lines++
			if file != stopFile && !strings.Contains(line, ": ") {
				t.Errorf("no colon in %q", line)
			}
		}
		if lines < 10 {
			t.Errorf("%d lines in a dictionary", lines)
		}
	}
}
