package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// mark is a small record under a key of its own.
func mark(t *testing.T, n int) truce.Draft {
	t.Helper()
	draft, err := truce.NewDraft(truce.RecordWatermark, "", fmt.Sprint("mark", n), truce.Watermark{Name: "m", At: truce.Instant(n)})
	if err != nil {
		t.Fatal(err)
	}
	return draft
}

// refuses opens the store for writing and wants a refusal that names what is wrong.
func (d *damagedStore) refuses(t *testing.T, what, want string) {
	t.Helper()
	s, err := Open(t.Context(), "sqlite:"+d.eng.where(), Options{})
	if err == nil {
		s.Close()
	}
	if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "check it with truce verify-store") {
		t.Errorf("%s: opening for writing gave %v, want %q and the way to verify-store", what, err, want)
	}
}

// TestDamagedTailIsNotExtendedR05: a record near the end that was changed or taken out
// keeps the store from being opened for writing.
func TestDamagedTailIsNotExtendedR05(t *testing.T) {
	d := newDamaged(t)
	d.exec(t, "CREATE TABLE spare AS SELECT * FROM records")
	for what, c := range map[string]struct{ query, want string }{
		"a body":            {"UPDATE records SET body = body || ' ' WHERE seq = 7", "record 7: body does not match"},
		"a key":             {"UPDATE records SET key = key || 'x' WHERE seq = 9", "record 9: hash does not match"},
		"a hash":            {"UPDATE records SET hash = x'00' || substr(hash, 2) WHERE seq = 11", "record 11: its hash is not the one that record 12 names"},
		"taken out":         {"DELETE FROM records WHERE seq = 8", "record 8 is missing"},
		"the first":         {"DELETE FROM records WHERE seq = 1", "inception cannot be read"},
		"the last":          {fmt.Sprint("DELETE FROM records WHERE seq = ", d.last), "the head names record"},
		"a short hash":      {"UPDATE records SET hash = x'00' WHERE seq = 5", "a hash of 1 bytes"},
		"a head's hash":     {"UPDATE head SET hash = x'00' || substr(hash, 2)", "the head has another hash"},
		"all but the first": {"DELETE FROM records WHERE seq > 1", "the head names record"},
		"no head":           {"DELETE FROM head", "the head is missing"},
	} {
		d.exec(t, "CREATE TABLE spare_head AS SELECT * FROM head")
		d.exec(t, c.query)
		d.refuses(t, what, c.want)
		for _, query := range []string{
			"DELETE FROM records", "INSERT INTO records SELECT * FROM spare",
			"DELETE FROM head", "INSERT INTO head SELECT * FROM spare_head", "DROP TABLE spare_head",
		} {
			d.exec(t, query)
		}
	}
	s, err := Open(t.Context(), "sqlite:"+d.eng.where(), Options{})
	if err != nil {
		t.Fatalf("after all was put back: %v", err)
	}
	s.Close()
}

// TestOldDamageIsMetWhereItIsReadR05: further back than a start looks, an append that
// reads a damaged record stops the store, and one that contradicts the read tables names
// the damage.
func TestOldDamageIsMetWhereItIsReadR05(t *testing.T) {
	d := newDamaged(t)
	var drafts []truce.Draft
	for n := range tailRecords {
		drafts = append(drafts, mark(t, n))
	}
	if _, err := d.Append(t.Context(), truce.Batch{Drafts: drafts}); err != nil {
		t.Fatal(err)
	}
	var event int64
	var key string
	if err := d.raw.QueryRow("SELECT seq, key FROM records WHERE kind = 'event' ORDER BY seq LIMIT 1").Scan(&event, &key); err != nil {
		t.Fatal(err)
	}
	stored, err := d.Record(t.Context(), truce.Seq(event))
	if err != nil {
		t.Fatal(err)
	}
	again := truce.Draft{Kind: stored.Kind, Subject: stored.Subject, Key: key, Body: stored.Body}
	other := again
	other.Key = "another key"
	cases := []struct {
		name, query, want string
		draft             truce.Draft
	}{
		{"nothing damaged", "", "read it again", other},
		{"a body read for its key", "UPDATE records SET body = body || ' ' WHERE seq = $1", "body does not match", again},
		{"a body behind a revision", "SELECT $1", "the read tables hold revision 1 of event", other},
		{"no record behind a revision", "DELETE FROM records WHERE seq = $1", fmt.Sprintf("record %d is missing", event), other},
	}
	for _, c := range cases {
		if c.query != "" {
			d.exec(t, c.query, event)
		}
		s, err := Open(t.Context(), "sqlite:"+d.eng.where(), Options{})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		_, err = s.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{c.draft}})
		damaged := c.query != ""
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, ErrFatal) != damaged || strings.Contains(err.Error(), "truce verify-store") != damaged {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if _, err := s.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{mark(t, tailRecords+1)}}); (err == nil) == damaged {
			t.Errorf("%s: the next append gave %v", c.name, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestLongTailIsReadInPart: a start looks at some 64 MB at most, and at two records at
// least.
func TestLongTailIsReadInPart(t *testing.T) {
	d := newDamaged(t)
	for seen, want := range map[int]int{0: int(d.last), tailBytes + 1: 2} {
		walk, err := readHead(t.Context(), d.readers)
		if err != nil {
			t.Fatal(err)
		}
		walk.bytes = seen
		if err := walk.walk(t.Context(), d.readers); err != nil || walk.records != want {
			t.Errorf("after %d bytes: %d records were read, want %d: %v", seen, walk.records, want, err)
		}
	}
}
