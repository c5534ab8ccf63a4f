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
	Window time.Duration
	Texts  []*copyText // young enough to be repeated
	Oldest int         // number of the first of Texts
	Parent []int32
	Spans  map[int32]span     // of the groups of more than one
	First  map[int32]truce.ID // the first text of such a group

	Addresses aging[uint64, int32]
	Heads     aging[uint32, posting]
	Credits   aging[uint64, posting]
	Turned    truce.Instant // when the aging maps last turned over
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
	return &copier{Window: window, Spans: map[int32]span{}, First: map[int32]truce.ID{}}
}

// add takes the next text and says which earlier ones it repeats, by their numbers, and
// its own number.
func (c *copier) add(d *copyText) (number int, repeats []int) {
	number = c.Oldest + len(c.Texts)
	c.age(d.At)
	for _, before := range c.candidates(d) {
		if c.repeats(c.text(before), d) && c.join(before, number, d.At) {
			repeats = append(repeats, before)
		}
	}
	c.Texts = append(c.Texts, d)
	if len(c.Parent) == number {
		c.Parent = append(c.Parent, int32(number))
	}
	c.enter(d, number)
	return number, repeats
}

// age lets go of texts that are older than the window.
func (c *copier) age(now truce.Instant) {
	for len(c.Texts) > 0 && now.Sub(c.Texts[0].At) > c.Window {
		c.Texts[0] = nil
		c.Texts = c.Texts[1:] // append moves what is left to a new place now and then
		c.Oldest++
	}
	if c.Turned == 0 || now.Sub(c.Turned) > c.Window {
		c.Addresses.turn()
		c.Heads.turn()
		c.Credits.turn()
		c.Turned = now
	}
}

// text is a text by its number; it must not be too old.
func (c *copier) text(number int) *copyText { return c.Texts[number-c.Oldest] }

