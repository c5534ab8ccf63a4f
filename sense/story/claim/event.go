package claim

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/trucewatch/truce"
)

// trigger is a word that tells of an act, with what stands around it.
type trigger struct {
	act      truce.Act
	unit     truce.Unit
	from, to int
	verb     bool // whoever stands before it did it
	rule     string
	at       int // the word of attack or defence it goes by; -1: itself
	defended bool
	none     bool // the sentence says that there was none, which may be so of one place only
	count    int
	counted  int // the word its number begins with; -1: none
}

// events is the claims of happenings in a sentence.
func (r *reading) events(cfg *Config, year int) []truce.Claim {
	if r.question() || r.elsewhere(year) {
		return nil
	}
	triggers := r.triggers()
	numbers := r.numbers()
	for i := range triggers {
		r.count(&triggers[i], numbers)
	}
	var out []truce.Claim
	for _, t := range oneEach(triggers) {
		if r.idle(t) {
			continue
		}
		if t.none {
			out = append(out, r.more(r.eventBase(t, numbers), t, numbers, cfg)...)
			continue
		}
		out = append(out, r.eventClaims(t, numbers, cfg)...)
	}
	return out
}

// triggers finds the acts a sentence tells of, in its order.
func (r *reading) triggers() []trigger {
	var out []trigger
	add := func(section string, m mark, at int, defended bool) {
		t := trigger{act: truce.Act(m.key), unit: truce.Unit(m.attrs["unit"]), from: m.from, to: m.to, at: at, counted: -1,
			verb: section == "shell", defended: defended, rule: "event." + section}
		if section == "violation" {
			t.act, t.unit = "", truce.UnitMixed
			t.verb = at == brokenTruce
		}
		if t.at == brokenTruce {
			t.at = -1
		}
		if t.none = section == "violation" && !t.verb && r.before("neg", t.from, 1); t.none || !r.unsaid(t) {
			out = append(out, t)
		}
	}
	for _, m := range r.marks["violation"] {
		if !r.covers("violation_of", m.from-1) && len(r.marks["violation_of"]) == 0 {
			add("violation", m, -1, false)
		}
	}
	for _, m := range r.marks["break"] {
		if to := r.truce(m); to > 0 {
			add("violation", mark{from: m.from, to: max(m.to, to), phrase: m.phrase}, brokenTruce, false)
		}
	}
	shelledWith := r.shelledWith()
	for _, section := range []string{"deed", "shell"} {
		for _, m := range r.marks[section] {
			if section == "deed" || !r.covers("deed", m.from) && !shelledWith[m.from] {
				add(section, m, -1, false)
			}
		}
	}
	for _, m := range r.marks["weapon"] {
		if r.covers("deed", m.from) || r.covers("shell", m.from) || r.covers("unarmed", m.from) {
			continue
		}
		if at, defended, ok := r.attackNear(m); ok {
			add("weapon", m, at, defended)
		}
	}
	if len(out) == 0 {
		out = r.groundAttacks()
	}
	if len(out) == 0 {
		out = r.targets(out)
	}
	slices.SortStableFunc(out, func(a, b trigger) int { return cmp.Compare(a.from, b.from) })
	return out
}

// brokenTruce marks a verb of breaking something that was agreed.
const brokenTruce = -2

// truce is the end of the words for a truce that stand beside a verb of breaking, whatever
// the truce is called: "violated the Easter truce", "the truce was violated"; 0: none.
func (r *reading) truce(verb mark) int {
	for _, m := range r.marks["subject"] {
		if m.key != "ceasefire" && m.key != "energy_truce" {
			continue
		}
		if m.from >= verb.to && m.from-verb.to <= truceReach && !r.walled(verb.to, m.from) && !r.comma(verb.to, m.from) {
			return m.to
		}
		if m.to <= verb.from && verb.from-m.to <= truceReach && !r.walled(m.to, verb.from) && (r.suffers(verb.from) || isCyrillic(verb.words[0].text)) {
			return verb.to
		}
	}
	if n := verb.to; n < len(r.words) && (r.words[n].word == "it" || r.words[n].word == "його") && len(r.marks["times"]) > 0 && (r.previous == "ceasefire" || len(r.marks["subject"]) > 0) {
		return n + 1
	}
	return 0
}

