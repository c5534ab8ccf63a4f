package truce_test

import (
	"encoding/hex"
	"testing"

	"github.com/trucewatch/truce"
)

// The roots are those of RFC 6962 trees over the test leaves that Certificate
// Transparency implementations share.
func TestMerkleRootMatchesPublishedVectors(t *testing.T) {
	var leaves [][]byte
	for _, h := range []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"} {
		b, err := hex.DecodeString(h)
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, b)
	}
	want := []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	for n := range want {
		if got := truce.MerkleRoot(leaves[:n]).String(); got != want[n] {
			t.Errorf("root of %d leaves = %s, want %s", n, got, want[n])
		}
	}
}

func TestObservationBatchIsTheSameInAnyOrder(t *testing.T) {
	a, b := heartbeat("a"), heartbeat("b")
	first, err := truce.NewObservationBatch("s", "f", 7, []truce.Observation{a, b})
	if err != nil {
		t.Fatal(err)
	}
	second, err := truce.NewObservationBatch("s", "f", 7, []truce.Observation{b, a})
	if err != nil {
		t.Fatal(err)
	}
	if first.Key != second.Key || string(first.Body) != string(second.Body) {
		t.Fatalf("order changed the batch:\n%s\n%s", first.Body, second.Body)
	}
}

func TestObservationBatchRefusesNothing(t *testing.T) {
	if _, err := truce.NewObservationBatch("s", "f", 0, nil); truce.CodeOf(err) != truce.CodeInvalid {
		t.Fatalf("an empty batch gave %v, want an invalid error", err)
	}
}

func heartbeat(key string) truce.Observation {
	return truce.Observation{
		ID: truce.NewID(1000, "health", "s", []byte(key)), Kind: truce.KindHealth, Source: "s",
		Phenomenon: truce.Moment(1000, 0), Health: &truce.Health{Working: true}, Signature: truce.SignatureNone,
	}
}
