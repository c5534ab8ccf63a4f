package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/pledge"
	"github.com/trucewatch/truce/web/room"
)

// hoursDays is over how many days capable hours are averaged.
const hoursDays = 30

// Stake is what a case puts at stake, as far as a person sees promises.
func (r *roomDesk) Stake(ctx context.Context, p truce.Person, idOrNumber string) (room.StakeFile, error) {
	if !seesStakes(p) {
		return room.StakeFile{}, truce.Errorf(truce.CodeForbidden, "What a case puts at stake is not shown to your role.")
	}
	if _, err := r.shown(ctx, p, idOrNumber); err != nil {
		return room.StakeFile{}, err
	}
	v, err := r.views.View(ctx, idOrNumber)
	if err != nil {
		return room.StakeFile{}, err
	}
	all, err := r.commitments(ctx)
	if err != nil {
		return room.StakeFile{}, err
	}
	return newCaseWriter(p, v).stake(all, r.Now()), nil
}

// commitments are all promises there are, for those who cut them.
func (r *roomDesk) commitments(ctx context.Context) ([]truce.Commitment, error) {
	rows, err := r.records.Commitments(ctx, "")
	out := make([]truce.Commitment, len(rows))
	for i, row := range rows {
		out[i] = row.Commitment
	}
	return out, err
}

// stake is what the case puts at stake of all promises: single ones to those who see them,
// how far those that are due have come to those who see totals.
func (w caseWriter) stake(all []truce.Commitment, now truce.Instant) room.StakeFile {
	p := w.person
	f := room.StakeFile{Now: now, Line: w.tierLine(), Of: p.State, May: access.May(p, access.Invoke) == nil}
	if access.See(p.Role, access.ItemPledges) == access.ViewTotals {
		f.Counts = stages(p, all, func(c truce.Commitment) bool {
			return slices.ContainsFunc(w.stakes([]truce.Commitment{c}, ""), func(s pledge.Stake) bool { return s.Due })
		})
		return f
	}
	inside := sees(p) == room.ViewWhole
	for _, s := range w.stakes(guarantee.SeenCommitments(p, all), p.State) {
		f.Stakes = append(f.Stakes, stakeLine(s, w.view.Number, p, inside, now))
	}
	return f
}

func (w caseWriter) stakes(list []truce.Commitment, of truce.StateID) []pledge.Stake {
	return pledge.At(list, of, w.view.Case, w.terms.Ladder, w.terms.Parties)
}

// stakeLine is a promise as it stands in a case. The conditions under which it is void are
// read against the case for those who see the case from inside.
func stakeLine(s pledge.Stake, number string, p truce.Person, inside bool, now truce.Instant) room.StakeLine {
	line := room.StakeLine{Case: number, Commitment: commitmentLine(s.Commitment, p.Language), Due: s.Due, Apart: s.Apart.In(p.Language), InForce: s.InForce, Open: s.Open.In(p.Language)}
	if inside {
		line.Void = voidLines(s.Void, p.Language)
	}
	if s.Invocation != nil {
		for _, step := range s.Invocation.History {
			line.Invocation = append(line.Invocation, room.InvocationLine{InvocationStep: step, Words: inLanguage(pledge.MarkWords(s.Commitment, step), p.Language)})
		}
	}
	if inside && access.May(p, access.Invoke) == nil {
		line.Next = nextInvocations(s, now)
	}
	return line
}

func inLanguage(list []truce.Names, lang string) []string {
	var out []string
	for _, n := range list {
		out = append(out, n.In(lang))
	}
	return out
}

func voidLines(list []pledge.VoidReading, lang string) []room.VoidLine {
	var out []room.VoidLine
	for _, v := range list {
		name := v.Condition.Names.In(lang)
		if len(out) == 0 || out[len(out)-1].Condition != name {
			out = append(out, room.VoidLine{Condition: name})
		}
		last := &out[len(out)-1]
		last.Parties = append(last.Parties, room.VoidReading{Party: v.Party, State: v.State, Because: inLanguage(v.Because, lang)})
	}
	return out
}

// nextInvocations are the steps that may follow now, as the account itself says.
func nextInvocations(s pledge.Stake, now truce.Instant) []truce.InvocationState {
	at := truce.CaseID{1}
	c := s.Commitment
	c.Invoked = nil
	if s.Invocation != nil {
		c.Invoked = []truce.Invocation{{Case: at, History: s.Invocation.History}}
	}
	var out []truce.InvocationState
	for _, state := range []truce.InvocationState{truce.InvocationRequested, truce.InvocationReceived, truce.InvocationParliament, truce.InvocationApproved,
		truce.InvocationDecided, truce.InvocationFulfilled, truce.InvocationRefused} {
		if _, err := pledge.Invoke(c, at, truce.InvocationStep{State: state, At: now}); err == nil {
			out = append(out, state)
		}
	}
	return out
}

