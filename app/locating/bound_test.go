package locating

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/locate"
)

func ids(text string) []truce.ID {
	var out []truce.ID
	for _, r := range text {
		out = append(out, truce.ID{byte(r)})
	}
	return out
}

func decision(n byte, verdict truce.ArrivalVerdict, arrivals, others string) truce.ArrivalDecision {
	return truce.ArrivalDecision{ID: truce.ID{200, n}, Verdict: verdict, Arrivals: ids(arrivals), Others: ids(others)}
}

func every(truce.ID) bool { return true }

func TestWhatIsInForce(t *testing.T) {
	first, second := decision(1, truce.ArrivalsExcluded, "a", ""), decision(2, truce.ArrivalsApart, "b", "c")
	lift := truce.ArrivalDecision{ID: truce.ID{200, 3}, Verdict: truce.ArrivalsLifted, Lifts: first.ID}
	if got := InForce([]truce.ArrivalDecision{first, second, lift}); len(got) != 1 || got[0].ID != second.ID {
		t.Errorf("%+v", got)
	}
	if got := InForce(nil); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestDecisionsThatCannotHoldAtOnce: the one in force that a new one contradicts is named.
func TestDecisionsThatCannotHoldAtOnce(t *testing.T) {
	x, tg, ap := truce.ArrivalsExcluded, truce.ArrivalsTogether, truce.ArrivalsApart
	for _, test := range []struct {
		before  []truce.ArrivalDecision
		next    truce.ArrivalDecision
		against byte // 0: it fits
	}{
		{nil, decision(9, x, "ab", ""), 0},
		{[]truce.ArrivalDecision{decision(1, tg, "abc", "")}, decision(9, tg, "cd", ""), 0},
		{[]truce.ArrivalDecision{decision(1, tg, "abc", ""), decision(2, tg, "de", "")}, decision(9, x, "d", ""), 2},
		{[]truce.ArrivalDecision{decision(1, x, "ab", "")}, decision(9, tg, "bc", ""), 1},
		{[]truce.ArrivalDecision{decision(1, x, "ab", "")}, decision(9, ap, "a", "c"), 0},
		{[]truce.ArrivalDecision{decision(1, ap, "a", "b")}, decision(9, tg, "ab", ""), 1},
		{[]truce.ArrivalDecision{decision(1, ap, "a", "b"), decision(2, tg, "bc", "")}, decision(9, tg, "ac", ""), 1},
		{[]truce.ArrivalDecision{decision(1, tg, "abc", "")}, decision(9, ap, "a", "c"), 1},
		{[]truce.ArrivalDecision{decision(1, tg, "ab", "")}, decision(9, ap, "a", "c"), 0},
		{nil, decision(9, ap, "ab", "bc"), 9},
	} {
		err := Fits(test.before, test.next)
		switch want := (truce.ID{200, test.against}).String(); {
		case test.against == 0 && err != nil:
			t.Errorf("%+v after %+v: %v", test.next, test.before, err)
		case test.against == 9 && (err == nil || !strings.Contains(err.Error(), "apart from itself")):
			t.Errorf("%+v: %v", test.next, err)
		case test.against != 0 && test.against != 9 && (truce.CodeOf(err) != truce.CodeConflict || !strings.Contains(err.Error(), want)):
			t.Errorf("%+v after %+v: %v, want one that names %s", test.next, test.before, err, want)
		}
	}
}

func TestConstraintsOfThoseThatAreThere(t *testing.T) {
	list := []truce.ArrivalDecision{decision(1, truce.ArrivalsTogether, "ab", ""), decision(2, truce.ArrivalsTogether, "bc", ""), decision(3, truce.ArrivalsApart, "a", "d"), decision(4, truce.ArrivalsExcluded, "e", "")}
	got := Constraints(list, every)
	want := []locate.Decision{
		{Kind: locate.Excluded, Arrivals: names(ids("e"))},
		{Kind: locate.Apart, Arrivals: names(ids("abc")), Others: names(ids("d"))},
		{Kind: locate.Together, Arrivals: names(ids("abc"))},
	}
	if !slices.EqualFunc(got, want, func(a, b locate.Decision) bool {
		return a.Kind == b.Kind && slices.Equal(a.Arrivals, b.Arrivals) && slices.Equal(a.Others, b.Others)
	}) {
		t.Errorf("%+v", got)
	}
	if got := Constraints(list, func(id truce.ID) bool { return id == ids("a")[0] }); len(got) != 1 || got[0].Kind != locate.Together {
		t.Errorf("of a alone %+v", got)
	}
}

// TestWhatFitsCanBeKept: decisions that were let in one by one leave no arrival of one event
// excluded or on both sides, nor in two events, in whatever order they came.
func TestWhatFitsCanBeKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var inForce []truce.ArrivalDecision
		letters := rapid.SliceOfNDistinct(rapid.ByteRange('a', 'h'), 1, 4, rapid.ID[byte])
		side := func() string {
			list := letters.Draw(t, "arrivals")
			slices.Sort(list)
			return string(list)
		}
		for n := range rapid.IntRange(1, 12).Draw(t, "n") {
			verdict := rapid.SampledFrom([]truce.ArrivalVerdict{truce.ArrivalsExcluded, truce.ArrivalsApart, truce.ArrivalsTogether}).Draw(t, "verdict")
			d := decision(byte(n+10), verdict, side(), "")
			if verdict == truce.ArrivalsApart {
				d.Others = ids(side())
			}
			if Fits(inForce, d) == nil {
				inForce = append(inForce, d)
			}
		}
		excluded, together := map[string]bool{}, map[string]bool{}
		for _, d := range Constraints(inForce, every) {
			for _, id := range d.Arrivals {
				switch {
				case d.Kind == locate.Excluded:
					excluded[id] = true
				case d.Kind == locate.Apart && slices.Contains(d.Others, id):
					t.Fatalf("%s is apart from itself: %+v", id, inForce)
				case d.Kind == locate.Together && (excluded[id] || together[id]):
					t.Fatalf("%s is excluded, or of two events: %+v", id, inForce)
				case d.Kind == locate.Together:
					together[id] = true
				}
			}
		}
	})
}
