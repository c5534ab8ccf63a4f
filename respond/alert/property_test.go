package alert_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// randomPeople draws who is on record: some offices empty, some people without contacts,
// withdrawn, or of a party that has no part in the agreement.
func randomPeople(t *rapid.T) []truce.Person {
	var out []truce.Person
	add := func(role truce.Role, office truce.Office, of string) {
		for range rapid.IntRange(0, 2).Draw(t, "holders") {
			p := person(fmt.Sprintf("p%d", len(out)), role, office, of, rapid.SampledFrom([]string{"en", "uk", "de"}).Draw(t, "language"))
			if rapid.IntRange(0, 3).Draw(t, "contacts") == 0 {
				p.Contacts = nil
			} else {
				for i := range p.Contacts {
					p.Contacts[i].Drill = rapid.Bool().Draw(t, "drill")
				}
			}
			p.Withdrawn = rapid.IntRange(0, 5).Draw(t, "withdrawn") == 0
			out = append(out, p)
		}
	}
	for _, office := range truce.Offices() {
		switch role := office.Role(); role {
		case truce.RoleParty:
			for _, party := range []string{"A", "B", "C"} {
				add(role, office, party)
			}
		case truce.RoleGuarantor, truce.RoleContributor:
			for _, state := range []string{"FA", "NE"} {
				add(role, office, state)
			}
		default:
			add(role, office, "")
		}
	}
	return out
}

var stepKinds = []truce.StepKind{
	truce.StepOpened, truce.StepBlind, truce.StepPath, truce.StepClockWarned, truce.StepProposed, truce.StepRefused, truce.StepLapsed, truce.StepEntered, truce.StepLeft, truce.StepT0Moved,
	truce.StepClockMissed, truce.StepStatement, truce.StepConsultation, truce.StepRemedy, truce.StepDetermined, truce.StepClosed, truce.StepReopened,
}

// randomStep draws the next step of a case, with or without what it should carry.
func randomStep(t *rapid.T, in alert.Input) alert.Input {
	in = step(in, rapid.SampledFrom(stepKinds).Draw(t, "kind"), func(s *truce.CaseStep) {
		if rapid.IntRange(0, 9).Draw(t, "empty") == 0 {
			return
		}
		tier := rapid.SampledFrom([]truce.TierID{"L1", "T1", "T9"}).Draw(t, "tier")
		s.Passage = &truce.Passage{Tier: tier, Down: rapid.Bool().Draw(t, "down"), Path: rapid.SampledFrom([]string{"", "plant", "blind", "none"}).Draw(t, "path")}
		s.T0 = &truce.T0Change{Basis: truce.T0Verified, Old: noon, New: noon + 1, Chosen: true}
		s.Clock = &truce.ClockChange{Clock: rapid.SampledFrom([]string{"reply", "position", "none"}).Draw(t, "clock"), For: rapid.SampledFrom([]string{"", "A", "FA"}).Draw(t, "for")}
		s.Blind = &truce.BlindSpell{Area: "north", Share: .5, From: noon}
		s.Consultation = &truce.ConsultationStep{Change: rapid.SampledFrom([]string{"called", "convened", "decided", "voted"}).Draw(t, "change")}
		s.Remedy = &truce.RemedyStep{ID: "R1", Party: "A", What: "withdraw"}
		if s.Kind == truce.StepStatement || rapid.IntRange(0, 4).Draw(t, "a party") == 0 {
			kind := rapid.SampledFrom([]truce.DeedKind{truce.DeedState, truce.DeedComplain}).Draw(t, "deed")
			s.Text, s.Deed = secret, &truce.Deed{Kind: kind, Person: "a-liaison"}
		}
	})
	in.Case.Tier = rapid.SampledFrom([]truce.TierID{"", "L1", "T1"}).Draw(t, "case tier")
	in.Case.Opening.Path = rapid.SampledFrom([]string{"", "blind", "plant"}).Draw(t, "case path")
	return in
}

// Whatever happens in a case and whoever is on record: no alert goes to one party alone,
// both read the same bytes in a language, and both are told in the same second.
func TestNoAlertToOnePartyAlone(t *testing.T) {
	both, alone := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		in := input()
		in.People = randomPeople(t)
		if rapid.Bool().Draw(t, "both can be reached") {
			in.People = append(in.People, reachable("A"), reachable("B"))
		}
		in.Realm = rapid.SampledFrom([]truce.Realm{truce.RealmReal, truce.ExerciseRealm("spring")}).Draw(t, "realm")
		for range 8 {
			in = randomStep(t, in)
			out, err := alert.Compose(in)
			if err != nil {
				t.Fatal(err)
			}
			again, err := alert.Compose(in)
			if err != nil || len(again.Alerts) != len(out.Alerts) {
				t.Fatal("composed twice it differs", err)
			}
			for i, a := range out.Alerts {
				if again.Alerts[i].ID != a.ID {
					t.Fatal("composed twice it has another id")
				}
				parties := 0
				if a.Kind != truce.AlertHeld {
					parties = checkAlert(t, in, a)
				}
				switch parties {
				case 0:
				case 1:
					alone++
				default:
					both++
				}
				in = after(in, a)
			}
		}
	})
	told := map[truce.PartyID]bool{}
	for _, r := range compose(t, input()).To {
		told[r.Party] = true
	}
	if alone != 0 || !told["A"] || !told["B"] { // few draws may all be of cases that tell no party
		t.Errorf("%d alerts went to both parties, %d to one; with everybody there these are told: %v", both, alone, told)
	}
}

