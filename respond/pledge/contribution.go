package pledge

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"sync"

	"github.com/trucewatch/truce"
)

// To whom contributions go.
const (
	ToMechanism = "mechanism"
	ToForce     = "force"
)

var capabilityForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
})

// Amounts is a contribution by state. What is in place was pledged and approved too.
type Amounts struct {
	Pledged, Approved, InPlace, Capable, Withdrawn float64
}

func (a *Amounts) of(s truce.ContributionState) *float64 {
	switch s {
	case truce.ContributionPledged:
		return &a.Pledged
	case truce.ContributionApproved:
		return &a.Approved
	case truce.ContributionInPlace:
		return &a.InPlace
	case truce.ContributionCapable:
		return &a.Capable
	case truce.ContributionWithdrawn:
		return &a.Withdrawn
	}
	return nil
}

func (a *Amounts) add(b Amounts) {
	a.Pledged += b.Pledged
	a.Approved += b.Approved
	a.InPlace += b.InPlace
	a.Capable += b.Capable
	a.Withdrawn += b.Withdrawn
}

// AmountsOn is a contribution as it stood at the end of a day; "" is now. Each step sets
// how much has reached a state by then; what was withdrawn counts nowhere else.
func AmountsOn(c truce.Contribution, day truce.Day) Amounts {
	var a Amounts
	for _, s := range c.Steps {
		if day == "" || s.Day <= day {
			*a.of(s.State) = s.Quantity
		}
	}
	left := math.Max(a.Pledged-a.Withdrawn, 0)
	a.Pledged, a.Approved, a.InPlace = left, math.Min(a.Approved, left), math.Min(a.InPlace, left)
	a.Capable = math.Min(a.Capable, a.InPlace)
	return a
}

// ValidateContribution refuses one whose steps could not have happened.
func ValidateContribution(c truce.Contribution) error {
	what := "contribution " + c.ID
	if err := checkID("contribution", c.ID); err != nil {
		return err
	}
	if err := checkState(what, c.State); err != nil {
		return err
	}
	switch {
	case c.To != ToMechanism && c.To != ToForce:
		return truce.Errorf(truce.CodeInvalid, "%s: goes to %.40q; write mechanism or force", what, c.To)
	case !capabilityForm().MatchString(c.Capability):
		return truce.Errorf(truce.CodeInvalid, "%s: capability %.60q: write small letters, digits and _, e.g. uav_long_range", what, c.Capability)
	case len(c.Steps) == 0 || len(c.Steps) > MaxSteps:
		return truce.Errorf(truce.CodeInvalid, "%s: needs 1 to %d steps", what, MaxSteps)
	}
	if err := checkUnit(what, Unit(c.Unit)); err != nil {
		return err
	}
	if err := checkPeriod(what, c.Period); err != nil {
		return err
	}
	var sofar Amounts
	day := truce.Day("")
	for _, s := range c.Steps {
		if err := checkContributionStep(what, &sofar, day, s); err != nil {
			return err
		}
		day = s.Day
	}
	for _, h := range c.Hours {
		if err := checkDay(what+": capable hours", h.Day); err != nil {
			return err
		}
		if !(h.Hours >= 0) || math.IsInf(h.Hours, 0) {
			return truce.Errorf(truce.CodeInvalid, "%s: capable hours on %s are %v, want 0 or more", what, h.Day, h.Hours)
		}
	}
	return nil
}

func checkContributionStep(what string, sofar *Amounts, after truce.Day, s truce.ContributionStep) error {
	if !slices.Contains(truce.ContributionStates(), s.State) {
		return truce.Errorf(truce.CodeInvalid, "%s: the state is %.40q; write one of %v", what, string(s.State), truce.ContributionStates())
	}
	if err := checkDay(what, s.Day); err != nil {
		return err
	}
	switch {
	case !(s.Quantity >= 0) || math.IsInf(s.Quantity, 0):
		return truce.Errorf(truce.CodeInvalid, "%s: %s on %s: the quantity is %v, want 0 or more", what, s.State, s.Day, s.Quantity)
	case s.Day < after:
		return truce.Errorf(truce.CodeInvalid, "%s: %s is dated %s, before the step of %s: write the steps in order", what, s.State, s.Day, after)
	case s.State == truce.ContributionWithdrawn && s.Why == "":
		return truce.Errorf(truce.CodeInvalid, "%s: withdrawn on %s says why", what, s.Day)
	}
	if err := checkSource(fmt.Sprintf("%s: %s on %s", what, s.State, s.Day), s.Source); err != nil {
		return err
	}
	*sofar.of(s.State) = s.Quantity
	for _, pair := range []struct {
		more, less float64
		words      string
	}{
		{sofar.Pledged, sofar.Approved, "more is approved than pledged"},
		{sofar.Approved, sofar.InPlace, "more is in place than approved"},
		{sofar.InPlace, sofar.Capable, "more is capable than in place"},
		{sofar.Pledged, sofar.Withdrawn, "more is withdrawn than pledged"},
	} {
		if pair.less > pair.more {
			return truce.Errorf(truce.CodeInvalid, "%s: on %s %s (%v, %v): enter the earlier states too", what, s.Day, pair.words, pair.less, pair.more)
		}
	}
	return nil
}

// ValidateRequirement refuses a need that nothing could be held against.
func ValidateRequirement(r truce.Requirement) error {
	what := "requirement " + r.Capability
	switch {
	case !capabilityForm().MatchString(r.Capability):
		return truce.Errorf(truce.CodeInvalid, "%.80s: write small letters, digits and _", what)
	case r.To != ToMechanism && r.To != ToForce:
		return truce.Errorf(truce.CodeInvalid, "%s: is for %.40q; write mechanism or force", what, r.To)
	case !(r.Quantity >= 0) || !(r.HoursADay >= 0) || math.IsInf(r.Quantity+r.HoursADay, 0) || r.Unit == "" || len(r.Names) == 0:
		return truce.Errorf(truce.CodeInvalid, "%s: needs a name, a unit and numbers of 0 or more", what)
	case Money(r.Unit) && r.HoursADay > 0:
		return truce.Errorf(truce.CodeInvalid, "%s: money has no capable hours", what)
	}
	if err := checkUnit(what, Unit(r.Unit)); err != nil {
		return err
	}
	return checkPeriod(what, r.Period)
}

// checkPeriod refuses a period in which nothing could be held against anything.
func checkPeriod(what string, p truce.Period) error {
	if p == (truce.Period{}) || p.From < p.To {
		return nil
	}
	return truce.Errorf(truce.CodeInvalid, "%s: the period ends at %s and begins at %s: give both ends, the end after the beginning, or none", what, p.To, p.From)
}
