package truce

import (
	"crypto/ed25519"
	"encoding/hex"
	"regexp"
	"sync"
)

// StateID names a state that takes part, e.g. "FR"; an exercise uses invented ones.
type StateID string

// PersonID names a person or a duty post in records, never by a private name, e.g.
// "fr-duty" or "analyst-2".
type PersonID string

// Role is on whose behalf somebody uses the system; what a role may see and do stands in
// one table (assess/access).
type Role string

// The roles.
const (
	RoleParty       Role = "party" // which one: Person.Party
	RoleMechanism   Role = "mechanism"
	RoleGuarantor   Role = "guarantor" // which state: Person.State
	RoleCommission  Role = "commission"
	RoleContributor Role = "contributor" // which state: Person.State
	RolePublic      Role = "public"
)

// Roles lists every role in the order of the handbook's table.
func Roles() []Role {
	return []Role{RoleParty, RoleMechanism, RoleGuarantor, RoleCommission, RoleContributor, RolePublic}
}

// Office is a post within a role: gates of the ladder and escalation name offices.
type Office string

// The offices. An agreement's ladder uses these and no others.
const (
	OfficeLiaison       Office = "liaison"        // of a party
	OfficeWatchOfficer  Office = "watch_officer"  // of the mechanism, as the next four
	OfficeWatchLead     Office = "watch_lead"     //
	OfficeAnalyst       Office = "analyst"        //
	OfficeDutyHead      Office = "duty_head"      //
	OfficeMechanismLead Office = "mechanism_lead" //
	OfficeChair         Office = "chair"          // of the commission
	OfficeMember        Office = "member"         // of the commission
	OfficeDutyOfficer   Office = "duty_officer"   // of a guarantor, as the next three
	OfficeDeputy        Office = "deputy"         //
	OfficeMinistry      Office = "ministry"       //
	OfficeHead          Office = "head"           //
	OfficePlanner       Office = "planner"        // of a contributor
)

var officeRoles = map[Office]Role{
	OfficeLiaison: RoleParty, OfficeWatchOfficer: RoleMechanism, OfficeWatchLead: RoleMechanism, OfficeAnalyst: RoleMechanism,
	OfficeDutyHead: RoleMechanism, OfficeMechanismLead: RoleMechanism, OfficeChair: RoleCommission, OfficeMember: RoleCommission,
	OfficeDutyOfficer: RoleGuarantor, OfficeDeputy: RoleGuarantor, OfficeMinistry: RoleGuarantor, OfficeHead: RoleGuarantor,
	OfficePlanner: RoleContributor,
}

// Offices lists every office, those of a role together, lowest first.
func Offices() []Office {
	return []Office{OfficeLiaison, OfficeWatchOfficer, OfficeWatchLead, OfficeAnalyst, OfficeDutyHead, OfficeMechanismLead,
		OfficeMember, OfficeChair, OfficeDutyOfficer, OfficeDeputy, OfficeMinistry, OfficeHead, OfficePlanner}
}

// Role is the role the office belongs to, "" for an office that is none.
func (o Office) Role() Role { return officeRoles[o] }

// Person is one who may sign in: a record replaces the one before of the same ID. Only the
// hash of the token is kept; the public key is that of the pair derived from the token.
type Person struct {
	ID        PersonID  `json:"id"`
	Name      string    `json:"name"` // of the post, e.g. "Duty officer, Farland"
	Role      Role      `json:"role"`
	Office    Office    `json:"office,omitempty"`
	Party     PartyID   `json:"party,omitempty"`
	State     StateID   `json:"state,omitempty"`
	Language  string    `json:"language"`
	Contacts  []Contact `json:"contacts,omitempty"` // in the order in which they are tried
	Token     Hash      `json:"token_sha256"`       // zero: may be written to, cannot sign in
	Key       string    `json:"key,omitempty"`      // Ed25519 public key, hex
	OneTime   bool      `json:"one_time,omitempty"` // the token is used up by the first sign-in
	Expires   Instant   `json:"expires"`            // 0: never
	Withdrawn bool      `json:"withdrawn,omitempty"`

	WithdrawnBy PersonID   `json:"withdrawn_by,omitempty"`
	Enrolment   *Enrolment `json:"enrolment,omitempty"` // nil: recorded before there were any
}

// Contact is one way to reach a person.
type Contact struct {
	Channel ChannelKind `json:"channel"`
	Address string      `json:"address"`
	Drill   bool        `json:"drill,omitempty"` // may be used by exercises
}

var personID = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
})

// Validate refuses a person whose role, office, party and state do not belong together.
func (p Person) Validate() error {
	switch {
	case !personID().MatchString(string(p.ID)):
		return Errorf(CodeInvalid, "person %.80q: write small letters, digits, dot, dash or line, 64 at most", string(p.ID))
	case p.Office != "" && p.Office.Role() != p.Role:
		return Errorf(CodeInvalid, "person %s: the office %.40q is not one of the role %.40q", p.ID, string(p.Office), string(p.Role))
	case (p.Role == RoleParty) != (p.Party != ""):
		return Errorf(CodeInvalid, "person %s: a party belongs to the role party, and to no other", p.ID)
	case (p.Role == RoleGuarantor || p.Role == RoleContributor) != (p.State != ""):
		return Errorf(CodeInvalid, "person %s: a state belongs to the roles guarantor and contributor, and to no other", p.ID)
	}
	for _, role := range Roles() {
		if p.Role == role {
			return p.validParts()
		}
	}
	return Errorf(CodeInvalid, "person %s: the role %.40q is none of %v", p.ID, string(p.Role), Roles())
}

func (p Person) validParts() error {
	if key, err := hex.DecodeString(p.Key); err != nil || len(key) != 0 && len(key) != ed25519.PublicKeySize {
		return Errorf(CodeInvalid, "person %s: the key is not an Ed25519 public key in hex", p.ID)
	}
	return p.Enrolment.validate(p)
}

// Signing is a person's Ed25519 signature over the canonical JSON of what it stands by.
type Signing struct {
	By  PersonID `json:"by"`
	Key string   `json:"key"` // public key, hex: the one of the person when it was made
	Sig string   `json:"sig"` // hex
}

// Sign signs a value that has a canonical form.
func Sign(by PersonID, key ed25519.PrivateKey, tag string, v any) (Signing, error) {
	text, err := signedText(tag, v)
	if err != nil {
		return Signing{}, err
	}
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return Signing{}, Errorf(CodeInternal, "sign: not an Ed25519 key")
	}
	return Signing{By: by, Key: hex.EncodeToString(public), Sig: hex.EncodeToString(ed25519.Sign(key, text))}, nil
}

// Verify checks the signature over a value and that it was made by the key given.
func (s Signing) Verify(key, tag string, v any) error {
	public, err := hex.DecodeString(s.Key)
	sig, sigErr := hex.DecodeString(s.Sig)
	if err != nil || sigErr != nil || len(public) != ed25519.PublicKeySize || s.Key != key {
		return Errorf(CodeUnauthenticated, "signature of %s: not made with the key on record", s.By)
	}
	text, err := signedText(tag, v)
	if err != nil {
		return err
	}
	if !ed25519.Verify(public, text, sig) {
		return Errorf(CodeUnauthenticated, "signature of %s: does not match what it stands under", s.By)
	}
	return nil
}

func signedText(tag string, v any) ([]byte, error) {
	body, err := Canonical(v)
	return append([]byte("truce/signature/1\n"+tag+"\n"), body...), err
}
