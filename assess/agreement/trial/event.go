package trial

import (
	"slices"
	"strconv"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// event reads: TIME [to TIME] [±10m] WHAT [PLACE] and what else is known, in any order.
// What is not said is taken as sure: it happened, and two independent families agree.
func (p *parser) event(w *words) Event {
	from := p.instant(w)
	return p.eventAt(w, from, p.end(w, from))
}

// end reads to TIME, where it stands.
func (p *parser) end(w *words, from truce.Instant) truce.Instant {
	if !w.accept("to") {
		return from
	}
	to := p.instant(w)
	if to < from {
		w.failLast("ends before it begins")
	}
	return to
}

// eventAt reads the rest of an event. In a test it may say when it became known: known +5m.
func (p *parser) eventAt(w *words, from, to truce.Instant) Event {
	in := truce.Incident{
		Revision: 1, P: 1, Occurrence: truce.OccurrenceCorroborated,
		Families: []truce.Family{truce.FamilyAcoustic, truce.FamilyPatrol}, Detail: &truce.Detail{},
	}
	in.Time.From, in.Time.To = from, to
	if isError(w.peek()) {
		w.list[w.next].Text = strings.TrimPrefix(strings.TrimPrefix(w.peek(), "±"), "+-")
		in.Time.Sigma = truce.MicrosOf(duration(w))
	}
	if w.accept("silence") {
		p.silence(w, &in)
		return Event{Incident: in, Known: to}
	}
	known := to
	what := p.what(w)
	p.place(w, &in)
	for w.more() {
		at, name := w.next, detailName(w)
		if p.test != nil && w.accept("known") {
			if known = p.instant(w); known < from {
				w.failLast("it is known before it begins; + counts from the first at line of the test")
			}
		} else if !p.detail(w, &in) {
			break
		}
		w.once(at, name)
		if counted := slices.ContainsFunc(w.said, isObject); counted && slices.Contains(w.said, "quantity") {
			w.once(at, "quantity") // of 12 vehicles it is said already
		}
	}
	what.settle(w, &in, p.terms)
	p.held(w, &in)
	return Event{Incident: in, Known: known}
}

// detailName is what the detail that begins next is called. Several sides may have fired;
// everything else is known in one way.
func detailName(w *words) string {
	switch word := w.peek(); {
	case isObject(w.after()) && isCount(word):
		return cut(w.after())
	case word == "on":
		return "site"
	case word == "from" && w.after() == "side" && w.next+2 < len(w.list):
		return "from side " + cut(w.list[w.next+2].Text)
	default:
		return word
	}
}

// place reads where: a point, a site of the agreement, or nowhere.
func (p *parser) place(w *words, in *truce.Incident) {
	switch {
	case isPair(w.peek()):
		in.Position = round(point(w), 0)
	case w.accept("site"):
		id := w.take("the id of a site")
		at, ok := p.siteAt(id)
		if !ok {
			w.failLast("the agreement has no site %q", cut(id))
			return
		}
		in.Position, in.Detail.Site = round(at, 0), id
		w.once(w.next-1, "site")
	case w.accept("nowhere"):
		return
	}
	if in.Position != nil {
		p.placeError(w, in.Position)
	}
}

// placeError reads ±150m (one sigma an axis), r90 300m (the circle that holds 90 %), or
// ellipse 410m x 180m strike 40 (one sigma along and across an azimuth).
func (p *parser) placeError(w *words, at *geo.Position) {
	switch {
	case isError(w.peek()):
		at.Error = geo.Isotropic(geo.Metres(sigma(w)))
	case w.accept("r90"):
		at.Error = geo.Isotropic(geo.SigmaOfR90(geo.Metres(distance(w))))
	case w.accept("ellipse"):
		major := distance(w)
		w.expect("x")
		minor := distance(w)
		w.expect("strike")
		strike := count(w)
		if minor > major || strike > 360 {
			w.failLast("the longer axis comes first, and the strike is an azimuth in degrees")
		}
		at.Error = geo.FromEllipse(geo.Ellipse{Major: geo.Metres(major), Minor: geo.Metres(minor), Strike: geo.Degrees(strike)})
	}
}

// siteAt is the middle of a site.
func (p *parser) siteAt(id string) (geo.Point, bool) {
	for _, s := range p.terms.Sites {
		if s.ID != id {
			continue
		}
		for _, f := range p.terms.Features(s.Source) {
			if len(f.Geom.Points) > 0 {
				return f.Geom.Points[0], true
			}
			for _, polygon := range f.Geom.Polygons {
				b := polygon.Bounds()
				return geo.Point{Lat: (b.South + b.North) / 2, Lon: (b.West + b.East) / 2}, true
			}
		}
	}
	return geo.Point{}, false
}

// detail reads one thing more that is known; false when the next word begins none.
func (p *parser) detail(w *words, in *truce.Incident) bool {
	d := in.Detail
	switch {
	case w.accept("weapon"):
		d.Weapons = p.weapons(w)
	case w.accept("from"):
		p.origin(w, in)
	case w.accept("quantity"):
		d.Quantity = count(w)
	case isObject(w.after()) && isCount(w.peek()):
		numberOf(w, d)
	case w.accept("imagery"):
		d.Imagery = p.imagery(w)
	case w.accept("numbered"):
		in.Number = w.take("the number of the incident")
	case w.accept("altitude"):
		d.Altitude = heights(w)
	case w.accept("state"):
		d.State = w.take("a state")
	case w.accept("on"):
		d.Site = w.take("the id of a site")
	case w.accept("evidence"):
		d.Evidence = p.list(w, "a kind of evidence")
	case w.accept("damage"):
		d.Damage = true
	case w.accept("casualties"):
		d.Casualties = count(w)
	default:
		return p.flight(w, in) || p.holding(w, d) || p.duty(w, d) || p.claim(w, d) || p.evidence(w, in)
	}
	return true
}

var objects = []string{"vehicles", "troops", "vessels", "aircraft", "objects", "weapons", "battalions", "companies", "brigades"}

// numberOf reads 600 troops. Objects are of no sort: their number is all that is told.
func numberOf(w *words, d *truce.Detail) {
	n := count(w)
	object := w.take("what is counted")
	if d.Quantity == 0 {
		d.Quantity = n
	}
	if object != "objects" {
		d.Numbers = append(d.Numbers, truce.Number{Object: object, N: n})
	}
}

// imagery reads TIME to TIME [gsd 0.4m]: two images of the place, before and after.
func (p *parser) imagery(w *words) *truce.ImagePair {
	pair := &truce.ImagePair{Before: p.instant(w)}
	w.expect("to")
	if pair.After = p.instant(w); pair.After < pair.Before {
		w.failLast("the earlier of the two images comes first")
	}
	if w.accept("gsd") {
		pair.GSDM = distance(w)
	}
	return pair
}

func isObject(text string) bool { return slices.Contains(objects, text) }

func isCount(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

// weapons reads what the weapon may have been: 152mm or howitzer 122mm 0.7 or mlrs 0.3.
func (p *parser) weapons(w *words) []truce.Weapon {
	var out []truce.Weapon
	for {
		one := truce.Weapon{P: -1}
		for w.more() && p.weaponWord(w, &one) {
		}
		if one == (truce.Weapon{P: -1}) {
			w.fail("what the weapon was is missing: a calibre (152mm), a type (howitzer) or a class of the agreement")
			return nil
		}
		out = append(out, one)
		if !w.accept("or") {
			break
		}
	}
	if len(out) == 1 && out[0].P < 0 {
		out[0].P = 1
	}
	total := 0.0
	for _, one := range out {
		if one.P < 0 {
			w.failLast("of several weapons each needs a probability: howitzer 0.7 or mlrs 0.3")
			return nil
		}
		total += float64(one.P)
	}
	if total > 1+1e-9 {
		w.failLast("the probabilities of the weapons sum to %.2f, over 1", total)
	}
	return out
}

func (p *parser) weaponWord(w *words, one *truce.Weapon) bool {
	text := w.peek()
	calibre := calibreForm().FindStringSubmatch(text)
	v, isP := probabilityOf(text)
	switch {
	case calibre != nil && one.CalibreMM == 0:
		one.CalibreMM, _ = strconv.ParseFloat(calibre[1], 64)
	case isP && one.P < 0 && !isObject(w.after()):
		one.P = truce.Probability(v)
	case p.isClass(text) && one.Class == "":
		one.Class = truce.WeaponClass(text)
	case slices.Contains(truce.WeaponTypes(), text) && one.Type == "":
		one.Type = text
	default:
		return false
	}
	w.take("a weapon")
	return true
}

func (p *parser) isClass(text string) bool {
	return slices.ContainsFunc(p.terms.Weapons, func(n agreement.WeaponNode) bool { return string(n.ID) == text })
}

// origin reads: side B [0.8], or LAT,LON ±300m.
func (p *parser) origin(w *words, in *truce.Incident) {
	if w.accept("side") {
		share := truce.SideShare{Party: p.party(w), P: 1}
		if v, ok := probabilityOf(w.peek()); ok && !isObject(w.after()) {
			w.take("a probability")
			share.P = truce.Probability(v)
		}
		in.Detail.OriginSide = append(in.Detail.OriginSide, share)
		return
	}
	in.Detail.Origin = round(point(w), 0)
	p.placeError(w, in.Detail.Origin)
}

// heights reads 500m or 500..1500m.
func heights(w *words) *truce.Span {
	text := w.take("a height")
	m := heightsForm().FindStringSubmatch(text)
	if m == nil {
		w.failLast("%q: want a height such as 500m or 500..1500m", cut(text))
		return nil
	}
	low, _ := strconv.ParseFloat(m[1], 64)
	high := low
	if m[2] != "" {
		high, _ = strconv.ParseFloat(m[2], 64)
	}
	if high < low {
		w.failLast("%q: the lower height comes first", cut(text))
	}
	return &truce.Span{Low: low, High: high}
}

// list reads words up to the next keyword.
func (p *parser) list(w *words, what string) []string {
	out := []string{w.take(what)}
	for w.more() && !slices.Contains(keywords, w.peek()) {
		out = append(out, w.take(what))
	}
	return out
}

// holding reads what an inspection found: class C declared 12 observed 10 unverified 2.
func (p *parser) holding(w *words, d *truce.Detail) bool {
	h := truce.Holding{}
	if d.Holding != nil {
		h = *d.Holding
	}
	switch {
	case w.accept("declared"):
		h.Declared = count(w)
	case w.accept("observed"):
		h.Observed = count(w)
	case w.accept("unverified"):
		h.NotVerified = count(w)
	case w.accept("class"):
		h.Class = truce.WeaponClass(w.take("a class"))
		if !p.isClass(string(h.Class)) {
			w.failLast("the agreement has no weapon class %q", cut(string(h.Class)))
		}
	default:
		return false
	}
	d.Holding = &h
	return true
}

// duty reads since when something is owed, and when it was met.
func (p *parser) duty(w *words, d *truce.Detail) bool {
	owed := truce.Duty{}
	if d.Duty != nil {
		owed = *d.Duty
	}
	switch {
	case w.accept("since"):
		owed.Since = p.instant(w)
	case w.accept("met"):
		owed.MetAt = p.instant(w)
	default:
		return false
	}
	d.Duty = &owed
	return true
}

// claim reads what a claim of self-defence says for itself.
func (p *parser) claim(w *words, d *truce.Detail) bool {
	said := truce.SelfDefence{}
	if d.Claim != nil {
		said = *d.Claim
	}
	switch {
	case w.accept("names"):
		said.Incident = w.take("the incident that the claim names")
	case w.accept("coordinated"):
		said.CoordinationAt = p.instant(w)
	case w.accept("ordered"):
		w.expect("by")
		said.OrderedBy = w.take("who gave the order")
	case w.accept("notified"):
		said.NotifiedAt = p.instant(w)
	default:
		return false
	}
	d.Claim = &said
	return true
}

var occurrences = []string{string(truce.OccurrenceReported), string(truce.OccurrenceDetected), string(truce.OccurrenceCorroborated),
	string(truce.OccurrenceVerified), string(truce.OccurrenceRefuted), string(truce.OccurrenceUnverifiable),
	string(truce.OccurrenceExplained), string(truce.OccurrenceDuplicate)}

// evidence reads who saw it and how sure it is that it happened.
func (p *parser) evidence(w *words, in *truce.Incident) bool {
	switch {
	case w.accept("seen"):
		w.expect("by")
		in.Families = nil
		for _, name := range p.list(w, "a family of sources") {
			family := truce.Family(name)
			if !slices.Contains(truce.Families(), family) {
				w.failLast("%q is no family of sources%s", cut(name), hint(name, families()))
				return true
			}
			in.Families = append(in.Families, family)
		}
		told := slices.Contains(w.said, "occurrence")
		if len(in.Families) < 2 && in.Occurrence == truce.OccurrenceCorroborated && !told {
			in.Occurrence = truce.OccurrenceDetected
		}
	case w.accept("occurrence"):
		in.Occurrence = truce.Occurrence(p.oneOf(w, "a state of occurrence", occurrences))
	case w.accept("p"):
		in.P = truce.Probability(probability(w))
	default:
		return false
	}
	return true
}

func families() []string {
	var out []string
	for _, f := range truce.Families() {
		out = append(out, string(f))
	}
	return out
}

// ParseEvent reads one event as it stands after the word at: a time, what happened, a
// place and what else is known.
func ParseEvent(terms *agreement.Agreement, file string, line int, text string) (truce.Incident, *SyntaxError) {
	p := &parser{file: file, terms: terms}
	list, err := Scan(text)
	if err != nil {
		err.File, err.Line = file, line
		return truce.Incident{}, err
	}
	w := &words{file: file, number: line, list: list, end: len(text) + 1}
	event := p.event(w)
	w.finish()
	return event.Incident, w.err
}
