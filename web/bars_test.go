package web_test

import (
	"github.com/trucewatch/truce"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce/web"
)

func TestGapBar(t *testing.T) {
	bar := string(web.GapBar(web.Amounts{Need: 8, Pledged: 4, InPlace: 2}, `2 of <8>`))
	for _, want := range []string{`aria-label="2 of &lt;8&gt;"`, `class="g-place" d="M1 4h55.0v10H1z"`, `class="g-pledged" d="M1 4h110.0v10H1z"`, `class="g-gap" d="M113.0 9H221.0"`, `class="g-need" d="M221.0 0v18"`} {
		if !strings.Contains(bar, want) {
			t.Errorf("lacks %s: %s", want, bar)
		}
	}
	if full := string(web.GapBar(web.Amounts{Pledged: 4, InPlace: 4}, "")); strings.Contains(full, "g-need") || strings.Contains(full, "g-gap") {
		t.Errorf("a bar without a need: %s", full)
	}
	if none := web.GapBar(web.Amounts{}, "nothing"); none != "" {
		t.Errorf("nothing is drawn as %s", none)
	}
}

func TestCountBarAndNumber(t *testing.T) {
	if bar := string(web.CountBar(3, 6)); !strings.Contains(bar, "M0 1h100.0v8H0z") {
		t.Errorf("3 of 6: %s", bar)
	}
	if bar := string(web.CountBar(0, 0)); !strings.Contains(bar, "h0.0") {
		t.Errorf("nothing: %s", bar)
	}
	for lang, want := range map[string]string{"en": "12\u202f500.5", "uk": "12\u202f500,5"} {
		if got := web.Number(lang, 12500.55); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestSpanIsTheDaysOfAPeriodInItsZone(t *testing.T) {
	p := truce.Period{From: truce.InstantOf(time.Date(2025, 12, 31, 22, 0, 0, 0, time.UTC)), To: truce.InstantOf(time.Date(2026, 12, 31, 22, 0, 0, 0, time.UTC)), Zone: "Europe/Kyiv"}
	for lang, want := range map[string]string{"en": "2026-01-01 – 2027-01-01", "uk": "01.01.2026 – 01.01.2027"} {
		if got := web.Span(lang, p); got != want || web.Span(lang, truce.Period{}) != "" {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
