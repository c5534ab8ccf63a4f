// Package web holds what the desk and the public pages share: the frame of a page, its
// style, security headers and the one place where an error becomes a status.
//
// It opens no store and decides no permission; desk and public are given readers.
//
// Read Frame and Renderer, then headers.go.
package web

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/trucewatch/truce"
)

//go:embed assets/truce.css
var styleSheet string

//go:embed assets/icon.svg
var icon string

//go:embed frame.html
var frameHTML string

//go:embed charts.html
var chartsHTML string

// Frame is what every page shows around its content.
type Frame struct {
	Mission     string
	Realm       truce.Realm
	Public      bool
	ReportError string // address or page for "report an error"
	Notice      string // e.g. that the agreement is illustrative
	Links       []Link // the navigation

	Lang    string            // of the page; "": English
	Styles  []string          // addresses of stylesheets of the site's own
	Refresh int               // seconds after which the browser asks again; 0: never
	SignOut string            // where the button that signs out posts to; "": nobody is signed in
	Person  string            // who is signed in
	Texts   map[string]string // what the frame says, in another language or other words
}

// frameTexts is what the frame says where its Texts are silent.
var frameTexts = map[string]string{
	"skip": "Skip to the content", "exercise": "EXERCISE", "exercise.text": "invented land, invented events: nothing on this page happened",
	"pages": "Pages", "sign_out": "Sign out", "report": "Report an error on this page", "licence": "open source under the Apache License 2.0",
	"foot.public": "Places are cells of a fixed grid and appear after a delay.", "foot.precise": "Precise data: for this desk only, never to be passed on.",
	"foot.counts": "Counts are what was recorded, not what happened. A place of effect says nothing of who acted.",
	"back":        "Back to the first page", "internal": "Something went wrong on our side. Reference: ",
}

// Say is a text of the frame.
func (f Frame) Say(key string) string {
	if s, ok := f.Texts[key]; ok {
		return s
	}
	return frameTexts[key]
}

// Language is the language of the page.
func (f Frame) Language() string {
	if f.Lang == "" {
		return "en"
	}
	return f.Lang
}

// Link is one entry of the navigation.
type Link struct {
	Href  string
	Label string
}

// Exercise says whether the page carries the exercise mark.
func (f Frame) Exercise() bool { return f.Realm.Exercise() }

// ReportHref is where "report an error" leads; an e-mail address becomes a mailto link
// with the page in its subject.
func (f Frame) ReportHref(path string) string {
	address, mail := strings.CutPrefix(f.ReportError, "mailto:")
	if !mail && (!strings.Contains(address, "@") || strings.Contains(address, ":")) {
		return address
	}
	if strings.Contains(address, "?") {
		return "mailto:" + address
	}
	return "mailto:" + address + "?subject=" + strings.ReplaceAll(url.QueryEscape("Error on "+path), "+", "%20")
}

// page is what the frame's template gets.
type page struct {
	Frame
	Title string
	Path  string
	Style string // address of the stylesheet
	Body  template.HTML
}

// Current is the aria-current of a link of the navigation: page for the page itself, true
// for a page below it, "" elsewhere.
func (p page) Current(href string) string {
	href, _, _ = strings.Cut(href, "?")
	switch {
	case href == p.Path:
		return "page"
	case href != "/" && strings.HasPrefix(p.Path, href+"/"):
		return "true"
	default:
		return ""
	}
}

// Renderer prints pages in the frame.
type Renderer struct {
	frame *template.Template
	pages *template.Template
	style string // address of the stylesheet
	log   *slog.Logger
}

