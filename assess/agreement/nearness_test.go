package agreement

import (
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

// What lies beside a window in place or time claims it, is told by how much, and is not
// covered.
func TestAMismatchOfPlaceOrTimeClaimsTheWindow(t *testing.T) {
	const middle = -3731.0 // of the circle of 1 km, metres from the line
	shot := func(act truce.Act, aside float64, clock string) Input {
		in := seen(act, truce.Detail{}, move(spot(middle-1000-aside, 10)), when("2026-04-11T"+clock+"Z"))
		in.Windows = []Window{demining(nil)}
		return in
	}
	route := func(off float64) Input {
		in := shot("notified_rotation", -1000, "10:00:00")
		in.Incident.Position = spot(middle-off, 10)
		in.Windows = []Window{demining(func(w *Window) {
			w.Kind, w.Circle = WindowRotation, nil
			w.Corridor = &Corridor{Route: []geo.Point{spotAt(-48.2, middle, 0).Point, spotAt(-47.8, middle, 0).Point}, WithinM: 100}
		})}
		return in
	}
	wide := func(m float64, d time.Duration) Permission { return Permission{NearM: m, Near: d} }
	rows := []struct {
		name   string
		terms  Permission
		in     Input
		claims bool
		says   string
	}{
		{"fire 40 m outside", Permission{}, shot(fire, 40, "10:00:00"), true, "40 m outside its place, inside with p"},
		{"a controlled explosion 50 m outside", Permission{}, shot(truce.ActControlledExplos, 50, "10:00:00"), true, "50 m outside its place"},
		{"as far outside as it is wide", Permission{}, shot(fire, 980, "10:00:00"), true, "980 m outside its place"},
		{"farther", Permission{}, shot(fire, 1100, "10:00:00"), false, ""},
		{"farther, and the permission says that this is near", wide(2000, 0), shot(fire, 1100, "10:00:00"), true, "1.1 km outside its place"},
		{"nearer than the permission asks", wide(30, 0), shot(fire, 40, "10:00:00"), false, ""},
		{"61 min after its end", Permission{}, shot(fire, -1000, "13:01:00"), true, "ended 1 h 1 min before"},
		{"as long after as it lasted", Permission{}, shot(fire, -1000, "15:58:00"), true, "before"},
		{"longer after", Permission{}, shot(fire, -1000, "16:10:00"), false, ""},
		{"as long before", Permission{}, shot(fire, -1000, "04:10:00"), true, "after"},
		{"longer after, and the permission says that this is near", wide(0, 30*time.Hour), shot(fire, -1000, "23:00:00"), true, "ended 11 h before"},
		{"sooner than the permission asks", wide(0, 10*time.Minute), shot(fire, -1000, "13:01:00"), false, ""},
		{"beside it and after it", Permission{}, shot(fire, 40, "13:01:00"), true, "40 m outside its place, inside with p 0.00 only; ended 1 h 1 min before"},
		{"on the notified route", Permission{}, route(50), false, "covers it"},
		{"300 m off the route", Permission{}, route(400), true, "300 m outside its place"},
		{"3 km off the route", Permission{}, route(3100), true, "3.0 km outside its place"},
		{"another road altogether", Permission{}, route(6000), false, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.terms.Windows = []WindowKind{WindowDemining, WindowRotation}
			kinds := row.terms.Windows
			g := ruled(t, withoutWindows,
				Rule{ID: "F", Kind: KindProhibit, Acts: []truce.Act{fire, truce.ActControlledExplos, "notified_rotation"}, Families: 1, Where: Where{Anywhere: true}, Unless: kinds},
				Rule{ID: "P", Kind: KindPermit, Acts: []truce.Act{truce.ActControlledExplos, fire, "notified_rotation"}, Where: Where{Anywhere: true}, Permit: &row.terms})
			for _, rule := range []truce.RuleID{"F", "P"} {
				f := findingOf(t, g.Evaluate(row.in), rule)
				trace := strings.Join(f.Trace, "\n")
				covers := row.says == "covers it"
				if f.ClaimsExempt != row.claims || slices.Contains(f.NotCoveredBy, "N-1") != row.claims || !strings.Contains(trace, row.says) || (f.Verdict == exempt) != covers {
					t.Errorf("%s: %s, claims %v, want %v and %q:\n%s", rule, f.Verdict, f.ClaimsExempt, row.claims, row.says, trace)
				}
				if rule == "P" && strings.Contains(trace, "no window of its kinds is near") != (!covers && !row.claims) {
					t.Errorf("the permission denies the window, or does not:\n%s", trace)
				}
			}
		})
	}
}

// Nearness takes an incident's own error for what it is, and gives none a cover.
func TestNearWindowsNeverCover(t *testing.T) {
	g := ruled(t, withoutWindows, deminingRules(Permission{})...)
	rapid.Check(t, func(t *rapid.T) {
		aside := rapid.Float64Range(0, 3000).Draw(t, "aside")
		sigma := rapid.Float64Range(1, 1000).Draw(t, "sigma")
		in := seen(truce.ActControlledExplos, truce.Detail{}, move(spot(-4740-aside, sigma)))
		in.Windows = []Window{demining(nil)}
		f := g.Evaluate(in).Findings[1] // under P
		if near := aside < 995 || aside < 1.9*sigma; near && !f.ClaimsExempt || f.Verdict == exempt {
			t.Fatalf("%s, claims %v, %.0f m outside with sigma %.0f m\n%s", f.Verdict, f.ClaimsExempt, aside, sigma, strings.Join(f.Trace, "\n"))
		}
	})
}

// The width of a zone, of a band and of a route says how near is near, within bounds.
func TestHowFarOutsideIsNear(t *testing.T) {
	g := ruled(t, withoutWindows, deminingRules(Permission{})...)
	rows := []struct {
		name   string
		window Window
		want   float64
	}{
		{"a small circle", Window{Circle: &Circle{-48, -21.65, 50}}, 1000},
		{"a circle", Window{Circle: &Circle{-48, -21.65, 3000}}, 3000},
		{"a vast circle", Window{Circle: &Circle{-48, -21.65, 40_000}}, 10_000},
		{"a band as deep as it is", Window{Zone: "Z-BUFFER"}, 5000},
		{"a narrow route", Window{Notified: Notified{Corridor: &Corridor{Route: []geo.Point{{Lat: -48, Lon: -21.7}, {Lat: -47.9, Lon: -21.7}}, WithinM: 200}}}, 5000},
		{"a wide route", Window{Notified: Notified{Corridor: &Corridor{Route: []geo.Point{{Lat: -48, Lon: -21.7}, {Lat: -47.9, Lon: -21.7}}, WithinM: 800}}}, 8000},
	}
	for _, row := range rows {
		box, err := g.placeOf(row.window)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.defaultAside(&window{row.window, box}); got != row.want {
			t.Errorf("%s: %g m, want %g", row.name, got, row.want)
		}
	}
}
