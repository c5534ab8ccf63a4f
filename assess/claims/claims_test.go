package claims_test

import (
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/claims"
)

func at(hour int) truce.Instant {
	return truce.InstantOf(time.Date(2031, 4, 19, 0, 0, 0, 0, time.UTC)).Add(time.Duration(hour) * time.Hour)
}

func covered(p float64) *truce.Probability {
	c := truce.Probability(p)
	return &c
}

// total is "B says: n explosions of artillery fire by A, in 30 hours".
func total(n int) truce.ClaimTotal {
	return truce.ClaimTotal{
		Report: truce.NewID(at(31), "report", "test", []byte("total")), Claimant: "Party B", Party: "B", Accused: "A",
		Act: truce.ActIndirectFire, Unit: truce.UnitExplosion, Count: n,
		Period: &truce.Period{From: at(0), To: at(30), Zone: "UTC"}, Said: at(31), Quote: "A fired.", Source: "liaison",
	}
}

// ofNobody is the same total without an accusation.
func ofNobody(n int) truce.ClaimTotal {
	t := total(n)
	t.Accused = ""
	return t
}

func input(t truce.ClaimTotal, own truce.OwnCount) claims.Input {
	own.Rule, own.Least = "R01", 0.5
	if own.Unit == "" {
		own.Unit = truce.UnitExplosion
	}
	return claims.Input{Total: t, Own: []truce.OwnCount{own}, Acts: map[truce.RuleID][]truce.Act{"R01": {truce.ActIndirectFire}}, Known: at(48)}
}

