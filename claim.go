package truce

import (
	"strings"
	"unicode/utf8"

	"github.com/trucewatch/truce/geo"
)

// Claim is what a report says; a report may hold several. A claim of kind event says that
// something happened; the other kinds say what somebody promised, ruled out, refused, held
// or wrote.
type Claim struct {
	Act     Act     `json:"act"`
	Count   int     `json:"count,omitempty"` // 0: no number given
	Unit    Unit    `json:"unit,omitempty"`
	Accused PartyID `json:"accused,omitempty"`
	Detail  *Detail `json:"detail,omitempty"` // what else was said of it; nil: nothing

	Kind      ClaimKind       `json:"kind,omitempty"` // "": event
	Said      *Said           `json:"said,omitempty"` // of every kind but event
	PlaceName string          `json:"place_name,omitempty"`
	Place     *geo.Position   `json:"place,omitempty"` // nil: no place named, or none that is known
	When      *PhenomenonTime `json:"when,omitempty"`  // nil: that of the report

	Quote      *Quote   `json:"quote,omitempty"`      // nil: given as fields, not read out of a text
	Chain      []Teller `json:"chain,omitempty"`      // who passed it on, from the site to whoever says so
	Confidence float64  `json:"confidence,omitempty"` // that the text says this, 0 to 1; 0: not read out of a text
	Rule       string   `json:"rule,omitempty"`       // the rule of the extraction that read it
}

// ClaimKind is what kind of thing a claim says.
type ClaimKind string

// The kinds.
const (
	ClaimEvent      ClaimKind = "event"           // something happened
	ClaimCommitment ClaimKind = "commitment"      // somebody will do something for somebody
	ClaimExclusion  ClaimKind = "exclusion"       // somebody will not do something
	ClaimObjection  ClaimKind = "objection"       // somebody refuses what others plan
	ClaimPosition   ClaimKind = "position"        // somebody holds something to be so, or wants it
	ClaimDocument   ClaimKind = "document_change" // a later text dropped, added or softened something
)

// ClaimKinds lists the kinds.
func ClaimKinds() []ClaimKind {
	return []ClaimKind{ClaimEvent, ClaimCommitment, ClaimExclusion, ClaimObjection, ClaimPosition, ClaimDocument}
}

// Said is who says what, of a claim that is not of an event.
type Said struct {
	Actor     string   `json:"actor"`               // key of who it binds or whose view it is, e.g. "state:FR", "person:zelensky"
	Subject   string   `json:"subject"`             // key of what it is about, e.g. "troops", "security_guarantees", "ceasefire"
	To        string   `json:"to,omitempty"`        // key of for whom
	What      string   `json:"what,omitempty"`      // in the words of the text
	Condition string   `json:"condition,omitempty"` // on which it depends, in the words of the text
	Firmness  Firmness `json:"firmness,omitempty"`  // of a commitment
	Stance    string   `json:"stance,omitempty"`    // of a position: "for", "against", "unclear"
	From      string   `json:"from,omitempty"`      // of a document change: the earlier text
	Into      string   `json:"into,omitempty"`      // of a document change: the later text
	Reversal  bool     `json:"reversal,omitempty"`  // the text itself says that it was otherwise before
	Against   string   `json:"against,omitempty"`   // of an objection: key of whose plan
}

// Firmness is how firm a commitment is said to be. It is no state of a Commitment, which
// only a text or a body can give.
type Firmness string

// The degrees of firmness, from the weakest.
const (
	FirmSaid      Firmness = "said"
	FirmDrafted   Firmness = "drafted"
	FirmTextReady Firmness = "text_ready"
	FirmEndorsed  Firmness = "endorsed"
	FirmRatified  Firmness = "ratified"
)

// Firmnesses lists the degrees, from the weakest.
func Firmnesses() []Firmness {
	return []Firmness{FirmSaid, FirmDrafted, FirmTextReady, FirmEndorsed, FirmRatified}
}

// Quote is where in a report's text a claim stands. The sentence is verbatim; it is internal
// beyond MaxPublicQuote.
type Quote struct {
	Sentence string `json:"sentence"`
	Offset   int    `json:"offset"` // of its first byte in the text, or in the headline
	Headline bool   `json:"headline,omitempty"`
}

// MaxPublicQuote is how much of one sentence of a text may be made public, in characters.
const MaxPublicQuote = 200

// shortestSentence is after how many bytes a full stop is taken for the end of one, and not
// of "Lt. Gen." or "р. н.".
const shortestSentence = 25

// PublicQuote cuts a sentence to what may be public: whole words, an ellipsis where something
// is left out.
func PublicQuote(sentence string) string {
	sentence = strings.Join(strings.Fields(CleanText(sentence)), " ")
	runes := []rune(sentence)
	if len(runes) <= MaxPublicQuote {
		return sentence
	}
	cut := string(runes[:MaxPublicQuote-2])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:—–-") + " …"
}

// PublicHeadline is what of a headline may be public. Where a whole text stands in the place
// of a headline, as on channels that give none, it is the first sentence, cut like any other.
func PublicHeadline(headline string) string {
	headline = strings.Join(strings.Fields(CleanText(headline)), " ")
	if utf8.RuneCountInString(headline) <= MaxPublicQuote {
		return headline
	}
	for i, r := range headline {
		ends := r == '.' || r == '!' || r == '?' || r == '…'
		if rest := headline[i+utf8.RuneLen(r):]; ends && i >= shortestSentence && strings.HasPrefix(rest, " ") {
			return PublicQuote(headline[:i+utf8.RuneLen(r)])
		}
	}
	return PublicQuote(headline)
}

// Teller is one link in the chain by which a claim reached us.
type Teller struct {
	Role TellerRole `json:"role"`
	Name string     `json:"name,omitempty"` // "" where it is not named, e.g. "officials"
	Key  string     `json:"key,omitempty"`  // of the one identity behind the spellings of a name
	As   string     `json:"as,omitempty"`   // how an unnamed one is described, e.g. "European officials"
}

// TellerRole is what a teller is in the chain.
type TellerRole string

// The roles.
const (
	TellerSite    TellerRole = "site"    // that published the text
	TellerAgency  TellerRole = "agency"  // that the site cites
	TellerSpeaker TellerRole = "speaker" // whom the text quotes
)
