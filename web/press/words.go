package press

import (
	"embed"
	"fmt"
	"html/template"
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

// funcs are what the templates of one language say.
func funcs(c web.Catalogue) template.FuncMap {
	return template.FuncMap{
		"say":       c.Say,
		"n":         c.Count,
		"word":      c.Word,
		"date":      func(t truce.Instant) string { return date(c, t) },
		"dates":     func(s truce.PublicStory) string { return dates(c, s) },
		"percentOf": percentOf,
		"rest":      func(percent int) int { return 100 - percent },
		"dayMonth":  dayMonth,
		"sure":      func(p float64) string { return fmt.Sprintf("%.0f %%", 100*p) },
		"firm":      func(f truce.Firmness) int { return 1 + slices.Index(truce.Firmnesses(), f) },
		"held":      func(k truce.ClaimCheck) string { return held(c, k) },
		"period":    func(p *truce.Period) string { return period(c, p) },
		"storyHref": func(s truce.PublicStory) string { return "/stories/" + s.ID.String() },
		"share":     share,
		"quoted":    truce.PublicQuote,
		"marked": func(text string) bool {
			return strings.HasPrefix(text, "“") || strings.HasPrefix(text, "«") || strings.HasPrefix(text, "\"")
		},
		"unit": func(u truce.Unit) string { return ours(c, "unit", string(u), web.Plural(u)) },
		"act":  func(a truce.Act) string { return ours(c, "act", string(a), web.Words(a)) },
	}
}

// ours is a word of the vocabulary in the language, the English one where it has none.
func ours(c web.Catalogue, group, key, english string) string {
	if said := c.Say(group + "." + key); said != group+"."+key {
		return said
	}
	return english
}

// share is whole percent, rounded down: what is below a minimum never reads as met.
func share(p truce.Probability) string { return fmt.Sprintf("%d %%", int(float64(p)*100+1e-9)) }

// UnitWord is the word for many of a unit in a language.
func UnitWord(lang string, u truce.Unit) string {
	all, err := catalogues()
	if err != nil {
		return web.Plural(u)
	}
	return ours(all[web.KnownLanguage(lang)], "unit", string(u), web.Plural(u))
}

// date is a day in words.
func date(c web.Catalogue, t truce.Instant) string {
	when := t.Time()
	return c.Say("date", "d", when.Day(), "m", c.Say(fmt.Sprintf("month.%d", when.Month())), "y", when.Year())
}

// dates is from when to when a story was told.
func dates(c web.Catalogue, s truce.PublicStory) string {
	first, last := date(c, s.First), date(c, s.Last)
	if first == last {
		return first
	}
	return first + " – " + last
}

// dayMonth is a day without its year, as under a bar.
func dayMonth(d truce.Day) string {
	if len(d) < 10 {
		return string(d)
	}
	return string(d[8:10]) + "." + string(d[5:7])
}

// period is when to when a total is of.
func period(c web.Catalogue, p *truce.Period) string {
	if p == nil {
		return c.Say("check.noperiod")
	}
	const layout = "2006-01-02 15:04"
	return p.From.Time().Format(layout) + " – " + p.To.Time().Format(layout) + " UTC"
}

// percentOf is a bar's width in whole percent of the longest, at least 1 where there is
// anything.
func percentOf(n, most int) int {
	if n == 0 || most == 0 {
		return 0
	}
	return max(1, 100*n/most)
}

// held is what the check found, by rule of the mission's own counts: for rivals the same
// words in the same order.
func held(c web.Catalogue, k truce.ClaimCheck) string {
	var reasons []string
	for _, r := range k.Reasons {
		reasons = append(reasons, c.Word("reason", r))
	}
	return strings.Join(reasons, "; ")
}
