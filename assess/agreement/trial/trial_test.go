package trial

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// plain is the test agreement of the package above: a line along longitude -21.6 with
// party A to the west and B to the east.
func plain(t testing.TB) *agreement.Agreement {
	t.Helper()
	files, err := agreement.ReadDir(os.DirFS("../testdata/plain"))
	if err != nil {
		t.Fatal(err)
	}
	terms, err := agreement.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return terms
}

// run runs the tests of a text, which must be readable.
func run(t testing.TB, text string) []Result {
	t.Helper()
	terms := plain(t)
	tests, errs := Parse("tests/a.test", []byte(text), terms)
	for _, e := range errs {
		t.Error(e)
	}
	runner := Runner{Terms: terms}
	var out []Result
	for _, test := range tests {
		result, err := runner.Run(test)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, result)
	}
	return out
}

const passing = `# what counts on the plain
test "fire near the line is met"
  at 2026-04-11T16:20Z indirect_fire -48.0,-21.62 ±150m
  expect R01 hit >= 0.9 effect_side A >= 0.9
  expect count engagement 1

test "the same far away is outside"
  at 2026-04-11T16:20Z indirect_fire -48.0,-22.62 ±150m
  expect R01 outside

test "an explosion alone stays open"
  at 2026-04-11T16:20Z explosion -48.0,-21.62 ±150m
  expect R01 indeterminate reason act trace "a sign of what R01 names"

test "a window covers a controlled explosion"
  given window W-9 demining by A circle -48.0,-21.62 radius 1km from 2026-04-11T16:00Z to 2026-04-11T17:00Z notified 2026-04-08T09:00Z acked 2026-04-09T00:00Z by B
  at 2026-04-11T16:20Z controlled_explosion 0.75 indirect_fire 0.25 -48.0,-21.62 ±100m
  expect R07 exempt
  expect R01 outside <= 0.3
`

func TestTestsOfTheLanguagePass(t *testing.T) {
	results := run(t, passing[:strings.Index(passing, "\ntest \"a window")])
	if len(results) != 3 {
		t.Fatalf("%d results, want 3", len(results))
	}
	for _, r := range results {
		for _, f := range r.Failures {
			t.Errorf("%s: %s\n%s", r.Name, f, strings.Join(f.Trace, "\n"))
		}
	}
}

func TestAFailurePrintsTheTrace(t *testing.T) {
	results := run(t, strings.Replace(passing, "R01 hit >= 0.9 effect", "R01 outside effect", 1))
	failures := results[0].Failures
	if len(failures) != 1 {
		t.Fatalf("failures %v, want one", failures)
	}
	f := failures[0]
	if f.Line != 4 || !strings.Contains(f.Got, "hit with p 1.0000") || !strings.Contains(strings.Join(f.Trace, "\n"), "place of effect:") {
		t.Errorf("failure %+v: want line 4, the verdict and the trace", f)
	}
	if !strings.Contains(f.Trace[0], "line 3: at 2026-04-11T16:20Z indirect_fire") {
		t.Errorf("trace begins with %q, want the event", f.Trace[0])
	}
}

func TestExpectationsThatDoNotHold(t *testing.T) {
	rows := []struct{ expect, got string }{
		{"R01 exempt", "hit with p"},
		{"R01 hit <= 0.5", "hit with p"},
		{"R01 indeterminate", "hit with p"},
		{"R01 hit reason act", `reason ""`},
		{"R01 hit effect_side B >= 0.5", "effect_side B 0.0"},
		{"R01 hit severity 4", "severity 0"},
		{"R01 hit counted under R02", `counted under "", 1 by itself`},
		{"R01 hit reading A hit", "no reading of A"},
		{"R01 hit condition names_incident met", "no condition names_incident"},
		{`R01 hit trace "nothing of the kind"`, "no such words"},
		{"R01 claimed", "no window that was claimed"},
		{"no hit", "R01 hit with p"},
		{"count engagement 2", "1"},
		{"count R01 0", "1"},
		{"count flight 1", "0"},
	}
	for _, row := range rows {
		results := run(t, "test \"x\"\nat 2026-04-11T16:20Z indirect_fire -48.0,-21.62 ±150m\nexpect "+row.expect)
		if f := results[0].Failures; len(f) != 1 || !strings.Contains(f[0].Got, row.got) {
			t.Errorf("expect %s: failures %v, want one that holds %q", row.expect, f, row.got)
		}
	}
}

