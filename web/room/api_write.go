package room

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/trucewatch/truce"
)

// DeedBody is a deed that the server signs with the token of who asks. What is left out is
// taken from the case and the person.
type DeedBody struct {
	Kind    truce.DeedKind    `json:"kind" doc:"sign, refuse, meet, pause, resume, move_t0, complain, state, determine, call, join, minute, propose, vote, decide, remedy, move, close, reopen or note"`
	After   int               `json:"after,omitempty" minimum:"0" doc:"the last step that was seen; left out: the case as it stands"`
	Tier    truce.TierID      `json:"tier,omitempty"`
	Down    bool              `json:"down,omitempty"`
	Clock   string            `json:"clock,omitempty" maxLength:"60"`
	For     string            `json:"for,omitempty"`
	Until   truce.Instant     `json:"until,omitzero" doc:"of pause: when it ends by itself, at most 72 hours ahead; who agrees may leave it out"`
	T0      *truce.T0Change   `json:"t0,omitempty"`
	Meeting string            `json:"meeting,omitempty" maxLength:"60"`
	Option  string            `json:"option,omitempty" maxLength:"300" doc:"of propose and vote; none: an abstention"`
	Product *truce.Hash       `json:"product,omitempty" doc:"hash of minutes, of a report or a statement"`
	Remedy  *truce.RemedyStep `json:"remedy,omitempty"`
	Moved   []truce.ID        `json:"moved,omitempty" maxItems:"200" doc:"ids of incidents, of move"`
	To      *truce.ID         `json:"to,omitempty" doc:"id of the case the incidents go to"`
	Text    string            `json:"text,omitempty" maxLength:"16000"`
}

func (b DeedBody) deed() truce.Deed {
	d := truce.Deed{Kind: b.Kind, After: b.After, Tier: b.Tier, Down: b.Down, Clock: b.Clock, For: b.For, Until: b.Until, T0: b.T0, Meeting: b.Meeting,
		Option: b.Option, Remedy: b.Remedy, Moved: b.Moved, Text: truce.CleanText(b.Text)}
	if b.Product != nil {
		d.Product = *b.Product
	}
	if b.To != nil {
		d.To = *b.To
	}
	return d
}

// AnswerBody is an acknowledgement that the server signs.
type AnswerBody struct {
	Kind     truce.AcknowledgeKind `json:"kind" enum:"delivered,read,received_by_authority,position_taken"`
	Position truce.Position        `json:"position,omitempty" enum:"agree,reserve,object" doc:"of position_taken"`
	Text     string                `json:"text,omitempty" maxLength:"16000"`
}

// ReviewBody is a step of review that the server signs.
type ReviewBody struct {
	Incident  truce.ID         `json:"incident"`
	Revision  int              `json:"revision" minimum:"1"`
	Rule      truce.RuleID     `json:"rule,omitempty"`
	Outcome   truce.Occurrence `json:"outcome,omitempty"`
	Reason    string           `json:"reason,omitempty" maxLength:"60"`
	Note      string           `json:"note,omitempty" maxLength:"16000"`
	Withdraws bool             `json:"withdraws,omitempty"`
}

// InvocationBody is a step of a commitment's invocation.
type InvocationBody struct {
	Case  string                `json:"case" doc:"id or number"`
	State truce.InvocationState `json:"state" enum:"requested,received,before_parliament,approved,refused,decided,fulfilled"`
	Body  string                `json:"body,omitempty" maxLength:"300"`
	Text  string                `json:"text,omitempty" maxLength:"16000"`
}

// Entered is how many entries of a list were new or changed.
type Entered struct {
	Recorded int `json:"recorded"`
}

// ConfirmationBody is what a second person says of an enrolment.
type ConfirmationBody struct {
	Code string `json:"code" maxLength:"40" doc:"as the person told it"`
}

// Confirmed says whose enrolment stands now.
type Confirmed struct {
	Person truce.PersonID `json:"person"`
}

// Inputs of the writes.
type (
	confirmationArg struct {
		Person string `path:"person" maxLength:"64"`
		Body   ConfirmationBody
	}
	deedArg struct {
		Case string `path:"case" maxLength:"40" doc:"id or number"`
		Body DeedBody
	}
	signedDeedArg struct{ Body truce.Deed }
	answerArg     struct {
		Alert truce.ID `path:"alert"`
		Body  AnswerBody
	}
	signedAnswerArg struct{ Body truce.Acknowledgement }
	reviewArg       struct{ Body ReviewBody }
	invocationArg   struct {
		Commitment string `path:"commitment" maxLength:"80"`
		Body       InvocationBody
	}
	commitmentsArg   struct{ Body []truce.Commitment }
	contributionsArg struct{ Body []truce.Contribution }
	requirementsArg  struct{ Body []truce.Requirement }
)

