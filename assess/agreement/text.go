package agreement

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// Moment is an instant with the words the text uses for it, because people argue about
// them ("00:01 local time").
type Moment struct {
	At    truce.Instant `json:"at"`
	Civil string        `json:"civil"`
}

var languageCode = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z]{2,3}$`)
})

// words reads a text given per language, or one value meant for the first language.
func (d *decoder) words(n *yaml.Node, path string) truce.Names {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return truce.Names{d.a.Languages[0]: d.text(n, path)}
	}
	m := d.mapping(n, path)
	t := truce.Names{}
	for _, lang := range d.a.Languages {
		value := m.get(lang)
		if value == nil {
			d.warnf(n, m.sub(lang), "is missing: the %s pages will print the %s text", lang, d.a.Languages[0])
			continue
		}
		t[lang] = d.text(value, m.sub(lang))
	}
	m.done()
	return t
}

// phrase reads words that people of every language are shown while a case is open. One
// text for all is accepted, as older agreements have it, with a remark.
func (d *decoder) phrase(n *yaml.Node, path string) truce.Names {
	if n != nil && n.Kind == yaml.ScalarNode && len(d.a.Languages) > 1 {
		rest := d.a.Languages[1:]
		d.warnf(n, path, "is written in %s only: the %s pages will print it so; write {%s: ..., %s: ...}", d.a.Languages[0], strings.Join(rest, ", "), d.a.Languages[0], strings.Join(rest, ": ..., "))
	}
	return d.words(n, path)
}

// instant reads RFC 3339.
func (r *reader) instant(n *yaml.Node, path string) truce.Instant {
	var at truce.Instant
	if n == nil {
		return at
	}
	if err := at.UnmarshalText([]byte(r.text(n, path))); err != nil {
		r.errorf(n, path, "%q: write RFC 3339 with an offset, e.g. 2026-04-11T16:00:00Z", cut(n.Value))
		return 0
	}
	return r.spoken(n, path, at)
}

// moment reads {at, civil}.
func (r *reader) moment(n *yaml.Node, path string) Moment {
	if n == nil {
		return Moment{}
	}
	m := r.mapping(n, path)
	out := Moment{r.instant(m.need("at"), m.sub("at")), r.text(m.need("civil"), m.sub("civil"))}
	m.done()
	return out
}

func (r *reader) duration(n *yaml.Node, path string) time.Duration {
	if n == nil {
		return 0
	}
	v, err := time.ParseDuration(r.text(n, path))
	if err != nil || v < 0 || v > 10*365*24*time.Hour {
		r.errorf(n, path, "%q: write a length of time from 0 to ten years, e.g. 48h or 10m", cut(n.Value))
		return 0
	}
	return v
}

func (r *reader) day(n *yaml.Node, path string) truce.Day {
	s := r.text(n, path)
	if n == nil {
		return ""
	}
	if t, err := time.Parse("2006-01-02", s); err != nil || truce.DayOf(t) != truce.Day(s) {
		r.errorf(n, path, "%q: write a day as YYYY-MM-DD", cut(s))
		return ""
	}
	return truce.Day(s)
}

// languages reads the list whose first entry is the authentic text.
func (d *decoder) languages(n *yaml.Node, path string) []string {
	var out []string
	for i, item := range d.list(n, path) {
		code := d.text(item, path)
		at := fmt.Sprintf("%s[%d]", path, i)
		if !languageCode().MatchString(code) {
			d.errorf(item, at, "%q: want a language code such as en", cut(code))
			continue
		}
		if slices.Contains(out, code) {
			d.errorf(item, at, "%s stands twice", code)
			continue
		}
		out = append(out, code)
	}
	if len(out) == 0 {
		return []string{"en"} // so that the rest can still be read; the field itself was refused
	}
	return out
}
