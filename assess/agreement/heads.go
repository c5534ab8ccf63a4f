package agreement

import (
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
)

// report writes the heads under which a rule tells a finding apart, beside its verdict:
// what a limit let stand and is in no store, what a store could not show.
func (l *look) report(f *truce.Finding, p *plan) {
	if len(p.Reports) == 0 || l.happened.lo < p.PMin {
		return
	}
	heads := l.limitHeads
	if p.Require != nil {
		heads = l.storeHeads
	}
	for _, head := range heads(f, p) {
		if slices.Contains(p.Reports, head) {
			f.Reported = append(f.Reported, string(head))
		}
	}
	if f.Reported != nil && !l.quiet {
		l.say(f, "reported by "+string(p.ID)+" under "+strings.Join(f.Reported, ", ")+counted(f))
	}
}

func counted(f *truce.Finding) string {
	if f.Verdict == truce.VerdictHit {
		return ""
	}
	return ", which counts nothing"
}

// limitHeads are the heads of a limit. Of a weapon beyond the distance its class and the
// day have to be as sure as for a hit, and that it stands in no store.
func (l *look) limitHeads(f *truce.Finding, p *plan) []Head {
	switch {
	case f.Verdict == truce.VerdictHit:
		return []Head{HeadInside}
	case l.timeFactor(p).lo < p.PMin:
		return nil
	case l.uncounted(p):
		return []Head{HeadMissing}
	case f.Verdict == truce.VerdictOutside && l.beyondDistance(p) && l.outsideStore(p):
		return []Head{HeadOutsideStore}
	}
	return nil
}

// uncounted says whether what a store declared of the rule's weapons is missing or could
// not be counted.
func (l *look) uncounted(p *plan) bool {
	h := l.detail.Holding
	if h == nil || h.Missing()+h.NotVerified == 0 || h.Class == "" {
		return false
	}
	return p.matchWeapon(l.g.weapons, truce.Weapon{Class: h.Class, P: 1}) == matchYes
}

// beyondDistance says whether a weapon of the rule was seen, and nearer to no line than
// allowed.
func (l *look) beyondDistance(p *plan) bool {
	seen := l.actFactor(p).lo >= p.PMin && l.pos
	return seen && (len(p.weapons) == 0 || l.weaponFactor(p).lo >= p.PMin) && l.placeFactor(p).hi < p.POut
}

// outsideStore says whether a weapon stands in no store: because that is what was seen, or
// because it is on the ground of none of the stores that the agreement lists.
func (l *look) outsideStore(p *plan) bool {
	if slices.Contains(p.UnlessState, l.detail.State) {
		return false
	}
	if l.incident.Act() == "weapon_outside_store" {
		return true
	}
	store := func(i int) bool { return l.g.sites[i].Kind == SiteStorage }
	stores := slices.ContainsFunc(l.g.sites, func(s site) bool { return s.Kind == SiteStorage })
	return stores && l.onSites(store).hi < p.POut
}

// storeHeads are the heads of a store that is not as it should be.
func (l *look) storeHeads(f *truce.Finding, p *plan) []Head {
	duty, h := p.Require.Holdings, l.detail.Holding
	if duty == nil || f.Verdict != truce.VerdictHit && f.Verdict != truce.VerdictIndeterminate {
		return nil
	}
	var out []Head
	if duty.Equal && h != nil && h.Missing() > 0 {
		out = append(out, HeadAbsent)
	}
	if duty.Equal && h != nil && h.NotVerified > 0 {
		out = append(out, HeadUnverified)
	}
	late, _ := l.inspectedLate(duty)
	if broken := l.incident.Act() == "seal_broken" && duty.SealIntact; broken || late.lo >= p.PMin {
		out = append(out, HeadContinuity)
	}
	return out
}
