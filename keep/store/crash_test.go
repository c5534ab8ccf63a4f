package store

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/trucewatch/truce"
)

// AppenderEnv makes this test binary the process that is killed; with EarlyEnv it
// prints its receipts before the commit, which the test must notice.
const (
	AppenderEnv = "TRUCE_TEST_APPEND_TO"
	EarlyEnv    = "TRUCE_TEST_RECEIPT_EARLY"
)

// AppendForever appends from several goroutines and prints each receipt after it was
// given: number and key. It ends only by being killed.
func AppendForever(dsn string) int {
	ctx := context.Background()
	s, err := Open(ctx, dsn, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	early := os.Getenv(EarlyEnv) != ""
	if early {
		s.beforeCommit = func(group []*request) {
			for _, r := range group {
				fmt.Printf("%d %s\n", r.receipt.Seqs[0], r.batch.drafts[0].Key)
			}
		}
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
				if early {
					continue
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
// verify. With receipts printed before the commit the same test finds some missing.
func TestKillLosesNothingReceiptedR01(t *testing.T) {
	given, lost := killCycles(t, 20)
	if lost > 0 || given < 100 {
		t.Errorf("%d of %d receipts were lost in 20 kills; want none of at least 100", lost, given)
	}
	t.Logf("20 kills, %d receipts, none lost", given)
	t.Setenv(EarlyEnv, "yes")
	if given, lost := killCycles(t, 20); lost == 0 {
		t.Errorf("receipts came before the commit and none of %d was lost: the test proves nothing", given)
	}
}

func killCycles(t *testing.T, cycles int) (given, lost int) {
	t.Helper()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "truce.db")
	s, err := Create(t.Context(), dsn, truce.Inception{Realm: truce.RealmReal, Store: "kill"}, Options{})
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
	for range cycles {
		fresh := killAppender(t, dsn, 1+random.IntN(60))
		given += len(fresh)
		maps.Copy(receipts, fresh)
		lost += checkReceipts(t, dsn, receipts)
	}
	return given, lost
}

// killAppender starts the process, reads some receipts and kills it in the midst of
// its work; what was printed before its death counts.
func killAppender(t *testing.T, dsn string, after int) map[truce.Seq]string {
	t.Helper()
	receipts := map[truce.Seq]string{}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), AppenderEnv+"="+dsn)
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
	return receipts
}

// checkReceipts opens the store again, verifies it and counts the receipts it does
// not know; those it forgets, so that each is counted once.
func checkReceipts(t *testing.T, dsn string, receipts map[truce.Seq]string) (lost int) {
	t.Helper()
	s, err := Open(t.Context(), dsn, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
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
			lost++
			delete(receipts, seq)
		}
	}
	if report, err := s.VerifyRecords(t.Context()); err != nil || !report.OK() {
		t.Fatalf("after a kill: %v, %v", report.Damage, err)
	}
	return lost
}
