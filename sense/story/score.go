package story

import (
	"math"
)

// evidence is what speaks for and against an article belonging to a story, each between 0
// and about 1.
type evidence [evidenceKinds]float64

// The kinds of evidence. Cosines are of vectors weighted by idf, by class of terms.
const (
	evBias       = iota
	evNames      // cosine of the names, less where all that are shared are common
	evConcepts   // cosine of the concepts
	evNumbers    // cosine of the numbers
	evWords      // cosine of the words, where the story is told in the article's language too
	evForeign    // the story is not told in the article's language
	evTitle      // cosine of the headline's terms with those of the story's headlines
	evRareNames  // sum of idf of the names shared, as a share of what two rare names have
	evRareWords  // the same of words and concepts
	evSameDay    // share of the story's articles that name a day the article names
	evOtherDay   // article and story name days, and none is the same
	evGap        // days since the story's last article, as log(1+days)
	evBare       // the article is a headline alone
	evBareTitle  // evTitle of such an article
	evForeignOwn // evNames of an article in a new language
	evActOther   // evOtherDay where both tell of an act at one place and time
	evOtherNames // both name somebody or something, and nothing in common
	evOtherBoth  // evOtherDay where both give numbers, and none is the same
	evGoesOn     // the article says that it goes on with what the story tells
	evidenceKinds
)

// weights make log odds of evidence. They were fitted by logistic regression on pairs of an
// article and a story near it, from the tuned half of workload N (the events' truth says
// which belong); docs/methods/stories.md says how to fit them anew.
var weights = evidence{
	evBias: -5.8, evNames: 7.9, evConcepts: 2.1, evNumbers: 4.9, evWords: 2, evForeign: 1.9, evTitle: 2, evRareNames: 1, evRareWords: .5,
	evSameDay: .2, evOtherDay: -8, evGap: -1.5, evBare: 1.5, evBareTitle: 2.4, evForeignOwn: 0, evActOther: -8, evOtherNames: -2, evOtherBoth: -4, evGoesOn: weightGoesOn,
}

// odds is the log odds that the evidence is of an article of the story.
func (e evidence) odds() float64 {
	sum := 0.
	for i, w := range weights {
		sum += w * e[i]
	}
	return sum
}

// vector is the terms of an article weighted by idf, sorted by term, and the length of the
// part of each class.
type vector struct {
	Terms []weighted
	Norms [4]float32
}

func (v *vector) measure() {
	var sums [4]float64
	for _, t := range v.Terms {
		sums[t.Term.class()] += float64(t.Weight) * float64(t.Weight)
	}
	for i, s := range sums {
		v.Norms[i] = float32(math.Sqrt(s))
	}
}

// dots is the products of two vectors by class; shared is told which terms of the first the
// second has.
func dots(a, b []weighted, shared func(i int)) (out [4]float64) {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].Term < b[j].Term:
			i++
		case b[j].Term < a[i].Term:
			j++
		default:
			out[a[i].Term.class()] += float64(a[i].Weight) * float64(b[j].Weight)
			if shared != nil {
				shared(i)
			}
			i, j = i+1, j+1
		}
	}
	return out
}

// cosine of one class of two vectors; 0 when either has none.
func cosine(dot float64, a, b float32) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return dot / (float64(a) * float64(b))
}

// query is an article, or a story seen as one, that is held against stories.
type query struct {
	*doc
	vector, title *vector
	idf           []float64 // of the vector's terms; 0: not asked for yet
	act           bool      // tells of an act
}

func (x *Index) query(d *doc, v, title *vector) *query {
	return &query{doc: d, vector: v, title: title, idf: make([]float64, len(v.Terms)), act: x.tellsAct(v.Terms)}
}

