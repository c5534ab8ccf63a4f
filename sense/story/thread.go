package story

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce"
)

// thread is a story inside the index. Its heavy part is let go of when nothing was added
// for the story's window.
type thread struct {
	ID        truce.ID
	Number    int32
	First     truce.Instant
	Last      truce.Instant
	Title     string
	Publisher string
	Articles  []truce.ID
	From      []truce.ID
	Into      truce.ID
	Tags      []string    `json:",omitempty"` // once closed
	Names     []nameCount `json:",omitempty"` // once closed
	Core      []weighted  `json:",omitempty"` // once closed: what it was most about
	Heavy     *heavy      `json:",omitempty"`
}

// heavy is what a story is compared by.
type heavy struct {
	All       vector        // sum of its articles' vectors, the heaviest terms
	Title     vector        // of their headlines
	Days      map[int32]int // how many of its articles are of a day
	Languages map[string]int
	Members   int
	Phase     phase         // where its articles say that what it tells of stands
	Recent    []member      // the last ones
	Phrases   []phraseCount // of two articles at least, or sure
	Once      []uint32      // keys of phrases of one article, newest last
	Names     []nameCount   // in the order they were met
	Posts     []string
}

// member is an article as its story remembers it.
type member struct {
	ID        truce.ID
	At        truce.Instant
	Headline  string
	Publisher string
	Vector    vector
	TitleVec  vector
	Days      []int32
	Language  string
	Copy      bool
	Phase     phase
	Plain     float32     // how plainly the headline is worded, 1 at best
	phrases   []phrase    // until they are counted
	names     []nameCount // until they are counted
}

// nameCount is how often a name was met, and in how many articles, under its most frequent spelling.
type nameCount struct {
	Term     term
	Text     string
	Kind     string
	Count    int
	Articles int // that have it
}

func newHeavy() *heavy {
	return &heavy{Days: map[int32]int{}, Languages: map[string]int{}}
}

// add takes in an article.
func (h *heavy) add(m member) {
	h.Members++
	h.Phase |= m.Phase
	h.Languages[m.Language]++
	for _, day := range m.Days {
		h.Days[day]++
	}
	h.All = sum(h.All, m.Vector, maxStoryTerms)
	h.Title = sum(h.Title, m.TitleVec, maxStoryTitleTerms)
	h.count(m)
	m.phrases, m.names = nil, nil
	h.Recent = append(h.Recent, m)
	if len(h.Recent) > maxRecent {
		h.Recent = slices.Delete(h.Recent, 0, len(h.Recent)-maxRecent)
	}
}

// count counts phrases and names.
func (h *heavy) count(m member) {
	h.countPhrases(m.phrases)
	for _, n := range m.names {
		known := h.name(n.Term)
		switch {
		case known == nil && len(h.Names) < maxStoryNames:
			h.Names = append(h.Names, n)
		case known == nil:
		default:
			known.Count, known.Articles = known.Count+n.Count, known.Articles+1
			if len(n.Text) > len(known.Text) && n.Kind == known.Kind {
				known.Text = n.Text
			}
			if known.Kind == kindOther {
				known.Kind = n.Kind
			}
		}
	}
}

// name is what is known of a name, nil when it was not met.
func (h *heavy) name(t term) *nameCount {
	for i := range h.Names {
		if h.Names[i].Term == t {
			return &h.Names[i]
		}
	}
	return nil
}

// sum adds two vectors and keeps the heaviest terms.
func sum(a, b vector, most int) vector {
	out := make([]weighted, 0, len(a.Terms)+len(b.Terms))
	i, j := 0, 0
	for i < len(a.Terms) || j < len(b.Terms) {
		switch {
		case j == len(b.Terms) || i < len(a.Terms) && a.Terms[i].Term < b.Terms[j].Term:
			out = append(out, a.Terms[i])
			i++
		case i == len(a.Terms) || b.Terms[j].Term < a.Terms[i].Term:
			out = append(out, b.Terms[j])
			j++
		default:
			out = append(out, weighted{a.Terms[i].Term, a.Terms[i].Weight + b.Terms[j].Weight})
			i, j = i+1, j+1
		}
	}
	if len(out) > most+most/4 {
		slices.SortFunc(out, func(a, b weighted) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Term, b.Term)) })
		out = out[:most]
		slices.SortFunc(out, byTerm)
	}
	v := vector{Terms: out}
	v.measure()
	return v
}
