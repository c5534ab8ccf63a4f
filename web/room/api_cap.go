package room

import (
	"context"
	"mime"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// capTypes are the media types under which a CAP document is taken; the first is its own.
var capTypes = []string{"application/cap+xml", "application/xml", "text/xml"}

// Inputs and outputs of what speaks CAP.
type (
	capAnswerArg struct {
		Alert  truce.ID `path:"alert"`
		Person string   `path:"person" maxLength:"64" doc:"who answered"`
	}
	capArg struct {
		ContentType string `header:"Content-Type"`
		RawBody     []byte `contentType:"application/cap+xml"`
	}
	capOut struct {
		ContentType string `header:"Content-Type"`
		Body        []byte
	}
)

// AcknowledgedList is what a CAP message came to, one entry for each alert it names.
type AcknowledgedList struct {
	Rows []Acknowledged `json:"rows"`
}

// exchange adds the operations that speak the Common Alerting Protocol.
func (s *server) exchange(api huma.API) {
	document := func(path, id, summary string) huma.Operation {
		op := operation(http.MethodGet, path, id, summary)
		op.Responses = map[string]*huma.Response{"200": {Description: "CAP 1.2", Content: map[string]*huma.MediaType{capTypes[0]: {Schema: &huma.Schema{Type: huma.TypeString}}}}}
		return op
	}
	huma.Register(api, document("/alerts/{alert}/cap", "alertCAP", "An alert as a CAP 1.2 document, the same for everybody"), func(ctx context.Context, in *alertArg) (*capOut, error) {
		doc, err := s.Reader.CAP(ctx, asking(ctx).Person, in.Alert)
		return s.capped(doc, err)
	})
	huma.Register(api, document("/alerts/{alert}/acknowledgements/{person}/cap", "answerCAP", "The last answer of a person to an alert as a CAP 1.2 Ack, or Error of an objection"), func(ctx context.Context, in *capAnswerArg) (*capOut, error) {
		doc, err := s.Reader.AnswerCAP(ctx, asking(ctx).Person, in.Alert, truce.PersonID(in.Person))
		return s.capped(doc, err)
	})
	op := operation(http.MethodPost, "/acknowledgements/cap", "acknowledgeCAP", "Answer alerts with a CAP Ack or Error, signed with the token; the same message again changes nothing")
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	for _, kind := range capTypes {
		op.RequestBody.Content[kind] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	huma.Register(api, op, func(ctx context.Context, in *capArg) (*out[AcknowledgedList], error) {
		if kind, _, err := mime.ParseMediaType(in.ContentType); err != nil || !slices.Contains(capTypes, kind) {
			return nil, problem(s.Log, truce.Errorf(truce.CodeInvalid, "Content-Type %.60q: send application/cap+xml or application/xml", in.ContentType))
		}
		done, err := s.Actor.AcknowledgeCAP(ctx, asking(ctx).token, in.RawBody)
		return answer(s, AcknowledgedList{append([]Acknowledged{}, done...)}, err)
	})
}

func (s *server) capped(doc web.Document, err error) (*capOut, error) {
	if err != nil {
		return nil, problem(s.Log, err)
	}
	return &capOut{doc.ContentType, doc.Body}, nil
}
