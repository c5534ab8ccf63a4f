package room

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/trucewatch/truce"
)

// Inputs of the reads.
type (
	none     struct{}
	sinceArg struct {
		Since truce.Seq `query:"since" minimum:"0" doc:"record number of the last look"`
	}
	casesArg struct {
		State string `query:"state" enum:"open,all,mine" default:"open" doc:"mine: open ones in which a gate or a clock waits for the person"`
		After string `query:"after" doc:"the mark behind which the page begins: next of the page before"`
		Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	caseArg struct {
		Case string `path:"case" maxLength:"40" doc:"id or number"`
	}
	alertsArg struct {
		Before truce.Seq `query:"before" minimum:"0" doc:"only alerts recorded before this record"`
		Open   bool      `query:"open" doc:"only those that wait for an answer of the person's side"`
		Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	alertArg struct {
		Alert truce.ID `path:"alert"`
	}
	stateArg struct {
		State string `path:"state" maxLength:"12"`
	}
)

// Person is who a token belongs to.
type Person struct {
	ID       truce.PersonID `json:"id"`
	Name     string         `json:"name"`
	Role     truce.Role     `json:"role"`
	Office   truce.Office   `json:"office,omitempty"`
	Party    truce.PartyID  `json:"party,omitempty"`
	State    truce.StateID  `json:"state,omitempty"`
	Language string         `json:"language"`
	Key      string         `json:"key"`
	Stands   bool           `json:"stands" doc:"what the person signs counts"`
	Code     string         `json:"code,omitempty" doc:"while it does not: what the person tells, by voice, the one who confirms"`
}

func (s *server) reads(api huma.API) {
	huma.Register(api, operation(http.MethodGet, "/me", "me", "Who the token belongs to"), func(ctx context.Context, _ *none) (*out[Person], error) {
		p := asking(ctx)
		code, err := codeOf(p.Person)
		return answer(s, Person{p.ID, p.Name, p.Role, p.Office, p.Party, p.State, p.Language, p.Key, p.Stands(), code}, err)
	})
	huma.Register(api, operation(http.MethodGet, "/people/waiting", "waiting", "Who waits to be confirmed by the person of the token"), func(ctx context.Context, _ *none) (*out[WaitingList], error) {
		list, err := s.Reader.Waiting(ctx, asking(ctx).Person)
		return answer(s, WaitingList{append([]WaitingPerson{}, list...)}, err)
	})
	huma.Register(api, operation(http.MethodGet, "/brief", "brief", "What waits, and what changed since a record"), func(ctx context.Context, in *sinceArg) (*out[Brief], error) {
		b, err := s.Reader.Brief(ctx, asking(ctx).Person, in.Since)
		return answer(s, b, err)
	})
	huma.Register(api, operation(http.MethodGet, "/cases", "cases", "Cases, the highest tier first"), func(ctx context.Context, in *casesArg) (*out[CaseList], error) {
		list, err := s.Reader.Cases(ctx, asking(ctx).Person, CaseFilter{All: in.State == "all", Mine: in.State == "mine", After: in.After, Limit: in.Limit})
		return answer(s, list, err)
	})
	huma.Register(api, operation(http.MethodGet, "/cases/{case}", "case", "A case with its clocks, gates and steps"), func(ctx context.Context, in *caseArg) (*out[CaseFile], error) {
		f, err := s.Reader.Case(ctx, asking(ctx).Person, in.Case)
		return answer(s, f, err)
	})
	huma.Register(api, operation(http.MethodGet, "/cases/{case}/stake", "stake", "What a case puts at stake for the person's state"), func(ctx context.Context, in *caseArg) (*out[StakeFile], error) {
		f, err := s.Reader.Stake(ctx, asking(ctx).Person, in.Case)
		return answer(s, f, err)
	})
	huma.Register(api, operation(http.MethodGet, "/alerts", "alerts", "Alerts, the newest first"), func(ctx context.Context, in *alertsArg) (*out[AlertList], error) {
		list, err := s.Reader.Alerts(ctx, asking(ctx).Person, AlertFilter{Before: in.Before, Open: in.Open, Limit: in.Limit})
		return answer(s, list, err)
	})
	huma.Register(api, operation(http.MethodGet, "/alerts/{alert}", "alert", "An alert with who answered it"), func(ctx context.Context, in *alertArg) (*out[AlertFile], error) {
		f, err := s.Reader.Alert(ctx, asking(ctx).Person, in.Alert)
		return answer(s, f, err)
	})
	huma.Register(api, operation(http.MethodGet, "/pledges", "pledges", "Promises, and contributions against need"), func(ctx context.Context, _ *none) (*out[Pledges], error) {
		p, err := s.Reader.Pledges(ctx, asking(ctx).Person, "")
		return answer(s, p, err)
	})
	huma.Register(api, operation(http.MethodGet, "/pledges/{state}", "pledgesOf", "The promises and contributions of one state"), func(ctx context.Context, in *stateArg) (*out[Pledges], error) {
		p, err := s.Reader.Pledges(ctx, asking(ctx).Person, truce.StateID(in.State))
		return answer(s, p, err)
	})
}
