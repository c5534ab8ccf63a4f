package story

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
)

// copier finds the texts that repeat one report, one after the other in order of time. Two
// texts depend on each other when they share an address or a headline, when most of the
// shorter stands word for word in the other, or when one credits an agency and tells what
// the agency's own text, or another that credits it, tells: in the same language by its
// words, in another by its names and numbers. The relation is passed on, a copy of a copy is
// in the group, but a group spans no more than the window: else digests with many links
// chain months of news into one.
type copier struct {
	window time.Duration
	texts  []*doc // nil: too old to be repeated
	oldest int    // the first that is not nil
	parent []int32
	spans  map[int32]span // of the groups of more than one

	addresses aging[uint64, int32]
	heads     aging[uint32, posting]
	credits   aging[uint64, posting]
	turned    truce.Instant // when the aging maps last turned over
}

type span struct{ First, Last truce.Instant }

// posting is the first texts, of different groups, that have a key.
type posting struct {
	Count uint8
	Texts [4]int32
}

// aging is a map that forgets what nobody has put in for one to two turns.
type aging[K comparable, V any] struct{ Young, Old map[K]V }

func (a *aging[K, V]) get(k K) (V, bool) {
	if v, ok := a.Young[k]; ok {
		return v, true
	}
	v, ok := a.Old[k]
	return v, ok
}

func (a *aging[K, V]) put(k K, v V) {
	if a.Young == nil {
		a.Young = map[K]V{}
	}
	a.Young[k] = v
}

func (a *aging[K, V]) turn() { a.Old, a.Young = a.Young, nil }

func newCopier(window time.Duration) *copier {
	return &copier{window: window, spans: map[int32]span{}}
}

// add takes the next text and says which earlier ones it repeats, by their numbers, and
// its own number.
func (c *copier) add(d *doc) (number int, repeats []int) {
	number = len(c.texts)
	c.age(d.at)
	for _, before := range c.candidates(d) {
		if c.repeats(c.texts[before], d) && c.join(before, number, d.at) {
			repeats = append(repeats, before)
		}
	}
	c.texts = append(c.texts, d)
	if len(c.parent) == number {
		c.parent = append(c.parent, int32(number))
	}
	c.enter(d, number)
	return number, repeats
}

// age lets go of texts that are older than the window.
func (c *copier) age(now truce.Instant) {
	for c.oldest < len(c.texts) && now.Sub(c.texts[c.oldest].at) > c.window {
		c.texts[c.oldest] = nil
		c.oldest++
	}
	if c.turned == 0 || now.Sub(c.turned) > c.window {
		c.addresses.turn()
		c.heads.turn()
		c.credits.turn()
		c.turned = now
	}
}

// candidates are the earlier texts that may be repeated, the best first.
func (c *copier) candidates(d *doc) []int {
	votes := map[int]int{}
	vote := func(text int32, weight int) {
		if int(text) >= c.oldest {
			votes[int(text)] += weight
		}
	}
	for _, key := range d.keys {
		if text, ok := c.addresses.get(key); ok {
			vote(text, 1000)
		}
	}
	for _, head := range d.shingles.Heads {
		if p, ok := c.heads.get(head); ok && p.Count <= maxGroupsOfShingle {
			for _, text := range p.texts() {
				vote(text, 1)
			}
		}
	}
	for _, key := range creditKeys(d) {
		p, _ := c.credits.get(key)
		for _, text := range p.texts() {
			vote(text, 3)
		}
	}
	out := make([]int, 0, len(votes))
	for text := range votes {
		out = append(out, text)
	}
	slices.SortFunc(out, func(a, b int) int { return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(a, b)) })
	return out[:min(len(out), maxCopyCandidates)]
}

func (p posting) texts() []int32 { return p.Texts[:min(int(p.Count), len(p.Texts))] }

// enter lets the text be found by later ones. Of texts of one group only the first is
// entered under a word key: a hundred copies lead to one.
func (c *copier) enter(d *doc, number int) {
	for _, key := range d.keys {
		c.addresses.put(key, int32(number))
	}
	root := c.find(number)
	for _, head := range d.shingles.Heads {
		p, _ := c.heads.get(head)
		c.heads.put(head, c.entered(p, root, number))
	}
	for _, key := range creditKeys(d) {
		p, _ := c.credits.get(key)
		c.credits.put(key, c.entered(p, root, number))
	}
}

func (c *copier) entered(p posting, root, number int) posting {
	live := p.Texts[:0]
	for _, text := range p.texts() {
		if int(text) >= c.oldest {
			if c.find(int(text)) == root {
				return p
			}
			live = append(live, text)
		}
	}
	if p.Count <= uint8(len(p.Texts)) {
		p.Count = uint8(len(live))
	}
	if len(live) < len(p.Texts) && p.Count < uint8(len(p.Texts)) {
		p.Texts[len(live)] = int32(number)
	}
	if p.Count < 255 {
		p.Count++
	}
	return p
}

// repeats says whether the later text depends on the earlier.
func (c *copier) repeats(before, d *doc) bool {
	contained, _, count := before.shingles.shared(d.shingles)
	both := len(before.shingles.Hashes) > 0 && len(d.shingles.Hashes) > 0
	shared := slices.ContainsFunc(d.keys, func(k uint64) bool { return slices.Contains(before.keys, k) })
	agency := sharedAgency(before, d)
	switch {
	case both && count >= minSharedShingles && contained >= copyContained:
		return true
	case shared:
		return !both || contained >= restContained || sameAddress(before, d)
	case agency && both && count >= minSharedShingles && contained >= creditContained:
		return true
	case agency:
		return retold(before, d)
	}
	return false
}

