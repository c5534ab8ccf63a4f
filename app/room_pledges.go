package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/trucewatch/truce"
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
	if err := r.shown(ctx, p, idOrNumber); err != nil {
		return room.StakeFile{}, err
	}
	v, err := r.desk.View(ctx, idOrNumber)
	if err != nil {
		return room.StakeFile{}, err
	}
	terms, err := r.desk.Terms(ctx)
	if err != nil {
		return room.StakeFile{}, err
	}
	w := caseWriter{room: r, person: p, view: v, terms: terms, lang: p.Language}
	f := room.StakeFile{Now: r.Now(), Line: w.tierLine(), Of: p.State, May: access.May(p, access.Invoke) == nil}
	if access.See(p.Role, access.ItemPledges) == access.ViewTotals {
		f.Counts, err = r.stages(ctx, func(c truce.Commitment) bool {
			return slices.ContainsFunc(pledge.At([]truce.Commitment{c}, "", v.Case, terms.Ladder, terms.Parties), func(s pledge.Stake) bool { return s.Due })
		})
		return f, err
	}
	list, err := r.desk.Commitments(ctx, p)
	if err != nil {
		return f, err
	}
	inside := sees(p) == room.ViewWhole
	for _, s := range pledge.At(list, p.State, v.Case, terms.Ladder, terms.Parties) {
		f.Stakes = append(f.Stakes, r.stakeLine(s, v.Number, p, inside))
	}
	return f, nil
}

// stakeLine is a promise as it stands in a case. The conditions under which it is void are
// read against the case for those who see the case from inside.
func (r *roomDesk) stakeLine(s pledge.Stake, number string, p truce.Person, inside bool) room.StakeLine {
	line := room.StakeLine{Case: number, Commitment: commitmentLine(s.Commitment, p.Language), Due: s.Due, InForce: s.InForce, Open: s.Open.In(p.Language)}
	if inside {
		line.Void = voidLines(s.Void, p.Language)
	}
	if s.Invocation != nil {
		line.Invocation = s.Invocation.History
	}
	if inside && access.May(p, access.Invoke) == nil {
		line.Next = r.nextInvocations(s)
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
func (r *roomDesk) nextInvocations(s pledge.Stake) []truce.InvocationState {
	at := truce.CaseID{1}
	c := s.Commitment
	c.Invoked = nil
	if s.Invocation != nil {
		c.Invoked = []truce.Invocation{{Case: at, History: s.Invocation.History}}
	}
	var out []truce.InvocationState
	for _, state := range []truce.InvocationState{truce.InvocationRequested, truce.InvocationReceived, truce.InvocationParliament, truce.InvocationApproved,
		truce.InvocationDecided, truce.InvocationFulfilled, truce.InvocationRefused} {
		if _, err := pledge.Invoke(c, at, truce.InvocationStep{State: state, At: r.Now()}); err == nil {
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
	now := r.Now()
	days := pledge.Days{From: now.Day().AddDays(1 - hoursDays), To: now.Day()}
	out := room.Pledges{Now: now, Of: of, From: days.From, To: days.To}
	lines, err := r.desk.Account(ctx, p, days)
	if err != nil {
		return out, err
	}
	if of != "" && !access.SeesCommitment(p, truce.Commitment{State: of}) {
		return out, truce.Errorf(truce.CodeForbidden, "The promises of a single state are shown to itself and to the mechanism.")
	}
	out.Account = accountLines(lines, of, p.Language)
	if of == "" {
		if out.Stages, err = r.stages(ctx, func(truce.Commitment) bool { return true }); err != nil {
			return out, err
		}
	}
	commitments, err := r.desk.Commitments(ctx, p)
	if err != nil {
		return out, err
	}
	for _, c := range commitments {
		if !slices.Contains(out.States, c.State) {
			out.States = append(out.States, c.State)
		}
		if of == "" || c.State == of {
			out.Rows = append(out.Rows, commitmentLine(c, p.Language))
		}
	}
	slices.Sort(out.States)
	slices.SortStableFunc(out.Rows, func(a, b room.CommitmentLine) int {
		if a.State < b.State {
			return -1
		}
		if a.State > b.State {
			return 1
		}
		return 0
	})
	return out, r.supplies(ctx, p, of, &out)
}

func (r *roomDesk) supplies(ctx context.Context, p truce.Person, of truce.StateID, out *room.Pledges) error {
	list, err := r.desk.Contributions(ctx, p)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.State == of || of == "" && c.State == p.State {
			out.Rows2 = append(out.Rows2, room.SupplyLine{ID: c.ID, State: c.State, To: c.To, Capability: c.Capability, Name: nameOf(out.Account, c.Capability), Quantity: c.Quantity, Unit: c.Unit, Steps: c.Steps})
		}
	}
	return nil
}

// nameOf is what the account calls a capability.
func nameOf(account []room.AccountLine, capability string) string {
	for _, l := range account {
		if l.Capability == capability {
			return l.Name
		}
	}
	return capability
}

// stages counts promises by how far they have come, over all states.
func (r *roomDesk) stages(ctx context.Context, wanted func(truce.Commitment) bool) ([]room.StageCount, error) {
	rows, err := r.app.store.Commitments(ctx, "")
	if err != nil {
		return nil, err
	}
	counts := map[truce.CommitmentState]int{}
	for _, row := range rows {
		if wanted(row.Commitment) {
			counts[pledge.State(row.Commitment)]++
		}
	}
	var out []room.StageCount
	for _, stage := range truce.CommitmentStates() {
		if counts[stage] > 0 {
			out = append(out, room.StageCount{Stage: stage, Count: counts[stage]})
		}
	}
	return out, nil
}

func accountLines(lines []pledge.Line, of truce.StateID, lang string) []room.AccountLine {
	out := []room.AccountLine{}
	names := map[string]truce.Names{}
	for _, l := range lines {
		if len(l.Names) > 0 {
			names[l.Capability] = l.Names
		}
	}
	for _, l := range lines {
		line := room.AccountLine{
			To: l.To, Capability: l.Capability, Name: l.Names.In(lang), Unit: l.Unit, Need: l.Need, Pledged: l.Amounts.Pledged, Approved: l.Amounts.Approved,
			InPlace: l.Amounts.InPlace, Gap: l.Gap, HoursNeed: l.HoursNeed, Hours: l.HoursADay,
		}
		if line.Name == "" { // nobody said what is needed of it in this unit
			line.Name = cmp.Or(names[l.Capability].In(lang), l.Capability)
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
