package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/incident"
)

// registerSource is the mission's own register. What it says of a deadline that passed is
// the mission's own word, and may leave it.
func registerSource() truce.SourceInfo {
	return truce.SourceInfo{
		ID: agreement.SourceRegister, Title: "The mission's register", Family: truce.FamilyRegister,
		Licence: "the mission's own record", Attribution: "The mission's register", Redistribute: true,
	}
}

// silences are the answers that the register shows to be overdue, as candidates for
// incidents. Nothing else joins them: a deadline is no happening on the ground.
func (a *App) silences(ctx context.Context, terms *agreement.Agreement, notices []agreement.Notice) ([]incident.Candidate, error) {
	calls, err := a.calls(ctx, terms)
	if err != nil {
		return nil, err
	}
	var out []incident.Candidate
	for _, o := range terms.Omissions(notices, calls, truce.InstantOf(a.now())) {
		e := o.Event()
		out = append(out, incident.Candidate{
			Events: []truce.Event{e}, P: 1, Occurrence: truce.OccurrenceDetected, Acts: []truce.ActWeight{{Act: o.Act, P: 1}}, Time: e.Origin,
			Families: []truce.Family{truce.FamilyRegister}, Sources: []truce.SourceID{agreement.SourceRegister}, Detail: e.Detail,
		})
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, a.declareRegister(ctx)
}

// eventsOf are the events that the candidates rest on.
func eventsOf(list []incident.Candidate) []truce.Event {
	var out []truce.Event
	for _, c := range list {
		out = append(out, c.Events...)
	}
	return out
}

// declareRegister records the source once.
func (a *App) declareRegister(ctx context.Context) error {
	info := registerSource()
	draft, err := truce.NewDraft(truce.RecordSource, "source/"+string(info.ID), "", info)
	if err != nil {
		return err
	}
	draft.Key = fmt.Sprintf("source/%s/%.16s", info.ID, truce.HashOf(draft.Body).String())
	_, err = a.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{draft}})
	return err
}

// calls are the complaints and determinations of all cases, where a rule asks for an
// answer to one.
func (a *App) calls(ctx context.Context, terms *agreement.Agreement) ([]agreement.Call, error) {
	asks := func(r agreement.Rule) bool {
		return r.Require != nil && r.Require.Reply != nil && r.Require.Reply.After != agreement.AfterNotification
	}
	if !slices.ContainsFunc(terms.Rules, asks) {
		return nil, nil
	}
	people, err := a.store.People(ctx)
	if err != nil {
		return nil, err
	}
	party := map[truce.PersonID]truce.PartyID{}
	for _, p := range people {
		party[p.ID] = p.Party
	}
	page, err := a.store.Cases(ctx, truce.CaseQuery{})
	if err != nil {
		return nil, err
	}
	var out []agreement.Call
	for _, c := range page.Rows {
		steps, err := a.store.CaseSteps(ctx, c.ID.String())
		if err != nil {
			return nil, err
		}
		out = append(out, callsOf(terms, c.Summary.Number, steps, party)...)
	}
	return out, nil
}

// callsOf reads one case. A determination asks the parties that the attributions standing
// then name; a complaint asks every other party than the one that complains.
func callsOf(terms *agreement.Agreement, number string, steps []truce.CaseStepRow, party map[truce.PersonID]truce.PartyID) []agreement.Call {
	var out []agreement.Call
	var words []agreement.Word
	named := map[truce.ID]truce.PartyID{} // by incident
	for _, s := range steps {
		if s.Attribution != nil {
			named[s.Attribution.Incident] = s.Attribution.Party
			if s.Attribution.Withdrawn {
				delete(named, s.Attribution.Incident)
			}
		}
		if s.Deed == nil {
			continue
		}
		by := party[s.Deed.Person]
		call := agreement.Call{Of: number, At: truce.Instant(s.Recorded), Record: s.Seq}
		asked := func(p agreement.Party) bool { return p.ID != by }
		switch {
		case s.Kind == truce.StepDetermined:
			call.After = agreement.AfterDetermination
			asked = func(p agreement.Party) bool { return hasValue(named, p.ID) }
		case s.Deed.Kind == truce.DeedComplain:
			call.After = agreement.AfterComplaint
		}
		if by != "" {
			words = append(words, agreement.Word{By: by, At: truce.Instant(s.Recorded), Record: s.Seq})
		}
		if call.After == "" {
			continue
		}
		for _, p := range terms.Parties {
			if p.Role == agreement.RoleParty && asked(p) {
				call.To = append(call.To, p.ID)
			}
		}
		out = append(out, call)
	}
	for i := range out {
		out[i].Words = words
	}
	return out
}

func hasValue(named map[truce.ID]truce.PartyID, party truce.PartyID) bool {
	for _, p := range named {
		if p == party {
			return true
		}
	}
	return false
}
