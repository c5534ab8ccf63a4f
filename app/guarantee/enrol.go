package guarantee

import (
	"context"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
)

// InvitationLasts is how long a link may be opened unless a shorter time is given: a week
// of shifts.
const InvitationLasts = 7 * 24 * time.Hour

// invited is a person who is to open a link. Whoever was there under the same id before has
// no token from now on.
func invited(p truce.Person, kind truce.EnrolmentKind, link truce.Hash, until truce.Instant) truce.Person {
	p.Token, p.Key, p.OneTime, p.Expires = link, "", true, until
	p.Withdrawn, p.WithdrawnBy = false, ""
	p.Enrolment = &truce.Enrolment{Kind: kind, Link: link}
	return p
}

// opened is a person who has opened the link and got a token.
func opened(p truce.Person, token truce.Hash, key string, at truce.Instant) truce.Person {
	p.Token, p.Key, p.OneTime, p.Expires = token, key, false, 0
	if p.Enrolment != nil {
		e := *p.Enrolment
		e.Opened = at
		p.Enrolment = &e
	}
	return p
}

// confirmed is a person whose enrolment a second one confirms, who was told the code by the
// person and by nobody else. sign puts the second one's signature under it.
func confirmed(p, by truce.Person, code string, sign func(truce.Enrols) (truce.Signing, error)) (truce.Person, error) {
	if err := access.May(by, access.ConfirmPeople); err != nil {
		return p, err
	}
	switch {
	case p.Stands():
		return p, truce.Errorf(truce.CodeConflict, "the enrolment of %s stands already", p.ID)
	case p.Withdrawn || p.Enrolment == nil || p.Enrolment.Kind != truce.EnrolmentInvited || p.Enrolment.Opened == 0:
		return p, truce.Errorf(truce.CodeConflict, "there is nothing to confirm of %s: the person opens the link first", p.ID)
	case by.ID == p.ID || by.ID == p.InvitedBy():
		return p, truce.Errorf(truce.CodeForbidden, "%s cannot confirm %s: it takes somebody else than who is enrolled and who enrolled", by.ID, p.ID)
	}
	right, err := p.Code()
	if err != nil {
		return p, err
	}
	if !truce.SameCode(code, right) {
		return p, truce.Errorf(truce.CodeInvalid, "the code is not that of %s as enrolled now: ask the person again; if it is the code they were shown, somebody else has opened their link, and the enrolment is to be withdrawn", p.ID)
	}
	s, err := sign(p.Enrols())
	if err != nil {
		return p, err
	}
	e := *p.Enrolment
	e.Confirmed = &s
	p.Enrolment = &e
	return p, nil
}

// withdrawn is a person whose access was ended.
func withdrawn(p truce.Person, by truce.PersonID) truce.Person {
	p.Withdrawn, p.WithdrawnBy, p.Token = true, by, truce.Hash{}
	return p
}

// Added is what an enrolment came to.
type Added struct {
	Token   Token // a token, or of a link what ends its address
	Link    bool  // it is to be opened by the person
	Person  truce.Person
	Receipt truce.Receipt
}

// Enrol puts a person of an exercise on record with a token, or with a link where the
// person is to open one: the realm confirms its cast. A real store refuses.
func (d *Desk) Enrol(ctx context.Context, p truce.Person) (Token, truce.Receipt, error) {
	if !d.Store.Realm().Exercise() {
		return "", truce.Receipt{}, truce.Errorf(truce.CodeForbidden, "only an exercise gives out tokens without a second person: invite %s", p.ID)
	}
	return d.give(ctx, p, truce.EnrolmentExercise)
}

// give records a person of a kind that needs no confirmation, with a token or a link.
func (d *Desk) give(ctx context.Context, p truce.Person, kind truce.EnrolmentKind) (Token, truce.Receipt, error) {
	token, key, err := d.newToken()
	if err != nil {
		return "", truce.Receipt{}, err
	}
	last, err := d.Store.LastOf(ctx, p.Subject())
	if err != nil {
		return "", truce.Receipt{}, err
	}
	once, until := p.OneTime, p.Expires
	p = invited(p, kind, token.Hash(), until)
	if !once {
		p = opened(p, token.Hash(), key, d.now())
		p.Expires = until
	}
	receipt, err := d.record(ctx, p, last)
	return token, receipt, err
}

