package moving

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/trucewatch/truce/app/paper/papertest"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

// printed prints findings and refuses what a page of its own must not hold.
func printed(t *testing.T, f *Findings, lang string) string {
	t.Helper()
	text, err := f.Page(Seen{Plots: 1234, Scans: 56}, lang)
	if err != nil {
		t.Fatal(err)
	}
	papertest.HoldPage(t, lang, text)
	return string(text)
}

// busy is a day of everything that a page tells of.
func busy(t *testing.T) *Findings {
	t.Helper()
	line, err := geo.NewLine("contact", []geo.Point{spotAt(2000, -5000), spotAt(2000, 5000)})
	if err != nil {
		t.Fatal(err)
	}
	zone := square(t, "buffer", 3000, 0, 400)
	zone.Band = &movement.Band{Floor: 50, Ceiling: 130}
	single := straight(4, 500, 500, 1, 1, 1)
	standing := straight(5, -2000, 900, 0, 0, 60)
	return find(t, []track.Track{straight(1, 0, 0, 20, 0, 30), straight(2, 0, 100, 20, 0, 30), straight(3, 0, -3000, 15, 5, 30), single, standing}, Shapes{Zones: []movement.Zone{zone}, Lines: []Line{{"contact", line}}})
}

func TestPageOfEverything(t *testing.T) {
	f := busy(t)
	en := printed(t, f, "en")
	for _, want := range []string{
		`<html lang="en">`, "27 Feb 2031 23:06:40 – 23:16:30 UTC", "plots in 56 scans", `<b>1234</b>`, "stays in zones and crossings of lines",
		`<bdi>buffer</bdi> <span class="kind">zone</span>`, `<bdi>contact</bdi> <span class="kind">line</span>`, "to its right; still across at the end",
		`<a href="#T0001">T0001</a> + <a href="#T0002">T0002</a>`, `<tr id="T0005">`, "Within 300\u00a0m for 5\u00a0min or longer", "drone\u00a00.", "a single state",
		`class="band"`, `class="corridor k0 d0"`, `class="graph k1 d0"`, "role=\"img\"", "Paths are drawn to within", `class="name"`, `class="tag k0 d0"`,
	} {
		if !strings.Contains(en, want) {
			t.Errorf("en: no %q", want)
		}
	}
	uk := printed(t, f, "uk")
	for _, want := range []string{`<html lang="uk">`, "27.02.2031 23:06:40 – 23:16:30 UTC", "безпілотник\u00a00,", "праворуч від неї; по той бік до кінця", "47,4919°\u00a0S"} {
		if !strings.Contains(uk, want) {
			t.Errorf("uk: no %q", want)
		}
	}
	if _, err := f.Page(Seen{}, "de"); err == nil || !strings.Contains(err.Error(), "en and uk") {
		t.Error(err)
	}
	again := printed(t, busy(t), "en")
	if again != en {
		t.Error("the same tracks give another page")
	}
}

// TestHostileNames of zones and lines stay text, in the tables, the map and the charts.
func TestHostileNames(t *testing.T) {
	hostile := []string{`</text><script>alert(1)</script>`, `"><img src=x onerror=alert(2)>`, `' onload='x`, `{{.W.title}}`, `</title></svg><style>*{display:none}</style>`, `javascript:alert(3)`}
	var shapes Shapes
	for i, name := range hostile {
		zone := square(t, name, float64(600*i), float64(700*i-2000), 500)
		zone.Band = &movement.Band{Floor: geo.Metres(20 * i), Ceiling: 5000}
		shapes.Zones = append(shapes.Zones, zone)
		line, err := geo.NewLine(name, []geo.Point{spotAt(float64(500*i), -4000), spotAt(float64(500*i), 4000)})
		if err != nil {
			t.Fatal(err)
		}
		shapes.Lines = append(shapes.Lines, Line{name + "!", line})
	}
	var tracks []track.Track
	for i := range 6 {
		tracks = append(tracks, straight(i+1, -500, float64(700*i-2000), 20, 0, 30))
	}
	f := find(t, tracks, shapes)
	if len(f.Visits) < 6 || len(f.Crossings) < 6 {
		t.Fatalf("%d visits, %d crossings: the names are hardly written", len(f.Visits), len(f.Crossings))
	}
	text, err := f.Page(Seen{}, "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"<script", "<img", "<style>*", "' onload='x\"", "</title></svg>"} {
		if bytes.Contains(text, []byte(never)) {
			t.Errorf("the page holds %q", never)
		}
	}
	allowed := map[string]bool{}
	for _, tag := range strings.Fields("doctype html meta title style main h1 h2 p ul li b div section svg rect path g text table thead tbody tr th td a bdi span") {
		allowed[tag] = true
	}
	body := regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(string(text), "")
	for _, m := range regexp.MustCompile(`<!?/?([a-zA-Z0-9]+)([^>]*)`).FindAllStringSubmatch(body, -1) {
		if !allowed[strings.ToLower(m[1])] || regexp.MustCompile(`(?i)\son\w+=`).MatchString(m[2]) && !strings.Contains(m[2], "&#39;") {
			t.Errorf("the page has the element %q", m[0])
		}
	}
	if !bytes.Contains(text, []byte("&lt;script&gt;alert(1)")) || !bytes.Contains(text, []byte("{{.W.title}}")) {
		t.Error("the names are not written as they are")
	}
}

