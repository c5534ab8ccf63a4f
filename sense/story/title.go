package story

import (
	"cmp"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
)

// review looks at a story that has doubled: whether it is still one, and whether another
// headline says better what it is about.
func (x *Index) review(s *thread, at truce.Instant) []truce.StoryChange {
	if s.Heavy == nil || s.Heavy.Members&(s.Heavy.Members-1) != 0 {
		return nil
	}
	s, changes := x.reunite(s, at)
	if s.Heavy.Members >= minSplit {
		changes = append(changes, x.split(s, at)...)
	}
	best := mostCentral(s.Heavy)
	if best.Headline != "" && best.Headline != s.Title {
		why := "nearer to what the story's articles have in common than: " + s.Title
		s.Title, s.Publisher = best.Headline, best.Publisher
		changes = append(changes, truce.StoryChange{Story: s.ID, Kind: truce.StoryRenamed, At: at, Title: s.Title, Why: why})
	}
	return changes
}

// mostCentral is the article whose headline stands nearest to the story (the medoid), plain
// wording before questions, quotations, lists and calls to read on.
func mostCentral(h *heavy) member {
	var best member
	most := -1.
	for _, m := range h.Recent {
		d := dots(m.TitleVec.Terms, h.Title.Terms, nil)
		all := dots(m.TitleVec.Terms, h.All.Terms, nil)
		near := cosine(d[0]+d[1]+d[2]+d[3], length(&m.TitleVec), length(&h.Title)) + cosine(all[0]+all[1]+all[2]+all[3], length(&m.TitleVec), length(&h.All))
		if near *= float64(m.Plain); near > most {
			best, most = m, near
		}
	}
	return best
}

// plainness is 1 for a headline that states what happened, less for others.
func plainness(headline string, words int) float32 {
	p := float32(1)
	fold := strings.ToLower(headline)
	for _, sign := range []string{"?", "!", "...", "…", "\"", "“", "«", "here's", "you need to know", "what we know", "що відомо", "что известно", "live", "key events", "briefing", "explained", "opinion", "watch"} {
		if strings.Contains(fold, sign) {
			p *= .75
		}
	}
	if words < minHeadlineWords || words > maxPlainWords {
		p *= .8
	}
	return p
}

// named is the names, by how often they were met.
func (h *heavy) named() []nameCount {
	out := slices.Clone(h.Names)
	slices.SortFunc(out, func(a, b nameCount) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text)) })
	return out
}

// entities are the first of names as they are shown.
func entities(lex *lexicon, names []nameCount) []truce.Entity {
	var out []truce.Entity
	for _, n := range names[:min(len(names), maxEntities)] {
		out = append(out, entity(lex, n))
	}
	return out
}

func entity(lex *lexicon, n nameCount) truce.Entity {
	if k, ok := lex.byTerm[n.Term]; ok {
		return truce.Entity{Key: k.kind + ":" + k.key, Name: k.name, Kind: k.kind}
	}
	key := strings.ReplaceAll(article.NameKey(n.Text), " ", "_")
	return truce.Entity{Key: n.Kind + ":" + key, Name: n.Text, Kind: n.Kind}
}

func places(entities []truce.Entity) []string {
	var out []string
	for _, e := range entities {
		if e.Kind == kindPlace {
			out = append(out, e.Name)
		}
	}
	return out
}

// countNames counts the names of one article by their last word.
func countNames(names []naming) []nameCount {
	var out []nameCount
	for _, n := range names {
		at := slices.IndexFunc(out, func(c nameCount) bool { return c.Term == n.term })
		if at < 0 {
			out = append(out, nameCount{n.term, strings.Clone(n.text), n.kind, 1, 1})
			continue
		}
		out[at].Count++
		if len(n.text) > len(out[at].Text) {
			out[at].Text = strings.Clone(n.text)
		}
		if out[at].Kind == kindOther {
			out[at].Kind = n.kind
		}
	}
	return out
}
