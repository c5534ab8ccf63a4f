package room

import (
	"net/http"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// links are the navigation: what a person may not open is not in it.
func (s *server) links(v visitor) []web.Link {
	lang := v.lang()
	out := []web.Link{{Href: "/", Label: s.say(lang, "nav.brief")}}
	for _, l := range []struct{ href, key string }{{"/cases", "nav.cases"}, {"/alerts", "nav.alerts"}, {"/pledges", "nav.pledges"}, {"/me", "nav.me"}} {
		if opens(v.Role, l.href) {
			out = append(out, web.Link{Href: l.href, Label: s.say(lang, l.key)})
		}
	}
	return out
}

// opens says which links stand in the navigation of a role. It hides nothing: what a page
// shows is the Reader's to say.
func opens(r truce.Role, href string) bool {
	switch href {
	case "/alerts":
		return r != truce.RoleContributor && r != truce.RolePublic
	case "/pledges":
		return r != truce.RoleParty
	}
	return true
}

// show prints a page, or the page of the error that kept it from being read.
func (s *server) show(w http.ResponseWriter, req *http.Request, v visitor, name, title string, data any, err error) {
	if err != nil {
		s.fail(w, req, v, err)
		return
	}
	frame, err := s.frame(req, v, v.lang())
	if err != nil {
		s.fail(w, req, v, err)
		return
	}
	s.render[v.lang()].Page(w, req, frame, name, title, data)
}

// fail prints the page of an error.
func (s *server) fail(w http.ResponseWriter, req *http.Request, v visitor, err error) {
	lang := v.lang()
	if v.ID == "" {
		lang = s.preferred(req)
	}
	frame, frameErr := s.frame(req, v, lang)
	if frameErr != nil {
		s.Log.Error("frame of an error page", "error", frameErr)
	}
	s.render[lang].Error(w, req, frame, err)
}

func (s *server) missing(w http.ResponseWriter, req *http.Request) {
	lang := s.preferred(req)
	frame, err := s.frame(req, visitor{}, lang)
	if err == nil {
		err = truce.Errorf(truce.CodeNotFound, "%s", s.say(lang, "no_page"))
	}
	s.render[lang].Error(w, req, frame, err)
}

// briefPage is the first page with what the template needs beside it.
type briefPage struct {
	Brief
	Person truce.Person
	Live   bool
}

func (s *server) brief(w http.ResponseWriter, req *http.Request, v visitor) {
	b, err := s.Reader.Brief(req.Context(), v.Person, v.since)
	s.show(w, req, v, "brief.html", s.say(v.lang(), "nav.brief"), briefPage{b, v.Person, req.URL.Query().Get("live") == "1"}, err)
}

// casesPage is the list of cases.
type casesPage struct {
	CaseList
	Now  truce.Instant
	All  bool
	Mine bool
}

func (s *server) cases(w http.ResponseWriter, req *http.Request, v visitor) {
	q := req.URL.Query()
	all, mine := q.Get("state") == "all", q.Get("state") == "mine"
	list, err := s.Reader.Cases(req.Context(), v.Person, CaseFilter{All: all, Mine: mine, After: q.Get("after"), Limit: casesShown})
	s.show(w, req, v, "cases.html", s.say(v.lang(), "nav.cases"), casesPage{list, s.Reader.Now(), all, mine}, err)
}

// casePage is a case with who looks at it.
type casePage struct {
	CaseFile
	Person truce.Person
	Since  truce.Seq // the mark of the last look; 0: never
	Live   bool
}

func (s *server) caseFile(w http.ResponseWriter, req *http.Request, v visitor) {
	f, err := s.Reader.Case(req.Context(), v.Person, req.PathValue("number"))
	q := req.URL.Query()
	s.show(w, req, v, "case.html", f.Line.Number, casePage{f, v.Person, v.since, q.Get("live") == "1"}, err)
}

func (s *server) stake(w http.ResponseWriter, req *http.Request, v visitor) {
	f, err := s.Reader.Stake(req.Context(), v.Person, req.PathValue("number"))
	s.show(w, req, v, "stake.html", s.say(v.lang(), "stake.title", "case", f.Line.Number), f, err)
}

func (s *server) pledges(w http.ResponseWriter, req *http.Request, v visitor) {
	of := truce.StateID(req.PathValue("state"))
	p, err := s.Reader.Pledges(req.Context(), v.Person, of)
	title := s.say(v.lang(), "nav.pledges")
	if of != "" {
		title += " · " + string(of)
	}
	s.show(w, req, v, "pledges.html", title, p, err)
}

// alertsPage is the list of alerts.
type alertsPage struct {
	AlertList
	Now  truce.Instant
	Open bool
}

func (s *server) alerts(w http.ResponseWriter, req *http.Request, v visitor) {
	q := req.URL.Query()
	open := q.Get("open") == "1"
	list, err := s.Reader.Alerts(req.Context(), v.Person, AlertFilter{Before: parseSeq(q.Get("before")), Open: open, Limit: alertsShown})
	s.show(w, req, v, "alerts.html", s.say(v.lang(), "nav.alerts"), alertsPage{list, s.Reader.Now(), open}, err)
}

func (s *server) alert(w http.ResponseWriter, req *http.Request, v visitor) {
	id, err := truce.ParseID(req.PathValue("id"))
	var f AlertFile
	if err == nil {
		f, err = s.Reader.Alert(req.Context(), v.Person, id)
	} else {
		err = truce.Errorf(truce.CodeNotFound, "%s", s.say(v.lang(), "no_page"))
	}
	s.show(w, req, v, "alert.html", f.Line.Headline, f, err)
}

func (s *server) paper(w http.ResponseWriter, req *http.Request, v visitor) {
	id, err := truce.ParseID(req.PathValue("id"))
	if err != nil {
		s.fail(w, req, v, truce.Errorf(truce.CodeNotFound, "%s", s.say(v.lang(), "no_page")))
		return
	}
	doc, err := s.Reader.Paper(req.Context(), v.Person, id)
	if err != nil {
		s.fail(w, req, v, err)
		return
	}
	// The form carries its own style, so that it can be sent as one file.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
	doc.Serve(w)
}

// mePage is the person's own page.
type mePage struct {
	Person  truce.Person
	Code    string // to be told to who confirms the person
	FeedURL string
	Waiting []WaitingPerson // to be confirmed by this person
}

func (s *server) me(w http.ResponseWriter, req *http.Request, v visitor) {
	p := mePage{Person: v.Person}
	var err error
	if p.Code, err = codeOf(v.Person); err == nil {
		p.Waiting, err = s.Reader.Waiting(req.Context(), v.Person)
	}
	if opens(v.Role, "/alerts") {
		p.FeedURL = "/feed.atom?key=" + escapeQuery(s.Reader.FeedKey(v.Person))
	}
	s.show(w, req, v, "me.html", s.say(v.lang(), "nav.me"), p, err)
}

// feed is for programs that fetch: its key reads alerts and can sign nothing.
func (s *server) feed(w http.ResponseWriter, req *http.Request) {
	key := req.URL.Query().Get("key")
	p, err := truce.Person{}, error(errSignIn)
	if key != "" && len(key) <= MaxToken {
		p, err = s.Reader.FeedOf(req.Context(), key)
	}
	var doc web.Document
	if err == nil {
		doc, err = s.Reader.Feed(req.Context(), p)
	}
	switch {
	case truce.CodeOf(err) == truce.CodeUnauthenticated:
		status := http.StatusUnauthorized
		if s.doors.fail(s.address(req)) {
			status = http.StatusTooManyRequests
		}
		http.Error(w, http.StatusText(status), status)
	case err != nil:
		s.Log.Error("feed", "person", p.ID, "error", err)
		http.Error(w, http.StatusText(web.Status(err)), web.Status(err))
	default:
		doc.Serve(w)
	}
}
