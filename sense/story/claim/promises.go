package claim

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

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
	Kind      truce.ClaimKind `json:"kind"`
	Stance    string          `json:"stance"`
	Firmness  truce.Firmness  `json:"firmness,omitempty"`
	Condition string          `json:"condition,omitempty"`
	// ConditionAt is the byte where the condition begins in what the sentence is of, the
	// headline or the text.
	ConditionAt int            `json:"condition_at,omitempty"`
	Reversal    bool           `json:"reversal,omitempty"`
	Sentence    string         `json:"sentence"` // at most truce.MaxPublicQuote characters, the condition with it
	Article     truce.ID       `json:"article"`
	Publisher   string         `json:"publisher,omitempty"`
	Link        string         `json:"link,omitempty"`
	Published   truce.Instant  `json:"published"`
	Chain       []truce.Teller `json:"chain,omitempty"`
	Confidence  float64        `json:"confidence"`
	Rule        string         `json:"rule"`
	Copies      int            `json:"copies,omitempty"` // other articles that repeat the same report
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
	list = withoutBareHeadlines(list)
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

// withoutBareHeadlines leaves out a headline's statement where the article itself makes the
// same with its condition: what is quoted of the article must not hide that.
func withoutBareHeadlines(list []Sourced) []Sourced {
	type key struct {
		article              truce.ID
		link, actor, subject string
		kind                 truce.ClaimKind
	}
	of := func(s Sourced) key {
		return key{s.Article, s.Link, s.Claim.Said.Actor, s.Claim.Said.Subject, s.Claim.Kind}
	}
	conditional := map[key]bool{}
	for _, s := range list {
		if s.Claim.Said.Condition != "" && !s.Claim.Quote.Headline {
			conditional[of(s)] = true
		}
	}
	return slices.DeleteFunc(list, func(s Sourced) bool {
		return s.Claim.Quote.Headline && s.Claim.Said.Condition == "" && conditional[of(s)]
	})
}

// quoted is what of a sentence may be public, with the condition of what it promises: of a
// long sentence the beginning and the condition.
func quoted(sentence, condition string) string {
	public := truce.PublicQuote(sentence)
	condition = strings.Join(strings.Fields(truce.CleanText(condition)), " ")
	if condition == "" || strings.Contains(public, condition) {
		return public
	}
	const join = " … "
	begin := strings.Join(strings.Fields(truce.CleanText(sentence)), " ")
	tail := truce.PublicQuote(firstRunes(condition, truce.MaxPublicQuote*2/3))
	room := truce.MaxPublicQuote - utf8.RuneCountInString(tail) - utf8.RuneCountInString(join)
	head := firstRunes(begin, room)
	if i := strings.LastIndexByte(head, ' '); i > 0 {
		head = head[:i]
	}
	return strings.TrimRight(head, " ,;:—–-") + join + tail
}

// conditionAt is the byte of the article where a condition begins.
func conditionAt(c truce.Claim) int {
	if i := strings.Index(c.Quote.Sentence, c.Said.Condition); c.Said.Condition != "" && i >= 0 {
		return c.Quote.Offset + i
	}
	return 0
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
		ConditionAt: conditionAt(s.Claim),
		Sentence:    quoted(s.Claim.Quote.Sentence, said.Condition), Article: s.Article, Publisher: s.Publisher, Link: s.Link,
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

// standing is the statement of a row that stands: the last that takes a side, unless the
// actor has turned from it since; -1: none.
func (w *Row) standing() int {
	last := -1
	for i, s := range w.Statements {
		switch {
		case s.Stance != stanceUnclear:
			last = i
		case s.Reversal:
			last = -1
		}
	}
	return last
}

// contradict finds the other actors who stand against what a row stands for. Who has turned
// since contradicts nobody, and nobody contradicts them by what they left.
func (w *Row) contradict(all []Row) {
	if i := w.standing(); i < 0 || w.Statements[i].Stance != stanceFor {
		return
	}
	for i := range all {
		o := &all[i]
		if o.Subject != w.Subject || o.Actor == w.Actor {
			continue
		}
		k := o.standing()
		if k < 0 || o.Statements[k].Stance != stanceAgainst {
			continue
		}
		s := o.Statements[k]
		reason := string(s.Kind)
		if s.Kind == truce.ClaimPosition {
			reason = stanceAgainst
		}
		w.Contradictions = append(w.Contradictions, Contradiction{Actor: o.Actor, Kind: s.Kind, At: s.Published, Link: s.Link, Reason: reason})
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

// Called is what somebody who is named in one language is called in another, "en" or "uk": a
// person of the dictionaries, with or without an office before the name, and whoever else has
// the very name of an entry. A city that stands for its state, and any other name, stays as it
// is.
func Called(name, language string) string {
	r := book().reading(Sentence{Text: name[:min(len(name), MaxHeadline)]}, false, nil)
	for _, m := range r.mentions {
		if m.to == len(r.words) && m.to == m.bare && !m.owner && r.wholly(m, name) {
			return Name(m.key, language)
		}
	}
	return name
}

// wholly says whether a name is that of an actor and of nobody else.
func (r *reading) wholly(m mention, name string) bool {
	if !strings.HasPrefix(m.key, "person:") {
		return foldWord(name) == foldWord(Name(m.key, "en")) || foldWord(name) == foldWord(Name(m.key, "uk"))
	}
	for i := range m.from {
		if !r.covers("title", i) && !isArticle(r.words[i].word) {
			return false
		}
	}
	return true
}
