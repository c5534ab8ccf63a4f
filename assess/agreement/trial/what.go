package trial

import (
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// phrases are the words people use for what was seen, and the acts they stand for. Every
// act of the vocabulary may be written by its own name as well.
var phrases = []struct {
	words string
	act   truce.Act
}{
	{"explosion", truce.ActExplosion}, {"burst", truce.ActBurst}, {"single shot", truce.ActSingleShot}, {"sniper fire", truce.ActSniper},
	{"crater", truce.ActCrater}, {"heat", truce.ActHeat}, {"damage seen", truce.ActDamage},
	{"drone heard", truce.ActUAVHeard}, {"drone flight", "recon_uav"}, {"armed drone", "armed_uav"}, {"drone strike", truce.ActOWAUAV},
	{"aircraft", "military_aircraft"}, {"air strike", truce.ActAirStrike}, {"missile strike", truce.ActMissileStrike},
	{"sighting", "weapon_inside_distance"}, {"presence", truce.ActPresenceInZone}, {"outside store", "weapon_outside_store"},
	{"inspection", "holding_mismatch"}, {"seal broken", "seal_broken"},
	{"movement", "rotation_unnotified"}, {"convoy", "convoy_unnotified"}, {"exercise", "exercise_unnotified"},
	{"advance", "offensive_movement"}, {"new trench", truce.ActNewTrench}, {"new position", truce.ActNewPosition}, {"mines laid", "mine_laying"},
	{"access denied", truce.ActDenyAccess}, {"access delayed", "delay_access"}, {"access conditional", "conditional_access"},
	{"jamming", truce.ActJamGNSS}, {"fire at monitors", "fire_at_monitor"},
	{"controlled explosion", truce.ActControlledExplos}, {"claim of return fire", truce.ActReturnFire},
	{"notice due", "failure_to_notify"}, {"answer due", "failure_to_acknowledge"}, {"discipline due", "no_disciplinary_notice"},
	{"boarding", "boarding"}, {"ship attacked", "attack_merchant"}, {"warship", "naval_beyond_limit"},
}

// happening is what a line says happened. A round seen to fall or to leave is fire of a
// kind that the weapon tells, so it is settled when the whole line is read.
type happening struct {
	acts []truce.ActWeight
	shot bool // impact or outgoing
	at   int  // the word it stands at
}

// what reads an act, several with probabilities, or a phrase.
func (p *parser) what(w *words) happening {
	at := w.next
	if w.peek() == "explosion" && (w.after() == "impact" || w.after() == "outgoing") {
		w.take("explosion")
		w.take("impact or outgoing")
		return happening{shot: true, at: at}
	}
	if act, ok := phrase(w); ok {
		return happening{acts: []truce.ActWeight{{Act: act, P: 1}}, at: at}
	}
	h := happening{at: at}
	for truce.Act(w.peek()).Known() {
		one := truce.ActWeight{Act: truce.Act(w.take("an act")), P: 1}
		if v, ok := probabilityOf(w.peek()); ok && !isObject(w.after()) {
			w.take("a probability")
			one.P = truce.Probability(v)
		}
		h.acts = append(h.acts, one)
	}
	if len(h.acts) == 0 {
		w.fail("%q: want what happened, an act such as indirect_fire or words such as \"explosion impact\"%s", cut(w.peek()), hint(w.peek(), p.options()))
	}
	return h
}

// phrase takes the longest phrase that stands next.
func phrase(w *words) (truce.Act, bool) {
	best, most := truce.Act(""), 0
	next := w.peek()
	for _, ph := range phrases {
		if !strings.HasPrefix(ph.words, next) {
			continue // most of them: lines are many
		}
		parts := strings.Fields(ph.words)
		if len(parts) > most && w.follows(parts) {
			best, most = ph.act, len(parts)
		}
	}
	w.next += most
	return best, most > 0
}

// follows says whether the words stand next.
func (w *words) follows(parts []string) bool {
	if w.err != nil || w.next+len(parts) > len(w.list) {
		return false
	}
	for i, part := range parts {
		if t := w.list[w.next+i]; t.Quoted || t.Text != part {
			return false
		}
	}
	return true
}

// begins are the words that a line about the response ladder begins with.
var begins = []string{"verified", "refuted", "unverifiable", "explained", "attributed", "attribution", "blind", "line", "pause", "resume", "remedy", "T0", "expect"}

// options are the words that may stand after a time.
func (p *parser) options() []string {
	var out []string
	if p.test != nil && p.terms.Ladder != nil {
		out = append(p.actors(), begins...)
	}
	for _, ph := range phrases {
		out = append(out, ph.words)
	}
	for _, g := range truce.ActGroups() {
		for _, act := range g.Acts() {
			out = append(out, string(act))
		}
	}
	return out
}

// settle gives the incident its acts, and checks that they can be.
func (h happening) settle(w *words, in *truce.Incident, terms *agreement.Agreement) {
	if h.shot {
		h.acts = shotActs(in.Detail.Weapons, terms)
	}
	if total := together(h.acts); total > 1+1e-9 {
		w.failAt(h.at, "the probabilities of the acts sum to %.2f, over 1: give each its own", total)
	}
	in.Acts = h.acts
}

// together is how probable acts are of which one happened. The means (an act of fire) and
// the target (an attack on a protected object or ship) are of one happening and do not
// compete, so the larger of the two counts.
func together(acts []truce.ActWeight) truce.Probability {
	var means, targets, others truce.Probability
	for _, a := range acts {
		switch a.Act.Group() {
		case truce.GroupFire:
			means += a.P
		case truce.GroupProtected, truce.GroupMaritime:
			targets += a.P
		default:
			others += a.P
		}
	}
	return max(means, targets) + others
}

// fireOf is the act of fire of a weapon type; a calibre alone is a gun or mortar.
var fireOf = map[string]truce.Act{
	"small_arms": truce.ActDirectFire, "tank": truce.ActDirectFire, "ifv_apc": truce.ActDirectFire, "aa_gun": truce.ActDirectFire,
	"missile": truce.ActMissileStrike, "aircraft": truce.ActAirStrike, "helicopter": truce.ActAirStrike, "uav": truce.ActOWAUAV,
}

// shotActs are the acts of fire that the weapons tell: indirect fire unless the type
// says otherwise.
func shotActs(weapons []truce.Weapon, terms *agreement.Agreement) []truce.ActWeight {
	if len(weapons) == 0 {
		return []truce.ActWeight{{Act: truce.ActIndirectFire, P: 1}}
	}
	var out []truce.ActWeight
	rest := truce.Probability(1)
	add := func(act truce.Act, p truce.Probability) {
		rest -= p
		if i := slices.IndexFunc(out, func(a truce.ActWeight) bool { return a.Act == act }); i >= 0 {
			out[i].P += p
			return
		}
		out = append(out, truce.ActWeight{Act: act, P: p})
	}
	for _, one := range weapons {
		act, ok := fireOf[typeOf(one, terms)]
		if !ok {
			act = truce.ActIndirectFire
		}
		add(act, one.P)
	}
	if rest > 1e-9 {
		add(truce.ActIndirectFire, rest)
	}
	return out
}

// typeOf is a weapon's type, or the only type of its class.
func typeOf(one truce.Weapon, terms *agreement.Agreement) string {
	if one.Type != "" {
		return one.Type
	}
	for _, node := range terms.Weapons {
		if node.ID == one.Class && len(node.Types) == 1 {
			return node.Types[0]
		}
	}
	return ""
}
