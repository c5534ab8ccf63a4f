package storetest

import (
	"fmt"
	"testing"

	"github.com/trucewatch/truce"
)

// check is a check of a total stated at some hour.
func check(name string, hour float64, revision int) truce.ClaimCheck {
	said := at(hour)
	return truce.ClaimCheck{
		ID: thing(said, "check "+name), Revision: revision, Verdict: truce.CheckNotComparable, Reasons: []truce.CheckReason{truce.CheckMixedUnit},
		Total:  truce.ClaimTotal{Report: thing(said, name), Claimant: name, Count: 2935, Unit: truce.UnitMixed, Said: said, Quote: "2,935 violations", Source: "party"},
		Method: "suite", Known: said,
	}
}

func (f *fixture) keepCheck(t testing.TB, c truce.ClaimCheck) truce.Receipt {
	t.Helper()
	return f.append(t, draft(t, truce.RecordClaimCheck, c.Subject(), fmt.Sprintf("%s/%d", c.Subject(), c.Revision), c))
}

// testChecks: a check is its newest revision, the newest total comes first, none is lost.
func testChecks(t *testing.T, f *fixture) {
	ctx := t.Context()
	f.keepCheck(t, check("a", 1, 1))
	f.keepCheck(t, check("b", 2, 1))
	second := check("a", 1, 2)
	second.Verdict, second.Reasons = truce.CheckConfirmed, []truce.CheckReason{truce.CheckWithin}
	last := f.keepCheck(t, second)
	list, err := f.store.ClaimChecks(ctx, 0, 0)
	if err != nil || len(list) != 2 || list[0].Check.Total.Claimant != "b" || list[1].Check.Revision != 2 || list[1].Seq != last.Head {
		t.Fatalf("checks %+v, %v", list, err)
	}
	if early, err := f.store.ClaimChecks(ctx, at(1), at(2)); err != nil || len(early) != 1 || early[0].Check.Verdict != truce.CheckConfirmed {
		t.Errorf("of the first hour %+v, %v", early, err)
	}
	if all, err := f.store.ClaimCheck(ctx, second.ID); err != nil || len(all) != 2 || all[0].Check.Revision != 1 || all[1].Check.Revision != 2 {
		t.Errorf("revisions %+v, %v", all, err)
	}
	_, err = f.store.ClaimCheck(ctx, thing(at(9), "nobody"))
	wantCode(t, "no such check", err, truce.CodeNotFound)
	again := check("a", 1, 2)
	f.refuse(t, "a revision that stands", truce.CodeConflict, draft(t, truce.RecordClaimCheck, again.Subject(), "x", again))
	wild := check("c", 3, 1)
	f.refuse(t, "another's subject", truce.CodeInvalid, draft(t, truce.RecordClaimCheck, again.Subject(), "y", wild))
	wild.Reasons = nil
	f.refuse(t, "no reason", truce.CodeInvalid, draft(t, truce.RecordClaimCheck, wild.Subject(), "z", wild))
	if _, err := f.store.Erase(ctx, last.Head, "asked for"); err != nil {
		t.Fatal(err)
	}
	if all, err := f.store.ClaimCheck(ctx, second.ID); err != nil || len(all) != 1 {
		t.Errorf("after an erasure %+v, %v", all, err)
	}
	testPublicChecks(t, f)
	testRebuilt(t, f)
	f.sound(t)
}

// testPublicChecks: released versions are read by their subject, and one that was erased
// keeps its number.
func testPublicChecks(t *testing.T, f *fixture) {
	t.Helper()
	c := truce.PublicCheck{ID: "pabc", Version: 1, Realm: f.store.Realm(), Released: at(5), Known: at(4), Verdict: truce.CheckNotComparable, Reasons: []truce.CheckReason{truce.CheckMixedUnit},
		Words: truce.Names{"en": "words"}, Method: "suite", Total: truce.PublicTotal{Claimant: "a", Count: 2935, Said: at(1), Quote: "2,935 violations"}}
	first := f.append(t, draft(t, truce.RecordPublicCheck, c.Subject(), "public/1", c))
	f.refuse(t, "another's subject", truce.CodeInvalid, draft(t, truce.RecordPublicCheck, "public_check/pabd", "public/x", c))
	c.Version = 2
	f.append(t, draft(t, truce.RecordPublicCheck, c.Subject(), "public/2", c))
	c.Reasons = nil
	f.refuse(t, "no reason", truce.CodeInvalid, draft(t, truce.RecordPublicCheck, c.Subject(), "public/y", c))
	if _, err := f.store.Erase(t.Context(), first.Head, "taken down"); err != nil {
		t.Fatal(err)
	}
	list, err := f.store.RecordsOf(t.Context(), c.Subject())
	if err != nil || len(list) != 2 || !list[0].Erased() || list[1].Erased() {
		t.Errorf("released versions %+v, %v", list, err)
	}
}
