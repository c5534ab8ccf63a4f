// Package press serves what the world says as plain pages without scripts: the press review
// of a day, stories, who promised what, and the checks of stated totals.
//
// It is given what it shows, already cut to what its readers may see; it opens no store,
// never writes, and shows no more of a text than a headline and quoted sentences.
//
// Read Reader for what it is given, then the handlers below.
package press

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

//go:embed pages
var pages embed.FS

// Reader gives what the pages show. Errors are coded; NotFound becomes a 404.
type Reader interface {
	// Frame is the frame of the site the pages belong to, with its navigation.
	Frame(ctx context.Context) (web.Frame, error)
	Review(ctx context.Context, q Query) (Review, error)
	// Story is a story; words about its claims are in a language.
	Story(ctx context.Context, id, lang string) (Story, error)
	Promises(ctx context.Context, lang string) ([]Promise, error)
	// Checks are all checks, newest total first, with their words in a language.
	Checks(ctx context.Context, lang string) ([]Check, error)
	// Check is one check; version 0 is the newest. CheckJSON is a version as it was released.
	Check(ctx context.Context, id string, version int, lang string) (Check, error)
	CheckJSON(ctx context.Context, id string, version int) (web.Document, error)
	// Feed is a feed of the newest stories, "atom.xml" or "feed.json". What it says must not
	// depend on how it was asked for: caches and readers pass it on.
	Feed(ctx context.Context, name string) (web.Document, error)
	// Sitemap lists the pages of the site by their whole addresses; NotFound where its own is
	// not known.
	Sitemap(ctx context.Context) (web.Document, error)
}

// Query is what a reader of the review asks for.
type Query struct {
	Words     string
	Day       truce.Day // "": every day
	Language  string
	Publisher string
	Offset    int
	Limit     int
}

// Review is the stories that match, changed last first.
type Review struct {
	Stories    []truce.PublicStory
	Total      int
	Days       []DayCount // of the last days, newest first, whatever is asked for
	Languages  []string
	Publishers []string
	Searchable bool // words can be looked for
}

// DayCount is how much was told on a day.
type DayCount struct {
	Day      truce.Day
	Stories  int
	Articles int
}

// Story is a story with what was read out of its articles.
type Story struct {
	truce.PublicStory
	Entities []truce.Entity
	Lineage  []Lineage
	Claims   []Claim
	Versions []Version
	Internal bool // the reader sits at the desk
}

// Lineage is one step in the life of a story.
type Lineage struct {
	Kind  truce.StoryChangeKind
	At    truce.Instant
	Why   string
	Other string // id of the other story
	Title string // its title, or the story's own new one
}

// Claim is one thing a text says, with its sentence.
type Claim struct {
	Kind       truce.ClaimKind
	Words      string // what it says, in our words
	Quote      string
	Publisher  string
	Link       string
	At         truce.Instant
	Tellers    string // the chain, nearest first
	Confidence float64
}

// Version says that a publisher changed or removed an article.
type Version struct {
	Headline  string
	Publisher string
	At        truce.Instant
	Gone      truce.GoneKind
	Pieces    []Piece // the visible difference; for the desk alone
	Added     int     // words
	Removed   int
}

// Piece is a stretch of text that stayed, came or went.
type Piece struct {
	Kind string // same, added, removed
	Text string
}

// Promise is what one actor said of one subject over time.
type Promise struct {
	Actor, Subject string
	Steps          []PromiseStep // oldest first
	Contradictions []Contradiction
	Changed        bool // it said otherwise before
}

// Contradiction is who stands against a promise.
type Contradiction struct {
	Actor string
	Kind  truce.ClaimKind
	Day   truce.Day
	Link  string
}

// PromiseStep is one thing said, with where.
type PromiseStep struct {
	Day       truce.Day
	Kind      truce.ClaimKind
	Words     string // e.g. "will send", "will not send"
	Firmness  truce.Firmness
	Condition string
	Quote     string
	Publisher string
	Link      string
	Tellers   string
}

// Check is one version of a total held against what the mission counted.
type Check struct {
	truce.ClaimCheck        // on public pages without ids, incidents and whose acts they were
	Name             string // in its address
	Version          int
	Newest           int    // the version that stands
	Words            string // verdict and reasons in sentences
	Beside           []Beside
	Versions         []CheckVersion // all of them, newest first
	Public           *Released      // as it was released; at the desk the newest that was, nil when none
	Withdrawn        string         // why its text is gone; "" while it is there
	Internal         bool           // the reader sits at the desk
	Site             string         // address of the public site, without a slash at the end; "": not known
	Digit            int            // of the total, 1 to 6, for the desk alone; 0: of an earlier version, or not public
}

// Newer says whether a later version stands.
func (c Check) Newer() bool { return c.Version < c.Newest }

