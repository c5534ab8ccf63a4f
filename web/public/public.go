// Package public serves what may leave the mechanism: the Dailies and their coarsened
// rows, as plain pages without scripts.
//
// It is given the public store alone and so cannot show anything precise; it never
// writes.
//
// Read Reader for what it is given, then the handlers.
package public

import (
	"context"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

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
	Incidents(ctx context.Context, q truce.PublicQuery) (truce.PublicPage, error)
	Incident(ctx context.Context, id string) (truce.PublicIncident, error)
}

// Config is what the public site is made of.
type Config struct {
	Reader Reader
	Log    *slog.Logger
}

type server struct {
	Config
	render *web.Renderer
}

// Handler serves the public pages.
func Handler(cfg Config) (http.Handler, error) {
	render, err := web.NewRenderer(pages, nil, cfg.Log)
	if err != nil {
		return nil, err
	}
	s := &server{Config: cfg, render: render}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", web.Assets())
	mux.HandleFunc("GET /{$}", s.days)
	mux.HandleFunc("GET /daily/{day}", s.daily)
	mux.HandleFunc("GET /incidents", s.incidents)
	mux.HandleFunc("GET /incidents/{id}", s.incident)
	mux.HandleFunc("GET /about", s.about)
	mux.HandleFunc("/", s.missing)
	return web.Secure(mux), nil
}

func (s *server) frame(w http.ResponseWriter, req *http.Request) (web.Frame, bool) {
	f, err := s.Reader.Frame(req.Context())
	f.Public = true
	f.Links = []web.Link{{Href: "/", Label: "Dailies"}, {Href: "/incidents", Label: "Incidents"}, {Href: "/about", Label: "How to read this"}}
	if err != nil {
		s.render.Error(w, req, f, err)
		return f, false
	}
	return f, true
}

func (s *server) missing(w http.ResponseWriter, req *http.Request) {
	if f, ok := s.frame(w, req); ok {
		s.render.Error(w, req, f, truce.Errorf(truce.CodeNotFound, "There is no page at %s.", req.URL.Path))
	}
}

func (s *server) days(w http.ResponseWriter, req *http.Request) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	days, err := s.Reader.Days(req.Context())
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	s.render.Page(w, req, f, "days.html", "Dailies", days)
}

func (s *server) daily(w http.ResponseWriter, req *http.Request) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	day, format := web.DailyName(req.PathValue("day"))
	doc, err := s.Reader.Daily(req.Context(), day, format, req.URL.Query().Get("lang"))
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	doc.Serve(w)
}

// listPage is the list with its filters.
type listPage struct {
	truce.PublicPage
	Query      url.Values
	From, To   int
	Prev, Next string
	Acts       []truce.Act
}

// pageSize keeps a public page under 40 kB.
const pageSize = 40

func (s *server) incidents(w http.ResponseWriter, req *http.Request) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	values := req.URL.Query()
	q, err := parseQuery(values)
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	page, err := s.Reader.Incidents(req.Context(), q)
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	s.render.Page(w, req, f, "list.html", "Incidents", newListPage(page, values, q.Offset))
}

func parseQuery(values url.Values) (truce.PublicQuery, error) {
	q := truce.PublicQuery{
		Act: truce.Act(values.Get("act")), Area: truce.AreaID(values.Get("area")),
		Occurrence: truce.Occurrence(values.Get("occurrence")),
		From:       truce.Day(values.Get("from")), To: truce.Day(values.Get("to")), Limit: pageSize,
	}
	if q.Act != "" && !q.Act.Known() {
		return q, truce.Errorf(truce.CodeInvalid, "There is no act named %q.", string(q.Act))
	}
	if text := values.Get("offset"); text != "" {
		offset, err := strconv.Atoi(text)
		if err != nil || offset < 0 {
			return q, truce.Errorf(truce.CodeInvalid, "offset must be a whole number from 0, not %q.", text)
		}
		q.Offset = offset
	}
	return q, nil
}

func newListPage(page truce.PublicPage, values url.Values, offset int) listPage {
	p := listPage{PublicPage: page, Query: values, From: offset + 1, To: offset + len(page.Rows)}
	for _, group := range truce.ActGroups() {
		p.Acts = append(p.Acts, group.Acts()...)
	}
	if offset > 0 {
		p.Prev = web.WithOffset("/incidents", values, max(0, offset-pageSize))
	}
	if p.To < page.Total {
		p.Next = web.WithOffset("/incidents", values, offset+pageSize)
	}
	return p
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