func TestPageOfNothing(t *testing.T) {
	zone := square(t, "alone", 0, 0, 500)
	for _, f := range []*Findings{find(t, nil, Shapes{}), find(t, nil, Shapes{Zones: []movement.Zone{zone}})} {
		for _, lang := range Languages() {
			if text := printed(t, f, lang); !strings.Contains(text, pageWords[lang]["none"]) || strings.Contains(text, "<table") {
				t.Errorf("%s: the page does not say that there are no tracks", lang)
			}
		}
	}
}

// TestPageOfOneTrack, of one state and of many, without altitudes.
func TestPageOfOneTrack(t *testing.T) {
	low := straight(1, 0, 0, 10, 3, 20)
	for i := range low.States {
		low.States[i].High = false
	}
	text := printed(t, find(t, []track.Track{low}, Shapes{}), "en")
	for _, want := range []string{"No altitude was told.", "No zones or lines were given", "No two tracks went together.", "No track stayed within 300\u00a0m for 5\u00a0min."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	printed(t, find(t, []track.Track{straight(1, 0, 0, 10, 3, 1)}, Shapes{}), "en")
	far := straight(1, 0, 0, 0, 0, 3)
	far.States[1].At, far.States[2].At = geo.Point{Lat: 60, Lon: 120}, geo.Point{Lat: 47.5, Lon: 159}
	printed(t, find(t, []track.Track{far}, Shapes{}), "en") // to the other side of the Earth
}

// TestPageOfAThousand stays small and says what it leaves out.
func TestPageOfAThousand(t *testing.T) {
	var tracks []track.Track
	for i := range 1000 {
		turn := float64(i)
		tr := straight(i+1, 9000*math.Sin(turn*turn), 9000*math.Cos(turn*1.7), 0, 0, 300)
		for j := range tr.States {
			s := &tr.States[j]
			s.At = spotAt(9000*math.Sin(turn*turn)+float64(j)*8+300*math.Sin(float64(j)), 9000*math.Cos(turn*1.7)+300*math.Cos(float64(j)*turn))
			s.SpeedMps = 20
		}
		tracks = append(tracks, tr)
	}
	text := printed(t, &Findings{Tracks: tracks, Hints: make([][]movement.Hint, 1000)}, "en")
	for _, want := range []string{"12 of 1000 tracks have colours", "The first 500 of 1000", "others"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Count(text, `<tr id="T`) != maxRows || len(text) > 2<<20 {
		t.Errorf("%d rows, %d bytes", strings.Count(text, `<tr id="T`), len(text))
	}
}

// TestWordsSayTheSame: no text is missing in one language, and placeholders are the same.
func TestWordsSayTheSame(t *testing.T) { papertest.HoldWords(t, pageWords, pageText) }

// TestChancesNeverRoundToCertainty.
func TestChancesNeverRoundToCertainty(t *testing.T) {
	w := (&Findings{}).writer("uk", pageWords["uk"])
	for p, want := range map[float64]string{1: "1,00", .9999: ">\u00a00,99", .5: "0,50", .001: "<\u00a00,01", 0: "0,00", .994: "0,99"} {
		if got := w.chance(p); got != want {
			t.Errorf("%g: %q, want %q", p, got, want)
		}
	}
}

// TestColoursAreGivenToWhatPassed, then to the longest, in the order of tracks.
func TestColoursAreGivenToWhatPassed(t *testing.T) {
	var tracks []track.Track
	for i := range 30 {
		tracks = append(tracks, straight(i+1, 0, float64(1000*i), 20, 0, 10+i))
	}
	f := find(t, tracks, Shapes{Zones: []movement.Zone{square(t, "z", 1000, 0, 300), square(t, "y", 1000, 2000, 300)}})
	w := f.writer("en", pageWords["en"])
	if len(w.chosen) != mostColours || w.class(1) != "k0 d0" || w.class(3) != "k1 d0" || w.class(30) != "k5 d1" || w.class(2) != "" || w.class(20) != "" {
		t.Error(fmt.Sprint(w.chosen))
	}
}
