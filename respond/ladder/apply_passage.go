package ladder

import (
	"slices"

	"github.com/trucewatch/truce"
)

// findOpen is the open passage a step speaks of.
func findOpen(c *truce.Case, p truce.Passage) (int, bool) {
	n := slices.IndexFunc(c.Open, func(o truce.OpenPassage) bool {
		return o.Tier == p.Tier && o.Down == p.Down && o.To == p.To && o.Path == p.Path
	})
	return n, n >= 0
}

func passageOf(c *truce.Case, s truce.CaseStep) (int, error) {
	if s.Passage == nil {
		return 0, badStep(s, "has no passage")
	}
	n, ok := findOpen(c, *s.Passage)
	if !ok {
		return 0, badStep(s, "the passage %s was not proposed", passageName(*s.Passage))
	}
	return n, nil
}

func passageName(p truce.Passage) string {
	switch {
	case p.Down && p.To == "":
		return "to the end of the case"
	case p.Down:
		return "down to " + string(p.To)
	}
	return "into " + string(p.Tier)
}

func applyPath(c *truce.Case, s truce.CaseStep) error {
	if s.Passage == nil || s.Passage.Path == "" {
		return badStep(s, "names no path")
	}
	if onPath(c, s.Passage.Path) {
		return badStep(s, "the path %s is open already", s.Passage.Path)
	}
	c.Paths = append(c.Paths, truce.PathVisit{Path: s.Passage.Path, At: s.At, Step: s.Number})
	return nil
}

// onPath says whether a path has opened since the case last went down.
func onPath(c *truce.Case, path string) bool {
	return slices.ContainsFunc(c.Paths, func(v truce.PathVisit) bool { return v.Path == path && v.Step > c.Turned })
}

func applyProposed(c *truce.Case, s truce.CaseStep) error {
	if s.Passage == nil || len(s.Passage.Gates) == 0 {
		return badStep(s, "has no passage, or one without a gate")
	}
	if isOpen(c, *s.Passage) {
		return badStep(s, "the passage %s is proposed already", passageName(*s.Passage))
	}
	if _, stays := inForce(c, s.Passage.Tier); !s.Passage.Down && (stays || s.Passage.Tier == "") || s.Passage.Down && s.Passage.Tier != c.Tier {
		return badStep(s, "the passage %s does not begin where the case is", passageName(*s.Passage))
	}
	c.Open = append(c.Open, truce.OpenPassage{Passage: *s.Passage, At: s.At, Step: s.Number})
	return nil
}

func applySigned(c *truce.Case, s truce.CaseStep) error {
	n, err := passageOf(c, s)
	if err != nil {
		return err
	}
	p := &c.Open[n]
	if s.Deed == nil || s.Deed.Person == "" {
		return badStep(s, "nobody signed it")
	}
	if s.Passage.Gate < 1 || s.Passage.Gate > len(p.Gates) {
		return badStep(s, "the passage has no gate %d", s.Passage.Gate)
	}
	signed := truce.Signed{
		Gate: s.Passage.Gate, Office: p.Gates[s.Passage.Gate-1].Office,
		By: s.Deed.Person, For: s.Passage.For, At: s.At, Text: s.Deed.Text,
	}
	if err := gateRefuses(c, *p, signed); err != nil {
		return err
	}
	if s.Deed.Office != signed.Office {
		return badStep(s, "gate %d is signed by the %s", signed.Gate, signed.Office)
	}
	p.Signed = append(p.Signed, signed)
	slices.SortFunc(p.Signed, func(a, b truce.Signed) int { return a.Gate - b.Gate })
	return nil
}

// gateRefuses says why a gate cannot be signed so: it is signed, the person signed
// another, the other of two gates of one office was signed for the same party or state,
// or the attribution does not go far enough.
func gateRefuses(c *truce.Case, p truce.OpenPassage, by truce.Signed) error {
	for _, s := range p.Signed {
		switch {
		case s.Gate == by.Gate:
			return truce.Errorf(truce.CodeConflict, "gate %d of the passage %s was signed by %s at %s", s.Gate, passageName(p.Passage), s.By, s.At)
		case s.By == by.By:
			return truce.Errorf(truce.CodeForbidden, "%s has signed another gate of the passage %s: two gates are signed by two persons", by.By, passageName(p.Passage))
		case s.Office == by.Office && by.For != "" && s.For == by.For:
			return truce.Errorf(truce.CodeForbidden, "the other gate of the %s was signed for %s: the two are for two", by.Office, by.For)
		}
	}
	if need := p.Gates[by.Gate-1].Attribution; !attributed(c).AtLeast(need) {
		have := attributed(c)
		if have == "" {
			have = truce.AttributionNotAssessed
		}
		return truce.Errorf(truce.CodeConflict, "gate %d of the passage %s needs an attribution of at least %s; the case has %s", by.Gate, passageName(p.Passage), need, have)
	}
	return nil
}

