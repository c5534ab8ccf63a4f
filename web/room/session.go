package room

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// Cookies. The session is the person's token: the server keeps nothing of a sign-in, and
// signs with it what the person does.
const (
	sessionCookie = "truce_session"
	seenCookie    = "truce_seen"
)

// visitor is who looks at a page.
type visitor struct {
	truce.Person
	token string
	since truce.Seq // the mark of the last look
}

// lang is the language the person reads.
func (v visitor) lang() string { return web.KnownLanguage(v.Language) }

type pageHandler func(w http.ResponseWriter, req *http.Request, v visitor)

// signedIn lets nobody through who has not signed in; the rest get the page to sign in.
func (s *server) signedIn(page pageHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		cookie, err := req.Cookie(sessionCookie)
		if err != nil {
			s.askToSignIn(w, req)
			return
		}
		p, err := s.who(req.Context(), cookie.Value)
		if truce.CodeOf(err) == truce.CodeUnauthenticated {
			s.setCookie(w, req, sessionCookie, "", -time.Second)
			if s.doors.fail(s.address(req)) {
				s.strangerPage(w, req, http.StatusTooManyRequests, signInForm{Wait: true, Next: "/"})
				return
			}
			s.askToSignIn(w, req)
			return
		}
		v := visitor{Person: p, token: cookie.Value}
		if err != nil {
			s.fail(w, req, v, err)
			return
		}
		if mark, err := req.Cookie(seenCookie); err == nil {
			v.since = parseSeq(mark.Value)
		}
		page(w, req, v)
	}
}

// askToSignIn leads to the page to sign in. What would have been done is not kept: nobody
// signs by signing in.
func (s *server) askToSignIn(w http.ResponseWriter, req *http.Request) {
	to := "/sign-in"
	if req.Method == http.MethodGet && req.URL.Path != "/" {
		to += "?next=" + escapeQuery(req.URL.RequestURI())
	}
	http.Redirect(w, req, to, http.StatusSeeOther)
}

func (s *server) who(ctx context.Context, token string) (truce.Person, error) {
	if token == "" || len(token) > MaxToken {
		return truce.Person{}, errSignIn
	}
	p, err := s.Reader.Who(ctx, token)
	if err == nil && p.OneTime {
		return truce.Person{}, errSignIn // a link is exchanged first
	}
	return p, err
}

// errSignIn is what every token that does not work is answered with.
var errSignIn = truce.Errorf(truce.CodeUnauthenticated, "This token is not known, was used up or has expired: ask the mechanism for a new one.")

// signInForm is what the page to sign in shows.
type signInForm struct {
	Refused bool
	Wait    bool
	Next    string
	Link    string // the token of a one-time link
	Lang    string
}

func (s *server) signInPage(w http.ResponseWriter, req *http.Request) {
	s.strangerPage(w, req, http.StatusOK, signInForm{Next: next(req.URL.Query().Get("next"))})
}

// linkPage shows one button and nothing else: programs that look through mail fetch every
// link in it, and must not use up one that works once.
func (s *server) linkPage(w http.ResponseWriter, req *http.Request) {
	s.strangerPage(w, req, http.StatusOK, signInForm{Link: req.PathValue("token")})
}

func (s *server) strangerPage(w http.ResponseWriter, req *http.Request, status int, f signInForm) {
	f.Lang = s.preferred(req)
	name := "sign-in.html"
	if f.Link != "" {
		name = "link.html"
	}
	s.stranger(w, req, status, name, s.say(f.Lang, "sign_in.title"), f)
}

// stranger shows a page to somebody who has not signed in.
func (s *server) stranger(w http.ResponseWriter, req *http.Request, status int, name, title string, content any) {
	lang := s.preferred(req)
	frame, err := s.frame(req, visitor{}, lang)
	if err != nil {
		s.render[lang].Error(w, req, frame, err)
		return
	}
	if status != http.StatusOK {
		w = &statusWriter{ResponseWriter: w, status: status}
	}
	s.render[lang].Page(w, req, frame, name, title, content)
}

// statusWriter gives a page another status than 200.
type statusWriter struct {
	http.ResponseWriter
	status int
	begun  bool
}

// Write sends the status before the first byte.
func (w *statusWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.begun = true
		w.WriteHeader(w.status)
	}
	return w.ResponseWriter.Write(b)
}

