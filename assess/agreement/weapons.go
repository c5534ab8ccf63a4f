package agreement

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
)

// matching is how a weapon stands to a class or a rule.
type matching int

const (
	matchNo   matching = iota
	matchOpen          // it may be one: what decides is not known
	matchYes
)

// and is the match of both, or the match of either.
func (m matching) and(n matching) matching { return min(m, n) }
func (m matching) or(n matching) matching  { return max(m, n) }

// arsenal is the agreement's tree of weapon classes.
type arsenal struct {
	nodes []WeaponNode
	up    []int      // the parent's place in nodes, -1 for a root
	types [][]string // its own, or its parent's; nil: none are told
	below [][]int    // the lowest classes below each; of a lowest class none
}

func newArsenal(nodes []WeaponNode) *arsenal {
	a := &arsenal{nodes: nodes, up: make([]int, len(nodes)), types: make([][]string, len(nodes)), below: make([][]int, len(nodes))}
	parent := make([]bool, len(nodes))
	for i, n := range nodes {
		if a.up[i] = a.find(n.Parent); a.up[i] >= 0 {
			parent[a.up[i]] = true
		}
	}
	for i := range nodes {
		for j, steps := a.up[i], 0; !parent[i] && j >= 0 && steps <= len(nodes); j, steps = a.up[j], steps+1 {
			a.below[j] = append(a.below[j], i)
		}
		for j, steps := i, 0; j >= 0 && steps <= len(nodes) && a.types[i] == nil; j, steps = a.up[j], steps+1 {
			a.types[i] = a.nodes[j].Types
		}
	}
	return a
}

// find is a class's place, -1 for one that the tree does not have.
func (a *arsenal) find(class truce.WeaponClass) int {
	if class == "" {
		return -1
	}
	return slices.IndexFunc(a.nodes, func(n WeaponNode) bool { return n.ID == class })
}

// under says whether a class is another or lies below it.
func (a *arsenal) under(i, above int) bool {
	for steps := 0; i >= 0 && steps <= len(a.nodes); i, steps = a.up[i], steps+1 {
		if i == above {
			return true
		}
	}
	return false
}

// trait is what is known of one weapon: its class's place in the tree, the types it may
// be of (nil: not known) and the calibres it may have.
type trait struct {
	class   int
	types   []string
	calibre Range
	sized   bool // the calibre is known, at least to a range
}

// traitOf reads one alternative. What the sources leave open its class tells.
func (a *arsenal) traitOf(w truce.Weapon) trait {
	t := trait{class: a.find(w.Class)}
	if t.class >= 0 {
		t.types = a.types[t.class]
		if t.types == nil {
			t.types = []string{string(w.Class)}
		}
		t.calibre = a.nodes[t.class].CalibreMM
		t.sized = t.calibre != Range{}
	}
	if w.Type != "" {
		t.types = []string{w.Type}
	}
	if w.CalibreMM > 0 {
		t.calibre, t.sized = Range{w.CalibreMM, w.CalibreMM}, true
	}
	return t
}

// ofTypes compares what a weapon may be with the types asked for; none asked: all.
func (t *trait) ofTypes(types []string) matching {
	if len(types) == 0 {
		return matchYes
	}
	if t.types == nil {
		return matchOpen
	}
	inside := 0
	for _, own := range t.types {
		if slices.Contains(types, own) {
			inside++
		}
	}
	switch inside {
	case 0:
		return matchNo
	case len(t.types):
		return matchYes
	}
	return matchOpen
}

// ofCalibre compares what a weapon may have with the calibres asked for.
func (t *trait) ofCalibre(r Range) matching {
	if r == (Range{}) {
		return matchYes
	}
	if !t.sized {
		return matchOpen
	}
	lo, hi := t.calibre.Min, t.calibre.Max
	switch {
	case lo >= r.Min && (r.Max == 0 || hi != 0 && hi <= r.Max):
		return matchYes
	case hi != 0 && hi < r.Min || r.Max != 0 && lo > r.Max:
		return matchNo
	}
	return matchOpen
}

