package app

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/pgtest"
)

// TestTwoReplicasWriteAVersionOnce: two replicas look at an article at once. Whichever comes
// second finds the version there and writes none, on both engines.
func TestTwoReplicasWriteAVersionOnce(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { raceForVersions(t, "sqlite:truce.db") })
	t.Run("postgres", func(t *testing.T) {
		cluster := &pgtest.Cluster{}
		t.Cleanup(func() {
			if err := cluster.Close(); err != nil {
				t.Error(err)
			}
		})
		raceForVersions(t, cluster.Database(t))
	})
}

func raceForVersions(t *testing.T, store string) {
	site := newPaper(t)
	site.put("/rss.xml", rss(site, "Trucks cross the bridge", "/one.html", ""))
	site.put("/one.html", htmlPage("Trucks cross the bridge", bridgeText))
	p := program{dir: filepath.Join(t.TempDir(), "mission"), now: storyTime}
	p.good(t, "init", p.dir, "--store", store)
	p.settings(t, fmt.Sprintf("store: %q\nfeeds:\n  contact: https://watch.example/robot\n  allow: [%q]\n  every: 1ms\n", store, strings.TrimPrefix(site.URL, "http://")))
	p.good(t, "feed", "add", site.URL+"/rss.xml", "--id", "valley")
	p.good(t, "feed", "fetch")
	article := p.grouped(t)[0]
	p.now = storyTime.Add(time.Hour)
	first := p.replicaCollector(t)
	p.now = p.now.Add(time.Second)
	second := p.replicaCollector(t)

	// The second records its version after the first has read how the article stands.
	changed := truce.Report{Headline: article.Headline, Text: strings.Replace(article.Text, "Four trucks", "Three trucks", 1)}
	made := 0
	said, err := first.version(t.Context(), article.ID, againResult{}, func(s articleNow, r *againResult) (*truce.StoryBatch, error) {
		if made++; made == 1 {
			if other, err := second.recordChange(t.Context(), article, true, &changed, againResult{}); err != nil || other.Version != 2 {
				t.Errorf("the second writes version %d, %v", other.Version, err)
			}
		}
		return first.changed(t.Context(), s, true, &changed, r)
	})
	if err != nil || said.Version != 0 || said.Change != "" || made != 2 {
		t.Errorf("the first says %+v after %d tries, %v, want nothing new at the second", said, made, err)
	}

	var group errgroup.Group
	for _, c := range []*collector{first, second} {
		group.Go(func() error {
			_, err := c.recordGone(t.Context(), article, truce.GoneRemoved, againResult{})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
	versions, err := first.app.store.ArticleVersions(t.Context(), article.ID)
	if err != nil || len(versions) != 2 || versions[0].Number != 2 || versions[1].Number != 3 || versions[1].Gone != truce.GoneRemoved {
		t.Errorf("versions %+v, %v, want 2 and 3, the article gone", versions, err)
	}
	if _, err := first.app.store.Takedown(t.Context(), truce.Takedown{Article: article.ID, Reason: "asked by the publisher", At: 1}); err != nil {
		t.Fatal(err)
	}
	if said, err := second.recordChange(t.Context(), article, true, &changed, againResult{}); err != nil || !strings.Contains(said.Problem, "taken down") {
		t.Errorf("of an article taken down meanwhile is said %+v, %v", said, err)
	}
}

// replicaCollector is a collector of a process of its own.
func (p program) replicaCollector(t *testing.T) *collector {
	t.Helper()
	a := p.openApp(t)
	c, err := a.newCollector(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.getter.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}
