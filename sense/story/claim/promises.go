package claim

import (
	"cmp"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
)

// Sourced is a claim with the article it was read in.
type Sourced struct {
	Claim     truce.Claim
	Article   truce.ID
	Publisher string
	Link      string
	Group     string // of the texts that repeat one report; "": it repeats none
	Published truce.PhenomenonTime
}

// Of gives the claims of an article their source.
func Of(a truce.Article, claims []truce.Claim) []Sourced {
	out := make([]Sourced, len(claims))
	for i, c := range claims {
		out[i] = Sourced{Claim: c, Article: a.ID, Publisher: a.Publisher, Link: a.URL, Group: a.Group, Published: a.Published}
	}
	return out
}

// Row is everything that was reported of one actor and one subject, over time. It is a lead
// for whoever keeps the account of commitments, never an entry of it.
type Row struct {
	Actor   string `json:"actor"`
	Subject string `json:"subject"`
	To      string `json:"to,omitempty"` // for whom, as the latest statement that says it

	Kind      truce.ClaimKind `json:"kind"`                // of the latest statement
	Stance    string          `json:"stance"`              // for, against or unclear: of the latest statement
	Firmness  truce.Firmness  `json:"firmness,omitempty"`  // the firmest of its commitments
	Condition string          `json:"condition,omitempty"` // of the latest statement that has one
	Drafted   bool            `json:"drafted"`             // a text is reported, which nobody endorsed
	Endorsed  bool            `json:"endorsed"`            // endorsed or ratified as reported

	Statements     []Statement     `json:"statements"`               // oldest first
	Changes        []PositionTurn  `json:"changes,omitempty"`        // oldest first
	Contradictions []Contradiction `json:"contradictions,omitempty"` // by actor
}

// Statement is one sentence of one article that a row rests on. Its sentence is short
// enough to be public.
type Statement struct {
	Kind       truce.ClaimKind `json:"kind"`
	Stance     string          `json:"stance"`
	Firmness   truce.Firmness  `json:"firmness,omitempty"`
	Condition  string          `json:"condition,omitempty"`
	Reversal   bool            `json:"reversal,omitempty"`
	Sentence   string          `json:"sentence"` // at most truce.MaxPublicQuote characters
	Article    truce.ID        `json:"article"`
	Publisher  string          `json:"publisher,omitempty"`
	Link       string          `json:"link,omitempty"`
	Published  truce.Instant   `json:"published"`
	Chain      []truce.Teller  `json:"chain,omitempty"`
	Confidence float64         `json:"confidence"`
	Rule       string          `json:"rule"`
	Copies     int             `json:"copies,omitempty"` // other articles that repeat the same report
}

// PositionTurn is a change of position: the row's actor said otherwise before, or the text
// says that it did.
type PositionTurn struct {
	At     truce.Instant `json:"at"` // of the article that tells of it
	From   string        `json:"from,omitempty"`
	To     string        `json:"to"`
	Stated bool          `json:"stated"` // the text itself calls it a change
	By     int           `json:"by"`     // the statement, counted from 0
}

// Contradiction is what stands against a row: another actor who refuses or rules out the
// same, or the same actor who said both at once.
type Contradiction struct {
	Actor  string          `json:"actor"`
	Kind   truce.ClaimKind `json:"kind"`
	At     truce.Instant   `json:"at"`
	Link   string          `json:"link,omitempty"`
	Reason string          `json:"reason"` // same_actor, objection, exclusion, against
}

// Promises makes the table of who promised, ruled out, refused or held what: one row for
// each actor and subject, by subject and actor. The result does not depend on the order of
// the claims. Events are no rows; a text that changed is a row with the text as its actor.
func Promises(list []Sourced) []Row {
	list = slices.Clone(list)
	list = slices.DeleteFunc(list, func(s Sourced) bool { return s.Claim.Said == nil || s.Claim.Quote == nil })
	slices.SortFunc(list, bySource)
	rows := map[string]*Row{}
	var keys []string
	for _, s := range list {
		key := s.Claim.Said.Subject + "\x00" + s.Claim.Said.Actor
		if rows[key] == nil {
			if len(keys) >= MaxRows {
				continue
			}
			rows[key] = &Row{Actor: s.Claim.Said.Actor, Subject: s.Claim.Said.Subject}
			keys = append(keys, key)
		}
		rows[key].take(s)
	}
	slices.Sort(keys)
	out := make([]Row, len(keys))
	for i, key := range keys {
		out[i] = *rows[key]
	}
	for i := range out {
		out[i].turns()
		out[i].contradict(out)
	}
	return out
}

