package public

import (
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

//go:embed text/*.json
var textFiles embed.FS

// catalogues reads the texts once; they never change afterwards.
var catalogues = sync.OnceValues(func() (map[string]web.Catalogue, error) { return web.Catalogues(textFiles) })

// guaranteePage is what was released of the guarantee, in the words of one language.
type guaranteePage struct {
	truce.PublicGuarantee
	Path  string
	words web.Catalogue
}

// Lang is the language of the page, Other the one it can be read in besides.
func (p guaranteePage) Lang() string { return p.words.Lang }

// Other is the language that the page is not in.
func (p guaranteePage) Other() string {
	for _, lang := range web.Languages() {
		if lang != p.words.Lang {
			return lang
		}
	}
	return ""
}

// Say is a text of the page.
func (p guaranteePage) Say(key string, pairs ...any) string { return p.words.Say(key, pairs...) }

// Count is a text with a number.
func (p guaranteePage) Count(key string, n int) string { return p.words.Count(key, n) }

// Word is a word of the vocabulary.
func (p guaranteePage) Word(group string, value any) string { return p.words.Word(group, value) }

// In is the name in the page's language, the key where it has none.
func (p guaranteePage) In(names truce.Names, key string) string {
	if name := names.In(p.words.Lang); name != "" {
		return name
	}
	return key
}

// Number is a quantity as the language writes it.
func (p guaranteePage) Number(v float64) string { return web.Number(p.words.Lang, v) }

// Span is a period by its days.
func (p guaranteePage) Span(k truce.Period) string { return web.Span(p.words.Lang, k) }

// Bar is what is in place against what is needed.
func (p guaranteePage) Bar(l truce.PublicSupply) template.HTML {
	said := p.Say("gap.said", "place", p.Number(l.InPlace), "need", p.Number(l.Need), "pledged", p.Number(l.Pledged))
	return web.GapBar(web.Amounts{Need: l.Need, Pledged: l.Pledged, InPlace: l.InPlace}, said)
}

// CountBar is a count of promises against the most of any.
func (p guaranteePage) CountBar(n int) template.HTML {
	most := 1
	for _, c := range p.Promises {
		most = max(most, c.Count)
	}
	return web.CountBar(n, most)
}

func (s *server) cases(w http.ResponseWriter, req *http.Request) { s.guarantee(w, req, "cases") }

func (s *server) pledges(w http.ResponseWriter, req *http.Request) { s.guarantee(w, req, "pledges") }

// guarantee prints one of the pages of the guarantee in the language asked for.
func (s *server) guarantee(w http.ResponseWriter, req *http.Request, name string) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	p := guaranteePage{Path: "/" + name}
	all, err := catalogues()
	if err == nil {
		err = web.OneOf("language", req.URL.Query().Get("lang"), web.Languages())
	}
	if err == nil {
		p.PublicGuarantee, err = s.Reader.Guarantee(req.Context())
	}
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	p.words = all[web.KnownLanguage(req.URL.Query().Get("lang"))]
	if p.words.Lang != "en" {
		f.Lang, f.Texts, f.Links = p.words.Lang, p.words.Frame(), links(p.words, "?lang="+p.words.Lang)
	}
	s.render.Page(w, req, f, name+".html", p.Say(name), p)
}

// links is the navigation in a language; Dailies, incidents and the explanation are in
// English alone.
func links(c web.Catalogue, suffix string) []web.Link {
	out := Links()
	for i, l := range out {
		key := "nav." + strings.TrimPrefix(l.Href, "/")
		if l.Href == "/" {
			key = "nav.days"
		}
		out[i].Label = c.Say(key)
		if slices.Contains([]string{"/cases", "/pledges", "/press", "/promises", "/claims"}, l.Href) {
			out[i].Href += suffix
		}
	}
	return out
}

// released is what every answer in JSON says of itself.
type released struct {
	Mission string        `json:"mission"`
	Realm   truce.Realm   `json:"realm"`
	At      truce.Instant `json:"as_of"` // 0: nothing was released
}

func (s *server) casesJSON(w http.ResponseWriter, req *http.Request) {
	s.data(w, req, func(g truce.PublicGuarantee, r released) any {
		return struct {
			released
			Cases []truce.PublicCase `json:"cases"`
			Left  int                `json:"cases_left_out"`
		}{r, append([]truce.PublicCase{}, g.Cases...), g.Left}
	})
}

func (s *server) pledgesJSON(w http.ResponseWriter, req *http.Request) {
	s.data(w, req, func(g truce.PublicGuarantee, r released) any {
		return struct {
			released
			Supply   []truce.PublicSupply `json:"contributions"`
			Promises []truce.PublicCount  `json:"promises"`
		}{r, append([]truce.PublicSupply{}, g.Supply...), append([]truce.PublicCount{}, g.Promises...)}
	})
}

// data answers with a part of what was released.
func (s *server) data(w http.ResponseWriter, req *http.Request, part func(truce.PublicGuarantee, released) any) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	g, err := s.Reader.Guarantee(req.Context())
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	body, err := json.MarshalIndent(part(g, released{f.Mission, f.Realm, g.At}), "", "  ")
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	web.Document{ContentType: "application/json", Body: append(body, '\n')}.Serve(w)
}
