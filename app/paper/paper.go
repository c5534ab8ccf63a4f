// Package paper is what the self-contained pages that commands write have in common: numbers,
// lengths and days as a language writes them, axes, scale bars and the looks.
//
// It never fetches anything and needs no script: a page is read from a file, offline, printed.
//
// Read this file for texts, chart.go for pictures and paper.css for the looks.
package paper

import (
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

//go:embed paper.css
var style string

// Style is the looks of a page; a page adds its own behind them.
func Style() template.CSS { return template.CSS(style) } // a file of ours

// Words are the texts of a page in one language, by key.
type Words map[string]string

// Writer writes in one language. Its Words hold km, m and north.
type Writer struct {
	Lang string
	W    Words
}

// Number writes a number with so many decimals and its thousands apart.
func (w Writer) Number(x float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(rounded(x, decimals)), 'f', decimals, 64)
	whole, part, has := strings.Cut(text, ".")
	var b strings.Builder
	if rounded(x, decimals) < 0 {
		b.WriteRune('\u2212')
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 && len(whole) > 4 {
			b.WriteRune('\u202f')
		}
		b.WriteRune(digit)
	}
	if has {
		b.WriteString(w.Decimal(".") + part)
	}
	return b.String()
}

func rounded(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}

// Short is a number without zeros at its end, for axes.
func (w Writer) Short(x float64) string {
	text := strconv.FormatFloat(rounded(math.Abs(x), 6), 'f', -1, 64)
	_, part, _ := strings.Cut(text, ".")
	return w.Number(x, len(part))
}

// Fill puts values into a text, in pairs.
func (w Writer) Fill(key string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(w.W[key])
}

// Length is a length in metres, from ten kilometres on in kilometres.
func (w Writer) Length(m float64) string {
	if m >= 9999.5 {
		return w.Number(m/1000, 1) + "\u00a0" + w.W["km"]
	}
	decimals := 0
	if m < 10 {
		decimals = 1
	}
	return w.Number(m, decimals) + "\u00a0" + w.W["m"]
}

// Day is a date as the language writes it.
func (w Writer) Day(t truce.Instant) string {
	if w.Lang == "uk" {
		return t.Time().Format("02.01.2006")
	}
	return t.Time().Format("2 Jan 2006")
}

// Decimal has the language's decimal mark in a text made of numbers.
func (w Writer) Decimal(text string) string {
	if w.Lang == "uk" {
		return strings.ReplaceAll(text, ".", ",")
	}
	return text
}

// Degrees is a place with four decimals, ten metres.
func (w Writer) Degrees(p geo.Point) string {
	lat := strconv.FormatFloat(rounded(math.Abs(float64(p.Lat)), 4), 'f', 4, 64) + "°\u00a0" + map[bool]string{true: "S", false: "N"}[p.Lat < 0]
	lon := strconv.FormatFloat(rounded(math.Abs(float64(p.Lon)), 4), 'f', 4, 64) + "°\u00a0" + map[bool]string{true: "W", false: "E"}[p.Lon < 0]
	return lat + " " + lon
}

// PlusMinus is a number with its error, where it has one.
func (w Writer) PlusMinus(x, sigma float64) string {
	text := w.Number(x, 1)
	if sigma > 0 {
		text += " ± " + w.Number(sigma, 1)
	}
	return text
}

// Duration is a length of time in whole units of the language.
func (w Writer) Duration(d time.Duration) string {
	units := map[string][4]string{"en": {"s", "min", "h", "days"}, "uk": {"с", "хв", "год", "дн."}}[w.Lang]
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		if d >= unit && (i > 0 || d > unit) {
			return fmt.Sprintf("%d\u00a0%s", d/unit, units[3-i])
		}
	}
	return fmt.Sprintf("%d\u00a0%s", d/time.Second, units[0])
}
