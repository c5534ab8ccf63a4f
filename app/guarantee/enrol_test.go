package guarantee

import (
	"crypto/rand"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
)

func analystPost(id truce.PersonID) truce.Person {
	return truce.Person{ID: id, Name: string(id), Role: truce.RoleMechanism, Office: truce.OfficeAnalyst, Language: "en"}
}

// founded is a desk over a real store with its two founders.
type founded struct {
	*Desk
	testing.TB
	now         *time.Time
	lead, chair Token
}

func newFounded(t *testing.T) founded {
	t.Helper()
	now := time.Date(2026, 4, 11, 12, 0, 0, 0, time.UTC)
	s, err := store.Create(t.Context(), "sqlite:"+t.TempDir()+"/truce.db", truce.Inception{Realm: truce.RealmReal, Mission: "m", Store: "s"},
		store.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	f := founded{Desk: &Desk{Store: s, Now: func() time.Time { return now }, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)}, TB: t, now: &now}
	lead, err := f.Add(t.Context(), "", mechanismLead())
	if err != nil || lead.Link {
		t.Fatalf("the first person: %+v, %v", lead, err)
	}
	f.lead = lead.Token
	f.chair, _ = f.open(f.add(chair()))
	return f
}

// add enrols a person and returns the link.
func (f founded) add(p truce.Person) Token {
	f.Helper()
	added, err := f.Add(f.Context(), f.lead, p)
	if err != nil || !added.Link {
		f.Fatalf("%s: %+v, %v", p.ID, added, err)
	}
	return added.Token
}

// open opens a link and returns the token with the code that the person is shown.
func (f founded) open(link Token) (Token, string) {
	f.Helper()
	p, token, err := f.SignIn(f.Context(), link)
	if err != nil || token == link {
		f.Fatal(err)
	}
	code, err := p.Code()
	if err != nil {
		f.Fatal(err)
	}
	return token, code
}

// reviews says whether a token may review: the review itself fails at the incident.
func (f founded) mayReview(token Token) bool {
	_, err := f.Review(f.Context(), token, truce.Review{})
	return truce.CodeOf(err) == truce.CodeNotFound
}

func TestWhatAnEnrolledPersonSignsCountsOnceConfirmed(t *testing.T) {
	f := newFounded(t)
	link := f.add(analystPost("an-1"))
	if _, err := f.Who(t.Context(), link); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("the link is a token: %v", err)
	}
	token, code := f.open(link)
	if _, _, err := f.SignIn(t.Context(), link); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("the link works twice: %v", err)
	}
	if f.mayReview(token) {
		t.Error("somebody who was not confirmed reviews")
	}
	for name, by := range map[string]Token{"who enrolled": f.lead, "the person": token, "nobody": ""} {
		if _, _, err := f.Confirm(t.Context(), by, "an-1", code); err == nil || f.mayReview(token) {
			t.Errorf("%s confirms", name)
		}
	}
	if _, _, err := f.Confirm(t.Context(), f.chair, "an-1", "0000-0000-0000"); truce.CodeOf(err) != truce.CodeInvalid || f.mayReview(token) {
		t.Errorf("any code will do: %v", err)
	}
	if list, err := f.Waiting(t.Context(), chair()); err != nil || len(list) != 1 || list[0].ID != "an-1" {
		t.Errorf("waiting for the chair: %+v, %v", list, err)
	}
	if list, err := f.Waiting(t.Context(), mechanismLead()); err != nil || len(list) != 0 {
		t.Errorf("waiting for who enrolled: %+v, %v", list, err)
	}
	if _, _, err := f.Confirm(t.Context(), f.chair, "an-1", strings.ToLower(code)); err != nil || !f.mayReview(token) {
		t.Fatalf("confirmed: %v", err)
	}
	if _, _, err := f.Confirm(t.Context(), f.chair, "an-1", code); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("confirmed twice: %v", err)
	}
	p, _ := f.Store.Person(t.Context(), "an-1")
	lead, _ := f.Store.Person(t.Context(), "lead")
	second, _ := f.Store.Person(t.Context(), "chair")
	invitation := p.Enrols()
	invitation.Key = ""
	if err := p.Enrolment.Invited.Verify(lead.Key, truce.InvitationTag, invitation); err != nil {
		t.Error(err)
	}
	if err := p.Enrolment.Confirmed.Verify(second.Key, truce.ConfirmationTag, p.Enrols()); err != nil {
		t.Error(err)
	}
}