// candidates are the earlier texts that may be repeated, the best first.
func (c *copier) candidates(d *copyText) []int {
	votes := map[int]int{}
	vote := func(text int32, weight int) {
		if int(text) >= c.Oldest {
			votes[int(text)] += weight
		}
	}
	for _, key := range d.Keys {
		if text, ok := c.Addresses.get(key); ok {
			vote(text, 1000)
		}
	}
	for _, head := range d.Shingles.Heads {
		if p, ok := c.Heads.get(head); ok && p.Count <= maxGroupsOfShingle {
			for _, text := range p.texts() {
				vote(text, 1)
			}
		}
	}
	for _, key := range d.credits {
		p, _ := c.Credits.get(key)
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
func (c *copier) enter(d *copyText, number int) {
	for _, key := range d.Keys {
		c.Addresses.put(key, int32(number))
	}
	root := c.find(number)
	for _, head := range d.Shingles.Heads {
		p, _ := c.Heads.get(head)
		c.Heads.put(head, c.entered(p, root, number))
	}
	for _, key := range d.credits {
		p, _ := c.Credits.get(key)
		c.Credits.put(key, c.entered(p, root, number))
	}
}

func (c *copier) entered(p posting, root, number int) posting {
	live := p.Texts[:0]
	for _, text := range p.texts() {
		if int(text) >= c.Oldest {
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
func (c *copier) repeats(before, d *copyText) bool {
	contained, _, count := before.Shingles.shared(d.Shingles)
	both := len(before.Shingles.Hashes) > 0 && len(d.Shingles.Hashes) > 0
	shared := slices.ContainsFunc(d.Keys, func(k uint64) bool { return slices.Contains(before.Keys, k) })
	agency := sharedAgency(before, d)
	switch {
	case otherDay(before, d) && contained < sameContained && !sameAddress(before, d):
		return false
	case contained < sameContained && !shared && otherNames(before, d):
		return false
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

// otherDay says whether two texts are of different days: both name days, and none is the
// same, or one does, and the other was published on none of them. What is written of one
// place on two days is often the same but for the day.
func otherDay(a, b *copyText) bool {
	x, y := a.Days, b.Days
	texts := len(a.Shingles.Hashes) > 0 && len(b.Shingles.Hashes) > 0
	switch {
	case len(x) == 0 && len(y) == 0, !texts && (len(x) == 0 || len(y) == 0):
		return false
	case len(x) == 0:
		x = []int32{dayNumber(a.At)}
	case len(y) == 0:
		y = []int32{dayNumber(b.At)}
	}
	return !slices.ContainsFunc(x, func(day int32) bool { return slices.Contains(y, day) })
}

// otherNames says whether each of two headlines names somebody or some place that the other
// text does not know at all. An agency tells of five shelled towns in a day in the same words.
func otherNames(a, b *copyText) bool { return namesMore(a, b) && namesMore(b, a) }

func namesMore(a, b *copyText) bool {
	return slices.ContainsFunc(a.Named, func(t term) bool { return has(b.Terms, t) == 0 })
}

// sharedAgency says whether both texts rest on one agency: both credit it, or one is its own.
func sharedAgency(a, b *copyText) bool {
	of := func(d *copyText) string { return cmp.Or(d.Agency, d.Issuer) }
	return of(a) != "" && of(a) == of(b)
}

// retold says whether two texts of one agency tell the same: by the words of the earlier
// one's headline and opening, or, between languages, by names and numbers.
func retold(a, b *copyText) bool {
	if a.At.Sub(b.At).Abs() > retoldWindow {
		return false
	}
	covered, all := 0, 0
	title, sharedTitle := 0, 0
	for _, t := range a.Opening {
		if t.class() == int(classWord>>30) || t.class() == int(className>>30) {
			all++
			covered += has(b.Terms, t)
		}
	}
	for _, t := range a.Title {
		title++
		sharedTitle += has(b.Terms, t)
	}
	if all > 0 && float64(covered) >= retoldShare*float64(all) && covered >= minRetold {
		return true
	}
	if a.Language != b.Language && a.Language != "" && b.Language != "" {
		names, numbers := agreement(a.Terms, b.Terms)
		return names >= 2 && numbers >= 2 || names >= minNamesAlone && !namesMore(a, b) && !namesMore(b, a)
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
	agency := cmp.Or(d.Agency, d.Issuer)
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
	if len(c.Parent) == number {
		c.Parent = append(c.Parent, int32(number))
	}
	a, b := int32(c.find(before)), int32(c.find(number))
	if a == b {
		return true
	}
	sa, sb := c.span(a, c.text(before).At), c.span(b, at)
	both := span{min(sa.First, sb.First), max(sa.Last, sb.Last)}
	if both.Last.Sub(both.First) > c.Window {
		return false
	}
	root, other := min(a, b), max(a, b)
	c.Parent[other] = root
	if c.First[root].IsZero() {
		c.First[root] = c.text(before).ID
		if root != int32(before) && c.First[other] != (truce.ID{}) {
			c.First[root] = c.First[other]
		}
	}
	delete(c.Spans, other)
	delete(c.First, other)
	c.Spans[root] = both
	return true
}

func (c *copier) span(root int32, at truce.Instant) span {
	if s, ok := c.Spans[root]; ok {
		return s
	}
	return span{at, at}
}

func (c *copier) find(text int) int {
	for int(c.Parent[text]) != text {
		c.Parent[text] = c.Parent[c.Parent[text]]
		text = int(c.Parent[text])
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
		c.add(r.read(articleOf(o), agencies).copyText)
	}
	return c.names(func(i int) truce.ID { return reports[i].ID })
}

// names gives each text the name of its group.
func (c *copier) names(id func(int) truce.ID) []string {
	size := make([]int, len(c.Parent))
	for i := range c.Parent {
		size[c.find(i)]++
	}
	out := make([]string, len(c.Parent))
	for i := range out {
		if root := c.find(i); size[root] > 1 {
			out[i] = groupName(id(root))
		}
	}
	return out
}

// group names the group of one text, "" for one that stands alone.
func (c *copier) group(text int) string {
	root := int32(c.find(text))
	if _, several := c.Spans[root]; !several {
		return ""
	}
	return groupName(c.First[root])
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
func sameAddress(a, b *copyText) bool {
	return slices.ContainsFunc(a.Keys, func(k uint64) bool { return k&1 == 1 && slices.Contains(b.Keys, k) })
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
