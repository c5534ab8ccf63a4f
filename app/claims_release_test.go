package app

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// freeParties lets what the parties hand in be passed on.
const freeParties = "\nsources:\n  - {id: csv-party, licence: by agreement of both, attribution: The parties, redistribute: true}\n"

// checkedTotals is a program in which the two totals were stated and checked.
func checkedTotals(t *testing.T, settings string) program {
	t.Helper()
	p := newProgram(t)
	p.settings(t, sampleConfig+settings)
	p.good(t, "import", "--format", "csv", p.write(t, "totals.csv", twoTotals))
	p.good(t, "assess")
	p.good(t, "claims", "check")
	return p
}

// publicSiteOf serves what was released, by a process that opens nothing else.
func (p program) publicSiteOf(t *testing.T) http.Handler {
	t.Helper()
	cfg, err := LoadConfig(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	site, err := openPublicSite(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { site.Close() })
	return site.handler
}

func asked(t *testing.T, h http.Handler, path string, want int) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != want {
		t.Fatalf("%s: %d, want %d\n%s", path, w.Code, want, w.Body.String())
	}
	return w.Body.String()
}

var checkAddress = regexp.MustCompile(`/claims/p[0-9a-z]+/1`)

// TestAReporterOpensAReleasedCheck: both parties' checks leave at once, each with the other's
// total beside it, under an address whose bytes are those that are recorded.
func TestAReporterOpensAReleasedCheck(t *testing.T) {
	p := checkedTotals(t, freeParties)
	mustHold(t, p.good(t, "claims", "release", "--dry-run"), "2 versions of checks would be released, 0 held back")
	mustHold(t, p.good(t, "claims", "release"), "2 versions of checks released to public.db")
	mustHold(t, p.good(t, "claims", "release"), "0 versions of checks released to public.db, 0 held back, 2 say nothing new")
	site := p.publicSiteOf(t)
	list := asked(t, site, "/claims", 200)
	mustHold(t, list, "2935", "4900", "adds different units")
	addresses := checkAddress.FindAllString(p.good(t, "claims", "release", "--json")+list+asked(t, site, "/claims?lang=uk", 200), -1)
	if len(addresses) > 0 {
		t.Errorf("the list leads to versions that will be old: %v", addresses)
	}
	links := regexp.MustCompile(`/claims/p[0-9a-z]+`).FindAllString(list, -1)
	if len(links) != 2 {
		t.Fatalf("links %v", links)
	}
	for _, link := range links {
		newest, first := asked(t, site, link, 200), asked(t, site, link+"/1", 200)
		for _, page := range []string{newest, first} {
			mustHold(t, page, "can be neither confirmed nor refuted", "Side by side", "2935", "4900", link+"/1", "SHA-256", link+"/1.json")
			if strings.Contains(page, "attributed to the accused") || strings.Contains(page, "7835") {
				t.Errorf("%s tells too much", link)
			}
		}
		mustHold(t, asked(t, site, link+"/1?lang=uk", 200), "не можна ні підтвердити, ні спростувати", "Поряд")
		body := asked(t, site, link+"/1.json", 200)
		var c truce.PublicCheck
		if err := json.Unmarshal([]byte(body), &c); err != nil || c.Address() != link+"/1" || len(c.Beside) != 1 || len(c.Own) == 0 {
			t.Errorf("%s: %+v %v", link, c, err)
		}
		mustHold(t, first, truce.HashOf([]byte(body)).String())
		asked(t, site, link+"/2", 404)
		asked(t, site, link+"/x", 404)
	}
	asked(t, site, "/claims/pnothing", 404)
}

