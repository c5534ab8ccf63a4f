package app

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestExportsAreReadBack: an export fits, one with a changed byte does not and says where.
func TestExportsAreReadBack(t *testing.T) {
	_, p, _ := collected(t)
	name := filepath.Join(t.TempDir(), "all.wacz")
	p.good(t, "evidence", "export", "--wacz", name)
	mustHold(t, p.good(t, "evidence", "verify", name), "3 files described, 5 records", "2 lines of the index lead to theirs", "no damage found")
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, bytes.Replace(raw, []byte(`"status":"200"`), []byte(`"status":"404"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	r := p.run("evidence", "verify", name)
	if r.code != 1 {
		t.Errorf("a changed export: %+v", r)
	}
	mustHold(t, r.out, "indexes/index.cdx: it cannot be read: zip: checksum error")
	mustHold(t, r.err, "is damaged or was changed")
	p.bad(t, "evidence", "verify", filepath.Dir(name))
	p.bad(t, "evidence", "verify", filepath.Join(p.dir, "truce.yaml"))
}
