package app

import (
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/ladder"
	"github.com/trucewatch/truce/web/room"
)

// caseWriter turns a case into what a person reads of it. It reads nothing by itself: what
// it is given is cut here.
type caseWriter struct {
	person truce.Person
	view   guarantee.View
	terms  guarantee.Terms // that the case was opened under
	lang   string
}

func newCaseWriter(p truce.Person, v guarantee.View) caseWriter {
	return caseWriter{person: p, view: v, terms: v.Terms, lang: p.Language}
}

// file is the case without its alerts.
func (w caseWriter) file(now truce.Instant) room.CaseFile {
	f := room.CaseFile{Sees: sees(w.person), Now: now, May: []truce.DeedKind{}, Stakes: seesStakes(w.person)}
	switch f.Sees {
	case room.ViewWhole:
		w.whole(&f)
	case room.ViewOwnSide:
		w.ownSide(&f)
	default:
		f.Line = w.tierLine()
	}
	return f
}

func (w caseWriter) whole(f *room.CaseFile) {
	c := w.view.Case
	f.Line, f.Steps = caseLine(w.row(), w.terms, w.lang), c.Steps
	f.Closed, f.Path = c.Closed, c.Opening.Path
	f.Ladder, f.Zeros, f.Visits = w.ladder(), w.zeros(), w.visits()
	f.Blind, f.Advances, f.Refusals, f.Remedies = c.Blind, c.Advances, c.Refusals, c.Remedies
	f.Clocks = w.clocks(func(truce.CaseClock) bool { return true })
	f.Gates, f.Incidents, f.Consultations = w.gates(), w.incidents(), w.consultations()
	f.Attributions = w.attributions(true)
	f.May, f.Parties, f.Complaints = mayDo(w.person), w.terms.Parties, c.Complaints
	for _, s := range w.view.Steps {
		f.History = append(f.History, stepLine(s, w.terms.Ladder, w.lang))
	}
}

// row is the case's row as lists have it.
func (w caseWriter) row() truce.CaseRow {
	c := w.view.Case
	row := truce.CaseRow{ID: c.ID, Steps: c.Steps, Summary: c.Summary, Version: w.terms.Version}
	row.Summary.Number = w.view.Number
	if n := len(w.view.Steps); n > 0 {
		row.Seq, row.Recorded = w.view.Steps[n-1].Seq, w.view.Steps[n-1].Recorded
	}
	return row
}

// ownSide is the case of a party: its tier and time, its own clocks and remedies, and the
// views on responsibility it may reply to.
func (w caseWriter) ownSide(f *room.CaseFile) {
	f.Line = w.tierLine()
	f.Clocks = w.clocks(w.ofOwnSide)
	if access.See(w.person.Role, access.ItemAttribution) == access.ViewReply {
		f.Attributions = w.attributions(false)
	}
	for _, remedy := range w.view.Case.Remedies {
		if remedy.Party == w.person.Party {
			f.Remedies = append(f.Remedies, remedy)
		}
	}
	f.Consultations = w.called()
	f.May = mayDo(w.person)
}

func (w caseWriter) ofOwnSide(k truce.CaseClock) bool {
	return k.Owner.Role() == truce.RoleParty && (k.For == "" || k.For == string(w.person.Party))
}

// alerts puts the alerts into a case. A party's deeds name the last step of which it was
// told: how many steps there are inside is not its to know.
func (w caseWriter) alerts(f *room.CaseFile, told []toldAlert) {
	for _, a := range told {
		f.Alerts = append(f.Alerts, a.line(w.person, f.Now))
		if f.Sees == room.ViewOwnSide {
			f.Steps = max(f.Steps, min(a.row.Step, w.view.Case.Steps))
		}
	}
	if f.Sees != room.ViewOwnSide {
		return
	}
	for _, k := range w.view.Case.Clocks {
		if w.ofOwnSide(k) {
			f.Steps = max(f.Steps, k.Changed)
		}
	}
}

// mayDo lists the deeds of a person's office, whatever the case lets happen now.
func mayDo(p truce.Person) []truce.DeedKind {
	out := []truce.DeedKind{}
	for _, kind := range truce.DeedKinds() {
		if access.May(p, access.Verb(kind)) == nil {
			out = append(out, kind)
		}
	}
	return out
}

