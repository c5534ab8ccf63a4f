package drill

import (
	"slices"

	"github.com/trucewatch/truce"
)

// act is what a person does.
type act struct {
	by       truce.PersonID
	verb     string
	incident string // that it speaks of: of a review or an attribution, or to find the case
	number   string // of the case; "": found
	deed     truce.Deed
	moved    []string // incidents that are put into another case
	to       string   // the case that takes them
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
		deed("meets", truce.DeedMeet, readWhose, mayText), deed("pauses", truce.DeedPause, readPause, mustText), deed("resumes", truce.DeedResume, readWhose, mustText),
		deed("moves", truce.DeedMoveT0, readMove, mustText),
		deed("complains", truce.DeedComplain, mustText), deed("states", truce.DeedState, mustText), deed("notes", truce.DeedNote, mustText),
		deed("determines", truce.DeedDetermine, mustText),
		deed("calls", truce.DeedCall, readCall, mustText), deed("joins", truce.DeedJoin), deed("proposes", truce.DeedPropose, readOption),
		deed("votes", truce.DeedVote, readOption, mayText), deed("abstains", truce.DeedVote, mayText), deed("files", truce.DeedMinute, readMinutes), deed("decides", truce.DeedDecide, readDecision),
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
	text := l.peek()
	a := act{by: p.actor(l)}
	if l.accept("stays") {
		l.expect("silent")
		p.calm = append(p.calm, string(a.by))
		return silence{text}
	}
	a.verb = l.oneOf("what a person does", verbWords())
	for _, v := range verbs() {
		if v.word == a.verb {
			v.read(p, l, &a)
			break
		}
	}
	p.ends(l, &a)
	return a
}

// outcome reads a step of review: E1 [as REASON].
func outcome(o truce.Occurrence) func(*parser, *line, *act) {
	return func(p *parser, l *line, a *act) {
		a.incident = p.told(l)
		a.review = truce.Review{Outcome: o, Withdraws: o == ""}
		readReason(l, a)
	}
}

// readReason reads: [as REASON] ["note"].
func readReason(l *line, a *act) {
	if l.accept("as") {
		a.review.Reason = truce.CleanText(l.take("a reason, e.g. quarry"))
	} else if a.review.Outcome.Exit() {
		l.fail("%s needs a reason: as quarry", a.verb)
	}
	a.review.Note = truce.CleanText(l.quote())
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
	readGrounds(l, a)
}

// readGrounds reads: "basis" "what else was considered".
func readGrounds(l *line, a *act) {
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

// readPassage reads: TIER, down from TIER, or closing for the passage out of a case in no
// tier. TIER down says the same as down from TIER.
func readPassage(p *parser, l *line, a *act) {
	if l.accept("down") {
		l.expect("from")
		a.deed.Down, a.deed.Tier = true, truce.TierID(l.oneOf("a tier", p.tiers()))
		return
	}
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
	a.deed.T0 = &t
	if l.accept("on") {
		p.evidenceOf(l, a)
	}
}

func readOption(_ *parser, l *line, a *act) { a.deed.Option = truce.CleanText(l.take("an option")) }

// readCall reads: [a consultation].
func readCall(_ *parser, l *line, _ *act) {
	l.accept("a")
	l.accept("consultation")
}

// readMinutes reads: minutes "the text"; their hash goes on record.
func readMinutes(_ *parser, l *line, a *act) {
	l.expect("minutes")
	text := l.quote()
	if text == "" {
		l.fail(`files minutes needs their text: "..."`)
	}
	a.deed.Product = truce.HashOf([]byte(text))
}

// readDecision reads: [OPTION] "the public text".
func readDecision(p *parser, l *line, a *act) {
	if l.next+1 < len(l.list) && l.list[l.next+1].Quoted {
		readOption(p, l, a)
	}
	mustText(p, l, a)
}

// mayText reads a text if there is one.
func mayText(_ *parser, l *line, a *act) { a.deed.Text = truce.CleanText(l.quote()) }

func mustText(_ *parser, l *line, a *act) {
	if a.deed.Text = truce.CleanText(l.quote()); a.deed.Text == "" {
		l.fail(`%s needs a text: "..."`, a.verb)
	}
}
