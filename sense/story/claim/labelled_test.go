package claim_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/story/claim"
)

// The goals over all labelled sentences.
const (
	goalPrecision = 0.95
	goalRecall    = 0.80
)

// labelled is one sentence of the set and what it claims.
type labelled struct {
	line     int
	set      string // tune and later: rules were changed by them; held: none was
	language string
	text     string
	want     []string // keys of claims
	extra    []map[string]string
}

// readLabelled is the sentences of testdata/labelled.tsv.
func readLabelled(t testing.TB) []labelled { return readSet(t, "labelled.tsv") }

// readSet reads a file of labelled sentences: set, language, sentence, claims apart by
// " ; ", "-" for none.
func readSet(t testing.TB, name string) []labelled {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			t.Fatalf("%s:%d: %d fields, want 4", name, i+1, len(f))
		}
		l := labelled{line: i + 1, set: f[0], language: f[1], text: f[2]}
		for one := range strings.SplitSeq(f[3], " ; ") {
			if one != "-" {
				key, extra := labelKey(t, i+1, one)
				l.want, l.extra = append(l.want, key), append(l.extra, extra)
			}
		}
		out = append(out, l)
	}
	return out
}

// labelKey is what must be right of a claim, and what is looked at beside it.
func labelKey(t testing.TB, line int, label string) (string, map[string]string) {
	t.Helper()
	words := strings.Fields(label)
	extra := map[string]string{}
	e := map[string]string{}
	var plain []string
	for _, w := range words[1:] {
		name, value, named := strings.Cut(w, "=")
		switch {
		case !named && (w == "cond" || w == "rev"):
			extra[w] = "true"
		case !named:
			plain = append(plain, w)
		case name == "place" || name == "firm" || name == "stance":
			extra[name] = value
		default:
			e[name] = value
		}
	}
	if words[0] == "event" {
		return fmt.Sprintf("event act=%s n=%s unit=%s by=%s", e["act"], e["n"], e["unit"], parties[e["by"]]), extra
	}
	if len(plain) != 2 || !slices.Contains(truce.ClaimKinds(), truce.ClaimKind(words[0])) {
		t.Fatalf("labelled.tsv:%d: %q: want kind, actor and subject", line, label)
	}
	return words[0] + " " + plain[0] + " " + plain[1], extra
}

// claimKey is the same of a claim that was read.
func claimKey(c truce.Claim) string {
	if c.Kind == truce.ClaimEvent {
		n := ""
		if c.Count > 0 {
			n = strconv.Itoa(c.Count)
		}
		return fmt.Sprintf("event act=%s n=%s unit=%s by=%s", c.Act, n, c.Unit, c.Accused)
	}
	return fmt.Sprintf("%s %s %s", c.Kind, c.Said.Actor, c.Said.Subject)
}

var parties = map[string]truce.PartyID{"state:UA": "A", "state:RU": "B", "group:armed_formations": "F"}

// config is that of the labelled sentences: two parties and a small gazetteer.
func config(t testing.TB) claim.Config {
	t.Helper()
	return claim.Config{
		Parties:   parties,
		Enemies:   map[string]string{"lang:uk": "state:RU", "lang:ru": "state:UA", "state:UA": "state:RU", "state:RU": "state:UA"},
		Gazetteer: gazetteer(t),
		Box:       &geo.Bounds{South: 43, West: 21, North: 56, East: 45},
		Zone:      time.FixedZone("Kyiv", 2*3600),
	}
}

// gazetteer reads testdata/places.csv.
func gazetteer(t testing.TB) *claim.Gazetteer {
	t.Helper()
	raw, err := os.ReadFile("testdata/places.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var places []claim.Place
	for _, row := range rows[1:] {
		p := claim.Place{Name: row[0], Names: strings.Split(row[1], "|"), Admin: row[2], Kind: row[6]}
		lat, err1 := strconv.ParseFloat(row[3], 64)
		lon, err2 := strconv.ParseFloat(row[4], 64)
		radius, err3 := strconv.ParseFloat(row[5], 64)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatalf("places.csv: %v", row)
		}
		p.At, p.RadiusM = geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)}, radius
		places = append(places, p)
	}
	g, err := claim.NewGazetteer(places)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// published is the day of the labelled sentences, a Tuesday.