// tierLine is tier and time, and nothing else of a case: of one that is open the tier it is
// in, of a closed one the highest that was told outside, and when it was opened and ended.
func (w caseWriter) tierLine() room.CaseLine {
	c := w.view.Case
	line := room.CaseLine{Number: w.view.Number, State: c.State, Tier: c.Tier}
	if c.State == truce.CaseClosed {
		v, _ := highest(w.terms.Ladder, c.Tiers)
		line.Tier, line.Entered, line.Opened, line.Closed = v.Tier, v.Entered, c.Opened, c.Closed
	}
	for _, v := range c.Tiers {
		if v.Tier == c.Tier && v.Left == 0 {
			line.Entered = v.Entered
		}
	}
	line.TierName = tierName(w.terms.Ladder, line.Tier, w.lang)
	if sees(w.person) == room.ViewOwnSide {
		line.ID = c.ID // a party signs under it; it holds when the case began, so nobody else gets it
	} else if t, known := w.terms.Ladder.Tier(line.Tier); known {
		line.Public = t.Public.In(w.lang)
	}
	return line
}

// ownLine is tierLine with the clock of the own side that is due next.
func (w caseWriter) ownLine() room.CaseLine {
	line := w.tierLine()
	for _, k := range w.clocks(func(k truce.CaseClock) bool { return ownsClock(w.person, k) }) {
		if k.Ticking() && (line.NextDue == 0 || k.Due < line.NextDue) {
			line.NextClock, line.NextDue = k.Name, k.Due
		}
	}
	return line
}

func tierName(l truce.Ladder, id truce.TierID, lang string) string {
	t, _ := l.Tier(id)
	return t.Names.In(lang)
}

func (w caseWriter) ladder() room.LadderLine {
	l := w.terms.Ladder
	out := room.LadderLine{
		Name: l.Names.In(w.lang), Standing: l.Standing, Source: l.Source.In(w.lang), T0: l.T0, States: len(w.terms.States), EachOwn: l.Consult.EachOwn,
		Quorum: int(100 * float64(l.Consult.Quorum)), Majority: int(100 * float64(l.Consult.Majority)),
	}
	for _, t := range l.Tiers {
		out.Tiers = append(out.Tiers, room.TierCount{Tier: t.ID, Name: t.Names.In(w.lang)})
	}
	return out
}

// zeros are all zero points, so that which of them counts is seen beside the others.
func (w caseWriter) zeros() []room.Zero {
	var out []room.Zero
	for _, basis := range truce.T0Bases() {
		z := room.Zero{Basis: basis, At: w.view.Case.T0[basis], Chosen: basis == w.terms.Ladder.T0}
		for _, m := range w.view.Case.T0Moves {
			if m.Basis == basis && m.Old != 0 {
				z.Moves = append(z.Moves, m)
			}
		}
		for _, ask := range w.view.Case.T0Asks {
			if ask.Basis == basis {
				z.Asked = &ask
			}
		}
		out = append(out, z)
	}
	return out
}

func (w caseWriter) visits() []room.Visit {
	var out []room.Visit
	for _, v := range w.view.Case.Tiers {
		out = append(out, room.Visit{Tier: v.Tier, Name: tierName(w.terms.Ladder, v.Tier, w.lang), Rank: v.Rank, Entered: v.Entered, Left: v.Left, Because: v.Because, Signed: v.Signed})
	}
	return out
}

func (w caseWriter) clocks(wanted func(truce.CaseClock) bool) []room.ClockLine {
	var out []room.ClockLine
	for _, k := range w.view.Case.Clocks {
		if wanted(k) {
			out = append(out, w.clockLine(k))
		}
	}
	slices.SortStableFunc(out, func(a, b room.ClockLine) int {
		switch {
		case a.Ticking() == b.Ticking():
			return 0
		case a.Ticking():
			return -1
		}
		return 1
	})
	return out
}

func (w caseWriter) clockLine(k truce.CaseClock) room.ClockLine {
	line := room.ClockLine{
		Case: w.view.Number, ID: k.ID, Name: k.Names.In(w.lang), For: k.For, Round: k.Round, Owner: k.Owner, Tier: k.Tier, Basis: k.Basis, T0: k.T0,
		Started: k.Started, Due: k.Due, State: k.State, Ended: k.Ended, Late: k.Late, Done: k.Done, Pauses: k.Pauses, Moves: k.Moves, Told: k.Told,
		Mine: ownsClock(w.person, k), May: access.May(w.person, access.Verb(truce.DeedPause)) == nil,
	}
	if line.Name == "" {
		line.Name = k.ID
	}
	for _, v := range w.view.Case.Views {
		if v.Clock == k.ID {
			line.View = v.Name()
		}
	}
	if k.State == truce.ClockWaiting {
		line.Waits, line.Unheard = k.Waits, k.Unheard
		line.Tells = k.Unheard != 0 && w.person.Role == truce.RoleMechanism && access.May(w.person, access.Verb(truce.DeedResume)) == nil
	}
	if sees(w.person) != room.ViewWhole {
		line.Pauses = stretches(k.Pauses)
		return line
	}
	if k.Asked != nil {
		line.Asked, line.Until = k.Asked.Person, k.Asked.Until
	}
	return line
}