// reachable is a liaison officer of a party whom every realm may reach.
func reachable(party string) truce.Person {
	p := person("liaison-of-"+strings.ToLower(party), truce.RoleParty, truce.OfficeLiaison, party, "en")
	for i := range p.Contacts {
		p.Contacts[i].Drill = true
	}
	return p
}

// checkAlert counts the parties an alert is for.
func checkAlert(t *rapid.T, in alert.Input, a truce.Alert) int {
	if err := a.Validate(in.Parties); err != nil {
		t.Fatal(err)
	}
	if _, err := truce.Canonical(a); err != nil {
		t.Fatal(err)
	}
	if a.Release%1_000_000 != 0 || a.Release <= in.Now {
		t.Fatalf("released at %s, composed at %s", a.Release, in.Now)
	}
	reach := map[truce.PartyID]bool{}
	bodies := map[string]string{}
	people := map[truce.PersonID]bool{}
	for _, r := range a.To {
		if people[r.Person] {
			t.Fatalf("%s stands twice among the recipients", r.Person)
		}
		people[r.Person] = true
		for i, c := range r.Contacts {
			if in.Realm.Exercise() && !c.Drill {
				t.Fatalf("an exercise would reach %s", c.Address)
			}
			m := alert.MessageFor(a, r, i, "https://desk.example.org")
			if had, ok := bodies[m.Language]; ok && had != m.Headline+m.Body {
				t.Fatalf("two texts in %s", m.Language)
			}
			bodies[m.Language] = m.Headline + m.Body
			if in.Realm.Exercise() && !strings.HasPrefix(m.Headline, "EXERCISE") && !strings.HasPrefix(m.Headline, "НАВЧАННЯ") {
				t.Fatalf("not marked: %q", m.Headline)
			}
		}
		if r.Party == "" {
			continue
		}
		reach[r.Party] = reach[r.Party] || len(r.Contacts) > 0
		if !slices.Contains(in.Parties, r.Party) {
			t.Fatalf("party %s has no part in the agreement", r.Party)
		}
		for _, w := range a.Wakes {
			if w.Name == "send/"+string(r.Person) && w.Due != a.Release {
				t.Fatalf("%s of a party is told at %s, released %s", r.Person, w.Due, a.Release)
			}
		}
	}
	for _, ok := range reach {
		if !ok {
			return 1
		}
	}
	return len(reach)
}

// Whatever is on record of the deliveries, planning never asks for a third arrival, for two
// attempts at once with one person, or for anything before the release.
func TestPlanKeepsItsPromisesOverRandomRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := compose2(t)
		b, now := alert.Box{Alert: a}, a.Release.Add(-time.Minute)
		arrivals := map[string]int{}
		for range 40 {
			now = now.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "seconds")) * time.Second)
			b.Deliveries = append(b.Deliveries, alert.Tidy(b, now)...)
			seen := map[truce.PersonID]bool{}
			for _, at := range alert.Plan(b, now) {
				if now < a.Release || seen[at.Person] {
					t.Fatalf("at %s, released %s: %+v", now, a.Release, at)
				}
				seen[at.Person] = true
				if rapid.Bool().Draw(t, "not now") {
					continue
				}
				b.Deliveries = append(b.Deliveries, alert.Begin(b, at, now))
				r := rapid.SampledFrom([]alert.Result{{}, alert.Sent(""), alert.Failed(""), alert.Refused(""), alert.Unsure("")}).Draw(t, "result")
				address := fmt.Sprint(at.Person, at.Contact)
				if r.State == "" || r.State == truce.DeliverySent || r.State == truce.DeliveryUnsure {
					if arrivals[address]++; arrivals[address] > 2 {
						t.Fatalf("%s may have got it three times", address)
					}
				}
				if r.State != "" {
					b.Deliveries = append(b.Deliveries, alert.Outcome(b, at, r, now))
				}
			}
		}
	})
}

func compose2(t *rapid.T) truce.Alert {
	out, err := alert.Compose(input())
	if err != nil || len(out.Alerts) != 1 {
		t.Fatal(out, err)
	}
	return out.Alerts[0]
}
