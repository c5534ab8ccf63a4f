package press_test

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
	"github.com/trucewatch/truce/web/press"
)

func at(day, hour int) truce.Instant {
	return truce.InstantOf(time.Date(2031, 3, day, hour, 0, 0, 0, time.UTC))
}

func id(name string) truce.ID { return truce.NewID(at(1, 0), "story", "test", []byte(name)) }

// hostile is what a headline of a stranger may hold.
const hostile = `<script>alert(1)</script>"><img src=x onerror=alert(2)>`

func pledges() truce.PublicStory {
	return truce.PublicStory{
		ID: id("pledges"), Title: "Allies pledge monitors for the line", First: at(10, 8), Last: at(11, 9),
		Tags: []string{"security guarantees", "ceasefire verification"}, Places: []string{"Paris"},
		Articles: []truce.PublicArticle{
			{Headline: "Allies pledge monitors for the line", Publisher: "Agency", Link: "https://agency.example/1", Language: "en", Published: at(10, 8), Group: "g"},
			{Headline: "Allies pledge monitors", Publisher: "Copyist", Link: "https://copy.example/2", Published: at(10, 9), Group: "g", Agency: "Agency"},
			{Headline: "Союзники обіцяють спостерігачів уздовж лінії", Publisher: "Вісник", Link: "https://visnyk.example/4", Agency: "Agency", Language: "uk", Published: at(10, 12)},
			{Headline: "Minister: no troops", Publisher: "Gazette", Link: "https://gazette.example/3", Published: at(11, 9), Quote: strings.Repeat("“We will send no troops,” the minister said. ", 9)},
			{Headline: hostile, Publisher: hostile, Link: "javascript:alert(1)", Published: at(11, 9)},
		},
	}
}

// reader is a small room of stories; with empty set there are none.
type reader struct{ empty bool }

func (r reader) Frame(context.Context) (web.Frame, error) {
	return web.Frame{Mission: "Mission", Realm: truce.RealmReal, Public: true, Links: []web.Link{{Href: "/", Label: "Dailies"}, {Href: "/press", Label: "Press"}, {Href: "/promises", Label: "Promises"}, {Href: "/claims", Label: "Totals"}}}, nil
}

func (r reader) Review(_ context.Context, q press.Query) (press.Review, error) {
	if r.empty || q.Words == "nothing" {
		return press.Review{Searchable: true}, nil
	}
	out := press.Review{Stories: []truce.PublicStory{pledges(), {ID: id("x"), Title: hostile, First: at(9, 1), Last: at(9, 1), Tags: []string{hostile}}}, Total: 90,
		Languages: []string{"en", "uk"}, Publishers: []string{"Agency", hostile}, Searchable: true}
	for i := range 14 {
		out.Days = append(out.Days, press.DayCount{Day: truce.Day("2031-03-11").AddDays(-i), Stories: i / 3, Articles: i * i % 23})
	}
	return out, nil
}

func (r reader) Story(_ context.Context, name, _ string) (press.Story, error) {
	if name != id("pledges").String() {
		return press.Story{}, truce.Errorf(truce.CodeNotFound, "There is no story %s.", name)
	}
	return press.Story{
		PublicStory: pledges(), Entities: []truce.Entity{{Key: "org:agency", Name: "Agency", Kind: "org"}},
		Lineage: []press.Lineage{{Kind: truce.StoryOpened, At: at(10, 8)}, {Kind: truce.StoryMerged, At: at(10, 12), Other: id("x").String(), Title: "Allies meet", Why: "the same names and terms"}},
		Claims: []press.Claim{{Kind: truce.ClaimExclusion, Words: "Ministry: will not send troops", Quote: "“We will send no troops,” the minister said.", Publisher: "Gazette",
			Link: "https://gazette.example/3", Tellers: "Gazette, a minister", Confidence: 0.93}},
		Versions: []press.Version{{Headline: "Minister: no troops", Publisher: "Gazette", At: at(11, 12), Added: 2, Removed: 1,
			Pieces: []press.Piece{{"same", "We will send "}, {"removed", "no "}, {"added", "some few "}, {"same", "troops."}}},
			{Headline: "Allies pledge monitors", Publisher: "Copyist", At: at(12, 1), Gone: truce.GoneNotFound}},
	}, nil
}

func (r reader) Promises(context.Context, string) ([]press.Promise, error) {
	if r.empty {
		return nil, nil
	}
	return []press.Promise{{Actor: "France", Subject: "troops", Changed: true, Contradictions: []press.Contradiction{{Actor: "Russia", Kind: truce.ClaimObjection, Day: "2031-03-11"}}, Steps: []press.PromiseStep{
		{Day: "2031-03-10", Kind: truce.ClaimCommitment, Firmness: truce.FirmEndorsed, Words: "will send troops", Condition: "if a peace deal is agreed", Quote: "France to send troops if a peace deal is agreed", Publisher: "Agency", Link: "https://agency.example/1", Tellers: "Agency, officials"},
		{Day: "2031-03-12", Kind: truce.ClaimExclusion, Words: "will not send troops", Quote: hostile, Publisher: "Gazette"}}}}, nil
}

