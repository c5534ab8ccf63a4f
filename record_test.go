package truce_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// sealed is a valid record after another.
func sealed(t testing.TB, prev truce.Hash) truce.Record {
	t.Helper()
	r := truce.Record{
		Seq: 2, Kind: truce.RecordWatermark, Schema: truce.SchemaVersion, Subject: "watermark/x", Key: "k", Time: 1_000_000,
		Salt: []byte("thirty-two bytes of salt, really"), Body: []byte(`{"at":"1970-01-01T00:00:00.000000Z","name":"x"}`), Prev: prev,
	}
	r.Commitment = truce.Commit(r.Salt, r.Body)
	var err error
	if r.Hash, err = r.Seal(); err != nil {
		t.Fatal(err)
	}
	return r
}

// Every field of a record is under its hash.
func TestVerifySeesEveryChange(t *testing.T) {
	prev := truce.HashOf([]byte("before"))
	good := sealed(t, prev)
	if err := good.Verify(prev); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*truce.Record){
		"seq":        func(r *truce.Record) { r.Seq++ },
		"kind":       func(r *truce.Record) { r.Kind = truce.RecordEvent },
		"schema":     func(r *truce.Record) { r.Schema++ },
		"subject":    func(r *truce.Record) { r.Subject = "" },
		"key":        func(r *truce.Record) { r.Key = "K" },
		"time":       func(r *truce.Record) { r.Time-- },
		"salt":       func(r *truce.Record) { r.Salt = append([]byte{1}, r.Salt[1:]...) },
		"body":       func(r *truce.Record) { r.Body = append([]byte{' '}, r.Body...) },
		"no salt":    func(r *truce.Record) { r.Salt = nil },
		"commitment": func(r *truce.Record) { r.Commitment[31] ^= 1 },
		"prev":       func(r *truce.Record) { r.Prev[0] ^= 1 },
		"hash":       func(r *truce.Record) { r.Hash[0] ^= 0x80 },
		"no NFC":     func(r *truce.Record) { r.Key = "e\u0301" },
	} {
		r := good
		change(&r)
		if err := r.Verify(prev); err == nil {
			t.Errorf("a changed %s was not seen", name)
		}
	}
	if err := good.Verify(truce.Hash{}); err == nil {
		t.Error("another record before it was not seen")
	}
}

func TestErasedRecordVerifies(t *testing.T) {
	r := sealed(t, truce.Hash{})
	r.Salt, r.Body = nil, nil
	if err := r.Verify(truce.Hash{}); err != nil || !r.Erased() {
		t.Errorf("erased record: %v", err)
	}
	if _, err := truce.DecodeBody[truce.Watermark](r); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("decoding an erased body: %v, want not found", err)
	}
}

func TestDecodeBody(t *testing.T) {
	r := sealed(t, truce.Hash{})
	if w, err := truce.DecodeBody[truce.Watermark](r); err != nil || w != (truce.Watermark{Name: "x"}) {
		t.Errorf("decoded %+v, %v", w, err)
	}
	newer := r
	newer.Schema++
	if _, err := truce.DecodeBody[truce.Watermark](newer); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("a newer schema: %v, want an invalid error", err)
	}
	r.Body = []byte(`{"at":`)
	if _, err := truce.DecodeBody[truce.Watermark](r); truce.CodeOf(err) != truce.CodeInternal {
		t.Errorf("half a body: %v, want an internal error", err)
	}
}

// What NewDraft writes, DecodeBody reads: nothing is lost on the way.
func TestDraftsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := truce.Erasure{Seq: truce.Seq(rapid.Int64Min(1).Draw(t, "seq")), Reason: truce.CleanText(rapid.String().Draw(t, "reason"))}
		d, err := truce.NewDraft(truce.RecordErasure, "s", "k", want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := truce.DecodeBody[truce.Erasure](truce.Record{Body: d.Body, Schema: truce.SchemaVersion})
		if err != nil || got != want || d.Kind != truce.RecordErasure || d.Key != "k" {
			t.Fatalf("%+v became %s and %+v, %v", want, d.Body, got, err)
		}
	})
	if _, err := truce.NewDraft(truce.RecordErasure, "", "k", truce.Erasure{Reason: "\xff"}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("a draft with bytes that are no text: %v", err)
	}
}

func TestHashText(t *testing.T) {
	want := truce.HashOf([]byte("x"))
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got truce.Hash
	if err := json.Unmarshal(text, &got); err != nil || got != want || got.IsZero() || !(truce.Hash{}).IsZero() {
		t.Errorf("%s read as %s, %v", text, got, err)
	}
	for _, bad := range []string{"", "ab", want.String() + "00", want.String()[:62] + "zz"} {
		if err := got.UnmarshalText([]byte(bad)); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%q: %v, want an invalid error", bad, err)
		}
	}
}

// The salt keeps two equal bodies from having equal commitments.
func TestCommitmentDependsOnTheSalt(t *testing.T) {
	body := []byte("{}")
	if truce.Commit([]byte("a"), body) == truce.Commit([]byte("b"), body) {
		t.Error("another salt gave the same commitment")
	}
}
