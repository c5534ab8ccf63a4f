package locating

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/paper/papertest"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// page prints a result and refuses what a page of its own must not hold.
func page(t *testing.T, field *Field, result *locate.Result, lang string) string {
	t.Helper()
	text, err := Report(field, result, lang)
	if err != nil {
		t.Fatal(err)
	}
	papertest.HoldPage(t, lang, text)
	return string(text)
}

func TestReportOfTwoEvents(t *testing.T) {
	result, list := twoEvents()
	result.Health = []locate.Health{{Sensor: 1, Kind: locate.ClockOffset, Value: -1.25, Sigma: .1}, {Sensor: 0, Kind: locate.Dead, Value: 31}, {Sensor: 0, Kind: locate.Chattering, Value: 1800}}
	result.Air = []locate.Air{{Speed: 331.5, East: -15, SpeedSigma: .4, WindSigma: .7}, {Speed: 340, From: list[0].Time}}
	field := &Field{twoEars(), list}
	en := page(t, field, result, "en")
	for _, want := range []string{
		`<html lang="en">`, "3 Mar 2031 00:00:04 – 00:00:09 UTC", "of 3 arrivals used", "47.1235°\u00a0S 21.5000°\u00a0W", "12.3 ± 0.9", "110\u00a0m × 43\u00a0m", "clock 1.25 s behind (± 0.10)",
		"silent where 31 arrivals were to be expected", "1800 arrivals an hour", "331.5 ± 0.4", "15.0 ± 0.7", "90°", "P waves", "Sound", "північ &lt;1&gt; &amp; more", `class="weak"`,
	} {
		if !strings.Contains(en, want) {
			t.Errorf("en: no %q", want)
		}
	}
	uk := page(t, field, result, "uk")
	for _, want := range []string{`<html lang="uk">`, "03.03.2031 00:00:04 – 00:00:09 UTC", "47,1235°\u00a0S", "годинник відстає на 1,25 с (± 0,10)", "Хвилі P"} {
		if !strings.Contains(uk, want) {
			t.Errorf("uk: no %q", want)
		}
	}
	if _, err := Report(field, result, "de"); err == nil || !strings.Contains(err.Error(), "en and uk") {
		t.Error(err)
	}
}

func TestReportOfNothing(t *testing.T) {
	for _, field := range []*Field{{}, {Sensors: twoEars()}, {Sensors: twoEars()[:1], Arrivals: []locate.Arrival{{ID: "a", Time: 1930262400e6}}}} {
		for _, lang := range Languages() {
			if text := page(t, field, &locate.Result{}, lang); !strings.Contains(text, reportWords[lang]["none"]) {
				t.Errorf("%s: the page does not say that there are no events", lang)
			}
		}
	}
}

// TestReportOfMany is cut where the table would be no table any more, and stays small.
func TestReportOfMany(t *testing.T) {
	field, result := &Field{Sensors: twoEars()}, &locate.Result{}
	at := truce.Instant(1930262400e6)
	for i := range 3000 {
		when := at + truce.Instant(i)*28_800_000
		field.Arrivals = append(field.Arrivals, locate.Arrival{ID: fmt.Sprint(i), Sensor: i % 2, Time: when})
		result.Events = append(result.Events, locate.Event{
			ID: truce.NewID(when, "event", locate.Method, []byte(fmt.Sprint(i))), Time: when, At: geo.Point{Lat: geo.Degrees(-47 + float64(i%70)/1000), Lon: -21.2},
			Ellipse: geo.Ellipse{Major: 30, Minor: 20}, Used: []locate.Used{{Arrival: i, Residual: math.Sin(float64(i))}},
		})
	}
	text := page(t, field, result, "en")
	if !strings.Contains(text, "The first 500 of 3000; events.csv has all of them.") || strings.Count(text, "<tr") != 501 {
		t.Errorf("%d rows", strings.Count(text, "<tr"))
	}
	if !strings.Contains(text, "each bar 30\u00a0min") || !strings.Contains(text, "drawn that large") || len(text) > 1<<20 {
		t.Errorf("a page of %d bytes", len(text))
	}
}

// TestLanguagesSayTheSame: no text is missing in one, and placeholders are the same.
func TestLanguagesSayTheSame(t *testing.T) { papertest.HoldWords(t, reportWords, reportText) }