func TestCheck(t *testing.T) {
	mixed, noUnit, noPeriod, atLeast, other := total(2935), total(2935), total(10), ofNobody(10), total(10)
	mixed.Unit, noUnit.Unit, noPeriod.Period, atLeast.AtLeast, other.Act = truce.UnitMixed, "", nil, true, truce.ActOWAUAV
	notOver := total(10)
	notOver.Period = &truce.Period{From: at(40), To: at(70)}
	elsewhere := input(ofNobody(10), truce.OwnCount{Open: 10, Coverage: covered(0.9)})
	elsewhere.NoArea = true
	seen := func(n int, p float64) truce.OwnCount { return truce.OwnCount{Open: n, Coverage: covered(p)} }
	for _, row := range []struct {
		name    string
		in      claims.Input
		verdict truce.CheckVerdict
		reasons []truce.CheckReason
	}{
		{"an Easter total of mixed things", input(mixed, seen(40, 0.9)), truce.CheckNotComparable, []truce.CheckReason{truce.CheckMixedUnit}},
		{"a total that does not say of what", input(noUnit, seen(40, 0.9)), truce.CheckNotComparable, []truce.CheckReason{truce.CheckNoUnit}},
		{"an act no rule counts", input(other, seen(40, 0.9)), truce.CheckNotComparable, []truce.CheckReason{truce.CheckNoRule}},
		{"no hours", input(noPeriod, seen(40, 0.9)), truce.CheckNotComparable, []truce.CheckReason{truce.CheckNoPeriod}},
		{"hours not over", input(notOver, seen(40, 0.9)), truce.CheckNotComparable, []truce.CheckReason{truce.CheckNotOver}},
		{"an area of nobody's", elsewhere, truce.CheckNotComparable, []truce.CheckReason{truce.CheckNoArea}},

		{"as many as claimed", input(ofNobody(10), seen(10, 0.9)), truce.CheckConfirmed, []truce.CheckReason{truce.CheckWithin}},
		{"a few missed", input(ofNobody(10), seen(8, 0.8)), truce.CheckConfirmed, []truce.CheckReason{truce.CheckWithin}},
		{"far too many claimed", input(ofNobody(300), seen(40, 0.8)), truce.CheckContradicted, []truce.CheckReason{truce.CheckTooMany}},
		{"more than claimed", input(ofNobody(10), seen(14, 0.8)), truce.CheckContradicted, []truce.CheckReason{truce.CheckTooFew}},
		{"none claimed, some recorded", input(ofNobody(0), seen(1, 0.8)), truce.CheckContradicted, []truce.CheckReason{truce.CheckTooFew}},
		{"none claimed, none recorded", input(ofNobody(0), seen(0, 0.8)), truce.CheckConfirmed, []truce.CheckReason{truce.CheckWithin}},
		{"more than ten, and fourteen recorded", input(atLeast, seen(14, 0.8)), truce.CheckConfirmed, []truce.CheckReason{truce.CheckSeenAtLeast}},
		{"one claimed, none recorded", input(ofNobody(1), seen(0, 0.8)), truce.CheckNotObservable, []truce.CheckReason{truce.CheckNothing}},
		{"ten claimed, none recorded", input(ofNobody(10), seen(0, 0.8)), truce.CheckContradicted, []truce.CheckReason{truce.CheckTooMany}},

		{"little watched, far fewer recorded", input(ofNobody(300), seen(40, 0.49)), truce.CheckNotObservable, []truce.CheckReason{truce.CheckCoverage}},
		{"little watched, more recorded", input(ofNobody(10), seen(40, 0.2)), truce.CheckNotObservable, []truce.CheckReason{truce.CheckCoverage}},
		{"little watched, just as many", input(ofNobody(10), seen(10, 0.2)), truce.CheckConfirmed, []truce.CheckReason{truce.CheckSeenAtLeast}},
		{"nobody knows how much was watched", input(ofNobody(300), truce.OwnCount{Open: 40}), truce.CheckNotObservable, []truce.CheckReason{truce.CheckCoverage}},

		{"accused, origin open", input(total(10), seen(10, 0.9)), truce.CheckNotComparable, []truce.CheckReason{truce.CheckOrigin}},
		{"accused, too few even with all", input(total(300), seen(40, 0.9)), truce.CheckContradicted, []truce.CheckReason{truce.CheckTooMany}},
		{"accused, between too few and too many", input(total(10), seen(20, 0.9)), truce.CheckNotComparable, []truce.CheckReason{truce.CheckOrigin}},
		{"accused and attributed", input(total(10), truce.OwnCount{Accused: 9, Others: 30, Coverage: covered(0.9)}), truce.CheckConfirmed, []truce.CheckReason{truce.CheckWithin}},
		{"some not decided, and enough with those", input(ofNobody(2), truce.OwnCount{Undecided: 2, Coverage: covered(0.9)}), truce.CheckNotComparable, []truce.CheckReason{truce.CheckUndecided}},
		{"some not decided, too few even with those", input(ofNobody(300), truce.OwnCount{Open: 38, Undecided: 2, Coverage: covered(0.9)}), truce.CheckContradicted, []truce.CheckReason{truce.CheckTooMany}},
		{"some not decided, too many without those", input(ofNobody(10), truce.OwnCount{Open: 14, Undecided: 5, Coverage: covered(0.9)}), truce.CheckContradicted, []truce.CheckReason{truce.CheckTooFew}},
		{"as many as claimed, and one not decided", input(ofNobody(10), truce.OwnCount{Open: 10, Undecided: 1, Coverage: covered(0.9)}), truce.CheckNotComparable, []truce.CheckReason{truce.CheckUndecided}},
		{"at least as many, whatever is decided", input(atLeast, truce.OwnCount{Open: 14, Undecided: 3, Coverage: covered(0.9)}), truce.CheckConfirmed, []truce.CheckReason{truce.CheckSeenAtLeast}},
		{"before the rule was in force", input(ofNobody(10), truce.OwnCount{NotBound: true, Coverage: covered(0.9)}), truce.CheckNotComparable, []truce.CheckReason{truce.CheckNotBound}},
		{"little watched, one not decided", input(ofNobody(10), truce.OwnCount{Open: 10, Undecided: 1, Coverage: covered(0.2)}), truce.CheckNotObservable, []truce.CheckReason{truce.CheckCoverage}},
		{"attributed to others", input(total(10), truce.OwnCount{Others: 30, Coverage: covered(0.9)}), truce.CheckContradicted, []truce.CheckReason{truce.CheckTooMany}},
	} {
		got := claims.Check(row.in)
		if got.Verdict != row.verdict || !slices.Equal(got.Reasons, row.reasons) {
			t.Errorf("%s: %s %v, want %s %v", row.name, got.Verdict, got.Reasons, row.verdict, row.reasons)
		}
		for _, lang := range []string{"en", "uk"} {
			words := claims.Words(got, lang, "explosions")
			if strings.ContainsAny(words, "{}") || strings.Contains(words, "%!") || words == "" || strings.HasSuffix(words, " ") {
				t.Errorf("%s: %q", row.name, words)
			}
		}
	}
}

