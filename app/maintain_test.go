package app

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trucewatch/truce/keep/store"
)

// TestVerifyChangesNothing: looking leaves the store's bytes as they are, damaged or not,
// but for SQLite's own count of who had the file open (file format, 1.3: bytes 24 to 27
// and 92 to 95).
func TestVerifyChangesNothing(t *testing.T) {
	p := withReports(t)
	path := filepath.Join(p.dir, "truce.db")
	p.good(t, "verify-store")
	damageFile(t, path, "six impacts")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	told := p.bad(t, "verify-store")
	after, err := os.ReadFile(path)
	for _, counter := range []int{24, 92} {
		copy(after[counter:counter+4], before[counter:])
	}
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("verification changed the file: %v", err)
	}
	mustHold(t, told, "1 damaged", "record ")
}

// damageFile changes one bit of the text where it stands in a file.
func damageFile(t *testing.T, path, text string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte(text))
	if at < 0 {
		t.Fatalf("%s does not hold %q", path, text)
	}
	data[at] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestDamagedReadTableIsFoundAndRebuilt: read tables are derived, so they are mended.
func TestDamagedReadTableIsFoundAndRebuilt(t *testing.T) {
	p := withReports(t)
	digest := p.good(t, "rebuild")
	if again := p.good(t, "rebuild"); again != digest {
		t.Errorf("rebuilt twice: %s and %s", digest, again)
	}
	if !strings.HasPrefix(digest, "read tables rebuilt, digest ") {
		t.Errorf("said %q", digest)
	}
	incidents := p.good(t, "incidents", "--json")
	p.good(t, "rebuild")
	if again := p.good(t, "incidents", "--json"); again != incidents {
		t.Errorf("incidents differ after a rebuild:\n%s\n%s", incidents, again)
	}
}

func TestStoreReportInJSON(t *testing.T) {
	p := withReports(t)
	var r storeReport
	if err := json.Unmarshal([]byte(p.good(t, "verify-store", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Records < 8 || r.Observations != 3 || r.Batches != 2 || r.Damage == nil || len(r.Damage) != 0 {
		t.Errorf("report is %+v", r)
	}
	out := storeReportOf(store.Report{Records: 3, More: 2, Damage: []store.Damage{{Seq: 2, Where: "record", What: "hash"}}})
	text, err := json.Marshal(out)
	if err != nil || !strings.Contains(string(text), `"damage":[{"record":"2","where":"record","what":"hash"}],"more_damage":2`) {
		t.Errorf("%s: %v", text, err)
	}
}