// TestALaterCheckSupersedes: what becomes known later is a version of its own; the old stays
// as it was and leads to the new.
func TestALaterCheckSupersedes(t *testing.T) {
	p := checkedTotals(t, freeParties)
	p.good(t, "claims", "release")
	link := regexp.MustCompile(`/claims/p[0-9a-z]+`).FindString(asked(t, p.publicSiteOf(t), "/claims", 200))
	before := asked(t, p.publicSiteOf(t), link+"/1.json", 200)
	more := "time,time_to,lat,lon,sigma_m,family,sensor,publisher,act,count,unit,accused,text\n" +
		"2031-03-11T15:00:00Z,,-47.950,-21.700,200,patrol,team-north,,indirect_fire,,,,More impacts\n2031-03-11T15:00:30Z,,-47.950,-21.700,200,drone,drone-1,,indirect_fire,,,,More impacts from above\n"
	p.now = p.now.Add(time.Hour)
	p.good(t, "import", "--format", "csv", p.write(t, "more.csv", more))
	p.good(t, "assess")
	mustHold(t, p.good(t, "claims", "check"), "2 checks new or changed")
	mustHold(t, p.good(t, "claims", "release"), "2 versions of checks released")
	site := p.publicSiteOf(t)
	mustHold(t, asked(t, site, link+"/2", 200), "supersedes", `href="`+link+`/1"`)
	old := asked(t, site, link+"/1", 200)
	mustHold(t, old, "A later version stands", `href="`+link+`/2"`)
	if after := asked(t, site, link+"/1.json", 200); after != before {
		t.Errorf("version 1 changed:\n%s\n%s", before, after)
	}
}

// TestChecksStayInsideTogether: too early, or without the right to pass one of them on, none
// leaves, and the command says why.
func TestChecksStayInsideTogether(t *testing.T) {
	p := checkedTotals(t, "")
	mustHold(t, p.good(t, "claims", "release"), "0 versions of checks released", "2 held back", "does not allow its data to be passed on")
	if r := p.run("claims", "release", "01ARZ3NDEKTSV4RRFFQ69G5FAV"); r.code == 0 || !strings.Contains(r.err, "there is no claim check") {
		t.Errorf("an unknown check: %+v", r)
	}
	if r := p.run("claims", "release", "x"); r.code == 0 {
		t.Error("no id at all is let pass")
	}
	p = checkedTotals(t, freeParties)
	p.now = time.Date(2031, 3, 12, 20, 0, 0, 0, time.UTC) // 23 hours after the last hour
	early := p.good(t, "claims", "release", "--json")
	mustHold(t, early, `"why": "early"`, "may leave at 2031-03-12T21:00:00")
	p.now = storyTime
	one := regexp.MustCompile(`"id": "([0-9A-Z]{26})"`).FindStringSubmatch(early)
	mustHold(t, p.good(t, "claims", "release", one[1]), "2 versions of checks released") // its rival leaves with it
}

// TestATakedownReachesWhatCitesTheText: the version that cites it is withdrawn at once, its
// address and hash stay, and nothing that is out has the sentence.
func TestATakedownReachesWhatCitesTheText(t *testing.T) {
	p := newProgram(t)
	p.settings(t, sampleConfig+"\nreporting:\n  parties: {\"state:UA\": A, \"state:RU\": B}\n")
	post := "---\ntitle: Ministry counts violations\ndate: 2031-03-11T12:00:00Z\nlink: https://wire.example/1\npublisher: Island Wire\n---\n" +
		"The ministry recorded 2,935 violations of the ceasefire by Russian forces in 30 hours.\n\nOfficials said that the count goes on through the night and that the next number comes on Wednesday.\n"
	p.good(t, "import", "--format", "post", p.write(t, "wire.md", post))
	p.good(t, "assess")
	mustHold(t, p.good(t, "claims", "check"), "1 totals")
	mustHold(t, p.good(t, "claims", "release"), "1 versions of checks released")
	link := regexp.MustCompile(`/claims/p[0-9a-z]+`).FindString(asked(t, p.publicSiteOf(t), "/claims", 200))
	const sentence = "by Russian forces in 30 hours"
	body := asked(t, p.publicSiteOf(t), link+"/1.json", 200)
	mustHold(t, body, sentence)
	articles := p.grouped(t)
	if len(articles) != 1 {
		t.Fatalf("%d articles", len(articles))
	}
	p.now = p.now.Add(time.Hour)
	mustHold(t, p.good(t, "feed", "takedown", articles[0].ID.String(), "--reason", "request of the publisher"), "withdrawn: "+link+"/1")
	mustHold(t, p.good(t, "claims", "release"), "0 versions of checks released")
	site := p.publicSiteOf(t)
	asked(t, site, link+"/1.json", 404)
	mustHold(t, asked(t, site, link+"/1", 200), "was taken down", truce.HashOf([]byte(body)).String())
	for _, path := range []string{"/claims", link, link + "/1"} {
		if strings.Contains(asked(t, site, path, 200), sentence) {
			t.Errorf("%s cites what was taken down", path)
		}
	}
	p.good(t, "verify-store")
	p.good(t, "rebuild")
}

