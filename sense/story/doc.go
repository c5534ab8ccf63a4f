package story

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
)

// weighted is a term with the weight a text gives it.
type weighted struct {
	Term   term
	Weight float32
}

// doc is what is read of an article, once, before it is compared with anything.
type doc struct {
	*copyText
	headline  string
	publisher string
	names     []naming // in order of the text
	phrases   []phrase // that may be tags
	published int32    // day of publishing
	posts     []string // lists of one story that hold it
	bare      bool     // has a headline alone
	phase     phase    // where it says that what it tells of stands
	words     int      // of the headline
}

// copyText is what is kept of a text, as long as others may repeat it.
type copyText struct {
	ID       truce.ID
	At       truce.Instant
	Language string     // or the script, where the language is not known
	Terms    []weighted // by term, of all fields, before idf
	Title    []term     // by term, of the headline alone
	Opening  []term     // by term, of headline and opening
	Named    []term     // names of the headline, but for the agency's
	Agency   string     // whose report it repeats, as it says
	Issuer   string     // the agency that publishes it, when an agency does
	Shingles shingles
	Keys     []uint64 // links and headline
	Days     []int32  // that the opening names, in days since 1970
	credits  []uint64 // agency and name, while it is entered
}

// naming is a name as it stands in a text.
type naming struct {
	term term
	text string
	kind string
}

// Weights of the fields. The headline says what a text is about; what stands far down is
// background, often the same in many texts.
const (
	weightTitle   = 2.5
	weightLead    = 1.6
	weightBody    = .5
	weightUnsure  = .4 // of a capital that the place in the sentence may explain
	weightName    = 1.5
	weightConcept = 1.2
)

// read makes the doc of an article.
func (r *reader) read(a *truce.Article, agencies map[string]string) *doc {
	headline := article.TrimPublisher(article.Line(cut(a.Headline, maxHeadlineBytes)), a.Publisher)
	r.title = r.tokensTo(r.title[:0], headline, maxTitleWords)
	r.body = r.tokensTo(r.body[:0], cut(a.Text, maxTextBytes), maxTextWords)
	title, text := r.title, r.body
	d := &doc{
		copyText: &copyText{
			ID: a.ID, At: a.Published.From, Language: languageOf(a, title),
			Shingles: makeShingles(text), Keys: copyKeys(a.Links, headline, a.Publisher),
		},
		headline: headline, words: len(title), publisher: a.Publisher, published: dayNumber(a.Published.From), bare: len(text) == 0,
	}
	g := gathering{r: r, sums: make(map[term]float32, 2*maxTerms), sure: sureNames(title, text)}
	g.field(title, true, weightTitle)
	d.Title = g.seen()
	d.Named = namedIn(title, g.sure, agencies)
	opening := text[:min(len(text), openingWords)]
	g.field(opening, false, weightLead)
	d.Opening = g.seen()
	g.field(text[len(opening):], false, weightBody)
	d.Terms, d.names = g.terms(), g.names
	d.phrases = r.phrases(title, text[:min(len(text), phraseWords)], g.sure)
	d.phase = r.phase(title) | r.phase(firstSentence(opening))
	d.Days = namedDays(append(slices.Clip(title), opening...), d.published)
	d.Agency = credited(title, text, a.Agency, agencies)
	d.Issuer = agencies[article.Fold(a.Publisher)]
	d.credits = creditKeys(d)
	return d
}

// firstSentence is the tokens up to the second sentence: what follows is often background.
func firstSentence(tokens []token) []token {
	for i := 1; i < len(tokens); i++ {
		if tokens[i].first {
			return tokens[:i]
		}
	}
	return tokens
}

// phase is where a text says that what it tells of stands, by the words of phases.txt.
func (r *reader) phase(tokens []token) (out phase) {
	for i := range tokens {
		p := r.lex.phases[tokens[i].folio]
		out |= p.says
		if p.pair && i+1 < len(tokens) && !tokens[i+1].first {
			out |= r.lex.phases[tokens[i].folio+" "+tokens[i+1].folio].says
		}
	}
	return out
}

// languageOf is the language of an article; Ukrainian and Russian share most stems and count
// as one here. Where it is not stated it is the script of the headline.
func languageOf(a *truce.Article, title []token) string {
	switch a.Language {
	case "uk", "ru", "be":
		return "cyrillic"
	case "":
	default:
		return a.Language
	}
	for _, t := range title {
		if r, _ := utf8.DecodeRuneInString(t.folio); unicode.Is(unicode.Cyrillic, r) {
			return "cyrillic"
		}
	}
	return "en"
}

// gathering sums the weights of the terms of one article.
type gathering struct {
	r     *reader
	sums  map[term]float32
	sure  map[term]bool
	names []naming
}

// sureNames are the names that stand capitalised where no rule of spelling asks for it.
func sureNames(title, text []token) map[term]bool {
	sure := map[term]bool{}
	mark := func(tokens []token) {
		for _, t := range tokens {
			if t.name != 0 && (t.upper && !t.first || t.caps || !t.upper) {
				sure[t.name] = true
			}
		}
	}
	mark(text)
	if !titleCase(title) {
		mark(title)
	}
	return sure
}

