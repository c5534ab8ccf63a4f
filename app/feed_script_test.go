package app_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestFeedScripts walks the way of open reporting against a site on this machine, with the
// records in a file and on a server.
func TestFeedScripts(t *testing.T) {
	for _, engine := range []struct{ name, store string }{{"sqlite", "sqlite:truce.db"}, {"postgres", "postgres"}} {
		t.Run(engine.name, func(t *testing.T) {
			files, err := filepath.Glob("testdata/feeds/*.txtar")
			if err != nil || len(files) == 0 {
				t.Fatalf("no scripts: %v", err)
			}
			testscript.Run(t, testscript.Params{
				Files: files, RequireExplicitExec: true,
				Cmds: map[string]func(*testscript.TestScript, bool, []string){"site": scriptSite, "settings": scriptSettings},
				Setup: func(env *testscript.Env) error {
					address := engine.store
					if address == "postgres" {
						address = postgres.Database(t)
					}
					env.Setenv("STORE", address)
					return nil
				},
			})
		})
	}
}

// scriptSite does "site": serves the folder site of the script, as $SITE. Beside a file may
// lie FILE.say, which holds how it is answered: a status, "redirect ADDRESS", "header NAME
// VALUE", "bomb" or "slow", a line each.
func scriptSite(ts *testscript.TestScript, neg bool, _ []string) {
	if neg {
		ts.Fatalf("unsupported: ! site")
	}
	stop := make(chan struct{})
	server := httptest.NewServer(site{ts.MkAbs("site"), stop})
	ts.Defer(func() { close(stop); server.Close() })
	ts.Setenv("SITE", server.URL)
	ts.Setenv("SITE_HOST", strings.TrimPrefix(server.URL, "http://"))
}

// scriptSettings does "settings FILE": adds the file, with its variables filled in, to
// truce.yaml here.
func scriptSettings(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("unsupported: ! settings")
	}
	name := ts.MkAbs("truce.yaml")
	text, err := os.ReadFile(name)
	ts.Check(err)
	more := strings.NewReplacer("$SITE_HOST", ts.Getenv("SITE_HOST"), "$SITE", ts.Getenv("SITE")).Replace(ts.ReadFile(args[0]))
	ts.Check(os.WriteFile(name, append(text, more...), 0o600))
}

// site is a folder as a web site.
type site struct {
	folder string
	stop   <-chan struct{} // the test is over
}

// ServeHTTP answers with a file, as its .say tells.
func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := filepath.Join(s.folder, filepath.Clean("/"+r.URL.Path))
	text, err := os.ReadFile(name)
	said, _ := os.ReadFile(name + ".say") // most files have none
	if err != nil && said == nil {
		http.NotFound(w, r)
		return
	}
	text = bytes.ReplaceAll(text, []byte("$SITE"), []byte("http://"+r.Host))
	status := http.StatusOK
	for line := range strings.Lines(string(said)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "redirect":
			http.Redirect(w, r, rest, http.StatusFound)
			return
		case "header":
			key, value, _ := strings.Cut(rest, " ")
			w.Header().Set(key, value)
		case "bomb":
			bomb(w)
			return
		case "slow":
			s.slow(w, r)
			return
		default:
			fmt.Sscan(word, &status)
		}
	}
	tag := fmt.Sprintf("\"%x\"", sha256.Sum256(text))
	w.Header().Set("Etag", tag)
	if r.Header.Get("If-None-Match") == tag {
		status = http.StatusNotModified
	}
	w.WriteHeader(status)
	if status != http.StatusNotModified {
		w.Write(text)
	}
}

// bomb answers with 64 MiB packed into some kilobytes.
func bomb(w http.ResponseWriter) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	defer z.Close()
	for range 64 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			return
		}
	}
}

// slow begins an answer and never ends it.
func (s site) slow(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusOK)
	if err := http.NewResponseController(w).Flush(); err != nil {
		return
	}
	select {
	case <-s.stop:
	case <-r.Context().Done():
	}
}
