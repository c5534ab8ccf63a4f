package sim

import (
	"bytes"
	"fmt"
	"html"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// outlet is an invented publisher; its addresses end in .example and lead nowhere.
type outlet struct{ name, host string }

var outlets = []outlet{
	{"Kelvost Courier", "courier.kelvost.example"},
	{"The Dovrisk Observer", "observer.dovrisk.example"},
	{"Island Wire", "wire.ormavell.example"},
	{"Ormavell Public Radio", "radio.ormavell.example"},
	{"Brenhala Evening", "evening.brenhala.example"},
	{"Strait Post", "strait-post.example"},
	{"West Shore Daily", "west-shore.example"},
}

// wire is the agency the others copy.
const wire = 2

// story is what an outlet can tell of a happening.
type story struct {
	cause    string
	act      truce.Act
	at       truce.Instant
	town     Town
	headline string
	links    []link
}

// link is one article about a story.
type link struct {
	outlet   outlet
	headline string
	url      string
}

// headlines by act; %s is the town. An act that has none makes no news.
var headlines = map[truce.Act][]string{
	truce.ActIndirectFire:     {"Shells land near %s", "Explosions reported outside %s", "Residents of %s hear shelling"},
	truce.ActDirectFire:       {"Shooting heard near %s", "Gunfire on the line by %s"},
	truce.ActFPVUAV:           {"Small drone strikes near %s", "Drone falls outside %s"},
	truce.ActMissileStrike:    {"Power station at %s hit, lights out in the east"},
	truce.ActOWAUAV:           {"Night drones strike %s substation"},
	truce.ActJamGNSS:          {"Navigation signals fail around %s"},
	truce.ActDenyAccess:       {"Monitors turned back on the road to %s"},
	truce.ActControlledExplos: {"Deminers at work near %s"},
}

// letters are the one-letter types of the news-derived event list.
var letters = map[truce.Act]string{
	truce.ActIndirectFire: "A", truce.ActDirectFire: "F", truce.ActSniper: "F", truce.ActFPVUAV: "D", truce.ActMissileStrike: "S",
	truce.ActOWAUAV: "D", truce.ActControlledExplos: "O", truce.ActJamGNSS: "O", truce.ActDenyAccess: "O", truce.ActPresenceInZone: "V",
}

// newsFiles writes the event list and the posts.
func (w *World) newsFiles() []File {
	r := stream(w.cfg.Seed, "news")
	stories := w.stories(r)
	return append([]File{w.viinaFile(r, stories)}, w.posts(r, stories)...)
}

// stories picks what the press takes up: every staged act, some of the rest, and
// every rumour.
func (w *World) stories(r *rand.Rand) []story {
	var out []story
	for _, h := range w.truth.Happenings {
		if wordings := headlines[h.Act]; wordings != nil && (h.Site != "" || r.Float64() < 0.45) {
			town, _ := w.island.Nearest(h.Point)
			out = append(out, w.write(r, story{cause: h.ID, act: h.Act, at: h.From, town: town}, wordings))
		}
	}
	for _, n := range w.truth.Nuisances {
		if n.Kind == NuisanceFalse {
			town, _ := w.island.Nearest(*n.Point)
			out = append(out, w.write(r, story{cause: n.ID, act: truce.ActIndirectFire, at: n.From, town: town}, headlines[truce.ActIndirectFire]))
		}
	}
	slices.SortStableFunc(out, func(a, b story) int { return int(a.at/1e6 - b.at/1e6) })
	return out
}

// write gives a story its articles: the agency first, then those who write their own
// and those who print the agency's words.
func (w *World) write(r *rand.Rand, s story, wordings []string) story {
	s.headline = fmt.Sprintf(wordings[r.IntN(len(wordings))], s.town.Name)
	n := 1 + r.IntN(3)
	if s.act == truce.ActMissileStrike || s.act == truce.ActOWAUAV {
		n = 5
	}
	order := slices.DeleteFunc(r.Perm(len(outlets)), func(i int) bool { return i == wire })
	for _, i := range append([]int{wire}, order...)[:n] {
		headline := s.headline
		if i != wire && r.IntN(3) == 0 {
			headline = fmt.Sprintf(wordings[r.IntN(len(wordings))], s.town.Name)
		}
		at := s.at.Time()
		address := fmt.Sprintf("https://%s/%s/%s-%d", outlets[i].host, at.Format("2006/01/02"), slug(headline), 10000+r.IntN(90000))
		s.links = append(s.links, link{outlets[i], headline, address})
	}
	return s
}

func slug(text string) string {
	out := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			return c
		case c == ' ':
			return '-'
		}
		return -1
	}, strings.ToLower(text))
	return strings.Trim(out, "-")
}

