package story

import "slices"

// shingles are the hashes of all runs of four words of a text (Broder 1997), sorted. Of long
// texts only those hashes are kept that every divides, the same share of every text, so that
// what two texts have in common can still be told (Manber 1994).
type shingles struct {
	Hashes []uint32
	Every  uint32
	Heads  []uint32 // those by which copies are found: more of the opening, few of the rest
}

func makeShingles(tokens []token) shingles {
	s := shingles{Every: 1}
	if len(tokens) < minShingleWords {
		return s
	}
	for i := range len(tokens) - shingleWords + 1 {
		h := uint32(2166136261)
		for _, t := range tokens[i : i+shingleWords] {
			h = (h ^ uint32(t.word)) * 16777619
			h ^= h >> 15
		}
		h *= 0x85ebca6b
		h ^= h >> 13
		s.Hashes = append(s.Hashes, h)
		if h%headEvery == 0 || i < openingWords && h%openingEvery == 0 {
			s.Heads = append(s.Heads, h)
		}
	}
	slices.Sort(s.Hashes)
	s.Hashes = slices.Compact(s.Hashes)
	for len(s.Hashes) > maxShingles {
		s.thin(s.Every * 2)
	}
	s.Hashes = slices.Clip(s.Hashes)
	slices.Sort(s.Heads)
	s.Heads = slices.Compact(s.Heads)
	return s
}

// thin keeps the hashes that every divides.
func (s *shingles) thin(every uint32) {
	s.Every = every
	s.Hashes = slices.DeleteFunc(s.Hashes, func(h uint32) bool { return h%every != 0 })
}

// shared is how many shingles two texts share, as a share of the smaller of them and of
// both together (Jaccard), and how many they are.
func (s shingles) shared(o shingles) (contained, jaccard float64, count int) {
	every := max(s.Every, o.Every)
	var common, a, b int
	i, j := 0, 0
	for i < len(s.Hashes) || j < len(o.Hashes) {
		switch {
		case j == len(o.Hashes) || i < len(s.Hashes) && s.Hashes[i] < o.Hashes[j]:
			a += divides(every, s.Hashes[i])
			i++
		case i == len(s.Hashes) || o.Hashes[j] < s.Hashes[i]:
			b += divides(every, o.Hashes[j])
			j++
		default:
			n := divides(every, s.Hashes[i])
			common, a, b = common+n, a+n, b+n
			i, j = i+1, j+1
		}
	}
	if a == 0 || b == 0 {
		return 0, 0, 0
	}
	return float64(common) / float64(min(a, b)), float64(common) / float64(a+b-common), common * int(every)
}

func divides(every, h uint32) int {
	if h%every == 0 {
		return 1
	}
	return 0
}