func (s *server) writes(api huma.API) {
	huma.Register(api, operation(http.MethodPost, "/cases/{case}/deeds", "do", "Do something in a case; signed with the token"), func(ctx context.Context, in *deedArg) (*out[Outcome], error) {
		done, err := s.Actor.Do(ctx, asking(ctx).token, in.Case, in.Body.deed())
		return answer(s, done, err)
	})
	huma.Register(api, signedOperation("/deeds", "doSigned", "Do something in a case with a deed that was signed elsewhere"), func(ctx context.Context, in *signedDeedArg) (*out[Outcome], error) {
		done, err := s.Actor.DoSigned(ctx, in.Body)
		return answer(s, done, err)
	})
	huma.Register(api, operation(http.MethodPost, "/alerts/{alert}/acknowledgements", "acknowledge", "Answer an alert; signed with the token"), func(ctx context.Context, in *answerArg) (*out[Acknowledged], error) {
		done, err := s.Actor.Acknowledge(ctx, asking(ctx).token, in.Alert, Answer{in.Body.Kind, in.Body.Position, in.Body.Text})
		return answer(s, done, err)
	})
	huma.Register(api, signedOperation("/acknowledgements", "acknowledgeSigned", "Answer an alert with an acknowledgement that was signed elsewhere"), func(ctx context.Context, in *signedAnswerArg) (*out[Acknowledged], error) {
		done, err := s.Actor.AcknowledgeSigned(ctx, in.Body)
		return answer(s, done, err)
	})
	huma.Register(api, operation(http.MethodPost, "/reviews", "review", "Sign whether an incident happened, or whether a finding holds"), func(ctx context.Context, in *reviewArg) (*out[Reviewed], error) {
		b := in.Body
		done, err := s.Actor.Review(ctx, asking(ctx).token, truce.Review{Incident: b.Incident, Revision: b.Revision, Rule: b.Rule, Outcome: b.Outcome,
			Reason: b.Reason, Note: truce.CleanText(b.Note), Withdraws: b.Withdraws})
		return answer(s, done, err)
	})
	huma.Register(api, operation(http.MethodPost, "/people/{person}/confirmation", "confirm", "Confirm a person whom somebody else enrolled; signed with the token"), func(ctx context.Context, in *confirmationArg) (*out[Confirmed], error) {
		id := truce.PersonID(in.Person)
		return answer(s, Confirmed{id}, s.Actor.Confirm(ctx, asking(ctx).token, id, in.Body.Code))
	})
	s.entries(api)
}

// entries are the writes of the account.
func (s *server) entries(api huma.API) {
	huma.Register(api, operation(http.MethodPost, "/commitments/{commitment}/invocation", "invoke", "Record a step of an invocation, from request to decision"), func(ctx context.Context, in *invocationArg) (*out[Entered], error) {
		step := truce.InvocationStep{State: in.Body.State, Body: truce.CleanText(in.Body.Body), Text: truce.CleanText(in.Body.Text)}
		_, err := s.Actor.Invoke(ctx, asking(ctx).token, in.Commitment, in.Body.Case, step)
		return answer(s, Entered{1}, err)
	})
	huma.Register(api, operation(http.MethodPost, "/commitments", "enterCommitments", "Enter promises as they are to stand"), func(ctx context.Context, in *commitmentsArg) (*out[Entered], error) {
		n, err := s.Actor.EnterCommitments(ctx, asking(ctx).token, in.Body)
		return answer(s, Entered{n}, err)
	})
	huma.Register(api, operation(http.MethodPost, "/contributions", "enterContributions", "Enter contributions as they are to stand"), func(ctx context.Context, in *contributionsArg) (*out[Entered], error) {
		n, err := s.Actor.EnterContributions(ctx, asking(ctx).token, in.Body)
		return answer(s, Entered{n}, err)
	})
	huma.Register(api, operation(http.MethodPost, "/requirements", "enterRequirements", "Enter what the mechanism and the force need"), func(ctx context.Context, in *requirementsArg) (*out[Entered], error) {
		n, err := s.Actor.EnterRequirements(ctx, asking(ctx).token, in.Body)
		return answer(s, Entered{n}, err)
	})
}
