package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

const eventHead = "id,time,to,lat,lon,sigma_m,what,detail\n"

// eventTable is a table of random events around a place, of several batches.
func eventTable(month string, n int, lat, lon float64, more string) string {
	random := rand.New(rand.NewPCG(7, 7))
	whats := []string{"explosion impact", "indirect_fire 0.7 sniper 0.2", "drone flight", "sighting", "movement", "controlled_explosion", "access denied", "presence"}
	details := []string{"", "weapon howitzer 152mm", "from side A 0.6 seen by drone, camera", "40 troops", "seen by media"}
	var out strings.Builder
	out.WriteString(eventHead)
	for i := range n {
		fmt.Fprintf(&out, "E%d,%s-%02dT%02d:%02dZ,,%.4f,%.4f,%d,%s,%q\n", i, month, 1+random.IntN(9), random.IntN(24), random.IntN(60),
			lat+random.Float64()-.5, lon+random.Float64()-.5, 50+random.IntN(900), whats[random.IntN(len(whats))], details[random.IntN(len(details))])
	}
	return out.String() + more
}

// twoGroups are together over a limit that each alone keeps.
const twoGroups = "G1,1953-08-20T10:00Z,,38.316,127.26,100,presence,600 troops\nG2,1953-08-20T10:00Z,,38.316,127.24,100,presence,600 troops\n"

// TestFindingsAreTheSameWithAndWithoutSentences: the table is evaluated without sentences
// and forgets what is plainly outside; JSON keeps everything. Both find the same. The
// limit of the second agreement adds up what several events hold.
func TestFindingsAreTheSameWithAndWithoutSentences(t *testing.T) {
	p := newProgram(t)
	for _, row := range []struct {
		dir      string
		month    string
		lat, lon float64
		more     string
		holds    string // of the findings, so that the limit is met
	}{
		{"../assess/agreement/testdata/plain", "2026-04", -48, -21.6, "", "\nE1"},
		{"../examples/agreements/korea-1953", "1953-11", 38.3, 127.2, twoGroups, "\nG1,R04,hit,"},
		{"../examples/agreements/illustrative", "2026-04", -48, -21.6, "", "\nE1"},
	} {
		events := p.write(t, "events.csv", eventTable(row.month, 1800, row.lat, row.lon, row.more))
		out := filepath.Join(t.TempDir(), "out")
		for _, ending := range []string{".csv", ".json"} {
			if r := p.runAlone("agreement", "evaluate", row.dir, "--events", events, "--out", out+ending); r.code != 0 {
				t.Fatalf("%s: exit code %d: %s", row.dir, r.code, r.err)
			}
		}
		table, err := os.ReadFile(out + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		got, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
		if err != nil || len(got) < 500 || !bytes.Contains(table, []byte(row.holds)) {
			t.Fatalf("%s: %d findings, %v, want 500 and %q", row.dir, len(got), err, row.holds)
		}
		if want := findingsOfJSON(t, out+".json"); !slices.EqualFunc(got[1:], want, slices.Equal[[]string]) {
			t.Errorf("%s: %d findings without sentences, %d with", row.dir, len(got)-1, len(want))
		}
	}
}

// findingsOfJSON are the rows that a file of evaluated events stands for.
func findingsOfJSON(t *testing.T, file string) [][]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range bytes.Lines(data) {
		var one evaluated
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		for i := range one.Findings {
			f := &one.Findings[i]
			if len(f.Trace) == 0 {
				t.Fatalf("%s: %s has no sentences", one.ID, f.Rule)
			}
			if f.Verdict != truce.VerdictOutside || f.ClaimsExempt {
				out = append(out, findingRow(one.ID, f))
			}
		}
	}
	return out
}

// A table says by which window a finding is exempt, and which one was claimed in vain.
func TestTableTellsOfWindows(t *testing.T) {
	p := newProgram(t)
	events := p.write(t, "events.csv", eventHead+"E1,2026-04-11T11:00Z,,-48.0,-21.65,50,controlled_explosion,\nE2,2026-04-11T11:00Z,,-48.0,-21.65,50,indirect_fire,\n")
	r := p.runAlone("agreement", "evaluate", "../assess/agreement/testdata/plain", "--events", events)
	if r.code != 0 {
		t.Fatal(r.err)
	}
	mustHold(t, r.out, strings.Join(findingColumns, ",")+"\n", "E1,R07,exempt,", ",,W-OK,\n", "E2,R01,hit,", ",yes,,W-OK\n")
}

