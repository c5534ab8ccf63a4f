package press

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
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

// told is what a page shows, with its own address in the other language.
type told[T any] struct {
	Data  T
	Lang  string
	Other any
}

// answer serves a page of what is read for a request.
func answer[T any](s *server, name string, read func(ctx context.Context, req *http.Request, lang string) (T, error), title func(web.Catalogue, T) string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		a, ok := s.begin(w, req)
		if !ok {
			return
		}
		data, err := read(req.Context(), req, a.words.Lang)
		if err != nil {
			a.fail(err)
			return
		}
		a.page(name, title(a.words, data), told[T]{data, a.words.Lang, other(req)})
	}
}

func (s *server) story() http.HandlerFunc {
	return answer(s, "story.html", func(ctx context.Context, req *http.Request, lang string) (Story, error) {
		return s.Reader.Story(ctx, req.PathValue("id"), lang)
	}, func(_ web.Catalogue, st Story) string { return st.Title })
}

func (s *server) promises() http.HandlerFunc {
	return answer(s, "promises.html", func(ctx context.Context, _ *http.Request, lang string) ([]Promise, error) {
		return s.Reader.Promises(ctx, lang)
	}, func(c web.Catalogue, _ []Promise) string { return c.Say("promises") })
}

func (s *server) checks() http.HandlerFunc {
	return answer(s, "checks.html", func(ctx context.Context, _ *http.Request, lang string) ([]Check, error) {
		return s.Reader.Checks(ctx, lang)
	}, func(c web.Catalogue, _ []Check) string { return c.Say("checks") })
}

func (s *server) check() http.HandlerFunc {
	return answer(s, "check.html", func(ctx context.Context, req *http.Request, lang string) (Check, error) {
		version, err := versionOf(req.PathValue("version"))
		if err != nil {
			return Check{}, err
		}
		return s.Reader.Check(ctx, req.PathValue("id"), version, lang)
	}, func(c web.Catalogue, k Check) string {
		if k.Withdrawn != "" {
			return c.Say("check")
		}
		return fmt.Sprintf("%s: %d", k.Total.Claimant, k.Total.Count)
	})
}

// checkVersion serves one version, as a page or as it was released.
func (s *server) checkVersion(w http.ResponseWriter, req *http.Request) {
	number, isJSON := strings.CutSuffix(req.PathValue("version"), ".json")
	if !isJSON {
		s.check()(w, req)
		return
	}
	a, ok := s.begin(w, req)
	if !ok {
		return
	}
	version, err := versionOf(number)
	var doc web.Document
	if err == nil {
		doc, err = s.Reader.CheckJSON(req.Context(), req.PathValue("id"), version)
	}
	if err != nil {
		a.fail(err)
		return
	}
	doc.Serve(w)
}

// versionOf reads the number of a version in an address; "" is 0.
func versionOf(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || strconv.Itoa(n) != text {
		return 0, truce.Errorf(truce.CodeNotFound, "There is no version %.20q of a check.", text)
	}
	return n, nil
}

func (s *server) feed(w http.ResponseWriter, req *http.Request) {
	s.document(w, req, func(ctx context.Context) (web.Document, error) {
		return s.Reader.Feed(ctx, req.URL.Path[len("/press/"):])
	})
}

func (s *server) sitemap(w http.ResponseWriter, req *http.Request) {
	s.document(w, req, s.Reader.Sitemap)
}

// document serves what is read as it is.
func (s *server) document(w http.ResponseWriter, req *http.Request, read func(context.Context) (web.Document, error)) {
	a, ok := s.begin(w, req)
	if !ok {
		return
	}
	doc, err := read(req.Context())
	if err != nil {
		a.fail(err)
		return
	}
	doc.Serve(w)
}