// sharedAgency says whether both texts rest on one agency: both credit it, or one is its own.
func sharedAgency(a, b *doc) bool {
	of := func(d *doc) string { return cmp.Or(d.agency, d.issuer) }
	return of(a) != "" && of(a) == of(b)
}

// retold says whether two texts of one agency tell the same: by the words of the earlier
// one's headline and opening, or, between languages, by names and numbers.
func retold(a, b *doc) bool {
	if a.at.Sub(b.at).Abs() > retoldWindow {
		return false
	}
	covered, all := 0, 0
	title, sharedTitle := 0, 0
	for _, t := range a.opening {
		if t.class() == int(classWord>>30) || t.class() == int(className>>30) {
			all++
			covered += has(b.terms, t)
		}
	}
	for _, t := range a.title {
		title++
		sharedTitle += has(b.terms, t)
	}
	if all > 0 && float64(covered) >= retoldShare*float64(all) && covered >= minRetold {
		return true
	}
	if a.language != b.language && a.language != "" && b.language != "" {
		names, numbers := agreement(a.terms, b.terms)
		return names >= 2 && numbers >= 2
	}
	return title >= minRetold && float64(sharedTitle) >= retoldShare*float64(title)
}

// agreement is how many names and numbers two texts share.
func agreement(a, b []weighted) (names, numbers int) {
	for _, t := range a {
		switch n := has(b, t.Term); t.Term & classMask {
		case className:
			names += n
		case classNumber:
			numbers += n
		}
	}
	return names, numbers
}

func has(terms []weighted, t term) int {
	if _, ok := slices.BinarySearchFunc(terms, t, func(w weighted, t term) int { return cmp.Compare(w.Term, t) }); ok {
		return 1
	}
	return 0
}

// creditKeys are agency and name together, by which texts of one agency find each other.
func creditKeys(d *doc) []uint64 {
	agency := cmp.Or(d.agency, d.issuer)
	if agency == "" {
		return nil
	}
	var out []uint64
	for _, n := range d.names {
		key := hashKey("credit "+agency) ^ uint64(n.term)<<32
		if !slices.Contains(out, key) {
			out = append(out, key)
		}
		if len(out) == maxCreditNames {
			break
		}
	}
	return out
}

// join puts two texts into one group, unless the group would span more than the window.
func (c *copier) join(before, number int, at truce.Instant) bool {
	if len(c.parent) == number {
		c.parent = append(c.parent, int32(number))
	}
	a, b := int32(c.find(before)), int32(c.find(number))
	if a == b {
		return true
	}
	sa, sb := c.span(a, c.texts[before].at), c.span(b, at)
	both := span{min(sa.First, sb.First), max(sa.Last, sb.Last)}
	if both.Last.Sub(both.First) > c.window {
		return false
	}
	root, other := min(a, b), max(a, b)
	c.parent[other] = root
	delete(c.spans, other)
	c.spans[root] = both
	return true
}

func (c *copier) span(root int32, at truce.Instant) span {
	if s, ok := c.spans[root]; ok {
		return s
	}
	return span{at, at}
}

func (c *copier) find(text int) int {
	for int(c.parent[text]) != text {
		c.parent[text] = c.parent[c.parent[text]]
		text = int(c.parent[text])
	}
	return text
}

// copyGroups gives each report the name of the group it repeats, "" when it repeats
// nothing and nothing repeats it. Reports must be in order of time. A group is named for its
// earliest report. A composite article that feeds many events makes them one group, which
// is right: one article is one voice.
func copyGroups(reports []*truce.Observation, window time.Duration, agencies map[string]string) []string {
	c, r := newCopier(window), newReader()
	for _, o := range reports {
		c.add(r.read(articleOf(o), agencies))
	}
	return c.names(func(i int) truce.ID { return reports[i].ID })
}

// names gives each text the name of its group.
func (c *copier) names(id func(int) truce.ID) []string {
	size := make([]int, len(c.parent))
	for i := range c.parent {
		size[c.find(i)]++
	}
	out := make([]string, len(c.parent))
	for i := range out {
		if root := c.find(i); size[root] > 1 {
			out[i] = groupName(id(root))
		}
	}
	return out
}

func groupName(first truce.ID) string { return "copies-of-" + first.String() }

// copyKeys are what a text shares with its copies: addresses and headline, made equal. A
// headline of few words is none: "Air raid alert" is not the same news twice.
func copyKeys(links []string, headline, publisher string) []uint64 {
	var keys []uint64
	for _, link := range links[:min(len(links), maxLinks)] {
		if key := addressKey(link); key != "" {
			keys = append(keys, hashKey("link "+key)|1)
		}
	}
	if key := headlineKey(headline, publisher); key != "" {
		keys = append(keys, hashKey("headline "+key)&^1)
	}
	return keys
}

// sameAddress says whether two texts share an address, not the headline alone.
func sameAddress(a, b *doc) bool {
	return slices.ContainsFunc(a.keys, func(k uint64) bool { return k&1 == 1 && slices.Contains(b.keys, k) })
}

func headlineKey(headline, publisher string) string {
	key := article.HeadlineKey(cut(headline, maxHeadlineBytes), publisher)
	if tail := " " + article.HeadlineKey(publisher, ""); len(tail) > 1 {
		key = strings.TrimSuffix(key, tail)
	}
	if strings.Count(key, " ")+1 < minHeadlineWords || utf8.RuneCountInString(key) < minHeadlineRunes {
		return ""
	}
	return key
}

func hashKey(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}
