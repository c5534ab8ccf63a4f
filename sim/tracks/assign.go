package tracks

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce/geo"
)

// pair is an object and the track that is taken for its.
type pair struct {
	id    string
	found int
	d2    float64
}

// near is a possible pair.
type near struct {
	truth, found int
	d2           float64
}

// assign finds the pairs within the cut-off that make the metric least.
func assign(truth *Truth, found []Found) []pair {
	possible := within(truth, found)
	group := make([]int, len(truth.IDs)+len(found))
	for i := range group {
		group[i] = i
	}
	find := func(i int) int {
		for group[i] != i {
			i = group[i]
		}
		return i
	}
	for _, p := range possible {
		a, b := find(p.truth), find(len(truth.IDs)+p.found)
		group[max(a, b)] = min(a, b)
	}
	slices.SortStableFunc(possible, func(a, b near) int { return cmp.Compare(find(a.truth), find(b.truth)) })
	var out []pair
	for begin := 0; begin < len(possible); {
		end := begin + 1
		for end < len(possible) && find(possible[end].truth) == find(possible[begin].truth) {
			end++
		}
		for _, p := range best(possible[begin:end]) {
			out = append(out, pair{truth.IDs[p.truth], p.found, p.d2})
		}
		begin = end
	}
	slices.SortFunc(out, func(a, b pair) int { return cmp.Compare(a.found, b.found) })
	return out
}

// within are the pairs nearer than the cut-off. Places are compared in a plane around the
// middle of the truth, sorted by latitude.
func within(truth *Truth, found []Found) (out []near) {
	order := make([]int, len(found))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(found[a].At.Lat, found[b].At.Lat) })
	for i, id := range truth.IDs {
		at := truth.At[id]
		const reach = geo.Degrees(gospaCut / 110e3) // a degree of latitude is never shorter
		from, _ := slices.BinarySearchFunc(order, at.Lat-reach, func(f int, lat geo.Degrees) int { return cmp.Compare(found[f].At.Lat, lat) })
		plane := geo.NewPlane(at)
		for _, f := range order[from:] {
			if found[f].At.Lat > at.Lat+reach {
				break
			}
			if math.Abs(math.Remainder(float64(found[f].At.Lon-at.Lon), 360)) > 5 && math.Abs(float64(at.Lat)) < 88 {
				continue
			}
			east, north := plane.To(found[f].At)
			if d2 := float64(east*east + north*north); d2 < gospaCut*gospaCut {
				out = append(out, near{i, f, d2})
			}
		}
	}
	return out
}

// best chooses the pairs of one group that save most, each saving the cut-off squared less
// its own distance squared (Kuhn 1955; the shortest augmenting paths of Jonker and Volgenant
// 1987, Computing 38).
func best(group []near) []near {
	if len(group) == 1 {
		return group
	}
	rows, columns := number(group, func(p near) int { return p.truth }), number(group, func(p near) int { return p.found })
	n := max(len(rows), len(columns))
	cost := make([][]float64, n)
	at := make([][]int, n)
	for i := range cost {
		cost[i], at[i] = make([]float64, n), slices.Repeat([]int{-1}, n)
	}
	for k, p := range group {
		r, _ := slices.BinarySearch(rows, p.truth)
		c, _ := slices.BinarySearch(columns, p.found)
		cost[r][c], at[r][c] = p.d2-gospaCut*gospaCut, k
	}
	var out []near
	for r, c := range hungarian(cost) {
		if k := at[r][c]; k >= 0 {
			out = append(out, group[k])
		}
	}
	return out
}

func number(group []near, of func(near) int) []int {
	var out []int
	for _, p := range group {
		out = append(out, of(p))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// hungarian is the column of each row of a square matrix that makes the sum least.
func hungarian(cost [][]float64) []int {
	n := len(cost)
	u, v := make([]float64, n+1), make([]float64, n+1)
	rowOf, way := make([]int, n+1), make([]int, n+1)
	for row := 1; row <= n; row++ {
		rowOf[0] = row
		least, done := slices.Repeat([]float64{math.Inf(1)}, n+1), make([]bool, n+1)
		column := 0
		for rowOf[column] != 0 {
			done[column] = true
			column = cheapest(cost, u, v, rowOf, way, least, done, column)
		}
		for column != 0 {
			rowOf[column] = rowOf[way[column]]
			column = way[column]
		}
	}
	out := make([]int, n)
	for column := 1; column <= n; column++ {
		out[rowOf[column]-1] = column - 1
	}
	return out
}

// cheapest goes one column on along the shortest path, and keeps the prices right.
func cheapest(cost [][]float64, u, v []float64, rowOf, way []int, least []float64, done []bool, from int) int {
	row, next, delta := rowOf[from], 0, math.Inf(1)
	for j := 1; j < len(v); j++ {
		if done[j] {
			continue
		}
		if c := cost[row-1][j-1] - u[row] - v[j]; c < least[j] {
			least[j], way[j] = c, from
		}
		if least[j] < delta {
			delta, next = least[j], j
		}
	}
	for j := range v {
		if done[j] {
			u[rowOf[j]] += delta
			v[j] -= delta
		} else {
			least[j] -= delta
		}
	}
	return next
}