var published = truce.PhenomenonTime{
	From: truce.InstantOf(time.Date(2026, 1, 20, 9, 0, 0, 0, time.UTC)),
	To:   truce.InstantOf(time.Date(2026, 1, 20, 9, 0, 0, 0, time.UTC)),
}

// tally counts what was read against what is claimed.
type tally struct{ right, wrong, missed int }

func (c tally) precision() float64 { return float64(c.right) / float64(max(1, c.right+c.wrong)) }
func (c tally) recall() float64    { return float64(c.right) / float64(max(1, c.right+c.missed)) }

func (c *tally) add(o tally) {
	c.right, c.wrong, c.missed = c.right+o.right, c.wrong+o.wrong, c.missed+o.missed
}

func (c tally) String() string {
	return fmt.Sprintf("right %d, wrong %d, missed %d: precision %.3f, recall %.3f", c.right, c.wrong, c.missed, c.precision(), c.recall())
}

// compare counts one sentence; every expected claim can be met once.
func compare(want []string, got []truce.Claim) (tally, []int) {
	left := slices.Clone(want)
	met := make([]int, len(got))
	var c tally
	for i, g := range got {
		met[i] = -1
		if k := slices.Index(left, claimKey(g)); k >= 0 {
			left[k], met[i] = "", k
			c.right++
		} else {
			c.wrong++
		}
	}
	c.missed = len(want) - c.right
	return c, met
}

func TestLabelledSentences(t *testing.T) {
	cfg := config(t)
	sums := map[string]*tally{}
	sum := func(name string, c tally) {
		if sums[name] == nil {
			sums[name] = &tally{}
		}
		sums[name].add(c)
	}
	fields := map[string]*tally{}
	set := readLabelled(t)
	for _, l := range set {
		got := claim.Read(truce.Article{Text: l.text, Language: l.language, Published: published}, cfg)
		c, met := compare(l.want, got)
		sum("all", c)
		sum("set "+l.set, c)
		if l.set != "later" {
			sum("the 200", c)
		}
		sum("language "+l.language, c)
		kinds(sum, l.want, got)
		for i, k := range met {
			if k >= 0 {
				compareFields(fields, l.extra[k], got[i])
			}
		}
		if c.wrong+c.missed > 0 {
			t.Logf("%d: %s\n  want %q\n  got  %q", l.line, l.text, l.want, keysOf(got))
		}
	}
	for _, name := range slices.Sorted(mapKeys(sums)) {
		t.Logf("%-24s %v", name, *sums[name])
	}
	for _, name := range slices.Sorted(mapKeys(fields)) {
		t.Logf("field %-18s right %d, wrong %d", name, fields[name].right, fields[name].wrong)
	}
	for _, name := range []string{"the 200", "all"} {
		if c := sums[name]; c.precision() < goalPrecision || c.recall() < goalRecall {
			t.Errorf("%s: %v; the goals are %.2f and %.2f", name, c, goalPrecision, goalRecall)
		}
	}
	if len(set) != 240 {
		t.Errorf("%d sentences, want 240", len(set))
	}
}

// floors are what further sentences must be read with: those that rules were changed by, and
// those that none was (held2), a little below what was reached.
var floors = map[string]tally{
	"second": {right: 96, wrong: 4, missed: 4}, "third": {right: 96, wrong: 4, missed: 4},
	"fourth": {right: 96, wrong: 4, missed: 4}, "fifth": {right: 96, wrong: 4, missed: 4},
	"sixth": {right: 96, wrong: 4, missed: 4},
	"held2": {right: 84, wrong: 13, missed: 16},
}

// unshown are the sets whose sentences are counted and not printed, so that no rule is changed
// by what is read wrong in them. One sentence of half B was seen, for whom it accused, and was
// mended by its kind.
var unshown = []string{"held2", "freshB"}

