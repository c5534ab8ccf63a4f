package store_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "truce")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	inception := truce.Inception{Realm: truce.ExerciseRealm("example"), Mission: "Example", Store: "example"}
	s, err := store.Create(ctx, "sqlite:"+filepath.Join(dir, "truce.db"), inception, store.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	draft, err := truce.NewDraft(truce.RecordWatermark, "", "watermark/1", truce.Watermark{Name: "thermal", At: 0})
	if err != nil {
		log.Fatal(err)
	}
	batch := truce.Batch{Drafts: []truce.Draft{draft}}
	for range 2 { // sending again changes nothing
		receipt, err := s.Append(ctx, batch)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("record", receipt.Seqs[0], "known before:", receipt.Duplicate[0])
	}
	report, err := s.VerifyStore(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(report)
	// Output:
	// record 2 known before: false
	// record 2 known before: true
	// 2 records (0 erased), 0 batches with 0 observations: no damage found
}
