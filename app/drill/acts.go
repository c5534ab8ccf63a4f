package drill

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// act is what a person does.
type act struct {
	by       truce.PersonID
	verb     string
	incident string // that it speaks of: of a review or an attribution, or to find the case
	number   string // of the case; "": found
	deed     truce.Deed
	review   truce.Review
	view     truce.Attribution
	tier     truce.TierID // of an answer: the alert of this tier
	kind     truce.AcknowledgeKind
	position truce.Position
}

// silence says that somebody does nothing, so that nothing is forgotten by mistake.
type silence struct{ by string }

// verb is how one act is read.
type verb struct {
	word string
	read func(p *parser, l *line, a *act)
}

// verbs are what people can do, in the words of the commands.
func verbs() []verb {
	deed := func(word string, kind truce.DeedKind, parts ...func(*parser, *line, *act)) verb {
		return verb{word, func(p *parser, l *line, a *act) {
			a.deed.Kind = kind
			for _, part := range parts {
				part(p, l, a)
			}
		}}
	}
	return []verb{
		{"verifies", outcome(truce.OccurrenceVerified)}, {"refutes", outcome(truce.OccurrenceRefuted)},
		{"explains", outcome(truce.OccurrenceExplained)}, {"withdraws", outcome("")},
		{"attributes", readView}, {"acknowledges", readAnswer},
		deed("signs", truce.DeedSign, readPassage, mayText), deed("refuses", truce.DeedRefuse, readPassage, mustText),
		deed("meets", truce.DeedMeet, readClock, mayText), deed("pauses", truce.DeedPause, readClock, mustText), deed("resumes", truce.DeedResume, readClock, mustText),
		deed("moves", truce.DeedMoveT0, readT0, mustText),
		deed("complains", truce.DeedComplain, mustText), deed("states", truce.DeedState, mustText), deed("notes", truce.DeedNote, mustText),
		deed("determines", truce.DeedDetermine, mustText),
		deed("calls", truce.DeedCall, mustText), deed("joins", truce.DeedJoin), deed("proposes", truce.DeedPropose, readOption),
		deed("votes", truce.DeedVote, readOption, mayText), deed("abstains", truce.DeedVote, mayText), deed("decides", truce.DeedDecide, readOption, mustText),
		deed("closes", truce.DeedClose, mustText), deed("reopens", truce.DeedReopen, mustText),
	}
}

func verbWords() []string {
	var out []string
	for _, v := range verbs() {
		out = append(out, v.word)
	}
	return append(out, "stays")
}

// act reads: WHO VERB and what belongs to it, and at the end [of E1 | in C-2031-1].
func (p *parser) act(l *line) Action {
	who := l.take("who does something")
	person, known := p.drill.post(who)
	var all []string
	for _, post := range p.drill.Posts {
		all = append(all, string(post.ID))
	}
	if !known {
		options := append(all, "incident", "blind", "advance", "channel", "outage", "restart")
		l.failLast("%q is no post above and nothing that happens%s", cut(who), agreement.DidYouMean(who, options))
		return nil
	}
	if l.accept("stays") {
		l.expect("silent")
		p.calm = append(p.calm, string(person.ID))
		return silence{who}
	}
	word := l.oneOf("what a person does", verbWords())
	if slices.Contains(p.calm, string(person.ID)) {
		l.failLast("%s stays silent by a line above", person.ID)
	}
	a := act{by: person.ID, verb: word}
	for _, v := range verbs() {
		if v.word == word {
			v.read(p, l, &a)
		}
	}
	switch {
	case l.accept("of"):
		a.incident = p.told(l)
	case l.accept("in"):
		if a.number = l.take("the number of a case"); !strings.HasPrefix(a.number, "C-") {
			l.failLast("%q: want the number of a case such as C-2031-1", cut(a.number))
		}
	}
	return a
}

// outcome reads a step of review: E1 [as REASON].
func outcome(o truce.Occurrence) func(*parser, *line, *act) {
	return func(p *parser, l *line, a *act) {
		a.incident = p.told(l)
		a.review = truce.Review{Outcome: o, Withdraws: o == ""}
		if l.accept("as") {
			a.review.Reason = truce.CleanText(l.take("a reason, e.g. quarry"))
		} else if o.Exit() {
			l.fail("%s needs a reason: as quarry", a.verb)
		}
		a.review.Note = truce.CleanText(l.quote())
	}
}