func applyRefused(c *truce.Case, s truce.CaseStep) error {
	n, err := passageOf(c, s)
	if err != nil {
		return err
	}
	if s.Deed == nil || s.Deed.Person == "" {
		return badStep(s, "nobody refused it")
	}
	c.Refusals = append(c.Refusals, truce.Refusal{Passage: c.Open[n].Passage, By: s.Deed.Person, At: s.At, Step: s.Number, Text: s.Deed.Text})
	c.Open = slices.Delete(c.Open, n, n+1)
	return nil
}

func applyLapsed(c *truce.Case, s truce.CaseStep) error {
	n, err := passageOf(c, s)
	if err == nil {
		c.Open = slices.Delete(c.Open, n, n+1)
	}
	return err
}

// passed refuses a passage that not every gate has signed, each by another person and at
// the standard it is bound to.
func passed(c *truce.Case, s truce.CaseStep) (truce.OpenPassage, error) {
	n, err := passageOf(c, s)
	if err != nil {
		return truce.OpenPassage{}, err
	}
	p := c.Open[n]
	if len(p.Signed) != len(p.Gates) {
		return p, badStep(s, "%d of the %d gates have signed", len(p.Signed), len(p.Gates))
	}
	for i, a := range p.Signed {
		if a.Gate != i+1 || !attributed(c).AtLeast(p.Gates[i].Attribution) {
			return p, badStep(s, "gate %d is not signed, or below its standard of attribution", i+1)
		}
		for _, b := range p.Signed[:i] {
			if a.By == b.By {
				return p, badStep(s, "%s signed two gates", a.By)
			}
		}
	}
	c.Open = slices.Delete(c.Open, n, n+1)
	return p, nil
}

func applyEntered(c *truce.Case, s truce.CaseStep) error {
	if s.Passage == nil || s.Passage.Down {
		return badStep(s, "has no passage up")
	}
	p, err := passed(c, s)
	if err != nil {
		return err
	}
	c.Tiers = append(c.Tiers, truce.TierVisit{
		Tier: p.Tier, Rank: p.Rank, Step: s.Number, Path: p.Path, Entered: s.At, Because: p.Because, Signed: p.Signed,
	})
	if c.Tier == "" || p.Rank > c.Summary.Rank {
		c.Tier = p.Tier
	}
	return nil
}

// applyFounded keeps whether what a tier in force or a path rests on holds.
func applyFounded(c *truce.Case, s truce.CaseStep) error {
	if s.Passage == nil || s.Passage.Tier == "" && s.Passage.Path == "" {
		return badStep(s, "names no tier and no path")
	}
	since := restsOn(c, *s.Passage)
	if since == nil || (*since == 0) != (s.Kind == truce.StepUnfounded) {
		return badStep(s, "the case is not there, or it was said before")
	}
	if *since = 0; s.Kind == truce.StepUnfounded {
		*since = s.Number
	}
	return nil
}

// restsOn is where a case keeps since when a tier in force, or a path, is unfounded.
func restsOn(c *truce.Case, p truce.Passage) *int {
	for n := range c.Tiers {
		if v := &c.Tiers[n]; p.Tier != "" && v.Tier == p.Tier && v.Left == 0 {
			return &v.Unfounded
		}
	}
	for n := range c.Paths {
		if v := &c.Paths[n]; p.Tier == "" && v.Path == p.Path && v.Step > c.Turned {
			return &v.Unfounded
		}
	}
	return nil
}

func applyLeft(c *truce.Case, s truce.CaseStep) error {
	if s.Passage == nil || !s.Passage.Down || s.Passage.To == "" {
		return badStep(s, "has no passage down")
	}
	p, err := passed(c, s)
	if err != nil {
		return err
	}
	for n := range c.Tiers {
		if v := &c.Tiers[n]; v.Left == 0 && v.Rank > p.Rank {
			v.Left = s.At
		}
	}
	c.Tier, c.Turned = p.To, s.Number
	return nil
}

// applyClosed ends a case: by a passage that was signed; before any tier by a person who
// says why; and by itself only where it was about not seeing and all is seen again.
func applyClosed(c *truce.Case, s truce.CaseStep) error {
	switch {
	case s.Passage != nil:
		if !s.Passage.Down || s.Passage.To != "" {
			return badStep(s, "its passage does not lead to the end")
		}
		if _, err := passed(c, s); err != nil {
			return err
		}
	case c.Tier != "":
		return badStep(s, "the case is in %s: it closes by a passage that is signed", c.Tier)
	case s.Deed == nil && !(ownBlind(c) && cleared(c)):
		return badStep(s, "nobody closed it")
	}
	for n := range c.Tiers {
		if c.Tiers[n].Left == 0 {
			c.Tiers[n].Left = s.At
		}
	}
	c.State, c.Closed, c.Tier, c.Open, c.Turned = truce.CaseClosed, s.At, "", nil, s.Number
	return nil
}

func applyReopened(c *truce.Case, s truce.CaseStep) error {
	if c.State != truce.CaseClosed || s.Deed == nil {
		return badStep(s, "the case is not closed, or nobody reopened it")
	}
	c.State, c.Closed, c.Added, c.Reopened = truce.CaseOpen, 0, s.Number, s.Number
	return nil
}