// viinaFile is the event list by day: longitude first, the town's own point, the
// number of links and the links. Items without a place and one far away are kept in,
// as in the real list.
func (w *World) viinaFile(r *rand.Rand, stories []story) File {
	name := fmt.Sprintf("viina/exercise_viina-events-%s.json", w.start.Time().Format("2006-01"))
	var b bytes.Buffer
	b.WriteString("{\n")
	rows := 0
	for day := range w.cfg.Days {
		var items []string
		for _, s := range stories {
			if w.dayOf(s.at) == day && letters[s.act] != "" {
				items = append(items, viinaItem(s))
				w.truth.credit(s.cause, RowRef{File: name, Line: day + 2, Family: truce.FamilyMedia})
			}
		}
		items = append(items, w.viinaNoise(r, day)...)
		rows += len(items)
		end := ",\n"
		if day == w.cfg.Days-1 {
			end = "\n"
		}
		fmt.Fprintf(&b, "%q:[%s]%s", fileDay(w.at(day, 0).Time()), strings.Join(items, ","), end)
	}
	b.WriteString("}\n")
	w.truth.Files[name] = rows
	return File{Name: name, Format: FormatVIINA, Data: b.Bytes()}
}

func viinaItem(s story) string {
	urls := make([]string, len(s.links))
	for i, l := range s.links {
		urls[i] = string(quoted(l.url))
	}
	return fmt.Sprintf("[%s,%s,%s,%s,%d,[%s]]", number(float64(s.town.Point.Lon)), number(float64(s.town.Point.Lat)),
		quoted(s.town.Name), quoted(letters[s.act]), len(urls), strings.Join(urls, ","))
}

// viinaNoise is what the classifier makes of other news: politics at the largest town,
// and one item of the day's digest for several towns under one address.
func (w *World) viinaNoise(r *rand.Rand, day int) []string {
	at := w.at(day, 12)
	digest := link{outlets[3], "", fmt.Sprintf("https://%s/%s/the-day-in-brief", outlets[3].host, at.Time().Format("2006/01/02"))}
	out := []string{viinaItem(story{act: truce.ActJamGNSS, town: w.island.Towns[0], links: []link{digest}})}
	for range 3 {
		town := w.island.Towns[r.IntN(len(w.island.Towns))]
		out = append(out, viinaItem(story{act: truce.ActJamGNSS, town: town, links: []link{digest}}))
	}
	nowhere := w.island.Towns[1]
	nowhere.Name = ""
	return append(out, viinaItem(story{act: truce.ActJamGNSS, town: nowhere, links: []link{digest}}))
}

// posts writes, for each day, one post a leading story, each a cluster of links to the
// day's articles; the same links come back in the next post.
func (w *World) posts(r *rand.Rand, stories []story) []File {
	var out []File
	for day := range w.cfg.Days {
		var today []story
		for _, s := range stories {
			if w.dayOf(s.at) == day {
				today = append(today, s)
			}
		}
		for i := 0; i < len(today) && i < 3; i++ {
			lead := (i * len(today)) / 3
			out = append(out, w.post(day, cluster(r, today, lead)))
		}
	}
	return append(out, w.article())
}

// cluster is the lead story's links and those of its neighbours, five at most.
func cluster(r *rand.Rand, today []story, lead int) []story {
	picked := []story{today[lead]}
	for _, i := range r.Perm(len(today)) {
		if i != lead && len(picked) < 3 {
			picked = append(picked, today[i])
		}
	}
	return picked
}

