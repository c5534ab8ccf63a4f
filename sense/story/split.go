package story

import (
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/num"
)

// split takes a story apart when its recent articles fall into two parts that hardly touch:
// two articles are near when their vectors are, and parts are what nearness connects. Only a
// part of several articles leaves, and it leaves as the younger story.
func (x *Index) split(s *thread, at truce.Instant) []truce.StoryChange {
	members := s.Heavy.Recent
	if len(members) < s.Heavy.Members {
		return nil // what is no longer remembered cannot be put to a side
	}
	sets, group := num.NewSets(len(members)), make([]string, len(members))
	for i := range members {
		group[i] = x.Group(members[i].ID)
	}
	for i := range members {
		for k := range i {
			if group[i] != "" && group[i] == group[k] || near(&members[i], &members[k]) {
				sets.Union(i, k)
			}
		}
	}
	var parts [][]int
	for _, part := range sets.Groups() {
		if len(part) >= minPart {
			parts = append(parts, part)
		}
	}
	if len(parts) < 2 || len(s.Heavy.Posts) > 0 {
		return nil
	}
	slices.SortStableFunc(parts, func(a, b []int) int { return a[0] - b[0] })
	return []truce.StoryChange{x.part(s, parts[len(parts)-1], at)}
}

// near says whether two articles may be of one story when only they are looked at.
func near(a, b *member) bool {
	d := dots(a.Vector.Terms, b.Vector.Terms, nil)
	return d[0]+d[1]+d[2]+d[3] >= nearCosine
}

// part makes a story of some of a story's articles.
func (x *Index) part(s *thread, leaving []int, at truce.Instant) truce.StoryChange {
	members := s.Heavy.Recent
	first := members[leaving[0]]
	d := &doc{copyText: &copyText{ID: first.ID, At: first.At}, headline: first.Headline, publisher: first.Publisher}
	young := x.open(d)
	young.From = []truce.ID{s.ID}
	number := young.Number
	old := s.Heavy
	s.Heavy = newHeavy()
	s.Heavy.Phrases, s.Heavy.Once, s.Heavy.Names, s.Heavy.Posts = old.Phrases, old.Once, old.Names, old.Posts
	groups := map[string]bool{} // of texts that leave with those they repeat
	for i, m := range members {
		if !slices.Contains(leaving, i) {
			s.Heavy.add(m)
			continue
		}
		young.Heavy.add(m)
		x.StoryOf[x.Text[m.ID]] = number
		if g := x.Group(m.ID); g != "" {
			groups[g] = true
		}
	}
	all := s.Articles
	s.Articles = nil
	for _, id := range all {
		if x.StoryOf[x.Text[id]] == number || groups[x.Group(id)] {
			x.StoryOf[x.Text[id]] = number
			young.Articles = append(young.Articles, id)
			continue
		}
		s.Articles = append(s.Articles, id)
	}
	young.First, young.Last = members[leaving[0]].At, members[leaving[len(leaving)-1]].At
	x.post(young, young.Heavy.All.Terms)
	young.Title = mostCentral(young.Heavy).Headline
	return truce.StoryChange{Story: s.ID, Kind: truce.StorySplit, At: at, Added: slices.Clone(young.Articles), Other: young.ID, Title: young.Title, Why: "its articles fall into two parts that share hardly anything"}
}
