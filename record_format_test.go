package truce_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// The tests here read docs/record-format.md and hold its vectors against two
// programs: a second small one below, written from the page alone, and ours.

// vector is one block of the page: its values by name, in order.
type vector map[string][]string

func (v vector) one(name string) string {
	if len(v[name]) != 1 {
		return fmt.Sprintf("%d values of %s", len(v[name]), name)
	}
	return v[name][0]
}

// vectors reads the blocks of a kind out of the page.
func vectors(t *testing.T, kind string, want int) []vector {
	t.Helper()
	page, err := os.ReadFile("docs/record-format.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []vector
	for _, block := range strings.Split(string(page), "```"+kind+"\n")[1:] {
		text, _, _ := strings.Cut(block, "```")
		v := vector{}
		for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			name, value, found := strings.Cut(line, ": ")
			if !found {
				t.Fatalf("the page has a line %q in a %s", line, kind)
			}
			v[name] = append(v[name], value)
		}
		out = append(out, v)
	}
	if len(out) != want {
		t.Fatalf("the page has %d blocks of %s, want %d", len(out), kind, want)
	}
	return out
}

// sum is SHA-256 over parts laid end to end, in hex.
func sum(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(h[:])
}

func raw(t *testing.T, text string) string {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// quote writes a string of the vectors in JSON; they hold no control characters.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// TestRecordVectorsBySecondProgram hashes the vectors by hand, as the page says.
func TestRecordVectorsBySecondProgram(t *testing.T) {
	prev := strings.Repeat("00", 32)
	for n, v := range vectors(t, "record-vector", 3) {
		commitment := sum("truce/commitment/1\n", raw(t, v.one("salt")), v.one("body"))
		if commitment != v.one("commitment") {
			t.Errorf("record %d: commitment %s, the page says %s", n+1, commitment, v.one("commitment"))
		}
		header := `{"commitment":"` + commitment + `","key":` + quote(v.one("key")) + `,"kind":"` + v.one("kind") + `","schema":` + v.one("schema") +
			`,"seq":"` + strconv.Itoa(n+1) + `","subject":` + quote(v.one("subject")) + `,"time":"` + v.one("time") + `"}`
		if header != v.one("header") {
			t.Errorf("record %d: header\n%s, the page says\n%s", n+1, header, v.one("header"))
		}
		if prev != v.one("prev") {
			t.Errorf("record %d: prev %s, the page says %s", n+1, prev, v.one("prev"))
		}
		prev = sum("truce/record/1\n", raw(t, prev), header)
		if prev != v.one("hash") {
			t.Errorf("record %d: hash %s, the page says %s", n+1, prev, v.one("hash"))
		}
	}
}

func TestRecordVectorsByOurs(t *testing.T) {
	prev := truce.Hash{}
	for _, v := range vectors(t, "record-vector", 3) {
		r := vectorRecord(t, v)
		if err := r.Verify(prev); err != nil {
			t.Error(err)
		}
		if header, err := r.Header(); err != nil || string(header) != v.one("header") {
			t.Errorf("record %d: header %s, %v", r.Seq, header, err)
		}
		if canonical, err := truce.CanonicalJSON(r.Body); err != nil || string(canonical) != string(r.Body) {
			t.Errorf("record %d: the body is not canonical: %s, %v", r.Seq, canonical, err)
		}
		erased := r
		erased.Salt, erased.Body = nil, nil
		if err := erased.Verify(prev); err != nil || !erased.Erased() {
			t.Errorf("record %d erased: %v", r.Seq, err)
		}
		prev = r.Hash
	}
}

func vectorRecord(t *testing.T, v vector) truce.Record {
	t.Helper()
	seq, err := strconv.ParseInt(v.one("seq"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339Nano, v.one("time"))
	if err != nil {
		t.Fatal(err)
	}
	r := truce.Record{
		Seq: truce.Seq(seq), Kind: truce.RecordKind(v.one("kind")), Schema: 1, Subject: v.one("subject"), Key: v.one("key"),
		Time: truce.RecordedTime(truce.InstantOf(at)), Salt: []byte(raw(t, v.one("salt"))), Body: []byte(v.one("body")),
	}
	for name, h := range map[string]*truce.Hash{"commitment": &r.Commitment, "prev": &r.Prev, "hash": &r.Hash} {
		if err := h.UnmarshalText([]byte(v.one(name))); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestIDVectors(t *testing.T) {
	for _, v := range vectors(t, "id-vector", 3) {
		var start truce.Instant
		if err := start.UnmarshalText([]byte(v.one("start"))); err != nil {
			t.Fatal(err)
		}
		if got := truce.NewID(start, v.one("kind"), v.one("source"), []byte(v.one("key"))).String(); got != v.one("id") {
			t.Errorf("ours gives %s, the page says %s", got, v.one("id"))
		}
		if got := secondID(t, start, v.one("kind"), v.one("source"), v.one("key")); got != v.one("id") {
			t.Errorf("the second program gives %s, the page says %s", got, v.one("id"))
		}
	}
}

// secondID builds the id as one number of 130 binary digits.
func secondID(t *testing.T, start truce.Instant, parts ...string) string {
	t.Helper()
	var hashed []string
	for _, part := range append([]string{"truce/id/1"}, parts...) {
		hashed = append(hashed, raw(t, fmt.Sprintf("%016x", len(part))), part)
	}
	binary := fmt.Sprintf("00%048b", int64(start)/1000)
	for _, b := range []byte(raw(t, sum(hashed...)[:20])) {
		binary += fmt.Sprintf("%08b", b)
	}
	text := ""
	for ; binary != ""; binary = binary[5:] {
		n, err := strconv.ParseInt(binary[:5], 2, 8)
		if err != nil {
			t.Fatal(err)
		}
		text += "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[n : n+1]
	}
	return text
}

func TestBatchVector(t *testing.T) {
	v := vectors(t, "batch-vector", 1)[0]
	var leaves []string
	var rows []truce.Observation
	for _, row := range v["row"] {
		leaves = append(leaves, raw(t, sum("\x00", row)))
		var o truce.Observation
		if err := json.Unmarshal([]byte(row), &o); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, o)
	}
	left := raw(t, sum("\x01", leaves[0], leaves[1]))
	if root := sum("\x01", left, leaves[2]); root != v.one("merkle_root") {
		t.Errorf("the second program gives root %s, the page says %s", root, v.one("merkle_root"))
	}
	record := vectors(t, "record-vector", 3)[1]
	draft, err := truce.NewObservationBatch("s", "suite.csv", truce.ReceivedTime(rows[0].Phenomenon.From+5_000_000), rows)
	if err != nil || draft.Key != record.one("key") || string(draft.Body) != record.one("body") {
		t.Errorf("ours gives key %s and body\n%s, %v, the page says\n%s", draft.Key, draft.Body, err, record.one("body"))
	}
}

// TestObservationVectors: a station and an arrival of the page are written and read as it says.
func TestObservationVectors(t *testing.T) {
	v := vectors(t, "observation-vector", 1)[0]
	kinds := map[truce.ObservationKind]bool{}
	for i, row := range v["row"] {
		if leaf := sum("\x00", row); leaf != v["leaf"][i] {
			t.Errorf("row %d: leaf %s, the page says %s", i+1, leaf, v["leaf"][i])
		}
		var o truce.Observation
		if err := truce.DecodeCanonical([]byte(row), &o); err != nil {
			t.Fatal(err)
		}
		kinds[o.Kind] = true
		if again, err := truce.Canonical(o); err != nil || string(again) != row {
			t.Errorf("row %d is written\n%s, %v, the page says\n%s", i+1, again, err, row)
		}
		if err := o.Validate(); err != nil || o.ID.Millis() != int64(o.Phenomenon.From)/1000 {
			t.Errorf("row %d: %v, its id begins with %d ms", i+1, err, o.ID.Millis())
		}
	}
	if !kinds[truce.KindStation] || !kinds[truce.KindArrival] {
		t.Errorf("the page shows the kinds %v", kinds)
	}
}
