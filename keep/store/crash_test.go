package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
)

// appenderEnv makes this test binary the process that is killed.
const appenderEnv = "TRUCE_TEST_APPEND_TO"

// appendForever appends from several goroutines and prints each receipt after it was
// given: number and key. It ends only by being killed.
func appendForever(dsn string) int {
	ctx := context.Background()
	s, err := store.Open(ctx, dsn, store.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("open")
	var mu sync.Mutex // guards standard output
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("%d/%d/%d", os.Getpid(), c, n)
				d, err := truce.NewDraft(truce.RecordWatermark, "", key, truce.Watermark{Name: fmt.Sprint(c)})
				if err != nil {
					panic(err)
				}
				receipt, err := s.Append(ctx, truce.Batch{Drafts: []truce.Draft{d}})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				mu.Lock()
				fmt.Printf("%d %s\n", receipt.Seqs[0], key)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return 1
}

// TestKillLosesNothingReceiptedR01 kills an appending process at random moments. Each
// receipt it printed must be found in the store with its number, and the store must
// verify.
func TestKillLosesNothingReceiptedR01(t *testing.T) {
	dsn := newSQLite(t)
	s, err := store.Create(t.Context(), dsn, truce.Inception{Realm: truce.RealmReal, Store: "kill"}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	receipts := map[truce.Seq]string{}
	for cycle := range 20 {
		killAppender(t, dsn, 1+random.IntN(60), receipts)
		checkReceipts(t, cycle, dsn, receipts)
	}
	if len(receipts) < 100 {
		t.Errorf("only %d receipts were given: the test proved little", len(receipts))
	}
	t.Logf("20 kills, %d receipts, none lost", len(receipts))
}

// killAppender starts the process, reads some receipts and kills it in the midst of
// its work; what was printed before its death counts.
func killAppender(t *testing.T, dsn string, after int, receipts map[truce.Seq]string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), appenderEnv+"="+dsn)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		number, key, complete := strings.Cut(lines.Text(), " ")
		if seq, err := strconv.ParseInt(number, 10, 64); err == nil && complete {
			receipts[truce.Seq(seq)] = key
		}
		if n == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the process ended by itself")
	}
}

func checkReceipts(t *testing.T, cycle int, dsn string, receipts map[truce.Seq]string) {
	t.Helper()
	started := time.Now()
	s, err := store.Open(t.Context(), dsn, store.Options{})
	if err != nil {
		t.Fatalf("cycle %d: %v", cycle, err)
	}
	defer s.Close()
	t.Logf("cycle %d: open again after %s", cycle, time.Since(started).Round(time.Millisecond))
	keys := map[truce.Seq]string{}
	for from := truce.Seq(1); ; {
		records, err := s.Records(t.Context(), from, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			keys[r.Seq] = r.Key
			from = r.Seq + 1
		}
		if len(records) == 0 {
			break
		}
	}
	for seq, key := range receipts {
		if keys[seq] != key {
			t.Fatalf("cycle %d: the receipt said that %q is record %d, the store has %q there", cycle, key, seq, keys[seq])
		}
	}
	if report, err := s.VerifyRecords(t.Context()); err != nil || !report.OK() {
		t.Fatalf("cycle %d: %v, %v", cycle, report.Damage, err)
	}
}