func checks() []press.Check {
	half := truce.Probability(0.62)
	total := func(name, claimant string, party, accused truce.PartyID, n int) truce.ClaimTotal {
		return truce.ClaimTotal{Report: id(name), Claimant: claimant, Party: party, Accused: accused, Count: n, Unit: truce.UnitMixed, Said: at(11, 1),
			Period: &truce.Period{From: at(10, 0), To: at(11, 6)}, Quote: "The other side broke the truce " + hostile}
	}
	own := []truce.OwnCount{{Rule: "R01", Unit: truce.UnitEngagement, Open: 14, Coverage: &half, Least: 0.5}, {Rule: "R02", Unit: truce.UnitObjectDay, Open: 2, Least: 0.5}, {Rule: "R03", Unit: truce.UnitFlight, Least: 0.5}}
	a := truce.ClaimCheck{ID: id("a"), Revision: 2, Total: total("a", "Party A", "A", "B", 4900), Verdict: truce.CheckNotComparable, Reasons: []truce.CheckReason{truce.CheckMixedUnit}, Own: own, Known: at(12, 0)}
	b := truce.ClaimCheck{ID: id("b"), Revision: 1, Total: total("b", "Party B", "B", "A", 2935), Verdict: truce.CheckNotComparable, Reasons: []truce.CheckReason{truce.CheckMixedUnit}, Own: own, Known: at(12, 0)}
	words := "The total can be neither confirmed nor refuted: it is not comparable with what the mission counts. It adds things that are counted in different units."
	beside := func(c truce.ClaimCheck) []press.Beside { return []press.Beside{{ClaimCheck: c, Name: c.ID.String()}} }
	versions := []press.CheckVersion{{Version: 2, At: at(12, 0), Verdict: truce.CheckNotComparable}, {Version: 1, At: at(11, 9), Verdict: truce.CheckNotObservable}}
	return []press.Check{{ClaimCheck: a, Name: a.ID.String(), Version: 2, Newest: 2, Words: words, Beside: beside(b), Versions: versions, Internal: true},
		{ClaimCheck: b, Name: b.ID.String(), Version: 1, Newest: 1, Words: words, Beside: beside(a)}}
}

func (r reader) Checks(context.Context, string) ([]press.Check, error) {
	if r.empty {
		return nil, nil
	}
	return checks(), nil
}

func (r reader) Check(_ context.Context, name string, version int, _ string) (press.Check, error) {
	for _, c := range checks() {
		if c.Name != name || version > 2 {
			continue
		}
		if version == 1 { // as the public site shows it, its text being taken down
			c.Version, c.Internal, c.Withdrawn = 1, false, "taken down"
			c.Public = &press.Released{Address: c.Permanent(), At: at(12, 1), SHA256: truce.HashOf([]byte("x")), Seq: 7}
		}
		return c, nil
	}
	return press.Check{}, truce.Errorf(truce.CodeNotFound, "There is no check %s.", name)
}

func (r reader) CheckJSON(_ context.Context, name string, version int) (web.Document, error) {
	if version != 2 {
		return web.Document{}, truce.Errorf(truce.CodeNotFound, "There is no version %d of %s.", version, name)
	}
	return web.Document{ContentType: "application/json", Body: []byte(`{"version":2}`)}, nil
}

func (r reader) Sitemap(context.Context) (web.Document, error) {
	if r.empty {
		return web.Document{}, truce.Errorf(truce.CodeNotFound, "no address is known")
	}
	return web.Document{ContentType: "application/xml; charset=utf-8", Body: []byte("<urlset/>")}, nil
}

func (r reader) Feed(_ context.Context, name string) (web.Document, error) {
	return web.Document{ContentType: "application/atom+xml; charset=utf-8", Body: []byte("<feed/>" + name)}, nil
}

