package publish

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// rivalCheck is what one party says the other did in thirty hours.
func rivalCheck(party, accused truce.PartyID, count int) CheckInput {
	said := at("2031-03-11T21:30:00Z")
	name := "Party " + string(party)
	return CheckInput{
		Check: truce.ClaimCheck{
			ID: truce.NewID(said, "claim_check", "test", []byte(party)), Revision: 1, Verdict: truce.CheckNotComparable, Reasons: []truce.CheckReason{truce.CheckMixedUnit},
			Total: truce.ClaimTotal{Report: truce.NewID(said, "report", "test", []byte(party)), Claimant: name, Party: party, Accused: accused, Count: count, Unit: truce.UnitMixed,
				Period: &truce.Period{From: at("2031-03-10T15:00:00Z"), To: at("2031-03-11T21:00:00Z"), Zone: "UTC"}, Said: said, Source: "wire",
				Quote: strings.Repeat("They attacked and broke the truce. ", 20), Link: "https://wire.example/1"},
			Own:   []truce.OwnCount{{Rule: "R01", Unit: truce.UnitEngagement, Accused: 2, Others: 1, Open: 4, Coverage: share(0.4999), Least: 0.5, Rows: []truce.ID{{1}}}},
			Known: at("2031-03-12T00:00:00Z"), Method: "claims/1",
		},
		Words:  truce.Names{"en": "It adds things that are counted in different units.", "uk": "У ньому додано те, що рахують у різних одиницях."},
		Source: truce.SourceInfo{ID: "wire", Family: truce.FamilyMedia},
	}
}

func rivalChecks() ChecksInput {
	a, b := rivalCheck("A", "B", 2935), rivalCheck("B", "A", 4900)
	a.Check.Rivals, b.Check.Rivals = []truce.ID{b.Check.ID}, []truce.ID{a.Check.ID}
	return ChecksInput{Mission: "Mission", Realm: truce.RealmReal, Parties: fixtureTerms().Parties, Now: at("2031-03-12T21:30:00Z"), Checks: []CheckInput{a, b}}
}

func mustChecks(t *testing.T, in ChecksInput) ([]truce.PublicCheck, []HeldCheck) {
	t.Helper()
	out, held, err := mustGate(t, Policy{}).Checks(in)
	if err != nil {
		t.Fatal(err)
	}
	return out, held
}

// What leaves is cut: one sentence, no id of ours, nobody's acts told apart, coverage never
// rounded up to the minimum; both parties' totals stand on both pages.
func TestChecksLeaveCoarsenedAndSideBySide(t *testing.T) {
	in := rivalChecks()
	out, held := mustChecks(t, in)
	if len(out) != 2 || len(held) != 0 {
		t.Fatalf("%d leave, %v held", len(out), held)
	}
	for i, c := range out {
		body, err := truce.Canonical(c)
		if err != nil {
			t.Fatal(err)
		}
		internal := in.Checks[0].Check
		for _, secret := range []string{internal.ID.String(), internal.Total.Report.String(), truce.ID{1}.String(), `"accused":2`, `"open"`, `"letter"`, `"grade`} {
			if strings.Contains(string(body), secret) {
				t.Errorf("%s leaves: %s", secret, body)
			}
		}
		if n := len([]rune(c.Total.Quote)); n == 0 || n > truce.MaxPublicQuote {
			t.Errorf("%d characters are quoted", n)
		}
		if o := c.Own[0]; o.Count != 7 || *o.Coverage != 0.49 || o.Observed() {
			t.Errorf("own count %+v, coverage %v", o, *o.Coverage)
		}
		if len(c.Beside) != 1 || c.Beside[0].ID != out[1-i].ID || c.Beside[0].Total.Count != out[1-i].Total.Count || c.Beside[0].Total.Quote != "" {
			t.Errorf("beside %+v", c.Beside)
		}
		if c.Version != 1 || c.Supersedes != "" || c.Released != in.Now || c.Released != out[1-i].Released {
			t.Errorf("version %d of %d, supersedes %q", c.Version, c.Released, c.Supersedes)
		}
	}
}