func TestSentencesNameTheEventsOwnID(t *testing.T) {
	p := newProgram(t)
	events := p.write(t, "events.csv", eventHead+"first,2026-04-11T16:20Z,,-48.0,-21.62,50,indirect_fire,\n=second,2026-04-11T16:24Z,,-48.0,-21.62,50,indirect_fire,\n")
	out := filepath.Join(t.TempDir(), "out.json")
	if r := p.runAlone("agreement", "evaluate", "../assess/agreement/testdata/plain", "--events", events, "--out", out); r.code != 0 {
		t.Fatal(r.err)
	}
	if data, err := os.ReadFile(out); err != nil || !strings.Contains(string(data), "counted with incident first: firing") {
		t.Errorf("%v: no sentence names the first event:\n%s", err, data)
	}
	r := p.runAlone("agreement", "evaluate", "../assess/agreement/testdata/plain", "--events", events)
	if r.code != 0 || !strings.Contains(r.out, "\n'=second,R01,hit,") {
		t.Errorf("exit code %d:\n%s", r.code, r.out)
	}
}

// What was known in 1953 is asked for as it is, and not taken for all that is known today.
func TestEventsAsKnownBefore1970(t *testing.T) {
	p := newProgram(t)
	const korea = "../examples/agreements/korea-1953"
	events := p.write(t, "events.csv", eventHead+"E1,1953-08-20T10:00Z,,,,,notice due,nowhere since 1953-08-20T08:00Z\n")
	for known, want := range map[string]string{
		"":                     "E1,R09,indeterminate,",
		"1953-08-20T12:00:00Z": "E1,R09,indeterminate,",
		"1953-08-22T00:00:00Z": "E1,R09,hit,",
	} {
		args := []string{"agreement", "evaluate", korea, "--events", events}
		if known != "" {
			args = append(args, "--known-at", known)
		}
		if r := p.runAlone(args...); r.code != 0 || !strings.Contains(r.out, want) {
			t.Errorf("known at %q: exit code %d, want %s:\n%s%s", known, r.code, want, r.out, r.err)
		}
	}
	r := p.runAlone("agreement", "evaluate", korea, "--events", events, "--known-at", "1970-01-01T00:00:00Z")
	if r.code == 0 || !strings.Contains(r.err, "kept for what is left open") {
		t.Errorf("exit code %d: %s", r.code, r.err)
	}
}

func TestRowsThatAreNoEvents(t *testing.T) {
	p := newProgram(t)
	table := eventHead + "a,2026-04-11T16:20Z,,-48.0,-21.62,50,indirect_fire,\n" +
		"b,2026-04-11T16:20Z,,-48.0,,50,indirect_fire,\n" +
		"a,2026-04-11T19:20Z,,-48.0,-21.62,50,indirect_fire,\n" +
		",2026-04-11T19:20Z,,-48.0,-21.62,50,indirect_fire,\n" +
		"c,2026-04-11T19:20Z,,-48.0,-21.62,50,indirect_fire,weapon tank weapon mortar\n" +
		"b,2026-04-11T19:20Z,,-48.0,-21.62,50,indirect_fire,\n"
	r := p.runAlone("agreement", "evaluate", "../assess/agreement/testdata/plain", "--events", p.write(t, "events.csv", table))
	if r.code != 1 || strings.Count(r.out, ",R01,hit,") != 2 {
		t.Errorf("exit code %d, want 1, and the two events:\n%s", r.code, r.out)
	}
	for _, want := range []string{"2 events evaluated, 4 rows left out", "events.csv:3: a place has both lat and lon", `events.csv:4: the id "a" stands in line 2 already`,
		"events.csv:5: the id is empty", "events.csv:6: weapon stands twice: join weapons with or"} {
		if !strings.Contains(r.err, want) {
			t.Errorf("it lacks %q:\n%s", want, r.err)
		}
	}
	many := eventHead + strings.Repeat("x,never,,,,,burst,\n", 1200)
	r = p.runAlone("agreement", "evaluate", "../assess/agreement/testdata/plain", "--events", p.write(t, "many.csv", many))
	if r.code != 1 || !strings.Contains(r.err, "0 events evaluated, 1200 rows left out") || !strings.Contains(r.err, "and 1180 more") {
		t.Errorf("exit code %d:\n%.2000s", r.code, r.err)
	}
	for text, want := range map[string]string{
		"":                                  "want a table whose first line",
		"id,time\n":                         "the column what is missing",
		"id,time,what,lot\n":                `column "lot" is not known; did you mean "lon"?`,
		table + "d,\"2026-04-11T16:20Z,,,,": "many.csv: ",
	} {
		if r := p.runAlone("agreement", "evaluate", "../assess/agreement/testdata/plain", "--events", p.write(t, "many.csv", text)); r.code != 1 || !strings.Contains(r.err, want) {
			t.Errorf("%.20q: exit code %d, %s", text, r.code, r.err)
		}
	}
}