func TestWords(t *testing.T) {
	got := claims.Words(claims.Check(input(ofNobody(300), truce.OwnCount{Open: 40, Coverage: covered(0.8)})), "en", "explosions")
	want := "The total of 300 does not agree with what the mission recorded. The mission recorded 40 (explosions) with coverage 80 %, " +
		"at least 50 % being required; of so many, more would have been recorded."
	if got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func draw(t *rapid.T) claims.Input {
	tot := total(rapid.IntRange(0, 400).Draw(t, "claimed"))
	tot.Accused = rapid.SampledFrom([]truce.PartyID{"", "A"}).Draw(t, "accused")
	tot.AtLeast = rapid.Bool().Draw(t, "atLeast")
	own := truce.OwnCount{Accused: rapid.IntRange(0, 50).Draw(t, "a"), Others: rapid.IntRange(0, 50).Draw(t, "o"), Open: rapid.IntRange(0, 50).Draw(t, "open")}
	if rapid.Bool().Draw(t, "stated") {
		own.Coverage = covered(rapid.Float64Range(0, 1).Draw(t, "coverage"))
	}
	return input(tot, own)
}

func TestContradictedOnlyWhereEnoughWasWatched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		got := claims.Check(in)
		own := got.Own[0]
		if got.Verdict == truce.CheckContradicted && (own.Coverage == nil || *own.Coverage < own.Least) {
			t.Fatalf("contradicted with coverage %v, least %v", own.Coverage, own.Least)
		}
		// Whatever the origin of the open ones turns out to be, a verdict of today is not
		// turned around by it.
		for k := range own.Open + 1 {
			later := in
			later.Own = slices.Clone(in.Own)
			later.Own[0].Accused, later.Own[0].Others, later.Own[0].Open = own.Accused+k, own.Others+own.Open-k, 0
			then := claims.Check(later).Verdict
			if got.Verdict != then && got.Verdict != truce.CheckNotComparable && got.Verdict != truce.CheckNotObservable {
				t.Fatalf("%s becomes %s when %d of %d open ones are the accused's", got.Verdict, then, k, own.Open)
			}
		}
	})
}

func TestPartiesAreTreatedAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		turned := in
		turned.Total.Party, turned.Total.Claimant = "A", "Party A"
		if in.Total.Accused != "" {
			turned.Total.Accused = "B"
		}
		a, b := claims.Check(in), claims.Check(turned)
		if a.Verdict != b.Verdict || !slices.Equal(a.Reasons, b.Reasons) || claims.Words(a, "en", "x") != claims.Words(b, "en", "x") {
			t.Fatalf("%s for one party, %s for the other", a.Verdict, b.Verdict)
		}
	})
}

func TestRevisions(t *testing.T) {
	in := input(ofNobody(10), truce.OwnCount{Open: 8, Coverage: covered(0.8)})
	one := claims.Check(in)
	in.Earlier, in.Known = &one, at(60)
	if again := claims.Check(in); again.Revision != 1 || again.ID != one.ID {
		t.Errorf("revision %d of a check that says the same", again.Revision)
	}
	in.Own[0].Open = 30
	if two := claims.Check(in); two.Revision != 2 || two.ID != one.ID || two.Verdict != truce.CheckContradicted {
		t.Errorf("%+v", two)
	}
}

func TestRivals(t *testing.T) {
	a, b, later, third := total(4900), total(2935), total(5), total(7)
	a.Party, a.Accused, a.Report = "A", "B", truce.NewID(at(32), "report", "test", []byte("a"))
	a.Period = &truce.Period{From: at(2), To: at(31)}
	later.Party, later.Accused, later.Report = "A", "B", truce.NewID(at(90), "report", "test", []byte("later"))
	later.Period = &truce.Period{From: at(29), To: at(60)}
	third.Party, third.Report = "", truce.NewID(at(91), "report", "test", []byte("third"))
	list := claims.Rivals([]truce.ClaimCheck{{ID: claims.ID(a), Total: a}, {ID: claims.ID(b), Total: b}, {ID: claims.ID(later), Total: later}, {ID: claims.ID(third), Total: third}})
	if !slices.Equal(list[0].Rivals, []truce.ID{claims.ID(b)}) || !slices.Equal(list[1].Rivals, []truce.ID{claims.ID(a)}) || list[2].Rivals != nil || list[3].Rivals != nil {
		t.Errorf("%v %v %v %v", list[0].Rivals, list[1].Rivals, list[2].Rivals, list[3].Rivals)
	}
}