func commitmentLine(c truce.Commitment, lang string) room.CommitmentLine {
	line := room.CommitmentLine{
		ID: c.ID, State: c.State, Body: c.Body, Kind: c.Kind, What: c.What.In(lang), Condition: c.Condition.In(lang), Instrument: c.Instrument, Trigger: c.Trigger,
		Binding: c.Binding, Ratification: c.Ratification, History: c.History, Stage: pledge.State(c),
	}
	line.Rank = slices.Index(truce.CommitmentStates(), line.Stage) + 1
	line.Caveats = inLanguage(c.Caveats, lang)
	if n := len(c.History); n > 0 {
		line.Since, line.Source = c.History[n-1].Day, c.History[n-1].Source
	}
	return line
}

// Pledges is the account, of all states or of one.
func (r *roomDesk) Pledges(ctx context.Context, p truce.Person, of truce.StateID) (room.Pledges, error) {
	if err := admitted(p); err != nil {
		return room.Pledges{}, err
	}
	a := account{now: r.Now()}
	var err error
	if a.commitments, err = r.commitments(ctx); err != nil {
		return room.Pledges{}, err
	}
	contributions, err := r.records.Contributions(ctx, "")
	if err != nil {
		return room.Pledges{}, err
	}
	for _, row := range contributions {
		a.contributions = append(a.contributions, row.Contribution)
	}
	a.contributions = pledge.Contributions(a.contributions)
	requirements, err := r.records.Requirements(ctx)
	a.requirements = pledge.Standing(requirements)
	if err != nil {
		return room.Pledges{}, err
	}
	return a.seenBy(p, of)
}

// account is everything of promises and contributions that is on record.
type account struct {
	now           truce.Instant
	commitments   []truce.Commitment
	contributions []truce.Contribution
	requirements  []truce.Requirement
}

// seenBy cuts the account to what a person sees of it: all states, or one.
func (a account) seenBy(p truce.Person, of truce.StateID) (room.Pledges, error) {
	days := pledge.Days{From: a.now.Day().AddDays(1 - hoursDays), To: a.now.Day()}
	out := room.Pledges{Now: a.now, Of: of, From: days.From, To: days.To}
	lines, err := guarantee.SeenAccount(p, a.contributions, a.requirements, days)
	if err != nil {
		return out, err
	}
	if of != "" && !access.SeesCommitment(p, truce.Commitment{State: of}) {
		return out, truce.Errorf(truce.CodeForbidden, "The promises of a single state are shown to itself and to the mechanism.")
	}
	out.Account = accountLines(lines, of, p.Language)
	if of == "" {
		out.Stages = stages(p, a.commitments, func(truce.Commitment) bool { return true })
	}
	for _, c := range guarantee.SeenCommitments(p, a.commitments) {
		if !slices.Contains(out.States, c.State) {
			out.States = append(out.States, c.State)
		}
		if of == "" || c.State == of {
			out.Rows = append(out.Rows, commitmentLine(c, p.Language))
		}
	}
	slices.Sort(out.States)
	slices.SortStableFunc(out.Rows, func(a, b room.CommitmentLine) int { return cmp.Compare(a.State, b.State) })
	for _, c := range guarantee.SeenContributions(p, a.contributions) {
		if c.State == of || of == "" && c.State == p.State {
			out.Rows2 = append(out.Rows2, room.SupplyLine{ID: c.ID, State: c.State, To: c.To, Capability: c.Capability, Name: nameOf(out.Account, c), Period: c.Period, Quantity: c.Quantity, Unit: c.Unit, Steps: c.Steps})
		}
	}
	return out, nil
}

// nameOf is what the account calls the capability of a contribution at its time.
func nameOf(account []room.AccountLine, c truce.Contribution) string {
	for _, l := range account {
		if l.Capability == c.Capability && l.Name != l.Capability && l.Period.Overlaps(c.Period) {
			return l.Name
		}
	}
	return c.Capability
}

// stages counts promises by how far they have come, over all states; for the public those
// that were made public.
func stages(p truce.Person, all []truce.Commitment, wanted func(truce.Commitment) bool) []room.StageCount {
	counts := map[truce.CommitmentState]int{}
	for _, c := range all {
		if (p.Role != truce.RolePublic || c.Public) && wanted(c) {
			counts[pledge.State(c)]++
		}
	}
	var out []room.StageCount
	for _, stage := range truce.CommitmentStates() {
		if counts[stage] > 0 {
			out = append(out, room.StageCount{Stage: stage, Count: counts[stage]})
		}
	}
	return out
}

func accountLines(lines []pledge.Line, of truce.StateID, lang string) []room.AccountLine {
	out := []room.AccountLine{}
	for _, l := range lines {
		line := room.AccountLine{
			To: l.To, Capability: l.Capability, Name: cmp.Or(pledge.NamesOf(lines, l).In(lang), l.Capability), Period: l.Period, Unit: l.Unit, Need: l.Need, Pledged: l.Amounts.Pledged, Approved: l.Amounts.Approved,
			InPlace: l.Amounts.InPlace, Gap: l.Gap, HoursNeed: l.HoursNeed, Hours: l.HoursADay,
		}
		for _, s := range l.Shares {
			if of == "" || s.State == of {
				line.Shares = append(line.Shares, room.ShareLine{State: s.State, Pledged: s.Amounts.Pledged, InPlace: s.Amounts.InPlace, Hours: s.HoursADay})
			}
		}
		if of == "" || len(line.Shares) > 0 {
			out = append(out, line)
		}
	}
	return out
}
