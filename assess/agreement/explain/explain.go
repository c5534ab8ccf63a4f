// Package explain says in plain sentences what each rule of an agreement asks for, in
// English and Ukrainian, for people who sign the text and do not read code.
//
// It never interprets: each sentence says one field of the rule, so that a reader can
// hold it against the clause. The clause text stays authoritative.
//
// Read Rule for the order of the sentences and text/en.json for their words.
package explain

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

//go:embed text/*.json
var texts embed.FS

var languages = [...]string{"en", "uk"}

// Languages lists the languages rules are explained in.
func Languages() []string { return slices.Clone(languages[:]) }

var catalogues = sync.OnceValues(func() (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	for _, lang := range languages {
		raw, err := texts.ReadFile("text/" + lang + ".json")
		if err != nil {
			return nil, err
		}
		words := map[string]string{}
		if err := json.Unmarshal(raw, &words); err != nil {
			return nil, fmt.Errorf("explain: %s: %w", lang, err)
		}
		out[lang] = words
	}
	return out, nil
})

// Labels gives the name of an act, window kind or unit in a language, "" when it has
// none. The bulletin has these names; they are handed in so that both say the same.
type Labels func(lang, key string) string

// Text explains the rules of one agreement in one language.
type Text struct {
	terms  *agreement.Agreement
	lang   string
	words  map[string]string
	labels Labels
}

// New is an explanation of the terms in a language; labels may be nil.
func New(terms *agreement.Agreement, lang string, labels Labels) (*Text, error) {
	all, err := catalogues()
	if err != nil {
		return nil, err
	}
	words, ok := all[lang]
	if !ok {
		return nil, truce.Errorf(truce.CodeInvalid, "language %q: rules are explained in %s", lang, strings.Join(languages[:], ", "))
	}
	if labels == nil {
		labels = func(string, string) string { return "" }
	}
	return &Text{terms, lang, words, labels}, nil
}

// say fills the sentence of a key: pairs of name and value.
func (t *Text) say(key string, pairs ...any) string {
	text, ok := t.words[key]
	if !ok {
		return key // a test holds that every key exists in every language
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i].(string)+"}", fmt.Sprint(pairs[i+1]))
	}
	return text
}

// label is the name of a thing, or its identifier in readable form.
func (t *Text) label(kind, id string) string {
	if name := t.labels(t.lang, kind+"."+id); name != "" {
		return name
	}
	if name, ok := t.words[kind+"."+id]; ok {
		return name
	}
	return strings.ReplaceAll(id, "_", " ")
}

func (t *Text) act(act truce.Act) string {
	if names := t.terms.ActNames[act]; names != nil {
		return names.In(t.lang)
	}
	return t.label("act", string(act))
}

// list joins words: a, b and c.
func (t *Text) list(words []string, last string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + t.say(last) + " " + words[len(words)-1]
}

// named lists states or kinds of evidence by their names in the language.
func (t *Text) named(kind string, ids []string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = t.label(kind, id)
	}
	return strings.Join(out, ", ")
}

func (t *Text) acts(acts []truce.Act) string {
	out := make([]string, len(acts))
	for i, act := range acts {
		out[i] = t.act(act)
	}
	return t.list(out, "or")
}

// metres prints a distance.
func (t *Text) metres(m float64) string {
	if m >= 1000 {
		return fmt.Sprintf("%s %s", t.number(m/1000), t.say("km"))
	}
	return fmt.Sprintf("%s %s", t.number(m), t.say("m"))
}

// number prints to three places, with the decimal sign of the language.
func (t *Text) number(v float64) string {
	text := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".")
	return strings.Replace(text, ".", t.say("decimal"), 1)
}

// length prints a length of time in its largest whole unit.
func (t *Text) length(d time.Duration) string {
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		return fmt.Sprintf("%d %s", d/(24*time.Hour), t.say("days"))
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d %s", d/time.Hour, t.say("hours"))
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%d %s", d/time.Minute, t.say("minutes"))
	}
	return fmt.Sprintf("%d %s", d/time.Second, t.say("seconds"))
}

// moment prints a time in the agreement's own zone, with the zone's name.
func (t *Text) moment(at truce.Instant) string {
	return at.Time().In(t.terms.Calendar.Location()).Format("2006-01-02 15:04") + " (" + t.terms.Calendar.Zone + ")"
}

// Rule explains one rule: a sentence for each thing it says.
func (t *Text) Rule(r *agreement.Rule) []string {
	out := []string{t.head(r)}
	for _, part := range []func(*agreement.Rule) []string{
		t.what, t.where, t.when, t.narrowed, t.steps, t.positions, t.exceptions, t.evidence, t.counting, t.severity,
	} {
		for _, sentence := range part(r) {
			out = append(out, capital(sentence))
		}
	}
	return out
}

func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// head names the rule, its title and the clause it rests on.
func (t *Text) head(r *agreement.Rule) string {
	title := r.Title.In(t.lang)
	if title != "" {
		title = ": " + title
	}
	return t.say("head", "rule", r.ID, "version", r.Version, "title", title, "clause", r.Clause)
}
