package story

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// IndexMethod names this way of grouping in every story.
const IndexMethod = "stories/1"

// DefaultStoryWindow is how long a story waits for its next article. A course of things
// that pauses longer begins a new story, which Related leads back from.
const DefaultStoryWindow = 7 * 24 * time.Hour

// Index groups a stream of articles into stories. Articles come in order of time, as far as
// a stream has one; the same articles in the same order give the same stories, and a batch
// is a stream. An Index is for one goroutine.
type Index struct {
	cfg    Config
	reader *Reader
	votes  tally
	now    []int32 // by story: its own number, of the one it went into, or shut; from Stories

	Copies   *copier
	Stories  []*thread
	StoryOf  []int32                   // number of the story of an article, by the article's number
	Named    map[truce.ID]int32        // number of a story
	Text     map[truce.ID]int32        // number of an article, which is the copier's
	Seen     map[term]int32            // articles that have a term
	Read     int                       // articles read
	Postings aging[term, *ring]        // stories that hold a term, newest last
	Listed   aging[string, []truce.ID] // articles by the post that lists them
	Open     []int32                   // stories with their heavy part, oldest first
	Past     map[term]ring             // closed stories by what they were about
	Due      []int32                   // stories to look at since the postings turned over
	Turned   truce.Instant
	Now      truce.Instant // of the newest article
}

// ring is the newest stories that hold a term.
type ring struct {
	Stories [ringSize]int32 // number + 1; 0: none
	Next    uint8
}

func (r *ring) put(story int32) {
	if slices.Contains(r.Stories[:], story+1) {
		return
	}
	r.Stories[r.Next%ringSize] = story + 1
	r.Next = (r.Next + 1) % ringSize
}

// New makes an empty index.
func New(cfg Config) *Index {
	cfg.CopyWindow = cmp.Or(cfg.CopyWindow, DefaultCopyWindow)
	cfg.StoryWindow = cmp.Or(cfg.StoryWindow, DefaultStoryWindow)
	cfg.JoinOdds = cmp.Or(cfg.JoinOdds, DefaultJoinOdds)
	return &Index{
		cfg: cfg, reader: NewReader(cfg), Copies: newCopier(cfg.CopyWindow),
		Named: map[truce.ID]int32{}, Text: map[truce.ID]int32{}, Seen: map[term]int32{}, Past: map[term]ring{},
	}
}

// Add groups an article and says what that changed. An article that is known already may
// come again with more posts or links: it keeps its story, which may now be one with
// another.
func (x *Index) Add(a truce.Article) []truce.StoryChange {
	if text, known := x.Text[a.ID]; known {
		return x.listed(a.ID, x.live(x.StoryOf[text]), clusterPosts(a.Posts), a.Published.From)
	}
	return x.AddPrepared(x.reader.Prepare(a))
}

// AddPrepared groups an article that a Reader has read.
func (x *Index) AddPrepared(p *Prepared) []truce.StoryChange {
	d := p.doc
	if text, known := x.Text[d.ID]; known {
		return x.listed(d.ID, x.live(x.StoryOf[text]), d.posts, d.At)
	}
	x.age(d.At)
	text, repeats := x.Copies.add(d.copyText)
	x.Text[d.ID] = int32(text)
	m := x.member(d, x.saysNothingNew(repeats))
	q := x.query(d, &m.Vector, &m.TitleVec)
	if cmp.Or(d.Agency, d.Issuer) == "" {
		d.Terms, d.Title, d.Opening = nil, nil, nil // only texts of agencies are held against each other by their words
	}
	s, changes := x.place(q, repeats)
	x.StoryOf = append(x.StoryOf, s.Number)
	x.grow(s, d, m)
	changes = append(changes, x.listed(d.ID, s, d.posts, d.At)...)
	changes = append(changes, x.review(x.live(x.StoryOf[text]), d.At)...)
	return changes
}

// saysNothingNew says whether an article repeats a text and not a headline alone.
func (x *Index) saysNothingNew(repeats []int) bool {
	return slices.ContainsFunc(repeats, func(text int) bool { return len(x.Copies.text(text).Shingles.Hashes) > 0 })
}

// member makes the vectors of an article and counts its terms.
func (x *Index) member(d *doc, copied bool) member {
	m := member{
		ID: d.ID, At: d.At, Headline: strings.Clone(d.headline), Publisher: d.publisher, Days: d.Days, Language: d.Language,
		Copy: copied, Phase: d.phase, Plain: plainness(d.headline, d.words), phrases: d.phrases, names: countNames(d.names),
	}
	if len(m.Days) == 0 {
		m.Days = []int32{d.published}
	}
	m.Vector = x.vector(d.Terms)
	titleTerms := make([]weighted, len(d.Title))
	for i, t := range d.Title {
		titleTerms[i] = weighted{t, 1}
	}
	m.TitleVec = x.vector(titleTerms)
	x.Read++
	for _, t := range d.Terms {
		if n := x.Seen[t.Term]; n > 0 || len(x.Seen) < maxSeenTerms {
			x.Seen[t.Term] = n + 1
		}
	}
	return m
}

