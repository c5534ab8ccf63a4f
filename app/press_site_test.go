package app

import (
	"encoding/json"
	"encoding/xml"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/public"
)

const ourSite = "\npublic_url: https://truce.example.org/\n"

// TestThePublicSiteSaysWhereItLies: with its address known feeds, sitemap and permanent links
// are whole; without it feeds name no host and there is no sitemap.
func TestThePublicSiteSaysWhereItLies(t *testing.T) {
	p := checkedTotals(t, freeParties+ourSite)
	p.good(t, "import", "--format", "post", p.write(t, "a.md", "---\ntitle: Rain over the valley\ndate: 2031-03-10\npublisher: Valley News\nlink: https://valley.example/rain\n---\nIt rained over the valley all day, and the ford was closed to lorries in the evening.\n"))
	p.good(t, "stories", "update")
	p.good(t, "bulletin", "daily", "--date", "2031-03-11")
	p.good(t, "bulletin", "release", "--date", "2031-03-11")
	mustHold(t, p.good(t, "claims", "release"), "https://truce.example.org/claims/p")
	site := p.publicSiteOf(t)

	var feed struct {
		HomePageURL string `json:"home_page_url"`
		Items       []struct{ URL string }
	}
	if err := json.Unmarshal([]byte(asked(t, site, "/press/feed.json", 200)), &feed); err != nil || feed.HomePageURL != "https://truce.example.org/" || len(feed.Items) != 1 {
		t.Fatalf("%+v, %v", feed, err)
	}
	if story := strings.TrimPrefix(feed.Items[0].URL, "https://truce.example.org"); story == feed.Items[0].URL {
		t.Errorf("the entry leads to %s", story)
	} else {
		mustHold(t, asked(t, site, story, 200), "Rain over the valley")
	}
	mustHold(t, asked(t, site, "/press/atom.xml", 200), `href="https://truce.example.org/press/atom.xml"`)

	var urls struct {
		Pages []struct {
			Address string `xml:"loc"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal([]byte(asked(t, site, "/sitemap.xml", 200)), &urls); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{"/claims/p": 0, "/stories/": 0, "/daily/2031-03-11": 0}
	for _, link := range public.Links() {
		if !strings.Contains(asked(t, site, "/sitemap.xml", 200), "<loc>https://truce.example.org"+link.Href+"</loc>") {
			t.Errorf("the sitemap does not list %s, to which every page leads", link.Href)
		}
	}
	for _, page := range urls.Pages {
		for kind := range kinds {
			if strings.HasPrefix(page.Address, "https://truce.example.org"+kind) {
				kinds[kind]++
			}
		}
		path, whole := strings.CutPrefix(page.Address, "https://truce.example.org")
		if !whole {
			t.Errorf("%s is not on the site", page.Address)
		}
		asked(t, site, path, 200)
		if strings.HasPrefix(path, "/claims/p") {
			mustHold(t, asked(t, site, path, 200), "https://truce.example.org"+path+"/1</a>", "https://truce.example.org"+path+"/1.json</a>")
		}
	}
	for kind, n := range kinds {
		if n == 0 {
			t.Errorf("the sitemap lists no %s", kind)
		}
	}

	p.settings(t, sampleConfig+freeParties)
	site = p.publicSiteOf(t)
	asked(t, site, "/sitemap.xml", 404)
	if body := asked(t, site, "/press/feed.json", 200); strings.Contains(body, "truce.example.org") {
		t.Errorf("the feed names a host that is not set: %s", body)
	}
}

// TestAPublicAddressIsWhole: what is no address of a site is refused with the mend.
func TestAPublicAddressIsWhole(t *testing.T) {
	for _, bad := range []string{"truce.example.org", "ftp://truce.example.org", "https://", "https://truce.example.org/folder", "https://truce.example.org?x=1", "https://me@truce.example.org", "https://:8080"} {
		if _, err := parseConfig([]byte("public_url: " + bad + "\n")); err == nil || !strings.Contains(err.Error(), "public_url") || !strings.Contains(err.Error(), "https://truce.example.org") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for text, want := range map[string]string{"https://truce.example.org/": "https://truce.example.org", "http://localhost:8081": "http://localhost:8081", "": ""} {
		cfg, err := parseConfig([]byte("public_url: \"" + text + "\"\n"))
		if err != nil || cfg.site() != want {
			t.Errorf("%s: %q, %v", text, cfg.site(), err)
		}
	}
}

// TestClaimantsAreNamedInTheReadersLanguage: a party by its name in the agreement, at the desk
// and, once a bulletin is out, outside; others by the dictionary; the released bytes stay.
func TestClaimantsAreNamedInTheReadersLanguage(t *testing.T) {
	p := checkedTotals(t, freeParties)
	p.good(t, "claims", "release")
	before := asked(t, p.publicSiteOf(t), "/claims?lang=uk", 200)
	mustHold(t, before, "Party A")
	p.good(t, "bulletin", "daily", "--date", "2031-03-11")
	p.good(t, "bulletin", "release", "--date", "2031-03-11")
	h, err := p.opened(t).deskHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{"the public page": asked(t, p.publicSiteOf(t), "/claims?lang=uk", 200), "the desk": get(h, "/claims?lang=uk").body}
	link := regexp.MustCompile(`/claims/p[0-9a-z]+`).FindString(pages["the public page"])
	pages["the public check"] = asked(t, p.publicSiteOf(t), link+"?lang=uk", 200)
	pages["the desk's check"] = get(h, regexp.MustCompile(`/claims/[0-9A-Z]{26}`).FindString(pages["the desk"])+"?lang=uk").body
	for name, page := range pages {
		if !strings.Contains(page, "Сторона А") || strings.Contains(page, "Party A") {
			t.Errorf("%s does not name the party in Ukrainian", name)
		}
	}
	mustHold(t, asked(t, p.publicSiteOf(t), "/claims", 200), "Party A")
	mustHold(t, asked(t, p.publicSiteOf(t), link+"/1.json", 200), `"claimant":"Party `)

	k := truce.ClaimCheck{Total: truce.ClaimTotal{Claimant: "Volodymyr Zelenskyy"}}
	if got := (claimants{lang: "uk"}).in(k).Total.Claimant; got != "Володимир Зеленський" {
		t.Errorf("a person is called %s", got)
	}
	if got := calledIn("Reuters, Емманюель Макрон", "en"); got != "Reuters, Emmanuel Macron" {
		t.Errorf("tellers are %s", got)
	}
}