func TestLinesThatCannotBeRead(t *testing.T) {
	head := "test \"x\"\n"
	rows := []struct{ name, text, want string }{
		{"before any test", "at 2026-04-11T16:20Z burst", `1:1: "at" stands before any test`},
		{"no quotes", "test name", "write the name in quotes"},
		{"quotation without end", `test "name`, "has no end"},
		{"unknown beginning", head + "then R01 hit", `"then": a line begins with`},
		{"bad time", head + "at 16:20 burst", `2:4: "16:20": want a time`},
		{"ends first", head + "at 2026-04-11T16:20Z to 2026-04-11T16:10Z burst", "ends before it begins"},
		{"unknown act", head + "at 2026-04-11T16:20Z indirect_fires", `did you mean "indirect_fire"?`},
		{"act missing", head + "at 2026-04-11T16:20Z", "want what happened"},
		{"acts over one", head + "at 2026-04-11T16:20Z sniper 0.7 indirect_fire 0.7", "sum to 1.40"},
		{"targets over one", head + "at 2026-04-11T16:20Z indirect_fire attack_energy attack_water", "sum to 2.00"},
		{"means and others over one", head + "at 2026-04-11T16:20Z indirect_fire heat_undetermined 0.2 attack_energy", "sum to 1.20"},
		{"longitude first", head + "at 2026-04-11T16:20Z burst -21.6,-248.0", "latitude comes first"},
		{"error without unit", head + "at 2026-04-11T16:20Z burst -48.0,-21.6 ±150", "want an error such as ±150m"},
		{"unknown site", head + "at 2026-04-11T16:20Z burst site S-9", `no site "S-9"`},
		{"short axis first", head + "at 2026-04-11T16:20Z burst -48.0,-21.6 ellipse 100m x 200m strike 3", "longer axis comes first"},
		{"unknown family", head + "at 2026-04-11T16:20Z burst seen by drones", `did you mean "drone"?`},
		{"unknown word", head + "at 2026-04-11T16:20Z burst -48.0,-21.6 loudly", `"loudly" is not understood here`},
		{"two weapons", head + "at 2026-04-11T16:20Z burst weapon gun or mortar", "each needs a probability"},
		{"no weapon", head + "at 2026-04-11T16:20Z burst weapon", "what the weapon was is missing"},
		{"identity", head + "at 2026-04-11T16:20Z recon_uav identity friendly", "is not how an identity stands"},
		{"crossed", head + "at 2026-04-11T16:20Z recon_uav crossed L9 0.4", "has no line"},
		{"flown with", head + "at 2026-04-11T16:20Z recon_uav flown with 400", "want at most 20"},
		{"height", head + "at 2026-04-11T16:20Z recon_uav altitude high", "want a height such as"},
		{"unknown party", head + "at 2026-04-11T16:20Z burst from side C", `"C" is not a party`},
		{"weapon twice", head + "at 2026-04-11T16:20Z burst weapon howitzer 152mm weapon tank", `2:50: weapon stands twice: join weapons with or`},
		{"quantity twice", head + "at 2026-04-11T16:20Z burst quantity 2 quantity 3", "quantity stands twice: say it once"},
		{"quantity and count", head + "at 2026-04-11T16:20Z burst quantity 2 3 vehicles", "quantity stands twice"},
		{"side twice", head + "at 2026-04-11T16:20Z burst from side A 0.3 from side B 0.4 from side A 0.2", "from side A stands twice"},
		{"origin twice", head + "at 2026-04-11T16:20Z burst from -48.0,-21.6 from -48.0,-21.5", "from stands twice"},
		{"seen twice", head + "at 2026-04-11T16:20Z burst seen by drone seen by camera", "seen stands twice"},
		{"sites", head + "at 2026-04-11T16:20Z burst on S-1 on S-2", "site stands twice"},
		{"zone twice", head + "given window W demining by A zone Z-BOX zone Z-BOX from 2026-04-11T16:00Z to 2026-04-11T17:00Z notified 2026-04-08T09:00Z", "zone stands twice"},
		{"notice twice", head + "given window W demining by A notice 24h notice 48h", "notice stands twice"},
		{"known twice", head + "given known at D+3\ngiven known at D+4", "known at stands twice in the test"},
		{"status twice", head + "given status draft\ngiven status signed", "status stands twice in the test"},
		{"line twice", head + strings.Repeat("given line L1 through -48,-21 -47,-21 ±10m\n", 2), "line L1 stands twice in the test"},
		{"sign forgotten", head + "at 2026-04-11T16:20Z burst -48.0,-21.6 150m", `"150m" is not understood here; did you mean "±150m"?`},
		{"sign and unit forgotten", head + "at 2026-04-11T16:20Z burst -48.0,-21.6 150", `did you mean "±150m"?`},
		{"place in two words", head + "at 2026-04-11T16:20Z burst 48.5 -21.62", `a place is latitude,longitude in one word with decimal points: did you mean "48.5,-21.62"?`},
		{"place in two words, a comma", head + "at 2026-04-11T16:20Z burst 48.5, -21.62", `did you mean "48.5,-21.62"?`},
		{"decimal commas", head + "at 2026-04-11T16:20Z burst -47,91,-21,62", `did you mean "-47.91,-21.62"?`},
		{"silence on nothing that was notified", head + "at 2026-04-11T16:20Z silence of B on W-9", `the test gives no window "W-9"`},
		{"silence of whoever notified it", head + "given window W-1 demining by B circle -48,-21.6 radius 1km from 2026-04-11T10:00Z to 2026-04-11T14:00Z notified 2026-04-08T09:00Z\nat 2026-04-11T16:20Z silence of B on W-1", "B notified the window itself and owes no answer to it"},
		{"silence of nobody", head + "at 2026-04-11T16:20Z silence on W-1", `"on": want "of"`},
		{"decimal commas in a line", head + "given line L1 through -48,-21 -47,5,-21,2 ±10m", `"-47,5,-21,2" is no place; a place is latitude,longitude`},
		{"origin in two words", head + "at 2026-04-11T16:20Z burst from 48.5 -21.62", `did you mean "48.5,-21.62"?`},
		{"place at the end", head + "at 2026-04-11T16:20Z burst weapon tank -48.0,-21.6", "the place stands right after what happened"},
		{"expect before event", head + "expect R01 hit", "stands before any event"},
		{"unknown rule", head + "at 2026-04-11T16:20Z burst\nexpect R99 hit", `"R99" is not a rule`},
		{"unknown verdict", head + "at 2026-04-11T16:20Z burst\nexpect R01 hits", `"hits" is no verdict; did you mean "hit"?`},
		{"bound", head + "at 2026-04-11T16:20Z burst\nexpect R01 hit >= 90", "want a probability from 0 to 1"},
		{"unknown unit", head + "at 2026-04-11T16:20Z burst\nexpect count shells 3", "is not a counting unit or a rule"},
		{"tier in a time", head + "at 2026-04-11T16:20Z burst\nexpect tier L0 in 3h", `"3h": want "case"`},
		{"tier", head + "at 2026-04-11T16:20Z burst\nexpect tier L9", `"L9" is not a tier of the ladder; did you mean "L0"?`},
		{"expects nothing", head + "at 2026-04-11T16:20Z burst", "expects nothing"},
		{"name twice", head + "expect count flight 0\n" + head + "expect count flight 0", "stands in line 1"},
		{"window without place", head + "given window W demining by A from 2026-04-11T16:00Z to 2026-04-11T17:00Z notified 2026-04-08T09:00Z", "one place"},
		{"window without notice", head + "given window W demining by A zone Z-BOX from 2026-04-11T16:00Z to 2026-04-11T17:00Z", "notified is missing"},
		{"window upside down", head + "given window W demining by A zone Z-BOX from 2026-04-11T16:00Z to 2026-04-11T15:00Z notified 2026-04-08T09:00Z", "an end after its beginning"},
		{"acknowledged twice by one", head + "given window W demining by A zone Z-BOX from 2026-04-11T16:00Z to 2026-04-11T17:00Z notified 2026-04-08T09:00Z acked 2026-04-09T09:00Z by B acked 2026-04-10T09:00Z by B", "B acknowledges the window twice"},
		{"unknown window", head + "given window W mining by A", `"mining" is not a kind of window`},
		{"unknown line", head + "given line L9 through -48,-21 -47,-21 ±10m", `draws no line "L9"`},
		{"short line", head + "given line L1 through -48,-21 ±10m", "two points at least"},
		{"given", head + "given weather fair", "given speaks of"},
		{"holding of no site", head + "given holding S-9 declared 12", `no site "S-9"`},
		{"status", head + "given status peace", `"peace" is not a status`},
		{"control byte", "test \"a\x01\"", "is not text"},
	}
	terms := plain(t)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			_, errs := Parse("a.test", []byte(row.text), terms)
			found := false
			for _, e := range errs {
				found = found || strings.Contains(e.Error(), row.want)
				if e.Line < 1 || e.Column < 1 || e.File != "a.test" {
					t.Errorf("%v has no place", e)
				}
			}
			if !found {
				t.Errorf("problems %v, want one that holds %q", errs, row.want)
			}
		})
	}
}

