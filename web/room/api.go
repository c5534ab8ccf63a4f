package room

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// apiBase is where the API lies. Its version changes when a client would have to.
const apiBase = "/api/v1"

// bearerScheme is the name of the way to sign in, in the description of the API.
const bearerScheme = "token"

// api adds the operations. The session of a browser does not open them, so that no page
// can make a browser use them.
func (s *server) api(mux *http.ServeMux) error {
	config := huma.DefaultConfig("Truce room", "1")
	config.OpenAPIPath, config.DocsPath, config.SchemasPath, config.CreateHooks = apiBase+"/openapi", "", "", nil
	config.Info.Description = "Cases, alerts, promises and contributions, each as far as the person of the token may see it; and what people do, signed. Times are UTC."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{bearerScheme: {Type: "http", Scheme: "bearer", Description: "The person's token."}}
	api := humago.New(mux, config)
	api.UseMiddleware(s.admit, s.known)
	s.reads(api)
	s.writes(api)
	s.exchange(api)
	return nil
}

// visitorKey is under which the context of a request holds who asks.
type visitorKey struct{}

// admit lets through who has a token, and operations that need none.
func (s *server) admit(ctx huma.Context, next func(huma.Context)) {
	if len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	req, _ := humago.Unwrap(ctx)
	token, isBearer := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
	var p truce.Person
	err := error(errSignIn)
	if isBearer {
		p, err = s.who(ctx.Context(), strings.TrimSpace(token))
	}
	if err != nil {
		if truce.CodeOf(err) == truce.CodeUnauthenticated {
			ctx.SetHeader("WWW-Authenticate", "Bearer")
			if s.doors.fail(s.address(req)) {
				err = errTooMany
			}
		}
		s.refuse(ctx, err)
		return
	}
	next(huma.WithValue(ctx, visitorKey{}, visitor{Person: p, token: strings.TrimSpace(token)}))
}

// known refuses a question with a parameter that the operation does not have: whoever writes
// stat=all for state=all must not take the open cases for all of them.
func (s *server) known(ctx huma.Context, next func(huma.Context)) {
	var has, strange []string
	for _, p := range ctx.Operation().Parameters {
		if p.In == "query" {
			has = append(has, p.Name)
		}
	}
	asked := ctx.URL()
	for name := range asked.Query() {
		if !slices.Contains(has, name) {
			strange = append(strange, strconv.Quote(cut(name, truce.MaxName)))
		}
	}
	if len(strange) == 0 {
		next(ctx)
		return
	}
	slices.Sort(strange)
	slices.Sort(has)
	may := "there are none here"
	if len(has) > 0 {
		may = "there are " + strings.Join(has, ", ")
	}
	s.refuse(ctx, truce.Errorf(truce.CodeInvalid, "unknown parameter %s: %s", strings.Join(strange[:min(len(strange), maxNamed)], ", "), may))
}

// errTooMany is what a failed try is answered with when there were too many of them.
var errTooMany = truce.Errorf(truce.CodeRateLimited, "Too many failed tries. Wait a minute; a token that works is let in all the same.")

func (s *server) refuse(ctx huma.Context, err error) {
	p := problem(s.Log, err)
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(p.GetStatus())
	if err := json.NewEncoder(ctx.BodyWriter()).Encode(p); err != nil {
		s.Log.Debug("answer", "error", err) // the client may have gone
	}
}

// asking is who asks.
func asking(ctx context.Context) visitor {
	v, _ := ctx.Value(visitorKey{}).(visitor)
	return v
}

// problem turns a coded error into problem+json; what has no code keeps its words for the log.
func problem(log *slog.Logger, err error) huma.StatusError {
	status, said := web.Status(err), err.Error()
	if status == http.StatusInternalServerError {
		reference := truce.HashOf([]byte(said)).String()[:12]
		log.Error("request failed", "reference", reference, "error", err)
		said = "Something went wrong on our side. Reference: " + reference
	}
	return &huma.ErrorModel{Type: "urn:truce:error:" + string(truce.CodeOf(err)), Status: status, Title: http.StatusText(status), Detail: said}
}

// out is the body of an answer.
type out[T any] struct{ Body T }

// answer makes an answer of what was read, or a problem.
func answer[T any](s *server, v T, err error) (*out[T], error) {
	if err != nil {
		var already huma.StatusError
		if errors.As(err, &already) {
			return nil, err
		}
		return nil, problem(s.Log, err)
	}
	return &out[T]{v}, nil
}

// operation describes one operation.
func operation(method, path, id, summary string) huma.Operation {
	op := huma.Operation{
		OperationID: id, Method: method, Path: apiBase + path, Summary: summary, MaxBodyBytes: MaxBody,
		Security: []map[string][]string{{bearerScheme: {}}},
		Errors:   []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests},
	}
	if method == http.MethodPost {
		op.DefaultStatus = http.StatusOK
	}
	return op
}

// signedOperation is one that needs no token: what is sent carries its signature.
func signedOperation(path, id, summary string) huma.Operation {
	op := operation(http.MethodPost, path, id, summary)
	op.Security = nil
	return op
}
