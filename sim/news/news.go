// Package news invents the articles of workload N: events of sixteen types at invented
// places over thirty days, told in English, Ukrainian and Russian by several papers each, as
// paraphrases, copies, excerpts, translations and updates, with look-alikes a day later at
// the same place, and with the truth beside every article.
//
// It never uses a real name, never shares a word list with what it tests, and gives the same
// articles for the same seed.
//
// Read World first, then templates.txt for the sentence plans, and docs/methods/stories.md
// for how figures are taken.
package news

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/trucewatch/truce"
)

// Config says which articles are made; a zero field means its default.
type Config struct {
	Seed     uint64
	Articles int  // about how many; default 1,000
	Half     Half // of the event types; "": both
	Days     int  // over which events are spread; default 30
	Plain    bool // paraphrases and updates alone: no copies, excerpts or translations
	English  bool // in English alone
}

// Role is what an article is to the event it tells of.
type Role string

// The roles.
const (
	Report      Role = "report"      // words of its own
	Update      Role = "update"      // words of its own, later, with newer numbers
	Copy        Role = "copy"        // the text of another, with small changes
	Excerpt     Role = "excerpt"     // the beginning of another, crediting an agency
	Translation Role = "translation" // an agency's report told in another language
)

// Labelled is an article with the truth: its event, and the report it depends on.
type Labelled struct {
	truce.Article
	Event int      // index of the event
	Role  Role     //
	Of    truce.ID // the article it repeats; zero: it stands by itself
}

// World is a run of invented news.
type World struct {
	types      []eventType
	names      nameParts
	background map[string][]string
	events     []event
	specs      []spec // by time
	cfg        Config
}

// event is what happened.
type event struct {
	kind       int // index of types
	start      truce.Instant
	place      place
	who        person
	role, org  int
	n, m       int
	lookalike  int // the event it resembles, -1: none
	agency     int
	firstWords uint64 // seed of the agency's own report
}

// spec is an article before it is written.
type spec struct {
	at     truce.Instant
	event  int
	number int // within the event
	role   Role
	lang   int
	seed   uint64
	of     int    // number within the event of what it repeats
	words  uint64 // seed of what it repeats
	from   int    // language of what it repeats
	when   truce.Instant
}

// start is the midnight the workload's first day begins with, a Monday.
var start = truce.InstantOf(time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC))

// manyArticles is from how many on there are more places, so that one place is not asked for
// one kind of event every day.
const manyArticles = 20_000

// New draws the events and plans the articles; none is written yet.
func New(cfg Config) (*World, error) {
	cfg.Articles = cmp.Or(cfg.Articles, 1000)
	cfg.Days = cmp.Or(cfg.Days, 30)
	w := &World{cfg: cfg}
	var err error
	if w.types, err = readTypes(templatesFile); err != nil {
		return nil, err
	}
	w.types = slices.DeleteFunc(w.types, func(t eventType) bool { return cfg.Half != "" && t.half != cfg.Half })
	if w.names, err = readNames(namesFile); err != nil {
		return nil, err
	}
	w.background = readBackground(backgroundFile)
	w.draw()
	return w, nil
}

// Len is how many articles there are.
func (w *World) Len() int { return len(w.specs) }

// Events is how many events there are.
func (w *World) Events() int { return len(w.events) }

// LookAlikes lists pairs of events of one type at one place a day apart.
func (w *World) LookAlikes() [][2]int {
	var out [][2]int
	for i, e := range w.events {
		if e.lookalike >= 0 {
			out = append(out, [2]int{e.lookalike, i})
		}
	}
	return out
}

// Articles writes the articles in order of time.
func (w *World) Articles() iter.Seq[Labelled] {
	return func(yield func(Labelled) bool) {
		for _, s := range w.specs {
			if !yield(w.write(s)) {
				return
			}
		}
	}
}