func TestANewTokenOrOfficeIsConfirmedAnew(t *testing.T) {
	f := newFounded(t)
	token, code := f.open(f.add(analystPost("an-1")))
	if _, _, err := f.Confirm(t.Context(), f.chair, "an-1", code); err != nil {
		t.Fatal(err)
	}
	changed := analystPost("an-1")
	changed.Office = truce.OfficeDutyHead
	link := f.add(changed)
	if f.mayReview(token) || f.mayReview(link) {
		t.Error("the old token or the link works after a new enrolment")
	}
	stolen, other := f.open(link)
	if f.mayReview(stolen) || truce.SameCode(code, other) {
		t.Error("the new token was never confirmed")
	}
	if _, _, err := f.Confirm(t.Context(), f.chair, "an-1", code); truce.CodeOf(err) != truce.CodeInvalid || f.mayReview(stolen) {
		t.Errorf("the old code confirms the new key: %v", err)
	}
	if _, err := f.Withdraw(t.Context(), f.lead, "an-1"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Confirm(t.Context(), f.chair, "an-1", other); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("somebody who was withdrawn is confirmed: %v", err)
	}
}

func TestARealStoreHasTwoFoundersAndNoMore(t *testing.T) {
	f := newFounded(t)
	for _, id := range []truce.PersonID{"lead", "chair"} {
		row, err := f.Store.Person(t.Context(), id)
		if err != nil || row.Enrolment == nil || row.Enrolment.Kind != truce.EnrolmentFounder || !row.Stands() {
			t.Errorf("%s: %+v, %v", id, row.Enrolment, err)
		}
	}
	third, _ := f.open(f.add(truce.Person{ID: "member", Role: truce.RoleCommission, Office: truce.OfficeMember, Language: "en"}))
	if p, err := f.Who(t.Context(), third); err != nil || p.Stands() {
		t.Errorf("a third founder: %v", err)
	}
	again, _ := f.open(f.add(chair()))
	if p, err := f.Who(t.Context(), again); err != nil || p.Stands() {
		t.Errorf("a founder enrolled anew stands without a second person: %v", err)
	}
	if _, _, err := f.Enrol(t.Context(), analystPost("an-1")); truce.CodeOf(err) != truce.CodeForbidden {
		t.Errorf("a real store enrols as an exercise does: %v", err)
	}
}

// TestFoundersCanGoOn: a store that began with the wrong people could enrol nobody, or
// confirm nobody.
func TestFoundersCanGoOn(t *testing.T) {
	f := newFounded(t)
	empty, err := store.Create(t.Context(), "sqlite:"+t.TempDir()+"/truce.db", truce.Inception{Realm: truce.RealmReal, Mission: "m", Store: "s"}, store.Options{Clock: f.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	d := &Desk{Store: empty, Now: f.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)}
	if _, err := d.Add(t.Context(), "", chair()); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "mechanism lead") {
		t.Errorf("the first is the chair: %v", err)
	}
	lead, err := d.Add(t.Context(), "", mechanismLead())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Add(t.Context(), lead.Token, analystPost("an-1")); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "chair") {
		t.Errorf("the second is an analyst: %v", err)
	}
	if _, err := d.Add(t.Context(), lead.Token, mechanismLead()); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("the only person is enrolled anew, and nobody could confirm it: %v", err)
	}
}

func TestAFounderWhoNeverOpenedTheLinkGetsAnother(t *testing.T) {
	f := newFounded(t)
	empty, err := store.Create(t.Context(), "sqlite:"+t.TempDir()+"/truce.db", truce.Inception{Realm: truce.RealmReal, Mission: "m", Store: "s"}, store.Options{Clock: f.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	f.Desk = &Desk{Store: empty, Now: f.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)}
	lead, err := f.Add(t.Context(), "", mechanismLead())
	if err != nil {
		t.Fatal(err)
	}
	f.lead = lead.Token
	lost := f.add(chair())
	token, _ := f.open(f.add(chair()))
	if p, err := f.Who(t.Context(), token); err != nil || !p.Stands() {
		t.Errorf("the founder does not stand: %v", err)
	}
	if _, _, err := f.SignIn(t.Context(), lost); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("the lost link works: %v", err)
	}
}

func TestLinksEnd(t *testing.T) {
	f := newFounded(t)
	for _, lasts := range []time.Duration{time.Hour, InvitationLasts} {
		begun, kept, late := *f.now, analystPost("an-1"), analystPost("an-2")
		if lasts < InvitationLasts {
			kept.Expires = truce.InstantOf(begun.Add(lasts))
			late.Expires = kept.Expires
		}
		first, second := f.add(kept), f.add(late)
		*f.now = begun.Add(lasts - time.Microsecond)
		token, _ := f.open(first)
		*f.now = begun.Add(lasts)
		if _, _, err := f.SignIn(t.Context(), second); truce.CodeOf(err) != truce.CodeUnauthenticated {
			t.Errorf("after %s: %v", lasts, err)
		}
		if _, err := f.Who(t.Context(), token); err != nil {
			t.Errorf("the token ends with the link: %v", err)
		}
	}
}