// actOffensive is the act of attacks on the ground.
const actOffensive truce.Act = "offensive_movement"

// groundAttacks is attacks that name no weapon, but were beaten back or came in a direction
// of the front.
func (r *reading) groundAttacks() []trigger {
	for _, m := range r.marks["ground"] {
		beaten := slices.ContainsFunc(r.marks["beaten"], func(b mark) bool { return b.to <= m.from && m.from-b.to <= countReach })
		front := slices.ContainsFunc(r.marks["region"], func(p mark) bool {
			return p.from >= m.to && p.from-m.to <= timesReach && endsIn(r.words[p.from].word, "напрямку", "напрямках", "направлении", "sector", "direction")
		})
		t := trigger{act: actOffensive, unit: truce.UnitEngagement, from: m.from, to: m.to, at: -1, counted: -1, rule: "event.deed"}
		t.verb = isCyrillic(r.words[m.from].word) && r.isVerb(m.from) || r.words[m.from].word == "attacked"
		if (beaten || front) && !r.unsaid(t) {
			return []trigger{t}
		}
	}
	return nil
}

// targets is an attack that names no weapon but what was hit.
func (r *reading) targets(out []trigger) []trigger {
	if len(r.marks["harmless"]) > 0 {
		return out
	}
	for _, one := range []struct {
		section string
		act     truce.Act
	}{{"target_energy", truce.ActAttackEnergy}, {"target_civilian", truce.ActAttackCivilian}} {
		for _, m := range r.marks[one.section] {
			at, ok := r.strikeBefore(m)
			t := trigger{act: one.act, unit: truce.UnitSiteEvent, from: m.from, to: m.to, at: at, counted: -1, rule: "event.target"}
			if ok && !r.unsaid(t) {
				return append(out, t)
			}
		}
	}
	return out
}

// strikeBefore is the word of harm shortly before what was hit, or right behind it.
func (r *reading) strikeBefore(m mark) (int, bool) {
	for _, v := range r.marks["strike"] {
		if v.to <= m.from && m.from-v.to < strikeReach && !r.walled(v.to, m.from) {
			return v.from, true
		}
	}
	for _, v := range r.marks["strike"] {
		if gap := v.from - m.to; gap >= 0 && gap < strikeReach && slices.Contains(struck, r.words[v.from].word) && r.suffers(v.from) && !r.walled(m.to, v.from) && !r.comma(m.to, v.from) {
			return v.from, true // "three substations had been hit"
		}
	}
	return 0, false
}

// struck are the words of harm that tell of an attack where they are passive: what is damaged
// may have been so by a storm.
var struck = []string{"hit", "struck", "attacked", "targeted", "атаковано", "атаковані", "атакована", "уражено", "уражені", "уражена", "атакованы", "атакована", "поражены", "поражена"}

// attackNear is the word of attack or defence nearest to a weapon in its clause.
func (r *reading) attackNear(m mark) (at int, defended, ok bool) {
	best := attackReach + 1
	for _, section := range []string{"attack", "defend"} {
		for _, v := range r.marks[section] {
			distance := max(m.from-v.to, v.from-m.to)
			if v.from >= m.from && v.to <= m.to || distance >= best || r.aimedAt(v.to, m.from) || r.walled(min(v.from, m.from), max(v.to, m.to)) {
				continue
			}
			best, at, defended, ok = distance, v.from, section == "defend" && flies(m.key), true
		}
	}
	if with, is := r.shelling(m); is && m.from-with < best {
		return with, false, true
	}
	return at, defended, ok
}

// shelling is the verb of shelling that a weapon of another kind is the means of: "shelled
// with small arms".
func (r *reading) shelling(m mark) (at int, ok bool) {
	for _, v := range r.marks["shell"] {
		if v.key == string(truce.ActIndirectFire) && m.key != v.key && isVerbOfShelling(r.words[v.from].word) && m.from >= v.to && m.from-v.to < attackReach && !r.walled(v.to, m.from) && !r.comma(v.to, m.from) {
			return v.from, true
		}
	}
	return 0, false
}

func isVerbOfShelling(word string) bool { return word != "shelling" && word != "shells" }

