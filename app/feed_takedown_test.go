package app

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// copied is a paper with an article in two versions, of which a second paper has the first
// word for word; a look in between found the page changed in its furniture alone.
func copied(t *testing.T) (p program, article, copy truce.Article) {
	t.Helper()
	site := newPaper(t)
	page := htmlPage("Trucks cross the bridge", bridgeText)
	site.put("/rss.xml", rss(site, "Trucks cross the bridge", "/one.html", ""))
	site.put("/one.html", page)
	other := strings.Replace(rss(site, "Flour for the mill", "/two.html", ""), "Valley News", "Mill Herald", 1)
	site.put("/other.xml", other)
	site.put("/two.html", strings.ReplaceAll(page, "Trucks cross the bridge", "Flour for the mill"))
	p = collecting(t, site)
	p.good(t, "feed", "add", site.URL+"/rss.xml", "--id", "valley")
	p.good(t, "feed", "add", site.URL+"/other.xml", "--id", "mill")
	p.good(t, "feed", "fetch")
	p.now = storyTime.Add(time.Hour)
	site.put("/one.html", strings.Replace(page, "</body>", "<footer>Other news</footer></body>", 1))
	p.good(t, "feed", "fetch")
	p.now = storyTime.Add(7 * time.Hour)
	site.put("/one.html", strings.Replace(page, "Four trucks", "Three trucks", 1))
	p.good(t, "feed", "fetch")
	for _, a := range p.grouped(t) {
		if a.Headline == "Flour for the mill" {
			copy = a
		} else {
			article = a
		}
	}
	if article.Version != 2 || copy.TextHash.IsZero() || copy.TextHash == article.TextHash {
		t.Fatalf("made %+v and %+v, want an article in two versions and a copy of the first", article, copy)
	}
	return p, article, copy
}