// Add enrols a person in the name of who manages people. Of a real store the first person
// gets a token, everybody else a link; the first two are its founders, all others count
// once somebody else has confirmed them. An earlier token of the same person ceases to work;
// what was signed with it can still be verified.
func (d *Desk) Add(ctx context.Context, by Token, p truce.Person) (Added, error) {
	people, err := d.Store.People(ctx)
	if err != nil {
		return Added{}, err
	}
	var lead truce.Person
	if len(people) > 0 {
		lead, err = d.Who(ctx, by)
		if err == nil {
			err = access.May(lead, access.ManagePeople)
		}
		if err != nil {
			return Added{}, err
		}
	}
	if err := d.known(ctx, p); err != nil {
		return Added{}, err
	}
	switch {
	case d.Store.Realm().Exercise():
		token, receipt, err := d.Enrol(ctx, p)
		return Added{token, p.OneTime, p, receipt}, err
	case len(people) == 0:
		return d.found(ctx, p)
	case len(people) == 1 && people[0].ID == p.ID:
		return Added{}, truce.Errorf(truce.CodeConflict, "%s is the only person so far and nobody could confirm the new enrolment: enrol a second person first", p.ID)
	}
	return d.invite(ctx, by, lead, p, secondFounder(people, p.ID))
}

// found begins a real store with somebody who can go on.
func (d *Desk) found(ctx context.Context, p truce.Person) (Added, error) {
	p.OneTime = false
	if err := access.May(p, access.ManagePeople); err != nil {
		return Added{}, truce.Errorf(truce.CodeInvalid, "the first person of a store enrols the others: %w", err)
	}
	token, receipt, err := d.give(ctx, p, truce.EnrolmentFounder)
	return Added{token, false, p, receipt}, err
}

// secondFounder says whether a person is the second one of a store: there is nobody yet who
// could confirm. As long as the link was not opened, it may be made anew.
func secondFounder(people []truce.PersonRow, id truce.PersonID) bool {
	switch len(people) {
	case 1:
		return people[0].ID != id
	case 2:
		for _, p := range people {
			if p.ID == id {
				return p.OneTime && p.Enrolment != nil && p.Enrolment.Kind == truce.EnrolmentFounder
			}
		}
	}
	return false
}

// invite makes the link of a person and signs for it.
func (d *Desk) invite(ctx context.Context, by Token, lead, p truce.Person, founder bool) (Added, error) {
	kind := truce.EnrolmentInvited
	if founder {
		kind = truce.EnrolmentFounder
		if err := access.May(p, access.ConfirmPeople); err != nil {
			return Added{}, truce.Errorf(truce.CodeInvalid, "the second person of a store confirms the others: %w", err)
		}
	}
	link, err := NewToken(d.Random)
	if err != nil {
		return Added{}, err
	}
	last, err := d.Store.LastOf(ctx, p.Subject())
	if err != nil {
		return Added{}, err
	}
	until := d.now().Add(InvitationLasts)
	if p.Expires != 0 && p.Expires < until {
		until = p.Expires
	}
	p = invited(p, kind, link.Hash(), until)
	s, err := signed(lead, by, truce.InvitationTag, p.Enrols())
	if err != nil {
		return Added{}, err
	}
	p.Enrolment.Invited = &s
	receipt, err := d.record(ctx, p, last)
	return Added{link, true, p, receipt}, err
}

// Confirm signs that the person on record is the one who is to be there: who confirms was
// told the code by that person. From then on what the person does counts.
func (d *Desk) Confirm(ctx context.Context, token Token, id truce.PersonID, code string) (truce.Person, truce.Receipt, error) {
	by, err := d.Who(ctx, token)
	if err == nil {
		err = access.May(by, access.ConfirmPeople)
	}
	if err != nil {
		return truce.Person{}, truce.Receipt{}, err
	}
	p, last, err := d.asStands(ctx, id)
	if err != nil {
		return truce.Person{}, truce.Receipt{}, err
	}
	p, err = confirmed(p, by, code, func(e truce.Enrols) (truce.Signing, error) { return signed(by, token, truce.ConfirmationTag, e) })
	if err != nil {
		return truce.Person{}, truce.Receipt{}, err
	}
	receipt, err := d.record(ctx, p, last)
	return p, receipt, err
}

// Waiting are those who have opened their link and wait to be confirmed, for who may.
func (d *Desk) Waiting(ctx context.Context, reader truce.Person) ([]truce.Person, error) {
	if access.May(reader, access.ConfirmPeople) != nil {
		return nil, nil
	}
	people, err := d.Store.People(ctx)
	var out []truce.Person
	for _, p := range people {
		if e := p.Enrolment; !p.Withdrawn && !p.Stands() && e != nil && e.Opened != 0 && p.InvitedBy() != reader.ID && p.ID != reader.ID {
			out = append(out, p.Person)
		}
	}
	return out, err
}