// vector weights terms by idf and gives the whole the length 1.
func (x *Index) vector(terms []weighted) vector {
	v := vector{Terms: make([]weighted, len(terms))}
	for i, t := range terms {
		v.Terms[i] = weighted{t.Term, t.Weight * float32(x.idf(t.Term))}
	}
	v.measure()
	if n := length(&v); n > 0 {
		for i := range v.Terms {
			v.Terms[i].Weight /= n
		}
		for i := range v.Norms {
			v.Norms[i] /= n
		}
	}
	return v
}

// place finds the story of an article, or opens one. What repeats a text is of its story.
func (x *Index) place(q *query, repeats []int) (*thread, []truce.StoryChange) {
	d := q.doc
	for _, text := range repeats {
		if s := x.live(x.StoryOf[text]); s.Heavy != nil {
			return s, []truce.StoryChange{{Story: s.ID, Kind: truce.StoryGrown, At: d.At, Added: []truce.ID{d.ID}, Why: "repeats a text of the story"}}
		}
	}
	best, second := x.best(q)
	if best.story == nil || best.odds < x.cfg.JoinOdds {
		s := x.open(d)
		return s, []truce.StoryChange{{Story: s.ID, Kind: truce.StoryOpened, At: d.At, Added: []truce.ID{d.ID}, Title: s.Title}}
	}
	s := best.story
	changes := []truce.StoryChange{{Story: s.ID, Kind: truce.StoryGrown, At: d.At, Added: []truce.ID{d.ID}, Why: best.why()}}
	if second.story != nil && second.odds >= x.cfg.JoinOdds && x.oneStory(s, second.story) {
		keep, end := s, second.story
		if end.Number < keep.Number {
			keep, end = end, keep
		}
		changes = append(changes, x.merge(keep, end, d.At, "an article belongs to both: "+second.why()))
		s = keep
	}
	return s, changes
}

// found is a story with what speaks for it.
type found struct {
	story *thread
	odds  float64
	evidence
}

// why says in words what decided.
func (f found) why() string {
	var parts []string
	for _, p := range []struct {
		kind int
		word string
	}{{evNames, "names"}, {evTitle, "headline"}, {evWords, "words"}, {evConcepts, "subject"}, {evNumbers, "numbers"}, {evSameDay, "day"}} {
		if f.evidence[p.kind] >= .3 {
			parts = append(parts, p.word)
		}
	}
	if f.evidence[evOtherDay] == courseDay {
		parts = append(parts, "course of things, on another day")
	}
	if len(parts) == 0 {
		return "near in all, in nothing much"
	}
	return "the same " + strings.Join(parts, ", ")
}

// best is the two stories that most probably hold the article.
func (x *Index) best(q *query) (first, second found) {
	for _, number := range x.candidates(q.vector) {
		s := x.Stories[number]
		e := x.weigh(q, s)
		f := found{s, e.odds(), e}
		switch {
		case first.story == nil || f.odds > first.odds:
			first, second = f, first
		case second.story == nil || f.odds > second.odds:
			second = f
		}
	}
	return first, second
}

// open begins a story.
func (x *Index) open(d *doc) *thread {
	s := &thread{
		ID: truce.NewID(d.At, "story", IndexMethod, d.ID[:]), First: d.At, Last: d.At,
		Title: d.headline, Publisher: d.publisher, Heavy: newHeavy(),
	}
	s.Number = int32(len(x.Stories))
	x.Stories = append(x.Stories, s)
	x.now = append(x.now, s.Number)
	x.Named[s.ID] = s.Number
	x.Open = append(x.Open, s.Number)
	return s
}

// grow adds the article to its story.
func (x *Index) grow(s *thread, d *doc, m member) {
	s.Articles = append(s.Articles, d.ID)
	s.First, s.Last = min(s.First, d.At), max(s.Last, d.At)
	x.post(s, m.Vector.Terms)
	if !m.Copy || s.Heavy.Languages[m.Language] == 0 {
		s.Heavy.add(m) // a copy says nothing new of the story
	}
}

// live is the story that stands where a story was, after merges.
func (x *Index) live(number int32) *thread { return x.Stories[x.standing(number)] }

