package public

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// listedDay is a day's newest bulletin with the versions it replaced, newest first.
type listedDay struct {
	truce.PublicDay
	Older []truce.PublicDay
}

// daysPage is the list of Dailies with their counts drawn.
type daysPage struct {
	Days   []listedDay
	Charts []web.Chart
}

// MostCounted is the number the highest bar of the charts stands for.
func (p daysPage) MostCounted() int { return web.Most(p.Charts) }

func (s *server) days(w http.ResponseWriter, req *http.Request) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	page, err := s.listDays(req.Context())
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	s.render.Page(w, req, f, "days.html", "Dailies", page)
}

func (s *server) listDays(ctx context.Context) (daysPage, error) {
	days, err := s.Reader.Days(ctx)
	if err != nil {
		return daysPage{}, err
	}
	recent, err := s.recent(ctx, days)
	if err != nil {
		return daysPage{}, err
	}
	page := daysPage{Charts: recent.charts}
	for _, day := range days {
		listed := listedDay{PublicDay: day}
		if day.Version > 1 {
			versions, err := s.Reader.Versions(ctx, day.Day)
			if err != nil {
				return daysPage{}, err
			}
			listed.Older = versions[min(1, len(versions)):]
		}
		page.Days = append(page.Days, listed)
	}
	return page, nil
}

// daily serves the newest version of a day: /daily/2031-03-11, and other forms with .json,
// .md or .csv behind the day.
func (s *server) daily(w http.ResponseWriter, req *http.Request) {
	s.document(w, req, func(ctx context.Context, lang string) (release, error) {
		day, format := web.DailyName(req.PathValue("day"))
		doc, err := s.Reader.Daily(ctx, day, format, lang)
		if err != nil {
			return release{}, err
		}
		versions, err := s.Reader.Versions(ctx, day)
		if err != nil || len(versions) == 0 {
			return release{Document: doc}, err
		}
		return release{Document: doc, format: format, version: versions[0], newest: versions[0]}, nil
	})
}

// leastHash is how many hex digits of a hash a permanent link must have to be checked.
const leastHash = 8

// version serves one version for good: /bulletins/D-2031-03-11-v2, in other forms with
// .json, .md or .csv behind the number, and with a hash behind it only while the released
// bytes have that hash.
func (s *server) version(w http.ResponseWriter, req *http.Request) {
	s.document(w, req, func(ctx context.Context, lang string) (release, error) {
		number, format := web.DailyName(req.PathValue("number"))
		version, err := s.Reader.Version(ctx, string(number))
		if err != nil {
			return release{}, err
		}
		if hash := req.PathValue("hash"); hash != "" && (len(hash) < leastHash || !strings.HasPrefix(version.SHA256.String(), hash)) {
			return release{}, truce.Errorf(truce.CodeNotFound, "Bulletin %s is out with the SHA-256 %s, which is not the one asked for.", version.Number, version.SHA256)
		}
		versions, err := s.Reader.Versions(ctx, version.Day)
		if err != nil {
			return release{}, err
		}
		doc, err := s.Reader.Bulletin(ctx, version.Number, format, lang)
		if err != nil {
			return release{}, err
		}
		return release{Document: doc, format: format, version: version, newest: versions[0]}, nil
	})
}

// document answers with a released document, marked with what has become of it since.
func (s *server) document(w http.ResponseWriter, req *http.Request, load func(ctx context.Context, lang string) (release, error)) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	lang := req.URL.Query().Get("lang")
	r, err := load(req.Context(), lang)
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	r.marked(w, lang).Serve(w)
}

// release is a document of a version beside the newest version of its day.
type release struct {
	web.Document
	format          string
	version, newest truce.PublicDay
}

func (r release) superseded() bool { return r.newest.Version > r.version.Version }

// permalink is the address under which a version stays, with the hash of its JSON.
func permalink(v truce.PublicDay) string {
	return "/bulletins/" + v.Number + "/" + v.SHA256.String()
}

// noteWords say what has become of a version. The released bytes are frozen and cannot.
var noteWords = map[string]struct{ superseded, newer, link, versions string }{
	"en": {"Superseded.", "A later version of this bulletin is out: %s.", "Permanent link to this version", "SHA-256 of its JSON"},
	"uk": {"Замінено.", "Вийшла пізніша версія цього бюлетеня: %s.", "Постійне посилання на цю версію", "SHA-256 її файлу JSON"},
}

// marked is the document with a note at its top when a later version is out, and with its
// permanent link at its foot. Data files are left as they were released: the note stands
// in their header.
func (r release) marked(w http.ResponseWriter, lang string) web.Document {
	if r.version.Number == "" {
		return r.Document
	}
	w.Header().Set("Link", "<"+permalink(r.version)+`>; rel="canonical"`)
	if r.superseded() {
		w.Header().Add("Link", "<"+permalink(r.newest)+`>; rel="successor-version"`)
	}
	words, known := noteWords[lang]
	if !known {
		words = noteWords["en"]
	}
	doc := r.Document
	switch r.format {
	case "html":
		if r.superseded() {
			newer := fmt.Sprintf(`<a href="%s">%s</a>`, address(permalink(r.newest), lang), template.HTMLEscapeString(r.newest.Number))
			doc.Body = insert(doc.Body, "<main>\n", fmt.Sprintf("<p class=\"superseded\" role=\"note\"><strong>%s</strong> "+words.newer+"</p>\n", words.superseded, newer))
		}
		doc.Body = insert(doc.Body, "<footer>\n", fmt.Sprintf("<p>%s: <a href=\"%s\">%s</a>. %s: <span class=\"hash\">%s</span></p>\n",
			words.link, address(permalink(r.version), lang), template.HTMLEscapeString(r.version.Number), words.versions, r.version.SHA256))
	case "md":
		if r.superseded() {
			doc.Body = append(fmt.Appendf(nil, "> **%s** "+words.newer+"\n\n", words.superseded, permalink(r.newest)), doc.Body...)
		}
	}
	return doc
}

// address keeps the language of a page in a link.
func address(path, lang string) string {
	if lang == "" {
		return path
	}
	return path + "?lang=" + template.URLQueryEscaper(lang)
}

// insert puts text behind the first mark of a body; without the mark the body is as it was.
func insert(body []byte, mark, text string) []byte {
	return bytes.Replace(body, []byte(mark), []byte(mark+text), 1)
}
