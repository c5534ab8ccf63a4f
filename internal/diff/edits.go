package diff

import "strings"

// run is a stretch that both sides have, or what stands in its place on either.
type run struct{ same, removed, added string }

// edits gives the shortest way from one list of tokens to another (E. W. Myers, "An O(ND)
// Difference Algorithm and Its Variations", Algorithmica 1, 1986, figure 2), as runs in
// order. What both have at their ends is set aside first.
func edits(a, b []string) []run {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out runs
	out.same(a[:head])
	out.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	out.same(a[len(a)-tail:])
	return out
}

type runs []run

func (r *runs) same(tokens []string) {
	if text := strings.Join(tokens, ""); text != "" {
		*r = append(*r, run{same: text})
	}
}

func (r *runs) changed(removed, added []string) {
	if len(removed)+len(added) > 0 {
		*r = append(*r, run{removed: strings.Join(removed, ""), added: strings.Join(added, "")})
	}
}

// middle compares what is left between the ends.
func (r *runs) middle(a, b []string) {
	matches, ok := match(a, b)
	if !ok {
		r.changed(a, b)
		return
	}
	x, y := 0, 0
	for i := 0; i < len(matches); {
		from := i
		for i++; i < len(matches) && matches[i] == (pair{matches[i-1].a + 1, matches[i-1].b + 1}); i++ {
		}
		first, last := matches[from], matches[i-1]
		r.changed(a[x:first.a], b[y:first.b])
		r.same(a[first.a : last.a+1])
		x, y = last.a+1, last.b+1
	}
	r.changed(a[x:], b[y:])
}

// pair are the places of one token that both sides have.
type pair struct{ a, b int }

// match finds the tokens that the shortest way keeps, in order; not ok beyond the bounds.
func match(a, b []string) ([]pair, bool) {
	if len(a) > maxTokens || len(b) > maxTokens {
		return nil, false
	}
	ways, found := search(a, b)
	if !found {
		return nil, false
	}
	return trace(ways, len(a), len(b)), true
}

// search walks along the diagonals k = x-y. ways[d][k+d] is how far along a the furthest
// way with d edits has come on diagonal k.
func search(a, b []string) (ways [][]int32, found bool) {
	for d := 0; d <= min(maxEdits, len(a)+len(b)); d++ {
		now := make([]int32, 2*d+1)
		ways = append(ways, now)
		for k := -d; k <= d; k += 2 {
			x := 0
			switch {
			case d == 0:
			case down(ways, d, k):
				x = int(ways[d-1][k+1+d-1])
			default:
				x = int(ways[d-1][k-1+d-1]) + 1
			}
			for x < len(a) && x-k < len(b) && x-k >= 0 && a[x] == b[x-k] {
				x++
			}
			now[k+d] = int32(x)
			if x >= len(a) && x-k >= len(b) {
				return ways, true
			}
		}
	}
	return nil, false
}

// down says whether the furthest way with d edits comes to diagonal k from the one above,
// by adding a token; else it comes from the one below, by removing one.
func down(ways [][]int32, d, k int) bool {
	if k == -d {
		return true
	}
	return k != d && ways[d-1][k-1+d-1] < ways[d-1][k+1+d-1]
}

// trace goes the way back and collects what was kept.
func trace(ways [][]int32, x, y int) []pair {
	var back []pair
	for d := len(ways) - 1; d >= 0; d-- {
		k := x - y
		fromX, fromY := 0, 0
		if d > 0 {
			before := k - 1
			if down(ways, d, k) {
				before = k + 1
			}
			fromX = int(ways[d-1][before+d-1])
			fromY = fromX - before
		}
		startX := fromX // where the kept tokens begin
		if d > 0 && !down(ways, d, k) {
			startX++
		}
		for x > startX {
			x, y = x-1, y-1
			back = append(back, pair{x, y})
		}
		x, y = fromX, fromY
	}
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	return back
}