// shelledWith is the verbs of shelling that tell of another weapon's act.
func (r *reading) shelledWith() map[int]bool {
	out := map[int]bool{}
	for _, m := range r.marks["weapon"] {
		if at, ok := r.shelling(m); ok && !r.covers("deed", m.from) {
			if near, _, _ := r.attackNear(m); near == at {
				out[at] = true
			}
		}
	}
	return out
}

// flies says whether a weapon is one that is shot down: what destroys guns attacks them,
// and what guns destroy they attack.
func flies(act string) bool {
	switch truce.Act(act) {
	case truce.ActOWAUAV, truce.ActFPVUAV, truce.ActMissileStrike, truce.ActAirStrike:
		return true
	}
	return false
}

// aimedAt says whether what stands behind a verb is what was attacked: "fire aimed at a
// drone".
func (r *reading) aimedAt(from, to int) bool {
	for i := from; i < to; i++ {
		if r.words[i].word == "at" || r.words[i].word == "on" {
			return true
		}
	}
	return false
}

func (r *reading) walled(from, to int) bool { return slices.Contains(r.walls[from:to], true) }

// unsaid says whether an act is denied, feared, planned, asked to end or not told of.
func (r *reading) unsaid(t trigger) bool {
	first := t.from
	if t.at >= 0 {
		first = min(first, t.at)
	}
	for _, at := range []int{t.from, first} {
		if r.before("neg", at, 3) || r.before("amount", at, 3) || r.stopped(t, at) || r.before("will", at, 4) || r.hedged(at) {
			return true
		}
	}
	last := max(t.to, t.at+1)
	for _, section := range []string{"neg", "will"} {
		if slices.ContainsFunc(r.marks[section], func(m mark) bool { return first <= m.from && m.to <= last && (m.to <= t.from || m.from >= t.to) }) {
			return true
		}
	}
	if len(r.marks["false"]) > 0 || r.harmless(t) || r.nobody(first) || r.supposed(first) || t.act == truce.ActDenyAccess && len(r.marks["observer"]) == 0 {
		return true
	}
	if slices.ContainsFunc(r.marks["deny"], func(m mark) bool { return m.from <= t.from && !r.covers("deed", m.from) && !r.covers("shell", m.from) }) {
		return true
	}
	if slices.ContainsFunc(r.marks["none"], func(m mark) bool { return m.from >= t.to && m.from-t.to < noneReach }) {
		return true
	}
	if m, ok := r.at("hedge", t.to); ok && !t.verb && m.key != "uk" {
		return true // "shelling could resume"
	}
	return slices.ContainsFunc(r.marks["condition"], func(m mark) bool { return m.to <= first && !r.comma(m.to, first) && first-m.to < 8 })
}

// stopped says whether an act is asked to end or prevented, shortly before a word. An assault
// that somebody stopped was made.
func (r *reading) stopped(t trigger, at int) bool {
	return slices.ContainsFunc(r.marks["stop"], func(m mark) bool {
		held := t.act == actOffensive && r.covers("beaten", m.from) || t.act == truce.ActDenyAccess && t.verb
		return m.to <= at && at-m.to < 4 && !held
	})
}

// harmless says whether a trigger is part of a phrase for something else: a gas explosion,
// a drone show; or stands right beside one, as in "уламки дрона".
func (r *reading) harmless(t trigger) bool {
	return slices.ContainsFunc(r.marks["harmless"], func(m mark) bool {
		return m.from < t.to+2 && t.from < m.to+4 && !r.comma(min(m.from, t.from), max(m.from, t.from))
	})
}

// nobody says whether who acts or perceives in the clause of a word is nobody.
func (r *reading) nobody(at int) bool {
	for i := at - 1; i >= 0; i-- {
		switch w := r.words[i].word; {
		case r.walls[i] || r.words[i].sign && w == ",":
			return false
		case w == "nobody", w == "neither", w == "none", w == "ніхто", w == "никто", w == "no-one":
			return true
		}
	}
	return false
}

// supposed is "Had the enemy shelled the town, ...".
func (r *reading) supposed(at int) bool {
	w := r.words[0].word
	return at > 0 && at < 8 && (w == "had" || w == "should" || w == "were") && !r.comma(0, at)
}

// hedged says whether a word of doubt stands shortly before a word.
func (r *reading) hedged(at int) bool {
	return slices.ContainsFunc(r.marks["hedge"], func(m mark) bool { return m.to <= at && at-m.to < 4 })
}