// stretches are pauses without who agreed to them and why, which is said inside.
func stretches(list []truce.ClockPause) []truce.ClockPause {
	var out []truce.ClockPause
	for _, p := range list {
		out = append(out, truce.ClockPause{From: p.From, Until: p.Until, Resumed: p.Resumed})
	}
	return out
}

func ownsClock(p truce.Person, k truce.CaseClock) bool {
	return p.Office != "" && k.Owner == p.Office && (k.For == "" || k.For == whose(p))
}

// whose is the party or state of a person.
func whose(p truce.Person) string { return string(p.Party) + string(p.State) }

func (w caseWriter) gates() []room.GateLine {
	var out []room.GateLine
	for _, open := range w.view.Case.Open {
		line := room.GateLine{
			Case: w.view.Number, After: w.view.Case.Steps, Tier: open.Tier, TierName: tierName(w.terms.Ladder, open.Tier, w.lang), Down: open.Down, To: open.To, At: open.At,
		}
		for _, g := range open.Grounds {
			line.Because = append(line.Because, ladder.GroundText(g, w.lang))
		}
		if len(open.Grounds) == 0 {
			line.Because = open.Because
		}
		signedByMe := false
		for n, g := range open.Gates {
			gate := room.GateSign{Office: g.Office, Attribution: g.Attribution}
			for _, s := range open.Signed {
				if s.Gate == n+1 {
					gate.By, gate.For, gate.At = s.By, s.For, s.At
					signedByMe = signedByMe || s.By == w.person.ID || s.Office == w.person.Office && s.For != "" && s.For == whose(w.person)
				}
			}
			line.Mine = line.Mine || gate.By == "" && g.Office == w.person.Office
			line.Gates = append(line.Gates, gate)
		}
		line.Mine = line.Mine && !signedByMe && access.May(w.person, access.Verb(truce.DeedSign)) == nil
		out = append(out, line)
	}
	return out
}

func (w caseWriter) incidents() []room.IncidentLine {
	var out []room.IncidentLine
	for _, i := range w.view.Case.Incidents {
		line := room.IncidentLine{
			ID: i.ID, Number: incidentName(i), Time: i.Time, Area: w.area(i.Area), Act: label(w.lang, "act", string(i.Act)), Occurrence: i.Occurrence,
			Words: label(w.lang, "occurrence", string(i.Occurrence)), P: i.P, Casualties: i.Casualties, Gone: i.Gone,
		}
		for _, f := range i.Findings {
			line.Findings = append(line.Findings, room.FindingLine{
				Rule: f.Rule, Title: w.terms.Rules[f.Rule].In(w.lang), Verdict: f.Verdict, Words: label(w.lang, "verdict", string(f.Verdict)),
				Severity: f.Severity, P: f.P, Count: f.Count, Unit: label(w.lang, "unit", string(f.Unit)),
			})
		}
		out = append(out, line)
	}
	return out
}

func incidentName(i truce.CaseIncident) string {
	if i.Number != "" {
		return i.Number
	}
	return i.ID.String()
}

func (w caseWriter) area(id truce.AreaID) string {
	if name := w.terms.Areas[id].In(w.lang); name != "" {
		return name
	}
	return string(id)
}

// attributions are the views on responsibility; who signed them is for those who see the
// case from inside.
func (w caseWriter) attributions(inside bool) []room.AttributionLine {
	numbers := map[truce.ID]string{}
	for _, i := range w.view.Case.Incidents {
		numbers[i.ID] = incidentName(i)
	}
	var out []room.AttributionLine
	for _, a := range w.view.Case.Attributions {
		line := room.AttributionLine{Incident: numbers[a.Incident], Level: a.Level, Party: a.Party, P: a.P, Basis: a.Basis, Alternatives: a.Alternatives, Withdrawn: a.Withdrawn, At: a.At}
		if inside {
			line.People, line.Dissent = a.People, a.Dissent
		}
		w.replies(&line, a.Incident, inside)
		out = append(out, line)
	}
	return out
}