func TestWhatALineSays(t *testing.T) {
	terms := plain(t)
	rows := []struct{ line, got string }{
		{"2026-04-11T16:20Z explosion impact -48,-21.6 ±150m", "indirect_fire 1 -48,-21.6 150"},
		{"2026-04-11T16:20Z explosion impact -48,-21.6 r90 300m weapon missile", "missile_strike 1 -48,-21.6 139.797"},
		{"2026-04-11T16:20Z explosion impact -48,-21.6 weapon tank 0.6 or mortar 82mm 0.3", "direct_fire 0.6 indirect_fire 0.4 -48,-21.6 0"},
		{"2026-04-11T16:20Z sniper 0.4 indirect_fire 0.3 nowhere", "sniper 0.4 indirect_fire 0.3 nowhere"},
		{"2026-04-11T16:20Z drone flight -48,-21.6", "recon_uav 1 -48,-21.6 0"},
		{"2026-04-11T16:20Z access denied", "deny_access 1 nowhere"},
	}
	for _, row := range rows {
		in, err := ParseEvent(terms, "a", 1, row.line)
		if err != nil {
			t.Errorf("%s: %v", row.line, err)
			continue
		}
		var got []string
		for _, a := range in.Acts {
			got = append(got, fmt.Sprintf("%s %g", a.Act, float64(a.P)))
		}
		where := "nowhere"
		if p := in.Position; p != nil {
			where = fmt.Sprintf("%g,%g %.6g", float64(p.Lat), float64(p.Lon), float64(p.Error.Ellipse().Major))
		}
		if text := strings.Join(append(got, where), " "); text != row.got {
			t.Errorf("%s: read as %q, want %q", row.line, text, row.got)
		}
	}
}