// Sides are this total and those beside it, each party always in the same place, whosever
// page it is.
func (c Check) Sides() []Beside {
	out := append([]Beside{{ClaimCheck: c.ClaimCheck, Name: c.Name}}, c.Beside...)
	slices.SortStableFunc(out, func(a, b Beside) int {
		return cmp.Or(cmp.Compare(a.Total.Party, b.Total.Party), cmp.Compare(a.Total.Said, b.Total.Said), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// Permanent is the address of this version.
func (c Check) Permanent() string { return fmt.Sprintf("/claims/%s/%d", c.Name, c.Version) }

// Beside is a total in which another accuses the first of the same hours.
type Beside struct {
	truce.ClaimCheck
	Name string
}

// CheckVersion is one version of a check in a list.
type CheckVersion struct {
	Version   int
	At        truce.Instant
	Verdict   truce.CheckVerdict
	Withdrawn string
}

// Released is where a version is public and how it is proven.
type Released struct {
	Address string // on the public site
	At      truce.Instant
	SHA256  truce.Hash // of its JSON
	Seq     truce.Seq  // the record that holds it
}

// Config is what the pages are made of.
type Config struct {
	Reader Reader
	Log    *slog.Logger
}

type server struct {
	Config
	render map[string]*web.Renderer // by language
}

// Paths are the patterns under which the handler answers, for whoever mounts it.
func Paths() []string {
	return []string{"GET /press", "GET /press/{day}", "GET /stories/{id}", "GET /stories/{id}/{$}", "GET /promises", "GET /claims", "GET /claims/{id}", "GET /claims/{id}/{version}",
		"GET /press/atom.xml", "GET /press/feed.json", "GET /sitemap.xml"}
}

// Handler serves the pages.
func Handler(cfg Config) (http.Handler, error) {
	s := &server{Config: cfg, render: map[string]*web.Renderer{}}
	all, err := catalogues()
	if err != nil {
		return nil, err
	}
	for lang, c := range all {
		if s.render[lang], err = web.NewRenderer(pages, funcs(c), cfg.Log); err != nil {
			return nil, err
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /press", s.review)
	mux.HandleFunc("GET /press/{day}", s.review)
	mux.HandleFunc("GET /press/atom.xml", s.feed)
	mux.HandleFunc("GET /press/feed.json", s.feed)
	mux.HandleFunc("GET /sitemap.xml", s.sitemap)
	mux.HandleFunc("GET /stories/{id}", s.story())
	mux.HandleFunc("GET /stories/{id}/{$}", s.story())
	mux.HandleFunc("GET /promises", s.promises())
	mux.HandleFunc("GET /claims", s.checks())
	mux.HandleFunc("GET /claims/{id}", s.check())
	mux.HandleFunc("GET /claims/{id}/{version}", s.checkVersion)
	mux.HandleFunc("/", s.missing)
	return web.Secure(web.Compress(mux), http.HandlerFunc(s.notAllowed)), nil
}

// inLanguages are the links of the navigation that lead to pages in other languages too.
var inLanguages = []string{"/cases", "/pledges", "/press", "/promises", "/claims"}

// asked is one request with its language.
type asked struct {
	w      http.ResponseWriter
	req    *http.Request
	frame  web.Frame
	words  web.Catalogue
	render *web.Renderer
}

// begin reads language and frame; ok is false when the answer was given already.
func (s *server) begin(w http.ResponseWriter, req *http.Request) (asked, bool) {
	lang := web.KnownLanguage(req.URL.Query().Get("lang"))
	all, err := catalogues()
	a := asked{w: w, req: req, words: all[lang], render: s.render[lang]}
	if err == nil {
		a.frame, err = s.Reader.Frame(req.Context())
	}
	a.frame.Lang = lang
	if lang != web.Languages()[0] {
		a.frame.Texts = a.words.Frame()
		a.frame.Links = slices.Clone(a.frame.Links)
		for i := range a.frame.Links {
			link := &a.frame.Links[i]
			if said := a.words.Say("nav." + link.Href); said != "nav."+link.Href {
				link.Label = said
			}
			if slices.Contains(inLanguages, link.Href) {
				link.Href += "?lang=" + lang
			}
		}
	}
	if err != nil {
		a.render.Error(w, req, a.frame, err)
	}
	return a, err == nil
}

func (a asked) page(name, title string, data any) {
	a.render.Page(a.w, a.req, a.frame, name, title, data)
}

func (a asked) fail(err error) { a.render.Error(a.w, a.req, a.frame, err) }

func (s *server) notAllowed(w http.ResponseWriter, req *http.Request) {
	if a, ok := s.begin(w, req); ok {
		a.render.NotAllowed(w, req, a.frame)
	}
}

func (s *server) missing(w http.ResponseWriter, req *http.Request) {
	if a, ok := s.begin(w, req); ok {
		a.fail(truce.Errorf(truce.CodeNotFound, "There is no page at %s.", req.URL.Path))
	}
}

// other is the address of the same page in the other language.
func other(req *http.Request) template.URL {
	values := url.Values{}
	for key, list := range req.URL.Query() {
		values[key] = list
	}
	if web.KnownLanguage(values.Get("lang")) == "en" {
		values.Set("lang", "uk")
	} else {
		values.Del("lang")
	}
	if len(values) == 0 {
		return template.URL(req.URL.EscapedPath()) // path and query are escaped above
	}
	return template.URL(req.URL.EscapedPath() + "?" + values.Encode())
}