// A version that would say the same is none; one that says something else names the last,
// even where that was withdrawn.
func TestChecksGetAVersionOnlyForSomethingNew(t *testing.T) {
	in := rivalChecks()
	first, _ := mustChecks(t, in)
	before := func(in *ChecksInput, list []truce.PublicCheck) {
		for i := range in.Checks {
			n := slices.IndexFunc(list, func(c truce.PublicCheck) bool { return c.Total.Count == in.Checks[i].Check.Total.Count })
			in.Checks[i].Before, in.Checks[i].Last = &list[n], list[n].Version
		}
	}
	before(&in, first)
	in.Now, in.Checks[0].Check.Known = in.Now.Add(time.Hour), in.Checks[0].Check.Known.Add(time.Hour)
	if again, _ := mustChecks(t, in); len(again) != 0 {
		t.Errorf("said again: %+v", again)
	}
	in.Checks[0].Check.Own[0].Open++
	again, _ := mustChecks(t, in)
	if len(again) != 1 || again[0].Version != 2 || again[0].Supersedes != first[0].Address() && again[0].Supersedes != first[1].Address() {
		t.Errorf("after a change: %+v", again)
	}
	in = rivalChecks()
	in.Checks[1].Last, in.Checks[1].Silent = 1, true
	silent, _ := mustChecks(t, in)
	i := slices.IndexFunc(silent, func(c truce.PublicCheck) bool { return c.Total.Party == "B" })
	if silent[i].Version != 2 || silent[i].Total.Quote != "" || silent[i].Total.Count != 4900 {
		t.Errorf("without its text: %+v", silent[i])
	}
}

// Nothing leaves before its day is over for every row it counts; of rivals none leaves alone.
func TestChecksAreHeldTogether(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*ChecksInput)
		want  []CheckHold
	}{
		"early":         {func(in *ChecksInput) { in.Now-- }, []CheckHold{HoldEarly, HoldEarly}},
		"rights of one": {func(in *ChecksInput) { in.Checks[0].Source.Family = truce.FamilyParty }, []CheckHold{HoldRights, HoldRival}},
		"a civilian": {func(in *ChecksInput) {
			in.Checks[1].Source = truce.SourceInfo{Family: truce.FamilyCivilian, Redistribute: true, Licence: "x", Attribution: "x"}
		}, []CheckHold{HoldRival, HoldPerson}},
		"a rival not brought": {func(in *ChecksInput) { in.Checks = in.Checks[:1] }, []CheckHold{HoldRival}},
	} {
		in := rivalChecks()
		c.spoil(&in)
		out, held := mustChecks(t, in)
		var why []CheckHold
		for _, h := range held {
			why = append(why, h.Why)
		}
		if len(out) != 0 || !slices.Equal(why, c.want) {
			t.Errorf("%s: %d leave, held %v, want %v", name, len(out), why, c.want)
		}
	}
	in := rivalChecks()
	for i := range in.Checks {
		in.Checks[i].Source = truce.SourceInfo{Family: truce.FamilyParty, Redistribute: true, Licence: "by agreement", Attribution: "the parties"}
	}
	if out, _ := mustChecks(t, in); len(out) != 2 {
		t.Error("what both parties let be passed on stays inside")
	}
	if at := EarliestCheck(truce.ClaimCheck{Total: truce.ClaimTotal{Said: 5}}); at != truce.Instant(5).Add(PreliminaryAge) {
		t.Errorf("without hours it may leave at %s", at)
	}
}

// Our own words keep the rules of wording, and a verdict its minimum.
func TestChecksAreRefused(t *testing.T) {
	gate := mustGate(t, Policy{})
	for name, spoil := range map[string]func(*CheckInput){
		"a party that acts":      func(c *CheckInput) { c.Words["en"] = "Party B violated the truce." },
		"no Ukrainian":           func(c *CheckInput) { delete(c.Words, "uk") },
		"contradicted, unseen":   func(c *CheckInput) { c.Check.Verdict = truce.CheckContradicted; c.Check.Own[0].Matches = true },
		"contradicted by others": func(c *CheckInput) { c.Check.Verdict = truce.CheckContradicted; c.Check.Own[0].Coverage = share(0.9) },
	} {
		in := rivalChecks()
		spoil(&in.Checks[0])
		if _, _, err := gate.Checks(in); err == nil {
			t.Errorf("%s leaves", name)
		}
	}
}
