package publish

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
)

// PrintOptions says how a bulletin is printed. Links that are empty are left out.
type PrintOptions struct {
	Lang        string // "en" (default) or "uk"
	StyleURL    string // stylesheet to link; "" puts the styles into the page
	MethodURL   string // the method note
	ReportURL   string // where a reader reports an error; default the bulletin's own
	JSONURL     string // the whole bulletin as JSON
	CSVURL      string // the whole annex as CSV
	PreviousURL string // the bulletin of the day before, where its numbers are counted
	HomeURL     string // the first page of the site the bulletin stands in
	RowURL      string // prefix of an incident's page; the row's id is put behind it
	AnnexRows   int    // rows of the annex on the page; 0 is AnnexRows, -1 all
	Map         []byte // a drawn map as SVG, without scripts or inline styles; nil for none

	// MapNotes are printed under the map, before the boundary note.
	MapNotes []string
}

// Document is a printed bulletin with the numbers that were counted into it.
type Document struct {
	Lang    string
	Format  string // html or md
	Body    []byte
	Numbers map[string]int // each number as written, and how often
}

// writer puts one bulletin into words.
type writer struct {
	*printer
	b       truce.Bulletin
	opt     PrintOptions
	art     article
	tables  map[string]*truce.CountTable
	rules   map[truce.RuleID]truce.BulletinRule
	areas   map[truce.AreaID]truce.Names
	parties map[truce.PartyID]truce.Names
	places  map[string]truce.PlaceName
	shown   int // annex rows on the page
	index   []item

	elsewhere map[string]map[truce.RuleID]truce.RowSet // see rowsElsewhere
	hasEarly  bool                                     // whether anything can be preliminary
}

// write makes the article both formats print.
func write(b truce.Bulletin, opt PrintOptions) (*writer, error) {
	if opt.Lang == "" {
		opt.Lang = languages[0]
	}
	if err := checkMap(opt.Map); err != nil {
		return nil, err
	}
	zone, err := zoneOf(b.Period)
	if err != nil {
		return nil, err
	}
	p, err := newPrinter(opt.Lang, zone)
	if err != nil {
		return nil, err
	}
	w := newWriter(p, b, opt)
	w.header()
	for _, part := range b.Parts {
		w.part(part)
	}
	w.numberIndex()
	w.footer()
	if len(p.missing) > 0 {
		return nil, truce.Errorf(truce.CodeInternal, "bulletin %s: catalogue %s has no text for %s", b.Number, opt.Lang, strings.Join(p.missing, ", "))
	}
	return w, nil
}

func newWriter(p *printer, b truce.Bulletin, opt PrintOptions) *writer {
	w := &writer{
		printer: p, b: b, opt: opt,
		tables: map[string]*truce.CountTable{}, rules: map[truce.RuleID]truce.BulletinRule{},
		areas: map[truce.AreaID]truce.Names{}, parties: map[truce.PartyID]truce.Names{}, places: map[string]truce.PlaceName{},
		elsewhere: rowsElsewhere(b), hasEarly: b.PreliminaryFrom < b.Period.To,
	}
	for i := range b.Tables {
		w.tables[b.Tables[i].Key] = &b.Tables[i]
	}
	for _, r := range b.Rules {
		w.rules[r.ID] = r
	}
	for _, a := range b.Areas {
		w.areas[a.ID] = a.Names
	}
	for _, x := range slices.Concat(b.Parties, b.Bodies) {
		w.parties[x.ID] = x.Names
	}
	for _, x := range b.Places {
		w.places[x.Key] = x
	}
	w.shown = len(b.Rows)
	if limit := shownRows(opt.AnnexRows); limit >= 0 {
		w.shown = min(w.shown, limit)
	}
	return w
}

func shownRows(asked int) int {
	if asked == 0 {
		return AnnexRows
	}
	return asked
}

// checkMap refuses a drawing that a strict content policy would break or that could run.
func checkMap(svg []byte) error {
	if len(svg) == 0 {
		return nil
	}
	if !bytes.HasPrefix(bytes.TrimSpace(svg), []byte("<svg")) {
		return truce.Errorf(truce.CodeInvalid, "map: is not an SVG drawing")
	}
	low := bytes.ToLower(svg)
	for _, bad := range []string{"<script", "style=", "<style", "<foreignobject", "<image", "<use"} {
		if bytes.Contains(low, []byte(bad)) {
			return truce.Errorf(truce.CodeInvalid, "map: holds %q, which the pages' content policy forbids", bad)
		}
	}
	if found := outsideLink().Find(low); found != nil {
		return truce.Errorf(truce.CodeInvalid, "map: holds %q; a map links inside the site only and runs nothing", found)
	}
	return nil
}

// outsideLink finds links that leave the site and attributes that run something.
var outsideLink = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`href="[^/#"]|href="//|\shref='|\son[a-z]+\s*=\s*["']`)
})