const maxLinks = 5

func (w *World) post(day int, stories []story) File {
	var links []link
	for _, s := range stories {
		links = append(links, s.links...)
	}
	links = links[:min(maxLinks, len(links))]
	title := links[0].headline + " - " + links[0].outlet.name
	date := w.day(day)
	name := fmt.Sprintf("posts/exercise_%s-%s.md", date, slug(links[0].headline))
	if _, taken := w.truth.Files[name]; taken {
		name = fmt.Sprintf("posts/exercise_%s-%s-%s.md", date, slug(links[0].headline), strings.ToLower(stories[0].cause))
	}
	for _, s := range stories {
		w.truth.credit(s.cause, RowRef{File: name, Family: truce.FamilyMedia})
	}
	w.noteCopies(name, stories[0])
	w.truth.Files[name] = len(links)
	return File{Name: name, Format: FormatPost, Data: postText(title, date, links, stories)}
}

// noteCopies records that several outlets print one text.
func (w *World) noteCopies(name string, s story) {
	same := 0
	for _, l := range s.links {
		if l.headline == s.headline {
			same++
		}
	}
	if same < 2 {
		return
	}
	at := plane(s.town.Point)
	id := w.nuisance(Nuisance{Kind: NuisanceCopied, From: s.at, To: s.at, Of: s.cause, Note: fmt.Sprintf("%d outlets print the agency's words", same)}, &at)
	w.truth.credit(id, RowRef{File: name, Family: truce.FamilyMedia})
}

func postText(title string, date truce.Day, links []link, stories []story) []byte {
	var summary, list strings.Builder
	for _, l := range links {
		summary.WriteString(l.headline + "&nbsp;&nbsp;" + l.outlet.name)
		fmt.Fprintf(&list, `<li><a href="%s" target="_blank">%s</a>&nbsp;&nbsp;<font color="#6f6f6f">%s</font></li>`,
			l.url, html.EscapeString(l.headline), html.EscapeString(l.outlet.name))
	}
	var tags strings.Builder
	for _, s := range stories {
		fmt.Fprintf(&tags, "- '%s'\n", strings.ToLower(s.town.Name))
	}
	return fmt.Appendf(nil, "---\ntitle: %q\ndate: %s\ndescription: %q\nsummary: %q\nslug: %q\nimage: ''\nlink: '%s'\nsource: 'https://news.ormavell.example/rss/island?hl=en'\n"+
		"categories:\n- 'news.ormavell.example'\ntags:\n- 'exercise'\n%s\ndraft: false\n---\n<ol>%s</ol>\n",
		title, date, summary.String(), summary.String(), slug(title), links[0].url, tags.String(), list.String())
}

// article is a plain text with the furniture of a page around it; its film is old.
func (w *World) article() File {
	date := w.day(min(1, w.cfg.Days-1))
	name := fmt.Sprintf("posts/exercise_%s-film-from-the-line.txt", date)
	at := plane(w.island.Towns[8].Point)
	id := w.nuisance(Nuisance{Kind: NuisanceOldFilm, From: w.at(0, 0).Add(-300 * 24 * time.Hour), To: w.at(0, 0).Add(-300 * 24 * time.Hour),
		Note: "film of a fire ten months old, shown as new"}, &at)
	w.truth.credit(id, RowRef{File: name, Family: truce.FamilyMedia})
	w.truth.Files[name] = 1
	text := fmt.Sprintf(" date %s Film from the line\n\nA film said to show a burning depot near %s went round the island in a day.\n\n"+
		"“It is not from this week,” said a teacher there, who knows the bridge in the picture.\n\nThe monitors said they had not seen the place.\n\n"+
		"EXERCISE. Nothing here is true.\n\nShare\nRelated\nSubscribe\n", date, w.island.Towns[8].Name)
	return File{Name: name, Format: FormatPost, Data: []byte(text)}
}