// readView reads: E1 to PARTY LEVEL "basis" "what else was considered".
func readView(p *parser, l *line, a *act) {
	a.incident = p.told(l)
	a.view = truce.Attribution{Level: truce.AttributionUndetermined}
	if l.accept("undetermined") {
		return
	}
	l.expect("to")
	a.view.Party = truce.PartyID(l.oneOf("a party", partyNames(p.terms)))
	a.view.Level = truce.AttributionLevel(l.oneOf("a level", texts(truce.AttributionLevels()[2:])))
	a.view.P = levelP(a.view.Level)
	basis, other := truce.CleanText(l.quote()), truce.CleanText(l.quote())
	if basis == "" || other == "" {
		l.fail(`write the basis and what else was considered: "trajectory" "own fire: no battery within reach"`)
	}
	a.view.Basis, a.view.Alternatives = []string{basis}, []string{other}
}

// levelP is a probability that fits a level.
func levelP(level truce.AttributionLevel) truce.Probability {
	switch level {
	case truce.AttributionReasonable:
		return 0.6
	case truce.AttributionBalance:
		return 0.75
	}
	return 0.9
}

// readAnswer reads: [TIER] KIND [POSITION] ["text"].
func readAnswer(p *parser, l *line, a *act) {
	if p.isTier(l.peek()) {
		a.tier = truce.TierID(l.take("a tier"))
	}
	a.kind = truce.AcknowledgeKind(l.oneOf("a kind of acknowledgement",
		texts([]truce.AcknowledgeKind{truce.AckDelivered, truce.AckRead, truce.AckReceived, truce.AckPosition})))
	if a.kind == truce.AckPosition {
		a.position = truce.Position(l.oneOf("a position", texts([]truce.Position{truce.PositionAgree, truce.PositionReserve, truce.PositionObject})))
	}
	a.deed.Text = truce.CleanText(l.quote())
}

func (p *parser) isTier(text string) bool { return slices.Contains(p.tiers(), text) }

func (p *parser) tiers() []string {
	var out []string
	for _, t := range p.terms.Ladder.Tiers {
		out = append(out, string(t.ID))
	}
	return out
}

// readPassage reads: TIER [down], or closing for the passage out of a case in no tier.
func readPassage(p *parser, l *line, a *act) {
	if a.deed.Down = l.accept("closing"); a.deed.Down {
		return
	}
	a.deed.Tier = truce.TierID(l.oneOf("a tier", p.tiers()))
	a.deed.Down = l.accept("down")
}

func readClock(p *parser, l *line, a *act) { a.deed.Clock = l.oneOf("a clock", p.clocks()) }

func (p *parser) clocks() []string {
	var out []string
	for _, t := range p.terms.Ladder.Tiers {
		for _, c := range t.Clocks {
			out = append(out, c.ID)
		}
	}
	for _, path := range p.terms.Ladder.Paths {
		for _, c := range path.Clocks {
			out = append(out, c.ID)
		}
	}
	return out
}

// readT0 reads: T0 BASIS to TIME [on E1 | on complaint]. What it was before is read when it
// is done; on complaint is the last one of the case. Who agrees leaves the evidence out.
func readT0(p *parser, l *line, a *act) {
	l.expect("T0")
	t := truce.T0Change{Basis: truce.T0Basis(l.oneOf("a zero point", texts(truce.T0Bases())))}
	l.expect("to")
	t.New = p.when(l)
	if l.accept("on") {
		e := truce.T0Evidence{Kind: truce.EvidenceIncident}
		if l.accept("complaint") {
			e.Kind = truce.EvidenceComplaint
		} else {
			a.incident = p.told(l)
		}
		t.Evidence = &e
	}
	a.deed.T0 = &t
}

func readOption(_ *parser, l *line, a *act) { a.deed.Option = truce.CleanText(l.take("an option")) }

// mayText reads a text if there is one.
func mayText(_ *parser, l *line, a *act) { a.deed.Text = truce.CleanText(l.quote()) }

func mustText(_ *parser, l *line, a *act) {
	if a.deed.Text = truce.CleanText(l.quote()); a.deed.Text == "" {
		l.fail(`%s needs a text: "..."`, a.verb)
	}
}