// NewRenderer parses the page templates of a site.
func NewRenderer(pages fs.FS, funcs template.FuncMap, log *slog.Logger) (*Renderer, error) {
	frame, err := template.New("frame").Parse(frameHTML)
	if err != nil {
		return nil, fmt.Errorf("web: frame: %w", err)
	}
	parsed, err := template.New("").Funcs(Funcs()).Funcs(funcs).Parse(chartsHTML)
	if err != nil {
		return nil, fmt.Errorf("web: charts: %w", err)
	}
	if parsed, err = parsed.ParseFS(pages, "pages/*.html"); err != nil {
		return nil, fmt.Errorf("web: pages: %w", err)
	}
	return &Renderer{frame: frame, pages: parsed, style: pageStyle().URL(), log: log}, nil
}

// Page prints one page whole, or the error page: nothing half-printed leaves.
func (r *Renderer) Page(w http.ResponseWriter, req *http.Request, f Frame, name, title string, data any) {
	var body bytes.Buffer
	if err := r.pages.ExecuteTemplate(&body, name, data); err != nil {
		r.Error(w, req, f, fmt.Errorf("web: %s: %w", name, err))
		return
	}
	r.Whole(w, req, f, title, template.HTML(body.String())) // html/template's own output
}

// Whole prints a body that html/template made in the frame.
func (r *Renderer) Whole(w http.ResponseWriter, req *http.Request, f Frame, title string, body template.HTML) {
	var whole bytes.Buffer
	if err := r.frame.Execute(&whole, page{Frame: f, Title: title, Path: req.URL.Path, Style: r.style, Body: body}); err != nil {
		r.Error(w, req, f, fmt.Errorf("web: frame: %w", err))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// The client may have gone; there is nobody to tell.
	_, _ = whole.WriteTo(w)
}

// Error prints the page of an error with its status. An internal error shows a
// reference; the log has the whole.
func (r *Renderer) Error(w http.ResponseWriter, req *http.Request, f Frame, err error) {
	status, text := Status(err), err.Error()
	if status == http.StatusInternalServerError {
		reference := truce.HashOf([]byte(req.URL.Path + text)).String()[:12]
		r.log.Error("page failed", "path", req.URL.Path, "reference", reference, "error", err)
		text = f.Say("internal") + reference
	}
	r.refuse(w, req, f, status, text)
}

// NotAllowed prints the page for whoever would do more than read.
func (r *Renderer) NotAllowed(w http.ResponseWriter, req *http.Request, f Frame) {
	r.refuse(w, req, f, http.StatusMethodNotAllowed, readingOnly)
}

func (r *Renderer) refuse(w http.ResponseWriter, req *http.Request, f Frame, status int, text string) {
	var whole bytes.Buffer
	title := http.StatusText(status)
	if said := f.Say(fmt.Sprintf("status.%d", status)); said != "" {
		title = said
	}
	body := fmt.Sprintf("<h1>%s</h1><p class=\"lead\">%s</p><p><a href=\"/\">%s</a></p>",
		template.HTMLEscapeString(title), template.HTMLEscapeString(text), template.HTMLEscapeString(f.Say("back")))
	if r.frame.Execute(&whole, page{Frame: f, Title: title, Path: req.URL.Path, Style: r.style, Body: template.HTML(body)}) != nil { // escaped above
		http.Error(w, http.StatusText(status), status)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = whole.WriteTo(w)
}

var statusOfCode = map[truce.Code]int{
	truce.CodeInvalid:         http.StatusBadRequest,
	truce.CodeUnauthenticated: http.StatusUnauthorized,
	truce.CodeForbidden:       http.StatusForbidden,
	truce.CodeNotFound:        http.StatusNotFound,
	truce.CodeConflict:        http.StatusConflict,
	truce.CodeTooLarge:        http.StatusRequestEntityTooLarge,
	truce.CodeRateLimited:     http.StatusTooManyRequests,
	truce.CodeUnavailable:     http.StatusServiceUnavailable,
}

// Status turns a coded error into an HTTP status.
func Status(err error) int {
	if status, ok := statusOfCode[truce.CodeOf(err)]; ok {
		return status
	}
	return http.StatusInternalServerError
}