// count gives a trigger the number before it, or the times behind it. Of a target that was
// struck it is the number of targets, else that of strikes.
func (r *reading) count(t *trigger, numbers []number) {
	r.countBefore(t, t.from, numbers)
	if t.rule == "event.target" && t.count == 0 && t.at >= 0 && t.at < t.from {
		r.countBefore(t, t.at, numbers)
	}
	for _, n := range numbers {
		if m, ok := r.at("times", n.to); ok && t.count == 0 && (t.verb || t.at >= 0 || t.act == "") && abs(m.from-t.to) <= timesReach {
			t.count, t.counted = n.value, n.from
			if t.act != "" {
				t.unit = truce.UnitEngagement
			}
		}
	}
	r.frequency(t)
}

// countBefore takes the number that stands before a word.
func (r *reading) countBefore(t *trigger, what int, numbers []number) {
	for _, n := range numbers {
		if gap := what - n.to; gap >= 0 && gap <= countReach && r.bound(n.to, what) && !r.ofPeople(n) && r.ofWhat(n, what) && !r.ofMunition(n, t) && !r.byOne(n, t) {
			t.count, t.counted = n.value, n.from
		}
	}
}

// frequency gives a trigger "twice" and "тричі", where happenings are counted: of an attack by
// drones, twice, nobody knows how many there were.
func (r *reading) frequency(t *trigger) {
	for _, m := range r.marks["frequency"] {
		distance := max(m.from-max(t.to, t.at+1), min(t.from, max(t.at, 0))-m.to)
		if t.at < 0 {
			distance = max(m.from-t.to, t.from-m.to)
		}
		if t.count > 0 || flies(string(t.act)) && t.act != truce.ActAirStrike || distance > timesReach || r.walled(min(m.from, t.from), max(m.to, t.to)) {
			continue
		}
		if n, err := strconv.Atoi(m.key); err == nil {
			t.count, t.counted = n, m.from
		}
	}
}

// byOne says whether a weapon stands in the instrumental of one ("дроном"), which no other
// number can count: "поранили двох енергетиків дроном".
func (r *reading) byOne(n number, t *trigger) bool {
	word := r.words[t.to-1].word
	return n.value > 1 && t.rule == "event.weapon" && isCyrillic(word) && endsIn(word, "ом", "ем", "ою", "ею", "єю", "ой")
}

// bound says whether a number can belong to what stands behind it: no other act, actor's
// word or sign lies between.
func (r *reading) bound(from, to int) bool {
	for i := from; i < to; i++ {
		if r.words[i].sign && r.words[i].word != "-" && r.words[i].word != "\"" || r.walls[i] || r.covers("say", i) || r.covers("weapon", i) || r.covers("deed", i) {
			return false
		}
		switch r.words[i].word {
		case "and", "та", "і", "й", "и", "in", "у", "в", "на", "during", "from", "by", "with", "a", "an":
			return false
		}
	}
	return true
}

// ofPeople says whether a number counts people.
func (r *reading) ofPeople(n number) bool {
	for i := n.to; i < min(n.to+2, len(r.words)); i++ {
		if r.covers("people", i) || r.covers("casualty", i) {
			return true
		}
	}
	return false
}

// ofWhat refuses numbers of hours, days and months, and calibres.
func (r *reading) ofWhat(n number, until int) bool {
	for i := n.to; i < until; i++ {
		if r.covers("span", i) || r.covers("month", i) || r.covers("times", i) {
			return false
		}
		switch r.words[i].word {
		case "mm", "мм", "km", "км", "percent", "відсотків", "%", "settlements", "населених", "regions":
			return false
		}
	}
	return true
}

// ofMunition says whether a number counts what was fired, where happenings are counted: 40
// shells are not 40 engagements.
func (r *reading) ofMunition(n number, t *trigger) bool {
	if t.unit != truce.UnitEngagement {
		return false
	}
	for i := n.to; i < t.to; i++ {
		if r.covers("munition", i) {
			return true
		}
	}
	return false
}

