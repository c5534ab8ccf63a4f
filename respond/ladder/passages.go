package ladder

import "github.com/trucewatch/truce"

// wish is a passage the terms foresee from where a case stands, and when they do.
type wish struct {
	passage truce.Passage
	when    spans
	grounds func(at truce.Instant) []truce.Ground
}

// wishes are the passages that may be proposed: the next tier, those of paths, and the
// way down. What is open already, or was refused and has no new ground, is not.
func (m Machine) wishes(f facts) []wish {
	var out []wish
	add := func(p truce.Passage) {
		if !isOpen(f.c, p) && !blocked(f.c, p) {
			out = append(out, m.wishOf(f, p))
		}
	}
	rank := m.Terms.Rank(f.c.Tier)
	for _, p := range m.Terms.Paths {
		if p.Own != (f.c.Opening.Path == p.ID) {
			continue
		}
		for _, id := range p.Tiers {
			if m.Terms.Rank(id) > rank {
				add(truce.Passage{Tier: id, Path: p.ID})
			}
		}
	}
	if rank < len(m.Terms.Tiers) {
		add(truce.Passage{Tier: m.Terms.Tiers[rank].ID})
	}
	if cleared(f.c) {
		add(truce.Passage{Tier: f.c.Tier, Down: true})
	} else if d, ok := m.descent(f.c.Tier); ok {
		add(truce.Passage{Tier: d.From, Down: true, To: d.To})
	}
	return out
}

// isOpen says whether people are asked for a passage already; two ways into one tier are one.
func isOpen(c *truce.Case, p truce.Passage) bool {
	for _, o := range c.Open {
		if o.Tier == p.Tier && o.Down == p.Down {
			return true
		}
	}
	return false
}

// blocked says whether a passage up was refused, or its tier left, and nothing has been
// added to what the case rests on since; and a closing that was refused, and nothing taken.
func blocked(c *truce.Case, p truce.Passage) bool {
	barrier, ground := c.Turned, c.Added
	if p.Down {
		if p.To != "" || !cleared(c) {
			return false // quietFrom counts from the refusal
		}
		barrier, ground = 0, c.Doubt
	}
	for _, no := range c.Refusals {
		if no.Tier == p.Tier && no.Down == p.Down {
			barrier = max(barrier, no.Step)
		}
	}
	return barrier > 0 && ground <= barrier
}

// wishOf works out a passage from its name: its gates, its rank and when its terms hold.
func (m Machine) wishOf(f facts, p truce.Passage) wish {
	if p.Down {
		return m.wishDown(f, p)
	}
	tier, _ := m.Terms.Tier(p.Tier)
	enter := m.entry(tier, p.Path)
	w := wish{
		passage: truce.Passage{Tier: p.Tier, Path: p.Path, Rank: m.Terms.Rank(p.Tier), Gates: tier.Gates},
		grounds: func(at truce.Instant) []truce.Ground { return f.grounds(enter, at) },
	}
	if !cleared(f.c) {
		w.when = f.when(enter)
	}
	return w
}

func (m Machine) descent(tier truce.TierID) (truce.Descent, bool) {
	for _, d := range m.Terms.Down {
		if d.From == tier {
			return d, true
		}
	}
	return truce.Descent{}, false
}

// wishDown is the way down: at once to the end when nothing stands any more, else after
// the quiet the terms ask for. From a tier that has no way down people may ask for the end.
func (m Machine) wishDown(f facts, p truce.Passage) wish {
	c := f.c
	d, ok := m.descent(p.Tier)
	switch {
	case cleared(c) && p.To == "":
		return m.wishCleared(c, p.Tier)
	case cleared(c) || ok && d.To != p.To || !ok && p.To != "":
		return wish{}
	case !ok:
		return m.wishEnd(p.Tier, truce.Ground{Kind: truce.GroundAsked})
	}
	w := wish{passage: truce.Passage{Tier: d.From, Down: true, To: d.To, Rank: m.Terms.Rank(d.To), Gates: d.Gates}}
	verified, all := remedied(c)
	quiet, begun := quietFrom(c)
	if begun && (all || !d.Remedy) {
		w.when = since(later(quiet, d.Quiet))
	}
	w.grounds = func(truce.Instant) []truce.Ground {
		out := []truce.Ground{{Kind: truce.GroundQuiet, Want: int64(d.Quiet)}}
		if verified > 0 {
			out = append(out, truce.Ground{Kind: truce.GroundRemedied, Have: int64(verified)})
		}
		return out
	}
	return w
}

func (m Machine) wishCleared(c *truce.Case, tier truce.TierID) wish {
	if ownBlind(c) {
		return m.wishEnd(tier, truce.Ground{Kind: truce.GroundSight})
	}
	return m.wishEnd(tier, truce.Ground{Kind: truce.GroundCleared, Have: int64(len(c.Incidents))})
}

// wishEnd is the end of a case at any time, on one ground.
func (m Machine) wishEnd(tier truce.TierID, ground truce.Ground) wish {
	return wish{
		passage: truce.Passage{Tier: tier, Down: true, Gates: m.closingGates(tier)}, when: allTime(),
		grounds: func(truce.Instant) []truce.Ground { return []truce.Ground{ground} },
	}
}

// remedied counts the remedies that were verified, and says whether all that were asked are.
func remedied(c *truce.Case) (verified int, all bool) {
	for _, r := range c.Remedies {
		if r.State == truce.RemedyVerified {
			verified++
		}
	}
	return verified, verified == len(c.Remedies)
}

// closingGates are who signs the end of a case on which nothing rests any more: those of
// the way down from its tier, else those of the tier, else those of the first tier.
func (m Machine) closingGates(tier truce.TierID) []truce.Gate {
	if d, ok := m.descent(tier); ok {
		return withoutLevel(d.Gates)
	}
	if t, ok := m.Terms.Tier(tier); ok {
		return withoutLevel(t.Gates)
	}
	return withoutLevel(m.Terms.Tiers[0].Gates)
}

// withoutLevel drops the standards of attribution: what did not happen has no author.
func withoutLevel(gates []truce.Gate) []truce.Gate {
	out := make([]truce.Gate, len(gates))
	for n, g := range gates {
		out[n] = truce.Gate{Office: g.Office}
	}
	return out
}
