package paper

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

const noon truce.Instant = 1_930_000_000_000_000

func TestNumbersOfALanguage(t *testing.T) {
	en, uk := Writer{Lang: "en", W: Words{"km": "km", "m": "m"}}, Writer{Lang: "uk", W: Words{"km": "км", "m": "м", "north": "Пн"}}
	for _, test := range []struct{ got, want string }{
		{en.Number(1234.5, 0), "1235"}, {en.Number(12345.678, 1), "12\u202f345.7"}, {uk.Number(12345.678, 1), "12\u202f345,7"}, {en.Number(-.04, 1), "0.0"}, {en.Number(-1.25, 2), "\u22121.25"},
		{en.Short(50), "50"}, {en.Short(-.02), "\u22120.02"}, {en.Length(9.96), "10.0\u00a0m"}, {en.Length(66), "66\u00a0m"}, {en.Length(12345), "12.3\u00a0km"}, {en.BarLength(20000), "20\u00a0km"},
		{uk.BarLength(500), "500\u00a0м"}, {uk.PlusMinus(331.46, .44), "331,5 ± 0,4"}, {en.PlusMinus(5, 0), "5.0"}, {uk.Day(noon), "27.02.2031"}, {en.Day(noon), "27 Feb 2031"},
		{en.Duration(90 * time.Minute), "1\u00a0h"}, {uk.Duration(10 * time.Minute), "10\u00a0хв"}, {en.Duration(24 * time.Hour), "24\u00a0h"}, {en.Duration(48 * time.Hour), "2\u00a0days"}, {en.Duration(5 * time.Second), "5\u00a0s"},
		{en.Degrees(geo.Point{Lat: -47.12345, Lon: 21.5}), "47.1235°\u00a0S 21.5000°\u00a0E"}, {en.Degrees(geo.Point{Lat: 1, Lon: -2}), "1.0000°\u00a0N 2.0000°\u00a0W"}, {uk.Decimal("1.5"), "1,5"}, {Writer{W: Words{"a": "{n} of {all}"}}.Fill("a", "{n}", "1", "{all}", "2"), "1 of 2"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}

// TestChartsAreWellFormed, hold their labels and keep strangers' text out of the markup.
func TestChartsAreWellFormed(t *testing.T) {
	w := Writer{Lang: "en", W: Words{"km": "km", "m": "m", "north": "N"}}
	var b strings.Builder
	w.Begin(&b, `a <b> "c"`)
	w.Levels(&b, -3, 12, func(x float64) float64 { return 100 - x })
	w.ScaleBar(&b, .01, 300)
	w.North(&b)
	b.WriteString("</svg>")
	for d := xml.NewDecoder(strings.NewReader(b.String())); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%v in %s", err, b.String())
		}
	}
	for _, want := range []string{"a &lt;b&gt; &#34;c&#34;", ">5</text>", ">10</text>", ">10\u00a0km</text>", ">N</text>"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in %s", want, b.String())
		}
	}
}

// TestStyleFetchesNothing: a page is read offline.
func TestStyleFetchesNothing(t *testing.T) {
	text := string(Style())
	for _, never := range []string{"http:", "https:", "url(", "@import", "</"} {
		if strings.Contains(text, never) {
			t.Errorf("the style holds %q", never)
		}
	}
	for _, has := range []string{"prefers-color-scheme: dark", "@media print", "focus-visible", "max-width: 40rem"} {
		if !strings.Contains(text, has) {
			t.Errorf("the style has no %s", has)
		}
	}
}