// ofClass compares a weapon with a class: by the tree first, then by the class's own
// criteria. So a 120 mm mortar is a mortar by type and an artillery piece of 100 mm or
// more by calibre, while a tank, which is of no type of gun artillery, is classed by its
// type alone. A class without criteria of its own is a matter of the name and of the
// classes below it.
func (a *arsenal) ofClass(t *trait, class int) matching {
	n := &a.nodes[class]
	if t.class >= 0 && a.under(t.class, class) {
		return matchYes
	}
	above := t.class >= 0 && a.under(class, t.class)
	defined := a.defined(class)
	criteria := t.ofTypes(a.types[class]).and(t.ofCalibre(n.CalibreMM))
	switch {
	case above:
		if criteria == matchNo {
			return matchNo
		}
		if defined && n.RangeKM == (Range{}) {
			return criteria
		}
		return matchOpen
	case t.class >= 0 && !defined:
		return a.ofBelow(t, class)
	case !defined && a.types[class] == nil:
		return t.ofTypes([]string{string(n.ID)}).or(a.ofBelow(t, class))
	case !defined || n.RangeKM != (Range{}):
		return criteria.and(matchOpen)
	}
	return criteria
}

// ofBelow compares a weapon with the classes below one that has no criteria of its own: it
// is whatever they are, so a howitzer of 152 mm is a heavy weapon where artillery of 100 mm
// or more is one.
func (a *arsenal) ofBelow(t *trait, class int) matching {
	best := matchNo
	for i := range a.nodes {
		if i != class && a.defined(i) && a.under(i, class) {
			best = best.or(a.ofClass(t, i))
		}
	}
	return best
}

// matcher is a WeaponMatch over a tree.
type matcher struct {
	WeaponMatch
	arsenal *arsenal
	classes []int
	words   string
}

func (a *arsenal) matcher(m WeaponMatch) matcher {
	out := matcher{WeaponMatch: m, arsenal: a, words: weaponWords(m)}
	for _, c := range m.Classes {
		if i := a.find(c); i >= 0 {
			out.classes = append(out.classes, i)
		}
	}
	return out
}

// all says whether every weapon matches.
func (m matcher) all() bool {
	return len(m.Classes) == 0 && len(m.Types) == 0 && m.CalibreMM == Range{}
}

func weaponWords(m WeaponMatch) string {
	parts := options(m.Classes...)
	if len(m.Types) > 0 {
		parts = append(parts, strings.Join(m.Types, ", "))
	}
	if r := m.CalibreMM; r != (Range{}) {
		parts = append(parts, "calibre "+rangeWords(r, "mm"))
	}
	return strings.Join(parts, ", ")
}

func rangeWords(r Range, unit string) string {
	switch {
	case r.Max == 0:
		return fmt.Sprintf("%g %s or more", r.Min, unit)
	case r.Min == 0:
		return fmt.Sprintf("up to %g %s", r.Max, unit)
	}
	return fmt.Sprintf("%g to %g %s", r.Min, r.Max, unit)
}

// match compares a weapon with what the rule speaks of.
func (m *matcher) match(t *trait) matching {
	narrow := t.ofTypes(m.Types).and(t.ofCalibre(m.CalibreMM))
	if len(m.Classes) == 0 || narrow == matchNo {
		return narrow
	}
	best := matchNo
	for _, class := range m.classes {
		best = best.or(m.arsenal.ofClass(t, class))
	}
	if best == matchOpen && m.covers(t) {
		best = matchYes
	}
	return best.and(narrow)
}

// covers says whether every class that the weapon may still be of is one of the rule's:
// of tube artillery of unknown calibre both classes may be named.
func (m *matcher) covers(t *trait) bool {
	lowest := m.arsenal.lowest(t)
	var calibres []Range
	for _, i := range lowest {
		calibres = append(calibres, m.arsenal.nodes[i].CalibreMM)
		if !slices.ContainsFunc(m.classes, func(c int) bool { return m.arsenal.under(i, c) }) {
			return false
		}
	}
	return len(calibres) > 0 && gapless(t.calibre, calibres)
}

// lowest are the lowest classes that a weapon may be of. They are taken for all there is,
// but only where their calibres leave no gap: a tree that names heavy artillery alone does
// not make every gun a heavy one, so there the class above, with all that no lower class
// holds, is one of them. A class without criteria of its own holds what the classes below
// it hold and, where the sources name it, whatever they mean by it.
func (a *arsenal) lowest(t *trait) []int {
	var out []int
	for i := range a.nodes {
		if t.class >= 0 && !a.under(i, t.class) || a.ofClass(t, i) == matchNo {
			continue
		}
		if len(a.below[i]) == 0 || (i == t.class || a.defined(i)) && !a.filled(t, i) {
			out = append(out, i)
		}
	}
	return out
}