func bySource(a, b Sourced) int {
	return cmp.Or(cmp.Compare(a.Published.From, b.Published.From), slices.Compare(a.Article[:], b.Article[:]), cmp.Compare(a.Link, b.Link),
		cmp.Compare(a.Claim.Quote.Offset, b.Claim.Quote.Offset), cmp.Compare(a.Claim.Rule, b.Claim.Rule), cmp.Compare(a.Claim.Quote.Sentence, b.Claim.Quote.Sentence))
}

// take adds a statement to a row, or a copy to the statement it repeats.
func (w *Row) take(s Sourced) {
	said := s.Claim.Said
	next := Statement{
		Kind: s.Claim.Kind, Stance: stanceOf(s.Claim), Firmness: said.Firmness, Condition: said.Condition, Reversal: said.Reversal,
		Sentence: truce.PublicQuote(s.Claim.Quote.Sentence), Article: s.Article, Publisher: s.Publisher, Link: s.Link,
		Published: s.Published.From, Chain: s.Claim.Chain, Confidence: s.Claim.Confidence, Rule: s.Claim.Rule,
	}
	key := article.HeadlineKey(next.Sentence, "")
	for i := range w.Statements {
		if o := &w.Statements[i]; o.Kind == next.Kind && article.HeadlineKey(o.Sentence, "") == key {
			if o.Link != next.Link || o.Article != next.Article {
				o.Copies++
			}
			return
		}
	}
	w.Statements = append(w.Statements, next)
	w.Kind, w.Stance = next.Kind, next.Stance
	w.To, w.Condition = cmp.Or(said.To, w.To), cmp.Or(said.Condition, w.Condition)
	if slices.Index(truce.Firmnesses(), next.Firmness) > slices.Index(truce.Firmnesses(), w.Firmness) {
		w.Firmness = next.Firmness
	}
	w.Endorsed = w.Firmness == truce.FirmEndorsed || w.Firmness == truce.FirmRatified
	w.Drafted = w.Firmness == truce.FirmDrafted || w.Firmness == truce.FirmTextReady
}

// The stances of statements.
const (
	stanceFor     = "for"
	stanceAgainst = "against"
	stanceUnclear = "unclear"
)

// stanceOf is on which side of its subject a claim stands.
func stanceOf(c truce.Claim) string {
	switch c.Kind {
	case truce.ClaimCommitment:
		return stanceFor
	case truce.ClaimExclusion, truce.ClaimObjection:
		return stanceAgainst
	case truce.ClaimPosition:
		return cmp.Or(c.Said.Stance, stanceUnclear)
	}
	return stanceUnclear
}

// turns finds where the position changed.
func (w *Row) turns() {
	last := ""
	for i, s := range w.Statements {
		switch {
		case s.Reversal:
			w.Changes = append(w.Changes, PositionTurn{At: s.Published, From: last, To: s.Stance, Stated: true, By: i})
		case opposite(last, s.Stance) && s.Published > w.Statements[i-1].Published:
			w.Changes = append(w.Changes, PositionTurn{At: s.Published, From: last, To: s.Stance, By: i})
		case opposite(last, s.Stance):
			w.Contradictions = append(w.Contradictions, Contradiction{Actor: w.Actor, Kind: s.Kind, At: s.Published, Link: s.Link, Reason: "same_actor"})
		}
		if s.Stance != stanceUnclear {
			last = s.Stance
		}
	}
}

func opposite(a, b string) bool {
	return a == stanceFor && b == stanceAgainst || a == stanceAgainst && b == stanceFor
}

// contradict finds the other actors who stand against what a row is for.
func (w *Row) contradict(all []Row) {
	if !slices.ContainsFunc(w.Statements, func(s Statement) bool { return s.Stance == stanceFor }) {
		return
	}
	for i := range all {
		o := &all[i]
		if o.Subject != w.Subject || o.Actor == w.Actor {
			continue
		}
		for _, s := range o.Statements {
			if s.Stance == stanceAgainst {
				reason := string(s.Kind)
				if s.Kind == truce.ClaimPosition {
					reason = stanceAgainst
				}
				w.Contradictions = append(w.Contradictions, Contradiction{Actor: o.Actor, Kind: s.Kind, At: s.Published, Link: s.Link, Reason: reason})
				break
			}
		}
	}
}

// Name is what an actor or subject is called in a language, "en" or "uk"; of a key that the
// dictionaries do not have, such as a person's met in a text, its own words.
func Name(key, language string) string {
	if name := book().names[key+" "+language]; name != "" {
		return name
	}
	if name := book().names[key+" en"]; name != "" {
		return name
	}
	_, name, found := strings.Cut(key, ":")
	if !found {
		name = key
	}
	return strings.ReplaceAll(name, "_", " ")
}