// idle says whether a bare word such as "violation" tells of nothing: no number, nobody
// accused.
func (r *reading) idle(t trigger) bool {
	if t.act != "" || t.none || t.verb || t.count > 0 || t.to-t.from > 1 {
		return false
	}
	_, accused := r.accusation()
	return !accused && len(r.accused(t)) == 0
}

// oneEach keeps of triggers of one act the one with a number, or else the first; a total
// beside single acts stays.
func oneEach(list []trigger) []trigger {
	var out []trigger
	for _, t := range list {
		k := slices.IndexFunc(out, func(o trigger) bool { return o.act == t.act })
		switch {
		case k < 0:
			out = append(out, t)
		case t.count > 0 && out[k].count == 0:
			out[k] = t
		case t.count > 0 && out[k].count > 0 && t.counted != out[k].counted && !t.defended:
			if out[k].defended {
				out[k] = t
			} else {
				out = append(out, t)
			}
		}
	}
	return slices.DeleteFunc(out, func(t trigger) bool { return t.act == "" && t.count == 0 && len(out) > 1 })
}

func abs(n int) int { return max(n, -n) }

// eventClaims is the claims of one act: one for each who is accused, and one more for each
// place that has its own number behind it.
func (r *reading) eventClaims(t trigger, numbers []number, cfg *Config) []truce.Claim {
	base := r.eventBase(t, numbers)
	r.place(&base, t, cfg)
	if base.Place == nil && base.PlaceName == "" {
		base.Confidence *= trustNoPlace
	}
	accused := r.accused(t)
	if len(accused) == 0 && r.counted(t, cfg) != "" {
		accused = []string{r.counted(t, cfg)}
		base.Confidence *= trustImplied
	}
	var out []truce.Claim
	for _, key := range accused {
		c := base
		c.Accused = cfg.party(key, r)
		out = append(out, c)
	}
	if len(out) == 0 {
		out = append(out, base)
	}
	out = append(out, r.more(base, t, numbers, cfg)...)
	out = append(out, r.parts(base, t, numbers, cfg)...)
	return append(out, r.rivals(base, t, numbers, cfg)...)
}

// eventBase is the claim of an act without place and accused.
func (r *reading) eventBase(t trigger, numbers []number) truce.Claim {
	base := truce.Claim{Kind: truce.ClaimEvent, Act: t.act, Count: t.count, Unit: t.unit, Rule: t.rule, Confidence: eventConfidence[t.rule],
		Detail: r.casualties(numbers)}
	if len(r.marks["vague"]) > 0 && t.count == 0 {
		base.Confidence *= trustVague
	}
	if t.act == "" && r.speaks("org:osce") {
		base.Unit = truce.UnitSignature // the mission counts explosions, shots and bursts
	}
	return base
}

// speaks says whether somebody is named in a sentence as the first of it.
func (r *reading) speaks(key string) bool {
	return r.lead != nil && r.lead.key == key
}

func (r *reading) saysBetween(from, to int) bool {
	return slices.ContainsFunc(r.marks["say"], func(m mark) bool { return from <= m.from && m.to <= to })
}

// casualties is how many were killed and hurt; nil if the sentence does not say.
func (r *reading) casualties(numbers []number) *truce.Detail {
	sum := 0
	used := map[int]bool{}
	for _, m := range r.marks["casualty"] {
		best, taken := casualtyReach+1, -1
		for i, n := range numbers {
			if distance := max(m.from-n.to, n.from-m.to); distance < best && !used[i] && r.personal(n, m) {
				best, taken = distance, i
			}
		}
		if taken >= 0 {
			used[taken] = true
			sum += numbers[taken].value
		}
	}
	if sum == 0 {
		return nil
	}
	return &truce.Detail{Casualties: sum}
}

// personal says whether a number stands by people, or right beside the word of harm.
func (r *reading) personal(n number, m mark) bool {
	if n.to == m.from || m.to == n.from {
		return !r.covers("weapon", n.to) && !r.covers("deed", n.to)
	}
	for i := n.to; i < min(n.to+3, len(r.words)); i++ {
		if r.covers("people", i) {
			return true
		}
	}
	return false
}

// eventConfidence is, by rule, the share of what it found that was right.
var eventConfidence = map[string]float64{
	"event.violation": 0.95, "event.deed": 0.93, "event.shell": 0.95, "event.weapon": 0.92, "event.target": 0.85,
}
