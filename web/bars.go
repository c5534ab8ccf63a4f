package web

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Amounts are what a bar of a capability shows, all in one unit.
type Amounts struct {
	Need, Pledged, InPlace float64
}

// GapBar is what is in place against what is needed; behind it what was promised. Said is
// the same in words, for those who do not see it.
func GapBar(a Amounts, said string) template.HTML {
	whole := max(a.Need, a.Pledged, a.InPlace)
	if whole <= 0 {
		return ""
	}
	x := func(v float64) float64 { return 220 * min(v/whole, 1) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="gbar" viewBox="0 0 222 18" role="img" aria-label="%s">`, template.HTMLEscapeString(said))
	fmt.Fprintf(&b, `<path class="g-pledged" d="M1 4h%.1fv10H1z"/>`, x(a.Pledged))
	for at := 4.0; at < x(a.Pledged)-2; at += 6 {
		fmt.Fprintf(&b, `<path class="g-hatch" d="M%.1f 14l5 -10"/>`, at)
	}
	if a.InPlace > 0 {
		fmt.Fprintf(&b, `<path class="g-place" d="M1 4h%.1fv10H1z"/>`, x(a.InPlace))
	}
	if there := max(a.Pledged, a.InPlace); a.Need > there {
		fmt.Fprintf(&b, `<path class="g-gap" d="M%.1f 9H%.1f"/>`, 3+x(there), 1+x(a.Need))
	}
	if a.Need > 0 {
		fmt.Fprintf(&b, `<path class="g-need" d="M%.1f 0v18"/>`, 1+x(a.Need))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) // the only text went through escaping
}

// CountBar is a count against the most there is of any.
func CountBar(n, most int) template.HTML {
	const width = 200.0
	return template.HTML(fmt.Sprintf(`<svg class="cbar" viewBox="0 0 %.0f 10" aria-hidden="true" focusable="false"><path class="g-place" d="M0 1h%.1fv8H0z"/></svg>`, width, width*float64(n)/float64(max(most, 1))))
}

// Number writes a quantity with the thousands apart, as the language does.
func Number(lang string, v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	whole, part, has := strings.Cut(text, ".")
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 && digit != '-' && whole[i-1] != '-' {
			b.WriteRune('\u202f')
		}
		b.WriteRune(digit)
	}
	if !has {
		return b.String()
	}
	point := "."
	if lang == "uk" {
		point = ","
	}
	return b.String() + point + part[:min(len(part), 1)]
}

// Span is a period by the days on which it begins and ends, as a language writes them; "" of
// no period.
func Span(lang string, p truce.Period) string {
	if p.From == 0 && p.To == 0 {
		return ""
	}
	from, to := p.Days()
	return dayIn(lang, from) + " – " + dayIn(lang, to)
}

func dayIn(lang string, d truce.Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil || lang != "uk" {
		return string(d)
	}
	return t.Format("02.01.2006")
}
