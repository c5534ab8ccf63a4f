package publish

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/trucewatch/truce"
)

func openChecks(t *testing.T) (*PublicStore, *Reader) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "public.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s, err := OpenPublicStore(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return s, NewReader(db)
}

func released(t *testing.T, c truce.PublicCheck) ReleasedCheck {
	t.Helper()
	body, err := truce.Canonical(c)
	if err != nil {
		t.Fatal(err)
	}
	return ReleasedCheck{Check: c, JSON: body, Proof: Proof{Seq: 7, Header: []byte("header"), Salt: []byte("salt")}}
}

// Every version stays under its address as it was; the newest stands in the list.
func TestStoreKeepsEveryVersionOfACheck(t *testing.T) {
	s, r := openChecks(t)
	out, _ := mustChecks(t, rivalChecks())
	first, other := released(t, out[0]), released(t, out[1])
	next := out[0]
	next.Version, next.Supersedes, next.Verdict, next.Reasons = 2, out[0].Address(), truce.CheckNotObservable, []truce.CheckReason{truce.CheckCoverage}
	second := released(t, next)
	for range 2 { // the same again changes nothing
		if err := s.PutChecks(t.Context(), []ReleasedCheck{first, other, second}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := r.Checks(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	for v, want := range map[int]ReleasedCheck{1: first, 2: second} {
		c, body, err := r.CheckVersion(t.Context(), next.ID, v)
		if err != nil || !bytes.Equal(body, want.JSON) || c.Verdict != want.Check.Verdict {
			t.Errorf("version %d: %+v %v", v, c, err)
		}
	}
	versions, err := r.CheckVersions(t.Context(), next.ID)
	if err != nil || len(versions) != 2 || versions[0].Version != 2 || versions[1].SHA256 != truce.HashOf(first.JSON) || versions[0].Seq != 7 {
		t.Errorf("%+v %v", versions, err)
	}
	changed := released(t, next)
	changed.JSON = append(bytes.Clone(changed.JSON), ' ')
	if err := s.PutChecks(t.Context(), []ReleasedCheck{changed}); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("other bytes under the same version: %v", err)
	}
	next.Version, next.Total.Quote = 3, string(bytes.Repeat([]byte("x"), truce.MaxPublicQuote+1))
	if err := s.PutChecks(t.Context(), []ReleasedCheck{released(t, next)}); truce.CodeOf(err) != truce.CodeForbidden {
		t.Errorf("a long quotation: %v", err)
	}
}

// Of a text that was taken down the address, the hash and the reason stay; nothing brings it
// back.
func TestStoreWithdrawsACheck(t *testing.T) {
	s, r := openChecks(t)
	out, _ := mustChecks(t, rivalChecks())
	first := released(t, out[0])
	put := func() {
		t.Helper()
		if err := s.PutChecks(t.Context(), []ReleasedCheck{first}); err != nil {
			t.Fatal(err)
		}
	}
	put()
	if err := s.WithdrawCheck(t.Context(), out[0].ID, 1, ""); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("without a reason: %v", err)
	}
	if err := s.WithdrawCheck(t.Context(), out[0].ID, 1, "taken down"); err != nil {
		t.Fatal(err)
	}
	put()
	c, body, err := r.CheckVersion(t.Context(), out[0].ID, 1)
	if err != nil || body != nil || c.ID != "" {
		t.Errorf("%+v %q %v", c, body, err)
	}
	versions, err := r.CheckVersions(t.Context(), out[0].ID)
	if err != nil || versions[0].Withdrawn != "taken down" || versions[0].SHA256 != truce.HashOf(first.JSON) {
		t.Errorf("%+v %v", versions, err)
	}
	if list, err := r.Checks(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}

// A store of before has no checks, and says so of each.
func TestReaderOfAStoreWithoutChecks(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "old.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := NewReader(db)
	if list, err := r.Checks(t.Context()); err != nil || list != nil {
		t.Error(list, err)
	}
	if _, err := r.CheckVersions(t.Context(), "p"); truce.CodeOf(err) != truce.CodeNotFound {
		t.Error(err)
	}
	if _, _, err := r.CheckVersion(t.Context(), "p", 1); truce.CodeOf(err) != truce.CodeNotFound {
		t.Error(err)
	}
}