// draw draws events until there are enough articles.
func (w *World) draw() {
	d := newDice(w.cfg.Seed)
	taken := map[[2]int][]truce.Instant{} // by type and place: when
	last := time.Duration(w.cfg.Days) * 24 * time.Hour
	places := w.names.places()
	if w.cfg.Articles > manyArticles {
		places = w.names.manyPlaces()
	}
	for len(w.specs) < w.cfg.Articles {
		kind, site := d.intn(len(w.types)), d.place(places)
		at := start.Add(time.Duration(d.next() % uint64(last/time.Minute) * uint64(time.Minute)))
		cell := [2]int{kind, site}
		if slices.ContainsFunc(taken[cell], func(t truce.Instant) bool { return at.Sub(t).Abs() < 72*time.Hour }) {
			continue
		}
		e := w.event(d, kind, site, at, -1)
		taken[cell] = append(taken[cell], at)
		w.add(d, e)
		if w.types[kind].incident && d.chance(.35) {
			next := at.Add(24*time.Hour + time.Duration(d.intn(360)-180)*time.Minute)
			if next.Day() == at.Day() {
				next = next.Add(12 * time.Hour)
			}
			like := w.event(d, kind, site, next, len(w.events)-1)
			if d.chance(.5) { // the same official speaks
				like.who, like.role = e.who, e.role
			}
			taken[cell] = append(taken[cell], next)
			w.add(d, like)
		}
	}
	slices.SortFunc(w.specs, func(a, b spec) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.event, b.event), cmp.Compare(a.number, b.number))
	})
}

// event draws an event. In half of them the place's own official speaks, the same one every
// time, so that place and speaker together do not tell events apart.
func (w *World) event(d *dice, kind, site int, at truce.Instant, like int) event {
	e := event{
		kind: kind, start: at, place: w.names.place(site), who: w.names.person(d.intn(w.names.persons())),
		role: d.intn(len(w.names.roles)), org: d.intn(len(w.names.orgs)), agency: d.intn(len(w.names.agencies)),
		n: 2 + d.intn(12), m: 9 + d.intn(140), lookalike: like, firstWords: d.next(),
	}
	if d.chance(.5) {
		e.who, e.role = w.names.person(site*7%w.names.persons()), site%len(w.names.roles)
	}
	return e
}

// add plans the articles of an event: many get few, few get many.
func (w *World) add(d *dice, e event) {
	count := 1 + d.intn(8)
	if d.chance(.12) {
		count += 10 + d.intn(40)
	}
	index := len(w.events)
	w.events = append(w.events, e)
	agencyLang := d.intn(2)
	if w.cfg.English {
		agencyLang = 0
	}
	first := spec{at: e.start.Add(time.Duration(20+d.intn(60)) * time.Minute), event: index, role: Report, lang: agencyLang, seed: e.firstWords, words: e.firstWords, of: -1}
	w.specs = append(w.specs, first)
	for i := 1; i < count; i++ {
		w.specs = append(w.specs, w.spec(d, e, first, i))
	}
}

func (w *World) spec(d *dice, e event, first spec, number int) spec {
	s := spec{event: first.event, number: number, role: Report, seed: d.next(), of: -1, lang: d.language(w.cfg.English)}
	s.words = s.seed
	s.at = first.at.Add(time.Duration(10+d.intn(16*60)) * time.Minute)
	switch x := d.float(); {
	case x < .2:
		s.role = Update
		s.at = first.at.Add(time.Duration(4*60+d.intn(40*60)) * time.Minute)
	case w.cfg.Plain || x < .55:
	case x < .85:
		s.role, s.lang, s.words, s.of = Copy, first.lang, first.words, 0
	case x < .93:
		s.role, s.lang, s.words, s.of = Excerpt, first.lang, first.words, 0
	case !w.cfg.English:
		s.role, s.words, s.of = Translation, first.words, 0
		s.lang = (first.lang + 1) % 2
	}
	s.from = first.lang
	s.when = first.at
	return s
}
