package explain

import (
	"strings"

	truce "github.com/trucewatch/truce"
)

// Branch says one way in which a rule can go, as tests name it (hit, exempt claimed, act
// direct_fire, phase 2, class tube, reading A hit), in the language. A name of another
// form is given back as it stands.
func (t *Text) Branch(name string) string {
	if words, ok := t.words["branch."+strings.ReplaceAll(name, " ", "_")]; ok {
		return words
	}
	kind, of, _ := strings.Cut(name, " ")
	switch kind {
	case "act":
		return t.say("branch.of.act", "act", t.act(truce.Act(of)))
	case "phase":
		return t.say("branch.of.phase", "n", of)
	case "tier", "path", "down":
		return t.say("branch.of."+kind, "id", of)
	case "class":
		return t.say("branch.of.class", "class", t.class(truce.WeaponClass(of)))
	case "reading":
		if party, verdict, ok := strings.Cut(of, " "); ok {
			return t.say("branch.of.reading", "party", t.party(truce.PartyID(party)), "verdict", t.Branch(verdict))
		}
	}
	return name
}
