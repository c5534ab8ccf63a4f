package engage

import (
	"cmp"
	"slices"
)

// match gives every event to one candidate at most, so that the scores of those taken sum
// to as much as can be: the best first, then exchanges of one for what it displaces, until
// none gains. Ties go to the earlier muzzle and then the earlier impact.
func (t *tier) match() []int {
	m := matching{edges: t.edges, owner: make([]int, len(t.nodes)), of: make([][]int, len(t.nodes))}
	for i := range m.owner {
		m.owner[i] = -1
	}
	for i := range t.edges {
		if t.edges[i].score > 0 {
			m.order = append(m.order, i)
			m.of[t.edges[i].muzzle] = append(m.of[t.edges[i].muzzle], i)
			m.of[t.edges[i].impact] = append(m.of[t.edges[i].impact], i)
		}
	}
	slices.SortFunc(m.order, m.before)
	for _, list := range m.of {
		slices.SortFunc(list, m.before)
	}
	for _, i := range m.order {
		if m.free(i) {
			m.take(i)
		}
	}
	for range maxExchanges {
		if !m.improve() {
			break
		}
	}
	return m.taken()
}

// maxExchanges bounds the passes of exchanging; each that is not the last gains.
const maxExchanges = 20

// matching is which candidates are taken.
type matching struct {
	edges []edge
	order []int   // candidates, the best first
	of    [][]int // by node: its candidates, the best first
	owner []int   // by node: the candidate that has it, -1: none
}

func (m *matching) before(a, b int) int {
	return cmp.Or(cmp.Compare(m.edges[b].score, m.edges[a].score), cmp.Compare(a, b))
}

func (m *matching) free(i int) bool {
	return m.owner[m.edges[i].muzzle] < 0 && m.owner[m.edges[i].impact] < 0
}

func (m *matching) take(i int) { m.owner[m.edges[i].muzzle], m.owner[m.edges[i].impact] = i, i }

func (m *matching) drop(i int) { m.owner[m.edges[i].muzzle], m.owner[m.edges[i].impact] = -1, -1 }

// improve tries each candidate that is not taken in the place of those that stand in its
// way, whose other events then take the best that is free. It says whether anything gained.
func (m *matching) improve() bool {
	gained := false
	for _, i := range m.order {
		if m.owner[m.edges[i].muzzle] == i {
			continue
		}
		gained = m.exchange(i) || gained
	}
	return gained
}

func (m *matching) exchange(i int) bool {
	e := &m.edges[i]
	var lost, won []int
	gain := e.score
	for _, node := range [2]int{e.muzzle, e.impact} {
		if o := m.owner[node]; o >= 0 && !slices.Contains(lost, o) {
			lost = append(lost, o)
			gain -= m.edges[o].score
		}
	}
	for _, o := range lost {
		m.drop(o)
	}
	m.take(i)
	for _, o := range lost {
		for _, node := range [2]int{m.edges[o].muzzle, m.edges[o].impact} {
			if next := m.bestFree(node); next >= 0 {
				m.take(next)
				won = append(won, next)
				gain += m.edges[next].score
			}
		}
	}
	if gain > 1e-9 {
		return true
	}
	for _, o := range won {
		m.drop(o)
	}
	m.drop(i)
	for _, o := range lost {
		m.take(o)
	}
	return false
}

// bestFree is the best candidate of a node that could be taken, -1 for none.
func (m *matching) bestFree(node int) int {
	if m.owner[node] >= 0 {
		return -1
	}
	for _, i := range m.of[node] {
		if m.free(i) {
			return i
		}
	}
	return -1
}

// taken are the candidates taken, rising.
func (m *matching) taken() []int {
	var out []int
	for node, i := range m.owner {
		if i >= 0 && m.edges[i].muzzle == node {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}