// signIn takes a token from the form or from a one-time link. It says the same of every
// token that does not work, and makes who fails too often wait.
func (s *server) signIn(w http.ResponseWriter, req *http.Request) {
	token := req.PathValue("token")
	form := signInForm{Link: token, Next: next(req.PostFormValue("next"))}
	if token == "" {
		token = strings.TrimSpace(req.PostFormValue("token"))
	}
	p, lasting, err := truce.Person{}, "", error(errSignIn)
	if token != "" && len(token) <= MaxToken {
		p, lasting, err = s.Actor.SignIn(req.Context(), token)
	}
	switch {
	case truce.CodeOf(err) == truce.CodeUnauthenticated:
		form.Link = ""
		if form.Wait = s.doors.fail(s.address(req)); form.Wait {
			s.strangerPage(w, req, http.StatusTooManyRequests, form)
			return
		}
		form.Refused = true
		s.strangerPage(w, req, http.StatusUnauthorized, form)
		return
	case err != nil:
		s.fail(w, req, visitor{}, err)
		return
	}
	s.setCookie(w, req, sessionCookie, lasting, sessionAge)
	if lasting != token {
		s.joined(w, req, p, lasting, form.Next)
		return
	}
	http.Redirect(w, req, form.Next, http.StatusSeeOther)
}

func (s *server) signOut(w http.ResponseWriter, req *http.Request) {
	s.setCookie(w, req, sessionCookie, "", -time.Second)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	http.Redirect(w, req, "/sign-in", http.StatusSeeOther)
}

func (s *server) setCookie(w http.ResponseWriter, req *http.Request, name, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(age.Seconds()), HttpOnly: true,
		Secure: s.Secure || req.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
}

// next is where a sign-in leads: a page of ours, whatever was asked.
func next(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsFunc(path, func(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }) || strings.HasPrefix(path, "/sign-") {
		return "/"
	}
	return path
}

// preferred is the language of somebody who has not signed in.
func (s *server) preferred(req *http.Request) string {
	if lang := req.URL.Query().Get("lang"); lang != "" {
		return web.KnownLanguage(lang)
	}
	first, _, _ := strings.Cut(req.Header.Get("Accept-Language"), ",")
	tag, _, _ := strings.Cut(strings.TrimSpace(first), "-")
	tag, _, _ = strings.Cut(tag, ";")
	return web.KnownLanguage(strings.ToLower(tag))
}

// address is who asks, for counting failures. Of IPv6 it is the network, since one host
// has all of its addresses.
func (s *server) address(req *http.Request) string {
	host, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil {
		host = req.RemoteAddr
	}
	if s.Proxy {
		all := strings.Split(req.Header.Get("X-Forwarded-For"), ",")
		if last := strings.TrimSpace(all[len(all)-1]); last != "" {
			host = last
		}
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return "?" // no address at all: what a stranger wrote is not kept
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		return netip.PrefixFrom(ip, hostBits).Masked().String()
	}
	return ip.String()
}

// hostBits is the length of the prefix of an IPv6 network (RFC 4291, 2.5.4).
const hostBits = 64

// doors counts the failed tries of addresses in a window of time. It is asked after a try
// has failed and never before one: who has a token that works is let in whatever others do
// from the same address, as all do behind a proxy that was not named in the settings.
type doors struct {
	now func() time.Time

	mu     sync.Mutex // guards what follows
	since  time.Time
	all    int            // failures in this window
	failed map[string]int // of them by address, while all is within its bound
}

func newDoors(now func() time.Time) *doors { return &doors{now: now, failed: map[string]int{}} }

// fail counts a failed try and says whether it is one too many: of its address, or of all.
func (d *doors) fail(address string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now := d.now(); now.Sub(d.since) >= failureWindow {
		d.since, d.all, d.failed = now, 0, map[string]int{}
	}
	if d.all >= maxAllFailures {
		return true
	}
	d.all++
	d.failed[address]++
	return d.failed[address] > maxFailures
}

// frame is what stands around a page.
func (s *server) frame(req *http.Request, v visitor, lang string) (web.Frame, error) {
	f, err := s.Reader.Frame(req.Context(), lang)
	f.Lang, f.Styles, f.Texts = lang, []string{s.style.URL()}, s.frameTexts(lang)
	if v.ID != "" {
		f.SignOut, f.Person, f.Links = "/sign-out", v.Name, s.links(v)
		if req.Method == http.MethodGet && req.URL.Query().Get("live") == "1" {
			f.Refresh = refreshEvery
		}
	}
	return f, err
}