// defined says whether a class has criteria of its own.
func (a *arsenal) defined(class int) bool {
	n := &a.nodes[class]
	return len(n.Types) > 0 || n.CalibreMM != Range{}
}

// filled says whether the lowest classes below a class hold every calibre of it that the
// weapon may have.
func (a *arsenal) filled(t *trait, class int) bool {
	of := a.nodes[class].CalibreMM
	of.Min = max(of.Min, t.calibre.Min)
	if most := t.calibre.Max; most != 0 && (of.Max == 0 || most < of.Max) {
		of.Max = most
	}
	var calibres []Range
	for _, i := range a.below[class] {
		if a.ofClass(t, i) != matchNo {
			calibres = append(calibres, a.nodes[i].CalibreMM)
		}
	}
	return gapless(of, calibres)
}

// calibreStep is the least difference of two calibres, mm: up to 99 and 100 or more leave
// no gap.
const calibreStep = 1

// gapless says whether ranges together hold every calibre of one; a Max of 0 is no bound.
func gapless(of Range, ranges []Range) bool {
	slices.SortFunc(ranges, func(a, b Range) int { return cmp.Compare(a.Min, b.Min) })
	reached := of.Min
	for _, r := range ranges {
		if r.Min > reached+calibreStep {
			return false
		}
		if r.Max == 0 {
			return true
		}
		reached = max(reached, r.Max)
	}
	return of.Max != 0 && reached >= of.Max
}

// weaponFactor is the probability that the weapon is one the rule speaks of: at least
// what surely is, at most also what may be, with whatever the alternatives leave open.
func (l *look) weaponFactor(p *plan) factor {
	f := factor{span: span{0, 1}, reason: truce.ReasonClass}
	switch asObject := p.Limit != nil && p.Limit.Object != ""; {
	case len(l.detail.Weapons) == 0 && asObject && p.Weapon == nil:
		f.span = certain
		return l.saying(f, "%s: none is named by class; the act says what it is", p.Limit.Object)
	case len(l.detail.Weapons) == 0:
		return l.saying(f, "weapon: not known; %s speaks of %s", p.ID, p.weaponsText())
	case asObject:
		f.span = l.carried(p)
	default:
		f.span = l.weaponSpan(p)
	}
	if l.quiet {
		return f
	}
	return l.saying(f, "weapon: %s; one that %s speaks of (%s) with %s", weaponList(l.detail.Weapons), p.ID, p.weaponsText(), f.span)
}

// carried is the weapon condition where a limit speaks of vessels or aircraft of a class: a
// merchant in military use is no naval vessel, and counts as one.
func (l *look) carried(p *plan) span {
	of := l.weaponSpan(p)
	return l.perAct(p, func(act truce.Act) span {
		if act == "military_use_of_merchant" {
			return certain
		}
		return of
	})
}

func (l *look) weaponSpan(p *plan) span {
	sure, may, total := 0.0, 0.0, 0.0
	for _, w := range l.detail.Weapons {
		weight := held(float64(w.P))
		total += weight
		switch p.matchWeapon(l.g.weapons, w) {
		case matchYes:
			sure += weight
		case matchOpen:
			may += weight
		}
	}
	if total > 1 {
		sure, may, total = sure/total, may/total, 1
	}
	return span{quantise(sure), quantise(min(1, sure+may+1-total))}
}

// matchWeapon compares one alternative with everything the rule says of weapons.
func (p *plan) matchWeapon(a *arsenal, w truce.Weapon) matching {
	t := a.traitOf(w)
	m := matchYes
	for i := range p.weapons {
		m = m.and(p.weapons[i].match(&t))
	}
	return m
}

func (p *plan) weaponsText() string {
	var parts []string
	for _, m := range p.weapons {
		parts = append(parts, m.words)
	}
	return strings.Join(parts, "; ")
}

func weaponList(list []truce.Weapon) string {
	var parts []string
	for _, w := range list {
		parts = append(parts, fmt.Sprintf("%s %s", weaponText(w), number(held(float64(w.P)))))
	}
	return strings.Join(parts, ", ")
}

func weaponText(w truce.Weapon) string {
	words := strings.TrimSpace(string(w.Class) + " " + w.Type)
	if w.CalibreMM > 0 {
		return strings.TrimSpace(fmt.Sprintf("%s %g mm", words, w.CalibreMM))
	}
	if words == "" {
		return "unknown"
	}
	return words + ", calibre not known"
}
