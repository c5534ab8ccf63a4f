// Package claim reads out of articles what they claim: what happened, and who promised,
// ruled out, refused or held what, or changed which text. Each claim carries its sentence
// with the place where it stands, by whom it was passed on, the rule that read it, and how
// sure the reading is.
//
// It never believes a claim, never gives one without its sentence, never guesses a place
// that the text does not name, and makes no commitment of a promise that was reported.
//
// Read Read first, then said.go and event.go for the two families of claims, and the files
// in words, which hold every word and pattern it goes by; docs/methods/claims.md says how
// to change them.
package claim

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/article"
)

// Method names this way of reading.
const Method = "claim/1"

// Config says how articles are read. The zero value reads claims without parties and
// places.
type Config struct {
	// Parties gives the party of an actor, e.g. "state:RU"; an actor not named is accused
	// by nobody's name, and the claim stays without one.
	Parties map[string]truce.PartyID
	// Enemies says whom "the enemy" means, by the key of the actor who speaks, or by
	// "lang:uk" where nobody is named. Nil: nobody.
	Enemies map[string]string
	// Gazetteer finds places; nil: places stay names.
	Gazetteer *Gazetteer
	// Box is where a place may lie; nil: anywhere.
	Box *geo.Bounds
	// Zone is the one in which days and nights of the texts are counted; nil: UTC.
	Zone *time.Location

	near    context
	article *truce.Article
}

// party is the party of an actor as a sentence names it.
func (c *Config) party(key string, r *reading) truce.PartyID {
	if key == "side:enemy" || key == "side:other" {
		key = c.enemy(r)
	}
	return c.Parties[key]
}

// enemy is whom the speaker of a sentence means by it.
func (c *Config) enemy(r *reading) string {
	if s, ok := r.speaker(); ok && c.Enemies[s.Key] != "" {
		return c.Enemies[s.Key]
	}
	return c.Enemies["lang:"+c.language()]
}

// language is that of the article as it says itself, or as its beginning says.
func (c *Config) language() string {
	text := cmp.Or(c.article.Text, c.article.Headline)
	return article.Language(text[:min(len(text), languageBytes)], c.article.Language)
}

//go:embed words/*.txt
var files embed.FS

// library is everything the files say.
type library struct {
	words *lexicon
	rules []rule
	ends  []endings
	cases caseForms
}

// load reads the files once; they are part of the program, so a fault in them is a fault
// of the program, which a test finds.
var load = sync.OnceValues(func() (*library, error) {
	lib := &library{words: newLexicon()}
	list, err := files.ReadDir("words")
	if err != nil {
		return nil, fmt.Errorf("claim: words: %w", err)
	}
	text := map[string]string{}
	for _, entry := range list {
		raw, err := files.ReadFile("words/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("claim: words: %w", err)
		}
		text[entry.Name()] = string(raw)
		if slices.Contains([]string{"rules.txt", "endings.txt", "cases.txt"}, entry.Name()) {
			continue
		}
		if err := lib.words.read(entry.Name(), string(raw)); err != nil {
			return nil, fmt.Errorf("claim: %w", err)
		}
	}
	lib.ends = readEndings(text["endings.txt"])
	lib.cases = readCases(text["cases.txt"])
	if lib.rules, err = readRules("rules.txt", text["rules.txt"], lib.words.sections); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	return lib, nil
})

// loaded is the library, empty if its files are broken.
func loaded() *library {
	lib, err := load()
	if err != nil {
		return &library{words: newLexicon()}
	}
	return lib
}

// book is the dictionaries.
func book() *lexicon { return loaded().words }

// inflections is how names change.
func inflections() []endings { return loaded().ends }

// year is the one in which an article appeared; 0: not known.
func year(a *truce.Article) int {
	if a.Published.From <= 0 {
		return 0
	}
	return a.Published.From.Time().Year()
}

// Read reads the claims of an article, the headline's first, then in the order of the text.
// The same article and configuration give the same claims.
func Read(a truce.Article, cfg Config) []truce.Claim {
	lib := loaded()
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	cfg.article = &a
	all := lib.readings(&a)
	cfg.near = cfg.Gazetteer.context(all)
	agency := a.Agency
	var out []truce.Claim
	for _, r := range all {
		if own := r.prefixed(); own != "" && agency == "" {
			agency = own
		}
		claims := append(r.said(lib.rules, year(&a)), r.events(&cfg, year(&a))...)
		for i := range claims {
			r.finish(&claims[i], &a, agency, &cfg)
		}
		if out = append(out, claims...); len(out) >= MaxClaims {
			return out[:MaxClaims]
		}
	}
	return out
}

// readings is the sentences of headline and text, each with what was found in it.
func (l *library) readings(a *truce.Article) []*reading {
	var out []*reading
	for _, s := range Sentences(a.Headline[:min(len(a.Headline), MaxHeadline)]) {
		var before *mention
		if len(out) > 0 {
			before = out[len(out)-1].lead
		}
		out = append(out, l.words.reading(s, true, before))
	}
	var before *mention
	for _, s := range Sentences(a.Text[:min(len(a.Text), MaxText)]) {
		r := l.words.reading(s, false, before)
		if before = r.lead; len(out) > 0 && !out[len(out)-1].headline {
			r.previous = out[len(out)-1].subject()
		}
		out = append(out, r)
	}
	return out
}

// subject is what a sentence is about in the first place.
func (r *reading) subject() string {
	if list := r.marks["subject"]; len(list) > 0 {
		return list[0].key
	}
	return ""
}

// finish gives a claim its sentence, chain, time and confidence.
func (r *reading) finish(c *truce.Claim, a *truce.Article, agency string, cfg *Config) {
	c.Quote = &truce.Quote{Sentence: r.Text, Offset: r.Offset, Headline: r.headline}
	c.Chain = r.chain(c, a, agency)
	if c.Kind == truce.ClaimEvent {
		c.When = r.when(a.Published, cfg.Zone)
	}
	if r.Spliced {
		c.Confidence *= trustSpliced
	}
	for _, t := range c.Chain {
		if t.Role == truce.TellerSpeaker && t.Key == "" {
			c.Confidence *= trustAnonymous
		}
	}
}
