package truce

import (
	"encoding/binary"
	"strings"
)

// EnrolmentKind is by what right a person is on record.
type EnrolmentKind string

// The kinds of enrolment.
const (
	EnrolmentFounder  EnrolmentKind = "founder"  // one of the first two of a store, enrolled on the machine itself
	EnrolmentInvited  EnrolmentKind = "invited"  // by somebody who manages people; counts once a second person confirmed it
	EnrolmentExercise EnrolmentKind = "exercise" // the realm of an exercise confirms its cast
)

// Enrolment says how a person came to be on record as they stand there. Every change of a
// person's role, office or key is a new one.
type Enrolment struct {
	Kind      EnrolmentKind `json:"kind"`
	Link      Hash          `json:"link_sha256,omitzero"` // of the one-time link that the person opens
	Invited   *Signing      `json:"invited,omitempty"`    // over Person.Enrols without the key; none of the first founder
	Opened    Instant       `json:"opened,omitzero"`      // when the person opened the link and got a key; 0: not yet
	Confirmed *Signing      `json:"confirmed,omitempty"`  // over Person.Enrols with the key
}

// The tags of the signatures under an enrolment.
const (
	InvitationTag   = "enrolment/invitation"
	ConfirmationTag = "enrolment/confirmation"
)

// Enrols is what is signed of an enrolment: who is to be what, by which link, and, once the
// person has opened it, with which key.
type Enrols struct {
	Person PersonID `json:"person"`
	Role   Role     `json:"role"`
	Office Office   `json:"office,omitempty"`
	Party  PartyID  `json:"party,omitempty"`
	State  StateID  `json:"state,omitempty"`
	Link   Hash     `json:"link_sha256"`
	Key    string   `json:"key,omitempty"`
}

// Enrols is what those who invite and confirm a person put their signatures under.
func (p Person) Enrols() Enrols {
	e := Enrols{Person: p.ID, Role: p.Role, Office: p.Office, Party: p.Party, State: p.State}
	if p.Enrolment != nil {
		e.Link = p.Enrolment.Link
		if p.Enrolment.Opened != 0 {
			e.Key = p.Key
		}
	}
	return e
}

// Stands says whether what the person does counts: a founder, the cast of an exercise, or
// one whom a second person has confirmed. A person without an enrolment stands: a record
// from before there were any, or somebody who is in no store.
func (p Person) Stands() bool {
	e := p.Enrolment
	switch {
	case p.Withdrawn:
		return false
	case e == nil || e.Kind == EnrolmentFounder || e.Kind == EnrolmentExercise:
		return true
	}
	return e.Kind == EnrolmentInvited && e.Opened != 0 && e.Confirmed != nil
}

// InvitedBy is who enrolled the person, "" where that is not on record.
func (p Person) InvitedBy() PersonID {
	if p.Enrolment == nil || p.Enrolment.Invited == nil {
		return ""
	}
	return p.Enrolment.Invited.By
}

// Code is what a person tells the one who is to confirm the enrolment, over the telephone
// or face to face: a short digest of who is to be what with which key. Somebody who opened
// the link in the person's place has another key, and so another code.
func (p Person) Code() (string, error) {
	text, err := signedText(ConfirmationTag, p.Enrols())
	if err != nil {
		return "", err
	}
	return ShortCode(HashOf(text)), nil
}

func (e *Enrolment) validate(p Person) error {
	switch {
	case e == nil:
		return nil
	case e.Kind != EnrolmentFounder && e.Kind != EnrolmentInvited && e.Kind != EnrolmentExercise:
		return Errorf(CodeInvalid, "person %s: %.40q is no kind of enrolment", p.ID, string(e.Kind))
	case e.Kind == EnrolmentInvited && (e.Invited == nil || e.Link.IsZero()):
		return Errorf(CodeInvalid, "person %s: who is invited has a link and the signature of who invited", p.ID)
	case e.Confirmed == nil:
		return nil
	case e.Opened == 0:
		return Errorf(CodeInvalid, "person %s: what has no key yet is not confirmed", p.ID)
	case e.Confirmed.By == p.ID || e.Confirmed.By == p.InvitedBy():
		return Errorf(CodeInvalid, "person %s: %s cannot confirm the enrolment: it takes somebody else than who is enrolled and who enrolled", p.ID, e.Confirmed.By)
	}
	return nil
}

// codeDigits is how many digits a short code has: 60 bits, which can be read out over a
// telephone and not be guessed.
const codeDigits = 12

// ShortCode is the beginning of a hash in the digits of IDs, in three groups of four, for
// people to compare.
func ShortCode(h Hash) string {
	bits := binary.BigEndian.Uint64(h[:8])
	var text [codeDigits + 2]byte
	for n, at := 0, 0; n < codeDigits; n, at = n+1, at+1 {
		if n > 0 && n%4 == 0 {
			text[at] = '-'
			at++
		}
		text[at] = ulidDigits[bits>>59]
		bits <<= 5
	}
	return string(text[:])
}

// SameCode says whether two short codes are the same however they were typed: small
// letters, without the dashes, O for 0, I or L for 1.
func SameCode(a, b string) bool {
	plain := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1")
	a, b = plain.Replace(strings.ToUpper(a)), plain.Replace(strings.ToUpper(b))
	return a == b && len(a) == codeDigits
}
