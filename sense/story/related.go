package story

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce"
)

// Related is the stories that are most probably of the same matter as a story, the nearest
// first: an earlier course of things that paused, a look-alike at the same place. It joins
// nothing; it is what a reader may want to see beside it. Only what a story is most about
// counts, and time does not.
func (x *Index) Related(id truce.ID) []truce.ID {
	number, ok := x.Named[id]
	if !ok {
		return nil
	}
	s := x.live(number)
	own := s.core()
	near := map[int32]float64{}
	for _, t := range own {
		for _, past := range [2]ring{x.Past[t.Term], x.ringOf(t.Term)} {
			for _, n := range past.Stories {
				if n > 0 {
					near[x.standing(n-1)] = 0
				}
			}
		}
	}
	delete(near, s.Number)
	var out []int32
	for n := range near {
		if near[n] = likeness(own, x.Stories[n].core()); near[n] >= relatedCosine {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b int32) int { return cmp.Or(cmp.Compare(near[b], near[a]), cmp.Compare(a, b)) })
	var ids []truce.ID
	for _, n := range out[:min(len(out), maxRelated)] {
		ids = append(ids, x.Stories[n].ID)
	}
	return ids
}

func (x *Index) ringOf(t term) ring {
	if r, ok := x.Postings.get(t); ok {
		return *r
	}
	return ring{}
}

// core is the names and subjects a story is most about, by term.
func (s *thread) core() []weighted {
	if s.Heavy == nil {
		return s.Core
	}
	var out []weighted
	for _, t := range heaviestOf(s.Heavy.All.Terms, len(s.Heavy.All.Terms)) {
		if class := t.Term & classMask; (class == className || class == classConcept) && len(out) < maxCore {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, byTerm)
	return out
}

// likeness is the cosine of two short vectors.
func likeness(a, b []weighted) float64 {
	va, vb := vector{Terms: a}, vector{Terms: b}
	va.measure()
	vb.measure()
	d := dots(a, b, nil)
	return cosine(d[0]+d[1]+d[2]+d[3], length(&va), length(&vb))
}

// remember lets a closed story be found by later ones.
func (x *Index) remember(number int32, s *thread) {
	for _, t := range s.Core {
		if r, known := x.Past[t.Term]; known || len(x.Past) < maxSeenTerms {
			r.put(number)
			x.Past[t.Term] = r
		}
	}
}