// holdsNothing fails when the words of the text are still kept anywhere in a data directory.
func (p program) holdsNothing(t *testing.T, articles ...truce.ID) {
	t.Helper()
	p.mustNotHoldInEvidence(t, "without an escort")
	a := p.openApp(t)
	defer a.Close()
	if page, err := a.store.Articles(t.Context(), truce.ArticleQuery{Words: "flour escort"}); err != nil || len(page.Rows) != 0 {
		t.Errorf("the search still finds %d articles, %v", len(page.Rows), err)
	}
	err := a.store.Observations(t.Context(), truce.ObservationQuery{Kind: truce.KindReport, From: always.From, To: always.To}, func(o truce.Observation) error {
		if strings.Contains(o.Report.Text, "without an escort") {
			t.Errorf("report %s still carries the text", o.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range articles {
		if texts, err := a.store.TextsOf(t.Context(), id); err != nil || len(texts) != 0 {
			t.Errorf("%d texts of %s are kept, %v", len(texts), id, err)
		}
	}
	if index, err := os.ReadFile(a.cfg.Path(storyIndexFile)); err == nil && strings.Contains(string(index), "escort") {
		t.Error("the index of stories still holds words of the text")
	}
}

// TestTakedownByHashReachesEveryVersionAndCopy: the hash of one version of a text, or of a
// page it came in, reaches all of it.
func TestTakedownByHashReachesEveryVersionAndCopy(t *testing.T) {
	for _, by := range []string{"the first text", "the text now", "the page", "the article"} {
		t.Run(by, func(t *testing.T) {
			p, article, copy := copied(t)
			what := map[string]string{"the first text": copy.TextHash.String(), "the text now": article.TextHash.String(), "the article": article.ID.String()}[by]
			if by == "the page" {
				a := p.openApp(t)
				_, originals, err := a.originalsOf(t.Context(), article.ID)
				if err != nil || a.Close() != nil {
					t.Fatal(err)
				}
				what = originals[0].String()
			}
			said := p.good(t, "feed", "takedown", what, "--reason", "asked by the author")
			mustHold(t, said, "2 texts of 2 articles removed", "2 reports erased", "4 originals removed", "stories in the public store follow with the next release")
			p.holdsNothing(t, article.ID, copy.ID)
			mustHold(t, p.good(t, "verify-store"), "no damage found")
			mustHold(t, p.good(t, "evidence", "verify"), "4 taken down", "no damage found")
		})
	}
}

// TestTakedownOfAFeedsBytesLeavesItsTexts: bytes that carry several texts are removed alone,
// which is said.
func TestTakedownOfAFeedsBytesLeavesItsTexts(t *testing.T) {
	site := newPaper(t)
	item := func(title, text string) string {
		return "<item><title>" + title + "</title><link>" + site.URL + "/" + title[:3] + "</link><pubDate>Thu, 13 Mar 2031 11:30:00 GMT</pubDate><description>" + text + "</description></item>"
	}
	other := strings.Repeat("The mill at the river has ground no corn since the dam was breached and the race ran dry in May. ", 5)
	site.put("/rss.xml", "<rss version=\"2.0\"><channel><title>Valley News</title>"+item("Trucks cross the bridge", strings.Repeat(bridgeText+" ", 4))+item("No corn at the mill", other)+"</channel></rss>")
	p := collecting(t, site)
	p.good(t, "feed", "add", site.URL+"/rss.xml", "--id", "valley")
	p.good(t, "feed", "fetch")
	a := p.openApp(t)
	_, originals, err := a.originalsOf(t.Context(), p.grouped(t)[0].ID)
	if err != nil || a.Close() != nil {
		t.Fatal(err)
	}
	mustHold(t, p.good(t, "feed", "takedown", originals[0].String(), "--reason", "a private name"), "not reached: the bytes carried 2 texts", "0 reports erased", "1 originals removed")
	if left := p.grouped(t); len(left) != 2 || left[0].Text == "" || left[1].Text == "" {
		t.Errorf("left %+v, want both texts", left)
	}
}

// TestTakedownSurvivesAKillAtEachStep: a process that is killed with SIGKILL behind the
// record or any step that follows on it leaves a takedown that the next command finishes.
func TestTakedownSurvivesAKillAtEachStep(t *testing.T) {
	if dir := os.Getenv("TRUCE_TEST_TAKEDOWN"); dir != "" {
		killedTakedown(t, dir)
		return
	}
	steps := len((&App{}).takedownSteps())
	for n := range steps {
		t.Run(strconv.Itoa(n)+" steps done", func(t *testing.T) {
			p, article, copy := copied(t)
			cmd := exec.Command(os.Args[0], "-test.run", "^TestTakedownSurvivesAKillAtEachStep$")
			cmd.Env = append(os.Environ(), "TRUCE_TEST_TAKEDOWN="+p.dir, "TRUCE_TEST_ARTICLE="+article.ID.String(), "TRUCE_TEST_STEPS="+strconv.Itoa(n), "TRUCE_TEST_NOW="+p.now.Format(time.RFC3339))
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(err.Error(), "killed") {
				t.Fatalf("the process was to be killed: %v\n%s", err, out)
			}
			r := p.run("feed", "list")
			if r.code != 0 || strings.Contains(r.err, "cut off") {
				t.Errorf("a command that only reads: %+v", r)
			}
			if r = p.run("feed", "fetch"); r.code != 0 || !strings.Contains(r.err, "had been cut off and is finished") {
				t.Errorf("the next command that writes says %+v", r)
			}
			p.holdsNothing(t, article.ID, copy.ID)
			if r = p.run("feed", "fetch"); strings.Contains(r.err, "cut off") {
				t.Errorf("finished twice: %s", r.err)
			}
			mustHold(t, p.good(t, "evidence", "verify"), "4 taken down", "no damage found")
		})
	}
}

// killedTakedown takes an article down as far as some steps and ends as by kill -9.
func killedTakedown(t *testing.T, dir string) {
	now, err := time.Parse(time.RFC3339, os.Getenv("TRUCE_TEST_NOW"))
	if err != nil {
		t.Fatal(err)
	}
	steps, err := strconv.Atoi(os.Getenv("TRUCE_TEST_STEPS"))
	if err != nil {
		t.Fatal(err)
	}
	p := program{dir: dir, now: now}
	a := p.openApp(t)
	store, err := a.openEvidence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	down, err := takedownOf(os.Getenv("TRUCE_TEST_ARTICLE"), "asked by the author", truce.InstantOf(now))
	if err != nil {
		t.Fatal(err)
	}
	reach, err := a.takedownReach(t.Context(), store, down)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := a.store.Takedown(t.Context(), reach.records(down)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range a.takedownSteps()[:steps] {
		if _, err := step(t.Context(), reach.records(down)[0], receipt.Seqs[0]); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
	select {}
}

// TestAPublicStoreThatCannotBeRewrittenStopsNoTakedown: a takedown that was cut off is finished,
// and what failed is told, as often as it fails.
func TestAPublicStoreThatCannotBeRewrittenStopsNoTakedown(t *testing.T) {
	p, article, copy := copied(t)
	a := p.openApp(t)
	store, err := a.openEvidence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	down, err := takedownOf(article.ID.String(), "asked by the author", truce.InstantOf(p.now))
	if err != nil {
		t.Fatal(err)
	}
	reach, err := a.takedownReach(t.Context(), store, down)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.store.Takedown(t.Context(), reach.records(down)...); err != nil {
		t.Fatal(err)
	}
	path := a.cfg.Path(a.cfg.Public)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{ // a collation that is nowhere: the index cannot be made anew
		`CREATE TABLE earlier (body TEXT)`, `CREATE INDEX earlier_body ON earlier (body)`,
		`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX earlier_body ON earlier (body COLLATE nowhere)' WHERE name = 'earlier_body'`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	r := p.run("feed", "fetch")
	mustHold(t, r.err, "had been cut off and is finished", "not all that was taken down is gone", "rewrite the public store")
	p.holdsNothing(t, article.ID, copy.ID)
	r = p.run("feed", "fetch")
	mustHold(t, r.err, "rewrite the public store")
	if strings.Contains(r.err, "cut off") {
		t.Errorf("finished twice: %s", r.err)
	}
}

// TestATakenDownTextLeavesThePublicStore: with the next release nothing of a text that was
// taken down stands in the public store, in the files beside it or on a page.
func TestATakenDownTextLeavesThePublicStore(t *testing.T) {
	p := newProgram(t)
	const sentence, promise = "agreed on Monday to send forty monitors", "if the ceasefire holds"
	p.good(t, "import", "--format", "post", p.write(t, "wire.md", "---\ntitle: Allies agree to send monitors to the line\ndate: 2031-03-10T12:00:00Z\nlink: https://wire.example/1\npublisher: Island Wire\n---\n"+
		"The allies "+sentence+" to the contact line at Kelvost.\n\nFrance will send twenty soldiers to Ukraine "+promise+", President Emmanuel Macron said on Monday.\n"))
	p.good(t, "import", "--format", "post", p.write(t, "evening.md", "---\ntitle: Flood closes the harbour of Brenhala\ndate: 2031-03-10T14:00:00Z\nlink: https://evening.example/flood\npublisher: Brenhala Evening\n---\n"+
		"The river Ansa rose by two metres in the night and closed the harbour of Brenhala, the port office said.\n"))
	release := func(day string) []byte {
		p.good(t, "assess")
		p.good(t, "bulletin", "daily", "--date", day)
		p.good(t, "bulletin", "release", "--date", day)
		return publicBytes(t, p.dir)
	}
	if raw := string(release("2031-03-10")); !strings.Contains(raw, sentence) || !strings.Contains(raw, promise) {
		t.Fatal("the first release quotes nothing")
	}
	articles := p.grouped(t)
	at := slices.IndexFunc(articles, func(a truce.Article) bool { return strings.HasPrefix(a.Headline, "Allies") })
	p.now = p.now.Add(time.Hour)
	p.good(t, "feed", "takedown", articles[at].ID.String(), "--reason", "request of the publisher")
	raw := string(release("2031-03-11"))
	mustHold(t, raw, "Flood closes the harbour", "Allies agree to send monitors") // headline and link stay
	site := p.publicSiteOf(t)
	shown := ""
	for _, path := range []string{"/press", "/press/2031-03-10", "/promises", "/press/atom.xml", "/press/feed.json", "/claims"} {
		shown += asked(t, site, path, 200)
	}
	mustHold(t, shown, "Allies agree to send monitors")
	for _, story := range regexp.MustCompile(`/stories/[0-9A-Z]{26}`).FindAllString(shown, -1) {
		shown += asked(t, site, strings.TrimSuffix(story, "/"), 200)
	}
	for _, quote := range []string{sentence, promise} {
		if strings.Contains(raw, quote) {
			t.Errorf("the public store still holds %q", quote)
		}
		if strings.Contains(shown, quote) {
			t.Errorf("the pages still show %q", quote)
		}
	}
}

// publicBytes are the bytes of the public store and of what lies beside it.
func publicBytes(t *testing.T, dir string) []byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "public.db*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no public store: %v", err)
	}
	var all []byte
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw...)
	}
	return all
}
