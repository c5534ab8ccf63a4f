package publish_test

import (
	"database/sql"
	"path/filepath"
	"reflect"
	"testing"

	_ "modernc.org/sqlite" // the engine of the public store

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish"
)

func guaranteeDB(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "public.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestTheNewestGuaranteeStands(t *testing.T) {
	db := guaranteeDB(t)
	reader := publish.NewReader(db)
	if g, err := reader.Guarantee(t.Context()); err != nil || g.At != 0 {
		t.Fatalf("a store without the table gives %+v, %v", g, err)
	}
	store, err := publish.OpenPublicStore(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if g, err := reader.Guarantee(t.Context()); err != nil || g.At != 0 {
		t.Fatalf("a store without a release gives %+v, %v", g, err)
	}
	of := func(at truce.Instant, tier truce.TierID) truce.PublicGuarantee {
		return truce.PublicGuarantee{Mission: "Test", Realm: truce.ExerciseRealm("test"), At: at,
			Cases:    []truce.PublicCase{{Number: "C-2031-1", State: truce.CaseOpen, Tier: tier, TierName: truce.Names{"en": "Warning"}, Entered: at - 5}},
			Supply:   []truce.PublicSupply{{To: "force", Capability: "uav", Unit: "pieces", Need: 8, Pledged: 5, InPlace: 3, Gap: 5}},
			Promises: []truce.PublicCount{{Kind: truce.CommitMilitary, Stage: truce.CommitmentSigned, Count: 2}}}
	}
	for _, g := range []truce.PublicGuarantee{of(100, "T1"), of(300, "T2"), of(200, "T1")} {
		if err := store.PutGuarantee(t.Context(), g); err != nil {
			t.Fatal(err)
		}
	}
	g, err := reader.Guarantee(t.Context())
	if err != nil || !reflect.DeepEqual(g, of(300, "T2")) {
		t.Errorf("stored is %+v, %v", g, err)
	}
	if err := store.PutGuarantee(t.Context(), of(0, "T1")); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("without a time: %v", err)
	}
}

func TestADamagedGuaranteeIsAnError(t *testing.T) {
	db := guaranteeDB(t)
	if _, err := publish.OpenPublicStore(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO guarantee (one, at, body) VALUES (1, 5, '{')`); err != nil {
		t.Fatal(err)
	}
	if g, err := publish.NewReader(db).Guarantee(t.Context()); err == nil {
		t.Errorf("read as %+v", g)
	}
}
