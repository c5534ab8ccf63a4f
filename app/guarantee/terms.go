package guarantee

import (
	"context"
	"errors"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/ladder"
)

// terms are what cases are held against: the agreement that stands, its ladder as a
// machine, and who is there to act and to be told.
type terms struct {
	version string           // of the agreement
	ended   bool             // a later version has no ladder: what is open goes on, nothing new opens
	people  truce.PeopleMark // of the people that are in it
	machine ladder.Machine
	areas   map[truce.AreaID]truce.Names
	rules   map[truce.RuleID]truce.Names
	replies []alert.Reply  // that rules ask for after a complaint
	posts   []truce.Person // whose enrolment stands: nobody else is asked, told or counted
}

// errNoLadder says that the agreement foresees no response; cases then do not exist.
var errNoLadder = truce.Errorf(truce.CodeNotFound, "the agreement has no ladder: section, so findings open no cases; docs/agreement-language.md says how to write one")

// terms reads what stands now, anew only when the agreement or the people have changed.
func (d *Desk) terms(ctx context.Context) (*terms, error) {
	entries, err := d.Store.Agreements(ctx)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, truce.Errorf(truce.CodeNotFound, "no agreement is recorded: run truce assess")
	}
	t, err := d.termsAt(ctx, entries[len(entries)-1].Version)
	for i := len(entries) - 2; i >= 0 && errors.Is(err, errNoLadder); i-- {
		if t, err = d.termsAt(ctx, entries[i].Version); err == nil {
			ended := *t
			ended.ended = true
			t = &ended
		}
	}
	return t, err
}

// termsOf are the terms a case was opened under: an amendment leaves it on its ladder.
func (d *Desk) termsOf(ctx context.Context, c truce.Case) (*terms, error) {
	return d.termsAt(ctx, c.Opening.Version)
}

// termsAt are the terms of one version with the people of now.
func (d *Desk) termsAt(ctx context.Context, version string) (*terms, error) {
	mark, err := d.Store.PeopleMark(ctx)
	if err != nil {
		return nil, err
	}
	if held, ok := d.held.Load(version); ok && held.(*terms).people == mark {
		return held.(*terms), nil
	}
	people, err := d.Store.People(ctx)
	if err != nil {
		return nil, err
	}
	text, err := d.Store.AgreementVersion(ctx, version)
	if err != nil {
		return nil, err
	}
	t, err := newTerms(text, people)
	if err != nil {
		return nil, err
	}
	t.machine.Untold = alert.Untold(t.posts, t.machine.Parties, d.Store.Realm())
	t.people = mark // taken before the people were read: at worst they are read once more
	d.held.Store(version, t)
	return t, nil
}

func newTerms(text truce.AgreementText, people []truce.PersonRow) (*terms, error) {
	a, err := agreement.Parse(text.Files)
	if err != nil {
		return nil, err
	}
	if a.Ladder == nil {
		return nil, errNoLadder
	}
	t := &terms{version: text.Version, areas: map[truce.AreaID]truce.Names{}, rules: map[truce.RuleID]truce.Names{}}
	var states []truce.StateID
	for _, row := range people {
		if !row.Stands() {
			continue
		}
		t.posts = append(t.posts, row.Person)
		if row.Role == truce.RoleGuarantor && !slices.Contains(states, row.State) {
			states = append(states, row.State)
		}
	}
	for _, area := range a.Areas {
		t.areas[area.ID] = area.Name
	}
	for _, rule := range a.Rules {
		t.rules[rule.ID] = rule.Title
		if r := rule.Require; r != nil && r.Reply != nil && r.Reply.After == agreement.AfterComplaint {
			t.replies = append(t.replies, alert.Reply{Rule: rule.ID, Names: rule.Title, Within: r.Reply.Within})
		}
	}
	if t.machine, err = ladder.New(*a.Ladder, Parties(a), states); err != nil {
		return nil, err
	}
	t.machine.Agreement, t.machine.Version, t.machine.Effective = text.ID, text.Version, a.Effective.At
	return t, nil
}

// Parties are the parties of an agreement, without mechanism and guarantors.
func Parties(a *agreement.Agreement) []truce.PartyID {
	var out []truce.PartyID
	for _, p := range a.Parties {
		if p.Role == agreement.RoleParty {
			out = append(out, p.ID)
		}
	}
	return out
}
