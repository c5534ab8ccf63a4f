package room

import (
	"embed"

	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

//go:embed pages
var pages embed.FS

//go:embed assets/room.css
var styleSheet string

func roomStyle() web.Style { return web.NewStyle("/assets/room", styleSheet) }

// assets serves the room's own style beside those of all pages.
func (s *server) assets() http.Handler {
	shared := web.Assets(s.missing)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if s.style.Serve(w, req.URL.Path) {
			return
		}
		shared.ServeHTTP(w, req)
	})
}

// funcs are the words and drawings of one language.
func (s *server) funcs(w words) template.FuncMap {
	return template.FuncMap{
		"t":        w.Say,
		"n":        w.Count,
		"w":        w.Word,
		"lang":     func() string { return w.Lang },
		"when":     func(t truce.Instant) template.HTML { return w.when(t, s.Zone) },
		"at":       func(t truce.Instant) template.HTML { return w.when(t, nil) },
		"plain":    func(t truce.Instant) string { return t.Time().Format(w.layout()) },
		"day":      w.day,
		"period":   func(p truce.Period) string { return web.Span(w.Lang, p) },
		"togo":     w.toGo,
		"ago":      w.ago,
		"length":   func(a, b truce.Instant) string { return w.length(b.Sub(a)) },
		"number":   w.number,
		"digits":   w.digits,
		"scale":    newScale,
		"bar":      w.clockBar,
		"times":    w.timeline,
		"gap":      w.gapBar,
		"countbar": countBar,
		"stages":   w.stageBar,
		"may":      func(list []truce.DeedKind, kind string) bool { return slices.Contains(list, truce.DeedKind(kind)) },
		"join":     joined,
		"strings":  func(list ...string) []string { return list },
		"open":     func(s truce.CaseState) bool { return s == truce.CaseOpen },
		"dict":     dict,
		"asks":     func(r truce.Role) bool { return r != truce.RoleContributor && r != truce.RolePublic },
		"own":      w.own,
		"asked":    w.asked,
		"ticking":  ticking,
		"ended":    ended,
		"missed":   missed,
		"since":    since,
		"session":  session,
		"votes":    votes,
		"carried":  carried,
		"first":    first,
		"after":    after,
		"backward": backward,
		"most":     most,
		"overdue":  func(now, due truce.Instant) bool { return due != 0 && due < now },
	}
}

// most is the bound of a field, as the vocabulary has it.
func most(what string) (int, error) {
	switch what {
	case "words":
		return truce.MaxWords, nil
	case "line":
		return truce.MaxLine, nil
	case "name":
		return truce.MaxName, nil
	}
	return 0, fmt.Errorf("most: no bound is named %q", what)
}

// dict hands several values to a template within a page.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 == 1 {
		return nil, fmt.Errorf("dict: %d values", len(pairs))
	}
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		out[key] = pairs[i+1]
	}
	return out, nil
}

func joined(list any) string {
	switch l := list.(type) {
	case []string:
		return strings.Join(l, ", ")
	case []truce.StateID:
		return join(l)
	case []truce.PersonID:
		return join(l)
	case []truce.PartyID:
		return join(l)
	}
	return fmt.Sprint(list)
}

func join[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}

// first and after part a list where a page folds it.
func first(list any, n int) (any, error) { return part(list, 0, n) }

func after(list any, n int) (any, error) { return part(list, n, -1) }

func part(list any, from, to int) (any, error) {
	switch l := list.(type) {
	case []StepLine:
		return cutList(l, from, to), nil
	case []AlertLine:
		return cutList(l, from, to), nil
	case []ClockLine:
		return cutList(l, from, to), nil
	}
	return nil, fmt.Errorf("a list of %T is not parted", list)
}

func cutList[T any](list []T, from, to int) []T {
	if to < 0 || to > len(list) {
		to = len(list)
	}
	return list[min(from, to):to]
}

// backward turns a list of steps round.
func backward(list []StepLine) []StepLine {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// when is a time in UTC, with the local time behind it where there is a zone.
func (w words) when(t truce.Instant, zone *time.Location) template.HTML {
	if t == 0 {
		return template.HTML(template.HTMLEscapeString(w.Say("none")))
	}
	at := t.Time()
	local := ""
	if zone != nil && zone != time.UTC {
		local = " <span class=\"soft\">(" + template.HTMLEscapeString(at.In(zone).Format("15:04 MST")) + ")</span>"
	}
	return template.HTML(`<time datetime="` + at.Format(time.RFC3339) + `">` + at.Format(w.layout()) + "</time>" + local) // digits and letters only
}

func (w words) layout() string {
	if w.Lang == "uk" {
		return "02.01.2006 15:04 UTC"
	}
	return "2006-01-02 15:04 UTC"
}

func (w words) day(d truce.Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil || w.Lang != "uk" {
		return string(d)
	}
	return t.Format("02.01.2006")
}

// length writes a length of time to the two greatest units that are not nothing.
func (w words) length(d time.Duration) string {
	d = d.Abs()
	units := []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}}
	var out []string
	for _, u := range units {
		n := d / u.length
		d %= u.length
		if n > 0 || len(out) > 0 {
			out = append(out, strconv.Itoa(int(n))+" "+w.Say("unit."+u.name))
		}
		if len(out) == 2 {
			break
		}
	}
	if len(out) == 2 && strings.HasPrefix(out[1], "0 ") {
		out = out[:1]
	}
	if len(out) == 0 {
		return "0 " + w.Say("unit.s")
	}
	return strings.Join(out, " ")
}

// toGo says how long a deadline is ahead or how long it is over.
func (w words) toGo(now, due truce.Instant) string {
	if due == 0 {
		return ""
	}
	if due < now {
		return w.Say("overdue", "length", w.length(now.Sub(due)))
	}
	return w.Say("togo", "length", w.length(due.Sub(now)))
}

func (w words) ago(now, at truce.Instant) string {
	return w.Say("ago", "length", w.length(now.Sub(at)))
}

// number writes a quantity with the thousands apart, as the language does.
func (w words) number(v float64) string { return web.Number(w.Lang, v) }

// digits is a probability.
func (w words) digits(p truce.Probability) string {
	if w.Lang == "uk" {
		return strings.ReplaceAll(p.Digits(), ".", ",")
	}
	return p.Digits()
}

func parseSeq(text string) truce.Seq {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return truce.Seq(n)
}

func escapeQuery(text string) string { return url.QueryEscape(text) }
