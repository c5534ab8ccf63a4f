package truce

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// PublicCheck is one version of a check as anybody may read it. It never changes: what
// becomes known later is another version, which names this one. It holds no id of the
// mission's own, no incident and no grade, and tells nobody's acts apart: attributions have
// a release of their own.
type PublicCheck struct {
	ID         string        `json:"id"`
	Version    int           `json:"version"`
	Mission    string        `json:"mission"`
	Realm      Realm         `json:"realm"`
	Released   Instant       `json:"released"`
	Total      PublicTotal   `json:"total"`
	Verdict    CheckVerdict  `json:"verdict"`
	Reasons    []CheckReason `json:"reasons"`
	Words      Names         `json:"words"` // verdict and reasons in sentences, by language
	Own        []PublicOwn   `json:"own,omitempty"`
	Beside     []PublicRival `json:"beside,omitempty"` // by claimant: shown side by side, never compared
	Known      Instant       `json:"known"`
	Method     string        `json:"method"`
	Supersedes string        `json:"supersedes,omitempty"` // address of the version before
}

// PublicTotal is a total as its author may be cited.
type PublicTotal struct {
	Claimant  string  `json:"claimant"`
	Party     PartyID `json:"party,omitempty"`
	Accused   PartyID `json:"accused,omitempty"`
	Act       Act     `json:"act,omitempty"`
	Unit      Unit    `json:"unit,omitempty"`
	Count     int     `json:"count"`
	AtLeast   bool    `json:"at_least,omitempty"`
	Area      AreaID  `json:"area,omitempty"`
	AreaNamed string  `json:"area_named,omitempty"`
	Period    *Period `json:"period,omitempty"`
	Said      Instant `json:"said"`
	Quote     string  `json:"quote,omitempty"` // one sentence of at most MaxPublicQuote characters
	Link      string  `json:"link,omitempty"`
}

// PublicOwn is what the mission counted under one rule in the area and time of a total,
// whoever did it.
type PublicOwn struct {
	Rule      RuleID       `json:"rule"`
	Unit      Unit         `json:"unit"`
	Count     int          `json:"count"`
	Undecided int          `json:"undecided,omitempty"` // recorded, and not decided whether it counts
	Coverage  *Probability `json:"coverage,omitempty"`  // whole hundredths, rounded down
	Least     Probability  `json:"least"`
	Matches   bool         `json:"matches,omitempty"`
}

// Observed says whether coverage met the rule's minimum.
func (o PublicOwn) Observed() bool { return o.Coverage != nil && *o.Coverage >= o.Least }

// PublicRival is the total of another party of the same hours, with its own result as it
// stood when both were released, and without its quotation, which stands there.
type PublicRival struct {
	ID      string        `json:"id"`
	Total   PublicTotal   `json:"total"`
	Verdict CheckVerdict  `json:"verdict"`
	Reasons []CheckReason `json:"reasons"`
}

// PublicCheckVersion says which versions of a check are out.
type PublicCheckVersion struct {
	Version   int
	Released  Instant
	Verdict   CheckVerdict
	SHA256    Hash // of the JSON as released, whether or not it was withdrawn
	Seq       Seq
	Withdrawn string // why its text is gone; "" while it is there
}

// Subject is what the records of a released check are about.
func (c PublicCheck) Subject() string { return PublicCheckSubject(c.ID) }

// PublicCheckSubject is what the records of the check with a public id are about.
func PublicCheckSubject(id string) string { return "public_check/" + id }

// Address is where this version stands for good on the public site.
func (c PublicCheck) Address() string { return fmt.Sprintf("/claims/%s/%d", c.ID, c.Version) }

// Validate refuses a version that cites more than may be cited, or calls a total
// contradicted where too little was observed.
func (c PublicCheck) Validate() error {
	for _, r := range c.Beside {
		if r.Total.Quote != "" {
			return Errorf(CodeForbidden, "public check %s: the quotation of %s stands with its own check alone", c.ID, r.ID)
		}
	}
	switch {
	case utf8.RuneCountInString(c.Total.Quote) > MaxPublicQuote:
		return Errorf(CodeForbidden, "public check %s: it quotes more than %d characters", c.ID, MaxPublicQuote)
	case !strings.HasPrefix(c.ID, "p") || c.Version < 1 || c.Released == 0:
		return Errorf(CodeInvalid, "public check %q: needs a public id, a version from 1 and when it was released", c.ID)
	case c.Verdict == "" || len(c.Reasons) == 0 || c.Method == "" || len(c.Words) == 0:
		return Errorf(CodeInvalid, "public check %s: needs a verdict, a reason, its words and the method", c.ID)
	case c.Verdict == CheckContradicted && (len(c.Own) == 0 || !c.Own[0].Matches || !c.Own[0].Observed()):
		return Errorf(CodeForbidden, "public check %s: contradicted, though coverage did not meet the rule's minimum", c.ID)
	}
	return nil
}