func (x *Index) standing(number int32) int32 {
	for !x.Stories[number].Into.IsZero() {
		number = x.Named[x.Stories[number].Into]
	}
	return number
}

// shut marks a story that takes no more articles.
const shut = -1

// opened is the number of the story that takes what belonged to a story, shut when none does.
// It reads one small slice: it is asked some hundred times for every article.
func (x *Index) opened(number int32) int32 {
	for number != shut && x.now[number] != number {
		number = x.now[number]
	}
	return number
}

// recall makes anew what is known of each story from the stories themselves.
func (x *Index) recall() {
	x.now = make([]int32, len(x.Stories))
	for i, s := range x.Stories {
		switch {
		case !s.Into.IsZero():
			x.now[i] = x.Named[s.Into]
		case s.Heavy == nil:
			x.now[i] = shut
		default:
			x.now[i] = int32(i)
		}
	}
}

// age closes stories that waited too long and lets go of old postings, a little with every
// article, so that no article waits for all.
func (x *Index) age(now truce.Instant) {
	x.Now = max(x.Now, now)
	if x.Turned == 0 || x.Now.Sub(x.Turned) > x.cfg.StoryWindow/2 {
		x.Turned = x.Now
		x.Postings.turn()
		x.Listed.turn()
		x.Due = append(x.Due, x.Open...)
		x.Open = nil
	}
	for range min(sweep, len(x.Due)) {
		number := x.Due[0]
		x.Due = x.Due[1:]
		s := x.Stories[number]
		switch {
		case s.Heavy == nil:
		case x.Now.Sub(s.Last) > x.cfg.StoryWindow:
			x.close(s)
		default:
			x.Open = append(x.Open, number)
			x.post(s, s.Heavy.All.Terms)
		}
	}
}

// post enters a story under the heaviest terms of its own or of an article of it.
func (x *Index) post(s *thread, terms []weighted) {
	for _, t := range heaviest(terms) {
		r, young := x.Postings.Young[t.Term]
		if !young {
			r = new(ring)
			if old, ok := x.Postings.Old[t.Term]; ok {
				*r = *old
			}
			x.Postings.put(t.Term, r)
		}
		r.put(s.Number)
	}
}

// close freezes what is shown of a story.
func (x *Index) close(s *thread) {
	lex := x.reader.read.lex
	s.Tags, s.Names = s.Heavy.tags(lex), slices.Clone(s.Heavy.named()[:min(len(s.Heavy.Names), maxEntities)])
	s.Core = s.core()
	x.remember(s.Number, s)
	s.Articles = slices.Clip(s.Articles)
	s.Heavy = nil
	x.now[s.Number] = shut
}

// Story is a story as it stands; of one that was merged, the one it went into is in Into.
func (x *Index) Story(id truce.ID) (truce.Story, bool) {
	number, ok := x.Named[id]
	if !ok {
		return truce.Story{}, false
	}
	s := x.Stories[number]
	out := truce.Story{
		ID: s.ID, Title: s.Title, Publisher: s.Publisher, First: s.First, Last: s.Last, Articles: slices.Clone(s.Articles),
		Tags: s.Tags, From: slices.Clone(s.From), Into: s.Into, Method: IndexMethod,
	}
	lex, names := x.reader.read.lex, s.Names
	if s.Heavy != nil {
		out.Tags, names = s.Heavy.tags(lex), s.Heavy.named()
	}
	out.Entities = entities(lex, names)
	out.Places = places(out.Entities)
	return out, true
}

// Of is the story that holds an article.
func (x *Index) Of(article truce.ID) (truce.ID, bool) {
	text, ok := x.Text[article]
	if !ok {
		return truce.ID{}, false
	}
	return x.live(x.StoryOf[text]).ID, true
}

// Group names the texts that an article depends on or that depend on it; "" for one that
// stands alone.
func (x *Index) Group(article truce.ID) string {
	text, ok := x.Text[article]
	if !ok {
		return ""
	}
	return x.Copies.group(int(text))
}

// Voices is how many of a story's articles stand by themselves: texts that repeat one
// another are one voice, however many.
func (x *Index) Voices(id truce.ID) int {
	number, ok := x.Named[id]
	if !ok {
		return 0
	}
	groups, alone := map[string]bool{}, 0
	for _, a := range x.live(number).Articles {
		if g := x.Group(a); g != "" {
			groups[g] = true
		} else {
			alone++
		}
	}
	return alone + len(groups)
}

// All lists the stories that stand, in the order in which they were opened.
func (x *Index) All() []truce.ID {
	var out []truce.ID
	for _, s := range x.Stories {
		if s.Into.IsZero() {
			out = append(out, s.ID)
		}
	}
	return out
}