func TestDetailsOfALine(t *testing.T) {
	in, bad := ParseEvent(plain(t), "a", 1, "D+10 16:20 ±5m inspection -48,-21.6 declared 12 observed 9 unverified 1 since D+1 met D+3 10:00 "+
		"3 vehicles altitude 100..300m state in_sealed_store evidence site_visit, geolocated_video damage casualties 4 "+
		`identity in_doubt crossed L1 0.4 stayed 12m flown with 2 names "2026-12" coordinated D+9 ordered by HQ notified D+10 seen by drone p 0.8 occurrence verified from side B 0.7`)
	if bad != nil {
		t.Fatal(bad)
	}
	d := in.Detail
	checks := []struct {
		what      string
		got, want any
	}{
		{"time", in.Time.From.String(), "2026-04-11T16:20:00.000000Z"},
		{"sigma", in.Time.Sigma.Duration().String(), "5m0s"},
		{"missing", d.Holding.Missing(), 2},
		{"since", d.Duty.Since.String(), "2026-04-02T00:00:00.000000Z"},
		{"met", d.Duty.MetAt.String(), "2026-04-04T10:00:00.000000Z"},
		{"quantity", d.Quantity, 3},
		{"altitude", *d.Altitude, truce.Span{Low: 100, High: 300}},
		{"state", d.State, "in_sealed_store"},
		{"evidence", fmt.Sprint(d.Evidence), "[site_visit geolocated_video]"},
		{"damage", d.Damage, true},
		{"casualties", d.Casualties, 4},
		{"identity", d.Flight.Identity, truce.FlightInDoubt},
		{"crossed", d.Flight.Crossed("L1"), truce.Probability(.4)},
		{"stayed", d.Flight.Stays[0].Time.To.Sub(d.Flight.Stays[0].Time.From).String(), "12m0s"},
		{"flown with", len(d.Flight.Together), 2},
		{"names", d.Claim.Incident, "2026-12"},
		{"ordered", d.Claim.OrderedBy, "HQ"},
		{"families", fmt.Sprint(in.Families), "[drone]"},
		{"p", float64(in.P), 0.8},
		{"occurrence", in.Occurrence, truce.OccurrenceVerified},
		{"origin", fmt.Sprint(d.OriginSide), "[{B likely (0.70)}]"},
	}
	for _, c := range checks {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %v, want %v", c.what, c.got, c.want)
		}
	}
}