// replies puts beside a view what the parties said to it, for both parties alike. Who spoke
// for a party, and that one was silent, is for those who see the case from inside.
func (w caseWriter) replies(line *room.AttributionLine, incident truce.ID, inside bool) {
	var last truce.CaseView
	for _, v := range w.view.Case.Views {
		if v.Incident == incident {
			last = v
		}
	}
	if last.Ended == 0 && w.view.Case.State == truce.CaseOpen {
		line.Clock = last.Clock
	}
	for _, k := range w.view.Case.Clocks {
		if k.ID != last.Clock {
			continue
		}
		if k.State != truce.ClockWaiting && k.State != truce.ClockPaused && k.State != truce.ClockStopped {
			line.ReplyBy = max(line.ReplyBy, k.Due)
		}
		if inside && k.State == truce.ClockMissed {
			line.Silent = append(line.Silent, room.SilentLine{Party: truce.PartyID(k.For), At: k.Ended, Late: k.Late})
		}
	}
	for _, r := range w.view.Case.Replies {
		if !slices.ContainsFunc(w.view.Case.Views, func(v truce.CaseView) bool { return v.Clock == r.Clock && v.Incident == incident }) {
			continue
		}
		reply := room.ReplyLine{Party: r.Party, At: r.At, Text: r.Text, Earlier: r.Clock != last.Clock}
		if inside {
			reply.By = r.By
		}
		line.Replies = append(line.Replies, reply)
	}
}

func (w caseWriter) consultations() []room.Meeting {
	var out []room.Meeting
	for _, k := range w.view.Case.Consultations {
		line := room.Meeting{Consultation: k, Signed: w.signatures(k.ID), Present: w.person.State != "" && slices.Contains(k.Present, w.person.State)}
		for _, s := range w.terms.States {
			if !slices.Contains(k.Present, s) {
				line.Absent = append(line.Absent, s)
			}
		}
		for _, v := range k.Votes {
			if v.State == w.person.State {
				line.Voted = v.Option
			}
		}
		out = append(out, line)
	}
	return out
}

// called says that there are consultations, when, and what was said of them in public: what
// the parties are told by alert.
func (w caseWriter) called() []room.Meeting {
	var out []room.Meeting
	for _, k := range w.view.Case.Consultations {
		out = append(out, room.Meeting{Consultation: truce.Consultation{ID: k.ID, Called: k.Called, Convened: k.Convened, Ended: k.Ended, Public: k.Public}})
	}
	return out
}

// signatures are those under the changes of a consultation.
func (w caseWriter) signatures(id string) []room.SignedLine {
	var out []room.SignedLine
	for _, s := range w.view.Steps {
		if s.Consultation == nil || s.Consultation.ID != id || s.Deed == nil {
			continue
		}
		line := room.SignedLine{Change: s.Consultation.Change, By: s.Deed.Person, At: s.At, Seq: s.Seq}
		if !s.Deed.Product.IsZero() {
			line.Product = &s.Deed.Product
		}
		if sig := s.Deed.Signature; sig != nil {
			line.Key, line.Signature = sig.Key, sig.Sig
		}
		out = append(out, line)
	}
	return out
}

// caseLine is a row for those who see cases from inside.
func caseLine(row truce.CaseRow, terms guarantee.Terms, lang string) room.CaseLine {
	s := row.Summary
	line := room.CaseLine{
		ID: row.ID, Number: s.Number, Title: s.Title.In(lang), State: s.State, Tier: s.Tier, TierName: tierName(terms.Ladder, s.Tier, lang), Proposed: s.Proposed,
		Incidents: s.Incidents, Hits: s.Hits, Severity: s.Severity, Opened: s.Opened, Last: s.Last, T0: s.T0, NextClock: clockNameIn(terms.Ladder, s.NextClock, lang),
		NextDue: s.NextDue, Missed: s.Missed, Consult: s.Consulting, Seq: row.Seq,
	}
	for _, area := range s.Areas {
		name := terms.Areas[area].In(lang)
		if name == "" {
			name = string(area)
		}
		line.Areas = append(line.Areas, name)
	}
	return line
}

// clockNameIn is a clock's name in the language, its id where the ladder has none by it.
func clockNameIn(l truce.Ladder, id, lang string) string {
	for _, t := range l.Tiers {
		for _, k := range t.Clocks {
			if k.ID == id {
				return k.Names.In(lang)
			}
		}
	}
	for _, p := range l.Paths {
		for _, k := range p.Clocks {
			if k.ID == id {
				return k.Names.In(lang)
			}
		}
	}
	return id
}