func handler(t *testing.T, r press.Reader) http.Handler {
	t.Helper()
	h, err := press.Handler(press.Config{Reader: r, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(h http.Handler, path string) (int, string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

var key = regexp.MustCompile(`>\s*[a-z]+\.[a-z_]+\s*<`)

func TestPages(t *testing.T) {
	h := handler(t, reader{})
	story := "/stories/" + id("pledges").String()
	check := "/claims/" + id("a").String()
	for path, want := range map[string][]string{
		"/press":               {"Press review", "4 independent", "5 articles", "1 to 2 of 90", "security guarantees", "rel=\"next\"", `href="/press/2031-03-10"`},
		"/press?lang=uk":       {"Огляд преси", "5 публікацій", "4 незалежні повідомлення"},
		"/press/2031-03-10":    {"Press review", `aria-current="true"`},
		"/press?words=nothing": {"No story matches."},
		story:                  {"Allies pledge monitors for the line", "the same report in 1 more place", "citing Agency", "Союзники", "<ins>some few </ins>", "no longer there", "merged with", "93 %", "will not send troops"},
		story + "?lang=uk":     {"те саме повідомлення ще в 1 місці", "об’єднано з"},
		"/promises":            {"France", "endorsed", "will not send troops", "said otherwise before", "Russia, objection", "on condition:"},
		"/promises?lang=uk":    {"Хто що обіцяв", "схвалено"},
		"/claims":              {"4900", "2935", "not comparable", "adds different units", "2031-03-10 00:00 – 2031-03-11 06:00 UTC"},
		check:                  {"Party A: 4900", "neither confirmed nor refuted", "Side by side", "Party B", "2935", "62 %", "not stated", "version 2", "≥ 2", "not observed", "not released yet", "attributed to the accused", "superseded"},
		check + "/1":           {"was taken down", "Read the version that stands", "SHA-256"},
		check + "/2.json":      {`{"version":2}`},
		check + "?lang=uk":     {"не порівнюване", "Поряд", "не визначено", "вогневі сутички"},
		"/press/atom.xml":      {"<feed/>atom.xml"},
	} {
		status, body := get(h, path)
		if status != http.StatusOK {
			t.Errorf("%s: %d\n%s", path, status, body)
		}
		for _, text := range want {
			if text != "українською\n" && !strings.Contains(body, text) && !strings.Contains(body, strings.ReplaceAll(text, "4 independent", "4 independent")) {
				t.Errorf("%s: no %q in\n%s", path, text, body)
			}
		}
		if strings.Contains(body, "<script") || strings.Contains(body, "<img") || strings.Contains(body, `href="javascript`) {
			t.Errorf("%s lets a headline speak", path)
		}
		if found := key.FindString(body); found != "" {
			t.Errorf("%s has a text without words: %s", path, found)
		}
	}
}

func TestPublicPagesQuoteNoMoreThanOneShortSentence(t *testing.T) {
	_, body := get(handler(t, reader{}), "/stories/"+id("pledges").String())
	_, quote, _ := strings.Cut(body, "<blockquote>")
	quote, _, _ = strings.Cut(quote, "</blockquote>")
	if n := utf8.RuneCountInString(html.UnescapeString(quote)); n == 0 || n > truce.MaxPublicQuote {
		t.Errorf("%d characters of one text: %q", n, quote)
	}
}

func TestRefusals(t *testing.T) {
	h := handler(t, reader{})
	for path, want := range map[string]int{
		"/stories/none": http.StatusNotFound, "/claims/none": http.StatusNotFound, "/claims/" + id("a").String() + "/0": http.StatusNotFound, "/claims/" + id("a").String() + "/1.json": http.StatusNotFound, "/claims/" + id("a").String() + "/01": http.StatusNotFound, "/press/yesterday": http.StatusBadRequest, "/press?act=shelling": http.StatusBadRequest,
		"/press?offset=-1": http.StatusBadRequest, "/press?words=" + strings.Repeat("x", 500): http.StatusBadRequest, "/nowhere": http.StatusNotFound,
	} {
		if status, body := get(h, path); status != want || !strings.Contains(body, "<h1>") {
			t.Errorf("%s: %d, want %d with a page that says why", path, status, want)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/press", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestEmptyPagesSayWhatToDo(t *testing.T) {
	h := handler(t, reader{empty: true})
	for path, want := range map[string]string{"/press": "truce feed add", "/promises": "yet", "/claims": "No total has been checked yet."} {
		if _, body := get(h, path); !strings.Contains(body, want) || !strings.Contains(body, `class="empty"`) {
			t.Errorf("%s: no %q in\n%s", path, want, body)
		}
	}
}

func TestEveryTextExistsInEveryLanguage(t *testing.T) {
	all, err := web.Catalogues(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	plain := func(lang string) map[string]bool {
		out := map[string]bool{}
		for _, k := range all[lang].Keys() {
			base, form, _ := cutLast(k)
			if form == "one" || form == "few" || form == "many" || form == "other" {
				k = base
			}
			out[k] = true
		}
		return out
	}
	en, uk := plain("en"), plain("uk")
	for k := range en {
		if !uk[k] {
			t.Errorf("no Ukrainian text for %s", k)
		}
	}
	for k := range uk {
		if !en[k] && !strings.HasPrefix(k, "frame.") && !strings.HasPrefix(k, "unit.") {
			t.Errorf("no English text for %s", k)
		}
	}
	for lang, forms := range map[string][]string{"en": {"one", "other"}, "uk": {"one", "few", "many"}} {
		for _, group := range []string{"articles", "stories", "publishers", "reports", "copies"} {
			for _, form := range forms {
				if all[lang].Say(group+"."+form) == group+"."+form {
					t.Errorf("%s: no %s.%s", lang, group, form)
				}
			}
		}
	}
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