func TestALineOfTheTestReplacesTheDrawing(t *testing.T) {
	results := run(t, `test "the line lies elsewhere"
  given line L1 through -48.5,-25.0 -47.5,-25.0 ±10m
  at 2026-04-11T16:20Z indirect_fire -48.0,-21.62 ±150m
  expect R01 outside`)
	for _, f := range results[0].Failures {
		t.Error(f, f.Trace)
	}
}

func TestCoverNamesWhatNoTestReaches(t *testing.T) {
	terms := plain(t)
	cover := Cover(terms, run(t, passing[:strings.Index(passing, "\ntest \"a window")]))
	for _, c := range cover {
		missed := strings.Join(c.Missed(), ", ")
		switch c.Rule {
		case "R01":
			if c.Tests != 3 || strings.Contains(missed, "hit") || strings.Contains(missed, "outside") || !strings.Contains(missed, "act owa_uav") {
				t.Errorf("R01: %d tests, not reached %s", c.Tests, missed)
			}
		case "R02":
			if c.Tests != 0 || !strings.Contains(missed, "hit") {
				t.Errorf("R02: %d tests, not reached %s", c.Tests, missed)
			}
		}
	}
	failing := run(t, strings.Replace(passing[:strings.Index(passing, "\ntest \"the same")], "R01 hit", "R01 outside", 1))
	if got := Cover(terms, failing); got[0].Tests != 0 {
		t.Errorf("a failing test reaches %+v, want nothing", got[0])
	}
}

func TestCoverAsksForNoClaimOfAState(t *testing.T) {
	claimed := func(r agreement.Rule) (exempt, claimed bool) {
		for _, b := range branchesOf(&agreement.Agreement{Rules: []agreement.Rule{r}}, r.ID) {
			exempt, claimed = exempt || b.name == "exempt", claimed || b.name == "exempt claimed"
		}
		return exempt, claimed
	}
	state := agreement.Rule{ID: "L", Kind: agreement.KindLimit, UnlessState: []string{"in_sealed_store"}}
	if exempt, vain := claimed(state); !exempt || vain {
		t.Errorf("a rule with a state: exempt %t, exempt claimed %t, want only the first", exempt, vain)
	}
	state.Unless = []agreement.WindowKind{agreement.WindowRepair}
	if exempt, vain := claimed(state); !exempt || !vain {
		t.Errorf("a rule with a window: exempt %t, exempt claimed %t, want both", exempt, vain)
	}
}