// namedIn is the sure names of a headline, without that of an agency.
func namedIn(title []token, sure map[term]bool, agencies map[string]string) []term {
	var out []term
	for i := 0; i < len(title); i++ {
		if _, n := agencyAt(title, i, agencies); n > 0 {
			i += n - 1
		} else if name := title[i].name; name != 0 && sure[name] {
			out = append(out, name)
		}
	}
	return out
}

// titleCase says whether a headline writes most of its words with a capital.
func titleCase(title []token) bool {
	upper, all := 0, 0
	for _, t := range title {
		if !t.digit && !t.stop {
			all++
			if t.upper {
				upper++
			}
		}
	}
	return all > 2 && upper*5 > all*3
}

// field adds the tokens of one field.
func (g *gathering) field(tokens []token, isTitle bool, weight float32) {
	wholly := isTitle && titleCase(tokens)
	for i := 0; i < len(tokens); i++ {
		t := &tokens[i]
		n, concept := g.r.concept(tokens[i:])
		if n > 0 {
			g.sums[concept] += weight * weightConcept
		}
		switch {
		case t.digit:
			g.sums[t.word] += weight
		case t.name != 0 && (g.sure[t.name] || g.r.lex.byTerm[t.name].key != ""):
			i += g.named(tokens, i, weight) - 1
		case t.stop:
		default:
			g.sums[t.word] += weight
			if t.name != 0 && n == 0 && isTitle && (t.first || wholly) {
				g.sums[t.name] += weight * weightUnsure
			}
		}
	}
}

// named adds the name that begins at a token, with those that follow it at once, and says
// how many tokens it has.
func (g *gathering) named(tokens []token, at int, weight float32) int {
	n := 1
	for at+n < len(tokens) && n < maxNameWords && tokens[at].upper && tokens[at+n].name != 0 && tokens[at+n].upper && !tokens[at+n].first && g.sure[tokens[at+n].name] {
		n++
	}
	words := make([]string, n)
	for i := range n {
		words[i] = tokens[at+i].raw
		g.sums[tokens[at+i].name] += weight * weightName
	}
	last := tokens[at+n-1]
	name := naming{term: last.name, text: strings.Join(words, " ")}
	before := ""
	if at > 0 && !tokens[at].first {
		before = tokens[at-1].folio
	}
	name.kind = g.kindOf(last, n, before)
	if tokens[at].upper {
		g.names = append(g.names, name)
	}
	return n
}

// kindOf guesses what a name is of: by the dictionary, the word before, its form.
func (g *gathering) kindOf(last token, words int, before string) string {
	if k, ok := g.r.lex.byTerm[last.name]; ok {
		return k.kind
	}
	switch {
	case g.r.lex.agencies[last.folio] != "":
		return kindOrg
	case placeWords[before]:
		return kindPlace
	case last.caps:
		return kindOrg
	case orgWords[last.key]:
		return kindOrg
	case words == 2 || words == 3:
		return kindPerson
	}
	return kindOther
}

// The kinds of entities.
const (
	kindPerson = "person"
	kindPlace  = "place"
	kindOrg    = "org"
	kindOther  = "other"
)

// placeWords stand before the name of a place in English, Ukrainian and Russian.
var placeWords = setOf("in near outside at towards around у в біля поблизу під во возле близ под около місті селі городе селе")

// orgWords end the name of a body, as stem keys.
var orgWords = setOf("council mission group union agenc fund ministri parti committe commiss court")

func setOf(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// seen is the terms met so far, sorted.
func (g *gathering) seen() []term {
	out := make([]term, 0, len(g.sums))
	for t := range g.sums {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}

// terms is the heaviest terms, sorted by term. A word said often counts by the root of how
// often.
func (g *gathering) terms() []weighted {
	out := make([]weighted, 0, len(g.sums))
	for t, w := range g.sums {
		out = append(out, weighted{t, float32(math.Sqrt(float64(w)))})
	}
	slices.SortFunc(out, func(a, b weighted) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Term, b.Term)) })
	out = out[:min(len(out), maxTerms)]
	slices.SortFunc(out, byTerm)
	return slices.Clip(out)
}

func byTerm(a, b weighted) int { return cmp.Compare(a.Term, b.Term) }

// concept is the concept whose word or phrase begins with the first token, and how many
// tokens it has; 0 when none does.
func (r *reader) concept(tokens []token) (int, term) {
	longest := r.lex.starts[tokens[0].key]
	for n := min(longest, len(tokens)); n > 1; n-- {
		if t, ok := r.lex.concepts[joinedKeys(tokens[:n])]; ok {
			return n, t
		}
	}
	if longest == 0 {
		return 0, 0
	}
	if t, ok := r.lex.concepts[tokens[0].key]; ok {
		return 1, t
	}
	return 0, 0
}

// joinedKeys is the key of a phrase.
func joinedKeys(tokens []token) string {
	keys := make([]string, len(tokens))
	for i, t := range tokens {
		keys[i] = t.key
	}
	return strings.Join(keys, " ")
}

func cut(s string, most int) string {
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "")
	}
	return s
}

func dayNumber(at truce.Instant) int32 {
	return int32(at.Time().Truncate(24*time.Hour).Unix() / 86400)
}
