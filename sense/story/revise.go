package story

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// merge ends a story in an elder one.
func (x *Index) merge(keep, end *thread, at truce.Instant, why string) truce.StoryChange {
	moved := end.Articles
	keep.Articles = append(keep.Articles, moved...)
	slices.SortStableFunc(keep.Articles, func(a, b truce.ID) int { return slices.Compare(a[:], b[:]) })
	keep.First, keep.Last = min(keep.First, end.First), max(keep.Last, end.Last)
	keep.From = append(keep.From, end.ID)
	end.Into = keep.ID
	x.now[end.Number] = keep.Number
	for _, id := range moved {
		x.StoryOf[x.Text[id]] = keep.Number
	}
	if keep.Heavy != nil && end.Heavy != nil {
		keep.Heavy.take(end.Heavy)
		x.post(keep, keep.Heavy.All.Terms)
	}
	end.Heavy = nil
	return truce.StoryChange{Story: keep.ID, Kind: truce.StoryMerged, At: at, Added: moved, Other: end.ID, Title: keep.Title, Why: why}
}

// take adds all that another story knows.
func (h *heavy) take(o *heavy) {
	h.All = sum(h.All, o.All, maxStoryTerms)
	h.Title = sum(h.Title, o.Title, maxStoryTitleTerms)
	h.Members += o.Members
	h.Phase |= o.Phase
	for day, n := range o.Days {
		h.Days[day] += n
	}
	for language, n := range o.Languages {
		h.Languages[language] += n
	}
	h.Once = append(h.Once, o.Once...)
	for _, p := range o.Phrases {
		if i := slices.IndexFunc(h.Phrases, func(c phraseCount) bool { return c.Key == p.Key }); i >= 0 {
			h.Phrases[i].Articles += p.Articles
			h.Phrases[i].Sure = h.Phrases[i].Sure || p.Sure
		} else {
			h.Phrases = append(h.Phrases, p)
		}
	}
	for _, n := range o.Names {
		if known := h.name(n.Term); known != nil {
			known.Count, known.Articles = known.Count+n.Count, known.Articles+n.Articles
		} else {
			h.Names = append(h.Names, n)
		}
	}
	h.Recent = append(h.Recent, o.Recent...)
	slices.SortStableFunc(h.Recent, func(a, b member) int { return int(a.At.Sub(b.At) / 1e6 % (1 << 30)) })
	h.Recent = h.Recent[max(0, len(h.Recent)-maxRecent):]
	h.Posts = appendNew(h.Posts, o.Posts...)
}

// oneStory says whether two stories that claim one article are the same: each seen as one
// large article belongs to the other. Stories whose days differ are never made one by
// likeness.
func (x *Index) oneStory(a, b *thread) bool {
	if a.Heavy == nil || b.Heavy == nil || !shareDay(a.Heavy, b.Heavy) {
		return false
	}
	small, large := a, b
	if small.Heavy.Members > large.Heavy.Members {
		small, large = large, small
	}
	m := mostCentral(small.Heavy)
	d := &doc{copyText: &copyText{At: m.At, Language: m.Language, Days: m.Days}, published: dayNumber(m.At)}
	return x.weigh(x.query(d, &small.Heavy.All, &small.Heavy.Title), large).odds() >= x.cfg.JoinOdds+mergeMargin
}

// reunite merges a story with another that turns out to be the same, now that more is known
// of it: a story told in two languages often begins as two.
func (x *Index) reunite(s *thread, at truce.Instant) (*thread, []truce.StoryChange) {
	for _, number := range x.candidates(&s.Heavy.All) {
		o := x.Stories[number]
		if o == s || !x.oneStory(s, o) {
			continue
		}
		keep, end := s, o
		if end.Number < keep.Number {
			keep, end = end, keep
		}
		return keep, []truce.StoryChange{x.merge(keep, end, at, "both tell the same, as more articles show")}
	}
	return s, nil
}

// shareDay says whether most articles of both stories are of one day.
func shareDay(a, b *heavy) bool { return a.mainDay() == b.mainDay() }

// mainDay is the day of most articles, the first of several.
func (h *heavy) mainDay() int32 {
	var best int32
	for day, n := range h.Days {
		if most := h.Days[best]; n > most || n == most && day < best {
			best = day
		}
	}
	return best
}

// listed joins the stories of articles that one post lists together as one story.
func (x *Index) listed(id truce.ID, s *thread, posts []string, at truce.Instant) []truce.StoryChange {
	var changes []truce.StoryChange
	for _, post := range posts {
		others, _ := x.Listed.get(post)
		if slices.Contains(others, id) {
			continue
		}
		x.Listed.put(post, append(slices.Clip(others), id))
		for _, other := range others {
			o := x.live(x.StoryOf[x.Text[other]])
			if s.Heavy != nil {
				s.Heavy.Posts = appendNew(s.Heavy.Posts, post)
			}
			if o == s {
				continue
			}
			keep, end := s, o
			if end.Number < keep.Number {
				keep, end = end, keep
			}
			changes = append(changes, x.merge(keep, end, at, "one post lists both as one story: "+post))
			s = keep
		}
	}
	return changes
}

// clusterPosts are those of an article's posts that list one story: files, and single items
// of a feed (an address with # and the item); a whole feed lists what came in.
func clusterPosts(posts []string) []string {
	var out []string
	for _, p := range posts {
		if !strings.Contains(p, "://") || strings.Contains(p, "#") {
			out = append(out, p)
		}
	}
	return out
}
