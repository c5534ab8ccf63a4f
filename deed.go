package truce

import (
	"strings"
	"unicode/utf8"
)

// Deed is what a person does in a case: the wish as it was signed. Whether the person may,
// and what follows, is decided where it is received; a refused deed changes nothing.
type Deed struct {
	Case   CaseID   `json:"case"`
	After  int      `json:"after"` // the number of the last step the person had seen
	Kind   DeedKind `json:"kind"`
	Person PersonID `json:"person"`
	At     Instant  `json:"at"` // when it was signed

	Tier    TierID      `json:"tier,omitempty"`    // of sign and refuse
	Down    bool        `json:"down,omitempty"`    // the passage down from the tier
	Office  Office      `json:"office,omitempty"`  // in which the person acts
	Clock   string      `json:"clock,omitempty"`   // of meet, pause, resume
	For     string      `json:"for,omitempty"`     // whose clock
	Until   Instant     `json:"until,omitzero"`    // of pause: when it ends by itself
	T0      *T0Change   `json:"t0,omitempty"`      // of move_t0
	Meeting string      `json:"meeting,omitempty"` // consultation
	Option  string      `json:"option,omitempty"`
	Product Hash        `json:"product,omitzero"` // minutes, report or statement, by hash
	Remedy  *RemedyStep `json:"remedy,omitempty"`
	Moved   []ID        `json:"moved,omitempty"` // incidents put into another case
	To      CaseID      `json:"to,omitzero"`
	Text    string      `json:"text,omitempty"` // reason, ground, dissent, statement or public text

	Signature *Signing `json:"signature,omitempty"` // over the deed without it
}

// DeedKind is what the person wants.
type DeedKind string

// The deeds.
const (
	DeedSign      DeedKind = "sign"   // a gate
	DeedRefuse    DeedKind = "refuse" // a gate
	DeedMeet      DeedKind = "meet"   // what a clock waits for is done
	DeedPause     DeedKind = "pause"  // asks; a second person of another role agrees with the same deed
	DeedResume    DeedKind = "resume"
	DeedMoveT0    DeedKind = "move_t0"
	DeedComplain  DeedKind = "complain" // a party asks for verification
	DeedState     DeedKind = "state"    // a party replies
	DeedDetermine DeedKind = "determine"
	DeedCall      DeedKind = "call" // a consultation
	DeedJoin      DeedKind = "join"
	DeedMinute    DeedKind = "minute"
	DeedPropose   DeedKind = "propose" // an option
	DeedVote      DeedKind = "vote"
	DeedDecide    DeedKind = "decide" // ends a consultation with its public text
	DeedRemedy    DeedKind = "remedy"
	DeedMove      DeedKind = "move" // incidents into another case
	DeedClose     DeedKind = "close"
	DeedReopen    DeedKind = "reopen"
	DeedNote      DeedKind = "note"
)

// DeedKinds lists every deed.
func DeedKinds() []DeedKind {
	return []DeedKind{DeedSign, DeedRefuse, DeedMeet, DeedPause, DeedResume, DeedMoveT0, DeedComplain, DeedState, DeedDetermine,
		DeedCall, DeedJoin, DeedMinute, DeedPropose, DeedVote, DeedDecide, DeedRemedy, DeedMove, DeedClose, DeedReopen, DeedNote}
}

// DeedTag is what signatures over deeds begin with.
const DeedTag = "deed"

// Unsigned is the deed as it is signed.
func (d Deed) Unsigned() Deed {
	d.Signature = nil
	return d
}

// Validate refuses a deed that is longer than its bounds, before anything is looked up.
// Whether its person may do it, and whether it fits the case, is asked later.
func (d Deed) Validate() error {
	lines := []struct {
		what, text string
		most       int
	}{
		{"the tier", string(d.Tier), MaxName}, {"the clock", d.Clock, MaxName}, {"whose clock it is", d.For, MaxName},
		{"the consultation", d.Meeting, MaxName}, {"the option", d.Option, MaxLine}, {"the text", d.Text, MaxWords},
	}
	if r := d.Remedy; r != nil {
		lines = append(lines, []struct {
			what, text string
			most       int
		}{{"the name of the remedy", r.ID, MaxName}, {"its party", string(r.Party), MaxName}, {"what the remedy asks", r.What, MaxLine}, {"its ground", r.Ground, MaxWords}}...)
	}
	for _, l := range lines {
		if err := CheckLength(l.what, l.text, l.most); err != nil {
			return err
		}
		if l.most < MaxWords && strings.ContainsAny(l.text, "\n\t") {
			return Errorf(CodeInvalid, "%s stands on one line, without tabs", l.what)
		}
	}
	if len(d.Moved) > MaxMoved {
		return Errorf(CodeTooLarge, "the deed moves %d incidents, the most is %d: move the rest by another", len(d.Moved), MaxMoved)
	}
	return nil
}

// CheckLength refuses a text of more characters than a bound, and says both.
func CheckLength(what, text string, most int) error {
	if len(text) <= most {
		return nil
	}
	if n := utf8.RuneCountInString(text); n > most {
		return Errorf(CodeTooLarge, "%s has %d characters, the most is %d: shorten it", what, n, most)
	}
	return nil
}
