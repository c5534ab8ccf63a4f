package ais_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce/source/ais"
	"github.com/trucewatch/truce/source/sourcetest"
)

// sentences are messages of every type that is read in one sentence, a line each.
func sentences(t testing.TB) (out [][]byte) {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	for _, kind := range []int{1, 4, 18, 19, 24} {
		m := random(rng, kind)
		m.Time, m.Station = 0, ais.Text{}
		var line bytes.Buffer
		if err := ais.NewWriter(&line).Write(&m); err != nil {
			t.Fatal(err)
		}
		out = append(out, line.Bytes())
	}
	return out
}

func texts(t testing.TB) sourcetest.Read {
	return func(in []byte) (messages, damage []string) {
		return sourcetest.Messages(t, ais.NewReader(bytes.NewReader(in), ais.Options{}).Next)
	}
}

// TestEveryFlip: a sentence that is hurt anywhere is never read, and costs no other. One bit
// makes a comment of a line.
func TestEveryFlip(t *testing.T) {
	sourcetest.EveryFlip(t, sentences(t), func(in []byte) (messages, damage []string) {
		messages, damage = texts(t)(in)
		if in[0] == '#' || bytes.Contains(in, []byte("\n#")) {
			damage = append(damage, "a comment")
		}
		return messages, damage
	})
}

// TestEveryCut: a sentence that is cut short is never read as another.
func TestEveryCut(t *testing.T) {
	lines := sentences(t)
	in := bytes.Join(lines, nil)
	all, _ := texts(t)(in)
	begin := 0
	for k, line := range lines {
		whole := len(bytes.TrimRight(line, "\r\n"))
		for n := 1; n < whole; n++ {
			messages, damage := texts(t)(in[:begin+n])
			if len(messages) != k || len(damage) != 1 {
				t.Fatalf("line %d cut behind %d bytes: %d messages, damage %q", k, n, len(messages), damage)
			}
		}
		if messages, damage := texts(t)(in[:begin+whole]); len(messages) != k+1 || messages[k] != all[k] || len(damage) != 0 {
			t.Errorf("line %d without its end: %q, damage %q", k, messages, damage)
		}
		begin += len(line)
	}
}