// TestFurtherSentences holds the sentences of testdata/further.tsv, and that in none of
// them a party is accused that no label accuses.
func TestFurtherSentences(t *testing.T) { holdSet(t, "further.tsv", 443, floors) }

// freshFloors are the same of testdata/fresh.tsv: rules were changed by half A and seventh
// to ninth, by half B through one sentence; its totals were looked at four times.
var freshFloors = map[string]tally{
	"freshA": {right: 96, wrong: 4, missed: 4}, "seventh": {right: 84, wrong: 16, missed: 8}, "eighth": {right: 88, wrong: 12, missed: 10},
	"ninth":  {right: 88, wrong: 10, missed: 12},
	"freshB": {right: 79, wrong: 21, missed: 35},
}

func TestFreshSentences(t *testing.T) { holdSet(t, "fresh.tsv", 308, freshFloors) }

// holdSet holds the sentences of a file to its floors, and that nobody is accused whom no label
// accuses.
func holdSet(t *testing.T, file string, sentences int, floors map[string]tally) {
	cfg := config(t)
	sums := map[string]*tally{}
	set := readSet(t, file)
	for _, l := range set {
		got := claim.Read(truce.Article{Text: l.text, Language: l.language, Published: published}, cfg)
		c, _ := compare(l.want, got)
		if sums[l.set] == nil {
			sums[l.set] = &tally{}
		}
		sums[l.set].add(c)
		if c.wrong+c.missed > 0 && !slices.Contains(unshown, l.set) {
			t.Logf("%d: %s\n  want %q\n  got  %q", l.line, l.text, l.want, keysOf(got))
		}
		for _, g := range got {
			by := "by=" + string(g.Accused)
			if g.Accused != "" && !slices.ContainsFunc(l.want, func(w string) bool { return strings.HasSuffix(w, by) }) {
				t.Errorf("%d: %s\n accuses %s, which no label does", l.line, l.text, g.Accused)
			}
		}
	}
	for _, name := range slices.Sorted(mapKeys(floors)) {
		got, floor := sums[name], floors[name]
		if got == nil {
			t.Fatalf("%s: no set %s", file, name)
		}
		t.Logf("set %-8s %v", name, *got)
		if got.precision() < floor.precision() || got.recall() < floor.recall() {
			t.Errorf("set %s: %v; the floors are %.2f and %.2f", name, *got, floor.precision(), floor.recall())
		}
	}
	if len(set) != sentences || len(sums) != len(floors) {
		t.Errorf("%d sentences in %d sets", len(set), len(sums))
	}
}

// kinds counts by kind of claim.
func kinds(sum func(string, tally), want []string, got []truce.Claim) {
	for _, kind := range truce.ClaimKinds() {
		of := slices.DeleteFunc(slices.Clone(want), func(w string) bool { return !strings.HasPrefix(w, string(kind)+" ") })
		read := slices.DeleteFunc(slices.Clone(got), func(c truce.Claim) bool { return c.Kind != kind })
		c, _ := compare(of, read)
		sum("kind "+string(kind), c)
	}
}

// compareFields counts what is looked at beside the key: place, firmness, stance, condition.
func compareFields(fields map[string]*tally, want map[string]string, c truce.Claim) {
	got := map[string]string{}
	if c.Said != nil {
		got["firm"], got["stance"] = string(c.Said.Firmness), c.Said.Stance
		got["cond"], got["rev"] = strconv.FormatBool(c.Said.Condition != ""), strconv.FormatBool(c.Said.Reversal)
	} else {
		got["place"] = strings.Fields(c.PlaceName + " -")[0]
	}
	for name, value := range want {
		if fields[name] == nil {
			fields[name] = &tally{}
		}
		if got[name] == value {
			fields[name].right++
		} else {
			fields[name].wrong++
		}
	}
}

func keysOf(list []truce.Claim) []string {
	var out []string
	for _, c := range list {
		out = append(out, claimKey(c)+" ["+c.Rule+"]")
	}
	return out
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