// The tail against exact fractions.
func TestTailIsBinomial(t *testing.T) {
	for _, n := range []int{1, 7, 60} {
		for _, seen := range []int{0, 1, 3, 40} {
			for _, p := range []float64{0.25, 0.5, 0.75} {
				if got, want := claims.AtMost(seen, n, p), exact(seen, n, p); math.Abs(got-want) > 1e-12 {
					t.Errorf("at most %d of %d at %v: %v, want %v", seen, n, p, got, want)
				}
			}
		}
	}
	if got := claims.AtMost(400_000_000, 1_000_000_000, 0.5); got != 0 {
		t.Errorf("%v of a total in the billions", got)
	}
}

func exact(seen, n int, p float64) float64 {
	chance := new(big.Rat).SetFloat64(p)
	missed := new(big.Rat).Sub(big.NewRat(1, 1), chance)
	sum := new(big.Rat)
	for k := 0; k <= min(seen, n); k++ {
		term := new(big.Rat).SetInt(new(big.Int).Binomial(int64(n), int64(k)))
		for range k {
			term.Mul(term, chance)
		}
		for range n - k {
			term.Mul(term, missed)
		}
		sum.Add(sum, term)
	}
	f, _ := sum.Float64()
	return f
}

// TestUnattributed: outside, whose acts they were is not told, and no result rests on it.
func TestUnattributed(t *testing.T) {
	for _, row := range []struct {
		name    string
		total   truce.ClaimTotal
		own     truce.OwnCount
		inside  truce.CheckVerdict
		outside truce.CheckVerdict
		why     truce.CheckReason
	}{
		{"rests on the attribution", total(1), truce.OwnCount{Accused: 4, Coverage: covered(0.9)}, truce.CheckContradicted, truce.CheckNotComparable, truce.CheckOrigin},
		{"others did it", total(40), truce.OwnCount{Others: 40, Coverage: covered(0.9)}, truce.CheckContradicted, truce.CheckNotComparable, truce.CheckOrigin},
		{"too many, whoever", total(400), truce.OwnCount{Accused: 2, Open: 1, Coverage: covered(0.9)}, truce.CheckContradicted, truce.CheckContradicted, truce.CheckTooMany},
		{"accuses nobody", ofNobody(10), truce.OwnCount{Accused: 3, Others: 3, Open: 4, Coverage: covered(0.9)}, truce.CheckConfirmed, truce.CheckConfirmed, truce.CheckWithin},
		{"not watched", total(4), truce.OwnCount{Accused: 4, Coverage: covered(0.2)}, truce.CheckConfirmed, truce.CheckNotObservable, truce.CheckCoverage},
	} {
		inside := claims.Check(input(row.total, row.own))
		outside := claims.Unattributed(inside)
		if inside.Verdict != row.inside || outside.Verdict != row.outside || outside.Reasons[0] != row.why {
			t.Errorf("%s: inside %s, outside %s %v", row.name, inside.Verdict, outside.Verdict, outside.Reasons)
		}
		if o := outside.Own[0]; o.Accused != 0 || o.Others != 0 || o.Open != inside.Own[0].All() {
			t.Errorf("%s: outside %+v", row.name, o)
		}
		for _, lang := range []string{"en", "uk"} {
			words := claims.PublicWords(outside, lang, "explosions")
			if row.why == truce.CheckOrigin && (words == claims.Words(outside, lang, "explosions") || strings.Contains(words, "not determined")) {
				t.Errorf("%s: %s", row.name, words)
			}
		}
	}
	mixed := total(2935)
	mixed.Unit = truce.UnitMixed
	if c := claims.Unattributed(claims.Check(input(mixed, truce.OwnCount{Accused: 3}))); c.Reasons[0] != truce.CheckMixedUnit {
		t.Errorf("a total that adds units: %v", c.Reasons)
	}
}
