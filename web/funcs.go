package web

import (
	"fmt"
	"html/template"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Funcs are the words and numbers that templates print.
func Funcs() template.FuncMap {
	return template.FuncMap{
		"utc":      func(t truce.Instant) string { return t.Time().Format("2006-01-02 15:04 UTC") },
		"span":     span,
		"p":        truce.Probability.Digits,
		"band":     func(p truce.Probability) string { return p.Band() },
		"metres":   metres,
		"words":    Words,
		"why":      func(v string, r truce.Reason) string { return Why(truce.Verdict(v), r) },
		"counted":  func(n int, u any) string { return Counted(n, truce.Unit(fmt.Sprint(u))) },
		"plural":   Plural,
		"moment":   moment,
		"isWeb":    isWeb,
		"sentence": Sentence,
		"asked":    Condition,
		"reading":  Reading,
		"head":     Head,
		"clause":   Paragraphs,
		"brief":    brief,
		"short":    func(h truce.Hash) string { return h.String()[:12] },
		"degrees":  func(lat, lon float64) string { return degrees(lat, "N", "S") + " " + degrees(lon, "E", "W") },
		"percent":  func(p truce.Probability) string { return fmt.Sprintf("%.0f %%", 100*float64(p)) },
		"recorded": func(t truce.RecordedTime) string { return truce.Instant(t).Time().Format("2006-01-02 15:04:05 UTC") },
	}
}

// Paragraphs is a clause text without its marks: headings, emphasis and line breaks
// inside a paragraph mean nothing to a reader of the page.
func Paragraphs(text string) []string {
	var out []string
	for _, block := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		var lines []string
		for _, line := range strings.Split(block, "\n") {
			line = strings.TrimSpace(line)
			if heading := strings.TrimLeft(line, "#"); heading != line {
				out = appendText(out, heading)
				continue
			}
			lines = append(lines, line)
		}
		out = appendText(out, strings.Join(lines, " "))
	}
	return out
}

// marks are the signs of emphasis and code.
var marks = strings.NewReplacer("**", "", "__", "", "`", "")

func appendText(out []string, text string) []string {
	if text = strings.TrimSpace(marks.Replace(text)); text != "" {
		return append(out, text)
	}
	return out
}

// span prints a time interval as people do: a moment, a day, or from and to.
func span(p truce.PhenomenonTime) string {
	from, to := p.From.Time(), p.To.Time()
	midnight := func(t time.Time) bool { return t.Equal(t.Truncate(24 * time.Hour)) }
	switch {
	case midnight(from) && to.Sub(from) == 24*time.Hour:
		return from.Format("2006-01-02") + ", some time that day (UTC)"
	case to.Sub(from) <= time.Minute:
		return from.Format("2006-01-02 15:04 UTC")
	case from.YearDay() == to.YearDay() && from.Year() == to.Year():
		return from.Format("2006-01-02 15:04") + " to " + to.Format("15:04 UTC")
	default:
		return from.Format("2006-01-02 15:04") + " to " + to.Format("2006-01-02 15:04 UTC")
	}
}

// moment is a time in a table whose heading says UTC: no longer than its column.
func moment(p truce.PhenomenonTime) string {
	return strings.ReplaceAll(strings.ReplaceAll(span(p), " (UTC)", ""), " UTC", "")
}

// isWeb says whether an address may be followed: what a source wrote as a link may be
// anything.
func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// brief is the beginning of an id that is too long for a column.
func brief(id string) string {
	const letters = 10
	if len(id) <= letters {
		return id
	}
	return id[:letters] + "…"
}

// metres rounds a length as finely as it deserves.
func metres(m float64) string {
	switch {
	case m >= 10_000:
		return fmt.Sprintf("%.0f km", m/1000)
	case m >= 1_000:
		return fmt.Sprintf("%.1f km", m/1000)
	default:
		return fmt.Sprintf("%.0f m", math.Ceil(m/10)*10)
	}
}

func degrees(v float64, positive, negative string) string {
	if v < 0 {
		return fmt.Sprintf("%.4f° %s", -v, negative)
	}
	return fmt.Sprintf("%.4f° %s", v, positive)
}
