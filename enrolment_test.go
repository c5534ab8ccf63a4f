package truce

import (
	"strings"
	"testing"
)

func invitedAnalyst() Person {
	return Person{ID: "an-1", Role: RoleMechanism, Office: OfficeAnalyst, Key: strings.Repeat("ab", 32),
		Enrolment: &Enrolment{Kind: EnrolmentInvited, Link: HashOf([]byte("link")), Invited: &Signing{By: "lead"}, Opened: 5}}
}

func TestAnEnrolmentStandsOnceASecondPersonConfirmedIt(t *testing.T) {
	for _, c := range []struct {
		name         string
		change       func(*Person)
		valid, stand bool
	}{
		{"opened and not confirmed", func(*Person) {}, true, false},
		{"confirmed", func(p *Person) { p.Enrolment.Confirmed = &Signing{By: "chair"} }, true, true},
		{"confirmed and withdrawn", func(p *Person) { p.Enrolment.Confirmed, p.Withdrawn = &Signing{By: "chair"}, true }, true, false},
		{"confirmed by who enrolled", func(p *Person) { p.Enrolment.Confirmed = &Signing{By: "lead"} }, false, true},
		{"confirmed by itself", func(p *Person) { p.Enrolment.Confirmed = &Signing{By: "an-1"} }, false, true},
		{"confirmed before it was opened", func(p *Person) { p.Enrolment.Opened, p.Enrolment.Confirmed = 0, &Signing{By: "chair"} }, false, false},
		{"invited by nobody", func(p *Person) { p.Enrolment.Invited = nil }, false, false},
		{"invited without a link", func(p *Person) { p.Enrolment.Link = Hash{} }, false, false},
		{"of no kind", func(p *Person) { p.Enrolment.Kind = "friend" }, false, false},
		{"founder", func(p *Person) { p.Enrolment = &Enrolment{Kind: EnrolmentFounder} }, true, true},
		{"cast of an exercise", func(p *Person) { p.Enrolment = &Enrolment{Kind: EnrolmentExercise} }, true, true},
		{"of an older program", func(p *Person) { p.Enrolment = nil }, true, true},
	} {
		p := invitedAnalyst()
		c.change(&p)
		if err := p.Validate(); (err == nil) != c.valid || p.Stands() != c.stand {
			t.Errorf("%s: valid %v, stands %v", c.name, err, p.Stands())
		}
	}
}

// TestACodeIsOfOneKeyAndOneOffice: whoever opened the link in somebody's place, and whoever
// was made something else since, has another code.
func TestACodeIsOfOneKeyAndOneOffice(t *testing.T) {
	p := invitedAnalyst()
	code, err := p.Code()
	if err != nil || len(code) != 14 || code[4] != '-' || code[9] != '-' {
		t.Fatalf("%q, %v", code, err)
	}
	for name, change := range map[string]func(*Person){
		"another key":    func(p *Person) { p.Key = strings.Repeat("cd", 32) },
		"another office": func(p *Person) { p.Office = OfficeDutyHead },
		"another person": func(p *Person) { p.ID = "an-2" },
		"another link":   func(p *Person) { p.Enrolment.Link = HashOf([]byte("other")) },
		"not yet opened": func(p *Person) { p.Enrolment.Opened = 0 },
	} {
		q := invitedAnalyst()
		change(&q)
		if other, err := q.Code(); err != nil || SameCode(code, other) {
			t.Errorf("%s: %s and %s, %v", name, code, other, err)
		}
	}
	p.Enrolment.Confirmed = &Signing{By: "chair"}
	if again, err := p.Code(); err != nil || again != code {
		t.Errorf("confirming changed the code from %s to %s", code, again)
	}
}

func TestShortCodesAreComparedAsTheyAreReadOut(t *testing.T) {
	h := Hash{0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0xff}
	code := ShortCode(h)
	if code != "0123-4567-89AB" {
		t.Fatalf("code %s: want the first 60 bits, five a digit", code)
	}
	for typed, same := range map[string]bool{
		"0123-4567-89AB": true, "o123 4567 89ab": true, "0i23456789ab": true, "0L23-4567-89AB": true,
		"0123-4567-89A": false, "0123-4567-89ABC": false, "0123-4567-89AC": false, "": false,
	} {
		if SameCode(typed, code) != same {
			t.Errorf("%q: same is %v", typed, !same)
		}
	}
	if SameCode("", "") || SameCode("12", "12") {
		t.Error("what is no code is the same as itself")
	}
}
