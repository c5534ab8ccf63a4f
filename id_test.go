package truce_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

func TestIDTextRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var id truce.ID
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		text := id.String()
		back, err := truce.ParseID(text)
		if err != nil || back != id {
			t.Fatalf("%x wrote %s, read %x, %v", id[:], text, back[:], err)
		}
	})
}

// The text sorts as the bytes do, so that lists by id are lists by time.
func TestIDTextSortsByTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := truce.NewID(instant(t, "a"), "k", "s", nil)
		b := truce.NewID(instant(t, "b"), "k", "s", nil)
		if (a.String() < b.String()) != (string(a[:]) < string(b[:])) {
			t.Fatalf("%s and %s sort otherwise than %x and %x", a, b, a[:], b[:])
		}
	})
}

func instant(t *rapid.T, label string) truce.Instant {
	return truce.Instant(rapid.Int64Range(0, 7_258_118_400_000_000).Draw(t, label))
}

// The ULID text of known bytes, worked out by hand: 128 bits after two zero bits, in
// groups of five.
func TestIDTextIsULID(t *testing.T) {
	for text, id := range map[string]truce.ID{
		"00000000000000000000000000": {},
		"7ZZZZZZZZZZZZZZZZZZZZZZZZZ": {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255},
		"00000000000000000000000001": {15: 1},
		"4000000000000000000000000G": {0: 0x80, 15: 16},
	} {
		if id.String() != text {
			t.Errorf("%x wrote %s, want %s", id[:], id, text)
		}
	}
}

func TestNewIDDependsOnEveryPart(t *testing.T) {
	base := truce.NewID(1_000_000, "detection", "firms", []byte("key"))
	if base != truce.NewID(1_000_000, "detection", "firms", []byte("key")) {
		t.Fatal("the same parts gave two ids")
	}
	if base.Millis() != 1000 {
		t.Fatalf("id begins at %d ms, want 1000", base.Millis())
	}
	for name, other := range map[string]truce.ID{
		"start":    truce.NewID(1_001_000, "detection", "firms", []byte("key")),
		"kind":     truce.NewID(1_000_000, "report", "firms", []byte("key")),
		"source":   truce.NewID(1_000_000, "detection", "viina", []byte("key")),
		"key":      truce.NewID(1_000_000, "detection", "firms", []byte("kez")),
		"boundary": truce.NewID(1_000_000, "detection", "firmsk", []byte("ey")),
	} {
		if other == base {
			t.Errorf("another %s gave the same id", name)
		}
	}
}

// 48 bits hold no time before 1970: such ids begin with 0, and the hash tells them apart.
func TestIDsBefore1970(t *testing.T) {
	at := func(year int) truce.Instant {
		return truce.InstantOf(time.Date(year, 7, 27, 13, 0, 0, 0, time.UTC))
	}
	of := func(start truce.Instant) truce.ID { return truce.NewID(start, "report", "a", []byte("1")) }
	korea := of(at(1953))
	if korea != of(at(1953)) || korea.Millis() != 0 || korea.IsZero() {
		t.Errorf("an id of 1953 is %s at %d ms", korea, korea.Millis())
	}
	for _, other := range []truce.Instant{at(1953) + 1, at(1952), -1, 0, 1, at(2053)} {
		if of(other) == korea {
			t.Errorf("%s has the id of 1953", other)
		}
	}
	if later := of(at(2026)); bytes.Compare(korea[:], later[:]) >= 0 {
		t.Errorf("1953 sorts behind 2026: %s, %s", korea, later)
	}
	if read, err := truce.ParseID(korea.String()); err != nil || read != korea {
		t.Errorf("%s was read as %s, %v", korea, read, err)
	}
	// What began from 1970 on keeps the ids it always had.
	if got := of(1_000_000).String(); got != "00000000Z83NRPXCETX8JC6T12" {
		t.Errorf("the id of one second after 1970 is %s", got)
	}
}

func TestParseIDRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"empty":          "",
		"short":          "0000000000000000000000000",
		"long":           "000000000000000000000000000",
		"letter U":       "0000000000000000000000000U",
		"lower case":     strings.ToLower("01ARZ3NDEKTSV4RRFFQ69G5FAV"),
		"above 128 bits": "80000000000000000000000000",
		"line break":     "000000000000000000000000\n0",
	} {
		if _, err := truce.ParseID(text); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %q gave %v, want an invalid error", name, text, err)
		}
	}
}

func TestIDInJSON(t *testing.T) {
	want := truce.NewID(5_000_000, "a", "b", nil)
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got truce.ID
	if err := json.Unmarshal(text, &got); err != nil || got != want || got.IsZero() {
		t.Fatalf("%s read as %s, %v", text, got, err)
	}
	if err := json.Unmarshal([]byte(`"nonsense"`), &got); err == nil {
		t.Fatal("nonsense was read as an id")
	}
}
