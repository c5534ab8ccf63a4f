// Package public serves what may leave the mechanism: the Dailies and their coarsened
// rows, tier and time of cases and the totals of PLEDGES, as plain pages without scripts.
//
// It is given the public store alone and so cannot show anything precise; it never
// writes.
//
// Read Reader for what it is given, then the handlers.
package public

import (
	"cmp"
	"context"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

//go:embed pages
var pages embed.FS

// Reader is the public store. Errors are coded; NotFound becomes a 404.
type Reader interface {
	Frame(ctx context.Context) (web.Frame, error)
	Days(ctx context.Context) ([]truce.PublicDay, error)
	Daily(ctx context.Context, day truce.Day, format, lang string) (web.Document, error)
	// Version is one version of a bulletin, Versions are all of a day, newest first, and
	// Bulletin is a version as it was released.
	Version(ctx context.Context, number string) (truce.PublicDay, error)
	Versions(ctx context.Context, day truce.Day) ([]truce.PublicDay, error)
	Bulletin(ctx context.Context, number, format, lang string) (web.Document, error)
	Incidents(ctx context.Context, q truce.PublicQuery) (truce.PublicPage, error)
	Incident(ctx context.Context, id string) (truce.PublicIncident, error)
	// Guarantee is tier and time of cases and the totals of PLEDGES as last released; its time
	// is 0 when nothing was.
	Guarantee(ctx context.Context) (truce.PublicGuarantee, error)
}

// Config is what the public site is made of.
type Config struct {
	Reader Reader
	Log    *slog.Logger
}

type server struct {
	Config
	render *web.Renderer

	mu sync.Mutex
	// digest is what the newest bulletins say of areas and counts; it holds as long as
	// they do. Reading them anew takes longer than a page may.
	digest digest
}

// Handler serves the public pages.
func Handler(cfg Config) (http.Handler, error) {
	render, err := web.NewRenderer(pages, nil, cfg.Log)
	if err != nil {
		return nil, err
	}
	s := &server{Config: cfg, render: render}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", web.Assets(s.missing))
	mux.Handle("GET "+web.Icon, web.Assets(s.missing))
	mux.HandleFunc("GET /{$}", s.days)
	mux.HandleFunc("GET /daily/{day}", s.daily)
	mux.HandleFunc("GET /bulletins/{number}", s.version)
	mux.HandleFunc("GET /bulletins/{number}/{hash}", s.version)
	mux.HandleFunc("GET /incidents", s.incidents)
	mux.HandleFunc("GET /incidents/{id}", s.incident)
	mux.HandleFunc("GET /cases", s.cases)
	mux.HandleFunc("GET /cases.json", s.casesJSON)
	mux.HandleFunc("GET /pledges", s.pledges)
	mux.HandleFunc("GET /pledges.json", s.pledgesJSON)
	mux.HandleFunc("GET /about", s.about)
	mux.HandleFunc("/", s.missing)
	return web.Secure(web.Compress(mux), http.HandlerFunc(s.notAllowed)), nil
}

func (s *server) frame(w http.ResponseWriter, req *http.Request) (web.Frame, bool) {
	f, err := s.Reader.Frame(req.Context())
	f.Public = true
	f.Links = Links()
	if err != nil {
		s.render.Error(w, req, f, err)
		return f, false
	}
	return f, true
}

// Links is the navigation of the public pages.
func Links() []web.Link {
	return []web.Link{{Href: "/", Label: "Dailies"}, {Href: "/incidents", Label: "Incidents"}, {Href: "/cases", Label: "Cases"}, {Href: "/pledges", Label: "Pledges"},
		{Href: "/press", Label: "Press"}, {Href: "/promises", Label: "Promises"}, {Href: "/claims", Label: "Totals"}, {Href: "/about", Label: "How to read this"}}
}

func (s *server) notAllowed(w http.ResponseWriter, req *http.Request) {
	if f, ok := s.frame(w, req); ok {
		s.render.NotAllowed(w, req, f)
	}
}

func (s *server) missing(w http.ResponseWriter, req *http.Request) {
	if f, ok := s.frame(w, req); ok {
		s.render.Error(w, req, f, truce.Errorf(truce.CodeNotFound, "There is no page at %s.", req.URL.Path))
	}
}

// listPage is the list with its filters.
type listPage struct {
	truce.PublicPage
	Query       url.Values
	From, To    int
	Prev, Next  string
	Groups      []truce.ActGroup
	Occurrences []truce.Occurrence
	Areas       []truce.BulletinArea
}

// Filtered says whether the list is not the whole.
func (p listPage) Filtered() bool {
	return web.Filtered(p.Query, listFilters)
}

// listFilters are the filters of the list.
var listFilters = []string{"act", "area", "occurrence", "from", "to"}

// pageSize keeps a public page under 40 kB.
const pageSize = 40

func (s *server) incidents(w http.ResponseWriter, req *http.Request) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	page, err := s.list(req)
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	s.render.Page(w, req, f, "list.html", "Incidents", page)
}

func (s *server) list(req *http.Request) (listPage, error) {
	values := req.URL.Query()
	days, err := s.Reader.Days(req.Context())
	if err != nil {
		return listPage{}, err
	}
	recent, err := s.recent(req.Context(), days)
	if err != nil {
		return listPage{}, err
	}
	q, err := parseQuery(values, recent.areas)
	if err != nil {
		return listPage{}, err
	}
	rows, err := s.Reader.Incidents(req.Context(), q)
	p := listPage{PublicPage: rows, Query: values, From: q.Offset + 1, To: q.Offset + len(rows.Rows), Groups: truce.ActGroups(), Areas: recent.areas,
		Occurrences: web.ShownOccurrences()}
	p.Prev, p.Next = web.Neighbours("/incidents", values, web.Stretch{Offset: q.Offset, Rows: len(rows.Rows), Total: rows.Total, Size: pageSize})
	return p, err
}

func parseQuery(values url.Values, areas []truce.BulletinArea) (truce.PublicQuery, error) {
	q := truce.PublicQuery{
		Act: truce.Act(values.Get("act")), Area: truce.AreaID(values.Get("area")),
		Occurrence: truce.Occurrence(values.Get("occurrence")),
		From:       truce.Day(values.Get("from")), To: truce.Day(values.Get("to")), Limit: pageSize,
	}
	err := cmp.Or(
		web.OnlyFilters(values, listFilters),
		web.OneOf("act", q.Act, web.KnownActs()),
		web.OneOf("occurrence", q.Occurrence, web.Occurrences()),
		web.OneOf("area", q.Area, web.AreaIDs(areas)),
	)
	if err != nil {
		return q, err
	}
	for _, day := range []truce.Day{q.From, q.To} {
		if _, err := day.Start(time.UTC); day != "" && err != nil {
			return q, err
		}
	}
	if q.From != "" && q.To != "" && q.From > q.To {
		return q, truce.Errorf(truce.CodeInvalid, "The first day asked for, %s, is after the last, %s.", q.From, q.To)
	}
	q.Offset, err = web.Offset(values)
	return q, err
}

func (s *server) incident(w http.ResponseWriter, req *http.Request) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	row, err := s.Reader.Incident(req.Context(), req.PathValue("id"))
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	s.render.Page(w, req, f, "incident.html", "Row "+row.Row.ID, row)
}

func (s *server) about(w http.ResponseWriter, req *http.Request) {
	if f, ok := s.frame(w, req); ok {
		s.render.Page(w, req, f, "about.html", "How to read this", template.HTML(""))
	}
}