// header says what the bulletin is, of when, and what it rests on.
func (w *writer) header() {
	b := w.b
	w.art.lang = w.lang
	w.art.title = w.say("title", with("number", w.data(b.Number)))
	if b.Realm.Exercise() {
		w.art.banner = w.word("exercise.banner")
	}
	period := func(p truce.Period) line {
		return w.say("head.period_value", with("from", w.moment(p.From)), with("to", w.moment(p.To)))
	}
	facts := table{}
	add := func(key string, value line) {
		facts.Rows = append(facts.Rows, tableRow{Cells: []cell{{Line: w.word("head." + key), Head: true}, {Line: value}}})
	}
	add("mission", w.named(b.MissionNames, b.Mission))
	add("number", w.data(b.Number))
	if b.Supersedes != "" {
		add("supersedes", w.data(b.Supersedes))
	}
	add("edition", w.word("edition."+string(b.Edition)))
	add("day", w.dayOfCount())
	add("period", period(b.Period))
	add("previous", period(b.Previous))
	add("cutoff", w.moment(b.CutOff))
	add("published", w.moment(b.Published))
	add("zone", w.zoneOfPeriod())
	add("minimum", w.minimum(b.CoverageMin))
	add("agreement", w.named(b.AgreementNames, b.Agreement))
	add("terms", w.data(b.Terms))
	add("realm", w.data(string(b.Realm)))
	add("record", w.data(fmt.Sprint(int64(b.Head))))
	add("hash", w.data(b.HeadHash.String()))
	w.art.blocks = append(w.art.blocks, block{Kind: blockFacts, Table: facts})
	w.contents()
}

// named is a name in the printer's language, else the one it is known by.
func (w *writer) named(names truce.Names, known string) line {
	return w.data(cmp.Or(names[w.lang], known, names.In(w.lang)))
}

// dayOfCount is the day with its number, and which day the count began with.
func (w *writer) dayOfCount() line {
	b := w.b
	since, err := dayNumber(b.Day, b.DayEpoch, false)
	if err != nil {
		return w.day(b.Day)
	}
	return w.say("head.day_value", with("day", w.day(b.Day)), with("n", w.integer(b.DayNumber)),
		with("epoch", w.day(b.DayEpoch)), with("first", w.integer(b.DayNumber-since)))
}

// zoneOfPeriod names the local time. Etc/GMT+1 lies an hour behind UTC, so of such a zone
// only the offset is printed.
func (w *writer) zoneOfPeriod() line {
	offset, zone := offsetName(w.b.Period.To.Time().In(w.zone)), w.zone.String()
	if strings.HasPrefix(zone, "Etc/") {
		return w.data(offset)
	}
	return w.data(zone + ", " + offset)
}

// boundaryNote is the agreement's own, else a note that says as much.
func (w *writer) boundaryNote() line {
	if note := w.b.BoundaryNote.In(w.lang); note != "" {
		return w.data(note)
	}
	return w.word("line.boundary")
}

// contents links the parts.
func (w *writer) contents() {
	var items []item
	for _, part := range w.b.Parts {
		items = append(items, item{Line: w.partTitle(part).link("#part-" + part.Key)})
	}
	w.art.blocks = append(w.art.blocks, block{Kind: blockContents, Line: w.word("contents"), Items: items})
}

func (w *writer) partTitle(part truce.Part) line {
	return join(". ", w.integer(part.Number), w.word("part."+part.Key))
}

func (w *writer) footer() {
	w.art.footer = []line{
		w.say("foot.verify", with("seq", w.data(fmt.Sprint(int64(w.b.Head)))), with("hash", w.data(w.b.HeadHash.String()))),
		w.word("foot.method"),
	}
	if rules := w.b.NotEvaluated; len(rules) > 0 {
		list := w.each(len(rules), func(i int) line {
			return w.say("foot.rule", with("rule", w.data(string(rules[i].ID))), with("clause", w.data(rules[i].Clause)))
		})
		w.art.footer = append(w.art.footer, w.say("foot.not_evaluated", with("rules", list)))
	}
	if w.opt.MethodURL != "" {
		w.art.footer = append(w.art.footer, w.word("foot.method_link").link(w.opt.MethodURL))
	}
	if to := w.reportURL(); to != "" {
		w.art.footer = append(w.art.footer, w.word("foot.report").link(to))
	}
}

// reportURL is where an error is reported: what the printing asks for, else what the
// bulletin says, with the bulletin's number as the subject of a letter.
func (w *writer) reportURL() string {
	to := w.b.ReportError
	switch {
	case w.opt.ReportURL != "":
		return w.opt.ReportURL
	case strings.Contains(to, "@") && !strings.Contains(to, ":"):
		return "mailto:" + to + "?subject=" + w.b.Number
	default:
		return to
	}
}

// areaName, partyName and placeName are names in the printer's language; an id without a
// name is printed as it is.
func (w *writer) areaName(id truce.AreaID) line {
	names, agreed := w.areas[id]
	switch {
	case agreed:
		return w.data(cmp.Or(names.In(w.lang), string(id)))
	case id == "":
		return w.word("line.unknown_area")
	default: // outside the areas, or of one the agreement no longer has
		return w.word("line.elsewhere")
	}
}

func (w *writer) partyName(id truce.PartyID) line {
	if s := w.parties[id].In(w.lang); s != "" {
		return w.data(s)
	}
	return w.data(string(id))
}

func (w *writer) placeName(key string) line {
	p, agreed := w.places[key]
	if !agreed {
		return w.data(key)
	}
	name := w.data(p.Names.In(w.lang))
	if len(p.Other) == 0 {
		return name
	}
	return w.say("place.both", with("name", name), with("other", w.data(p.Other.In(w.lang))))
}

func (w *writer) ruleTitle(id truce.RuleID) line { return w.data(w.rules[id].Titles.In(w.lang)) }

func (w *writer) clause(id truce.RuleID) line { return w.data(w.rules[id].Clause) }

// families is a list of means in words.
func (w *writer) families(list []truce.Family) line {
	if len(list) == 0 {
		return w.word("family.")
	}
	var parts []line
	for _, f := range list {
		parts = append(parts, w.word("family."+string(f)))
	}
	return join(", ", parts...)
}
