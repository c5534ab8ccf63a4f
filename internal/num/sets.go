package num

// Sets are disjoint sets of the numbers 0 to n-1 that can be joined (union-find with
// path halving). The smallest member stands for its set, so the result does not depend
// on the order of the joins.
type Sets struct{ parent []int32 }

// NewSets starts with every number in a set of its own.
func NewSets(n int) *Sets {
	s := &Sets{parent: make([]int32, n)}
	for i := range s.parent {
		s.parent[i] = int32(i)
	}
	return s
}

// Find is the smallest member of i's set.
func (s *Sets) Find(i int) int {
	for s.parent[i] != int32(i) {
		s.parent[i] = s.parent[s.parent[i]]
		i = int(s.parent[i])
	}
	return i
}

// Union joins the sets of a and b and says whether they were two before.
func (s *Sets) Union(a, b int) bool {
	a, b = s.Find(a), s.Find(b)
	if a == b {
		return false
	}
	s.parent[max(a, b)] = int32(min(a, b))
	return true
}

// Groups lists the sets, members ascending, in the order of their smallest members.
func (s *Sets) Groups() [][]int {
	place := make([]int, len(s.parent))
	var out [][]int
	for i := range s.parent {
		root := s.Find(i)
		if root == i {
			place[i] = len(out)
			out = append(out, nil)
		}
		out[place[root]] = append(out[place[root]], i)
	}
	return out
}