// TestATextThatCameWithOthersIsCheckedNoMore: its report stays, since it would take the others
// with it, but no total of it is checked again.
func TestATextThatCameWithOthersIsCheckedNoMore(t *testing.T) {
	p := newProgram(t)
	p.settings(t, sampleConfig+"\nreporting:\n  parties: {\"state:UA\": A, \"state:RU\": B}\n")
	item := func(n int, who, words string) string {
		return fmt.Sprintf("<item><title>%s counts violations</title><link>https://wire.example/%d</link><guid>%d</guid><pubDate>Tue, 11 Mar 2031 12:00:00 GMT</pubDate>"+
			"<description>%s recorded %s in 30 hours. Officials said that the count goes on.</description></item>", who, n, n, who, words)
	}
	feed := "<rss version=\"2.0\"><channel><title>Island Wire</title><link>https://wire.example/</link>" + item(1, "The ministry", "2,935 violations of the ceasefire by Russian forces") +
		item(2, "The other ministry", "1,001 violations of the ceasefire by Ukrainian forces") + "</channel></rss>"
	p.good(t, "import", "--format", "feed", p.write(t, "f.xml", feed))
	p.good(t, "assess")
	mustHold(t, p.good(t, "claims", "check"), "2 totals, 2 checks new or changed")
	articles := p.grouped(t)
	i := slices.IndexFunc(articles, func(a truce.Article) bool { return a.URL == "https://wire.example/1" })
	if len(articles) != 2 || i < 0 {
		t.Fatalf("%d articles", len(articles))
	}
	mustHold(t, p.good(t, "feed", "takedown", articles[i].ID.String(), "--reason", "request of the publisher"), "came with 1 others", "1 checks that quote it erased")
	mustHold(t, p.good(t, "claims", "check"), "1 totals, 0 checks new or changed")
	if list := p.good(t, "claims", "list"); strings.Contains(list, "2935") {
		t.Errorf("a total of a text that was taken down is listed:\n%s", list)
	}
}

// TestWhoRepeatsATextThatWasTakenDownIsChecked: the repetition is a statement of its own once
// the first one is gone.
func TestWhoRepeatsATextThatWasTakenDownIsChecked(t *testing.T) {
	p := newProgram(t)
	p.settings(t, sampleConfig+"\nreporting:\n  parties: {\"state:UA\": A, \"state:RU\": B}\n")
	for day, text := range []string{
		10: "The ministry recorded 2,935 violations of the ceasefire by Russian forces in 30 hours.\n\nOfficials said that the count goes on through the night and that the next number comes on Wednesday.\n",
		11: "The market of Kelvost was shut on Tuesday and the buses did not run, the council said.\n\nThe ministry recorded 2,935 violations of the ceasefire by Russian forces in 30 hours.\n",
	} {
		if text != "" {
			p.good(t, "import", "--format", "post", p.write(t, "post.md", fmt.Sprintf("---\ntitle: News of the %dth\ndate: 2031-03-%d\nlink: https://wire.example/%d\npublisher: Island Wire\n---\n%s", day, day, day, text)))
		}
	}
	p.good(t, "assess")
	mustHold(t, p.good(t, "claims", "check"), "1 totals, 1 checks new or changed")
	articles := p.grouped(t)
	i := slices.IndexFunc(articles, func(a truce.Article) bool { return a.URL == "https://wire.example/10" })
	if len(articles) != 2 || i < 0 {
		t.Fatalf("%d articles", len(articles))
	}
	mustHold(t, p.good(t, "feed", "takedown", articles[i].ID.String(), "--reason", "request of the publisher"), "1 checks that quote it erased")
	mustHold(t, p.good(t, "claims", "check"), "1 totals, 1 checks new or changed")
	mustHold(t, p.good(t, "claims", "list"), "2935")
}