func TestBounds(t *testing.T) {
	terms := plain(t)
	for name, text := range map[string]string{
		"file":   strings.Repeat("#", MaxFileBytes+1),
		"line":   strings.Repeat("x", MaxLineBytes+1),
		"events": "test \"x\"\n" + strings.Repeat("at 2026-04-11T16:20Z burst nowhere\n", MaxEvents+1),
	} {
		if _, errs := Parse("a.test", []byte(text), terms); len(errs) == 0 {
			t.Errorf("%s: no bound", name)
		}
	}
}

// FuzzParse: whatever the text, parsing ends, every problem has a place, and what was
// read can be run.
func FuzzParse(f *testing.F) {
	f.Add(passing)
	f.Add("test \"x\"\ngiven known at D+3\nat D+3 10:00 burst nowhere weapon 152mm or mortar 0.3\nexpect no hit")
	f.Add("test \"é\"\nat 2026-04-11T16:20Z sniper ±1h ellipse 9m x 3m strike 400")
	f.Add("test \"x\"\ngiven guarantors FAR\nat 2026-04-11T16:20Z burst nowhere known +5m\nat +1h verified by an-1 and an-2 all events\nat +2h chair signs down from L0 in case 2\nexpect refused\nat +3h expect no clock triage")
	f.Add("test \"x\"\nat 2026-04-11T16:20Z to +2h blind 60% west \"fog\"\nat -1h T0 event moved to -2h by head of FAR \"x\"\nat +1h remedy asked of A \"x\" due +2h\nexpect consultation ended \"x\" at +3h")
	terms := plain(f)
	runner := Runner{Terms: terms, Ladder: func(h History) (Course, error) {
		last := truce.Instant(0)
		for _, one := range h.Happens {
			if one.At < last || one.At > h.Until || one.Deed != nil && one.Deed.At != one.At {
				f.Errorf("%+v is out of order", one)
			}
			last = one.At
		}
		return Course{}, nil
	}}
	f.Fuzz(func(t *testing.T, text string) {
		tests, errs := Parse("a.test", []byte(text), terms)
		for _, e := range errs {
			if e.Line < 1 || e.Column < 1 || e.Text == "" {
				t.Errorf("problem without a place: %+v", e)
			}
		}
		for _, test := range tests {
			if _, err := runner.Run(test); err != nil && truce.CodeOf(err) == truce.CodeInternal {
				t.Errorf("%v", err)
			}
		}
	})
}

func TestAWindowThatTwoAcknowledge(t *testing.T) {
	terms := *plain(t)
	terms.Rules = slices.Clone(terms.Rules)
	for i := range terms.Rules {
		if r := &terms.Rules[i]; r.Permit != nil {
			both := *r.Permit
			both.Ack = agreement.AckBoth
			r.Permit = &both
		}
	}
	const text = `test "two words"
  given window W-9 demining by A circle -48.0,-21.62 radius 1km from 2026-04-11T16:00Z to 2026-04-11T17:00Z notified 2026-04-08T09:00Z acked 2026-04-09T00:00Z by B acked 2026-04-10T00:00Z by M
  at 2026-04-11T16:20Z controlled_explosion -48.0,-21.62 ±100m
  expect R07 exempt
test "one word"
  given window W-9 demining by A circle -48.0,-21.62 radius 1km from 2026-04-11T16:00Z to 2026-04-11T17:00Z notified 2026-04-08T09:00Z acked 2026-04-09T00:00Z by B
  at 2026-04-11T16:20Z controlled_explosion -48.0,-21.62 ±100m
  expect R07 outside reason evidence
`
	tests, errs := Parse("a.test", []byte(text), &terms)
	if len(errs) > 0 || len(tests) != 2 {
		t.Fatalf("%d tests, %v", len(tests), errs)
	}
	runner := Runner{Terms: &terms}
	for _, test := range tests {
		result, err := runner.Run(test)
		if err != nil || len(result.Failures) > 0 {
			t.Errorf("%s: %v %v", test.Name, err, result.Failures)
		}
	}
}

