package story

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// TestTallyCountsAsAMapDoes holds the votes against a map and a full sort.
func TestTallyCountsAsAMapDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var y tally
	for round := range 200 {
		y.clear()
		want := map[int32]float32{}
		for range r.IntN(maxLookups * ringSize) {
			story, weight := r.Int32N(600), float32(1+r.IntN(4))
			y.add(story, weight)
			want[story] += weight
		}
		var order []int32
		for story := range want {
			order = append(order, story)
		}
		slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(want[b], want[a]), cmp.Compare(a, b)) })
		order = order[:min(len(order), maxStoryCandidates)]
		if got := y.most(maxStoryCandidates); !slices.Equal(got, order) {
			t.Fatalf("round %d: %v, want %v", round, got, order)
		}
	}
}

// TestNoArticleClosesManyStories: after a pause hundreds of stories are due at once, and every
// article closes a few of them, until all are.
func TestNoArticleClosesManyStories(t *testing.T) {
	start := truce.InstantOf(time.Date(2026, 4, 11, 0, 0, 0, 0, time.UTC))
	x := New(Config{})
	add := func(n int, at truce.Instant) {
		name := fmt.Sprintf("Q%c%c%cmere", 'a'+n%17, 'a'+n/17%19, 'a'+n*7%23)
		x.Add(truce.Article{ID: truce.NewID(at, "report", "test", []byte(fmt.Sprint(n))), Headline: fmt.Sprintf("%s holds %s%s", name, name, name), Published: truce.PhenomenonTime{From: at, To: at}})
	}
	closed := func() (n int) {
		for i, s := range x.Stories {
			if s.Heavy == nil {
				n++
				if x.now[i] == int32(i) {
					t.Errorf("story %d is closed and still found", i)
				}
			}
		}
		return n
	}
	for n := range 400 {
		add(n, start)
	}
	early := len(x.Stories)
	if early < 200 || closed() != 0 {
		t.Fatalf("%d stories, %d closed", early, closed())
	}
	before := 0
	for n := range early/sweep + 2 {
		add(1000+n, start.Add(20*24*time.Hour))
		if now := closed(); now-before > sweep {
			t.Fatalf("one article closed %d stories", now-before)
		} else {
			before = now
		}
	}
	if before < early {
		t.Errorf("%d of %d stories are closed", before, early)
	}
}
