package press

import (
	"net/http"
	"net/url"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// pageSize is how many stories a page lists: with counts and tags about 30 kB.
const pageSize = 40

// filters are what the review can be asked for.
var filters = []string{"words", "day", "language", "publisher"}

// reviewPage is the review with what was asked.
type reviewPage struct {
	Review
	Asked      Query
	Lang       string
	Other      any
	From, To   int
	Prev, Next string
	Most       int // articles of the fullest day
	Filtered   bool
}

func (s *server) review(w http.ResponseWriter, req *http.Request) {
	a, ok := s.begin(w, req)
	if !ok {
		return
	}
	q, err := queryOf(req)
	if err != nil {
		a.fail(err)
		return
	}
	list, err := s.Reader.Review(req.Context(), q)
	if err != nil {
		a.fail(err)
		return
	}
	p := reviewPage{Review: list, Asked: q, Lang: a.words.Lang, Other: other(req), From: q.Offset + 1, To: q.Offset + len(list.Stories),
		Filtered: web.Filtered(req.URL.Query(), filters)}
	for _, d := range list.Days {
		p.Most = max(p.Most, d.Articles)
	}
	p.Prev, p.Next = web.Neighbours(req.URL.Path, req.URL.Query(), web.Stretch{Offset: q.Offset, Rows: len(list.Stories), Total: list.Total, Size: pageSize})
	title := a.words.Say("review")
	if q.Day != "" {
		title += " " + string(q.Day)
	}
	a.page("review.html", title, p)
}

func queryOf(req *http.Request) (Query, error) {
	values := req.URL.Query()
	if err := web.OnlyFilters(without(values, "lang"), filters); err != nil {
		return Query{}, err
	}
	q := Query{Words: values.Get("words"), Day: truce.Day(values.Get("day")), Language: values.Get("language"), Publisher: values.Get("publisher"), Limit: pageSize}
	if day := req.PathValue("day"); day != "" {
		q.Day = truce.Day(day)
	}
	if _, err := q.Day.Start(time.UTC); q.Day != "" && err != nil {
		return q, err
	}
	if len(q.Words) > maxWords {
		return q, truce.Errorf(truce.CodeInvalid, "Look for fewer words: at most %d bytes.", maxWords)
	}
	var err error
	q.Offset, err = web.Offset(values)
	return q, err
}

func without(values url.Values, name string) url.Values {
	out := url.Values{}
	for key, list := range values {
		if key != name {
			out[key] = list
		}
	}
	return out
}

type storyPage struct {
	Story
	Lang  string
	Other any
}

func (s *server) story(w http.ResponseWriter, req *http.Request) {
	a, ok := s.begin(w, req)
	if !ok {
		return
	}
	st, err := s.Reader.Story(req.Context(), req.PathValue("id"), a.words.Lang)
	if err != nil {
		a.fail(err)
		return
	}
	a.page("story.html", st.Title, storyPage{Story: st, Lang: a.words.Lang, Other: other(req)})
}

type promisesPage struct {
	Rows  []Promise
	Lang  string
	Other any
}

func (s *server) promises(w http.ResponseWriter, req *http.Request) {
	a, ok := s.begin(w, req)
	if !ok {
		return
	}
	rows, err := s.Reader.Promises(req.Context(), a.words.Lang)
	if err != nil {
		a.fail(err)
		return
	}
	a.page("promises.html", a.words.Say("promises"), promisesPage{Rows: rows, Lang: a.words.Lang, Other: other(req)})
}

type checksPage struct {
	Checks []Check
	Lang   string
	Other  any
}

func (s *server) checks(w http.ResponseWriter, req *http.Request) {
	a, ok := s.begin(w, req)
	if !ok {
		return
	}
	list, err := s.Reader.Checks(req.Context(), a.words.Lang)
	if err != nil {
		a.fail(err)
		return
	}
	a.page("checks.html", a.words.Say("checks"), checksPage{Checks: list, Lang: a.words.Lang, Other: other(req)})
}

type checkPage struct {
	Check
	Lang  string
	Other any
}

func (s *server) check(w http.ResponseWriter, req *http.Request) {
	a, ok := s.begin(w, req)
	if !ok {
		return
	}
	c, err := s.Reader.Check(req.Context(), req.PathValue("id"), a.words.Lang)
	if err != nil {
		a.fail(err)
		return
	}
	a.page("check.html", a.words.Say("check"), checkPage{Check: c, Lang: a.words.Lang, Other: other(req)})
}

func (s *server) feed(w http.ResponseWriter, req *http.Request) {
	a, ok := s.begin(w, req)
	if !ok {
		return
	}
	doc, err := s.Reader.Feed(req.Context(), req.URL.Path[len("/press/"):], baseOf(req))
	if err != nil {
		a.fail(err)
		return
	}
	doc.Serve(w)
}

// baseOf is the address of the site as it was asked for.
func baseOf(req *http.Request) string {
	scheme := "http"
	if req.TLS != nil || req.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: req.Host, Path: "/"}).String()
}