// weigh holds an article against a story.
func (x *Index) weigh(q *query, s *thread) evidence {
	h, d, v := s.Heavy, q.doc, q.vector
	var e evidence
	var rare, rarest [4]float64
	all := dots(v.Terms, h.All.Terms, func(i int) {
		t := v.Terms[i].Term
		if q.idf[i] == 0 {
			q.idf[i] = x.idf(t)
		}
		rare[t.class()] += q.idf[i]
		rarest[t.class()] = max(rarest[t.class()], q.idf[i])
	})
	e[evBias] = 1
	e[evNames] = cosine(all[1], v.Norms[1], h.All.Norms[1]) * min(1, rarest[1]/idfRare)
	e[evConcepts] = cosine(all[2], v.Norms[2], h.All.Norms[2])
	e[evNumbers] = cosine(all[3], v.Norms[3], h.All.Norms[3])
	if h.Languages[d.Language] > 0 {
		e[evWords] = cosine(all[0], v.Norms[0], h.All.Norms[0])
	} else {
		e[evForeign] = 1
		e[evForeignOwn] = e[evNames]
	}
	if v.Norms[1] > 0 && h.All.Norms[1] > 0 && all[1] == 0 {
		e[evOtherNames] = 1
	}
	t := dots(q.title.Terms, h.Title.Terms, nil)
	e[evTitle] = cosine(t[0]+t[1]+t[2]+t[3], length(q.title), length(&h.Title))
	e[evRareNames] = min(rare[1]/(2*idfRare), 2)
	e[evRareWords] = min((rare[0]+rare[2])/(6*idfRare), 2)
	same, other := h.dayEvidence(d)
	numbers := v.Norms[3] > 0 && h.All.Norms[3] > 0 && all[3] == 0
	act := q.act && x.tellsAct(h.All.Terms)
	if other && len(d.Days) == 0 {
		e[evOtherDay] = unnamedDay
		if act || numbers {
			e[evOtherDay] = unnamedDayOfAct
		}
	} else if other {
		e[evOtherDay] = 1
	}
	if other && !act && x.continues(d, s, &e) {
		e[evOtherDay], e[evGoesOn] = courseDay, 1
	}
	if e[evSameDay] = same; act {
		e[evActOther] = e[evOtherDay]
	}
	if numbers {
		e[evOtherBoth] = e[evOtherDay]
	}
	e[evGap] = math.Log1p(math.Abs(d.At.Sub(s.Last).Hours()) / 24)
	if d.bare {
		e[evBare], e[evBareTitle] = 1, e[evTitle]
	}
	return e
}

// continues says whether an article goes on with a story of an earlier day: it says so, or that
// something ended which the story has begun and not ended; it names whom and is about what the
// story is, and comes within days of it. Acts of one place and time are never asked: each is
// one of its own.
func (x *Index) continues(d *doc, s *thread, e *evidence) bool {
	told := s.Heavy.Phase
	says := d.phase&phaseGoesOn != 0 || d.phase&phaseEnds != 0 && told&(phaseBegins|phaseGoesOn) != 0
	gap := d.At.Sub(s.Last)
	return says && told&phaseEnds == 0 && gap > 0 && gap <= courseGap && e[evNames] >= courseNames && e[evConcepts] >= courseConcepts
}

func length(v *vector) float32 {
	sum := 0.
	for _, n := range v.Norms {
		sum += float64(n) * float64(n)
	}
	return float32(math.Sqrt(sum))
}

// tellsAct says whether terms hold the concept of an act at one place and time.
func (x *Index) tellsAct(terms []weighted) bool {
	for _, t := range terms {
		if t.Term&classMask == classConcept && x.reader.read.lex.acts[t.Term] {
			return true
		}
	}
	return false
}

// dayEvidence compares the days an article is of with those the story is of: those named,
// or the day of publishing where none is. It gives the share of the story's articles that are
// of such a day, and whether it is too few.
func (h *heavy) dayEvidence(d *doc) (same float64, other bool) {
	days := d.Days
	if len(days) == 0 {
		days = []int32{d.published}
	}
	best := 0
	for _, day := range days {
		best = max(best, h.Days[day])
	}
	same = min(float64(best)/float64(max(h.Members, 1)), 1)
	return same, same < minDayShare
}

// idf of a term: the rarer among the articles read so far, the more it says. At the start
// every term is taken for rather rare, as if a number of unseen articles had been read.
func (x *Index) idf(t term) float64 {
	seen := float64(x.Seen[t]) + 1
	if class := t & classMask; class == classConcept || class == className && x.reader.read.lex.byTerm[t].key != "" {
		seen += idfPriorKnown // who and what is in the dictionary is often in the news
	}
	return math.Log((float64(x.Read) + idfPrior) / seen)
}
