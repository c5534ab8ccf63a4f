package news

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

//go:embed background.txt
var backgroundFile string

func readBackground(text string) map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(text) {
		if lang, sentence, ok := strings.Cut(strings.TrimSpace(line), " "); ok && lang != "#" {
			out[lang] = append(out[lang], sentence)
		}
	}
	return out
}

// write makes the article of a spec.
func (w *World) write(s spec) Labelled {
	e := w.events[s.event]
	lang := languages[s.lang]
	d := newDice(s.seed)
	site := d.pick(w.names.sites[lang])
	headline, text := w.told(s, e)
	out := Labelled{Event: s.event, Role: s.role}
	switch s.role {
	case Copy:
		headline, text = w.copied(d, e, lang, site, headline, text)
	case Excerpt:
		sentences := strings.SplitAfterN(text, ". ", 3)
		text = credit(lang, part(w.names.agencies[e.agency], s.lang)) + strings.Join(sentences[:min(2, len(sentences))], "")
	case Translation:
		text = credit(lang, part(w.names.agencies[e.agency], s.lang)) + text
		out.Agency = w.names.agencies[e.agency][0]
	}
	if s.of >= 0 {
		out.Of = w.id(s.event, s.of, s.when)
	}
	link := fmt.Sprintf("https://%s.example/%d/%d", strings.ToLower(strings.Join(strings.Fields(site), "-")), s.event, s.number)
	out.Article = truce.Article{
		ID: w.id(s.event, s.number, s.at), Headline: headline, Publisher: site, Language: lang, URL: link, Links: []string{link},
		Published: truce.PhenomenonTime{From: s.at, To: s.at}, Text: text,
	}
	out.Reports = []truce.ID{out.ID}
	return out
}

func (w *World) id(event, number int, at truce.Instant) truce.ID {
	return truce.NewID(at, "report", "news", []byte(fmt.Sprintf("%d/%d/%d", w.cfg.Seed, event, number)))
}

// told is headline and text in words of the article's own, or in those it repeats.
func (w *World) told(s spec, e event) (headline, text string) {
	d := newDice(s.words)
	lang, langIndex, at := languages[s.lang], s.lang, s.at
	if s.role == Copy || s.role == Excerpt {
		at = s.when
	}
	n, m := e.n, e.m
	if s.role == Update {
		n, m = n+1+d.intn(3), m+d.intn(9)
	}
	second := d.chance(.3) // the paper's other spelling of names
	when := d.day(lang, e.start, at, s.role == Update)
	fact := func(slot string) string { return w.fact(e, slot, langIndex, second, n, m, when) }
	t := w.types[e.kind]
	headline = d.plan(t.head[lang]).write(d, fact)
	sentences := []string{d.plan(t.lead[lang]).write(d, fact)}
	bodies := t.body[lang]
	for _, i := range d.r.Perm(len(bodies))[:min(len(bodies), 1+d.intn(3))] {
		sentences = append(sentences, bodies[i].write(d, fact))
	}
	background := w.background[lang]
	for _, i := range d.r.Perm(len(background))[:3+d.intn(5)] {
		sentences = append(sentences, background[i])
	}
	return strings.TrimRight(headline, "."), strings.Join(sentences, " ")
}

// fact is what stands in a slot.
func (w *World) fact(e event, slot string, lang int, second bool, n, m int, when string) string {
	switch slot {
	case "place":
		return [...]string{either(second, e.place.en2, e.place.en), e.place.uk, e.place.ru}[lang]
	case "gen":
		return [...]string{e.place.en, e.place.ukGen, e.place.ruGen}[lang]
	case "loc":
		return [...]string{"in " + e.place.en, "у " + e.place.ukLoc, "в " + e.place.ruLoc}[lang]
	case "who":
		return [...]string{either(second, e.who.en2, e.who.en), e.who.uk, e.who.ru}[lang]
	case "role":
		return part(w.names.roles[e.role], lang)
	case "org":
		return part(w.names.orgs[e.org], lang)
	case "n":
		return strconv.Itoa(n)
	case "m":
		return strconv.Itoa(m)
	case "day":
		return when
	}
	return "{" + slot + "}" // a test looks for what no fact fills
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func part(parts []string, lang int) string { return parts[lang] }

var (
	weekdays = [...][7]string{
		{"on Sunday", "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday"},
		{"у неділю", "у понеділок", "у вівторок", "у середу", "у четвер", "у п'ятницю", "у суботу"},
		{"в воскресенье", "в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу"},
	}
	today     = [...]string{"today", "сьогодні", "сегодня"}
	yesterday = [...]string{"yesterday", "учора", "вчера"}
	months    = [...][2]string{{"March", "April"}, {"березня", "квітня"}, {"марта", "апреля"}}
)

// day says when it happened, as papers do: by the day of the week, most often; by date; by
// "today"; or, on the same day, not at all. An update always says it.
func (d *dice) day(lang string, event, published truce.Instant, always bool) string {
	l := map[string]int{"en": 0, "uk": 1, "ru": 2}[lang]
	t := event.Time()
	x := d.float()
	days := int(published.Time().Truncate(24*time.Hour).Sub(t.Truncate(24*time.Hour)).Hours() / 24)
	switch {
	case x < .6:
		return weekdays[l][t.Weekday()]
	case x < .75:
		month := months[l][min(max(int(t.Month())-3, 0), 1)]
		if l == 0 {
			return fmt.Sprintf("on %s %d", month, t.Day())
		}
		return fmt.Sprintf("%d %s", t.Day(), month)
	case days == 0 && x < .9:
		return today[l]
	case days == 1:
		return yesterday[l]
	case days > 1 || always:
		return weekdays[l][t.Weekday()]
	}
	return ""
}

// credit opens a text that says whose report it repeats.
func credit(lang, agency string) string {
	switch lang {
	case "uk":
		return "Про це повідомляє " + agency + ". "
	case "ru":
		return "Как передает " + agency + ", стало известно следующее. "
	}
	return "According to " + agency + ", this is what is known. "
}

// copied makes the small changes papers make: their name in the title, a credit, a sentence
// less, one more of their own.
func (w *World) copied(d *dice, e event, lang, site, headline, text string) (string, string) {
	if d.chance(.4) {
		headline += " - " + site
	}
	if d.chance(.3) {
		headline = strings.ReplaceAll(headline, "'", "’")
	}
	sentences := strings.SplitAfter(text, ". ")
	if len(sentences) > 4 && d.chance(.3) {
		sentences = sentences[:len(sentences)-1]
	}
	if d.chance(.3) {
		sentences = append(sentences, " "+d.pick(w.background[lang]))
	}
	text = strings.Join(sentences, "")
	if d.chance(.5) {
		text = "(" + part(w.names.agencies[e.agency], map[string]int{"en": 0, "uk": 1, "ru": 2}[lang]) + ") — " + text
	}
	return headline, text
}