// TestNumbersAreThoseOfTheForms holds the ways of writing to patterns.
func TestNumbersAreThoseOfTheForms(t *testing.T) {
	pairs := regexp.MustCompile(`^-?\d{1,2}(\.\d{1,12})?,-?\d{1,3}(\.\d{1,12})?$`)
	distances := regexp.MustCompile(`^\d{1,7}(\.\d{1,6})?k?m$`)
	numbers := []string{"", "1", "12", "123", "1234", "12345678", "-1", "--1", "1.", ".5", "1.5", "1.1234567", "1.123456789012", "1.1234567890123", "1.2.3", "+1", "1e2", "é", " 1"}
	for _, a := range numbers {
		for _, b := range numbers {
			if text := a + "," + b; isPair(text) != pairs.MatchString(text) {
				t.Errorf("%q as a place: %v", text, isPair(text))
			}
		}
		for _, unit := range []string{"", "m", "km", "mm", "kkm", "k"} {
			if _, ok := metresOf(a + unit); ok != distances.MatchString(a+unit) {
				t.Errorf("%q as a distance: %v", a+unit, ok)
			}
		}
	}
}

// TestAHalfReadTestIsNotRun: what is left of a test when a line cannot be read shows
// nothing, and never changes the test before it.
func TestAHalfReadTestIsNotRun(t *testing.T) {
	const text = `test "sound"
  at 2026-04-11T16:20Z indirect_fire -48.0,-22.62 ±150m
  expect R01 outside
test "half"
  at 2026-04-11T16:20Z indirect_fire -48.0,-22.62 150m
  expect R01 hit
test "no end
  at 2026-04-11T16:20Z indirect_fire -48.0,-21.62 ±150m
  expect R01 outside
test "last"
  at 2026-04-11T16:20Z indirect_fire -48.0,-21.62 ±150m
  expect R01 hit
`
	terms := plain(t)
	tests, errs := Parse("a.test", []byte(text), terms)
	if len(errs) != 2 || errs[0].Line != 5 || errs[1].Line != 7 {
		t.Errorf("problems %v, want one in line 5 and one in line 7", errs)
	}
	runner := Runner{Terms: terms}
	var got []string
	for _, test := range tests {
		result, err := runner.Run(test)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %d %v %d %q", test.Name, test.Line, result.Passed(), len(result.Failures), result.Skipped()))
	}
	want := []string{`sound 1 true 0 ""`, `half 4 false 0 "not run: line 5 cannot be read"`, `no end 7 false 0 "not run: line 7 cannot be read"`, `last 10 true 0 ""`}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWhatIsSaidOfTheEventIsKept(t *testing.T) {
	for line, want := range map[string]truce.Occurrence{
		"2026-04-11T16:20Z burst seen by drone":                           truce.OccurrenceDetected,
		"2026-04-11T16:20Z burst seen by drone occurrence corroborated":   truce.OccurrenceCorroborated,
		"2026-04-11T16:20Z burst occurrence corroborated seen by drone":   truce.OccurrenceCorroborated,
		"2026-04-11T16:20Z burst seen by drone, camera":                   truce.OccurrenceCorroborated,
		"2026-04-11T16:20Z burst from side A 0.3 from side B 0.4 p 1":     truce.OccurrenceCorroborated,
		"2026-04-11T16:20Z burst occurrence verified seen by drone p 0.9": truce.OccurrenceVerified,
	} {
		if in, err := ParseEvent(plain(t), "a", 1, line); err != nil || in.Occurrence != want {
			t.Errorf("%s: %s, %v, want %s", line, in.Occurrence, err, want)
		}
	}
}
