package app

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// secrets are what the public may never read, by kind.
type secrets struct {
	words map[string][]string // ids, headlines, texts, files, addresses, keys
	// places are coordinates of incidents and observations, cut after three decimals,
	// about 100 m.
	places  map[string]bool
	numbers *regexp.Regexp
}

// gatherSecrets reads everything precise from the store.
func (s sites) gatherSecrets(t *testing.T) secrets {
	t.Helper()
	ctx := context.Background()
	out := secrets{words: map[string][]string{}, places: map[string]bool{}, numbers: regexp.MustCompile(`\b2031-[0-9]{1,4}\b[^-0-9]`)}
	all, err := s.app.store.Incidents(ctx, truce.IncidentQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range all.Rows {
		out.add("id", row.Incident.ID.String())
		for _, id := range row.Incident.Events {
			out.add("id", id.String())
		}
		if p := row.Incident.Position; p != nil {
			out.addPlace(float64(p.Lat), float64(p.Lon))
		}
	}
	err = s.app.store.Observations(ctx, truce.ObservationQuery{}, func(o truce.Observation) error {
		out.add("id", o.ID.String())
		out.add("file", o.Origin.File)
		if o.Report != nil {
			out.add("headline", o.Report.Headline)
			out.add("text", o.Report.Text)
			for _, link := range o.Report.Links {
				out.add("link", link)
			}
		}
		if o.Place != nil {
			out.addPlace(float64(o.Place.Lat), float64(o.Place.Lon))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(s.app.cfg.Path(gateKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	out.add("key", strings.TrimSpace(string(key)))
	return out
}

func (s secrets) add(kind, word string) {
	if len(word) > 8 {
		s.words[kind] = append(s.words[kind], word)
	}
}

func (s secrets) addPlace(values ...float64) {
	for _, v := range values {
		s.places[fmt.Sprintf("%.3f", math.Trunc(math.Abs(v)*1000)/1000)] = true
	}
}

var fineDecimal = regexp.MustCompile(`[0-9]{1,3}\.[0-9]{3,}`)

// leaks lists the kinds of secrets a text holds, each with an example. Corners of the
// public grid are known to everybody and may be near anything.
func (s secrets) leaks(text string, corners map[string]bool) map[string]string {
	out := map[string]string{}
	text = html.UnescapeString(text)
	for kind, words := range s.words {
		for _, word := range words {
			if strings.Contains(text, word) {
				out[kind] = word
			}
		}
	}
	if found := s.numbers.FindString(text); found != "" {
		out["number"] = found
	}
	for _, number := range fineDecimal.FindAllString(text, -1) {
		whole, fraction, _ := strings.Cut(number, ".")
		if cut := whole + "." + fraction[:3]; s.places[cut] && !corners[cut] {
			out["place"] = number
		}
	}
	return out
}

// corners are the edges of every cell the public edition prints.
func (s sites) corners(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, day := range []string{"2031-03-10", "2031-03-11", "2031-03-12"} {
		var b truce.Bulletin
		if err := json.Unmarshal([]byte(get(s.public, "/daily/"+day+".json").body), &b); err != nil {
			t.Fatal(err)
		}
		places := []truce.RowPlace{}
		for _, row := range b.Rows {
			places = append(places, row.Place)
		}
		for _, w := range b.Windows {
			places = append(places, w.Place)
		}
		for _, place := range places {
			if c := place.Cell; c != nil {
				for _, v := range []float64{c.South, c.North, c.West, c.East} {
					text := fmt.Sprintf("%.4f", math.Abs(v)) // as a page prints it, rounded
					out[text[:len(text)-1]] = true
					text = fmt.Sprintf("%.5f", math.Abs(v)) // as the JSON holds it
					out[text[:len(text)-2]] = true
				}
			}
		}
	}
	return out
}

func (s sites) testNobodyGetsMore(t *testing.T) {
	secret, corners := s.gatherSecrets(t), s.corners(t)
	for path, a := range crawl(s.public) {
		for kind, example := range secret.leaks(a.body, corners) {
			if cites(path) && (kind == "headline" || kind == "link") {
				continue
			}
			t.Errorf("public %s tells a %s: %s", path, kind, example)
		}
	}
	hit := s.hits(t)[0].Incident
	for _, path := range []string{
		"/incidents/" + hit.Number, "/incidents/" + hit.ID.String(), "/records/1", "/records/386", "/terms", "/sources", "/quarantine",
		"/truce.db", "/public.db", "/gate.key", "/truce.yaml", "/files/truth.json", "/agreement/agreement.yaml",
		"/assets/../truce.db", "/assets/%2e%2e/%2e%2e/gate.key", "/assets/..%2f..%2fgate.key", "/assets//etc/passwd", "/daily/..%2f..%2ftruce.db",
		"/daily/2031-03-12.db", "/daily/2031-03-12.json.gz", "/daily/2031-03-13", "/debug/pprof/", "/metrics", "/.git/config", "/incidents/", "//incidents/" + hit.Number,
	} {
		a := get(s.public, path)
		if a.status == 200 {
			t.Errorf("public %s answers %d", path, a.status)
		}
		body := strings.ReplaceAll(strings.ReplaceAll(a.body, hit.Number, ""), hit.ID.String(), "") // what the question said itself
		for kind, example := range secret.leaks(body, corners) {
			t.Errorf("public %s tells a %s: %s", path, kind, example)
		}
	}
	for _, path := range []string{"/incidents?edition=mission", "/daily/2031-03-12?edition=mission", "/daily/2031-03-12.json?edition=mission&precise=1", "/incidents?limit=100000&precise=1"} {
		for kind, example := range secret.leaks(get(s.public, path).body, corners) {
			t.Errorf("public %s tells a %s: %s", path, kind, example)
		}
	}
	s.checkTheCheck(t, secret, corners)
}

// cites says whether a page is of the press, which names headlines and links as their
// publishers do and nothing more of a text (docs/decisions/0022).
func cites(path string) bool {
	return strings.HasPrefix(path, "/press") || strings.HasPrefix(path, "/stories/") || strings.HasPrefix(path, "/promises") || strings.HasPrefix(path, "/claims")
}

// checkTheCheck is the negative control: the desk tells every kind of secret, and the
// same search must find each.
func (s sites) checkTheCheck(t *testing.T, secret secrets, corners map[string]bool) {
	t.Helper()
	found := map[string]string{}
	all, err := s.app.store.Incidents(context.Background(), truce.IncidentQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range all.Rows {
		maps.Copy(found, secret.leaks(get(s.desk, "/incidents/"+row.Incident.Number+"?all=1").body, corners))
	}
	key, err := os.ReadFile(s.app.cfg.Path(gateKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	// No page of the desk shows the key, nor the headlines of posts that joined nothing.
	maps.Copy(found, secret.leaks("key="+string(key)+" "+secret.words["headline"][0], corners))
	for _, kind := range []string{"id", "file", "headline", "text", "link", "key", "number", "place"} {
		if found[kind] == "" {
			t.Errorf("the search for secrets would not find a %s", kind)
		}
	}
	if found := secret.leaks(get(s.desk, "/daily/2031-03-12.json").body, corners); found["place"] == "" || found["id"] == "" {
		t.Errorf("the search would not find places and ids in a mission's bulletin: %v", found)
	}
}

// The public pages are served by a process that has nothing precise: here it is given a
// directory with the settings and the public store alone.
func (s sites) testPublicPagesNeedThePublicStoreAlone(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{ConfigFile, s.app.cfg.Public} {
		data, err := os.ReadFile(s.app.cfg.Path(name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg, err := LoadConfig(dir)
	if err != nil {
		t.Fatal(err)
	}
	site, err := openPublicSite(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	for _, path := range []string{"/", "/incidents", "/daily/2031-03-12", "/incidents/" + s.publicID(t)} {
		if a := get(site.handler, path); a.status != 200 {
			t.Errorf("%s without the precise store: %d", path, a.status)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		if name := entry.Name(); name != ConfigFile && !strings.HasPrefix(name, s.app.cfg.Public) {
			t.Errorf("the public pages made %s", name)
		}
	}
}
